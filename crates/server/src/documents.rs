//! Documents as answers: a [`Document`] rendered as the asker wishes, on a thread that may take its time.

use crate::Problem;
use crate::body::Faults;
use crate::download::attachment;
use axum::http::StatusCode;
use axum::response::Response;
use papers::{Block, Document, Layout, PaperError};
use rules::template::{Part, Rendered, Style};

pub(crate) const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
pub(crate) const PDF: &str = "application/pdf";

/// What sort of file a document is wanted as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Docx,
    Pdf,
}

impl Format {
    /// `docx` unless `pdf` is asked for.
    pub(crate) fn of(asked: Option<&str>) -> Result<Self, Problem> {
        match asked {
            None | Some("" | "docx") => Ok(Format::Docx),
            Some("pdf") => Ok(Format::Pdf),
            Some(_) => {
                let mut faults = Faults::default();
                faults.add("/format", "unknown_code", "文件格式只有 docx 和 pdf。请选择其中一种。");
                faults.check()?;
                Ok(Format::Docx)
            }
        }
    }

    /// What makes such a file.
    pub(crate) fn renderer(self) -> fn(&Document) -> Result<Vec<u8>, PaperError> {
        match self {
            Format::Docx => papers::docx,
            Format::Pdf => papers::pdf,
        }
    }

    /// The bytes as a download under this name.
    pub(crate) fn sent(self, name: &str, bytes: Vec<u8>) -> Response {
        match self {
            Format::Docx => attachment(&format!("{name}.docx"), DOCX, bytes),
            Format::Pdf => attachment(&format!("{name}.pdf"), PDF, bytes),
        }
    }
}

/// The document as a download named after its title; `docx` unless `pdf` is asked for.
pub(crate) async fn answer(document: Document, format: Option<&str>) -> Result<Response, Problem> {
    let format = Format::of(format)?;
    let name = document.title.clone();
    let bytes = made(document, format.renderer()).await?;
    Ok(format.sent(&name, bytes))
}

/// The document's pages as pictures (SVG), as they will be printed.
pub(crate) async fn pages(document: Document) -> Result<Vec<String>, Problem> {
    made(document, papers::pages).await
}

/// Renders on a thread that may take its time.
pub(crate) async fn made<T: Send + 'static>(
    document: Document,
    render: fn(&Document) -> Result<T, PaperError>,
) -> Result<T, Problem> {
    let made = tokio::task::spawn_blocking(move || render(&document)).await.map_err(|e| failed(e.to_string()))?;
    made.map_err(|e| match e {
        PaperError::BadAttachment(_) => Problem::refused("bad_attachment", format!("{e}。")),
        PaperError::NoFont | PaperError::Failed(_) => failed(e.to_string()),
    })
}

pub(crate) fn failed(detail: String) -> Problem {
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "no_document", "文件没有生成", format!("{detail}。"))
}

/// The document made from a template of the library.
pub(crate) fn of_rendered(rendered: Rendered) -> Document {
    let layout = match rendered.style {
        Style::Official => Layout::Official,
        Style::Record => Layout::Record,
    };
    Document { layout, title: rendered.title, blocks: rendered.parts.into_iter().map(block_of).collect() }
}

fn block_of(part: Part) -> Block {
    match part {
        Part::Heading(level, words) => Block::Heading(level, words),
        Part::Centred(words) => Block::Centred(words),
        Part::Paragraph(words) => Block::Paragraph(words),
        Part::Flush(words) => Block::Flush(words),
        Part::Facts(facts) => Block::Facts(facts),
        Part::Table { head, rows, widths } => Block::Table { head, rows, widths },
        Part::Sign { by, on } => Block::Sign { by, on },
        Part::PageBreak => Block::PageBreak,
    }
}

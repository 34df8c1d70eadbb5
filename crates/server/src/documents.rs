//! Documents as answers: a [`Document`] rendered as the asker wishes, on a thread that may take its time.

use crate::Problem;
use crate::body::Faults;
use crate::download::attachment;
use axum::http::StatusCode;
use axum::response::Response;
use papers::{Document, PaperError};

const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const PDF: &str = "application/pdf";

/// The document as a download named after its title; `docx` unless `pdf` is asked for.
pub(crate) async fn answer(document: Document, format: Option<&str>) -> Result<Response, Problem> {
    let (render, media_type, ending): (fn(&Document) -> Result<Vec<u8>, PaperError>, _, _) = match format {
        None | Some("" | "docx") => (papers::docx, DOCX, "docx"),
        Some("pdf") => (papers::pdf, PDF, "pdf"),
        Some(_) => {
            let mut faults = Faults::default();
            faults.add("/format", "unknown_code", "文件格式只有 docx 和 pdf。请选择其中一种。");
            faults.check()?;
            return Err(Problem::not_found("这种格式"));
        }
    };
    let name = format!("{}.{ending}", document.title);
    let rendered = tokio::task::spawn_blocking(move || render(&document)).await.map_err(|e| failed(e.to_string()))?;
    Ok(attachment(&name, media_type, rendered.map_err(|e| failed(e.to_string()))?))
}

fn failed(detail: String) -> Problem {
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "no_document", "文件没有生成", detail)
}

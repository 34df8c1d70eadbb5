//! PDF and pictures of pages. The layout is one program (`layout.typ`); a document is handed to it as data.

use crate::attached::{Attached, inspect};
use crate::font::{FONTS, Roles};
use crate::sheet::{FACT_SHARES, Sheet, fact_rows, fitted, may_break, shares, short_columns, signature};
use crate::text::{breakable, clean};
use crate::{Block, Document, Layout, PaperError};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::LazyLock;
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Array, Bytes, Datetime, Dict, Duration, IntoValue, Smart, Value};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::PdfOptions;

/// Characters that a run without a place to break may have in a paragraph and in a cell.
const LONGEST_RUN: usize = 24;
const LONGEST_RUN_IN_CELL: usize = 10;

pub(crate) fn pdf(document: &Document) -> Result<Vec<u8>, PaperError> {
    laid_out(document, |pages| {
        let options = PdfOptions { creator: Smart::Custom(Some("dangjian".to_owned())), ..PdfOptions::default() };
        typst_pdf::pdf(pages, &options).map_err(|errors| failed(&errors))
    })
}

pub(crate) fn pages(document: &Document) -> Result<Vec<String>, PaperError> {
    laid_out(document, |pages| {
        let options = typst_svg::SvgOptions::default();
        Ok(pages.pages().iter().map(|page| typst_svg::svg(page, &options)).collect())
    })
}

/// Lays the document out and hands its pages on. What was remembered for it is forgotten soon after.
fn laid_out<T>(
    document: &Document,
    then: impl FnOnce(&PagedDocument) -> Result<T, PaperError>,
) -> Result<T, PaperError> {
    let roles = FONTS.roles.as_ref().ok_or(PaperError::NoFont)?;
    let inputs = inputs(document, roles)?;
    let made = catch_unwind(AssertUnwindSafe(|| {
        let desk = Desk { library: LazyHash::new(Library::builder().with_inputs(inputs).build()) };
        let pages = typst::compile::<PagedDocument>(&desk).output.map_err(|errors| failed(&errors))?;
        then(&pages)
    }));
    typst::comemo::evict(2);
    made.unwrap_or_else(|_| Err(PaperError::Failed("排版程序意外中止".to_owned())))
}

fn failed(errors: &[SourceDiagnostic]) -> PaperError {
    PaperError::Failed(errors.first().map(|error| error.message.to_string()).unwrap_or_default())
}

/// What the layout program can see: its own text and the fonts. No files, no clock.
struct Desk {
    library: LazyHash<Library>,
}

static LAYOUT: LazyLock<Source> = LazyLock::new(|| {
    let path = VirtualPath::new("layout.typ").unwrap_or_else(|_| unreachable!("the name is a plain one"));
    Source::new(FileId::new(RootedPath::new(VirtualRoot::Project, path)), include_str!("layout.typ").to_owned())
});

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &FONTS.book
    }

    fn main(&self) -> FileId {
        LAYOUT.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == LAYOUT.id() { Ok(LAYOUT.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, _: FileId) -> FileResult<Bytes> {
        Err(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.font(index)
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

fn dict<const N: usize>(entries: [(&str, Value); N]) -> Value {
    Value::Dict(entries.into_iter().map(|(name, value)| (name.into(), value)).collect())
}

fn array(values: impl IntoIterator<Item = Value>) -> Value {
    Value::Array(values.into_iter().collect::<Array>())
}

fn running(text: &str) -> Value {
    breakable(&clean(text), LONGEST_RUN).into_value()
}

fn in_cell(text: &str) -> Value {
    breakable(&clean(text), LONGEST_RUN_IN_CELL).into_value()
}

fn inputs(document: &Document, roles: &Roles) -> Result<Dict, PaperError> {
    let sheet = Sheet::of(document.layout);
    let mut blocks = Vec::with_capacity(document.blocks.len());
    let mut attachments = 0;
    for block in &document.blocks {
        if matches!(block, Block::Picture(_) | Block::Pdf(_) | Block::Attached { .. }) {
            attachments += 1;
        }
        blocks.push(value_of(block, &sheet, attachments)?);
    }
    let layout = match document.layout {
        Layout::Official => "official",
        Layout::Record => "record",
    };
    let paper = dict([("layout", layout.into_value()), ("title", running(&document.title)), ("blocks", array(blocks))]);
    let Value::Dict(inputs) =
        dict([("paper", paper), ("fonts", fonts(document.layout, roles)), ("sizes", sizes(&sheet))])
    else {
        return Err(PaperError::Failed(String::new()));
    };
    Ok(inputs)
}

fn fonts(layout: Layout, roles: &Roles) -> Value {
    let list = |families: &[String]| array(families.iter().map(|family| family.as_str().into_value()));
    let body = match layout {
        Layout::Official => &roles.body,
        Layout::Record => &roles.song,
    };
    let weight = if roles.title_is_plain { "bold" } else { "regular" };
    dict([
        ("title", list(&roles.title)),
        ("title-weight", weight.into_value()),
        ("body", list(body)),
        ("hei", list(&roles.hei)),
        ("kai", list(&roles.kai)),
        ("song", list(&roles.song)),
    ])
}

fn sizes(sheet: &Sheet) -> Value {
    dict([
        ("top", sheet.top.into_value()),
        ("right", sheet.right.into_value()),
        ("bottom", sheet.bottom.into_value()),
        ("left", sheet.left.into_value()),
        ("title", sheet.title.into_value()),
        ("body", sheet.body.into_value()),
        ("cell", sheet.cell.into_value()),
        ("number", sheet.number.into_value()),
        ("title-line", sheet.title_line.into_value()),
        ("line", sheet.line.into_value()),
        ("tracking", sheet.tracking.into_value()),
    ])
}

fn value_of(block: &Block, sheet: &Sheet, attachment: usize) -> Result<Value, PaperError> {
    let kind = |name: &str| ("kind", name.into_value());
    Ok(match block {
        Block::Cover { title, lines } => {
            dict([kind("cover"), ("title", running(title)), ("lines", array(lines.iter().map(|line| running(line))))])
        }
        Block::Contents => dict([kind("contents")]),
        Block::Heading(level, words) => {
            dict([kind("heading"), ("level", i64::from((*level).clamp(1, 4)).into_value()), ("words", running(words))])
        }
        Block::Centred(words) => dict([kind("centred"), ("words", running(words))]),
        Block::Paragraph(words) => dict([kind("paragraph"), ("words", running(words))]),
        Block::Flush(words) => dict([kind("flush"), ("words", running(words))]),
        Block::Facts(facts) => dict([kind("facts"), ("rows", fact_values(facts, sheet))]),
        Block::Table { head, rows, widths } => table_value(head, rows, widths, sheet),
        Block::Sign { by, on } => {
            let lines = signature(&clean(by), *on);
            let lines = lines
                .into_iter()
                .map(|(words, right)| dict([("words", running(&words)), ("right", right.into_value())]));
            dict([kind("sign"), ("lines", array(lines))])
        }
        Block::PageBreak => dict([kind("page-break")]),
        Block::Picture(bytes) | Block::Pdf(bytes) => attached_value(&format!("第 {attachment} 个附件"), bytes)?,
        Block::Attached { name, bytes } => attached_value(name, bytes)?,
    })
}

fn fact_values(facts: &[(String, String)], sheet: &Sheet) -> Value {
    let wide = [FACT_SHARES[0], FACT_SHARES[1] + FACT_SHARES[2] + FACT_SHARES[3]];
    array(fact_rows(facts).iter().map(|row| {
        array(row.iter().map(|(name, value)| {
            let broken = row.len() == 1 && may_break(&[name.clone(), value.clone()], &wide, sheet);
            dict([("name", in_cell(name)), ("value", in_cell(value)), ("broken", broken.into_value())])
        }))
    }))
}

fn table_value(head: &[String], rows: &[Vec<String>], widths: &[u16], sheet: &Sheet) -> Value {
    let columns = head.len().max(1);
    let shares = shares(columns, widths);
    let short = short_columns(rows, columns);
    let rows = rows.iter().map(|row| {
        let cells = fitted(row, columns);
        let broken = may_break(&cells, &shares, sheet);
        dict([("cells", array(cells.iter().map(|cell| in_cell(cell)))), ("broken", broken.into_value())])
    });
    dict([
        ("kind", "table".into_value()),
        ("head", array(fitted(head, columns).iter().map(|cell| in_cell(cell)))),
        ("rows", array(rows)),
        ("widths", array(shares.iter().map(|share| i64::from(*share).into_value()))),
        ("short", array(short.iter().map(|short| short.into_value()))),
    ])
}

fn attached_value(name: &str, bytes: &[u8]) -> Result<Value, PaperError> {
    let held = Bytes::new(bytes.to_vec()).into_value();
    Ok(match inspect(name, bytes)? {
        Attached::Picture { format, .. } => {
            dict([("kind", "picture".into_value()), ("bytes", held), ("format", format.into_value())])
        }
        Attached::Pages(sizes) => {
            let sizes = sizes.into_iter().map(|(width, height)| {
                dict([("width", f64::from(width).into_value()), ("height", f64::from(height).into_value())])
            });
            dict([("kind", "pages".into_value()), ("bytes", held), ("pages", array(sizes))])
        }
    })
}

//! Documents out: one content, laid out as an office in China does (GB/T 9704), as DOCX, as PDF and as pictures of its pages.
//! Knows paragraphs, tables and pages, no Party terms. Whatever text it is given is data: nothing in it is read as markup.

mod attached;
mod docx;
mod font;
pub mod form;
mod pdf;
mod sheet;
mod text;

use jiff::civil::Date;

pub use attached::pages_of;
pub use font::has_chinese_font;

/// How a document is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// 公文: notices, resolutions, reports, by GB/T 9704.
    Official,
    /// A record or a form: minutes, registers, the work book. Smaller type, tables over the full width.
    Record,
}

/// A document.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// The layout.
    pub layout: Layout,
    /// The title at the top of the first page; none when empty.
    pub title: String,
    /// What follows, in order.
    pub blocks: Vec<Block>,
}

/// A part of a document.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// A page of its own: a large title and a few lines below it, for volumes and work books.
    Cover {
        /// The title, in the upper half of the page.
        title: String,
        /// What stands in the lower half: the organisation, the year.
        lines: Vec<String>,
    },
    /// 目录: the headings of level 1 with the pages they stand on. A DOCX lists them and its reader's program puts in the pages.
    Contents,
    /// A heading: level 1 「一、」, level 2 「（一）」; the number is part of the text.
    Heading(u8, String),
    /// A line in the middle, as under a title: 「（2026年3月5日支部党员大会通过）」.
    Centred(String),
    /// A paragraph, its first line set in by two characters.
    Paragraph(String),
    /// A line without indent: the addressee of a notice.
    Flush(String),
    /// What is known of something: names and values, two pairs a row. Long values take a row of their own.
    Facts(Vec<(String, String)>),
    /// A table with a head that is repeated on every page. Widths are shares; empty means equal.
    Table {
        /// The names of the columns.
        head: Vec<String>,
        /// The rows.
        rows: Vec<Vec<String>>,
        /// Shares of the width.
        widths: Vec<u16>,
    },
    /// Who signs, and when, at the right.
    Sign {
        /// The organisation or person.
        by: String,
        /// The date, written as 2026年3月5日.
        on: Option<Date>,
    },
    /// The next block begins a page.
    PageBreak,
    /// A picture (PNG, JPEG) over the width of a page of its own.
    Picture(Vec<u8>),
    /// All pages of a PDF, as they are. A DOCX cannot hold them: there a line says how many pages are attached.
    Pdf(Vec<u8>),
    /// A picture or a PDF, told by its content. The name is used in what is said when it cannot be read.
    Attached {
        /// The file's name.
        name: String,
        /// The file.
        bytes: Vec<u8>,
    },
}

/// Why a document could not be made.
#[derive(Debug, thiserror::Error)]
pub enum PaperError {
    /// No font on this machine has Chinese characters.
    #[error("本机没有中文字体，无法生成 PDF。请安装中文字体（如 Debian 的 fonts-noto-cjk）后重试")]
    NoFont,
    /// A picture or PDF that cannot be read.
    #[error("「{0}」无法读取，不能并入文件。请换一份图片或 PDF")]
    BadAttachment(String),
    /// Something else, with what the machine said.
    #[error("文件没有生成：{0}")]
    Failed(String),
}

/// The document as DOCX.
pub fn docx(document: &Document) -> Result<Vec<u8>, PaperError> {
    docx::write(document)
}

/// The document as PDF. Takes tens of milliseconds and more: call it on a thread that may block.
pub fn pdf(document: &Document) -> Result<Vec<u8>, PaperError> {
    pdf::pdf(document)
}

/// The document's pages as pictures (SVG), to be looked at before it is printed. As slow as [`pdf`].
pub fn pages(document: &Document) -> Result<Vec<String>, PaperError> {
    pdf::pages(document)
}

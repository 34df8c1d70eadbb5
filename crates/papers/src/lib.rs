//! Documents out: one content, laid out as an office in China does (GB/T 9704), as DOCX and as PDF. Knows paragraphs, tables and
//! pages, no Party terms.

use jiff::civil::Date;

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
    /// The title at the top of the first page.
    pub title: String,
    /// What follows, in order.
    pub blocks: Vec<Block>,
}

/// A part of a document.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// A heading: level 1 「一、」, level 2 「（一）」; the number is part of the text.
    Heading(u8, String),
    /// A paragraph, its first line set in by two characters.
    Paragraph(String),
    /// A line without indent: the addressee of a notice.
    Flush(String),
    /// What is known of something: names and values, two pairs a row.
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
    /// All pages of a PDF, as they are.
    Pdf(Vec<u8>),
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
    Err(PaperError::Failed(document.title.clone()))
}

/// The document as PDF. Takes tens of milliseconds and more: call it on a thread that may block.
pub fn pdf(document: &Document) -> Result<Vec<u8>, PaperError> {
    Err(PaperError::Failed(document.title.clone()))
}

//! Spreadsheets in and out: rosters and organisation sheets. Knows cells, headers and files; what a row means is the rules' to say.

mod attachment;
mod csv_text;
mod grid;
mod guard;
mod header;
mod ods;
mod ole;
mod read;
mod report;
mod sheet;
mod shown;
mod write;
mod xlsx;

pub use attachment::{Attachment, LARGEST_ATTACHMENT};
pub use header::{Column, Header};
pub use read::{Row, Table, read};
pub use report::{FileError, Report, RowError, RowReport};
pub use sheet::{MemberRow, OrgRow, Preview, member_rows, org_rows, preview};
pub use write::{Cell, CsvSheet, Sheet, member_template, org_template, rejected};

/// Why a file cannot be read at all (`bad_file`): what is wrong and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadFile(pub String);

impl BadFile {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        BadFile(message.into())
    }
}

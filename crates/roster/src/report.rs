//! The report of an import: a verdict on every row, as programs and pages read it.

use crate::BadFile;
use crate::header::Header;
use crate::sheet::{MemberRow, OrgRow};
use rules::intake::{Code, Field, Finding, OrgField, OrgFinding};
use serde::{Deserialize, Serialize};
use std::hash::Hash;

/// One error or warning of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowError {
    /// The column's heading in the file, or the usual heading where the file has no such column.
    pub column: String,
    /// A stable code.
    pub code: String,
    /// What is wrong and what to do.
    pub message: String,
}

/// The verdict on one row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowReport {
    /// The file's own 序号, where it has one.
    pub seq: Option<i64>,
    /// The sheet row.
    pub row: u32,
    /// Whether it was (or would be) written.
    pub accepted: bool,
    /// Every reason why not.
    pub errors: Vec<RowError>,
    /// What should be looked at all the same.
    pub warnings: Vec<RowError>,
}

/// Why nothing of a file could be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileError {
    /// `bad_file`.
    pub code: String,
    /// What is wrong and what to do.
    pub message: String,
}

/// The verdict on a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Row by row.
    pub rows: Vec<RowReport>,
    /// Rows accepted.
    pub accepted: usize,
    /// Rows rejected.
    pub rejected: usize,
    /// Organisations created.
    pub orgs_created: usize,
    /// Why the file as a whole could not be read.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub error: Option<FileError>,
}

fn heading<F: Copy + Eq + Hash>(header: &Header<F>, field: F, label: &str) -> String {
    header
        .columns
        .iter()
        .find(|column| column.field == Some(field))
        .map_or_else(|| label.to_owned(), |column| column.heading.clone())
}

impl Report {
    fn add(&mut self, row: RowReport) {
        if row.accepted {
            self.accepted += 1;
        } else {
            self.rejected += 1;
        }
        self.rows.push(row);
    }

    /// The report on a roster's rows.
    pub fn of_members(header: &Header<Field>, rows: &[MemberRow]) -> Self {
        let error = |finding: &Finding| RowError {
            column: heading(header, finding.field, finding.field.label()),
            code: finding.code.key().to_owned(),
            message: finding.message.clone(),
        };
        let mut report = Report::default();
        for row in rows {
            report.add(RowReport {
                seq: row.seq,
                row: row.row,
                accepted: row.checked.errors.is_empty(),
                errors: row.checked.errors.iter().map(error).collect(),
                warnings: row.checked.warnings.iter().map(error).collect(),
            });
        }
        report
    }

    /// The report on an organisation sheet's rows.
    pub fn of_orgs(header: &Header<OrgField>, rows: &[OrgRow]) -> Self {
        let error = |finding: &OrgFinding| RowError {
            column: heading(header, finding.field, finding.field.label()),
            code: finding.code.to_owned(),
            message: finding.message.clone(),
        };
        let mut report = Report::default();
        for row in rows {
            report.add(RowReport {
                seq: row.seq,
                row: row.row,
                accepted: row.checked.errors.is_empty(),
                errors: row.checked.errors.iter().map(error).collect(),
                warnings: row.checked.warnings.iter().map(error).collect(),
            });
        }
        report
    }

    /// The report on a file that could not be read at all.
    pub fn of_bad_file(error: &BadFile) -> Self {
        let error = FileError { code: Code::BadFile.key().to_owned(), message: error.to_string() };
        Report { error: Some(error), ..Report::default() }
    }
}

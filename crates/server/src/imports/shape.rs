//! How imports look in JSON.

use super::desk::Live;
use super::job::ImportKind;
use roster::{FileError, Preview, Report};
use rules::ids::ImportId;
use rules::intake::{Field, OrgField};
use serde::Serialize;
use std::collections::HashMap;
use std::sync::Arc;
use store::{ImportRun, RunState, StoreError};
use utoipa::ToSchema;

/// The form of a preview.
#[derive(ToSchema)]
#[allow(dead_code)] // the description of the API reads it
pub(super) struct PreviewForm {
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    /// A roster when left out.
    #[schema(value_type = ImportKind, required = false)]
    kind: String,
}

/// The form of an import.
#[derive(ToSchema)]
#[allow(dead_code)] // the description of the API reads it
pub(super) struct ImportForm {
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    /// A roster when left out.
    #[schema(value_type = ImportKind, required = false)]
    kind: String,
    /// `true`: only look, write nothing.
    #[schema(required = false)]
    dry_run: String,
    /// `true`: create the branches that the roster names and the register lacks.
    #[schema(required = false)]
    create_orgs: String,
    /// Corrections of the columns, `{"3": "name", "5": null}`.
    #[schema(required = false)]
    mapping: String,
}

/// A column of the file.
#[derive(Serialize, ToSchema)]
pub(super) struct ImportColumn {
    index: i64,
    header: String,
    field: Option<String>,
}

/// A field that a column can be.
#[derive(Serialize, ToSchema)]
pub(super) struct ImportField {
    field: String,
    label: String,
    required: bool,
}

/// What an import would read.
#[derive(Serialize, ToSchema)]
pub(super) struct ImportPreview {
    sheet: String,
    columns: Vec<ImportColumn>,
    fields: Vec<ImportField>,
    header_row: i64,
    sample_rows: Vec<Vec<String>>,
    total_rows: i64,
}

impl ImportPreview {
    pub(super) fn of(preview: Preview, kind: ImportKind) -> Self {
        let field =
            |field: &str, label: &str, required| ImportField { field: field.into(), label: label.into(), required };
        ImportPreview {
            sheet: preview.sheet,
            columns: preview
                .columns
                .into_iter()
                .map(|(index, header, key)| ImportColumn { index: index as i64, header, field: key.map(str::to_owned) })
                .collect(),
            fields: match kind {
                ImportKind::Members => {
                    Field::ALL.iter().map(|one| field(one.key(), one.label(), one.is_required())).collect()
                }
                ImportKind::Orgs => {
                    OrgField::ALL.iter().map(|one| field(one.key(), one.label(), one.is_required())).collect()
                }
            },
            header_row: preview.header_row.into(),
            sample_rows: preview.samples,
            total_rows: preview.rows as i64,
        }
    }
}

/// One error or warning of a row.
#[derive(Serialize, ToSchema)]
pub(super) struct RowError {
    column: String,
    code: String,
    message: String,
}

impl From<roster::RowError> for RowError {
    fn from(error: roster::RowError) -> Self {
        RowError { column: error.column, code: error.code, message: error.message }
    }
}

/// The verdict on a row.
#[derive(Serialize, ToSchema)]
pub(super) struct RowReport {
    seq: Option<i64>,
    row: i64,
    accepted: bool,
    errors: Vec<RowError>,
    warnings: Vec<RowError>,
}

/// Why nothing was imported.
#[derive(Serialize, ToSchema)]
pub(super) struct ImportError {
    code: String,
    message: String,
}

/// The verdict on a file.
#[derive(Serialize, ToSchema)]
pub(super) struct ImportReport {
    rows: Vec<RowReport>,
    accepted: i64,
    rejected: i64,
    orgs_created: i64,
    error: Option<ImportError>,
}

impl ImportReport {
    /// A report as it is kept.
    pub(super) fn read(json: &[u8]) -> Result<Self, StoreError> {
        Ok(serde_json::from_slice::<Report>(json)?.into())
    }

    /// The report of a run whose process ended before it did.
    pub(super) fn interrupted() -> Self {
        let message = "导入过程中服务中断，没有写入任何数据。请重新导入。".to_owned();
        Report { error: Some(FileError { code: "interrupted".to_owned(), message }), ..Report::default() }.into()
    }
}

impl From<Report> for ImportReport {
    fn from(report: Report) -> Self {
        let row = |row: roster::RowReport| RowReport {
            seq: row.seq,
            row: row.row.into(),
            accepted: row.accepted,
            errors: row.errors.into_iter().map(RowError::from).collect(),
            warnings: row.warnings.into_iter().map(RowError::from).collect(),
        };
        ImportReport {
            accepted: report.accepted as i64,
            rejected: report.rejected as i64,
            orgs_created: report.orgs_created as i64,
            error: report.error.map(|error| ImportError { code: error.code, message: error.message }),
            rows: report.rows.into_iter().map(row).collect(),
        }
    }
}

/// How far an import is.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum ImportState {
    Queued,
    Running,
    Done,
    Failed,
}

impl From<RunState> for ImportState {
    fn from(state: RunState) -> Self {
        match state {
            RunState::Queued => ImportState::Queued,
            RunState::Running => ImportState::Running,
            RunState::Done => ImportState::Done,
            RunState::Failed => ImportState::Failed,
        }
    }
}

/// An import with its report.
#[derive(Serialize, ToSchema)]
pub(super) struct Import {
    id: String,
    #[schema(value_type = ImportKind)]
    kind: String,
    file_name: String,
    dry_run: bool,
    state: ImportState,
    processed: i64,
    total: i64,
    created_at: i64,
    report: Option<ImportReport>,
}

impl Import {
    pub(super) fn of(run: ImportRun, report: Option<ImportReport>) -> Self {
        Import {
            id: run.id.to_string(),
            kind: run.kind,
            file_name: run.file_name,
            dry_run: run.dry_run,
            state: run.state.into(),
            processed: run.processed,
            total: run.total,
            created_at: run.created_at,
            report,
        }
    }
}

/// An import in a list.
#[derive(Serialize, ToSchema)]
pub(super) struct ImportRow {
    id: String,
    #[schema(value_type = ImportKind)]
    kind: String,
    file_name: String,
    dry_run: bool,
    state: ImportState,
    accepted: i64,
    rejected: i64,
    created_at: i64,
}

impl ImportRow {
    pub(super) fn of(run: ImportRun) -> Self {
        ImportRow {
            id: run.id.to_string(),
            kind: run.kind,
            file_name: run.file_name,
            dry_run: run.dry_run,
            state: run.state.into(),
            accepted: run.accepted,
            rejected: run.rejected,
            created_at: run.created_at,
        }
    }
}

/// A page of imports.
#[derive(Serialize, ToSchema)]
pub(super) struct ImportPage {
    pub(super) items: Vec<ImportRow>,
    pub(super) next: Option<String>,
}

/// A run as it is now: of one that is under way in this process, its row knows less than the process does. `live` must have been
/// taken before the row was read.
pub(super) fn run_shown(live: &HashMap<ImportId, Arc<Live>>, run: ImportRun) -> ImportRun {
    match live.get(&run.id).filter(|_| !run.ended) {
        Some(live) => {
            let (state, (processed, total)) = live.state();
            ImportRun { state, processed, total, ..run }
        }
        None => run,
    }
}

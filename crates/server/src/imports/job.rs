//! One import from bytes to report: read the file, settle its rows, write what was accepted. Shared by the web and the command
//! line; knows neither requests nor terminals.

use jiff::civil::Date;
use roster::{BadFile, Header, MemberRow, OrgRow, Report, Table};
use rules::ids::{ImportId, RootOrg};
use rules::intake::{Field, OrgField};
use std::collections::HashMap;
use std::sync::Arc;
use store::{Author, ImportTask, Progress, RunOutcome, Store, StoreError, Subject, Write};
use utoipa::ToSchema;

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum ImportKind {
    /// A roster.
    Members,
    /// An organisation sheet.
    Orgs,
}

impl ImportKind {
    /// The identifier used in JSON and stored.
    pub fn key(self) -> &'static str {
        match self {
            ImportKind::Members => "members",
            ImportKind::Orgs => "orgs",
        }
    }

    /// The kind of an identifier.
    pub fn from_key(key: &str) -> Option<Self> {
        [ImportKind::Members, ImportKind::Orgs].into_iter().find(|kind| kind.key() == key)
    }
}

/// What is to be imported.
#[derive(Debug, Clone)]
pub struct ImportJob {
    /// What the file holds.
    pub kind: ImportKind,
    /// The file.
    pub bytes: Vec<u8>,
    /// Corrections of what columns were recognised as: column index to field key, or none for a column to be left out.
    pub mapping: HashMap<usize, Option<String>>,
    /// Whether to write nothing.
    pub dry_run: bool,
    /// Where and how it may write.
    pub task: ImportTask,
}

/// What came out.
#[derive(Debug, Clone, Default)]
pub struct ImportOutcome {
    /// The verdict on every row, or on the file.
    pub report: Report,
    /// The rejected rows with their reasons, as a spreadsheet; none when every row was accepted.
    pub rejected: Option<Vec<u8>>,
}

impl ImportOutcome {
    /// As it is kept with a run.
    pub(crate) fn to_run(&self) -> RunOutcome {
        RunOutcome {
            failed: self.report.error.is_some(),
            total: self.report.rows.len() as i64,
            accepted: self.report.accepted as i64,
            rejected: self.report.rejected as i64,
            report: serde_json::to_vec(&self.report).unwrap_or_default(),
            rejected_rows: self.rejected.clone(),
        }
    }
}

/// The rows of a file with the table and header they came from.
struct Parsed<F, R> {
    tables: Vec<Table>,
    at: usize,
    header: Header<F>,
    rows: Vec<R>,
}

/// Runs an import to its end. `run` is the row that tells of it, if there is one. A failure means that nothing was written.
pub async fn run_import(
    store: &Arc<Store>,
    author: Author,
    job: ImportJob,
    run: Option<ImportId>,
    progress: &Arc<Progress>,
) -> Result<ImportOutcome, StoreError> {
    let outcome = match job.kind {
        ImportKind::Members => members(store, author.clone(), job, run, progress).await?,
        ImportKind::Orgs => orgs(store, author.clone(), job, run, progress).await?,
    };
    match outcome {
        Done::Written(outcome) => {
            if let Err(e) = store.learn_sizes().await {
                tracing::warn!(error = %e, "the sizes of the tables could not be learned after an import");
            }
            Ok(outcome)
        }
        Done::Nothing(outcome) => {
            if let Some(run) = run {
                store.finish_import_run(author.root, run, &outcome.to_run()).await?;
            }
            Ok(outcome)
        }
    }
}

/// Whether the run's row has been ended together with what was written.
enum Done {
    Written(ImportOutcome),
    Nothing(ImportOutcome),
}

impl Done {
    fn bad_file(error: &BadFile) -> Self {
        Done::Nothing(ImportOutcome { report: Report::of_bad_file(error), rejected: None })
    }
}

async fn members(
    store: &Arc<Store>,
    author: Author,
    job: ImportJob,
    run: Option<ImportId>,
    progress: &Arc<Progress>,
) -> Result<Done, StoreError> {
    let ImportJob { bytes, mapping, dry_run, task, .. } = job;
    let today = task.today;
    let parsed = blocking(move || parse_members(&bytes, &mapping, today)).await?;
    let mut parsed = match parsed {
        Ok(parsed) => parsed,
        Err(error) => return Ok(Done::bad_file(&error)),
    };
    progress.expect(parsed.rows.len());
    let mut write = begin(store, &author, "import.members", dry_run).await?;
    let mut rows: Vec<_> = parsed.rows.iter_mut().map(|row| &mut row.checked).collect();
    let plan = match &mut write {
        Some(write) => write.settle_members(&task, &mut rows, progress).await?,
        None => store.settle_members(author.root, &task, &mut rows, progress).await?,
    };
    let (parsed, mut outcome) = blocking(move || {
        let outcome = outcome_of(&parsed, Report::of_members);
        (parsed, outcome)
    })
    .await?;
    outcome.report.orgs_created = plan.orgs_created();
    let Some(mut write) = write.filter(|_| !plan.is_idle()) else { return Ok(Done::Nothing(outcome)) };
    let rows: Vec<_> = parsed.rows.iter().map(|row| &row.checked).collect();
    write.apply_members(&plan, &task, &rows, progress).await?;
    let summary = format!(
        "导入花名册：新增 {} 人，修改 {} 人，新建党组织 {} 个",
        plan.added(),
        plan.changed(),
        plan.orgs_created()
    );
    finish(write, author.root, run, summary, &outcome).await?;
    Ok(Done::Written(outcome))
}

async fn orgs(
    store: &Arc<Store>,
    author: Author,
    job: ImportJob,
    run: Option<ImportId>,
    progress: &Arc<Progress>,
) -> Result<Done, StoreError> {
    let ImportJob { bytes, mapping, dry_run, task, .. } = job;
    let today = task.today;
    let parsed = blocking(move || parse_orgs(&bytes, &mapping, today)).await?;
    let mut parsed = match parsed {
        Ok(parsed) => parsed,
        Err(error) => return Ok(Done::bad_file(&error)),
    };
    progress.expect(parsed.rows.len());
    let mut write = begin(store, &author, "import.orgs", dry_run).await?;
    let mut rows: Vec<_> = parsed.rows.iter_mut().map(|row| &mut row.checked).collect();
    let plan = match &mut write {
        Some(write) => write.settle_orgs(&task, &mut rows, progress).await?,
        None => store.settle_orgs(author.root, &task, &mut rows, progress).await?,
    };
    let (parsed, mut outcome) = blocking(move || {
        let outcome = outcome_of(&parsed, Report::of_orgs);
        (parsed, outcome)
    })
    .await?;
    outcome.report.orgs_created = plan.orgs_created();
    let Some(mut write) = write.filter(|_| !plan.is_idle()) else { return Ok(Done::Nothing(outcome)) };
    let rows: Vec<_> = parsed.rows.iter().map(|row| &row.checked).collect();
    write.apply_orgs(&plan, &task, &rows, progress).await?;
    let summary = format!("导入组织表：新建 {} 个，修改 {} 个", plan.orgs_created(), plan.changed());
    finish(write, author.root, run, summary, &outcome).await?;
    Ok(Done::Written(outcome))
}

/// Work that keeps a processor busy, away from the threads that answer requests.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, StoreError> {
    tokio::task::spawn_blocking(work).await.map_err(|_| {
        StoreError::refused("import_failed", "导入时程序出错，没有写入任何数据。请联系系统管理员查看日志。")
    })
}

async fn begin<'s>(
    store: &'s Store,
    author: &Author,
    action: &'static str,
    dry_run: bool,
) -> Result<Option<Write<'s>>, StoreError> {
    if dry_run { Ok(None) } else { store.begin(author.clone(), action).await.map(Some) }
}

async fn finish(
    mut write: Write<'_>,
    root: RootOrg,
    run: Option<ImportId>,
    summary: String,
    outcome: &ImportOutcome,
) -> Result<(), StoreError> {
    let subject = run.map_or(Subject::of("enterprise", root.0), |run| Subject::of("import", run.0));
    write.describe(subject, "", summary);
    if let Some(run) = run {
        write.finish_import_run(run, &outcome.to_run()).await?;
    }
    write.commit().await?;
    Ok(())
}

fn outcome_of<F, R>(parsed: &Parsed<F, R>, report: impl Fn(&Header<F>, &[R]) -> Report) -> ImportOutcome {
    let report = report(&parsed.header, &parsed.rows);
    // A spreadsheet that cannot be made is no reason to refuse the rows that are right: the report has the reasons too.
    let rejected = (report.rejected > 0)
        .then(|| roster::rejected(&parsed.tables[parsed.at], &parsed.header, &report))
        .and_then(Result::ok);
    ImportOutcome { report, rejected }
}

fn parse_members(
    bytes: &[u8],
    mapping: &HashMap<usize, Option<String>>,
    today: Date,
) -> Result<Parsed<Field, MemberRow>, BadFile> {
    let tables = roster::read(bytes)?;
    let (table, header, rows) = roster::member_rows(&tables, &fields(mapping, Field::from_key), today)?;
    let at = index_of(&tables, table);
    Ok(Parsed { at, header, rows, tables })
}

fn parse_orgs(
    bytes: &[u8],
    mapping: &HashMap<usize, Option<String>>,
    today: Date,
) -> Result<Parsed<OrgField, OrgRow>, BadFile> {
    let tables = roster::read(bytes)?;
    let (table, header, rows) = roster::org_rows(&tables, &fields(mapping, OrgField::from_key), today)?;
    let at = index_of(&tables, table);
    Ok(Parsed { at, header, rows, tables })
}

fn index_of(tables: &[Table], table: &Table) -> usize {
    tables.iter().position(|one| std::ptr::eq(one, table)).unwrap_or_default()
}

fn fields<F>(
    mapping: &HashMap<usize, Option<String>>,
    from_key: impl Fn(&str) -> Option<F>,
) -> HashMap<usize, Option<F>> {
    mapping.iter().map(|(column, key)| (*column, key.as_deref().and_then(&from_key))).collect()
}

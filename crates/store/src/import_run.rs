//! Runs of imports as the web shows them: how far they have come, what they found. A run is no act on the register and leaves no
//! ledger entry of its own; where it writes, its row says so in the same transaction.

use crate::Store;
use crate::error::StoreError;
use crate::id::now_ms;
use crate::sql::get;
use crate::write::Write;
use rules::ids::{AccountId, ImportId, RootOrg};
use sqlx::any::AnyRow;
use sqlx::{Any, AssertSqlSafe, Executor};

/// A run of any instance that has shown no sign of life for so long is over (milliseconds).
const LOST_AFTER: i64 = 30_000;
/// The same where only one process works on the database and knows its own runs: time enough to begin one.
const LOST_AT_ONCE: i64 = 1_000;

/// How far a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunState {
    /// Waiting for another run of the enterprise.
    Queued,
    /// At work.
    Running,
    /// Finished: what it accepted is written, unless it was a dry run.
    Done,
    /// Nothing was written.
    Failed,
}

impl RunState {
    /// All states.
    pub const ALL: &'static [RunState] = &[RunState::Queued, RunState::Running, RunState::Done, RunState::Failed];

    /// The identifier used in JSON and stored.
    pub fn key(self) -> &'static str {
        match self {
            RunState::Queued => "queued",
            RunState::Running => "running",
            RunState::Done => "done",
            RunState::Failed => "failed",
        }
    }

    fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|state| state.key() == key)
    }
}

/// What is known of a run when it is asked for.
#[derive(Debug, Clone)]
pub struct NewRun {
    /// Who asked.
    pub account: AccountId,
    /// `members` or `orgs`.
    pub kind: &'static str,
    /// The file's name.
    pub file_name: String,
    /// Whether nothing is to be written.
    pub dry_run: bool,
}

/// A run, without its report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportRun {
    /// Its id.
    pub id: ImportId,
    /// `members` or `orgs`.
    pub kind: String,
    /// The file's name.
    pub file_name: String,
    /// Whether nothing was to be written.
    pub dry_run: bool,
    /// How far it is. A run whose process is gone has failed.
    pub state: RunState,
    /// Whether its row says so: a run of this process whose row does not say so is still at work.
    pub ended: bool,
    /// Rows done.
    pub processed: i64,
    /// Rows in all; 0 until the file has been read.
    pub total: i64,
    /// Rows accepted.
    pub accepted: i64,
    /// Rows rejected.
    pub rejected: i64,
    /// When it was asked for, UTC milliseconds.
    pub created_at: i64,
}

/// What came out of a run.
#[derive(Debug, Clone, Default)]
pub struct RunOutcome {
    /// Whether the run as a whole failed, so that nothing was written.
    pub failed: bool,
    /// Rows in all.
    pub total: i64,
    /// Rows accepted.
    pub accepted: i64,
    /// Rows rejected.
    pub rejected: i64,
    /// The report, as JSON.
    pub report: Vec<u8>,
    /// The rejected rows as a spreadsheet.
    pub rejected_rows: Option<Vec<u8>>,
}

fn place(root: RootOrg, id: ImportId, what: &str) -> String {
    format!("import:{root}:{id}:{what}")
}

const COLUMNS: &str =
    "id, kind, dry_run, state, processed, total, accepted, rejected, created_at, updated_at, file_name";

impl Store {
    /// Puts a run on the list, waiting.
    pub async fn create_import_run(&self, root: RootOrg, new: &NewRun) -> Result<ImportId, StoreError> {
        let id = ImportId(self.ids.next());
        let file_name = self.ring.seal(new.file_name.as_bytes(), place(root, id, "name").as_bytes())?;
        sqlx::query(
            "INSERT INTO import_run (root_org, id, account_id, kind, dry_run, state, processed, total, accepted, rejected, created_at, \
             updated_at, file_name) VALUES ($1,$2,$3,$4,$5,$6,0,0,0,0,$7,$7,$8)",
        )
        .bind(root.0)
        .bind(id.0)
        .bind(new.account.0)
        .bind(new.kind)
        .bind(i64::from(new.dry_run))
        .bind(RunState::Queued.key())
        .bind(now_ms())
        .bind(file_name)
        .execute(&self.db.write)
        .await?;
        Ok(id)
    }

    /// Says that a run is at work.
    pub async fn start_import_run(&self, root: RootOrg, id: ImportId) -> Result<(), StoreError> {
        self.mark(root, id, RunState::Running, (0, 0)).await
    }

    /// Says that a run is alive and how far it is. On SQLite it says nothing: the run itself holds the only writer, and whoever asks
    /// is in the same process and knows.
    pub async fn beat_import_run(
        &self,
        root: RootOrg,
        id: ImportId,
        state: RunState,
        progress: (i64, i64),
    ) -> Result<(), StoreError> {
        if self.db.is_shared() { self.mark(root, id, state, progress).await } else { Ok(()) }
    }

    async fn mark(
        &self,
        root: RootOrg,
        id: ImportId,
        state: RunState,
        (done, total): (i64, i64),
    ) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE import_run SET state = $3, processed = $4, total = $5, updated_at = $6 \
             WHERE root_org = $1 AND id = $2 AND state IN ('queued', 'running')",
        )
        .bind(root.0)
        .bind(id.0)
        .bind(state.key())
        .bind(done)
        .bind(total)
        .bind(now_ms())
        .execute(&self.db.write)
        .await?;
        Ok(())
    }

    /// Ends a run that has written nothing: it was a dry run, found nothing to write, or failed.
    pub async fn finish_import_run(&self, root: RootOrg, id: ImportId, outcome: &RunOutcome) -> Result<(), StoreError> {
        finish(self, &self.db.write, root, id, outcome).await
    }

    /// An account's runs, newest first, before a cursor.
    pub async fn import_runs(
        &self,
        root: RootOrg,
        account: AccountId,
        before: Option<ImportId>,
        limit: i64,
    ) -> Result<Vec<ImportRun>, StoreError> {
        let text = format!(
            "SELECT {COLUMNS} FROM import_run WHERE root_org = $1 AND account_id = $2 AND id < $3 ORDER BY id DESC LIMIT $4"
        );
        let rows = sqlx::query(AssertSqlSafe(text))
            .bind(root.0)
            .bind(account.0)
            .bind(before.map_or(i64::MAX, |id| id.0))
            .bind(limit)
            .fetch_all(&self.db.read)
            .await?;
        rows.iter().map(|row| self.run_of(root, row)).collect()
    }

    /// One of an account's runs.
    pub async fn import_run(&self, root: RootOrg, account: AccountId, id: ImportId) -> Result<ImportRun, StoreError> {
        let text = format!("SELECT {COLUMNS} FROM import_run WHERE root_org = $1 AND id = $2 AND account_id = $3");
        let row = sqlx::query(AssertSqlSafe(text))
            .bind(root.0)
            .bind(id.0)
            .bind(account.0)
            .fetch_optional(&self.db.read)
            .await?
            .ok_or(StoreError::NotFound("导入记录"))?;
        self.run_of(root, &row)
    }

    /// A finished run's report, as JSON.
    pub async fn import_report(&self, root: RootOrg, id: ImportId) -> Result<Option<Vec<u8>>, StoreError> {
        self.sealed_part(root, id, "report").await
    }

    /// A finished run's rejected rows, as a spreadsheet; none when there were none.
    pub async fn import_rejected(&self, root: RootOrg, id: ImportId) -> Result<Option<Vec<u8>>, StoreError> {
        self.sealed_part(root, id, "rejected_rows").await
    }

    async fn sealed_part(
        &self,
        root: RootOrg,
        id: ImportId,
        column: &'static str,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let text = format!("SELECT {column} AS part FROM import_run WHERE root_org = $1 AND id = $2");
        let row = sqlx::query(AssertSqlSafe(text))
            .bind(root.0)
            .bind(id.0)
            .fetch_optional(&self.db.read)
            .await?
            .ok_or(StoreError::NotFound("导入记录"))?;
        let sealed: Option<Vec<u8>> = get(&row, "part")?;
        Ok(sealed.map(|sealed| self.ring.open_sealed(&sealed, place(root, id, column).as_bytes())).transpose()?)
    }

    fn run_of(&self, root: RootOrg, row: &AnyRow) -> Result<ImportRun, StoreError> {
        let id = ImportId(get(row, "id")?);
        let state: String = get(row, "state")?;
        let state = RunState::from_key(&state).ok_or_else(|| StoreError::Corrupt(format!("导入状态 {state}")))?;
        let name = self.ring.open_sealed(&get::<Vec<u8>, _>(row, "file_name")?, place(root, id, "name").as_bytes())?;
        let silent = now_ms() - get::<i64, _>(row, "updated_at")?;
        let open = matches!(state, RunState::Queued | RunState::Running);
        Ok(ImportRun {
            id,
            kind: get(row, "kind")?,
            file_name: String::from_utf8_lossy(&name).into_owned(),
            dry_run: get::<i64, _>(row, "dry_run")? != 0,
            state: if open && silent > if self.db.is_shared() { LOST_AFTER } else { LOST_AT_ONCE } {
                RunState::Failed
            } else {
                state
            },
            ended: !open,
            processed: get(row, "processed")?,
            total: get(row, "total")?,
            accepted: get(row, "accepted")?,
            rejected: get(row, "rejected")?,
            created_at: get(row, "created_at")?,
        })
    }
}

impl Write<'_> {
    /// Ends a run together with what it writes: after a crash either both stand or neither.
    pub async fn finish_import_run(&mut self, id: ImportId, outcome: &RunOutcome) -> Result<(), StoreError> {
        finish(self.store, &mut *self.tx, self.root, id, outcome).await
    }
}

async fn finish<'e>(
    store: &Store,
    db: impl Executor<'e, Database = Any>,
    root: RootOrg,
    id: ImportId,
    outcome: &RunOutcome,
) -> Result<(), StoreError> {
    let seal = |part: &[u8], what: &str| store.ring.seal(part, place(root, id, what).as_bytes());
    let rejected = outcome.rejected_rows.as_ref().map(|rows| seal(rows, "rejected_rows")).transpose()?;
    sqlx::query(
        "UPDATE import_run SET state = $3, processed = $4, total = $4, accepted = $5, rejected = $6, updated_at = $7, report = $8, \
         rejected_rows = $9 WHERE root_org = $1 AND id = $2",
    )
    .bind(root.0)
    .bind(id.0)
    .bind(if outcome.failed { RunState::Failed.key() } else { RunState::Done.key() })
    .bind(outcome.total)
    .bind(outcome.accepted)
    .bind(outcome.rejected)
    .bind(now_ms())
    .bind(seal(&outcome.report, "report")?)
    .bind(rejected)
    .execute(db)
    .await?;
    Ok(())
}

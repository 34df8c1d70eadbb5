//! Excuses from duties: asked for by those who cannot do them, decided by a superior. Both reasons are sealed.

use crate::bounds::Bounds;
use crate::error::StoreError;
use crate::sql::{day, get};
use crate::write::{Subject, Versioned, Write};
use crate::{Author, Store, now_ms};
use jiff::civil::Date;
use rules::date::day_number;
use rules::duty::{ExcuseCommand, ExcuseRefused, ExcuseState, ask_excuse, decide_excuse};
use rules::ids::{ExcuseId, OrgId, PersonId, RootOrg};
use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;

/// How often a computation is repeated because something was written meanwhile.
const TRIES: usize = 20;

/// An excuse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excuse {
    /// Its id.
    pub id: ExcuseId,
    /// Raised by every change of it.
    pub version: i64,
    /// The key of the duty.
    pub duty_key: String,
    /// The rule of the duty.
    pub rule: String,
    /// What was to be done.
    pub title: String,
    /// Where.
    pub org: OrgId,
    /// The organisation's name.
    pub org_name: String,
    /// The organisation's path.
    pub org_path: String,
    /// Whom it concerns.
    pub person: Option<PersonId>,
    /// The first day of the duty.
    pub from: Date,
    /// The last day of the duty.
    pub due: Date,
    /// Where it stands.
    pub state: ExcuseState,
    /// Why it was asked for.
    pub reason: String,
    /// When, UTC milliseconds.
    pub requested_at: i64,
    /// By whom, by the name of the account.
    pub requested_by: String,
    /// How it ended.
    pub decision: Option<ExcuseDecision>,
}

/// How an excuse ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExcuseDecision {
    /// When, UTC milliseconds.
    pub at: i64,
    /// By whom, by the name of the account.
    pub by: String,
    /// Why; may be empty.
    pub reason: String,
}

/// An excuse to be asked for.
#[derive(Debug, Clone, Copy)]
pub struct NewExcuse<'a> {
    /// The key of the duty.
    pub duty_key: &'a str,
    /// Why.
    pub reason: &'a str,
    /// Today.
    pub today: Date,
}

/// Which excuses a list asks for.
#[derive(Debug, Clone, Default)]
pub struct ExcuseFilter {
    /// Only this state.
    pub state: Option<ExcuseState>,
    /// Only older ones: the list's cursor.
    pub before: Option<ExcuseId>,
}

const COLUMNS: &str = "e.id, e.version, e.duty_key, e.rule, e.title, e.org_id, o.name AS org_name, o.path AS org_path, e.person_id, \
    e.from_day, e.due_day, e.state, e.reason, e.requested_at, e.requested_by, e.decided_at, e.decided_by, e.decision";
const TABLES: &str = "duty_excuse e JOIN org o ON o.root_org = e.root_org AND o.id = e.org_id";

fn place(root: RootOrg, id: ExcuseId, what: &str) -> String {
    format!("duty_excuse:{root}:{id}:{what}")
}

fn refused(e: &ExcuseRefused) -> StoreError {
    StoreError::refused(e.code(), e.to_string())
}

impl Store {
    fn excuse_of(&self, root: RootOrg, row: &AnyRow) -> Result<Excuse, StoreError> {
        let id = ExcuseId(get(row, "id")?);
        let open = |sealed: Vec<u8>, what: &str| -> Result<String, StoreError> {
            let plain = self.ring.open_sealed(&sealed, place(root, id, what).as_bytes())?;
            Ok(String::from_utf8_lossy(&plain).into_owned())
        };
        let (state, person, decided): (String, Option<i64>, Option<i64>) =
            (get(row, "state")?, get(row, "person_id")?, get(row, "decided_at")?);
        let decision = match decided {
            Some(at) => Some(ExcuseDecision {
                at,
                by: get::<Option<String>, _>(row, "decided_by")?.unwrap_or_default(),
                reason: match get::<Option<Vec<u8>>, _>(row, "decision")? {
                    Some(sealed) => open(sealed, "decision")?,
                    None => String::new(),
                },
            }),
            None => None,
        };
        Ok(Excuse {
            id,
            version: get(row, "version")?,
            duty_key: get(row, "duty_key")?,
            rule: get(row, "rule")?,
            title: get(row, "title")?,
            org: OrgId(get(row, "org_id")?),
            org_name: get(row, "org_name")?,
            org_path: get(row, "org_path")?,
            person: person.map(PersonId),
            from: day(get(row, "from_day")?)?,
            due: day(get(row, "due_day")?)?,
            state: ExcuseState::from_key(&state).ok_or_else(|| StoreError::Corrupt(format!("免除申请状态 {state}")))?,
            reason: open(get(row, "reason")?, "reason")?,
            requested_at: get(row, "requested_at")?,
            requested_by: get(row, "requested_by")?,
            decision,
        })
    }

    /// Excuses of organisations in the given subtrees, newest first.
    pub async fn excuses(
        &self,
        root: RootOrg,
        scope: &[String],
        filter: &ExcuseFilter,
        limit: i64,
    ) -> Result<Vec<Excuse>, StoreError> {
        let mut bounds = Bounds::default();
        let root_org = bounds.number(root.0);
        let before = bounds.number(filter.before.map_or(i64::MAX, |id| id.0));
        let within = bounds.within("o.path", scope.iter().map(String::as_str));
        let of_state =
            filter.state.map_or(String::new(), |state| format!(" AND e.state = {}", bounds.text(state.key())));
        let limit = bounds.number(limit);
        let text = format!(
            "SELECT {COLUMNS} FROM {TABLES} WHERE e.root_org = {root_org} AND e.id < {before} AND {within}{of_state} \
             ORDER BY e.id DESC LIMIT {limit}"
        );
        let rows = bounds.bind(sqlx::query(AssertSqlSafe(text))).fetch_all(&self.db.read).await?;
        rows.iter().map(|row| self.excuse_of(root, row)).collect()
    }

    /// One excuse.
    pub async fn excuse(&self, root: RootOrg, id: ExcuseId) -> Result<Excuse, StoreError> {
        let text = format!("SELECT {COLUMNS} FROM {TABLES} WHERE e.root_org = $1 AND e.id = $2");
        let row = sqlx::query(AssertSqlSafe(text)).bind(root.0).bind(id.0).fetch_optional(&self.db.read).await?;
        self.excuse_of(root, &row.ok_or(StoreError::NotFound("免除申请"))?)
    }

    /// Asks a superior to excuse a duty. The duty is computed on the register as it stands when the request is written: where somebody
    /// wrote meanwhile, it is computed again.
    pub async fn ask_excuse(&self, author: impl Into<Author>, new: NewExcuse<'_>) -> Result<ExcuseId, StoreError> {
        let author = author.into();
        for _ in 0..TRIES {
            let head = self.ledger_head(author.root).await?;
            let duty =
                self.duty(author.root, new.duty_key, new.today).await?.ok_or(StoreError::NotFound("应办事项"))?;
            let title = duty.title(&self.duty_setting(author.root, new.today).await?.own);
            let mut write = self.begin(author.clone(), "excuse.ask").await?;
            if write.seq() != head + 1 {
                continue;
            }
            let under_way = write.excuse_under_way(new.duty_key).await?;
            ask_excuse(&duty, under_way, new.today).map_err(|e| refused(&e))?;
            let id = ExcuseId(write.new_id());
            let reason = self.ring.seal(new.reason.trim().as_bytes(), place(write.root, id, "reason").as_bytes())?;
            sqlx::query(
                "INSERT INTO duty_excuse (root_org, id, version, duty_key, rule, title, org_id, person_id, from_day, due_day, state, reason, requested_at, requested_by) \
                 VALUES ($1,$2,1,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13)",
            )
            .bind(write.root.0)
            .bind(id.0)
            .bind(new.duty_key)
            .bind(duty.rule)
            .bind(&title)
            .bind(duty.org.0)
            .bind(duty.person.map(|person| person.0))
            .bind(day_number(duty.from))
            .bind(day_number(duty.due))
            .bind(ExcuseState::Requested.key())
            .bind(reason)
            .bind(now_ms())
            .bind(author.name.clone())
            .execute(&mut *write.tx)
            .await?;
            write.describe(Subject::of("excuse", id.0), "", format!("申请免除：{title}（{}）", duty.rule));
            write.commit().await?;
            return Ok(id);
        }
        Err(StoreError::refused("busy", "系统正忙，没有提交。请稍后再试，您填写的内容没有丢失。"))
    }

    /// Decides on an excuse, or takes it back.
    pub async fn decide_excuse(
        &self,
        author: impl Into<Author>,
        (id, version): (ExcuseId, i64),
        command: ExcuseCommand,
        reason: &str,
    ) -> Result<(), StoreError> {
        let author = author.into();
        let by = author.name.clone();
        let action = match command {
            ExcuseCommand::Approve => "excuse.approve",
            ExcuseCommand::Refuse => "excuse.refuse",
            ExcuseCommand::Withdraw => "excuse.withdraw",
        };
        let mut write = self.begin(author, action).await?;
        let (state, org, person, title) = write.excuse_row(id).await?;
        let after = decide_excuse(state, command, reason).map_err(|e| refused(&e))?;
        write.take_version(Versioned::Excuse, id.0, version).await?;
        let sealed = self.ring.seal(reason.trim().as_bytes(), place(write.root, id, "decision").as_bytes())?;
        sqlx::query(
            "UPDATE duty_excuse SET state = $3, decided_at = $4, decided_by = $5, decision = $6 WHERE root_org = $1 AND id = $2",
        )
        .bind(write.root.0)
        .bind(id.0)
        .bind(after.key())
        .bind(now_ms())
        .bind(by)
        .bind(sealed)
        .execute(&mut *write.tx)
        .await?;
        write.touch_duties(org, person).await?;
        write.describe(Subject::of("excuse", id.0), "", format!("免除申请{}：{title}", after.name()));
        write.commit().await?;
        Ok(())
    }
}

impl Write<'_> {
    async fn excuse_under_way(&mut self, key: &str) -> Result<bool, StoreError> {
        let row = sqlx::query(
            "SELECT COUNT(*) AS n FROM duty_excuse WHERE root_org = $1 AND duty_key = $2 AND state = 'requested'",
        )
        .bind(self.root.0)
        .bind(key)
        .fetch_one(&mut *self.tx)
        .await?;
        Ok(get::<i64, _>(&row, "n")? > 0)
    }

    async fn excuse_row(&mut self, id: ExcuseId) -> Result<(ExcuseState, OrgId, Option<PersonId>, String), StoreError> {
        let row =
            sqlx::query("SELECT state, org_id, person_id, title FROM duty_excuse WHERE root_org = $1 AND id = $2")
                .bind(self.root.0)
                .bind(id.0)
                .fetch_optional(&mut *self.tx)
                .await?
                .ok_or(StoreError::NotFound("免除申请"))?;
        let (state, person): (String, Option<i64>) = (get(&row, "state")?, get(&row, "person_id")?);
        let state =
            ExcuseState::from_key(&state).ok_or_else(|| StoreError::Corrupt(format!("免除申请状态 {state}")))?;
        Ok((state, OrgId(get(&row, "org_id")?), person.map(PersonId), get(&row, "title")?))
    }
}

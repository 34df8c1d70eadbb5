//! 组织关系接转: asked for, decided on, kept in step with other changes of the register. Until it is accepted the person stays with
//! the old branch. What may be decided is the rules' to say (`rules::transfer`).

use crate::error::StoreError;
use crate::person_write::{NotedChange, PersonNote};
use crate::sql::{OPEN, coded_opt, day, get, in_subtrees, subtree_bounds};
use crate::write::{Subject, Versioned, Write};
use crate::{Author, Store, now_ms};
use jiff::civil::Date;
use rules::codes::Stage;
use rules::date::day_number;
use rules::ids::{OrgId, PersonId, RootOrg, TransferId};
use rules::transfer::{Decision, Direction, TransferRefused, TransferState, check_day, check_request, decide, due_on};
use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;

/// A transfer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    /// Its id.
    pub id: TransferId,
    /// Raised by every change of it.
    pub version: i64,
    /// Who is transferred.
    pub person: PersonId,
    /// That person's name.
    pub person_name: String,
    /// That person's stage; none after leaving the register.
    pub stage: Option<Stage>,
    /// Where from.
    pub from: TransferPlace,
    /// Where to.
    pub to: TransferPlace,
    /// Where it stands.
    pub state: TransferState,
    /// Why it was asked for.
    pub reason: String,
    /// When it was asked for, UTC milliseconds.
    pub requested_at: i64,
    /// Who asked, by the name of the account.
    pub requested_by: String,
    /// The day on which it was asked for.
    pub requested_on: Date,
    /// The last day of the letter (EDU-04).
    pub due: Date,
    /// How it ended.
    pub decision: Option<TransferDecision>,
}

/// One end of a transfer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransferPlace {
    /// The organisation.
    pub org: OrgId,
    /// Its name.
    pub name: String,
    /// Its path.
    pub path: String,
}

/// How a transfer ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransferDecision {
    /// When, UTC milliseconds.
    pub at: i64,
    /// Who decided, by the name of the account.
    pub by: String,
    /// Why; may be empty.
    pub reason: String,
}

/// The states a list asks for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum TransferStates {
    /// Whatever the state.
    #[default]
    All,
    /// Only this one.
    Only(TransferState),
    /// All but pending ones.
    Decided,
}

/// Which transfers a list asks for.
#[derive(Debug, Clone, Default)]
pub struct TransferFilter {
    /// Only these.
    pub states: TransferStates,
    /// Only those whose receiving end, sending end, or both ends lie in the subtrees asked for.
    pub direction: Option<Direction>,
    /// Only older ones: the list's cursor.
    pub before: Option<TransferId>,
}

pub(crate) const TRANSFER_COLUMNS: &str = "x.id, x.version, x.person_id, p.name, s.stage, x.from_org, f.name AS from_name, f.path AS from_path, \
    x.to_org, t.name AS to_name, t.path AS to_path, x.state, x.reason, x.requested_at, x.requested_by, x.requested_on, x.due_on, \
    x.decided_at, x.decided_by, x.decision_reason";

pub(crate) const TRANSFER_TABLES: &str = "transfer x JOIN person p ON p.root_org = x.root_org AND p.id = x.person_id \
    JOIN org f ON f.root_org = x.root_org AND f.id = x.from_org JOIN org t ON t.root_org = x.root_org AND t.id = x.to_org \
    LEFT JOIN spell s ON s.root_org = x.root_org AND s.person_id = x.person_id AND s.to_day = 99991231";

pub(crate) fn transfer_of(row: &AnyRow) -> Result<Transfer, StoreError> {
    let state: String = get(row, "state")?;
    let decided: Option<i64> = get(row, "decided_at")?;
    let decision = match decided {
        Some(at) => Some(TransferDecision {
            at,
            by: get::<Option<String>, _>(row, "decided_by")?.unwrap_or_default(),
            reason: get::<Option<String>, _>(row, "decision_reason")?.unwrap_or_default(),
        }),
        None => None,
    };
    Ok(Transfer {
        id: TransferId(get(row, "id")?),
        version: get(row, "version")?,
        person: PersonId(get(row, "person_id")?),
        person_name: get(row, "name")?,
        stage: coded_opt(get(row, "stage")?, Stage::from_code, "人员类别")?,
        from: TransferPlace {
            org: OrgId(get(row, "from_org")?),
            name: get(row, "from_name")?,
            path: get(row, "from_path")?,
        },
        to: TransferPlace { org: OrgId(get(row, "to_org")?), name: get(row, "to_name")?, path: get(row, "to_path")? },
        state: TransferState::from_key(&state).ok_or_else(|| StoreError::Corrupt(format!("转接状态 {state}")))?,
        reason: get(row, "reason")?,
        requested_at: get(row, "requested_at")?,
        requested_by: get(row, "requested_by")?,
        requested_on: day(get(row, "requested_on")?)?,
        due: day(get(row, "due_on")?)?,
        decision,
    })
}

fn refused(e: &TransferRefused) -> StoreError {
    StoreError::refused(e.code(), e.to_string())
}

impl Store {
    /// Transfers with an end in the given subtrees, newest first.
    pub async fn transfers(
        &self,
        root: RootOrg,
        scope: &[String],
        filter: &TransferFilter,
        limit: i64,
    ) -> Result<Vec<Transfer>, StoreError> {
        let (sends, receives) = (in_subtrees("f.path", 5, scope.len()), in_subtrees("t.path", 5, scope.len()));
        let direction = match filter.direction {
            None => format!("({sends} OR {receives})"),
            Some(Direction::In) => receives,
            Some(Direction::Out) => sends,
            Some(Direction::Inner) => format!("({sends} AND {receives})"),
        };
        let state = match filter.states {
            TransferStates::All => "$3 <> ''",
            TransferStates::Only(_) => "x.state = $3",
            TransferStates::Decided => "x.state <> $3",
        };
        let statement = format!(
            "SELECT {TRANSFER_COLUMNS} FROM {TRANSFER_TABLES} WHERE x.root_org = $1 AND x.id < $2 \
             AND {state} AND {direction} ORDER BY x.id DESC LIMIT $4"
        );
        let mut query = sqlx::query(AssertSqlSafe(statement))
            .bind(root.0)
            .bind(filter.before.map_or(i64::MAX, |id| id.0))
            .bind(match filter.states {
                TransferStates::Only(state) => state.key(),
                TransferStates::All | TransferStates::Decided => TransferState::Pending.key(),
            })
            .bind(limit);
        for bound in scope.iter().flat_map(|path| subtree_bounds(path)) {
            query = query.bind(bound);
        }
        query.fetch_all(&self.db.read).await?.iter().map(transfer_of).collect()
    }

    /// One transfer.
    pub async fn transfer(&self, root: RootOrg, id: TransferId) -> Result<Transfer, StoreError> {
        sqlx::query(AssertSqlSafe(format!(
            "SELECT {TRANSFER_COLUMNS} FROM {TRANSFER_TABLES} WHERE x.root_org = $1 AND x.id = $2"
        )))
        .bind(root.0)
        .bind(id.0)
        .fetch_optional(&self.db.read)
        .await?
        .map(|row| transfer_of(&row))
        .transpose()?
        .ok_or(StoreError::NotFound("转接申请"))
    }

    /// Asks another branch to take a member in.
    pub async fn request_transfer(
        &self,
        author: impl Into<Author>,
        person: PersonId,
        to: OrgId,
        reason: &str,
        today: Date,
    ) -> Result<TransferId, StoreError> {
        let author = author.into();
        let by = author.name.clone();
        let due = due_on(today, &self.measures(author.root, today).await?);
        let mut write = self.begin(author, "transfer.request").await?;
        let before = write.person(person).await?;
        let to = write.org(to).await?;
        let under_way = write.open_transfers(person).await? > 0;
        check_request(before.record.standing.stage, before.left, before.org.id == to.id, under_way)
            .map_err(|e| refused(&e))?;
        crate::person_write::holds_members(&to)?;
        let id = TransferId(write.new_id());
        sqlx::query(
            "INSERT INTO transfer (root_org, id, version, person_id, from_org, to_org, state, reason, requested_at, requested_by, requested_on, due_on) \
             VALUES ($1,$2,1,$3,$4,$5,$6,$7,$8,$9,$10,$11)",
        )
        .bind(write.root.0)
        .bind(id.0)
        .bind(person.0)
        .bind(before.org.id.0)
        .bind(to.id.0)
        .bind(TransferState::Pending.key())
        .bind(reason.trim())
        .bind(now_ms())
        .bind(by)
        .bind(day_number(today))
        .bind(day_number(due))
        .execute(&mut *write.tx)
        .await?;
        write.note_transfer(person, "", &format!("申请由「{}」转往「{}」", before.org.name, to.name)).await?;
        write.describe(
            Subject::of("transfer", id.0),
            reason,
            format!("申请组织关系由「{}」转往「{}」", before.org.name, to.name),
        );
        write.commit().await?;
        Ok(id)
    }

    /// Decides on a transfer. Accepting it moves the person as of `on`.
    pub async fn decide_transfer(
        &self,
        author: impl Into<Author>,
        (id, version): (TransferId, i64),
        decision: Decision,
        reason: &str,
        (on, today): (Date, Date),
    ) -> Result<(), StoreError> {
        let author = author.into();
        let by = author.name.clone();
        let action = match decision {
            Decision::Accept => "transfer.accept",
            Decision::Reject => "transfer.reject",
            Decision::Withdraw => "transfer.withdraw",
        };
        let mut write = self.begin(author, action).await?;
        // What has been decided meanwhile is said as such, not as an edit by somebody else.
        let transfer = write.transfer(id).await?;
        let state = decide(transfer.state, decision, reason).map_err(|e| refused(&e))?;
        write.take_version(Versioned::Transfer, id.0, version).await?;
        write.close_transfer(id, state, reason.trim(), &by).await?;
        match decision {
            Decision::Accept => {
                check_day(transfer.requested_on, on, today).map_err(|e| refused(&e))?;
                if write.person(transfer.person).await?.left {
                    return Err(refused(&TransferRefused::Left));
                }
                let to = write.org(transfer.to.org).await?;
                write.move_person(transfer.person, &to, on).await?;
            }
            Decision::Reject | Decision::Withdraw => {
                write.note_transfer(transfer.person, TransferState::Pending.name(), state.name()).await?;
            }
        }
        let summary = format!("组织关系由「{}」转往「{}」：{}", transfer.from.name, transfer.to.name, state.name());
        write.describe(Subject::of("transfer", id.0), reason, summary);
        write.commit().await?;
        Ok(())
    }
}

impl Write<'_> {
    async fn transfer(&mut self, id: TransferId) -> Result<Transfer, StoreError> {
        sqlx::query(AssertSqlSafe(format!(
            "SELECT {TRANSFER_COLUMNS} FROM {TRANSFER_TABLES} WHERE x.root_org = $1 AND x.id = $2"
        )))
        .bind(self.root.0)
        .bind(id.0)
        .fetch_optional(&mut *self.tx)
        .await?
        .map(|row| transfer_of(&row))
        .transpose()?
        .ok_or(StoreError::NotFound("转接申请"))
    }

    async fn open_transfers(&mut self, person: PersonId) -> Result<i64, StoreError> {
        let row = sqlx::query(
            "SELECT COUNT(*) AS n FROM transfer WHERE root_org = $1 AND person_id = $2 AND state = 'pending'",
        )
        .bind(self.root.0)
        .bind(person.0)
        .fetch_one(&mut *self.tx)
        .await?;
        get(&row, "n")
    }

    /// Transfers under way to an organisation.
    pub(crate) async fn transfers_to(&mut self, org: OrgId) -> Result<i64, StoreError> {
        let row =
            sqlx::query("SELECT COUNT(*) AS n FROM transfer WHERE root_org = $1 AND to_org = $2 AND state = 'pending'")
                .bind(self.root.0)
                .bind(org.0)
                .fetch_one(&mut *self.tx)
                .await?;
        get(&row, "n")
    }

    /// Sends transfers under way to one organisation on to another; those that came from the other are over.
    pub(crate) async fn redirect_transfers(&mut self, from: OrgId, to: OrgId) -> Result<(), StoreError> {
        let rows =
            sqlx::query("SELECT id, from_org FROM transfer WHERE root_org = $1 AND to_org = $2 AND state = 'pending'")
                .bind(self.root.0)
                .bind(from.0)
                .fetch_all(&mut *self.tx)
                .await?;
        sqlx::query(
            "UPDATE transfer SET to_org = $3, version = version + 1 WHERE root_org = $1 AND to_org = $2 AND state = 'pending'",
        )
        .bind(self.root.0)
        .bind(from.0)
        .bind(to.0)
        .execute(&mut *self.tx)
        .await?;
        for row in &rows {
            if get::<i64, _>(row, "from_org")? == to.0 {
                let id = TransferId(get(row, "id")?);
                self.close_transfer(id, TransferState::Withdrawn, "接收组织已并入原组织", "系统").await?;
            }
        }
        Ok(())
    }

    /// Keeps a person's transfer under way in step: it goes out from the new organisation; it is over when the person is where it
    /// leads, or has left.
    pub(crate) async fn settle_transfers(&mut self, person: PersonId, org: Option<OrgId>) -> Result<(), StoreError> {
        let rows =
            sqlx::query("SELECT id, to_org FROM transfer WHERE root_org = $1 AND person_id = $2 AND state = 'pending'")
                .bind(self.root.0)
                .bind(person.0)
                .fetch_all(&mut *self.tx)
                .await?;
        for row in &rows {
            let id = TransferId(get(row, "id")?);
            sqlx::query(
                "UPDATE transfer SET version = version + 1, from_org = COALESCE($3, from_org) WHERE root_org = $1 AND id = $2",
            )
            .bind(self.root.0)
            .bind(id.0)
            .bind(org.map(|org| org.0))
            .execute(&mut *self.tx)
            .await?;
            match org {
                None => self.close_transfer(id, TransferState::Withdrawn, "人员已离开", "系统").await?,
                Some(org) if org.0 == get::<i64, _>(row, "to_org")? => {
                    self.close_transfer(id, TransferState::Withdrawn, "人员已另行编入接收组织", "系统").await?;
                }
                Some(_) => {}
            }
        }
        Ok(())
    }

    async fn close_transfer(
        &mut self,
        id: TransferId,
        state: TransferState,
        reason: &str,
        by: &str,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE transfer SET state = $3, decided_at = $4, decided_by = $5, decision_reason = $6 WHERE root_org = $1 AND id = $2",
        )
        .bind(self.root.0)
        .bind(id.0)
        .bind(state.key())
        .bind(now_ms())
        .bind(by.to_owned())
        .bind(reason.to_owned())
        .execute(&mut *self.tx)
        .await?;
        let body = serde_json::json!({ "state": state.key() });
        self.note(Subject::of("transfer", id.0), &body).await
    }

    async fn note_transfer(&mut self, person: PersonId, before: &str, after: &str) -> Result<(), StoreError> {
        let key = self.person_key(person).await?;
        let change = NotedChange { field: "transfer".to_owned(), before: before.to_owned(), after: after.to_owned() };
        self.note_person(person, &key, &PersonNote { changes: vec![change] }).await
    }
}

// TRANSFER_TABLES writes the open end out, because a constant text cannot be put together from a number.
const _: () = assert!(OPEN == 99_991_231);

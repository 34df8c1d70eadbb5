//! A branch's month: drawn up from the register, the bases and the reductions; kept in step with payments; handed up.

use super::line::{LINE_COLUMNS, LINE_TABLES, line_of};
use super::{DuesLine, booked, month_of};
use crate::error::StoreError;
use crate::record::NewRecord;
use crate::sql::{day_opt, get};
use crate::write::{Subject, Versioned, Write};
use crate::{Author, Store};
use jiff::civil::Date;
use rules::activity::Activity;
use rules::date::day_number;
use rules::dues::{BookRefused, Fen, Month, StatementFacts, check_generate, check_hand_up};
use rules::ids::{DuesStatementId, OrgId, RootOrg};
use rules::measure::Measure;
use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;

/// A branch's month, in sums.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DuesStatement {
    /// Its id.
    pub id: DuesStatementId,
    /// Raised by every change of it, payments included.
    pub version: i64,
    /// The branch.
    pub org: OrgId,
    /// The month.
    pub month: Month,
    /// When it was last drawn up, UTC milliseconds.
    pub generated_at: i64,
    /// Who drew it up, by the name of the account.
    pub generated_by: String,
    /// How many members it lists.
    pub people: i64,
    /// How many of them have not paid, or have no base.
    pub open: i64,
    /// What is due.
    pub due: Fen,
    /// What was paid of it.
    pub paid: Fen,
    /// What was paid beyond it, of the members' own will.
    pub voluntary: Fen,
    /// What was handed up.
    pub handed: Fen,
    /// When something was last handed up.
    pub handed_on: Option<Date>,
    /// The day on which the last member paid; none while some have not.
    pub settled_on: Option<Date>,
}

impl DuesStatement {
    /// What decides what may be done with it.
    pub fn facts(&self) -> StatementFacts {
        StatementFacts {
            month: self.month,
            paid: self.paid + self.voluntary,
            handed: self.handed,
            handed_on: self.handed_on,
        }
    }
}

const COLUMNS: &str = "id, version, org_id, month, generated_at, generated_by, people, open_lines, due, paid, voluntary, handed, \
    handed_on, settled_on";

fn statement_of(row: &AnyRow) -> Result<DuesStatement, StoreError> {
    Ok(DuesStatement {
        id: DuesStatementId(get(row, "id")?),
        version: get(row, "version")?,
        org: OrgId(get(row, "org_id")?),
        month: month_of(get(row, "month")?)?,
        generated_at: get(row, "generated_at")?,
        generated_by: get(row, "generated_by")?,
        people: get(row, "people")?,
        open: get(row, "open_lines")?,
        due: Fen(get(row, "due")?),
        paid: Fen(get(row, "paid")?),
        voluntary: Fen(get(row, "voluntary")?),
        handed: Fen(get(row, "handed")?),
        handed_on: day_opt(get(row, "handed_on")?)?,
        settled_on: day_opt(get(row, "settled_on")?)?,
    })
}

/// What a payment, or its taking back, changes in the sums.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Change {
    pub(super) due: Fen,
    pub(super) paid: Fen,
    pub(super) voluntary: Fen,
}

impl Store {
    /// A branch's month; none when it has not been drawn up.
    pub async fn dues_statement(
        &self,
        root: RootOrg,
        org: OrgId,
        month: Month,
    ) -> Result<Option<DuesStatement>, StoreError> {
        let text = format!("SELECT {COLUMNS} FROM dues_statement WHERE root_org = $1 AND org_id = $2 AND month = $3");
        let query = sqlx::query(AssertSqlSafe(text)).bind(root.0).bind(org.0).bind(month.number());
        query.fetch_optional(&self.db.read).await?.as_ref().map(statement_of).transpose()
    }

    /// A statement by its id.
    pub async fn dues_statement_by_id(&self, root: RootOrg, id: DuesStatementId) -> Result<DuesStatement, StoreError> {
        let text = format!("SELECT {COLUMNS} FROM dues_statement WHERE root_org = $1 AND id = $2");
        let row = sqlx::query(AssertSqlSafe(text)).bind(root.0).bind(id.0).fetch_optional(&self.db.read).await?;
        statement_of(&row.ok_or(StoreError::NotFound("应交清单"))?)
    }

    /// The lines of a statement, those who have not paid first, then by name.
    pub async fn dues_lines(&self, root: RootOrg, statement: DuesStatementId) -> Result<Vec<DuesLine>, StoreError> {
        let text = format!(
            "SELECT {LINE_COLUMNS} FROM {LINE_TABLES} WHERE l.root_org = $1 AND l.statement_id = $2 \
             ORDER BY CASE l.state WHEN 'no_base' THEN 0 WHEN 'open' THEN 1 WHEN 'paid' THEN 2 ELSE 3 END, p.name, l.id"
        );
        let rows = sqlx::query(AssertSqlSafe(text)).bind(root.0).bind(statement.0).fetch_all(&self.db.read).await?;
        let lines: Result<Vec<_>, _> = rows.iter().map(|row| line_of(&self.ring, root, row)).collect();
        Ok(lines?.into_iter().flatten().collect())
    }

    /// Draws a branch's month up, or draws it up anew: what was paid stays as it is. `version` is that of the statement it replaces.
    pub async fn draw_up_dues(
        &self,
        author: impl Into<Author>,
        (org, month): (OrgId, Month),
        version: Option<i64>,
        today: Date,
    ) -> Result<DuesStatementId, StoreError> {
        let mut write = self.begin(author, "dues.draw_up").await?;
        let back = self.measures(write.root, today).await?.get(Measure::DuesBackMonths, today);
        let org = write.standing_org(org).await?;
        let before = write.dues_statement_of(org.id, month).await?;
        let facts = before.as_ref().map(DuesStatement::facts);
        check_generate(org.kind, month, facts.as_ref(), back, today).map_err(|e| booked(&e, "/month"))?;
        match (&before, version) {
            (Some(before), Some(version)) => {
                write.take_version(Versioned::DuesStatement, before.id.0, version).await?;
            }
            (Some(before), None) => {
                return Err(StoreError::Stale { what: "应交清单", current: before.version });
            }
            (None, _) => {}
        }
        let (id, people) = write.draw_up(&org, month, before.as_ref(), today).await?;
        let summary = format!("「{}」{} 党费应交清单，{people} 人", org.name, month.words());
        write.describe(Subject::of("dues_statement", id.0), "", summary);
        write.commit().await?;
        Ok(id)
    }

    /// Notes that what came in since the last time was handed up. Returns how much that was.
    pub async fn hand_up_dues(
        &self,
        author: impl Into<Author>,
        (id, version): (DuesStatementId, i64),
        on: Date,
        today: Date,
    ) -> Result<Fen, StoreError> {
        let mut write = self.begin(author, "dues.hand_up").await?;
        let statement = write.dues_statement(id).await?;
        let more = check_hand_up(&statement.facts(), on, today).map_err(|e| match e {
            BookRefused::BadDay(..) => booked(&e, "/on"),
            other => booked(&other, ""),
        })?;
        write.take_version(Versioned::DuesStatement, id.0, version).await?;
        write.put_handed_up(id, on).await?;
        let org = write.org(statement.org).await?;
        let summary = format!("「{}」上缴 {} 党费 {more} 元", org.name, statement.month.words());
        write.describe(Subject::of("dues_statement", id.0), "", summary);
        write.commit().await?;
        Ok(more)
    }
}

impl Write<'_> {
    async fn dues_statement_of(&mut self, org: OrgId, month: Month) -> Result<Option<DuesStatement>, StoreError> {
        let text = format!("SELECT {COLUMNS} FROM dues_statement WHERE root_org = $1 AND org_id = $2 AND month = $3");
        let query = sqlx::query(AssertSqlSafe(text)).bind(self.root.0).bind(org.0).bind(month.number());
        query.fetch_optional(&mut *self.tx).await?.as_ref().map(statement_of).transpose()
    }

    pub(super) async fn dues_statement(&mut self, id: DuesStatementId) -> Result<DuesStatement, StoreError> {
        let text = format!("SELECT {COLUMNS} FROM dues_statement WHERE root_org = $1 AND id = $2");
        let row = sqlx::query(AssertSqlSafe(text)).bind(self.root.0).bind(id.0).fetch_optional(&mut *self.tx).await?;
        statement_of(&row.ok_or(StoreError::NotFound("应交清单"))?)
    }

    /// Lines as they stand inside this command, by a condition on `l` whose values are numbered from 2 on.
    pub(super) async fn dues_lines_where(
        &mut self,
        condition: &str,
        values: &[i64],
    ) -> Result<Vec<DuesLine>, StoreError> {
        let text = format!(
            "SELECT {LINE_COLUMNS} FROM {LINE_TABLES} WHERE l.root_org = $1 AND {condition} ORDER BY l.month, l.id"
        );
        let mut query = sqlx::query(AssertSqlSafe(text)).bind(self.root.0);
        for value in values {
            query = query.bind(*value);
        }
        let rows = query.fetch_all(&mut *self.tx).await?;
        let lines: Result<Vec<_>, _> = rows.iter().map(|row| line_of(&self.store.ring, self.root, row)).collect();
        Ok(lines?.into_iter().flatten().collect())
    }

    /// Keeps a statement in step with its lines. A month of which nobody owes anything is a record of 收缴党费 on the day of the last
    /// payment, or on `on` when something else settled it; the record goes when somebody owes again.
    pub(super) async fn follow_dues(
        &mut self,
        id: DuesStatementId,
        change: Change,
        on: Date,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE dues_statement SET version = version + 1, due = due + $3, paid = paid + $4, voluntary = voluntary + $5, \
             people = (SELECT COUNT(*) FROM dues_line l WHERE l.root_org = $1 AND l.statement_id = $2), \
             open_lines = (SELECT COUNT(*) FROM dues_line l WHERE l.root_org = $1 AND l.statement_id = $2 AND l.state IN ('open', 'no_base')) \
             WHERE root_org = $1 AND id = $2",
        )
        .bind(self.root.0)
        .bind(id.0)
        .bind(change.due.0)
        .bind(change.paid.0)
        .bind(change.voluntary.0)
        .execute(&mut *self.tx)
        .await?;
        let statement = self.dues_statement(id).await?;
        self.touch_duties(statement.org, None).await?;
        match (statement.open, statement.settled_on) {
            (0, None) => self.settle_dues(&statement, on).await,
            (1.., Some(_)) => {
                self.withdraw_records(Subject::of("dues_statement", id.0)).await?;
                self.put_settled(id, None).await
            }
            _ => Ok(()),
        }
    }

    async fn settle_dues(&mut self, statement: &DuesStatement, on: Date) -> Result<(), StoreError> {
        let row = sqlx::query(
            "SELECT MAX(paid_on) AS last_paid FROM dues_payment WHERE root_org = $1 AND statement_id = $2 AND taken_back_at IS NULL",
        )
        .bind(self.root.0)
        .bind(statement.id.0)
        .fetch_one(&mut *self.tx)
        .await?;
        let on = day_opt(get(&row, "last_paid")?)?.map_or(on, |last| last.max(on));
        self.put_settled(statement.id, Some(on)).await?;
        self.record(NewRecord {
            org: statement.org,
            person: None,
            activity: Activity::DuesCollection,
            on,
            outcome: None,
            until: Some(statement.month.last()),
            source: Subject::of("dues_statement", statement.id.0),
        })
        .await?;
        Ok(())
    }

    /// What was paid and is still here goes up on a day.
    pub(super) async fn put_handed_up(&mut self, id: DuesStatementId, on: Date) -> Result<(), StoreError> {
        for text in [
            "UPDATE dues_payment SET handed_on = $3 WHERE root_org = $1 AND statement_id = $2 AND handed_on IS NULL AND taken_back_at IS NULL",
            "UPDATE dues_statement SET handed_on = $3, handed = paid + voluntary WHERE root_org = $1 AND id = $2",
        ] {
            sqlx::query(text).bind(self.root.0).bind(id.0).bind(day_number(on)).execute(&mut *self.tx).await?;
        }
        Ok(())
    }

    async fn put_settled(&mut self, id: DuesStatementId, on: Option<Date>) -> Result<(), StoreError> {
        sqlx::query("UPDATE dues_statement SET settled_on = $3 WHERE root_org = $1 AND id = $2")
            .bind(self.root.0)
            .bind(id.0)
            .bind(on.map(day_number))
            .execute(&mut *self.tx)
            .await?;
        Ok(())
    }
}

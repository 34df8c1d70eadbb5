//! 办理记录: what was done, one row for every activity it fulfils. Written by the command that archives a meeting, takes a step, books
//! a payment; read by the duty calendar.

use crate::Store;
use crate::error::StoreError;
use crate::sql::{BATCH, day, day_opt, get, value_rows};
use crate::write::{Subject, Write};
use jiff::civil::Date;
use rules::activity::Activity;
use rules::date::day_number;
use rules::ids::{OrgId, PersonId, RecordId, RootOrg};
use sqlx::any::AnyRow;

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its id.
    pub id: RecordId,
    /// Where.
    pub org: OrgId,
    /// Whom it concerns, when it concerns one person.
    pub person: Option<PersonId>,
    /// Which activity.
    pub activity: Activity,
    /// When it was done.
    pub on: Date,
    /// What came of it, in the words of the activity's own rules: `passed`, `extended`, `cancelled` …
    pub outcome: Option<String>,
    /// Until when that holds, where it does not hold for good: the end of an extended probation.
    pub until: Option<Date>,
    /// What shows it: a `meeting`, a `case`, an `election` …
    pub source: (String, i64),
}

/// A record to be written.
#[derive(Debug, Clone)]
pub struct NewRecord<'a> {
    /// See [`Record::org`].
    pub org: OrgId,
    /// See [`Record::person`].
    pub person: Option<PersonId>,
    /// See [`Record::activity`].
    pub activity: Activity,
    /// See [`Record::on`].
    pub on: Date,
    /// See [`Record::outcome`].
    pub outcome: Option<&'a str>,
    /// See [`Record::until`].
    pub until: Option<Date>,
    /// See [`Record::source`].
    pub source: Subject,
}

pub(crate) const RECORD_COLUMNS: &str =
    "id, org_id, person_id, activity, on_day, outcome, until_day, source_kind, source_id";

pub(crate) fn record_of(row: &AnyRow) -> Result<Record, StoreError> {
    let activity: String = get(row, "activity")?;
    let person: Option<i64> = get(row, "person_id")?;
    Ok(Record {
        id: RecordId(get(row, "id")?),
        org: OrgId(get(row, "org_id")?),
        person: person.map(PersonId),
        activity: Activity::from_key(&activity)
            .ok_or_else(|| StoreError::Corrupt(format!("未知的活动「{activity}」")))?,
        on: day(get(row, "on_day")?)?,
        outcome: get(row, "outcome")?,
        until: day_opt(get(row, "until_day")?)?,
        source: (get(row, "source_kind")?, get(row, "source_id")?),
    })
}

impl Write<'_> {
    /// Writes what was done.
    pub(crate) async fn record(&mut self, new: NewRecord<'_>) -> Result<RecordId, StoreError> {
        let id = RecordId(self.new_id());
        sqlx::query(
            "INSERT INTO record (root_org, id, org_id, person_id, activity, on_day, outcome, until_day, source_kind, source_id) \
             VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)",
        )
        .bind(self.root.0)
        .bind(id.0)
        .bind(new.org.0)
        .bind(new.person.map(|person| person.0))
        .bind(new.activity.key())
        .bind(day_number(new.on))
        .bind(new.outcome)
        .bind(new.until.map(day_number))
        .bind(new.source.kind)
        .bind(new.source.id)
        .execute(&mut *self.tx)
        .await?;
        self.touch_duties(new.org, new.person).await?;
        Ok(id)
    }

    /// Takes back one record.
    pub(crate) async fn withdraw_record(&mut self, id: RecordId) -> Result<(), StoreError> {
        let row = sqlx::query("DELETE FROM record WHERE root_org = $1 AND id = $2 RETURNING org_id, person_id")
            .bind(self.root.0)
            .bind(id.0)
            .fetch_optional(&mut *self.tx)
            .await?;
        let Some(row) = row else { return Ok(()) };
        let person: Option<i64> = get(&row, "person_id")?;
        self.touch_duties(OrgId(get(&row, "org_id")?), person.map(PersonId)).await
    }

    /// Takes back the records that a source showed, when the source itself is taken back. Returns how many there were.
    pub(crate) async fn withdraw_records(&mut self, source: Subject) -> Result<u64, StoreError> {
        let concerned = sqlx::query(
            "SELECT DISTINCT org_id, person_id FROM record WHERE root_org = $1 AND source_kind = $2 AND source_id = $3",
        )
        .bind(self.root.0)
        .bind(source.kind)
        .bind(source.id)
        .fetch_all(&mut *self.tx)
        .await?;
        for row in &concerned {
            let person: Option<i64> = get(row, "person_id")?;
            self.touch_duties(OrgId(get(row, "org_id")?), person.map(PersonId)).await?;
        }
        let done = sqlx::query("DELETE FROM record WHERE root_org = $1 AND source_kind = $2 AND source_id = $3")
            .bind(self.root.0)
            .bind(source.kind)
            .bind(source.id)
            .execute(&mut *self.tx)
            .await?;
        Ok(done.rows_affected())
    }

    /// Writes what was done, many rows a statement: for synthetic data.
    pub(crate) async fn load_record_rows(&mut self, rows: &[NewRecord<'_>]) -> Result<(), StoreError> {
        for batch in rows.chunks(BATCH) {
            let mut query = sqlx::query(sqlx::AssertSqlSafe(format!(
                "INSERT INTO record (root_org, id, org_id, person_id, activity, on_day, outcome, until_day, source_kind, source_id) VALUES {}",
                value_rows(batch.len(), 10)
            )));
            for new in batch {
                query = query
                    .bind(self.root.0)
                    .bind(self.new_id())
                    .bind(new.org.0)
                    .bind(new.person.map(|person| person.0))
                    .bind(new.activity.key())
                    .bind(day_number(new.on))
                    .bind(new.outcome)
                    .bind(new.until.map(day_number))
                    .bind(new.source.kind)
                    .bind(new.source.id);
            }
            query.execute(&mut *self.tx).await?;
        }
        Ok(())
    }
}

impl Store {
    /// What a source shows, oldest first.
    pub async fn records_of(&self, root: RootOrg, source: Subject) -> Result<Vec<Record>, StoreError> {
        let text = format!(
            "SELECT {RECORD_COLUMNS} FROM record WHERE root_org = $1 AND source_kind = $2 AND source_id = $3 ORDER BY on_day, id"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(text))
            .bind(root.0)
            .bind(source.kind)
            .bind(source.id)
            .fetch_all(&self.db.read)
            .await?;
        rows.iter().map(record_of).collect()
    }
}

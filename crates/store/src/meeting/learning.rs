//! Hours of learning (EDU-01): what meetings and trainings gave, summed in one statement.

use crate::Store;
use crate::error::StoreError;
use crate::sql::{BATCH, day, get, in_subtrees, subtree_bounds, value_rows};
use crate::write::{Subject, Write};
use jiff::civil::Date;
use rules::date::day_number;
use rules::ids::{MeetingId, PersonId, RootOrg};
use rules::meeting::Meeting;
use sqlx::AssertSqlSafe;

/// A person's hours of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LearningSum {
    /// Whose.
    pub person: PersonId,
    /// Tenths of an hour.
    pub tenths: i64,
}

/// One entry of a person's hours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LearningEntry {
    /// The day.
    pub on: Date,
    /// Tenths of an hour.
    pub tenths: i64,
    /// What gave them: a `meeting` or a `training`, with its id.
    pub source: (String, i64),
}

/// Hours to be credited.
#[derive(Debug, Clone, Copy)]
pub(super) struct Learned {
    pub(super) person: PersonId,
    pub(super) on: Date,
    pub(super) source: Subject,
    /// Tenths of an hour.
    pub(super) tenths: i64,
}

/// The hours of everybody who was at a meeting that is archived.
pub(super) fn learned(id: MeetingId, meeting: &Meeting, on: Date) -> Vec<Learned> {
    let tenths = i64::from(meeting.plan.learning_tenths);
    let came = meeting.attendees.iter().filter(|one| tenths > 0 && one.attendance.is_present());
    came.map(|one| Learned { person: one.person, on, source: super::subject(id), tenths }).collect()
}

/// The first and the last day of a year, as stored.
fn year_bounds(year: i16) -> (i64, i64) {
    (i64::from(year) * 10_000 + 101, i64::from(year) * 10_000 + 1231)
}

impl Store {
    /// The hours of a year of everybody who belongs to these subtrees today and has any.
    pub async fn learning_hours(
        &self,
        root: RootOrg,
        scope: &[String],
        year: i16,
    ) -> Result<Vec<LearningSum>, StoreError> {
        let text = format!(
            "SELECT l.person_id, CAST(SUM(l.tenths) AS BIGINT) AS tenths FROM org o \
             JOIN spell s ON s.root_org = o.root_org AND s.org_id = o.id AND s.to_day = 99991231 \
             JOIN learning l ON l.root_org = s.root_org AND l.person_id = s.person_id AND l.on_day >= $2 AND l.on_day <= $3 \
             WHERE o.root_org = $1 AND {} GROUP BY l.person_id ORDER BY l.person_id",
            in_subtrees("o.path", 4, scope.len())
        );
        let (first, last) = year_bounds(year);
        let mut query = sqlx::query(AssertSqlSafe(text)).bind(root.0).bind(first).bind(last);
        for bound in scope.iter().flat_map(|path| subtree_bounds(path)) {
            query = query.bind(bound);
        }
        let rows = query.fetch_all(&self.db.read).await?;
        rows.iter()
            .map(|row| Ok(LearningSum { person: PersonId(get(row, "person_id")?), tenths: get(row, "tenths")? }))
            .collect()
    }

    /// What a person's hours of a year are made of, oldest first.
    pub async fn learning_of(
        &self,
        root: RootOrg,
        person: PersonId,
        year: i16,
    ) -> Result<Vec<LearningEntry>, StoreError> {
        let (first, last) = year_bounds(year);
        let rows = sqlx::query(
            "SELECT on_day, tenths, source_kind, source_id FROM learning \
             WHERE root_org = $1 AND person_id = $2 AND on_day >= $3 AND on_day <= $4 ORDER BY on_day, source_id",
        )
        .bind(root.0)
        .bind(person.0)
        .bind(first)
        .bind(last)
        .fetch_all(&self.db.read)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(LearningEntry {
                    on: day(get(row, "on_day")?)?,
                    tenths: get(row, "tenths")?,
                    source: (get(row, "source_kind")?, get(row, "source_id")?),
                })
            })
            .collect()
    }
}

impl Write<'_> {
    /// Credits persons with hours and says that their duties have to be looked at again.
    pub(super) async fn credit(&mut self, hours: &[Learned]) -> Result<(), StoreError> {
        self.insert_learning(hours).await?;
        for one in hours {
            self.touch_person(one.person).await?;
        }
        Ok(())
    }

    /// Writes hours, many rows a statement.
    pub(super) async fn insert_learning(&mut self, hours: &[Learned]) -> Result<(), StoreError> {
        for batch in hours.chunks(BATCH) {
            let mut query = sqlx::query(AssertSqlSafe(format!(
                "INSERT INTO learning (root_org, person_id, on_day, source_kind, source_id, tenths) VALUES {}",
                value_rows(batch.len(), 6)
            )));
            for one in batch {
                query = query
                    .bind(self.root.0)
                    .bind(one.person.0)
                    .bind(day_number(one.on))
                    .bind(one.source.kind)
                    .bind(one.source.id)
                    .bind(one.tenths);
            }
            query.execute(&mut *self.tx).await?;
        }
        Ok(())
    }

    /// Takes back the hours that a source gave, and says that those persons' duties have to be looked at again.
    pub(super) async fn withdraw_learning(&mut self, source: Subject) -> Result<(), StoreError> {
        let rows = sqlx::query(
            "DELETE FROM learning WHERE root_org = $1 AND source_kind = $2 AND source_id = $3 RETURNING person_id",
        )
        .bind(self.root.0)
        .bind(source.kind)
        .bind(source.id)
        .fetch_all(&mut *self.tx)
        .await?;
        for row in &rows {
            self.touch_person(PersonId(get(row, "person_id")?)).await?;
        }
        Ok(())
    }
}

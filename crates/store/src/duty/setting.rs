//! What an enterprise asks for: the numbers that hold, its own duties, the day from which the calendar counts.

use crate::error::StoreError;
use crate::sql::{day_opt, get};
use crate::write::Subject;
use crate::{Author, Store};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::{TimeZone, offset};
use rules::date::day_number;
use rules::duty::{Demand, OwnDuty};
use rules::ids::RootOrg;
use rules::measure::Measures;

/// What an enterprise asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DutySetting {
    /// The numbers that hold.
    pub measures: Measures,
    /// Its own duties.
    pub own: Vec<OwnDuty>,
    /// The day from which duties are asked for.
    pub started_on: Date,
}

impl DutySetting {
    /// As the rules take it.
    pub fn demand(&self) -> Demand<'_> {
        Demand { measures: &self.measures, own: &self.own, started_on: self.started_on }
    }
}

/// The day of an instant (UTC milliseconds) in China (UTC+8).
pub(super) fn day_of(ms: i64) -> Date {
    let instant = Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH);
    TimeZone::fixed(offset(8)).to_datetime(instant).date()
}

impl Store {
    /// What an enterprise asks for on a day.
    pub async fn duty_setting(&self, root: RootOrg, today: Date) -> Result<DutySetting, StoreError> {
        Ok(DutySetting {
            measures: self.measures(root, today).await?,
            own: self.own_duties(root).await?.into_iter().map(|row| row.duty).collect(),
            started_on: self.started_on(root, today).await?,
        })
    }

    /// The day from which duties are asked for: the one that was set, otherwise the first day of the year in which the enterprise was
    /// created here, or of this year where the day is set back.
    pub async fn started_on(&self, root: RootOrg, today: Date) -> Result<Date, StoreError> {
        let row = sqlx::query("SELECT started_on, created_at FROM enterprise WHERE root_org = $1")
            .bind(root.0)
            .fetch_optional(&self.db.read)
            .await?
            .ok_or(StoreError::NotFound("企业"))?;
        if let Some(day) = day_opt(get(&row, "started_on")?)? {
            return Ok(day);
        }
        let created = day_of(get(&row, "created_at")?);
        Ok(created.min(today).first_of_year())
    }

    /// Sets the day from which duties are asked for.
    pub async fn set_started_on(&self, author: impl Into<Author>, day: Date, reason: &str) -> Result<(), StoreError> {
        let mut write = self.begin(author, "duty.start").await?;
        sqlx::query("UPDATE enterprise SET started_on = $2 WHERE root_org = $1")
            .bind(write.root.0)
            .bind(day_number(day))
            .execute(&mut *write.tx)
            .await?;
        let subject = Subject::of("enterprise", write.root.0);
        write.describe(subject, reason, format!("应办事项自 {day} 起计算"));
        write.commit().await?;
        Ok(())
    }
}

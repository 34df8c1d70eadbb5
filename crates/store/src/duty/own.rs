//! Duties of the enterprise's own, and what organisations did for them.

use crate::error::StoreError;
use crate::sql::{day, day_opt, get};
use crate::write::{Subject, Versioned, Write};
use crate::{Author, Store, now_ms};
use jiff::civil::Date;
use rules::date::day_number;
use rules::duty::{OwnDuty, Period};
use rules::ids::{OrgId, OwnDutyId, RecordId, RootOrg};
use rules::org::OrgKind;
use sqlx::any::AnyRow;

/// A duty of the enterprise's own, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnDutyRow {
    /// The duty.
    pub duty: OwnDuty,
    /// Raised by every change of it.
    pub version: i64,
}

/// A duty of the enterprise's own to be written; its id is not looked at.
pub type OwnDutyNew = OwnDuty;

const COLUMNS: &str = "id, version, name, period, times, lead_days, kinds, from_day, until_day";

fn row_of(row: &AnyRow) -> Result<OwnDutyRow, StoreError> {
    let (period, kinds): (String, String) = (get(row, "period")?, get(row, "kinds")?);
    let number = |value: i64| i32::try_from(value).unwrap_or(i32::MAX);
    Ok(OwnDutyRow {
        version: get(row, "version")?,
        duty: OwnDuty {
            id: OwnDutyId(get(row, "id")?),
            name: get(row, "name")?,
            period: Period::from_key(&period).ok_or_else(|| StoreError::Corrupt(format!("周期 {period}")))?,
            times: number(get(row, "times")?),
            lead: number(get(row, "lead_days")?),
            kinds: kinds.split(',').filter_map(|code| OrgKind::from_code(code.parse().ok()?)).collect(),
            from: day(get(row, "from_day")?)?,
            until: day_opt(get(row, "until_day")?)?,
        },
    })
}

impl Store {
    /// The enterprise's own duties, the newest last.
    pub async fn own_duties(&self, root: RootOrg) -> Result<Vec<OwnDutyRow>, StoreError> {
        let text = format!("SELECT {COLUMNS} FROM own_duty WHERE root_org = $1 ORDER BY id");
        let rows = sqlx::query(sqlx::AssertSqlSafe(text)).bind(root.0).fetch_all(&self.db.read).await?;
        rows.iter().map(row_of).collect()
    }

    /// Adds a duty of the enterprise's own.
    pub async fn add_own_duty(
        &self,
        author: impl Into<Author>,
        duty: OwnDutyNew,
        reason: &str,
    ) -> Result<OwnDutyId, StoreError> {
        let mut write = self.begin(author, "own_duty.add").await?;
        let duty = OwnDuty { id: OwnDutyId(write.new_id()), ..duty };
        write.put_own_duty(&duty, 1).await?;
        write.describe(Subject::of("own_duty", duty.id.0), reason, format!("增加企业自定事项「{}」", duty.name));
        write.commit().await?;
        Ok(duty.id)
    }

    /// Changes a duty of the enterprise's own.
    pub async fn edit_own_duty(
        &self,
        author: impl Into<Author>,
        version: i64,
        duty: &OwnDuty,
        reason: &str,
    ) -> Result<(), StoreError> {
        let mut write = self.begin(author, "own_duty.edit").await?;
        write.take_version(Versioned::OwnDuty, duty.id.0, version).await?;
        sqlx::query("DELETE FROM own_duty WHERE root_org = $1 AND id = $2")
            .bind(write.root.0)
            .bind(duty.id.0)
            .execute(&mut *write.tx)
            .await?;
        write.put_own_duty(duty, version + 1).await?;
        write.describe(Subject::of("own_duty", duty.id.0), reason, format!("修改企业自定事项「{}」", duty.name));
        write.commit().await?;
        Ok(())
    }

    /// Notes that an organisation did what the enterprise asks for on its own.
    pub async fn fulfil_own_duty(
        &self,
        author: impl Into<Author>,
        (duty, org): (OwnDutyId, OrgId),
        (on, today): (Date, Date),
        note: &str,
    ) -> Result<RecordId, StoreError> {
        let author = author.into();
        let by = author.name.clone();
        let mut write = self.begin(author, "own_duty.fulfil").await?;
        let place = write.standing_org(org).await?;
        let found = write.own_duty(duty).await?;
        if !found.kinds.contains(&place.kind) {
            let message = format!("「{}」不要求{}办理。请核对。", found.name, place.kind.name());
            return Err(StoreError::refused("own_duty_kind", message));
        }
        let last = found.until.unwrap_or(today).min(today);
        if on < found.from || on > last {
            let message = format!("办理日期应在 {} 至 {last} 之间。请改正。", found.from);
            return Err(StoreError::refused("bad_date", message));
        }
        let id = RecordId(write.new_id());
        let sealed = self.ring.seal(note.trim().as_bytes(), format!("own_duty_done:{}:{id}", write.root).as_bytes())?;
        sqlx::query(
            "INSERT INTO own_duty_done (root_org, id, duty_id, org_id, on_day, note, added_at, added_by) \
             VALUES ($1,$2,$3,$4,$5,$6,$7,$8)",
        )
        .bind(write.root.0)
        .bind(id.0)
        .bind(duty.0)
        .bind(org.0)
        .bind(day_number(on))
        .bind(sealed)
        .bind(now_ms())
        .bind(by)
        .execute(&mut *write.tx)
        .await?;
        write.touch_duties(org, None).await?;
        write.describe(Subject::of("own_duty", duty.0), "", format!("「{}」办理「{}」", place.name, found.name));
        write.commit().await?;
        Ok(id)
    }
}

impl Write<'_> {
    async fn own_duty(&mut self, id: OwnDutyId) -> Result<OwnDuty, StoreError> {
        let text = format!("SELECT {COLUMNS} FROM own_duty WHERE root_org = $1 AND id = $2");
        let row =
            sqlx::query(sqlx::AssertSqlSafe(text)).bind(self.root.0).bind(id.0).fetch_optional(&mut *self.tx).await?;
        Ok(row_of(&row.ok_or(StoreError::NotFound("企业自定事项"))?)?.duty)
    }

    async fn put_own_duty(&mut self, duty: &OwnDuty, version: i64) -> Result<(), StoreError> {
        if let Some(fault) = duty.faults().first() {
            return Err(StoreError::refused("bad_own_duty", fault.to_string()));
        }
        let kinds: Vec<String> = duty.kinds.iter().map(|kind| kind.code().to_string()).collect();
        sqlx::query(
            "INSERT INTO own_duty (root_org, id, version, name, period, times, lead_days, kinds, from_day, until_day) \
             VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)",
        )
        .bind(self.root.0)
        .bind(duty.id.0)
        .bind(version)
        .bind(duty.name.trim())
        .bind(duty.period.key())
        .bind(i64::from(duty.times))
        .bind(i64::from(duty.lead))
        .bind(kinds.join(","))
        .bind(day_number(duty.from))
        .bind(duty.until.map(day_number))
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }
}

//! When an enterprise reminds, and under which address its members open the pages.

use crate::error::StoreError;
use crate::sql::get;
use crate::write::Subject;
use crate::{Author, Store};
use jiff::civil::Date;
use rules::ids::RootOrg;
use rules::notice::Rhythm;

/// What an enterprise has set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeSetting {
    /// Days before the last day on which one is reminded again.
    pub soon_days: i32,
    /// Days after the last day on which the superior is told.
    pub escalate_days: i32,
    /// The address of the pages, without a slash at its end; empty while nobody has set it.
    pub site: String,
}

impl Default for NoticeSetting {
    fn default() -> Self {
        NoticeSetting { soon_days: Rhythm::SOON_DAYS, escalate_days: Rhythm::ESCALATE_DAYS, site: String::new() }
    }
}

impl Store {
    /// What an enterprise has set.
    pub async fn notice_setting(&self, root: RootOrg) -> Result<NoticeSetting, StoreError> {
        let row = sqlx::query("SELECT soon_days, escalate_days, site FROM notice_setting WHERE root_org = $1")
            .bind(root.0)
            .fetch_optional(&self.db.read)
            .await?;
        let Some(row) = row else { return Ok(NoticeSetting::default()) };
        let days = |column: &str| get::<i64, _>(&row, column).map(|days| i32::try_from(days).unwrap_or_default());
        Ok(NoticeSetting {
            soon_days: days("soon_days")?,
            escalate_days: days("escalate_days")?,
            site: get(&row, "site")?,
        })
    }

    /// The rhythm that holds on a day.
    pub async fn rhythm(&self, root: RootOrg, today: Date) -> Result<Rhythm, StoreError> {
        let setting = self.notice_setting(root).await?;
        let measures = self.measures(root, today).await?;
        Ok(Rhythm::new(setting.soon_days, setting.escalate_days, &measures, today))
    }

    /// Sets when the enterprise reminds.
    pub async fn set_rhythm(
        &self,
        author: impl Into<Author>,
        soon_days: i32,
        escalate_days: i32,
    ) -> Result<(), StoreError> {
        if let Some(fault) = Rhythm::faults(soon_days, escalate_days).first() {
            return Err(StoreError::refused("bad_number", fault.to_string()));
        }
        let mut write = self.begin(author, "notice.rhythm").await?;
        sqlx::query(
            "INSERT INTO notice_setting (root_org, soon_days, escalate_days, site) VALUES ($1,$2,$3,'') \
             ON CONFLICT (root_org) DO UPDATE SET soon_days = $2, escalate_days = $3",
        )
        .bind(write.root.0)
        .bind(i64::from(soon_days))
        .bind(i64::from(escalate_days))
        .execute(&mut *write.tx)
        .await?;
        let subject = Subject::of("enterprise", write.root.0);
        write.describe(subject, "", format!("到期前 {soon_days} 天再次提醒，逾期 {escalate_days} 天报上级"));
        write.commit().await?;
        Ok(())
    }

    /// Sets the address of the pages.
    pub async fn set_site(&self, author: impl Into<Author>, site: &str) -> Result<(), StoreError> {
        let mut write = self.begin(author, "notice.site").await?;
        let defaults = NoticeSetting::default();
        sqlx::query(
            "INSERT INTO notice_setting (root_org, soon_days, escalate_days, site) VALUES ($1,$2,$3,$4) \
             ON CONFLICT (root_org) DO UPDATE SET site = $4",
        )
        .bind(write.root.0)
        .bind(i64::from(defaults.soon_days))
        .bind(i64::from(defaults.escalate_days))
        .bind(site)
        .execute(&mut *write.tx)
        .await?;
        let subject = Subject::of("enterprise", write.root.0);
        write.describe(subject, "", format!("提醒中的平台地址设为 {site}"));
        write.commit().await?;
        Ok(())
    }
}

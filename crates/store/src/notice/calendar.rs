//! Calendars at unguessable addresses. Only the digest of an address is kept; who loses one makes a new one.

use crate::error::StoreError;
use crate::sql::get;
use crate::write::Subject;
use crate::{Account, Store};
use rules::ids::{AccountId, CalendarId, OrgId, RootOrg};

/// Calendars of one account at most.
const MOST: i64 = 20;

/// A calendar that an account has made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    /// Its id.
    pub id: CalendarId,
    /// Of which organisation; none for what the account itself is to do.
    pub org: Option<OrgId>,
    /// That organisation's name.
    pub org_name: Option<String>,
    /// When its address was made, UTC milliseconds.
    pub created_at: i64,
}

/// What an address leads to.
#[derive(Clone)]
pub struct CalendarOf {
    /// Whose it is.
    pub account: Account,
    /// Of which organisation; none for what the account itself is to do.
    pub org: Option<OrgId>,
}

impl Store {
    /// Makes a calendar, or gives one that is there already a new address: the old one leads nowhere from then on.
    pub async fn make_calendar(
        &self,
        account: &Account,
        org: Option<OrgId>,
        token_hash: &str,
        now: i64,
    ) -> Result<CalendarId, StoreError> {
        let mut write = self.begin(account, "notice.calendar").await?;
        let held = sqlx::query("SELECT id, org_id FROM calendar_feed WHERE root_org = $1 AND account_id = $2")
            .bind(write.root.0)
            .bind(account.id.0)
            .fetch_all(&mut *write.tx)
            .await?;
        let mut id = None;
        for row in &held {
            if get::<Option<i64>, _>(row, "org_id")? == org.map(|org| org.0) {
                id = Some(CalendarId(get(row, "id")?));
            }
        }
        if id.is_none() && held.len() as i64 >= MOST {
            let message = format!("一个账号最多 {MOST} 个日历订阅。请先删除不用的订阅。");
            return Err(StoreError::refused("too_many", message));
        }
        let id = id.unwrap_or(CalendarId(write.new_id()));
        sqlx::query(
            "INSERT INTO calendar_feed (root_org, id, token_hash, account_id, org_id, created_at) VALUES ($1,$2,$3,$4,$5,$6) \
             ON CONFLICT (root_org, id) DO UPDATE SET token_hash = $3, created_at = $6",
        )
        .bind(write.root.0)
        .bind(id.0)
        .bind(token_hash)
        .bind(account.id.0)
        .bind(org.map(|org| org.0))
        .bind(now)
        .execute(&mut *write.tx)
        .await?;
        write.describe(Subject::of("account", account.id.0), "", "生成日历订阅地址");
        write.commit().await?;
        Ok(id)
    }

    /// An account's calendars.
    pub async fn calendars(&self, root: RootOrg, account: AccountId) -> Result<Vec<Calendar>, StoreError> {
        let rows = sqlx::query(
            "SELECT c.id, c.org_id, o.name, c.created_at FROM calendar_feed c \
             LEFT JOIN org o ON o.root_org = c.root_org AND o.id = c.org_id \
             WHERE c.root_org = $1 AND c.account_id = $2 ORDER BY c.id",
        )
        .bind(root.0)
        .bind(account.0)
        .fetch_all(&self.db.read)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(Calendar {
                    id: CalendarId(get(row, "id")?),
                    org: get::<Option<i64>, _>(row, "org_id")?.map(OrgId),
                    org_name: get(row, "name")?,
                    created_at: get(row, "created_at")?,
                })
            })
            .collect()
    }

    /// Takes a calendar away: its address leads nowhere from then on.
    pub async fn remove_calendar(&self, account: &Account, id: CalendarId) -> Result<(), StoreError> {
        let mut write = self.begin(account, "notice.calendar_remove").await?;
        let done = sqlx::query("DELETE FROM calendar_feed WHERE root_org = $1 AND account_id = $2 AND id = $3")
            .bind(write.root.0)
            .bind(account.id.0)
            .bind(id.0)
            .execute(&mut *write.tx)
            .await?;
        if done.rows_affected() == 0 {
            return Err(StoreError::NotFound("日历订阅"));
        }
        write.describe(Subject::of("account", account.id.0), "", "删除日历订阅");
        write.commit().await?;
        Ok(())
    }

    /// What an address leads to, by its digest; nothing when its account may no longer sign in.
    pub async fn calendar(&self, token_hash: &str) -> Result<Option<CalendarOf>, StoreError> {
        let row = sqlx::query("SELECT root_org, account_id, org_id FROM calendar_feed WHERE token_hash = $1")
            .bind(token_hash)
            .fetch_optional(&self.db.read)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let account = self.account(RootOrg(get(&row, "root_org")?), AccountId(get(&row, "account_id")?)).await?;
        let org = get::<Option<i64>, _>(&row, "org_id")?.map(OrgId);
        Ok(Some(CalendarOf { account, org }).filter(|found| !found.account.disabled))
    }
}

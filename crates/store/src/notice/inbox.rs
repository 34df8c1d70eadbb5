//! The inbox: an account's own notices, the unread ones first, and the order in which they are pushed.

use crate::Store;
use crate::error::StoreError;
use crate::sql::get;
use rules::ids::{AccountId, NoticeId, RootOrg};
use rules::notice::Kind;
use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;

/// A notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Its id.
    pub id: NoticeId,
    /// Whose.
    pub account: AccountId,
    /// The ledger entry that wrote it.
    pub seq: i64,
    /// What sort.
    pub kind: Kind,
    /// The first line.
    pub title: String,
    /// The second line.
    pub detail: String,
    /// The line that may leave the house.
    pub line: String,
    /// The page on which it is done; may be empty.
    pub link: String,
    /// The rule it stands on; may be empty.
    pub rule: String,
    /// When it came, UTC milliseconds.
    pub created_at: i64,
    /// Whether it waits to be read.
    pub unread: bool,
    /// When what it was about had been done.
    pub closed_at: Option<i64>,
}

/// Where a list goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InboxCursor {
    /// Whether the last row was unread.
    pub unread: bool,
    /// The last row.
    pub id: NoticeId,
}

/// How an inbox stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Inbox {
    /// How many notices wait to be read.
    pub unread: i64,
    /// The newest notice, by ledger entry and id; zeros when there is none.
    pub newest: (i64, i64),
}

const COLUMNS: &str = "id, account_id, seq, kind, title, detail, line, link, rule, created_at, unread, closed_at";

fn notice_of(row: &AnyRow) -> Result<Notice, StoreError> {
    let kind: String = get(row, "kind")?;
    Ok(Notice {
        id: NoticeId(get(row, "id")?),
        account: AccountId(get(row, "account_id")?),
        seq: get(row, "seq")?,
        kind: Kind::from_key(&kind).ok_or_else(|| StoreError::Corrupt(format!("提醒种类 {kind}")))?,
        title: get(row, "title")?,
        detail: get(row, "detail")?,
        line: get(row, "line")?,
        link: get(row, "link")?,
        rule: get(row, "rule")?,
        created_at: get(row, "created_at")?,
        unread: get::<i64, _>(row, "unread")? != 0,
        closed_at: get(row, "closed_at")?,
    })
}

impl Store {
    /// An account's notices: the unread ones first, newest first within both.
    pub async fn notices(
        &self,
        root: RootOrg,
        account: AccountId,
        after: Option<InboxCursor>,
        limit: i64,
    ) -> Result<Vec<Notice>, StoreError> {
        let after = after.unwrap_or(InboxCursor { unread: true, id: NoticeId(i64::MAX) });
        let text = format!(
            "SELECT {COLUMNS} FROM notice WHERE root_org = $1 AND account_id = $2 \
             AND (unread < $3 OR (unread = $3 AND id < $4)) ORDER BY unread DESC, id DESC LIMIT $5"
        );
        let rows = sqlx::query(AssertSqlSafe(text))
            .bind(root.0)
            .bind(account.0)
            .bind(i64::from(after.unread))
            .bind(after.id.0)
            .bind(limit)
            .fetch_all(&self.db.read)
            .await?;
        rows.iter().map(notice_of).collect()
    }

    /// How an account's inbox stands.
    pub async fn inbox(&self, root: RootOrg, account: AccountId) -> Result<Inbox, StoreError> {
        let row =
            sqlx::query("SELECT COUNT(*) AS n FROM notice WHERE root_org = $1 AND account_id = $2 AND unread = 1")
                .bind(root.0)
                .bind(account.0)
                .fetch_one(&self.db.read)
                .await?;
        let newest = sqlx::query(
            "SELECT seq, id FROM notice WHERE root_org = $1 AND account_id = $2 ORDER BY seq DESC, id DESC LIMIT 1",
        )
        .bind(root.0)
        .bind(account.0)
        .fetch_optional(&self.db.read)
        .await?;
        let newest = newest.map(|row| Ok::<_, StoreError>((get(&row, "seq")?, get(&row, "id")?))).transpose()?;
        Ok(Inbox { unread: get(&row, "n")?, newest: newest.unwrap_or_default() })
    }

    /// Notices of an account that were written after a given one, in the order in which they were.
    pub async fn notices_after(
        &self,
        root: RootOrg,
        account: AccountId,
        (seq, id): (i64, i64),
        limit: i64,
    ) -> Result<Vec<Notice>, StoreError> {
        let text = format!(
            "SELECT {COLUMNS} FROM notice WHERE root_org = $1 AND account_id = $2 AND (seq > $3 OR (seq = $3 AND id > $4)) \
             ORDER BY seq, id LIMIT $5"
        );
        let rows = sqlx::query(AssertSqlSafe(text))
            .bind(root.0)
            .bind(account.0)
            .bind(seq)
            .bind(id)
            .bind(limit)
            .fetch_all(&self.db.read)
            .await?;
        rows.iter().map(notice_of).collect()
    }

    /// The last ledger entry that wrote notices: grows with each.
    pub async fn last_notice_seq(&self, root: RootOrg) -> Result<i64, StoreError> {
        let row = sqlx::query("SELECT COALESCE(MAX(seq), 0) AS seq FROM notice WHERE root_org = $1")
            .bind(root.0)
            .fetch_one(&self.db.read)
            .await?;
        get(&row, "seq")
    }

    /// Marks an own notice as read.
    pub async fn read_notice(
        &self,
        root: RootOrg,
        account: AccountId,
        id: NoticeId,
        now: i64,
    ) -> Result<(), StoreError> {
        let done = sqlx::query(
            "UPDATE notice SET unread = 0, read_at = COALESCE(read_at, CAST($4 AS BIGINT)) WHERE root_org = $1 AND account_id = $2 AND id = $3",
        )
        .bind(root.0)
        .bind(account.0)
        .bind(id.0)
        .bind(now)
        .execute(&self.db.write)
        .await?;
        if done.rows_affected() == 0 { Err(StoreError::NotFound("提醒")) } else { Ok(()) }
    }

    /// Marks all own notices as read, up to the newest that was seen. Returns how many.
    pub async fn read_notices(
        &self,
        root: RootOrg,
        account: AccountId,
        up_to: NoticeId,
        now: i64,
    ) -> Result<u64, StoreError> {
        let done = sqlx::query(
            "UPDATE notice SET unread = 0, read_at = $4 WHERE root_org = $1 AND account_id = $2 AND unread = 1 AND id <= $3",
        )
        .bind(root.0)
        .bind(account.0)
        .bind(up_to.0)
        .bind(now)
        .execute(&self.db.write)
        .await?;
        Ok(done.rows_affected())
    }
}

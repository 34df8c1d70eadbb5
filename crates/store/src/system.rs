//! How the installation stands: sizes and counts for those who run it. Counts rows, reads nobody's data.

use crate::Store;
use crate::error::StoreError;
use crate::ledger::head_mac;
use crate::sql::get;
use rules::ids::RootOrg;

/// Sizes and counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// What the database is and where, without a password.
    pub database: String,
    /// Its size in bytes.
    pub database_bytes: i64,
    /// Attachments.
    pub files: i64,
    /// Their size in bytes, before sealing.
    pub files_bytes: i64,
    /// Accounts.
    pub accounts: i64,
    /// Sessions that were used lately.
    pub sessions: i64,
    /// Entries of the ledger.
    pub ledger_entries: i64,
    /// Imports that wait or run.
    pub jobs_waiting: i64,
    /// When the last ledger entry was written, UTC milliseconds.
    pub last_entry_at: Option<i64>,
    /// Whether the end of the ledger's chain and the key ring belong together.
    pub head_holds: bool,
}

impl Store {
    /// How the installation stands; sessions unused since an instant are not counted.
    pub async fn facts(&self, root: RootOrg, unused_since: i64) -> Result<Facts, StoreError> {
        let row = sqlx::query(
            "SELECT (SELECT COUNT(*) FROM file WHERE root_org = $1) AS files, \
             (SELECT CAST(COALESCE(SUM(size), 0) AS BIGINT) FROM file WHERE root_org = $1) AS files_bytes, \
             (SELECT COUNT(*) FROM account WHERE root_org = $1) AS accounts, \
             (SELECT COUNT(*) FROM session WHERE root_org = $1 AND seen_at >= $2) AS sessions, \
             (SELECT COUNT(*) FROM import_run WHERE root_org = $1 AND state IN ('queued', 'running')) AS jobs, \
             h.seq, h.hash, h.mac, l.at AS last_at \
             FROM ledger_head h LEFT JOIN ledger l ON l.root_org = h.root_org AND l.seq = h.seq WHERE h.root_org = $1",
        )
        .bind(root.0)
        .bind(unused_since)
        .fetch_optional(&self.db.read)
        .await?
        .ok_or(StoreError::NotFound("企业"))?;
        let seq: i64 = get(&row, "seq")?;
        let hash: Vec<u8> = get(&row, "hash")?;
        let mac: Vec<u8> = get(&row, "mac")?;
        Ok(Facts {
            database: self.db.name.clone(),
            database_bytes: self.db.size().await?,
            files: get(&row, "files")?,
            files_bytes: get(&row, "files_bytes")?,
            accounts: get(&row, "accounts")?,
            sessions: get(&row, "sessions")?,
            ledger_entries: seq,
            jobs_waiting: get(&row, "jobs")?,
            last_entry_at: get(&row, "last_at")?,
            head_holds: mac == head_mac(&self.ring, root, seq, &hash),
        })
    }
}

//! Sessions: rows that several instances share. Only digests of tokens are stored. Sessions are not acts on the register, so
//! they leave no ledger entry; signing in and out does, through its own command.

use crate::Store;
use crate::account::{ACCOUNT_COLUMNS, Account, account_of};
use crate::error::StoreError;
use crate::sql::get;
use sqlx::AssertSqlSafe;

/// A session with its account.
#[derive(Clone)]
pub struct Session {
    /// The digest of its token.
    pub token_hash: String,
    /// What a page must send with every write.
    pub csrf: String,
    /// When the user signed in, UTC milliseconds.
    pub created_at: i64,
    /// When its token was last exchanged.
    pub rotated_at: i64,
    /// When it was last used, to the minute.
    pub seen_at: i64,
    /// Whose it is.
    pub account: Account,
}

impl Store {
    /// The session of a token's digest, whatever its age.
    pub async fn session(&self, token_hash: &str) -> Result<Option<Session>, StoreError> {
        let row = sqlx::query(AssertSqlSafe(format!(
            "SELECT s.token_hash, s.csrf, s.created_at AS session_at, s.rotated_at, s.seen_at, {ACCOUNT_COLUMNS} FROM session s \
             JOIN account a ON a.root_org = s.root_org AND a.id = s.account_id WHERE s.token_hash = $1"
        )))
        .bind(token_hash)
        .fetch_optional(&self.db.read)
        .await?;
        row.map(|row| {
            Ok(Session {
                token_hash: get(&row, "token_hash")?,
                csrf: get(&row, "csrf")?,
                created_at: get(&row, "session_at")?,
                rotated_at: get(&row, "rotated_at")?,
                seen_at: get(&row, "seen_at")?,
                account: account_of(&row)?,
            })
        })
        .transpose()
    }

    /// Begins a session.
    pub async fn create_session(&self, account: &Account, token_hash: &str, csrf: &str, now: i64) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO session (root_org, token_hash, account_id, csrf, created_at, rotated_at, seen_at) VALUES ($1,$2,$3,$4,$5,$5,$5)",
        )
        .bind(account.root.0)
        .bind(token_hash)
        .bind(account.id.0)
        .bind(csrf)
        .bind(now)
        .execute(&self.db.write)
        .await?;
        Ok(())
    }

    /// Notes that a session was used.
    pub async fn touch_session(&self, session: &Session, now: i64) -> Result<(), StoreError> {
        sqlx::query("UPDATE session SET seen_at = $3 WHERE root_org = $1 AND token_hash = $2")
            .bind(session.account.root.0)
            .bind(&session.token_hash)
            .bind(now)
            .execute(&self.db.write)
            .await?;
        Ok(())
    }

    /// Ends one session.
    pub async fn end_session(&self, session: &Session) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM session WHERE root_org = $1 AND token_hash = $2")
            .bind(session.account.root.0)
            .bind(&session.token_hash)
            .execute(&self.db.write)
            .await?;
        Ok(())
    }
}

//! Sessions: rows that several instances share. Only digests of tokens are stored. Using, exchanging and purging sessions are not
//! acts on the register and leave no ledger entry; signing in, failing to and signing out do.

use crate::account::{ACCOUNT_COLUMNS, Account, account_of};
use crate::error::StoreError;
use crate::sql::get;
use crate::throttle::Attempt;
use crate::write::{Subject, Write};
use crate::{Author, Store};
use rules::ids::AccountId;
use sqlx::AssertSqlSafe;

/// How long an exchanged token still counts, so that requests sent side by side are not signed out (milliseconds).
const GRACE: i64 = 60 * 1000;

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

fn subject(account: &Account) -> Subject {
    Subject::of("account", account.id.0)
}

impl Store {
    /// The session of a token's digest, whatever its age; also of the token before, within a minute of the exchange.
    pub async fn session(&self, token_hash: &str) -> Result<Option<Session>, StoreError> {
        let row = sqlx::query(AssertSqlSafe(format!(
            "SELECT s.token_hash, s.csrf, s.created_at AS session_at, s.rotated_at, s.seen_at, {ACCOUNT_COLUMNS} FROM session s \
             JOIN account a ON a.root_org = s.root_org AND a.id = s.account_id \
             WHERE s.token_hash = $1 OR (s.previous_hash = $1 AND s.rotated_at > $2)"
        )))
        .bind(token_hash)
        .bind(crate::now_ms() - GRACE)
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

    /// Whether a session is still there and neither idle nor too old, whatever its token is by now: for a connection that outlives it.
    pub async fn session_lasts(
        &self,
        session: &Session,
        (unused_since, begun_before): (i64, i64),
    ) -> Result<bool, StoreError> {
        let row = sqlx::query(
            "SELECT COUNT(*) AS n FROM session s JOIN account a ON a.root_org = s.root_org AND a.id = s.account_id \
             WHERE s.root_org = $1 AND s.account_id = $2 AND s.csrf = $3 AND s.seen_at >= $4 AND s.created_at >= $5 AND a.disabled = 0",
        )
        .bind(session.account.root.0)
        .bind(session.account.id.0)
        .bind(&session.csrf)
        .bind(unused_since)
        .bind(begun_before)
        .fetch_one(&self.db.read)
        .await?;
        Ok(get::<i64, _>(&row, "n")? > 0)
    }

    /// Signs an account in: a session, the time of it, a clean slate for its login name, and a ledger entry.
    pub async fn sign_in(&self, account: &Account, token_hash: &str, csrf: &str, now: i64) -> Result<(), StoreError> {
        let mut write = self.begin(account, "session.start").await?;
        sqlx::query(INSERT)
            .bind(account.root.0)
            .bind(token_hash)
            .bind(account.id.0)
            .bind(csrf)
            .bind(now)
            .execute(&mut *write.tx)
            .await?;
        sqlx::query("UPDATE account SET last_login_at = $3 WHERE root_org = $1 AND id = $2")
            .bind(account.root.0)
            .bind(account.id.0)
            .bind(now)
            .execute(&mut *write.tx)
            .await?;
        self.forget_attempts(&mut *write.tx, Attempt::Login(&account.login)).await?;
        write.describe(subject(account), "", "登录");
        write.commit().await?;
        Ok(())
    }

    /// Notes that somebody tried to sign in and could not: to an account, or with a login name that nobody has. The latter is noted
    /// where it can only have been meant for one enterprise. What was typed is not noted: it may be a password.
    pub async fn sign_in_failed(&self, account: Option<&Account>, why: &str) -> Result<(), StoreError> {
        let (root, subject) = match account {
            Some(account) => (account.root, subject(account)),
            None => match self.enterprises().await?.as_slice() {
                [one] => (one.root, Subject::of("enterprise", one.root.0)),
                _ => return Ok(()),
            },
        };
        let author = Author { root, account: AccountId(0), name: "未登录者".to_owned() };
        let mut write = self.begin(author, "session.fail").await?;
        write.describe(subject, "", format!("登录失败：{why}"));
        write.commit().await?;
        Ok(())
    }

    /// Signs out: ends one session, with a ledger entry.
    pub async fn sign_out(&self, session: &Session) -> Result<(), StoreError> {
        let mut write = self.begin(&session.account, "session.end").await?;
        sqlx::query("DELETE FROM session WHERE root_org = $1 AND token_hash = $2")
            .bind(session.account.root.0)
            .bind(&session.token_hash)
            .execute(&mut *write.tx)
            .await?;
        write.describe(subject(&session.account), "", "退出登录");
        write.commit().await?;
        Ok(())
    }

    /// Begins a session without a ledger entry, for tests and synthetic data.
    pub async fn create_session(
        &self,
        account: &Account,
        token_hash: &str,
        csrf: &str,
        now: i64,
    ) -> Result<(), StoreError> {
        sqlx::query(INSERT)
            .bind(account.root.0)
            .bind(token_hash)
            .bind(account.id.0)
            .bind(csrf)
            .bind(now)
            .execute(&self.db.write)
            .await?;
        Ok(())
    }

    /// Exchanges a session's token. False when another request was first or the database is busy: then the old one stays good.
    pub async fn rotate_session(&self, session: &Session, token_hash: &str, now: i64) -> Result<bool, StoreError> {
        let Some(mut writer) = self.db.writer_if_free().await else { return Ok(false) };
        let done = sqlx::query(
            "UPDATE session SET token_hash = $3, previous_hash = $2, rotated_at = $4 WHERE root_org = $1 AND token_hash = $2",
        )
        .bind(session.account.root.0)
        .bind(&session.token_hash)
        .bind(token_hash)
        .bind(now)
        .execute(&mut *writer)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Notes that a session was used. A busy database is not waited for: the next request notes it too.
    pub async fn touch_session(&self, session: &Session, now: i64) -> Result<(), StoreError> {
        let Some(mut writer) = self.db.writer_if_free().await else { return Ok(()) };
        sqlx::query("UPDATE session SET seen_at = $3 WHERE root_org = $1 AND token_hash = $2")
            .bind(session.account.root.0)
            .bind(&session.token_hash)
            .bind(now)
            .execute(&mut *writer)
            .await?;
        Ok(())
    }

    /// Removes a session that is over.
    pub async fn end_session(&self, session: &Session) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM session WHERE root_org = $1 AND token_hash = $2")
            .bind(session.account.root.0)
            .bind(&session.token_hash)
            .execute(&self.db.write)
            .await?;
        Ok(())
    }

    /// Removes the sessions not used since one instant or begun before another. Returns how many.
    pub async fn purge_sessions(&self, unused_since: i64, begun_before: i64) -> Result<u64, StoreError> {
        let mut purged = 0;
        for enterprise in self.enterprises().await? {
            let done = sqlx::query("DELETE FROM session WHERE root_org = $1 AND (seen_at < $2 OR created_at < $3)")
                .bind(enterprise.root.0)
                .bind(unused_since)
                .bind(begun_before)
                .execute(&self.db.write)
                .await?;
            purged += done.rows_affected();
        }
        Ok(purged)
    }
}

const INSERT: &str = "INSERT INTO session (root_org, token_hash, account_id, csrf, created_at, rotated_at, seen_at) VALUES ($1,$2,$3,$4,$5,$5,$5)";

impl Write<'_> {
    /// Ends an account's sessions, all or all but one. The one left no longer answers to the token before.
    pub(crate) async fn end_sessions(&mut self, account: AccountId, but: Option<&str>) -> Result<(), StoreError> {
        for statement in [
            "DELETE FROM session WHERE root_org = $1 AND account_id = $2 AND token_hash <> $3",
            "UPDATE session SET previous_hash = NULL WHERE root_org = $1 AND account_id = $2 AND token_hash = $3",
        ] {
            sqlx::query(statement)
                .bind(self.root.0)
                .bind(account.0)
                .bind(but.unwrap_or_default())
                .execute(&mut *self.tx)
                .await?;
        }
        Ok(())
    }
}

//! Guessing made slow: attempts at a secret are counted before the secret is looked at, so that guesses sent side by side count too,
//! and those that succeed are given back. The waits grow, and survive a restart. Holds digests only, and never a person's data.

use crate::Store;
use crate::error::StoreError;
use crate::sql::{get, placeholders};
use sqlx::{Any, AssertSqlSafe, Executor};
use std::collections::BTreeSet;

const SECOND: i64 = 1000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// What an attempt is counted under.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attempt<'a> {
    /// The sender's network address; a whole office may share one.
    Address(&'a str),
    /// A login name, whether it exists or not.
    Login(&'a str),
    /// An identity number that somebody claims as the own one (身份认证).
    Identity(&'a str),
    /// An account that types the code of a meeting (签到).
    CheckIn(&'a str),
    /// A mail address that an account wants a code sent to: counted by account, so that nobody's mailbox is filled.
    Mailbox(&'a str),
}

/// How failures turn into waits: so many are free, then each wait is twice the last. All in milliseconds.
struct Pace {
    free: i64,
    first: i64,
    longest: i64,
    forgotten: i64,
}

impl Attempt<'_> {
    fn pace(self) -> Pace {
        match self {
            Attempt::Address(_) => Pace { free: 50, first: 10 * SECOND, longest: 15 * MINUTE, forgotten: HOUR },
            Attempt::Login(_) => Pace { free: 5, first: 30 * SECOND, longest: 15 * MINUTE, forgotten: DAY },
            Attempt::CheckIn(_) => Pace { free: 10, first: 10 * SECOND, longest: 5 * MINUTE, forgotten: HOUR },
            Attempt::Identity(_) => Pace { free: 5, first: 10 * MINUTE, longest: DAY, forgotten: 7 * DAY },
            Attempt::Mailbox(_) => Pace { free: 3, first: MINUTE, longest: HOUR, forgotten: DAY },
        }
    }

    fn subject(self, store: &Store) -> String {
        match self {
            Attempt::Address(address) => store.ring.blind_index("throttle-address", address),
            Attempt::Login(login) => store.ring.blind_index("throttle-login", login),
            Attempt::CheckIn(account) => store.ring.blind_index("throttle-check-in", account),
            Attempt::Identity(identity) => store.ring.blind_index("throttle-identity", identity),
            Attempt::Mailbox(account) => store.ring.blind_index("throttle-mailbox", account),
        }
    }
}

impl Pace {
    /// How long nothing is heard after so many failures.
    fn wait(&self, failures: i64) -> i64 {
        match failures - self.free {
            over if over < 0 => 0,
            over => self.longest.min(self.first << over.min(20)),
        }
    }
}

impl Store {
    /// Counts an attempt under everything it is counted under. `Some` is how many milliseconds have to pass first; then nothing was
    /// counted, and the secret must not be looked at.
    pub async fn take_attempt(&self, attempts: &[Attempt<'_>], now: i64) -> Result<Option<i64>, StoreError> {
        let mut tx = self.db.write.begin_with(self.db.begin).await?;
        for attempt in attempts {
            let pace = attempt.pace();
            let subject = attempt.subject(self);
            let counted = sqlx::query(
                "INSERT INTO throttle (subject, failures, last_at, free_at) VALUES ($1,1,$2,0) ON CONFLICT (subject) DO UPDATE \
                 SET failures = CASE WHEN throttle.last_at < $3 THEN 1 ELSE throttle.failures + 1 END, last_at = $2 \
                 WHERE throttle.free_at <= $2 RETURNING failures",
            )
            .bind(&subject)
            .bind(now)
            .bind(now - pace.forgotten)
            .fetch_optional(&mut *tx)
            .await?;
            let Some(counted) = counted else {
                let row = sqlx::query("SELECT free_at FROM throttle WHERE subject = $1")
                    .bind(&subject)
                    .fetch_one(&mut *tx)
                    .await?;
                return Ok(Some((get::<i64, _>(&row, "free_at")? - now).max(SECOND)));
            };
            let wait = pace.wait(get(&counted, "failures")?);
            if wait > 0 {
                sqlx::query("UPDATE throttle SET free_at = $2 WHERE subject = $1")
                    .bind(&subject)
                    .bind(now + wait)
                    .execute(&mut *tx)
                    .await?;
            }
        }
        tx.commit().await?;
        Ok(None)
    }

    /// Takes back the count of an attempt that turned out not to be a guess.
    pub async fn give_back_attempt(&self, attempts: &[Attempt<'_>], now: i64) -> Result<(), StoreError> {
        for attempt in attempts {
            sqlx::query(
                "UPDATE throttle SET failures = failures - 1, free_at = $2 WHERE subject = $1 AND failures > 0",
            )
            .bind(attempt.subject(self))
            .bind(now)
            .execute(&self.db.write)
            .await?;
        }
        Ok(())
    }

    /// Forgets all failures under one subject.
    pub(crate) async fn forget_attempts<'e>(
        &self,
        db: impl Executor<'e, Database = Any>,
        attempt: Attempt<'_>,
    ) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM throttle WHERE subject = $1").bind(attempt.subject(self)).execute(db).await?;
        Ok(())
    }

    /// Which of these login names have to wait now.
    pub(crate) async fn locked_logins(&self, logins: &[&str], now: i64) -> Result<BTreeSet<String>, StoreError> {
        if logins.is_empty() {
            return Ok(BTreeSet::new());
        }
        let text = format!(
            "SELECT subject FROM throttle WHERE free_at > $1 AND subject IN ({})",
            placeholders(2, logins.len())
        );
        let subject = |login: &str| Attempt::Login(login).subject(self);
        let query =
            logins.iter().fold(sqlx::query(AssertSqlSafe(text)).bind(now), |query, login| query.bind(subject(login)));
        let rows = query.fetch_all(&self.db.read).await?;
        let waiting = rows.iter().map(|row| get(row, "subject")).collect::<Result<BTreeSet<String>, _>>()?;
        Ok(logins.iter().filter(|login| waiting.contains(&subject(login))).map(|login| (*login).to_owned()).collect())
    }

    /// Removes counts so old that they count for nothing.
    pub async fn purge_attempts(&self, now: i64) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM throttle WHERE last_at < $1").bind(now - 7 * DAY).execute(&self.db.write).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_a_limit() {
        let pace = Attempt::Login("").pace();
        let waits: Vec<i64> = (4..=11).map(|failures| pace.wait(failures) / SECOND).collect();
        assert_eq!(waits, [0, 30, 60, 120, 240, 480, 900, 900]);
        assert_eq!(pace.wait(i64::MAX), 15 * MINUTE);
    }
}

//! What leaves the house: queued with the notice, claimed by one sender at a time, tried again until it is through or given up.
//!
//! At least once: a sender that dies between sending and saying so leaves a claim that ends after [`CLAIM`], and the same message goes
//! out again under the same number (Message-ID of a mail, delivery number of a webhook), by which the receiver can tell it.

use super::wish::{WISH_COLUMNS, wishes_of};
use crate::error::StoreError;
use crate::sql::{BATCH, get, placeholders, value_rows};
use crate::write::{Subject, Write};
use crate::{Author, Store};
use rules::ids::{AccountId, DeliveryId, NoticeId, RootOrg};
use rules::notice::{Kind, Wishes, next_try};
use sqlx::AssertSqlSafe;
use std::collections::{BTreeMap, BTreeSet};

/// How long a claim holds (milliseconds): longer than any sending may take.
pub(crate) const CLAIM: i64 = 2 * 60 * 1000;
/// Lines of a digest at most; it says how many more there are.
const LINES: i64 = 50;

/// Ways out of the house.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Way {
    /// 电子邮件.
    Mail,
    /// 消息接口.
    Webhook,
}

impl Way {
    /// All of them.
    pub const ALL: &'static [Way] = &[Way::Mail, Way::Webhook];

    /// The identifier stored and used in JSON.
    pub fn key(self) -> &'static str {
        match self {
            Way::Mail => "mail",
            Way::Webhook => "webhook",
        }
    }

    /// The way of an identifier.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|way| way.key() == key)
    }

    /// The Chinese name.
    pub fn name(self) -> &'static str {
        match self {
            Way::Mail => "电子邮件",
            Way::Webhook => "消息接口",
        }
    }
}

/// Where a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DeliveryState {
    /// Waits for its time.
    Waiting,
    /// A sender has it.
    Sending,
    /// Failed, and will be tried again.
    Failed,
    /// Through.
    Sent,
    /// Failed for good.
    GivenUp,
    /// Not needed any more: read meanwhile, or no longer wished.
    Skipped,
}

impl DeliveryState {
    /// All of them.
    pub const ALL: &'static [DeliveryState] = &[
        DeliveryState::Waiting,
        DeliveryState::Sending,
        DeliveryState::Failed,
        DeliveryState::Sent,
        DeliveryState::GivenUp,
        DeliveryState::Skipped,
    ];

    /// The identifier stored and used in JSON.
    pub fn key(self) -> &'static str {
        match self {
            DeliveryState::Waiting => "waiting",
            DeliveryState::Sending => "sending",
            DeliveryState::Failed => "failed",
            DeliveryState::Sent => "sent",
            DeliveryState::GivenUp => "given_up",
            DeliveryState::Skipped => "skipped",
        }
    }

    /// The state of an identifier.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|state| state.key() == key)
    }
}

/// A delivery as the system administrator sees it: no account, no words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryRow {
    /// Its number.
    pub id: DeliveryId,
    /// By which way.
    pub way: Way,
    /// Whether it is a digest.
    pub digest: bool,
    /// Where it stands.
    pub state: DeliveryState,
    /// How often it was tried.
    pub attempts: i64,
    /// When it is tried next, UTC milliseconds.
    pub next_at: i64,
    /// What went wrong last.
    pub error: String,
    /// When it was queued, UTC milliseconds.
    pub created_at: i64,
    /// When it was through or given up, UTC milliseconds.
    pub closed_at: Option<i64>,
}

/// Which deliveries a list asks for.
#[derive(Debug, Clone, Copy, Default)]
pub struct DeliveryFilter {
    /// Only in this state.
    pub state: Option<DeliveryState>,
    /// Only older ones: the list's cursor.
    pub before: Option<DeliveryId>,
}

/// How many deliveries stand how.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeliveryCounts(BTreeMap<(Way, &'static str), i64>);

impl DeliveryCounts {
    /// How many by this way stand so.
    pub fn of(&self, way: Way, state: DeliveryState) -> i64 {
        self.0.get(&(way, state.key())).copied().unwrap_or_default()
    }
}

/// A delivery that a sender has taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed {
    /// Its number: the same whenever it is tried.
    pub id: DeliveryId,
    /// For whom.
    pub account: AccountId,
    /// The login name: all that a messenger is told of the account.
    pub login: String,
    /// By which way.
    pub way: Way,
    /// Whether it is a digest.
    pub digest: bool,
    /// How often it was tried, this time included.
    pub attempts: i64,
    /// When it was queued, UTC milliseconds.
    pub created_at: i64,
    /// What the account wishes now.
    pub wishes: Wishes,
    /// The mail address, when one is confirmed.
    pub address: Option<String>,
    /// Whether the account may still sign in.
    pub disabled: bool,
    /// What is unread of what it tells: line and page, oldest first.
    pub lines: Vec<(String, String)>,
    /// How many more there are.
    pub more: i64,
}

/// What became of a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Through.
    Sent,
    /// Not through; to be tried again, or given up after many attempts. In plain words.
    Failed(String),
    /// Not through, and trying again is no use.
    Refused(String),
    /// Not needed.
    Skipped(&'static str),
    /// Not before this instant (UTC milliseconds); the attempt does not count.
    Later(i64),
}

impl Write<'_> {
    /// Queues what is to leave the house for new notices, as their accounts wish and as far as there are ways.
    pub(super) async fn prepare_deliveries(
        &mut self,
        notices: &[(NoticeId, AccountId, Kind)],
        now: i64,
    ) -> Result<(), StoreError> {
        let ways = self.ways().await?;
        if ways.is_empty() || notices.is_empty() {
            return Ok(());
        }
        let accounts: Vec<AccountId> =
            notices.iter().map(|(_, account, _)| *account).collect::<BTreeSet<_>>().into_iter().collect();
        let wishes = self.wishes_of_all(&accounts).await?;
        let mut digests = self.open_digests(&accounts, now).await?;
        let (mut queued, mut linked) = (Vec::new(), Vec::new());
        for (notice, account, kind) in notices {
            let Some((wished, has_address)) = wishes.get(account) else { continue };
            for way in &ways {
                let wanted = match way {
                    Way::Mail => *has_address && wished.mail.contains(kind),
                    Way::Webhook => wished.webhook.contains(kind),
                };
                if !wanted {
                    continue;
                }
                let digest = wished.digest.is_some();
                let known = digests.get(&(*account, *way)).copied().filter(|_| digest);
                let id = known.unwrap_or_else(|| DeliveryId(self.new_id()));
                if known.is_none() {
                    queued.push((id, *account, *way, digest, wished.send_at(now)));
                }
                if digest {
                    digests.insert((*account, *way), id);
                }
                linked.push((id, *notice));
            }
        }
        self.insert_deliveries(&queued, &linked, now).await
    }

    async fn ways(&mut self) -> Result<Vec<Way>, StoreError> {
        let rows = sqlx::query("SELECT way FROM notice_way WHERE root_org = $1 ORDER BY way")
            .bind(self.root.0)
            .fetch_all(&mut *self.tx)
            .await?;
        let keys = rows.iter().map(|row| get::<String, _>(row, "way")).collect::<Result<Vec<_>, _>>()?;
        Ok(keys.iter().filter_map(|key| Way::from_key(key)).collect())
    }

    async fn wishes_of_all(
        &mut self,
        accounts: &[AccountId],
    ) -> Result<BTreeMap<AccountId, (Wishes, bool)>, StoreError> {
        let mut found: BTreeMap<AccountId, (Wishes, bool)> =
            accounts.iter().map(|account| (*account, (Wishes::default(), false))).collect();
        for some in accounts.chunks(200) {
            let text = format!(
                "SELECT w.account_id, CASE WHEN w.address IS NULL THEN 0 ELSE 1 END AS has_address, {WISH_COLUMNS} \
                 FROM notice_wish w WHERE w.root_org = $1 AND w.account_id IN ({})",
                placeholders(2, some.len())
            );
            let query = sqlx::query(AssertSqlSafe(text)).bind(self.root.0);
            let query = some.iter().fold(query, |query, account| query.bind(account.0));
            for row in query.fetch_all(&mut *self.tx).await? {
                let has_address: i64 = get(&row, "has_address")?;
                found.insert(AccountId(get(&row, "account_id")?), (wishes_of(&row)?, has_address != 0));
            }
        }
        Ok(found)
    }

    /// Digests that still wait for their hour.
    async fn open_digests(
        &mut self,
        accounts: &[AccountId],
        now: i64,
    ) -> Result<BTreeMap<(AccountId, Way), DeliveryId>, StoreError> {
        let mut found = BTreeMap::new();
        for some in accounts.chunks(200) {
            let text = format!(
                "SELECT id, account_id, way FROM delivery WHERE root_org = $1 AND state = 'waiting' AND digest = 1 AND attempts = 0 \
                 AND next_at > $2 AND account_id IN ({})",
                placeholders(3, some.len())
            );
            let query = sqlx::query(AssertSqlSafe(text)).bind(self.root.0).bind(now);
            let query = some.iter().fold(query, |query, account| query.bind(account.0));
            for row in query.fetch_all(&mut *self.tx).await? {
                let way: String = get(&row, "way")?;
                if let Some(way) = Way::from_key(&way) {
                    found.insert((AccountId(get(&row, "account_id")?), way), DeliveryId(get(&row, "id")?));
                }
            }
        }
        Ok(found)
    }

    async fn insert_deliveries(
        &mut self,
        queued: &[(DeliveryId, AccountId, Way, bool, i64)],
        linked: &[(DeliveryId, NoticeId)],
        now: i64,
    ) -> Result<(), StoreError> {
        for some in queued.chunks(BATCH) {
            let text = format!(
                "INSERT INTO delivery (root_org, id, account_id, way, digest, state, attempts, next_at, error, created_at) VALUES {}",
                value_rows(some.len(), 10)
            );
            let mut query = sqlx::query(AssertSqlSafe(text));
            for (id, account, way, digest, send_at) in some {
                query = query
                    .bind(self.root.0)
                    .bind(id.0)
                    .bind(account.0)
                    .bind(way.key())
                    .bind(i64::from(*digest))
                    .bind(DeliveryState::Waiting.key())
                    .bind(0_i64)
                    .bind(*send_at)
                    .bind("")
                    .bind(now);
            }
            query.execute(&mut *self.tx).await?;
        }
        for some in linked.chunks(BATCH) {
            let text = format!(
                "INSERT INTO delivery_notice (root_org, delivery_id, notice_id) VALUES {}",
                value_rows(some.len(), 3)
            );
            let mut query = sqlx::query(AssertSqlSafe(text));
            for (delivery, notice) in some {
                query = query.bind(self.root.0).bind(delivery.0).bind(notice.0);
            }
            query.execute(&mut *self.tx).await?;
        }
        Ok(())
    }
}

impl Store {
    /// Takes the next delivery by a way whose time has come: one that waits, one that failed, or one whose sender has not been heard of.
    pub async fn claim_delivery(&self, root: RootOrg, way: Way, now: i64) -> Result<Option<Claimed>, StoreError> {
        let row = sqlx::query(
            "UPDATE delivery SET state = 'sending', attempts = attempts + 1, next_at = $4 WHERE root_org = $1 AND id = \
             (SELECT id FROM delivery WHERE root_org = $1 AND way = $2 AND state IN ('waiting', 'failed', 'sending') AND next_at <= $3 \
              ORDER BY next_at, id LIMIT 1) \
             AND state IN ('waiting', 'failed', 'sending') AND next_at <= $3 RETURNING id, account_id, digest, attempts, created_at",
        )
        .bind(root.0)
        .bind(way.key())
        .bind(now)
        .bind(now + CLAIM)
        .fetch_optional(&self.db.write)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let (id, account) = (DeliveryId(get(&row, "id")?), AccountId(get(&row, "account_id")?));
        let whose = self.account(root, account).await?;
        let wishes = self.wishes(root, account).await?;
        let (lines, more) = self.delivery_lines(root, id).await?;
        Ok(Some(Claimed {
            id,
            account,
            login: whose.login,
            way,
            digest: get::<i64, _>(&row, "digest")? != 0,
            attempts: get(&row, "attempts")?,
            created_at: get(&row, "created_at")?,
            wishes: wishes.wishes,
            address: wishes.mailbox.address,
            disabled: whose.disabled,
            lines,
            more,
        }))
    }

    /// Whether a delivery by a way has come to its time: asked before one is claimed, since claiming writes.
    pub async fn has_delivery(&self, root: RootOrg, way: Way, now: i64) -> Result<bool, StoreError> {
        let row = sqlx::query(
            "SELECT id FROM delivery WHERE root_org = $1 AND way = $2 AND state IN ('waiting', 'failed', 'sending') AND next_at <= $3 LIMIT 1",
        )
        .bind(root.0)
        .bind(way.key())
        .bind(now)
        .fetch_optional(&self.db.read)
        .await?;
        Ok(row.is_some())
    }

    async fn delivery_lines(&self, root: RootOrg, id: DeliveryId) -> Result<(Vec<(String, String)>, i64), StoreError> {
        let rows = sqlx::query(
            "SELECT n.line, n.link FROM delivery_notice d JOIN notice n ON n.root_org = d.root_org AND n.id = d.notice_id \
             WHERE d.root_org = $1 AND d.delivery_id = $2 AND n.unread = 1 ORDER BY n.id LIMIT $3",
        )
            .bind(root.0)
            .bind(id.0)
            .bind(LINES)
            .fetch_all(&self.db.read)
            .await?;
        let lines: Vec<(String, String)> =
            rows.iter().map(|row| Ok((get(row, "line")?, get(row, "link")?))).collect::<Result<_, StoreError>>()?;
        if (lines.len() as i64) < LINES {
            return Ok((lines, 0));
        }
        let row = sqlx::query(
            "SELECT COUNT(*) AS n FROM delivery_notice d JOIN notice n ON n.root_org = d.root_org AND n.id = d.notice_id \
             WHERE d.root_org = $1 AND d.delivery_id = $2 AND n.unread = 1",
        )
            .bind(root.0)
            .bind(id.0)
            .fetch_one(&self.db.read)
            .await?;
        let all: i64 = get(&row, "n")?;
        Ok((lines, all - LINES))
    }

    /// Says what became of a delivery. False when another sender has taken it over meanwhile. `chance`, 0 to 999, spreads the next try.
    pub async fn close_delivery(
        &self,
        root: RootOrg,
        claimed: &Claimed,
        outcome: Outcome,
        (now, chance): (i64, u32),
    ) -> Result<bool, StoreError> {
        let (state, next_at, attempts, error) = match outcome {
            Outcome::Sent => (DeliveryState::Sent, now, claimed.attempts, String::new()),
            Outcome::Refused(error) => (DeliveryState::GivenUp, now, claimed.attempts, error),
            Outcome::Skipped(why) => (DeliveryState::Skipped, now, claimed.attempts - 1, why.to_owned()),
            Outcome::Later(at) => (DeliveryState::Waiting, at, claimed.attempts - 1, String::new()),
            Outcome::Failed(error) => match next_try(claimed.attempts, chance) {
                Some(wait) => (DeliveryState::Failed, claimed.wishes.not_quiet(now + wait), claimed.attempts, error),
                None => (DeliveryState::GivenUp, now, claimed.attempts, error),
            },
        };
        let open = matches!(state, DeliveryState::Waiting | DeliveryState::Failed);
        let done = sqlx::query(
            "UPDATE delivery SET state = $4, next_at = $5, attempts = $6, error = $7, closed_at = CAST($8 AS BIGINT) \
             WHERE root_org = $1 AND id = $2 AND state = 'sending' AND attempts = $3",
        )
        .bind(root.0)
        .bind(claimed.id.0)
        .bind(claimed.attempts)
        .bind(state.key())
        .bind(next_at)
        .bind(attempts)
        .bind(error)
        .bind((!open).then_some(now))
        .execute(&self.db.write)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Deliveries, newest first.
    pub async fn deliveries(
        &self,
        root: RootOrg,
        filter: DeliveryFilter,
        limit: i64,
    ) -> Result<Vec<DeliveryRow>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, way, digest, state, attempts, next_at, error, created_at, closed_at FROM delivery \
             WHERE root_org = $1 AND id < $2 AND ($3 = '' OR state = $3) ORDER BY id DESC LIMIT $4",
        )
        .bind(root.0)
        .bind(filter.before.map_or(i64::MAX, |id| id.0))
        .bind(filter.state.map_or("", DeliveryState::key))
        .bind(limit)
        .fetch_all(&self.db.read)
        .await?;
        rows.iter()
            .map(|row| {
                let (way, state): (String, String) = (get(row, "way")?, get(row, "state")?);
                let corrupt = |what: &str| StoreError::Corrupt(format!("投递 {what}"));
                Ok(DeliveryRow {
                    id: DeliveryId(get(row, "id")?),
                    way: Way::from_key(&way).ok_or_else(|| corrupt(&way))?,
                    digest: get::<i64, _>(row, "digest")? != 0,
                    state: DeliveryState::from_key(&state).ok_or_else(|| corrupt(&state))?,
                    attempts: get(row, "attempts")?,
                    next_at: get(row, "next_at")?,
                    error: get(row, "error")?,
                    created_at: get(row, "created_at")?,
                    closed_at: get(row, "closed_at")?,
                })
            })
            .collect()
    }

    /// How many deliveries stand how.
    pub async fn delivery_counts(&self, root: RootOrg) -> Result<DeliveryCounts, StoreError> {
        let rows =
            sqlx::query("SELECT way, state, COUNT(*) AS n FROM delivery WHERE root_org = $1 GROUP BY way, state")
                .bind(root.0)
                .fetch_all(&self.db.read)
                .await?;
        let mut counts = DeliveryCounts::default();
        for row in &rows {
            let (way, state): (String, String) = (get(row, "way")?, get(row, "state")?);
            if let (Some(way), Some(state)) = (Way::from_key(&way), DeliveryState::from_key(&state)) {
                counts.0.insert((way, state.key()), get(row, "n")?);
            }
        }
        Ok(counts)
    }

    /// Tries a delivery again that was given up.
    pub async fn retry_delivery(&self, author: impl Into<Author>, id: DeliveryId, now: i64) -> Result<(), StoreError> {
        let mut write = self.begin(author, "notice.retry").await?;
        let done = sqlx::query(
            "UPDATE delivery SET state = 'waiting', attempts = 0, next_at = $3, closed_at = NULL \
             WHERE root_org = $1 AND id = $2 AND state IN ('given_up', 'failed')",
        )
        .bind(write.root.0)
        .bind(id.0)
        .bind(now)
        .execute(&mut *write.tx)
        .await?;
        if done.rows_affected() == 0 {
            return Err(StoreError::refused("not_failed", "只有未送达的提醒可以重新发送。请刷新页面后查看。"));
        }
        write.describe(Subject::of("enterprise", write.root.0), "", "重新发送未送达的提醒 1 条");
        write.commit().await?;
        Ok(())
    }

    /// Removes deliveries that were closed before an instant. Returns how many.
    pub async fn purge_deliveries(&self, root: RootOrg, before: i64) -> Result<u64, StoreError> {
        sqlx::query(
            "DELETE FROM delivery_notice WHERE root_org = $1 AND delivery_id IN \
             (SELECT id FROM delivery WHERE root_org = $1 AND closed_at < $2)",
        )
        .bind(root.0)
        .bind(before)
        .execute(&self.db.write)
        .await?;
        let done = sqlx::query("DELETE FROM delivery WHERE root_org = $1 AND closed_at < $2")
            .bind(root.0)
            .bind(before)
            .execute(&self.db.write)
            .await?;
        Ok(done.rows_affected())
    }
}

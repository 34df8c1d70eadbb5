//! Reading the ledger (留痕) and verifying its chain. It never writes: entries come from [`crate::Write`] alone.

use crate::Store;
use crate::error::StoreError;
use crate::sql::get;
use rules::ids::{AccountId, RootOrg};
use sealed::{Fields, KeyRing};
use serde::Serialize;
use sqlx::any::AnyRow;

/// One entry, without its items.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// Number within the enterprise, without gaps, in commit order.
    pub seq: i64,
    /// UTC milliseconds.
    pub at: i64,
    /// The account that acted; 0 for the program itself.
    pub account: AccountId,
    /// The actor's name at that time.
    pub actor: String,
    /// What was done, such as `person.edit`.
    pub action: String,
    /// What it was done to.
    pub subject_kind: String,
    /// Its id.
    pub subject_id: i64,
    /// Why, as the actor gave it.
    pub reason: String,
    /// One line, without personal data.
    pub summary: String,
    /// How many items the entry has.
    pub items: i64,
}

/// Which entries a list asks for.
#[derive(Debug, Clone, Default)]
pub struct EntryFilter {
    /// Only entries of actions that begin so.
    pub action: Option<String>,
    /// Only entries about this.
    pub subject: Option<(String, i64)>,
    /// Only entries written at or after this instant (UTC milliseconds).
    pub from: Option<i64>,
    /// Only entries written before this instant.
    pub to: Option<i64>,
    /// Only entries older than this number: the list's cursor.
    pub before: Option<i64>,
}

/// The outcome of verifying a chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// Entries read.
    pub entries: i64,
    /// What is wrong, entry by entry; empty when the chain holds.
    pub faults: Vec<Fault>,
}

/// One fault of a chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// The entry's number.
    pub seq: i64,
    /// What is wrong with it.
    pub message: String,
}

pub(crate) fn item_hash(previous: &[u8], n: i64, kind: &str, id: i64, body: &[u8]) -> [u8; 32] {
    Fields::new("dangjian ledger item").bytes(previous).u64(n as u64).text(kind).u64(id as u64).bytes(body).finish()
}

pub(crate) fn entry_hash(root: RootOrg, entry: &Entry, items_hash: &[u8], previous: &[u8]) -> [u8; 32] {
    Fields::new("dangjian ledger entry")
        .u64(root.0 as u64)
        .u64(entry.seq as u64)
        .u64(entry.at as u64)
        .u64(entry.account.0 as u64)
        .text(&entry.actor)
        .text(&entry.action)
        .text(&entry.subject_kind)
        .u64(entry.subject_id as u64)
        .text(&entry.reason)
        .text(&entry.summary)
        .u64(entry.items as u64)
        .bytes(items_hash)
        .bytes(previous)
        .finish()
}

pub(crate) fn head_mac(ring: &KeyRing, root: RootOrg, seq: i64, hash: &[u8]) -> Vec<u8> {
    let fields = Fields::new("dangjian ledger head").u64(root.0 as u64).u64(seq as u64).bytes(hash).finish();
    ring.mac("ledger-head", &fields).to_vec()
}

/// The hash that stands before an enterprise's first entry.
pub(crate) const GENESIS: [u8; 32] = [0; 32];

fn entry_of(row: &AnyRow) -> Result<Entry, StoreError> {
    Ok(Entry {
        seq: get(row, "seq")?,
        at: get(row, "at")?,
        account: AccountId(get(row, "account_id")?),
        actor: get(row, "actor")?,
        action: get(row, "action")?,
        subject_kind: get(row, "subject_kind")?,
        subject_id: get(row, "subject_id")?,
        reason: get(row, "reason")?,
        summary: get(row, "summary")?,
        items: get(row, "items")?,
    })
}

impl Store {
    /// Entries, newest first.
    pub async fn ledger(&self, root: RootOrg, filter: &EntryFilter, limit: i64) -> Result<Vec<Entry>, StoreError> {
        let (kind, id) = filter.subject.clone().unzip();
        let rows = sqlx::query(
            "SELECT seq, at, account_id, actor, action, subject_kind, subject_id, reason, summary, items FROM ledger \
             WHERE root_org = $1 AND seq < $2 AND at >= $3 AND at < $4 AND action >= $5 AND action <= $6 \
               AND ($7 = '' OR (subject_kind = $7 AND subject_id = $8)) \
             ORDER BY seq DESC LIMIT $9",
        )
        .bind(root.0)
        .bind(filter.before.unwrap_or(i64::MAX))
        .bind(filter.from.unwrap_or(0))
        .bind(filter.to.unwrap_or(i64::MAX))
        .bind(filter.action.clone().unwrap_or_default())
        .bind(format!("{}zzzz", filter.action.clone().unwrap_or_default()))
        .bind(kind.unwrap_or_default())
        .bind(id.unwrap_or_default())
        .bind(limit)
        .fetch_all(&self.db.read)
        .await?;
        rows.iter().map(entry_of).collect()
    }

    /// Follows the whole chain and names every entry that was altered, removed, reordered or cut off.
    pub async fn verify_ledger(&self, root: RootOrg) -> Result<Verdict, StoreError> {
        let mut verdict = Verdict { entries: 0, faults: Vec::new() };
        let mut fault = |seq, message: String| verdict.faults.push(Fault { seq, message });
        let mut previous = GENESIS.to_vec();
        let mut last = 0;
        let mut entries = 0;
        loop {
            let rows = sqlx::query(
                "SELECT seq, at, account_id, actor, action, subject_kind, subject_id, reason, summary, items, items_hash, hash \
                 FROM ledger WHERE root_org = $1 AND seq > $2 ORDER BY seq LIMIT 500",
            )
            .bind(root.0)
            .bind(last)
            .fetch_all(&self.db.read)
            .await?;
            for row in &rows {
                let entry = entry_of(row)?;
                let hash: Vec<u8> = get(row, "hash")?;
                let items_hash: Vec<u8> = get(row, "items_hash")?;
                for missing in last + 1..entry.seq.min(last + 101) {
                    fault(missing, format!("第 {missing} 条缺失"));
                }
                if entry_hash(root, &entry, &items_hash, &previous) != *hash {
                    let gap = entry.seq != last + 1;
                    let message =
                        if gap { "与前一条衔接不上（前面有缺失）" } else { "内容或顺序被改动" };
                    fault(entry.seq, format!("第 {} 条{message}", entry.seq));
                }
                if self.items_digest(root, &entry).await? != items_hash {
                    fault(entry.seq, format!("第 {} 条的明细被改动", entry.seq));
                }
                previous = hash;
                last = entry.seq;
                entries += 1;
            }
            if rows.is_empty() {
                break;
            }
        }
        let head = sqlx::query("SELECT seq, hash, mac FROM ledger_head WHERE root_org = $1")
            .bind(root.0)
            .fetch_optional(&self.db.read)
            .await?
            .ok_or(StoreError::NotFound("企业"))?;
        let seq: i64 = get(&head, "seq")?;
        let hash: Vec<u8> = get(&head, "hash")?;
        let mac: Vec<u8> = get(&head, "mac")?;
        if mac != head_mac(&self.ring, root, seq, &hash) {
            fault(seq, format!("链尾（第 {seq} 条）与密钥不符"));
        }
        if last < seq {
            for missing in last + 1..=seq.min(last + 100) {
                fault(missing, format!("第 {missing} 条缺失（链尾被截去）"));
            }
        } else if hash != previous || last != seq {
            fault(last, format!("第 {last} 条与链尾不符"));
        }
        verdict.entries = entries;
        Ok(verdict)
    }

    async fn items_digest(&self, root: RootOrg, entry: &Entry) -> Result<Vec<u8>, StoreError> {
        let mut digest = [0; 32];
        let mut last = -1_i64;
        loop {
            let rows = sqlx::query(
                "SELECT n, subject_kind, subject_id, body FROM ledger_item WHERE root_org = $1 AND seq = $2 AND n > $3 ORDER BY n LIMIT 1000",
            )
            .bind(root.0)
            .bind(entry.seq)
            .bind(last)
            .fetch_all(&self.db.read)
            .await?;
            for row in &rows {
                last = get(row, "n")?;
                let kind: String = get(row, "subject_kind")?;
                let body: Vec<u8> = get(row, "body")?;
                digest = item_hash(&digest, last, &kind, get(row, "subject_id")?, &body);
            }
            if rows.len() < 1000 {
                return Ok(digest.to_vec());
            }
        }
    }
}

//! The only way to write: one transaction per command, the rows and one ledger entry together.
//! A [`Write`] that is dropped without [`Write::commit`] leaves nothing behind.

use crate::Store;
use crate::error::StoreError;
use crate::id::now_ms;
use crate::ledger::{entry_hash, head_mac, item_hash};
use crate::sql::{BATCH, get, value_rows};
use rules::access::Actor;
use rules::ids::{AccountId, PersonId, RootOrg};
use sealed::PersonKey;
use serde::Serialize;
use sqlx::{Any, AssertSqlSafe, Row, Transaction};

/// In whose name something is written.
#[derive(Debug, Clone)]
pub struct Author {
    /// The enterprise.
    pub root: RootOrg,
    /// The account; 0 for the program itself (command line, setup).
    pub account: AccountId,
    /// The name shown in the ledger.
    pub name: String,
}

impl Author {
    /// The program itself, acting for an administrator at the command line.
    pub fn system(root: RootOrg) -> Self {
        Author { root, account: AccountId(0), name: "系统（命令行）".to_owned() }
    }

    /// The program itself, doing by the clock what it was set up to do.
    pub fn clock(root: RootOrg) -> Self {
        Author { root, account: AccountId(0), name: "系统（定时）".to_owned() }
    }
}

impl From<&Actor> for Author {
    fn from(actor: &Actor) -> Self {
        Author { root: actor.root, account: actor.account, name: actor.name.clone() }
    }
}

/// What a ledger entry or item is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subject {
    /// The kind: `org`, `person`, `account`, `transfer`, `import`, `enterprise`.
    pub kind: &'static str,
    /// Its id.
    pub id: i64,
}

impl Subject {
    /// A person.
    pub fn person(id: PersonId) -> Self {
        Subject { kind: "person", id: id.0 }
    }
    /// Something of another kind.
    pub fn of(kind: &'static str, id: i64) -> Self {
        Subject { kind, id }
    }
}

struct Item {
    subject: Subject,
    body: Vec<u8>,
}

/// A command under way: a transaction and the ledger entry it will leave.
pub struct Write<'s> {
    pub(crate) store: &'s Store,
    pub(crate) tx: Transaction<'static, Any>,
    pub(crate) root: RootOrg,
    author: Author,
    action: &'static str,
    seq: i64,
    at: i64,
    previous: Vec<u8>,
    subject: Subject,
    reason: String,
    summary: String,
    buffered: Vec<Item>,
    items: i64,
    items_hash: [u8; 32],
}

impl Store {
    /// Begins a command. Takes the enterprise's chain head first, so that the writes of one enterprise follow one another
    /// and the numbers of the ledger have no gaps.
    pub async fn begin(&self, author: impl Into<Author>, action: &'static str) -> Result<Write<'_>, StoreError> {
        let author = author.into();
        let mut tx = self.db.write.begin_with(self.db.begin).await?;
        let head = sqlx::query("UPDATE ledger_head SET seq = seq + 1 WHERE root_org = $1 RETURNING seq, hash, mac")
            .bind(author.root.0)
            .fetch_optional(&mut *tx)
            .await?
            .ok_or(StoreError::NotFound("企业"))?;
        let seq: i64 = get(&head, "seq")?;
        let previous: Vec<u8> = get(&head, "hash")?;
        let mac: Vec<u8> = get(&head, "mac")?;
        if mac != head_mac(&self.ring, author.root, seq - 1, &previous) {
            return Err(StoreError::Corrupt("留痕链的链尾与密钥不符".to_owned()));
        }
        Ok(Write {
            store: self,
            tx,
            root: author.root,
            subject: Subject::of("enterprise", author.root.0),
            author,
            action,
            seq,
            at: now_ms(),
            previous,
            reason: String::new(),
            summary: String::new(),
            buffered: Vec::new(),
            items: 0,
            items_hash: [0; 32],
        })
    }
}

impl Write<'_> {
    /// What the entry is about, why it was done, and one line that says what was done, without personal data.
    pub fn describe(&mut self, subject: Subject, reason: &str, summary: impl Into<String>) {
        self.subject = subject;
        self.reason = reason.trim().to_owned();
        self.summary = summary.into();
    }

    /// The name in which it is written.
    pub(crate) fn author_name(&self) -> &str {
        &self.author.name
    }

    /// The number of the entry that it will leave.
    pub(crate) fn seq(&self) -> i64 {
        self.seq
    }

    /// A new identifier.
    pub(crate) fn new_id(&self) -> i64 {
        self.store.ids.next()
    }

    /// Adds what changed of a person, sealed under that person's key.
    pub(crate) async fn note_person(
        &mut self,
        person: PersonId,
        key: &PersonKey,
        body: &impl Serialize,
    ) -> Result<(), StoreError> {
        self.note_sealed(Subject::person(person), key, body).await
    }

    /// Adds what changed of something that is a person's but not of the dossier, sealed under that person's key.
    pub(crate) async fn note_sealed(
        &mut self,
        subject: Subject,
        key: &PersonKey,
        body: &impl Serialize,
    ) -> Result<(), StoreError> {
        let n = self.items + self.buffered.len() as i64;
        let aad = format!("ledger:{}:{}:{n}", self.root, self.seq);
        let body = key.seal(&serde_json::to_vec(body)?, aad.as_bytes())?;
        self.push(Item { subject, body }).await
    }

    /// Adds what changed of something that is not a person.
    pub(crate) async fn note(&mut self, subject: Subject, body: &impl Serialize) -> Result<(), StoreError> {
        let body = serde_json::to_vec(body)?;
        self.push(Item { subject, body }).await
    }

    async fn push(&mut self, item: Item) -> Result<(), StoreError> {
        self.buffered.push(item);
        if self.buffered.len() >= BATCH { self.flush().await } else { Ok(()) }
    }

    async fn flush(&mut self) -> Result<(), StoreError> {
        if self.buffered.is_empty() {
            return Ok(());
        }
        let text = format!(
            "INSERT INTO ledger_item (root_org, seq, n, subject_kind, subject_id, body) VALUES {}",
            value_rows(self.buffered.len(), 6)
        );
        let mut query = sqlx::query(AssertSqlSafe(text));
        for item in std::mem::take(&mut self.buffered) {
            self.items_hash = item_hash(&self.items_hash, self.items, item.subject.kind, item.subject.id, &item.body);
            query = query
                .bind(self.root.0)
                .bind(self.seq)
                .bind(self.items)
                .bind(item.subject.kind)
                .bind(item.subject.id)
                .bind(item.body);
            self.items += 1;
        }
        query.execute(&mut *self.tx).await?;
        Ok(())
    }

    /// Writes the ledger entry and commits everything. Returns the entry's number.
    pub async fn commit(mut self) -> Result<i64, StoreError> {
        self.flush().await?;
        let entry = crate::ledger::Entry {
            seq: self.seq,
            at: self.at,
            account: self.author.account,
            actor: self.author.name,
            action: self.action.to_owned(),
            subject_kind: self.subject.kind.to_owned(),
            subject_id: self.subject.id,
            reason: self.reason,
            summary: self.summary,
            items: self.items,
        };
        let hash = entry_hash(self.root, &entry, &self.items_hash, &self.previous);
        sqlx::query(
            "INSERT INTO ledger (root_org, seq, at, account_id, actor, action, subject_kind, subject_id, reason, summary, items, items_hash, hash) \
             VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13)",
        )
        .bind(self.root.0)
        .bind(entry.seq)
        .bind(entry.at)
        .bind(entry.account.0)
        .bind(entry.actor)
        .bind(entry.action)
        .bind(entry.subject_kind)
        .bind(entry.subject_id)
        .bind(entry.reason)
        .bind(entry.summary)
        .bind(entry.items)
        .bind(self.items_hash.to_vec())
        .bind(hash.to_vec())
        .execute(&mut *self.tx)
        .await?;
        sqlx::query("UPDATE ledger_head SET hash = $2, mac = $3 WHERE root_org = $1")
            .bind(self.root.0)
            .bind(hash.to_vec())
            .bind(head_mac(&self.store.ring, self.root, self.seq, &hash))
            .execute(&mut *self.tx)
            .await?;
        self.tx.commit().await?;
        Ok(self.seq)
    }

    /// Refuses an edit of a stale version, and raises the version otherwise.
    pub(crate) async fn take_version(&mut self, table: Versioned, id: i64, version: i64) -> Result<(), StoreError> {
        let (raise, read, what) = table.statements();
        let raised = sqlx::query(raise).bind(self.root.0).bind(id).bind(version).execute(&mut *self.tx).await?;
        if raised.rows_affected() == 1 {
            return Ok(());
        }
        let row = sqlx::query(read).bind(self.root.0).bind(id).fetch_optional(&mut *self.tx).await?;
        match row {
            Some(row) => Err(StoreError::Stale { what, current: row.try_get(0)? }),
            None => Err(StoreError::NotFound(what)),
        }
    }
}

/// Tables whose rows carry a version.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Versioned {
    Org,
    Person,
    Transfer,
    Change,
    Meeting,
    Case,
    Election,
    DuesStatement,
    DuesReduction,
    OwnDuty,
    Excuse,
    Template,
}

macro_rules! versioned {
    ($table:literal, $what:literal) => {
        (
            concat!("UPDATE ", $table, " SET version = version + 1 WHERE root_org = $1 AND id = $2 AND version = $3"),
            concat!("SELECT version FROM ", $table, " WHERE root_org = $1 AND id = $2"),
            $what,
        )
    };
}

impl Versioned {
    fn statements(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Versioned::Org => versioned!("org", "党组织"),
            Versioned::Person => versioned!("person", "人员"),
            Versioned::Transfer => versioned!("transfer", "转接申请"),
            Versioned::Change => versioned!("change_request", "变更申请"),
            Versioned::Meeting => versioned!("meeting", "会议"),
            Versioned::Case => versioned!("development_case", "卷宗"),
            Versioned::Election => versioned!("election", "选举"),
            Versioned::DuesStatement => versioned!("dues_statement", "应交清单"),
            Versioned::DuesReduction => versioned!("dues_reduction", "减免申请"),
            Versioned::OwnDuty => versioned!("own_duty", "企业自定事项"),
            Versioned::Excuse => versioned!("duty_excuse", "免除申请"),
            Versioned::Template => versioned!("template", "模板"),
        }
    }
}

//! Writing notices: from open duties by the planner, or in the same transaction as what they tell of.

use super::delivery::Way;
use crate::error::StoreError;
use crate::sql::{BATCH, get, placeholders, value_rows};
use crate::write::{Subject, Write};
use crate::{Author, Store};
use jiff::civil::Date;
use rules::access::Role;
use rules::date::day_number;
use rules::ids::{AccountId, NoticeId, RootOrg};
use rules::notice::{Cause, Due, Kind, Told, Words, plan};
use sqlx::{AnyConnection, AssertSqlSafe};
use std::collections::{BTreeSet, HashSet};

/// Names of reminders in one question.
const NAMES: usize = 200;
/// Reminders whose duty was due so many days ago are forgotten.
const FORGOTTEN: i32 = 3 * 366;

/// What the planner knows to have been given: spares asking again. Losing it costs time, never a second reminder.
#[derive(Debug, Default)]
pub struct Given(HashSet<(AccountId, String)>);

/// What came of planning.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Planned {
    /// Notices written.
    pub written: usize,
    /// Notices whose matter had been done.
    pub closed: u64,
}

/// Something to tell that is no reminder of a duty. Nothing in it may name a person.
#[derive(Debug, Clone)]
pub struct Message<'a> {
    /// A name of it: nobody is told twice under one name.
    pub name: &'a str,
    /// The inbox's first line.
    pub title: &'a str,
    /// The inbox's second line.
    pub detail: &'a str,
    /// The line that may leave the house.
    pub line: &'a str,
    /// The page that it leads to.
    pub link: &'a str,
    /// The rule it stands on; may be empty.
    pub rule: &'a str,
    /// The last day on which it matters.
    pub until: Date,
}

impl Store {
    /// Writes what the open duties ask for and nobody has been told yet, and closes the notices of what is open no more.
    pub async fn plan_notices(
        &self,
        root: RootOrg,
        dues: &[Due],
        given: &mut Given,
        (today, now): (Date, i64),
    ) -> Result<Planned, StoreError> {
        let closed = self.close_notices(root, dues, now).await?;
        let rhythm = self.rhythm(root, today).await?;
        let directory = self.notice_directory(root, today).await?;
        let ask = |known: &HashSet<(AccountId, String)>| {
            plan(dues, &directory, &rhythm, today, |account, name| known.contains(&(account, name.to_owned())))
        };
        let asked = names_of(&ask(&given.0));
        given.0.extend(known_among(&mut *self.db.read.acquire().await?, root, &asked).await?);
        if ask(&given.0).is_empty() {
            return Ok(Planned { written: 0, closed });
        }
        let mut write = self.begin(Author::clock(root), "notice.plan").await?;
        // Another instance may have been a moment faster: asked again under the lock that every write takes.
        let asked = names_of(&ask(&given.0));
        given.0.extend(known_among(&mut write.tx, root, &asked).await?);
        let told = ask(&given.0);
        if told.is_empty() {
            return Ok(Planned { written: 0, closed });
        }
        write.tell(&told, now).await?;
        write.forget_causes(rules::date::add_days(today, -FORGOTTEN)).await?;
        write.describe(Subject::of("enterprise", root.0), "", format!("生成提醒 {} 条", told.len()));
        write.commit().await?;
        for one in &told {
            given.0.extend(one.causes.iter().map(|cause| (one.account, cause.name.clone())));
        }
        Ok(Planned { written: told.len(), closed })
    }

    /// Tells the system administrators that a way out of the house fails: once a day.
    pub async fn tell_of_failing_way(&self, root: RootOrg, way: Way, today: Date, now: i64) -> Result<(), StoreError> {
        let rows = sqlx::query(
            "SELECT DISTINCT g.account_id FROM role_grant g JOIN account a ON a.root_org = g.root_org AND a.id = g.account_id \
             WHERE g.root_org = $1 AND g.role = $2 AND a.disabled = 0",
        )
        .bind(root.0)
        .bind(Role::SystemAdmin.key())
        .fetch_all(&self.db.read)
        .await?;
        let admins: Vec<AccountId> =
            rows.iter().map(|row| Ok(AccountId(get(row, "account_id")?))).collect::<Result<_, StoreError>>()?;
        let name = format!("way/{}/{}", way.key(), day_number(today));
        let asked: Vec<_> = admins.iter().map(|admin| (*admin, name.clone())).collect();
        if known_among(&mut *self.db.read.acquire().await?, root, &asked).await?.len() == asked.len() {
            return Ok(());
        }
        let title = format!("{}发送失败", way.name());
        let message = Message {
            name: &name,
            title: &title,
            detail: "有提醒没有送达。请查看失败原因，改正设置后重新发送。",
            line: &title,
            link: "/system/status",
            rule: "",
            until: today,
        };
        let mut write = self.begin(Author::clock(root), "notice.failing").await?;
        write.send_message(&admins, &message, now).await?;
        write.describe(Subject::of("enterprise", root.0), "", format!("{title}，提醒系统管理员"));
        write.commit().await?;
        Ok(())
    }

    /// Closes the unread notices of duties none of which is open any more.
    async fn close_notices(&self, root: RootOrg, dues: &[Due], now: i64) -> Result<u64, StoreError> {
        let rows = sqlx::query(
            "SELECT n.id, c.duty FROM notice n JOIN notice_cause c ON c.root_org = n.root_org AND c.notice_id = n.id \
             WHERE n.root_org = $1 AND n.unread = 1 AND n.kind <> 'message'",
        )
        .bind(root.0)
        .fetch_all(&self.db.read)
        .await?;
        let open: HashSet<&str> = dues.iter().map(|due| due.key.as_str()).collect();
        let (mut all, mut live) = (BTreeSet::new(), BTreeSet::new());
        for row in &rows {
            let (id, duty): (i64, String) = (get(row, "id")?, get(row, "duty")?);
            if open.contains(duty.as_str()) {
                live.insert(id);
            }
            all.insert(id);
        }
        let over: Vec<i64> = all.difference(&live).copied().collect();
        for some in over.chunks(NAMES) {
            let text = format!(
                "UPDATE notice SET unread = 0, closed_at = $2 WHERE root_org = $1 AND id IN ({})",
                placeholders(3, some.len())
            );
            let query = sqlx::query(AssertSqlSafe(text)).bind(root.0).bind(now);
            some.iter().fold(query, |query, id| query.bind(*id)).execute(&self.db.write).await?;
        }
        Ok(over.len() as u64)
    }
}

fn names_of(told: &[Told]) -> Vec<(AccountId, String)> {
    told.iter().flat_map(|one| one.causes.iter().map(|cause| (one.account, cause.name.clone()))).collect()
}

/// Which of these reminders were given already.
async fn known_among(
    db: &mut AnyConnection,
    root: RootOrg,
    asked: &[(AccountId, String)],
) -> Result<Vec<(AccountId, String)>, StoreError> {
    let names: BTreeSet<&str> = asked.iter().map(|(_, name)| name.as_str()).collect();
    let mut known = Vec::new();
    for some in names.into_iter().collect::<Vec<_>>().chunks(NAMES) {
        let text = format!(
            "SELECT account_id, cause FROM notice_cause WHERE root_org = $1 AND cause IN ({})",
            placeholders(2, some.len())
        );
        let query = some.iter().fold(sqlx::query(AssertSqlSafe(text)).bind(root.0), |query, name| query.bind(*name));
        for row in query.fetch_all(&mut *db).await? {
            known.push((AccountId(get(&row, "account_id")?), get(&row, "cause")?));
        }
    }
    Ok(known)
}

impl Write<'_> {
    /// Tells accounts something in the same transaction as what it tells of. Who was told under that name before is left out.
    pub(crate) async fn send_message(
        &mut self,
        accounts: &[AccountId],
        message: &Message<'_>,
        now: i64,
    ) -> Result<(), StoreError> {
        let asked: Vec<_> = accounts.iter().map(|account| (*account, message.name.to_owned())).collect();
        let known: HashSet<_> = known_among(&mut self.tx, self.root, &asked).await?.into_iter().collect();
        let words =
            Words { title: message.title.to_owned(), detail: message.detail.to_owned(), line: message.line.to_owned() };
        let accounts: BTreeSet<AccountId> = accounts.iter().copied().collect();
        let told: Vec<Told> = accounts
            .into_iter()
            .filter(|account| !known.contains(&(*account, message.name.to_owned())))
            .map(|account| Told {
                account,
                kind: Kind::Message,
                words: words.clone(),
                link: message.link.to_owned(),
                rule: message.rule.to_owned(),
                causes: vec![Cause { name: message.name.to_owned(), duty: String::new(), due: message.until }],
            })
            .collect();
        self.tell(&told, now).await
    }

    /// Writes notices, the names of what they stand for, and what is to leave the house for them.
    async fn tell(&mut self, told: &[Told], now: i64) -> Result<(), StoreError> {
        let ids: Vec<NoticeId> = told.iter().map(|_| NoticeId(self.new_id())).collect();
        let written: Vec<(NoticeId, &Told)> = ids.into_iter().zip(told).collect();
        for some in written.chunks(BATCH) {
            self.insert_notices(some, now).await?;
        }
        let causes: Vec<(NoticeId, AccountId, &Cause)> =
            written.iter().flat_map(|(id, one)| one.causes.iter().map(|cause| (*id, one.account, cause))).collect();
        for some in causes.chunks(BATCH) {
            self.insert_causes(some).await?;
        }
        let outgoing: Vec<(NoticeId, AccountId, Kind)> =
            written.iter().map(|(id, one)| (*id, one.account, one.kind)).collect();
        self.prepare_deliveries(&outgoing, now).await
    }

    async fn insert_notices(&mut self, some: &[(NoticeId, &Told)], now: i64) -> Result<(), StoreError> {
        let text = format!(
            "INSERT INTO notice (root_org, id, account_id, seq, kind, title, detail, line, link, rule, created_at, unread) VALUES {}",
            value_rows(some.len(), 12)
        );
        let mut query = sqlx::query(AssertSqlSafe(text));
        for (id, one) in some {
            query = query
                .bind(self.root.0)
                .bind(id.0)
                .bind(one.account.0)
                .bind(self.seq())
                .bind(one.kind.key())
                .bind(&one.words.title)
                .bind(&one.words.detail)
                .bind(&one.words.line)
                .bind(&one.link)
                .bind(&one.rule)
                .bind(now)
                .bind(1_i64);
        }
        query.execute(&mut *self.tx).await?;
        Ok(())
    }

    async fn insert_causes(&mut self, some: &[(NoticeId, AccountId, &Cause)]) -> Result<(), StoreError> {
        let text = format!(
            "INSERT INTO notice_cause (root_org, cause, account_id, notice_id, duty, due_day) VALUES {}",
            value_rows(some.len(), 6)
        );
        let mut query = sqlx::query(AssertSqlSafe(text));
        for (id, account, cause) in some {
            query = query
                .bind(self.root.0)
                .bind(&cause.name)
                .bind(account.0)
                .bind(id.0)
                .bind(&cause.duty)
                .bind(day_number(cause.due));
        }
        query.execute(&mut *self.tx).await?;
        Ok(())
    }

    /// Forgets reminders of long ago, with their notices.
    async fn forget_causes(&mut self, before: Date) -> Result<(), StoreError> {
        for statement in [
            "DELETE FROM delivery_notice WHERE root_org = $1 AND notice_id IN \
             (SELECT notice_id FROM notice_cause WHERE root_org = $1 AND due_day < $2)",
            "DELETE FROM notice WHERE root_org = $1 AND id IN (SELECT notice_id FROM notice_cause WHERE root_org = $1 AND due_day < $2)",
            "DELETE FROM notice_cause WHERE root_org = $1 AND due_day < $2",
        ] {
            sqlx::query(statement).bind(self.root.0).bind(day_number(before)).execute(&mut *self.tx).await?;
        }
        Ok(())
    }
}

//! Filling an empty register with many organisations and persons at once, as a demonstration does: few large commands, each with its
//! ledger entry, in constant memory. What is loaded must obey the rules already; an office's own data come in by import.

use crate::error::StoreError;
use crate::org::Org;
use crate::person_write::NewPerson;
use crate::sql::{BATCH, end_number, value_rows};
use crate::write::{Subject, Write};
use crate::{Author, NewOrg, Store};
use jiff::civil::Date;
use rules::date::day_number;
use rules::ids::{OrgId, PersonId};
use rules::member::{Record, Spell};
use rules::org::{OrgKind, PostKind};
use serde_json::json;
use sqlx::AssertSqlSafe;

/// Persons written by one command: many, because every commit writes most pages of the indexes whose keys are digests.
const LOAD: usize = 100_000;

/// An organisation to load.
#[derive(Debug, Clone)]
pub struct LoadOrg {
    /// The place in the list of the one above, which must come earlier; none for the enterprise's top.
    pub parent: Option<usize>,
    /// What it is.
    pub kind: OrgKind,
    /// Its data; `parent` in it is not looked at.
    pub new: NewOrg,
}

/// A person to load.
#[derive(Debug, Clone)]
pub struct LoadPerson {
    /// The dossier.
    pub record: Record,
    /// Its standings, oldest first, none overlapping another.
    pub spells: Vec<Spell>,
    /// The name of the organisation, for the ledger.
    pub org_name: String,
}

/// A post to load.
#[derive(Debug, Clone, Copy)]
pub struct LoadPost {
    /// Where.
    pub org: OrgId,
    /// Who.
    pub person: PersonId,
    /// Which post.
    pub post: PostKind,
    /// Since when.
    pub from: Date,
    /// Until when; `None` while it lasts.
    pub to: Option<Date>,
}

impl Store {
    /// Loads organisations, in one command. Returns them in the list's order.
    pub async fn load_orgs(&self, author: impl Into<Author>, orgs: Vec<LoadOrg>) -> Result<Vec<Org>, StoreError> {
        let mut write = self.begin(author, "load.orgs").await?;
        let mut loaded: Vec<Org> = Vec::with_capacity(orgs.len());
        for org in orgs {
            let parent = org.parent.and_then(|at| loaded.get(at)).map(|parent| parent.id);
            loaded.push(write.insert_org(org.kind, NewOrg { parent, ..org.new }, None).await?);
        }
        write.describe(enterprise(&write), "", format!("批量载入党组织 {} 个", loaded.len()));
        write.commit().await?;
        Ok(loaded)
    }

    /// Loads persons from a stream, in large commands. `each` is told of every one with its id, as it is written.
    /// Returns how many there were.
    pub async fn load_persons(
        &self,
        author: impl Into<Author>,
        persons: impl IntoIterator<Item = LoadPerson>,
        mut each: impl FnMut(PersonId, &Record),
    ) -> Result<u64, StoreError> {
        let author = author.into();
        let mut persons = persons.into_iter().peekable();
        let mut total = 0;
        while persons.peek().is_some() {
            let mut write = self.begin(author.clone(), "load.persons").await?;
            let mut count = 0;
            while count < LOAD {
                let batch: Vec<NewPerson> = persons
                    .by_ref()
                    .take(BATCH)
                    .map(|LoadPerson { record, spells, org_name }| {
                        let id = PersonId(write.new_id());
                        each(id, &record);
                        NewPerson { id, record, spells, org_name }
                    })
                    .collect();
                if batch.is_empty() {
                    break;
                }
                count += batch.len();
                write.insert_persons(batch).await?;
            }
            total += count as u64;
            write.describe(enterprise(&write), "", format!("批量载入人员 {count} 名"));
            write.commit().await?;
        }
        Ok(total)
    }

    /// Loads posts, in one command.
    pub async fn load_posts(&self, author: impl Into<Author>, posts: &[LoadPost]) -> Result<(), StoreError> {
        let mut write = self.begin(author, "load.posts").await?;
        for batch in posts.chunks(BATCH) {
            write.insert_posts(batch).await?;
        }
        write.describe(enterprise(&write), "", format!("批量载入党内职务 {} 个", posts.len()));
        write.commit().await?;
        Ok(())
    }
}

fn enterprise(write: &Write<'_>) -> Subject {
    Subject::of("enterprise", write.root.0)
}

impl Write<'_> {
    async fn insert_posts(&mut self, batch: &[LoadPost]) -> Result<(), StoreError> {
        let holders: Vec<i64> = batch.iter().map(|post| post.person.0).collect();
        let keys = self.person_keys(&holders).await?;
        let text = format!(
            "INSERT INTO post (root_org, id, org_id, person_id, post, from_day, to_day) VALUES {}",
            value_rows(batch.len(), 7)
        );
        let mut query = sqlx::query(AssertSqlSafe(text));
        for post in batch {
            query = query
                .bind(self.root.0)
                .bind(self.new_id())
                .bind(post.org.0)
                .bind(post.person.0)
                .bind(post.post.code())
                .bind(day_number(post.from))
                .bind(end_number(post.to));
        }
        query.execute(&mut *self.tx).await?;
        for post in batch {
            let (_, key) = keys.get(&post.person).ok_or(StoreError::NotFound("人员"))?;
            let note = json!({ "post": post.post.key(), "org": post.org, "from": post.from, "to": post.to });
            self.note_person(post.person, key, &note).await?;
        }
        Ok(())
    }
}

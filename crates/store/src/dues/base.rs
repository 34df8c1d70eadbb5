//! What members pay by, with its history: kinds of payer and monthly bases, sealed under the members' keys (DUES-06).

use super::line::{SealedBasis, open, seal};
use super::{MANY, basis_refusal, month_of};
use crate::error::StoreError;
use crate::person::key_of;
use crate::person_write::Keys;
use crate::sql::{BATCH, OPEN, coded, get, placeholders, subtree_bounds, value_rows};
use crate::write::{Subject, Write};
use crate::{Author, Store, now_ms};
use jiff::civil::Date;
use rules::codes::Stage;
use rules::dues::{Basis, Fen, Month, Payer, check_from};
use rules::ids::{OrgId, PersonId, RootOrg};
use rules::measure::Measure;
use rules::refusal::Refusal;
use sealed::{KeyRing, PersonKey};
use serde_json::json;
use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;
use std::collections::HashMap;

/// A member of a branch and what he or she pays by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseRow {
    /// Who.
    pub person: PersonId,
    /// That person's name.
    pub name: String,
    /// Full or probationary.
    pub stage: Stage,
    /// What was set, oldest first, with the first month in which it holds.
    pub bases: Vec<(Month, Basis)>,
    /// The last month that was paid.
    pub paid_until: Option<Month>,
}

/// What one member is to pay by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BaseOf {
    /// Who.
    pub person: PersonId,
    /// What sort of payer.
    pub payer: Payer,
    /// The monthly base, where there is one.
    pub base: Option<Fen>,
}

/// What members of a branch are to pay by.
#[derive(Debug, Clone)]
pub struct SetBases<'a> {
    /// The branch.
    pub org: OrgId,
    /// The first month in which it holds.
    pub from: Month,
    /// Member by member.
    pub items: &'a [BaseOf],
    /// Why it changes; may be empty.
    pub reason: &'a str,
}

/// Bases of persons, oldest first.
pub(super) type Bases = HashMap<PersonId, Vec<(Month, Basis)>>;

/// The basis that holds in a month.
pub(super) fn basis_at(bases: &Bases, person: PersonId, month: Month) -> Option<Basis> {
    let history = bases.get(&person)?;
    history.iter().rev().find(|(from, _)| *from <= month).map(|(_, basis)| *basis)
}

fn base_place(root: RootOrg, person: PersonId, from: Month) -> String {
    format!("dues-base:{root}:{person}:{}", from.number())
}

const BASES: &str = "SELECT b.person_id, b.from_month, b.sealed, p.person_key FROM dues_base b \
    JOIN person p ON p.root_org = b.root_org AND p.id = b.person_id WHERE b.root_org = $1";

/// Adds a base to those of its person.
fn add_base(ring: &KeyRing, root: RootOrg, row: &AnyRow, bases: &mut Bases) -> Result<(), StoreError> {
    let (person, from) = (PersonId(get(row, "person_id")?), month_of(get(row, "from_month")?)?);
    let Some(key) = key_of(ring, root, person, get(row, "person_key")?)? else { return Ok(()) };
    let sealed: SealedBasis = open(&key, &get::<Vec<u8>, _>(row, "sealed")?, &base_place(root, person, from))?;
    bases.entry(person).or_default().push((from, sealed.read(from)?));
    Ok(())
}

impl Store {
    /// The members of a branch, by name, and what they pay by.
    pub async fn dues_bases(&self, root: RootOrg, path: &str) -> Result<Vec<BaseRow>, StoreError> {
        let [from, to] = subtree_bounds(path);
        let rows = sqlx::query(
            "SELECT s.person_id, p.name, s.stage, (SELECT MAX(l.month) FROM dues_line l WHERE l.root_org = s.root_org \
             AND l.person_id = s.person_id AND l.state = 'paid') AS paid_until \
             FROM spell s JOIN org o ON o.root_org = s.root_org AND o.id = s.org_id \
             JOIN person p ON p.root_org = s.root_org AND p.id = s.person_id \
             WHERE s.root_org = $1 AND o.path >= $2 AND o.path <= $3 AND s.to_day = $4 AND s.stage >= 4 ORDER BY p.name, s.person_id",
        )
        .bind(root.0)
        .bind(&from)
        .bind(&to)
        .bind(OPEN)
        .fetch_all(&self.db.read)
        .await?;
        let text = format!(
            "{BASES} AND EXISTS (SELECT 1 FROM spell s JOIN org o ON o.root_org = s.root_org AND o.id = s.org_id \
             WHERE s.root_org = b.root_org AND s.person_id = b.person_id AND s.to_day = $2 AND o.path >= $3 AND o.path <= $4) \
             ORDER BY b.from_month"
        );
        let found = sqlx::query(AssertSqlSafe(text)).bind(root.0).bind(OPEN).bind(from).bind(to);
        let mut bases = Bases::new();
        for row in found.fetch_all(&self.db.read).await? {
            add_base(&self.ring, root, &row, &mut bases)?;
        }
        let row_of = |row: &AnyRow| {
            let person = PersonId(get(row, "person_id")?);
            let paid: Option<i64> = get(row, "paid_until")?;
            Ok(BaseRow {
                person,
                name: get(row, "name")?,
                stage: coded(get(row, "stage")?, Stage::from_code, "人员类别")?,
                bases: bases.get(&person).cloned().unwrap_or_default(),
                paid_until: paid.map(month_of).transpose()?,
            })
        };
        rows.iter().map(row_of).collect()
    }

    /// What one person pays by, oldest first.
    pub(super) async fn bases_of_person(
        &self,
        root: RootOrg,
        person: PersonId,
    ) -> Result<Vec<(Month, Basis)>, StoreError> {
        let text = format!("{BASES} AND b.person_id = $2 ORDER BY b.from_month");
        let rows = sqlx::query(AssertSqlSafe(text)).bind(root.0).bind(person.0).fetch_all(&self.db.read).await?;
        let mut bases = Bases::new();
        for row in &rows {
            add_base(&self.ring, root, row, &mut bases)?;
        }
        Ok(bases.remove(&person).unwrap_or_default())
    }

    /// Sets what members pay by, from a month on. Lines that nobody has paid yet are reckoned anew.
    pub async fn set_dues_bases(
        &self,
        author: impl Into<Author>,
        new: SetBases<'_>,
        today: Date,
    ) -> Result<(), StoreError> {
        let mut write = self.begin(author, "dues.base").await?;
        let back = self.measures(write.root, today).await?.get(Measure::DuesBackMonths, today);
        let org = write.standing_org(new.org).await?;
        let known = write.members_paid_until(&org.path).await?;
        let mut refusals = Vec::new();
        let mut bases = Vec::new();
        for (at, item) in new.items.iter().enumerate() {
            let Some(paid) = known.get(&item.person) else {
                let message = format!("第 {} 人不在「{}」。请刷新后重新选择。", at + 1, org.name);
                refusals.push(Refusal::new("", "not_in_org", format!("/items/{at}/person_id"), message));
                continue;
            };
            if let Err(e) = check_from(new.from, *paid, back, Month::of(today)) {
                refusals.push(basis_refusal(&e, "/from_month".to_owned()));
            }
            match Basis::new(item.payer, item.base, new.from) {
                Ok(basis) => bases.push((item.person, basis)),
                Err(e) => refusals.push(basis_refusal(&e, format!("/items/{at}/base"))),
            }
        }
        refusals.dedup();
        if !refusals.is_empty() {
            return Err(StoreError::Rules(refusals));
        }
        write.put_bases(new.from, &bases).await?;
        let persons: Vec<i64> = bases.iter().map(|(person, _)| person.0).collect();
        write.reckon_anew(&persons, new.from, today).await?;
        let summary = format!("「{}」核定 {} 人自 {} 起的党费基数", org.name, bases.len(), new.from.words());
        write.describe(Subject::of("org", org.id.0), new.reason, summary);
        write.commit().await?;
        Ok(())
    }
}

impl Write<'_> {
    /// The members of a subtree, with the last month each has paid.
    async fn members_paid_until(&mut self, path: &str) -> Result<HashMap<PersonId, Option<Month>>, StoreError> {
        let [from, to] = subtree_bounds(path);
        let rows = sqlx::query(
            "SELECT s.person_id, (SELECT MAX(l.month) FROM dues_line l WHERE l.root_org = s.root_org AND l.person_id = s.person_id \
             AND l.state = 'paid') AS paid_until FROM spell s JOIN org o ON o.root_org = s.root_org AND o.id = s.org_id \
             WHERE s.root_org = $1 AND o.path >= $2 AND o.path <= $3 AND s.to_day = $4 AND s.stage >= 4",
        )
        .bind(self.root.0)
        .bind(from)
        .bind(to)
        .bind(OPEN)
        .fetch_all(&mut *self.tx)
        .await?;
        let one = |row: &AnyRow| {
            let paid: Option<i64> = get(row, "paid_until")?;
            Ok((PersonId(get(row, "person_id")?), paid.map(month_of).transpose()?))
        };
        rows.iter().map(one).collect()
    }

    /// Writes bases from a month on, in place of those set for the same month.
    pub(super) async fn put_bases(&mut self, from: Month, bases: &[(PersonId, Basis)]) -> Result<(), StoreError> {
        for batch in bases.chunks(BATCH) {
            let persons: Vec<i64> = batch.iter().map(|(person, _)| person.0).collect();
            let keys = self.person_keys(&persons).await?;
            let text = format!(
                "DELETE FROM dues_base WHERE root_org = $1 AND from_month = $2 AND person_id IN ({})",
                placeholders(3, persons.len())
            );
            let mut query = sqlx::query(AssertSqlSafe(text)).bind(self.root.0).bind(from.number());
            for person in &persons {
                query = query.bind(*person);
            }
            query.execute(&mut *self.tx).await?;
            let text = format!(
                "INSERT INTO dues_base (root_org, person_id, from_month, sealed, set_at, set_by) VALUES {}",
                value_rows(batch.len(), 6)
            );
            let mut query = sqlx::query(AssertSqlSafe(text));
            for (person, basis) in batch {
                let place = base_place(self.root, *person, from);
                let plain = SealedBasis::from(*basis);
                query = query
                    .bind(self.root.0)
                    .bind(person.0)
                    .bind(from.number())
                    .bind(seal(key_for(&keys, *person)?, &plain, &place)?)
                    .bind(now_ms())
                    .bind(self.author_name().to_owned());
            }
            query.execute(&mut *self.tx).await?;
            for (person, basis) in batch {
                let note = json!({ "dues_base": SealedBasis::from(*basis), "from": from.number() });
                self.note_person(*person, key_for(&keys, *person)?, &note).await?;
            }
        }
        Ok(())
    }

    /// What persons pay by, whole histories.
    pub(super) async fn bases_of(&mut self, persons: &[i64]) -> Result<Bases, StoreError> {
        let mut bases = Bases::new();
        for batch in persons.chunks(MANY) {
            let text = format!("{BASES} AND b.person_id IN ({}) ORDER BY b.from_month", placeholders(2, batch.len()));
            let mut query = sqlx::query(AssertSqlSafe(text)).bind(self.root.0);
            for person in batch {
                query = query.bind(*person);
            }
            for row in query.fetch_all(&mut *self.tx).await? {
                add_base(&self.store.ring, self.root, &row, &mut bases)?;
            }
        }
        Ok(bases)
    }

    /// The keys of persons, however many.
    pub(super) async fn keys_of(&mut self, persons: &[i64]) -> Result<Keys, StoreError> {
        let mut keys = Keys::new();
        for batch in persons.chunks(MANY) {
            keys.extend(self.person_keys(batch).await?);
        }
        Ok(keys)
    }
}

pub(super) fn key_for(keys: &Keys, person: PersonId) -> Result<&PersonKey, StoreError> {
    keys.get(&person).map(|(_, key)| key).ok_or(StoreError::NotFound("人员"))
}

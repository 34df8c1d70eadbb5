//! Writing persons: new dossiers in batches, edits, moves. Every change keeps the spells before it and notes what differs, sealed
//! under the person's own key.

use crate::error::StoreError;
use crate::org::Org;
use crate::person::{Person, SealedPrivate, find_person, key_of, key_place, private_place, spells_of};
use crate::sql::{BATCH, end_number, get, placeholders, value_rows};
use crate::write::{Subject, Versioned, Write};
use crate::{Author, Store};
use jiff::civil::Date;
use rules::date::{PartialDate, day_number};
use rules::development::{EndKind, edit_refused};
use rules::ids::{OrgId, PersonId};
use rules::intake::Field;
use rules::member::{Record, Spell, revise};
use rules::pinyin;
use sealed::PersonKey;
use serde::{Deserialize, Serialize};
use sqlx::{Any, AssertSqlSafe};
use std::collections::HashMap;

/// What a ledger item says of a person: every field that differs, in full, sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PersonNote {
    pub(crate) changes: Vec<NotedChange>,
}

/// One field's change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct NotedChange {
    pub(crate) field: String,
    pub(crate) before: String,
    pub(crate) after: String,
}

pub(crate) fn noted(field: Field, before: impl Into<String>, after: impl Into<String>) -> NotedChange {
    NotedChange { field: field.key().to_owned(), before: before.into(), after: after.into() }
}

/// A dossier to be written, with what follows from it.
pub(crate) struct NewPerson {
    pub(crate) id: PersonId,
    pub(crate) record: Record,
    pub(crate) spells: Vec<Spell>,
    pub(crate) org_name: String,
}

/// Persons' keys, wrapped as they are stored and ready for use.
pub(crate) type Keys = HashMap<PersonId, (Vec<u8>, PersonKey)>;

pub(crate) type Insert<'q> = sqlx::query::Query<'q, Any, sqlx::any::AnyArguments>;

fn bind_partial<'q>(query: Insert<'q>, date: Option<PartialDate>) -> Insert<'q> {
    query.bind(date.map(|date| date.to_day_number())).bind(date.map(|date| date.precision.code()))
}

pub(crate) const PERSON_FIELDS: &str = "sealed, identity_index, identity_tail, phone_index, phone_tail, name, initials, gender, ethnicity, \
    born, born_precision, native_place, worked_on, worked_precision, applied_on, applied_precision, joined_on, joined_precision, \
    full_on, full_precision, party_post, admin_post, title, frontline, membership, mobile";
pub(crate) const PERSON_FIELD_COUNT: usize = 26;

const SPELL_FIELDS: &str = "person_id, from_day, to_day, org_id, stage, education, degree, title_level, employment, occupation, \
    gender, ethnicity, born, joined_on, full_on";
const SPELL_FIELD_COUNT: usize = 16;

impl Store {
    /// Opens a new dossier. The record must have passed its checks; a number that another person has is refused.
    pub async fn create_person(
        &self,
        author: impl Into<Author>,
        record: Record,
        today: Date,
        reason: &str,
    ) -> Result<PersonId, StoreError> {
        let mut write = self.begin(author, "person.create").await?;
        let org = write.org(record.standing.org).await?;
        holds_members(&org)?;
        let id = PersonId(write.new_id());
        let spells = record.first_spells(today);
        write.insert_persons(vec![NewPerson { id, record, spells, org_name: org.name }]).await?;
        write.describe(Subject::person(id), reason, "新建人员档案");
        write.commit().await?;
        Ok(id)
    }

    /// Puts a dossier in a new state, holding from `on`. The record must have passed its checks. Returns the new version.
    pub async fn save_person(
        &self,
        author: impl Into<Author>,
        action: &'static str,
        (id, version): (PersonId, i64),
        after: &Record,
        on: Date,
        (reason, summary): (&str, &str),
    ) -> Result<i64, StoreError> {
        let mut write = self.begin(author, action).await?;
        write.take_version(Versioned::Person, id.0, version).await?;
        let before = write.person(id).await?;
        let org = write.org(after.standing.org).await?;
        if org.id != before.org.id {
            holds_members(&org)?;
        }
        write.put_person(&before, after, &org.name, on).await?;
        write.describe(Subject::person(id), reason, summary);
        write.commit().await?;
        Ok(version + 1)
    }
}

/// Whether persons may belong to it: branches and groups that exist (ORG-10).
pub(crate) fn holds_members(org: &Org) -> Result<(), StoreError> {
    if let Some(day) = org.dissolved_on {
        return Err(StoreError::refused("org_dissolved", format!("「{}」已于 {day} 撤销。请另选党支部。", org.name)));
    }
    if !org.kind.holds_members() {
        let message = format!("「{}」是{}，党员须编入党支部或党小组。请另选。", org.name, org.kind.name());
        return Err(StoreError::refused("org_place", message));
    }
    Ok(())
}

impl Write<'_> {
    /// A person as he or she stands inside this command.
    pub(crate) async fn person(&mut self, id: PersonId) -> Result<Person, StoreError> {
        find_person(&mut *self.tx, &self.store.ring, self.root, id).await
    }

    /// A person's key.
    pub(crate) async fn person_key(&mut self, id: PersonId) -> Result<PersonKey, StoreError> {
        let row = sqlx::query("SELECT person_key FROM person WHERE root_org = $1 AND id = $2")
            .bind(self.root.0)
            .bind(id.0)
            .fetch_optional(&mut *self.tx)
            .await?
            .ok_or(StoreError::NotFound("人员"))?;
        key_of(&self.store.ring, self.root, id, get(&row, "person_key")?)?.ok_or(StoreError::NotFound("人员"))
    }

    /// The keys of some persons, wrapped as they are stored and ready for use.
    pub(crate) async fn person_keys(&mut self, ids: &[i64]) -> Result<Keys, StoreError> {
        let text =
            format!("SELECT id, person_key FROM person WHERE root_org = $1 AND id IN ({})", placeholders(2, ids.len()));
        let mut query = sqlx::query(AssertSqlSafe(text)).bind(self.root.0);
        for id in ids {
            query = query.bind(*id);
        }
        let mut keys = HashMap::new();
        for row in &query.fetch_all(&mut *self.tx).await? {
            let id = PersonId(get(row, "id")?);
            let wrapped: Vec<u8> = get::<Option<Vec<u8>>, _>(row, "person_key")?.ok_or(StoreError::NotFound("人员"))?;
            let key = key_of(&self.store.ring, self.root, id, Some(wrapped.clone()))?;
            keys.insert(id, (wrapped, key.ok_or(StoreError::NotFound("人员"))?));
        }
        Ok(keys)
    }

    /// Writes new dossiers with their spells and notes, many rows a statement.
    pub(crate) async fn insert_persons(&mut self, persons: Vec<NewPerson>) -> Result<(), StoreError> {
        for batch in persons.chunks(BATCH) {
            let keys = batch.iter().map(|_| self.store.ring.new_key()).collect::<Result<Vec<_>, _>>()?;
            self.insert_person_rows(batch, &keys).await?;
            let spells: Vec<(PersonId, &Record, &Spell)> = batch
                .iter()
                .flat_map(|person| person.spells.iter().map(move |spell| (person.id, &person.record, spell)))
                .collect();
            self.insert_spells(&spells).await?;
            for (person, key) in batch.iter().zip(&keys) {
                let mut changes: Vec<NotedChange> = Field::ALL
                    .iter()
                    .map(|field| noted(*field, "", person.record.value(*field)))
                    .filter(|change| !change.after.is_empty())
                    .collect();
                changes.push(noted(Field::Org, "", &person.org_name));
                self.note_person(person.id, key, &PersonNote { changes }).await?;
            }
        }
        Ok(())
    }

    async fn insert_person_rows(&mut self, batch: &[NewPerson], keys: &[PersonKey]) -> Result<(), StoreError> {
        let text = format!(
            "INSERT INTO person (root_org, id, version, person_key, {PERSON_FIELDS}) VALUES {}",
            value_rows(batch.len(), PERSON_FIELD_COUNT + 4)
        );
        let mut query = sqlx::query(AssertSqlSafe(text));
        for (person, key) in batch.iter().zip(keys) {
            let wrapped = self.store.ring.wrap(key, key_place(self.root, person.id).as_bytes())?;
            query = query.bind(self.root.0).bind(person.id.0).bind(1_i64).bind(wrapped);
            query = self.bind_record(query, person.id, &person.record, key)?;
        }
        query.execute(&mut *self.tx).await.map_err(|e| number_taken(e.into()))?;
        Ok(())
    }

    /// Binds [`PERSON_FIELDS`] of a record.
    pub(crate) fn bind_record<'q>(
        &self,
        query: Insert<'q>,
        id: PersonId,
        record: &Record,
        key: &PersonKey,
    ) -> Result<Insert<'q>, StoreError> {
        let ring = &self.store.ring;
        let plain = serde_json::to_vec(&SealedPrivate::from(&record.private))?;
        let sealed = key.seal(&plain, private_place(self.root, id).as_bytes())?;
        let identity = record.private.identity.as_ref();
        let phone = record.private.phone.as_ref();
        let query = query
            .bind(sealed)
            .bind(identity.map(|number| ring.blind_index("identity", number.expose())))
            .bind(identity.map(|number| ring.blind_index("tail", number.tail())))
            .bind(phone.map(|number| ring.blind_index("phone", number.expose())))
            .bind(phone.map(|number| ring.blind_index("tail", number.tail())))
            .bind(record.name.as_str().to_owned())
            .bind(pinyin::initials(record.name.as_str()))
            .bind(record.gender.code())
            .bind(record.ethnicity.map(|one| one.code()));
        let query = bind_partial(query, record.born).bind(record.native_place.clone());
        let query = bind_partial(query, record.worked_on);
        let query = bind_partial(query, record.applied_on);
        let query = bind_partial(query, record.joined_on);
        let query = bind_partial(query, record.full_on);
        Ok(query
            .bind(record.party_post.clone())
            .bind(record.admin_post.clone())
            .bind(record.title.clone())
            .bind(record.frontline.clone())
            .bind(record.membership.code())
            .bind(i64::from(record.mobile)))
    }

    pub(crate) async fn insert_spells(&mut self, spells: &[(PersonId, &Record, &Spell)]) -> Result<(), StoreError> {
        for batch in spells.chunks(BATCH) {
            let text = format!(
                "INSERT INTO spell (root_org, {SPELL_FIELDS}) VALUES {}",
                value_rows(batch.len(), SPELL_FIELD_COUNT)
            );
            let mut query = sqlx::query(AssertSqlSafe(text));
            for (id, record, spell) in batch {
                let standing = &spell.standing;
                let day = |date: Option<PartialDate>| date.map(|date| date.to_day_number());
                query = query
                    .bind(self.root.0)
                    .bind(id.0)
                    .bind(day_number(spell.from))
                    .bind(end_number(spell.to))
                    .bind(standing.org.0)
                    .bind(standing.stage.code())
                    .bind(standing.education.map(|one| one.code()))
                    .bind(standing.degree.map(|one| one.code()))
                    .bind(standing.title_level.map(|one| one.code()))
                    .bind(standing.employment.map(|one| one.code()))
                    .bind(standing.occupation.map(|one| one.code()))
                    .bind(record.gender.code())
                    .bind(record.ethnicity.map(|one| one.code()))
                    .bind(day(record.born))
                    .bind(day(record.joined_on))
                    .bind(day(record.full_on));
            }
            query.execute(&mut *self.tx).await?;
        }
        Ok(())
    }

    /// Puts a dossier in a new state from a day on. The version has been taken already, or the caller holds the only copy.
    pub(crate) async fn put_person(
        &mut self,
        before: &Person,
        after: &Record,
        org_name: &str,
        on: Date,
    ) -> Result<(), StoreError> {
        if let Some(refused) = edit_refused(&before.record, after)
            && self.has_case(before.id).await?
        {
            return Err(StoreError::refused(refused.code, refused.message));
        }
        let old: Vec<Spell> =
            spells_of(&mut *self.tx, self.root, before.id).await?.into_iter().map(|found| found.spell).collect();
        self.put_standing(before, after, org_name, (revise(&old, after, on), on)).await
    }

    /// The same, with spells that were decided elsewhere; `on` is the day from which the rest follows.
    pub(crate) async fn put_standing(
        &mut self,
        before: &Person,
        after: &Record,
        org_name: &str,
        (new, on): (Vec<Spell>, Date),
    ) -> Result<(), StoreError> {
        let key = self.person_key(before.id).await?;
        let marks: Vec<String> =
            PERSON_FIELDS.split(", ").enumerate().map(|(n, field)| format!("{} = ${}", field.trim(), n + 3)).collect();
        let text = format!("UPDATE person SET {} WHERE root_org = $1 AND id = $2", marks.join(", "));
        let query = sqlx::query(AssertSqlSafe(text)).bind(self.root.0).bind(before.id.0);
        let query = self.bind_record(query, before.id, after, &key)?;
        query.execute(&mut *self.tx).await.map_err(|e| number_taken(e.into()))?;

        let old: Vec<Spell> =
            spells_of(&mut *self.tx, self.root, before.id).await?.into_iter().map(|found| found.spell).collect();
        if old != new || copied(&before.record) != copied(after) {
            sqlx::query("DELETE FROM spell WHERE root_org = $1 AND person_id = $2")
                .bind(self.root.0)
                .bind(before.id.0)
                .execute(&mut *self.tx)
                .await?;
            let rows: Vec<_> = new.iter().map(|spell| (before.id, after, spell)).collect();
            self.insert_spells(&rows).await?;
        }
        self.settle_affiliation(before, after, on).await?;
        let mut changes: Vec<NotedChange> =
            before.record.differences(after).into_iter().map(|(field, old, new)| noted(field, old, new)).collect();
        if before.org.id != after.standing.org {
            changes.push(noted(Field::Org, &before.org.name, org_name));
        }
        self.note_person(before.id, &key, &PersonNote { changes }).await
    }

    /// What follows from a new organisation, or from leaving: posts, transfers and a case under way do not outlast it.
    async fn settle_affiliation(&mut self, before: &Person, after: &Record, on: Date) -> Result<(), StoreError> {
        let org = after.membership.counts().then_some(after.standing.org);
        if org == Some(before.org.id) {
            return Ok(());
        }
        self.end_posts_outside(before.id, org, on).await?;
        if org.is_none() {
            self.end_case_of(before.id, EndKind::Left, on).await?;
        }
        self.settle_transfers(before.id, org).await
    }

    /// Puts a person into another organisation from a day on, as part of a larger change.
    pub(crate) async fn move_person(&mut self, id: PersonId, to: &Org, on: Date) -> Result<(), StoreError> {
        holds_members(to)?;
        let before = self.person(id).await?;
        let mut after = before.record.clone();
        after.standing.org = OrgId(to.id.0);
        self.raise_version(id).await?;
        self.put_person(&before, &after, &to.name, on).await
    }

    /// Raises a person's version, so that an edit under way elsewhere learns of the change.
    pub(crate) async fn raise_version(&mut self, id: PersonId) -> Result<(), StoreError> {
        sqlx::query("UPDATE person SET version = version + 1 WHERE root_org = $1 AND id = $2")
            .bind(self.root.0)
            .bind(id.0)
            .execute(&mut *self.tx)
            .await?;
        Ok(())
    }
}

/// What spells copy from the person.
pub(crate) fn copied(record: &Record) -> impl PartialEq {
    let day = |date: Option<PartialDate>| date.map(|date| date.to_day_number());
    (record.gender, record.ethnicity, day(record.born), day(record.joined_on), day(record.full_on))
}

pub(crate) fn number_taken(e: StoreError) -> StoreError {
    if e.is_duplicate() {
        return StoreError::refused(
            "duplicate_id",
            "该公民身份号码已登记在另一人名下。请核对号码，或在该人的档案中办理。",
        );
    }
    e
}

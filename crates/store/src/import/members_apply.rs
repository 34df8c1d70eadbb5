//! Writing a roster's accepted rows: new branches, new dossiers, changed dossiers, many rows a statement.

use super::known::{Known, spells_of_all};
use super::members::{MemberPlan, Step};
use super::places::{Place, Places, Top};
use super::{ImportTask, Progress};
use crate::error::StoreError;
use crate::org::{NewOrg, Org};
use crate::person::Person;
use crate::person_write::{
    Insert, NewPerson, NotedChange, PERSON_FIELD_COUNT, PERSON_FIELDS, PersonNote, copied, noted, number_taken,
};
use crate::sql::{BATCH, placeholders, value_rows};
use crate::write::Write;
use rules::ids::{OrgId, PersonId};
use rules::intake::{Checked, Draft, Field};
use rules::member::{Record, Spell, revise};
use rules::org::OrgKind;
use sqlx::AssertSqlSafe;

/// A dossier about to change.
struct Change<'r> {
    person: PersonId,
    draft: &'r Draft,
    org: Option<OrgId>,
}

impl Write<'_> {
    /// Writes the accepted rows, which must be those that were settled.
    pub async fn apply_members(
        &mut self,
        plan: &MemberPlan,
        task: &ImportTask,
        rows: &[&Checked],
        progress: &Progress,
    ) -> Result<(), StoreError> {
        let created = self.create_planned(&plan.places).await?;
        let org_of = |place: Place| match place {
            Place::Known(index) => plan.places.orgs.get(index),
            Place::Planned(index) => created.get(index).and_then(Option::as_ref),
        };
        let lost = || StoreError::Corrupt("导入的党组织".to_owned());
        let mut added = Vec::with_capacity(BATCH);
        let mut changed = Vec::with_capacity(BATCH);
        for (step, row) in plan.steps.iter().zip(rows) {
            match step {
                Step::Refused | Step::Unchanged => {}
                Step::New(place) => {
                    let org = org_of(*place).ok_or_else(lost)?;
                    let record = Record::new(&row.draft, org.id).ok_or_else(lost)?;
                    let spells = record.first_spells(task.today);
                    let org_name = org.name.clone();
                    added.push(NewPerson { id: PersonId(self.new_id()), record, spells, org_name });
                }
                Step::Change(person, place) => {
                    let org = place.map(|place| org_of(place).map(|org| org.id).ok_or_else(lost)).transpose()?;
                    changed.push(Change { person: *person, draft: &row.draft, org });
                }
            }
            if added.len() == BATCH {
                self.insert_persons(std::mem::take(&mut added)).await?;
                progress.add(BATCH);
            }
            if changed.len() == BATCH {
                self.change_persons(&changed, &plan.places, &created, task).await?;
                changed.clear();
                progress.add(BATCH);
            }
        }
        progress.add(added.len() + changed.len());
        self.insert_persons(added).await?;
        self.change_persons(&changed, &plan.places, &created, task).await
    }

    async fn create_planned(&mut self, places: &Places) -> Result<Vec<Option<Org>>, StoreError> {
        let mut created = Vec::with_capacity(places.planned.len());
        if !places.planned.iter().any(|planned| planned.needed) {
            return Ok(created);
        }
        let top = match &places.top {
            Top::Known(index) => Some(places.orgs[*index].id),
            Top::Founded(name) => {
                let new = NewOrg { name: name.clone(), ..NewOrg::default() };
                Some(self.insert_org(OrgKind::Committee, new, None).await?.id)
            }
            Top::Unclear => None,
        };
        for planned in &places.planned {
            created.push(if planned.needed {
                let new =
                    NewOrg { parent: top, code: planned.code.clone(), name: planned.name.clone(), ..NewOrg::default() };
                Some(self.insert_org(planned.kind, new, None).await?)
            } else {
                None
            });
        }
        Ok(created)
    }

    /// Puts some dossiers in their new state: the rows in one statement, the spells in two.
    async fn change_persons(
        &mut self,
        changes: &[Change<'_>],
        places: &Places,
        created: &[Option<Org>],
        task: &ImportTask,
    ) -> Result<(), StoreError> {
        if changes.is_empty() {
            return Ok(());
        }
        let ids: Vec<i64> = changes.iter().map(|change| change.person.0).collect();
        let known = Known::of_ids(&mut self.tx, &self.store.ring, self.root, &ids).await?;
        let persons: Vec<PersonId> = changes.iter().map(|change| change.person).collect();
        let mut old = spells_of_all(&mut self.tx, self.root, &persons).await?;
        let mut keys = self.person_keys(&ids).await?;
        let lost = || StoreError::NotFound("人员");

        let text = upsert(changes.len());
        let mut query: Insert<'_> = sqlx::query(AssertSqlSafe(text));
        let mut afters: Vec<(&Person, Record)> = Vec::with_capacity(changes.len());
        for change in changes {
            let person = known.by_id(change.person).ok_or_else(lost)?;
            let after = person.record.with(change.draft, change.org);
            let (wrapped, key) = keys.get_mut(&change.person).ok_or_else(lost)?;
            query = query.bind(self.root.0).bind(person.id.0).bind(1_i64).bind(std::mem::take(wrapped));
            query = self.bind_record(query, person.id, &after, key)?;
            afters.push((person, after));
        }
        query.execute(&mut *self.tx).await.map_err(|e| number_taken(e.into()))?;

        let mut stale: Vec<i64> = Vec::new();
        let mut fresh: Vec<(PersonId, &Record, Spell)> = Vec::new();
        for (person, after) in &afters {
            let spells = old.remove(&person.id).unwrap_or_default();
            let revised = revise(&spells, after, task.today);
            if spells != revised || copied(&person.record) != copied(after) {
                stale.push(person.id.0);
                fresh.extend(revised.into_iter().map(|spell| (person.id, after, spell)));
            }
        }
        self.delete_spells(&stale).await?;
        let rows: Vec<(PersonId, &Record, &Spell)> =
            fresh.iter().map(|(id, record, spell)| (*id, *record, spell)).collect();
        self.insert_spells(&rows).await?;

        for (person, after) in &afters {
            let mut changes: Vec<NotedChange> =
                person.record.differences(after).into_iter().map(|(field, old, new)| noted(field, old, new)).collect();
            if person.org.id != after.standing.org {
                changes.push(noted(Field::Org, &person.org.name, name_of(after.standing.org, places, created)));
            }
            let (_, key) = keys.get(&person.id).ok_or_else(lost)?;
            self.note_person(person.id, key, &PersonNote { changes }).await?;
        }
        Ok(())
    }

    async fn delete_spells(&mut self, persons: &[i64]) -> Result<(), StoreError> {
        if persons.is_empty() {
            return Ok(());
        }
        let text =
            format!("DELETE FROM spell WHERE root_org = $1 AND person_id IN ({})", placeholders(2, persons.len()));
        let mut query = sqlx::query(AssertSqlSafe(text)).bind(self.root.0);
        for id in persons {
            query = query.bind(*id);
        }
        query.execute(&mut *self.tx).await?;
        Ok(())
    }
}

fn name_of<'p>(id: OrgId, places: &'p Places, created: &'p [Option<Org>]) -> &'p str {
    let known = places.place_of(id).and_then(|place| match place {
        Place::Known(index) => places.orgs.get(index),
        Place::Planned(_) => None,
    });
    known.or_else(|| created.iter().flatten().find(|org| org.id == id)).map_or("", |org| org.name.as_str())
}

/// New states of rows that exist: inserted over themselves, which both databases do in one statement.
fn upsert(rows: usize) -> String {
    let fields: Vec<String> =
        PERSON_FIELDS.split(", ").map(|field| format!("{0} = excluded.{0}", field.trim())).collect();
    format!(
        "INSERT INTO person (root_org, id, version, person_key, {PERSON_FIELDS}) VALUES {} \
         ON CONFLICT (root_org, id) DO UPDATE SET version = person.version + 1, {}",
        value_rows(rows, PERSON_FIELD_COUNT + 4),
        fields.join(", ")
    )
}

//! Rosters: which rows say something new, which change a dossier, which must not be taken, and writing the accepted ones.

use super::known::{Known, spells_of_all};
use super::places::{Place, Places, Top};
use super::{ImportTask, Progress};
use crate::Store;
use crate::error::StoreError;
use crate::org::{NewOrg, Org};
use crate::person::Person;
use crate::person_write::{
    Insert, NewPerson, NotedChange, PERSON_FIELD_COUNT, PERSON_FIELDS, PersonNote, copied, noted, number_taken,
};
use crate::sql::{BATCH, placeholders, value_rows};
use crate::write::Write;
use rules::ids::{OrgId, PersonId, RootOrg};
use rules::intake::{Checked, Code, Draft, Field, Finding};
use rules::member::{Record, Spell, revise};
use rules::org::OrgKind;
use sealed::KeyRing;
use sqlx::{AnyConnection, AssertSqlSafe};
use std::collections::HashSet;

/// What will become of every row of a roster.
#[derive(Debug)]
pub struct MemberPlan {
    steps: Vec<Step>,
    places: Places,
}

#[derive(Debug, Clone, Copy)]
enum Step {
    /// Not accepted.
    Refused,
    /// Accepted, and already so.
    Unchanged,
    /// A new dossier.
    New(Place),
    /// A dossier changes; the place is none where the row does not say one.
    Change(PersonId, Option<Place>),
}

impl MemberPlan {
    /// Organisations that will be created because rows name them.
    pub fn orgs_created(&self) -> usize {
        self.places.planned.iter().filter(|planned| planned.needed).count()
    }

    /// New dossiers.
    pub fn added(&self) -> usize {
        self.steps.iter().filter(|step| matches!(step, Step::New(_))).count()
    }

    /// Dossiers that change.
    pub fn changed(&self) -> usize {
        self.steps.iter().filter(|step| matches!(step, Step::Change(..))).count()
    }

    /// Whether there is nothing to write.
    pub fn is_idle(&self) -> bool {
        self.added() + self.changed() == 0
    }
}

impl Store {
    /// Compares a roster's rows with the register and adds to each row what is wrong with it. Only reads.
    pub async fn settle_members(
        &self,
        root: RootOrg,
        task: &ImportTask,
        rows: &mut [&mut Checked],
        progress: &Progress,
    ) -> Result<MemberPlan, StoreError> {
        let mut db = self.db.read.acquire().await?;
        settle(&mut db, &self.ring, root, task, rows, progress).await
    }
}

async fn settle(
    db: &mut AnyConnection,
    ring: &KeyRing,
    root: RootOrg,
    task: &ImportTask,
    rows: &mut [&mut Checked],
    progress: &Progress,
) -> Result<MemberPlan, StoreError> {
    let mut plan = MemberPlan { steps: Vec::with_capacity(rows.len()), places: Places::load(db, root, task).await? };
    let mut seen = HashSet::new();
    for chunk in rows.chunks_mut(BATCH) {
        let known = Known::meant(db, ring, root, chunk.iter().map(|row| &row.draft)).await?;
        let mut done = 0;
        for row in chunk {
            let step = settle_row(row, &known, &mut plan.places, &mut seen, task);
            if let Step::New(Place::Planned(index)) | Step::Change(_, Some(Place::Planned(index))) = step {
                plan.places.planned[index].needed = true;
            }
            done += usize::from(matches!(step, Step::Refused | Step::Unchanged));
            plan.steps.push(step);
        }
        progress.add(done);
    }
    Ok(plan)
}

/// Stands for an organisation that has no id yet.
const TO_BE_CREATED: OrgId = OrgId(-1);

fn settle_row(
    row: &mut Checked,
    known: &Known,
    places: &mut Places,
    seen: &mut HashSet<PersonId>,
    task: &ImportTask,
) -> Step {
    let person = match person_meant(&row.draft, known, task) {
        Ok(person) => person,
        Err(finding) => {
            add(row, finding);
            None
        }
    };
    let current = person.map(|person| person.org.id);
    let place = match places.resolve(&row.draft, current, task, &mut row.warnings) {
        Ok(place) => place,
        Err(finding) => {
            add(row, finding);
            None
        }
    };
    let step = match person {
        Some(person) => change_of(row, person, place, places, seen, task),
        None => place.map(Step::New),
    };
    match step {
        Some(step) if row.errors.is_empty() => step,
        _ => Step::Refused,
    }
}

/// Adds what is wrong, unless the row itself has shown the same of the same field already.
fn add(row: &mut Checked, finding: Finding) {
    if !row.errors.iter().any(|known| (known.field, known.code) == (finding.field, finding.code)) {
        row.errors.push(finding);
    }
}

/// Whom a row means: by 人员编号, or by identity number together with the name. A number that belongs to somebody else is refused.
fn person_meant<'k>(draft: &Draft, known: &'k Known, task: &ImportTask) -> Result<Option<&'k Person>, Finding> {
    let taken = |message: String| Finding::new(Field::Identity, Code::DuplicateId, message);
    let holder = draft.identity.as_ref().and_then(|number| known.by_number(number.expose()));
    let outside =
        || taken("该公民身份号码已在您的管理范围之外登记。请核对号码；确需转入的，请办理组织关系转接".to_owned());
    if let Some(id) = draft.reference {
        let person = known.by_id(id).filter(|person| task.covers(&person.org.path)).ok_or_else(|| {
            let message = "没有这个人员编号，或不在您的管理范围内。新增人员请清空此格；修改人员请重新导出";
            Finding::new(Field::Reference, Code::UnknownCode, message)
        })?;
        return match holder.filter(|holder| holder.id != id) {
            None => Ok(Some(person)),
            Some(holder) if !task.covers(&holder.org.path) => Err(outside()),
            Some(_) => Err(taken("该公民身份号码已登记在另一人名下。请核对号码".to_owned())),
        };
    }
    let Some(holder) = holder else { return Ok(None) };
    if !task.covers(&holder.org.path) {
        return Err(outside());
    }
    if draft.name.as_ref().is_some_and(|name| *name != holder.record.name) {
        let message = format!(
            "该公民身份号码已登记在「{}」名下，姓名不同。请核对号码；确系改名的，请在该人档案中修改",
            holder.record.name
        );
        return Err(taken(message));
    }
    Ok(Some(holder))
}

/// What a row changes of a person; adds what is wrong with the whole dossier after the change.
fn change_of(
    row: &mut Checked,
    person: &Person,
    place: Option<Place>,
    places: &Places,
    seen: &mut HashSet<PersonId>,
    task: &ImportTask,
) -> Option<Step> {
    if !seen.insert(person.id) {
        let message = "本表前面已有一行是同一人。请核对，删去多余的一行";
        add(row, Finding::new(Field::Identity, Code::DuplicateId, message));
        return None;
    }
    let org = place.map(|place| match place {
        Place::Known(index) => places.orgs[index].id,
        Place::Planned(_) => TO_BE_CREATED,
    });
    let after = person.record.with(&row.draft, org);
    if after == person.record {
        return Some(Step::Unchanged);
    }
    if person.left {
        let message =
            format!("此人已不在册（党籍状态：{}），不能由花名册修改。请在其档案中办理", person.record.membership);
        add(row, Finding::new(Field::Identity, Code::DuplicateId, message));
        return None;
    }
    after.check(task.today).into_iter().for_each(|finding| add(row, finding));
    Some(Step::Change(person.id, place))
}

/// A dossier about to change.
struct Change<'r> {
    person: PersonId,
    draft: &'r Draft,
    org: Option<OrgId>,
}

impl Write<'_> {
    /// The same as [`Store::settle_members`], inside this command: what it finds still holds when the plan is applied.
    pub async fn settle_members(
        &mut self,
        task: &ImportTask,
        rows: &mut [&mut Checked],
        progress: &Progress,
    ) -> Result<MemberPlan, StoreError> {
        settle(&mut self.tx, &self.store.ring, self.root, task, rows, progress).await
    }

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

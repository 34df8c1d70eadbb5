//! Rosters: which rows say something new, which change a dossier, which must not be taken. Only reads.

use super::known::Known;
use super::places::{Place, Places};
use super::{ImportTask, Progress};
use crate::Store;
use crate::error::StoreError;
use crate::person::Person;
use crate::sql::BATCH;
use crate::write::Write;
use rules::development::edit_refused;
use rules::ids::{OrgId, PersonId, RootOrg};
use rules::intake::{Checked, Code, Draft, Field, Finding};
use sealed::KeyRing;
use sqlx::AnyConnection;
use std::collections::HashSet;

/// What will become of every row of a roster.
#[derive(Debug)]
pub struct MemberPlan {
    pub(super) steps: Vec<Step>,
    pub(super) places: Places,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Step {
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
        Some(person) => change_of(row, (person, known.has_case(person.id)), place, places, seen, task),
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
    (person, in_case): (&Person, bool),
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
    if let Some(refused) = edit_refused(&person.record, &after).filter(|_| in_case) {
        add(row, Finding::new(Field::Stage, Code::DuplicateId, refused.message));
        return None;
    }
    after.check(task.today).into_iter().for_each(|finding| add(row, finding));
    Some(Step::Change(person.id, place))
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
}

//! One case, whole: what was filled in, by whom, the papers, and the names of those whom it mentions.

use super::paper::{CasePaper, papers_of};
use super::read::{CaseRow, find_case, mark_of};
use super::{SealedStep, step_place};
use crate::Store;
use crate::error::StoreError;
use crate::sql::{get, placeholders};
use rules::development::{Case, Mark, Step, Taken, Values};
use rules::ids::{CaseId, OrgId, PersonId, RootOrg};
use sealed::{KeyRing, PersonKey};
use sqlx::{AnyConnection, AssertSqlSafe};
use std::collections::BTreeMap;

/// A taking of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenStep {
    /// The step, its day, what came of it.
    pub mark: Mark,
    /// Which taking of this step, from 1.
    pub times: u32,
    /// What was filled in.
    pub values: Values,
    /// What was done in spite of a warning.
    pub warnings: Vec<String>,
    /// Why.
    pub reason: String,
    /// Where.
    pub org: OrgId,
    /// Who entered it, by the name of the account.
    pub done_by: String,
    /// When it was entered, UTC milliseconds.
    pub done_at: i64,
    pub(super) n: i64,
    pub(super) record: i64,
}

/// A case with everything in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WholeCase {
    /// What a list shows of it.
    pub row: CaseRow,
    /// The steps taken, in order.
    pub taken: Vec<TakenStep>,
    /// The papers, in the order of the steps.
    pub papers: Vec<CasePaper>,
    /// The names of the persons mentioned.
    pub persons: BTreeMap<PersonId, String>,
    /// The names of the organisations mentioned.
    pub orgs: BTreeMap<OrgId, String>,
    /// Whether the register has the person as 流动.
    pub mobile: bool,
}

impl WholeCase {
    /// The case as the rules see it.
    pub fn case(&self) -> Case {
        rules_case(&self.row, &self.taken)
    }

    /// Which taking of a step the next one will be, from 1: the papers put to it meanwhile have this number.
    pub fn next_n(&self, step: Step) -> u32 {
        self.taken.iter().filter(|taken| taken.mark.step == step).count() as u32 + 1
    }

    /// What a step's form can begin with.
    pub fn prefill(&self, step: Step) -> Values {
        self.case().prefill(step, self.mobile)
    }
}

pub(super) fn rules_case(row: &CaseRow, taken: &[TakenStep]) -> Case {
    Case {
        person: row.person,
        state: row.state,
        known: row.known,
        taken: taken.iter().map(|one| Taken { mark: one.mark, values: one.values.clone() }).collect(),
    }
}

/// The takings of a case's steps, opened with the person's key.
pub(super) async fn taken_of(
    db: &mut AnyConnection,
    root: RootOrg,
    id: CaseId,
    key: &PersonKey,
) -> Result<Vec<TakenStep>, StoreError> {
    let rows = sqlx::query(
        "SELECT n, step, times, org_id, on_day, outcome, until_day, record_id, done_by, done_at, sealed FROM case_step \
         WHERE root_org = $1 AND case_id = $2 ORDER BY n",
    )
    .bind(root.0)
    .bind(id.0)
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            let (mark, n) = (mark_of(row)?, get::<i64, _>(row, "n")?);
            let plain = key.open(&get::<Vec<u8>, _>(row, "sealed")?, step_place(root, id, n).as_bytes())?;
            let SealedStep { values, reason, warnings } = serde_json::from_slice(&plain)?;
            Ok(TakenStep {
                mark,
                times: u32::try_from(get::<i64, _>(row, "times")?).unwrap_or_default(),
                values: Values::stored(mark.step, &values),
                warnings,
                reason,
                org: OrgId(get(row, "org_id")?),
                done_by: get(row, "done_by")?,
                done_at: get(row, "done_at")?,
                n,
                record: get(row, "record_id")?,
            })
        })
        .collect()
}

/// Names by id, from a table that has both.
async fn names(
    db: &mut AnyConnection,
    root: RootOrg,
    table: &'static str,
    ids: &[i64],
) -> Result<Vec<(i64, String)>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let text = format!("SELECT id, name FROM {table} WHERE root_org = $1 AND id IN ({})", placeholders(2, ids.len()));
    let mut query = sqlx::query(AssertSqlSafe(text)).bind(root.0);
    for id in ids {
        query = query.bind(*id);
    }
    query.fetch_all(db).await?.iter().map(|row| Ok((get(row, "id")?, get(row, "name")?))).collect()
}

async fn add_names(
    db: &mut AnyConnection,
    root: RootOrg,
    case: &mut WholeCase,
    values: &[Values],
) -> Result<(), StoreError> {
    let persons = values.iter().flat_map(Values::all_persons).filter(|id| !case.persons.contains_key(id));
    let persons: Vec<i64> = persons.map(|id| id.0).collect();
    let orgs = values.iter().flat_map(Values::all_orgs).filter(|id| !case.orgs.contains_key(id));
    let orgs: Vec<i64> = orgs.map(|id| id.0).collect();
    case.persons.extend(names(db, root, "person", &persons).await?.into_iter().map(|(id, name)| (PersonId(id), name)));
    case.orgs.extend(names(db, root, "org", &orgs).await?.into_iter().map(|(id, name)| (OrgId(id), name)));
    Ok(())
}

/// One case whole, inside or outside a transaction.
pub(super) async fn find_whole(
    db: &mut AnyConnection,
    ring: &KeyRing,
    root: RootOrg,
    id: CaseId,
) -> Result<WholeCase, StoreError> {
    let row = find_case(db, ring, root, id).await?;
    let person = crate::person::find_person(&mut *db, ring, root, row.person).await?;
    let key = person_key(db, ring, root, row.person).await?;
    let taken = taken_of(db, root, id, &key).await?;
    let papers = papers_of(db, root, id, row.person, &key).await?;
    let mut case =
        WholeCase { row, taken, papers, persons: BTreeMap::new(), orgs: BTreeMap::new(), mobile: person.record.mobile };
    let values: Vec<Values> = case.taken.iter().map(|taken| taken.values.clone()).collect();
    add_names(db, root, &mut case, &values).await?;
    Ok(case)
}

pub(super) async fn person_key(
    db: &mut AnyConnection,
    ring: &KeyRing,
    root: RootOrg,
    person: PersonId,
) -> Result<PersonKey, StoreError> {
    let row = sqlx::query("SELECT person_key FROM person WHERE root_org = $1 AND id = $2")
        .bind(root.0)
        .bind(person.0)
        .fetch_optional(db)
        .await?
        .ok_or(StoreError::NotFound("人员"))?;
    crate::person::key_of(ring, root, person, get(&row, "person_key")?)?.ok_or(StoreError::NotFound("人员"))
}

impl Store {
    /// One case with everything in it.
    pub async fn case(&self, root: RootOrg, id: CaseId) -> Result<WholeCase, StoreError> {
        let mut db = self.db.read.acquire().await?;
        find_whole(&mut db, &self.ring, root, id).await
    }

    /// Adds the names of those whom a form not yet taken mentions.
    pub async fn name_all(&self, root: RootOrg, case: &mut WholeCase, values: &Values) -> Result<(), StoreError> {
        let mut db = self.db.read.acquire().await?;
        add_names(&mut db, root, case, std::slice::from_ref(values)).await
    }
}

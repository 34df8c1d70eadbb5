//! Cases as lists and counts. What is filled in stays sealed.

use super::{reason_place, state_of, step_of};
use crate::Store;
use crate::bounds::Bounds;
use crate::error::StoreError;
use crate::person::key_of;
use crate::sql::{coded, day, day_opt, get, placeholders};
use jiff::civil::Date;
use rules::codes::Stage;
use rules::date::day_number;
use rules::development::{CaseStage, CaseState, EndKind, Mark, Outcome, Step, StepActor, Track};
use rules::ids::{CaseId, OrgId, PersonId, RootOrg};
use rules::measure::Measures;
use sealed::KeyRing;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe};
use std::collections::HashMap;

/// A case without what was filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseRow {
    /// Its id.
    pub id: CaseId,
    /// Raised by every change of it.
    pub version: i64,
    /// Whose.
    pub person: PersonId,
    /// That person's name.
    pub person_name: String,
    /// That person's standing; the last one after leaving.
    pub person_stage: Stage,
    /// Where the person is: a branch or a group.
    pub org: OrgId,
    /// Its name.
    pub org_name: String,
    /// Its path: what access is decided by.
    pub org_path: String,
    /// The branch: the same, or the one above the group.
    pub branch: OrgId,
    /// Its name.
    pub branch_name: String,
    /// Its path.
    pub branch_path: String,
    /// Whether it goes on.
    pub state: CaseState,
    /// The step to be done next; none when it is over.
    pub step: Option<Step>,
    /// The last step that the register showed to be done when the case was opened.
    pub known: Option<Step>,
    /// When the application was handed in, as said when the case was opened.
    pub applied_on: Date,
    /// The day of the last step; of the application before there is one.
    pub last_on: Date,
    /// When it was opened, UTC milliseconds.
    pub opened_at: i64,
    /// By whom, by the name of the account.
    pub opened_by: String,
    /// How it ended, or why it rests.
    pub end: Option<CaseEnd>,
    /// The steps taken, in order.
    pub track: Track,
}

/// How a case ended, or why it rests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseEnd {
    /// How it ended; none while it only rests.
    pub kind: Option<EndKind>,
    /// When.
    pub on: Date,
    /// Who decided, by the name of the account.
    pub by: String,
    /// Why.
    pub reason: String,
}

/// Which cases a list asks for; everything given must hold.
#[derive(Debug, Clone, Default)]
pub struct CaseFilter {
    /// Only this organisation's subtree, by path.
    pub within: Option<String>,
    /// Only this stage.
    pub stage: Option<CaseStage>,
    /// Only these states; none means those under way.
    pub states: Vec<CaseState>,
    /// Only those whose next step is one of these actors'; none means all.
    pub waits_for: Vec<StepActor>,
}

/// Where a list goes on: after this case, those longest without a step first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CaseCursor {
    /// The day of its last step.
    pub last_on: Date,
    /// The case.
    pub id: CaseId,
}

/// The open cases of a stage, counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StageCount {
    /// Which stage.
    pub stage: CaseStage,
    /// How many.
    pub cases: i64,
    /// Of these, those that wait for the superior.
    pub at_superior: i64,
    /// Of these, those whose next step, or next review, is late.
    pub overdue: i64,
}

/// Cases counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseCounts {
    /// Open ones by stage, in order.
    pub stages: Vec<StageCount>,
    /// 暂缓.
    pub suspended: i64,
    /// Archived.
    pub finished: i64,
    /// Ended before their time.
    pub ended: i64,
}

impl CaseRow {
    /// The cursor that goes on after this case.
    pub fn cursor(&self) -> CaseCursor {
        CaseCursor { last_on: self.last_on, id: self.id }
    }
}

const COLUMNS: &str = "c.id, c.version, c.person_id, p.name, p.person_key, s.stage, o.id AS org_id, o.name AS org_name, o.path AS org_path, \
    b.id AS branch_id, b.name AS branch_name, b.path AS branch_path, c.state, c.step, c.known_step, c.applied_day, c.last_day, c.opened_at, \
    c.opened_by, c.end_kind, c.end_day, c.end_by, c.end_reason";

/// A case with its person's last spell and organisation; the branch is the organisation itself, or the one above a group (kind 6).
const TABLES: &str = "development_case c JOIN person p ON p.root_org = c.root_org AND p.id = c.person_id \
    JOIN spell s ON s.root_org = c.root_org AND s.person_id = c.person_id AND s.from_day = \
        (SELECT MAX(x.from_day) FROM spell x WHERE x.root_org = c.root_org AND x.person_id = c.person_id) \
    JOIN org o ON o.root_org = s.root_org AND o.id = s.org_id \
    JOIN org b ON b.root_org = o.root_org AND b.id = CASE WHEN o.kind = 6 THEN o.parent_id ELSE o.id END";

fn case_of(ring: &KeyRing, root: RootOrg, row: &AnyRow) -> Result<CaseRow, StoreError> {
    let (id, person) = (CaseId(get(row, "id")?), PersonId(get(row, "person_id")?));
    let step: i64 = get(row, "step")?;
    let known: Option<i64> = get(row, "known_step")?;
    Ok(CaseRow {
        id,
        version: get(row, "version")?,
        person,
        person_name: get(row, "name")?,
        person_stage: coded(get(row, "stage")?, Stage::from_code, "人员类别")?,
        org: OrgId(get(row, "org_id")?),
        org_name: get(row, "org_name")?,
        org_path: get(row, "org_path")?,
        branch: OrgId(get(row, "branch_id")?),
        branch_name: get(row, "branch_name")?,
        branch_path: get(row, "branch_path")?,
        state: state_of(&get::<String, _>(row, "state")?)?,
        step: if step == 0 { None } else { Some(step_of(step)?) },
        known: known.map(step_of).transpose()?,
        applied_on: day(get(row, "applied_day")?)?,
        last_on: day(get(row, "last_day")?)?,
        opened_at: get(row, "opened_at")?,
        opened_by: get(row, "opened_by")?,
        end: end_of(ring, root, (id, person), row)?,
        track: Track::default(),
    })
}

fn end_of(
    ring: &KeyRing,
    root: RootOrg,
    (id, person): (CaseId, PersonId),
    row: &AnyRow,
) -> Result<Option<CaseEnd>, StoreError> {
    let Some(on) = day_opt(get(row, "end_day")?)? else { return Ok(None) };
    let kind: Option<String> = get(row, "end_kind")?;
    let kind = kind
        .map(|key| EndKind::from_key(&key).ok_or_else(|| StoreError::Corrupt(format!("终止情形 {key}"))))
        .transpose()?;
    let key = key_of(ring, root, person, get(row, "person_key")?)?;
    let reason = match (key, get::<Option<Vec<u8>>, _>(row, "end_reason")?) {
        (Some(key), Some(sealed)) => {
            String::from_utf8_lossy(&key.open(&sealed, reason_place(root, id).as_bytes())?).into_owned()
        }
        _ => String::new(),
    };
    Ok(Some(CaseEnd { kind, on, by: get::<Option<String>, _>(row, "end_by")?.unwrap_or_default(), reason }))
}

/// One case, inside or outside a transaction.
pub(super) async fn find_case(
    db: &mut AnyConnection,
    ring: &KeyRing,
    root: RootOrg,
    id: CaseId,
) -> Result<CaseRow, StoreError> {
    let text = format!("SELECT {COLUMNS} FROM {TABLES} WHERE c.root_org = $1 AND c.id = $2");
    let row = sqlx::query(AssertSqlSafe(text)).bind(root.0).bind(id.0).fetch_optional(&mut *db).await?;
    let mut found = vec![case_of(ring, root, &row.ok_or(StoreError::NotFound("卷宗"))?)?];
    add_tracks(db, root, &mut found).await?;
    found.pop().ok_or(StoreError::NotFound("卷宗"))
}

/// Adds what was done to cases, in one statement.
async fn add_tracks(db: &mut AnyConnection, root: RootOrg, cases: &mut [CaseRow]) -> Result<(), StoreError> {
    if cases.is_empty() {
        return Ok(());
    }
    let text = format!(
        "SELECT case_id, step, on_day, outcome, until_day FROM case_step WHERE root_org = $1 AND case_id IN ({}) ORDER BY case_id, n",
        placeholders(2, cases.len())
    );
    let mut query = sqlx::query(AssertSqlSafe(text)).bind(root.0);
    for case in cases.iter() {
        query = query.bind(case.id.0);
    }
    let mut marks: HashMap<CaseId, Vec<Mark>> = HashMap::new();
    for row in &query.fetch_all(db).await? {
        marks.entry(CaseId(get(row, "case_id")?)).or_default().push(mark_of(row)?);
    }
    for case in cases {
        case.track = Track(marks.remove(&case.id).unwrap_or_default());
    }
    Ok(())
}

pub(super) fn mark_of(row: &AnyRow) -> Result<Mark, StoreError> {
    let outcome: String = get(row, "outcome")?;
    Ok(Mark {
        step: step_of(get(row, "step")?)?,
        on: day(get(row, "on_day")?)?,
        outcome: Outcome::from_key(&outcome).ok_or_else(|| StoreError::Corrupt(format!("结果 {outcome}")))?,
        until: day_opt(get(row, "until_day")?)?,
    })
}

impl Store {
    /// Cases in the given subtrees, those longest without a step first.
    pub async fn cases(
        &self,
        root: RootOrg,
        scope: &[String],
        filter: &CaseFilter,
        after: Option<CaseCursor>,
        limit: i64,
    ) -> Result<Vec<CaseRow>, StoreError> {
        let mut bounds = Bounds::default();
        bounds.number(root.0);
        let mut parts = vec![bounds.within("o.path", scope.iter().map(String::as_str))];
        if let Some(path) = &filter.within {
            parts.push(bounds.within("o.path", [path.as_str()]));
        }
        let states: Vec<CaseState> = match filter.states.is_empty() {
            true => CaseState::ALL.iter().copied().filter(|state| state.is_under_way()).collect(),
            false => filter.states.clone(),
        };
        let states: Vec<String> = states.iter().map(|state| bounds.text(state.key())).collect();
        parts.push(format!("c.state IN ({})", states.join(", ")));
        let steps = |fits: &dyn Fn(&Step) -> bool| -> Vec<i64> {
            Step::ALL.iter().filter(|step| fits(step)).map(|step| i64::from(step.number())).collect()
        };
        if let Some(stage) = filter.stage {
            parts.push(bounds.one_of("c.step", &steps(&|step| step.stage() == stage)));
        }
        if !filter.waits_for.is_empty() {
            parts.push(bounds.one_of("c.step", &steps(&|step| filter.waits_for.contains(&step.actor()))));
        }
        if let Some(after) = after {
            let (on, id) = (bounds.number(day_number(after.last_on)), bounds.number(after.id.0));
            parts.push(format!("(c.last_day > {on} OR (c.last_day = {on} AND c.id > {id}))"));
        }
        let limit = bounds.number(limit);
        let text = format!(
            "SELECT {COLUMNS} FROM {TABLES} WHERE c.root_org = $1 AND {} ORDER BY c.last_day, c.id LIMIT {limit}",
            parts.join(" AND ")
        );
        let mut db = self.db.read.acquire().await?;
        let rows = bounds.bind(sqlx::query(AssertSqlSafe(text))).fetch_all(&mut *db).await?;
        let mut cases = rows.iter().map(|row| case_of(&self.ring, root, row)).collect::<Result<Vec<_>, _>>()?;
        add_tracks(&mut db, root, &mut cases).await?;
        Ok(cases)
    }

    /// How many cases there are in the given subtrees, narrowed to one of them.
    pub async fn case_counts(
        &self,
        root: RootOrg,
        scope: &[String],
        within: Option<&str>,
        measures: &Measures,
        today: Date,
    ) -> Result<CaseCounts, StoreError> {
        let mut bounds = Bounds::default();
        bounds.number(root.0);
        let mut parts = vec![bounds.within("o.path", scope.iter().map(String::as_str))];
        parts.extend(within.map(|path| bounds.within("o.path", [path])));
        let text = format!(
            "SELECT c.id, c.state, k.step, k.on_day, k.outcome, k.until_day FROM {TABLES} \
             LEFT JOIN case_step k ON k.root_org = c.root_org AND k.case_id = c.id AND c.state = 'open' \
             WHERE c.root_org = $1 AND {} ORDER BY c.id, k.n",
            parts.join(" AND ")
        );
        let rows = bounds.bind(sqlx::query(AssertSqlSafe(text))).fetch_all(&self.db.read).await?;
        let mut cases: Vec<(CaseId, CaseState, Track)> = Vec::new();
        for row in &rows {
            let id = CaseId(get(row, "id")?);
            if cases.last().is_none_or(|(last, ..)| *last != id) {
                cases.push((id, state_of(&get::<String, _>(row, "state")?)?, Track::default()));
            }
            if get::<Option<i64>, _>(row, "step")?.is_some()
                && let Some((.., track)) = cases.last_mut()
            {
                track.0.push(mark_of(row)?);
            }
        }
        Ok(counted(&cases, measures, today))
    }

    /// The path of the organisation in which a case is: what access is decided by.
    pub async fn case_org_path(&self, root: RootOrg, id: CaseId) -> Result<String, StoreError> {
        let text = format!("SELECT o.path FROM {TABLES} WHERE c.root_org = $1 AND c.id = $2");
        let row = sqlx::query(AssertSqlSafe(text)).bind(root.0).bind(id.0).fetch_optional(&self.db.read).await?;
        get(&row.ok_or(StoreError::NotFound("卷宗"))?, "path")
    }

    /// Whose case it is.
    pub async fn case_person(&self, root: RootOrg, id: CaseId) -> Result<PersonId, StoreError> {
        let row = sqlx::query("SELECT person_id FROM development_case WHERE root_org = $1 AND id = $2")
            .bind(root.0)
            .bind(id.0)
            .fetch_optional(&self.db.read)
            .await?;
        Ok(PersonId(get(&row.ok_or(StoreError::NotFound("卷宗"))?, "person_id")?))
    }

    /// A person's case: the one under way, or else the newest.
    pub async fn case_of_person(&self, root: RootOrg, person: PersonId) -> Result<Option<CaseId>, StoreError> {
        let row = sqlx::query(
            "SELECT id FROM development_case WHERE root_org = $1 AND person_id = $2 \
             ORDER BY CASE WHEN state IN ('open', 'suspended') THEN 0 ELSE 1 END, id DESC LIMIT 1",
        )
        .bind(root.0)
        .bind(person.0)
        .fetch_optional(&self.db.read)
        .await?;
        row.map(|row| get(&row, "id").map(CaseId)).transpose()
    }
}

fn counted(cases: &[(CaseId, CaseState, Track)], measures: &Measures, today: Date) -> CaseCounts {
    let count = |wanted: CaseState| cases.iter().filter(|(_, state, _)| *state == wanted).count() as i64;
    let mut stages: Vec<StageCount> =
        CaseStage::ALL.iter().map(|stage| StageCount { stage: *stage, cases: 0, at_superior: 0, overdue: 0 }).collect();
    for (.., track) in cases.iter().filter(|(_, state, _)| *state == CaseState::Open) {
        let Some(present) = track.present() else { continue };
        let Some(stage) = stages.iter_mut().find(|stage| stage.stage == present.stage()) else { continue };
        stage.cases += 1;
        stage.at_superior += i64::from(present.actor() == StepActor::Superior);
        stage.overdue += i64::from(track.dues(measures).iter().any(|(_, due)| *due < today));
    }
    CaseCounts {
        stages,
        suspended: count(CaseState::Suspended),
        finished: count(CaseState::Finished),
        ended: count(CaseState::Ended),
    }
}

#[cfg(test)]
mod tests {
    use rules::org::OrgKind;

    #[test]
    fn the_kind_written_out_in_the_statement_is_a_group() {
        assert_eq!(OrgKind::Group.code(), 6);
    }
}

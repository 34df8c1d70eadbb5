//! Cases as lists and counts, and one of them whole.

use super::access::{is_own, path_for};
use super::shape::{CaseCounts, CaseList, CaseRow, CaseState, DevelopmentCase, StageCount};
use super::whole::whole;
use crate::body::{Faults, Params, Segment};
use crate::orgs::org_for;
use crate::signed::Signed;
use crate::{App, Problem};
use axum::Json;
use axum::extract::State;
use jiff::civil::Date;
use rules::access::Action;
use rules::development::{CaseStage, CaseState as Known, StepActor};
use rules::ids::{CaseId, OrgId};
use rules::measure::Measures;
use serde::Deserialize;
use store::{CaseCursor, CaseFilter, CaseRow as Kept};
use utoipa::IntoParams;

/// Cases of a page.
const PAGE: usize = 30;

/// Which cases.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct CaseQuery {
    /// An organisation; its whole subtree is meant.
    org: Option<String>,
    /// 1 to 5.
    stage: Option<u8>,
    /// `open` (when left out), `suspended`, `finished` or `ended`.
    state: Option<String>,
    /// Only those whose next step is for this account's own organisation to take.
    mine: Option<bool>,
    cursor: Option<String>,
}

/// Where they are counted.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct CountQuery {
    /// An organisation; its whole subtree is meant.
    org: Option<String>,
}

impl From<Known> for CaseState {
    fn from(state: Known) -> Self {
        match state {
            Known::Open => CaseState::Open,
            Known::Suspended => CaseState::Suspended,
            Known::Finished => CaseState::Finished,
            Known::Ended => CaseState::Ended,
        }
    }
}

/// A case as lists show it, for this account.
pub(super) fn row_of(row: &Kept, signed: &Signed, measures: &Measures, today: Date) -> CaseRow {
    let step = row.step.filter(|_| matches!(row.state, Known::Open | Known::Suspended));
    let last = row.track.last().map(|mark| mark.step);
    let due = row.track.dues(measures).into_iter().map(|(_, due)| due).min().filter(|_| row.state == Known::Open);
    CaseRow {
        id: row.id.to_string(),
        version: row.version,
        person_id: row.person.to_string(),
        person_name: row.person_name.clone(),
        person_stage_name: row.person_stage.name().to_owned(),
        org_id: row.branch.to_string(),
        org_name: row.branch_name.clone(),
        state: row.state.into(),
        stage: step.or(last).map_or(CaseStage::Applying, |step| step.stage()).number(),
        step: step.map(|step| step.number()),
        step_name: step.map(|step| step.activity().name().to_owned()),
        waits_for: step.map(|step| step.actor().into()),
        mine: step.is_some_and(|step| is_own(signed, &row.branch_path, step.actor())),
        last_on: row.last_on.to_string(),
        due: due.map(|due| due.to_string()),
        overdue_days: due.map(|due| (today - due).get_days()).filter(|days| *days > 0),
    }
}

/// 卷宗名单，最久没有进展的在前。
#[utoipa::path(get, path = "/api/development", tag = "development", params(CaseQuery), responses(
    (status = 200, body = CaseList),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
pub(crate) async fn list(
    State(app): State<App>,
    signed: Signed,
    Params(query): Params<CaseQuery>,
) -> Result<Json<CaseList>, Problem> {
    let scope = signed.scope(Action::WorkView)?;
    let (root, today) = (signed.root(), app.today());
    let (filter, after) = filter_of(&app, &signed, &query).await?;
    let mut found = app.store.cases(root, &scope, &filter, after, PAGE as i64 + 1).await?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let measures = app.store.measures(root, today).await?;
    let next = found.last().filter(|_| more).map(|row| format!("{}_{}", row.last_on, row.id));
    let items = found.iter().map(|row| row_of(row, &signed, &measures, today)).collect();
    Ok(Json(CaseList { items, next }))
}

async fn filter_of(app: &App, signed: &Signed, query: &CaseQuery) -> Result<(CaseFilter, Option<CaseCursor>), Problem> {
    let within = within(app, signed, query.org.as_deref()).await?;
    let mut faults = Faults::default();
    let state = query.state.as_deref().filter(|state| !state.is_empty()).unwrap_or("open");
    let state = Known::from_key(state);
    if state.is_none() {
        faults.add("/state", "unknown_code", "没有这种办理状态。请刷新页面后重试。");
    }
    let stage = query.stage.and_then(CaseStage::of_number);
    if query.stage.is_some() && stage.is_none() {
        faults.add("/stage", "unknown_code", "阶段为 1 至 5。请刷新页面后重试。");
    }
    let cursor = query.cursor.as_deref().filter(|cursor| !cursor.is_empty());
    let after = cursor.and_then(|text| cursor_of(text, &mut faults));
    faults.check()?;
    let waits_for = if query.mine == Some(true) { own_actors(app, signed).await? } else { Vec::new() };
    Ok((CaseFilter { within, stage, states: state.into_iter().collect(), waits_for }, after))
}

async fn within(app: &App, signed: &Signed, org: Option<&str>) -> Result<Option<String>, Problem> {
    let Some(text) = org.filter(|org| !org.is_empty()) else { return Ok(None) };
    let id: OrgId = text.parse().map_err(|_| Problem::not_found("党组织"))?;
    Ok(Some(org_for(app, signed, Action::WorkView, id).await?.path))
}

/// Whose steps this account's organisations take: a branch its own, those above it theirs.
async fn own_actors(app: &App, signed: &Signed) -> Result<Vec<StepActor>, Problem> {
    let mut actors: Vec<StepActor> = Vec::new();
    for grant in &signed.grants {
        let branch = app.store.org(signed.root(), grant.org).await?.kind.holds_members();
        actors.extend(if branch { &[StepActor::Applicant, StepActor::Branch][..] } else { &[StepActor::Superior] });
    }
    actors.sort_unstable_by_key(|actor| actor.key());
    actors.dedup();
    Ok(actors)
}

fn cursor_of(text: &str, faults: &mut Faults) -> Option<CaseCursor> {
    let read = || {
        let (on, id) = text.split_once('_')?;
        Some(CaseCursor { last_on: on.parse().ok()?, id: id.parse().ok()? })
    };
    let found = read();
    if found.is_none() {
        faults.add("/cursor", "bad_cursor", "续页的位置有误。请从第一页重新查看。");
    }
    found
}

/// 各阶段的卷宗数。
#[utoipa::path(get, path = "/api/development/counts", tag = "development", params(CountQuery), responses(
    (status = 200, body = CaseCounts),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
pub(crate) async fn counts(
    State(app): State<App>,
    signed: Signed,
    Params(query): Params<CountQuery>,
) -> Result<Json<CaseCounts>, Problem> {
    let scope = signed.scope(Action::WorkView)?;
    let (root, today) = (signed.root(), app.today());
    let within = within(&app, &signed, query.org.as_deref()).await?;
    let measures = app.store.measures(root, today).await?;
    let found = app.store.case_counts(root, &scope, within.as_deref(), &measures, today).await?;
    let stages = found.stages.iter().map(|count| StageCount {
        stage: count.stage.number(),
        name: count.stage.name().to_owned(),
        cases: count.cases,
        at_superior: count.at_superior,
        overdue: count.overdue,
    });
    Ok(Json(CaseCounts {
        stages: stages.collect(),
        suspended: found.suspended,
        finished: found.finished,
        ended: found.ended,
    }))
}

/// 一份卷宗；查看他人的卷宗会留痕，一小时内同一账号只记一次。
#[utoipa::path(get, path = "/api/development/{id}", tag = "development", params(("id" = String, Path)), responses(
    (status = 200, body = DevelopmentCase),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
pub(crate) async fn one(
    State(app): State<App>,
    signed: Signed,
    Segment(id): Segment<CaseId>,
) -> Result<Json<DevelopmentCase>, Problem> {
    path_for(&app, &signed, Action::WorkView, id).await?;
    let person = app.store.case_person(signed.root(), id).await?;
    if signed.actor.person != Some(person) {
        app.store.note_view(&signed.actor, person).await?;
    }
    Ok(Json(whole(&app, &signed, id).await?))
}

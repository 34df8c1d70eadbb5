//! 换届选举: from the request to the superior's confirmation. The branch takes its steps, a superior decides; the rules say what is missing.

mod papers;
mod shape;
mod steps;

use crate::body::{Body, Faults, Params, Segment};
use crate::signed::Signed;
use crate::{App, Problem};
use axum::Json;
use axum::extract::State;
use rules::access::{Action, Target, may};
use rules::election::{ElectionKind, ElectionState, Facts};
use rules::ids::{ElectionId, OrgId};
use serde::{Deserialize, Serialize};
use shape::{ElectionHead, ElectionView, Person, head_of, view_of};
use store::{ElectionFilter, ElectionRow, NewElection};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Elections of a page.
const PAGE: usize = 50;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, begin))
        .routes(routes!(one))
        .routes(routes!(electors))
        .routes(routes!(steps::step))
        .routes(routes!(steps::decision))
        .routes(routes!(papers::paper))
}

/// A page of elections, newest first.
#[derive(Serialize, ToSchema)]
struct ElectionPage {
    items: Vec<ElectionHead>,
    next: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ElectionQuery {
    /// Only this organisation's.
    org: Option<String>,
    /// `true`: only those under way.
    open: Option<bool>,
    cursor: Option<String>,
}

#[derive(Deserialize, ToSchema)]
struct NewElectionBody {
    org_id: String,
    /// `re_election` or `by_election`.
    kind: String,
    /// 应选名额.
    seats: u32,
    /// The day planned for the meeting.
    planned_on: String,
}

/// Who may vote and be elected.
#[derive(Serialize, ToSchema)]
struct Electors {
    items: Vec<Person>,
}

/// 本人管理范围内的选举，新的在前。
#[utoipa::path(get, path = "/api/elections", tag = "elections", params(ElectionQuery), responses(
    (status = 200, body = ElectionPage),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn list(
    State(app): State<App>,
    signed: Signed,
    Params(query): Params<ElectionQuery>,
) -> Result<Json<ElectionPage>, Problem> {
    let scope = signed.scope(Action::WorkView)?;
    let mut faults = Faults::default();
    let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    let org: Option<OrgId> =
        given(&query.org).and_then(|id| faults.parsed("/org", "unknown_org", &id, "党组织没有选定。请从列表中选择。"));
    let before: Option<ElectionId> =
        given(&query.cursor).and_then(|id| faults.parsed("/cursor", "bad_request", &id, "翻页位置有误。请从头查看。"));
    faults.check()?;
    let filter = ElectionFilter { org, open: query.open.unwrap_or(false), before };
    let mut found = app.store.elections(signed.root(), &scope, &filter, PAGE as i64 + 1).await?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let next = found.last().filter(|_| more).map(|row| row.id.to_string());
    Ok(Json(ElectionPage { items: found.iter().map(head_of).collect(), next }))
}

/// 发起换届选举或补选。
#[utoipa::path(post, path = "/api/elections", tag = "elections", request_body = NewElectionBody, responses(
    (status = 200, body = ElectionView),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn begin(
    State(app): State<App>,
    signed: Signed,
    Body(body): Body<NewElectionBody>,
) -> Result<Json<ElectionView>, Problem> {
    signed.may(Action::WorkDo)?;
    let mut faults = Faults::default();
    let org: Option<OrgId> = faults.parsed("/org_id", "unknown_org", &body.org_id, "党组织没有选定。请从列表中选择。");
    let kind = ElectionKind::from_key(&body.kind);
    if kind.is_none() {
        faults.add("/kind", "unknown_code", "选举种类没有选定。请选择换届选举或补选。");
    }
    let planned_on = faults.date("/planned_on", "计划的大会日期", &body.planned_on);
    faults.check()?;
    let (Some(org), Some(kind), Some(planned_on)) = (org, kind, planned_on) else {
        return Err(Problem::not_found("党组织"));
    };
    let place = app.store.org(signed.root(), org).await?;
    signed.may_within(Action::WorkDo, &place.path, "党组织")?;
    let new = NewElection { org, kind, seats: body.seats, planned_on };
    let id = app.store.begin_election(&signed.actor, new, app.today()).await?;
    view(&app, &signed, id).await
}

/// 一次选举的全部情况和当前可办的步骤。
#[utoipa::path(get, path = "/api/elections/{id}", tag = "elections", params(("id" = String, Path)), responses(
    (status = 200, body = ElectionView),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn one(
    State(app): State<App>,
    signed: Signed,
    Segment(id): Segment<ElectionId>,
) -> Result<Json<ElectionView>, Problem> {
    view(&app, &signed, id).await
}

/// 有选举权和被选举权的党员。
#[utoipa::path(get, path = "/api/elections/{id}/electors", tag = "elections", params(("id" = String, Path)), responses(
    (status = 200, body = Electors),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn electors(
    State(app): State<App>,
    signed: Signed,
    Segment(id): Segment<ElectionId>,
) -> Result<Json<Electors>, Problem> {
    signed.may(Action::WorkDo)?;
    let (head, election) = app.store.election(signed.root(), id).await?;
    signed.may_within(Action::WorkDo, &head.path, "选举")?;
    let on = election.assembly.as_ref().map_or(app.today(), |assembly| assembly.on);
    let found = app.store.electors(signed.root(), &head.path, on).await?;
    Ok(Json(Electors { items: found.iter().map(Person::from).collect() }))
}

/// The election as the actor sees it, with what he or she may do now.
async fn view(app: &App, signed: &Signed, id: ElectionId) -> Result<Json<ElectionView>, Problem> {
    signed.may(Action::WorkView)?;
    let (head, election) = app.store.election(signed.root(), id).await?;
    signed.may_within(Action::WorkView, &head.path, "选举")?;
    let on = election.assembly.as_ref().map_or(app.today(), |assembly| assembly.on);
    let facts = Facts {
        electors: app.store.electors(signed.root(), &head.path, on).await?,
        measures: app.store.measures(signed.root(), app.today()).await?,
    };
    let superior = matches!(election.state, ElectionState::Requested | ElectionState::Reported);
    let may_act = if superior {
        decides(app, signed, &head).await.is_ok()
    } else {
        may(&signed.actor, Action::WorkDo, Target::Within(&head.path))
    };
    Ok(Json(view_of(&head, &election, &facts, (may_act && !election.state.is_over(), superior), app.today())))
}

/// Refuses unless the actor decides for the superior. The superior of the topmost organisation is outside: there its own staff enter
/// what was decided.
async fn decides(app: &App, signed: &Signed, head: &ElectionRow) -> Result<(), Problem> {
    match app.store.org(signed.root(), head.org).await?.parent {
        Some(_) => signed.may_below(Action::WorkApprove, &head.path),
        None => signed.may_within(Action::WorkApprove, &head.path, "选举"),
    }
}

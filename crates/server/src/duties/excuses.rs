//! 免除申请: asked for by those who answer for a duty, decided by a superior.

use crate::body::{Body, Faults, Params, Segment};
use crate::signed::Signed;
use crate::{App, Problem};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use rules::access::{Action, Target, may};
use rules::duty::{ExcuseCommand, ExcuseState as Known, Whose, read_key};
use rules::ids::ExcuseId;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashMap};
use store::{Excuse as Stored, ExcuseFilter, NewExcuse, StoreError};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Excuses of a page.
const PAGE: usize = 50;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, ask))
        .routes(routes!(approve))
        .routes(routes!(refuse))
        .routes(routes!(withdraw))
}

/// 申请状态.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum ExcuseState {
    Requested,
    Approved,
    Refused,
    Withdrawn,
}

impl From<Known> for ExcuseState {
    fn from(state: Known) -> Self {
        match state {
            Known::Requested => ExcuseState::Requested,
            Known::Approved => ExcuseState::Approved,
            Known::Refused => ExcuseState::Refused,
            Known::Withdrawn => ExcuseState::Withdrawn,
        }
    }
}

/// An excuse from a duty.
#[derive(Serialize, ToSchema)]
struct Excuse {
    id: String,
    version: i64,
    duty_key: String,
    rule: String,
    title: String,
    org_id: String,
    org_name: String,
    person_id: Option<String>,
    person_name: Option<String>,
    from: String,
    due: String,
    state: ExcuseState,
    state_name: String,
    reason: String,
    requested_at: i64,
    requested_by: String,
    decided_at: Option<i64>,
    decided_by: Option<String>,
    decision_reason: Option<String>,
    /// Whether the actor may decide on it.
    may_decide: bool,
}

/// A page of excuses, newest first.
#[derive(Serialize, ToSchema)]
struct ExcusePage {
    items: Vec<Excuse>,
    next: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ExcuseQuery {
    /// Only this state.
    state: Option<String>,
    /// Only those of this organisation and below.
    org: Option<String>,
    cursor: Option<String>,
}

#[derive(Deserialize, ToSchema)]
struct ExcuseNew {
    duty_key: String,
    reason: String,
}

#[derive(Deserialize, ToSchema)]
struct ExcuseDecision {
    version: i64,
    /// Why; must be given when it is refused.
    reason: Option<String>,
}

fn shown(signed: &Signed, excuse: Stored, names: &HashMap<rules::ids::PersonId, String>) -> Excuse {
    let decidable = excuse.state == Known::Requested;
    let (at, by, why) =
        excuse.decision.map_or((None, None, None), |one| (Some(one.at), Some(one.by), Some(one.reason)));
    Excuse {
        id: excuse.id.to_string(),
        version: excuse.version,
        duty_key: excuse.duty_key,
        rule: excuse.rule,
        title: excuse.title,
        org_id: excuse.org.to_string(),
        org_name: excuse.org_name,
        person_id: excuse.person.map(|id| id.to_string()),
        person_name: excuse.person.and_then(|id| names.get(&id).cloned()),
        from: excuse.from.to_string(),
        due: excuse.due.to_string(),
        state: excuse.state.into(),
        state_name: excuse.state.name().to_owned(),
        reason: excuse.reason,
        requested_at: excuse.requested_at,
        requested_by: excuse.requested_by,
        decided_at: at,
        decided_by: by,
        decision_reason: why.filter(|why| !why.is_empty()),
        may_decide: decidable && may(&signed.actor, Action::WorkApprove, Target::Below(&excuse.org_path)),
    }
}

async fn show_all(app: &App, signed: &Signed, found: Vec<Stored>) -> Result<Vec<Excuse>, Problem> {
    let persons: BTreeSet<_> = found.iter().filter_map(|excuse| excuse.person).collect();
    let names = app.store.person_names(signed.root(), &persons).await?;
    Ok(found.into_iter().map(|excuse| shown(signed, excuse, &names)).collect())
}

/// 免除申请，新的在前。
#[utoipa::path(get, path = "/api/excuses", tag = "duties", params(ExcuseQuery), responses(
    (status = 200, body = ExcusePage),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn list(
    State(app): State<App>,
    signed: Signed,
    Params(query): Params<ExcuseQuery>,
) -> Result<Json<ExcusePage>, Problem> {
    let mut scope = signed.scope(Action::WorkView)?;
    let mut faults = Faults::default();
    let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    let state = given(&query.state).and_then(|key| {
        let state = Known::from_key(&key);
        if state.is_none() {
            faults.add("/state", "unknown_code", format!("没有「{key}」这种状态。请从列表中选择。"));
        }
        state
    });
    let before = given(&query.cursor)
        .and_then(|cursor| faults.parsed("/cursor", "bad_request", &cursor, "翻页位置有误。请从头查看。"));
    let org = given(&query.org).map(|org| faults.org(&org));
    faults.check()?;
    if let Some(id) = org {
        scope = vec![crate::orgs::org_for(&app, &signed, Action::WorkView, id).await?.path];
    }
    let filter = ExcuseFilter { state, before };
    let mut found = app.store.excuses(signed.root(), &scope, &filter, PAGE as i64 + 1).await?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let next = found.last().filter(|_| more).map(|excuse| excuse.id.to_string());
    Ok(Json(ExcusePage { items: show_all(&app, &signed, found).await?, next }))
}

/// 申请免除一项应办事项，写明原因，由上级党组织决定。
#[utoipa::path(post, path = "/api/excuses", tag = "duties", request_body = ExcuseNew, responses(
    (status = 200, body = Excuse),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn ask(State(app): State<App>, signed: Signed, Body(new): Body<ExcuseNew>) -> Result<Json<Excuse>, Problem> {
    signed.may(Action::WorkDo)?;
    let mut faults = Faults::default();
    let reason = faults.sealed_reason(&new.reason);
    faults.check()?;
    let missing = || Problem::not_found("应办事项");
    let path = match read_key(&new.duty_key).ok_or_else(missing)?.0 {
        Whose::Org(id) => app.store.org(signed.root(), id).await.map_err(|_| missing())?.path,
        Whose::Person(id) => app.store.person_org_path(signed.root(), id).await.map_err(|_| missing())?,
    };
    signed.may_within(Action::WorkDo, &path, "应办事项")?;
    let asked = NewExcuse { duty_key: &new.duty_key, reason: &reason, today: app.today() };
    let id = app.store.ask_excuse(&signed.actor, asked).await?;
    let excuse = app.store.excuse(signed.root(), id).await?;
    show_all(&app, &signed, vec![excuse]).await?.pop().map(Json).ok_or_else(missing)
}

/// 同意免除。
#[utoipa::path(post, path = "/api/excuses/{id}/approve", params(("id" = String, Path)), tag = "duties", request_body = ExcuseDecision, responses(
    (status = 204),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn approve(
    app: State<App>,
    signed: Signed,
    id: Segment<ExcuseId>,
    body: Body<ExcuseDecision>,
) -> Result<StatusCode, Problem> {
    decided(app, signed, id, body, ExcuseCommand::Approve).await
}

/// 不同意免除：须写明原因。
#[utoipa::path(post, path = "/api/excuses/{id}/refuse", params(("id" = String, Path)), tag = "duties", request_body = ExcuseDecision, responses(
    (status = 204),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn refuse(
    app: State<App>,
    signed: Signed,
    id: Segment<ExcuseId>,
    body: Body<ExcuseDecision>,
) -> Result<StatusCode, Problem> {
    decided(app, signed, id, body, ExcuseCommand::Refuse).await
}

/// 撤回尚未决定的申请。
#[utoipa::path(post, path = "/api/excuses/{id}/withdraw", params(("id" = String, Path)), tag = "duties", request_body = ExcuseDecision, responses(
    (status = 204),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn withdraw(
    app: State<App>,
    signed: Signed,
    id: Segment<ExcuseId>,
    body: Body<ExcuseDecision>,
) -> Result<StatusCode, Problem> {
    decided(app, signed, id, body, ExcuseCommand::Withdraw).await
}

async fn decided(
    State(app): State<App>,
    signed: Signed,
    Segment(id): Segment<ExcuseId>,
    Body(body): Body<ExcuseDecision>,
    command: ExcuseCommand,
) -> Result<StatusCode, Problem> {
    let action = match command {
        ExcuseCommand::Approve | ExcuseCommand::Refuse => Action::WorkApprove,
        ExcuseCommand::Withdraw => Action::WorkDo,
    };
    signed.may(action)?;
    let excuse = app.store.excuse(signed.root(), id).await?;
    signed.may_within(action, &excuse.org_path, "免除申请")?;
    if action == Action::WorkApprove {
        signed.may_below(action, &excuse.org_path)?;
    }
    let mut faults = Faults::default();
    let reason = body.reason.unwrap_or_default();
    let reason = if reason.trim().is_empty() { String::new() } else { faults.sealed_reason(&reason) };
    faults.check()?;
    let done = app.store.decide_excuse(&signed.actor, (id, body.version), command, &reason).await;
    done.map_err(|e| match e {
        StoreError::Refused { code: "missing_required", .. } => Problem::at(e, "missing_required", "/reason"),
        other => other.into(),
    })?;
    Ok(StatusCode::NO_CONTENT)
}

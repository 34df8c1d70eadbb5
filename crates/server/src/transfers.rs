//! 组织关系接转: asked for by the sending side, taken in or sent back by the receiving side. Both sides see it, each does its own part.

use crate::body::{Body, Faults, Params, Segment};
use crate::signed::Signed;
use crate::{App, Problem};
use axum::Json;
use axum::extract::State as Shared;
use axum::http::StatusCode;
use jiff::civil::Date;
use rules::access::{Action, Target, may};
use rules::ids::{OrgId, PersonId, TransferId};
use rules::transfer::{Decision, Direction, Side, TransferState as State, overdue_days};
use serde::{Deserialize, Serialize};
use store::{StoreError, Transfer as Stored, TransferFilter, TransferStates};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Transfers of a page.
const PAGE: usize = 50;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, request))
        .routes(routes!(accept))
        .routes(routes!(reject))
        .routes(routes!(withdraw))
}

/// 办理状态.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum TransferState {
    Pending,
    Accepted,
    Rejected,
    Withdrawn,
}

/// 方向: both ends in the own subtrees are `inner`.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum TransferDirection {
    In,
    Out,
    Inner,
}

impl From<State> for TransferState {
    fn from(state: State) -> Self {
        match state {
            State::Pending => TransferState::Pending,
            State::Accepted => TransferState::Accepted,
            State::Rejected => TransferState::Rejected,
            State::Withdrawn => TransferState::Withdrawn,
        }
    }
}

impl From<Direction> for TransferDirection {
    fn from(direction: Direction) -> Self {
        match direction {
            Direction::In => TransferDirection::In,
            Direction::Out => TransferDirection::Out,
            Direction::Inner => TransferDirection::Inner,
        }
    }
}

/// A transfer.
#[derive(Serialize, ToSchema)]
struct Transfer {
    id: String,
    version: i64,
    person_id: String,
    person_name: String,
    stage_name: String,
    from_org_id: String,
    from_org_name: String,
    to_org_id: String,
    to_org_name: String,
    state: TransferState,
    direction: TransferDirection,
    reason: String,
    requested_at: i64,
    requested_by: String,
    due: String,
    overdue_days: Option<i32>,
    decided_at: Option<i64>,
    decided_by: Option<String>,
    decision_reason: Option<String>,
}

/// A page of transfers, newest first.
#[derive(Serialize, ToSchema)]
struct TransferPage {
    items: Vec<Transfer>,
    next: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct TransferQuery {
    /// A state, or `decided` for all but pending ones.
    state: Option<String>,
    /// `in` and `out` by the end that lies in the own subtrees (both when both do), or `inner`.
    direction: Option<String>,
    cursor: Option<String>,
}

#[derive(Deserialize, ToSchema)]
struct TransferRequest {
    person_id: String,
    to_org: String,
    reason: String,
}

#[derive(Deserialize, ToSchema)]
struct TransferDecision {
    version: i64,
    /// Why; must be given when the transfer is sent back.
    reason: Option<String>,
    /// The day from which the person belongs to the receiving branch; today when left out.
    on: Option<String>,
}

fn within(scope: &[String], path: &str) -> bool {
    scope.iter().any(|top| path.starts_with(top))
}

/// The transfer as somebody with these subtrees sees it; none when neither end lies in them.
fn seen(transfer: Stored, scope: &[String], today: Date) -> Option<Transfer> {
    let direction = Direction::of(within(scope, &transfer.from.path), within(scope, &transfer.to.path))?;
    let (at, by, why) = transfer
        .decision
        .map(|one| (one.at, one.by, one.reason))
        .map_or((None, None, None), |(at, by, why)| (Some(at), Some(by), Some(why).filter(|why| !why.is_empty())));
    Some(Transfer {
        id: transfer.id.to_string(),
        version: transfer.version,
        person_id: transfer.person.to_string(),
        person_name: transfer.person_name,
        stage_name: transfer.stage.map_or("已离开", |stage| stage.name()).to_owned(),
        from_org_id: transfer.from.org.to_string(),
        from_org_name: transfer.from.name,
        to_org_id: transfer.to.org.to_string(),
        to_org_name: transfer.to.name,
        state: transfer.state.into(),
        direction: direction.into(),
        reason: transfer.reason,
        requested_at: transfer.requested_at,
        requested_by: transfer.requested_by,
        due: transfer.due.to_string(),
        overdue_days: overdue_days(transfer.state, transfer.due, today),
        decided_at: at,
        decided_by: by,
        decision_reason: why,
    })
}

/// 与本人管理范围有关的组织关系接转，新的在前。
#[utoipa::path(get, path = "/api/transfers", tag = "transfers", params(TransferQuery), responses(
    (status = 200, body = TransferPage),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn list(
    Shared(app): Shared<App>,
    signed: Signed,
    Params(query): Params<TransferQuery>,
) -> Result<Json<TransferPage>, Problem> {
    let scope = signed.scope(Action::MemberView)?;
    let mut faults = Faults::default();
    let filter = filter_of(&query, &mut faults);
    faults.check()?;
    let mut found = app.store.transfers(signed.root(), &scope, &filter, PAGE as i64 + 1).await?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let next = found.last().filter(|_| more).map(|transfer| transfer.id.to_string());
    let items = found.into_iter().filter_map(|transfer| seen(transfer, &scope, app.today())).collect();
    Ok(Json(TransferPage { items, next }))
}

fn filter_of(query: &TransferQuery, faults: &mut Faults) -> TransferFilter {
    fn given(text: &Option<String>) -> Option<&str> {
        text.as_deref().filter(|text| !text.is_empty())
    }
    let states = match given(&query.state) {
        None => TransferStates::All,
        Some("decided") => TransferStates::Decided,
        Some(key) => State::from_key(key).map_or_else(
            || {
                faults.add("/state", "unknown_code", format!("没有「{key}」这种办理状态。请从列表中选择。"));
                TransferStates::All
            },
            TransferStates::Only,
        ),
    };
    let direction = given(&query.direction).and_then(|key| {
        let direction = Direction::from_key(key);
        if direction.is_none() {
            faults.add("/direction", "unknown_code", format!("没有「{key}」这种方向。请从列表中选择。"));
        }
        direction
    });
    let before = given(&query.cursor)
        .and_then(|cursor| faults.parsed("/cursor", "bad_request", cursor, "翻页位置有误。请从头查看。"));
    TransferFilter { states, direction, before }
}

/// 发起组织关系接转；对方接收前，党员仍由原组织负责。
#[utoipa::path(post, path = "/api/transfers", tag = "transfers", request_body = TransferRequest, responses(
    (status = 200, body = Transfer),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn request(
    Shared(app): Shared<App>,
    signed: Signed,
    Body(body): Body<TransferRequest>,
) -> Result<Json<Transfer>, Problem> {
    signed.may(Action::Transfer)?;
    let mut faults = Faults::default();
    let person: Option<PersonId> =
        faults.parsed("/person_id", "unknown_person", &body.person_id, "转出的党员没有选定。请从列表中选择。");
    let to: Option<OrgId> =
        faults.parsed("/to_org", "unknown_org", &body.to_org, "接收党组织没有选定。请从列表中选择。");
    let reason = faults.text("/reason", "转接事由", &body.reason);
    faults.check()?;
    let (person, to) = (person.unwrap_or(PersonId(0)), to.unwrap_or(OrgId(0)));
    let path = app.store.person_org_path(signed.root(), person).await?;
    signed.may_within(Action::Transfer, &path, "人员")?;
    let id =
        app.store.request_transfer(&signed.actor, person, to, &reason, app.today()).await.map_err(|e| match e {
            StoreError::Refused { code: code @ ("org_place" | "org_dissolved" | "same_org"), .. } => {
                Problem::at(e, code, "/to_org")
            }
            other => other.into(),
        })?;
    let transfer = app.store.transfer(signed.root(), id).await?;
    let scope = signed.scope(Action::MemberView)?;
    seen(transfer, &scope, app.today()).map(Json).ok_or_else(|| Problem::not_found("转接申请"))
}

/// 接收：党员自接收之日起编入接收组织。
#[utoipa::path(post, path = "/api/transfers/{id}/accept", params(("id" = String, Path)), tag = "transfers", request_body = TransferDecision, responses(
    (status = 204),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn accept(
    app: Shared<App>,
    signed: Signed,
    id: Segment<TransferId>,
    body: Body<TransferDecision>,
) -> Result<StatusCode, Problem> {
    decided(app, signed, id, body, Decision::Accept).await
}

/// 退回：须写明原因。
#[utoipa::path(post, path = "/api/transfers/{id}/reject", params(("id" = String, Path)), tag = "transfers", request_body = TransferDecision, responses(
    (status = 204),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn reject(
    app: Shared<App>,
    signed: Signed,
    id: Segment<TransferId>,
    body: Body<TransferDecision>,
) -> Result<StatusCode, Problem> {
    decided(app, signed, id, body, Decision::Reject).await
}

/// 撤回尚未接收的接转。
#[utoipa::path(post, path = "/api/transfers/{id}/withdraw", params(("id" = String, Path)), tag = "transfers", request_body = TransferDecision, responses(
    (status = 204),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn withdraw(
    app: Shared<App>,
    signed: Signed,
    id: Segment<TransferId>,
    body: Body<TransferDecision>,
) -> Result<StatusCode, Problem> {
    decided(app, signed, id, body, Decision::Withdraw).await
}

async fn decided(
    Shared(app): Shared<App>,
    signed: Signed,
    Segment(id): Segment<TransferId>,
    Body(body): Body<TransferDecision>,
    decision: Decision,
) -> Result<StatusCode, Problem> {
    signed.may(Action::Transfer)?;
    let transfer = app.store.transfer(signed.root(), id).await?;
    on_its_side(&signed, &transfer, decision)?;
    let mut faults = Faults::default();
    let on = faults.date_opt("/on", "接收日期", body.on.as_deref()).unwrap_or(app.today());
    let reason = body.reason.unwrap_or_default();
    let reason = if reason.trim().is_empty() { String::new() } else { faults.text("/reason", "原因", &reason) };
    faults.check()?;
    let done = app.store.decide_transfer(&signed.actor, (id, body.version), decision, &reason, (on, app.today())).await;
    done.map_err(|e| match e {
        StoreError::Refused { code: "missing_required", .. } => Problem::at(e, "missing_required", "/reason"),
        StoreError::Refused { code: "bad_date", .. } => Problem::at(e, "bad_date", "/on"),
        other => other.into(),
    })?;
    Ok(StatusCode::NO_CONTENT)
}

/// Refuses unless the actor stands on the side whose decision it is; who sees neither side learns nothing.
fn on_its_side(signed: &Signed, transfer: &Stored, decision: Decision) -> Result<(), Problem> {
    let (path, side) = match decision.side() {
        Side::Sending => (&transfer.from.path, "转出"),
        Side::Receiving => (&transfer.to.path, "接收"),
    };
    if may(&signed.actor, Action::Transfer, Target::Within(path)) {
        return Ok(());
    }
    let scope = rules::access::scope(&signed.actor, Action::MemberView);
    if within(&scope, &transfer.from.path) || within(&scope, &transfer.to.path) {
        return Err(Problem::forbidden(format!("此事须由{side}党组织的书记或党务工作者办理。")));
    }
    Err(Problem::not_found("转接申请"))
}

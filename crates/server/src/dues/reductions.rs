//! 少交、免交: asked for by the branch, decided by the organisation above.

use super::shape::ReductionState;
use super::{DuesFaults, keeps_books, own_branch};
use crate::body::{Body, Faults, Params, Segment};
use crate::signed::Signed;
use crate::{App, Problem};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use rules::access::{Action, Target, may};
use rules::dues::{Fen, Reduction, ReductionDecision, ReductionState as Reduced};
use rules::ids::{OrgId, PersonId, ReductionId};
use serde::{Deserialize, Serialize};
use store::{DuesReduction, NewReduction, ReductionFilter};
use utoipa::{IntoParams, ToSchema};

/// Reductions of a page.
const PAGE: usize = 50;

/// A reduction, asked for or decided.
#[derive(Serialize, ToSchema)]
pub(super) struct ReductionView {
    id: String,
    version: i64,
    org_id: String,
    org_name: String,
    person_id: String,
    person_name: String,
    from_month: String,
    to_month: String,
    /// What is paid a month, in fen; 0 is 免交.
    pays: i64,
    state: ReductionState,
    reason: String,
    asked_at: i64,
    asked_by: String,
    decided_at: Option<i64>,
    decided_by: Option<String>,
    decision_reason: Option<String>,
    /// Whether the asker may approve or refuse it.
    may_decide: bool,
    /// Whether the asker may withdraw it.
    may_withdraw: bool,
}

/// A page of reductions, newest first.
#[derive(Serialize, ToSchema)]
pub(super) struct ReductionPage {
    items: Vec<ReductionView>,
    next: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ReductionQuery {
    /// Only this branch's.
    org_id: Option<String>,
    /// `true`: only those to be decided.
    open: Option<bool>,
    cursor: Option<String>,
}

#[derive(Deserialize, ToSchema)]
pub(super) struct ReductionBody {
    org_id: String,
    person_id: String,
    from_month: String,
    to_month: String,
    /// What is to be paid a month, in fen; 0 is 免交.
    pays: i64,
    reason: String,
}

#[derive(Deserialize, ToSchema)]
pub(super) struct ReductionDecisionBody {
    version: i64,
    /// `approve`, `refuse` or `withdraw`.
    decision: String,
    reason: Option<String>,
}

fn reduction_view(signed: &Signed, one: DuesReduction) -> ReductionView {
    let open = one.state == Reduced::Asked;
    ReductionView {
        id: one.id.to_string(),
        version: one.version,
        org_id: one.org.to_string(),
        org_name: one.org_name,
        person_id: one.person.to_string(),
        person_name: one.person_name,
        from_month: one.reduction.from.to_string(),
        to_month: one.reduction.to.to_string(),
        pays: one.reduction.pays.0,
        state: one.state.into(),
        reason: one.reason,
        asked_at: one.asked_at,
        asked_by: one.asked_by,
        decided_at: one.decided_at,
        decided_by: one.decided_by,
        decision_reason: Some(one.decision_reason).filter(|reason| !reason.is_empty()),
        may_decide: open && may(&signed.actor, Action::WorkApprove, Target::Below(&one.path)),
        may_withdraw: open && keeps_books(signed, &one.path),
    }
}

/// 本支部申请的、或需由本级批准的减免，新的在前。
#[utoipa::path(get, path = "/api/dues/reductions", tag = "dues", params(ReductionQuery), responses(
    (status = 200, body = ReductionPage),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
pub(super) async fn list(
    State(app): State<App>,
    signed: Signed,
    Params(query): Params<ReductionQuery>,
) -> Result<Json<ReductionPage>, Problem> {
    let scope = signed.scope(Action::WorkApprove)?;
    let mut faults = Faults::default();
    let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    let org: Option<OrgId> = given(&query.org_id).and_then(|id| faults.branch(&id));
    let before: Option<ReductionId> =
        given(&query.cursor).and_then(|id| faults.parsed("/cursor", "bad_request", &id, "翻页位置有误。请从头查看。"));
    faults.check()?;
    let filter = ReductionFilter { org, open: query.open.unwrap_or(false), before };
    let mut found = app.store.dues_reductions(signed.root(), &scope, &filter, PAGE as i64 + 1).await?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let next = found.last().filter(|_| more).map(|one| one.id.to_string());
    Ok(Json(ReductionPage { items: found.into_iter().map(|one| reduction_view(&signed, one)).collect(), next }))
}

/// 申请一名党员少交或免交党费，报上级批准。
#[utoipa::path(post, path = "/api/dues/reductions", tag = "dues", request_body = ReductionBody, responses(
    (status = 200, body = ReductionView),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
pub(super) async fn ask(
    State(app): State<App>,
    signed: Signed,
    Body(body): Body<ReductionBody>,
) -> Result<Json<ReductionView>, Problem> {
    signed.may(Action::WorkDo)?;
    let mut faults = Faults::default();
    let org = faults.branch(&body.org_id);
    let person: Option<PersonId> =
        faults.parsed("/person_id", "unknown_person", &body.person_id, "党员没有选定。请从列表中选择。");
    let from = faults.month("/from_month", "开始月份", &body.from_month);
    let to = faults.month("/to_month", "结束月份", &body.to_month);
    let reason = faults.sealed_reason(&body.reason);
    faults.check()?;
    let (Some(org), Some(person), Some(from), Some(to)) = (org, person, from, to) else {
        return Err(Problem::not_found("党员"));
    };
    let org = own_branch(&app, &signed, org).await?;
    let reduction = Reduction { from, to, pays: Fen(body.pays) };
    let new = NewReduction { org: org.id, person, reduction, reason: &reason };
    let id = app.store.ask_dues_reduction(&signed.actor, new, app.today()).await?;
    Ok(Json(reduction_view(&signed, app.store.dues_reduction(signed.root(), id).await?)))
}

/// 批准、不批准（上级）或撤回（本支部）减免申请。
#[utoipa::path(post, path = "/api/dues/reductions/{id}/decision", tag = "dues", params(("id" = String, Path)), request_body = ReductionDecisionBody, responses(
    (status = 204),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
pub(super) async fn decision(
    State(app): State<App>,
    signed: Signed,
    Segment(id): Segment<ReductionId>,
    Body(body): Body<ReductionDecisionBody>,
) -> Result<StatusCode, Problem> {
    signed.may(Action::WorkApprove)?;
    let one = app.store.dues_reduction(signed.root(), id).await?;
    let mut faults = Faults::default();
    let decision = match body.decision.as_str() {
        "approve" => Some(ReductionDecision::Approve),
        "refuse" => Some(ReductionDecision::Refuse),
        "withdraw" => Some(ReductionDecision::Withdraw),
        _ => {
            faults.add("/decision", "unknown_code", "没有选定怎么办理。请选择批准、不批准或撤回。");
            None
        }
    };
    match decision {
        Some(ReductionDecision::Withdraw) => {
            own_branch(&app, &signed, one.org).await?;
        }
        Some(ReductionDecision::Approve | ReductionDecision::Refuse) | None => {
            signed.may_below(Action::WorkApprove, &one.path)?;
        }
    }
    let given = body.reason.filter(|reason| !reason.trim().is_empty());
    let reason = given.map(|reason| faults.sealed_reason(&reason)).unwrap_or_default();
    faults.check()?;
    let decision = decision.ok_or_else(|| Problem::not_found("减免申请"))?;
    app.store.decide_dues_reduction(&signed.actor, (id, body.version), decision, &reason, app.today()).await?;
    Ok(StatusCode::NO_CONTENT)
}

//! 信息更正: what members propose about themselves, approved or returned by those who keep the register. Whether it may be
//! decided, and what follows, is `rules::change`'s to say.

use crate::body::{Body, Faults, Params, Segment};
use crate::dossier::FieldChange;
use crate::files::FileInfo;
use crate::instant::minute_of;
use crate::signed::Signed;
use crate::{App, Problem};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use rules::access::Action;
use rules::change::{Command, Proposed, State as Known, apply, decide};
use rules::ids::ChangeId;
use serde::{Deserialize, Serialize};
use store::{ChangeFilter, ChangeRequest as Stored, StoreError};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Proposals of a page.
pub(crate) const PAGE: usize = 50;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_changes)).routes(routes!(approve_change)).routes(routes!(return_change))
}

/// 审核状态.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum ChangeState {
    Pending,
    Approved,
    Returned,
}

impl From<Known> for ChangeState {
    fn from(state: Known) -> Self {
        match state {
            Known::Pending => ChangeState::Pending,
            Known::Approved => ChangeState::Approved,
            Known::Returned => ChangeState::Returned,
        }
    }
}

/// A proposal.
#[derive(Serialize, ToSchema)]
pub(crate) struct ChangeRequest {
    id: String,
    version: i64,
    person_id: String,
    person_name: String,
    org_name: String,
    state: ChangeState,
    reason: String,
    submitted_at: i64,
    changes: Vec<FieldChange>,
    files: Vec<FileInfo>,
    decided_at: Option<i64>,
    decided_by: Option<String>,
    return_reason: Option<String>,
}

/// A page of proposals, newest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct ChangePage {
    items: Vec<ChangeRequest>,
    next: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ChangeQuery {
    /// `pending`, `approved` or `returned`; all when left out.
    state: Option<String>,
    cursor: Option<String>,
}

#[derive(Deserialize, ToSchema)]
struct ChangeApproval {
    version: i64,
}

#[derive(Deserialize, ToSchema)]
struct ChangeReturn {
    version: i64,
    reason: String,
}

/// A proposal in an answer: in full for the member, masked for everybody else.
pub(crate) fn shown(change: Stored, in_full: bool) -> ChangeRequest {
    let told = |one: &Proposed| {
        let field = one.field()?;
        let make = if in_full { FieldChange::full } else { FieldChange::masked };
        Some(make(field, &one.before, &one.after))
    };
    ChangeRequest {
        id: change.id.to_string(),
        version: change.version,
        person_id: change.person.to_string(),
        person_name: change.person_name,
        org_name: change.org_name,
        state: change.state.into(),
        reason: change.reason,
        submitted_at: change.proposed_at,
        changes: change.proposed.iter().filter_map(told).collect(),
        files: change.files.into_iter().map(FileInfo::from).collect(),
        decided_at: change.decided_at,
        decided_by: change.decided_by,
        return_reason: change.decision_reason,
    }
}

/// One page out of one proposal more than fits.
pub(crate) fn page_of(mut found: Vec<Stored>, in_full: bool) -> ChangePage {
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let next = found.last().filter(|_| more).map(|change| change.id.to_string());
    ChangePage { items: found.into_iter().map(|change| shown(change, in_full)).collect(), next }
}

impl Faults {
    /// The proposal before which a page lies.
    pub(crate) fn change_cursor(&mut self, cursor: Option<&str>) -> Option<ChangeId> {
        let cursor = cursor.filter(|cursor| !cursor.is_empty())?;
        self.parsed("/cursor", "bad_request", cursor, "翻页位置有误。请从头查看。")
    }
}

/// 管理范围内党员提出的信息更正，新的在前。
#[utoipa::path(get, path = "/api/changes", tag = "changes", params(ChangeQuery), responses(
    (status = 200, body = ChangePage),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn list_changes(
    State(app): State<App>,
    signed: Signed,
    Params(query): Params<ChangeQuery>,
) -> Result<Json<ChangePage>, Problem> {
    let scope = signed.scope(Action::MemberEdit)?;
    let mut faults = Faults::default();
    let before = faults.change_cursor(query.cursor.as_deref());
    let key = query.state.as_deref().filter(|key| !key.is_empty());
    let state = key.and_then(Known::from_key);
    if let (Some(key), None) = (key, state) {
        faults.add("/state", "unknown_code", format!("没有「{key}」这种审核状态。请从列表中选择。"));
    }
    faults.check()?;
    let filter = ChangeFilter { person: None, state, before };
    let found = app.store.changes(signed.root(), Some(&scope), &filter, PAGE as i64 + 1).await?;
    Ok(Json(page_of(found, false)))
}

/// A proposal that the actor may decide on, at the version the decision is based on.
async fn change_for(app: &App, signed: &Signed, id: ChangeId, version: i64) -> Result<(Stored, bool), Problem> {
    signed.may(Action::MemberEdit)?;
    let change = app.store.change(signed.root(), id).await?;
    signed.may_within(Action::MemberEdit, &change.org_path, "变更申请")?;
    if change.version != version {
        return Err(stale(&change));
    }
    let own = signed.actor.person == Some(change.person);
    Ok((change, own))
}

/// The refusal of a decision that came too late: it says what was decided, by whom and when.
fn stale(change: &Stored) -> Problem {
    match (change.decided_at, &change.decided_by) {
        (Some(at), Some(by)) => {
            let detail = format!("这份变更申请{}（{by}，{}），不用再审核。", change.state.name(), minute_of(at));
            Problem::refused(rules::change::Refused::Decided(change.state).code(), detail)
        }
        _ => Problem::from(StoreError::Stale { what: "变更申请", current: change.version }),
    }
}

fn refused(refused: rules::change::Refused) -> Problem {
    Problem::refused(refused.code(), format!("{refused}。"))
}

/// 采纳一份信息更正，从今天起写入档案。
#[utoipa::path(post, path = "/api/changes/{id}/approve", tag = "changes", params(("id" = String, Path)), request_body = ChangeApproval, responses(
    (status = 204),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn approve_change(
    State(app): State<App>,
    signed: Signed,
    Segment(id): Segment<ChangeId>,
    Body(approval): Body<ChangeApproval>,
) -> Result<StatusCode, Problem> {
    let (change, own) = change_for(&app, &signed, id, approval.version).await?;
    decide(change.state, own, &Command::Approve).map_err(refused)?;
    let person = app.store.person(signed.root(), change.person).await?;
    if person.left {
        return Err(Problem::refused("person_left", "此人已离开，档案不再修改。请退回这份申请。"));
    }
    let mut faults = Faults::default();
    let after = apply(&person.record, &change.proposed, app.today()).map_err(|found| faults.of_rules(found));
    faults.check()?;
    if let Ok(after) = after {
        let approved = Some((person.version, &after, app.today()));
        app.store.decide_change(&signed.actor, (id, approval.version), &Command::Approve, own, approved).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// 退回一份信息更正，须写明理由。
#[utoipa::path(post, path = "/api/changes/{id}/return", tag = "changes", params(("id" = String, Path)), request_body = ChangeReturn, responses(
    (status = 204),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn return_change(
    State(app): State<App>,
    signed: Signed,
    Segment(id): Segment<ChangeId>,
    Body(asked): Body<ChangeReturn>,
) -> Result<StatusCode, Problem> {
    let (change, own) = change_for(&app, &signed, id, asked.version).await?;
    let mut faults = Faults::default();
    let command = Command::Return { reason: faults.reason(&asked.reason) };
    faults.check()?;
    decide(change.state, own, &command).map_err(refused)?;
    app.store.decide_change(&signed.actor, (id, asked.version), &command, own, None).await?;
    Ok(StatusCode::NO_CONTENT)
}

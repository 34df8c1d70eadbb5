//! 免除和中止权利: members of whom nothing is asked (MEET-11), members without a vote for a time (VOTE-03). The grounds are shown to those
//! who keep them only.

use crate::body::{Body, Faults, Params, Segment, plain};
use crate::orgs::org_for;
use crate::signed::Signed;
use crate::{App, Problem};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use rules::access::Action;
use rules::ids::{OrgId, PersonId, StatusId};
use serde::{Deserialize, Serialize};
use store::{MemberStatus as Kept, NewStatus, StatusKind as Known};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(statuses, put)).routes(routes!(end))
}

/// 党员情况: `excused` nothing is asked (MEET-11), `without_rights` no vote (VOTE-03).
#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum StatusKind {
    Excused,
    WithoutRights,
}

impl From<Known> for StatusKind {
    fn from(kind: Known) -> Self {
        match kind {
            Known::Excused => StatusKind::Excused,
            Known::WithoutRights => StatusKind::WithoutRights,
        }
    }
}

impl From<StatusKind> for Known {
    fn from(kind: StatusKind) -> Self {
        match kind {
            StatusKind::Excused => Known::Excused,
            StatusKind::WithoutRights => Known::WithoutRights,
        }
    }
}

/// What holds of a member for a time.
#[derive(Serialize, ToSchema)]
struct MemberStatus {
    id: String,
    person_id: String,
    person_name: String,
    org_name: Option<String>,
    kind: StatusKind,
    kind_name: String,
    from: String,
    /// That day it holds no more; none while it lasts.
    to: Option<String>,
    ground: String,
}

/// Those that hold, or held, running ones first.
#[derive(Serialize, ToSchema)]
struct MemberStatuses {
    items: Vec<MemberStatus>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct StatusQuery {
    /// Only members of this organisation and those below it.
    org: Option<String>,
}

#[derive(Deserialize, ToSchema)]
struct StatusNew {
    person_id: String,
    kind: StatusKind,
    from: String,
    to: Option<String>,
    ground: String,
}

#[derive(Deserialize, ToSchema)]
struct StatusEnd {
    on: String,
    reason: String,
}

impl From<Kept> for MemberStatus {
    fn from(kept: Kept) -> Self {
        MemberStatus {
            id: kept.id.to_string(),
            person_id: kept.person.to_string(),
            person_name: kept.person_name,
            org_name: kept.org.map(|(_, name)| name),
            kind: kept.kind.into(),
            kind_name: kept.kind.name().to_owned(),
            from: kept.from.to_string(),
            to: kept.to.map(|to| to.to_string()),
            ground: kept.ground,
        }
    }
}

/// 不作硬性要求、没有表决权的党员，现行的在前。
#[utoipa::path(get, path = "/api/statuses", tag = "meetings", params(StatusQuery), responses(
    (status = 200, body = MemberStatuses),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn statuses(
    State(app): State<App>,
    signed: Signed,
    Params(query): Params<StatusQuery>,
) -> Result<Json<MemberStatuses>, Problem> {
    let mut scope = signed.scope(Action::WorkDo)?;
    let mut faults = Faults::default();
    let org: Option<OrgId> = query
        .org
        .filter(|id| !id.is_empty())
        .and_then(|id| faults.parsed("/org", "unknown_org", &id, "党组织没有选定。请从列表中选择。"));
    faults.check()?;
    if let Some(org) = org {
        scope = vec![org_for(&app, &signed, Action::WorkDo, org).await?.path];
    }
    let items = app.store.statuses(signed.root(), &scope).await?.into_iter().map(MemberStatus::from).collect();
    Ok(Json(MemberStatuses { items }))
}

/// 登记：年老体弱等不作硬性要求（MEET-11），或受留党察看处分等没有表决权（VOTE-03）。
#[utoipa::path(post, path = "/api/statuses", tag = "meetings", request_body = StatusNew, responses(
    (status = 200, body = MemberStatus),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn put(
    State(app): State<App>,
    signed: Signed,
    Body(new): Body<StatusNew>,
) -> Result<Json<MemberStatus>, Problem> {
    signed.may(Action::WorkDo)?;
    let mut faults = Faults::default();
    let person: Option<PersonId> =
        faults.parsed("/person_id", "unknown_person", &new.person_id, "党员没有选定。请从列表中选择。");
    let from = faults.date("/from", "开始日期", &new.from);
    let to = faults.date_opt("/to", "结束日期", new.to.as_deref());
    faults.check()?;
    let (Some(person), Some(from)) = (person, from) else { return Err(Problem::not_found("党员")) };
    let path = app.store.person_org_path(signed.root(), person).await?;
    signed.may_within(Action::WorkDo, &path, "党员")?;
    let status = NewStatus { person, kind: new.kind.into(), from, to, ground: plain(&new.ground) };
    let id = app.store.put_status(&signed.actor, &status, app.today()).await?;
    Ok(Json(app.store.status(signed.root(), id).await?.into()))
}

/// 终止一项登记。
#[utoipa::path(post, path = "/api/statuses/{id}/end", tag = "meetings", params(("id" = String, Path)), request_body = StatusEnd, responses(
    (status = 204),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn end(
    State(app): State<App>,
    signed: Signed,
    Segment(id): Segment<StatusId>,
    Body(body): Body<StatusEnd>,
) -> Result<StatusCode, Problem> {
    signed.may(Action::WorkDo)?;
    let status = app.store.status(signed.root(), id).await?;
    let path = app.store.person_org_path(signed.root(), status.person).await?;
    signed.may_within(Action::WorkDo, &path, "登记")?;
    let mut faults = Faults::default();
    let on = faults.date("/on", "终止日期", &body.on);
    let reason = faults.reason(&body.reason);
    faults.check()?;
    let Some(on) = on else { return Err(Problem::not_found("登记")) };
    app.store.end_status(&signed.actor, id, (on, app.today()), &reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

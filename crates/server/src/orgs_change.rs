//! 组织: moving, merging, splitting, dissolving, and posts. A change of where an organisation stands is its superior's to make.

use crate::body::{Body, Faults, Segment};
use crate::org_kind::PostKind;
use crate::orgs::org_for;
use crate::orgs_edit::{day_of_change, refusal};
use crate::signed::Signed;
use crate::{App, Problem};
use axum::extract::State;
use axum::http::StatusCode;
use jiff::civil::Date;
use rules::access::{Action, Target, may};
use rules::ids::{OrgId, PersonId, PostId};
use rules::intake::{OrgField, Raw, check_org_row};
use serde::Deserialize;
use store::{NewOrg, Org, StoreError};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(move_org))
        .routes(routes!(merge))
        .routes(routes!(split))
        .routes(routes!(dissolve))
        .routes(routes!(assign_post))
        .routes(routes!(end_post))
}

#[derive(Deserialize, ToSchema)]
struct OrgMove {
    version: i64,
    parent_id: String,
    on: String,
    reason: String,
}

#[derive(Deserialize, ToSchema)]
struct OrgMerge {
    version: i64,
    into: String,
    on: String,
    reason: String,
}

#[derive(Deserialize, ToSchema)]
struct OrgSplit {
    version: i64,
    on: String,
    reason: String,
    new: OrgSplitOff,
    member_ids: Vec<String>,
}

#[derive(Deserialize, ToSchema)]
struct OrgSplitOff {
    code: String,
    name: String,
}

#[derive(Deserialize, ToSchema)]
struct OrgDissolve {
    version: i64,
    on: String,
    reason: String,
}

#[derive(Deserialize, ToSchema)]
struct PostNew {
    person_id: String,
    post: PostKind,
    from: String,
}

#[derive(Deserialize, ToSchema)]
struct PostEnd {
    on: String,
    reason: String,
}

/// An organisation whose place in the tree the actor may change: one below an organisation of his or hers.
async fn org_to_rearrange(app: &App, signed: &Signed, id: OrgId) -> Result<Org, Problem> {
    let org = org_for(app, signed, Action::OrgRestructure, id).await?;
    if may(&signed.actor, Action::OrgRestructure, Target::Within(org.parent_path())) {
        return Ok(org);
    }
    let detail = format!("「{}」的划转、合并、分设和撤销，须由上级党组织的党务工作者办理。", org.name);
    Err(Problem::forbidden(detail))
}

/// The day and the reason of a change.
fn dated(faults: &mut Faults, on: &str, reason: &str, today: Date) -> (Date, String) {
    (day_of_change(faults, on, today).unwrap_or(today), faults.text("/reason", "事由", reason))
}

/// 划归另一上级组织，下级随同。
#[utoipa::path(post, path = "/api/orgs/{id}/move", params(("id" = String, Path)), tag = "orgs", request_body = OrgMove, responses(
    (status = 204),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn move_org(
    State(app): State<App>,
    signed: Signed,
    Segment(id): Segment<OrgId>,
    Body(body): Body<OrgMove>,
) -> Result<StatusCode, Problem> {
    let org = org_to_rearrange(&app, &signed, id).await?;
    let mut faults = Faults::default();
    let (on, reason) = dated(&mut faults, &body.on, &body.reason, app.today());
    let to = faults.parsed("/parent_id", "unknown_org", &body.parent_id, "上级组织没有选定。请从列表中选择。");
    faults.check()?;
    let to = org_for(&app, &signed, Action::OrgRestructure, to.unwrap_or(OrgId(0))).await?;
    match app.store.move_org(&signed.actor, (org.id, body.version), to.id, on, &reason).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(e) => Err(refusal(&app, signed.root(), (id, body.version), e).await),
    }
}

/// 并入另一组织：党员和下级转入，本组织撤销。
#[utoipa::path(post, path = "/api/orgs/{id}/merge", params(("id" = String, Path)), tag = "orgs", request_body = OrgMerge, responses(
    (status = 204),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn merge(
    State(app): State<App>,
    signed: Signed,
    Segment(id): Segment<OrgId>,
    Body(body): Body<OrgMerge>,
) -> Result<StatusCode, Problem> {
    let org = org_to_rearrange(&app, &signed, id).await?;
    let mut faults = Faults::default();
    let (on, reason) = dated(&mut faults, &body.on, &body.reason, app.today());
    let into = faults.parsed("/into", "unknown_org", &body.into, "并入的组织没有选定。请从列表中选择。");
    faults.check()?;
    let into = org_for(&app, &signed, Action::OrgRestructure, into.unwrap_or(OrgId(0))).await?;
    match app.store.merge_org(&signed.actor, (org.id, body.version), into.id, on, &reason).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(e) => Err(refusal(&app, signed.root(), (id, body.version), e).await),
    }
}

/// 分设：划出部分党员，另建一个同类组织。
#[utoipa::path(post, path = "/api/orgs/{id}/split", params(("id" = String, Path)), tag = "orgs", request_body = OrgSplit, responses(
    (status = 204),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn split(
    State(app): State<App>,
    signed: Signed,
    Segment(id): Segment<OrgId>,
    Body(body): Body<OrgSplit>,
) -> Result<StatusCode, Problem> {
    let org = org_to_rearrange(&app, &signed, id).await?;
    let mut faults = Faults::default();
    let (on, reason) = dated(&mut faults, &body.on, &body.reason, app.today());
    let members: Vec<PersonId> = body.member_ids.iter().filter_map(|id| id.parse().ok()).collect();
    if members.is_empty() || members.len() < body.member_ids.len() {
        faults.add("/member_ids", "missing_required", "没有选择划出的人员，或名单有误。请重新选择，至少 1 人。");
    }
    let cells = [
        (OrgField::Code, Raw::Text(body.new.code.clone())),
        (OrgField::Name, Raw::Text(body.new.name.clone())),
        (OrgField::Kind, Raw::Text(org.kind.name().to_owned())),
    ];
    let checked = check_org_row(&cells, app.today());
    for error in checked.errors {
        faults.add(&format!("/new/{}", error.field.key()), error.code, format!("{}。", error.message));
    }
    faults.check()?;
    let new = NewOrg { code: checked.draft.code, name: checked.draft.name, ..NewOrg::default() };
    match app.store.split_org(&signed.actor, (org.id, body.version), new, &members, on, &reason).await {
        Ok(_) => Ok(StatusCode::NO_CONTENT),
        Err(e @ StoreError::Refused { code: "duplicate_code", .. }) => {
            Err(Problem::at(e, "duplicate_code", "/new/code"))
        }
        Err(e) => Err(refusal(&app, signed.root(), (id, body.version), e).await),
    }
}

/// 撤销没有党员和下级的组织。
#[utoipa::path(post, path = "/api/orgs/{id}/dissolve", params(("id" = String, Path)), tag = "orgs", request_body = OrgDissolve, responses(
    (status = 204),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn dissolve(
    State(app): State<App>,
    signed: Signed,
    Segment(id): Segment<OrgId>,
    Body(body): Body<OrgDissolve>,
) -> Result<StatusCode, Problem> {
    let org = org_to_rearrange(&app, &signed, id).await?;
    let mut faults = Faults::default();
    let (on, reason) = dated(&mut faults, &body.on, &body.reason, app.today());
    faults.check()?;
    match app.store.dissolve_org(&signed.actor, (org.id, body.version), on, &reason).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(e) => Err(refusal(&app, signed.root(), (id, body.version), e).await),
    }
}

/// 登记任职。
#[utoipa::path(post, path = "/api/orgs/{id}/posts", params(("id" = String, Path)), tag = "orgs", request_body = PostNew, responses(
    (status = 204),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn assign_post(
    State(app): State<App>,
    signed: Signed,
    Segment(id): Segment<OrgId>,
    Body(body): Body<PostNew>,
) -> Result<StatusCode, Problem> {
    let org = org_for(&app, &signed, Action::OrgEdit, id).await?;
    let mut faults = Faults::default();
    let person = faults.parsed("/person_id", "unknown_person", &body.person_id, "任职人员没有选定。请从列表中选择。");
    let from = faults.date("/from", "任职日期", &body.from);
    if from.is_some_and(|from| from > app.today()) {
        faults.add("/from", "bad_date", "任职日期晚于今天。请在任职当天或以后登记。");
    }
    faults.check()?;
    let (person, from) = (person.unwrap_or(PersonId(0)), from.unwrap_or(app.today()));
    app.store.assign_post(&signed.actor, org.id, person, body.post.into(), from).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// 登记免职。
#[utoipa::path(post, path = "/api/orgs/{id}/posts/{post_id}/end", params(("id" = String, Path), ("post_id" = String, Path)), tag = "orgs", request_body = PostEnd, responses(
    (status = 204),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn end_post(
    State(app): State<App>,
    signed: Signed,
    Segment((id, post)): Segment<(OrgId, PostId)>,
    Body(body): Body<PostEnd>,
) -> Result<StatusCode, Problem> {
    let org = org_for(&app, &signed, Action::OrgEdit, id).await?;
    let mut faults = Faults::default();
    let (on, reason) = dated(&mut faults, &body.on, &body.reason, app.today());
    faults.check()?;
    let ended = app.store.end_post(&signed.actor, org.id, post, on, &reason).await;
    ended.map_err(|e| Problem::at(e, "bad_date", "/on"))?;
    Ok(StatusCode::NO_CONTENT)
}

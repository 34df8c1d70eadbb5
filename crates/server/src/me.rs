//! 我的: everything held about oneself, in full, who looked at it, and proposals to correct it. Only ever the actor's own person.

use crate::body::{Body, Faults, Params};
use crate::changes::{ChangePage, ChangeRequest, PAGE, page_of, shown};
use crate::dossier::OwnDossier;
use crate::files::{FileForm, FileInfo, keep};
use crate::members_log::{LogQuery, ViewPage, views_of};
use crate::signed::Signed;
use crate::upload::{FORM, Upload};
use crate::{App, Problem};
use axum::Json;
use axum::extract::{DefaultBodyLimit, State};
use roster::LARGEST_ATTACHMENT;
use rules::access::Action;
use rules::change::propose;
use rules::ids::{FileId, PersonId};
use serde::Deserialize;
use std::collections::BTreeMap;
use store::ChangeFilter;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(own_file))
        .layer(DefaultBodyLimit::max(LARGEST_ATTACHMENT + FORM))
        .routes(routes!(own_dossier))
        .routes(routes!(own_views))
        .routes(routes!(own_changes, propose_change))
}

/// What a member proposes: fields by key, an empty text to empty one; why; and the proofs sent before.
#[derive(Deserialize, ToSchema)]
struct ChangeNew {
    fields: BTreeMap<String, String>,
    reason: String,
    file_ids: Vec<String>,
}

/// The person that the actor's account is bound to.
pub(crate) fn own(signed: &Signed) -> Result<PersonId, Problem> {
    signed.may(Action::OwnDossier)?;
    let unbound = || Problem::refused("not_bound", "账号尚未绑定本人档案。请向所在党支部领取认证码，办理身份认证。");
    signed.actor.person.ok_or_else(unbound)
}

/// 本人的全部登记信息。
#[utoipa::path(get, path = "/api/me/dossier", tag = "me", responses(
    (status = 200, body = OwnDossier),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn own_dossier(State(app): State<App>, signed: Signed) -> Result<Json<OwnDossier>, Problem> {
    let person = app.store.person(signed.root(), own(&signed)?).await?;
    let path = app.store.org_path(signed.root(), &person.org).await?;
    let spells = app.store.person_spells(signed.root(), person.id).await?;
    Ok(Json(OwnDossier::of(&person, path, spells)))
}

/// 谁查看过本人的信息，新的在前。
#[utoipa::path(get, path = "/api/me/views", tag = "me", params(LogQuery), responses(
    (status = 200, body = ViewPage),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn own_views(
    State(app): State<App>,
    signed: Signed,
    Params(query): Params<LogQuery>,
) -> Result<Json<ViewPage>, Problem> {
    let id = own(&signed)?;
    Ok(Json(views_of(&app, &signed, id, &query).await?))
}

/// 本人提出的信息更正和审核结果，新的在前。
#[utoipa::path(get, path = "/api/me/changes", tag = "me", params(LogQuery), responses(
    (status = 200, body = ChangePage),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn own_changes(
    State(app): State<App>,
    signed: Signed,
    Params(query): Params<LogQuery>,
) -> Result<Json<ChangePage>, Problem> {
    let person = own(&signed)?;
    let mut faults = Faults::default();
    let before = faults.change_cursor(query.cursor());
    faults.check()?;
    let filter = ChangeFilter { person: Some(person), state: None, before };
    let found = app.store.changes(signed.root(), None, &filter, PAGE as i64 + 1).await?;
    Ok(Json(page_of(found, true)))
}

/// 提出一份信息更正；采纳以前档案不变。
#[utoipa::path(post, path = "/api/me/changes", tag = "me", request_body = ChangeNew, responses(
    (status = 200, body = ChangeRequest),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn propose_change(
    State(app): State<App>,
    signed: Signed,
    Body(new): Body<ChangeNew>,
) -> Result<Json<ChangeRequest>, Problem> {
    let id = own(&signed)?;
    let person = app.store.person(signed.root(), id).await?;
    if person.left {
        return Err(Problem::refused("person_left", "组织关系已不在本企业，信息更正请联系现在的党组织。"));
    }
    let mut faults = Faults::default();
    let reason = faults.sealed_reason(&new.reason);
    let parsed =
        |text: &String| faults.parsed::<FileId>("/file_ids", "unknown_file", text, "证明材料有误。请重新上传。");
    let files: Vec<FileId> = new.file_ids.iter().filter_map(parsed).collect();
    if new.fields.is_empty() {
        faults.add("/fields", "missing_required", "没有要更正的项目。请至少选一项。");
    }
    let form = faults.form(new.fields);
    let pending = app.store.pending_fields(signed.root(), id).await?;
    let proposed = propose(&person.record, &form, &pending, app.today())
        .map_err(|found| faults.of_rules(found))
        .unwrap_or_default();
    faults.check()?;
    let change = app.store.propose_change(&signed.actor, id, proposed, &reason, &files).await?;
    Ok(Json(shown(app.store.change(signed.root(), change).await?, true)))
}

/// 上传一个证明材料，存入本人档案。
#[utoipa::path(post, path = "/api/me/files", tag = "me", request_body(content = FileForm, content_type = "multipart/form-data"), responses(
    (status = 200, body = FileInfo),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn own_file(State(app): State<App>, signed: Signed, form: Upload) -> Result<Json<FileInfo>, Problem> {
    let id = own(&signed)?;
    Ok(Json(keep(&app, &signed, id, form).await?))
}

//! 党员: one dossier, the fields of forms, the blank roster. Lists, edits, exports and logs stand beside it in `members_*`.

use crate::body::Segment;
use crate::dossier::Dossier;
use crate::download::{FileBytes, spreadsheet};
use crate::signed::Signed;
use crate::{App, Problem, members_edit, members_export, members_list, members_log};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use rules::access::Action;
use rules::change::may_propose;
use rules::form::is_on_forms;
use rules::ids::PersonId;
use rules::intake::Field;
use serde::Serialize;
use store::Person;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(members_list::list_members, members_edit::create_member))
        .routes(routes!(member_detail, members_edit::edit_member))
        .routes(routes!(members_edit::member_leaves))
        .routes(routes!(members_log::reveal_member))
        .routes(routes!(members_log::member_views))
        .routes(routes!(members_log::member_history))
        .routes(routes!(members_export::export_members))
        .routes(routes!(member_template))
        .routes(routes!(member_fields))
}

/// A field of a form.
#[derive(Serialize, ToSchema)]
struct FieldInfo {
    field: String,
    label: String,
    required: bool,
    private: bool,
    choices: Vec<String>,
    /// Whether a member may propose a value for it.
    proposable: bool,
}

/// The fields of forms, in the roster's order.
#[derive(Serialize, ToSchema)]
struct FieldList {
    items: Vec<FieldInfo>,
}

/// A person in an organisation in which the actor may do this. Elsewhere the person does not exist.
pub(crate) async fn person_for(app: &App, signed: &Signed, action: Action, id: PersonId) -> Result<Person, Problem> {
    signed.may(action)?;
    let path = app.store.person_org_path(signed.root(), id).await?;
    signed.may_within(action, &path, "人员")?;
    Ok(app.store.person(signed.root(), id).await?)
}

/// Reads everything that the page of a dossier shows.
pub(crate) async fn dossier_of(app: &App, signed: &Signed, person: &Person) -> Result<Dossier, Problem> {
    let path = app.store.org_path(signed.root(), &person.org).await?;
    let spells = app.store.person_spells(signed.root(), person.id).await?;
    Ok(Dossier::of(person, path, spells))
}

/// 一份档案，号码和住址已脱敏；打开他人的档案会留痕，一小时内同一账号只记一次。
#[utoipa::path(get, path = "/api/members/{id}", tag = "members", params(("id" = String, Path)), responses(
    (status = 200, body = Dossier),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn member_detail(
    State(app): State<App>,
    signed: Signed,
    Segment(id): Segment<PersonId>,
) -> Result<Json<Dossier>, Problem> {
    let person = person_for(&app, &signed, Action::MemberView, id).await?;
    if signed.actor.person != Some(id) {
        app.store.note_view(&signed.actor, id).await?;
    }
    Ok(Json(dossier_of(&app, &signed, &person).await?))
}

/// 空白花名册模板。
#[utoipa::path(get, path = "/api/members/template", tag = "members", responses(
    (status = 200, body = FileBytes, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", description = "file"),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn member_template(signed: Signed) -> Result<Response, Problem> {
    signed.may(Action::Import)?;
    let bytes = roster::member_template().map_err(|e| members_export::unwritten(&e))?;
    Ok(spreadsheet("党员花名册模板", bytes))
}

/// 表单的各个项目及其取值。
#[utoipa::path(get, path = "/api/members/fields", tag = "members", responses(
    (status = 200, body = FieldList),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn member_fields(_: Signed) -> Result<Json<FieldList>, Problem> {
    let info = |field: Field| FieldInfo {
        field: field.key().to_owned(),
        label: field.label().to_owned(),
        required: field.is_required() && field != Field::JoinedOn,
        private: field.is_private(),
        choices: field.choices().into_iter().map(str::to_owned).collect(),
        proposable: may_propose(field),
    };
    let items = Field::ALL.iter().copied().filter(|field| is_on_forms(*field)).map(info).collect();
    Ok(Json(FieldList { items }))
}

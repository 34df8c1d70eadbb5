//! An organisation's own templates: put in, replaced, withdrawn, looked at.

use super::library::{known, org_asked};
use crate::body::{Body, Faults, Params, Segment};
use crate::documents::{DOCX, failed};
use crate::download::{FileBytes, attachment};
use crate::files::FileForm;
use crate::signed::Signed;
use crate::upload::{Upload, file_of};
use crate::{App, FieldError, Problem};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use papers::form::{Form, LARGEST_FORM};
use rules::access::{Action, Target, may, scope};
use rules::ids::TemplateId;
use rules::template::Template;
use serde::{Deserialize, Serialize};
use store::{NewFile, OwnTemplate};
use utoipa::{IntoParams, ToSchema};

/// Most characters of what is said with a file.
const LONGEST_NOTE: usize = 200;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct NewOwn {
    /// Whose template it becomes.
    org: String,
    /// What is said with it.
    note: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Replacement {
    /// The version that is replaced.
    version: i64,
    /// What is said with it.
    note: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct VersionQuery {
    /// The present one when left out.
    version: Option<i64>,
}

#[derive(Deserialize, ToSchema)]
pub(super) struct Withdrawal {
    version: i64,
    reason: String,
}

/// What was put in.
#[derive(Serialize, ToSchema)]
pub(super) struct OwnAdded {
    id: String,
    /// The fields that the file fills in.
    placeholders: Vec<String>,
    /// Required fields for which it has no place.
    without_place: Vec<String>,
}

/// One file of a template.
#[derive(Serialize, ToSchema)]
struct OwnVersion {
    version: i64,
    name: String,
    size: i64,
    note: String,
    added_at: i64,
    added_by: String,
}

/// A template of an organisation's own.
#[derive(Serialize, ToSchema)]
pub(super) struct OwnDetail {
    id: String,
    key: String,
    name: String,
    org_id: String,
    org_name: String,
    withdrawn: bool,
    /// The present one first.
    versions: Vec<OwnVersion>,
}

/// A template that the actor may see: of the own subtree, or of a superior, whose templates hold below.
async fn seen(app: &App, signed: &Signed, id: TemplateId) -> Result<OwnTemplate, Problem> {
    let tops = signed.scope(Action::WorkView)?;
    let own = app.store.own_template(signed.root(), id).await?;
    let near = |top: &String| own.org_path.starts_with(top.as_str()) || top.starts_with(&own.org_path);
    if tops.iter().any(near) { Ok(own) } else { Err(Problem::not_found("模板")) }
}

/// A template that the actor may change.
async fn editable(app: &App, signed: &Signed, id: TemplateId) -> Result<OwnTemplate, Problem> {
    signed.may(Action::WorkDo)?;
    let own = app.store.own_template(signed.root(), id).await?;
    if may(&signed.actor, Action::WorkDo, Target::Within(&own.org_path)) {
        return Ok(own);
    }
    if scope(&signed.actor, Action::WorkDo).iter().any(|top| top.starts_with(&own.org_path)) {
        let detail = "这是上级党组织的模板，由上级维护。要用不同的样式，可为本组织自备一份。";
        return Err(Problem::forbidden(detail));
    }
    Err(Problem::not_found("模板"))
}

/// A file out of a form that can take the template's place, and what it fills in.
async fn accepted(form: Upload, template: &Template) -> Result<(String, Vec<u8>, Vec<String>), Problem> {
    let (name, bytes) = file_of(form, LARGEST_FORM).await?;
    let read =
        tokio::task::spawn_blocking(move || Form::read(&bytes).and_then(|form| Ok((form.placeholders()?, bytes))));
    let (found, bytes) =
        read.await.map_err(|e| failed(e.to_string()))?.map_err(|e| at_file(e.code, format!("{e}。")))?;
    let unknown = template.unknown(&found);
    if !unknown.is_empty() {
        let message = format!(
            "文件中有系统不认识的栏目：{}。「{}」可用的栏目有：{}。请改正后再上传。",
            braced(&unknown),
            template.name,
            template.placeholders().join("、")
        );
        return Err(at_file("unknown_field", message));
    }
    if found.is_empty() {
        let message = "文件中没有任何占位符，填写的内容无处可放。请下载样稿，按样稿在文件中写入 {{栏目名称}}。";
        return Err(at_file("no_placeholder", message.to_owned()));
    }
    let name = if name.to_lowercase().ends_with(".docx") { name } else { format!("{name}.docx") };
    Ok((name, bytes, found.into_iter().collect()))
}

fn braced(names: &[&str]) -> String {
    names.iter().map(|name| format!("{{{{{name}}}}}")).collect::<Vec<_>>().join("、")
}

fn at_file(code: &str, message: String) -> Problem {
    Problem::invalid(vec![FieldError { pointer: "/file".to_owned(), code: code.to_owned(), message }])
}

fn note_of(note: Option<String>) -> Result<String, Problem> {
    let mut faults = Faults::default();
    let note: String = note.unwrap_or_default().chars().filter(|c| !c.is_control()).collect();
    if note.chars().count() > LONGEST_NOTE {
        faults.add("/note", "too_long", format!("说明超过 {LONGEST_NOTE} 个字。请写短一些。"));
    }
    faults.check()?;
    Ok(note.trim().to_owned())
}

/// Required fields that stand nowhere in a file.
fn without_place(template: &Template, found: &[String]) -> Vec<String> {
    let stands =
        |name: &str| found.iter().any(|one| one == name || one.split_once('.').is_some_and(|(rows, _)| rows == name));
    template
        .fields
        .iter()
        .filter(|field| field.required && !stands(&field.name))
        .map(|field| field.name.clone())
        .collect()
}

/// 传入自备模板（DOCX，不超过 5 MB，不含宏、嵌入对象和外部链接），在本组织及下级代替内置版式。
#[utoipa::path(post, path = "/api/templates/{key}/own", tag = "templates", params(("key" = String, Path), NewOwn),
    request_body(content = FileForm, content_type = "multipart/form-data"), responses(
    (status = 200, body = OwnAdded),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
pub(super) async fn add(
    State(app): State<App>,
    signed: Signed,
    Segment(key): Segment<String>,
    Params(query): Params<NewOwn>,
    form: Upload,
) -> Result<Json<OwnAdded>, Problem> {
    let org = org_asked(&app, &signed, Action::WorkDo, &query.org).await?;
    let template = known(&key)?;
    let note = note_of(query.note)?;
    let (name, bytes, placeholders) = accepted(form, template).await?;
    let file = NewFile { name: &name, media_type: DOCX, bytes: &bytes };
    let id = app.store.add_template(&signed.actor, org.id, &key, file, &note).await?;
    let without_place = without_place(template, &placeholders);
    Ok(Json(OwnAdded { id: id.to_string(), placeholders, without_place }))
}

/// 为自备模板换新文件；旧文件保留。
#[utoipa::path(post, path = "/api/own-templates/{id}/file", tag = "templates", params(("id" = String, Path), Replacement),
    request_body(content = FileForm, content_type = "multipart/form-data"), responses(
    (status = 200, body = OwnAdded),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
pub(super) async fn replace(
    State(app): State<App>,
    signed: Signed,
    Segment(id): Segment<TemplateId>,
    Params(query): Params<Replacement>,
    form: Upload,
) -> Result<Json<OwnAdded>, Problem> {
    let own = editable(&app, &signed, id).await?;
    let template = known(&own.base)?;
    let note = note_of(query.note)?;
    let (name, bytes, placeholders) = accepted(form, template).await?;
    let file = NewFile { name: &name, media_type: DOCX, bytes: &bytes };
    app.store.replace_template(&signed.actor, (id, query.version), file, &note).await?;
    let without_place = without_place(template, &placeholders);
    Ok(Json(OwnAdded { id: id.to_string(), placeholders, without_place }))
}

/// 停用自备模板：恢复使用上级的模板或内置版式。
#[utoipa::path(post, path = "/api/own-templates/{id}/withdraw", tag = "templates", params(("id" = String, Path)),
    request_body = Withdrawal, responses(
    (status = 204),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
pub(super) async fn withdraw(
    State(app): State<App>,
    signed: Signed,
    Segment(id): Segment<TemplateId>,
    Body(asked): Body<Withdrawal>,
) -> Result<StatusCode, Problem> {
    editable(&app, &signed, id).await?;
    let mut faults = Faults::default();
    let reason = faults.reason(&asked.reason);
    faults.check()?;
    app.store.withdraw_template(&signed.actor, (id, asked.version), &reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// 一份自备模板和它的各版文件。
#[utoipa::path(get, path = "/api/own-templates/{id}", tag = "templates", params(("id" = String, Path)), responses(
    (status = 200, body = OwnDetail),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
pub(super) async fn versions(
    State(app): State<App>,
    signed: Signed,
    Segment(id): Segment<TemplateId>,
) -> Result<Json<OwnDetail>, Problem> {
    let own = seen(&app, &signed, id).await?;
    let found = app.store.template_versions(signed.root(), id).await?;
    Ok(Json(OwnDetail {
        id: own.id.to_string(),
        name: known(&own.base)?.name.clone(),
        key: own.base,
        org_id: own.org.to_string(),
        org_name: own.org_name,
        withdrawn: own.withdrawn,
        versions: found
            .into_iter()
            .map(|one| OwnVersion {
                version: one.version,
                name: one.paper.name,
                size: one.paper.size,
                note: one.note,
                added_at: one.paper.added_at,
                added_by: one.paper.added_by,
            })
            .collect(),
    }))
}

/// 下载自备模板的文件。
#[utoipa::path(get, path = "/api/own-templates/{id}/file", tag = "templates", params(("id" = String, Path), VersionQuery), responses(
    (status = 200, body = FileBytes, content_type = "*/*", description = "file"),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
pub(super) async fn fetch(
    State(app): State<App>,
    signed: Signed,
    Segment(id): Segment<TemplateId>,
    Params(query): Params<VersionQuery>,
) -> Result<Response, Problem> {
    seen(&app, &signed, id).await?;
    let (name, bytes) = app.store.template_file(signed.root(), id, query.version).await?;
    Ok(attachment(&name, DOCX, bytes))
}

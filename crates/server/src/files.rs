//! 材料: attachments of a dossier, told by their content and kept sealed. Fetching another person's leaves an entry.

use crate::body::Segment;
use crate::download::{FileBytes, attachment};
use crate::members::person_for;
use crate::signed::Signed;
use crate::upload::{FORM, Upload, file_of};
use crate::{App, Problem};
use axum::Json;
use axum::extract::{DefaultBodyLimit, State};
use axum::response::Response;
use roster::{Attachment, LARGEST_ATTACHMENT};
use rules::access::{Action, Target, may};
use rules::ids::{FileId, PersonId};
use serde::Serialize;
use store::{FileInfo as Kept, NewFile, Paper};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_files, add_file))
        .layer(DefaultBodyLimit::max(LARGEST_ATTACHMENT + FORM))
        .routes(routes!(fetch_file))
}

/// An attachment.
#[derive(Serialize, ToSchema)]
pub(crate) struct FileInfo {
    id: String,
    name: String,
    size: i64,
    media_type: String,
    uploaded_at: i64,
    uploaded_by: String,
}

/// A dossier's attachments, newest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct FileList {
    pub(crate) items: Vec<FileInfo>,
}

/// A form with a file.
#[derive(ToSchema)]
#[allow(dead_code)]
pub(crate) struct FileForm {
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

impl From<Paper> for FileInfo {
    fn from(paper: Paper) -> Self {
        FileInfo {
            id: paper.id.to_string(),
            name: paper.name,
            size: paper.size,
            media_type: paper.media_type,
            uploaded_at: paper.added_at,
            uploaded_by: paper.added_by,
        }
    }
}

impl From<Kept> for FileInfo {
    fn from(file: Kept) -> Self {
        FileInfo {
            id: file.id.to_string(),
            name: file.name,
            size: file.size,
            media_type: file.media_type,
            uploaded_at: file.added_at,
            uploaded_by: file.added_by,
        }
    }
}

/// Takes a file out of a form into a dossier.
pub(crate) async fn keep(app: &App, signed: &Signed, person: PersonId, form: Upload) -> Result<FileInfo, Problem> {
    let (name, kind, bytes) = accepted(form).await?;
    let new = NewFile { name: &name, media_type: kind.media_type(), bytes: &bytes };
    Ok(app.store.add_file(&signed.actor, person, new).await?.into())
}

/// A file out of a form, told by its content; its ending is put right by what it is.
pub(crate) async fn accepted(form: Upload) -> Result<(String, Attachment, Vec<u8>), Problem> {
    let (name, bytes) = file_of(form, LARGEST_ATTACHMENT).await?;
    let kind = Attachment::of(&bytes).map_err(|e| Problem::refused("bad_file", format!("{e}。")))?;
    Ok((with_ending(&name, kind), kind, bytes))
}

fn with_ending(name: &str, kind: Attachment) -> String {
    let lower = name.to_lowercase();
    let fits =
        lower.ends_with(&format!(".{}", kind.ending())) || (kind == Attachment::Jpeg && lower.ends_with(".jpeg"));
    if fits { name.to_owned() } else { format!("{name}.{}", kind.ending()) }
}

/// 一份档案的材料，新的在前。
#[utoipa::path(get, path = "/api/members/{id}/files", tag = "files", params(("id" = String, Path)), responses(
    (status = 200, body = FileList),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn list_files(
    State(app): State<App>,
    signed: Signed,
    Segment(id): Segment<PersonId>,
) -> Result<Json<FileList>, Problem> {
    person_for(&app, &signed, Action::MemberView, id).await?;
    let found = app.store.files(signed.root(), id).await?;
    Ok(Json(FileList { items: found.into_iter().map(FileInfo::from).collect() }))
}

/// 存入一个材料（PDF、JPG、PNG、DOCX、XLSX，不超过 20 MB）。
#[utoipa::path(post, path = "/api/members/{id}/files", tag = "files", params(("id" = String, Path)),
    request_body(content = FileForm, content_type = "multipart/form-data"), responses(
    (status = 200, body = FileInfo),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn add_file(
    State(app): State<App>,
    signed: Signed,
    Segment(id): Segment<PersonId>,
    form: Upload,
) -> Result<Json<FileInfo>, Problem> {
    person_for(&app, &signed, Action::MemberEdit, id).await?;
    Ok(Json(keep(&app, &signed, id, form).await?))
}

/// 下载一个材料；下载他人的材料会留痕，本人可见。
#[utoipa::path(get, path = "/api/files/{id}", tag = "files", params(("id" = String, Path)), responses(
    (status = 200, body = FileBytes, content_type = "*/*", description = "file"),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn fetch_file(State(app): State<App>, signed: Signed, Segment(id): Segment<FileId>) -> Result<Response, Problem> {
    let file = app.store.file(signed.root(), id).await;
    if let Ok(file) = &file
        && may(&signed.actor, Action::OwnDossier, Target::Person(file.person))
    {
        return sent(&app, &signed, file).await;
    }
    // Whether another's file exists is not told to those who may only fetch their own.
    match signed.may(Action::MemberEdit) {
        Err(_) if signed.may(Action::OwnDossier).is_ok() => return Err(Problem::not_found("材料")),
        allowed => allowed?,
    }
    let file = file?;
    let path = app.store.person_org_path(signed.root(), file.person).await?;
    signed.may_within(Action::MemberEdit, &path, "材料")?;
    app.store.note_fetch(&signed.actor, file.person, id).await?;
    sent(&app, &signed, &file).await
}

async fn sent(app: &App, signed: &Signed, file: &Kept) -> Result<Response, Problem> {
    let bytes = app.store.file_content(signed.root(), file).await?;
    Ok(attachment(&file.name, &file.media_type, bytes))
}

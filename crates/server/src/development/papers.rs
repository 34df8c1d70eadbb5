//! The papers of a case: put to a step, fetched, taken away again. They are told by their content and sealed under the person's key.

use super::access::path_for;
use super::shape::DevelopmentCase;
use super::steps::step_of;
use super::whole::whole;
use crate::body::Segment;
use crate::download::{FileBytes, attachment};
use crate::files::{FileForm, accepted};
use crate::signed::Signed;
use crate::upload::Upload;
use crate::{App, Problem};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use rules::access::Action;
use rules::ids::{CaseId, FileId};
use store::NewFile;

/// 存入一步的一份材料（PDF、JPG、PNG、DOCX、XLSX，不超过 20 MB）。
#[utoipa::path(post, path = "/api/development/{id}/steps/{step}/papers/{paper}", tag = "development",
    params(("id" = String, Path), ("step" = u8, Path), ("paper" = String, Path)),
    request_body(content = FileForm, content_type = "multipart/form-data"), responses(
    (status = 200, body = DevelopmentCase),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
pub(crate) async fn add(
    State(app): State<App>,
    signed: Signed,
    Segment((id, step, paper)): Segment<(CaseId, u8, String)>,
    form: Upload,
) -> Result<Json<DevelopmentCase>, Problem> {
    path_for(&app, &signed, Action::WorkDo, id).await?;
    let step = step_of(step)?;
    let (name, kind, bytes) = accepted(form).await?;
    let new = NewFile { name: &name, media_type: kind.media_type(), bytes: &bytes };
    app.store.add_case_paper(&signed.actor, id, step, &paper, new).await?;
    Ok(Json(whole(&app, &signed, id).await?))
}

/// 下载一份材料；下载他人的材料会留痕，本人可见。
#[utoipa::path(get, path = "/api/development/{id}/files/{file}", tag = "development",
    params(("id" = String, Path), ("file" = String, Path)), responses(
    (status = 200, body = FileBytes, content_type = "*/*", description = "file"),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
pub(crate) async fn fetch(
    State(app): State<App>,
    signed: Signed,
    Segment((id, file)): Segment<(CaseId, FileId)>,
) -> Result<Response, Problem> {
    path_for(&app, &signed, Action::WorkDo, id).await?;
    let case = app.store.case(signed.root(), id).await?;
    let kept = case.papers.iter().find(|paper| paper.file.id == file).ok_or_else(|| Problem::not_found("材料"))?;
    app.store.note_fetch(&signed.actor, case.row.person, file).await?;
    let bytes = app.store.file_content(signed.root(), &kept.file).await?;
    Ok(attachment(&kept.file.name, &kept.file.media_type, bytes))
}

/// 取下一份材料；这一步办完以后不能再取下。
#[utoipa::path(delete, path = "/api/development/{id}/files/{file}", tag = "development",
    params(("id" = String, Path), ("file" = String, Path)), responses(
    (status = 200, body = DevelopmentCase),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
pub(crate) async fn remove(
    State(app): State<App>,
    signed: Signed,
    Segment((id, file)): Segment<(CaseId, FileId)>,
) -> Result<Json<DevelopmentCase>, Problem> {
    path_for(&app, &signed, Action::WorkDo, id).await?;
    app.store.remove_case_paper(&signed.actor, id, file).await?;
    Ok(Json(whole(&app, &signed, id).await?))
}

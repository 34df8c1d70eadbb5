//! Papers of a meeting: photographs, the signed sheet, material. Told by their content, kept sealed.

use super::meeting_for;
use crate::body::Segment;
use crate::download::{FileBytes, attachment};
use crate::files::{FileForm, FileInfo, FileList, accepted};
use crate::signed::Signed;
use crate::upload::{FORM, Upload};
use crate::{App, Problem};
use axum::Json;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::response::Response;
use roster::LARGEST_ATTACHMENT;
use rules::access::Action;
use rules::ids::{MeetingId, PaperId};
use store::{NewFile, Subject};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(papers, add))
        .layer(DefaultBodyLimit::max(LARGEST_ATTACHMENT + FORM))
        .routes(routes!(fetch, remove))
}

fn owner(id: MeetingId) -> Subject {
    Subject::of("meeting", id.0)
}

/// 一次会议的附件。
#[utoipa::path(get, path = "/api/meetings/{id}/papers", tag = "meetings", params(("id" = String, Path)), responses(
    (status = 200, body = FileList),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn papers(
    State(app): State<App>,
    signed: Signed,
    Segment(id): Segment<MeetingId>,
) -> Result<Json<FileList>, Problem> {
    meeting_for(&app, &signed, Action::WorkView, id).await?;
    let found = app.store.papers(signed.root(), owner(id)).await?;
    Ok(Json(FileList { items: found.into_iter().map(FileInfo::from).collect() }))
}

/// 存入一个附件（PDF、JPG、PNG、DOCX、XLSX，不超过 20 MB）；归档后不能再增减。
#[utoipa::path(post, path = "/api/meetings/{id}/papers", tag = "meetings", params(("id" = String, Path)),
    request_body(content = FileForm, content_type = "multipart/form-data"), responses(
    (status = 200, body = FileList),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn add(app: State<App>, signed: Signed, id: Segment<MeetingId>, form: Upload) -> Result<Json<FileList>, Problem> {
    meeting_for(&app, &signed, Action::WorkDo, id.0).await?;
    let (name, kind, bytes) = accepted(form).await?;
    let new = NewFile { name: &name, media_type: kind.media_type(), bytes: &bytes };
    app.store.add_meeting_paper(&signed.actor, id.0, new).await?;
    papers(app, signed, id).await
}

/// 下载一个附件。
#[utoipa::path(get, path = "/api/meetings/{id}/papers/{paper_id}", tag = "meetings",
    params(("id" = String, Path), ("paper_id" = String, Path)), responses(
    (status = 200, body = FileBytes, content_type = "*/*", description = "file"),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn fetch(
    State(app): State<App>,
    signed: Signed,
    Segment((id, paper)): Segment<(MeetingId, PaperId)>,
) -> Result<Response, Problem> {
    meeting_for(&app, &signed, Action::WorkView, id).await?;
    let (paper, bytes) = app.store.paper(signed.root(), paper).await?;
    if paper.owner != ("meeting".to_owned(), id.0) {
        return Err(Problem::not_found("文件"));
    }
    Ok(attachment(&paper.name, &paper.media_type, bytes))
}

/// 去掉一个附件。
#[utoipa::path(delete, path = "/api/meetings/{id}/papers/{paper_id}", tag = "meetings",
    params(("id" = String, Path), ("paper_id" = String, Path)), responses(
    (status = 204),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn remove(
    State(app): State<App>,
    signed: Signed,
    Segment((id, paper)): Segment<(MeetingId, PaperId)>,
) -> Result<StatusCode, Problem> {
    meeting_for(&app, &signed, Action::WorkDo, id).await?;
    app.store.remove_meeting_paper(&signed.actor, id, paper).await?;
    Ok(StatusCode::NO_CONTENT)
}

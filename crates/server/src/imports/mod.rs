//! Imports (导入): a file is looked at first, then imported in the background; its report and its rejected rows can be fetched by
//! whoever asked for it, and by nobody else.

mod desk;
mod job;
mod shape;
mod upload;

pub(crate) use desk::Desk;
pub use job::{ImportJob, ImportKind, ImportOutcome, run_import};

use crate::body::{Faults, Params, Segment};
use crate::download::{FileBytes, spreadsheet};
use crate::signed::Signed;
use crate::{App, Problem};
use axum::Json;
use axum::extract::{DefaultBodyLimit, Multipart, State};
use axum::http::StatusCode;
use axum::response::Response;
use roster::BadFile;
use rules::access::Action;
use rules::ids::ImportId;
use serde::Deserialize;
use shape::{Import, ImportForm, ImportPage, ImportPreview, ImportReport, ImportRow, PreviewForm, run_shown};
use store::{Author, ImportTask, NewRun, RunState};
use upload::{LARGEST_BODY, Upload};
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Runs of a page.
const PAGE: usize = 20;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(preview))
        .routes(routes!(list, create))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .routes(routes!(show))
        .routes(routes!(rejected))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ImportQuery {
    cursor: Option<String>,
}

/// 预览要导入的文件：认出的列、样例行和总行数，什么也不写入。
#[utoipa::path(post, path = "/api/imports/preview", tag = "imports",
    request_body(content = PreviewForm, content_type = "multipart/form-data"),
    responses(
        (status = 200, body = ImportPreview),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
    ))]
async fn preview(signed: Signed, form: Multipart) -> Result<Json<ImportPreview>, Problem> {
    signed.may(Action::Import)?;
    let upload = Upload::read(form).await?;
    let mut faults = Faults::default();
    let kind = upload.kind(&mut faults);
    faults.check()?;
    let bytes = upload.bytes;
    let shown = tokio::task::spawn_blocking(move || {
        let tables = roster::read(&bytes)?;
        roster::preview(&tables, kind == ImportKind::Orgs)
    });
    let shown = shown.await.unwrap_or_else(|_| Err(BadFile("文件读取出错。请另存为 xlsx 后再试".to_owned())));
    Ok(Json(ImportPreview::of(shown.map_err(bad_file)?, kind)))
}

fn bad_file(BadFile(message): BadFile) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "bad_file", "文件无法读取", message)
}

/// 导入花名册或组织表，在后台进行。
#[utoipa::path(post, path = "/api/imports", tag = "imports",
    request_body(content = ImportForm, content_type = "multipart/form-data"),
    responses(
        (status = 202, body = Import),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
    ))]
async fn create(
    State(app): State<App>,
    signed: Signed,
    form: Multipart,
) -> Result<(StatusCode, Json<Import>), Problem> {
    let scope = signed.scope(Action::Import)?;
    if !app.imports.has_room(signed.root()) {
        let detail = "本企业已有几个导入在排队。请等前面的完成后再导入。";
        return Err(Problem::new(StatusCode::TOO_MANY_REQUESTS, "import_busy", "请稍候", detail));
    }
    let upload = Upload::read(form).await?;
    let mut faults = Faults::default();
    let kind = upload.kind(&mut faults);
    let dry_run = upload.ticked("dry_run", &mut faults);
    let create_orgs = upload.ticked("create_orgs", &mut faults);
    let mapping = upload.mapping(kind, &mut faults);
    faults.check()?;
    let new = NewRun { account: signed.actor.account, kind: kind.key(), file_name: upload.file_name, dry_run };
    let id = app.store.create_import_run(signed.root(), &new).await?;
    let task = ImportTask { scope, create_orgs, found: None, today: app.today() };
    let job = ImportJob { kind, bytes: upload.bytes, mapping, dry_run, task };
    desk::start(&app, Author::from(&signed.actor), id, job);
    Ok((StatusCode::ACCEPTED, Json(shown(&app, &signed, id).await?)))
}

/// 本人的导入记录，新的在前。
#[utoipa::path(get, path = "/api/imports", tag = "imports", params(ImportQuery), responses(
    (status = 200, body = ImportPage),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn list(
    State(app): State<App>,
    signed: Signed,
    Params(query): Params<ImportQuery>,
) -> Result<Json<ImportPage>, Problem> {
    signed.may(Action::Import)?;
    let mut faults = Faults::default();
    let cursor = query.cursor.filter(|cursor| !cursor.is_empty());
    let before: Option<ImportId> =
        cursor.and_then(|cursor| faults.parsed("/cursor", "bad_request", &cursor, "翻页位置有误。请从头查看。"));
    faults.check()?;
    let live = app.imports.live();
    let mut runs = app.store.import_runs(signed.root(), signed.actor.account, before, PAGE as i64 + 1).await?;
    let more = runs.len() > PAGE;
    runs.truncate(PAGE);
    let next = runs.last().filter(|_| more).map(|run| run.id.to_string());
    let items = runs.into_iter().map(|run| ImportRow::of(run_shown(&live, run))).collect();
    Ok(Json(ImportPage { items, next }))
}

/// 一次导入的进度和结果。
#[utoipa::path(get, path = "/api/imports/{id}", tag = "imports", params(("id" = String, Path)), responses(
    (status = 200, body = Import),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn show(State(app): State<App>, signed: Signed, Segment(id): Segment<ImportId>) -> Result<Json<Import>, Problem> {
    signed.may(Action::Import)?;
    Ok(Json(shown(&app, &signed, id).await?))
}

async fn shown(app: &App, signed: &Signed, id: ImportId) -> Result<Import, Problem> {
    let live = app.imports.live();
    let run = run_shown(&live, app.store.import_run(signed.root(), signed.actor.account, id).await?);
    let report = match run.state {
        RunState::Queued | RunState::Running => None,
        RunState::Done | RunState::Failed => app.store.import_report(signed.root(), id).await?,
    };
    let report = match report {
        Some(json) => Some(ImportReport::read(&json)?),
        None if run.state == RunState::Failed => Some(ImportReport::interrupted()),
        None => None,
    };
    Ok(Import::of(run, report))
}

/// 未通过的行，附原因，改好后可以再导入。
#[utoipa::path(get, path = "/api/imports/{id}/rejected", tag = "imports", params(("id" = String, Path)), responses(
    (status = 200, body = FileBytes, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", description = "file"),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn rejected(State(app): State<App>, signed: Signed, Segment(id): Segment<ImportId>) -> Result<Response, Problem> {
    signed.may(Action::Import)?;
    let run = app.store.import_run(signed.root(), signed.actor.account, id).await?;
    let sheet = app.store.import_rejected(signed.root(), run.id).await?;
    let sheet = sheet.ok_or_else(|| Problem::not_found("未通过的行"))?;
    Ok(spreadsheet("未通过", sheet))
}

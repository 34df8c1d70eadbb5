//! Documents made from a template and what was filled in: as pages to look at, as DOCX, as PDF.

use super::library::{FieldValue, known, org_asked};
use crate::body::{Body, Params, Segment};
use crate::documents::{Format, failed, made, of_rendered, pages};
use crate::download::FileBytes;
use crate::signed::Signed;
use crate::{App, Problem, office};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use papers::form::{Filling, Form};
use papers::{Block, Document, Layout};
use rules::access::Action;
use rules::ids::RootOrg;
use rules::template::{Fault, FieldKind, Gaps, Template, Value, Values, check, render, shown};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::{Org, OwnTemplate};
use utoipa::{IntoParams, ToSchema};

/// What was filled in, for which organisation.
#[derive(Deserialize, ToSchema)]
pub(super) struct FilledIn {
    org: String,
    /// By field: a text, or rows of texts by column.
    #[schema(value_type = BTreeMap<String, FieldValue>)]
    values: Values,
    /// `true`: the built-in layout even where there is a file of one's own.
    built_in: Option<bool>,
}

/// The pages as they will be printed.
#[derive(Serialize, ToSchema)]
pub(super) struct TemplatePreview {
    /// Pictures (SVG), one a page.
    pages: Vec<String>,
    /// What is still missing or wrong.
    faults: Vec<crate::FieldError>,
    /// Whether a file of one's own is shown; without LibreOffice the built-in layout is shown in its place.
    own: bool,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct DocumentQuery {
    /// `docx` or `pdf`.
    format: Option<String>,
}

fn error_of(fault: Fault) -> crate::FieldError {
    crate::FieldError {
        pointer: format!("/values/{}", fault.place),
        code: fault.code.to_owned(),
        message: fault.message,
    }
}

fn refused(faults: Vec<Fault>) -> Problem {
    Problem::invalid(faults.into_iter().map(error_of).collect())
}

/// The file that takes the template's place in the organisation, if there is one.
async fn own_of(app: &App, root: RootOrg, org: &Org, key: &str) -> Result<Option<OwnTemplate>, Problem> {
    let held = app.store.own_templates(root, org).await?;
    Ok(held.into_iter().find(|own| own.base == key))
}

/// What is filled into a file of one's own: days as they are printed, rows by column.
fn filling_of(template: &Template, values: &Values) -> Filling {
    let mut filling = Filling::default();
    for field in &template.fields {
        match (&field.kind, values.0.get(&field.name)) {
            (FieldKind::Rows(columns), Some(Value::Rows(rows))) => {
                let row = |row: &BTreeMap<String, String>| {
                    let cell = |column: &rules::template::Field| {
                        (column.name.clone(), shown(column, row.get(&column.name).map_or("", String::as_str)))
                    };
                    columns.iter().map(cell).collect::<BTreeMap<_, _>>()
                };
                let rows = rows.iter().map(row).filter(|row| row.values().any(|cell| !cell.is_empty())).collect();
                filling.rows.insert(field.name.clone(), rows);
            }
            (_, Some(Value::Text(text))) => {
                filling.texts.insert(field.name.clone(), shown(field, text));
            }
            (_, _) => {}
        }
    }
    filling
}

/// The organisation's own DOCX, filled in.
async fn own_docx(app: &App, root: RootOrg, own: &OwnTemplate, filling: Filling) -> Result<Vec<u8>, Problem> {
    let (_, bytes) = app.store.template_file(root, own.id, None).await?;
    let filled = move || Form::read(&bytes)?.filled(&filling);
    let filled = tokio::task::spawn_blocking(filled).await.map_err(|e| failed(e.to_string()))?;
    filled.map_err(|e| Problem::refused(e.code, format!("自备的模板无法使用：{e}。")))
}

/// Makes the document of a template for an organisation: with its own file where there is one, else in the built-in layout.
/// Other features use it with what they know.
pub(crate) async fn make(
    app: &App,
    (root, org): (RootOrg, &Org),
    template: &'static Template,
    values: &Values,
    (format, built_in): (Format, bool),
) -> Result<Response, Problem> {
    let rendered = render(template, values, Gaps::Refused).map_err(refused)?;
    let name = rendered.title.replace(['\n', '/'], " ");
    let own = if built_in { None } else { own_of(app, root, org, &template.key).await? };
    if let Some(own) = own {
        let docx = own_docx(app, root, &own, filling_of(template, values)).await?;
        if format == Format::Docx {
            return Ok(format.sent(&name, docx));
        }
        if let Some(pdf) = office::pdf_of(app, docx).await? {
            return Ok(format.sent(&name, pdf));
        }
        let detail = "本单位自备的模板要由 LibreOffice 转为 PDF，服务器上没有安装。请下载 DOCX，或选「用内置版式」。";
        return Err(Problem::refused("no_office", detail));
    }
    let document = of_rendered(rendered);
    let bytes = match format {
        Format::Docx => made(document, papers::docx).await?,
        Format::Pdf => made(document, papers::pdf).await?,
    };
    Ok(format.sent(&name, bytes))
}

/// 按打印的样子预览；没有填的栏目以【栏目名】显示。
#[utoipa::path(post, path = "/api/templates/{key}/preview", tag = "templates", params(("key" = String, Path)),
    request_body = FilledIn, responses(
    (status = 200, body = TemplatePreview),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
pub(super) async fn preview(
    State(app): State<App>,
    signed: Signed,
    Segment(key): Segment<String>,
    Body(asked): Body<FilledIn>,
) -> Result<Json<TemplatePreview>, Problem> {
    let org = org_asked(&app, &signed, Action::WorkView, &asked.org).await?;
    let template = known(&key)?;
    let faults = check(template, &asked.values).into_iter().map(error_of).collect();
    let own = if asked.built_in == Some(true) { None } else { own_of(&app, signed.root(), &org, &key).await? };
    if let Some(own) = own.filter(|_| office::is_there(&app)) {
        let docx = own_docx(&app, signed.root(), &own, filling_of(template, &asked.values)).await?;
        if let Some(pdf) = office::pdf_of(&app, docx).await? {
            let document = Document { layout: Layout::Record, title: String::new(), blocks: vec![Block::Pdf(pdf)] };
            return Ok(Json(TemplatePreview { pages: pages(document).await?, faults, own: true }));
        }
    }
    let rendered = render(template, &asked.values, Gaps::Named).map_err(refused)?;
    Ok(Json(TemplatePreview { pages: pages(of_rendered(rendered)).await?, faults, own: false }))
}

/// 生成文件：有自备模板的用自备模板，否则用内置版式。
#[utoipa::path(post, path = "/api/templates/{key}/document", tag = "templates",
    params(("key" = String, Path), DocumentQuery), request_body = FilledIn, responses(
    (status = 200, body = FileBytes, content_type = "*/*", description = "file"),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
pub(super) async fn document(
    State(app): State<App>,
    signed: Signed,
    Segment(key): Segment<String>,
    Params(query): Params<DocumentQuery>,
    Body(asked): Body<FilledIn>,
) -> Result<Response, Problem> {
    let org = org_asked(&app, &signed, Action::WorkView, &asked.org).await?;
    let format = Format::of(query.format.as_deref())?;
    let built_in = asked.built_in.unwrap_or(false);
    make(&app, (signed.root(), &org), known(&key)?, &asked.values, (format, built_in)).await
}

/// 样稿：内置模板的 DOCX，栏目处是占位符；按本单位版式修改后即可作为自备模板传入。
#[utoipa::path(get, path = "/api/templates/{key}/sample", tag = "templates", params(("key" = String, Path)), responses(
    (status = 200, body = FileBytes, content_type = "*/*", description = "file"),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
pub(super) async fn sample(signed: Signed, Segment(key): Segment<String>) -> Result<Response, Problem> {
    signed.may(Action::WorkView)?;
    let template = known(&key)?;
    let rendered = render(template, &Values::default(), Gaps::Placeholders).map_err(refused)?;
    let bytes = made(of_rendered(rendered), papers::docx).await?;
    Ok(Format::Docx.sent(&format!("{}（样稿）", template.name), bytes))
}

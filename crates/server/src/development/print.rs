//! What is printed of a case: a paper filled in from it, and all of it as one volume.

use super::access::path_for;
use super::known::{Known, known, with_step};
use super::shape::StepForm;
use super::steps::read;
use super::volume::volume_of;
use crate::body::{Body, Params, Segment};
use crate::documents::answer;
use crate::download::FileBytes;
use crate::signed::Signed;
use crate::{App, Problem};
use axum::extract::State;
use axum::response::Response;
use jiff::civil::Date;
use papers::{Block, Document, Layout};
use rules::access::Action;
use rules::date::long;
use rules::development::{DocumentLayout, DocumentPart, DocumentSpec, Step, Values, document, fill, is_unknown};
use rules::ids::CaseId;
use serde::Deserialize;
use store::WholeCase;
use utoipa::IntoParams;

/// As what.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PrintQuery {
    /// `docx` (when left out) or `pdf`.
    format: Option<String>,
}

/// 生成一份材料，已填入卷宗中的内容。
#[utoipa::path(get, path = "/api/development/{id}/papers/{template}", tag = "development",
    params(("id" = String, Path), ("template" = String, Path), PrintQuery), responses(
    (status = 200, body = FileBytes, content_type = "*/*", description = "file"),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
pub(crate) async fn paper(
    State(app): State<App>,
    signed: Signed,
    Segment((id, template)): Segment<(CaseId, String)>,
    Params(query): Params<PrintQuery>,
) -> Result<Response, Problem> {
    path_for(&app, &signed, Action::WorkDo, id).await?;
    let (step, spec) = document(&template).ok_or_else(|| Problem::not_found("这种材料"))?;
    let case = app.store.case(signed.root(), id).await?;
    let taken = case.taken.iter().rfind(|one| one.mark.step == step);
    let (on, values) = taken.map_or((None, Values::default()), |one| (Some(one.mark.on), one.values.clone()));
    answer(written(&app, &signed, &case, (step, spec), (on, values)).await?, query.format.as_deref()).await
}

/// 生成一份材料，已填入卷宗中和这一步表单中的内容；不写入卷宗。
#[utoipa::path(post, path = "/api/development/{id}/papers/{template}", tag = "development",
    params(("id" = String, Path), ("template" = String, Path), PrintQuery), request_body = StepForm, responses(
    (status = 200, body = FileBytes, content_type = "*/*", description = "file"),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
pub(crate) async fn draft(
    State(app): State<App>,
    signed: Signed,
    Segment((id, template)): Segment<(CaseId, String)>,
    Params(query): Params<PrintQuery>,
    Body(form): Body<StepForm>,
) -> Result<Response, Problem> {
    path_for(&app, &signed, Action::WorkDo, id).await?;
    let (step, spec) = document(&template).ok_or_else(|| Problem::not_found("这种材料"))?;
    let mut case = app.store.case(signed.root(), id).await?;
    // What cannot be read yet stays blank: the form says so itself.
    let values = read(step, &form.values).unwrap_or_default();
    app.store.name_all(signed.root(), &mut case, &values).await?;
    let filled = (form.on.parse().ok(), values);
    answer(written(&app, &signed, &case, (step, spec), filled).await?, query.format.as_deref()).await
}

/// 整份卷宗，按步骤顺序装订为一个 PDF。
#[utoipa::path(get, path = "/api/development/{id}/volume", tag = "development", params(("id" = String, Path)), responses(
    (status = 200, body = FileBytes, content_type = "application/pdf", description = "file"),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
pub(crate) async fn volume(
    State(app): State<App>,
    signed: Signed,
    Segment(id): Segment<CaseId>,
) -> Result<Response, Problem> {
    path_for(&app, &signed, Action::WorkDo, id).await?;
    let root = signed.root();
    let case = app.store.case(root, id).await?;
    let what = "导出发展党员卷宗";
    app.store.note_export(&signed.actor, Some(case.row.branch), &[case.row.person], what).await?;
    let known = known(&app, root, &case).await?;
    let mut contents = Vec::with_capacity(case.papers.len());
    for paper in &case.papers {
        contents.push(app.store.file_content(root, &paper.file).await?);
    }
    answer(volume_of(&case, &known, contents, app.today()), Some("pdf")).await
}

async fn written(
    app: &App,
    signed: &Signed,
    case: &WholeCase,
    (step, spec): (Step, &DocumentSpec),
    (on, values): (Option<Date>, Values),
) -> Result<Document, Problem> {
    let known = with_step(known(app, signed.root(), case).await?, case, step, on, &values);
    Ok(document_of(spec, &known, on))
}

/// A document with its places filled in.
fn document_of(spec: &DocumentSpec, known: &Known, on: Option<Date>) -> Document {
    let layout = match spec.layout {
        DocumentLayout::Official => Layout::Official,
        DocumentLayout::Record => Layout::Record,
    };
    let blocks = spec.parts.iter().flat_map(|part| blocks_of(part, known, on)).collect();
    Document { layout, title: fill(&spec.title, known), blocks }
}

fn blocks_of(part: &DocumentPart, known: &Known, on: Option<Date>) -> Vec<Block> {
    match part {
        DocumentPart::Facts { facts } => {
            let value = |key: &String| known.get(key).cloned().unwrap_or_default();
            let pairs = facts.chunks_exact(2).map(|pair| (pair[0].clone(), value(&pair[1])));
            vec![Block::Facts(pairs.collect())]
        }
        DocumentPart::Heading { heading } => vec![Block::Heading(1, fill(heading, known))],
        DocumentPart::Flush { flush } => vec![Block::Flush(fill(flush, known))],
        DocumentPart::Table { table, rows } => {
            let row = |first: &String| {
                let rest = std::iter::repeat_n(String::new(), table.len().saturating_sub(1));
                std::iter::once(first.clone()).chain(rest).collect()
            };
            vec![Block::Table { head: table.clone(), rows: rows.iter().map(row).collect(), widths: Vec::new() }]
        }
        DocumentPart::Sign { sign } => {
            let on = on.map_or_else(|| "　　年　　月　　日".to_owned(), long);
            let by = fill(sign, known);
            vec![
                Block::Flush(String::new()),
                Block::Sign { by: format!("{by}　　　　　　"), on: None },
                Block::Sign { by: on, on: None },
            ]
        }
        DocumentPart::Text { text, lines } if text.is_empty() || is_unknown(text, known) => {
            std::iter::repeat_n(Block::Flush(String::new()), *lines).collect()
        }
        DocumentPart::Text { text, .. } => {
            fill(text, known).lines().map(|line| Block::Paragraph(line.to_owned())).collect()
        }
    }
}

//! 组织: the organisation sheet out, in the form in which imports read it, and the blank one.

use crate::download::{FileBytes, spreadsheet};
use crate::signed::Signed;
use crate::{App, Problem};
use axum::extract::State;
use axum::response::Response;
use jiff::civil::Date;
use roster::{BadFile, Cell, Sheet};
use rules::access::Action;
use rules::ids::OrgId;
use rules::intake::OrgField;
use std::collections::HashMap;
use store::Org;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Organisations read in one statement.
const BATCH: i64 = 1_000;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(export)).routes(routes!(template))
}

/// 导出组织表，可原样再导入。
#[utoipa::path(get, path = "/api/orgs/export", tag = "orgs", responses(
    (status = 200, body = FileBytes, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", description = "file"),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn export(State(app): State<App>, signed: Signed) -> Result<Response, Problem> {
    let scope = signed.scope(Action::OrgView)?;
    let mut orgs: Vec<Org> = Vec::new();
    loop {
        let after = orgs.last().map(|org| org.path.clone()).unwrap_or_default();
        let batch = app.store.orgs(signed.root(), &scope, &after, BATCH).await?;
        if batch.is_empty() {
            break;
        }
        orgs.extend(batch);
    }
    let mut codes: HashMap<OrgId, String> = orgs.iter().map(|org| (org.id, org.code.clone())).collect();
    let outside: Vec<OrgId> =
        orgs.iter().filter_map(|org| org.parent).filter(|parent| !codes.contains_key(parent)).collect();
    // At most one for each of the actor's own subtrees.
    for parent in outside {
        codes.insert(parent, app.store.org(signed.root(), parent).await?.code);
    }
    let bytes = sheet_of(&orgs, &codes).map_err(|e| Problem::refused("bad_file", e.to_string()))?;
    Ok(spreadsheet(&format!("党组织-{}", app.today()), bytes))
}

fn sheet_of(orgs: &[Org], codes: &HashMap<OrgId, String>) -> Result<Vec<u8>, BadFile> {
    let headings: Vec<String> = OrgField::ALL.iter().map(|field| field.label().to_owned()).collect();
    let mut sheet = Sheet::new("党组织", &headings)?;
    for (seq, org) in (1..).zip(orgs) {
        let cells: Vec<Cell> = OrgField::ALL.iter().map(|field| cell_of(*field, seq, org, codes)).collect();
        sheet.row(&cells)?;
    }
    sheet.finish()
}

fn cell_of(field: OrgField, seq: u32, org: &Org, codes: &HashMap<OrgId, String>) -> Cell {
    let date = |date: Option<Date>| date.map(|date| date.to_string()).unwrap_or_default().into();
    let text = |text: &Option<String>| text.clone().unwrap_or_default().into();
    match field {
        OrgField::Seq => Cell::Number(f64::from(seq)),
        OrgField::Code => org.code.as_str().into(),
        OrgField::Name => org.name.as_str().into(),
        OrgField::Kind => org.kind.name().into(),
        OrgField::Parent => org.parent.and_then(|parent| codes.get(&parent)).map_or("", String::as_str).into(),
        OrgField::Unit => text(&org.unit_name),
        OrgField::Uscc => text(&org.uscc),
        OrgField::FoundedOn => date(org.founded_on),
        OrgField::TermFrom => date(org.term_from),
    }
}

/// 空白组织表。
#[utoipa::path(get, path = "/api/orgs/template", tag = "orgs", responses(
    (status = 200, body = FileBytes, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", description = "file"),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn template(signed: Signed) -> Result<Response, Problem> {
    signed.may(Action::OrgView)?;
    let bytes = roster::org_template().map_err(|e| Problem::refused("bad_file", e.to_string()))?;
    Ok(spreadsheet("党组织模板", bytes))
}

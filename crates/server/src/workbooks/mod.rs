//! 支部工作手册: a branch's year as the records show it, on screen and as a document, with what is still missing. Nothing is written by
//! hand into it, so that it cannot say anything else than the records.

mod facts;
mod paper;
mod sections;

use crate::body::{Faults, Params, Segment};
use crate::documents::{Format, made};
use crate::duties::of_span;
use crate::signed::Signed;
use crate::{App, Problem};
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use facts::{Facts, Gap};
use rules::access::Action;
use rules::duty::{Days, Duty, Status};
use rules::ids::OrgId;
use sections::Section;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The first year of which there can be a book: the Party's.
const FIRST_YEAR: i16 = 1921;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(book))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct BookQuery {
    /// `json` (when left out) for the page, `docx` or `pdf` for a file.
    format: Option<String>,
}

/// A branch's work book of a year.
#[derive(Serialize, ToSchema)]
struct WorkBook {
    org_id: String,
    org_name: String,
    year: i16,
    /// The day up to which it reaches: the last of the year, or today.
    until: String,
    /// What is in it, in order.
    sections: Vec<Section>,
    /// What should have been done in the year and is not recorded, the oldest first.
    missing: Vec<BookGap>,
}

/// Something that is missing.
#[derive(Serialize, ToSchema)]
struct BookGap {
    /// What, without names.
    title: String,
    /// The rule that asks for it, or `OWN`.
    rule: String,
    /// The last day on which it was in time.
    due: String,
    /// How many persons it concerns; 0 when it concerns the organisation.
    persons: usize,
    /// The page on which it is done.
    link: String,
}

/// 党支部一年的工作手册：页面内容，或以 docx、pdf 下载。
#[utoipa::path(get, path = "/api/workbooks/{org}/{year}", tag = "workbooks", params(("org" = String, Path), ("year" = i16, Path), BookQuery), responses(
    (status = 200, body = WorkBook, description = "json; with format=docx or format=pdf the file itself"),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn book(
    State(app): State<App>,
    signed: Signed,
    Segment((id, year)): Segment<(OrgId, i16)>,
    Params(query): Params<BookQuery>,
) -> Result<Response, Problem> {
    signed.may(Action::WorkView)?;
    let format = match query.format.as_deref() {
        None | Some("" | "json") => None,
        asked => Some(Format::of(asked)?),
    };
    let root = signed.root();
    let org = app.store.org(root, id).await?;
    signed.may_within(Action::WorkView, &org.path, "党组织")?;
    if !org.kind.is_branch() {
        let detail = format!("{}不设支部工作手册。请选择一个党支部。", org.kind.name());
        return Err(Problem::refused("not_a_branch", detail));
    }
    let span = span_of(year, app.today().year())?;
    let gaps = gaps(&app, &signed, id, span).await?;
    let facts = Facts::read(&app, root, org, span, gaps).await?;
    let sections = sections::of(&facts);
    let Some(format) = format else { return Ok(Json(answer(facts, sections)).into_response()) };
    let name = format!("{}{year}年支部工作手册", facts.org.name);
    let bytes = made(paper::document(&facts, sections), format.renderer()).await?;
    note(&app, &signed, &facts).await?;
    Ok(format.sent(&name, bytes))
}

fn span_of(year: i16, this_year: i16) -> Result<Days, Problem> {
    let known = Days::of_year(year).filter(|_| (FIRST_YEAR..=this_year).contains(&year));
    let mut faults = Faults::default();
    if known.is_none() {
        faults.add("/year", "bad_year", format!("{year} 年没有工作手册。请选择 {this_year} 年或以前的年份。"));
    }
    faults.check()?;
    known.ok_or_else(|| Problem::not_found("年份"))
}

/// Whoever is named in a book that leaves the system can see that it did.
async fn note(app: &App, signed: &Signed, facts: &Facts) -> Result<(), Problem> {
    let named: Vec<_> = facts.members.iter().map(|member| member.id).collect();
    let what = format!("导出 {} 年支部工作手册", facts.year());
    app.store.note_export(&signed.actor, Some(facts.org.id), &named, &what).await?;
    Ok(())
}

/// What the calendar says is overdue and was due in the year. The same thing about several persons is one line.
async fn gaps(app: &App, signed: &Signed, id: OrgId, span: Days) -> Result<Vec<Gap>, Problem> {
    let today = app.today();
    let calendar = app.calendar(signed.root()).await?;
    let org = calendar.orgs.get(id).ok_or_else(|| Problem::not_found("党组织"))?;
    let places = calendar.orgs.with_groups(org);
    let duties = of_span(app, signed, &calendar, &places, span).await?;
    let late = |duty: &&Duty| duty.status(today) == Status::Overdue && (span.first..=span.last).contains(&duty.due);
    let mut found: BTreeMap<_, Gap> = BTreeMap::new();
    for duty in duties.iter().filter(late) {
        let title = duty.title(&calendar.setting.own);
        let gap = found.entry((duty.due, duty.rule, duty.org, title.clone())).or_insert_with(|| Gap {
            title,
            rule: duty.rule,
            due: duty.due,
            persons: 0,
            link: duty.link(),
        });
        gap.persons += usize::from(duty.person.is_some());
        if gap.persons > 1 {
            gap.link = format!("/life?org={id}");
        }
    }
    Ok(found.into_values().collect())
}

fn answer(facts: Facts, sections: Vec<Section>) -> WorkBook {
    let gap = |gap: Gap| BookGap {
        title: gap.title,
        rule: gap.rule.to_owned(),
        due: gap.due.to_string(),
        persons: gap.persons,
        link: gap.link,
    };
    WorkBook {
        org_id: facts.org.id.to_string(),
        year: facts.year(),
        until: facts.until.to_string(),
        org_name: facts.org.name,
        sections,
        missing: facts.gaps.into_iter().map(gap).collect(),
    }
}

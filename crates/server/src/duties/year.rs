//! One organisation's year: what is asked of it and its groups, what is asked about its persons, and how learning stands in numbers.

use super::calendar::Calendar;
use super::shown::{Duty, DutyCounts, Names};
use crate::body::{Faults, Params};
use crate::signed::Signed;
use crate::{App, Problem};
use axum::Json;
use axum::extract::State;
use rules::access::Action;
use rules::activity::Activity;
use rules::duty::{Days, Duty as Known, Task};
use rules::ids::OrgId;
use serde::{Deserialize, Serialize};
use store::DutyReach;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(year))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct YearQuery {
    org: String,
    /// This year when left out.
    year: Option<i16>,
}

/// One organisation's year.
#[derive(Serialize, ToSchema)]
struct DutyYear {
    org_id: String,
    org_name: String,
    year: i16,
    /// What is asked of the organisation and, where it is a branch, of its groups; in order of the last days.
    items: Vec<Duty>,
    /// What is asked about single persons, learning left out.
    persons: Vec<Duty>,
    /// How many persons have the hours they need.
    learning: DutyCounts,
    /// All of `items`, by how they stand.
    counts: DutyCounts,
    /// The day from which the enterprise asks for duties.
    started_on: String,
}

fn is_learning(duty: &Known) -> bool {
    matches!(duty.task, Task::Activity(Activity::LearningHours | Activity::OfficerLearningHours))
}

/// 一个党组织一年的应办事项。
#[utoipa::path(get, path = "/api/duties/year", tag = "duties", params(YearQuery), responses(
    (status = 200, body = DutyYear),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn year(
    State(app): State<App>,
    signed: Signed,
    Params(query): Params<YearQuery>,
) -> Result<Json<DutyYear>, Problem> {
    signed.may(Action::WorkView)?;
    let (today, mut faults) = (app.today(), Faults::default());
    let (id, year) = (faults.org(&query.org), faults.year(query.year, today));
    faults.check()?;
    let calendar = app.calendar(signed.root()).await?;
    let org = calendar.orgs.get(id).ok_or_else(|| Problem::not_found("党组织"))?;
    signed.may_within(Action::WorkView, &org.path, "党组织")?;
    let places = calendar.orgs.with_groups(org);
    let span = Days::of_year(year).ok_or_else(|| Problem::not_found("年份"))?;
    let mut duties = of_span(&app, &signed, &calendar, &places, span).await?;
    duties.retain(|duty| duty.is_spoken_of(today));
    duties.sort_by_key(|duty| (duty.due, duty.rule, duty.org, duty.person, duty.from, duty.n));
    let (mut counts, mut learning) = (DutyCounts::default(), DutyCounts::default());
    let names =
        Names::of(&app.store, &signed, &calendar, duties.iter().filter(|duty| !is_learning(duty)), today).await?;
    let (mut items, mut persons) = (Vec::new(), Vec::new());
    for duty in &duties {
        let status = duty.status(today);
        if is_learning(duty) {
            learning.add(status);
        } else if duty.person.is_some() {
            persons.push(names.show(duty));
        } else {
            counts.add(status);
            items.push(names.show(duty));
        }
    }
    Ok(Json(DutyYear {
        org_id: id.to_string(),
        org_name: org.name.clone(),
        year,
        items,
        persons,
        learning,
        counts,
        started_on: calendar.setting.started_on.to_string(),
    }))
}

/// The duties of some organisations in a span: out of the calendar, or computed where it does not reach.
pub(crate) async fn of_span(
    app: &App,
    signed: &Signed,
    calendar: &Calendar,
    places: &[OrgId],
    span: Days,
) -> Result<Vec<Known>, Problem> {
    if calendar.span.first <= span.first && span.last <= calendar.span.last {
        let kept = places.iter().flat_map(|org| calendar.of(*org)).filter(|duty| duty.touches(span));
        return Ok(kept.cloned().collect());
    }
    let reach = DutyReach::Of(places, &[]);
    Ok(app.store.duties_of(signed.root(), &calendar.orgs, &calendar.setting, reach, span).await?)
}

//! Lists of duties: of a subtree, of a person, by status and rule, in order of their last days.

use super::shown::{Duty, DutyCounts, Names};
use crate::body::{Faults, Params};
use crate::signed::Signed;
use crate::{App, Problem};
use axum::Json;
use axum::extract::State;
use jiff::civil::Date;
use rules::access::Action;
use rules::duty::{Days, Duty as Known, Status, Task};
use rules::ids::{OrgId, OwnDutyId, PersonId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Duties of a page, unless asked otherwise; and the most of them.
const PAGE: usize = 50;
const LARGEST_PAGE: usize = 500;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list))
}

/// A page of duties, those due first before the others.
#[derive(Serialize, ToSchema)]
struct DutyPage {
    items: Vec<Duty>,
    next: Option<String>,
    /// All that were asked for, by how they stand, on this page or not.
    counts: DutyCounts,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct DutyQuery {
    /// An organisation; everything in the own subtrees when left out.
    org: Option<String>,
    /// Only the organisation itself, nothing below it.
    own: Option<bool>,
    /// Only those about this person.
    person: Option<String>,
    /// One status, or several separated by commas.
    status: Option<String>,
    /// Only those of this rule.
    rule: Option<String>,
    /// The first day; the beginning of this year when left out.
    from: Option<String>,
    /// The last day; the end of this year when left out.
    to: Option<String>,
    limit: Option<usize>,
    cursor: Option<String>,
}

/// A place in the order of the list.
type Place = (Date, &'static str, Task, i64, i64, Date, u8);

fn place_of(duty: &Known) -> Place {
    let person = duty.person.map_or(0, |person| person.0);
    (duty.due, duty.rule, duty.task, duty.org.0, person, duty.from, duty.n)
}

/// A place as a cursor says it.
fn cursor_of((due, rule, task, org, person, from, n): Place) -> String {
    let task = match task {
        Task::Activity(activity) => activity.key().to_owned(),
        Task::Own(id) => format!("own-{id}"),
    };
    format!("{due}~{rule}~{task}~{org}~{person}~{from}~{n}")
}

fn read_cursor(text: &str) -> Option<Place> {
    let parts: Vec<&str> = text.split('~').collect();
    let [due, rule, task, org, person, from, n] = parts.as_slice() else { return None };
    let task = match task.strip_prefix("own-") {
        Some(id) => Task::Own(id.parse::<OwnDutyId>().ok()?),
        None => Task::Activity(rules::activity::Activity::from_key(task)?),
    };
    let rule = match *rule {
        rules::duty::OWN_RULE => rules::duty::OWN_RULE,
        other => rules::ground::ground(other)?.rule,
    };
    Some((due.parse().ok()?, rule, task, org.parse().ok()?, person.parse().ok()?, from.parse().ok()?, n.parse().ok()?))
}

/// What a list asks for.
struct Filter {
    org: Option<OrgId>,
    own: bool,
    person: Option<PersonId>,
    statuses: Vec<Status>,
    rule: Option<String>,
    span: Days,
    after: Option<Place>,
    limit: usize,
}

impl Filter {
    fn read(query: &DutyQuery, today: Date) -> Result<Self, Problem> {
        fn given(text: &Option<String>) -> Option<&str> {
            text.as_deref().filter(|text| !text.is_empty())
        }
        let mut faults = Faults::default();
        let org = given(&query.org).map(|text| faults.org(text));
        let unknown = "人员没有选定。请从列表中选择。";
        let person = given(&query.person).and_then(|text| faults.parsed("/person", "unknown_person", text, unknown));
        let mut statuses = Vec::new();
        for key in given(&query.status).into_iter().flat_map(|text| text.split(',')) {
            match Status::from_key(key) {
                Some(status) => statuses.push(status),
                None => faults.add("/status", "unknown_code", format!("没有「{key}」这种状态。请从列表中选择。")),
            }
        }
        let first = faults.date_opt("/from", "开始日期", query.from.as_deref()).unwrap_or(today.first_of_year());
        let last = faults.date_opt("/to", "结束日期", query.to.as_deref()).unwrap_or(today.last_of_year());
        if last < first {
            faults.add("/to", "bad_date", "结束日期早于开始日期。请改正。");
        }
        let after = given(&query.cursor).map(|text| {
            let place = read_cursor(text);
            if place.is_none() {
                faults.add("/cursor", "bad_request", "翻页位置有误。请从头查看。");
            }
            place
        });
        faults.check()?;
        Ok(Filter {
            org,
            own: query.own.unwrap_or(false),
            person,
            statuses,
            rule: given(&query.rule).map(str::to_owned),
            span: Days { first, last },
            after: after.flatten(),
            limit: query.limit.unwrap_or(PAGE).clamp(1, LARGEST_PAGE),
        })
    }

    fn takes(&self, duty: &Known) -> bool {
        self.person.is_none_or(|person| duty.person == Some(person))
            && self.rule.as_ref().is_none_or(|rule| duty.rule == rule)
            && duty.touches(self.span)
    }
}

/// 应办事项，到期早的在前；期间取本年和年初仍未办结的上年。
#[utoipa::path(get, path = "/api/duties", tag = "duties", params(DutyQuery), responses(
    (status = 200, body = DutyPage),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn list(
    State(app): State<App>,
    signed: Signed,
    Params(query): Params<DutyQuery>,
) -> Result<Json<DutyPage>, Problem> {
    let scope = signed.scope(Action::WorkView)?;
    let today = app.today();
    let filter = Filter::read(&query, today)?;
    let calendar = app.calendar(signed.root()).await?;
    let tops = match filter.org {
        None => scope,
        Some(id) => {
            let org = calendar.orgs.get(id).ok_or_else(|| Problem::not_found("党组织"))?;
            signed.may_within(Action::WorkView, &org.path, "党组织")?;
            vec![org.path.clone()]
        }
    };
    let mut counts = DutyCounts::default();
    let mut found: Vec<&Known> = Vec::new();
    for (org, duty) in tops.iter().flat_map(|top| calendar.below(top)) {
        if filter.own && Some(org.id) != filter.org || !filter.takes(duty) || !duty.is_spoken_of(today) {
            continue;
        }
        let status = duty.status(today);
        if filter.statuses.is_empty() || filter.statuses.contains(&status) {
            counts.add(status);
            if filter.after.is_none_or(|after| place_of(duty) > after) {
                found.push(duty);
            }
        }
    }
    let more = found.len() > filter.limit;
    if more {
        found.select_nth_unstable_by_key(filter.limit, |duty| place_of(duty));
        found.truncate(filter.limit);
    }
    found.sort_unstable_by_key(|duty| place_of(duty));
    let next = found.last().filter(|_| more).map(|duty| cursor_of(place_of(duty)));
    let names = Names::of(&app.store, &signed, &calendar, found.iter().copied(), today).await?;
    Ok(Json(DutyPage { items: found.into_iter().map(|duty| names.show(duty)).collect(), next, counts }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_back_and_nonsense_is_not() {
        let activity = Task::Activity(rules::activity::Activity::ThemeDay);
        let day = jiff::civil::date(2026, 3, 31);
        for task in [activity, Task::Own(OwnDutyId(7))] {
            let place: Place = (day, "MEET-05", task, 5, 0, day, 2);
            assert_eq!(read_cursor(&cursor_of(place)), Some(place));
        }
        for text in ["", "x", "2026-03-31~MEET-99~theme_day~1~0~2026-03-01~1", "2026-03-31~MEET-05~x~1~0~2026-03-01~1"]
        {
            assert_eq!(read_cursor(text), None, "{text}");
        }
    }
}

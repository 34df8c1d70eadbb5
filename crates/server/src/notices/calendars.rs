//! Calendars for the phone: at an unguessable address, of what oneself is to do or of an organisation one works for. Whoever knows the
//! address reads it without signing in, so that it says no more than a mail would; a new address ends the old one.

use super::ical::{DayEvent, calendar};
use crate::body::{Body, Faults, Segment};
use crate::duties::Calendar as Duties;
use crate::signed::Signed;
use crate::{App, Problem};
use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use rules::access::{Action, Target, may};
use rules::duty::{Duty, Status};
use rules::ids::{CalendarId, OrgId, RootOrg};
use rules::notice::{Due, calendar_line};
use serde::{Deserialize, Serialize};
use store::{CalendarOf, now_ms};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Events of a calendar at most: the earliest.
const MOST: usize = 1000;
/// What ends the address.
const ENDING: &str = ".ics";

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, make)).routes(routes!(remove)).routes(routes!(feed))
}

/// A calendar.
#[derive(Serialize, ToSchema)]
struct CalendarFeed {
    id: String,
    /// Of which organisation; none for what oneself is to do.
    org_id: Option<String>,
    org_name: Option<String>,
    created_at: i64,
}

#[derive(Serialize, ToSchema)]
struct CalendarFeeds {
    items: Vec<CalendarFeed>,
}

#[derive(Deserialize, ToSchema)]
struct CalendarMake {
    /// Of which organisation; none for what oneself is to do.
    org_id: Option<String>,
}

/// An address that is shown once.
#[derive(Serialize, ToSchema)]
struct CalendarAddress {
    id: String,
    /// The path of the address; the server's own goes before it.
    path: String,
}

/// 本人的日历订阅。
#[utoipa::path(get, path = "/api/notices/calendars", tag = "notices", responses(
    (status = 200, body = CalendarFeeds),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn list(State(app): State<App>, signed: Signed) -> Result<Json<CalendarFeeds>, Problem> {
    let found = app.store.calendars(signed.root(), signed.actor.account).await?;
    let items = found.into_iter().map(|one| CalendarFeed {
        id: one.id.to_string(),
        org_id: one.org.map(|org| org.to_string()),
        org_name: one.org_name,
        created_at: one.created_at,
    });
    Ok(Json(CalendarFeeds { items: items.collect() }))
}

/// 生成日历订阅地址；同一日历重新生成后，原地址失效。地址只显示这一次。
#[utoipa::path(post, path = "/api/notices/calendars", tag = "notices", request_body = CalendarMake, responses(
    (status = 200, body = CalendarAddress),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn make(
    State(app): State<App>,
    signed: Signed,
    Body(body): Body<CalendarMake>,
) -> Result<Json<CalendarAddress>, Problem> {
    let mut faults = Faults::default();
    let org: Option<OrgId> = body
        .org_id
        .as_deref()
        .and_then(|id| faults.parsed("/org_id", "unknown_org", id, "党组织没有选定。请从列表中选择。"));
    faults.check()?;
    if let Some(org) = org {
        signed.may(Action::WorkView)?;
        let found = app.store.org(signed.root(), org).await?;
        signed.may_within(Action::WorkView, &found.path, "党组织")?;
    }
    let token = sealed::random_token()?;
    let hash = sealed::token_hash(&token);
    let id = app.store.make_calendar(&signed.session.account, org, &hash, now_ms()).await?;
    Ok(Json(CalendarAddress { id: id.to_string(), path: format!("/api/calendar/{token}{ENDING}") }))
}

/// 删除日历订阅，地址随即失效。
#[utoipa::path(delete, path = "/api/notices/calendars/{id}", params(("id" = String, Path)), tag = "notices", responses(
    (status = 204),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn remove(
    State(app): State<App>,
    signed: Signed,
    Segment(id): Segment<CalendarId>,
) -> Result<StatusCode, Problem> {
    app.store.remove_calendar(&signed.session.account, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// 日历（iCalendar）：凭地址读取，不用登录。
#[utoipa::path(get, path = "/api/calendar/{token}", params(("token" = String, Path)), tag = "notices", responses(
    (status = 200, description = "RFC 5545", content_type = "text/calendar", body = String),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn feed(State(app): State<App>, Segment(token): Segment<String>) -> Result<Response, Problem> {
    let gone = || Problem::not_found("日历订阅");
    let token = token.strip_suffix(ENDING).ok_or_else(gone)?;
    let found = app.store.calendar(&sealed::token_hash(token)).await?.ok_or_else(gone)?;
    let root = found.account.root;
    let site = app.store.notice_setting(root).await?.site;
    let duties = app.calendar(root).await?;
    let (name, dues) = match found.org {
        Some(org) => of_org(&app, &duties, &found, org).await?.ok_or_else(gone)?,
        None => ("我的应办".to_owned(), own(&app, &duties, &found).await?),
    };
    let mut events: Vec<DayEvent> = dues.iter().map(|due| event_of(due, &duties, root, &site)).collect();
    events.sort_by(|a, b| (a.day, &a.uid).cmp(&(b.day, &b.uid)));
    events.truncate(MOST);
    let headers = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "inline; filename=\"duties.ics\""),
    ];
    Ok((headers, calendar(&name, &events, now_ms())).into_response())
}

fn is_open(duty: &Duty, today: Date) -> bool {
    matches!(duty.status(today), Status::Upcoming | Status::Due | Status::Overdue)
}

/// An organisation's calendar with its name, while the account may still see it.
async fn of_org(
    app: &App,
    duties: &Duties,
    found: &CalendarOf,
    org: OrgId,
) -> Result<Option<(String, Vec<Due>)>, Problem> {
    let Some(place) = duties.orgs.get(org).filter(|place| place.dissolved_on.is_none()) else { return Ok(None) };
    let grants = app.store.grants(found.account.root, found.account.id).await?;
    if !may(&found.account.actor(&grants), Action::WorkView, Target::Within(&place.path)) {
        return Ok(None);
    }
    let today = app.today();
    let own = duties.orgs.with_groups(place);
    let open = own.iter().flat_map(|id| duties.of(*id)).filter(|duty| is_open(duty, today));
    Ok(Some((format!("{}应办", place.name), open.map(|duty| Due::of(duty, &duties.setting.own)).collect())))
}

/// What the account itself is to do.
async fn own(app: &App, duties: &Duties, found: &CalendarOf) -> Result<Vec<Due>, Problem> {
    let (root, today) = (found.account.root, app.today());
    let directory = app.store.notice_directory(root, today).await?;
    let open = duties.below("").filter(|(_, duty)| is_open(duty, today));
    let dues = open.map(|(_, duty)| Due::of(duty, &duties.setting.own));
    Ok(dues.filter(|due| directory.holders(due).contains(&found.account.id)).collect())
}

fn event_of(due: &Due, duties: &Duties, root: RootOrg, site: &str) -> DayEvent {
    let place = duties.orgs.get(due.org).map_or("", |org| org.name.as_str());
    DayEvent {
        uid: format!("{}@{root}.dangjian", due.key),
        day: due.due,
        summary: calendar_line(due),
        description: format!("{place}\n依据：{}", due.rule),
        url: if site.is_empty() { String::new() } else { format!("{site}{}", due.link) },
    }
}

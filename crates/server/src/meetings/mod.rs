//! 组织生活: meetings planned, called, held, recorded, confirmed, archived; learning; members excused or without rights. What may be done
//! is the rules' to say (`rules::meeting::decide`), inside the store's write.

mod learning;
mod minutes;
mod paper;
mod plan;
mod roll;
mod room;
mod shape;
mod sheet;
mod status;
mod steps;
pub(crate) mod words;

pub(crate) use room::link_of;
pub(crate) use shape::{ActivityName, AttendanceState, CheckInWay, MeetingPart, MeetingState, activity_names, name_of};

use crate::body::{Faults, Params, Segment};
use crate::orgs::org_for;
use crate::signed::Signed;
use crate::{App, Problem};
use axum::Json;
use axum::extract::State;
use rules::access::{Action, Target, may};
use rules::activity::Activity;
use rules::ids::{MeetingId, OrgId};
use rules::meeting::MeetingState as Known;
use serde::{Deserialize, Serialize};
use shape::{Asker, MeetingDetail, MeetingHead, detail_of};
use store::{MeetingFilter, MeetingView};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Meetings of a page, unless asked for otherwise.
const PAGE: i64 = 50;
/// Most meetings of a page: a branch's year.
const LARGEST_PAGE: i64 = 200;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(paper::routes())
        .merge(learning::routes())
        .merge(status::routes())
        .routes(routes!(list, plan::plan))
        .routes(routes!(plan::form))
        .routes(routes!(plan::propose_year, plan::accept_year))
        .routes(routes!(one))
        .routes(routes!(plan::edit))
        .routes(routes!(steps::step))
        .routes(routes!(steps::weigh))
        .routes(routes!(roll::call))
        .routes(routes!(room::code))
        .routes(routes!(room::link))
        .routes(routes!(room::room))
        .routes(routes!(room::follow))
        .routes(routes!(sheet::minutes))
        .routes(routes!(sheet::notice))
        .routes(routes!(sheet::sign_in))
        .routes(routes!(sheet::preview))
}

/// A page of meetings by day.
#[derive(Serialize, ToSchema)]
struct MeetingPage {
    items: Vec<MeetingHead>,
    next: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct MeetingQuery {
    /// Only this organisation's and those below it.
    org: Option<String>,
    /// `true`: only the organisation's own.
    own: Option<bool>,
    /// States, separated by commas.
    state: Option<String>,
    activity: Option<String>,
    from: Option<String>,
    to: Option<String>,
    /// `true`: newest first.
    newest: Option<bool>,
    limit: Option<i64>,
    cursor: Option<String>,
}

/// 会议列表，按日期。
#[utoipa::path(get, path = "/api/meetings", tag = "meetings", params(MeetingQuery), responses(
    (status = 200, body = MeetingPage),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn list(
    State(app): State<App>,
    signed: Signed,
    Params(query): Params<MeetingQuery>,
) -> Result<Json<MeetingPage>, Problem> {
    let mut scope = signed.scope(Action::WorkView)?;
    let mut faults = Faults::default();
    let (org, mut filter) = filter_of(&query, &mut faults);
    faults.check()?;
    if let Some(org) = org {
        scope = vec![org_for(&app, &signed, Action::WorkView, org).await?.path];
        filter.org = Some(org).filter(|_| query.own.unwrap_or(false));
    }
    let limit = query.limit.unwrap_or(PAGE).clamp(1, LARGEST_PAGE);
    let mut found = app.store.meetings(signed.root(), &scope, &filter, limit + 1).await?;
    let more = found.len() as i64 > limit;
    found.truncate(usize::try_from(limit).unwrap_or_default());
    let next = found.last().filter(|_| more).map(|row| format!("{},{}", row.on, row.id));
    Ok(Json(MeetingPage { items: found.into_iter().map(MeetingHead::from).collect(), next }))
}

fn filter_of(query: &MeetingQuery, faults: &mut Faults) -> (Option<OrgId>, MeetingFilter) {
    fn given(text: &Option<String>) -> Option<&str> {
        text.as_deref().filter(|text| !text.is_empty())
    }
    let org =
        given(&query.org).and_then(|id| faults.parsed("/org", "unknown_org", id, "党组织没有选定。请从列表中选择。"));
    let states = given(&query.state).map_or_else(Vec::new, |keys| {
        let mut state = |key: &str| {
            let found = Known::from_key(key);
            if found.is_none() {
                faults.add("/state", "unknown_code", format!("没有「{key}」这种会议状态。请从列表中选择。"));
            }
            found
        };
        keys.split(',').filter_map(&mut state).collect()
    });
    let activity = given(&query.activity).and_then(|key| {
        let found = Activity::from_key(key);
        if found.is_none() {
            faults.add("/activity", "unknown_code", format!("没有「{key}」这种会议类型。请从列表中选择。"));
        }
        found
    });
    let (from, to) = (
        faults.date_opt("/from", "起始日期", query.from.as_deref()),
        faults.date_opt("/to", "截止日期", query.to.as_deref()),
    );
    let after = given(&query.cursor).and_then(|cursor| {
        let read = cursor.split_once(',').and_then(|(on, id)| Some((on.parse().ok()?, id.parse().ok()?)));
        if read.is_none() {
            faults.add("/cursor", "bad_request", "翻页位置有误。请从头查看。");
        }
        read
    });
    let newest_first = query.newest.unwrap_or(false);
    (org, MeetingFilter { org: None, states, activity, from, to, newest_first, after })
}

/// 一次会议的全部情况。
#[utoipa::path(get, path = "/api/meetings/{id}", tag = "meetings", params(("id" = String, Path)), responses(
    (status = 200, body = MeetingDetail),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn one(
    State(app): State<App>,
    signed: Signed,
    Segment(id): Segment<MeetingId>,
) -> Result<Json<MeetingDetail>, Problem> {
    detail(&app, &signed, id).await
}

/// Refuses unless the actor may do this about the meeting; outside the actor's subtrees it does not exist.
async fn meeting_for(app: &App, signed: &Signed, action: Action, id: MeetingId) -> Result<(), Problem> {
    signed.may(action)?;
    let (_, path, _) = app.store.meeting_place(signed.root(), id).await?;
    signed.may_within(action, &path, "会议")
}

/// A meeting that the actor may see.
pub(crate) async fn view_for(
    app: &App,
    signed: &Signed,
    action: Action,
    id: MeetingId,
) -> Result<MeetingView, Problem> {
    signed.may(action)?;
    let view = app.store.meeting(signed.root(), id).await?;
    signed.may_within(action, &view.org_path, "会议")?;
    Ok(view)
}

/// The meeting as the actor sees it.
async fn detail(app: &App, signed: &Signed, id: MeetingId) -> Result<Json<MeetingDetail>, Problem> {
    let view = view_for(app, signed, Action::WorkView, id).await?;
    let may_act = may(&signed.actor, Action::WorkDo, Target::Within(&view.org_path));
    let asker = Asker { may_act, person: signed.actor.person };
    Ok(Json(detail_of(&view, &asker, app.today())))
}

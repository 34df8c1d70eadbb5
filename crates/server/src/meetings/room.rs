//! The room: the code that turns, links for those far away, and how the meeting stands, live.

use super::shape::{MeetingState, QuorumShown, name_of, result_key};
use super::words::{arithmetic, clock};
use super::{meeting_for, view_for};
use crate::body::Segment;
use crate::live::live;
use crate::signed::Signed;
use crate::{App, Problem};
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use rules::access::Action;
use rules::ids::{MeetingId, PersonId, RootOrg};
use rules::meeting::{Resolution, quorum};
use serde::Serialize;
use store::{MeetingView, now_ms};
use utoipa::ToSchema;

/// Milliseconds of a day.
const DAY: i64 = 24 * 60 * 60 * 1000;

/// The code that stands now.
#[derive(Serialize, ToSchema)]
pub(super) struct RoomCode {
    /// Six digits, to be typed.
    digits: String,
    /// The address behind the QR code.
    path: String,
    /// Milliseconds until it turns.
    turns_in: i64,
}

/// A member's own link.
#[derive(Serialize, ToSchema)]
pub(super) struct RoomLink {
    path: String,
    expires_at: i64,
}

/// A vote as the room sees it.
#[derive(Serialize, ToSchema)]
struct RoomVote {
    id: String,
    item_id: String,
    kind_name: String,
    text: String,
    in_favour: u32,
    against: u32,
    abstained: u32,
    written: u32,
    result: Option<String>,
    arithmetic: String,
}

/// An item as the room sees it.
#[derive(Serialize, ToSchema)]
struct RoomItem {
    id: String,
    title: String,
}

/// How the meeting stands, for a screen that everybody in the room sees.
#[derive(Serialize, ToSchema)]
pub(super) struct Room {
    version: i64,
    title: String,
    org_name: String,
    state: MeetingState,
    state_name: String,
    on: String,
    at: Option<String>,
    place: String,
    host: Option<String>,
    expected: u32,
    present: u32,
    awaited: u32,
    guests: u32,
    quorum: QuorumShown,
    items: Vec<RoomItem>,
    votes: Vec<RoomVote>,
}

/// 签到码：每 30 秒更换，供投在会场屏幕上。
#[utoipa::path(get, path = "/api/meetings/{id}/code", tag = "meetings", params(("id" = String, Path)), responses(
    (status = 200, body = RoomCode),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
pub(super) async fn code(
    State(app): State<App>,
    signed: Signed,
    Segment(id): Segment<MeetingId>,
) -> Result<Json<RoomCode>, Problem> {
    meeting_for(&app, &signed, Action::WorkDo, id).await?;
    let now = now_ms();
    let code = app.store.check_in_code(signed.root(), id, now);
    let path = format!("/check-in/c.{id}.{}", code.digits);
    Ok(Json(RoomCode { digits: code.digits, path, turns_in: code.turns_at - now }))
}

/// 远程参加的党员本人的签到链接，会议当天有效。
#[utoipa::path(get, path = "/api/meetings/{id}/links/{person_id}", tag = "meetings",
    params(("id" = String, Path), ("person_id" = String, Path)), responses(
    (status = 200, body = RoomLink),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
pub(super) async fn link(
    State(app): State<App>,
    signed: Signed,
    Segment((id, person)): Segment<(MeetingId, PersonId)>,
) -> Result<Json<RoomLink>, Problem> {
    let view = view_for(&app, &signed, Action::WorkDo, id).await?;
    if !view.meeting.plan.remote {
        return Err(Problem::refused("not_remote", "本次会议没有开通远程参加。请在会议安排中开通。"));
    }
    if view.meeting.attendee(person).is_none() {
        return Err(Problem::refused("not_called", "此人不在应到或列席人员中（MEET-09）。请核对名单。"));
    }
    let (path, expires_at) = link_of(&app, signed.root(), (id, view.meeting.plan.on), person);
    Ok(Json(RoomLink { path, expires_at }))
}

/// The address of a person's own link to check in from afar, and until when it holds (UTC milliseconds): through the meeting's day.
pub(crate) fn link_of(app: &App, root: RootOrg, (meeting, on): (MeetingId, Date), person: PersonId) -> (String, i64) {
    let days = i64::from((on - app.today()).get_days().max(0)) + 1;
    let expires = now_ms() + days * DAY;
    (format!("/check-in/{}", app.store.check_in_link(root, meeting, person, expires)), expires)
}

fn room_of(view: &MeetingView) -> Room {
    let meeting = &view.meeting;
    let heard = meeting.heard();
    let vote = |one: &Resolution| RoomVote {
        id: one.id.to_string(),
        item_id: one.item.to_string(),
        kind_name: one.kind.name().to_owned(),
        text: one.text.clone(),
        in_favour: one.in_favour,
        against: one.against,
        abstained: one.abstained,
        written: one.written,
        result: meeting.result(one).map(|result| result_key(result).to_owned()),
        arithmetic: arithmetic(&meeting.count(one), one.kind),
    };
    Room {
        version: view.version,
        title: meeting.plan.title.clone(),
        org_name: view.org_name.clone(),
        state: meeting.state.into(),
        state_name: meeting.state.name().to_owned(),
        on: meeting.plan.on.to_string(),
        at: meeting.plan.at.map(clock),
        place: meeting.plan.place.clone(),
        host: meeting.plan.host.map(|person| name_of(view, person)),
        expected: heard.expected,
        present: heard.present,
        awaited: heard.awaited,
        guests: heard.guests,
        quorum: quorum(meeting).into(),
        items: meeting.items.iter().map(|one| RoomItem { id: one.id.to_string(), title: one.title.clone() }).collect(),
        votes: meeting.resolutions.iter().map(vote).collect(),
    }
}

/// 会场情况：到会人数、法定人数、议题、表决结果。
#[utoipa::path(get, path = "/api/meetings/{id}/room", tag = "meetings", params(("id" = String, Path)), responses(
    (status = 200, body = Room),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
pub(super) async fn room(
    State(app): State<App>,
    signed: Signed,
    Segment(id): Segment<MeetingId>,
) -> Result<Json<Room>, Problem> {
    Ok(Json(room_of(&view_for(&app, &signed, Action::WorkDo, id).await?)))
}

/// 会场情况的实时推送（server-sent events，每条是一份 Room），变化时才推送。
#[utoipa::path(get, path = "/api/meetings/{id}/live", tag = "meetings", params(("id" = String, Path)), responses(
    (status = 200, body = Room, content_type = "text/event-stream"),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
pub(super) async fn follow(
    State(app): State<App>,
    signed: Signed,
    Segment(id): Segment<MeetingId>,
) -> Result<Response, Problem> {
    meeting_for(&app, &signed, Action::WorkDo, id).await?;
    let root = signed.root();
    let asked = app.clone();
    let ask = move || {
        let app = asked.clone();
        async move { Ok(room_of(&app.store.meeting(root, id).await?)) }
    };
    Ok(live(&app, ask).into_response())
}

//! 签到 and 我的会议: what a member is called to, checking in by the code in the room or the own link from afar, and saying why not.

use crate::body::{Body, Faults, Segment};
use crate::meetings::words::clock;
use crate::meetings::{ActivityName, AttendanceState, CheckInWay, MeetingPart, MeetingState, activity_names, link_of};
use crate::signed::Signed;
use crate::{App, Problem};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use rules::access::Action;
use rules::date::add_days;
use rules::ids::{MeetingId, PersonId};
use rules::meeting::{Attendance, Command, How, MeetingState as Known};
use serde::{Deserialize, Serialize};
use store::{Attempt, MyMeeting, now_ms};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Days before and after today whose meetings a member is shown.
const SPAN: (i32, i32) = (60, 90);

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(invitations))
        .routes(routes!(stay_away))
        .routes(routes!(look))
        .routes(routes!(check_in))
}

/// A meeting to which the member is called.
#[derive(Serialize, ToSchema)]
struct Invitation {
    id: String,
    org_name: String,
    state: MeetingState,
    state_name: String,
    activities: Vec<ActivityName>,
    title: String,
    place: String,
    on: String,
    at: Option<String>,
    part: MeetingPart,
    attendance: AttendanceState,
    /// What the member gave as the reason for not coming.
    reason: Option<String>,
    remote: bool,
    /// The address of the own link, while the meeting is open to those far away.
    link: Option<String>,
}

/// The member's meetings by day.
#[derive(Serialize, ToSchema)]
struct Invitations {
    items: Vec<Invitation>,
}

/// Why somebody cannot come.
#[derive(Deserialize, ToSchema)]
struct StayingAway {
    reason: String,
}

/// What was scanned, or the six digits that were typed.
#[derive(Deserialize, ToSchema)]
struct CheckIn {
    token: Option<String>,
    code: Option<String>,
}

/// A check-in that counts.
#[derive(Serialize, ToSchema)]
struct CheckedIn {
    meeting_id: String,
    title: String,
    org_name: String,
    on: String,
    how: CheckInWay,
    /// The member had been there already.
    already: bool,
}

/// The person that the actor's account is bound to.
pub(crate) fn own(signed: &Signed) -> Result<PersonId, Problem> {
    signed.may(Action::OwnWork)?;
    let unbound = || Problem::refused("not_bound", "账号尚未绑定本人档案。请向所在党支部领取认证码，办理身份认证。");
    signed.actor.person.ok_or_else(unbound)
}

fn invitation(app: &App, signed: &Signed, person: PersonId, meeting: MyMeeting) -> Invitation {
    let open_afar = meeting.remote && meeting.state == Known::Open && !meeting.attendance.is_present();
    let link = open_afar.then(|| link_of(app, signed.root(), (meeting.id, meeting.on), person).0);
    Invitation {
        id: meeting.id.to_string(),
        org_name: meeting.org_name,
        state: meeting.state.into(),
        state_name: meeting.state.name().to_owned(),
        activities: activity_names(&meeting.activities),
        title: meeting.title,
        place: meeting.place,
        on: meeting.on.to_string(),
        at: meeting.at.map(clock),
        part: meeting.part.into(),
        attendance: (&meeting.attendance).into(),
        reason: match meeting.attendance {
            Attendance::Absent(reason) => Some(reason),
            Attendance::Awaited | Attendance::Present { .. } | Attendance::Excused(_) => None,
        },
        remote: meeting.remote,
        link,
    }
}

/// 通知本人参加的会议，按日期。
#[utoipa::path(get, path = "/api/me/meetings", tag = "check_in", responses(
    (status = 200, body = Invitations),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn invitations(State(app): State<App>, signed: Signed) -> Result<Json<Invitations>, Problem> {
    let person = own(&signed)?;
    let today = app.today();
    let span = (add_days(today, -SPAN.0), add_days(today, SPAN.1));
    let found = app.store.my_meetings(signed.root(), person, span).await?;
    Ok(Json(Invitations { items: found.into_iter().map(|one| invitation(&app, &signed, person, one)).collect() }))
}

/// A meeting to which the member is called; any other does not exist.
async fn called_to(app: &App, signed: &Signed, person: PersonId, id: MeetingId) -> Result<MyMeeting, Problem> {
    let today = app.today();
    let span = (add_days(today, -SPAN.0), add_days(today, SPAN.1));
    let found = app.store.my_meetings(signed.root(), person, span).await?;
    found.into_iter().find(|one| one.id == id).ok_or_else(|| Problem::not_found("这次会议的通知"))
}

/// 请假：说明不能到会的原因。
#[utoipa::path(post, path = "/api/me/meetings/{id}/absence", tag = "check_in", params(("id" = String, Path)), request_body = StayingAway, responses(
    (status = 204),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn stay_away(
    State(app): State<App>,
    signed: Signed,
    Segment(id): Segment<MeetingId>,
    Body(body): Body<StayingAway>,
) -> Result<StatusCode, Problem> {
    let person = own(&signed)?;
    called_to(&app, &signed, person, id).await?;
    let mut faults = Faults::default();
    let reason = faults.text("/reason", "不能到会的原因", &body.reason);
    faults.check()?;
    let command = Command::Absent { person, reason };
    app.store.act_on_meeting(&signed.actor, (id, None), &command, app.today()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What a token is, before anything is proved by it.
enum Token {
    /// From the QR code in the room.
    Room(MeetingId, String),
    /// From somebody's own link.
    Own(MeetingId),
}

/// A token that was scanned or opened. A link that is another person's, altered or over is refused.
fn token_of(app: &App, signed: &Signed, person: PersonId, token: &str) -> Result<Token, Problem> {
    if let Some((meeting, digits)) = token.strip_prefix("c.").and_then(|rest| rest.split_once('.')) {
        let meeting = meeting.parse().map_err(|_| Problem::not_found("这次会议"))?;
        return Ok(Token::Room(meeting, digits.to_owned()));
    }
    match app.store.read_check_in_link(token, now_ms()) {
        Some((root, meeting, whose)) if root == signed.root() && whose == person => Ok(Token::Own(meeting)),
        Some(_) => Err(Problem::refused("not_your_link", "这是他人的签到链接，不能使用。请打开发给本人的链接。")),
        None => Err(Problem::refused("link_over", "签到链接已失效或不完整。请向会议的组织者重新索取。")),
    }
}

/// 扫码或打开链接后，先看是哪一次会议。
#[utoipa::path(get, path = "/api/check-in/{token}", tag = "check_in", params(("token" = String, Path)), responses(
    (status = 200, body = Invitation),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn look(
    State(app): State<App>,
    signed: Signed,
    Segment(token): Segment<String>,
) -> Result<Json<Invitation>, Problem> {
    let person = own(&signed)?;
    let (Token::Room(meeting, _) | Token::Own(meeting)) = token_of(&app, &signed, person, &token)?;
    let found = called_to(&app, &signed, person, meeting).await?;
    Ok(Json(invitation(&app, &signed, person, found)))
}

/// 签到：凭会场屏幕上的二维码或六位数字，或本人的远程链接。
#[utoipa::path(post, path = "/api/check-in", tag = "check_in", request_body = CheckIn, responses(
    (status = 200, body = CheckedIn),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn check_in(
    State(app): State<App>,
    signed: Signed,
    Body(body): Body<CheckIn>,
) -> Result<Json<CheckedIn>, Problem> {
    let person = own(&signed)?;
    let given = |text: Option<String>| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let (id, how) = match (given(body.token), given(body.code)) {
        (Some(token), _) => match token_of(&app, &signed, person, &token)? {
            Token::Own(meeting) => (meeting, How::Link),
            Token::Room(meeting, digits) => (by_code(&app, &signed, &[meeting], &digits).await?, How::Code),
        },
        (None, Some(code)) => {
            let digits: String = rules::text::compact(&code).chars().filter(|c| !c.is_whitespace()).collect();
            let today = app.today();
            let mine = app.store.my_meetings(signed.root(), person, (today, today)).await?;
            let open: Vec<MeetingId> = mine.iter().filter(|one| one.state == Known::Open).map(|one| one.id).collect();
            if open.is_empty() {
                let words = "您今天没有正在签到的会议。请等会议组织者点「开会」后再签到。";
                return Err(Problem::refused("no_open_meeting", words));
            }
            (by_code(&app, &signed, &open, &digits).await?, How::Code)
        }
        (None, None) => {
            let mut faults = Faults::default();
            faults.add("/code", "missing_required", "没有填写签到码。请填写会场屏幕上的六位数字。");
            faults.check()?;
            return Err(Problem::not_found("签到码"));
        }
    };
    let before = called_to(&app, &signed, person, id).await?;
    let way = if how == How::Link { CheckInWay::Link } else { CheckInWay::Code };
    let command = Command::CheckIn { person, how, at: now_ms() };
    app.store.act_on_meeting(&signed.actor, (id, None), &command, app.today()).await?;
    Ok(Json(CheckedIn {
        meeting_id: id.to_string(),
        title: before.title,
        org_name: before.org_name,
        on: before.on.to_string(),
        how: way,
        already: before.attendance.is_present(),
    }))
}

/// Which of these meetings has this code now. Guessing is made slow.
async fn by_code(app: &App, signed: &Signed, meetings: &[MeetingId], digits: &str) -> Result<MeetingId, Problem> {
    let account = signed.actor.account.to_string();
    let attempts = [Attempt::CheckIn(&account)];
    if let Some(wait) = app.store.take_attempt(&attempts, now_ms()).await? {
        return Err(Problem::too_many_attempts(wait));
    }
    let now = now_ms();
    let found = meetings.iter().find(|id| app.store.is_check_in_code(signed.root(), **id, digits, now));
    let Some(id) = found else {
        let mut faults = Faults::default();
        faults.add("/code", "wrong_code", "签到码不对或已更换（每 30 秒更换一次）。请按屏幕上现在的数字再试。");
        return Err(faults.check().err().unwrap_or_else(|| Problem::not_found("签到码")));
    };
    app.store.give_back_attempt(&attempts, now_ms()).await?;
    Ok(*id)
}

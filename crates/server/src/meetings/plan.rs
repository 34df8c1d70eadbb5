//! Planning: one meeting, what its form needs to know, and the proposal for a whole year.

use super::shape::{ActivityName, RefusalShown, activity_names};
use super::{MeetingDetail, detail, meeting_for};
use crate::body::{Body, Faults, Params, Segment, plain};
use crate::orgs::org_for;
use crate::signed::Signed;
use crate::{App, Problem};
use axum::Json;
use axum::extract::State;
use jiff::civil::{Date, date};
use rules::access::Action;
use rules::activity::Activity;
use rules::ids::{MeetingId, OrgId, PersonId};
use rules::meeting::{
    Circle, Command, ItemDraft, MEETING_ACTIVITIES, MeetingState, Plan, YearWishes, circle, fits, year_plan,
};
use rules::org::PostKind;
use serde::{Deserialize, Serialize};
use store::{CalledPerson, MeetingFilter, Org};
use utoipa::{IntoParams, ToSchema};

/// Most meetings of one organisation in a year that a proposal looks at.
const YEAR: i64 = 500;

/// What is planned.
#[derive(Deserialize, ToSchema)]
pub(super) struct PlanBody {
    /// The activities it fulfils, such as `members_meeting`.
    activities: Vec<String>,
    title: String,
    #[serde(default)]
    place: String,
    on: String,
    /// As 14:30; may be left out until the notice.
    at: Option<String>,
    /// Who chairs, by person id.
    host: Option<String>,
    /// Who keeps the record, by person id.
    recorder: Option<String>,
    /// Members far away may take part by their own link.
    #[serde(default)]
    remote: bool,
    /// Persons called beside the circle, by id.
    #[serde(default)]
    invited: Vec<String>,
    /// Others who sit in.
    #[serde(default)]
    guests: String,
    /// Hours of learning for everybody present, in tenths of an hour.
    #[serde(default)]
    learning_tenths: u16,
}

/// A new meeting.
#[derive(Deserialize, ToSchema)]
pub(super) struct NewMeeting {
    org_id: String,
    #[serde(flatten)]
    plan: PlanBody,
    /// The items of the agenda, by title.
    #[serde(default)]
    agenda: Vec<String>,
}

/// A changed plan.
#[derive(Deserialize, ToSchema)]
pub(super) struct PlanEdit {
    version: i64,
    #[serde(flatten)]
    plan: PlanBody,
}

/// The plans of a year.
#[derive(Deserialize, ToSchema)]
pub(super) struct YearBody {
    org_id: String,
    plans: Vec<PlanBody>,
}

/// How many meetings were planned.
#[derive(Serialize, ToSchema)]
pub(super) struct Planned {
    planned: usize,
}

/// A meeting proposed for the year.
#[derive(Serialize, ToSchema)]
struct Proposal {
    activities: Vec<ActivityName>,
    title: String,
    on: String,
    learning_tenths: u16,
}

/// The meetings that would fulfil what the rules ask for in a year, without those planned or held already.
#[derive(Serialize, ToSchema)]
pub(super) struct YearProposal {
    items: Vec<Proposal>,
    /// How many are planned or were held already.
    existing: usize,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct YearQuery {
    org: String,
    year: i16,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct FormQuery {
    org: String,
    /// The activities chosen so far, separated by commas.
    activities: Option<String>,
    /// The day; today when left out.
    on: Option<String>,
}

/// An activity on the form.
#[derive(Serialize, ToSchema)]
struct ActivityChoice {
    key: String,
    name: String,
    rule: String,
    /// Why it cannot be chosen beside the others.
    refused: Option<RefusalShown>,
}

/// Somebody who would be called.
#[derive(Serialize, ToSchema)]
struct CallablePerson {
    person_id: String,
    name: String,
    stage_name: String,
    votes: bool,
    /// Nothing is asked of him or her (MEET-11).
    excused: bool,
}

/// What a form for a plan needs to know.
#[derive(Serialize, ToSchema)]
pub(super) struct MeetingForm {
    org_id: String,
    org_name: String,
    activities: Vec<ActivityChoice>,
    /// `members`, `committee` or `chosen`: who is expected.
    circle: String,
    circle_name: String,
    /// Who would be called on that day; of those whom the plan names nobody is listed.
    called: Vec<CallablePerson>,
    /// Who usually chairs, and where they last met.
    host: Option<String>,
    place: String,
}

fn activity(faults: &mut Faults, key: &str) -> Option<Activity> {
    let found = Activity::from_key(key.trim()).filter(|activity| MEETING_ACTIVITIES.contains(activity));
    if found.is_none() {
        faults.add("/activities", "unknown_code", format!("没有「{key}」这种会议类型。请从列表中选择。"));
    }
    found
}

fn person(faults: &mut Faults, pointer: &str, label: &str, id: &str) -> Option<PersonId> {
    faults.parsed(pointer, "unknown_person", id, format!("{label}没有选定。请从列表中选择。"))
}

/// The plan that a body says; faults are kept under the prefix of a list's place.
fn plan_of(body: PlanBody, faults: &mut Faults, prefix: &str) -> Option<Plan> {
    let at = |field: &str| format!("{prefix}{field}");
    let given = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
    let activities = body.activities.iter().filter_map(|key| activity(faults, key)).collect();
    let on = faults.date(&at("/on"), "会议日期", &body.on);
    let time = faults.time_opt(&at("/at"), "开会时间", body.at.as_deref());
    let host = given(body.host).and_then(|id| person(faults, &at("/host"), "主持人", &id));
    let recorder = given(body.recorder).and_then(|id| person(faults, &at("/recorder"), "记录人", &id));
    let invited = body.invited.iter().filter_map(|id| person(faults, &at("/invited"), "参加人员", id)).collect();
    Some(Plan {
        activities,
        title: plain(&body.title),
        place: plain(&body.place),
        on: on?,
        at: time,
        host,
        recorder,
        remote: body.remote,
        invited,
        guests: plain(&body.guests),
        learning_tenths: body.learning_tenths,
    })
}

fn org_id(faults: &mut Faults, pointer: &str, id: &str) -> OrgId {
    faults.parsed(pointer, "unknown_org", id, "党组织没有选定。请从列表中选择。").unwrap_or(OrgId(0))
}

/// 计划一次会议。
#[utoipa::path(post, path = "/api/meetings", tag = "meetings", request_body = NewMeeting, responses(
    (status = 200, body = MeetingDetail),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
pub(super) async fn plan(
    State(app): State<App>,
    signed: Signed,
    Body(body): Body<NewMeeting>,
) -> Result<Json<MeetingDetail>, Problem> {
    signed.may(Action::WorkDo)?;
    let mut faults = Faults::default();
    let org = org_id(&mut faults, "/org_id", &body.org_id);
    let plan = plan_of(body.plan, &mut faults, "");
    faults.check()?;
    let org = org_for(&app, &signed, Action::WorkDo, org).await?;
    let Some(plan) = plan else { return Err(Problem::not_found("会议")) };
    let draft = |title: &String| ItemDraft { title: plain(title), ..ItemDraft::default() };
    let agenda: Vec<ItemDraft> = body.agenda.iter().map(draft).collect();
    let id = app.store.plan_meeting(&signed.actor, org.id, plan, &agenda, app.today()).await?;
    detail(&app, &signed, id).await
}

/// 修改会议安排。
#[utoipa::path(put, path = "/api/meetings/{id}/plan", tag = "meetings", params(("id" = String, Path)), request_body = PlanEdit, responses(
    (status = 200, body = MeetingDetail),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
pub(super) async fn edit(
    State(app): State<App>,
    signed: Signed,
    Segment(id): Segment<MeetingId>,
    Body(body): Body<PlanEdit>,
) -> Result<Json<MeetingDetail>, Problem> {
    meeting_for(&app, &signed, Action::WorkDo, id).await?;
    let mut faults = Faults::default();
    let plan = plan_of(body.plan, &mut faults, "");
    faults.check()?;
    let Some(plan) = plan else { return Err(Problem::not_found("会议")) };
    app.store.act_on_meeting(&signed.actor, (id, Some(body.version)), &Command::Edit(plan), app.today()).await?;
    detail(&app, &signed, id).await
}

/// 计划会议时可选的类型、应到人员、常用的主持人和地点。
#[utoipa::path(get, path = "/api/meetings/form", tag = "meetings", params(FormQuery), responses(
    (status = 200, body = MeetingForm),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
pub(super) async fn form(
    State(app): State<App>,
    signed: Signed,
    Params(query): Params<FormQuery>,
) -> Result<Json<MeetingForm>, Problem> {
    signed.may(Action::WorkDo)?;
    let mut faults = Faults::default();
    let org = org_id(&mut faults, "/org", &query.org);
    let keys = query.activities.unwrap_or_default();
    let chosen: Vec<Activity> =
        keys.split(',').filter(|key| !key.is_empty()).filter_map(|key| activity(&mut faults, key)).collect();
    let on = faults.date_opt("/on", "会议日期", query.on.as_deref()).unwrap_or(app.today());
    faults.check()?;
    let org = org_for(&app, &signed, Action::WorkDo, org).await?;
    let circle = circle(org.kind, &chosen);
    let called = match circle {
        Circle::Members | Circle::Committee => app.store.callable(signed.root(), org.id, circle, on).await?,
        Circle::Chosen => Vec::new(),
    };
    Ok(Json(MeetingForm {
        org_id: org.id.to_string(),
        org_name: org.name.clone(),
        activities: MEETING_ACTIVITIES.iter().map(|one| choice(&org, &chosen, *one)).collect(),
        circle: circle.key().to_owned(),
        circle_name: circle.name().to_owned(),
        host: usual_host(&app, &signed, &org, &called).await?.map(|person| person.to_string()),
        place: last_place(&app, &signed, &org, on).await?,
        called: called.into_iter().map(callable).collect(),
    }))
}

/// An activity beside those chosen: refused for what its own choice would add.
fn choice(org: &Org, chosen: &[Activity], one: Activity) -> ActivityChoice {
    let mut with = chosen.to_vec();
    if !with.contains(&one) {
        with.push(one);
    }
    let before = if chosen.is_empty() || chosen.contains(&one) { Vec::new() } else { fits(org.kind, chosen) };
    let refused = fits(org.kind, &with).into_iter().find(|refusal| !before.contains(refusal));
    ActivityChoice {
        key: one.key().to_owned(),
        name: one.name().to_owned(),
        rule: one.rule().to_owned(),
        refused: refused.map(RefusalShown::from),
    }
}

fn callable(person: CalledPerson) -> CallablePerson {
    CallablePerson {
        person_id: person.called.person.to_string(),
        name: person.name,
        stage_name: person.stage.name().to_owned(),
        votes: person.called.votes,
        excused: person.called.excused.is_some(),
    }
}

/// Who plans, if called; otherwise the organisation's secretary or group leader.
async fn usual_host(
    app: &App,
    signed: &Signed,
    org: &Org,
    called: &[CalledPerson],
) -> Result<Option<PersonId>, Problem> {
    let own = signed.actor.person.filter(|own| called.iter().any(|one| one.called.person == *own));
    if own.is_some() {
        return Ok(own);
    }
    let posts = app.store.posts(signed.root(), org.id).await?;
    let leads = |kind: PostKind| matches!(kind, PostKind::Secretary | PostKind::GroupLeader);
    Ok(posts.iter().find(|post| post.to.is_none() && leads(post.post)).map(|post| post.person))
}

async fn last_place(app: &App, signed: &Signed, org: &Org, on: Date) -> Result<String, Problem> {
    let filter = MeetingFilter { org: Some(org.id), to: Some(on), newest_first: true, ..MeetingFilter::default() };
    let last = app.store.meetings(signed.root(), std::slice::from_ref(&org.path), &filter, 5).await?;
    Ok(last.into_iter().map(|row| row.place).find(|place| !place.is_empty()).unwrap_or_default())
}

/// 按规定生成的全年会议计划（建议）；已计划、已召开的不再列出。
#[utoipa::path(get, path = "/api/meetings/year-plan", tag = "meetings", params(YearQuery), responses(
    (status = 200, body = YearProposal),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
pub(super) async fn propose_year(
    State(app): State<App>,
    signed: Signed,
    Params(query): Params<YearQuery>,
) -> Result<Json<YearProposal>, Problem> {
    signed.may(Action::WorkDo)?;
    let today = app.today();
    let mut faults = Faults::default();
    let org = org_id(&mut faults, "/org", &query.org);
    if !(today.year()..=today.year() + 1).contains(&query.year) {
        faults.add("/year", "bad_year", format!("只能生成 {} 年和 {} 年的计划。", today.year(), today.year() + 1));
    }
    faults.check()?;
    let org = org_for(&app, &signed, Action::WorkDo, org).await?;
    let (first, last) = (date(query.year, 1, 1), date(query.year, 12, 31));
    let filter = MeetingFilter { org: Some(org.id), from: Some(first), to: Some(last), ..MeetingFilter::default() };
    let rows = app.store.meetings(signed.root(), std::slice::from_ref(&org.path), &filter, YEAR).await?;
    let standing: Vec<_> = rows.iter().filter(|row| row.state != MeetingState::Cancelled).collect();
    let existing: Vec<(Activity, Date)> =
        standing.iter().flat_map(|row| row.activities.iter().map(|activity| (*activity, row.on))).collect();
    let committee = app.store.callable(signed.root(), org.id, Circle::Committee, today).await?;
    let from = first.max(today).max(org.founded_on.unwrap_or(first));
    let wishes =
        YearWishes { kind: org.kind, has_committee: committee.len() > 1, year: query.year, from, existing: &existing };
    let measures = app.store.measures(signed.root(), today).await?;
    let proposal = |plan: Plan| Proposal {
        activities: activity_names(&plan.activities),
        title: plan.title,
        on: plan.on.to_string(),
        learning_tenths: plan.learning_tenths,
    };
    let items = year_plan(&wishes, &measures).into_iter().map(proposal).collect();
    Ok(Json(YearProposal { items, existing: standing.len() }))
}

/// 采用全年会议计划：全部写入，或一次也不写入。
#[utoipa::path(post, path = "/api/meetings/year-plan", tag = "meetings", request_body = YearBody, responses(
    (status = 200, body = Planned),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
pub(super) async fn accept_year(
    State(app): State<App>,
    signed: Signed,
    Body(body): Body<YearBody>,
) -> Result<Json<Planned>, Problem> {
    signed.may(Action::WorkDo)?;
    let mut faults = Faults::default();
    let org = org_id(&mut faults, "/org_id", &body.org_id);
    let read = |(at, body)| plan_of(body, &mut faults, &format!("/plans/{at}"));
    let plans: Vec<Plan> = body.plans.into_iter().enumerate().filter_map(read).collect();
    faults.check()?;
    let org = org_for(&app, &signed, Action::WorkDo, org).await?;
    let planned = app.store.plan_meetings(&signed.actor, org.id, plans, app.today()).await?.len();
    Ok(Json(Planned { planned }))
}

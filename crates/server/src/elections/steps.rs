//! The steps of an election: the branch's own, and the superior's decisions.

use super::shape::ElectionView;
use super::{decides, view};
use crate::body::{Body, Faults, Segment};
use crate::signed::Signed;
use crate::{App, Problem};
use axum::Json;
use axum::extract::State;
use rules::access::Action;
use rules::election::{Act, Assigned, Command, Count, Named};
use rules::ids::{ElectionId, PersonId};
use rules::org::PostKind;
use serde::Deserialize;
use utoipa::ToSchema;

/// The votes for one person.
#[derive(Deserialize, ToSchema)]
pub(super) struct CountBody {
    person_id: String,
    in_favour: u32,
    #[serde(default)]
    against: u32,
    #[serde(default)]
    abstained: u32,
    /// Chosen instead of a candidate: the name on the ballots.
    written_name: Option<String>,
}

/// A post for somebody elected.
#[derive(Deserialize, ToSchema)]
pub(super) struct PostBody {
    person_id: String,
    post: String,
    /// For secretaries elected by the committee: votes in favour.
    in_favour: Option<u32>,
}

/// A step of the branch.
#[derive(Deserialize, ToSchema)]
#[serde(tag = "step", rename_all = "snake_case")]
pub(super) enum StepBody {
    Plan { version: i64, seats: u32, planned_on: String },
    Nominate { version: i64, candidates: Vec<String>, tellers: Vec<String> },
    Request { version: i64, on: String, note: Option<String> },
    Hold { version: i64, on: String, place: String, present: u32 },
    Tally { version: i64, issued: u32, returned: u32, invalid: u32, counts: Vec<CountBody> },
    Settle { version: i64, reason: String },
    Assign { version: i64, posts: Vec<PostBody> },
    Report { version: i64, on: String, note: Option<String> },
    Cancel { version: i64, reason: String },
}

/// A decision of the superior.
#[derive(Deserialize, ToSchema)]
#[serde(tag = "decision", rename_all = "snake_case")]
pub(super) enum DecisionBody {
    Approve { version: i64, on: String, note: Option<String> },
    Return { version: i64, reason: String },
    Confirm { version: i64, on: String, note: Option<String> },
}

fn act(faults: &mut Faults, on: &str, note: Option<String>) -> Option<Act> {
    let on = faults.date("/on", "日期", on)?;
    Some(Act { on, note: note.unwrap_or_default().trim().to_owned() })
}

fn people(faults: &mut Faults, field: &str, ids: &[String]) -> Vec<PersonId> {
    let read = |id: &String| faults.parsed(field, "unknown_person", id, "人员没有选定。请从列表中选择。");
    ids.iter().filter_map(read).collect()
}

fn counts(faults: &mut Faults, bodies: Vec<CountBody>) -> Vec<Count> {
    let mut counts = Vec::with_capacity(bodies.len());
    for (at, body) in bodies.into_iter().enumerate() {
        let field = format!("/counts/{at}");
        let person = faults.parsed(&field, "unknown_person", &body.person_id, "人员没有选定。请从列表中选择。");
        let Some(person) = person else { continue };
        let written = body.written_name.map(|name| Named { person, name: name.trim().to_owned() });
        counts.push(Count {
            person,
            in_favour: body.in_favour,
            against: body.against,
            abstained: body.abstained,
            written,
        });
    }
    counts
}

fn posts(faults: &mut Faults, bodies: Vec<PostBody>) -> Vec<Assigned> {
    let mut posts = Vec::with_capacity(bodies.len());
    for (at, body) in bodies.into_iter().enumerate() {
        let person =
            faults.parsed(&format!("/posts/{at}"), "unknown_person", &body.person_id, "人员没有选定。请从列表中选择。");
        let post = PostKind::from_key(&body.post);
        if post.is_none() {
            faults.add(&format!("/posts/{at}/post"), "unknown_code", "职务没有选定。请从列表中选择。");
        }
        if let (Some(person), Some(post)) = (person, post) {
            posts.push(Assigned { person, post, in_favour: body.in_favour });
        }
    }
    posts
}

fn command_of(body: StepBody, faults: &mut Faults) -> (i64, Option<Command>) {
    match body {
        StepBody::Plan { version, seats, planned_on } => {
            let planned_on = faults.date("/planned_on", "计划的大会日期", &planned_on);
            (version, planned_on.map(|planned_on| Command::Plan { seats, planned_on }))
        }
        StepBody::Nominate { version, candidates, tellers } => {
            let candidates = people(faults, "/candidates", &candidates);
            let tellers = people(faults, "/tellers", &tellers);
            (version, Some(Command::Nominate { candidates, tellers }))
        }
        StepBody::Request { version, on, note } => (version, act(faults, &on, note).map(Command::Request)),
        StepBody::Hold { version, on, place, present } => {
            let on = faults.date("/on", "大会日期", &on);
            (version, on.map(|on| Command::Hold { on, place, present }))
        }
        StepBody::Tally { version, issued, returned, invalid, counts: bodies } => {
            let counts = counts(faults, bodies);
            (version, Some(Command::Tally { issued, returned, invalid, counts }))
        }
        StepBody::Settle { version, reason } => (version, Some(Command::Settle(reason))),
        StepBody::Assign { version, posts: bodies } => (version, Some(Command::Assign(posts(faults, bodies)))),
        StepBody::Report { version, on, note } => (version, act(faults, &on, note).map(Command::Report)),
        StepBody::Cancel { version, reason } => (version, Some(Command::Cancel(reason))),
    }
}

/// 办理选举的一步：筹备、提名、请示、大会、计票、分工、报告，或取消。
#[utoipa::path(post, path = "/api/elections/{id}/steps", tag = "elections", params(("id" = String, Path)), request_body = StepBody, responses(
    (status = 200, body = ElectionView),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
pub(super) async fn step(
    State(app): State<App>,
    signed: Signed,
    Segment(id): Segment<ElectionId>,
    Body(body): Body<StepBody>,
) -> Result<Json<ElectionView>, Problem> {
    signed.may(Action::WorkDo)?;
    let (head, _) = app.store.election(signed.root(), id).await?;
    signed.may_within(Action::WorkDo, &head.path, "选举")?;
    let mut faults = Faults::default();
    let (version, command) = command_of(body, &mut faults);
    faults.check()?;
    take(&app, &signed, (id, version), command).await
}

/// 上级党组织批复、退回或批准；只由上级办理。
#[utoipa::path(post, path = "/api/elections/{id}/decisions", tag = "elections", params(("id" = String, Path)), request_body = DecisionBody, responses(
    (status = 200, body = ElectionView),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
pub(super) async fn decision(
    State(app): State<App>,
    signed: Signed,
    Segment(id): Segment<ElectionId>,
    Body(body): Body<DecisionBody>,
) -> Result<Json<ElectionView>, Problem> {
    signed.may(Action::WorkApprove)?;
    let (head, _) = app.store.election(signed.root(), id).await?;
    signed.may_within(Action::WorkView, &head.path, "选举")?;
    decides(&app, &signed, &head).await?;
    let mut faults = Faults::default();
    let (version, command) = match body {
        DecisionBody::Approve { version, on, note } => (version, act(&mut faults, &on, note).map(Command::Approve)),
        DecisionBody::Return { version, reason } => (version, Some(Command::Return(reason))),
        DecisionBody::Confirm { version, on, note } => (version, act(&mut faults, &on, note).map(Command::Confirm)),
    };
    faults.check()?;
    take(&app, &signed, (id, version), command).await
}

async fn take(
    app: &App,
    signed: &Signed,
    (id, version): (ElectionId, i64),
    command: Option<Command>,
) -> Result<Json<ElectionView>, Problem> {
    let command = command.ok_or_else(|| Problem::not_found("选举"))?;
    app.store.decide_election(&signed.actor, (id, version), &command, app.today()).await?;
    view(app, signed, id).await
}

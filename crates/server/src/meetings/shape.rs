//! How meetings look from outside.

use crate::meetings::words::{arithmetic, clock};
use jiff::civil::Date;
use rules::activity::Activity;
use rules::ids::PersonId;
use rules::meeting::{
    Attendance as Come, Attendee as Called, How, Item as Discussed, Meeting, MeetingState as State, Part as Taken,
    Quorum, Resolution as Resolved, VoteKind, VoteResult, missing, quorum, voting_place,
};
use rules::refusal::Refusal;
use serde::Serialize;
use store::{MeetingRow, MeetingView};
use utoipa::ToSchema;

/// 会议状态.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum MeetingState {
    Planned,
    Noticed,
    Open,
    Closed,
    Confirmed,
    Archived,
    Cancelled,
}

impl From<State> for MeetingState {
    fn from(state: State) -> Self {
        match state {
            State::Planned => MeetingState::Planned,
            State::Noticed => MeetingState::Noticed,
            State::Open => MeetingState::Open,
            State::Closed => MeetingState::Closed,
            State::Confirmed => MeetingState::Confirmed,
            State::Archived => MeetingState::Archived,
            State::Cancelled => MeetingState::Cancelled,
        }
    }
}

/// Whether somebody is expected or sits in.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum MeetingPart {
    Expected,
    Guest,
}

impl From<Taken> for MeetingPart {
    fn from(part: Taken) -> Self {
        match part {
            Taken::Expected => MeetingPart::Expected,
            Taken::Guest => MeetingPart::Guest,
        }
    }
}

/// 到会情况.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AttendanceState {
    Awaited,
    Present,
    Absent,
    Excused,
}

impl From<&Come> for AttendanceState {
    fn from(come: &Come) -> Self {
        match come {
            Come::Awaited => AttendanceState::Awaited,
            Come::Present { .. } => AttendanceState::Present,
            Come::Absent(_) => AttendanceState::Absent,
            Come::Excused(_) => AttendanceState::Excused,
        }
    }
}

/// How presence was established: the code in the room, the own link from afar, or entered by somebody else.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CheckInWay {
    Code,
    Link,
    Proxy,
}

/// One of the activities that a meeting fulfils.
#[derive(Serialize, ToSchema)]
pub(crate) struct ActivityName {
    pub(super) key: String,
    pub(super) name: String,
    pub(super) rule: String,
}

pub(crate) fn activity_names(activities: &[Activity]) -> Vec<ActivityName> {
    let one = |activity: &Activity| ActivityName {
        key: activity.key().to_owned(),
        name: activity.name().to_owned(),
        rule: activity.rule().to_owned(),
    };
    activities.iter().map(one).collect()
}

/// How many were called and came.
#[derive(Serialize, ToSchema)]
pub(super) struct Heard {
    expected: u32,
    present: u32,
    absent: u32,
    excused: u32,
    awaited: u32,
    guests: u32,
    voters: u32,
    voters_present: u32,
}

impl From<rules::meeting::Heard> for Heard {
    fn from(heard: rules::meeting::Heard) -> Self {
        let rules::meeting::Heard { expected, present, absent, excused, awaited, guests, voters, voters_present } =
            heard;
        Heard { expected, present, absent, excused, awaited, guests, voters, voters_present }
    }
}

/// A meeting in a list.
#[derive(Serialize, ToSchema)]
pub(super) struct MeetingHead {
    id: String,
    org_id: String,
    org_name: String,
    state: MeetingState,
    state_name: String,
    activities: Vec<ActivityName>,
    title: String,
    place: String,
    on: String,
    at: Option<String>,
    /// Written down later than it happened.
    late: bool,
    heard: Heard,
}

impl From<MeetingRow> for MeetingHead {
    fn from(row: MeetingRow) -> Self {
        MeetingHead {
            id: row.id.to_string(),
            org_id: row.org.to_string(),
            org_name: row.org_name,
            state: row.state.into(),
            state_name: row.state.name().to_owned(),
            activities: activity_names(&row.activities),
            title: row.title,
            place: row.place,
            on: row.on.to_string(),
            at: row.at.map(clock),
            late: row.late,
            heard: row.heard.into(),
        }
    }
}

/// Somebody by name.
#[derive(Serialize, ToSchema)]
pub(super) struct MeetingPersonName {
    person_id: String,
    name: String,
}

/// What is planned.
#[derive(Serialize, ToSchema)]
pub(super) struct PlanShown {
    activities: Vec<ActivityName>,
    title: String,
    place: String,
    on: String,
    at: Option<String>,
    host: Option<MeetingPersonName>,
    recorder: Option<MeetingPersonName>,
    remote: bool,
    invited: Vec<MeetingPersonName>,
    guests: String,
    learning_tenths: u16,
}

/// When it was held.
#[derive(Serialize, ToSchema)]
struct HeldShown {
    on: String,
    from: String,
    to: Option<String>,
}

/// Somebody called.
#[derive(Serialize, ToSchema)]
struct AttendeeShown {
    person_id: String,
    name: String,
    stage_name: String,
    part: MeetingPart,
    votes: bool,
    attendance: AttendanceState,
    how: Option<CheckInWay>,
    /// Why absent, or why entered by somebody else. On what ground somebody is excused is not told here.
    reason: Option<String>,
    at: Option<i64>,
}

/// 议题.
#[derive(Serialize, ToSchema)]
struct ItemShown {
    id: String,
    activity: Option<String>,
    title: String,
    notes: String,
}

/// 决议.
#[derive(Serialize, ToSchema)]
struct ResolutionShown {
    id: String,
    item_id: String,
    kind: String,
    kind_name: String,
    text: String,
    subject_kind: Option<String>,
    subject_id: Option<String>,
    written: u32,
    in_favour: u32,
    against: u32,
    abstained: u32,
    /// A step elsewhere rests on it.
    relied_on: bool,
    /// `passed`, `not_passed`; none while the counts are no vote.
    result: Option<String>,
    /// How the result follows from the counts.
    arithmetic: String,
}

/// The chair's confirmation.
#[derive(Serialize, ToSchema)]
struct ConfirmationShown {
    on: String,
    by_host: bool,
    reason: String,
}

/// 法定人数, with its arithmetic.
#[derive(Serialize, ToSchema)]
pub(super) struct QuorumShown {
    /// Empty where no rule asks for a number.
    rule: String,
    /// Who is counted.
    counted: String,
    expected: u32,
    present: u32,
    /// How many must come; 0 where none need.
    needed: u32,
    met: bool,
    /// How many must come before admission or conversion is voted on; 0 where that is not done here.
    needed_for_membership: u32,
}

impl From<Quorum> for QuorumShown {
    fn from(quorum: Quorum) -> Self {
        let Quorum { rule, counted, expected, present, needed, met, needed_for_membership } = quorum;
        QuorumShown {
            rule: rule.to_owned(),
            counted: counted.to_owned(),
            expected,
            present,
            needed,
            met,
            needed_for_membership,
        }
    }
}

/// Why something is refused, or lacking.
#[derive(Serialize, ToSchema)]
pub(super) struct RefusalShown {
    rule: String,
    code: String,
    /// The field, as a JSON pointer.
    field: String,
    message: String,
}

impl From<Refusal> for RefusalShown {
    fn from(refusal: Refusal) -> Self {
        RefusalShown {
            rule: refusal.rule.to_owned(),
            code: refusal.code.to_owned(),
            field: refusal.field,
            message: refusal.message,
        }
    }
}

/// A kind of vote, and why it cannot be taken now.
#[derive(Serialize, ToSchema)]
struct VoteKindShown {
    kind: String,
    name: String,
    refused: Option<RefusalShown>,
}

/// A meeting, whole.
#[derive(Serialize, ToSchema)]
pub(super) struct MeetingDetail {
    id: String,
    version: i64,
    org_id: String,
    org_name: String,
    state: MeetingState,
    state_name: String,
    plan: PlanShown,
    /// `members`, `committee` or `chosen`: who is expected.
    circle: String,
    circle_name: String,
    noticed_on: Option<String>,
    held: Option<HeldShown>,
    /// Why it was written down later; empty when it was not.
    late: String,
    /// Why it was last postponed, cancelled or reopened.
    remark: String,
    attendees: Vec<AttendeeShown>,
    items: Vec<ItemShown>,
    resolutions: Vec<ResolutionShown>,
    no_resolution: bool,
    confirmed: Option<ConfirmationShown>,
    heard: Heard,
    quorum: QuorumShown,
    vote_kinds: Vec<VoteKindShown>,
    /// What the record lacks before it can be confirmed.
    missing: Vec<RefusalShown>,
    /// Whether the asking actor may do anything about it.
    may_act: bool,
    /// Whether the asking actor is the chair.
    is_host: bool,
}

fn named(view: &MeetingView, person: PersonId) -> MeetingPersonName {
    MeetingPersonName { person_id: person.to_string(), name: name_of(view, person) }
}

/// Somebody's name; a forgotten person has none.
pub(crate) fn name_of(view: &MeetingView, person: PersonId) -> String {
    view.people.get(&person).map_or_else(|| "（已注销）".to_owned(), |known| known.name.clone())
}

fn attendee(view: &MeetingView, called: &Called) -> AttendeeShown {
    let (how, reason, at) = match &called.attendance {
        Come::Present { how: How::Code, at } => (Some(CheckInWay::Code), None, Some(*at)),
        Come::Present { how: How::Link, at } => (Some(CheckInWay::Link), None, Some(*at)),
        Come::Present { how: How::Proxy(reason), at } => (Some(CheckInWay::Proxy), Some(reason.clone()), Some(*at)),
        Come::Absent(reason) => (None, Some(reason.clone()), None),
        Come::Awaited | Come::Excused(_) => (None, None, None),
    };
    let stage = view.people.get(&called.person).and_then(|known| known.stage);
    AttendeeShown {
        person_id: called.person.to_string(),
        name: name_of(view, called.person),
        stage_name: stage.map_or("已离开", |stage| stage.name()).to_owned(),
        part: called.part.into(),
        votes: called.votes,
        attendance: (&called.attendance).into(),
        how,
        reason,
        at,
    }
}

fn item(item: &Discussed) -> ItemShown {
    ItemShown {
        id: item.id.to_string(),
        activity: item.activity.map(|activity| activity.key().to_owned()),
        title: item.title.clone(),
        notes: item.notes.clone(),
    }
}

fn resolution(meeting: &Meeting, one: &Resolved) -> ResolutionShown {
    let count = meeting.count(one);
    ResolutionShown {
        id: one.id.to_string(),
        item_id: one.item.to_string(),
        kind: one.kind.key().to_owned(),
        kind_name: one.kind.name().to_owned(),
        text: one.text.clone(),
        subject_kind: one.subject.as_ref().map(|(kind, _)| kind.clone()),
        subject_id: one.subject.as_ref().map(|(_, id)| id.to_string()),
        written: one.written,
        in_favour: one.in_favour,
        against: one.against,
        abstained: one.abstained,
        relied_on: one.relied_on,
        result: meeting.result(one).map(|result| result_key(result).to_owned()),
        arithmetic: arithmetic(&count, one.kind),
    }
}

pub(super) fn result_key(result: VoteResult) -> &'static str {
    match result {
        VoteResult::Passed => "passed",
        VoteResult::NotPassed => "not_passed",
    }
}

/// The kinds of votes that this meeting's activities know at all, and why one cannot be taken with those present now.
fn vote_kinds(meeting: &Meeting) -> Vec<VoteKindShown> {
    let heard = meeting.heard();
    let of = |kind: VoteKind| {
        let counts = rules::meeting::VoteCount {
            expected_voters: heard.voters,
            present_voters: heard.voters_present,
            ..Default::default()
        };
        let mut quorum = counts.refusals(kind).into_iter().filter(|refusal| refusal.field == "/present_voters");
        let refused = voting_place(meeting.kind, &meeting.plan.activities, kind).err().or_else(|| quorum.next());
        VoteKindShown {
            kind: kind.key().to_owned(),
            name: kind.name().to_owned(),
            refused: refused.map(RefusalShown::from),
        }
    };
    VoteKind::ALL.iter().copied().map(of).collect()
}

/// Who asks, as far as a meeting is concerned.
pub(super) struct Asker {
    /// Whether he or she may do anything about it.
    pub(super) may_act: bool,
    /// Who it is.
    pub(super) person: Option<PersonId>,
}

/// The meeting as somebody sees it.
pub(super) fn detail_of(view: &MeetingView, asker: &Asker, today: Date) -> MeetingDetail {
    let meeting = &view.meeting;
    let plan = &meeting.plan;
    MeetingDetail {
        id: view.id.to_string(),
        version: view.version,
        org_id: view.org.to_string(),
        org_name: view.org_name.clone(),
        state: meeting.state.into(),
        state_name: meeting.state.name().to_owned(),
        plan: PlanShown {
            activities: activity_names(&plan.activities),
            title: plan.title.clone(),
            place: plan.place.clone(),
            on: plan.on.to_string(),
            at: plan.at.map(clock),
            host: plan.host.map(|person| named(view, person)),
            recorder: plan.recorder.map(|person| named(view, person)),
            remote: plan.remote,
            invited: plan.invited.iter().map(|person| named(view, *person)).collect(),
            guests: plan.guests.clone(),
            learning_tenths: plan.learning_tenths,
        },
        circle: meeting.circle().key().to_owned(),
        circle_name: meeting.circle().name().to_owned(),
        noticed_on: meeting.noticed_on.map(|on| on.to_string()),
        held: meeting.held.map(|held| HeldShown {
            on: held.on.to_string(),
            from: clock(held.from),
            to: held.to.map(clock),
        }),
        late: meeting.late.clone(),
        remark: meeting.remark.clone(),
        attendees: meeting.attendees.iter().map(|called| attendee(view, called)).collect(),
        items: meeting.items.iter().map(item).collect(),
        resolutions: meeting.resolutions.iter().map(|one| resolution(meeting, one)).collect(),
        no_resolution: meeting.no_resolution,
        confirmed: meeting.confirmed.as_ref().map(|one| ConfirmationShown {
            on: one.on.to_string(),
            by_host: one.by_host,
            reason: one.reason.clone(),
        }),
        heard: meeting.heard().into(),
        quorum: quorum(meeting).into(),
        vote_kinds: vote_kinds(meeting),
        missing: missing(meeting, today).into_iter().map(RefusalShown::from).collect(),
        may_act: asker.may_act,
        is_host: asker.person.is_some() && asker.person == plan.host,
    }
}

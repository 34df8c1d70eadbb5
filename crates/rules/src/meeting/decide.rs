//! What becomes of a meeting when something is done about it, or why it cannot be done.

use super::command::{Command, Facts, awaited};
use super::kind::Circle;
use super::missing::missing;
use super::model::{
    Attendance, Attendee, Called, Confirmation, Held, How, Item, Meeting, MeetingState, Part, Plan, Resolution,
};
use super::plan::{LONGEST_LINE, LONGEST_TEXT, check, check_day, longest, required, tidy};
use super::quorum::quorum;
use crate::activity::Activity;
use crate::ids::{ItemId, PersonId, ResolutionId};
use crate::org::OrgKind;
use crate::refusal::Refusal;
use MeetingState as S;
use jiff::civil::{Date, Time};

/// Most items of one meeting, most resolutions.
const MOST_ITEMS: usize = 50;

type Refusals = Vec<Refusal>;

/// The meeting after a command, or every reason why it is refused.
pub fn decide(meeting: &Meeting, command: &Command, facts: &Facts, today: Date) -> Result<Meeting, Refusals> {
    in_state(meeting.state, command)?;
    let mut next = meeting.clone();
    match command {
        Command::Edit(plan) => edit(&mut next, plan, facts, today)?,
        Command::Notice { on, reason } => notice(&mut next, *on, reason, facts, today)?,
        Command::Postpone { on, at, reason } => postpone(&mut next, (*on, *at), reason, today)?,
        Command::Cancel { reason } => {
            next.remark = given(reason, "取消原因")?;
            next.state = S::Cancelled;
        }
        Command::Open { from, reason } => open(&mut next, *from, reason, facts, today)?,
        Command::CheckIn { person, how, at } => check_in(&mut next, *person, how, *at, today)?,
        Command::Absent { person, reason } => absent(&mut next, *person, reason)?,
        Command::Forget { person } => {
            let excused = facts.called.iter().find(|called| called.person == *person);
            called(&mut next, *person)?.attendance = awaited(excused.and_then(|called| called.excused.as_ref()));
        }
        Command::Close { to } => close(&mut next, *to)?,
        Command::PutItem { id, activity, title, notes } => put_item(&mut next, *id, *activity, (title, notes), facts)?,
        Command::RemoveItem(id) => remove_item(&mut next, *id)?,
        Command::OrderItems(order) => order_items(&mut next, order)?,
        Command::PutResolution { .. } => put_resolution(&mut next, command, facts)?,
        Command::RemoveResolution(id) => remove_resolution(&mut next, *id)?,
        Command::NoResolution(none) => no_resolution(&mut next, *none)?,
        Command::CorrectTimes { from, to } => correct_times(&mut next, *from, *to)?,
        Command::Confirm { by, reason } => confirm(&mut next, *by, reason, today)?,
        Command::Archive => {
            complete(&next, today)?;
            next.state = S::Archived;
        }
        Command::Reopen { reason } => reopen(&mut next, reason)?,
    }
    Ok(next)
}

/// The states in which a command may be given.
fn in_state(state: MeetingState, command: &Command) -> Result<(), Refusals> {
    let allowed: &[MeetingState] = match command {
        Command::Edit(_) => &[S::Planned, S::Noticed, S::Open, S::Closed],
        Command::Notice { .. } => &[S::Planned],
        Command::Postpone { .. } => &[S::Planned, S::Noticed],
        Command::Cancel { .. } => &[S::Planned, S::Noticed, S::Open],
        Command::Open { .. } => &[S::Noticed],
        Command::CheckIn { how: How::Code | How::Link, .. } => &[S::Open],
        Command::CheckIn { how: How::Proxy(_), .. } => &[S::Open, S::Closed],
        Command::Absent { .. } | Command::Forget { .. } => &[S::Noticed, S::Open, S::Closed],
        Command::Close { .. } => &[S::Open],
        Command::PutItem { .. } | Command::RemoveItem(_) | Command::OrderItems(_) => {
            &[S::Planned, S::Noticed, S::Open, S::Closed]
        }
        Command::PutResolution { .. } | Command::RemoveResolution(_) | Command::NoResolution(_) => {
            &[S::Open, S::Closed]
        }
        Command::CorrectTimes { .. } | Command::Confirm { .. } => &[S::Closed],
        Command::Archive => &[S::Confirmed],
        Command::Reopen { .. } => &[S::Confirmed, S::Archived],
    };
    if allowed.contains(&state) {
        return Ok(());
    }
    let message = format!("会议{}，现在不能办理这一步。{}", state.name(), next_step(state));
    refuse("", "meeting_state", "", message)
}

fn next_step(state: MeetingState) -> &'static str {
    match state {
        S::Planned => "请先发通知。",
        S::Noticed => "请先开会。",
        S::Open => "请先散会。",
        S::Closed => "请先补齐记录，由主持人确认。",
        S::Confirmed => "请归档，或写明原因退回修改。",
        S::Archived => "需要更正的，请写明原因退回修改。",
        S::Cancelled => "请另行计划。",
    }
}

fn refuse<T>(rule: &'static str, code: &'static str, field: &str, message: impl Into<String>) -> Result<T, Refusals> {
    Err(vec![Refusal::new(rule, code, field, message)])
}

fn all(refusals: Refusals) -> Result<(), Refusals> {
    if refusals.is_empty() { Ok(()) } else { Err(refusals) }
}

/// A reason that must be given.
fn given(reason: &str, label: &str) -> Result<String, Refusals> {
    let mut refusals = Vec::new();
    required(&mut refusals, "/reason", label, reason, LONGEST_LINE);
    all(refusals)?;
    Ok(reason.trim().to_owned())
}

fn edit(meeting: &mut Meeting, plan: &Plan, facts: &Facts, today: Date) -> Result<(), Refusals> {
    let plan = tidy(plan.clone());
    let mut refusals = check(meeting.kind, &plan, facts, today);
    if meeting.state != S::Planned {
        if (plan.on, plan.at) != (meeting.plan.on, meeting.plan.at) {
            let message = "已经通知的会议不能直接改时间。请办理改期，写明原因。";
            refusals.push(Refusal::new("MEET-09", "needs_postponing", "/on", message));
        }
        let circle = super::kind::circle(meeting.kind, &plan.activities);
        if circle != meeting.circle() {
            let message = format!(
                "已按「{}」通知，改为这些会议类型后应到的是「{}」。请取消后重新计划。",
                meeting.circle().name(),
                circle.name()
            );
            refusals.push(Refusal::new("MEET-10", "circle_changed", "/activities", message));
        }
        if plan.place.is_empty() {
            refusals.push(Refusal::new("MEET-09", "missing_required", "/place", "地点没有填写。请补填。"));
        }
    }
    let held = |resolution: &&Resolution| voting_place(meeting.kind, &plan.activities, resolution.kind).is_err();
    if refusals.is_empty() && meeting.resolutions.iter().any(|resolution| held(&resolution)) {
        let message = "已登记的决议只能由现在的会议类型作出。请先删去决议，再改会议类型。";
        refusals.push(Refusal::new("MEET-10", "resolution_place", "/activities", message));
    }
    all(refusals)?;
    for item in &mut meeting.items {
        item.activity = item.activity.filter(|activity| plan.activities.contains(activity));
    }
    meeting.plan = plan;
    if meeting.state != S::Planned {
        follow_invitations(meeting, facts);
    }
    Ok(())
}

fn notice(meeting: &mut Meeting, on: Date, reason: &str, facts: &Facts, today: Date) -> Result<(), Refusals> {
    let mut refusals = Vec::new();
    let mut lacks = |field: &str, message: &str| {
        refusals.push(Refusal::new("MEET-09", "missing_required", field, message));
    };
    let plan = &meeting.plan;
    if plan.place.is_empty() {
        lacks("/place", "地点没有填写（MEET-09）。请补填后再通知。");
    }
    if plan.at.is_none() {
        lacks("/at", "开会时间没有填写（MEET-09）。请补填后再通知。");
    }
    if meeting.items.is_empty() {
        lacks("/items", "没有议题（MEET-09）。请至少写一项，让应到人员知道开会做什么。");
    }
    if plan.host.is_none() {
        lacks("/host", "没有选主持人（MEET-09）。请选择。");
    }
    if on > today {
        let message = format!("通知日期 {on} 在今天之后。请填写实际通知的日期。");
        refusals.push(Refusal::new("MEET-09", "bad_date", "/on", message));
    }
    if on > plan.on {
        let message = format!(
            "通知日期 {on} 晚于会议日期 {}，不能倒签（MEET-09）。会已经开过的，请填写当时通知的日期和补录原因；没有开的，请改期。",
            plan.on
        );
        refusals.push(Refusal::new("MEET-09", "back_dated", "/on", message));
    }
    if on < today && reason.trim().is_empty() {
        let message = "补录以前的通知须写明原因。请补填。";
        refusals.push(Refusal::new("MEET-09", "missing_required", "/reason", message));
    }
    longest(&mut refusals, "/reason", "补录原因", reason, LONGEST_LINE);
    if meeting.circle() == Circle::Committee && facts.called.len() < 2 {
        let message = "没有设支部委员会，或委员没有登记（MEET-02）。请先在组织的页面登记委员。";
        refusals.push(Refusal::new("MEET-02", "no_committee", "/activities", message));
    } else if meeting.circle() == Circle::Chosen && facts.invited.is_empty() {
        let message = "没有选参加人员。请选择。";
        refusals.push(Refusal::new("MEET-09", "missing_required", "/invited", message));
    } else if meeting.circle() == Circle::Members && facts.called.is_empty() {
        let message = "本组织没有党员，没有人应到。请核对名册。";
        refusals.push(Refusal::new("MEET-09", "nobody_called", "/activities", message));
    }
    for (field, label, person) in [("/host", "主持人", plan.host), ("/recorder", "记录人", plan.recorder)] {
        let known =
            |person| [&facts.called, &facts.invited].iter().any(|list| list.iter().any(|one| one.person == person));
        if person.is_some_and(|person| !known(person)) {
            let message = format!("{label}不在应到或列席人员中（MEET-09）。请改选，或把此人加入邀请名单。");
            refusals.push(Refusal::new("MEET-09", "not_called", field, message));
        }
    }
    all(refusals)?;
    meeting.state = S::Noticed;
    meeting.noticed_on = Some(on);
    meeting.late = reason.trim().to_owned();
    meeting.attendees.clear();
    call(meeting, facts);
    Ok(())
}

/// Brings the list of those called to what the register says; what is known of somebody's attendance stays.
fn call(meeting: &mut Meeting, facts: &Facts) {
    let chosen = meeting.circle() == Circle::Chosen;
    let expected = if chosen { &facts.invited } else { &facts.called };
    let guests = facts.invited.iter().filter(|one| expected.iter().all(|other| other.person != one.person));
    let before = std::mem::take(&mut meeting.attendees);
    let mut add = |one: &Called, part| {
        let known = before.iter().find(|attendee| attendee.person == one.person);
        let attendance = known.map(|attendee| attendee.attendance.clone()).filter(|known| match known {
            Attendance::Present { .. } | Attendance::Absent(_) => true,
            Attendance::Awaited | Attendance::Excused(_) => false,
        });
        meeting.attendees.push(Attendee {
            person: one.person,
            part,
            votes: one.votes && part == Part::Expected,
            attendance: attendance.unwrap_or_else(|| match part {
                Part::Expected => awaited(one.excused.as_ref()),
                Part::Guest => Attendance::Awaited,
            }),
        });
    };
    expected.iter().for_each(|one| add(one, Part::Expected));
    guests.for_each(|one| add(one, Part::Guest));
}

/// Takes up those newly invited and lets go of those no longer invited, unless they came.
fn follow_invitations(meeting: &mut Meeting, facts: &Facts) {
    let chosen = meeting.circle() == Circle::Chosen;
    let part = if chosen { Part::Expected } else { Part::Guest };
    let invited = meeting.plan.invited.clone();
    meeting.attendees.retain(|attendee| {
        attendee.part != part || invited.contains(&attendee.person) || attendee.attendance.is_present()
    });
    for one in &facts.invited {
        if meeting.attendee(one.person).is_none() {
            let attendance = if chosen { awaited(one.excused.as_ref()) } else { Attendance::Awaited };
            meeting.attendees.push(Attendee { person: one.person, part, votes: chosen && one.votes, attendance });
        }
    }
}

fn postpone(meeting: &mut Meeting, (on, at): (Date, Option<Time>), reason: &str, today: Date) -> Result<(), Refusals> {
    let mut refusals = Vec::new();
    check_day(&mut refusals, on, today);
    if on < today {
        let message = format!("改期后的日期 {on} 在今天之前。请选今天或以后的日期。");
        refusals.push(Refusal::new("MEET-09", "bad_date", "/on", message));
    }
    required(&mut refusals, "/reason", "改期原因", reason, LONGEST_LINE);
    all(refusals)?;
    meeting.state = S::Planned;
    meeting.plan.on = on;
    meeting.plan.at = at;
    meeting.noticed_on = None;
    meeting.late.clear();
    meeting.attendees.clear();
    meeting.remark = reason.trim().to_owned();
    Ok(())
}

fn open(meeting: &mut Meeting, from: Time, reason: &str, facts: &Facts, today: Date) -> Result<(), Refusals> {
    let on = meeting.plan.on;
    if on > today {
        let message = format!("会议定在 {on}，还没有到。请到时再开；提前开的，请先改期并通知。");
        return refuse("MEET-09", "bad_date", "/on", message);
    }
    let noted = if meeting.late.is_empty() { reason.trim() } else { meeting.late.as_str() };
    if on < today && noted.is_empty() {
        let message = format!("会议日期 {on} 已过。补录须写明原因；没有开的，请改期或取消。");
        return refuse("MEET-09", "missing_required", "/reason", message);
    }
    let mut refusals = Vec::new();
    longest(&mut refusals, "/reason", "补录原因", reason, LONGEST_LINE);
    all(refusals)?;
    meeting.late = if on < today { noted.to_owned() } else { meeting.late.clone() };
    meeting.held = Some(Held { on, from, to: None });
    meeting.state = S::Open;
    call(meeting, facts);
    Ok(())
}

/// Somebody called, or the refusal that says he or she was not.
fn called(meeting: &mut Meeting, person: PersonId) -> Result<&mut Attendee, Refusals> {
    match meeting.attendees.iter_mut().find(|attendee| attendee.person == person) {
        Some(attendee) => Ok(attendee),
        None => refuse("MEET-09", "not_called", "/person", "此人不在应到或列席人员中（MEET-09）。请核对名单。"),
    }
}

fn check_in(meeting: &mut Meeting, person: PersonId, how: &How, at: i64, today: Date) -> Result<(), Refusals> {
    let (on, remote) = (meeting.held.map(|held| held.on), meeting.plan.remote);
    let attendee = called(meeting, person)?;
    match how {
        How::Code | How::Link if on != Some(today) => {
            let message = "会议不在今天，不能自行签到。请由会议的组织者代为登记，写明原因。";
            return refuse("MEET-09", "bad_date", "", message);
        }
        How::Link if !remote => {
            return refuse("MEET-09", "not_remote", "", "本次会议没有开通远程参加。请到现场签到。");
        }
        How::Proxy(reason) => {
            let mut refusals = Vec::new();
            required(&mut refusals, "/reason", "代为登记的原因", reason, LONGEST_LINE);
            all(refusals)?;
        }
        How::Code | How::Link => {}
    }
    if !attendee.attendance.is_present() {
        attendee.attendance = Attendance::Present { how: how.clone(), at };
    }
    Ok(())
}

fn absent(meeting: &mut Meeting, person: PersonId, reason: &str) -> Result<(), Refusals> {
    let attendee = called(meeting, person)?;
    if attendee.attendance.is_present() {
        return refuse("MEET-09", "is_present", "/person", "此人已签到。签错的，请先撤销签到。");
    }
    attendee.attendance = Attendance::Absent(given(reason, "缺席原因")?);
    Ok(())
}

fn close(meeting: &mut Meeting, to: Time) -> Result<(), Refusals> {
    let Some(held) = meeting.held else {
        return refuse("MEET-09", "meeting_state", "", "会议还没有开。请先开会。");
    };
    let mut refusals = Vec::new();
    check_times(&mut refusals, held.from, to);
    let quorum = quorum(meeting);
    if meeting.circle() == Circle::Committee && !quorum.met {
        let message = format!(
            "委员 {} 人，到会 {} 人，不到半数，会没有开成（MEET-02）。请补签到，或取消会议并写明原因。",
            quorum.expected, quorum.present
        );
        refusals.push(Refusal::new("MEET-02", "no_quorum", "/attendees", message));
    }
    all(refusals)?;
    meeting.held = Some(Held { to: Some(to), ..held });
    meeting.state = S::Closed;
    Ok(())
}

fn check_times(refusals: &mut Vec<Refusal>, from: Time, to: Time) {
    if to <= from {
        let message = format!("散会时间 {} 不晚于开会时间 {}。请核对。", clock(to), clock(from));
        refusals.push(Refusal::new("MEET-09", "bad_time", "/to", message));
    }
}

fn clock(time: Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}

fn correct_times(meeting: &mut Meeting, from: Time, to: Time) -> Result<(), Refusals> {
    let mut refusals = Vec::new();
    check_times(&mut refusals, from, to);
    all(refusals)?;
    meeting.held = meeting.held.map(|held| Held { from, to: Some(to), ..held });
    Ok(())
}

fn put_item(
    meeting: &mut Meeting,
    id: Option<ItemId>,
    activity: Option<Activity>,
    (title, notes): (&str, &str),
    facts: &Facts,
) -> Result<(), Refusals> {
    let mut refusals = Vec::new();
    required(&mut refusals, "/title", "议题", title, LONGEST_LINE);
    longest(&mut refusals, "/notes", "发言要点", notes, LONGEST_TEXT);
    if let Some(activity) = activity.filter(|activity| !meeting.plan.activities.contains(activity)) {
        let message = format!("本次会议没有安排{}（MEET-10）。请先在会议类型中加上。", activity.name());
        refusals.push(Refusal::new("MEET-10", "not_planned", "/activity", message));
    }
    if id.is_none() && meeting.items.len() >= MOST_ITEMS {
        refusals.push(Refusal::new("", "too_many", "", format!("一次会议最多 {MOST_ITEMS} 项议题。请合并。")));
    }
    all(refusals)?;
    let item = Item {
        id: id.unwrap_or(ItemId(facts.fresh)),
        activity,
        title: title.trim().to_owned(),
        notes: notes.trim().to_owned(),
    };
    match (id, meeting.items.iter_mut().find(|known| known.id == item.id)) {
        (Some(_), Some(known)) => *known = item,
        (Some(_), None) => return gone("议题"),
        (None, _) => meeting.items.push(item),
    }
    Ok(())
}

fn gone<T>(what: &str) -> Result<T, Refusals> {
    refuse("", "gone", "", format!("{what}已被删去。请刷新页面，填写的内容可以另存为新的一项。"))
}

fn remove_item(meeting: &mut Meeting, id: ItemId) -> Result<(), Refusals> {
    if meeting.resolutions.iter().any(|resolution| resolution.item == id) {
        return refuse("MEET-09", "has_resolution", "", "这一项议题下有决议。请先删去决议。");
    }
    let before = meeting.items.len();
    meeting.items.retain(|item| item.id != id);
    if meeting.items.len() == before { gone("议题") } else { Ok(()) }
}

fn order_items(meeting: &mut Meeting, order: &[ItemId]) -> Result<(), Refusals> {
    let mut items = Vec::with_capacity(order.len());
    for id in order {
        match meeting.items.iter().position(|item| item.id == *id) {
            Some(at) => items.push(meeting.items.remove(at)),
            None => return gone("议题"),
        }
    }
    items.append(&mut meeting.items);
    meeting.items = items;
    Ok(())
}

/// Whether a vote of this kind may be taken at a meeting of these activities.
fn voting_place(kind: OrgKind, activities: &[Activity], vote: super::VoteKind) -> Result<(), Refusal> {
    let members = activities.contains(&Activity::MembersMeeting);
    let committee = activities.contains(&Activity::CommitteeMeeting);
    let refused = |rule, message: &str| Err(Refusal::new(rule, "vote_place", "/kind", message));
    match vote {
        super::VoteKind::Admission | super::VoteKind::Conversion if !members => {
            let rule = if vote == super::VoteKind::Admission { "DEV-15" } else { "DEV-23" };
            refused(rule, &format!("{}由支部党员大会表决（{rule}）。请在会议类型中加上支部党员大会。", vote.name()))
        }
        super::VoteKind::Ordinary if !members && !committee && kind.holds_members() => refused(
            "MEET-01",
            "决议由支部党员大会或支部委员会会议作出（MEET-01）。这次会议可以登记推荐和征求意见的票数，需要决议的请召开支部党员大会。",
        ),
        _ => Ok(()),
    }
}

fn put_resolution(meeting: &mut Meeting, command: &Command, facts: &Facts) -> Result<(), Refusals> {
    let Command::PutResolution { id, item, kind, text, subject, written, in_favour, against, abstained } = command
    else {
        return Ok(());
    };
    let known = id.and_then(|id| meeting.resolutions.iter().find(|known| known.id == id));
    if id.is_some() && known.is_none() {
        return gone("决议");
    }
    if known.is_some_and(|known| known.relied_on) {
        return relied_on();
    }
    let resolution = Resolution {
        id: id.unwrap_or(ResolutionId(facts.fresh)),
        item: *item,
        kind: *kind,
        text: text.trim().to_owned(),
        subject: subject.clone(),
        written: *written,
        in_favour: *in_favour,
        against: *against,
        abstained: *abstained,
        relied_on: false,
    };
    let mut refusals = Vec::new();
    required(&mut refusals, "/text", "决议内容", &resolution.text, LONGEST_TEXT);
    if meeting.items.iter().all(|one| one.id != resolution.item) {
        refusals.push(Refusal::new("MEET-09", "missing_required", "/item", "没有选决议属于哪一项议题。请选择。"));
    }
    refusals.extend(voting_place(meeting.kind, &meeting.plan.activities, resolution.kind).err());
    let others = || meeting.resolutions.iter().filter(|other| other.id != resolution.id);
    if resolution.kind.on_membership() && others().any(|other| other.item == resolution.item) {
        let message = "接收和转正须一人一议、逐个表决（DEV-15）。请为每个人单列一项议题。";
        refusals.push(Refusal::new("DEV-15", "one_by_one", "/item", message));
    } else if others().any(|other| other.item == resolution.item && other.kind.on_membership()) {
        let message = "这一项议题已有接收或转正的决议，只能有一个（DEV-15）。请单列一项议题。";
        refusals.push(Refusal::new("DEV-15", "one_by_one", "/item", message));
    }
    if resolution.subject.is_some() && others().any(|other| other.subject == resolution.subject) {
        let message = "本次会议对这件事已有决议。请修改已有的决议。";
        refusals.push(Refusal::new("DEV-15", "resolved_already", "/subject", message));
    }
    if known.is_none() && meeting.resolutions.len() >= MOST_ITEMS {
        refusals.push(Refusal::new("", "too_many", "", format!("一次会议最多 {MOST_ITEMS} 项决议。请合并。")));
    }
    refusals.extend(meeting.count(&resolution).refusals(resolution.kind));
    all(refusals)?;
    match meeting.resolutions.iter_mut().find(|known| known.id == resolution.id) {
        Some(known) => *known = resolution,
        None => meeting.resolutions.push(resolution),
    }
    meeting.no_resolution = false;
    Ok(())
}

fn relied_on<T>() -> Result<T, Refusals> {
    let message = "这项决议已用于办理卷宗或选举，不能再改（DEV-30）。需要更正的，请先在卷宗或选举中退回那一步。";
    refuse("DEV-30", "relied_on", "", message)
}

fn remove_resolution(meeting: &mut Meeting, id: ResolutionId) -> Result<(), Refusals> {
    match meeting.resolutions.iter().position(|resolution| resolution.id == id) {
        None => gone("决议"),
        Some(at) if meeting.resolutions[at].relied_on => relied_on(),
        Some(at) => {
            meeting.resolutions.remove(at);
            Ok(())
        }
    }
}

fn no_resolution(meeting: &mut Meeting, none: bool) -> Result<(), Refusals> {
    if none && !meeting.resolutions.is_empty() {
        return refuse("MEET-09", "has_resolution", "", "已登记了决议。确实没有的，请先删去。");
    }
    meeting.no_resolution = none;
    Ok(())
}

/// Whether nothing is lacking (MEET-09).
fn complete(meeting: &Meeting, today: Date) -> Result<(), Refusals> {
    all(missing(meeting, today))
}

fn confirm(meeting: &mut Meeting, by: Option<PersonId>, reason: &str, today: Date) -> Result<(), Refusals> {
    let by_host = by.is_some() && by == meeting.plan.host;
    let mut refusals = missing(meeting, today);
    if !by_host && reason.trim().is_empty() {
        let message = "会议记录由主持人确认。主持人不能亲自确认的，请写明原因（例如：主持人没有账号，已当面核对）。";
        refusals.push(Refusal::new("MEET-09", "missing_required", "/reason", message));
    }
    longest(&mut refusals, "/reason", "代为确认的原因", reason, LONGEST_LINE);
    all(refusals)?;
    let reason = if by_host { String::new() } else { reason.trim().to_owned() };
    meeting.confirmed = Some(Confirmation { on: today, by_host, reason });
    meeting.state = S::Confirmed;
    Ok(())
}

fn reopen(meeting: &mut Meeting, reason: &str) -> Result<(), Refusals> {
    if meeting.resolutions.iter().any(|resolution| resolution.relied_on) {
        return relied_on();
    }
    meeting.remark = given(reason, "退回原因")?;
    meeting.confirmed = None;
    meeting.state = S::Closed;
    Ok(())
}

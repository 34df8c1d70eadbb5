//! Before the meeting: changes of the plan, the notice, another day.

use super::resolve::voting_place;
use super::room::call;
use super::{Refusals, S, all};
use crate::meeting::command::{Facts, awaited};
use crate::meeting::kind::{Circle, circle};
use crate::meeting::model::{Attendance, Attendee, Meeting, Part, Plan, Resolution};
use crate::meeting::plan::{LONGEST_LINE, check, check_day, longest, required, tidy};
use crate::refusal::Refusal;
use jiff::civil::{Date, Time};

pub(super) fn edit(meeting: &mut Meeting, plan: &Plan, facts: &Facts, today: Date) -> Result<(), Refusals> {
    let plan = tidy(plan.clone());
    let mut refusals = check(meeting.kind, &plan, facts, today);
    if meeting.state != S::Planned {
        if (plan.on, plan.at) != (meeting.plan.on, meeting.plan.at) {
            let message = "已经通知的会议不能直接改时间。请办理改期，写明原因。";
            refusals.push(Refusal::new("MEET-09", "needs_postponing", "/on", message));
        }
        let circle = circle(meeting.kind, &plan.activities);
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

pub(super) fn notice(
    meeting: &mut Meeting,
    on: Date,
    reason: &str,
    facts: &Facts,
    today: Date,
) -> Result<(), Refusals> {
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
    let somebody = [&facts.called, &facts.invited].iter().any(|list| !list.is_empty());
    let known = |person| facts.called.iter().chain(&facts.invited).any(|one| one.person == person);
    for (field, label, person) in [("/host", "主持人", plan.host), ("/recorder", "记录人", plan.recorder)] {
        if somebody && person.is_some_and(|person| !known(person)) {
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

pub(super) fn postpone(
    meeting: &mut Meeting,
    (on, at): (Date, Option<Time>),
    reason: &str,
    today: Date,
) -> Result<(), Refusals> {
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

//! Resolutions: where they may be taken, with which counts.

use super::{MOST_ITEMS, Refusals, all, gone, refuse};
use crate::activity::Activity;
use crate::ids::ResolutionId;
use crate::meeting::VoteKind;
use crate::meeting::command::{Command, Facts};
use crate::meeting::model::{Meeting, Resolution};
use crate::meeting::plan::{LONGEST_TEXT, required};
use crate::org::OrgKind;
use crate::refusal::Refusal;

/// Whether a vote of this kind may be taken at a meeting of these activities.
pub fn voting_place(kind: OrgKind, activities: &[Activity], vote: VoteKind) -> Result<(), Refusal> {
    let members = activities.contains(&Activity::MembersMeeting);
    let committee = activities.contains(&Activity::CommitteeMeeting);
    let refused = |rule, message: &str| Err(Refusal::new(rule, "vote_place", "/kind", message));
    match vote {
        VoteKind::Admission | VoteKind::Conversion if !members => {
            let rule = if vote == VoteKind::Admission { "DEV-15" } else { "DEV-23" };
            refused(rule, &format!("{}由支部党员大会表决（{rule}）。请在会议类型中加上支部党员大会。", vote.name()))
        }
        VoteKind::Ordinary if !members && !committee && kind.holds_members() => refused(
            "MEET-01",
            "决议由支部党员大会或支部委员会会议作出（MEET-01）。这次会议可以登记推荐和征求意见的票数，需要决议的请召开支部党员大会。",
        ),
        _ => Ok(()),
    }
}

pub(super) fn put_resolution(meeting: &mut Meeting, command: &Command, facts: &Facts) -> Result<(), Refusals> {
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
        id: id.or(facts.fresh.first().copied().map(ResolutionId)).unwrap_or(ResolutionId(0)),
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

pub(super) fn relied_on<T>() -> Result<T, Refusals> {
    let message = "这项决议已用于办理卷宗或选举，不能再改（DEV-30）。需要更正的，请先在卷宗或选举中退回那一步。";
    refuse("DEV-30", "relied_on", "", message)
}

pub(super) fn remove_resolution(meeting: &mut Meeting, id: ResolutionId) -> Result<(), Refusals> {
    match meeting.resolutions.iter().position(|resolution| resolution.id == id) {
        None => gone("决议"),
        Some(at) if meeting.resolutions[at].relied_on => relied_on(),
        Some(at) => {
            meeting.resolutions.remove(at);
            Ok(())
        }
    }
}

pub(super) fn no_resolution(meeting: &mut Meeting, none: bool) -> Result<(), Refusals> {
    if none && !meeting.resolutions.is_empty() {
        return refuse("MEET-09", "has_resolution", "", "已登记了决议。确实没有的，请先删去。");
    }
    meeting.no_resolution = none;
    Ok(())
}

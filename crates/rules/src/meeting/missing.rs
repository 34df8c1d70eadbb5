//! What a record lacks before it can be confirmed and archived (MEET-09, MEET-10), all of it at once.

use super::kind::Circle;
use super::model::{Heard, Meeting};
use super::quorum::quorum;
use crate::activity::Activity;
use crate::ids::PersonId;
use crate::refusal::Refusal;
use jiff::civil::Date;

/// Everything that the record lacks: time, place, chair, recorder, who was called, came, stayed away and why, what was talked about and
/// said, what was resolved with which counts. Empty when it may be confirmed.
pub fn missing(meeting: &Meeting, today: Date) -> Vec<Refusal> {
    let mut found = Vec::new();
    time_and_place(meeting, today, &mut found);
    chair_and_recorder(meeting, &mut found);
    attendance(meeting, &mut found);
    agenda(meeting, &mut found);
    resolutions(meeting, &mut found);
    found
}

fn lacks(found: &mut Vec<Refusal>, field: impl Into<String>, message: impl Into<String>) {
    found.push(Refusal::new("MEET-09", "missing_required", field, message));
}

fn time_and_place(meeting: &Meeting, today: Date, found: &mut Vec<Refusal>) {
    match meeting.held {
        None => lacks(found, "/from", "没有开会时间（MEET-09）。请先开会并签到。"),
        Some(held) => {
            if held.on > today {
                let message = format!("会议日期 {} 还没有到，不能归档（MEET-09）。", held.on);
                found.push(Refusal::new("MEET-09", "bad_date", "/on", message));
            }
            if held.to.is_none() {
                lacks(found, "/to", "没有散会时间（MEET-09）。请填写。");
            }
        }
    }
    if meeting.plan.place.is_empty() {
        lacks(found, "/place", "没有填写地点（MEET-09）。请补填。");
    }
}

fn chair_and_recorder(meeting: &Meeting, found: &mut Vec<Refusal>) {
    let mut check = |field: &str, label: &str, person: Option<PersonId>| match person {
        None => lacks(found, field, format!("没有填写{label}（MEET-09）。请从到会人员中选择。")),
        Some(person) if !meeting.is_present(person) => {
            lacks(found, field, format!("{label}没有到会（MEET-09）。请核对签到，或改选到会的人。"));
        }
        Some(_) => {}
    };
    check("/host", "主持人", meeting.plan.host);
    check("/recorder", "记录人", meeting.plan.recorder);
}

fn attendance(meeting: &Meeting, found: &mut Vec<Refusal>) {
    let Heard { expected, present, awaited, .. } = meeting.heard();
    if expected == 0 {
        lacks(found, "/attendees", "没有应到人员（MEET-09）。请核对名单。");
    } else if present == 0 {
        lacks(found, "/attendees", "没有人到会（MEET-09）。请登记签到；会没有开成的，请取消会议并写明原因。");
    } else if awaited > 0 {
        let message = format!("应到 {expected} 人中，还有 {awaited} 人没有登记到会或缺席原因（MEET-09）。请逐一登记。");
        lacks(found, "/attendees", message);
    }
    let quorum = quorum(meeting);
    if meeting.circle() == Circle::Committee && !quorum.met {
        let message = format!(
            "委员 {} 人，到会 {} 人，不到半数，不能开会（MEET-02）。请核对签到，或取消会议改期再开。",
            quorum.expected, quorum.present
        );
        found.push(Refusal::new("MEET-02", "no_quorum", "/attendees", message));
    }
}

fn agenda(meeting: &Meeting, found: &mut Vec<Refusal>) {
    if meeting.items.is_empty() {
        lacks(found, "/items", "没有议题（MEET-09）。请至少写一项。");
    }
    for (at, item) in (1..).zip(&meeting.items) {
        if item.notes.is_empty() {
            let field = format!("/items/{}/notes", item.id);
            lacks(found, field, format!("第 {at} 项议题没有写发言要点（MEET-09）。请补写。"));
        }
    }
    if meeting.plan.activities.len() > 1 {
        for activity in &meeting.plan.activities {
            if meeting.items.iter().all(|item| item.activity != Some(*activity)) {
                let message = format!(
                    "没有一项议题注明属于{}（MEET-10）。一次会议同时履行多项的须逐项注明，请在议题上选择，或从会议类型中去掉这一项。",
                    activity.name()
                );
                found.push(Refusal::new("MEET-10", "activity_not_shown", "/items", message));
            }
        }
    }
}

fn resolutions(meeting: &Meeting, found: &mut Vec<Refusal>) {
    let resolves =
        [Activity::MembersMeeting, Activity::CommitteeMeeting].iter().any(|one| meeting.plan.activities.contains(one));
    if resolves && meeting.resolutions.is_empty() && !meeting.no_resolution {
        lacks(found, "/resolutions", "没有决议和票数（MEET-09）。请登记决议；确实没有的，请勾选「本次会议没有决议」。");
    }
    for resolution in &meeting.resolutions {
        for refusal in meeting.count(resolution).refusals(resolution.kind) {
            found.push(Refusal { field: format!("/resolutions/{}{}", resolution.id, refusal.field), ..refusal });
        }
    }
}

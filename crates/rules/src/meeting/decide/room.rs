//! In the room: opening, who came, closing.

use super::{Refusals, S, all, at as placed, given, refuse};
use crate::ids::PersonId;
use crate::meeting::command::{Come, Facts, awaited};
use crate::meeting::kind::Circle;
use crate::meeting::model::{Attendance, Attendee, Called, Held, How, Meeting, Part};
use crate::meeting::plan::{LONGEST_LINE, longest, required};
use crate::meeting::quorum::quorum;
use crate::refusal::Refusal;
use jiff::civil::{Date, Time};

pub(super) fn open(
    meeting: &mut Meeting,
    from: Time,
    reason: &str,
    facts: &Facts,
    today: Date,
) -> Result<(), Refusals> {
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

/// Brings the list of those called to what the register says; what is known of somebody's attendance stays.
pub(super) fn call(meeting: &mut Meeting, facts: &Facts) {
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

/// Somebody called, or the refusal that says he or she was not.
pub(super) fn called(meeting: &mut Meeting, person: PersonId) -> Result<&mut Attendee, Refusals> {
    match meeting.attendees.iter_mut().find(|attendee| attendee.person == person) {
        Some(attendee) => Ok(attendee),
        None => refuse("MEET-09", "not_called", "/person", "此人不在应到或列席人员中（MEET-09）。请核对名单。"),
    }
}

pub(super) fn check_in(
    meeting: &mut Meeting,
    person: PersonId,
    how: &How,
    at: i64,
    today: Date,
) -> Result<(), Refusals> {
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

pub(super) fn absent(meeting: &mut Meeting, person: PersonId, reason: &str) -> Result<(), Refusals> {
    let attendee = called(meeting, person)?;
    if attendee.attendance.is_present() {
        return refuse("MEET-09", "is_present", "/person", "此人已签到。签错的，请先撤销签到。");
    }
    attendee.attendance = Attendance::Absent(given(reason, "缺席原因")?);
    Ok(())
}

/// Takes back what was written of somebody's attendance.
pub(super) fn forget(meeting: &mut Meeting, person: PersonId, facts: &Facts) -> Result<(), Refusals> {
    let excused = facts.called.iter().find(|called| called.person == person);
    called(meeting, person)?.attendance = awaited(excused.and_then(|called| called.excused.as_ref()));
    Ok(())
}

/// What is known of several, all or nothing.
pub(super) fn roll_call(
    meeting: &mut Meeting,
    (entries, reason, at): (&[(PersonId, Come)], &str, i64),
    facts: &Facts,
    today: Date,
) -> Result<(), Refusals> {
    let mut refusals = Vec::new();
    if entries.iter().any(|(_, come)| *come == Come::Present) {
        required(&mut refusals, "/reason", "代为登记的原因", reason, LONGEST_LINE);
        all(std::mem::take(&mut refusals))?;
    }
    for (index, (person, come)) in entries.iter().enumerate() {
        let entered = match come {
            Come::Present => check_in(meeting, *person, &How::Proxy(reason.trim().to_owned()), at, today),
            Come::Absent(reason) => absent(meeting, *person, reason),
            Come::Awaited => forget(meeting, *person, facts),
        };
        if let Err(more) = entered {
            refusals.extend(placed(format_args!("/entries/{index}"), more));
        }
    }
    all(refusals)
}

pub(super) fn close(meeting: &mut Meeting, to: Time) -> Result<(), Refusals> {
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

pub(super) fn correct_times(meeting: &mut Meeting, from: Time, to: Time) -> Result<(), Refusals> {
    let mut refusals = Vec::new();
    check_times(&mut refusals, from, to);
    all(refusals)?;
    meeting.held = meeting.held.map(|held| Held { from, to: Some(to), ..held });
    Ok(())
}

//! What a plan must say before it is one.

use super::command::{Facts, ItemDraft};
use super::decide::agenda;
use super::kind::fits;
use super::model::{Meeting, MeetingState, Plan};
use crate::org::OrgKind;
use crate::refusal::Refusal;
use jiff::civil::Date;

/// Most characters of a title, a place, a list of guests.
pub(super) const LONGEST_LINE: usize = 200;
/// Most characters of the notes of an item, of a resolution.
pub(super) const LONGEST_TEXT: usize = 20_000;
/// Most persons invited by name.
const MOST_INVITED: usize = 500;
/// Most hours of learning in one day, in tenths.
pub(super) const LONGEST_DAY: u16 = 120;

/// A new meeting from a plan and the agenda as far as it is known, or every reason why it is none.
pub fn plan(
    kind: OrgKind,
    plan: Plan,
    drafts: &[ItemDraft],
    facts: &Facts,
    today: Date,
) -> Result<Meeting, Vec<Refusal>> {
    let plan = tidy(plan);
    let mut refusals = check(kind, &plan, facts, today);
    let items = agenda(drafts, &plan.activities, &[], facts).map_err(|more| refusals.extend(more)).unwrap_or_default();
    if !refusals.is_empty() {
        return Err(refusals);
    }
    Ok(Meeting {
        kind,
        state: MeetingState::Planned,
        plan,
        noticed_on: None,
        held: None,
        late: String::new(),
        remark: String::new(),
        attendees: Vec::new(),
        items,
        resolutions: Vec::new(),
        no_resolution: false,
        confirmed: None,
    })
}

/// The plan without what was typed around the words, nobody invited twice.
pub(super) fn tidy(mut plan: Plan) -> Plan {
    for text in [&mut plan.title, &mut plan.place, &mut plan.guests] {
        *text = text.trim().to_owned();
    }
    let mut seen = std::collections::BTreeSet::new();
    plan.invited.retain(|person| seen.insert(*person));
    plan
}

/// Every reason why an organisation of this kind cannot plan this.
pub(super) fn check(kind: OrgKind, plan: &Plan, facts: &Facts, today: Date) -> Vec<Refusal> {
    let mut refusals = fits(kind, &plan.activities);
    required(&mut refusals, "/title", "会议名称", &plan.title, LONGEST_LINE);
    for (field, label, text) in [("/place", "地点", &plan.place), ("/guests", "列席人员", &plan.guests)] {
        longest(&mut refusals, field, label, text, LONGEST_LINE);
    }
    check_day(&mut refusals, plan.on, today);
    if plan.learning_tenths > LONGEST_DAY {
        let message = format!("学时一天最多 {} 小时（EDU-01）。请核对。", LONGEST_DAY / 10);
        refusals.push(Refusal::new("EDU-01", "bad_hours", "/learning_tenths", message));
    }
    if plan.invited.len() > MOST_INVITED {
        let message = format!("一次最多邀请 {MOST_INVITED} 人。请分次安排。");
        refusals.push(Refusal::new("", "too_many", "/invited", message));
    } else if plan.invited.iter().any(|person| facts.invited.iter().all(|known| known.person != *person)) {
        let message = "邀请的人员中有人不在本组织。请从名单中重新选择；上级派来的人写在「列席人员」里。";
        refusals.push(Refusal::new("MEET-09", "not_in_org", "/invited", message));
    }
    refusals
}

/// A day that is meant: nobody plans or writes down a meeting years away.
pub(super) fn check_day(refusals: &mut Vec<Refusal>, on: Date, today: Date) {
    if (i32::from(on.year()) - i32::from(today.year())).abs() > 1 {
        let message = format!("会议日期 {on} 离今天太远，只能在去年年初至明年年底之间。请核对年份。");
        refusals.push(Refusal::new("MEET-09", "bad_date", "/on", message));
    }
}

/// A text that must be given and not be too long.
pub(super) fn required(refusals: &mut Vec<Refusal>, field: &str, label: &str, text: &str, most: usize) {
    if text.trim().is_empty() {
        let message = format!("{label}没有填写。请补填。");
        refusals.push(Refusal::new("MEET-09", "missing_required", field, message));
    }
    longest(refusals, field, label, text, most);
}

/// A text that must not be too long.
pub(super) fn longest(refusals: &mut Vec<Refusal>, field: &str, label: &str, text: &str, most: usize) {
    let length = text.chars().count();
    if length > most {
        let message = format!("{label}有 {length} 个字，最多 {most} 个字。请精简。");
        refusals.push(Refusal::new("", "too_long", field, message));
    }
}

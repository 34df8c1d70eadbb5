//! Which reminder of a duty is due on a day: first when its lead begins, for terms again at shorter leads (ORG-06), again shortly
//! before it is due, once when it is late, and to the superior when it has been late for some days.

use super::{Due, Kind};
use crate::activity::Activity;
use crate::date::add_days;
use crate::measure::{Measure, Measures};
use jiff::civil::Date;

/// The steps of reminding, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Step {
    /// The lead begins.
    First,
    /// The second lead of a term begins (ORG-06).
    Second,
    /// The third lead of a term begins (ORG-06).
    Third,
    /// Shortly before the last day.
    Soon,
    /// The last day is over.
    Overdue,
    /// To the superior: the last day has been over for days.
    Escalated,
}

impl Step {
    /// The identifier that goes into the name of a reminder.
    pub fn key(self) -> &'static str {
        match self {
            Step::First => "first",
            Step::Second => "second",
            Step::Third => "third",
            Step::Soon => "soon",
            Step::Overdue => "overdue",
            Step::Escalated => "escalated",
        }
    }

    /// The sort of notice it makes.
    pub fn kind(self) -> Kind {
        match self {
            Step::First | Step::Second | Step::Third | Step::Soon => Kind::Reminder,
            Step::Overdue => Kind::Overdue,
            Step::Escalated => Kind::Escalation,
        }
    }
}

/// When an enterprise reminds, beside the leads of the rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rhythm {
    /// Days before the last day on which one is reminded again.
    pub soon_days: i32,
    /// Days after the last day on which the superior is told.
    pub escalate_days: i32,
    /// Days before the end of a term on which one is reminded again, the longer first (ORG-06).
    pub term_leads: [i32; 2],
}

/// What is wrong with a rhythm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RhythmFault {
    /// The days before are out of range.
    #[error("到期前再次提醒的天数应在 1 至 30 之间。请改正。")]
    Soon,
    /// The days after are out of range.
    #[error("逾期后报上级的天数应在 1 至 90 之间。请改正。")]
    Escalate,
}

impl Rhythm {
    /// The rhythm with the leads of the rules and the enterprise's own numbers.
    pub fn new(soon_days: i32, escalate_days: i32, measures: &Measures, on: Date) -> Self {
        let lead = |measure| measures.get(measure, on);
        Rhythm { soon_days, escalate_days, term_leads: [lead(Measure::TermSecondLead), lead(Measure::TermThirdLead)] }
    }

    /// Days before the last day, unless the enterprise sets others.
    pub const SOON_DAYS: i32 = 3;
    /// Days until the superior is told, unless the enterprise sets others.
    pub const ESCALATE_DAYS: i32 = 7;

    /// What is wrong with numbers that an enterprise wants to set.
    pub fn faults(soon_days: i32, escalate_days: i32) -> Vec<RhythmFault> {
        let soon = (!(1..=30).contains(&soon_days)).then_some(RhythmFault::Soon);
        let escalate = (!(1..=90).contains(&escalate_days)).then_some(RhythmFault::Escalate);
        soon.into_iter().chain(escalate).collect()
    }
}

/// The reminder that those who are to act should have by a day; none before the first.
pub fn step_for_holders(due: &Due, rhythm: &Rhythm, today: Date) -> Option<Step> {
    if today < due.remind_from {
        return None;
    }
    if today > due.due && !due.hint {
        return Some(Step::Overdue);
    }
    let [longer, shorter] = rhythm.term_leads;
    let term = due.rule == "ORG-06";
    let begun = |days: i32| {
        let day = add_days(due.due, -days);
        day > due.remind_from && today >= day
    };
    let steps = [
        (Step::Soon, begun(rhythm.soon_days) && !due.hint),
        (Step::Third, term && begun(shorter)),
        (Step::Second, term && begun(longer)),
    ];
    Some(steps.into_iter().find(|(_, reached)| *reached).map_or(Step::First, |(step, _)| step))
}

/// The reminder that the superior should have by a day. Arrears of dues go up by a step of their own (DUES-05).
pub fn step_for_superior(due: &Due, rhythm: &Rhythm, today: Date) -> Option<Step> {
    let goes_up = !due.hint && due.activity != Some(Activity::DuesArrears);
    (goes_up && today >= add_days(due.due, rhythm.escalate_days)).then_some(Step::Escalated)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::duty::Holder;
    use crate::ids::OrgId;
    use jiff::civil::date;

    fn rhythm() -> Rhythm {
        Rhythm::new(3, 7, &Measures::default(), date(2026, 11, 24))
    }

    fn duty(rule: &str, remind_from: Date, due: Date) -> Due {
        Due {
            key: "k".into(),
            rule: rule.into(),
            activity: None,
            org: OrgId(1),
            person: None,
            title: "召开第一季度支部党员大会".into(),
            link: "/meetings".into(),
            holder: Holder::Organisation,
            remind_from,
            due,
            hint: false,
        }
    }

    /// The steps of a span of days, each with the first day on which it is the one.
    fn steps(due: &Due, from: Date, days: i32) -> Vec<(Step, Date)> {
        let mut found: Vec<(Step, Date)> = Vec::new();
        for day in (0..days).map(|n| add_days(from, n)) {
            let now = step_for_holders(due, &rhythm(), day).into_iter().chain(step_for_superior(due, &rhythm(), day));
            for step in now {
                if !found.iter().any(|(known, _)| *known == step) {
                    found.push((step, day));
                }
            }
        }
        found
    }

    #[test]
    fn meet_01_is_called_to_mind_fifteen_and_three_days_before_when_late_and_to_the_superior_after_seven_days() {
        let due = duty("MEET-01", date(2026, 3, 16), date(2026, 3, 31));
        assert_eq!(
            steps(&due, date(2026, 3, 1), 60),
            [
                (Step::First, date(2026, 3, 16)),
                (Step::Soon, date(2026, 3, 28)),
                (Step::Overdue, date(2026, 4, 1)),
                (Step::Escalated, date(2026, 4, 7)),
            ]
        );
    }

    #[test]
    fn org_06_is_called_to_mind_180_90_and_30_days_before_the_end_of_the_term() {
        let due = duty("ORG-06", date(2027, 9, 3), date(2028, 2, 29));
        assert_eq!(
            steps(&due, date(2027, 9, 1), 200),
            [
                (Step::First, date(2027, 9, 3)),
                (Step::Second, date(2027, 12, 1)),
                (Step::Third, date(2028, 1, 30)),
                (Step::Soon, date(2028, 2, 26)),
                (Step::Overdue, date(2028, 3, 1)),
                (Step::Escalated, date(2028, 3, 7)),
            ]
        );
    }

    #[test]
    fn a_lead_shorter_than_the_last_call_is_not_followed_by_a_second_one() {
        let due = duty("MEET-02", date(2026, 2, 26), date(2026, 2, 28));
        assert_eq!(
            steps(&due, date(2026, 2, 20), 10),
            [(Step::First, date(2026, 2, 26)), (Step::Overdue, date(2026, 3, 1))]
        );
    }

    #[test]
    fn a_hint_is_given_once_and_never_late() {
        let due = Due { hint: true, ..duty("DEV-07", date(2026, 3, 1), date(2026, 3, 31)) };
        assert_eq!(steps(&due, date(2026, 2, 1), 200), [(Step::First, date(2026, 3, 1))]);
    }

    #[test]
    fn dues_05_goes_up_by_its_own_steps() {
        let due = Due { activity: Some(Activity::DuesArrears), ..duty("DUES-05", date(2026, 3, 1), date(2026, 3, 31)) };
        assert!(steps(&due, date(2026, 2, 1), 200).iter().all(|(step, _)| *step != Step::Escalated));
    }

    #[test]
    fn an_enterprise_sets_its_rhythm_within_bounds() {
        assert_eq!(Rhythm::faults(3, 7), []);
        assert_eq!(Rhythm::faults(0, 91), [RhythmFault::Soon, RhythmFault::Escalate]);
    }
}

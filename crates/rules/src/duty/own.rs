//! Duties that an enterprise asks for beyond the regulations.

use super::Period;
use crate::ids::{OwnDutyId, RecordId};
use crate::org::OrgKind;
use jiff::civil::Date;

/// The longest name.
const LONGEST_NAME: usize = 40;
/// The most times in a period.
const MOST_TIMES: i32 = 31;
/// The longest lead in days.
const LONGEST_LEAD: i32 = 366;

/// A duty of the enterprise's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnDuty {
    /// Its id.
    pub id: OwnDutyId,
    /// What is to be done, in a few words.
    pub name: String,
    /// The period in which it is asked for.
    pub period: Period,
    /// How often in a period.
    pub times: i32,
    /// Days ahead from which it is called to mind.
    pub lead: i32,
    /// The kinds of organisation it is asked of.
    pub kinds: Vec<OrgKind>,
    /// The first day.
    pub from: Date,
    /// The last day; none while it lasts.
    pub until: Option<Date>,
}

/// What an organisation did for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OwnFulfilled {
    /// Which entry.
    pub id: RecordId,
    /// Which duty.
    pub duty: OwnDutyId,
    /// When.
    pub on: Date,
}

/// What is wrong with a duty of the enterprise's own.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OwnFault {
    /// No name, or too long a one.
    #[error("名称应为 1 至 {LONGEST_NAME} 个字。请改正。")]
    Name,
    /// Never, or too often.
    #[error("次数应为 1 至 {MOST_TIMES} 次。请改正。")]
    Times,
    /// Too long a lead.
    #[error("提前提醒应为 1 至 {LONGEST_LEAD} 天。请改正。")]
    Lead,
    /// Asked of nobody.
    #[error("没有选择由哪类党组织办理。请至少选一类。")]
    Kinds,
    /// Ends before it begins.
    #[error("结束日期早于开始日期。请改正。")]
    Until,
}

impl OwnFault {
    /// The field it is about.
    pub fn field(&self) -> &'static str {
        match self {
            OwnFault::Name => "name",
            OwnFault::Times => "times",
            OwnFault::Lead => "lead",
            OwnFault::Kinds => "kinds",
            OwnFault::Until => "until",
        }
    }
}

impl OwnDuty {
    /// Everything that is wrong with it.
    pub fn faults(&self) -> Vec<OwnFault> {
        let length = self.name.trim().chars().count();
        let checks = [
            ((1..=LONGEST_NAME).contains(&length), OwnFault::Name),
            ((1..=MOST_TIMES).contains(&self.times), OwnFault::Times),
            ((1..=LONGEST_LEAD).contains(&self.lead), OwnFault::Lead),
            (!self.kinds.is_empty(), OwnFault::Kinds),
            (self.until.is_none_or(|until| until >= self.from), OwnFault::Until),
        ];
        checks.into_iter().filter(|(right, _)| !right).map(|(_, fault)| fault).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn all_that_is_wrong_is_named_at_once() {
        let right = OwnDuty {
            id: OwnDutyId(1),
            name: "安全生产专题学习".into(),
            period: Period::Quarter,
            times: 1,
            lead: 15,
            kinds: vec![OrgKind::Branch],
            from: date(2026, 1, 1),
            until: Some(date(2026, 1, 1)),
        };
        assert_eq!(right.faults(), []);
        let wrong =
            OwnDuty { name: " ".into(), times: 0, lead: 367, kinds: vec![], until: Some(date(2025, 12, 31)), ..right };
        let fields: Vec<_> = wrong.faults().iter().map(OwnFault::field).collect();
        assert_eq!(fields, ["name", "times", "lead", "kinds", "until"]);
    }
}

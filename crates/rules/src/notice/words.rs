//! The words of a notice: what the inbox shows, and the one line that may leave the house.

use super::{Due, Step};
use crate::date::long;

/// What is said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// The inbox's first line.
    pub title: String,
    /// The inbox's second line: where, until when.
    pub detail: String,
    /// What mail, webhook and calendar say: nothing personal.
    pub line: String,
}

/// The field of work of a rule, as offices call it.
pub fn field_of(rule: &str) -> &'static str {
    match rule.split('-').next().unwrap_or_default() {
        "DEV" | "VOTE" => "发展党员",
        "DUES" => "党费",
        "MEET" => "组织生活",
        "EDU" => "党员教育管理",
        "ELEC" | "ORG" => "组织设置和换届",
        _ => "党务",
    }
}

/// The line of a duty in somebody's calendar.
pub fn calendar_line(due: &Due) -> String {
    match due.person {
        Some(_) => format!("1 项{}工作到期", field_of(&due.rule)),
        None => due.title.clone(),
    }
}

impl Words {
    /// The words for duties of one sort: they share title, step and last day; `orgs` names where they are.
    pub(super) fn of(step: Step, dues: &[&Due], orgs: &[&str]) -> Self {
        let Some(first) = dues.first() else {
            return Words { title: String::new(), detail: String::new(), line: String::new() };
        };
        let count = dues.len();
        let place = match orgs {
            [] => String::new(),
            [one] => format!("{one}，"),
            [one, ..] => format!("{one}等 {} 个组织，", orgs.len()),
        };
        let many = if count > 1 { format!("（{count} 项）") } else { String::new() };
        let until = long(first.due);
        let (title, detail) = match step {
            Step::First | Step::Second | Step::Third | Step::Soon if first.hint => {
                (format!("{}{many}", first.title), place.trim_end_matches('，').to_owned())
            }
            Step::First | Step::Second | Step::Third | Step::Soon => {
                (format!("{}{many}", first.title), format!("{place}{until}到期"))
            }
            Step::Overdue => (format!("已逾期：{}{many}", first.title), format!("{place}{until}到期，请尽快办理")),
            Step::Escalated => {
                (format!("下级逾期：{}{many}", first.title), format!("{place}{until}到期仍未办理，请督促"))
            }
        };
        let what = match first.person {
            Some(_) => format!("有 {count} 项{}工作", field_of(&first.rule)),
            None if count > 1 => format!("有 {count} 项「{}」", first.title),
            None => format!("「{}」", first.title),
        };
        let line = match step {
            Step::First | Step::Second | Step::Third | Step::Soon if first.hint => format!("{what}可以办理"),
            Step::First | Step::Second | Step::Third | Step::Soon => format!("{what}将于 {until}到期"),
            Step::Overdue => format!("{what}已逾期（{until}到期）"),
            Step::Escalated => format!("下级{what}逾期未办（{until}到期）"),
        };
        Words { title, detail, line }
    }
}

//! 待办: what somebody has to do now, in words and in order of urgency. Pure; the store finds what there is to do.

use crate::date::add_days;
use crate::ids::OrgId;
use crate::org::{VACANCY_ALERT_DAYS, Warning, next_election};
use crate::transfer::{LETTER_DAYS, TransferState, overdue_days};
use jiff::civil::Date;

/// Sorts of work, the most urgent first: what others wait for comes before what the own register lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum WorkKind {
    /// An own proposal came back.
    ProposalReturned,
    /// A transfer waits to be taken in (EDU-03).
    TransferToAccept,
    /// Members' proposals wait for a decision.
    ChangesToDecide,
    /// A transfer out of here was not answered in time (EDU-04).
    TransferOverdue,
    /// A term is over or about to end (ORG-06).
    Term,
    /// There is no secretary (ORG-09).
    Vacancy,
    /// Another departure from the structural rules.
    Structure,
}

impl WorkKind {
    /// The identifier used in JSON.
    pub fn key(self) -> &'static str {
        match self {
            WorkKind::ProposalReturned => "proposal_returned",
            WorkKind::TransferToAccept => "transfer_to_accept",
            WorkKind::ChangesToDecide => "changes_to_decide",
            WorkKind::TransferOverdue => "transfer_overdue",
            WorkKind::Term => "term",
            WorkKind::Vacancy => "vacancy",
            WorkKind::Structure => "structure",
        }
    }

    fn of_rule(rule: &str) -> Self {
        match rule {
            "ORG-06" => WorkKind::Term,
            "ORG-09" => WorkKind::Vacancy,
            _ => WorkKind::Structure,
        }
    }
}

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkItem {
    /// What sort.
    pub kind: WorkKind,
    /// What is to be done, for whom.
    pub title: String,
    /// Why, and how.
    pub detail: String,
    /// The last day for it.
    pub due: Option<Date>,
    /// Days by which it is late.
    pub overdue_days: Option<i32>,
    /// The rule it stands on.
    pub rule: Option<&'static str>,
    /// The page on which it is done.
    pub link: String,
    /// What the button says.
    pub action: &'static str,
}

/// A transfer that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingTransfer {
    /// Whose.
    pub person_name: String,
    /// Where from.
    pub from_name: String,
    /// Where to.
    pub to_name: String,
    /// The last day of the letter.
    pub due: Date,
}

/// An organisation and what it lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrgLack<'a> {
    /// Its id.
    pub id: OrgId,
    /// Its name.
    pub name: &'a str,
    /// The first day of its term.
    pub term_from: Option<Date>,
    /// The length of its term in years.
    pub term_years: Option<i32>,
    /// The last day of the last secretary.
    pub secretary_left: Option<Date>,
    /// Its departures from the rules.
    pub warnings: &'a [Warning],
}

/// A transfer into the own branch.
pub fn transfer_to_accept(transfer: &WaitingTransfer, today: Date) -> WorkItem {
    WorkItem {
        kind: WorkKind::TransferToAccept,
        title: format!("接收{}的组织关系", transfer.person_name),
        detail: format!("由「{}」转入「{}」。接收前由原组织负责。", transfer.from_name, transfer.to_name),
        due: Some(transfer.due),
        overdue_days: overdue_days(TransferState::Pending, transfer.due, today),
        rule: Some("EDU-03"),
        link: "/transfers".to_owned(),
        action: "去接收",
    }
}

/// A transfer out of the own branch that nobody answered in time.
pub fn transfer_overdue(transfer: &WaitingTransfer, today: Date) -> WorkItem {
    WorkItem {
        kind: WorkKind::TransferOverdue,
        title: format!("{}的组织关系超过 {LETTER_DAYS} 天未接收", transfer.person_name),
        detail: format!("由「{}」转往「{}」。请联系接收组织，或撤回。", transfer.from_name, transfer.to_name),
        due: Some(transfer.due),
        overdue_days: overdue_days(TransferState::Pending, transfer.due, today),
        rule: Some("EDU-04"),
        link: "/transfers".to_owned(),
        action: "去查看",
    }
}

/// Proposals of members, all in one; none when there are none.
pub fn changes_to_decide(count: i64, oldest: Option<Date>) -> Option<WorkItem> {
    let since = oldest.map_or(String::new(), |day| format!("最早的一件提交于 {day}。"));
    (count > 0).then(|| WorkItem {
        kind: WorkKind::ChangesToDecide,
        title: format!("审核 {count} 件党员提出的信息更正"),
        detail: format!("{since}请核对证明材料后批准，或写明原因退回。"),
        due: None,
        overdue_days: None,
        rule: None,
        link: "/changes".to_owned(),
        action: "去审核",
    })
}

/// An own proposal that came back.
pub fn proposal_returned(reason: &str) -> WorkItem {
    WorkItem {
        kind: WorkKind::ProposalReturned,
        title: "您提出的信息更正被退回".to_owned(),
        detail: format!("原因：{}。请补正后重新提交。", reason.trim_end_matches('。')),
        due: None,
        overdue_days: None,
        rule: None,
        link: "/me".to_owned(),
        action: "去补正",
    }
}

/// What an organisation lacks, one item a rule.
pub fn of_warnings(org: &OrgLack<'_>, today: Date) -> Vec<WorkItem> {
    let mut items: Vec<WorkItem> = Vec::new();
    for warning in org.warnings {
        if let Some(same) = items.iter_mut().find(|item| item.rule == Some(warning.rule)) {
            same.detail.push_str(&warning.message);
            continue;
        }
        let kind = WorkKind::of_rule(warning.rule);
        let (title, due) = match kind {
            WorkKind::Term => {
                let due = org.term_from.zip(org.term_years).map(|(from, years)| next_election(from, years));
                let over = due.is_some_and(|due| due < today);
                (format!("「{}」任期{}", org.name, if over { "已届满" } else { "即将届满" }), due)
            }
            WorkKind::Vacancy => {
                let due = org.secretary_left.map(|left| add_days(left, VACANCY_ALERT_DAYS));
                (format!("「{}」缺书记", org.name), due)
            }
            WorkKind::Structure
            | WorkKind::ProposalReturned
            | WorkKind::TransferToAccept
            | WorkKind::ChangesToDecide
            | WorkKind::TransferOverdue => (format!("「{}」{}", org.name, lack_of(warning.rule)), None),
        };
        items.push(WorkItem {
            kind,
            title,
            detail: warning.message.clone(),
            due,
            overdue_days: due.map(|due| (today - due).get_days()).filter(|days| *days > 0),
            rule: Some(warning.rule),
            link: format!("/orgs/{}", org.id),
            action: "去查看",
        });
    }
    items
}

/// What a departure from a structural rule is called in a few words.
fn lack_of(rule: &str) -> &'static str {
    match rule {
        "ORG-01" => "正式党员不足",
        "ORG-02" => "党员过多",
        "ORG-03" => "规模与类别不符",
        "ORG-04" => "支部委员会不健全",
        "ORG-05" => "委员设置过多",
        _ => "设置不合规定",
    }
}

/// The most urgent first: what is late, the latest first; then by sort, what is due soonest first, then by title.
pub fn in_order(mut items: Vec<WorkItem>) -> Vec<WorkItem> {
    items.sort_by(|a, b| {
        let key = |item: &WorkItem| (-item.overdue_days.unwrap_or(0), item.kind, item.due.unwrap_or(Date::MAX));
        key(a).cmp(&key(b)).then_with(|| a.title.cmp(&b.title))
    });
    items
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const TODAY: Date = date(2026, 11, 24);

    fn transfer(due: Date) -> WaitingTransfer {
        WaitingTransfer {
            person_name: "张三".into(), from_name: "甲支部".into(), to_name: "乙支部".into(), due
        }
    }
    fn lack<'a>(name: &'a str, warnings: &'a [Warning]) -> OrgLack<'a> {
        OrgLack { id: OrgId(7), name, term_from: None, term_years: None, secretary_left: None, warnings }
    }
    fn warning(rule: &'static str) -> Warning {
        Warning { rule, message: format!("{rule} 的说明。") }
    }

    #[test]
    fn what_is_late_comes_first_then_what_others_wait_for() {
        let term = |name, from| OrgLack { term_from: Some(from), term_years: Some(3), ..lack(name, &[]) };
        let warnings = [warning("ORG-06")];
        let ends = |name, from| of_warnings(&OrgLack { warnings: &warnings, ..term(name, from) }, TODAY).remove(0);
        let items = vec![
            of_warnings(&lack("丙", &[warning("ORG-02")]), TODAY).remove(0),
            of_warnings(&lack("丙", &[warning("ORG-09")]), TODAY).remove(0),
            ends("将满", date(2023, 12, 24)),
            ends("逾期一天", date(2023, 11, 23)),
            ends("逾期一年", date(2022, 11, 24)),
            transfer_overdue(&transfer(date(2026, 11, 1)), TODAY),
            changes_to_decide(2, Some(TODAY)).unwrap(),
            transfer_to_accept(&transfer(date(2026, 12, 1)), TODAY),
            transfer_to_accept(&transfer(date(2026, 11, 1)), TODAY),
            proposal_returned("材料不清"),
        ];
        let shown: Vec<_> = in_order(items).into_iter().map(|item| (item.kind.key(), item.overdue_days)).collect();
        assert_eq!(
            shown,
            [
                ("term", Some(365)),
                ("transfer_to_accept", Some(23)),
                ("transfer_overdue", Some(23)),
                ("term", Some(1)),
                ("proposal_returned", None),
                ("transfer_to_accept", None),
                ("changes_to_decide", None),
                ("term", None),
                ("vacancy", None),
                ("structure", None),
            ]
        );
    }

    #[test]
    fn several_departures_from_one_rule_are_one_thing_to_do() {
        let warnings = [warning("ORG-04"), warning("ORG-09"), warning("ORG-04")];
        let items = of_warnings(&lack("甲支部", &warnings), TODAY);
        assert_eq!(items.len(), 2);
        assert_eq!(items[0].detail, "ORG-04 的说明。ORG-04 的说明。");
        assert_eq!((items[0].link.as_str(), items[0].rule), ("/orgs/7", Some("ORG-04")));
    }

    #[test]
    fn a_vacant_post_is_due_within_ninety_days() {
        let warnings = [warning("ORG-09")];
        let vacant = |left| of_warnings(&OrgLack { secretary_left: left, ..lack("甲", &warnings) }, TODAY).remove(0);
        assert_eq!(vacant(Some(date(2026, 8, 26))).due, Some(TODAY));
        assert_eq!(vacant(Some(date(2026, 8, 26))).overdue_days, None);
        assert_eq!(vacant(Some(date(2026, 8, 25))).overdue_days, Some(1));
        assert_eq!(vacant(None).due, None);
    }

    #[test]
    fn nothing_to_decide_is_nothing_to_do() {
        assert_eq!(changes_to_decide(0, None), None);
    }
}

//! 待办: what somebody has to do now, in words and in order of urgency. Pure; the store finds what there is to do.

use crate::activity::Activity;
use crate::duty::{Duty, OwnDuty, Status, Task, button};
use crate::ground::ground;
use crate::ids::OrgId;
use crate::org::Warning;
use crate::transfer::{TransferState, overdue_days};
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
    /// Organisations below ask to be excused from duties.
    ExcusesToDecide,
    /// A transfer out of here was not answered in time (EDU-04).
    TransferOverdue,
    /// A term is over or about to end (ORG-06).
    Term,
    /// There is no secretary (ORG-09).
    Vacancy,
    /// Another duty of the own organisation, or of oneself.
    Duty,
    /// Duties of organisations below, summed up by rule.
    DutyBelow,
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
            WorkKind::ExcusesToDecide => "excuses_to_decide",
            WorkKind::Duty => "duty",
            WorkKind::DutyBelow => "duty_below",
            WorkKind::Structure => "structure",
        }
    }

    fn of_task(task: Task) -> Self {
        match task {
            Task::Activity(Activity::ReElection) => WorkKind::Term,
            Task::Activity(Activity::VacancyFilling) => WorkKind::Vacancy,
            Task::Activity(_) | Task::Own(_) => WorkKind::Duty,
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
    /// Its departures from the rules.
    pub warnings: &'a [Warning],
}

/// Duties of one kind that one organisation has to do now, in order of their last days.
#[derive(Debug, Clone)]
pub struct OpenDuties<'a> {
    /// The organisation's name, where there are several to choose from.
    pub org_name: Option<&'a str>,
    /// The duties; at least one.
    pub duties: &'a [&'a Duty],
    /// The name of the person it concerns, when there is one duty about one person.
    pub person_name: Option<&'a str>,
    /// The enterprise's own duties.
    pub own: &'a [OwnDuty],
}

/// Duties of one kind of organisations below.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DutiesBelow<'a> {
    /// The rule.
    pub rule: &'static str,
    /// What is to be done.
    pub name: &'a str,
    /// How many are late.
    pub overdue: usize,
    /// How many are to be done now.
    pub due: usize,
    /// How many organisations they are of.
    pub orgs: usize,
    /// Days by which the latest of them is late.
    pub overdue_days: Option<i32>,
    /// The page that lists them.
    pub link: String,
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
        title: format!("{}的组织关系介绍信已过期，尚未接收", transfer.person_name),
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

/// What an organisation has to do now, one item a kind of duty; none when there is nothing.
pub fn open_duties(open: &OpenDuties<'_>, today: Date) -> Option<WorkItem> {
    // What can still be made good comes before what can only be explained.
    let hopeless = |duty: &&&Duty| duty.late_until.is_some_and(|until| until < today);
    let first = open.duties.iter().find(|duty| !hopeless(duty)).or(open.duties.first())?;
    let count = open.duties.len();
    let place = open.org_name.map_or(String::new(), |name| format!("「{name}」"));
    let more = match (first.person, open.person_name, count) {
        (Some(_), Some(name), 1) => format!("：{name}"),
        (Some(_), _, count) => format!("（{count} 人）"),
        (None, _, 1) => String::new(),
        (None, _, count) => format!("（共 {count} 项未办）"),
    };
    let over = open.duties.iter().filter(|duty| hopeless(duty)).count();
    let what = match (over, first.hint) {
        (_, true) => "只作提示，由组织按程序决定。".to_owned(),
        (0, false) => String::new(),
        (over, false) if over == count => "已过补办期，请说明原因，申请上级免除。".to_owned(),
        (over, false) => format!("其中 {over} 项已过补办期，请说明原因，申请上级免除。"),
    };
    let activity = match first.task {
        Task::Activity(activity) => Some(activity),
        Task::Own(_) => None,
    };
    Some(WorkItem {
        kind: WorkKind::of_task(first.task),
        title: format!("{place}{}{more}", first.title(open.own)),
        detail: format!("{}{what}", ground(first.rule).map_or("企业要求办理的事项。", |ground| ground.text)),
        due: (!first.hint).then_some(first.due),
        overdue_days: (first.status(today) == Status::Overdue).then(|| (today - first.due).get_days()),
        rule: activity.map(|_| first.rule),
        link: first.link(),
        action: button(activity),
    })
}

/// What organisations below have not done, summed up by rule.
pub fn duties_below(below: &DutiesBelow<'_>) -> WorkItem {
    let parts = [(below.overdue, "逾期"), (below.due, "待办")];
    let counted: Vec<String> =
        parts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{word} {count} 项")).collect();
    WorkItem {
        kind: WorkKind::DutyBelow,
        title: format!("下级 {} 个党组织「{}」{}", below.orgs, below.name, counted.join("、")),
        detail: ground(below.rule).map_or("企业要求办理的事项。", |ground| ground.text).to_owned(),
        due: None,
        overdue_days: below.overdue_days,
        rule: ground(below.rule).map(|ground| ground.rule),
        link: below.link.clone(),
        action: "去督促",
    }
}

/// Excuses that wait for a superior, all in one; none when there are none.
pub fn excuses_to_decide(count: usize) -> Option<WorkItem> {
    (count > 0).then(|| WorkItem {
        kind: WorkKind::ExcusesToDecide,
        title: format!("决定 {count} 件免除申请"),
        detail: "下级党组织说明了不能办理的原因。请同意，或写明原因不同意。".to_owned(),
        due: None,
        overdue_days: None,
        rule: None,
        link: "/life?excuses=requested".to_owned(),
        action: "去决定",
    })
}

/// What an organisation lacks, one item a rule. Terms and vacancies are duties (ORG-06, ORG-09) and not named here once more.
pub fn of_warnings(org: &OrgLack<'_>) -> Vec<WorkItem> {
    let mut items: Vec<WorkItem> = Vec::new();
    for warning in org.warnings.iter().filter(|warning| !["ORG-06", "ORG-09"].contains(&warning.rule)) {
        if let Some(same) = items.iter_mut().find(|item| item.rule == Some(warning.rule)) {
            same.detail.push_str(&warning.message);
            continue;
        }
        items.push(WorkItem {
            kind: WorkKind::Structure,
            title: format!("「{}」{}", org.name, lack_of(warning.rule)),
            detail: warning.message.clone(),
            due: None,
            overdue_days: None,
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
    use crate::duty::Period;
    use crate::ids::PersonId;
    use jiff::civil::date;

    const TODAY: Date = date(2026, 11, 24);

    fn transfer(due: Date) -> WaitingTransfer {
        WaitingTransfer {
            person_name: "张三".into(), from_name: "甲支部".into(), to_name: "乙支部".into(), due
        }
    }
    fn lack<'a>(name: &'a str, warnings: &'a [Warning]) -> OrgLack<'a> {
        OrgLack { id: OrgId(7), name, warnings }
    }
    fn warning(rule: &'static str) -> Warning {
        Warning { rule, message: format!("{rule} 的说明。") }
    }

    fn duty(activity: Activity, due: Date) -> Duty {
        Duty {
            rule: activity.rule(),
            task: Task::Activity(activity),
            org: OrgId(7),
            person: None,
            period: Some(Period::Month),
            from: due.first_of_month(),
            due,
            remind_from: due.first_of_month(),
            late_until: Some(Period::Month.late_until(due)),
            n: 1,
            times: 1,
            hint: false,
            done: None,
            excuse: None,
        }
    }
    fn open(duties: &[&Duty]) -> WorkItem {
        open_duties(&OpenDuties { org_name: None, duties, person_name: None, own: &[] }, TODAY).unwrap()
    }

    #[test]
    fn what_is_late_comes_first_then_what_others_wait_for() {
        let ends = |due| open(&[&Duty { late_until: None, period: None, ..duty(Activity::ReElection, due) }]);
        let items = vec![
            of_warnings(&lack("丙", &[warning("ORG-02")])).remove(0),
            duties_below(&DutiesBelow {
                rule: "MEET-05",
                name: "主题党日",
                overdue: 3,
                due: 0,
                orgs: 2,
                overdue_days: None,
                link: String::new(),
            }),
            open(&[&duty(Activity::ThemeDay, date(2026, 11, 30))]),
            ends(date(2026, 12, 24)),
            ends(date(2026, 11, 23)),
            ends(date(2025, 11, 24)),
            transfer_overdue(&transfer(date(2026, 11, 1)), TODAY),
            excuses_to_decide(1).unwrap(),
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
                ("excuses_to_decide", None),
                ("term", None),
                ("duty", None),
                ("duty_below", None),
                ("structure", None),
            ]
        );
    }

    #[test]
    fn several_departures_from_one_rule_are_one_thing_to_do_and_duties_are_not_named_twice() {
        let warnings = [warning("ORG-04"), warning("ORG-09"), warning("ORG-04"), warning("ORG-06")];
        let items = of_warnings(&lack("甲支部", &warnings));
        assert_eq!(items.len(), 1);
        assert_eq!(items[0].detail, "ORG-04 的说明。ORG-04 的说明。");
        assert_eq!((items[0].link.as_str(), items[0].rule), ("/orgs/7", Some("ORG-04")));
    }

    #[test]
    fn duties_of_one_kind_are_one_thing_to_do_and_what_can_be_made_good_is_named() {
        let months = [6, 10, 11].map(|month| duty(Activity::ThemeDay, date(2026, month, 1).last_of_month()));
        let item = open(&months.iter().collect::<Vec<_>>());
        assert_eq!(item.title, "开展2026年10月主题党日（共 3 项未办）");
        assert_eq!((item.due, item.overdue_days), (Some(date(2026, 10, 31)), Some(24)));
        assert!(item.detail.ends_with("其中 1 项已过补办期，请说明原因，申请上级免除。"));
        assert_eq!((item.link.as_str(), item.action), ("/meetings?new=theme_day&org=7", "去安排"));
        let hopeless = open(&[&months[0]]);
        assert!(hopeless.detail.ends_with("已过补办期，请说明原因，申请上级免除。"));
        assert_eq!(open_duties(&OpenDuties { org_name: None, duties: &[], person_name: None, own: &[] }, TODAY), None);
    }

    #[test]
    fn a_duty_about_one_person_is_named_and_about_several_counted() {
        let about = Duty { person: Some(PersonId(5)), ..duty(Activity::CultivationReview, date(2026, 11, 30)) };
        let named =
            OpenDuties { org_name: Some("甲支部"), duties: &[&about], person_name: Some("张三"), own: &[] };
        assert_eq!(open_duties(&named, TODAY).unwrap().title, "「甲支部」考察入党积极分子：张三");
        assert_eq!(open(&[&about, &about]).title, "考察入党积极分子（2 人）");
    }

    #[test]
    fn what_those_below_have_not_done_is_summed_up() {
        let below = DutiesBelow {
            rule: "MEET-05",
            name: "主题党日",
            overdue: 41,
            due: 3,
            orgs: 23,
            overdue_days: Some(9),
            link: "/life".into(),
        };
        assert_eq!(duties_below(&below).title, "下级 23 个党组织「主题党日」逾期 41 项、待办 3 项");
    }

    #[test]
    fn nothing_to_decide_is_nothing_to_do() {
        assert_eq!(changes_to_decide(0, None), None);
        assert_eq!(excuses_to_decide(0), None);
    }
}

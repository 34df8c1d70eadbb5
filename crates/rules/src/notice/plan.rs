//! From open duties to notices: who is to be told what now, in how few notices, leaving out what was told before.

use super::{Directory, Due, Kind, Rhythm, Step, Words, step_for_holders, step_for_superior};
use crate::ids::AccountId;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// Something that somebody is to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Who.
    pub account: AccountId,
    /// What sort.
    pub kind: Kind,
    /// In what words.
    pub words: Words,
    /// The page on which it is done; empty when there is none for this reader.
    pub link: String,
    /// The rule it stands on.
    pub rule: String,
    /// The reminders it stands for, by name: each is given to an account once. With the key and last day of the duty.
    pub causes: Vec<Cause>,
}

/// One reminder of one duty.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Cause {
    /// Its name: see [`cause_of`].
    pub name: String,
    /// The duty's key.
    pub duty: String,
    /// The duty's last day.
    pub due: Date,
}

/// The name of a reminder: the duty and the step.
pub fn cause_of(duty: &str, step: Step) -> String {
    format!("{duty}/{}", step.key())
}

/// What makes duties one notice: the same step of the same thing to do by the same day, wherever somebody answers for it. So who acts
/// for many organisations, or watches over them, gets one notice and not one for each.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Group<'d> {
    account: AccountId,
    step: Step,
    due: Date,
    title: &'d str,
    rule: &'d str,
}

/// What is to be told on a day. `known` says of an account and the name of a reminder whether it was given already.
pub fn plan(
    dues: &[Due],
    directory: &Directory,
    rhythm: &Rhythm,
    today: Date,
    known: impl Fn(AccountId, &str) -> bool,
) -> Vec<Told> {
    let mut groups: BTreeMap<Group<'_>, Vec<(&Due, Cause)>> = BTreeMap::new();
    for due in dues {
        let steps = [(step_for_holders(due, rhythm, today), false), (step_for_superior(due, rhythm, today), true)];
        for (step, upwards) in steps {
            let Some(step) = step else { continue };
            let name = cause_of(&due.key, step);
            let accounts = if upwards { directory.superiors(due) } else { directory.holders(due) };
            for account in accounts.into_iter().filter(|account| !known(*account, &name)) {
                let group = Group { account, step, due: due.due, title: &due.title, rule: &due.rule };
                let cause = Cause { name: name.clone(), duty: due.key.clone(), due: due.due };
                groups.entry(group).or_default().push((due, cause));
            }
        }
    }
    groups.into_iter().map(|(group, members)| told(group, members, directory)).collect()
}

fn told(group: Group<'_>, members: Vec<(&Due, Cause)>, directory: &Directory) -> Told {
    let (dues, causes): (Vec<&Due>, Vec<Cause>) = members.into_iter().unzip();
    let mut orgs: Vec<&str> = dues.iter().filter_map(|due| directory.names.get(&due.org)).map(String::as_str).collect();
    orgs.sort_unstable();
    orgs.dedup();
    let link = match &dues[..] {
        [one] => one.link.clone(),
        [first, rest @ ..] if rest.iter().all(|due| due.org == first.org) => format!("/life?org={}", first.org),
        _ => "/life".to_owned(),
    };
    Told {
        account: group.account,
        kind: group.step.kind(),
        words: Words::of(group.step, &dues, &orgs),
        link,
        rule: group.rule.to_owned(),
        causes,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::activity::Activity;
    use crate::duty::Holder;
    use crate::ids::{OrgId, PersonId};
    use crate::measure::Measures;
    use jiff::civil::date;
    use std::collections::{BTreeSet, HashSet};

    const STAFF: AccountId = AccountId(1);
    const SECRETARY: AccountId = AccountId(2);
    const OTHER: AccountId = AccountId(3);

    fn directory() -> Directory {
        let branches = 10..15;
        Directory {
            parents: branches.clone().map(|org| (OrgId(org), OrgId(1))).collect(),
            names: branches.map(|org| (OrgId(org), format!("第{org}党支部"))).collect(),
            keepers: [(OrgId(1), vec![STAFF]), (OrgId(10), vec![SECRETARY]), (OrgId(11), vec![OTHER])].into(),
            ..Directory::default()
        }
    }

    fn meeting(org: i64) -> Due {
        Due {
            key: format!("MEET-01.members_meeting.o{org}.20260101.1"),
            rule: "MEET-01".into(),
            activity: Some(Activity::MembersMeeting),
            org: OrgId(org),
            person: None,
            title: "召开第一季度支部党员大会".into(),
            link: format!("/meetings?new=members_meeting&org={org}"),
            holder: Holder::Organisation,
            remind_from: date(2026, 3, 16),
            due: date(2026, 3, 31),
            hint: false,
        }
    }

    fn review(person: i64) -> Due {
        Due {
            key: format!("DEV-06.cultivation_review.p{person}.20260101.1"),
            rule: "DEV-06".into(),
            activity: Some(Activity::CultivationReview),
            person: Some(PersonId(person)),
            title: "考察入党积极分子".into(),
            link: format!("/development?person={person}"),
            ..meeting(10)
        }
    }

    fn on(dues: &[Due], today: Date) -> Vec<Told> {
        let rhythm = Rhythm::new(3, 7, &Measures::default(), today);
        plan(dues, &directory(), &rhythm, today, |_, _| false)
    }

    #[test]
    fn one_duty_is_one_notice_with_its_page() {
        let told = on(&[meeting(10)], date(2026, 3, 20));
        assert_eq!(told.len(), 1);
        assert_eq!((told[0].account, told[0].kind), (SECRETARY, Kind::Reminder));
        assert_eq!(told[0].words.title, "召开第一季度支部党员大会");
        assert_eq!(told[0].words.detail, "第10党支部，2026年3月31日到期");
        assert_eq!(told[0].words.line, "「召开第一季度支部党员大会」将于 2026年3月31日到期");
        assert_eq!(told[0].link, "/meetings?new=members_meeting&org=10");
    }

    #[test]
    fn a_superior_gets_what_is_late_below_in_one_notice() {
        let told = on(&[meeting(10), meeting(11)], date(2026, 4, 7));
        let up: Vec<&Told> = told.iter().filter(|told| told.kind == Kind::Escalation).collect();
        assert_eq!(up.len(), 1);
        assert_eq!((up[0].account, up[0].causes.len()), (STAFF, 2));
        assert_eq!(up[0].words.title, "下级逾期：召开第一季度支部党员大会（2 项）");
        assert_eq!(up[0].words.detail, "第10党支部等 2 个组织，2026年3月31日到期仍未办理，请督促");
        assert_eq!(up[0].link, "/life");
    }

    #[test]
    fn who_acts_for_branches_without_an_account_gets_one_notice_for_all_of_them() {
        let told = on(&[meeting(12), meeting(13), meeting(14)], date(2026, 3, 20));
        assert_eq!(told.len(), 1);
        assert_eq!((told[0].account, told[0].kind, told[0].causes.len()), (STAFF, Kind::Reminder, 3));
        assert_eq!(told[0].words.detail, "第12党支部等 3 个组织，2026年3月31日到期");
    }

    #[test]
    fn what_concerns_persons_leaves_the_house_as_a_number_and_a_field_of_work() {
        let told = on(&[review(7), review(8)], date(2026, 3, 20));
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].words.line, "有 2 项发展党员工作将于 2026年3月31日到期");
        assert_eq!(told[0].link, "/life?org=10");
    }

    #[test]
    fn nobody_is_told_twice_whatever_the_days_on_which_the_plan_is_made() {
        let dues = [meeting(10), meeting(11), review(7), review(8)];
        let mut given: HashSet<(AccountId, String)> = HashSet::new();
        for day in (0..60).map(|n| crate::date::add_days(date(2026, 3, 10), n)) {
            for _ in 0..2 {
                let rhythm = Rhythm::new(3, 7, &Measures::default(), day);
                let told = plan(&dues, &directory(), &rhythm, day, |account, name| {
                    given.contains(&(account, name.to_owned()))
                });
                for one in &told {
                    for cause in &one.causes {
                        assert!(given.insert((one.account, cause.name.clone())), "{cause:?} on {day}");
                    }
                }
            }
        }
        let steps: BTreeSet<&str> = given.iter().filter_map(|(_, name)| name.rsplit('/').next()).collect();
        assert_eq!(steps.into_iter().collect::<Vec<_>>(), ["escalated", "first", "overdue", "soon"]);
    }
}

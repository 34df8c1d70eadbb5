//! To whom a reminder goes: who works for the organisation, who holds the post that the work belongs to, the person himself or herself,
//! and those who work for the organisation above.

use super::Due;
use crate::activity::Activity;
use crate::duty::Holder;
use crate::ids::{AccountId, OrgId, PersonId};
use crate::org::PostKind;
use std::collections::{BTreeSet, HashMap};

/// The accounts that can be told something, and where they stand.
#[derive(Debug, Clone, Default)]
pub struct Directory {
    /// The organisation above each.
    pub parents: HashMap<OrgId, OrgId>,
    /// The name of each organisation.
    pub names: HashMap<OrgId, String>,
    /// Secretaries and staff, by the organisation their role was granted on.
    pub keepers: HashMap<OrgId, Vec<AccountId>>,
    /// The accounts of persons.
    pub persons: HashMap<PersonId, AccountId>,
    /// Who holds a post now.
    pub posts: HashMap<(OrgId, PostKind), Vec<PersonId>>,
}

impl Directory {
    /// Those who are to act on a duty.
    pub fn holders(&self, due: &Due) -> BTreeSet<AccountId> {
        let own = due.person.and_then(|person| self.persons.get(&person).copied());
        let mut told: BTreeSet<AccountId> = BTreeSet::new();
        match (due.holder, own) {
            (Holder::Person, Some(own)) => {
                told.insert(own);
            }
            (Holder::Person | Holder::Organisation, _) => {
                told.extend(self.working_for(Some(due.org)).map(|(_, accounts)| accounts).into_iter().flatten());
                told.extend(self.officers(due));
                told.extend(own.filter(|_| due.activity.is_some_and(takes_part)));
            }
            (Holder::Superior, _) => {
                told.extend(self.above(due.org).map(|(_, accounts)| accounts).into_iter().flatten());
            }
        }
        told
    }

    /// Those who are told when a duty stays late: the nearest above those who are to act.
    pub fn superiors(&self, due: &Due) -> BTreeSet<AccountId> {
        let acting = match due.holder {
            Holder::Person | Holder::Organisation => self.working_for(Some(due.org)).map(|(org, _)| org),
            Holder::Superior => self.above(due.org).map(|(org, _)| org),
        };
        acting
            .and_then(|org| self.above(org))
            .map(|(_, accounts)| accounts.iter().copied().collect())
            .unwrap_or_default()
    }

    /// The nearest organisation that somebody works for, from this one upwards.
    fn working_for(&self, from: Option<OrgId>) -> Option<(OrgId, &[AccountId])> {
        let mut at = from;
        // A tree is never so deep; a loop in the data must not hold the planner up.
        for _ in 0..64 {
            let org = at?;
            if let Some(accounts) = self.keepers.get(&org).filter(|accounts| !accounts.is_empty()) {
                return Some((org, accounts));
            }
            at = self.parents.get(&org).copied();
        }
        None
    }

    fn above(&self, org: OrgId) -> Option<(OrgId, &[AccountId])> {
        self.working_for(self.parents.get(&org).copied())
    }

    /// The officers whose field the work is, as far as they have accounts.
    fn officers(&self, due: &Due) -> impl Iterator<Item = AccountId> {
        let post = due.activity.and_then(|activity| officer_for(activity, &due.rule));
        let persons = post.and_then(|post| self.posts.get(&(due.org, post)));
        persons.into_iter().flatten().filter_map(|person| self.persons.get(person).copied())
    }
}

/// Whose field an activity is, beside the secretary's.
fn officer_for(activity: Activity, rule: &str) -> Option<PostKind> {
    match activity {
        Activity::GroupMeeting => Some(PostKind::GroupLeader),
        Activity::PartyLecture | Activity::ThemeDay => Some(PostKind::PublicityOfficer),
        Activity::MembersMeeting | Activity::CommitteeMeeting | Activity::HeartTalk => None,
        Activity::OrganisationLifeMeeting | Activity::DemocraticAppraisal => Some(PostKind::OrganisationOfficer),
        _ if rule.starts_with("EDU-01") || rule.starts_with("EDU-02") => Some(PostKind::PublicityOfficer),
        _ if ["DEV-", "DUES-", "ELEC-", "ORG-", "EDU-"].iter().any(|field| rule.starts_with(field)) => {
            Some(PostKind::OrganisationOfficer)
        }
        _ => None,
    }
}

/// Whether the person has a part of the own in it, and is told too.
fn takes_part(activity: Activity) -> bool {
    matches!(
        activity,
        Activity::LearningHours
            | Activity::OfficerLearningHours
            | Activity::OfficerTraining
            | Activity::NewSecretaryTraining
            | Activity::NewMemberTraining
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const TOP: OrgId = OrgId(1);
    const COMMITTEE: OrgId = OrgId(2);
    const BRANCH: OrgId = OrgId(3);
    const GROUP: OrgId = OrgId(4);
    const TOP_STAFF: AccountId = AccountId(10);
    const STAFF: AccountId = AccountId(20);
    const SECRETARY: AccountId = AccountId(30);
    const MEMBER: AccountId = AccountId(40);
    const LEADER: AccountId = AccountId(41);

    fn directory() -> Directory {
        Directory {
            parents: [(COMMITTEE, TOP), (BRANCH, COMMITTEE), (GROUP, BRANCH)].into(),
            names: HashMap::new(),
            keepers: [(TOP, vec![TOP_STAFF]), (COMMITTEE, vec![STAFF]), (BRANCH, vec![SECRETARY])].into(),
            persons: [(PersonId(7), MEMBER), (PersonId(8), LEADER)].into(),
            posts: [((GROUP, PostKind::GroupLeader), vec![PersonId(8)])].into(),
        }
    }

    fn due(activity: Activity, org: OrgId, person: Option<PersonId>, holder: Holder) -> Due {
        Due {
            key: "k".into(),
            rule: activity.rule().into(),
            activity: Some(activity),
            org,
            person,
            title: String::new(),
            link: String::new(),
            holder,
            remind_from: date(2026, 1, 1),
            due: date(2026, 1, 31),
            hint: false,
        }
    }

    fn told(due: &Due) -> (Vec<AccountId>, Vec<AccountId>) {
        (directory().holders(due).into_iter().collect(), directory().superiors(due).into_iter().collect())
    }

    #[test]
    fn a_branchs_duty_goes_to_its_secretary_and_late_to_the_staff_above() {
        let meeting = due(Activity::MembersMeeting, BRANCH, None, Holder::Organisation);
        assert_eq!(told(&meeting), (vec![SECRETARY], vec![STAFF]));
    }

    #[test]
    fn a_groups_duty_goes_to_its_leader_and_the_branchs_secretary_and_late_to_the_staff_above_the_branch() {
        let meeting = due(Activity::GroupMeeting, GROUP, None, Holder::Organisation);
        assert_eq!(told(&meeting), (vec![SECRETARY, LEADER], vec![STAFF]));
    }

    #[test]
    fn what_the_superior_is_to_do_goes_up_and_late_one_further() {
        let approval = due(Activity::AdmissionApproval, BRANCH, Some(PersonId(7)), Holder::Superior);
        assert_eq!(told(&approval), (vec![STAFF], vec![TOP_STAFF]));
    }

    #[test]
    fn what_a_member_is_to_do_goes_to_the_member_or_without_an_account_to_the_branch() {
        let application = |person| due(Activity::ConversionApplication, BRANCH, Some(PersonId(person)), Holder::Person);
        assert_eq!(told(&application(7)), (vec![MEMBER], vec![STAFF]));
        assert_eq!(told(&application(99)), (vec![SECRETARY], vec![STAFF]));
    }

    #[test]
    fn members_hear_of_their_learning_hours_and_not_of_the_review_of_themselves() {
        let hours = due(Activity::LearningHours, BRANCH, Some(PersonId(7)), Holder::Organisation);
        assert_eq!(told(&hours).0, [SECRETARY, MEMBER]);
        let review = due(Activity::PoliticalReview, BRANCH, Some(PersonId(7)), Holder::Organisation);
        assert_eq!(told(&review).0, [SECRETARY]);
    }

    #[test]
    fn at_the_top_there_is_nobody_to_tell() {
        assert_eq!(told(&due(Activity::PartyLecture, TOP, None, Holder::Organisation)), (vec![TOP_STAFF], vec![]));
    }
}

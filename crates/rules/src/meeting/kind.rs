//! What a meeting is by the activities it fulfils: where it may be held, who is expected, what goes with what (MEET-10).

use crate::activity::Activity;
use crate::org::OrgKind;
use crate::refusal::Refusal;

/// The activities that meetings fulfil, MEET-01 to MEET-08.
pub const MEETING_ACTIVITIES: [Activity; 8] = [
    Activity::MembersMeeting,
    Activity::CommitteeMeeting,
    Activity::GroupMeeting,
    Activity::PartyLecture,
    Activity::ThemeDay,
    Activity::OrganisationLifeMeeting,
    Activity::DemocraticAppraisal,
    Activity::HeartTalk,
];

/// Who is expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Circle {
    /// All members of the branch, with those of its groups, or of the group.
    Members,
    /// The members of the organisation's committee.
    Committee,
    /// Those whom the plan names.
    Chosen,
}

impl Circle {
    /// The identifier used in JSON.
    pub fn key(self) -> &'static str {
        match self {
            Circle::Members => "members",
            Circle::Committee => "committee",
            Circle::Chosen => "chosen",
        }
    }

    /// Who that is, in Chinese.
    pub fn name(self) -> &'static str {
        match self {
            Circle::Members => "全体党员",
            Circle::Committee => "全体委员",
            Circle::Chosen => "指定人员",
        }
    }
}

/// Who is expected at a meeting of these activities. A committee's meeting is the committee's, whatever else it fulfils; talks and the
/// lectures of those above branches are for whom they name.
pub fn circle(kind: OrgKind, activities: &[Activity]) -> Circle {
    if activities.contains(&Activity::CommitteeMeeting) {
        Circle::Committee
    } else if !kind.holds_members() || activities.iter().all(|activity| *activity == Activity::HeartTalk) {
        Circle::Chosen
    } else {
        Circle::Members
    }
}

/// Whether an organisation of this kind holds such a meeting by itself.
fn held_by(activity: Activity, kind: OrgKind) -> bool {
    match activity {
        Activity::MembersMeeting | Activity::DemocraticAppraisal => kind.is_branch(),
        Activity::CommitteeMeeting => kind != OrgKind::Group,
        Activity::GroupMeeting => kind == OrgKind::Group,
        Activity::ThemeDay | Activity::OrganisationLifeMeeting => kind.holds_members(),
        Activity::PartyLecture | Activity::HeartTalk => true,
        _ => false,
    }
}

/// Every reason why an organisation of this kind cannot hold a meeting of these activities.
pub fn fits(kind: OrgKind, activities: &[Activity]) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    let mut refuse = |rule, code, message: String| refusals.push(Refusal::new(rule, code, "/activities", message));
    if activities.is_empty() {
        refuse("MEET-10", "missing_required", "没有选择会议类型。请至少选一项。".to_owned());
    }
    for (at, activity) in activities.iter().enumerate() {
        if activities[..at].contains(activity) {
            refuse("MEET-10", "activity_twice", format!("「{}」选了两次。请去掉一个。", activity.name()));
        } else if !held_by(*activity, kind) {
            let message =
                format!("{}不召开{}（{}）。{}", kind.name(), activity.name(), activity.rule(), instead(*activity));
            refuse(activity.rule(), "activity_place", message);
        }
    }
    // A committee may hold its own meeting of organisation life (支部工作条例 第十七条) and agree on talks; nothing else is for it alone.
    let beside = |activity: &Activity| {
        !matches!(activity, Activity::CommitteeMeeting | Activity::OrganisationLifeMeeting | Activity::HeartTalk)
    };
    if activities.contains(&Activity::CommitteeMeeting)
        && let Some(other) = activities.iter().find(|activity| beside(activity))
    {
        let message = format!("支部委员会会议只有委员参加，不能同时作为{}（MEET-10）。请分开安排。", other.name());
        refuse("MEET-10", "activities_apart", message);
    }
    refusals
}

fn instead(activity: Activity) -> &'static str {
    match activity {
        Activity::GroupMeeting => "请在党小组的页面安排。",
        Activity::CommitteeMeeting => "请在党支部的页面安排。",
        _ => "请在所属党支部的页面安排。",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Activity as A;

    fn rules_of(kind: OrgKind, activities: &[Activity]) -> Vec<&'static str> {
        fits(kind, activities).into_iter().map(|refusal| refusal.rule).collect()
    }

    #[test]
    fn meet_10_one_meeting_may_fulfil_several_activities() {
        assert_eq!(rules_of(OrgKind::Branch, &[A::MembersMeeting, A::ThemeDay, A::PartyLecture]), [""; 0]);
        assert_eq!(rules_of(OrgKind::Branch, &[A::OrganisationLifeMeeting, A::DemocraticAppraisal]), [""; 0]);
        assert_eq!(rules_of(OrgKind::Branch, &[]), ["MEET-10"]);
        assert_eq!(rules_of(OrgKind::Branch, &[A::ThemeDay, A::ThemeDay]), ["MEET-10"]);
        assert_eq!(rules_of(OrgKind::Branch, &[A::CommitteeMeeting, A::MembersMeeting]), ["MEET-10"]);
        assert_eq!(rules_of(OrgKind::Branch, &[A::CommitteeMeeting, A::OrganisationLifeMeeting]), [""; 0]);
    }

    #[test]
    fn every_activity_has_its_place() {
        for (activity, kind, rules) in [
            (A::MembersMeeting, OrgKind::Branch, vec![]),
            (A::MembersMeeting, OrgKind::Group, vec!["MEET-01"]),
            (A::MembersMeeting, OrgKind::Committee, vec!["MEET-01"]),
            (A::CommitteeMeeting, OrgKind::Committee, vec![]),
            (A::CommitteeMeeting, OrgKind::Group, vec!["MEET-02"]),
            (A::GroupMeeting, OrgKind::Group, vec![]),
            (A::GroupMeeting, OrgKind::Branch, vec!["MEET-03"]),
            (A::PartyLecture, OrgKind::Committee, vec![]),
            (A::ThemeDay, OrgKind::GeneralBranch, vec!["MEET-05"]),
            (A::ThemeDay, OrgKind::JointBranch, vec![]),
            (A::OrganisationLifeMeeting, OrgKind::Group, vec![]),
            (A::OrganisationLifeMeeting, OrgKind::Committee, vec!["MEET-06"]),
            (A::DemocraticAppraisal, OrgKind::Group, vec!["MEET-07"]),
            (A::HeartTalk, OrgKind::Branch, vec![]),
            (A::DuesCollection, OrgKind::Branch, vec!["DUES-04"]),
        ] {
            assert_eq!(rules_of(kind, &[activity]), rules, "{activity:?} in {kind:?}");
        }
    }

    #[test]
    fn the_activities_decide_who_is_expected() {
        assert_eq!(circle(OrgKind::Branch, &[A::MembersMeeting]), Circle::Members);
        assert_eq!(circle(OrgKind::Group, &[A::GroupMeeting]), Circle::Members);
        assert_eq!(circle(OrgKind::Branch, &[A::HeartTalk]), Circle::Chosen);
        assert_eq!(circle(OrgKind::Branch, &[A::HeartTalk, A::ThemeDay]), Circle::Members);
        assert_eq!(circle(OrgKind::Branch, &[A::CommitteeMeeting, A::HeartTalk]), Circle::Committee);
        assert_eq!(circle(OrgKind::Committee, &[A::PartyLecture]), Circle::Chosen);
    }
}

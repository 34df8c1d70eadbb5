//! What records are about: the activities of rules.md and glossary.md. A duty names the activity that fulfils it; a record names the
//! activity that was done. Identifiers are stored and shown in JSON.

macro_rules! activities {
    ($($(#[$meta:meta])* $name:ident $key:literal $rule:literal $word:literal),+ $(,)?) => {
        /// An activity of Party life that a rule asks for and a record shows.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Activity { $(#[doc = $word] $name),+ }

        impl Activity {
            /// All activities, in the order of the rules.
            pub const ALL: &'static [Activity] = &[$(Activity::$name),+];
            /// The identifier stored and used in JSON.
            pub fn key(self) -> &'static str { match self { $(Activity::$name => $key),+ } }
            /// The rule that asks for it.
            pub fn rule(self) -> &'static str { match self { $(Activity::$name => $rule),+ } }
            /// The Chinese name.
            pub fn name(self) -> &'static str { match self { $(Activity::$name => $word),+ } }
        }
    };
}

activities! {
    MembersMeeting "members_meeting" "MEET-01" "支部党员大会",
    CommitteeMeeting "committee_meeting" "MEET-02" "支部委员会会议",
    GroupMeeting "group_meeting" "MEET-03" "党小组会",
    PartyLecture "party_lecture" "MEET-04" "党课",
    ThemeDay "theme_day" "MEET-05" "主题党日",
    OrganisationLifeMeeting "organisation_life_meeting" "MEET-06" "组织生活会",
    DemocraticAppraisal "democratic_appraisal" "MEET-07" "民主评议党员",
    HeartTalk "heart_talk" "MEET-08" "谈心谈话",
    Application "application" "DEV-01" "递交入党申请书",
    ApplicationTalk "application_talk" "DEV-02" "党组织派人谈话",
    ActivistSelection "activist_selection" "DEV-03" "推荐和确定入党积极分子",
    ActivistFiling "activist_filing" "DEV-04" "上级党委备案",
    MentorAssignment "mentor_assignment" "DEV-05" "指定培养联系人",
    CultivationReview "cultivation_review" "DEV-06" "培养教育考察",
    CandidateSelection "candidate_selection" "DEV-07" "确定发展对象",
    CandidateFiling "candidate_filing" "DEV-08" "报上级党委备案",
    SponsorAssignment "sponsor_assignment" "DEV-09" "确定入党介绍人",
    PoliticalReview "political_review" "DEV-10" "政治审查",
    IntensiveTraining "intensive_training" "DEV-11" "集中培训",
    BranchCommitteeReview "branch_committee_review" "DEV-12" "支委会审查",
    PreReview "pre_review" "DEV-13" "上级党委预审",
    MembershipForm "membership_form" "DEV-14" "填写入党志愿书",
    AdmissionVote "admission_vote" "DEV-15" "支部大会讨论接收",
    SuperiorTalk "superior_talk" "DEV-16" "上级党委派人谈话",
    AdmissionApproval "admission_approval" "DEV-17" "上级党委审批",
    ApprovalFiling "approval_filing" "DEV-18" "再上一级党委组织部门备案",
    GroupPlacement "group_placement" "DEV-19" "编入党支部和党小组",
    Oath "oath" "DEV-20" "入党宣誓",
    ProbationReview "probation_review" "DEV-21" "继续教育考察",
    ConversionApplication "conversion_application" "DEV-22" "提出转正申请",
    ConversionVote "conversion_vote" "DEV-23" "支部大会讨论转正",
    ConversionApproval "conversion_approval" "DEV-24" "上级党委审批转正",
    Archiving "archiving" "DEV-25" "材料归档",
    ReElection "re_election" "ORG-06" "换届选举",
    VacancyFilling "vacancy_filling" "ORG-09" "补选书记、委员",
    ReElectionRequest "re_election_request" "ELEC-07" "换届请示",
    ElectionReport "election_report" "ELEC-06" "选举结果报批",
    DuesCollection "dues_collection" "DUES-04" "收缴党费",
    DuesArrears "dues_arrears" "DUES-05" "催缴党费",
    LearningHours "learning_hours" "EDU-01" "集中学习培训",
    OfficerLearningHours "officer_learning_hours" "EDU-02" "书记和班子成员学习培训",
    OfficerTraining "officer_training" "EDU-02" "书记和班子成员集中培训",
    NewSecretaryTraining "new_secretary_training" "EDU-02" "新任书记任职培训",
    NewMemberTraining "new_member_training" "EDU-02" "新党员集中培训",
    TransferAcceptance "transfer_acceptance" "EDU-04" "接收组织关系",
    ContactSearch "contact_search" "EDU-05" "查找失去联系的党员",
    Rectification "rectification" "EDU-06" "限期改正",
}

impl Activity {
    /// The activity of an identifier.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|activity| activity.key() == key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn an_identifier_names_one_activity_and_is_read_back() {
        let keys: BTreeSet<_> = Activity::ALL.iter().map(|activity| activity.key()).collect();
        assert_eq!(keys.len(), Activity::ALL.len());
        assert!(Activity::ALL.iter().all(|activity| Activity::from_key(activity.key()) == Some(*activity)));
        assert_eq!(Activity::from_key("no_such_activity"), None);
    }
}

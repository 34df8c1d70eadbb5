//! What a duty is called, and where it is done.

use super::{Duty, OwnDuty, Task};
use crate::activity::Activity;

impl Duty {
    /// The period it is asked for in, as offices name it; empty for a deadline.
    pub fn period_name(&self) -> String {
        self.period.map(|period| period.name(self.due)).unwrap_or_default()
    }

    /// What is to be done, with its period: never a person's name.
    pub fn title(&self, own: &[OwnDuty]) -> String {
        let period = self.period_name();
        let text = match self.task {
            Task::Activity(activity) => doing(activity, &period, self.n),
            Task::Own(id) => {
                let name =
                    own.iter().find(|own| own.id == id).map_or("本企业要求的事项", |own| own.name.as_str());
                format!("{period}{name}")
            }
        };
        match (self.task, self.times) {
            (Task::Activity(Activity::DuesArrears), _) | (_, ..=1) => text,
            (_, times) => format!("{text}（第 {} 次，共 {times} 次）", self.n),
        }
    }

    /// The page on which it is done.
    pub fn link(&self) -> String {
        use Activity as A;
        let (org, person) = (self.org, self.person.map(|person| person.to_string()).unwrap_or_default());
        match self.task {
            Task::Own(id) => format!("/life?org={org}&own={id}"),
            Task::Activity(activity) => match activity {
                A::MembersMeeting
                | A::CommitteeMeeting
                | A::GroupMeeting
                | A::PartyLecture
                | A::ThemeDay
                | A::OrganisationLifeMeeting
                | A::DemocraticAppraisal
                | A::HeartTalk => format!("/meetings?new={}&org={org}", activity.key()),
                A::ReElection | A::ReElectionRequest | A::ElectionReport => format!("/elections?org={org}"),
                A::VacancyFilling => format!("/orgs/{org}"),
                A::DuesCollection | A::DuesArrears => format!("/dues?org={org}"),
                A::LearningHours
                | A::OfficerLearningHours
                | A::OfficerTraining
                | A::NewSecretaryTraining
                | A::NewMemberTraining
                | A::ContactSearch
                | A::Rectification => format!("/members/{person}"),
                A::TransferAcceptance => "/transfers".to_owned(),
                A::Application
                | A::ApplicationTalk
                | A::ActivistSelection
                | A::ActivistFiling
                | A::MentorAssignment
                | A::CultivationReview
                | A::CandidateSelection
                | A::CandidateFiling
                | A::SponsorAssignment
                | A::PoliticalReview
                | A::IntensiveTraining
                | A::BranchCommitteeReview
                | A::PreReview
                | A::MembershipForm
                | A::AdmissionVote
                | A::SuperiorTalk
                | A::AdmissionApproval
                | A::ApprovalFiling
                | A::GroupPlacement
                | A::Oath
                | A::ProbationReview
                | A::ConversionApplication
                | A::ConversionVote
                | A::ConversionApproval
                | A::Archiving => format!("/development?person={person}"),
            },
        }
    }
}

/// The words on the button that leads to it.
pub fn button(activity: Option<Activity>) -> &'static str {
    match activity.map(Activity::rule) {
        Some(rule) if rule.starts_with("MEET-") => "去安排",
        Some("DUES-04" | "DUES-05") => "去收缴",
        Some("ORG-06" | "ORG-09" | "ELEC-06" | "ELEC-07") => "去办理",
        Some(rule) if rule.starts_with("DEV-") => "去办理",
        _ => "去查看",
    }
}

fn doing(activity: Activity, period: &str, n: u8) -> String {
    use Activity as A;
    let name = activity.name();
    match activity {
        A::MembersMeeting | A::CommitteeMeeting | A::GroupMeeting | A::OrganisationLifeMeeting => {
            format!("召开{period}{name}")
        }
        A::PartyLecture => format!("上好{period}党课"),
        A::ThemeDay | A::DemocraticAppraisal | A::HeartTalk => format!("开展{period}{name}"),
        A::DuesCollection => format!("收缴{period}党费"),
        A::DuesArrears => match n {
            1 => "未交党费，提醒本人".to_owned(),
            2 => "未交党费，支部了解情况".to_owned(),
            _ => "未交党费，报告上级".to_owned(),
        },
        A::LearningHours | A::OfficerLearningHours => format!("完成{period}学习培训学时"),
        A::OfficerTraining => format!("参加{period}集中培训"),
        A::NewSecretaryTraining => "新任书记参加任职培训".to_owned(),
        A::NewMemberTraining => "新党员参加集中培训".to_owned(),
        A::ReElection => "任期届满，换届选举".to_owned(),
        A::ReElectionRequest => "向上级请示换届".to_owned(),
        A::ElectionReport => "选举结果报上级批准".to_owned(),
        A::VacancyFilling => "书记空缺，补选书记".to_owned(),
        A::ApplicationTalk => "派人同入党申请人谈话".to_owned(),
        A::CultivationReview => "考察入党积极分子".to_owned(),
        A::CandidateSelection => "培养教育满期，可以研究列为发展对象".to_owned(),
        A::AdmissionVote => "召开支部大会讨论接收预备党员".to_owned(),
        A::AdmissionApproval => "审批接收预备党员".to_owned(),
        A::GroupPlacement => "将预备党员编入党支部和党小组".to_owned(),
        A::Oath => "组织入党宣誓".to_owned(),
        A::ProbationReview => "考察预备党员".to_owned(),
        A::ConversionApplication => "预备期满，提出转正申请".to_owned(),
        A::ConversionVote => "预备期满，召开支部大会讨论转正".to_owned(),
        A::ConversionApproval => "审批预备党员转正".to_owned(),
        A::Archiving => "整理归档发展党员材料".to_owned(),
        A::TransferAcceptance => "接收党员组织关系".to_owned(),
        A::ContactSearch => "失联或停止党籍期满，研究处理".to_owned(),
        A::Rectification => "限期改正期满，作出结论".to_owned(),
        A::Application
        | A::ActivistSelection
        | A::ActivistFiling
        | A::MentorAssignment
        | A::CandidateFiling
        | A::SponsorAssignment
        | A::PoliticalReview
        | A::IntensiveTraining
        | A::BranchCommitteeReview
        | A::PreReview
        | A::MembershipForm
        | A::SuperiorTalk
        | A::ApprovalFiling => name.to_owned(),
    }
}

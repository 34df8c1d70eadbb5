//! The numbers of the regulations (periods, counts, ratios, leads) in one table, each with its rule and the day from which it holds.
//! An enterprise may make a number stricter, never laxer. Whoever needs a number asks [`Measures`].

use jiff::civil::{Date, date};
use std::collections::BTreeMap;

/// Which way is stricter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stricter {
    /// A larger number asks for more: years of age, hours, times.
    More,
    /// A smaller number asks for more: days within which something is to be done.
    Less,
    /// The regulation sets it exactly.
    Fixed,
    /// The enterprise's own to set either way: a lead of reminders.
    Free,
}

/// What a number stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spec {
    /// The identifier stored and used in JSON.
    pub key: &'static str,
    /// The rule it belongs to.
    pub rule: &'static str,
    /// What it is, in Chinese.
    pub name: &'static str,
    /// Its unit, in Chinese.
    pub unit: &'static str,
    /// Which way is stricter.
    pub stricter: Stricter,
    /// The day from which the regulation holds and the number, oldest first.
    pub values: &'static [(Date, i32)],
}

macro_rules! measures {
    ($($name:ident $key:literal $rule:literal $word:literal $unit:literal $stricter:ident [$($since:expr => $value:literal),+]),+ $(,)?) => {
        /// A number that a rule sets.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Measure { $(#[doc = $word] $name),+ }

        impl Measure {
            /// All of them, in the order of the rules.
            pub const ALL: &'static [Measure] = &[$(Measure::$name),+];
            /// What it stands for.
            pub const fn spec(self) -> Spec {
                match self {
                    $(Measure::$name => Spec {
                        key: $key, rule: $rule, name: $word, unit: $unit, stricter: Stricter::$stricter,
                        values: const { &[$(($since, $value)),+] },
                    }),+
                }
            }
        }
    };
}

/// 《中国共产党发展党员工作细则》 of 2014-05-28.
const DEVELOPMENT: Date = date(2014, 5, 28);
/// Its revision of 2026-05-18.
pub(crate) const DEVELOPMENT_REVISED: Date = date(2026, 5, 18);
/// 《中国共产党支部工作条例（试行）》 of 2018-10-28.
const BRANCH: Date = date(2018, 10, 28);
/// 《中国共产党党员教育管理工作条例》 of 2019-05-06.
const EDUCATION: Date = date(2019, 5, 6);
/// 《中国共产党基层组织选举工作条例》 of 2020-07-13.
const ELECTION: Date = date(2020, 7, 13);
/// 《关于中国共产党党费收缴、使用和管理的规定》 of 2008-02-04.
const DUES: Date = date(2008, 2, 4);

measures! {
    ApplicantAge "applicant_age" "DEV-01" "申请入党的年龄" "周岁" Fixed [DEVELOPMENT => 18],
    TalkMonths "talk_months" "DEV-02" "收到申请书后派人谈话" "个月内" Less [DEVELOPMENT => 1],
    TalkLead "talk_lead" "DEV-02" "派人谈话提前提醒" "天" Free [DEVELOPMENT => 7],
    CultivationReviewMonths "cultivation_review_months" "DEV-06" "培养考察间隔" "个月" Less [DEVELOPMENT => 6],
    CultivationReviewLead "cultivation_review_lead" "DEV-06" "培养考察提前提醒" "天" Free [DEVELOPMENT => 30],
    ActivistMonths "activist_months" "DEV-07" "积极分子培养教育" "个月以上" More [DEVELOPMENT => 12],
    PublicityDays "publicity_days" "DEV-07" "发展对象公示" "个工作日以上" More [DEVELOPMENT => 0, DEVELOPMENT_REVISED => 5],
    TrainingDays "training_days" "DEV-11" "集中培训" "天以上" More [DEVELOPMENT => 3],
    TrainingHours "training_hours" "DEV-11" "集中培训" "学时以上" More [DEVELOPMENT => 24],
    LeavingMonths "leaving_months" "DEV-13" "将离开单位的一般不办理接收" "个月内" Fixed [DEVELOPMENT => 3],
    AdmissionVoteMonths "admission_vote_months" "DEV-15" "预审合格后召开支部大会" "个月内" Less [DEVELOPMENT_REVISED => 1],
    AdmissionVoteLead "admission_vote_lead" "DEV-15" "支部大会提前提醒" "天" Free [DEVELOPMENT_REVISED => 15],
    ApprovalMonths "approval_months" "DEV-17" "上级党委审批" "个月内" Less [DEVELOPMENT => 3],
    ApprovalLongestMonths "approval_longest_months" "DEV-17" "特殊情况审批最长" "个月" Less [DEVELOPMENT => 6],
    ApprovalLead "approval_lead" "DEV-17" "审批提前提醒" "天" Free [DEVELOPMENT => 30],
    PlacementLead "placement_lead" "DEV-19" "编入支部和党小组" "天内" Free [DEVELOPMENT => 30],
    OathMonths "oath_months" "DEV-20" "批准后组织入党宣誓" "个月内" Less [DEVELOPMENT_REVISED => 1],
    ProbationMonths "probation_months" "DEV-21" "预备期" "个月" Fixed [DEVELOPMENT => 12],
    ExtensionLeastMonths "extension_least_months" "DEV-23" "延长预备期最短" "个月" Fixed [DEVELOPMENT => 6],
    ExtensionMostMonths "extension_most_months" "DEV-23" "延长预备期最长" "个月" Fixed [DEVELOPMENT => 12],
    ConversionLead "conversion_lead" "DEV-22" "预备期满提前提醒" "天" Free [DEVELOPMENT => 30],
    ConversionDays "conversion_days" "DEV-23" "预备期满后提出申请和讨论转正" "天内" Free [DEVELOPMENT => 30],
    ConversionApprovalMonths "conversion_approval_months" "DEV-24" "转正审批" "个月内" Less [DEVELOPMENT => 3],
    ArchivingDays "archiving_days" "DEV-25" "转正批准后材料归档" "天内" Free [DEVELOPMENT => 30],
    EntryDays "entry_days" "DEV-30" "办理后在系统中登记" "天内" Free [DEVELOPMENT => 30],
    CommitteeMembers "committee_members" "ORG-04" "设支部委员会的正式党员" "名以上" Fixed [BRANCH => 7],
    TermLead "term_lead" "ORG-06" "届满提前提醒" "天" Free [BRANCH => 180],
    TermSecondLead "term_second_lead" "ORG-06" "届满前第二次提醒" "天" Free [BRANCH => 90],
    TermThirdLead "term_third_lead" "ORG-06" "届满前第三次提醒" "天" Free [BRANCH => 30],
    TermExtensionMonths "term_extension_months" "ORG-07" "延期换届最长" "个月" Less [BRANCH => 12],
    VacancyDays "vacancy_days" "ORG-09" "书记出缺补选" "天内" Less [BRANCH => 90],
    MembersMeetings "members_meetings" "MEET-01" "支部党员大会每季度" "次" More [BRANCH => 1],
    MembersMeetingLead "members_meeting_lead" "MEET-01" "支部党员大会提前提醒" "天" Free [BRANCH => 15],
    CommitteeMeetings "committee_meetings" "MEET-02" "支部委员会会议每月" "次" More [BRANCH => 1],
    CommitteeMeetingLead "committee_meeting_lead" "MEET-02" "支部委员会会议提前提醒" "天" Free [BRANCH => 7],
    GroupMeetings "group_meetings" "MEET-03" "党小组会每月" "次" More [BRANCH => 1],
    GroupMeetingLead "group_meeting_lead" "MEET-03" "党小组会提前提醒" "天" Free [BRANCH => 7],
    PartyLectures "party_lectures" "MEET-04" "党支部党课每季度" "次" More [BRANCH => 1],
    SecretaryLectures "secretary_lectures" "MEET-04" "党委书记讲党课每年" "次" More [BRANCH => 1],
    PartyLectureLead "party_lecture_lead" "MEET-04" "党课提前提醒" "天" Free [BRANCH => 15],
    ThemeDays "theme_days" "MEET-05" "主题党日每月" "次" More [EDUCATION => 1],
    ThemeDayLead "theme_day_lead" "MEET-05" "主题党日提前提醒" "天" Free [EDUCATION => 7],
    OrganisationLifeMeetings "organisation_life_meetings" "MEET-06" "组织生活会每年" "次" More [EDUCATION => 1],
    OrganisationLifeLead "organisation_life_lead" "MEET-06" "组织生活会和民主评议提前提醒" "天" Free [EDUCATION => 92],
    Appraisals "appraisals" "MEET-07" "民主评议党员每年" "次" More [EDUCATION => 1],
    HeartTalks "heart_talks" "MEET-08" "谈心谈话每年" "次" More [BRANCH => 1],
    HeartTalkLead "heart_talk_lead" "MEET-08" "谈心谈话提前提醒" "天" Free [BRANCH => 60],
    ElectionQuorumPercent "election_quorum_percent" "ELEC-02" "选举大会到会" "%（应到会有选举权人数）以上" Fixed [ELECTION => 80],
    SurplusPercent "surplus_percent" "ELEC-03" "委员候选人差额" "%以上" More [ELECTION => 20],
    ElectionReportDays "election_report_days" "ELEC-06" "选举结果报上级批准" "天内" Free [ELECTION => 15],
    ElectionRequestLead "election_request_lead" "ELEC-07" "换届请示提前" "天" Free [ELECTION => 180],
    ElectionRequestDays "election_request_days" "ELEC-07" "换届请示最迟在届满前" "天" Free [ELECTION => 30],
    DuesBackMonths "dues_back_months" "DUES-04" "补交党费最长" "个月" Fixed [DUES => 6],
    DuesCollectionLead "dues_collection_lead" "DUES-04" "收缴党费提前提醒" "天" Free [DUES => 7],
    DuesLapseMonths "dues_lapse_months" "DUES-05" "连续不交纳党费" "个月" Fixed [DUES => 6],
    ArrearsMember "arrears_member" "DUES-05" "未交党费提醒本人" "个月" Less [DUES => 2],
    ArrearsBranch "arrears_branch" "DUES-05" "未交党费提醒支部" "个月" Less [DUES => 4],
    ArrearsSuperior "arrears_superior" "DUES-05" "未交党费告知上级" "个月" Less [DUES => 5],
    LearningHours "learning_hours" "EDU-01" "党员集中学习培训每年" "学时" More [EDUCATION => 32],
    OfficerHours "officer_hours" "EDU-02" "书记和班子成员学习培训每年" "学时" More [EDUCATION => 56],
    OfficerTrainings "officer_trainings" "EDU-02" "书记和班子成员集中培训每年" "次" More [EDUCATION => 1],
    NewSecretaryMonths "new_secretary_months" "EDU-02" "新任书记任职培训" "个月内" Less [EDUCATION => 6],
    NewMemberMonths "new_member_months" "EDU-02" "转正后参加上级集中培训" "个月内" Less [EDUCATION => 12],
    LearningLead "learning_lead" "EDU-01" "学时提前提醒" "天" Free [EDUCATION => 60],
    TransferDays "transfer_days" "EDU-04" "组织关系介绍信有效期" "天" Less [EDUCATION => 90],
    OutOfContactMonths "out_of_contact_months" "EDU-05" "失去联系满" "个月" Fixed [EDUCATION => 6],
    SuspendedMonths "suspended_months" "EDU-05" "停止党籍满" "个月" Fixed [EDUCATION => 24],
    RectificationMonths "rectification_months" "EDU-06" "限期改正最长" "个月" Less [EDUCATION => 12],
}

impl Measure {
    /// The measure of an identifier.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|measure| measure.spec().key == key)
    }

    /// The regulation's own number on a day; before the first that is known, the first.
    pub fn regulated(self, on: Date) -> i32 {
        let values = self.spec().values;
        values.iter().rev().find(|(since, _)| *since <= on).or(values.first()).map_or(0, |(_, value)| *value)
    }
}

/// Why an enterprise may not set a number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotStricter {
    /// The regulation sets it exactly.
    #[error("{rule}：「{name}」由规定确定为 {value} {unit}，不能改动")]
    Fixed {
        /// The rule.
        rule: &'static str,
        /// What the number is.
        name: &'static str,
        /// The regulation's number.
        value: i32,
        /// Its unit.
        unit: &'static str,
    },
    /// Laxer than the regulation.
    #[error("{rule}：「{name}」规定为 {value} {unit}，只能加严，不能放宽")]
    Laxer {
        /// The rule.
        rule: &'static str,
        /// What the number is.
        name: &'static str,
        /// The regulation's number.
        value: i32,
        /// Its unit.
        unit: &'static str,
    },
    /// Not a number that makes sense.
    #[error("{rule}：「{name}」须在 1 至 366 之间")]
    OutOfRange {
        /// The rule.
        rule: &'static str,
        /// What the number is.
        name: &'static str,
    },
}

/// The numbers that hold in an enterprise: the regulations', made stricter where it chose to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Measures {
    own: BTreeMap<Measure, i32>,
}

impl Measures {
    /// The number that holds on a day.
    pub fn get(&self, measure: Measure, on: Date) -> i32 {
        let regulated = measure.regulated(on);
        match (self.own.get(&measure), measure.spec().stricter) {
            (None, _) | (Some(_), Stricter::Fixed) => regulated,
            (Some(own), Stricter::More) => regulated.max(*own),
            (Some(own), Stricter::Less) => regulated.min(*own),
            (Some(own), Stricter::Free) => *own,
        }
    }

    /// The enterprise's own number, where it set one.
    pub fn own(&self, measure: Measure) -> Option<i32> {
        self.own.get(&measure).copied()
    }

    /// Sets a number of the enterprise's own, unless it would be laxer than the regulation on that day.
    pub fn set(&mut self, measure: Measure, number: i32, on: Date) -> Result<(), NotStricter> {
        let Spec { rule, name, unit, stricter, .. } = measure.spec();
        let value = measure.regulated(on);
        let laxer = match stricter {
            Stricter::Fixed => return Err(NotStricter::Fixed { rule, name, value, unit }),
            Stricter::More => number < value,
            Stricter::Less => number > value,
            Stricter::Free => false,
        };
        if laxer {
            return Err(NotStricter::Laxer { rule, name, value, unit });
        }
        if !(1..=366).contains(&number) {
            return Err(NotStricter::OutOfRange { rule, name });
        }
        self.own.insert(measure, number);
        Ok(())
    }

    /// Goes back to the regulation's number.
    pub fn unset(&mut self, measure: Measure) {
        self.own.remove(&measure);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    const TODAY: Date = date(2026, 11, 24);

    #[test]
    fn every_number_has_a_key_of_its_own_and_is_read_back() {
        let keys: BTreeSet<_> = Measure::ALL.iter().map(|measure| measure.spec().key).collect();
        assert_eq!(keys.len(), Measure::ALL.len());
        assert!(Measure::ALL.iter().all(|measure| Measure::from_key(measure.spec().key) == Some(*measure)));
    }

    #[test]
    fn a_number_may_be_made_stricter_and_never_laxer() {
        let mut measures = Measures::default();
        assert!(measures.set(Measure::LearningHours, 31, TODAY).is_err());
        assert!(measures.set(Measure::LearningHours, 40, TODAY).is_ok());
        assert_eq!(measures.get(Measure::LearningHours, TODAY), 40);
        assert!(measures.set(Measure::VacancyDays, 91, TODAY).is_err());
        assert!(measures.set(Measure::VacancyDays, 60, TODAY).is_ok());
        assert_eq!(measures.get(Measure::VacancyDays, TODAY), 60);
        measures.unset(Measure::VacancyDays);
        assert_eq!(measures.get(Measure::VacancyDays, TODAY), 90);
        assert!(measures.set(Measure::ProbationMonths, 13, TODAY).is_err());
        assert!(measures.set(Measure::TalkLead, 0, TODAY).is_err());
        assert!(measures.set(Measure::TalkLead, 10, TODAY).is_ok());
    }
}

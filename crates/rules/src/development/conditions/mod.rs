//! What each single step demands beside its turn, its day and its papers: DEV-01 to DEV-25, one function where there is something to say.

mod admission;
mod candidate;
mod conversion;
mod held;

pub use held::{held_votes, relied_vote};

use super::decide::Checking;
use super::step::Step;
use super::value::pointer;
use crate::date::full_years;
use crate::measure::Measure;
use crate::meeting::VoteKind;
use crate::org::OrgKind;

impl Checking<'_> {
    /// The step's own conditions.
    pub(super) fn conditions(&mut self) {
        match self.form.step {
            Step::Application => self.of_age(),
            Step::ApplicationTalk => self.talked_by_officers(),
            Step::ActivistSelection => {
                self.meeting_that_exists();
                self.not_in_a_temporary_branch();
            }
            Step::MentorAssignment => self.full_members("mentors"),
            Step::CandidateSelection => {
                self.cultivated_long_enough();
                self.reviewed_without_gap();
                self.meeting_that_exists();
                self.publicity();
            }
            Step::CandidateFiling => self.publicity_over(),
            Step::SponsorAssignment => self.full_members("sponsors"),
            Step::PoliticalReview => self.mobile_said(),
            Step::IntensiveTraining => self.trained(),
            Step::BranchCommitteeReview => self.meeting_that_exists(),
            Step::PreReview => self.leaving(),
            Step::AdmissionVote => {
                self.vote(VoteKind::Admission);
                self.within_a_month_of_pre_review();
                self.not_in_a_temporary_branch();
                self.as_the_register_has_it();
            }
            Step::AdmissionApproval => self.approval_in_time(),
            Step::GroupPlacement => self.group(),
            Step::ConversionApplication => self.probation_full(),
            Step::ConversionVote => {
                self.vote(VoteKind::Conversion);
                self.extension();
            }
            Step::ConversionApproval => self.conversion_approval_in_time(),
            Step::Archiving => self.whole_file(),
            Step::ActivistFiling
            | Step::CultivationReview
            | Step::MembershipForm
            | Step::SuperiorTalk
            | Step::ApprovalFiling
            | Step::Oath
            | Step::ProbationReview => {}
        }
    }

    /// DEV-01: 18 on the day of the application; a birth date known to the month counts on its most favourable day, as REG-03 does.
    fn of_age(&mut self) {
        let age = self.measure(Measure::ApplicantAge, self.form.on);
        match self.facts.born {
            None => self.refuse(
                "DEV-01",
                "missing_birth",
                "",
                "档案中没有出生日期，无法判断是否年满 18 周岁（DEV-01）。请先在人员档案中补填。",
            ),
            Some(born) if full_years(born.earliest(), self.form.on) < age => {
                let message = format!("递交申请时不满 {age} 周岁，不能申请入党（DEV-01）。请核对出生日期和递交日期。");
                self.refuse("DEV-01", "under_age", "/on", message);
            }
            Some(_) => {}
        }
    }

    /// DEV-02: 书记、副书记或组织委员.
    fn talked_by_officers(&mut self) {
        let talkers = self.form.values.persons("talkers");
        let officer = talkers.iter().any(|id| self.facts.named.get(id).is_some_and(|named| named.officer));
        if !talkers.is_empty() && !officer && !self.case.is_known(Step::ApplicationTalk) {
            let message = "谈话人中没有支部书记、副书记或组织委员（DEV-02）。请核对；确有特殊情况的，写明原因后继续。";
            self.warn("DEV-02", "not_an_officer", pointer("talkers"), message);
        }
        self.members("talkers");
    }

    /// 不设支部委员会的由支部大会 (DEV-03, DEV-07, DEV-12).
    fn meeting_that_exists(&mut self) {
        let step = self.form.step;
        if self.form.values.is("body", "committee") && !self.facts.place.has_committee && !self.case.is_known(step) {
            let message = format!(
                "本支部没有设支部委员会，应由支部党员大会研究（{}）。请改选「支部党员大会」；已设支委会的，请先在组织信息中登记委员。",
                step.rule()
            );
            self.refuse(step.rule(), "no_committee", pointer("body"), message);
        }
    }

    /// ORG-08: temporary branches as a rule do not recruit.
    fn not_in_a_temporary_branch(&mut self) {
        if self.facts.place.kind == OrgKind::TemporaryBranch {
            let message =
                "临时党支部一般不发展党员（ORG-08）。请由本人组织关系所在的党支部办理；确需办理的，写明原因。";
            self.warn("ORG-08", "temporary_branch", "", message);
        }
    }

    /// DEV-05, DEV-09: full members, present, with all their rights, and not the applicant.
    fn full_members(&mut self, key: &str) {
        let (rule, on) = (self.form.step.rule(), self.form.on);
        self.members(key);
        for id in self.form.values.persons(key) {
            let Some(named) = self.facts.named.get(id).filter(|_| *id != self.case.person) else { continue };
            let name = &named.name;
            if named.full_since.is_none_or(|since| since > on) {
                let message = format!("「{name}」在 {on} 还不是正式党员，不能担任（{rule}）。请另选正式党员。");
                self.refuse(rule, "not_full_member", pointer(key), message);
            } else if named.deprived {
                let message =
                    format!("「{name}」受留党察看处分、尚未恢复党员权利，不能担任（{rule}，VOTE-03）。请另选。");
                self.refuse(rule, "deprived", pointer(key), message);
            }
        }
    }

    /// Persons named exist, are there still, and are not the applicant.
    fn members(&mut self, key: &str) {
        let rule = self.form.step.rule();
        for id in self.form.values.persons(key) {
            if *id == self.case.person {
                self.refuse(rule, "oneself", pointer(key), format!("不能由申请人本人担任（{rule}）。请另选。"));
                continue;
            }
            match self.facts.named.get(id) {
                None => self.refuse(rule, "unknown_person", pointer(key), "所选的人不在台账中。请从名单中重新选择。"),
                Some(named) if named.left && !self.case.is_known(self.form.step) => {
                    let message = format!("「{}」已离开，不能担任（{rule}）。请另选。", named.name);
                    self.refuse(rule, "person_left", pointer(key), message);
                }
                Some(_) => {}
            }
        }
    }
}

//! What has been done in a case, without what was filled in: where it stands, what may be done again, until when, and the probation.

use super::step::Step;
use crate::date::{add_days, add_months, full_months};
use crate::measure::{Measure, Measures};
use jiff::civil::Date;

/// What came of a step; the words of the records too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Done; the case goes on.
    Passed,
    /// Not passed, not qualified, not approved, sent back: the step is still to be done.
    Refused,
    /// The time was made longer: of the approval at DEV-17, of the probation at DEV-23 and DEV-24.
    Extended,
    /// 取消预备党员资格 was resolved (DEV-23) or approved (DEV-24).
    Cancelled,
}

impl Outcome {
    /// All of them.
    pub const ALL: &'static [Outcome] = &[Outcome::Passed, Outcome::Refused, Outcome::Extended, Outcome::Cancelled];

    /// The identifier stored and used in JSON and in records.
    pub fn key(self) -> &'static str {
        match self {
            Outcome::Passed => "passed",
            Outcome::Refused => "refused",
            Outcome::Extended => "extended",
            Outcome::Cancelled => "cancelled",
        }
    }

    /// The outcome of an identifier.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|outcome| outcome.key() == key)
    }

    /// The Chinese name.
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Passed => "已办理",
            Outcome::Refused => "未通过",
            Outcome::Extended => "延长",
            Outcome::Cancelled => "取消资格",
        }
    }

    /// The Chinese name of what is worth saying: when the case did not simply go on.
    pub fn notable(self) -> Option<&'static str> {
        (self != Outcome::Passed).then_some(self.name())
    }
}

/// A step as it was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// Which.
    pub step: Step,
    /// When it was done.
    pub on: Date,
    /// What came of it.
    pub outcome: Outcome,
    /// Until when, for what was extended.
    pub until: Option<Date>,
}

/// 预备期.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Probation {
    /// The day of the vote (DEV-21).
    pub from: Date,
    /// The day on which it is full.
    pub until: Date,
    /// Whether it was extended: it can be once (DEV-23).
    pub extended: bool,
}

/// The steps of a case as they were taken, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Track(pub Vec<Mark>);

impl Track {
    /// The step to be done next; none when the case is over.
    pub fn present(&self) -> Option<Step> {
        let mut present = Some(Step::Application);
        for mark in &self.0 {
            if Some(mark.step) == present {
                present = after(mark);
            }
        }
        present
    }

    /// The steps as they were taken, in order.
    pub fn marks(&self) -> &[Mark] {
        &self.0
    }

    /// The last step taken, whatever came of it.
    pub fn last(&self) -> Option<&Mark> {
        self.0.last()
    }

    /// The latest taking of a step that went on.
    pub fn passed(&self, step: Step) -> Option<&Mark> {
        self.0.iter().rev().find(|mark| mark.step == step && mark.outcome != Outcome::Refused)
    }

    /// When a step was done.
    pub fn on(&self, step: Step) -> Option<Date> {
        self.passed(step).map(|mark| mark.on)
    }

    /// How often a step was taken.
    pub fn times(&self, step: Step) -> usize {
        self.0.iter().filter(|mark| mark.step == step).count()
    }

    /// Steps that may be taken once more beside the present one.
    pub fn again(&self) -> Vec<Step> {
        let Some(present) = self.present() else { return Vec::new() };
        let open = |step: &Step| step.repeated_until().is_some_and(|until| *step < present && present <= until);
        Step::ALL.iter().copied().filter(open).collect()
    }

    /// 预备期, once the vote has passed (DEV-21): from the day of the vote, lengthened by an extension that was approved.
    pub fn probation(&self, measures: &Measures) -> Option<Probation> {
        let from = self.on(Step::AdmissionVote)?;
        let extension = self.passed(Step::ConversionApproval).filter(|mark| mark.outcome == Outcome::Extended);
        let until = full_months(from, measures.get(Measure::ProbationMonths, from));
        Some(Probation {
            from,
            until: extension.and_then(|mark| mark.until).unwrap_or(until),
            extended: extension.is_some(),
        })
    }

    /// Until when the approval of the vote is to be decided on, by the rule or by its extension (DEV-17).
    pub(super) fn approval_due(&self, measures: &Measures) -> Option<Date> {
        let vote = self.on(Step::AdmissionVote)?;
        let extension =
            self.0.iter().rev().find(|mark| {
                mark.step == Step::AdmissionApproval && mark.outcome == Outcome::Extended && mark.on >= vote
            });
        let due = add_months(vote, measures.get(Measure::ApprovalMonths, vote));
        Some(extension.and_then(|mark| mark.until).unwrap_or(due))
    }

    /// What is to be done until when, of the present step and of the next review, where a rule says so.
    pub fn dues(&self, measures: &Measures) -> Vec<(Step, Date)> {
        let Some(present) = self.present() else { return Vec::new() };
        let review = match present {
            Step::CandidateSelection => self.due(Step::CultivationReview, measures),
            _ => None,
        };
        let due = self.due(present, measures).map(|due| (present, due));
        due.into_iter().chain(review.map(|due| (Step::CultivationReview, due))).collect()
    }

    fn due(&self, step: Step, measures: &Measures) -> Option<Date> {
        let months = |from: Date, measure| add_months(from, measures.get(measure, from));
        let days = |from: Date, measure| add_days(from, measures.get(measure, from));
        match step {
            Step::ApplicationTalk => Some(months(self.on(Step::Application)?, Measure::TalkMonths)),
            Step::CultivationReview => {
                let since = self.on(Step::CultivationReview).or_else(|| self.on(Step::ActivistSelection))?;
                Some(months(since, Measure::CultivationReviewMonths))
            }
            Step::AdmissionVote => Some(months(self.on(Step::PreReview)?, Measure::AdmissionVoteMonths)),
            Step::SuperiorTalk | Step::AdmissionApproval => self.approval_due(measures),
            Step::GroupPlacement => Some(days(self.on(Step::AdmissionApproval)?, Measure::PlacementLead)),
            Step::Oath => Some(months(self.on(Step::AdmissionApproval)?, Measure::OathMonths)),
            Step::ProbationReview => Some(self.probation(measures)?.until),
            Step::ConversionApplication | Step::ConversionVote => {
                Some(days(self.probation(measures)?.until, Measure::ConversionDays))
            }
            Step::ConversionApproval => Some(months(self.on(Step::ConversionVote)?, Measure::ConversionApprovalMonths)),
            Step::Archiving => Some(days(self.on(Step::ConversionApproval)?, Measure::ArchivingDays)),
            Step::Application
            | Step::ActivistSelection
            | Step::ActivistFiling
            | Step::MentorAssignment
            | Step::CandidateSelection
            | Step::CandidateFiling
            | Step::SponsorAssignment
            | Step::PoliticalReview
            | Step::IntensiveTraining
            | Step::BranchCommitteeReview
            | Step::PreReview
            | Step::MembershipForm
            | Step::ApprovalFiling => None,
        }
    }
}

/// The step to be done after the present one was taken so.
fn after(mark: &Mark) -> Option<Step> {
    match (mark.step, mark.outcome) {
        (Step::ConversionVote, Outcome::Extended | Outcome::Cancelled) => Some(Step::ConversionApproval),
        (Step::ConversionApproval, Outcome::Refused) => Some(Step::ConversionVote),
        (Step::ConversionApproval, Outcome::Extended) => Some(Step::ProbationReview),
        (Step::ConversionApproval, Outcome::Cancelled) => None,
        (step, Outcome::Passed) => step.next(),
        (step, Outcome::Refused | Outcome::Extended | Outcome::Cancelled) => Some(step),
    }
}

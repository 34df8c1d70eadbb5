//! The twenty-five steps: their numbers, stages, who acts. What each asks for is in `spec.rs`.

use crate::activity::Activity;
use crate::codes::Stage;

/// One of the five stages of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CaseStage {
    /// 申请入党.
    Applying,
    /// 入党积极分子的确定和培养教育.
    Cultivating,
    /// 发展对象的确定和考察.
    Examining,
    /// 预备党员的接收.
    Admitting,
    /// 预备党员的教育考察和转正.
    Converting,
}

impl CaseStage {
    /// All five, in order.
    pub const ALL: &'static [CaseStage] = &[
        CaseStage::Applying,
        CaseStage::Cultivating,
        CaseStage::Examining,
        CaseStage::Admitting,
        CaseStage::Converting,
    ];

    /// 1 to 5.
    pub fn number(self) -> u8 {
        self as u8 + 1
    }

    /// The stage of a number.
    pub fn of_number(number: u8) -> Option<Self> {
        Self::ALL.iter().copied().find(|stage| stage.number() == number)
    }

    /// The Chinese name.
    pub fn name(self) -> &'static str {
        match self {
            CaseStage::Applying => "申请入党",
            CaseStage::Cultivating => "入党积极分子的确定和培养教育",
            CaseStage::Examining => "发展对象的确定和考察",
            CaseStage::Admitting => "预备党员的接收",
            CaseStage::Converting => "预备党员的教育考察和转正",
        }
    }
}

/// By whom a step is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StepActor {
    /// 申请人 himself; the branch enters it.
    Applicant,
    /// 党支部.
    Branch,
    /// 上级党委: only somebody strictly above the branch may enter it.
    Superior,
}

impl StepActor {
    /// All of them.
    pub const ALL: &'static [StepActor] = &[StepActor::Applicant, StepActor::Branch, StepActor::Superior];

    /// The identifier used in JSON.
    pub fn key(self) -> &'static str {
        match self {
            StepActor::Applicant => "applicant",
            StepActor::Branch => "branch",
            StepActor::Superior => "superior",
        }
    }

    /// The actor of an identifier.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|actor| actor.key() == key)
    }

    /// The Chinese name.
    pub fn name(self) -> &'static str {
        match self {
            StepActor::Applicant => "申请人",
            StepActor::Branch => "党支部",
            StepActor::Superior => "上级党委",
        }
    }
}

macro_rules! steps {
    ($($name:ident $number:literal $stage:ident $actor:ident),+ $(,)?) => {
        /// A step, named as its activity is; in order, so that earlier steps are smaller.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Step { $(#[doc = concat!("DEV step ", $number, ".")] $name = $number),+ }

        impl Step {
            /// All twenty-five, in order.
            pub const ALL: &'static [Step] = &[$(Step::$name),+];
            /// 1 to 25.
            pub fn number(self) -> u8 { self as u8 }
            /// The activity that it fulfils; its rule and its name are the step's.
            pub fn activity(self) -> Activity { match self { $(Step::$name => Activity::$name),+ } }
            /// The stage to which it belongs.
            pub fn stage(self) -> CaseStage { match self { $(Step::$name => CaseStage::$stage),+ } }
            /// By whom it is done.
            pub fn actor(self) -> StepActor { match self { $(Step::$name => StepActor::$actor),+ } }
        }
    };
}

steps! {
    Application 1 Applying Applicant,
    ApplicationTalk 2 Applying Branch,
    ActivistSelection 3 Cultivating Branch,
    ActivistFiling 4 Cultivating Superior,
    MentorAssignment 5 Cultivating Branch,
    CultivationReview 6 Cultivating Branch,
    CandidateSelection 7 Examining Branch,
    CandidateFiling 8 Examining Superior,
    SponsorAssignment 9 Examining Branch,
    PoliticalReview 10 Examining Branch,
    IntensiveTraining 11 Examining Branch,
    BranchCommitteeReview 12 Admitting Branch,
    PreReview 13 Admitting Superior,
    MembershipForm 14 Admitting Applicant,
    AdmissionVote 15 Admitting Branch,
    SuperiorTalk 16 Admitting Superior,
    AdmissionApproval 17 Admitting Superior,
    ApprovalFiling 18 Admitting Superior,
    GroupPlacement 19 Converting Branch,
    Oath 20 Converting Branch,
    ProbationReview 21 Converting Branch,
    ConversionApplication 22 Converting Applicant,
    ConversionVote 23 Converting Branch,
    ConversionApproval 24 Converting Superior,
    Archiving 25 Converting Branch,
}

impl Step {
    /// The step of a number.
    pub fn of_number(number: u8) -> Option<Self> {
        Self::ALL.iter().copied().find(|step| step.number() == number)
    }

    /// The step of its activity.
    pub fn of_activity(activity: Activity) -> Option<Self> {
        Self::ALL.iter().copied().find(|step| step.activity() == activity)
    }

    /// The step after this one.
    pub fn next(self) -> Option<Self> {
        Self::of_number(self.number() + 1)
    }

    /// The rule that asks for it.
    pub fn rule(self) -> &'static str {
        self.activity().rule()
    }

    /// The Chinese name.
    pub fn name(self) -> &'static str {
        self.activity().name()
    }

    /// Up to which step it may be taken once more: reviews come every half-year, and who guides or vouches for somebody may change.
    /// None for what is done once.
    pub fn repeated_until(self) -> Option<Step> {
        match self {
            Step::MentorAssignment | Step::CultivationReview => Some(Step::CandidateSelection),
            Step::SponsorAssignment => Some(Step::AdmissionVote),
            Step::ProbationReview => Some(Step::ConversionApplication),
            _ => None,
        }
    }

    /// The last step that somebody of this standing in the register may have behind him when his case is opened; none who is a full
    /// member already.
    pub fn known_at(stage: Stage) -> Option<Step> {
        match stage {
            Stage::Applicant => Some(Step::Application),
            Stage::Activist => Some(Step::CultivationReview),
            Stage::Candidate => Some(Step::MembershipForm),
            Stage::Probationary => Some(Step::ProbationReview),
            Stage::Full => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_numbered_as_their_rules_are() {
        for (n, step) in (1_u8..).zip(Step::ALL) {
            assert_eq!(step.number(), n);
            assert_eq!(step.rule(), format!("DEV-{n:02}"));
            assert_eq!(Step::of_number(n), Some(*step));
            assert_eq!(Step::of_activity(step.activity()), Some(*step));
        }
        assert_eq!(Step::ALL.len(), 25);
        assert_eq!(Step::of_number(26), None);
        assert_eq!(Step::Archiving.next(), None);
    }

    #[test]
    fn stages_follow_one_another() {
        assert!(Step::ALL.windows(2).all(|pair| pair[0].stage() <= pair[1].stage()));
        let counts: Vec<usize> =
            CaseStage::ALL.iter().map(|stage| Step::ALL.iter().filter(|step| step.stage() == *stage).count()).collect();
        assert_eq!(counts, [2, 4, 5, 7, 7]);
    }

    #[test]
    fn seven_steps_are_the_superiors_own() {
        let superiors: Vec<u8> =
            Step::ALL.iter().filter(|step| step.actor() == StepActor::Superior).map(|step| step.number()).collect();
        assert_eq!(superiors, [4, 8, 13, 16, 17, 18, 24]);
    }
}

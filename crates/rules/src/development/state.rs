//! A case: whose, where it stands, and everything that was filled in.

use super::step::Step;
use super::track::{Mark, Track};
use super::value::{Value, Values};
use crate::ids::PersonId;

/// Whether a case goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CaseState {
    /// 在办.
    Open,
    /// 暂缓.
    Suspended,
    /// Archived: full member.
    Finished,
    /// Over before its time.
    Ended,
}

impl CaseState {
    /// All of them.
    pub const ALL: &'static [CaseState] =
        &[CaseState::Open, CaseState::Suspended, CaseState::Finished, CaseState::Ended];

    /// The identifier stored and used in JSON.
    pub fn key(self) -> &'static str {
        match self {
            CaseState::Open => "open",
            CaseState::Suspended => "suspended",
            CaseState::Finished => "finished",
            CaseState::Ended => "ended",
        }
    }

    /// The state of an identifier.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|state| state.key() == key)
    }

    /// The Chinese name.
    pub fn name(self) -> &'static str {
        match self {
            CaseState::Open => "在办",
            CaseState::Suspended => "暂缓",
            CaseState::Finished => "已归档",
            CaseState::Ended => "已终止",
        }
    }

    /// Whether a person with such a case cannot have another (DEV-30).
    pub fn is_under_way(self) -> bool {
        matches!(self, CaseState::Open | CaseState::Suspended)
    }
}

/// How a case ends before its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EndKind {
    /// The applicant took the application back.
    Withdrawn,
    /// The branch meeting did not accept (DEV-15).
    VoteFailed,
    /// A review found him not qualified (DEV-10, DEV-12, DEV-13).
    ReviewFailed,
    /// The superior did not approve (DEV-17).
    NotApproved,
    /// 取消预备党员资格, approved (DEV-24). Follows from that step and is never chosen.
    Cancelled,
    /// Left the enterprise, or the register.
    Left,
    /// Something else, as the reason says.
    Other,
}

impl EndKind {
    /// All of them.
    pub const ALL: &'static [EndKind] = &[
        EndKind::Withdrawn,
        EndKind::VoteFailed,
        EndKind::ReviewFailed,
        EndKind::NotApproved,
        EndKind::Cancelled,
        EndKind::Left,
        EndKind::Other,
    ];

    /// The identifier stored and used in JSON.
    pub fn key(self) -> &'static str {
        match self {
            EndKind::Withdrawn => "withdrawn",
            EndKind::VoteFailed => "vote_failed",
            EndKind::ReviewFailed => "review_failed",
            EndKind::NotApproved => "not_approved",
            EndKind::Cancelled => "cancelled",
            EndKind::Left => "left",
            EndKind::Other => "other",
        }
    }

    /// The kind of an identifier.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.key() == key)
    }

    /// The Chinese name.
    pub fn name(self) -> &'static str {
        match self {
            EndKind::Withdrawn => "本人撤回入党申请",
            EndKind::VoteFailed => "支部大会未通过",
            EndKind::ReviewFailed => "审查不合格",
            EndKind::NotApproved => "上级党委未批准",
            EndKind::Cancelled => "取消预备党员资格",
            EndKind::Left => "已离开",
            EndKind::Other => "其他原因",
        }
    }
}

/// A step that was taken, with what was filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// The step, its day, what came of it.
    pub mark: Mark,
    /// What was filled in.
    pub values: Values,
}

/// A case as the rules see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// Whose.
    pub person: PersonId,
    /// Whether it goes on.
    pub state: CaseState,
    /// The last step that the register showed to be behind him when the case was opened: its day and those before may lie long before
    /// their entry, and his standing follows no more from them.
    pub known: Option<Step>,
    /// The steps, in the order in which they were taken.
    pub taken: Vec<Taken>,
}

impl Case {
    /// The steps without what was filled in.
    pub fn track(&self) -> Track {
        Track(self.taken.iter().map(|taken| taken.mark).collect())
    }

    /// Which taking of a step the next one will be, from 1.
    pub fn next_n(&self, step: Step) -> u32 {
        self.taken.iter().filter(|taken| taken.mark.step == step).count() as u32 + 1
    }

    /// What was filled in when a step was last taken.
    pub fn values(&self, step: Step) -> Option<&Values> {
        self.taken.iter().rev().find(|taken| taken.mark.step == step).map(|taken| &taken.values)
    }

    /// What a step's form can begin with: the mentors as sponsors, what the register has of a mobile person.
    pub fn prefill(&self, step: Step, mobile: bool) -> Values {
        let text = |key: &str, choice: &str| (key.to_owned(), Value::Text(choice.to_owned()));
        let mut values = Values::default();
        match step {
            Step::SponsorAssignment => {
                let mentors = self.values(Step::MentorAssignment).map_or(&[][..], |taken| taken.persons("mentors"));
                if mentors.len() == 2 {
                    values
                        .0
                        .extend([("sponsors".to_owned(), Value::Persons(mentors.to_vec())), text("way", "mentors")]);
                }
            }
            Step::PoliticalReview => values.0.extend([text("mobile", if mobile { "yes" } else { "no" })]),
            Step::AdmissionVote | Step::ConversionVote => values.0.extend([text("ballot", "secret")]),
            _ => {}
        }
        values
    }

    /// Whether a step lay behind him already when the case was opened.
    pub fn is_known(&self, step: Step) -> bool {
        self.known.is_some_and(|known| step <= known)
    }
}

//! What the register says, as far as a step depends on it. Read by the store in the transaction in which the step is written.

use super::step::Step;
use crate::codes::Stage;
use crate::date::PartialDate;
use crate::ids::{MeetingId, OrgId, PersonId, ResolutionId};
use crate::meeting::{VoteCount, VoteKind};
use crate::org::OrgKind;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// Who acts, in terms of the case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Doer {
    /// May do the work of the case's branch.
    pub branch: bool,
    /// What the organisations are for which he decides, all strictly above the branch.
    pub superiors: Vec<OrgKind>,
}

/// An organisation in which a case may be, or which a step names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Which.
    pub org: OrgId,
    /// What it is.
    pub kind: OrgKind,
    /// The branch: itself, or the one above a group.
    pub branch: OrgId,
    /// Whether it stands no more.
    pub dissolved: bool,
    /// Whether the branch has a committee on the day of the step (ORG-04).
    pub has_committee: bool,
    /// Whether the branch has groups.
    pub has_groups: bool,
}

/// Somebody named at a step, on the day of the step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The name, for the words of a refusal.
    pub name: String,
    /// Since when a full member; none who is none.
    pub full_since: Option<Date>,
    /// Whether he has left.
    pub left: bool,
    /// 受留党察看处分: without the rights of a member on that day (VOTE-03).
    pub deprived: bool,
    /// 书记、副书记、组织委员 of the branch or of an organisation above it on that day.
    pub officer: bool,
}

/// A vote on the case at a meeting of the branch's members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldVote {
    /// The resolution.
    pub resolution: ResolutionId,
    /// The meeting.
    pub meeting: MeetingId,
    /// What was voted on.
    pub kind: VoteKind,
    /// The day of the meeting.
    pub on: Date,
    /// Whether the record is archived: from then on it counts.
    pub archived: bool,
    /// The counts.
    pub count: VoteCount,
    /// Whether a step rests on it already.
    pub relied_on: bool,
}

/// The facts of one step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// Who acts.
    pub doer: Doer,
    /// The applicant's day of birth.
    pub born: Option<PartialDate>,
    /// His standing in the register.
    pub stage: Stage,
    /// Whether he has left.
    pub left: bool,
    /// Whether the register has him as 流动.
    pub mobile: bool,
    /// 入党时间 in the register.
    pub joined_on: Option<PartialDate>,
    /// Where he is.
    pub place: Place,
    /// Those whom the step names.
    pub named: BTreeMap<PersonId, Named>,
    /// Organisations that the step names.
    pub orgs: BTreeMap<OrgId, Place>,
    /// The papers that are there: step, which taking of it, key.
    pub papers: BTreeSet<(Step, u32, String)>,
    /// Full members of the branch with a vote on the day of the step (VOTE-03).
    pub voters: u32,
    /// Votes on the case, oldest first.
    pub votes: Vec<HeldVote>,
}

//! 换届选举 and 补选 (ELEC-*, ORG-06, ORG-07, VOTE-03): an election from the request to the superior's confirmation, as one value that
//! commands change. Only counts are known: whose ballot said what is never among them.
//!
//! Ground: 《中国共产党基层组织选举工作条例》 of 2020. Published texts differ on ELEC-05: questions and answers of 2023 (旗帜网) count half of
//! those who should come (应到会), as the rules for local organisations do; collections of exam questions count half of those who came
//! (实到会), as the provisional rules of 1990 did. The stricter reading is taken: who passes it passes the other one too.

mod decide;
mod order;
mod round;
#[cfg(test)]
mod tests;

pub use decide::{Command, Facts, decide};
pub use order::by_strokes;
pub use round::{Count, Round, Standing, Verdict, result};

use crate::ids::PersonId;
use crate::measure::{Measure, Measures};
use crate::org::PostKind;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

macro_rules! keyed {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $key:literal, $word:literal;)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$doc])* $variant),+ }
        impl $name {
            /// All, in order.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];
            /// The identifier used in JSON and stored.
            pub fn key(self) -> &'static str { match self { $($name::$variant => $key),+ } }
            /// The Chinese name.
            pub fn name(self) -> &'static str { match self { $($name::$variant => $word),+ } }
            /// That of an identifier.
            pub fn from_key(key: &str) -> Option<Self> { Self::ALL.iter().copied().find(|one| one.key() == key) }
        }
    };
}

keyed! {
    /// Why there is an election.
    ElectionKind {
        /// The whole committee, because its term ends (ORG-06).
        ReElection = "re_election", "换届选举";
        /// Single seats that fell vacant (ORG-09).
        ByElection = "by_election", "补选";
    }
}

keyed! {
    /// Where an election stands.
    ElectionState {
        /// 筹备: seats, candidates; nothing asked yet.
        Preparing = "preparing", "筹备";
        /// 已请示: the superior has it.
        Requested = "requested", "已请示";
        /// 已批复: the meeting may be called.
        Approved = "approved", "已批复";
        /// 选举大会: the meeting is valid, ballots are counted.
        Held = "held", "计票";
        /// 选出: the seats are decided, the posts are not.
        Elected = "elected", "分工";
        /// The posts are decided, the report is not made.
        Assigned = "assigned", "待报告";
        /// 已报批.
        Reported = "reported", "已报批";
        /// 已批准: in force.
        Confirmed = "confirmed", "已批准";
        /// Given up.
        Cancelled = "cancelled", "已取消";
    }
}

impl ElectionState {
    /// Whether nothing more follows.
    pub fn is_over(self) -> bool {
        matches!(self, ElectionState::Confirmed | ElectionState::Cancelled)
    }
}

/// Somebody in an election.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// Who.
    pub person: PersonId,
    /// The name at that time.
    pub name: String,
}

/// Something that was done on a day, with a remark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Act {
    /// When.
    pub on: Date,
    /// Remark: the number of a reply, conditions.
    pub note: String,
}

/// The members' meeting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assembly {
    /// When.
    pub on: Date,
    /// Where.
    pub place: String,
    /// 应到会有选举权的, from the register on that day (VOTE-03).
    pub expected: u32,
    /// 实到会有选举权的.
    pub present: u32,
}

/// A post given to somebody elected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assigned {
    /// Who.
    pub person: PersonId,
    /// Which post.
    pub post: PostKind,
    /// For secretaries elected by the committee (ELEC-06): how many of its members voted for.
    pub in_favour: Option<u32>,
}

/// An election.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Election {
    /// Why.
    pub kind: ElectionKind,
    /// Where it stands.
    pub state: ElectionState,
    /// 应选: how many are to be elected.
    pub seats: u32,
    /// Whether the organisation has a committee; without one the members elect the secretary themselves (ELEC-06).
    pub committee: bool,
    /// The day planned for the meeting.
    pub planned_on: Date,
    /// The last day of the running term, where it is known.
    pub term_end: Option<Date>,
    /// Who stands, in the order of strokes.
    pub candidates: Vec<Named>,
    /// 监票人.
    pub tellers: Vec<Named>,
    /// The request to the superior (ELEC-07).
    pub request: Option<Act>,
    /// The superior's reply.
    pub reply: Option<Act>,
    /// Why the superior gave it back, the last time.
    pub returned: Option<String>,
    /// The meeting.
    pub assembly: Option<Assembly>,
    /// Its rounds, void ones with them.
    pub rounds: Vec<Round>,
    /// The posts.
    pub posts: Vec<Assigned>,
    /// The report (ELEC-06).
    pub report: Option<Act>,
    /// The superior's confirmation.
    pub confirmation: Option<Act>,
}

impl Election {
    /// How many candidates there must be at least: the seats and a fifth more, rounded up (ELEC-03). Where the members elect the
    /// secretary themselves nothing is prescribed beyond the seats.
    pub fn candidates_needed(&self, measures: &Measures, on: Date) -> u32 {
        let percent = u32::try_from(measures.get(Measure::SurplusPercent, on)).unwrap_or(0);
        if self.committee { self.seats + (self.seats * percent).div_ceil(100) } else { self.seats }
    }

    /// How many of those entitled must come, out of so many: four fifths, rounded up (ELEC-02).
    pub fn quorum(expected: u32, measures: &Measures, on: Date) -> u32 {
        let percent = u32::try_from(measures.get(Measure::ElectionQuorumPercent, on)).unwrap_or(100);
        (expected * percent).div_ceil(100)
    }

    /// Those who are elected so far, the most votes first.
    pub fn elected(&self) -> Vec<PersonId> {
        let expected = self.assembly.as_ref().map_or(0, |assembly| assembly.expected);
        self.rounds.iter().flat_map(|round| result(round, expected).elected).collect()
    }

    /// Seats still empty.
    pub fn empty_seats(&self) -> u32 {
        self.seats.saturating_sub(self.elected().len() as u32)
    }

    /// The round to be counted now: which candidates, how many seats; none when nothing is to be counted. A void round is taken again;
    /// a second round is among those with equal votes, or among all who were not elected, and there is no third.
    pub fn next_round(&self) -> Option<(Vec<PersonId>, u32)> {
        if self.state != ElectionState::Held {
            return None;
        }
        let expected = self.assembly.as_ref().map_or(0, |assembly| assembly.expected);
        let counted: Vec<&Round> = self.rounds.iter().filter(|round| !round.is_void()).collect();
        match counted.as_slice() {
            [] => Some((self.candidates.iter().map(|one| one.person).collect(), self.seats)),
            [first] if self.empty_seats() > 0 => {
                let outcome = result(first, expected);
                let among = if outcome.tied.is_empty() {
                    first.candidates().filter(|person| !outcome.elected.contains(person)).collect()
                } else {
                    outcome.tied
                };
                Some((among, self.empty_seats()))
            }
            _ => None,
        }
    }

    /// The name of somebody in it.
    pub fn name_of(&self, person: PersonId) -> Option<&str> {
        let written = self.rounds.iter().flat_map(|round| &round.counts).filter_map(|count| count.written.as_ref());
        self.candidates.iter().chain(written).find(|one| one.person == person).map(|one| one.name.as_str())
    }
}

//! One round of voting and what came of it (ELEC-04, ELEC-05).

use super::Named;
use crate::ids::PersonId;
use serde::{Deserialize, Serialize};

/// The votes for one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// Who.
    pub person: PersonId,
    /// 赞成.
    pub in_favour: u32,
    /// 不赞成.
    pub against: u32,
    /// 弃权.
    pub abstained: u32,
    /// 另选他人: somebody who was not on the ballot, with the name; only votes in favour.
    pub written: Option<Named>,
}

/// A round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Round {
    /// How many are to be elected in it.
    pub seats: u32,
    /// 发出.
    pub issued: u32,
    /// 收回.
    pub returned: u32,
    /// Of these not valid: more chosen than seats.
    pub invalid: u32,
    /// The counts; none when the round is void.
    pub counts: Vec<Count>,
}

impl Round {
    /// More came back than were given out: the round counts for nothing and is taken again (ELEC-04).
    pub fn is_void(&self) -> bool {
        self.returned > self.issued
    }

    /// Valid ballots.
    pub fn valid(&self) -> u32 {
        self.returned.saturating_sub(self.invalid)
    }

    /// Those on the ballot.
    pub fn candidates(&self) -> impl Iterator<Item = PersonId> + '_ {
        self.counts.iter().filter(|count| count.written.is_none()).map(|count| count.person)
    }
}

/// What a person's votes come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// 当选.
    Elected,
    /// More than half, but others have more and the seats are taken.
    Outvoted,
    /// As many votes as others at the last seat: these are voted on again.
    Tied,
    /// Not more than half of those who should come.
    NotHalf,
}

/// A round's result.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standing {
    /// Who is elected, the most votes first.
    pub elected: Vec<PersonId>,
    /// Who is to be voted on again because of equal votes.
    pub tied: Vec<PersonId>,
    /// Every person with votes and what they come to, the most votes first.
    pub verdicts: Vec<(PersonId, Verdict)>,
}

/// The result of a round among so many who should come: elected is who has the votes of more than half of them (exactly half is not
/// enough), the most votes first, up to the seats; equal votes at the last seat elect nobody there (ELEC-05).
pub fn result(round: &Round, expected: u32) -> Standing {
    if round.is_void() {
        return Standing::default();
    }
    let mut ranked: Vec<&Count> = round.counts.iter().collect();
    ranked.sort_by_key(|count| (std::cmp::Reverse(count.in_favour), count.person));
    let passed: Vec<&Count> = ranked.iter().copied().filter(|count| count.in_favour * 2 > expected).collect();
    let seats = round.seats as usize;
    // Whoever has as many votes as the first one without a seat shares the last seats with him.
    let limit = passed.get(seats).map(|first_out| first_out.in_favour);
    let verdict = |count: &Count| {
        if count.in_favour * 2 <= expected {
            return Verdict::NotHalf;
        }
        match limit {
            None => Verdict::Elected,
            Some(limit) if count.in_favour > limit => Verdict::Elected,
            Some(limit) if count.in_favour < limit => Verdict::Outvoted,
            // Equal to the first one out: tied, unless all of them are beyond the seats.
            Some(limit) => {
                let ahead = passed.iter().filter(|other| other.in_favour > limit).count();
                if ahead < seats { Verdict::Tied } else { Verdict::Outvoted }
            }
        }
    };
    let verdicts: Vec<(PersonId, Verdict)> = ranked.iter().map(|count| (count.person, verdict(count))).collect();
    let of = |wanted| verdicts.iter().filter(|(_, verdict)| *verdict == wanted).map(|(person, _)| *person).collect();
    Standing { elected: of(Verdict::Elected), tied: of(Verdict::Tied), verdicts }
}

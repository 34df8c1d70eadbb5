//! How an election looks from outside.

use jiff::civil::Date;
use rules::election::{Act as Done, Assembly as Meeting, Election, Facts, Named, Round as Counted, Verdict, result};
use rules::ids::PersonId;
use serde::Serialize;
use store::ElectionRow;
use utoipa::ToSchema;

/// An election in a list.
#[derive(Serialize, ToSchema)]
pub(super) struct ElectionHead {
    id: String,
    org_id: String,
    org_name: String,
    kind: String,
    kind_name: String,
    state: String,
    state_name: String,
    planned_on: String,
    held_on: Option<String>,
}

/// Somebody by name.
#[derive(Serialize, ToSchema)]
pub(super) struct Person {
    person_id: String,
    name: String,
}

impl From<&Named> for Person {
    fn from(one: &Named) -> Self {
        Person { person_id: one.person.to_string(), name: one.name.clone() }
    }
}

/// Something done on a day.
#[derive(Serialize, ToSchema)]
pub(super) struct ElectionAct {
    on: String,
    note: String,
}

/// The meeting.
#[derive(Serialize, ToSchema)]
pub(super) struct Assembly {
    on: String,
    place: String,
    expected: u32,
    present: u32,
}

/// The votes for one person and what they come to.
#[derive(Serialize, ToSchema)]
pub(super) struct CandidateCount {
    person_id: String,
    name: String,
    in_favour: u32,
    against: u32,
    abstained: u32,
    /// Not on the ballot: chosen instead.
    written: bool,
    /// `elected`, `outvoted`, `tied`, `not_half`.
    verdict: String,
    /// The arithmetic, in words.
    reason: String,
}

/// A round of voting.
#[derive(Serialize, ToSchema)]
pub(super) struct ElectionRound {
    seats: u32,
    issued: u32,
    returned: u32,
    invalid: u32,
    valid: u32,
    void: bool,
    counts: Vec<CandidateCount>,
}

/// The round to be counted now.
#[derive(Serialize, ToSchema)]
pub(super) struct NextRound {
    number: usize,
    seats: u32,
    candidates: Vec<Person>,
}

/// A post of somebody elected.
#[derive(Serialize, ToSchema)]
pub(super) struct ElectedPost {
    person_id: String,
    name: String,
    post: String,
    post_name: String,
    in_favour: Option<u32>,
}

/// The numbers an election must reach, as they are today.
#[derive(Serialize, ToSchema)]
pub(super) struct Thresholds {
    /// 有选举权的.
    electors: u32,
    /// At least so many candidates (ELEC-03).
    candidates: u32,
    /// At least so many must come (ELEC-02).
    quorum: u32,
    /// At least so many votes in favour (ELEC-05).
    votes: u32,
    surplus_percent: i32,
}

/// An election, whole.
#[derive(Serialize, ToSchema)]
pub(super) struct ElectionView {
    #[serde(flatten)]
    head: ElectionHead,
    version: i64,
    seats: u32,
    /// Whether there is a committee that elects its secretary.
    committee: bool,
    term_end: Option<String>,
    candidates: Vec<Person>,
    tellers: Vec<Person>,
    request: Option<ElectionAct>,
    reply: Option<ElectionAct>,
    /// Why the superior gave it back, or why it was given up.
    returned: Option<String>,
    assembly: Option<Assembly>,
    rounds: Vec<ElectionRound>,
    next_round: Option<NextRound>,
    elected: Vec<Person>,
    empty_seats: u32,
    posts: Vec<ElectedPost>,
    report: Option<ElectionAct>,
    confirmation: Option<ElectionAct>,
    thresholds: Thresholds,
    /// Whether the present step is the asking actor's to take.
    may_act: bool,
    /// Whether the present step is the superior's.
    superior: bool,
}

pub(super) fn head_of(row: &ElectionRow) -> ElectionHead {
    ElectionHead {
        id: row.id.to_string(),
        org_id: row.org.to_string(),
        org_name: row.org_name.clone(),
        kind: row.kind.key().to_owned(),
        kind_name: row.kind.name().to_owned(),
        state: row.state.key().to_owned(),
        state_name: row.state.name().to_owned(),
        planned_on: row.planned_on.to_string(),
        held_on: row.held_on.map(|day| day.to_string()),
    }
}

fn act_of(act: &Done) -> ElectionAct {
    ElectionAct { on: act.on.to_string(), note: act.note.clone() }
}

fn assembly_of(meeting: &Meeting) -> Assembly {
    Assembly {
        on: meeting.on.to_string(),
        place: meeting.place.clone(),
        expected: meeting.expected,
        present: meeting.present,
    }
}

fn verdict_key(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Elected => "elected",
        Verdict::Outvoted => "outvoted",
        Verdict::Tied => "tied",
        Verdict::NotHalf => "not_half",
    }
}

/// The arithmetic of a verdict, in words.
pub(super) fn reason_of(verdict: Verdict, in_favour: u32, expected: u32) -> String {
    let half = format!("应到会有选举权的 {expected} 人，须超过半数即 {} 票以上", expected / 2 + 1);
    match verdict {
        Verdict::Elected => format!("{half}，得 {in_favour} 票，当选（ELEC-05）"),
        Verdict::Outvoted => format!("得 {in_favour} 票已超过半数，但得票更多者已取足名额（ELEC-05）"),
        Verdict::Tied => format!("得 {in_favour} 票，与他人在最后名额上票数相等，须再次投票（ELEC-05）"),
        Verdict::NotHalf => format!("{half}，得 {in_favour} 票，未当选（ELEC-05）"),
    }
}

fn round_of(election: &Election, round: &Counted, expected: u32) -> ElectionRound {
    let standing = result(round, expected);
    let counts = standing.verdicts.iter().filter_map(|(person, verdict)| {
        let count = round.counts.iter().find(|count| count.person == *person)?;
        Some(CandidateCount {
            person_id: person.to_string(),
            name: name_of(election, *person),
            in_favour: count.in_favour,
            against: count.against,
            abstained: count.abstained,
            written: count.written.is_some(),
            verdict: verdict_key(*verdict).to_owned(),
            reason: reason_of(*verdict, count.in_favour, expected),
        })
    });
    ElectionRound {
        seats: round.seats,
        issued: round.issued,
        returned: round.returned,
        invalid: round.invalid,
        valid: round.valid(),
        void: round.is_void(),
        counts: counts.collect(),
    }
}

pub(super) fn name_of(election: &Election, person: PersonId) -> String {
    election.name_of(person).unwrap_or("（已不在名单）").to_owned()
}

fn person_of(election: &Election, person: PersonId) -> Person {
    Person { person_id: person.to_string(), name: name_of(election, person) }
}

pub(super) fn view_of(
    head: &ElectionRow,
    election: &Election,
    facts: &Facts,
    (may_act, superior): (bool, bool),
    today: Date,
) -> ElectionView {
    let electors = election.assembly.as_ref().map_or(facts.electors.len() as u32, |assembly| assembly.expected);
    let next_round = election.next_round().map(|(among, seats)| NextRound {
        number: election.rounds.iter().filter(|round| !round.is_void()).count() + 1,
        seats,
        candidates: among.into_iter().map(|person| person_of(election, person)).collect(),
    });
    ElectionView {
        head: head_of(head),
        version: head.version,
        seats: election.seats,
        committee: election.committee,
        term_end: election.term_end.map(|day| day.to_string()),
        candidates: election.candidates.iter().map(Person::from).collect(),
        tellers: election.tellers.iter().map(Person::from).collect(),
        request: election.request.as_ref().map(act_of),
        reply: election.reply.as_ref().map(act_of),
        returned: election.returned.clone(),
        assembly: election.assembly.as_ref().map(assembly_of),
        rounds: election.rounds.iter().map(|round| round_of(election, round, electors)).collect(),
        next_round,
        elected: election.elected().into_iter().map(|person| person_of(election, person)).collect(),
        empty_seats: election.empty_seats(),
        posts: election
            .posts
            .iter()
            .map(|one| ElectedPost {
                person_id: one.person.to_string(),
                name: name_of(election, one.person),
                post: one.post.key().to_owned(),
                post_name: one.post.name().to_owned(),
                in_favour: one.in_favour,
            })
            .collect(),
        report: election.report.as_ref().map(act_of),
        confirmation: election.confirmation.as_ref().map(act_of),
        thresholds: Thresholds {
            electors,
            candidates: election.candidates_needed(&facts.measures, today),
            quorum: Election::quorum(electors, &facts.measures, today),
            votes: electors / 2 + 1,
            surplus_percent: facts.measures.get(rules::measure::Measure::SurplusPercent, today),
        },
        may_act,
        superior,
    }
}

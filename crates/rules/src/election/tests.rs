//! Every rule of an election with an example that passes and one that does not, and properties of the result.

use super::*;
use crate::org::PostKind::{DeputySecretary, DisciplineOfficer, OrganisationOfficer, Secretary};
use jiff::civil::date;
use proptest::prelude::*;

const TODAY: Date = date(2026, 11, 24);

fn person(n: i64) -> Named {
    const NAMES: [&str; 6] = ["魏一", "王二", "丁三", "李四", "张五", "刘六"];
    Named { person: PersonId(n), name: NAMES[n as usize % 6].to_owned() }
}

fn facts() -> Facts {
    Facts { electors: (1..=20).map(person).collect(), measures: Measures::default() }
}

fn act(on: Date) -> Act {
    Act { on, note: String::new() }
}

fn fresh() -> Election {
    Election {
        kind: ElectionKind::ReElection,
        state: ElectionState::Preparing,
        seats: 3,
        committee: true,
        planned_on: date(2026, 11, 20),
        term_end: Some(date(2026, 12, 1)),
        candidates: Vec::new(),
        tellers: Vec::new(),
        request: None,
        reply: None,
        returned: None,
        assembly: None,
        rounds: Vec::new(),
        posts: Vec::new(),
        report: None,
        confirmation: None,
    }
}

fn after(election: &Election, command: Command) -> Election {
    decide(election, &command, &facts(), TODAY).unwrap_or_else(|why| panic!("{command:?}: {why:?}"))
}

fn refused(election: &Election, command: Command) -> Vec<&'static str> {
    let refusals = decide(election, &command, &facts(), TODAY).expect_err("should be refused");
    refusals.iter().map(|refusal| refusal.code).collect()
}

fn nominate(candidates: &[i64], tellers: &[i64]) -> Command {
    let ids = |numbers: &[i64]| numbers.iter().copied().map(PersonId).collect();
    Command::Nominate { candidates: ids(candidates), tellers: ids(tellers) }
}

fn count(n: i64, in_favour: u32, against: u32, abstained: u32) -> Count {
    Count { person: PersonId(n), in_favour, against, abstained, written: None }
}

fn tally(issued: u32, returned: u32, invalid: u32, counts: Vec<Count>) -> Command {
    Command::Tally { issued, returned, invalid, counts }
}

fn hold(present: u32) -> Command {
    Command::Hold { on: date(2026, 11, 20), place: "会议室".to_owned(), present }
}

fn approved() -> Election {
    let named = after(&fresh(), nominate(&[1, 2, 3, 4], &[10]));
    let asked = after(&named, Command::Request(act(date(2026, 6, 1))));
    after(&asked, Command::Approve(act(date(2026, 6, 20))))
}

fn held() -> Election {
    after(&approved(), hold(18))
}

fn four(votes: [u32; 4]) -> Vec<Count> {
    votes.iter().zip(1..).map(|(votes, n)| count(n, *votes, 18 - votes, 0)).collect()
}

#[test]
fn an_election_goes_from_the_request_to_the_confirmation() {
    let elected = after(&held(), tally(18, 18, 0, four([17, 16, 15, 5])));
    assert_eq!(elected.state, ElectionState::Elected);
    assert_eq!(elected.elected(), [PersonId(1), PersonId(2), PersonId(3)]);
    let post = |n, post, in_favour| Assigned { person: PersonId(n), post, in_favour };
    let posts = vec![post(1, Secretary, Some(3)), post(2, OrganisationOfficer, None), post(3, DisciplineOfficer, None)];
    let assigned = after(&elected, Command::Assign(posts));
    let reported = after(&assigned, Command::Report(act(date(2026, 11, 21))));
    let confirmed = after(&reported, Command::Confirm(act(date(2026, 11, 23))));
    assert!(confirmed.state.is_over());
}

#[test]
fn a_ballot_names_candidates_by_the_strokes_of_their_family_names() {
    let names: Vec<_> = approved().candidates.into_iter().map(|one| one.name).collect();
    assert_eq!(names, ["丁三", "王二", "张五", "李四"]);
}

#[test]
fn elec_02_four_fifths_must_come() {
    assert_eq!(Election::quorum(20, &Measures::default(), TODAY), 16);
    assert_eq!(Election::quorum(18, &Measures::default(), TODAY), 15);
    assert_eq!(after(&approved(), hold(16)).assembly.map(|a| (a.expected, a.present)), Some((20, 16)));
    assert_eq!(refused(&approved(), hold(15)), ["no_quorum"]);
}

#[test]
fn elec_03_a_fifth_more_candidates_than_seats_rounded_up() {
    let needed = |seats| Election { seats, ..fresh() }.candidates_needed(&Measures::default(), TODAY);
    assert_eq!([3, 5, 6, 7].map(needed), [4, 6, 8, 9]);
    assert_eq!(Election { committee: false, seats: 1, ..fresh() }.candidates_needed(&Measures::default(), TODAY), 1);
    let few = after(&fresh(), nominate(&[1, 2, 3], &[10]));
    assert_eq!(refused(&few, Command::Request(act(TODAY))), ["too_few_candidates"]);
}

#[test]
fn elec_03_tellers_are_members_and_not_candidates() {
    assert_eq!(refused(&fresh(), nominate(&[1, 2, 3, 4], &[4])), ["teller_is_candidate"]);
    assert_eq!(refused(&fresh(), nominate(&[1, 1, 3, 4], &[10])), ["named_twice"]);
}

#[test]
fn vote_03_who_has_no_vote_cannot_stand_or_be_counted() {
    assert_eq!(refused(&fresh(), nominate(&[1, 2, 3, 99], &[10])), ["not_eligible"]);
    assert_eq!(refused(&approved(), hold(21)), ["too_many_present"]);
}

#[test]
fn elec_04_more_back_than_out_makes_the_round_void_and_it_is_taken_again() {
    let void = after(&held(), tally(18, 19, 0, Vec::new()));
    assert_eq!((void.state, void.rounds.len()), (ElectionState::Held, 1));
    assert_eq!(void.next_round().map(|(among, seats)| (among.len(), seats)), Some((4, 3)));
    assert_eq!(after(&void, tally(18, 18, 0, four([17, 16, 15, 5]))).state, ElectionState::Elected);
}

#[test]
fn elec_04_counts_must_agree_with_the_ballots() {
    let refuse = |command| refused(&held(), command);
    assert_eq!(refuse(tally(19, 18, 0, four([17, 16, 15, 5]))), ["too_many_issued"]);
    assert_eq!(refuse(tally(18, 18, 1, four([17, 15, 14, 4]))), ["bad_count"; 4]);
    assert_eq!(refuse(tally(18, 18, 0, four([17, 16, 15, 5])[..3].to_vec())), ["missing_required"]);
    // 18 ballots for three seats hold at most 54 votes in favour.
    assert_eq!(refuse(tally(18, 18, 0, four([18, 18, 18, 1]))), ["too_many_chosen"]);
    let mut written = four([17, 16, 18, 3]);
    let other = Some(person(7));
    written.push(Count { person: PersonId(7), in_favour: 18, against: 0, abstained: 0, written: other.clone() });
    assert_eq!(refuse(tally(18, 18, 0, written.clone())), ["too_many_chosen"; 1]);
    written = four([17, 17, 17, 3]);
    written.push(Count { person: PersonId(7), in_favour: 19, against: 0, abstained: 0, written: other });
    assert!(refuse(tally(18, 18, 0, written)).contains(&"too_many_chosen"));
}

#[test]
fn elec_04_who_abstains_may_not_choose_another() {
    let mut counts: Vec<Count> = (1..=4).map(|n| count(n, 11, 0, 7)).collect();
    counts.push(Count { person: PersonId(7), in_favour: 1, against: 0, abstained: 0, written: Some(person(7)) });
    assert_eq!(refused(&held(), tally(18, 18, 0, counts)), ["too_many_written"]);
}

#[test]
fn elec_05_exactly_half_of_those_who_should_come_is_not_enough() {
    let round = |votes: &[u32]| Round {
        seats: 1,
        issued: 20,
        returned: 20,
        invalid: 0,
        counts: votes.iter().zip(1..).map(|(votes, n)| count(n, *votes, 20 - votes, 0)).collect(),
    };
    assert_eq!(result(&round(&[10]), 20).verdicts, [(PersonId(1), Verdict::NotHalf)]);
    assert_eq!(result(&round(&[11]), 20).elected, [PersonId(1)]);
    assert_eq!(
        result(&round(&[13, 12]), 20).verdicts,
        [(PersonId(1), Verdict::Elected), (PersonId(2), Verdict::Outvoted)]
    );
    assert_eq!(result(&round(&[12, 12]), 20).tied, [PersonId(1), PersonId(2)]);
}

#[test]
fn elec_05_equal_votes_at_the_last_seat_are_voted_on_again_among_the_tied() {
    let tied = after(&held(), tally(18, 18, 0, four([16, 13, 12, 12])));
    assert_eq!((tied.state, tied.elected()), (ElectionState::Held, vec![PersonId(1), PersonId(2)]));
    assert_eq!(tied.next_round(), Some((vec![PersonId(3), PersonId(4)], 1)));
    let again = after(&tied, tally(18, 18, 0, vec![count(3, 7, 11, 0), count(4, 11, 7, 0)]));
    assert_eq!((again.state, again.elected().last()), (ElectionState::Elected, Some(&PersonId(4))));
}

#[test]
fn elec_05_after_two_rounds_the_meeting_settles_with_those_elected() {
    let first = after(&held(), tally(18, 18, 0, four([16, 13, 10, 9])));
    assert_eq!(first.next_round(), Some((vec![PersonId(3), PersonId(4)], 1)));
    let second = after(&first, tally(18, 18, 0, vec![count(3, 10, 8, 0), count(4, 8, 10, 0)]));
    assert_eq!((second.state, second.next_round()), (ElectionState::Held, None));
    assert_eq!(refused(&second, tally(18, 18, 0, four([18, 18, 18, 0]))), ["wrong_step"]);
    assert_eq!(
        after(&second, Command::Settle("经半数以上到会人员同意，减少 1 名".into())).state,
        ElectionState::Elected
    );
    assert_eq!(refused(&second, Command::Settle(" ".into())), ["missing_required"]);
}

#[test]
fn elec_06_the_committee_elects_its_secretary_by_more_than_half() {
    let elected = after(&held(), tally(18, 18, 0, four([17, 16, 15, 5])));
    let post = |n, post, in_favour| Assigned { person: PersonId(n), post, in_favour };
    let posts =
        |votes| vec![post(1, Secretary, votes), post(2, DeputySecretary, Some(3)), post(3, DisciplineOfficer, None)];
    assert_eq!(refused(&elected, Command::Assign(posts(Some(1)))), ["not_half"]);
    assert_eq!(refused(&elected, Command::Assign(posts(None))), ["not_half"]);
    assert_eq!(after(&elected, Command::Assign(posts(Some(2)))).state, ElectionState::Assigned);
    assert_eq!(refused(&elected, Command::Assign(posts(Some(2))[1..].to_vec())), ["missing_required", "secretary"]);
    let two = vec![post(1, Secretary, Some(3)), post(2, Secretary, Some(3)), post(3, DisciplineOfficer, None)];
    assert!(refused(&elected, Command::Assign(two)).contains(&"secretary"));
}

#[test]
fn elec_07_nothing_is_held_before_the_reply_nor_in_the_future() {
    assert_eq!(refused(&fresh(), hold(18)), ["wrong_step"]);
    let early = Command::Hold { on: date(2026, 6, 19), place: "会议室".into(), present: 18 };
    assert_eq!(refused(&approved(), early), ["bad_date"]);
    let late = Command::Hold { on: date(2026, 11, 25), place: "会议室".into(), present: 18 };
    assert_eq!(refused(&approved(), late), ["bad_date"]);
    let named = after(&fresh(), nominate(&[1, 2, 3, 4], &[10]));
    assert_eq!(refused(&named, Command::Request(act(date(2026, 11, 25)))), ["bad_date"]);
}

#[test]
fn org_07_a_re_election_is_at_most_a_year_early_or_late() {
    let plan = |planned_on| Command::Plan { seats: 3, planned_on };
    assert_eq!(after(&fresh(), plan(date(2027, 12, 1))).planned_on, date(2027, 12, 1));
    assert_eq!(refused(&fresh(), plan(date(2027, 12, 2))), ["term"]);
    assert_eq!(refused(&fresh(), plan(date(2025, 11, 30))), ["term"]);
    let leap = Election { term_end: Some(date(2028, 2, 29)), ..fresh() };
    assert_eq!(after(&leap, plan(date(2029, 3, 1))).planned_on, date(2029, 3, 1));
}

#[test]
fn org_04_a_committee_has_at_least_three_seats_and_a_branch_without_one_at_most_two() {
    let plan = |seats| Command::Plan { seats, planned_on: date(2026, 11, 20) };
    assert_eq!(refused(&fresh(), plan(2)), ["bad_seats"]);
    let small = Election { committee: false, ..fresh() };
    assert_eq!(after(&small, plan(1)).seats, 1);
    assert_eq!(refused(&small, plan(3)), ["bad_seats"]);
}

proptest! {
    #[test]
    fn a_result_elects_no_more_than_the_seats_and_nobody_by_half_or_less(
        votes in prop::collection::vec(0..40_u32, 1..9), seats in 1..6_u32, expected in 1..45_u32, turn in any::<prop::sample::Index>(),
    ) {
        let counts: Vec<Count> = votes.iter().zip(1..).map(|(votes, n)| count(n, *votes, 0, 0)).collect();
        let round = |counts: Vec<Count>| Round { seats, issued: 40, returned: 40, invalid: 0, counts };
        let standing = result(&round(counts.clone()), expected);
        prop_assert!(standing.elected.len() <= seats as usize);
        for person in standing.elected.iter().chain(&standing.tied) {
            prop_assert!(votes[person.0 as usize - 1] * 2 > expected);
        }
        // Nobody who is left out has more votes than somebody elected.
        let least = standing.elected.iter().map(|person| votes[person.0 as usize - 1]).min().unwrap_or(u32::MAX);
        for (person, verdict) in &standing.verdicts {
            if !matches!(verdict, Verdict::Elected) {
                prop_assert!(votes[person.0 as usize - 1] <= least);
            }
        }
        // Seats stay empty only for want of votes or because of equal ones.
        let passed = votes.iter().filter(|votes| **votes * 2 > expected).count();
        prop_assert!(standing.elected.len() == passed.min(seats as usize) || !standing.tied.is_empty());
        let mut turned = counts;
        let at = turn.index(turned.len());
        turned.rotate_left(at);
        prop_assert_eq!(result(&round(turned), expected), standing);
    }
}

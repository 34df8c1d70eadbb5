//! Persons: learning, training, transfers, contact, arrears.

use super::*;
use Activity as A;

const LATER: Date = date(2027, 6, 1);

fn one(person: &PersonFacts, activity: A) -> Vec<String> {
    table(&of(&Office::default().about(person, 2026), activity), LATER)
}

fn hours(tenths: i64) -> Vec<Hours> {
    vec![Hours { year: 2026, tenths, last: date(2026, 12, 3) }]
}

#[test]
fn edu_01_thirty_two_hours_a_year_are_enough_and_a_tenth_less_is_not() {
    assert_eq!(one(&member(), A::LearningHours), ["2026-01-01 2026-12-31 overdue"]);
    assert_eq!(
        one(&PersonFacts { hours: hours(319), ..member() }, A::LearningHours),
        ["2026-01-01 2026-12-31 overdue"]
    );
    assert_eq!(one(&PersonFacts { hours: hours(320), ..member() }, A::LearningHours), ["2026-01-01 2026-12-31 done"]);
    let other_year = vec![Hours { year: 2025, ..hours(400)[0] }];
    assert_eq!(
        one(&PersonFacts { hours: other_year, ..member() }, A::LearningHours),
        ["2026-01-01 2026-12-31 overdue"]
    );
}

#[test]
fn edu_01_who_joined_in_the_second_half_or_left_is_not_asked() {
    let from = |day| {
        let mut person = member();
        person.stages[0].from = day;
        one(&person, A::LearningHours)
    };
    assert_eq!(from(date(2026, 7, 2)), ["2026-07-02 2026-12-31 overdue"]); // 183 of 365 days
    assert_eq!(from(date(2026, 7, 3)), [""; 0]);
    let mut left = member();
    left.stages[0].to = date(2026, 12, 31);
    assert_eq!(one(&left, A::LearningHours), [""; 0]);
    assert_eq!(one(&on_the_way(Stage::Activist, date(2025, 1, 1)), A::LearningHours), [""; 0]);
}

#[test]
fn edu_02_who_sits_on_a_committee_needs_more_hours_and_a_training() {
    let mut officer = member();
    officer.posts.push(held(PostKind::OrganisationOfficer, 100, date(2024, 3, 1), Date::MAX));
    officer.hours = hours(400);
    assert_eq!(one(&officer, A::LearningHours), [""; 0]);
    assert_eq!(one(&officer, A::OfficerLearningHours), ["2026-01-01 2026-12-31 overdue"]);
    assert_eq!(one(&officer, A::OfficerTraining), ["2026-01-01 2026-12-31 overdue"]);
    officer.hours = hours(560);
    assert_eq!(one(&officer, A::OfficerLearningHours), ["2026-01-01 2026-12-31 done"]);
    let trained = officer.clone().with([fact(A::OfficerTraining, date(2026, 4, 10))]);
    assert_eq!(one(&trained, A::OfficerTraining), ["2026-01-01 2026-12-31 done"]);
    let other_year = officer.clone().with([fact(A::OfficerTraining, date(2027, 1, 10))]);
    assert_eq!(one(&other_year, A::OfficerTraining), ["2026-01-01 2026-12-31 overdue"]);
    officer.posts[0].post = PostKind::GroupLeader;
    assert_eq!(one(&officer, A::OfficerTraining), [""; 0]);
}

#[test]
fn edu_02_a_new_secretary_is_trained_within_half_a_year() {
    let mut secretary = member();
    secretary.posts.push(held(PostKind::Secretary, 100, date(2026, 8, 31), Date::MAX));
    assert_eq!(one(&secretary, A::NewSecretaryTraining), ["2026-08-31 2027-02-28 overdue"]);
    let trained = secretary.clone().with([fact(A::NewSecretaryTraining, date(2027, 2, 28))]);
    assert_eq!(one(&trained, A::NewSecretaryTraining), ["2026-08-31 2027-02-28 done"]);
    secretary.posts.insert(0, held(PostKind::Secretary, 100, date(2023, 8, 31), date(2026, 8, 31)));
    assert_eq!(one(&secretary, A::NewSecretaryTraining), [""; 0], "elected again is not new");
}

#[test]
fn edu_02_a_new_member_is_trained_within_a_year_of_becoming_full() {
    let mut new = member();
    new.joined_on = Some(PartialDate::day(date(2025, 3, 5)));
    new.full_on = Some(PartialDate::day(date(2026, 3, 5)));
    assert_eq!(one(&new, A::NewMemberTraining), ["2026-03-05 2027-03-05 overdue"]);
    let during_probation = new.clone().with([fact(A::NewMemberTraining, date(2025, 9, 1))]);
    assert_eq!(one(&during_probation, A::NewMemberTraining), ["2026-03-05 2027-03-05 done"]);
    new.full_on = Some(PartialDate::day(date(2025, 6, 1)));
    assert_eq!(one(&new, A::NewMemberTraining), [""; 0], "more than half of the year was over when the calendar began");
    assert_eq!(one(&member(), A::NewMemberTraining), [""; 0]);
}

#[test]
fn edu_04_a_letter_is_answered_while_it_is_valid() {
    let asked = TransferAsked {
        id: crate::ids::TransferId(3),
        to: OrgId(20),
        on: date(2026, 8, 26),
        due: date(2026, 11, 24),
        accepted: None,
    };
    let person = PersonFacts { transfers: vec![asked], ..member() };
    let duties = Office::default().about(&person, 2026);
    let duty = of(&duties, A::TransferAcceptance)[0];
    assert_eq!(
        (duty.org, duty.status(date(2026, 11, 24)), duty.status(date(2026, 11, 25))),
        (OrgId(20), Status::Due, Status::Overdue)
    );
    let taken =
        PersonFacts { transfers: vec![TransferAsked { accepted: Some(date(2026, 9, 1)), ..asked }], ..member() };
    assert_eq!(one(&taken, A::TransferAcceptance), ["2026-08-26 2026-11-24 done"]);
    let stricter = Office::default().stricter(Measure::TransferDays, 30).about(&person, 2026);
    assert_eq!(of(&stricter, A::TransferAcceptance)[0].due, date(2026, 9, 25));
}

#[test]
fn edu_05_the_terms_are_called_to_mind_and_never_late() {
    let mut suspended = PersonFacts { membership: Membership::Suspended, ..member() };
    suspended.stages[0].to = date(2024, 2, 29);
    let duties = Office::default().about(&suspended, 2026);
    let found = of(&duties, A::ContactSearch);
    assert_eq!((found[0].due, found[0].hint), (date(2026, 3, 1), true));
    assert_eq!((found[0].status(date(2026, 2, 28)), found[0].status(LATER)), (Status::Upcoming, Status::Due));
    let lost = PersonFacts { membership: Membership::OutOfContact, ..member() };
    assert_eq!(one(&lost, A::ContactSearch), [""; 0], "no day is known");
    let searched = lost.with([fact(A::ContactSearch, date(2026, 2, 10))]);
    assert_eq!(one(&searched, A::ContactSearch), ["2026-02-10 2026-08-10 due"]);
}

#[test]
fn edu_06_what_was_to_be_mended_is_looked_at_within_a_year() {
    let begun = |until| Fact { outcome: Outcome::Begun, until, ..fact(A::Rectification, date(2026, 2, 10)) };
    let person = |until| member().with([begun(until)]);
    assert_eq!(one(&person(Some(date(2026, 8, 10))), A::Rectification), ["2026-02-10 2026-08-10 overdue"]);
    assert_eq!(one(&person(Some(date(2028, 1, 1))), A::Rectification), ["2026-02-10 2027-02-10 overdue"]);
    let ended = person(None).with([fact(A::Rectification, date(2026, 12, 1))]);
    assert_eq!(one(&ended, A::Rectification), ["2026-02-10 2027-02-10 done"]);
}

#[test]
fn dues_05_arrears_are_told_to_the_member_the_branch_and_the_superior_in_turn() {
    let person = PersonFacts { owes_since: Some(date(2026, 3, 1)), ..member() };
    let duties = Office::default().about(&person, 2026);
    let told = of(&duties, A::DuesArrears);
    let shown: Vec<_> = told.iter().map(|duty| (duty.remind_from, duty.holder(), duty.due)).collect();
    let lapse = date(2026, 8, 31);
    assert_eq!(
        shown,
        [
            (date(2026, 5, 1), Holder::Person, lapse),
            (date(2026, 7, 1), Holder::Organisation, lapse),
            (date(2026, 8, 1), Holder::Superior, lapse)
        ]
    );
    assert_eq!(told[1].status(date(2026, 6, 30)), Status::Upcoming);
    let spoken = |today| told.iter().filter(|duty| duty.is_spoken_of(today)).count();
    assert_eq!([date(2026, 3, 31), date(2026, 5, 1), date(2026, 8, 1)].map(spoken), [0, 1, 3]);
    assert_eq!(told[1].status(date(2026, 7, 1)), Status::Due);
    assert_eq!(told[1].status(date(2026, 9, 1)), Status::Overdue);
    assert_eq!(one(&member(), A::DuesArrears), [""; 0]);
}

#[test]
fn a_persons_key_stays_when_the_person_moves() {
    let here = Office::default().about(&member(), 2026);
    let there = Office::default().about(&PersonFacts { org: OrgId(30), ..member() }, 2026);
    assert_eq!(here[0].key(), there[0].key());
    assert_eq!(here[0].key(), "EDU-01.learning_hours.p100.20260101.1");
    assert_eq!(read_key(&here[0].key()), Some((Whose::Person(SOMEBODY), date(2026, 1, 1))));
}

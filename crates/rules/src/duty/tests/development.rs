//! 发展党员: each rule with what fulfils it and what does not, month-ends and 29 February.

use super::*;
use Activity as A;

const LATER: Date = date(2029, 1, 1);

fn shown(person: &PersonFacts, activity: A) -> Vec<String> {
    let demand = Office::default();
    let span = Days { first: date(2026, 1, 1), last: date(2028, 12, 31) };
    let duties = in_order(of_person(person, &demand.demand(), span));
    table(&of(&duties, activity), LATER)
}

fn outcome(activity: A, on: Date, outcome: Outcome, until: Option<Date>) -> Fact {
    Fact { outcome, until, ..fact(activity, on) }
}

#[test]
fn dev_02_a_talk_within_a_month_of_the_application() {
    let applied = |on| on_the_way(Stage::Applicant, on).with([fact(A::Application, on)]);
    assert_eq!(shown(&applied(date(2026, 1, 31)), A::ApplicationTalk), ["2026-01-31 2026-02-28 overdue"]);
    assert_eq!(shown(&applied(date(2028, 1, 31)), A::ApplicationTalk), ["2028-01-31 2028-02-29 overdue"]);
    let talked = applied(date(2026, 1, 31)).with([fact(A::ApplicationTalk, date(2026, 2, 28))]);
    assert_eq!(shown(&talked, A::ApplicationTalk), ["2026-01-31 2026-02-28 done"]);
    let duties = Office::default().about(&applied(date(2026, 3, 5)), 2026);
    assert_eq!(of(&duties, A::ApplicationTalk)[0].remind_from, date(2026, 3, 29));
}

#[test]
fn dev_02_an_applicant_of_the_register_is_talked_to_and_one_of_long_ago_was() {
    let registered = |on| PersonFacts { applied_on: Some(PartialDate::day(on)), ..on_the_way(Stage::Applicant, on) };
    assert_eq!(shown(&registered(date(2026, 3, 5)), A::ApplicationTalk), ["2026-03-05 2026-04-05 overdue"]);
    assert_eq!(shown(&registered(date(2025, 12, 31)), A::ApplicationTalk), [""; 0]);
    let month = PersonFacts { applied_on: PartialDate::parse("2026.03").ok(), ..registered(date(2026, 3, 1)) };
    assert_eq!(shown(&month, A::ApplicationTalk), [""; 0], "the day is not known");
}

fn activist(since: Date) -> PersonFacts {
    on_the_way(Stage::Activist, since).with([
        fact(A::Application, add(since, -90)),
        fact(A::ApplicationTalk, add(since, -80)),
        fact(A::ActivistSelection, since),
    ])
}

#[test]
fn dev_30_of_a_case_that_rests_nothing_is_asked_until_it_goes_on() {
    let open = activist(date(2026, 8, 31)).with([fact(A::CultivationReview, date(2027, 2, 28))]);
    assert!(shown(&open, A::CultivationReview).iter().any(|row| row.ends_with("overdue")));
    let resting = PersonFacts { case_rests: true, ..open };
    assert_eq!(shown(&resting, A::CultivationReview), ["2026-08-31 2027-02-28 done"], "what was done stays");
    assert_eq!(shown(&resting, A::CandidateSelection), [""; 0]);
}

fn add(day: Date, days: i32) -> Date {
    crate::date::add_days(day, days)
}

#[test]
fn dev_06_an_activist_is_reviewed_every_half_year_as_long_as_he_is_one() {
    let person = activist(date(2026, 8, 31))
        .with([fact(A::CultivationReview, date(2027, 2, 28)), fact(A::CandidateSelection, date(2027, 9, 15))]);
    assert_eq!(
        shown(&person, A::CultivationReview),
        ["2026-08-31 2027-02-28 done", "2027-03-01 2027-08-31 overdue"],
        "the third half-year was not lived to its end"
    );
}

#[test]
fn dev_06_an_activist_of_the_register_is_reviewed_from_when_the_calendar_began() {
    let registered = on_the_way(Stage::Activist, date(2025, 10, 15));
    assert_eq!(shown(&registered, A::CultivationReview)[0], "2025-10-15 2026-04-15 overdue");
    let older = on_the_way(Stage::Activist, date(2025, 9, 1));
    assert_eq!(shown(&older, A::CultivationReview)[0], "2026-03-02 2026-09-01 overdue", "less than half was left");
}

#[test]
fn dev_07_the_full_year_is_a_hint_and_never_late() {
    let duties = Office::default().about(&activist(date(2026, 2, 10)), 2027);
    let hint = of(&duties, A::CandidateSelection)[0];
    assert_eq!(
        (hint.from, hint.status(date(2027, 2, 9)), hint.status(LATER)),
        (date(2027, 2, 10), Status::Upcoming, Status::Due)
    );
    assert_eq!(ask_excuse(hint, false, LATER), Err(ExcuseRefused::Hint));
    let became = activist(date(2026, 2, 10)).with([fact(A::CandidateSelection, date(2027, 3, 1))]);
    assert_eq!(shown(&became, A::CandidateSelection), [""; 0]);
}

/// Everything up to the pre-review on a day.
fn reviewed(on: Date) -> PersonFacts {
    activist(add(on, -500)).with([fact(A::CandidateSelection, add(on, -60)), fact(A::PreReview, on)])
}

#[test]
fn dev_15_the_branch_meets_within_a_month_of_the_pre_review() {
    assert_eq!(shown(&reviewed(date(2026, 5, 31)), A::AdmissionVote), ["2026-05-31 2026-06-30 overdue"]);
    let voted = reviewed(date(2026, 5, 31)).with([fact(A::AdmissionVote, date(2026, 6, 30))]);
    assert_eq!(shown(&voted, A::AdmissionVote), ["2026-05-31 2026-06-30 done"]);
}

/// Admitted by the branch on a day.
fn admitted(on: Date) -> PersonFacts {
    let mut person = reviewed(add(on, -10)).with([fact(A::AdmissionVote, on)]);
    person.stages.push(StageHeld { stage: Stage::Probationary, from: on, to: Date::MAX });
    person.stages[0].to = on;
    person
}

#[test]
fn dev_17_the_superior_decides_within_three_months_and_within_six_when_extended() {
    let vote = date(2026, 11, 30);
    assert_eq!(shown(&admitted(vote), A::AdmissionApproval), ["2026-11-30 2027-02-28 overdue"]);
    let extended =
        |until| admitted(vote).with([outcome(A::AdmissionApproval, date(2027, 2, 20), Outcome::Extended, Some(until))]);
    assert_eq!(shown(&extended(date(2027, 4, 1)), A::AdmissionApproval), ["2026-11-30 2027-04-01 overdue"]);
    assert_eq!(shown(&extended(date(2027, 9, 1)), A::AdmissionApproval), ["2026-11-30 2027-05-30 overdue"]);
    let approved = extended(date(2027, 4, 1)).with([fact(A::AdmissionApproval, date(2027, 4, 1))]);
    assert_eq!(shown(&approved, A::AdmissionApproval), ["2026-11-30 2027-04-01 done"]);
    let duties = Office::default().about(&admitted(vote), 2027);
    assert_eq!(of(&duties, A::AdmissionApproval)[0].holder(), Holder::Superior);
}

#[test]
fn dev_19_and_20_placement_and_oath_follow_the_approval() {
    let approved = admitted(date(2026, 3, 1)).with([fact(A::AdmissionApproval, date(2026, 5, 31))]);
    assert_eq!(shown(&approved, A::GroupPlacement), ["2026-05-31 2026-06-30 overdue"]);
    assert_eq!(shown(&approved, A::Oath), ["2026-05-31 2026-06-30 overdue"]);
    let done = approved.with([fact(A::GroupPlacement, date(2026, 6, 1)), fact(A::Oath, date(2026, 7, 1))]);
    assert_eq!(shown(&done, A::GroupPlacement), ["2026-05-31 2026-06-30 done"]);
    assert_eq!(shown(&done, A::Oath), ["2026-05-31 2026-06-30 done"]);
}

#[test]
fn dev_21_to_23_probation_is_a_year_from_the_vote_and_29_february_ends_on_1_march() {
    let person = admitted(date(2028, 2, 29));
    let duties = Office::default().about(&person, 2029);
    assert_eq!(of(&duties, A::ProbationReview)[0].due, date(2029, 3, 1));
    let applied = of(&duties, A::ConversionApplication)[0];
    assert_eq!(
        (applied.from, applied.due, applied.remind_from),
        (date(2029, 3, 1), date(2029, 3, 31), date(2029, 1, 30))
    );
    assert_eq!(applied.holder(), Holder::Person);
    let vote = of(&duties, A::ConversionVote)[0];
    assert_eq!((vote.status(date(2029, 3, 31)), vote.status(date(2029, 4, 1))), (Status::Due, Status::Overdue));
}

#[test]
fn dev_23_an_extension_asks_once_more_at_its_end() {
    let person = admitted(date(2026, 3, 5)).with([
        fact(A::ProbationReview, date(2027, 3, 1)),
        fact(A::ConversionApplication, date(2027, 3, 5)),
        outcome(A::ConversionVote, date(2027, 3, 10), Outcome::Extended, Some(date(2027, 9, 10))),
    ]);
    assert_eq!(shown(&person, A::ConversionVote), ["2027-03-05 2027-04-04 done", "2027-09-10 2027-10-10 overdue"]);
    assert_eq!(
        shown(&person, A::ConversionApplication),
        ["2027-03-05 2027-04-04 done", "2027-09-10 2027-10-10 overdue"]
    );
    assert_eq!(shown(&person, A::ProbationReview), ["2026-03-05 2027-03-05 done", "2027-03-10 2027-09-10 overdue"]);
    assert_eq!(shown(&person, A::ConversionApproval), [""; 0]);
    let passed = person.with([fact(A::ConversionVote, date(2027, 9, 12))]);
    assert_eq!(shown(&passed, A::ConversionVote)[1], "2027-09-10 2027-10-10 done");
    assert_eq!(shown(&passed, A::ConversionApproval), ["2027-09-12 2027-12-12 overdue"]);
}

#[test]
fn dev_21_to_23_count_from_joining_for_whoever_was_registered_on_probation() {
    let registered = |text: &str| PersonFacts {
        joined_on: PartialDate::parse(text).ok(),
        ..on_the_way(Stage::Probationary, date(2025, 8, 1))
    };
    assert_eq!(shown(&registered("2025-08-20"), A::ConversionVote), ["2026-08-20 2026-09-19 overdue"]);
    assert_eq!(
        shown(&registered("2025.08"), A::ConversionVote),
        ["2026-08-31 2026-09-30 overdue"],
        "the last day it may mean"
    );
    assert_eq!(
        shown(&registered("2024-01-10"), A::ConversionVote),
        ["2025-01-10 2025-02-09 overdue"],
        "open since before"
    );
    assert_eq!(shown(&member(), A::ConversionVote), [""; 0]);
}

#[test]
fn dev_24_and_25_approval_within_three_months_then_the_file() {
    let voted = admitted(date(2026, 3, 5)).with([fact(A::ConversionVote, date(2027, 3, 31))]);
    assert_eq!(shown(&voted, A::ConversionApproval), ["2027-03-31 2027-06-30 overdue"]);
    assert_eq!(shown(&voted, A::Archiving), [""; 0]);
    let approved = voted.with([fact(A::ConversionApproval, date(2027, 6, 30))]);
    assert_eq!(shown(&approved, A::ConversionApproval), ["2027-03-31 2027-06-30 done"]);
    assert_eq!(shown(&approved, A::Archiving), ["2027-06-30 2027-07-30 overdue"]);
    let archived = approved.with([fact(A::Archiving, date(2027, 7, 1))]);
    assert_eq!(shown(&archived, A::Archiving), ["2027-06-30 2027-07-30 done"]);
}

#[test]
fn dev_30_a_way_that_ended_asks_for_nothing_and_a_new_application_begins_anew() {
    let vote = outcome(A::AdmissionVote, date(2026, 6, 20), Outcome::Refused, None);
    let refused = reviewed(date(2026, 5, 31)).with([vote]);
    let open = |person: &PersonFacts| {
        let duties = Office::default().about(person, 2026);
        duties.into_iter().filter(|duty| duty.rule.starts_with("DEV-") && duty.done.is_none()).count()
    };
    assert_eq!(open(&refused), 0);
    let again = refused.with([fact(A::Application, date(2026, 10, 1))]);
    assert_eq!(shown(&again, A::ApplicationTalk), ["2026-10-01 2026-11-01 overdue"]);
    let cancelled =
        admitted(date(2026, 3, 5)).with([outcome(A::ConversionVote, date(2027, 3, 9), Outcome::Cancelled, None)]);
    assert_eq!(shown(&cancelled, A::ConversionApproval), [""; 0]);
    let mut left = activist(date(2026, 2, 1));
    left.stages[0].to = date(2026, 4, 1);
    assert_eq!(open(&left), 0, "who left is asked about no more");
}

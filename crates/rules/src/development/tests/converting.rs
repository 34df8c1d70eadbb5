//! DEV-21 to DEV-25.

use crate::codes::{Membership, Stage};
use crate::date::PartialDate;
use crate::development::desk::*;
use crate::development::*;
use jiff::civil::date;

#[test]
fn dev_21_probation_runs_from_the_day_of_the_vote() {
    let desk = Desk::before(Step::ProbationReview);
    let probation = desk.case.track().probation(&desk.measures).unwrap();
    assert_eq!(probation, Probation { from: date(2027, 8, 2), until: date(2028, 8, 2), extended: false });
}

#[test]
fn dev_21_probation_from_29_february_is_full_on_1_march() {
    let mark = |step, on| Mark { step, on, outcome: Outcome::Passed, until: None };
    let track = Track(vec![mark(Step::AdmissionVote, date(2028, 2, 29))]);
    assert_eq!(track.probation(&Default::default()).unwrap().until, date(2029, 3, 1));
}

#[test]
fn dev_22_nobody_asks_for_conversion_before_the_probation_is_full() {
    let mut desk = Desk::before(Step::ConversionApplication);
    let until = date(2028, 8, 2);
    for (on, refused) in [(until.yesterday().unwrap(), true), (until, false)] {
        desk.today = until;
        let against = desk.spoilt(Step::ConversionApplication, |form| form.on = on);
        assert_eq!(against == said(&[("DEV-22", "/on")]), refused, "{on}");
    }
    assert_eq!(span(&desk.case, Step::ConversionApplication, &desk.measures, until), (until, until));
}

/// A case on probation whose extension was voted and approved; the number of months as given.
fn extended(months: i64) -> Desk {
    let mut desk = Desk::before(Step::ConversionVote);
    let mut form = desk.form(Step::ConversionVote);
    form.choose("decision", "extend");
    form.set("extension_months", Value::Number(months));
    desk.take_form(&form).unwrap();
    let decision = desk.take(Step::ConversionApproval).unwrap();
    assert_eq!((decision.change, decision.state), (None, CaseState::Open));
    desk
}

#[test]
fn dev_23_probation_is_extended_by_half_a_year_to_a_year() {
    let mut desk = Desk::before(Step::ConversionVote);
    for (months, refused) in [(5, true), (6, false), (12, false), (13, true)] {
        let against = desk.spoilt(Step::ConversionVote, |form| {
            form.choose("decision", "extend");
            form.set("extension_months", Value::Number(months));
        });
        assert_eq!(against == said(&[("DEV-23", "/values/extension_months")]), refused, "{months}");
    }
}

#[test]
fn dev_23_an_extension_leads_back_to_the_reviews_and_is_given_once() {
    let mut desk = extended(6);
    let track = desk.case.track();
    assert_eq!(track.present(), Some(Step::ProbationReview));
    let probation = track.probation(&desk.measures).unwrap();
    assert_eq!((probation.until, probation.extended), (date(2029, 2, 2), true));
    for (step, on) in [(Step::ProbationReview, date(2028, 12, 1)), (Step::ConversionApplication, date(2029, 2, 2))] {
        let mut form = desk.form(step);
        form.on = on;
        desk.take_form(&form).unwrap_or_else(|refused| panic!("{step:?} {refused:?}"));
    }
    let again = desk.spoilt(Step::ConversionVote, |form| {
        form.on = date(2029, 2, 2);
        form.choose("decision", "extend");
        form.set("extension_months", Value::Number(6));
    });
    assert_eq!(again, said(&[("DEV-23", "/values/decision")]));
    for step in [Step::ConversionVote, Step::ConversionApproval] {
        let mut form = desk.form(step);
        form.on = date(2029, 2, 10);
        let decision = desk.take_form(&form).unwrap();
        if step == Step::ConversionApproval {
            assert_eq!(decision.change, Some(StandingChange::Full(date(2029, 2, 2))));
        }
    }
}

#[test]
fn dev_23_no_application_before_the_extended_probation_is_full() {
    let mut desk = extended(12);
    let mut form = desk.form(Step::ProbationReview);
    form.on = date(2029, 3, 1);
    desk.take_form(&form).unwrap();
    desk.today = date(2029, 8, 2);
    for (on, refused) in [(date(2029, 8, 1), true), (date(2029, 8, 2), false)] {
        let against = desk.spoilt(Step::ConversionApplication, |form| form.on = on);
        assert_eq!(!against.is_empty(), refused);
    }
}

#[test]
fn dev_23_cancelling_takes_a_vote_and_an_approval() {
    let mut desk = Desk::before(Step::ConversionVote);
    let mut form = desk.form(Step::ConversionVote);
    form.choose("decision", "cancel");
    assert_eq!(desk.take_form(&form).unwrap().taken.unwrap().mark.outcome, Outcome::Cancelled);
    let decision = desk.take(Step::ConversionApproval).unwrap();
    let on = day_of(Step::ConversionApproval);
    assert_eq!(decision.change, Some(StandingChange::Gone(Membership::Cancelled, on)));
    assert_eq!((decision.state, decision.end), (CaseState::Ended, Some(EndKind::Cancelled)));
    let back = Command::Back { reason: "登记有误" };
    assert_eq!(desk.command(&back).unwrap().change, Some(StandingChange::NotGone(on)));
    assert_eq!(desk.case.track().present(), Some(Step::ConversionApproval));
}

#[test]
fn dev_23_a_vote_without_majority_decides_nothing() {
    let mut desk = Desk::before(Step::ConversionVote);
    let mut form = desk.form(Step::ConversionVote);
    form.set("vote", vote(5, 4));
    assert_eq!(desk.take_form(&form).unwrap().taken.unwrap().mark.outcome, Outcome::Refused);
    assert_eq!(desk.case.track().present(), Some(Step::ConversionVote));
}

#[test]
fn dev_24_full_membership_counts_from_the_day_on_which_the_probation_is_full() {
    // The branch voted two months late: not the member's fault.
    let mut desk = Desk::before(Step::ConversionVote);
    for step in [Step::ConversionVote, Step::ConversionApproval] {
        let mut form = desk.form(step);
        form.on = date(2028, 10, 20);
        let decision = desk.take_form(&form).unwrap();
        if step == Step::ConversionApproval {
            assert_eq!(decision.change, Some(StandingChange::Full(date(2028, 8, 2))));
        }
    }
}

#[test]
fn dev_24_who_asks_late_becomes_a_full_member_on_the_day_of_the_vote() {
    for (applied, full) in [(date(2028, 9, 1), date(2028, 8, 2)), (date(2028, 9, 2), date(2028, 9, 20))] {
        let mut desk = Desk::before(Step::ConversionApplication);
        for (step, on) in [
            (Step::ConversionApplication, applied),
            (Step::ConversionVote, date(2028, 9, 20)),
            (Step::ConversionApproval, date(2028, 10, 1)),
        ] {
            let mut form = desk.form(step);
            form.on = on;
            let decision = desk.take_form(&form).unwrap();
            if step == Step::ConversionApproval {
                assert_eq!(decision.change, Some(StandingChange::Full(full)), "{applied}");
            }
        }
    }
}

#[test]
fn dev_24_a_late_approval_is_explained_and_a_refusal_goes_back_to_the_branch() {
    let mut desk = Desk::before(Step::ConversionApproval);
    for (on, warned) in [(date(2028, 11, 10), false), (date(2028, 11, 11), true)] {
        desk.today = on;
        let against = desk.spoilt(Step::ConversionApproval, |form| form.on = on);
        assert_eq!(against == said(&[("DEV-24?", "/on")]), warned, "{on}");
    }
    let mut form = desk.form(Step::ConversionApproval);
    form.choose("decision", "refused");
    desk.today = form.on;
    desk.take_form(&form).unwrap();
    assert_eq!(desk.case.track().present(), Some(Step::ConversionVote));
}

#[test]
fn dev_25_nothing_is_archived_while_a_paper_is_missing() {
    let mut desk = Desk::before(Step::Archiving);
    assert_eq!(desk.spoilt(Step::Archiving, |_| {}), []);
    desk.facts.papers.retain(|(step, ..)| *step != Step::Application);
    desk.facts.papers.retain(|(.., key)| key != "review_conclusion");
    assert_eq!(
        desk.spoilt(Step::Archiving, |_| {}),
        said(&[("DEV-25", "/papers/application_letter"), ("DEV-25", "/papers/review_conclusion")])
    );
}

#[test]
fn dev_21_a_probationary_members_vote_was_on_the_day_the_register_has() {
    let mut desk = Desk::before(Step::AdmissionVote);
    desk.case.known = Step::known_at(Stage::Probationary);
    desk.facts.joined_on = Some(PartialDate::parse("2027-08").unwrap());
    assert_eq!(desk.spoilt(Step::AdmissionVote, |_| {}), []);
    desk.facts.joined_on = Some(PartialDate::day(date(2027, 8, 3)));
    assert_eq!(desk.spoilt(Step::AdmissionVote, |_| {}), said(&[("DEV-21", "/on")]));
}

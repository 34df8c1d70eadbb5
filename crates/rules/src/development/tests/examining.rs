//! DEV-07 to DEV-12.

use crate::codes::Stage;
use crate::development::desk::*;
use crate::development::*;
use crate::ids::PersonId;
use crate::measure::Measure;
use jiff::civil::{Date, date};

#[test]
fn dev_07_a_candidate_has_been_an_activist_for_a_whole_year() {
    let mut desk = Desk::before(Step::CandidateSelection);
    let full = date(2027, 6, 20);
    for (on, refused) in [(full.yesterday().unwrap(), true), (full, false)] {
        desk.today = full;
        let against = desk.spoilt(Step::CandidateSelection, |form| form.on = on);
        assert_eq!(against == said(&[("DEV-07", "/on")]), refused, "{on} {against:?}");
    }
    assert_eq!(span(&desk.case, Step::CandidateSelection, &desk.measures, full), (full, full));
}

#[test]
fn dev_07_a_year_from_29_february_is_full_on_1_march() {
    let mut desk = Desk::new();
    for (n, step) in [Step::Application, Step::ApplicationTalk, Step::ActivistSelection].into_iter().enumerate() {
        let mut form = desk.form(step);
        form.on = date(2028, 2, 27 + n as i8);
        desk.take_form(&form).unwrap();
    }
    let mut form = desk.form(Step::ActivistFiling);
    form.on = date(2028, 3, 1);
    desk.take_form(&form).unwrap();
    for (step, on) in [(Step::MentorAssignment, date(2028, 3, 2)), (Step::CultivationReview, date(2028, 8, 28))] {
        form = desk.form(step);
        form.on = on;
        desk.take_form(&form).unwrap();
    }
    desk.today = date(2029, 3, 1);
    for (on, refused) in [(date(2029, 2, 28), true), (date(2029, 3, 1), false)] {
        let against = desk.spoilt(Step::CandidateSelection, |form| {
            form.on = on;
            form.set("notice_from", Value::Date(date(2029, 2, 19)));
            form.set("notice_until", Value::Date(date(2029, 2, 23)));
        });
        assert_eq!(against.contains(&("DEV-07".to_owned(), "/on".to_owned())), refused, "{on}");
    }
}

#[test]
fn dev_07_an_enterprise_may_ask_for_more_than_a_year() {
    let mut desk = Desk::before(Step::CandidateSelection);
    desk.measures.set(Measure::ActivistMonths, 15, desk.today).unwrap();
    assert_eq!(desk.spoilt(Step::CandidateSelection, |_| {}), said(&[("DEV-07", "/on")]));
}

#[test]
fn dev_07_there_is_public_notice_of_five_working_days() {
    let mut desk = Desk::before(Step::CandidateSelection);
    let until = |day: Date| move |form: &mut Form| form.set("notice_until", Value::Date(day));
    assert_eq!(
        desk.spoilt(Step::CandidateSelection, until(date(2027, 6, 17))),
        said(&[("DEV-07", "/values/notice_until")])
    );
    assert_eq!(
        desk.spoilt(Step::CandidateSelection, until(date(2027, 6, 21))),
        said(&[("DEV-07", "/values/notice_until")])
    );
    let missing = desk.spoilt(Step::CandidateSelection, |form| {
        form.values.0.remove("notice_from");
    });
    assert_eq!(missing, said(&[("DEV-07", "/values/notice_from")]));
    let early = desk.spoilt(Step::CandidateSelection, |form| form.set("notice_from", Value::Date(date(2026, 6, 1))));
    assert_eq!(early, said(&[("DEV-07", "/values/notice_from")]));
    // Whoever is not chosen needs none.
    let refused = desk.spoilt(Step::CandidateSelection, |form| {
        form.choose("result", "refused");
        form.values.0.remove("notice_from");
        form.values.0.remove("notice_until");
    });
    assert_eq!(refused, []);
    desk.facts.papers.retain(|(.., key)| key != "candidate_notice");
    assert_eq!(desk.against(&desk.form(Step::CandidateSelection)), said(&[("DEV-07", "/papers/candidate_notice")]));
}

#[test]
fn dev_07_before_the_revision_of_2026_no_notice_was_asked_for() {
    assert_eq!(Measure::PublicityDays.regulated(date(2026, 5, 17)), 0);
    assert_eq!(Measure::PublicityDays.regulated(date(2026, 5, 18)), 5);
}

#[test]
fn dev_08_the_superior_agrees_after_the_notice_has_ended() {
    let mut desk = Desk::before(Step::CandidateSelection);
    let mut form = desk.form(Step::CandidateSelection);
    form.set("notice_from", Value::Date(date(2027, 6, 21)));
    form.set("notice_until", Value::Date(date(2027, 6, 25)));
    desk.today = date(2027, 6, 26);
    desk.take_form(&form).unwrap();
    for (on, refused) in [(date(2027, 6, 24), true), (date(2027, 6, 25), false)] {
        let against = desk.spoilt(Step::CandidateFiling, |form| form.on = on);
        assert_eq!(against == said(&[("DEV-08", "/on")]), refused, "{on} {against:?}");
    }
}

#[test]
fn dev_09_sponsors_are_exactly_two_full_members() {
    let mut desk = Desk::before(Step::SponsorAssignment);
    let mut chosen = |persons: &[PersonId]| {
        let persons = persons.to_vec();
        desk.spoilt(Step::SponsorAssignment, |form| form.set("sponsors", Value::Persons(persons)))
    };
    assert_eq!(chosen(&[MEMBER, SECRETARY]), []);
    assert_eq!(chosen(&[MEMBER]), said(&[("DEV-09", "/values/sponsors")]));
    assert_eq!(chosen(&[MEMBER, DEPRIVED]), said(&[("DEV-09", "/values/sponsors")]));
    assert_eq!(chosen(&[MEMBER, PROBATIONARY]), said(&[("DEV-09", "/values/sponsors")]));
    assert_eq!(desk.case.prefill(Step::SponsorAssignment, false).persons("sponsors"), [SECRETARY, MEMBER]);
}

#[test]
fn dev_10_who_has_not_passed_the_political_review_goes_no_further() {
    let mut desk = Desk::before(Step::PoliticalReview);
    let mut form = desk.form(Step::PoliticalReview);
    form.choose("conclusion", "failed");
    desk.take_form(&form).unwrap();
    assert_eq!(desk.spoilt(Step::IntensiveTraining, |_| {}), said(&[("DEV-30", "")]));
    let reason = "政治审查不合格";
    let end = Command::End { kind: EndKind::ReviewFailed, on: desk.today, reason };
    let decision = desk.command(&end).unwrap();
    assert_eq!(decision.change, Some(StandingChange::Stage(Stage::Applicant, desk.today)));
    assert_eq!((decision.state, decision.end), (CaseState::Ended, Some(EndKind::ReviewFailed)));
}

#[test]
fn dev_10_of_a_mobile_person_two_more_organisations_are_asked() {
    let mut desk = Desk::before(Step::PoliticalReview);
    let yes = |form: &mut Form| {
        form.choose("mobile", "yes");
        form.choose("household_opinion", "无不良反映");
        form.choose("residence_opinion", "无不良反映");
    };
    assert_eq!(desk.spoilt(Step::PoliticalReview, yes), []);
    let short = desk.spoilt(Step::PoliticalReview, |form| form.choose("mobile", "yes"));
    assert_eq!(short, said(&[("DEV-10", "/values/household_opinion"), ("DEV-10", "/values/residence_opinion")]));
    desk.facts.mobile = true;
    assert_eq!(desk.spoilt(Step::PoliticalReview, |_| {}), said(&[("DEV-10", "/values/mobile")]));
    desk.facts.papers.retain(|(.., key)| key != "residence_paper");
    let mut form = desk.form(Step::PoliticalReview);
    yes(&mut form);
    assert_eq!(desk.against(&form), said(&[("DEV-10", "/papers/residence_paper")]));
}

#[test]
fn dev_11_training_takes_three_days_or_twenty_four_hours() {
    let mut desk = Desk::before(Step::IntensiveTraining);
    let mut trained = |days: i64, hours: i64| {
        desk.spoilt(Step::IntensiveTraining, |form| {
            form.set("days", Value::Number(days));
            form.set("hours", Value::Number(hours));
        })
    };
    assert_eq!(trained(3, 0), []);
    assert_eq!(trained(1, 24), []);
    assert_eq!(trained(2, 23), said(&[("DEV-11", "/values/days")]));
    assert_eq!(trained(4, 30), said(&[("DEV-11", "/values/days")]), "four days do not fit into three");
    let from = |day: Date| move |form: &mut Form| form.set("from", Value::Date(day));
    let early = desk.spoilt(Step::IntensiveTraining, from(date(2027, 7, 4)));
    assert_eq!(early, said(&[("DEV-11", "/values/from")]), "before he was a candidate");
    let late = desk.spoilt(Step::IntensiveTraining, from(date(2027, 7, 21)));
    assert_eq!(late, said(&[("DEV-11", "/values/from")]));
}

#[test]
fn dev_11_without_training_only_with_the_superiors_approval_and_a_reason() {
    let mut desk = Desk::before(Step::IntensiveTraining);
    let mut form = desk.form(Step::IntensiveTraining);
    form.choose("trained", "exempt");
    assert_eq!(desk.against(&form), said(&[("DEV-11", "/papers/exemption"), ("DEV-11?", "/values/trained")]));
    let refused = desk.take_form(&form).unwrap_err();
    assert_eq!((refused[0].field.as_str(), refused[0].code), ("/reason", "needs_reason"));
    form.reason = "在境外项目工作，集团党委批准".to_owned();
    assert_eq!(desk.take_form(&form).unwrap().warnings.len(), 1);
}

#[test]
fn dev_12_a_review_that_finds_fault_does_not_go_to_the_superior() {
    let mut desk = Desk::before(Step::BranchCommitteeReview);
    desk.facts.place.has_committee = false;
    assert_eq!(desk.spoilt(Step::BranchCommitteeReview, |_| {}), said(&[("DEV-12", "/values/body")]));
    let mut form = desk.form(Step::BranchCommitteeReview);
    form.choose("body", "meeting");
    form.choose("result", "refused");
    desk.take_form(&form).unwrap();
    assert_eq!(desk.case.track().present(), Some(Step::BranchCommitteeReview));
}

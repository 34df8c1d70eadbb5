//! DEV-01 to DEV-06, and a case from beginning to end.

use crate::codes::Stage;
use crate::date::PartialDate;
use crate::development::desk::*;
use crate::development::*;
use crate::ids::{OrgId, PersonId};
use crate::org::OrgKind;
use jiff::civil::{Date, date};

#[test]
fn a_case_goes_from_application_to_archive_without_a_word_against_it() {
    let mut desk = Desk::new();
    let mut changes = Vec::new();
    for step in Step::ALL {
        assert_eq!(desk.case.track().present(), Some(*step));
        let decision = desk.take(*step).unwrap_or_else(|refused| panic!("{step:?}: {refused:?}"));
        assert_eq!(decision.warnings, []);
        changes.extend(decision.change);
    }
    assert_eq!(
        changes,
        [
            StandingChange::Applied(date(2026, 6, 1)),
            StandingChange::Stage(Stage::Activist, date(2026, 6, 20)),
            StandingChange::Stage(Stage::Candidate, date(2027, 7, 5)),
            StandingChange::Joined(date(2027, 8, 2)),
            StandingChange::Full(date(2028, 8, 2)),
        ]
    );
    assert_eq!((desk.case.state, desk.case.track().present()), (CaseState::Finished, None));
}

#[test]
fn dev_01_nobody_applies_before_the_eighteenth_birthday() {
    let mut desk = Desk::new();
    let on = day_of(Step::Application);
    for (born, refused) in [
        (Some(PartialDate::day(date(2008, 6, 2))), true),
        (Some(PartialDate::day(date(2008, 6, 1))), false),
        // Known to the month: the most favourable day counts.
        (Some(PartialDate::parse("2008-06").unwrap()), false),
        (Some(PartialDate::parse("2008-07").unwrap()), true),
        (None, true),
    ] {
        desk.facts.born = born;
        let against = desk.spoilt(Step::Application, |_| {});
        assert_eq!(!against.is_empty(), refused, "{born:?} {on}");
        assert!(against.iter().all(|(rule, _)| rule == "DEV-01"));
    }
    // Born on 29 February: eighteen on 1 March.
    desk.facts.born = Some(PartialDate::day(date(2008, 2, 29)));
    for (on, refused) in [(date(2026, 2, 28), true), (date(2026, 3, 1), false)] {
        desk.today = on;
        assert_eq!(!desk.spoilt(Step::Application, |form| form.on = on).is_empty(), refused);
    }
}

#[test]
fn dev_02_officers_talk_or_it_is_said_why_not() {
    let mut desk = Desk::before(Step::ApplicationTalk);
    assert_eq!(desk.spoilt(Step::ApplicationTalk, |_| {}), []);
    let by = |person| move |form: &mut Form| form.set("talkers", Value::Persons(vec![person]));
    assert_eq!(desk.spoilt(Step::ApplicationTalk, by(MEMBER)), said(&[("DEV-02?", "/values/talkers")]));
    assert_eq!(
        desk.spoilt(Step::ApplicationTalk, by(APPLICANT)),
        said(&[("DEV-02", "/values/talkers"), ("DEV-02?", "/values/talkers")])
    );
    let dues = desk.case.track().dues(&desk.measures);
    assert_eq!(dues, [(Step::ApplicationTalk, date(2026, 7, 1))]);
}

#[test]
fn dev_03_a_branch_without_a_committee_decides_in_its_meeting() {
    let mut desk = Desk::before(Step::ActivistSelection);
    desk.facts.place.has_committee = false;
    assert_eq!(desk.spoilt(Step::ActivistSelection, |_| {}), said(&[("DEV-03", "/values/body")]));
    assert_eq!(desk.spoilt(Step::ActivistSelection, |form| form.choose("body", "meeting")), []);
}

#[test]
fn dev_03_somebody_not_chosen_stays_an_applicant_and_may_be_chosen_later() {
    let mut desk = Desk::before(Step::ActivistSelection);
    let mut form = desk.form(Step::ActivistSelection);
    form.choose("result", "refused");
    let decision = desk.take_form(&form).unwrap();
    assert_eq!((decision.taken.unwrap().mark.outcome, decision.change), (Outcome::Refused, None));
    assert_eq!(desk.case.track().present(), Some(Step::ActivistSelection));
    form = desk.form(Step::ActivistSelection);
    form.on = date(2026, 9, 1);
    assert!(desk.take_form(&form).is_ok());
    assert_eq!(desk.case.track().on(Step::ActivistSelection), Some(date(2026, 9, 1)));
}

#[test]
fn dev_05_mentors_are_one_or_two_full_members_with_all_their_rights() {
    let mut desk = Desk::before(Step::MentorAssignment);
    let mut chosen = |persons: &[PersonId]| {
        let persons = persons.to_vec();
        desk.spoilt(Step::MentorAssignment, |form| form.set("mentors", Value::Persons(persons)))
    };
    let refused = said(&[("DEV-05", "/values/mentors")]);
    assert_eq!(chosen(&[MEMBER]), []);
    assert_eq!(chosen(&[MEMBER, SECRETARY]), []);
    for person in [PROBATIONARY, DEPRIVED, GONE, APPLICANT, PersonId(999)] {
        assert_eq!(chosen(&[person]), refused, "{person:?}");
    }
    let none = desk.spoilt(Step::MentorAssignment, |form| form.values.0.clear());
    assert_eq!(none, refused);
}

#[test]
fn dev_05_a_member_who_became_full_after_that_day_is_none_on_that_day() {
    let mut desk = Desk::before(Step::MentorAssignment);
    let on = day_of(Step::MentorAssignment);
    for (since, refused) in [(on, false), (on.tomorrow().unwrap(), true)] {
        desk.facts.named.get_mut(&MEMBER).unwrap().full_since = Some(since);
        assert_eq!(!desk.spoilt(Step::MentorAssignment, |_| {}).is_empty(), refused);
    }
}

#[test]
fn dev_05_and_dev_06_may_be_done_again_until_the_candidate_is_chosen() {
    let mut desk = Desk::before(Step::CandidateSelection);
    assert_eq!(desk.case.track().again(), [Step::MentorAssignment, Step::CultivationReview]);
    let mut form = desk.form(Step::CultivationReview);
    form.on = date(2027, 6, 1);
    desk.take_form(&form).unwrap();
    assert_eq!(desk.case.track().present(), Some(Step::CandidateSelection));
    assert_eq!(desk.case.track().times(Step::CultivationReview), 2);
    desk.take(Step::CandidateSelection).unwrap();
    assert_eq!(desk.case.track().again(), []);
}

#[test]
fn dev_06_half_a_year_without_a_review_is_to_be_explained() {
    let mut desk = Desk::before(Step::CandidateSelection);
    let later = |day: Date| move |form: &mut Form| form.on = day;
    for (on, warned) in [(date(2027, 7, 20), false), (date(2027, 7, 22), true)] {
        desk.today = on;
        let against = desk.spoilt(Step::CandidateSelection, later(on));
        assert_eq!(against == said(&[("DEV-06?", "")]), warned, "{on} {against:?}");
        assert_eq!(against.is_empty(), !warned);
    }
    let dues = desk.case.track().dues(&desk.measures);
    assert_eq!(dues, [(Step::CultivationReview, date(2027, 6, 20))]);
}

#[test]
fn dev_06_an_applicant_who_changes_branch_takes_his_time_along() {
    let mut desk = Desk::before(Step::CandidateSelection);
    let other = Place { org: OrgId(200), branch: OrgId(200), ..desk.facts.place.clone() };
    let on = desk.today;
    let reason = "工作调动";
    for (to, code) in [
        (Place { kind: OrgKind::Committee, ..other.clone() }, "org_place"),
        (Place { dissolved: true, ..other.clone() }, "org_place"),
        (desk.facts.place.clone(), "same_org"),
    ] {
        assert_eq!(desk.command(&Command::Move { to: &to, on, reason }).unwrap_err()[0].code, code);
    }
    let decision = desk.command(&Command::Move { to: &other, on, reason }).unwrap();
    assert_eq!(decision.change, Some(StandingChange::Moved(OrgId(200), on)));
    assert_eq!(desk.spoilt(Step::CandidateSelection, |_| {}), [], "the year goes on");
}

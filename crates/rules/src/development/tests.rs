//! Every rule of 发展党员, each with what it refuses and what it lets pass.

use super::desk::*;
use super::*;
use crate::codes::{Membership, Stage};
use crate::date::PartialDate;
use crate::ids::OrgId;
use crate::measure::Measure;
use crate::meeting::VoteCount;
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
fn the_superiors_steps_are_the_superiors_and_the_branchs_are_the_branchs() {
    for step in Step::ALL {
        let mut desk = Desk::before(*step);
        desk.facts.doer = match step.actor() {
            StepActor::Superior => Doer { branch: true, superiors: Vec::new() },
            StepActor::Applicant | StepActor::Branch => Doer { branch: false, superiors: vec![OrgKind::Committee] },
        };
        assert_eq!(desk.spoilt(*step, |_| {}), said(&[(step.rule(), "")]), "{step:?}");
    }
}

#[test]
fn dev_05_mentors_are_one_or_two_full_members_with_all_their_rights() {
    let mut desk = Desk::before(Step::MentorAssignment);
    let mut chosen = |persons: &[crate::ids::PersonId]| {
        let persons = persons.to_vec();
        desk.spoilt(Step::MentorAssignment, |form| form.set("mentors", Value::Persons(persons)))
    };
    let refused = said(&[("DEV-05", "/values/mentors")]);
    assert_eq!(chosen(&[MEMBER]), []);
    assert_eq!(chosen(&[MEMBER, SECRETARY]), []);
    for person in [PROBATIONARY, DEPRIVED, GONE, APPLICANT, crate::ids::PersonId(999)] {
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
    let mut chosen = |persons: &[crate::ids::PersonId]| {
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

#[test]
fn dev_13_who_leaves_within_three_months_is_admitted_only_with_a_reason() {
    let mut desk = Desk::before(Step::PreReview);
    let leaving = |form: &mut Form| form.choose("leaving", "yes");
    assert_eq!(desk.spoilt(Step::PreReview, leaving), said(&[("DEV-13?", "/values/leaving")]));
    let refused = desk.spoilt(Step::PreReview, |form| {
        leaving(form);
        form.choose("result", "refused");
    });
    assert_eq!(refused, []);
}

#[test]
fn dev_15_votes_are_counted_by_those_who_should_come() {
    let mut desk = Desk::before(Step::AdmissionVote);
    let mut counted = |value: Value| desk.spoilt(Step::AdmissionVote, |form| form.set("vote", value));
    assert_eq!(counted(vote(8, 1)), []);
    assert_eq!(counted(vote(5, 0)), said(&[("VOTE-01", "/values/vote/present_voters")]));
    let of = |expected_voters, present_voters, in_favour| {
        Value::Vote(VoteCount { expected_voters, present_voters, in_favour, ..VoteCount::default() })
    };
    assert_eq!(counted(of(10, 8, 9)), said(&[("VOTE-04", "/values/vote/in_favour")]));
    assert_eq!(counted(of(11, 8, 8)), said(&[("VOTE-03", "/values/vote/expected_voters")]));
    assert_eq!(counted(of(9, 8, 8)), said(&[("VOTE-03?", "/values/vote/expected_voters")]));
}

#[test]
fn vote_02_exactly_half_is_not_passed_and_may_be_voted_on_again() {
    let mut desk = Desk::before(Step::AdmissionVote);
    let mut form = desk.form(Step::AdmissionVote);
    form.set("vote", vote(5, 3));
    assert_eq!(desk.take_form(&form).unwrap().taken.unwrap().mark.outcome, Outcome::Refused);
    assert_eq!(desk.spoilt(Step::SuperiorTalk, |_| {}), said(&[("DEV-30", "")]));
    form.set("vote", vote(6, 3));
    form.on = date(2027, 8, 20);
    assert_eq!(desk.take_form(&form).unwrap().taken.unwrap().mark.outcome, Outcome::Passed);
    assert_eq!(desk.case.track().probation(&desk.measures).unwrap().from, date(2027, 8, 20));
}

#[test]
fn dev_15_written_opinions_are_counted_when_they_are_there() {
    let mut desk = Desk::before(Step::AdmissionVote);
    let mut form = desk.form(Step::AdmissionVote);
    let count =
        VoteCount { expected_voters: 10, present_voters: 7, written: 2, in_favour: 8, against: 1, abstained: 0 };
    form.set("vote", Value::Vote(count));
    desk.put_papers(Step::AdmissionVote);
    assert_eq!(desk.against(&form), []);
    desk.facts.papers.retain(|(.., key)| key != "admission_written");
    assert_eq!(desk.against(&form), said(&[("DEV-15", "/papers/admission_written")]));
}

#[test]
fn dev_15_the_ballot_is_secret_since_the_revision() {
    let mut desk = Desk::before(Step::AdmissionVote);
    let hands = desk.spoilt(Step::AdmissionVote, |form| form.choose("ballot", "hands"));
    assert_eq!(hands, said(&[("DEV-15", "/values/ballot")]));
}

#[test]
fn dev_15_a_vote_later_than_a_month_after_the_pre_review_is_explained() {
    let mut desk = Desk::before(Step::AdmissionVote);
    for (on, warned) in [(date(2027, 8, 26), false), (date(2027, 8, 27), true)] {
        desk.today = on;
        let against = desk.spoilt(Step::AdmissionVote, |form| form.on = on);
        assert_eq!(against == said(&[("DEV-15?", "/on")]), warned, "{on} {against:?}");
    }
}

#[test]
fn org_08_a_temporary_branch_explains_why_it_recruits() {
    for step in [Step::ActivistSelection, Step::AdmissionVote] {
        let mut desk = Desk::before(step);
        desk.facts.place.kind = OrgKind::TemporaryBranch;
        assert_eq!(desk.spoilt(step, |_| {}), said(&[("ORG-08?", "")]));
    }
}

#[test]
fn dev_16_nobody_is_approved_before_the_superior_has_talked_with_him() {
    let mut desk = Desk::before(Step::SuperiorTalk);
    assert_eq!(desk.spoilt(Step::AdmissionApproval, |_| {}), said(&[("DEV-30", "")]));
}

#[test]
fn dev_17_approval_within_three_months_or_extended_up_to_six() {
    let mut desk = Desk::before(Step::AdmissionApproval);
    let due = date(2027, 11, 2);
    for (on, refused) in [(due, false), (due.tomorrow().unwrap(), true)] {
        desk.today = on;
        let against = desk.spoilt(Step::AdmissionApproval, |form| form.on = on);
        assert_eq!(against == said(&[("DEV-17", "/on")]), refused, "{on} {against:?}");
    }
    let mut extended = |on: Date, until: Date| {
        desk.today = on;
        desk.spoilt(Step::AdmissionApproval, |form| {
            form.on = on;
            form.choose("decision", "extended");
            form.set("until", Value::Date(until));
        })
    };
    assert_eq!(extended(due, date(2028, 2, 2)), []);
    assert_eq!(extended(due, date(2028, 2, 3)), said(&[("DEV-17", "/values/until")]));
    assert_eq!(extended(due, due), said(&[("DEV-17", "/values/until")]));
    assert_eq!(extended(date(2027, 11, 3), date(2027, 12, 31)), said(&[("DEV-17?", "/on")]));
}

#[test]
fn dev_17_an_extension_holds_until_its_day_and_six_months_end_it_all() {
    let mut desk = Desk::before(Step::AdmissionApproval);
    let mut form = desk.form(Step::AdmissionApproval);
    form.choose("decision", "extended");
    form.set("until", Value::Date(date(2027, 12, 31)));
    let decision = desk.take_form(&form).unwrap();
    let mark = decision.taken.unwrap().mark;
    assert_eq!((mark.outcome, mark.until, decision.change), (Outcome::Extended, Some(date(2027, 12, 31)), None));
    assert_eq!(desk.case.track().present(), Some(Step::AdmissionApproval));
    assert_eq!(desk.case.track().dues(&desk.measures), [(Step::AdmissionApproval, date(2027, 12, 31))]);
    for (on, refused) in [(date(2027, 12, 31), false), (date(2028, 1, 1), true), (date(2028, 2, 3), true)] {
        desk.today = on;
        let against = desk.spoilt(Step::AdmissionApproval, |form| form.on = on);
        assert_eq!(!against.is_empty(), refused, "{on} {against:?}");
    }
}

#[test]
fn dev_17_a_general_branch_approves_only_with_a_delegation() {
    let mut desk = Desk::before(Step::AdmissionApproval);
    desk.facts.doer = Doer { branch: false, superiors: vec![OrgKind::GeneralBranch] };
    assert_eq!(desk.spoilt(Step::AdmissionApproval, |_| {}), said(&[("DEV-17", "")]));
    let delegated = desk.spoilt(Step::AdmissionApproval, |form| form.choose("delegated", "yes"));
    assert_eq!(delegated, said(&[("DEV-17?", "/values/delegated")]));
    let mut desk = Desk::before(Step::PreReview);
    desk.facts.doer = Doer { branch: false, superiors: vec![OrgKind::GeneralBranch] };
    assert_eq!(desk.spoilt(Step::PreReview, |form| form.choose("delegated", "yes")), said(&[("DEV-13", "")]));
}

#[test]
fn dev_17_who_is_not_approved_stays_a_candidate() {
    let mut desk = Desk::before(Step::AdmissionApproval);
    let mut form = desk.form(Step::AdmissionApproval);
    form.choose("decision", "refused");
    assert_eq!(desk.take_form(&form).unwrap().change, None);
    let end = Command::End { kind: EndKind::NotApproved, on: desk.today, reason: "党委未批准" };
    assert_eq!(desk.command(&end).unwrap().end, Some(EndKind::NotApproved));
}

#[test]
fn dev_19_where_there_are_groups_one_is_chosen() {
    let mut desk = Desk::before(Step::GroupPlacement);
    assert_eq!(desk.spoilt(Step::GroupPlacement, |_| {}), []);
    desk.facts.place.has_groups = true;
    let group = |org: OrgId| move |form: &mut Form| form.set("group", Value::Org(org));
    let refused = said(&[("DEV-19", "/values/group")]);
    assert_eq!(desk.spoilt(Step::GroupPlacement, |_| {}), refused);
    for org in [OTHER_GROUP, BRANCH, OrgId(999)] {
        assert_eq!(desk.spoilt(Step::GroupPlacement, group(org)), refused);
    }
    assert_eq!(desk.spoilt(Step::GroupPlacement, group(GROUP)), []);
    assert_eq!(desk.case.track().dues(&desk.measures), [(Step::GroupPlacement, date(2027, 9, 19))]);
}

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
fn a_step_is_not_taken_without_what_it_needs() {
    for step in Step::ALL {
        let mut desk = Desk::before(*step);
        let required: Vec<_> =
            step.spec().papers.iter().filter(|paper| paper.needed(&desk.form(*step).values)).collect();
        let against = desk.against(&desk.form(*step));
        for paper in &required {
            let place = format!("/papers/{}", paper.key);
            assert!(against.contains(&(step.rule().to_owned(), place)), "{step:?} {against:?}");
        }
        let empty = desk.spoilt(*step, |form| form.values.0.clear());
        let fields = step.spec().fields.iter().filter(|field| field.required && field.only_if.is_none());
        for field in fields {
            let place = format!("/values/{}", field.key);
            assert!(empty.contains(&(step.rule().to_owned(), place)), "{step:?} {empty:?}");
        }
    }
}

#[test]
fn dev_30_no_step_before_its_turn_and_none_twice() {
    for step in Step::ALL {
        let mut desk = Desk::before(*step);
        let again = desk.case.track().again();
        for other in Step::ALL.iter().filter(|other| *other != step && !again.contains(other)) {
            assert_eq!(desk.spoilt(*other, |_| {}), said(&[("DEV-30", "")]), "{other:?} at {step:?}");
        }
    }
}

#[test]
fn dev_30_a_day_is_not_before_the_step_before_nor_after_today() {
    for step in Step::ALL.iter().skip(1) {
        let mut desk = Desk::before(*step);
        let last = desk.case.taken.last().unwrap().mark.on;
        let before = desk.spoilt(*step, |form| form.on = last.yesterday().unwrap());
        assert!(before.contains(&("DEV-30".to_owned(), "/on".to_owned())), "{step:?} {before:?}");
        let future = desk.today.tomorrow().unwrap();
        let after = desk.spoilt(*step, |form| form.on = future);
        assert!(after.contains(&("DEV-30".to_owned(), "/on".to_owned())), "{step:?} {after:?}");
    }
}

#[test]
fn dev_30_what_was_done_long_ago_is_not_entered_today() {
    let mut desk = Desk::before(Step::ApplicationTalk);
    let on = day_of(Step::ApplicationTalk);
    for (today, refused) in [(date(2026, 7, 10), false), (date(2026, 7, 11), true)] {
        desk.today = today;
        assert_eq!(desk.spoilt(Step::ApplicationTalk, |_| {}) == said(&[("DEV-30", "/on")]), refused, "{on}");
    }
    let today = date(2026, 7, 11);
    assert_eq!(span(&desk.case, Step::ApplicationTalk, &desk.measures, today), (date(2026, 6, 11), today));
}

#[test]
fn dev_30_what_lay_behind_somebody_when_the_case_was_opened_is_caught_up_on() {
    let mut desk = Desk::new();
    desk.case.known = Step::known_at(Stage::Activist);
    desk.facts.stage = Stage::Activist;
    desk.today = date(2027, 7, 1);
    for step in Step::ALL.iter().filter(|step| **step <= Step::CultivationReview) {
        let form = desk.form(*step);
        desk.put_papers(*step);
        let decision = desk.command(&Command::Take(&form)).unwrap_or_else(|refused| panic!("{step:?} {refused:?}"));
        assert!(!matches!(decision.change, Some(StandingChange::Stage(..))), "{step:?}: the register knew");
    }
    // From there on no more.
    let against = desk.spoilt(Step::CandidateSelection, |form| form.on = date(2027, 5, 30));
    assert!(against.contains(&("DEV-30".to_owned(), "/on".to_owned())));
    let back = desk.command(&Command::Back { reason: "登记有误" }).unwrap();
    assert_eq!(back.change, None);
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

#[test]
fn a_step_is_taken_back_with_a_reason_by_whoever_may_take_it() {
    for step in Step::ALL {
        let mut desk = Desk::before(*step);
        let stage = desk.facts.stage;
        let place = desk.facts.place.org;
        desk.take(*step).unwrap();
        assert_eq!(desk.command(&Command::Back { reason: "  " }).unwrap_err()[0].field, "/reason");
        let doer = desk.facts.doer.clone();
        desk.facts.doer = Doer::default();
        assert_eq!(desk.command(&Command::Back { reason: "填错" }).unwrap_err()[0].code, "not_yours");
        desk.facts.doer = doer;
        let decision = desk.command(&Command::Back { reason: "填错" }).unwrap();
        assert_eq!(decision.withdrawn.map(|mark| mark.step), Some(*step));
        assert_eq!(desk.case.track().present(), Some(*step));
        assert_eq!((desk.facts.stage, desk.facts.place.org), (stage, place), "{step:?}");
    }
    let mut desk = Desk::new();
    assert_eq!(desk.command(&Command::Back { reason: "填错" }).unwrap_err()[0].code, "nothing_taken");
}

#[test]
fn a_case_that_rests_or_is_over_takes_no_step() {
    let mut desk = Desk::before(Step::MentorAssignment);
    assert_eq!(desk.command(&Command::Suspend { reason: "" }).unwrap_err()[0].field, "/reason");
    desk.command(&Command::Suspend { reason: "本人外派" }).unwrap();
    assert_eq!(desk.spoilt(Step::MentorAssignment, |_| {}), said(&[("DEV-30", "")]));
    assert!(desk.command(&Command::Suspend { reason: "再次" }).is_err());
    desk.command(&Command::Resume { reason: "本人返回" }).unwrap();
    assert_eq!(desk.spoilt(Step::MentorAssignment, |_| {}), []);
    let end = Command::End { kind: EndKind::Withdrawn, on: desk.today, reason: "本人书面撤回" };
    let decision = desk.command(&end).unwrap();
    assert_eq!(decision.change, Some(StandingChange::Gone(Membership::NotApplying, desk.today)));
    assert!(!desk.spoilt(Step::MentorAssignment, |_| {}).is_empty());
    assert!(desk.command(&end).is_err());
}

#[test]
fn nobodys_probation_is_suspended_or_ended_by_hand() {
    let mut desk = Desk::before(Step::Oath);
    assert!(desk.command(&Command::Suspend { reason: "外派" }).is_err());
    for kind in EndKind::ALL {
        let end = Command::End { kind: *kind, on: desk.today, reason: "原因" };
        assert!(desk.command(&end).unwrap_err().iter().any(|refusal| refusal.rule == "DEV-23"), "{kind:?}");
    }
}

#[test]
fn an_end_for_want_of_a_vote_needs_a_vote_that_failed() {
    let mut desk = Desk::before(Step::AdmissionVote);
    for kind in [EndKind::VoteFailed, EndKind::ReviewFailed, EndKind::NotApproved] {
        let end = Command::End { kind, on: desk.today, reason: "原因" };
        assert_eq!(desk.command(&end).unwrap_err()[0].code, "end_kind");
    }
    let mut form = desk.form(Step::AdmissionVote);
    form.set("vote", vote(4, 5));
    desk.take_form(&form).unwrap();
    let on = form.on.yesterday().unwrap();
    let early = Command::End { kind: EndKind::VoteFailed, on, reason: "大会未通过" };
    assert_eq!(desk.command(&early).unwrap_err()[0].field, "/on");
    let end = Command::End { kind: EndKind::VoteFailed, on: form.on, reason: "大会未通过" };
    assert!(desk.command(&end).is_ok());
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

#[test]
fn nobody_moves_between_the_vote_and_the_approval_and_members_are_transferred() {
    for (step, code) in [(Step::AdmissionApproval, "vote_pending"), (Step::Oath, "use_transfer")] {
        let mut desk = Desk::before(step);
        let to = Place { org: OrgId(200), branch: OrgId(200), ..desk.facts.place.clone() };
        let go = Command::Move { to: &to, on: desk.today, reason: "工作调动" };
        assert_eq!(desk.command(&go).unwrap_err()[0].code, code);
    }
}

#[test]
fn whoever_has_left_takes_no_step() {
    let mut desk = Desk::before(Step::MentorAssignment);
    desk.facts.left = true;
    assert_eq!(desk.spoilt(Step::MentorAssignment, |_| {}), said(&[("DEV-30", "")]));
}

#[test]
fn all_that_is_wrong_is_said_at_once() {
    let mut desk = Desk::before(Step::AdmissionVote);
    desk.facts.doer = Doer::default();
    let mut form = desk.form(Step::AdmissionVote);
    form.on = desk.today.tomorrow().unwrap();
    form.set("vote", vote(5, 0));
    form.choose("ballot", "hands");
    assert_eq!(
        desk.against(&form),
        said(&[
            ("DEV-15", ""),
            ("DEV-30", "/on"),
            ("DEV-15", "/papers/admission_resolution"),
            ("DEV-15", "/papers/admission_minutes"),
            ("DEV-15", "/values/ballot"),
            ("VOTE-01", "/values/vote/present_voters"),
        ])
    );
}

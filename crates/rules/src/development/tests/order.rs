//! DEV-30: order, days, papers, who acts; taking back, ending, resting, moving.

use crate::codes::{Membership, Stage};
use crate::development::desk::*;
use crate::development::*;
use crate::ids::OrgId;
use crate::org::OrgKind;
use jiff::civil::date;

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

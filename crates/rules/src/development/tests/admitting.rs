//! DEV-13 to DEV-19, VOTE-01 to VOTE-04, ORG-08.

use crate::development::desk::*;
use crate::development::*;
use crate::ids::{MeetingId, OrgId, ResolutionId};
use crate::meeting::{VoteCount, VoteKind};
use crate::org::OrgKind;
use jiff::civil::{Date, date};

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
fn dev_15_the_step_says_what_the_meeting_voted() {
    let mut desk = Desk::before(Step::AdmissionVote);
    let form = desk.form(Step::AdmissionVote);
    let held = HeldVote {
        resolution: ResolutionId(1),
        meeting: MeetingId(2),
        kind: VoteKind::Admission,
        on: form.on,
        archived: true,
        count: form.values.vote("vote").unwrap(),
        relied_on: false,
    };
    let other = VoteCount { in_favour: held.count.in_favour - 1, against: held.count.against + 1, ..held.count };
    let earlier = held.on.yesterday().unwrap();
    let refused = said(&[("DEV-15", "/values/vote")]);
    let table = [
        ("the same", held.clone(), false),
        ("other counts", HeldVote { count: other, ..held.clone() }, true),
        ("another day", HeldVote { on: earlier, ..held.clone() }, true),
        ("not archived", HeldVote { archived: false, ..held.clone() }, true),
        ("used already", HeldVote { count: other, relied_on: true, ..held.clone() }, false),
        ("about something else", HeldVote { count: other, kind: VoteKind::Conversion, ..held.clone() }, false),
        ("before the last step", HeldVote { on: date(2026, 1, 1), ..held.clone() }, false),
    ];
    for (name, vote, is_refused) in table {
        desk.facts.votes = vec![vote];
        let against = desk.spoilt(Step::AdmissionVote, |_| {});
        assert_eq!(against, if is_refused { refused.clone() } else { Vec::new() }, "{name}");
        let relied = relied_vote(&desk.case, &form, &desk.facts.votes).is_some();
        assert_eq!(relied, name == "the same", "{name}");
    }
    desk.facts.votes = vec![HeldVote { count: other, ..held.clone() }, held];
    assert_eq!(desk.spoilt(Step::AdmissionVote, |_| {}), [], "one of two votes");
}

#[test]
fn dev_23_the_step_says_what_the_meeting_voted() {
    let mut desk = Desk::before(Step::ConversionVote);
    let form = desk.form(Step::ConversionVote);
    let held = HeldVote {
        resolution: ResolutionId(1),
        meeting: MeetingId(2),
        kind: VoteKind::Conversion,
        on: form.on,
        archived: true,
        count: VoteCount::default(),
        relied_on: false,
    };
    desk.facts.votes = vec![held.clone()];
    assert_eq!(desk.spoilt(Step::ConversionVote, |_| {}), said(&[("DEV-23", "/values/vote")]));
    desk.facts.votes = vec![HeldVote { count: form.values.vote("vote").unwrap(), ..held }];
    assert_eq!(desk.spoilt(Step::ConversionVote, |_| {}), []);
}

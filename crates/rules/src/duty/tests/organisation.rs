//! Organisations: each rule with what fulfils it and what does not, and years in which the organisation changed.

use super::*;
use Activity as A;

const LATER: Date = date(2027, 6, 1);

fn one(org: &OrgFacts, activity: A) -> Vec<String> {
    table(&of(&Office::default().of(org, 2026), activity), LATER)
}

#[test]
fn meet_01_a_meeting_on_the_last_day_of_the_quarter_is_in_time_and_one_the_day_after_is_not() {
    let held = |on| branch().with([fact(A::MembersMeeting, on)]);
    assert_eq!(one(&held(date(2026, 3, 31)), A::MembersMeeting)[0], "2026-01-01 2026-03-31 done");
    let found = one(&held(date(2026, 4, 1)), A::MembersMeeting);
    assert_eq!(found[0], "2026-01-01 2026-03-31 overdue");
    assert_eq!(found[1], "2026-04-01 2026-06-30 done");
}

#[test]
fn meet_02_only_a_branch_with_a_committee_is_asked() {
    assert_eq!(one(&branch(), A::CommitteeMeeting), [""; 0]);
    let mut org = branch();
    org.posts.push(held(PostKind::OrganisationOfficer, 2, date(2026, 3, 10), Date::MAX));
    assert_eq!(one(&org, A::CommitteeMeeting), [""; 0], "two are no committee");
    org.posts.push(held(PostKind::DisciplineOfficer, 3, date(2026, 3, 10), date(2026, 8, 10)));
    let found = one(&org, A::CommitteeMeeting);
    assert_eq!((found.len(), found[0].as_str()), (10, "2026-03-10 2026-03-31 overdue"), "two who are left go on");
    org.posts[1].to = date(2026, 8, 10);
    let found = one(&org, A::CommitteeMeeting);
    assert_eq!(found.last().unwrap(), "2026-07-01 2026-07-31 overdue", "one is no committee any more");
}

#[test]
fn meet_02_a_post_held_twice_by_one_person_counts_once() {
    let mut org = branch();
    org.posts.push(held(PostKind::OrganisationOfficer, 1, date(2024, 3, 1), Date::MAX));
    org.posts.push(held(PostKind::PublicityOfficer, 2, date(2024, 3, 1), Date::MAX));
    assert_eq!(one(&org, A::CommitteeMeeting), [""; 0]);
}

#[test]
fn meet_02_a_committee_that_was_registered_with_its_present_term_was_there_before() {
    let mut org = branch();
    org.posts = [PostKind::Secretary, PostKind::OrganisationOfficer, PostKind::DisciplineOfficer]
        .into_iter()
        .zip(1..)
        .map(|(post, person)| held(post, person, date(2026, 4, 11), Date::MAX))
        .collect();
    assert_eq!(one(&org, A::CommitteeMeeting).len(), 12);
    org.life[0].from = date(2026, 4, 5);
    assert_eq!(one(&org, A::CommitteeMeeting)[0], "2026-04-05 2026-04-30 overdue");
}

#[test]
fn meet_03_groups_meet_every_month_and_branches_do_not_for_them() {
    let group = organisation(OrgId(11), OrgKind::Group).with([fact(A::GroupMeeting, date(2026, 2, 28))]);
    let found = one(&group, A::GroupMeeting);
    assert_eq!(found.len(), 12);
    assert_eq!(found[1], "2026-02-01 2026-02-28 done");
    assert_eq!(found[2], "2026-03-01 2026-03-31 overdue");
    assert_eq!(one(&branch(), A::GroupMeeting), [""; 0]);
}

#[test]
fn meet_04_a_branch_has_a_lecture_every_quarter_and_a_committees_secretary_gives_one_a_year() {
    assert_eq!(one(&branch(), A::PartyLecture).len(), 4);
    let committee = organisation(COMMITTEE, OrgKind::Committee);
    assert_eq!(one(&committee, A::PartyLecture), ["2026-01-01 2026-12-31 overdue"]);
    let given = committee.with([fact(A::PartyLecture, date(2026, 7, 1))]);
    assert_eq!(one(&given, A::PartyLecture), ["2026-01-01 2026-12-31 done"]);
    assert_eq!(one(&organisation(OrgId(2), OrgKind::GeneralBranch), A::PartyLecture), [""; 0]);
}

#[test]
fn meet_05_one_theme_day_too_many_makes_good_the_month_before_and_no_earlier_one() {
    let org = branch().with([fact(A::ThemeDay, date(2026, 5, 6)), fact(A::ThemeDay, date(2026, 5, 26))]);
    let duties = Office::default().of(&org, 2026);
    let days = of(&duties, A::ThemeDay);
    assert_eq!(days[3].done.map(|done| done.on), Some(date(2026, 5, 26)));
    assert!(days[3].was_late());
    assert_eq!((days[2].done, days[4].was_late()), (None, false));
    assert_eq!(days[3].late_until, Some(date(2026, 5, 31)));
}

#[test]
fn meet_06_to_08_are_asked_for_once_a_year_and_called_to_mind_in_the_fourth_quarter() {
    let duties = Office::default().of(&branch(), 2026);
    for activity in [A::OrganisationLifeMeeting, A::DemocraticAppraisal, A::HeartTalk] {
        let found = of(&duties, activity);
        assert_eq!((found.len(), found[0].due), (1, date(2026, 12, 31)));
        assert!(found[0].remind_from >= date(2026, 9, 30), "{activity:?}");
        let held = branch().with([fact(activity, date(2026, 12, 31))]);
        assert_eq!(one(&held, activity), ["2026-01-01 2026-12-31 done"]);
    }
}

#[test]
fn meet_06_held_in_spring_counts_for_the_year_before_where_that_is_open() {
    let org = branch().with([fact(A::OrganisationLifeMeeting, date(2027, 2, 10))]);
    let office = Office::default();
    assert_eq!(table(&of(&office.of(&org, 2026), A::OrganisationLifeMeeting), LATER), ["2026-01-01 2026-12-31 done"]);
    let found = office.of(&org, 2027);
    let found = of(&found, A::OrganisationLifeMeeting);
    assert_eq!(found.iter().filter(|duty| duty.due == date(2027, 12, 31) && duty.done.is_none()).count(), 1);
    let late = branch().with([fact(A::OrganisationLifeMeeting, date(2027, 4, 1))]);
    assert_eq!(
        table(&of(&office.of(&late, 2026), A::OrganisationLifeMeeting), LATER),
        ["2026-01-01 2026-12-31 overdue"]
    );
}

#[test]
fn meet_11_what_a_superior_excused_is_excused_and_done_all_the_same_is_done() {
    let mut org = branch();
    org.excuses.push(("MEET-05.theme_day.o10.20260201.1".into(), ExcuseId(9)));
    let duties = Office::default().of(&org, 2026);
    let days = of(&duties, A::ThemeDay);
    assert_eq!((days[1].status(LATER), days[0].status(LATER)), (Status::Excused, Status::Overdue));
    let done = Office::default().of(&org.with([fact(A::ThemeDay, date(2026, 2, 3))]), 2026);
    assert_eq!(of(&done, A::ThemeDay)[1].status(LATER), Status::Done);
}

#[test]
fn an_enterprise_may_ask_for_more_and_for_what_is_its_own() {
    let mut office = Office::default().stricter(Measure::MembersMeetings, 2);
    let org = branch().with([fact(A::MembersMeeting, date(2026, 1, 5)), fact(A::MembersMeeting, date(2026, 3, 5))]);
    let duties = office.of(&org, 2026);
    let found = of(&duties, A::MembersMeeting);
    assert_eq!(found.len(), 8);
    assert_eq!(found.iter().filter(|duty| duty.done.is_some()).count(), 2);
    assert_eq!(found[1].title(&[]), "召开2026年第1季度支部党员大会（第 2 次，共 2 次）");

    office.own.push(OwnDuty {
        id: OwnDutyId(5),
        name: "安全学习".into(),
        period: Period::HalfYear,
        times: 1,
        lead: 30,
        kinds: vec![OrgKind::Branch],
        from: date(2026, 3, 1),
        until: Some(date(2026, 12, 31)),
    });
    let mut org = branch();
    org.own.push(OwnFulfilled { id: RecordId(77), duty: OwnDutyId(5), on: date(2026, 6, 30) });
    let duties = office.of(&org, 2026);
    let own: Vec<&Duty> = duties.iter().filter(|duty| duty.rule == OWN_RULE).collect();
    assert_eq!(table(&own, LATER), ["2026-03-01 2026-06-30 done", "2026-07-01 2026-12-31 overdue"]);
    assert_eq!(own[0].key(), "OWN.own-5.o10.20260301.1");
    assert_eq!(own[0].title(&office.own), "2026年上半年安全学习");
    assert!(office.of(&organisation(COMMITTEE, OrgKind::Committee), 2026).iter().all(|duty| duty.rule != OWN_RULE));
}

#[test]
fn a_new_organisation_is_asked_for_a_period_of_which_half_was_left() {
    let founded = |day| {
        let mut org = branch();
        (org.life[0].from, org.posts[0].from) = (day, day);
        one(&org, A::MembersMeeting)[0].clone()
    };
    assert_eq!(founded(date(2026, 2, 15)), "2026-02-15 2026-03-31 overdue"); // 45 of 90 days
    assert_eq!(founded(date(2026, 2, 16)), "2026-04-01 2026-06-30 overdue"); // 44 of 90 days
    let mut early = branch().with([fact(A::MembersMeeting, date(2026, 3, 20))]);
    early.life[0].from = date(2026, 3, 15);
    assert_eq!(one(&early, A::MembersMeeting)[0], "2026-03-15 2026-03-31 done", "what was done all the same is shown");
}

#[test]
fn a_dissolved_organisation_is_not_asked_for_the_period_it_did_not_live_to_the_end_of() {
    let mut org = branch().with([fact(A::ThemeDay, date(2026, 8, 1))]);
    org.life[0].to = date(2026, 8, 31);
    assert_eq!(one(&org, A::MembersMeeting), ["2026-01-01 2026-03-31 overdue", "2026-04-01 2026-06-30 overdue"]);
    assert_eq!(one(&org, A::ThemeDay).last().unwrap(), "2026-08-01 2026-08-31 done");
    assert_eq!(one(&org, A::OrganisationLifeMeeting), [""; 0]);
    org.life[0].to = date(2026, 9, 1);
    org.records.clear();
    assert_eq!(one(&org, A::ThemeDay).last().unwrap(), "2026-08-01 2026-08-31 overdue");
}

#[test]
fn a_branch_that_becomes_a_general_branch_is_no_longer_asked_for_a_branchs_life() {
    let mut org = branch();
    org.life = vec![
        Life { kind: OrgKind::Branch, from: Date::MIN, to: date(2026, 7, 1) },
        Life { kind: OrgKind::GeneralBranch, from: date(2026, 7, 1), to: Date::MAX },
    ];
    assert_eq!(one(&org, A::MembersMeeting).len(), 2);
    assert_eq!(one(&org, A::ThemeDay).len(), 6);
}

#[test]
fn a_branch_that_was_moved_or_became_a_joint_branch_is_asked_as_before() {
    let mut org = branch();
    org.life = vec![
        Life { kind: OrgKind::Branch, from: Date::MIN, to: date(2026, 5, 10) },
        Life { kind: OrgKind::JointBranch, from: date(2026, 5, 10), to: Date::MAX },
    ];
    assert_eq!(one(&org, A::MembersMeeting), one(&branch(), A::MembersMeeting));
}

#[test]
fn nothing_is_asked_for_before_the_enterprise_began() {
    let office = Office::default().since(date(2026, 10, 1));
    let duties = office.of(&branch(), 2026);
    assert!(duties.iter().all(|duty| duty.due >= date(2026, 10, 1)));
    assert_eq!(of(&duties, A::MembersMeeting).len(), 1);
    assert_eq!(of(&duties, A::OrganisationLifeMeeting).len(), 0, "less than half of the year is left");
}

#[test]
fn dues_04_are_owed_until_they_are_there_and_count_for_the_month_they_are_for() {
    let paid = |on, until| branch().with([Fact { until: Some(until), ..fact(A::DuesCollection, on) }]);
    let org = paid(date(2026, 5, 9), date(2026, 3, 31));
    let duties = Office::default().of(&org, 2026);
    let dues = of(&duties, A::DuesCollection);
    assert_eq!(dues[2].done.map(|done| done.on), Some(date(2026, 5, 9)));
    assert!(dues[2].was_late());
    assert_eq!((dues[1].done, dues[4].done, dues[1].late_until), (None, None, None));
    assert!(Office::default().of(&org, 2027).iter().any(|duty| duty.due == date(2026, 2, 28)), "still owed next year");
    let leap = Office::default().since(date(2028, 1, 1)).of(&paid(date(2028, 2, 29), date(2028, 2, 29)), 2028);
    assert_eq!(table(&of(&leap, A::DuesCollection), date(2028, 3, 1))[1], "2028-02-01 2028-02-29 done");
}

#[test]
fn org_08_a_temporary_branch_collects_no_dues_and_has_no_term() {
    let mut org = organisation(BRANCH, OrgKind::TemporaryBranch);
    org.term = Some(Term { from: date(2023, 3, 1), years: 3 });
    let duties = Office::default().of(&org, 2026);
    assert!(of(&duties, A::DuesCollection).is_empty() && of(&duties, A::ReElection).is_empty());
    assert_eq!(of(&duties, A::ThemeDay).len(), 12);
}

fn with_term(from: Date) -> OrgFacts {
    OrgFacts { term: Some(Term { from, years: 3 }), ..branch() }
}

#[test]
fn org_06_the_end_of_a_term_is_called_to_mind_half_a_year_ahead() {
    let duties = Office::default().of(&with_term(date(2023, 5, 23)), 2026);
    let term = of(&duties, A::ReElection)[0];
    assert_eq!((term.due, term.remind_from), (date(2026, 5, 23), date(2025, 11, 24)));
    assert_eq!((term.status(date(2026, 5, 23)), term.status(date(2026, 5, 24))), (Status::Due, Status::Overdue));
    assert_eq!(
        of(&Office::default().of(&with_term(date(2024, 7, 1)), 2026), A::ReElection).len(),
        0,
        "not before 2027"
    );
    let leap = Office::default().of(&with_term(date(2024, 2, 29)), 2027);
    assert_eq!(of(&leap, A::ReElection)[0].due, date(2027, 3, 1));
}

#[test]
fn org_06_a_term_that_was_over_before_the_calendar_began_is_still_asked_for() {
    let duties = Office::default().of(&with_term(date(2020, 5, 23)), 2026);
    assert_eq!(table(&of(&duties, A::ReElection), LATER), ["2022-11-24 2023-05-23 overdue"]);
}

#[test]
fn org_06_an_election_ends_the_term_before_and_the_new_one_is_not_asked_for_yet() {
    let mut org = with_term(date(2026, 5, 10)).with([fact(A::ReElection, date(2026, 5, 10))]);
    org.past_terms.push(Term { from: date(2023, 5, 23), years: 3 });
    let duties = Office::default().of(&org, 2026);
    assert_eq!(table(&of(&duties, A::ReElection), LATER), ["2025-11-24 2026-05-23 done"]);
    assert_eq!(of(&duties, A::ReElectionRequest).len(), 0, "who has elected was allowed to");
    org.records.clear();
    let corrected = Office::default().of(&org, 2026);
    assert_eq!(of(&corrected, A::ReElection).len(), 0, "a term that was only mistyped is no term");
}

#[test]
fn org_07_an_extension_moves_the_end_by_a_year_at_most() {
    let extended = |until| {
        let asked =
            Fact { outcome: Outcome::Extended, until: Some(until), ..fact(A::ReElectionRequest, date(2026, 5, 1)) };
        let duties = Office::default().of(&with_term(date(2023, 5, 23)).with([asked]), 2026);
        of(&duties, A::ReElection)[0].due
    };
    assert_eq!(extended(date(2026, 11, 23)), date(2026, 11, 23));
    assert_eq!(extended(date(2027, 5, 23)), date(2027, 5, 23));
    assert_eq!(extended(date(2028, 5, 23)), date(2027, 5, 23), "no longer than a year");
    assert_eq!(extended(date(2026, 1, 1)), date(2026, 5, 23), "no shorter than the term");
}

#[test]
fn elec_07_the_superior_is_asked_before_the_term_ends() {
    let org = with_term(date(2023, 5, 23));
    let open = Office::default().of(&org, 2026);
    assert_eq!(table(&of(&open, A::ReElectionRequest), date(2026, 4, 24)), ["2025-11-24 2026-04-23 overdue"]);
    let asked = Office::default().of(&org.with([fact(A::ReElectionRequest, date(2026, 4, 23))]), 2026);
    assert_eq!(table(&of(&asked, A::ReElectionRequest), LATER), ["2025-11-24 2026-04-23 done"]);
}

#[test]
fn elec_06_the_result_is_reported_within_fifteen_days() {
    let org = branch().with([fact(A::ReElection, date(2026, 5, 10))]);
    assert_eq!(one(&org, A::ElectionReport), ["2026-05-10 2026-05-25 overdue"]);
    let told = org.with([fact(A::ElectionReport, date(2026, 5, 25))]);
    assert_eq!(one(&told, A::ElectionReport), ["2026-05-10 2026-05-25 done"]);
    let refused = branch().with([Fact { outcome: Outcome::Refused, ..fact(A::ReElection, date(2026, 5, 10)) }]);
    assert_eq!(one(&refused, A::ElectionReport), [""; 0]);
}

#[test]
fn org_09_a_vacant_post_is_filled_within_ninety_days() {
    let vacant = |left, filled: Option<Date>| {
        let mut org = branch();
        org.posts[0].to = left;
        org.posts.extend(filled.map(|from| held(PostKind::Secretary, 2, from, Date::MAX)));
        one(&org, A::VacancyFilling)
    };
    assert_eq!(one(&branch(), A::VacancyFilling), [""; 0]);
    assert_eq!(vacant(date(2026, 8, 26), None), ["2026-08-26 2026-11-24 overdue"]);
    assert_eq!(vacant(date(2026, 8, 26), Some(date(2026, 9, 1))), ["2026-08-26 2026-11-24 done"]);
    assert_eq!(vacant(date(2026, 8, 26), Some(date(2026, 8, 26))), [""; 0], "handed over on the day");
    assert_eq!(vacant(date(2025, 3, 1), Some(date(2025, 6, 1))), [""; 0], "history");
    assert_eq!(vacant(date(2025, 3, 1), None), ["2025-03-01 2025-05-30 overdue"], "still open");
}

#[test]
fn org_09_where_nobody_ever_led_the_days_count_from_the_beginning() {
    let mut org = branch();
    org.posts.clear();
    assert_eq!(one(&org, A::VacancyFilling), ["2026-01-01 2026-04-01 overdue"]);
    org.life[0].from = date(2026, 9, 1);
    assert_eq!(one(&org, A::VacancyFilling), ["2026-09-01 2026-11-30 overdue"]);
    org.posts.push(held(PostKind::Secretary, 1, date(2026, 9, 5), Date::MAX));
    assert_eq!(one(&org, A::VacancyFilling), ["2026-09-01 2026-11-30 done"]);
    assert_eq!(one(&organisation(OrgId(3), OrgKind::Group), A::VacancyFilling), [""; 0]);
}

#[test]
fn only_what_is_to_be_done_or_late_is_excused_and_only_by_a_decision() {
    let duties = Office::default().of(&branch(), 2026);
    let march = of(&duties, A::ThemeDay)[2];
    assert_eq!(ask_excuse(march, false, date(2026, 3, 1)), Ok(()));
    assert_eq!(ask_excuse(march, false, date(2026, 6, 1)), Ok(()));
    assert_eq!(ask_excuse(march, false, date(2026, 2, 28)), Err(ExcuseRefused::TooEarly(date(2026, 3, 1))));
    assert_eq!(ask_excuse(march, true, date(2026, 3, 1)), Err(ExcuseRefused::UnderWay));
    let done = Duty { done: Some(Done { on: date(2026, 3, 2), record: None }), ..march.clone() };
    assert_eq!(ask_excuse(&done, false, date(2026, 3, 5)), Err(ExcuseRefused::Done));
    let excused = Duty { excuse: Some(ExcuseId(1)), ..march.clone() };
    assert_eq!(ask_excuse(&excused, false, date(2026, 3, 5)), Err(ExcuseRefused::Excused));
    use super::super::excuse::Command as C;
    assert_eq!(decide_excuse(ExcuseState::Requested, C::Approve, ""), Ok(ExcuseState::Approved));
    assert_eq!(decide_excuse(ExcuseState::Requested, C::Refuse, " "), Err(ExcuseRefused::NoReason));
    assert_eq!(decide_excuse(ExcuseState::Requested, C::Refuse, "可以补开"), Ok(ExcuseState::Refused));
    for state in [ExcuseState::Approved, ExcuseState::Refused, ExcuseState::Withdrawn] {
        assert_eq!(decide_excuse(state, C::Withdraw, ""), Err(ExcuseRefused::Decided(state.name())));
    }
}

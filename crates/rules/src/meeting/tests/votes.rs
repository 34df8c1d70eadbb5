//! Quorum and resolutions: who counts, how many are needed, what is decided by a vote (MEET-01..03, VOTE-*, DEV-15, DEV-30).

use super::*;

#[test]
fn meet_01_a_members_meeting_calls_all_members_and_counts_those_with_a_vote() {
    let noticed = go(&planned(&[A::MembersMeeting]), &[notice()]);
    assert_eq!(noticed.attendees.len(), 11);
    let quorum = quorum(&noticed);
    assert_eq!((quorum.rule, quorum.expected, quorum.needed, quorum.needed_for_membership), ("MEET-01", 9, 5, 5));
    let opened = go(&noticed, &[open(), roll(&[1, 2, 3, 4, 10, 11], &[])]);
    let refused = act(&opened, resolution(VoteKind::Ordinary, 0, [4, 0, 0]));
    assert_eq!(seen(refused), [("MEET-01", "no_quorum", "/present_voters".to_owned())]);
    let enough = go(&opened, &[roll(&[5], &[])]);
    assert!(act(&enough, resolution(VoteKind::Ordinary, 0, [5, 0, 0])).is_ok());
}

#[test]
fn meet_02_a_committee_meets_with_half_of_its_members() {
    let committee = Facts { called: facts().called.into_iter().take(4).collect(), ..facts() };
    let act = |meeting: &Meeting, command: Command| decide(meeting, &command, &committee, TODAY);
    let plan = planned(&[A::CommitteeMeeting]);
    let opened = act(&act(&plan, notice()).unwrap(), open()).unwrap();
    let alone = act(&opened, roll(&[1], &[])).unwrap();
    assert_eq!(seen(act(&alone, Command::Close { to: TEN })), [("MEET-02", "no_quorum", "/attendees".to_owned())]);
    let half = act(&alone, roll(&[2], &[])).unwrap();
    assert!(act(&half, Command::Close { to: TEN }).is_ok());
    let nobody = Facts { called: Vec::new(), ..facts() };
    assert_eq!(codes(decide(&plan, &notice(), &nobody, TODAY)), ["no_committee"]);
}

#[test]
fn meet_03_and_05_groups_and_theme_days_need_no_quorum() {
    let opened = go(&planned(&[A::ThemeDay]), &[notice(), open(), roll(&[1, 2], &[3, 4, 5, 6, 7, 8, 10, 11])]);
    assert!(quorum(&opened).met);
    let over = go(&opened, &[Command::Close { to: TEN }, confirm(), Command::Archive]);
    assert_eq!(over.state, MeetingState::Archived);
}

#[test]
fn vote_01_and_02_admission_needs_more_than_half_of_all() {
    let opened = go(&planned(&[A::MembersMeeting]), &[notice(), open(), roll(&[1, 2, 3, 4, 10, 11], &[])]);
    let refused = act(&opened, resolution(VoteKind::Admission, 0, [4, 0, 0]));
    assert_eq!(seen(refused), [("VOTE-01", "no_quorum", "/present_voters".to_owned())]);
    let five = go(&opened, &[roll(&[5], &[])]);
    let passed = go(&five, &[resolution(VoteKind::Admission, 0, [5, 0, 0])]);
    assert_eq!(passed.result(&passed.resolutions[0]), Some(VoteResult::Passed));
    let not = go(&five, &[resolution(VoteKind::Admission, 0, [4, 1, 0])]);
    assert_eq!(not.result(&not.resolutions[0]), Some(VoteResult::NotPassed), "four of nine");
}

#[test]
fn vote_03_probationary_members_and_those_without_rights_have_no_vote() {
    let mut suspended = facts();
    suspended.called[7].votes = false;
    let act = |meeting: &Meeting, command: Command| decide(meeting, &command, &suspended, TODAY);
    let noticed = act(&planned(&[A::MembersMeeting]), notice()).unwrap();
    assert_eq!((noticed.heard().expected, noticed.heard().voters), (10, 8));
    let all = roll(&[1, 2, 3, 4, 5, 6, 7, 8, 10, 11], &[]);
    let opened = act(&act(&noticed, open()).unwrap(), all).unwrap();
    let refused = act(&opened, resolution(VoteKind::Ordinary, 0, [8, 0, 0]));
    assert_eq!(seen(refused), [("VOTE-04", "too_many_votes", "/in_favour".to_owned())]);
    assert!(act(&opened, resolution(VoteKind::Ordinary, 0, [7, 0, 0])).is_ok());
}

#[test]
fn vote_04_counts_stay_right_when_attendance_is_corrected() {
    let corrected = go(&closed(), &[Command::Forget { person: PersonId(7) }, roll(&[], &[7])]);
    let refused = seen(act(&corrected, confirm()));
    let id = corrected.resolutions[0].id;
    assert_eq!(refused, [("VOTE-04", "too_many_votes", format!("/resolutions/{id}/in_favour"))]);
}

#[test]
fn dev_15_members_decide_on_membership_one_by_one() {
    let theme_day = go(&planned(&[A::ThemeDay]), &[notice(), open(), roll(&[1, 2, 3, 4, 5, 6], &[])]);
    assert_eq!(codes(act(&theme_day, resolution(VoteKind::Admission, 0, [6, 0, 0]))), ["vote_place"]);
    assert_eq!(codes(act(&theme_day, resolution(VoteKind::Ordinary, 0, [6, 0, 0]))), ["vote_place"]);
    assert!(act(&theme_day, resolution(VoteKind::Opinion, 0, [6, 0, 0])).is_ok());
    let opened = go(&planned(&[A::MembersMeeting]), &[notice(), open(), roll(&[1, 2, 3, 4, 5, 6], &[])]);
    let vote = |item, id| Command::PutResolution {
        id,
        item: ItemId(item),
        kind: VoteKind::Admission,
        text: "接收为预备党员".to_owned(),
        subject: Some(("case".to_owned(), 7)),
        written: 1,
        in_favour: 7,
        against: 0,
        abstained: 0,
    };
    let one = go(&opened, &[vote(101, None)]);
    assert!(act(&one, vote(101, Some(one.resolutions[0].id))).is_ok(), "the same one may be corrected");
    let mut second = facts();
    second.fresh = vec![102];
    assert_eq!(codes(decide(&one, &vote(101, None), &second, TODAY)), ["one_by_one", "resolved_already"]);
    let another = decide(&one, &Command::PutItem(item("另一人")), &second, TODAY).unwrap();
    second.fresh = vec![103];
    assert_eq!(codes(decide(&another, &vote(102, None), &second, TODAY)), ["resolved_already"]);
    assert_eq!(codes(act(&one, vote(999, Some(one.resolutions[0].id)))), ["missing_required"]);
    assert_eq!(codes(act(&one, Command::RemoveItem(ItemId(101)))), ["has_resolution"]);
    let others = decide(&one, &Command::PutAgenda(vec![item("换一项")]), &second, TODAY);
    assert_eq!(codes(others), ["has_resolution"]);
}

#[test]
fn dev_30_what_a_case_rests_on_is_not_changed() {
    let mut archived = go(&closed(), &[confirm(), Command::Archive]);
    let reopen = Command::Reopen { reason: "更正发言要点".to_owned() };
    assert_eq!(codes(act(&archived, Command::Reopen { reason: String::new() })), ["missing_required"]);
    assert_eq!(act(&archived, reopen.clone()).unwrap().state, MeetingState::Closed);
    archived.resolutions[0].relied_on = true;
    assert_eq!(seen(act(&archived, reopen)), [("DEV-30", "relied_on", String::new())]);
}

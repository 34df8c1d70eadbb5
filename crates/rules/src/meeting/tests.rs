//! The way of a meeting, rule by rule, and that no way round leads to the archive.

use super::*;
use crate::activity::Activity as A;
use crate::ids::{ItemId, PersonId, ResolutionId};
use crate::org::OrgKind;
use crate::refusal::Refusal;
use jiff::civil::{Date, Time, date, time};
use proptest::prelude::*;

const TODAY: Date = date(2026, 11, 24);
const NINE: Time = time(9, 0, 0, 0);
const TEN: Time = time(10, 30, 0, 0);
const CHAIR: PersonId = PersonId(1);
const RECORDER: PersonId = PersonId(2);

/// Eight full members with a vote, one old one of whom nothing is asked, two probationary members.
fn facts() -> Facts {
    let person =
        |n: i64| Called { person: PersonId(n), votes: n <= 9, excused: (n == 9).then(|| "年老体弱".to_owned()) };
    Facts { called: (1..=11).map(person).collect(), invited: Vec::new(), fresh: vec![101, 102, 103] }
}

fn proposal(activities: &[crate::activity::Activity]) -> Plan {
    Plan {
        activities: activities.to_vec(),
        title: "第四季度支部党员大会".to_owned(),
        place: "三楼会议室".to_owned(),
        on: TODAY,
        at: Some(NINE),
        host: Some(CHAIR),
        recorder: Some(RECORDER),
        remote: false,
        invited: Vec::new(),
        guests: String::new(),
        learning_tenths: 0,
    }
}

fn item(title: &str) -> ItemDraft {
    ItemDraft { title: title.to_owned(), notes: "大家谈了学习体会。".to_owned(), ..ItemDraft::default() }
}

fn planned(activities: &[crate::activity::Activity]) -> Meeting {
    plan(OrgKind::Branch, proposal(activities), &[item("讨论工作计划")], &facts(), TODAY).unwrap()
}

fn act(meeting: &Meeting, command: Command) -> Result<Meeting, Vec<Refusal>> {
    decide(meeting, &command, &facts(), TODAY)
}

fn go(meeting: &Meeting, commands: &[Command]) -> Meeting {
    commands.iter().fold(meeting.clone(), |meeting, command| {
        act(&meeting, command.clone()).unwrap_or_else(|refusals| panic!("{command:?}: {refusals:?}"))
    })
}

fn notice() -> Command {
    Command::Notice { on: TODAY, reason: String::new() }
}

fn open() -> Command {
    Command::Open { from: NINE, reason: String::new() }
}

fn roll(present: &[i64], absent: &[i64]) -> Command {
    let present = present.iter().map(|n| (PersonId(*n), Come::Present));
    let absent = absent.iter().map(|n| (PersonId(*n), Come::Absent("出差".to_owned())));
    Command::RollCall { entries: present.chain(absent).collect(), reason: "没有带手机".to_owned(), at: 0 }
}

fn resolution(kind: VoteKind, written: u32, [in_favour, against, abstained]: [u32; 3]) -> Command {
    Command::PutResolution {
        id: None,
        item: ItemId(101),
        kind,
        text: "同意".to_owned(),
        subject: None,
        written,
        in_favour,
        against,
        abstained,
    }
}

fn confirm() -> Command {
    Command::Confirm { by: Some(CHAIR), reason: String::new() }
}

/// Everybody but the old one and member 8 came, one ordinary resolution was passed, the meeting is over.
fn closed() -> Meeting {
    let commands = [
        notice(),
        open(),
        roll(&[1, 2, 3, 4, 5, 6, 7, 10, 11], &[8]),
        resolution(VoteKind::Ordinary, 0, [7, 0, 0]),
        Command::Close { to: TEN },
    ];
    go(&planned(&[A::MembersMeeting]), &commands)
}

fn seen(result: Result<Meeting, Vec<Refusal>>) -> Vec<(&'static str, &'static str, String)> {
    match result {
        Ok(_) => Vec::new(),
        Err(refusals) => refusals.into_iter().map(|one| (one.rule, one.code, one.field)).collect(),
    }
}

fn codes(result: Result<Meeting, Vec<Refusal>>) -> Vec<&'static str> {
    seen(result).into_iter().map(|(_, code, _)| code).collect()
}

#[test]
fn a_meeting_goes_from_plan_to_archive() {
    let archived = go(&closed(), &[confirm(), Command::Archive]);
    assert_eq!(archived.state, MeetingState::Archived);
    assert_eq!(archived.confirmed, Some(Confirmation { on: TODAY, by_host: true, reason: String::new() }));
    let heard = archived.heard();
    assert_eq!((heard.expected, heard.present, heard.absent, heard.excused), (10, 9, 1, 1));
    assert_eq!((heard.voters, heard.voters_present), (9, 7));
    assert_eq!(archived.result(&archived.resolutions[0]), Some(VoteResult::Passed));
}

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
fn meet_09_a_notice_says_where_when_and_what_for() {
    let bare = Plan { place: String::new(), at: None, host: None, ..proposal(&[A::ThemeDay]) };
    let bare = plan(OrgKind::Branch, bare, &[], &facts(), TODAY).unwrap();
    let fields: Vec<String> = seen(act(&bare, notice())).into_iter().map(|(_, _, field)| field).collect();
    assert_eq!(fields, ["/place", "/at", "/items", "/host"]);
    let stranger = Plan { host: Some(PersonId(77)), ..proposal(&[A::ThemeDay]) };
    let stranger = plan(OrgKind::Branch, stranger, &[item("学习")], &facts(), TODAY).unwrap();
    assert_eq!(codes(act(&stranger, notice())), ["not_called"]);
}

#[test]
fn meet_09_no_notice_is_dated_after_the_meeting_or_in_the_future() {
    let on = |day, on, reason: &str| {
        let plan =
            plan(OrgKind::Branch, Plan { on: day, ..proposal(&[A::ThemeDay]) }, &[item("学习")], &facts(), TODAY);
        codes(act(&plan.unwrap(), Command::Notice { on, reason: reason.to_owned() }))
    };
    let (yesterday, tomorrow) = (date(2026, 11, 23), date(2026, 11, 25));
    assert_eq!(on(tomorrow, TODAY, ""), [""; 0]);
    assert_eq!(on(tomorrow, tomorrow, ""), ["bad_date"]);
    assert_eq!(on(yesterday, TODAY, ""), ["back_dated"]);
    assert_eq!(on(yesterday, yesterday, ""), ["missing_required"], "written down later: why?");
    assert_eq!(on(yesterday, date(2026, 11, 20), "当时停电"), [""; 0]);
}

#[test]
fn meet_09_a_meeting_is_opened_on_its_day_or_written_down_with_a_reason() {
    let on = |day, reason: &str, today| {
        let plan =
            plan(OrgKind::Branch, Plan { on: day, ..proposal(&[A::ThemeDay]) }, &[item("学习")], &facts(), TODAY);
        let told = act(&plan.unwrap(), notice()).unwrap();
        decide(&told, &Command::Open { from: NINE, reason: reason.to_owned() }, &facts(), today)
    };
    let tomorrow = date(2026, 11, 25);
    assert_eq!(codes(on(tomorrow, "", TODAY)), ["bad_date"], "not before its day");
    assert_eq!(codes(on(tomorrow, "", tomorrow)), [""; 0]);
    assert_eq!(codes(on(tomorrow, "", date(2026, 11, 26))), ["missing_required"]);
    let later = on(tomorrow, "当时停电", date(2026, 11, 26)).unwrap();
    assert_eq!((later.late.as_str(), later.held.unwrap().on), ("当时停电", tomorrow));
    let code = Command::CheckIn { person: CHAIR, how: How::Code, at: 0 };
    assert_eq!(codes(decide(&later, &code, &facts(), date(2026, 11, 26))), ["bad_date"], "nobody checks in days later");
}

#[test]
fn meet_09_everything_lacking_is_said_at_once() {
    let plan = plan(OrgKind::Branch, proposal(&[A::MembersMeeting]), &[], &facts(), TODAY).unwrap();
    let plan = act(&plan, Command::PutItem(ItemDraft { title: "议题".to_owned(), ..ItemDraft::default() })).unwrap();
    let over = go(&plan, &[notice(), open(), roll(&[3, 4], &[5]), Command::Close { to: TEN }]);
    let lacking: Vec<String> = seen(act(&over, confirm())).into_iter().map(|(_, _, field)| field).collect();
    assert_eq!(lacking, ["/host", "/recorder", "/attendees", "/items/101/notes", "/resolutions"]);
    assert_eq!(codes(act(&over, Command::Archive)), ["meeting_state"]);
}

#[test]
fn meet_09_every_absence_has_a_reason() {
    let opened = go(&planned(&[A::ThemeDay]), &[notice(), open()]);
    let absent = |reason: &str| Command::Absent { person: PersonId(3), reason: reason.to_owned() };
    assert_eq!(seen(act(&opened, absent(" "))), [("MEET-09", "missing_required", "/reason".to_owned())]);
    assert!(act(&opened, absent("住院")).is_ok());
    let came = go(&opened, &[roll(&[3], &[])]);
    assert_eq!(codes(act(&came, absent("住院"))), ["is_present"]);
    let forgotten = go(&came, &[Command::Forget { person: PersonId(3) }]);
    assert!(act(&forgotten, absent("住院")).is_ok());
    assert_eq!(
        codes(act(&opened, Command::Absent { person: PersonId(77), reason: "住院".to_owned() })),
        ["not_called"]
    );
}

#[test]
fn meet_09_who_enters_for_others_says_why() {
    let opened = go(&planned(&[A::ThemeDay]), &[notice(), open()]);
    let how = |how| Command::CheckIn { person: PersonId(3), how, at: 5 };
    assert_eq!(codes(act(&opened, how(How::Proxy(String::new())))), ["missing_required"]);
    assert_eq!(codes(act(&opened, how(How::Link))), ["not_remote"]);
    let came = act(&opened, how(How::Code)).unwrap();
    let again = act(&came, how(How::Proxy("忘带手机".to_owned()))).unwrap();
    assert_eq!(again, came, "who is there is there once");
    let silent = Command::RollCall { entries: vec![(PersonId(3), Come::Present)], reason: String::new(), at: 0 };
    assert_eq!(seen(act(&opened, silent)), [("MEET-09", "missing_required", "/reason".to_owned())]);
}

#[test]
fn meet_09_the_chair_confirms_or_somebody_says_why_not() {
    let by = |by, reason: &str| act(&closed(), Command::Confirm { by, reason: reason.to_owned() });
    assert_eq!(seen(by(Some(RECORDER), "")), [("MEET-09", "missing_required", "/reason".to_owned())]);
    assert_eq!(codes(by(None, "")), ["missing_required"]);
    let instead = by(Some(RECORDER), "主持人没有账号，已当面核对").unwrap().confirmed.unwrap();
    assert!(!instead.by_host && instead.reason.starts_with("主持人"));
    assert!(by(Some(CHAIR), "").unwrap().confirmed.unwrap().by_host);
}

#[test]
fn meet_10_every_activity_is_shown_by_an_item() {
    let both = [A::MembersMeeting, A::ThemeDay];
    let of = |activity| ItemDraft { activity: Some(activity), ..item("议题") };
    let ready = |drafts: &[ItemDraft]| {
        let plan = plan(OrgKind::Branch, proposal(&both), drafts, &facts(), TODAY).unwrap();
        let all = [1, 2, 3, 4, 5, 6, 7, 8, 10, 11];
        go(&plan, &[notice(), open(), roll(&all, &[]), Command::NoResolution(true), Command::Close { to: TEN }])
    };
    let one = ready(&[of(A::MembersMeeting), item("其他")]);
    assert_eq!(seen(act(&one, confirm())), [("MEET-10", "activity_not_shown", "/items".to_owned())]);
    assert!(act(&ready(&[of(A::MembersMeeting), of(A::ThemeDay)]), confirm()).is_ok());
    let unplanned = act(&one, Command::PutItem(of(A::PartyLecture)));
    assert_eq!(seen(unplanned), [("MEET-10", "not_planned", "/activity".to_owned())]);
}

#[test]
fn meet_11_who_is_excused_is_not_absent_and_may_come() {
    let noticed = go(&planned(&[A::ThemeDay]), &[notice()]);
    assert_eq!((noticed.heard().expected, noticed.heard().excused), (10, 1));
    let came = go(&noticed, &[open(), roll(&[9], &[])]);
    assert_eq!((came.heard().expected, came.heard().present), (11, 1));
    let forgotten = go(&came, &[Command::Forget { person: PersonId(9) }]);
    assert_eq!(forgotten.attendee(PersonId(9)).unwrap().attendance, Attendance::Excused("年老体弱".to_owned()));
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

#[test]
fn edu_01_hours_of_a_day_have_a_limit() {
    let hours = |learning_tenths| {
        let plan_of = Plan { learning_tenths, ..proposal(&[A::PartyLecture]) };
        codes(plan(OrgKind::Branch, plan_of, &[], &facts(), TODAY))
    };
    assert_eq!(hours(120), [""; 0]);
    assert_eq!(hours(121), ["bad_hours"]);
}

#[test]
fn a_plan_has_a_title_a_day_that_is_meant_and_guests_of_its_own() {
    let of = |change: fn(&mut Plan)| {
        let mut proposal = proposal(&[A::ThemeDay]);
        change(&mut proposal);
        seen(plan(OrgKind::Branch, proposal, &[], &facts(), TODAY))
            .into_iter()
            .map(|(_, _, field)| field)
            .collect::<Vec<_>>()
    };
    assert_eq!(of(|_| {}), [""; 0]);
    assert_eq!(of(|plan| plan.title = "　".to_owned()), ["/title"]);
    assert_eq!(of(|plan| plan.title = "会".repeat(201)), ["/title"]);
    assert_eq!(of(|plan| plan.on = date(2062, 11, 24)), ["/on"]);
    assert_eq!(of(|plan| plan.on = date(2024, 12, 31)), ["/on"]);
    assert_eq!(of(|plan| plan.on = date(2025, 1, 1)), [""; 0]);
    assert_eq!(of(|plan| plan.invited = vec![PersonId(77)]), ["/invited"]);
    assert_eq!(of(|plan| plan.activities = vec![A::GroupMeeting]), ["/activities"]);
}

#[test]
fn after_the_notice_another_day_is_a_postponement_with_a_reason() {
    let noticed = go(&planned(&[A::ThemeDay]), &[notice()]);
    let moved = Command::Edit(Plan { on: date(2026, 11, 27), ..proposal(&[A::ThemeDay]) });
    assert_eq!(codes(act(&noticed, moved)), ["needs_postponing"]);
    let talk = Command::Edit(proposal(&[A::HeartTalk]));
    assert_eq!(codes(act(&noticed, talk)), ["circle_changed"]);
    let place = Command::Edit(Plan { place: "一楼".to_owned(), ..proposal(&[A::ThemeDay]) });
    assert_eq!(act(&noticed, place).unwrap().plan.place, "一楼");
    let postpone = |on, reason: &str| Command::Postpone { on, at: Some(NINE), reason: reason.to_owned() };
    assert_eq!(codes(act(&noticed, postpone(date(2026, 11, 27), ""))), ["missing_required"]);
    assert_eq!(codes(act(&noticed, postpone(date(2026, 11, 23), "出差"))), ["bad_date"]);
    let postponed = act(&noticed, postpone(date(2026, 11, 27), "书记出差")).unwrap();
    assert_eq!((postponed.state, postponed.noticed_on, postponed.attendees.len()), (MeetingState::Planned, None, 0));
}

#[test]
fn who_is_asked_for_leave_before_the_meeting_stays_excused_at_its_opening() {
    let leave = Command::Absent { person: PersonId(3), reason: "探亲".to_owned() };
    let opened = go(&planned(&[A::ThemeDay]), &[notice(), leave, open()]);
    assert_eq!(opened.attendee(PersonId(3)).unwrap().attendance, Attendance::Absent("探亲".to_owned()));
}

#[test]
fn the_opening_calls_whom_the_register_knows_on_the_day() {
    let noticed = go(&planned(&[A::ThemeDay]), &[notice()]);
    let mut changed = facts();
    changed.called.retain(|one| one.person != PersonId(8));
    changed.called.push(Called { person: PersonId(12), votes: true, excused: None });
    let opened = decide(&noticed, &open(), &changed, TODAY).unwrap();
    assert!(opened.attendee(PersonId(8)).is_none() && opened.attendee(PersonId(12)).is_some());
}

#[test]
fn guests_sit_in_without_a_vote() {
    let mut known = facts();
    known.invited = vec![Called { person: PersonId(20), votes: true, excused: None }];
    let with = Plan { invited: vec![PersonId(20), PersonId(20)], ..proposal(&[A::MembersMeeting]) };
    let plan = plan(OrgKind::Branch, with, &[item("议题")], &known, TODAY).unwrap();
    let noticed = decide(&plan, &notice(), &known, TODAY).unwrap();
    let guest = noticed.attendee(PersonId(20)).unwrap();
    assert_eq!((guest.part, guest.votes, noticed.heard().expected), (Part::Guest, false, 10));
    let gone = Command::Edit(proposal(&[A::MembersMeeting]));
    assert!(decide(&noticed, &gone, &facts(), TODAY).unwrap().attendee(PersonId(20)).is_none());
}

#[test]
fn a_talk_is_for_those_whom_it_names() {
    let talk = Plan { invited: vec![CHAIR, RECORDER], ..proposal(&[A::HeartTalk]) };
    let mut known = facts();
    let nobody = plan(OrgKind::Branch, proposal(&[A::HeartTalk]), &[item("谈心")], &known, TODAY).unwrap();
    assert!(codes(decide(&nobody, &notice(), &known, TODAY)).contains(&"missing_required"));
    known.invited = known.called[..2].to_vec();
    let meeting = plan(OrgKind::Branch, talk, &[item("谈心")], &known, TODAY).unwrap();
    let noticed = decide(&meeting, &notice(), &known, TODAY).unwrap();
    assert_eq!(noticed.heard().expected, 2);
}

#[test]
fn times_follow_one_another() {
    let opened = go(&planned(&[A::ThemeDay]), &[notice(), open()]);
    assert_eq!(codes(act(&opened, Command::Close { to: NINE })), ["bad_time"]);
    let over = closed();
    assert_eq!(codes(act(&over, Command::CorrectTimes { from: TEN, to: NINE })), ["bad_time"]);
    assert!(act(&over, Command::CorrectTimes { from: NINE, to: TEN }).is_ok());
}

/// Whatever an archived meeting must show, looked up without any of the functions under test.
fn assert_whole(meeting: &Meeting, today: Date) -> Result<(), TestCaseError> {
    let held = meeting.held.ok_or_else(|| TestCaseError::fail("no time"))?;
    prop_assert!(held.on <= today && held.to.is_some_and(|to| to > held.from));
    prop_assert!(meeting.noticed_on.is_some_and(|on| on <= held.on));
    prop_assert!(!meeting.plan.title.is_empty() && !meeting.plan.place.is_empty());
    let came: Vec<&Attendee> =
        meeting.attendees.iter().filter(|one| matches!(one.attendance, Attendance::Present { .. })).collect();
    for officer in [meeting.plan.host, meeting.plan.recorder] {
        prop_assert!(came.iter().any(|one| Some(one.person) == officer));
    }
    for one in meeting.attendees.iter().filter(|one| one.part == Part::Expected) {
        match &one.attendance {
            Attendance::Awaited => return Err(TestCaseError::fail("somebody is awaited")),
            Attendance::Absent(reason) | Attendance::Excused(reason) => prop_assert!(!reason.is_empty()),
            Attendance::Present { how: How::Proxy(reason), .. } => prop_assert!(!reason.is_empty()),
            Attendance::Present { .. } => {}
        }
    }
    prop_assert!(!meeting.items.is_empty());
    prop_assert!(meeting.items.iter().all(|item| !item.title.is_empty() && !item.notes.is_empty()));
    let several = meeting.plan.activities.len() > 1;
    for activity in meeting.plan.activities.iter().filter(|_| several) {
        prop_assert!(meeting.items.iter().any(|item| item.activity == Some(*activity)));
    }
    let voters = |present: bool| {
        let counted = |one: &&Attendee| one.votes && (!present || matches!(one.attendance, Attendance::Present { .. }));
        meeting.attendees.iter().filter(counted).count() as u32
    };
    let (all, there) = (voters(false), voters(true));
    if meeting.plan.activities.contains(&A::MembersMeeting) {
        prop_assert!(meeting.no_resolution || !meeting.resolutions.is_empty());
    }
    for one in &meeting.resolutions {
        prop_assert!(one.in_favour + one.against + one.abstained <= there + one.written);
        prop_assert!(there + one.written <= all);
        match one.kind {
            VoteKind::Admission | VoteKind::Conversion => prop_assert!(there * 2 > all),
            VoteKind::Ordinary => prop_assert!(there * 2 >= all && one.written == 0),
            VoteKind::Opinion => prop_assert!(one.written == 0),
        }
    }
    let confirmed = meeting.confirmed.as_ref().ok_or_else(|| TestCaseError::fail("not confirmed"))?;
    prop_assert!(confirmed.by_host || !confirmed.reason.is_empty());
    Ok(())
}

fn any_activities() -> impl Strategy<Value = Vec<crate::activity::Activity>> {
    proptest::sample::subsequence(vec![A::MembersMeeting, A::PartyLecture, A::ThemeDay], 1..=3)
}

fn any_text() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["", " ", "出差", "讨论工作"]).prop_map(str::to_owned)
}

fn any_draft() -> impl Strategy<Value = ItemDraft> {
    let activity = prop::sample::select(vec![None, Some(A::MembersMeeting), Some(A::ThemeDay), Some(A::PartyLecture)]);
    let id = prop::sample::select(vec![None, Some(ItemId(101)), Some(ItemId(102))]);
    (id, activity, any_text(), any_text()).prop_map(|(id, activity, title, notes)| ItemDraft {
        id,
        activity,
        title,
        notes,
    })
}

fn any_person() -> impl Strategy<Value = PersonId> {
    (1..=12i64).prop_map(PersonId)
}

fn any_day() -> impl Strategy<Value = Date> {
    (-3..=3i32).prop_map(|days| crate::date::add_days(TODAY, days))
}

fn any_command() -> impl Strategy<Value = Command> {
    let time = || prop::sample::select(vec![NINE, TEN]);
    let how = prop_oneof![Just(How::Code), Just(How::Link), any_text().prop_map(How::Proxy)];
    let come = prop_oneof![3 => Just(Come::Present), 1 => any_text().prop_map(Come::Absent), 1 => Just(Come::Awaited)];
    let plan = (any_activities(), any_text(), any_day(), any_person(), any_person()).prop_map(
        |(activities, place, on, host, recorder)| {
            Command::Edit(Plan { place, on, host: Some(host), recorder: Some(recorder), ..proposal(&activities) })
        },
    );
    prop_oneof![
        plan,
        (any_day(), any_text()).prop_map(|(on, reason)| Command::Notice { on, reason }),
        (any_day(), any_text()).prop_map(|(on, reason)| Command::Postpone { on, at: Some(NINE), reason }),
        any_text().prop_map(|reason| Command::Cancel { reason }),
        (time(), any_text()).prop_map(|(from, reason)| Command::Open { from, reason }),
        (any_person(), how).prop_map(|(person, how)| Command::CheckIn { person, how, at: 1 }),
        (any_person(), any_text()).prop_map(|(person, reason)| Command::Absent { person, reason }),
        any_person().prop_map(|person| Command::Forget { person }),
        (prop::collection::vec((any_person(), come), 0..12), any_text())
            .prop_map(|(entries, reason)| Command::RollCall { entries, reason, at: 1 }),
        time().prop_map(|to| Command::Close { to }),
        any_draft().prop_map(Command::PutItem),
        prop::collection::vec(any_draft(), 0..3).prop_map(Command::PutAgenda),
        (prop::sample::select(VoteKind::ALL), 0..3u32, 0..10u32, 0..3u32)
            .prop_map(|(kind, written, yes, no)| resolution(kind, written, [yes, no, 0])),
        (101..104i64).prop_map(|id| Command::RemoveResolution(ResolutionId(id))),
        any::<bool>().prop_map(Command::NoResolution),
        (time(), time()).prop_map(|(from, to)| Command::CorrectTimes { from, to }),
        (any_person(), any_text()).prop_map(|(by, reason)| Command::Confirm { by: Some(by), reason }),
        Just(Command::Archive),
        any_text().prop_map(|reason| Command::Reopen { reason }),
    ]
}

/// The right way, with random commands in between and some steps left out.
fn ways() -> impl Strategy<Value = Vec<Command>> {
    let right = vec![
        notice(),
        open(),
        roll(&[1, 2, 3, 4, 5, 6, 7, 10, 11], &[8]),
        resolution(VoteKind::Ordinary, 0, [7, 0, 0]),
        Command::Close { to: TEN },
        confirm(),
        Command::Archive,
    ];
    let length = right.len();
    let others = prop::collection::vec(prop::collection::vec(any_command(), 0..3), length);
    let kept = prop::collection::vec(prop::bool::weighted(0.93), length);
    (others, kept).prop_map(move |(others, kept)| {
        let steps = right.clone().into_iter().zip(others).zip(kept);
        steps.flat_map(|((step, others), kept)| others.into_iter().chain(kept.then_some(step))).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn no_way_leads_to_the_archive_with_something_lacking(commands in ways()) {
        let mut meeting = planned(&[A::MembersMeeting]);
        for command in commands {
            let before = meeting.state;
            if let Ok(after) = act(&meeting, command) {
                meeting = after;
            }
            if meeting.state == MeetingState::Archived {
                assert_whole(&meeting, TODAY)?;
                prop_assert!(matches!(before, MeetingState::Confirmed | MeetingState::Archived));
            }
        }
    }

    #[test]
    fn whatever_is_done_at_random_never_archives_a_record_with_something_lacking(
        commands in prop::collection::vec(any_command(), 0..60)
    ) {
        let mut meeting = planned(&[A::MembersMeeting]);
        for command in commands {
            if let Ok(after) = act(&meeting, command) {
                meeting = after;
            }
            if meeting.state == MeetingState::Archived {
                assert_whole(&meeting, TODAY)?;
            }
        }
    }
}

#[test]
fn most_ways_of_the_property_reach_the_archive() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut archived = 0;
    for _ in 0..200 {
        let commands = proptest::strategy::ValueTree::current(&ways().new_tree(&mut runner).unwrap());
        let end = commands
            .into_iter()
            .fold(planned(&[A::MembersMeeting]), |meeting, command| act(&meeting, command).unwrap_or(meeting));
        archived += usize::from(end.state == MeetingState::Archived);
    }
    assert!(archived > 20, "only {archived} of 200: the property would show nothing");
}

//! That no way round leads to the archive: random commands against a record looked through by hand.

use super::*;
use crate::ids::ResolutionId;
use proptest::prelude::*;

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

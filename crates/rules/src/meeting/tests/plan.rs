//! The plan and the notice (MEET-09, EDU-01).

use super::*;

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

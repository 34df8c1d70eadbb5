//! From opening to archive: days, times, and what the record must hold (MEET-09, MEET-10).

use super::*;

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
fn times_follow_one_another() {
    let opened = go(&planned(&[A::ThemeDay]), &[notice(), open()]);
    assert_eq!(codes(act(&opened, Command::Close { to: NINE })), ["bad_time"]);
    let over = closed();
    assert_eq!(codes(act(&over, Command::CorrectTimes { from: TEN, to: NINE })), ["bad_time"]);
    assert!(act(&over, Command::CorrectTimes { from: NINE, to: TEN }).is_ok());
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

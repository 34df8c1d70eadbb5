//! Who is called, who came, who is excused, and who says so (MEET-09, MEET-11).

use super::*;

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
fn meet_11_who_is_excused_is_not_absent_and_may_come() {
    let noticed = go(&planned(&[A::ThemeDay]), &[notice()]);
    assert_eq!((noticed.heard().expected, noticed.heard().excused), (10, 1));
    let came = go(&noticed, &[open(), roll(&[9], &[])]);
    assert_eq!((came.heard().expected, came.heard().present), (11, 1));
    let forgotten = go(&came, &[Command::Forget { person: PersonId(9) }]);
    assert_eq!(forgotten.attendee(PersonId(9)).unwrap().attendance, Attendance::Excused("年老体弱".to_owned()));
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

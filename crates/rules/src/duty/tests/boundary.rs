//! Moving today by a day changes what it should and nothing else.

use super::*;
use Activity as A;
use proptest::prelude::*;

/// A branch and a person with some of everything.
fn all() -> Vec<Duty> {
    let mut org = branch().with([
        fact(A::MembersMeeting, date(2026, 2, 3)),
        fact(A::ThemeDay, date(2026, 1, 3)),
        fact(A::ReElection, date(2026, 4, 3)),
    ]);
    org.term = Some(Term { from: date(2023, 9, 1), years: 3 });
    org.posts[0].to = date(2026, 7, 1);
    let person = on_the_way(Stage::Activist, date(2026, 2, 28)).with([
        fact(A::Application, date(2025, 12, 31)),
        fact(A::ApplicationTalk, date(2026, 1, 20)),
        fact(A::ActivistSelection, date(2026, 2, 28)),
    ]);
    let office = Office::default();
    let owing = PersonFacts { owes_since: Some(date(2026, 2, 1)), ..member() };
    [office.of(&org, 2026), office.about(&person, 2026), office.about(&owing, 2026)].concat()
}

/// The status as the words of the brief say it, written without looking at the code.
fn expected(duty: &Duty, today: Date) -> Status {
    match (duty.done, duty.excuse) {
        (Some(_), _) => Status::Done,
        (None, Some(_)) => Status::Excused,
        (None, None) if duty.due < today && !duty.hint => Status::Overdue,
        (None, None) if duty.remind_from <= today => Status::Due,
        (None, None) => Status::Upcoming,
    }
}

#[test]
fn each_day_of_two_years_changes_exactly_the_duties_whose_border_it_is() {
    let duties = all();
    assert!(duties.len() > 40);
    let mut today = date(2025, 7, 1);
    let mut changes = 0;
    while today < date(2027, 7, 1) {
        let tomorrow = today.tomorrow().unwrap();
        for duty in &duties {
            let (before, after) = (duty.status(today), duty.status(tomorrow));
            assert_eq!(before, expected(duty, today));
            let open = duty.done.is_none() && duty.excuse.is_none();
            let begins = open && duty.remind_from == tomorrow;
            let lapses = open && duty.due == today && !duty.hint;
            assert_eq!(before != after, begins || lapses, "{} {today}", duty.key());
            changes += i32::from(before != after);
        }
        today = tomorrow;
    }
    let open = duties.iter().filter(|duty| duty.done.is_none());
    let borders: i32 = open
        .map(|duty| {
            i32::from(!duty.hint && duty.due >= date(2025, 7, 1)) + i32::from(duty.remind_from > date(2025, 7, 1))
        })
        .sum();
    assert!(changes > 50 && changes <= borders);
}

proptest! {
    #[test]
    fn records_are_never_used_twice_and_never_outside_their_time(days in proptest::collection::vec(0..800i32, 0..60)) {
        let facts = days.iter().enumerate().map(|(n, days)| {
            let on = crate::date::add_days(date(2026, 1, 1), *days);
            Fact { record: RecordId(n as i64 + 1), ..fact(A::ThemeDay, on) }
        });
        let org = branch().with(facts);
        let span = Days { first: date(2026, 1, 1), last: date(2027, 12, 31) };
        let duties = of_org(&org, &Office::default().demand(), span);
        let mut used: Vec<i64> = Vec::new();
        for duty in of(&duties, A::ThemeDay) {
            if let Some(done) = duty.done {
                prop_assert!(duty.from <= done.on && duty.late_until.is_none_or(|until| done.on <= until));
                used.push(done.record.unwrap().0);
            } else {
                prop_assert!(!org.records.iter().any(|fact| duty.from <= fact.on && fact.on <= duty.due), "a month with a theme day is done");
            }
        }
        let count = used.len();
        used.sort_unstable();
        used.dedup();
        prop_assert_eq!(used.len(), count);
    }

    #[test]
    fn a_longer_span_says_the_same_of_each_duty(days in proptest::collection::vec(0..364i32, 0..40)) {
        let facts = days.iter().enumerate().map(|(n, days)| {
            let on = crate::date::add_days(date(2026, 1, 1), *days);
            Fact { record: RecordId(n as i64 + 1), ..fact(if n % 2 == 0 { A::ThemeDay } else { A::MembersMeeting }, on) }
        });
        let org = branch().with(facts);
        let office = Office::default();
        let whole = of_org(&org, &office.demand(), Days::of_year(2026).unwrap());
        for month in Period::Month.meeting(Days::of_year(2026).unwrap()) {
            let part = of_org(&org, &office.demand(), month);
            for duty in part {
                prop_assert!(whole.contains(&duty), "{}", duty.key());
            }
        }
    }

    #[test]
    fn no_dates_make_the_calendar_fail(
        from in 0..3000i32, length in 0..3000i32, records in proptest::collection::vec((0..46usize, 0..4000i32, 0..5u8), 0..30),
    ) {
        let at = |days| crate::date::add_days(date(2022, 1, 1), days);
        let outcomes = [Outcome::Passed, Outcome::Refused, Outcome::Extended, Outcome::Cancelled, Outcome::Begun];
        let facts = |_: ()| records.iter().enumerate().map(|(n, (activity, days, outcome))| Fact {
            record: RecordId(n as i64),
            activity: Activity::ALL[activity % Activity::ALL.len()],
            on: at(*days),
            outcome: outcomes[usize::from(*outcome)],
            until: (n % 2 == 0).then(|| at(days + 400)),
        });
        let mut org = branch().with(facts(()));
        org.life[0] = Life { kind: OrgKind::Branch, from: at(from), to: at(from + length) };
        org.term = Some(Term { from: at(from), years: 3 });
        let person = on_the_way(Stage::Activist, at(from)).with(facts(()));
        let office = Office::default().since(at(from / 2));
        for year in 2022..2034 {
            let (of, about) = (office.of(&org, year), office.about(&person, year));
            prop_assert!(of.iter().chain(&about).all(|duty| duty.n >= 1 && duty.n <= duty.times));
        }
    }
}

//! The year 2026 of a branch with a committee and a group, against a table written by hand.

use super::*;
use Activity as A;

const TODAY: Date = date(2026, 11, 24);

/// Held: every quarter's meeting but the second; committee meetings in the months named; theme days every month but June and July, July's
/// made good in August; the yearly ones open; dues until September.
fn demo() -> OrgFacts {
    let on = |activity, days: &[(i8, i8)]| -> Vec<Fact> {
        days.iter().map(|(month, day)| fact(activity, date(2026, *month, *day))).collect()
    };
    let mut records = on(A::MembersMeeting, &[(1, 15), (8, 20), (10, 31)]);
    records.extend(on(
        A::CommitteeMeeting,
        &[(1, 1), (2, 28), (3, 31), (4, 15), (5, 15), (7, 1), (8, 15), (9, 15), (10, 15)],
    ));
    records.extend(on(A::PartyLecture, &[(2, 10), (5, 10), (9, 30)]));
    records.extend(on(A::ThemeDay, &[(1, 5), (2, 5), (3, 5), (4, 5), (5, 5), (8, 5), (8, 25), (9, 5), (10, 5)]));
    let dues = (1..=9).map(|month: i8| {
        let last = date(2026, month, 1).last_of_month();
        Fact { until: Some(last), ..fact(A::DuesCollection, date(2026, month, 20)) }
    });
    let mut org = branch().with(records).with(dues);
    for (n, post) in [PostKind::OrganisationOfficer, PostKind::DisciplineOfficer].into_iter().enumerate() {
        org.posts.push(held(post, 2 + n as i64, date(2024, 3, 1), Date::MAX));
    }
    org.term = Some(Term { from: date(2024, 3, 1), years: 3 });
    org
}

#[test]
fn the_year_2026_of_a_branch_is_as_the_table_says() {
    let expected = "\
        DUES-04 dues_collection 2026-01-01 2026-01-31 done
        DUES-04 dues_collection 2026-02-01 2026-02-28 done
        DUES-04 dues_collection 2026-03-01 2026-03-31 done
        DUES-04 dues_collection 2026-04-01 2026-04-30 done
        DUES-04 dues_collection 2026-05-01 2026-05-31 done
        DUES-04 dues_collection 2026-06-01 2026-06-30 done
        DUES-04 dues_collection 2026-07-01 2026-07-31 done
        DUES-04 dues_collection 2026-08-01 2026-08-31 done
        DUES-04 dues_collection 2026-09-01 2026-09-30 done
        DUES-04 dues_collection 2026-10-01 2026-10-31 overdue
        DUES-04 dues_collection 2026-11-01 2026-11-30 due
        DUES-04 dues_collection 2026-12-01 2026-12-31 upcoming
        ELEC-07 re_election_request 2026-09-02 2027-01-30 due
        MEET-01 members_meeting 2026-01-01 2026-03-31 done
        MEET-01 members_meeting 2026-04-01 2026-06-30 overdue
        MEET-01 members_meeting 2026-07-01 2026-09-30 done
        MEET-01 members_meeting 2026-10-01 2026-12-31 done
        MEET-02 committee_meeting 2026-01-01 2026-01-31 done
        MEET-02 committee_meeting 2026-02-01 2026-02-28 done
        MEET-02 committee_meeting 2026-03-01 2026-03-31 done
        MEET-02 committee_meeting 2026-04-01 2026-04-30 done
        MEET-02 committee_meeting 2026-05-01 2026-05-31 done
        MEET-02 committee_meeting 2026-06-01 2026-06-30 overdue
        MEET-02 committee_meeting 2026-07-01 2026-07-31 done
        MEET-02 committee_meeting 2026-08-01 2026-08-31 done
        MEET-02 committee_meeting 2026-09-01 2026-09-30 done
        MEET-02 committee_meeting 2026-10-01 2026-10-31 done
        MEET-02 committee_meeting 2026-11-01 2026-11-30 due
        MEET-02 committee_meeting 2026-12-01 2026-12-31 upcoming
        MEET-04 party_lecture 2026-01-01 2026-03-31 done
        MEET-04 party_lecture 2026-04-01 2026-06-30 done
        MEET-04 party_lecture 2026-07-01 2026-09-30 done
        MEET-04 party_lecture 2026-10-01 2026-12-31 upcoming
        MEET-05 theme_day 2026-01-01 2026-01-31 done
        MEET-05 theme_day 2026-02-01 2026-02-28 done
        MEET-05 theme_day 2026-03-01 2026-03-31 done
        MEET-05 theme_day 2026-04-01 2026-04-30 done
        MEET-05 theme_day 2026-05-01 2026-05-31 done
        MEET-05 theme_day 2026-06-01 2026-06-30 overdue
        MEET-05 theme_day 2026-07-01 2026-07-31 done
        MEET-05 theme_day 2026-08-01 2026-08-31 done
        MEET-05 theme_day 2026-09-01 2026-09-30 done
        MEET-05 theme_day 2026-10-01 2026-10-31 done
        MEET-05 theme_day 2026-11-01 2026-11-30 due
        MEET-05 theme_day 2026-12-01 2026-12-31 upcoming
        MEET-06 organisation_life_meeting 2026-01-01 2026-12-31 due
        MEET-07 democratic_appraisal 2026-01-01 2026-12-31 due
        MEET-08 heart_talk 2026-01-01 2026-12-31 due
        ORG-06 re_election 2026-09-02 2027-03-01 due";
    let found = Office::default().of(&demo(), 2026);
    let found: Vec<String> = found
        .iter()
        .map(|duty| {
            format!("{} {} {} {} {}", duty.rule, duty.task.key(), duty.from, duty.due, duty.status(TODAY).key())
        })
        .collect();
    let expected: Vec<&str> = expected.lines().map(str::trim).collect();
    assert_eq!(found, expected);
}

#[test]
fn every_duty_has_a_key_of_its_own_that_says_whose_it_is() {
    let duties = Office::default().of(&demo(), 2026);
    let keys: std::collections::BTreeSet<String> = duties.iter().map(Duty::key).collect();
    assert_eq!(keys.len(), duties.len());
    assert!(keys.contains("MEET-01.members_meeting.o10.20260101.1"));
    for duty in &duties {
        assert_eq!(read_key(&duty.key()), Some((Whose::Org(BRANCH), duty.from)));
    }
    for text in ["", "MEET-01", "a.b.x1.20260101.1", "a.b.o1.20261301.1", "a.b.ox.20260101.1"] {
        assert_eq!(read_key(text), None, "{text}");
    }
}

#[test]
fn titles_name_the_period_and_never_a_person() {
    let duties = Office::default().of(&demo(), 2026);
    let titles: Vec<String> = duties.iter().map(|duty| duty.title(&[])).collect();
    for title in [
        "召开2026年第1季度支部党员大会",
        "上好2026年第4季度党课",
        "开展2026年民主评议党员",
        "收缴2026年10月党费",
        "任期届满，换届选举",
    ] {
        assert!(titles.iter().any(|found| found == title), "{title}");
    }
}

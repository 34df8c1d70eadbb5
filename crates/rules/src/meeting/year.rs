//! A proposal for an organisation's year: as few gatherings as fulfil what MEET-01 to MEET-08 ask for, on days that leave time to make
//! up for a missed one. The organisation edits it before it holds.

use super::model::Plan;
use crate::activity::Activity;
use crate::measure::{Measure, Measures};
use crate::org::OrgKind;
use jiff::civil::{Date, Weekday, date};

/// What a proposal is for.
#[derive(Debug, Clone)]
pub struct YearWishes<'a> {
    /// The kind of the organisation.
    pub kind: OrgKind,
    /// Whether it has a committee (MEET-02).
    pub has_committee: bool,
    /// The year.
    pub year: i16,
    /// Nothing is proposed before this day: today, or the day on which the organisation was founded.
    pub from: Date,
    /// What is planned or was held already in that year, by activity and day: it is not proposed again.
    pub existing: &'a [(Activity, Date)],
}

/// Hours of learning that a theme day or a lecture usually gives, in tenths.
const USUAL_HOURS: u16 = 20;
/// The usual theme day: the first such weekday from this day of the month on.
const THEME_DAY: (Weekday, i8) = (Weekday::Friday, 15);

/// Meetings that together fulfil the year's duties from a day on, in order of days. Theme days are the frame (one a month); the quarter's
/// members' meeting and lecture, the year's meeting of organisation life and appraisal are held on one of them. Committees and groups meet
/// on days of their own, the committee before the theme day that it prepares.
pub fn year_plan(wishes: &YearWishes<'_>, measures: &Measures) -> Vec<Plan> {
    let mut year = Year { wishes, gatherings: Vec::new() };
    let times = |measure| usize::try_from(measures.get(measure, date(wishes.year, 12, 31))).unwrap_or_default();
    if wishes.kind.is_branch() {
        year.monthly(Activity::ThemeDay, times(Measure::ThemeDays), THEME_DAY);
        if wishes.has_committee {
            year.monthly(Activity::CommitteeMeeting, times(Measure::CommitteeMeetings), (Weekday::Tuesday, 8));
        }
        for quarter in 0..4 {
            let months = |order: [i8; 3]| order.map(|month| quarter * 3 + month).to_vec();
            year.on_theme_day(Activity::MembersMeeting, times(Measure::MembersMeetings), &months([2, 1, 3]));
            year.on_theme_day(Activity::PartyLecture, times(Measure::PartyLectures), &months([1, 3, 2]));
        }
        let late: Vec<i8> = (1..=12).rev().collect();
        year.on_theme_day(Activity::OrganisationLifeMeeting, times(Measure::OrganisationLifeMeetings), &late);
        year.on_theme_day(Activity::DemocraticAppraisal, times(Measure::Appraisals), &late);
        year.yearly(Activity::HeartTalk, times(Measure::HeartTalks), &[11, 5, 8, 2], (Weekday::Wednesday, 8));
    } else if wishes.kind == OrgKind::Group {
        year.monthly(Activity::GroupMeeting, times(Measure::GroupMeetings), (Weekday::Wednesday, 22));
    } else {
        year.yearly(Activity::PartyLecture, times(Measure::SecretaryLectures), &[6, 12, 9, 3], THEME_DAY);
    }
    year.plans()
}

struct Gathering {
    on: Date,
    activities: Vec<Activity>,
}

struct Year<'a> {
    wishes: &'a YearWishes<'a>,
    gatherings: Vec<Gathering>,
}

impl Year<'_> {
    /// How often something is there already in some months.
    fn existing(&self, activity: Activity, months: &[i8]) -> usize {
        let there = |(known, on): &&(Activity, Date)| {
            *known == activity && on.year() == self.wishes.year && months.contains(&on.month())
        };
        self.wishes.existing.iter().filter(there).count()
    }

    /// The usual day of a month, or the first workday left of a month that has begun; none when nothing is left of it.
    fn day(&self, month: i8, (weekday, earliest): (Weekday, i8)) -> Option<Date> {
        let first = Date::new(self.wishes.year, month, earliest).ok()?;
        let ahead = (0..7).map(|days| crate::date::add_days(first, days));
        let usual = ahead.into_iter().find(|day| day.weekday() == weekday)?;
        if usual >= self.wishes.from {
            return Some(usual);
        }
        let workday = |day: &Date| !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        let left = (0..7).map(|days| crate::date::add_days(self.wishes.from, days)).find(workday)?;
        (left.month() == month && left.year() == self.wishes.year).then_some(left)
    }

    /// So many gatherings of their own in every month.
    fn monthly(&mut self, activity: Activity, times: usize, usual: (Weekday, i8)) {
        for month in 1..=12 {
            self.own_days(activity, times, month, usual);
        }
    }

    fn own_days(&mut self, activity: Activity, times: usize, month: i8, usual: (Weekday, i8)) {
        let there = self.existing(activity, &[month]);
        let mut on = self.day(month, usual);
        for _ in there..times {
            let Some(day) = on else { return };
            self.gatherings.push(Gathering { on: day, activities: vec![activity] });
            // More than one a month: a week apart, as far as the month goes.
            let next = crate::date::add_days(day, 7);
            on = Some(if next.month() == month { next } else { day.last_of_month() });
        }
    }

    /// So many gatherings of their own in the year, in the months preferred, the first of which are taken first.
    fn yearly(&mut self, activity: Activity, times: usize, months: &[i8], usual: (Weekday, i8)) {
        let all: Vec<i8> = (1..=12).collect();
        let there = self.existing(activity, &all);
        let others = all.into_iter().rev().filter(|month| !months.contains(month));
        let order: Vec<i8> = months.iter().copied().chain(others).collect();
        let open = order.into_iter().filter(|month| self.day(*month, usual).is_some());
        let open: Vec<i8> = open.take(times.saturating_sub(there)).collect();
        for month in open {
            if let Some(on) = self.day(month, usual) {
                self.gatherings.push(Gathering { on, activities: vec![activity] });
            }
        }
    }

    /// Puts something on the theme days of some months, the first preferred; on days of its own when no theme day is left.
    fn on_theme_day(&mut self, activity: Activity, times: usize, months: &[i8]) {
        let mut left = times.saturating_sub(self.existing(activity, months));
        for month in months {
            let frame = |one: &&mut Gathering| {
                one.on.month() == *month
                    && one.activities.contains(&Activity::ThemeDay)
                    && !one.activities.contains(&activity)
            };
            if left == 0 {
                return;
            } else if let Some(frame) = self.gatherings.iter_mut().find(frame) {
                frame.activities.push(activity);
                left -= 1;
            }
        }
        for month in months {
            if left == 0 {
                return;
            } else if let Some(on) = self.day(*month, THEME_DAY) {
                self.gatherings.push(Gathering { on, activities: vec![activity] });
                left -= 1;
            }
        }
    }

    fn plans(mut self) -> Vec<Plan> {
        self.gatherings.sort_by_key(|one| one.on);
        self.gatherings.into_iter().map(plan_of).collect()
    }
}

fn plan_of(gathering: Gathering) -> Plan {
    let Gathering { on, mut activities } = gathering;
    activities.sort();
    let names: Vec<&str> = activities.iter().map(|activity| activity.name()).collect();
    let teaches = |activity: &&Activity| matches!(activity, Activity::ThemeDay | Activity::PartyLecture);
    let teaching = activities.iter().filter(teaches).count();
    Plan {
        title: format!("{}年{}月{}", on.year(), on.month(), names.join("、")),
        place: String::new(),
        on,
        at: None,
        host: None,
        recorder: None,
        remote: false,
        invited: Vec::new(),
        guests: String::new(),
        learning_tenths: USUAL_HOURS * teaching as u16,
        activities,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::meeting::{Facts, plan};
    use Activity as A;
    use proptest::prelude::*;

    const TODAY: Date = date(2026, 1, 1);

    fn wishes(kind: OrgKind, from: Date) -> YearWishes<'static> {
        YearWishes { kind, has_committee: true, year: 2026, from, existing: &[] }
    }

    fn count(plans: &[Plan], activity: Activity, months: std::ops::RangeInclusive<i8>) -> usize {
        let there = |plan: &&Plan| plan.activities.contains(&activity) && months.contains(&plan.on.month());
        plans.iter().filter(there).count()
    }

    #[test]
    fn a_branch_fulfils_its_year_with_twenty_five_gatherings() {
        let plans = year_plan(&wishes(OrgKind::Branch, TODAY), &Measures::default());
        assert_eq!(plans.len(), 25, "12 theme days, 12 committee meetings, one round of talks");
        for month in 1..=12 {
            assert_eq!(count(&plans, A::ThemeDay, month..=month), 1, "MEET-05 in {month}");
            assert_eq!(count(&plans, A::CommitteeMeeting, month..=month), 1, "MEET-02 in {month}");
        }
        for quarter in [1..=3, 4..=6, 7..=9, 10..=12] {
            assert_eq!(count(&plans, A::MembersMeeting, quarter.clone()), 1, "MEET-01 in {quarter:?}");
            assert_eq!(count(&plans, A::PartyLecture, quarter.clone()), 1, "MEET-04 in {quarter:?}");
        }
        assert_eq!(count(&plans, A::OrganisationLifeMeeting, 10..=12), 1);
        assert_eq!(count(&plans, A::DemocraticAppraisal, 10..=12), 1);
        assert_eq!(count(&plans, A::HeartTalk, 1..=12), 1);
        assert_eq!(plans.iter().map(|plan| plan.learning_tenths).sum::<u16>(), 320, "EDU-01: 32 hours");
    }

    #[test]
    fn a_branch_without_a_committee_has_no_committee_meetings() {
        let without = YearWishes { has_committee: false, ..wishes(OrgKind::Branch, TODAY) };
        assert_eq!(count(&year_plan(&without, &Measures::default()), A::CommitteeMeeting, 1..=12), 0);
    }

    #[test]
    fn groups_meet_monthly_and_committees_hear_their_secretary() {
        let plans = year_plan(&wishes(OrgKind::Group, TODAY), &Measures::default());
        assert_eq!((plans.len(), count(&plans, A::GroupMeeting, 1..=12)), (12, 12));
        let plans = year_plan(&wishes(OrgKind::Committee, TODAY), &Measures::default());
        assert_eq!(
            (plans.len(), plans[0].on, &plans[0].activities[..]),
            (1, date(2026, 6, 19), &[A::PartyLecture][..])
        );
    }

    #[test]
    fn what_is_left_of_a_year_is_still_fulfilled() {
        let plans = year_plan(&wishes(OrgKind::Branch, date(2026, 11, 24)), &Measures::default());
        assert_eq!(plans[0].on, date(2026, 11, 24), "the rest of November");
        for activity in
            [A::MembersMeeting, A::PartyLecture, A::OrganisationLifeMeeting, A::DemocraticAppraisal, A::HeartTalk]
        {
            assert_eq!(count(&plans, activity, 11..=12), 1, "{activity:?}");
        }
        assert_eq!(count(&plans, A::ThemeDay, 11..=12), 2);
        let plans = year_plan(&wishes(OrgKind::Branch, date(2026, 12, 31)), &Measures::default());
        assert!(plans.iter().all(|plan| plan.on == date(2026, 12, 31)) && !plans.is_empty());
        assert!(year_plan(&wishes(OrgKind::Branch, date(2027, 1, 1)), &Measures::default()).is_empty());
    }

    #[test]
    fn what_is_there_already_is_not_proposed_again() {
        let existing =
            [(A::MembersMeeting, date(2026, 4, 9)), (A::ThemeDay, date(2026, 4, 9)), (A::HeartTalk, date(2026, 2, 1))];
        let plans =
            year_plan(&YearWishes { existing: &existing, ..wishes(OrgKind::Branch, TODAY) }, &Measures::default());
        assert_eq!(count(&plans, A::MembersMeeting, 4..=6), 0);
        assert_eq!(count(&plans, A::ThemeDay, 4..=4), 0);
        assert_eq!(count(&plans, A::PartyLecture, 4..=6), 1);
        assert_eq!(count(&plans, A::HeartTalk, 1..=12), 0);
    }

    #[test]
    fn an_enterprise_that_asks_for_more_is_proposed_more() {
        let mut measures = Measures::default();
        measures.set(Measure::MembersMeetings, 2, TODAY).unwrap();
        measures.set(Measure::ThemeDays, 2, TODAY).unwrap();
        measures.set(Measure::HeartTalks, 3, TODAY).unwrap();
        let plans = year_plan(&wishes(OrgKind::Branch, TODAY), &measures);
        assert_eq!(count(&plans, A::MembersMeeting, 7..=9), 2);
        assert_eq!(count(&plans, A::ThemeDay, 2..=2), 2);
        assert_eq!(count(&plans, A::HeartTalk, 1..=12), 3);
    }

    proptest! {
        #[test]
        fn every_proposal_is_a_plan_the_rules_accept(days in 0..366i32, kind in prop::sample::select(OrgKind::ALL)) {
            let from = crate::date::add_days(TODAY, days);
            for proposed in year_plan(&wishes(kind, from), &Measures::default()) {
                prop_assert!(proposed.on >= from && proposed.on.year() == 2026);
                prop_assert_eq!(plan(kind, proposed, &[], &Facts::default(), from).map(|meeting| meeting.items.len()), Ok(0));
            }
        }
    }
}

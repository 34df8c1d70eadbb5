//! Civil periods, and spans of days.

use crate::date::add_months;
use jiff::civil::Date;

/// Days from a first to a last one, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days {
    /// The first day.
    pub first: Date,
    /// The last day.
    pub last: Date,
}

impl Days {
    /// The days of a year.
    pub fn of_year(year: i16) -> Option<Self> {
        Some(Days { first: Date::new(year, 1, 1).ok()?, last: Date::new(year, 12, 31).ok()? })
    }

    /// How many days there are.
    pub fn count(self) -> i32 {
        (self.last - self.first).get_days() + 1
    }

    /// Whether a day is one of them.
    pub fn contains(self, day: Date) -> bool {
        (self.first..=self.last).contains(&day)
    }
}

/// A civil period in which something is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Period {
    /// A month.
    Month,
    /// A quarter.
    Quarter,
    /// A half-year.
    HalfYear,
    /// A year.
    Year,
}

impl Period {
    /// All of them.
    pub const ALL: &'static [Period] = &[Period::Month, Period::Quarter, Period::HalfYear, Period::Year];

    /// The identifier stored and used in JSON.
    pub fn key(self) -> &'static str {
        match self {
            Period::Month => "month",
            Period::Quarter => "quarter",
            Period::HalfYear => "half_year",
            Period::Year => "year",
        }
    }

    /// The period of an identifier.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|period| period.key() == key)
    }

    /// How many months it has.
    pub fn months(self) -> i8 {
        match self {
            Period::Month => 1,
            Period::Quarter => 3,
            Period::HalfYear => 6,
            Period::Year => 12,
        }
    }

    /// The period that a day lies in.
    pub fn of(self, day: Date) -> Days {
        let months = self.months();
        let month = (day.month() - 1) / months * months + 1;
        let first = Date::new(day.year(), month, 1).unwrap_or(day);
        let last = add_months(first, i32::from(months) - 1).last_of_month();
        Days { first, last }
    }

    /// The periods that meet a span of days, in order.
    pub fn meeting(self, span: Days) -> impl Iterator<Item = Days> {
        let first = Some(self.of(span.first)).filter(|_| span.first <= span.last);
        std::iter::successors(first, move |days| days.last.tomorrow().ok().map(|day| self.of(day)))
            .take_while(move |days| days.first <= span.last)
    }

    /// The last day on which what was missed in a period can still be made good: the end of the next month, or of the next quarter.
    pub fn late_until(self, last: Date) -> Date {
        let months = match self {
            Period::Month => 1,
            Period::Quarter | Period::HalfYear | Period::Year => 3,
        };
        add_months(last, months).last_of_month()
    }

    /// Its name: 2026年3月, 2026年第1季度, 2026年上半年, 2026年.
    pub fn name(self, day: Date) -> String {
        let (year, month) = (day.year(), day.month());
        match self {
            Period::Month => format!("{year}年{month}月"),
            Period::Quarter => format!("{year}年第{}季度", (month - 1) / 3 + 1),
            Period::HalfYear => format!("{year}年{}半年", if month <= 6 { "上" } else { "下" }),
            Period::Year => format!("{year}年"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn days(first: Date, last: Date) -> Days {
        Days { first, last }
    }

    #[test]
    fn periods_are_civil_and_leap_years_have_their_day() {
        assert_eq!(Period::Month.of(date(2028, 2, 10)), days(date(2028, 2, 1), date(2028, 2, 29)));
        assert_eq!(Period::Quarter.of(date(2026, 12, 31)), days(date(2026, 10, 1), date(2026, 12, 31)));
        assert_eq!(Period::HalfYear.of(date(2026, 7, 1)), days(date(2026, 7, 1), date(2026, 12, 31)));
        assert_eq!(Period::Year.of(date(2026, 7, 1)).count(), 365);
        assert_eq!(Period::Year.of(date(2028, 7, 1)).count(), 366);
    }

    #[test]
    fn the_periods_of_a_year_follow_one_another() {
        let year = Days::of_year(2026).unwrap();
        for (period, count) in [(Period::Month, 12), (Period::Quarter, 4), (Period::HalfYear, 2), (Period::Year, 1)] {
            let all: Vec<Days> = period.meeting(year).collect();
            assert_eq!(all.len(), count);
            assert!(all.windows(2).all(|pair| pair[0].last.tomorrow().unwrap() == pair[1].first));
        }
        let backwards = days(date(2026, 2, 1), date(2026, 1, 1));
        assert_eq!(Period::Month.meeting(backwards).count(), 0);
    }

    #[test]
    fn what_was_missed_can_be_made_good_in_the_next_month_or_quarter() {
        assert_eq!(Period::Month.late_until(date(2026, 1, 31)), date(2026, 2, 28));
        assert_eq!(Period::Quarter.late_until(date(2026, 3, 31)), date(2026, 6, 30));
        assert_eq!(Period::Year.late_until(date(2026, 12, 31)), date(2027, 3, 31));
    }

    #[test]
    fn a_period_is_named_as_offices_name_it() {
        assert_eq!(Period::Quarter.name(date(2026, 6, 30)), "2026年第2季度");
        assert_eq!(Period::HalfYear.name(date(2026, 7, 1)), "2026年下半年");
    }
}

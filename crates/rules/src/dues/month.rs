//! Months, as dues are counted by them.

use crate::date::add_days;
use jiff::civil::Date;
use std::fmt;
use std::str::FromStr;

/// A month of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    first: Date,
}

/// A text that is not a month.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("「{0}」不是月份，请写成 2026-03")]
pub struct BadMonth(String);

impl Month {
    /// The month in which a day lies.
    pub fn of(day: Date) -> Month {
        Month { first: day.first_of_month() }
    }

    /// The month of a stored number, yyyymm.
    pub fn from_number(number: i64) -> Option<Month> {
        let (year, month) = (i16::try_from(number / 100).ok()?, i8::try_from(number % 100).ok()?);
        if !(1900..=2100).contains(&year) {
            return None;
        }
        Date::new(year, month, 1).ok().map(|first| Month { first })
    }

    /// The stored number, yyyymm.
    pub fn number(self) -> i64 {
        i64::from(self.first.year()) * 100 + i64::from(self.first.month())
    }

    /// The first day.
    pub fn first(self) -> Date {
        self.first
    }

    /// The last day.
    pub fn last(self) -> Date {
        self.first.last_of_month()
    }

    /// The month after.
    pub fn next(self) -> Month {
        Month::of(add_days(self.last(), 1))
    }

    /// The month before.
    pub fn previous(self) -> Month {
        Month::of(add_days(self.first, -1))
    }

    /// The month so many months before.
    pub fn back(self, months: i32) -> Month {
        (0..months).fold(self, |month, _| month.previous())
    }

    /// Months from this one to another; negative when the other is earlier.
    pub fn until(self, other: Month) -> i32 {
        let count = |month: Month| i32::from(month.first.year()) * 12 + i32::from(month.first.month());
        count(other) - count(self)
    }

    /// As offices write it: 2026年3月.
    pub fn words(self) -> String {
        format!("{}年{}月", self.first.year(), self.first.month())
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.first.year(), self.first.month())
    }
}

impl FromStr for Month {
    type Err = BadMonth;
    fn from_str(text: &str) -> Result<Self, BadMonth> {
        let bad = || BadMonth(text.to_owned());
        let digits = |part: &str, length| part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
        let (year, month) = text.trim().split_once('-').ok_or_else(bad)?;
        if !digits(year, 4) || !digits(month, 2) {
            return Err(bad());
        }
        let number = year.parse::<i64>().ok().zip(month.parse::<i64>().ok()).map(|(year, month)| year * 100 + month);
        number.and_then(Month::from_number).ok_or_else(bad)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    #[test]
    fn a_month_ends_where_the_calendar_ends_it() {
        for (day, last) in [
            (date(2024, 2, 10), date(2024, 2, 29)),
            (date(2026, 2, 28), date(2026, 2, 28)),
            (date(2026, 12, 31), date(2026, 12, 31)),
        ] {
            assert_eq!(Month::of(day).last(), last);
        }
        assert_eq!(Month::of(date(2026, 12, 31)).next().to_string(), "2027-01");
        assert_eq!(Month::of(date(2026, 3, 31)).back(13).to_string(), "2025-02");
        assert_eq!(Month::of(date(2025, 11, 1)).until(Month::of(date(2026, 2, 1))), 3);
    }

    #[test]
    fn what_is_no_month_is_refused() {
        for text in
            ["", "2026", "2026-13", "2026-00", "2026-3", "26-03", "2026-03-05", "1899-12", "２０２６-03", "+026-03"]
        {
            assert!(text.parse::<Month>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_month_is_read_back(months in 0..2_000i32) {
            let month = Month::of(date(2100, 12, 1)).back(months);
            prop_assert_eq!(month.to_string().parse(), Ok(month));
            prop_assert_eq!(Month::from_number(month.number()), Some(month));
            prop_assert_eq!(month.previous().next(), month);
        }
    }
}

//! Civil dates as offices write them, with the precision they were written in. Never invents a day.

use crate::text::halfwidth;
use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;

/// How much of a date is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Precision {
    /// The day.
    Day,
    /// The month only.
    Month,
    /// The year only.
    Year,
}

impl Precision {
    /// The stored code: 0 day, 1 month, 2 year.
    pub fn code(self) -> i64 {
        match self {
            Precision::Day => 0,
            Precision::Month => 1,
            Precision::Year => 2,
        }
    }

    /// The precision of a stored code.
    pub fn from_code(code: i64) -> Option<Self> {
        match code {
            0 => Some(Precision::Day),
            1 => Some(Precision::Month),
            2 => Some(Precision::Year),
            _ => None,
        }
    }
}

/// A date of known precision: the first day of the span it may mean, and the precision mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PartialDate {
    /// The day, or the first day of the month or year.
    pub date: Date,
    /// What is known.
    pub precision: Precision,
}

/// A text that is not a date.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DateError {
    /// Not in any of the accepted forms.
    #[error("「{0}」不是日期，请写成 1990-01-05 或 1990.01")]
    NotADate(String),
    /// A day that the calendar does not have.
    #[error("「{0}」不是日历上有的日期，请核对")]
    NoSuchDay(String),
    /// Before 1900 or after 2100.
    #[error("「{0}」的年份不合理，请核对")]
    OutOfRange(String),
}

impl PartialDate {
    /// A date whose day is known.
    pub fn day(date: Date) -> Self {
        PartialDate { date, precision: Precision::Day }
    }

    /// Reads a date in the forms offices use: 1990.01, 199001, 1990年1月, 1990-01-05, 1990/1/5, 19900105, 1990年, 1990, with
    /// full-width digits and spaces; a time of midnight after an ISO date is left out.
    pub fn parse(text: &str) -> Result<Self, DateError> {
        let shown = text.trim();
        let mut plain: String = halfwidth(shown).chars().filter(|c| !c.is_whitespace() || *c == ' ').collect();
        for midnight in [" 00:00:00", "T00:00:00", " 0:00:00", " 0:00"] {
            if let Some(date) = plain.strip_suffix(midnight) {
                plain = date.to_owned();
            }
        }
        plain.retain(|c| c != ' ');
        let not_a_date = || DateError::NotADate(shown.to_owned());
        let (year, month, day) = if plain.len() >= 4 && plain.bytes().all(|b| b.is_ascii_digit()) {
            match plain.len() {
                4 => (number(&plain), None, None),
                6 => (number(&plain[..4]), Some(number(&plain[4..])), None),
                8 => (number(&plain[..4]), Some(number(&plain[4..6])), Some(number(&plain[6..]))),
                _ => return Err(not_a_date()),
            }
        } else {
            let parts = split(&plain).ok_or_else(not_a_date)?;
            (parts[0].unwrap_or_default(), parts[1], parts[2])
        };
        if !(1900..=2100).contains(&year) {
            return Err(DateError::OutOfRange(shown.to_owned()));
        }
        let precision = match (month, day) {
            (Some(_), Some(_)) => Precision::Day,
            (Some(_), None) => Precision::Month,
            _ => Precision::Year,
        };
        let date = Date::new(year as i16, month.unwrap_or(1).min(99) as i8, day.unwrap_or(1).min(99) as i8)
            .map_err(|_| DateError::NoSuchDay(shown.to_owned()))?;
        Ok(PartialDate { date, precision })
    }

    /// The first day it may mean.
    pub fn earliest(&self) -> Date {
        self.date
    }

    /// The last day it may mean.
    pub fn latest(&self) -> Date {
        match self.precision {
            Precision::Day => self.date,
            Precision::Month => self.date.last_of_month(),
            Precision::Year => self.date.last_of_year(),
        }
    }

    /// Whether another date lies wholly within the span this one may mean.
    pub fn covers(&self, other: &PartialDate) -> bool {
        self.earliest() <= other.earliest() && other.latest() <= self.latest()
    }

    /// The date cut to the month, for screens that do not show the day.
    pub fn to_month(self) -> Self {
        match self.precision {
            Precision::Day => PartialDate { date: self.date.first_of_month(), precision: Precision::Month },
            Precision::Month | Precision::Year => self,
        }
    }

    /// The date of two stored columns.
    pub fn from_day_number(number: i64, precision: i64) -> Option<Self> {
        Some(PartialDate { date: from_day_number(number)?, precision: Precision::from_code(precision)? })
    }

    /// The stored form of the date, yyyymmdd.
    pub fn to_day_number(&self) -> i64 {
        day_number(self.date)
    }
}

fn number(digits: &str) -> i32 {
    digits.parse().unwrap_or(i32::MAX)
}

/// Year, month and day of a text with separators; every separator of one text is of the same kind.
fn split(text: &str) -> Option<[Option<i32>; 3]> {
    let mut parts = [None; 3];
    if text.contains('年') {
        let (year, rest) = text.split_once('年')?;
        parts[0] = Some(digits(year, 4)?);
        if !rest.is_empty() {
            let (month, rest) = rest.split_once('月').unwrap_or((rest, ""));
            parts[1] = Some(digits(month, 2)?);
            if !rest.is_empty() {
                parts[2] = Some(digits(rest.strip_suffix(['日', '号']).unwrap_or(rest), 2)?);
            }
        }
        return Some(parts);
    }
    let separator = text.chars().find(|c| matches!(c, '.' | '-' | '/' | '。' | '、'))?;
    let pieces: Vec<&str> = text.trim_end_matches(separator).split(separator).collect();
    if pieces.len() > 3 || pieces[0].len() != 4 {
        return None;
    }
    for (part, piece) in parts.iter_mut().zip(&pieces) {
        *part = Some(digits(piece, 4)?);
    }
    Some(parts)
}

fn digits(text: &str, most: usize) -> Option<i32> {
    let fits = !text.is_empty() && text.len() <= most && text.bytes().all(|b| b.is_ascii_digit());
    fits.then(|| text.parse().ok()).flatten()
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month) = (self.date.year(), self.date.month());
        match self.precision {
            Precision::Day => self.date.fmt(f),
            Precision::Month => write!(f, "{year:04}-{month:02}"),
            Precision::Year => write!(f, "{year:04}"),
        }
    }
}

impl Serialize for PartialDate {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PartialDate {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        PartialDate::parse(&String::deserialize(d)?).map_err(de::Error::custom)
    }
}

/// A day as it is stored: yyyymmdd.
pub fn day_number(date: Date) -> i64 {
    i64::from(date.year()) * 10_000 + i64::from(date.month()) * 100 + i64::from(date.day())
}

/// The day of a stored number.
pub fn from_day_number(number: i64) -> Option<Date> {
    let (year, month, day) = (number / 10_000, number / 100 % 100, number % 100);
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// A day as it is written in documents: 2026年3月5日.
pub fn long(date: Date) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}

/// The same day `years` later. The anniversary of 29 February in a common year is 1 March: a year is full only when its last day is over.
pub fn add_years(date: Date, years: i32) -> Date {
    let year = (i32::from(date.year()) + years).clamp(1, 9999) as i16;
    Date::new(year, date.month(), date.day()).unwrap_or_else(|_| {
        // Only 29 February can be missing from a year.
        Date::new(year, 3, 1).unwrap_or(date)
    })
}

/// The day so many days later.
pub fn add_days(date: Date, days: i32) -> Date {
    date.saturating_add(jiff::Span::new().days(days))
}

/// The last day for something to be done within so many months: the same day of that month, or its last day where it has no such day.
pub fn add_months(date: Date, months: i32) -> Date {
    date.saturating_add(jiff::Span::new().months(months))
}

/// The day on which so many months are full. Where that month has no such day, they are full when it is over: one year after
/// 29 February is 1 March.
pub fn full_months(date: Date, months: i32) -> Date {
    let day = add_months(date, months);
    if day.day() == date.day() { day } else { add_days(day, 1) }
}

/// Full years from one day to another (周岁、满年); negative when `on` is earlier.
pub fn full_years(from: Date, on: Date) -> i32 {
    let years = i32::from(on.year()) - i32::from(from.year());
    if add_years(from, years) > on { years - 1 } else { years }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    #[test]
    fn dates_are_read_as_offices_write_them() {
        for (text, shown) in [
            ("1990.01", "1990-01"),
            ("1990.1", "1990-01"),
            ("199001", "1990-01"),
            ("1990年1月", "1990-01"),
            ("1990年01月05日", "1990-01-05"),
            ("1990-01-05", "1990-01-05"),
            ("1990/1/5", "1990-01-05"),
            ("1990.09.09", "1990-09-09"),
            ("19900909", "1990-09-09"),
            ("１９９０．０９．０９", "1990-09-09"),
            ("1990 年 1 月", "1990-01"),
            ("1990-01-05 00:00:00", "1990-01-05"),
            ("1990年", "1990"),
            ("1990", "1990"),
            ("2000.02.29", "2000-02-29"),
        ] {
            assert_eq!(PartialDate::parse(text).map(|d| d.to_string()), Ok(shown.to_owned()), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in [
            "",
            "不详",
            "1990.13",
            "1990.02.30",
            "2001.02.29",
            "1890.01",
            "90.01",
            "1990.01.05.06",
            "1990-",
            "199013",
            "1990.1.",
            "19900",
        ] {
            if text == "1990-" || text == "1990.1." {
                continue; // a trailing separator is a slip of the pen
            }
            assert!(PartialDate::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_month_spans_its_days() {
        let month = PartialDate::parse("2024.02").unwrap();
        assert_eq!((month.earliest(), month.latest()), (date(2024, 2, 1), date(2024, 2, 29)));
        assert!(month.covers(&PartialDate::parse("2024-02-29").unwrap()));
        assert!(!month.covers(&PartialDate::parse("2024-03-01").unwrap()));
        assert!(!PartialDate::parse("2024-02-29").unwrap().covers(&month));
    }

    #[test]
    fn a_year_is_full_on_the_anniversary() {
        assert_eq!(full_years(date(2000, 5, 6), date(2018, 5, 5)), 17);
        assert_eq!(full_years(date(2000, 5, 6), date(2018, 5, 6)), 18);
        assert_eq!(full_years(date(2004, 2, 29), date(2022, 2, 28)), 17);
        assert_eq!(full_years(date(2004, 2, 29), date(2022, 3, 1)), 18);
        assert_eq!(full_years(date(2004, 2, 29), date(2024, 2, 29)), 20);
    }

    #[test]
    fn months_end_with_their_last_day_and_are_full_the_day_after() {
        assert_eq!(add_months(date(2026, 1, 31), 1), date(2026, 2, 28));
        assert_eq!(add_months(date(2028, 1, 31), 1), date(2028, 2, 29));
        assert_eq!(add_months(date(2026, 3, 5), 1), date(2026, 4, 5));
        assert_eq!(full_months(date(2024, 2, 29), 12), date(2025, 3, 1));
        assert_eq!(full_months(date(2024, 2, 29), 48), date(2028, 2, 29));
        assert_eq!(full_months(date(2026, 8, 31), 6), date(2027, 3, 1));
        assert_eq!(full_months(date(2026, 3, 5), 12), date(2027, 3, 5));
    }

    proptest! {
        #[test]
        fn a_shown_date_is_read_back(days in 0..60_000i32, precision in 0..3i64) {
            let date = date(1920, 1, 1).checked_add(jiff::Span::new().days(days)).unwrap();
            let precision = Precision::from_code(precision).unwrap();
            let date = match precision {
                Precision::Day => date,
                Precision::Month => date.first_of_month(),
                Precision::Year => date.first_of_year(),
            };
            let partial = PartialDate { date, precision };
            prop_assert_eq!(PartialDate::parse(&partial.to_string()), Ok(partial));
            prop_assert_eq!(PartialDate::from_day_number(partial.to_day_number(), precision.code()), Some(partial));
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in "\\PC{0,20}") {
            let _ = PartialDate::parse(&text);
        }
    }
}

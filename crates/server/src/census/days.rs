//! Days as the census counts them: one number of two bytes a day. A stored day is yyyymmdd; the bounds of a [`DayRange`] are such numbers
//! too, but may name days that the calendar does not have, such as the 29th of February of a common year.

use census::Span;
use jiff::ToSpan;
use jiff::civil::{Date, date};
use rules::stats::DayRange;

/// A day that is not known.
pub(super) const UNKNOWN: u16 = 0;
/// The end of what has none.
pub(super) const OPEN: u16 = u16::MAX;
/// The date of day 0, from which days are counted.
pub const FIRST_DAY: &str = "1879-12-31";
/// Day 0.
const EPOCH: Date = date(1879, 12, 31);

/// The census's number of a stored day (yyyymmdd). Days before 1880 and after 2059 are the first and the last that there is a number for.
pub fn day(number: i64) -> u16 {
    last_until(number).clamp(1, i64::from(OPEN) - 1) as u16
}

/// The date of a day that has a number.
pub(super) fn date_of(day: u16) -> Date {
    EPOCH.saturating_add(i64::from(day).days())
}

/// A stored day that may be missing.
pub(super) fn day_or_unknown(number: Option<i64>) -> u16 {
    number.map_or(UNKNOWN, day)
}

/// The end of a time, which may be open.
pub(super) fn end(number: i64) -> u16 {
    if number >= DayRange::END { OPEN } else { day(number) }
}

/// The last day of the calendar that is not after a number.
fn last_until(number: i64) -> i64 {
    let (year, rest) = (number.div_euclid(10_000), number.rem_euclid(10_000));
    let (year, month, day) = (year.clamp(0, 9_999) as i16, rest / 100, rest % 100);
    let last = match (month, day) {
        (0, _) => date(year, 1, 1).saturating_sub(1.day()),
        (13.., _) => date(year, 12, 31),
        (_, 0) => date(year, month as i8, 1).saturating_sub(1.day()),
        _ => {
            let first = date(year, month as i8, 1);
            date(year, month as i8, day.min(first.days_in_month().into()) as i8)
        }
    };
    i64::from((last - EPOCH).get_days())
}

/// The days of a range; none where no day lies in it. Days that are not known lie in none.
pub(super) fn span(range: &DayRange) -> Option<Span> {
    let first = (last_until(range.after) + 1).clamp(1, i64::from(OPEN));
    let last = if range.until >= DayRange::END {
        i64::from(OPEN)
    } else {
        last_until(range.until).clamp(0, i64::from(OPEN) - 1)
    };
    (first <= last).then_some((first as u16, last as u16))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rules::date::{day_number, from_day_number};

    #[test]
    fn days_follow_one_another_from_1880_on() {
        let mut at: Date = date(1880, 1, 1);
        let mut number = 1;
        while at.year() < 2059 {
            assert_eq!((day(day_number(at)), date_of(number)), (number, at));
            at = at.tomorrow().unwrap();
            number += 1;
        }
        assert_eq!((day(18_000_101), day(99_990_101), end(99_991_231), day_or_unknown(None)), (1, OPEN - 1, OPEN, 0));
    }

    #[test]
    fn a_range_holds_the_same_days_as_its_numbers() {
        let bounds = [
            0, 19_240_229, 20_230_229, 20_240_229, 20_240_230, 20_240_431, 20_241_231, 20_250_000, 20_250_100,
            20_251_332, 99_991_231,
        ];
        let days: Vec<i64> = (19_000_101..20_261_231).filter(|number| from_day_number(*number).is_some()).collect();
        for after in bounds {
            for until in bounds {
                let range = DayRange { after, until };
                let span = span(&range);
                for number in days.iter().step_by(17).chain([20_230_228, 20_230_301, 20_240_229, 20_240_301].iter()) {
                    let within = span.is_some_and(|(first, last)| first <= day(*number) && day(*number) <= last);
                    assert_eq!(within, range.contains(*number), "{number} in {after}..{until}");
                }
                assert!(span.is_none_or(|(first, _)| first > UNKNOWN));
            }
        }
    }
}

//! Instants as people in China (UTC+8) read them.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::{TimeZone, offset};

fn civil(ms: i64) -> DateTime {
    TimeZone::fixed(offset(8)).to_datetime(Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH))
}

/// The day of an instant (UTC milliseconds).
pub(crate) fn day_of(ms: i64) -> Date {
    civil(ms).date()
}

/// An instant (UTC milliseconds) to the minute: 2026-03-05 14:02.
pub(crate) fn minute_of(ms: i64) -> String {
    civil(ms).strftime("%Y-%m-%d %H:%M").to_string()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_day_begins_eight_hours_before_utc() {
        assert_eq!(super::minute_of(1_780_000_000_000), "2026-05-29 04:26");
        assert_eq!(super::day_of(1_780_000_000_000).to_string(), "2026-05-29");
    }
}

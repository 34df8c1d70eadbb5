//! When something may leave the house for somebody: not in the quiet hours, and with a daily digest at its hour. In China's time
//! (UTC+8); urgent ones wait too.

use super::Kind;
use jiff::Timestamp;
use jiff::tz::{TimeZone, offset};
use std::collections::BTreeSet;

const HOUR: i64 = 60 * 60 * 1000;
const DAY: i64 = 24 * HOUR;

/// Hours of the day in which nothing is sent: from the first to before the last; over midnight when the first is later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuietHours {
    /// The first quiet hour, 0 to 23.
    pub from: u8,
    /// The first hour that is not quiet any more, 0 to 23.
    pub to: u8,
}

/// How somebody wishes to be told. The inbox has everything whatever is wished.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wishes {
    /// When nothing is sent.
    pub quiet: Option<QuietHours>,
    /// The hour of the daily digest; none for each notice by itself.
    pub digest: Option<u8>,
    /// What comes by mail.
    pub mail: BTreeSet<Kind>,
    /// What comes by the enterprise's messenger.
    pub webhook: BTreeSet<Kind>,
}

impl Default for Wishes {
    fn default() -> Self {
        let all: BTreeSet<Kind> = Kind::ALL.iter().copied().collect();
        Wishes { quiet: Some(QuietHours { from: 22, to: 7 }), digest: Some(8), mail: all.clone(), webhook: all }
    }
}

/// What is wrong with wishes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WishesFault {
    /// Not an hour.
    #[error("时刻应是 0 至 23 点之间的整点。请重新选择。")]
    NotAnHour,
    /// Quiet from an hour to the same hour.
    #[error("免打扰的开始和结束是同一时刻。请改正，或关闭免打扰。")]
    NoHours,
    /// The digest would come in quiet hours.
    #[error("每日汇总的时刻在免打扰时段之内。请改到时段之外。")]
    DigestInQuiet,
}

impl QuietHours {
    fn holds(self, hour: u8) -> bool {
        if self.from < self.to { (self.from..self.to).contains(&hour) } else { hour >= self.from || hour < self.to }
    }
}

impl Wishes {
    /// What is wrong with them: the quiet hours first, the digest second.
    pub fn faults(&self) -> (Option<WishesFault>, Option<WishesFault>) {
        let quiet = self.quiet.and_then(|quiet| match quiet {
            QuietHours { from, to } if from > 23 || to > 23 => Some(WishesFault::NotAnHour),
            QuietHours { from, to } if from == to => Some(WishesFault::NoHours),
            _ => None,
        });
        let digest = self.digest.and_then(|hour| {
            if hour > 23 {
                return Some(WishesFault::NotAnHour);
            }
            self.quiet.filter(|held| quiet.is_none() && held.holds(hour)).map(|_| WishesFault::DigestInQuiet)
        });
        (quiet, digest)
    }

    /// The first instant from this one on that is not quiet (UTC milliseconds).
    pub fn not_quiet(&self, at: i64) -> i64 {
        let Some(quiet) = self.quiet else { return at };
        if quiet.holds(hour_of(at)) { next_hour(at, quiet.to) } else { at }
    }

    /// When something that came up at an instant may be sent (UTC milliseconds).
    pub fn send_at(&self, now: i64) -> i64 {
        match self.digest {
            Some(hour) => self.not_quiet(next_hour(now, hour)),
            None => self.not_quiet(now),
        }
    }
}

fn hour_of(at: i64) -> u8 {
    let Ok(instant) = Timestamp::from_millisecond(at) else { return 0 };
    u8::try_from(TimeZone::fixed(offset(8)).to_datetime(instant).hour()).unwrap_or_default()
}

/// The next time it is that hour in China, this very instant included when it strikes just now.
fn next_hour(at: i64, hour: u8) -> i64 {
    let since_midnight = (at + 8 * HOUR).rem_euclid(DAY);
    let wait = (i64::from(hour) * HOUR - since_midnight).rem_euclid(DAY);
    at + wait
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An instant by its time in China.
    fn at(text: &str) -> i64 {
        format!("{text}+08:00").parse::<Timestamp>().unwrap().as_millisecond()
    }

    fn wishes(quiet: Option<(u8, u8)>, digest: Option<u8>) -> Wishes {
        Wishes { quiet: quiet.map(|(from, to)| QuietHours { from, to }), digest, ..Wishes::default() }
    }

    #[test]
    fn nothing_is_sent_from_ten_at_night_to_seven_in_the_morning() {
        let wishes = wishes(Some((22, 7)), None);
        for (comes, leaves) in [
            ("2026-11-24T21:59:59", "2026-11-24T21:59:59"),
            ("2026-11-24T22:00:00", "2026-11-25T07:00:00"),
            ("2026-11-25T00:30:00", "2026-11-25T07:00:00"),
            ("2026-11-25T06:59:59", "2026-11-25T07:00:00"),
            ("2026-11-25T07:00:00", "2026-11-25T07:00:00"),
            ("2028-02-28T23:00:00", "2028-02-29T07:00:00"),
            ("2026-12-31T23:59:59", "2027-01-01T07:00:00"),
        ] {
            assert_eq!(wishes.send_at(at(comes)), at(leaves), "{comes}");
        }
    }

    #[test]
    fn quiet_hours_within_one_day_and_none_at_all() {
        let noon = wishes(Some((12, 14)), None);
        assert_eq!(noon.send_at(at("2026-11-24T13:10:00")), at("2026-11-24T14:00:00"));
        assert_eq!(noon.send_at(at("2026-11-24T23:00:00")), at("2026-11-24T23:00:00"));
        assert_eq!(wishes(None, None).send_at(at("2026-11-24T23:00:00")), at("2026-11-24T23:00:00"));
    }

    #[test]
    fn a_digest_comes_at_its_hour_today_or_tomorrow() {
        let wishes = wishes(Some((22, 7)), Some(8));
        assert_eq!(wishes.send_at(at("2026-11-24T07:59:00")), at("2026-11-24T08:00:00"));
        assert_eq!(wishes.send_at(at("2026-11-24T08:00:00")), at("2026-11-24T08:00:00"));
        assert_eq!(wishes.send_at(at("2026-11-24T08:00:01")), at("2026-11-25T08:00:00"));
    }

    #[test]
    fn wishes_that_cannot_be_met_are_refused() {
        assert_eq!(wishes(Some((22, 7)), Some(8)).faults(), (None, None));
        assert_eq!(wishes(Some((22, 7)), Some(23)).faults(), (None, Some(WishesFault::DigestInQuiet)));
        assert_eq!(wishes(Some((9, 9)), None).faults(), (Some(WishesFault::NoHours), None));
        assert_eq!(
            wishes(Some((24, 7)), Some(99)).faults(),
            (Some(WishesFault::NotAnHour), Some(WishesFault::NotAnHour))
        );
    }
}

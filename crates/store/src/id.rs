//! Identifiers made by the application: time-ordered, unique over instances, without a sequence in the database.
//! Layout of the 63 bits: 41 milliseconds since 2020-01-01 UTC, 10 instance, 12 counter.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

const EPOCH_MS: i64 = 1_577_836_800_000;

/// Makes identifiers; one per process.
#[derive(Debug)]
pub(crate) struct IdMaker {
    instance: i64,
    last: AtomicI64,
    clock: fn() -> i64,
}

impl IdMaker {
    /// A maker with a random instance number.
    pub(crate) fn new() -> Self {
        let mut bytes = [0u8; 2];
        // Without randomness the instance is 0: ids stay unique within this process, which is all one instance needs.
        let _ = getrandom::fill(&mut bytes);
        IdMaker { instance: i64::from(u16::from_le_bytes(bytes) & 0x3ff), last: AtomicI64::new(0), clock: now_ms }
    }

    /// A maker whose ids depend on nothing but their order: the same synthetic data gets the same ids.
    pub(crate) fn reproducible() -> Self {
        IdMaker { instance: 0, last: AtomicI64::new(0), clock: || EPOCH_MS + 1 }
    }

    /// The next identifier: larger than every earlier one of this process.
    pub(crate) fn next(&self) -> i64 {
        let tick = ((self.clock)() - EPOCH_MS).max(0) << 12;
        let previous = self.last.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |last| Some(tick.max(last + 1)));
        let tick = tick.max(previous.unwrap_or_default() + 1);
        (tick >> 12) << 22 | self.instance << 12 | (tick & 0xfff)
    }
}

/// Now, in UTC milliseconds since 1970.
pub fn now_ms() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| i64::try_from(d.as_millis()).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_rise_and_never_repeat() {
        for maker in [IdMaker::new(), IdMaker::reproducible()] {
            let ids: Vec<i64> = (0..20_000).map(|_| maker.next()).collect();
            assert!(ids.windows(2).all(|pair| pair[0] < pair[1]));
            assert!(ids[0] > 0);
        }
    }
}

//! When a delivery that failed is tried again: after a minute, then each time after twice as long, at most four hours, with some
//! jitter so that many do not come back at once; after twelve attempts (about a day) it is given up.

const MINUTE: i64 = 60 * 1000;
const LONGEST: i64 = 240 * MINUTE;

/// Attempts after which a delivery is given up.
pub const GIVE_UP_AFTER: i64 = 12;

/// How long to wait after so many failed attempts (milliseconds); none when it is to be given up. `chance` is any number from 0 to 999
/// and moves the wait by up to a fifth either way.
pub fn next_try(attempts: i64, chance: u32) -> Option<i64> {
    if attempts >= GIVE_UP_AFTER {
        return None;
    }
    let doublings = u32::try_from(attempts.max(1) - 1).unwrap_or_default().min(8);
    let wait = LONGEST.min(MINUTE << doublings);
    let share = 800 + i64::from(chance.min(999)) * 400 / 999;
    Some(wait * share / 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_four_hours_and_end() {
        let waits: Vec<Option<i64>> =
            (1..=12).map(|n| next_try(n, 500).map(|wait| (wait + MINUTE / 2) / MINUTE)).collect();
        let minutes = [1, 2, 4, 8, 16, 32, 64, 128, 240, 240, 240].map(Some);
        assert_eq!(waits[..11], minutes);
        assert_eq!(waits[11], None);
    }

    #[test]
    fn jitter_stays_within_a_fifth() {
        for chance in 0..1000 {
            let wait = next_try(4, chance).unwrap();
            assert!((8 * MINUTE * 8 / 10..=8 * MINUTE * 12 / 10).contains(&wait), "{chance}: {wait}");
        }
    }
}

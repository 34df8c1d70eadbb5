//! What members did before: a branch they belonged to earlier. Depends on nothing but seed and place in the stream.

use super::rng::{Rng, plus_days};
use jiff::civil::Date;
use rules::date::add_years;

/// How many of a thousand members came from another branch within the last years.
const MOVED: u64 = 120;
/// How far back moves go, in years.
const YEARS: i32 = 9;

/// The earlier organisation (one of `branches`) of the member at a place of the stream, and the day of the move, for those who moved.
pub(crate) fn earlier_branch(
    (seed, index): (u64, u64),
    org: usize,
    since: Date,
    branches: &[usize],
    today: Date,
) -> Option<(usize, Date)> {
    // Its own stream, so that the person's own choices stay as they are.
    let rng = &mut Rng::new(seed ^ 0x6d6f_7665, index);
    if branches.is_empty() || !rng.per_mille(MOVED) {
        return None;
    }
    let (first, last) = (plus_days(since, 30).max(add_years(today, -YEARS)), plus_days(today, -10));
    let (from, day) = (rng.pick(branches), rng.day(first, last));
    (from != org && first <= last).then_some((from, day))
}

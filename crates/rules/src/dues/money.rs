//! Money in fen: whole numbers only, so that sums are exact.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Sub};

/// An amount of money in fen (分).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fen(pub i64);

impl Fen {
    /// Nothing.
    pub const ZERO: Fen = Fen(0);

    /// So many yuan.
    pub const fn yuan(yuan: i64) -> Fen {
        Fen(yuan * 100)
    }

    /// A share in ten-thousandths, to the fen; half a fen and more counts as one (四舍五入, DUES-06).
    pub const fn share(self, per_myriad: i64) -> Fen {
        Fen((self.0 * per_myriad + 5_000) / 10_000)
    }
}

impl fmt::Display for Fen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, fen) = (if self.0 < 0 { "-" } else { "" }, self.0.unsigned_abs());
        let digits = (fen / 100).to_string();
        let grouped: Vec<&str> = {
            let first = digits.len() % 3;
            let (head, rest) = digits.split_at(first);
            let groups = (0..rest.len()).step_by(3).map(|at| &rest[at..at + 3]);
            Some(head).filter(|head| !head.is_empty()).into_iter().chain(groups).collect()
        };
        write!(f, "{sign}{}.{:02}", grouped.join(","), fen % 100)
    }
}

impl Add for Fen {
    type Output = Fen;
    fn add(self, other: Fen) -> Fen {
        Fen(self.0 + other.0)
    }
}

impl Sub for Fen {
    type Output = Fen;
    fn sub(self, other: Fen) -> Fen {
        Fen(self.0 - other.0)
    }
}

impl Sum for Fen {
    fn sum<I: Iterator<Item = Fen>>(all: I) -> Fen {
        all.fold(Fen::ZERO, Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_amount_is_shown_with_its_fen_and_grouped() {
        for (fen, shown) in [
            (0, "0.00"),
            (20, "0.20"),
            (99_999, "999.99"),
            (100_000, "1,000.00"),
            (800_000, "8,000.00"),
            (123_456_789, "1,234,567.89"),
            (-1_505, "-15.05"),
        ] {
            assert_eq!(Fen(fen).to_string(), shown);
        }
    }

    #[test]
    fn dues_06_half_a_fen_counts_as_one_and_less_as_none() {
        for (base, per_myriad, due) in [
            (300_100, 50, 1_501),
            (300_099, 50, 1_500),
            (300_000, 50, 1_500),
            (100_033, 150, 1_500),
            (100_034, 150, 1_501),
            (1, 50, 0),
        ] {
            assert_eq!(Fen(base).share(per_myriad), Fen(due), "{base} at {per_myriad}");
        }
    }

    proptest! {
        #[test]
        fn dues_06_rounding_is_never_more_than_half_a_fen_off(base in 0..1_000_000_000i64, per_myriad in 0..10_000i64) {
            let exact = base * per_myriad;
            let off = Fen(base).share(per_myriad).0 * 10_000 - exact;
            prop_assert!((-4_999..=5_000).contains(&off));
        }
    }
}

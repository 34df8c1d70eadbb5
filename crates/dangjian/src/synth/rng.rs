//! A small deterministic generator (SplitMix64), a permutation by index, and days drawn from spans.
//! Not for secrets.

use jiff::Span;
use jiff::civil::Date;

const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// Mixes a number so that neighbours look unrelated.
pub(super) fn mix(number: u64) -> u64 {
    let mut z = number;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A stream of numbers that depends on nothing but its seed.
#[derive(Debug, Clone)]
pub(crate) struct Rng(u64);

impl Rng {
    /// The stream `stream` of a seed: different streams are independent.
    pub(crate) fn new(seed: u64, stream: u64) -> Self {
        Rng(mix(mix(seed.wrapping_add(STEP)) ^ stream.wrapping_mul(STEP)))
    }

    /// The next number.
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        mix(self.0)
    }

    /// A number below `n`; 0 when `n` is 0.
    pub(crate) fn below(&mut self, n: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(n)) >> 64) as u64
    }

    /// A number from `low` to `high`, both included; `low` when they are the wrong way round.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.below((high - low + 1).max(1) as u64) as i64
    }

    /// True in so many of a thousand cases.
    pub(super) fn per_mille(&mut self, n: u64) -> bool {
        self.below(1000) < n
    }

    /// One of a list, which must not be empty.
    pub(super) fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len() as u64) as usize]
    }

    /// One of a list of values with weights, which must not be empty.
    pub(super) fn weighted<T: Copy>(&mut self, list: &[(T, u64)]) -> T {
        let total = list.iter().map(|(_, weight)| weight).sum();
        let mut at = self.below(total);
        for (value, weight) in list {
            if at < *weight {
                return *value;
            }
            at -= weight;
        }
        list[0].0
    }

    /// A day from `from` to `to`, both included; `from` when they are the wrong way round.
    pub(super) fn day(&mut self, from: Date, to: Date) -> Date {
        plus_days(from, self.between(0, i64::from((to - from).get_days())))
    }

    /// A day of a span in which later days are more frequent than earlier ones.
    pub(super) fn late_day(&mut self, from: Date, to: Date) -> Date {
        self.day(from, to).max(self.day(from, to))
    }
}

/// The day so many days later.
pub(super) fn plus_days(date: Date, days: i64) -> Date {
    date.saturating_add(Span::new().days(days))
}

/// A permutation of 0..n that needs no memory: four Feistel rounds, walked until the result lies in range.
#[derive(Debug, Clone, Copy)]
pub(super) struct Permutation {
    n: u64,
    half_bits: u32,
    key: u64,
}

impl Permutation {
    /// The permutation of 0..n that belongs to a key.
    pub(super) fn new(n: u64, key: u64) -> Self {
        let bits = 64 - n.saturating_sub(1).leading_zeros();
        Permutation { n, half_bits: bits.div_ceil(2).max(1), key }
    }

    /// The place of `index`, which must be below n.
    pub(super) fn at(&self, index: u64) -> u64 {
        let mask = (1_u64 << self.half_bits) - 1;
        let mut value = index;
        loop {
            let (mut left, mut right) = (value >> self.half_bits, value & mask);
            for round in 0..4 {
                let turned = mix(right ^ mix(self.key.wrapping_add(round))) & mask;
                (left, right) = (right, left ^ turned);
            }
            value = left << self.half_bits | right;
            if value < self.n {
                return value;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_permutation_meets_every_number_once() {
        for n in [1, 2, 3, 17, 1000, 4097] {
            let permutation = Permutation::new(n, 7);
            let mut seen: Vec<u64> = (0..n).map(|i| permutation.at(i)).collect();
            seen.sort_unstable();
            assert_eq!(seen, (0..n).collect::<Vec<_>>());
        }
    }
}

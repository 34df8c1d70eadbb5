//! What of the processor the scans need and the language does not offer without unsafe code: which memory will be read next, and bringing
//! together the rows that are kept.
//!
//! Measured need, on one core of an EPYC with AVX-512: a table of four dimensions took 0.58 ns a row without prefetching, 0.42 with it,
//! because adding up one batch leaves the processor no room to run ahead to the next; counting the rows without commonest codes
//! ([`crate::rare`]) took 0.40 ns a row with a loop over the kept rows, 0.19 with the instruction for it, 0.15 with that for cells of two
//! bytes, which no safe library has.
#![allow(unsafe_code)]

use pulp::{Arch, NullaryFnOnce};

#[cfg(target_arch = "x86_64")]
pulp::simd_type! {
    /// The processor has the instruction that brings cells together.
    pub(crate) struct Wide {
        avx512f: "avx512f",
        avx512bw: "avx512bw",
        avx512cd: "avx512cd",
        avx512dq: "avx512dq",
        avx512vl: "avx512vl",
        avx512vbmi2: "avx512vbmi2",
        bmi1: "bmi1",
        bmi2: "bmi2",
        lzcnt: "lzcnt",
        popcnt: "popcnt",
    }
}

#[cfg(not(target_arch = "x86_64"))]
#[derive(Clone, Copy)]
pub(crate) enum Wide {}

/// Work that is compiled for each kind of processor.
pub(crate) trait Work {
    /// Must be inlined, as all that it calls.
    fn run(self, wide: Option<Wide>);
}

/// Does the work with the best instructions that this processor has.
pub(crate) fn run(work: impl Work) {
    #[cfg(target_arch = "x86_64")]
    if let Some(wide) = Wide::try_new() {
        return wide.vectorize(Job { work, wide: Some(wide) });
    }
    Arch::new().dispatch(Job { work, wide: None });
}

struct Job<W> {
    work: W,
    wide: Option<Wide>,
}

impl<W: Work> NullaryFnOnce for Job<W> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        self.work.run(self.wide);
    }
}

/// Rows whose cells are brought together at a time.
pub(crate) const CHUNK: usize = 64;

/// Writes the cells whose row is kept (1, not 0) one after the other, and says how many they are. What stands behind them means nothing.
#[inline(always)]
pub(crate) fn compress(wide: Option<Wide>, cells: &[u16; CHUNK], kept: &[u8; CHUNK], into: &mut [u16; CHUNK]) -> usize {
    #[cfg(target_arch = "x86_64")]
    if wide.is_some() {
        use std::arch::x86_64::{_mm512_maskz_compress_epi16, _mm512_test_epi8_mask};
        let kept = pulp::cast(*kept);
        let [first, second]: [[u16; 32]; 2] = pulp::cast(*cells);
        // SAFETY: there is no `Wide` but where the processor has these instructions.
        let (mask, first, second) = unsafe {
            let mask = _mm512_test_epi8_mask(kept, kept);
            let front = |mask: u64, cells| _mm512_maskz_compress_epi16(mask as u32, cells);
            (mask, front(mask, pulp::cast(first)), front(mask >> 32, pulp::cast(second)))
        };
        let [first, second]: [[u16; 32]; 2] = [pulp::cast(first), pulp::cast(second)];
        into[..32].copy_from_slice(&first);
        into[(mask as u32).count_ones() as usize..][..32].copy_from_slice(&second);
        return mask.count_ones() as usize;
    }
    let mut found = 0;
    for (cell, kept) in cells.iter().zip(kept) {
        into[found % CHUNK] = *cell;
        found += usize::from(*kept);
    }
    found
}

/// Has the cache line with a row of a column brought nearer. Changes nothing but the time that reading it takes.
#[inline(always)]
pub(crate) fn prefetch<T>(column: &[T], row: usize) {
    #[cfg(target_arch = "x86_64")]
    if let Some(row) = column.get(row) {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        // SAFETY: prefetching reads nothing and never faults; the pointer is that of an element of the slice.
        unsafe { _mm_prefetch::<_MM_HINT_T0>((&raw const *row).cast()) };
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (column, row);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_processor_brings_the_same_cells_together(
            cells in prop::array::uniform32(any::<[u16; 2]>()),
            kept in prop::array::uniform32(any::<[bool; 2]>()),
        ) {
            let (cells, kept): ([u16; CHUNK], [bool; CHUNK]) = (pulp::cast(cells), std::array::from_fn(|n| kept[n / 2][n % 2]));
            let pairs = cells.iter().zip(kept).filter(|(_, kept)| *kept);
            let expected: Vec<u16> = pairs.map(|(cell, _)| *cell).collect();
            let mut kinds = vec![None];
            #[cfg(target_arch = "x86_64")]
            kinds.extend(Wide::try_new().map(Some));
            for wide in kinds {
                let mut found = [0; CHUNK];
                let count = compress(wide, &cells, &kept.map(u8::from), &mut found);
                prop_assert_eq!(&found[..count], &expected[..]);
            }
        }
    }
}

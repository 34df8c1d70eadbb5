//! The one place with unsafe code: telling the processor which memory will be read next.
//!
//! Measured need: a four-dimension scan of 20,000,000 rows took 0.58 ns a row on one core without, 0.42 ns with it, because adding up
//! one batch leaves the processor no room to run ahead to the next. The standard library's safe function for it is not stable yet.
#![allow(unsafe_code)]

use std::ops::Range;

/// Has rows of a column brought nearer, a cache line at a time. Changes nothing but the time that reading them takes.
#[inline(always)]
pub(crate) fn prefetch<T>(column: &[T], rows: &Range<usize>) {
    #[cfg(target_arch = "x86_64")]
    for row in (rows.start..rows.end.min(column.len())).step_by(64 / size_of::<T>()) {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        // SAFETY: prefetching reads nothing and never faults; the pointer is that of an element of the slice.
        unsafe { _mm_prefetch::<_MM_HINT_T0>((&raw const column[row]).cast()) };
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (column, rows);
}

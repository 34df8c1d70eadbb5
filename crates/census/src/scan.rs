//! Counting by looking at every row: 1,024 rows at a time, first which of them count, then the cell of each, then the histogram.
//! The first two are loops over short arrays that the compiler turns into vector instructions; the last keeps several histograms
//! side by side, so that one row need not wait for the one before it.

mod histogram;
mod terms;

use crate::machine::{self, CHUNK, Wide, Work, compress, prefetch};
use crate::question::{Grouping, Question};
use crate::schema::Schema;
use crate::segment::{DayColumn, Segment};
use histogram::{Histogram, NONE, Way};
use rayon::prelude::*;
use std::cell::RefCell;
use std::ops::Range;
use terms::{Bound, Group, Test, within};

const BATCH: usize = 1024;
/// Of so many rows less than one is kept where cells are found one by one, when so many rows wait for it.
const SPARSE: usize = 32;
const FEW_ROWS: usize = 256;
/// Rows of one task of a parallel scan.
const PIECE: usize = 1 << 18;

/// A question in the terms of the columns.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) cells: usize,
    groups: Vec<Group>,
    tests: Vec<Test>,
}

impl Plan {
    pub(crate) fn new(question: &Question, shape: &[usize], on: Option<u16>, schema: &Schema) -> Self {
        let cells: usize = shape.iter().product();
        let mut groups = Vec::new();
        let mut stride = cells;
        for (grouping, size) in question.by.iter().zip(shape) {
            stride /= size;
            groups.push(match grouping {
                // A stride of 65,536 belongs to a dimension of one code, whose only code is 0.
                Grouping::Codes(column) => Group::Codes { column: *column, stride: stride as u16 },
                Grouping::Bands(column, bands) => Group::of_bands(*column, bands, stride),
            });
        }
        let mut tests: Vec<Test> = question.filters.iter().map(Test::of).collect();
        if let (Some(day), Some((from, to))) = (on, schema.span) {
            tests.push(Test::Days { column: from, spans: vec![(0, day)] });
            tests.push(Test::Days {
                column: to,
                spans: if day == u16::MAX { Vec::new() } else { vec![(day + 1, u16::MAX)] },
            });
        }
        Plan { cells, groups, tests }
    }

    /// Bytes that a scan reads of each row.
    pub(crate) fn width(&self) -> usize {
        let groups = self.groups.iter().map(|group| if matches!(group, Group::Codes { .. }) { 1 } else { 2 });
        let tests = self.tests.iter().map(|test| if matches!(test, Test::Days { .. }) { 2 } else { 1 });
        groups.chain(tests).sum()
    }

    /// Counts rows of a segment, on all cores when they are many.
    pub(crate) fn count(&self, segment: &Segment, rows: Range<usize>, into: &mut [i64]) {
        spread(rows, into, |rows, into| self.count_here(segment, rows, 1, into));
    }

    /// Adds the counts of rows, or takes them away, on this thread.
    pub(crate) fn count_here(&self, segment: &Segment, rows: Range<usize>, sign: i64, into: &mut [i64]) {
        if rows.is_empty() {
            return;
        }
        // A column of one day is looked at once.
        let mut tests = Vec::new();
        for test in &self.tests {
            match test {
                Test::Days { column, spans } => match &segment.days[*column] {
                    DayColumn::One(day) if spans.iter().any(|span| within(*day, *span)) => {}
                    DayColumn::One(_) => return,
                    DayColumn::Each(days) => tests.push(Bound::Days(days, spans)),
                },
                Test::CodeRuns { column, runs } => tests.push(Bound::CodeRuns(&segment.codes[*column], runs)),
                Test::CodeSet { column, held } => tests.push(Bound::CodeSet(&segment.codes[*column], held)),
            }
        }
        SCRATCH.with_borrow_mut(|scratch| {
            let way = Way::of(self.cells, rows.len());
            machine::run(Batches { plan: self, segment, rows, tests: &tests, way, scratch });
            scratch.histogram.take(self.cells, way, sign, into);
        });
    }

    /// Has the next batch brought from memory while this one is added up, which takes about as long.
    #[inline(always)]
    fn fetch(&self, segment: &Segment, tests: &[Bound<'_>], at: usize) {
        let codes = |column: &[u8]| (at..at + BATCH).step_by(64).for_each(|row| prefetch(column, row));
        let days = |column: &[u16]| (at..at + BATCH).step_by(32).for_each(|row| prefetch(column, row));
        for group in &self.groups {
            match group {
                Group::Codes { column, .. } => codes(&segment.codes[*column]),
                Group::Steps { column, .. } | Group::Bands { column, .. } => {
                    if let DayColumn::Each(column) = &segment.days[*column] {
                        days(column);
                    }
                }
            }
        }
        for test in tests {
            match test {
                Bound::CodeRuns(column, _) | Bound::CodeSet(column, _) => codes(column),
                Bound::Days(column, _) => days(column),
            }
        }
    }

    /// Has what makes up the cell of a row brought from memory.
    #[inline(always)]
    fn fetch_row(&self, segment: &Segment, row: usize) {
        for group in &self.groups {
            match group {
                Group::Codes { column, .. } => prefetch(&segment.codes[*column], row),
                Group::Steps { column, .. } | Group::Bands { column, .. } => {
                    if let DayColumn::Each(days) = &segment.days[*column] {
                        prefetch(days, row);
                    }
                }
            }
        }
    }

    /// The cell of one row.
    fn cell_of(&self, segment: &Segment, row: usize) -> u16 {
        self.groups.iter().fold(0, |cell, group| group.add(segment, row, cell))
    }

    /// The cell of each row of a batch.
    #[inline(always)]
    fn cells_of(&self, segment: &Segment, batch: &Range<usize>, cells: &mut [u16]) {
        let mut first = true;
        for group in &self.groups {
            match group {
                Group::Codes { column, stride } => {
                    let codes = &segment.codes[*column][batch.clone()];
                    let pairs = cells.iter_mut().zip(codes);
                    if first {
                        pairs.for_each(|(cell, code)| *cell = u16::from(*code) * *stride);
                    } else {
                        pairs.for_each(|(cell, code)| *cell += u16::from(*code) * *stride);
                    }
                }
                Group::Steps { column, .. } | Group::Bands { column, .. } => {
                    if first {
                        cells.fill(0);
                    }
                    match &segment.days[*column] {
                        DayColumn::One(day) => group.add_days(&[*day; BATCH][..cells.len()], cells),
                        DayColumn::Each(days) => group.add_days(&days[batch.clone()], cells),
                    }
                }
            }
            first = false;
        }
    }
}

/// Counting rows batch after batch on one thread.
struct Batches<'a> {
    plan: &'a Plan,
    segment: &'a Segment,
    rows: Range<usize>,
    tests: &'a [Bound<'a>],
    way: Way,
    scratch: &'a mut Scratch,
}

impl Work for Batches<'_> {
    #[inline(always)]
    fn run(self, wide: Option<Wide>) {
        let Batches { plan, segment, rows, tests, way, scratch } = self;
        let Scratch { cells, kept, few, histogram } = scratch;
        // Rows that were kept among many that were not; what they are counted by comes from memory meanwhile.
        let mut waiting = 0;
        let add_rows = |rows: &[usize], cells: &mut [u16; BATCH], histogram: &mut Histogram| {
            cells.iter_mut().zip(rows).for_each(|(cell, row)| *cell = plan.cell_of(segment, *row));
            histogram.add(&cells[..rows.len()], plan.cells, way);
        };
        let mut at = rows.start;
        while at < rows.end {
            let batch = at..(at + BATCH).min(rows.end);
            at = batch.end;
            let count = if tests.is_empty() {
                batch.len()
            } else {
                let kept = &mut kept[..batch.len()];
                kept.fill(1);
                tests.iter().for_each(|test| test.narrow(&batch, kept));
                sum(kept)
            };
            if way == Way::Total {
                histogram.add_up(count);
                continue;
            }
            if count == 0 {
                continue;
            }
            let kept = &kept[..batch.len()];
            if count < batch.len() / SPARSE {
                each_kept(kept, |row| {
                    few[waiting] = batch.start + row;
                    plan.fetch_row(segment, few[waiting]);
                    waiting += 1;
                });
                if waiting > FEW_ROWS - BATCH / SPARSE {
                    add_rows(&few[..waiting], cells, histogram);
                    waiting = 0;
                }
                continue;
            }
            plan.fetch(segment, tests, at + BATCH);
            if let (Way::Compared, [Group::Codes { column, stride: 1 }]) = (way, plan.groups.as_slice()) {
                let kept = (count < batch.len()).then_some(kept);
                histogram.compare(&segment.codes[*column][batch], kept, plan.cells);
                continue;
            }
            let cells = &mut cells[..batch.len()];
            plan.cells_of(segment, &batch, cells);
            let cells = match way {
                _ if count == batch.len() => cells,
                Way::Compared => {
                    let pairs = cells.iter_mut().zip(kept);
                    pairs.for_each(|(cell, kept)| *cell = if *kept == 0 { NONE } else { *cell });
                    cells
                }
                _ => {
                    let found = bring_together(wide, cells, kept);
                    &mut cells[..found]
                }
            };
            histogram.add(cells, plan.cells, way);
        }
        add_rows(&few[..waiting], cells, histogram);
    }
}

/// Every row of a batch that is kept, where they are few.
#[inline(always)]
fn each_kept(kept: &[u8], mut each: impl FnMut(usize)) {
    let (chunks, rest) = kept.as_chunks::<CHUNK>();
    for (n, chunk) in chunks.iter().enumerate().filter(|(_, chunk)| **chunk != [0; CHUNK]) {
        for (m, word) in chunk.as_chunks::<8>().0.iter().enumerate() {
            let mut word = u64::from_le_bytes(*word);
            while word != 0 {
                each(n * CHUNK + m * 8 + word.trailing_zeros() as usize / 8);
                word &= word - 1;
            }
        }
    }
    let rest = rest.iter().enumerate().filter(|(_, kept)| **kept != 0);
    rest.for_each(|(n, _)| each(chunks.len() * CHUNK + n));
}

/// Moves the cells that are kept to the front, and says how many they are.
#[inline(always)]
fn bring_together(wide: Option<Wide>, cells: &mut [u16], kept: &[u8]) -> usize {
    let mut found = 0;
    let (chunks, _) = kept.as_chunks::<CHUNK>();
    for (n, chunk) in chunks.iter().enumerate() {
        let mut some = [0; CHUNK];
        some.copy_from_slice(&cells[n * CHUNK..][..CHUNK]);
        if let Some(room) = cells[found..].first_chunk_mut() {
            found += compress(wide, &some, chunk, room);
        }
    }
    for row in chunks.len() * CHUNK..kept.len() {
        cells[found] = cells[row];
        found += usize::from(kept[row]);
    }
    found
}

/// Has rows counted on all cores when they are many.
pub(crate) fn spread(rows: Range<usize>, into: &mut [i64], count: impl Fn(Range<usize>, &mut [i64]) + Sync) {
    if rows.len() <= PIECE {
        return count(rows, into);
    }
    let cells = into.len();
    let sums = (0..rows.len().div_ceil(PIECE))
        .into_par_iter()
        .fold(
            || vec![0i64; cells],
            |mut sums, task| {
                let first = rows.start + task * PIECE;
                count(first..(first + PIECE).min(rows.end), &mut sums);
                sums
            },
        )
        .reduce_with(|mut sums, more| {
            sums.iter_mut().zip(more).for_each(|(sum, count)| *sum += count);
            sums
        });
    for (sum, count) in into.iter_mut().zip(sums.unwrap_or_default()) {
        *sum += count;
    }
}

/// How many are kept.
#[inline(always)]
fn sum(kept: &[u8]) -> usize {
    // Sums of at most 255 fit in a byte, which vectors add 64 at a time.
    kept.chunks(128).map(|part| usize::from(part.iter().fold(0u8, |sum, kept| sum.wrapping_add(*kept)))).sum()
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::new(Scratch::new());
}

/// What one thread counts with; the histograms are all 0 between two uses.
struct Scratch {
    cells: Box<[u16; BATCH]>,
    kept: Box<[u8; BATCH]>,
    few: Box<[usize; FEW_ROWS]>,
    histogram: Histogram,
}

impl Scratch {
    fn new() -> Self {
        Scratch {
            cells: Box::new([0; BATCH]),
            kept: Box::new([0; BATCH]),
            few: Box::new([0; FEW_ROWS]),
            histogram: Histogram::new(),
        }
    }
}

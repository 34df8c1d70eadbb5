//! Counting by looking at every row: 1,024 rows at a time, first the cell of each, then which of them count, then the histogram.
//! The first two are loops over short arrays that the compiler turns into vector instructions; the last keeps several histograms
//! side by side, so that one row need not wait for the one before it.

use crate::question::{Filter, Grouping, Question, Span};
use crate::schema::Schema;
use crate::segment::{DayColumn, Segment};
use rayon::prelude::*;
use std::cell::RefCell;
use std::ops::Range;

const BATCH: usize = 1024;
/// Rows of one task of a parallel scan.
const TASK: usize = 1 << 18;

/// A question in the terms of the columns.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) cells: usize,
    groups: Vec<Group>,
    tests: Vec<Test>,
}

#[derive(Debug)]
enum Group {
    Codes {
        column: usize,
        stride: u16,
    },
    /// What each day adds to the cell.
    Bands {
        column: usize,
        adds: Vec<u16>,
    },
}

#[derive(Debug)]
enum Test {
    CodeSpan { column: usize, first: u8, width: u8 },
    CodeSet { column: usize, held: Box<[u8; 256]> },
    Days { column: usize, spans: Vec<Span> },
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
                Grouping::Bands(column, bands) => Group::Bands { column: *column, adds: additions(bands, stride) },
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
    pub(crate) fn count(&self, segment: &Segment, rows: Range<usize>, sign: i64, into: &mut [i64]) {
        if rows.len() <= TASK {
            return self.count_here(segment, rows, sign, into);
        }
        let tasks = rows.len().div_ceil(TASK);
        let sums = (0..tasks)
            .into_par_iter()
            .fold(
                || vec![0i64; self.cells],
                |mut sums, task| {
                    let first = rows.start + task * TASK;
                    self.count_here(segment, first..(first + TASK).min(rows.end), sign, &mut sums);
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
                Test::CodeSpan { column, first, width } => {
                    tests.push(Bound::CodeSpan(&segment.codes[*column], *first, *width))
                }
                Test::CodeSet { column, held } => tests.push(Bound::CodeSet(&segment.codes[*column], held)),
            }
        }
        SCRATCH.with_borrow_mut(|scratch| {
            let lanes = scratch.lanes(rows.len(), self.cells);
            let mut kept_in_all = 0;
            let mut at = rows.start;
            while at < rows.end {
                let batch = at..(at + BATCH).min(rows.end);
                at = batch.end;
                let count = batch.len();
                self.cells_of(segment, &batch, &mut scratch.cells[..count]);
                let kept = match tests.as_slice() {
                    [] => count,
                    tests => {
                        let kept = &mut scratch.kept[..count];
                        kept.fill(1);
                        tests.iter().for_each(|test| test.narrow(&batch, kept));
                        if self.cells == 1 {
                            kept.iter().map(|kept| usize::from(*kept)).sum()
                        } else {
                            compact(&mut scratch.cells, kept)
                        }
                    }
                };
                if self.cells == 1 {
                    kept_in_all += kept;
                } else {
                    scratch.histogram.add(&scratch.cells[..kept], lanes);
                }
            }
            if self.cells == 1 {
                into[0] += sign * kept_in_all as i64;
            } else {
                scratch.histogram.take(self.cells, lanes, sign, into);
            }
        });
    }

    /// The cell of each row of a batch.
    fn cells_of(&self, segment: &Segment, batch: &Range<usize>, cells: &mut [u16]) {
        if self.cells == 1 {
            return;
        }
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
                Group::Bands { column, adds } => {
                    if first {
                        cells.fill(0);
                    }
                    match &segment.days[*column] {
                        DayColumn::One(day) => cells.iter_mut().for_each(|cell| *cell += adds[usize::from(*day)]),
                        DayColumn::Each(days) => {
                            let pairs = cells.iter_mut().zip(&days[batch.clone()]);
                            pairs.for_each(|(cell, day)| *cell += adds[usize::from(*day)]);
                        }
                    }
                }
            }
            first = false;
        }
    }
}

fn within(day: u16, (first, last): Span) -> bool {
    first <= day && day <= last
}

fn additions(bands: &[Span], stride: usize) -> Vec<u16> {
    let mut adds = vec![(bands.len() * stride) as u16; usize::from(u16::MAX) + 1];
    for (n, (first, last)) in bands.iter().enumerate() {
        if first <= last {
            adds[usize::from(*first)..=usize::from(*last)].fill((n * stride) as u16);
        }
    }
    adds
}

impl Test {
    fn of(filter: &Filter) -> Self {
        match filter {
            Filter::Codes(column, codes) => match codes.span() {
                Some((first, last)) => Test::CodeSpan { column: *column, first, width: last - first },
                None => Test::CodeSet { column: *column, held: Box::new(codes.0.map(u8::from)) },
            },
            Filter::Days(column, spans) => Test::Days { column: *column, spans: spans.clone() },
        }
    }
}

/// A test with the column it reads.
enum Bound<'a> {
    CodeSpan(&'a [u8], u8, u8),
    CodeSet(&'a [u8], &'a [u8; 256]),
    Days(&'a [u16], &'a [Span]),
}

impl Bound<'_> {
    fn narrow(&self, batch: &Range<usize>, kept: &mut [u8]) {
        match self {
            Bound::CodeSpan(codes, first, width) => {
                let pairs = kept.iter_mut().zip(&codes[batch.clone()]);
                pairs.for_each(|(kept, code)| *kept &= u8::from(code.wrapping_sub(*first) <= *width));
            }
            Bound::CodeSet(codes, held) => {
                let pairs = kept.iter_mut().zip(&codes[batch.clone()]);
                pairs.for_each(|(kept, code)| *kept &= held[usize::from(*code)]);
            }
            Bound::Days(days, spans) => {
                let days = &days[batch.clone()];
                if let [(first, last)] = spans {
                    let width = last.wrapping_sub(*first);
                    let held = u8::from(first <= last);
                    let pairs = kept.iter_mut().zip(days);
                    pairs.for_each(|(kept, day)| *kept &= u8::from(day.wrapping_sub(*first) <= width) & held);
                } else {
                    let pairs = kept.iter_mut().zip(days);
                    pairs.for_each(|(kept, day)| *kept &= u8::from(spans.iter().any(|span| within(*day, *span))));
                }
            }
        }
    }
}

/// Moves the cells that are kept to the front; how many they are.
fn compact(cells: &mut [u16; BATCH], kept: &[u8]) -> usize {
    let mut count = 0;
    for (row, kept) in kept.iter().enumerate() {
        let cell = cells[row];
        cells[count & (BATCH - 1)] = cell;
        count += usize::from(*kept);
    }
    count
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::new(Scratch::new());
}

/// What one thread counts with; the histograms are all 0 between two uses.
struct Scratch {
    cells: Box<[u16; BATCH]>,
    kept: Box<[u8; BATCH]>,
    histogram: Histogram,
}

type Lane = Box<[u32; 1 << 16]>;

struct Histogram([Lane; 4]);

impl Scratch {
    fn new() -> Self {
        Scratch {
            cells: Box::new([0; BATCH]),
            kept: Box::new([0; BATCH]),
            histogram: Histogram([(); 4].map(|()| lane())),
        }
    }

    /// Several histograms cost clearing and adding up, which many rows repay.
    fn lanes(&self, rows: usize, cells: usize) -> usize {
        if cells <= 4096 && rows > 8 * cells { 4 } else { 1 }
    }
}

/// An array that the system clears when it is first touched.
fn lane() -> Lane {
    let counts: Box<[u32]> = vec![0u32; 1 << 16].into_boxed_slice();
    counts.try_into().unwrap_or_else(|_| Box::new([0; 1 << 16]))
}

impl Histogram {
    fn add(&mut self, cells: &[u16], lanes: usize) {
        let [a, b, c, d] = &mut self.0;
        if lanes == 1 {
            cells.iter().for_each(|cell| a[usize::from(*cell)] += 1);
            return;
        }
        let (fours, rest) = cells.as_chunks::<4>();
        for [w, x, y, z] in fours {
            a[usize::from(*w)] += 1;
            b[usize::from(*x)] += 1;
            c[usize::from(*y)] += 1;
            d[usize::from(*z)] += 1;
        }
        rest.iter().for_each(|cell| a[usize::from(*cell)] += 1);
    }

    /// Adds the counts to a table and clears them.
    fn take(&mut self, cells: usize, lanes: usize, sign: i64, into: &mut [i64]) {
        for lane in &mut self.0[..lanes] {
            for (sum, count) in into.iter_mut().zip(&mut lane[..cells]) {
                *sum += sign * i64::from(std::mem::take(count));
            }
        }
    }
}

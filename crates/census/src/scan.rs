//! Counting by looking at every row: 1,024 rows at a time, first which of them count, then the cell of each, then the histogram.
//! The first two are loops over short arrays that the compiler turns into vector instructions; the last keeps several histograms
//! side by side, so that one row need not wait for the one before it.

use crate::machine::{self, CHUNK, Wide, Work, compress, prefetch};
use crate::question::{Filter, Grouping, Question, Span};
use crate::schema::Schema;
use crate::segment::{DayColumn, Segment};
use rayon::prelude::*;
use std::cell::RefCell;
use std::ops::Range;

const BATCH: usize = 1024;
/// Of so many rows less than one is kept where cells are found one by one.
const SPARSE: usize = 32;
/// The cell of rows that do not count, where cells are few.
const NONE: u16 = u16::MAX;
/// Rows of one task of a parallel scan.
const PIECE: usize = 1 << 18;

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
    /// What each day adds to the cell: from each of these days on, so much more than before it (in wrapping arithmetic).
    Steps {
        column: usize,
        steps: Vec<(u16, u16)>,
    },
    /// The same as a table, where there are many steps.
    Bands {
        column: usize,
        adds: Vec<u16>,
    },
}

#[derive(Debug)]
enum Test {
    /// The code lies in one of these runs, each its first code and its length less one.
    CodeRuns {
        column: usize,
        runs: Vec<(u8, u8)>,
    },
    /// The same as a table, where there are many runs.
    CodeSet {
        column: usize,
        held: Box<[u8; 256]>,
    },
    Days {
        column: usize,
        spans: Vec<Span>,
    },
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

    /// The cells of the rows of a batch that are kept, when they are few.
    #[inline(always)]
    fn sparse_cells<'a>(&self, segment: &Segment, start: usize, kept: &[u8], cells: &'a mut [u16]) -> &'a mut [u16] {
        let mut count = 0;
        let (words, rest) = kept.as_chunks::<8>();
        let rest = rest.iter().enumerate().filter(|(_, kept)| **kept != 0).map(|(n, _)| words.len() * 8 + n);
        let mut keep = |row: usize| {
            cells[count] = self.groups.iter().fold(0, |cell, group| group.add(segment, start + row, cell));
            count += 1;
        };
        for (n, word) in words.iter().enumerate() {
            let mut word = u64::from_le_bytes(*word);
            while word != 0 {
                keep(n * 8 + word.trailing_zeros() as usize / 8);
                word &= word - 1;
            }
        }
        rest.for_each(keep);
        &mut cells[..count]
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
        let Scratch { cells, kept, histogram } = scratch;
        let mut at = rows.start;
        while at < rows.end {
            let batch = at..(at + BATCH).min(rows.end);
            at = batch.end;
            let cells = &mut cells[..batch.len()];
            let count = if tests.is_empty() {
                batch.len()
            } else {
                let kept = &mut kept[..batch.len()];
                kept.fill(1);
                tests.iter().for_each(|test| test.narrow(&batch, kept));
                sum(kept)
            };
            if way == Way::Total {
                histogram.one[0] += count as u32;
                continue;
            }
            if count == 0 {
                continue;
            }
            let kept = &kept[..batch.len()];
            let cells = if count < batch.len() / SPARSE {
                plan.sparse_cells(segment, batch.start, kept, cells)
            } else {
                plan.cells_of(segment, &batch, cells);
                plan.fetch(segment, tests, at + BATCH);
                match way {
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
                }
            };
            histogram.add(cells, plan.cells, way);
        }
    }
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

fn within(day: u16, (first, last): Span) -> bool {
    first <= day && day <= last
}

/// So many comparisons take less time than looking up a table.
const FEW_STEPS: usize = 16;

impl Group {
    /// The cell of one row, as far as the other dimensions have it, with this one.
    fn add(&self, segment: &Segment, row: usize, cell: u16) -> u16 {
        match self {
            Group::Codes { column, stride } => cell + u16::from(segment.codes[*column][row]) * stride,
            Group::Steps { column, steps } => {
                let day = segment.days[*column].get(row);
                let reached = steps.iter().filter(|(from, _)| day >= *from);
                reached.fold(cell, |cell, (_, step)| cell.wrapping_add(*step))
            }
            Group::Bands { column, adds } => cell + adds[usize::from(segment.days[*column].get(row))],
        }
    }

    #[inline(always)]
    fn add_days(&self, days: &[u16], cells: &mut [u16]) {
        match self {
            Group::Steps { steps, .. } => {
                for (from, step) in steps {
                    let pairs = cells.iter_mut().zip(days);
                    pairs.for_each(|(cell, day)| *cell = cell.wrapping_add(if *day >= *from { *step } else { 0 }));
                }
            }
            Group::Bands { adds, .. } => {
                cells.iter_mut().zip(days).for_each(|(cell, day)| *cell += adds[usize::from(*day)]);
            }
            Group::Codes { .. } => {}
        }
    }

    fn of_bands(column: usize, bands: &[Span], stride: usize) -> Self {
        let add = |day: u16| {
            let band = bands.iter().rposition(|span| within(day, *span)).unwrap_or(bands.len());
            (band * stride) as u16
        };
        // What a day adds changes nowhere but where a band begins or has ended.
        let ends = bands.iter().flat_map(|(first, last)| [Some(*first), last.checked_add(1)]).flatten();
        let mut days: Vec<u16> = ends.chain([0]).collect();
        days.sort_unstable();
        days.dedup();
        let mut before = 0;
        let mut steps = Vec::new();
        for day in days {
            let now = add(day);
            if now != before {
                steps.push((day, now.wrapping_sub(before)));
            }
            before = now;
        }
        if steps.len() <= FEW_STEPS {
            Group::Steps { column, steps }
        } else {
            Group::Bands { column, adds: additions(bands, stride) }
        }
    }
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

/// So many comparisons take less time than looking up a table.
const FEW_RUNS: usize = 8;

impl Test {
    fn of(filter: &Filter) -> Self {
        match filter {
            Filter::Codes(column, codes) => {
                let runs = codes.runs();
                if runs.len() <= FEW_RUNS {
                    Test::CodeRuns { column: *column, runs }
                } else {
                    Test::CodeSet {
                        column: *column,
                        held: Box::new(std::array::from_fn(|code| u8::from(codes.contains(code as u8)))),
                    }
                }
            }
            Filter::Days(column, spans) => Test::Days { column: *column, spans: spans.clone() },
        }
    }
}

/// A test with the column it reads.
enum Bound<'a> {
    CodeRuns(&'a [u8], &'a [(u8, u8)]),
    CodeSet(&'a [u8], &'a [u8; 256]),
    Days(&'a [u16], &'a [Span]),
}

impl Bound<'_> {
    #[inline(always)]
    fn narrow(&self, batch: &Range<usize>, kept: &mut [u8]) {
        match self {
            Bound::CodeRuns(codes, runs) => {
                let codes = &codes[batch.clone()];
                if let [(first, more)] = runs {
                    kept.iter_mut()
                        .zip(codes)
                        .for_each(|(kept, code)| *kept &= u8::from(code.wrapping_sub(*first) <= *more));
                } else {
                    let mut held = [0; BATCH];
                    let held = &mut held[..codes.len()];
                    for (first, more) in *runs {
                        held.iter_mut()
                            .zip(codes)
                            .for_each(|(held, code)| *held |= u8::from(code.wrapping_sub(*first) <= *more));
                    }
                    kept.iter_mut().zip(held).for_each(|(kept, held)| *kept &= *held);
                }
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

/// How many are kept.
#[inline(always)]
fn sum(kept: &[u8]) -> usize {
    // Sums of at most 255 fit in a byte, which vectors add 64 at a time.
    kept.chunks(128).map(|part| usize::from(part.iter().fold(0u8, |sum, kept| sum.wrapping_add(*kept)))).sum()
}

/// How a batch's cells are added up.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    /// Nothing but how many.
    Total,
    /// Compared with each cell, many rows at once: for few cells.
    Compared,
    /// In one histogram: for few rows, or for many cells.
    Alone,
    /// In four side by side.
    Abreast,
}

/// So many cells are compared one after the other.
const FEW: usize = 12;
/// So many cells have four histograms.
const MANY: usize = 4096;

impl Way {
    fn of(cells: usize, rows: usize) -> Self {
        match cells {
            1 => Way::Total,
            ..=FEW => Way::Compared,
            // Several histograms cost clearing and adding up, which many rows repay.
            ..=MANY if rows > 8 * cells => Way::Abreast,
            _ => Way::Alone,
        }
    }
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

struct Histogram {
    one: Box<[u32; 1 << 16]>,
    four: Box<[[u32; MANY]; 4]>,
}

impl Scratch {
    fn new() -> Self {
        // Memory that the system clears when it is first touched.
        let one: Box<[u32]> = vec![0; 1 << 16].into_boxed_slice();
        let one = one.try_into().unwrap_or_else(|_| Box::new([0; 1 << 16]));
        let histogram = Histogram { one, four: Box::new([[0; MANY]; 4]) };
        Scratch { cells: Box::new([0; BATCH]), kept: Box::new([0; BATCH]), histogram }
    }
}

impl Histogram {
    #[inline(always)]
    fn add(&mut self, cells: &[u16], count: usize, way: Way) {
        match way {
            Way::Total => {}
            Way::Compared => {
                for (cell, sum) in self.one[..count].iter_mut().enumerate() {
                    let equal = cells.iter().fold(0u16, |sum, other| sum + u16::from(*other == cell as u16));
                    *sum += u32::from(equal);
                }
            }
            Way::Alone => cells.iter().for_each(|cell| self.one[usize::from(*cell)] += 1),
            Way::Abreast => {
                let (fours, rest) = cells.as_chunks::<4>();
                let [a, b, c, d] = &mut *self.four;
                for [w, x, y, z] in fours {
                    a[usize::from(*w) % MANY] += 1;
                    b[usize::from(*x) % MANY] += 1;
                    c[usize::from(*y) % MANY] += 1;
                    d[usize::from(*z) % MANY] += 1;
                }
                rest.iter().for_each(|cell| a[usize::from(*cell) % MANY] += 1);
            }
        }
    }

    /// Adds the counts to a table and clears them.
    fn take(&mut self, cells: usize, way: Way, sign: i64, into: &mut [i64]) {
        if way == Way::Abreast {
            for lane in &mut *self.four {
                for (sum, count) in into.iter_mut().zip(&mut lane[..cells]) {
                    *sum += sign * i64::from(std::mem::take(count));
                }
            }
        } else {
            for (sum, count) in into.iter_mut().zip(&mut self.one[..cells]) {
                *sum += sign * i64::from(std::mem::take(count));
            }
        }
    }
}

//! What a question's groupings and conditions are in the columns.

use super::BATCH;
use crate::question::{Filter, Span};
use crate::segment::Segment;
use std::ops::Range;

#[derive(Debug)]
pub(super) enum Group {
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
pub(super) enum Test {
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

pub(super) fn within(day: u16, (first, last): Span) -> bool {
    first <= day && day <= last
}

/// So many comparisons take less time than looking up a table.
const FEW_STEPS: usize = 16;

impl Group {
    /// The cell of one row, as far as the other dimensions have it, with this one.
    pub(super) fn add(&self, segment: &Segment, row: usize, cell: u16) -> u16 {
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
    pub(super) fn add_days(&self, days: &[u16], cells: &mut [u16]) {
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

    pub(super) fn of_bands(column: usize, bands: &[Span], stride: usize) -> Self {
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
    pub(super) fn of(filter: &Filter) -> Self {
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
pub(super) enum Bound<'a> {
    CodeRuns(&'a [u8], &'a [(u8, u8)]),
    CodeSet(&'a [u8], &'a [u8; 256]),
    Days(&'a [u16], &'a [Span]),
}

impl Bound<'_> {
    #[inline(always)]
    pub(super) fn narrow(&self, batch: &Range<usize>, kept: &mut [u8]) {
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

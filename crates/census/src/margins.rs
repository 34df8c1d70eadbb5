//! Tables of more dimensions than a cube has, where cubes know them with any one dimension left out.
//!
//! In every dimension one code is the commonest. Rows that have it in some dimension need not be looked up in a histogram: what they add
//! follows from the cubes, by taking the other codes' counts from the count of all. So only rows that have the commonest code nowhere
//! are counted, and a scan waits for nothing but memory.

use crate::cubes::{Cubes, Lookup};
use crate::question::{Grouping, Question};
use crate::rare::{self, Column};
use crate::scan::{Plan, spread};
use crate::schema::Schema;
use crate::segment::Segment;
use std::ops::Range;

/// Of fewer rows the cubes' answers can take longer than they save.
pub(crate) const MANY_ROWS: usize = 1 << 21;

/// How a table is counted with the help of its margins.
#[derive(Debug)]
pub(crate) struct Margins<'a> {
    dimensions: [Dimension<'a>; 4],
}

/// One dimension of the table, and the table without it.
#[derive(Debug)]
struct Dimension<'a> {
    place: usize,
    size: usize,
    /// How far apart in the table are cells that differ by one code.
    stride: usize,
    lookup: Lookup<'a>,
    plan: Plan,
}

impl<'a> Margins<'a> {
    /// The way to a table, when a cube has each of its margins.
    pub(crate) fn of(question: &Question, cubes: &'a Cubes, schema: &Schema) -> Option<Self> {
        if !question.filters.is_empty() || question.by.len() != 4 {
            return None;
        }
        let mut stride = 1;
        let mut dimensions = Vec::new();
        for (n, grouping) in question.by.iter().enumerate().rev() {
            let Grouping::Codes(place) = *grouping else { return None };
            let mut by = question.by.clone();
            by.remove(n);
            let margin = Question { by, ..Question::default() };
            let shape = margin.shape(schema, 0).ok()?;
            let size = schema.dimensions[place].size;
            dimensions.push(Dimension {
                place,
                size,
                stride,
                lookup: cubes.lookup(&margin, schema)?,
                plan: Plan::new(&margin, &shape, None, schema),
            });
            stride *= size;
        }
        Some(Margins { dimensions: dimensions.try_into().ok()? })
    }

    /// Adds the counts of a range of rows.
    pub(crate) fn count(&self, segment: &Segment, rows: &Range<usize>, into: &mut [i64]) {
        let cells = into.len();
        let margins = self.dimensions.each_ref().map(|one| one.margin(segment, rows));
        let commonest = [0, 1, 2, 3].map(|n| self.commonest(n, &margins));
        let mut table = vec![0; cells];
        spread(rows.clone(), &mut table, |rows, table| {
            let columns = [0, 1, 2, 3].map(|n| Column {
                codes: &segment.codes[self.dimensions[n].place][rows.clone()],
                stride: self.dimensions[n].stride as u16,
                commonest: commonest[n] as u8,
            });
            let mut counts = vec![0; cells];
            rare::count(columns, &mut counts);
            table.iter_mut().zip(counts).for_each(|(sum, count)| *sum += i64::from(count));
        });
        // One dimension after the other: the cells with its commonest code, where the dimensions still to come do not have theirs.
        for (n, (one, margin)) in self.dimensions.iter().zip(&margins).enumerate() {
            let later = || self.dimensions.iter().zip(&commonest).skip(n + 1);
            for (at, count) in margin.iter().enumerate() {
                let first = one.first(at);
                if later().all(|(other, common)| other.code(first) != *common) {
                    let cells = (0..one.size).map(|code| first + code * one.stride);
                    let others: i64 = cells.map(|cell| table[cell]).sum();
                    table[first + commonest[n] * one.stride] = count - others;
                }
            }
        }
        into.iter_mut().zip(table).for_each(|(sum, count)| *sum += count);
    }

    /// Bytes that the answer for a range of rows reads beside those of the rows.
    pub(crate) fn touched(&self, segment: &Segment, rows: &Range<usize>) -> usize {
        self.dimensions.iter().map(|one| one.lookup.touched(one.plan.width(), segment, rows)).sum()
    }

    /// The code that most rows have in a dimension, by any margin in which the dimension still is.
    fn commonest(&self, n: usize, margins: &[Vec<i64>]) -> usize {
        let without = usize::from(n == 0);
        let (one, other) = (&self.dimensions[n], &self.dimensions[without]);
        let mut counts = vec![0; one.size];
        for (at, count) in margins[without].iter().enumerate() {
            counts[one.code(other.first(at))] += count;
        }
        (0..one.size).max_by_key(|code| counts[*code]).unwrap_or(0)
    }
}

impl Dimension<'_> {
    fn margin(&self, segment: &Segment, rows: &Range<usize>) -> Vec<i64> {
        let mut margin = vec![0; self.plan.cells];
        self.lookup.count(&self.plan, segment, rows.clone(), &mut margin);
        margin
    }

    /// The first cell of the table that belongs to a cell of the margin.
    fn first(&self, at: usize) -> usize {
        at / self.stride * self.stride * self.size + at % self.stride
    }

    /// The dimension's code in a cell of the table.
    fn code(&self, cell: usize) -> usize {
        cell / self.stride % self.size
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::base::Builder;
    use crate::schema::Row;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn margins_lead_to_the_table_that_a_scan_finds(
            sizes in prop::collection::vec(1usize..6, 4),
            rows in prop::collection::vec((0u32..9, any::<[u8; 4]>()), 0..300),
            range in (0usize..300, 0usize..300),
        ) {
            let names: Vec<(&str, usize)> = ["a", "b", "c", "d"].into_iter().zip(sizes.iter().copied()).collect();
            let schema = Schema::new(&names, &[]).unwrap();
            let mut builder = Builder::new(schema.clone(), 9, 0, Vec::new());
            for (org, codes) in &rows {
                let mut row = Row { org: *org, ..Row::default() };
                for ((code, given), size) in row.codes.iter_mut().zip(codes).zip(&sizes) {
                    // Small codes are the commoner ones.
                    *code = (usize::from(*given) * usize::from(*given) / 256 * size / 256) as u8;
                }
                builder.push(row).unwrap();
            }
            let base = builder.build(0).unwrap();
            let question = Question { by: [2, 0, 3, 1].map(Grouping::Codes).to_vec(), ..Question::default() };
            let shape = question.shape(&schema, 9).unwrap();
            let plan = Plan::new(&question, &shape, None, &schema);
            let rows = range.0.min(rows.len())..range.1.min(rows.len());
            let rows = rows.start.min(rows.end)..rows.end;
            let mut scanned = vec![1; plan.cells];
            plan.count(&base.current, rows.clone(), &mut scanned);
            let mut found = vec![1; plan.cells];
            Margins::of(&question, &base.cubes, &schema).unwrap().count(&base.current, &rows, &mut found);
            prop_assert_eq!(found, scanned);
        }
    }
}

//! Changes since the columns were made: rows that came and rows that went, which every answer takes into account.

use crate::base::{Derived, derive, holds};
use crate::scan::Plan;
use crate::schema::{Row, Schema};
use crate::segment::Segment;
use std::ops::Range;
use std::sync::Arc;

/// Changes kept unsorted before they are sorted in with the others.
const TAIL: usize = 512;

/// A row that comes or goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    pub(crate) row: Row,
    pub(crate) sign: i8,
}

impl Change {
    /// A row comes.
    pub fn into(row: Row) -> Self {
        Change { row, sign: 1 }
    }

    /// A row goes; it must be there, the same in every column.
    pub fn out(row: Row) -> Self {
        Change { row, sign: -1 }
    }

    pub(crate) fn derived(mut self, derived: &[Derived]) -> Self {
        derive(derived, &mut self.row);
        self
    }
}

/// Changes by what they are: rows that hold on the day and others, those that came and those that went.
#[derive(Debug)]
struct Parts([Segment; 4]);

impl Parts {
    fn of<'a>(schema: &Schema, day: u16, changes: impl IntoIterator<Item = &'a Change>) -> Self {
        let mut rows: [Vec<Row>; 4] = Default::default();
        for change in changes {
            let dated = usize::from(!holds(schema, day, &change.row));
            rows[dated * 2 + usize::from(change.sign < 0)].push(change.row);
        }
        Parts(rows.map(|mut rows| {
            rows.sort_unstable_by_key(|row| row.org);
            Segment::of_few(schema, &rows)
        }))
    }

    fn count(&self, plan: &Plan, orgs: &Range<u32>, dated: bool, into: &mut [i64]) {
        let wanted = if dated { 4 } else { 2 };
        for (segment, sign) in self.0[..wanted].iter().zip([1, -1, 1, -1]) {
            plan.count_here(segment, segment.rows(orgs), sign, into);
        }
    }
}

#[derive(Debug)]
pub(crate) struct Delta {
    sorted: Arc<Parts>,
    sorted_count: usize,
    tail: Parts,
    tail_changes: Vec<Change>,
    /// Organisations that came since.
    pub(crate) new_orgs: u32,
}

impl Delta {
    pub(crate) fn of(schema: &Schema, day: u16, new_orgs: u32, changes: &[Change]) -> Self {
        let sorted = Arc::new(Parts::of(schema, day, changes));
        Delta {
            sorted,
            sorted_count: changes.len(),
            tail: Parts::of(schema, day, &[]),
            tail_changes: Vec::new(),
            new_orgs,
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.sorted_count + self.tail_changes.len()
    }

    /// With more changes; `all` are those before and these.
    pub(crate) fn with(&self, schema: &Schema, day: u16, new_orgs: u32, more: &[Change], all: &[Change]) -> Self {
        if self.tail_changes.len() + more.len() > TAIL {
            return Self::of(schema, day, new_orgs, all);
        }
        let tail_changes: Vec<Change> = self.tail_changes.iter().chain(more).copied().collect();
        let tail = Parts::of(schema, day, &tail_changes);
        Delta { sorted: Arc::clone(&self.sorted), sorted_count: self.sorted_count, tail, tail_changes, new_orgs }
    }

    pub(crate) fn count(&self, plan: &Plan, orgs: &Range<u32>, dated: bool, into: &mut [i64]) {
        if self.len() > 0 {
            self.sorted.count(plan, orgs, dated, into);
            self.tail.count(plan, orgs, dated, into);
        }
    }
}

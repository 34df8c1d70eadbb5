//! Rows in the order of their organisations, column by column.

use crate::error::CensusError;
use crate::grouping::{order, starts};
use crate::schema::{Row, Schema};
use rayon::prelude::*;
use std::ops::Range;

/// A column of days; where all are one day, that is all it holds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum DayColumn {
    One(u16),
    Each(Vec<u16>),
}

impl DayColumn {
    pub(crate) fn of(days: Vec<u16>) -> Self {
        match days.first() {
            Some(first) if days.par_iter().all(|day| day == first) => DayColumn::One(*first),
            _ => DayColumn::Each(days),
        }
    }

    pub(crate) fn get(&self, row: usize) -> u16 {
        match self {
            DayColumn::One(day) => *day,
            DayColumn::Each(days) => days[row],
        }
    }

    fn bytes(&self) -> usize {
        match self {
            DayColumn::One(_) => 0,
            DayColumn::Each(days) => days.len() * 2,
        }
    }
}

/// Where an organisation's rows are.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Places {
    /// For each number the first row that is not before it, and the number of rows.
    Starts(Vec<u32>),
    /// The number of each row: for few rows.
    Orgs(Vec<u32>),
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Segment {
    pub(crate) len: usize,
    pub(crate) places: Places,
    pub(crate) codes: Vec<Vec<u8>>,
    pub(crate) days: Vec<DayColumn>,
    /// Empty where no row has a subject.
    pub(crate) subjects: Vec<u64>,
}

impl Segment {
    /// The rows of a range of organisations.
    pub(crate) fn rows(&self, orgs: &Range<u32>) -> Range<usize> {
        match &self.places {
            Places::Starts(starts) => {
                starts[orgs.start as usize] as usize..starts[orgs.end.max(orgs.start) as usize] as usize
            }
            Places::Orgs(of) => of.partition_point(|org| *org < orgs.start)..of.partition_point(|org| *org < orgs.end),
        }
    }

    pub(crate) fn org_of(&self, row: usize) -> u32 {
        match &self.places {
            Places::Starts(starts) => starts.partition_point(|start| *start as usize <= row) as u32 - 1,
            Places::Orgs(of) => of[row],
        }
    }

    pub(crate) fn row(&self, at: usize) -> Row {
        self.row_in(at, self.org_of(at))
    }

    /// A row whose organisation is known.
    pub(crate) fn row_in(&self, at: usize, org: u32) -> Row {
        let mut row = Row { org, subject: self.subjects.get(at).copied().unwrap_or(0), ..Row::default() };
        for (code, column) in row.codes.iter_mut().zip(&self.codes) {
            *code = column[at];
        }
        for (day, column) in row.days.iter_mut().zip(&self.days) {
            *day = column.get(at);
        }
        row
    }

    pub(crate) fn bytes(&self) -> usize {
        let places = match &self.places {
            Places::Starts(list) | Places::Orgs(list) => list.len() * 4,
        };
        let codes: usize = self.codes.iter().map(Vec::len).sum();
        let days: usize = self.days.iter().map(DayColumn::bytes).sum();
        places + codes + days + self.subjects.len() * 8
    }

    /// Few rows, sorted by organisation already.
    pub(crate) fn of_few(schema: &Schema, rows: &[Row]) -> Self {
        let days = |n: usize| DayColumn::Each(rows.iter().map(|row| row.days[n]).collect());
        Segment {
            len: rows.len(),
            places: Places::Orgs(rows.iter().map(|row| row.org).collect()),
            codes: (0..schema.dimensions.len()).map(|n| rows.iter().map(|row| row.codes[n]).collect()).collect(),
            days: (0..schema.days.len()).map(days).collect(),
            subjects: rows.iter().map(|row| row.subject).collect(),
        }
    }
}

/// Rows in the order in which they come, to be sorted by organisation at the end.
#[derive(Debug)]
pub(crate) struct Loose {
    orgs: Vec<u32>,
    codes: Vec<Vec<u8>>,
    days: Vec<Vec<u16>>,
    subjects: Vec<u64>,
    sorted: bool,
}

impl Loose {
    pub(crate) fn new(schema: &Schema) -> Self {
        Loose {
            orgs: Vec::new(),
            codes: vec![Vec::new(); schema.dimensions.len()],
            days: vec![Vec::new(); schema.days.len()],
            subjects: Vec::new(),
            sorted: true,
        }
    }

    pub(crate) fn push(&mut self, row: &Row) -> Result<(), CensusError> {
        if self.orgs.len() == self.orgs.capacity() {
            self.grow()?;
        }
        self.sorted &= self.orgs.last().is_none_or(|last| *last <= row.org);
        if row.subject != 0 && self.subjects.is_empty() {
            self.subjects = vec![0; self.orgs.len()];
        }
        if row.subject != 0 || !self.subjects.is_empty() {
            self.subjects.push(row.subject);
        }
        self.orgs.push(row.org);
        for (column, code) in self.codes.iter_mut().zip(row.codes) {
            column.push(code);
        }
        for (column, day) in self.days.iter_mut().zip(row.days) {
            column.push(day);
        }
        Ok(())
    }

    /// Makes room for as many rows again, or says that there is none.
    fn grow(&mut self) -> Result<(), CensusError> {
        let more = self.orgs.len().max(1 << 10);
        self.orgs.try_reserve_exact(more)?;
        self.codes.iter_mut().try_for_each(|column| column.try_reserve_exact(more))?;
        self.days.iter_mut().try_for_each(|column| column.try_reserve_exact(more))?;
        if !self.subjects.is_empty() {
            self.subjects.try_reserve_exact(more)?;
        }
        Ok(())
    }

    /// Sorts by organisation (rows of one keep their order), one column at a time, so that no more than one is held twice.
    pub(crate) fn sort(mut self, orgs: u32) -> Result<Segment, CensusError> {
        let len = self.orgs.len();
        if u32::try_from(len).is_err() {
            return Err(CensusError::TooManyRows);
        }
        let starts = starts(&self.orgs, orgs as usize)?;
        if !self.sorted {
            let order = order(&self.orgs, &starts)?;
            self.codes.iter_mut().try_for_each(|column| gather(column, &order))?;
            self.days.iter_mut().try_for_each(|column| gather(column, &order))?;
            if !self.subjects.is_empty() {
                gather(&mut self.subjects, &order)?;
            }
        }
        self.orgs = Vec::new();
        for column in &mut self.codes {
            column.shrink_to_fit();
        }
        let days = self.days.into_iter().map(|mut column| {
            column.shrink_to_fit();
            DayColumn::of(column)
        });
        Ok(Segment {
            len,
            places: Places::Starts(starts),
            days: days.collect(),
            codes: self.codes,
            subjects: self.subjects,
        })
    }
}

fn gather<T: Copy + Send + Sync>(column: &mut Vec<T>, order: &[u32]) -> Result<(), CensusError> {
    let mut sorted = Vec::new();
    sorted.try_reserve_exact(order.len())?;
    order.par_iter().map(|row| column[*row as usize]).collect_into_vec(&mut sorted);
    *column = sorted;
    Ok(())
}

//! What can be asked: how many, by what, whom, where, on which day.

use crate::error::CensusError;
use crate::schema::Schema;
use std::ops::Range;

/// Most cells of one table.
pub const MAX_CELLS: usize = 65_536;

/// A set of codes of a dimension, a bit for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Codes([u64; 4]);

impl Codes {
    /// Whether a code is one of them.
    pub fn contains(&self, code: u8) -> bool {
        self.0[usize::from(code >> 6)] >> (code & 63) & 1 == 1
    }

    /// The last of them.
    fn last(&self) -> Option<u8> {
        (0..=u8::MAX).rfind(|code| self.contains(*code))
    }

    /// The runs of codes that follow each other: the first, and how many more.
    pub(crate) fn runs(&self) -> Vec<(u8, u8)> {
        let mut runs: Vec<(u8, u8)> = Vec::new();
        for code in (0..=u8::MAX).filter(|code| self.contains(*code)) {
            match runs.last_mut() {
                Some((first, more)) if usize::from(*first) + usize::from(*more) + 1 == usize::from(code) => *more += 1,
                _ => runs.push((code, 0)),
            }
        }
        runs
    }
}

impl FromIterator<u8> for Codes {
    fn from_iter<T: IntoIterator<Item = u8>>(codes: T) -> Self {
        let mut set = [0; 4];
        for code in codes {
            set[usize::from(code >> 6)] |= 1 << (code & 63);
        }
        Codes(set)
    }
}

/// Days from the first to the second, both included. Unknown days are 0: a span from 0 takes them in.
pub type Span = (u16, u16);

/// A condition; all of a question's must hold.
#[derive(Debug, Clone, PartialEq)]
pub enum Filter {
    /// The code of a dimension (by its place in the schema) is one of a set.
    Codes(usize, Codes),
    /// The day in a column (by its place) lies in one of these spans.
    Days(usize, Vec<Span>),
}

/// What a table is divided by.
#[derive(Debug, Clone, PartialEq)]
pub enum Grouping {
    /// The codes of a dimension.
    Codes(usize),
    /// Spans of a day column, which must not overlap; days in none of them, unknown ones too, are a last group.
    Bands(usize, Vec<Span>),
}

/// A question.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Question {
    /// The dimensions of the table, the first outermost.
    pub by: Vec<Grouping>,
    /// Whom to count.
    pub filters: Vec<Filter>,
    /// Where: a table is counted for each place, a place being ranges of organisations' numbers that do not overlap.
    pub places: Vec<Vec<Range<u32>>>,
    /// The day on which rows must hold; without it the day of the census.
    pub on: Option<u16>,
}

/// Tables of counts, one for each place of the question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The number of groups of each dimension.
    pub shape: Vec<usize>,
    /// Cells of one table.
    pub cells: usize,
    /// The counts, table after table, the last dimension running fastest.
    pub counts: Vec<u64>,
}

impl Answer {
    /// The table of a place.
    pub fn table(&self, place: usize) -> &[u64] {
        &self.counts[place * self.cells..][..self.cells]
    }
}

impl Question {
    /// The groups of each dimension. Refuses columns and codes that are not in the schema, and tables that are too large.
    pub(crate) fn shape(&self, schema: &Schema, orgs: u32) -> Result<Vec<usize>, CensusError> {
        let no_dimension = |place: usize| schema.dimension(&format!("#{place}")).map(|_| ());
        let no_day = |place: usize| schema.day(&format!("#{place}")).map(|_| ());
        for filter in &self.filters {
            match filter {
                Filter::Codes(place, codes) => match schema.dimensions.get(*place) {
                    None => no_dimension(*place)?,
                    Some(known) => {
                        if let Some(code) = codes.last().map(usize::from).filter(|code| *code >= known.size) {
                            let dimension = known.name.clone();
                            return Err(CensusError::UnknownCode { dimension, code, size: known.size });
                        }
                    }
                },
                Filter::Days(place, _) if *place >= schema.days.len() => no_day(*place)?,
                Filter::Days(..) => {}
            }
        }
        let mut shape = Vec::new();
        for grouping in &self.by {
            match grouping {
                Grouping::Codes(place) => match schema.dimensions.get(*place) {
                    Some(dimension) => shape.push(dimension.size),
                    None => no_dimension(*place)?,
                },
                Grouping::Bands(place, bands) => {
                    if *place >= schema.days.len() {
                        no_day(*place)?;
                    }
                    shape.push(bands.len() + 1);
                }
            }
        }
        let cells = shape.iter().try_fold(1usize, |cells, size| cells.checked_mul(*size));
        match cells {
            Some(cells) if cells <= MAX_CELLS => {}
            other => return Err(CensusError::TooManyCells(other.unwrap_or(usize::MAX))),
        }
        match self.places.iter().flatten().find(|range| range.end > orgs) {
            Some(range) => Err(CensusError::UnknownOrg(range.end - 1)),
            None => Ok(shape),
        }
    }
}

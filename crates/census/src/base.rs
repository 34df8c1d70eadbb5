//! The rows of a census with their cubes: made once, then only read.

use crate::cubes::Cubes;
use crate::error::CensusError;
use crate::schema::{Row, Schema};
use crate::segment::{Loose, Segment};

/// A dimension whose code follows from a day column, such as the band of an age.
#[derive(Debug, Clone, PartialEq)]
pub struct Derived {
    /// The dimension.
    pub dimension: usize,
    /// The day column.
    pub day: usize,
    /// The code for each of the 65,536 days.
    pub codes: Vec<u8>,
}

/// The rows of a census, in the order of the tree, and their cubes.
#[derive(Debug)]
pub struct Base {
    pub(crate) schema: Schema,
    /// How many organisations there are.
    pub(crate) orgs: u32,
    /// The day for which the derived codes and the division in two hold.
    pub(crate) day: u16,
    /// What the builder of the census wrote beside it: how far its source had been read.
    pub(crate) mark: u64,
    pub(crate) derived: Vec<Derived>,
    /// Rows that hold on the day and have no end.
    pub(crate) current: Segment,
    /// All other rows.
    pub(crate) dated: Segment,
    pub(crate) cubes: Cubes,
}

impl Base {
    /// Bytes of the columns and of the cubes.
    pub fn bytes(&self) -> (usize, usize) {
        (self.current.bytes() + self.dated.bytes(), self.cubes.bytes())
    }

    /// How many cubes there are.
    pub fn cubes(&self) -> usize {
        self.cubes.len()
    }

    /// Rows that hold on the day, and all others.
    pub fn rows(&self) -> (usize, usize) {
        (self.current.len, self.dated.len)
    }

    /// The derived dimensions.
    pub fn derived(&self) -> &[Derived] {
        &self.derived
    }

    /// How far the source had been read.
    pub fn mark(&self) -> u64 {
        self.mark
    }

    /// The columns.
    pub fn schema(&self) -> &Schema {
        &self.schema
    }
}

/// Takes rows, in any order; fastest in the order of the tree.
#[derive(Debug)]
pub struct Builder {
    schema: Schema,
    orgs: u32,
    day: u16,
    derived: Vec<Derived>,
    current: Loose,
    dated: Loose,
}

impl Builder {
    /// For rows in `orgs` organisations. Codes of `derived` dimensions are filled in for `day`.
    pub fn new(schema: Schema, orgs: u32, day: u16, derived: Vec<Derived>) -> Self {
        let (current, dated) = (Loose::new(&schema), Loose::new(&schema));
        Builder { schema, orgs, day, derived, current, dated }
    }

    /// Takes a row.
    pub fn push(&mut self, mut row: Row) -> Result<(), CensusError> {
        derive(&self.derived, &mut row);
        self.schema.check(&row)?;
        if row.org >= self.orgs {
            return Err(CensusError::UnknownOrg(row.org));
        }
        let segment = if holds(&self.schema, self.day, &row) { &mut self.current } else { &mut self.dated };
        segment.push(&row)
    }

    /// Sorts the rows and builds the cubes. `mark` says how far the source was read.
    pub fn build(self, mark: u64) -> Result<Base, CensusError> {
        apart(|| self.build_here(mark))
    }

    fn build_here(self, mark: u64) -> Result<Base, CensusError> {
        let current = self.current.sort(self.orgs)?;
        let dated = self.dated.sort(self.orgs)?;
        let cubes = Cubes::build(&self.schema, &current)?;
        Ok(Base {
            schema: self.schema,
            orgs: self.orgs,
            day: self.day,
            mark,
            derived: self.derived,
            current,
            dated,
            cubes,
        })
    }
}

/// Long work on all cores, on threads of its own: a question that wants several cores must not wait until it is over.
pub(crate) fn apart<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    match rayon::ThreadPoolBuilder::new().build() {
        Ok(threads) => threads.install(work),
        Err(_) => work(),
    }
}

pub(crate) fn derive(derived: &[Derived], row: &mut Row) {
    for one in derived {
        row.codes[one.dimension] = one.codes[usize::from(row.days[one.day])];
    }
}

/// Whether a row holds on a day and has no end.
pub(crate) fn holds(schema: &Schema, day: u16, row: &Row) -> bool {
    schema.span.is_none_or(|(from, to)| row.days[from] <= day && row.days[to] == u16::MAX)
}

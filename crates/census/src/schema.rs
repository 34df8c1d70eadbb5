//! Which columns there are: dimensions of small codes, and days.

use crate::error::CensusError;

/// Most dimensions of a schema.
pub const MAX_DIMENSIONS: usize = 16;
/// Most day columns of a schema.
pub const MAX_DAYS: usize = 8;

/// A dimension: a column of codes `0..size`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dimension {
    /// Its name, also that of its column in a file.
    pub name: String,
    /// How many codes it has, 1 to 256.
    pub size: usize,
}

/// The columns of a census. Days are numbers of days; 0 is an unknown day, 65,535 is after every day.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Schema {
    pub(crate) dimensions: Vec<Dimension>,
    pub(crate) days: Vec<String>,
    pub(crate) span: Option<(usize, usize)>,
}

impl Schema {
    /// A schema of these dimensions (name, number of codes) and day columns. A column `from` and a column `to` among the days say from
    /// which day a row holds, and the day after the last on which it does.
    pub fn new(dimensions: &[(&str, usize)], days: &[&str]) -> Result<Self, CensusError> {
        if dimensions.len() > MAX_DIMENSIONS || days.len() > MAX_DAYS {
            return Err(CensusError::Schema(format!("最多 {MAX_DIMENSIONS} 个维度、{MAX_DAYS} 个日期列")));
        }
        let mut names: Vec<&str> = dimensions.iter().map(|(name, _)| *name).chain(days.iter().copied()).collect();
        names.sort_unstable();
        if let Some(pair) = names.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(CensusError::Schema(format!("列「{}」重复", pair[0])));
        }
        if let Some((name, size)) = dimensions.iter().find(|(_, size)| !(1..=256).contains(size)) {
            return Err(CensusError::DimensionSize { dimension: (*name).to_owned(), size: *size });
        }
        let place = |name: &str| days.iter().position(|day| *day == name);
        Ok(Schema {
            dimensions: dimensions
                .iter()
                .map(|(name, size)| Dimension { name: (*name).to_owned(), size: *size })
                .collect(),
            days: days.iter().map(|day| (*day).to_owned()).collect(),
            span: place("from").zip(place("to")),
        })
    }

    /// The dimensions, in the order of a row's codes.
    pub fn dimensions(&self) -> &[Dimension] {
        &self.dimensions
    }

    /// The names of the day columns, in the order of a row's days.
    pub fn days(&self) -> &[String] {
        &self.days
    }

    /// The place of a dimension.
    pub fn dimension(&self, name: &str) -> Result<usize, CensusError> {
        self.dimensions.iter().position(|dimension| dimension.name == name).ok_or_else(|| {
            let known: Vec<&str> = self.dimensions.iter().map(|dimension| dimension.name.as_str()).collect();
            CensusError::UnknownDimension { given: name.to_owned(), known: known.join("、") }
        })
    }

    /// The place of a day column.
    pub fn day(&self, name: &str) -> Result<usize, CensusError> {
        self.days
            .iter()
            .position(|day| day == name)
            .ok_or_else(|| CensusError::UnknownDimension { given: name.to_owned(), known: self.days.join("、") })
    }

    /// Refuses codes that the dimensions do not have.
    pub(crate) fn check(&self, row: &Row) -> Result<(), CensusError> {
        for (dimension, code) in self.dimensions.iter().zip(row.codes) {
            if usize::from(code) >= dimension.size {
                return Err(CensusError::UnknownCode {
                    dimension: dimension.name.clone(),
                    code: code.into(),
                    size: dimension.size,
                });
            }
        }
        Ok(())
    }
}

/// One row: a subject in an organisation. Places beyond the schema's columns stay 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Row {
    /// The organisation's number in the tree.
    pub org: u32,
    /// Whom it is about, for [`crate::Census::replace`]; 0 where nobody asks.
    pub subject: u64,
    /// A code for each dimension.
    pub codes: [u8; MAX_DIMENSIONS],
    /// A day for each day column.
    pub days: [u16; MAX_DAYS],
}

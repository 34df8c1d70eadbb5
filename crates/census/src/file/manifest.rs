//! What stands beside the columns: which columns there are, and the sums that tell whether they are what was written.

use crate::base::Derived;
use crate::error::CensusError;
use crate::file::damaged;
use crate::schema::Schema;
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::Path;

/// The version of the format; a file of another one is not read.
pub(super) const FORMAT: u32 = 1;
/// The file that says which directory is valid.
pub(super) const NAME: &str = "census.json";

/// What the rows mean; also in the metadata of `rows.parquet`, for other programs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct About {
    pub(super) format: u32,
    pub(super) dimensions: Vec<Words>,
    pub(super) days: Vec<String>,
    /// The day for which derived codes and the division into current and dated rows hold.
    pub(super) day: u16,
    /// The date of day 0, as yyyy-mm-dd.
    pub(super) epoch: String,
    pub(super) mark: u64,
    pub(super) derived: Vec<Runs>,
    pub(super) orgs: u32,
    pub(super) current: u32,
    pub(super) dated: u32,
    /// Whether there is a column of subjects.
    pub(super) subjects: bool,
    /// Columns of `orgs.parquet` beyond those of the tree.
    pub(super) org_columns: Vec<String>,
}

/// A dimension, with what its codes mean where the writer said so.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Words {
    pub(super) name: String,
    pub(super) size: usize,
    pub(super) words: Vec<String>,
}

/// A derived dimension: from which day on it has which code.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Runs {
    pub(super) dimension: usize,
    pub(super) day: usize,
    pub(super) from: Vec<(u16, u8)>,
}

/// Length and sums of a file.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Sums {
    pub(super) bytes: u64,
    /// CRC-32 of the whole file.
    pub(super) crc32: u32,
    /// CRC-32 of the values of each column, as little-endian numbers of the column's width.
    pub(super) columns: Vec<u32>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Manifest {
    pub(super) directory: String,
    pub(super) about: About,
    pub(super) rows: Sums,
    pub(super) orgs: Sums,
}

const BEFORE: &str = "{\"crc32\":\"";
const BETWEEN: &str = "\",\"census\":";
const AFTER: &str = "}\n";

impl Manifest {
    /// The manifest with its own sum: JSON whose form is fixed up to the `census` in it.
    pub(super) fn text(&self) -> Result<String, CensusError> {
        let census = serde_json::to_string(self).map_err(std::io::Error::other)?;
        Ok(format!("{BEFORE}{:08x}{BETWEEN}{census}{AFTER}", crc32fast::hash(census.as_bytes())))
    }

    pub(super) fn read(dir: &Path) -> Result<Self, CensusError> {
        let path = dir.join(NAME);
        let bytes = fs::read(&path)?;
        Self::parse(&bytes).map_err(|why| damaged(&path, why))
    }

    pub(super) fn parse(bytes: &[u8]) -> Result<Self, String> {
        let text = std::str::from_utf8(bytes).map_err(|_| "不是 UTF-8 文本")?;
        let (sum, census) = text
            .strip_prefix(BEFORE)
            .and_then(|rest| rest.strip_suffix(AFTER))
            .and_then(|rest| rest.split_once(BETWEEN))
            .ok_or("开头或结尾残缺")?;
        if sum != format!("{:08x}", crc32fast::hash(census.as_bytes())) {
            return Err("校验和不符".to_owned());
        }
        let format = serde_json::from_str::<Versioned>(census).map_err(|_| "缺少格式版本")?.about.format;
        if format != FORMAT {
            return Err(format!("格式版本为 {format}，本程序读取版本 {FORMAT}"));
        }
        serde_json::from_str(census).map_err(|error| format!("内容不合格式：{error}"))
    }
}

/// Enough to tell the version of a format that may be unknown.
#[derive(Deserialize)]
struct Versioned {
    about: Format,
}

#[derive(Deserialize)]
struct Format {
    format: u32,
}

impl About {
    pub(super) fn schema(&self) -> Result<Schema, String> {
        let dimensions: Vec<(&str, usize)> = self.dimensions.iter().map(|one| (one.name.as_str(), one.size)).collect();
        let days: Vec<&str> = self.days.iter().map(String::as_str).collect();
        Schema::new(&dimensions, &days).map_err(|error| error.to_string())
    }

    pub(super) fn derived(&self) -> Result<Vec<Derived>, String> {
        self.derived.iter().map(|runs| runs.derived(self)).collect()
    }

    pub(super) fn len(&self) -> [usize; 2] {
        [self.current as usize, self.dated as usize]
    }
}

impl Runs {
    pub(super) fn of(derived: &Derived) -> Self {
        let mut from: Vec<(u16, u8)> = Vec::new();
        for (day, code) in (0..=u16::MAX).zip(&derived.codes) {
            if from.last().is_none_or(|(_, last)| last != code) {
                from.push((day, *code));
            }
        }
        Runs { dimension: derived.dimension, day: derived.day, from }
    }

    fn derived(&self, about: &About) -> Result<Derived, String> {
        let known = about.dimensions.get(self.dimension).filter(|_| self.day < about.days.len());
        let size = known.ok_or("派生维度指向不存在的列")?.size;
        let sorted = self.from.windows(2).all(|pair| pair[0].0 < pair[1].0);
        if self.from.first().is_none_or(|(day, _)| *day != 0) || !sorted {
            return Err("派生维度的日期次序有误".to_owned());
        }
        if self.from.iter().any(|(_, code)| usize::from(*code) >= size) {
            return Err("派生维度的代码超出范围".to_owned());
        }
        let mut codes = vec![0; 65_536];
        for (day, code) in &self.from {
            codes[usize::from(*day)..].fill(*code);
        }
        Ok(Derived { dimension: self.dimension, day: self.day, codes })
    }
}

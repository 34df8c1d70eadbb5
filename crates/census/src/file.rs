//! A census on disk: two Parquet tables that any program may read, and what tells whether they are whole.
//!
//! ```text
//! DIR/census.json           which directory is valid, what the columns mean, lengths and sums of the files, and its own sum
//! DIR/census-<n>/rows.parquet
//! DIR/census-<n>/orgs.parquet
//! ```
//!
//! | `rows.parquet` | type | |
//! |---|---|---|
//! | `org` | UINT32 | number of the organisation in preorder |
//! | each dimension | UINT8 | code |
//! | each day column | UINT16 | days since the `epoch` of the metadata; 0 is unknown, 65,535 has no end |
//! | `subject` | UINT64 | whom the row is about; only where a row has one |
//!
//! First come the rows that hold on the census's day and have no end, sorted by `org`, then all others, sorted by `org`; a group of rows
//! (1,048,576 at most) has rows of one kind only. The key `census` of the metadata says in JSON what `census.json` says of the columns.
//!
//! | `orgs.parquet` | type | |
//! |---|---|---|
//! | `number` | UINT32 | the row's own number |
//! | `parent` | UINT32 | number of the superior; a top names itself |
//! | `end` | UINT32 | first number that is not below it: below n stand n up to `end` - 1 |
//! | others | text | as the writer gave them |
//!
//! A census is written into a directory of its own; the rename of `census.json` makes it the valid one, so that after a crash there is the
//! old or the new one. Writers exclude each other by the lock on `DIR/lock`.

mod columns;
mod manifest;
mod reading;
#[cfg(test)]
mod tests;

use crate::base::{Base, apart};
use crate::error::CensusError;
use crate::segment::Segment;
use crate::tree::Tree;
use columns::{Kind, Values};
use manifest::{About, FORMAT, Manifest, NAME, Runs, Words};
use reading::Open;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// What is written beside the rows.
#[derive(Debug, Clone, Copy)]
pub struct Beside<'a> {
    /// The organisations.
    pub tree: &'a Tree,
    /// Columns of texts about them, such as codes and names, in the order of their numbers.
    pub columns: &'a [(&'a str, &'a [String])],
    /// For each dimension what its codes mean, for readers of other programs; may be empty.
    pub words: &'a [Vec<String>],
    /// The date of day 0, as yyyy-mm-dd.
    pub epoch: &'a str,
}

/// What was read.
#[derive(Debug)]
pub struct Stored {
    /// The rows, with cubes built anew.
    pub base: Base,
    /// The organisations.
    pub tree: Tree,
    /// Columns of texts about them.
    pub columns: Vec<(String, Vec<String>)>,
    /// For each dimension what its codes mean, where the writer said so.
    pub words: Vec<Vec<String>>,
    /// The date of day 0, as yyyy-mm-dd.
    pub epoch: String,
}

const ROWS: &str = "rows.parquet";
const ORGS: &str = "orgs.parquet";
const TREE: [(&str, Kind); 3] = [("number", Kind::U32), ("parent", Kind::U32), ("end", Kind::U32)];

impl Base {
    /// Writes a census into a directory, in the place of an earlier one, and says where its tables are. When it fails, the earlier one
    /// stays.
    pub fn write(&self, dir: &Path, beside: &Beside<'_>) -> Result<PathBuf, CensusError> {
        let about = self.about(beside)?;
        fs::create_dir_all(dir)?;
        let lock = File::create(dir.join("lock"))?;
        lock.lock()?;
        let valid = Manifest::read(dir).ok().map(|manifest| manifest.directory);
        if valid.is_some() {
            remove_all_but(dir, valid.as_deref())?;
        }
        let last = versions(dir)?.into_iter().map(|(number, _)| number).max().unwrap_or(0);
        let directory = format!("census-{}", last + 1);
        let path = dir.join(&directory);
        let written = self.write_version(dir, directory.clone(), about, beside);
        if let Err(error) = written {
            // What could not be written must not take up the disk; the error that counts is the first.
            let _ = fs::remove_dir_all(&path);
            let _ = fs::remove_file(dir.join(format!("{NAME}.new")));
            return Err(error);
        }
        sync(dir)?;
        // The new one is valid; what could not be removed now is removed before the next.
        let _ = remove_all_but(dir, Some(&directory));
        Ok(path)
    }

    fn write_version(
        &self,
        dir: &Path,
        directory: String,
        about: About,
        beside: &Beside<'_>,
    ) -> Result<(), CensusError> {
        let path = dir.join(&directory);
        fs::create_dir(&path)?;
        let text = serde_json::to_string(&about).map_err(io::Error::other)?;
        let rows = columns::write(File::create(path.join(ROWS))?, &self.columns(&about), &about.len(), Some(text))?;
        let tree = [Values::Number, Values::U32(&beside.tree.parent), Values::U32(&beside.tree.end)];
        let tree = TREE.into_iter().zip(tree).map(|((name, kind), values)| (name, kind, vec![values]));
        let texts = beside.columns.iter().map(|(name, texts)| (*name, Kind::Text, vec![Values::Text(texts)]));
        let orgs = columns::write(
            File::create(path.join(ORGS))?,
            &tree.chain(texts).collect::<Vec<_>>(),
            &[beside.tree.len()],
            None,
        )?;
        sync(&path)?;
        let text = Manifest { directory, about, rows, orgs }.text()?;
        let new = dir.join(format!("{NAME}.new"));
        let mut file = File::create(&new)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        sync(dir)?;
        Ok(fs::rename(new, dir.join(NAME))?)
    }

    fn about(&self, beside: &Beside<'_>) -> Result<About, CensusError> {
        let refuse = |why: &str| Err(CensusError::Schema(why.to_owned()));
        if beside.tree.len() != self.orgs as usize
            || beside.columns.iter().any(|(_, list)| list.len() != beside.tree.len())
        {
            return refuse("组织表的行数与组织数不符");
        }
        let mut names: Vec<&str> =
            TREE.iter().map(|(name, _)| *name).chain(beside.columns.iter().map(|one| one.0)).collect();
        names.sort_unstable();
        if names.windows(2).any(|pair| pair[0] == pair[1]) {
            return refuse("组织表的列名重复");
        }
        let schema = &self.schema;
        let names = schema.dimensions.iter().map(|one| &one.name).chain(&schema.days);
        if names.clone().any(|name| matches!(name.as_str(), "org" | "subject")) {
            return refuse("列名「org」「subject」另有用途");
        }
        let words = |n: usize| beside.words.get(n).cloned().unwrap_or_default();
        let dimensions = schema.dimensions.iter().enumerate();
        Ok(About {
            format: FORMAT,
            dimensions: dimensions
                .map(|(n, one)| Words { name: one.name.clone(), size: one.size, words: words(n) })
                .collect(),
            days: schema.days.clone(),
            day: self.day,
            epoch: beside.epoch.to_owned(),
            mark: self.mark,
            derived: self.derived.iter().map(Runs::of).collect(),
            orgs: self.orgs,
            current: self.current.len as u32,
            dated: self.dated.len as u32,
            subjects: !(self.current.subjects.is_empty() && self.dated.subjects.is_empty()),
            org_columns: beside.columns.iter().map(|(name, _)| (*name).to_owned()).collect(),
        })
    }

    fn columns<'a>(&'a self, about: &'a About) -> Vec<columns::Column<'a>> {
        let parts = [&self.current, &self.dated];
        let kinds = row_columns(about);
        let codes = self.schema.dimensions.len();
        let days = codes + self.schema.days.len();
        let of = |n: usize, part: &'a Segment| match n {
            0 => Values::Orgs(part),
            n if n <= codes => Values::U8(&part.codes[n - 1]),
            n if n <= days => Values::Days(&part.days[n - 1 - codes]),
            _ if part.subjects.is_empty() => Values::Zero,
            _ => Values::U64(&part.subjects),
        };
        kinds
            .into_iter()
            .enumerate()
            .map(|(n, (name, kind))| (name, kind, parts.map(|part| of(n, part)).into()))
            .collect()
    }
}

/// Reads the census of a directory. What was not written by [`Base::write`] is refused.
pub fn read(dir: &Path) -> Result<Stored, CensusError> {
    let mut manifest = Manifest::read(dir)?;
    loop {
        match Open::new(dir, &manifest) {
            Ok(open) => return apart(|| open.read(dir, manifest)),
            // A writer may have put another in its place meanwhile.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let now = Manifest::read(dir)?;
                if now == manifest {
                    return Err(damaged(&dir.join(&manifest.directory), "文件缺失".to_owned()));
                }
                manifest = now;
            }
            Err(error) => return Err(error.into()),
        }
    }
}

fn row_columns(about: &About) -> Vec<(&str, Kind)> {
    let mut columns = vec![("org", Kind::U32)];
    columns.extend(about.dimensions.iter().map(|one| (one.name.as_str(), Kind::U8)));
    columns.extend(about.days.iter().map(|name| (name.as_str(), Kind::U16)));
    columns.extend(about.subjects.then_some(("subject", Kind::U64)));
    columns
}

fn damaged(path: &Path, why: String) -> CensusError {
    CensusError::Damaged { path: path.display().to_string(), why }
}

/// Makes the entries of a directory last.
fn sync(dir: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(dir)?.sync_all() } else { Ok(()) }
}

/// The number of a version's directory.
fn number(name: &str) -> Option<u64> {
    name.strip_prefix("census-")?.parse().ok()
}

fn versions(dir: &Path) -> io::Result<Vec<(u64, PathBuf)>> {
    let mut versions = Vec::new();
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        versions.extend(entry.file_name().to_str().and_then(number).map(|number| (number, entry.path())));
    }
    Ok(versions)
}

fn remove_all_but(dir: &Path, valid: Option<&str>) -> io::Result<()> {
    for (_, path) in versions(dir)? {
        if path.file_name().and_then(|name| name.to_str()) != valid {
            fs::remove_dir_all(path)?;
        }
    }
    Ok(())
}

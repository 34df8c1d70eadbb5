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
#[cfg(test)]
mod tests;

use crate::base::{Base, holds};
use crate::cubes::Cubes;
use crate::error::CensusError;
use crate::schema::Schema;
use crate::segment::{DayColumn, Places, Segment};
use crate::tree::Tree;
use columns::{Kind, Reader, Values};
use manifest::{About, FORMAT, Manifest, NAME, Runs, Words};
use rayon::prelude::*;
use std::fs::{self, File};
use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
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
            Ok(open) => return open.read(dir, manifest),
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

/// The files of a version, once for each column that is read.
struct Open {
    rows: Vec<File>,
    orgs: [File; 2],
}

impl Open {
    fn new(dir: &Path, manifest: &Manifest) -> io::Result<Self> {
        // Nothing but a version of our own is opened, whatever the manifest says.
        if number(&manifest.directory).is_none() {
            return Err(io::ErrorKind::NotFound.into());
        }
        let path = dir.join(&manifest.directory);
        let open = |name: &str| File::open(path.join(name));
        let columns = row_columns(&manifest.about).len();
        Ok(Open {
            rows: (0..=columns).map(|_| open(ROWS)).collect::<io::Result<_>>()?,
            orgs: [open(ORGS)?, open(ORGS)?],
        })
    }

    fn read(self, dir: &Path, manifest: Manifest) -> Result<Stored, CensusError> {
        let path = dir.join(&manifest.directory);
        let about = &manifest.about;
        let schema = about.schema().map_err(|why| damaged(&dir.join(NAME), why))?;
        let derived = about.derived().map_err(|why| damaged(&dir.join(NAME), why))?;
        let [sum, orgs] = self.orgs;
        let (tree, columns) =
            guarded(|| read_orgs(&sum, orgs, &manifest)).map_err(|why| damaged(&path.join(ORGS), why))?;
        let [current, dated] =
            guarded(|| read_rows(self.rows, &manifest, &schema)).map_err(|why| damaged(&path.join(ROWS), why))?;
        let cubes = Cubes::build(&schema, &current)?;
        let (orgs, day, mark) = (about.orgs, about.day, about.mark);
        let base = Base { schema, orgs, day, mark, derived, current, dated, cubes };
        let words = manifest.about.dimensions.into_iter().map(|one| one.words).collect();
        Ok(Stored { base, tree, columns, words, epoch: manifest.about.epoch })
    }
}

type Orgs = (Tree, Vec<(String, Vec<String>)>);

fn read_orgs(sum: &File, file: File, manifest: &Manifest) -> Result<Orgs, String> {
    columns::verify(sum, &manifest.orgs)?;
    let about = &manifest.about;
    let texts = about.org_columns.iter().map(|name| (name.as_str(), Kind::Text));
    let reader = Reader::new(file, &TREE.into_iter().chain(texts).collect::<Vec<_>>(), &[about.orgs as usize])?;
    let numbers = |column: usize| {
        let mut numbers = Vec::new();
        reader.numbers(column, Kind::U32, manifest.orgs.columns.get(column), |_, more| {
            numbers.extend(more.iter().map(|number| *number as u32));
            Ok(())
        })?;
        Ok::<_, String>(numbers)
    };
    let number = numbers(0)?;
    if !number.iter().copied().eq(0..about.orgs) {
        return Err("组织序号不连续".to_owned());
    }
    let tree = Tree::from_parents(numbers(1)?).map_err(|error| error.to_string())?;
    if tree.end != numbers(2)? {
        return Err("组织的下级范围与上级关系不符".to_owned());
    }
    let texts = about.org_columns.iter().enumerate().map(|(n, name)| {
        let column = TREE.len() + n;
        Ok((name.clone(), reader.texts(column, manifest.orgs.columns.get(column))?))
    });
    Ok((tree, texts.collect::<Result<_, String>>()?))
}

/// A column that was read, for both parts of the rows.
enum Read {
    Starts([Vec<u32>; 2]),
    Codes([Vec<u8>; 2]),
    Days([Vec<u16>; 2]),
    Subjects([Vec<u64>; 2]),
}

fn read_rows(mut files: Vec<File>, manifest: &Manifest, schema: &Schema) -> Result<[Segment; 2], String> {
    let about = &manifest.about;
    let kinds = row_columns(about);
    let sum = files.pop().ok_or("未打开")?;
    columns::verify(&sum, &manifest.rows)?;
    let columns: Vec<Read> = files
        .into_par_iter()
        .enumerate()
        .map(|(n, file)| {
            let reader = Reader::new(file, &kinds, &about.len())?;
            read_column(&reader, n, kinds[n], manifest).map_err(|why| format!("列「{}」{why}", kinds[n].0))
        })
        .collect::<Result<_, String>>()?;
    let segments = segments(columns, about.len());
    for (segment, current) in segments.iter().zip([true, false]) {
        let agrees = (0..segment.len).into_par_iter().all(|row| {
            // The organisation does not matter here.
            holds(schema, about.day, &segment.row_in(row, 0)) == current
        });
        if !agrees {
            return Err("现有记录与历史记录的划分有误".to_owned());
        }
    }
    Ok(segments)
}

fn read_column(reader: &Reader, n: usize, column: (&str, Kind), manifest: &Manifest) -> Result<Read, String> {
    let (about, sum) = (&manifest.about, manifest.rows.columns.get(n));
    let len = about.len();
    match column.1 {
        Kind::U32 => read_orgs_of_rows(reader, about.orgs, sum).map(Read::Starts),
        Kind::U8 => {
            let size = about.dimensions.get(n - 1).map_or(0, |dimension| dimension.size) as u64;
            let mut codes = reserved(len)?;
            reader.numbers(n, Kind::U8, sum, |part, numbers| {
                if let Some(code) = numbers.iter().find(|code| **code >= size) {
                    return Err(format!("有代码 {code}，共 {size} 个"));
                }
                codes[part].extend(numbers.iter().map(|number| *number as u8));
                Ok(())
            })?;
            Ok(Read::Codes(codes))
        }
        Kind::U16 => {
            let mut days = reserved(len)?;
            reader.numbers(n, Kind::U16, sum, |part, numbers| {
                days[part].extend(numbers.iter().map(|number| *number as u16));
                Ok(())
            })?;
            Ok(Read::Days(days))
        }
        Kind::U64 | Kind::Text => {
            let mut subjects = reserved(len)?;
            reader.numbers(n, Kind::U64, sum, |part, numbers| {
                subjects[part].extend_from_slice(numbers);
                Ok(())
            })?;
            Ok(Read::Subjects(subjects))
        }
    }
}

/// For each part the first row of each organisation.
fn read_orgs_of_rows(reader: &Reader, orgs: u32, sum: Option<&u32>) -> Result<[Vec<u32>; 2], String> {
    let mut starts = [vec![0u32; orgs as usize + 1], vec![0u32; orgs as usize + 1]];
    let mut last = [0u64; 2];
    reader.numbers(0, Kind::U32, sum, |part, numbers| {
        for org in numbers {
            if *org >= u64::from(orgs) {
                return Err(format!("有组织序号 {org}，共 {orgs} 个组织"));
            }
            if *org < last[part] {
                return Err("次序有误".to_owned());
            }
            last[part] = *org;
            starts[part][*org as usize + 1] += 1;
        }
        Ok(())
    })?;
    for starts in &mut starts {
        for org in 1..starts.len() {
            starts[org] += starts[org - 1];
        }
    }
    Ok(starts)
}

fn reserved<T>(len: [usize; 2]) -> Result<[Vec<T>; 2], String> {
    let mut parts = [Vec::new(), Vec::new()];
    for (part, len) in parts.iter_mut().zip(len) {
        part.try_reserve_exact(len).map_err(|_| "内存不足".to_owned())?;
    }
    Ok(parts)
}

fn segments(columns: Vec<Read>, len: [usize; 2]) -> [Segment; 2] {
    let mut segments = len.map(|len| Segment {
        len,
        places: Places::Orgs(Vec::new()),
        codes: Vec::new(),
        days: Vec::new(),
        subjects: Vec::new(),
    });
    for column in columns {
        match column {
            Read::Starts(parts) => {
                segments.iter_mut().zip(parts).for_each(|(segment, part)| segment.places = Places::Starts(part));
            }
            Read::Codes(parts) => segments.iter_mut().zip(parts).for_each(|(segment, part)| segment.codes.push(part)),
            Read::Days(parts) => {
                segments.iter_mut().zip(parts).for_each(|(segment, part)| segment.days.push(DayColumn::of(part)));
            }
            Read::Subjects(parts) => segments.iter_mut().zip(parts).for_each(|(segment, part)| {
                segment.subjects = if part.iter().all(|subject| *subject == 0) { Vec::new() } else { part };
            }),
        }
    }
    segments
}

fn row_columns(about: &About) -> Vec<(&str, Kind)> {
    let mut columns = vec![("org", Kind::U32)];
    columns.extend(about.dimensions.iter().map(|one| (one.name.as_str(), Kind::U8)));
    columns.extend(about.days.iter().map(|name| (name.as_str(), Kind::U16)));
    columns.extend(about.subjects.then_some(("subject", Kind::U64)));
    columns
}

/// Whatever a decoder does with bytes that were made to mislead it, a damaged file is an error and not the end of the program.
fn guarded<T>(read: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| Err("不能解码".to_owned()))
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

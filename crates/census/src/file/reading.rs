//! Reading a version of a census: the sums first, then every column, then what the columns say of each other.

use crate::base::{Base, holds};
use crate::cubes::Cubes;
use crate::error::CensusError;
use crate::file::columns::{self, Kind, Reader};
use crate::file::manifest::{Manifest, NAME};
use crate::file::{ORGS, ROWS, Stored, TREE, damaged, number, row_columns};
use crate::grouping::{add_up, zeros};
use crate::schema::Schema;
use crate::segment::{DayColumn, Places, Segment};
use crate::tree::Tree;
use rayon::prelude::*;
use std::fs::File;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// The files of a version, once for each column that is read.
pub(super) struct Open {
    rows: Vec<File>,
    orgs: [File; 2],
}

impl Open {
    pub(super) fn new(dir: &Path, manifest: &Manifest) -> io::Result<Self> {
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

    pub(super) fn read(self, dir: &Path, manifest: Manifest) -> Result<Stored, CensusError> {
        let path = dir.join(&manifest.directory);
        let about = &manifest.about;
        let schema = about.schema().map_err(|why| damaged(&dir.join(NAME), why))?;
        let derived = about.derived().map_err(|why| damaged(&dir.join(NAME), why))?;
        let [sum, orgs] = self.orgs;
        let (tree, columns) =
            guarded(|| read_orgs(&sum, orgs, &manifest)).map_err(|fault| fault.at(&path.join(ORGS)))?;
        let [current, dated] =
            guarded(|| read_rows(self.rows, &manifest, &schema)).map_err(|fault| fault.at(&path.join(ROWS)))?;
        let cubes = Cubes::build(&schema, &current)?;
        let (orgs, day, mark) = (about.orgs, about.day, about.mark);
        let base = Base { schema, orgs, day, mark, derived, current, dated, cubes };
        let words = manifest.about.dimensions.into_iter().map(|one| one.words).collect();
        Ok(Stored { base, tree, columns, words, epoch: manifest.about.epoch })
    }
}

type Orgs = (Tree, Vec<(String, Vec<String>)>);

fn read_orgs(sum: &File, file: File, manifest: &Manifest) -> Result<Orgs, Fault> {
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
        Ok::<_, Fault>(numbers)
    };
    let number = numbers(0)?;
    if !number.iter().copied().eq(0..about.orgs) {
        return Err("组织序号不连续".into());
    }
    let tree = Tree::from_parents(numbers(1)?).map_err(|error| error.to_string())?;
    if tree.end != numbers(2)? {
        return Err("组织的下级范围与上级关系不符".into());
    }
    let texts = about.org_columns.iter().enumerate().map(|(n, name)| {
        let column = TREE.len() + n;
        Ok((name.clone(), reader.texts(column, manifest.orgs.columns.get(column))?))
    });
    Ok((tree, texts.collect::<Result<_, Fault>>()?))
}

/// A column that was read, for both parts of the rows.
enum Read {
    Starts([Vec<u32>; 2]),
    Codes([Vec<u8>; 2]),
    Days([Vec<u16>; 2]),
    Subjects([Vec<u64>; 2]),
}

fn read_rows(mut files: Vec<File>, manifest: &Manifest, schema: &Schema) -> Result<[Segment; 2], Fault> {
    let about = &manifest.about;
    let kinds = row_columns(about);
    let sum = files.pop().ok_or("未打开")?;
    columns::verify(&sum, &manifest.rows)?;
    let columns: Vec<Read> = files
        .into_par_iter()
        .enumerate()
        .map(|(n, file)| {
            let reader = Reader::new(file, &kinds, &about.len())?;
            read_column(&reader, n, kinds[n], manifest).map_err(|fault| fault.of(kinds[n].0))
        })
        .collect::<Result<_, Fault>>()?;
    let segments = segments(columns, about.len());
    for (segment, current) in segments.iter().zip([true, false]) {
        let agrees = (0..segment.len).into_par_iter().all(|row| {
            // The organisation does not matter here.
            holds(schema, about.day, &segment.row_in(row, 0)) == current
        });
        if !agrees {
            return Err("现有记录与历史记录的划分有误".into());
        }
    }
    Ok(segments)
}

fn read_column(reader: &Reader, n: usize, column: (&str, Kind), manifest: &Manifest) -> Result<Read, Fault> {
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
fn read_orgs_of_rows(reader: &Reader, orgs: u32, sum: Option<&u32>) -> Result<[Vec<u32>; 2], Fault> {
    let mut starts = [zeros(orgs as usize + 1)?, zeros(orgs as usize + 1)?];
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
    starts.iter_mut().for_each(|starts| add_up(starts));
    Ok(starts)
}

fn reserved<T>(len: [usize; 2]) -> Result<[Vec<T>; 2], Fault> {
    let mut parts = [Vec::new(), Vec::new()];
    for (part, len) in parts.iter_mut().zip(len) {
        part.try_reserve_exact(len).map_err(CensusError::from)?;
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

/// Why a table was not read.
enum Fault {
    /// It is not what was written.
    Damaged(String),
    /// It may be whole.
    Other(CensusError),
}

impl Fault {
    fn of(self, column: &str) -> Self {
        match self {
            Fault::Damaged(why) => Fault::Damaged(format!("列「{column}」{why}")),
            other => other,
        }
    }

    fn at(self, path: &Path) -> CensusError {
        match self {
            Fault::Damaged(why) => damaged(path, why),
            Fault::Other(error) => error,
        }
    }
}

impl From<String> for Fault {
    fn from(why: String) -> Self {
        Fault::Damaged(why)
    }
}

impl From<&str> for Fault {
    fn from(why: &str) -> Self {
        Fault::Damaged(why.to_owned())
    }
}

impl From<CensusError> for Fault {
    fn from(error: CensusError) -> Self {
        Fault::Other(error)
    }
}

/// Whatever a decoder does with bytes that were made to mislead it, a damaged file is an error and not the end of the program.
fn guarded<T>(read: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| Err("不能解码".into()))
}

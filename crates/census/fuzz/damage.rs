//! Damages the files of a census as some bytes say, and reads them: what the fuzzer and the test `damaged` run.

use census::{Base, Beside, Builder, Census, CensusError, Derived, Grouping, Question, Row, Schema, Tree, Version};
use std::fs;
use std::path::Path;
use std::sync::OnceLock;

const FILES: [&str; 3] = ["census.json", "census-1/rows.parquet", "census-1/orgs.parquet"];
const ORGS: u32 = 8;

/// The first byte names the file, whether its sums are made to fit the damage, and whether the other bytes are the whole file or patches
/// of four bytes (three for the place, the highest bit counting from
/// the end, one for the value; value 0 at the place cuts the file there). Panics where a wrong census is read.
pub(crate) fn check(data: &[u8]) {
    let Some((first, rest)) = data.split_first() else { return };
    let file = usize::from(first & 3) % FILES.len();
    let (fitting, whole) = (first & 4 != 0, first & 8 != 0);
    let mut files = written().clone();
    if whole {
        files[file] = rest.to_vec();
    } else {
        patch(&mut files[file], rest);
    }
    let damaged = files[file] != written()[file];
    if fitting {
        fit(&mut files, file);
    }
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("census-1")).unwrap();
    for (name, bytes) in FILES.iter().zip(&files) {
        fs::write(dir.path().join(name), bytes).unwrap();
    }
    match census::read(dir.path()) {
        // A manifest that fits may say something else; its census must still answer.
        Ok(stored) if file == 0 && fitting => drop(answers(stored.base)),
        Ok(stored) => {
            assert!(fitting || !damaged, "a damaged file was read");
            assert_eq!(&answers(stored.base), expected(), "another census was read");
        }
        Err(CensusError::Damaged { .. }) => assert!(damaged, "what was written is called damaged"),
        Err(other) => panic!("{other}"),
    }
}

fn patch(bytes: &mut Vec<u8>, patches: &[u8]) {
    for patch in patches.chunks_exact(4) {
        let place = u32::from_le_bytes([patch[0], patch[1], patch[2] & 127, 0]) as usize % bytes.len().max(1);
        let place = if patch[2] > 127 { bytes.len().saturating_sub(place + 1) } else { place };
        match (bytes.get_mut(place), patch[3]) {
            (Some(_), 0) => bytes.truncate(place),
            (Some(byte), value) => *byte = value,
            (None, _) => {}
        }
    }
}

/// Writes the sums of the damaged file into the manifest, or the manifest's own.
fn fit(files: &mut [Vec<u8>; 3], file: usize) {
    const CENSUS: usize = "{\"crc32\":\"00000000\",\"census\":".len();
    let manifest = &files[0];
    let Some(census) = manifest.get(CENSUS..manifest.len().saturating_sub(2)) else { return };
    let census = match (file, serde_json::from_slice::<serde_json::Value>(census)) {
        (1 | 2, Ok(mut manifest)) => {
            let sums = &mut manifest[["rows", "orgs"][file - 1]];
            sums["bytes"] = files[file].len().into();
            sums["crc32"] = crc32fast::hash(&files[file]).into();
            manifest.to_string().into_bytes()
        }
        _ => census.to_vec(),
    };
    let mut fitting = format!("{{\"crc32\":\"{:08x}\",\"census\":", crc32fast::hash(&census)).into_bytes();
    fitting.extend(census);
    fitting.extend(b"}\n");
    files[0] = fitting;
}

fn base() -> Base {
    let schema = Schema::new(&[("gender", 2), ("ethnicity", 57), ("age", 4)], &["born", "from", "to"]).unwrap();
    let codes = (0..=u16::MAX).map(|born| (born / 250).min(3) as u8).collect();
    let mut builder = Builder::new(schema, ORGS, 900, vec![Derived { dimension: 2, day: 0, codes }]);
    for n in 0..500u32 {
        let mut row = Row { org: n * n % ORGS, subject: u64::from(n) + 1, ..Row::default() };
        row.codes[..2].copy_from_slice(&[(n % 2) as u8, (n * 31 % 57) as u8]);
        let to = if n % 3 == 0 { (n * 7 % 900) as u16 } else { u16::MAX };
        row.days[..3].copy_from_slice(&[(n * 13 % 1_000) as u16, (n * 11 % 950) as u16, to]);
        builder.push(row).unwrap();
    }
    builder.build(7).unwrap()
}

fn written() -> &'static [Vec<u8>; 3] {
    static FILES_WRITTEN: OnceLock<[Vec<u8>; 3]> = OnceLock::new();
    FILES_WRITTEN.get_or_init(|| {
        let dir = tempfile::tempdir().unwrap();
        let tree = Tree::from_parents(vec![0, 0, 1, 1, 0, 4, 4, 4]).unwrap();
        let names: Vec<String> = (0..ORGS).map(|n| format!("第{n}支部")).collect();
        let beside = Beside { tree: &tree, columns: &[("name", &names)], words: &[], epoch: "1879-12-31" };
        base().write(dir.path(), &beside).unwrap();
        FILES.map(|name| fs::read(Path::new(dir.path()).join(name)).unwrap())
    })
}

fn expected() -> &'static Vec<u64> {
    static EXPECTED: OnceLock<Vec<u64>> = OnceLock::new();
    EXPECTED.get_or_init(|| answers(base()))
}

/// The tables of every organisation by every column, today and on another day.
fn answers(base: Base) -> Vec<u64> {
    let version = Census::new(base).version();
    let mut counts = vec![version.mark(), u64::from(version.day())];
    for on in [None, Some(500)] {
        for by in groupings(&version) {
            let places = (0..version.orgs()).map(|org| vec![org..org + 1]).collect();
            let question = Question { by: vec![by], places, on, ..Question::default() };
            counts.extend(version.count(&question).unwrap().counts);
        }
    }
    counts
}

fn groupings(version: &Version) -> Vec<Grouping> {
    let spans: Vec<(u16, u16)> = (0..20).map(|n| (n * 50, n * 50 + 49)).collect();
    let codes = (0..version.schema().dimensions().len()).map(Grouping::Codes);
    let days = (0..version.schema().days().len()).map(|day| Grouping::Bands(day, spans.clone()));
    codes.chain(days).collect()
}

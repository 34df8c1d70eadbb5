//! What is on the disk after a writer was killed, or could not go on: the old census or the new one.
#![allow(clippy::unwrap_used, clippy::panic, clippy::single_range_in_vec_init)]

use census::{Base, Beside, Builder, CensusError, Grouping, Question, Row, Schema, Tree};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

const DIR: &str = "CENSUS_TEST_DIR";
const FIRST: &str = "CENSUS_TEST_FIRST";

/// A census that tells its number by its mark, its rows and their codes.
fn numbered(number: u64, rows: u64) -> Base {
    let schema = Schema::new(&[("code", 251), ("half", 2)], &["joined"]).unwrap();
    let mut builder = Builder::new(schema, 4, 900, Vec::new());
    for n in 0..rows + number {
        let mut row = Row { org: (n % 4) as u32, subject: n + 1, ..Row::default() };
        row.codes[..2].copy_from_slice(&[(number % 251) as u8, (n % 2) as u8]);
        row.days[0] = (n % 30_000) as u16;
        builder.push(row).unwrap();
    }
    builder.build(number).unwrap()
}

fn write(base: &Base, dir: &Path) -> Result<(), CensusError> {
    let tree = Tree::from_parents(vec![0, 0, 1, 0]).unwrap();
    base.write(dir, &Beside { tree: &tree, columns: &[], words: &[], epoch: "1879-12-31" }).map(|_| ())
}

/// The number of the census in a directory; all of it must be of that number.
fn read(dir: &Path) -> u64 {
    let base = census::read(dir).unwrap().base;
    let version = census::Census::new(base).version();
    let number = version.mark();
    let question = Question { by: vec![Grouping::Codes(0)], places: vec![vec![0..4]], ..Question::default() };
    let counts = version.count(&question).unwrap().counts;
    assert_eq!(counts[(number % 251) as usize], ROWS + number);
    assert_eq!(counts.iter().sum::<u64>(), ROWS + number);
    number
}

const ROWS: u64 = 20_000;

fn child(test: &str, dir: &Path, first: u64) -> Command {
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--ignored", "--exact", test]).env(DIR, dir).env(FIRST, first.to_string());
    child.stdout(Stdio::null()).stderr(Stdio::null());
    child
}

fn named(variable: &str) -> String {
    std::env::var(variable).unwrap()
}

#[test]
#[ignore = "a process of its own for the test that kills it"]
fn writes_without_end() {
    for number in named(FIRST).parse::<u64>().unwrap().. {
        write(&numbered(number, ROWS), Path::new(&named(DIR))).unwrap();
    }
}

#[test]
fn after_a_kill_there_is_the_old_or_the_new() {
    let dir = tempfile::tempdir().unwrap();
    write(&numbered(1, ROWS), dir.path()).unwrap();
    let (mut last, mut seed) = (1, 1u64);
    for _ in 0..30 {
        let mut writer: Child = child("writes_without_end", dir.path(), last + 1).spawn().unwrap();
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        std::thread::sleep(Duration::from_micros(20_000 + (seed >> 33) % 100_000));
        writer.kill().unwrap();
        writer.wait().unwrap();
        let now = read(dir.path());
        assert!(now >= last, "from {last} back to {now}");
        last = now;
    }
    assert!(last > 1, "the writer never came to an end");
    write(&numbered(last + 1, ROWS), dir.path()).unwrap();
    assert_eq!(read(dir.path()), last + 1);
    let left = std::fs::read_dir(dir.path()).unwrap().count();
    assert_eq!(left, 3, "the manifest, the lock and one version");
}

#[test]
#[ignore = "a process of its own for the test that limits its files"]
fn writes_more_than_there_is_room() {
    let error = write(&numbered(2, 400_000), Path::new(&named(DIR))).unwrap_err();
    assert!(matches!(error, CensusError::Io(_)), "{error}");
}

#[cfg(unix)]
#[test]
fn without_room_the_old_stays_and_nothing_is_left() {
    let dir = tempfile::tempdir().unwrap();
    write(&numbered(1, ROWS), dir.path()).unwrap();
    let child = child("writes_more_than_there_is_room", dir.path(), 2);
    let limited = Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 200; exec \"$@\"", "sh"])
        .arg(child.get_program())
        .args(child.get_args())
        .env(DIR, dir.path())
        .output()
        .unwrap();
    assert!(limited.status.success(), "{}", String::from_utf8_lossy(&limited.stdout));
    assert_eq!(read(dir.path()), 1);
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 3);
}

#[test]
fn a_reader_meets_one_census_or_the_next_while_they_are_written() {
    let dir = tempfile::tempdir().unwrap();
    write(&numbered(1, ROWS), dir.path()).unwrap();
    let mut writer: Child = child("writes_without_end", dir.path(), 2).spawn().unwrap();
    let mut last = 1;
    for _ in 0..40 {
        let now = read(dir.path());
        assert!(now >= last);
        last = now;
    }
    writer.kill().unwrap();
    writer.wait().unwrap();
    assert!(last > 1);
}

//! `dangjian duties` as an administrator runs it.
#![allow(clippy::unwrap_used, clippy::panic)]

mod program;

use program::{complaint, printed, run};
use serde_json::Value;
use std::path::{Path, PathBuf};

fn demo() -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    printed(&data, &["demo", "--members", "200", "--today", "2026-11-24", "--no-serve"]);
    (dir, data)
}

fn duties(data: &Path, arguments: &[&str]) -> Vec<Value> {
    let all: Vec<&str> = ["duties", "--json"].iter().chain(arguments).copied().collect();
    let answer: Value = serde_json::from_str(&printed(data, &all)).unwrap();
    answer["duties"].as_array().unwrap().clone()
}

const FIRST: [&str; 3] = ["--kind", "branch", "--first"];
const YEAR: [&str; 4] = ["--from", "2026-01-01", "--to", "2026-12-31"];

/// `from due status` of the duties of one rule that concern nobody in particular.
fn table(duties: &[Value], rule: &str) -> Vec<String> {
    let of = duties.iter().filter(|duty| duty["rule"] == rule && duty["person"].is_null());
    of.map(|duty| {
        let text = |key: &str| duty[key].as_str().unwrap().to_owned();
        format!("{} {} {}", text("from"), text("due"), text("status"))
    })
    .collect()
}

#[test]
fn a_branchs_year_is_printed_as_the_issue_says() {
    let (_dir, data) = demo();
    let found = duties(&data, &[&FIRST[..], &YEAR].concat());
    let quarters: Vec<String> = table(&found, "MEET-01").iter().map(|line| line[..21].to_owned()).collect();
    assert_eq!(
        quarters,
        ["2026-01-01 2026-03-31", "2026-04-01 2026-06-30", "2026-07-01 2026-09-30", "2026-10-01 2026-12-31"]
    );
    assert_eq!((table(&found, "MEET-05").len(), table(&found, "DUES-04").len()), (12, 12));
    for key in ["rule", "activity", "org", "person", "from", "due", "status", "record"] {
        assert!(found.iter().all(|duty| duty.get(key).is_some()), "{key}");
    }
    let by_code = duties(&data, &[&["--org", found[0]["org"].as_str().unwrap()][..], &YEAR].concat());
    assert_eq!(by_code, found);
}

#[test]
fn another_day_changes_the_status_and_nothing_else() {
    let (_dir, data) = demo();
    let on = |day: &str| duties(&data, &[&FIRST[..], &YEAR, &["--today", day]].concat());
    let (before, after) = (on("2026-12-31"), on("2027-01-01"));
    assert_eq!(before.len(), after.len());
    for (before, after) in before.iter().zip(&after) {
        let (mut same, lapsed) = (after.clone(), before["status"] == "due" && before["due"] == "2026-12-31");
        assert_eq!(before["status"] != after["status"], lapsed && before["hint"] == false, "{before}");
        same["status"] = before["status"].clone();
        assert_eq!(&same, before);
    }
}

#[test]
fn a_table_is_for_reading() {
    let (_dir, data) = demo();
    let text = printed(&data, &[&["duties"][..], &FIRST, &YEAR].concat());
    let mut lines = text.lines();
    assert!(lines.next().unwrap().contains("2026-01-01 至 2026-12-31，按 2026-11-24 判断"));
    assert!(lines.next().unwrap().starts_with("期限        状态"));
    assert!(text.contains("召开2026年第1季度支部党员大会"));
}

#[test]
fn what_cannot_be_answered_is_said_in_one_line() {
    let (_dir, data) = demo();
    assert!(complaint(&data, &[&["duties", "--org", "nope"][..], &YEAR].concat()).contains("nope"));
    let backwards = ["duties", "--kind", "branch", "--first", "--from", "2026-12-31", "--to", "2026-01-01"];
    assert!(complaint(&data, &backwards).contains("早于"));
    assert!(
        complaint(&data, &[&["duties", "--kind", "temporary_branch", "--first"][..], &YEAR].concat())
            .contains("临时党支部")
    );
    for wrong in [
        &["duties", "--from", "2026-01-01", "--to", "2026-12-31"][..],
        &["duties", "--org", "1", "--from", "2026-13-01", "--to", "2026-12-31"],
    ] {
        assert_eq!(run(&data, wrong).status.code(), Some(2));
    }
}

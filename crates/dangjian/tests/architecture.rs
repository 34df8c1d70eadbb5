//! The invariants of ARCHITECTURE.md that can be read off the sources.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn crates() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn files(dir: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path.to_string_lossy().ends_with(ending) {
            found.push(path);
        }
    }
    found
}

/// The crates of ours that a crate is built from, tests left out.
fn our_dependencies(name: &str) -> Vec<String> {
    let manifest = std::fs::read_to_string(crates().join(name).join("Cargo.toml")).unwrap();
    let section = manifest.split("[dependencies]").nth(1).unwrap_or_default();
    let section = section.split("\n[").next().unwrap_or_default();
    let names = section.lines().filter_map(|line| line.split(['.', ' ', '=']).next());
    names.filter(|name| !name.is_empty() && crates().join(name).is_dir()).map(str::to_owned).collect()
}

#[test]
fn arrows_between_crates_point_down_only() {
    let allowed = BTreeMap::from([
        ("rules", vec![]),
        ("census", vec![]),
        ("sealed", vec![]),
        ("papers", vec![]),
        ("roster", vec!["rules"]),
        ("store", vec!["rules", "sealed"]),
        ("server", vec!["census", "papers", "rules", "roster", "sealed", "store"]),
        ("dangjian", vec!["census", "papers", "rules", "roster", "sealed", "store", "server"]),
        ("testbed", vec!["rules", "sealed", "store"]),
    ]);
    for entry in std::fs::read_dir(crates()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let allowed = allowed.get(name.as_str()).unwrap_or_else(|| panic!("{name} has no row in this table"));
        for dependency in our_dependencies(&name) {
            assert!(allowed.contains(&dependency.as_str()), "{name} must not depend on {dependency}");
        }
    }
}

#[test]
fn sql_stands_in_the_store_only() {
    let statements = ["SELECT ", "INSERT INTO", "UPDATE ", "DELETE FROM", "sqlx::query"];
    for name in ["census", "rules", "sealed", "papers", "roster", "server", "dangjian"] {
        // The bench says what other engines are asked.
        let bench = crates().join("dangjian/src/bench");
        for path in files(&crates().join(name).join("src"), ".rs").into_iter().filter(|path| !path.starts_with(&bench))
        {
            let text = std::fs::read_to_string(&path).unwrap();
            for statement in statements {
                assert!(!text.contains(statement), "{} contains {statement:?}", path.display());
            }
        }
    }
}

#[test]
fn rules_know_no_clock_and_no_input() {
    for path in files(&crates().join("rules").join("src"), ".rs") {
        let text = std::fs::read_to_string(&path).unwrap();
        for word in ["SystemTime", "Timestamp::now", "Zoned::now", "std::fs", "std::net", "async fn", "tokio"] {
            assert!(!text.contains(word), "{} contains {word}", path.display());
        }
    }
}

#[test]
fn every_crate_takes_the_workspace_lints() {
    for path in files(&crates(), "Cargo.toml") {
        let text = std::fs::read_to_string(&path).unwrap();
        // Fuzz targets are no part of the workspace.
        if path.parent().unwrap().ends_with("fuzz") {
            continue;
        }
        // The census has one function that may be unsafe; what it denies besides is what the workspace denies.
        let own = path.parent().unwrap().ends_with("census") && text.contains("unsafe_code = \"deny\"");
        assert!(own || text.contains("[lints]\nworkspace = true"), "{}", path.display());
    }
    let workspace = std::fs::read_to_string(crates().parent().unwrap().join("Cargo.toml")).unwrap();
    assert!(workspace.contains("unsafe_code = \"forbid\""));
}

#[test]
fn every_statement_names_the_enterprise() {
    // Who signs in has not said in which enterprise yet; founding one comes before it is there.
    let apart = [" enterprise", "account a WHERE a.login", " session ", " throttle", " setup", " binding_code"];
    // These ask about the database itself.
    let of_the_database = ["SELECT version()", "SELECT pg_database_size(", "FROM pragma_page_", "SELECT 1\")"];
    for path in files(&crates().join("store").join("src"), ".rs") {
        let text = std::fs::read_to_string(&path).unwrap();
        for begin in ["\"SELECT ", "\"INSERT INTO ", "\"UPDATE ", "\"DELETE FROM "] {
            for (at, _) in text.match_indices(begin) {
                let statement = text[at + 1..].split(';').next().unwrap_or_default();
                let statement = statement.split(".bind(").next().unwrap_or_default();
                let named = statement.contains("root_org")
                    || apart.iter().chain(&of_the_database).any(|part| statement.contains(part));
                assert!(named, "{}: {statement}", path.display());
            }
        }
    }
}

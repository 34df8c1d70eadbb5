//! Running the built program, for the tests of its commands.
#![allow(clippy::unwrap_used, dead_code)]

use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output};

/// Runs the program on a data directory.
pub(crate) fn run(data: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dangjian"));
    for name in ["DANGJIAN_DATA", "DANGJIAN_DATABASE_URL", "DANGJIAN_KEYS", "RUST_LOG"] {
        command.env_remove(name);
    }
    command.args(arguments).arg("--data").arg(data).output().unwrap()
}

/// What it printed, where it went well.
pub(crate) fn printed(data: &Path, arguments: &[&str]) -> String {
    let output = run(data, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The one line it complained in, where it failed with code 1.
pub(crate) fn complaint(data: &Path, arguments: &[&str]) -> String {
    let output = run(data, arguments);
    let text = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{arguments:?}: {text}");
    assert_eq!(text.trim_end().lines().count(), 1, "{text}");
    text.trim_end().to_owned()
}

/// The answer of `stats` in JSON.
pub(crate) fn stats(data: &Path, arguments: &[&str]) -> Value {
    let all: Vec<&str> = ["stats", "--format", "json"].iter().chain(arguments).copied().collect();
    serde_json::from_str(&printed(data, &all)).unwrap()
}

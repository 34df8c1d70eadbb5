//! What an administrator gets wrong: one clear line, exit code 1, nothing half-written.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output};

fn serve(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_dangjian")).arg("serve").args(arguments).output().unwrap()
}

/// The one line that was said, after the exit code has been looked at.
fn refusal(output: &Output) -> String {
    let said = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert_eq!(said.trim_end().lines().count(), 1, "{said}");
    assert!(output.stdout.is_empty(), "{}", String::from_utf8_lossy(&output.stdout));
    said
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn a_port_in_use_is_named_before_anything_is_written() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let said = refusal(&serve(&["--data", text(&data), "--listen", &address]));
    assert!(said.contains(&address) && said.contains("--listen"), "{said}");
    assert!(!data.exists());
}

#[test]
fn a_wrong_database_address_is_named_without_its_password() {
    let dir = tempfile::tempdir().unwrap();
    for url in ["postgres://dj:geheim@127.0.0.1:1/dj", "postgres:nonsense", "mysql://x"] {
        let said = refusal(&serve(&["--data", text(dir.path()), "--listen", "127.0.0.1:0", "--database-url", url]));
        assert!(said.contains("请检查数据库地址"), "{said}");
        assert!(!said.contains("geheim"), "{said}");
    }
}

#[test]
fn a_data_directory_that_cannot_be_made_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    std::fs::write(&file, "x").unwrap();
    let said = refusal(&serve(&["--data", text(&file), "--listen", "127.0.0.1:0"]));
    assert!(said.contains("数据目录") && said.contains(text(&file)), "{said}");
}

#[cfg(unix)]
#[test]
fn a_data_directory_that_may_not_be_written_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    std::fs::create_dir(&data).unwrap();
    // Root may write anywhere, so as root the program runs as somebody else, from a copy that this somebody can reach.
    let program = dir.path().join("dangjian");
    std::fs::copy(env!("CARGO_BIN_EXE_dangjian"), &program).unwrap();
    for path in [dir.path(), &data] {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o555)).unwrap();
    }
    let root = std::fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0);
    let mut command = if root { Command::new("setpriv") } else { Command::new(&program) };
    if root {
        command.args(["--reuid", "65534", "--clear-groups", "--"]).arg(&program);
    }
    let output = command.args(["serve", "--listen", "127.0.0.1:0", "--data", text(&data)]).output().unwrap();
    std::fs::set_permissions(dir.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let said = refusal(&output);
    assert!(said.contains("无法写入") && said.contains(text(&data)), "{said}");
    assert_eq!(std::fs::read_dir(&data).unwrap().count(), 0);
}

#[test]
fn a_damaged_database_file_is_named() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("dangjian.db"), "garbage ".repeat(1000)).unwrap();
    let said = refusal(&serve(&["--data", text(dir.path()), "--listen", "127.0.0.1:0"]));
    assert!(said.contains("dangjian.db"), "{said}");
}

#[cfg(unix)]
#[test]
fn keys_that_others_may_read_are_refused() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let keys = dir.path().join("keys.json");
    sealed::KeyRing::open_or_create(&keys).unwrap();
    std::fs::set_permissions(&keys, std::fs::Permissions::from_mode(0o644)).unwrap();
    let said = refusal(&serve(&["--data", text(dir.path()), "--listen", "127.0.0.1:0"]));
    assert!(said.contains("chmod 600"), "{said}");
}

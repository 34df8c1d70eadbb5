//! Has the server built again when the web client was: a debug build reads the client's files when it runs and needs no such thing.

fn main() {
    let release = std::env::var("PROFILE").is_ok_and(|profile| profile == "release");
    let watched = if release { "../../web/dist" } else { "build.rs" };
    println!("cargo:rerun-if-changed={watched}");
}

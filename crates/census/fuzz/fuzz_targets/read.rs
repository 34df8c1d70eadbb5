//! libFuzzer's way to [`damage::check`].
#![no_main]

#[path = "../damage.rs"]
mod damage;

libfuzzer_sys::fuzz_target!(
    // A decoder's panic is caught and becomes an error; libFuzzer's hook would end the process before that.
    init: drop(std::panic::take_hook()),
    |data: &[u8]| damage::check(data)
);

//! The machine: what it is, how fast it reads memory, how much of it this process holds, and how long something takes.

use serde::Serialize;
use std::hint::black_box;
use std::time::{Duration, Instant};

/// What figures depend on.
#[derive(Debug, Serialize)]
pub(super) struct Machine {
    processor: String,
    threads: usize,
    /// Read from a buffer of 1 GiB by all threads.
    bandwidth_gb_per_s: f64,
}

impl Machine {
    pub(super) fn read(threads: usize) -> Self {
        let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let name = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
        let processor = name.map_or_else(|| std::env::consts::ARCH.to_owned(), |(_, name)| name.to_owned());
        Machine { processor, threads, bandwidth_gb_per_s: bandwidth(1 << 30) }
    }
}

/// Bytes of a buffer of this size read in a second by all threads, in 10^9; the best of several readings.
pub(super) fn bandwidth(bytes: usize) -> f64 {
    let words = (bytes / 8).max(1 << 12);
    let buffer = vec![1u64; words];
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let read = |part: &[u64]| part.iter().fold(0u64, |sum, word| sum.wrapping_add(*word));
    let least = (0..9).map(|_| {
        let since = Instant::now();
        if words < 1 << 16 {
            black_box(read(black_box(&buffer)));
        } else {
            std::thread::scope(|scope| {
                for part in buffer.chunks(words.div_ceil(threads)) {
                    scope.spawn(move || black_box(read(black_box(part))));
                }
            });
        }
        since.elapsed()
    });
    (words * 8) as f64 / least.min().unwrap_or_default().as_secs_f64() / 1e9
}

/// Memory that this process holds now, in MiB.
pub(super) fn resident() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").trim().parse::<f64>().ok());
    kib.unwrap_or_default() / 1024.0
}

/// The median of at least seven runs, in milliseconds.
pub(super) fn median_ms<T>(mut work: impl FnMut() -> T) -> f64 {
    black_box(work());
    let begun = Instant::now();
    let mut times = Vec::new();
    while times.len() < 7 || (begun.elapsed() < Duration::from_millis(200) && times.len() < 10_000) {
        let since = Instant::now();
        black_box(work());
        times.push(since.elapsed());
    }
    times.sort_unstable();
    times[times.len() / 2].as_secs_f64() * 1000.0
}

//! A thousand changes a second while questions are asked: what that does to the time of an answer.

use super::machine::resident;
use super::questions::random_question;
use super::report::{AnyNode, Living};
use crate::synth::Dice;
use ::census::{Census, CensusError, Change, Row, Tree};
use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

const EDITS_PER_S: u64 = 1000;
/// So many changes are folded in.
const FOLD_AT: usize = 10_000;

pub(super) fn run(census: &Census, tree: &Tree, seconds: u64, seed: u64) -> Result<Living, CensusError> {
    let quiet = ask(census, tree, Duration::from_secs(seconds.min(5)), seed)?;
    let (over, edits, folds) = (AtomicBool::new(false), AtomicU64::new(0), AtomicU64::new(0));
    let (busy, edited, folded) = std::thread::scope(|scope| {
        let editor = scope.spawn(|| edit(census, tree, seed, &over, &edits));
        let folder = scope.spawn(|| fold(census, &over, &folds));
        let busy = ask(census, tree, Duration::from_secs(seconds), seed + 1);
        over.store(true, Ordering::Relaxed);
        (busy, editor.join(), folder.join())
    });
    let thread = |_| CensusError::Schema("计时线程中断".to_owned());
    edited.map_err(thread)??;
    folded.map_err(thread)??;
    Ok(Living {
        seconds,
        edits: edits.into_inner(),
        folds: folds.into_inner(),
        quiet,
        busy: busy?,
        resident_mib: resident(),
    })
}

/// Questions of one to three dimensions, one after the other.
fn ask(census: &Census, tree: &Tree, time: Duration, seed: u64) -> Result<AnyNode, CensusError> {
    let mut dice = Dice::new(seed, 0x0061_736b);
    let begun = Instant::now();
    let mut times = Vec::new();
    while begun.elapsed() < time {
        let version = census.version();
        let dimensions = 1 + dice.below(3) as usize;
        if let Some(question) = random_question(&version, tree, dimensions, &mut dice)? {
            let since = Instant::now();
            version.count(&question)?;
            times.push(since.elapsed().as_secs_f64() * 1000.0);
        }
    }
    Ok(AnyNode::of(0, times))
}

/// Members move to other organisations, evenly over the second.
fn edit(census: &Census, tree: &Tree, seed: u64, over: &AtomicBool, edits: &AtomicU64) -> Result<(), CensusError> {
    let mut dice = Dice::new(seed, 0x6564_6974);
    let mut gone: HashSet<Row> = HashSet::new();
    let begun = Instant::now();
    while !over.load(Ordering::Relaxed) {
        let version = census.version();
        let row = version.row(dice.below(version.base().rows().0 as u64) as usize);
        if gone.insert(row) {
            let moved = Row { org: dice.below(tree.len() as u64) as u32, ..row };
            census.change(vec![Change::out(row), Change::into(moved)], version.mark() + 1)?;
            let made = edits.fetch_add(1, Ordering::Relaxed) + 1;
            std::thread::sleep(Duration::from_micros(made * 1_000_000 / EDITS_PER_S).saturating_sub(begun.elapsed()));
        }
    }
    Ok(())
}

fn fold(census: &Census, over: &AtomicBool, folds: &AtomicU64) -> Result<(), CensusError> {
    while !over.load(Ordering::Relaxed) {
        let version = census.version();
        if version.changes() >= FOLD_AT {
            let (day, derived) = (version.day(), version.base().derived().to_vec());
            drop(version);
            census.fold(day, derived)?;
            folds.fetch_add(1, Ordering::Relaxed);
        } else {
            drop(version);
            std::thread::sleep(Duration::from_millis(50));
        }
    }
    Ok(())
}

//! Rows brought together by a key: where those of each key begin, and their order.

use crate::error::CensusError;

/// For each key below `keys` where its rows begin when all are in the order of their keys, and last how many rows there are.
pub(crate) fn starts(of: &[u32], keys: usize) -> Result<Vec<u32>, CensusError> {
    let mut starts = zeros(keys + 1)?;
    of.iter().for_each(|key| starts[*key as usize + 1] += 1);
    add_up(&mut starts);
    Ok(starts)
}

/// The rows in the order of their keys, those of one key in their own.
pub(crate) fn order(of: &[u32], starts: &[u32]) -> Result<Vec<u32>, CensusError> {
    let mut next = starts.to_vec();
    let mut order = zeros(of.len())?;
    for (row, key) in of.iter().enumerate() {
        order[next[*key as usize] as usize] = row as u32;
        next[*key as usize] += 1;
    }
    Ok(order)
}

/// Makes of counts where each begins that comes after them.
pub(crate) fn add_up(counts: &mut [u32]) {
    for at in 1..counts.len() {
        counts[at] += counts[at - 1];
    }
}

pub(crate) fn zeros(len: usize) -> Result<Vec<u32>, CensusError> {
    let mut zeros = Vec::new();
    zeros.try_reserve_exact(len)?;
    zeros.resize(len, 0);
    Ok(zeros)
}

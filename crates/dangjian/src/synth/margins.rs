//! Whole numbers that add up: shares of a total, and tables with given sums of rows and columns.
//! Knows nothing of what is counted.

use std::collections::VecDeque;

/// Splits `total` in proportion to `figures`: each share rounded down, the rest to the largest remainders.
pub(super) fn shares(total: u64, figures: &[f64]) -> Vec<u64> {
    let sum: f64 = figures.iter().sum();
    if sum <= 0.0 {
        return vec![0; figures.len()];
    }
    let exact: Vec<f64> = figures.iter().map(|figure| figure / sum * total as f64).collect();
    rounded(total, &exact)
}

/// Rounds published rows so that they add up to `total`, which they miss by little: what they miss is spread evenly first.
pub(super) fn reconciled(total: u64, rows: &[f64]) -> Vec<u64> {
    let spread = (total as f64 - rows.iter().sum::<f64>()) / rows.len().max(1) as f64;
    let exact: Vec<f64> = rows.iter().map(|row| (row + spread).max(0.0)).collect();
    rounded(total, &exact)
}

/// Rounds down, and up again where the remainder is largest, until the sum is `total`. What is 0 stays 0.
fn rounded(total: u64, exact: &[f64]) -> Vec<u64> {
    let mut whole: Vec<u64> = exact.iter().map(|share| share.floor() as u64).collect();
    let mut order: Vec<usize> = (0..exact.len()).filter(|i| exact[*i] > 0.0).collect();
    order.sort_by(|a, b| exact[*b].fract().total_cmp(&exact[*a].fract()));
    let rest = total.saturating_sub(whole.iter().sum());
    for i in order.iter().cycle().take(rest as usize) {
        whole[*i] += 1;
    }
    whole
}

/// A table with these sums of rows and columns, near the proportions of `weights` (rows of columns); a weight of 0 keeps its cell
/// empty. `None` when the sums and the empty cells contradict each other.
pub(super) fn table(rows: &[u64], columns: &[u64], weights: &[Vec<f64>]) -> Option<Vec<Vec<u64>>> {
    if rows.iter().sum::<u64>() != columns.iter().sum::<u64>() {
        return None;
    }
    let fitted = fit(rows, columns, weights);
    let mut row_rest = rows.to_vec();
    let mut column_rest = columns.to_vec();
    let mut cells = vec![vec![0; columns.len()]; rows.len()];
    for (r, line) in fitted.iter().enumerate() {
        for (c, value) in line.iter().enumerate() {
            let whole = (value.floor() as u64).min(row_rest[r]).min(column_rest[c]);
            cells[r][c] = whole;
            row_rest[r] -= whole;
            column_rest[c] -= whole;
        }
    }
    for (r, rest) in row_rest.iter_mut().enumerate() {
        while *rest > 0 {
            let (c, moved) = augment(&mut cells, weights, r, *rest, &column_rest)?;
            *rest -= moved;
            column_rest[c] -= moved;
        }
    }
    Some(cells)
}

/// Iterative proportional fitting.
fn fit(rows: &[u64], columns: &[u64], weights: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let mut fitted = weights.to_vec();
    for _ in 0..200 {
        for (line, wanted) in fitted.iter_mut().zip(rows) {
            let sum: f64 = line.iter().sum();
            let factor = if sum > 0.0 { *wanted as f64 / sum } else { 0.0 };
            line.iter_mut().for_each(|value| *value *= factor);
        }
        for (c, wanted) in columns.iter().enumerate() {
            let sum: f64 = fitted.iter().map(|line| line[c]).sum();
            let factor = if sum > 0.0 { *wanted as f64 / sum } else { 0.0 };
            fitted.iter_mut().for_each(|line| line[c] *= factor);
        }
    }
    fitted
}

/// Puts up to `wanted` into row `row` and takes as much from the rest of some column, on the shortest path of moves between rows.
/// Returns that column and how much was placed.
fn augment(
    cells: &mut [Vec<u64>],
    weights: &[Vec<f64>],
    row: usize,
    wanted: u64,
    column_rest: &[u64],
) -> Option<(usize, u64)> {
    let columns = column_rest.len();
    let mut row_from = vec![None; cells.len()];
    let mut column_from = vec![None; columns];
    let mut queue = VecDeque::from([row]);
    let mut end = None;
    'search: while let Some(r) = queue.pop_front() {
        for c in 0..columns {
            if weights[r][c] <= 0.0 || column_from[c].is_some() {
                continue;
            }
            column_from[c] = Some(r);
            if column_rest[c] > 0 {
                end = Some(c);
                break 'search;
            }
            for other in 0..cells.len() {
                if other != row && row_from[other].is_none() && cells[other][c] > 0 {
                    row_from[other] = Some(c);
                    queue.push_back(other);
                }
            }
        }
    }
    let end = end?;
    let mut path = Vec::new(); // (row that gains in column, the column)
    let (mut c, mut moved) = (end, wanted.min(column_rest[end]));
    while let Some(r) = column_from[c] {
        path.push((r, c));
        let Some(left) = row_from[r].filter(|_| r != row) else { break };
        moved = moved.min(cells[r][left]);
        c = left;
    }
    for (r, c) in path {
        cells[r][c] += moved;
        if let Some(left) = row_from[r].filter(|_| r != row) {
            cells[r][left] -= moved;
        }
    }
    Some((end, moved))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synth::rng::Rng;

    #[test]
    fn shares_add_up() {
        assert_eq!(shares(10, &[1.0, 1.0, 1.0]).iter().sum::<u64>(), 10);
        assert_eq!(shares(5, &[2.0, 0.0, 3.0]), [2, 0, 3]);
        assert_eq!(shares(0, &[1.0]), [0]);
        assert_eq!(reconciled(518, &[29.8, 32.5, 455.4]), [30, 33, 455]);
        assert_eq!(reconciled(19, &[5.0, 5.0, 10.0]), [5, 5, 9]);
    }

    #[test]
    fn a_table_that_cannot_be_is_none() {
        assert_eq!(table(&[1, 1], &[2, 0], &[vec![1.0, 1.0], vec![0.0, 1.0]]), None);
        assert_eq!(table(&[1], &[2], &[vec![1.0]]), None);
    }

    #[test]
    fn a_table_keeps_its_sums() {
        let mut rng = Rng::new(1, 1);
        for _ in 0..500 {
            let lines = 1 + rng.below(7);
            let cells: Vec<Vec<u64>> =
                (0..lines).map(|_| (0..4).map(|_| rng.below(2) * rng.below(50)).collect()).collect();
            let rows: Vec<u64> = cells.iter().map(|line| line.iter().sum()).collect();
            let columns: Vec<u64> = (0..4).map(|c| cells.iter().map(|line| line[c]).sum()).collect();
            // Cells that are empty in one solution are kept empty: there is always this solution at least.
            let weights: Vec<Vec<f64>> =
                cells.iter().map(|line| line.iter().map(|n| if *n > 0 { 1.0 } else { 0.0 }).collect()).collect();
            let found = table(&rows, &columns, &weights).unwrap();
            for (line, sum) in found.iter().zip(&rows) {
                assert_eq!(line.iter().sum::<u64>(), *sum);
            }
            for (c, sum) in columns.iter().enumerate() {
                assert_eq!(found.iter().map(|line| line[c]).sum::<u64>(), *sum);
            }
            for (line, weight) in found.iter().zip(&weights) {
                assert!(line.iter().zip(weight).all(|(n, w)| *n == 0 || *w > 0.0));
            }
        }
    }
}

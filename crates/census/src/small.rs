//! Small counts in a table are not shown, nor whatever in the same table would give them away.
//!
//! A table with its margins is a list of equations: along every line the cells add up to the margin. For each cell that is not shown there
//! must be another table that fits all that is shown and differs in this cell. Such a table is made by a *box*: two places in each
//! dimension (one may be the margin), whose corners go up and down by one so that every line still adds up. When all corners of a box
//! are kept back and may go up or down by one, each of them is safe. So each cell to protect gets the box that costs least of what
//! would otherwise be shown; the box of the cell with its margins always exists.

/// What is shown of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell {
    /// The count itself; 0 is shown too.
    Count(u64),
    /// A count from 1 to k - 1, shown as "<k".
    Few,
    /// Any count, kept back so that others cannot be computed.
    Hidden,
}

/// A table of counts with its margins, as it may be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The number of places of each dimension, the margin included as the last.
    pub shape: Vec<usize>,
    /// The cells, the last dimension running fastest; the last cell is the total.
    pub cells: Vec<Cell>,
}

/// The table `counts` of the dimensions `shape` (the last running fastest, as in [`crate::Answer`]) with its margins, counts from 1 to
/// `k` - 1 kept back. Up to 1, `k` keeps nothing back; 2 does as 3, because "<2" says 1.
pub fn suppress(shape: &[usize], counts: &[u64], k: u64) -> Shown {
    let table = Table::new(shape, counts);
    let few = if k <= 1 { 1 } else { k.max(3) };
    let mut cells: Vec<Cell> =
        table.counts.iter().map(|n| if (1..few).contains(n) { Cell::Few } else { Cell::Count(*n) }).collect();
    let mut safe: Vec<bool> = cells.iter().map(|cell| *cell != Cell::Few).collect();
    for cell in 0..cells.len() {
        if safe[cell] {
            continue;
        }
        let (around, up) = table.cheapest(cell, &cells, few);
        for (corner, same) in around.corners(cell) {
            cells[corner] = match cells[corner] {
                Cell::Few if fits(table.counts[corner], up == same, few) => Cell::Few,
                _ => Cell::Hidden,
            };
            safe[corner] = true;
        }
    }
    Shown { shape: table.shape, cells }
}

/// Whether a few may go up (or down) by one and still be a few.
fn fits(count: u64, up: bool, few: u64) -> bool {
    if up { count + 1 < few } else { count > 1 }
}

/// Counts with their margins.
struct Table {
    shape: Vec<usize>,
    counts: Vec<u64>,
}

/// Most boxes that are looked at for one cell: all of them in a table of as many cells.
const MOST_BOXES: usize = 2_048;

/// A box around a cell.
#[derive(Clone)]
struct Around {
    /// For each dimension how far its other place is.
    steps: Vec<isize>,
    /// The dimensions in which the other place goes the opposite way, as bits: a place and the margin go the same way.
    turns: usize,
}

impl Around {
    /// The corners, each with whether it goes the way of the cell.
    fn corners(&self, cell: usize) -> impl Iterator<Item = (usize, bool)> {
        (0..1usize << self.steps.len()).map(move |corner| {
            let step = |(n, step): (usize, &isize)| if corner >> n & 1 == 1 { *step } else { 0 };
            let far: isize = self.steps.iter().enumerate().map(step).sum();
            (cell.wrapping_add_signed(far), (corner & self.turns).count_ones().is_multiple_of(2))
        })
    }
}

impl Table {
    fn new(inner: &[usize], counts: &[u64]) -> Self {
        let shape: Vec<usize> = inner.iter().map(|size| size + 1).collect();
        let mut table = Table { counts: vec![0; shape.iter().product()], shape };
        for (at, count) in counts.iter().enumerate() {
            let places = places(inner, at);
            // Into the cell itself and each margin above it.
            for margins in 0..1usize << inner.len() {
                let place = |n: usize| if margins >> n & 1 == 1 { inner[n] } else { places[n] };
                let cell = self::cell(&table.shape, place);
                table.counts[cell] += count;
            }
        }
        table
    }

    /// The box around a cell that costs least, and whether the cell goes up.
    fn cheapest(&self, cell: usize, cells: &[Cell], few: u64) -> (Around, bool) {
        let places = places(&self.shape, cell);
        // The box with the margins comes first; it is always one.
        let mut others: Vec<usize> = places.iter().zip(&self.shape).map(|(place, size)| last(*place, *size)).collect();
        let mut around = Around { steps: vec![0; places.len()], turns: 0 };
        let mut best = (u64::MAX, around.clone(), true);
        for _ in 0..MOST_BOXES {
            self.lay(&mut around, &places, &others);
            for up in [true, false] {
                let cost = self.cost(cell, &around, up, cells, few, best.0);
                if cost < best.0 {
                    best = (cost, around.clone(), up);
                }
            }
            if best.0 == 0 || !self.next(&places, &mut others) {
                break;
            }
        }
        (best.1, best.2)
    }

    fn lay(&self, around: &mut Around, places: &[usize], others: &[usize]) {
        around.turns = 0;
        let mut stride = 1;
        for n in (0..places.len()).rev() {
            around.steps[n] = (others[n].cast_signed() - places[n].cast_signed()) * stride;
            around.turns |= usize::from(places[n].max(others[n]) + 1 < self.shape[n]) << n;
            stride *= self.shape[n].cast_signed();
        }
    }

    /// The next choice of a second place in each dimension, from the last place down; false after the last choice.
    fn next(&self, places: &[usize], others: &mut [usize]) -> bool {
        for n in (0..others.len()).rev() {
            let below = (0..others[n]).rev().find(|other| *other != places[n]);
            if let Some(other) = below {
                others[n] = other;
                return true;
            }
            others[n] = last(places[n], self.shape[n]);
        }
        false
    }

    /// What a box takes from what is shown; stops at `most`.
    fn cost(&self, cell: usize, around: &Around, up: bool, cells: &[Cell], few: u64, most: u64) -> u64 {
        let mut cost = 0u64;
        for (corner, same) in around.corners(cell) {
            let count = self.counts[corner];
            cost = cost.saturating_add(match cells[corner] {
                Cell::Few if fits(count, up == same, few) => 0,
                Cell::Few => 1,
                // A hidden 0 cannot go down.
                Cell::Hidden | Cell::Count(0) if count == 0 && up != same => return u64::MAX,
                Cell::Hidden => 0,
                Cell::Count(0) => few.saturating_mul(4),
                Cell::Count(count) => count.saturating_add(2),
            });
            if cost >= most {
                return u64::MAX;
            }
        }
        cost
    }
}

/// The last place of a line that is another one: the margin, or for the margin the place before it.
fn last(place: usize, size: usize) -> usize {
    if place + 1 == size { size.saturating_sub(2) } else { size - 1 }
}

/// The place of a cell in each dimension.
fn places(shape: &[usize], cell: usize) -> Vec<usize> {
    let mut rest = cell;
    let mut places = vec![0; shape.len()];
    for (place, size) in places.iter_mut().zip(shape).rev() {
        *place = rest % size;
        rest /= size;
    }
    places
}

fn cell(shape: &[usize], place: impl Fn(usize) -> usize) -> usize {
    shape.iter().enumerate().fold(0, |cell, (n, size)| cell * size + place(n))
}

#[cfg(test)]
mod tests {
    use super::Cell::{Count, Few, Hidden};
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_small_count_takes_its_smallest_neighbour_with_it() {
        let shown = suppress(&[4], &[3, 40, 12, 0], 5);
        assert_eq!(shown.cells, [Few, Count(40), Hidden, Count(0), Count(55)]);
    }

    #[test]
    fn a_small_count_in_two_dimensions_takes_a_rectangle_with_it() {
        let shown = suppress(&[2, 3], &[2, 30, 9, 8, 50, 7], 5);
        assert_eq!(shown.shape, [3, 4]);
        let row = |n: usize| &shown.cells[n * 4..][..4];
        assert_eq!(row(0), [Few, Count(30), Hidden, Count(41)]);
        assert_eq!(row(1), [Hidden, Count(50), Hidden, Count(65)]);
        assert_eq!(row(2), [Count(10), Count(80), Count(16), Count(106)]);
    }

    #[test]
    fn few_that_add_up_to_only_one_sum_say_nothing() {
        // "<3" + "<3" = "<3" could only be 1 + 1 = 2.
        let shown = suppress(&[2], &[1, 1], 3);
        assert!(shown.cells.contains(&Hidden));
    }

    #[test]
    fn where_all_is_large_or_nothing_all_is_shown() {
        assert_eq!(suppress(&[2], &[0, 9], 5).cells, [Count(0), Count(9), Count(9)]);
        assert_eq!(suppress(&[2], &[1, 9], 0).cells, [Count(1), Count(9), Count(10)]);
        assert_eq!(suppress(&[], &[3], 5).cells, [Few]);
        assert_eq!(suppress(&[0], &[], 5).cells, [Count(0)]);
    }

    /// All tables with margins that fit what is shown: how many values each cell takes, at most two of them told apart.
    fn values(shown: &Shown, inner: &[usize], few: u64, most: u64) -> Vec<std::collections::HashSet<u64>> {
        let mut found = vec![std::collections::HashSet::new(); shown.cells.len()];
        let cells: usize = inner.iter().product();
        let shown_at = |at: usize| {
            let place = places(inner, at);
            shown.cells[cell(&shown.shape, |n| place[n])]
        };
        let first = |at: usize| if let Count(count) = shown_at(at) { count } else { 0 };
        let mut counts: Vec<u64> = (0..cells).map(first).collect();
        loop {
            let table = Table::new(inner, &counts);
            let agrees = table.counts.iter().zip(&shown.cells).all(|(count, cell)| match cell {
                Count(shown) => count == shown,
                Few => (1..few).contains(count),
                Hidden => true,
            });
            if agrees {
                found.iter_mut().zip(&table.counts).for_each(|(set, count)| {
                    set.insert(*count);
                });
            }
            // As an odometer: each cell runs over what it may be.
            let mut at = 0;
            loop {
                if at == cells {
                    return found;
                }
                let last = match shown_at(at) {
                    Count(count) => count,
                    Few => few - 1,
                    Hidden => most,
                };
                if counts[at] >= last {
                    counts[at] = first(at);
                    at += 1;
                } else {
                    counts[at] += 1;
                    break;
                }
            }
        }
    }

    fn table() -> impl Strategy<Value = (Vec<usize>, Vec<u64>, u64)> {
        let shapes = prop_oneof![
            Just(vec![2]),
            Just(vec![4]),
            Just(vec![2, 2]),
            Just(vec![2, 3]),
            Just(vec![3, 2]),
            Just(vec![2, 2, 1]),
            Just(vec![1, 1, 2]),
        ];
        shapes.prop_flat_map(|shape| {
            let cells = shape.iter().product::<usize>();
            (Just(shape), prop::collection::vec(prop_oneof![Just(0), 0..4u64, 3..6u64], cells), 2..5u64)
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

        #[test]
        fn no_cell_that_is_kept_back_follows_from_what_is_shown((shape, counts, k) in table()) {
            let shown = suppress(&shape, &counts, k);
            for (values, cell) in values(&shown, &shape, k.max(3), 7).iter().zip(&shown.cells) {
                prop_assert!(matches!(cell, Count(_)) || values.len() > 1, "{:?}", shown);
            }
        }

        #[test]
        fn what_is_shown_is_true_and_no_small_count_is((shape, counts, k) in table()) {
            let shown = suppress(&shape, &counts, k);
            let table = Table::new(&shape, &counts);
            for (cell, count) in shown.cells.iter().zip(&table.counts) {
                match cell {
                    Count(shown) => prop_assert!(shown == count && !(1..k).contains(count)),
                    Few => prop_assert!((1..k.max(3)).contains(count)),
                    Hidden => {}
                }
            }
        }

        /// Larger tables: the box around each cell that is kept back is looked for again, among what is shown.
        #[test]
        fn three_dimensions_keep_a_box_around_each_cell(counts in prop::collection::vec(prop_oneof![Just(0), 0..9u64, 5..200u64], 60), k in 3..6u64) {
            let shape = [3, 4, 5];
            let shown = suppress(&shape, &counts, k);
            let table = Table::new(&shape, &counts);
            for (at, cell) in shown.cells.iter().enumerate() {
                if matches!(cell, Count(_)) {
                    continue;
                }
                let (around, up) = table.cheapest(at, &shown.cells, k);
                let mut other = table.counts.clone();
                for (corner, same) in around.corners(at) {
                    other[corner] = if same == up { other[corner] + 1 } else { other[corner] - 1 };
                    match shown.cells[corner] {
                        Count(_) => prop_assert!(false, "a shown cell changed"),
                        Few => prop_assert!((1..k).contains(&other[corner])),
                        Hidden => {}
                    }
                }
                // The other table adds up.
                let inner: Vec<u64> = (0..60).map(|at| {
                    let place = places(&shape, at);
                    other[super::cell(&shown.shape, |n| place[n])]
                }).collect();
                prop_assert_eq!(&Table::new(&shape, &inner).counts, &other);
                prop_assert_ne!(other[at], table.counts[at]);
            }
        }
    }
}

//! Adding up the cells of a batch: in one histogram, in several side by side, or by comparing.

/// The cell of rows that do not count, where cells are few.
pub(super) const NONE: u16 = u16::MAX;

/// How a batch's cells are added up.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Way {
    /// Nothing but how many.
    Total,
    /// Compared with each cell, many rows at once: for few cells.
    Compared,
    /// In one histogram: for few rows, or for many cells.
    Alone,
    /// In four side by side.
    Abreast,
}

/// So many cells are compared one after the other.
const FEW: usize = 12;
/// So many cells have four histograms.
const MANY: usize = 4096;

impl Way {
    pub(super) fn of(cells: usize, rows: usize) -> Self {
        match cells {
            1 => Way::Total,
            ..=FEW => Way::Compared,
            // Several histograms cost clearing and adding up, which many rows repay.
            ..=MANY if rows > 8 * cells => Way::Abreast,
            _ => Way::Alone,
        }
    }
}

/// Histograms, which are all 0 between two uses.
pub(super) struct Histogram {
    one: Box<[u32; 1 << 16]>,
    four: Box<[[u32; MANY]; 4]>,
}

impl Histogram {
    pub(super) fn new() -> Self {
        // Memory that the system clears when it is first touched.
        let one: Box<[u32]> = vec![0; 1 << 16].into_boxed_slice();
        let one = one.try_into().unwrap_or_else(|_| Box::new([0; 1 << 16]));
        Histogram { one, four: Box::new([[0; MANY]; 4]) }
    }

    /// Adds rows of which no more is asked than how many they are.
    #[inline(always)]
    pub(super) fn add_up(&mut self, rows: usize) {
        self.one[0] += rows as u32;
    }

    /// Adds the cells of rows.
    #[inline(always)]
    pub(super) fn add(&mut self, cells: &[u16], count: usize, way: Way) {
        match way {
            Way::Total => {}
            Way::Compared => {
                for (cell, sum) in self.one[..count].iter_mut().enumerate() {
                    let equal = cells.iter().fold(0u16, |sum, other| sum + u16::from(*other == cell as u16));
                    *sum += u32::from(equal);
                }
            }
            Way::Alone => cells.iter().for_each(|cell| self.one[usize::from(*cell)] += 1),
            Way::Abreast => {
                let (fours, rest) = cells.as_chunks::<4>();
                let [a, b, c, d] = &mut *self.four;
                for [w, x, y, z] in fours {
                    a[usize::from(*w) % MANY] += 1;
                    b[usize::from(*x) % MANY] += 1;
                    c[usize::from(*y) % MANY] += 1;
                    d[usize::from(*z) % MANY] += 1;
                }
                rest.iter().for_each(|cell| a[usize::from(*cell) % MANY] += 1);
            }
        }
    }

    /// Adds rows whose cell is a code, compared with each, many rows at once.
    #[inline(always)]
    pub(super) fn compare(&mut self, codes: &[u8], kept: Option<&[u8]>, count: usize) {
        for (code, sum) in self.one[..count].iter_mut().enumerate() {
            let code = code as u8;
            *sum += match kept {
                Some(kept) => sum_of(codes.iter().zip(kept).map(|(other, kept)| u8::from(*other == code) & kept)),
                None => sum_of(codes.iter().map(|other| u8::from(*other == code))),
            };
        }
    }

    /// Adds the counts to a table and clears them.
    pub(super) fn take(&mut self, cells: usize, way: Way, sign: i64, into: &mut [i64]) {
        if way == Way::Abreast {
            for lane in &mut *self.four {
                for (sum, count) in into.iter_mut().zip(&mut lane[..cells]) {
                    *sum += sign * i64::from(std::mem::take(count));
                }
            }
        } else {
            for (sum, count) in into.iter_mut().zip(&mut self.one[..cells]) {
                *sum += sign * i64::from(std::mem::take(count));
            }
        }
    }
}

/// The sum of numbers that are 0 or 1.
#[inline(always)]
fn sum_of(ones: impl Iterator<Item = u8>) -> u32 {
    ones.fold(0u16, |sum, one| sum + u16::from(one)).into()
}

//! Counting the rows that have the commonest code in none of four dimensions.

use crate::machine::{self, CHUNK, Wide, Work, compress, prefetch};

/// A dimension of the table.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Column<'a> {
    pub(crate) codes: &'a [u8],
    /// How far apart in the table are cells that differ by one code.
    pub(crate) stride: u16,
    pub(crate) commonest: u8,
}

/// Memory is asked for so many rows before they are looked at.
const AHEAD: usize = 2048;
/// So many cells at most wait until they are counted in one go.
const WAITING: usize = 1024;

/// Adds to the counts of the cells.
pub(crate) fn count(columns: [Column<'_>; 4], counts: &mut [u32]) {
    machine::run(Count { columns, counts });
}

struct Count<'a> {
    columns: [Column<'a>; 4],
    counts: &'a mut [u32],
}

impl Work for Count<'_> {
    #[inline(always)]
    fn run(self, wide: Option<Wide>) {
        let Count { columns, counts } = self;
        let [p, q, r, s] = &columns;
        let chunks = columns.map(|column| column.codes.as_chunks::<CHUNK>().0);
        let whole = chunks.iter().map(|chunks| chunks.len()).min().unwrap_or(0);
        let mut waiting = [0u16; WAITING];
        let mut found = 0;
        for at in 0..whole {
            columns.iter().for_each(|column| prefetch(column.codes, at * CHUNK + AHEAD));
            let [a, b, c, d] = chunks.map(|chunks| &chunks[at]);
            let mut kept = [0u8; CHUNK];
            let mut cells = [0u16; CHUNK];
            for row in 0..CHUNK {
                let ab = (a[row] != p.commonest) & (b[row] != q.commonest);
                kept[row] = u8::from(ab & (c[row] != r.commonest) & (d[row] != s.commonest));
            }
            for row in 0..CHUNK {
                let [a, b, c, d] = [a[row], b[row], c[row], d[row]].map(u16::from);
                let ab = a.wrapping_mul(p.stride).wrapping_add(b.wrapping_mul(q.stride));
                cells[row] = ab.wrapping_add(c.wrapping_mul(r.stride)).wrapping_add(d.wrapping_mul(s.stride));
            }
            if let Some(room) = waiting[found..].first_chunk_mut() {
                found += compress(wide, &cells, &kept, room);
            }
            if found > WAITING - CHUNK {
                waiting[..found].iter().for_each(|cell| counts[usize::from(*cell)] += 1);
                found = 0;
            }
        }
        waiting[..found].iter().for_each(|cell| counts[usize::from(*cell)] += 1);
        for row in whole * CHUNK..p.codes.len() {
            if columns.iter().all(|column| column.codes[row] != column.commonest) {
                let adds = columns.iter().map(|column| usize::from(column.codes[row]) * usize::from(column.stride));
                counts[adds.sum::<usize>()] += 1;
            }
        }
    }
}

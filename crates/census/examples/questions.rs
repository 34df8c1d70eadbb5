//! Random questions with the engine's answers, and the census they were put to, for `tests/duckdb/agreement.py`.
//!
//! `questions DIR ROWS COUNT SEED` writes the census into `DIR` and prints where its tables are, then one question a line in JSON.
#![allow(clippy::single_range_in_vec_init)]

use census::{
    Base, Beside, Builder, Census, Codes, Derived, Filter, Grouping, MAX_CELLS, Question, Row, Schema, Span, Tree,
};
use serde_json::{Value, json};
use std::error::Error;
use std::io::{BufWriter, Write};
use std::ops::Range;
use std::path::Path;

const DIMENSIONS: [(&str, usize); 7] =
    [("gender", 2), ("ethnicity", 57), ("education", 10), ("title", 6), ("age_band", 12), ("year", 110), ("one", 1)];
const DAYS: [&str; 4] = ["born", "joined", "from", "to"];
const DAY: u16 = 50_000;
const ORGS: u32 = 3_000;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [dir, rows, count, seed] = arguments.as_slice() else {
        return Err("questions DIR ROWS COUNT SEED".into());
    };
    let mut random = Random(seed.parse()?);
    let tree = random.tree()?;
    let base = random.base(rows.parse()?)?;
    let beside = Beside { tree: &tree, columns: &[], words: &[], epoch: "1879-12-31" };
    // The questions are put to what was read back.
    let path = base.write(Path::new(dir), &beside)?;
    let version = Census::new(census::read(Path::new(dir))?.base).version();
    let mut out = BufWriter::new(std::io::stdout().lock());
    writeln!(out, "{}", json!({ "tables": path, "day": DAY }))?;
    for _ in 0..count.parse()? {
        let (question, places) = random.question(&tree)?;
        let answer = version.count(&question)?;
        let by: Vec<Value> = question.by.iter().map(grouping).collect();
        let filters: Vec<Value> = question.filters.iter().map(filter).collect();
        let line = json!({
            "by": by, "filters": filters, "places": places, "on": question.on,
            "shape": answer.shape, "counts": answer.counts,
        });
        writeln!(out, "{line}")?;
    }
    Ok(out.flush()?)
}

fn grouping(grouping: &Grouping) -> Value {
    match grouping {
        Grouping::Codes(n) => json!({ "column": DIMENSIONS[*n].0 }),
        Grouping::Bands(n, spans) => json!({ "column": DAYS[*n], "spans": spans }),
    }
}

fn filter(filter: &Filter) -> Value {
    match filter {
        Filter::Codes(n, codes) => {
            let codes: Vec<u8> = (0..=u8::MAX).filter(|code| codes.contains(*code)).collect();
            json!({ "column": DIMENSIONS[*n].0, "codes": codes })
        }
        Filter::Days(n, spans) => json!({ "column": DAYS[*n], "spans": spans }),
    }
}

/// A small generator, so that a seed gives the same questions everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end.max(1)
    }

    fn day(&mut self) -> u16 {
        self.below(60_000) as u16
    }

    fn tree(&mut self) -> Result<Tree, Box<dyn Error>> {
        let mut orgs: Vec<(u32, Option<u32>)> = Vec::new();
        for n in 0..ORGS {
            orgs.push((n, (n > 2).then(|| self.below(u64::from(n).min(400)) as u32)));
        }
        Ok(Tree::number(&orgs)?.0)
    }

    fn base(&mut self, rows: u64) -> Result<Base, Box<dyn Error>> {
        let codes = (0..=u16::MAX).map(|born| (DAY.saturating_sub(born) / 3_650).min(11) as u8).collect();
        let schema = Schema::new(&DIMENSIONS, &DAYS)?;
        let mut builder = Builder::new(schema, ORGS, DAY, vec![Derived { dimension: 4, day: 0, codes }]);
        for subject in 1..=rows {
            let mut row = Row { org: self.below(ORGS.into()) as u32, subject, ..Row::default() };
            for (code, (_, size)) in row.codes.iter_mut().zip(DIMENSIONS) {
                // Low codes are common, high ones rare.
                let most = self.below(size as u64) + 1;
                *code = self.below(most) as u8;
            }
            let born = if self.below(50) == 0 { 0 } else { self.day() };
            let to = if self.below(4) == 0 { self.day() } else { u16::MAX };
            row.days[..4].copy_from_slice(&[born, self.day(), self.below(52_000) as u16, to]);
            builder.push(row)?;
        }
        Ok(builder.build(rows)?)
    }

    fn question(&mut self, tree: &Tree) -> Result<(Question, Vec<Value>), Box<dyn Error>> {
        let mut question = Question::default();
        let mut cells = 1;
        for _ in 0..self.below(4) {
            let (by, size) = if self.below(4) == 0 {
                let spans = self.spans();
                let size = spans.len() + 1;
                (Grouping::Bands(self.below(2) as usize, spans), size)
            } else {
                let n = self.below(DIMENSIONS.len() as u64) as usize;
                (Grouping::Codes(n), DIMENSIONS[n].1)
            };
            if cells * size <= MAX_CELLS {
                cells *= size;
                question.by.push(by);
            }
        }
        for _ in 0..self.below(4) {
            question.filters.push(if self.below(4) == 0 {
                Filter::Days(self.below(2) as usize, self.spans())
            } else {
                let n = self.below(DIMENSIONS.len() as u64) as usize;
                let codes: Codes = (0..=self.below(4)).map(|_| self.below(DIMENSIONS[n].1 as u64) as u8).collect();
                Filter::Codes(n, codes)
            });
        }
        let mut places = Vec::new();
        for _ in 0..=self.below(3) {
            let org = self.below(ORGS.into()) as u32;
            let (place, said): (Vec<Range<u32>>, Value) = match self.below(3) {
                0 => (vec![0..ORGS], json!({ "ranges": [[0, ORGS]] })),
                1 => (vec![tree.subtree(org)?], json!({ "subtree": org })),
                _ => {
                    let mut ends: Vec<u32> = (0..4).map(|_| self.below(u64::from(ORGS) + 1) as u32).collect();
                    ends.sort_unstable();
                    let ranges = vec![ends[0]..ends[1], ends[2]..ends[3]];
                    (ranges, json!({ "ranges": [[ends[0], ends[1]], [ends[2], ends[3]]] }))
                }
            };
            question.places.push(place);
            places.push(said);
        }
        question.on = match self.below(3) {
            0 => Some(self.day()),
            _ => None,
        };
        Ok((question, places))
    }

    /// Up to three spans that do not overlap.
    fn spans(&mut self) -> Vec<Span> {
        let mut ends: Vec<u16> = (0..2 * (1 + self.below(3))).map(|_| self.day()).collect();
        ends.sort_unstable();
        ends.dedup();
        ends.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect()
    }
}

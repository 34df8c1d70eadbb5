//! The engine against a count that looks at every row, over random trees, rows, questions, changes and days.
#![allow(clippy::unwrap_used, clippy::single_range_in_vec_init)]

use census::{Base, Builder, Census, Change, Codes, Derived, Filter, Grouping, Question, Row, Schema, Tree};
use proptest::prelude::*;
use std::ops::Range;

const SIZES: [usize; 5] = [2, 57, 5, 12, 1];

fn schema() -> Schema {
    Schema::new(&[("gender", 2), ("ethnicity", 57), ("education", 5), ("age", 12), ("one", 1)], &["born", "from", "to"])
        .unwrap()
}

/// The age band of a day of birth, on a day.
fn derived(day: u16) -> Vec<Derived> {
    let codes = (0..=u16::MAX).map(|born| (day.saturating_sub(born) / 100).min(11) as u8).collect();
    vec![Derived { dimension: 3, day: 0, codes }]
}

fn row() -> impl Strategy<Value = Row> {
    (0..40u32, 0..2u8, 0..57u8, 0..5u8, 0..1200u16, 0..1000u16, prop_oneof![Just(u16::MAX), 0..1100u16]).prop_map(
        |(org, gender, ethnicity, education, born, from, to)| {
            let mut row = Row { org, ..Row::default() };
            row.codes[..3].copy_from_slice(&[gender, ethnicity, education]);
            row.days[..3].copy_from_slice(&[born, from, to]);
            row
        },
    )
}

fn grouping() -> impl Strategy<Value = Grouping> {
    prop_oneof![
        3 => (0..5usize).prop_map(Grouping::Codes),
        1 => (0..600u16, 601..1100u16).prop_map(|(a, b)| Grouping::Bands(0, vec![(1, a), (b, u16::MAX), (a + 1, b - 1)])),
    ]
}

fn filter() -> impl Strategy<Value = Filter> {
    prop_oneof![
        3 => (0..5usize, prop::collection::vec(any::<u8>(), 1..4))
            .prop_map(|(n, codes)| Filter::Codes(n, codes.iter().map(|code| code % SIZES[n] as u8).collect::<Codes>())),
        1 => prop::collection::vec((0..1200u16, 0..1200u16), 0..3).prop_map(|spans| Filter::Days(0, spans)),
    ]
}

fn question() -> impl Strategy<Value = Question> {
    let places = prop::collection::vec((0..40u32, 0..=40u32), 1..4)
        .prop_map(|ends| ends.into_iter().map(|(a, b)| vec![a.min(b)..a.max(b)]).collect::<Vec<Vec<Range<u32>>>>());
    let by = prop::collection::vec(grouping(), 0..3);
    (by, prop::collection::vec(filter(), 0..3), places, prop::option::of(0..1100u16))
        .prop_map(|(by, filters, places, on)| Question { by, filters, places, on })
}

fn naive(rows: &[Row], question: &Question, day: u16) -> Vec<u64> {
    let sizes: Vec<usize> = question
        .by
        .iter()
        .map(|by| match by {
            Grouping::Codes(n) => SIZES[*n],
            Grouping::Bands(_, bands) => bands.len() + 1,
        })
        .collect();
    let cells: usize = sizes.iter().product();
    let mut counts = vec![0; cells * question.places.len()];
    let on = question.on.unwrap_or(day);
    for row in rows.iter().filter(|row| row.days[1] <= on && on < row.days[2]) {
        let passes = question.filters.iter().all(|filter| match filter {
            Filter::Codes(n, codes) => codes.contains(row.codes[*n]),
            Filter::Days(n, spans) => spans.iter().any(|(a, b)| (*a..=*b).contains(&row.days[*n])),
        });
        let cell = question.by.iter().zip(&sizes).fold(0, |cell, (by, size)| {
            cell * size
                + match by {
                    Grouping::Codes(n) => row.codes[*n] as usize,
                    Grouping::Bands(n, bands) => {
                        bands.iter().position(|(a, b)| (*a..=*b).contains(&row.days[*n])).unwrap_or(bands.len())
                    }
                }
        });
        for (place, ranges) in question.places.iter().enumerate() {
            if passes && ranges.iter().any(|range| range.contains(&row.org)) {
                counts[place * cells + cell] += 1;
            }
        }
    }
    counts
}

const DAY: u16 = 900;

fn base(rows: &[Row], day: u16) -> Base {
    let mut builder = Builder::new(schema(), 40, day, derived(day));
    rows.iter().for_each(|row| builder.push(*row).unwrap());
    builder.build(7).unwrap()
}

/// As the engine sees them: the derived code filled in. A question on the census' own day must not count rows that begin later.
fn seen(rows: &[Row], day: u16) -> Vec<Row> {
    let bands = derived(day);
    rows.iter()
        .map(|row| {
            let mut row = *row;
            row.codes[3] = bands[0].codes[row.days[0] as usize];
            row
        })
        .collect()
}

/// The engine answers on its own day from rows without an end; rows that end later are asked for with the day after.
fn endless(mut row: Row) -> Row {
    if row.days[2] > DAY && row.days[2] != u16::MAX {
        row.days[2] = u16::MAX;
    }
    row
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn answers_are_those_of_a_naive_count(rows in prop::collection::vec(row().prop_map(endless), 0..400), questions in prop::collection::vec(question(), 1..8)) {
        let census = Census::new(base(&rows, DAY));
        let version = census.version();
        for question in questions {
            prop_assert_eq!(version.count(&question).unwrap().counts, naive(&seen(&rows, DAY), &question, DAY), "{:?}", question);
        }
    }

    #[test]
    fn changes_are_in_the_next_answer_and_stay_when_folded_in(
        mut rows in prop::collection::vec(row().prop_map(endless), 1..300),
        edits in prop::collection::vec((any::<prop::sample::Index>(), prop::option::of(row().prop_map(endless))), 1..60),
        question in question(),
        later in DAY..1000,
    ) {
        for (n, row) in rows.iter_mut().enumerate() {
            row.subject = n as u64 + 1;
        }
        let census = Census::new(base(&rows, DAY));
        let old = census.version();
        let before = old.count(&question).unwrap();
        let (first, second) = edits.split_at(edits.len() / 2);
        for (part, fold) in [(first, true), (second, false)] {
            for (n, (at, to)) in part.iter().enumerate() {
                let at = at.index(rows.len());
                let subject = rows[at].subject;
                match to {
                    Some(to) => rows[at] = Row { subject, ..*to },
                    // Gone on a day that never was.
                    None => rows[at].days[1] = rows[at].days[2],
                }
                census.replace(vec![(subject, vec![rows[at]])], n as u64).unwrap();
                let answer = census.version().count(&question).unwrap();
                prop_assert_eq!(&answer.counts, &naive(&seen(&rows, DAY), &question, DAY));
            }
            if fold {
                census.fold(DAY, derived(DAY)).unwrap();
                prop_assert_eq!(census.version().changes(), 0);
            }
        }
        prop_assert_eq!(old.count(&question).unwrap(), before, "a version stays as it is");
        census.fold(later, derived(later)).unwrap();
        prop_assert_eq!(census.version().count(&Question { on: Some(later), ..question.clone() }).unwrap().counts,
            naive(&seen(&rows, later), &Question { on: Some(later), ..question }, later));
    }
}

/// Enough rows for several blocks of every cube, and for a scan on all cores.
#[test]
fn cubes_of_many_rows_agree_with_a_naive_count() {
    let mut state = 7u64;
    let mut random = |below: u64| {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 33) % below
    };
    let orgs: Vec<(u32, Option<u32>)> = (0..40).map(|n| (n, (n > 0).then_some(n / 3))).collect();
    let (tree, _) = Tree::number(&orgs).unwrap();
    let rows: Vec<Row> = (0..600_000)
        .map(|_| {
            let mut row = Row { org: random(40) as u32, ..Row::default() };
            row.codes[..3].copy_from_slice(&[random(2) as u8, random(57) as u8, random(5) as u8]);
            row.days[..3].copy_from_slice(&[random(1200) as u16, 0, u16::MAX]);
            row
        })
        .collect();
    let version = Census::new(base(&rows, DAY)).version();
    let rows = seen(&rows, DAY);
    let female = Filter::Codes(0, [1].into_iter().collect());
    for place in [0, 1, 2, 4, 39] {
        let places: Vec<Vec<Range<u32>>> = std::iter::once(place)
            .chain(tree.children(place).unwrap())
            .map(|org| vec![tree.subtree(org).unwrap()])
            .collect();
        for (by, filters) in [
            (vec![], vec![]),
            (vec![2], vec![]),
            (vec![3, 1], vec![]),
            (vec![3, 1, 2], vec![]),
            (vec![2], vec![female.clone(), Filter::Codes(1, [3, 9, 40].into_iter().collect())]),
            (vec![0, 2, 3, 4], vec![Filter::Codes(1, [3, 9, 40].into_iter().collect())]),
            (vec![1, 0], vec![Filter::Days(0, vec![(100, 700)])]),
        ] {
            let by = by.into_iter().map(Grouping::Codes).collect();
            let question = Question { by, filters, places: places.clone(), on: None };
            assert_eq!(version.count(&question).unwrap().counts, naive(&rows, &question, DAY), "{question:?}");
        }
    }
}

/// Enough rows for the commonest codes to be left to the cubes.
#[test]
fn a_table_of_four_dimensions_agrees_with_counting_row_by_row() {
    let sizes = [2usize, 10, 12, 9];
    let names: Vec<(&str, usize)> = ["a", "b", "c", "d"].into_iter().zip(sizes).collect();
    let mut builder = Builder::new(Schema::new(&names, &[]).unwrap(), 1000, 0, Vec::new());
    let mut expected = vec![0; sizes.iter().product()];
    let mut state = 7u64;
    for n in 0..2_200_000u32 {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        let mut row = Row { org: n / 2200, ..Row::default() };
        let mut cell = 0;
        for (at, size) in sizes.into_iter().enumerate() {
            // Of two numbers the smaller, so that small codes are the commoner ones.
            let (one, other) = (state >> (33 + 4 * at) & 15, state >> (49 + 3 * at) & 15);
            let code = one.min(other) as usize % size;
            row.codes[at] = code as u8;
            cell = cell * size + code;
        }
        expected[cell] += u64::from((3..998).contains(&row.org));
        builder.push(row).unwrap();
    }
    let version = Census::new(builder.build(0).unwrap()).version();
    let by = (0..4).map(Grouping::Codes).collect();
    let question = Question { by, places: vec![vec![3..998]], ..Question::default() };
    assert_eq!(version.count(&question).unwrap().counts, expected);
    assert!(version.touched(&question).unwrap().0 > 995 * 2200 * 4);
}

#[test]
fn a_table_of_every_cell_there_can_be_counts_no_row_that_a_filter_drops() {
    let schema = Schema::new(&[("a", 256), ("b", 256), ("c", 2)], &[]).unwrap();
    let mut builder = Builder::new(schema, 1, 0, Vec::new());
    for n in 0..40_000u32 {
        let mut row = Row::default();
        row.codes[..3].copy_from_slice(&[(n % 256) as u8, (n / 7 % 256) as u8, u8::from(n % 3 == 0)]);
        builder.push(row).unwrap();
    }
    let version = Census::new(builder.build(0).unwrap()).version();
    let filters = vec![Filter::Codes(2, [1].into_iter().collect())];
    let by = vec![Grouping::Codes(0), Grouping::Codes(1)];
    let answer = version.count(&Question { by, filters, places: vec![vec![0..1]], on: None }).unwrap();
    let mut counts = vec![0; 65_536];
    (0..40_000usize).filter(|n| n % 3 == 0).for_each(|n| counts[n % 256 * 256 + n / 7 % 256] += 1);
    assert_eq!(answer.counts, counts);
}

#[test]
fn what_does_not_fit_is_refused_by_name() {
    let said = |question: &Question| Census::new(base(&[], DAY)).version().count(question).unwrap_err().to_string();
    let by = |n: usize| Question { by: vec![Grouping::Codes(n)], ..Question::default() };
    assert!(said(&by(9)).contains("可用的有：gender、ethnicity、education、age、one"));
    let codes = Filter::Codes(2, [5].into_iter().collect());
    assert_eq!(
        said(&Question { filters: vec![codes], ..Question::default() }),
        "维度「education」没有代码 5，共有 5 个（0 至 4）"
    );
    let large = vec![Grouping::Codes(1), Grouping::Codes(1), Grouping::Codes(1)];
    assert_eq!(
        said(&Question { by: large, ..Question::default() }),
        "表格共 185193 格，最多 65536 格，请减少维度或取值"
    );
    assert_eq!(said(&Question { places: vec![vec![3..41]], ..Question::default() }), "序号为 40 的组织不在组织树中");
    assert!(Schema::new(&[("ethnicity", 257)], &[]).unwrap_err().to_string().contains("257"));
    assert!(Schema::new(&[("a", 2)], &["a"]).unwrap_err().to_string().contains("「a」重复"));
    let mut builder = Builder::new(schema(), 3, DAY, derived(DAY));
    assert!(builder.push(Row { org: 3, ..Row::default() }).unwrap_err().to_string().contains("序号为 3"));
}

#[test]
fn a_row_that_is_not_there_cannot_go() {
    let census = Census::new(base(&[], DAY));
    let mut row = Row { org: 2, ..Row::default() };
    row.days[2] = u16::MAX;
    census.change(vec![Change::out(row)], 8).unwrap();
    assert!(census.fold(DAY, derived(DAY)).unwrap_err().to_string().contains("第 2 号组织"));
    assert_eq!((census.version().mark(), census.version().changes()), (8, 1));
}

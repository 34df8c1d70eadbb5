//! Tables in which small counts are not shown, nor whatever in the same table would give them away. Which cells these are decides
//! [`census::suppress`].

use crate::problem::Problem;
use census::{Cell, suppress};
use rules::stats::{CountRow, Counts, Dimension, FEW, Query, UNKNOWN};
use std::collections::{BTreeSet, HashMap};

/// The most cells of a table in which small counts are looked for, those without anybody included.
const MOST_CELLS: usize = 10_000;

/// A count as it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Figure {
    /// The count.
    Count(i64),
    /// Fewer than [`FEW`], but somebody.
    Few,
    /// Kept back so that others cannot be computed.
    Hidden,
}

impl Figure {
    /// The count, where it is shown.
    pub(super) fn count(self) -> Option<i64> {
        match self {
            Figure::Count(count) => Some(count),
            Figure::Few | Figure::Hidden => None,
        }
    }

    /// What stands in the place of a count that is not shown.
    pub(super) fn text(self) -> Option<String> {
        match self {
            Figure::Count(_) => None,
            Figure::Few => Some(format!("<{FEW}")),
            Figure::Hidden => Some("不显示".to_owned()),
        }
    }
}

impl From<Cell> for Figure {
    fn from(cell: Cell) -> Self {
        match cell {
            Cell::Count(count) => Figure::Count(count as i64),
            Cell::Few => Figure::Few,
            Cell::Hidden => Figure::Hidden,
        }
    }
}

/// A table as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shown {
    /// Each cell: its values' names, and its count.
    pub(super) rows: Vec<(Vec<String>, Figure)>,
    /// The sum.
    pub(super) total: Figure,
}

impl Shown {
    /// All of a table.
    pub(super) fn whole(counts: &Counts) -> Self {
        let row = |CountRow { values, count }: &CountRow| (values.clone(), Figure::Count(*count));
        Shown { rows: counts.rows.iter().map(row).collect(), total: Figure::Count(counts.total) }
    }

    /// A table without its small counts.
    pub(super) fn without_small(query: &Query, counts: &Counts) -> Result<Self, Problem> {
        let values: Vec<Vec<String>> = (0..query.by.len()).map(|n| values_of(query, counts, n)).collect();
        let shape: Vec<usize> = values.iter().map(Vec::len).collect();
        let size = shape.iter().try_fold(1usize, |cells, size| cells.checked_mul(*size));
        let Some(size) = size.filter(|size| *size <= MOST_CELLS) else {
            let message =
                format!("表格太大：隐去少于 {FEW} 人的数字时，一张表最多 {MOST_CELLS} 格。请减少维度，或增加条件。");
            return Err(Problem::refused("too_many_cells", message));
        };
        let places: Vec<HashMap<&str, usize>> =
            values.iter().map(|list| list.iter().enumerate().map(|(n, name)| (name.as_str(), n)).collect()).collect();
        let mut cells = vec![0u64; size];
        for row in &counts.rows {
            let at = row.values.iter().zip(&places).zip(&shape).fold(0, |at, ((name, places), size)| {
                at * size + places.get(name.as_str()).copied().unwrap_or_default()
            });
            if let Some(cell) = cells.get_mut(at) {
                *cell += row.count.unsigned_abs();
            }
        }
        let shown = suppress(&shape, &cells, FEW);
        let mut rows = Vec::new();
        for at in 0..size {
            let (mut rest, mut named, mut cell, mut stride) = (at, Vec::new(), 0, 1);
            for (list, size) in values.iter().zip(&shape).rev() {
                named.push(list[rest % size].clone());
                cell += rest % size * stride;
                // The margin stands after the last value.
                stride *= size + 1;
                rest /= size;
            }
            named.reverse();
            let figure = shown.cells.get(cell).map_or(Figure::Hidden, |cell| Figure::from(*cell));
            if figure != Figure::Count(0) || named.is_empty() {
                rows.push((named, figure));
            }
        }
        let total = shown.cells.last().map_or(Figure::Count(0), |cell| Figure::from(*cell));
        Ok(Shown { rows, total })
    }
}

/// The values of a dimension that occur in a table, in their order, 未填 last.
fn values_of(query: &Query, counts: &Counts, n: usize) -> Vec<String> {
    let Some(dimension) = query.by.get(n) else { return Vec::new() };
    let found: BTreeSet<&str> = counts.rows.iter().filter_map(|row| row.values.get(n)).map(String::as_str).collect();
    let known: Vec<String> = match dimension {
        Dimension::Org => counts.orgs.iter().map(|org| org.name.clone()).collect(),
        // As texts, years of four digits stand in their order.
        Dimension::JoinedYear => found.iter().filter(|name| **name != UNKNOWN).map(|name| (*name).to_owned()).collect(),
        other => other.values(&query.bands),
    };
    let unknown = found.contains(UNKNOWN).then(|| UNKNOWN.to_owned());
    known.into_iter().filter(|name| found.contains(name.as_str())).chain(unknown).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(rows: &[(&[&str], i64)]) -> Counts {
        let row = |(values, count): &(&[&str], i64)| CountRow {
            values: values.iter().map(|value| (*value).to_owned()).collect(),
            count: *count,
        };
        Counts {
            rows: rows.iter().map(row).collect(),
            total: rows.iter().map(|(_, count)| count).sum(),
            orgs: Vec::new(),
        }
    }

    fn shown(by: &str, rows: &[(&[&str], i64)]) -> Shown {
        let query = Query::parse(by, "", None, None, None).unwrap();
        Shown::without_small(&query, &counts(rows)).unwrap()
    }

    #[test]
    fn a_small_count_takes_another_with_it_and_large_ones_are_shown() {
        let table =
            shown("education", &[(&["博士研究生"], 2), (&["大学本科"], 40), (&["大学专科"], 12), (&["未填"], 30)]);
        let figures: Vec<Figure> = table.rows.iter().map(|(_, figure)| *figure).collect();
        assert_eq!(figures, [Figure::Few, Figure::Count(40), Figure::Hidden, Figure::Count(30)]);
        assert_eq!(table.total, Figure::Count(84));
        assert_eq!((Figure::Few.text(), Figure::Few.count()), (Some("<5".to_owned()), None));
    }

    #[test]
    fn a_cell_that_is_kept_back_though_nobody_is_in_it_has_a_row_in_the_order_of_the_values() {
        let table =
            shown("gender,status", &[(&["男", "正式党员"], 9), (&["男", "预备党员"], 3), (&["女", "正式党员"], 8)]);
        let names: Vec<String> = table.rows.iter().map(|(names, _)| names.join(" ")).collect();
        assert_eq!(names[..3], ["男 正式党员", "男 预备党员", "女 正式党员"]);
        assert_eq!(table.rows[1].1, Figure::Few);
        let kept = table.rows.iter().filter(|(_, figure)| figure.count().is_none()).count();
        assert!(kept >= 2 || table.total.count().is_none(), "{table:?}");
    }

    #[test]
    fn a_total_alone_is_kept_back_when_it_is_small() {
        assert_eq!(shown("", &[(&[], 3)]).total, Figure::Few);
        assert_eq!(shown("", &[(&[], 0)]), Shown { rows: vec![(vec![], Figure::Count(0))], total: Figure::Count(0) });
    }

    #[test]
    fn too_large_a_table_is_refused() {
        let years: Vec<String> = (1921..2026).map(|year| year.to_string()).collect();
        let query = Query::parse("joined_year,ethnicity,age_band", "", None, None, None).unwrap();
        let names = Dimension::Ethnicity.values(&query.bands);
        let bands = Dimension::AgeBand.values(&query.bands);
        let rows = (0..105).map(|n| CountRow {
            values: vec![years[n].clone(), names[n % 56].clone(), bands[n % 8].clone()],
            count: 1,
        });
        let counts = Counts { rows: rows.collect(), total: 105, orgs: Vec::new() };
        assert!(Shown::without_small(&query, &counts).is_err());
    }
}

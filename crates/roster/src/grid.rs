//! Collecting a sheet's cells into rows within limits, so that no file, however made, takes more memory than a large roster does.

use crate::BadFile;
use crate::read::{Row, Table};
use rules::intake::Raw;

/// Most rows taken from one sheet.
pub(crate) const MOST_ROWS: u32 = 1_000_000;
/// Widest row taken.
pub(crate) const MOST_COLUMNS: u32 = 500;
/// Most memory that the cells of one file may take, in bytes.
pub(crate) const MOST_MEMORY: usize = 1 << 30;
/// What keeping a text takes beside its bytes.
const TEXT_OVERHEAD: usize = 32;
/// Most merged regions looked at in one sheet.
const MOST_SPANS: usize = 200_000;
/// Rows from the top in which a merged cell may be part of the header.
pub(crate) const HEADER_ZONE: u32 = 60;

/// What may still be taken from a file, in bytes of memory.
pub(crate) struct Budget(usize);

impl Budget {
    pub(crate) fn new() -> Self {
        Budget(MOST_MEMORY)
    }

    /// Counts new cells, gaps before filled cells among them, and the text of one of them.
    fn spend(&mut self, cells: usize, text: usize) -> Result<(), BadFile> {
        let kept = if text == 0 { 0 } else { text + TEXT_OVERHEAD };
        self.0 = self.0.checked_sub(cells * size_of::<Raw>() + kept).ok_or_else(too_large)?;
        Ok(())
    }
}

pub(crate) fn too_large() -> BadFile {
    BadFile::new("表格内容过多，不予读取。请删去多余的行、列和工作表，或分成几个文件")
}

/// A merged region, rows and columns from 0, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) top: u32,
    pub(crate) left: u32,
    pub(crate) bottom: u32,
    pub(crate) right: u32,
}

/// A sheet in the making.
pub(crate) struct Grid<'b> {
    budget: &'b mut Budget,
    rows: Vec<Row>,
    in_order: bool,
}

impl<'b> Grid<'b> {
    pub(crate) fn new(budget: &'b mut Budget) -> Self {
        Grid { budget, rows: Vec::new(), in_order: true }
    }

    /// Puts a value into a cell; rows and columns count from 0.
    pub(crate) fn put(&mut self, row: u32, column: u32, value: Raw) -> Result<(), BadFile> {
        if value.is_empty() {
            return Ok(());
        }
        if row >= MOST_ROWS || column >= MOST_COLUMNS {
            return Err(BadFile::new(format!(
                "表格超过 {MOST_ROWS} 行或 {MOST_COLUMNS} 列。请删去多余的行列，或分成几个文件"
            )));
        }
        let number = row + 1;
        if self.rows.last().is_none_or(|last| last.number != number) {
            self.in_order &= self.rows.last().is_none_or(|last| last.number < number);
            self.rows.push(Row { number, cells: Vec::new() });
        }
        let text = match &value {
            Raw::Text(text) | Raw::Error(text) => text.len(),
            Raw::Empty | Raw::Number(_) | Raw::Date(_) => 0,
        };
        if let Some(row) = self.rows.last_mut() {
            let column = column as usize;
            self.budget.spend((column + 1).saturating_sub(row.cells.len()), text)?;
            if row.cells.len() <= column {
                row.cells.resize(column + 1, Raw::Empty);
            }
            row.cells[column] = value;
        }
        Ok(())
    }

    /// The finished sheet. A merged cell stands in every row it covers; across columns only where a header is looked for.
    pub(crate) fn finish(mut self, name: String, spans: Vec<Span>) -> Result<Table, BadFile> {
        if spans.len() > MOST_SPANS {
            return Err(too_large());
        }
        if !self.in_order {
            self.rows.sort_by_key(|row| row.number);
            let mut merged: Vec<Row> = Vec::with_capacity(self.rows.len());
            for row in self.rows.drain(..) {
                match merged.last_mut().filter(|last| last.number == row.number) {
                    Some(last) => overlay(last, row),
                    None => merged.push(row),
                }
            }
            self.rows = merged;
        }
        for span in &spans {
            self.spread(span)?;
        }
        let spans = spans.into_iter().filter(|span| span.top < HEADER_ZONE && span.right > span.left).collect();
        Ok(Table { name, rows: self.rows, spans })
    }

    /// Repeats a merged cell's value in the rows it covers, as far as anything stands in them.
    fn spread(&mut self, span: &Span) -> Result<(), BadFile> {
        if span.bottom <= span.top || span.left >= MOST_COLUMNS {
            return Ok(());
        }
        let first = self.rows.partition_point(|row| row.number < span.top + 1);
        let column = span.left as usize;
        let Some(top) = self.rows.get(first).filter(|row| row.number == span.top + 1) else { return Ok(()) };
        let value = top.cell(column).clone();
        if value.is_empty() {
            return Ok(());
        }
        for row in self.rows[first + 1..].iter_mut().take_while(|row| row.number <= span.bottom.saturating_add(1)) {
            self.budget.spend(1 + (column + 1).saturating_sub(row.cells.len()), value.text().len())?;
            if row.cells.len() <= column {
                row.cells.resize(column + 1, Raw::Empty);
            }
            if row.cells[column].is_empty() {
                row.cells[column] = value.clone();
            }
        }
        Ok(())
    }
}

fn overlay(row: &mut Row, later: Row) {
    if row.cells.len() < later.cells.len() {
        row.cells.resize(later.cells.len(), Raw::Empty);
    }
    for (cell, value) in row.cells.iter_mut().zip(later.cells) {
        if !value.is_empty() {
            *cell = value;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: &str) -> Raw {
        Raw::Text(value.to_owned())
    }

    #[test]
    fn cells_in_any_order_make_rows_in_order() {
        let mut budget = Budget::new();
        let mut grid = Grid::new(&mut budget);
        for (row, column, value) in [(5, 1, "d"), (0, 0, "a"), (5, 0, "c"), (0, 2, "b")] {
            grid.put(row, column, text(value)).unwrap();
        }
        let table = grid.finish(String::new(), Vec::new()).unwrap();
        let shown: Vec<(u32, Vec<String>)> =
            table.rows.iter().map(|row| (row.number, row.cells.iter().map(Raw::text).collect())).collect();
        assert_eq!(shown, [(1, vec!["a".into(), String::new(), "b".into()]), (6, vec!["c".into(), "d".into()])]);
    }

    #[test]
    fn a_merged_cell_stands_in_every_row_it_covers() {
        let mut budget = Budget::new();
        let mut grid = Grid::new(&mut budget);
        for (row, column, value) in [(2, 1, "第一党支部"), (3, 0, "李四"), (4, 0, "王五"), (5, 0, "赵六")] {
            grid.put(row, column, text(value)).unwrap();
        }
        let span = Span { top: 2, left: 1, bottom: 4, right: 1 };
        let table = grid.finish(String::new(), vec![span]).unwrap();
        let orgs: Vec<String> = table.rows.iter().map(|row| row.cell(1).text()).collect();
        assert_eq!(orgs, ["第一党支部", "第一党支部", "第一党支部", ""]);
    }

    #[test]
    fn a_far_cell_is_refused_instead_of_filling_memory() {
        let mut budget = Budget::new();
        let mut grid = Grid::new(&mut budget);
        assert!(grid.put(2_000_000, 0, text("x")).is_err());
        assert!(grid.put(0, 16_383, text("x")).is_err());
        let wide = (0..MOST_ROWS).try_for_each(|row| grid.put(row, MOST_COLUMNS - 1, Raw::Number(1.0)));
        assert_eq!(wide, Err(too_large()));
    }
}

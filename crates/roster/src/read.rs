//! Reading a workbook or a text file into rows of raw cells.

use crate::BadFile;
use crate::grid::{Budget, Grid, Span};
use crate::guard::{self, Kind};
use crate::{csv_text, ods, ole, xlsx};
use calamine::{Data, Reader, SheetType, SheetVisible, Xls, XlsError};
use rules::intake::Raw;
use std::io::{Cursor, Read, Seek};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// A row as it stands in the file.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Its number in the sheet, from 1, as the spreadsheet shows it.
    pub number: u32,
    /// Its cells, from the first column on.
    pub cells: Vec<Raw>,
}

impl Row {
    /// The cell in a column; empty beyond the row's end.
    pub fn cell(&self, column: usize) -> &Raw {
        self.cells.get(column).unwrap_or(&Raw::Empty)
    }

    /// Whether nothing stands in it.
    pub fn is_blank(&self) -> bool {
        self.cells.iter().all(Raw::is_empty)
    }
}

/// A visible sheet.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Its name; empty for text files.
    pub name: String,
    /// Its rows in order, those with anything in them.
    pub rows: Vec<Row>,
    /// Cells merged across columns near the top, which may be titles or headers.
    pub(crate) spans: Vec<Span>,
}

/// Every visible sheet of a file, in order. Hidden sheets are left out; hidden rows and columns are data like others.
///
/// The kind is told by content, never by the file's name: xlsx, xls, ods, or text in UTF-8, UTF-16 or GB18030. Formula cells give
/// their last computed value. A cell merged over several rows stands in each of them.
pub fn read(bytes: &[u8]) -> Result<Vec<Table>, BadFile> {
    // The libraries are not ours; a panic on a hostile file is a damaged file to the user.
    let tables = catch_unwind(AssertUnwindSafe(|| parse(bytes))).unwrap_or_else(|_| Err(guard::damaged()))?;
    if tables.is_empty() {
        return Err(BadFile::new("文件中没有可见的工作表。请取消隐藏后再导入"));
    }
    Ok(tables)
}

fn parse(bytes: &[u8]) -> Result<Vec<Table>, BadFile> {
    match guard::inspect(bytes)? {
        Kind::Text => Ok(vec![csv_text::read(bytes)?]),
        Kind::Xlsx => xlsx::read(bytes),
        Kind::Ods => ods::read(bytes),
        Kind::Xls => {
            ole::inspect(bytes)?;
            xls(bytes)
        }
    }
}

fn xls(bytes: &[u8]) -> Result<Vec<Table>, BadFile> {
    let mut book: Xls<_> = Xls::new(Cursor::new(bytes)).map_err(|e| match e {
        XlsError::Password => guard::password(),
        _ => guard::damaged(),
    })?;
    let mut budget = Budget::new();
    let mut tables = Vec::new();
    for name in visible_sheets(&book) {
        let spans = book.merge_cells_by_sheet_name(&name).map_err(|_| guard::damaged())?;
        let range = book.worksheet_range(&name).map_err(|_| guard::damaged())?;
        let (top, left) = range.start().unwrap_or_default();
        let mut grid = Grid::new(&mut budget);
        for (row, column, cell) in range.used_cells() {
            grid.put(top + row as u32, left + column as u32, raw(cell))?;
        }
        tables.push(grid.finish(name, spans.iter().map(xlsx::span).collect())?);
    }
    Ok(tables)
}

/// The names of the worksheets that are neither hidden nor charts or macros.
pub(crate) fn visible_sheets<RS: Read + Seek, R: Reader<RS>>(book: &R) -> Vec<String> {
    book.sheets_metadata()
        .iter()
        .filter(|sheet| sheet.visible == SheetVisible::Visible && sheet.typ == SheetType::WorkSheet)
        .map(|sheet| sheet.name.clone())
        .collect()
}

fn raw(cell: &Data) -> Raw {
    match cell {
        Data::Empty => Raw::Empty,
        Data::String(text) => Raw::Text(text.clone()),
        Data::Int(number) => Raw::Number(*number as f64),
        Data::Float(number) => Raw::Number(*number),
        Data::Bool(value) => xlsx::yes_or_no(*value),
        Data::DateTime(when) => xlsx::day_of(when).map_or(Raw::Number(when.as_f64()), Raw::Date),
        Data::DateTimeIso(text) => xlsx::iso(text),
        Data::DurationIso(text) => Raw::Text(text.clone()),
        Data::Error(error) => Raw::Error(error.to_string()),
    }
}

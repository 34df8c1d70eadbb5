//! Reading a workbook or a text file into rows of raw cells.

use crate::BadFile;
use crate::csv_text::{self, MOST_COLUMNS, MOST_ROWS};
use crate::guard::{self, Kind};
use calamine::{Data, Dimensions, Ods, OdsError, Range, Reader, SheetVisible, Xls, XlsError, Xlsx, XlsxError};
use rules::intake::Raw;
use std::io::Cursor;
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
    /// Its rows, blank ones too.
    pub rows: Vec<Row>,
}

/// Every visible sheet of a file, in order. Hidden sheets are left out; hidden rows and columns are data like others.
///
/// The kind is told by content: xlsx, xls, ods, or text in UTF-8, UTF-16 or GB18030. Formula cells give their last computed value.
pub fn read(bytes: &[u8]) -> Result<Vec<Table>, BadFile> {
    let kind = guard::inspect(bytes)?;
    // The libraries are not ours; a panic on a hostile file is a damaged file to the user.
    catch_unwind(AssertUnwindSafe(|| parse(kind, bytes))).unwrap_or_else(|_| Err(guard::damaged()))
}

fn parse(kind: Kind, bytes: &[u8]) -> Result<Vec<Table>, BadFile> {
    let source = || Cursor::new(bytes);
    match kind {
        Kind::Text => Ok(vec![Table { name: String::new(), rows: csv_text::read(bytes)? }]),
        Kind::Xlsx => {
            let mut book: Xlsx<_> = Xlsx::new(source()).map_err(|e| match e {
                XlsxError::Password => guard::password(),
                _ => guard::damaged(),
            })?;
            tables(&mut book, |book, name| book.merge_cells_by_sheet_name(name).unwrap_or_default())
        }
        Kind::Xls => {
            let mut book: Xls<_> = Xls::new(source()).map_err(|e| match e {
                XlsError::Password => guard::password(),
                _ => guard::damaged(),
            })?;
            tables(&mut book, |book, name| book.merge_cells_by_sheet_name(name).unwrap_or_default())
        }
        Kind::Ods => {
            let mut book: Ods<_> = Ods::new(source()).map_err(|e| match e {
                OdsError::Password => guard::password(),
                _ => guard::damaged(),
            })?;
            tables(&mut book, |_, _| Vec::new())
        }
    }
}

fn tables<'b, R: Reader<Cursor<&'b [u8]>>>(
    book: &mut R,
    merged: impl Fn(&mut R, &str) -> Vec<Dimensions>,
) -> Result<Vec<Table>, BadFile> {
    let visible: Vec<String> = book
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.visible == SheetVisible::Visible)
        .map(|sheet| sheet.name.clone())
        .collect();
    let mut found = Vec::new();
    for name in visible {
        let range = book.worksheet_range(&name).map_err(|_| guard::damaged())?;
        let (height, width) = range.get_size();
        if height > MOST_ROWS || width > MOST_COLUMNS {
            return Err(BadFile::new(format!(
                "工作表「{name}」超过 {MOST_ROWS} 行或 {MOST_COLUMNS} 列。请删去多余的行列，或分成几个文件"
            )));
        }
        let mut rows = rows_of(&range);
        drop(range);
        for region in merged(book, &name) {
            spread(&mut rows, &region);
        }
        found.push(Table { name, rows });
    }
    if found.is_empty() {
        return Err(BadFile::new("文件中没有可见的工作表。请取消隐藏后再导入"));
    }
    Ok(found)
}

fn rows_of(range: &Range<Data>) -> Vec<Row> {
    let (first_row, first_column) = range.start().unwrap_or_default();
    let margin = first_column as usize;
    range
        .rows()
        .zip(first_row..)
        .map(|(cells, row)| Row {
            number: row + 1,
            cells: std::iter::repeat_n(Raw::Empty, margin).chain(cells.iter().map(raw)).collect(),
        })
        .collect()
}

fn raw(cell: &Data) -> Raw {
    match cell {
        Data::Empty => Raw::Empty,
        Data::String(text) if text.trim().is_empty() => Raw::Empty,
        Data::String(text) => Raw::Text(text.clone()),
        Data::Int(number) => Raw::Number(*number as f64),
        Data::Float(number) => Raw::Number(*number),
        Data::Bool(value) => Raw::Text(if *value { "是" } else { "否" }.to_owned()),
        Data::DateTime(when) => {
            let (year, month, day, ..) = when.to_ymd_hms_milli();
            jiff::civil::Date::new(year as i16, month as i8, day as i8).map_or(Raw::Number(when.as_f64()), Raw::Date)
        }
        Data::DateTimeIso(text) => match text.get(..10).and_then(|day| day.parse().ok()) {
            Some(date) => Raw::Date(date),
            None => Raw::Text(text.clone()),
        },
        Data::DurationIso(text) => Raw::Text(text.clone()),
        Data::Error(error) => Raw::Error(error.to_string()),
    }
}

/// Rows from the top in which a merged cell also stands for the columns it covers: titles and headers.
const HEADER_ZONE: u32 = 30;

/// Lets a merged cell stand in every row it covers, and near the top in every column too.
fn spread(rows: &mut [Row], region: &Dimensions) {
    let first = rows.first().map_or(1, |row| row.number);
    let index = |row: u32| (row + 1).checked_sub(first).map(|i| i as usize);
    let (top, left) = region.start;
    let Some(value) =
        index(top).and_then(|i| rows.get(i)).map(|row| row.cell(left as usize).clone()).filter(|v| !v.is_empty())
    else {
        return;
    };
    let right = if top < HEADER_ZONE { region.end.1 } else { left };
    for row in top..=region.end.0.min(top.saturating_add(MOST_ROWS as u32)) {
        let Some(row) = index(row).and_then(|i| rows.get_mut(i)) else { break };
        for column in left as usize..=(right as usize).min(MOST_COLUMNS) {
            if row.cells.len() <= column {
                row.cells.resize(column + 1, Raw::Empty);
            }
            if row.cells[column].is_empty() {
                row.cells[column] = value.clone();
            }
        }
    }
}

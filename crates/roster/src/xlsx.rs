//! xlsx workbooks, cell by cell: never through a dense range, which two far cells would make as large as the sheet.

use crate::BadFile;
use crate::grid::{Budget, Grid, Span};
use crate::guard;
use crate::read::{Table, visible_sheets};
use crate::shown;
use calamine::{DataRef, Dimensions, ExcelDateTime, Reader, Style, Xlsx, XlsxError};
use jiff::civil::Date;
use rules::intake::Raw;
use std::io::Cursor;

pub(crate) fn read(bytes: &[u8]) -> Result<Vec<Table>, BadFile> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|e| failed(&e))?;
    let mut budget = Budget::new();
    let mut tables = Vec::new();
    for name in visible_sheets(&book) {
        let spans = book.merge_cells_by_sheet_name(&name).map_err(|e| failed(&e))?;
        let mut grid = Grid::new(&mut budget);
        let mut cells = book.worksheet_cells_reader(&name).map_err(|e| failed(&e))?;
        while let Some((cell, style)) = cells.next_cell_with_style_id().map_err(|e| failed(&e))? {
            let (row, column) = cell.get_position();
            let value = raw(cell.get_value(), || format_of(cells.styles(), style));
            grid.put(row, column, value)?;
        }
        tables.push(grid.finish(name, spans.iter().map(span).collect())?);
    }
    Ok(tables)
}

fn failed(error: &XlsxError) -> BadFile {
    match error {
        XlsxError::Password => guard::password(),
        _ => guard::damaged(),
    }
}

pub(crate) fn span(region: &Dimensions) -> Span {
    Span { top: region.start.0, left: region.start.1, bottom: region.end.0, right: region.end.1 }
}

fn format_of(styles: &[Style], style: usize) -> &str {
    styles.get(style).and_then(|style| style.number_format.as_ref()).map_or("", |format| &format.format_code)
}

fn raw<'f>(value: &DataRef<'_>, format: impl Fn() -> &'f str) -> Raw {
    match value {
        DataRef::Empty => Raw::Empty,
        DataRef::String(text) => Raw::Text(text.clone()),
        DataRef::SharedString(text) => Raw::Text((*text).to_owned()),
        DataRef::Int(number) => Raw::Number(*number as f64),
        DataRef::Float(number) => shown::number(*number, format()),
        DataRef::Bool(value) => yes_or_no(*value),
        DataRef::DateTime(when) => day_of(when).map_or(Raw::Number(when.as_f64()), |day| shown::date(day, format())),
        DataRef::DateTimeIso(text) => iso(text),
        DataRef::DurationIso(text) => Raw::Text(text.clone()),
        DataRef::Error(error) => Raw::Error(error.to_string()),
    }
}

pub(crate) fn yes_or_no(value: bool) -> Raw {
    Raw::Text(if value { "是" } else { "否" }.to_owned())
}

/// The day of a date cell; a time of day or a duration is none.
pub(crate) fn day_of(when: &ExcelDateTime) -> Option<Date> {
    if !when.is_datetime() || when.as_f64() < 1.0 {
        return None;
    }
    let (year, month, day, ..) = when.to_ymd_hms_milli();
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

pub(crate) fn iso(text: &str) -> Raw {
    text.get(..10).and_then(|day| day.parse().ok()).map_or_else(|| Raw::Text(text.to_owned()), Raw::Date)
}

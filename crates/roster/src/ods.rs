//! OpenDocument sheets: cells with the text they show, merged regions, hidden sheets. Repeated cells are counted before they are made.

use crate::BadFile;
use crate::grid::{Budget, Grid, Span};
use crate::guard;
use crate::read::Table;
use crate::shown;
use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;
use rules::intake::Raw;
use std::collections::HashSet;
use std::io::{BufRead, BufReader, Cursor};

/// Longest text of one cell, as spreadsheets have it.
const LONGEST_TEXT: usize = 32_767 * 4;

pub(crate) fn read(bytes: &[u8]) -> Result<Vec<Table>, BadFile> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| guard::damaged())?;
    let part = archive.by_name("content.xml").map_err(|_| guard::damaged())?;
    let mut xml = Reader::from_reader(BufReader::new(part));
    xml.config_mut().expand_empty_elements = true;
    let mut budget = Budget::new();
    let mut tables = Vec::new();
    let mut hidden: HashSet<String> = HashSet::new();
    let mut style = String::new();
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer).map_err(|_| guard::damaged())? {
            Event::Start(e) => match e.name().as_ref() {
                "style:style" => style = attribute(&e, "style:name")?.unwrap_or_default(),
                "style:table-properties" if attribute(&e, "table:display")?.as_deref() == Some("false") => {
                    hidden.insert(style.clone());
                }
                "table:table" => {
                    let name = attribute(&e, "table:name")?.unwrap_or_default();
                    let is_hidden = attribute(&e, "table:style-name")?.is_some_and(|style| hidden.contains(&style));
                    let table = table(&mut xml, name, &mut budget)?;
                    if !is_hidden {
                        tables.push(table);
                    }
                }
                _ => {}
            },
            Event::Eof => return Ok(tables),
            _ => {}
        }
    }
}

fn attribute(e: &BytesStart<'_>, name: &str) -> Result<Option<String>, BadFile> {
    let found = e.try_get_attribute(name).map_err(|_| guard::damaged())?;
    found
        .map(|found| found.normalized_value(XmlVersion::Explicit1_0).map(|value| value.into_owned()))
        .transpose()
        .map_err(|_| guard::damaged())
}

fn count(e: &BytesStart<'_>, name: &str) -> Result<u32, BadFile> {
    Ok(attribute(e, name)?.and_then(|text| text.parse().ok()).unwrap_or(1).max(1))
}

/// A cell of the row being read: first column, columns repeated, value.
type Cells = Vec<(u32, u32, Raw)>;

fn table<R: BufRead>(xml: &mut Reader<R>, name: String, budget: &mut Budget) -> Result<Table, BadFile> {
    let mut grid = Grid::new(budget);
    let mut spans = Vec::new();
    let (mut row, mut repeats, mut column) = (0_u32, 1_u32, 0_u32);
    let mut cells: Cells = Vec::new();
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer).map_err(|_| guard::damaged())? {
            Event::Start(e) => match e.name().as_ref() {
                "table:table-row" => {
                    repeats = count(&e, "table:number-rows-repeated")?;
                    column = 0;
                    cells.clear();
                }
                "table:table-cell" | "table:covered-table-cell" => {
                    let width = count(&e, "table:number-columns-repeated")?;
                    let (down, across) =
                        (count(&e, "table:number-rows-spanned")?, count(&e, "table:number-columns-spanned")?);
                    if down > 1 || across > 1 {
                        let (bottom, right) = (row.saturating_add(down - 1), column.saturating_add(across - 1));
                        spans.push(Span { top: row, left: column, bottom, right });
                    }
                    let value = cell(xml, &e.to_owned())?;
                    if !value.is_empty() {
                        cells.push((column, width, value));
                    }
                    column = column.saturating_add(width);
                }
                "table:shapes" | "office:forms" => skip(xml, &e.to_owned())?,
                _ => {}
            },
            Event::End(e) => match e.name().as_ref() {
                "table:table-row" => {
                    let filled = if cells.is_empty() { 0 } else { repeats };
                    for line in 0..filled {
                        for (first, width, value) in &cells {
                            for place in 0..*width {
                                grid.put(row.saturating_add(line), first.saturating_add(place), value.clone())?;
                            }
                        }
                    }
                    row = row.saturating_add(repeats);
                }
                "table:table" => return grid.finish(name, spans),
                _ => {}
            },
            Event::Eof => return Err(guard::damaged()),
            _ => {}
        }
    }
}

fn skip<R: BufRead>(xml: &mut Reader<R>, element: &BytesStart<'_>) -> Result<(), BadFile> {
    xml.read_to_end_into(element.name(), &mut Vec::new()).map(|_| ()).map_err(|_| guard::damaged())
}

fn cell<R: BufRead>(xml: &mut Reader<R>, element: &BytesStart<'_>) -> Result<Raw, BadFile> {
    let text = text(xml)?;
    if attribute(element, "calcext:value-type")?.as_deref() == Some("error") {
        return Ok(Raw::Error(text));
    }
    Ok(match attribute(element, "office:value-type")?.as_deref() {
        Some("float" | "currency" | "percentage") => {
            let value: Option<f64> = attribute(element, "office:value")?.and_then(|value| value.parse().ok());
            value.map_or(Raw::Text(text.clone()), |value| shown::number_as(value, &text))
        }
        Some("date") => {
            let date = attribute(element, "office:date-value")?;
            let date = date.and_then(|date| date.get(..10).and_then(|day| day.parse().ok()));
            date.map_or(Raw::Text(text.clone()), |date| shown::date_as(date, &text))
        }
        Some("boolean") => Raw::Text(
            if attribute(element, "office:boolean-value")?.as_deref() == Some("true") { "是" } else { "否" }.to_owned(),
        ),
        Some("string") => Raw::Text(attribute(element, "office:string-value")?.unwrap_or(text)),
        _ => Raw::Text(text),
    })
}

/// The text of a cell's paragraphs, up to the cell's end; notes and drawings left out.
fn text<R: BufRead>(xml: &mut Reader<R>) -> Result<String, BadFile> {
    let mut out = String::new();
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer).map_err(|_| guard::damaged())? {
            Event::Text(text) => out.push_str(&text.xml10_content()),
            Event::GeneralRef(name) => match name.resolve_char_ref() {
                Ok(Some(c)) => out.push(c),
                _ => out.push_str(resolve_predefined_entity(name.as_ref()).unwrap_or_default()),
            },
            Event::Start(e) => match e.name().as_ref() {
                "text:p" if !out.is_empty() => out.push('\n'),
                "text:s" | "text:tab" => out.push(' '),
                "text:line-break" => out.push('\n'),
                "office:annotation" | "draw:frame" | "table:table" | "draw:custom-shape" => skip(xml, &e.to_owned())?,
                _ => {}
            },
            Event::End(e) if matches!(e.name().as_ref(), "table:table-cell" | "table:covered-table-cell") => {
                return Ok(out);
            }
            Event::Eof => return Err(guard::damaged()),
            _ => {}
        }
        if out.len() > LONGEST_TEXT {
            return Err(crate::grid::too_large());
        }
    }
}

//! Comma-separated text in the encodings offices send: UTF-8 with or without mark, UTF-16, GB18030.

use crate::BadFile;
use crate::grid::{Budget, Grid};
use crate::read::Table;
use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};
use rules::intake::Raw;
use std::borrow::Cow;

/// Most lines within one cell: more of them mean a quotation mark that was never closed.
const MOST_LINES: usize = 50;

pub(crate) fn read(bytes: &[u8]) -> Result<Table, BadFile> {
    let text = decode(bytes)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator(text))
        .from_reader(text.as_bytes());
    let mut budget = Budget::new();
    let mut grid = Grid::new(&mut budget);
    let unpaired = || BadFile::new("文本中有引号没有成对，其后的各行无法分开。请用表格软件打开、另存为 xlsx 后再导入");
    let odd = text.bytes().filter(|byte| *byte == b'"').count() % 2 == 1;
    let mut row = 0;
    let mut broken = false;
    let mut record = csv::StringRecord::new();
    loop {
        let start = reader.position().byte() as usize;
        let more = reader
            .read_record(&mut record)
            .map_err(|e| BadFile::new(format!("文本格式有误（{e}）。请用表格软件打开、另存为 xlsx 后再导入")))?;
        if !more {
            // The text ended within a quoted cell.
            return if odd && broken { Err(unpaired()) } else { grid.finish(String::new(), Vec::new()) };
        }
        broken = record.iter().any(|cell| cell.contains('\n'));
        row += blank_lines(text.as_bytes(), start);
        for (column, cell) in (0..).zip(&record) {
            if cell.lines().count() > MOST_LINES {
                return Err(unpaired());
            }
            grid.put(row, column, Raw::Text(unguarded(cell)))?;
        }
        row += 1;
    }
}

/// Blank lines before the next record: rows of the sheet, though the reader of records passes over them.
fn blank_lines(text: &[u8], start: usize) -> u32 {
    // The reader stops within the pair that ends the record before.
    let start = if start > 0 && text.get(start - 1..=start) == Some(b"\r\n") { start + 1 } else { start };
    let ends = text.get(start..).unwrap_or_default().iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
    ends.filter(|byte| **byte == b'\n').count() as u32
}

/// A cell as it was meant: `="510104…"` and a leading tab or apostrophe only keep a spreadsheet from reading a number.
fn unguarded(cell: &str) -> String {
    let cell = cell.trim();
    let inner = cell.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"'));
    inner.or_else(|| cell.strip_prefix('\'')).unwrap_or(cell).to_owned()
}

fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, BadFile> {
    let not_text =
        || BadFile::new("这不是电子表格文件，也不是可识别的文本（UTF-8 或 GB18030）。请导入 xlsx、xls 或 csv 文件");
    let encodings: &[&Encoding] = match bytes {
        [0xff, 0xfe, ..] => &[UTF_16LE],
        [0xfe, 0xff, ..] => &[UTF_16BE],
        _ => &[UTF_8, GB18030],
    };
    for encoding in encodings {
        let decoded = match encoding.decode_without_bom_handling_and_without_replacement(bytes) {
            Some(text) => text,
            None => continue,
        };
        let control = decoded.chars().take(100_000).any(|c| c.is_control() && !matches!(c, '\t' | '\r' | '\n'));
        return if control { Err(not_text()) } else { Ok(decoded) };
    }
    Err(not_text())
}

fn separator(text: &str) -> u8 {
    let head: String = text.lines().take(20).collect();
    [b',', b'\t', b';'].into_iter().max_by_key(|sign| head.bytes().filter(|b| b == sign).count()).unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(bytes: &[u8]) -> Vec<Vec<String>> {
        read(bytes).unwrap().rows.into_iter().map(|row| row.cells.iter().map(Raw::text).collect()).collect()
    }

    #[test]
    fn the_encodings_of_offices_are_read() {
        let text = "姓名,性别\n张三,男\n";
        let expected = vec![vec!["姓名", "性别"], vec!["张三", "男"]];
        let utf16: Vec<u8> = [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        for bytes in [
            text.as_bytes().to_vec(),
            format!("\u{feff}{text}").into_bytes(),
            GB18030.encode(text).0.into_owned(),
            utf16,
        ] {
            assert_eq!(cells(&bytes), expected);
        }
        assert_eq!(cells("姓名\t性别\n张三\t男\n".as_bytes()), expected);
        assert_eq!(cells("姓名;性别\n张三;男\n".as_bytes()), expected);
    }

    #[test]
    fn a_guarded_number_is_read_without_its_guard() {
        assert_eq!(cells("a,=\"510104\",'12\n".as_bytes()), [["a", "510104", "12"]]);
    }

    #[test]
    fn rows_are_numbered_as_the_spreadsheet_shows_them() {
        let rows = |text: &str| read(text.as_bytes()).unwrap().rows.iter().map(|row| row.number).collect::<Vec<_>>();
        assert_eq!(rows("a,b\nc,d\n"), [1, 2]);
        assert_eq!(rows("\n\na,b\r\n\r\nc,d"), [3, 5]);
        assert_eq!(rows("a,\"b\nb\"\nc,d\n,\ne,f"), [1, 2, 4]);
    }

    #[test]
    fn a_quotation_mark_that_never_closes_is_refused_instead_of_losing_rows() {
        for rows in [1, 100] {
            let text = format!("姓名,性别\n\"张三,男\n{}", "李四,女\n".repeat(rows));
            assert!(read(text.as_bytes()).unwrap_err().0.contains("引号"), "{rows}");
        }
        assert!(read("姓名,备注\n张三,管径5\"\n".as_bytes()).is_ok());
    }

    #[test]
    fn what_is_no_text_is_refused() {
        assert!(read(&[0, 1, 2, 3, 0xff, 0xfe]).is_err());
        assert!(read(&[0x81, 0x20, 0x7f, 0xff]).is_err());
    }
}

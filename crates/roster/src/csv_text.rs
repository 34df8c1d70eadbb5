//! Comma-separated text in the encodings offices send: UTF-8 with or without mark, UTF-16, GB18030.

use crate::BadFile;
use crate::read::Row;
use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};
use rules::intake::Raw;
use std::borrow::Cow;

/// Most rows taken from one file.
pub(crate) const MOST_ROWS: usize = 1_000_000;
/// Widest row taken.
pub(crate) const MOST_COLUMNS: usize = 500;

pub(crate) fn read(bytes: &[u8]) -> Result<Vec<Row>, BadFile> {
    let text = decode(bytes)?;
    let separator = separator(&text);
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).from_reader(text.as_bytes());
    let mut rows = Vec::new();
    for record in reader.records() {
        let record =
            record.map_err(|e| BadFile::new(format!("文本格式有误（{e}）。请用表格软件打开、另存为 xlsx 后再导入")))?;
        if record.len() > MOST_COLUMNS {
            return Err(BadFile::new(format!("列数超过 {MOST_COLUMNS}，不像花名册。请核对文件")));
        }
        if rows.len() >= MOST_ROWS {
            return Err(BadFile::new(format!("行数超过 {MOST_ROWS}。请分成几个文件导入")));
        }
        let number = record.position().map_or(rows.len() as u64 + 1, csv::Position::line) as u32;
        let cells = record
            .iter()
            .map(|cell| if cell.trim().is_empty() { Raw::Empty } else { Raw::Text(unguarded(cell)) })
            .collect();
        rows.push(Row { number, cells });
    }
    Ok(rows)
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
        let (text, _, broken) = encoding.decode(bytes);
        if !broken {
            let control = text.chars().take(100_000).any(|c| c.is_control() && !matches!(c, '\t' | '\r' | '\n'));
            return if control { Err(not_text()) } else { Ok(text) };
        }
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
        read(bytes).unwrap().into_iter().map(|row| row.cells.iter().map(Raw::text).collect()).collect()
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
    fn what_is_no_text_is_refused() {
        assert!(read(&[0, 1, 2, 3, 0xff, 0xfe]).is_err());
        assert!(read(&[0x81, 0x20, 0x7f, 0xff]).is_err());
    }
}

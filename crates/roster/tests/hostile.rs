//! Files that are broken, or made to do harm: refused in plain words, quickly, without a panic and in bounded memory.

#![allow(clippy::unwrap_used)]

use jiff::civil::date;
use proptest::prelude::*;
use roster::{member_rows, org_rows, preview, read};
use std::collections::HashMap;
use std::io::{Cursor, Read, Write};
use std::time::{Duration, Instant};
use zip::write::SimpleFileOptions;

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/fixtures/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn refusal(bytes: &[u8]) -> String {
    let begun = Instant::now();
    // Not unwrap_err: what was read by mistake may be too long to print.
    let refusal = read(bytes).err().map(|refusal| refusal.to_string()).unwrap_or_default();
    assert!(begun.elapsed() < Duration::from_secs(30), "{refusal}: {:?}", begun.elapsed());
    refusal
}

fn zipped(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(content).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// A fixture's workbook with one part replaced.
fn with_part(name: &str, part: &str, change: impl Fn(Vec<u8>) -> Vec<u8>) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(fixture(name))).unwrap();
    let names: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    let parts: Vec<(String, Vec<u8>)> = names
        .into_iter()
        .map(|name| {
            let mut content = Vec::new();
            archive.by_name(&name).unwrap().read_to_end(&mut content).unwrap();
            if name == part {
                content = change(content);
            }
            (name, content)
        })
        .collect();
    zipped(&parts.iter().map(|(name, content)| (name.as_str(), content.as_slice())).collect::<Vec<_>>())
}

/// A compound file of one stream, its sectors in order after the allocation table and the directory.
fn compound(stream_name: &str, stream: &[u8]) -> Vec<u8> {
    let mut file = vec![0; 512];
    file[..8].copy_from_slice(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
    file[26..28].copy_from_slice(&3_u16.to_le_bytes());
    file[30..32].copy_from_slice(&9_u16.to_le_bytes());
    file[32..34].copy_from_slice(&6_u16.to_le_bytes());
    file[44..48].copy_from_slice(&1_u32.to_le_bytes());
    file[48..52].copy_from_slice(&1_u32.to_le_bytes());
    file[56..60].copy_from_slice(&4096_u32.to_le_bytes());
    file[60..64].copy_from_slice(&u32::MAX.wrapping_sub(1).to_le_bytes());
    file[68..72].copy_from_slice(&u32::MAX.wrapping_sub(1).to_le_bytes());
    file[76..512].fill(0xff);
    file[76..80].copy_from_slice(&0_u32.to_le_bytes());
    let sectors = stream.len().div_ceil(512) as u32;
    let mut table = vec![0xffff_fffd, 0xffff_fffe];
    table.extend((0..sectors).map(|i| if i + 1 == sectors { 0xffff_fffe } else { i + 3 }));
    table.resize(128, u32::MAX);
    assert!(sectors < 126);
    file.extend(table.iter().flat_map(|next| next.to_le_bytes()));
    for (name, kind, start, length) in
        [("Root Entry", 5_u8, 0xffff_fffe_u32, 0), (stream_name, 2, 2, stream.len() as u32)]
    {
        let mut entry = [0; 128];
        for (i, unit) in name.encode_utf16().enumerate() {
            entry[2 * i..2 * i + 2].copy_from_slice(&unit.to_le_bytes());
        }
        entry[64..66].copy_from_slice(&(2 * name.len() as u16 + 2).to_le_bytes());
        entry[66] = kind;
        entry[116..120].copy_from_slice(&start.to_le_bytes());
        entry[120..124].copy_from_slice(&length.to_le_bytes());
        file.extend(entry);
    }
    file.resize(512 * 3, 0);
    file.extend(stream);
    file.resize(512 * (3 + sectors as usize), 0);
    file
}

fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    [&kind.to_le_bytes()[..], &(data.len() as u16).to_le_bytes(), data].concat()
}

/// An old workbook of one sheet with the given records.
fn old_workbook(globals: &[u8], sheet: &[u8]) -> Vec<u8> {
    let begin = record(0x0809, &[0, 6, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    let end = record(0x000a, &[]);
    let bound = |at: u32| record(0x0085, &[&at.to_le_bytes()[..], &[0, 0, 1, 0, b'A']].concat());
    let at = begin.len() + globals.len() + bound(0).len() + end.len();
    let mut stream =
        [begin.clone(), globals.to_vec(), bound(at as u32), end.clone(), begin, sheet.to_vec(), end].concat();
    stream.resize(stream.len().max(4096), 0);
    compound("Workbook", &stream)
}

fn number_at(row: u16, column: u16) -> Vec<u8> {
    record(0x0203, &[&row.to_le_bytes()[..], &column.to_le_bytes(), &[0, 0], &1.0_f64.to_le_bytes()].concat())
}

#[test]
fn what_is_no_spreadsheet_is_refused_in_plain_words() {
    assert!(refusal(b"").contains("空"));
    assert!(refusal(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR").contains("不是电子表格"));
    assert!(refusal(&zipped(&[("word/document.xml", b"<w/>")])).contains("不是电子表格"));
    assert!(refusal(b"PK\x03\x04 and then nothing of it").contains("损坏"));
    assert!(refusal(&fixture("roster.xlsx")[..6000]).contains("损坏"));
    assert!(refusal(&fixture("roster.xls")[..2000]).contains("损坏"));
    assert!(refusal(&compound("WordDocument", &[0; 4096])).contains("不是电子表格"));
    assert!(refusal(&vec![b' '; (64 << 20) + 1]).contains("64 MB"));
}

#[test]
fn fifty_megabytes_of_garbage_are_refused_quickly() {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut noise = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    };
    let garbage: Vec<u8> = (0..(50 << 20) / 8).flat_map(|_| noise()).collect();
    let begun = Instant::now();
    refusal(&garbage);
    for start in [&b"PK\x03\x04"[..], &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1], &[0xff, 0xfe]] {
        refusal(&[start, &garbage].concat());
    }
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
}

#[test]
fn a_workbook_with_a_password_says_so() {
    assert!(refusal(&compound("EncryptedPackage", &[0; 4096])).contains("密码"));
    assert!(refusal(&old_workbook(&record(0x002f, &[1, 0, 1, 0, 1, 0]), &[])).contains("密码"));
    let manifest = |_| b"<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>".to_vec();
    assert!(refusal(&with_part("roster.ods", "META-INF/manifest.xml", manifest)).contains("密码"));
}

#[test]
fn a_zip_bomb_is_refused_before_it_is_parsed() {
    let part = "xl/worksheets/sheet1.xml";
    let bomb = with_part("orgs.xlsx", part, |_| vec![b' '; 80 << 20]);
    assert!(bomb.len() < 1 << 20);
    assert!(refusal(&bomb).contains("大得反常"));
    let many: Vec<(String, &[u8])> = (0..2_001).map(|i| (format!("part{i}"), &b""[..])).collect();
    let many = zipped(&many.iter().map(|(name, content)| (name.as_str(), *content)).collect::<Vec<_>>());
    assert!(refusal(&many).contains("大得反常"));
    let style =
        |_| format!("<styleSheet><fonts><font><name val=\"{}\"/></font></fonts></styleSheet>", "x".repeat(9_000));
    let styles = with_part("orgs.xlsx", "xl/styles.xml", |content| style(content).into_bytes());
    assert!(refusal(&styles).contains("大得反常"));
}

#[test]
fn two_far_cells_do_not_take_the_memory_of_a_whole_sheet() {
    let far = |cells: &str| format!("<worksheet><sheetData>{cells}</sheetData></worksheet>").into_bytes();
    let sheet = "xl/worksheets/sheet1.xml";
    let corner =
        far("<row r=\"1\"><c r=\"A1\"><v>1</v></c></row><row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row>");
    assert!(refusal(&with_part("orgs.xlsx", sheet, |_| corner.clone())).contains("行"));
    let rows: String =
        (0..100_000).map(|i| format!("<row r=\"{0}\"><c r=\"SF{0}\"><v>1</v></c></row>", i + 1)).collect();
    assert!(refusal(&with_part("orgs.xlsx", sheet, |_| far(&rows))).contains("过多"));

    let corners = [number_at(0, 0), number_at(65_535, 65_535)].concat();
    assert!(refusal(&old_workbook(&[], &corners)).contains("过多"));
    let dimensions =
        |bytes: &[u32]| record(0x0200, &bytes.iter().flat_map(|n| n.to_le_bytes()).collect::<Vec<_>>()[..14]);
    assert!(refusal(&old_workbook(&[], &dimensions(&[0, u32::MAX, 0x00ff_0000, 0]))).contains("损坏"));
    assert!(refusal(&old_workbook(&[], &dimensions(&[9, 2, 0x0001_0000, 0]))).contains("损坏"));
    assert_eq!(read(&old_workbook(&[], &number_at(3, 2))).unwrap()[0].rows[0].number, 4);

    let repeated = |cells: &str| {
        format!("<office:spreadsheet><table:table table:name=\"A\">{cells}</table:table></office:spreadsheet>")
            .into_bytes()
    };
    let cell = "<table:table-cell office:value-type=\"string\" table:number-columns-repeated=\"400\"><text:p>x</text:p></table:table-cell>";
    let row = format!("<table:table-row table:number-rows-repeated=\"1000000\">{cell}</table:table-row>");
    assert!(refusal(&with_part("roster.ods", "content.xml", |_| repeated(&row))).contains("过多"));
    let wide = row.replace("\"400\"", "\"4000000000\"");
    assert!(refusal(&with_part("roster.ods", "content.xml", |_| repeated(&wide))).contains("列"));
}

#[test]
fn one_long_text_in_very_many_cells_is_refused() {
    let text = "长".repeat(30_000);
    let shared = format!("<sst><si><t>{text}</t></si></sst>");
    let cells: String =
        (1..20_000).map(|i| format!("<row r=\"{i}\"><c r=\"A{i}\" t=\"s\"><v>0</v></c></row>")).collect();
    let sheet = format!("<worksheet><sheetData>{cells}</sheetData></worksheet>");
    let file = with_part("orgs.xlsx", "xl/worksheets/sheet1.xml", |_| sheet.clone().into_bytes());
    let mut archive = zip::ZipArchive::new(Cursor::new(&file)).unwrap();
    let names: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    let mut parts = Vec::new();
    for name in names {
        let mut content = Vec::new();
        archive.by_name(&name).unwrap().read_to_end(&mut content).unwrap();
        parts.push((name.clone(), if name == "xl/sharedStrings.xml" { shared.clone().into_bytes() } else { content }));
    }
    let file = zipped(&parts.iter().map(|(name, content)| (name.as_str(), content.as_slice())).collect::<Vec<_>>());
    assert!(refusal(&file).contains("过多"));

    let mut table = [1_u32.to_le_bytes(), 1_u32.to_le_bytes()].concat();
    table.extend([&8_000_u16.to_le_bytes()[..], &[0], &[b'x'; 8_000]].concat());
    let cell = |row: u16| record(0x00fd, &[&row.to_le_bytes()[..], &[0; 8]].concat());
    let cells: Vec<u8> = (0..3_000).flat_map(cell).collect();
    let small = old_workbook(&record(0x00fc, &table), &cells);
    assert_eq!(read(&small).unwrap()[0].rows.len(), 3_000);
    let unknown = old_workbook(&record(0x00fc, &table), &record(0x00fd, &[0, 0, 0, 0, 0, 0, 1, 0, 0, 0]));
    assert!(refusal(&unknown).contains("损坏"));
}

#[test]
fn a_chain_that_never_ends_is_refused() {
    let mut file = old_workbook(&[], &number_at(0, 0));
    let table = 512;
    // The directory's sector follows itself.
    file[table + 4..table + 8].copy_from_slice(&1_u32.to_le_bytes());
    assert!(refusal(&file).contains("损坏"));
    let mut file = old_workbook(&[], &number_at(0, 0));
    // The stream's second sector leads back to its first.
    file[table + 12..table + 16].copy_from_slice(&2_u32.to_le_bytes());
    let _ = read(&file);
    // The allocation table names one of its sectors again and again.
    let mut file = old_workbook(&[], &number_at(0, 0));
    file[80..84].copy_from_slice(&0_u32.to_le_bytes());
    assert!(refusal(&file).contains("损坏"));
}

#[test]
fn more_than_a_million_rows_are_refused() {
    let text = format!("姓名,身份证号,入党时间\n{}", "a\n".repeat(1_000_001));
    assert!(refusal(text.as_bytes()).contains("1000000 行"));
}

/// Everything an import does with a file before it asks the register.
fn digest(bytes: &[u8]) {
    let today = date(2026, 11, 24);
    let Ok(tables) = read(bytes) else { return };
    let _ = member_rows(&tables, &HashMap::new(), today);
    let _ = org_rows(&tables, &HashMap::new(), today);
    let _ = (preview(&tables, false), preview(&tables, true));
}

fn mutated(mut bytes: Vec<u8>, changes: &[(usize, u8)]) -> Vec<u8> {
    for (at, value) in changes {
        let at = at % bytes.len();
        bytes[at] = *value;
    }
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..2_000), start in 0..4_usize) {
        let start = [&b""[..], b"PK\x03\x04", &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1], &[0xff, 0xfe]][start];
        digest(&[start, &bytes].concat());
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in "([姓名性别身份证号,;\"\\t\\n'=]|\\PC){0,400}") {
        digest(text.as_bytes());
    }

    #[test]
    fn no_damaged_old_workbook_makes_the_reader_panic(changes in proptest::collection::vec((any::<usize>(), any::<u8>()), 1..30)) {
        digest(&mutated(fixture("roster.xls"), &changes));
    }

    #[test]
    fn no_damaged_zip_makes_the_reader_panic(changes in proptest::collection::vec((any::<usize>(), any::<u8>()), 1..6)) {
        digest(&mutated(fixture("roster.xlsx"), &changes));
    }

    #[test]
    fn no_damaged_part_makes_the_reader_panic(
        changes in proptest::collection::vec((any::<usize>(), any::<u8>()), 1..12),
        part in 0..6_usize,
    ) {
        let (file, part) = [
            ("roster.xlsx", "xl/workbook.xml"),
            ("roster.xlsx", "xl/worksheets/sheet3.xml"),
            ("roster.xlsx", "xl/sharedStrings.xml"),
            ("roster.xlsx", "xl/styles.xml"),
            ("roster.ods", "content.xml"),
            ("roster.ods", "META-INF/manifest.xml"),
        ][part];
        digest(&with_part(file, part, |content| mutated(content, &changes)));
    }
}

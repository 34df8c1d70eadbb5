//! Rosters as offices send them: the verdict on every row. The files are made by fixtures/make.py.

#![allow(clippy::unwrap_used)]

use jiff::civil::{Date, date};
use roster::{BadFile, MemberRow, Table, member_rows, org_rows, preview, read};
use std::collections::HashMap;

const TODAY: Date = date(2026, 11, 24);

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/fixtures/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn members(tables: &[Table]) -> Vec<MemberRow> {
    member_rows(tables, &HashMap::new(), TODAY).unwrap().2
}

fn codes(row: &MemberRow) -> String {
    row.checked.errors.iter().map(|error| error.code.key()).collect::<Vec<_>>().join(" ")
}

#[test]
fn every_row_of_the_roster_gets_its_verdict_in_every_format() {
    let expected = [
        (1, 5, ""),
        (2, 6, ""),
        (3, 7, ""),
        (4, 8, ""),
        (5, 10, "id_checksum"),
        (6, 11, "id_precision_lost"),
        (7, 12, "gender_mismatch"),
        (8, 13, "birth_mismatch"),
        (9, 14, "joined_under_18"),
        (10, 15, "full_before_one_year"),
        (11, 16, "duplicate_id"),
        (12, 17, "bad_phone"),
        (13, 18, "bad_name"),
        (14, 19, "bad_date"),
        (15, 20, "unknown_code unknown_code"),
        (16, 21, "missing_required missing_required"),
        (17, 22, "missing_required"),
        (18, 23, "bad_date bad_date"),
        (19, 24, ""),
        (20, 25, ""),
    ];
    for file in ["roster.xlsx", "roster.xls", "roster.ods"] {
        let rows = members(&read(&fixture(file)).unwrap());
        let found: Vec<(i64, u32, String)> =
            rows.iter().map(|row| (row.seq.unwrap_or(-1), row.row, codes(row))).collect();
        let mut expected: Vec<_> = expected.iter().map(|(seq, row, codes)| (*seq, *row, codes.to_string())).collect();
        if file == "roster.xls" {
            // The old format is read without its number formats: 2008.10 and 2008.1 cannot be told apart, and are not guessed.
            expected[3].2 = "bad_date".to_owned();
        }
        assert_eq!(found, expected, "{file}");
    }
}

#[test]
fn values_are_read_as_they_were_meant() {
    for file in ["roster.xlsx", "roster.ods"] {
        let rows = members(&read(&fixture(file)).unwrap());
        let draft = |seq: usize| rows[seq - 1].checked.draft.clone();
        assert_eq!(draft(1).name.unwrap().as_str(), "张三");
        assert_eq!(draft(1).born.unwrap().to_string(), "1985-03-01", "{file}: the day comes from the identity number");
        assert_eq!(draft(2).education.unwrap().name(), "硕士研究生", "{file}: of full-time and on-the-job the higher");
        assert_eq!(draft(2).joined_on.unwrap().to_string(), "2008-06-15", "{file}: a date cell");
        assert_eq!(draft(3).name.unwrap().as_str(), "王五", "{file}: a formula's last value");
        assert_eq!(draft(3).org.as_deref(), Some("机关第一党支部"), "{file}: a merged cell in the last row it covers");
        assert_eq!(draft(3).worked_on.unwrap().to_string(), "2005-07", "{file}: a date cell that shows no day");
        assert_eq!(draft(4).joined_on.unwrap().to_string(), "2008-10", "{file}: 2008.1 shown as 2008.10");
        assert_eq!(draft(4).name.unwrap().as_str(), "阿依古丽·吐尔逊");
        assert_eq!(draft(20).stage.unwrap().name(), "正式党员", "{file}: the missing stage follows from the dates");
        let duplicate = &rows[10].checked.errors[0];
        assert!(duplicate.message.contains("第 5 行"), "{}", duplicate.message);
        assert_eq!(rows[19].checked.warnings.len(), 3, "{:?}", rows[19].checked.warnings);
    }
}

#[test]
fn text_files_are_read_in_the_encodings_of_offices() {
    for file in ["roster-gb18030.csv", "roster-utf16.txt", "roster-semicolon.csv"] {
        let rows = members(&read(&fixture(file)).unwrap());
        let found: Vec<(u32, String)> = rows.iter().map(|row| (row.row, codes(row))).collect();
        assert_eq!(found, [(2, String::new()), (4, "id_precision_lost".to_owned())], "{file}");
    }
}

#[test]
fn every_row_of_the_organisation_sheet_gets_its_verdict() {
    let tables = read(&fixture("orgs.xlsx")).unwrap();
    let (_, _, rows) = org_rows(&tables, &HashMap::new(), TODAY).unwrap();
    let found: Vec<(u32, Vec<&str>)> =
        rows.iter().map(|row| (row.row, row.checked.errors.iter().map(|error| error.code).collect())).collect();
    assert_eq!(
        found,
        [
            (3, vec![]),
            (4, vec![]),
            (5, vec!["unknown_code"]),
            (6, vec!["uscc_checksum", "bad_date", "bad_date", "missing_required"]),
            (7, vec!["missing_required", "duplicate_code"]),
        ]
    );
    assert_eq!(rows[1].checked.draft.founded_on, Some(date(2015, 7, 1)));
    assert_eq!(rows[1].checked.warnings.len(), 1, "the founding day is not known");
}

#[test]
fn a_preview_shows_the_columns_and_takes_corrections() {
    let tables = read(&fixture("roster.xlsx")).unwrap();
    let shown = preview(&tables, false).unwrap();
    assert_eq!((shown.sheet.as_str(), shown.header_row, shown.rows, shown.samples.len()), ("花名册", 4, 20, 5));
    let columns: Vec<(&str, Option<&str>)> = shown.columns.iter().map(|(_, heading, key)| (&**heading, *key)).collect();
    assert_eq!(columns[4], ("出生日期（年月）", Some("born")));
    assert_eq!(columns[7], ("学历在职", Some("education")));
    assert_eq!(columns[16], ("备注", None));
    let mapping = HashMap::from([(8, None)]);
    let (_, _, rows) = member_rows(&tables, &mapping, TODAY).unwrap();
    assert!(rows.iter().all(|row| row.checked.draft.worked_on.is_none()));
}

#[test]
fn a_file_without_a_header_says_what_is_wanted() {
    let tables = read("甲,乙,丙\n1,2,3\n".as_bytes()).unwrap();
    let BadFile(message) = member_rows(&tables, &HashMap::new(), TODAY).unwrap_err();
    assert!(message.contains("没有找到表头") && message.contains("姓名"), "{message}");
}

#[test]
fn a_reference_may_stand_only_once() {
    let text = "人员编号,姓名,身份证号,民族\n42,张三,510104********0014,汉\n43,李四,,回\n42,王五,,满\n";
    let rows = members(&read(text.as_bytes()).unwrap());
    let found: Vec<(u32, String)> = rows.iter().map(|row| (row.row, codes(row))).collect();
    assert_eq!(found, [(2, String::new()), (3, String::new()), (4, "duplicate_id".to_owned())]);
}

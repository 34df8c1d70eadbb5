//! What is written is read back: sheets, templates, and the rejected rows to mend and send again.

#![allow(clippy::unwrap_used)]

use jiff::civil::{Date, date};
use roster::{Cell, CsvSheet, Report, Sheet, member_rows, member_template, org_rows, org_template, read, rejected};
use rules::intake::{Field, Raw};
use std::collections::HashMap;
use std::io::{Cursor, Read};

const TODAY: Date = date(2026, 11, 24);

fn headings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

fn parts(bytes: &[u8]) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut all = String::new();
    for i in 0..archive.len() {
        let mut part = archive.by_index(i).unwrap();
        if part.name().unwrap().starts_with("xl/worksheets/") {
            part.read_to_string(&mut all).unwrap();
        }
    }
    all
}

const ACTIVE: [&str; 6] = ["=1+1", "+1", "-1", "@SUM(A1)", "510104198503010014", "0101"];

#[test]
fn no_cell_is_ever_written_as_a_formula() {
    let mut sheet = Sheet::new("党员", &headings(&["=A1", "乙"])).unwrap();
    for text in ACTIVE {
        sheet.row(&[text.into(), Cell::Number(1.0)]).unwrap();
    }
    let bytes = sheet.finish().unwrap();
    assert!(!parts(&bytes).contains("<f>"));
    let rows = read(&bytes).unwrap().remove(0).rows;
    let texts: Vec<String> = rows[1..].iter().map(|row| row.cell(0).text()).collect();
    assert_eq!(texts, ACTIVE);
    assert_eq!(rows[1].cell(1), &Raw::Number(1.0));
}

#[test]
fn a_title_stands_above_the_headings() {
    let mut sheet = Sheet::titled("统计", "=党员人数", &headings(&["性别", "人数"])).unwrap();
    sheet.row(&["女".into(), Cell::Number(3.0)]).unwrap();
    let bytes = sheet.finish().unwrap();
    assert!(!parts(&bytes).contains("<f>"));
    let rows = read(&bytes).unwrap().remove(0).rows;
    let texts: Vec<String> = rows.iter().map(|row| row.cell(0).text()).collect();
    assert_eq!(texts, ["=党员人数", "性别", "女"]);
}

#[test]
fn text_files_guard_what_would_run_and_are_read_back() {
    let mut sheet = CsvSheet::new(&headings(&["甲", "乙"])).unwrap();
    for text in ACTIVE {
        sheet.row(&[text.into(), "a,\"b\"".into()]).unwrap();
    }
    let bytes = sheet.finish().unwrap();
    assert!(String::from_utf8(bytes.clone()).unwrap().starts_with("\u{feff}甲,乙\r\n'=1+1,"));
    let rows = read(&bytes).unwrap().remove(0).rows;
    let texts: Vec<String> = rows[1..].iter().map(|row| row.cell(0).text()).collect();
    assert_eq!(texts, ACTIVE);
    assert_eq!(rows[1].cell(1).text(), "a,\"b\"");
}

#[test]
fn the_templates_are_recognised_and_their_examples_skipped() {
    let bytes = member_template().unwrap();
    let tables = read(&bytes).unwrap();
    let (table, header, rows) = member_rows(&tables, &HashMap::new(), TODAY).unwrap();
    assert_eq!((table.name.as_str(), rows.len()), ("填写", 0));
    assert_eq!(header.columns.len(), Field::ALL.len() - 1);
    assert!(header.columns.iter().all(|column| column.field.is_some()));
    let written = parts(&bytes);
    let lists = Field::ALL.iter().filter(|field| !field.choices().is_empty()).count();
    assert_eq!(written.matches("<dataValidation ").count(), lists, "every list has its drop-down");
    assert!(tables[2].rows.iter().any(|row| row.cells.contains(&Raw::Text("基诺族".into()))), "the 56th ethnicity too");

    let tables = read(&org_template().unwrap()).unwrap();
    let (_, header, rows) = org_rows(&tables, &HashMap::new(), TODAY).unwrap();
    assert_eq!((rows.len(), header.columns.iter().all(|column| column.field.is_some())), (0, true));
}

#[test]
fn rejected_rows_come_back_with_their_reasons_and_are_refused_again_until_mended() {
    let file = format!("{}/tests/fixtures/roster.xlsx", env!("CARGO_MANIFEST_DIR"));
    let tables = read(&std::fs::read(file).unwrap()).unwrap();
    let (table, header, rows) = member_rows(&tables, &HashMap::new(), TODAY).unwrap();
    let report = Report::of_members(&header, &rows);
    assert_eq!((report.accepted, report.rejected), (6, 14));
    let bytes = rejected(table, &header, &report).unwrap();

    let again = read(&bytes).unwrap();
    let (table_again, header_again, rows_again) = member_rows(&again, &HashMap::new(), TODAY).unwrap();
    let report_again = Report::of_members(&header_again, &rows_again);
    let verdicts = |report: &Report| -> Vec<(Option<i64>, Vec<String>)> {
        let refused = report.rows.iter().filter(|row| !row.accepted);
        refused.map(|row| (row.seq, row.errors.iter().map(|e| format!("{} {}", e.column, e.code)).collect())).collect()
    };
    // What one of two equal numbers lacks is the other one.
    let mut expected = verdicts(&report);
    expected.retain(|(seq, _)| *seq != Some(11));
    assert_eq!(verdicts(&report_again), expected);
    assert_eq!(report_again.accepted, 1);

    let last = header_again.columns.last().unwrap();
    assert_eq!((last.heading.as_str(), last.field), ("未通过原因", None));
    assert!(table_again.rows[1].cell(last.index).text().starts_with("身份证号码*：公民身份号码"));
    let twice = read(&rejected(table_again, &header_again, &report_again).unwrap()).unwrap();
    let reasons = twice[0].rows[0].cells.iter().filter(|cell| cell.text() == "未通过原因").count();
    assert_eq!(reasons, 1, "the old reasons are replaced");
}

#[test]
fn the_report_reads_as_the_contract_says() {
    let text = "序号,姓名,身份证号码,入党时间,转正时间,所在党支部,人员类别,性别,民族,学历\n\
                5,张三,110105194912310021,1990.01,1991.01,第一支部,正式党员,男,汉,本科\n";
    let tables = read(text.as_bytes()).unwrap();
    let (_, header, rows) = member_rows(&tables, &HashMap::new(), TODAY).unwrap();
    let json = serde_json::to_value(Report::of_members(&header, &rows)).unwrap();
    assert_eq!(
        json,
        serde_json::json!({
            "rows": [{
                "seq": 5, "row": 2, "accepted": false, "warnings": [],
                "errors": [{
                    "column": "身份证号码", "code": "id_checksum",
                    "message": "公民身份号码末位校验不符，可能录错了一位。请对照身份证核对"
                }]
            }],
            "accepted": 0, "rejected": 1, "orgs_created": 0
        })
    );
    let bad = serde_json::to_value(Report::of_bad_file(&read(b"").unwrap_err())).unwrap();
    assert_eq!(bad["error"]["code"], "bad_file");
}

#[test]
#[ignore = "takes more than a minute without optimisation: cargo test -p roster --release -- --ignored"]
fn a_hundred_thousand_rows_are_written_and_read() {
    let columns: Vec<Field> = Field::ALL.iter().copied().filter(|field| *field != Field::Reference).collect();
    let titles: Vec<String> = columns.iter().map(|field| field.label().to_owned()).collect();
    let mut sheet = Sheet::new("花名册", &titles).unwrap();
    for i in 0..100_000 {
        let cells: Vec<Cell> = columns.iter().map(|field| format!("{}{i}", field.label()).into()).collect();
        sheet.row(&cells).unwrap();
    }
    let tables = read(&sheet.finish().unwrap()).unwrap();
    assert_eq!(tables[0].rows.len(), 100_001);
    assert_eq!(tables[0].rows[100_000].cell(1).text(), "姓名99999");
}

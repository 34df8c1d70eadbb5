//! `dangjian import` as an administrator uses it: the built program, files as offices have them, exit codes, the report.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

use roster::{Cell, CsvSheet, Sheet};
use rules::intake::Field;
use sealed::KeyRing;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;
use store::{Location, Store};
use testbed::{REGISTER, dump};

/// A data directory of a test's own.
struct Desk(tempfile::TempDir);

impl Desk {
    fn new() -> Self {
        Desk(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn command(&self, file: &Path, more: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dangjian"));
        command.arg("import").arg(file).args(more).args(["--today", "2026-11-24"]).arg("--data").arg(self.path("data"));
        command
    }

    fn import(&self, file: &Path, more: &[&str]) -> Output {
        self.command(file, more).output().unwrap()
    }

    /// The exit code and the report.
    fn report(&self, file: &Path, more: &[&str]) -> (i32, Value) {
        let out = self.import(file, &[more, &["--json"]].concat());
        let report = serde_json::from_slice(&out.stdout).unwrap_or_else(|_| panic!("{out:?}"));
        (out.status.code().unwrap(), report)
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    fn location(&self) -> Location {
        Location::File(self.path("data").join("dangjian.db"))
    }

    /// Everything in the register and the ledger.
    fn dump(&self) -> Vec<String> {
        tokio::runtime::Runtime::new().unwrap().block_on(dump(&self.location(), REGISTER))
    }

    fn persons(&self) -> usize {
        self.dump().iter().filter(|line| line.starts_with("person:")).count()
    }
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../roster/tests/fixtures").join(name)
}

fn codes(report: &Value) -> Vec<String> {
    let rows = report["rows"].as_array().unwrap().iter();
    rows.map(|row| {
        row["errors"].as_array().unwrap().iter().map(|e| e["code"].as_str().unwrap()).collect::<Vec<_>>().join(" ")
    })
    .collect()
}

const ORGS: &str = "组织编码,组织名称,组织类别,上级组织编码\n0101,机关第一党支部,党支部,01\n01,测试集团党委,党委,\n";

fn number(sequence: u16) -> String {
    rules::identity::IdentityNumber::synthetic(510_104, jiff::civil::date(1985, 3, 1), sequence).expose().to_owned()
}

/// A roster with a row a line; each is right.
fn roster(rows: u16) -> String {
    let mut text =
        "序号,姓名,性别,民族,出生日期,公民身份号码,学历,入党时间,转正时间,所在党支部,人员类别,联系电话\n".to_owned();
    for n in 1..=rows {
        let born = format!("1985-{:02}-{:02}", n / 900 % 12 + 1, n / 10_800 % 28 + 1);
        let birth: jiff::civil::Date = born.parse().unwrap();
        let identity = rules::identity::IdentityNumber::synthetic(510_104, birth, n % 900).expose().to_owned();
        let gender = if identity.as_bytes()[16] % 2 == 1 { "男" } else { "女" };
        text.push_str(&format!("{n},张三,{gender},汉族,{born},{identity},大学本科,2008-06-15,2009-06-15,第{}党支部,正式党员,1600000{:04}\n", n % 7, n % 10_000));
    }
    text
}

#[test]
fn the_report_is_the_contracts_object() {
    let desk = Desk::new();
    let (code, report) = desk.report(&fixture("roster.xlsx"), &["--create-orgs", "--dry-run"]);
    assert_eq!(code, 2);
    let keys: BTreeSet<&str> = report.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, BTreeSet::from(["accepted", "orgs_created", "rejected", "rows"]));
    let row: BTreeSet<&str> = report["rows"][4].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(row, BTreeSet::from(["accepted", "errors", "row", "seq", "warnings"]));
    assert_eq!(
        (report["accepted"].as_u64(), report["rejected"].as_u64(), report["orgs_created"].as_u64()),
        (Some(6), Some(14), Some(2))
    );
    assert_eq!((report["rows"][4]["seq"].as_i64(), report["rows"][4]["row"].as_i64()), (Some(5), Some(10)));
    assert_eq!(report["rows"][4]["errors"][0]["code"], "id_checksum");
    assert_eq!(desk.persons(), 0, "a dry run writes nothing");
}

#[test]
fn every_code_of_the_contract_is_yielded() {
    let desk = Desk::new();
    assert_eq!(desk.report(&desk.write("orgs.csv", ORGS), &["--orgs"]).0, 0);
    let first = "姓名,公民身份号码,入党时间,转正时间,所在党支部\n张三,510104198503010014,2008-06-15,2009-06-15,机关第一党支部\n";
    let first = first.replace("510104198503010014", &number(1));
    assert_eq!(desk.report(&desk.write("first.csv", &first), &[]).0, 0);
    let row = |cells: [&str; 9]| format!("{}\n", cells.join(","));
    let good = number(11);
    let full = ["2008-06-15", "2009-06-15"];
    let mut text = "姓名,公民身份号码,性别,出生日期,入党时间,转正时间,所在党支部,学历,联系电话\n".to_owned();
    let org = "机关第一党支部";
    text += &row(["", &number(21), "", "", full[0], full[1], org, "", ""]);
    text += &row(["=cmd()", &number(23), "", "", full[0], full[1], org, "", ""]);
    text += &row(["张一", &number(25), "", "", "2008.13", full[1], org, "", ""]);
    text += &row(["张二", &number(27), "", "", full[0], full[1], org, "小小学", ""]);
    text += &row(["张四", &number(29), "", "", full[0], full[1], "没有的党支部", "", ""]);
    text += &row(["张五", "510104198503010011", "", "", full[0], full[1], org, "", ""]);
    text += &row(["张六", "510104198503010000", "", "", full[0], full[1], org, "", ""]);
    text += &row(["张七", &number(31), "女", "", full[0], full[1], org, "", ""]);
    text += &row(["张八", &number(33), "", "1986-03", full[0], full[1], org, "", ""]);
    text += &row(["张九", &number(35), "", "", "2001-06-15", "2009-06-15", org, "", ""]);
    text += &row(["张十", &number(37), "", "", full[0], "2009-01-15", org, "", ""]);
    text += &row(["李一", &number(1), "", "", full[0], full[1], org, "", ""]);
    text += &row(["李二", &number(39), "", "", full[0], full[1], org, "", "12"]);
    text += &row(["李三", &good, "", "", full[0], full[1], org, "", ""]);
    text += &row(["李四", "1", "女", "1999-99", "x", "", "无此党支部", "小小学", "12"]);
    let (code, report) = desk.report(&desk.write("codes.csv", &text), &[]);
    assert_eq!(code, 2);
    assert_eq!(
        codes(&report),
        [
            "missing_required",
            "bad_name",
            "bad_date",
            "unknown_code",
            "unknown_org",
            "id_checksum",
            "id_precision_lost",
            "gender_mismatch",
            "birth_mismatch",
            "joined_under_18",
            "full_before_one_year",
            "duplicate_id",
            "bad_phone",
            "",
            "id_checksum bad_date bad_date unknown_code bad_phone unknown_org",
        ]
    );
    assert_eq!(desk.persons(), 2);
    let (code, report) = desk.report(&desk.write("bad.xlsx", "\u{0}\u{1}PK no workbook"), &[]);
    assert_eq!((code, report["error"]["code"].as_str()), (1, Some("bad_file")));
    assert_eq!(report["rows"].as_array().unwrap().len(), 0);
}

#[test]
fn the_fixtures_are_imported_in_every_format_and_only_once() {
    for name in
        ["roster.xlsx", "roster.xls", "roster.ods", "roster-gb18030.csv", "roster-utf16.txt", "roster-semicolon.csv"]
    {
        let desk = Desk::new();
        let (code, report) = desk.report(&fixture(name), &["--create-orgs"]);
        assert_eq!(code, 2, "{name}");
        assert_eq!(desk.persons() as u64, report["accepted"].as_u64().unwrap(), "{name}");
        let before = desk.dump();
        let (_, again) = desk.report(&fixture(name), &["--create-orgs"]);
        assert_eq!(codes(&again), codes(&report), "{name}");
        assert_eq!(again["orgs_created"], 0, "{name}");
        assert_eq!(desk.dump(), before, "{name}");
    }
}

#[test]
fn an_organisation_sheet_comes_before_the_roster() {
    let desk = Desk::new();
    let (code, report) = desk.report(&desk.write("orgs.csv", ORGS), &["--orgs"]);
    assert_eq!((code, report["orgs_created"].as_u64()), (0, Some(2)), "{report}");
    let before = desk.dump();
    let (code, report) = desk.report(&desk.write("orgs.csv", ORGS), &["--orgs"]);
    assert_eq!((code, report["orgs_created"].as_u64()), (0, Some(0)));
    assert_eq!(desk.dump(), before);
    let (_, report) = desk.report(&fixture("roster.xlsx"), &["--dry-run"]);
    assert_eq!(report["accepted"], 3, "the sheet has one of the two branches");
    let (_, report) = desk.report(&fixture("roster.xlsx"), &["--create-orgs"]);
    assert_eq!((report["accepted"].as_u64(), report["orgs_created"].as_u64()), (Some(6), Some(1)));
    assert_eq!(desk.report(&fixture("orgs.xlsx"), &["--orgs"]).0, 2);
}

#[test]
fn a_roster_alone_founds_the_committee_above_its_branches() {
    let desk = Desk::new();
    let file = desk.write("roster.csv", &roster(20));
    assert_eq!(desk.report(&file, &[]).0, 2, "no branch is there");
    let (code, report) = desk.report(&file, &["--create-orgs", "--enterprise", "测试集团"]);
    assert_eq!((code, report["orgs_created"].as_u64()), (0, Some(7)), "{report}");
    assert_eq!(desk.dump().iter().filter(|line| line.starts_with("org:")).count(), 8);
}

#[test]
fn the_own_export_changes_nothing() {
    let desk = Desk::new();
    desk.report(&desk.write("roster.csv", &roster(60).replacen("联系电话", "手机", 1)), &["--create-orgs"]);
    let extra = "姓名,公民身份号码,入党时间,转正时间,所在党支部,户籍所在地,现居住地,职称\n";
    let extra = format!("{extra}张三,{},2008-06-15,2009-06-15,第1党支部,四川省成都市,四川省,高级工\n", number(1));
    assert_eq!(desk.report(&desk.write("extra.csv", &extra), &[]).0, 0);
    let before = desk.dump();
    let persons = tokio::runtime::Runtime::new().unwrap().block_on(async {
        let ring = KeyRing::open(&desk.path("data").join("keys.json")).unwrap();
        let store = Store::open(&desk.location(), ring).await.unwrap();
        let root = store.enterprises().await.unwrap()[0].root;
        let persons = store.persons(root, &[String::new()], &Default::default(), None, 1000).await.unwrap();
        store.close().await;
        persons
    });
    assert_eq!(persons.len(), 61);
    let headings: Vec<String> = Field::ALL.iter().map(|field| field.label().to_owned()).collect();
    let mut xlsx = Sheet::new("党员", &headings).unwrap();
    let mut csv = CsvSheet::new(&headings).unwrap();
    for (n, person) in persons.iter().enumerate() {
        let cells: Vec<Cell> = Field::ALL
            .iter()
            .map(|field| match field {
                Field::Seq => Cell::Number(n as f64 + 1.0),
                Field::Reference => person.id.to_string().into(),
                Field::Org => person.org.name.clone().into(),
                Field::OrgCode => person.org.code.clone().into(),
                other => person.record.masked(*other).into(),
            })
            .collect();
        xlsx.row(&cells).unwrap();
        csv.row(&cells).unwrap();
    }
    for (name, bytes) in [("export.xlsx", xlsx.finish().unwrap()), ("export.csv", csv.finish().unwrap())] {
        let path = desk.path(name);
        std::fs::write(&path, bytes).unwrap();
        let (code, report) = desk.report(&path, &[]);
        assert_eq!((code, report["accepted"].as_u64()), (0, Some(61)), "{report}");
        assert_eq!(desk.dump(), before, "{name}");
    }
}

#[test]
fn rejected_rows_are_given_back_to_be_mended_and_sent_again() {
    let desk = Desk::new();
    let right = roster(3);
    let wrong = right.replacen("大学本科", "大大学", 1);
    let back = desk.path("rejected.xlsx");
    let out = desk.import(&desk.write("roster.csv", &wrong), &["--create-orgs", "--rejected", back.to_str().unwrap()]);
    let text = String::from_utf8_lossy(&out.stdout).into_owned();
    assert_eq!(out.status.code(), Some(2));
    assert!(text.contains("通过 2 行，未通过 1 行") && text.contains("第 2 行") && text.contains("大大学"), "{text}");
    let tables = roster::read(&std::fs::read(&back).unwrap()).unwrap();
    let shown: Vec<String> = tables[0].rows[1].cells.iter().map(rules::intake::Raw::text).collect();
    assert!(shown.last().unwrap().contains("不在代码表中"), "{shown:?}");
    let mut mended =
        CsvSheet::new(&tables[0].rows[0].cells.iter().map(rules::intake::Raw::text).collect::<Vec<_>>()).unwrap();
    let cells: Vec<Cell> = shown.iter().map(|text| text.replace("大大学", "大学本科").into()).collect();
    mended.row(&cells).unwrap();
    let path = desk.path("mended.csv");
    std::fs::write(&path, mended.finish().unwrap()).unwrap();
    assert_eq!(desk.report(&path, &["--create-orgs"]).0, 0);
    assert_eq!(desk.persons(), 3);
}

#[test]
fn a_failure_is_said_in_one_line() {
    let desk = Desk::new();
    let out = desk.import(&desk.path("nothing.xlsx"), &["--json"]);
    let said = String::from_utf8_lossy(&out.stderr).into_owned();
    assert_eq!((out.status.code(), said.trim().lines().count()), (Some(1), 1), "{said}");
    let out = desk.import(&desk.write("text.csv", "甲,乙,丙\n1,2,3\n"), &[]);
    assert_eq!(out.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&out.stderr).contains("没有找到表头"));
}

#[test]
fn a_workbook_made_by_libreoffice_is_imported() {
    let soffice = Path::new("/usr/bin/soffice");
    if !soffice.exists() {
        println!("LibreOffice is not installed: not run");
        return;
    }
    let desk = Desk::new();
    let csv = desk.write("roster.csv", &roster(5));
    let profile = format!("-env:UserInstallation=file://{}", desk.path("profile").display());
    // 44,34,76: commas, quotation marks, UTF-8; column 6 is text, so that its eighteen digits stay.
    let filter = "--infilter=CSV:44,34,76,1,1/2/2/2/3/2/4/2/5/2/6/2/7/2/8/2/9/2/10/2/11/2/12/2";
    let out = Command::new(soffice)
        .args([profile.as_str(), "--headless", filter, "--convert-to", "xlsx", "--outdir"])
        .arg(desk.0.path())
        .arg(&csv)
        .output()
        .unwrap();
    assert!(out.status.success(), "{out:?}");
    let (code, report) = desk.report(&desk.path("roster.xlsx"), &["--create-orgs"]);
    assert_eq!((code, report["accepted"].as_u64()), (0, Some(5)), "{report}");
}

/// Waits until somebody holds the database's only writer for a while: an import is writing.
async fn until_written(location: &Location) {
    let Location::File(path) = location else { return };
    sqlx::any::install_default_drivers();
    let options = sqlx::any::AnyPoolOptions::new().max_connections(1);
    let pool = options.connect(&format!("sqlite://{}", path.display())).await.unwrap();
    let mut db = pool.acquire().await.unwrap();
    sqlx::query("PRAGMA busy_timeout = 0").execute(&mut *db).await.unwrap();
    let mut locked = 0;
    while locked < 4 {
        match sqlx::query("BEGIN IMMEDIATE").execute(&mut *db).await {
            Ok(_) => {
                sqlx::query("ROLLBACK").execute(&mut *db).await.unwrap();
                locked = 0;
            }
            Err(_) => locked += 1,
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[test]
fn an_import_killed_in_the_middle_leaves_all_or_nothing() {
    let rows = 4_000;
    let desk = Desk::new();
    assert_eq!(desk.report(&desk.write("orgs.csv", ORGS), &["--orgs"]).0, 0);
    let before = desk.dump();
    let file = desk.write("roster.csv", &roster(rows));
    for more in [0, 300] {
        let mut running =
            desk.command(&file, &["--create-orgs"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        tokio::runtime::Runtime::new().unwrap().block_on(until_written(&desk.location()));
        std::thread::sleep(Duration::from_millis(more));
        assert!(running.try_wait().unwrap().is_none(), "the import was over too soon");
        running.kill().unwrap();
        running.wait().unwrap();
        assert_eq!(desk.dump(), before, "killed {more} ms after it began to write");
    }
    let (code, report) = desk.report(&file, &["--create-orgs"]);
    assert_eq!((code, report["accepted"].as_u64()), (0, Some(rows.into())));
    assert_eq!(desk.persons(), usize::from(rows));
}

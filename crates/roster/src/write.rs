//! Writing spreadsheets. No text is ever written as a formula: every cell is a string or a number by type.

use crate::BadFile;
use crate::header::Header;
use crate::read::{Row, Table};
use crate::report::Report;
use rules::intake::{Field, OrgField, Raw};
use rules::org::OrgKind;
use rust_xlsxwriter::{
    Color, DataValidation, Format, FormatAlign, FormatBorder, Formula, Workbook, Worksheet, XlsxError,
};
use std::collections::HashMap;

/// A cell to write.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Text, in a text-formatted cell, so that long numbers keep their digits.
    Text(String),
    /// A number.
    Number(f64),
    /// A number that stands where text belongs: it stays one, in a text-formatted cell that takes text when it is mended.
    NumberToMend(f64),
    /// Nothing.
    Empty,
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        if text.is_empty() { Cell::Empty } else { Cell::Text(text.to_owned()) }
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        if text.is_empty() { Cell::Empty } else { Cell::Text(text) }
    }
}

/// A sheet written row by row, in constant memory.
pub struct Sheet {
    book: Workbook,
    next: u32,
    text: Format,
}

fn failed(e: &XlsxError) -> BadFile {
    BadFile::new(format!("无法生成表格文件（{e}）"))
}

fn header_format() -> Format {
    Format::new()
        .set_bold()
        .set_background_color(Color::RGB(0x00F3_EEE8))
        .set_border_bottom(FormatBorder::Thin)
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter)
        .set_text_wrap()
}

fn text_format() -> Format {
    Format::new().set_num_format("@")
}

/// A column width that shows the heading and usual values.
fn width(heading: &str) -> f64 {
    match heading {
        "公民身份号码" | "统一社会信用代码" | "人员编号" => 22.0,
        "所在党支部" | "组织名称" | "户籍所在地" | "现居住地" | "所在行政单位" => 30.0,
        "序号" | "性别" => 7.0,
        _ => (heading.chars().count() as f64 * 2.0 + 2.0).max(12.0),
    }
}

fn write_headings(sheet: &mut Worksheet, row: u32, headings: &[String]) -> Result<(), XlsxError> {
    for (column, heading) in (0..).zip(headings) {
        sheet.set_column_width(column, width(heading))?;
    }
    sheet.set_freeze_panes(row + 1, 0)?;
    let format = header_format();
    for (column, heading) in (0..).zip(headings) {
        sheet.write_string_with_format(row, column, heading, &format)?;
    }
    Ok(())
}

/// Longest text of a cell, in UTF-16 units, as spreadsheets have it.
const LONGEST_TEXT: usize = 32_767;

fn cut(text: &str) -> &str {
    let mut units = 0;
    let end = text.char_indices().find(|(_, c)| {
        units += c.len_utf16();
        units > LONGEST_TEXT
    });
    end.map_or(text, |(end, _)| &text[..end])
}

/// A name a sheet may have: at most 31 characters, none of []:*?/\ and no quotation mark at its ends.
fn sheet_name(name: &str) -> String {
    let plain: String = name.chars().filter(|c| !"[]:*?/\\'".contains(*c) && !c.is_control()).take(31).collect();
    if plain.trim().is_empty() { "表".to_owned() } else { plain }
}

impl Sheet {
    /// Begins a sheet with its headings.
    pub fn new(name: &str, headings: &[String]) -> Result<Self, BadFile> {
        Self::begin(name, None, headings)
    }

    /// Begins a sheet with a line above its headings that says what it shows.
    pub fn titled(name: &str, title: &str, headings: &[String]) -> Result<Self, BadFile> {
        Self::begin(name, Some(title), headings)
    }

    fn begin(name: &str, title: Option<&str>, headings: &[String]) -> Result<Self, BadFile> {
        let mut book = Workbook::new();
        let next = if title.is_some() { 1 } else { 0 };
        let write = |sheet: &mut Worksheet| {
            sheet.set_name(sheet_name(name))?;
            if let Some(title) = title {
                sheet.write_string_with_format(0, 0, cut(title), &Format::new().set_bold())?;
            }
            write_headings(sheet, next, headings)
        };
        book.add_worksheet_with_constant_memory().and_then(write).map_err(|e| failed(&e))?;
        Ok(Sheet { book, next: next + 1, text: text_format() })
    }

    /// Adds a row.
    pub fn row(&mut self, cells: &[Cell]) -> Result<(), BadFile> {
        let sheet = self.book.worksheet_from_index(0).map_err(|e| failed(&e))?;
        for (column, cell) in (0..).zip(cells) {
            match cell {
                Cell::Text(text) => {
                    sheet.write_string_with_format(self.next, column, cut(text), &self.text).map(|_| ())
                }
                Cell::Number(number) => sheet.write_number(self.next, column, *number).map(|_| ()),
                Cell::NumberToMend(number) => {
                    sheet.write_number_with_format(self.next, column, *number, &self.text).map(|_| ())
                }
                Cell::Empty => Ok(()),
            }
            .map_err(|e| failed(&e))?;
        }
        self.next += 1;
        Ok(())
    }

    /// The finished file.
    pub fn finish(mut self) -> Result<Vec<u8>, BadFile> {
        self.book.save_to_buffer().map_err(|e| failed(&e))
    }
}

/// A text file with commas, in UTF-8 with a mark, as spreadsheets open it.
pub struct CsvSheet(csv::Writer<Vec<u8>>);

impl CsvSheet {
    /// Begins a file with its headings.
    pub fn new(headings: &[String]) -> Result<Self, BadFile> {
        let mut sheet = CsvSheet(
            csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer("\u{feff}".as_bytes().to_vec()),
        );
        sheet.row(&headings.iter().map(|heading| Cell::from(heading.as_str())).collect::<Vec<_>>())?;
        Ok(sheet)
    }

    /// Adds a row. What a spreadsheet would run, or cut to 15 digits, gets an apostrophe before it; imports take it off again.
    pub fn row(&mut self, cells: &[Cell]) -> Result<(), BadFile> {
        let shown = cells.iter().map(|cell| match cell {
            Cell::Text(text) if is_active(text) => format!("'{text}"),
            Cell::Text(text) => text.clone(),
            Cell::Number(number) | Cell::NumberToMend(number) => number.to_string(),
            Cell::Empty => String::new(),
        });
        self.0.write_record(shown).map_err(|e| BadFile::new(format!("无法生成文本文件（{e}）")))
    }

    /// The finished file.
    pub fn finish(self) -> Result<Vec<u8>, BadFile> {
        self.0.into_inner().map_err(|e| BadFile::new(format!("无法生成文本文件（{e}）")))
    }
}

/// Whether a spreadsheet would take a text for something else: a formula, or a number that loses digits.
fn is_active(text: &str) -> bool {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '\'', '＝', '＋', '－', '＠'])
        || (digits && (text.len() > 15 || (text.len() > 1 && text.starts_with('0'))))
}

/// The blank roster template: headings, drop-down lists, an example that imports skip, and a sheet of notes.
pub fn member_template() -> Result<Vec<u8>, BadFile> {
    let fields: Vec<Field> = Field::ALL.iter().copied().filter(|field| *field != Field::Reference).collect();
    let example = HashMap::from([
        (Field::Seq, "示例（导入时跳过）"),
        (Field::Name, "张三"),
        (Field::Gender, "男"),
        (Field::Ethnicity, "汉族"),
        (Field::Born, "1985-03-01"),
        (Field::Identity, "按身份证填 18 位"),
        (Field::Education, "大学本科"),
        (Field::JoinedOn, "2008-06-15"),
        (Field::FullOn, "2009-06-15"),
        (Field::Org, "机关第一党支部"),
        (Field::Stage, "正式党员"),
        (Field::Phone, "13800000000"),
    ]);
    template(
        &fields
            .iter()
            .map(|field| (field.label(), field.is_required(), field.choices(), example.get(field).copied()))
            .collect::<Vec<_>>(),
        &[
            "带 * 的列必须填写；正式党员还须填写转正时间。",
            "日期写成 1985-03-01；只知道年月的写成 1985-03。",
            "公民身份号码、联系电话两列已设为文本格式，请勿改成数字格式，否则末几位会丢失。",
            "所在党支部填写系统中的组织名称；也可以只填党支部编码。",
            "第 2 行为示例，导入时自动跳过。",
        ],
    )
}

/// The blank organisation template.
pub fn org_template() -> Result<Vec<u8>, BadFile> {
    let example = |field: OrgField| match field {
        OrgField::Seq => Some("示例（导入时跳过）"),
        OrgField::Code => Some("0101"),
        OrgField::Name => Some("机关第一党支部"),
        OrgField::Kind => Some("党支部"),
        OrgField::Parent => Some("01"),
        OrgField::FoundedOn => Some("2015-07-01"),
        OrgField::TermFrom => Some("2024-07-01"),
        OrgField::Unit | OrgField::Uscc => None,
    };
    let kinds = || OrgKind::ALL.iter().map(|kind| kind.name()).collect();
    let columns: Vec<_> = OrgField::ALL
        .iter()
        .map(|field| {
            (
                field.label(),
                field.is_required(),
                if *field == OrgField::Kind { kinds() } else { Vec::new() },
                example(*field),
            )
        })
        .collect();
    template(&columns, &["带 * 的列必须填写；最上级组织的上级组织编码留空。", "第 2 行为示例，导入时自动跳过。"])
}

type TemplateColumn<'a> = (&'a str, bool, Vec<&'a str>, Option<&'a str>);

fn template(columns: &[TemplateColumn<'_>], notes: &[&str]) -> Result<Vec<u8>, BadFile> {
    build_template(columns, notes).map_err(|e| failed(&e))
}

/// Rows below the example that have drop-down lists.
const TEMPLATE_ROWS: u32 = 5_000;
/// The sheet that holds the values of the drop-down lists: in the cell's own rule they may take 255 characters at most.
const LISTS: &str = "代码表";

fn build_template(columns: &[TemplateColumn<'_>], notes: &[&str]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("填写")?;
    let headings: Vec<String> = columns
        .iter()
        .map(|(label, required, ..)| if *required { format!("*{label}") } else { (*label).to_owned() })
        .collect();
    write_headings(sheet, 0, &headings)?;
    let (text, faint) = (text_format(), Format::new().set_font_color(Color::Gray).set_num_format("@"));
    let listed: Vec<&TemplateColumn<'_>> = columns.iter().filter(|(_, _, choices, _)| !choices.is_empty()).collect();
    for (column, (label, _, choices, example)) in (0..).zip(columns) {
        sheet.set_column_width(column, width(label))?.set_column_format(column, &text)?;
        if let Some(example) = example {
            sheet.write_string_with_format(1, column, *example, &faint)?;
        }
        if let Some(place) = listed.iter().position(|(other, ..)| other == label) {
            let letter = rust_xlsxwriter::utility::column_number_to_name(place as u16);
            let range = Formula::new(format!("='{LISTS}'!${letter}$2:${letter}${}", choices.len() + 1));
            let list = DataValidation::new()
                .allow_list_formula(range)
                .set_error_title("不在代码表中")?
                .set_error_message("请从下拉列表中选择")?;
            sheet.add_data_validation(2, column, TEMPLATE_ROWS, column, &list)?;
        }
    }
    let sheet = book.add_worksheet().set_name("填表说明")?;
    sheet.set_column_width(0, 90)?;
    for (row, note) in (0..).zip(notes) {
        sheet.write_string(row, 0, *note)?;
    }
    let sheet = book.add_worksheet().set_name(LISTS)?;
    for (column, (label, _, choices, _)) in (0..).zip(listed) {
        sheet.set_column_width(column, 16)?.write_string_with_format(0, column, *label, &header_format())?;
        for (row, choice) in (1..).zip(choices) {
            sheet.write_string(row, column, *choice)?;
        }
    }
    book.save_to_buffer()
}

/// The heading of the column that says why a row was rejected; an import leaves it out of account.
const REASONS: &str = "未通过原因";

/// The rejected rows as they came, with the reasons in a last column: to mend and send again.
pub fn rejected<F>(table: &Table, header: &Header<F>, report: &Report) -> Result<Vec<u8>, BadFile> {
    let kept: Vec<_> = header.columns.iter().filter(|column| column.heading != REASONS).collect();
    let headings: Vec<String> = kept.iter().map(|column| column.heading.clone()).chain([REASONS.to_owned()]).collect();
    let mut sheet = Sheet::new("未通过", &headings)?;
    let rows: HashMap<u32, &Row> = table.rows.iter().map(|row| (row.number, row)).collect();
    for verdict in report.rows.iter().filter(|row| !row.accepted) {
        let Some(row) = rows.get(&verdict.row) else { continue };
        let reasons =
            verdict.errors.iter().map(|e| format!("{}：{}", e.column, e.message)).collect::<Vec<_>>().join("；");
        let cells: Vec<Cell> =
            kept.iter().map(|column| as_it_came(row.cell(column.index))).chain([reasons.into()]).collect();
        sheet.row(&cells)?;
    }
    sheet.finish()
}

/// A number stays a number: as text, one that lost digits or its October would pass for a whole one.
fn as_it_came(raw: &Raw) -> Cell {
    match raw {
        Raw::Number(number) => Cell::NumberToMend(*number),
        Raw::Empty | Raw::Text(_) | Raw::Date(_) | Raw::Error(_) => raw.text().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_run_is_guarded_in_text_files() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1", "510104198503010014", "0101"] {
            assert!(is_active(text), "{text}");
        }
        for text in ["张三", "13800001234", "51010419850301001X", "2008-06-15", "0"] {
            assert!(!is_active(text), "{text}");
        }
    }

    #[test]
    fn a_sheet_takes_any_name_and_any_text() {
        assert_eq!(sheet_name("第一/第二[支部]"), "第一第二支部");
        assert_eq!(sheet_name("':*"), "表");
        let mut sheet = Sheet::new(&"长".repeat(40), &["甲".to_owned()]).unwrap();
        sheet.row(&[Cell::Text("😀".repeat(20_000))]).unwrap();
        assert!(sheet.finish().is_ok());
    }
}

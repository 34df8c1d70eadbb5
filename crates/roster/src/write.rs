//! Writing spreadsheets. No text is ever written as a formula: every cell is a string or a number by type.

use crate::BadFile;
use crate::header::Header;
use crate::read::Table;
use crate::report::Report;
use rules::intake::{Field, OrgField};
use rules::org::OrgKind;
use rust_xlsxwriter::{Color, DataValidation, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};
use std::collections::HashMap;

/// A cell to write.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Text, in a text-formatted cell, so that long numbers keep their digits.
    Text(String),
    /// A number.
    Number(f64),
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

fn write_headings(sheet: &mut Worksheet, headings: &[String]) -> Result<(), XlsxError> {
    for (column, heading) in (0..).zip(headings) {
        sheet.set_column_width(column, width(heading))?;
    }
    sheet.set_freeze_panes(1, 0)?;
    let format = header_format();
    for (column, heading) in (0..).zip(headings) {
        sheet.write_string_with_format(0, column, heading, &format)?;
    }
    Ok(())
}

impl Sheet {
    /// Begins a sheet with its headings.
    pub fn new(name: &str, headings: &[String]) -> Result<Self, BadFile> {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet_with_constant_memory();
        sheet.and_then(|sheet| write_headings(sheet.set_name(name)?, headings)).map_err(|e| failed(&e))?;
        Ok(Sheet { book, next: 1, text: text_format() })
    }

    /// Adds a row.
    pub fn row(&mut self, cells: &[Cell]) -> Result<(), BadFile> {
        let sheet = self.book.worksheet_from_index(0).map_err(|e| failed(&e))?;
        for (column, cell) in (0..).zip(cells) {
            match cell {
                Cell::Text(text) => sheet.write_string_with_format(self.next, column, text, &self.text).map(|_| ()),
                Cell::Number(number) => sheet.write_number(self.next, column, *number).map(|_| ()),
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

fn build_template(columns: &[TemplateColumn<'_>], notes: &[&str]) -> Result<Vec<u8>, XlsxError> {
    const ROWS: u32 = 5_000;
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("填写")?;
    let headings: Vec<String> = columns
        .iter()
        .map(|(label, required, ..)| if *required { format!("*{label}") } else { (*label).to_owned() })
        .collect();
    write_headings(sheet, &headings)?;
    let (text, faint) = (text_format(), Format::new().set_font_color(Color::Gray).set_num_format("@"));
    for (column, (label, _, choices, example)) in (0..).zip(columns) {
        sheet.set_column_width(column, width(label))?.set_column_format(column, &text)?;
        if let Some(example) = example {
            sheet.write_string_with_format(1, column, *example, &faint)?;
        }
        // A drop-down list in the file itself holds 255 characters at most.
        if !choices.is_empty() && choices.join(",").chars().count() <= 255 {
            let list = DataValidation::new()
                .allow_list_strings(choices)?
                .set_error_title("不在代码表中")?
                .set_error_message("请从下拉列表中选择")?;
            sheet.add_data_validation(2, column, ROWS, column, &list)?;
        }
    }
    let sheet = book.add_worksheet().set_name("填表说明")?;
    sheet.set_column_width(0, 90)?;
    for (row, note) in (0..).zip(notes) {
        sheet.write_string(row, 0, *note)?;
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
    let rows: HashMap<u32, &crate::read::Row> = table.rows.iter().map(|row| (row.number, row)).collect();
    for verdict in report.rows.iter().filter(|row| !row.accepted) {
        let Some(row) = rows.get(&verdict.row) else { continue };
        let reasons =
            verdict.errors.iter().map(|e| format!("{}：{}", e.column, e.message)).collect::<Vec<_>>().join("；");
        let cells: Vec<Cell> =
            kept.iter().map(|column| row.cell(column.index).text().into()).chain([reasons.into()]).collect();
        sheet.row(&cells)?;
    }
    sheet.finish()
}

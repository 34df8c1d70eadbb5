//! Rosters and organisation sheets: from a file's tables to checked rows.

use crate::BadFile;
use crate::header::{Column, Header, find, is_no_data};
use crate::read::{Row, Table};
use jiff::civil::Date;
use rules::intake::{Checked, Code, Field, Finding, OrgDraft, OrgField, OrgFinding, Raw, check};
use std::collections::HashMap;

/// A roster's row, read and checked by itself.
#[derive(Debug, Clone)]
pub struct MemberRow {
    /// The roster's own 序号.
    pub seq: Option<i64>,
    /// The sheet row.
    pub row: u32,
    /// What it says, and what is wrong with it.
    pub checked: Checked,
}

/// An organisation sheet's row.
#[derive(Debug, Clone)]
pub struct OrgRow {
    /// The sheet's own 序号.
    pub seq: Option<i64>,
    /// The sheet row.
    pub row: u32,
    /// What it says.
    pub draft: OrgDraft,
    /// What is wrong with it.
    pub errors: Vec<OrgFinding>,
}

/// What an import would read from a file, for the user to look at and mend the columns.
#[derive(Debug, Clone)]
pub struct Preview {
    /// The sheet.
    pub sheet: String,
    /// The header's sheet row.
    pub header_row: u32,
    /// Every column: place, heading, the recognised field's key.
    pub columns: Vec<(usize, String, Option<&'static str>)>,
    /// The first data rows, as text.
    pub samples: Vec<Vec<String>>,
    /// Data rows in all.
    pub rows: usize,
}

fn locate<'t, F: Copy + Eq + std::hash::Hash>(
    tables: &'t [Table],
    of_header: impl Fn(&str) -> Option<F> + Copy,
    needed: F,
    wanted: &str,
) -> Result<(&'t Table, Header<F>), BadFile> {
    tables.iter().find_map(|table| find(table, of_header, needed).map(|header| (table, header))).ok_or_else(|| {
        BadFile::new(format!("没有找到表头。表头须在前 30 行内，至少有「{wanted}」等三列。可下载模板对照"))
    })
}

fn place<F: Copy + Eq>(header: &Header<F>, field: F) -> Option<usize> {
    header.columns.iter().find(|column| column.field == Some(field)).map(|column| column.index)
}

fn seq_of(row: &Row, column: Option<usize>) -> Option<i64> {
    match row.cell(column?) {
        Raw::Number(number) if number.fract() == 0.0 => Some(*number as i64),
        Raw::Text(text) => rules::text::compact(text).parse().ok(),
        Raw::Empty | Raw::Number(_) | Raw::Date(_) | Raw::Error(_) => None,
    }
}

/// The checked rows of a roster, with the table and header they came from. `mapping` puts right what a column was recognised as.
///
/// Within the file an identity number may stand only once: the later row is told which earlier one has it.
pub fn member_rows<'t>(
    tables: &'t [Table],
    mapping: &HashMap<usize, Option<Field>>,
    today: Date,
) -> Result<(&'t Table, Header<Field>, Vec<MemberRow>), BadFile> {
    let (table, mut header) = locate(tables, Field::of_header, Field::Name, "姓名")?;
    for column in &mut header.columns {
        column.field = mapping.get(&column.index).copied().unwrap_or(column.field);
    }
    let seq = place(&header, Field::Seq);
    let name = place(&header, Field::Name);
    let keys: Vec<usize> = [Field::Identity, Field::Reference, Field::JoinedOn]
        .iter()
        .filter_map(|field| place(&header, *field))
        .collect();
    let mut first_seen: HashMap<String, u32> = HashMap::new();
    let mut rows = Vec::new();
    for row in table.rows[header.body..].iter().filter(|row| !is_no_data(row, name, &keys, seq)) {
        let cells: Vec<(Field, Raw)> =
            header.columns.iter().filter_map(|column| Some((column.field?, row.cell(column.index).clone()))).collect();
        let mut checked = check(&cells, today);
        if let Some(identity) = &checked.draft.identity {
            let earlier = *first_seen.entry(identity.expose().to_owned()).or_insert(row.number);
            if earlier != row.number {
                let message = format!("身份证号与第 {earlier} 行重复。请核对，删去多余的一行");
                checked.errors.push(Finding::new(Field::Identity, Code::DuplicateId, message));
            }
        }
        rows.push(MemberRow { seq: seq_of(row, seq), row: row.number, checked });
    }
    Ok((table, header, rows))
}

/// The checked rows of an organisation sheet. A code may stand only once.
pub fn org_rows(tables: &[Table], today: Date) -> Result<(&Table, Header<OrgField>, Vec<OrgRow>), BadFile> {
    let (table, header) = locate(tables, OrgField::of_header, OrgField::Name, "组织编码、组织名称、组织类别")?;
    let seq = place(&header, OrgField::Seq);
    let name = place(&header, OrgField::Name);
    let keys: Vec<usize> = [OrgField::Code, OrgField::Kind].iter().filter_map(|field| place(&header, *field)).collect();
    let mut first_seen: HashMap<String, u32> = HashMap::new();
    let mut rows = Vec::new();
    for row in table.rows[header.body..].iter().filter(|row| !is_no_data(row, name, &keys, seq)) {
        let cells: Vec<(OrgField, Raw)> =
            header.columns.iter().filter_map(|column| Some((column.field?, row.cell(column.index).clone()))).collect();
        let (draft, mut errors) = OrgDraft::read(&cells, today);
        if !draft.code.is_empty() {
            let earlier = *first_seen.entry(draft.code.clone()).or_insert(row.number);
            if earlier != row.number {
                let message = format!("组织编码「{}」与第 {earlier} 行重复。请核对", draft.code);
                errors.push(OrgFinding { field: OrgField::Code, code: "duplicate_code", message });
            }
        }
        rows.push(OrgRow { seq: seq_of(row, seq), row: row.number, draft, errors });
    }
    Ok((table, header, rows))
}

/// What an import would read: the columns as recognised and the first rows.
pub fn preview(tables: &[Table], orgs: bool) -> Result<Preview, BadFile> {
    fn build<F>(table: &Table, header: &Header<F>, key: impl Fn(&F) -> &'static str, data: Vec<&Row>) -> Preview {
        let column = |column: &Column<F>| (column.index, column.heading.clone(), column.field.as_ref().map(&key));
        Preview {
            sheet: table.name.clone(),
            header_row: header.row,
            columns: header.columns.iter().map(column).collect(),
            samples: data
                .iter()
                .take(5)
                .map(|row| header.columns.iter().map(|c| row.cell(c.index).text()).collect())
                .collect(),
            rows: data.len(),
        }
    }
    if orgs {
        let (table, header) = locate(tables, OrgField::of_header, OrgField::Name, "组织编码、组织名称、组织类别")?;
        let keys: Vec<usize> = place(&header, OrgField::Code).into_iter().collect();
        let (name, seq) = (place(&header, OrgField::Name), place(&header, OrgField::Seq));
        let data = table.rows[header.body..].iter().filter(|row| !is_no_data(row, name, &keys, seq)).collect();
        return Ok(build(table, &header, |field| field.key(), data));
    }
    let (table, header) = locate(tables, Field::of_header, Field::Name, "姓名")?;
    let keys: Vec<usize> = place(&header, Field::Identity).into_iter().collect();
    let (name, seq) = (place(&header, Field::Name), place(&header, Field::Seq));
    let data = table.rows[header.body..].iter().filter(|row| !is_no_data(row, name, &keys, seq)).collect();
    Ok(build(table, &header, |field| field.key(), data))
}

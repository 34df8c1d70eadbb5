//! Rosters and organisation sheets: from a file's tables to checked rows.

use crate::BadFile;
use crate::header::{Header, find, is_no_data};
use crate::read::{Row, Table};
use jiff::civil::Date;
use rules::intake::{Checked, Code, Field, Finding, OrgChecked, OrgField, OrgFinding, Raw, check, check_org_row};
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
    /// What it says, and what is wrong with it.
    pub checked: OrgChecked,
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

/// The rows below the header that are data. `name`, `keys` and `seq` are the fields by which a footer is told from them.
fn data_rows<'t, F: Copy + Eq>(
    table: &'t Table,
    header: &Header<F>,
    (name, keys, seq): (F, &[F], F),
) -> impl Iterator<Item = &'t Row> {
    let (name, seq) = (place(header, name), place(header, seq));
    let keys: Vec<usize> = keys.iter().filter_map(|field| place(header, *field)).collect();
    let known: Vec<usize> =
        header.columns.iter().filter(|column| column.field.is_some()).map(|column| column.index).collect();
    let below = table.rows.get(header.body..).unwrap_or_default();
    below.iter().filter(move |row| !is_no_data(row, name, &keys, seq, &known))
}

const MEMBER_ROWS: (Field, &[Field], Field) =
    (Field::Name, &[Field::Identity, Field::Reference, Field::JoinedOn], Field::Seq);
const ORG_ROWS: (OrgField, &[OrgField], OrgField) = (OrgField::Name, &[OrgField::Code, OrgField::Kind], OrgField::Seq);

/// Puts right what the columns were recognised as.
fn remap<F: Copy>(header: &mut Header<F>, mapping: &HashMap<usize, Option<F>>) {
    for column in &mut header.columns {
        column.field = mapping.get(&column.index).copied().unwrap_or(column.field);
    }
}

fn cells_of<F: Copy>(header: &Header<F>, row: &Row) -> Vec<(F, Raw)> {
    header.columns.iter().filter_map(|column| Some((column.field?, row.cell(column.index).clone()))).collect()
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
/// Within the file an identity number, and a 人员编号, may stand only once: the later row is told which earlier one has it.
pub fn member_rows<'t>(
    tables: &'t [Table],
    mapping: &HashMap<usize, Option<Field>>,
    today: Date,
) -> Result<(&'t Table, Header<Field>, Vec<MemberRow>), BadFile> {
    let (table, mut header) = locate(tables, Field::of_header, Field::Name, "姓名")?;
    remap(&mut header, mapping);
    let seq = place(&header, Field::Seq);
    let mut identities: HashMap<String, u32> = HashMap::new();
    let mut references = HashMap::new();
    let mut rows = Vec::new();
    for row in data_rows(table, &header, MEMBER_ROWS) {
        let mut checked = check(&cells_of(&header, row), today);
        let identity = checked.draft.identity.as_ref().map(|identity| identity.expose().to_owned());
        let repeated = [
            (Field::Identity, identity.map(|identity| *identities.entry(identity).or_insert(row.number))),
            (Field::Reference, checked.draft.reference.map(|id| *references.entry(id).or_insert(row.number))),
        ];
        for (field, earlier) in repeated {
            if let Some(earlier) = earlier.filter(|earlier| *earlier != row.number) {
                let message = format!("{}与第 {earlier} 行重复。请核对，删去多余的一行", field.label());
                checked.errors.push(Finding::new(field, Code::DuplicateId, message));
            }
        }
        rows.push(MemberRow { seq: seq_of(row, seq), row: row.number, checked });
    }
    Ok((table, header, rows))
}

/// The checked rows of an organisation sheet. A code may stand only once.
pub fn org_rows<'t>(
    tables: &'t [Table],
    mapping: &HashMap<usize, Option<OrgField>>,
    today: Date,
) -> Result<(&'t Table, Header<OrgField>, Vec<OrgRow>), BadFile> {
    let (table, mut header) = locate(tables, OrgField::of_header, OrgField::Name, "组织编码、组织名称、组织类别")?;
    remap(&mut header, mapping);
    let seq = place(&header, OrgField::Seq);
    let mut first_seen: HashMap<String, u32> = HashMap::new();
    let mut rows = Vec::new();
    for row in data_rows(table, &header, ORG_ROWS) {
        let mut checked = check_org_row(&cells_of(&header, row), today);
        let code = checked.draft.code.clone();
        if !code.is_empty() {
            let earlier = *first_seen.entry(code.clone()).or_insert(row.number);
            if earlier != row.number {
                let message = format!("组织编码「{code}」与第 {earlier} 行重复。请核对");
                checked.errors.push(OrgFinding { field: OrgField::Code, code: "duplicate_code", message });
            }
        }
        rows.push(OrgRow { seq: seq_of(row, seq), row: row.number, checked });
    }
    Ok((table, header, rows))
}

/// What an import would read: the columns as recognised and the first rows.
pub fn preview(tables: &[Table], orgs: bool) -> Result<Preview, BadFile> {
    if orgs {
        let (table, header) = locate(tables, OrgField::of_header, OrgField::Name, "组织编码、组织名称、组织类别")?;
        let data = data_rows(table, &header, ORG_ROWS).collect();
        return Ok(previewed(table, &header, OrgField::key, data));
    }
    let (table, header) = locate(tables, Field::of_header, Field::Name, "姓名")?;
    let data = data_rows(table, &header, MEMBER_ROWS).collect();
    Ok(previewed(table, &header, Field::key, data))
}

/// Rows shown in a preview.
const SAMPLES: usize = 5;

fn previewed<F: Copy>(table: &Table, header: &Header<F>, key: fn(F) -> &'static str, data: Vec<&Row>) -> Preview {
    let text = |row: &&Row| header.columns.iter().map(|column| row.cell(column.index).text()).collect();
    Preview {
        sheet: table.name.clone(),
        header_row: header.row,
        columns: header.columns.iter().map(|c| (c.index, c.heading.clone(), c.field.map(key))).collect(),
        samples: data.iter().take(SAMPLES).map(text).collect(),
        rows: data.len(),
    }
}

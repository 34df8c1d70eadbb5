//! Finding the header below titles and notes, in one line or two, and telling data rows from footers.

use crate::read::{Row, Table};
use rules::intake::Raw;
use rules::text::compact;
use std::collections::HashSet;
use std::hash::Hash;

/// Rows from the top in which a header is looked for.
const ZONE: usize = 30;
/// Fewest recognised headings that make a header.
const FEWEST: usize = 3;

/// A column of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column<F> {
    /// Its place in the row, from 0.
    pub index: usize,
    /// What stands in its header.
    pub heading: String,
    /// What it was recognised as.
    pub field: Option<F>,
}

/// Where a table's data begin and what its columns are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header<F> {
    /// The sheet row of the header's last line.
    pub row: u32,
    /// Index into the table's rows of the first row below the header.
    pub body: usize,
    /// Its columns, those with a heading.
    pub columns: Vec<Column<F>>,
}

/// The best header of a table: the row, or two rows read together, with the most different headings recognised, `needed` among them.
pub(crate) fn find<F: Copy + Eq + Hash>(
    table: &Table,
    of_header: impl Fn(&str) -> Option<F>,
    needed: F,
) -> Option<Header<F>> {
    let mut best: Option<(usize, Header<F>)> = None;
    for top in 0..table.rows.len().min(ZONE) {
        for lines in 1..=2 {
            let Some(rows) = table.rows.get(top..top + lines) else { continue };
            let columns = columns(rows, &of_header);
            let fields: HashSet<F> = columns.iter().filter_map(|column| column.field).collect();
            let score = fields.len();
            if score >= FEWEST && fields.contains(&needed) && best.as_ref().is_none_or(|(most, _)| score > *most) {
                best = Some((score, Header { row: rows[lines - 1].number, body: top + lines, columns }));
            }
        }
    }
    best.map(|(_, header)| header)
}

fn columns<F: Copy>(rows: &[Row], of_header: impl Fn(&str) -> Option<F>) -> Vec<Column<F>> {
    let width = rows.iter().map(|row| row.cells.len()).max().unwrap_or_default();
    (0..width)
        .filter_map(|index| {
            let lines: Vec<String> = rows.iter().map(|row| heading(row.cell(index))).collect();
            let (top, bottom) = (&lines[0], lines.last()?);
            let joined = if lines.len() == 1 || top == bottom { top.clone() } else { format!("{top}{bottom}") };
            let field = [&joined, bottom, top].into_iter().find_map(|text| of_header(text));
            (!joined.is_empty()).then_some(Column { index, heading: joined, field })
        })
        .collect()
}

fn heading(cell: &Raw) -> String {
    match cell {
        Raw::Text(text) => text.split_whitespace().collect(),
        Raw::Empty | Raw::Number(_) | Raw::Date(_) | Raw::Error(_) => String::new(),
    }
}

/// Words with which the lines below a roster begin.
const FOOTERS: [&str; 19] = [
    "合计",
    "总计",
    "共计",
    "小计",
    "填表",
    "填报",
    "制表",
    "审核",
    "备注",
    "说明",
    "注:",
    "注1",
    "负责人",
    "联系人",
    "单位(",
    "单位负责",
    "盖章",
    "审批",
    "统计",
];

/// Whether a row is no data: blank, only numbered, a footer, the header again, or the template's example.
/// `key_columns` are those of which a data row has at least one.
pub(crate) fn is_no_data(row: &Row, name: Option<usize>, key_columns: &[usize], seq: Option<usize>) -> bool {
    let text = |column: usize| compact(&row.cell(column).text());
    let filled: Vec<usize> = (0..row.cells.len()).filter(|column| !row.cell(*column).is_empty()).collect();
    if filled.iter().all(|column| Some(*column) == seq && text(*column).chars().all(|c| c.is_ascii_digit())) {
        return true;
    }
    if seq.is_some_and(|column| text(column).starts_with("示例")) {
        return true;
    }
    let name = name.map(text).unwrap_or_default();
    if name == "姓名" || name == "组织名称" {
        return true;
    }
    let is_footer = |text: &str| FOOTERS.iter().any(|word| text.starts_with(word));
    let others_empty = key_columns.iter().all(|column| row.cell(*column).is_empty());
    if others_empty && (name.is_empty() || is_footer(&name)) {
        let first = filled.first().map(|column| text(*column)).unwrap_or_default();
        return is_footer(&first) || is_footer(&name) || filled.len() <= 2;
    }
    false
}

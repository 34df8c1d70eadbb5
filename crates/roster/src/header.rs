//! Finding the header below titles and notes, in one line or two, and telling data rows from footers.

use crate::grid::MOST_COLUMNS;
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
    let top_rows = with_spans(table);
    let mut best: Option<((usize, usize, Lines), Header<F>)> = None;
    for top in 0..top_rows.len() {
        for lines in 1..=2 {
            let Some(rows) = top_rows.get(top..top + lines) else { continue };
            if rows[0].number + (lines as u32 - 1) != rows[lines - 1].number {
                continue;
            }
            let columns = columns(rows, &of_header);
            let fields: HashSet<F> = columns.iter().filter_map(|column| column.field).collect();
            // A second line that names no new field may still name a second column of the same one: 学历 over 全日制 and 在职.
            let named = columns.iter().filter(|column| column.field.is_some()).count();
            let lines_are = match lines {
                1 => Lines::One,
                _ if continues(&rows[0], &rows[1], &columns) => Lines::Continued,
                _ => Lines::Two,
            };
            let score = (fields.len(), named, lines_are);
            let enough = score.0 >= FEWEST && fields.contains(&needed);
            if enough && best.as_ref().is_none_or(|(most, _)| score > *most) {
                best = Some((score, Header { row: rows[lines - 1].number, body: top + lines, columns }));
            }
        }
    }
    best.map(|(_, header)| header)
}

/// How many lines a header has, from what is believed last to what is believed first when both say the same.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Lines {
    /// Two rows that have nothing to do with each other: a title and a header, a header and the first person.
    Two,
    One,
    /// Two rows with headings that reach over both.
    Continued,
}

fn continues<F>(top: &Row, bottom: &Row, columns: &[Column<F>]) -> bool {
    let same = |column: &&Column<F>| top.cell(column.index) == bottom.cell(column.index);
    columns.iter().filter(|column| column.field.is_some()).any(|column| same(&column))
}

/// The rows in which a header is looked for, with cells merged across columns standing in each of them.
fn with_spans(table: &Table) -> Vec<Row> {
    let mut rows: Vec<Row> = table.rows.iter().take(ZONE).cloned().collect();
    for span in &table.spans {
        let right = span.right.min(MOST_COLUMNS) as usize;
        for row in rows.iter_mut().filter(|row| (span.top + 1..=span.bottom.saturating_add(1)).contains(&row.number)) {
            let value = row.cell(span.left as usize).clone();
            if value.is_empty() {
                continue;
            }
            if row.cells.len() <= right {
                row.cells.resize(right + 1, Raw::Empty);
            }
            for cell in &mut row.cells[span.left as usize..=right] {
                if cell.is_empty() {
                    *cell = value.clone();
                }
            }
        }
    }
    rows
}

fn columns<F: Copy>(rows: &[Row], of_header: impl Fn(&str) -> Option<F>) -> Vec<Column<F>> {
    let width = rows.iter().map(|row| row.cells.len()).max().unwrap_or_default();
    (0..width)
        .filter_map(|index| {
            let lines: Vec<String> = rows.iter().map(|row| heading(row.cell(index))).collect();
            let (top, bottom) = (lines.first()?, lines.last()?);
            // 学历 over 在职, 职务 over 党内, or a group's title over a heading that needs none.
            let wordings = if top == bottom || bottom.is_empty() {
                vec![top.clone()]
            } else {
                vec![format!("{top}{bottom}"), format!("{bottom}{top}"), bottom.clone()]
            };
            let known = wordings.iter().find_map(|text| Some((text, of_header(text)?)));
            let (heading, field) = match known {
                Some((text, field)) => (text.clone(), Some(field)),
                None => (wordings.last()?.clone(), None),
            };
            (!heading.is_empty()).then_some(Column { index, heading, field })
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
///
/// `keys` are the columns of which a data row has at least one, `known` all columns that were recognised.
pub(crate) fn is_no_data(row: &Row, name: Option<usize>, keys: &[usize], seq: Option<usize>, known: &[usize]) -> bool {
    let text = |column: usize| compact(&row.cell(column).text());
    let number = seq.map(text).unwrap_or_default();
    let numbered = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let filled: Vec<usize> = (0..row.cells.len()).filter(|column| !row.cell(*column).is_empty()).collect();
    let example = number.starts_with("示例") || name.is_some_and(|column| text(column).starts_with("示例"));
    if example || filled.iter().all(|column| Some(*column) == seq && numbered) {
        return true;
    }
    let name = name.map(text).unwrap_or_default();
    if name == "姓名" || name == "组织名称" {
        return true;
    }
    let is_footer = |text: &str| FOOTERS.iter().any(|word| text.starts_with(word));
    if keys.iter().any(|column| !row.cell(*column).is_empty()) || !(name.is_empty() || is_footer(&name)) {
        return false;
    }
    // Neither name nor number: a row that says several things of a person is one, and lacks its name; the rest are notes.
    let says = filled.iter().filter(|column| known.contains(column) && Some(**column) != seq).count();
    let first = filled.first().map(|column| text(*column)).unwrap_or_default();
    is_footer(&first) || is_footer(&name) || says <= if numbered { 1 } else { 2 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::read;
    use rules::intake::Field;

    fn table(text: &str) -> Table {
        read(text.as_bytes()).unwrap().remove(0)
    }

    fn headings(text: &str) -> Vec<(String, Option<Field>)> {
        let header = find(&table(text), Field::of_header, Field::Name).unwrap();
        header.columns.into_iter().map(|column| (column.heading, column.field)).collect()
    }

    #[test]
    fn a_title_does_not_become_part_of_the_headings() {
        let found = headings("某公司党员花名册,,\n姓名,性别,民族\n张三,男,汉\n");
        let plain = |text: &str, field| (text.to_owned(), Some(field));
        assert_eq!(found, [plain("姓名", Field::Name), plain("性别", Field::Gender), plain("民族", Field::Ethnicity)]);
    }

    #[test]
    fn a_second_line_completes_the_first() {
        let found = headings(
            "姓名,性别,职务,职务,入党,学历,学历\n,,党内,行政,时间,全日制,毕业院校\n张三,男,书记,经理,2008.06,本科,某校\n",
        );
        let fields: Vec<Option<Field>> = found.into_iter().map(|(_, field)| field).collect();
        assert_eq!(
            fields,
            [
                Some(Field::Name),
                Some(Field::Gender),
                Some(Field::PartyPost),
                Some(Field::AdminPost),
                Some(Field::JoinedOn),
                Some(Field::Education),
                None
            ]
        );
    }

    #[test]
    fn the_first_person_is_no_second_line() {
        let header = find(&table("姓名,性别,民族\n张三,男,汉\n"), Field::of_header, Field::Name).unwrap();
        assert_eq!((header.row, header.body), (1, 1));
        assert!(
            find(&table("甲,乙\n姓名,性别\n"), Field::of_header, Field::Name).is_none(),
            "two headings are too few"
        );
    }

    #[test]
    fn footers_notes_and_examples_are_no_data() {
        let text = "序号,姓名,身份证号,性别,民族,籍贯\n";
        let skipped = |line: &str| {
            let row = table(&format!("{text}{line}\n")).rows.remove(1);
            is_no_data(&row, Some(1), &[2], Some(0), &[0, 1, 2, 3, 4, 5])
        };
        for line in [
            "7,,,,,",
            "合计,,,20,,",
            "填表人：张三,,,审核人：李四,,",
            ",备注：以上情况属实,,,,",
            "示例（导入时跳过）,张三,110105194912310021,男,汉族,",
            ",示例,,男,汉族,北京",
            "序号,姓名,身份证号,性别,民族,籍贯",
            ",,,二〇二六年,,",
        ] {
            assert!(skipped(line), "{line}");
        }
        for line in ["7,张三,,,,", "7,,,男,汉,", ",,,男,汉,北京", ",,110105194912310021,,,"] {
            assert!(!skipped(line), "{line}");
        }
    }
}

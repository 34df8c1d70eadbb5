//! From a template and what is filled in to the parts of a document.

use super::text::{Line, NUMBER, Word, Words};
use super::value::{Fault, Given, Values, check, shown};
use super::{Field, FieldKind, Style, Template};
use jiff::civil::Date;

/// A part of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// A heading of level 1 or 2.
    Heading(u8, String),
    /// A line in the middle.
    Centred(String),
    /// A paragraph.
    Paragraph(String),
    /// A line without indent.
    Flush(String),
    /// Names and values.
    Facts(Vec<(String, String)>),
    /// A table.
    Table {
        /// The names of the columns.
        head: Vec<String>,
        /// The rows.
        rows: Vec<Vec<String>>,
        /// Shares of the width.
        widths: Vec<u16>,
    },
    /// Who signs, and when.
    Sign {
        /// The organisation or person.
        by: String,
        /// The day.
        on: Option<Date>,
    },
    /// The next part begins a page.
    PageBreak,
}

/// A document made from a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// How it is laid out.
    pub style: Style,
    /// Its title.
    pub title: String,
    /// What follows.
    pub parts: Vec<Part>,
}

/// What becomes of a field that is not filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gaps {
    /// A required one is refused; another is a line to write on.
    Refused,
    /// Its name is shown: to look at before everything is filled in.
    Named,
    /// Its placeholder is shown, for a DOCX that an organisation makes its own.
    Placeholders,
}

/// A line to write on by hand.
const BLANK: &str = "＿＿＿＿";

/// Makes the document.
pub fn render(template: &Template, values: &Values, gaps: Gaps) -> Result<Rendered, Vec<Fault>> {
    if gaps == Gaps::Refused {
        let faults = check(template, values);
        if !faults.is_empty() {
            return Err(faults);
        }
    }
    let mut rendering = Rendering { template, values, gaps, title: String::new(), parts: Vec::new() };
    rendering.lines(&template.lines, None);
    Ok(Rendered { style: template.style, title: rendering.title, parts: rendering.parts })
}

/// A row that is gone through: the field's name, its number from 1, its cells; no cells where placeholders are shown.
type Row<'v> = (&'v str, usize, Option<&'v Given>);

struct Rendering<'v> {
    template: &'v Template,
    values: &'v Values,
    gaps: Gaps,
    title: String,
    parts: Vec<Part>,
}

impl<'v> Rendering<'v> {
    fn lines(&mut self, lines: &'v [Line], row: Option<Row<'v>>) {
        for line in lines {
            self.line(line, row);
        }
    }

    fn line(&mut self, line: &'v Line, row: Option<Row<'v>>) {
        match line {
            Line::Title(words) => self.title = self.say(words, row, BLANK),
            Line::Centred(words) => self.put(Part::Centred(self.say(words, row, BLANK))),
            Line::Heading(level, words) => self.put(Part::Heading(*level, self.say(words, row, BLANK))),
            Line::Flush(words) => self.put(Part::Flush(self.say(words, row, BLANK))),
            Line::Paragraph(words) => self.put(Part::Paragraph(self.say(words, row, BLANK))),
            Line::Fact(name, value) => {
                let fact = (self.say(name, row, ""), self.say(value, row, ""));
                match self.parts.last_mut() {
                    Some(Part::Facts(facts)) => facts.push(fact),
                    _ => self.put(Part::Facts(vec![fact])),
                }
            }
            Line::TableHead(columns) => self.put(Part::Table {
                head: columns.iter().map(|(_, name)| name.clone()).collect(),
                rows: Vec::new(),
                widths: columns.iter().map(|(share, _)| *share).collect(),
            }),
            Line::TableRow(cells) => {
                let cells = cells.iter().map(|cell| self.say(cell, row, "")).collect();
                if let Some(Part::Table { rows, .. }) = self.parts.last_mut() {
                    rows.push(cells);
                }
            }
            Line::Sign(by, on) => {
                let by = self.say(by, row, BLANK);
                let on = on.as_ref().map(|on| self.say(on, row, ""));
                let day = on.as_deref().and_then(day_of);
                // A date that is not filled in yet is shown where it will stand.
                let by = match (on, day) {
                    (Some(on), None) if !on.is_empty() => format!("{by}\n{on}"),
                    _ => by,
                };
                self.put(Part::Sign { by, on: day });
            }
            Line::PageBreak => self.put(Part::PageBreak),
            Line::If(name, inside) => {
                if self.gaps == Gaps::Placeholders || self.values.is_given(name) {
                    self.lines(inside, row);
                }
            }
            Line::Each(name, inside) => {
                let rows = if self.gaps == Gaps::Placeholders { Vec::new() } else { self.values.rows(name) };
                for (index, cells) in rows.iter().enumerate() {
                    self.lines(inside, Some((name, index + 1, Some(cells))));
                }
                if rows.is_empty() && self.gaps != Gaps::Refused {
                    self.lines(inside, Some((name, 1, None)));
                }
            }
        }
    }

    fn put(&mut self, part: Part) {
        self.parts.push(part);
    }

    fn say(&self, words: &Words, row: Option<Row<'_>>, blank: &str) -> String {
        words.0.iter().map(|word| self.word(word, row, blank)).collect()
    }

    fn word(&self, word: &Word, row: Option<Row<'_>>, blank: &str) -> String {
        match (word, row) {
            (Word::Plain(text), _) => text.clone(),
            (Word::Field(name), _) => self.value(self.template.field(name), name, self.values.text(name), blank),
            (Word::Column(rows, column), Some((_, _, Some(cells)))) => {
                let text = cells.get(column).map_or("", |text| text.trim());
                self.value(column_of(self.template, rows, column), &format!("{rows}.{column}"), text, blank)
            }
            (Word::Column(rows, column), _) => {
                self.value(column_of(self.template, rows, column), &format!("{rows}.{column}"), "", blank)
            }
            (Word::Number, Some((name, _, None))) if self.gaps == Gaps::Placeholders => {
                format!("{{{{{name}.{NUMBER}}}}}")
            }
            (Word::Number, Some((_, number, _))) => number.to_string(),
            (Word::ChineseNumber, Some((name, _, None))) if self.gaps == Gaps::Placeholders => {
                format!("{{{{{name}.{NUMBER}}}}}")
            }
            (Word::ChineseNumber, Some((_, number, _))) => chinese(number),
            (Word::Number | Word::ChineseNumber, None) => String::new(),
        }
    }

    fn value(&self, field: Option<&Field>, name: &str, text: &str, blank: &str) -> String {
        match self.gaps {
            Gaps::Placeholders => format!("{{{{{name}}}}}"),
            Gaps::Named if text.is_empty() => format!("【{}】", name.rsplit('.').next().unwrap_or(name)),
            Gaps::Refused if text.is_empty() => blank.to_owned(),
            Gaps::Named | Gaps::Refused => field.map_or_else(|| text.to_owned(), |field| shown(field, text)),
        }
    }
}

fn column_of<'t>(template: &'t Template, rows: &str, column: &str) -> Option<&'t Field> {
    match &template.field(rows)?.kind {
        FieldKind::Rows(columns) => columns.iter().find(|one| one.name == column),
        _ => None,
    }
}

/// The day that was printed as 2026年3月5日.
fn day_of(printed: &str) -> Option<Date> {
    let (year, rest) = printed.split_once('年')?;
    let (month, rest) = rest.split_once('月')?;
    Date::new(year.parse().ok()?, month.parse().ok()?, rest.strip_suffix('日')?.parse().ok()?).ok()
}

/// A number in Chinese: 一, 十二, 二十. Beyond 99 in figures.
fn chinese(number: usize) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    match (number / 10, number % 10) {
        (0, ones) if ones > 0 => DIGITS[ones].to_owned(),
        (1, ones) => format!("十{}", DIGITS[ones]),
        (tens @ 2..=9, ones) => format!("{}十{}", DIGITS[tens], DIGITS[ones]),
        _ => number.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::text::read;
    use super::*;

    fn template() -> Template {
        read(
            "key a\nname 甲\ngroup life\nstyle official\npurpose 用于。\nfield 会议 text!\nfield 日期 date!\nfield 附注 long\n\
             field 票数 number\nfield 结果 choice(通过/不通过)\nfield 议题 rows!\n  column 题目 text!\n  column 报告人 text\n---\n\
             # 关于{{会议}}的通知\n> 全体党员：\n定于{{日期}}召开，票数{{票数}}。\n{{#议题}}\n## {{中文序号}}、{{议题.题目}}\n{{/议题}}\n\
             |1 序号|3 题目|2 报告人\n{{#议题}}\n|| {{序号}} | {{议题.题目}} | {{议题.报告人}}\n{{/议题}}\n{{?附注}}\n附注：{{附注}}\n{{/附注}}\n\
             - 结果：{{结果}}\n- 会议：{{会议}}\n~ 第一党支部 ; {{日期}}",
        )
        .unwrap()
    }

    fn row(cells: &[(&str, &str)]) -> Given {
        cells.iter().map(|(name, cell)| ((*name).to_owned(), (*cell).to_owned())).collect()
    }

    fn filled() -> Values {
        Values::default().with("会议", "党员大会").with("日期", "2024-02-29").with_rows(
            "议题",
            vec![row(&[("题目", "报告"), ("报告人", "李某")]), row(&[("题目", " ")]), row(&[("题目", "表决")])],
        )
    }

    #[test]
    fn a_filled_template_is_a_document() {
        let rendered = render(&template(), &filled(), Gaps::Refused).unwrap();
        assert_eq!(rendered.title, "关于党员大会的通知");
        let table = Part::Table {
            head: vec!["序号".into(), "题目".into(), "报告人".into()],
            rows: vec![vec!["1".into(), "报告".into(), "李某".into()], vec!["2".into(), "表决".into(), String::new()]],
            widths: vec![1, 3, 2],
        };
        assert_eq!(
            rendered.parts,
            [
                Part::Flush("全体党员：".into()),
                Part::Paragraph("定于2024年2月29日召开，票数＿＿＿＿。".into()),
                Part::Heading(1, "一、报告".into()),
                Part::Heading(1, "二、表决".into()),
                table,
                Part::Facts(vec![("结果".into(), String::new()), ("会议".into(), "党员大会".into())]),
                Part::Sign { by: "第一党支部".into(), on: Some(jiff::civil::date(2024, 2, 29)) },
            ]
        );
    }

    #[test]
    fn all_that_is_wrong_is_said_at_once() {
        let values = filled()
            .with("会议", " ")
            .with("日期", "2025-02-29")
            .with("票数", "很多")
            .with("结果", "也许")
            .with("无此栏", "甲")
            .with_rows("议题", vec![row(&[("报告人", "李某"), ("年龄", "30")])]);
        let faults = render(&template(), &values, Gaps::Refused).unwrap_err();
        let mut codes: Vec<(&str, &str)> = faults.iter().map(|fault| (fault.place.as_str(), fault.code)).collect();
        codes.sort_unstable();
        assert_eq!(
            codes,
            [
                ("会议", "missing_required"),
                ("无此栏", "unknown_field"),
                ("日期", "bad_date"),
                ("票数", "bad_number"),
                ("结果", "unknown_code"),
                ("议题/0/年龄", "unknown_field"),
                ("议题/0/题目", "missing_required"),
            ]
        );
    }

    #[test]
    fn before_it_is_filled_in_the_names_of_the_fields_are_shown() {
        let rendered = render(&template(), &Values::default(), Gaps::Named).unwrap();
        assert_eq!(rendered.title, "关于【会议】的通知");
        assert!(rendered.parts.contains(&Part::Heading(1, "一、【题目】".into())));
    }

    #[test]
    fn a_sample_has_the_placeholders_themselves() {
        let rendered = render(&template(), &filled(), Gaps::Placeholders).unwrap();
        assert_eq!(rendered.title, "关于{{会议}}的通知");
        let row = vec!["{{议题.序号}}".into(), "{{议题.题目}}".into(), "{{议题.报告人}}".into()];
        assert!(rendered.parts.iter().any(|part| matches!(part, Part::Table { rows, .. } if rows.contains(&row))));
    }

    #[test]
    fn numbers_are_written_in_chinese() {
        let written = [1, 9, 10, 11, 20, 35, 99, 100].map(chinese);
        assert_eq!(written, ["一", "九", "十", "十一", "二十", "三十五", "九十九", "100"]);
    }
}

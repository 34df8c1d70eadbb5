//! The written form of a template: a head that declares its fields, then its text. Everything is checked when it is read, so that a
//! template that reads well also renders.
//!
//! ```text
//! key meeting_notice
//! name 会议通知
//! group life
//! style official
//! use members_meeting committee_meeting
//! purpose 召开会议前……
//! field 会议名称 text! "如：第一季度党员大会"
//! field 会议日期 date! =today
//! field 结果 choice(通过/不通过)
//! field 议题 rows!
//!   column 题目 text!
//! ---
//! # 关于召开{{会议名称}}的通知
//! > 全体党员：
//! 定于{{会议日期}}召开……            (a paragraph)
//! ## 一、会议议题                    (### for the second level, ^ for a centred line)
//! {{#议题}}                         (once for each row)
//! {{中文序号}}、{{议题.题目}}
//! {{/议题}}
//! {{?附注}} … {{/附注}}             (only where the field is filled in)
//! - 时间：{{会议日期}}               (a fact)
//! |8 序号 |20 题目                   (the head of a table, with shares of the width)
//! || {{序号}} | {{议题.题目}}        (a row)
//! ~ {{党组织}} ; {{落款日期}}        (who signs, and when)
//! ===                               (a new page)
//! ```

use super::{Field, FieldKind, Group, Source, Style, Template};
use crate::activity::Activity;

/// The number of a row, in figures.
pub(super) const NUMBER: &str = "序号";
/// The number of a row, in Chinese.
pub(super) const CHINESE_NUMBER: &str = "中文序号";

/// Text with gaps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Words(pub(super) Vec<Word>);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Word {
    /// Text as it stands.
    Plain(String),
    /// A field's value.
    Field(String),
    /// A column of the row at hand.
    Column(String, String),
    /// The row's number.
    Number,
    /// The same in Chinese.
    ChineseNumber,
}

/// A line of a template's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Line {
    Title(Words),
    Centred(Words),
    Heading(u8, Words),
    Flush(Words),
    Paragraph(Words),
    Fact(Words, Words),
    TableHead(Vec<(u16, String)>),
    TableRow(Vec<Words>),
    Sign(Words, Option<Words>),
    PageBreak,
    /// What is said once for each row of a field.
    Each(String, Vec<Line>),
    /// What is said only where a field is filled in.
    If(String, Vec<Line>),
}

/// Reads a template; says what is wrong with it, for whoever writes one.
pub(super) fn read(source: &str) -> Result<Template, String> {
    let (head, body) = source.split_once("\n---\n").ok_or("no line of three hyphens between head and text")?;
    let mut template = read_head(head)?;
    let mut lines = body.lines().filter(|line| !line.trim().is_empty()).peekable();
    template.lines = read_lines(&mut lines, None, &template)?;
    Ok(template)
}

fn read_head(head: &str) -> Result<Template, String> {
    let mut template = Template {
        key: String::new(),
        name: String::new(),
        group: Group::Letter,
        purpose: String::new(),
        activities: Vec::new(),
        style: Style::Record,
        fields: Vec::new(),
        lines: Vec::new(),
    };
    for line in head.lines() {
        let (word, rest) = line.trim_start().split_once(' ').ok_or_else(|| format!("nothing said in: {line}"))?;
        match word {
            "key" => template.key = rest.to_owned(),
            "name" => template.name = rest.to_owned(),
            "group" => template.group = Group::from_key(rest).ok_or_else(|| format!("no such group: {rest}"))?,
            "purpose" => template.purpose = rest.to_owned(),
            "style" if rest == "official" => template.style = Style::Official,
            "style" if rest == "record" => template.style = Style::Record,
            "use" => {
                for key in rest.split(' ') {
                    let activity = Activity::from_key(key).ok_or_else(|| format!("no such activity: {key}"))?;
                    template.activities.push(activity);
                }
            }
            "field" => {
                let field = read_field(rest)?;
                if template.field(&field.name).is_some() {
                    return Err(format!("declared twice: {}", field.name));
                }
                template.fields.push(field);
            }
            "column" => match template.fields.last_mut() {
                Some(Field { kind: FieldKind::Rows(columns), .. }) => columns.push(read_field(rest)?),
                _ => return Err(format!("a column outside of rows: {rest}")),
            },
            other => return Err(format!("unknown word in the head: {other}")),
        }
    }
    Ok(template)
}

/// `会议日期 date! =today "如：……"`.
fn read_field(text: &str) -> Result<Field, String> {
    let (text, hint) = match text.split_once('"') {
        Some((before, hint)) => (before, hint.trim_end_matches('"').to_owned()),
        None => (text, String::new()),
    };
    let mut words = text.split_whitespace();
    let name = words.next().ok_or("a field without a name")?.to_owned();
    let kind = words.next().ok_or_else(|| format!("a field without a kind: {name}"))?;
    let (kind, required) = (kind.trim_end_matches('!'), kind.ends_with('!'));
    let kind = match kind {
        "text" => FieldKind::Text,
        "long" => FieldKind::LongText,
        "date" => FieldKind::Date,
        "number" => FieldKind::Number,
        "rows" => FieldKind::Rows(Vec::new()),
        _ => match kind.strip_prefix("choice(").and_then(|rest| rest.strip_suffix(')')) {
            Some(choices) => FieldKind::Choice(choices.split('/').map(str::to_owned).collect()),
            None => return Err(format!("no such kind of field: {kind}")),
        },
    };
    let source = match words.next() {
        Some(word) => {
            let key = word.strip_prefix('=').ok_or_else(|| format!("what is {word}?"))?;
            Some(Source::from_key(key).ok_or_else(|| format!("no such source: {key}"))?)
        }
        None => None,
    };
    Ok(Field { name, kind, required, source, hint })
}

/// Lines up to the end of a part (`{{/field}}`), or to the end of the text.
fn read_lines<'t>(
    lines: &mut impl Iterator<Item = &'t str>,
    part: Option<(&str, bool)>,
    template: &Template,
) -> Result<Vec<Line>, String> {
    let mut read = Vec::new();
    while let Some(line) = lines.next() {
        let line = line.trim();
        let bare = |mark: &str| line.strip_prefix("{{").and_then(|rest| rest.strip_prefix(mark)?.strip_suffix("}}"));
        if let Some(name) = bare("/") {
            return match part {
                Some((open, _)) if open == name => Ok(read),
                _ => Err(format!("closed but not open: {name}")),
            };
        }
        if let Some(name) = bare("#") {
            let field = template.field(name).ok_or_else(|| format!("not declared: {name}"))?;
            if part.is_some_and(|(_, each)| each) || !matches!(field.kind, FieldKind::Rows(_)) {
                return Err(format!("cannot be gone through here: {name}"));
            }
            read.push(Line::Each(name.to_owned(), read_lines(lines, Some((name, true)), template)?));
        } else if let Some(name) = bare("?") {
            template.field(name).ok_or_else(|| format!("not declared: {name}"))?;
            let each = part.filter(|(_, each)| *each);
            let inside = read_lines(lines, Some((name, false)), template)?;
            if each.is_some() {
                return Err(format!("no conditions inside rows: {name}"));
            }
            read.push(Line::If(name.to_owned(), inside));
        } else {
            let row = part.filter(|(_, each)| *each).map(|(name, _)| name);
            read.push(read_line(line, &|words| read_words(words, row, template))?);
        }
    }
    match part {
        Some((name, _)) => Err(format!("open but not closed: {name}")),
        None => Ok(read),
    }
}

fn read_line(line: &str, words: &dyn Fn(&str) -> Result<Words, String>) -> Result<Line, String> {
    let after = |mark: &str| line.strip_prefix(mark).map(str::trim);
    if line == "===" {
        return Ok(Line::PageBreak);
    }
    if let Some(rest) = after("### ") {
        return Ok(Line::Heading(2, words(rest)?));
    }
    if let Some(rest) = after("## ") {
        return Ok(Line::Heading(1, words(rest)?));
    }
    if let Some(rest) = after("# ") {
        return Ok(Line::Title(words(rest)?));
    }
    if let Some(rest) = after("^ ") {
        return Ok(Line::Centred(words(rest)?));
    }
    if let Some(rest) = after("> ") {
        return Ok(Line::Flush(words(rest)?));
    }
    if let Some(rest) = after("- ") {
        let (name, value) = rest.split_once('：').ok_or_else(|| format!("a fact without a colon: {line}"))?;
        return Ok(Line::Fact(words(name)?, words(value)?));
    }
    if let Some(rest) = after("~ ") {
        let (by, on) = rest.split_once(';').map_or((rest, None), |(by, on)| (by, Some(on)));
        return Ok(Line::Sign(words(by.trim())?, on.map(|on| words(on.trim())).transpose()?));
    }
    if let Some(rest) = after("||") {
        return Ok(Line::TableRow(rest.split('|').map(|cell| words(cell.trim())).collect::<Result<_, _>>()?));
    }
    if let Some(rest) = after("|") {
        let column = |text: &str| {
            let (share, name) =
                text.trim().split_once(' ').ok_or_else(|| format!("a column without a share: {line}"))?;
            Ok((share.parse().map_err(|_| format!("not a share: {share}"))?, name.trim().to_owned()))
        };
        return Ok(Line::TableHead(rest.split('|').map(column).collect::<Result<_, String>>()?));
    }
    Ok(Line::Paragraph(words(line)?))
}

/// Text with its gaps, each of which must be declared.
fn read_words(text: &str, row: Option<&str>, template: &Template) -> Result<Words, String> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some((plain, after)) = rest.split_once("{{") {
        let (name, after) = after.split_once("}}").ok_or_else(|| format!("a gap that does not end: {text}"))?;
        if !plain.is_empty() {
            words.push(Word::Plain(plain.to_owned()));
        }
        words.push(read_gap(name, row, template)?);
        rest = after;
    }
    if !rest.is_empty() {
        words.push(Word::Plain(rest.to_owned()));
    }
    Ok(Words(words))
}

fn read_gap(name: &str, row: Option<&str>, template: &Template) -> Result<Word, String> {
    if row.is_some() && name == NUMBER {
        return Ok(Word::Number);
    }
    if row.is_some() && name == CHINESE_NUMBER {
        return Ok(Word::ChineseNumber);
    }
    if let Some((rows, column)) = name.split_once('.') {
        return match template.field(rows).map(|field| &field.kind) {
            Some(FieldKind::Rows(columns)) if row == Some(rows) && columns.iter().any(|one| one.name == column) => {
                Ok(Word::Column(rows.to_owned(), column.to_owned()))
            }
            _ => Err(format!("not a column here: {name}")),
        };
    }
    match template.field(name).map(|field| &field.kind) {
        Some(FieldKind::Rows(_)) | None => Err(format!("not declared: {name}")),
        Some(_) => Ok(Word::Field(name.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str =
        "key a\nname 甲\ngroup life\nstyle record\npurpose 用于。\nfield 名 text!\nfield 表 rows\n  column 列 text";

    fn fault(body: &str) -> String {
        read(&format!("{HEAD}\n---\n{body}")).unwrap_err()
    }

    #[test]
    fn a_template_is_read_whole() {
        let body = "# {{名}}\n{{#表}}\n|| {{序号}} | {{表.列}}\n{{/表}}\n{{?名}}\n有\n{{/名}}";
        let template = read(&format!("{HEAD}\n---\n{body}")).unwrap();
        assert_eq!((template.key.as_str(), template.fields.len(), template.lines.len()), ("a", 2, 3));
        assert!(template.fields[0].required && !template.fields[1].required);
        assert_eq!(template.placeholders(), ["名", "表.列", "表.序号"]);
    }

    #[test]
    fn what_is_not_declared_or_not_closed_is_found() {
        for (body, said) in [
            ("{{无}}", "not declared: 无"),
            ("{{表}}", "not declared: 表"),
            ("{{表.列}}", "not a column here: 表.列"),
            ("{{#表}}\n{{表.无}}\n{{/表}}", "not a column here: 表.无"),
            ("{{#名}}\n{{/名}}", "cannot be gone through here: 名"),
            ("{{#表}}\n一", "open but not closed: 表"),
            ("{{/表}}", "closed but not open: 表"),
            ("{{名", "a gap that does not end: {{名"),
        ] {
            assert_eq!(fault(body), said);
        }
    }
}

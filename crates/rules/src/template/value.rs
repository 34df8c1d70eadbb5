//! What is filled into a template, and whether it may be.

use super::{Field, FieldKind, Template};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Most characters of one line, of a text of several lines; most rows of a list.
const LONGEST_LINE: usize = 200;
const LONGEST_TEXT: usize = 20_000;
const MOST_ROWS: usize = 1_000;

/// The values of a row, by column.
pub type Given = BTreeMap<String, String>;

/// The value of a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// Of a field that is not rows: a day as 2026-03-05, a number in figures.
    Text(String),
    /// Of rows.
    Rows(Vec<Given>),
}

/// What is filled in, by the names of fields.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Values(pub BTreeMap<String, Value>);

impl Values {
    /// With a text filled in.
    pub fn with(mut self, name: &str, text: impl Into<String>) -> Self {
        self.0.insert(name.to_owned(), Value::Text(text.into()));
        self
    }

    /// With rows filled in.
    pub fn with_rows(mut self, name: &str, rows: Vec<Given>) -> Self {
        self.0.insert(name.to_owned(), Value::Rows(rows));
        self
    }

    /// The text of a field, without spaces around it; empty where nothing is filled in.
    pub(super) fn text(&self, name: &str) -> &str {
        match self.0.get(name) {
            Some(Value::Text(text)) => text.trim(),
            _ => "",
        }
    }

    /// The rows of a field that are not empty.
    pub(super) fn rows(&self, name: &str) -> Vec<&Given> {
        match self.0.get(name) {
            Some(Value::Rows(rows)) => {
                rows.iter().filter(|row| row.values().any(|cell| !cell.trim().is_empty())).collect()
            }
            _ => Vec::new(),
        }
    }

    pub(super) fn is_given(&self, name: &str) -> bool {
        !self.text(name).is_empty() || !self.rows(name).is_empty()
    }
}

/// What is wrong with a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where: a field's name, or `议题/2/题目` with rows counted from 0.
    pub place: String,
    /// A stable code.
    pub code: &'static str,
    /// What is wrong and what to do.
    pub message: String,
}

/// All that is wrong with what is filled in; empty when the document can be made.
pub fn check(template: &Template, values: &Values) -> Vec<Fault> {
    let mut faults = Vec::new();
    for name in values.0.keys().filter(|name| template.field(name).is_none()) {
        let known: Vec<&str> = template.fields.iter().map(|field| field.name.as_str()).collect();
        let message = format!("「{}」没有「{name}」这一栏。可填的有：{}。", template.name, known.join("、"));
        faults.push(Fault { place: name.clone(), code: "unknown_field", message });
    }
    for field in &template.fields {
        check_field(field, values, &mut faults);
    }
    faults
}

fn check_field(field: &Field, values: &Values, faults: &mut Vec<Fault>) {
    let mut add = |place: String, code, message| faults.push(Fault { place, code, message });
    let value = values.0.get(&field.name);
    if field.required && !values.is_given(&field.name) {
        return add(field.name.clone(), "missing_required", format!("{}没有填写。请补填。", field.name));
    }
    match (&field.kind, value) {
        (_, None) => {}
        (FieldKind::Rows(columns), Some(Value::Rows(rows))) => {
            if rows.len() > MOST_ROWS {
                let message = format!("{}超过 {MOST_ROWS} 行。请分成几份。", field.name);
                return add(field.name.clone(), "too_long", message);
            }
            for (index, row) in rows.iter().enumerate() {
                if row.values().all(|cell| cell.trim().is_empty()) {
                    continue;
                }
                for name in row.keys().filter(|name| columns.iter().all(|column| column.name != **name)) {
                    let place = format!("{}/{index}/{name}", field.name);
                    add(place, "unknown_field", format!("{}没有「{name}」这一列。请删去。", field.name));
                }
                for column in columns {
                    let text = row.get(&column.name).map_or("", |text| text.trim());
                    let label = format!("{}第 {} 行的{}", field.name, index + 1, column.name);
                    if let Some((code, message)) = wrong(column, text, &label) {
                        add(format!("{}/{index}/{}", field.name, column.name), code, message);
                    }
                }
            }
        }
        (FieldKind::Rows(_), Some(Value::Text(_))) | (_, Some(Value::Rows(_))) => {
            add(field.name.clone(), "bad_request", format!("{}填写的形式不对。请刷新页面后重填。", field.name));
        }
        (_, Some(Value::Text(text))) => {
            if let Some((code, message)) = wrong(field, text.trim(), &field.name) {
                add(field.name.clone(), code, message);
            }
        }
    }
}

fn wrong(field: &Field, text: &str, label: &str) -> Option<(&'static str, String)> {
    if text.is_empty() {
        return field.required.then(|| ("missing_required", format!("{label}没有填写。请补填。")));
    }
    let most = if field.kind == FieldKind::LongText { LONGEST_TEXT } else { LONGEST_LINE };
    if text.chars().count() > most {
        return Some(("too_long", format!("{label}超过 {most} 个字。请写短一些。")));
    }
    match &field.kind {
        FieldKind::Date if text.parse::<Date>().is_err() => {
            Some(("bad_date", format!("{label}「{text}」不是日期。请写成 2026-03-05。")))
        }
        FieldKind::Number if text.parse::<u32>().is_err() => {
            Some(("bad_number", format!("{label}「{text}」不是整数。请只填数字。")))
        }
        FieldKind::Choice(choices) if !choices.iter().any(|choice| choice == text) => {
            Some(("unknown_code", format!("{label}「{text}」不在可选的范围内。请选：{}。", choices.join("、"))))
        }
        _ => None,
    }
}

/// A value as it is printed: days as 2026年3月5日.
pub fn shown(field: &Field, text: &str) -> String {
    match (&field.kind, text.trim().parse::<Date>()) {
        (FieldKind::Date, Ok(day)) => crate::date::long(day),
        _ => text.trim().to_owned(),
    }
}

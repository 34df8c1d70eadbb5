//! The built-in templates.

use super::Template;
use super::text::read;
use std::sync::LazyLock;

macro_rules! texts {
    ($($key:literal),+ $(,)?) => { [$(include_str!(concat!("library/", $key, ".txt"))),+] };
}

const TEXTS: [&str; 33] = texts![
    "meeting_notice",
    "meeting_minutes",
    "members_meeting_resolution",
    "committee_resolution",
    "lecture_record",
    "theme_day_plan",
    "life_meeting_plan",
    "life_meeting_report",
    "appraisal_form",
    "appraisal_summary",
    "heart_talk_record",
    "year_plan",
    "applicant_talk",
    "activist_recommendation",
    "filing_report",
    "cultivation_review",
    "opinions",
    "public_notice",
    "political_review_letter",
    "political_review_report",
    "admission_resolution",
    "conversion_resolution",
    "superior_talk",
    "approval",
    "election_request",
    "candidates",
    "ballot",
    "vote_count",
    "election_report",
    "transfer_receipt",
    "dues_collection",
    "request",
    "letter",
];

static LIBRARY: LazyLock<Vec<Template>> = LazyLock::new(|| TEXTS.iter().filter_map(|text| read(text).ok()).collect());

/// All built-in templates, in the order in which they are shown.
pub fn library() -> &'static [Template] {
    &LIBRARY
}

/// The built-in template of an identifier.
pub fn find(key: &str) -> Option<&'static Template> {
    LIBRARY.iter().find(|template| template.key == key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::{FieldKind, Gaps, Given, Value, Values, render};
    use std::collections::BTreeSet;

    /// Something for every field.
    fn filled(template: &Template) -> Values {
        let sample = |kind: &FieldKind, name: &str| match kind {
            FieldKind::Date => "2026-03-05".to_owned(),
            FieldKind::Number => "7".to_owned(),
            FieldKind::Choice(choices) => choices[0].clone(),
            _ => format!("〔{name}〕"),
        };
        let mut values = Values::default();
        for field in &template.fields {
            let value = match &field.kind {
                FieldKind::Rows(columns) => {
                    let row: Given = columns
                        .iter()
                        .map(|column| (column.name.clone(), sample(&column.kind, &column.name)))
                        .collect();
                    Value::Rows(vec![row.clone(), row])
                }
                kind => Value::Text(sample(kind, &field.name)),
            };
            values.0.insert(field.name.clone(), value);
        }
        values
    }

    #[test]
    fn every_text_is_read() {
        for text in TEXTS {
            let name = text.lines().next().unwrap_or_default();
            read(text).unwrap_or_else(|fault| panic!("{name}: {fault}"));
        }
    }

    #[test]
    fn keys_and_names_are_unique_and_everything_is_said() {
        let keys: BTreeSet<_> = library().iter().map(|template| &template.key).collect();
        let names: BTreeSet<_> = library().iter().map(|template| &template.name).collect();
        assert_eq!((keys.len(), names.len()), (TEXTS.len(), TEXTS.len()));
        for template in library() {
            assert!(
                template.purpose.ends_with('。') && template.fields.iter().any(|field| field.required),
                "{}",
                template.key
            );
        }
    }

    #[test]
    fn every_field_is_printed_and_nothing_is_left_open() {
        let mut lost = Vec::new();
        for template in library() {
            let rendered = render(template, &filled(template), Gaps::Refused).unwrap();
            let printed = format!("{rendered:?}");
            assert!(!printed.contains("{{") && !printed.contains("＿＿＿＿、"), "{}", template.key);
            for field in &template.fields {
                let shown = match &field.kind {
                    FieldKind::Text | FieldKind::LongText => vec![format!("〔{}〕", field.name)],
                    FieldKind::Choice(choices) => vec![choices[0].clone()],
                    FieldKind::Rows(columns) => {
                        let texts = columns
                            .iter()
                            .filter(|column| matches!(column.kind, FieldKind::Text | FieldKind::LongText));
                        texts.map(|column| format!("〔{}〕", column.name)).collect()
                    }
                    FieldKind::Date | FieldKind::Number => vec![],
                };
                let key = &template.key;
                lost.extend(
                    shown.into_iter().filter(|words| !printed.contains(words)).map(|words| format!("{key} {words}")),
                );
            }
        }
        assert!(lost.is_empty(), "{lost:?}");
    }

    #[test]
    fn a_document_without_what_it_needs_is_refused() {
        for template in library() {
            assert!(render(template, &Values::default(), Gaps::Refused).is_err(), "{}", template.key);
        }
    }
}

//! The documents that can be generated in a case, as data (`documents.json`): texts with places to be filled in. Laying them out is
//! somebody else's business.

use super::step::Step;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// What stands for a value that is not known: to be written by hand.
pub const BLANK: &str = "________";

/// How a document is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentLayout {
    /// 公文.
    Official,
    /// A record or a form.
    Record,
}

/// A part of a document.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum DocumentPart {
    /// Names and the keys of values in turn; a key that is empty leaves a blank.
    Facts {
        /// Name, key, name, key …
        facts: Vec<String>,
    },
    /// A heading.
    Heading {
        /// Its words.
        heading: String,
    },
    /// A line without indent.
    Flush {
        /// Its words, with places.
        flush: String,
    },
    /// A table to be filled in by hand.
    Table {
        /// The names of the columns.
        table: Vec<String>,
        /// What stands in the first column.
        rows: Vec<String>,
    },
    /// A place for a signature; the day of the step below it.
    Sign {
        /// Who signs, with places.
        sign: String,
    },
    /// A paragraph.
    Text {
        /// Its words, with places; left out when nothing but an unknown value stands in it.
        text: String,
        /// How many lines are left to write on when there are no words.
        #[serde(default)]
        lines: usize,
    },
}

/// A document with places to be filled in.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct DocumentSpec {
    /// The title, with places.
    pub title: String,
    /// The layout.
    pub layout: DocumentLayout,
    /// What follows, in order.
    pub parts: Vec<DocumentPart>,
}

static DOCUMENTS: LazyLock<BTreeMap<String, DocumentSpec>> =
    LazyLock::new(|| serde_json::from_str(include_str!("documents.json")).unwrap_or_default());

/// The document of a template's key, and the step to which it belongs.
pub fn document(template: &str) -> Option<(Step, &'static DocumentSpec)> {
    let of = |step: &Step| step.spec().papers.iter().any(|paper| paper.template.as_deref() == Some(template));
    Some((Step::ALL.iter().copied().find(of)?, DOCUMENTS.get(template)?))
}

/// Puts values into the places `{{key}}` of a text; what is not known stays blank.
pub fn fill(text: &str, values: &BTreeMap<String, String>) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        filled.push_str(before);
        let Some((key, behind)) = after.split_once("}}") else {
            rest = after;
            continue;
        };
        filled.push_str(values.get(key).map_or(BLANK, String::as_str));
        rest = behind;
    }
    filled.push_str(rest);
    filled
}

/// Whether a text is nothing but one place whose value is not known.
pub fn is_unknown(text: &str, values: &BTreeMap<String, String>) -> bool {
    let key = text.strip_prefix("{{").and_then(|rest| rest.strip_suffix("}}"));
    key.is_some_and(|key| !key.contains('}') && !values.contains_key(key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// What is known of every case, beside the fields of the step.
    const KNOWN: &[&str] = &[
        "person",
        "gender",
        "ethnicity",
        "born",
        "native_place",
        "education",
        "work",
        "worked_on",
        "branch",
        "superior",
        "on",
        "applied_on",
        "activist_on",
        "selection_way",
        "selection_body",
        "mentors",
        "candidate_on",
        "candidate_filed_on",
        "sponsors",
        "review_result",
        "admission_on",
        "approval_on",
        "probation_until",
        "conversion_applied_on",
        "expected_voters",
        "present_voters",
        "written",
        "in_favour",
        "against",
        "abstained",
        "passed",
        "agreed",
    ];

    fn places(text: &str) -> Vec<&str> {
        text.split("{{").skip(1).filter_map(|rest| rest.split_once("}}")).map(|(key, _)| key).collect()
    }

    fn keys(spec: &'static DocumentSpec) -> Vec<&'static str> {
        let of = |part: &'static DocumentPart| match part {
            DocumentPart::Facts { facts } => {
                facts.iter().skip(1).step_by(2).map(String::as_str).filter(|key| !key.is_empty()).collect()
            }
            DocumentPart::Heading { heading: text } | DocumentPart::Flush { flush: text } => places(text),
            DocumentPart::Sign { sign: text } | DocumentPart::Text { text, .. } => places(text),
            DocumentPart::Table { .. } => Vec::new(),
        };
        places(&spec.title).into_iter().chain(spec.parts.iter().flat_map(of)).collect()
    }

    #[test]
    fn every_template_of_a_step_has_a_document_and_no_document_is_without_a_step() {
        let documents: BTreeMap<String, DocumentSpec> = serde_json::from_str(include_str!("documents.json")).unwrap();
        let templates: BTreeSet<&str> = Step::ALL
            .iter()
            .flat_map(|step| &step.spec().papers)
            .filter_map(|paper| paper.template.as_deref())
            .collect();
        assert_eq!(documents.keys().map(String::as_str).collect::<BTreeSet<_>>(), templates);
        assert!(templates.iter().all(|key| document(key).is_some()));
    }

    #[test]
    fn every_place_names_something_that_is_known_of_the_case_or_a_field_of_its_step() {
        for template in
            Step::ALL.iter().flat_map(|step| &step.spec().papers).filter_map(|paper| paper.template.as_deref())
        {
            let (step, spec) = document(template).unwrap();
            for key in keys(spec) {
                assert!(KNOWN.contains(&key) || step.spec().field(key).is_some(), "{template}: {key}");
            }
            for part in &spec.parts {
                if let DocumentPart::Facts { facts } = part {
                    assert!(facts.len().is_multiple_of(2), "{template}");
                }
            }
        }
    }

    #[test]
    fn what_is_not_known_stays_blank() {
        let values = BTreeMap::from([("person".to_owned(), "张三".to_owned())]);
        assert_eq!(fill("{{person}}于{{on}}递交", &values), "张三于________递交");
        assert_eq!(fill("没有 {{ 结尾", &values), "没有  结尾");
        assert!(is_unknown("{{opinion}}", &values));
        assert!(!is_unknown("{{person}}", &values) && !is_unknown("同意{{opinion}}", &values));
    }

    #[test]
    fn a_value_is_never_read_as_a_place() {
        let values = BTreeMap::from([("person".to_owned(), "{{on}}".to_owned()), ("on".to_owned(), "今天".to_owned())]);
        assert_eq!(fill("{{person}}", &values), "{{on}}");
    }
}

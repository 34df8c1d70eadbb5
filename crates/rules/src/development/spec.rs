//! What each step asks for, as data: the form's fields, the papers, the guide. Embedded, and checked by the tests below.

use super::step::Step;
use super::value::Values;
use crate::guide::Guide;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// A day.
    Date,
    /// A line.
    Text,
    /// Some paragraphs.
    LongText,
    /// A whole number.
    Number,
    /// One of the choices.
    Choice,
    /// Persons of the register.
    Persons,
    /// An organisation.
    Org,
    /// The counts of a vote.
    Vote,
}

/// One of the values that a field may have.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ChoiceSpec {
    /// The identifier stored and used in JSON.
    pub key: String,
    /// The Chinese words.
    pub name: String,
}

/// A condition on another field: it has one of these values. A vote has the value `written` when there were written opinions.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct OnlyIf {
    /// Which field.
    pub field: String,
    /// The values.
    pub values: Vec<String>,
}

/// A field of a step's form.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct FieldSpec {
    /// The identifier stored and used in JSON.
    pub key: String,
    /// The Chinese name.
    pub label: String,
    /// What it holds.
    pub kind: FieldKind,
    /// Whether it must be filled in, while it is shown.
    #[serde(default)]
    pub required: bool,
    /// How to fill it in.
    #[serde(default)]
    pub hint: Option<String>,
    /// What may be chosen.
    #[serde(default)]
    pub choices: Vec<ChoiceSpec>,
    /// How many persons at least, or the smallest number.
    #[serde(default)]
    pub least: Option<i64>,
    /// How many persons at most, or the largest number.
    #[serde(default)]
    pub most: Option<i64>,
    /// Shown only while another field has such a value.
    #[serde(default)]
    pub only_if: Option<OnlyIf>,
}

/// A paper that belongs to a step.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PaperSpec {
    /// The identifier stored and used in JSON.
    pub key: String,
    /// The Chinese name.
    pub name: String,
    /// Whether the step cannot be taken without it.
    #[serde(default)]
    pub required: bool,
    /// When it is needed, or how it is written.
    #[serde(default)]
    pub note: Option<String>,
    /// The document that can be generated for it, filled in from the case.
    #[serde(default)]
    pub template: Option<String>,
    /// Needed only while a field has such a value.
    #[serde(default)]
    pub only_if: Option<OnlyIf>,
}

/// What a step asks for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct StepSpec {
    /// What the day of the step is the day of.
    pub on_label: String,
    /// How it is done.
    pub guide: Guide,
    /// The form.
    #[serde(default)]
    pub fields: Vec<FieldSpec>,
    /// The papers.
    #[serde(default)]
    pub papers: Vec<PaperSpec>,
}

static SPECS: LazyLock<BTreeMap<String, StepSpec>> =
    LazyLock::new(|| serde_json::from_str(include_str!("steps.json")).unwrap_or_default());

static EMPTY: LazyLock<StepSpec> = LazyLock::new(|| StepSpec {
    on_label: String::new(),
    guide: Guide {
        what: String::new(),
        who: String::new(),
        when: String::new(),
        steps: Vec::new(),
        papers: Vec::new(),
        mistakes: Vec::new(),
    },
    fields: Vec::new(),
    papers: Vec::new(),
});

impl Step {
    /// What it asks for.
    pub fn spec(self) -> &'static StepSpec {
        SPECS.get(self.activity().key()).unwrap_or(&EMPTY)
    }
}

impl StepSpec {
    /// The field of an identifier.
    pub fn field(&self, key: &str) -> Option<&FieldSpec> {
        self.fields.iter().find(|field| field.key == key)
    }

    /// The paper of an identifier.
    pub fn paper(&self, key: &str) -> Option<&PaperSpec> {
        self.papers.iter().find(|paper| paper.key == key)
    }
}

impl OnlyIf {
    /// Whether it holds.
    pub fn holds(&self, values: &Values) -> bool {
        match values.vote(&self.field) {
            Some(vote) => vote.written > 0 && self.values.iter().any(|value| value == "written"),
            None => values.text(&self.field).is_some_and(|text| self.values.iter().any(|value| value == text)),
        }
    }
}

impl FieldSpec {
    /// Whether the form shows it, as filled in so far.
    pub fn shown(&self, values: &Values) -> bool {
        self.only_if.as_ref().is_none_or(|condition| condition.holds(values))
    }

    /// The words for one of its choices.
    pub fn choice_name(&self, key: &str) -> Option<&str> {
        self.choices.iter().find(|choice| choice.key == key).map(|choice| choice.name.as_str())
    }
}

impl PaperSpec {
    /// Whether the step cannot be taken without it, as filled in.
    pub fn needed(&self, values: &Values) -> bool {
        self.required && self.only_if.as_ref().is_none_or(|condition| condition.holds(values))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_step_and_no_other_thing_is_described() {
        let specs: BTreeMap<String, StepSpec> = serde_json::from_str(include_str!("steps.json")).unwrap();
        let keys: BTreeSet<&str> = specs.keys().map(String::as_str).collect();
        assert_eq!(keys, Step::ALL.iter().map(|step| step.activity().key()).collect());
    }

    #[test]
    fn a_newcomer_finds_what_who_when_papers_and_mistakes() {
        for step in Step::ALL {
            let StepSpec { on_label, guide, .. } = step.spec();
            assert!(!on_label.is_empty(), "{step:?}");
            for text in [&guide.what, &guide.who, &guide.when] {
                assert!(text.chars().count() >= 6 && text.ends_with('。'), "{step:?}: {text}");
            }
            assert!(guide.steps.len() >= 2 && guide.mistakes.len() >= 2 && !guide.papers.is_empty(), "{step:?}");
        }
    }

    #[test]
    fn keys_are_used_once_and_conditions_name_fields_and_choices_that_exist() {
        for step in Step::ALL {
            let spec = step.spec();
            let mut keys = BTreeSet::new();
            assert!(spec.fields.iter().all(|field| keys.insert(&field.key)), "{step:?}");
            let mut keys = BTreeSet::new();
            assert!(spec.papers.iter().all(|paper| keys.insert(&paper.key)), "{step:?}");
            let conditions = spec.fields.iter().filter_map(|field| field.only_if.as_ref());
            for condition in conditions.chain(spec.papers.iter().filter_map(|paper| paper.only_if.as_ref())) {
                let field = spec.field(&condition.field).unwrap_or_else(|| panic!("{step:?}: {condition:?}"));
                assert!(!condition.values.is_empty());
                for value in &condition.values {
                    let known = match field.kind {
                        FieldKind::Vote => value == "written",
                        _ => field.choice_name(value).is_some(),
                    };
                    assert!(known, "{step:?}: {value}");
                }
            }
        }
    }

    #[test]
    fn choices_have_words_and_numbers_have_bounds() {
        for step in Step::ALL {
            for field in &step.spec().fields {
                assert_eq!(field.kind == FieldKind::Choice, !field.choices.is_empty(), "{step:?} {}", field.key);
                if matches!(field.kind, FieldKind::Number | FieldKind::Persons) {
                    assert!(field.least <= field.most && field.most.is_some(), "{step:?} {}", field.key);
                }
            }
        }
    }

    #[test]
    fn a_paper_that_can_be_generated_has_a_template_of_its_own_name() {
        let templates: Vec<&str> = Step::ALL
            .iter()
            .flat_map(|step| &step.spec().papers)
            .filter_map(|paper| paper.template.as_deref())
            .collect();
        let once: BTreeSet<&str> = templates.iter().copied().collect();
        assert_eq!(once.len(), templates.len());
        assert!(templates.len() >= 20);
    }
}

//! What is filled in at a step, typed: read from a form or from storage, written to storage, shown in words.

use super::spec::{FieldKind, FieldSpec};
use super::step::Step;
use crate::date::{PartialDate, Precision};
use crate::ids::{OrgId, PersonId};
use crate::meeting::VoteCount;
use crate::refusal::Refusal;
use jiff::civil::Date;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

/// Most characters of a line.
const LINE: usize = 200;
/// Most characters of a longer text.
const LONG: usize = 5000;
/// Most votes of one kind.
const VOTES: u64 = 100_000;

/// What a field holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A text, or the key of a choice.
    Text(String),
    /// A whole number.
    Number(i64),
    /// A day.
    Date(Date),
    /// Persons.
    Persons(Vec<PersonId>),
    /// An organisation.
    Org(OrgId),
    /// The counts of a vote.
    Vote(VoteCount),
}

/// The filled-in fields of a step; what is empty is not there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Values(pub BTreeMap<String, Value>);

impl Values {
    /// Reads what a form says. Every field that cannot be read is named; whether all is there that is needed is not looked at.
    /// Fields that the form does not show, as filled in, are left out.
    pub fn read(step: Step, form: &BTreeMap<String, Json>) -> Result<Values, Vec<Refusal>> {
        let spec = step.spec();
        let (mut values, mut refusals) = (Values::default(), Vec::new());
        for (key, json) in form {
            match spec.field(key).map(|field| read_value(field, json)) {
                Some(Ok(Some(value))) => {
                    values.0.insert(key.clone(), value);
                }
                Some(Ok(None)) => {}
                Some(Err(message)) => refusals.push(Refusal::new("", "bad_value", pointer(key), message)),
                None => {
                    let message = format!("这一步没有「{key}」这一项。请刷新页面后重填。");
                    refusals.push(Refusal::new("", "unknown_field", pointer(key), message));
                }
            }
        }
        if !refusals.is_empty() {
            return Err(refusals);
        }
        let hidden: Vec<&str> =
            spec.fields.iter().filter(|field| !field.shown(&values)).map(|field| field.key.as_str()).collect();
        values.0.retain(|key, _| !hidden.contains(&key.as_str()));
        Ok(values)
    }

    /// Reads what was stored once; what the form no longer has is left out.
    pub fn stored(step: Step, form: &BTreeMap<String, Json>) -> Values {
        let spec = step.spec();
        let read = |(key, json): (&String, &Json)| {
            let value = read_value(spec.field(key)?, json).ok().flatten()?;
            Some((key.clone(), value))
        };
        Values(form.iter().filter_map(read).collect())
    }

    /// The form in which it is stored and sent.
    pub fn to_json(&self) -> BTreeMap<String, Json> {
        self.0.iter().map(|(key, value)| (key.clone(), value.to_json())).collect()
    }

    /// Every filled-in field in words, in the form's order.
    pub fn shown(
        &self,
        step: Step,
        person: impl Fn(PersonId) -> String,
        org: impl Fn(OrgId) -> String,
    ) -> Vec<(&'static str, String)> {
        let fields = step.spec().fields.iter();
        fields
            .filter_map(|field| {
                let text = match self.0.get(&field.key)? {
                    Value::Text(text) => field.choice_name(text).unwrap_or(text).to_owned(),
                    Value::Number(number) => number.to_string(),
                    Value::Date(date) => date.to_string(),
                    Value::Persons(ids) => ids.iter().map(|id| person(*id)).collect::<Vec<_>>().join("、"),
                    Value::Org(id) => org(*id),
                    Value::Vote(vote) => vote_words(vote),
                };
                Some((field.label.as_str(), text))
            })
            .collect()
    }

    /// A text, or the key of a choice.
    pub fn text(&self, key: &str) -> Option<&str> {
        match self.0.get(key)? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Whether a choice fell on this key.
    pub fn is(&self, key: &str, choice: &str) -> bool {
        self.text(key) == Some(choice)
    }

    /// A number.
    pub fn number(&self, key: &str) -> Option<i64> {
        match self.0.get(key)? {
            Value::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// A day.
    pub fn date(&self, key: &str) -> Option<Date> {
        match self.0.get(key)? {
            Value::Date(date) => Some(*date),
            _ => None,
        }
    }

    /// Persons; none when the field is empty.
    pub fn persons(&self, key: &str) -> &[PersonId] {
        match self.0.get(key) {
            Some(Value::Persons(persons)) => persons,
            _ => &[],
        }
    }

    /// An organisation.
    pub fn org(&self, key: &str) -> Option<OrgId> {
        match self.0.get(key)? {
            Value::Org(org) => Some(*org),
            _ => None,
        }
    }

    /// The counts of a vote.
    pub fn vote(&self, key: &str) -> Option<VoteCount> {
        match self.0.get(key)? {
            Value::Vote(vote) => Some(*vote),
            _ => None,
        }
    }

    /// Everybody who is named in it.
    pub fn all_persons(&self) -> impl Iterator<Item = PersonId> {
        self.0.values().flat_map(|value| match value {
            Value::Persons(persons) => persons.clone(),
            _ => Vec::new(),
        })
    }

    /// Every organisation that is named in it.
    pub fn all_orgs(&self) -> impl Iterator<Item = OrgId> {
        self.0.values().filter_map(|value| match value {
            Value::Org(org) => Some(*org),
            _ => None,
        })
    }
}

impl Value {
    fn to_json(&self) -> Json {
        match self {
            Value::Text(text) => json!(text),
            Value::Number(number) => json!(number),
            Value::Date(date) => json!(date.to_string()),
            Value::Persons(persons) => json!(persons),
            Value::Org(org) => json!(org),
            Value::Vote(vote) => json!({
                "expected_voters": vote.expected_voters, "present_voters": vote.present_voters, "written": vote.written,
                "in_favour": vote.in_favour, "against": vote.against, "abstained": vote.abstained,
            }),
        }
    }
}

/// The place of a field in a form.
pub(super) fn pointer(key: &str) -> String {
    format!("/values/{}", key.replace('~', "~0").replace('/', "~1"))
}

fn vote_words(vote: &VoteCount) -> String {
    let written = if vote.written > 0 { format!("，书面意见 {} 份", vote.written) } else { String::new() };
    format!(
        "应到会有表决权 {} 人，到会 {} 人{written}；赞成 {}，不赞成 {}，弃权 {}",
        vote.expected_voters, vote.present_voters, vote.in_favour, vote.against, vote.abstained
    )
}

fn read_value(field: &FieldSpec, json: &Json) -> Result<Option<Value>, String> {
    let label = &field.label;
    if json.is_null() || json.as_str().is_some_and(|text| text.trim().is_empty()) {
        return Ok(None);
    }
    let wrong = || format!("「{label}」填写的内容无法识别。请重新填写。");
    let text = || json.as_str().map(str::trim).ok_or_else(wrong);
    let value = match field.kind {
        FieldKind::Text => Value::Text(plain_text(label, text()?, LINE, false)?),
        FieldKind::LongText => Value::Text(plain_text(label, text()?, LONG, true)?),
        FieldKind::Choice => {
            let key = text()?;
            field
                .choice_name(key)
                .ok_or_else(|| format!("「{label}」没有「{key}」这个选项。请从列出的选项中选择。"))?;
            Value::Text(key.to_owned())
        }
        FieldKind::Date => {
            let date = PartialDate::parse(text()?).map_err(|e| format!("「{label}」{e}。"))?;
            if date.precision != Precision::Day {
                return Err(format!("「{label}」须写到日，如 2026-03-05。"));
            }
            Value::Date(date.date)
        }
        FieldKind::Number => {
            let number = json.as_i64().or_else(|| json.as_str()?.trim().parse().ok()).ok_or_else(wrong)?;
            let (least, most) = (field.least.unwrap_or(0), field.most.unwrap_or(i64::MAX));
            if !(least..=most).contains(&number) {
                return Err(format!("「{label}」应在 {least} 至 {most} 之间。请核对。"));
            }
            Value::Number(number)
        }
        FieldKind::Persons => Value::Persons(read_persons(field, json)?),
        FieldKind::Org => Value::Org(text()?.parse().map_err(|_| wrong())?),
        FieldKind::Vote => Value::Vote(read_vote(label, json)?),
    };
    Ok(Some(value).filter(|value| *value != Value::Persons(Vec::new())))
}

fn plain_text(label: &str, text: &str, most: usize, lines: bool) -> Result<String, String> {
    if text.chars().count() > most {
        return Err(format!("「{label}」最多 {most} 字。请精简，或写在材料里上传。"));
    }
    if text.chars().any(|c| c.is_control() && !(lines && matches!(c, '\n' | '\r' | '\t'))) {
        return Err(format!("「{label}」中有不可见的控制字符。请删去后重填。"));
    }
    Ok(text.to_owned())
}

fn read_persons(field: &FieldSpec, json: &Json) -> Result<Vec<PersonId>, String> {
    let label = &field.label;
    let wrong = || format!("「{label}」须从党员名单中选择。请重新选择。");
    let mut persons: Vec<PersonId> = Vec::new();
    for one in json.as_array().ok_or_else(wrong)? {
        let person = one.as_str().and_then(|text| text.parse().ok()).ok_or_else(wrong)?;
        if persons.contains(&person) {
            return Err(format!("「{label}」中同一个人选了两次。请去掉重复的。"));
        }
        persons.push(person);
    }
    match field.most {
        Some(most) if persons.len() as i64 > most => Err(format!("「{label}」最多 {most} 人。请减少。")),
        _ => Ok(persons),
    }
}

fn read_vote(label: &str, json: &Json) -> Result<VoteCount, String> {
    let count = |key: &str, name: &str| {
        let number = json.get(key).and_then(Json::as_u64).filter(|number| *number <= VOTES);
        number.and_then(|number| u32::try_from(number).ok()).ok_or_else(|| format!("「{label}」的{name}须填写人数。"))
    };
    Ok(VoteCount {
        expected_voters: count("expected_voters", "应到会有表决权人数")?,
        present_voters: count("present_voters", "到会有表决权人数")?,
        written: count("written", "书面意见数")?,
        in_favour: count("in_favour", "赞成数")?,
        against: count("against", "不赞成数")?,
        abstained: count("abstained", "弃权数")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn read(step: Step, form: Json) -> Result<Values, Vec<(String, String)>> {
        let form: BTreeMap<String, Json> = serde_json::from_value(form).unwrap();
        Values::read(step, &form).map_err(|refused| refused.into_iter().map(|r| (r.field, r.message)).collect())
    }

    #[test]
    fn what_is_written_is_read_back() {
        let form = json!({
            "vote": { "expected_voters": 9, "present_voters": 8, "written": 1, "in_favour": 8, "against": 1, "abstained": 0 },
            "ballot": "secret", "place": " 会议室 ",
        });
        let values = read(Step::AdmissionVote, form).unwrap();
        assert_eq!(values.vote("vote").unwrap().in_favour, 8);
        assert_eq!(values.text("place"), Some("会议室"));
        assert_eq!(Values::read(Step::AdmissionVote, &values.to_json()), Ok(values.clone()));
        let shown = values.shown(Step::AdmissionVote, |_| String::new(), |_| String::new());
        assert!(shown.iter().any(|(label, text)| *label == "表决方式" && text == "无记名投票"), "{shown:?}");
    }

    #[test]
    fn every_field_that_cannot_be_read_is_named() {
        let refused = read(
            Step::IntensiveTraining,
            json!({ "from": "2026-02-30", "days": "很多", "nonsense": 1, "hours": 9999 }),
        )
        .unwrap_err();
        let fields: Vec<&str> = refused.iter().map(|(field, _)| field.as_str()).collect();
        assert_eq!(fields, ["/values/days", "/values/from", "/values/hours", "/values/nonsense"]);
    }

    #[test]
    fn dates_are_days_and_texts_are_text() {
        assert!(read(Step::IntensiveTraining, json!({ "from": "2026-02" })).unwrap_err()[0].1.contains("须写到日"));
        let values =
            read(Step::IntensiveTraining, json!({ "trained": "yes", "from": "2026年3月5日", "organiser": "" }))
                .unwrap();
        assert_eq!((values.date("from"), values.text("organiser")), (Some(date(2026, 3, 5)), None));
        assert!(read(Step::IntensiveTraining, json!({ "organiser": "a\u{7}b" })).is_err());
        assert!(read(Step::IntensiveTraining, json!({ "organiser": "长".repeat(201) })).is_err());
        assert!(read(Step::IntensiveTraining, json!({ "organiser": ["x"] })).is_err());
    }

    #[test]
    fn persons_are_chosen_once_and_not_too_many() {
        let chosen = |ids: Json| read(Step::SponsorAssignment, json!({ "sponsors": ids }));
        assert_eq!(chosen(json!(["7", "8"])).unwrap().persons("sponsors"), [PersonId(7), PersonId(8)]);
        assert!(chosen(json!(["7", "7"])).is_err());
        assert!(chosen(json!(["7", "8", "9"])).is_err());
        assert!(chosen(json!(["张三"])).is_err());
        assert!(chosen(json!("7")).is_err());
    }

    #[test]
    fn what_the_form_does_not_show_is_left_out() {
        let values = read(Step::ConversionVote, json!({ "decision": "convert", "extension_months": 6 })).unwrap();
        assert_eq!(values.number("extension_months"), None);
        let values = read(Step::ConversionVote, json!({ "decision": "extend", "extension_months": 6 })).unwrap();
        assert_eq!(values.number("extension_months"), Some(6));
    }

    #[test]
    fn votes_are_whole_numbers() {
        for bad in [json!(-1), json!(1.5), json!("8"), json!(10_000_000), Json::Null] {
            let vote = json!({ "expected_voters": 9, "present_voters": 8, "written": 0, "in_favour": bad, "against": 0, "abstained": 0 });
            assert!(read(Step::AdmissionVote, json!({ "vote": vote })).is_err());
        }
    }
}

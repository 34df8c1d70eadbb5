//! Editing a dossier by a form: the same reading and the same checks as a roster's row, and what a form may not do. Pure.

use crate::codes::Membership;
use crate::intake::{Code, Draft, Field, Finding, Raw};
use crate::member::Record;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// What a form says, by field: a text as typed; an empty one empties the field.
pub type Form = BTreeMap<Field, String>;

/// Why a field is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Which field.
    pub field: Field,
    /// A stable code.
    pub code: &'static str,
    /// What is wrong and what to do.
    pub message: String,
}

impl Fault {
    /// A fault.
    pub fn new(field: Field, code: &'static str, message: impl Into<String>) -> Self {
        Fault { field, code, message: message.into() }
    }
}

impl From<Finding> for Fault {
    fn from(finding: Finding) -> Self {
        Fault { field: finding.field, code: finding.code.key(), message: finding.message }
    }
}

/// Whether forms have the field at all: the others are the roster's own, or settled by choosing an organisation.
pub fn is_on_forms(field: Field) -> bool {
    !matches!(field, Field::Seq | Field::Reference | Field::Org | Field::OrgCode)
}

/// Why a form may not set a field to a value: what has a procedure of its own is not corrected like a slip of the pen.
pub fn refusal(field: Field, text: &str) -> Option<Fault> {
    if matches!(field, Field::Org | Field::OrgCode) {
        let message = "所在党支部不能直接修改。请办理组织关系接转（EDU-03）";
        return Some(Fault::new(field, "use_transfer", message));
    }
    if !is_on_forms(field) {
        return Some(Fault::new(field, "unknown_field", format!("{}由系统编定，不能填写。请去掉", field.label())));
    }
    let leaves = field == Field::Membership && Membership::parse(text).is_some_and(|state| !state.counts());
    leaves.then(|| {
        let message = "停止党籍、除名、出党、去世等须由组织决定后在「办理离开」中登记日期和事由（EDU-05）";
        Fault::new(field, "use_leave", message)
    })
}

/// The dossier after a form is applied: a masked value leaves its field as it is. All faults, not the first; a contradiction that
/// stood before the edit does not hold it up.
pub fn edited(before: &Record, form: &Form, today: Date) -> Result<Record, Vec<Fault>> {
    let mut draft = Draft::default();
    let mut faults = Vec::new();
    for (field, text) in form {
        if let Some(fault) = refusal(*field, text) {
            faults.push(fault);
        } else if text.trim().is_empty() {
            draft.cleared.push(*field);
        } else if let Err(finding) = draft.take(*field, &Raw::Text(text.clone()), true) {
            faults.push(finding.into());
        }
    }
    let after = before.with(&draft, None);
    let kept = draft.cleared.iter().filter(|field| !after.value(**field).is_empty());
    faults.extend(kept.map(|field| {
        let message = format!("{}不能清空。请填写", field.label());
        Finding::new(*field, Code::MissingRequired, message).into()
    }));
    let standing = before.check(today);
    let found = after.check(today).into_iter().filter(|finding| !standing.contains(finding));
    let found: Vec<Fault> =
        found.filter(|finding| !faults.iter().any(|fault| fault.field == finding.field)).map(Fault::from).collect();
    faults.extend(found);
    if faults.is_empty() { Ok(after) } else { Err(faults) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::OrgId;
    use crate::intake;
    use jiff::civil::date;

    const TODAY: Date = date(2026, 11, 24);

    fn record() -> Record {
        let text = |field, text: &str| (field, Raw::Text(text.to_owned()));
        let checked = intake::check(
            &[
                text(Field::Name, "张三"),
                text(Field::Identity, "11010519491231002X"),
                text(Field::Ethnicity, "汉"),
                text(Field::Education, "本科"),
                text(Field::Stage, "正式党员"),
                text(Field::JoinedOn, "1970-01-01"),
                text(Field::FullOn, "1971-01-01"),
                text(Field::OrgCode, "0101"),
                text(Field::Phone, "13800001234"),
                text(Field::Household, "北京市朝阳区"),
            ],
            TODAY,
        );
        assert_eq!(checked.errors, []);
        Record::new(&checked.draft, OrgId(1)).unwrap()
    }

    fn edit(fields: &[(Field, &str)]) -> Result<Record, Vec<(Field, &'static str)>> {
        let form = fields.iter().map(|(field, text)| (*field, (*text).to_owned())).collect();
        edited(&record(), &form, TODAY).map_err(|faults| faults.iter().map(|fault| (fault.field, fault.code)).collect())
    }

    #[test]
    fn what_is_left_out_or_masked_stays() {
        assert_eq!(edit(&[]).unwrap(), record());
        let masked: Vec<(Field, String)> =
            Field::ALL.iter().filter(|f| is_on_forms(**f)).map(|f| (*f, record().masked(*f))).collect();
        let masked: Vec<(Field, &str)> = masked.iter().map(|(field, text)| (*field, text.as_str())).collect();
        assert_eq!(edit(&masked).unwrap(), record(), "a form sent back as it was shown changes nothing");
    }

    #[test]
    fn an_empty_text_empties_what_may_be_empty() {
        let after = edit(&[(Field::Phone, ""), (Field::Ethnicity, " ")]).unwrap();
        assert_eq!((after.private.phone, after.ethnicity), (None, None));
        let refused = edit(&[(Field::Name, ""), (Field::Identity, ""), (Field::FullOn, "")]).unwrap_err();
        let missing = [Field::Name, Field::Identity, Field::FullOn].map(|field| (field, "missing_required"));
        assert_eq!(refused, missing, "a full member has a day of becoming one (REG-05)");
    }

    #[test]
    fn all_faults_come_at_once() {
        let refused = edit(&[
            (Field::Phone, "1"),
            (Field::Education, "火星"),
            (Field::JoinedOn, "1960-01-01"),
            (Field::Gender, "男"),
            (Field::Org, "二支部"),
            (Field::Membership, "除名"),
        ]);
        assert_eq!(
            refused.unwrap_err(),
            [
                (Field::Education, "unknown_code"),
                (Field::Org, "use_transfer"),
                (Field::Phone, "bad_phone"),
                (Field::Membership, "use_leave"),
                (Field::Gender, "gender_mismatch"),
                (Field::JoinedOn, "joined_under_18"),
            ]
        );
    }

    #[test]
    fn a_fault_of_long_ago_does_not_hold_up_another_edit() {
        let broken = Record { full_on: None, ..record() };
        let form = [(Field::Phone, "13900001234".to_owned())].into();
        assert!(edited(&broken, &form, TODAY).is_ok());
    }
}

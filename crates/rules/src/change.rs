//! 变更申请: what a member may propose to change in the own dossier, and how the organisation decides on it. Pure: a proposal
//! changes nothing until somebody else has approved it.

use crate::form::{Fault, Form, edited, is_on_forms};
use crate::intake::Field;
use crate::member::Record;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Where a proposal stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// 待审核.
    Pending,
    /// 已采纳: the dossier has been changed.
    Approved,
    /// 已退回, with a reason.
    Returned,
}

impl State {
    /// All states.
    pub const ALL: [State; 3] = [State::Pending, State::Approved, State::Returned];

    /// The identifier used in JSON and stored.
    pub fn key(self) -> &'static str {
        match self {
            State::Pending => "pending",
            State::Approved => "approved",
            State::Returned => "returned",
        }
    }

    /// The state of an identifier.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.key() == key)
    }

    /// The Chinese name.
    pub fn name(self) -> &'static str {
        match self {
            State::Pending => "待审核",
            State::Approved => "已采纳",
            State::Returned => "已退回",
        }
    }
}

/// One field of a proposal, in full: as it stood when it was proposed, and as it should be.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposed {
    /// The field's key.
    pub field: String,
    /// The registered value.
    pub before: String,
    /// The proposed value; empty to empty the field.
    pub after: String,
}

impl std::fmt::Debug for Proposed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Proposed({})", self.field)
    }
}

impl Proposed {
    /// The field.
    pub fn field(&self) -> Option<Field> {
        Field::from_key(&self.field)
    }
}

/// What an organisation decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// 采纳.
    Approve,
    /// 退回.
    Return {
        /// What is missing or wrong.
        reason: String,
    },
}

/// Why a decision is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Somebody has decided already.
    #[error("这份变更申请{}，不用再审核", .0.name())]
    Decided(State),
    /// Nobody decides on the own proposal.
    #[error("本人提出的变更申请须由他人审核。请交其他党务工作者或上级党组织办理")]
    Own,
    /// Returned without a reason.
    #[error("退回须写明理由，至少 {MIN_REASON} 个字")]
    NoReason,
}

/// Fewest characters of a reason.
pub const MIN_REASON: usize = 4;

impl Refused {
    /// A stable code.
    pub fn code(self) -> &'static str {
        match self {
            Refused::Decided(_) => "change_decided",
            Refused::Own => "own_change",
            Refused::NoReason => "reason_too_short",
        }
    }
}

/// Whether a member may propose a value for the field: organisation, stage, membership and posts have procedures of their own.
pub fn may_propose(field: Field) -> bool {
    is_on_forms(field) && !matches!(field, Field::Stage | Field::Membership | Field::PartyPost)
}

/// What a member proposes, read and checked against the dossier as it stands. `pending` are the fields of proposals that are
/// not decided yet.
pub fn propose(record: &Record, form: &Form, pending: &[Field], today: Date) -> Result<Vec<Proposed>, Vec<Fault>> {
    let mut faults = Vec::new();
    for field in form.keys() {
        if !may_propose(*field) {
            let message = format!("{}按规定程序办理，不在这里更正。请联系党支部", field.label());
            faults.push(Fault::new(*field, "not_proposable", message));
        } else if pending.contains(field) {
            let message = format!("{}已有一份待审核的变更申请。请等审核后再提出", field.label());
            faults.push(Fault::new(*field, "change_pending", message));
        }
    }
    let proposable = form.iter().filter(|(field, _)| may_propose(**field));
    let proposable: Form = proposable.map(|(field, text)| (*field, text.clone())).collect();
    let after = match edited(record, &proposable, today) {
        Ok(after) => after,
        Err(found) => {
            let new = found.into_iter().filter(|one| !faults.iter().any(|fault| fault.field == one.field));
            let new: Vec<Fault> = new.collect();
            faults.extend(new);
            return Err(faults);
        }
    };
    for field in proposable.keys().filter(|field| record.value(**field) == after.value(**field)) {
        let message = format!("{}和现在登记的一样，不需要更正", field.label());
        faults.push(Fault::new(*field, "unchanged", message));
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let proposed = |field: &Field| Proposed {
        field: field.key().to_owned(),
        before: record.value(*field),
        after: after.value(*field),
    };
    Ok(form.keys().map(proposed).collect())
}

/// The state after a decision. `own` is whether the decider is the member who proposed it.
pub fn decide(state: State, own: bool, command: &Command) -> Result<State, Refused> {
    match (state, command) {
        (State::Approved | State::Returned, _) => Err(Refused::Decided(state)),
        (State::Pending, _) if own => Err(Refused::Own),
        (State::Pending, Command::Approve) => Ok(State::Approved),
        (State::Pending, Command::Return { reason }) if reason.trim().chars().count() < MIN_REASON => {
            Err(Refused::NoReason)
        }
        (State::Pending, Command::Return { .. }) => Ok(State::Returned),
    }
}

/// The dossier after an approved proposal. A field that has been changed by others since is refused: the member has not seen it.
pub fn apply(record: &Record, proposed: &[Proposed], today: Date) -> Result<Record, Vec<Fault>> {
    let mut form = Form::new();
    let mut faults = Vec::new();
    for one in proposed {
        let Some(field) = one.field() else { continue };
        let current = record.value(field);
        if current != one.before && current != one.after {
            let message = format!("{}在申请提出后已被另行修改。请退回，由本人核对后重新提出", field.label());
            faults.push(Fault::new(field, "changed_since", message));
        }
        form.insert(field, one.after.clone());
    }
    match edited(record, &form, today) {
        Ok(after) if faults.is_empty() => Ok(after),
        Ok(_) => Err(faults),
        Err(found) => {
            faults.extend(found);
            Err(faults)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes::{Education, Gender, Stage};
    use crate::ids::OrgId;
    use crate::intake::Draft;
    use crate::name::PersonName;
    use jiff::civil::date;

    const TODAY: Date = date(2026, 11, 24);

    fn record() -> Record {
        let draft = Draft {
            name: Some(PersonName::parse("张三").unwrap()),
            gender: Some(Gender::Male),
            stage: Some(Stage::Activist),
            education: Some(Education::Bachelor),
            ..Draft::default()
        };
        Record::new(&draft, OrgId(1)).unwrap()
    }

    fn form(fields: &[(Field, &str)]) -> Form {
        fields.iter().map(|(field, text)| (*field, (*text).to_owned())).collect()
    }

    fn codes(faults: Vec<Fault>) -> Vec<(Field, &'static str)> {
        faults.iter().map(|fault| (fault.field, fault.code)).collect()
    }

    #[test]
    fn a_proposal_keeps_what_was_and_what_should_be() {
        let proposed = propose(&record(), &form(&[(Field::Education, "研究生")]), &[], TODAY).unwrap();
        let shown: Vec<_> = proposed.iter().map(|one| [&one.field, &one.before, &one.after]).collect();
        assert_eq!(shown, [["education", "大学本科", "硕士研究生"]]);
        assert_eq!(apply(&record(), &proposed, TODAY).unwrap().standing.education, Some(Education::Master));
    }

    #[test]
    fn what_has_a_procedure_is_not_proposed() {
        let wanted =
            [(Field::Stage, "正式党员"), (Field::Org, "二支部"), (Field::Membership, "正常"), (Field::Phone, "1")];
        let refused = propose(&record(), &form(&wanted), &[], TODAY).unwrap_err();
        let expected = [
            (Field::Org, "not_proposable"),
            (Field::Stage, "not_proposable"),
            (Field::Membership, "not_proposable"),
            (Field::Phone, "bad_phone"),
        ];
        assert!(expected.iter().all(|one| codes(refused.clone()).contains(one)), "{refused:?}");
    }

    #[test]
    fn the_same_value_and_a_field_already_proposed_are_refused() {
        let wanted = form(&[(Field::Education, "本科"), (Field::Title, "工程师")]);
        let refused = propose(&record(), &wanted, &[Field::Title], TODAY).unwrap_err();
        assert_eq!(codes(refused), [(Field::Title, "change_pending"), (Field::Education, "unchanged")]);
    }

    #[test]
    fn what_others_changed_since_is_not_overwritten() {
        let proposed = propose(&record(), &form(&[(Field::Education, "研究生")]), &[], TODAY).unwrap();
        let mut since = record();
        since.standing.education = Some(Education::Doctor);
        assert_eq!(codes(apply(&since, &proposed, TODAY).unwrap_err()), [(Field::Education, "changed_since")]);
        since.standing.education = Some(Education::Master);
        assert!(apply(&since, &proposed, TODAY).is_ok(), "already as proposed");
    }

    #[test]
    fn a_proposal_is_decided_once_by_somebody_else() {
        let back = |reason: &str| Command::Return { reason: reason.to_owned() };
        assert_eq!(decide(State::Pending, false, &Command::Approve), Ok(State::Approved));
        assert_eq!(decide(State::Pending, false, &back("缺少毕业证")), Ok(State::Returned));
        assert_eq!(decide(State::Pending, false, &back(" 缺 ")), Err(Refused::NoReason));
        assert_eq!(decide(State::Pending, true, &Command::Approve), Err(Refused::Own));
        for state in [State::Approved, State::Returned] {
            assert_eq!(decide(state, false, &Command::Approve), Err(Refused::Decided(state)));
        }
    }
}

//! 党籍变动: how a person leaves the organisation's count, for good or for a time (EDU-05). Always decided by the organisation and
//! entered by a person; nothing here is ever done by the calendar.

use crate::codes::{Membership, Stage};
use crate::member::Record;
use jiff::civil::Date;

/// Why a leave is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The state is not one in which a person has left.
    #[error("「{0}」不是离开的情形。请另选")]
    NotALeave(Membership),
    /// No spell lasts any more.
    #[error("此人已于 {0} 离开，不能再次办理。请刷新页面")]
    HasLeft(Date),
    /// A state that a person of this stage cannot have.
    #[error("{stage}不适用「{kind}」。请核对人员类别，或另选")]
    Stage {
        /// The person's stage.
        stage: Stage,
        /// The state asked for.
        kind: Membership,
    },
    /// After today.
    #[error("日期 {0} 晚于今天。请填写组织决定生效的日期")]
    Future(Date),
    /// Not after the beginning of the standing that it ends.
    #[error("日期 {on} 不晚于现有人员类别和所在组织的起始日 {since}。请核对")]
    TooEarly {
        /// The day asked for.
        on: Date,
        /// Since when the standing holds.
        since: Date,
    },
}

impl Refused {
    /// A stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Refused::NotALeave(_) | Refused::Stage { .. } => "leave_kind",
            Refused::HasLeft(_) => "has_left",
            Refused::Future(_) | Refused::TooEarly { .. } => "bad_date",
        }
    }
}

/// The state of an identifier, if it is one in which a person has left.
pub fn kind_from_key(key: &str) -> Option<Membership> {
    Membership::from_key(key).filter(|state| !state.counts())
}

/// Whether a person of this stage can leave so.
fn applies(kind: Membership, stage: Stage) -> bool {
    match kind {
        Membership::TransferredOut | Membership::Died => true,
        Membership::Suspended | Membership::Removed | Membership::Expelled | Membership::Withdrawn => stage.is_member(),
        Membership::Cancelled => stage == Stage::Probationary,
        Membership::NotApplying => !stage.is_member(),
        Membership::Normal | Membership::OutOfContact => false,
    }
}

/// The dossier after a leave. `since` and `until` are the days of the last spell.
pub fn decide(
    record: &Record,
    (since, until): (Date, Option<Date>),
    kind: Membership,
    on: Date,
    today: Date,
) -> Result<Record, Refused> {
    let stage = record.standing.stage;
    if let Some(day) = until {
        return Err(Refused::HasLeft(day));
    }
    if kind.counts() {
        return Err(Refused::NotALeave(kind));
    }
    if !applies(kind, stage) {
        return Err(Refused::Stage { stage, kind });
    }
    if on > today {
        return Err(Refused::Future(on));
    }
    if on <= since {
        return Err(Refused::TooEarly { on, since });
    }
    Ok(Record { membership: kind, ..record.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes::Gender;
    use crate::ids::OrgId;
    use crate::intake::Draft;
    use crate::name::PersonName;
    use jiff::civil::date;

    const TODAY: Date = date(2026, 11, 24);
    const SINCE: Date = date(2009, 6, 15);

    fn decided(stage: Stage, until: Option<Date>, kind: Membership, on: Date) -> Result<Membership, &'static str> {
        let draft = Draft {
            name: Some(PersonName::parse("张三").unwrap()),
            gender: Some(Gender::Male),
            stage: Some(stage),
            ..Draft::default()
        };
        let record = Record::new(&draft, OrgId(1)).unwrap();
        decide(&record, (SINCE, until), kind, on, TODAY).map(|after| after.membership).map_err(|refused| refused.code())
    }

    #[test]
    fn a_leave_has_its_kind_and_its_day() {
        let day = date(2026, 11, 1);
        assert_eq!(decided(Stage::Full, None, Membership::Died, day), Ok(Membership::Died));
        assert_eq!(decided(Stage::Probationary, None, Membership::Cancelled, day), Ok(Membership::Cancelled));
        assert_eq!(decided(Stage::Full, None, Membership::Cancelled, day), Err("leave_kind"));
        assert_eq!(decided(Stage::Activist, None, Membership::Expelled, day), Err("leave_kind"));
        assert_eq!(decided(Stage::Full, None, Membership::OutOfContact, day), Err("leave_kind"));
        assert_eq!(decided(Stage::Full, Some(day), Membership::Died, day), Err("has_left"));
        assert_eq!(decided(Stage::Full, None, Membership::Died, date(2026, 11, 25)), Err("bad_date"));
        assert_eq!(decided(Stage::Full, None, Membership::Died, SINCE), Err("bad_date"));
    }

    #[test]
    fn only_states_that_end_are_leaves() {
        assert_eq!(kind_from_key("died"), Some(Membership::Died));
        assert_eq!(kind_from_key("normal"), None);
        assert_eq!(kind_from_key("out_of_contact"), None);
    }
}

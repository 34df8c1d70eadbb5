//! 组织关系接转: the states of a transfer, who decides what, and the time limit (EDU-03, EDU-04). Knows no storage and no clock.

use crate::codes::Stage;
use crate::date::add_days;
use crate::measure::{Measure, Measures};
use jiff::civil::Date;

/// Where a transfer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TransferState {
    /// Asked for; the person still belongs to the old branch, which answers for him or her (EDU-03).
    Pending,
    /// The receiving branch took the person in.
    Accepted,
    /// The receiving branch refused, with a reason.
    Rejected,
    /// The sending side took it back.
    Withdrawn,
}

impl TransferState {
    /// All states.
    pub const ALL: &'static [TransferState] =
        &[TransferState::Pending, TransferState::Accepted, TransferState::Rejected, TransferState::Withdrawn];

    /// The identifier used in JSON and stored.
    pub fn key(self) -> &'static str {
        match self {
            TransferState::Pending => "pending",
            TransferState::Accepted => "accepted",
            TransferState::Rejected => "rejected",
            TransferState::Withdrawn => "withdrawn",
        }
    }

    /// The state of an identifier.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|state| state.key() == key)
    }

    /// The Chinese name.
    pub fn name(self) -> &'static str {
        match self {
            TransferState::Pending => "待接收",
            TransferState::Accepted => "已接收",
            TransferState::Rejected => "已退回",
            TransferState::Withdrawn => "已撤回",
        }
    }
}

/// What can be done about a transfer that is pending.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Decision {
    /// 接收.
    Accept,
    /// 退回.
    Reject,
    /// 撤回.
    Withdraw,
}

/// The two ends of a transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// 转出.
    Sending,
    /// 转入.
    Receiving,
}

impl Decision {
    /// Whose decision it is.
    pub fn side(self) -> Side {
        match self {
            Decision::Accept | Decision::Reject => Side::Receiving,
            Decision::Withdraw => Side::Sending,
        }
    }

    /// The state it leads to.
    pub fn outcome(self) -> TransferState {
        match self {
            Decision::Accept => TransferState::Accepted,
            Decision::Reject => TransferState::Rejected,
            Decision::Withdraw => TransferState::Withdrawn,
        }
    }

    /// Whether it must be given a reason: nobody may refuse a transfer without one (EDU-03).
    pub fn needs_reason(self) -> bool {
        self == Decision::Reject
    }
}

/// How a transfer looks from where somebody stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Into the own subtree.
    In,
    /// Out of the own subtree.
    Out,
    /// Both ends in the own subtree.
    Inner,
}

impl Direction {
    /// The identifier used in JSON.
    pub fn key(self) -> &'static str {
        match self {
            Direction::In => "in",
            Direction::Out => "out",
            Direction::Inner => "inner",
        }
    }

    /// The direction of an identifier.
    pub fn from_key(key: &str) -> Option<Self> {
        [Direction::In, Direction::Out, Direction::Inner].into_iter().find(|direction| direction.key() == key)
    }

    /// The direction of a transfer of which one end, or both, lie in the own subtrees; none when neither does.
    pub fn of(sends: bool, receives: bool) -> Option<Self> {
        match (sends, receives) {
            (true, true) => Some(Direction::Inner),
            (true, false) => Some(Direction::Out),
            (false, true) => Some(Direction::In),
            (false, false) => None,
        }
    }
}

/// Why something cannot be done about a transfer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TransferRefused {
    /// Somebody decided already.
    #[error("这件接转{0}，不用再办理。")]
    Decided(&'static str),
    /// No reason where one is needed.
    #[error("退回须写明原因：不得无故拒转拒接（EDU-03）。请补填。")]
    NoReason,
    /// Not a member.
    #[error("组织关系接转只办理党员，此人是{0}。请在档案中直接修改所在党组织。")]
    NotMember(&'static str),
    /// Left the register.
    #[error("此人已离开，不能办理组织关系接转。请核对档案。")]
    Left,
    /// It would lead where the person is.
    #[error("此人已在该组织，不需要接转。请另选接收党组织。")]
    SamePlace,
    /// Another one is under way.
    #[error("此人还有一件未办结的组织关系接转（EDU-03）。请先办结或撤回。")]
    UnderWay,
    /// Taken in before it was asked for, or in the future.
    #[error("接收日期应在 {0} 至 {1} 之间。请改正。")]
    BadDay(Date, Date),
}

impl TransferRefused {
    /// A stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            TransferRefused::Decided(_) => "transfer_decided",
            TransferRefused::NoReason => "missing_required",
            TransferRefused::NotMember(_) => "not_member",
            TransferRefused::Left => "person_left",
            TransferRefused::SamePlace => "same_org",
            TransferRefused::UnderWay => "transfer_under_way",
            TransferRefused::BadDay(..) => "bad_date",
        }
    }
}

/// The last day on which the letter of introduction (介绍信) is valid (EDU-04). Past it an unanswered transfer is an alert, not void.
pub fn due_on(requested: Date, measures: &Measures) -> Date {
    add_days(requested, measures.get(Measure::TransferDays, requested))
}

/// Days by which a transfer is late; none while there is time, or when it has been decided (EDU-04).
pub fn overdue_days(state: TransferState, due: Date, today: Date) -> Option<i32> {
    match state {
        TransferState::Pending => Some((today - due).get_days()).filter(|days| *days > 0),
        TransferState::Accepted | TransferState::Rejected | TransferState::Withdrawn => None,
    }
}

/// Whether a transfer may be asked for.
pub fn check_request(stage: Stage, left: bool, same_place: bool, under_way: bool) -> Result<(), TransferRefused> {
    if left {
        return Err(TransferRefused::Left);
    }
    if !stage.is_member() {
        return Err(TransferRefused::NotMember(stage.name()));
    }
    if same_place {
        return Err(TransferRefused::SamePlace);
    }
    if under_way { Err(TransferRefused::UnderWay) } else { Ok(()) }
}

/// Whether a decision may be taken, and the state it leads to.
pub fn decide(state: TransferState, decision: Decision, reason: &str) -> Result<TransferState, TransferRefused> {
    match state {
        TransferState::Pending if decision.needs_reason() && reason.trim().is_empty() => Err(TransferRefused::NoReason),
        TransferState::Pending => Ok(decision.outcome()),
        TransferState::Accepted | TransferState::Rejected | TransferState::Withdrawn => {
            Err(TransferRefused::Decided(state.name()))
        }
    }
}

/// Whether a person may be taken in as of a day: not before it was asked for, not in the future.
pub fn check_day(requested: Date, on: Date, today: Date) -> Result<(), TransferRefused> {
    if (requested..=today.max(requested)).contains(&on) {
        Ok(())
    } else {
        Err(TransferRefused::BadDay(requested, today))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const ASKED: Date = date(2026, 8, 26);

    #[test]
    fn edu_04_the_letter_is_valid_for_ninety_days() {
        let due = due_on(ASKED, &Measures::default());
        assert_eq!(due, date(2026, 11, 24));
        assert_eq!(overdue_days(TransferState::Pending, due, due), None);
        assert_eq!(overdue_days(TransferState::Pending, due, date(2026, 11, 26)), Some(2));
        for state in [TransferState::Accepted, TransferState::Rejected, TransferState::Withdrawn] {
            assert_eq!(overdue_days(state, due, date(2027, 1, 1)), None);
        }
    }

    #[test]
    fn edu_04_an_enterprise_may_ask_for_an_answer_sooner() {
        let mut own = Measures::default();
        own.set(Measure::TransferDays, 30, ASKED).unwrap();
        assert_eq!(due_on(ASKED, &own), date(2026, 9, 25));
    }

    #[test]
    fn edu_03_nobody_refuses_without_a_reason() {
        assert_eq!(decide(TransferState::Pending, Decision::Reject, " "), Err(TransferRefused::NoReason));
        assert_eq!(decide(TransferState::Pending, Decision::Reject, "查无此人"), Ok(TransferState::Rejected));
        assert_eq!(decide(TransferState::Pending, Decision::Accept, ""), Ok(TransferState::Accepted));
        assert_eq!(decide(TransferState::Pending, Decision::Withdraw, ""), Ok(TransferState::Withdrawn));
    }

    #[test]
    fn what_is_decided_stays_decided() {
        for state in [TransferState::Accepted, TransferState::Rejected, TransferState::Withdrawn] {
            for decision in [Decision::Accept, Decision::Reject, Decision::Withdraw] {
                assert_eq!(decide(state, decision, "因"), Err(TransferRefused::Decided(state.name())));
            }
        }
    }

    #[test]
    fn the_receiving_side_accepts_and_rejects_and_the_sending_side_withdraws() {
        assert_eq!(Decision::Accept.side(), Side::Receiving);
        assert_eq!(Decision::Reject.side(), Side::Receiving);
        assert_eq!(Decision::Withdraw.side(), Side::Sending);
    }

    #[test]
    fn only_members_who_are_there_and_go_elsewhere_are_transferred_once_at_a_time() {
        assert_eq!(check_request(Stage::Full, false, false, false), Ok(()));
        assert_eq!(check_request(Stage::Probationary, false, false, false), Ok(()));
        let code = |result: Result<(), TransferRefused>| result.unwrap_err().code();
        assert_eq!(code(check_request(Stage::Activist, false, false, false)), "not_member");
        assert_eq!(code(check_request(Stage::Full, true, false, false)), "person_left");
        assert_eq!(code(check_request(Stage::Full, false, true, false)), "same_org");
        assert_eq!(code(check_request(Stage::Full, false, false, true)), "transfer_under_way");
    }

    #[test]
    fn a_person_is_taken_in_between_the_request_and_today() {
        let today = date(2026, 9, 1);
        assert_eq!(check_day(ASKED, ASKED, today), Ok(()));
        assert_eq!(check_day(ASKED, today, today), Ok(()));
        assert!(check_day(ASKED, date(2026, 8, 25), today).is_err());
        assert!(check_day(ASKED, date(2026, 9, 2), today).is_err());
    }

    #[test]
    fn a_direction_depends_on_where_one_stands() {
        assert_eq!(Direction::of(true, true), Some(Direction::Inner));
        assert_eq!(Direction::of(true, false), Some(Direction::Out));
        assert_eq!(Direction::of(false, true), Some(Direction::In));
        assert_eq!(Direction::of(false, false), None);
        for state in TransferState::ALL {
            assert_eq!(TransferState::from_key(state.key()), Some(*state));
        }
    }
}

//! Excuses: a duty that cannot be done is excused by a superior, with a reason, never by the organisation itself and never silently.

use super::{Duty, Status};
use jiff::civil::Date;

/// Where an excuse stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ExcuseState {
    /// Asked for.
    Requested,
    /// The superior agreed.
    Approved,
    /// The superior did not agree.
    Refused,
    /// Taken back by those who asked.
    Withdrawn,
}

impl ExcuseState {
    /// All of them.
    pub const ALL: &'static [ExcuseState] =
        &[ExcuseState::Requested, ExcuseState::Approved, ExcuseState::Refused, ExcuseState::Withdrawn];

    /// The identifier stored and used in JSON.
    pub fn key(self) -> &'static str {
        match self {
            ExcuseState::Requested => "requested",
            ExcuseState::Approved => "approved",
            ExcuseState::Refused => "refused",
            ExcuseState::Withdrawn => "withdrawn",
        }
    }

    /// The state of an identifier.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|state| state.key() == key)
    }

    /// The Chinese name.
    pub fn name(self) -> &'static str {
        match self {
            ExcuseState::Requested => "待上级决定",
            ExcuseState::Approved => "已同意",
            ExcuseState::Refused => "未同意",
            ExcuseState::Withdrawn => "已撤回",
        }
    }
}

/// What is done about an excuse that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Command {
    /// 同意.
    Approve,
    /// 不同意.
    Refuse,
    /// 撤回.
    Withdraw,
}

/// Why something cannot be done about an excuse.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Somebody decided already.
    #[error("这件申请{0}，不用再办理。")]
    Decided(&'static str),
    /// No reason where one is needed.
    #[error("不同意须写明原因。请补填。")]
    NoReason,
    /// The duty has been done.
    #[error("这件事已经办理，不需要说明原因。")]
    Done,
    /// The duty has been excused.
    #[error("这件事已经上级同意免除，不需要再申请。")]
    Excused,
    /// Too early to know.
    #[error("这件事从 {0} 起才要办，请到时再申请。")]
    TooEarly(Date),
    /// Only called to mind.
    #[error("这一项只是提示，不需要申请免除。")]
    Hint,
    /// Asked for already.
    #[error("这件事已有一份待上级决定的申请。请等待决定，或先撤回。")]
    UnderWay,
}

impl Refused {
    /// A stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Refused::Decided(_) => "excuse_decided",
            Refused::NoReason => "missing_required",
            Refused::Done => "duty_done",
            Refused::Excused => "duty_excused",
            Refused::TooEarly(_) => "duty_upcoming",
            Refused::Hint => "duty_hint",
            Refused::UnderWay => "excuse_under_way",
        }
    }
}

/// Whether an excuse may be asked for: of what is to be done now or is late, once at a time.
pub fn ask(duty: &Duty, under_way: bool, today: Date) -> Result<(), Refused> {
    if duty.hint {
        return Err(Refused::Hint);
    }
    match duty.status(today) {
        Status::Done => Err(Refused::Done),
        Status::Excused => Err(Refused::Excused),
        Status::Upcoming if today < duty.from => Err(Refused::TooEarly(duty.from)),
        Status::Upcoming | Status::Due | Status::Overdue if under_way => Err(Refused::UnderWay),
        Status::Upcoming | Status::Due | Status::Overdue => Ok(()),
    }
}

/// The state that a decision leads to.
pub fn decide(state: ExcuseState, command: Command, reason: &str) -> Result<ExcuseState, Refused> {
    match (state, command) {
        (ExcuseState::Requested, Command::Approve) => Ok(ExcuseState::Approved),
        (ExcuseState::Requested, Command::Refuse) if reason.trim().is_empty() => Err(Refused::NoReason),
        (ExcuseState::Requested, Command::Refuse) => Ok(ExcuseState::Refused),
        (ExcuseState::Requested, Command::Withdraw) => Ok(ExcuseState::Withdrawn),
        (ExcuseState::Approved | ExcuseState::Refused | ExcuseState::Withdrawn, _) => {
            Err(Refused::Decided(state.name()))
        }
    }
}

//! What can be done about a meeting.

use super::model::{Attendance, Called, How, Plan};
use super::vote::VoteKind;
use crate::activity::Activity;
use crate::ids::{ItemId, PersonId, ResolutionId};
use jiff::civil::{Date, Time};

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Change what is planned; after the notice all but day, time and circle; while the minutes are written place, persons and hours.
    Edit(Plan),
    /// 发通知, or write down that it was given on an earlier day, with the reason.
    Notice {
        /// The day on which it was given.
        on: Date,
        /// Why it is written down later.
        reason: String,
    },
    /// 改期: back to a plan for another day.
    Postpone {
        /// The new day.
        on: Date,
        /// The new time.
        at: Option<Time>,
        /// Why.
        reason: String,
    },
    /// 取消.
    Cancel {
        /// Why.
        reason: String,
    },
    /// 开会, or write down that it was held on its day, with the reason.
    Open {
        /// When it began.
        from: Time,
        /// Why it is written down later.
        reason: String,
    },
    /// 签到.
    CheckIn {
        /// Who.
        person: PersonId,
        /// How.
        how: How,
        /// When, UTC milliseconds.
        at: i64,
    },
    /// 请假、登记缺席原因.
    Absent {
        /// Who.
        person: PersonId,
        /// Why.
        reason: String,
    },
    /// 点名: what is known of the attendance of several, entered by somebody else. Refusals name the entry by its index.
    RollCall {
        /// Who, and whether he or she came.
        entries: Vec<(PersonId, Come)>,
        /// Why they did not check in themselves.
        reason: String,
        /// When it was entered, UTC milliseconds.
        at: i64,
    },
    /// Takes back what was written of somebody's attendance.
    Forget {
        /// Who.
        person: PersonId,
    },
    /// 散会.
    Close {
        /// When it ended.
        to: Time,
    },
    /// Adds an item, or changes one.
    PutItem(ItemDraft),
    /// Takes an item away.
    RemoveItem(ItemId),
    /// Puts the whole agenda: the items in this order, those not among them taken away. Refusals name the item by its index.
    PutAgenda(Vec<ItemDraft>),
    /// Adds a resolution, or changes one.
    PutResolution {
        /// Which; a new one when none.
        id: Option<ResolutionId>,
        /// See [`super::Resolution::item`].
        item: ItemId,
        /// See [`super::Resolution::kind`].
        kind: VoteKind,
        /// See [`super::Resolution::text`].
        text: String,
        /// See [`super::Resolution::subject`].
        subject: Option<(String, i64)>,
        /// See [`super::Resolution::written`].
        written: u32,
        /// 赞成.
        in_favour: u32,
        /// 不赞成.
        against: u32,
        /// 弃权.
        abstained: u32,
    },
    /// Takes a resolution away.
    RemoveResolution(ResolutionId),
    /// Says whether there was nothing to resolve.
    NoResolution(bool),
    /// Corrects when it began and ended.
    CorrectTimes {
        /// When it began.
        from: Time,
        /// When it ended.
        to: Time,
    },
    /// 主持人确认记录.
    Confirm {
        /// The person who confirms, where the account is a person's.
        by: Option<PersonId>,
        /// Why it is not the chair.
        reason: String,
    },
    /// 归档.
    Archive,
    /// Back to the writing of the minutes.
    Reopen {
        /// Why.
        reason: String,
    },
}

/// What a roll call says of somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Come {
    /// Came.
    Present,
    /// Did not come, for this reason.
    Absent(String),
    /// Nothing is known: what was written is taken back.
    Awaited,
}

/// An item to be put on the agenda.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ItemDraft {
    /// Which; a new one when none.
    pub id: Option<ItemId>,
    /// See [`super::Item::activity`].
    pub activity: Option<Activity>,
    /// See [`super::Item::title`].
    pub title: String,
    /// See [`super::Item::notes`].
    pub notes: String,
}

impl Command {
    /// Whether it changes attendance only: then it does not contend with who edits the rest.
    pub fn is_attendance(&self) -> bool {
        matches!(
            self,
            Command::CheckIn { .. } | Command::Absent { .. } | Command::Forget { .. } | Command::RollCall { .. }
        )
    }

    /// How many new ids it may need.
    pub fn fresh_ids(&self) -> usize {
        match self {
            Command::PutItem(_) | Command::PutResolution { .. } => 1,
            Command::PutAgenda(drafts) => drafts.len(),
            _ => 0,
        }
    }
}

/// What the register says, read in the same transaction.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// The circle of the meeting's plan on its day, or on this day while its day is to come.
    pub called: Vec<Called>,
    /// Those of the plan's invited persons who belong to the organisation's subtree.
    pub invited: Vec<Called>,
    /// Ids for new items or resolutions, as many as [`Command::fresh_ids`] asks for.
    pub fresh: Vec<i64>,
}

/// What a person's attendance becomes when it is taken back.
pub(super) fn awaited(excused: Option<&String>) -> Attendance {
    excused.map_or(Attendance::Awaited, |ground| Attendance::Excused(ground.clone()))
}

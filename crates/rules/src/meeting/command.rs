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
    PutItem {
        /// Which; a new one when none.
        id: Option<ItemId>,
        /// See [`super::Item::activity`].
        activity: Option<Activity>,
        /// See [`super::Item::title`].
        title: String,
        /// See [`super::Item::notes`].
        notes: String,
    },
    /// Takes an item away.
    RemoveItem(ItemId),
    /// Puts the items in another order.
    OrderItems(Vec<ItemId>),
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

impl Command {
    /// Whether it changes one person's attendance only: then it does not contend with who edits the rest.
    pub fn attendee(&self) -> Option<PersonId> {
        match self {
            Command::CheckIn { person, .. } | Command::Absent { person, .. } | Command::Forget { person } => {
                Some(*person)
            }
            _ => None,
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
    /// An id for a new item or resolution.
    pub fresh: i64,
}

/// What a person's attendance becomes when it is taken back.
pub(super) fn awaited(excused: Option<&String>) -> Attendance {
    excused.map_or(Attendance::Awaited, |ground| Attendance::Excused(ground.clone()))
}

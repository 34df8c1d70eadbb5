//! 提醒预警: which reminder of a duty is due, who gets it, in what words, and when it may leave the house. Pure; it knows the duty
//! calendar's answers ([`Due`]) and the accounts ([`Directory`]), not how either is kept.
//!
//! - Of one duty everybody hears at most one reminder at a time: the latest whose day has come. What was missed while the server stood
//!   still is not caught up with.
//! - What leaves the house (mail, webhook, calendar) is the [`Words::line`] and a link: never a person's name, and of what concerns one
//!   person only the field of work.

mod directory;
mod hours;
mod plan;
mod retry;
mod steps;
mod words;

pub use directory::Directory;
pub use hours::{QuietHours, Wishes, WishesFault};
pub use plan::{Cause, Told, cause_of, plan};
pub use retry::{GIVE_UP_AFTER, next_try};
pub use steps::{Rhythm, RhythmFault, Step, step_for_holders, step_for_superior};
pub use words::{Words, calendar_line, field_of};

use crate::activity::Activity;
use crate::duty::{Duty, Holder, OwnDuty, Task};
use crate::ids::{OrgId, PersonId};
use jiff::civil::Date;

/// A duty that is open: neither done nor excused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// A text that names the duty for good.
    pub key: String,
    /// The rule it stands on.
    pub rule: String,
    /// The activity asked for; none for a duty of the enterprise's own.
    pub activity: Option<Activity>,
    /// The organisation that answers for it.
    pub org: OrgId,
    /// Whom it concerns, when it concerns one person.
    pub person: Option<PersonId>,
    /// What is to be done; never with a person's name.
    pub title: String,
    /// The page on which it is done.
    pub link: String,
    /// Who is to act.
    pub holder: Holder,
    /// The day from which it is called to mind.
    pub remind_from: Date,
    /// The last day on which it is in time.
    pub due: Date,
    /// Only called to mind; never late.
    pub hint: bool,
}

impl Due {
    /// A duty of the calendar, in the words of the enterprise where it is one of its own.
    pub fn of(duty: &Duty, own: &[OwnDuty]) -> Self {
        Due {
            key: duty.key(),
            rule: duty.rule.to_owned(),
            activity: match duty.task {
                Task::Activity(activity) => Some(activity),
                Task::Own(_) => None,
            },
            org: duty.org,
            person: duty.person,
            title: duty.title(own),
            link: duty.link(),
            holder: duty.holder(),
            remind_from: duty.remind_from,
            due: duty.due,
            hint: duty.hint,
        }
    }
}

/// Sorts of notices, as far as somebody may wish for them by one way and not by another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// Something will be due.
    Reminder,
    /// Something of one's own is late.
    Overdue,
    /// Something is late below.
    Escalation,
    /// Somebody has something to say: a meeting is called, a request decided on.
    Message,
}

impl Kind {
    /// All of them.
    pub const ALL: &'static [Kind] = &[Kind::Reminder, Kind::Overdue, Kind::Escalation, Kind::Message];

    /// The identifier stored and used in JSON.
    pub fn key(self) -> &'static str {
        match self {
            Kind::Reminder => "reminder",
            Kind::Overdue => "overdue",
            Kind::Escalation => "escalation",
            Kind::Message => "message",
        }
    }

    /// The kind of an identifier.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.key() == key)
    }

    /// The Chinese name.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Reminder => "到期提醒",
            Kind::Overdue => "逾期告警",
            Kind::Escalation => "下级逾期",
            Kind::Message => "通知",
        }
    }
}

//! 应办: what must be done, by whom, by when, on which ground. Pure functions over the register and the records compute it for any
//! organisation ([`of_org`]), any person ([`of_person`]) and any span of days; nothing is stored but excuses and what the enterprise
//! asks for on its own. What a duty looks like on a given day is [`Duty::status`].
//!
//! - Periods are civil months, quarters, half-years and years, cut to when the organisation existed, had a committee, was a group. A
//!   period of which less than half was left when it began is not asked for; nor is one that it did not live to see the end of, since
//!   nobody can make it good. What was done all the same is shown.
//! - Nothing is asked for that lay before the day on which the enterprise began to use the calendar ([`Demand::started_on`]). What has
//!   been open since then and still is (a term that is over, a vacant post, a probation that has ended) is asked for all the same.
//! - A record fulfils the earliest open duty of its kind whose period contains its day. One too many for its own period makes good what
//!   was missed in the period before. What is asked for once a year and held in the first quarter counts for the year before, where
//!   that is still open.

mod development;
mod excuse;
mod facts;
mod org;
mod own;
mod period;
mod person;
mod recurring;
mod words;

#[cfg(test)]
mod tests;

pub use excuse::{
    Command as ExcuseCommand, ExcuseState, Refused as ExcuseRefused, ask as ask_excuse, decide as decide_excuse,
};
pub use facts::{Fact, Hours, Life, OrgFacts, Outcome, PersonFacts, PostHeld, StageHeld, Term, TransferAsked};
pub use org::of_org;
pub use own::{OwnDuty, OwnFault, OwnFulfilled};
pub use period::{Days, Period};
pub use person::of_person;
pub use words::button;

use crate::activity::Activity;
use crate::ids::{ExcuseId, OrgId, OwnDutyId, PersonId, RecordId};
use crate::measure::Measures;
use jiff::civil::Date;

/// The rule of a duty that the enterprise asks for on its own.
pub const OWN_RULE: &str = "OWN";

/// What an enterprise asks for.
#[derive(Debug, Clone, Copy)]
pub struct Demand<'a> {
    /// The numbers that hold.
    pub measures: &'a Measures,
    /// The enterprise's own duties.
    pub own: &'a [OwnDuty],
    /// The day from which duties are asked for.
    pub started_on: Date,
}

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Task {
    /// An activity of the regulations.
    Activity(Activity),
    /// A duty of the enterprise's own.
    Own(OwnDutyId),
}

impl Task {
    /// The identifier used in JSON: the activity's, or `own`.
    pub fn key(self) -> &'static str {
        match self {
            Task::Activity(activity) => activity.key(),
            Task::Own(_) => "own",
        }
    }
}

/// How a duty was fulfilled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Done {
    /// The day on which it was done.
    pub on: Date,
    /// The record that shows it; none where the register itself does.
    pub record: Option<RecordId>,
}

/// How a duty stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Status {
    /// 未到: not to be thought of yet.
    Upcoming,
    /// 待办: to be done now.
    Due,
    /// 逾期: its last day is over.
    Overdue,
    /// 已办.
    Done,
    /// 已免: excused with a reason, by a superior.
    Excused,
}

impl Status {
    /// All of them.
    pub const ALL: &'static [Status] = &[Status::Upcoming, Status::Due, Status::Overdue, Status::Done, Status::Excused];

    /// The identifier used in JSON.
    pub fn key(self) -> &'static str {
        match self {
            Status::Upcoming => "upcoming",
            Status::Due => "due",
            Status::Overdue => "overdue",
            Status::Done => "done",
            Status::Excused => "excused",
        }
    }

    /// The status of an identifier.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|status| status.key() == key)
    }

    /// The Chinese name.
    pub fn name(self) -> &'static str {
        match self {
            Status::Upcoming => "未到",
            Status::Due => "待办",
            Status::Overdue => "逾期",
            Status::Done => "已办",
            Status::Excused => "已免",
        }
    }
}

/// Who is to act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Holder {
    /// 本人.
    Person,
    /// The organisation itself.
    Organisation,
    /// The organisation above it.
    Superior,
}

impl Holder {
    /// The identifier used in JSON.
    pub fn key(self) -> &'static str {
        match self {
            Holder::Person => "person",
            Holder::Organisation => "organisation",
            Holder::Superior => "superior",
        }
    }
}

/// One thing that must be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duty {
    /// The rule it stands on; [`OWN_RULE`] for the enterprise's own.
    pub rule: &'static str,
    /// What is to be done.
    pub task: Task,
    /// The organisation that answers for it.
    pub org: OrgId,
    /// Whom it concerns, when it concerns one person.
    pub person: Option<PersonId>,
    /// The civil period it is asked for in; none for a deadline that follows from something that happened.
    pub period: Option<Period>,
    /// The first day on which it can be done.
    pub from: Date,
    /// The last day on which it is in time.
    pub due: Date,
    /// The day from which it is called to mind.
    pub remind_from: Date,
    /// The last day on which a record still makes it good; none when that is always possible.
    pub late_until: Option<Date>,
    /// Which of several in a period, from 1.
    pub n: u8,
    /// How many in the period.
    pub times: u8,
    /// Only called to mind; never late.
    pub hint: bool,
    /// How it was fulfilled.
    pub done: Option<Done>,
    /// The approved excuse.
    pub excuse: Option<ExcuseId>,
}

impl Duty {
    /// How it stands on a day.
    pub fn status(&self, today: Date) -> Status {
        if self.done.is_some() {
            Status::Done
        } else if self.excuse.is_some() {
            Status::Excused
        } else if today > self.due && !self.hint {
            Status::Overdue
        } else if today >= self.remind_from {
            Status::Due
        } else {
            Status::Upcoming
        }
    }

    /// Whether it is spoken of on a day: somebody who has not paid for this month yet is not in arrears (DUES-05).
    pub fn is_spoken_of(&self, today: Date) -> bool {
        self.task != Task::Activity(Activity::DuesArrears) || self.status(today) != Status::Upcoming
    }

    /// Whether it was done after its last day.
    pub fn was_late(&self) -> bool {
        self.done.is_some_and(|done| done.on > self.due)
    }

    /// A text that names it for good: excuses and reminders refer to it. Does not change when a person moves to another organisation.
    pub fn key(&self) -> String {
        let task = match self.task {
            Task::Activity(activity) => activity.key().to_owned(),
            Task::Own(id) => format!("own-{id}"),
        };
        let whose = match self.person {
            Some(person) => format!("p{person}"),
            None => format!("o{}", self.org),
        };
        format!("{}.{task}.{whose}.{}.{}", self.rule, crate::date::day_number(self.from), self.n)
    }

    /// Whether it belongs to a span of days: its own days meet it, or it has been open since before.
    pub fn touches(&self, span: Days) -> bool {
        let last = match self.done {
            Some(done) => self.due.max(done.on),
            None if self.late_until.is_none() && self.excuse.is_none() => Date::MAX,
            None => self.due,
        };
        self.from.min(self.remind_from) <= span.last && last >= span.first
    }

    /// Who is to act.
    pub fn holder(&self) -> Holder {
        use Activity as A;
        match self.task {
            Task::Activity(A::ConversionApplication) => Holder::Person,
            Task::Activity(
                A::ActivistFiling
                | A::CandidateFiling
                | A::PreReview
                | A::SuperiorTalk
                | A::AdmissionApproval
                | A::ApprovalFiling
                | A::ConversionApproval,
            ) => Holder::Superior,
            Task::Activity(A::DuesArrears) => match self.n {
                1 => Holder::Person,
                2 => Holder::Organisation,
                _ => Holder::Superior,
            },
            Task::Activity(_) | Task::Own(_) => Holder::Organisation,
        }
    }
}

/// Whose a duty is, and when it begins: what its key says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// An organisation's.
    Org(OrgId),
    /// One that concerns a person.
    Person(PersonId),
}

/// Reads out of a duty's key whose it is and when it begins; none when it is no key.
pub fn read_key(key: &str) -> Option<(Whose, Date)> {
    let mut parts = key.rsplit('.');
    let (_n, from, whose) = (parts.next()?, parts.next()?, parts.next()?);
    let from = crate::date::from_day_number(from.parse().ok()?)?;
    let whose = match whose.split_at_checked(1)? {
        ("o", id) => Whose::Org(id.parse().ok()?),
        ("p", id) => Whose::Person(id.parse().ok()?),
        _ => return None,
    };
    Some((whose, from))
}

/// Notes on every duty the excuse that was approved for it.
fn excused(duties: &mut [Duty], excuses: &[(String, ExcuseId)]) {
    if excuses.is_empty() {
        return;
    }
    for duty in duties {
        let key = duty.key();
        duty.excuse = excuses.iter().find(|(of, _)| *of == key).map(|(_, id)| *id);
    }
}

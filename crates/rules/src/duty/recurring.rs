//! What is asked for so many times in every period, and which records fulfil it.

use super::{Days, Done, Duty, Period, Task};
use crate::date::add_days;
use crate::ids::{OrgId, PersonId, RecordId};
use jiff::civil::Date;

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Recurring {
    pub(super) rule: &'static str,
    pub(super) task: Task,
    pub(super) period: Period,
    pub(super) times: i32,
    pub(super) lead: i32,
    /// Whether one too many makes good what was missed before.
    pub(super) makes_good: bool,
}

/// A span of time, from the first day to the day from which it is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Window {
    pub(super) from: Date,
    pub(super) to: Date,
}

impl Window {
    /// What is left of it from a day on; none when nothing is.
    pub(super) fn since(self, day: Date) -> Option<Window> {
        let from = self.from.max(day);
        (from < self.to).then_some(Window { from, to: self.to })
    }

    pub(super) fn contains(self, day: Date) -> bool {
        self.from <= day && day < self.to
    }

    /// How many days of a period it covers.
    fn covers(self, days: Days) -> i32 {
        let last = if self.to > days.last { days.last } else { add_days(self.to, -1) };
        Days { first: self.from.max(days.first), last }.count().max(0)
    }
}

/// Something that was done, and the day whose period it counts for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Deed {
    pub(super) record: RecordId,
    pub(super) on: Date,
    pub(super) counts_for: Date,
}

impl Deed {
    fn done(&self) -> Done {
        Done { on: self.on, record: Some(self.record) }
    }
}

/// A duty that may be asked for, with the civil period it stands for.
struct Candidate {
    days: Days,
    asked: bool,
    duty: Duty,
}

/// The duties of one kind in the periods that meet a span, where `windows` say when they are asked for, with the deeds that fulfil them.
/// Whether a period counts at all is decided here: at least half of it must lie in the windows, and its last day.
pub(super) fn recurring(
    asked: &Recurring,
    (org, person): (OrgId, Option<PersonId>),
    windows: &[Window],
    span: Days,
    deeds: &[Deed],
) -> Vec<Duty> {
    let mut candidates: Vec<Candidate> = Vec::new();
    for days in asked.period.meeting(span) {
        let covered: i32 = windows.iter().map(|window| window.covers(days)).sum();
        let Some(first) = windows.iter().find(|window| window.covers(days) > 0) else { continue };
        let from = first.from.max(days.first);
        let times = u8::try_from(asked.times.clamp(1, 99)).unwrap_or(1);
        let whole = windows.iter().any(|window| window.contains(days.last)) && covered * 2 >= days.count();
        candidates.extend((1..=times).map(|n| Candidate {
            days,
            asked: whole,
            duty: Duty {
                rule: asked.rule,
                task: asked.task,
                org,
                person,
                period: Some(asked.period),
                from,
                due: days.last,
                remind_from: add_days(days.last, -asked.lead).max(from),
                late_until: Some(asked.period.late_until(days.last)),
                n,
                times,
                hint: false,
                done: None,
                excuse: None,
            },
        }));
    }
    assign(&mut candidates, deeds, asked);
    candidates.into_iter().filter(|found| found.asked || found.duty.done.is_some()).map(|found| found.duty).collect()
}

/// Gives every deed to a duty: to one of its own period, and what is left to what was missed before. Yearly duties the other way round.
fn assign(candidates: &mut [Candidate], deeds: &[Deed], asked: &Recurring) {
    let yearly = asked.period == Period::Year;
    let own = |found: &Candidate, deed: &Deed| found.days.contains(deed.counts_for);
    let late = |found: &Candidate, deed: &Deed| {
        asked.makes_good
            && found.asked
            && found.days.last < deed.counts_for
            && found.duty.late_until.is_some_and(|until| deed.counts_for <= until)
    };
    let mut left: Vec<&Deed> = Vec::new();
    for deed in deeds {
        let fits =
            |found: &&mut Candidate| found.duty.done.is_none() && (own(found, deed) || (yearly && late(found, deed)));
        match candidates.iter_mut().find(fits) {
            Some(found) => found.duty.done = Some(deed.done()),
            None => left.push(deed),
        }
    }
    for deed in left {
        if let Some(found) = candidates.iter_mut().find(|found| found.duty.done.is_none() && late(found, deed)) {
            found.duty.done = Some(deed.done());
        }
    }
}

//! Duties as requests and answers show them.

use super::Calendar;
use crate::Problem;
use crate::body::Faults;
use crate::signed::Signed;
use jiff::civil::Date;
use rules::duty::{Duty as Known, Holder, Status, Task, button};
use rules::ids::{OrgId, PersonId};
use serde::Serialize;
use std::collections::{BTreeSet, HashMap};
use store::Store;
use utoipa::ToSchema;

/// 应办状态.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DutyStatus {
    Upcoming,
    Due,
    Overdue,
    Done,
    Excused,
}

impl From<Status> for DutyStatus {
    fn from(status: Status) -> Self {
        match status {
            Status::Upcoming => DutyStatus::Upcoming,
            Status::Due => DutyStatus::Due,
            Status::Overdue => DutyStatus::Overdue,
            Status::Done => DutyStatus::Done,
            Status::Excused => DutyStatus::Excused,
        }
    }
}

/// 由谁办理.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DutyHolder {
    Person,
    Organisation,
    Superior,
}

impl From<Holder> for DutyHolder {
    fn from(holder: Holder) -> Self {
        match holder {
            Holder::Person => DutyHolder::Person,
            Holder::Organisation => DutyHolder::Organisation,
            Holder::Superior => DutyHolder::Superior,
        }
    }
}

/// One thing that must be done.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Duty {
    /// Names it for good: what an excuse refers to.
    pub(crate) key: String,
    /// The rule, or `OWN` for the enterprise's own.
    pub(crate) rule: String,
    /// The activity's identifier, or `own`.
    pub(crate) activity: String,
    /// The activity in Chinese, or the name of the enterprise's own duty.
    pub(crate) activity_name: String,
    /// The enterprise's own duty it stands for.
    pub(crate) own_duty_id: Option<String>,
    /// What is to be done, in words, with its period and without names.
    pub(crate) title: String,
    /// 2026年第1季度; empty for a deadline that follows from something.
    pub(crate) period_name: String,
    pub(crate) org_id: String,
    pub(crate) org_name: String,
    pub(crate) person_id: Option<String>,
    pub(crate) person_name: Option<String>,
    /// The first day on which it can be done.
    pub(crate) from: String,
    /// The last day on which it is in time.
    pub(crate) due: String,
    /// The day from which it is called to mind.
    pub(crate) remind_from: String,
    /// The last day on which a record still makes it good; none when that is always possible.
    pub(crate) late_until: Option<String>,
    /// Which of `times` in the period.
    pub(crate) n: u8,
    pub(crate) times: u8,
    /// Only called to mind; never late.
    pub(crate) hint: bool,
    pub(crate) holder: DutyHolder,
    pub(crate) status: DutyStatus,
    /// Days by which it is late.
    pub(crate) overdue_days: Option<i32>,
    /// Days left while it is to be done.
    pub(crate) days_left: Option<i32>,
    pub(crate) done_on: Option<String>,
    /// Done after its last day.
    pub(crate) was_late: bool,
    pub(crate) record_id: Option<String>,
    /// The approved excuse.
    pub(crate) excuse_id: Option<String>,
    /// The page on which it is done.
    pub(crate) link: String,
    /// What the button says.
    pub(crate) button: String,
}

/// What is needed to show duties: the calendar with the names of organisations, the names of persons, and today.
pub(crate) struct Names<'a> {
    calendar: &'a Calendar,
    persons: HashMap<PersonId, String>,
    today: Date,
}

impl<'a> Names<'a> {
    /// The names that some duties need, read in one statement.
    pub(crate) async fn of(
        store: &Store,
        signed: &Signed,
        calendar: &'a Calendar,
        duties: impl IntoIterator<Item = &Known>,
        today: Date,
    ) -> Result<Self, Problem> {
        let persons: BTreeSet<PersonId> = duties.into_iter().filter_map(|duty| duty.person).collect();
        let persons = store.person_names(signed.root(), &persons).await?;
        Ok(Names { calendar, persons, today })
    }

    /// A duty as it is shown.
    pub(crate) fn show(&self, duty: &Known) -> Duty {
        let status = duty.status(self.today);
        let open = matches!(status, Status::Due | Status::Upcoming);
        let (activity, own) = match duty.task {
            Task::Activity(activity) => (Some(activity), None),
            Task::Own(id) => (None, Some(id)),
        };
        let all_own = &self.calendar.setting.own;
        let own_name = || {
            let found = all_own.iter().find(|found| Some(found.id) == own);
            found.map_or("", |found| found.name.as_str())
        };
        Duty {
            key: duty.key(),
            rule: duty.rule.to_owned(),
            activity: duty.task.key().to_owned(),
            activity_name: activity.map_or_else(own_name, |activity| activity.name()).to_owned(),
            own_duty_id: own.map(|id| id.to_string()),
            title: duty.title(all_own),
            period_name: duty.period_name(),
            org_id: duty.org.to_string(),
            org_name: self.calendar.orgs.get(duty.org).map(|org| org.name.clone()).unwrap_or_default(),
            person_id: duty.person.map(|id| id.to_string()),
            person_name: duty.person.and_then(|id| self.persons.get(&id).cloned()),
            from: duty.from.to_string(),
            due: duty.due.to_string(),
            remind_from: duty.remind_from.to_string(),
            late_until: duty.late_until.map(|day| day.to_string()),
            n: duty.n,
            times: duty.times,
            hint: duty.hint,
            holder: duty.holder().into(),
            status: status.into(),
            overdue_days: (status == Status::Overdue).then(|| (self.today - duty.due).get_days()),
            days_left: (open && !duty.hint).then(|| (duty.due - self.today).get_days()),
            done_on: duty.done.map(|done| done.on.to_string()),
            was_late: duty.was_late(),
            record_id: duty.done.and_then(|done| done.record).map(|id| id.to_string()),
            excuse_id: duty.excuse.map(|id| id.to_string()),
            link: duty.link(),
            button: button(activity).to_owned(),
        }
    }
}

/// How many duties stand how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct DutyCounts {
    pub(crate) upcoming: u32,
    pub(crate) due: u32,
    pub(crate) overdue: u32,
    pub(crate) done: u32,
    pub(crate) excused: u32,
}

impl DutyCounts {
    /// Counts one more.
    pub(crate) fn add(&mut self, status: Status) {
        match status {
            Status::Upcoming => self.upcoming += 1,
            Status::Due => self.due += 1,
            Status::Overdue => self.overdue += 1,
            Status::Done => self.done += 1,
            Status::Excused => self.excused += 1,
        }
    }
}

impl Faults {
    /// A year that calendars have.
    pub(crate) fn year(&mut self, year: Option<i16>, today: Date) -> i16 {
        let year = year.unwrap_or(today.year());
        if !(1921..=2999).contains(&year) {
            self.add("/year", "bad_year", "年份不合理。请改正。");
        }
        year
    }

    /// An organisation's id in the query.
    pub(crate) fn org(&mut self, value: &str) -> OrgId {
        let found = self.parsed("/org", "unknown_org", value, "党组织没有选定。请从列表中选择。");
        found.unwrap_or(OrgId(0))
    }
}

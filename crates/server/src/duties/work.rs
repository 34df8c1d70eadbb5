//! 待办 out of the calendar: what the actor's own organisations have to do, what waits for a superior's decision, what those below have
//! not done (summed up by rule), and what oneself has to do.

use super::calendar::Calendar;
use crate::signed::Signed;
use crate::{App, Problem};
use jiff::civil::Date;
use rules::access::{Action, Target, may, scope};
use rules::activity::Activity;
use rules::duty::{Duty, ExcuseState, Holder, Status, Task};
use rules::ids::{OrgId, PersonId};
use rules::org::OrgKind;
use rules::work::{DutiesBelow, OpenDuties, WorkItem, duties_below, excuses_to_decide, open_duties};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::{DutyOrg, ExcuseFilter};

/// Requests that are counted one by one.
const MOST_EXCUSES: i64 = 500;

/// What there is to do out of the calendar.
pub(crate) async fn open(app: &App, signed: &Signed) -> Result<Vec<WorkItem>, Problem> {
    let views = scope(&signed.actor, Action::WorkView);
    let member = signed.actor.person.filter(|_| may(&signed.actor, Action::OwnWork, Target::Scope));
    if views.is_empty() && member.is_none() {
        return Ok(Vec::new());
    }
    let calendar = app.calendar(signed.root()).await?;
    let today = app.today();
    let mut groups = Groups::default();
    if may(&signed.actor, Action::WorkDo, Target::Scope) {
        for top in scope(&signed.actor, Action::WorkDo) {
            groups.own(&calendar, &top, today);
        }
    }
    let mut work: Vec<WorkItem> = Vec::new();
    if let Some(person) = member {
        let mine: Vec<&Duty> =
            calendar.about(person).filter(|duty| duty.holder() == Holder::Person && is_open(duty, today)).collect();
        let item = |duty: &&Duty| {
            open_duties(&OpenDuties { org_name: None, duties: &[duty], person_name: None, own: &[] }, today)
        };
        work.extend(mine.iter().filter_map(item).map(|item| WorkItem {
            link: "/me".to_owned(),
            action: "去查看",
            ..item
        }));
    }
    let names = app.store.person_names(signed.root(), &groups.single_persons()).await?;
    work.extend(groups.items(&calendar, &names, today));
    for top in &views {
        work.extend(below(&calendar, top, today));
    }
    work.extend(excuses_to_decide(excuses(app, signed).await?));
    Ok(work)
}

fn is_open(duty: &Duty, today: Date) -> bool {
    matches!(duty.status(today), Status::Due | Status::Overdue)
}

/// Open duties by organisation and by what is to be done.
#[derive(Default)]
struct Groups<'c>(BTreeMap<(OrgId, Task), Vec<&'c Duty>>);

impl<'c> Groups<'c> {
    /// What the organisation at the top of a grant has to do: its own duties and its groups', and those of organisations below that
    /// wait for its decision.
    fn own(&mut self, calendar: &'c Calendar, top: &str, today: Date) {
        let Some(own) = calendar.orgs.below(top).next().filter(|org| org.path == top) else { return };
        for (org, duty) in calendar.below(top).filter(|(_, duty)| is_open(duty, today)) {
            let mine = org.id == own.id || (org.kind == OrgKind::Group && org.parent == Some(own.id));
            let (place, takes) = match duty.holder() {
                // The branch sees to what its members have to do.
                Holder::Organisation | Holder::Person => (org.id, mine),
                Holder::Superior => (own.id, org.id != own.id && decides(calendar, org, own)),
            };
            // Transfers have an item of their own.
            if takes && duty.task != Task::Activity(Activity::TransferAcceptance) {
                self.0.entry((place, duty.task)).or_default().push(duty);
            }
        }
        self.0.values_mut().for_each(|duties| duties.sort_by_key(|duty| (duty.due, duty.n)));
    }

    /// Those whose names stand in a title of their own.
    fn single_persons(&self) -> BTreeSet<PersonId> {
        self.0.values().filter(|duties| duties.len() == 1).filter_map(|duties| duties[0].person).collect()
    }

    fn items(&self, calendar: &Calendar, names: &HashMap<PersonId, String>, today: Date) -> Vec<WorkItem> {
        let places: BTreeSet<OrgId> = self.0.keys().map(|(org, _)| *org).collect();
        let item = |((org, _), duties): (&(OrgId, Task), &Vec<&Duty>)| {
            let org_name = calendar.orgs.get(*org).map(|org| org.name.as_str()).filter(|_| places.len() > 1);
            let person_name = duties.first().and_then(|duty| names.get(&duty.person?)).map(String::as_str);
            open_duties(&OpenDuties { org_name, duties, person_name, own: &calendar.setting.own }, today)
        };
        self.0.iter().filter_map(item).collect()
    }
}

/// Whether an organisation is the one that decides on the work of another: the nearest committee above it.
fn decides(calendar: &Calendar, org: &DutyOrg, own: &DutyOrg) -> bool {
    let mut above = org.parent.and_then(|id| calendar.orgs.get(id));
    while let Some(found) = above {
        if found.kind == OrgKind::Committee {
            return found.id == own.id;
        }
        above = found.parent.and_then(|id| calendar.orgs.get(id));
    }
    false
}

/// What organisations below have not done of one kind.
#[derive(Default)]
struct Sum {
    overdue: usize,
    due: usize,
    orgs: BTreeSet<OrgId>,
    overdue_days: Option<i32>,
}

/// What the organisations below a top are late with, summed up by rule. Terms and vacancies are named before they are late.
fn below(calendar: &Calendar, top: &str, today: Date) -> Vec<WorkItem> {
    let Some(own) = calendar.orgs.below(top).next().filter(|org| org.path == top && !org.kind.is_branch()) else {
        return Vec::new();
    };
    let mut sums: BTreeMap<(&'static str, Task), Sum> = BTreeMap::new();
    for (org, duty) in calendar.below(top).filter(|(org, _)| org.id != own.id) {
        let early = matches!(duty.task, Task::Activity(Activity::ReElection | Activity::VacancyFilling));
        let status = duty.status(today);
        if status == Status::Overdue || (early && status == Status::Due) {
            let sum = sums.entry((duty.rule, duty.task)).or_default();
            sum.orgs.insert(org.id);
            if status == Status::Overdue {
                sum.overdue += 1;
                sum.overdue_days = sum.overdue_days.max(Some((today - duty.due).get_days()));
            } else {
                sum.due += 1;
            }
        }
    }
    let item = |((rule, task), sum): ((&'static str, Task), Sum)| {
        let own_name = |id| calendar.setting.own.iter().find(|own| own.id == id).map_or("", |own| own.name.as_str());
        let name = match task {
            Task::Activity(activity) => activity.name(),
            Task::Own(id) => own_name(id),
        };
        let link = format!("/life?org={}&rule={rule}&status=overdue,due", own.id);
        let Sum { overdue, due, orgs, overdue_days } = sum;
        duties_below(&DutiesBelow { rule, name, overdue, due, orgs: orgs.len(), overdue_days, link })
    };
    sums.into_iter().map(item).collect()
}

/// How many excuses wait for the actor.
async fn excuses(app: &App, signed: &Signed) -> Result<usize, Problem> {
    let scope = scope(&signed.actor, Action::WorkApprove);
    if scope.is_empty() {
        return Ok(0);
    }
    let filter = ExcuseFilter { state: Some(ExcuseState::Requested), before: None };
    let found = app.store.excuses(signed.root(), &scope, &filter, MOST_EXCUSES).await?;
    let decides = |path: &str| may(&signed.actor, Action::WorkApprove, Target::Below(path));
    Ok(found.iter().filter(|excuse| decides(&excuse.org_path)).count())
}

//! The duties of an organisation: its life, its term, its secretary, its dues, and what the enterprise asks for beyond.

use super::recurring::{Deed, Recurring, Window, recurring};
use super::{Days, Demand, Done, Duty, Fact, OWN_RULE, OrgFacts, Outcome, Period, Task, Term, excused};
use crate::activity::Activity;
use crate::date::{add_days, add_months};
use crate::measure::Measure;
use crate::org::{OrgKind, PostKind, next_election};
use jiff::civil::Date;

/// Persons on a committee from whom on there is one (ORG-04), and from whom on it still is.
const COMMITTEE_BEGINS: usize = 3;
const COMMITTEE_LASTS: usize = 2;

/// What is asked of an organisation in a span of days.
pub fn of_org(org: &OrgFacts, demand: &Demand<'_>, span: Days) -> Vec<Duty> {
    let year_before = Date::new(span.first.year().saturating_sub(1), 1, 1).unwrap_or(span.first);
    // A year more before, and a quarter more after, so that it is known which records are left to make good what was missed.
    let quarter_after = Period::Quarter.late_until(Period::Quarter.of(span.last).last);
    let reach = Days { first: demand.started_on.max(year_before), last: quarter_after };
    let mut duties = Vec::new();
    for asked in regular(demand, reach.last) {
        let windows = (asked.windows)(org);
        let windows: Vec<Window> = windows.iter().filter_map(|window| window.since(demand.started_on)).collect();
        if !windows.is_empty() {
            duties.extend(recurring(&asked.what, (org.id, None), &windows, reach, &(asked.deeds)(org)));
        }
    }
    duties.extend(own_duties(org, demand, reach));
    duties.extend(collections(org, demand, reach));
    duties.extend(terms(org, demand));
    duties.extend(vacancies(org, demand));
    duties.extend(reports(org, demand));
    duties.retain(|duty| duty.touches(span));
    excused(&mut duties, &org.excuses);
    duties
}

/// What is asked for in every period, and of whom.
struct Regular {
    what: Recurring,
    windows: fn(&OrgFacts) -> Vec<Window>,
    deeds: fn(&OrgFacts) -> Vec<Deed>,
}

fn regular(demand: &Demand<'_>, on: Date) -> Vec<Regular> {
    use Activity as A;
    use Measure as M;
    let get = |measure| demand.measures.get(measure, on);
    let row = |activity: Activity, period, times, lead, windows, deeds| Regular {
        what: Recurring {
            rule: activity.rule(),
            task: Task::Activity(activity),
            period,
            times: get(times),
            lead: get(lead),
            makes_good: true,
        },
        windows,
        deeds,
    };
    macro_rules! deeds {
        ($activity:ident) => {
            |org: &OrgFacts| deeds_of(org, Activity::$activity)
        };
    }
    let branch: fn(&OrgFacts) -> Vec<Window> = |org| alive(org, OrgKind::is_branch);
    vec![
        row(
            A::MembersMeeting,
            Period::Quarter,
            M::MembersMeetings,
            M::MembersMeetingLead,
            branch,
            deeds!(MembersMeeting),
        ),
        row(
            A::CommitteeMeeting,
            Period::Month,
            M::CommitteeMeetings,
            M::CommitteeMeetingLead,
            committees,
            deeds!(CommitteeMeeting),
        ),
        row(
            A::GroupMeeting,
            Period::Month,
            M::GroupMeetings,
            M::GroupMeetingLead,
            |org| alive(org, |kind| kind == OrgKind::Group),
            deeds!(GroupMeeting),
        ),
        row(A::PartyLecture, Period::Quarter, M::PartyLectures, M::PartyLectureLead, branch, deeds!(PartyLecture)),
        row(
            A::PartyLecture,
            Period::Year,
            M::SecretaryLectures,
            M::PartyLectureLead,
            |org| alive(org, |kind| kind == OrgKind::Committee),
            deeds!(PartyLecture),
        ),
        row(A::ThemeDay, Period::Month, M::ThemeDays, M::ThemeDayLead, branch, deeds!(ThemeDay)),
        row(
            A::OrganisationLifeMeeting,
            Period::Year,
            M::OrganisationLifeMeetings,
            M::OrganisationLifeLead,
            branch,
            deeds!(OrganisationLifeMeeting),
        ),
        row(
            A::DemocraticAppraisal,
            Period::Year,
            M::Appraisals,
            M::OrganisationLifeLead,
            branch,
            deeds!(DemocraticAppraisal),
        ),
        row(A::HeartTalk, Period::Year, M::HeartTalks, M::HeartTalkLead, branch, deeds!(HeartTalk)),
    ]
}

/// When the organisation was of some kind.
fn alive(org: &OrgFacts, of_kind: impl Fn(OrgKind) -> bool) -> Vec<Window> {
    let mut windows: Vec<Window> = Vec::new();
    for life in org.life.iter().filter(|life| of_kind(life.kind)) {
        match windows.last_mut().filter(|last| last.to == life.from) {
            Some(last) => last.to = life.to,
            None => windows.push(Window { from: life.from, to: life.to }),
        }
    }
    windows
}

/// When a branch had a committee (ORG-04): from the third person on, as long as two are left. Before the first day of which any post is
/// registered it is taken to have been as on that day.
fn committees(org: &OrgFacts) -> Vec<Window> {
    let branch = alive(org, OrgKind::is_branch);
    let mut borders: Vec<Date> = org.posts.iter().flat_map(|held| [held.from, held.to]).collect();
    borders.sort_unstable();
    borders.dedup();
    let persons = |day: Date| {
        let on_committee =
            org.posts.iter().filter(|held| held.post.on_committee() && held.from <= day && day < held.to);
        let mut persons: Vec<_> = on_committee.map(|held| held.person).collect();
        persons.sort_unstable();
        persons.dedup();
        persons.len()
    };
    let mut windows: Vec<Window> = Vec::new();
    let mut since: Option<Date> = borders.first().filter(|day| persons(**day) >= COMMITTEE_BEGINS).map(|_| Date::MIN);
    for day in borders {
        let count = persons(day);
        match since {
            None if count >= COMMITTEE_BEGINS => since = Some(day),
            Some(from) if count < COMMITTEE_LASTS => {
                windows.push(Window { from, to: day });
                since = None;
            }
            None | Some(_) => {}
        }
    }
    windows.extend(since.map(|from| Window { from, to: Date::MAX }));
    let within = |window: &Window| {
        branch.iter().find_map(|life| Window { from: window.from, to: window.to.min(life.to) }.since(life.from))
    };
    windows.iter().filter_map(within).collect()
}

fn facts_of(org: &OrgFacts, activity: Activity) -> impl Iterator<Item = &Fact> {
    org.records.iter().filter(move |fact| fact.activity == activity)
}

fn deeds_of(org: &OrgFacts, activity: Activity) -> Vec<Deed> {
    facts_of(org, activity).map(|fact| Deed { record: fact.record, on: fact.on, counts_for: fact.on }).collect()
}

/// What the enterprise asks for on its own.
fn own_duties(org: &OrgFacts, demand: &Demand<'_>, reach: Days) -> Vec<Duty> {
    let mut duties = Vec::new();
    for own in demand.own {
        let to = own.until.and_then(|until| until.tomorrow().ok()).unwrap_or(Date::MAX);
        let windows: Vec<Window> = alive(org, |kind| own.kinds.contains(&kind))
            .iter()
            .filter_map(|window| {
                Window { from: window.from, to: window.to.min(to) }.since(demand.started_on.max(own.from))
            })
            .collect();
        if windows.is_empty() {
            continue;
        }
        let what = Recurring {
            rule: OWN_RULE,
            task: Task::Own(own.id),
            period: own.period,
            times: own.times,
            lead: own.lead,
            makes_good: true,
        };
        let deeds: Vec<Deed> = org
            .own
            .iter()
            .filter(|done| done.duty == own.id)
            .map(|done| Deed { record: done.id, on: done.on, counts_for: done.on })
            .collect();
        duties.extend(recurring(&what, (org.id, None), &windows, reach, &deeds));
    }
    duties
}

/// DUES-04: the month's dues, owed until they are there. A temporary branch collects none (ORG-08).
fn collections(org: &OrgFacts, demand: &Demand<'_>, reach: Days) -> Vec<Duty> {
    let collects = |kind: OrgKind| kind.is_branch() && kind != OrgKind::TemporaryBranch;
    let windows = alive(org, collects);
    let windows: Vec<Window> = windows.iter().filter_map(|window| window.since(demand.started_on)).collect();
    let what = Recurring {
        rule: Activity::DuesCollection.rule(),
        task: Task::Activity(Activity::DuesCollection),
        period: Period::Month,
        times: 1,
        lead: demand.measures.get(Measure::DuesCollectionLead, reach.last),
        // Who pays for March in May has not paid for April.
        makes_good: false,
    };
    let deeds: Vec<Deed> = facts_of(org, Activity::DuesCollection)
        .map(|fact| Deed { record: fact.record, on: fact.on, counts_for: fact.until.unwrap_or(fact.on) })
        .collect();
    let mut duties = recurring(&what, (org.id, None), &windows, reach, &deeds);
    duties.iter_mut().for_each(|duty| duty.late_until = None);
    duties
}

/// A duty that follows from something that happened, and stays until it is done.
pub(super) fn deadline(activity: Activity, org: &OrgFacts, (from, due): (Date, Date), remind_from: Date) -> Duty {
    Duty {
        rule: activity.rule(),
        task: Task::Activity(activity),
        org: org.id,
        person: None,
        period: None,
        from,
        due,
        remind_from: remind_from.max(from),
        late_until: None,
        n: 1,
        times: 1,
        hint: false,
        done: None,
        excuse: None,
    }
}

fn shown(fact: &Fact) -> Done {
    Done { on: fact.on, record: Some(fact.record) }
}

/// ORG-06, ORG-07, ELEC-07: a new committee by the end of the term, or of its extension, and the superior asked before.
fn terms(org: &OrgFacts, demand: &Demand<'_>) -> Vec<Duty> {
    let elects = org.life.last().is_some_and(|life| {
        life.to == Date::MAX && life.kind != OrgKind::Group && life.kind != OrgKind::TemporaryBranch
    });
    let mut duties = Vec::new();
    let mut elections: Vec<&Fact> =
        facts_of(org, Activity::ReElection).filter(|fact| fact.outcome == Outcome::Passed).collect();
    for term in &org.past_terms {
        // A term that ended without an election was a slip of the pen, corrected since.
        let ended = elections.iter().position(|fact| fact.on > term.from);
        if let Some(at) = ended {
            let fact = elections.remove(at);
            duties.extend(term_duties(org, *term, Some(fact), demand));
        }
    }
    if let Some(term) = org.term.filter(|_| elects) {
        let ended = elections.into_iter().find(|fact| fact.on > term.from);
        duties.extend(term_duties(org, term, ended, demand));
    }
    duties.retain(|duty| duty.done.is_none_or(|done| done.on >= demand.started_on));
    duties
}

fn term_duties(org: &OrgFacts, term: Term, ended: Option<&Fact>, demand: &Demand<'_>) -> Vec<Duty> {
    let end = next_election(term.from, term.years);
    let get = |measure| demand.measures.get(measure, end);
    let asked = facts_of(org, Activity::ReElectionRequest)
        .filter(|fact| fact.on > term.from && ended.is_none_or(|ended| fact.on <= ended.on));
    let asked: Vec<&Fact> = asked.collect();
    let longest = add_months(end, get(Measure::TermExtensionMonths));
    let extended = asked.iter().filter(|fact| fact.outcome == Outcome::Extended).filter_map(|fact| fact.until).max();
    let due = extended.map_or(end, |until| until.clamp(end, longest));
    let lead = get(Measure::TermLead);
    let mut election = deadline(Activity::ReElection, org, (add_days(end, -lead), due), add_days(end, -lead));
    election.done = ended.map(shown);
    let from = add_days(end, -get(Measure::ElectionRequestLead));
    let last = add_days(due, -get(Measure::ElectionRequestDays)).max(from);
    let mut request = deadline(Activity::ReElectionRequest, org, (from, last), from);
    let answered = asked.iter().rfind(|fact| matches!(fact.outcome, Outcome::Passed | Outcome::Begun));
    request.done = answered.map(|fact| shown(fact));
    // Who has elected was allowed to: a request that was not kept here is not asked for afterwards.
    if election.done.is_some() && request.done.is_none() { vec![election] } else { vec![election, request] }
}

/// ORG-09: the secretary's post filled again within the days the enterprise allows.
fn vacancies(org: &OrgFacts, demand: &Demand<'_>) -> Vec<Duty> {
    let led: Vec<Window> = alive(org, |kind| kind != OrgKind::Group);
    let held = |day: Date| {
        let mut posts = org.posts.iter().filter(|held| held.post == PostKind::Secretary);
        posts.any(|held| held.from <= day && day < held.to)
    };
    let mut duties = Vec::new();
    for window in led {
        let within = |day: &Date| window.contains(*day);
        let starts = org.posts.iter().filter(|held| held.post == PostKind::Secretary);
        let mut vacated: Vec<Date> =
            starts.clone().map(|held| held.to).filter(|day| within(day) && !held(*day)).collect();
        // Who led it before it was registered is not known; only a new organisation, or one where nobody ever did, lacks a secretary.
        let begins = window.from.max(demand.started_on);
        let first = starts.clone().map(|held| held.from).min();
        if within(&begins) && first.is_none_or(|first| begins == window.from && first > begins) {
            vacated.push(begins);
        }
        vacated.sort_unstable();
        vacated.dedup();
        for from in vacated {
            let filled = starts.clone().map(|held| held.from).filter(|day| *day >= from).min();
            let ended = filled.unwrap_or(Date::MAX).min(window.to);
            if ended < demand.started_on || (filled.is_none() && window.to != Date::MAX) {
                continue;
            }
            let due = add_days(from, demand.measures.get(Measure::VacancyDays, from));
            let mut duty = deadline(Activity::VacancyFilling, org, (from, due), from);
            duty.done = filled.map(|on| {
                let record = facts_of(org, Activity::VacancyFilling).find(|fact| (from..=on).contains(&fact.on));
                Done { on, record: record.map(|fact| fact.record) }
            });
            duties.push(duty);
        }
    }
    duties
}

/// ELEC-06: the result of an election reported to the superior.
fn reports(org: &OrgFacts, demand: &Demand<'_>) -> Vec<Duty> {
    let reports: Vec<&Fact> = facts_of(org, Activity::ElectionReport).collect();
    let elected = facts_of(org, Activity::ReElection)
        .filter(|fact| fact.outcome == Outcome::Passed && fact.on >= demand.started_on);
    elected
        .map(|fact| {
            let due = add_days(fact.on, demand.measures.get(Measure::ElectionReportDays, fact.on));
            let mut duty = deadline(Activity::ElectionReport, org, (fact.on, due), fact.on);
            duty.done = reports.iter().find(|report| report.on >= fact.on).map(|report| shown(report));
            duty
        })
        .collect()
}

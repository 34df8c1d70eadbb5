//! The duties about one person: learning, dues in arrears, transfers, contact lost, and the way to membership (`development`).

use super::recurring::Window;
use super::{Days, Demand, Done, Duty, Fact, Outcome, Period, PersonFacts, PostHeld, Task, development, excused};
use crate::activity::Activity;
use crate::codes::Membership;
use crate::date::{add_days, add_months, full_months};
use crate::measure::Measure;
use crate::org::PostKind;
use jiff::civil::Date;

/// What is asked about a person in a span of days.
pub fn of_person(person: &PersonFacts, demand: &Demand<'_>, span: Days) -> Vec<Duty> {
    let mut duties = Vec::new();
    learning(person, demand, span, &mut duties);
    if !person.posts.is_empty() {
        duties.extend(new_secretary(person, demand));
    }
    duties.extend(new_member(person, demand));
    duties.extend(development::duties(person, demand, span));
    duties.extend(transfers(person, demand));
    duties.extend(contact(person, demand));
    duties.extend(rectification(person, demand));
    arrears(person, demand, &mut duties);
    duties.retain(|duty| duty.touches(span));
    excused(&mut duties, &person.excuses);
    duties
}

/// A duty that follows from something that happened, and stays until it is done.
pub(super) fn deadline(activity: Activity, person: &PersonFacts, (from, due): (Date, Date), remind_from: Date) -> Duty {
    Duty {
        rule: activity.rule(),
        task: Task::Activity(activity),
        org: person.org,
        person: Some(person.id),
        period: None,
        from,
        due,
        remind_from,
        late_until: None,
        n: 1,
        times: 1,
        hint: false,
        done: None,
        excuse: None,
    }
}

pub(super) fn shown(fact: &Fact) -> Done {
    Done { on: fact.on, record: Some(fact.record) }
}

pub(super) fn facts_of(person: &PersonFacts, activity: Activity) -> impl DoubleEndedIterator<Item = &Fact> {
    person.records.iter().filter(move |fact| fact.activity == activity)
}

/// Whether at least half of a period lies in a window, and its last day.
fn most_of(days: Days, window: Window) -> bool {
    let covered = Days { first: days.first.max(window.from), last: days.last };
    window.contains(days.last) && covered.count() * 2 >= days.count()
}

/// EDU-01: hours of learning in a year; EDU-02: more of them, and one training, for those who sit on a committee.
fn learning(person: &PersonFacts, demand: &Demand<'_>, span: Days, duties: &mut Vec<Duty>) {
    let Some(first) = person.stages.iter().find(|held| held.stage.is_member()) else { return };
    let since = first.from.max(demand.started_on);
    let last = person.stages.last().map_or(Date::MAX, |held| held.to);
    let Some(member) = (Window { from: since, to: last }).since(since) else { return };
    for days in Period::Year.meeting(span) {
        if !most_of(days, member) {
            continue;
        }
        let leads =
            person.posts.iter().any(|held| sits(held) && most_of(days, Window { from: held.from, to: held.to }));
        let (activity, least) = match leads {
            true => (Activity::OfficerLearningHours, Measure::OfficerHours),
            false => (Activity::LearningHours, Measure::LearningHours),
        };
        let lead = demand.measures.get(Measure::LearningLead, days.last);
        let yearly = |activity| Duty {
            period: Some(Period::Year),
            late_until: Some(days.last),
            ..deadline(activity, person, (member.from.max(days.first), days.last), add_days(days.last, -lead))
        };
        let hours = person.hours.iter().find(|hours| hours.year == days.first.year());
        let enough = i64::from(demand.measures.get(least, days.last)) * 10;
        let done = hours.filter(|hours| hours.tenths >= enough).map(|hours| Done { on: hours.last, record: None });
        duties.push(Duty { done, ..yearly(activity) });
        if leads {
            let attended: Vec<&Fact> =
                facts_of(person, Activity::OfficerTraining).filter(|fact| days.contains(fact.on)).collect();
            let times = demand.measures.get(Measure::OfficerTrainings, days.last).clamp(1, 99) as u8;
            duties.extend((1..=times).map(|n| Duty {
                n,
                times,
                done: attended.get(usize::from(n) - 1).map(|fact| shown(fact)),
                ..yearly(Activity::OfficerTraining)
            }));
        }
    }
}

/// Whether the holder sits on the committee of a branch, general branch or committee.
fn sits(held: &PostHeld) -> bool {
    held.post.on_committee()
}

/// EDU-02: who becomes a secretary is trained for it within half a year.
fn new_secretary(person: &PersonFacts, demand: &Demand<'_>) -> Vec<Duty> {
    let led = || person.posts.iter().filter(|held| held.post == PostKind::Secretary);
    let new = led().filter(|held| {
        held.from >= demand.started_on && !led().any(|before| before.from < held.from && before.to >= held.from)
    });
    let mut duties = Vec::new();
    for held in new {
        let due = add_months(held.from, demand.measures.get(Measure::NewSecretaryMonths, held.from));
        let lead = demand.measures.get(Measure::LearningLead, held.from);
        let mut duty = deadline(Activity::NewSecretaryTraining, person, (held.from, due), add_days(due, -lead));
        duty.done = facts_of(person, Activity::NewSecretaryTraining).find(|fact| fact.on >= held.from).map(shown);
        if duty.done.is_some() || held.to == Date::MAX {
            duties.push(duty);
        }
    }
    duties
}

/// EDU-02: a new member attends a training of the superior by a year after becoming a full member.
fn new_member(person: &PersonFacts, demand: &Demand<'_>) -> Option<Duty> {
    let full = person.full_on?.latest();
    let due = add_months(full, demand.measures.get(Measure::NewMemberMonths, full));
    let asked = Days { first: full, last: due };
    if due < demand.started_on || !most_of(asked, Window { from: demand.started_on, to: Date::MAX }) {
        return None;
    }
    let lead = demand.measures.get(Measure::LearningLead, due);
    let mut duty = deadline(Activity::NewMemberTraining, person, (full, due), add_days(due, -lead));
    let since = person.joined_on.map_or(full, |joined| joined.earliest());
    duty.done = facts_of(person, Activity::NewMemberTraining).find(|fact| fact.on >= since).map(shown);
    (duty.done.is_some() || person.left().is_none()).then_some(duty)
}

/// EDU-04: a letter of introduction is answered while it is valid. The duty is the receiving organisation's.
fn transfers(person: &PersonFacts, demand: &Demand<'_>) -> Vec<Duty> {
    let asked = person.transfers.iter().filter(|asked| asked.accepted.is_none_or(|on| on >= demand.started_on));
    asked
        .map(|asked| {
            let due = asked.due.min(add_days(asked.on, demand.measures.get(Measure::TransferDays, asked.on)));
            let done = asked.accepted.map(|on| Done { on, record: None });
            Duty { org: asked.to, done, ..deadline(Activity::TransferAcceptance, person, (asked.on, due), asked.on) }
        })
        .collect()
}

/// EDU-05: the terms after which the organisation has to decide; never late, never decided by the calendar. The register keeps no day
/// on which contact was lost: the first search stands for it.
fn contact(person: &PersonFacts, demand: &Demand<'_>) -> Option<Duty> {
    let (since, months) = match person.membership {
        Membership::OutOfContact => (facts_of(person, Activity::ContactSearch).next()?.on, Measure::OutOfContactMonths),
        Membership::Suspended => (person.left()?, Measure::SuspendedMonths),
        _ => return None,
    };
    let due = full_months(since, demand.measures.get(months, since));
    Some(Duty { hint: true, ..deadline(Activity::ContactSearch, person, (since, due), due) })
}

/// EDU-06: what was to be mended by a day has been looked at by then.
fn rectification(person: &PersonFacts, demand: &Demand<'_>) -> Vec<Duty> {
    let facts: Vec<&Fact> = facts_of(person, Activity::Rectification).collect();
    let begun = facts.iter().filter(|fact| fact.outcome == Outcome::Begun && fact.on >= demand.started_on);
    begun
        .map(|fact| {
            let longest = add_months(fact.on, demand.measures.get(Measure::RectificationMonths, fact.on));
            let due = fact.until.map_or(longest, |until| until.min(longest));
            let mut duty = deadline(Activity::Rectification, person, (fact.on, due), add_days(due, -30).max(fact.on));
            let ended = facts.iter().find(|later| later.on >= fact.on && later.outcome != Outcome::Begun);
            duty.done = ended.map(|fact| shown(fact));
            duty
        })
        .collect()
}

/// DUES-05: told to the member, then to the branch, then to the superior, long before the six months of the constitution are over.
/// Nothing is ever done by the calendar.
fn arrears(person: &PersonFacts, demand: &Demand<'_>, duties: &mut Vec<Duty>) {
    let Some(since) = person.owes_since else { return };
    let get = |measure| demand.measures.get(measure, since);
    let lapse = add_days(add_months(since, get(Measure::DuesLapseMonths)), -1);
    let told = [Measure::ArrearsMember, Measure::ArrearsBranch, Measure::ArrearsSuperior];
    duties.extend((1..).zip(told).map(|(n, measure)| {
        let from = add_months(since, get(measure));
        Duty { n, times: told.len() as u8, ..deadline(Activity::DuesArrears, person, (from, lapse), from) }
    }));
}

//! The calendar against tables written by hand, rule by rule.

mod boundary;
mod development;
mod organisation;
mod person;
mod year;

use super::*;
use crate::codes::{Membership, Stage};
use crate::date::PartialDate;
use crate::measure::Measure;
use crate::org::{OrgKind, PostKind};
use jiff::civil::date;

const BRANCH: OrgId = OrgId(10);
const COMMITTEE: OrgId = OrgId(1);
const SOMEBODY: PersonId = PersonId(100);

/// The numbers of the regulations, from the first day of 2026.
struct Office {
    measures: Measures,
    own: Vec<OwnDuty>,
    started_on: Date,
}

impl Default for Office {
    fn default() -> Self {
        Office { measures: Measures::default(), own: Vec::new(), started_on: date(2026, 1, 1) }
    }
}

impl Office {
    fn demand(&self) -> Demand<'_> {
        Demand { measures: &self.measures, own: &self.own, started_on: self.started_on }
    }
    fn stricter(mut self, measure: Measure, number: i32) -> Self {
        self.measures.set(measure, number, date(2026, 11, 24)).unwrap();
        self
    }
    fn since(self, started_on: Date) -> Self {
        Office { started_on, ..self }
    }
    fn of(&self, org: &OrgFacts, year: i16) -> Vec<Duty> {
        in_order(of_org(org, &self.demand(), Days::of_year(year).unwrap()))
    }
    fn about(&self, person: &PersonFacts, year: i16) -> Vec<Duty> {
        in_order(of_person(person, &self.demand(), Days::of_year(year).unwrap()))
    }
}

fn in_order(mut duties: Vec<Duty>) -> Vec<Duty> {
    duties.sort_by_key(|duty| (duty.rule, duty.task, duty.due, duty.from, duty.n));
    duties
}

/// A branch that was there since always, with a secretary since 2024 and no committee.
fn branch() -> OrgFacts {
    organisation(BRANCH, OrgKind::Branch)
}

fn organisation(id: OrgId, kind: OrgKind) -> OrgFacts {
    OrgFacts {
        id,
        life: vec![Life { kind, from: Date::MIN, to: Date::MAX }],
        posts: vec![held(PostKind::Secretary, 1, date(2024, 3, 1), Date::MAX)],
        term: None,
        past_terms: Vec::new(),
        records: Vec::new(),
        own: Vec::new(),
        excuses: Vec::new(),
    }
}

fn held(post: PostKind, person: i64, from: Date, to: Date) -> PostHeld {
    PostHeld { org: BRANCH, kind: OrgKind::Branch, person: PersonId(person), post, from, to }
}

fn fact(activity: Activity, on: Date) -> Fact {
    let record = RecordId(day(on) * 100 + activity as i64);
    Fact { record, activity, on, outcome: Outcome::Passed, until: None }
}

fn day(on: Date) -> i64 {
    crate::date::day_number(on)
}

impl OrgFacts {
    fn with(mut self, facts: impl IntoIterator<Item = Fact>) -> Self {
        self.records.extend(facts);
        self.records.sort_by_key(|fact| fact.on);
        self
    }
}

/// A full member since 2010.
fn member() -> PersonFacts {
    PersonFacts {
        id: SOMEBODY,
        org: BRANCH,
        membership: Membership::Normal,
        applied_on: None,
        joined_on: Some(PartialDate::day(date(2009, 6, 15))),
        full_on: Some(PartialDate::day(date(2010, 6, 15))),
        stages: vec![StageHeld { stage: Stage::Full, from: date(2010, 6, 15), to: Date::MAX }],
        posts: Vec::new(),
        records: Vec::new(),
        hours: Vec::new(),
        transfers: Vec::new(),
        owes_since: None,
        case_rests: false,
        excuses: Vec::new(),
    }
}

/// Somebody on the way to membership since a day.
fn on_the_way(stage: Stage, since: Date) -> PersonFacts {
    PersonFacts {
        joined_on: None,
        full_on: None,
        stages: vec![StageHeld { stage, from: since, to: Date::MAX }],
        ..member()
    }
}

impl PersonFacts {
    fn with(mut self, facts: impl IntoIterator<Item = Fact>) -> Self {
        self.records.extend(facts);
        self.records.sort_by_key(|fact| fact.on);
        self
    }
}

/// The duties of one activity.
fn of(duties: &[Duty], activity: Activity) -> Vec<&Duty> {
    duties.iter().filter(|duty| duty.task == Task::Activity(activity)).collect()
}

/// From, due and status on a day, as text: `2026-01-01 2026-03-31 done`.
fn table(duties: &[&Duty], today: Date) -> Vec<String> {
    duties.iter().map(|duty| format!("{} {} {}", duty.from, duty.due, duty.status(today).key())).collect()
}

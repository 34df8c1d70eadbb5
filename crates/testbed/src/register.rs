//! A register with a history, made by chance from a seed: an office whose tree changes, members who join, move and leave, and questions
//! to ask of it, with a count by hand to compare with.

use crate::{Office, Place, TODAY, draft};
use jiff::civil::{Date, date};
use rules::codes::{Degree, Education, Employment, Ethnicity, Gender, Occupation, Stage, TitleLevel};
use rules::date::{PartialDate, day_number};
use rules::ids::OrgId;
use rules::member::{Record, Spell};
use rules::org::OrgKind;
use rules::stats::{Condition, Dimension, Groups, Query, UNKNOWN};
use std::collections::BTreeMap;
use store::{LoadPerson, NewOrg};

/// A small generator; the same seed gives the same choices.
pub struct Dice(pub u64);

impl Dice {
    /// A number below another.
    pub fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % n
    }
    /// One of a list.
    pub fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())]
    }
    /// One of a list, or none.
    pub fn maybe<T: Copy>(&mut self, list: &[T]) -> Option<T> {
        if self.below(5) == 0 { None } else { Some(self.pick(list)) }
    }
    /// A day of the years from one up to another.
    pub fn day(&mut self, from: i16, to: i16) -> Date {
        date(from + self.below((to - from) as usize) as i16, 1 + self.below(12) as i8, 1 + self.below(28) as i8)
    }
}

/// An office whose tree changes: 01 with the committees 0101 and 0102, three branches below each; in 2015 the branch 010101 goes from
/// 0101 to 0102.
pub struct Register {
    /// The office.
    pub office: Office,
    /// Its organisations: id, code, name.
    pub orgs: Vec<(OrgId, String, String)>,
    parents: Vec<Option<usize>>,
    people: Vec<(Record, Vec<Spell>)>,
    moved: (usize, usize, Date),
}

impl Register {
    /// Makes one.
    pub async fn new(place: Place, seed: u64) -> Self {
        let office = Office::with_branches(place, 0).await;
        let mut dice = Dice(seed);
        let mut orgs = vec![(office.top.id, "01".to_owned(), office.top.name.clone())];
        let mut parents = vec![None];
        let mut add = async |parent: usize, kind: OrgKind, code: &str, name: &str| {
            let new =
                NewOrg { parent: Some(orgs[parent].0), code: code.into(), name: name.into(), ..NewOrg::default() };
            let org = office.store.create_org(office.author(), kind, new, None).await.unwrap();
            orgs.push((org.id, code.to_owned(), name.to_owned()));
            parents.push(Some(parent));
        };
        add(0, OrgKind::Committee, "0101", "一公司党委").await;
        add(0, OrgKind::Committee, "0102", "二公司党委").await;
        for n in 1..=6 {
            let unit = if n <= 3 { 1 } else { 2 };
            add(unit, OrgKind::Branch, &format!("010{unit}0{n}"), &format!("第{n}党支部")).await;
        }
        let people: Vec<_> = (0..60).map(|n| person(&mut dice, n, &orgs)).collect();
        let load =
            people.iter().cloned().map(|(record, spells)| LoadPerson { record, spells, org_name: "某支部".into() });
        assert_eq!(office.store.load_persons(office.author(), load, |_, _| {}).await.unwrap(), 60);
        let on = date(2015, 7, 1);
        office.store.move_org(office.author(), (orgs[3].0, 1), orgs[2].0, on, "调整").await.unwrap();
        Register { office, orgs, parents, people, moved: (3, 2, on) }
    }

    fn above(&self, org: usize, day: Date) -> Option<usize> {
        let (moved, to, on) = self.moved;
        if org == moved && day >= on { Some(to) } else { self.parents[org] }
    }

    /// The child of `top` through which an organisation belongs to it on a day; itself for the top.
    fn below(&self, org: usize, top: usize, day: Date) -> Option<usize> {
        let mut at = org;
        let mut child = org;
        while at != top {
            child = at;
            at = self.above(at, day)?;
        }
        Some(child)
    }

    fn place_of(&self, org: OrgId) -> usize {
        self.orgs.iter().position(|(id, ..)| *id == org).unwrap()
    }

    /// A count by hand.
    pub fn count(&self, top: usize, query: &Query, day: Date) -> BTreeMap<Vec<String>, i64> {
        let mut counts = BTreeMap::new();
        for (record, spells) in &self.people {
            let Some(spell) = spells.iter().find(|spell| spell.from <= day && spell.to.is_none_or(|to| day < to))
            else {
                continue;
            };
            let org = self.place_of(spell.standing.org);
            let Some(child) = self.below(org, top, day).filter(|_| spell.standing.stage.is_member()) else { continue };
            let holds = |filter: &rules::stats::Filter| {
                let stored = stored(filter.dimension(), record, spell, day);
                match (filter.condition(&query.bands, day), stored) {
                    (Condition::Codes { unknown, .. } | Condition::Days { unknown, .. }, None) => unknown,
                    (Condition::Codes { codes, .. }, Some(value)) => codes.contains(&value),
                    (Condition::Days { ranges, .. }, Some(value)) => ranges.iter().any(|range| range.contains(value)),
                }
            };
            if !query.filters.iter().all(holds) {
                continue;
            }
            let value = |dimension: &Dimension| match (
                dimension.groups(&query.bands, day),
                stored(*dimension, record, spell, day),
            ) {
                (Groups::Orgs, _) if child == top => format!("{}（本级）", self.orgs[top].2),
                (Groups::Orgs, _) => self.orgs[child].2.clone(),
                (_, None) => UNKNOWN.to_owned(),
                (Groups::Codes(codes), Some(value)) => {
                    codes.iter().find(|(code, _)| *code == value).unwrap().1.to_owned()
                }
                (Groups::Days(days), Some(value)) => {
                    days.iter().find(|(_, days)| days.contains(value)).unwrap().0.clone()
                }
                (Groups::Years, Some(value)) => (value / 10_000).to_string(),
            };
            *counts.entry(query.by.iter().map(value).collect::<Vec<String>>()).or_insert(0) += 1;
        }
        counts
    }
}

/// Somebody in one of the six branches, with a history.
pub fn person(dice: &mut Dice, n: u16, orgs: &[(OrgId, String, String)]) -> (Record, Vec<Spell>) {
    let org = |dice: &mut Dice| orgs[3 + dice.below(6)].0;
    let home = org(dice);
    let mut record = Record::new(&draft("张三", n + 1), home).unwrap();
    record.gender = dice.pick(Gender::ALL);
    record.ethnicity = dice.maybe(&[Ethnicity::Han, Ethnicity::Yi, Ethnicity::Miao]);
    record.born = dice.maybe(&[(); 1]).map(|()| PartialDate::day(dice.day(1950, 1985)));
    record.private.identity = None;
    record.standing.education = dice.maybe(Education::ALL);
    record.standing.degree = dice.maybe(Degree::ALL);
    record.standing.title_level = dice.maybe(TitleLevel::ALL);
    record.standing.employment = dice.maybe(Employment::ALL);
    record.standing.occupation = dice.maybe(Occupation::ALL);
    record.standing.stage = dice.pick(&[Stage::Full, Stage::Full, Stage::Full, Stage::Probationary, Stage::Activist]);
    let joined = dice.day(2004, 2020);
    let is_member = record.standing.stage.is_member();
    record.joined_on = is_member.then(|| PartialDate::day(joined));
    record.full_on =
        (record.standing.stage == Stage::Full).then(|| PartialDate::day(rules::date::add_years(joined, 1)));
    record.applied_on = Some(PartialDate::day(date(2003, 1, 1)));
    let mut spells = record.first_spells(TODAY);
    // Some came from another branch on a day, some have left.
    if dice.below(3) == 0 {
        let last = spells.len() - 1;
        let mut later = spells[last];
        let on = dice.day(2021, 2025);
        spells[last].to = Some(on);
        spells[last].standing.org = org(dice);
        later.from = on;
        later.to = (dice.below(3) == 0).then(|| date(2025, 5, 5));
        spells.push(later);
    }
    (record, spells)
}

fn stored(dimension: Dimension, record: &Record, spell: &Spell, on: Date) -> Option<i64> {
    let day = |date: Option<PartialDate>| date.map(|date| day_number(date.date));
    let standing = &spell.standing;
    match dimension {
        Dimension::Gender => Some(record.gender.code()),
        Dimension::Ethnicity => record.ethnicity.map(|one| one.code()),
        Dimension::Education => standing.education.map(|one| one.code()),
        Dimension::Degree => standing.degree.map(|one| one.code()),
        Dimension::AgeBand => day(record.born),
        Dimension::PartyAgeBand => day(record.full_on).filter(|full| *full <= day_number(on)),
        Dimension::JoinedPeriod | Dimension::JoinedYear => day(record.joined_on),
        Dimension::TitleLevel => standing.title_level.map(|one| one.code()),
        Dimension::Employment => standing.employment.map(|one| one.code()),
        Dimension::Occupation => standing.occupation.map(|one| one.code()),
        Dimension::Status => Some(standing.stage.code()),
        Dimension::Org => None,
    }
}

const CONDITIONS: [&str; 14] = [
    "gender=女",
    "ethnicity=少数民族",
    "ethnicity=汉族|未填",
    "education=大专及以上",
    "education=未填",
    "degree=有学位",
    "age<=45",
    "年龄=33-50",
    "age_band=未填",
    "party_age_band=5年以上",
    "党龄<=4",
    "joined_year=2010|2011",
    "joined_period=十八大以来",
    "status=正式党员",
];

/// A question.
pub fn question(dice: &mut Dice) -> Query {
    let mut by: Vec<&str> = (0..dice.below(4)).map(|_| dice.pick(&Dimension::ALL).key()).collect();
    by.sort_unstable();
    by.dedup();
    let mut conditions: Vec<&str> = (0..dice.below(3)).map(|_| dice.pick(&CONDITIONS)).collect();
    conditions.dedup_by_key(|condition| condition.split(['=', '<']).next().map(str::to_owned));
    let bands = dice.pick(&[None, Some("18,25,35,60;party_age_band:2,5")]);
    Query::parse(&by.join(","), &conditions.join(";"), None, None, bands)
        .unwrap_or_else(|_| Query::parse(&by.join(","), "", None, None, bands).unwrap())
}

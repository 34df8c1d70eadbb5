//! Counting in the store against a count by hand over dossiers and their spells; each on both databases.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use jiff::civil::{Date, date};
use rules::codes::{Degree, Education, Employment, Ethnicity, Gender, Occupation, Stage, TitleLevel};
use rules::date::{PartialDate, day_number};
use rules::ids::{OrgId, PersonId};
use rules::member::{Record, Spell};
use rules::org::OrgKind;
use rules::stats::{Condition, Dimension, Groups, Query, UNKNOWN};
use std::collections::BTreeMap;
use store::{CountRow, Counts, LoadOrg, LoadPerson, NewOrg, Store, StoreError};
use testbed::{Office, Place, TODAY, draft, on_both};

/// A small generator; the same seed gives the same choices.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % n
    }
    fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())]
    }
    fn maybe<T: Copy>(&mut self, list: &[T]) -> Option<T> {
        if self.below(5) == 0 { None } else { Some(self.pick(list)) }
    }
    fn day(&mut self, from: i16, to: i16) -> Date {
        date(from + self.below((to - from) as usize) as i16, 1 + self.below(12) as i8, 1 + self.below(28) as i8)
    }
}

/// An office whose tree changes: 01 with the committees 0101 and 0102, three branches below each; in 2015 the branch 010101 goes from
/// 0101 to 0102.
struct Register {
    office: Office,
    orgs: Vec<(OrgId, String, String)>,
    parents: Vec<Option<usize>>,
    people: Vec<(Record, Vec<Spell>)>,
    moved: (usize, usize, Date),
}

impl Register {
    async fn new(place: Place, seed: u64) -> Self {
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

    /// The same count by hand.
    fn count(&self, top: usize, query: &Query, day: Date) -> BTreeMap<Vec<String>, i64> {
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

fn person(dice: &mut Dice, n: u16, orgs: &[(OrgId, String, String)]) -> (Record, Vec<Spell>) {
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

fn question(dice: &mut Dice) -> Query {
    let mut by: Vec<&str> = (0..dice.below(4)).map(|_| dice.pick(&Dimension::ALL).key()).collect();
    by.sort_unstable();
    by.dedup();
    let mut conditions: Vec<&str> = (0..dice.below(3)).map(|_| dice.pick(&CONDITIONS)).collect();
    conditions.dedup_by_key(|condition| condition.split(['=', '<']).next().map(str::to_owned));
    let bands = dice.pick(&[None, Some("18,25,35,60;party_age_band:2,5")]);
    Query::parse(&by.join(","), &conditions.join(";"), None, None, bands)
        .unwrap_or_else(|_| Query::parse(&by.join(","), "", None, None, bands).unwrap())
}

fn as_map(counts: &Counts) -> BTreeMap<Vec<String>, i64> {
    let map: BTreeMap<_, _> = counts.rows.iter().map(|row| (row.values.clone(), row.count)).collect();
    assert_eq!(map.len(), counts.rows.len(), "a cell stands twice");
    assert_eq!(counts.total, map.values().sum::<i64>());
    map
}

async fn path_of(register: &Register, org: usize) -> String {
    register.office.store.org(register.office.root, register.orgs[org].0).await.unwrap().path
}

fn cells(counts: &Counts) -> Vec<(String, i64)> {
    counts.rows.iter().map(|CountRow { values, count }| (values.join(" "), *count)).collect()
}

async fn count(store: &Store, office: &Office, by: &str, conditions: &str, as_of: Date) -> Counts {
    let query = Query::parse(by, conditions, None, None, None).unwrap();
    store.count(office.root, std::slice::from_ref(&office.top.path), &query, as_of).await.unwrap()
}

on_both! {
    async fn any_question_is_answered_as_a_count_by_hand_answers_it(place: Place) {
        let register = Register::new(place, 7).await;
        let mut dice = Dice(20_261_124);
        let mut found = 0;
        for round in 0..200 {
            let query = question(&mut dice);
            let day = if round % 4 == 0 { TODAY } else { dice.day(2004, 2026) };
            let top = dice.below(9);
            let tops = [path_of(&register, top).await];
            let counts = register.office.store.count(register.office.root, &tops, &query, day).await.unwrap();
            let mut expected = register.count(top, &query, day);
            if query.by.is_empty() {
                // Without a dimension there is always the one cell.
                expected.entry(Vec::new()).or_insert(0);
            }
            assert_eq!(as_map(&counts), expected, "{} below {} on {day}", query.to_query_string(), register.orgs[top].1);
            found += counts.total;
        }
        assert!(found > 500, "too few persons were counted to prove anything: {found}");
    }

    async fn the_dossiers_read_back_are_those_that_were_loaded(place: Place) {
        let office = Office::with_branches(place, 2).await;
        let mut dice = Dice(3);
        let orgs: Vec<_> = [0, 0, 0, 0, 1, 0, 1, 0, 1].map(|n| (office.branches[n].id, String::new(), String::new())).to_vec();
        let people: Vec<_> = (0..45).map(|n| person(&mut dice, n, &orgs)).collect();
        let load = people.iter().cloned().map(|(record, spells)| LoadPerson { record, spells, org_name: "某支部".into() });
        let mut ids: Vec<PersonId> = Vec::new();
        office.store.load_persons(office.author(), load, |id, _| ids.push(id)).await.unwrap();
        for (id, (record, spells)) in ids.iter().zip(&people) {
            let read: Vec<Spell> =
                office.store.person_spells(office.root, *id).await.unwrap().into_iter().map(|found| found.spell).collect();
            assert_eq!(&read, spells);
            let read = office.store.person(office.root, *id).await.unwrap().record;
            assert_eq!((read.name, read.born, read.joined_on), (record.name.clone(), record.born, record.joined_on));
        }
        let verdict = office.store.verify_ledger(office.root).await.unwrap();
        assert!(verdict.faults.is_empty(), "{verdict:?}");
    }

    async fn values_stand_in_the_order_of_their_list_and_the_unknown_last(place: Place) {
        let register = Register::new(place, 11).await;
        let office = &register.office;
        for dimension in Dimension::ALL {
            let counts = count(&office.store, office, dimension.key(), "", TODAY).await;
            let order = dimension.values(&rules::stats::Bands::default());
            let places: Vec<usize> = counts
                .rows
                .iter()
                .map(|row| order.iter().position(|value| *value == row.values[0]).unwrap_or(if row.values[0] == UNKNOWN { 999 } else { 0 }))
                .collect();
            assert!(places.is_sorted(), "{dimension:?} {counts:?}");
        }
        let years = count(&office.store, office, "joined_year", "", TODAY).await;
        assert!(years.rows.windows(2).all(|pair| pair[0].values < pair[1].values));
    }

    async fn several_subtrees_are_counted_against_each_other(place: Place) {
        let register = Register::new(place, 5).await;
        let office = &register.office;
        let tops = [path_of(&register, 4).await, path_of(&register, 2).await];
        let query = Query::parse("org", "", None, None, None).unwrap();
        let counts = office.store.count(office.root, &tops, &query, TODAY).await.unwrap();
        let each = [register.count(4, &Query::default(), TODAY), register.count(2, &Query::default(), TODAY)];
        let expected: Vec<i64> = each.iter().map(|counts| counts.values().sum()).collect();
        assert_eq!(cells(&counts), [("第2党支部".to_owned(), expected[0]), ("二公司党委".to_owned(), expected[1])]);
        assert_eq!(counts.orgs.iter().map(|org| org.code.as_str()).collect::<Vec<_>>(), ["010102", "0102"]);
        let none = office.store.count(office.root, &[], &query, TODAY).await.unwrap();
        assert_eq!(none, Counts::default());
    }

    async fn namesakes_among_the_organisations_are_told_apart_by_their_codes(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let twin = NewOrg { parent: Some(office.top.id), code: "0199".into(), name: "第1党支部".into(), ..NewOrg::default() };
        let twin = office.store.create_org(office.author(), OrgKind::Branch, twin, None).await.unwrap();
        office.member(0, "张三").await;
        let record = Record::new(&draft("李四", 500), twin.id).unwrap();
        office.store.create_person(office.author(), record, TODAY, "测试").await.unwrap();
        let counts = count(&office.store, &office, "org", "", TODAY).await;
        assert_eq!(cells(&counts), [("第1党支部（0101）".to_owned(), 1), ("第1党支部（0199）".to_owned(), 1)]);
    }

    async fn a_trend_counts_at_the_end_of_each_year_and_today_in_this_one(place: Place) {
        let register = Register::new(place, 9).await;
        let office = &register.office;
        let query = Query::parse("gender", "", None, None, None).unwrap();
        let tops = [office.top.path.clone()];
        let series = office.store.trend(office.root, &tops, &query, (2010, 2026), TODAY).await.unwrap();
        assert_eq!(series.len(), 17);
        for (year, counts) in series {
            let day = date(year, 12, 31).min(TODAY);
            assert_eq!(as_map(&counts), register.count(0, &query, day), "{year}");
        }
    }

    async fn organisations_are_loaded_below_those_before_them(place: Place) {
        let store = place.open().await;
        let root = store.create_enterprise("测试集团").await.unwrap();
        let new = |code: &str, name: &str| NewOrg { code: code.into(), name: name.into(), ..NewOrg::default() };
        let orgs = vec![
            LoadOrg { parent: None, kind: OrgKind::Committee, new: new("1", "集团党委") },
            LoadOrg { parent: Some(0), kind: OrgKind::Branch, new: new("2", "机关党支部") },
        ];
        let loaded = store.load_orgs(store::Author::system(root), orgs).await.unwrap();
        assert_eq!(loaded[1].parent, Some(loaded[0].id));
        assert!(loaded[1].path.starts_with(&loaded[0].path));
        assert_eq!(store.verify_ledger(root).await.unwrap().faults, []);
    }

    async fn an_account_keeps_and_lets_go_of_its_own_questions_only(place: Place) {
        let office = Office::with_branches(place, 0).await;
        let author = |n| store::Author { account: rules::ids::AccountId(n), ..office.author() };
        let saved = office.store.save_query(author(1), "女党员", "where=gender%3D%E5%A5%B3").await.unwrap();
        let list = async |n| office.store.saved_queries(office.root, rules::ids::AccountId(n)).await.unwrap();
        assert_eq!(list(1).await, std::slice::from_ref(&saved));
        assert_eq!(list(2).await, []);
        let refused = office.store.delete_saved_query(author(2), saved.id).await.unwrap_err();
        assert!(matches!(refused, StoreError::NotFound(_)));
        assert_eq!(list(1).await.len(), 1);
        office.store.delete_saved_query(author(1), saved.id).await.unwrap();
        assert_eq!(list(1).await, []);
        let entries = office.store.ledger(office.root, &store::EntryFilter::default(), 2).await.unwrap();
        assert_eq!(entries.iter().map(|entry| entry.action.as_str()).collect::<Vec<_>>(), ["stats.forget", "stats.save"]);
    }
}

//! Counting by a statement, which the census is compared with elsewhere, against a count by hand over dossiers and their spells; saved
//! questions; each on both databases.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use jiff::civil::Date;
use rules::ids::PersonId;
use rules::member::{Record, Spell};
use rules::org::OrgKind;
use rules::stats::{CountRow, Counts, Dimension, Query, UNKNOWN};
use std::collections::BTreeMap;
use store::{LoadOrg, LoadPerson, NewOrg, Store, StoreError};
use testbed::{Dice, Office, Register, TODAY, draft, on_both, person, question};

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
    store.count_by_statement(office.root, std::slice::from_ref(&office.top.path), &query, as_of).await.unwrap()
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
            let counts = register.office.store.count_by_statement(register.office.root, &tops, &query, day).await.unwrap();
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
        let counts = office.store.count_by_statement(office.root, &tops, &query, TODAY).await.unwrap();
        let each = [register.count(4, &Query::default(), TODAY), register.count(2, &Query::default(), TODAY)];
        let expected: Vec<i64> = each.iter().map(|counts| counts.values().sum()).collect();
        assert_eq!(cells(&counts), [("第2党支部".to_owned(), expected[0]), ("二公司党委".to_owned(), expected[1])]);
        assert_eq!(counts.orgs.iter().map(|org| org.code.as_str()).collect::<Vec<_>>(), ["010102", "0102"]);
        let none = office.store.count_by_statement(office.root, &[], &query, TODAY).await.unwrap();
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

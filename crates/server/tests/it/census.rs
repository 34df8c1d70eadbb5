//! The census against the count by one statement over the spells: the same questions, the same answers, while the register changes.

use jiff::civil::{Date, date};
use rules::codes::{Education, Gender};
use rules::date::PartialDate;
use rules::ids::PersonId;
use rules::member::Record;
use rules::org::OrgKind;
use rules::stats::Query;
use server::Censuses;
use store::{NewOrg, OrgEdit, Store};
use testbed::{Dice, Register, TODAY, on_both, question};

/// Asks both the same questions; how many persons were counted.
async fn compare(register: &Register, censuses: &Censuses, dice: &mut Dice, rounds: usize, today: Date) -> i64 {
    let (store, root) = (&register.office.store, register.office.root);
    let mut found = 0;
    for round in 0..rounds {
        let query = question(dice);
        let as_of = if round % 3 == 0 { today } else { dice.day(2004, 2026).min(today) };
        let tops = match round % 5 {
            4 => {
                outermost(vec![path_of(store, root, register, dice).await, path_of(store, root, register, dice).await])
            }
            _ => vec![path_of(store, root, register, dice).await],
        };
        let expected = store.count_by_statement(root, &tops, &query, as_of).await.unwrap();
        let counts = censuses.count(root, &tops, &query, as_of, today).await.unwrap();
        assert_eq!(counts, expected, "{} below {tops:?} on {as_of}", query.to_query_string());
        found += counts.total;
    }
    found
}

async fn path_of(store: &Store, root: rules::ids::RootOrg, register: &Register, dice: &mut Dice) -> String {
    let at = dice.below(register.orgs.len());
    store.org(root, register.orgs[at].0).await.unwrap().path
}

fn outermost(mut paths: Vec<String>) -> Vec<String> {
    paths.sort();
    if paths[1].starts_with(&paths[0]) {
        paths.pop();
    }
    paths
}

fn censuses(register: &Register) -> Censuses {
    Censuses::new(register.office.store.clone())
}

/// Something that changes the register; a command that the rules refuse changes nothing.
async fn change(register: &mut Register, persons: &[PersonId], dice: &mut Dice) {
    let (store, root, author) = (register.office.store.clone(), register.office.root, register.office.author());
    let on = dice.day(2019, 2026);
    let at = 1 + dice.below(register.orgs.len() - 1);
    let (org, other) = (register.orgs[at].0, register.orgs[dice.below(register.orgs.len())].0);
    let known = store.org(root, org).await.unwrap();
    let person = store.person(root, persons[dice.below(persons.len())]).await.unwrap();
    let mut record = person.record.clone();
    match dice.below(9) {
        0 => {
            let kind = dice.pick(&[OrgKind::Branch, OrgKind::Committee]);
            let code = format!("0199{:03}", register.orgs.len());
            let new = NewOrg {
                parent: Some(other),
                code: code.clone(),
                name: dice.pick(&["新支部", "一公司党委"]).into(),
                ..NewOrg::default()
            };
            let on = if dice.below(2) == 0 { None } else { Some(on) };
            if let Ok(org) = store.create_org(author, kind, new, on).await {
                register.orgs.push((org.id, code, org.name));
            }
        }
        1 => {
            let name = Some(dice.pick(&["先锋支部", "第4党支部", "二公司党委"]).to_owned());
            let _ =
                store.edit_org(author, (org, known.version), OrgEdit { name, ..OrgEdit::default() }, on, "改名").await;
        }
        2 | 3 => {
            let _ = store.move_org(author, (org, known.version), other, on, "调整").await;
        }
        4 => {
            let _ = store.merge_org(author, (org, known.version), other, on, "合并").await;
        }
        5 => {
            let record = Record::new(&register.office.next_draft("李四"), org).unwrap();
            let _ = store.create_person(author, record, TODAY, "测试").await;
        }
        6 => {
            record.standing.org = org;
            let _ = store
                .save_person(author, "person.edit", (person.id, person.version), &record, on, ("测试", "编辑"))
                .await;
        }
        7 => {
            record.standing.education = Some(dice.pick(Education::ALL));
            record.gender = dice.pick(Gender::ALL);
            let _ = store
                .save_person(author, "person.edit", (person.id, person.version), &record, on, ("测试", "编辑"))
                .await;
        }
        _ => {
            record.born = dice.maybe(&[PartialDate::day(date(1964, 2, 29)), PartialDate::day(date(1999, 12, 31))]);
            let _ = store
                .save_person(author, "person.edit", (person.id, person.version), &record, on, ("测试", "编辑"))
                .await;
        }
    }
}

on_both! {
    async fn any_question_is_answered_as_the_spells_answer_it(place: Place) {
        let register = Register::new(place, 7).await;
        let censuses = censuses(&register);
        let mut dice = Dice(20_261_124);
        let found = compare(&register, &censuses, &mut dice, 150, TODAY).await;
        assert!(found > 500, "too few persons were counted to prove anything: {found}");
    }

    async fn whatever_changes_is_in_the_next_answer(place: Place) {
        let mut register = Register::new(place, 11).await;
        let censuses = censuses(&register);
        let mut dice = Dice(3);
        let (store, root) = (register.office.store.clone(), register.office.root);
        let mut persons = std::collections::BTreeSet::new();
        store.census_spells(root, |spell| { persons.insert(spell.person); }).await.unwrap();
        let persons: Vec<PersonId> = persons.into_iter().collect();
        let before = store.ledger_head(root).await.unwrap();
        for _ in 0..60 {
            change(&mut register, &persons, &mut dice).await;
            compare(&register, &censuses, &mut dice, 5, TODAY).await;
        }
        let entries = store.ledger_head(root).await.unwrap() - before;
        assert!(entries > 25, "too few commands were accepted to prove anything: {entries}");
        let (all, top) = (Query::default(), [register.office.top.path.clone()]);
        let fresh = Censuses::new(store).count(root, &top, &all, TODAY, TODAY).await.unwrap();
        assert_eq!(censuses.count(root, &top, &all, TODAY, TODAY).await.unwrap(), fresh);
    }

    async fn days_go_by_and_what_was_to_end_ends(place: Place) {
        let register = Register::new(place, 5).await;
        let censuses = censuses(&register);
        let mut dice = Dice(9);
        // Some of the register's spells begin and end after the first of these days.
        for today in [date(2022, 3, 1), date(2022, 3, 2), date(2025, 5, 4), date(2025, 5, 5), TODAY] {
            compare(&register, &censuses, &mut dice, 40, today).await;
        }
    }

    async fn a_trend_counts_at_the_end_of_each_year_and_today_in_this_one(place: Place) {
        let register = Register::new(place, 9).await;
        let office = &register.office;
        let query = Query::parse("gender", "", None, None, None).unwrap();
        let tops = [office.top.path.clone()];
        let series = censuses(&register).trend(office.root, &tops, &query, (2010, 2026), TODAY).await.unwrap();
        assert_eq!(series.len(), 17);
        for (year, counts) in series {
            let day = date(year, 12, 31).min(TODAY);
            assert_eq!(counts, office.store.count_by_statement(office.root, &tops, &query, day).await.unwrap(), "{year}");
        }
    }

    async fn a_table_too_large_for_one_count_is_counted_in_slices(place: Place) {
        let register = Register::new(place, 2).await;
        let office = &register.office;
        let censuses = censuses(&register);
        let tops = [office.top.path.clone()];
        for (by, bands, as_of) in [
            ("ethnicity,joined_year,occupation", None, TODAY),
            ("ethnicity,joined_year,age_band", Some("20,22,24,26,28,30,32,34,36,38,40,42,44,46,48,50,52,54,56,58,60,70"), TODAY),
            ("ethnicity,joined_year,party_age_band", Some("party_age_band:1,2,3,4,5,6,7,8,9,10,11,12,13,14,15"), date(2015, 2, 28)),
        ] {
            let query = Query::parse(by, "", None, None, bands).unwrap();
            let counts = censuses.count(office.root, &tops, &query, as_of, TODAY).await.unwrap();
            assert_eq!(counts, office.store.count_by_statement(office.root, &tops, &query, as_of).await.unwrap());
            assert!(counts.rows.len() > 10);
        }
    }

    async fn years_of_joining_before_the_founding_are_still_told_apart(place: Place) {
        let register = Register::new(place, 4).await;
        let office = &register.office;
        let raw = office.place.raw().await;
        sqlx::query("UPDATE spell SET joined_on = 19050607 WHERE joined_on < 20080101").execute(&raw).await.unwrap();
        let query = Query::parse("joined_year,gender", "", None, None, None).unwrap();
        let tops = [office.top.path.clone()];
        let counts = censuses(&register).count(office.root, &tops, &query, TODAY, TODAY).await.unwrap();
        assert_eq!(counts, office.store.count_by_statement(office.root, &tops, &query, TODAY).await.unwrap());
        assert_eq!(counts.rows[0].values[0], "1905");
    }
}

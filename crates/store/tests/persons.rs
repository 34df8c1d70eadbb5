//! Dossiers in the store: written, read back, edited, moved; each on both databases.
#![allow(clippy::unwrap_used, clippy::panic)]

use rules::codes::Education;
use rules::intake::Draft;
use store::{PersonFilter, StoreError};
use testbed::{Office, TODAY, on_both};

on_both! {
    async fn a_dossier_is_read_back_as_it_was_written(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let id = office.member(0, "欧阳春华").await;
        let person = office.store.person(office.root, id).await.unwrap();
        let expected = rules::member::Record::new(&testbed::draft("欧阳春华", 1), office.branches[0].id).unwrap();
        assert_eq!(person.record, expected);
        assert_eq!((person.version, person.left, person.org.code.as_str()), (1, false, "0101"));
        let spells = office.store.person_spells(office.root, id).await.unwrap();
        assert_eq!(spells.len(), 2);
    }

    async fn an_edit_of_a_stale_version_is_refused(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let id = office.member(0, "张三").await;
        let before = office.store.person(office.root, id).await.unwrap().record;
        let after = before.with(&Draft { education: Some(Education::Master), ..Draft::default() }, None);
        let save = async || office.store.save_person(office.author(), "person.edit", (id, 1), &after, TODAY, ("", "修改")).await;
        assert_eq!(save().await.unwrap(), 2);
        assert!(matches!(save().await.unwrap_err(), StoreError::Stale { current: 2, .. }));
        assert_eq!(office.store.person(office.root, id).await.unwrap().record, after);
        assert_eq!(office.store.person_spells(office.root, id).await.unwrap().len(), 3);
    }

    async fn two_persons_never_share_an_identity_number(place: Place) {
        let office = Office::with_branches(place, 1).await;
        office.member(0, "张三").await;
        let twin = rules::member::Record::new(&testbed::draft("李四", 1), office.branches[0].id).unwrap();
        let refused = office.store.create_person(office.author(), twin, TODAY, "").await.unwrap_err();
        assert!(matches!(refused, StoreError::Refused { code: "duplicate_id", .. }));
        assert!(office.store.verify_ledger(office.root).await.unwrap().faults.is_empty());
    }

    async fn a_list_goes_through_the_tree_page_by_page(place: Place) {
        let office = Office::with_branches(place, 2).await;
        for n in 0..5 {
            office.member(n % 2, &format!("张{}", ["一", "二", "三", "四", "五"][n])).await;
        }
        let scope = vec![office.top.path.clone()];
        let filter = PersonFilter::default();
        let mut names = Vec::new();
        let mut cursor = None;
        loop {
            let page = office.store.persons(office.root, &scope, &filter, cursor.as_ref(), 2).await.unwrap();
            let Some(last) = page.last() else { break };
            cursor = Some(last.cursor());
            names.extend(page.iter().map(|person| person.record.name.to_string()));
        }
        assert_eq!(names, ["张一", "张三", "张五", "张二", "张四"]);
        assert_eq!(office.store.count_persons(office.root, &scope, &filter).await.unwrap(), 5);
        let by_initials = PersonFilter { name: Some("ZW".into()), ..PersonFilter::default() };
        let found = office.store.persons(office.root, &scope, &by_initials, None, 10).await.unwrap();
        assert_eq!(found.len(), 1);
        let other = vec![office.branches[1].path.clone()];
        assert_eq!(office.store.count_persons(office.root, &other, &filter).await.unwrap(), 2);
        assert_eq!(office.store.count_persons(office.root, &[], &filter).await.unwrap(), 0);
    }
}

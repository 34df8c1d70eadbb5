//! The ledger's chain: whoever changes the database past the program is found, and the entry is named.
#![allow(clippy::unwrap_used, clippy::panic)]

use store::{EntryFilter, StoreError, Verdict};
use testbed::{Office, TODAY, on_both};

/// An office with some entries, and the verdict after statements run past the store.
async fn tampered(place: testbed::Place, statements: &[&str]) -> Verdict {
    let office = office(place).await;
    let raw = office.place.raw().await;
    for statement in statements {
        sqlx::query(sqlx::AssertSqlSafe((*statement).to_owned())).execute(&raw).await.unwrap();
    }
    office.store.verify_ledger(office.root).await.unwrap()
}

async fn office(place: testbed::Place) -> Office {
    let office = Office::with_branches(place, 3).await;
    for name in ["张三", "李四", "王五"] {
        office.member(0, name).await;
    }
    office
}

fn named(verdict: &Verdict) -> Vec<i64> {
    verdict.faults.iter().map(|fault| fault.seq).collect()
}

on_both! {
    async fn an_untouched_chain_holds(place: Place) {
        let office = office(place).await;
        let verdict = office.store.verify_ledger(office.root).await.unwrap();
        assert_eq!((verdict.entries, verdict.faults), (7, vec![]));
        let entries = office.store.ledger(office.root, &EntryFilter::default(), 100).await.unwrap();
        assert_eq!(entries.iter().map(|entry| entry.seq).collect::<Vec<_>>(), [7, 6, 5, 4, 3, 2, 1]);
    }

    async fn an_altered_entry_is_named(place: Place) {
        let verdict = tampered(place, &["UPDATE ledger SET summary = 'x' WHERE seq = 3"]).await;
        assert_eq!(named(&verdict), [3]);
    }

    async fn an_altered_item_is_named(place: Place) {
        let verdict = tampered(place, &["UPDATE ledger_item SET subject_id = 1 WHERE seq = 5 AND n = 0"]).await;
        assert_eq!(named(&verdict), [5]);
    }

    async fn a_removed_item_is_named(place: Place) {
        let verdict = tampered(place, &["DELETE FROM ledger_item WHERE seq = 6"]).await;
        assert_eq!(named(&verdict), [6]);
    }

    async fn a_removed_entry_is_named_with_the_break_after_it(place: Place) {
        let verdict = tampered(place, &["DELETE FROM ledger WHERE seq = 4"]).await;
        assert_eq!(named(&verdict), [4, 5]);
    }

    async fn a_removed_first_entry_is_named(place: Place) {
        let verdict = tampered(place, &["DELETE FROM ledger WHERE seq = 1"]).await;
        assert_eq!(named(&verdict), [1, 2]);
    }

    async fn two_entries_in_the_other_order_are_named(place: Place) {
        let swap = [
            "UPDATE ledger SET seq = 99 WHERE seq = 2",
            "UPDATE ledger SET seq = 2 WHERE seq = 3",
            "UPDATE ledger SET seq = 3 WHERE seq = 99",
        ];
        let verdict = tampered(place, &swap).await;
        assert!(named(&verdict).contains(&2) && named(&verdict).contains(&3), "{:?}", verdict.faults);
    }

    async fn a_cut_off_end_is_named(place: Place) {
        let verdict = tampered(place, &["DELETE FROM ledger WHERE seq > 5"]).await;
        assert_eq!(named(&verdict), [6, 7]);
        assert!(verdict.faults[0].message.contains("截去"));
    }

    async fn a_cut_off_end_with_a_matching_head_is_found_by_its_code(place: Place) {
        let cut = [
            "DELETE FROM ledger WHERE seq > 5",
            "UPDATE ledger_head SET seq = 5, hash = (SELECT hash FROM ledger WHERE seq = 5)",
        ];
        let verdict = tampered(place, &cut).await;
        assert_eq!(named(&verdict), [5]);
        assert!(verdict.faults[0].message.contains("与密钥不符"));
    }

    async fn nothing_is_written_onto_a_forged_head(place: Place) {
        let office = office(place).await;
        let raw = office.place.raw().await;
        sqlx::query("UPDATE ledger_head SET seq = 5").execute(&raw).await.unwrap();
        let record = rules::member::Record::new(&testbed::draft("赵六", 90), office.branches[0].id).unwrap();
        let refused = office.store.create_person(office.author(), record, TODAY, "").await.unwrap_err();
        assert!(matches!(refused, StoreError::Corrupt(_)), "{refused}");
    }

    async fn writes_side_by_side_leave_no_gap(place: Place) {
        let office = std::sync::Arc::new(office(place).await);
        let tasks: Vec<_> = (0..12u16)
            .map(|n| {
                let office = office.clone();
                tokio::spawn(async move {
                    let record = rules::member::Record::new(&testbed::draft("并行", 100 + n), office.branches[1].id).unwrap();
                    office.store.create_person(office.author(), record, TODAY, "").await.unwrap();
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        let verdict = office.store.verify_ledger(office.root).await.unwrap();
        assert_eq!((verdict.entries, verdict.faults), (19, vec![]));
    }

    async fn enterprises_have_chains_of_their_own(place: Place) {
        let office = office(place).await;
        let other = office.store.create_enterprise("另一家集团").await.unwrap();
        assert_ne!(other, office.root);
        assert_eq!(office.store.verify_ledger(other).await.unwrap().entries, 0);
        let found = office.store.person(other, rules::ids::PersonId(1)).await;
        assert!(matches!(found, Err(StoreError::NotFound(_))));
    }
}

//! /api/members/export and /api/members/template.

use crate::site::Site;
use axum::http::{StatusCode, header};
use roster::{member_rows, read};
use rules::intake::{Draft, Field};
use rules::member::Record;
use std::collections::HashMap;
use store::EntryFilter;
use testbed::{TODAY, on_both};

on_both! {
    async fn an_export_read_again_changes_nothing(place: Place) {
        let site = Site::with_branches(place, 1).await;
        let id = site.office.member(0, "张三").await;
        let other = site.office.member(0, "李四").await;
        let before = site.office.store.person(site.office.root, id).await.unwrap().record;
        let draft = Draft {
            household_place: Some("四川省成都市锦江区".into()),
            admin_post: Some("=cmd|' /C calc'!A0".into()),
            title: Some("工程师".into()),
            title_level: Some(rules::codes::TitleLevel::Intermediate),
            ..Draft::default()
        };
        let after = before.with(&draft, None);
        site.office.store.save_person(site.office.author(), "person.edit", (id, 1), &after, TODAY, ("", "")).await.unwrap();

        let staff = site.staff().await;
        let file = staff.get("/api/members/export").await;
        assert_eq!(file.status, StatusCode::OK);
        let disposition = file.headers[header::CONTENT_DISPOSITION].to_str().unwrap();
        assert!(disposition.starts_with("attachment; ") && disposition.ends_with(".xlsx"), "{disposition}");
        let tables = read(&file.bytes).unwrap();
        let (_, header, rows) = member_rows(&tables, &HashMap::new(), TODAY).unwrap();
        assert!(header.columns.iter().all(|column| column.field.is_some()));
        assert_eq!(rows.len(), 2);
        for (row, person) in rows.iter().zip([id, other]) {
            assert_eq!(row.checked.errors, []);
            let draft = &row.checked.draft;
            assert_eq!(draft.reference, Some(person));
            assert_eq!((&draft.identity, &draft.phone, &draft.household_place), (&None, &None, &None), "a masked value says nothing");
            let known: Record = site.office.store.person(site.office.root, person).await.unwrap().record;
            assert_eq!(known.with(draft, None), known);
        }
        let post = rows[0].checked.draft.admin_post.as_deref();
        assert_eq!(post, Some("=cmd|' /C calc'!A0"), "kept as text");
        let texts: Vec<String> = tables[0].rows.iter().flat_map(|row| row.cells.iter().map(rules::intake::Raw::text)).collect();
        for field in [Field::Identity, Field::Phone, Field::Household] {
            assert!(!texts.contains(&known_value(&after, field)), "{field:?}");
        }
    }

    async fn an_export_is_narrowed_as_the_list_is_and_noted_for_everybody_in_it(place: Place) {
        let site = Site::with_branches(place, 2).await;
        let (one, other) = (site.office.member(0, "张三").await, site.office.member(1, "李四").await);
        let supervisor = site.signed_in(rules::access::Role::Supervisor, &site.office.top).await;
        let file = supervisor.get(&format!("/api/members/export?org={}", site.office.branches[1].id)).await;
        let tables = read(&file.bytes).unwrap();
        let (_, _, rows) = member_rows(&tables, &HashMap::new(), TODAY).unwrap();
        assert_eq!(rows.iter().map(|row| row.checked.draft.reference).collect::<Vec<_>>(), [Some(other)]);
        let views = async |id| site.office.store.person_views(site.office.root, id, None, 10).await.unwrap().len();
        assert_eq!((views(one).await, views(other).await), (0, 1));
        let filter = EntryFilter { action: Some("person.export".into()), ..EntryFilter::default() };
        let entry = site.office.store.ledger(site.office.root, &filter, 1).await.unwrap().remove(0);
        assert_eq!((entry.subject_kind.as_str(), entry.subject_id, entry.items), ("org", site.office.branches[1].id.0, 1));
        assert!(entry.summary.contains("1 人"));
    }

    async fn an_empty_export_is_a_sheet_with_headings(place: Place) {
        let site = Site::with_branches(place, 1).await;
        let file = site.staff().await.get("/api/members/export").await;
        let tables = read(&file.bytes).unwrap();
        assert_eq!((tables[0].rows.len(), tables[0].rows[0].cell(1).text()), (1, "人员编号".to_owned()));
    }

    async fn the_blank_roster_is_recognised_by_an_import(place: Place) {
        let site = Site::with_branches(place, 1).await;
        let file = site.staff().await.get("/api/members/template").await;
        let tables = read(&file.bytes).unwrap();
        let (_, header, rows) = member_rows(&tables, &HashMap::new(), TODAY).unwrap();
        assert_eq!((header.columns.len(), rows.len()), (Field::ALL.len() - 1, 0));
    }
}

fn known_value(record: &Record, field: Field) -> String {
    let value = record.value(field);
    assert!(!value.is_empty());
    value
}

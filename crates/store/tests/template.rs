//! Templates of an organisation's own in the store: where they hold, how they are replaced and withdrawn; each on both databases.
#![allow(clippy::unwrap_used, clippy::panic)]

use rules::ids::{OrgId, TemplateId};
use store::{NewFile, StoreError};
use testbed::{Office, on_both};

const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

fn file(bytes: &[u8]) -> NewFile<'_> {
    NewFile { name: "通知.docx", media_type: DOCX, bytes }
}

async fn added(office: &Office, org: OrgId, base: &str) -> Result<TemplateId, StoreError> {
    office.store.add_template(office.author(), org, base, file(b"one"), "统一样式").await
}

async fn held(office: &Office, branch: usize) -> Vec<String> {
    let found = office.store.own_templates(office.root, &office.branches[branch]).await.unwrap();
    found.into_iter().map(|own| format!("{} {}", own.org_name, own.base)).collect()
}

fn code(e: &StoreError) -> &'static str {
    match e {
        StoreError::Refused { code, .. } => code,
        StoreError::Stale { .. } => "stale",
        StoreError::NotFound(_) => "not_found",
        _ => "other",
    }
}

on_both! {
    async fn a_superiors_template_holds_below_and_a_nearer_one_comes_first(place: Place) {
        let office = Office::with_branches(place, 2).await;
        added(&office, office.top.id, "meeting_notice").await.unwrap();
        added(&office, office.branches[0].id, "meeting_notice").await.unwrap();
        assert_eq!(held(&office, 0).await, ["第1党支部 meeting_notice", "测试集团党委 meeting_notice"]);
        assert_eq!(held(&office, 1).await, ["测试集团党委 meeting_notice"]);
    }

    async fn an_organisation_has_one_template_of_a_kind(place: Place) {
        let office = Office::with_branches(place, 1).await;
        added(&office, office.top.id, "meeting_notice").await.unwrap();
        assert_eq!(code(&added(&office, office.top.id, "meeting_notice").await.unwrap_err()), "template_held");
        added(&office, office.top.id, "letter").await.unwrap();
    }

    async fn a_template_takes_the_place_of_a_built_in_one_only(place: Place) {
        let office = Office::with_branches(place, 1).await;
        assert_eq!(code(&added(&office, office.top.id, "no_such_template").await.unwrap_err()), "not_found");
    }

    async fn a_replaced_file_is_kept_and_a_stale_replacement_refused(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let (store, root) = (&office.store, office.root);
        let id = added(&office, office.top.id, "letter").await.unwrap();
        store.replace_template(office.author(), (id, 1), file(b"two"), "改页边距").await.unwrap();
        let stale = store.replace_template(office.author(), (id, 1), file(b"three"), "").await.unwrap_err();
        assert_eq!(code(&stale), "stale");
        let versions = store.template_versions(root, id).await.unwrap();
        assert_eq!(versions.iter().map(|one| (one.version, one.note.as_str())).collect::<Vec<_>>(), [(2, "改页边距"), (1, "统一样式")]);
        assert_eq!(store.template_file(root, id, None).await.unwrap().1, b"two");
        assert_eq!(store.template_file(root, id, Some(1)).await.unwrap(), ("通知.docx".to_owned(), b"one".to_vec()));
        assert_eq!(code(&store.template_file(root, id, Some(3)).await.unwrap_err()), "not_found");
    }

    async fn a_withdrawn_template_holds_no_longer_and_makes_room(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let id = added(&office, office.top.id, "letter").await.unwrap();
        office.store.withdraw_template(office.author(), (id, 1), "改用统一模板").await.unwrap();
        assert!(held(&office, 0).await.is_empty());
        let again = office.store.withdraw_template(office.author(), (id, 2), "改用统一模板").await.unwrap_err();
        assert_eq!(code(&again), "template_withdrawn");
        assert!(office.store.own_template(office.root, id).await.unwrap().withdrawn);
        added(&office, office.top.id, "letter").await.unwrap();
    }

    async fn every_change_of_a_template_is_one_ledger_entry(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let id = added(&office, office.top.id, "letter").await.unwrap();
        office.store.replace_template(office.author(), (id, 1), file(b"two"), "").await.unwrap();
        office.store.withdraw_template(office.author(), (id, 2), "停用").await.unwrap();
        let found = office.store.ledger(office.root, &store::EntryFilter::default(), 10).await.unwrap();
        let actions: Vec<&str> = found.iter().filter(|one| one.action.starts_with("template.")).map(|one| one.action.as_str()).collect();
        assert_eq!(actions, ["template.withdraw", "template.replace", "template.add"]);
    }
}

//! Proposals of members in the store: kept sealed, listed, decided once; each on both databases.
#![allow(clippy::unwrap_used, clippy::panic)]

use rules::change::{Command, Proposed, State, apply, propose};
use rules::codes::Education;
use rules::form::Form;
use rules::ids::{ChangeId, FileId, PersonId};
use rules::intake::Field;
use store::{ChangeFilter, ChangeRequest, NewFile, StoreError};
use testbed::{Office, TODAY, on_both};

async fn proposed(office: &Office, id: PersonId, fields: &[(Field, &str)]) -> Vec<Proposed> {
    let record = office.store.person(office.root, id).await.unwrap().record;
    let form: Form = fields.iter().map(|(field, text)| (*field, (*text).to_owned())).collect();
    propose(&record, &form, &[], TODAY).unwrap()
}

async fn put(
    office: &Office,
    id: PersonId,
    fields: &[(Field, &str)],
    files: &[FileId],
) -> Result<ChangeId, StoreError> {
    let proposed = proposed(office, id, fields).await;
    office.store.propose_change(office.author(), id, proposed, "换了号码", files).await
}

async fn approve(office: &Office, change: &ChangeRequest, version: i64) -> Result<(), StoreError> {
    let person = office.store.person(office.root, change.person).await.unwrap();
    let after = apply(&person.record, &change.proposed, TODAY).unwrap();
    let approved = Some((person.version, &after, TODAY));
    office.store.decide_change(office.author(), (change.id, version), &Command::Approve, false, approved).await
}

fn code(e: StoreError) -> &'static str {
    match e {
        StoreError::Refused { code, .. } => code,
        StoreError::Stale { .. } => "stale",
        other => panic!("{other:?}"),
    }
}

on_both! {
    async fn a_proposal_changes_nothing_until_it_is_approved(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let id = office.member(0, "张三").await;
        let file = NewFile { name: "毕业证.pdf", media_type: "application/pdf", bytes: b"%PDF-" };
        let file = office.store.add_file(office.author(), id, file).await.unwrap();
        let change = put(&office, id, &[(Field::Education, "研究生"), (Field::Phone, "")], &[file.id]).await.unwrap();
        let change = office.store.change(office.root, change).await.unwrap();
        assert_eq!((change.state, change.version, change.reason.as_str()), (State::Pending, 1, "换了号码"));
        assert_eq!((change.person_name.as_str(), change.org_name.as_str()), ("张三", "第1党支部"));
        assert_eq!(change.files, [file]);
        assert_eq!(office.store.person(office.root, id).await.unwrap().version, 1);

        approve(&office, &change, 1).await.unwrap();
        let person = office.store.person(office.root, id).await.unwrap();
        assert_eq!((person.version, person.record.standing.education), (2, Some(Education::Master)));
        assert_eq!(person.record.private.phone, None);
        let change = office.store.change(office.root, change.id).await.unwrap();
        assert_eq!((change.state, change.decided_by.as_deref()), (State::Approved, Some("系统（命令行）")));
        let history = office.store.person_history(office.root, id, None, 1).await.unwrap().remove(0);
        assert_eq!((history.action.as_str(), history.changes.len()), ("change.approve", 2));
        let spells = office.store.person_spells(office.root, id).await.unwrap();
        assert_eq!(spells.last().unwrap().spell.from, TODAY, "from the day of approval");
        assert!(office.store.verify_ledger(office.root).await.unwrap().faults.is_empty());
    }

    async fn a_returned_proposal_says_why_and_changes_nothing(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let id = office.member(0, "张三").await;
        let change = put(&office, id, &[(Field::Education, "研究生")], &[]).await.unwrap();
        let back = |reason: &str| Command::Return { reason: reason.to_owned() };
        let decide = async |command| office.store.decide_change(office.author(), (change, 1), &command, false, None).await;
        assert_eq!(code(decide(back(" ")).await.unwrap_err()), "reason_too_short");
        decide(back("请附毕业证")).await.unwrap();
        let change = office.store.change(office.root, change).await.unwrap();
        assert_eq!((change.state, change.version, change.decision_reason.as_deref()), (State::Returned, 2, Some("请附毕业证")));
        assert_eq!(office.store.person(office.root, id).await.unwrap().version, 1);
    }

    async fn a_proposal_is_decided_once_and_never_by_its_author(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let id = office.member(0, "张三").await;
        let id = put(&office, id, &[(Field::Education, "研究生")], &[]).await.unwrap();
        let change = office.store.change(office.root, id).await.unwrap();
        let own = office.store.decide_change(office.author(), (id, 1), &Command::Approve, true, None).await;
        assert_eq!(code(own.unwrap_err()), "own_change");
        assert_eq!(code(approve(&office, &change, 9).await.unwrap_err()), "stale");
        approve(&office, &change, 1).await.unwrap();
        for version in [1, 2] {
            assert_eq!(code(approve(&office, &change, version).await.unwrap_err()), "change_decided");
        }
    }

    async fn a_dossier_edited_in_between_is_not_overwritten(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let person = office.member(0, "张三").await;
        let id = put(&office, person, &[(Field::Education, "研究生")], &[]).await.unwrap();
        let change = office.store.change(office.root, id).await.unwrap();
        let before = office.store.person(office.root, person).await.unwrap();
        let after = apply(&before.record, &change.proposed, TODAY).unwrap();
        office.store.save_person(office.author(), "person.edit", (person, 1), &before.record, TODAY, ("", "")).await.unwrap();
        let approved = Some((1, &after, TODAY));
        let late = office.store.decide_change(office.author(), (id, 1), &Command::Approve, false, approved).await;
        assert!(matches!(late.unwrap_err(), StoreError::Stale { what: "人员", current: 2 }));
        let change = office.store.change(office.root, id).await.unwrap();
        assert_eq!((change.state, change.version), (State::Pending, 1), "all or nothing");
    }

    async fn a_field_has_one_pending_proposal_and_proofs_are_the_persons_own(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let (one, other) = (office.member(0, "张三").await, office.member(0, "李四").await);
        put(&office, one, &[(Field::Education, "研究生")], &[]).await.unwrap();
        assert_eq!(office.store.pending_fields(office.root, one).await.unwrap(), [Field::Education]);
        assert_eq!(code(put(&office, one, &[(Field::Education, "大专")], &[]).await.unwrap_err()), "change_pending");
        put(&office, one, &[(Field::Title, "工程师")], &[]).await.unwrap();
        let file = NewFile { name: "a.pdf", media_type: "application/pdf", bytes: b"%PDF-" };
        let file = office.store.add_file(office.author(), one, file).await.unwrap();
        assert_eq!(code(put(&office, other, &[(Field::Education, "大专")], &[file.id]).await.unwrap_err()), "unknown_file");
    }

    async fn proposals_are_listed_by_subtree_state_and_person(place: Place) {
        let office = Office::with_branches(place, 2).await;
        let (one, other) = (office.member(0, "张三").await, office.member(1, "李四").await);
        let mut ids = Vec::new();
        for field in [(Field::Education, "研究生"), (Field::Title, "工程师"), (Field::AdminPost, "科长")] {
            ids.push(put(&office, one, &[field], &[]).await.unwrap());
        }
        ids.push(put(&office, other, &[(Field::Education, "研究生")], &[]).await.unwrap());
        let back = Command::Return { reason: "请附毕业证".to_owned() };
        office.store.decide_change(office.author(), (ids[0], 1), &back, false, None).await.unwrap();
        let list = async |scope: Option<&[String]>, filter: ChangeFilter, limit| {
            let found = office.store.changes(office.root, scope, &filter, limit).await.unwrap();
            found.iter().map(|change| change.id).collect::<Vec<_>>()
        };
        let top = [office.top.path.clone()];
        let branch = [office.branches[0].path.clone()];
        let pending = ChangeFilter { state: Some(State::Pending), ..ChangeFilter::default() };
        assert_eq!(list(Some(&top), ChangeFilter::default(), 2).await, [ids[3], ids[2]]);
        let next = ChangeFilter { before: Some(ids[2]), ..ChangeFilter::default() };
        assert_eq!(list(Some(&top), next, 5).await, [ids[1], ids[0]]);
        assert_eq!(list(Some(&branch), pending.clone(), 5).await, [ids[2], ids[1]]);
        assert_eq!(list(Some(&[]), pending, 5).await, []);
        assert_eq!(list(None, ChangeFilter { person: Some(other), ..ChangeFilter::default() }, 5).await, [ids[3]]);
    }
}

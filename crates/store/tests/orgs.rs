//! The organisation tree in the store: every change with its history, every refusal; each on both databases.
#![allow(clippy::unwrap_used, clippy::panic)]

use jiff::civil::{Date, date};
use rules::ids::{OrgId, PersonId};
use rules::org::{OrgKind, PostKind};
use store::{NewOrg, Org, OrgEdit, StoreError};
use testbed::{Office, TODAY, on_both};

const DAY: Date = date(2026, 3, 1);
const LATER: Date = date(2026, 6, 1);

fn named(parent: &Org, code: &str, name: &str) -> NewOrg {
    NewOrg { parent: Some(parent.id), code: code.into(), name: name.into(), ..NewOrg::default() }
}

async fn create(office: &Office, kind: OrgKind, parent: &Org, code: &str, name: &str, on: Date) -> Org {
    office.store.create_org(office.author(), kind, named(parent, code, name), Some(on)).await.unwrap()
}

async fn org(office: &Office, id: OrgId) -> Org {
    office.store.org(office.root, id).await.unwrap()
}

fn code_of<T: std::fmt::Debug>(result: Result<T, StoreError>) -> &'static str {
    match result.unwrap_err() {
        StoreError::Refused { code, .. } => code,
        other => panic!("{other:?}"),
    }
}

fn message_of<T: std::fmt::Debug>(result: Result<T, StoreError>) -> String {
    result.unwrap_err().to_string()
}

/// The history of an organisation, newest first: from, to, name, superior.
async fn history(office: &Office, id: OrgId) -> Vec<(Option<Date>, Option<Date>, String, Option<String>)> {
    let spells = office.store.org_history(office.root, id).await.unwrap();
    spells.into_iter().map(|spell| (spell.from, spell.to, spell.name, spell.parent_name)).collect()
}

async fn warned(office: &Office, org: &Org) -> Vec<&'static str> {
    let state = office.store.org_state(office.root, org, TODAY).await.unwrap();
    state.warnings.into_iter().map(|warning| warning.rule).collect()
}

async fn org_of(office: &Office, person: PersonId) -> OrgId {
    office.store.person(office.root, person).await.unwrap().org.id
}

async fn verified(office: &Office) {
    assert_eq!(office.store.verify_ledger(office.root).await.unwrap().faults, []);
}

on_both! {
    async fn a_new_organisation_stands_under_its_superior_from_its_day_on(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let new = create(&office, OrgKind::GeneralBranch, &office.top, "02", "机务党总支", DAY).await;
        assert_eq!(org(&office, new.id).await, new);
        assert_eq!((new.version, new.term_years, new.parent), (1, Some(3), Some(office.top.id)));
        assert!(new.path.starts_with(&office.top.path) && new.path.len() == 8);
        assert_eq!(history(&office, new.id).await, [(Some(DAY), None, "机务党总支".into(), Some("测试集团党委".into()))]);
        assert_eq!(history(&office, office.top.id).await, [(None, None, "测试集团党委".into(), None)]);
        verified(&office).await;
    }

    async fn a_code_or_a_name_that_cannot_be_is_refused(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let try_new = async |kind, new: NewOrg| office.store.create_org(office.author(), kind, new, Some(DAY)).await;
        assert_eq!(code_of(try_new(OrgKind::Branch, named(&office.top, "0101", "又一支部")).await), "duplicate_code");
        assert_eq!(code_of(try_new(OrgKind::Branch, named(&office.top, "09", "  ")).await), "missing_required");
        let second_top = NewOrg { code: "x".into(), name: "另一党委".into(), ..NewOrg::default() };
        assert_eq!(code_of(try_new(OrgKind::Committee, second_top).await), "org_top");
        assert_eq!(office.store.orgs(office.root, std::slice::from_ref(&office.top.path), "", 100).await.unwrap().len(), 2);
    }

    async fn org_10_what_may_not_stand_below_is_refused(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let try_new = async |kind, parent: &Org| {
            office.store.create_org(office.author(), kind, named(parent, "x", "某"), Some(DAY)).await
        };
        assert_eq!(code_of(try_new(OrgKind::Group, &office.top).await), "org_place");
        assert_eq!(code_of(try_new(OrgKind::Branch, &office.branches[0]).await), "org_place");
        assert!(try_new(OrgKind::Group, &office.branches[0]).await.is_ok());
    }

    async fn a_rename_leaves_the_old_name_in_the_history(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let id = office.branches[0].id;
        let rename = OrgEdit { name: Some("机关党支部".into()), ..OrgEdit::default() };
        office.store.edit_org(office.author(), (id, 1), rename, DAY, "更名批复").await.unwrap();
        let now = org(&office, id).await;
        assert_eq!((now.name.as_str(), now.version), ("机关党支部", 2));
        let top = Some("测试集团党委".to_owned());
        assert_eq!(
            history(&office, id).await,
            [(Some(DAY), None, "机关党支部".into(), top.clone()), (None, Some(DAY), "第1党支部".into(), top)]
        );
        let found = office.store.find_orgs(office.root, std::slice::from_ref(&office.top.path), "jgdzb", 5).await.unwrap();
        assert_eq!(found.len(), 1, "the initials follow the name");
        verified(&office).await;
    }

    async fn two_renames_on_one_day_leave_one_row_of_history(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let id = office.branches[0].id;
        for (version, name) in [(1, "甲支部"), (2, "乙支部")] {
            let rename = OrgEdit { name: Some(name.into()), ..OrgEdit::default() };
            office.store.edit_org(office.author(), (id, version), rename, DAY, "").await.unwrap();
        }
        let names: Vec<String> = history(&office, id).await.into_iter().map(|row| row.2).collect();
        assert_eq!(names, ["乙支部", "第1党支部"]);
    }

    async fn a_change_before_the_last_one_is_refused(place: Place) {
        let office = Office::with_branches(place, 2).await;
        let committee = create(&office, OrgKind::Committee, &office.top, "05", "分公司党委", LATER).await;
        let id = office.branches[0].id;
        let rename = |name: &str| OrgEdit { name: Some(name.into()), ..OrgEdit::default() };
        office.store.edit_org(office.author(), (id, 1), rename("甲支部"), LATER, "").await.unwrap();
        let edit = office.store.edit_org(office.author(), (id, 2), rename("乙支部"), DAY, "").await;
        assert!(message_of(edit).contains("2026-06-01"));
        assert_eq!(code_of(office.store.move_org(office.author(), (id, 2), committee.id, DAY, "").await), "bad_date");
        assert_eq!(code_of(office.store.dissolve_org(office.author(), (id, 2), DAY, "").await), "bad_date");
        assert_eq!(code_of(office.store.merge_org(office.author(), (id, 2), office.branches[1].id, DAY, "").await), "bad_date");
        assert_eq!(org(&office, id).await.version, 2, "a refused command leaves nothing behind");
        verified(&office).await;
    }

    async fn a_correction_can_set_and_empty_every_field(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let id = office.branches[0].id;
        let full = OrgEdit {
            code: Some("0199".into()),
            unit_name: Some(Some("机关".into())),
            uscc: Some(Some("91510100MA00000014".into())),
            founded_on: Some(Some(DAY)),
            term_from: Some(Some(DAY)),
            term_years: Some(Some(5)),
            ..OrgEdit::default()
        };
        office.store.edit_org(office.author(), (id, 1), full, TODAY, "").await.unwrap();
        let now = org(&office, id).await;
        assert_eq!((now.code.as_str(), now.unit_name.as_deref(), now.founded_on, now.term_years), ("0199", Some("机关"), Some(DAY), Some(5)));
        let empty = OrgEdit { unit_name: Some(None), uscc: Some(None), founded_on: Some(None), term_from: Some(None), ..OrgEdit::default() };
        office.store.edit_org(office.author(), (id, 2), empty, TODAY, "").await.unwrap();
        let now = org(&office, id).await;
        assert_eq!((now.unit_name, now.uscc, now.founded_on, now.term_from, now.term_years), (None, None, None, None, Some(5)));
        assert_eq!(history(&office, id).await.len(), 1, "no new name, no new history");
    }

    async fn an_edit_of_a_stale_version_is_refused_and_the_ledger_says_what_the_other_changed(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let id = office.branches[0].id;
        let rename = |name: &str| OrgEdit { name: Some(name.into()), ..OrgEdit::default() };
        office.store.edit_org(office.author(), (id, 1), rename("甲支部"), TODAY, "").await.unwrap();
        let late = office.store.edit_org(office.author(), (id, 1), rename("乙支部"), TODAY, "").await.unwrap_err();
        assert!(matches!(late, StoreError::Stale { current: 2, .. }));
        let changes = office.store.org_changes(office.root, id, 1).await.unwrap();
        assert_eq!(changes[0].fields, [("name".to_owned(), "第1党支部".to_owned(), "甲支部".to_owned())]);
        assert_eq!(changes[0].actor, "系统（命令行）");
        for result in [
            office.store.move_org(office.author(), (id, 1), office.top.id, TODAY, "").await,
            office.store.dissolve_org(office.author(), (id, 1), TODAY, "").await,
            office.store.merge_org(office.author(), (id, 1), office.top.id, TODAY, "").await,
            office.store.split_org(office.author(), (id, 1), NewOrg::default(), &[], TODAY, "").await.map(|_| ()),
        ] {
            assert!(matches!(result.unwrap_err(), StoreError::Stale { current: 2, .. }));
        }
        assert!(matches!(
            office.store.edit_org(office.author(), (OrgId(5), 1), rename("丙"), TODAY, "").await.unwrap_err(),
            StoreError::NotFound(_)
        ));
    }

    async fn a_kind_that_does_not_fit_its_place_or_its_members_is_refused(place: Place) {
        let office = Office::with_branches(place, 1).await;
        office.member(0, "张三").await;
        let id = office.branches[0].id;
        let edit = async |kind| {
            let edit = OrgEdit { kind: Some(kind), ..OrgEdit::default() };
            office.store.edit_org(office.author(), (id, 1), edit, TODAY, "").await
        };
        assert_eq!(code_of(edit(OrgKind::Group).await), "org_place");
        assert_eq!(code_of(edit(OrgKind::GeneralBranch).await), "org_place");
        assert!(edit(OrgKind::JointBranch).await.is_ok());
        let top = OrgEdit { kind: Some(OrgKind::Branch), ..OrgEdit::default() };
        assert_eq!(code_of(office.store.edit_org(office.author(), (office.top.id, 1), top, TODAY, "").await), "org_place");
    }

    async fn a_move_takes_the_subtree_along(place: Place) {
        let office = Office::with_branches(place, 2).await;
        let from = create(&office, OrgKind::Committee, &office.top, "05", "甲公司党委", DAY).await;
        let to = create(&office, OrgKind::Committee, &office.top, "06", "乙公司党委", DAY).await;
        let general = create(&office, OrgKind::GeneralBranch, &from, "0501", "机务党总支", DAY).await;
        let branch = create(&office, OrgKind::Branch, &general, "050101", "一车间党支部", DAY).await;
        office.store.move_org(office.author(), (general.id, 1), to.id, LATER, "机构调整").await.unwrap();
        let (moved, below) = (org(&office, general.id).await, org(&office, branch.id).await);
        assert_eq!((moved.parent, moved.version, moved.path.len()), (Some(to.id), 2, 12));
        assert!(moved.path.starts_with(&to.path));
        assert_eq!(below.path, format!("{}{}", moved.path, &branch.path[general.path.len()..]));
        assert_eq!(below.parent, Some(general.id));
        let rows: Vec<_> = history(&office, general.id).await.into_iter().map(|row| (row.0, row.1, row.3)).collect();
        assert_eq!(
            rows,
            [(Some(LATER), None, Some("乙公司党委".into())), (Some(DAY), Some(LATER), Some("甲公司党委".into()))]
        );
        assert_eq!(history(&office, branch.id).await.len(), 2, "its path has changed too");
        assert_eq!(history(&office, office.branches[0].id).await.len(), 1, "its neighbours have not moved");
        let within = office.store.orgs(office.root, std::slice::from_ref(&to.path), "", 10).await.unwrap();
        assert_eq!(within.iter().map(|org| org.id).collect::<Vec<_>>(), [to.id, general.id, branch.id]);
        assert_eq!(office.store.orgs(office.root, &[from.path], "", 10).await.unwrap().len(), 1);
        // The place it left is not given to another.
        let next = create(&office, OrgKind::GeneralBranch, &org(&office, from.id).await, "0502", "电务党总支", LATER).await;
        assert_ne!(next.path, general.path);
        verified(&office).await;
    }

    async fn an_organisation_never_moves_under_itself_or_where_it_may_not_stand(place: Place) {
        let office = Office::with_branches(place, 2).await;
        let committee = create(&office, OrgKind::Committee, &office.top, "05", "分公司党委", DAY).await;
        let below = create(&office, OrgKind::Committee, &committee, "0501", "三级党委", DAY).await;
        let go = async |org: &Org, to: &Org| office.store.move_org(office.author(), (org.id, 1), to.id, LATER, "").await;
        assert_eq!(code_of(go(&committee, &committee).await), "org_cycle");
        assert_eq!(code_of(go(&committee, &below).await), "org_cycle");
        assert_eq!(code_of(go(&office.top, &below).await), "org_cycle");
        assert_eq!(code_of(go(&committee, &office.branches[0]).await), "org_place");
        assert_eq!(code_of(go(&below, &committee).await), "org_place");
        office.store.dissolve_org(office.author(), (below.id, 1), LATER, "").await.unwrap();
        assert_eq!(code_of(go(&office.branches[0], &below).await), "org_dissolved");
        assert_eq!(code_of(office.store.move_org(office.author(), (below.id, 2), office.top.id, LATER, "").await), "org_dissolved");
        assert_eq!(org(&office, committee.id).await, committee);
    }

    async fn a_merge_moves_members_and_what_stands_below(place: Place) {
        let office = Office::with_branches(place, 2).await;
        let [one, two] = [&office.branches[0], &office.branches[1]];
        let person = office.member(0, "张三").await;
        let group = create(&office, OrgKind::Group, one, "010101", "第一党小组", DAY).await;
        let secretary = office.store.assign_post(office.author(), one.id, person, PostKind::Secretary, DAY).await.unwrap();
        office.store.merge_org(office.author(), (one.id, 1), two.id, LATER, "合并").await.unwrap();
        assert_eq!(org_of(&office, person).await, two.id);
        let record = office.store.person(office.root, person).await.unwrap();
        assert_eq!(record.version, 2, "an edit under way elsewhere learns of it");
        let spells = office.store.person_spells(office.root, person).await.unwrap();
        assert_eq!((spells[1].spell.to, spells[2].spell.from, spells[2].spell.to), (Some(LATER), LATER, None));
        let moved = org(&office, group.id).await;
        assert_eq!(moved.parent, Some(two.id));
        assert!(moved.path.starts_with(&two.path));
        let gone = org(&office, one.id).await;
        assert_eq!((gone.dissolved_on, gone.version), (Some(LATER), 2));
        assert_eq!(history(&office, one.id).await[0].1, Some(LATER));
        let posts = office.store.posts(office.root, one.id).await.unwrap();
        assert_eq!((posts[0].id, posts[0].to), (secretary, Some(LATER)));
        let scope = [office.top.path.clone()];
        let left = office.store.orgs(office.root, &scope, "", 10).await.unwrap();
        assert_eq!(left.iter().map(|org| org.id).collect::<Vec<_>>(), [office.top.id, two.id, group.id]);
        verified(&office).await;
    }

    async fn a_merge_into_itself_its_own_branch_or_a_committee_is_refused(place: Place) {
        let office = Office::with_branches(place, 2).await;
        office.member(0, "张三").await;
        let one = &office.branches[0];
        let merge = async |into: OrgId| office.store.merge_org(office.author(), (one.id, 1), into, LATER, "").await;
        assert_eq!(code_of(merge(one.id).await), "org_cycle");
        assert_eq!(code_of(merge(office.top.id).await), "org_place");
        office.store.dissolve_org(office.author(), (office.branches[1].id, 1), DAY, "").await.unwrap();
        assert_eq!(code_of(merge(office.branches[1].id).await), "org_dissolved");
        let top = office.store.merge_org(office.author(), (office.top.id, 1), one.id, LATER, "").await;
        assert_eq!(code_of(top), "org_cycle");
    }

    async fn a_split_takes_the_chosen_members_out(place: Place) {
        let office = Office::with_branches(place, 2).await;
        let one = &office.branches[0];
        let (stays, goes, stranger) = (office.member(0, "张三").await, office.member(0, "李四").await, office.member(1, "王五").await);
        let new = || NewOrg { code: "0109".into(), name: "新党支部".into(), ..NewOrg::default() };
        let split = async |members: &[PersonId]| office.store.split_org(office.author(), (one.id, 1), new(), members, LATER, "分设").await;
        assert_eq!(code_of(split(&[goes, stranger]).await), "not_in_org");
        assert_eq!(code_of(split(&[]).await), "missing_required");
        let created = split(&[goes, goes]).await.unwrap();
        assert_eq!((created.kind, created.parent), (OrgKind::Branch, Some(office.top.id)));
        assert_eq!((org_of(&office, stays).await, org_of(&office, goes).await), (one.id, created.id));
        assert_eq!(history(&office, created.id).await[0].0, Some(LATER));
        let spells = office.store.person_spells(office.root, goes).await.unwrap();
        assert_eq!((spells.last().unwrap().spell.from, spells.len()), (LATER, 3));
        assert_eq!(org(&office, one.id).await.version, 2);
        let top = office.store.split_org(office.author(), (office.top.id, 1), new(), &[stays], LATER, "").await;
        assert_eq!(code_of(top), "org_top");
        verified(&office).await;
    }

    async fn a_split_whose_code_is_taken_moves_nobody(place: Place) {
        let office = Office::with_branches(place, 2).await;
        let person = office.member(0, "张三").await;
        let new = NewOrg { code: "0102".into(), name: "新党支部".into(), ..NewOrg::default() };
        let split = office.store.split_org(office.author(), (office.branches[0].id, 1), new, &[person], LATER, "").await;
        assert_eq!(code_of(split), "duplicate_code");
        assert_eq!(org_of(&office, person).await, office.branches[0].id);
        assert_eq!(org(&office, office.branches[0].id).await.version, 1);
        verified(&office).await;
    }

    async fn org_10_only_an_empty_organisation_is_dissolved(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let branch = &office.branches[0];
        office.member(0, "张三").await;
        create(&office, OrgKind::Group, branch, "010101", "第一党小组", DAY).await;
        let dissolve = async || office.store.dissolve_org(office.author(), (branch.id, 1), LATER, "").await;
        let message = message_of(dissolve().await);
        assert!(message.contains("第一党小组") && message.contains("张三"), "{message}");
        assert_eq!(code_of(dissolve().await), "org_not_empty");
        assert_eq!(code_of(office.store.dissolve_org(office.author(), (office.top.id, 1), LATER, "").await), "org_top");
        let empty = create(&office, OrgKind::Branch, &office.top, "0108", "空支部", DAY).await;
        office.store.dissolve_org(office.author(), (empty.id, 1), LATER, "撤销批复").await.unwrap();
        assert_eq!(org(&office, empty.id).await.dissolved_on, Some(LATER));
        let again = OrgEdit { name: Some("复活".into()), ..OrgEdit::default() };
        assert_eq!(code_of(office.store.edit_org(office.author(), (empty.id, 2), again, LATER, "").await), "org_dissolved");
        assert_eq!(office.store.org_state(office.root, &org(&office, empty.id).await, TODAY).await.unwrap().warnings, []);
        verified(&office).await;
    }

    async fn a_long_list_of_members_is_cut_in_the_refusal(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let digits = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "百"];
        for n in 0..22 {
            office.member(0, &format!("张{}{}", digits[n / 2], digits[n % 2])).await;
        }
        let message = message_of(office.store.dissolve_org(office.author(), (office.branches[0].id, 1), LATER, "").await);
        assert!(message.contains("等 22 项"), "{message}");
    }

    async fn a_single_post_has_one_holder_at_a_time(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let id = office.branches[0].id;
        let (one, two) = (office.member(0, "张三").await, office.member(0, "李四").await);
        let assign = async |person, post, from| office.store.assign_post(office.author(), id, person, post, from).await;
        let first = assign(one, PostKind::Secretary, DAY).await.unwrap();
        assert!(message_of(assign(two, PostKind::Secretary, LATER).await).contains("张三"));
        assert_eq!(code_of(assign(one, PostKind::Secretary, LATER).await), "post_held");
        assign(one, PostKind::CommitteeMember, DAY).await.unwrap();
        assign(two, PostKind::CommitteeMember, DAY).await.unwrap();
        assert_eq!(code_of(assign(two, PostKind::CommitteeMember, LATER).await), "post_held");
        let end = async |post, on| office.store.end_post(office.author(), id, post, on, "届满").await;
        assert_eq!(code_of(end(first, date(2026, 2, 28)).await), "bad_date");
        end(first, LATER).await.unwrap();
        assert!(matches!(end(first, LATER).await.unwrap_err(), StoreError::NotFound(_)));
        assert_eq!(code_of(assign(two, PostKind::Secretary, DAY).await), "post_held");
        assign(two, PostKind::Secretary, LATER).await.unwrap();
        let posts = office.store.posts(office.root, id).await.unwrap();
        let secretaries: Vec<_> = posts.iter().filter(|post| post.post == PostKind::Secretary).collect();
        assert_eq!(secretaries.iter().map(|post| (post.person, post.to)).collect::<Vec<_>>(), [(two, None), (one, Some(LATER))]);
        verified(&office).await;
    }

    async fn vote_03_who_is_without_rights_gets_no_post_on_a_committee(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let id = office.branches[0].id;
        let person = office.member(0, "张三").await;
        office.take_rights(person, DAY, Some(LATER)).await;
        let assign = async |from| office.store.assign_post(office.author(), id, person, PostKind::Secretary, from).await;
        assert_eq!(code_of(assign(DAY).await), "post_rights");
        assign(LATER).await.unwrap();
    }

    async fn a_post_that_does_not_exist_there_or_a_holder_from_elsewhere_is_refused(place: Place) {
        let office = Office::with_branches(place, 2).await;
        let (person, stranger) = (office.member(0, "张三").await, office.member(1, "李四").await);
        let id = office.branches[0].id;
        let assign = async |org, person, post| office.store.assign_post(office.author(), org, person, post, DAY).await;
        assert_eq!(code_of(assign(id, person, PostKind::GroupLeader).await), "post_place");
        assert_eq!(code_of(assign(id, stranger, PostKind::Secretary).await), "not_in_org");
        assert!(matches!(assign(id, PersonId(9), PostKind::Secretary).await.unwrap_err(), StoreError::NotFound(_)));
        assert!(assign(office.top.id, stranger, PostKind::Secretary).await.is_ok(), "of the committee's own subtree");
    }

    async fn vote_03_a_probationary_member_holds_no_post_on_a_committee(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let draft = rules::intake::Draft { stage: Some(rules::codes::Stage::Probationary), full_on: None, ..testbed::draft("张三", 900) };
        let record = rules::member::Record::new(&draft, office.branches[0].id).unwrap();
        let person = office.store.create_person(office.author(), record, TODAY, "").await.unwrap();
        let post = office.store.assign_post(office.author(), office.branches[0].id, person, PostKind::PublicityOfficer, DAY).await;
        assert_eq!(code_of(post), "post_stage");
    }

    async fn a_page_counts_the_whole_subtree_of_each_row(place: Place) {
        let office = Office::with_branches(place, 3).await;
        for branch in [0, 1, 1, 2] {
            office.member(branch, &format!("张{}", ["一", "二", "三"][branch])).await;
        }
        let group = create(&office, OrgKind::Group, &office.branches[0], "010101", "第一党小组", DAY).await;
        let draft = rules::intake::Draft { stage: Some(rules::codes::Stage::Probationary), full_on: None, ..testbed::draft("李四", 900) };
        let record = rules::member::Record::new(&draft, group.id).unwrap();
        office.store.create_person(office.author(), record, TODAY, "").await.unwrap();
        let scope = vec![office.top.path.clone()];
        let mut shown = Vec::new();
        let mut after = String::new();
        loop {
            let page = office.store.org_rows(office.root, &scope, &after, 2, TODAY).await.unwrap();
            shown.extend(page.rows.iter().map(|row| (row.org.code.clone(), row.members.full, row.members.probationary, row.has_children)));
            match page.next {
                Some(next) => after = next,
                None => break,
            }
        }
        let expected = [("01", 4, 1, true), ("0101", 1, 1, true), ("010101", 0, 1, false), ("0102", 2, 0, false), ("0103", 1, 0, false)];
        assert_eq!(shown, expected.map(|(code, full, probationary, children)| (code.to_owned(), full, probationary, children)));
        let own = vec![office.branches[1].path.clone()];
        let page = office.store.org_rows(office.root, &own, "", 10, TODAY).await.unwrap();
        assert_eq!(page.rows.iter().map(|row| row.org.code.as_str()).collect::<Vec<_>>(), ["0102"]);
        assert_eq!(page.next, None);
        assert_eq!(office.store.org_rows(office.root, &[], "", 10, TODAY).await.unwrap().rows.len(), 0);
        let state = office.store.org_state(office.root, &office.branches[0], TODAY).await.unwrap();
        assert_eq!((state.own.full, state.own.probationary, state.subtree.full, state.subtree.probationary), (1, 0, 1, 1));
    }

    async fn a_branch_is_warned_of_its_size_and_its_committee(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let branch = org(&office, office.branches[0].id).await;
        let digits = ["一", "二", "三", "四", "五", "六", "七"];
        let mut persons = Vec::new();
        for digit in &digits[..2] {
            persons.push(office.member(0, &format!("张{digit}")).await);
        }
        let assign = async |person, post| {
            office.store.assign_post(office.author(), branch.id, person, post, DAY).await.unwrap()
        };
        assert_eq!(warned(&office, &branch).await, ["ORG-01", "ORG-09"]);
        let secretary = assign(persons[0], PostKind::Secretary).await;
        persons.push(office.member(0, "张三").await);
        assert_eq!(warned(&office, &branch).await, [""; 0]);
        assign(persons[1], PostKind::CommitteeMember).await;
        assign(persons[2], PostKind::CommitteeMember).await;
        assert_eq!(warned(&office, &branch).await, ["ORG-05"]);
        for digit in &digits[3..] {
            persons.push(office.member(0, &format!("张{digit}")).await);
        }
        assert_eq!(warned(&office, &branch).await, ["ORG-04", "ORG-04", "ORG-04"]);
        for (n, post) in [(3, PostKind::OrganisationOfficer), (4, PostKind::PublicityOfficer), (5, PostKind::DisciplineOfficer)] {
            assign(persons[n], post).await;
        }
        assert_eq!(warned(&office, &branch).await, [""; 0]);
        office.store.end_post(office.author(), branch.id, secretary, LATER, "").await.unwrap();
        let state = office.store.org_state(office.root, &branch, TODAY).await.unwrap();
        assert_eq!(state.warnings.len(), 1);
        assert!(state.warnings[0].message.contains("空缺已 176 天"), "{:?}", state.warnings);
        let rows = office.store.org_rows(office.root, std::slice::from_ref(&branch.path), "", 10, TODAY).await.unwrap().rows;
        assert_eq!((rows[0].secretary_left, rows[0].warnings.len()), (Some(LATER), 1));
    }

    async fn committees_and_terms_are_warned_of(place: Place) {
        let office = Office::with_branches(place, 1).await;
        office.member(0, "张三").await;
        assert_eq!(warned(&office, &office.top).await, ["ORG-03", "ORG-09"]);
        let term = OrgEdit { term_from: Some(Some(date(2021, 11, 24))), ..OrgEdit::default() };
        office.store.edit_org(office.author(), (office.top.id, 1), term, TODAY, "").await.unwrap();
        let top = org(&office, office.top.id).await;
        assert_eq!(top.term_years, Some(5));
        assert_eq!(warned(&office, &top).await, ["ORG-03", "ORG-09", "ORG-06"]);
        let general = create(&office, OrgKind::GeneralBranch, &top, "07", "机务党总支", DAY).await;
        assert_eq!(warned(&office, &general).await, ["ORG-03", "ORG-09"]);
    }

    async fn org_02_a_branch_of_more_than_fifty_is_warned_of(place: Place) {
        let office = Office::with_branches(place, 1).await;
        for n in 0..51 {
            let digits = ["一", "二", "三", "四", "五", "六", "七", "八"];
            office.member(0, &format!("张{}{}", digits[n / 8], digits[n % 8])).await;
        }
        assert_eq!(warned(&office, &office.branches[0]).await, ["ORG-02", "ORG-04", "ORG-09"]);
    }
}

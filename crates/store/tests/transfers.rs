//! Transfers, search and what waits, in the store; each on both databases.
#![allow(clippy::unwrap_used, clippy::panic)]

use jiff::civil::{Date, date};
use rules::intake::Draft;
use rules::member::Record;
use rules::org::PostKind;
use rules::search::{plain, read};
use rules::transfer::{Decision, Direction, TransferState};
use store::{StoreError, TransferFilter, TransferStates};
use testbed::{Office, TODAY, draft, on_both};

const ASKED: Date = date(2026, 11, 1);

fn code_of<T: std::fmt::Debug>(result: Result<T, StoreError>) -> &'static str {
    match result.unwrap_err() {
        StoreError::Refused { code, .. } => code,
        other => panic!("{other:?}"),
    }
}

on_both! {
    async fn a_person_stays_until_the_transfer_is_accepted(place: Place) {
        let office = Office::with_branches(place, 2).await;
        let [one, two] = [office.branches[0].id, office.branches[1].id];
        let person = office.member(0, "张三").await;
        let post = office.store.assign_post(office.author(), one, person, PostKind::Secretary, date(2020, 1, 1)).await.unwrap();
        let id = office.store.request_transfer(office.author(), person, two, "工作调动", ASKED).await.unwrap();
        let asked = office.store.transfer(office.root, id).await.unwrap();
        assert_eq!((asked.state, asked.due, asked.version), (TransferState::Pending, date(2027, 1, 30), 1));
        assert_eq!((asked.from.org, asked.to.org, asked.person_name.as_str()), (one, two, "张三"));
        assert_eq!(office.store.person(office.root, person).await.unwrap().org.id, one);
        let on = date(2026, 11, 10);
        office.store.decide_transfer(office.author(), (id, 1), Decision::Accept, "", (on, TODAY)).await.unwrap();
        let moved = office.store.person(office.root, person).await.unwrap();
        assert_eq!((moved.org.id, moved.version), (two, 2));
        let spells = office.store.person_spells(office.root, person).await.unwrap();
        assert_eq!((spells[1].spell.to, spells[2].spell.from, spells[2].spell.to), (Some(on), on, None));
        let posts = office.store.posts(office.root, one).await.unwrap();
        assert_eq!((posts[0].id, posts[0].to), (post, Some(on)), "posts in the old branch end");
        let done = office.store.transfer(office.root, id).await.unwrap();
        assert_eq!((done.state, done.version), (TransferState::Accepted, 2));
        assert_eq!(done.decision.unwrap().by, "系统（命令行）");
        assert_eq!(office.store.verify_ledger(office.root).await.unwrap().faults, []);
    }

    async fn a_decision_is_taken_once_and_on_the_present_version(place: Place) {
        let office = Office::with_branches(place, 2).await;
        let person = office.member(0, "张三").await;
        let id = office.store.request_transfer(office.author(), person, office.branches[1].id, "", ASKED).await.unwrap();
        let decide = async |version, decision, reason, on| {
            office.store.decide_transfer(office.author(), (id, version), decision, reason, (on, TODAY)).await
        };
        assert_eq!(code_of(decide(1, Decision::Reject, "", TODAY).await), "missing_required");
        assert_eq!(code_of(decide(1, Decision::Accept, "", date(2026, 10, 31)).await), "bad_date");
        assert_eq!(code_of(decide(1, Decision::Accept, "", date(2026, 11, 25)).await), "bad_date");
        assert!(matches!(decide(9, Decision::Accept, "", TODAY).await.unwrap_err(), StoreError::Stale { current: 1, .. }));
        decide(1, Decision::Reject, "查无此人", TODAY).await.unwrap();
        for version in [1, 2] {
            assert_eq!(code_of(decide(version, Decision::Accept, "", TODAY).await), "transfer_decided");
        }
        assert_eq!(office.store.person(office.root, person).await.unwrap().org.id, office.branches[0].id);
    }

    async fn a_person_has_one_transfer_under_way_to_a_branch_that_can_take_him(place: Place) {
        let office = Office::with_branches(place, 3).await;
        let person = office.member(0, "张三").await;
        let request = async |to| office.store.request_transfer(office.author(), person, to, "", ASKED).await;
        assert_eq!(code_of(request(office.branches[0].id).await), "same_org");
        assert_eq!(code_of(request(office.top.id).await), "org_place");
        office.store.dissolve_org(office.author(), (office.branches[2].id, 1), ASKED, "").await.unwrap();
        assert_eq!(code_of(request(office.branches[2].id).await), "org_dissolved");
        let first = request(office.branches[1].id).await.unwrap();
        assert_eq!(code_of(request(office.branches[1].id).await), "transfer_under_way");
        office.store.decide_transfer(office.author(), (first, 1), Decision::Withdraw, "", (TODAY, TODAY)).await.unwrap();
        assert!(request(office.branches[1].id).await.is_ok());
        let applicant = Draft { stage: Some(rules::codes::Stage::Activist), joined_on: None, full_on: None, ..draft("李四", 900) };
        let record = Record::new(&applicant, office.branches[0].id).unwrap();
        let applicant = office.store.create_person(office.author(), record, TODAY, "").await.unwrap();
        let refused = office.store.request_transfer(office.author(), applicant, office.branches[1].id, "", ASKED).await;
        assert_eq!(code_of(refused), "not_member");
    }

    async fn a_change_of_the_tree_takes_transfers_along(place: Place) {
        let office = Office::with_branches(place, 3).await;
        let [one, three] = [0, 2].map(|n| office.branches[n].id);
        let (goes, comes) = (office.member(0, "张三").await, office.member(2, "李四").await);
        let out = office.store.request_transfer(office.author(), goes, three, "", ASKED).await.unwrap();
        let back = office.store.request_transfer(office.author(), comes, one, "", ASKED).await.unwrap();
        let merged = office.store.merge_org(office.author(), (one, 1), three, TODAY, "").await;
        merged.unwrap();
        for id in [out, back] {
            let transfer = office.store.transfer(office.root, id).await.unwrap();
            assert_eq!(transfer.state, TransferState::Withdrawn, "both ends are one branch now");
        }
        assert_eq!(office.store.verify_ledger(office.root).await.unwrap().faults, []);
    }

    async fn a_branch_to_which_somebody_is_on_the_way_is_not_dissolved(place: Place) {
        let office = Office::with_branches(place, 2).await;
        let person = office.member(0, "张三").await;
        office.store.request_transfer(office.author(), person, office.branches[1].id, "", ASKED).await.unwrap();
        let dissolved = office.store.dissolve_org(office.author(), (office.branches[1].id, 1), TODAY, "").await;
        assert_eq!(code_of(dissolved), "org_not_empty");
    }

    async fn a_list_shows_both_sides_their_transfers_page_by_page(place: Place) {
        let office = Office::with_branches(place, 3).await;
        for (n, name) in ["张一", "张二", "张三"].into_iter().enumerate() {
            let person = office.member(0, name).await;
            office.store.request_transfer(office.author(), person, office.branches[1 + n % 2].id, "", ASKED).await.unwrap();
        }
        let list = async |scope: &str, filter: TransferFilter, limit| {
            let found = office.store.transfers(office.root, &[scope.to_owned()], &filter, limit).await.unwrap();
            found.into_iter().map(|one| (one.person_name, one.id)).collect::<Vec<_>>()
        };
        let names = |found: &[(String, rules::ids::TransferId)]| found.iter().map(|one| one.0.clone()).collect::<Vec<_>>();
        let [one, two, three] = [0, 1, 2].map(|n| office.branches[n].path.as_str());
        assert_eq!(names(&list(two, TransferFilter::default(), 9).await), ["张三", "张一"]);
        assert_eq!(names(&list(three, TransferFilter::default(), 9).await), ["张二"]);
        let first = list(one, TransferFilter::default(), 2).await;
        assert_eq!(names(&first), ["张三", "张二"]);
        let next = TransferFilter { before: Some(first[1].1), ..TransferFilter::default() };
        assert_eq!(names(&list(one, next, 2).await), ["张一"]);
        let towards = |direction| TransferFilter { direction: Some(direction), ..TransferFilter::default() };
        assert_eq!(list(one, towards(Direction::In), 9).await, []);
        assert_eq!(list(one, towards(Direction::Out), 9).await.len(), 3);
        assert_eq!(list(office.top.path.as_str(), towards(Direction::Inner), 9).await.len(), 3);
        let decided = TransferFilter { states: TransferStates::Decided, ..TransferFilter::default() };
        assert_eq!(list(one, decided, 9).await, []);
        let pending = TransferFilter { states: TransferStates::Only(TransferState::Pending), ..TransferFilter::default() };
        assert_eq!(list(one, pending, 9).await.len(), 3);
        let late = date(2027, 2, 1);
        let waits = async |n: usize| {
            let found = office.store.pending_transfers(office.root, &[office.branches[n].path.clone()], late, 10).await.unwrap();
            (found.to_accept, found.overdue, found.first.len())
        };
        assert_eq!((waits(0).await, waits(1).await), ((0, 3, 3), (2, 0, 2)));
    }

    async fn persons_are_found_by_name_initials_and_numbers_in_the_own_subtree(place: Place) {
        let office = Office::with_branches(place, 2).await;
        let (one, other) = (office.member(0, "欧阳春华").await, office.member(1, "欧阳夏").await);
        let person = office.store.person(office.root, one).await.unwrap().record;
        let identity = person.private.identity.unwrap().expose().to_owned();
        let phone = person.private.phone.unwrap().expose().to_owned();
        let find = async |text: &str, paths: &[&str]| {
            let scope: Vec<String> = paths.iter().map(|path| (*path).to_owned()).collect();
            let found = office.store.find_persons(office.root, &scope, &read(&plain(text)), 20).await.unwrap();
            found.into_iter().map(|one| one.id).collect::<Vec<_>>()
        };
        let all = office.top.path.as_str();
        for text in ["欧阳春华", "春华", "oych", "OYC", &identity, &identity.to_lowercase(), &identity[14..], &identity[8..], &phone, &phone[7..], &phone[5..]] {
            assert_eq!(find(text, &[all]).await, [one], "{text}");
        }
        assert_eq!(find("欧阳", &[all]).await.len(), 2);
        assert_eq!(find("欧阳", &[&office.branches[1].path]).await, [other]);
        for text in ["", "123", "%", "_", "99999999", &format!("9{}", &identity[14..]), "王"] {
            assert_eq!(find(text, &[all]).await, [], "{text}");
        }
        assert_eq!(find(&identity, &[&office.branches[1].path]).await, []);
        assert_eq!(find(&identity[14..], &[]).await, []);
    }

    async fn whole_names_come_first_then_those_that_begin_so(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let mut ids = Vec::new();
        for name in ["欧阳张", "张春华", "张", "张安", "张张"] {
            ids.push(office.member(0, name).await);
        }
        let find = async |limit: usize| {
            let scope = [office.top.path.clone()];
            let found = office.store.find_persons(office.root, &scope, &read(&plain("张")), limit).await.unwrap();
            found.into_iter().map(|one| one.name).collect::<Vec<_>>()
        };
        let all = find(20).await;
        assert_eq!((all.len(), all[0].as_str(), all[4].as_str()), (5, "张", "欧阳张"), "{all:?}");
        assert_eq!(find(2).await, all[..2]);
        assert_eq!(find(4).await, all[..4]);
    }

    async fn organisations_are_found_by_name_code_and_initials_whole_matches_first(place: Place) {
        let office = Office::with_branches(place, 3).await;
        let find = async |text: &str, path: &str| {
            let found = office.store.find_orgs(office.root, &[path.to_owned()], text, 2).await.unwrap();
            found.into_iter().map(|one| (one.org.code, one.above.join("/"))).collect::<Vec<_>>()
        };
        let all = office.top.path.as_str();
        let under = |code: &str| (code.to_owned(), "测试集团党委".to_owned());
        assert_eq!(find("第2党支部", all).await, [under("0102")]);
        assert_eq!(find("01", all).await[0], ("01".to_owned(), String::new()));
        assert_eq!(find("d3dzb", all).await, [under("0103")]);
        assert_eq!(find("党支部", all).await, [under("0101"), under("0102")]);
        assert_eq!(find("党支部", &office.branches[2].path).await, [under("0103")]);
        assert_eq!(find("%", all).await, []);
    }
}

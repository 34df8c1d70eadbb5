//! What duties are computed from, on both databases: facts read as a whole and one by one, terms kept, what ledger entries concern,
//! excuses.
#![allow(clippy::unwrap_used, clippy::panic)]

use jiff::civil::{Date, date};
use rules::codes::{Membership, Stage};
use rules::date::PartialDate;
use rules::development::Step;
use rules::duty::{Days, Duty, ExcuseCommand, ExcuseState, OrgFacts, OwnDuty, Period, PersonFacts, Term};
use rules::identity::IdentityNumber;
use rules::ids::{OrgId, OwnDutyId, PersonId};
use rules::intake::Draft;
use rules::member::{Record, Spell};
use rules::org::{OrgKind, PostKind};
use std::collections::BTreeMap;
use store::{Author, DutyReach, ExcuseFilter, LoadPerson, NewExcuse, NewOrg, OrgEdit, StoreError};
use testbed::{DAYS, Office, TODAY, draft, on_both};

const YEAR: Days = Days { first: date(2026, 1, 1), last: date(2026, 12, 31) };

async fn persons(office: &Office, reach: DutyReach<'_>) -> BTreeMap<PersonId, PersonFacts> {
    let orgs = office.store.duty_orgs(office.root).await.unwrap();
    let mut found = BTreeMap::new();
    let each = |facts: PersonFacts| assert!(found.insert(facts.id, facts).is_none(), "handed on once");
    office.store.person_facts(office.root, &orgs, reach, YEAR, each).await.unwrap();
    found
}

async fn orgs(office: &Office, reach: DutyReach<'_>) -> Vec<OrgFacts> {
    let orgs = office.store.duty_orgs(office.root).await.unwrap();
    office.store.org_facts(office.root, &orgs, reach, YEAR).await.unwrap()
}

async fn duties(office: &Office, org: OrgId) -> Vec<Duty> {
    let (orgs, setting) = (
        office.store.duty_orgs(office.root).await.unwrap(),
        office.store.duty_setting(office.root, TODAY).await.unwrap(),
    );
    office.store.duties_of(office.root, &orgs, &setting, DutyReach::Of(&[org], &[]), YEAR).await.unwrap()
}

fn code(e: StoreError) -> &'static str {
    match e {
        StoreError::Refused { code, .. } => code,
        StoreError::Stale { .. } => "stale",
        StoreError::NotFound(_) => "not_found",
        other => panic!("{other}"),
    }
}

on_both! {
    async fn everybody_at_once_and_each_alone_are_read_alike_over_many_pages(place: Place) {
        let office = Office::with_branches(place, 2).await;
        let branch = office.branches[0].id;
        let record = |n: u16| {
            let identity = IdentityNumber::synthetic(510_104 + u32::from(n / 500), date(1985, 3, 1), n % 500);
            Record::new(&Draft { identity: Some(identity), ..draft("张三", n) }, branch).unwrap()
        };
        let load = (0..1_100).map(|n| {
            let record = record(n);
            let first = record.first_spells(TODAY);
            // Half of them changed their education lately: two spells that count.
            let parted = |at: Date| {
                let last = *first.last().unwrap();
                vec![Spell { to: Some(at), ..last }, Spell { from: at, ..last }]
            };
            let spells = if n % 2 == 0 { parted(date(2026, 3, 1)) } else { first.clone() };
            LoadPerson { record, spells, org_name: "第1党支部".into() }
        });
        office.store.load_persons(Author::system(office.root), load, |_, _| {}).await.unwrap();
        office.store.assign_post(office.author(), branch, *persons(&office, DutyReach::All).await.keys().next().unwrap(), PostKind::Secretary, TODAY).await.unwrap();
        let all = persons(&office, DutyReach::All).await;
        assert_eq!(all.len(), 1_100);
        assert_eq!(all.values().map(|facts| facts.stages.len()).sum::<usize>(), 1_650);
        assert!(all.values().all(|facts| facts.org == branch && facts.stage() == Some(Stage::Full)));
        assert_eq!(all, persons(&office, DutyReach::Of(&[branch], &[])).await);
        for (id, facts) in all.iter().step_by(97) {
            assert_eq!(persons(&office, DutyReach::Of(&[], &[*id])).await.get(id), Some(facts));
        }
        let together = orgs(&office, DutyReach::All).await;
        assert_eq!(together.len(), 3);
        for facts in &together {
            assert_eq!(orgs(&office, DutyReach::Of(&[facts.id], &[])).await, *std::slice::from_ref(facts));
        }
        assert!(persons(&office, DutyReach::Of(&[], &[])).await.is_empty());
        assert!(orgs(&office, DutyReach::Of(&[OrgId(5)], &[])).await.is_empty());
    }

    async fn those_on_the_way_and_those_suspended_bring_their_dates(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let mut probationary = draft("李四", 50);
        (probationary.stage, probationary.full_on) = (Some(Stage::Probationary), None);
        (probationary.joined_on, probationary.applied_on) = (PartialDate::parse("2026.02").ok(), PartialDate::parse("2023-05-06").ok());
        let record = Record::new(&probationary, office.branches[0].id).unwrap();
        let on_the_way = office.store.create_person(office.author(), record, TODAY, "测试").await.unwrap();
        let suspended = office.member(0, "王五").await;
        office.store.leave(office.author(), (suspended, 1), Membership::Suspended, (date(2023, 1, 5), TODAY), "失联").await.unwrap();
        let gone = office.member(0, "赵六").await;
        office.store.leave(office.author(), (gone, 1), Membership::Died, (date(2023, 1, 5), TODAY), "去世").await.unwrap();
        let all = persons(&office, DutyReach::All).await;
        assert_eq!(all[&on_the_way].joined_on, PartialDate::parse("2026.02").ok());
        assert_eq!(all[&on_the_way].applied_on, PartialDate::parse("2023-05-06").ok());
        assert_eq!((all[&suspended].membership, all[&suspended].stages.last().unwrap().to), (Membership::Suspended, date(2023, 1, 5)));
        assert!(!all.contains_key(&gone));
        assert_eq!(persons(&office, DutyReach::Of(&[], &[suspended])).await[&suspended], all[&suspended]);
    }

    async fn of_a_case_that_rests_nothing_is_due_until_it_goes_on(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let mut applicant = office.applicant(0, "张三").await;
        applicant.take(&office, Step::Application).await.unwrap();
        let (branch, day) = (office.branches[0].id, DAYS[0]);
        let open = async || {
            let about = |duty: &&Duty| duty.person == Some(applicant.person) && duty.done.is_none();
            duties(&office, branch).await.iter().filter(about).map(|duty| duty.rule).collect::<Vec<_>>()
        };
        let version = async || office.store.case(office.root, applicant.case).await.unwrap().row.version;
        assert_eq!(open().await, ["DEV-02"]);
        office.store.suspend_case(office.author(), (applicant.case, version().await), "外派", &applicant.acting, day).await.unwrap();
        assert_eq!(open().await, [""; 0]);
        office.store.resume_case(office.author(), (applicant.case, version().await), "回来了", &applicant.acting, day).await.unwrap();
        assert_eq!(open().await, ["DEV-02"]);
    }

    async fn members_of_a_group_belong_to_its_branch(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let new = NewOrg { parent: Some(office.branches[0].id), code: "010101".into(), name: "第一党小组".into(), ..NewOrg::default() };
        let group = office.store.create_org(office.author(), OrgKind::Group, new, None).await.unwrap();
        let record = Record::new(&draft("张三", 9), group.id).unwrap();
        let person = office.store.create_person(office.author(), record, TODAY, "测试").await.unwrap();
        assert_eq!(persons(&office, DutyReach::All).await[&person].org, office.branches[0].id);
        let orgs = office.store.duty_orgs(office.root).await.unwrap();
        assert_eq!(orgs.with_groups(orgs.get(office.branches[0].id).unwrap()), [office.branches[0].id, group.id]);
        assert_eq!(orgs.by_code("010101").map(|org| org.id), Some(group.id));
    }

    async fn a_term_that_another_follows_is_kept(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let branch = office.branches[0].id;
        let edit = |term_from| OrgEdit { term_from: Some(term_from), ..OrgEdit::default() };
        let set = async |version, term| office.store.edit_org(office.author(), (branch, version), edit(term), TODAY, "换届").await.unwrap();
        set(1, Some(date(2023, 5, 1))).await;
        set(2, Some(date(2023, 4, 1))).await;
        set(3, Some(date(2026, 5, 1))).await;
        let facts = &orgs(&office, DutyReach::Of(&[branch], &[])).await[0];
        assert_eq!(facts.term, Some(Term { from: date(2026, 5, 1), years: 3 }));
        assert_eq!(facts.past_terms, [Term { from: date(2023, 4, 1), years: 3 }], "a correction backwards is no new term");
    }

    async fn duties_count_from_the_year_of_founding_unless_a_day_is_set(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let started = async || office.store.started_on(office.root, TODAY).await.unwrap();
        assert_eq!(started().await, date(2026, 1, 1));
        assert_eq!(office.store.started_on(office.root, date(2024, 2, 29)).await.unwrap(), date(2024, 1, 1));
        office.store.set_started_on(office.author(), date(2025, 7, 1), "启用").await.unwrap();
        assert_eq!(started().await, date(2025, 7, 1));
    }

    async fn entries_concern_those_they_are_about_and_settings_concern_all(place: Place) {
        let office = Office::with_branches(place, 2).await;
        let (one, two) = (office.branches[0].id, office.branches[1].id);
        let (root, store) = (office.root, &office.store);
        let mut cursor = store.ledger_head(root).await.unwrap();
        let mut since = async || {
            let head = store.ledger_head(root).await.unwrap();
            let concern = store.concern(root, (cursor, head)).await.unwrap();
            cursor = head;
            concern
        };
        let person = office.member(0, "张三").await;
        let concern = since().await;
        assert!(concern.persons.contains(&person) && !concern.all && !concern.tree);
        store.assign_post(office.author(), one, person, PostKind::Secretary, TODAY).await.unwrap();
        let concern = since().await;
        assert!(concern.orgs.contains(&one) && concern.persons.contains(&person) && concern.tree);
        let transfer = store.request_transfer(office.author(), person, two, "调动", TODAY).await.unwrap();
        assert!(since().await.persons.contains(&person));
        store.decide_transfer(office.author(), (transfer, 1), rules::transfer::Decision::Accept, "", (TODAY, TODAY)).await.unwrap();
        assert!(since().await.persons.contains(&person));
        store.set_measure(office.author(), rules::measure::Measure::ThemeDays, Some(2), TODAY, "要求").await.unwrap();
        assert!(since().await.all);
        assert_eq!(since().await, store::Concern::default());
        store.merge_org(office.author(), (one, 1), two, TODAY, "合并").await.unwrap();
        let concern = since().await;
        assert!(concern.tree && concern.orgs.contains(&one) && concern.orgs.contains(&two));
    }

    async fn an_excuse_is_kept_sealed_decided_once_and_withdrawn_by_those_who_asked(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let (store, root, branch) = (&office.store, office.root, office.branches[0].id);
        let key = |month: &str| format!("MEET-05.theme_day.o{branch}.2026{month}01.1");
        let ask = async |key: &str| store.ask_excuse(office.author(), NewExcuse { duty_key: key, reason: "全体在外抢修", today: TODAY }).await;
        assert_eq!(code(ask("nonsense").await.unwrap_err()), "not_found");
        assert_eq!(code(ask(&key("12")).await.unwrap_err()), "duty_upcoming");
        let id = ask(&key("03")).await.unwrap();
        let excuse = store.excuse(root, id).await.unwrap();
        assert_eq!((excuse.reason.as_str(), excuse.state, excuse.due, excuse.rule.as_str()), ("全体在外抢修", ExcuseState::Requested, date(2026, 3, 31), "MEET-05"));
        let decide = async |command, version, reason: &str| store.decide_excuse(office.author(), (id, version), command, reason).await;
        assert_eq!(code(decide(ExcuseCommand::Refuse, 1, " ").await.unwrap_err()), "missing_required");
        assert_eq!(code(decide(ExcuseCommand::Approve, 9, "").await.unwrap_err()), "stale");
        decide(ExcuseCommand::Refuse, 1, "可以补开").await.unwrap();
        assert_eq!(code(decide(ExcuseCommand::Approve, 2, "").await.unwrap_err()), "excuse_decided");
        assert_eq!(store.excuse(root, id).await.unwrap().decision.unwrap().reason, "可以补开");
        assert!(duties(&office, branch).await.iter().all(|duty| duty.excuse.is_none()));
        let again = ask(&key("03")).await.unwrap();
        store.decide_excuse(office.author(), (again, 1), ExcuseCommand::Approve, "同意").await.unwrap();
        let excused: Vec<String> = duties(&office, branch).await.into_iter().filter(|duty| duty.excuse.is_some()).map(|duty| duty.key()).collect();
        assert_eq!(excused, [key("03")]);
        let withdrawn = ask(&key("04")).await.unwrap();
        store.decide_excuse(office.author(), (withdrawn, 1), ExcuseCommand::Withdraw, "").await.unwrap();
        let scope = [office.top.path.clone()];
        let list = async |state| store.excuses(root, &scope, &ExcuseFilter { state, before: None }, 10).await.unwrap().len();
        assert_eq!((list(None).await, list(Some(ExcuseState::Approved)).await, list(Some(ExcuseState::Requested)).await), (3, 1, 0));
        assert!(store.excuses(root, &[], &ExcuseFilter::default(), 10).await.unwrap().is_empty());
        assert!(store.verify_ledger(root).await.unwrap().faults.is_empty());
    }

    async fn a_duty_of_the_enterprises_own_is_fulfilled_by_those_it_is_asked_of(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let (store, branch) = (&office.store, office.branches[0].id);
        let own = OwnDuty {
            id: OwnDutyId(0), name: "安全学习".into(), period: Period::Month, times: 1, lead: 7,
            kinds: vec![OrgKind::Branch, OrgKind::JointBranch], from: date(2026, 10, 1), until: None,
        };
        let wrong = OwnDuty { times: 0, ..own.clone() };
        assert_eq!(code(store.add_own_duty(office.author(), wrong, "要求").await.unwrap_err()), "bad_own_duty");
        let id = store.add_own_duty(office.author(), own.clone(), "要求").await.unwrap();
        let row = store.own_duties(office.root).await.unwrap().remove(0);
        assert_eq!((row.duty, row.version), (OwnDuty { id, ..own.clone() }, 1));
        let fulfil = async |org, on| store.fulfil_own_duty(office.author(), (id, org), (on, TODAY), "学习了").await.map_err(code);
        assert_eq!(fulfil(office.top.id, TODAY).await, Err("own_duty_kind"));
        assert_eq!(fulfil(branch, date(2026, 9, 30)).await, Err("bad_date"));
        assert_eq!(fulfil(branch, date(2026, 11, 25)).await, Err("bad_date"));
        fulfil(branch, date(2026, 10, 31)).await.unwrap();
        let found: Vec<_> = duties(&office, branch).await.into_iter().filter(|duty| duty.rule == "OWN").map(|duty| (duty.due, duty.done.is_some())).collect();
        assert_eq!(found, [(date(2026, 10, 31), true), (date(2026, 11, 30), false), (date(2026, 12, 31), false)]);
        assert_eq!(code(store.edit_own_duty(office.author(), 7, &OwnDuty { id, ..own }, "改").await.unwrap_err()), "stale");
    }
}

//! Elections in the store: records, posts, term; one at a time; stale versions.
#![allow(clippy::unwrap_used, clippy::panic)]

use jiff::civil::{Date, date};
use rules::activity::Activity;
use rules::duty::Days;
use rules::election::{Act, Assigned, Command, Count, ElectionKind, ElectionState};
use rules::ids::{ElectionId, PersonId};
use rules::org::PostKind;
use store::{DutyReach, ElectionFilter, NewElection, OrgEdit, StoreError, Subject};
use testbed::{Office, TODAY, on_both};

const NAMES: [&str; 8] = ["丁一", "王二", "张三", "李四", "赵五", "钱六", "孙七", "周八"];

struct Branch {
    office: Office,
    people: Vec<PersonId>,
    id: ElectionId,
    version: i64,
}

fn act(on: Date) -> Act {
    Act { on, note: String::new() }
}

impl Branch {
    async fn with_election(place: testbed::Place) -> Self {
        let office = Office::with_branches(place, 1).await;
        let mut people = Vec::new();
        for name in NAMES {
            people.push(office.member(0, name).await);
        }
        let new =
            NewElection { org: office.branches[0].id, kind: ElectionKind::ReElection, seats: 3, planned_on: TODAY };
        let id = office.store.begin_election(office.author(), new, TODAY).await.unwrap();
        Branch { office, people, id, version: 1 }
    }

    async fn take(&mut self, command: Command) -> Result<ElectionState, StoreError> {
        let store = &self.office.store;
        let next = store.decide_election(self.office.author(), (self.id, self.version), &command, TODAY).await?;
        self.version += 1;
        Ok(next.state)
    }

    async fn up_to_report(&mut self) {
        let p = self.people.clone();
        let posts = [PostKind::Secretary, PostKind::OrganisationOfficer, PostKind::DisciplineOfficer];
        let posts =
            posts.iter().zip(&p).map(|(post, person)| Assigned { person: *person, post: *post, in_favour: Some(3) });
        let counts = p[..4].iter().zip([8, 7, 6, 2]).map(|(person, votes)| Count {
            person: *person,
            in_favour: votes,
            against: 8 - votes,
            abstained: 0,
            written: None,
        });
        for command in [
            Command::Nominate { candidates: p[..4].to_vec(), tellers: vec![p[7]] },
            Command::Request(act(date(2026, 6, 1))),
            Command::Approve(act(date(2026, 6, 10))),
            Command::Hold { on: date(2026, 11, 20), place: "会议室".into(), present: 8 },
            Command::Tally { issued: 8, returned: 8, invalid: 0, counts: counts.collect() },
            Command::Assign(posts.collect()),
            Command::Report(act(date(2026, 11, 21))),
        ] {
            self.take(command.clone()).await.unwrap_or_else(|e| panic!("{command:?}: {e:?}"));
        }
    }
}

on_both! {
    async fn a_confirmed_election_changes_posts_and_term_and_leaves_its_records(place: Place) {
        let mut branch = Branch::with_election(place).await;
        let org = branch.office.branches[0].id;
        let (store, root, author) = (branch.office.store.clone(), branch.office.root, branch.office.author());
        store.assign_post(author, org, branch.people[7], PostKind::Secretary, date(2023, 1, 1)).await.unwrap();
        branch.up_to_report().await;
        assert_eq!(branch.take(Command::Confirm(act(date(2026, 11, 24)))).await.unwrap(), ElectionState::Confirmed);
        let posts = store.posts(root, org).await.unwrap();
        let held: Vec<_> = posts.iter().map(|post| (post.person_name.as_str(), post.post, post.from, post.to)).collect();
        let day = date(2026, 11, 20);
        assert_eq!(held, [
            ("丁一", PostKind::Secretary, day, None),
            ("王二", PostKind::OrganisationOfficer, day, None),
            ("张三", PostKind::DisciplineOfficer, day, None),
            ("周八", PostKind::Secretary, date(2023, 1, 1), Some(day)),
        ]);
        assert_eq!(store.org(root, org).await.unwrap().term_from, Some(day));
        let records = store.records_of(root, Subject::of("election", branch.id.0)).await.unwrap();
        let done: Vec<_> = records.iter().map(|record| (record.activity, record.on)).collect();
        assert_eq!(done, [
            (Activity::ReElectionRequest, date(2026, 6, 1)),
            (Activity::ReElection, day),
            (Activity::ElectionReport, date(2026, 11, 21)),
        ]);
        assert!(store.verify_ledger(root).await.unwrap().faults.is_empty());
    }

    async fn an_election_before_the_end_of_the_term_fulfils_what_was_asked(place: Place) {
        let mut branch = Branch::with_election(place).await;
        let org = branch.office.branches[0].id;
        let (store, root) = (branch.office.store.clone(), branch.office.root);
        let edit = OrgEdit { term_from: Some(Some(date(2023, 12, 1))), ..OrgEdit::default() };
        store.edit_org(branch.office.author(), (org, 1), edit, TODAY, "补登").await.unwrap();
        let asked = async || {
            let (orgs, setting) = (store.duty_orgs(root).await.unwrap(), store.duty_setting(root, TODAY).await.unwrap());
            let year = Days::of_year(2026).unwrap();
            let duties = store.duties_of(root, &orgs, &setting, DutyReach::Of(&[org], &[]), year).await.unwrap();
            let of = duties.iter().filter(|duty| duty.rule.starts_with("ELEC-") || duty.rule.starts_with("ORG-"));
            let mut of: Vec<String> = of.map(|duty| format!("{} {} {}", duty.rule, duty.due, duty.status(TODAY).key())).collect();
            of.sort();
            of
        };
        assert_eq!(asked().await, ["ELEC-07 2026-11-01 overdue", "ORG-06 2026-12-01 due", "ORG-09 2026-04-01 overdue"]);
        branch.up_to_report().await;
        assert_eq!(asked().await[0], "ELEC-07 2026-11-01 done");
        branch.take(Command::Confirm(act(date(2026, 11, 24)))).await.unwrap();
        assert_eq!(asked().await, ["ELEC-06 2026-12-05 done", "ELEC-07 2026-11-01 done", "ORG-06 2026-12-01 done"]);
    }

    async fn an_organisation_has_one_election_under_way(place: Place) {
        let mut branch = Branch::with_election(place).await;
        let org = branch.office.branches[0].id;
        let new = NewElection { org, kind: ElectionKind::ReElection, seats: 3, planned_on: TODAY };
        let store = branch.office.store.clone();
        let again = store.begin_election(branch.office.author(), new, TODAY).await;
        assert!(matches!(again, Err(StoreError::Refused { code: "election_open", .. })), "{again:?}");
        branch.take(Command::Cancel("改期".into())).await.unwrap();
        assert!(store.begin_election(branch.office.author(), new, TODAY).await.is_ok());
    }

    async fn vote_03_who_is_without_rights_neither_votes_nor_stands(place: Place) {
        let mut branch = Branch::with_election(place).await;
        let (p, path) = (branch.people.clone(), branch.office.branches[0].path.clone());
        let (from, to) = (date(2026, 6, 1), date(2026, 11, 23));
        let (of, root) = (branch.office.store.clone(), branch.office.root);
        branch.office.take_rights(p[1], date(2026, 11, 20), None).await;
        branch.office.take_rights(p[0], from, Some(to)).await;
        let names = async |on| of.electors(root, &path, on).await.unwrap().into_iter().map(|one| one.person).collect::<Vec<_>>();
        for (on, first, second) in [(date(2026, 5, 31), true, true), (from, false, true), (date(2026, 11, 22), false, false), (to, true, false)] {
            let found = names(on).await;
            assert_eq!((found.contains(&p[0]), found.contains(&p[1])), (first, second), "{on}");
        }
        let nominate = |candidates: &[PersonId]| Command::Nominate { candidates: candidates.to_vec(), tellers: vec![p[7]] };
        let refused = branch.take(nominate(&p[..4])).await;
        assert!(matches!(&refused, Err(StoreError::Rules(why)) if why[0].rule == "VOTE-03"), "{refused:?}");
        branch.take(nominate(&[p[0], p[2], p[3], p[4]])).await.unwrap();
    }

    async fn vote_03_a_candidate_who_loses_the_rights_is_refused_at_the_next_step(place: Place) {
        let mut branch = Branch::with_election(place).await;
        let p = branch.people.clone();
        branch.take(Command::Nominate { candidates: p[..4].to_vec(), tellers: vec![p[7]] }).await.unwrap();
        branch.office.take_rights(p[2], TODAY, None).await;
        let refused = branch.take(Command::Request(act(date(2026, 6, 1)))).await;
        assert!(matches!(&refused, Err(StoreError::Rules(why)) if why[0].rule == "VOTE-03"), "{refused:?}");
    }

    async fn of_two_who_take_a_step_at_once_one_is_told(place: Place) {
        let mut branch = Branch::with_election(place).await;
        let nominate = Command::Nominate { candidates: branch.people[..4].to_vec(), tellers: vec![branch.people[7]] };
        branch.take(nominate.clone()).await.unwrap();
        branch.version = 1;
        assert!(matches!(branch.take(nominate).await, Err(StoreError::Stale { .. })));
    }

    async fn a_refused_step_leaves_nothing_behind(place: Place) {
        let mut branch = Branch::with_election(place).await;
        let (store, root) = (branch.office.store.clone(), branch.office.root);
        let before = store.election(root, branch.id).await.unwrap();
        let refused = branch.take(Command::Request(act(TODAY))).await;
        assert!(matches!(&refused, Err(StoreError::Rules(why)) if why[0].rule == "ELEC-03"), "{refused:?}");
        assert_eq!(store.election(root, branch.id).await.unwrap(), before);
        assert!(store.records_of(root, Subject::of("election", branch.id.0)).await.unwrap().is_empty());
    }

    async fn elections_are_listed_in_the_own_subtree_newest_first(place: Place) {
        let branch = Branch::with_election(place).await;
        let (store, root) = (&branch.office.store, branch.office.root);
        let list = async |path: &str, open| {
            let filter = ElectionFilter { open, ..ElectionFilter::default() };
            store.elections(root, &[path.to_owned()], &filter, 10).await.unwrap().len()
        };
        assert_eq!(list(&branch.office.top.path, true).await, 1);
        assert_eq!(list(&branch.office.branches[0].path, false).await, 1);
        assert_eq!(list("0009", false).await, 0);
    }
}

//! Imports in the store: what settling finds, what applying writes, and what importing again leaves alone; each on both databases.
#![allow(clippy::unwrap_used, clippy::panic)]

use rules::codes::Education;
use rules::date::PartialDate;
use rules::ids::{AccountId, PersonId};
use rules::intake::{Checked, Draft, Field, OrgChecked, OrgDraft};
use rules::member::Record;
use rules::org::OrgKind;
use store::{ImportTask, NewRun, OrgEdit, Progress, RunOutcome, RunState, Subject};
use testbed::{Office, REGISTER, TODAY, draft, dump, on_both};

fn task(scope: &str) -> ImportTask {
    ImportTask { scope: vec![scope.to_owned()], create_orgs: false, found: None, today: TODAY }
}

fn in_branch(name: &str, n: u16, org: &str) -> Draft {
    Draft { org: Some(org.to_owned()), ..draft(name, n) }
}

/// Imports drafts; returns the codes of every row, and how many organisations were created.
async fn import(office: &Office, task: &ImportTask, drafts: &[Draft]) -> (Vec<String>, usize) {
    let mut rows: Vec<Checked> =
        drafts.iter().map(|draft| Checked { draft: draft.clone(), ..Checked::default() }).collect();
    let mut write = office.store.begin(office.author(), "import.members").await.unwrap();
    let progress = Progress::default();
    progress.expect(rows.len());
    let plan = write.settle_members(task, &mut rows.iter_mut().collect::<Vec<_>>(), &progress).await.unwrap();
    if !plan.is_idle() {
        write.apply_members(&plan, task, &rows.iter().collect::<Vec<_>>(), &progress).await.unwrap();
        write.describe(Subject::of("enterprise", office.root.0), "", "导入花名册");
        write.commit().await.unwrap();
        assert_eq!(progress.read(), (rows.len() as i64, rows.len() as i64));
    }
    let codes = rows.iter().map(|row| row.errors.iter().map(|e| e.code.key()).collect::<Vec<_>>().join(" ")).collect();
    (codes, plan.orgs_created())
}

fn org(code: &str, name: &str, kind: OrgKind, parent: Option<&str>) -> OrgDraft {
    OrgDraft {
        code: code.into(),
        name: name.into(),
        kind: Some(kind),
        parent: parent.map(str::to_owned),
        ..OrgDraft::default()
    }
}

async fn import_orgs(office: &Office, task: &ImportTask, drafts: &[OrgDraft]) -> Vec<String> {
    let mut rows: Vec<OrgChecked> =
        drafts.iter().map(|draft| OrgChecked { draft: draft.clone(), ..OrgChecked::default() }).collect();
    let mut write = office.store.begin(office.author(), "import.orgs").await.unwrap();
    let progress = Progress::default();
    let plan = write.settle_orgs(task, &mut rows.iter_mut().collect::<Vec<_>>(), &progress).await.unwrap();
    if !plan.is_idle() {
        write.apply_orgs(&plan, task, &rows.iter().collect::<Vec<_>>(), &progress).await.unwrap();
        write.describe(Subject::of("enterprise", office.root.0), "", "导入组织表");
        write.commit().await.unwrap();
    }
    rows.iter().map(|row| row.errors.iter().map(|e| e.code).collect::<Vec<_>>().join(" ")).collect()
}

on_both! {
    async fn a_roster_is_written_with_one_entry_and_importing_it_again_changes_nothing(place: Place) {
        let office = Office::with_branches(place, 2).await;
        let drafts: Vec<Draft> = (1..=95).map(|n| in_branch("张三", n, if n % 2 == 0 { "第1党支部" } else { "第2党支部" })).collect();
        let before = dump(&office.place.location, &["ledger"]).await.len();
        let (codes, created) = import(&office, &task(&office.top.path), &drafts).await;
        assert!(codes.iter().all(String::is_empty) && created == 0);
        let after = dump(&office.place.location, REGISTER).await;
        assert_eq!(after.iter().filter(|line| line.starts_with("ledger:")).count(), before + 1);
        assert_eq!(after.iter().filter(|line| line.starts_with("person:")).count(), 95);
        let (codes, _) = import(&office, &task(&office.top.path), &drafts).await;
        assert!(codes.iter().all(String::is_empty));
        assert_eq!(dump(&office.place.location, REGISTER).await, after);
        assert!(office.store.verify_ledger(office.root).await.unwrap().faults.is_empty());
    }

    async fn changed_rows_change_dossiers_and_keep_their_history(place: Place) {
        let office = Office::with_branches(place, 2).await;
        let drafts: Vec<Draft> = (1..=90).map(|n| in_branch("张三", n, "第1党支部")).collect();
        import(&office, &task(""), &drafts).await;
        let changed: Vec<Draft> = drafts
            .iter()
            .map(|draft| Draft { org: Some("第2党支部".into()), education: Some(Education::Master), ..draft.clone() })
            .collect();
        let (codes, _) = import(&office, &task(""), &changed).await;
        assert!(codes.iter().all(String::is_empty));
        let persons = office.store.persons(office.root, &[office.branches[1].path.clone()], &Default::default(), None, 100).await.unwrap();
        assert_eq!(persons.len(), 90);
        for person in persons {
            let draft = drafts.iter().find(|draft| draft.identity == person.record.private.identity).unwrap();
            let expected = Record::new(&Draft { education: Some(Education::Master), ..draft.clone() }, office.branches[1].id).unwrap();
            assert_eq!((person.record, person.version), (expected, 2));
            let spells = office.store.person_spells(office.root, person.id).await.unwrap();
            let orgs: Vec<_> = spells.iter().map(|found| found.spell.standing.org).collect();
            assert_eq!(orgs, [office.branches[0].id, office.branches[0].id, office.branches[1].id]);
        }
        assert!(office.store.verify_ledger(office.root).await.unwrap().faults.is_empty());
    }

    async fn a_number_of_somebody_else_is_refused_without_telling_where(place: Place) {
        let office = Office::with_branches(place, 2).await;
        let (here, there) = (office.member(0, "张三").await, office.member(1, "李四").await);
        let task = task(&office.branches[0].path);
        let row = |name: &str, n| in_branch(name, n, "第1党支部");
        let refused = |draft: Draft| async { import(&office, &task, &[draft]).await.0.remove(0) };
        assert_eq!(refused(row("李四", 2)).await, "duplicate_id", "outside the scope");
        assert_eq!(refused(row("王五", 1)).await, "duplicate_id", "another name");
        assert_eq!(refused(row("张三", 1)).await, "", "the same person");
        assert_eq!(refused(Draft { reference: Some(here), ..row("张三", 2) }).await, "duplicate_id");
        assert_eq!(refused(Draft { reference: Some(there), ..Draft::default() }).await, "unknown_code");
        assert_eq!(refused(Draft { reference: Some(PersonId(1)), ..Draft::default() }).await, "unknown_code");
        let twice = [Draft { reference: Some(here), ..Draft::default() }, row("张三", 1)];
        assert_eq!(import(&office, &task, &twice).await.0, ["", "duplicate_id"]);
        let mut seen = Checked { draft: row("李四", 2), ..Checked::default() };
        office.store.settle_members(office.root, &task, &mut [&mut seen], &Progress::default()).await.unwrap();
        assert!(!seen.errors[0].message.contains("第2党支部"));
    }

    async fn a_changed_person_is_checked_as_a_whole(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let id = office.member(0, "张三").await;
        let full_on = Some(PartialDate::parse("2008-07-01").unwrap());
        let early = Draft { reference: Some(id), full_on, ..Draft::default() };
        assert_eq!(import(&office, &task(""), &[early]).await.0, ["full_before_one_year"]);
        assert_eq!(office.store.person(office.root, id).await.unwrap().version, 1);
    }

    async fn rows_keep_their_own_errors_and_get_those_of_the_register(place: Place) {
        let office = Office::with_branches(place, 1).await;
        office.member(0, "张三").await;
        let mut row = Checked { draft: in_branch("王五", 1, "无此支部"), ..Checked::default() };
        row.errors.push(rules::intake::Finding::new(Field::Phone, rules::intake::Code::BadPhone, "电话"));
        let task = task("");
        office.store.settle_members(office.root, &task, &mut [&mut row], &Progress::default()).await.unwrap();
        let codes: Vec<_> = row.errors.iter().map(|error| error.code.key()).collect();
        assert_eq!(codes, ["bad_phone", "duplicate_id", "unknown_org"]);
    }

    async fn a_name_that_occurs_twice_asks_for_the_code(place: Place) {
        let office = Office::with_branches(place, 2).await;
        let same = OrgEdit { name: Some("第1党支部".into()), ..OrgEdit::default() };
        let second = &office.branches[1];
        office.store.edit_org(office.author(), (second.id, second.version), same, TODAY, "").await.unwrap();
        let row = in_branch("张三", 1, "第1党支部");
        assert_eq!(import(&office, &task(""), std::slice::from_ref(&row)).await.0, ["unknown_org"]);
        let coded = Draft { org_code: Some("0102".into()), ..row.clone() };
        assert_eq!(import(&office, &task(""), &[coded]).await.0, [""]);
        assert_eq!(import(&office, &task(""), std::slice::from_ref(&row)).await.0, [""], "who is in one of them already stays there");
        assert_eq!(import(&office, &task(&office.branches[0].path), &[in_branch("李四", 2, "第1党支部")]).await.0, [""], "one of them is in scope");
        assert_eq!(import(&office, &task(""), &[in_branch("王五", 3, "测试集团党委")]).await.0, ["unknown_org"], "a committee holds no members");
    }

    async fn missing_branches_are_created_only_for_accepted_rows(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let task = ImportTask { create_orgs: true, ..task(&office.top.path) };
        office.member(0, "孙八").await;
        let wrong = in_branch("李四", 1, "无人党支部");
        let rows = [
            in_branch("张三", 6, "销售联合党支部"),
            in_branch("王五", 3, "销售联合党支部"),
            wrong,
            in_branch("赵六", 4, "某某党委"),
            in_branch("钱七", 5, "某某党小组"),
        ];
        let (codes, created) = import(&office, &task, &rows).await;
        assert_eq!((codes[3].as_str(), codes[4].as_str(), created), ("unknown_org", "unknown_org", 1));
        let orgs = office.store.orgs(office.root, &[String::new()], "", 100).await.unwrap();
        let found = orgs.iter().find(|org| org.name == "销售联合党支部").unwrap();
        assert_eq!((found.kind, found.parent), (OrgKind::JointBranch, Some(office.top.id)));
    }

    async fn an_organisation_sheet_comes_in_any_order_and_only_once(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let sheet = [
            org("020101", "一组", OrgKind::Group, Some("0201")),
            org("0201", "机关党支部", OrgKind::Branch, Some("02")),
            org("02", "机关党总支", OrgKind::GeneralBranch, Some("01")),
            OrgDraft { unit_name: Some("测试单位".into()), ..org("0101", "第一党支部", OrgKind::Branch, Some("02")) },
        ];
        assert_eq!(import_orgs(&office, &task(&office.top.path), &sheet).await, ["", "", "", ""]);
        let moved = office.store.org_by_code(office.root, "0101").await.unwrap();
        assert_eq!((moved.name.as_str(), moved.unit_name.as_deref(), moved.depth()), ("第一党支部", Some("测试单位"), 2));
        let after = dump(&office.place.location, REGISTER).await;
        assert_eq!(import_orgs(&office, &task(&office.top.path), &sheet).await, ["", "", "", ""]);
        assert_eq!(dump(&office.place.location, REGISTER).await, after);
        assert!(office.store.verify_ledger(office.root).await.unwrap().faults.is_empty());
    }

    async fn cycles_strangers_and_wrong_places_are_refused(place: Place) {
        let office = Office::with_branches(place, 2).await;
        let sheet = [
            org("a", "甲党总支", OrgKind::GeneralBranch, Some("b")),
            org("b", "乙党委", OrgKind::Committee, Some("a")),
            org("c", "丙党支部", OrgKind::Branch, Some("a")),
            org("d", "丁党支部", OrgKind::Branch, Some("nowhere")),
            org("e", "戊党支部", OrgKind::Branch, None),
            org("f", "己党委", OrgKind::Committee, Some("0101")),
            org("01", "测试集团党委", OrgKind::Committee, Some("0102")),
        ];
        let refused = import_orgs(&office, &task(""), &sheet).await;
        assert_eq!(refused, vec!["unknown_org"; 7]);
        let below = task(&office.branches[0].path);
        let own = [org("0101", "第1党支部", OrgKind::Branch, Some("01")), org("0102", "改名", OrgKind::Branch, Some("01")), org("0101a", "一组", OrgKind::Group, Some("0101"))];
        assert_eq!(import_orgs(&office, &below, &own).await, ["", "duplicate_code", ""]);
        office.member(1, "张三").await;
        let kind = [org("0102", "第2党总支", OrgKind::GeneralBranch, Some("01"))];
        assert_eq!(import_orgs(&office, &task(""), &kind).await, ["unknown_code"], "it has persons");
    }

    async fn an_empty_register_takes_one_top(place: Place) {
        let mut office = Office::with_branches(place, 0).await;
        office.root = office.store.create_enterprise("另一企业").await.unwrap();
        let sheet = [org("1", "党委", OrgKind::Committee, None), org("2", "又一党委", OrgKind::Committee, None), org("11", "党支部", OrgKind::Branch, Some("1"))];
        assert_eq!(import_orgs(&office, &task(""), &sheet).await, ["", "unknown_org", ""]);
        assert_eq!(office.store.top_org(office.root).await.unwrap().unwrap().code, "1");
    }

    async fn a_run_is_shown_to_its_account_and_fails_with_its_process(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let (store, root, account) = (&office.store, office.root, AccountId(7));
        let new = NewRun { account, kind: "members", file_name: "花名册.xlsx".into(), dry_run: false };
        let mut ids = Vec::new();
        for _ in 0..3 {
            ids.push(store.create_import_run(root, &new).await.unwrap());
        }
        let outcome = RunOutcome { total: 2, accepted: 1, rejected: 1, report: b"{}".to_vec(), rejected_rows: Some(b"x".to_vec()), ..RunOutcome::default() };
        let mut write = store.begin(office.author(), "import.members").await.unwrap();
        write.finish_import_run(ids[0], &outcome).await.unwrap();
        write.commit().await.unwrap();
        store.finish_import_run(root, ids[1], &RunOutcome { failed: true, ..outcome.clone() }).await.unwrap();
        let raw = office.place.raw().await;
        sqlx_execute(&raw, "UPDATE import_run SET updated_at = 0 WHERE state = 'queued'").await;
        let first = store.import_runs(root, account, None, 2).await.unwrap();
        assert_eq!(first.iter().map(|run| (run.id, run.state)).collect::<Vec<_>>(), [(ids[2], RunState::Failed), (ids[1], RunState::Failed)]);
        let rest = store.import_runs(root, account, Some(ids[1]), 2).await.unwrap();
        assert_eq!(rest.iter().map(|run| (run.id, run.state, run.accepted)).collect::<Vec<_>>(), [(ids[0], RunState::Done, 1)]);
        assert_eq!(store.import_report(root, ids[0]).await.unwrap().unwrap(), b"{}");
        assert_eq!(store.import_rejected(root, ids[0]).await.unwrap().unwrap(), b"x");
        assert_eq!(store.import_report(root, ids[2]).await.unwrap(), None);
        assert!(store.import_run(root, AccountId(8), ids[0]).await.is_err());
        let stored = dump(&office.place.location, &["import_run"]).await.join("");
        assert!(!stored.contains("花名册"), "the file's name is sealed");
    }
}

async fn sqlx_execute(pool: &sqlx::AnyPool, text: &'static str) {
    sqlx::query(text).execute(pool).await.unwrap();
}

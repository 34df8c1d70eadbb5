//! `dangjian demo` and `dangjian stats` as an administrator runs them.
#![allow(clippy::unwrap_used, clippy::panic)]

mod program;

use jiff::civil::date;
use program::{complaint, printed, stats};
use rules::date::PartialDate;
use rules::ids::RootOrg;
use rules::meeting::{MeetingState, missing};
use rules::org::PostKind;
use sealed::KeyRing;
use serde_json::json;
use sqlx::any::{AnyPoolOptions, install_default_drivers};
use sqlx::{AssertSqlSafe, Row};
use std::path::{Path, PathBuf};
use store::{Location, Person, PersonFilter, Store};

const TODAY: jiff::civil::Date = date(2026, 11, 24);

/// A small enterprise in a directory that goes away with the test.
fn demo(members: u32, seed: u32) -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let (members, seed) = (members.to_string(), seed.to_string());
    printed(&data, &["demo", "--members", &members, "--seed", &seed, "--today", "2026-11-24", "--no-serve"]);
    (dir, data)
}

async fn open(data: &Path) -> Store {
    let ring = KeyRing::open_or_create(&data.join("keys.json")).unwrap();
    Store::open(&Location::File(data.join("dangjian.db")), ring).await.unwrap()
}

/// Every row of the register but keys, nonces and times, as text.
async fn dump(data: &Path) -> Vec<String> {
    install_default_drivers();
    let url = format!("sqlite://{}", data.join("dangjian.db").display());
    let pool = AnyPoolOptions::new().max_connections(1).connect(&url).await.unwrap();
    let mut dump = Vec::new();
    for (table, left_out) in [
        ("org", &[][..]),
        ("org_spell", &[]),
        ("post", &[]),
        ("spell", &[]),
        ("person", &["person_key", "sealed", "identity_index", "identity_tail", "phone_index", "phone_tail"]),
        ("account", &["password_hash", "created_at", "totp"]),
        ("role_grant", &[]),
        ("meeting", &["sealed"]),
        ("attendance", &["sealed"]),
        ("meeting_item", &["sealed"]),
        ("resolution", &["sealed"]),
        ("record", &[]),
        ("learning", &[]),
        ("development_case", &["end_reason"]),
        ("case_step", &["sealed"]),
        ("case_paper", &[]),
        ("ledger", &["at", "items_hash", "hash"]),
        ("ledger_item", &["body"]),
    ] {
        let columns = sqlx::query("SELECT name FROM pragma_table_info($1) ORDER BY cid")
            .bind(table)
            .fetch_all(&pool)
            .await
            .unwrap();
        let columns: Vec<String> = columns.iter().map(|row| row.get(0)).collect();
        let shown = columns.iter().filter(|column| !left_out.contains(&column.as_str()));
        let shown: Vec<String> = shown.map(|column| format!("COALESCE(CAST({column} AS TEXT), '-')")).collect();
        let text = format!("SELECT {} AS line FROM {table} ORDER BY 1", shown.join(" || ' ' || "));
        let rows = sqlx::query(AssertSqlSafe(text)).fetch_all(&pool).await.unwrap();
        assert!(!rows.is_empty(), "{table}");
        dump.extend(rows.iter().map(|row| format!("{table} {}", row.get::<String, _>("line"))));
    }
    dump
}

/// Every person with what is sealed.
async fn persons(data: &Path) -> Vec<Person> {
    let store = open(data).await;
    let filter = PersonFilter { stages: rules::codes::Stage::ALL.to_vec(), ..PersonFilter::default() };
    let top = store.top_org(RootOrg(1)).await.unwrap().unwrap();
    let all = store.persons(RootOrg(1), &[top.path], &filter, None, 10_000).await.unwrap();
    store.close().await;
    all
}

#[tokio::test]
async fn the_same_seed_and_day_make_the_same_data() {
    let ((_one, one), (_two, two), (_three, three)) = (demo(400, 7), demo(400, 7), demo(400, 8));
    assert!(dump(&one).await == dump(&two).await);
    assert!(persons(&one).await == persons(&two).await);
    assert!(persons(&one).await != persons(&three).await);
}

#[tokio::test]
async fn the_register_holds_together() {
    let (_dir, data) = demo(1500, 1);
    assert_eq!(stats(&data, &[])["total"], 1500);
    let store = open(&data).await;
    let root = RootOrg(1);
    assert_eq!(store.verify_ledger(root).await.unwrap().faults, []);
    let top = store.top_org(root).await.unwrap().unwrap();
    let orgs = store.orgs(root, std::slice::from_ref(&top.path), "", 10_000).await.unwrap();
    let (mut led, mut vacant, mut past) = (0, 0, 0);
    for org in &orgs {
        let posts = store.posts(root, org.id).await.unwrap();
        for post in &posts {
            assert!(
                post.post.exists_in(org.kind)
                    && post.from <= TODAY
                    && post.to.is_none_or(|to| post.from < to && to <= TODAY)
            );
            let person = store.person(root, post.person).await.unwrap();
            assert!(person.org.path.starts_with(&org.path), "{post:?}");
            assert!(person.record.full_on.is_some_and(|full| full.date <= post.from), "{post:?}");
            past += usize::from(post.to.is_some());
        }
        let secretaries = posts.iter().filter(|post| post.post == PostKind::Secretary && post.to.is_none()).count();
        assert!(secretaries <= 1);
        if org.kind.is_branch() {
            led += secretaries;
            vacant += 1 - secretaries;
        }
    }
    assert!(led > vacant * 5 && past > 3, "led {led}, vacant {vacant}, past {past}");
    let mut moved = 0;
    for person in persons(&data).await {
        let spells = store.person_spells(root, person.id).await.unwrap();
        assert!(spells.windows(2).all(|pair| pair[0].spell.to == Some(pair[1].spell.from)), "{spells:?}");
        assert_eq!(
            spells[0].spell.from,
            person.record.joined_on.or(person.record.applied_on).map(|PartialDate { date, .. }| date).unwrap()
        );
        moved += usize::from(spells.iter().any(|spell| spell.spell.standing.org != person.org.id));
    }
    assert!((60..300).contains(&moved), "{moved}");
    for login in ["staff", "secretary", "supervisor", "member", "sysadmin", "secadmin", "auditor"] {
        let account = store.account_by_login(login).await.unwrap().unwrap();
        assert_eq!(account.person.is_some(), matches!(login, "secretary" | "member"), "{login}");
        assert_eq!(store.grants(root, account.id).await.unwrap().len(), 1);
    }
}

#[test]
fn demo_data_are_never_written_into_a_register_that_exists() {
    let (_dir, data) = demo(10, 1);
    let refused = complaint(&data, &["demo", "--members", "10", "--no-serve"]);
    assert!(refused.contains("已存在") && refused.contains("--data"), "{refused}");
    assert_eq!(stats(&data, &[])["total"], 10);
    let dir = tempfile::tempdir().unwrap();
    let refused = complaint(dir.path(), &["demo", "--communique", "1999", "--no-serve"]);
    assert!(refused.contains("2023 或 2024"), "{refused}");
    assert!(!dir.path().join("dangjian.db").exists());
}

#[test]
fn statistics_are_asked_at_the_command_line() {
    let (_dir, data) = demo(300, 3);
    let women = stats(&data, &["--by", "gender", "--where", "gender=女"]);
    assert_eq!(women["rows"], json!([{ "gender": "女", "count": women["total"] }]));
    let asked = stats(&data, &["--question", "女党员按性别"]);
    assert_eq!(asked["rows"], women["rows"]);
    let both =
        stats(&data, &["--by", "education,age_band", "--where", "gender=女", "--where", "age<=35", "--bands", "25,35"]);
    let first = both["rows"][0].as_object().unwrap();
    assert_eq!(first.keys().collect::<Vec<_>>(), ["age_band", "count", "education"]);
    let before = stats(&data, &["--as-of", "2016-12-31"]);
    assert!(before["total"].as_i64().unwrap() < 300);
    let trend = stats(&data, &["--question", "近三年党员人数趋势"]);
    let years: Vec<i64> = trend["rows"].as_array().unwrap().iter().map(|row| row["year"].as_i64().unwrap()).collect();
    assert_eq!(years, [2024, 2025, 2026]);
    let table = printed(&data, &["stats", "--by", "gender"]);
    assert!(table.starts_with("党员人数，按性别，统计日期 2026-11-24\n性别  人数\n男"), "{table}");
    let csv = printed(&data, &["stats", "--by", "gender", "--format", "csv"]);
    assert!(csv.starts_with("\u{feff}性别,人数\r\n男,"), "{csv}");
}

#[test]
fn a_wrong_question_gets_one_line_that_says_what_there_is() {
    let (_dir, data) = demo(10, 1);
    for (arguments, words) in [
        (&["--by", "blood"][..], "没有「blood」这个统计维度"),
        (&["--where", "gender=猫"], "可用的有：男、女"),
        (&["--org", "nowhere"], "没有编码为「nowhere」的党组织"),
        (&["--as-of", "yesterday"], "统计日期「yesterday」应写成 2024-12-31"),
        (&["--as-of", "2027-01-01"], "晚于 2026-11-24"),
        (&["--bands", "9,3"], "分段「9,3」应为从小到大的上限"),
        (&["--question", "女党员爱吃辣"], "没有听懂「爱吃辣」"),
    ] {
        let all: Vec<&str> = ["stats"].iter().chain(arguments).copied().collect();
        let line = complaint(&data, &all);
        assert!(line.contains(words), "{line}");
    }
}

#[tokio::test]
async fn the_meetings_of_the_demo_obey_the_rules_and_some_branches_are_behind() {
    let (_dir, data) = demo(800, 7);
    let store = open(&data).await;
    let top = store.top_org(RootOrg(1)).await.unwrap().unwrap();
    let rows = store.meetings(RootOrg(1), &[top.path], &store::MeetingFilter::default(), 10_000).await.unwrap();
    let (mut archived, mut ahead, mut behind) = (0, 0, 0);
    for row in &rows {
        let meeting = store.meeting(RootOrg(1), row.id).await.unwrap().meeting;
        match meeting.state {
            MeetingState::Archived => {
                assert_eq!(missing(&meeting, TODAY), [], "{}", row.title);
                archived += 1;
            }
            MeetingState::Planned if row.on < TODAY => behind += 1,
            MeetingState::Planned | MeetingState::Noticed => ahead += 1,
            MeetingState::Open | MeetingState::Closed | MeetingState::Confirmed | MeetingState::Cancelled => {}
        }
    }
    assert!(archived > 400 && ahead > 20 && behind > 0, "{archived} archived, {ahead} ahead, {behind} behind");
    store.close().await;
}

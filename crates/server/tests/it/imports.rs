//! /api/imports: looking at a file, importing it in the background, its report and its rejected rows.

use crate::site::{Answer, Client, Site};
use rules::access::Role;
use rules::identity::IdentityNumber;
use serde_json::{Value, json};
use sqlx::Executor;
use std::time::Duration;
use store::NewRun;
use testbed::{REGISTER, dump, on_both};

fn number(n: u16) -> String {
    IdentityNumber::synthetic(510_104, jiff::civil::date(1985, 3, 1), n).expose().to_owned()
}

/// Two rows that are right in the first branch, one in the second, one with a wrong date.
fn roster() -> String {
    let mut text = "序号,姓名,公民身份号码,入党时间,转正时间,所在党支部,备注\n".to_owned();
    for (n, joined, branch) in [(1, "2008-06-15", 1), (3, "2008-06-15", 1), (5, "2008-06-15", 2), (7, "2008.13", 1)] {
        text.push_str(&format!("{n},张三,{},{joined},2009-06-15,第{branch}党支部,无\n", number(n)));
    }
    text
}

async fn start(client: &Client, text: &str, fields: &[(&str, &str)]) -> Answer {
    client.upload("/api/imports", "花名册.csv", text.as_bytes(), fields).await
}

/// The run when it has ended.
async fn ended(client: &Client, id: &str) -> Value {
    for _ in 0..600 {
        let run = client.get(&format!("/api/imports/{id}")).await.json;
        if run["state"] == "done" || run["state"] == "failed" {
            return run;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the import did not end");
}

async fn import(client: &Client, text: &str, fields: &[(&str, &str)]) -> Value {
    let answer = start(client, text, fields).await;
    assert_eq!(answer.status, 202, "{}", answer.text);
    ended(client, answer.json["id"].as_str().unwrap()).await
}

fn codes(run: &Value) -> Vec<String> {
    let rows = run["report"]["rows"].as_array().unwrap().iter();
    rows.map(|row| row["errors"].as_array().unwrap().iter().map(|e| e["code"].as_str().unwrap()).collect()).collect()
}

on_both! {
    async fn a_roster_is_imported_in_the_background(place: Place) {
        let site = Site::with_branches(place, 2).await;
        let staff = site.staff().await;
        let run = import(&staff, &roster(), &[("kind", "members"), ("dry_run", "false"), ("create_orgs", "false"), ("mapping", "{}")]).await;
        assert_eq!(run["state"], "done", "{run}");
        assert_eq!((&run["kind"], &run["file_name"], &run["dry_run"]), (&json!("members"), &json!("花名册.csv"), &json!(false)));
        assert_eq!((&run["processed"], &run["total"]), (&json!(4), &json!(4)));
        assert_eq!((&run["report"]["accepted"], &run["report"]["rejected"]), (&json!(3), &json!(1)));
        assert_eq!(codes(&run), ["", "", "", "bad_date"]);
        assert_eq!(run["report"]["rows"][3]["seq"], 7);
        let entries = site.office.store.ledger(site.office.root, &Default::default(), 1).await.unwrap();
        assert_eq!((entries[0].action.as_str(), entries[0].subject_kind.as_str(), entries[0].items), ("import.members", "import", 3));
        assert_eq!(entries[0].subject_id.to_string(), run["id"]);
        let id = run["id"].as_str().unwrap();
        let sheet = staff.get(&format!("/api/imports/{id}/rejected")).await;
        let tables = roster::read(&sheet.bytes).unwrap();
        assert_eq!(tables[0].rows.len(), 2);
        assert!(tables[0].rows[1].cells.last().unwrap().text().contains("2008.13"));
        let list = staff.get("/api/imports").await.json;
        assert_eq!((&list["items"][0]["accepted"], &list["items"][0]["state"], &list["next"]), (&json!(3), &json!("done"), &json!(null)));
    }

    async fn a_dry_run_and_a_second_import_leave_every_table_as_it_was(place: Place) {
        let site = Site::with_branches(place, 2).await;
        let staff = site.staff().await;
        let before = dump(&site.office.place.location, REGISTER).await;
        let run = import(&staff, &roster(), &[("dry_run", "true")]).await;
        assert_eq!((&run["report"]["accepted"], &run["dry_run"]), (&json!(3), &json!(true)));
        assert_eq!(dump(&site.office.place.location, REGISTER).await, before);
        import(&staff, &roster(), &[]).await;
        let before = dump(&site.office.place.location, REGISTER).await;
        let run = import(&staff, &roster(), &[]).await;
        assert_eq!((&run["state"], &run["report"]["accepted"]), (&json!("done"), &json!(3)));
        assert_eq!(dump(&site.office.place.location, REGISTER).await, before);
    }

    async fn staff_import_into_their_own_subtree_only(place: Place) {
        let site = Site::with_branches(place, 2).await;
        let staff = site.signed_in(Role::PartyStaff, &site.office.branches[0]).await;
        let run = import(&staff, &roster(), &[]).await;
        assert_eq!(codes(&run), ["", "", "unknown_org", "bad_date"]);
        let run = import(&staff, &roster(), &[("create_orgs", "true")]).await;
        assert_eq!(codes(&run), ["", "", "unknown_org", "bad_date"], "no branch under a branch");
    }

    async fn only_party_staff_import(place: Place) {
        let site = Site::with_branches(place, 1).await;
        for role in Role::ALL.iter().filter(|role| **role != Role::PartyStaff) {
            let client = site.signed_in(*role, &site.office.top).await;
            assert_eq!(start(&client, &roster(), &[]).await.status, 403, "{role:?}");
            let preview = client.upload("/api/imports/preview", "a.csv", roster().as_bytes(), &[]).await;
            assert_eq!(preview.status, 403, "{role:?}");
            assert_eq!(client.get("/api/imports").await.status, 403, "{role:?}");
            assert_eq!(client.get("/api/imports/1").await.status, 403, "{role:?}");
            assert_eq!(client.get("/api/imports/1/rejected").await.status, 403, "{role:?}");
        }
        assert_eq!(start(&site.stranger(), &roster(), &[]).await.status, 401);
    }

    async fn runs_are_shown_to_those_who_asked_for_them(place: Place) {
        let site = Site::with_branches(place, 2).await;
        let (staff, other) = (site.staff().await, site.staff().await);
        let run = import(&staff, &roster(), &[]).await;
        let path = format!("/api/imports/{}", run["id"].as_str().unwrap());
        assert_eq!(other.get(&path).await.status, 404);
        assert_eq!(other.get(&format!("{path}/rejected")).await.status, 404);
        assert_eq!(other.get("/api/imports").await.json["items"], json!([]));
        let clean = import(&staff, &roster().replace("2008.13", "2008-06"), &[]).await;
        let path = format!("/api/imports/{}/rejected", clean["id"].as_str().unwrap());
        assert_eq!(staff.get(&path).await.status, 404, "nothing was rejected");
    }

    async fn a_preview_shows_columns_and_a_mapping_corrects_them(place: Place) {
        let site = Site::with_branches(place, 2).await;
        let staff = site.staff().await;
        let text = roster().replace("姓名", "名号").replace("备注", "姓名").replace(",无", ",李四");
        let shown = staff.upload("/api/imports/preview", "a.csv", text.as_bytes(), &[("kind", "members")]).await.json;
        assert_eq!((&shown["header_row"], &shown["total_rows"]), (&json!(1), &json!(4)));
        assert_eq!(shown["columns"][1], json!({ "index": 1, "header": "名号", "field": null }));
        assert_eq!(shown["columns"][6]["field"], "name");
        assert_eq!(shown["sample_rows"][0][1], "张三");
        assert!(shown["fields"].as_array().unwrap().contains(&json!({ "field": "name", "label": "姓名", "required": true })));
        let run = import(&staff, &text, &[("mapping", r#"{"1": "name", "6": null}"#)]).await;
        assert_eq!(run["report"]["accepted"], 3);
        let scope = [site.office.top.path.clone()];
        let persons = site.office.store.persons(site.office.root, &scope, &Default::default(), None, 10).await.unwrap();
        assert!(persons.iter().all(|person| person.record.name.as_str() == "张三"));
        let orgs = "组织编码,组织名称,组织类别,上级组织编码\n0103,第3党支部,党支部,01\n";
        let shown = staff.upload("/api/imports/preview", "a.csv", orgs.as_bytes(), &[("kind", "orgs")]).await.json;
        assert_eq!(shown["columns"][3]["field"], "parent_code");
    }

    async fn an_organisation_sheet_is_imported(place: Place) {
        let site = Site::with_branches(place, 1).await;
        let staff = site.staff().await;
        let text = "组织编码,组织名称,组织类别,上级组织编码\n0103a,一组,党小组,0103\n0103,第3党支部,党支部,01\n0104,第4党支部,党支部,99\n";
        let run = import(&staff, text, &[("kind", "orgs")]).await;
        assert_eq!((codes(&run), &run["report"]["orgs_created"]), (vec![String::new(), String::new(), "unknown_org".into()], &json!(2)));
        let entries = site.office.store.ledger(site.office.root, &Default::default(), 1).await.unwrap();
        assert_eq!(entries[0].action, "import.orgs");
    }

    async fn a_bad_file_is_said_in_words(place: Place) {
        let site = Site::with_branches(place, 1).await;
        let staff = site.staff().await;
        let garbage: Vec<u8> = (0..50 * 1024 * 1024_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        let answer = staff.upload("/api/imports", "a.xlsx", &garbage, &[]).await;
        let run = ended(&staff, answer.json["id"].as_str().unwrap()).await;
        assert_eq!((&run["state"], &run["report"]["error"]["code"]), (&json!("failed"), &json!("bad_file")));
        let preview = staff.upload("/api/imports/preview", "a.xlsx", &garbage, &[]).await;
        assert_eq!((preview.status.as_u16(), &preview.json["code"]), (422, &json!("bad_file")));
    }

    async fn a_form_that_is_wrong_is_refused(place: Place) {
        let site = Site::with_branches(place, 1).await;
        let staff = site.staff().await;
        let wrong = [("kind", "cats"), ("dry_run", "maybe"), ("mapping", r#"{"1": "cat"}"#)];
        let answer = start(&staff, &roster(), &wrong).await;
        assert_eq!(answer.status, 422);
        let pointers: Vec<_> = answer.json["errors"].as_array().unwrap().iter().map(|e| e["pointer"].clone()).collect();
        assert_eq!(pointers, ["/kind", "/dry_run", "/mapping"]);
        let empty = staff.send("POST", "/api/imports", Some("multipart/form-data; boundary=edge"), b"--edge--\r\n".to_vec()).await;
        assert_eq!((empty.status.as_u16(), &empty.json["code"]), (422, &json!("missing_required")));
        let large = vec![b'a'; 101 * 1024 * 1024];
        let answer = staff.upload("/api/imports", "a.csv", &large, &[]).await;
        assert_eq!((answer.status.as_u16(), &answer.json["code"]), (413, &json!("file_too_large")));
        assert_eq!(staff.get("/api/imports").await.json["items"], json!([]));
    }

    async fn the_list_goes_page_by_page(place: Place) {
        let site = Site::with_branches(place, 1).await;
        let staff = site.staff().await;
        for _ in 0..21 {
            import(&staff, &roster(), &[("dry_run", "true")]).await;
        }
        let first = staff.get("/api/imports").await.json;
        assert_eq!(first["items"].as_array().unwrap().len(), 20);
        let next = first["next"].as_str().unwrap();
        let rest = staff.get(&format!("/api/imports?cursor={next}")).await.json;
        assert_eq!((rest["items"].as_array().unwrap().len(), &rest["next"]), (1, &json!(null)));
        assert!(rest["items"][0]["id"].as_str() < first["items"][19]["id"].as_str());
        assert_eq!(staff.get("/api/imports?cursor=x").await.status, 422);
    }

    async fn a_run_whose_process_is_gone_has_failed_and_says_that_nothing_was_written(place: Place) {
        let site = Site::with_branches(place, 1).await;
        let staff = site.staff().await;
        let store = &site.office.store;
        let account = store.account_by_login(&staff.login).await.unwrap().unwrap();
        let new = NewRun { account: account.id, kind: "members", file_name: "a.csv".into(), dry_run: false };
        let id = store.create_import_run(site.office.root, &new).await.unwrap();
        store.start_import_run(site.office.root, id).await.unwrap();
        let raw = site.office.place.raw().await;
        raw.execute("UPDATE import_run SET updated_at = updated_at - 60000").await.unwrap();
        let run = staff.get(&format!("/api/imports/{id}")).await.json;
        assert_eq!((&run["state"], &run["report"]["error"]["code"]), (&json!("failed"), &json!("interrupted")));
        assert!(run["report"]["error"]["message"].as_str().unwrap().contains("没有写入任何数据"));
    }

    async fn imports_asked_for_together_are_done_one_after_another(place: Place) {
        let site = Site::with_branches(place, 2).await;
        let staff = site.staff().await;
        let mut ids = Vec::new();
        for _ in 0..3 {
            ids.push(start(&staff, &roster(), &[]).await.json["id"].as_str().unwrap().to_owned());
        }
        for id in ids {
            assert_eq!(ended(&staff, &id).await["report"]["accepted"], 3);
        }
        let scope = [site.office.top.path.clone()];
        assert_eq!(site.office.store.count_persons(site.office.root, &scope, &Default::default()).await.unwrap(), 3);
    }
}

//! /api/orgs: the tree, one organisation, every change, the sheet.

use crate::site::{Answer, Client, Site};
use insta::assert_snapshot;
use rules::access::Role;
use serde_json::{Value, json};
use testbed::{TODAY, on_both};

const URL: &str = "/api/orgs";

fn names(answer: &Answer) -> Vec<String> {
    let items = answer.json["items"].as_array().unwrap_or_else(|| panic!("{}", answer.text));
    items.iter().map(|item| item["name"].as_str().unwrap().to_owned()).collect()
}

fn pointers(answer: &Answer) -> Vec<String> {
    answer.json["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| format!("{} {}", e["pointer"].as_str().unwrap(), e["code"].as_str().unwrap()))
        .collect()
}

fn step(version: i64) -> Value {
    json!({ "version": version, "on": "2026-06-01", "reason": "批复同意" })
}

fn with(mut body: Value, more: Value) -> Value {
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

async fn refused(client: &Client, path: &str, body: Value) -> (u16, String) {
    let answer = client.post(path, body).await;
    (answer.status.as_u16(), answer.json["code"].as_str().unwrap_or_default().to_owned())
}

on_both! {
    async fn the_tree_comes_page_by_page_and_only_the_own_part_of_it(place: Place) {
        let site = Site::with_branches(place, 3).await;
        site.office.member(1, "张三").await;
        let staff = site.staff().await;
        let first = staff.get("/api/orgs?limit=2").await;
        assert_eq!(names(&first), ["测试集团党委", "第1党支部"]);
        assert_eq!((&first.json["items"][0]["full_members"], &first.json["items"][0]["has_children"]), (&json!(1), &json!(true)));
        let next = staff.get(&format!("/api/orgs?limit=2&cursor={}", first.json["next"].as_str().unwrap())).await;
        assert_eq!(names(&next), ["第2党支部", "第3党支部"]);
        assert_eq!(next.json["next"], Value::Null);
        let secretary = site.signed_in(Role::Secretary, &site.office.branches[1]).await;
        assert_eq!(names(&secretary.get(URL).await), ["第2党支部"]);
        assert_eq!(names(&staff.get("/api/orgs?cursor=%00%27&limit=100000").await).len(), 4);
    }

    async fn only_roles_that_keep_or_supervise_the_register_see_it(place: Place) {
        let site = Site::with_branches(place, 2).await;
        let (own, other) = (&site.office.branches[0], &site.office.branches[1]);
        assert_snapshot!(site.stranger().get(URL).await.status, @"401 Unauthorized");
        for role in Role::ALL {
            let client = site.signed_in(*role, own).await;
            let sees = matches!(role, Role::PartyStaff | Role::Secretary | Role::Supervisor);
            for path in [URL.to_owned(), format!("{URL}/{}", own.id), format!("{URL}/export"), format!("{URL}/template")] {
                let status = client.get(&path).await.status.as_u16();
                assert_eq!(status, if sees { 200 } else { 403 }, "{role:?} {path}");
            }
            let status = client.get(&format!("{URL}/{}", other.id)).await.status.as_u16();
            assert_eq!(status, if sees { 404 } else { 403 }, "{role:?}");
        }
    }

    async fn one_organisation_is_shown_with_everything_about_it(place: Place) {
        let site = Site::with_branches(place, 1).await;
        let person = site.office.member(0, "张三").await;
        let staff = site.staff().await;
        let path = format!("{URL}/{}", site.office.branches[0].id);
        let post = json!({ "person_id": person.to_string(), "post": "secretary", "from": "2026-01-01" });
        assert_snapshot!(staff.post(&format!("{path}/posts"), post).await.status, @"204 No Content");
        let edit = json!({ "version": 1, "on": "2026-06-01", "reason": "核对", "term_from": "2024-01-01" });
        let shown = staff.patch(&path, edit).await.json;
        assert_eq!((&shown["next_election"], &shown["version"], &shown["status"]), (&json!("2027-01-01"), &json!(2), &json!("active")));
        assert_eq!(shown["members"], json!({ "full": 1, "probationary": 0, "subtree_full": 1, "subtree_probationary": 0 }));
        assert_eq!(shown["path"][0]["name"], "测试集团党委");
        assert_eq!((&shown["posts"][0]["post_name"], &shown["posts"][0]["person_name"], &shown["posts"][0]["to"]), (&json!("书记"), &json!("张三"), &Value::Null));
        let rules: Vec<_> = shown["warnings"].as_array().unwrap().iter().map(|w| w["rule"].as_str().unwrap()).collect();
        assert_eq!(rules, ["ORG-01", "ORG-06"]);
        assert_eq!(shown["history"][0]["parent_name"], "测试集团党委");
        let end = json!({ "on": "2026-10-01", "reason": "届满" });
        let post_id = shown["posts"][0]["id"].as_str().unwrap();
        assert_snapshot!(staff.post(&format!("{path}/posts/{post_id}/end"), end.clone()).await.status, @"204 No Content");
        assert_snapshot!(staff.post(&format!("{path}/posts/{post_id}/end"), end).await.status, @"404 Not Found");
        assert_snapshot!(staff.get("/api/orgs/abc").await.status, @"404 Not Found");
    }

    async fn every_fault_of_a_new_organisation_is_told_at_once(place: Place) {
        let site = Site::with_branches(place, 1).await;
        let staff = site.staff().await;
        let bad = json!({ "parent_id": "x", "kind": "branch", "code": "", "name": "=1+1", "uscc": "91510100MA1234567X", "founded_on": "明天",
            "term_from": "2099-01-01", "term_years": 99, "on": "2026-12-01" });
        let answer = staff.post(URL, bad).await;
        assert_snapshot!(answer.status, @"422 Unprocessable Entity");
        let mut told = pointers(&answer);
        told.sort();
        assert_eq!(told, ["/code missing_required", "/founded_on bad_date", "/name bad_name", "/on bad_date", "/parent_id unknown_org",
            "/term_from bad_date", "/term_years bad_term", "/uscc uscc_checksum"]);
        let top = site.office.top.id.to_string();
        let new = |code: &str, kind: &str| json!({ "parent_id": top, "kind": kind, "code": code, "name": "新支部", "on": "2026-06-01" });
        assert_eq!(pointers(&staff.post(URL, new("0101", "branch")).await), ["/code duplicate_code"]);
        assert_eq!(pointers(&staff.post(URL, new("0109", "group")).await), ["/kind org_place"]);
        let made = staff.post(URL, new("0109", "branch")).await;
        assert_eq!((made.status.as_u16(), &made.json["name"], &made.json["history"][0]["from"]), (200, &json!("新支部"), &json!("2026-06-01")));
        assert_snapshot!(staff.post(URL, json!({ "kind": "cell" })).await.status, @"422 Unprocessable Entity");
    }

    async fn a_correction_empties_what_is_null_and_leaves_what_is_not_there(place: Place) {
        let site = Site::with_branches(place, 1).await;
        let staff = site.staff().await;
        let path = format!("{URL}/{}", site.office.branches[0].id);
        let uscc = rules::uscc::Uscc::synthetic(7).to_string();
        let edit = |version: i64, more: Value| with(json!({ "version": version, "on": "2026-06-01", "reason": "核对" }), more);
        staff.patch(&path, edit(1, json!({ "uscc": uscc.to_lowercase(), "unit_name": "机关", "founded_on": "2020-01-01" }))).await;
        let shown = staff.patch(&path, edit(2, json!({ "unit_name": null, "founded_on": "", "name": "机关支部" }))).await.json;
        assert_eq!((&shown["uscc"], &shown["unit_name"], &shown["founded_on"]), (&json!(uscc), &Value::Null, &Value::Null));
        assert_eq!((&shown["name"], shown["history"].as_array().unwrap().len()), (&json!("机关支部"), 2));
        let bad = staff.patch(&path, json!({ "version": 3, "on": "", "reason": " ", "name": "", "uscc": "1" })).await;
        let mut told = pointers(&bad);
        told.sort();
        assert_eq!(told, ["/name missing_required", "/on missing_required", "/reason missing_required", "/uscc uscc_checksum"]);
    }

    async fn a_stale_edit_is_told_what_the_other_changed(place: Place) {
        let site = Site::with_branches(place, 1).await;
        let staff = site.staff().await;
        let path = format!("{URL}/{}", site.office.branches[0].id);
        let edit = |name: &str| json!({ "version": 1, "on": "2026-06-01", "reason": "更名", "name": name });
        assert_snapshot!(staff.patch(&path, edit("甲支部")).await.status, @"200 OK");
        let late = staff.patch(&path, edit("乙支部")).await;
        assert_snapshot!(late.status, @"409 Conflict");
        let detail = late.json["detail"].as_str().unwrap();
        assert!(detail.contains("组织名称由「第1党支部」改为「甲支部」") && detail.contains("党务工作者甲 于 20"), "{detail}");
        let late = staff.post(&format!("{path}/dissolve"), step(1)).await;
        assert_eq!((late.status.as_u16(), &late.json["code"]), (409, &json!("stale")));
    }

    async fn the_tree_is_rearranged_and_bad_steps_are_refused(place: Place) {
        let site = Site::with_branches(place, 3).await;
        let staff = site.staff().await;
        let (one, two) = (site.office.member(0, "张三").await, site.office.member(0, "李四").await);
        let [a, b, c] = [0, 1, 2].map(|n| site.office.branches[n].id.to_string());
        let top = site.office.top.id.to_string();
        let new = json!({ "parent_id": top, "kind": "committee", "code": "05", "name": "分公司党委", "on": "2026-05-01" });
        let committee = staff.post(URL, new).await.json["id"].as_str().unwrap().to_owned();
        let at = |id: &str, verb: &str| format!("{URL}/{id}/{verb}");

        assert_eq!(refused(&staff, &at(&top, "move"), with(step(1), json!({ "parent_id": committee }))).await, (422, "org_cycle".into()));
        assert_eq!(refused(&staff, &at(&a, "move"), with(step(1), json!({ "parent_id": "0" }))).await, (404, "not_found".into()));
        let moved = staff.post(&at(&a, "move"), with(step(1), json!({ "parent_id": committee }))).await;
        assert_snapshot!(moved.status, @"204 No Content");
        assert_eq!(names(&staff.get(URL).await), ["测试集团党委", "第2党支部", "第3党支部", "分公司党委", "第1党支部"]);

        let (status, code) = refused(&staff, &at(&a, "dissolve"), step(2)).await;
        assert_eq!((status, code.as_str()), (422, "org_not_empty"));
        let split = |member: &str, code: &str| with(step(2), json!({ "new": { "code": code, "name": "新支部" }, "member_ids": [member] }));
        let taken = staff.post(&at(&a, "split"), split(&one.to_string(), "0102")).await;
        assert_eq!(pointers(&taken), ["/new/code duplicate_code"]);
        let none = with(step(2), json!({ "new": { "code": "", "name": "" }, "member_ids": [] }));
        let mut told = pointers(&staff.post(&at(&a, "split"), none).await);
        told.sort();
        assert_eq!(told, ["/member_ids missing_required", "/new/code missing_required", "/new/name missing_required"]);
        assert_snapshot!(staff.post(&at(&a, "split"), split(&one.to_string(), "0501")).await.status, @"204 No Content");

        let early = json!({ "version": 3, "on": "2026-05-31", "reason": "合并", "into": b });
        assert_eq!(pointers(&staff.post(&at(&a, "merge"), early).await), ["/on bad_date"]);
        let merged = staff.post(&at(&a, "merge"), with(step(3), json!({ "into": b }))).await;
        assert_snapshot!(merged.status, @"204 No Content");
        assert_eq!(site.office.store.person(site.office.root, two).await.unwrap().org.id.to_string(), b);
        assert_eq!(staff.get(&format!("{URL}/{a}")).await.json["status"], "dissolved");

        assert_snapshot!(staff.post(&at(&c, "dissolve"), step(1)).await.status, @"204 No Content");
        let future = json!({ "version": 1, "on": TODAY.tomorrow().unwrap().to_string(), "reason": "撤销" });
        assert_eq!(pointers(&staff.post(&at(&b, "dissolve"), future).await), ["/on bad_date"]);
        assert!(site.office.store.verify_ledger(site.office.root).await.unwrap().faults.is_empty());
    }

    async fn only_staff_rearrange_and_only_below_their_own_organisation(place: Place) {
        let site = Site::with_branches(place, 2).await;
        let [a, b] = [0, 1].map(|n| site.office.branches[n].id.to_string());
        let top = site.office.top.id.to_string();
        let new = json!({ "parent_id": top, "kind": "branch", "code": "09", "name": "新支部", "on": "2026-06-01" });
        let steps = [
            (URL.to_owned(), new),
            (format!("{URL}/{a}/move"), with(step(1), json!({ "parent_id": top }))),
            (format!("{URL}/{a}/merge"), with(step(1), json!({ "into": b }))),
            (format!("{URL}/{a}/split"), with(step(1), json!({ "new": { "code": "x", "name": "新" }, "member_ids": ["1"] }))),
            (format!("{URL}/{a}/dissolve"), step(1)),
        ];
        for role in Role::ALL.iter().filter(|role| **role != Role::PartyStaff) {
            let client = site.signed_in(*role, &site.office.top).await;
            for (path, body) in &steps {
                assert_eq!(refused(&client, path, body.clone()).await.0, 403, "{role:?} {path}");
            }
        }
        let own = site.signed_in(Role::PartyStaff, &site.office.branches[0]).await;
        for (path, body) in &steps[1..] {
            let answer = own.post(path, body.clone()).await;
            assert_eq!(answer.status.as_u16(), 403, "{path}");
            assert!(answer.json["detail"].as_str().unwrap().contains("上级党组织"), "{}", answer.text);
        }
        assert_eq!(refused(&own, URL, steps[0].1.clone()).await.0, 404, "the superior is not theirs");
    }

    async fn secretaries_correct_data_and_posts_and_supervisors_do_not(place: Place) {
        let site = Site::with_branches(place, 1).await;
        let person = site.office.member(0, "张三").await;
        let path = format!("{URL}/{}", site.office.branches[0].id);
        let edit = json!({ "version": 1, "on": "2026-06-01", "reason": "核对", "unit_name": "机关" });
        let post = json!({ "person_id": person.to_string(), "post": "secretary", "from": "2026-01-01" });
        for role in [Role::Supervisor, Role::Member, Role::SystemAdmin, Role::SecurityAdmin, Role::Auditor] {
            let client = site.signed_in(role, &site.office.top).await;
            assert_eq!(client.patch(&path, edit.clone()).await.status.as_u16(), 403, "{role:?}");
            assert_eq!(client.post(&format!("{path}/posts"), post.clone()).await.status.as_u16(), 403, "{role:?}");
        }
        let secretary = site.signed_in(Role::Secretary, &site.office.branches[0]).await;
        assert_snapshot!(secretary.patch(&path, edit).await.status, @"200 OK");
        assert_snapshot!(secretary.post(&format!("{path}/posts"), post.clone()).await.status, @"204 No Content");
        assert_eq!(refused(&secretary, &format!("{path}/posts"), post).await, (422, "post_held".into()));
        let kind = json!({ "version": 2, "on": "2026-06-01", "reason": "改设", "kind": "joint_branch" });
        assert_snapshot!(secretary.patch(&path, kind).await.status, @"403 Forbidden");
        let future = json!({ "person_id": "x", "post": "secretary", "from": "2027-01-01" });
        assert_eq!(pointers(&secretary.post(&format!("{path}/posts"), future).await), ["/person_id unknown_person", "/from bad_date"]);
    }

    async fn the_exported_sheet_reads_as_what_stands(place: Place) {
        let site = Site::with_branches(place, 2).await;
        let staff = site.staff().await;
        let uscc = rules::uscc::Uscc::synthetic(7).to_string();
        let edit = json!({ "version": 1, "on": "2026-06-01", "reason": "核对", "uscc": uscc, "unit_name": "机关", "founded_on": "2020-01-02", "term_from": "2024-03-04" });
        staff.patch(&format!("{URL}/{}", site.office.branches[0].id), edit).await;
        let answer = staff.get(&format!("{URL}/export")).await;
        assert!(answer.headers["content-disposition"].to_str().unwrap().ends_with(".xlsx"));
        let tables = roster::read(&answer.bytes).unwrap();
        let (_, _, rows) = roster::org_rows(&tables, &Default::default(), TODAY).unwrap();
        let read: Vec<_> = rows.iter().map(|row| (row.checked.draft.code.as_str(), row.checked.draft.parent.as_deref())).collect();
        assert_eq!(read, [("01", None), ("0101", Some("01")), ("0102", Some("01"))]);
        assert!(rows.iter().all(|row| row.checked.errors.is_empty() && row.checked.warnings.is_empty()));
        let full = &rows[1].checked.draft;
        assert_eq!((full.name.as_str(), full.uscc.as_deref(), full.unit_name.as_deref()), ("第1党支部", Some(uscc.as_str()), Some("机关")));
        assert_eq!((full.founded_on.unwrap().to_string(), full.term_from.unwrap().to_string()), ("2020-01-02".into(), "2024-03-04".into()));
        let own = site.signed_in(Role::Supervisor, &site.office.branches[1]).await.get(&format!("{URL}/export")).await;
        let tables = roster::read(&own.bytes).unwrap();
        let (_, _, rows) = roster::org_rows(&tables, &Default::default(), TODAY).unwrap();
        assert_eq!((rows.len(), rows[0].checked.draft.parent.as_deref()), (1, Some("01")));
        assert!(roster::read(&staff.get(&format!("{URL}/template")).await.bytes).is_ok());
    }
}

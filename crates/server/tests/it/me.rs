//! /api/me and /api/changes: the own dossier, proposals, decisions.

use crate::site::{Answer, Client, Site};
use axum::http::StatusCode;
use rules::access::Role;
use rules::ids::PersonId;
use serde_json::{Value, json};
use testbed::on_both;

fn code(answer: &Answer) -> (u16, &str) {
    (answer.status.as_u16(), answer.json["code"].as_str().unwrap_or_default())
}

fn errors(answer: &Answer) -> Vec<(&str, &str)> {
    let list = answer.json["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
    list.iter().map(|one| (one["pointer"].as_str().unwrap(), one["code"].as_str().unwrap())).collect()
}

fn proposal(fields: Value) -> Value {
    json!({ "fields": fields, "reason": "换了号码 13900001234", "file_ids": [] })
}

async fn member(site: &Site, name: &str) -> (PersonId, Client) {
    let id = site.office.member(0, name).await;
    (id, site.bound(Role::Member, &site.office.branches[0], Some(id)).await)
}

fn id_of(answer: &Answer) -> &str {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    answer.json["id"].as_str().unwrap()
}

on_both! {
    async fn a_member_sees_everything_held_about_him_or_her(place: Place) {
        let site = Site::with_branches(place, 1).await;
        let (id, own) = member(&site, "张三").await;
        let dossier = own.get("/api/me/dossier").await.json;
        assert_eq!((&dossier["id"], &dossier["born"], &dossier["phone"]), (&json!(id.to_string()), &json!("1985-03-01"), &json!("16000000001")));
        let identity = site.office.store.person(site.office.root, id).await.unwrap().record.private.identity.unwrap();
        assert_eq!(dossier["identity_number"], identity.expose());
        assert_eq!(own.get("/api/me/views").await.json["items"], json!([]), "looking at oneself is no view");
    }

    async fn the_own_pages_are_for_members_with_a_dossier(place: Place) {
        let site = Site::with_branches(place, 1).await;
        let unbound = site.signed_in(Role::Member, &site.office.top).await;
        for role in Role::ALL {
            let client = site.signed_in(*role, &site.office.top).await;
            for path in ["/api/me/dossier", "/api/me/views", "/api/me/changes"] {
                let expected = if *role == Role::Member { 422 } else { 403 };
                assert_eq!(client.get(path).await.status.as_u16(), expected, "{role:?} {path}");
            }
            let keeps = matches!(role, Role::PartyStaff | Role::Secretary);
            assert_eq!(client.get("/api/changes").await.status.as_u16(), if keeps { 200 } else { 403 }, "{role:?}");
        }
        assert_eq!(code(&unbound.get("/api/me/dossier").await), (422, "not_bound"));
        assert_eq!(code(&unbound.post("/api/me/changes", proposal(json!({ "phone": "1" }))).await), (422, "not_bound"));
        assert_eq!(code(&unbound.upload("/api/me/files", "a.pdf", b"%PDF-", &[]).await), (422, "not_bound"));
    }

    async fn a_proposal_with_proof_is_approved_and_the_member_sees_it(place: Place) {
        let site = Site::with_branches(place, 1).await;
        let (id, own) = member(&site, "张三").await;
        let staff = site.staff().await;
        let file = own.upload("/api/me/files", "毕业证.jpg", &[0xff, 0xd8, 0xff, 0xe0], &[]).await;
        let mut body = proposal(json!({ "education": "研究生", "phone": "13900001234" }));
        body["file_ids"] = json!([id_of(&file)]);
        let sent = own.post("/api/me/changes", body).await;
        let change = id_of(&sent).to_owned();
        assert_eq!((&sent.json["state"], &sent.json["version"], &sent.json["files"][0]["name"]), (&json!("pending"), &json!(1), &json!("毕业证.jpg")));
        let phone = sent.json["changes"].as_array().unwrap().iter().find(|one| one["field"] == "phone").unwrap().clone();
        assert_eq!((&phone["old"], &phone["new"]), (&json!("16000000001"), &json!("13900001234")));

        let list = staff.get("/api/changes?state=pending").await;
        let seen = &list.json["items"][0];
        assert_eq!((&seen["id"], &seen["person_name"], &seen["org_name"]), (&json!(change), &json!("张三"), &json!("第1党支部")));
        assert!(seen["changes"].to_string().contains("139****1234") && !seen["changes"].to_string().contains("13900001234"));
        assert_eq!(staff.get(&format!("/api/files/{}", id_of(&file))).await.status, StatusCode::OK);

        let done = staff.post(&format!("/api/changes/{change}/approve"), json!({ "version": 1 })).await;
        assert_eq!(done.status, StatusCode::NO_CONTENT, "{}", done.text);
        let dossier = own.get("/api/me/dossier").await.json;
        assert_eq!((&dossier["education"], &dossier["phone"], &dossier["version"]), (&json!("硕士研究生"), &json!("13900001234"), &json!(2)));
        let mine = own.get("/api/me/changes").await.json;
        assert_eq!((&mine["items"][0]["state"], &mine["items"][0]["decided_by"]), (&json!("approved"), &json!("党务工作者甲")));
        let history = staff.get(&format!("/api/members/{id}/history")).await.json;
        assert_eq!(history["items"][0]["action"], "change.approve");
        let late = staff.post(&format!("/api/changes/{change}/return"), json!({ "version": 1, "reason": "请附毕业证" })).await;
        assert_eq!(code(&late), (422, "change_decided"));
        assert!(late.json["detail"].as_str().unwrap().contains("已采纳"));
        let twice = staff.post(&format!("/api/changes/{change}/approve"), json!({ "version": 2 })).await;
        assert_eq!(code(&twice), (422, "change_decided"));
    }

    async fn a_returned_proposal_tells_the_member_why(place: Place) {
        let site = Site::with_branches(place, 1).await;
        let (_, own) = member(&site, "张三").await;
        let staff = site.staff().await;
        let sent = own.post("/api/me/changes", proposal(json!({ "education": "研究生" }))).await;
        let path = format!("/api/changes/{}/return", id_of(&sent));
        for (reason, expected) in [("", "missing_required"), ("不行", "reason_too_short"), ("见 13900001234", "reason_has_number")] {
            let refused = staff.post(&path, json!({ "version": 1, "reason": reason })).await;
            assert_eq!(errors(&refused), [("/reason", expected)]);
        }
        let done = staff.post(&path, json!({ "version": 1, "reason": "请附毕业证" })).await;
        assert_eq!(done.status, StatusCode::NO_CONTENT);
        let mine = &own.get("/api/me/changes").await.json["items"][0];
        assert_eq!((&mine["state"], &mine["return_reason"]), (&json!("returned"), &json!("请附毕业证")));
        let again = own.post("/api/me/changes", proposal(json!({ "education": "研究生" }))).await;
        assert_eq!(again.status, StatusCode::OK, "what was returned may be proposed again");
    }

    async fn what_may_not_be_proposed_is_refused_at_its_field(place: Place) {
        let site = Site::with_branches(place, 1).await;
        let (_, own) = member(&site, "张三").await;
        let (_, other) = member(&site, "李四").await;
        let refused = async |body| {
            let answer = own.post("/api/me/changes", body).await;
            let mut found: Vec<(String, String)> =
                errors(&answer).into_iter().map(|(pointer, code)| (pointer.to_owned(), code.to_owned())).collect();
            found.sort();
            assert_eq!(answer.status.as_u16(), 422, "{}", answer.text);
            found.into_iter().map(|(pointer, code)| format!("{pointer} {code}")).collect::<Vec<_>>().join(", ")
        };
        let wanted = json!({ "stage": "预备党员", "membership": "正常", "org": "二支部", "phone": "1", "education": "火星", "x": "1" });
        assert_eq!(
            refused(proposal(wanted)).await,
            "/education unknown_code, /membership not_proposable, /org not_proposable, /phone bad_phone, /stage not_proposable, /x unknown_field"
        );
        assert_eq!(refused(proposal(json!({ "education": "本科", "name": "" }))).await, "/name missing_required");
        assert_eq!(refused(proposal(json!({ "education": "本科" }))).await, "/education unchanged");
        assert_eq!(refused(proposal(json!({}))).await, "/fields missing_required");
        let mut body = proposal(json!({ "education": "研究生" }));
        body["reason"] = json!("改");
        assert_eq!(refused(body.clone()).await, "/reason reason_too_short");
        body["reason"] = json!("毕业了，请更正");
        body["file_ids"] = json!(["x"]);
        assert_eq!(refused(body.clone()).await, "/file_ids unknown_file");
        let foreign = other.upload("/api/me/files", "a.pdf", b"%PDF-", &[]).await;
        body["file_ids"] = json!([id_of(&foreign)]);
        assert_eq!(code(&own.post("/api/me/changes", body).await), (422, "unknown_file"));
        assert_eq!(own.post("/api/me/changes", proposal(json!({ "education": "研究生" }))).await.status, StatusCode::OK);
        assert_eq!(refused(proposal(json!({ "education": "大专" }))).await, "/education change_pending");
    }

    async fn proposals_of_another_branch_do_not_exist_and_nobody_decides_on_the_own(place: Place) {
        let site = Site::with_branches(place, 2).await;
        let (id, own) = member(&site, "张三").await;
        let sent = own.post("/api/me/changes", proposal(json!({ "education": "研究生" }))).await;
        let change = id_of(&sent).to_owned();
        let body = json!({ "version": 1, "reason": "请附毕业证" });
        let elsewhere = site.signed_in(Role::Secretary, &site.office.branches[1]).await;
        let supervisor = site.signed_in(Role::Supervisor, &site.office.top).await;
        for act in ["approve", "return"] {
            let path = format!("/api/changes/{change}/{act}");
            assert_eq!(code(&elsewhere.post(&path, body.clone()).await), (404, "not_found"));
            assert_eq!(code(&supervisor.post(&path, body.clone()).await), (403, "forbidden"));
            assert_eq!(code(&own.post(&path, body.clone()).await), (403, "forbidden"));
        }
        assert_eq!(elsewhere.get("/api/changes").await.json["items"], json!([]));
        assert_eq!(errors(&site.staff().await.get("/api/changes?state=x").await), [("/state", "unknown_code")]);
        let store = &site.office.store;
        let account = store.account_by_login(&own.login).await.unwrap().unwrap();
        store.grant_role(site.office.author(), account.id, Role::Secretary, site.office.branches[0].id).await.unwrap();
        let refused = own.post(&format!("/api/changes/{change}/approve"), json!({ "version": 1 })).await;
        assert_eq!(code(&refused), (422, "own_change"));
        assert_eq!(store.person(site.office.root, id).await.unwrap().version, 1);
    }

    async fn what_was_changed_since_or_has_left_is_not_overwritten(place: Place) {
        let site = Site::with_branches(place, 1).await;
        let (id, own) = member(&site, "张三").await;
        let staff = site.staff().await;
        let sent = own.post("/api/me/changes", proposal(json!({ "education": "研究生" }))).await;
        let path = format!("/api/changes/{}/approve", id_of(&sent));
        let edit = json!({ "version": 1, "on": "2026-11-24", "reason": "核对证书", "fields": { "education": "大专" } });
        assert_eq!(staff.patch(&format!("/api/members/{id}"), edit).await.status, StatusCode::OK);
        let refused = staff.post(&path, json!({ "version": 1 })).await;
        assert_eq!(errors(&refused), [("/education", "changed_since")]);
        let leave = json!({ "version": 2, "on": "2026-11-24", "kind": "transferred_out", "reason": "转往外地" });
        let left = staff.post(&format!("/api/members/{id}/leave"), leave).await;
        assert_eq!(left.status.as_u16(), 422, "the standing of today has just begun: {}", left.text);
        let leave = json!({ "version": 1, "on": "2026-11-20", "kind": "transferred_out", "reason": "转往外地" });
        let (other, second) = member(&site, "李四").await;
        let sent = second.post("/api/me/changes", proposal(json!({ "education": "研究生" }))).await;
        assert_eq!(staff.post(&format!("/api/members/{other}/leave"), leave).await.status, StatusCode::NO_CONTENT);
        let refused = staff.post(&format!("/api/changes/{}/approve", id_of(&sent)), json!({ "version": 1 })).await;
        assert_eq!(code(&refused), (422, "person_left"));
        assert_eq!(code(&second.post("/api/me/changes", proposal(json!({ "degree": "硕士" }))).await), (422, "person_left"));
    }

    async fn own_proposals_go_on_page_by_page(place: Place) {
        let site = Site::with_branches(place, 1).await;
        let (id, own) = member(&site, "张三").await;
        let author = site.office.author();
        let proposed = |n: usize| rules::change::Proposed { field: "admin_post".into(), before: String::new(), after: format!("岗位{n}") };
        let back = rules::change::Command::Return { reason: "请附任职文件".into() };
        for n in 0..51 {
            let store = &site.office.store;
            let change = store.propose_change(author.clone(), id, vec![proposed(n)], "调动岗位", &[]).await.unwrap();
            store.decide_change(author.clone(), (change, 1), &back, false, None).await.unwrap();
        }
        let page = own.get("/api/me/changes").await.json;
        assert_eq!(page["items"].as_array().unwrap().len(), 50);
        let rest = own.get(&format!("/api/me/changes?cursor={}", page["next"].as_str().unwrap())).await.json;
        assert_eq!((rest["items"].as_array().unwrap().len(), &rest["next"]), (1, &Value::Null));
        assert_eq!(errors(&own.get("/api/me/changes?cursor=x").await)[0].0, "/cursor");
    }
}

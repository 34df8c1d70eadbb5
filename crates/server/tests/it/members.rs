//! /api/members: lists, dossiers, edits, leaves, logs.

use crate::site::{Answer, Site};
use axum::http::StatusCode;
use rules::access::Role;
use serde_json::{Value, json};
use store::EntryFilter;
use testbed::on_both;

const PHONE: &str = "16000000001";

fn code(answer: &Answer) -> (u16, &str) {
    (answer.status.as_u16(), answer.json["code"].as_str().unwrap_or_default())
}

/// Pointer and code of each field error.
fn errors(answer: &Answer) -> Vec<(&str, &str)> {
    let list = answer.json["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
    list.iter().map(|one| (one["pointer"].as_str().unwrap(), one["code"].as_str().unwrap())).collect()
}

fn names(answer: &Answer) -> Vec<&str> {
    answer.json["items"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect()
}

fn edit(version: i64, fields: Value) -> Value {
    json!({ "version": version, "on": "2026-11-24", "reason": "核对证书", "fields": fields })
}

fn new_member(org: &str, changes: Value) -> Value {
    let mut fields = json!({
        "name": "王 五", "identity_number": "11010519491231002X", "stage": "正式党员", "joined_on": "1970.01",
        "full_on": "1971.01", "ethnicity": "汉", "education": "本科", "phone": "13900001234", "household_place": "北京市朝阳区"
    });
    for (key, value) in changes.as_object().unwrap() {
        fields[key] = value.clone();
    }
    json!({ "org_id": org, "reason": "新接收党员", "fields": fields })
}

on_both! {
    async fn a_list_is_masked_narrowed_and_paged(place: Place) {
        let site = Site::with_branches(place, 2).await;
        for (branch, name) in [(0, "张三"), (1, "李四"), (0, "王五")] {
            site.office.member(branch, name).await;
        }
        let staff = site.staff().await;
        let page = staff.get("/api/members?limit=2").await;
        assert_eq!((names(&page), page.json["total"].as_i64()), (vec!["张三", "王五"], Some(3)));
        let cursor = page.json["next"].as_str().unwrap();
        let rest = staff.get(&format!("/api/members?limit=2&cursor={cursor}")).await;
        assert_eq!((names(&rest), &rest.json["next"]), (vec!["李四"], &Value::Null));
        let row = &page.json["items"][0];
        assert_eq!((&row["phone_masked"], &row["age"], &row["stage"]), (&json!("160****0001"), &json!(41), &json!("full")));
        assert!(row["identity_masked"].as_str().unwrap().starts_with("510104********"));
        let second = site.office.branches[1].id;
        for (query, expected) in [
            (format!("org={second}"), vec!["李四"]),
            ("q=zs".into(), vec!["张三"]),
            ("q=%E5%9B%9B".into(), vec!["李四"]),
            (format!("q={PHONE}"), vec!["张三"]),
            ("q=0002".into(), vec!["李四"]),
            ("gender=%E5%A5%B3".into(), vec!["李四"]),
            ("stage=probationary".into(), vec![]),
            ("stage=full,probationary&education=%E6%9C%AC%E7%A7%91".into(), vec!["张三", "王五", "李四"]),
            ("where=gender%3D%E5%A5%B3%3Beducation%3D%E6%9C%AC%E7%A7%91".into(), vec!["李四"]),
            ("where=org%3D0102".into(), vec!["李四"]),
        ] {
            let found = staff.get(&format!("/api/members?{query}")).await;
            assert_eq!(names(&found), expected, "{query}");
            assert_eq!(found.json["total"].as_u64(), Some(expected.len() as u64), "{query}");
        }
        for (query, pointer) in [("stage=x", "/stage"), ("education=x", "/education"), ("gender=x", "/gender"), ("where=x", "/where"), ("cursor=x", "/cursor")] {
            let refused = staff.get(&format!("/api/members?{query}")).await;
            assert_eq!(errors(&refused)[0].0, pointer);
        }
    }

    async fn those_under_way_to_membership_are_in_the_list_too(place: Place) {
        let site = Site::with_branches(place, 1).await;
        let staff = site.staff().await;
        let org = site.office.branches[0].id.to_string();
        let activist = new_member(&org, json!({ "stage": "入党积极分子", "joined_on": "", "full_on": "" }));
        assert_eq!(staff.post("/api/members", activist).await.status, StatusCode::OK);
        assert_eq!(names(&staff.get("/api/members").await), ["王五"]);
        assert_eq!(names(&staff.get("/api/members?where=gender%3D%E5%A5%B3").await), [""; 0], "the statistics count members");
    }

    async fn every_role_may_do_its_own_and_no_more(place: Place) {
        let site = Site::with_branches(place, 1).await;
        let id = site.office.member(0, "张三").await;
        let path = format!("/api/members/{id}");
        for role in Role::ALL {
            let client = site.signed_in(*role, &site.office.top).await;
            let reads = matches!(role, Role::PartyStaff | Role::Secretary | Role::Supervisor);
            let writes = matches!(role, Role::PartyStaff | Role::Secretary);
            let expected = |may: bool| if may { 200 } else { 403 };
            for address in ["/api/members", "/api/members/export", &path] {
                assert_eq!(client.get(address).await.status.as_u16(), expected(reads), "{role:?} {address}");
            }
            for log in ["views", "history", "files"] {
                assert_eq!(client.get(&format!("{path}/{log}")).await.status.as_u16(), expected(reads), "{role:?} {log}");
            }
            let template = client.get("/api/members/template").await;
            assert_eq!(template.status.as_u16(), expected(*role == Role::PartyStaff), "{role:?}");
            assert_eq!(client.get("/api/members/fields").await.status, StatusCode::OK, "{role:?}");
            let version = site.office.store.person(site.office.root, id).await.unwrap().version;
            let edited = client.patch(&path, edit(version, json!({ "admin_post": role.key() }))).await;
            assert_eq!(edited.status.as_u16(), expected(writes), "{role:?} {}", edited.text);
            let revealed = client.post(&format!("{path}/reveal"), json!({ "reason": "办理介绍信" })).await;
            assert_eq!(revealed.status.as_u16(), expected(writes), "{role:?}");
            if !writes {
                let org = site.office.branches[0].id.to_string();
                assert_eq!(client.post("/api/members", new_member(&org, json!({}))).await.status, StatusCode::FORBIDDEN);
                let leave = json!({ "version": version, "on": "2026-11-01", "kind": "died", "reason": "家属告知" });
                assert_eq!(client.post(&format!("{path}/leave"), leave).await.status, StatusCode::FORBIDDEN);
            }
        }
        assert_eq!(site.stranger().get("/api/members").await.status, StatusCode::UNAUTHORIZED);
    }

    async fn a_person_of_another_branch_does_not_exist(place: Place) {
        let site = Site::with_branches(place, 2).await;
        let id = site.office.member(1, "李四").await;
        let secretary = site.signed_in(Role::Secretary, &site.office.branches[0]).await;
        let path = format!("/api/members/{id}");
        let answers = [
            secretary.get(&path).await,
            secretary.get(&format!("{path}/views")).await,
            secretary.get(&format!("{path}/history")).await,
            secretary.get(&format!("{path}/files")).await,
            secretary.patch(&path, edit(1, json!({}))).await,
            secretary.post(&format!("{path}/reveal"), json!({ "reason": "办理介绍信" })).await,
            secretary.post(&format!("{path}/leave"), json!({ "version": 1, "on": "2026-11-01", "kind": "died", "reason": "家属告知" })).await,
            secretary.get(&format!("/api/members?org={}", site.office.branches[1].id)).await,
            secretary.get("/api/members?where=org%3D0102").await,
            secretary.post("/api/members", new_member(&site.office.branches[1].id.to_string(), json!({}))).await,
            secretary.get("/api/members/x").await,
        ];
        for answer in &answers {
            assert_eq!(code(answer), (404, "not_found"), "{}", answer.text);
        }
        assert_eq!(names(&secretary.get("/api/members").await), [""; 0]);
    }

    async fn a_dossier_is_opened_by_a_form_as_by_a_roster(place: Place) {
        let site = Site::with_branches(place, 1).await;
        let staff = site.staff().await;
        let org = site.office.branches[0].id.to_string();
        let made = staff.post("/api/members", new_member(&org, json!({}))).await;
        assert_eq!(made.status, StatusCode::OK, "{}", made.text);
        let dossier = &made.json;
        assert_eq!((&dossier["name"], &dossier["gender"], &dossier["born"]), (&json!("王五"), &json!("女"), &json!("1949-12")));
        assert_eq!((&dossier["phone_masked"], &dossier["household_masked"]), (&json!("139****1234"), &json!("北京市****")));
        assert_eq!((&dossier["org_name"], &dossier["version"], &dossier["left"]), (&json!("第1党支部"), &json!(1), &json!(false)));
        assert_eq!(dossier["spells"].as_array().unwrap().len(), 2);
        assert_eq!(dossier["path"][1]["name"], "第1党支部");
        let again = staff.post("/api/members", new_member(&org, json!({}))).await;
        assert_eq!(errors(&again), [("/identity_number", "duplicate_id")]);
    }

    async fn every_fault_of_a_new_dossier_is_told_at_its_field(place: Place) {
        let site = Site::with_branches(place, 1).await;
        let staff = site.staff().await;
        let org = site.office.branches[0].id.to_string();
        let wrong = new_member(&org, json!({
            "name": "=1+1", "identity_number": "110105194912310021", "stage": "正式党员", "full_on": "", "education": "火星",
            "phone": "139****1234", "membership": "除名", "org": "二支部", "reference": "1", "nonsense": "1"
        }));
        let refused = staff.post("/api/members", wrong).await;
        let mut found = errors(&refused);
        found.sort_unstable();
        assert_eq!(found, [
            ("/education", "unknown_code"), ("/full_on", "missing_required"), ("/identity_number", "id_checksum"),
            ("/membership", "use_leave"), ("/name", "bad_name"), ("/nonsense", "unknown_field"), ("/org", "use_transfer"),
            ("/phone", "bad_phone"), ("/reference", "unknown_field"),
        ]);
        let empty = staff.post("/api/members", json!({ "org_id": org, "reason": "", "fields": {} })).await;
        let found = errors(&empty);
        for pointer in ["/reason", "/name", "/identity_number", "/joined_on"] {
            assert!(found.contains(&(pointer, "missing_required")), "{pointer}: {found:?}");
        }
        let committee = site.office.top.id.to_string();
        assert_eq!(errors(&staff.post("/api/members", new_member(&committee, json!({}))).await), [("/org_id", "org_place")]);
        assert_eq!(errors(&staff.post("/api/members", new_member("x", json!({}))).await), [("/org_id", "unknown_org")]);
    }

    async fn an_edit_changes_what_was_sent_and_nothing_else(place: Place) {
        let site = Site::with_branches(place, 1).await;
        let id = site.office.member(0, "张三").await;
        let staff = site.staff().await;
        let path = format!("/api/members/{id}");
        let before = site.office.store.person(site.office.root, id).await.unwrap();
        let masked = before.record.masked(rules::intake::Field::Identity);
        let fields = json!({ "education": "研究生", "identity_number": masked, "born": "1985-03", "ethnicity": "" });
        let edited = staff.patch(&path, edit(1, fields)).await;
        assert_eq!(edited.status, StatusCode::OK, "{}", edited.text);
        assert_eq!((&edited.json["education"], &edited.json["ethnicity"], &edited.json["version"]), (&json!("硕士研究生"), &Value::Null, &json!(2)));
        let after = site.office.store.person(site.office.root, id).await.unwrap().record;
        assert_eq!((&after.private, after.born), (&before.record.private, before.record.born));
        let same = staff.patch(&path, edit(2, json!({ "education": "研究生" }))).await;
        assert_eq!(same.json["version"], 2, "nothing differs, nothing is written");
    }

    async fn an_edit_on_a_stale_version_is_shown_the_others_change(place: Place) {
        let site = Site::with_branches(place, 1).await;
        let id = site.office.member(0, "张三").await;
        let (staff, secretary) = (site.staff().await, site.signed_in(Role::Secretary, &site.office.top).await);
        let path = format!("/api/members/{id}");
        let first = secretary.patch(&path, edit(1, json!({ "education": "研究生", "phone": "13900001234" }))).await;
        assert_eq!(first.status, StatusCode::OK);
        let late = staff.patch(&path, edit(1, json!({ "degree": "硕士" }))).await;
        assert_eq!(code(&late), (409, "stale"));
        let detail = late.json["detail"].as_str().unwrap();
        for part in ["书记甲", "学历由「大学本科」改为「硕士研究生」", "联系电话由「160****0001」改为「139****1234」"] {
            assert!(detail.contains(part), "{detail}");
        }
        assert!(!detail.contains(PHONE) && !detail.contains("13900001234"));
        assert_eq!(staff.patch(&path, edit(2, json!({ "degree": "硕士" }))).await.status, StatusCode::OK);
        let leave = json!({ "version": 1, "on": "2026-11-01", "kind": "died", "reason": "家属告知" });
        assert_eq!(code(&staff.post(&format!("{path}/leave"), leave).await), (409, "stale"));
    }

    async fn every_fault_of_an_edit_is_told_at_its_field(place: Place) {
        let site = Site::with_branches(place, 1).await;
        let id = site.office.member(0, "张三").await;
        site.office.member(0, "李四").await;
        let staff = site.staff().await;
        let path = format!("/api/members/{id}");
        let fields = json!({ "name": "", "phone": "1", "joined_on": "1990-01-01", "membership": "出党", "org_code": "0102", "x": "" });
        let body = json!({ "version": 1, "on": "2026-11-25", "reason": "换号 13900001234", "fields": fields });
        let refused = staff.patch(&path, body).await;
        let mut found = errors(&refused);
        found.sort_unstable();
        assert_eq!(found, [
            ("/joined_on", "joined_under_18"), ("/membership", "use_leave"), ("/name", "missing_required"), ("/on", "bad_date"),
            ("/org_code", "use_transfer"), ("/phone", "bad_phone"), ("/reason", "reason_has_number"), ("/x", "unknown_field"),
        ]);
        let other = site.office.store.person(site.office.root, id).await.unwrap();
        assert_eq!(other.version, 1, "nothing was written");
        let short = json!({ "version": 1, "on": "x", "reason": "核对", "fields": {} });
        assert_eq!(errors(&staff.patch(&path, short).await), [("/on", "bad_date"), ("/reason", "reason_too_short")]);
    }

    async fn a_number_of_somebody_else_is_refused(place: Place) {
        let site = Site::with_branches(place, 1).await;
        let staff = site.staff().await;
        let one = site.office.member(0, "张三").await;
        site.office.member(0, "李四").await;
        let third = site.office.member(0, "王五").await;
        let number = site.office.store.person(site.office.root, third).await.unwrap().record.private.identity.unwrap();
        let refused = staff.patch(&format!("/api/members/{one}"), edit(1, json!({ "identity_number": number.expose() }))).await;
        assert_eq!(errors(&refused), [("/identity_number", "duplicate_id")]);
    }

    async fn numbers_are_shown_in_full_for_a_reason_that_the_person_sees(place: Place) {
        let site = Site::with_branches(place, 1).await;
        let id = site.office.member(0, "张三").await;
        let staff = site.staff().await;
        let path = format!("/api/members/{id}/reveal");
        assert_eq!(errors(&staff.post(&path, json!({ "reason": "看看" })).await), [("/reason", "reason_too_short")]);
        assert_eq!(errors(&staff.post(&path, json!({ "reason": " " })).await), [("/reason", "missing_required")]);
        let shown = staff.post(&path, json!({ "reason": "办理介绍信" })).await;
        assert_eq!((&shown.json["phone"], &shown.json["birth_date"]), (&json!(PHONE), &json!("1985-03-01")));
        let member = site.bound(Role::Member, &site.office.top, Some(id)).await;
        let views = member.get("/api/me/views").await;
        assert_eq!(views.json["items"].as_array().unwrap().len(), 1);
        let view = &views.json["items"][0];
        assert_eq!((&view["action"], &view["reason"]), (&json!("查看完整号码"), &json!("办理介绍信")));
    }

    async fn opening_a_dossier_is_noted_once_and_the_own_one_never(place: Place) {
        let site = Site::with_branches(place, 1).await;
        let id = site.office.member(0, "张三").await;
        let (staff, own) = (site.staff().await, site.bound(Role::PartyStaff, &site.office.top, Some(id)).await);
        for client in [&staff, &staff, &own] {
            assert_eq!(client.get(&format!("/api/members/{id}")).await.status, StatusCode::OK);
        }
        let views = staff.get(&format!("/api/members/{id}/views")).await;
        let items = views.json["items"].as_array().unwrap();
        assert_eq!((items.len(), &items[0]["action"]), (1, &json!("查看档案")));
    }

    async fn history_is_masked_and_paged(place: Place) {
        let site = Site::with_branches(place, 1).await;
        let id = site.office.member(0, "张三").await;
        let staff = site.staff().await;
        for n in 1..=52 {
            let phone = format!("139000012{n:02}");
            let done = staff.patch(&format!("/api/members/{id}"), edit(n, json!({ "phone": phone }))).await;
            assert_eq!(done.status, StatusCode::OK);
        }
        let page = staff.get(&format!("/api/members/{id}/history")).await;
        let items = page.json["items"].as_array().unwrap();
        let change = &items[0]["changes"][0];
        assert_eq!((&change["label"], &change["old"], &change["new"]), (&json!("联系电话"), &json!("139****1251"), &json!("139****1252")));
        assert_eq!((&items[0]["reason"], items.len()), (&json!("核对证书"), 50));
        let rest = staff.get(&format!("/api/members/{id}/history?cursor={}", page.json["next"].as_str().unwrap())).await;
        let items = rest.json["items"].as_array().unwrap();
        assert_eq!((items.len(), &items[2]["action"], &rest.json["next"]), (3, &json!("person.create"), &Value::Null));
        assert!(!page.text.contains("13900001"));
        assert_eq!(errors(&staff.get(&format!("/api/members/{id}/history?cursor=x")).await)[0].0, "/cursor");
    }

    async fn a_leave_is_dated_and_closes_the_dossier(place: Place) {
        let site = Site::with_branches(place, 1).await;
        let id = site.office.member(0, "张三").await;
        let staff = site.staff().await;
        let path = format!("/api/members/{id}");
        let leave = |kind: &str, on: &str, reason: &str| json!({ "version": 1, "on": on, "kind": kind, "reason": reason });
        let post = async |body| staff.post(&format!("{path}/leave"), body).await;
        assert_eq!(errors(&post(leave("cancelled", "2026-11-01", "支部决议")).await), [("/kind", "leave_kind")]);
        assert_eq!(errors(&post(leave("died", "2026-11-25", "")).await), [("/on", "bad_date"), ("/reason", "missing_required")]);
        assert_eq!(errors(&post(leave("died", "2009-06-15", "家属告知")).await), [("/on", "bad_date")]);
        assert_eq!(code(&post(leave("normal", "2026-11-01", "家属告知")).await), (422, "bad_request"));
        assert_eq!(post(leave("removed", "2026-11-01", "上级批准除名")).await.status, StatusCode::NO_CONTENT);
        let dossier = staff.get(&path).await.json;
        assert_eq!((&dossier["membership"], &dossier["left"], &dossier["version"]), (&json!("removed"), &json!(true), &json!(2)));
        assert_eq!(code(&staff.patch(&path, edit(2, json!({ "degree": "硕士" }))).await), (422, "person_left"));
        let again = json!({ "version": 2, "on": "2026-11-01", "kind": "died", "reason": "家属告知" });
        assert_eq!(code(&post(again).await), (422, "has_left"));
        assert_eq!(names(&staff.get("/api/members").await), [""; 0]);
    }

    async fn no_ordinary_answer_and_no_entry_holds_a_number(place: Place) {
        let site = Site::with_branches(place, 1).await;
        let id = site.office.member(0, "张三").await;
        let staff = site.staff().await;
        let path = format!("/api/members/{id}");
        staff.patch(&path, edit(1, json!({ "phone": "13900001234", "residence_place": "四川省成都市锦江区红星路" }))).await;
        let identity = site.office.store.person(site.office.root, id).await.unwrap().record.private.identity.unwrap();
        let secrets = [identity.expose(), PHONE, "13900001234", "红星路", "1985-03-01"];
        for address in ["/api/members".into(), path.clone(), format!("{path}/history"), format!("{path}/views"), format!("{path}/files")] {
            let answer = staff.get(&address).await;
            assert!(!secrets.iter().any(|secret| answer.text.contains(secret)), "{address}: {}", answer.text);
        }
        for entry in site.office.store.ledger(site.office.root, &EntryFilter::default(), 100).await.unwrap() {
            let text = format!("{entry:?}");
            assert!(!secrets.iter().chain(&["张三"]).any(|secret| text.contains(secret)), "{text}");
        }
    }

    async fn forms_have_the_rosters_fields(place: Place) {
        let site = Site::with_branches(place, 1).await;
        let fields = site.staff().await.get("/api/members/fields").await.json;
        let items = fields["items"].as_array().unwrap();
        let of = |key: &str| items.iter().find(|one| one["field"] == key);
        assert!(of("org").is_none() && of("reference").is_none() && of("seq").is_none());
        let stage = of("stage").unwrap();
        assert_eq!((&stage["proposable"], stage["choices"].as_array().unwrap().len()), (&json!(false), 5));
        let phone = of("phone").unwrap();
        assert_eq!((&phone["private"], &phone["proposable"], &phone["label"]), (&json!(true), &json!(true), &json!("联系电话")));
        assert_eq!(of("name").unwrap()["required"], true);
    }
}

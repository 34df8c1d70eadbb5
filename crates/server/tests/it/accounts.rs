//! Accounts and roles, by the security administrator.

use crate::session::{PASSWORD, browser, open_account, sign_in};
use crate::site::Site;
use rules::access::Role;
use serde_json::{Value, json};
use testbed::on_both;

on_both! {
    async fn a_new_account_gets_a_one_time_password_that_has_to_be_changed(place: Place) {
        let site = Site::with_branches(place, 1).await;
        let safe = site.signed_in(Role::SecurityAdmin, &site.office.top).await;
        let created = safe.post("/api/accounts", json!({ "login": "Li.Si", "display_name": "李四" })).await;
        let (id, password) = (created.json["id"].as_str().unwrap(), created.json["password"].as_str().unwrap());
        let grant = json!({ "role": "party_staff", "org_id": site.office.branches[0].id.to_string() });
        let granted = safe.post(&format!("/api/accounts/{id}/grants"), grant.clone()).await;
        assert_eq!((&granted.json["role"], &granted.json["org_name"]), (&json!("party_staff"), &json!("第1党支部")));
        assert_eq!(safe.post(&format!("/api/accounts/{id}/grants"), grant).await.json["code"], "duplicate_grant");
        let session = sign_in(&site, "li.si", password, None).await;
        assert_eq!(session.json["account"]["must_change_password"], true);
        let again = safe.post("/api/accounts", json!({ "login": "LI.SI", "display_name": "李四" })).await;
        assert_eq!(again.json["errors"][0], json!({ "pointer": "/login", "code": "duplicate_login", "message": again.json["detail"] }));
        let listed = safe.get("/api/accounts?q=%E6%9D%8E%E5%9B%9B").await;
        assert_eq!(listed.json["items"][0]["login"], "li.si");
        assert_eq!(listed.json["items"][0]["grants"][0], granted.json);
        assert!(listed.json["items"][0]["last_login_at"].is_i64());
    }

    async fn no_account_holds_two_of_the_three_duties_or_one_with_member_data(place: Place) {
        let site = Site::with_branches(place, 0).await;
        let safe = site.signed_in(Role::SecurityAdmin, &site.office.top).await;
        let created = safe.post("/api/accounts", json!({ "login": "zhou", "display_name": "周明" })).await;
        let path = format!("/api/accounts/{}/grants", created.json["id"].as_str().unwrap());
        let grant = async |role: &str| safe.post(&path, json!({ "role": role, "org_id": site.office.top.id.to_string() })).await;
        let auditor = grant("auditor").await;
        assert_eq!(auditor.status, 200);
        for role in ["system_admin", "security_admin", "party_staff", "supervisor", "member"] {
            assert_eq!(grant(role).await.json["code"], "separation_of_duties", "{role}");
        }
        let revoked = safe.delete(&format!("{path}/{}", auditor.json["id"].as_str().unwrap())).await;
        assert_eq!(revoked.status, 204);
        assert_eq!(grant("party_staff").await.status, 200);
        assert_eq!(grant("auditor").await.json["code"], "separation_of_duties");
    }

    async fn nobody_changes_the_own_account(place: Place) {
        let site = Site::with_branches(place, 0).await;
        let safe = site.signed_in(Role::SecurityAdmin, &site.office.top).await;
        let id = safe.get("/api/session").await.json["account"]["id"].as_str().unwrap().to_owned();
        let grant = json!({ "role": "party_staff", "org_id": site.office.top.id.to_string() });
        for answer in [
            safe.patch(&format!("/api/accounts/{id}"), json!({ "disabled": true })).await,
            safe.post(&format!("/api/accounts/{id}/reset-password"), Value::Null).await,
            safe.post(&format!("/api/accounts/{id}/grants"), grant).await,
            safe.delete(&format!("/api/accounts/{id}/grants/1")).await,
        ] {
            assert_eq!(answer.json["code"], "own_account");
        }
    }

    async fn a_lost_password_a_lost_phone_and_a_wait_can_be_mended(place: Place) {
        let site = Site::with_branches(place, 0).await;
        open_account(&site, "zhou", Role::PartyStaff, false).await;
        let safe = site.signed_in(Role::SecurityAdmin, &site.office.top).await;
        let account = site.office.store.account_by_login("zhou").await.unwrap().unwrap();
        site.office.store.propose_totp(&account, &[7; 20]).await.unwrap();
        site.office.store.confirm_totp(&account, 1).await.unwrap();
        for _ in 0..6 {
            sign_in(&site, "zhou", "wrong", None).await;
        }
        let path = format!("/api/accounts/{}", account.id);
        let shown = safe.patch(&path, json!({ "display_name": "周明（组织部）" })).await;
        assert_eq!((&shown.json["locked"], &shown.json["totp_enabled"]), (&json!(true), &json!(true)));
        let reset = safe.post(&format!("{path}/reset-password"), Value::Null).await;
        let password = reset.json["password"].as_str().unwrap();
        assert_eq!(sign_in(&site, "zhou", password, None).await.json["code"], "totp_required");
        let shown = safe.patch(&path, json!({ "remove_totp": true })).await;
        assert_eq!((&shown.json["locked"], &shown.json["totp_enabled"]), (&json!(false), &json!(false)));
        assert_eq!(shown.json["display_name"], "周明（组织部）");
        assert_eq!(sign_in(&site, "zhou", password, None).await.status, 200);
        assert_eq!(sign_in(&site, "zhou", PASSWORD, None).await.status, 401);
    }

    async fn a_disabled_account_is_out_at_once_until_it_is_enabled(place: Place) {
        let site = Site::with_branches(place, 0).await;
        open_account(&site, "zhou", Role::PartyStaff, false).await;
        let client = browser(&site, "zhou", PASSWORD).await;
        let safe = site.signed_in(Role::SecurityAdmin, &site.office.top).await;
        let account = site.office.store.account_by_login("zhou").await.unwrap().unwrap();
        let path = format!("/api/accounts/{}", account.id);
        assert_eq!(safe.patch(&path, json!({ "disabled": true })).await.json["disabled"], true);
        assert_eq!(client.get("/api/session").await.status, 401);
        assert_eq!(safe.patch(&path, json!({ "disabled": false })).await.json["disabled"], false);
        browser(&site, "zhou", PASSWORD).await;
        assert_eq!(safe.patch("/api/accounts/1", json!({ "disabled": true })).await.status, 404);
    }

    async fn a_long_list_of_accounts_goes_on_page_by_page(place: Place) {
        let site = Site::with_branches(place, 0).await;
        let safe = site.signed_in(Role::SecurityAdmin, &site.office.top).await;
        for n in 0..60 {
            let new = store::NewAccount {
                login: format!("a{n:02}"),
                display_name: "周明".into(),
                person: None,
                password_hash: "!".into(),
                must_change_password: false,
            };
            site.office.store.create_account(site.office.author(), &new, &[]).await.unwrap();
        }
        let first = safe.get("/api/accounts").await;
        assert_eq!(first.json["items"].as_array().unwrap().len(), 50);
        let second = safe.get(&format!("/api/accounts?cursor={}", first.json["next"].as_str().unwrap())).await;
        assert_eq!(second.json["items"].as_array().unwrap().len(), 11);
        assert_eq!((&second.json["items"][0]["login"], &second.json["next"]), (&json!("a50"), &Value::Null));
    }
}

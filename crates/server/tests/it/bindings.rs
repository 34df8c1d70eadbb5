//! 身份认证: codes handed out by the branch, and the accounts opened with them.

use crate::session::{PASSWORD, browser};
use crate::site::{Answer, Site};
use rules::access::Role;
use rules::ids::PersonId;
use serde_json::{Value, json};
use testbed::on_both;

async fn identity_of(site: &Site, id: PersonId) -> String {
    let person = site.office.store.person(site.office.root, id).await.unwrap();
    person.record.private.identity.unwrap().expose().to_owned()
}

fn claim(name: &str, identity: &str, code: &str) -> Value {
    json!({ "name": name, "identity_number": identity, "code": code, "login": "zhangsan", "password": PASSWORD })
}

async fn bind(site: &Site, claim: Value) -> Answer {
    site.stranger().post("/api/bindings", claim).await
}

on_both! {
    async fn a_member_opens_the_own_account_with_the_branchs_code(place: Place) {
        let site = Site::with_branches(place, 1).await;
        let zhang = site.office.member(0, "张三").await;
        let identity = identity_of(&site, zhang).await;
        let handed = site.staff().await.post(&format!("/api/members/{zhang}/binding-codes"), Value::Null).await;
        let code = handed.json["code"].as_str().unwrap();
        assert!(handed.json["expires_at"].as_i64().unwrap() > store::now_ms() + 6 * 86_400_000);
        for wrong in [claim("张四", &identity, code), claim("张三", &identity, "WRONGCODE2"), claim("张三", "11010519491231002X", code)] {
            let answer = bind(&site, wrong).await;
            assert_eq!((answer.status.as_u16(), answer.json["code"].as_str()), (422, Some("binding_refused")));
        }
        assert_eq!(bind(&site, claim(" 张 三", &identity.to_lowercase(), &code.to_lowercase())).await.status, 204);
        let member = browser(&site, "zhangsan", PASSWORD).await;
        let session = member.get("/api/session").await;
        assert_eq!(session.json["account"]["person_id"], zhang.to_string());
        assert_eq!(session.json["roles"][0]["role"], "member");
        assert_eq!(bind(&site, claim("张三", &identity, code)).await.json["code"], "binding_refused");
    }

    async fn codes_cannot_be_guessed_for_long(place: Place) {
        let site = Site::with_branches(place, 1).await;
        let zhang = site.office.member(0, "张三").await;
        let identity = identity_of(&site, zhang).await;
        let handed = site.staff().await.post(&format!("/api/members/{zhang}/binding-codes"), Value::Null).await;
        for _ in 0..5 {
            assert_eq!(bind(&site, claim("张三", &identity, "WRONGCODE2")).await.status, 422);
        }
        let answer = bind(&site, claim("张三", &identity, handed.json["code"].as_str().unwrap())).await;
        assert_eq!((answer.status.as_u16(), answer.json["code"].as_str()), (429, Some("too_many_attempts")));
    }

    async fn everything_wrong_with_a_claim_is_said_at_once(place: Place) {
        let site = Site::with_branches(place, 0).await;
        let body = json!({ "name": "", "identity_number": "110105194912310021", "code": " ", "login": "a", "password": "short" });
        let answer = bind(&site, body).await;
        let found: Vec<&str> = answer.json["errors"].as_array().unwrap().iter().map(|error| error["pointer"].as_str().unwrap()).collect();
        assert_eq!(found, ["/name", "/identity_number", "/code", "/login", "/password"]);
    }

    async fn only_those_who_keep_the_members_branch_hand_out_codes(place: Place) {
        let site = Site::with_branches(place, 2).await;
        let zhang = site.office.member(0, "张三").await;
        let path = format!("/api/members/{zhang}/binding-codes");
        let own = site.signed_in(Role::Secretary, &site.office.branches[0]).await;
        let other = site.signed_in(Role::Secretary, &site.office.branches[1]).await;
        let supervisor = site.signed_in(Role::Supervisor, &site.office.top).await;
        assert_eq!(other.post(&path, Value::Null).await.status, 404);
        assert_eq!(supervisor.post(&path, Value::Null).await.status, 403);
        assert_eq!(own.post(&path, Value::Null).await.status, 200);
        assert_eq!(own.post("/api/members/1/binding-codes", Value::Null).await.status, 404);
        assert_eq!(own.post("/api/members/x/binding-codes", Value::Null).await.status, 404);
        let bound = site.bound(Role::Member, &site.office.branches[0], Some(zhang)).await;
        assert_eq!(own.post(&path, Value::Null).await.json["code"], "already_bound");
        assert_eq!(bound.post(&path, Value::Null).await.status, 403);
    }
}

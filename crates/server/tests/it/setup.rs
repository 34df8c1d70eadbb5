//! The first setting-up.

use crate::session::{PASSWORD, browser};
use crate::site::{Client, Site};
use serde_json::{Value, json};
use std::sync::Arc;
use testbed::on_both;

fn request(token: &str) -> Value {
    let account = |role: &str| json!({ "role": role, "login": format!("{role}1"), "password": "首次设置-Setup-26" });
    json!({ "token": token, "enterprise_name": "测试集团", "accounts": [account("system_admin"), account("security_admin"), account("auditor")] })
}

async fn post(client: &Client, body: &Value) -> (u16, String) {
    let answer = client.post("/api/setup", body.clone()).await;
    (
        answer.status.as_u16(),
        answer.json["errors"][0]["pointer"].as_str().or(answer.json["code"].as_str()).unwrap_or_default().to_owned(),
    )
}

on_both! {
    async fn the_link_sets_up_three_administrators_once(place: Place) {
        let store = Arc::new(place.open().await);
        let token = store.prepare_setup().await.unwrap().unwrap();
        let stranger = Site::stranger_to(store.clone());
        assert_eq!(stranger.get("/api/setup").await.json, json!({ "needed": true }));
        assert_eq!(post(&stranger, &request("guessed")).await, (422, "/token".into()));
        assert_eq!(post(&stranger, &request(&token)).await, (204, String::new()));
        assert_eq!(stranger.get("/api/setup").await.json, json!({ "needed": false }));
        assert_eq!(post(&stranger, &request(&token)).await, (422, "setup_done".into()));
        for login in ["system_admin1", "security_admin1", "auditor1"] {
            let answer = stranger.post("/api/session", json!({ "login": login, "password": "首次设置-Setup-26" })).await;
            assert_eq!(answer.json["account"]["must_change_password"], true, "{login}");
            assert_eq!(answer.json["roles"].as_array().unwrap().len(), 1);
            assert_eq!(answer.json["enterprise"]["name"], "测试集团");
        }
    }

    async fn everything_wrong_is_said_at_once(place: Place) {
        let store = Arc::new(place.open().await);
        let token = store.prepare_setup().await.unwrap().unwrap();
        let stranger = Site::stranger_to(store.clone());
        let mut body = request(&token);
        body["enterprise_name"] = json!(" ");
        body["accounts"][1] = json!({ "role": "system_admin", "login": "SYSTEM_admin1", "password": "1234567890" });
        let answer = stranger.post("/api/setup", body).await;
        let found: Vec<&str> = answer.json["errors"].as_array().unwrap().iter().map(|error| error["pointer"].as_str().unwrap()).collect();
        assert_eq!(found, ["/enterprise_name", "/accounts/1/login", "/accounts/1/password", "/accounts"]);
        assert_eq!(post(&stranger, &request(&token)).await.0, 204);
    }

    async fn an_office_that_is_set_up_offers_no_setup(place: Place) {
        let site = Site::with_branches(place, 0).await;
        crate::session::open_account(&site, "safe", rules::access::Role::SecurityAdmin, false).await;
        assert_eq!(site.office.store.prepare_setup().await.unwrap(), None);
        assert_eq!(site.stranger().get("/api/setup").await.json, json!({ "needed": false }));
        browser(&site, "safe", PASSWORD).await;
    }
}

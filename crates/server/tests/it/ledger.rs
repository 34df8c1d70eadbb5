//! The ledger before the auditor, and the system before its administrator.

use crate::session::sign_in;
use crate::site::Site;
use rules::access::Role;
use serde_json::{Value, json};
use testbed::on_both;

on_both! {
    async fn the_auditor_reads_page_by_page_what_was_done(place: Place) {
        let site = Site::with_branches(place, 60).await;
        sign_in(&site, "nobody", "wrong", None).await;
        let auditor = site.signed_in(Role::Auditor, &site.office.top).await;
        let first = auditor.get("/api/ledger").await;
        let items = first.json["items"].as_array().unwrap();
        assert_eq!((items.len(), &items[0]["action"], &items[1]["action_name"]), (50, &json!("account.create"), &json!("登录失败")));
        let second = auditor.get(&format!("/api/ledger?cursor={}", first.json["next"].as_str().unwrap())).await;
        let rest = second.json["items"].as_array().unwrap();
        assert_eq!((rest.len(), &rest[12]["seq"], &second.json["next"]), (13, &json!(1), &Value::Null));
        let found = auditor.get("/api/ledger?action=session.").await;
        assert_eq!(found.json["items"].as_array().unwrap().len(), 1);
    }

    async fn days_are_days_in_china_and_both_ends_count(place: Place) {
        let site = Site::with_branches(place, 0).await;
        let auditor = site.signed_in(Role::Auditor, &site.office.top).await;
        let count = async |query: &str| auditor.get(&format!("/api/ledger?{query}")).await.json["items"].as_array().unwrap().len();
        let today = jiff::tz::TimeZone::fixed(jiff::tz::offset(8)).to_datetime(jiff::Timestamp::now()).date();
        let (before, after) = (today.yesterday().unwrap(), today.tomorrow().unwrap());
        assert_eq!(count(&format!("from={today}&to={after}")).await, 2);
        assert_eq!(count(&format!("from={before}&to={today}")).await, 2);
        assert_eq!(count(&format!("to={}", before.yesterday().unwrap())).await, 0);
        assert_eq!(count(&format!("from={}", after.tomorrow().unwrap())).await, 0);
        let answer = auditor.get("/api/ledger?from=yesterday&cursor=x").await;
        let found: Vec<&str> = answer.json["errors"].as_array().unwrap().iter().map(|error| error["pointer"].as_str().unwrap()).collect();
        assert_eq!(found, ["/from", "/cursor"]);
    }

    async fn an_altered_entry_is_named(place: Place) {
        let site = Site::with_branches(place, 2).await;
        let auditor = site.signed_in(Role::Auditor, &site.office.top).await;
        assert_eq!(auditor.get("/api/ledger/verify").await.json, json!({ "entries": 4, "faults": [] }));
        let raw = site.office.place.raw().await;
        sqlx::query("UPDATE ledger SET summary = 'x' WHERE seq = 2").execute(&raw).await.unwrap();
        let verdict = auditor.get("/api/ledger/verify").await.json;
        assert_eq!(verdict["faults"][0]["seq"], 2);
    }

    async fn the_system_administrator_sees_counts_and_checks(place: Place) {
        let site = Site::with_branches(place, 0).await;
        let admin = site.signed_in(Role::SystemAdmin, &site.office.top).await;
        let system = admin.get("/api/system").await.json;
        assert_eq!((&system["accounts"], &system["sessions"], &system["ledger_entries"]), (&json!(1), &json!(1), &json!(2)));
        let failing: Vec<&Value> = system["checks"].as_array().unwrap().iter().filter(|check| check["ok"] == false).collect();
        assert_eq!(failing.len(), 1, "{failing:?}");
        assert_eq!(failing[0]["name"], "加密传输");
        assert!(!system["database"].as_str().unwrap().is_empty());
    }
}

//! /api/transfers and /api/workbench.

use crate::site::{Client, Site};
use insta::assert_snapshot;
use rules::access::Role;
use serde_json::{Value, json};
use testbed::on_both;

const URL: &str = "/api/transfers";

async fn asked(site: &Site, sender: &Client, name: &str) -> Value {
    let person = site.office.member(0, name).await;
    let body = json!({ "person_id": person.to_string(), "to_org": site.office.branches[1].id.to_string(), "reason": "工作调动" });
    let answer = sender.post(URL, body).await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.text);
    answer.json
}

async fn act(client: &Client, transfer: &Value, verb: &str, body: Value) -> (u16, String) {
    let answer = client.post(&format!("{URL}/{}/{verb}", transfer["id"].as_str().unwrap()), body).await;
    (answer.status.as_u16(), answer.json["code"].as_str().unwrap_or_default().to_owned())
}

async fn count(client: &Client, query: &str) -> usize {
    client.get(&format!("{URL}?{query}")).await.json["items"].as_array().unwrap().len()
}

on_both! {
    async fn a_transfer_goes_from_the_sending_to_the_receiving_side(place: Place) {
        let site = Site::with_branches(place, 3).await;
        let sender = site.signed_in(Role::Secretary, &site.office.branches[0]).await;
        let receiver = site.signed_in(Role::PartyStaff, &site.office.branches[1]).await;
        let neighbour = site.signed_in(Role::PartyStaff, &site.office.branches[2]).await;
        let transfer = asked(&site, &sender, "张三").await;
        assert_eq!((&transfer["state"], &transfer["direction"], &transfer["due"], &transfer["requested_by"]),
            (&json!("pending"), &json!("out"), &json!("2027-02-22"), &json!("书记甲")));
        assert_eq!(receiver.get(URL).await.json["items"][0]["direction"], "in");
        assert_eq!((count(&receiver, "state=pending&direction=in").await, count(&receiver, "direction=out").await), (1, 0));
        assert_eq!(count(&neighbour, "").await, 0);
        let member = format!("/api/members/{}", transfer["person_id"].as_str().unwrap());
        assert_ne!(receiver.get(&member).await.status.as_u16(), 200, "the dossier stays with the old branch");

        assert_eq!(act(&sender, &transfer, "accept", json!({ "version": 1 })).await.0, 403);
        assert_eq!(act(&receiver, &transfer, "withdraw", json!({ "version": 1 })).await.0, 403);
        assert_eq!(act(&neighbour, &transfer, "accept", json!({ "version": 1 })).await.0, 404);
        assert_eq!(act(&receiver, &transfer, "accept", json!({ "version": 2 })).await, (409, "stale".into()));
        assert_eq!(act(&receiver, &transfer, "accept", json!({ "version": 1, "on": "2026-13-01" })).await, (422, "bad_date".into()));
        assert_eq!(act(&receiver, &transfer, "reject", json!({ "version": 1, "reason": " " })).await, (422, "missing_required".into()));
        assert_eq!(act(&receiver, &transfer, "accept", json!({ "version": 1 })).await.0, 204);
        assert_eq!(act(&sender, &transfer, "withdraw", json!({ "version": 2 })).await, (422, "transfer_decided".into()));
        let person = transfer["person_id"].as_str().unwrap().parse().unwrap();
        assert_eq!(site.office.store.person(site.office.root, person).await.unwrap().org.id, site.office.branches[1].id);
        let done = sender.get(&format!("{URL}?state=decided")).await.json["items"][0].clone();
        assert_eq!((&done["state"], &done["decided_by"]), (&json!("accepted"), &json!("党务工作者甲")));
        assert!(site.office.store.verify_ledger(site.office.root).await.unwrap().faults.is_empty());
    }

    async fn what_cannot_be_transferred_is_refused_with_the_field(place: Place) {
        let site = Site::with_branches(place, 2).await;
        let staff = site.staff().await;
        let transfer = asked(&site, &staff, "张三").await;
        assert_eq!(transfer["direction"], "inner");
        assert_eq!((count(&staff, "direction=in").await, count(&staff, "direction=out").await), (1, 1), "both ends are theirs");
        let ask = async |person: &str, to: &str, reason: &str| {
            let answer = staff.post(URL, json!({ "person_id": person, "to_org": to, "reason": reason })).await;
            format!("{} {} {}", answer.status.as_u16(), answer.json["code"].as_str().unwrap(), answer.json["errors"][0]["pointer"].as_str().unwrap_or_default())
        };
        let (person, to) = (transfer["person_id"].as_str().unwrap(), transfer["to_org_id"].as_str().unwrap());
        let other = site.office.member(0, "李四").await.to_string();
        assert_eq!(ask(person, to, "调动").await, "422 transfer_under_way ");
        assert_eq!(ask(&other, &site.office.top.id.to_string(), "调动").await, "422 org_place /to_org");
        assert_eq!(ask(&other, &site.office.branches[0].id.to_string(), "调动").await, "422 same_org /to_org");
        assert_eq!(ask(&other, to, " ").await, "422 missing_required /reason");
        assert_eq!(ask("x", to, "调动").await, "422 unknown_person /person_id");
        assert_eq!(ask("5", to, "调动").await, "404 not_found ");
        assert_snapshot!(staff.get(&format!("{URL}?state=lost")).await.status, @"422 Unprocessable Entity");
        let stranger = site.signed_in(Role::Secretary, &site.office.branches[1]).await;
        let body = json!({ "person_id": other, "to_org": to, "reason": "调动" });
        assert_snapshot!(stranger.post(URL, body).await.status, @"404 Not Found");
    }

    async fn only_staff_and_secretaries_transfer_and_supervisors_look_on(place: Place) {
        let site = Site::with_branches(place, 2).await;
        let transfer = asked(&site, &site.staff().await, "张三").await;
        let body = json!({ "person_id": transfer["person_id"], "to_org": transfer["to_org_id"], "reason": "调动" });
        for role in Role::ALL {
            let client = site.signed_in(*role, &site.office.top).await;
            let sees = matches!(role, Role::PartyStaff | Role::Secretary | Role::Supervisor);
            assert_eq!(client.get(URL).await.status.as_u16(), if sees { 200 } else { 403 }, "{role:?}");
            let acts = matches!(role, Role::PartyStaff | Role::Secretary);
            assert_eq!(client.post(URL, body.clone()).await.status.as_u16(), if acts { 422 } else { 403 }, "{role:?}");
            for verb in ["accept", "reject", "withdraw"] {
                let expected = if acts { 409 } else { 403 };
                assert_eq!(act(&client, &transfer, verb, json!({ "version": 9, "reason": "因" })).await.0, expected, "{role:?} {verb}");
            }
        }
    }

    async fn the_list_goes_on_page_by_page(place: Place) {
        let site = Site::with_branches(place, 2).await;
        let staff = site.staff().await;
        let digits = ["一", "二", "三", "四", "五", "六", "七", "八"];
        for n in 0..51 {
            asked(&site, &staff, &format!("张{}{}", digits[n / 8], digits[n % 8])).await;
        }
        let first = staff.get(URL).await.json;
        assert_eq!(first["items"].as_array().unwrap().len(), 50);
        let next = staff.get(&format!("{URL}?cursor={}", first["next"].as_str().unwrap())).await.json;
        assert_eq!((next["items"].as_array().unwrap().len(), &next["next"]), (1, &Value::Null));
        assert_eq!(next["items"][0]["person_name"], "张一一");
        let work = staff.get("/api/workbench").await.json;
        assert_eq!(work["items"].as_array().unwrap().len(), 50);
        assert_eq!((&work["counts"]["pending_transfers"], work["counts"]["items"].as_i64().unwrap() > 51), (&json!(51), true));
    }

    async fn the_workbench_tells_each_side_what_it_has_to_do(place: Place) {
        let site = Site::with_branches(place, 2).await;
        let sender = site.signed_in(Role::Secretary, &site.office.branches[0]).await;
        let receiver = site.signed_in(Role::Secretary, &site.office.branches[1]).await;
        asked(&site, &sender, "张三").await;
        let kinds = async |client: &Client| -> Vec<String> {
            let work = client.get("/api/workbench").await.json;
            let kinds = work["items"].as_array().unwrap().iter().map(|item| item["kind"].as_str().unwrap().to_owned());
            kinds.filter(|kind| kind != "duty").collect()
        };
        assert_eq!(kinds(&receiver).await, ["vacancy", "transfer_to_accept", "structure"]);
        assert_eq!(kinds(&sender).await, ["vacancy", "structure"]);
        let work = receiver.get("/api/workbench").await.json;
        let transfer = work["items"].as_array().unwrap().iter().find(|item| item["kind"] == "transfer_to_accept").unwrap();
        assert_eq!((&transfer["title"], &transfer["rule"], &transfer["due"]), (&json!("接收张三的组织关系"), &json!("EDU-03"), &json!("2027-02-22")));
        assert_eq!((&work["counts"]["orgs"], &work["counts"]["full"], &work["counts"]["pending_transfers"]), (&json!(1), &json!(0), &json!(1)));
        let supervisor = site.signed_in(Role::Supervisor, &site.office.top).await;
        assert!(kinds(&supervisor).await.iter().all(|kind| kind == "duty_below" || kind == "structure"));
    }

    async fn members_and_system_duties_find_nothing_that_is_not_theirs(place: Place) {
        let site = Site::with_branches(place, 1).await;
        let person = site.office.member(0, "张三").await;
        let member = site.bound(Role::Member, &site.office.branches[0], Some(person)).await;
        assert_eq!(member.get("/api/workbench").await.json["items"], json!([]));
        let raw = site.office.place.raw().await;
        let statement = "INSERT INTO change_request (root_org, id, version, person_id, state, sealed, proposed_at, decision_reason) \
            SELECT root_org, 7, 1, id, 'returned', sealed, 1780000000000, '材料不清' FROM person WHERE name = '张三'";
        sqlx::query(statement).execute(&raw).await.unwrap();
        let work = member.get("/api/workbench").await.json;
        assert_eq!((&work["items"][0]["kind"], &work["items"][0]["detail"]), (&json!("proposal_returned"), &json!("原因：材料不清。请补正后重新提交。")));
        assert_eq!(work["counts"]["orgs"], 0);
        sqlx::query("UPDATE change_request SET state = 'pending'").execute(&raw).await.unwrap();
        assert_eq!(member.get("/api/workbench").await.json["items"], json!([]));
        let staff = site.staff().await.get("/api/workbench").await.json;
        assert!(staff["items"].as_array().unwrap().iter().any(|item| item["kind"] == "changes_to_decide"));
        assert_eq!(staff["counts"]["pending_changes"], 1);
        for role in [Role::SystemAdmin, Role::SecurityAdmin, Role::Auditor] {
            assert_eq!(site.signed_in(role, &site.office.top).await.get("/api/workbench").await.json["items"], json!([]), "{role:?}");
        }
        assert_snapshot!(site.stranger().get("/api/workbench").await.status, @"401 Unauthorized");
    }
}

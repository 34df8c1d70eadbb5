//! /api/check-in and /api/me/meetings: the code in the room, the own link, saying why not.

use crate::meetings::Hall;
use crate::site::{Answer, Client};
use rules::access::Role;
use serde_json::{Value, json};
use testbed::on_both;

const URL: &str = "/api/check-in";

async fn member(hall: &Hall, at: usize) -> Client {
    hall.site.bound(Role::Member, &hall.site.office.branches[0], Some(hall.members[at])).await
}

fn code(answer: &Answer) -> (u16, &str) {
    (answer.status.as_u16(), answer.json["code"].as_str().unwrap_or_default())
}

async fn token(hall: &Hall) -> (String, String) {
    let room = hall.secretary.get(&hall.url("/code")).await.json;
    let path = room["path"].as_str().unwrap().strip_prefix("/check-in/").unwrap().to_owned();
    assert!((1..=30_000).contains(&room["turns_in"].as_i64().unwrap()));
    (path, room["digits"].as_str().unwrap().to_owned())
}

on_both! {
    async fn members_check_in_by_scanning_or_typing_the_code(place: Place) {
        let mut hall = Hall::new(place).await;
        hall.planned().await;
        let first = member(&hall, 2).await;
        assert_eq!(first.get("/api/me/meetings").await.json["items"], json!([]), "nobody has been told yet");
        hall.step("notice", json!({})).await;
        let (scanned, typed) = token(&hall).await;
        assert_eq!(code(&first.post(URL, json!({ "code": typed })).await), (422, "no_open_meeting"));
        assert_eq!(code(&first.post(URL, json!({ "token": scanned })).await), (422, "meeting_state"));
        hall.step("open", json!({ "from": "14:30" })).await;
        let (scanned, typed) = token(&hall).await;
        let before = first.get(&format!("{URL}/{scanned}")).await.json;
        assert_eq!((&before["title"], &before["attendance"]), (&json!("第四季度支部党员大会"), &json!("awaited")));
        let done = first.post(URL, json!({ "token": scanned })).await;
        assert_eq!((done.status.as_u16(), &done.json["how"], &done.json["already"]), (200, &json!("code"), &json!(false)), "{}", done.text);
        assert_eq!(first.post(URL, json!({ "token": scanned })).await.json["already"], true);
        let second = member(&hall, 3).await;
        assert_eq!(second.post(URL, json!({ "code": format!(" {} {} ", &typed[..3], &typed[3..]) })).await.json["how"], "code");
        let heard = hall.secretary.get(&hall.url("/room")).await.json;
        assert_eq!(heard["present"], json!(2));
    }

    async fn a_wrong_code_is_refused_and_guessing_is_made_slow(place: Place) {
        let mut hall = Hall::new(place).await;
        hall.open().await;
        let client = member(&hall, 2).await;
        let (_, typed) = token(&hall).await;
        let wrong = if typed == "000000" { "000001" } else { "000000" };
        for _ in 0..9 {
            assert_eq!(code(&client.post(URL, json!({ "code": wrong })).await), (422, "wrong_code"));
        }
        let id = hall.meeting["id"].as_str().unwrap().to_owned();
        assert_eq!(code(&client.post(URL, json!({ "token": format!("c.{id}.{wrong}") })).await), (422, "wrong_code"));
        assert_eq!(code(&client.post(URL, json!({ "code": typed })).await), (429, "too_many_attempts"));
        assert_eq!(code(&client.post(URL, json!({})).await), (422, "missing_required"));
        assert_eq!(hall.secretary.get(&hall.url("/room")).await.json["present"], json!(0));
    }

    async fn far_away_members_come_by_their_own_link_only(place: Place) {
        let mut hall = Hall::new(place).await;
        hall.open().await;
        let link = hall.secretary.get(&hall.url(&format!("/links/{}", hall.members[2]))).await.json;
        let token = link["path"].as_str().unwrap().strip_prefix("/check-in/").unwrap().to_owned();
        let other = member(&hall, 3).await;
        assert_eq!(code(&other.post(URL, json!({ "token": token })).await), (422, "not_your_link"));
        assert_eq!(code(&other.get(&format!("{URL}/{token}")).await), (422, "not_your_link"));
        let own = member(&hall, 2).await;
        let altered = token.replacen(&hall.members[2].to_string(), &hall.members[3].to_string(), 1);
        assert_eq!(code(&other.post(URL, json!({ "token": altered })).await), (422, "link_over"));
        assert_eq!(own.post(URL, json!({ "token": token })).await.json["how"], "link");
        assert_eq!(own.get("/api/me/meetings").await.json["items"][0]["attendance"], "present");
        assert!(other.get("/api/me/meetings").await.json["items"][0]["link"].as_str().unwrap().starts_with("/check-in/"));
        let stranger = hall.site.office.member(1, "庚七").await;
        let url = hall.url(&format!("/links/{stranger}"));
        assert_eq!(code(&hall.secretary.get(&url).await), (422, "not_called"));
    }

    async fn whoever_is_not_called_finds_nothing(place: Place) {
        let mut hall = Hall::new(place).await;
        hall.open().await;
        let stranger = hall.site.office.member(1, "庚七").await;
        let client = hall.site.bound(Role::Member, &hall.site.office.branches[1], Some(stranger)).await;
        let (scanned, _) = token(&hall).await;
        assert_eq!(client.get("/api/me/meetings").await.json["items"], json!([]));
        assert_eq!(code(&client.get(&format!("{URL}/{scanned}")).await), (404, "not_found"));
        assert_eq!(code(&client.post(URL, json!({ "token": scanned })).await), (404, "not_found"));
        let id = hall.meeting["id"].as_str().unwrap();
        assert_eq!(code(&client.post(&format!("/api/me/meetings/{id}/absence"), json!({ "reason": "出差" })).await), (404, "not_found"));
        assert_eq!(code(&client.post(URL, json!({ "token": "c.x.y" })).await), (404, "not_found"));
        let unbound = hall.site.signed_in(Role::Member, &hall.site.office.top).await;
        assert_eq!(code(&unbound.get("/api/me/meetings").await), (422, "not_bound"));
    }

    async fn a_member_says_why_he_or_she_cannot_come(place: Place) {
        let mut hall = Hall::new(place).await;
        hall.planned().await;
        hall.step("notice", json!({})).await;
        let client = member(&hall, 4).await;
        let url = format!("/api/me/meetings/{}/absence", hall.meeting["id"].as_str().unwrap());
        assert_eq!(code(&client.post(&url, json!({ "reason": " " })).await), (422, "missing_required"));
        assert_eq!(client.post(&url, json!({ "reason": "在外地出差" })).await.status.as_u16(), 204);
        let own = &client.get("/api/me/meetings").await.json["items"][0];
        assert_eq!((&own["attendance"], &own["reason"]), (&json!("absent"), &json!("在外地出差")));
        let seen = hall.secretary.get(&hall.url("")).await.json;
        let attendee = seen["attendees"].as_array().unwrap().iter().find(|one| one["name"] == "戊五").unwrap().clone();
        assert_eq!((&attendee["attendance"], &attendee["reason"]), (&json!("absent"), &json!("在外地出差")));
        assert_eq!(seen["heard"]["absent"], json!(1));
        let ledger = hall.site.signed_in(Role::Auditor, &hall.site.office.top).await.get("/api/ledger").await.text;
        assert!(!ledger.contains("在外地出差") && !ledger.contains("戊五"), "the ledger names nobody");
        hall.step("open", json!({ "from": "14:30" })).await;
        hall.roll(5).await;
        assert_eq!(code(&client.post(&url, json!({ "reason": "不去了" })).await), (422, "is_present"));
        assert_eq!(client.get("/api/me/meetings").await.json["items"][0]["reason"], Value::Null);
    }
}

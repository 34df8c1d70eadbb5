//! /api/notices: the inbox, live, wishes, rhythm, calendars.

use crate::site::{Answer, Client, Site};
use http_body_util::BodyExt;
use icalendar::{Calendar, CalendarComponent, Component};
use rules::access::Role;
use rules::ids::PersonId;
use serde_json::{Value, json};
use server::plan_once;
use std::time::Duration;
use testbed::on_both;

fn code(answer: &Answer) -> String {
    format!("{} {}", answer.status.as_u16(), answer.json["code"].as_str().unwrap_or_default())
}

fn pointers(answer: &Answer) -> Vec<&str> {
    let errors = answer.json["errors"].as_array().unwrap_or_else(|| panic!("{}", answer.text));
    errors.iter().map(|error| error["pointer"].as_str().unwrap()).collect()
}

async fn inbox(client: &Client) -> Value {
    let answer = client.get("/api/notices").await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.text);
    answer.json
}

fn titles(inbox: &Value) -> Vec<&str> {
    inbox["items"].as_array().unwrap().iter().map(|item| item["title"].as_str().unwrap()).collect()
}

/// Events as they come.
struct Events {
    body: axum::body::Body,
    rest: String,
}

impl Events {
    async fn open(client: &Client, headers: &[(&str, &str)]) -> Self {
        let response = client.open("/api/notices/live", headers).await;
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        assert_eq!(response.headers()["x-accel-buffering"], "no");
        Events { body: response.into_body(), rest: String::new() }
    }

    /// The next event as name, id and data; none when the connection has ended.
    async fn next(&mut self) -> Option<(String, String, Value)> {
        loop {
            if let Some((event, rest)) = self.rest.clone().split_once("\n\n") {
                self.rest = rest.to_owned();
                let part = |name: &str| {
                    event.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default().trim().to_owned()
                };
                if !event.starts_with(':') {
                    let data = serde_json::from_str(&part("data:")).unwrap();
                    return Some((part("event:"), part("id:"), data));
                }
            } else {
                let frame = tokio::time::timeout(Duration::from_secs(10), self.body.frame()).await.expect("an event");
                self.rest.push_str(std::str::from_utf8(&frame?.unwrap().into_data().unwrap()).unwrap());
            }
        }
    }
}

/// A branch with a secretary; nothing has been done there this year.
async fn late_branch(place: testbed::Place) -> (Site, Client) {
    let site = Site::with_branches(place, 2).await;
    let secretary = site.signed_in(Role::Secretary, &site.office.branches[0]).await;
    (site, secretary)
}

on_both! {
    async fn what_a_branch_has_not_done_is_in_its_secretarys_inbox(place: Place) {
        let (site, secretary) = late_branch(place).await;
        let written = plan_once(&site.app, site.office.root).await.unwrap();
        assert!(written > 0);
        assert_eq!(plan_once(&site.app, site.office.root).await.unwrap(), 0);
        let shown = inbox(&secretary).await;
        let late = "已逾期：召开2026年第1季度支部党员大会";
        let notice = shown["items"].as_array().unwrap().iter().find(|item| item["title"] == late).unwrap();
        assert_eq!(notice["kind"], "overdue");
        assert_eq!(notice["rule"], "MEET-01");
        assert_eq!(notice["detail"], "第1党支部，2026年3月31日到期，请尽快办理");
        assert_eq!(notice["link"], format!("/meetings?new=members_meeting&org={}", site.office.branches[0].id));
        assert_eq!(shown["unread"], shown["items"].as_array().unwrap().len());
    }

    async fn each_role_hears_of_its_own(place: Place) {
        let (site, secretary) = late_branch(place).await;
        let staff = site.staff().await;
        let supervisor = site.signed_in(Role::Supervisor, &site.office.top).await;
        let person = site.office.member(0, "张三丰").await;
        let member = site.bound(Role::Member, &site.office.branches[0], Some(person)).await;
        plan_once(&site.app, site.office.root).await.unwrap();
        let up = inbox(&staff).await;
        assert!(titles(&up).contains(&"下级逾期：召开2026年第1季度支部党员大会"), "{up}");
        // The second branch has nobody: the staff above acts for it.
        assert!(titles(&up).contains(&"已逾期：召开2026年第1季度支部党员大会"), "{up}");
        assert_eq!(titles(&inbox(&supervisor).await), [""; 0]);
        assert_eq!(titles(&inbox(&member).await), ["完成2026年学习培训学时"]);
        for client in [&secretary, &staff, &member] {
            assert!(!inbox(client).await.to_string().contains("张三丰"));
        }
        for role in [Role::SystemAdmin, Role::SecurityAdmin, Role::Auditor] {
            let client = site.signed_in(role, &site.office.top).await;
            assert_eq!(titles(&inbox(&client).await), [""; 0]);
        }
    }

    async fn a_notice_is_read_alone_or_with_all_that_was_seen(place: Place) {
        let (site, secretary) = late_branch(place).await;
        plan_once(&site.app, site.office.root).await.unwrap();
        let shown = inbox(&secretary).await;
        let (first, all) = (shown["items"][0]["id"].as_str().unwrap(), shown["unread"].as_i64().unwrap());
        let read = secretary.post(&format!("/api/notices/{first}/read"), json!({})).await;
        assert_eq!(read.status.as_u16(), 204);
        assert_eq!(inbox(&secretary).await["unread"], all - 1);
        let stranger = site.signed_in(Role::Secretary, &site.office.branches[1]).await;
        assert_eq!(code(&stranger.post(&format!("/api/notices/{first}/read"), json!({})).await), "404 not_found");
        assert_eq!(secretary.post("/api/notices/read", json!({ "up_to": first })).await.status.as_u16(), 204);
        assert_eq!(inbox(&secretary).await["unread"], 0);
        assert_eq!(code(&secretary.post("/api/notices/read", json!({ "up_to": "x" })).await), "422 bad_request");
        assert_eq!(code(&secretary.get("/api/notices?cursor=zz").await), "422 bad_request");
        assert_eq!(code(&secretary.get("/api/notices?cursor=%E6%9C%AA").await), "422 bad_request");
    }

    async fn an_inbox_is_turned_page_by_page(place: Place) {
        let (site, secretary) = late_branch(place).await;
        plan_once(&site.app, site.office.root).await.unwrap();
        let raw = site.office.place.raw().await;
        for n in 0..60 {
            sqlx::query(
                "INSERT INTO notice (root_org, id, account_id, seq, kind, title, detail, line, link, rule, created_at, unread) \
                 SELECT root_org, id + $1, account_id, seq, kind, title, detail, line, link, rule, created_at, 1 FROM notice \
                 WHERE id = (SELECT MIN(id) FROM notice WHERE title LIKE '%第1季度支部党员大会' AND id < 4000000000000000000)",
            )
            .bind(4_000_000_000_000_000_000_i64 + n)
            .execute(&raw)
            .await
            .unwrap();
        }
        let first = inbox(&secretary).await;
        let next = first["next"].as_str().unwrap();
        let second = secretary.get(&format!("/api/notices?cursor={next}")).await.json;
        assert_eq!(first["items"].as_array().unwrap().len(), 50);
        let total = 50 + second["items"].as_array().unwrap().len() as i64;
        assert_eq!((first["unread"].as_i64(), second["next"].clone()), (Some(total), Value::Null));
    }

    async fn the_bell_rings_live_and_goes_on_where_it_was_cut_off(place: Place) {
        let (site, secretary) = late_branch(place).await;
        let mut events = Events::open(&secretary, &[]).await;
        let (name, _, data) = events.next().await.unwrap();
        assert_eq!((name.as_str(), data), ("unread", json!({ "unread": 0 })));
        let written = plan_once(&site.app, site.office.root).await.unwrap();
        let mut ids = Vec::new();
        let unread = loop {
            let (name, id, data) = events.next().await.unwrap();
            match name.as_str() {
                "notice" => ids.push(id),
                _ => break data["unread"].as_u64().unwrap() as usize,
            }
        };
        assert_eq!(ids.len(), unread);
        assert!(unread <= written);
        let mut resumed = Events::open(&secretary, &[("last-event-id", &ids[0])]).await;
        for id in &ids[1..] {
            assert_eq!(&resumed.next().await.unwrap().1, id);
        }
        assert_eq!(resumed.next().await.unwrap().0, "unread");
        let mut lost = Events::open(&secretary, &[("last-event-id", "nonsense")]).await;
        assert_eq!(lost.next().await.unwrap().0, "unread");
    }

    async fn reading_in_one_window_is_told_to_the_other(place: Place) {
        let (site, secretary) = late_branch(place).await;
        plan_once(&site.app, site.office.root).await.unwrap();
        let mut events = Events::open(&secretary, &[]).await;
        let unread = events.next().await.unwrap().2["unread"].as_i64().unwrap();
        let first = inbox(&secretary).await["items"][0]["id"].as_str().unwrap().to_owned();
        secretary.post(&format!("/api/notices/{first}/read"), json!({})).await;
        let (name, _, data) = events.next().await.unwrap();
        assert_eq!((name.as_str(), data), ("unread", json!({ "unread": unread - 1 })));
    }

    async fn news_written_by_another_instance_arrives_too(place: Place) {
        let (site, secretary) = late_branch(place).await;
        let mut events = Events::open(&secretary, &[]).await;
        events.next().await.unwrap();
        let other = server::App::new(site.office.store.clone(), site.app.config.clone());
        plan_once(&other, site.office.root).await.unwrap();
        // The server's own look at the store, which it takes every two seconds.
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = tokio::spawn(server::serve(site.app.clone(), listener, std::future::pending()));
        assert_eq!(events.next().await.unwrap().0, "notice");
        server.abort();
    }

    async fn the_connection_ends_with_the_session(place: Place) {
        let (site, secretary) = late_branch(place).await;
        let mut events = Events::open(&secretary, &[]).await;
        events.next().await.unwrap();
        assert_eq!(secretary.delete("/api/session").await.status.as_u16(), 204);
        plan_once(&site.app, site.office.root).await.unwrap();
        assert_eq!(events.next().await, None);
    }

    async fn the_connection_ends_when_the_server_is_told_to_stop(place: Place) {
        let (site, secretary) = late_branch(place).await;
        let mut events = Events::open(&secretary, &[]).await;
        events.next().await.unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        server::serve(site.app.clone(), listener, std::future::ready(())).await.unwrap();
        assert_eq!(events.next().await, None);
    }

    async fn wishes_are_kept_and_all_their_faults_named_at_once(place: Place) {
        let (_site, secretary) = late_branch(place).await;
        let shown = secretary.get("/api/notices/wishes").await.json;
        assert_eq!((&shown["quiet"], &shown["digest_hour"]), (&json!({ "from": 22, "to": 7 }), &json!(8)));
        assert_eq!((&shown["mail_available"], &shown["address"]), (&json!(false), &Value::Null));
        let wishes = json!({ "quiet": { "from": 21, "to": 8 }, "digest_hour": null, "mail": ["overdue"], "webhook": [] });
        assert_eq!(secretary.put("/api/notices/wishes", wishes).await.status.as_u16(), 204);
        let shown = secretary.get("/api/notices/wishes").await.json;
        assert_eq!((&shown["quiet"]["from"], &shown["digest_hour"]), (&json!(21), &Value::Null));
        assert_eq!((&shown["mail"], &shown["webhook"]), (&json!(["overdue"]), &json!([])));
        let bad = json!({ "quiet": { "from": 7, "to": 7 }, "digest_hour": 24, "mail": [], "webhook": [] });
        let refused = secretary.put("/api/notices/wishes", bad).await;
        assert_eq!(pointers(&refused), ["/quiet", "/digest_hour"]);
        let unknown = json!({ "digest_hour": 8, "mail": ["gossip"], "webhook": [] });
        assert_eq!(code(&secretary.put("/api/notices/wishes", unknown).await), "422 bad_request");
        let no_mail = secretary.post("/api/notices/address", json!({ "address": "a@example.com" })).await;
        assert_eq!(code(&no_mail), "422 no_mail");
    }

    async fn the_rhythm_is_set_for_the_whole_enterprise_from_the_top(place: Place) {
        let (site, _) = late_branch(place).await;
        let staff = site.staff().await;
        let shown = staff.get("/api/notices/rhythm").await.json;
        assert_eq!(shown, json!({ "soon_days": 3, "escalate_days": 7, "may_set": true }));
        let refused = staff.put("/api/notices/rhythm", json!({ "soon_days": 0, "escalate_days": 91 })).await;
        assert_eq!(pointers(&refused), ["/soon_days", "/escalate_days"]);
        assert_eq!(staff.put("/api/notices/rhythm", json!({ "soon_days": 5, "escalate_days": 10 })).await.status.as_u16(), 204);
        assert_eq!(staff.get("/api/notices/rhythm").await.json["soon_days"], 5);
        let below = site.signed_in(Role::PartyStaff, &site.office.branches[0]).await;
        assert_eq!(below.get("/api/notices/rhythm").await.json["may_set"], false);
        let refused = below.put("/api/notices/rhythm", json!({ "soon_days": 5, "escalate_days": 10 })).await;
        assert_eq!(code(&refused), "403 forbidden");
    }

    async fn a_calendar_is_read_at_its_address_until_that_is_made_anew(place: Place) {
        let (site, secretary) = late_branch(place).await;
        let made = secretary.post("/api/notices/calendars", json!({})).await.json;
        let path = made["path"].as_str().unwrap();
        let stranger = site.stranger();
        let answer = stranger.get(path).await;
        assert_eq!(answer.headers["content-type"], "text/calendar; charset=utf-8");
        let found = events_of(&answer.text);
        let meeting = found.iter().find(|event| event.get_summary() == Some("召开2026年第4季度支部党员大会")).unwrap();
        assert_eq!(meeting.property_value("DTSTART"), Some("20261231"));
        let uid = meeting.get_uid().unwrap();
        assert!(uid.starts_with("MEET-01.members_meeting.o"), "{uid}");
        let again = secretary.post("/api/notices/calendars", json!({})).await.json;
        assert_eq!(code(&stranger.get(path).await), "404 not_found");
        let second = stranger.get(again["path"].as_str().unwrap()).await;
        assert!(events_of(&second.text).iter().any(|event| event.get_uid() == Some(uid)));
        assert_eq!(code(&stranger.get("/api/calendar/nonsense.ics").await), "404 not_found");
        assert_eq!(code(&stranger.get("/api/calendar/nonsense").await), "404 not_found");
    }

    async fn a_calendar_of_an_organisation_lasts_as_long_as_the_right_to_see_it(place: Place) {
        let (site, secretary) = late_branch(place).await;
        let branch = &site.office.branches[0];
        site.office.member(0, "张三丰").await;
        let made = secretary.post("/api/notices/calendars", json!({ "org_id": branch.id.to_string() })).await.json;
        let path = made["path"].as_str().unwrap();
        let text = site.stranger().get(path).await.text;
        assert!(text.contains("第1党支部应办") && !text.contains("张三丰"), "{text}");
        assert!(events_of(&text).iter().any(|event| event.get_summary() == Some("1 项党员教育管理工作到期")));
        let foreign = site.office.branches[1].id.to_string();
        assert_eq!(code(&secretary.post("/api/notices/calendars", json!({ "org_id": foreign })).await), "404 not_found");
        let member = site.signed_in(Role::Member, branch).await;
        let org = branch.id.to_string();
        assert_eq!(code(&member.post("/api/notices/calendars", json!({ "org_id": org })).await), "403 forbidden");
        let store = &site.office.store;
        let account = store.account_by_login(&secretary.login).await.unwrap().unwrap();
        let grant = store.grants(site.office.root, account.id).await.unwrap()[0].id;
        store.revoke_grant(site.office.author(), account.id, grant).await.unwrap();
        assert_eq!(code(&site.stranger().get(path).await), "404 not_found");
    }

    async fn a_members_calendar_holds_the_own_duties_only(place: Place) {
        let (site, _) = late_branch(place).await;
        let person: PersonId = site.office.member(0, "张三丰").await;
        site.office.member(0, "李四光").await;
        let member = site.bound(Role::Member, &site.office.branches[0], Some(person)).await;
        let made = member.post("/api/notices/calendars", json!({})).await.json;
        let found = events_of(&site.stranger().get(made["path"].as_str().unwrap()).await.text);
        let uids: Vec<&str> = found.iter().filter_map(|event| event.get_uid()).collect();
        assert_eq!(uids, [format!("EDU-01.learning_hours.p{person}.20260101.1@{}.dangjian", site.office.root)]);
        let listed = member.get("/api/notices/calendars").await.json;
        let id = listed["items"][0]["id"].as_str().unwrap();
        assert_eq!(member.delete(&format!("/api/notices/calendars/{id}")).await.status.as_u16(), 204);
        assert_eq!(code(&member.delete(&format!("/api/notices/calendars/{id}")).await), "404 not_found");
    }
}

fn events_of(text: &str) -> Vec<icalendar::Event> {
    let calendar: Calendar = text.parse().unwrap_or_else(|e| panic!("{e}: {text}"));
    let events = calendar.components.into_iter().filter_map(|component| match component {
        CalendarComponent::Event(event) => Some(event),
        _ => None,
    });
    events.collect()
}

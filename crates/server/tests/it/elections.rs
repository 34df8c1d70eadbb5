//! /api/elections: from the request to the confirmation, who takes which step, what is refused.

use crate::site::{Client, Site};
use rules::access::Role;
use serde_json::{Value, json};
use testbed::on_both;

const NAMES: [&str; 8] = ["丁一", "王二", "张三", "李四", "赵五", "钱六", "孙七", "周八"];

struct Desk {
    site: Site,
    people: Vec<String>,
    secretary: Client,
    staff: Client,
    id: String,
    version: i64,
}

impl Desk {
    async fn new(place: testbed::Place) -> Self {
        let site = Site::with_branches(place, 2).await;
        let mut people = Vec::new();
        for name in NAMES {
            people.push(site.office.member(0, name).await.to_string());
        }
        let secretary = site.signed_in(Role::Secretary, &site.office.branches[0]).await;
        let staff = site.staff().await;
        let new = json!({ "org_id": site.office.branches[0].id, "kind": "re_election", "seats": 3, "planned_on": "2026-11-24" });
        let begun = secretary.post("/api/elections", new).await;
        assert_eq!(begun.status.as_u16(), 200, "{}", begun.text);
        let id = begun.json["id"].as_str().unwrap().to_owned();
        Desk { site, people, secretary, staff, id, version: 1 }
    }

    /// Takes a step as the branch's secretary; what came of it, and the codes of a refusal.
    async fn step(&mut self, body: Value) -> Value {
        self.take("steps", body).await
    }

    async fn take(&mut self, way: &str, mut body: Value) -> Value {
        body["version"] = json!(self.version);
        let client = if way == "steps" { &self.secretary } else { &self.staff };
        let answer = client.post(&format!("/api/elections/{}/{way}", self.id), body).await;
        if answer.status.as_u16() == 200 {
            self.version = answer.json["version"].as_i64().unwrap();
        }
        answer.json
    }

    fn nominate(&self) -> Value {
        json!({ "step": "nominate", "candidates": self.people[..4], "tellers": [self.people[7]] })
    }

    fn counts(&self, votes: [u32; 4]) -> Value {
        let count =
            |(person, votes): (&String, u32)| json!({ "person_id": person, "in_favour": votes, "against": 8 - votes });
        json!(self.people.iter().zip(votes).map(count).collect::<Vec<_>>())
    }
}

on_both! {
    async fn an_election_is_taken_through_all_its_steps(place: Place) {
        let mut desk = Desk::new(place).await;
        desk.step(desk.nominate()).await;
        assert_eq!(desk.step(json!({ "step": "request", "on": "2026-11-01" })).await["state"], "requested");
        assert_eq!(desk.take("decisions", json!({ "decision": "approve", "on": "2026-11-05", "note": "同意" })).await["state"], "approved");
        let held = desk.step(json!({ "step": "hold", "on": "2026-11-20", "place": "会议室", "present": 7 })).await;
        assert_eq!((&held["state"], &held["thresholds"]["quorum"], &held["thresholds"]["votes"]), (&json!("held"), &json!(7), &json!(5)));
        let counts = desk.counts([7, 7, 6, 1]);
        let refused = desk.step(json!({ "step": "tally", "issued": 7, "returned": 7, "invalid": 0, "counts": counts })).await;
        assert_eq!(refused["code"], "bad_count", "{refused}");
        let count = |n: usize, votes: u32| json!({ "person_id": desk.people[n], "in_favour": votes, "against": 7 - votes });
        let counts = json!([count(0, 7), count(1, 7), count(2, 6), count(3, 1)]);
        let elected = desk.step(json!({ "step": "tally", "issued": 7, "returned": 7, "invalid": 0, "counts": counts })).await;
        assert_eq!((&elected["state"], elected["elected"].as_array().map(Vec::len)), (&json!("elected"), Some(3)));
        assert_eq!(elected["rounds"][0]["counts"][0]["verdict"], "elected");
        let post = |n: usize, post: &str| json!({ "person_id": desk.people[n], "post": post, "in_favour": 3 });
        let posts = json!([post(0, "secretary"), post(1, "organisation_officer"), post(2, "discipline_officer")]);
        assert_eq!(desk.step(json!({ "step": "assign", "posts": posts })).await["state"], "assigned");
        assert_eq!(desk.step(json!({ "step": "report", "on": "2026-11-21" })).await["state"], "reported");
        assert_eq!(desk.take("decisions", json!({ "decision": "confirm", "on": "2026-11-24" })).await["state"], "confirmed");
        let org = desk.staff.get(&format!("/api/orgs/{}", desk.site.office.branches[0].id)).await;
        assert_eq!(org.json["term_from"], "2026-11-20", "{}", org.text);
    }

    async fn the_branch_does_not_decide_for_its_superior(place: Place) {
        let mut desk = Desk::new(place).await;
        desk.step(desk.nominate()).await;
        desk.step(json!({ "step": "request", "on": "2026-11-01" })).await;
        let url = format!("/api/elections/{}/decisions", desk.id);
        let approve = json!({ "decision": "approve", "version": desk.version, "on": "2026-11-05" });
        let own = desk.secretary.post(&url, approve.clone()).await;
        assert_eq!(own.status.as_u16(), 403, "{}", own.text);
        assert_eq!(desk.secretary.get(&format!("/api/elections/{}", desk.id)).await.json["may_act"], false);
        assert_eq!(desk.staff.get(&format!("/api/elections/{}", desk.id)).await.json["may_act"], true);
        assert_eq!(desk.staff.post(&url, approve).await.status.as_u16(), 200);
    }

    async fn outside_the_own_subtree_there_is_no_election(place: Place) {
        let desk = Desk::new(place).await;
        let other = desk.site.signed_in(Role::Secretary, &desk.site.office.branches[1]).await;
        for path in ["", "/electors", "/papers/request"] {
            assert_eq!(other.get(&format!("/api/elections/{}{path}", desk.id)).await.status.as_u16(), 404, "{path}");
        }
        let cancel = json!({ "step": "cancel", "version": 1, "reason": "x" });
        assert_eq!(other.post(&format!("/api/elections/{}/steps", desk.id), cancel).await.status.as_u16(), 404);
        assert_eq!(other.get("/api/elections").await.json["items"], json!([]));
        assert_eq!(desk.secretary.get("/api/elections?open=true").await.json["items"][0]["id"], json!(desk.id));
    }

    async fn vote_03_a_candidate_without_rights_is_refused_and_not_offered(place: Place) {
        let mut desk = Desk::new(place).await;
        let status = json!({ "person_id": desk.people[1], "kind": "without_rights", "from": "2026-01-01", "ground": "留党察看一年" });
        assert_eq!(desk.secretary.post("/api/statuses", status).await.status.as_u16(), 200);
        let electors = desk.secretary.get(&format!("/api/elections/{}/electors", desk.id)).await;
        assert!(!electors.text.contains("王二") && electors.text.contains("丁一"), "{}", electors.text);
        let refused = desk.step(desk.nominate()).await;
        assert_eq!((&refused["errors"][0]["pointer"], &refused["errors"][0]["code"]), (&json!("/candidates"), &json!("not_eligible")));
        assert!(refused["errors"][0]["message"].as_str().unwrap().contains("VOTE-03"), "{refused}");
    }

    async fn a_refusal_names_the_rule_and_the_field(place: Place) {
        let mut desk = Desk::new(place).await;
        let refused = desk.step(json!({ "step": "nominate", "candidates": desk.people[..4], "tellers": [desk.people[0]] })).await;
        assert_eq!(refused["errors"][0]["pointer"], "/tellers");
        assert!(refused["errors"][0]["message"].as_str().unwrap().contains("ELEC-03"), "{refused}");
        let refused = desk.step(json!({ "step": "hold", "on": "2026-13-01", "place": "", "present": 1 })).await;
        assert_eq!(refused["errors"][0]["code"], "bad_date");
    }
}

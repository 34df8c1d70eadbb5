//! /api/meetings: from the plan to the archive, who may, what is refused at which field.

mod papers;
mod year;

use crate::site::{Answer, Client, Site};
use rules::access::Role;
use rules::codes::Stage;
use rules::ids::PersonId;
use rules::intake::Draft;
use rules::member::Record;
use serde_json::{Value, json};
use testbed::{TODAY, draft, on_both};

const NAMES: [&str; 5] = ["甲一", "乙二", "丙三", "丁四", "戊五"];

/// A branch of five full members and one on probation, its secretary and its meeting.
pub(crate) struct Hall {
    pub(crate) site: Site,
    pub(crate) members: Vec<PersonId>,
    pub(crate) probationary: PersonId,
    pub(crate) secretary: Client,
    /// The meeting as last answered.
    pub(crate) meeting: Value,
}

fn codes(answer: &Answer) -> Vec<String> {
    let errors = answer.json["errors"].as_array().cloned().unwrap_or_default();
    let of = |error: &Value| {
        format!("{} {}", error["pointer"].as_str().unwrap_or_default(), error["code"].as_str().unwrap_or_default())
    };
    errors.iter().map(of).collect()
}

impl Hall {
    pub(crate) async fn new(place: testbed::Place) -> Self {
        let site = Site::with_branches(place, 2).await;
        let mut members = Vec::new();
        for name in NAMES {
            members.push(site.office.member(0, name).await);
        }
        let new = Draft { stage: Some(Stage::Probationary), full_on: None, ..draft("己六", 901) };
        let record = Record::new(&new, site.office.branches[0].id).unwrap();
        let probationary = site.office.store.create_person(site.office.author(), record, TODAY, "").await.unwrap();
        let secretary = site.bound(Role::Secretary, &site.office.branches[0], Some(members[0])).await;
        Hall { site, members, probationary, secretary, meeting: Value::Null }
    }

    pub(crate) fn plan(&self) -> Value {
        json!({
            "org_id": self.site.office.branches[0].id, "activities": ["members_meeting"], "title": "第四季度支部党员大会",
            "place": "三楼会议室", "on": "2026-11-24", "at": "14:30", "host": self.members[0], "recorder": self.members[1],
            "remote": true, "learning_tenths": 20, "agenda": ["讨论接收王某为预备党员"],
        })
    }

    pub(crate) async fn planned(&mut self) {
        let answer = self.secretary.post("/api/meetings", self.plan()).await;
        assert_eq!(answer.status.as_u16(), 200, "{}", answer.text);
        self.meeting = answer.json;
    }

    pub(crate) fn url(&self, rest: &str) -> String {
        format!("/api/meetings/{}{rest}", self.meeting["id"].as_str().unwrap())
    }

    /// Takes a step on the version last seen.
    pub(crate) async fn try_step(&mut self, step: &str, mut body: Value) -> Answer {
        body["step"] = json!(step);
        if body["version"].is_null() {
            body["version"] = self.meeting["version"].clone();
        }
        let answer = self.secretary.post(&self.url("/steps"), body).await;
        if answer.status.as_u16() == 200 {
            self.meeting = answer.json.clone();
        }
        answer
    }

    pub(crate) async fn step(&mut self, step: &str, body: Value) {
        let answer = self.try_step(step, body).await;
        assert_eq!(answer.status.as_u16(), 200, "{}", answer.text);
    }

    pub(crate) async fn open(&mut self) {
        self.planned().await;
        self.step("notice", json!({})).await;
        self.step("open", json!({ "from": "14:35" })).await;
    }

    /// So many of the five come, the others stay away; the one on probation comes.
    pub(crate) async fn roll(&mut self, present: usize) {
        let come = |(at, person): (usize, &PersonId)| {
            if at < present {
                json!({ "person_id": person, "come": "present" })
            } else {
                json!({ "person_id": person, "come": "absent", "reason": "出差" })
            }
        };
        let mut entries: Vec<Value> = self.members.iter().enumerate().map(come).collect();
        entries.push(json!({ "person_id": self.probationary, "come": "present" }));
        let answer =
            self.secretary.post(&self.url("/roll"), json!({ "entries": entries, "reason": "没有带手机" })).await;
        assert_eq!(answer.status.as_u16(), 200, "{}", answer.text);
        self.meeting = answer.json;
    }

    pub(crate) fn resolution(&self, kind: &str, votes: [u32; 3]) -> Value {
        let [in_favour, against, abstained] = votes;
        json!({ "resolution": {
            "item": self.meeting["items"][0]["id"], "kind": kind, "text": "同意接收王某为预备党员。",
            "in_favour": in_favour, "against": against, "abstained": abstained,
        } })
    }

    async fn write_minutes(&mut self) {
        let item = json!({ "id": self.meeting["items"][0]["id"], "title": self.meeting["items"][0]["title"], "notes": "介绍人介绍情况，与会党员发表意见。" });
        self.step("agenda", json!({ "items": [item] })).await;
    }

    pub(crate) async fn archived(&mut self) {
        self.open().await;
        self.roll(4).await;
        let resolution = self.resolution("admission", [4, 0, 0]);
        self.step("resolve", resolution).await;
        self.write_minutes().await;
        self.step("close", json!({ "to": "16:00" })).await;
        self.step("confirm", json!({})).await;
        self.step("archive", json!({})).await;
    }
}

on_both! {
    async fn a_meeting_goes_from_the_plan_to_the_archive(place: Place) {
        let mut hall = Hall::new(place).await;
        hall.planned().await;
        assert_eq!((&hall.meeting["state"], &hall.meeting["circle"]), (&json!("planned"), &json!("members")));
        assert_eq!(hall.meeting["items"][0]["title"], "讨论接收王某为预备党员");
        hall.step("notice", json!({})).await;
        assert_eq!((&hall.meeting["heard"]["expected"], &hall.meeting["heard"]["voters"]), (&json!(6), &json!(5)));
        hall.step("open", json!({ "from": "14:35" })).await;
        assert_eq!((&hall.meeting["quorum"]["needed"], &hall.meeting["quorum"]["met"]), (&json!(3), &json!(false)));
        hall.roll(4).await;
        assert_eq!((&hall.meeting["quorum"]["met"], &hall.meeting["heard"]["present"]), (&json!(true), &json!(5)));
        let resolution = hall.resolution("admission", [4, 0, 0]);
        hall.step("resolve", resolution).await;
        let resolved = &hall.meeting["resolutions"][0];
        assert_eq!((&resolved["result"], &resolved["kind_name"]), (&json!("passed"), &json!("接收预备党员")));
        assert_eq!(resolved["arithmetic"], "赞成 4 票，超过应到有表决权 5 人的半数（2.5），通过（VOTE-02）。");
        hall.step("close", json!({ "to": "16:00" })).await;
        let lacking = hall.meeting["missing"].as_array().unwrap().clone();
        assert_eq!(lacking.len(), 1, "{lacking:?}");
        assert_eq!((&lacking[0]["rule"], lacking[0]["field"].as_str().unwrap().starts_with("/items/")), (&json!("MEET-09"), true));
        hall.write_minutes().await;
        hall.step("confirm", json!({})).await;
        assert_eq!((&hall.meeting["confirmed"]["by_host"], &hall.meeting["is_host"]), (&json!(true), &json!(true)));
        hall.step("archive", json!({})).await;
        assert_eq!(hall.meeting["state"], "archived");
        let list = hall.secretary.get("/api/meetings?state=archived&activity=members_meeting&from=2026-11-01&to=2026-11-30").await.json;
        assert_eq!((list["items"].as_array().unwrap().len(), &list["items"][0]["heard"]["present"]), (1, &json!(5)));
        assert!(hall.site.office.store.verify_ledger(hall.site.office.root).await.unwrap().faults.is_empty());
    }

    async fn what_the_rules_forbid_is_refused_at_its_field_with_the_rule(place: Place) {
        let mut hall = Hall::new(place).await;
        let mut plan = hall.plan();
        plan["activities"] = json!(["group_meeting", "nonsense"]);
        plan["on"] = json!("2026-02-30");
        plan["at"] = json!("25:00");
        assert_eq!(codes(&hall.secretary.post("/api/meetings", plan).await), ["/activities unknown_code", "/on bad_date", "/at bad_time"]);
        let mut plan = hall.plan();
        plan["activities"] = json!(["group_meeting"]);
        plan["title"] = json!(" ");
        let refused = hall.secretary.post("/api/meetings", plan).await;
        assert_eq!(codes(&refused), ["/activities activity_place", "/title missing_required"]);
        assert!(refused.json["detail"].as_str().unwrap().contains("MEET-03"));

        hall.open().await;
        hall.roll(2).await;
        let early = hall.resolution("admission", [2, 0, 0]);
        let refused = hall.try_step("resolve", early).await;
        assert_eq!((refused.status.as_u16(), codes(&refused)), (422, vec!["/present_voters no_quorum".to_owned()]));
        assert!(refused.json["detail"].as_str().unwrap().contains("VOTE-01"));
        let kinds = hall.meeting["vote_kinds"].as_array().unwrap().clone();
        assert_eq!((&kinds[0]["refused"]["rule"], &kinds[3]["refused"]), (&json!("VOTE-01"), &Value::Null));
        hall.roll(4).await;
        let too_many = hall.resolution("ordinary", [5, 1, 0]);
        let refused = hall.try_step("resolve", too_many).await;
        assert_eq!((refused.status.as_u16(), codes(&refused)), (422, vec!["/in_favour too_many_votes".to_owned()]));
        assert!(refused.json["detail"].as_str().unwrap().contains("VOTE-04"));
        let refused = hall.try_step("archive", json!({})).await;
        assert_eq!((refused.status.as_u16(), &refused.json["code"]), (422, &json!("meeting_state")));
        assert_eq!(hall.try_step("close", json!({ "to": "14:00" })).await.json["code"], "bad_time");
        assert_eq!(hall.try_step("cancel", json!({ "reason": "不" })).await.json["code"], "reason_too_short");
    }

    async fn a_vote_is_weighed_before_it_is_written(place: Place) {
        let mut hall = Hall::new(place).await;
        hall.open().await;
        hall.roll(4).await;
        let weigh = async |query: &str| hall.secretary.get(&hall.url(&format!("/vote?{query}"))).await.json;
        let void = weigh("kind=admission&in_favour=4&against=2").await;
        assert_eq!((&void["refused"][0]["code"], &void["result"]), (&json!("too_many_votes"), &Value::Null));
        let lost = weigh("kind=admission&in_favour=2&against=2").await;
        assert_eq!((&lost["refused"], &lost["result"]), (&json!([]), &json!("not_passed")));
        assert_eq!(weigh("kind=admission&written=1&in_favour=5").await["result"], "passed");
        assert_eq!(weigh("kind=nonsense").await["code"], "unknown_code");
        assert_eq!(hall.secretary.get(&hall.url("")).await.json["resolutions"], json!([]));
    }

    async fn two_at_one_step_and_the_second_is_told(place: Place) {
        let mut hall = Hall::new(place).await;
        hall.planned().await;
        let version = hall.meeting["version"].clone();
        hall.step("notice", json!({})).await;
        let late = hall.try_step("cancel", json!({ "version": version, "reason": "改为下周召开" })).await;
        assert_eq!((late.status.as_u16(), &late.json["code"]), (409, &json!("stale")));
        // Who checks in meanwhile does not disturb whoever writes.
        hall.step("open", json!({ "from": "14:35" })).await;
        let version = hall.meeting["version"].clone();
        hall.roll(3).await;
        assert_eq!(hall.meeting["version"], version);
    }

    async fn a_resolution_on_a_case_of_another_branch_is_refused(place: Place) {
        let mut hall = Hall::new(place).await;
        hall.planned().await;
        hall.step("notice", json!({})).await;
        hall.step("open", json!({ "from": "14:35" })).await;
        hall.roll(5).await;
        let other = hall.site.office.applicant(1, "赵六").await.case;
        for case in [other.to_string(), "9".to_owned()] {
            let resolution = json!({
                "item": hall.meeting["items"][0]["id"], "kind": "admission", "text": "同意接收", "subject_kind": "case", "subject_id": case,
                "written": 0, "in_favour": 4, "against": 0, "abstained": 0,
            });
            let body = json!({ "version": hall.meeting["version"], "resolution": resolution });
            assert_eq!(codes(&hall.try_step("resolve", body).await), ["/subject unknown_case"]);
        }
    }

    async fn postponed_cancelled_and_corrected_with_reasons(place: Place) {
        let mut hall = Hall::new(place).await;
        hall.planned().await;
        let mut edit = hall.plan();
        edit["version"] = hall.meeting["version"].clone();
        edit["title"] = json!("讨论接收预备党员");
        let edited = hall.secretary.put(&hall.url("/plan"), edit).await;
        assert_eq!((edited.status.as_u16(), &edited.json["plan"]["title"]), (200, &json!("讨论接收预备党员")));
        hall.meeting = edited.json;
        hall.step("notice", json!({})).await;
        hall.step("postpone", json!({ "on": "2026-11-27", "at": "9:00", "reason": "主持人出差" })).await;
        assert_eq!((&hall.meeting["state"], &hall.meeting["plan"]["at"], &hall.meeting["remark"]), (&json!("planned"), &json!("09:00"), &json!("主持人出差")));
        hall.step("cancel", json!({ "reason": "与上级会议合并" })).await;
        assert_eq!(hall.meeting["state"], "cancelled");
        hall.archived().await;
        hall.step("reopen", json!({ "reason": "票数记错，更正" })).await;
        hall.step("times", json!({ "from": "14:30", "to": "16:10" })).await;
        assert_eq!((&hall.meeting["state"], &hall.meeting["held"]["to"]), (&json!("closed"), &json!("16:10")));
        assert_eq!(hall.site.office.store.activity_counts(hall.site.office.root, &["".to_owned()], (TODAY, TODAY)).await.unwrap(), []);
    }

    async fn outside_the_own_subtree_a_meeting_does_not_exist(place: Place) {
        let mut hall = Hall::new(place).await;
        hall.planned().await;
        let neighbour = hall.site.signed_in(Role::Secretary, &hall.site.office.branches[1]).await;
        assert_eq!(neighbour.get("/api/meetings").await.json["items"], json!([]));
        for path in ["", "/room", "/live", "/code", "/minutes", "/papers", "/preview?of=minutes"] {
            assert_eq!(neighbour.get(&hall.url(path)).await.status.as_u16(), 404, "{path}");
        }
        let body = json!({ "step": "cancel", "version": 1, "reason": "不是我的会议" });
        assert_eq!(neighbour.post(&hall.url("/steps"), body).await.status.as_u16(), 404);
        assert_eq!(neighbour.post("/api/meetings", hall.plan()).await.status.as_u16(), 404);
        let supervisor = hall.site.signed_in(Role::Supervisor, &hall.site.office.top).await;
        assert_eq!(supervisor.get(&hall.url("")).await.json["may_act"], false);
        assert_eq!(supervisor.get(&hall.url("/code")).await.status.as_u16(), 403);
    }

    async fn the_list_goes_on_page_by_page_in_either_order(place: Place) {
        let mut hall = Hall::new(place).await;
        for _ in 0..3 {
            hall.planned().await;
        }
        let branch = hall.site.office.branches[0].id;
        for order in ["false", "true"] {
            let mut seen = Vec::new();
            let mut cursor = String::new();
            loop {
                let page = hall.secretary.get(&format!("/api/meetings?org={branch}&own=true&limit=2&newest={order}&cursor={cursor}")).await.json;
                seen.extend(page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()));
                match page["next"].as_str() {
                    Some(next) => cursor = next.to_owned(),
                    None => break,
                }
            }
            assert_eq!(seen.len(), 3);
            assert_eq!(seen.is_sorted(), order == "false", "{order}");
        }
        assert_eq!(hall.secretary.get("/api/meetings?cursor=x").await.json["code"], "bad_request");
        assert_eq!(hall.secretary.get("/api/meetings?state=lost").await.json["code"], "unknown_code");
    }

    async fn the_room_is_shown_live(place: Place) {
        let mut hall = Hall::new(place).await;
        hall.open().await;
        hall.roll(3).await;
        let room = hall.secretary.get(&hall.url("/room")).await.json;
        assert_eq!((&room["present"], &room["expected"], &room["quorum"]["rule"], &room["host"]), (&json!(4), &json!(6), &json!("MEET-01"), &json!("甲一")));
        // The stream ends once the server is told to stop, and not before it has said how things stand.
        let site = &hall.site;
        let url = hall.url("/live");
        let (answer, ()) = tokio::join!(hall.secretary.get(&url), site.stop_soon());
        assert_eq!(answer.headers["content-type"], "text/event-stream");
        let data = answer.text.lines().find_map(|line| line.strip_prefix("data: ")).unwrap();
        assert_eq!(serde_json::from_str::<Value>(data).unwrap(), room);
    }
}

//! The plan of a year, the form, learning, members excused.

use super::{Hall, codes};
use rules::access::Role;
use serde_json::{Value, json};
use testbed::on_both;

fn branch(hall: &Hall) -> String {
    hall.site.office.branches[0].id.to_string()
}

on_both! {
    async fn the_form_greys_what_does_not_go_together_and_knows_who_is_called(place: Place) {
        let hall = Hall::new(place).await;
        let form = hall.secretary.get(&format!("/api/meetings/form?org={}&activities=members_meeting", branch(&hall))).await.json;
        assert_eq!((&form["circle"], form["called"].as_array().unwrap().len()), (&json!("members"), 6));
        assert_eq!(form["host"], json!(hall.members[0].to_string()), "who plans usually chairs");
        let refused = |key: &str| {
            let all = form["activities"].as_array().unwrap();
            all.iter().find(|one| one["key"] == key).unwrap()["refused"]["rule"].clone()
        };
        assert_eq!((refused("members_meeting"), refused("theme_day")), (Value::Null, Value::Null));
        assert_eq!((refused("committee_meeting"), refused("group_meeting")), (json!("MEET-10"), json!("MEET-03")));
        let unknown = hall.secretary.get("/api/meetings/form?org=x&activities=y").await;
        assert_eq!(codes(&unknown), ["/org unknown_org", "/activities unknown_code"]);
    }

    async fn a_year_is_proposed_and_accepted_whole(place: Place) {
        let hall = Hall::new(place).await;
        let url = format!("/api/meetings/year-plan?org={}&year=2027", branch(&hall));
        let proposal = hall.secretary.get(&url).await.json;
        let items = proposal["items"].as_array().unwrap().clone();
        assert!(items.len() >= 12, "{}", items.len());
        let plan = |item: &Value| {
            let keys: Vec<&Value> = item["activities"].as_array().unwrap().iter().map(|one| &one["key"]).collect();
            json!({ "activities": keys, "title": item["title"], "on": item["on"], "learning_tenths": item["learning_tenths"] })
        };
        let mut plans: Vec<Value> = items.iter().map(plan).collect();
        plans[3]["title"] = json!("");
        let refused = hall.secretary.post("/api/meetings/year-plan", json!({ "org_id": branch(&hall), "plans": plans })).await;
        assert_eq!((refused.status.as_u16(), codes(&refused)), (422, vec!["/3/title missing_required".to_owned()]));
        assert_eq!(hall.secretary.get("/api/meetings").await.json["items"], json!([]), "all or nothing");
        plans[3]["title"] = json!("三月主题党日");
        let accepted = hall.secretary.post("/api/meetings/year-plan", json!({ "org_id": branch(&hall), "plans": plans })).await;
        assert_eq!(accepted.json["planned"], json!(items.len()), "{}", accepted.text);
        let again = hall.secretary.get(&url).await.json;
        assert_eq!((&again["items"], &again["existing"]), (&json!([]), &json!(items.len())), "nothing is proposed twice");
        assert_eq!(hall.secretary.get(&format!("/api/meetings/year-plan?org={}&year=2031", branch(&hall))).await.json["code"], "bad_year");
    }

    async fn hours_come_from_meetings_and_trainings(place: Place) {
        let mut hall = Hall::new(place).await;
        hall.archived().await;
        let persons: Vec<String> = hall.members[..2].iter().map(ToString::to_string).collect();
        let training = json!({ "org_id": branch(&hall), "kind": "other", "title": "集中轮训", "from": "2026-11-02", "to": "2026-11-03", "tenths": 160, "persons": persons });
        let kept = hall.secretary.post("/api/trainings", training).await;
        assert_eq!((kept.status.as_u16(), &kept.json["persons"]), (200, &json!(2)), "{}", kept.text);
        let url = format!("/api/learning?org={}&year=2026", branch(&hall));
        let sums = async |hall: &Hall| -> Vec<i64> {
            let hours = hall.secretary.get(&url).await.json;
            let items = hours["items"].as_array().unwrap().clone();
            let of = |id: &String| items.iter().find(|one| one["person_id"] == json!(id)).unwrap()["tenths"].as_i64().unwrap();
            hall.members.iter().map(|id| of(&id.to_string())).collect()
        };
        assert_eq!(sums(&hall).await, [180, 180, 20, 20, 0]);
        let member = hall.site.bound(Role::Member, &hall.site.office.branches[0], Some(hall.members[1])).await;
        let own = member.get("/api/me/learning?year=2026").await.json;
        assert_eq!((&own["tenths"], &own["needed"], own["items"].as_array().unwrap().len()), (&json!(180), &json!(320), 2));
        let remove = format!("/api/trainings/{}/remove", kept.json["id"].as_str().unwrap());
        assert_eq!(hall.secretary.post(&remove, json!({ "reason": "重复登记" })).await.status.as_u16(), 204);
        assert_eq!(sums(&hall).await, [20, 20, 20, 20, 0]);
        let faulty = json!({ "org_id": branch(&hall), "kind": "other", "title": "", "from": "2026-12-02", "to": "x", "tenths": 0, "persons": ["y"] });
        assert_eq!(codes(&hall.secretary.post("/api/trainings", faulty).await), ["/to bad_date", "/persons unknown_person"]);
    }

    async fn who_is_excused_is_not_expected_and_who_is_without_rights_has_no_vote(place: Place) {
        let mut hall = Hall::new(place).await;
        for (at, kind) in [(3, "excused"), (4, "without_rights")] {
            let body = json!({ "person_id": hall.members[at], "kind": kind, "from": "2026-01-01", "ground": "登记依据若干" });
            let kept = hall.secretary.post("/api/statuses", body).await;
            assert_eq!(kept.status.as_u16(), 200, "{}", kept.text);
        }
        hall.planned().await;
        hall.step("notice", json!({})).await;
        let heard = &hall.meeting["heard"];
        assert_eq!((&heard["expected"], &heard["excused"], &heard["voters"]), (&json!(5), &json!(1), &json!(4)));
        assert!(!hall.meeting.to_string().contains("登记依据"), "the ground is told to those who keep it only");
        let list = hall.secretary.get(&format!("/api/statuses?org={}", branch(&hall))).await.json;
        assert_eq!((list["items"].as_array().unwrap().len(), &list["items"][0]["ground"]), (2, &json!("登记依据若干")));
        let end = format!("/api/statuses/{}/end", list["items"][0]["id"].as_str().unwrap());
        assert_eq!(hall.secretary.post(&end, json!({ "on": "2026-11-24", "reason": "处分期满恢复" })).await.status.as_u16(), 204);
        let neighbour = hall.site.signed_in(Role::Secretary, &hall.site.office.branches[1]).await;
        assert_eq!(neighbour.get("/api/statuses").await.json["items"], json!([]));
        assert_eq!(neighbour.post(&end, json!({ "on": "2026-11-24", "reason": "不是本支部" })).await.status.as_u16(), 404);
    }
}

//! /api/development and /api/me/development.

use crate::site::{Answer, Client, Site};
use jiff::civil::{Date, date};
use roster::Sheet;
use rules::access::Role;
use rules::development::Step;
use rules::identity::IdentityNumber;
use rules::ids::PersonId;
use serde_json::{Value, json};
use testbed::on_both;

const URL: &str = "/api/development";
/// A picture that is one.
const PNG: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, b'I', b'H', b'D', b'R', 0, 0, 0, 1, 0, 0, 0, 1, 8,
    6, 0, 0, 0, 0x1f, 0x15, 0xc4, 0x89, 0, 0, 0, 0x0d, b'I', b'D', b'A', b'T', 0x78, 0x9c, 0x63, 0xf8, 0xff, 0xff,
    0xff, 0x7f, 0, 0x09, 0xfb, 0x03, 0xfd, 0x05, 0x43, 0x45, 0xca, 0, 0, 0, 0, b'I', b'E', b'N', b'D', 0xae, 0x42,
    0x60, 0x82,
];

fn said(answer: &Answer) -> String {
    let code = answer.json["code"].as_str().unwrap_or_default();
    let pointer = answer.json["errors"][0]["pointer"].as_str().unwrap_or_default();
    format!("{} {code} {pointer}", answer.status.as_u16()).trim_end().to_owned()
}

fn id_of(answer: &Answer) -> String {
    answer.json["id"].as_str().unwrap_or_else(|| panic!("{}", answer.text)).to_owned()
}

/// What a form says of somebody new.
fn applicant(name: &str, born: Date, n: u16) -> Value {
    let number = IdentityNumber::synthetic(510_104, born, n);
    let gender = if n.is_multiple_of(2) { "女" } else { "男" };
    json!({
        "name": name, "identity_number": number.expose(), "gender": gender, "ethnicity": "汉族", "born": born.to_string(),
        "phone": format!("1600001{n:04}"), "education": "大学本科",
    })
}

async fn apply(site: &Site, client: &Client, branch: usize, name: &str, n: u16) -> Answer {
    let body = json!({
        "org_id": site.office.branches[branch].id.to_string(), "fields": applicant(name, date(1996, 3, 15), n), "on": "2026-11-24",
    });
    client.post(URL, body).await
}

/// A case on its way.
struct Walk {
    site: Site,
    secretary: Client,
    staff: Client,
    case: String,
    members: Vec<PersonId>,
}

impl Walk {
    /// A case just opened in the first of two branches, which has three full members and no committee.
    async fn begin(place: testbed::Place) -> Self {
        let site = Site::with_branches(place, 2).await;
        let mut members = Vec::new();
        for name in ["张三", "李四", "王五"] {
            members.push(site.office.member(0, name).await);
        }
        let secretary = site.signed_in(Role::Secretary, &site.office.branches[0]).await;
        let staff = site.staff().await;
        let opened = apply(&site, &secretary, 0, "赵六", 901).await;
        let case = id_of(&opened);
        Walk { site, secretary, staff, case, members }
    }

    fn path(&self, rest: &str) -> String {
        format!("{URL}/{}{rest}", self.case)
    }

    async fn whole(&self) -> Value {
        let answer = self.staff.get(&self.path("")).await;
        assert_eq!(answer.status.as_u16(), 200, "{}", answer.text);
        answer.json
    }

    /// The clock goes on; everybody stays signed in.
    fn move_to(&mut self, today: Date) {
        self.site.configure(|config| config.today = Some(today));
        self.site.bring(&mut self.secretary);
        self.site.bring(&mut self.staff);
    }

    fn by(&self, n: u8) -> &Client {
        if [4, 8, 13, 16, 17, 18, 24].contains(&n) { &self.staff } else { &self.secretary }
    }

    /// Puts a picture to every required paper of a step that may be taken now and has none.
    async fn put_papers(&self, n: u8) {
        let whole = self.whole().await;
        let offers = whole["again"].as_array().unwrap().iter().chain([&whole["now"]]);
        for offer in offers.filter(|offer| offer["n"] == json!(n)) {
            for paper in offer["papers"].as_array().unwrap() {
                let wanted = paper["required"] == json!(true) || paper["key"] == json!("candidate_notice");
                if wanted && paper["only_if"].is_null() && paper["files"].as_array().unwrap().is_empty() {
                    self.put(n, paper["key"].as_str().unwrap()).await;
                }
            }
        }
    }

    async fn put(&self, n: u8, paper: &str) {
        let kept = self.by(n).upload(&self.path(&format!("/steps/{n}/papers/{paper}")), "材料.png", PNG, &[]).await;
        assert_eq!(kept.status.as_u16(), 200, "{n} {paper}: {}", kept.text);
    }

    /// Sends a step as filled in, without papers.
    async fn send(&self, client: &Client, n: u8, on: &str, values: Value) -> Answer {
        let version = self.whole().await["version"].clone();
        client.post(&self.path(&format!("/steps/{n}")), json!({ "version": version, "on": on, "values": values })).await
    }

    /// Takes a step with its papers.
    async fn take(&self, n: u8, on: &str, values: Value) -> Value {
        self.put_papers(n).await;
        let answer = self.send(self.by(n), n, on, values).await;
        assert_eq!(answer.status.as_u16(), 200, "step {n}: {}", answer.text);
        answer.json
    }

    fn persons(&self, at: &[usize]) -> Value {
        at.iter().map(|i| json!(self.members[*i].to_string())).collect()
    }

    /// From the application to the day on which mentors are named.
    async fn with_mentors(&mut self) {
        self.take(1, "2026-11-24", json!({})).await;
        let talk = json!({ "talkers": self.persons(&[0]), "summary": "谈了入党动机。" });
        let talked = self.send_with_reason(2, "2026-11-24", talk).await;
        assert_eq!(talked.status.as_u16(), 200, "{}", talked.text);
        self.take(3, "2026-11-24", json!({ "way": "members", "body": "meeting", "result": "agreed" })).await;
        self.take(4, "2026-11-24", json!({ "result": "filed" })).await;
        self.take(5, "2026-11-24", json!({ "mentors": self.persons(&[1]) })).await;
    }

    async fn send_with_reason(&self, n: u8, on: &str, values: Value) -> Answer {
        self.put_papers(n).await;
        let body = json!({ "version": self.whole().await["version"], "on": on, "values": values, "reason": "本支部暂未登记委员职务" });
        self.by(n).post(&self.path(&format!("/steps/{n}")), body).await
    }
}

fn vote(expected: u32, present: u32, favour: u32) -> Value {
    json!({
        "expected_voters": expected, "present_voters": present, "written": 0, "in_favour": favour, "against": present - favour,
        "abstained": 0,
    })
}

on_both! {
    async fn dev_15_a_recorded_vote_is_offered_and_the_step_says_on_which_meeting_it_rests(place: Place) {
        let mut site = Site::with_branches(place, 1).await;
        let mut applicant = site.office.applicant(0, "赵六").await;
        applicant.go_to(&site.office, Step::AdmissionVote).await;
        let form = applicant.form(Step::AdmissionVote);
        applicant.put_papers(&site.office, &form).await;
        site.configure(|config| config.today = Some(form.on));
        let secretary = site.signed_in(Role::Secretary, &site.office.branches[0]).await;
        let path = format!("{URL}/{}", applicant.case);
        assert_eq!(secretary.get(&path).await.json["now"]["votes"], json!([]));
        let meeting = site.office.meeting_on(&applicant, form.on).await;
        assert_eq!(secretary.get(&path).await.json["now"]["votes"][0]["archived"], json!(false));
        site.office.act_on(meeting, rules::meeting::Command::Archive, form.on).await.unwrap();
        let vote = secretary.get(&path).await.json["now"]["votes"][0].clone();
        assert_eq!((&vote["meeting_id"], &vote["on"], &vote["archived"]), (&json!(meeting.to_string()), &json!(form.on.to_string()), &json!(true)));
        let mut values = serde_json::to_value(form.values.to_json()).unwrap();
        let take = async |values: &Value| {
            let body = json!({ "version": applicant.version, "on": form.on.to_string(), "values": values });
            secretary.post(&format!("{path}/steps/15"), body).await
        };
        values["vote"] = json!({ "expected_voters": 3, "present_voters": 3, "written": 0, "in_favour": 2, "against": 1, "abstained": 0 });
        let refused = take(&values).await;
        assert_eq!(said(&refused), "422 not_the_vote /values/vote");
        assert!(refused.text.contains("DEV-15"), "{}", refused.text);
        values["vote"] = vote["counts"].clone();
        let taken = take(&values).await;
        let step = &taken.json["steps"][14]["taken"][0];
        assert_eq!((&step["meeting_id"], &step["by_hand"]), (&vote["meeting_id"], &json!(false)), "{}", taken.text);
    }

    async fn counts_without_a_meeting_are_marked_as_written_in_by_hand(place: Place) {
        let mut site = Site::with_branches(place, 1).await;
        let mut applicant = site.office.applicant(0, "赵六").await;
        applicant.go_to(&site.office, Step::AdmissionVote).await;
        applicant.take(&site.office, Step::AdmissionVote).await.unwrap();
        site.configure(|config| config.today = Some(testbed::DAYS[14]));
        let staff = site.staff().await;
        let steps = staff.get(&format!("{URL}/{}", applicant.case)).await.json["steps"].clone();
        assert_eq!((&steps[14]["taken"][0]["meeting_id"], &steps[14]["taken"][0]["by_hand"]), (&Value::Null, &json!(true)));
        assert_eq!(steps[13]["taken"][0]["by_hand"], json!(false), "no vote");
    }

    async fn an_applicant_becomes_a_full_member_in_twenty_five_steps(place: Place) {
        let mut walk = Walk::begin(place).await;
        walk.with_mentors().await;
        walk.move_to(date(2027, 5, 24));
        walk.take(6, "2027-05-24", json!({ "conclusion": "good", "opinion": "好。" })).await;
        walk.move_to(date(2027, 11, 24));
        walk.take(6, "2027-11-20", json!({ "conclusion": "good", "opinion": "好。" })).await;
        walk.move_to(date(2027, 12, 6));
        let discussed = json!({
            "opinions": "均同意。", "body": "meeting", "result": "agreed", "notice_from": "2027-11-29", "notice_until": "2027-12-03",
        });
        walk.take(7, "2027-11-24", discussed).await;
        walk.take(8, "2027-12-06", json!({ "result": "agreed" })).await;
        walk.take(9, "2027-12-06", json!({ "sponsors": walk.persons(&[1, 2]), "way": "assigned" })).await;
        walk.take(10, "2027-12-06", json!({ "mobile": "no", "conclusion": "passed", "summary": "清白。" })).await;
        walk.move_to(date(2028, 1, 20));
        walk.put(11, "certificate").await;
        let trained = json!({ "trained": "yes", "organiser": "集团党委", "from": "2028-01-12", "days": 3, "hours": 24 });
        walk.take(11, "2028-01-14", trained).await;
        walk.take(12, "2028-01-20", json!({ "opinions": "均同意。", "body": "meeting", "result": "agreed" })).await;
        walk.move_to(date(2028, 2, 10));
        walk.take(13, "2028-02-10", json!({ "leaving": "no", "result": "agreed", "opinion": "合格。" })).await;
        walk.take(14, "2028-02-10", json!({})).await;
        walk.move_to(date(2028, 2, 29));
        let half = walk.send(&walk.secretary, 15, "2028-02-29", json!({ "vote": vote(3, 1, 1), "ballot": "secret" })).await;
        assert!(half.text.contains("VOTE-01"), "{}", half.text);
        walk.take(15, "2028-02-29", json!({ "vote": vote(3, 3, 2), "ballot": "secret" })).await;
        walk.move_to(date(2028, 3, 20));
        walk.take(16, "2028-03-15", json!({ "talker": "组织员", "opinion": "好。" })).await;
        walk.put(17, "admission_approval").await;
        walk.take(17, "2028-03-20", json!({ "decision": "approved" })).await;
        walk.take(18, "2028-03-20", json!({ "filed_with": "组织部" })).await;
        let case = walk.take(19, "2028-03-20", json!({})).await;
        assert_eq!(case["probation"], json!({ "from": "2028-02-29", "until": "2029-03-01", "extended": false, "days_left": 346 }));
        walk.take(20, "2028-03-20", json!({ "place": "礼堂", "leader": "张三" })).await;
        walk.move_to(date(2028, 9, 1));
        walk.take(21, "2028-09-01", json!({ "conclusion": "good", "opinion": "好。" })).await;
        walk.move_to(date(2029, 2, 28));
        walk.put_papers(22).await;
        let early = walk.send(&walk.secretary, 22, "2029-02-28", json!({})).await;
        assert!(early.text.contains("DEV-22"), "{}", early.text);
        walk.move_to(date(2029, 3, 20));
        walk.take(22, "2029-03-01", json!({})).await;
        walk.take(23, "2029-03-09", json!({ "decision": "convert", "vote": vote(3, 3, 3), "ballot": "secret" })).await;
        walk.take(24, "2029-03-20", json!({ "decision": "approved" })).await;
        let done = walk.take(25, "2029-03-20", json!({ "kept_at": "档案室" })).await;
        assert_eq!((&done["state"], &done["now"], &done["again"]), (&json!("finished"), &Value::Null, &json!([])));
        let member = walk.staff.get(&format!("/api/members/{}", done["person_id"].as_str().unwrap())).await.json;
        assert_eq!((&member["stage"], &member["joined_on"], &member["full_on"]), (&json!("full"), &json!("2028-02-29"), &json!("2029-03-01")));
        assert!(walk.site.office.store.verify_ledger(walk.site.office.root).await.unwrap().faults.is_empty());
        let counts = walk.staff.get(&format!("{URL}/counts")).await.json;
        assert_eq!((&counts["finished"], &counts["stages"][4]["cases"]), (&json!(1), &json!(0)));
    }

    async fn an_applicant_under_age_and_a_wrong_form_are_refused_with_every_field(place: Place) {
        let site = Site::with_branches(place, 1).await;
        let secretary = site.signed_in(Role::Secretary, &site.office.branches[0]).await;
        let org = site.office.branches[0].id.to_string();
        let young = json!({ "org_id": org, "fields": applicant("小丁", date(2008, 11, 25), 7), "on": "2026-11-24" });
        let refused = secretary.post(URL, young).await;
        assert_eq!(refused.status.as_u16(), 422, "{}", refused.text);
        assert!(refused.text.contains("DEV-01"), "{}", refused.text);
        let birthday = json!({ "org_id": org, "fields": applicant("小丁", date(2008, 11, 24), 9), "on": "2026-11-24" });
        assert_eq!(secretary.post(URL, birthday).await.status.as_u16(), 200, "eighteen on the very day");
        let empty = secretary.post(URL, json!({ "org_id": "x", "fields": {}, "on": "昨天" })).await;
        let pointers: Vec<&str> = empty.json["errors"].as_array().unwrap().iter().map(|e| e["pointer"].as_str().unwrap()).collect();
        assert_eq!(pointers, ["/on", "/org_id"]);
        let unnamed = secretary.post(URL, json!({ "org_id": org, "fields": { "phone": "1" }, "on": "2026-11-24" })).await;
        let found: Vec<&str> = unnamed.json["errors"].as_array().unwrap().iter().map(|e| e["pointer"].as_str().unwrap()).collect();
        assert!(found.contains(&"/name") && found.contains(&"/phone"), "{found:?}");
        let future = json!({ "org_id": org, "fields": applicant("小戊", date(1990, 1, 1), 11), "on": "2026-11-25" });
        assert_eq!(secretary.post(URL, future).await.status.as_u16(), 422);
        assert_eq!(secretary.get(URL).await.json["items"].as_array().unwrap().len(), 1, "nothing half written");
    }

    async fn nobody_has_two_cases_and_no_member_one(place: Place) {
        let walk = Walk::begin(place).await;
        let person = walk.whole().await["person_id"].clone();
        let twice = walk.secretary.post(URL, json!({ "person_id": person, "on": "2026-11-24" })).await;
        assert!(twice.status.as_u16() == 422 && twice.text.contains("DEV-30"), "{}", twice.text);
        let member = walk.members[0].to_string();
        assert_eq!(walk.secretary.post(URL, json!({ "person_id": member, "on": "2026-11-24" })).await.status.as_u16(), 422);
        assert_eq!(said(&walk.secretary.post(URL, json!({ "person_id": "5", "on": "2026-11-24" })).await), "404 not_found");
    }

    async fn no_step_is_taken_out_of_order_back_dated_or_in_the_future(place: Place) {
        let walk = Walk::begin(place).await;
        walk.put_papers(1).await;
        for n in [2, 3, 15, 25] {
            let skipped = walk.send(&walk.staff, n, "2026-11-24", json!({})).await;
            assert!(skipped.status.as_u16() == 422 && skipped.text.contains("DEV-30"), "{n}: {}", skipped.text);
        }
        assert_eq!(said(&walk.send(&walk.secretary, 1, "2026-11-25", json!({})).await), "422 future_date /on");
        assert_eq!(said(&walk.send(&walk.secretary, 1, "2026-02-30", json!({})).await), "422 bad_date /on");
        assert_eq!(said(&walk.send(&walk.secretary, 26, "2026-11-24", json!({})).await), "404 not_found");
        assert_eq!(said(&walk.send(&walk.secretary, 1, "2026-11-24", json!({ "nonsense": "x" })).await), "422 unknown_field /values/nonsense");
        walk.take(1, "2026-11-24", json!({})).await;
        let before = walk.send(&walk.secretary, 2, "2026-11-23", json!({ "talkers": walk.persons(&[0]), "summary": "谈。" })).await;
        assert!(before.status.as_u16() == 422 && before.text.contains("DEV-30"), "{}", before.text);
    }

    async fn what_is_missing_is_said_before_and_when_the_step_is_sent(place: Place) {
        let walk = Walk::begin(place).await;
        let now = walk.secretary.get(&walk.path("")).await.json["now"].clone();
        assert_eq!((&now["n"], &now["may"], &now["to"]), (&json!(1), &json!(true), &json!("2026-11-24")));
        let fields = |refusals: &Value| -> Vec<String> {
            refusals.as_array().unwrap().iter().map(|one| one["field"].as_str().unwrap_or_default().to_owned()).collect()
        };
        assert_eq!(fields(&now["refusals"]), ["paper:application_letter"]);
        assert_eq!(said(&walk.send(&walk.secretary, 1, "2026-11-24", json!({})).await), "422 missing_paper /papers/application_letter");
        walk.take(1, "2026-11-24", json!({})).await;
        let body = json!({ "version": 0, "on": "2026-11-24", "values": {} });
        let verdict = walk.secretary.post(&walk.path("/steps/2/check"), body).await;
        let missing = fields(&verdict.json["refusals"]);
        assert!(["talkers", "summary", "paper:talk_record"].iter().all(|field| missing.contains(&(*field).to_owned())), "{missing:?}");
        assert_eq!(walk.whole().await["step"], 2, "a check takes no step");
    }

    async fn a_superiors_step_is_never_the_branches(place: Place) {
        let mut walk = Walk::begin(place).await;
        walk.take(1, "2026-11-24", json!({})).await;
        walk.send_with_reason(2, "2026-11-24", json!({ "talkers": walk.persons(&[0]), "summary": "谈。" })).await;
        walk.take(3, "2026-11-24", json!({ "way": "members", "body": "meeting", "result": "agreed" })).await;
        let now = walk.secretary.get(&walk.path("")).await.json["now"].clone();
        assert_eq!((&now["may"], &now["why_not"]), (&json!(false), &json!("由上级党委办理")));
        walk.put(4, "activist_filing_report").await;
        let refused = walk.send(&walk.secretary, 4, "2026-11-24", json!({ "result": "filed" })).await;
        assert!(refused.status.as_u16() == 422 && refused.json["errors"][0]["code"] == "not_yours", "{}", refused.text);
        let mine = |list: Value| list["items"].as_array().unwrap().len();
        assert_eq!(mine(walk.secretary.get(&format!("{URL}?mine=true")).await.json), 0);
        assert_eq!(mine(walk.staff.get(&format!("{URL}?mine=true")).await.json), 1);
        walk.take(4, "2026-11-24", json!({ "result": "filed" })).await;
        assert_eq!(mine(walk.secretary.get(&format!("{URL}?mine=true")).await.json), 1);
        assert_eq!(mine(walk.staff.get(&format!("{URL}?mine=true")).await.json), 0);
        walk.move_to(date(2026, 11, 25));
    }

    async fn of_two_who_take_one_step_at_once_one_is_told_that_it_was_taken(place: Place) {
        let walk = Walk::begin(place).await;
        walk.put_papers(1).await;
        let other = walk.site.signed_in(Role::Secretary, &walk.site.office.branches[0]).await;
        let body = json!({ "version": walk.whole().await["version"], "on": "2026-11-24", "values": {} });
        let path = walk.path("/steps/1");
        let (one, two) = tokio::join!(walk.secretary.post(&path, body.clone()), other.post(&path, body.clone()));
        let mut codes = [said(&one), said(&two)];
        codes.sort();
        assert_eq!(codes[0], "200", "{codes:?}");
        assert_eq!(codes[1], "409 stale", "{codes:?}");
        assert_eq!(walk.whole().await["steps"][0]["taken"].as_array().unwrap().len(), 1);
    }

    async fn every_role_sees_and_does_what_is_its_own(place: Place) {
        let walk = Walk::begin(place).await;
        let site = &walk.site;
        let supervisor = site.signed_in(Role::Supervisor, &site.office.top).await;
        let seen = supervisor.get(&walk.path("")).await;
        assert_eq!((seen.status.as_u16(), &seen.json["now"]["may"], &seen.json["actions"]["end"]), (200, &json!(false), &json!(false)));
        assert_eq!(said(&walk.send(&supervisor, 1, "2026-11-24", json!({})).await), "403 forbidden");
        let neighbour = site.signed_in(Role::Secretary, &site.office.branches[1]).await;
        assert_eq!(neighbour.get(URL).await.json["items"], json!([]));
        for answer in [
            neighbour.get(&walk.path("")).await,
            neighbour.get(&walk.path("/volume")).await,
            walk.send(&neighbour, 1, "2026-11-24", json!({})).await,
            neighbour.post(&walk.path("/back"), json!({ "version": 1, "reason": "不相干的人" })).await,
            neighbour.upload(&walk.path("/steps/1/papers/application_letter"), "a.png", PNG, &[]).await,
        ] {
            assert_eq!(said(&answer), "404 not_found");
        }
        for role in [Role::Member, Role::SystemAdmin, Role::SecurityAdmin, Role::Auditor] {
            let client = site.signed_in(role, &site.office.top).await;
            assert_eq!(said(&client.get(URL).await), "403 forbidden", "{role:?}");
            assert_eq!(said(&client.get(&walk.path("")).await), "403 forbidden", "{role:?}");
        }
        let person: PersonId = walk.whole().await["person_id"].as_str().unwrap().parse().unwrap();
        let oneself = site.bound(Role::Member, &site.office.branches[0], Some(person)).await;
        let own = oneself.get("/api/me/development").await.json;
        assert_eq!((&own["next"]["waits_for"], own["steps"].as_array().unwrap().len()), (&json!("applicant"), 25));
        let other = site.bound(Role::Member, &site.office.branches[0], Some(walk.members[0])).await;
        assert_eq!(other.get("/api/me/development").await.json["steps"], json!([]));
        let views = oneself.get("/api/me/views").await.json;
        assert!(views["items"].as_array().unwrap().iter().any(|view| view["actor"] == "上级督导甲"), "{views}");
    }

    async fn papers_are_told_by_their_content_and_stay_once_the_step_is_taken(place: Place) {
        let walk = Walk::begin(place).await;
        let path = walk.path("/steps/1/papers/application_letter");
        assert_eq!(said(&walk.secretary.upload(&path, "申请书.pdf", b"MZ\x90\0", &[]).await), "422 bad_file");
        let nothing = walk.secretary.upload(&walk.path("/steps/1/papers/no_such_paper"), "a.png", PNG, &[]).await;
        assert_eq!(said(&nothing), "404 not_found");
        let later = walk.secretary.upload(&walk.path("/steps/2/papers/talk_record"), "a.png", PNG, &[]).await;
        assert_eq!(said(&later), "422 wrong_order");
        let sheet = Sheet::new("甲", &["乙".to_owned()]).unwrap().finish().unwrap();
        let kept = walk.secretary.upload(&path, "名册", &sheet, &[]).await.json;
        let file = kept["now"]["papers"][0]["files"][0].clone();
        assert_eq!(file["name"], "名册.xlsx");
        let at = walk.path(&format!("/files/{}", file["id"].as_str().unwrap()));
        assert_eq!(walk.secretary.get(&at).await.bytes, sheet);
        assert_eq!(walk.secretary.delete(&at).await.json["now"]["papers"][0]["files"], json!([]));
        assert_eq!(said(&walk.secretary.get(&at).await), "404 not_found");
        let done = walk.take(1, "2026-11-24", json!({})).await;
        let file = done["steps"][0]["taken"][0]["papers"][0]["files"][0]["id"].as_str().unwrap().to_owned();
        let at = walk.path(&format!("/files/{file}"));
        assert_eq!(said(&walk.secretary.delete(&at).await), "422 step_taken");
        assert_eq!(walk.secretary.get(&at).await.bytes, PNG);
        let supervisor = walk.site.signed_in(Role::Supervisor, &walk.site.office.top).await;
        assert_eq!(said(&supervisor.get(&at).await), "403 forbidden");
    }

    async fn a_case_goes_with_its_person_to_another_branch_and_the_time_counts_on(place: Place) {
        let mut walk = Walk::begin(place).await;
        walk.with_mentors().await;
        let to = walk.site.office.branches[1].id.to_string();
        let body = |version: Value, org: &str, on: &str| json!({ "version": version, "org_id": org, "on": on, "reason": "岗位调整到第二支部" });
        let version = walk.whole().await["version"].clone();
        let top = walk.site.office.top.id.to_string();
        assert_eq!(said(&walk.secretary.post(&walk.path("/transfer"), body(version.clone(), &top, "2026-11-24")).await), "422 org_place /org_id");
        let future = walk.secretary.post(&walk.path("/transfer"), body(version.clone(), &to, "2026-12-24")).await;
        assert_eq!(future.status.as_u16(), 422, "{}", future.text);
        let moved = walk.secretary.post(&walk.path("/transfer"), body(version, &to, "2026-11-24")).await;
        assert_eq!(moved.status.as_u16(), 204, "{}", moved.text);
        assert_eq!(said(&walk.secretary.get(&walk.path("")).await), "404 not_found");
        let receiver = walk.site.signed_in(Role::Secretary, &walk.site.office.branches[1]).await;
        let case = receiver.get(&walk.path("")).await.json;
        assert_eq!((&case["step"], &case["steps"][4]["taken"][0]["on"], &case["org_name"]), (&json!(6), &json!("2026-11-24"), &json!("第2党支部")));
        walk.secretary = receiver;
        walk.move_to(date(2027, 5, 24));
        walk.take(6, "2027-05-24", json!({ "conclusion": "good", "opinion": "好。" })).await;
        let now = walk.whole().await["now"].clone();
        assert_eq!(now["from"], "2027-11-24", "a year since he was chosen in the other branch");
    }

    async fn a_step_is_taken_back_with_a_reason_and_a_case_rests_goes_on_and_ends(place: Place) {
        let walk = Walk::begin(place).await;
        walk.take(1, "2026-11-24", json!({})).await;
        let act = async |verb: &str, more: Value| {
            let mut body = json!({ "version": walk.whole().await["version"], "reason": "本人临时出国半年" });
            body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            walk.secretary.post(&walk.path(&format!("/{verb}")), body).await
        };
        assert_eq!(said(&act("back", json!({ "reason": " " })).await), "422 missing_required /reason");
        let back = act("back", json!({})).await;
        assert_eq!((&back.json["step"], &back.json["actions"]["back"]), (&json!(1), &Value::Null), "{}", back.text);
        let papers = &back.json["now"]["papers"][0]["files"];
        assert_eq!(papers.as_array().unwrap().len(), 1, "the letter is still there");
        let rests = act("suspend", json!({})).await;
        assert_eq!((&rests.json["state"], &rests.json["now"], &rests.json["end"]["reason"]), (&json!("suspended"), &Value::Null, &json!("本人临时出国半年")), "{}", rests.text);
        assert_eq!(walk.secretary.get(&format!("{URL}?state=suspended")).await.json["items"].as_array().unwrap().len(), 1);
        let taken = walk.send(&walk.secretary, 1, "2026-11-24", json!({})).await;
        assert_eq!(taken.status.as_u16(), 422, "{}", taken.text);
        assert_eq!(act("resume", json!({})).await.json["state"], "open");
        let future = act("end", json!({ "kind": "withdrawn", "on": "2026-11-25" })).await;
        assert_eq!(future.status.as_u16(), 422, "{}", future.text);
        let ended = act("end", json!({ "kind": "withdrawn", "on": "2026-11-24" })).await;
        assert_eq!((&ended.json["state"], &ended.json["end"]["kind_name"]), (&json!("ended"), &json!("本人撤回入党申请")), "{}", ended.text);
        assert_eq!(act("resume", json!({})).await.status.as_u16(), 422);
        assert_eq!(said(&walk.secretary.post(&walk.path("/end"), json!({ "version": 1, "kind": "cancelled", "on": "2026-11-24", "reason": "x" })).await), "422 bad_request");
    }

    async fn lists_go_on_page_by_page_and_say_what_they_cannot_read(place: Place) {
        let site = Site::with_branches(place, 2).await;
        let staff = site.staff().await;
        let digits = ["一", "二", "三", "四", "五", "六", "七", "八"];
        for n in 0..31_u16 {
            let name = format!("陈{}{}", digits[usize::from(n) / 8], digits[usize::from(n) % 8]);
            let opened = apply(&site, &staff, usize::from(n % 2), &name, 1000 + n).await;
            assert_eq!(opened.status.as_u16(), 200, "{}", opened.text);
        }
        let first = staff.get(&format!("{URL}?stage=1")).await.json;
        assert_eq!(first["items"].as_array().unwrap().len(), 30);
        let next = staff.get(&format!("{URL}?stage=1&cursor={}", first["next"].as_str().unwrap())).await.json;
        assert_eq!((next["items"].as_array().unwrap().len(), &next["next"]), (1, &Value::Null));
        let branch = site.office.branches[1].id.to_string();
        assert_eq!(staff.get(&format!("{URL}?org={branch}")).await.json["items"].as_array().unwrap().len(), 15);
        let counts = staff.get(&format!("{URL}/counts?org={branch}")).await.json;
        assert_eq!((&counts["stages"][0]["cases"], &counts["stages"][1]["cases"]), (&json!(15), &json!(0)));
        assert_eq!(staff.get(&format!("{URL}?stage=2")).await.json["items"], json!([]));
        for (query, expected) in [("state=lost", "422 unknown_code /state"), ("stage=6", "422 unknown_code /stage"), ("cursor=x", "422 bad_cursor /cursor"), ("org=5", "404 not_found")] {
            assert_eq!(said(&staff.get(&format!("{URL}?{query}")).await), expected);
        }
    }

    async fn papers_are_generated_from_the_case_and_the_form(place: Place) {
        let walk = Walk::begin(place).await;
        walk.take(1, "2026-11-24", json!({})).await;
        let empty = walk.secretary.get(&walk.path("/papers/talk_record")).await;
        assert_eq!((empty.status.as_u16(), &empty.bytes[..2]), (200, &b"PK"[..]), "{}", empty.text);
        let form = json!({ "version": 0, "on": "2026-11-24", "values": { "talkers": walk.persons(&[0]), "summary": "谈了入党动机。" } });
        let filled = walk.secretary.post(&walk.path("/papers/talk_record?format=pdf"), form).await;
        assert_eq!((filled.status.as_u16(), &filled.bytes[..5]), (200, &b"%PDF-"[..]), "{}", filled.text);
        assert_eq!(said(&walk.secretary.get(&walk.path("/papers/no_such")).await), "404 not_found");
        assert_eq!(said(&walk.secretary.get(&walk.path("/papers/talk_record?format=odt")).await), "422 unknown_code /format");
    }

    async fn the_volume_holds_every_step_and_paper(place: Place) {
        let walk = Walk::begin(place).await;
        walk.take(1, "2026-11-24", json!({})).await;
        let volume = walk.secretary.get(&walk.path("/volume")).await;
        assert_eq!((volume.status.as_u16(), &volume.bytes[..5]), (200, &b"%PDF-"[..]), "{}", volume.text);
    }
}

//! /api/dues and /api/me/dues.

use crate::site::{Answer, Client, Site};
use insta::assert_snapshot;
use rules::access::Role;
use rules::ids::PersonId;
use serde_json::{Value, json};
use testbed::on_both;

const MONTH: &str = "2026-11";

fn told(answer: &Answer) -> String {
    let errors = answer.json["errors"].as_array().cloned().unwrap_or_default();
    let fields: Vec<String> = errors
        .iter()
        .map(|one| format!("{} {}", one["pointer"].as_str().unwrap(), one["code"].as_str().unwrap()))
        .collect();
    let code = answer.json["code"].as_str().unwrap_or_default();
    format!("{} {code} [{}]", answer.status.as_u16(), fields.join(", "))
}

/// The bookkeeper of the first branch.
struct Desk {
    client: Client,
    org: String,
}

impl Desk {
    async fn of(site: &Site) -> Self {
        let org = &site.office.branches[0];
        Desk { client: site.signed_in(Role::Secretary, org).await, org: org.id.to_string() }
    }

    async fn base(&self, person: PersonId, fen: i64) -> Answer {
        let item = json!({ "person_id": person.to_string(), "payer": "employed", "base": fen });
        self.client.post("/api/dues/bases", json!({ "org_id": self.org, "from_month": MONTH, "items": [item] })).await
    }

    async fn draw_up(&self) -> Answer {
        self.client.post("/api/dues/statements", json!({ "org_id": self.org, "month": MONTH })).await
    }

    async fn month(&self) -> Value {
        self.client.get(&format!("/api/dues/month?org_id={}&month={MONTH}", self.org)).await.json
    }

    async fn book(&self, lines: &[Value]) -> Answer {
        let lines: Vec<Value> =
            lines.iter().map(|line| json!({ "id": line["id"], "version": line["version"] })).collect();
        let body =
            json!({ "org_id": self.org, "lines": lines, "on": "2026-11-20", "way": "cash", "receipt": " 收-01 " });
        self.client.post("/api/dues/payments", body).await
    }

    /// A month with one member who owes 120 yuan.
    async fn with_one(site: &Site) -> (Self, PersonId) {
        let desk = Desk::of(site).await;
        let person = site.office.member(0, "张三").await;
        assert_eq!(desk.base(person, 800_000).await.status.as_u16(), 204);
        assert_eq!(desk.draw_up().await.status.as_u16(), 200);
        (desk, person)
    }
}

on_both! {
    async fn a_secretary_draws_a_month_up_books_it_and_hands_it_up(place: Place) {
        let site = Site::with_branches(place, 1).await;
        let desk = Desk::of(&site).await;
        let person = site.office.member(0, "张三").await;
        let before = desk.month().await;
        assert_eq!((&before["collects"], &before["keeps_books"], &before["statement"], &before["refusal"]), (&json!(true), &json!(true), &Value::Null, &Value::Null));
        desk.base(person, 800_000).await;
        let drawn = desk.draw_up().await;
        let line = &drawn.json["lines"][0];
        assert_eq!((&line["person_name"], &line["state"], &line["due"], &line["payer"]), (&json!("张三"), &json!("open"), &json!(12_000), &json!("employed")));
        assert_snapshot!(line["arithmetic"].as_str().unwrap(), @"基数 8,000.00 × 1.5% = ¥120.00");
        assert_eq!(told(&desk.book(std::slice::from_ref(line)).await), "204  []");
        let paid = desk.month().await;
        assert_eq!((&paid["lines"][0]["state"], &paid["lines"][0]["payment"]["receipt"], &paid["lines"][0]["payment"]["booked_by"]), (&json!("paid"), &json!("收-01"), &json!("书记甲")));
        let statement = &paid["statement"];
        assert_eq!((&statement["settled_on"], &statement["to_hand_up"]), (&json!("2026-11-20"), &json!(12_000)));
        let url = format!("/api/dues/statements/{}/hand-up", statement["id"].as_str().unwrap());
        assert_eq!(told(&desk.client.post(&url, json!({ "version": 0, "on": "2026-11-24" })).await), "409 stale []");
        assert_eq!(told(&desk.client.post(&url, json!({ "version": statement["version"], "on": "2026-11-25" })).await), "422 bad_date [/on bad_date]");
        let handed = desk.client.post(&url, json!({ "version": statement["version"], "on": "2026-11-24" })).await;
        assert_eq!((&handed.json["statement"]["handed"], &handed.json["statement"]["handed_on"]), (&json!(12_000), &json!("2026-11-24")));
        assert_snapshot!(handed.json["refusal"].as_str().unwrap(), @"2026-11 的党费已于 2026-11-24 上缴，清单不再重新生成（DUES-06）。");
        assert_snapshot!(handed.json["lines"][0]["refusal"].as_str().unwrap(), @"这一笔已随 2026-11-24 的上缴交到上级，不能撤销（DUES-06）。多收的请报上级退回。");
    }

    async fn superiors_see_sums_and_nobodys_income(place: Place) {
        let site = Site::with_branches(place, 2).await;
        let (desk, _) = Desk::with_one(&site).await;
        for role in [Role::PartyStaff, Role::Secretary, Role::Supervisor] {
            let superior = site.signed_in(role, &site.office.top).await;
            let month = superior.get(&format!("/api/dues/month?org_id={}&month={MONTH}", desk.org)).await;
            assert_eq!((&month.json["statement"]["due"], &month.json["lines"], &month.json["keeps_books"]), (&json!(12_000), &Value::Null, &json!(false)), "{role:?}");
            let overview = superior.get(&format!("/api/dues/overview?org_id={}&year=2026", site.office.top.id)).await.json;
            assert_eq!((&overview["items"][0]["months"][0]["due"], &overview["items"][0]["collectors"], &overview["items"][1]["months"]), (&json!(12_000), &json!(1), &json!([])), "{role:?}");
            for url in ["bases?org_id=", "export?month=2026-11&org_id=", "report?month=2026-11&org_id="] {
                assert_eq!(superior.get(&format!("/api/dues/{url}{}", desk.org)).await.status.as_u16(), 403, "{role:?} {url}");
            }
            let again = superior.post("/api/dues/statements", json!({ "org_id": desk.org, "month": MONTH, "version": 1 })).await;
            assert_eq!(again.status.as_u16(), 403, "{role:?}");
        }
    }

    async fn another_branchs_dues_do_not_exist(place: Place) {
        let site = Site::with_branches(place, 2).await;
        let (desk, _) = Desk::with_one(&site).await;
        let line = desk.month().await["lines"][0].clone();
        desk.book(std::slice::from_ref(&line)).await;
        let month = desk.month().await;
        let (statement, payment) = (month["statement"]["id"].as_str().unwrap(), month["lines"][0]["payment"]["id"].as_str().unwrap());
        let neighbour = site.signed_in(Role::Secretary, &site.office.branches[1]).await;
        for url in ["month?org_id=", "bases?org_id=", "overview?org_id=", "export?month=2026-11&org_id="] {
            assert_eq!(told(&neighbour.get(&format!("/api/dues/{url}{}", desk.org)).await), "404 not_found []", "{url}");
        }
        let hand_up = neighbour.post(&format!("/api/dues/statements/{statement}/hand-up"), json!({ "version": 3, "on": "2026-11-24" })).await;
        assert_eq!(told(&hand_up), "404 not_found []");
        let back = neighbour.post(&format!("/api/dues/payments/{payment}/take-back"), json!({ "reason": "记错了人" })).await;
        assert_eq!(told(&back), "404 not_found []");
        let mine = json!({ "org_id": site.office.branches[1].id.to_string(), "lines": [{ "id": line["id"], "version": 2 }], "on": "2026-11-20", "way": "cash" });
        assert_eq!(told(&neighbour.post("/api/dues/payments", mine).await), "404 not_found []", "a line of another branch");
    }

    async fn every_fault_of_a_form_is_told_at_once(place: Place) {
        let site = Site::with_branches(place, 1).await;
        let (desk, person) = Desk::with_one(&site).await;
        let post = async |path: &str, body: Value| told(&desk.client.post(path, body).await);
        assert_eq!(
            post("/api/dues/payments", json!({ "org_id": "x", "lines": [], "on": "2026-02-30", "way": "gold", "voluntary": 5 })).await,
            "422 unknown_org [/org_id unknown_org, /on bad_date, /way unknown_code, /lines missing_required]"
        );
        let line = desk.month().await["lines"][0].clone();
        let both = json!([{ "id": line["id"], "version": 1 }, { "id": "x", "version": 1 }]);
        assert_eq!(
            post("/api/dues/payments", json!({ "org_id": desk.org, "lines": both, "on": "2026-11-20", "way": "cash", "voluntary": 5, "receipt": "长".repeat(41) })).await,
            "422 too_long [/receipt too_long, /voluntary bad_amount, /lines/1 unknown_line]"
        );
        let items = json!([{ "person_id": "x", "payer": "rich" }]);
        assert_eq!(
            post("/api/dues/bases", json!({ "org_id": desk.org, "from_month": "2026-13", "items": items, "reason": "因" })).await,
            "422 bad_month [/from_month bad_month, /reason reason_too_short, /items/0/person_id unknown_person, /items/0/payer unknown_code]"
        );
        let items = json!([{ "person_id": person.to_string(), "payer": "employed", "base": -1 }]);
        assert_eq!(post("/api/dues/bases", json!({ "org_id": desk.org, "from_month": MONTH, "items": items })).await, "422 bad_base [/items/0/base bad_base]");
        assert_eq!(post("/api/dues/statements", json!({ "org_id": desk.org, "month": "2026-12" })).await, "422 bad_month [/month bad_month]");
        assert_eq!(post("/api/dues/statements", json!({ "org_id": desk.org, "month": MONTH })).await, "409 stale []", "drawn up already");
        let top = site.staff().await;
        let at_top = json!({ "org_id": site.office.top.id.to_string(), "month": MONTH });
        assert_eq!(told(&top.post("/api/dues/statements", at_top).await), "422 no_collector [/month no_collector]");
        assert_eq!(told(&top.get(&format!("/api/dues/overview?org_id={}&year=26", site.office.top.id)).await), "422 bad_date [/year bad_date]");
    }

    async fn a_payment_is_booked_once_and_taken_back_with_a_reason(place: Place) {
        let site = Site::with_branches(place, 1).await;
        let (desk, _) = Desk::with_one(&site).await;
        let seen = [desk.month().await["lines"][0].clone()];
        assert_eq!(desk.book(&seen).await.status.as_u16(), 204);
        assert_eq!(told(&desk.book(&seen).await), "422 already_paid [/lines/0 already_paid]");
        let payment = desk.month().await["lines"][0]["payment"]["id"].as_str().unwrap().to_owned();
        let url = format!("/api/dues/payments/{payment}/take-back");
        assert_eq!(told(&desk.client.post(&url, json!({ "reason": "错" })).await), "422 reason_too_short [/reason reason_too_short]");
        assert_eq!(told(&desk.client.post(&url, json!({ "reason": "记错了人" })).await), "204  []");
        assert_eq!(told(&desk.client.post(&url, json!({ "reason": "记错了人" })).await), "422 not_paid [ not_paid]");
        assert_eq!(desk.month().await["lines"][0]["state"], "open");
        assert!(site.office.store.verify_ledger(site.office.root).await.unwrap().faults.is_empty());
    }

    async fn a_reduction_is_asked_for_by_the_branch_and_decided_above_it(place: Place) {
        let site = Site::with_branches(place, 2).await;
        let (desk, person) = Desk::with_one(&site).await;
        let superior = site.signed_in(Role::Secretary, &site.office.top).await;
        let neighbour = site.signed_in(Role::PartyStaff, &site.office.branches[1]).await;
        let body = |pays: i64, reason: &str| json!({ "org_id": desk.org, "person_id": person.to_string(), "from_month": MONTH, "to_month": "2027-04", "pays": pays, "reason": reason });
        assert_eq!(told(&desk.client.post("/api/dues/reductions", body(12_000, "长期病休")).await), "422 bad_amount [/pays bad_amount]");
        assert_eq!(told(&superior.post("/api/dues/reductions", body(0, "长期病休")).await), "403 forbidden []");
        let asked = desk.client.post("/api/dues/reductions", body(6_000, "长期病休")).await.json;
        assert_eq!((&asked["state"], &asked["may_decide"], &asked["may_withdraw"]), (&json!("asked"), &json!(false), &json!(true)));
        let url = format!("/api/dues/reductions/{}/decision", asked["id"].as_str().unwrap());
        let decide = async |client: &Client, decision: &str, reason: &str| {
            told(&client.post(&url, json!({ "version": 1, "decision": decision, "reason": reason })).await)
        };
        assert_eq!(decide(&desk.client, "approve", "").await, "403 forbidden []");
        assert_eq!(decide(&neighbour, "approve", "").await, "404 not_found []");
        assert_eq!(decide(&superior, "withdraw", "").await, "403 forbidden []");
        assert_eq!(decide(&superior, "refuse", "").await, "422 missing_required [/reason missing_required]");
        assert_eq!(decide(&superior, "perhaps", "").await, "422 unknown_code [/decision unknown_code]");
        let listed = superior.get("/api/dues/reductions?open=true").await.json;
        assert_eq!((&listed["items"][0]["person_name"], &listed["items"][0]["may_decide"]), (&json!("张三"), &json!(true)));
        assert_eq!(neighbour.get("/api/dues/reductions").await.json["items"], json!([]));
        assert_eq!(decide(&superior, "approve", "").await, "204  []");
        assert_eq!(decide(&superior, "refuse", "收入没有减少").await, "422 reduction_decided [ reduction_decided]");
        let line = desk.month().await["lines"][0].clone();
        assert_eq!((&line["due"], &line["unreduced"]), (&json!(6_000), &json!(12_000)));
    }

    async fn a_member_sees_the_own_dues_and_nobody_elses(place: Place) {
        let site = Site::with_branches(place, 1).await;
        let (desk, person) = Desk::with_one(&site).await;
        let member = site.bound(Role::Member, &site.office.branches[0], Some(person)).await;
        let own = member.get("/api/me/dues").await.json;
        assert_eq!((&own["owed"], &own["owed_months"], &own["months"][0]["org_name"]), (&json!(12_000), &json!(1), &json!("第1党支部")));
        assert_eq!((&own["months"][0]["line"]["arithmetic"], &own["bases"][0]["base"]), (&json!("基数 8,000.00 × 1.5% = ¥120.00"), &json!(800_000)));
        for url in [format!("month?org_id={}", desk.org), format!("bases?org_id={}", desk.org), "reductions".to_owned()] {
            assert_eq!(member.get(&format!("/api/dues/{url}")).await.status.as_u16(), 403, "{url}");
        }
        let unbound = site.signed_in(Role::Member, &site.office.branches[0]).await;
        assert_snapshot!(unbound.get("/api/me/dues").await.json["code"].as_str().unwrap(), @"not_bound");
    }

    async fn the_register_tells_amounts_and_the_report_does_not(place: Place) {
        let site = Site::with_branches(place, 1).await;
        let (desk, person) = Desk::with_one(&site).await;
        let none = desk.client.get(&format!("/api/dues/export?org_id={}&month=2026-10", desk.org)).await;
        assert_eq!(told(&none), "404 not_found []");
        let sheet = desk.client.get(&format!("/api/dues/export?org_id={}&month={MONTH}", desk.org)).await;
        assert_eq!(sheet.status.as_u16(), 200);
        let tables = roster::read(&sheet.bytes).unwrap();
        let cells: Vec<String> = (1..7).map(|column| tables[0].rows[2].cell(column).text()).collect();
        assert_eq!(cells, ["张三", "在职", "8000", "1.5%", "120", ""]);
        let views = site.office.store.person_views(site.office.root, person, None, 9).await.unwrap();
        assert_eq!(views.len(), 1, "the member sees who took the amounts out");
        for (format, begins) in [("docx", "PK"), ("pdf", "%PDF")] {
            let report = desk.client.get(&format!("/api/dues/report?org_id={}&month={MONTH}&format={format}", desk.org)).await;
            assert_eq!(report.status.as_u16(), 200, "{}", report.text);
            assert!(report.bytes.starts_with(begins.as_bytes()));
        }
        assert_eq!(told(&desk.client.get(&format!("/api/dues/report?org_id={}&month={MONTH}&format=odt", desk.org)).await), "422 unknown_code [/format unknown_code]");
    }
}

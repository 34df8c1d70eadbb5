//! /api/duties, /api/measures, /api/excuses, /api/grounds, and what the workbench takes from the calendar.

use crate::site::{Answer, Client, Site};
use insta::assert_snapshot;
use jiff::civil::{Date, date};
use rules::access::Role;
use rules::codes::Stage;
use rules::date::{PartialDate, day_number};
use rules::ids::{OrgId, PersonId};
use rules::member::Record;
use rules::org::PostKind;
use serde_json::{Value, json};
use testbed::{TODAY, draft, on_both};

/// What was done, written past the features that will write it.
async fn record(site: &Site, org: OrgId, person: Option<PersonId>, activity: &str, on: Date) {
    let raw = site.office.place.raw().await;
    sqlx::query(
        "INSERT INTO record (root_org, id, org_id, person_id, activity, on_day, source_kind, source_id) VALUES ($1,$2,$3,$4,$5,$6,'test',1)",
    )
    .bind(site.office.root.0)
    .bind(day_number(on) * 1000 + activity.len() as i64 + org.0 % 499)
    .bind(org.0)
    .bind(person.map(|person| person.0))
    .bind(activity)
    .bind(day_number(on))
    .execute(&raw)
    .await
    .unwrap();
}

fn items(answer: &Answer) -> &Vec<Value> {
    answer.json["items"].as_array().unwrap_or_else(|| panic!("{}", answer.text))
}

async fn year(client: &Client, org: OrgId, year: i16) -> Value {
    let answer = client.get(&format!("/api/duties/year?org={org}&year={year}")).await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.text);
    answer.json
}

/// `due status` of the duties of one activity.
fn standing(year: &Value, activity: &str) -> Vec<String> {
    let duties = year["items"].as_array().unwrap().iter().chain(year["persons"].as_array().unwrap());
    let of = duties.filter(|duty| duty["activity"] == activity);
    of.map(|duty| format!("{} {}", duty["due"].as_str().unwrap(), duty["status"].as_str().unwrap())).collect()
}

fn code(answer: &Answer) -> String {
    format!("{} {}", answer.status.as_u16(), answer.json["code"].as_str().unwrap_or_default())
}

on_both! {
    async fn a_branchs_year_shows_what_was_done_what_is_late_and_what_is_to_come(place: Place) {
        let site = Site::with_branches(place, 2).await;
        let branch = site.office.branches[0].id;
        record(&site, branch, None, "members_meeting", date(2026, 3, 31)).await;
        record(&site, branch, None, "theme_day", date(2026, 11, 3)).await;
        let secretary = site.signed_in(Role::Secretary, &site.office.branches[0]).await;
        let shown = year(&secretary, branch, 2026).await;
        assert_eq!(
            standing(&shown, "members_meeting"),
            ["2026-03-31 done", "2026-06-30 overdue", "2026-09-30 overdue", "2026-12-31 upcoming"]
        );
        assert_eq!(standing(&shown, "theme_day")[10..], ["2026-11-30 done", "2026-12-31 upcoming"]);
        assert_eq!(standing(&shown, "committee_meeting"), [""; 0]);
        let meeting = shown["items"].as_array().unwrap().iter().find(|duty| duty["activity"] == "members_meeting").unwrap();
        assert_eq!(meeting["key"], format!("MEET-01.members_meeting.o{branch}.20260101.1"));
        assert_eq!((&meeting["title"], &meeting["done_on"]), (&json!("召开2026年第1季度支部党员大会"), &json!("2026-03-31")));
        assert_eq!(meeting["link"], format!("/meetings?new=members_meeting&org={branch}"));
        let next = year(&secretary, branch, 2028).await;
        assert_eq!(standing(&next, "theme_day")[1], "2028-02-29 upcoming");
        assert_eq!(standing(&year(&secretary, branch, 2024).await, "theme_day"), [""; 0], "before the enterprise began");
    }

    async fn what_was_just_written_is_in_the_next_answer(place: Place) {
        let site = Site::with_branches(place, 2).await;
        let (branch, staff) = (&site.office.branches[0], site.staff().await);
        let vacancies = async || standing(&year(&staff, branch.id, 2026).await, "vacancy_filling");
        assert_eq!(vacancies().await, ["2026-04-01 overdue"]);
        let person = site.office.member(0, "张三").await;
        assert_eq!(year(&staff, branch.id, 2026).await["learning"]["due"], 1);
        let store = &site.office.store;
        store.assign_post(site.office.author(), branch.id, person, PostKind::Secretary, date(2026, 11, 2)).await.unwrap();
        assert_eq!(vacancies().await, [""; 0], "who led it before it was registered is not known");
        let after = year(&staff, branch.id, 2026).await;
        assert_eq!(standing(&after, "new_secretary_training"), ["2027-05-02 upcoming"]);

        let group = store.create_org(
            site.office.author(),
            rules::org::OrgKind::Group,
            store::NewOrg { parent: Some(branch.id), code: "010101".into(), name: "第一党小组".into(), ..store::NewOrg::default() },
            Some(date(2026, 11, 1)),
        ).await.unwrap();
        assert_eq!(standing(&year(&staff, branch.id, 2026).await, "group_meeting"), ["2026-11-30 due", "2026-12-31 upcoming"]);
        store.dissolve_org(site.office.author(), (group.id, 1), TODAY, "撤并").await.unwrap();
        assert_eq!(standing(&year(&staff, branch.id, 2026).await, "group_meeting"), [""; 0]);

        let answer = staff.put("/api/measures/theme_days", json!({ "value": 2, "reason": "集团要求" })).await;
        assert_eq!(answer.status.as_u16(), 204, "{}", answer.text);
        assert_eq!(standing(&year(&staff, branch.id, 2026).await, "theme_day").len(), 24);
        staff.put("/api/measures/theme_days", json!({ "value": null, "reason": "恢复规定" })).await;
        assert_eq!(standing(&year(&staff, branch.id, 2026).await, "theme_day").len(), 12);
        staff.put("/api/duties/start", json!({ "started_on": "2026-10-01", "reason": "十月起用" })).await;
        assert_eq!(standing(&year(&staff, branch.id, 2026).await, "theme_day").len(), 3);
    }

    async fn two_servers_on_one_store_see_what_the_other_wrote(place: Place) {
        let mut site = Site::with_branches(place, 1).await;
        let branch = site.office.branches[0].id;
        let staff = site.staff().await;
        year(&staff, branch, 2026).await;
        site.configure(|_| {});
        let theirs = site.staff().await;
        let answer = theirs.put("/api/measures/theme_days", json!({ "value": 3, "reason": "集团要求" })).await;
        assert_eq!(answer.status.as_u16(), 204);
        assert_eq!(standing(&year(&staff, branch, 2026).await, "theme_day").len(), 36);
    }

    async fn a_member_on_probation_is_decided_on_at_the_end_and_goes_along_when_moving(place: Place) {
        let site = Site::with_branches(place, 2).await;
        let (here, there) = (site.office.branches[0].id, site.office.branches[1].id);
        let mut someone = draft("王五", 77);
        (someone.stage, someone.full_on, someone.joined_on) = (Some(Stage::Probationary), None, Some(PartialDate::day(date(2025, 12, 1))));
        let new = Record::new(&someone, here).unwrap();
        let person = site.office.store.create_person(site.office.author(), new, TODAY, "测试").await.unwrap();
        let staff = site.staff().await;
        let shown = year(&staff, here, 2026).await;
        assert_eq!(standing(&shown, "conversion_vote"), ["2026-12-31 due"]);
        let duty = shown["persons"].as_array().unwrap().iter().find(|duty| duty["activity"] == "conversion_vote").unwrap();
        assert_eq!((&duty["person_name"], &duty["from"], &duty["remind_from"]), (&json!("王五"), &json!("2026-12-01"), &json!("2026-11-01")));
        let member = site.bound(Role::Member, &site.office.branches[0], Some(person)).await;
        let mine: Vec<_> = items(&member.get("/api/me/duties").await).iter().map(|duty| duty["activity"].clone()).collect();
        assert!(mine.contains(&json!("conversion_application")), "{mine:?}");
        let work = member.get("/api/workbench").await.json;
        assert_eq!((&work["items"][0]["kind"], &work["items"][0]["link"]), (&json!("duty"), &json!("/me")));

        let asked = staff.post("/api/transfers", json!({ "person_id": person.to_string(), "to_org": there.to_string(), "reason": "调动" })).await;
        let letters = standing(&year(&staff, there, 2026).await, "transfer_acceptance");
        assert_eq!(letters, ["2027-02-22 due"]);
        let accept = format!("/api/transfers/{}/accept", asked.json["id"].as_str().unwrap());
        assert_eq!(staff.post(&accept, json!({ "version": 1 })).await.status.as_u16(), 204);
        assert_eq!(standing(&year(&staff, here, 2026).await, "conversion_vote"), [""; 0]);
        assert_eq!(standing(&year(&staff, there, 2026).await, "conversion_vote"), ["2026-12-31 due"]);
        assert_eq!(standing(&year(&staff, there, 2026).await, "transfer_acceptance"), ["2027-02-22 done"]);
    }

    async fn a_moved_branch_is_seen_by_its_new_superior_and_a_merged_one_by_nobody(place: Place) {
        let site = Site::with_branches(place, 3).await;
        let store = &site.office.store;
        let new = |name: &str, code: &str| store::NewOrg { parent: Some(site.office.top.id), code: code.into(), name: name.into(), ..store::NewOrg::default() };
        let committee = store.create_org(site.office.author(), rules::org::OrgKind::Committee, new("二级党委", "0150"), None).await.unwrap();
        let superior = site.signed_in(Role::Secretary, &committee).await;
        let branch = site.office.branches[0].id;
        let overdue = async |client: &Client| client.get("/api/duties?status=overdue&rule=MEET-01").await.json["counts"]["overdue"].clone();
        assert_eq!(overdue(&superior).await, 0);
        assert_snapshot!(code(&superior.get(&format!("/api/duties/year?org={branch}")).await), @"404 not_found");
        store.move_org(site.office.author(), (branch, 1), committee.id, TODAY, "划转").await.unwrap();
        assert_eq!(overdue(&superior).await, 3);
        store.merge_org(site.office.author(), (branch, 2), site.office.branches[1].id, TODAY, "合并").await.unwrap();
        assert_eq!(overdue(&superior).await, 0);
        let staff = site.staff().await;
        assert_eq!(standing(&year(&staff, branch, 2026).await, "members_meeting").len(), 3, "its history stays");
    }

    async fn lists_go_on_page_by_page_and_count_everything(place: Place) {
        let site = Site::with_branches(place, 4).await;
        let staff = site.staff().await;
        let mut seen: Vec<String> = Vec::new();
        let mut cursor = String::new();
        let mut counted = Value::Null;
        loop {
            let answer = staff.get(&format!("/api/duties?limit=40&cursor={cursor}")).await;
            seen.extend(items(&answer).iter().map(|duty| duty["key"].as_str().unwrap().to_owned()));
            let dues: Vec<_> = items(&answer).iter().map(|duty| duty["due"].as_str().unwrap().to_owned()).collect();
            assert!(dues.is_sorted());
            counted = if counted.is_null() { answer.json["counts"].clone() } else { counted };
            match answer.json["next"].as_str() {
                Some(next) => cursor = next.to_owned(),
                None => break,
            }
        }
        let total: u64 = ["upcoming", "due", "overdue", "done", "excused"].iter().map(|key| counted[key].as_u64().unwrap()).sum();
        assert_eq!(seen.len() as u64, total);
        let unique: std::collections::BTreeSet<_> = seen.iter().collect();
        assert_eq!(unique.len(), seen.len());
        let quarter = staff.get("/api/duties?rule=MEET-01&from=2026-04-01&to=2026-06-30").await;
        assert!(items(&quarter).iter().all(|duty| duty["due"] == "2026-06-30") && items(&quarter).len() == 4);
        for (query, expected) in [
            ("status=late", "422 unknown_code"),
            ("from=2026-13-01", "422 bad_date"),
            ("from=2026-05-01&to=2026-04-01", "422 bad_date"),
            ("cursor=x", "422 bad_request"),
            ("org=x", "422 unknown_org"),
            ("org=5", "404 not_found"),
            ("limit=x", "400 bad_request"),
        ] {
            assert_eq!(code(&staff.get(&format!("/api/duties?{query}")).await), expected, "{query}");
        }
        assert_snapshot!(code(&staff.get("/api/duties/year?org=1&year=99").await), @"422 bad_year");
        assert_snapshot!(code(&staff.get(&format!("/api/duties/summary?org={}&year=2020", site.office.top.id)).await), @"422 year_not_kept");
    }

    async fn a_superior_sees_children_and_rules_in_numbers(place: Place) {
        let site = Site::with_branches(place, 3).await;
        record(&site, site.office.branches[2].id, None, "members_meeting", date(2026, 5, 20)).await;
        site.office.member(1, "张三").await;
        let supervisor = site.signed_in(Role::Supervisor, &site.office.top).await;
        let summary = supervisor.get(&format!("/api/duties/summary?org={}", site.office.top.id)).await.json;
        let children = summary["children"].as_array().unwrap();
        let names: Vec<_> = children.iter().map(|child| child["org_name"].as_str().unwrap()).collect();
        assert_eq!(names, ["第1党支部", "第2党支部", "第3党支部"]);
        let overdue: Vec<_> = children.iter().map(|child| child["counts"]["orgs"]["overdue"].as_i64().unwrap()).collect();
        assert_eq!((overdue[0], overdue[0] - overdue[2]), (overdue[1], 1));
        assert_eq!(children[1]["counts"]["persons"]["due"], 1);
        let rule = summary["rules"].as_array().unwrap().iter().find(|rule| rule["rule"] == "MEET-01").unwrap();
        assert_eq!((&rule["counts"]["orgs"]["overdue"], &rule["counts"]["orgs"]["done"], &rule["orgs_overdue"]), (&json!(8), &json!(1), &json!(3)));
        let of = |summed: &Value| ["upcoming", "due", "overdue", "done", "excused"].iter().map(|key| summed["orgs"][key].as_i64().unwrap()).sum::<i64>();
        let parts: i64 = children.iter().map(|child| of(&child["counts"])).sum();
        assert_eq!(of(&summary["total"]), of(&summary["own"]) + parts);
    }

    async fn an_excuse_is_asked_for_by_the_branch_and_decided_strictly_above(place: Place) {
        let site = Site::with_branches(place, 2).await;
        let branch = &site.office.branches[0];
        let secretary = site.signed_in(Role::Secretary, branch).await;
        let superior = site.signed_in(Role::Secretary, &site.office.top).await;
        let neighbour = site.signed_in(Role::Secretary, &site.office.branches[1]).await;
        let key = format!("MEET-05.theme_day.o{}.20260301.1", branch.id);
        let ask = async |client: &Client, key: &str, reason: &str| client.post("/api/excuses", json!({ "duty_key": key, "reason": reason })).await;
        assert_eq!(code(&ask(&secretary, &key, " ").await), "422 missing_required");
        assert_eq!(code(&ask(&secretary, "MEET-05.theme_day.o5.20260301.1", "人员都在外地").await), "404 not_found");
        assert_eq!(code(&ask(&secretary, &key.replace("0301", "0302"), "人员都在外地").await), "404 not_found");
        assert_eq!(code(&ask(&secretary, &key.replace("0301", "1201"), "人员都在外地").await), "422 duty_upcoming");
        assert_eq!(code(&ask(&neighbour, &key, "人员都在外地").await), "404 not_found");
        let asked = ask(&secretary, &key, "三月全体抢修，人员都在外地").await;
        assert_eq!((asked.status.as_u16(), &asked.json["state"], &asked.json["title"]), (200, &json!("requested"), &json!("开展2026年3月主题党日")));
        assert_eq!(code(&ask(&secretary, &key, "人员都在外地").await), "422 excuse_under_way");
        let at = |verb: &str| format!("/api/excuses/{}/{verb}", asked.json["id"].as_str().unwrap());
        assert_eq!(code(&secretary.post(&at("approve"), json!({ "version": 1 })).await), "403 forbidden");
        assert_eq!(code(&neighbour.post(&at("approve"), json!({ "version": 1 })).await), "404 not_found");
        assert_eq!(code(&superior.post(&at("refuse"), json!({ "version": 1 })).await), "422 missing_required");
        assert_eq!(superior.get("/api/excuses?state=requested").await.json["items"][0]["may_decide"], true);
        assert_eq!(secretary.get("/api/excuses").await.json["items"][0]["may_decide"], false);
        let work = superior.get("/api/workbench").await.json;
        assert!(work["items"].as_array().unwrap().iter().any(|item| item["kind"] == "excuses_to_decide"));
        assert_eq!(code(&superior.post(&at("approve"), json!({ "version": 2 })).await), "409 stale");
        assert_eq!(superior.post(&at("approve"), json!({ "version": 1 })).await.status.as_u16(), 204);
        assert_eq!(code(&superior.post(&at("approve"), json!({ "version": 2 })).await), "422 excuse_decided");
        assert_eq!(standing(&year(&secretary, branch.id, 2026).await, "theme_day")[2], "2026-03-31 excused");
        assert_eq!(code(&ask(&secretary, &key, "人员都在外地").await), "422 duty_excused");
        let raw = site.office.place.raw().await;
        let row = sqlx::query("SELECT COUNT(*) AS n FROM ledger WHERE summary LIKE '%抢修%' OR reason LIKE '%抢修%'").fetch_one(&raw).await.unwrap();
        assert_eq!(sqlx::Row::get::<i64, _>(&row, "n"), 0, "the reason is sealed");
        assert!(site.office.store.verify_ledger(site.office.root).await.unwrap().faults.is_empty());
    }

    async fn two_who_ask_at_once_leave_one_request(place: Place) {
        let site = Site::with_branches(place, 1).await;
        let branch = &site.office.branches[0];
        let (one, two) = (site.signed_in(Role::Secretary, branch).await, site.staff().await);
        let body = json!({ "duty_key": format!("MEET-05.theme_day.o{}.20260301.1", branch.id), "reason": "人员都在外地" });
        let (a, b) = tokio::join!(one.post("/api/excuses", body.clone()), two.post("/api/excuses", body.clone()));
        let mut codes = [code(&a), code(&b)];
        codes.sort();
        assert_eq!(codes, ["200 ", "422 excuse_under_way"]);
    }

    async fn an_enterprise_sets_stricter_numbers_only_and_only_at_the_top(place: Place) {
        let site = Site::with_branches(place, 1).await;
        let (staff, low) = (site.staff().await, site.signed_in(Role::PartyStaff, &site.office.branches[0]).await);
        let set = async |client: &Client, key: &str, value: Value| code(&client.put(&format!("/api/measures/{key}"), json!({ "value": value, "reason": "集团要求" })).await);
        assert_eq!(set(&staff, "learning_hours", json!(40)).await, "204 ");
        assert_eq!(set(&staff, "learning_hours", json!(31)).await, "422 laxer");
        assert_eq!(set(&staff, "probation_months", json!(11)).await, "422 laxer");
        assert_eq!(set(&staff, "talk_lead", json!(0)).await, "422 laxer");
        assert_eq!(set(&staff, "no_such_number", json!(1)).await, "404 not_found");
        assert_eq!(set(&low, "learning_hours", json!(50)).await, "403 forbidden");
        let list = low.get("/api/measures").await.json;
        let hours = list["items"].as_array().unwrap().iter().find(|item| item["key"] == "learning_hours").unwrap();
        assert_eq!((&hours["regulated"], &hours["own"], &hours["value"], &hours["allowed"]), (&json!(32), &json!(40), &json!(40), &json!("more")));
        assert_eq!((&list["may_set"], &staff.get("/api/measures").await.json["may_set"]), (&json!(false), &json!(true)));
        let start = async |day: &str| code(&staff.put("/api/duties/start", json!({ "started_on": day, "reason": "正式启用" })).await);
        assert_eq!([start("2026-11-25").await, start("x").await, start("2026-11-24").await], ["422 bad_date", "422 bad_date", "204 "]);
    }

    async fn an_enterprises_own_duty_is_asked_done_and_ended(place: Place) {
        let site = Site::with_branches(place, 2).await;
        let (staff, branch) = (site.staff().await, &site.office.branches[0]);
        let form = json!({ "name": "安全学习", "period": "quarter", "times": 1, "lead": 15, "kinds": ["branch"], "from": "2026-07-01", "reason": "集团要求" });
        let mut wrong = form.clone();
        (wrong["name"], wrong["times"], wrong["kinds"], wrong["until"]) = (json!(" "), json!(0), json!([]), json!("2026-06-30"));
        let refused = staff.post("/api/duties/own", wrong).await;
        let fields: Vec<_> = refused.json["errors"].as_array().unwrap().iter().map(|e| e["pointer"].as_str().unwrap().to_owned()).collect();
        assert_eq!(fields, ["/name", "/times", "/kinds", "/until"]);
        let added = staff.post("/api/duties/own", form.clone()).await.json;
        let secretary = site.signed_in(Role::Secretary, branch).await;
        assert_eq!(standing(&year(&secretary, branch.id, 2026).await, "own"), ["2026-09-30 overdue", "2026-12-31 upcoming"]);
        let url = format!("/api/duties/own/{}", added["id"].as_str().unwrap());
        let done = async |org: OrgId, on: &str| code(&secretary.post(&format!("{url}/done"), json!({ "org_id": org.to_string(), "on": on, "note": "组织了学习" })).await);
        assert_eq!(done(site.office.branches[1].id, "2026-11-03").await, "404 not_found");
        assert_eq!(done(branch.id, "2026-11-25").await, "422 bad_date");
        assert_eq!(done(branch.id, "2026-11-03").await, "204 ");
        assert_eq!(standing(&year(&secretary, branch.id, 2026).await, "own"), ["2026-09-30 overdue", "2026-12-31 done"]);
        let committee = staff.post(&format!("{url}/done"), json!({ "org_id": site.office.top.id.to_string(), "on": "2026-11-03", "note": "x" })).await;
        assert_eq!(code(&committee), "422 own_duty_kind");
        let mut ended = form.clone();
        (ended["version"], ended["until"]) = (json!(1), json!("2026-09-30"));
        assert_eq!(staff.put(&url, ended.clone()).await.status.as_u16(), 204);
        assert_eq!(code(&staff.put(&url, ended).await), "409 stale");
        let left = standing(&year(&secretary, branch.id, 2026).await, "own");
        assert_eq!(left, ["2026-09-30 done"], "what was done in November makes good the third quarter");
        assert_eq!(items(&secretary.get("/api/duties/own").await)[0]["until"], "2026-09-30");
    }

    async fn the_workbench_names_own_duties_and_sums_up_those_below(place: Place) {
        let site = Site::with_branches(place, 30).await;
        let branch = &site.office.branches[0];
        let secretary = site.signed_in(Role::Secretary, branch).await;
        let work = secretary.get("/api/workbench").await.json;
        let work = work["items"].as_array().unwrap();
        let of = |rule: &str| work.iter().filter(|item| item["rule"] == rule).collect::<Vec<_>>();
        assert_eq!(of("MEET-05").len(), 1);
        assert_eq!(of("MEET-05")[0]["title"], "开展2026年10月主题党日（共 11 项未办）");
        assert_eq!((&of("MEET-01")[0]["title"], &of("MEET-01")[0]["link"]), (&json!("召开2026年第3季度支部党员大会（共 3 项未办）"), &json!(format!("/meetings?new=members_meeting&org={}", branch.id))));
        assert_eq!((of("ORG-09").len(), &of("ORG-09")[0]["kind"]), (1, &json!("vacancy")));

        let supervisor = site.signed_in(Role::Supervisor, &site.office.top).await;
        let work = supervisor.get("/api/workbench").await.json;
        let below: Vec<_> = work["items"].as_array().unwrap().iter().filter(|item| item["kind"] == "duty_below").collect();
        let themes: Vec<_> = below.iter().filter(|item| item["rule"] == "MEET-05").collect();
        assert_eq!((themes.len(), &themes[0]["title"]), (1, &json!("下级 30 个党组织「主题党日」逾期 300 项")));
        assert!(below.len() < 12);
    }

    async fn outside_the_subtree_nothing_exists_and_system_duties_see_nothing(place: Place) {
        let site = Site::with_branches(place, 2).await;
        let (one, two) = (site.office.branches[0].id, site.office.branches[1].id);
        let person = site.office.member(1, "张三").await;
        let secretary = site.signed_in(Role::Secretary, &site.office.branches[0]).await;
        for url in [format!("/api/duties/year?org={two}"), format!("/api/duties/summary?org={two}"), format!("/api/duties?org={two}"), format!("/api/excuses?org={two}")] {
            assert_eq!(code(&secretary.get(&url).await), "404 not_found", "{url}");
        }
        assert!(items(&secretary.get(&format!("/api/duties?person={person}")).await).is_empty());
        assert!(items(&secretary.get("/api/duties?limit=500").await).iter().all(|duty| duty["org_id"] == one.to_string()));
        for role in [Role::SystemAdmin, Role::SecurityAdmin, Role::Auditor] {
            let client = site.signed_in(role, &site.office.top).await;
            assert_eq!(client.get("/api/duties").await.status.as_u16(), 403, "{role:?}");
            assert_eq!(client.get("/api/workbench").await.json["items"], json!([]), "{role:?}");
            assert!(items(&client.get("/api/grounds").await).len() > 70);
        }
        let unbound = site.signed_in(Role::Member, &site.office.branches[0]).await;
        assert_snapshot!(code(&unbound.get("/api/me/duties").await), @"422 not_bound");
        let other = site.bound(Role::Member, &site.office.branches[1], Some(person)).await;
        let mine = other.get("/api/me/duties").await;
        assert!(!items(&mine).is_empty() && items(&mine).iter().all(|duty| duty["person_id"] == person.to_string()));
    }
}

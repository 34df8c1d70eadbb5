//! /api/stats: who may count whom, tables, trends, questions, spreadsheets, saved queries.

use crate::site::Site;
use axum::http::StatusCode;
use insta::assert_snapshot;
use rules::access::Role;
use serde_json::{Value, json};
use testbed::on_both;

/// Two branches: two women and a man in the first (the first of all is a man), one person in the second.
async fn site(place: testbed::Place) -> Site {
    let site = Site::with_branches(place, 2).await;
    for (branch, name) in [(0, "张一"), (0, "张二"), (1, "张三"), (0, "张四")] {
        site.office.member(branch, name).await;
    }
    site
}

fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

const ROUTES: [&str; 6] = [
    "/api/stats",
    "/api/stats/export",
    "/api/stats/vocabulary",
    "/api/stats/trend?from_year=2024&to_year=2026",
    "/api/stats/ask?q=%E5%A5%B3",
    "/api/stats/saved",
];

on_both! {
    async fn a_table_has_a_key_for_each_dimension(place: Place) {
        let site = site(place).await;
        let answer = site.staff().await.get("/api/stats?by=org,gender&where=age%3E30").await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        assert!(answer.headers["server-timing"].to_str().unwrap().starts_with("census;dur="));
        let rows = json!([
            { "org": "第1党支部", "gender": "男", "count": 1 },
            { "org": "第1党支部", "gender": "女", "count": 2 },
            { "org": "第2党支部", "gender": "男", "count": 1 },
        ]);
        assert_eq!(answer.json["rows"], rows);
        assert_eq!((&answer.json["by"], &answer.json["total"]), (&json!(["org", "gender"]), &json!(4)));
        assert_eq!((&answer.json["as_of"], &answer.json["org"]), (&json!("2026-11-24"), &Value::Null));
        assert_eq!(answer.json["orgs"][1]["code"], "0102");
    }

    async fn only_those_who_see_members_may_count_them(place: Place) {
        let site = site(place).await;
        for role in Role::ALL {
            let client = site.signed_in(*role, &site.office.top).await;
            let may = matches!(role, Role::PartyStaff | Role::Secretary | Role::Supervisor);
            let expected = if may { StatusCode::OK } else { StatusCode::FORBIDDEN };
            for route in ROUTES {
                assert_eq!(client.get(route).await.status, expected, "{role:?} {route}");
            }
            let query = json!({ "name": "全部", "query": { "by": "gender", "where": "" } });
            let saved = client.post("/api/stats/saved", query).await;
            assert_eq!(saved.status, expected, "{role:?}");
            let id = saved.json["id"].as_str().unwrap_or("1");
            let expected = if may { StatusCode::NO_CONTENT } else { StatusCode::FORBIDDEN };
            assert_eq!(client.delete(&format!("/api/stats/saved/{id}")).await.status, expected, "{role:?}");
        }
        for route in ROUTES {
            assert_eq!(site.stranger().get(route).await.status, StatusCode::UNAUTHORIZED, "{route}");
        }
    }

    async fn nobody_counts_outside_the_own_subtree(place: Place) {
        let site = site(place).await;
        let client = site.signed_in(Role::Secretary, &site.office.branches[0]).await;
        assert_eq!(client.get("/api/stats").await.json["total"], 3);
        assert_eq!(client.get("/api/stats?org=0101").await.json["total"], 3);
        for code in ["0102", "01", "none"] {
            let answer = client.get(&format!("/api/stats?org={code}")).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND);
            assert!(answer.json["detail"].as_str().unwrap().contains(&format!("编码为「{code}」的党组织")), "{}", answer.text);
        }
        let asked = client.get(&format!("/api/stats/ask?q={}", encoded("第2党支部女党员"))).await;
        assert_eq!(asked.json["query"]["org"], Value::Null);
    }

    async fn what_is_not_in_the_vocabulary_is_refused_with_what_there_is(place: Place) {
        let site = site(place).await;
        let staff = site.staff().await;
        let answer = staff.get(&format!("/api/stats?by=blood&where={}&bands=9,3&as_of=2027-01-01", encoded("gender=猫"))).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        let pointers: Vec<&str> = answer.json["errors"].as_array().unwrap().iter().map(|e| e["pointer"].as_str().unwrap()).collect();
        assert_eq!(pointers, ["/as_of", "/by", "/bands", "/where"]);
        assert_snapshot!(answer.json["errors"][3]["message"].as_str().unwrap(), @"「猫」不是性别的取值。可用的有：男、女");
        assert!(answer.json["errors"][1]["message"].as_str().unwrap().contains("学历（education）"));
    }

    async fn a_day_in_the_past_is_counted_from_history(place: Place) {
        let site = site(place).await;
        let staff = site.staff().await;
        assert_eq!(staff.get("/api/stats?as_of=2008-06-14").await.json["total"], 0);
        let then = staff.get("/api/stats?as_of=2009-06-14&by=status,age_band").await;
        assert_eq!(then.json["rows"], json!([{ "status": "预备党员", "age_band": "30岁及以下", "count": 4 }]));
    }

    async fn a_trend_gives_every_year_its_rows(place: Place) {
        let site = site(place).await;
        let staff = site.staff().await;
        let answer = staff.get("/api/stats/trend?by=gender&where=gender%3D%E5%A5%B3&from_year=2007&to_year=2009").await;
        let rows = json!([{ "year": 2008, "gender": "女", "count": 2 }, { "year": 2009, "gender": "女", "count": 2 }]);
        assert_eq!((&answer.json["rows"], &answer.json["from_year"]), (&rows, &json!(2007)));
        for years in ["from_year=2009&to_year=2007", "from_year=2020&to_year=2027", "from_year=1950&to_year=2026"] {
            let refused = staff.get(&format!("/api/stats/trend?{years}")).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{years}");
            assert_eq!(refused.json["errors"][0]["code"], "bad_date");
        }
    }

    async fn a_plain_question_becomes_a_query_that_can_be_asked(place: Place) {
        let site = site(place).await;
        let staff = site.staff().await;
        let asked = staff.get(&format!("/api/stats/ask?q={}", encoded("第1党支部45岁以下女党员按学历分布，爱吃辣"))).await;
        let query = &asked.json["query"];
        assert_eq!((&query["by"], &query["org"]), (&json!("education"), &json!("0101")));
        assert_eq!(asked.json["not_understood"], json!(["爱吃辣"]));
        assert!(asked.json["understood"].as_array().unwrap().len() >= 4, "{}", asked.text);
        let text = |key: &str| encoded(query[key].as_str().unwrap());
        let table = staff.get(&format!("/api/stats?by={}&where={}&org={}", text("by"), text("where"), text("org"))).await;
        assert_eq!(table.json["rows"], json!([{ "education": "大学本科", "count": 2 }]));
        assert_eq!(table.json["org"]["code"], "0101");
    }

    async fn the_vocabulary_names_every_dimension(place: Place) {
        let site = site(place).await;
        let words = site.staff().await.get("/api/stats/vocabulary").await;
        let dimensions = words.json["dimensions"].as_array().unwrap();
        assert_eq!(dimensions.len(), 13);
        assert_eq!(dimensions[0], json!({ "key": "gender", "label": "性别", "values": ["男", "女"] }));
        assert_eq!(dimensions[3]["values"].as_array().unwrap().last().unwrap(), "未填");
    }

    async fn the_spreadsheet_says_what_it_shows(place: Place) {
        let site = site(place).await;
        let answer = site.staff().await.get("/api/stats/export?by=gender&org=0101").await;
        assert_eq!(answer.status, StatusCode::OK);
        assert!(answer.headers["content-disposition"].to_str().unwrap().ends_with("-2026-11-24.xlsx"));
        let rows = roster::read(&answer.bytes).unwrap().remove(0).rows;
        assert_snapshot!(rows[0].cell(0).text(), @"第1党支部，党员人数，按性别，统计日期 2026-11-24，合计 3 人");
        let texts: Vec<String> = rows[1..].iter().map(|row| format!("{} {}", row.cell(0).text(), row.cell(1).text())).collect();
        assert_eq!(texts, ["性别 人数", "男 1", "女 2"]);
    }

    async fn a_saved_query_is_its_owners(place: Place) {
        let site = site(place).await;
        let (staff, other) = (site.staff().await, site.staff().await);
        let query = json!({ "by": "学历", "where": "gender=女性", "org": "0101", "as_of": "2025-12-31", "bands": "18,25" });
        let saved = staff.post("/api/stats/saved", json!({ "name": " 女党员 ", "query": query })).await;
        assert_eq!(saved.json["name"], "女党员");
        let normal = json!({ "by": "education", "where": "gender=女", "org": "0101", "as_of": "2025-12-31", "bands": "18,25" });
        assert_eq!(staff.get("/api/stats/saved").await.json["items"], json!([{ "id": saved.json["id"], "name": "女党员", "query": normal }]));
        assert_eq!(other.get("/api/stats/saved").await.json["items"], json!([]));
        let address = format!("/api/stats/saved/{}", saved.json["id"].as_str().unwrap());
        assert_eq!(other.delete(&address).await.status, StatusCode::NOT_FOUND);
        assert_eq!(staff.delete(&address).await.status, StatusCode::NO_CONTENT);
        assert_eq!(staff.delete(&address).await.status, StatusCode::NOT_FOUND);
        let unnamed = staff.post("/api/stats/saved", json!({ "name": "", "query": { "by": "", "where": "" } })).await;
        assert_eq!(unnamed.json["code"], "missing_required");
    }

    async fn what_was_just_written_is_in_the_next_answer(place: Place) {
        let site = site(place).await;
        let staff = site.staff().await;
        let by = async |by: &str| {
            let answer = staff.get(&format!("/api/stats?by={by}")).await;
            let rows = answer.json["rows"].as_array().unwrap();
            rows.iter().map(|row| format!("{} {}", row[by].as_str().unwrap(), row["count"])).collect::<Vec<_>>()
        };
        assert_eq!(by("org").await, ["第1党支部 3", "第2党支部 1"]);
        // Through this server.
        let found = staff.get("/api/members?q=%E5%BC%A0%E5%9B%9B").await;
        let id = found.json["items"][0]["id"].as_str().unwrap().to_owned();
        let edit = json!({ "version": 1, "on": "2026-11-24", "reason": "核对档案", "fields": { "education": "硕士" } });
        let edited = staff.patch(&format!("/api/members/{id}"), edit).await;
        assert_eq!(edited.status, StatusCode::OK, "{}", edited.text);
        assert_eq!(by("education").await, ["硕士研究生 1", "大学本科 3"]);
        // Past it, as by another instance on the same database: a branch is founded, somebody joins it, and it is renamed.
        let office = &site.office;
        let new = store::NewOrg { parent: Some(office.top.id), code: "0103".into(), name: "第3党支部".into(), ..Default::default() };
        let third = office.store.create_org(office.author(), rules::org::OrgKind::Branch, new, None).await.unwrap();
        assert_eq!(by("org").await, ["第1党支部 3", "第2党支部 1"]);
        let record = rules::member::Record::new(&office.next_draft("王五"), third.id).unwrap();
        office.store.create_person(office.author(), record, testbed::TODAY, "测试").await.unwrap();
        assert_eq!(by("org").await, ["第1党支部 3", "第2党支部 1", "第3党支部 1"]);
        let name = store::OrgEdit { name: Some("青年党支部".into()), ..Default::default() };
        office.store.edit_org(office.author(), (third.id, 1), name, testbed::TODAY, "改名").await.unwrap();
        assert_eq!(by("org").await, ["第1党支部 3", "第2党支部 1", "青年党支部 1"]);
    }

    async fn a_table_to_give_away_has_no_small_counts(place: Place) {
        let site = site(place).await;
        for name in ["李一", "李二", "李三", "李四", "李五", "李六", "李七", "李八"] {
            site.office.member(0, name).await;
        }
        let staff = site.staff().await;
        let all = staff.get("/api/stats?by=org").await;
        assert_eq!((&all.json["few"], &all.json["total"], &all.json["total_shown"]), (&Value::Null, &json!(12), &Value::Null));
        let table = staff.get("/api/stats?by=org&small=hide").await;
        let rows = json!([
            { "org": "第1党支部", "count": null, "shown": "不显示" },
            { "org": "第2党支部", "count": null, "shown": "<5" },
        ]);
        assert_eq!((&table.json["rows"], &table.json["few"], &table.json["total"]), (&rows, &json!(5), &json!(12)));
        let few = staff.get("/api/stats?org=0102&small=hide").await;
        assert_eq!((&few.json["total"], &few.json["total_shown"]), (&Value::Null, &json!("<5")));
        let trend = staff.get("/api/stats/trend?by=org&from_year=2009&to_year=2009&small=hide").await;
        assert_eq!(trend.json["rows"][1], json!({ "year": 2009, "org": "第2党支部", "count": null, "shown": "<5" }));
        let sheet = staff.get("/api/stats/export?by=org&small=hide").await;
        let rows = roster::read(&sheet.bytes).unwrap().remove(0).rows;
        assert_snapshot!(rows[0].cell(0).text(), @"党员人数，按党组织，统计日期 2026-11-24，合计 12 人，少于 5 人的数字及可推算出它们的数字不显示");
        assert_eq!([rows[2].cell(1).text(), rows[3].cell(1).text()], ["不显示", "<5"]);
        let refused = staff.get("/api/stats?by=org&small=1").await;
        assert_eq!(refused.json["errors"][0]["pointer"], "/small");
    }
}

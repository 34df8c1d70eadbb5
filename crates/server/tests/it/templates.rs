//! 模板: the library, forms filled in, documents, and an organisation's own templates.

use crate::meetings::Hall;
use crate::site::{Answer, Client, Site};
use axum::http::{StatusCode, header};
use papers::{Block, Document, Layout};
use rules::access::Role;
use rules::org::PostKind;
use serde_json::{Value, json};
use std::io::{Cursor, Read, Write};
use testbed::{TODAY, on_both};
use zip::write::SimpleFileOptions;

fn code(answer: &Answer) -> (u16, &str) {
    (answer.status.as_u16(), answer.json["code"].as_str().unwrap_or_default())
}

/// A notice with everything filled in.
fn notice(org: &str) -> Value {
    json!({ "org": org, "values": {
        "会议名称": "第一季度党员大会", "参加人员": "全体党员", "会议日期": "2026-12-01", "会议时间": "14:30", "会议地点": "三层会议室",
        "主持人": "李某", "议题": [{ "题目": "学习" }, { "题目": "表决" }], "党组织": "第1党支部", "落款日期": "2026-11-24",
    } })
}

/// A DOCX with these paragraphs.
fn docx(paragraphs: &[&str]) -> Vec<u8> {
    let blocks = paragraphs.iter().map(|words| Block::Paragraph((*words).to_owned())).collect();
    papers::docx(&Document { layout: Layout::Official, title: String::new(), blocks }).unwrap()
}

/// The same with another part in the package.
fn docx_with(part: &str, bytes: &[u8]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new_append(Cursor::new(docx(&["{{会议名称}}"]))).unwrap();
    archive.start_file(part, SimpleFileOptions::default()).unwrap();
    archive.write_all(bytes).unwrap();
    archive.finish().unwrap().into_inner()
}

fn text_of(docx: &[u8]) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(docx)).unwrap();
    let mut text = String::new();
    archive.by_name("word/document.xml").unwrap().read_to_string(&mut text).unwrap();
    text
}

fn branch(site: &Site, index: usize) -> String {
    site.office.branches[index].id.to_string()
}

fn field<'f>(form: &'f Value, name: &str) -> &'f Value {
    form["fields"].as_array().unwrap().iter().find(|field| field["name"] == name).unwrap()
}

async fn own(client: &Client, org: &str, bytes: &[u8]) -> Answer {
    client.upload(&format!("/api/templates/meeting_notice/own?org={org}&note=x"), "通知.docx", bytes, &[]).await
}

fn row<'l>(list: &'l Value, key: &str) -> &'l Value {
    list["items"].as_array().unwrap().iter().find(|row| row["key"] == key).unwrap()
}

on_both! {
    async fn the_library_says_what_each_template_is_for(place: Place) {
        let site = Site::with_branches(place, 1).await;
        let supervisor = site.signed_in(Role::Supervisor, &site.office.top).await;
        let list = supervisor.get(&format!("/api/templates?org={}", branch(&site, 0))).await.json;
        assert!(list["items"].as_array().unwrap().len() > 30);
        assert_eq!((&list["may_add"], &list["pdf_of_own"]), (&json!(false), &json!(false)));
        let notice = row(&list, "meeting_notice");
        assert_eq!((&notice["name"], &notice["group"], &notice["official"]), (&json!("会议通知"), &json!("life"), &json!(true)));
        assert_eq!(notice["uses"][0]["rule"], "MEET-01");
    }

    async fn a_form_is_filled_in_with_what_the_register_knows(place: Place) {
        let site = Site::with_branches(place, 1).await;
        let office = &site.office;
        let person = office.member(0, "李四").await;
        office.store.assign_post(office.author(), office.branches[0].id, person, PostKind::Secretary, TODAY).await.unwrap();
        let staff = site.staff().await;
        let form = staff.get(&format!("/api/templates/meeting_notice?org={}", branch(&site, 0))).await.json;
        assert_eq!(field(&form, "党组织")["value"], "第1党支部");
        assert_eq!(field(&form, "主持人")["value"], "李四");
        assert_eq!(field(&form, "落款日期")["value"], "2026-11-24");
        assert_eq!((&field(&form, "会议地点")["value"], &field(&form, "会议地点")["required"]), (&Value::Null, &json!(true)));
        assert_eq!(field(&form, "议题")["columns"][0]["name"], "题目");
        let form = staff.get(&format!("/api/templates/appraisal_form?org={}", branch(&site, 0))).await.json;
        assert_eq!(field(&form, "党员")["value"], json!([{ "姓名": "李四" }]));
        let form = staff.get(&format!("/api/templates/election_request?org={}", branch(&site, 0))).await.json;
        assert_eq!((&field(&form, "上级党组织")["value"], &field(&form, "党员人数")["value"]), (&json!("测试集团党委"), &json!("1")));
    }

    async fn a_chosen_person_fills_in_more_and_sees_that_it_was_looked_at(place: Place) {
        let site = Site::with_branches(place, 2).await;
        let person = site.office.member(0, "李四").await;
        let staff = site.staff().await;
        let path = format!("/api/templates/political_review_letter?org={}&person={person}", branch(&site, 0));
        let form = staff.get(&path).await.json;
        assert_eq!((&form["takes_person"], &field(&form, "发展对象")["value"]), (&json!(true), &json!("李四")));
        assert_eq!(field(&form, "出生年月")["value"], "1985年3月");
        assert_eq!(site.office.store.person_views(site.office.root, person, None, 10).await.unwrap().len(), 1);
        let other = site.signed_in(Role::Secretary, &site.office.branches[1]).await;
        let path = format!("/api/templates/political_review_letter?org={}&person={person}", branch(&site, 1));
        assert_eq!(code(&other.get(&path).await), (404, "not_found"));
        assert_eq!(code(&staff.get(&format!("{path}x")).await), (422, "bad_id"));
    }

    async fn a_form_opened_from_a_meeting_is_filled_in_with_its_record(place: Place) {
        let mut hall = Hall::new(place).await;
        hall.planned().await;
        let (site, id) = (&hall.site, hall.meeting["id"].as_str().unwrap().to_owned());
        let path = |key: &str, org: usize| format!("/api/templates/{key}?org={}&meeting={id}", branch(site, org));
        let form = hall.secretary.get(&path("meeting_notice", 0)).await.json;
        assert_eq!(field(&form, "会议名称")["value"], "第四季度支部党员大会");
        assert_eq!((&field(&form, "会议日期")["value"], &field(&form, "会议时间")["value"]), (&json!("2026-11-24"), &json!("14:30")));
        assert_eq!((&field(&form, "会议地点")["value"], &field(&form, "主持人")["value"]), (&json!("三楼会议室"), &json!("甲一")));
        assert_eq!(field(&form, "议题")["value"], json!([{ "题目": "讨论接收王某为预备党员" }]));
        let form = hall.secretary.get(&path("meeting_minutes", 0)).await.json;
        assert_eq!((&field(&form, "记录人")["value"], &field(&form, "实到人数")["value"]), (&json!("乙二"), &Value::Null), "nobody has come yet");
        let staff = site.staff().await;
        assert_eq!(code(&staff.get(&path("meeting_notice", 1)).await), (404, "not_found"), "another branch's meeting");
        let other = site.signed_in(Role::Secretary, &site.office.branches[1]).await;
        assert_eq!(code(&other.get(&path("meeting_notice", 1)).await), (404, "not_found"));
        assert_eq!(code(&staff.get(&format!("{}x", path("meeting_notice", 0))).await), (422, "bad_id"));
    }

    async fn a_document_comes_as_docx_and_as_pdf(place: Place) {
        let site = Site::with_branches(place, 1).await;
        let staff = site.staff().await;
        let asked = notice(&branch(&site, 0));
        let docx = staff.post("/api/templates/meeting_notice/document", asked.clone()).await;
        assert_eq!(docx.status, StatusCode::OK, "{}", docx.text);
        assert!(text_of(&docx.bytes).contains("关于召开第一季度党员大会的通知"));
        assert!(docx.headers[header::CONTENT_DISPOSITION].to_str().unwrap().ends_with("%2Edocx"));
        let pdf = staff.post("/api/templates/meeting_notice/document?format=pdf", asked.clone()).await;
        assert!(pdf.bytes.starts_with(b"%PDF-"));
        assert_eq!(code(&staff.post("/api/templates/meeting_notice/document?format=doc", asked).await), (422, "unknown_code"));
    }

    async fn all_that_is_missing_is_said_at_once_and_a_field_that_does_not_exist_is_named(place: Place) {
        let site = Site::with_branches(place, 1).await;
        let staff = site.staff().await;
        let mut asked = notice(&branch(&site, 0));
        asked["values"]["会议日期"] = json!("2026-02-30");
        asked["values"]["会议地点"] = json!(" ");
        asked["values"]["天气"] = json!("晴");
        asked["values"]["议题"] = json!([{ "题目": "", "汇报人": "李某" }]);
        let answer = staff.post("/api/templates/meeting_notice/document", asked).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        let errors = answer.json["errors"].as_array().unwrap();
        let mut found: Vec<(&str, &str)> =
            errors.iter().map(|e| (e["pointer"].as_str().unwrap(), e["code"].as_str().unwrap())).collect();
        found.sort_unstable();
        assert_eq!(found, [
            ("/values/会议地点", "missing_required"),
            ("/values/会议日期", "bad_date"),
            ("/values/天气", "unknown_field"),
            ("/values/议题/0/汇报人", "unknown_field"),
            ("/values/议题/0/题目", "missing_required"),
        ]);
        assert!(answer.text.contains("可填的有：会议名称、"));
        let odd = json!({ "org": branch(&site, 0), "values": { "会议名称": 7 } });
        assert_eq!(code(&staff.post("/api/templates/meeting_notice/document", odd).await), (422, "bad_request"));
    }

    async fn the_preview_shows_pages_before_everything_is_filled_in(place: Place) {
        let site = Site::with_branches(place, 1).await;
        let staff = site.staff().await;
        let asked = json!({ "org": branch(&site, 0), "values": { "会议名称": "党员大会" } });
        let preview = staff.post("/api/templates/meeting_notice/preview", asked).await.json;
        assert!(preview["pages"][0].as_str().unwrap().starts_with("<svg"));
        assert!(preview["faults"].as_array().unwrap().iter().any(|fault| fault["pointer"] == "/values/会议地点"));
    }

    async fn a_sample_can_be_put_in_as_ones_own_and_is_used_from_then_on(place: Place) {
        let site = Site::with_branches(place, 2).await;
        let staff = site.staff().await;
        let sample = staff.get("/api/templates/meeting_notice/sample").await;
        assert!(text_of(&sample.bytes).contains("{{会议名称}}"));
        let added = own(&staff, &site.office.top.id.to_string(), &sample.bytes).await;
        assert_eq!((added.status, &added.json["without_place"]), (StatusCode::OK, &json!([])), "{}", added.text);
        // It holds below the organisation whose it is.
        let list = staff.get(&format!("/api/templates?org={}", branch(&site, 1))).await.json;
        assert_eq!(row(&list, "meeting_notice")["own"]["inherited"], true);
        let made = staff.post("/api/templates/meeting_notice/document", notice(&branch(&site, 1))).await;
        let text = text_of(&made.bytes);
        assert!(text.contains("2026年12月1日") && text.contains("（1）学习") && text.contains("（2）表决"), "{text}");
        let pdf = staff.post("/api/templates/meeting_notice/document?format=pdf", notice(&branch(&site, 1))).await;
        assert_eq!(code(&pdf), (422, "no_office"));
        let mut built_in = notice(&branch(&site, 1));
        built_in["built_in"] = json!(true);
        let pdf = staff.post("/api/templates/meeting_notice/document?format=pdf", built_in).await;
        assert!(pdf.bytes.starts_with(b"%PDF-"));
    }

    async fn a_nearer_template_takes_precedence(place: Place) {
        let site = Site::with_branches(place, 1).await;
        let staff = site.staff().await;
        own(&staff, &site.office.top.id.to_string(), &docx(&["上级样式：{{会议名称}}"])).await;
        let secretary = site.signed_in(Role::Secretary, &site.office.branches[0]).await;
        let made = secretary.post("/api/templates/meeting_notice/document", notice(&branch(&site, 0))).await;
        assert!(text_of(&made.bytes).contains("上级样式：第一季度党员大会"));
        let added = own(&secretary, &branch(&site, 0), &docx(&["本支部样式：{{会议名称}}"])).await;
        assert_eq!(added.status, StatusCode::OK, "{}", added.text);
        assert!(added.json["without_place"].as_array().unwrap().contains(&json!("会议地点")));
        let made = secretary.post("/api/templates/meeting_notice/document", notice(&branch(&site, 0))).await;
        assert!(text_of(&made.bytes).contains("本支部样式：第一季度党员大会"));
    }

    async fn what_must_not_come_in_is_refused_and_nothing_is_kept(place: Place) {
        let site = Site::with_branches(place, 1).await;
        let staff = site.staff().await;
        let org = site.office.top.id.to_string();
        let bomb = docx_with("word/media/a.png", &vec![0; 60 << 20]);
        for (expected, bytes) in [
            ("active_content", docx_with("word/vbaProject.bin", b"x")),
            ("active_content", docx_with("word/embeddings/oleObject1.bin", b"x")),
            ("too_large", bomb),
            ("bad_file", b"MZ".to_vec()),
            ("unknown_field", docx(&["{{会议名称}}{{天气}}"])),
            ("bad_placeholder", docx(&["{{会议名称"])),
            ("no_placeholder", docx(&["会议名称"])),
        ] {
            let answer = own(&staff, &org, &bytes).await;
            assert_eq!(code(&answer), (422, expected), "{}", answer.text);
            assert_eq!(answer.json["errors"][0]["pointer"], "/file");
        }
        let unknown = own(&staff, &org, &docx(&["{{天气}}"])).await;
        assert!(unknown.text.contains("{{天气}}") && unknown.text.contains("会议名称、参加人员"), "{}", unknown.text);
        assert_eq!(code(&own(&staff, &org, &vec![0; 6 << 20]).await), (413, "file_too_large"));
        let list = staff.get(&format!("/api/templates?org={org}")).await.json;
        assert_eq!(row(&list, "meeting_notice")["own"], Value::Null);
    }

    async fn a_file_is_replaced_by_whoever_saw_the_present_one_and_the_earlier_is_kept(place: Place) {
        let site = Site::with_branches(place, 1).await;
        let staff = site.staff().await;
        let added = own(&staff, &site.office.top.id.to_string(), &docx(&["一 {{会议名称}}"])).await;
        let id = added.json["id"].as_str().unwrap().to_owned();
        assert_eq!(code(&own(&staff, &site.office.top.id.to_string(), &docx(&["{{会议名称}}"])).await), (422, "template_held"));
        let file = format!("/api/own-templates/{id}/file");
        let second = docx(&["二 {{会议名称}}"]);
        let replaced = staff.upload(&format!("{file}?version=1&note=改版"), "新.docx", &second, &[]).await;
        assert_eq!(replaced.status, StatusCode::OK, "{}", replaced.text);
        let stale = staff.upload(&format!("{file}?version=1"), "新.docx", &second, &[]).await;
        assert_eq!(code(&stale), (409, "stale"));
        let detail = staff.get(&format!("/api/own-templates/{id}")).await.json;
        let versions: Vec<&Value> = detail["versions"].as_array().unwrap().iter().map(|one| &one["name"]).collect();
        assert_eq!(versions, ["新.docx", "通知.docx"]);
        assert!(text_of(&staff.get(&format!("{file}?version=1")).await.bytes).contains("一 {{"));
        assert!(text_of(&staff.get(&file).await.bytes).contains("二 {{"));
        let withdrawn = staff.post(&format!("/api/own-templates/{id}/withdraw"), json!({ "version": 2, "reason": "改用统一模板" })).await;
        assert_eq!(withdrawn.status, StatusCode::NO_CONTENT, "{}", withdrawn.text);
        let made = staff.post("/api/templates/meeting_notice/document", notice(&branch(&site, 0))).await;
        assert!(text_of(&made.bytes).contains("现将有关事项通知如下"));
    }

    async fn a_superiors_template_is_seen_but_not_changed_and_a_neighbours_does_not_exist(place: Place) {
        let site = Site::with_branches(place, 2).await;
        let staff = site.staff().await;
        let form = docx(&["{{会议名称}}"]);
        let upper = own(&staff, &site.office.top.id.to_string(), &form).await.json["id"].as_str().unwrap().to_owned();
        let neighbours = own(&staff, &branch(&site, 1), &form).await.json["id"].as_str().unwrap().to_owned();
        let secretary = site.signed_in(Role::Secretary, &site.office.branches[0]).await;
        assert_eq!(secretary.get(&format!("/api/own-templates/{upper}")).await.status, StatusCode::OK);
        let changed = secretary.upload(&format!("/api/own-templates/{upper}/file?version=1"), "a.docx", &form, &[]).await;
        assert_eq!(code(&changed), (403, "forbidden"));
        assert!(changed.text.contains("上级"));
        assert_eq!(code(&secretary.get(&format!("/api/own-templates/{neighbours}")).await), (404, "not_found"));
        let changed = secretary.upload(&format!("/api/own-templates/{neighbours}/file?version=1"), "a.docx", &form, &[]).await;
        assert_eq!(code(&changed), (404, "not_found"));
        assert_eq!(code(&own(&secretary, &branch(&site, 1), &form).await), (404, "not_found"));
        assert_eq!(code(&secretary.get(&format!("/api/templates?org={}", branch(&site, 1))).await), (404, "not_found"));
    }

    async fn with_libreoffice_ones_own_template_becomes_a_pdf(place: Place) {
        let mut site = Site::with_branches(place, 1).await;
        let Some(office) = server::find_office() else { panic!("LibreOffice is not installed: scripts/install.sh") };
        site.configure(|config| config.office = Some(office));
        let staff = site.staff().await;
        own(&staff, &site.office.top.id.to_string(), &docx(&["本单位：{{会议名称}}"])).await;
        let asked = notice(&branch(&site, 0));
        let pdf = staff.post("/api/templates/meeting_notice/document?format=pdf", asked.clone()).await;
        assert!(pdf.bytes.starts_with(b"%PDF-"), "{}", pdf.text);
        let preview = staff.post("/api/templates/meeting_notice/preview", asked).await.json;
        assert_eq!((&preview["own"], preview["pages"].as_array().unwrap().len()), (&json!(true), 1));
    }

    async fn a_libreoffice_that_fails_is_said_and_docx_still_comes(place: Place) {
        let mut site = Site::with_branches(place, 1).await;
        site.configure(|config| config.office = Some("/bin/false".into()));
        let staff = site.staff().await;
        own(&staff, &site.office.top.id.to_string(), &docx(&["{{会议名称}}"])).await;
        let asked = notice(&branch(&site, 0));
        let pdf = staff.post("/api/templates/meeting_notice/document?format=pdf", asked.clone()).await;
        assert_eq!(code(&pdf), (503, "no_document"));
        assert_eq!(staff.post("/api/templates/meeting_notice/document", asked).await.status, StatusCode::OK);
    }
}

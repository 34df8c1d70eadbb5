//! The papers of a meeting, and what is printed of it.

use super::Hall;
use axum::http::header;
use roster::LARGEST_ATTACHMENT;
use rules::access::Role;
use serde_json::json;
use testbed::on_both;

on_both! {
    async fn papers_go_in_and_out_until_the_archive(place: Place) {
        let mut hall = Hall::new(place).await;
        hall.archived().await;
        hall.step("reopen", json!({ "reason": "补充签到表照片" })).await;
        let url = hall.url("/papers");
        let kept = hall.secretary.upload(&url, "签到表", b"%PDF-1.7\n", &[]).await;
        assert_eq!((kept.status.as_u16(), &kept.json["items"][0]["name"]), (200, &json!("签到表.pdf")), "{}", kept.text);
        let one = format!("{url}/{}", kept.json["items"][0]["id"].as_str().unwrap());
        let fetched = hall.secretary.get(&one).await;
        assert_eq!((fetched.bytes.as_slice(), &fetched.headers["x-content-type-options"]), (&b"%PDF-1.7\n"[..], &"nosniff".parse().unwrap()));
        let supervisor = hall.site.signed_in(Role::Supervisor, &hall.site.office.top).await;
        assert_eq!((supervisor.get(&one).await.status.as_u16(), supervisor.delete(&one).await.status.as_u16()), (200, 403));
        hall.step("confirm", json!({})).await;
        hall.step("archive", json!({})).await;
        assert_eq!(hall.secretary.delete(&one).await.status.as_u16(), 422);
        assert_eq!(hall.secretary.upload(&url, "照片", b"%PDF-1.7\n", &[]).await.status.as_u16(), 422);
        hall.step("reopen", json!({ "reason": "照片传错，更换" })).await;
        assert_eq!(hall.secretary.delete(&one).await.status.as_u16(), 204);
        assert_eq!(hall.secretary.get(&url).await.json["items"], json!([]));
        assert_eq!(hall.secretary.get(&one).await.status.as_u16(), 404);
    }

    async fn a_paper_of_two_hundred_megabytes_is_refused_and_nothing_is_lost(place: Place) {
        let mut hall = Hall::new(place).await;
        hall.planned().await;
        let url = hall.url("/papers");
        hall.secretary.upload(&url, "a.pdf", b"%PDF-1.7\n", &[]).await;
        let mut bytes = b"%PDF-".to_vec();
        bytes.resize(200 << 20, 0);
        let refused = hall.secretary.upload(&url, "录像.pdf", &bytes, &[]).await;
        assert_eq!((refused.status.as_u16(), &refused.json["code"]), (413, &json!("file_too_large")));
        bytes.truncate(LARGEST_ATTACHMENT + 1);
        assert_eq!(hall.secretary.upload(&url, "录像.pdf", &bytes, &[]).await.status.as_u16(), 413);
        assert_eq!(hall.secretary.upload(&url, "程序.pdf", b"MZ\x90\0", &[]).await.json["code"], "bad_file");
        assert_eq!(hall.secretary.get(&url).await.json["items"].as_array().unwrap().len(), 1);
        assert_eq!(hall.secretary.get(&hall.url("")).await.json["version"], hall.meeting["version"]);
    }

    async fn minutes_notice_and_sheet_come_as_files_and_as_pages(place: Place) {
        let mut hall = Hall::new(place).await;
        hall.archived().await;
        for (path, name) in [("minutes", "第四季度支部党员大会记录"), ("notice-sheet", "关于召开第四季度支部党员大会的通知"), ("sign-in-sheet", "第四季度支部党员大会签到表")] {
            let docx = hall.secretary.get(&hall.url(&format!("/{path}?format=docx"))).await;
            assert_eq!((docx.status.as_u16(), &docx.bytes[..2]), (200, &b"PK"[..]), "{}", docx.text);
            let disposition = docx.headers[header::CONTENT_DISPOSITION].to_str().unwrap();
            let encoded: String = name.bytes().map(|byte| format!("%{byte:02X}")).collect();
            assert!(disposition.contains(&encoded), "{disposition}");
            let pdf = hall.secretary.get(&hall.url(&format!("/{path}?format=pdf"))).await;
            assert_eq!((pdf.status.as_u16(), &pdf.bytes[..5]), (200, &b"%PDF-"[..]));
            assert_eq!(hall.secretary.get(&hall.url(&format!("/{path}?format=txt"))).await.json["code"], "unknown_code");
        }
        for of in ["minutes", "notice", "sign_in"] {
            let preview = hall.secretary.get(&hall.url(&format!("/preview?of={of}"))).await.json;
            assert!(preview["pages"][0].as_str().unwrap().starts_with("<svg"), "{preview}");
        }
        assert_eq!(hall.secretary.get(&hall.url("/preview?of=x")).await.json["code"], "unknown_code");
    }

    async fn the_archive_copy_carries_its_pictures_and_says_which_cannot_be_read(place: Place) {
        let mut hall = Hall::new(place).await;
        hall.planned().await;
        hall.secretary.upload(&hall.url("/papers"), "坏的.pdf", b"%PDF-1.7\n", &[]).await;
        let refused = hall.secretary.get(&hall.url("/minutes?format=pdf&papers=true")).await;
        assert_eq!((refused.status.is_success(), refused.json["detail"].as_str().unwrap().contains("坏的.pdf")), (false, true));
        assert_eq!(hall.secretary.get(&hall.url("/minutes?format=pdf")).await.status.as_u16(), 200);
    }
}

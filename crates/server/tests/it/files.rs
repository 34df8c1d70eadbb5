//! /api/members/{id}/files, /api/files and /api/me/files.

use crate::site::{Answer, Site};
use axum::http::{StatusCode, header};
use roster::{LARGEST_ATTACHMENT, Sheet};
use rules::access::Role;
use serde_json::json;
use testbed::on_both;

fn code(answer: &Answer) -> (u16, &str) {
    (answer.status.as_u16(), answer.json["code"].as_str().unwrap_or_default())
}

on_both! {
    async fn a_file_goes_in_and_comes_out_as_it_was(place: Place) {
        let site = Site::with_branches(place, 1).await;
        let id = site.office.member(0, "张三").await;
        let staff = site.staff().await;
        let path = format!("/api/members/{id}/files");
        // More than the limit of other bodies.
        let mut bytes = b"%PDF-1.7\n".to_vec();
        bytes.resize(3 << 20, 7);
        let kept = staff.upload(&path, "毕业证", &bytes, &[]).await;
        assert_eq!(kept.status, StatusCode::OK, "{}", kept.text);
        assert_eq!((&kept.json["name"], &kept.json["media_type"]), (&json!("毕业证.pdf"), &json!("application/pdf")));
        assert_eq!((&kept.json["size"], &kept.json["uploaded_by"]), (&json!(3 << 20), &json!("党务工作者甲")));
        let sheet = Sheet::new("甲", &["乙".to_owned()]).unwrap().finish().unwrap();
        assert_eq!(staff.upload(&path, "../表.xlsx", &sheet, &[]).await.json["name"], "表.xlsx");
        let list = staff.get(&path).await.json;
        assert_eq!((list["items"].as_array().unwrap().len(), &list["items"][1]), (2, &kept.json));
        let fetched = staff.get(&format!("/api/files/{}", kept.json["id"].as_str().unwrap())).await;
        assert_eq!((fetched.status, fetched.bytes == bytes), (StatusCode::OK, true));
        let disposition = fetched.headers[header::CONTENT_DISPOSITION].to_str().unwrap();
        assert!(disposition.starts_with("attachment; "), "{disposition}");
        assert_eq!(fetched.headers["x-content-type-options"], "nosniff");
    }

    async fn other_sorts_of_file_are_refused_in_words(place: Place) {
        let site = Site::with_branches(place, 1).await;
        let id = site.office.member(0, "张三").await;
        let staff = site.staff().await;
        let path = format!("/api/members/{id}/files");
        for bytes in [&b"MZ\x90\0"[..], b"<svg onload=alert(1)>", b""] {
            assert_eq!(code(&staff.upload(&path, "证书.pdf", bytes, &[]).await), (422, "bad_file"));
        }
        let mut large = b"%PDF-".to_vec();
        large.resize(LARGEST_ATTACHMENT + 1, 0);
        assert_eq!(code(&staff.upload(&path, "a.pdf", &large, &[]).await), (413, "file_too_large"));
        large.resize(LARGEST_ATTACHMENT + (1 << 20), 0);
        assert_eq!(code(&staff.upload(&path, "a.pdf", &large, &[]).await), (413, "file_too_large"));
        assert_eq!(code(&staff.post(&path, json!({})).await), (400, "bad_request"));
        let nothing = staff.send("POST", &path, Some("multipart/form-data; boundary=edge"), b"--edge--\r\n".to_vec()).await;
        assert_eq!(code(&nothing), (400, "bad_request"));
        assert!(staff.get(&path).await.json["items"].as_array().unwrap().is_empty());
    }

    async fn files_are_for_those_who_keep_the_dossier_and_for_the_person(place: Place) {
        let site = Site::with_branches(place, 2).await;
        let (id, other) = (site.office.member(0, "张三").await, site.office.member(0, "李四").await);
        let staff = site.staff().await;
        let kept = staff.upload(&format!("/api/members/{id}/files"), "a.pdf", b"%PDF-", &[]).await;
        let address = format!("/api/files/{}", kept.json["id"].as_str().unwrap());
        let top = &site.office.top;
        let secretary = site.signed_in(Role::Secretary, &site.office.branches[0]).await;
        let elsewhere = site.signed_in(Role::Secretary, &site.office.branches[1]).await;
        let supervisor = site.signed_in(Role::Supervisor, top).await;
        let (own, foreign) = (site.bound(Role::Member, top, Some(id)).await, site.bound(Role::Member, top, Some(other)).await);
        let auditor = site.signed_in(Role::Auditor, top).await;
        for (client, expected) in [(&secretary, 200), (&own, 200), (&elsewhere, 404), (&supervisor, 403), (&foreign, 404), (&auditor, 403)] {
            assert_eq!(client.get(&address).await.status.as_u16(), expected, "{}", client.login);
        }
        assert_eq!(code(&secretary.get("/api/files/1").await), (404, "not_found"));
        assert_eq!(code(&foreign.get("/api/files/1").await), (404, "not_found"), "no telling what exists");
        let refused = supervisor.upload(&format!("/api/members/{id}/files"), "a.pdf", b"%PDF-", &[]).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        let views = own.get("/api/me/views").await.json;
        let items = views["items"].as_array().unwrap();
        assert_eq!((items.len(), &items[0]["action"], &items[0]["actor"]), (1, &json!("下载材料"), &json!("书记甲")));
    }
}

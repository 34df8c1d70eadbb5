//! What surrounds every answer: headers, refusals of unknown addresses, the client's pages, the description of the API.

use crate::site::Site;
use axum::http::header;
use testbed::on_both;

on_both! {
    async fn every_answer_carries_the_security_headers(place: Place) {
        let site = Site::with_branches(place, 0).await;
        for path in ["/", "/members", "/api/health", "/api/nothing", "/api/docs", "/assets/none.js"] {
            let answer = site.stranger().get(path).await;
            let header = |name: &str| answer.headers.get(name).map_or("", |value| value.to_str().unwrap()).to_owned();
            let policy = header("content-security-policy");
            assert!(policy.contains("script-src 'self';") && policy.contains("frame-ancestors 'none'"), "{path}");
            assert_eq!((header("x-content-type-options"), header("referrer-policy")), ("nosniff".into(), "no-referrer".into()), "{path}");
            assert!(header("permissions-policy").contains("camera=(self)"), "{path}");
            assert_eq!(header("cache-control") == "no-store", path.starts_with("/api"), "{path}");
        }
    }

    async fn an_unknown_address_of_the_api_is_a_problem_and_any_other_a_page(place: Place) {
        let site = Site::with_branches(place, 0).await;
        for path in ["/api", "/api/", "/api/nothing", "/api/session/nothing"] {
            let answer = site.stranger().get(path).await;
            assert_eq!((answer.status.as_u16(), answer.json["code"].as_str()), (404, Some("not_found")), "{path}");
            assert_eq!(answer.headers[header::CONTENT_TYPE], "application/problem+json");
        }
        let wrong = site.stranger().put("/api/health", serde_json::json!({})).await;
        assert_eq!((wrong.status.as_u16(), wrong.json["code"].as_str()), (405, Some("method_not_allowed")));
        for path in ["/", "/members/17", "/apiary"] {
            let page = site.stranger().get(path).await;
            assert!(page.headers[header::CONTENT_TYPE].to_str().unwrap().starts_with("text/html"), "{path}");
            assert!(page.text.contains("智慧党建平台"), "{path}");
        }
        assert_eq!(site.stranger().post("/members", serde_json::json!({})).await.status, 405);
        assert_eq!(site.stranger().get("/assets/none.js").await.status, 404);
        assert!(!site.stranger().get("/.vite/manifest.json").await.text.contains("src/main.ts"));
    }

    async fn the_description_of_the_api_is_served_and_readable(place: Place) {
        let site = Site::with_branches(place, 0).await;
        let document = site.stranger().get("/api/openapi.json").await;
        assert!(document.json["paths"]["/api/session"]["post"].is_object());
        let page = site.stranger().get("/api/docs").await;
        assert!(page.text.contains("<code>/api/accounts/{id}/grants</code>") && page.text.contains("id=\"SessionAccount\""));
        assert!(!page.text.contains("<script"));
    }

    async fn long_answers_are_compressed_for_those_who_ask(place: Place) {
        let site = Site::with_branches(place, 0).await;
        let answer = site.stranger().get_with("/api/openapi.json", header::ACCEPT_ENCODING, "gzip").await;
        assert_eq!(answer.headers[header::CONTENT_ENCODING], "gzip");
        assert!(answer.bytes.starts_with(&[0x1f, 0x8b]));
    }
}

//! Signing in and out: cookies, expiry, exchange of tokens, CSRF, throttling, passwords, the second factor.

use crate::site::{Answer, Client, Site};
use axum::http::header;
use insta::assert_snapshot;
use rules::access::Role;
use serde_json::{Value, json};
use store::{NewAccount, now_ms};
use testbed::on_both;
use totp_rs::{Builder, Secret};

/// A password that is good enough.
pub(crate) const PASSWORD: &str = "山高水长-River-26";

/// An account with [`PASSWORD`] and a role on the whole office.
pub(crate) async fn open_account(site: &Site, login: &str, role: Role, must_change_password: bool) {
    let password_hash = server::hash_password(PASSWORD).await.unwrap();
    let new = NewAccount {
        login: login.into(),
        display_name: "周明".into(),
        person: None,
        password_hash,
        must_change_password,
    };
    site.office.store.create_account(site.office.author(), &new, &[(role, site.office.top.id)]).await.unwrap();
}

/// POST /api/session.
pub(crate) async fn sign_in(site: &Site, login: &str, password: &str, totp: Option<&str>) -> Answer {
    site.stranger().post("/api/session", json!({ "login": login, "password": password, "totp": totp })).await
}

/// The token that an answer sets.
fn token_of(answer: &Answer) -> Option<String> {
    let cookie = answer.headers.get(header::SET_COOKIE)?.to_str().unwrap();
    Some(cookie.strip_prefix("dangjian_session=")?.split(';').next()?.to_owned())
}

/// The browser of somebody who signs in.
pub(crate) async fn browser(site: &Site, login: &str, password: &str) -> Client {
    let answer = sign_in(site, login, password, None).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let mut client = site.stranger();
    client.token = token_of(&answer);
    client.csrf = answer.json["csrf"].as_str().unwrap().to_owned();
    client
}

/// Lets all sessions grow older by so many milliseconds, in one of their times.
async fn age(site: &Site, column: &str, by: i64) {
    let text = format!("UPDATE session SET {column} = {column} - {by}");
    sqlx::query(sqlx::AssertSqlSafe(text)).execute(&site.office.place.raw().await).await.unwrap();
}

fn codes(answer: &Answer) -> Vec<(&str, &str)> {
    let errors = answer.json["errors"].as_array().unwrap();
    errors.iter().map(|error| (error["pointer"].as_str().unwrap(), error["code"].as_str().unwrap())).collect()
}

/// The code that the verifier shows for a secret, some steps from now.
fn code_at(secret: &str, steps: i64) -> String {
    let totp = Builder::new().with_secret(Secret::try_from_base32(secret).unwrap()).build_noncompliant();
    totp.generate(u64::try_from(now_ms() / 1000 + 30 * steps).unwrap()).to_string()
}

on_both! {
    async fn a_sign_in_gives_a_cookie_that_scripts_and_other_sites_do_not_get(place: Place) {
        let site = Site::with_branches(place, 0).await;
        open_account(&site, "zhou", Role::PartyStaff, false).await;
        let answer = sign_in(&site, " Zhou ", PASSWORD, None).await;
        let cookie = answer.headers[header::SET_COOKIE].to_str().unwrap();
        let (token, attributes) = cookie.split_once("; ").unwrap();
        assert_eq!(attributes, "Path=/; HttpOnly; SameSite=Strict");
        assert_eq!(token.len(), "dangjian_session=".len() + 43);
        assert_eq!(answer.json["account"]["login"], "zhou");
        assert_eq!(answer.json["roles"], json!([{ "role": "party_staff", "org_id": site.office.top.id.to_string(), "org_name": "测试集团党委" }]));
        assert_eq!((&answer.json["enterprise"]["name"], &answer.json["today"]), (&json!("测试集团"), &json!("2026-11-24")));
        let client = browser(&site, "zhou", PASSWORD).await;
        let shown = client.get("/api/session").await;
        assert_eq!((shown.status.as_u16(), shown.json["csrf"].as_str()), (200, Some(client.csrf.as_str())));
    }

    async fn cookies_are_for_https_only_where_that_is_set(place: Place) {
        let mut site = Site::with_branches(place, 0).await;
        site.configure(|config| config.secure_cookies = true);
        open_account(&site, "zhou", Role::PartyStaff, false).await;
        let answer = sign_in(&site, "zhou", PASSWORD, None).await;
        assert!(answer.headers[header::SET_COOKIE].to_str().unwrap().ends_with("; Secure"));
        assert!(answer.headers.contains_key(header::STRICT_TRANSPORT_SECURITY));
    }

    async fn a_refusal_does_not_tell_whether_the_login_name_exists(place: Place) {
        let site = Site::with_branches(place, 0).await;
        open_account(&site, "zhou", Role::PartyStaff, false).await;
        let (wrong, unknown) = (sign_in(&site, "zhou", "wrong", None).await, sign_in(&site, "nobody", "wrong", None).await);
        assert_eq!((wrong.status.as_u16(), wrong.json["code"].as_str()), (401, Some("bad_login")));
        assert_eq!((wrong.status, wrong.json), (unknown.status, unknown.json));
    }

    async fn a_disabled_account_does_not_sign_in(place: Place) {
        let site = Site::with_branches(place, 0).await;
        open_account(&site, "zhou", Role::PartyStaff, false).await;
        let client = browser(&site, "zhou", PASSWORD).await;
        let account = site.office.store.account_by_login("zhou").await.unwrap().unwrap();
        let edit = store::AccountEdit { disabled: Some(true), ..Default::default() };
        site.office.store.edit_account(site.office.author(), account.id, &edit).await.unwrap();
        assert_eq!(client.get("/api/session").await.status, 401);
        assert_eq!(sign_in(&site, "zhou", PASSWORD, None).await.json["code"], "account_disabled");
        assert_eq!(sign_in(&site, "zhou", "wrong", None).await.json["code"], "bad_login");
    }

    async fn after_five_failures_even_the_right_password_has_to_wait(place: Place) {
        let site = Site::with_branches(place, 0).await;
        open_account(&site, "zhou", Role::PartyStaff, false).await;
        for _ in 0..5 {
            assert_eq!(sign_in(&site, "zhou", "wrong", None).await.status, 401);
        }
        let refused = sign_in(&site, "ZHOU", PASSWORD, None).await;
        assert_eq!((refused.status.as_u16(), refused.json["code"].as_str()), (429, Some("too_many_attempts")));
        let raw = site.office.place.raw().await;
        sqlx::query("UPDATE throttle SET free_at = 0").execute(&raw).await.unwrap();
        assert_eq!(sign_in(&site, "zhou", PASSWORD, None).await.status, 200);
        assert_eq!(sign_in(&site, "zhou", "wrong", None).await.status, 401);
    }

    async fn signing_out_ends_the_session_and_takes_the_cookie_away(place: Place) {
        let site = Site::with_branches(place, 0).await;
        open_account(&site, "zhou", Role::PartyStaff, false).await;
        let client = browser(&site, "zhou", PASSWORD).await;
        let answer = client.delete("/api/session").await;
        assert_eq!(answer.status, 204);
        assert!(answer.headers[header::SET_COOKIE].to_str().unwrap().starts_with("dangjian_session=; Max-Age=0;"));
        assert_eq!(client.get("/api/session").await.json["code"], "signed_out");
    }

    async fn a_change_without_the_pages_token_is_refused(place: Place) {
        let site = Site::with_branches(place, 0).await;
        open_account(&site, "zhou", Role::PartyStaff, false).await;
        let mut client = browser(&site, "zhou", PASSWORD).await;
        let csrf = std::mem::take(&mut client.csrf);
        for wrong in ["", "x", &csrf[1..]] {
            client.csrf = wrong.to_owned();
            let refused = client.put("/api/session/preferences", json!({ "large_type": true })).await;
            assert_eq!((refused.status.as_u16(), refused.json["code"].as_str()), (403, Some("bad_csrf")), "{wrong}");
        }
        client.csrf = csrf;
        assert_eq!(client.put("/api/session/preferences", json!({ "large_type": true })).await.status, 204);
        assert_eq!(client.get("/api/session").await.json["account"]["large_type"], true);
    }

    async fn a_session_ends_when_unused_for_an_hour_or_after_twelve(place: Place) {
        let site = Site::with_branches(place, 0).await;
        open_account(&site, "zhou", Role::PartyStaff, false).await;
        let minute = 60_000;
        for (column, within, past) in [("seen_at", 59 * minute, 2 * minute), ("created_at", 719 * minute, 2 * minute)] {
            let client = browser(&site, "zhou", PASSWORD).await;
            age(&site, column, within).await;
            assert_eq!(client.get("/api/session").await.status, 200, "{column}");
            age(&site, column, if column == "seen_at" { within + past } else { past }).await;
            assert_eq!(client.get("/api/session").await.status, 401, "{column}");
        }
    }

    async fn a_token_is_exchanged_after_a_quarter_of_an_hour_without_signing_out_parallel_requests(place: Place) {
        let site = Site::with_branches(place, 0).await;
        open_account(&site, "zhou", Role::PartyStaff, false).await;
        let mut client = browser(&site, "zhou", PASSWORD).await;
        assert_eq!(token_of(&client.get("/api/session").await), None);
        age(&site, "rotated_at", 16 * 60_000).await;
        let fresh = token_of(&client.get("/api/session").await).unwrap();
        assert_ne!(Some(&fresh), client.token.as_ref());
        let parallel = client.get("/api/session").await;
        assert_eq!((parallel.status.as_u16(), token_of(&parallel)), (200, None));
        let old = client.token.replace(fresh);
        assert_eq!(client.put("/api/session/preferences", json!({ "large_type": true })).await.status, 204);
        client.token = old;
        age(&site, "rotated_at", 61_000).await;
        assert_eq!(client.get("/api/session").await.status, 401);
    }

    async fn a_request_that_exchanges_its_token_may_end_the_session_too(place: Place) {
        let site = Site::with_branches(place, 0).await;
        open_account(&site, "zhou", Role::PartyStaff, false).await;
        let client = browser(&site, "zhou", PASSWORD).await;
        age(&site, "rotated_at", 16 * 60_000).await;
        let answer = client.delete("/api/session").await;
        assert!(answer.headers[header::SET_COOKIE].to_str().unwrap().starts_with("dangjian_session=; Max-Age=0;"));
        assert_eq!(answer.headers.get_all(header::SET_COOKIE).iter().count(), 1);
        assert_eq!(client.get("/api/session").await.status, 401);
    }

    async fn an_initial_password_has_to_be_changed_before_anything_else(place: Place) {
        let site = Site::with_branches(place, 0).await;
        open_account(&site, "zhou", Role::SystemAdmin, true).await;
        let client = browser(&site, "zhou", PASSWORD).await;
        assert_eq!(client.get("/api/session").await.json["account"]["must_change_password"], true);
        assert_eq!(client.get("/api/system").await.json["code"], "must_change_password");
        let other = browser(&site, "zhou", PASSWORD).await;
        let refuse = async |old: &str, new: &str| client.put("/api/session/password", json!({ "old": old, "new": new })).await;
        assert_eq!(codes(&refuse(PASSWORD, "short").await), [("/new", "weak_password")]);
        assert_eq!(codes(&refuse(PASSWORD, PASSWORD).await), [("/new", "same_password")]);
        assert_eq!(codes(&refuse("wrong", "川流不息-Stream-27").await), [("/old", "bad_password")]);
        assert_eq!(refuse(PASSWORD, "川流不息-Stream-27").await.status, 204);
        assert_eq!(client.get("/api/system").await.status, 200);
        assert_eq!(other.get("/api/session").await.status, 401);
        assert_eq!(sign_in(&site, "zhou", PASSWORD, None).await.status, 401);
        assert_eq!(sign_in(&site, "zhou", "川流不息-Stream-27", None).await.status, 200);
    }

    async fn a_code_of_the_second_factor_counts_once(place: Place) {
        let site = Site::with_branches(place, 0).await;
        open_account(&site, "zhou", Role::PartyStaff, false).await;
        let client = browser(&site, "zhou", PASSWORD).await;
        let begun = client.post("/api/session/totp", Value::Null).await;
        let secret = begun.json["secret"].as_str().unwrap().to_owned();
        let uri = begun.json["uri"].as_str().unwrap();
        assert!(uri.starts_with("otpauth://totp/") && uri.contains(&secret), "{uri}");
        assert_eq!(sign_in(&site, "zhou", PASSWORD, None).await.status, 200);
        let wrong = client.put("/api/session/totp", json!({ "code": code_at(&secret, 100) })).await;
        assert_eq!(codes(&wrong), [("/code", "bad_totp")]);
        let first = code_at(&secret, 0);
        assert_eq!(client.put("/api/session/totp", json!({ "code": first })).await.status, 204);
        assert_eq!(client.get("/api/session").await.json["account"]["totp_enabled"], true);

        let asked = sign_in(&site, "zhou", PASSWORD, None).await;
        assert_eq!((asked.status.as_u16(), asked.json["code"].as_str()), (401, Some("totp_required")));
        assert_eq!(sign_in(&site, "zhou", PASSWORD, Some(&first)).await.json["code"], "bad_totp");
        let next = code_at(&secret, 1);
        assert_eq!(sign_in(&site, "zhou", "wrong", Some(&next)).await.json["code"], "bad_login");
        assert_eq!(sign_in(&site, "zhou", PASSWORD, Some(&next)).await.status, 200);
        assert_eq!(sign_in(&site, "zhou", PASSWORD, Some(&next)).await.json["code"], "bad_totp");

        assert_eq!(client.post("/api/session/totp", Value::Null).await.json["code"], "totp_enabled");
        let kept = client.json("DELETE", "/api/session/totp", json!({ "password": "wrong" })).await;
        assert_eq!(codes(&kept), [("/password", "bad_password")]);
        assert_eq!(client.json("DELETE", "/api/session/totp", json!({ "password": PASSWORD })).await.status, 204);
        assert_eq!(sign_in(&site, "zhou", PASSWORD, None).await.status, 200);
    }

    async fn a_body_that_cannot_be_read_is_a_problem_in_words(place: Place) {
        let site = Site::with_branches(place, 0).await;
        let stranger = site.stranger();
        let answer = stranger.send("POST", "/api/session", Some("application/json"), b"{".to_vec()).await;
        assert_snapshot!(answer.status, @"400 Bad Request");
        assert_eq!(answer.json["code"], "bad_request");
        let form = stranger.send("POST", "/api/session", Some("application/x-www-form-urlencoded"), b"login=a&password=b".to_vec()).await;
        assert_snapshot!(form.status, @"415 Unsupported Media Type");
        let long = format!("{{\"login\":\"a\",\"password\":\"{}\"}}", "x".repeat(3 << 20));
        let answer = stranger.send("POST", "/api/session", Some("application/json"), long.into_bytes()).await;
        assert_snapshot!(answer.status, @"413 Payload Too Large");
    }
}

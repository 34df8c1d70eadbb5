//! What leaves the house: by a real mail server and by servers that misbehave, to a messenger, as accounts wish and once.

use crate::post_office::{Certificates, MailServer, Messenger, USER, deaf_port, scripted_smtp};
use crate::site::{Answer, Client, Site};
use jiff::Timestamp;
use rules::access::Role;
use serde_json::{Value, json};
use server::{App, plan_once, send_once};
use std::time::{Duration, Instant};
use store::{DeliveryFilter, DeliveryState, Way, now_ms};
use testbed::on_both;

const HOUR: i64 = 60 * 60 * 1000;

/// The next noon in China: nobody's quiet hour.
fn noon() -> i64 {
    let now = now_ms() + 8 * HOUR;
    now - now.rem_euclid(24 * HOUR) + 36 * HOUR - 8 * HOUR
}

fn code(answer: &Answer) -> String {
    format!("{} {}", answer.status.as_u16(), answer.json["code"].as_str().unwrap_or_default())
}

fn done(answer: &Answer) {
    assert_eq!(answer.status.as_u16(), 204, "{}", answer.text);
}

fn pointers(answer: &Answer) -> Vec<&str> {
    let errors = answer.json["errors"].as_array().unwrap_or_else(|| panic!("{}", answer.text));
    errors.iter().map(|error| error["pointer"].as_str().unwrap()).collect()
}

/// A site with a system administrator and the secretary of a branch in which nothing was done this year.
struct Scene {
    site: Site,
    admin: Client,
    secretary: Client,
}

impl Scene {
    async fn new(place: testbed::Place) -> Self {
        let site = Site::with_branches(place, 1).await;
        let admin = site.signed_in(Role::SystemAdmin, &site.office.top).await;
        let secretary = site.signed_in(Role::Secretary, &site.office.branches[0]).await;
        done(&admin.put("/api/notices/site", json!({ "site": "https://dj.example.com/" })).await);
        Scene { site, admin, secretary }
    }

    async fn mail_by(&self, port: u16) {
        let mail = json!({
            "version": self.version("mail").await, "host": "127.0.0.1", "port": port, "security": "plain",
            "sender": "dangjian@example.com",
        });
        done(&self.admin.put("/api/notices/mail", mail).await);
    }

    async fn messenger(&self, messenger: &Messenger) {
        let webhook = json!({
            "version": self.version("webhook").await, "address": format!("http://{}/notify?from=dj", messenger.address),
            "secret": "a-secret-of-the-gateway",
        });
        done(&self.admin.put("/api/notices/webhook", webhook).await);
    }

    async fn version(&self, way: &str) -> i64 {
        self.admin.get("/api/notices/ways").await.json[way]["version"].as_i64().unwrap_or_default()
    }

    /// The secretary confirms an address past the mail server.
    async fn has_address(&self) {
        let store = &self.site.office.store;
        let account = store.account_by_login(&self.secretary.login).await.unwrap().unwrap();
        store.propose_address(&account, "zhang@example.com", "AB23CD45EF", now_ms()).await.unwrap();
        store.confirm_address(&account, "AB23CD45EF", now_ms()).await.unwrap();
    }

    /// The secretary wishes each notice by itself, by these ways, at any hour.
    async fn wishes(&self, mail: &[&str], webhook: &[&str]) {
        let wishes = json!({ "quiet": null, "digest_hour": null, "mail": mail, "webhook": webhook });
        done(&self.secretary.put("/api/notices/wishes", wishes).await);
    }

    async fn plan(&self) -> usize {
        plan_once(&self.site.app, self.site.office.root).await.unwrap()
    }

    async fn send(&self, now: i64) -> usize {
        send_once(&self.site.app, now).await.unwrap()
    }

    async fn states(&self) -> Vec<(DeliveryState, String)> {
        let store = &self.site.office.store;
        let rows = store.deliveries(self.site.office.root, DeliveryFilter::default(), 500).await.unwrap();
        rows.into_iter().map(|row| (row.state, row.error)).collect()
    }

    /// One delivery by mail, tried once with a server of this port.
    async fn try_one(&self, port: u16) -> (DeliveryState, String) {
        self.mail_by(port).await;
        self.has_address().await;
        // Of all that is late, what is called to mind is one thing by one way: everything in one digest.
        let wishes = json!({ "quiet": null, "digest_hour": 9, "mail": ["overdue"], "webhook": [] });
        done(&self.secretary.put("/api/notices/wishes", wishes).await);
        self.plan().await;
        self.send(now_ms() + 25 * HOUR).await;
        let states = self.states().await;
        assert_eq!(states.len(), 1);
        states.into_iter().next().unwrap()
    }
}

on_both! {
    async fn an_address_is_confirmed_by_the_code_in_a_real_mail(place: Place) {
        let scene = Scene::new(place).await;
        let mut server = MailServer::plain().await;
        scene.mail_by(server.port).await;
        let bad = scene.secretary.post("/api/notices/address", json!({ "address": "not an address" })).await;
        assert_eq!((code(&bad).as_str(), pointers(&bad)), ("422 bad_address", vec!["/address"]));
        done(&scene.secretary.post("/api/notices/address", json!({ "address": "zhang@example.com" })).await);
        let mail = server.next().await;
        assert_eq!((&mail["from"], &mail["to"]), (&json!("dangjian@example.com"), &json!(["zhang@example.com"])));
        assert_eq!((&mail["subject"], &mail["auto"]), (&json!("【智慧党建】邮箱确认码"), &json!("auto-generated")));
        let text = mail["text"].as_str().unwrap();
        let sent: String = text.split('：').nth(1).unwrap().chars().take(10).collect();
        let wrong = scene.secretary.post("/api/notices/address/confirm", json!({ "code": "AAAAAAAAAA" })).await;
        assert_eq!((code(&wrong).as_str(), pointers(&wrong)), ("422 bad_code", vec!["/code"]));
        done(&scene.secretary.post("/api/notices/address/confirm", json!({ "code": sent })).await);
        let shown = scene.secretary.get("/api/notices/wishes").await.json;
        assert_eq!((&shown["address"], &shown["mail_available"]), (&json!("zhang@example.com"), &json!(true)));
        done(&scene.secretary.delete("/api/notices/address").await);
        assert_eq!(scene.secretary.get("/api/notices/wishes").await.json["address"], Value::Null);
    }

    async fn nobodys_mailbox_is_filled_with_codes(place: Place) {
        let scene = Scene::new(place).await;
        let mut server = MailServer::plain().await;
        scene.mail_by(server.port).await;
        let mut answers = Vec::new();
        for _ in 0..5 {
            let answer = scene.secretary.post("/api/notices/address", json!({ "address": "victim@example.com" })).await;
            answers.push(answer.status.as_u16());
        }
        assert_eq!(answers, [204, 204, 204, 429, 429]);
        for _ in 0..3 {
            server.next().await;
        }
        assert!(server.is_quiet().await);
    }

    async fn what_is_late_comes_by_mail_with_a_link_and_without_anything_personal(place: Place) {
        let scene = Scene::new(place).await;
        scene.site.office.member(0, "张三丰").await;
        let mut server = MailServer::plain().await;
        scene.mail_by(server.port).await;
        scene.has_address().await;
        scene.wishes(&["overdue"], &[]).await;
        scene.plan().await;
        let sent = scene.send(noon()).await;
        assert!(sent > 0);
        let mut mails = Vec::new();
        for _ in 0..sent {
            mails.push(server.next().await);
        }
        let meeting = mails.iter().find(|mail| mail["text"].as_str().unwrap().contains("第1季度支部党员大会")).unwrap();
        assert_eq!(meeting["subject"], "【智慧党建】「召开2026年第1季度支部党员大会」已逾期（2026年3月31日到期）");
        let branch = scene.site.office.branches[0].id;
        let text = meeting["text"].as_str().unwrap();
        assert!(text.contains(&format!("https://dj.example.com/meetings?new=members_meeting&org={branch}")), "{text}");
        let ids: std::collections::BTreeSet<_> = mails.iter().map(|mail| mail["message_id"].to_string()).collect();
        assert_eq!(ids.len(), mails.len());
        assert!(mails.iter().all(|mail| !mail.to_string().contains("张三丰")));
        assert!(scene.states().await.iter().all(|(state, _)| *state == DeliveryState::Sent));
        assert_eq!(scene.send(noon() + HOUR).await, 0);
        assert!(server.is_quiet().await);
    }

    async fn a_digest_is_one_mail_in_the_morning(place: Place) {
        let scene = Scene::new(place).await;
        let mut server = MailServer::plain().await;
        scene.mail_by(server.port).await;
        scene.has_address().await;
        scene.plan().await;
        let hour = |at: i64| Timestamp::from_millisecond(at + 8 * HOUR).unwrap().strftime("%H").to_string();
        let row = scene.site.office.store.deliveries(scene.site.office.root, DeliveryFilter::default(), 9).await.unwrap();
        assert_eq!((row.len(), hour(row[0].next_at).as_str()), (1, "08"));
        assert_eq!(scene.send(row[0].next_at - 1).await, 0);
        assert_eq!(scene.send(row[0].next_at).await, 1);
        let mail = server.next().await;
        let unread = scene.secretary.get("/api/notices").await.json["unread"].as_i64().unwrap();
        assert_eq!(mail["subject"], format!("【智慧党建】有 {unread} 项提醒"));
    }

    async fn what_was_read_meanwhile_needs_no_mail(place: Place) {
        let scene = Scene::new(place).await;
        let mut server = MailServer::plain().await;
        scene.mail_by(server.port).await;
        scene.has_address().await;
        scene.plan().await;
        let newest = i64::MAX.to_string();
        done(&scene.secretary.post("/api/notices/read", json!({ "up_to": newest })).await);
        scene.send(now_ms() + 25 * HOUR).await;
        assert_eq!(scene.states().await, [(DeliveryState::Skipped, "已在平台内阅读或办结".to_owned())]);
        assert!(server.is_quiet().await);
    }

    async fn quiet_hours_that_were_wished_for_later_are_kept(place: Place) {
        let scene = Scene::new(place).await;
        let mut server = MailServer::plain().await;
        scene.mail_by(server.port).await;
        scene.has_address().await;
        scene.wishes(&["overdue"], &[]).await;
        scene.plan().await;
        let wishes = json!({ "quiet": { "from": 11, "to": 14 }, "digest_hour": null, "mail": ["overdue"], "webhook": [] });
        done(&scene.secretary.put("/api/notices/wishes", wishes).await);
        scene.send(noon()).await;
        assert!(server.is_quiet().await);
        assert!(scene.send(noon() + 2 * HOUR).await > 0);
        server.next().await;
    }

    async fn an_encrypted_server_is_believed_by_the_enterprises_own_certificate_only(place: Place) {
        let scene = Scene::new(place).await;
        let certificates = Certificates::new(scene.site.office.place.dir()).await;
        for mode in ["tls", "starttls"] {
            let mut server = MailServer::protected(mode, &certificates).await;
            let set = async |authority: Value, password: &str| {
                let mail = json!({
                    "version": scene.version("mail").await, "host": "localhost", "port": server.port, "security": mode,
                    "user": USER.0, "password": password, "sender": "dangjian@example.com", "authority": authority,
                });
                done(&scene.admin.put("/api/notices/mail", mail).await);
            };
            let trial = async || scene.admin.post("/api/notices/mail/test", json!({ "to": "admin@example.com" })).await;
            set(Value::Null, USER.1).await;
            let refused = trial().await;
            assert_eq!(code(&refused), "422 trial_failed");
            assert!(refused.text.contains("加密连接"), "{mode}: {}", refused.text);
            set(json!(certificates.authority), "wrong").await;
            let refused = trial().await;
            assert!(refused.text.contains("不接受用户名或密码（535）"), "{mode}: {}", refused.text);
            set(json!(certificates.authority), USER.1).await;
            done(&trial().await);
            let mail = server.next().await;
            assert_eq!((&mail["encrypted"], &mail["signed_in"]), (&json!(true), &json!(true)), "{mode}");
        }
    }

    async fn a_server_without_encryption_gets_nothing_where_encryption_was_set(place: Place) {
        let scene = Scene::new(place).await;
        let mut server = MailServer::plain().await;
        let mail = json!({
            "version": 0, "host": "127.0.0.1", "port": server.port, "security": "starttls", "sender": "dangjian@example.com",
        });
        done(&scene.admin.put("/api/notices/mail", mail).await);
        let refused = scene.admin.post("/api/notices/mail/test", json!({ "to": "admin@example.com" })).await;
        assert_eq!(code(&refused), "422 trial_failed");
        assert!(server.is_quiet().await);
    }

    async fn a_server_that_greylists_is_tried_again_later(place: Place) {
        let scene = Scene::new(place).await;
        let port = scripted_smtp(&["220 hi", "250 hi", "250 ok", "451 4.7.1 <zhang@example.com> greylisted, try later"]).await;
        let (state, error) = scene.try_one(port).await;
        assert_eq!(state, DeliveryState::Failed);
        assert!(error.starts_with("邮件服务器暂时不收（451）") && !error.contains("zhang"), "{error}");
        let mut server = MailServer::plain().await;
        scene.mail_by(server.port).await;
        assert_eq!(scene.send(now_ms() + 25 * HOUR).await, 0, "not at once");
        assert_eq!(scene.send(now_ms() + 26 * HOUR).await, 1);
        server.next().await;
    }

    async fn a_server_that_refuses_for_good_is_not_asked_again_and_the_reason_is_shown(place: Place) {
        let scene = Scene::new(place).await;
        let port = scripted_smtp(&["220 hi", "250 hi", "250 ok", "550 5.1.1 <zhang@example.com> no such user"]).await;
        let (state, error) = scene.try_one(port).await;
        assert_eq!(state, DeliveryState::GivenUp);
        assert!(error.starts_with("邮件服务器拒收（550）"), "{error}");
        assert_eq!(scene.send(now_ms() + 50 * HOUR).await, 0);
        let shown = scene.admin.get("/api/notices/deliveries?state=given_up").await;
        let row = &shown.json["items"][0];
        assert_eq!((&row["way"], &row["digest"], &row["attempts"]), (&json!("mail"), &json!(true), &json!(1)));
        assert!(!shown.text.contains("zhang") && !shown.text.contains(&scene.secretary.login), "{}", shown.text);
        let mut server = MailServer::plain().await;
        scene.mail_by(server.port).await;
        let id = row["id"].as_str().unwrap();
        done(&scene.admin.post(&format!("/api/notices/deliveries/{id}/retry"), json!({})).await);
        scene.send(noon()).await;
        server.next().await;
        let again = scene.admin.post(&format!("/api/notices/deliveries/{id}/retry"), json!({})).await;
        assert_eq!(code(&again), "422 not_failed");
    }

    async fn a_server_that_is_not_there_or_hangs_up_is_named_and_tried_again(place: Place) {
        let scene = Scene::new(place).await;
        let (state, error) = scene.try_one(deaf_port().await).await;
        assert_eq!((state, error.as_str()), (DeliveryState::Failed, "邮件服务器拒绝连接，请核对地址和端口"));
        scene.mail_by(scripted_smtp(&["220 hi"]).await).await;
        scene.send(now_ms() + 26 * HOUR).await;
        let (state, error) = scene.states().await.remove(0);
        assert_eq!(state, DeliveryState::Failed);
        assert!(error.contains("邮件服务器"), "{error}");
    }

    async fn a_server_that_hangs_holds_nothing_up_for_long(place: Place) {
        let scene = Scene::new(place).await;
        let began = Instant::now();
        let (state, error) = scene.try_one(scripted_smtp(&["220 hi", "hang"]).await).await;
        assert_eq!((state, error.as_str()), (DeliveryState::Failed, "邮件服务器没有在 20 秒内答复"));
        assert!(began.elapsed() < Duration::from_secs(40));
    }

    async fn administrators_hear_of_a_way_that_keeps_failing(place: Place) {
        let scene = Scene::new(place).await;
        scene.try_one(deaf_port().await).await;
        let mut now = now_ms() + 25 * HOUR;
        for _ in 0..3 {
            now += HOUR;
            scene.send(now).await;
        }
        let told = scene.admin.get("/api/notices").await.json;
        assert_eq!(told["items"][0]["title"], "电子邮件发送失败");
        assert_eq!(told["items"].as_array().unwrap().len(), 1);
    }

    async fn a_messenger_gets_signed_messages_that_name_the_account_and_nobody_else(place: Place) {
        let scene = Scene::new(place).await;
        scene.site.office.member(0, "张三丰").await;
        let messenger = Messenger::answering(&["200 OK"], Duration::ZERO).await;
        scene.messenger(&messenger).await;
        scene.wishes(&[], &["overdue"]).await;
        scene.plan().await;
        let sent = scene.send(noon()).await;
        let asked = messenger.asked();
        assert_eq!(asked.len(), sent);
        for one in &asked {
            let (at, body) = (one.header("x-dangjian-timestamp"), &one.body);
            let signed = format!("{at}.{body}");
            let secret = b"a-secret-of-the-gateway";
            let expected = format!(
                "sha256={}, sm3={}",
                sealed::hmac_sha256(secret, signed.as_bytes()),
                sealed::hmac_sm3(secret, signed.as_bytes())
            );
            assert_eq!(one.header("x-dangjian-signature"), expected);
            let said: Value = serde_json::from_str(body).unwrap();
            assert_eq!(said["id"], one.header("x-dangjian-delivery"));
            assert_eq!((&said["type"], &said["account"]), (&json!("notice"), &json!(scene.secretary.login)));
            assert!(said["items"][0]["url"].as_str().unwrap().starts_with("https://dj.example.com/"), "{said}");
            assert!(!body.contains("张三丰"));
            assert!(one.head.starts_with("POST /notify?from=dj HTTP/1.1"), "{}", one.head);
        }
    }

    async fn two_instances_at_once_send_everything_once(place: Place) {
        let scene = Scene::new(place).await;
        let messenger = Messenger::answering(&["200 OK"], Duration::from_millis(20)).await;
        scene.messenger(&messenger).await;
        scene.wishes(&[], &["overdue"]).await;
        scene.plan().await;
        let other = App::new(scene.site.office.store.clone(), scene.site.app.config.clone());
        let now = noon();
        let (one, two) = tokio::join!(send_once(&scene.site.app, now), send_once(&other, now));
        assert_eq!(one.unwrap() + two.unwrap(), messenger.asked().len());
        let mut numbers: Vec<String> = messenger.asked().iter().map(|one| one.header("x-dangjian-delivery")).collect();
        let all = numbers.len();
        numbers.sort();
        numbers.dedup();
        assert_eq!(numbers.len(), all);
        assert!(scene.states().await.iter().all(|(state, _)| *state == DeliveryState::Sent));
    }

    async fn a_sender_killed_before_it_could_say_so_leaves_a_second_message_under_the_same_number(place: Place) {
        let scene = Scene::new(place).await;
        let messenger = Messenger::answering(&["200 OK"], Duration::ZERO).await;
        scene.messenger(&messenger).await;
        scene.wishes(&[], &["overdue"]).await;
        scene.plan().await;
        let (store, root, now) = (&scene.site.office.store, scene.site.office.root, noon());
        // Sent, as far as the messenger is concerned; then the process died.
        let dead = store.claim_delivery(root, Way::Webhook, now).await.unwrap().unwrap();
        scene.send(now).await;
        assert!(messenger.asked().iter().all(|one| one.header("x-dangjian-delivery") != dead.id.to_string()));
        scene.send(now + HOUR).await;
        let again = messenger.asked().iter().filter(|one| one.header("x-dangjian-delivery") == dead.id.to_string()).count();
        assert_eq!(again, 1);
    }

    async fn a_messenger_that_is_busy_is_tried_again_and_one_that_leads_elsewhere_is_not_followed(place: Place) {
        let scene = Scene::new(place).await;
        let busy = Messenger::answering(&["503 Busy", "200 OK"], Duration::ZERO).await;
        scene.messenger(&busy).await;
        let wishes = json!({ "quiet": null, "digest_hour": 9, "mail": [], "webhook": ["overdue"] });
        done(&scene.secretary.put("/api/notices/wishes", wishes).await);
        scene.plan().await;
        let now = now_ms() + 25 * HOUR;
        scene.send(now).await;
        assert_eq!(scene.states().await[0], (DeliveryState::Failed, "消息接口暂时不收（503 Service Unavailable）".to_owned()));
        scene.send(now + HOUR).await;
        assert_eq!(scene.states().await[0].0, DeliveryState::Sent);
        let elsewhere = Messenger::answering(&["302 Found\r\nLocation: http://127.0.0.1:1/"], Duration::ZERO).await;
        scene.messenger(&elsewhere).await;
        let refused = scene.admin.post("/api/notices/webhook/test", json!({})).await;
        assert_eq!(code(&refused), "422 trial_failed");
        assert!(refused.text.contains("不跟随转址"), "{}", refused.text);
        assert_eq!(elsewhere.asked().len(), 1);
    }

    async fn ways_are_set_without_showing_secrets_and_with_all_faults_at_once(place: Place) {
        let scene = Scene::new(place).await;
        let bad = json!({ "version": 0, "host": "mail example", "port": 0, "security": "plain", "user": "u", "sender": "x", "authority": "y" });
        let refused = scene.admin.put("/api/notices/mail", bad).await;
        assert_eq!(pointers(&refused), ["/host", "/port", "/sender", "/password", "/security", "/authority"]);
        let refused = scene.admin.put("/api/notices/webhook", json!({ "version": 0, "address": "http://8.8.8.8/", "secret": "short" })).await;
        assert_eq!(pointers(&refused), ["/address", "/secret"]);
        let refused = scene.admin.put("/api/notices/site", json!({ "site": "dj.example.com/path" })).await;
        assert_eq!(pointers(&refused), ["/site"]);
        let good = |version: i64, host: &str, password: Value| {
            json!({ "version": version, "host": host, "port": 465, "security": "tls", "user": "u", "password": password, "sender": "d@example.com" })
        };
        done(&scene.admin.put("/api/notices/mail", good(0, "mail.example.com", json!("p4ssword"))).await);
        let stale = scene.admin.put("/api/notices/mail", good(0, "mail.example.com", Value::Null)).await;
        assert_eq!(code(&stale), "409 stale");
        done(&scene.admin.put("/api/notices/mail", good(1, "mail.example.com", Value::Null)).await);
        // A password goes to the server it was given for, and to no other.
        let moved = scene.admin.put("/api/notices/mail", good(2, "evil.example.com", Value::Null)).await;
        assert_eq!(pointers(&moved), ["/password"]);
        let shown = scene.admin.get("/api/notices/ways").await;
        assert_eq!((&shown.json["mail"]["has_password"], &shown.json["site"]), (&json!(true), &json!("https://dj.example.com")));
        assert!(!shown.text.contains("p4ssword"));
        done(&scene.admin.delete("/api/notices/mail").await);
        assert_eq!(scene.admin.get("/api/notices/ways").await.json["mail"], Value::Null);
        let unset = scene.admin.post("/api/notices/mail/test", json!({ "to": "a@example.com" })).await;
        assert_eq!(code(&unset), "422 no_way");
    }
}

//! A server over an office, and clients signed in to it.

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use rules::access::Role;
use rules::ids::PersonId;
use serde_json::Value;
use server::{App, Config};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use store::{NewAccount, Org, Store, now_ms};
use testbed::{Office, Place, TODAY};
use tower::ServiceExt;

/// An office with its server.
pub(crate) struct Site {
    /// The office.
    pub(crate) office: Office,
    /// The server's state.
    pub(crate) app: App,
    router: Router,
    next: AtomicU32,
}

/// Somebody's browser.
pub(crate) struct Client {
    router: Router,
    /// The session token; none when nobody is signed in.
    pub(crate) token: Option<String>,
    /// What goes into X-CSRF-Token.
    pub(crate) csrf: String,
    /// The login name of the account.
    pub(crate) login: String,
}

/// What the server answered.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The status.
    pub(crate) status: StatusCode,
    /// The headers.
    pub(crate) headers: axum::http::HeaderMap,
    /// The body as it came.
    pub(crate) bytes: Vec<u8>,
    /// The body as text.
    pub(crate) text: String,
    /// The body as JSON; null when it is something else.
    pub(crate) json: Value,
}

impl Site {
    /// A site with so many branches.
    pub(crate) async fn with_branches(place: Place, count: usize) -> Self {
        Self::over(Office::with_branches(place, count).await)
    }

    /// A site over an office.
    pub(crate) fn over(office: Office) -> Self {
        let app = App::new(office.store.clone(), Config { today: Some(TODAY), ..Config::default() });
        Site { router: server::router(app.clone()), app, office, next: AtomicU32::new(1) }
    }

    /// The server is told to stop, a moment from now.
    pub(crate) async fn stop_soon(&self) {
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        self.app.stop();
    }

    /// The same site, run in another way.
    pub(crate) fn configure(&mut self, change: impl FnOnce(&mut Config)) {
        let mut config = self.app.config.clone();
        change(&mut config);
        self.app = App::new(self.office.store.clone(), config);
        self.router = server::router(self.app.clone());
    }

    /// A browser goes on with the site as it runs now, signed in as before.
    pub(crate) fn bring(&self, client: &mut Client) {
        client.router = self.router.clone();
    }

    /// Nobody in particular, before a store without an office.
    pub(crate) fn stranger_to(store: Arc<Store>) -> Client {
        let router = server::router(App::new(store, Config::default()));
        Client { router, token: None, csrf: String::new(), login: String::new() }
    }

    /// Nobody in particular.
    pub(crate) fn stranger(&self) -> Client {
        Client { router: self.router.clone(), token: None, csrf: String::new(), login: String::new() }
    }

    /// Somebody with a role on an organisation's subtree, signed in.
    pub(crate) async fn signed_in(&self, role: Role, org: &Org) -> Client {
        self.bound(role, org, None).await
    }

    /// The same, with the account bound to a person.
    pub(crate) async fn bound(&self, role: Role, org: &Org, person: Option<PersonId>) -> Client {
        let login = format!("{}{}", role.key(), self.next.fetch_add(1, Ordering::Relaxed));
        let new = NewAccount {
            login: login.clone(),
            display_name: format!("{}甲", role.name()),
            person,
            password_hash: "!".into(),
            must_change_password: false,
        };
        let store = &self.office.store;
        store.create_account(self.office.author(), &new, &[(role, org.id)]).await.unwrap();
        let account = store.account_by_login(&login).await.unwrap().unwrap();
        let (token, csrf) = (sealed::random_token().unwrap(), sealed::random_token().unwrap());
        store.create_session(&account, &sealed::token_hash(&token), &csrf, now_ms()).await.unwrap();
        Client { router: self.router.clone(), token: Some(token), csrf, login }
    }

    /// 党务工作者 of the whole office.
    pub(crate) async fn staff(&self) -> Client {
        self.signed_in(Role::PartyStaff, &self.office.top).await
    }
}

impl Client {
    /// GET.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, None, Vec::new()).await
    }

    /// GET with a header of its own.
    pub(crate) async fn get_with(&self, path: &str, name: header::HeaderName, value: &str) -> Answer {
        self.request(Request::builder().method("GET").uri(path).header(name, value), Vec::new()).await
    }

    /// POST with a JSON body.
    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.json("POST", path, body).await
    }

    /// PUT with a JSON body.
    pub(crate) async fn put(&self, path: &str, body: Value) -> Answer {
        self.json("PUT", path, body).await
    }

    /// PATCH with a JSON body.
    pub(crate) async fn patch(&self, path: &str, body: Value) -> Answer {
        self.json("PATCH", path, body).await
    }

    /// DELETE.
    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.send("DELETE", path, None, Vec::new()).await
    }

    /// Any method with a JSON body.
    pub(crate) async fn json(&self, method: &str, path: &str, body: Value) -> Answer {
        self.send(method, path, Some("application/json"), body.to_string().into_bytes()).await
    }

    /// POST of a form with one file in the field `file` and text fields beside it.
    pub(crate) async fn upload(&self, path: &str, file_name: &str, bytes: &[u8], fields: &[(&str, &str)]) -> Answer {
        let mut body = Vec::new();
        for (name, value) in fields {
            body.extend(
                format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes(),
            );
        }
        let head = format!(
            "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{file_name}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
        );
        body.extend(head.bytes());
        body.extend_from_slice(bytes);
        body.extend(b"\r\n--edge--\r\n");
        self.send("POST", path, Some("multipart/form-data; boundary=edge"), body).await
    }

    /// Any request.
    pub(crate) async fn send(&self, method: &str, path: &str, media_type: Option<&str>, body: Vec<u8>) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(media_type) = media_type {
            request = request.header(header::CONTENT_TYPE, media_type);
        }
        self.request(request, body).await
    }

    async fn request(&self, request: axum::http::request::Builder, body: Vec<u8>) -> Answer {
        let mut request = request.header("x-csrf-token", &self.csrf);
        if let Some(token) = &self.token {
            request = request.header(header::COOKIE, format!("dangjian_session={token}"));
        }
        let response = self.router.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
        let (head, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap().to_vec();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let json = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Answer { status: head.status, headers: head.headers, bytes, text, json }
    }
}

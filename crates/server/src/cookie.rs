//! The session cookie: how it is set, and how an exchanged token reaches the browser. Scripts never see it, other sites never send it.

use crate::App;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use std::sync::{Arc, OnceLock};

/// The cookie's name.
pub(crate) const COOKIE: &str = "dangjian_session";

/// A Set-Cookie value with a session's token.
pub(crate) fn with_token(app: &App, token: &str) -> String {
    format!("{COOKIE}={token}; {}", attributes(app))
}

/// A Set-Cookie value that takes the cookie away.
pub(crate) fn removed(app: &App) -> String {
    format!("{COOKIE}=; Max-Age=0; {}", attributes(app))
}

fn attributes(app: &App) -> &'static str {
    if app.config.secure_cookies {
        "Path=/; HttpOnly; SameSite=Strict; Secure"
    } else {
        "Path=/; HttpOnly; SameSite=Strict"
    }
}

/// Where a request puts the token it exchanged its own for.
#[derive(Clone, Default)]
pub(crate) struct FreshToken(Arc<OnceLock<String>>);

impl FreshToken {
    /// Puts the new token. A request exchanges its token once at most.
    pub(crate) fn put(&self, token: String) {
        let _ = self.0.set(token);
    }
}

/// Sends an exchanged token back with the answer, unless the answer sets a cookie itself.
pub(crate) async fn send_fresh_token(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let fresh = FreshToken::default();
    request.extensions_mut().insert(fresh.clone());
    let mut response = next.run(request).await;
    if let Some(token) = fresh.0.get()
        && !response.headers().contains_key(header::SET_COOKIE)
        && let Ok(value) = HeaderValue::from_str(&with_token(&app, token))
    {
        response.headers_mut().insert(header::SET_COOKIE, value);
    }
    response
}

//! What surrounds every answer: security headers, one line in the log, and a problem instead of a panic.

use crate::{App, Problem};
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, Response as HttpResponse, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::any::Any;
use std::time::Instant;

/// Scripts come from our own origin and stand in files of their own; nothing else is loaded, and nobody may frame us.
/// Styles may stand in attributes: charts place their tool tips so.
const CONTENT_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; \
    font-src 'self' data:; connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; \
    frame-ancestors 'none'; object-src 'none'";

const HEADERS: [(&str, &str); 7] = [
    ("content-security-policy", CONTENT_POLICY),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("permissions-policy", "camera=(self), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
];

/// Adds the security headers; what /api answers is kept by no cache unless the answer says so itself.
pub(crate) async fn guard(State(app): State<App>, request: Request, next: Next) -> Response {
    let is_api = is_api(request.uri().path());
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.entry(HeaderName::from_static(name)).or_insert(HeaderValue::from_static(value));
    }
    if app.config.secure_cookies {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    if is_api {
        headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    }
    response
}

/// One line a request: method, path, status, time. Never the query, which may hold a name that was searched for, never a body, and
/// never the address of a calendar, which is a secret.
pub(crate) async fn log(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let path = if path.starts_with("/api/calendar/") { "/api/calendar/…" } else { path }.to_owned();
    let method = request.method().clone();
    let began = Instant::now();
    let response = next.run(request).await;
    let milliseconds = began.elapsed().as_millis();
    tracing::info!(target: "server::request", %method, path, status = response.status().as_u16(), milliseconds);
    response
}

/// What a panic is answered with. The message goes to the log, not to the browser.
pub(crate) fn answer_panic(panic: Box<dyn Any + Send>) -> HttpResponse<Body> {
    let message = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    tracing::error!(message, "a handler panicked");
    let detail = "程序内部出错，请稍后重试；仍不行请联系系统管理员。";
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "程序出错", detail).into_response()
}

/// A path that the router knows, with a method that it does not.
pub(crate) async fn method_not_allowed() -> Problem {
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "请求有误", "此地址不支持这种请求方式。")
}

/// Whether a path belongs to the API and not to the web client.
pub(crate) fn is_api(path: &str) -> bool {
    path == "/api" || path.starts_with("/api/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use tower::ServiceExt;
    use tower_http::catch_panic::CatchPanicLayer;

    #[tokio::test]
    async fn a_panic_is_a_problem_that_does_not_tell_what_happened() {
        let router = axum::Router::<()>::new()
            .route("/", axum::routing::get(async || -> &'static str { panic!("secret") }))
            .layer(CatchPanicLayer::custom(answer_panic));
        let answer = router.oneshot(Request::new(Body::empty())).await.unwrap();
        assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let text = axum::body::to_bytes(answer.into_body(), usize::MAX).await.unwrap();
        let text = String::from_utf8(text.to_vec()).unwrap();
        assert!(text.contains("\"code\":\"internal\"") && !text.contains("secret"), "{text}");
    }
}

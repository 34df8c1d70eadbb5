//! The web client, embedded in the binary. Its built files never change under one name and are cached for good; the page that names
//! them is asked for each time. Without a built client a page says how to build it.

use crate::Problem;
use crate::frame::is_api;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Response};
use rust_embed::{Embed, EmbeddedFile};

#[derive(Embed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Client;

const UNBUILT: &str = include_str!("unbuilt.html");

/// Whatever no route answers: a file of the client, a page of the client, or a refusal.
pub(crate) async fn serve(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    if is_api(uri.path()) {
        return Problem::not_found("所请求的接口").into_response();
    }
    if !matches!(method, Method::GET | Method::HEAD) {
        return crate::frame::method_not_allowed().await.into_response();
    }
    let path = uri.path().trim_start_matches('/');
    if !path.starts_with('.')
        && let Some(file) = Client::get(path)
    {
        return answer(path, file, &headers);
    }
    if path.starts_with("assets/") {
        return (StatusCode::NOT_FOUND, "此文件不存在，请刷新页面。").into_response();
    }
    match Client::get("index.html") {
        Some(page) => answer("index.html", page, &headers),
        None => (StatusCode::SERVICE_UNAVAILABLE, Html(UNBUILT)).into_response(),
    }
}

fn answer(path: &str, file: EmbeddedFile, headers: &HeaderMap) -> Response {
    let hash = &file.metadata.sha256_hash()[..16];
    let etag = format!("\"{}\"", sealed::hex(hash));
    let cache = if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    let known = headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .any(|value| value.to_str().is_ok_and(|tags| tags.contains(&etag)));
    let caching = [(header::ETAG, etag), (header::CACHE_CONTROL, cache.to_owned())];
    if known {
        return (StatusCode::NOT_MODIFIED, caching).into_response();
    }
    let media_type = media_type(path);
    (caching, [(header::CONTENT_TYPE, media_type)], file.data.into_owned()).into_response()
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "webp" => "image/webp",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

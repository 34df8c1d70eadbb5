//! The description of the API: as a document for programs, and as one page to read, made from the same document. Needs no script.

use axum::Json;
use axum::response::Html;
use serde_json::Value;
use std::fmt::Write;
use utoipa::openapi::OpenApi;

const STYLE: &str = "body{max-width:60rem;margin:2rem auto;padding:0 1rem;font:1rem/1.6 sans-serif;color:#222}\
    code{font-family:monospace}h2{margin-top:2.5rem}section{border-top:1px solid #ddd;padding:.6rem 0}\
    b.get{color:#0a6}b.post{color:#06c}b.put,b.patch{color:#a60}b.delete{color:#b22}b{display:inline-block;min-width:4.5rem;text-transform:uppercase}\
    ul{margin:.2rem 0 .2rem 1rem;padding:0 1rem}table{border-collapse:collapse}td{padding:.1rem 1rem .1rem 0;vertical-align:top}";

/// The two addresses, over a document.
pub(crate) fn router<S: Clone + Send + Sync + 'static>(api: &OpenApi) -> axum::Router<S> {
    let document = serde_json::to_value(api).unwrap_or_default();
    let page = page(&document);
    axum::Router::new()
        .route("/api/openapi.json", axum::routing::get(async move || Json(document)))
        .route("/api/docs", axum::routing::get(async move || Html(page)))
}

fn page(document: &Value) -> String {
    let title = escape(document["info"]["title"].as_str().unwrap_or_default());
    let about = escape(document["info"]["description"].as_str().unwrap_or_default());
    let mut html = format!(
        "<!doctype html><html lang=\"zh-CN\"><meta charset=\"UTF-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>{title} · 接口</title><style>{STYLE}</style><h1>{title} · 接口</h1><p>{about} 供程序读取的说明：\
         <a href=\"/api/openapi.json\">/api/openapi.json</a>。修改类请求须带上 X-CSRF-Token，其值见 GET /api/session 的 csrf。</p><h2>地址</h2>"
    );
    for (path, methods) in entries(&document["paths"]) {
        for (method, operation) in entries(methods) {
            operation_of(&mut html, path, method, operation);
        }
    }
    html.push_str("<h2>数据</h2>");
    for (name, schema) in entries(&document["components"]["schemas"]) {
        schema_of(&mut html, name, schema);
    }
    html
}

fn operation_of(html: &mut String, path: &str, method: &str, operation: &Value) {
    let words = operation["summary"].as_str().or_else(|| operation["description"].as_str()).unwrap_or_default();
    let _ = write!(
        html,
        "<section><b class=\"{0}\">{0}</b><code>{1}</code> {2}<ul>",
        escape(method),
        escape(path),
        escape(words)
    );
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        let name = parameter["name"].as_str().unwrap_or_default();
        let place = if parameter["in"] == "path" { "地址中" } else { "参数" };
        let _ = write!(html, "<li>{place} <code>{}</code>：{}</li>", escape(name), type_of(&parameter["schema"]));
    }
    for (media, body) in entries(&operation["requestBody"]["content"]) {
        let _ = write!(html, "<li>请求（{}）：{}</li>", escape(media), type_of(&body["schema"]));
    }
    for (status, answer) in entries(&operation["responses"]).filter(|(status, _)| *status != "default") {
        let body = entries(&answer["content"])
            .next()
            .map_or_else(|| "无内容".to_owned(), |(_, body)| type_of(&body["schema"]));
        let _ = write!(html, "<li>{}：{body}</li>", escape(status));
    }
    html.push_str("</ul></section>");
}

fn schema_of(html: &mut String, name: &str, schema: &Value) {
    let name = escape(name);
    let about = escape(schema["description"].as_str().unwrap_or_default());
    let _ = write!(html, "<section id=\"{name}\"><code>{name}</code> {about}");
    if schema["properties"].is_object() {
        html.push_str("<table>");
        for (field, schema) in entries(&schema["properties"]) {
            let about = escape(schema["description"].as_str().unwrap_or_default());
            let _ = write!(html, "<tr><td><code>{}</code><td>{}<td>{about}", escape(field), type_of(schema));
        }
        html.push_str("</table>");
    } else {
        let _ = write!(html, "：{}", type_of(schema));
    }
    html.push_str("</section>");
}

/// A type in a few words, with a link where it has a name.
fn type_of(schema: &Value) -> String {
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
        let name = escape(name);
        return format!("<a href=\"#{name}\">{name}</a>");
    }
    if let Some(values) = schema["enum"].as_array() {
        return values.iter().filter_map(Value::as_str).map(escape).collect::<Vec<_>>().join(" | ");
    }
    for several in ["oneOf", "anyOf", "allOf"] {
        if let Some(types) = schema[several].as_array() {
            return types.iter().map(type_of).collect::<Vec<_>>().join(" | ");
        }
    }
    match &schema["type"] {
        Value::String(one) if one == "array" => format!("[{}]", type_of(&schema["items"])),
        Value::String(one) => escape(one),
        Value::Array(several) => several.iter().filter_map(Value::as_str).map(escape).collect::<Vec<_>>().join(" | "),
        _ => "object".to_owned(),
    }
}

fn entries(object: &Value) -> impl Iterator<Item = (&str, &Value)> {
    object.as_object().into_iter().flatten().map(|(key, value)| (key.as_str(), value))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

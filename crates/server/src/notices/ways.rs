//! How things leave the house: set up, tried and watched by the system administrator, who sees neither whom they are for nor what they
//! say.

use super::deliver::trial;
use super::mail::{self, Letter, is_certificate};
use super::webhook::Destination;
use super::wishes::mail_address;
use crate::body::{Body, Faults, Params, Segment};
use crate::signed::Signed;
use crate::{App, Problem};
use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use rules::access::Action;
use rules::ids::DeliveryId;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;
use store::{DeliveryFilter, DeliveryRow, DeliveryState as Stored, MailWay, Security, Way, WebhookWay, now_ms};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Deliveries of a page.
const PAGE: usize = 50;
/// Characters of a webhook's secret at least.
const SECRET: usize = 16;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(show))
        .routes(routes!(set_site))
        .routes(routes!(set_mail, remove_mail))
        .routes(routes!(try_mail))
        .routes(routes!(set_webhook, remove_webhook))
        .routes(routes!(try_webhook))
        .routes(routes!(deliveries))
        .routes(routes!(retry))
}

/// 加密方式.
#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum MailSecurity {
    /// TLS from the first byte, usually port 465.
    Tls,
    /// TLS after STARTTLS, usually port 587.
    Starttls,
    /// None: within the own network only.
    Plain,
}

impl From<Security> for MailSecurity {
    fn from(security: Security) -> Self {
        match security {
            Security::Tls => MailSecurity::Tls,
            Security::Starttls => MailSecurity::Starttls,
            Security::Plain => MailSecurity::Plain,
        }
    }
}

impl From<MailSecurity> for Security {
    fn from(security: MailSecurity) -> Self {
        match security {
            MailSecurity::Tls => Security::Tls,
            MailSecurity::Starttls => Security::Starttls,
            MailSecurity::Plain => Security::Plain,
        }
    }
}

/// 渠道.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum NoticeWay {
    Mail,
    Webhook,
}

impl From<Way> for NoticeWay {
    fn from(way: Way) -> Self {
        match way {
            Way::Mail => NoticeWay::Mail,
            Way::Webhook => NoticeWay::Webhook,
        }
    }
}

/// 投递状态.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum DeliveryState {
    Waiting,
    Sending,
    Failed,
    Sent,
    GivenUp,
    Skipped,
}

impl From<Stored> for DeliveryState {
    fn from(state: Stored) -> Self {
        match state {
            Stored::Waiting => DeliveryState::Waiting,
            Stored::Sending => DeliveryState::Sending,
            Stored::Failed => DeliveryState::Failed,
            Stored::Sent => DeliveryState::Sent,
            Stored::GivenUp => DeliveryState::GivenUp,
            Stored::Skipped => DeliveryState::Skipped,
        }
    }
}

/// The mail server. Its password is never shown.
#[derive(Serialize, ToSchema)]
struct MailSetting {
    version: i64,
    host: String,
    port: u16,
    security: MailSecurity,
    user: Option<String>,
    has_password: bool,
    sender: String,
    /// A certificate authority of the enterprise's own (PEM).
    authority: Option<String>,
}

/// The messenger. Its secret is never shown.
#[derive(Serialize, ToSchema)]
struct WebhookSetting {
    version: i64,
    address: String,
}

/// How many deliveries by a way stand how.
#[derive(Serialize, ToSchema)]
struct WayCounts {
    way: NoticeWay,
    waiting: i64,
    failed: i64,
    sent: i64,
    given_up: i64,
}

/// How things leave the house.
#[derive(Serialize, ToSchema)]
struct NoticeWays {
    /// The address under which members open the pages; empty while nobody has set it.
    site: String,
    mail: Option<MailSetting>,
    webhook: Option<WebhookSetting>,
    counts: Vec<WayCounts>,
}

#[derive(Deserialize, ToSchema)]
struct SiteSet {
    site: String,
}

#[derive(Deserialize, ToSchema)]
struct MailSet {
    /// The version it is based on; 0 when there was none.
    version: i64,
    host: String,
    port: u16,
    security: MailSecurity,
    user: Option<String>,
    /// None to keep the one that is held.
    password: Option<String>,
    sender: String,
    authority: Option<String>,
}

#[derive(Deserialize, ToSchema)]
struct WebhookSet {
    /// The version it is based on; 0 when there was none.
    version: i64,
    address: String,
    /// None to keep the one that is held.
    secret: Option<String>,
}

#[derive(Deserialize, ToSchema)]
struct MailTrial {
    to: String,
}

/// A delivery: neither for whom it is nor what it says.
#[derive(Serialize, ToSchema)]
struct Delivery {
    id: String,
    way: NoticeWay,
    digest: bool,
    state: DeliveryState,
    attempts: i64,
    /// When it is tried next; none when it is over.
    next_at: Option<i64>,
    /// What went wrong last, or why it was not needed.
    error: Option<String>,
    created_at: i64,
    closed_at: Option<i64>,
}

#[derive(Serialize, ToSchema)]
struct DeliveryPage {
    items: Vec<Delivery>,
    next: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct DeliveryQuery {
    /// Only in this state.
    state: Option<String>,
    cursor: Option<String>,
}

impl From<DeliveryRow> for Delivery {
    fn from(row: DeliveryRow) -> Self {
        Delivery {
            id: row.id.to_string(),
            way: row.way.into(),
            digest: row.digest,
            state: row.state.into(),
            attempts: row.attempts,
            next_at: row.closed_at.is_none().then_some(row.next_at),
            error: Some(row.error).filter(|error| !error.is_empty()),
            created_at: row.created_at,
            closed_at: row.closed_at,
        }
    }
}

/// 提醒渠道：邮件服务器、消息接口、平台地址，以及各渠道的送达情况。
#[utoipa::path(get, path = "/api/notices/ways", tag = "notices", responses(
    (status = 200, body = NoticeWays),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn show(State(app): State<App>, signed: Signed) -> Result<Json<NoticeWays>, Problem> {
    signed.may(Action::SystemView)?;
    let root = signed.root();
    let counted = app.store.delivery_counts(root).await?;
    let counts = Way::ALL.iter().map(|way| WayCounts {
        way: (*way).into(),
        waiting: counted.of(*way, Stored::Waiting) + counted.of(*way, Stored::Sending),
        failed: counted.of(*way, Stored::Failed),
        sent: counted.of(*way, Stored::Sent),
        given_up: counted.of(*way, Stored::GivenUp),
    });
    Ok(Json(NoticeWays {
        site: app.store.notice_setting(root).await?.site,
        mail: app.store.mail_way(root).await?.map(|(version, way)| MailSetting {
            version,
            host: way.host,
            port: way.port,
            security: way.security.into(),
            user: way.user,
            has_password: way.password.is_some(),
            sender: way.sender,
            authority: way.authority,
        }),
        webhook: app
            .store
            .webhook_way(root)
            .await?
            .map(|(version, way)| WebhookSetting { version, address: way.address }),
        counts: counts.collect(),
    }))
}

/// 设置平台地址：邮件、消息和日历中的链接以它开头。
#[utoipa::path(put, path = "/api/notices/site", tag = "notices", request_body = SiteSet, responses(
    (status = 204),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn set_site(State(app): State<App>, signed: Signed, Body(body): Body<SiteSet>) -> Result<StatusCode, Problem> {
    signed.may(Action::SystemView)?;
    let mut faults = Faults::default();
    let site = faults.text("/site", "平台地址", &body.site).trim_end_matches('/').to_owned();
    if !site.is_empty() && !is_site(&site) {
        let message = format!("平台地址「{site}」无法识别。请写成 https://主机，不带后面的路径。");
        faults.add("/site", "bad_address", message);
    }
    faults.check()?;
    app.store.set_site(&signed.actor, &site).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn is_site(text: &str) -> bool {
    let Ok(uri) = text.parse::<Uri>() else { return false };
    let scheme = matches!(uri.scheme_str(), Some("http" | "https"));
    let plain = uri.authority().is_some_and(|authority| !authority.as_str().contains('@'));
    scheme && plain && matches!(uri.path(), "" | "/") && uri.query().is_none()
}

/// 设置邮件服务器。密码只写入、不显示；不填则保留原密码。
#[utoipa::path(put, path = "/api/notices/mail", tag = "notices", request_body = MailSet, responses(
    (status = 204),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn set_mail(State(app): State<App>, signed: Signed, Body(body): Body<MailSet>) -> Result<StatusCode, Problem> {
    signed.may(Action::SystemView)?;
    let held = app.store.mail_way(signed.root()).await?.map(|(_, way)| way);
    let mut faults = Faults::default();
    let way = mail_of(&body, held, &mut faults);
    faults.check()?;
    app.store.set_mail_way(&signed.actor, body.version, &way).await?;
    app.notices.deliveries.notify_one();
    Ok(StatusCode::NO_CONTENT)
}

fn mail_of(body: &MailSet, held: Option<MailWay>, faults: &mut Faults) -> MailWay {
    let given =
        |text: &Option<String>| text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    let host = faults.text("/host", "服务器地址", &body.host);
    if !host.is_empty() && !is_host(&host) {
        faults.add("/host", "bad_address", format!("服务器地址「{host}」无法识别。请填主机名或 IP，不带端口。"));
    }
    if body.port == 0 {
        faults.add("/port", "bad_number", "端口应在 1 至 65535 之间。请改正。");
    }
    let sender = mail_address(faults, "/sender", "发件地址", &body.sender);
    let user = given(&body.user);
    // A password is sent to the server it was given for, and to no other.
    let same = held.filter(|held| held.host == host && held.user == user);
    let password = body.password.clone().filter(|text| !text.is_empty()).or(same.and_then(|held| held.password));
    if user.is_some() && password.is_none() {
        let message = "填写了用户名，须同时填写密码；更换服务器或用户名后须重新填写。请补填。";
        faults.add("/password", "missing_required", message);
    }
    if user.is_some() && matches!(body.security, MailSecurity::Plain) && !is_own_machine(&host) {
        let message = "不加密的连接不能发送用户名和密码。请选用加密连接，或不填用户名。";
        faults.add("/security", "not_encrypted", message);
    }
    let authority = given(&body.authority);
    if authority.as_deref().is_some_and(|pem| !is_certificate(pem)) {
        faults.add("/authority", "bad_certificate", "企业证书不是有效的 PEM 证书。请粘贴完整的证书内容。");
    }
    let password = password.filter(|_| user.is_some());
    MailWay { host, port: body.port, security: body.security.into(), user, password, sender, authority }
}

fn is_host(text: &str) -> bool {
    text.parse::<IpAddr>().is_ok()
        || (text.len() <= 253 && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_')))
}

fn is_own_machine(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// 停用邮件。
#[utoipa::path(delete, path = "/api/notices/mail", tag = "notices", responses(
    (status = 204),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn remove_mail(State(app): State<App>, signed: Signed) -> Result<StatusCode, Problem> {
    signed.may(Action::SystemView)?;
    app.store.remove_way(&signed.actor, Way::Mail).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// 按现有设置发送一封测试邮件。
#[utoipa::path(post, path = "/api/notices/mail/test", tag = "notices", request_body = MailTrial, responses(
    (status = 204),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn try_mail(State(app): State<App>, signed: Signed, Body(body): Body<MailTrial>) -> Result<StatusCode, Problem> {
    signed.may(Action::SystemView)?;
    let mut faults = Faults::default();
    let to = mail_address(&mut faults, "/to", "收件地址", &body.to);
    faults.check()?;
    let (_, way) = app.store.mail_way(signed.root()).await?.ok_or_else(not_set)?;
    let letter = Letter {
        to,
        subject: "【智慧党建】测试邮件".to_owned(),
        text: "收到这封邮件，说明邮件提醒已可以使用。\n".to_owned(),
        number: format!("test.{}", now_ms()),
    };
    mail::send(&way, &letter).await.map_err(|failure| failed(failure.words()))?;
    Ok(StatusCode::NO_CONTENT)
}

fn not_set() -> Problem {
    Problem::refused("no_way", "此渠道还没有设置。请先保存设置，再发送测试。")
}

fn failed(words: &str) -> Problem {
    Problem::refused("trial_failed", format!("测试没有成功：{words}。"))
}

/// 设置消息接口（企业自有的即时通讯或短信网关）。签名密钥只写入、不显示；不填则保留原密钥。
#[utoipa::path(put, path = "/api/notices/webhook", tag = "notices", request_body = WebhookSet, responses(
    (status = 204),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn set_webhook(
    State(app): State<App>,
    signed: Signed,
    Body(body): Body<WebhookSet>,
) -> Result<StatusCode, Problem> {
    signed.may(Action::SystemView)?;
    let held = app.store.webhook_way(signed.root()).await?.map(|(_, way)| way);
    let mut faults = Faults::default();
    let address = faults.text("/address", "接口地址", &body.address);
    if let Some(Err(e)) = (!address.is_empty()).then(|| Destination::parse(&address)) {
        faults.add("/address", "bad_address", e.to_string());
    }
    let given = body.secret.map(|secret| secret.trim().to_owned()).filter(|secret| !secret.is_empty());
    if given.as_ref().is_some_and(|secret| secret.chars().count() < SECRET) {
        faults.add("/secret", "too_short", format!("签名密钥至少 {SECRET} 个字符。请改用更长的密钥。"));
    }
    let secret = given.or(held.map(|held| held.secret)).unwrap_or_default();
    if secret.is_empty() {
        faults.add("/secret", "missing_required", "签名密钥没有填写。请补填。");
    }
    faults.check()?;
    app.store.set_webhook_way(&signed.actor, body.version, &WebhookWay { address, secret }).await?;
    app.notices.deliveries.notify_one();
    Ok(StatusCode::NO_CONTENT)
}

/// 停用消息接口。
#[utoipa::path(delete, path = "/api/notices/webhook", tag = "notices", responses(
    (status = 204),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn remove_webhook(State(app): State<App>, signed: Signed) -> Result<StatusCode, Problem> {
    signed.may(Action::SystemView)?;
    app.store.remove_way(&signed.actor, Way::Webhook).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// 按现有设置发送一条测试消息。
#[utoipa::path(post, path = "/api/notices/webhook/test", tag = "notices", responses(
    (status = 204),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn try_webhook(State(app): State<App>, signed: Signed) -> Result<StatusCode, Problem> {
    signed.may(Action::SystemView)?;
    let (_, way) = app.store.webhook_way(signed.root()).await?.ok_or_else(not_set)?;
    let now = now_ms();
    trial(&way, &format!("test.{now}"), now).await.map_err(|failure| failed(failure.words()))?;
    Ok(StatusCode::NO_CONTENT)
}

/// 各条提醒的投递状态，新的在前；不显示收件人和内容。
#[utoipa::path(get, path = "/api/notices/deliveries", tag = "notices", params(DeliveryQuery), responses(
    (status = 200, body = DeliveryPage),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn deliveries(
    State(app): State<App>,
    signed: Signed,
    Params(query): Params<DeliveryQuery>,
) -> Result<Json<DeliveryPage>, Problem> {
    signed.may(Action::SystemView)?;
    fn given(text: &Option<String>) -> Option<&str> {
        text.as_deref().filter(|text| !text.is_empty())
    }
    let mut faults = Faults::default();
    let state = given(&query.state).and_then(|key| {
        let state = Stored::from_key(key);
        if state.is_none() {
            faults.add("/state", "unknown_code", format!("没有「{key}」这种投递状态。请从列表中选择。"));
        }
        state
    });
    let before = given(&query.cursor)
        .and_then(|cursor| faults.parsed("/cursor", "bad_request", cursor, "翻页位置有误。请从头查看。"));
    faults.check()?;
    let filter = DeliveryFilter { state, before };
    let mut found = app.store.deliveries(signed.root(), filter, PAGE as i64 + 1).await?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let next = found.last().filter(|_| more).map(|row| row.id.to_string());
    Ok(Json(DeliveryPage { items: found.into_iter().map(Delivery::from).collect(), next }))
}

/// 重新发送一条没有送达的提醒。
#[utoipa::path(post, path = "/api/notices/deliveries/{id}/retry", params(("id" = String, Path)), tag = "notices", responses(
    (status = 204),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn retry(
    State(app): State<App>,
    signed: Signed,
    Segment(id): Segment<DeliveryId>,
) -> Result<StatusCode, Problem> {
    signed.may(Action::SystemView)?;
    app.store.retry_delivery(&signed.actor, id, now_ms()).await?;
    app.notices.deliveries.notify_one();
    Ok(StatusCode::NO_CONTENT)
}

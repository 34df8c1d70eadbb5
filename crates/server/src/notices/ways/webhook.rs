//! The enterprise's own messenger or SMS gateway.

use super::super::deliver::trial;
use super::super::webhook::Destination;
use super::{failed, not_set};
use crate::body::{Body, Faults};
use crate::signed::Signed;
use crate::{App, Problem};
use axum::extract::State;
use axum::http::StatusCode;
use rules::access::Action;
use serde::{Deserialize, Serialize};
use store::{Way, WebhookWay, now_ms};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Characters of a webhook's secret at least.
const SECRET: usize = 16;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(set_webhook, remove_webhook)).routes(routes!(try_webhook))
}

/// The messenger. Its secret is never shown.
#[derive(Serialize, ToSchema)]
pub(super) struct WebhookSetting {
    version: i64,
    address: String,
}

impl From<(i64, WebhookWay)> for WebhookSetting {
    fn from((version, way): (i64, WebhookWay)) -> Self {
        WebhookSetting { version, address: way.address }
    }
}

#[derive(Deserialize, ToSchema)]
struct WebhookSet {
    /// The version it is based on; 0 when there was none.
    version: i64,
    address: String,
    /// None to keep the one that is held.
    secret: Option<String>,
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

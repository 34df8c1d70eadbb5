//! How things leave the house: set up, tried and watched by the system administrator, who sees neither whom they are for nor what they
//! say.

mod deliveries;
mod mail;
mod webhook;

use self::mail::MailSetting;
use self::webhook::WebhookSetting;
use crate::body::{Body, Faults};
use crate::signed::Signed;
use crate::{App, Problem};
use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use rules::access::Action;
use serde::{Deserialize, Serialize};
use store::{DeliveryState, Way};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(show))
        .routes(routes!(set_site))
        .merge(mail::routes())
        .merge(webhook::routes())
        .merge(deliveries::routes())
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
        waiting: counted.of(*way, DeliveryState::Waiting) + counted.of(*way, DeliveryState::Sending),
        failed: counted.of(*way, DeliveryState::Failed),
        sent: counted.of(*way, DeliveryState::Sent),
        given_up: counted.of(*way, DeliveryState::GivenUp),
    });
    Ok(Json(NoticeWays {
        site: app.store.notice_setting(root).await?.site,
        mail: app.store.mail_way(root).await?.map(MailSetting::from),
        webhook: app.store.webhook_way(root).await?.map(WebhookSetting::from),
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

fn not_set() -> Problem {
    Problem::refused("no_way", "此渠道还没有设置。请先保存设置，再发送测试。")
}

fn failed(words: &str) -> Problem {
    Problem::refused("trial_failed", format!("测试没有成功：{words}。"))
}

//! The mail server.

use super::super::mail::{self, Letter, is_certificate};
use super::super::wishes::mail_address;
use super::{failed, not_set};
use crate::body::{Body, Faults};
use crate::signed::Signed;
use crate::{App, Problem};
use axum::extract::State;
use axum::http::StatusCode;
use rules::access::Action;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;
use store::{MailWay, Security, Way, now_ms};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(set_mail, remove_mail)).routes(routes!(try_mail))
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

/// The mail server. Its password is never shown.
#[derive(Serialize, ToSchema)]
pub(super) struct MailSetting {
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

impl From<(i64, MailWay)> for MailSetting {
    fn from((version, way): (i64, MailWay)) -> Self {
        MailSetting {
            version,
            host: way.host,
            port: way.port,
            security: way.security.into(),
            user: way.user,
            has_password: way.password.is_some(),
            sender: way.sender,
            authority: way.authority,
        }
    }
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
struct MailTrial {
    to: String,
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

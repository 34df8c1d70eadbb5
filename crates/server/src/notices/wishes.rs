//! How somebody wishes to be told, and the own mail address: it counts once a code that was sent there has come back.

use super::mail::{self, Letter};
use super::shown::NoticeKind;
use crate::body::{Body, Faults};
use crate::signed::Signed;
use crate::{App, Problem};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use rules::notice::{Kind, QuietHours, Wishes as Rules};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use store::{Attempt, now_ms};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(show, set))
        .routes(routes!(propose_address, remove_address))
        .routes(routes!(confirm_address))
}

/// Hours in which nothing is sent, in China's time: from the first to before the last.
#[derive(Serialize, Deserialize, ToSchema)]
struct Quiet {
    from: u8,
    to: u8,
}

/// How the account wishes to be told.
#[derive(Serialize, ToSchema)]
struct NoticeWishes {
    quiet: Option<Quiet>,
    /// The hour of the daily digest; none for each notice by itself.
    digest_hour: Option<u8>,
    /// What comes by mail.
    mail: Vec<NoticeKind>,
    /// What comes by the enterprise's messenger.
    webhook: Vec<NoticeKind>,
    /// The address that mail goes to.
    address: Option<String>,
    /// A new one that waits for its code.
    waiting_address: Option<String>,
    /// Whether the administrator has set up mail.
    mail_available: bool,
    /// Whether the administrator has set up a messenger.
    webhook_available: bool,
}

#[derive(Deserialize, ToSchema)]
struct NoticeWishesSet {
    quiet: Option<Quiet>,
    digest_hour: Option<u8>,
    mail: Vec<NoticeKind>,
    webhook: Vec<NoticeKind>,
}

#[derive(Deserialize, ToSchema)]
struct AddressProposal {
    address: String,
}

#[derive(Deserialize, ToSchema)]
struct AddressCode {
    code: String,
}

fn shown_kinds(kinds: &BTreeSet<Kind>) -> Vec<NoticeKind> {
    kinds.iter().copied().map(NoticeKind::from).collect()
}

fn kinds_of(kinds: &[NoticeKind]) -> BTreeSet<Kind> {
    kinds.iter().copied().map(Kind::from).collect()
}

/// 本人的提醒方式。
#[utoipa::path(get, path = "/api/notices/wishes", tag = "notices", responses(
    (status = 200, body = NoticeWishes),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn show(State(app): State<App>, signed: Signed) -> Result<Json<NoticeWishes>, Problem> {
    let held = app.store.wishes(signed.root(), signed.actor.account).await?;
    let wishes = held.wishes;
    Ok(Json(NoticeWishes {
        quiet: wishes.quiet.map(|quiet| Quiet { from: quiet.from, to: quiet.to }),
        digest_hour: wishes.digest,
        mail: shown_kinds(&wishes.mail),
        webhook: shown_kinds(&wishes.webhook),
        address: held.mailbox.address,
        waiting_address: held.mailbox.waiting,
        mail_available: app.store.mail_way(signed.root()).await?.is_some(),
        webhook_available: app.store.webhook_way(signed.root()).await?.is_some(),
    }))
}

/// 更改本人的提醒方式：免打扰时段、每日汇总、各种提醒经哪些渠道送达。
#[utoipa::path(put, path = "/api/notices/wishes", tag = "notices", request_body = NoticeWishesSet, responses(
    (status = 204),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn set(State(app): State<App>, signed: Signed, Body(body): Body<NoticeWishesSet>) -> Result<StatusCode, Problem> {
    let wishes = Rules {
        quiet: body.quiet.map(|quiet| QuietHours { from: quiet.from, to: quiet.to }),
        digest: body.digest_hour,
        mail: kinds_of(&body.mail),
        webhook: kinds_of(&body.webhook),
    };
    let mut faults = Faults::default();
    let (quiet, digest) = wishes.faults();
    for (pointer, fault) in [("/quiet", quiet), ("/digest_hour", digest)] {
        if let Some(fault) = fault {
            faults.add(pointer, "bad_hour", fault.to_string());
        }
    }
    faults.check()?;
    app.store.set_wishes(&signed.session.account, &wishes).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// 登记本人邮箱：向该邮箱发送确认码，确认后才会用于提醒。
#[utoipa::path(post, path = "/api/notices/address", tag = "notices", request_body = AddressProposal, responses(
    (status = 204),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn propose_address(
    State(app): State<App>,
    signed: Signed,
    Body(body): Body<AddressProposal>,
) -> Result<StatusCode, Problem> {
    let mut faults = Faults::default();
    let address = mail_address(&mut faults, "/address", "邮箱", &body.address);
    faults.check()?;
    let Some((_, way)) = app.store.mail_way(signed.root()).await? else {
        let detail = "本企业还没有设置邮件服务器，不能登记邮箱。请联系系统管理员。";
        return Err(Problem::refused("no_mail", detail));
    };
    let (account, now) = (&signed.session.account, now_ms());
    let counted = account.id.to_string();
    if let Some(wait) = app.store.take_attempt(&[Attempt::Mailbox(&counted)], now).await? {
        let minutes = (wait + 59_999) / 60_000;
        let detail = format!("确认码发送过于频繁。请在 {minutes} 分钟后再试，并查看垃圾邮件箱。");
        return Err(Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many_attempts", "请稍后再试", detail));
    }
    let code = sealed::short_code()?;
    app.store.propose_address(account, &address, &code, now).await?;
    let letter = Letter {
        to: address,
        subject: "【智慧党建】邮箱确认码".to_owned(),
        text: format!(
            "您的邮箱确认码是：{code}\n\n30 分钟内有效。请在“提醒设置”页面填写。如果不是您本人操作，请忽略这封邮件。\n"
        ),
        number: format!("code.{}.{now}", account.id),
    };
    mail::send(&way, &letter).await.map_err(|failure| {
        let detail = format!("确认码没有发出：{}。请核对邮箱地址；仍不行请联系系统管理员。", failure.words());
        Problem::refused("mail_failed", detail)
    })?;
    Ok(StatusCode::NO_CONTENT)
}

/// An address that looks like one. Whether it is one shows when the code comes back.
pub(super) fn mail_address(faults: &mut Faults, pointer: &str, label: &str, value: &str) -> String {
    let address = faults.text(pointer, label, value);
    if !address.is_empty() && (address.len() > 254 || address.parse::<lettre::Address>().is_err()) {
        let message = format!("{label}「{address}」不是有效的邮箱地址。请写成 name@example.com。");
        faults.add(pointer, "bad_address", message);
    }
    address
}

/// 填写邮件中的确认码。
#[utoipa::path(post, path = "/api/notices/address/confirm", tag = "notices", request_body = AddressCode, responses(
    (status = 204),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn confirm_address(
    State(app): State<App>,
    signed: Signed,
    Body(body): Body<AddressCode>,
) -> Result<StatusCode, Problem> {
    let mut faults = Faults::default();
    let code = faults.text("/code", "确认码", &body.code);
    faults.check()?;
    let done = app.store.confirm_address(&signed.session.account, &code, now_ms()).await;
    done.map_err(|e| match e {
        store::StoreError::Refused { code: code @ ("bad_code" | "code_expired"), .. } => Problem::at(e, code, "/code"),
        other => other.into(),
    })?;
    Ok(StatusCode::NO_CONTENT)
}

/// 删除本人邮箱，不再发送邮件提醒。
#[utoipa::path(delete, path = "/api/notices/address", tag = "notices", responses(
    (status = 204),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn remove_address(State(app): State<App>, signed: Signed) -> Result<StatusCode, Problem> {
    app.store.remove_address(&signed.session.account).await?;
    Ok(StatusCode::NO_CONTENT)
}

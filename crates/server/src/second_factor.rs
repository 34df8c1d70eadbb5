//! The second factor (动态口令, RFC 6238): turned on with a first code, off with the password. Calls no outside service.

use crate::body::{Body, Faults};
use crate::session::check_own_password;
use crate::signed::Signed;
use crate::{App, Problem};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use store::{Account, now_ms};
use totp_rs::{Builder, Secret, Totp};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Bytes of a secret, as RFC 4226 recommends.
const SECRET: usize = 20;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(begin, confirm, remove))
}

/// A new secret, shown once.
#[derive(Serialize, ToSchema)]
struct TotpSecret {
    /// In base 32, to type in.
    secret: String,
    /// The same as an otpauth address, to scan.
    uri: String,
}

/// A first code.
#[derive(Deserialize, ToSchema)]
struct TotpCode {
    code: String,
}

/// The own password, once more.
#[derive(Deserialize, ToSchema)]
struct OwnPassword {
    password: String,
}

/// 开始启用动态口令：给出密钥，输入第一个口令后才生效。
#[utoipa::path(post, path = "/api/session/totp", tag = "session", responses(
    (status = 200, body = TotpSecret),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn begin(State(app): State<App>, signed: Signed) -> Result<Json<TotpSecret>, Problem> {
    let mut secret = vec![0; SECRET];
    getrandom::fill(&mut secret).map_err(|_| sealed::SealError::NoRandomness)?;
    let account = &signed.session.account;
    let totp = totp_of(account, &secret)?;
    let uri = totp.to_url().map_err(|_| unusable())?;
    app.store.propose_totp(account, &secret).await?;
    Ok(Json(TotpSecret { secret: totp.secret().to_base32(), uri }))
}

/// 用第一个口令启用动态口令。
#[utoipa::path(put, path = "/api/session/totp", tag = "session", request_body = TotpCode, responses(
    (status = 204),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn confirm(State(app): State<App>, signed: Signed, Body(asked): Body<TotpCode>) -> Result<StatusCode, Problem> {
    let account = &signed.session.account;
    if account.totp_confirmed {
        return Err(Problem::refused("totp_enabled", "动态口令已启用。更换验证器请先停用。"));
    }
    let Some(step) = step_of(&app, account, asked.code.trim())? else {
        let mut faults = Faults::default();
        faults.add("/code", "bad_totp", "动态口令不对。请核对手机的时间，并输入当前显示的 6 位数字。");
        faults.check()?;
        return Ok(StatusCode::NO_CONTENT);
    };
    app.store.confirm_totp(account, step).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// 停用动态口令，须输入密码。
#[utoipa::path(delete, path = "/api/session/totp", tag = "session", request_body = OwnPassword, responses(
    (status = 204),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn remove(State(app): State<App>, signed: Signed, Body(asked): Body<OwnPassword>) -> Result<StatusCode, Problem> {
    check_own_password(&app, &signed.session.account, &asked.password, "/password").await?;
    app.store.remove_totp(&signed.session.account).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The time step of a code that is right now, give or take one; none for a wrong code.
pub(crate) fn step_of(app: &App, account: &Account, code: &str) -> Result<Option<i64>, Problem> {
    let Some(secret) = app.store.totp_secret(account)? else { return Ok(None) };
    let seconds = u64::try_from(now_ms() / 1000).unwrap_or_default();
    Ok(totp_of(account, &secret)?.check(code, seconds).and_then(|step| i64::try_from(step).ok()))
}

/// How a sign-in without the right code is refused.
pub(crate) fn refused(code: &str, detail: &str) -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, code, "需要动态口令", detail)
}

fn totp_of(account: &Account, secret: &[u8]) -> Result<Totp, Problem> {
    Builder::new()
        .with_secret(Secret::from(secret.to_vec()))
        .with_skew(1)
        .with_account_name(account.login.as_str())
        .with_issuer(Some("智慧党建平台"))
        .build()
        .map_err(|_| unusable())
}

fn unusable() -> Problem {
    Problem::refused("totp_unusable", "此账号的登录名不能用于动态口令。请联系安全管理员。")
}

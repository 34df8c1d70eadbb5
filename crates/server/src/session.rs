//! Signing in and out, the own password and preferences. Every guess is counted before it is looked at, and a refusal never says
//! whether the login name exists.

use crate::address::Address;
use crate::body::{Body, Faults};
use crate::password::{hash_password, is_password};
use crate::role::Role;
use crate::signed::Signed;
use crate::{App, Problem, cookie, second_factor};
use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use rules::credential::LoginName;
use serde::{Deserialize, Serialize};
use store::{Account, AccountGrant, Attempt, now_ms};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(show, sign_in, sign_out))
        .routes(routes!(change_password))
        .routes(routes!(set_preferences))
}

/// What a sign-in needs.
#[derive(Deserialize, ToSchema)]
struct Login {
    /// 登录名.
    login: String,
    password: String,
    /// The code of the second factor, where the account has one.
    totp: Option<String>,
}

/// The account that is signed in.
#[derive(Serialize, ToSchema)]
struct SessionAccount {
    id: String,
    login: String,
    display_name: String,
    person_id: Option<String>,
    must_change_password: bool,
    totp_enabled: bool,
    large_type: bool,
}

/// A role of the account.
#[derive(Serialize, ToSchema)]
struct SessionRole {
    role: Role,
    org_id: String,
    org_name: String,
}

/// The enterprise of the account.
#[derive(Serialize, ToSchema)]
struct SessionEnterprise {
    id: String,
    name: String,
}

/// Who is signed in.
#[derive(Serialize, ToSchema)]
struct Session {
    account: SessionAccount,
    roles: Vec<SessionRole>,
    enterprise: SessionEnterprise,
    /// To be sent as X-CSRF-Token with every change.
    csrf: String,
    /// Today, as the server has it.
    today: String,
}

/// A change of the own password.
#[derive(Deserialize, ToSchema)]
struct PasswordChange {
    old: String,
    new: String,
}

/// How the account likes the pages.
#[derive(Deserialize, ToSchema)]
struct Preferences {
    /// 大字模式.
    large_type: bool,
}

/// 当前登录的账号、角色和企业。
#[utoipa::path(get, path = "/api/session", tag = "session", responses(
    (status = 200, body = Session),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn show(State(app): State<App>, signed: Signed) -> Result<Json<Session>, Problem> {
    Ok(Json(session_of(&app, &signed.session.account, &signed.grants, &signed.session.csrf).await?))
}

/// 登录：登录名、密码，启用了动态口令的还要口令。
#[utoipa::path(post, path = "/api/session", tag = "session", request_body = Login, responses(
    (status = 200, body = Session),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn sign_in(
    State(app): State<App>,
    Address(address): Address,
    Body(asked): Body<Login>,
) -> Result<Response, Problem> {
    let login =
        LoginName::parse(&asked.login).map_or_else(|_| asked.login.trim().to_owned(), |name| name.as_str().to_owned());
    let attempts = [Attempt::Address(&address), Attempt::Login(&login)];
    if let Some(wait) = app.store.take_attempt(&attempts, now_ms()).await? {
        return Err(Problem::too_many_attempts(wait));
    }
    let account = app.store.account_by_login(&login).await?;
    let hash = account.as_ref().map(|account| account.password_hash.as_str());
    let right = is_password(&asked.password, hash).await?;
    let Some(account) = account.as_ref().filter(|_| right) else {
        app.store.sign_in_failed(account.as_ref(), if account.is_some() { "密码不对" } else { "登录名不存在" }).await?;
        return Err(Problem::new(
            StatusCode::UNAUTHORIZED,
            "bad_login",
            "登录失败",
            "登录名或密码不对。请核对后重试。",
        ));
    };
    if account.disabled {
        app.store.sign_in_failed(Some(account), "账号已停用").await?;
        let detail = "账号已停用。请联系安全管理员。";
        return Err(Problem::new(StatusCode::FORBIDDEN, "account_disabled", "不能登录", detail));
    }
    if account.totp_confirmed {
        let Some(code) = asked.totp.as_deref().map(str::trim).filter(|code| !code.is_empty()) else {
            app.store.give_back_attempt(&attempts, now_ms()).await?;
            return Err(second_factor::refused("totp_required", "请输入验证器上的 6 位动态口令。"));
        };
        let step = second_factor::step_of(&app, account, code)?;
        let fresh = match step {
            Some(step) => app.store.use_totp_step(account, step).await?,
            None => false,
        };
        if !fresh {
            app.store.sign_in_failed(Some(account), "动态口令不对").await?;
            return Err(second_factor::refused("bad_totp", "动态口令不对，或已经用过。请等下一个口令出现后再输入。"));
        }
    }
    let (token, csrf) = (sealed::random_token()?, sealed::random_token()?);
    app.store.sign_in(account, &sealed::token_hash(&token), &csrf, now_ms()).await?;
    app.store.give_back_attempt(&attempts[..1], now_ms()).await?;
    let grants = app.store.grants(account.root, account.id).await?;
    let session = session_of(&app, account, &grants, &csrf).await?;
    Ok(([(header::SET_COOKIE, cookie::with_token(&app, &token))], Json(session)).into_response())
}

/// 退出登录。
#[utoipa::path(delete, path = "/api/session", tag = "session", responses(
    (status = 204),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn sign_out(State(app): State<App>, signed: Signed) -> Result<Response, Problem> {
    app.store.sign_out(&signed.session).await?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie::removed(&app))]).into_response())
}

/// 修改本人密码，并让该账号的其他登录全部失效。
#[utoipa::path(put, path = "/api/session/password", tag = "session", request_body = PasswordChange, responses(
    (status = 204),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn change_password(
    State(app): State<App>,
    signed: Signed,
    Body(asked): Body<PasswordChange>,
) -> Result<StatusCode, Problem> {
    let account = &signed.session.account;
    let mut faults = Faults::default();
    faults.new_password("/new", &account.login, &asked.new);
    if asked.new == asked.old {
        faults.add("/new", "same_password", "新密码不能和现在的一样。请换一个。");
    }
    faults.check()?;
    check_own_password(&app, account, &asked.old, "/old").await?;
    app.store.change_password(&signed.session, &hash_password(&asked.new).await?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// 设置大字模式。
#[utoipa::path(put, path = "/api/session/preferences", tag = "session", request_body = Preferences, responses(
    (status = 204),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn set_preferences(
    State(app): State<App>,
    signed: Signed,
    Body(asked): Body<Preferences>,
) -> Result<StatusCode, Problem> {
    app.store.set_large_type(&signed.session.account, asked.large_type).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Refuses unless it is the account's password. Guesses are slowed down like those of a sign-in.
pub(crate) async fn check_own_password(
    app: &App,
    account: &Account,
    password: &str,
    pointer: &str,
) -> Result<(), Problem> {
    let attempts = [Attempt::Login(&account.login)];
    if let Some(wait) = app.store.take_attempt(&attempts, now_ms()).await? {
        return Err(Problem::too_many_attempts(wait));
    }
    let mut faults = Faults::default();
    if is_password(password, Some(&account.password_hash)).await? {
        app.store.give_back_attempt(&attempts, now_ms()).await?;
    } else {
        faults.add(pointer, "bad_password", "密码不对。请核对后重试。");
    }
    faults.check()
}

async fn session_of(app: &App, account: &Account, grants: &[AccountGrant], csrf: &str) -> Result<Session, Problem> {
    let enterprise = app.store.enterprise(account.root).await?;
    let role = |grant: &AccountGrant| SessionRole {
        role: grant.role.into(),
        org_id: grant.org.to_string(),
        org_name: grant.org_name.clone(),
    };
    Ok(Session {
        account: SessionAccount {
            id: account.id.to_string(),
            login: account.login.clone(),
            display_name: account.display_name.clone(),
            person_id: account.person.map(|person| person.to_string()),
            must_change_password: account.must_change_password,
            totp_enabled: account.totp_confirmed,
            large_type: account.large_type,
        },
        roles: grants.iter().map(role).collect(),
        enterprise: SessionEnterprise { id: enterprise.root.to_string(), name: enterprise.name },
        csrf: csrf.to_owned(),
        today: app.today().to_string(),
    })
}

//! Accounts and roles, for the security administrator alone. Sees no member data beyond the name an account belongs to.

use crate::body::{Body, Faults, Params, Segment};
use crate::password::hash_password;
use crate::role::Role;
use crate::signed::Signed;
use crate::{App, Problem};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use rules::access::Action;
use rules::ids::{AccountId, GrantId, OrgId};
use serde::{Deserialize, Serialize};
use store::{AccountEdit, AccountRow, NewAccount};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Accounts of a page.
const PAGE: usize = 50;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(edit))
        .routes(routes!(reset_password))
        .routes(routes!(grant))
        .routes(routes!(revoke))
}

/// A role of an account.
#[derive(Serialize, ToSchema)]
struct AccountGrant {
    id: String,
    role: Role,
    org_id: String,
    org_name: String,
}

/// An account.
#[derive(Serialize, ToSchema)]
struct Account {
    id: String,
    login: String,
    display_name: String,
    person_id: Option<String>,
    person_name: Option<String>,
    disabled: bool,
    /// Whether it has to wait after failed sign-ins.
    locked: bool,
    totp_enabled: bool,
    last_login_at: Option<i64>,
    grants: Vec<AccountGrant>,
}

/// A page of accounts.
#[derive(Serialize, ToSchema)]
struct AccountPage {
    items: Vec<Account>,
    next: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct AccountQuery {
    /// Part of the login or display name.
    q: Option<String>,
    cursor: Option<String>,
}

/// A new account.
#[derive(Deserialize, ToSchema)]
struct AccountRequest {
    login: String,
    display_name: String,
}

/// A new account's id and first password, shown once.
#[derive(Serialize, ToSchema)]
struct AccountCreated {
    id: String,
    password: String,
}

/// A change of an account; what is left out stays.
#[derive(Deserialize, ToSchema)]
struct AccountChange {
    display_name: Option<String>,
    disabled: Option<bool>,
    /// True takes the second factor off, for somebody who lost it.
    remove_totp: Option<bool>,
}

/// A one-time password, shown once.
#[derive(Serialize, ToSchema)]
struct OneTimePassword {
    password: String,
}

/// A role to grant.
#[derive(Deserialize, ToSchema)]
struct GrantRequest {
    role: Role,
    org_id: String,
}

fn account_of(row: AccountRow) -> Account {
    Account {
        id: row.account.id.to_string(),
        login: row.account.login,
        display_name: row.account.display_name,
        person_id: row.account.person.map(|person| person.to_string()),
        person_name: row.person_name,
        disabled: row.account.disabled,
        locked: row.locked,
        totp_enabled: row.account.totp_confirmed,
        last_login_at: row.account.last_login_at,
        grants: row.grants.into_iter().map(grant_of).collect(),
    }
}

fn grant_of(grant: store::AccountGrant) -> AccountGrant {
    AccountGrant {
        id: grant.id.to_string(),
        role: grant.role.into(),
        org_id: grant.org.to_string(),
        org_name: grant.org_name,
    }
}

/// Nobody manages the own account: another security administrator does.
fn not_own(signed: &Signed, id: AccountId) -> Result<(), Problem> {
    if signed.actor.account == id {
        return Err(Problem::refused("own_account", "不能变更自己的账号和角色。请由另一名安全管理员办理。"));
    }
    Ok(())
}

/// 账号列表，可按登录名或名称查找。
#[utoipa::path(get, path = "/api/accounts", tag = "accounts", params(AccountQuery), responses(
    (status = 200, body = AccountPage),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn list(
    State(app): State<App>,
    signed: Signed,
    Params(query): Params<AccountQuery>,
) -> Result<Json<AccountPage>, Problem> {
    signed.may(Action::AccountManage)?;
    let (search, after) = (query.q.unwrap_or_default(), query.cursor.unwrap_or_default());
    let mut rows = app.store.accounts(signed.root(), &search, &after, PAGE as i64 + 1).await?;
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let next = rows.last().filter(|_| more).map(|row| row.account.login.clone());
    Ok(Json(AccountPage { items: rows.into_iter().map(account_of).collect(), next }))
}

/// 新建账号，返回一次性初始密码，首次登录须修改。
#[utoipa::path(post, path = "/api/accounts", tag = "accounts", request_body = AccountRequest, responses(
    (status = 200, body = AccountCreated),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn create(
    State(app): State<App>,
    signed: Signed,
    Body(asked): Body<AccountRequest>,
) -> Result<Json<AccountCreated>, Problem> {
    signed.may(Action::AccountManage)?;
    let mut faults = Faults::default();
    let login = faults.login("/login", &asked.login);
    let display_name = faults.text("/display_name", "名称", &asked.display_name);
    faults.check()?;
    let password = sealed::short_code()?;
    let password_hash = hash_password(&password).await?;
    let new = NewAccount { login, display_name, person: None, password_hash, must_change_password: true };
    let created = app.store.create_account(&signed.actor, &new, &[]).await;
    let id = created.map_err(|e| Problem::at(e, "duplicate_login", "/login"))?.to_string();
    Ok(Json(AccountCreated { id, password }))
}

/// 更改账号名称，停用或启用账号，为丢失手机的人解除动态口令。
#[utoipa::path(patch, path = "/api/accounts/{id}", tag = "accounts", params(("id" = String, Path)), request_body = AccountChange, responses(
    (status = 200, body = Account),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn edit(
    State(app): State<App>,
    signed: Signed,
    Segment(id): Segment<AccountId>,
    Body(asked): Body<AccountChange>,
) -> Result<Json<Account>, Problem> {
    signed.may(Action::AccountManage)?;
    not_own(&signed, id)?;
    let mut faults = Faults::default();
    let display_name = asked.display_name.map(|name| faults.text("/display_name", "名称", &name));
    faults.check()?;
    let edit = AccountEdit { display_name, disabled: asked.disabled, remove_totp: asked.remove_totp == Some(true) };
    app.store.edit_account(&signed.actor, id, &edit).await?;
    Ok(Json(account_of(app.store.account_row(signed.root(), id).await?)))
}

/// 重置密码，返回一次性初始密码；该账号的登录全部失效。
#[utoipa::path(post, path = "/api/accounts/{id}/reset-password", tag = "accounts", params(("id" = String, Path)), responses(
    (status = 200, body = OneTimePassword),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn reset_password(
    State(app): State<App>,
    signed: Signed,
    Segment(id): Segment<AccountId>,
) -> Result<Json<OneTimePassword>, Problem> {
    signed.may(Action::AccountManage)?;
    not_own(&signed, id)?;
    let password = sealed::short_code()?;
    app.store.reset_password(&signed.actor, id, &hash_password(&password).await?).await?;
    Ok(Json(OneTimePassword { password }))
}

/// 在一个组织（含下级）授予角色；三员分立。
#[utoipa::path(post, path = "/api/accounts/{id}/grants", tag = "accounts", params(("id" = String, Path)), request_body = GrantRequest, responses(
    (status = 200, body = AccountGrant),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn grant(
    State(app): State<App>,
    signed: Signed,
    Segment(id): Segment<AccountId>,
    Body(asked): Body<GrantRequest>,
) -> Result<Json<AccountGrant>, Problem> {
    signed.may(Action::AccountManage)?;
    not_own(&signed, id)?;
    let mut faults = Faults::default();
    let org = faults.parsed::<OrgId>("/org_id", "unknown_org", &asked.org_id, "没有选择组织。请选择授权的组织。");
    faults.check()?;
    let Some(org) = org else { return Err(Problem::not_found("党组织")) };
    app.store.account(signed.root(), id).await?;
    let granted = app.store.grant_role(&signed.actor, id, asked.role.into(), org).await?;
    let grants = app.store.grants(signed.root(), id).await?;
    let grant = grants.into_iter().find(|grant| grant.id == granted).ok_or_else(|| Problem::not_found("授权"))?;
    Ok(Json(grant_of(grant)))
}

/// 收回角色。
#[utoipa::path(delete, path = "/api/accounts/{id}/grants/{grant_id}", tag = "accounts",
    params(("id" = String, Path), ("grant_id" = String, Path)), responses(
    (status = 204),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn revoke(
    State(app): State<App>,
    signed: Signed,
    Segment((id, grant)): Segment<(AccountId, GrantId)>,
) -> Result<StatusCode, Problem> {
    signed.may(Action::AccountManage)?;
    not_own(&signed, id)?;
    app.store.revoke_grant(&signed.actor, id, grant).await?;
    Ok(StatusCode::NO_CONTENT)
}

//! The first setting-up, through the one-time link that the program prints: the enterprise and its three administrators.

use crate::address::Address;
use crate::body::{Body, Faults};
use crate::password::hash_password;
use crate::role::Role;
use crate::{App, Problem};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use rules::access::Role as Duty;
use rules::credential::LoginName;
use serde::{Deserialize, Serialize};
use store::{Attempt, NewAccount, Setup, now_ms};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The three duties (三员分立), each of which gets an account of its own.
const DUTIES: [Duty; 3] = [Duty::SystemAdmin, Duty::SecurityAdmin, Duty::Auditor];

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(show, set_up))
}

/// Whether the installation waits for its first setting-up.
#[derive(Serialize, ToSchema)]
struct SetupState {
    needed: bool,
}

/// One of the three administrators.
#[derive(Deserialize, ToSchema)]
struct SetupAccount {
    role: Role,
    login: String,
    password: String,
}

/// The first setting-up.
#[derive(Deserialize, ToSchema)]
struct SetupRequest {
    /// From the link that the program printed.
    token: String,
    enterprise_name: String,
    accounts: Vec<SetupAccount>,
}

/// 是否需要首次设置。
#[utoipa::path(get, path = "/api/setup", tag = "setup", responses(
    (status = 200, body = SetupState),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn show(State(app): State<App>) -> Result<Json<SetupState>, Problem> {
    Ok(Json(SetupState { needed: app.store.setup_needed().await? }))
}

/// 首次设置：企业名称和三员账号；初始密码须在首次登录时修改。
#[utoipa::path(post, path = "/api/setup", tag = "setup", request_body = SetupRequest, responses(
    (status = 204),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn set_up(
    State(app): State<App>,
    Address(address): Address,
    Body(asked): Body<SetupRequest>,
) -> Result<StatusCode, Problem> {
    let attempts = [Attempt::Address(&address)];
    if let Some(wait) = app.store.take_attempt(&attempts, now_ms()).await? {
        return Err(Problem::too_many_attempts(wait));
    }
    if !app.store.setup_needed().await? {
        return Err(Problem::refused("setup_done", "首次设置已经完成。请直接登录。"));
    }
    let mut faults = Faults::default();
    let enterprise_name = faults.text("/enterprise_name", "单位名称", &asked.enterprise_name);
    let logins = check_accounts(&mut faults, &asked.accounts);
    faults.check()?;
    let mut accounts = Vec::new();
    for (account, login) in asked.accounts.iter().zip(logins) {
        let role = Duty::from(account.role);
        let new = NewAccount {
            login,
            display_name: role.name().to_owned(),
            person: None,
            password_hash: hash_password(&account.password).await?,
            must_change_password: true,
        };
        accounts.push((role, new));
    }
    let setup = Setup { token: asked.token.trim().to_owned(), enterprise_name, accounts };
    app.store.set_up(&setup).await.map_err(|e| Problem::at(e, "setup_refused", "/token"))?;
    app.store.give_back_attempt(&attempts, now_ms()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The login names, in order; every duty has to have one account, and no two the same name.
fn check_accounts(faults: &mut Faults, accounts: &[SetupAccount]) -> Vec<String> {
    let mut logins: Vec<String> = Vec::new();
    for (n, account) in accounts.iter().enumerate() {
        let at = |field: &str| format!("/accounts/{n}/{field}");
        let login = faults.login(&at("login"), &account.login);
        if logins.contains(&login) {
            faults.add(&at("login"), "duplicate_login", "三个账号的登录名不能相同。请换一个。");
        }
        faults.new_password(&at("password"), &login, &account.password);
        logins.push(login);
    }
    let held = |duty: &Duty| accounts.iter().filter(|account| Duty::from(account.role) == *duty).count() == 1;
    if accounts.len() != DUTIES.len() || !DUTIES.iter().all(held) {
        faults.add("/accounts", "separation_of_duties", "三员分立：系统管理员、安全管理员、审计员须各有一个账号。");
    }
    logins
}

impl Faults {
    /// A login name.
    pub(crate) fn login(&mut self, pointer: &str, login: &str) -> String {
        match LoginName::parse(login) {
            Ok(name) => name.as_str().to_owned(),
            Err(e) => {
                self.add(pointer, "bad_login_name", e.to_string());
                String::new()
            }
        }
    }
}

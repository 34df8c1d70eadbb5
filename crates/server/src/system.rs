//! How the system runs, for the system administrator alone. Counts and checks; no member data.

use crate::signed::{IDLE, Signed};
use crate::{App, Problem};
use axum::Json;
use axum::extract::State;
use rules::access::Action;
use serde::Serialize;
use store::{Facts, now_ms};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// How far the clock may stand behind the last ledger entry (milliseconds).
const CLOCK_SLACK: i64 = 60 * 1000;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(show))
}

/// One thing that has to be in order.
#[derive(Serialize, ToSchema)]
struct SystemCheck {
    name: String,
    ok: bool,
    message: String,
}

/// How the system runs.
#[derive(Serialize, ToSchema)]
struct System {
    version: String,
    started_at: i64,
    database: String,
    database_bytes: i64,
    files: i64,
    files_bytes: i64,
    accounts: i64,
    sessions: i64,
    ledger_entries: i64,
    jobs_waiting: i64,
    checks: Vec<SystemCheck>,
}

/// 系统运行状态：版本、数据库、数量和自检。
#[utoipa::path(get, path = "/api/system", tag = "system", responses(
    (status = 200, body = System),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn show(State(app): State<App>, signed: Signed) -> Result<Json<System>, Problem> {
    signed.may(Action::SystemView)?;
    let facts = app.store.facts(signed.root(), now_ms() - IDLE).await?;
    Ok(Json(System {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        started_at: app.started_at,
        checks: checks(&app, &facts),
        database: facts.database,
        database_bytes: facts.database_bytes,
        files: facts.files,
        files_bytes: facts.files_bytes,
        accounts: facts.accounts,
        sessions: facts.sessions,
        ledger_entries: facts.ledger_entries,
        jobs_waiting: facts.jobs_waiting,
    }))
}

fn checks(app: &App, facts: &Facts) -> Vec<SystemCheck> {
    let check = |name: &str, ok: bool, good: &str, bad: &str| SystemCheck {
        name: name.to_owned(),
        ok,
        message: if ok { good } else { bad }.to_owned(),
    };
    vec![
        check("数据库", true, "可以读取。", ""),
        check(
            "密钥与留痕",
            facts.head_holds,
            "留痕链尾与密钥相符。",
            "留痕链尾与密钥不符：数据库或密钥文件被替换过。请停止使用，核对备份。",
        ),
        check(
            "服务器时钟",
            facts.last_entry_at.is_none_or(|at| at <= now_ms() + CLOCK_SLACK),
            "时钟没有倒退。",
            "时钟早于最后一条留痕的时间。请校准服务器时间。",
        ),
        check(
            "加密传输",
            app.config.secure_cookies,
            "登录凭据只经 HTTPS 传输。",
            "登录凭据可经 HTTP 传输，只适合在本机试用。正式使用请配置 HTTPS 并开启安全 Cookie。",
        ),
    ]
}

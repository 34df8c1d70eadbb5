//! The web server. One module per feature, each with its routes and their types and nothing else: authenticate, ask the rules,
//! call the store, answer. No SQL and no rule stands here.

mod app;
mod body;
mod health;
mod problem;
mod signed;

pub use app::{App, Config};
pub use problem::{FieldError, Problem};

use axum::Router;
use utoipa::OpenApi;
use utoipa::openapi::OpenApi as Description;
use utoipa_axum::router::OpenApiRouter;

#[derive(OpenApi)]
#[openapi(
    info(title = "智慧党建平台", description = "编号是字符串，日期写成 2026-03-05，时刻是 1970 年以来的毫秒数。"),
    components(schemas(Problem, FieldError))
)]
struct Api;

fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(Api::openapi()).merge(health::routes())
}

/// The description of every route under /api.
pub fn openapi() -> Description {
    routes().into_openapi()
}

/// Everything the server answers.
pub fn router(app: App) -> Router {
    let (router, _) = routes().split_for_parts();
    router.with_state(app)
}

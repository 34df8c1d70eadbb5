//! Whether the server is up: for load balancers and start scripts. Says nothing about the data.

use crate::{App, Problem};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(health))
}

/// 服务是否在运行。
#[utoipa::path(get, path = "/api/health", tag = "health", responses(
    (status = 200, body = String),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn health() -> &'static str {
    "ok"
}

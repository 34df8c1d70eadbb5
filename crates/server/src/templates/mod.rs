//! 模板: the library, forms filled in from what the register knows, documents made from them, and an organisation's own templates.

mod known;
mod library;
mod make;
mod meeting;
mod own;

use crate::App;
use axum::extract::DefaultBodyLimit;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(own::add))
        .routes(routes!(own::replace))
        .layer(DefaultBodyLimit::max(papers::form::LARGEST_FORM + crate::upload::FORM))
        .routes(routes!(library::list))
        .routes(routes!(library::form))
        .routes(routes!(make::preview))
        .routes(routes!(make::document))
        .routes(routes!(make::sample))
        .routes(routes!(own::versions))
        .routes(routes!(own::fetch))
        .routes(routes!(own::withdraw))
}

//! 发展党员: cases and their steps. Who may take which step where, and under which conditions, is `rules::development`'s to say.

mod access;
mod act;
mod catalogue;
mod known;
mod list;
mod own;
mod papers;
mod print;
mod shape;
mod steps;
mod volume;
mod whole;

use crate::App;
use crate::upload::FORM;
use axum::extract::DefaultBodyLimit;
use roster::LARGEST_ATTACHMENT;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(papers::add))
        .layer(DefaultBodyLimit::max(LARGEST_ATTACHMENT + FORM))
        .routes(routes!(list::list, act::open))
        .routes(routes!(list::counts))
        .routes(routes!(catalogue::catalogue))
        .routes(routes!(list::one))
        .routes(routes!(steps::take))
        .routes(routes!(steps::check))
        .routes(routes!(steps::back))
        .routes(routes!(act::end))
        .routes(routes!(act::suspend))
        .routes(routes!(act::resume))
        .routes(routes!(act::transfer))
        .routes(routes!(papers::fetch, papers::remove))
        .routes(routes!(print::paper, print::draft))
        .routes(routes!(print::volume))
        .routes(routes!(own::own_case))
}

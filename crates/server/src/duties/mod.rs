//! 应办: the duty calendar of organisations and persons, excuses, the enterprise's own numbers and duties, and the grounds of the rules.

mod calendar;
mod excuses;
mod grounds;
mod list;
mod measures;
mod mine;
mod own;
mod shown;
mod summary;
pub(crate) mod work;
mod year;

pub(crate) use calendar::{Calendar, Calendars};
pub(crate) use measures::may_set;
pub(crate) use year::of_span;

use crate::App;
use utoipa_axum::router::OpenApiRouter;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(list::routes())
        .merge(year::routes())
        .merge(summary::routes())
        .merge(mine::routes())
        .merge(excuses::routes())
        .merge(measures::routes())
        .merge(own::routes())
        .merge(grounds::routes())
}

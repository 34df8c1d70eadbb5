//! 提醒预警: the inbox, live, and its ways out: mail, the enterprise's own messenger, calendars. Whoever sends and plans does so by the
//! clock, under a lease, so that of several instances one does it.

mod calendars;
mod deliver;
mod desk;
mod ical;
mod inbox;
mod live;
mod mail;
mod planner;
mod private;
mod rhythm;
mod sender;
mod shown;
mod ways;
mod webhook;
mod wishes;

pub(crate) use desk::Desk;
pub use planner::plan_once;
pub(crate) use planner::run as run_planner;
pub(crate) use sender::run as run_sender;
pub use sender::send_once;

use crate::App;
use utoipa_axum::router::OpenApiRouter;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(inbox::routes())
        .merge(live::routes())
        .merge(wishes::routes())
        .merge(calendars::routes())
        .merge(rhythm::routes())
        .merge(ways::routes())
}

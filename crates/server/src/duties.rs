//! 应办: the duty calendar of organisations and persons, excuses, the enterprise's own numbers and duties.

use crate::App;
use utoipa_axum::router::OpenApiRouter;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
}

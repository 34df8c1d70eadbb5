//! 一学就会: how every activity is done.

use crate::signed::Signed;
use crate::{App, Problem};
use axum::Json;
use axum::extract::Path;
use rules::activity::Activity;
use rules::guide;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(guide_of))
}

/// How an activity is done.
#[derive(Serialize, ToSchema)]
struct Guide {
    activity: String,
    name: String,
    rule: String,
    what: String,
    who: String,
    when: String,
    steps: Vec<String>,
    papers: Vec<String>,
    mistakes: Vec<String>,
}

/// 某项工作怎么办。
#[utoipa::path(get, path = "/api/guide/{activity}", tag = "guide",
    params(("activity" = String, Path, description = "an activity, such as members_meeting")),
    responses(
        (status = 200, body = Guide),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
    ))]
async fn guide_of(_: Signed, Path(key): Path<String>) -> Result<Json<Guide>, Problem> {
    let activity = Activity::from_key(&key).ok_or_else(|| Problem::not_found("这项工作"))?;
    let found = guide::of(activity).ok_or_else(|| Problem::not_found("这项工作的说明"))?.clone();
    Ok(Json(Guide {
        activity: key,
        name: activity.name().to_owned(),
        rule: activity.rule().to_owned(),
        what: found.what,
        who: found.who,
        when: found.when,
        steps: found.steps,
        papers: found.papers,
        mistakes: found.mistakes,
    }))
}

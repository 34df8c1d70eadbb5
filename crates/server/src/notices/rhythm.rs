//! When the enterprise reminds: set by the staff of the top organisation, seen by whoever works with the register.

use crate::body::{Body, Faults};
use crate::signed::Signed;
use crate::{App, Problem};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use rules::access::Action;
use rules::notice::{Rhythm as Rules, RhythmFault};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(show, set))
}

/// 提醒的节奏.
#[derive(Serialize, ToSchema)]
struct NoticeRhythm {
    /// Days before the last day on which one is reminded again.
    soon_days: i32,
    /// Days after the last day on which the superior is told.
    escalate_days: i32,
    /// Whether the actor may change them.
    may_set: bool,
}

#[derive(Deserialize, ToSchema)]
struct NoticeRhythmSet {
    soon_days: i32,
    escalate_days: i32,
}

/// 到期前几天再次提醒、逾期几天报上级。
#[utoipa::path(get, path = "/api/notices/rhythm", tag = "notices", responses(
    (status = 200, body = NoticeRhythm),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn show(State(app): State<App>, signed: Signed) -> Result<Json<NoticeRhythm>, Problem> {
    signed.may(Action::WorkView)?;
    let setting = app.store.notice_setting(signed.root()).await?;
    Ok(Json(NoticeRhythm {
        soon_days: setting.soon_days,
        escalate_days: setting.escalate_days,
        may_set: crate::duties::may_set(&app, &signed).await.is_ok(),
    }))
}

/// 设置到期前几天再次提醒、逾期几天报上级；由最上级组织的党务工作者办理。
#[utoipa::path(put, path = "/api/notices/rhythm", tag = "notices", request_body = NoticeRhythmSet, responses(
    (status = 204),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn set(State(app): State<App>, signed: Signed, Body(body): Body<NoticeRhythmSet>) -> Result<StatusCode, Problem> {
    crate::duties::may_set(&app, &signed).await?;
    let mut faults = Faults::default();
    for fault in Rules::faults(body.soon_days, body.escalate_days) {
        let pointer = match fault {
            RhythmFault::Soon => "/soon_days",
            RhythmFault::Escalate => "/escalate_days",
        };
        faults.add(pointer, "bad_number", fault.to_string());
    }
    faults.check()?;
    app.store.set_rhythm(&signed.actor, body.soon_days, body.escalate_days).await?;
    Ok(StatusCode::NO_CONTENT)
}

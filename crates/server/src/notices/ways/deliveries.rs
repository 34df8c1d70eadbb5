//! What was sent, what was not, and why; neither for whom it is nor what it says.

use super::NoticeWay;
use crate::body::{Faults, Params, Segment};
use crate::signed::Signed;
use crate::{App, Problem};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use rules::access::Action;
use rules::ids::DeliveryId;
use serde::{Deserialize, Serialize};
use store::{DeliveryFilter, DeliveryRow, DeliveryState as Stored, now_ms};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Deliveries of a page.
const PAGE: usize = 50;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(deliveries)).routes(routes!(retry))
}

/// 投递状态.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum DeliveryState {
    Waiting,
    Sending,
    Failed,
    Sent,
    GivenUp,
    Skipped,
}

impl From<Stored> for DeliveryState {
    fn from(state: Stored) -> Self {
        match state {
            Stored::Waiting => DeliveryState::Waiting,
            Stored::Sending => DeliveryState::Sending,
            Stored::Failed => DeliveryState::Failed,
            Stored::Sent => DeliveryState::Sent,
            Stored::GivenUp => DeliveryState::GivenUp,
            Stored::Skipped => DeliveryState::Skipped,
        }
    }
}

/// A delivery: neither for whom it is nor what it says.
#[derive(Serialize, ToSchema)]
struct Delivery {
    id: String,
    way: NoticeWay,
    digest: bool,
    state: DeliveryState,
    attempts: i64,
    /// When it is tried next; none when it is over.
    next_at: Option<i64>,
    /// What went wrong last, or why it was not needed.
    error: Option<String>,
    created_at: i64,
    closed_at: Option<i64>,
}

#[derive(Serialize, ToSchema)]
struct DeliveryPage {
    items: Vec<Delivery>,
    next: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct DeliveryQuery {
    /// Only in this state.
    state: Option<String>,
    cursor: Option<String>,
}

impl From<DeliveryRow> for Delivery {
    fn from(row: DeliveryRow) -> Self {
        Delivery {
            id: row.id.to_string(),
            way: row.way.into(),
            digest: row.digest,
            state: row.state.into(),
            attempts: row.attempts,
            next_at: row.closed_at.is_none().then_some(row.next_at),
            error: Some(row.error).filter(|error| !error.is_empty()),
            created_at: row.created_at,
            closed_at: row.closed_at,
        }
    }
}

/// 各条提醒的投递状态，新的在前；不显示收件人和内容。
#[utoipa::path(get, path = "/api/notices/deliveries", tag = "notices", params(DeliveryQuery), responses(
    (status = 200, body = DeliveryPage),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn deliveries(
    State(app): State<App>,
    signed: Signed,
    Params(query): Params<DeliveryQuery>,
) -> Result<Json<DeliveryPage>, Problem> {
    signed.may(Action::SystemView)?;
    fn given(text: &Option<String>) -> Option<&str> {
        text.as_deref().filter(|text| !text.is_empty())
    }
    let mut faults = Faults::default();
    let state = given(&query.state).and_then(|key| {
        let state = Stored::from_key(key);
        if state.is_none() {
            faults.add("/state", "unknown_code", format!("没有「{key}」这种投递状态。请从列表中选择。"));
        }
        state
    });
    let before = given(&query.cursor)
        .and_then(|cursor| faults.parsed("/cursor", "bad_request", cursor, "翻页位置有误。请从头查看。"));
    faults.check()?;
    let filter = DeliveryFilter { state, before };
    let mut found = app.store.deliveries(signed.root(), filter, PAGE as i64 + 1).await?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let next = found.last().filter(|_| more).map(|row| row.id.to_string());
    Ok(Json(DeliveryPage { items: found.into_iter().map(Delivery::from).collect(), next }))
}

/// 重新发送一条没有送达的提醒。
#[utoipa::path(post, path = "/api/notices/deliveries/{id}/retry", params(("id" = String, Path)), tag = "notices", responses(
    (status = 204),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn retry(
    State(app): State<App>,
    signed: Signed,
    Segment(id): Segment<DeliveryId>,
) -> Result<StatusCode, Problem> {
    signed.may(Action::SystemView)?;
    app.store.retry_delivery(&signed.actor, id, now_ms()).await?;
    app.notices.deliveries.notify_one();
    Ok(StatusCode::NO_CONTENT)
}

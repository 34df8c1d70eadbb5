//! The own inbox: read, mark as read. Nobody sees anybody else's.

use super::desk::News;
use super::shown::Notice;
use crate::body::{Body, Faults, Params, Segment};
use crate::signed::Signed;
use crate::{App, Problem};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use rules::ids::NoticeId;
use serde::{Deserialize, Serialize};
use store::{InboxCursor, now_ms};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Notices of a page.
const PAGE: usize = 50;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(read)).routes(routes!(read_all))
}

/// A page of the inbox: the unread first, newest first within both.
#[derive(Serialize, ToSchema)]
struct NoticePage {
    items: Vec<Notice>,
    next: Option<String>,
    /// How many wait to be read, in the whole inbox.
    unread: i64,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct InboxQuery {
    cursor: Option<String>,
}

#[derive(Deserialize, ToSchema)]
struct ReadUpTo {
    /// The newest notice that was seen: what has come since stays unread.
    up_to: String,
}

/// 本人的提醒，未读在前。
#[utoipa::path(get, path = "/api/notices", tag = "notices", params(InboxQuery), responses(
    (status = 200, body = NoticePage),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn list(
    State(app): State<App>,
    signed: Signed,
    Params(query): Params<InboxQuery>,
) -> Result<Json<NoticePage>, Problem> {
    let mut faults = Faults::default();
    let after = query.cursor.as_deref().filter(|cursor| !cursor.is_empty()).and_then(|cursor| {
        let found = cursor_of(cursor);
        if found.is_none() {
            faults.add("/cursor", "bad_request", "翻页位置有误。请从头查看。");
        }
        found
    });
    faults.check()?;
    let (root, account) = (signed.root(), signed.actor.account);
    let mut found = app.store.notices(root, account, after, PAGE as i64 + 1).await?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let next = found.last().filter(|_| more).map(|last| {
        let part = if last.unread { 'u' } else { 'r' };
        format!("{part}{}", last.id)
    });
    let unread = app.store.inbox(root, account).await?.unread;
    Ok(Json(NoticePage { items: found.into_iter().map(Notice::from).collect(), next, unread }))
}

fn cursor_of(text: &str) -> Option<InboxCursor> {
    let (part, id) = (text.get(..1)?, text.get(1..)?.parse().ok()?);
    match part {
        "u" => Some(InboxCursor { unread: true, id }),
        "r" => Some(InboxCursor { unread: false, id }),
        _ => None,
    }
}

/// 把一条提醒标为已读。
#[utoipa::path(post, path = "/api/notices/{id}/read", params(("id" = String, Path)), tag = "notices", responses(
    (status = 204),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn read(State(app): State<App>, signed: Signed, Segment(id): Segment<NoticeId>) -> Result<StatusCode, Problem> {
    app.store.read_notice(signed.root(), signed.actor.account, id, now_ms()).await?;
    app.notices.tell(News::For(signed.actor.account));
    Ok(StatusCode::NO_CONTENT)
}

/// 把看到的提醒全部标为已读；之后到的仍是未读。
#[utoipa::path(post, path = "/api/notices/read", tag = "notices", request_body = ReadUpTo, responses(
    (status = 204),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn read_all(State(app): State<App>, signed: Signed, Body(body): Body<ReadUpTo>) -> Result<StatusCode, Problem> {
    let mut faults = Faults::default();
    let up_to = faults.parsed("/up_to", "bad_request", &body.up_to, "没有说明读到哪一条。请刷新页面后重试。");
    faults.check()?;
    let up_to = up_to.unwrap_or(NoticeId(0));
    app.store.read_notices(signed.root(), signed.actor.account, up_to, now_ms()).await?;
    app.notices.tell(News::For(signed.actor.account));
    Ok(StatusCode::NO_CONTENT)
}

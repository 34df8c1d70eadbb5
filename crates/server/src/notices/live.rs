//! The inbox, live: server-sent events. `unread` says how many notices wait, `notice` brings a new one; a comment every fifteen seconds
//! keeps proxies from closing the connection. What was missed is made up for by Last-Event-ID. The store is looked at, so that news
//! written by another instance arrives too. The connection ends with the session, and does not keep it alive.

use super::desk::News;
use super::shown::Notice;
use crate::signed::{IDLE, LONGEST, Signed};
use crate::{App, Problem};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde::Serialize;
use std::collections::VecDeque;
use std::convert::Infallible;
use std::time::Duration;
use store::{Session, StoreError, now_ms};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Instant, sleep_until};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// How often a sign of life is sent, the session looked at, and the store too.
const BEAT: Duration = Duration::from_secs(15);
/// How soon a browser that lost the connection comes back.
const RETRY: Duration = Duration::from_secs(5);
/// Notices in one look; more are fetched by the next.
const LOOK: i64 = 50;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(live))
}

/// How many notices wait.
#[derive(Serialize, ToSchema)]
struct Unread {
    unread: i64,
}

/// 本人的提醒，随到随送（server-sent events：`unread` 为未读条数，`notice` 为新到的一条）。
#[utoipa::path(get, path = "/api/notices/live", tag = "notices", responses(
    (status = 200, description = "events", content_type = "text/event-stream", body = String),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn live(State(app): State<App>, signed: Signed, headers: HeaderMap) -> Result<Response, Problem> {
    let news = app.notices.listen();
    let inbox = app.store.inbox(signed.root(), signed.actor.account).await?;
    let resumed = headers.get("last-event-id").and_then(|value| place_of(value.to_str().ok()?));
    let mut line = Line {
        at: resumed.unwrap_or(inbox.newest),
        unread: None,
        ready: VecDeque::new(),
        beat: Instant::now() + BEAT,
        session: signed.session,
        news,
        app,
    };
    line.look().await?;
    let events =
        stream::unfold(
            line,
            |mut line| async move { line.next().await.map(|event| (Ok::<_, Infallible>(event), line)) },
        );
    let mut answer = Sse::new(events).into_response();
    // nginx holds answers back unless it is told not to.
    answer.headers_mut().insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    Ok(answer)
}

/// Where a reader stands: ledger entry and notice.
fn place_of(text: &str) -> Option<(i64, i64)> {
    let (seq, id) = text.split_once('-')?;
    Some((seq.parse().ok()?, id.parse().ok()?))
}

/// One connection.
struct Line {
    app: App,
    session: Session,
    news: Receiver<News>,
    at: (i64, i64),
    unread: Option<i64>,
    ready: VecDeque<Event>,
    beat: Instant,
}

impl Line {
    /// The next event; none when the session or the server has ended.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Some(event);
            }
            let app = self.app.clone();
            let concerns = tokio::select! {
                () = app.stopped() => return None,
                () = sleep_until(self.beat) => {
                    self.beat = Instant::now() + BEAT;
                    let now = now_ms();
                    match self.app.store.session_lasts(&self.session, (now - IDLE, now - LONGEST)).await {
                        Ok(true) => self.ready.push_back(Event::default().comment("")),
                        Ok(false) | Err(_) => return None,
                    }
                    true
                }
                news = self.news.recv() => match news {
                    Ok(News::Of(root)) => root == self.session.account.root,
                    Ok(News::For(account)) => account == self.session.account.id,
                    Err(RecvError::Lagged(_)) => true,
                    Err(RecvError::Closed) => return None,
                },
            };
            if concerns && self.look().await.is_err() {
                // The browser comes back by itself and goes on where it was.
                return None;
            }
        }
    }

    /// Looks for what is new and makes events of it.
    async fn look(&mut self) -> Result<(), StoreError> {
        let (root, account) = (self.session.account.root, self.session.account.id);
        let first = self.unread.is_none();
        loop {
            let found = self.app.store.notices_after(root, account, self.at, LOOK).await?;
            let more = found.len() as i64 == LOOK;
            for notice in found {
                self.at = (notice.seq, notice.id.0);
                let event = Event::default().event("notice").id(format!("{}-{}", self.at.0, self.at.1));
                self.ready.extend(event.json_data(Notice::from(notice)).ok());
            }
            if !more {
                break;
            }
        }
        let unread = self.app.store.inbox(root, account).await?.unread;
        if self.unread.replace(unread) != Some(unread) {
            let event = Event::default().event("unread").id(format!("{}-{}", self.at.0, self.at.1));
            let event = if first { event.retry(RETRY) } else { event };
            self.ready.extend(event.json_data(Unread { unread }).ok());
        }
        Ok(())
    }
}

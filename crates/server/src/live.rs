//! What is shown live, as server-sent events: asked for again and again, sent when it has changed. What another instance of the server
//! writes is seen too, since it is read from the store.

use crate::{App, Problem};
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use futures_util::stream::{Stream, unfold};
use serde::Serialize;
use std::convert::Infallible;
use std::future::Future;
use std::time::Duration;
use tokio::time::Instant;

/// How often it is asked for.
const STEP: Duration = Duration::from_secs(1);
/// After so long the stream ends. The browser asks anew by itself, and whether it still may is looked at anew.
const LONGEST: Duration = Duration::from_secs(5 * 60);

/// How far a stream has come.
struct Place<A> {
    app: App,
    ask: A,
    sent: String,
    ends: Instant,
}

/// What `ask` answers, now and whenever it has become something else. Ends when it is refused, when the server stops, and after a while.
pub(crate) fn live<T, A, F>(app: &App, ask: A) -> Sse<impl Stream<Item = Result<Event, Infallible>> + use<T, A, F>>
where
    T: Serialize + Send + 'static,
    A: Fn() -> F + Send + 'static,
    F: Future<Output = Result<T, Problem>> + Send + 'static,
{
    let first = Place { app: app.clone(), ask, sent: String::new(), ends: Instant::now() + LONGEST };
    Sse::new(unfold(first, |mut place| async move {
        let data = next(&mut place).await?;
        Some((Ok(Event::default().data(data)), place))
    }))
    .keep_alive(KeepAlive::default())
}

async fn next<T, A, F>(place: &mut Place<A>) -> Option<String>
where
    T: Serialize,
    A: Fn() -> F,
    F: Future<Output = Result<T, Problem>>,
{
    while Instant::now() < place.ends {
        let asked = (place.ask)();
        let data = serde_json::to_string(&asked.await.ok()?).ok()?;
        if data != place.sent {
            place.sent.clone_from(&data);
            return Some(data);
        }
        tokio::select! {
            () = tokio::time::sleep(STEP) => {}
            () = place.app.stopped() => return None,
        }
    }
    None
}

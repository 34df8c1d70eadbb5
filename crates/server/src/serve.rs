//! Running the server until it is told to stop, and the little housekeeping that goes with it.

use crate::signed::{IDLE, LONGEST};
use crate::{App, router};
use std::future::Future;
use std::net::SocketAddr;
use std::time::Duration;
use store::now_ms;
use tokio::net::TcpListener;

/// How often what is over is removed, and the database learns how full its tables are.
const HOUSEKEEPING: Duration = Duration::from_secs(10 * 60);
/// How long requests under way may take to end once the server is told to stop.
const PATIENCE: Duration = Duration::from_secs(30);

/// Serves until `shutdown` is done; then no new request is taken, and those under way are given half a minute.
pub async fn serve(
    app: App,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let by_the_clock = [
        tokio::spawn(keep_house(app.clone())),
        tokio::spawn(read_censuses(app.clone())),
        tokio::spawn(crate::notices::run_planner(app.clone())),
        tokio::spawn(crate::notices::run_sender(app.clone())),
    ];
    let (told, waits) = (app.clone(), app.clone());
    let stop = async move {
        shutdown.await;
        told.stop();
    };
    let service = router(app).into_make_service_with_connect_info::<SocketAddr>();
    let server = axum::serve(listener, service).with_graceful_shutdown(stop).into_future();
    let patience = async {
        waits.stopped().await;
        tokio::time::sleep(PATIENCE).await;
    };
    let ended = tokio::select! {
        ended = server => ended,
        () = patience => Ok(()),
    };
    by_the_clock.iter().for_each(tokio::task::JoinHandle::abort);
    ended
}

/// Reads what the statistics count, before somebody waits for it.
async fn read_censuses(app: App) {
    if let Err(e) = app.censuses.warm(app.today()).await {
        tracing::warn!(error = %e, "the statistics could not be read; they are read when they are asked for");
    }
}

async fn keep_house(app: App) {
    let mut clock = tokio::time::interval(HOUSEKEEPING);
    loop {
        clock.tick().await;
        let now = now_ms();
        let done = async {
            app.store.purge_sessions(now - IDLE, now - LONGEST).await?;
            app.store.purge_attempts(now).await?;
            app.store.learn_sizes().await
        };
        if let Err(e) = done.await {
            tracing::warn!(error = %e, "housekeeping failed; it is tried again in ten minutes");
        }
    }
}

//! The imports of this process: one at a time per enterprise, the others wait. Remembers how far each is, nothing else.

use super::job::{ImportJob, ImportOutcome, run_import};
use crate::App;
use roster::{FileError, Report};
use rules::ids::{ImportId, RootOrg};
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use store::{Author, Progress, RunOutcome, RunState, StoreError};

/// How often a run says that it is alive.
const BEAT: Duration = Duration::from_secs(5);
/// Imports of one enterprise that may wait or run: each holds its file in memory.
const MOST_AT_ONCE: usize = 4;

/// A run of this process.
#[derive(Default)]
pub(crate) struct Live {
    root: i64,
    running: AtomicBool,
    progress: Arc<Progress>,
}

impl Live {
    /// How far it is.
    pub(crate) fn state(&self) -> (RunState, (i64, i64)) {
        let running = self.running.load(Ordering::Relaxed);
        (if running { RunState::Running } else { RunState::Queued }, self.progress.read())
    }
}

/// See the module.
#[derive(Default)]
pub(crate) struct Desk {
    live: Mutex<HashMap<ImportId, Arc<Live>>>,
    turns: Mutex<HashMap<RootOrg, Arc<tokio::sync::Mutex<()>>>>,
}

impl Desk {
    /// The runs of this process that have not ended.
    pub(crate) fn live(&self) -> HashMap<ImportId, Arc<Live>> {
        self.live.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether an enterprise may ask for another import now.
    pub(crate) fn has_room(&self, root: RootOrg) -> bool {
        let live = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        live.values().filter(|live| live.root == root.0).count() < MOST_AT_ONCE
    }

    fn turn(&self, root: RootOrg) -> Arc<tokio::sync::Mutex<()>> {
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        turns.entry(root).or_default().clone()
    }
}

/// Starts an import in the background, or lets it wait for its turn.
pub(crate) fn start(app: &App, author: Author, run: ImportId, job: ImportJob) {
    let live = Arc::new(Live { root: author.root.0, ..Live::default() });
    app.imports.live.lock().unwrap_or_else(PoisonError::into_inner).insert(run, live.clone());
    let app = app.clone();
    tokio::spawn(async move {
        let root = author.root;
        // A task of its own, so that a panic in it is a failed run like any other.
        let work = tokio::spawn(work(app.clone(), author, run, job, live.clone()));
        let failure = match work.await {
            Ok(Ok(_)) => None,
            Ok(Err(e)) => Some(e.to_string()),
            Err(_) => Some("导入时程序出错，没有写入任何数据。请联系系统管理员查看日志。".to_owned()),
        };
        if let Some(message) = failure {
            tracing::error!(%message, "an import failed");
            if let Err(e) = app.store.finish_import_run(root, run, &failed("import_failed", message)).await {
                tracing::error!(error = %e, "a failed import could not be noted");
            }
        }
        app.imports.live.lock().unwrap_or_else(PoisonError::into_inner).remove(&run);
    });
}

async fn work(
    app: App,
    author: Author,
    run: ImportId,
    job: ImportJob,
    live: Arc<Live>,
) -> Result<ImportOutcome, StoreError> {
    let root = author.root;
    let turn = app.imports.turn(root);
    let work = async {
        let _turn = turn.lock().await;
        live.running.store(true, Ordering::Relaxed);
        app.store.start_import_run(root, run).await?;
        run_import(&app.store, author, job, Some(run), &live.progress).await
    };
    tokio::pin!(work);
    let mut beat = tokio::time::interval(BEAT);
    loop {
        tokio::select! {
            done = &mut work => return done,
            _ = beat.tick() => {
                let (state, progress) = live.state();
                // A beat that is lost is followed by the next.
                let _ = app.store.beat_import_run(root, run, state, progress).await;
            }
        }
    }
}

/// The outcome of a run that wrote nothing.
fn failed(code: &str, message: String) -> RunOutcome {
    let error = Some(FileError { code: code.to_owned(), message });
    ImportOutcome { report: Report { error, ..Report::default() }, rejected: None }.to_run()
}

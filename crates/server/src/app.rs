//! What every request shares: the store and the clock.

use jiff::civil::Date;
use jiff::tz::{TimeZone, offset};
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::Arc;
use store::Store;
use tokio::sync::watch;

/// How the server runs.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// A fixed date instead of today: for demonstrations and tests.
    pub today: Option<Date>,
    /// Whether cookies are sent over HTTPS only.
    pub secure_cookies: bool,
    /// Whether a proxy before the server names the sender in X-Forwarded-For. Never set it without one: anybody could write it.
    pub behind_proxy: bool,
    /// LibreOffice's program, which makes PDFs of an organisation's own DOCX; none: there are only DOCX of these.
    pub office: Option<PathBuf>,
}

/// The store and what else a request needs. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Shared>);

/// See [`App`].
pub struct Shared {
    /// The data.
    pub store: Arc<Store>,
    /// How the server runs.
    pub config: Config,
    /// When it started, UTC milliseconds.
    pub started_at: i64,
    /// The statistics.
    pub(crate) censuses: crate::census::Censuses,
    /// The imports of this process.
    pub(crate) imports: crate::imports::Desk,
    /// True once the server was told to stop: whatever lasts longer than an answer ends then.
    pub(crate) stopping: watch::Sender<bool>,
    /// The duty calendars of this process.
    pub(crate) calendars: crate::duties::Calendars,
    /// What the parts of this process tell each other about notices.
    pub(crate) notices: crate::notices::Desk,
}

impl App {
    /// A server's state.
    pub fn new(store: Arc<Store>, config: Config) -> Self {
        App(Arc::new(Shared {
            censuses: crate::census::Censuses::new(Arc::clone(&store)),
            store,
            config,
            started_at: store::now_ms(),
            imports: Default::default(),
            calendars: Default::default(),
            stopping: watch::Sender::new(false),
            notices: Default::default(),
        }))
    }

    /// Ends what lasts longer than an answer: what is shown live.
    pub fn stop(&self) {
        self.stopping.send_replace(true);
    }

    /// Done when the server is going to stop.
    pub(crate) async fn stopped(&self) {
        // An error means that the sender is gone, and with it the server.
        let _ = self.stopping.subscribe().wait_for(|stopping| *stopping).await;
    }

    /// Today, or the fixed date in its place.
    pub fn today(&self) -> Date {
        self.config.today.unwrap_or_else(today)
    }
}

/// Today in China's time (UTC+8), where the enterprise keeps its calendar.
pub fn today() -> Date {
    TimeZone::fixed(offset(8)).to_datetime(jiff::Timestamp::now()).date()
}

impl Deref for App {
    type Target = Shared;
    fn deref(&self) -> &Shared {
        &self.0
    }
}

//! What every request shares: the store and the clock.

use jiff::civil::Date;
use jiff::tz::{TimeZone, offset};
use std::ops::Deref;
use std::sync::Arc;
use store::Store;

/// How the server runs.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// A fixed date instead of today: for demonstrations and tests.
    pub today: Option<Date>,
    /// Whether cookies are sent over HTTPS only.
    pub secure_cookies: bool,
    /// Whether a proxy before the server names the sender in X-Forwarded-For. Never set it without one: anybody could write it.
    pub behind_proxy: bool,
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
    /// The imports of this process.
    pub(crate) imports: crate::imports::Desk,
    /// The duty calendars of this process.
    pub(crate) calendars: crate::duties::Calendars,
}

impl App {
    /// A server's state.
    pub fn new(store: Arc<Store>, config: Config) -> Self {
        App(Arc::new(Shared {
            store,
            config,
            started_at: store::now_ms(),
            imports: Default::default(),
            calendars: Default::default(),
        }))
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

//! What the parts of one process tell each other about notices: that there may be news.

use rules::ids::{AccountId, RootOrg};
use tokio::sync::{Notify, broadcast};

/// News that may be missed before a listener looks for itself.
const KEPT: usize = 256;

/// Whose inbox has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum News {
    /// Anybody's in this enterprise.
    Of(RootOrg),
    /// This account's.
    For(AccountId),
}

/// See the module.
pub(crate) struct Desk {
    /// The name of this instance: the holder of its leases.
    pub(crate) instance: String,
    news: broadcast::Sender<News>,
    /// Deliveries may be waiting.
    pub(crate) deliveries: Notify,
}

impl Default for Desk {
    fn default() -> Self {
        Desk {
            instance: sealed::random_token().unwrap_or_else(|_| format!("process {}", std::process::id())),
            news: broadcast::channel(KEPT).0,
            deliveries: Notify::new(),
        }
    }
}

impl Desk {
    /// Says that there is news. Nobody listening is fine.
    pub(crate) fn tell(&self, news: News) {
        let _ = self.news.send(news);
    }

    /// Hears of news from now on.
    pub(crate) fn listen(&self) -> broadcast::Receiver<News> {
        self.news.subscribe()
    }
}

//! The statistics: a census of every enterprise in memory, read from the store when it is first asked for and kept in step with the ledger.
//! Every answer catches up first, so that what has just been written is in it. What takes long (a new day, many changes) is built beside
//! the census in use, which goes on answering. Several instances share nothing and each follows the ledger.

mod answer;
mod days;
mod places;
mod state;
mod words;

pub use days::{FIRST_DAY, day};
pub use words::{Words, derived, joined_years};

use jiff::civil::{Date, date};
use rules::ids::RootOrg;
use rules::stats::{Counts, Query};
use state::State;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use store::{Store, StoreError};
use tokio::sync::Mutex;

/// Changes beside the columns from which on they are folded in.
const MANY_CHANGES: usize = 5_000;

/// The census of each enterprise of a database. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Censuses {
    store: Arc<Store>,
    slots: Arc<Mutex<HashMap<RootOrg, Arc<Slot>>>>,
}

#[derive(Debug, Default)]
struct Slot {
    state: RwLock<Option<Arc<State>>>,
    /// Held by whoever changes the state.
    changing: Mutex<()>,
    /// Whether one that is better is being made.
    renewing: AtomicBool,
}

impl Slot {
    fn state(&self) -> Option<Arc<State>> {
        self.state.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn publish(&self, state: State) -> Arc<State> {
        let state = Arc::new(state);
        *self.state.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&state));
        state
    }
}

impl Censuses {
    /// For the enterprises of a store. Nothing is read yet.
    pub fn new(store: Arc<Store>) -> Self {
        Censuses { store, slots: Arc::default() }
    }

    /// Counts full and probationary members by the query's dimensions, as the register says they stood on `as_of`, which is not after
    /// `today`. `tops` are the paths (as of today) of the subtrees to count; the subtrees themselves are taken as of the day. By 党组织
    /// counts the children of one top, or several tops against each other. The query's own `org` and `as_of` are the caller's to resolve.
    pub async fn count(
        &self,
        root: RootOrg,
        tops: &[String],
        query: &Query,
        as_of: Date,
        today: Date,
    ) -> Result<Counts, StoreError> {
        let series = self.on_days(root, tops, query, vec![as_of], today).await?;
        Ok(series.into_iter().next().unwrap_or_default())
    }

    /// The same table at the end of every year from `from_year` to `to_year` (on `today` where the year is not over), with its year.
    pub async fn trend(
        &self,
        root: RootOrg,
        tops: &[String],
        query: &Query,
        (from_year, to_year): (i16, i16),
        today: Date,
    ) -> Result<Vec<(i16, Counts)>, StoreError> {
        let days = (from_year..=to_year).map(|year| date(year, 12, 31).min(today)).collect();
        Ok((from_year..=to_year).zip(self.on_days(root, tops, query, days, today).await?).collect())
    }

    /// Reads the census of every enterprise, so that nobody has to wait for it later.
    pub async fn warm(&self, today: Date) -> Result<(), StoreError> {
        for enterprise in self.store.enterprises().await? {
            self.current(enterprise.root, today).await?;
        }
        Ok(())
    }

    async fn on_days(
        &self,
        root: RootOrg,
        tops: &[String],
        query: &Query,
        days: Vec<Date>,
        today: Date,
    ) -> Result<Vec<Counts>, StoreError> {
        let state = self.current(root, today).await?;
        let (tops, query) = (tops.to_vec(), query.clone());
        let counting = move || days.into_iter().map(|day| state.count(&tops, &query, day)).collect();
        beside(counting).await?
    }

    /// The census as of the latest ledger entry.
    async fn current(&self, root: RootOrg, today: Date) -> Result<Arc<State>, StoreError> {
        let slot = Arc::clone(self.slots.lock().await.entry(root).or_default());
        let head = self.store.ledger_head(root).await?;
        let found = match slot.state().filter(|state| state.mark() >= head && !state.has_expired(today)) {
            Some(state) => state,
            None => {
                let _only = slot.changing.lock().await;
                match slot.state().filter(|state| !state.has_expired(today)) {
                    Some(state) if state.mark() >= head => state,
                    Some(state) => slot.publish(state.caught_up(&self.store, root, head, today).await?),
                    None => slot.publish(State::load(&self.store, root, today).await?),
                }
            }
        };
        if found.day() != today || found.changes() > MANY_CHANGES {
            self.renew(root, slot, today);
        }
        Ok(found)
    }

    /// Begins to make a census for the day, with the changes folded in.
    fn renew(&self, root: RootOrg, slot: Arc<Slot>, today: Date) {
        if slot.renewing.swap(true, Ordering::AcqRel) {
            return;
        }
        let store = Arc::clone(&self.store);
        tokio::spawn(async move {
            if let Err(e) = renew(&store, root, &slot, today).await {
                tracing::warn!(error = %e, "the census could not be renewed; the one in use goes on answering");
            }
            slot.renewing.store(false, Ordering::Release);
        });
    }
}

/// Reads the census anew and puts it in the place of the one in use, once it knows as much.
async fn renew(store: &Store, root: RootOrg, slot: &Slot, today: Date) -> Result<(), StoreError> {
    let fresh = State::load(store, root, today).await?;
    let _only = slot.changing.lock().await;
    let head = slot.state().map_or(0, |state| state.mark());
    let fresh = if fresh.mark() < head { fresh.caught_up(store, root, head, today).await? } else { fresh };
    slot.publish(fresh);
    Ok(())
}

/// Computes on a thread where it keeps nobody waiting.
async fn beside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, StoreError> {
    let ended = tokio::task::spawn_blocking(work).await;
    ended.map_err(|e| StoreError::Corrupt(format!("统计中断（{e}）")))
}

//! One state of an enterprise's census: rows, places, and the ledger entry up to which both were read.

use super::answer::{count, failed};
use super::beside;
use super::days::{OPEN, day};
use super::places::Orgs;
use super::words::{Asking, FROM, TO, Words, derived};
use census::{Builder, Census, Row, Version};
use jiff::civil::Date;
use rules::date::day_number;
use rules::ids::{OrgId, RootOrg};
use rules::stats::{Counts, Query};
use std::collections::BTreeSet;
use std::sync::Arc;
use store::{CensusSpell, Store, StoreError};

/// Tries to read spells and organisations that fit together, while others write.
const TRIES: usize = 5;
/// Persons from which on it is quicker to read everybody.
const MANY_PERSONS: usize = 50_000;

/// A state that does not change any more.
#[derive(Debug)]
pub(super) struct State {
    census: Arc<Census>,
    version: Arc<Version>,
    orgs: Orgs,
    words: Arc<Words>,
    /// The day for which bands have codes.
    day: Date,
    /// From this day on the rows cannot be relied on: a time that was taken as open ends then.
    expires: u16,
}

/// Makes rows for one day.
struct Rows<'a> {
    words: &'a Words,
    orgs: &'a Orgs,
    day: u16,
    expires: u16,
    /// Organisations that are not known yet.
    missing: BTreeSet<OrgId>,
}

impl Rows<'_> {
    /// A row of a spell. A time that ends after the census's day is open on that day and on every day before: it is held as open, and the
    /// census does not outlast it.
    fn of(&mut self, spell: &CensusSpell) -> Result<Option<Row>, StoreError> {
        let Some(org) = self.orgs.number(spell.org) else {
            self.missing.insert(spell.org);
            return Ok(None);
        };
        let mut row = self.words.row(spell, org)?;
        let until = row.days[TO];
        if row.days[FROM] <= self.day && self.day < until && until < OPEN {
            self.expires = self.expires.min(until);
            row.days[TO] = OPEN;
        }
        Ok(Some(row))
    }
}

impl State {
    /// Reads everything.
    pub(super) async fn load(store: &Store, root: RootOrg, today: Date) -> Result<Self, StoreError> {
        let words = Arc::new(Words::new());
        for _ in 0..TRIES {
            // The number first: what is written meanwhile is read once more.
            let mark = store.ledger_head(root).await?;
            let orgs = Orgs::new(store.census_orgs(root).await?);
            let at = day(day_number(today));
            let schema = words.schema().map_err(failed)?;
            let mut builder = Builder::new(schema, orgs.len(), at, derived(today));
            let mut rows = Rows { words: &words, orgs: &orgs, day: at, expires: OPEN, missing: BTreeSet::new() };
            let mut wrong = None;
            let each = |spell: CensusSpell| {
                let pushed =
                    rows.of(&spell).and_then(|row| row.map_or(Ok(()), |row| builder.push(row).map_err(failed)));
                wrong = wrong.take().or(pushed.err());
            };
            store.census_spells(root, each).await?;
            if let Some(e) = wrong {
                return Err(e);
            }
            if !rows.missing.is_empty() {
                continue;
            }
            let expires = rows.expires;
            let census = beside(move || builder.build(mark as u64).map(Census::new)).await?.map_err(failed)?;
            let version = census.version();
            return Ok(State { census: Arc::new(census), version, orgs, words, day: today, expires });
        }
        Err(StoreError::Corrupt("人员所在党组织不存在".to_owned()))
    }

    /// With what the ledger entries up to a number concern read again.
    pub(super) async fn caught_up(
        &self,
        store: &Store,
        root: RootOrg,
        head: i64,
        today: Date,
    ) -> Result<Self, StoreError> {
        let concern = store.census_concern(root, (self.mark(), head)).await?;
        if concern.persons.len() > MANY_PERSONS {
            return Self::load(store, root, today).await;
        }
        let mut known = self.orgs.clone();
        if !concern.orgs.is_empty() {
            known.renew(store.census_orgs_below(root, &concern.orgs).await?);
        }
        let spells = store.census_spells_of(root, &concern.persons).await?;
        for _ in 0..TRIES {
            let at = day(day_number(self.day));
            let mut rows =
                Rows { words: &self.words, orgs: &known, day: at, expires: self.expires, missing: BTreeSet::new() };
            let mut subjects = Vec::with_capacity(spells.len());
            for (person, spells) in &spells {
                let made = spells.iter().map(|spell| rows.of(spell)).filter_map(Result::transpose);
                subjects.push((person.0 as u64, made.collect::<Result<Vec<Row>, _>>()?));
            }
            let (expires, missing) = (rows.expires, rows.missing);
            if !missing.is_empty() {
                // Founded by an entry after the head: it is read again with that entry.
                let missing: Vec<OrgId> = missing.into_iter().collect();
                known.renew(store.census_orgs_below(root, &missing).await?);
                continue;
            }
            let census = Arc::clone(&self.census);
            let replaced = move || census.replace(subjects, head as u64).map(|()| census.version());
            let version = beside(replaced).await?.map_err(failed)?;
            let (census, words) = (Arc::clone(&self.census), Arc::clone(&self.words));
            return Ok(State { census, version, orgs: known, words, day: self.day, expires });
        }
        Err(StoreError::Corrupt("人员所在党组织不存在".to_owned()))
    }

    /// The number of the ledger entry up to which it was read.
    pub(super) fn mark(&self) -> i64 {
        self.version.mark() as i64
    }

    /// The day for which bands have codes.
    pub(super) fn day(&self) -> Date {
        self.day
    }

    /// Changes beside the columns, of rows and of places.
    pub(super) fn changes(&self) -> usize {
        self.version.changes() + self.orgs.changes()
    }

    /// Whether it cannot answer any more on a day.
    pub(super) fn has_expired(&self, today: Date) -> bool {
        self.expires <= day(day_number(today))
    }

    pub(super) fn count(&self, tops: &[String], query: &Query, as_of: Date) -> Result<Counts, StoreError> {
        let asking = Asking { query, as_of, on_its_day: as_of == self.day };
        count(&self.version, &self.orgs, asking, tops)
    }
}

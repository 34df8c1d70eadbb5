//! The calendar of an enterprise in memory: computed when it is first asked for, kept in step with the ledger by a cursor of its own.
//! Every reading catches up first, so that what has just been written is in the next answer; only the organisations and persons that
//! the new entries concern are computed again. Nothing of it is stored; several instances share nothing. How a duty stands is said
//! when it is asked for, so that a new day changes nothing here but, once a year, the span.

use crate::app::App;
use crate::problem::Problem;
use jiff::civil::Date;
use rules::date::add_days;
use rules::duty::{Days, Duty, of_org, of_person};
use rules::ids::{OrgId, PersonId, RootOrg};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use store::{Concern, DutyOrg, DutyOrgs, DutyReach, DutySetting, Store, StoreError};
use tokio::sync::{Mutex, OwnedRwLockReadGuard, RwLock};

/// Days into a year during which the year before is kept in view.
const LOOK_BACK: i32 = 92;

/// Every enterprise's calendar.
#[derive(Default)]
pub(crate) struct Calendars(Mutex<HashMap<RootOrg, Arc<RwLock<Option<Calendar>>>>>);

/// One enterprise's calendar.
pub(crate) struct Calendar {
    cursor: i64,
    /// The days whose duties it holds.
    pub(crate) span: Days,
    /// What the enterprise asks for.
    pub(crate) setting: DutySetting,
    /// The organisations.
    pub(crate) orgs: DutyOrgs,
    duties: HashMap<OrgId, Vec<Duty>>,
    places: HashMap<PersonId, Vec<OrgId>>,
}

/// A calendar that has caught up, for reading.
pub(crate) type Reading = OwnedRwLockReadGuard<Option<Calendar>, Calendar>;

impl App {
    /// The enterprise's calendar as of now. Whoever holds one must not ask for another: between the two somebody may be waiting to write.
    pub(crate) async fn calendar(&self, root: RootOrg) -> Result<Reading, Problem> {
        let slot = self.calendars.0.lock().await.entry(root).or_default().clone();
        let (head, span) = (self.store.ledger_head(root).await?, span_of(self.today()));
        let fresh = |calendar: &Calendar| calendar.cursor >= head && calendar.span == span;
        let read = slot.clone().read_owned().await;
        if let Ok(reading) = OwnedRwLockReadGuard::try_map(read, |found| found.as_ref().filter(|found| fresh(found))) {
            return Ok(reading);
        }
        let mut write = slot.write_owned().await;
        match write.as_mut() {
            Some(calendar) if fresh(calendar) => {}
            Some(calendar) if calendar.span == span => {
                if let Err(e) = calendar.catch_up(&self.store, root, head, self.today()).await {
                    *write = None;
                    return Err(e.into());
                }
            }
            Some(_) | None => *write = Some(Calendar::compute(&self.store, root, span, self.today()).await?),
        }
        let store_failed = |_| Problem::from(StoreError::Corrupt("应办日历没有算出".to_owned()));
        OwnedRwLockReadGuard::try_map(write.downgrade(), Option::as_ref).map_err(store_failed)
    }
}

/// The days that are kept: this year, and last year's while it can still be made good.
fn span_of(today: Date) -> Days {
    Days { first: add_days(today, -LOOK_BACK).first_of_year(), last: today.last_of_year() }
}

impl Calendar {
    /// Computes the whole calendar.
    pub(crate) async fn compute(store: &Store, root: RootOrg, span: Days, today: Date) -> Result<Self, StoreError> {
        // The cursor first: what is written meanwhile is looked at once more.
        let cursor = store.ledger_head(root).await?;
        let (setting, orgs) = (store.duty_setting(root, today).await?, store.duty_orgs(root).await?);
        let (duties, places) = (HashMap::new(), HashMap::new());
        let mut calendar = Calendar { cursor, span, setting, orgs, duties, places };
        calendar.read(store, root, DutyReach::All).await?;
        Ok(calendar)
    }

    async fn catch_up(&mut self, store: &Store, root: RootOrg, head: i64, today: Date) -> Result<(), StoreError> {
        let concern = store.concern(root, (self.cursor, head)).await?;
        if concern.all {
            *self = Self::compute(store, root, self.span, today).await?;
            return Ok(());
        }
        if concern.tree {
            self.orgs = store.duty_orgs(root).await?;
        }
        self.renew(store, root, &concern).await?;
        self.cursor = head;
        Ok(())
    }

    /// Computes again what a concern names.
    async fn renew(&mut self, store: &Store, root: RootOrg, concern: &Concern) -> Result<(), StoreError> {
        let branches = concern.orgs.iter().map(|id| self.orgs.branch_of(*id));
        let orgs: BTreeSet<OrgId> = concern.orgs.iter().copied().chain(branches).collect();
        let mut persons = concern.persons.clone();
        for org in &orgs {
            if let Some(duties) = self.duties.get_mut(org) {
                persons.extend(duties.iter().filter_map(|duty| duty.person));
                duties.retain(|duty| duty.person.is_some());
            }
        }
        for person in &persons {
            for place in self.places.remove(person).unwrap_or_default() {
                if let Some(duties) = self.duties.get_mut(&place) {
                    duties.retain(|duty| duty.person != Some(*person));
                }
            }
        }
        // Whoever belongs to the organisations now is read with them.
        let with_groups = |org: &OrgId| self.orgs.get(*org).map_or_else(Vec::new, |found| self.orgs.with_groups(found));
        let orgs: Vec<OrgId> = orgs.iter().flat_map(with_groups).collect();
        let persons: Vec<PersonId> = persons.into_iter().collect();
        self.read(store, root, DutyReach::Of(&orgs, &persons)).await
    }

    async fn read(&mut self, store: &Store, root: RootOrg, reach: DutyReach<'_>) -> Result<(), StoreError> {
        let Calendar { span, setting, orgs, duties, places, .. } = self;
        let demand = setting.demand();
        for facts in store.org_facts(root, orgs, reach, *span).await? {
            let asked = of_org(&facts, &demand, *span);
            let kept = duties.entry(facts.id).or_default();
            kept.retain(|duty| duty.person.is_some());
            kept.extend(asked);
        }
        let each = |facts| {
            let person: &rules::duty::PersonFacts = &facts;
            for place in places.remove(&person.id).unwrap_or_default() {
                if let Some(kept) = duties.get_mut(&place) {
                    kept.retain(|duty| duty.person != Some(person.id));
                }
            }
            for duty in of_person(person, &demand, *span) {
                let known = places.entry(person.id).or_default();
                if !known.contains(&duty.org) {
                    known.push(duty.org);
                }
                duties.entry(duty.org).or_default().push(duty);
            }
        };
        store.person_facts(root, orgs, reach, *span, each).await
    }

    /// The duties of the organisations that stand in a subtree.
    pub(crate) fn below<'c>(&'c self, path: &str) -> impl Iterator<Item = (&'c DutyOrg, &'c Duty)> {
        let standing = self.orgs.below(path).filter(|org| org.dissolved_on.is_none());
        standing.flat_map(|org| self.of(org.id).iter().map(move |duty| (org, duty)))
    }

    /// The duties that one organisation answers for.
    pub(crate) fn of(&self, org: OrgId) -> &[Duty] {
        self.duties.get(&org).map_or(&[], Vec::as_slice)
    }

    /// The duties about one person.
    pub(crate) fn about(&self, person: PersonId) -> impl Iterator<Item = &Duty> {
        let places = self.places.get(&person).map_or(&[][..], Vec::as_slice);
        places.iter().flat_map(|org| self.of(*org)).filter(move |duty| duty.person == Some(person))
    }
}

//! What duties about persons are computed from. Read in order of their ids, many rows a statement, and handed on one by one, so that a
//! register of any size takes the same memory.

use super::facts::{DutyOrgs, DutyReach, Rows, among, fact_of, look_back, over};
use crate::Store;
use crate::bounds::Bounds;
use crate::error::StoreError;
use crate::sql::{OPEN, coded, day, get, partial};
use jiff::civil::Date;
use rules::codes::{Membership, Stage};
use rules::date::{PartialDate, day_number, from_day_number};
use rules::duty::{Days, Fact, Hours, PersonFacts, PostHeld, StageHeld, TransferAsked};
use rules::ids::{ExcuseId, OrgId, PersonId, RootOrg, TransferId};
use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;
use std::collections::{BTreeSet, HashMap, HashSet};

/// Spells read by one statement.
const SPELLS: usize = 2_000;

/// What is known of some persons beside their spells.
#[derive(Default)]
struct Beside {
    dossiers: HashMap<i64, Dossier>,
    posts: HashMap<i64, Vec<PostHeld>>,
    records: HashMap<i64, Vec<Fact>>,
    hours: HashMap<i64, Vec<Hours>>,
    transfers: HashMap<i64, Vec<TransferAsked>>,
    owes_since: HashMap<i64, Date>,
    resting: HashSet<i64>,
    excuses: HashMap<i64, Vec<(String, ExcuseId)>>,
}

/// The dates of somebody on the way, and the standing of somebody out of contact or suspended.
struct Dossier {
    membership: Membership,
    applied_on: Option<PartialDate>,
    joined_on: Option<PartialDate>,
}

impl Store {
    /// What duties about persons in a span of days follow from, one person after the other.
    pub async fn person_facts(
        &self,
        root: RootOrg,
        orgs: &DutyOrgs,
        reach: DutyReach<'_>,
        span: Days,
        mut each: impl FnMut(PersonFacts),
    ) -> Result<(), StoreError> {
        let ids = match reach {
            DutyReach::All => None,
            DutyReach::Of(orgs, persons) => Some(self.persons_meant(root, orgs, persons).await?),
        };
        if ids.as_ref().is_some_and(Vec::is_empty) {
            return Ok(());
        }
        let ids = ids.as_deref();
        let mut beside = self.beside(root, orgs, ids, span).await?;
        let since = day_number(look_back(span));
        let mut after = (i64::MIN, 0);
        let mut open: Option<PersonFacts> = None;
        loop {
            let mut bounds = Bounds::default();
            let root = bounds.number(root.0);
            let among = among(&mut bounds, "person_id", ids);
            let (person, day_from) = (bounds.number(after.0), bounds.number(after.1));
            let (since, limit) = (bounds.number(since), bounds.number(SPELLS as i64));
            let text = format!(
                "SELECT person_id, from_day, to_day, org_id, stage, joined_on, full_on FROM spell \
                 WHERE root_org = {root} AND {among} AND (person_id, from_day) > ({person}, {day_from}) \
                 AND (to_day > {since} OR person_id IN (SELECT id FROM person WHERE root_org = {root} AND membership = 2)) \
                 ORDER BY person_id, from_day LIMIT {limit}"
            );
            let rows = bounds.bind(sqlx::query(AssertSqlSafe(text))).fetch_all(&self.db.read).await?;
            for row in &rows {
                after = (get(row, 0)?, get(row, 1)?);
                if open.as_ref().is_none_or(|facts| facts.id.0 != after.0) {
                    open.replace(beside.begin(after.0)).into_iter().for_each(&mut each);
                }
                if let Some(facts) = open.as_mut() {
                    add_spell(facts, row, orgs)?;
                }
            }
            if rows.len() < SPELLS {
                open.into_iter().for_each(&mut each);
                return Ok(());
            }
        }
    }

    /// The names of some persons.
    pub async fn person_names(
        &self,
        root: RootOrg,
        ids: &BTreeSet<PersonId>,
    ) -> Result<HashMap<PersonId, String>, StoreError> {
        let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let rows = self.rows_of(root, Rows::of("person", "id, name", "id", "id"), Some(&ids)).await?;
        rows.iter().map(|row| Ok((PersonId(get(row, "id")?), get(row, "name")?))).collect()
    }

    /// Those who belong to some organisations now, and those named.
    async fn persons_meant(&self, root: RootOrg, orgs: &[OrgId], persons: &[PersonId]) -> Result<Vec<i64>, StoreError> {
        let mut ids: Vec<i64> = persons.iter().map(|id| id.0).collect();
        if !orgs.is_empty() {
            let orgs: Vec<i64> = orgs.iter().map(|id| id.0).collect();
            let open = format!("to_day = {OPEN}");
            let spells = Rows::of("spell", "person_id", "org_id", "person_id").only(&open);
            let rows = self.rows_of(root, spells, Some(&orgs)).await?;
            for row in &rows {
                ids.push(get(row, "person_id")?);
            }
        }
        ids.sort_unstable();
        ids.dedup();
        Ok(ids)
    }

    async fn beside(
        &self,
        root: RootOrg,
        orgs: &DutyOrgs,
        ids: Option<&[i64]>,
        span: Days,
    ) -> Result<Beside, StoreError> {
        let mut beside = Beside::default();
        let columns = "id, membership, applied_on, applied_precision, joined_on, joined_precision";
        let on_the_way = format!(
            "id IN (SELECT person_id FROM spell WHERE root_org = {} AND to_day = {OPEN} AND stage < 5 \
             UNION SELECT id FROM person WHERE root_org = {} AND membership IN (2, 3))",
            root.0, root.0
        );
        let dossiers = Rows::of("person", columns, "id", "id").only(&on_the_way);
        for row in self.rows_of(root, dossiers, ids).await? {
            let dossier = Dossier {
                membership: coded(get(&row, "membership")?, Membership::from_code, "党籍状态")?,
                applied_on: partial(get(&row, "applied_on")?, get(&row, "applied_precision")?)?,
                joined_on: partial(get(&row, "joined_on")?, get(&row, "joined_precision")?)?,
            };
            beside.dossiers.insert(get(&row, "id")?, dossier);
        }
        for held in self.posts_held(root, orgs, "person_id", ids).await? {
            beside.posts.entry(held.person.0).or_default().push(held);
        }
        let columns = "id, person_id, activity, on_day, outcome, until_day";
        let records = Rows::of("record", columns, "person_id", "on_day, id").only("person_id IS NOT NULL");
        for row in self.rows_of(root, records, ids).await? {
            if let Some(fact) = fact_of(&row)? {
                beside.records.entry(get(&row, "person_id")?).or_default().push(fact);
            }
        }
        let columns = "id, person_id, to_org, state, requested_on, due_on, decided_at";
        let transfers = Rows::of("transfer", columns, "person_id", "id").only("state IN ('pending', 'accepted')");
        for row in self.rows_of(root, transfers, ids).await? {
            let (state, decided): (String, Option<i64>) = (get(&row, "state")?, get(&row, "decided_at")?);
            let asked = TransferAsked {
                id: TransferId(get(&row, "id")?),
                to: orgs.branch_of(OrgId(get(&row, "to_org")?)),
                on: day(get(&row, "requested_on")?)?,
                due: day(get(&row, "due_on")?)?,
                accepted: decided.filter(|_| state == "accepted").map(crate::duty::setting::day_of),
            };
            beside.transfers.entry(get(&row, "person_id")?).or_default().push(asked);
        }
        for (id, key, excuse) in self.approved_excuses(root, "person_id", ids).await? {
            beside.excuses.entry(id).or_default().push((key, excuse));
        }
        for (person, hours) in self.hours_learned(root, ids, span).await? {
            beside.hours.entry(person).or_default().push(hours);
        }
        let resting = Rows::of("development_case", "person_id", "person_id", "person_id").only("state = 'suspended'");
        for row in self.rows_of(root, resting, ids).await? {
            beside.resting.insert(get(&row, "person_id")?);
        }
        for (person, since) in self.dues_owed(root, ids).await? {
            beside.owes_since.insert(person, since);
        }
        Ok(beside)
    }

    /// Learning hours of the years of a span, by person.
    async fn hours_learned(
        &self,
        root: RootOrg,
        ids: Option<&[i64]>,
        span: Days,
    ) -> Result<Vec<(i64, Hours)>, StoreError> {
        let mut bounds = Bounds::default();
        let root = bounds.number(root.0);
        let first = bounds.number(day_number(span.first.first_of_year()));
        let last = bounds.number(day_number(span.last.last_of_year()));
        let among = among(&mut bounds, "person_id", ids);
        let text = format!(
            "SELECT person_id, on_day / 10000 AS year, CAST(SUM(tenths) AS BIGINT) AS tenths, MAX(on_day) AS last_day FROM learning \
             WHERE root_org = {root} AND on_day >= {first} AND on_day <= {last} AND {among} GROUP BY person_id, on_day / 10000"
        );
        let rows = bounds.bind(sqlx::query(AssertSqlSafe(text))).fetch_all(&self.db.read).await?;
        rows.iter()
            .map(|row| {
                let year = i16::try_from(get::<i64, _>(row, "year")?).unwrap_or_default();
                let hours = Hours { year, tenths: get(row, "tenths")?, last: day(get(row, "last_day")?)? };
                Ok((get(row, "person_id")?, hours))
            })
            .collect()
    }

    /// Who owes dues, and since which month without a break: the first open month after the last that was settled.
    async fn dues_owed(&self, root: RootOrg, ids: Option<&[i64]>) -> Result<Vec<(i64, Date)>, StoreError> {
        let mut bounds = Bounds::default();
        let root = bounds.number(root.0);
        let of_open = among(&mut bounds, "l.person_id", ids);
        let of_settled = among(&mut bounds, "person_id", ids);
        let text = format!(
            "SELECT l.person_id, MIN(l.month) AS since FROM dues_line l \
             LEFT JOIN (SELECT person_id, MAX(month) AS settled FROM dues_line WHERE root_org = {root} \
               AND state IN ('paid', 'exempt') AND {of_settled} GROUP BY person_id) d ON d.person_id = l.person_id \
             WHERE l.root_org = {root} AND l.state = 'open' AND {of_open} AND l.month > COALESCE(d.settled, 0) GROUP BY l.person_id"
        );
        let rows = bounds.bind(sqlx::query(AssertSqlSafe(text))).fetch_all(&self.db.read).await?;
        rows.iter().map(|row| Ok((get(row, "person_id")?, day(get::<i64, _>(row, "since")? * 100 + 1)?))).collect()
    }
}

/// Adds a spell to a person's stages. The last one says where the person belongs.
fn add_spell(facts: &mut PersonFacts, row: &AnyRow, orgs: &DutyOrgs) -> Result<(), StoreError> {
    facts.org = orgs.branch_of(OrgId(get(row, 3)?));
    facts.stages.push(StageHeld {
        stage: coded(get(row, 4)?, Stage::from_code, "人员类别")?,
        from: day(get(row, 1)?)?,
        to: over(get(row, 2)?)?,
    });
    let dated = |value: Option<i64>| value.and_then(from_day_number).map(PartialDate::day);
    facts.joined_on = facts.joined_on.or(dated(get(row, 5)?));
    facts.full_on = facts.full_on.or(dated(get(row, 6)?));
    Ok(())
}

impl Beside {
    /// A person of whom no spell has been read yet.
    fn begin(&mut self, id: i64) -> PersonFacts {
        let dossier = self.dossiers.remove(&id);
        PersonFacts {
            id: PersonId(id),
            org: OrgId(0),
            membership: dossier.as_ref().map_or(Membership::Normal, |dossier| dossier.membership),
            applied_on: dossier.as_ref().and_then(|dossier| dossier.applied_on),
            joined_on: dossier.as_ref().and_then(|dossier| dossier.joined_on),
            full_on: None,
            stages: Vec::new(),
            posts: self.posts.remove(&id).unwrap_or_default(),
            records: self.records.remove(&id).unwrap_or_default(),
            hours: self.hours.remove(&id).unwrap_or_default(),
            transfers: self.transfers.remove(&id).unwrap_or_default(),
            owes_since: self.owes_since.remove(&id),
            case_rests: self.resting.remove(&id),
            excuses: self.excuses.remove(&id).unwrap_or_default(),
        }
    }
}

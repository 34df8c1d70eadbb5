//! What duties of organisations are computed from: the tree, their lives, posts, terms and records, a statement each whatever their
//! number. Persons are read in `persons`.

use super::DutySetting;
use crate::Store;
use crate::bounds::Bounds;
use crate::error::StoreError;
use crate::sql::{ALWAYS, OPEN, coded, day, get};
use jiff::civil::Date;
use rules::activity::Activity;
use rules::date::{day_number, from_day_number};
use rules::duty::{
    Days, Duty, Fact, Life, OrgFacts, Outcome, OwnFulfilled, PostHeld, Term, Whose, of_org, of_person, read_key,
};
use rules::ids::{ExcuseId, OrgId, OwnDutyId, PersonId, RecordId, RootOrg};
use rules::org::{OrgKind, PostKind};
use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;
use std::collections::{BTreeMap, HashMap};

/// An organisation as the calendar knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DutyOrg {
    /// Its id.
    pub id: OrgId,
    /// The one above it.
    pub parent: Option<OrgId>,
    /// Its place in the tree.
    pub path: String,
    /// What it is.
    pub kind: OrgKind,
    /// 组织编码.
    pub code: String,
    /// 组织名称.
    pub name: String,
    /// Its current term.
    pub term: Option<Term>,
    /// When it was dissolved.
    pub dissolved_on: Option<Date>,
}

/// Every organisation of an enterprise, dissolved ones too.
#[derive(Debug, Clone, Default)]
pub struct DutyOrgs {
    by_id: HashMap<OrgId, DutyOrg>,
    by_path: BTreeMap<String, OrgId>,
}

impl DutyOrgs {
    /// One of them.
    pub fn get(&self, id: OrgId) -> Option<&DutyOrg> {
        self.by_id.get(&id)
    }

    /// An organisation and all below it, in preorder.
    pub fn below(&self, path: &str) -> impl Iterator<Item = &DutyOrg> {
        let (path, ids) = (path.to_owned(), self.by_path.range(path.to_owned()..));
        ids.take_while(move |(below, _)| below.starts_with(&path)).filter_map(|(_, id)| self.by_id.get(id))
    }

    /// The organisation itself and, where it is a branch, its groups.
    pub fn with_groups(&self, org: &DutyOrg) -> Vec<OrgId> {
        if org.kind.is_branch() { self.below(&org.path).map(|below| below.id).collect() } else { vec![org.id] }
    }

    /// One of them by its code.
    pub fn by_code(&self, code: &str) -> Option<&DutyOrg> {
        self.all().find(|org| org.code == code)
    }

    /// The branch that answers for whoever belongs to an organisation: the one above a group, otherwise itself.
    pub fn branch_of(&self, id: OrgId) -> OrgId {
        let group = self.get(id).filter(|org| org.kind == OrgKind::Group);
        group.and_then(|group| group.parent).unwrap_or(id)
    }

    /// Every one, in preorder.
    pub fn all(&self) -> impl Iterator<Item = &DutyOrg> {
        self.below("")
    }
}

/// Of whom facts are read.
#[derive(Debug, Clone, Copy)]
pub enum DutyReach<'a> {
    /// Of everybody.
    All,
    /// Of these organisations and whoever belongs to them now, and of these persons.
    Of(&'a [OrgId], &'a [PersonId]),
}

/// Which rows of which table, by which column of ids, in which order.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rows<'a> {
    pub(super) table: &'static str,
    pub(super) columns: &'a str,
    pub(super) by: &'a str,
    pub(super) condition: &'a str,
    pub(super) order: &'static str,
}

impl<'a> Rows<'a> {
    /// All rows of a table.
    pub(super) fn of(table: &'static str, columns: &'a str, by: &'a str, order: &'static str) -> Self {
        Rows { table, columns, by, condition: "", order }
    }

    /// Only those that meet a condition.
    pub(super) fn only(self, condition: &'a str) -> Self {
        Rows { condition, ..self }
    }
}

/// A condition on a column of ids: whatever they are, or these.
pub(super) fn among(bounds: &mut Bounds, column: &str, ids: Option<&[i64]>) -> String {
    match ids {
        None => "1 = 1".to_owned(),
        Some(ids) => bounds.one_of(column, ids),
    }
}

/// The first day of a spell as the rules take it.
fn begin(value: i64) -> Result<Date, StoreError> {
    if value == ALWAYS { Ok(Date::MIN) } else { day(value) }
}

/// The day from which a spell is over as the rules take it.
pub(super) fn over(value: i64) -> Result<Date, StoreError> {
    if value == OPEN { Ok(Date::MAX) } else { day(value) }
}

/// What a record says, unless it is of an activity that this program does not know any more.
pub(super) fn fact_of(row: &AnyRow) -> Result<Option<Fact>, StoreError> {
    let (activity, outcome): (String, Option<String>) = (get(row, "activity")?, get(row, "outcome")?);
    let until: Option<i64> = get(row, "until_day")?;
    Activity::from_key(&activity)
        .map(|activity| {
            Ok::<_, StoreError>(Fact {
                record: RecordId(get(row, "id")?),
                activity,
                on: day(get(row, "on_day")?)?,
                outcome: Outcome::of(outcome.as_deref()),
                until: until.and_then(from_day_number),
            })
        })
        .transpose()
}

impl Store {
    /// The tree as the calendar knows it.
    pub async fn duty_orgs(&self, root: RootOrg) -> Result<DutyOrgs, StoreError> {
        let rows = sqlx::query(
            "SELECT id, parent_id, path, kind, code, name, term_from, term_years, dissolved_on FROM org WHERE root_org = $1",
        )
        .bind(root.0)
        .fetch_all(&self.db.read)
        .await?;
        let mut orgs = DutyOrgs::default();
        for row in &rows {
            let term: (Option<i64>, Option<i64>) = (get(row, "term_from")?, get(row, "term_years")?);
            let (parent, dissolved): (Option<i64>, Option<i64>) = (get(row, "parent_id")?, get(row, "dissolved_on")?);
            let org = DutyOrg {
                id: OrgId(get(row, "id")?),
                parent: parent.map(OrgId),
                path: get(row, "path")?,
                kind: coded(get(row, "kind")?, OrgKind::from_code, "组织类别")?,
                code: get(row, "code")?,
                name: get(row, "name")?,
                term: term
                    .0
                    .and_then(from_day_number)
                    .zip(term.1)
                    .map(|(from, years)| Term { from, years: years as i32 }),
                dissolved_on: dissolved.and_then(from_day_number),
            };
            orgs.by_path.insert(org.path.clone(), org.id);
            orgs.by_id.insert(org.id, org);
        }
        Ok(orgs)
    }

    /// What duties of organisations in a span of days follow from.
    pub async fn org_facts(
        &self,
        root: RootOrg,
        orgs: &DutyOrgs,
        reach: DutyReach<'_>,
        span: Days,
    ) -> Result<Vec<OrgFacts>, StoreError> {
        let ids: Option<Vec<i64>> = match reach {
            DutyReach::All => None,
            DutyReach::Of(ids, _) => Some(ids.iter().map(|id| id.0).collect()),
        };
        if ids.as_ref().is_some_and(Vec::is_empty) {
            return Ok(Vec::new());
        }
        let ids = ids.as_deref();
        let blank = |org: &DutyOrg| OrgFacts {
            id: org.id,
            life: Vec::new(),
            posts: Vec::new(),
            term: org.term,
            past_terms: Vec::new(),
            records: Vec::new(),
            own: Vec::new(),
            excuses: Vec::new(),
        };
        let mut facts: HashMap<OrgId, OrgFacts> = match ids {
            None => orgs.all().map(|org| (org.id, blank(org))).collect(),
            Some(ids) => ids.iter().filter_map(|id| orgs.get(OrgId(*id))).map(|org| (org.id, blank(org))).collect(),
        };
        let mut put = |id: OrgId, put: &mut dyn FnMut(&mut OrgFacts)| {
            if let Some(found) = facts.get_mut(&id) {
                put(found);
            }
        };
        let spells = Rows::of("org_spell", "org_id, from_day, to_day, kind", "org_id", "org_id, from_day");
        for row in self.rows_of(root, spells, ids).await? {
            let life = Life {
                kind: coded(get(&row, "kind")?, OrgKind::from_code, "组织类别")?,
                from: begin(get(&row, "from_day")?)?,
                to: over(get(&row, "to_day")?)?,
            };
            put(OrgId(get(&row, "org_id")?), &mut |facts| facts.life.push(life));
        }
        for held in self.posts_held(root, orgs, "org_id", ids).await? {
            put(held.org, &mut |facts| facts.posts.push(held));
        }
        let from = day_number(look_back(span));
        // Elections are few and follow one another over years.
        let recent = format!(
            "(on_day >= {from} OR until_day >= {from} \
             OR activity IN ('re_election', 're_election_request', 'election_report', 'vacancy_filling'))"
        );
        let records = Rows::of("record", "id, org_id, activity, on_day, outcome, until_day", "org_id", "on_day, id");
        for row in self.rows_of(root, records.only(&recent), ids).await? {
            if let Some(fact) = fact_of(&row)?.filter(|fact| is_org_level(fact.activity)) {
                put(OrgId(get(&row, "org_id")?), &mut |facts| facts.records.push(fact));
            }
        }
        let terms = Rows::of("org_term", "org_id, from_day, years", "org_id", "from_day");
        for row in self.rows_of(root, terms, ids).await? {
            let term = Term { from: day(get(&row, "from_day")?)?, years: get::<i64, _>(&row, "years")? as i32 };
            put(OrgId(get(&row, "org_id")?), &mut |facts| facts.past_terms.push(term));
        }
        let own = Rows::of("own_duty_done", "id, duty_id, org_id, on_day", "org_id", "on_day, id");
        for row in self.rows_of(root, own, ids).await? {
            let done = OwnFulfilled {
                id: RecordId(get(&row, "id")?),
                duty: OwnDutyId(get(&row, "duty_id")?),
                on: day(get(&row, "on_day")?)?,
            };
            put(OrgId(get(&row, "org_id")?), &mut |facts| facts.own.push(done));
        }
        for (id, key, excuse) in self.approved_excuses(root, "org_id", ids).await? {
            put(OrgId(id), &mut |facts| facts.excuses.push((key.clone(), excuse)));
        }
        let mut facts: Vec<OrgFacts> = facts.into_values().collect();
        facts.sort_unstable_by_key(|facts| facts.id);
        Ok(facts)
    }

    /// Rows of a table of which a column is one of some ids, or whatever it is.
    pub(super) async fn rows_of(
        &self,
        root: RootOrg,
        rows: Rows<'_>,
        ids: Option<&[i64]>,
    ) -> Result<Vec<AnyRow>, StoreError> {
        let Rows { table, columns, by, condition, order } = rows;
        let mut bounds = Bounds::default();
        let root = bounds.number(root.0);
        let among = among(&mut bounds, by, ids);
        let and = if condition.is_empty() { "" } else { " AND " };
        let text = format!(
            "SELECT {columns} FROM {table} WHERE root_org = {root} AND {among}{and}{condition} ORDER BY {order}"
        );
        Ok(bounds.bind(sqlx::query(AssertSqlSafe(text))).fetch_all(&self.db.read).await?)
    }

    /// Posts of some organisations or persons, by the column that names them.
    pub(super) async fn posts_held(
        &self,
        root: RootOrg,
        orgs: &DutyOrgs,
        column: &str,
        ids: Option<&[i64]>,
    ) -> Result<Vec<PostHeld>, StoreError> {
        let posts = Rows::of("post", "org_id, person_id, post, from_day, to_day", column, "from_day, id");
        let rows = self.rows_of(root, posts, ids).await?;
        let mut posts = Vec::with_capacity(rows.len());
        for row in &rows {
            let org = OrgId(get(row, "org_id")?);
            let Some(kind) = orgs.get(org).map(|org| org.kind) else { continue };
            posts.push(PostHeld {
                org,
                kind,
                person: PersonId(get(row, "person_id")?),
                post: coded(get(row, "post")?, PostKind::from_code, "党内职务")?,
                from: day(get(row, "from_day")?)?,
                to: over(get(row, "to_day")?)?,
            });
        }
        Ok(posts)
    }

    /// Approved excuses with the keys of their duties, by the organisation or the person they are of.
    pub(super) async fn approved_excuses(
        &self,
        root: RootOrg,
        column: &str,
        ids: Option<&[i64]>,
    ) -> Result<Vec<(i64, String, ExcuseId)>, StoreError> {
        let columns = format!("{column} AS whose, duty_key, id");
        let whose = if column == "org_id" { "state = 'approved' AND person_id IS NULL" } else { "state = 'approved'" };
        let condition = format!("{whose} AND {column} IS NOT NULL");
        let rows = self.rows_of(root, Rows::of("duty_excuse", &columns, column, "id").only(&condition), ids).await?;
        rows.iter().map(|row| Ok((get(row, "whose")?, get(row, "duty_key")?, ExcuseId(get(row, "id")?)))).collect()
    }

    /// What is asked of some organisations, and about whoever belongs to them now, in a span of days.
    pub async fn duties_of(
        &self,
        root: RootOrg,
        orgs: &DutyOrgs,
        setting: &DutySetting,
        reach: DutyReach<'_>,
        span: Days,
    ) -> Result<Vec<Duty>, StoreError> {
        let demand = setting.demand();
        let mut duties = Vec::new();
        for facts in self.org_facts(root, orgs, reach, span).await? {
            duties.extend(of_org(&facts, &demand, span));
        }
        let each = |facts| duties.extend(of_person(&facts, &demand, span));
        self.person_facts(root, orgs, reach, span, each).await?;
        Ok(duties)
    }

    /// The duty that a key names; none when there is no such duty (any more).
    pub async fn duty(&self, root: RootOrg, key: &str, today: Date) -> Result<Option<Duty>, StoreError> {
        let Some((whose, from)) = read_key(key) else { return Ok(None) };
        let (setting, orgs) = (self.duty_setting(root, today).await?, self.duty_orgs(root).await?);
        let span = Days { first: from, last: from.max(today) };
        let duties = match whose {
            Whose::Org(id) => self.duties_of(root, &orgs, &setting, DutyReach::Of(&[id], &[]), span).await?,
            Whose::Person(id) => self.duties_of(root, &orgs, &setting, DutyReach::Of(&[], &[id]), span).await?,
        };
        Ok(duties.into_iter().find(|duty| duty.key() == key))
    }
}

/// Whether a record of an activity says something of the organisation, not of one person.
fn is_org_level(activity: Activity) -> bool {
    let rule = activity.rule();
    ["MEET-", "ORG-", "ELEC-"].iter().any(|of| rule.starts_with(of)) || activity == Activity::DuesCollection
}

/// The first day from which records count for the duties of a span: the rules look back a year.
pub(super) fn look_back(span: Days) -> Date {
    Date::new(span.first.year().saturating_sub(1), 1, 1).unwrap_or(span.first)
}

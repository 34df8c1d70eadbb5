//! What the census of an enterprise is built from and kept current with: the spells of members, all organisations and where they stood,
//! and whom new ledger entries concern. It hands on what is stored and never counts.

use crate::Store;
use crate::bounds::Bounds;
use crate::error::StoreError;
use crate::org::outermost;
use crate::sql::{get, in_subtrees, subtree_bounds};
use rules::codes::Stage;
use rules::ids::{OrgId, PersonId, RootOrg};
use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;
use std::collections::{BTreeSet, HashMap};

/// Rows read by one statement.
const PAGE: usize = 5_000;
/// Ids that one statement names.
const NAMED: usize = 500;

/// A time for which a member's standing stayed the same, as it is stored: days as yyyymmdd, codes of the rules' lists, none where nothing
/// is filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CensusSpell {
    /// Who.
    pub person: PersonId,
    /// Where.
    pub org: OrgId,
    /// The first day.
    pub from: i64,
    /// The day after the last; 99991231 while it lasts.
    pub to: i64,
    /// 人员类别: full or probationary.
    pub stage: i64,
    /// 性别.
    pub gender: i64,
    /// 民族.
    pub ethnicity: Option<i64>,
    /// 学历.
    pub education: Option<i64>,
    /// 学位.
    pub degree: Option<i64>,
    /// 职称级别.
    pub title_level: Option<i64>,
    /// 用工身份.
    pub employment: Option<i64>,
    /// 职业.
    pub occupation: Option<i64>,
    /// 出生日期.
    pub born: Option<i64>,
    /// 入党日期.
    pub joined_on: Option<i64>,
    /// 转正日期.
    pub full_on: Option<i64>,
}

/// An organisation as of today, and on which days it stood elsewhere or was called otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CensusOrg {
    /// Its id.
    pub id: OrgId,
    /// 组织编码.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its place in the tree.
    pub path: String,
    /// Times of another place or name, in their order.
    pub stays: Vec<CensusStay>,
}

/// A time for which an organisation stood elsewhere or was called otherwise than today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CensusStay {
    /// The first day, yyyymmdd.
    pub from: i64,
    /// The day after the last.
    pub to: i64,
    /// The place in the tree.
    pub path: String,
    /// The name.
    pub name: String,
}

/// What ledger entries concern, as far as it is counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CensusConcern {
    /// Persons whose spells may differ.
    pub persons: Vec<PersonId>,
    /// Organisations that may have been founded, renamed or moved, and with them what stands below.
    pub orgs: Vec<OrgId>,
}

const SPELL: &str = "person_id, from_day, to_day, org_id, stage, gender, ethnicity, education, degree, title_level, employment, occupation, \
    born, joined_on, full_on";

fn spell_of(row: &AnyRow) -> Result<CensusSpell, StoreError> {
    Ok(CensusSpell {
        person: PersonId(get(row, 0)?),
        from: get(row, 1)?,
        to: get(row, 2)?,
        org: OrgId(get(row, 3)?),
        stage: get(row, 4)?,
        gender: get(row, 5)?,
        ethnicity: get(row, 6)?,
        education: get(row, 7)?,
        degree: get(row, 8)?,
        title_level: get(row, 9)?,
        employment: get(row, 10)?,
        occupation: get(row, 11)?,
        born: get(row, 12)?,
        joined_on: get(row, 13)?,
        full_on: get(row, 14)?,
    })
}

impl Store {
    /// Every spell as a full or probationary member, of all times, person after person.
    pub async fn census_spells(&self, root: RootOrg, mut each: impl FnMut(CensusSpell)) -> Result<(), StoreError> {
        let mut after = (i64::MIN, 0);
        loop {
            let mut bounds = Bounds::default();
            let (root, members) = (bounds.number(root.0), members(&mut bounds));
            let (person, from, limit) = (bounds.number(after.0), bounds.number(after.1), bounds.number(PAGE as i64));
            let text = format!(
                "SELECT {SPELL} FROM spell WHERE root_org = {root} AND {members} AND (person_id, from_day) > ({person}, {from}) \
                 ORDER BY person_id, from_day LIMIT {limit}"
            );
            let rows = bounds.bind(sqlx::query(AssertSqlSafe(text))).fetch_all(&self.db.read).await?;
            for row in &rows {
                let spell = spell_of(row)?;
                after = (spell.person.0, spell.from);
                each(spell);
            }
            if rows.len() < PAGE {
                return Ok(());
            }
        }
    }

    /// The same of some persons; those who have none have an empty list.
    pub async fn census_spells_of(
        &self,
        root: RootOrg,
        persons: &[PersonId],
    ) -> Result<HashMap<PersonId, Vec<CensusSpell>>, StoreError> {
        let mut found: HashMap<PersonId, Vec<CensusSpell>> =
            persons.iter().map(|person| (*person, Vec::new())).collect();
        for some in persons.chunks(NAMED) {
            let mut bounds = Bounds::default();
            let (root, members) = (bounds.number(root.0), members(&mut bounds));
            let ids: Vec<i64> = some.iter().map(|person| person.0).collect();
            let named = bounds.one_of("person_id", &ids);
            let text = format!(
                "SELECT {SPELL} FROM spell WHERE root_org = {root} AND {members} AND {named} ORDER BY person_id, from_day"
            );
            for row in &bounds.bind(sqlx::query(AssertSqlSafe(text))).fetch_all(&self.db.read).await? {
                let spell = spell_of(row)?;
                found.entry(spell.person).or_default().push(spell);
            }
        }
        Ok(found)
    }

    /// All organisations of an enterprise, dissolved ones too.
    pub async fn census_orgs(&self, root: RootOrg) -> Result<Vec<CensusOrg>, StoreError> {
        let mut found = Vec::new();
        let mut after = String::new();
        loop {
            let mut bounds = Bounds::default();
            let (root, path) = (bounds.number(root.0), bounds.text(after));
            let limit = bounds.number(PAGE as i64);
            let text = format!(
                "SELECT id, code, name, path FROM org WHERE root_org = {root} AND path > {path} ORDER BY path LIMIT {limit}"
            );
            let rows = bounds.bind(sqlx::query(AssertSqlSafe(text))).fetch_all(&self.db.read).await?;
            for row in &rows {
                found.push(org_of(row)?);
            }
            if rows.len() < PAGE {
                break;
            }
            after = get(&rows[rows.len() - 1], "path")?;
        }
        let mut after = (i64::MIN, 0);
        let mut stays = Vec::new();
        loop {
            let mut bounds = Bounds::default();
            let (root, org) = (bounds.number(root.0), bounds.number(after.0));
            let (from, limit) = (bounds.number(after.1), bounds.number(PAGE as i64));
            let text = format!(
                "{STAYS} WHERE h.root_org = {root} AND {OTHERWISE} AND (h.org_id, h.from_day) > ({org}, {from}) \
                 ORDER BY h.org_id, h.from_day LIMIT {limit}"
            );
            let rows = bounds.bind(sqlx::query(AssertSqlSafe(text))).fetch_all(&self.db.read).await?;
            for row in &rows {
                let (org, stay) = stay_of(row)?;
                after = (org.0, stay.from);
                stays.push((org, stay));
            }
            if rows.len() < PAGE {
                break;
            }
        }
        Ok(with_stays(found, stays))
    }

    /// Some organisations with all that stands below them today.
    pub async fn census_orgs_below(&self, root: RootOrg, tops: &[OrgId]) -> Result<Vec<CensusOrg>, StoreError> {
        let mut paths: Vec<String> = Vec::new();
        for some in tops.chunks(NAMED) {
            let mut bounds = Bounds::default();
            let root = bounds.number(root.0);
            let ids: Vec<i64> = some.iter().map(|org| org.0).collect();
            let text = format!("SELECT path FROM org WHERE root_org = {root} AND {}", bounds.one_of("id", &ids));
            for row in &bounds.bind(sqlx::query(AssertSqlSafe(text))).fetch_all(&self.db.read).await? {
                paths.push(get(row, "path")?);
            }
        }
        let mut found = Vec::new();
        for some in outermost(paths).chunks(NAMED / 2) {
            let within = in_subtrees("o.path", 2, some.len());
            let orgs = format!("SELECT o.id, o.code, o.name, o.path FROM org o WHERE o.root_org = $1 AND {within}");
            let stays =
                format!("{STAYS} WHERE h.root_org = $1 AND {OTHERWISE} AND {within} ORDER BY h.org_id, h.from_day");
            let mut answers = Vec::new();
            for text in [orgs, stays] {
                let mut query = sqlx::query(AssertSqlSafe(text)).bind(root.0);
                for bound in some.iter().flat_map(|path| subtree_bounds(path)) {
                    query = query.bind(bound);
                }
                answers.push(query.fetch_all(&self.db.read).await?);
            }
            let orgs = answers[0].iter().map(org_of).collect::<Result<Vec<_>, _>>()?;
            let stays = answers[1].iter().map(stay_of).collect::<Result<Vec<_>, _>>()?;
            found.extend(with_stays(orgs, stays));
        }
        Ok(found)
    }

    /// What the ledger's entry of a number ends with, as hexadecimal digits: no other ledger has the same.
    pub async fn ledger_hash(&self, root: RootOrg, seq: i64) -> Result<Option<String>, StoreError> {
        let row = sqlx::query("SELECT hash FROM ledger WHERE root_org = $1 AND seq = $2")
            .bind(root.0)
            .bind(seq)
            .fetch_optional(&self.db.read)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let hash: Vec<u8> = get(&row, "hash")?;
        Ok(Some(hash.iter().map(|byte| format!("{byte:02x}")).collect()))
    }

    /// What the entries after one number, up to another, concern. Whatever is written of a dossier or an organisation names it in an item.
    pub async fn census_concern(&self, root: RootOrg, (after, until): (i64, i64)) -> Result<CensusConcern, StoreError> {
        let rows = sqlx::query(
            "SELECT DISTINCT subject_kind, subject_id FROM ledger_item \
             WHERE root_org = $1 AND seq > $2 AND seq <= $3 AND subject_kind IN ('person', 'org')",
        )
        .bind(root.0)
        .bind(after)
        .bind(until)
        .fetch_all(&self.db.read)
        .await?;
        let (mut persons, mut orgs) = (BTreeSet::new(), BTreeSet::new());
        for row in &rows {
            let (kind, id): (String, i64) = (get(row, "subject_kind")?, get(row, "subject_id")?);
            if kind == "org" {
                orgs.insert(OrgId(id));
            } else {
                persons.insert(PersonId(id));
            }
        }
        Ok(CensusConcern { persons: persons.into_iter().collect(), orgs: orgs.into_iter().collect() })
    }
}

const STAYS: &str = "SELECT h.org_id, h.from_day, h.to_day, h.path, h.name FROM org_spell h \
    JOIN org o ON o.root_org = h.root_org AND o.id = h.org_id";
const OTHERWISE: &str = "(h.path <> o.path OR h.name <> o.name)";

fn members(bounds: &mut Bounds) -> String {
    bounds.one_of("stage", &[Stage::Probationary, Stage::Full].map(Stage::code))
}

fn org_of(row: &AnyRow) -> Result<CensusOrg, StoreError> {
    Ok(CensusOrg {
        id: OrgId(get(row, "id")?),
        code: get(row, "code")?,
        name: get(row, "name")?,
        path: get(row, "path")?,
        stays: Vec::new(),
    })
}

/// Organisations with their times elsewhere, which come in their order.
fn with_stays(mut orgs: Vec<CensusOrg>, stays: Vec<(OrgId, CensusStay)>) -> Vec<CensusOrg> {
    let mut by_org: HashMap<OrgId, Vec<CensusStay>> = HashMap::new();
    for (org, stay) in stays {
        by_org.entry(org).or_default().push(stay);
    }
    for org in &mut orgs {
        org.stays = by_org.remove(&org.id).unwrap_or_default();
    }
    orgs
}

fn stay_of(row: &AnyRow) -> Result<(OrgId, CensusStay), StoreError> {
    let stay = CensusStay {
        from: get(row, "from_day")?,
        to: get(row, "to_day")?,
        path: get(row, "path")?,
        name: get(row, "name")?,
    };
    Ok((OrgId(get(row, "org_id")?), stay))
}

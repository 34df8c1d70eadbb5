//! Reading persons: dossiers, lists, spells. Narrowing to what an actor may see is done here, by subtree; masking is the caller's.

use crate::Store;
use crate::bounds::{Bounds, column_of};
use crate::error::StoreError;
use crate::org::{Org, org_of};
use crate::sql::{OPEN, coded, coded_opt, day, end, get, partial};
use rules::codes::{Degree, Education, Employment, Ethnicity, Gender, Membership, Occupation, Stage, TitleLevel};
use rules::identity::IdentityNumber;
use rules::ids::{OrgId, PersonId, RootOrg};
use rules::member::{Private, Record, Spell, Standing};
use rules::name::PersonName;
use rules::phone::Phone;
use rules::stats::{Condition, Dimension};
use sealed::{KeyRing, PersonKey};
use serde::{Deserialize, Serialize};
use sqlx::any::AnyRow;
use sqlx::{Any, AssertSqlSafe, Executor};

/// A person as the register has him or her, with everything in full.
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    /// Its id.
    pub id: PersonId,
    /// Raised by every edit.
    pub version: i64,
    /// The dossier.
    pub record: Record,
    /// The organisation the person belongs to, or last belonged to.
    pub org: Org,
    /// Whether the person has left: no spell lasts.
    pub left: bool,
}

/// A standing in a span of time, with the organisation's name as of today.
#[derive(Debug, Clone, PartialEq)]
pub struct PersonSpell {
    /// The spell.
    pub spell: Spell,
    /// The organisation's name.
    pub org_name: String,
}

/// Which persons a list asks for; everything given must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PersonFilter {
    /// Only this organisation's subtree, by path.
    pub within: Option<String>,
    /// Only these stages; none means members (full and probationary).
    pub stages: Vec<Stage>,
    /// Part of the name, or the beginning of its pinyin initials.
    pub name: Option<String>,
    /// A whole identity number.
    pub identity: Option<String>,
    /// Only these degrees of education.
    pub education: Vec<Education>,
    /// Only this gender.
    pub gender: Option<Gender>,
    /// Only 流动党员.
    pub mobile: Option<bool>,
    /// A whole phone number.
    pub phone: Option<String>,
    /// The last four characters of the identity or phone number.
    pub tail: Option<String>,
    /// Conditions of the statistics, in terms of stored data.
    pub conditions: Vec<(Dimension, Condition)>,
}

/// Where a list goes on: after this person, in the order of organisations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonCursor {
    /// The organisation's path.
    pub path: String,
    /// The person.
    pub id: PersonId,
}

impl Person {
    /// The cursor that goes on after this person.
    pub fn cursor(&self) -> PersonCursor {
        PersonCursor { path: self.org.path.clone(), id: self.id }
    }
}

/// What is sealed of a person, in stored form.
#[derive(Serialize, Deserialize)]
pub(crate) struct SealedPrivate {
    #[serde(skip_serializing_if = "Option::is_none", default)]
    identity: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    phone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    household: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    residence: Option<String>,
}

impl From<&Private> for SealedPrivate {
    fn from(private: &Private) -> Self {
        SealedPrivate {
            identity: private.identity.as_ref().map(|identity| identity.expose().to_owned()),
            phone: private.phone.as_ref().map(|phone| phone.expose().to_owned()),
            household: private.household_place.clone(),
            residence: private.residence_place.clone(),
        }
    }
}

impl SealedPrivate {
    fn read(self) -> Result<Private, StoreError> {
        let bad = |what: &str| StoreError::Corrupt(what.to_owned());
        Ok(Private {
            identity: self
                .identity
                .map(|text| IdentityNumber::parse(&text).map_err(|_| bad("身份证号")))
                .transpose()?,
            phone: self.phone.map(|text| Phone::parse(&text).map_err(|_| bad("联系电话"))).transpose()?,
            household_place: self.household,
            residence_place: self.residence,
        })
    }
}

pub(crate) fn key_place(root: RootOrg, id: PersonId) -> String {
    format!("person-key:{root}:{id}")
}

pub(crate) fn private_place(root: RootOrg, id: PersonId) -> String {
    format!("person:{root}:{id}")
}

/// Columns of a person with a spell `s` and its organisation `o`.
pub(crate) const PERSON_COLUMNS: &str = "p.id AS person_id, p.version AS person_version, p.person_key, p.sealed, p.name AS person_name, \
    p.gender, p.ethnicity, p.born, p.born_precision, p.native_place, p.worked_on, p.worked_precision, p.applied_on, p.applied_precision, \
    p.joined_on, p.joined_precision, p.full_on, p.full_precision, p.party_post, p.admin_post, p.title, p.frontline, p.membership, p.mobile, \
    s.to_day, s.stage, s.education, s.degree, s.title_level, s.employment, s.occupation, \
    o.id, o.version, o.parent_id, o.path, o.kind, o.code, o.name, o.unit_name, o.uscc, o.founded_on, o.term_from, o.term_years, o.dissolved_on";

/// The tables of [`PERSON_COLUMNS`], joined.
pub(crate) const PERSON_TABLES: &str = "spell s JOIN person p ON p.root_org = s.root_org AND p.id = s.person_id \
    JOIN org o ON o.root_org = s.root_org AND o.id = s.org_id";

/// The same tables, looked up from persons to their organisations: of a CROSS JOIN, SQLite keeps the order, which it gets wrong by itself,
/// since it takes the range of paths of a whole enterprise for a narrow one; PostgreSQL chooses its own, as for every join.
pub(crate) const PERSONS_FIRST: &str = "person p CROSS JOIN spell s CROSS JOIN org o";
/// What joins these to a person of the enterprise `$1`.
pub(crate) const JOINED: &str = "s.root_org = $1 AND o.root_org = $1 AND p.id = s.person_id AND o.id = s.org_id";

pub(crate) fn person_of(ring: &KeyRing, root: RootOrg, row: &AnyRow) -> Result<Person, StoreError> {
    let id = PersonId(get(row, "person_id")?);
    let org = org_of(row)?;
    let name: String = get(row, "person_name")?;
    let date = |day: &str, precision: &str| partial(get(row, day)?, get(row, precision)?);
    let standing = Standing { org: org.id, ..standing_of(row, org.id)? };
    Ok(Person {
        id,
        version: get(row, "person_version")?,
        record: Record {
            name: PersonName::parse(&name).map_err(|_| StoreError::Corrupt("姓名".to_owned()))?,
            gender: coded(get(row, "gender")?, Gender::from_code, "性别")?,
            ethnicity: coded_opt(get(row, "ethnicity")?, Ethnicity::from_code, "民族")?,
            born: date("born", "born_precision")?,
            native_place: get(row, "native_place")?,
            worked_on: date("worked_on", "worked_precision")?,
            applied_on: date("applied_on", "applied_precision")?,
            joined_on: date("joined_on", "joined_precision")?,
            full_on: date("full_on", "full_precision")?,
            party_post: get(row, "party_post")?,
            admin_post: get(row, "admin_post")?,
            title: get(row, "title")?,
            frontline: get(row, "frontline")?,
            membership: coded(get(row, "membership")?, Membership::from_code, "党籍状态")?,
            mobile: get::<i64, _>(row, "mobile")? != 0,
            private: private_of(ring, root, id, row)?,
            standing,
        },
        left: get::<i64, _>(row, "to_day")? != OPEN,
        org,
    })
}

pub(crate) fn standing_of(row: &AnyRow, org: OrgId) -> Result<Standing, StoreError> {
    Ok(Standing {
        org,
        stage: coded(get(row, "stage")?, Stage::from_code, "人员类别")?,
        education: coded_opt(get(row, "education")?, Education::from_code, "学历")?,
        degree: coded_opt(get(row, "degree")?, Degree::from_code, "学位")?,
        title_level: coded_opt(get(row, "title_level")?, TitleLevel::from_code, "职称级别")?,
        employment: coded_opt(get(row, "employment")?, Employment::from_code, "用工身份")?,
        occupation: coded_opt(get(row, "occupation")?, Occupation::from_code, "职业")?,
    })
}

/// A person's key from its wrapped form; none when the person has been forgotten.
pub(crate) fn key_of(
    ring: &KeyRing,
    root: RootOrg,
    id: PersonId,
    wrapped: Option<Vec<u8>>,
) -> Result<Option<PersonKey>, StoreError> {
    Ok(wrapped.map(|wrapped| ring.unwrap_key(&wrapped, key_place(root, id).as_bytes())).transpose()?)
}

fn private_of(ring: &KeyRing, root: RootOrg, id: PersonId, row: &AnyRow) -> Result<Private, StoreError> {
    let Some(key) = key_of(ring, root, id, get(row, "person_key")?)? else { return Ok(Private::default()) };
    let Some(sealed) = get::<Option<Vec<u8>>, _>(row, "sealed")? else { return Ok(Private::default()) };
    let plain = key.open(&sealed, private_place(root, id).as_bytes())?;
    serde_json::from_slice::<SealedPrivate>(&plain)?.read()
}

/// The spells of one person, in order.
pub(crate) async fn spells_of<'e>(
    db: impl Executor<'e, Database = Any>,
    root: RootOrg,
    id: PersonId,
) -> Result<Vec<PersonSpell>, StoreError> {
    let rows = sqlx::query(
        "SELECT s.from_day, s.to_day, s.org_id, s.stage, s.education, s.degree, s.title_level, s.employment, s.occupation, o.name AS org_name \
         FROM spell s JOIN org o ON o.root_org = s.root_org AND o.id = s.org_id \
         WHERE s.root_org = $1 AND s.person_id = $2 ORDER BY s.from_day",
    )
    .bind(root.0)
    .bind(id.0)
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            let standing = standing_of(row, OrgId(get(row, "org_id")?))?;
            let spell = Spell { from: day(get(row, "from_day")?)?, to: end(get(row, "to_day")?)?, standing };
            Ok(PersonSpell { spell, org_name: get(row, "org_name")? })
        })
        .collect()
}

/// One person with the last spell, inside or outside a transaction.
pub(crate) async fn find_person<'e>(
    db: impl Executor<'e, Database = Any>,
    ring: &KeyRing,
    root: RootOrg,
    id: PersonId,
) -> Result<Person, StoreError> {
    sqlx::query(AssertSqlSafe(format!(
        "SELECT {PERSON_COLUMNS} FROM {PERSON_TABLES} WHERE s.root_org = $1 AND s.person_id = $2 ORDER BY s.from_day DESC LIMIT 1"
    )))
    .bind(root.0)
    .bind(id.0)
    .fetch_optional(db)
    .await?
    .map(|row| person_of(ring, root, &row))
    .transpose()?
    .ok_or(StoreError::NotFound("人员"))
}

/// The filter and the scope as one condition.
fn conditions(ring: &KeyRing, scope: &[String], filter: &PersonFilter, bounds: &mut Bounds) -> String {
    let mut parts = vec![bounds.within("o.path", scope.iter().map(String::as_str))];
    if let Some(path) = &filter.within {
        parts.push(bounds.within("o.path", [path.as_str()]));
    }
    let stages = if filter.stages.is_empty() { &[Stage::Probationary, Stage::Full][..] } else { &filter.stages };
    parts.push(bounds.one_of("s.stage", &stages.iter().map(|stage| stage.code()).collect::<Vec<_>>()));
    if !filter.education.is_empty() {
        parts.push(bounds.one_of("s.education", &filter.education.iter().map(|one| one.code()).collect::<Vec<_>>()));
    }
    if let Some(gender) = filter.gender {
        parts.push(format!("s.gender = {}", bounds.number(gender.code())));
    }
    if let Some(mobile) = filter.mobile {
        parts.push(format!("p.mobile = {}", bounds.number(i64::from(mobile))));
    }
    if let Some(identity) = &filter.identity {
        parts.push(format!("p.identity_index = {}", bounds.text(ring.blind_index("identity", identity))));
    }
    if let Some(phone) = &filter.phone {
        parts.push(format!("p.phone_index = {}", bounds.text(ring.blind_index("phone", phone))));
    }
    if let Some(tail) = &filter.tail {
        let tail = bounds.text(ring.blind_index("tail", tail));
        parts.push(format!("(p.identity_tail = {tail} OR p.phone_tail = {tail})"));
    }
    for (dimension, condition) in &filter.conditions {
        parts.push(bounds.condition(column_of(*dimension), condition));
    }
    if let Some(name) = &filter.name {
        let like = bounds.text(format!("%{}%", crate::sql::escape_like(name)));
        let initials = bounds.text(format!("{}%", crate::sql::escape_like(&name.to_lowercase())));
        parts.push(format!("(p.name LIKE {like} ESCAPE '!' OR p.initials LIKE {initials} ESCAPE '!')"));
    }
    parts.join(" AND ")
}

impl Store {
    /// One person, in full.
    pub async fn person(&self, root: RootOrg, id: PersonId) -> Result<Person, StoreError> {
        find_person(&self.db.read, &self.ring, root, id).await
    }

    /// A person's standings from day to day, oldest first.
    pub async fn person_spells(&self, root: RootOrg, id: PersonId) -> Result<Vec<PersonSpell>, StoreError> {
        spells_of(&self.db.read, root, id).await
    }

    /// Persons in the given subtrees, in the order of organisations, after a cursor.
    pub async fn persons(
        &self,
        root: RootOrg,
        scope: &[String],
        filter: &PersonFilter,
        after: Option<&PersonCursor>,
        limit: i64,
    ) -> Result<Vec<Person>, StoreError> {
        let (path, id) = after.map_or((String::new(), 0), |cursor| (cursor.path.clone(), cursor.id.0));
        let mut bounds = Bounds::default();
        bounds.number(root.0);
        bounds.number(OPEN);
        bounds.text(path);
        bounds.number(id);
        bounds.number(limit);
        let conditions = conditions(&self.ring, scope, filter, &mut bounds);
        let text = format!(
            "SELECT {PERSON_COLUMNS} FROM {PERSON_TABLES} WHERE s.root_org = $1 AND s.to_day = $2 \
             AND o.path >= $3 AND (o.path > $3 OR s.person_id > $4) AND {conditions} ORDER BY o.path, s.person_id LIMIT $5"
        );
        let rows = bounds.bind(sqlx::query(AssertSqlSafe(text))).fetch_all(&self.db.read).await?;
        rows.iter().map(|row| person_of(&self.ring, root, row)).collect()
    }

    /// How many persons a list has in all.
    pub async fn count_persons(
        &self,
        root: RootOrg,
        scope: &[String],
        filter: &PersonFilter,
    ) -> Result<i64, StoreError> {
        let mut bounds = Bounds::default();
        bounds.number(root.0);
        bounds.number(OPEN);
        let conditions = conditions(&self.ring, scope, filter, &mut bounds);
        let numbers = filter.identity.is_some() || filter.phone.is_some() || filter.tail.is_some();
        let person = if numbers || filter.name.is_some() || filter.mobile.is_some() {
            "JOIN person p ON p.root_org = s.root_org AND p.id = s.person_id"
        } else {
            ""
        };
        let text = format!(
            "SELECT COUNT(*) AS n FROM spell s {person} JOIN org o ON o.root_org = s.root_org AND o.id = s.org_id \
             WHERE s.root_org = $1 AND s.to_day = $2 AND {conditions}"
        );
        get(&bounds.bind(sqlx::query(AssertSqlSafe(text))).fetch_one(&self.db.read).await?, "n")
    }

    /// The path of the organisation a person belongs to, or last belonged to: what access is decided by.
    pub async fn person_org_path(&self, root: RootOrg, id: PersonId) -> Result<String, StoreError> {
        let row = sqlx::query(
            "SELECT o.path FROM spell s JOIN org o ON o.root_org = s.root_org AND o.id = s.org_id \
             WHERE s.root_org = $1 AND s.person_id = $2 ORDER BY s.from_day DESC LIMIT 1",
        )
        .bind(root.0)
        .bind(id.0)
        .fetch_optional(&self.db.read)
        .await?
        .ok_or(StoreError::NotFound("人员"))?;
        get(&row, "path")
    }
}

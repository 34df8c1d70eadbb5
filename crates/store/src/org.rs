//! Organisations as they stand and as they once stood. Changes are made in `org_change`, counts and warnings in `org_tree`.

use crate::Store;
use crate::error::StoreError;
use crate::sql::{ALWAYS, coded, day, day_opt, end, get, in_subtrees, subtree_bounds};
use jiff::civil::Date;
use rules::ids::{OrgId, RootOrg};
use rules::org::OrgKind;
use serde::Serialize;
use sqlx::any::AnyRow;
use sqlx::{Any, AssertSqlSafe, Executor};

/// Characters of one path segment; the segment of a root is `0001`.
pub const SEGMENT: usize = 4;

/// The paths that stand below none of the others, in the order of the tree.
pub fn outermost(mut paths: Vec<String>) -> Vec<String> {
    paths.sort_unstable();
    let mut outermost: Vec<String> = Vec::new();
    for path in paths {
        if outermost.last().is_none_or(|top| !path.starts_with(top.as_str())) {
            outermost.push(path);
        }
    }
    outermost
}

/// An organisation as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Org {
    /// Its id.
    pub id: OrgId,
    /// Raised by every edit.
    pub version: i64,
    /// The organisation above it; none for the enterprise's top.
    pub parent: Option<OrgId>,
    /// Its place in the tree: fixed-width segments, in preorder when sorted.
    #[serde(skip)]
    pub path: String,
    /// What it is.
    #[serde(serialize_with = "kind_key")]
    pub kind: OrgKind,
    /// 组织编码, unique in the enterprise.
    pub code: String,
    /// 组织名称.
    pub name: String,
    /// 所在行政单位.
    pub unit_name: Option<String>,
    /// 统一社会信用代码 of that unit.
    pub uscc: Option<String>,
    /// 成立日期.
    pub founded_on: Option<Date>,
    /// 届期起始.
    pub term_from: Option<Date>,
    /// Length of the term in years.
    pub term_years: Option<i32>,
    /// 撤销日期.
    pub dissolved_on: Option<Date>,
}

fn kind_key<S: serde::Serializer>(kind: &OrgKind, s: S) -> Result<S::Ok, S::Error> {
    s.serialize_str(kind.key())
}

impl Org {
    /// How far below the enterprise's top it stands.
    pub fn depth(&self) -> usize {
        self.path.len() / SEGMENT - 1
    }

    /// The path of the organisation above; its own at the enterprise's top.
    pub fn parent_path(&self) -> &str {
        let end = self.path.len().saturating_sub(SEGMENT).max(SEGMENT);
        &self.path[..end]
    }
}

/// Where an organisation stood and what it was called in one span of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrgSpell {
    /// First day; `None` when the beginning is not known.
    pub from: Option<Date>,
    /// The day from which it no longer held; `None` while it lasts.
    pub to: Option<Date>,
    /// Its name then.
    pub name: String,
    /// Its kind then.
    pub kind: OrgKind,
    /// The name, as of today, of the organisation it stood under.
    pub parent_name: Option<String>,
}

/// What is needed to create an organisation.
#[derive(Debug, Clone, Default)]
pub struct NewOrg {
    /// The organisation above; none only for the enterprise's top.
    pub parent: Option<OrgId>,
    /// 组织编码; empty lets the store give one.
    pub code: String,
    /// 组织名称.
    pub name: String,
    /// 所在行政单位.
    pub unit_name: Option<String>,
    /// 统一社会信用代码.
    pub uscc: Option<String>,
    /// 成立日期.
    pub founded_on: Option<Date>,
    /// 届期起始.
    pub term_from: Option<Date>,
    /// Length of the term; the usual one when not given.
    pub term_years: Option<i32>,
}

/// A correction of an organisation's data; `None` leaves a field as it is, `Some(None)` empties it.
#[derive(Debug, Clone, Default)]
pub struct OrgEdit {
    /// A new name, holding from `on`.
    pub name: Option<String>,
    /// A new kind, holding from `on`.
    pub kind: Option<OrgKind>,
    /// 组织编码.
    pub code: Option<String>,
    /// 所在行政单位.
    pub unit_name: Option<Option<String>>,
    /// 统一社会信用代码.
    pub uscc: Option<Option<String>>,
    /// 成立日期.
    pub founded_on: Option<Option<Date>>,
    /// 届期起始.
    pub term_from: Option<Option<Date>>,
    /// Length of the term in years.
    pub term_years: Option<Option<i32>>,
}

pub(crate) const COLUMNS: &str = "o.id, o.version, o.parent_id, o.path, o.kind, o.code, o.name, o.unit_name, o.uscc, o.founded_on, o.term_from, o.term_years, o.dissolved_on";

pub(crate) fn org_of(row: &AnyRow) -> Result<Org, StoreError> {
    Ok(Org {
        id: OrgId(get(row, "id")?),
        version: get(row, "version")?,
        parent: get::<Option<i64>, _>(row, "parent_id")?.map(OrgId),
        path: get(row, "path")?,
        kind: coded(get(row, "kind")?, OrgKind::from_code, "组织类别")?,
        code: get(row, "code")?,
        name: get(row, "name")?,
        unit_name: get(row, "unit_name")?,
        uscc: get(row, "uscc")?,
        founded_on: day_opt(get(row, "founded_on")?)?,
        term_from: day_opt(get(row, "term_from")?)?,
        term_years: get::<Option<i64>, _>(row, "term_years")?.map(|years| years as i32),
        dissolved_on: day_opt(get(row, "dissolved_on")?)?,
    })
}

/// One organisation, inside or outside a transaction.
pub(crate) async fn find<'e>(
    db: impl Executor<'e, Database = Any>,
    root: RootOrg,
    id: OrgId,
) -> Result<Org, StoreError> {
    sqlx::query(AssertSqlSafe(format!("SELECT {COLUMNS} FROM org o WHERE o.root_org = $1 AND o.id = $2")))
        .bind(root.0)
        .bind(id.0)
        .fetch_optional(db)
        .await?
        .map(|row| org_of(&row))
        .transpose()?
        .ok_or(StoreError::NotFound("党组织"))
}

impl Store {
    /// One organisation.
    pub async fn org(&self, root: RootOrg, id: OrgId) -> Result<Org, StoreError> {
        find(&self.db.read, root, id).await
    }

    /// One organisation by its code.
    pub async fn org_by_code(&self, root: RootOrg, code: &str) -> Result<Org, StoreError> {
        sqlx::query(AssertSqlSafe(format!("SELECT {COLUMNS} FROM org o WHERE o.root_org = $1 AND o.code = $2")))
            .bind(root.0)
            .bind(code)
            .fetch_optional(&self.db.read)
            .await?
            .map(|row| org_of(&row))
            .transpose()?
            .ok_or(StoreError::NotFound("党组织"))
    }

    /// The enterprise's top organisation, if there is one yet.
    pub async fn top_org(&self, root: RootOrg) -> Result<Option<Org>, StoreError> {
        sqlx::query(AssertSqlSafe(format!(
            "SELECT {COLUMNS} FROM org o WHERE o.root_org = $1 AND o.parent_id IS NULL ORDER BY o.path LIMIT 1"
        )))
        .bind(root.0)
        .fetch_optional(&self.db.read)
        .await?
        .map(|row| org_of(&row))
        .transpose()
    }

    /// Every organisation that stands in the given subtrees, in preorder, beginning after a path.
    pub async fn orgs(&self, root: RootOrg, scope: &[String], after: &str, limit: i64) -> Result<Vec<Org>, StoreError> {
        let text = format!(
            "SELECT {COLUMNS} FROM org o WHERE o.root_org = $1 AND o.dissolved_on IS NULL AND o.path > $2 AND {} ORDER BY o.path LIMIT $3",
            in_subtrees("o.path", 4, scope.len())
        );
        let mut query = sqlx::query(AssertSqlSafe(text)).bind(root.0).bind(after).bind(limit);
        for bound in scope.iter().flat_map(|path| subtree_bounds(path)) {
            query = query.bind(bound);
        }
        query.fetch_all(&self.db.read).await?.iter().map(org_of).collect()
    }

    /// The organisations above one, from the enterprise's top down to itself.
    pub async fn org_path(&self, root: RootOrg, org: &Org) -> Result<Vec<Org>, StoreError> {
        let above: Vec<&str> = (SEGMENT..=org.path.len()).step_by(SEGMENT).map(|end| &org.path[..end]).collect();
        let text = format!(
            "SELECT {COLUMNS} FROM org o WHERE o.root_org = $1 AND o.path IN ({}) ORDER BY o.path",
            crate::sql::placeholders(2, above.len())
        );
        let mut query = sqlx::query(AssertSqlSafe(text)).bind(root.0);
        for path in above {
            query = query.bind(path);
        }
        query.fetch_all(&self.db.read).await?.iter().map(org_of).collect()
    }

    /// Where an organisation stood and what it was called, newest first.
    pub async fn org_history(&self, root: RootOrg, org: OrgId) -> Result<Vec<OrgSpell>, StoreError> {
        let rows = sqlx::query(
            "SELECT s.from_day, s.to_day, s.name, s.kind, p.name AS parent_name FROM org_spell s \
             LEFT JOIN org p ON p.root_org = s.root_org AND p.id = s.parent_id \
             WHERE s.root_org = $1 AND s.org_id = $2 ORDER BY s.from_day DESC",
        )
        .bind(root.0)
        .bind(org.0)
        .fetch_all(&self.db.read)
        .await?;
        rows.iter()
            .map(|row| {
                let from: i64 = get(row, "from_day")?;
                Ok(OrgSpell {
                    from: if from == ALWAYS { None } else { Some(day(from)?) },
                    to: end(get(row, "to_day")?)?,
                    name: get(row, "name")?,
                    kind: coded(get(row, "kind")?, OrgKind::from_code, "组织类别")?,
                    parent_name: get(row, "parent_name")?,
                })
            })
            .collect()
    }
}

//! Organisations: the tree, its dated history, posts, and structural changes. The rules decide what is allowed (ORG-*).

use crate::error::StoreError;
use crate::sql::{ALWAYS, OPEN, coded, day, day_opt, end, get, in_subtrees, subtree_bounds};
use crate::Store;
use jiff::civil::Date;
use rules::date::day_number;
use rules::ids::{OrgId, PersonId, PostId, RootOrg};
use rules::org::{OrgKind, PostKind, Structure, Warning, warnings};
use serde::Serialize;
use sqlx::any::AnyRow;
use sqlx::{Any, AssertSqlSafe, Executor};
use std::collections::BTreeMap;

/// Characters of one path segment; the segment of a root is `0001`.
pub(crate) const SEGMENT: usize = 4;

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
}

/// A row of the tree with its counts.
#[derive(Debug, Clone)]
pub struct OrgRow {
    /// The organisation.
    pub org: Org,
    /// Full and probationary members of the whole subtree.
    pub members: Members,
    /// Departures from the structural rules.
    pub warnings: Vec<Warning>,
    /// Whether anything stands below it.
    pub has_children: bool,
}

/// Counts of members by standing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Members {
    /// 正式党员.
    pub full: i64,
    /// 预备党员.
    pub probationary: i64,
}

/// A post held, or once held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// Its id.
    pub id: PostId,
    /// Where.
    pub org: OrgId,
    /// Who.
    pub person: PersonId,
    /// The holder's name.
    pub person_name: String,
    /// Which post.
    pub post: PostKind,
    /// Since when.
    pub from: Date,
    /// Until when; `None` while it lasts.
    pub to: Option<Date>,
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
pub(crate) async fn find<'e>(db: impl Executor<'e, Database = Any>, root: RootOrg, id: OrgId) -> Result<Org, StoreError> {
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
        sqlx::query(AssertSqlSafe(format!("SELECT {COLUMNS} FROM org o WHERE o.root_org = $1 AND o.parent_id IS NULL ORDER BY o.path LIMIT 1")))
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

    /// The tree with counts and warnings, in preorder. Counts and posts of the whole scope are read in one statement each.
    pub async fn org_rows(&self, root: RootOrg, scope: &[String], after: &str, limit: i64, today: Date) -> Result<Vec<OrgRow>, StoreError> {
        let orgs = self.orgs(root, scope, after, limit).await?;
        let (Some(first), Some(last)) = (orgs.first(), orgs.last()) else { return Ok(Vec::new()) };
        let span = [first.path.clone(), format!("{}zzzz", last.path)];
        let direct = self.direct_members(root, &span).await?;
        let posts = self.posts_between(root, &span).await?;
        let children = self.paths_with_children(root, &span).await?;
        Ok(orgs
            .into_iter()
            .map(|org| {
                let members = sum_below(&direct, &org.path);
                let held = posts.get(&org.id);
                let structure = structure_of(&org, members, held, today);
                let warnings = warnings(&structure.as_structure(), today);
                let has_children = children.contains(&org.path);
                OrgRow { org, members, warnings, has_children }
            })
            .collect())
    }

    /// Departures of one organisation from the structural rules, with its subtree's and its own counts.
    pub async fn org_warnings(&self, root: RootOrg, org: &Org, today: Date) -> Result<(Members, Members, Vec<Warning>), StoreError> {
        let span = subtree_bounds(&org.path);
        let direct = self.direct_members(root, &span).await?;
        let members = sum_below(&direct, &org.path);
        let posts = self.posts_between(root, &span).await?;
        let found = warnings(&structure_of(org, members, posts.get(&org.id), today).as_structure(), today);
        Ok((members, direct.get(&org.path).copied().unwrap_or_default(), found))
    }

    async fn direct_members(&self, root: RootOrg, span: &[String; 2]) -> Result<BTreeMap<String, Members>, StoreError> {
        let rows = sqlx::query(
            "SELECT o.path, s.stage, COUNT(*) AS n FROM spell s JOIN org o ON o.root_org = s.root_org AND o.id = s.org_id \
             WHERE s.root_org = $1 AND s.to_day = $2 AND s.stage >= 4 AND o.path >= $3 AND o.path <= $4 GROUP BY o.path, s.stage",
        )
        .bind(root.0)
        .bind(OPEN)
        .bind(&span[0])
        .bind(&span[1])
        .fetch_all(&self.db.read)
        .await?;
        let mut direct: BTreeMap<String, Members> = BTreeMap::new();
        for row in &rows {
            let members = direct.entry(get(row, "path")?).or_default();
            let count: i64 = get(row, "n")?;
            if get::<i64, _>(row, "stage")? == rules::codes::Stage::Full.code() {
                members.full += count;
            } else {
                members.probationary += count;
            }
        }
        Ok(direct)
    }

    async fn posts_between(&self, root: RootOrg, span: &[String; 2]) -> Result<BTreeMap<OrgId, Vec<(PostKind, i64)>>, StoreError> {
        let rows = sqlx::query(
            "SELECT p.org_id, p.post, p.to_day FROM post p JOIN org o ON o.root_org = p.root_org AND o.id = p.org_id \
             WHERE p.root_org = $1 AND o.path >= $2 AND o.path <= $3",
        )
        .bind(root.0)
        .bind(&span[0])
        .bind(&span[1])
        .fetch_all(&self.db.read)
        .await?;
        let mut posts: BTreeMap<OrgId, Vec<(PostKind, i64)>> = BTreeMap::new();
        for row in &rows {
            let post = coded(get(row, "post")?, PostKind::from_code, "党内职务")?;
            posts.entry(OrgId(get(row, "org_id")?)).or_default().push((post, get(row, "to_day")?));
        }
        Ok(posts)
    }

    async fn paths_with_children(&self, root: RootOrg, span: &[String; 2]) -> Result<std::collections::HashSet<String>, StoreError> {
        let rows = sqlx::query(
            "SELECT DISTINCT p.path FROM org p JOIN org c ON c.root_org = p.root_org AND c.parent_id = p.id \
             WHERE p.root_org = $1 AND p.path >= $2 AND p.path <= $3 AND c.dissolved_on IS NULL",
        )
        .bind(root.0)
        .bind(&span[0])
        .bind(&span[1])
        .fetch_all(&self.db.read)
        .await?;
        rows.iter().map(|row| get(row, "path")).collect()
    }

    /// Posts of an organisation, those held today first, then the past ones, newest first.
    pub async fn posts(&self, root: RootOrg, org: OrgId) -> Result<Vec<Post>, StoreError> {
        let rows = sqlx::query(
            "SELECT p.id, p.org_id, p.person_id, q.name, p.post, p.from_day, p.to_day FROM post p \
             JOIN person q ON q.root_org = p.root_org AND q.id = p.person_id \
             WHERE p.root_org = $1 AND p.org_id = $2 ORDER BY p.to_day DESC, p.post, p.from_day",
        )
        .bind(root.0)
        .bind(org.0)
        .fetch_all(&self.db.read)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(Post {
                    id: PostId(get(row, "id")?),
                    org: OrgId(get(row, "org_id")?),
                    person: PersonId(get(row, "person_id")?),
                    person_name: get(row, "name")?,
                    post: coded(get(row, "post")?, PostKind::from_code, "党内职务")?,
                    from: day(get(row, "from_day")?)?,
                    to: end(get(row, "to_day")?)?,
                })
            })
            .collect()
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

/// Counts of a subtree: the sum over the direct counts whose paths begin with its own.
fn sum_below(direct: &BTreeMap<String, Members>, path: &str) -> Members {
    direct.range(path.to_owned()..).take_while(|(below, _)| below.starts_with(path)).fold(Members::default(), |sum, (_, m)| Members {
        full: sum.full + m.full,
        probationary: sum.probationary + m.probationary,
    })
}

struct OwnedStructure {
    kind: OrgKind,
    members: Members,
    posts: Vec<PostKind>,
    term_from: Option<Date>,
    term_years: Option<i32>,
    secretary_left: Option<Date>,
}

impl OwnedStructure {
    fn as_structure(&self) -> Structure<'_> {
        Structure {
            kind: self.kind,
            full_members: self.members.full,
            probationary_members: self.members.probationary,
            posts: &self.posts,
            term_from: self.term_from,
            term_years: self.term_years,
            secretary_left: self.secretary_left,
        }
    }
}

fn structure_of(org: &Org, members: Members, posts: Option<&Vec<(PostKind, i64)>>, today: Date) -> OwnedStructure {
    let posts = posts.map_or(&[][..], Vec::as_slice);
    let today = day_number(today);
    let left = posts.iter().filter(|(post, to)| *post == PostKind::Secretary && *to <= today).map(|(_, to)| *to).max();
    OwnedStructure {
        kind: org.kind,
        members,
        posts: posts.iter().filter(|(_, to)| *to > today).map(|(post, _)| *post).collect(),
        term_from: org.term_from,
        term_years: org.term_years,
        secretary_left: left.and_then(|to| day(to).ok()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_of_a_subtree_leave_out_its_neighbours() {
        let one = Members { full: 1, probationary: 0 };
        let direct = ["0001", "00010001", "000100010001", "00010002"].map(|p| (p.to_owned(), one)).into();
        assert_eq!(sum_below(&direct, "0001").full, 4);
        assert_eq!(sum_below(&direct, "00010001").full, 2);
        assert_eq!(sum_below(&direct, "00010003").full, 0);
    }
}

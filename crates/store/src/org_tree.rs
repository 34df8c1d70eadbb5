//! The tree as lists show it: organisations with the counts of their members and their departures from the structural rules.
//! Whatever the number of organisations, members and posts are read in one statement each.

use crate::Store;
use crate::error::StoreError;
use crate::org::Org;
use crate::sql::{OPEN, coded, day, get, subtree_bounds};
use jiff::civil::Date;
use rules::date::day_number;
use rules::ids::{OrgId, RootOrg};
use rules::org::{OrgKind, PostKind, Structure, Warning, warnings};
use serde::Serialize;
use std::collections::BTreeMap;

/// A row of the tree with its counts.
#[derive(Debug, Clone)]
pub struct OrgRow {
    /// The organisation.
    pub org: Org,
    /// Full and probationary members of the whole subtree.
    pub members: Members,
    /// Departures from the structural rules.
    pub warnings: Vec<Warning>,
    /// The last day of the last secretary, if the post is vacant and that is known.
    pub secretary_left: Option<Date>,
    /// Whether anything stands below it.
    pub has_children: bool,
}

/// A page of the tree.
#[derive(Debug, Clone, Default)]
pub struct OrgRows {
    /// The rows, in preorder.
    pub rows: Vec<OrgRow>,
    /// The path after which the next page begins; none at the end.
    pub next: Option<String>,
}

/// Counts of members by standing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Members {
    /// 正式党员.
    pub full: i64,
    /// 预备党员.
    pub probationary: i64,
}

/// What one organisation looks like from close by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrgState {
    /// Members that belong to it directly.
    pub own: Members,
    /// Members of the whole subtree.
    pub subtree: Members,
    /// Departures from the structural rules.
    pub warnings: Vec<Warning>,
}

impl Store {
    /// The tree with counts and warnings, in preorder, beginning after a path.
    pub async fn org_rows(
        &self,
        root: RootOrg,
        scope: &[String],
        after: &str,
        limit: usize,
        today: Date,
    ) -> Result<OrgRows, StoreError> {
        let mut orgs = self.orgs(root, scope, after, (limit as i64).saturating_add(1)).await?;
        let beyond = if orgs.len() > limit { orgs.pop() } else { None };
        let last = orgs.iter().map(|org| subtree_bounds(&org.path)).map(|[_, end]| end).max();
        let (Some(first), Some(last)) = (orgs.first(), last) else { return Ok(OrgRows::default()) };
        let span = [first.path.clone(), last];
        let direct = self.direct_members(root, &span).await?;
        let posts = self.posts_between(root, &span).await?;
        let next = beyond.as_ref().and_then(|_| orgs.last().map(|org| org.path.clone()));
        let measures = self.measures(root, today).await?;
        let mut following: Vec<Option<String>> = orgs.iter().skip(1).map(|org| Some(org.path.clone())).collect();
        following.push(beyond.map(|org| org.path));
        let rows = orgs.into_iter().zip(following).map(|(org, following)| {
            let members = sum_below(&direct, &org.path);
            let structure = structure_of(&org, members, posts.get(&org.id), today);
            OrgRow {
                members,
                warnings: warnings(&structure.as_structure(), &measures, today),
                secretary_left: structure.secretary_left,
                has_children: following.is_some_and(|path| path.starts_with(&org.path)),
                org,
            }
        });
        Ok(OrgRows { rows: rows.collect(), next })
    }

    /// Counts and departures from the structural rules of one organisation.
    pub async fn org_state(&self, root: RootOrg, org: &Org, today: Date) -> Result<OrgState, StoreError> {
        let span = subtree_bounds(&org.path);
        let direct = self.direct_members(root, &span).await?;
        let subtree = sum_below(&direct, &org.path);
        let posts = self.posts_between(root, &[org.path.clone(), org.path.clone()]).await?;
        let structure = structure_of(org, subtree, posts.get(&org.id), today);
        let measures = self.measures(root, today).await?;
        let warnings = match org.dissolved_on {
            Some(_) => Vec::new(),
            None => warnings(&structure.as_structure(), &measures, today),
        };
        Ok(OrgState { own: direct.get(&org.path).copied().unwrap_or_default(), subtree, warnings })
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

    async fn posts_between(&self, root: RootOrg, span: &[String; 2]) -> Result<BTreeMap<OrgId, Vec<Held>>, StoreError> {
        let rows = sqlx::query(
            "SELECT p.org_id, p.post, p.from_day, p.to_day FROM post p JOIN org o ON o.root_org = p.root_org AND o.id = p.org_id \
             WHERE p.root_org = $1 AND o.path >= $2 AND o.path <= $3",
        )
        .bind(root.0)
        .bind(&span[0])
        .bind(&span[1])
        .fetch_all(&self.db.read)
        .await?;
        let mut posts: BTreeMap<OrgId, Vec<Held>> = BTreeMap::new();
        for row in &rows {
            let post = coded(get(row, "post")?, PostKind::from_code, "党内职务")?;
            let held = Held { post, from: get(row, "from_day")?, to: get(row, "to_day")? };
            posts.entry(OrgId(get(row, "org_id")?)).or_default().push(held);
        }
        Ok(posts)
    }
}

/// A post and the day numbers between which it was held.
struct Held {
    post: PostKind,
    from: i64,
    to: i64,
}

/// Counts of a subtree: the sum over the direct counts whose paths begin with its own.
fn sum_below(direct: &BTreeMap<String, Members>, path: &str) -> Members {
    direct.range(path.to_owned()..).take_while(|(below, _)| below.starts_with(path)).fold(
        Members::default(),
        |sum, (_, m)| Members { full: sum.full + m.full, probationary: sum.probationary + m.probationary },
    )
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

fn structure_of(org: &Org, members: Members, posts: Option<&Vec<Held>>, today: Date) -> OwnedStructure {
    let posts = posts.map_or(&[][..], Vec::as_slice);
    let today = day_number(today);
    let held: Vec<PostKind> =
        posts.iter().filter(|held| held.from <= today && held.to > today).map(|held| held.post).collect();
    let left =
        posts.iter().filter(|held| held.post == PostKind::Secretary && held.to <= today).map(|held| held.to).max();
    OwnedStructure {
        kind: org.kind,
        members,
        secretary_left: left.filter(|_| !held.contains(&PostKind::Secretary)).and_then(|to| day(to).ok()),
        posts: held,
        term_from: org.term_from,
        term_years: org.term_years,
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

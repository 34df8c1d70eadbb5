//! Finding organisations by name, code or pinyin initials, within the subtrees the caller names.

use crate::Store;
use crate::error::StoreError;
use crate::org::{COLUMNS, Org, SEGMENT, org_of};
use crate::sql::{escape_like, get, in_subtrees, placeholders, subtree_bounds};
use rules::ids::RootOrg;
use sqlx::AssertSqlSafe;
use std::collections::{BTreeSet, HashMap};

/// An organisation that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundOrg {
    /// The organisation.
    pub org: Org,
    /// The names of those above it, from the enterprise's top down.
    pub above: Vec<String>,
}

impl Store {
    /// Organisations whose name or initials contain a text or whose code begins with it; whole matches first, then in preorder.
    pub async fn find_orgs(
        &self,
        root: RootOrg,
        scope: &[String],
        text: &str,
        limit: i64,
    ) -> Result<Vec<FoundOrg>, StoreError> {
        let lower = text.to_lowercase();
        let part = escape_like(&lower);
        let statement = format!(
            "SELECT {COLUMNS} FROM org o WHERE o.root_org = $1 AND o.dissolved_on IS NULL AND {} \
             AND (LOWER(o.name) LIKE $2 ESCAPE '!' OR LOWER(o.code) LIKE $3 ESCAPE '!' OR o.initials LIKE $2 ESCAPE '!') \
             ORDER BY CASE WHEN LOWER(o.name) = $4 OR LOWER(o.code) = $4 THEN 0 WHEN LOWER(o.name) LIKE $3 ESCAPE '!' THEN 1 ELSE 2 END, \
             o.path LIMIT $5",
            in_subtrees("o.path", 6, scope.len())
        );
        let mut query = sqlx::query(AssertSqlSafe(statement))
            .bind(root.0)
            .bind(format!("%{part}%"))
            .bind(format!("{part}%"))
            .bind(lower)
            .bind(limit);
        for bound in scope.iter().flat_map(|path| subtree_bounds(path)) {
            query = query.bind(bound);
        }
        let orgs: Vec<Org> = query.fetch_all(&self.db.read).await?.iter().map(org_of).collect::<Result<_, _>>()?;
        self.with_names_above(root, orgs).await
    }

    async fn with_names_above(&self, root: RootOrg, orgs: Vec<Org>) -> Result<Vec<FoundOrg>, StoreError> {
        let above = |path: &str| -> Vec<String> {
            (SEGMENT..path.len()).step_by(SEGMENT).map(|end| path[..end].to_owned()).collect()
        };
        let paths: BTreeSet<String> = orgs.iter().flat_map(|org| above(&org.path)).collect();
        let mut names: HashMap<String, String> = HashMap::new();
        if !paths.is_empty() {
            let statement = format!(
                "SELECT path, name FROM org WHERE root_org = $1 AND path IN ({})",
                placeholders(2, paths.len())
            );
            let mut query = sqlx::query(AssertSqlSafe(statement)).bind(root.0);
            for path in paths {
                query = query.bind(path);
            }
            for row in &query.fetch_all(&self.db.read).await? {
                names.insert(get(row, "path")?, get(row, "name")?);
            }
        }
        let found = orgs.into_iter().map(|org| {
            let above = above(&org.path).iter().filter_map(|path| names.get(path).cloned()).collect();
            FoundOrg { org, above }
        });
        Ok(found.collect())
    }
}

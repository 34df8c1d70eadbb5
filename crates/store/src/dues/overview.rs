//! What a superior sees: sums by organisation and month, nobody's income.

use super::month_of;
use crate::Store;
use crate::error::StoreError;
use crate::org::{COLUMNS, Org, org_of};
use crate::sql::{get, subtree_bounds};
use rules::dues::{Fen, Month};
use rules::ids::RootOrg;
use rules::org::OrgKind;
use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;
use std::collections::BTreeMap;

/// The sums of an organisation's subtree for one month.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DuesSums {
    /// Branches that have drawn the month up.
    pub branches: i64,
    /// Branches of which nobody owes anything any more.
    pub settled: i64,
    /// Members listed.
    pub people: i64,
    /// Members who have not paid.
    pub open: i64,
    /// What is due.
    pub due: Fen,
    /// What was paid of it.
    pub paid: Fen,
    /// What was paid beyond it.
    pub voluntary: Fen,
    /// What was handed up.
    pub handed: Fen,
}

/// An organisation and its months.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DuesPlace {
    /// The organisation.
    pub org: Org,
    /// Branches in its subtree that collect dues today.
    pub collectors: i64,
    /// The months in which something was drawn up.
    pub months: BTreeMap<Month, DuesSums>,
}

impl Store {
    /// The organisations directly below one, with the sums of a year's months.
    pub async fn dues_overview(&self, root: RootOrg, org: &Org, year: i16) -> Result<Vec<DuesPlace>, StoreError> {
        let text = format!(
            "SELECT {COLUMNS} FROM org o WHERE o.root_org = $1 AND o.parent_id = $2 AND o.dissolved_on IS NULL AND o.kind <> $3 ORDER BY o.path"
        );
        let query = sqlx::query(AssertSqlSafe(text)).bind(root.0).bind(org.id.0).bind(OrgKind::Group.code());
        let children: Vec<Org> =
            query.fetch_all(&self.db.read).await?.iter().map(org_of).collect::<Result<_, StoreError>>()?;
        let collectors = self.collectors_below(root, org).await?;
        let mut sums = self.sums_below(root, org, year).await?;
        Ok(children
            .into_iter()
            .map(|child| DuesPlace {
                collectors: collectors.get(&child.path).copied().unwrap_or_default(),
                months: sums.remove(&child.path).unwrap_or_default(),
                org: child,
            })
            .collect())
    }

    /// How many branches stand in the subtree of each child, by the child's path.
    async fn collectors_below(&self, root: RootOrg, org: &Org) -> Result<BTreeMap<String, i64>, StoreError> {
        let [from, to] = subtree_bounds(&org.path);
        let rows = sqlx::query(
            "SELECT SUBSTR(o.path, 1, CAST($4 AS INTEGER)) AS child, COUNT(*) AS n FROM org o WHERE o.root_org = $1 AND o.path > $2 \
             AND o.path <= $3 AND o.dissolved_on IS NULL AND o.kind IN ($5, $6) GROUP BY SUBSTR(o.path, 1, CAST($4 AS INTEGER))",
        )
        .bind(root.0)
        .bind(from)
        .bind(to)
        .bind(child_length(org))
        .bind(OrgKind::Branch.code())
        .bind(OrgKind::JointBranch.code())
        .fetch_all(&self.db.read)
        .await?;
        rows.iter().map(|row| Ok((get(row, "child")?, get(row, "n")?))).collect()
    }

    async fn sums_below(
        &self,
        root: RootOrg,
        org: &Org,
        year: i16,
    ) -> Result<BTreeMap<String, BTreeMap<Month, DuesSums>>, StoreError> {
        let [from, to] = subtree_bounds(&org.path);
        let january = i64::from(year) * 100 + 1;
        let rows = sqlx::query(
            "SELECT SUBSTR(o.path, 1, CAST($6 AS INTEGER)) AS child, s.month, COUNT(*) AS branches, \
             CAST(SUM(CASE WHEN s.settled_on IS NULL THEN 0 ELSE 1 END) AS BIGINT) AS settled, CAST(SUM(s.people) AS BIGINT) AS people, \
             CAST(SUM(s.open_lines) AS BIGINT) AS open_lines, CAST(SUM(s.due) AS BIGINT) AS due, CAST(SUM(s.paid) AS BIGINT) AS paid, \
             CAST(SUM(s.voluntary) AS BIGINT) AS voluntary, CAST(SUM(s.handed) AS BIGINT) AS handed \
             FROM dues_statement s JOIN org o ON o.root_org = s.root_org AND o.id = s.org_id \
             WHERE s.root_org = $1 AND o.path > $2 AND o.path <= $3 AND s.month >= $4 AND s.month <= $5 \
             GROUP BY SUBSTR(o.path, 1, CAST($6 AS INTEGER)), s.month",
        )
        .bind(root.0)
        .bind(from)
        .bind(to)
        .bind(january)
        .bind(january + 11)
        .bind(child_length(org))
        .fetch_all(&self.db.read)
        .await?;
        let mut sums: BTreeMap<String, BTreeMap<Month, DuesSums>> = BTreeMap::new();
        for row in &rows {
            sums.entry(get(row, "child")?).or_default().insert(month_of(get(row, "month")?)?, sums_of(row)?);
        }
        Ok(sums)
    }
}

fn child_length(org: &Org) -> i64 {
    (org.path.len() + crate::org::SEGMENT) as i64
}

fn sums_of(row: &AnyRow) -> Result<DuesSums, StoreError> {
    Ok(DuesSums {
        branches: get(row, "branches")?,
        settled: get(row, "settled")?,
        people: get(row, "people")?,
        open: get(row, "open_lines")?,
        due: Fen(get(row, "due")?),
        paid: Fen(get(row, "paid")?),
        voluntary: Fen(get(row, "voluntary")?),
        handed: Fen(get(row, "handed")?),
    })
}

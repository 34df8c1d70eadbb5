//! What waits for somebody: transfers and proposals, counted and listed in a statement or two, whatever their number.

use crate::Store;
use crate::error::StoreError;
use crate::sql::{OPEN, get, in_subtrees, subtree_bounds};
use crate::transfer::{TRANSFER_COLUMNS, TRANSFER_TABLES, Transfer, transfer_of};
use jiff::civil::Date;
use rules::date::day_number;
use rules::ids::{PersonId, RootOrg};
use sqlx::AssertSqlSafe;

/// Transfers that wait.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PendingTransfers {
    /// How many wait to be taken in here.
    pub to_accept: i64,
    /// How many went out of here to others and were not answered in time (EDU-04).
    pub overdue: i64,
    /// Those that are due first, of both sorts.
    pub first: Vec<Transfer>,
}

/// Members' proposals that wait for a decision.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PendingChanges {
    /// How many.
    pub count: i64,
    /// When the oldest was made, UTC milliseconds.
    pub oldest_at: Option<i64>,
}

/// A person's latest proposal, as far as its author has to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnProposal {
    /// Its state, as stored.
    pub state: String,
    /// Why it was decided so.
    pub reason: String,
}

impl Store {
    /// Transfers that wait for the given subtrees.
    pub async fn pending_transfers(
        &self,
        root: RootOrg,
        scope: &[String],
        today: Date,
        limit: i64,
    ) -> Result<PendingTransfers, StoreError> {
        let (sends, receives) = (in_subtrees("f.path", 4, scope.len()), in_subtrees("t.path", 4, scope.len()));
        let overdue = format!("({sends} AND NOT {receives} AND x.due_on < $2)");
        let counts = format!(
            "SELECT COUNT(CASE WHEN {receives} THEN 1 END) AS to_accept, COUNT(CASE WHEN {overdue} THEN 1 END) AS overdue FROM transfer x \
             JOIN org f ON f.root_org = x.root_org AND f.id = x.from_org JOIN org t ON t.root_org = x.root_org AND t.id = x.to_org \
             WHERE x.root_org = $1 AND x.state = 'pending' AND CAST($3 AS BIGINT) > 0"
        );
        let list = format!(
            "SELECT {TRANSFER_COLUMNS} FROM {TRANSFER_TABLES} WHERE x.root_org = $1 AND x.state = 'pending' \
             AND ({receives} OR {overdue}) ORDER BY x.due_on, x.id LIMIT $3"
        );
        let bind = |statement: String| {
            let query = sqlx::query(AssertSqlSafe(statement)).bind(root.0).bind(day_number(today)).bind(limit);
            scope.iter().flat_map(|path| subtree_bounds(path)).fold(query, |query, bound| query.bind(bound))
        };
        let row = bind(counts).fetch_one(&self.db.read).await?;
        let rows = bind(list).fetch_all(&self.db.read).await?;
        Ok(PendingTransfers {
            to_accept: get(&row, "to_accept")?,
            overdue: get(&row, "overdue")?,
            first: rows.iter().map(transfer_of).collect::<Result<_, _>>()?,
        })
    }

    /// Proposals of persons in the given subtrees that wait for a decision.
    pub async fn pending_changes(&self, root: RootOrg, scope: &[String]) -> Result<PendingChanges, StoreError> {
        let statement = format!(
            "SELECT COUNT(*) AS n, MIN(c.proposed_at) AS oldest FROM change_request c \
             JOIN spell s ON s.root_org = c.root_org AND s.person_id = c.person_id AND s.to_day = $2 \
             JOIN org o ON o.root_org = s.root_org AND o.id = s.org_id \
             WHERE c.root_org = $1 AND c.state = 'pending' AND {}",
            in_subtrees("o.path", 3, scope.len())
        );
        let mut query = sqlx::query(AssertSqlSafe(statement)).bind(root.0).bind(OPEN);
        for bound in scope.iter().flat_map(|path| subtree_bounds(path)) {
            query = query.bind(bound);
        }
        let row = query.fetch_one(&self.db.read).await?;
        Ok(PendingChanges { count: get(&row, "n")?, oldest_at: get(&row, "oldest")? })
    }

    /// A person's latest proposal.
    pub async fn latest_proposal(&self, root: RootOrg, person: PersonId) -> Result<Option<OwnProposal>, StoreError> {
        let row = sqlx::query(
            "SELECT state, decision_reason FROM change_request WHERE root_org = $1 AND person_id = $2 ORDER BY id DESC LIMIT 1",
        )
        .bind(root.0)
        .bind(person.0)
        .fetch_optional(&self.db.read)
        .await?;
        row.map(|row| {
            let reason: Option<String> = get(&row, "decision_reason")?;
            Ok(OwnProposal { state: get(&row, "state")?, reason: reason.unwrap_or_default() })
        })
        .transpose()
    }
}

//! Who has not paid for months without a break (DUES-05): told to member, branch and superior by the duty calendar, nothing else.

use super::month_of;
use crate::Store;
use crate::bounds::Bounds;
use crate::error::StoreError;
use crate::sql::{OPEN, get};
use jiff::civil::Date;
use rules::dues::{Arrears, Month};
use rules::ids::{OrgId, PersonId, RootOrg};
use rules::org::OrgKind;
use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;

/// What a member owes without a break.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DuesArrears {
    /// Who.
    pub person: PersonId,
    /// The branch that answers for the person today.
    pub org: OrgId,
    /// Since when, and how many months.
    pub arrears: Arrears,
}

impl Store {
    /// Everybody in the given subtrees who owes months that are over, without a break up to the last one asked for: an open month counts
    /// when none after it was paid or exempt. Months that were never drawn up, or for which no base was set, are nobody's arrears.
    pub async fn dues_arrears(
        &self,
        root: RootOrg,
        scope: &[String],
        today: Date,
    ) -> Result<Vec<DuesArrears>, StoreError> {
        let mut bounds = Bounds::default();
        let (root_org, this_month) = (bounds.number(root.0), bounds.number(Month::of(today).number()));
        let (open_end, group) = (bounds.number(OPEN), bounds.number(OrgKind::Group.code()));
        let within = bounds.within("o.path", scope.iter().map(String::as_str));
        let statement = format!(
            "SELECT l.person_id, CASE o.kind WHEN {group} THEN o.parent_id ELSE o.id END AS branch, MIN(l.month) AS since, COUNT(*) AS months \
             FROM dues_line l JOIN spell s ON s.root_org = l.root_org AND s.person_id = l.person_id AND s.to_day = {open_end} \
             JOIN org o ON o.root_org = s.root_org AND o.id = s.org_id \
             LEFT JOIN (SELECT person_id, MAX(month) AS settled FROM dues_line \
               WHERE root_org = {root_org} AND state IN ('paid', 'exempt') AND month < {this_month} GROUP BY person_id) d \
             ON d.person_id = l.person_id \
             WHERE l.root_org = {root_org} AND l.state = 'open' AND l.month < {this_month} AND l.month > COALESCE(d.settled, 0) \
             AND s.stage >= 4 AND {within} GROUP BY l.person_id, o.kind, o.parent_id, o.id ORDER BY l.person_id"
        );
        let rows = bounds.bind(sqlx::query(AssertSqlSafe(statement))).fetch_all(&self.db.read).await?;
        rows.iter().map(arrears_of).collect()
    }
}

fn arrears_of(row: &AnyRow) -> Result<DuesArrears, StoreError> {
    let months: i64 = get(row, "months")?;
    Ok(DuesArrears {
        person: PersonId(get(row, "person_id")?),
        org: OrgId(get(row, "branch")?),
        arrears: Arrears { since: month_of(get(row, "since")?)?, months: i32::try_from(months).unwrap_or(i32::MAX) },
    })
}

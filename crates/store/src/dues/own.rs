//! What a member sees of the own dues: everything.

use super::DuesLine;
use super::line::{LINE_COLUMNS, LINE_TABLES, line_of};
use crate::Store;
use crate::error::StoreError;
use crate::sql::get;
use rules::dues::{Basis, Month};
use rules::ids::{OrgId, PersonId, RootOrg};
use sqlx::AssertSqlSafe;
use std::collections::HashMap;

/// Months shown at most: five years.
const SHOWN: i64 = 60;

/// One member's dues.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnDues {
    /// What the member pays by, oldest first, with the first month in which it holds.
    pub bases: Vec<(Month, Basis)>,
    /// Month by month, newest first, with the branch's name.
    pub lines: Vec<(DuesLine, String)>,
}

impl Store {
    /// The dues of one person.
    pub async fn own_dues(&self, root: RootOrg, person: PersonId) -> Result<OwnDues, StoreError> {
        let text = format!(
            "SELECT {LINE_COLUMNS}, o.name AS org_name FROM {LINE_TABLES} JOIN org o ON o.root_org = l.root_org AND o.id = l.org_id \
             WHERE l.root_org = $1 AND l.person_id = $2 ORDER BY l.month DESC, l.id DESC LIMIT $3"
        );
        let rows =
            sqlx::query(AssertSqlSafe(text)).bind(root.0).bind(person.0).bind(SHOWN).fetch_all(&self.db.read).await?;
        let mut names: HashMap<OrgId, String> = HashMap::new();
        let mut lines = Vec::new();
        for row in &rows {
            let Some(line) = line_of(&self.ring, root, row)? else { continue };
            let name: String = get(row, "org_name")?;
            lines.push((line, names.entry(OrgId(get(row, "org_id")?)).or_insert(name).clone()));
        }
        Ok(OwnDues { bases: self.bases_of_person(root, person).await?, lines })
    }
}

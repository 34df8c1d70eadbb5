//! What was done to an organisation lately, read from the ledger: for somebody whose edit came too late.

use crate::Store;
use crate::error::StoreError;
use crate::sql::get;
use rules::ids::{OrgId, RootOrg};
use serde_json::Value;

/// A change of an organisation as the ledger has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrgChange {
    /// When, UTC milliseconds.
    pub at: i64,
    /// Who, by the name of the account.
    pub actor: String,
    /// What was done, in one line.
    pub summary: String,
    /// The fields that differ, by key, with their values before and after; empty values are empty texts.
    pub fields: Vec<(String, String, String)>,
}

impl Store {
    /// The latest changes of an organisation, newest first.
    pub async fn org_changes(&self, root: RootOrg, id: OrgId, limit: i64) -> Result<Vec<OrgChange>, StoreError> {
        let rows = sqlx::query(
            "SELECT l.at, l.actor, l.summary, i.body FROM ledger_item i JOIN ledger l ON l.root_org = i.root_org AND l.seq = i.seq \
             WHERE i.root_org = $1 AND i.subject_kind = 'org' AND i.subject_id = $2 ORDER BY i.seq DESC, i.n DESC LIMIT $3",
        )
        .bind(root.0)
        .bind(id.0)
        .bind(limit)
        .fetch_all(&self.db.read)
        .await?;
        rows.iter()
            .map(|row| {
                let body: Value = serde_json::from_slice(&get::<Vec<u8>, _>(row, "body")?)?;
                Ok(OrgChange {
                    at: get(row, "at")?,
                    actor: get(row, "actor")?,
                    summary: get(row, "summary")?,
                    fields: differences(&body),
                })
            })
            .collect()
    }
}

/// What differs between the two states of a note of an edit; nothing for other notes.
fn differences(body: &Value) -> Vec<(String, String, String)> {
    let (Some(before), Some(after)) = (body["before"].as_object(), body["after"].as_object()) else {
        return Vec::new();
    };
    let shown = |value: Option<&Value>| match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    let pairs = after.iter().map(|(key, value)| (key.clone(), shown(before.get(key)), shown(Some(value))));
    pairs.filter(|(key, before, after)| key != "version" && before != after).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_told() {
        let body = serde_json::json!({
            "before": { "name": "甲", "version": 1, "uscc": null, "term_years": 3 },
            "after": { "name": "乙", "version": 2, "uscc": null, "term_years": 5 },
        });
        let expected = [("name", "甲", "乙"), ("term_years", "3", "5")].map(|(a, b, c)| (a.into(), b.into(), c.into()));
        assert_eq!(differences(&body), expected);
        assert_eq!(differences(&serde_json::json!({ "dissolved_on": "2026-11-24" })), []);
    }
}

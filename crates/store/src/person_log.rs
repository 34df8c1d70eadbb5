//! What was changed in a dossier, by whom and when: the ledger's entries about a person with their sealed items opened. It never
//! writes, and it masks nothing: that is the caller's.

use crate::Store;
use crate::error::StoreError;
use crate::person::key_of;
use crate::person_view::VIEW_ACTIONS;
use crate::person_write::PersonNote;
use crate::sql::{get, placeholders};
use rules::ids::{PersonId, RootOrg};
use rules::intake::Field;
use sealed::PersonKey;
use sqlx::AssertSqlSafe;
use std::collections::BTreeMap;

/// A field's change, in full.
#[derive(Clone, PartialEq, Eq)]
pub struct FieldChange {
    /// The field.
    pub field: Field,
    /// What stood there; empty when nothing did.
    pub before: String,
    /// What stands there since.
    pub after: String,
}

impl std::fmt::Debug for FieldChange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "FieldChange({})", self.field.key())
    }
}

/// An entry of a dossier's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryEntry {
    /// The ledger's number: the list's cursor.
    pub seq: i64,
    /// UTC milliseconds.
    pub at: i64,
    /// Who, by the name of the account.
    pub actor: String,
    /// What was done, such as `person.edit`.
    pub action: String,
    /// One line, without personal data.
    pub summary: String,
    /// Why.
    pub reason: String,
    /// The fields that differ.
    pub changes: Vec<FieldChange>,
    /// Whether the dossier got a new version by it.
    pub is_edit: bool,
}

/// How many entries are looked through for the edits since a version.
const LOOKED_THROUGH: i64 = 100;

impl Store {
    /// What was changed in a dossier, newest first, before an entry's number. Who looked at it is [`Store::person_views`].
    pub async fn person_history(
        &self,
        root: RootOrg,
        id: PersonId,
        before: Option<i64>,
        limit: i64,
    ) -> Result<Vec<HistoryEntry>, StoreError> {
        let text = format!(
            "WITH mine AS (SELECT seq FROM ledger_item WHERE root_org = $1 AND subject_kind = 'person' AND subject_id = $2 AND seq < $3 \
               UNION SELECT seq FROM ledger WHERE root_org = $1 AND subject_kind = 'person' AND subject_id = $2 AND seq < $3) \
             SELECT l.seq, l.at, l.actor, l.action, l.summary, l.reason FROM mine JOIN ledger l ON l.root_org = $1 AND l.seq = mine.seq \
             WHERE l.action NOT IN ({}) ORDER BY l.seq DESC LIMIT $4",
            placeholders(5, VIEW_ACTIONS.len())
        );
        let mut query =
            sqlx::query(AssertSqlSafe(text)).bind(root.0).bind(id.0).bind(before.unwrap_or(i64::MAX)).bind(limit);
        for action in VIEW_ACTIONS {
            query = query.bind(action);
        }
        let rows = query.fetch_all(&self.db.read).await?;
        let seqs = rows.iter().map(|row| get(row, "seq")).collect::<Result<Vec<i64>, _>>()?;
        let mut notes = match (seqs.last(), seqs.first()) {
            (Some(oldest), Some(newest)) => self.person_notes(root, id, (*oldest, *newest)).await?,
            _ => BTreeMap::new(),
        };
        rows.iter()
            .map(|row| {
                let seq: i64 = get(row, "seq")?;
                let (changes, is_edit) = notes.remove(&seq).unwrap_or_default();
                Ok(HistoryEntry {
                    seq,
                    at: get(row, "at")?,
                    actor: get(row, "actor")?,
                    action: get(row, "action")?,
                    summary: get(row, "summary")?,
                    reason: get(row, "reason")?,
                    changes,
                    is_edit,
                })
            })
            .collect()
    }

    /// The edits that made the latest so many versions of a dossier, newest first: what somebody with an old version has not seen.
    pub async fn latest_edits(
        &self,
        root: RootOrg,
        id: PersonId,
        versions: i64,
    ) -> Result<Vec<HistoryEntry>, StoreError> {
        let history = self.person_history(root, id, None, LOOKED_THROUGH).await?;
        Ok(history
            .into_iter()
            .filter(|entry| entry.is_edit)
            .take(usize::try_from(versions).unwrap_or_default())
            .collect())
    }

    /// The changes noted of a person, by entry, and whether they are those of an edit.
    async fn person_notes(
        &self,
        root: RootOrg,
        id: PersonId,
        (oldest, newest): (i64, i64),
    ) -> Result<BTreeMap<i64, (Vec<FieldChange>, bool)>, StoreError> {
        let rows = sqlx::query(
            "SELECT i.seq, i.n, i.body, p.person_key FROM ledger_item i JOIN person p ON p.root_org = i.root_org AND p.id = i.subject_id \
             WHERE i.root_org = $1 AND i.subject_kind = 'person' AND i.subject_id = $2 AND i.seq >= $3 AND i.seq <= $4 ORDER BY i.seq, i.n",
        )
        .bind(root.0)
        .bind(id.0)
        .bind(oldest)
        .bind(newest)
        .fetch_all(&self.db.read)
        .await?;
        let Some(first) = rows.first() else { return Ok(BTreeMap::new()) };
        let Some(key) = key_of(&self.ring, root, id, get(first, "person_key")?)? else { return Ok(BTreeMap::new()) };
        let mut notes: BTreeMap<i64, (Vec<FieldChange>, bool)> = BTreeMap::new();
        for row in &rows {
            let seq: i64 = get(row, "seq")?;
            let body: Vec<u8> = get(row, "body")?;
            let Some(note) = opened(&key, &body, &format!("ledger:{root}:{seq}:{}", get::<i64, _>(row, "n")?)) else {
                continue;
            };
            let known: Vec<FieldChange> = note.changes.iter().filter_map(change_of).collect();
            let (changes, is_edit) = notes.entry(seq).or_default();
            *is_edit |= known.len() == note.changes.len();
            changes.extend(known);
        }
        Ok(notes)
    }
}

/// A note of changed fields; none for notes of another sort. An item that was tampered with is the verification's to name.
fn opened(key: &PersonKey, body: &[u8], place: &str) -> Option<PersonNote> {
    serde_json::from_slice(&key.open(body, place.as_bytes()).ok()?).ok()
}

fn change_of(noted: &crate::person_write::NotedChange) -> Option<FieldChange> {
    let field = Field::from_key(&noted.field)?;
    Some(FieldChange { field, before: noted.before.clone(), after: noted.after.clone() })
}

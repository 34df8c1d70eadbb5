//! What new ledger entries concern, for whoever keeps computed duties: the calendar follows the ledger by a cursor of its own.

use crate::Store;
use crate::error::StoreError;
use crate::sql::get;
use crate::write::{Subject, Write};
use rules::ids::{OrgId, PersonId, RootOrg};
use serde_json::Value;
use std::collections::BTreeSet;

/// More things than this are read anew as a whole.
const MOST: i64 = 2_000;
/// An item that says no more than: the duties of this organisation have to be looked at again.
const ORG: &str = "duty_org";
/// The same of a person.
const PERSON: &str = "duty_person";

/// What the entries after a cursor concern.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Concern {
    /// Everything: what the enterprise asks for has changed, or too much else.
    pub all: bool,
    /// Organisations may have been founded, renamed, moved, dissolved.
    pub tree: bool,
    /// Organisations whose duties have to be looked at again, with those of their persons.
    pub orgs: BTreeSet<OrgId>,
    /// Persons whose duties have to be looked at again.
    pub persons: BTreeSet<PersonId>,
}

impl Store {
    /// The number of the latest entry.
    pub async fn ledger_head(&self, root: RootOrg) -> Result<i64, StoreError> {
        let row = sqlx::query("SELECT seq FROM ledger_head WHERE root_org = $1")
            .bind(root.0)
            .fetch_optional(&self.db.read)
            .await?
            .ok_or(StoreError::NotFound("企业"))?;
        get(&row, "seq")
    }

    /// What the entries after one number, up to another, concern.
    pub async fn concern(&self, root: RootOrg, (after, until): (i64, i64)) -> Result<Concern, StoreError> {
        let mut concern = Concern::default();
        let entries = sqlx::query(
            "SELECT DISTINCT action, subject_kind, subject_id FROM ledger WHERE root_org = $1 AND seq > $2 AND seq <= $3 LIMIT $4",
        )
        .bind(root.0)
        .bind(after)
        .bind(until)
        .bind(MOST + 1)
        .fetch_all(&self.db.read)
        .await?;
        let items = sqlx::query(
            "SELECT DISTINCT subject_kind, subject_id FROM ledger_item WHERE root_org = $1 AND seq > $2 AND seq <= $3 LIMIT $4",
        )
        .bind(root.0)
        .bind(after)
        .bind(until)
        .bind(MOST + 1)
        .fetch_all(&self.db.read)
        .await?;
        for row in &entries {
            let action: String = get(row, "action")?;
            concern.all |=
                ["measure.", "own_duty.add", "own_duty.edit", "duty.start"].iter().any(|of| action.starts_with(of));
        }
        concern.all |= (entries.len().max(items.len()) as i64) > MOST;
        for row in entries.iter().chain(&items) {
            let (kind, id): (String, i64) = (get(row, "subject_kind")?, get(row, "subject_id")?);
            match kind.as_str() {
                "org" => {
                    concern.tree = true;
                    concern.orgs.insert(OrgId(id));
                }
                ORG => {
                    concern.orgs.insert(OrgId(id));
                }
                "person" | PERSON => {
                    concern.persons.insert(PersonId(id));
                }
                _ => {}
            }
        }
        Ok(concern)
    }
}

impl Write<'_> {
    /// Says in the ledger that duties of an organisation, and of a person, have to be looked at again. Says nothing else.
    pub(crate) async fn touch_duties(&mut self, org: OrgId, person: Option<PersonId>) -> Result<(), StoreError> {
        if let Some(person) = person {
            self.touch_person(person).await?;
        }
        self.note(Subject::of(ORG, org.0), &Value::Null).await
    }

    /// The same of a person alone.
    pub(crate) async fn touch_person(&mut self, person: PersonId) -> Result<(), StoreError> {
        self.note(Subject::of(PERSON, person.0), &Value::Null).await
    }

    /// The same of some persons, wherever they belong.
    pub(crate) async fn touch_duties_of(&mut self, persons: &[PersonId]) -> Result<(), StoreError> {
        for person in persons {
            self.touch_person(*person).await?;
        }
        Ok(())
    }
}

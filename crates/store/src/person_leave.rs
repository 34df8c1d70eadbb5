//! 党籍变动 in the store: a person leaves on a day, decided by the organisation (EDU-05). Nothing here happens by the calendar.

use crate::error::StoreError;
use crate::person::spells_of;
use crate::write::{Subject, Versioned};
use crate::{Author, Store};
use jiff::civil::Date;
use rules::codes::Membership;
use rules::ids::PersonId;
use rules::leave::decide;

impl Store {
    /// Closes a person's last spell and notes the new state of membership. Posts and transfers under way end with it.
    pub async fn leave(
        &self,
        author: impl Into<Author>,
        (id, version): (PersonId, i64),
        kind: Membership,
        (on, today): (Date, Date),
        reason: &str,
    ) -> Result<(), StoreError> {
        let mut write = self.begin(author, "person.leave").await?;
        write.take_version(Versioned::Person, id.0, version).await?;
        let before = write.person(id).await?;
        let spells = spells_of(&mut *write.tx, write.root, id).await?;
        let last = spells.last().map(|found| (found.spell.from, found.spell.to)).ok_or(StoreError::NotFound("人员"))?;
        let after = decide(&before.record, last, kind, on, today)
            .map_err(|refused| StoreError::refused(refused.code(), refused.to_string()))?;
        write.put_person(&before, &after, &before.org.name, on).await?;
        write.describe(Subject::person(id), reason, format!("「{}」办理党籍变动", before.org.name));
        write.commit().await?;
        Ok(())
    }
}

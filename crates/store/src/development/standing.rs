//! How a person's standing in the register follows from the steps of the case, in the same transaction, and goes back with them.

use crate::error::StoreError;
use crate::person::spells_of;
use crate::write::Write;
use jiff::civil::Date;
use rules::codes::{Membership, Stage};
use rules::date::PartialDate;
use rules::development::StandingChange;
use rules::ids::PersonId;
use rules::member::{Record, Spell, reopen, restage, revise};

impl Write<'_> {
    pub(super) async fn change_standing(
        &mut self,
        id: PersonId,
        change: StandingChange,
        today: Date,
    ) -> Result<(), StoreError> {
        let before = self.person(id).await?;
        let spells: Vec<Spell> =
            spells_of(&mut *self.tx, self.root, id).await?.into_iter().map(|found| found.spell).collect();
        let mut after = before.record.clone();
        let staged = |after: &mut Record, stage, since| {
            after.standing.stage = stage;
            restage(&spells, since, stage)
        };
        let spells = match change {
            StandingChange::Applied(on) => {
                after.applied_on = Some(PartialDate::day(on));
                spells
            }
            StandingChange::Stage(stage, since) => staged(&mut after, stage, since),
            StandingChange::Joined(on) => {
                after.joined_on = Some(PartialDate::day(on));
                staged(&mut after, Stage::Probationary, on)
            }
            StandingChange::NotJoined(since) => {
                after.joined_on = None;
                staged(&mut after, Stage::Candidate, since)
            }
            StandingChange::Full(on) => {
                after.full_on = Some(PartialDate::day(on));
                staged(&mut after, Stage::Full, on)
            }
            StandingChange::NotFull(since) => {
                after.full_on = None;
                staged(&mut after, Stage::Probationary, since)
            }
            StandingChange::Placed(org, on) | StandingChange::Moved(org, on) => {
                after.standing.org = org;
                revise(&spells, &after, on)
            }
            StandingChange::NotPlaced(group, since) => {
                let earlier = spells.iter().rev().find(|spell| spell.from < since).map(|spell| spell.standing.org);
                match earlier.filter(|_| before.org.id == group) {
                    Some(org) => after.standing.org = org,
                    None => return Ok(()),
                }
                revise(&spells, &after, today)
            }
            StandingChange::Gone(membership, on) => {
                after.membership = membership;
                // Whoever leaves on the day of coming was there for that day.
                let day = spells.last().and_then(|last| last.from.tomorrow().ok()).map_or(on, |next| on.max(next));
                revise(&spells, &after, day)
            }
            StandingChange::NotGone(_) => {
                after.membership = Membership::Normal;
                reopen(&spells)
            }
        };
        let org = self.org(after.standing.org).await?;
        if org.id != before.org.id {
            crate::person_write::holds_members(&org)?;
        }
        let on = match change {
            StandingChange::Placed(_, on) | StandingChange::Moved(_, on) | StandingChange::Gone(_, on) => on,
            _ => today,
        };
        self.raise_version(id).await?;
        self.put_standing(&before, &after, &org.name, (spells, on)).await
    }
}

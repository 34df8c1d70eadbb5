//! Filling in a demonstration's dues at once: by the same steps as an office takes, in one command.

use super::payment::NewPayments;
use crate::error::StoreError;
use crate::write::Subject;
use crate::{Author, Store};
use jiff::civil::Date;
use rules::date::add_days;
use rules::dues::{Basis, Fen, LineState, Month, Way};
use rules::ids::{OrgId, PersonId};
use std::collections::HashMap;

/// A member and what he or she pays by.
#[derive(Debug, Clone, Copy)]
pub struct LoadedMember {
    /// Who.
    pub person: PersonId,
    /// What he or she pays by.
    pub basis: Basis,
    /// The first month not paid, if some are not.
    pub open_from: Option<Month>,
}

/// A branch's dues to load.
#[derive(Debug, Clone)]
pub struct LoadDues {
    /// The branch.
    pub org: OrgId,
    /// Its members.
    pub members: Vec<LoadedMember>,
    /// The months, oldest first, none beyond today's.
    pub months: Vec<Month>,
    /// The last month that was handed up.
    pub handed_until: Month,
}

impl Store {
    /// Loads bases, statements and payments of branches: everybody pays on the tenth of the month, but for those who are said to owe.
    pub async fn load_dues(
        &self,
        author: impl Into<Author>,
        branches: &[LoadDues],
        today: Date,
    ) -> Result<(), StoreError> {
        let mut write = self.begin(author, "load.dues").await?;
        let mut statements = 0;
        let owing: HashMap<PersonId, Month> = branches
            .iter()
            .flat_map(|branch| &branch.members)
            .filter_map(|member| Some((member.person, member.open_from?)))
            .collect();
        // All bases first: who moved during the year owes some months to another branch.
        for branch in branches {
            let Some(first) = branch.months.first().copied() else { continue };
            let bases: Vec<_> = branch.members.iter().map(|member| (member.person, member.basis)).collect();
            write.put_bases(first, &bases).await?;
        }
        for branch in branches {
            let org = write.org(branch.org).await?;
            for month in branch.months.iter().copied() {
                let (id, _) = write.draw_up(&org, month, None, today).await?;
                statements += 1;
                let pays = |person: PersonId| owing.get(&person).is_none_or(|open| month < *open);
                let lines = write.dues_lines_where("l.statement_id = $2", &[id.0]).await?;
                let paid: Vec<_> =
                    lines.into_iter().filter(|line| line.state == LineState::Open && pays(line.person)).collect();
                let on = add_days(month.first(), 9).min(today);
                let new =
                    NewPayments { org: org.id, lines: &[], on, way: Way::Payroll, receipt: None, voluntary: Fen::ZERO };
                write.put_payments(&paid, &new).await?;
                if month <= branch.handed_until && !paid.is_empty() {
                    write.put_handed_up(id, add_days(month.first(), 14).min(today)).await?;
                }
            }
        }
        let subject = Subject::of("enterprise", write.root.0);
        write.describe(subject, "", format!("批量载入党费应交清单 {statements} 份"));
        write.commit().await?;
        Ok(())
    }
}

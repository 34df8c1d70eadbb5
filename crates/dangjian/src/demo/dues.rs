//! Dues of the synthetic enterprise: every branch's months of this year, mostly paid; some members owe, one branch in six has not drawn
//! this month up yet.

use crate::synth::Dice;
use jiff::civil::Date;
use rules::codes::{Employment, Occupation};
use rules::dues::{Basis, Fen, Month, Payer};
use rules::ids::{OrgId, PersonId};
use rules::member::Record;
use rules::org::OrgKind;
use std::collections::BTreeMap;
use store::{Author, LoadDues, LoadedMember, Org, Store, StoreError};

/// Members for whom dues are made up at most: the first branches have a whole year, those of a large enterprise after them have none.
const MOST: usize = 6_000;
/// One member in so many owes the last months.
const OWING: u64 = 40;
/// One branch in so many has not drawn this month up.
const LATE: u64 = 6;

/// The members of each organisation and what they pay by.
#[derive(Default)]
pub(super) struct Payers {
    members: BTreeMap<OrgId, Vec<(PersonId, Payer)>>,
    count: usize,
}

impl Payers {
    /// Tells of a person.
    pub(super) fn offer(&mut self, person: PersonId, record: &Record) {
        let standing = &record.standing;
        if self.count >= MOST || !standing.stage.is_member() || !record.membership.counts() {
            return;
        }
        self.count += 1;
        let payer = match (standing.occupation, standing.employment) {
            (Some(Occupation::Retired), _) => Payer::Retired,
            (Some(Occupation::Student), _) | (_, Some(Employment::Intern)) => Payer::Student,
            _ => Payer::Employed,
        };
        self.members.entry(standing.org).or_default().push((person, payer));
    }

    /// Writes the months of this year up to today's.
    pub(super) async fn load(
        self,
        store: &Store,
        orgs: &[Org],
        author: Author,
        seed: u64,
        today: Date,
    ) -> Result<(), StoreError> {
        let this_month = Month::of(today);
        let january = Month::of(today.first_of_year());
        let mut branches: Vec<LoadDues> = Vec::new();
        for (at, org) in orgs.iter().enumerate().filter(|(_, org)| org.kind.is_branch()) {
            if org.kind == OrgKind::TemporaryBranch {
                continue;
            }
            let below = orgs.iter().filter(|below| below.path.starts_with(&org.path));
            let offered = below.filter_map(|below| self.members.get(&below.id)).flatten();
            let members: Vec<LoadedMember> =
                offered.filter_map(|(person, payer)| member((*person, *payer), seed, this_month)).collect();
            if members.is_empty() {
                continue;
            }
            let late = Dice::new(seed ^ 0x6c61_7465, at as u64).below(LATE) == 0 || branches.is_empty();
            let last = if late { this_month.previous() } else { this_month };
            let months = (0..12).map(|n| last.back(n)).take_while(|month| *month >= january).collect::<Vec<_>>();
            let months = months.into_iter().rev().collect();
            branches.push(LoadDues { org: org.id, members, months, handed_until: this_month.back(1) });
        }
        let written: usize = branches.iter().map(|branch| branch.members.len() * branch.months.len()).sum();
        store.load_dues(author, &branches, today).await?;
        eprintln!("已写入党费应交约 {written} 笔");
        Ok(())
    }
}

/// What somebody pays by, and since when he or she owes, by the person alone.
fn member((person, payer): (PersonId, Payer), seed: u64, this_month: Month) -> Option<LoadedMember> {
    let dice = &mut Dice::new(seed ^ 0x6475_6573, person.0 as u64);
    let base = match payer {
        Payer::Employed => Some(Fen::yuan(dice.between(35, 190) * 100 + 50)),
        Payer::Retired => Some(Fen::yuan(dice.between(30, 75) * 100)),
        Payer::Student | Payer::Unemployed | Payer::Relief => None,
        Payer::Farmer => Some(Fen(50)),
    };
    let owing = match dice.below(OWING) {
        0 => Some(this_month.back(dice.between(1, 5) as i32)),
        1..=5 => Some(this_month),
        _ => None,
    };
    Basis::new(payer, base, this_month).ok().map(|basis| LoadedMember { person, basis, open_from: owing })
}

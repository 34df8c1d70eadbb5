//! Who holds which post in the synthetic enterprise (ORG-04, ORG-05): committees are complete, but for a few branches without a
//! secretary; some secretaries of the last term are remembered.

use crate::synth::Dice;
use jiff::civil::Date;
use rules::date::add_years;
use rules::ids::{OrgId, PersonId};
use rules::org::{OrgKind, PostKind};
use std::collections::HashMap;
use store::{LoadPost, Org};

/// Persons remembered for the posts of one organisation.
const KEPT: usize = 14;
/// One branch in so many has no secretary.
const VACANT: u64 = 25;
/// Full members from which a branch has a committee (ORG-04).
const COMMITTEE: u64 = 7;
/// Full members from which this one has a deputy secretary too.
const LARGE: u64 = 25;

/// A full member who may hold a post.
#[derive(Debug, Clone)]
pub(super) struct Holder {
    pub(super) person: PersonId,
    /// Since when a full member.
    pub(super) since: Date,
    pub(super) name: String,
}

/// The full members of each organisation: how many, and the first few.
pub(super) struct Staff {
    places: HashMap<OrgId, usize>,
    parents: Vec<Option<usize>>,
    full: Vec<u64>,
    holders: Vec<Vec<Holder>>,
}

impl Staff {
    pub(super) fn new(orgs: &[Org]) -> Self {
        let places: HashMap<OrgId, usize> = orgs.iter().enumerate().map(|(at, org)| (org.id, at)).collect();
        let parents = orgs.iter().map(|org| org.parent.and_then(|parent| places.get(&parent).copied())).collect();
        Staff { places, parents, full: vec![0; orgs.len()], holders: vec![Vec::new(); orgs.len()] }
    }

    /// Tells of a full member.
    pub(super) fn offer(&mut self, org: OrgId, holder: Holder) {
        let Some(at) = self.places.get(&org).copied() else { return };
        self.full[at] += 1;
        if self.holders[at].len() < KEPT {
            self.holders[at].push(holder);
        }
    }

    /// The persons remembered of an organisation.
    pub(super) fn of(&self, org: OrgId) -> &[Holder] {
        self.places.get(&org).map_or(&[], |at| &self.holders[*at])
    }

    /// How many full members an organisation has, with those directly below it.
    pub(super) fn full_below(&self, org: OrgId) -> u64 {
        let Some(own) = self.places.get(&org).copied() else { return 0 };
        let below = self.parents.iter().zip(&self.full).filter(|(parent, _)| **parent == Some(own));
        self.full[own] + below.map(|(_, full)| full).sum::<u64>()
    }

    /// Every post, held and past.
    pub(super) fn plan(&self, orgs: &[Org], seed: u64, today: Date) -> Vec<LoadPost> {
        let (full, pools) = self.with_those_below(orgs);
        let mut plan = Vec::new();
        for (at, org) in orgs.iter().enumerate() {
            let dice = &mut Dice::new(seed ^ 0x706f_7374, at as u64);
            let since = org.term_from.or(org.founded_on).unwrap_or(today).min(today);
            let vacant = org.kind.is_branch() && full[at] >= COMMITTEE && dice.below(VACANT) == 3;
            let mut holders = pools[at].iter();
            for (post, holder) in posts(org.kind, full[at]).iter().zip(&mut holders) {
                let from = since.max(holder.since);
                let to = (vacant && *post == PostKind::Secretary)
                    .then(|| today.saturating_sub(jiff::Span::new().days(dice.between(20, 200))));
                // Who would have left before coming never came.
                if from <= today && to.is_none_or(|to| from < to) {
                    plan.push(LoadPost { org: org.id, person: holder.person, post: *post, from, to });
                }
            }
            let before = org.term_from.zip(org.term_years).filter(|_| dice.below(3) == 0);
            if let Some((to, years)) = before {
                let from = org.founded_on.unwrap_or(to).max(add_years(to, -years));
                let earlier = holders.find(|holder| holder.since <= from).filter(|_| from < to);
                plan.extend(earlier.map(|holder| LoadPost {
                    org: org.id,
                    person: holder.person,
                    post: PostKind::Secretary,
                    from,
                    to: Some(to),
                }));
            }
        }
        plan
    }

    /// Counts and persons of whole subtrees: of branches with their groups all, of those above some from each below.
    fn with_those_below(&self, orgs: &[Org]) -> (Vec<u64>, Vec<Vec<Holder>>) {
        let (mut full, mut pools) = (self.full.clone(), self.holders.clone());
        for at in (1..orgs.len()).rev() {
            let Some(parent) = self.parents[at] else { continue };
            full[parent] += full[at];
            let taken = if orgs[parent].kind.is_branch() { KEPT } else { 2 };
            // The last ones, so that a branch's secretary does not lead every committee above it.
            let some: Vec<Holder> = pools[at].iter().rev().take(taken).cloned().collect();
            let room = (2 * KEPT).saturating_sub(pools[parent].len());
            pools[parent].extend(some.into_iter().take(room));
        }
        (full, pools)
    }
}

/// The posts of an organisation with so many full members.
fn posts(kind: OrgKind, full: u64) -> &'static [PostKind] {
    use PostKind as P;
    const ALL: [PostKind; 7] = [
        P::Secretary,
        P::OrganisationOfficer,
        P::PublicityOfficer,
        P::DisciplineOfficer,
        P::DeputySecretary,
        P::CommitteeMember,
        P::CommitteeMember,
    ];
    match kind {
        OrgKind::Committee => &ALL,
        OrgKind::GeneralBranch => &ALL[..5],
        OrgKind::Group => &[P::GroupLeader],
        OrgKind::Branch | OrgKind::JointBranch | OrgKind::TemporaryBranch => match full {
            ..COMMITTEE => &ALL[..1],
            COMMITTEE..LARGE => &ALL[..4],
            LARGE.. => &ALL[..5],
        },
    }
}

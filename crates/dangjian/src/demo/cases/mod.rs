//! Cases of 发展党员 in the demonstration, at every stage. Their steps are taken by the rules themselves, so none of them is one that the
//! program would refuse.

mod days;
mod forms;

pub(super) use days::{Story, story};

use super::posts::{Holder, Staff};
use crate::synth::Dice;
use forms::Teller;
use jiff::civil::Date;
use rules::codes::Stage;
use rules::date::PartialDate;
use rules::development::{Case, CaseState, Command, Doer, Facts, Named, Place, Step, StepActor, decide};
use rules::ids::{OrgId, PersonId};
use rules::measure::Measures;
use rules::member::{Record, Spell, restage};
use rules::org::{OrgKind, PostKind};
use rules::refusal::Refusal;
use std::collections::{BTreeMap, BTreeSet};
use store::{Author, LoadCase, LoadPaper, LoadPost, Org, Store, StoreError};

/// Somebody whose way is told.
pub(super) struct Hero {
    pub(super) index: u64,
    pub(super) person: PersonId,
    pub(super) record: Record,
    pub(super) story: Story,
}

/// The standings of somebody who is no member yet, as they follow from the steps.
pub(super) fn staged(spells: &[Spell], record: &Record, story: &Story) -> Vec<Spell> {
    if record.standing.stage.is_member() {
        return spells.to_vec();
    }
    let first = spells.first().map_or(Date::MIN, |spell| spell.from);
    let mut spells = restage(spells, first, Stage::Applicant);
    for (step, stage) in [(Step::ActivistSelection, Stage::Activist), (Step::CandidateFiling, Stage::Candidate)] {
        if let Some(on) = story.on(step) {
            spells = restage(&spells, on, stage);
        }
    }
    spells
}

/// Writes the cases. Returns how many there are.
pub(super) async fn write(
    store: &Store,
    author: Author,
    heroes: &[Hero],
    (orgs, posts, staff): (&[Org], &[LoadPost], &Staff),
    seed: u64,
) -> Result<usize, StoreError> {
    let office = Office { orgs: orgs.iter().map(|org| (org.id, org)).collect(), posts, staff };
    let cases: Vec<LoadCase> = heroes.iter().filter_map(|hero| office.case(hero, seed).ok()).collect();
    store.load_cases(author, &cases, forms::PAPER).await?;
    Ok(cases.len())
}

/// Why a case is not told.
#[derive(Debug)]
enum Untold {
    /// Its branch has too few full members to guide and vouch, or the register too little of the person.
    TooFew,
    /// The rules refuse a step: a fault of this module.
    Refused(#[cfg_attr(not(test), allow(dead_code))] Step, #[cfg_attr(not(test), allow(dead_code))] Vec<Refusal>),
}

struct Office<'a> {
    orgs: BTreeMap<OrgId, &'a Org>,
    posts: &'a [LoadPost],
    staff: &'a Staff,
}

impl Office<'_> {
    /// A case told to its end.
    fn case(&self, hero: &Hero, seed: u64) -> Result<LoadCase, Untold> {
        let org = self.orgs.get(&hero.record.standing.org).ok_or(Untold::TooFew)?;
        let branch = match org.parent.filter(|_| org.kind == OrgKind::Group) {
            Some(parent) => *self.orgs.get(&parent).ok_or(Untold::TooFew)?,
            None => org,
        };
        let dice = &mut Dice::new(seed ^ 0x6361_7365, hero.index);
        let places = self.orgs.values().filter(|one| one.id == branch.id || one.parent == Some(branch.id));
        let holders: Vec<&Holder> =
            places.flat_map(|place| self.staff.of(place.id)).filter(|holder| holder.person != hero.person).collect();
        let voters = u32::try_from(self.staff.full_below(branch.id)).unwrap_or(u32::MAX);
        let measures = Measures::default();
        let mut facts = self.facts(hero, org, branch, &holders, voters);
        let mut case = Case { person: hero.person, state: CaseState::Open, known: None, taken: Vec::new() };
        let (mut papers, mut done_by) = (Vec::new(), Vec::new());
        for (step, on) in &hero.story.0 {
            let secretary = self.secretary(branch.id, *on);
            facts.place.has_committee = self.on_committee(branch.id, *on) >= 2;
            for (id, named) in &mut facts.named {
                named.officer = secretary == Some(*id);
            }
            let teller = Teller {
                holders: &holders,
                secretary,
                voters,
                facts: &facts,
                group: (org.id != branch.id).then_some(org.id),
            };
            let form = teller.form(*step, *on, dice).ok_or(Untold::TooFew)?;
            let n = case.next_n(*step);
            for paper in
                step.spec().papers.iter().filter(|paper| paper.needed(&form.values) || paper.key == "candidate_notice")
            {
                facts.papers.insert((*step, n, paper.key.clone()));
                papers.push(LoadPaper {
                    step: *step,
                    n,
                    key: paper.key.clone(),
                    name: format!("{}（演示）.pdf", paper.name),
                });
            }
            let decision = decide(&case, &Command::Take(&form), &facts, &measures, *on)
                .map_err(|refusals| Untold::Refused(*step, refusals))?;
            case.state = decision.state;
            case.taken.extend(decision.taken);
            done_by.push(match step.actor() {
                StepActor::Superior => "演示党务工作者".to_owned(),
                StepActor::Applicant | StepActor::Branch => {
                    let name = holders.iter().find(|holder| Some(holder.person) == secretary);
                    name.map_or_else(|| "演示党务工作者".to_owned(), |holder| holder.name.clone())
                }
            });
        }
        Ok(LoadCase {
            person: hero.person,
            branch: branch.id,
            applied_on: hero.record.applied_on.ok_or(Untold::TooFew)?.date,
            case,
            done_by,
            papers,
        })
    }

    fn facts(&self, hero: &Hero, org: &Org, branch: &Org, holders: &[&Holder], voters: u32) -> Facts {
        let group = |org: &Org| Place {
            org: org.id,
            kind: org.kind,
            branch: branch.id,
            dissolved: false,
            has_committee: false,
            has_groups: false,
        };
        let named = holders.iter().map(|holder| {
            let named = Named {
                name: holder.name.clone(),
                full_since: Some(holder.since),
                left: false,
                deprived: false,
                officer: false,
            };
            (holder.person, named)
        });
        Facts {
            doer: Doer { branch: true, superiors: vec![OrgKind::Committee] },
            born: hero.record.born,
            stage: hero.record.standing.stage,
            left: false,
            mobile: false,
            joined_on: hero.record.joined_on.map(|joined| PartialDate::day(joined.date)),
            place: Place { has_groups: org.id != branch.id, ..group(branch) },
            named: named.collect(),
            orgs: BTreeMap::from([(org.id, group(org))]),
            papers: BTreeSet::new(),
            voters,
            votes: Vec::new(),
        }
    }

    fn held(&self, org: OrgId, on: Date) -> impl Iterator<Item = &LoadPost> {
        self.posts.iter().filter(move |post| post.org == org && post.from <= on && post.to.is_none_or(|to| on < to))
    }

    fn secretary(&self, branch: OrgId, on: Date) -> Option<PersonId> {
        self.held(branch, on).find(|post| post.post == PostKind::Secretary).map(|post| post.person)
    }

    fn on_committee(&self, branch: OrgId, on: Date) -> usize {
        let persons: BTreeSet<PersonId> =
            self.held(branch, on).filter(|post| post.post.on_committee()).map(|post| post.person).collect();
        persons.len()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{org_of, record_of};
    use super::*;
    use crate::synth::{SynthOrg, enterprise};
    use jiff::civil::date;

    fn org(at: usize, synthetic: &SynthOrg) -> Org {
        let new = org_of(synthetic).new;
        Org {
            id: OrgId(at as i64),
            version: 1,
            parent: synthetic.parent.map(|parent| OrgId(parent as i64)),
            path: String::new(),
            kind: synthetic.kind,
            code: new.code,
            name: new.name,
            unit_name: None,
            uscc: None,
            founded_on: new.founded_on,
            term_from: new.term_from,
            term_years: synthetic.kind.usual_term_years(),
            dissolved_on: None,
        }
    }

    #[test]
    fn no_step_of_a_synthetic_case_is_one_that_the_rules_refuse() {
        let today = date(2026, 11, 24);
        let population = enterprise(6_000, 3, today);
        let orgs: Vec<Org> = population.orgs.iter().enumerate().map(|(at, synthetic)| org(at, synthetic)).collect();
        let (mut staff, mut heroes) = (Staff::new(&orgs), Vec::new());
        for (index, person) in (0..).zip(population.persons) {
            let (org, wish) = (orgs[person.org].id, person.case);
            let record = record_of(person, org);
            let id = PersonId(index + 1_000_000);
            if let Some(full) = record.full_on {
                let holder = Holder { person: id, since: full.date, name: record.name.to_string() };
                staff.offer(org, holder);
            }
            let dice = &mut Dice::new(3, index as u64);
            let story = story(wish, &record, today, dice);
            heroes.extend(story.map(|story| Hero { index: index as u64, person: id, record, story }));
        }
        let posts = staff.plan(&orgs, 3, today);
        let office = Office { orgs: orgs.iter().map(|org| (org.id, org)).collect(), posts: &posts, staff: &staff };
        let mut told = BTreeSet::new();
        for hero in &heroes {
            match office.case(hero, 3) {
                Ok(case) => told.extend([case.case.track().present().map(Step::stage)]),
                Err(Untold::TooFew) => {}
                Err(Untold::Refused(step, refusals)) => panic!("{step:?} of {:?}: {refusals:?}", hero.story),
            }
        }
        assert!(heroes.len() > 90, "{}", heroes.len());
        assert_eq!(told.len(), 6, "every stage and the end: {told:?}");
    }
}

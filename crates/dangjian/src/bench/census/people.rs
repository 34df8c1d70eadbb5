//! The synthetic population as rows of the engine: made by the vocabulary that the server uses for those of the register.

use super::CensusArgs;
use crate::Failure;
use crate::synth::{self, SynthPerson};
use ::census::{Builder, Names, Row, Tree};
use jiff::civil::date;
use rules::codes::Stage;
use rules::date::day_number;
use rules::ids::{OrgId, PersonId};
use server::census::{Words, day, derived};
use store::CensusSpell;

/// The published number of members at the end of 2024.
const PUBLISHED: u64 = 100_271_000;
const YEAR: i16 = 2024;

pub(super) struct People {
    pub(super) builder: Builder,
    pub(super) tree: Tree,
    /// Beginnings of names to look for: frequent and rare, short and long.
    pub(super) prefixes: Vec<String>,
}

fn population(args: &CensusArgs) -> Result<synth::Population, Failure> {
    if args.members > PUBLISHED {
        return Err(format!("党员人数最多 {PUBLISHED}（公报人数）"));
    }
    synth::communique(YEAR as u16, args.members as f64 / PUBLISHED as f64, args.orgs, args.seed)
}

pub(super) fn generate(args: &CensusArgs) -> Result<People, Failure> {
    let said = |e: ::census::CensusError| e.to_string();
    let synth::Population { orgs, persons } = population(args)?;
    let links: Vec<(usize, Option<usize>)> = orgs.iter().map(|org| org.parent).enumerate().collect();
    drop(orgs);
    let (tree, numbers) = Tree::number(&links).map_err(said)?;
    drop(links);
    let today = date(YEAR, 12, 31);
    let words = Words::new();
    let mut builder =
        Builder::new(words.schema().map_err(said)?, tree.len() as u32, day(day_number(today)), derived(today));
    let mut prefixes = Vec::new();
    for (n, person) in persons.enumerate() {
        if n < 3 {
            let name = person.name.as_str();
            prefixes.extend([1, 2, 3].map(|length| name.chars().take(length).collect::<String>()));
        }
        let row = words.row(&spell(&person), numbers[person.org]).map_err(|e| e.to_string())?;
        // Nobody asks for single persons here.
        builder.push(Row { subject: 0, ..row }).map_err(said)?;
    }
    Ok(People { builder, tree, prefixes })
}

/// A member since the day of joining, without end.
fn spell(person: &SynthPerson) -> CensusSpell {
    let joined_on = person.joined_on.map(day_number);
    CensusSpell {
        person: PersonId(1),
        org: OrgId(person.org as i64),
        from: joined_on.unwrap_or_default(),
        to: 99_991_231,
        stage: if person.stage == Stage::Probationary { Stage::Probationary.code() } else { Stage::Full.code() },
        gender: person.gender.code(),
        ethnicity: Some(person.ethnicity.code()),
        education: Some(person.education.code()),
        degree: Some(person.degree.code()),
        title_level: Some(person.title_level.code()),
        employment: person.employment.map(|employment| employment.code()),
        occupation: Some(person.occupation.code()),
        born: Some(day_number(person.birth)),
        joined_on,
        full_on: person.full_on.map(day_number),
    }
}

/// The names of the same persons, who come in the order of the tree.
pub(super) fn names(args: &CensusArgs) -> Result<Names, Failure> {
    let persons = population(args)?.persons;
    Names::of(persons.map(|person| person.name.as_str().to_owned().into())).map_err(|e| e.to_string())
}

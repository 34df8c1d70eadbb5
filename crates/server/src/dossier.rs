//! A person's data as answers have it: masked for those who keep the register, in full for the person. Only shapes; nothing is read.

use crate::orgs::OrgRef;
use rules::codes::Stage as KnownStage;
use rules::intake::Field;
use rules::member::Record;
use serde::Serialize;
use store::{FieldChange as Noted, Org, Person, PersonSpell};
use utoipa::ToSchema;

/// 人员类别.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Stage {
    Applicant,
    Activist,
    Candidate,
    Probationary,
    Full,
}

impl From<KnownStage> for Stage {
    fn from(stage: KnownStage) -> Self {
        match stage {
            KnownStage::Applicant => Stage::Applicant,
            KnownStage::Activist => Stage::Activist,
            KnownStage::Candidate => Stage::Candidate,
            KnownStage::Probationary => Stage::Probationary,
            KnownStage::Full => Stage::Full,
        }
    }
}

/// A standing from day to day.
#[derive(Serialize, ToSchema)]
pub(crate) struct MemberSpell {
    from: String,
    /// The day from which it no longer held.
    to: Option<String>,
    org_name: String,
    stage_name: String,
    education: Option<String>,
}

/// What is not secret of a person.
#[derive(Serialize, ToSchema)]
pub(crate) struct DossierFacts {
    id: String,
    version: i64,
    name: String,
    gender: String,
    ethnicity: Option<String>,
    /// To the month, except in the own dossier.
    born: Option<String>,
    native_place: Option<String>,
    education: Option<String>,
    degree: Option<String>,
    worked_on: Option<String>,
    applied_on: Option<String>,
    joined_on: Option<String>,
    full_on: Option<String>,
    org_id: String,
    org_name: String,
    party_post: Option<String>,
    admin_post: Option<String>,
    title: Option<String>,
    title_level: Option<String>,
    employment: Option<String>,
    stage: Stage,
    stage_name: String,
    frontline: Option<String>,
    membership: String,
    membership_name: String,
    mobile: bool,
    occupation: Option<String>,
    /// Whether the person has left: the dossier is kept and no longer edited.
    left: bool,
    /// The organisations from the enterprise's top down to the person's own.
    path: Vec<OrgRef>,
    spells: Vec<MemberSpell>,
}

/// A dossier as those who keep the register see it.
#[derive(Serialize, ToSchema)]
pub(crate) struct Dossier {
    #[serde(flatten)]
    facts: DossierFacts,
    identity_masked: String,
    phone_masked: String,
    household_masked: Option<String>,
    residence_masked: Option<String>,
}

/// Everything held about oneself.
#[derive(Serialize, ToSchema)]
pub(crate) struct OwnDossier {
    #[serde(flatten)]
    facts: DossierFacts,
    identity_number: Option<String>,
    phone: Option<String>,
    household_place: Option<String>,
    residence_place: Option<String>,
}

/// What is secret of a person, in full.
#[derive(Serialize, ToSchema)]
pub(crate) struct Revealed {
    identity_number: Option<String>,
    phone: Option<String>,
    household_place: Option<String>,
    residence_place: Option<String>,
    birth_date: Option<String>,
}

/// A field before and after.
#[derive(Serialize, ToSchema)]
pub(crate) struct FieldChange {
    field: String,
    label: String,
    old: Option<String>,
    new: Option<String>,
}

pub(crate) fn filled(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

fn spell_of(found: PersonSpell) -> MemberSpell {
    let spell = found.spell;
    MemberSpell {
        from: spell.from.to_string(),
        to: spell.to.map(|day| day.to_string()),
        org_name: found.org_name,
        stage_name: spell.standing.stage.name().to_owned(),
        education: spell.standing.education.map(|one| one.name().to_owned()),
    }
}

fn facts_of(person: &Person, path: Vec<Org>, spells: Vec<PersonSpell>) -> DossierFacts {
    let record = &person.record;
    let value = |field| filled(record.value(field));
    DossierFacts {
        id: person.id.to_string(),
        version: person.version,
        name: record.name.to_string(),
        gender: record.gender.to_string(),
        ethnicity: value(Field::Ethnicity),
        born: filled(record.masked(Field::Born)),
        native_place: value(Field::NativePlace),
        education: value(Field::Education),
        degree: value(Field::Degree),
        worked_on: value(Field::WorkedOn),
        applied_on: value(Field::AppliedOn),
        joined_on: value(Field::JoinedOn),
        full_on: value(Field::FullOn),
        org_id: person.org.id.to_string(),
        org_name: person.org.name.clone(),
        party_post: value(Field::PartyPost),
        admin_post: value(Field::AdminPost),
        title: value(Field::Title),
        title_level: record.standing.title_level.map(|level| level.name().to_owned()),
        employment: value(Field::Employment),
        stage: record.standing.stage.into(),
        stage_name: record.standing.stage.name().to_owned(),
        frontline: value(Field::Frontline),
        membership: record.membership.key().to_owned(),
        membership_name: record.membership.name().to_owned(),
        mobile: record.mobile,
        occupation: value(Field::Occupation),
        left: person.left,
        path: path.into_iter().map(OrgRef::from).collect(),
        spells: spells.into_iter().map(spell_of).collect(),
    }
}

impl Dossier {
    pub(crate) fn of(person: &Person, path: Vec<Org>, spells: Vec<PersonSpell>) -> Self {
        let masked = |field| person.record.masked(field);
        Dossier {
            facts: facts_of(person, path, spells),
            identity_masked: masked(Field::Identity),
            phone_masked: masked(Field::Phone),
            household_masked: filled(masked(Field::Household)),
            residence_masked: filled(masked(Field::Residence)),
        }
    }
}

impl OwnDossier {
    pub(crate) fn of(person: &Person, path: Vec<Org>, spells: Vec<PersonSpell>) -> Self {
        let value = |field| filled(person.record.value(field));
        OwnDossier {
            facts: DossierFacts { born: value(Field::Born), ..facts_of(person, path, spells) },
            identity_number: value(Field::Identity),
            phone: value(Field::Phone),
            household_place: value(Field::Household),
            residence_place: value(Field::Residence),
        }
    }
}

impl Revealed {
    pub(crate) fn of(record: &Record) -> Self {
        let value = |field| filled(record.value(field));
        Revealed {
            identity_number: value(Field::Identity),
            phone: value(Field::Phone),
            household_place: value(Field::Household),
            residence_place: value(Field::Residence),
            birth_date: value(Field::Born),
        }
    }
}

impl FieldChange {
    /// A change with private values masked.
    pub(crate) fn masked(field: Field, before: &str, after: &str) -> Self {
        Self::full(field, &field.masked(before), &field.masked(after))
    }

    /// A change as the person sees it.
    pub(crate) fn full(field: Field, before: &str, after: &str) -> Self {
        FieldChange {
            field: field.key().to_owned(),
            label: field.label().to_owned(),
            old: filled(before.to_owned()),
            new: filled(after.to_owned()),
        }
    }
}

impl From<&Noted> for FieldChange {
    fn from(noted: &Noted) -> Self {
        FieldChange::masked(noted.field, &noted.before, &noted.after)
    }
}

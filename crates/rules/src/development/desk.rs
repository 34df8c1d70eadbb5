//! What the tests stand on: a case, the facts around it, and forms that are right in every way until a test spoils one.

use super::*;
use crate::codes::Stage;
use crate::date::PartialDate;
use crate::ids::{OrgId, PersonId};
use crate::measure::Measures;
use crate::meeting::VoteCount;
use crate::org::OrgKind;
use crate::refusal::Refusal;
use jiff::civil::{Date, date};
use std::collections::{BTreeMap, BTreeSet};

pub(super) const APPLICANT: PersonId = PersonId(1);
/// Two full members, the first of them 书记.
pub(super) const SECRETARY: PersonId = PersonId(11);
pub(super) const MEMBER: PersonId = PersonId(12);
pub(super) const PROBATIONARY: PersonId = PersonId(13);
pub(super) const DEPRIVED: PersonId = PersonId(14);
pub(super) const GONE: PersonId = PersonId(15);
pub(super) const BRANCH: OrgId = OrgId(100);
pub(super) const GROUP: OrgId = OrgId(101);
pub(super) const OTHER_GROUP: OrgId = OrgId(201);
/// Full members of the branch.
pub(super) const VOTERS: u32 = 10;

/// The days on which a case goes its way without any delay.
pub(super) const DAYS: [Date; 25] = [
    date(2026, 6, 1),
    date(2026, 6, 10),
    date(2026, 6, 20),
    date(2026, 6, 22),
    date(2026, 6, 25),
    date(2026, 12, 20),
    date(2027, 6, 20),
    date(2027, 7, 5),
    date(2027, 7, 6),
    date(2027, 7, 12),
    date(2027, 7, 20),
    date(2027, 7, 22),
    date(2027, 7, 26),
    date(2027, 7, 28),
    date(2027, 8, 2),
    date(2027, 8, 5),
    date(2027, 8, 20),
    date(2027, 8, 25),
    date(2027, 8, 26),
    date(2027, 9, 1),
    date(2028, 2, 2),
    date(2028, 8, 2),
    date(2028, 8, 10),
    date(2028, 8, 20),
    date(2028, 8, 25),
];

pub(super) fn day_of(step: Step) -> Date {
    DAYS[usize::from(step.number()) - 1]
}

pub(super) fn vote(in_favour: u32, against: u32) -> Value {
    let present = in_favour + against;
    Value::Vote(VoteCount {
        expected_voters: VOTERS,
        present_voters: present,
        written: 0,
        in_favour,
        against,
        abstained: 0,
    })
}

pub(super) struct Desk {
    pub(super) case: Case,
    pub(super) facts: Facts,
    pub(super) measures: Measures,
    pub(super) today: Date,
}

impl Desk {
    pub(super) fn new() -> Self {
        let full = |name: &str, since: Option<Date>| Named {
            name: name.to_owned(),
            full_since: since,
            left: false,
            deprived: false,
            officer: false,
        };
        let since = Some(date(2010, 5, 1));
        let named = BTreeMap::from([
            (SECRETARY, Named { officer: true, ..full("书记", since) }),
            (MEMBER, full("党员", since)),
            (PROBATIONARY, full("预备", None)),
            (DEPRIVED, Named { deprived: true, ..full("留察", since) }),
            (GONE, Named { left: true, ..full("调走", since) }),
            (APPLICANT, full("本人", None)),
        ]);
        let place = Place {
            org: BRANCH,
            kind: OrgKind::Branch,
            branch: BRANCH,
            dissolved: false,
            has_committee: true,
            has_groups: false,
        };
        let group = |org, branch| Place { org, kind: OrgKind::Group, branch, ..place.clone() };
        Desk {
            case: Case { person: APPLICANT, state: CaseState::Open, known: None, taken: Vec::new() },
            facts: Facts {
                doer: Doer { branch: true, superiors: vec![OrgKind::Committee] },
                born: Some(PartialDate::day(date(1998, 3, 1))),
                stage: Stage::Applicant,
                left: false,
                mobile: false,
                joined_on: None,
                named,
                orgs: BTreeMap::from([
                    (BRANCH, place.clone()),
                    (GROUP, group(GROUP, BRANCH)),
                    (OTHER_GROUP, group(OTHER_GROUP, OrgId(200))),
                ]),
                place,
                papers: BTreeSet::new(),
                voters: VOTERS,
                votes: Vec::new(),
            },
            measures: Measures::default(),
            today: date(2026, 6, 1),
        }
    }

    /// A case on which everything before this step has been done, each step on its day; today is the step's day.
    pub(super) fn before(step: Step) -> Self {
        let mut desk = Desk::new();
        for earlier in Step::ALL.iter().filter(|earlier| **earlier < step) {
            desk.take(*earlier).unwrap();
        }
        desk.today = day_of(step);
        desk
    }

    /// The step's form, right in every way, on the step's day.
    pub(super) fn form(&self, step: Step) -> Form {
        let on = day_of(step);
        let text = |key: &str, text: &str| (key.to_owned(), Value::Text(text.to_owned()));
        let mut values = Values::default();
        values.0.extend(
            step.spec().fields.iter().filter(|field| field.required && field.only_if.is_none()).filter_map(|field| {
                match field.kind {
                    FieldKind::Text | FieldKind::LongText => Some(text(&field.key, "如实填写")),
                    FieldKind::Choice => field.choices.first().map(|choice| text(&field.key, &choice.key)),
                    FieldKind::Vote => Some((field.key.clone(), vote(8, 1))),
                    FieldKind::Date | FieldKind::Number | FieldKind::Persons | FieldKind::Org => None,
                }
            }),
        );
        let persons = |key: &str, persons: &[PersonId]| (key.to_owned(), Value::Persons(persons.to_vec()));
        match step {
            Step::ApplicationTalk => values.0.extend([persons("talkers", &[SECRETARY])]),
            Step::MentorAssignment => values.0.extend([persons("mentors", &[SECRETARY, MEMBER])]),
            Step::SponsorAssignment => values.0.extend([persons("sponsors", &[SECRETARY, MEMBER])]),
            Step::CandidateSelection => values.0.extend([
                ("notice_from".to_owned(), Value::Date(date(2027, 6, 14))),
                ("notice_until".to_owned(), Value::Date(date(2027, 6, 18))),
            ]),
            Step::IntensiveTraining => values.0.extend([
                text("organiser", "集团党委"),
                ("from".to_owned(), Value::Date(date(2027, 7, 18))),
                ("days".to_owned(), Value::Number(3)),
                ("hours".to_owned(), Value::Number(24)),
            ]),
            _ => {}
        }
        Form { step, on, values, reason: String::new() }
    }

    /// Puts every paper of the step there is.
    pub(super) fn put_papers(&mut self, step: Step) {
        let n = self.case.next_n(step);
        let keys = step.spec().papers.iter().map(|paper| (step, n, paper.key.clone()));
        self.facts.papers.extend(keys);
    }

    /// Takes a step as it should be, on its day.
    pub(super) fn take(&mut self, step: Step) -> Result<Decision, Vec<Refusal>> {
        let form = self.form(step);
        self.take_form(&form)
    }

    /// Takes a step as the form says, on the form's day at the earliest, with all papers.
    pub(super) fn take_form(&mut self, form: &Form) -> Result<Decision, Vec<Refusal>> {
        self.today = self.today.max(form.on);
        self.put_papers(form.step);
        self.command(&Command::Take(form))
    }

    /// Carries a command out.
    pub(super) fn command(&mut self, command: &Command<'_>) -> Result<Decision, Vec<Refusal>> {
        let decision = decide(&self.case, command, &self.facts, &self.measures, self.today)?;
        self.case.state = decision.state;
        self.case.taken.extend(decision.taken.clone());
        if decision.withdrawn.is_some() {
            self.case.taken.pop();
        }
        match decision.change {
            Some(StandingChange::Stage(stage, _)) => self.facts.stage = stage,
            Some(StandingChange::Joined(_) | StandingChange::NotFull(_)) => self.facts.stage = Stage::Probationary,
            Some(StandingChange::NotJoined(_)) => self.facts.stage = Stage::Candidate,
            Some(StandingChange::Full(_)) => self.facts.stage = Stage::Full,
            Some(StandingChange::Gone(..)) => self.facts.left = true,
            Some(StandingChange::NotGone(_)) => self.facts.left = false,
            Some(StandingChange::Moved(org, _) | StandingChange::Placed(org, _)) => self.facts.place.org = org,
            Some(StandingChange::NotPlaced(..)) => self.facts.place.org = BRANCH,
            Some(StandingChange::Applied(_)) | None => {}
        }
        Ok(decision)
    }

    /// What is against a form: the rules and the fields, refusals first, warnings marked.
    pub(super) fn against(&self, form: &Form) -> Vec<(String, String)> {
        let verdict = check(&self.case, form, &self.facts, &self.measures, self.today);
        let refused = verdict.refusals.into_iter().map(|refusal| (refusal.rule.to_owned(), refusal.field));
        let warned = verdict.warnings.into_iter().map(|warning| (format!("{}?", warning.rule), warning.field));
        refused.chain(warned).collect()
    }

    /// What is against the step's right form after a change, with all papers there.
    pub(super) fn spoilt(&mut self, step: Step, spoil: impl FnOnce(&mut Form)) -> Vec<(String, String)> {
        let mut form = self.form(step);
        spoil(&mut form);
        self.put_papers(step);
        self.against(&form)
    }
}

/// Pairs of rule and field, to compare with.
pub(super) fn said(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(rule, field)| ((*rule).to_owned(), (*field).to_owned())).collect()
}

impl Form {
    pub(super) fn set(&mut self, key: &str, value: Value) {
        self.values.0.insert(key.to_owned(), value);
    }

    pub(super) fn choose(&mut self, key: &str, choice: &str) {
        self.set(key, Value::Text(choice.to_owned()));
    }
}

//! 发展党员 in the store: cases, their steps, papers and persons. Every step is decided by `rules::development` inside the transaction
//! that writes it, on rows read there; the standing in the register and the record follow in the same transaction. A case is where its
//! person is: it needs no moving of its own.

mod act;
mod facts;
mod load;
mod open;
mod paper;
mod read;
mod standing;
mod whole;

pub use act::Acting;
pub use load::{LoadCase, LoadPaper};
pub use open::{CasePerson, NewCase};
pub use paper::CasePaper;
pub use read::{CaseCounts, CaseCursor, CaseEnd, CaseFilter, CaseRow, StageCount};
pub use whole::{TakenStep, WholeCase};

use crate::error::StoreError;
use crate::write::Subject;
use rules::development::{CaseState, Step, Values};
use rules::ids::{CaseId, PersonId, RootOrg};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The kind of subject that a case is.
const CASE: &str = "case";

/// A case as a subject of the ledger and of records.
fn subject(id: CaseId) -> Subject {
    Subject::of(CASE, id.0)
}

/// What is sealed of a taking of a step, under the person's key.
#[derive(Debug, Default, Serialize, Deserialize)]
struct SealedStep {
    values: BTreeMap<String, serde_json::Value>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    reason: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<String>,
}

fn step_place(root: RootOrg, case: CaseId, n: i64) -> String {
    format!("case-step:{root}:{case}:{n}")
}

fn reason_place(root: RootOrg, case: CaseId) -> String {
    format!("case-end:{root}:{case}")
}

fn step_of(number: i64) -> Result<Step, StoreError> {
    let step = u8::try_from(number).ok().and_then(Step::of_number);
    step.ok_or_else(|| StoreError::Corrupt(format!("步骤 {number}")))
}

fn state_of(key: &str) -> Result<CaseState, StoreError> {
    CaseState::from_key(key).ok_or_else(|| StoreError::Corrupt(format!("卷宗状态 {key}")))
}

/// Who guides (`mentor`) or vouches (`sponsor`) from the taking of a step on.
fn named_at(step: Step, values: &Values) -> impl Iterator<Item = (&'static str, PersonId)> {
    let (role, named) = match step {
        Step::MentorAssignment => ("mentor", values.persons("mentors")),
        Step::SponsorAssignment => ("sponsor", values.persons("sponsors")),
        _ => ("", &[][..]),
    };
    named.iter().map(move |person| (role, *person))
}

//! 发展党员: five stages, twenty-five steps (《中国共产党发展党员工作细则》, 2014, revised 2026-05-18; DEV-01 to DEV-30). The steps are
//! data (`steps.json`); what a step demands is decided here, from the case, the facts of the register and the day, by [`decide`], which
//! is the only way for a case to move. No clock, no storage.

mod closing;
mod conditions;
mod decide;
mod document;
mod facts;
mod guard;
mod order;
mod spec;
mod state;
mod step;
mod track;
mod value;

pub use conditions::{held_votes, relied_vote};
pub use decide::{Command, Decision, Form, StandingChange, Verdict, check, decide, span};
pub use document::{BLANK, DocumentLayout, DocumentPart, DocumentSpec, document, fill, is_unknown};
pub use facts::{Doer, Facts, HeldVote, Named, Place};
pub use guard::edit_refused;
pub use spec::{ChoiceSpec, FieldKind, FieldSpec, OnlyIf, PaperSpec, StepSpec};
pub use state::{Case, CaseState, EndKind, Taken};
pub use step::{CaseStage, Step, StepActor};
pub use track::{Mark, Outcome, Probation, Track};
pub use value::{Value, Values};

#[cfg(test)]
mod desk;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

//! Why the rules forbid something: all reasons at once, each with its rule, the field it is about and words to act on.

use serde::Serialize;

/// One reason why something cannot be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// The rule's id, such as `VOTE-01`; empty where the state of things and not a regulation forbids it.
    pub rule: &'static str,
    /// A stable code for programs.
    pub code: &'static str,
    /// The field of the command it is about, as a JSON pointer; empty when it is about the whole.
    pub field: String,
    /// What is wrong and what to do, with the rule's id.
    pub message: String,
}

impl Refusal {
    /// A reason.
    pub fn new(rule: &'static str, code: &'static str, field: impl Into<String>, message: impl Into<String>) -> Self {
        Refusal { rule, code, field: field.into(), message: message.into() }
    }
}

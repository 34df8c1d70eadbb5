//! 党费: what members pay by, the statements of a branch's months, payments, reductions, sums for superiors. What is due and what may be
//! booked is the rules' to say (`rules::dues`). Incomes are sealed under the members' keys.

mod arrears;
mod base;
mod draw_up;
mod line;
mod load;
mod overview;
mod own;
mod payment;
mod reckon;
mod reduction;
mod statement;

pub use arrears::DuesArrears;
pub use base::{BaseOf, BaseRow, SetBases};
pub use line::{DuesLine, DuesPayment};
pub use load::{LoadDues, LoadedMember};
pub use overview::{DuesPlace, DuesSums};
pub use own::OwnDues;
pub use payment::{LineVersion, NewPayments};
pub use reduction::{DuesReduction, NewReduction, ReductionFilter};
pub use statement::DuesStatement;

use crate::error::StoreError;
use rules::dues::{BasisRefused, BookRefused, Month, ReductionRefused};
use rules::refusal::Refusal;

/// Persons or lines named in one statement.
const MANY: usize = 200;

fn month_of(number: i64) -> Result<Month, StoreError> {
    Month::from_number(number).ok_or_else(|| StoreError::Corrupt(format!("月份 {number}")))
}

/// Where a refusal of a payment belongs in the command.
fn booked(e: &BookRefused, field: &str) -> StoreError {
    StoreError::Rules(vec![Refusal::new("", e.code(), field, e.to_string())])
}

fn basis_refusal(e: &BasisRefused, field: String) -> Refusal {
    Refusal::new("", e.code(), field, e.to_string())
}

fn reduction_refused(e: &ReductionRefused) -> StoreError {
    let field = match e {
        ReductionRefused::BadSpan(..) | ReductionRefused::TooLong => "/to_month",
        ReductionRefused::TooEarly(_) => "/from_month",
        ReductionRefused::Negative | ReductionRefused::NotLess(_) => "/pays",
        ReductionRefused::NoReason => "/reason",
        ReductionRefused::Decided(_) => "",
    };
    StoreError::Rules(vec![Refusal::new("DUES-04", e.code(), field, e.to_string())])
}

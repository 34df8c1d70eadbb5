//! 党费 (DUES-*): who pays what to whom in a month, what may be booked, what is owed. Knows no storage and no clock.
//!
//! Grounds: 《关于中国共产党党费收缴、使用和管理的规定》 of 2008. Looked up for DUES-04: probationary members pay from the vote of the
//! branch (支部大会通过之日); dues are paid where the affiliation is; paying less or nothing is asked for by the branch and approved by the
//! organisation above; paying back covers six months as a rule. Nothing is ever done to a member automatically (DUES-05).

mod basis;
mod book;
mod money;
mod month;
mod place;
mod reduction;

pub use basis::{Basis, BasisRefused, Bracket, Payer, Reckoning, TARIFFS, Tariff, check_from};
pub use book::{
    BookRefused, Booking, LineState, StatementFacts, Way, check_booking, check_generate, check_hand_up, check_take_back,
};
pub use money::Fen;
pub use month::{BadMonth, Month};
pub use place::{Belonging, pays_here};
pub use reduction::{
    Reduction, ReductionDecision, ReductionRefused, ReductionState, check_reduction, decide_reduction, lowest,
};

/// Months without payment after which somebody is told (DUES-05): nothing else follows by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Arrears {
    /// The first month owed without a break since.
    pub since: Month,
    /// How many months are owed since then.
    pub months: i32,
}

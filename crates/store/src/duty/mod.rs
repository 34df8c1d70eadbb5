//! 应办 in the store: what the calendar is computed from, read for many organisations and persons in a few statements, and what an
//! enterprise sets for itself. What is asked for is the rules' to say (`rules::duty`); nothing computed is kept.

mod excuse;
mod facts;
mod feed;
mod own;
mod persons;
mod setting;

pub use excuse::{Excuse, ExcuseDecision, ExcuseFilter, NewExcuse};
pub use facts::{DutyOrg, DutyOrgs, DutyReach};
pub use feed::Concern;
pub use own::{OwnDutyNew, OwnDutyRow};
pub use setting::DutySetting;

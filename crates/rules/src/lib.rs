//! The regulations as pure functions: types, code lists, conditions, access. No I/O, no async, no clock: today is an argument.

pub mod access;
pub mod ids;
pub mod org;

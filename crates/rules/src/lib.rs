//! The regulations as pure functions: types, code lists, conditions, access. No I/O, no async, no clock: today is an argument.

pub mod access;
pub mod change;
pub mod codes;
pub mod credential;
pub mod date;
pub mod form;
pub mod identity;
pub mod ids;
pub mod intake;
pub mod leave;
pub mod member;
pub mod name;
pub mod org;
pub mod phone;
pub mod pinyin;
pub mod search;
pub mod stats;
pub mod text;
pub mod transfer;
pub mod uscc;
pub mod work;

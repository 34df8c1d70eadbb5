//! Counting over an organisation tree: how many, by what, where, as of when.
//!
//! Rows stand in the order of their organisations' numbers, and organisations are numbered in preorder, so that whatever stands below an
//! organisation is one range of rows. Columns are codes of one byte and days of two. Questions about at most three dimensions are
//! answered from cumulative histograms ([`cubes`]), in the same time for ten thousand rows and for a hundred million; all others by a scan at the
//! speed of memory ([`scan`]), of which cubes take a part where they can ([`margins`]). Changes stand beside the columns and are part of every answer until they are folded in.
//!
//! The crate knows columns, codes and ranges; what they mean is its user's affair.

mod base;
mod census;
mod cubes;
mod delta;
mod error;
mod file;
mod grouping;
mod machine;
mod margins;
mod names;
mod question;
mod rare;
mod scan;
mod schema;
mod segment;
mod small;
mod tree;

pub use base::{Base, Builder, Derived};
pub use census::{Census, Version};
pub use delta::Change;
pub use error::CensusError;
pub use file::{Beside, Stored, read};
pub use names::Names;
pub use question::{Answer, Codes, Filter, Grouping, MAX_CELLS, Question, Span};
pub use schema::{Dimension, MAX_DAYS, MAX_DIMENSIONS, Row, Schema};
pub use small::{Cell, Shown, suppress};
pub use tree::Tree;

//! The statistics vocabulary: dimensions, bands, queries and plain questions, the same words for every way in.
//! It decides what is asked; it never counts and never sees a member.

mod ask;
mod bands;
mod dimension;
mod listen;
mod query;
mod table;
mod values;
mod words;
mod years;

pub use ask::{Asked, ask};
pub use bands::{Band, Bands, DayRange, PERIODS, Period};
pub use dimension::{Dimension, Groups, UNKNOWN};
pub use query::{Condition, Filter, MAX_DIMENSIONS, Query, QueryError};
pub use table::{CountRow, CountedOrg, Counts, FEW, Valued, tell_apart};

//! 组织生活: meetings from plan to archive, who is expected, who may vote, what the record must hold (MEET-*, VOTE-*). No I/O, no clock.

mod vote;

pub use vote::{VoteCount, VoteKind, VoteResult};

//! 组织生活: meetings from plan to archive, who is expected, who may vote, what the record must hold (MEET-*, VOTE-*). No I/O, no clock.
//!
//! A [`Meeting`] changes by [`decide`] only: whatever it shows has been through the rules, by whichever route it came.

mod command;
mod decide;
mod kind;
mod learning;
mod missing;
mod model;
mod plan;
mod quorum;
#[cfg(test)]
mod tests;
mod vote;
mod year;

pub use command::{Come, Command, Facts, ItemDraft};
pub use decide::{decide, voting_place};
pub use kind::{Circle, MEETING_ACTIVITIES, circle, fits};
pub use learning::TrainingKind;
pub use missing::missing;
pub use model::{
    Attendance, Attendee, Called, Confirmation, Heard, Held, How, Item, Meeting, MeetingState, Part, Plan, Resolution,
};
pub use plan::plan;
pub use quorum::{Quorum, quorum};
pub use vote::{VoteCount, VoteKind, VoteResult};
pub use year::{YearWishes, year_plan};

//! Meetings: planned, held, recorded, archived. What may be done is the rules' to say (`rules::meeting::decide`), inside the write
//! transaction and on the rows it has just read. Words are sealed under the key ring, reasons about a person under the person's key.

mod act;
mod call;
mod code;
mod learning;
mod list;
mod load;
mod paper;
mod read;
mod save;
mod status;
mod training;
mod vote;

pub use call::CalledPerson;
pub use code::CheckInCode;
pub use learning::{LearningEntry, LearningSum};
pub use list::{MeetingCursor, MeetingFilter, MeetingRow, MyMeeting};
pub use load::LoadMeeting;
pub use read::{MeetingPerson, MeetingView};
pub(crate) use read::{number, vote_kind_of};
pub use status::{MemberStatus, NewStatus, StatusKind};
pub use training::{NewTraining, Training};
pub use vote::MeetingVote;
pub(crate) use vote::votes;

use crate::error::StoreError;
use crate::write::Subject;
use jiff::civil::Time;
use rules::activity::Activity;
use rules::ids::{ItemId, MeetingId, PersonId, ResolutionId, RootOrg};
use serde::{Deserialize, Serialize};

/// The kind of a meeting as a subject, a source and an owner.
pub(crate) const MEETING: &str = "meeting";

fn subject(id: MeetingId) -> Subject {
    Subject::of(MEETING, id.0)
}

/// The words of a meeting, sealed as one.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Words {
    title: String,
    place: String,
    guests: String,
    late: String,
    remark: String,
    confirm_reason: String,
    invited: Vec<PersonId>,
}

/// The words of an item.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct ItemWords {
    title: String,
    notes: String,
}

fn words_place(root: RootOrg, id: MeetingId) -> String {
    format!("meeting:{root}:{id}")
}

fn item_place(root: RootOrg, meeting: MeetingId, id: ItemId) -> String {
    format!("meeting-item:{root}:{meeting}:{id}")
}

pub(crate) fn resolution_place(root: RootOrg, meeting: MeetingId, id: ResolutionId) -> String {
    format!("resolution:{root}:{meeting}:{id}")
}

fn attendance_place(root: RootOrg, meeting: MeetingId, person: PersonId) -> String {
    format!("attendance:{root}:{meeting}:{person}")
}

/// `,members_meeting,theme_day,`: one can be looked for with LIKE.
fn activities_text(activities: &[Activity]) -> String {
    activities.iter().fold(",".to_owned(), |text, activity| text + activity.key() + ",")
}

fn activities_of(text: &str) -> Result<Vec<Activity>, StoreError> {
    let keys = text.split(',').filter(|key| !key.is_empty());
    keys.map(|key| Activity::from_key(key).ok_or_else(|| StoreError::Corrupt(format!("未知的活动「{key}」")))).collect()
}

fn activity_names(activities: &[Activity]) -> String {
    activities.iter().map(|activity| activity.name()).collect::<Vec<_>>().join("、")
}

fn minute(time: Time) -> i64 {
    i64::from(time.hour()) * 60 + i64::from(time.minute())
}

fn time_of(minute: Option<i64>) -> Result<Option<Time>, StoreError> {
    let Some(minute) = minute else { return Ok(None) };
    let time = i8::try_from(minute / 60).ok().zip(i8::try_from(minute % 60).ok());
    let time = time.and_then(|(hour, minute)| Time::new(hour, minute, 0, 0).ok());
    time.map(Some).ok_or_else(|| StoreError::Corrupt(format!("时间 {minute}")))
}

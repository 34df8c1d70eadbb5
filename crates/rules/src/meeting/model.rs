//! A meeting as it stands: what was planned, who was called and came, what was said and resolved.

use super::kind::{Circle, circle};
use super::vote::{VoteCount, VoteKind, VoteResult};
use crate::activity::Activity;
use crate::ids::{ItemId, PersonId, ResolutionId};
use crate::org::OrgKind;
use jiff::civil::{Date, Time};

/// Where a meeting stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MeetingState {
    /// 已计划: nobody has been told.
    Planned,
    /// 已通知: those expected have been told.
    Noticed,
    /// 进行中: people check in, votes are taken.
    Open,
    /// 整理记录: the meeting is over, its minutes are being written.
    Closed,
    /// 已确认: the chair has confirmed the minutes.
    Confirmed,
    /// 已归档: it counts.
    Archived,
    /// 已取消.
    Cancelled,
}

impl MeetingState {
    /// All states, in the order in which a meeting goes through them.
    pub const ALL: &'static [MeetingState] = &[
        MeetingState::Planned,
        MeetingState::Noticed,
        MeetingState::Open,
        MeetingState::Closed,
        MeetingState::Confirmed,
        MeetingState::Archived,
        MeetingState::Cancelled,
    ];

    /// The identifier used in JSON and stored.
    pub fn key(self) -> &'static str {
        match self {
            MeetingState::Planned => "planned",
            MeetingState::Noticed => "noticed",
            MeetingState::Open => "open",
            MeetingState::Closed => "closed",
            MeetingState::Confirmed => "confirmed",
            MeetingState::Archived => "archived",
            MeetingState::Cancelled => "cancelled",
        }
    }

    /// The state of an identifier.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|state| state.key() == key)
    }

    /// The Chinese name.
    pub fn name(self) -> &'static str {
        match self {
            MeetingState::Planned => "已计划",
            MeetingState::Noticed => "已通知",
            MeetingState::Open => "进行中",
            MeetingState::Closed => "整理记录",
            MeetingState::Confirmed => "已确认",
            MeetingState::Archived => "已归档",
            MeetingState::Cancelled => "已取消",
        }
    }

    /// Whether something is still to be done about it.
    pub fn is_under_way(self) -> bool {
        !matches!(self, MeetingState::Archived | MeetingState::Cancelled)
    }
}

/// What is planned, and corrected until the record is confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The activities it fulfils (MEET-10).
    pub activities: Vec<Activity>,
    /// 会议名称.
    pub title: String,
    /// 地点; may be empty while only planned.
    pub place: String,
    /// The day.
    pub on: Date,
    /// When it begins; not known in a plan for a whole year.
    pub at: Option<Time>,
    /// 主持人.
    pub host: Option<PersonId>,
    /// 记录人.
    pub recorder: Option<PersonId>,
    /// Whether members far away may take part and check in by their own link.
    pub remote: bool,
    /// Persons of the organisation's subtree called beside the circle: 列席 where the circle is expected, the expected ones themselves where
    /// the meeting is for whom it names.
    pub invited: Vec<PersonId>,
    /// Others who sit in, such as a superior's delegate, as text.
    pub guests: String,
    /// Hours of learning that everybody present is credited with, in tenths of an hour (EDU-01).
    pub learning_tenths: u16,
}

/// When it was held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// The day.
    pub on: Date,
    /// When it began.
    pub from: Time,
    /// When it ended.
    pub to: Option<Time>,
}

/// Whether somebody is a part of the circle or sits in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// 应到.
    Expected,
    /// 列席.
    Guest,
}

/// How somebody's presence was established.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum How {
    /// By the code on the screen in the room.
    Code,
    /// By the own link, from afar.
    Link,
    /// Entered by somebody else, with the reason why.
    Proxy(String),
}

/// Whether somebody came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attendance {
    /// Not known yet.
    Awaited,
    /// 实到, since an instant (UTC milliseconds).
    Present {
        /// How it was established.
        how: How,
        /// When, UTC milliseconds.
        at: i64,
    },
    /// 缺席, with the reason.
    Absent(String),
    /// Nothing is asked of somebody old, ill or disabled (MEET-11): on what ground.
    Excused(String),
}

impl Attendance {
    /// Whether it is presence.
    pub fn is_present(&self) -> bool {
        matches!(self, Attendance::Present { .. })
    }

    /// The identifier used in JSON and stored.
    pub fn key(&self) -> &'static str {
        match self {
            Attendance::Awaited => "awaited",
            Attendance::Present { .. } => "present",
            Attendance::Absent(_) => "absent",
            Attendance::Excused(_) => "excused",
        }
    }
}

/// Somebody called to the meeting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attendee {
    /// Who.
    pub person: PersonId,
    /// As what.
    pub part: Part,
    /// Whether he or she may vote here (VOTE-03).
    pub votes: bool,
    /// Whether he or she came.
    pub attendance: Attendance,
}

/// Somebody whom the register says is to be called on the day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Called {
    /// Who.
    pub person: PersonId,
    /// Whether he or she has a vote: full members whose rights are not suspended (VOTE-03).
    pub votes: bool,
    /// On what ground nothing is asked of him or her (MEET-11).
    pub excused: Option<String>,
}

/// 议题.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its id.
    pub id: ItemId,
    /// Which of the meeting's activities it belongs to (MEET-10).
    pub activity: Option<Activity>,
    /// What it is about.
    pub title: String,
    /// 发言要点.
    pub notes: String,
}

/// 决议, with its counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolution {
    /// Its id.
    pub id: ResolutionId,
    /// The item it was resolved under.
    pub item: ItemId,
    /// What sort of vote.
    pub kind: VoteKind,
    /// What was resolved.
    pub text: String,
    /// What it decides on elsewhere: a `case`, an `election`, with its id.
    pub subject: Option<(String, i64)>,
    /// 会前书面意见, counted in the three numbers below.
    pub written: u32,
    /// 赞成.
    pub in_favour: u32,
    /// 不赞成.
    pub against: u32,
    /// 弃权.
    pub abstained: u32,
    /// Whether a step elsewhere rests on it: then the meeting is not reopened.
    pub relied_on: bool,
}

/// The chair's word that the minutes are right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmation {
    /// When.
    pub on: Date,
    /// Whether the chair gave it himself or herself.
    pub by_host: bool,
    /// Why somebody else did; empty otherwise.
    pub reason: String,
}

/// How many were called and came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Heard {
    /// 应到: without those excused (MEET-11).
    pub expected: u32,
    /// 实到.
    pub present: u32,
    /// 缺席, with a reason.
    pub absent: u32,
    /// Excused and not come.
    pub excused: u32,
    /// Of whom nothing is known yet.
    pub awaited: u32,
    /// 列席 present.
    pub guests: u32,
    /// Those with a vote, excused ones with them: only a regulation takes somebody out of this number.
    pub voters: u32,
    /// Those of them present.
    pub voters_present: u32,
}

/// A meeting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meeting {
    /// The kind of the organisation that holds it.
    pub kind: OrgKind,
    /// Where it stands.
    pub state: MeetingState,
    /// What is planned.
    pub plan: Plan,
    /// On which day those expected were told.
    pub noticed_on: Option<Date>,
    /// When it was held.
    pub held: Option<Held>,
    /// Why its notice or opening was written down later than it happened (补录); empty when it was not.
    pub late: String,
    /// Why it was last postponed, cancelled or reopened.
    pub remark: String,
    /// Who was called, who came.
    pub attendees: Vec<Attendee>,
    /// What was talked about.
    pub items: Vec<Item>,
    /// What was resolved.
    pub resolutions: Vec<Resolution>,
    /// Whether the recorder says that nothing was to be resolved.
    pub no_resolution: bool,
    /// The chair's confirmation.
    pub confirmed: Option<Confirmation>,
}

impl Meeting {
    /// Who is expected.
    pub fn circle(&self) -> Circle {
        circle(self.kind, &self.plan.activities)
    }

    /// How many were called and came.
    pub fn heard(&self) -> Heard {
        let mut heard = Heard::default();
        for attendee in &self.attendees {
            let present = attendee.attendance.is_present();
            if attendee.part == Part::Guest {
                heard.guests += u32::from(present);
                continue;
            }
            match attendee.attendance {
                Attendance::Awaited => heard.awaited += 1,
                Attendance::Present { .. } => heard.present += 1,
                Attendance::Absent(_) => heard.absent += 1,
                Attendance::Excused(_) => heard.excused += 1,
            }
            heard.voters += u32::from(attendee.votes);
            heard.voters_present += u32::from(attendee.votes && present);
        }
        heard.expected = heard.awaited + heard.present + heard.absent;
        heard
    }

    /// The counts of a resolution, with those who should come and those who came.
    pub fn count(&self, resolution: &Resolution) -> VoteCount {
        let heard = self.heard();
        VoteCount {
            expected_voters: heard.voters,
            present_voters: heard.voters_present,
            written: resolution.written,
            in_favour: resolution.in_favour,
            against: resolution.against,
            abstained: resolution.abstained,
        }
    }

    /// The result of a resolution; none while its counts are no vote.
    pub fn result(&self, resolution: &Resolution) -> Option<VoteResult> {
        self.count(resolution).result(resolution.kind).ok()
    }

    /// Somebody called.
    pub fn attendee(&self, person: PersonId) -> Option<&Attendee> {
        self.attendees.iter().find(|attendee| attendee.person == person)
    }

    /// Whether somebody called came.
    pub fn is_present(&self, person: PersonId) -> bool {
        self.attendee(person).is_some_and(|attendee| attendee.attendance.is_present())
    }
}

//! What the duty calendar knows of an organisation and of a person: the register and the records, no more.

use super::OwnFulfilled;
use crate::activity::Activity;
use crate::codes::{Membership, Stage};
use crate::date::PartialDate;
use crate::ids::{ExcuseId, OrgId, PersonId, RecordId, TransferId};
use crate::org::{OrgKind, PostKind};
use jiff::civil::Date;

/// What came of something that was done, as far as duties follow from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It went as it should; also where a record says nothing.
    Passed,
    /// 未通过.
    Refused,
    /// 延长: a later day holds.
    Extended,
    /// 取消, 终止: nothing follows.
    Cancelled,
    /// 开始: something that lasts has begun.
    Begun,
}

impl Outcome {
    /// The outcome that a record's word stands for. Words of an activity's own that say nothing here count as passed.
    pub fn of(word: Option<&str>) -> Self {
        match word {
            Some("refused") => Outcome::Refused,
            Some("extended") => Outcome::Extended,
            Some("cancelled" | "terminated" | "withdrawn") => Outcome::Cancelled,
            Some("begun" | "started") => Outcome::Begun,
            Some(_) | None => Outcome::Passed,
        }
    }
}

/// A record, as far as duties follow from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fact {
    /// Which record.
    pub record: RecordId,
    /// What was done.
    pub activity: Activity,
    /// When.
    pub on: Date,
    /// What came of it.
    pub outcome: Outcome,
    /// Until when that holds; for dues the last day of the month they are for.
    pub until: Option<Date>,
}

/// What an organisation was from one day to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Life {
    /// Its kind.
    pub kind: OrgKind,
    /// The first day; [`Date::MIN`] when it was so since always.
    pub from: Date,
    /// The day from which it no longer was; [`Date::MAX`] while it is.
    pub to: Date,
}

/// A post held from one day to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PostHeld {
    /// Where.
    pub org: OrgId,
    /// In what kind of organisation.
    pub kind: OrgKind,
    /// By whom.
    pub person: PersonId,
    /// Which post.
    pub post: PostKind,
    /// The first day.
    pub from: Date,
    /// The day from which it was no longer held; [`Date::MAX`] while it is.
    pub to: Date,
}

/// A term of a committee or secretary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    /// Its first day.
    pub from: Date,
    /// Its length in years.
    pub years: i32,
}

/// An organisation as duties see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrgFacts {
    /// Which.
    pub id: OrgId,
    /// What it was from day to day, oldest first.
    pub life: Vec<Life>,
    /// Posts of its own, held or once held.
    pub posts: Vec<PostHeld>,
    /// The current term.
    pub term: Option<Term>,
    /// Terms that came before it.
    pub past_terms: Vec<Term>,
    /// What it did, oldest first.
    pub records: Vec<Fact>,
    /// What it did for duties of the enterprise's own, oldest first.
    pub own: Vec<OwnFulfilled>,
    /// Approved excuses, by the keys of the duties.
    pub excuses: Vec<(String, ExcuseId)>,
}

/// A stage on the way to membership, held from one day to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StageHeld {
    /// The stage.
    pub stage: Stage,
    /// The first day.
    pub from: Date,
    /// The day from which it no longer held; [`Date::MAX`] while it does.
    pub to: Date,
}

/// Learning hours of one year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hours {
    /// The year.
    pub year: i16,
    /// The sum in tenths of an hour.
    pub tenths: i64,
    /// The last day on which there were any.
    pub last: Date,
}

/// A transfer of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TransferAsked {
    /// Which.
    pub id: TransferId,
    /// The organisation that is to take the person in.
    pub to: OrgId,
    /// When it was asked for.
    pub on: Date,
    /// The last day of the letter.
    pub due: Date,
    /// When the person was taken in; none while it is pending.
    pub accepted: Option<Date>,
}

/// A person as duties see him or her.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonFacts {
    /// Who.
    pub id: PersonId,
    /// The branch that answers for the person.
    pub org: OrgId,
    /// 党籍状态.
    pub membership: Membership,
    /// When membership was applied for.
    pub applied_on: Option<PartialDate>,
    /// When the person became a probationary member.
    pub joined_on: Option<PartialDate>,
    /// When the person became a full member.
    pub full_on: Option<PartialDate>,
    /// Stages from day to day, oldest first.
    pub stages: Vec<StageHeld>,
    /// Posts held, or once held.
    pub posts: Vec<PostHeld>,
    /// What was done about the person, oldest first.
    pub records: Vec<Fact>,
    /// Learning hours by year.
    pub hours: Vec<Hours>,
    /// Transfers that are pending or were accepted.
    pub transfers: Vec<TransferAsked>,
    /// The first day of the first month for which dues are owed without a break since.
    pub owes_since: Option<Date>,
    /// Whether the development case rests (暂缓): nothing of the way is asked for until it goes on.
    pub case_rests: bool,
    /// Approved excuses, by the keys of the duties.
    pub excuses: Vec<(String, ExcuseId)>,
}

impl PersonFacts {
    /// The stage that holds now; none after leaving.
    pub fn stage(&self) -> Option<Stage> {
        self.stages.last().filter(|held| held.to == Date::MAX).map(|held| held.stage)
    }

    /// The day from which nothing holds any more.
    pub(super) fn left(&self) -> Option<Date> {
        self.stages.last().map(|held| held.to).filter(|to| *to != Date::MAX)
    }
}

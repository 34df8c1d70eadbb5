//! Identifiers: one newtype per table, so that an organisation's id can never stand where a person's is meant.
//! Written as strings in JSON, because a browser's numbers end at 2^53. Making ids is the store's business.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;
use std::str::FromStr;

/// A text that is not an identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("编号「{0}」不是有效的编号")]
pub struct BadId(pub String);

macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
        impl FromStr for $name {
            type Err = BadId;
            fn from_str(s: &str) -> Result<Self, BadId> {
                s.parse().map(Self).map_err(|_| BadId(s.to_owned()))
            }
        }
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(self)
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = String::deserialize(d)?;
                text.parse().map_err(de::Error::custom)
            }
        }
    )+};
}

ids! {
    /// The enterprise: the first column of every primary key and the wall between enterprises in one database.
    RootOrg,
    /// 党组织.
    OrgId,
    /// 人员: members and those on the way to membership.
    PersonId,
    /// An account that can sign in; at most one per person.
    AccountId,
    /// A role granted to an account on an organisation's subtree.
    GrantId,
    /// A post held by a person in an organisation for a time.
    PostId,
    /// 组织关系接转.
    TransferId,
    /// A member's proposal to change the own dossier.
    ChangeId,
    /// An attachment.
    FileId,
    /// One run of an import.
    ImportId,
    /// A saved statistics query.
    SavedQueryId,
    /// What was done: the record of an activity.
    RecordId,
    /// 会议.
    MeetingId,
    /// 议题 of a meeting.
    ItemId,
    /// 决议 of a meeting.
    ResolutionId,
    /// 集中培训 outside meetings.
    TrainingId,
    /// A time for which a member is excused from organisation life, or without the rights of a member.
    StatusId,
    /// 卷宗 of somebody on the way to membership.
    CaseId,
    /// 换届选举.
    ElectionId,
    /// A notification to somebody.
    NoticeId,
    /// A message that leaves the house for somebody.
    DeliveryId,
    /// A calendar at an address of its own.
    CalendarId,
    /// A document template.
    TemplateId,
    /// A duty of the enterprise's own.
    OwnDutyId,
    /// A month's statement of dues of a branch.
    DuesStatementId,
    /// What one member owes by a statement.
    DuesLineId,
    /// A payment of dues.
    PaymentId,
    /// 少交、免交党费.
    ReductionId,
    /// An excuse from a duty.
    ExcuseId,
    /// A document that belongs to an organisation.
    PaperId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_a_string_in_json() {
        let id = OrgId(9_007_199_254_740_993);
        assert_eq!(serde_json::to_string(&id).unwrap(), "\"9007199254740993\"");
        assert_eq!(serde_json::from_str::<OrgId>("\"9007199254740993\"").unwrap(), id);
        assert!(serde_json::from_str::<OrgId>("\"1x\"").is_err());
    }
}

//! Training outside meetings (EDU-01, EDU-02).

use crate::activity::Activity;

/// What sort of training.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TrainingKind {
    /// 集中培训 of secretaries and committee members.
    Officers,
    /// 任职培训 of a new secretary.
    NewSecretary,
    /// 集中培训 by a superior for probationary and new members.
    NewMembers,
    /// Any other learning together.
    Other,
}

impl TrainingKind {
    /// All kinds.
    pub const ALL: &'static [TrainingKind] =
        &[TrainingKind::Officers, TrainingKind::NewSecretary, TrainingKind::NewMembers, TrainingKind::Other];

    /// The identifier used in JSON and stored.
    pub fn key(self) -> &'static str {
        match self {
            TrainingKind::Officers => "officers",
            TrainingKind::NewSecretary => "new_secretary",
            TrainingKind::NewMembers => "new_members",
            TrainingKind::Other => "other",
        }
    }

    /// The kind of an identifier.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.key() == key)
    }

    /// The Chinese name.
    pub fn name(self) -> &'static str {
        match self {
            TrainingKind::Officers => "书记和班子成员集中培训",
            TrainingKind::NewSecretary => "新任书记任职培训",
            TrainingKind::NewMembers => "新党员集中培训",
            TrainingKind::Other => "其他集中学习",
        }
    }

    /// The activity that taking part fulfils, beside the hours (EDU-02). 任职培训 is a training of officers too.
    pub fn activities(self) -> &'static [Activity] {
        match self {
            TrainingKind::Officers => &[Activity::OfficerTraining],
            TrainingKind::NewSecretary => &[Activity::NewSecretaryTraining, Activity::OfficerTraining],
            TrainingKind::NewMembers => &[Activity::NewMemberTraining],
            TrainingKind::Other => &[],
        }
    }
}

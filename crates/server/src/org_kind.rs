//! Kinds of organisation and posts in requests and answers, under the identifiers of the rules.

use rules::org::{OrgKind as KnownKind, PostKind as KnownPost};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// 组织类别.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum OrgKind {
    Committee,
    GeneralBranch,
    Branch,
    JointBranch,
    TemporaryBranch,
    Group,
}

/// 党内职务.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PostKind {
    Secretary,
    DeputySecretary,
    OrganisationOfficer,
    PublicityOfficer,
    DisciplineOfficer,
    CommitteeMember,
    GroupLeader,
    Organiser,
}

impl From<KnownKind> for OrgKind {
    fn from(kind: KnownKind) -> Self {
        match kind {
            KnownKind::Committee => OrgKind::Committee,
            KnownKind::GeneralBranch => OrgKind::GeneralBranch,
            KnownKind::Branch => OrgKind::Branch,
            KnownKind::JointBranch => OrgKind::JointBranch,
            KnownKind::TemporaryBranch => OrgKind::TemporaryBranch,
            KnownKind::Group => OrgKind::Group,
        }
    }
}

impl From<OrgKind> for KnownKind {
    fn from(kind: OrgKind) -> Self {
        match kind {
            OrgKind::Committee => KnownKind::Committee,
            OrgKind::GeneralBranch => KnownKind::GeneralBranch,
            OrgKind::Branch => KnownKind::Branch,
            OrgKind::JointBranch => KnownKind::JointBranch,
            OrgKind::TemporaryBranch => KnownKind::TemporaryBranch,
            OrgKind::Group => KnownKind::Group,
        }
    }
}

impl From<KnownPost> for PostKind {
    fn from(post: KnownPost) -> Self {
        match post {
            KnownPost::Secretary => PostKind::Secretary,
            KnownPost::DeputySecretary => PostKind::DeputySecretary,
            KnownPost::OrganisationOfficer => PostKind::OrganisationOfficer,
            KnownPost::PublicityOfficer => PostKind::PublicityOfficer,
            KnownPost::DisciplineOfficer => PostKind::DisciplineOfficer,
            KnownPost::CommitteeMember => PostKind::CommitteeMember,
            KnownPost::GroupLeader => PostKind::GroupLeader,
            KnownPost::Organiser => PostKind::Organiser,
        }
    }
}

impl From<PostKind> for KnownPost {
    fn from(post: PostKind) -> Self {
        match post {
            PostKind::Secretary => KnownPost::Secretary,
            PostKind::DeputySecretary => KnownPost::DeputySecretary,
            PostKind::OrganisationOfficer => KnownPost::OrganisationOfficer,
            PostKind::PublicityOfficer => KnownPost::PublicityOfficer,
            PostKind::DisciplineOfficer => KnownPost::DisciplineOfficer,
            PostKind::CommitteeMember => KnownPost::CommitteeMember,
            PostKind::GroupLeader => KnownPost::GroupLeader,
            PostKind::Organiser => KnownPost::Organiser,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_those_of_the_rules() {
        for kind in KnownKind::ALL {
            assert_eq!(serde_json::to_value(OrgKind::from(*kind)).unwrap(), kind.key());
            assert_eq!(KnownKind::from(OrgKind::from(*kind)), *kind);
        }
        for post in KnownPost::ALL {
            assert_eq!(serde_json::to_value(PostKind::from(*post)).unwrap(), post.key());
            assert_eq!(KnownPost::from(PostKind::from(*post)), *post);
        }
    }
}

//! Roles in requests and answers, under the identifiers of the rules.

use rules::access::Role as Known;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// 角色.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Role {
    PartyStaff,
    Secretary,
    Supervisor,
    Member,
    SystemAdmin,
    SecurityAdmin,
    Auditor,
}

impl From<Known> for Role {
    fn from(role: Known) -> Self {
        match role {
            Known::PartyStaff => Role::PartyStaff,
            Known::Secretary => Role::Secretary,
            Known::Supervisor => Role::Supervisor,
            Known::Member => Role::Member,
            Known::SystemAdmin => Role::SystemAdmin,
            Known::SecurityAdmin => Role::SecurityAdmin,
            Known::Auditor => Role::Auditor,
        }
    }
}

impl From<Role> for Known {
    fn from(role: Role) -> Self {
        match role {
            Role::PartyStaff => Known::PartyStaff,
            Role::Secretary => Known::Secretary,
            Role::Supervisor => Known::Supervisor,
            Role::Member => Known::Member,
            Role::SystemAdmin => Known::SystemAdmin,
            Role::SecurityAdmin => Known::SecurityAdmin,
            Role::Auditor => Known::Auditor,
        }
    }
}

//! Who may do what, where. One pure function decides; the store narrows every list to the same subtrees.
//! System duties are split in three (三员分立) and see no member data.

use crate::ids::{AccountId, OrgId, PersonId, RootOrg};
use serde::Serialize;

/// A role, always granted on an organisation's subtree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// 党务工作者: keeps the register of the subtree.
    PartyStaff,
    /// 书记: leads an organisation, keeps its members' dossiers.
    Secretary,
    /// 上级督导: reads, never writes.
    Supervisor,
    /// 本人: the own dossier only.
    Member,
    /// 系统管理员: runs the system, sees no member data.
    SystemAdmin,
    /// 安全管理员: accounts and roles, no member data.
    SecurityAdmin,
    /// 审计员: reads the ledger only.
    Auditor,
}

impl Role {
    /// All roles.
    pub const ALL: &'static [Role] = &[
        Role::PartyStaff,
        Role::Secretary,
        Role::Supervisor,
        Role::Member,
        Role::SystemAdmin,
        Role::SecurityAdmin,
        Role::Auditor,
    ];

    /// The identifier used in JSON and stored.
    pub fn key(self) -> &'static str {
        match self {
            Role::PartyStaff => "party_staff",
            Role::Secretary => "secretary",
            Role::Supervisor => "supervisor",
            Role::Member => "member",
            Role::SystemAdmin => "system_admin",
            Role::SecurityAdmin => "security_admin",
            Role::Auditor => "auditor",
        }
    }

    /// The role of an identifier.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|role| role.key() == key)
    }

    /// The Chinese name.
    pub fn name(self) -> &'static str {
        match self {
            Role::PartyStaff => "党务工作者",
            Role::Secretary => "书记",
            Role::Supervisor => "上级督导",
            Role::Member => "党员本人",
            Role::SystemAdmin => "系统管理员",
            Role::SecurityAdmin => "安全管理员",
            Role::Auditor => "审计员",
        }
    }

    /// Whether it is one of the three system duties.
    pub fn is_system_duty(self) -> bool {
        matches!(self, Role::SystemAdmin | Role::SecurityAdmin | Role::Auditor)
    }
}

/// A role on a subtree, as far as access is concerned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The role.
    pub role: Role,
    /// The organisation at the top of the subtree.
    pub org: OrgId,
    /// That organisation's path; a subtree is everything whose path begins with it.
    pub path: String,
}

/// Who acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The enterprise the account belongs to.
    pub root: RootOrg,
    /// The account.
    pub account: AccountId,
    /// The name shown in the ledger.
    pub name: String,
    /// The person the account is bound to.
    pub person: Option<PersonId>,
    /// What the account may do, and where.
    pub grants: Vec<Grant>,
}

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// See an organisation and its posts.
    OrgView,
    /// Correct an organisation's data, rename it, assign its posts.
    OrgEdit,
    /// Create, move, merge, split, dissolve.
    OrgRestructure,
    /// See dossiers, masked; search.
    MemberView,
    /// Change dossiers, attach files, hand out binding codes, decide on proposals.
    MemberEdit,
    /// See identity and phone numbers in full, with a reason.
    MemberReveal,
    /// Take a list out of the system, masked.
    MemberExport,
    /// Ask for or decide on a transfer.
    Transfer,
    /// Import rosters and organisation sheets.
    Import,
    /// Ask statistical questions.
    Stats,
    /// See and propose changes to the own dossier.
    OwnDossier,
    /// Create, disable accounts; grant and withdraw roles.
    AccountManage,
    /// Read and verify the ledger.
    LedgerRead,
    /// See how the system runs.
    SystemView,
    /// See duties, meetings, cases, elections, dues of organisations.
    WorkView,
    /// Do an organisation's work: hold meetings, take a step of a case, collect dues.
    WorkDo,
    /// Decide on the work of organisations below: file, approve, excuse, reduce. Only strictly below the own organisation.
    WorkApprove,
    /// Set the enterprise's own numbers, duties, templates, ways of notification.
    WorkSettings,
    /// Take part: check in, apply, see the own dues, duties and notices.
    OwnWork,
}

/// What it is done to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target<'a> {
    /// An organisation, or a person in it, by the organisation's path.
    Within(&'a str),
    /// An organisation strictly below the one a role was granted on, by its path: for what a superior decides.
    Below(&'a str),
    /// Exactly the organisation a role was granted on, by its path: for what not even a superior sees, such as members' incomes.
    Exactly(&'a str),
    /// A person's own data.
    Person(PersonId),
    /// Something somewhere in the actor's scope: a list that the store will narrow.
    Scope,
    /// The system itself.
    System,
}

/// Whether a role allows an action at all.
pub fn role_allows(role: Role, action: Action) -> bool {
    use Action as A;
    match role {
        Role::PartyStaff => matches!(
            action,
            A::OrgView
                | A::OrgEdit
                | A::OrgRestructure
                | A::MemberView
                | A::MemberEdit
                | A::MemberReveal
                | A::MemberExport
                | A::Transfer
                | A::Import
                | A::Stats
                | A::WorkView
                | A::WorkDo
                | A::WorkApprove
                | A::WorkSettings
        ),
        Role::Secretary => matches!(
            action,
            A::OrgView
                | A::OrgEdit
                | A::MemberView
                | A::MemberEdit
                | A::MemberReveal
                | A::MemberExport
                | A::Transfer
                | A::Stats
                | A::WorkView
                | A::WorkDo
                | A::WorkApprove
        ),
        Role::Supervisor => {
            matches!(action, A::OrgView | A::MemberView | A::MemberExport | A::Stats | A::WorkView)
        }
        Role::Member => matches!(action, A::OwnDossier | A::OwnWork),
        Role::SystemAdmin => matches!(action, A::SystemView),
        Role::SecurityAdmin => matches!(action, A::AccountManage),
        Role::Auditor => matches!(action, A::LedgerRead),
    }
}

/// The decision: may this actor do this to that?
pub fn may(actor: &Actor, action: Action, target: Target<'_>) -> bool {
    let mut grants = actor.grants.iter().filter(|grant| role_allows(grant.role, action));
    match target {
        Target::Within(path) => grants.any(|grant| path.starts_with(&grant.path)),
        Target::Below(path) => grants.any(|grant| path != grant.path && path.starts_with(&grant.path)),
        Target::Exactly(path) => grants.any(|grant| path == grant.path),
        Target::Person(person) => actor.person == Some(person) && grants.next().is_some(),
        Target::Scope | Target::System => grants.next().is_some(),
    }
}

/// The tops of the subtrees in which the actor may do this, without those inside another.
pub fn scope(actor: &Actor, action: Action) -> Vec<String> {
    let mut paths: Vec<String> =
        actor.grants.iter().filter(|g| role_allows(g.role, action)).map(|g| g.path.clone()).collect();
    paths.sort();
    let mut tops: Vec<String> = Vec::new();
    for path in paths {
        if !tops.iter().any(|top| path.starts_with(top.as_str())) {
            tops.push(path);
        }
    }
    tops
}

/// Whether an actor is shown small counts of a subtree. Who may count members there but not see their dossiers could read one person's data
/// off a count of one, and is shown "fewer than [`crate::stats::FEW`]" instead. Today's roles that count all see dossiers, too.
pub fn sees_small_counts(actor: &Actor, path: &str) -> bool {
    may(actor, Action::MemberView, Target::Within(path))
}

/// Why a role may not be granted beside those an account holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
pub enum GrantRefused {
    /// Two of the three system duties in one hand.
    #[error("三员分立：同一账号不能同时担任「{0}」和「{1}」。请另设账号。")]
    TwoSystemDuties(&'static str, &'static str),
    /// A system duty beside a role that sees member data.
    #[error("「{0}」不得查看党员数据，不能与「{1}」由同一账号担任。请另设账号。")]
    SystemDutyWithData(&'static str, &'static str),
}

/// Whether a role may be added to those already held (三员分立).
pub fn check_grant(held: &[Role], new: Role) -> Result<(), GrantRefused> {
    for other in held.iter().copied().filter(|held| *held != new) {
        match (other.is_system_duty(), new.is_system_duty()) {
            (true, true) => return Err(GrantRefused::TwoSystemDuties(other.name(), new.name())),
            (true, false) => return Err(GrantRefused::SystemDutyWithData(other.name(), new.name())),
            (false, true) => return Err(GrantRefused::SystemDutyWithData(new.name(), other.name())),
            (false, false) => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn actor(role: Role, path: &str) -> Actor {
        Actor {
            root: RootOrg(1),
            account: AccountId(1),
            name: "测试".into(),
            person: Some(PersonId(7)),
            grants: vec![Grant { role, org: OrgId(1), path: path.into() }],
        }
    }

    #[test]
    fn a_grant_reaches_its_subtree_and_no_further() {
        let staff = actor(Role::PartyStaff, "00010002");
        assert!(may(&staff, Action::MemberEdit, Target::Within("00010002")));
        assert!(may(&staff, Action::MemberEdit, Target::Within("000100020001")));
        assert!(!may(&staff, Action::MemberEdit, Target::Within("0001")));
        assert!(!may(&staff, Action::MemberEdit, Target::Within("00010003")));
    }

    #[test]
    fn a_superior_decides_strictly_below_and_never_on_the_own_organisation() {
        let secretary = actor(Role::Secretary, "00010002");
        assert!(may(&secretary, Action::WorkApprove, Target::Below("000100020001")));
        assert!(!may(&secretary, Action::WorkApprove, Target::Below("00010002")));
        assert!(!may(&secretary, Action::WorkApprove, Target::Below("00010003")));
        assert!(!may(&actor(Role::Supervisor, "0001"), Action::WorkApprove, Target::Below("00010002")));
    }

    #[test]
    fn what_is_the_branchs_own_is_not_its_superiors() {
        let secretary = actor(Role::Secretary, "00010002");
        assert!(may(&secretary, Action::WorkDo, Target::Exactly("00010002")));
        assert!(!may(&secretary, Action::WorkDo, Target::Exactly("000100020001")));
        assert!(!may(&actor(Role::Supervisor, "00010002"), Action::WorkDo, Target::Exactly("00010002")));
    }

    #[test]
    fn a_member_reaches_only_the_own_dossier() {
        let member = actor(Role::Member, "0001");
        assert!(may(&member, Action::OwnDossier, Target::Person(PersonId(7))));
        assert!(!may(&member, Action::OwnDossier, Target::Person(PersonId(8))));
        assert!(!may(&member, Action::MemberView, Target::Within("0001")));
    }

    #[test]
    fn the_three_system_duties_see_no_member_data() {
        for role in Role::ALL.iter().copied().filter(|role| role.is_system_duty()) {
            for action in [
                Action::OrgView,
                Action::MemberView,
                Action::MemberReveal,
                Action::MemberExport,
                Action::Stats,
                Action::Import,
            ] {
                assert!(!role_allows(role, action), "{role:?} {action:?}");
            }
        }
    }

    #[test]
    fn whoever_counts_without_seeing_dossiers_is_not_shown_small_counts() {
        for role in Role::ALL {
            let actor = actor(*role, "0001");
            let counts = may(&actor, Action::Stats, Target::Within("00010002"));
            // A role that may count but not see dossiers must be added here on purpose.
            assert_eq!(sees_small_counts(&actor, "00010002"), counts, "{role:?}");
            assert!(!sees_small_counts(&actor, "0002"), "{role:?}");
        }
    }

    #[test]
    fn supervisors_only_read() {
        for action in [
            Action::OrgEdit,
            Action::OrgRestructure,
            Action::MemberEdit,
            Action::MemberReveal,
            Action::Import,
            Action::Transfer,
        ] {
            assert!(!role_allows(Role::Supervisor, action), "{action:?}");
        }
    }

    #[test]
    fn no_account_holds_two_system_duties_or_one_with_member_data() {
        assert!(check_grant(&[Role::SystemAdmin], Role::Auditor).is_err());
        assert!(check_grant(&[Role::SystemAdmin], Role::PartyStaff).is_err());
        assert!(check_grant(&[Role::Member], Role::SecurityAdmin).is_err());
        assert!(check_grant(&[Role::SystemAdmin], Role::SystemAdmin).is_ok());
        assert!(check_grant(&[Role::Member, Role::Secretary], Role::PartyStaff).is_ok());
    }

    #[test]
    fn scope_keeps_only_the_tops() {
        let mut staff = actor(Role::PartyStaff, "00010002");
        for path in ["0001000200030004", "00010005"] {
            staff.grants.push(Grant { role: Role::Secretary, org: OrgId(2), path: path.into() });
        }
        assert_eq!(scope(&staff, Action::MemberEdit), ["00010002", "00010005"]);
        assert_eq!(scope(&staff, Action::OrgRestructure), ["00010002"]);
    }
}

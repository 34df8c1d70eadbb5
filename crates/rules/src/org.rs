//! Organisations: kinds, posts, terms, and the checks of their structure (ORG-*). Knows no storage and no clock.

use crate::codes::Stage;
use crate::date::add_years;
use crate::measure::{Measure, Measures};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Kinds of Party organisation. The numeric code is what is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum OrgKind {
    /// 党委.
    Committee,
    /// 党总支.
    GeneralBranch,
    /// 党支部.
    Branch,
    /// 联合党支部.
    JointBranch,
    /// 临时党支部.
    TemporaryBranch,
    /// 党小组.
    Group,
}

impl OrgKind {
    /// All kinds, from the top of the tree to its leaves.
    pub const ALL: &'static [OrgKind] = &[
        OrgKind::Committee,
        OrgKind::GeneralBranch,
        OrgKind::Branch,
        OrgKind::JointBranch,
        OrgKind::TemporaryBranch,
        OrgKind::Group,
    ];

    /// The stored code.
    pub fn code(self) -> i64 {
        match self {
            OrgKind::Committee => 1,
            OrgKind::GeneralBranch => 2,
            OrgKind::Branch => 3,
            OrgKind::JointBranch => 4,
            OrgKind::TemporaryBranch => 5,
            OrgKind::Group => 6,
        }
    }

    /// The kind of a stored code.
    pub fn from_code(code: i64) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.code() == code)
    }

    /// The identifier used in JSON and in the API.
    pub fn key(self) -> &'static str {
        match self {
            OrgKind::Committee => "committee",
            OrgKind::GeneralBranch => "general_branch",
            OrgKind::Branch => "branch",
            OrgKind::JointBranch => "joint_branch",
            OrgKind::TemporaryBranch => "temporary_branch",
            OrgKind::Group => "group",
        }
    }

    /// The kind of an identifier.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.key() == key)
    }

    /// The Chinese name.
    pub fn name(self) -> &'static str {
        match self {
            OrgKind::Committee => "党委",
            OrgKind::GeneralBranch => "党总支",
            OrgKind::Branch => "党支部",
            OrgKind::JointBranch => "联合党支部",
            OrgKind::TemporaryBranch => "临时党支部",
            OrgKind::Group => "党小组",
        }
    }

    /// Reads a kind as offices write it.
    pub fn parse(text: &str) -> Option<Self> {
        match text.trim() {
            "党委" | "基层党委" | "党的基层委员会" | "党委会" => Some(OrgKind::Committee),
            "党总支" | "总支" | "总支部" | "党总支部" => Some(OrgKind::GeneralBranch),
            "党支部" | "支部" => Some(OrgKind::Branch),
            "联合党支部" | "联合支部" => Some(OrgKind::JointBranch),
            "临时党支部" | "临时支部" => Some(OrgKind::TemporaryBranch),
            "党小组" | "小组" => Some(OrgKind::Group),
            _ => None,
        }
    }

    /// Guesses the kind from an organisation's name by its ending, as a roster that names only branches allows.
    pub fn of_name(name: &str) -> Option<Self> {
        let name = name.trim();
        if name.ends_with("联合党支部") || name.ends_with("联合支部") {
            Some(OrgKind::JointBranch)
        } else if name.ends_with("临时党支部") || name.ends_with("临时支部") {
            Some(OrgKind::TemporaryBranch)
        } else if name.ends_with("总支部") || name.ends_with("党总支") || name.ends_with("总支部委员会") {
            Some(OrgKind::GeneralBranch)
        } else if name.ends_with("支部") || name.ends_with("支部委员会") {
            Some(OrgKind::Branch)
        } else if name.ends_with("党委") || name.ends_with("委员会") {
            Some(OrgKind::Committee)
        } else if name.ends_with("党小组") {
            Some(OrgKind::Group)
        } else {
            None
        }
    }

    /// Whether it is a branch of any sort.
    pub fn is_branch(self) -> bool {
        matches!(self, OrgKind::Branch | OrgKind::JointBranch | OrgKind::TemporaryBranch)
    }

    /// Whether persons may belong to it directly: branches and groups.
    pub fn holds_members(self) -> bool {
        self.is_branch() || self == OrgKind::Group
    }

    /// Whether an organisation of kind `child` may stand directly below this one (ORG-10).
    pub fn may_contain(self, child: OrgKind) -> bool {
        match self {
            OrgKind::Committee => child != OrgKind::Group,
            OrgKind::GeneralBranch => child.is_branch(),
            OrgKind::Branch | OrgKind::JointBranch | OrgKind::TemporaryBranch => child == OrgKind::Group,
            OrgKind::Group => false,
        }
    }

    /// The usual term in years (ORG-06): 5 for committees of state-owned enterprises, 3 for general branches and branches, none for groups.
    pub fn usual_term_years(self) -> Option<i32> {
        match self {
            OrgKind::Committee => Some(5),
            OrgKind::GeneralBranch | OrgKind::Branch | OrgKind::JointBranch | OrgKind::TemporaryBranch => Some(3),
            OrgKind::Group => None,
        }
    }
}

/// Posts in an organisation's committee.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PostKind {
    /// 书记.
    Secretary,
    /// 副书记.
    DeputySecretary,
    /// 组织委员.
    OrganisationOfficer,
    /// 宣传委员.
    PublicityOfficer,
    /// 纪检委员.
    DisciplineOfficer,
    /// 委员 without a portfolio of the above.
    CommitteeMember,
    /// 党小组组长.
    GroupLeader,
    /// 组织员.
    Organiser,
}

impl PostKind {
    /// All posts, in the order in which lists show them.
    pub const ALL: &'static [PostKind] = &[
        PostKind::Secretary,
        PostKind::DeputySecretary,
        PostKind::OrganisationOfficer,
        PostKind::PublicityOfficer,
        PostKind::DisciplineOfficer,
        PostKind::CommitteeMember,
        PostKind::GroupLeader,
        PostKind::Organiser,
    ];

    /// The stored code.
    pub fn code(self) -> i64 {
        self as i64 + 1
    }

    /// The post of a stored code.
    pub fn from_code(code: i64) -> Option<Self> {
        Self::ALL.iter().copied().find(|post| post.code() == code)
    }

    /// The identifier used in JSON.
    pub fn key(self) -> &'static str {
        match self {
            PostKind::Secretary => "secretary",
            PostKind::DeputySecretary => "deputy_secretary",
            PostKind::OrganisationOfficer => "organisation_officer",
            PostKind::PublicityOfficer => "publicity_officer",
            PostKind::DisciplineOfficer => "discipline_officer",
            PostKind::CommitteeMember => "committee_member",
            PostKind::GroupLeader => "group_leader",
            PostKind::Organiser => "organiser",
        }
    }

    /// The post of an identifier.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|post| post.key() == key)
    }

    /// The Chinese name.
    pub fn name(self) -> &'static str {
        match self {
            PostKind::Secretary => "书记",
            PostKind::DeputySecretary => "副书记",
            PostKind::OrganisationOfficer => "组织委员",
            PostKind::PublicityOfficer => "宣传委员",
            PostKind::DisciplineOfficer => "纪检委员",
            PostKind::CommitteeMember => "委员",
            PostKind::GroupLeader => "党小组组长",
            PostKind::Organiser => "组织员",
        }
    }

    /// Whether only one person at a time can hold it in one organisation.
    pub fn is_single(self) -> bool {
        matches!(self, PostKind::Secretary | PostKind::GroupLeader)
    }

    /// Whether its holder sits on the committee.
    pub fn on_committee(self) -> bool {
        !matches!(self, PostKind::GroupLeader | PostKind::Organiser)
    }

    /// Whether somebody of this stage may hold it: members only, and on a committee full members only, because probationary ones have
    /// no right to be elected (VOTE-03).
    pub fn may_be_held_in(self, stage: Stage) -> bool {
        if self.on_committee() { stage == Stage::Full } else { stage.is_member() }
    }

    /// Whether the post exists in organisations of this kind.
    pub fn exists_in(self, kind: OrgKind) -> bool {
        (self == PostKind::GroupLeader) == (kind == OrgKind::Group)
    }
}

/// What the structural checks need to know of one organisation as of a day.
#[derive(Debug, Clone)]
pub struct Structure<'a> {
    /// Its kind.
    pub kind: OrgKind,
    /// Full members that belong to it (a branch: with its groups; others: of the whole subtree).
    pub full_members: i64,
    /// Probationary members, counted the same way.
    pub probationary_members: i64,
    /// Posts held today.
    pub posts: &'a [PostKind],
    /// First day of the current term, if known.
    pub term_from: Option<Date>,
    /// Length of the term in years.
    pub term_years: Option<i32>,
    /// Last day on which a secretary held office, if the post is vacant now and that is known.
    pub secretary_left: Option<Date>,
}

/// A departure from a rule that staff should see; nothing is forbidden by it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// The rule's id, such as `ORG-02`.
    pub rule: &'static str,
    /// What departs from it and what to do.
    pub message: String,
}

/// Whether a branch of so many full members has a committee (ORG-04).
pub fn has_committee(full_members: i64, measures: &Measures, on: Date) -> bool {
    full_members >= i64::from(measures.get(Measure::CommitteeMembers, on))
}

/// The day on which the current term ends and a new committee is due: the anniversary of its first day (ORG-06).
pub fn next_election(term_from: Date, term_years: i32) -> Date {
    add_years(term_from, term_years)
}

/// Every departure of an organisation from the structural rules, as of `today`, by the numbers that hold in the enterprise.
///
/// ORG-01, ORG-02, ORG-04, ORG-05: 支部工作条例（试行）; ORG-03: 国企基层组织工作条例（试行）; ORG-06, ORG-09: 任期与补选.
pub fn warnings(org: &Structure<'_>, measures: &Measures, today: Date) -> Vec<Warning> {
    let mut found = Vec::new();
    let mut warn = |rule, message| found.push(Warning { rule, message });
    let members = org.full_members + org.probationary_members;
    let held = |post| org.posts.contains(&post);

    match org.kind {
        OrgKind::Branch if org.full_members < 3 => warn(
            "ORG-01",
            format!("正式党员 {} 名，不足 3 名。请与邻近单位成立联合党支部，或补充党员。", org.full_members),
        ),
        OrgKind::GeneralBranch if members < 50 => {
            warn("ORG-03", format!("党员 {members} 名，不足 50 名，设党总支须经上级批准。请核对批准文件。"));
        }
        OrgKind::GeneralBranch if members >= 100 => {
            warn("ORG-03", format!("党员 {members} 名，已达 100 名，应改设党委。请向上级请示。"));
        }
        OrgKind::Committee if members < 100 => {
            warn("ORG-03", format!("党员 {members} 名，不足 100 名，设党委须经上级批准。请核对批准文件。"));
        }
        OrgKind::Committee
        | OrgKind::GeneralBranch
        | OrgKind::Branch
        | OrgKind::JointBranch
        | OrgKind::TemporaryBranch
        | OrgKind::Group => {}
    }
    if org.kind.is_branch() {
        if members > 50 {
            warn("ORG-02", format!("党员 {members} 名，超过 50 名。请考虑分设党支部。"));
        }
        let on_committee = org.posts.iter().filter(|post| post.on_committee()).count();
        if has_committee(org.full_members, measures, today) {
            if on_committee < 3 {
                warn(
                    "ORG-04",
                    format!(
                        "正式党员 {} 名，应设支部委员会（3 至 5 人），现有委员 {on_committee} 人。请补齐。",
                        org.full_members
                    ),
                );
            } else {
                if on_committee > 7 {
                    warn("ORG-04", format!("支部委员会 {on_committee} 人，一般不超过 7 人。请核对。"));
                }
                for post in [PostKind::OrganisationOfficer, PostKind::PublicityOfficer, PostKind::DisciplineOfficer] {
                    if !held(post) {
                        warn("ORG-04", format!("未设{}。请明确人选。", post.name()));
                    }
                }
            }
        } else if on_committee > 2 {
            warn(
                "ORG-05",
                format!(
                    "正式党员不足 {} 名，设 1 名书记、必要时设 1 名副书记即可，现有 {on_committee} 人。请核对。",
                    measures.get(Measure::CommitteeMembers, today)
                ),
            );
        }
    }
    if org.kind != OrgKind::Group && !held(PostKind::Secretary) {
        let since = org.secretary_left.map(|left| (today - left).get_days());
        let most = measures.get(Measure::VacancyDays, today);
        match since {
            Some(days) if days > most => {
                warn("ORG-09", format!("书记空缺已 {days} 天，超过 {most} 天。请及时补选。"));
            }
            Some(days) => warn("ORG-09", format!("书记空缺 {days} 天。请及时补选。")),
            None => warn("ORG-09", "尚未登记书记。请登记或补选。".to_owned()),
        }
    }
    if let (Some(from), Some(years)) = (org.term_from, org.term_years) {
        let due = next_election(from, years);
        let days = (due - today).get_days();
        if days < 0 {
            warn("ORG-06", format!("任期已于 {due} 届满，逾期 {} 天。请组织换届；延期须上级批准。", -days));
        } else if days <= measures.get(Measure::TermLead, today) {
            warn("ORG-06", format!("任期将于 {due} 届满，还有 {days} 天。请准备换届。"));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn branch(full: i64, probationary: i64, posts: &[PostKind]) -> Structure<'_> {
        Structure {
            kind: OrgKind::Branch,
            full_members: full,
            probationary_members: probationary,
            posts,
            term_from: None,
            term_years: None,
            secretary_left: None,
        }
    }
    const TODAY: Date = date(2026, 11, 24);
    fn rules_of(org: &Structure<'_>) -> Vec<&'static str> {
        warnings(org, &Measures::default(), TODAY).into_iter().map(|w| w.rule).collect()
    }
    const COMMITTEE: [PostKind; 4] =
        [PostKind::Secretary, PostKind::OrganisationOfficer, PostKind::PublicityOfficer, PostKind::DisciplineOfficer];
    const SECRETARY: [PostKind; 1] = [PostKind::Secretary];

    #[test]
    fn org_01_a_branch_needs_three_full_members() {
        assert_eq!(rules_of(&branch(2, 5, &SECRETARY)), ["ORG-01"]);
        assert_eq!(rules_of(&branch(3, 0, &SECRETARY)), [""; 0]);
    }

    #[test]
    fn org_02_a_branch_has_at_most_fifty_members() {
        assert_eq!(rules_of(&branch(45, 6, &COMMITTEE)), ["ORG-02"]);
        assert_eq!(rules_of(&branch(45, 5, &COMMITTEE)), [""; 0]);
    }

    #[test]
    fn org_03_size_decides_between_general_branch_and_committee() {
        let of = |kind, members| rules_of(&Structure { kind, ..branch(members, 0, &SECRETARY) });
        assert_eq!(of(OrgKind::GeneralBranch, 49), ["ORG-03"]);
        assert_eq!(of(OrgKind::GeneralBranch, 50), [""; 0]);
        assert_eq!(of(OrgKind::GeneralBranch, 99), [""; 0]);
        assert_eq!(of(OrgKind::GeneralBranch, 100), ["ORG-03"]);
        assert_eq!(of(OrgKind::Committee, 99), ["ORG-03"]);
        assert_eq!(of(OrgKind::Committee, 100), [""; 0]);
    }

    #[test]
    fn org_04_seven_full_members_need_a_branch_committee() {
        assert_eq!(rules_of(&branch(7, 0, &SECRETARY)), ["ORG-04"]);
        assert_eq!(rules_of(&branch(7, 0, &COMMITTEE)), [""; 0]);
        assert_eq!(rules_of(&branch(7, 0, &COMMITTEE[..3])), ["ORG-04"]);
        let eight = [COMMITTEE.as_slice(), &[PostKind::CommitteeMember; 4]].concat();
        assert_eq!(rules_of(&branch(30, 0, &eight)), ["ORG-04"]);
    }

    #[test]
    fn org_05_fewer_than_seven_need_only_a_secretary() {
        assert_eq!(rules_of(&branch(6, 0, &COMMITTEE[..3])), ["ORG-05"]);
        assert_eq!(rules_of(&branch(6, 0, &[PostKind::Secretary, PostKind::DeputySecretary])), [""; 0]);
    }

    #[test]
    fn org_06_the_end_of_a_term_is_announced_half_a_year_ahead() {
        let with_term =
            |from| rules_of(&Structure { term_from: Some(from), term_years: Some(3), ..branch(5, 0, &SECRETARY) });
        assert_eq!(with_term(date(2024, 5, 23)), ["ORG-06"]); // 180 days left
        assert_eq!(with_term(date(2024, 5, 24)), [""; 0]); // 181 days left
        assert_eq!(with_term(date(2023, 11, 23)), ["ORG-06"]); // a day late
        assert_eq!(next_election(date(2024, 2, 29), 3), date(2027, 3, 1));
    }

    #[test]
    fn org_09_a_vacant_secretary_is_named() {
        let vacant = |day| Structure { secretary_left: Some(day), ..branch(5, 0, &[]) };
        let left = |day| warnings(&vacant(day), &Measures::default(), TODAY);
        assert!(left(date(2026, 8, 25))[0].message.contains("超过 90 天"));
        assert!(!left(date(2026, 8, 26))[0].message.contains("超过"));
    }

    #[test]
    fn org_06_and_09_an_enterprises_own_numbers_count() {
        let mut own = Measures::default();
        own.set(Measure::VacancyDays, 60, TODAY).unwrap();
        own.set(Measure::TermLead, 200, TODAY).unwrap();
        let vacant = Structure { secretary_left: Some(date(2026, 9, 24)), ..branch(5, 0, &[]) };
        assert!(warnings(&vacant, &own, TODAY)[0].message.contains("空缺已 61 天，超过 60 天"));
        assert!(!warnings(&vacant, &Measures::default(), TODAY)[0].message.contains("超过"));
        let ends = |from| Structure { term_from: Some(from), term_years: Some(3), ..branch(5, 0, &SECRETARY) };
        assert_eq!(warnings(&ends(date(2024, 6, 12)), &own, TODAY).len(), 1, "200 days left");
        assert!(warnings(&ends(date(2024, 6, 13)), &own, TODAY).is_empty(), "201 days left");
    }

    #[test]
    fn org_10_what_may_stand_below_what() {
        assert!(OrgKind::Committee.may_contain(OrgKind::Branch));
        assert!(OrgKind::Committee.may_contain(OrgKind::Committee));
        assert!(!OrgKind::Committee.may_contain(OrgKind::Group));
        assert!(!OrgKind::GeneralBranch.may_contain(OrgKind::Committee));
        assert!(OrgKind::Branch.may_contain(OrgKind::Group));
        assert!(!OrgKind::Branch.may_contain(OrgKind::Branch));
        assert!(!OrgKind::Group.may_contain(OrgKind::Group));
    }

    #[test]
    fn vote_03_a_probationary_member_is_not_elected() {
        assert!(PostKind::Secretary.may_be_held_in(Stage::Full));
        assert!(!PostKind::CommitteeMember.may_be_held_in(Stage::Probationary));
        assert!(PostKind::GroupLeader.may_be_held_in(Stage::Probationary));
        assert!(!PostKind::GroupLeader.may_be_held_in(Stage::Candidate));
    }

    #[test]
    fn codes_and_keys_are_read_back() {
        for kind in OrgKind::ALL {
            assert_eq!(OrgKind::from_code(kind.code()), Some(*kind));
            assert_eq!(OrgKind::from_key(kind.key()), Some(*kind));
            assert_eq!(OrgKind::parse(kind.name()), Some(*kind));
            assert_eq!(OrgKind::of_name(&format!("某某{}", kind.name())), Some(*kind));
        }
        for post in PostKind::ALL {
            assert_eq!(PostKind::from_code(post.code()), Some(*post));
            assert_eq!(PostKind::from_key(post.key()), Some(*post));
        }
    }
}

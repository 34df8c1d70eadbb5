//! Where the value of a field is known from, so that nobody types what the register already has.

macro_rules! sources {
    ($($(#[$meta:meta])* $name:ident $key:literal $word:literal),+ $(,)?) => {
        /// Where a field's value is known from.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Source { $(#[doc = $word] $name),+ }

        impl Source {
            /// All sources.
            pub const ALL: &'static [Source] = &[$(Source::$name),+];
            /// The identifier used in the library and in JSON.
            pub fn key(self) -> &'static str { match self { $(Source::$name => $key),+ } }
            /// Said beside a field that was filled in from it.
            pub fn name(self) -> &'static str { match self { $(Source::$name => $word),+ } }
        }
    };
}

sources! {
    Org "org" "党组织名称",
    Superior "superior" "上级党组织名称",
    Secretary "secretary" "书记姓名",
    Committee "committee" "支部委员会成员姓名",
    MemberCount "member_count" "党员人数",
    FullCount "full_count" "正式党员人数",
    MemberRows "member_rows" "党员名单",
    CommitteeRows "committee_rows" "支部委员会成员名单",
    TermFrom "term_from" "本届任期开始日期",
    TermTo "term_to" "本届任期届满日期",
    Today "today" "今天的日期",
    Year "year" "今年的年份",
    PersonName "person_name" "所选人员的姓名",
    PersonGender "person_gender" "所选人员的性别",
    PersonEthnicity "person_ethnicity" "所选人员的民族",
    PersonBorn "person_born" "所选人员的出生年月",
    PersonEducation "person_education" "所选人员的学历",
    PersonStage "person_stage" "所选人员的人员类别",
    PersonApplied "person_applied" "所选人员的申请入党时间",
    PersonJoined "person_joined" "所选人员的入党时间",
    PersonPost "person_post" "所选人员的行政职务（工作岗位）",
}

impl Source {
    /// The source of an identifier.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|source| source.key() == key)
    }

    /// Whether a person must be chosen before it is known.
    pub fn is_of_person(self) -> bool {
        self.key().starts_with("person_")
    }
}

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
    MeetingTitle "meeting_title" "会议名称",
    MeetingDate "meeting_date" "会议日期",
    MeetingTime "meeting_time" "开会时间",
    MeetingHours "meeting_hours" "会议起止时间",
    MeetingPlace "meeting_place" "会议地点",
    MeetingHost "meeting_host" "主持人（未选会议时为书记）",
    MeetingRecorder "meeting_recorder" "会议记录人",
    MeetingLearning "meeting_learning" "会议计入的学时",
    MeetingExpected "meeting_expected" "应到人数",
    MeetingPresent "meeting_present" "实到人数",
    MeetingVoters "meeting_voters" "有表决权的应到人数",
    MeetingVotersPresent "meeting_voters_present" "有表决权的实到人数",
    MeetingAbsent "meeting_absent" "缺席人员及原因",
    MeetingGuests "meeting_guests" "列席人员",
    MeetingItems "meeting_items" "会议议题",
    MeetingResolutions "meeting_resolutions" "会议决议",
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

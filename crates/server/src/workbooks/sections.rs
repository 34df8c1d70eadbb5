//! The parts of a work book, the same on screen and on paper. Names stand only where the book is about who was there in office: the
//! list of members, the committee, who chaired. What concerns single persons is counted.

use super::facts::Facts;
use jiff::civil::Date;
use rules::activity::Activity;
use rules::codes::Stage;
use rules::meeting::MeetingState;
use serde::Serialize;
use store::{BookRecord, MeetingRow, Post};
use utoipa::ToSchema;

/// The kinds of meetings, in the order of a work book.
const MEETINGS: [Activity; 8] = [
    Activity::MembersMeeting,
    Activity::CommitteeMeeting,
    Activity::GroupMeeting,
    Activity::PartyLecture,
    Activity::ThemeDay,
    Activity::OrganisationLifeMeeting,
    Activity::DemocraticAppraisal,
    Activity::HeartTalk,
];

/// A part of a work book: facts, then a table, or the words that stand where there is nothing.
#[derive(Serialize, ToSchema)]
#[schema(as = BookSection)]
pub(super) struct Section {
    /// Names it for the page.
    pub(super) key: String,
    pub(super) title: String,
    pub(super) facts: Vec<Fact>,
    /// The names of the table's columns.
    pub(super) head: Vec<String>,
    pub(super) rows: Vec<Vec<String>>,
    /// Shares of the width, one a column.
    pub(super) widths: Vec<u16>,
    /// What is said when there is nothing.
    pub(super) empty: String,
}

/// What is known of something.
#[derive(Serialize, ToSchema)]
#[schema(as = BookFact)]
pub(super) struct Fact {
    pub(super) name: String,
    pub(super) value: String,
}

impl Section {
    fn new(key: &str, title: impl Into<String>, empty: &str) -> Self {
        let (facts, head, rows, widths) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Section { key: key.to_owned(), title: title.into(), facts, head, rows, widths, empty: empty.to_owned() }
    }

    fn fact(&mut self, name: &str, value: impl Into<String>) {
        let value = value.into();
        if !value.is_empty() {
            self.facts.push(Fact { name: name.to_owned(), value });
        }
    }

    fn table<const N: usize>(mut self, columns: [(&str, u16); N], rows: Vec<[String; N]>) -> Self {
        self.head = columns.iter().map(|(name, _)| (*name).to_owned()).collect();
        self.widths = columns.iter().map(|(_, width)| *width).collect();
        self.rows = rows.into_iter().map(Vec::from).collect();
        self
    }

    pub(super) fn is_empty(&self) -> bool {
        self.facts.is_empty() && self.rows.is_empty()
    }
}

/// Every part, in order.
pub(super) fn of(facts: &Facts) -> Vec<Section> {
    let mut sections = vec![branch(facts), committee(facts), members(facts), plan(facts), summary(facts)];
    sections.extend(MEETINGS.iter().map(|kind| meetings(facts, *kind)).filter(|section| !section.is_empty()));
    sections.extend([resolutions(facts), development(facts), elections(facts), learning(facts), dues(facts)]);
    sections
}

fn day(day: Option<Date>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}

fn branch(facts: &Facts) -> Section {
    let (org, mut section) = (&facts.org, Section::new("branch", "支部基本情况", "没有登记。"));
    let at = |stage| facts.members.iter().filter(|member| member.stage == stage).count();
    section.fact("名称", &org.name);
    section.fact("组织编码", &org.code);
    section.fact("类别", org.kind.name());
    section.fact("所在单位", org.unit_name.clone().unwrap_or_default());
    section.fact("成立日期", day(org.founded_on));
    section.fact("本届起始", day(org.term_from));
    section.fact("每届任期", org.term_years.map(|years| format!("{years} 年")).unwrap_or_default());
    section.fact("正式党员", format!("{} 人", at(Stage::Full)));
    section.fact("预备党员", format!("{} 人", at(Stage::Probationary)));
    section.fact("统计日期", facts.until.to_string());
    section
}

fn committee(facts: &Facts) -> Section {
    let mut posts: Vec<&Post> = facts.posts.iter().collect();
    posts.sort_by_key(|post| (post.post.code(), post.from));
    let row = |post: &&Post| {
        let to = post.to.filter(|to| *to <= facts.until).map_or_else(|| "在任".to_owned(), |to| to.to_string());
        [post.post.name().to_owned(), post.person_name.clone(), post.from.to_string(), to]
    };
    Section::new("committee", "支部委员会", "还没有登记书记、委员。")
        .table([("职务", 3), ("姓名", 3), ("任职日期", 3), ("免职日期", 3)], posts.iter().map(row).collect())
}

fn members(facts: &Facts) -> Section {
    let rows = (1..).zip(&facts.members).map(|(at, member): (usize, _)| {
        let joined = member.joined_on.map(|on| on.to_string()).unwrap_or_default();
        [at.to_string(), member.name.clone(), joined, member.stage.name().to_owned()]
    });
    Section::new("members", "党员名册", "名册里没有党员。")
        .table([("序号", 1), ("姓名", 3), ("入党日期", 3), ("类别", 3)], rows.collect())
}

/// Whether it took place, so far as is recorded.
fn is_held(meeting: &MeetingRow) -> bool {
    matches!(meeting.state, MeetingState::Closed | MeetingState::Confirmed | MeetingState::Archived)
}

/// What a meeting is called in the book: what a talk was about is between those who talked.
fn title_of(meeting: &MeetingRow) -> String {
    if meeting.activities.contains(&Activity::HeartTalk) {
        return Activity::HeartTalk.name().to_owned();
    }
    meeting.title.clone()
}

fn kinds(meeting: &MeetingRow) -> String {
    meeting.activities.iter().map(|kind| kind.name()).collect::<Vec<_>>().join("、")
}

fn plan(facts: &Facts) -> Section {
    let ahead = facts.meetings.iter().filter(|meeting| !is_held(meeting) && meeting.state != MeetingState::Cancelled);
    let row = |meeting: &MeetingRow| {
        [meeting.on.to_string(), title_of(meeting), kinds(meeting), meeting.state.name().to_owned()]
    };
    Section::new("plan", "工作计划", "没有待召开的会议。")
        .table([("日期", 3), ("会议", 5), ("类别", 5), ("状态", 2)], ahead.map(row).collect())
}

fn share(present: u32, expected: u32) -> String {
    if expected == 0 { String::new() } else { format!("{:.1}%", f64::from(present) * 100.0 / f64::from(expected)) }
}

/// How often each kind was held and how many came.
fn summary(facts: &Facts) -> Section {
    let of = |kind: &Activity| {
        let held = facts.meetings.iter().filter(|meeting| is_held(meeting) && meeting.activities.contains(kind));
        let (mut times, mut expected, mut present) = (0_u32, 0, 0);
        for meeting in held {
            times += 1;
            expected += meeting.heard.expected;
            present += meeting.heard.present;
        }
        [kind.name().to_owned(), times.to_string(), expected.to_string(), present.to_string(), share(present, expected)]
    };
    let rows: Vec<_> = MEETINGS.iter().map(of).filter(|row| row[1] != "0").collect();
    Section::new("summary", "组织生活统计", "这一年还没有会议记录。")
        .table([("类别", 4), ("次数", 2), ("应到人次", 2), ("实到人次", 2), ("到会率", 2)], rows)
}

fn meetings(facts: &Facts, kind: Activity) -> Section {
    let held = facts.meetings.iter().filter(|meeting| is_held(meeting) && meeting.activities.contains(&kind));
    let row = |meeting: &MeetingRow| {
        let mut title = title_of(meeting);
        if meeting.org != facts.org.id {
            title = format!("{title}（{}）", meeting.org_name);
        }
        if meeting.state != MeetingState::Archived {
            title.push_str("（未归档）");
        }
        [
            meeting.on.to_string(),
            title,
            facts.hosts.get(&meeting.id).cloned().unwrap_or_default(),
            meeting.heard.expected.to_string(),
            meeting.heard.present.to_string(),
        ]
    };
    Section::new(kind.key(), kind.name(), "")
        .table([("日期", 3), ("会议", 7), ("主持人", 2), ("应到", 1), ("实到", 1)], held.map(row).collect())
}

fn resolutions(facts: &Facts) -> Section {
    let rows = facts.resolutions.iter().filter_map(|one| {
        let meeting = facts.meetings.iter().find(|meeting| meeting.id == one.meeting && is_held(meeting))?;
        let counts = [one.in_favour, one.against, one.abstained].map(|count| count.to_string());
        let [in_favour, against, abstained] = counts;
        Some([meeting.on.to_string(), one.kind.name().to_owned(), one.text.clone(), in_favour, against, abstained])
    });
    Section::new("resolutions", "决议和表决", "这一年没有决议。")
        .table([("日期", 3), ("事项", 3), ("内容", 7), ("赞成", 1), ("反对", 1), ("弃权", 1)], rows.collect())
}

fn counted<'f>(facts: &'f Facts, prefix: &'f str) -> impl Iterator<Item = &'f BookRecord> {
    facts.records.iter().filter(move |record| record.activity.rule().starts_with(prefix))
}

/// Steps of cases by day, as counts: a member's book does not say who is being looked at.
fn development(facts: &Facts) -> Section {
    let row = |record: &BookRecord| {
        [record.on.to_string(), record.activity.name().to_owned(), format!("{} 人", record.times)]
    };
    Section::new("development", "发展党员工作", "这一年没有发展党员的记录。")
        .table([("日期", 3), ("工作", 6), ("人数", 2)], counted(facts, "DEV-").map(row).collect())
}

fn elections(facts: &Facts) -> Section {
    let row = |row: &store::ElectionRow| {
        let (kind, state) = (row.kind.name().to_owned(), row.state.name().to_owned());
        [kind, row.planned_on.to_string(), day(row.held_on), state]
    };
    Section::new("elections", "换届选举", "这一年没有换届或补选。")
        .table([("类别", 3), ("计划日期", 3), ("选举日期", 3), ("状态", 3)], facts.elections.iter().map(row).collect())
}

/// Tenths of hours as hours.
fn hours(tenths: i64) -> String {
    format!("{}.{}", tenths / 10, tenths % 10)
}

fn learning(facts: &Facts) -> Section {
    let mut section = Section::new("learning", "学习培训", "这一年还没有学时记录。");
    let total: i64 = facts.learning.iter().map(|sum| sum.tenths).sum();
    if total > 0 {
        let everybody = i64::try_from(facts.members.len()).unwrap_or(i64::MAX).max(1);
        section.fact("有学时的党员", format!("{} 人", facts.learning.len()));
        section.fact("总学时", hours(total));
        section.fact("人均学时", hours(total / everybody));
    }
    section
}

fn dues(facts: &Facts) -> Section {
    let row = |dues: &store::BookDues| {
        let month = format!("{} 月", dues.month);
        [month, dues.people.to_string(), dues.open.to_string(), day(dues.settled_on), day(dues.handed_on)]
    };
    Section::new("dues", "党费收缴", "这一年还没有党费收缴记录。").table(
        [("月份", 2), ("应交人数", 2), ("未交人数", 2), ("收齐日期", 3), ("上交日期", 3)],
        facts.dues.iter().map(row).collect(),
    )
}

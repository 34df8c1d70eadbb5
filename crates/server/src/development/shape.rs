//! What requests and answers about cases hold. Only shapes; nothing is read or decided.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// 由谁办.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum StepActor {
    /// 申请人; the branch enters it.
    Applicant,
    /// 党支部.
    Branch,
    /// 上级党委.
    Superior,
}

/// What a field of a step holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum StepFieldKind {
    Date,
    Text,
    LongText,
    Number,
    Choice,
    Persons,
    Org,
    Vote,
}

/// One of the values that a field may have.
#[derive(Serialize, ToSchema)]
pub(crate) struct StepChoice {
    pub(crate) key: String,
    pub(crate) name: String,
}

/// A field of a step's form.
#[derive(Serialize, ToSchema)]
pub(crate) struct StepField {
    pub(crate) key: String,
    pub(crate) label: String,
    pub(crate) kind: StepFieldKind,
    pub(crate) required: bool,
    pub(crate) hint: Option<String>,
    pub(crate) choices: Vec<StepChoice>,
    /// How many persons, or the smallest number.
    pub(crate) least: Option<i64>,
    /// How many persons, or the largest number.
    pub(crate) most: Option<i64>,
    /// Shown only while another field has this value.
    pub(crate) only_if: Option<FieldIs>,
}

/// Another field's value: one of these.
#[derive(Serialize, ToSchema)]
pub(crate) struct FieldIs {
    pub(crate) field: String,
    pub(crate) values: Vec<String>,
}

/// A paper that belongs to a step.
#[derive(Serialize, ToSchema)]
pub(crate) struct StepPaper {
    pub(crate) key: String,
    pub(crate) name: String,
    pub(crate) required: bool,
    /// When it is needed, or how it is written.
    pub(crate) note: Option<String>,
    /// The document that can be generated for it.
    pub(crate) template: Option<String>,
    /// Needed only while a field has this value.
    pub(crate) only_if: Option<FieldIs>,
}

/// How a step is done.
#[derive(Serialize, ToSchema)]
pub(crate) struct StepGuide {
    pub(crate) what: String,
    pub(crate) who: String,
    pub(crate) when: String,
    pub(crate) steps: Vec<String>,
    pub(crate) papers: Vec<String>,
    pub(crate) mistakes: Vec<String>,
}

/// One of the twenty-five steps.
#[derive(Serialize, ToSchema)]
pub(crate) struct DevelopmentStep {
    /// 1 to 25.
    pub(crate) n: u8,
    pub(crate) key: String,
    pub(crate) rule: String,
    pub(crate) name: String,
    /// 1 to 5.
    pub(crate) stage: u8,
    pub(crate) actor: StepActor,
    pub(crate) actor_name: String,
    pub(crate) guide: StepGuide,
    /// What the day of the step is called.
    pub(crate) on_label: String,
    pub(crate) fields: Vec<StepField>,
    pub(crate) papers: Vec<StepPaper>,
}

/// One of the five stages.
#[derive(Serialize, ToSchema)]
pub(crate) struct DevelopmentStage {
    /// 1 to 5.
    pub(crate) n: u8,
    pub(crate) name: String,
    pub(crate) steps: Vec<DevelopmentStep>,
}

/// The steps by stages.
#[derive(Serialize, ToSchema)]
pub(crate) struct StageList {
    pub(crate) items: Vec<DevelopmentStage>,
}

/// 表决 by VOTE-01 to VOTE-04.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(crate) struct VoteCounts {
    /// 应到会有表决权人数.
    pub(crate) expected_voters: u32,
    /// 到会有表决权人数.
    pub(crate) present_voters: u32,
    /// 会前提交的书面意见.
    pub(crate) written: u32,
    pub(crate) in_favour: u32,
    pub(crate) against: u32,
    pub(crate) abstained: u32,
}

/// A value of a step's form: a text, a date as 2026-03-05 or a key; a number; ids of persons; a vote.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum StepValue {
    Text(String),
    Number(i64),
    Persons(Vec<String>),
    Vote(VoteCounts),
}

/// 卷宗状态.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CaseState {
    /// 在办.
    Open,
    /// 暂缓.
    Suspended,
    /// 已转正并归档.
    Finished,
    /// 终止.
    Ended,
}

/// A case in a list.
#[derive(Serialize, ToSchema)]
pub(crate) struct CaseRow {
    pub(crate) id: String,
    pub(crate) version: i64,
    pub(crate) person_id: String,
    pub(crate) person_name: String,
    pub(crate) person_stage_name: String,
    pub(crate) org_id: String,
    pub(crate) org_name: String,
    pub(crate) state: CaseState,
    /// 1 to 5.
    pub(crate) stage: u8,
    /// The step to be taken next; none when there is none.
    pub(crate) step: Option<u8>,
    pub(crate) step_name: Option<String>,
    pub(crate) waits_for: Option<StepActor>,
    /// Whether the next step is for this account's own organisation to take.
    pub(crate) mine: bool,
    /// The day of the last step.
    pub(crate) last_on: String,
    /// Until when the next step is to be taken, where a rule says so.
    pub(crate) due: Option<String>,
    pub(crate) overdue_days: Option<i32>,
}

/// A page of cases, those longest without a step first.
#[derive(Serialize, ToSchema)]
pub(crate) struct CaseList {
    pub(crate) items: Vec<CaseRow>,
    pub(crate) next: Option<String>,
}

/// How many cases a stage has.
#[derive(Serialize, ToSchema)]
pub(crate) struct StageCount {
    pub(crate) stage: u8,
    pub(crate) name: String,
    pub(crate) cases: i64,
    /// Of these, those that wait for the superior.
    pub(crate) at_superior: i64,
    /// Of these, those whose time limit is over.
    pub(crate) overdue: i64,
}

/// Cases counted.
#[derive(Serialize, ToSchema)]
pub(crate) struct CaseCounts {
    pub(crate) stages: Vec<StageCount>,
    pub(crate) suspended: i64,
    pub(crate) finished: i64,
    pub(crate) ended: i64,
}

/// A labelled value, in words.
#[derive(Serialize, ToSchema)]
pub(crate) struct CaseFact {
    pub(crate) label: String,
    pub(crate) value: String,
}

/// A file of a step.
#[derive(Serialize, ToSchema)]
pub(crate) struct CaseFile {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) size: i64,
    pub(crate) media_type: String,
    pub(crate) uploaded_at: i64,
    pub(crate) uploaded_by: String,
}

/// A paper of a step with the files that are there.
#[derive(Serialize, ToSchema)]
pub(crate) struct CasePaper {
    pub(crate) key: String,
    pub(crate) name: String,
    pub(crate) required: bool,
    pub(crate) note: Option<String>,
    pub(crate) template: Option<String>,
    /// Needed only while a field has this value.
    pub(crate) only_if: Option<FieldIs>,
    pub(crate) files: Vec<CaseFile>,
}

/// A step that was taken.
#[derive(Serialize, ToSchema)]
pub(crate) struct StepTaken {
    pub(crate) on: String,
    pub(crate) facts: Vec<CaseFact>,
    pub(crate) done_by: String,
    pub(crate) done_at: i64,
    /// What came of it, where that is not that it was done.
    pub(crate) outcome_name: Option<String>,
    /// What was continued with although a rule warns of it.
    pub(crate) warnings: Vec<String>,
    /// Why it was continued with.
    pub(crate) reason: Option<String>,
    /// The meeting whose vote it rests on.
    pub(crate) meeting_id: Option<String>,
    /// A vote whose counts were written in by hand, without a meeting recorded here.
    pub(crate) by_hand: bool,
    pub(crate) papers: Vec<CasePaper>,
}

/// Where a step of a case stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum StepState {
    Done,
    Now,
    Later,
}

/// A step of a case. What it is stands with the steps themselves.
#[derive(Serialize, ToSchema)]
pub(crate) struct CaseStep {
    pub(crate) n: u8,
    pub(crate) state: StepState,
    /// Until when it is to be taken, where a rule says so.
    pub(crate) due: Option<String>,
    pub(crate) overdue_days: Option<i32>,
    /// Once for most steps; reviews are repeated.
    pub(crate) taken: Vec<StepTaken>,
}

/// What a rule says against a step as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct StepRefusal {
    pub(crate) rule: Option<String>,
    pub(crate) code: String,
    /// `on`, a field of the step, or `paper:` and a paper of it; none when it is about the step as a whole.
    pub(crate) field: Option<String>,
    pub(crate) message: String,
    /// A warning: the step may be taken, with a reason.
    pub(crate) warning: bool,
}

/// A step that may be taken now.
#[derive(Serialize, ToSchema)]
pub(crate) struct StepNow {
    pub(crate) n: u8,
    /// Whether this account may take it.
    pub(crate) may: bool,
    /// Why this account may not.
    pub(crate) why_not: Option<String>,
    /// The earliest day allowed.
    pub(crate) from: String,
    /// The latest day allowed: today.
    pub(crate) to: String,
    /// What is against it before anything is filled in: a period not over, a paper missing.
    pub(crate) refusals: Vec<StepRefusal>,
    /// What can be filled in beforehand.
    pub(crate) values: BTreeMap<String, StepValue>,
    /// The names of the persons in it, by id.
    pub(crate) names: BTreeMap<String, String>,
    /// The groups of the branch, where the step asks for one.
    pub(crate) orgs: Vec<StepChoice>,
    /// The papers to be put in, with those that are there.
    pub(crate) papers: Vec<CasePaper>,
    /// The votes of recorded meetings, one of which the step rests on (DEV-15, DEV-23); none: the counts are written in by hand.
    pub(crate) votes: Vec<StepVote>,
}

/// A vote of a recorded meeting that a step can rest on.
#[derive(Serialize, ToSchema)]
pub(crate) struct StepVote {
    pub(crate) meeting_id: String,
    pub(crate) on: String,
    /// Whether the record is archived: before that it cannot be used.
    pub(crate) archived: bool,
    pub(crate) counts: VoteCounts,
}

/// 预备期.
#[derive(Serialize, ToSchema)]
pub(crate) struct Probation {
    pub(crate) from: String,
    pub(crate) until: String,
    pub(crate) extended: bool,
    /// Days until it is over; negative when it is.
    pub(crate) days_left: i32,
}

/// How a case ended, or why it rests.
#[derive(Serialize, ToSchema)]
pub(crate) struct CaseEnd {
    pub(crate) on: String,
    /// None while the case only rests.
    pub(crate) kind_name: Option<String>,
    pub(crate) reason: String,
}

/// What else this account may do with the case.
#[derive(Serialize, ToSchema)]
pub(crate) struct CaseActions {
    /// The step that may be taken back.
    pub(crate) back: Option<u8>,
    pub(crate) end: bool,
    pub(crate) suspend: bool,
    pub(crate) resume: bool,
    pub(crate) transfer: bool,
    pub(crate) papers: bool,
}

/// A case, whole.
#[derive(Serialize, ToSchema)]
pub(crate) struct DevelopmentCase {
    #[serde(flatten)]
    pub(crate) row: CaseRow,
    pub(crate) opened_at: i64,
    pub(crate) steps: Vec<CaseStep>,
    /// The step to be taken next.
    pub(crate) now: Option<StepNow>,
    /// Steps that may be taken once more beside it: reviews, other mentors.
    pub(crate) again: Vec<StepNow>,
    pub(crate) probation: Option<Probation>,
    pub(crate) end: Option<CaseEnd>,
    pub(crate) actions: CaseActions,
}

/// An application to be registered: of somebody in the register, or of somebody new.
#[derive(Deserialize, ToSchema)]
pub(crate) struct CaseNew {
    pub(crate) org_id: Option<String>,
    /// Somebody in the register who is no member.
    pub(crate) person_id: Option<String>,
    /// Otherwise the dossier of somebody new, by field.
    pub(crate) fields: Option<BTreeMap<String, String>>,
    /// 递交入党申请书的日期.
    pub(crate) on: String,
}

/// A step as it is filled in.
#[derive(Deserialize, ToSchema)]
pub(crate) struct StepForm {
    pub(crate) version: i64,
    pub(crate) on: String,
    pub(crate) values: BTreeMap<String, StepValue>,
    /// Why the step is taken although a rule warns of it.
    pub(crate) reason: Option<String>,
}

/// What would be said to a step as filled in so far.
#[derive(Serialize, ToSchema)]
pub(crate) struct StepVerdict {
    pub(crate) refusals: Vec<StepRefusal>,
}

/// A reason for a change of the case.
#[derive(Deserialize, ToSchema)]
pub(crate) struct CaseReason {
    pub(crate) version: i64,
    pub(crate) reason: String,
}

/// How a case ends before its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum EndKind {
    /// 本人撤回申请.
    Withdrawn,
    /// 支部大会未通过.
    VoteFailed,
    /// 政治审查不合格.
    ReviewFailed,
    /// 上级党委不批准.
    NotApproved,
    /// 调离本企业.
    Left,
    /// 其他.
    Other,
}

/// The end of a case.
#[derive(Deserialize, ToSchema)]
pub(crate) struct CaseEnding {
    pub(crate) version: i64,
    pub(crate) kind: EndKind,
    pub(crate) on: String,
    pub(crate) reason: String,
}

/// A case that goes with its person to another branch.
#[derive(Deserialize, ToSchema)]
pub(crate) struct CaseTransfer {
    pub(crate) version: i64,
    pub(crate) org_id: String,
    pub(crate) on: String,
    pub(crate) reason: String,
}

/// A step of one's own way.
#[derive(Serialize, ToSchema)]
pub(crate) struct OwnStep {
    pub(crate) n: u8,
    pub(crate) name: String,
    pub(crate) stage: u8,
    pub(crate) stage_name: String,
    pub(crate) state: StepState,
    pub(crate) on: Option<String>,
}

/// What is one's own to do next.
#[derive(Serialize, ToSchema)]
pub(crate) struct OwnNext {
    pub(crate) step_name: String,
    pub(crate) waits_for: StepActor,
    /// What to do oneself, or for whom one waits.
    pub(crate) advice: String,
    pub(crate) due: Option<String>,
}

/// One's own case; without steps when there is none.
#[derive(Serialize, ToSchema)]
pub(crate) struct OwnCase {
    pub(crate) org_name: Option<String>,
    pub(crate) state: Option<CaseState>,
    pub(crate) steps: Vec<OwnStep>,
    pub(crate) next: Option<OwnNext>,
    pub(crate) probation: Option<Probation>,
}

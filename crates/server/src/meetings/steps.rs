//! The steps of a meeting: notice, opening, agenda, votes, closing, confirmation, archive, and back.

use super::shape::{MeetingDetail, RefusalShown, result_key};
use super::words::arithmetic;
use super::{detail, meeting_for, view_for};
use crate::body::{Body, Faults, Params, Segment, plain};
use crate::signed::Signed;
use crate::{App, Problem};
use axum::Json;
use axum::extract::State;
use jiff::civil::Date;
use rules::access::Action;
use rules::activity::Activity;
use rules::ids::{CaseId, ItemId, MeetingId, ResolutionId};
use rules::meeting::{Command, ItemDraft, VoteCount, VoteKind};
use serde::{Deserialize, Serialize};
use store::StoreError;
use utoipa::{IntoParams, ToSchema};

/// An item of the agenda with its notes.
#[derive(Deserialize, ToSchema)]
pub(super) struct ItemBody {
    /// Which; left out for a new one.
    id: Option<String>,
    /// Which of the meeting's activities it belongs to.
    activity: Option<String>,
    title: String,
    /// 发言要点.
    #[serde(default)]
    notes: String,
}

/// A resolution with its counts.
#[derive(Deserialize, ToSchema)]
pub(super) struct ResolutionBody {
    /// Which; left out for a new one.
    id: Option<String>,
    /// The item it was resolved under.
    item: String,
    /// `admission`, `conversion`, `ordinary` or `opinion`.
    kind: String,
    text: String,
    /// What it decides on elsewhere: `case` or `election`, with its id.
    subject_kind: Option<String>,
    subject_id: Option<String>,
    #[serde(default)]
    written: u32,
    in_favour: u32,
    #[serde(default)]
    against: u32,
    #[serde(default)]
    abstained: u32,
}

/// A step. Each names the version of the meeting it is based on.
#[derive(Deserialize, ToSchema)]
#[serde(tag = "step", rename_all = "snake_case")]
pub(super) enum MeetingStep {
    Notice { version: i64, on: Option<String>, reason: Option<String> },
    Postpone { version: i64, on: String, at: Option<String>, reason: String },
    Cancel { version: i64, reason: String },
    Open { version: i64, from: String, reason: Option<String> },
    Close { version: i64, to: String },
    Times { version: i64, from: String, to: String },
    Agenda { version: i64, items: Vec<ItemBody> },
    Resolve { version: i64, resolution: ResolutionBody },
    Unresolve { version: i64, id: String },
    NoResolution { version: i64, none: bool },
    Confirm { version: i64, reason: Option<String> },
    Archive { version: i64 },
    Reopen { version: i64, reason: String },
}

fn draft(faults: &mut Faults, at: usize, body: ItemBody) -> ItemDraft {
    let pointer = |field: &str| format!("/items/{at}/{field}");
    let given = |text: Option<String>| text.filter(|text| !text.is_empty());
    let id: Option<ItemId> =
        given(body.id).and_then(|id| faults.parsed(&pointer("id"), "bad_request", &id, "议题有误。请刷新页面后重试。"));
    let activity = given(body.activity).and_then(|key| {
        let found = Activity::from_key(&key);
        if found.is_none() {
            let message = format!("没有「{key}」这种会议类型。请从列表中选择。");
            faults.add(&pointer("activity"), "unknown_code", message);
        }
        found
    });
    ItemDraft { id, activity, title: plain(&body.title), notes: plain(&body.notes) }
}

fn vote_kind(faults: &mut Faults, key: &str) -> VoteKind {
    VoteKind::from_key(key).unwrap_or_else(|| {
        faults.add("/kind", "unknown_code", "表决种类没有选定。请从列表中选择。");
        VoteKind::Ordinary
    })
}

fn resolution(faults: &mut Faults, body: ResolutionBody) -> Command {
    let again = "决议有误。请刷新页面后重试。";
    let id: Option<ResolutionId> = body.id.and_then(|id| faults.parsed("/id", "bad_request", &id, again));
    let item = faults.parsed("/item", "missing_required", &body.item, "没有选决议属于哪一项议题。请选择。");
    let kind = vote_kind(faults, &body.kind);
    let subject = match (body.subject_kind, body.subject_id) {
        (None, None) => None,
        (Some(kind), Some(id)) if ["case", "election"].contains(&kind.as_str()) => {
            faults.parsed("/subject", "bad_request", &id, again).map(|id| (kind, id))
        }
        _ => {
            faults.add("/subject", "bad_request", again);
            None
        }
    };
    Command::PutResolution {
        id,
        item: item.unwrap_or(ItemId(0)),
        kind,
        text: plain(&body.text),
        subject,
        written: body.written,
        in_favour: body.in_favour,
        against: body.against,
        abstained: body.abstained,
    }
}

/// The command that a step says; none when something cannot be read, which is then among the faults.
fn command_of(step: MeetingStep, faults: &mut Faults, signed: &Signed, today: Date) -> (i64, Option<Command>) {
    match step {
        MeetingStep::Notice { version, on, reason } => {
            let on = faults.date_opt("/on", "通知日期", on.as_deref()).unwrap_or(today);
            (version, Some(Command::Notice { on, reason: faults.reason_opt(reason.as_deref()) }))
        }
        MeetingStep::Postpone { version, on, at, reason } => {
            let on = faults.date("/on", "改期后的日期", &on);
            let at = faults.time_opt("/at", "开会时间", at.as_deref());
            let reason = faults.reason(&reason);
            (version, on.map(|on| Command::Postpone { on, at, reason }))
        }
        MeetingStep::Cancel { version, reason } => (version, Some(Command::Cancel { reason: faults.reason(&reason) })),
        MeetingStep::Open { version, from, reason } => {
            let from = faults.time("/from", "开会时间", &from);
            let reason = faults.reason_opt(reason.as_deref());
            (version, from.map(|from| Command::Open { from, reason }))
        }
        MeetingStep::Close { version, to } => {
            (version, faults.time("/to", "散会时间", &to).map(|to| Command::Close { to }))
        }
        MeetingStep::Times { version, from, to } => {
            let times = faults.time("/from", "开会时间", &from).zip(faults.time("/to", "散会时间", &to));
            (version, times.map(|(from, to)| Command::CorrectTimes { from, to }))
        }
        MeetingStep::Agenda { version, items } => {
            let items = items.into_iter().enumerate().map(|(at, item)| draft(faults, at, item)).collect();
            (version, Some(Command::PutAgenda(items)))
        }
        MeetingStep::Resolve { version, resolution: body } => (version, Some(resolution(faults, body))),
        MeetingStep::Unresolve { version, id } => {
            let id = faults.parsed("/id", "bad_request", &id, "决议有误。请刷新页面后重试。");
            (version, id.map(Command::RemoveResolution))
        }
        MeetingStep::NoResolution { version, none } => (version, Some(Command::NoResolution(none))),
        MeetingStep::Confirm { version, reason } => {
            let reason = faults.reason_opt(reason.as_deref());
            (version, Some(Command::Confirm { by: signed.actor.person, reason }))
        }
        MeetingStep::Archive { version } => (version, Some(Command::Archive)),
        MeetingStep::Reopen { version, reason } => (version, Some(Command::Reopen { reason: faults.reason(&reason) })),
    }
}

/// A resolution on a case is one on a case of the branch that meets; others are as good as not there.
async fn about_own_case(app: &App, signed: &Signed, id: MeetingId, command: &Command) -> Result<(), Problem> {
    let Command::PutResolution { subject: Some((kind, case)), .. } = command else { return Ok(()) };
    if kind != "case" {
        return Ok(());
    }
    let (_, path, _) = app.store.meeting_place(signed.root(), id).await?;
    let own = match app.store.case_org_path(signed.root(), CaseId(*case)).await {
        Ok(found) => found.starts_with(&path),
        Err(StoreError::NotFound(_)) => false,
        Err(error) => return Err(error.into()),
    };
    let mut faults = Faults::default();
    if !own {
        faults.add("/subject", "unknown_case", "所选卷宗不在开会的党支部。请重新选择。");
    }
    faults.check()
}

/// 办理会议的一步：通知、改期、取消、开会、议题和记录、表决、散会、确认、归档、退回修改。
#[utoipa::path(post, path = "/api/meetings/{id}/steps", tag = "meetings", params(("id" = String, Path)), request_body = MeetingStep, responses(
    (status = 200, body = MeetingDetail),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
pub(super) async fn step(
    State(app): State<App>,
    signed: Signed,
    Segment(id): Segment<MeetingId>,
    Body(body): Body<MeetingStep>,
) -> Result<Json<MeetingDetail>, Problem> {
    meeting_for(&app, &signed, Action::WorkDo, id).await?;
    let mut faults = Faults::default();
    let (version, command) = command_of(body, &mut faults, &signed, app.today());
    faults.check()?;
    let Some(command) = command else { return Err(Problem::not_found("会议")) };
    about_own_case(&app, &signed, id, &command).await?;
    app.store.act_on_meeting(&signed.actor, (id, Some(version)), &command, app.today()).await?;
    detail(&app, &signed, id).await
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct VoteQuery {
    /// `admission`, `conversion`, `ordinary` or `opinion`.
    kind: String,
    written: Option<u32>,
    in_favour: Option<u32>,
    against: Option<u32>,
    abstained: Option<u32>,
}

/// What would come of a vote with these counts.
#[derive(Serialize, ToSchema)]
pub(super) struct VoteWeighed {
    /// Why it is no vote; empty when it is one.
    refused: Vec<RefusalShown>,
    /// `passed`, `not_passed`; none while it is no vote.
    result: Option<String>,
    /// How the result follows from the counts.
    arithmetic: String,
}

/// 试算一次表决：按现在的到会人数，这样的票数是否有效、是否通过；不写入。
#[utoipa::path(get, path = "/api/meetings/{id}/vote", tag = "meetings", params(("id" = String, Path), VoteQuery), responses(
    (status = 200, body = VoteWeighed),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
pub(super) async fn weigh(
    State(app): State<App>,
    signed: Signed,
    Segment(id): Segment<MeetingId>,
    Params(query): Params<VoteQuery>,
) -> Result<Json<VoteWeighed>, Problem> {
    let view = view_for(&app, &signed, Action::WorkDo, id).await?;
    let mut faults = Faults::default();
    let kind = vote_kind(&mut faults, &query.kind);
    faults.check()?;
    let heard = view.meeting.heard();
    let count = VoteCount {
        expected_voters: heard.voters,
        present_voters: heard.voters_present,
        written: query.written.unwrap_or_default(),
        in_favour: query.in_favour.unwrap_or_default(),
        against: query.against.unwrap_or_default(),
        abstained: query.abstained.unwrap_or_default(),
    };
    Ok(Json(VoteWeighed {
        result: count.result(kind).ok().map(|result| result_key(result).to_owned()),
        arithmetic: arithmetic(&count, kind),
        refused: count.refusals(kind).into_iter().map(RefusalShown::from).collect(),
    }))
}

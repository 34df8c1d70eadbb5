//! What becomes of a meeting when something is done about it, or why it cannot be done.

mod ahead;
mod minutes;
mod resolve;
mod room;

use super::command::{Come, Command, Facts};
use super::missing::missing;
use super::model::{How, Meeting, MeetingState};
use super::plan::{LONGEST_LINE, required};
use crate::refusal::Refusal;
use MeetingState as S;
use ahead::{edit, notice, postpone};
use jiff::civil::Date;
pub(super) use minutes::agenda;
use minutes::{confirm, put_agenda, put_item, remove_item, reopen};
pub use resolve::voting_place;
use resolve::{no_resolution, put_resolution, remove_resolution};
use room::{absent, check_in, close, correct_times, forget, open, roll_call};

/// Most items of one meeting, most resolutions.
const MOST_ITEMS: usize = 50;

type Refusals = Vec<Refusal>;

/// The meeting after a command, or every reason why it is refused.
pub fn decide(meeting: &Meeting, command: &Command, facts: &Facts, today: Date) -> Result<Meeting, Refusals> {
    in_state(meeting.state, command)?;
    let mut next = meeting.clone();
    match command {
        Command::Edit(plan) => edit(&mut next, plan, facts, today)?,
        Command::Notice { on, reason } => notice(&mut next, *on, reason, facts, today)?,
        Command::Postpone { on, at, reason } => postpone(&mut next, (*on, *at), reason, today)?,
        Command::Cancel { reason } => {
            next.remark = given(reason, "取消原因")?;
            next.state = S::Cancelled;
        }
        Command::Open { from, reason } => open(&mut next, *from, reason, facts, today)?,
        Command::CheckIn { person, how, at } => check_in(&mut next, *person, how, *at, today)?,
        Command::Absent { person, reason } => absent(&mut next, *person, reason)?,
        Command::Forget { person } => forget(&mut next, *person, facts)?,
        Command::RollCall { entries, reason, at } => roll_call(&mut next, (entries, reason, *at), facts, today)?,
        Command::Close { to } => close(&mut next, *to)?,
        Command::PutItem(draft) => put_item(&mut next, draft, facts)?,
        Command::RemoveItem(id) => remove_item(&mut next, *id)?,
        Command::PutAgenda(drafts) => put_agenda(&mut next, drafts, facts)?,
        Command::PutResolution { .. } => put_resolution(&mut next, command, facts)?,
        Command::RemoveResolution(id) => remove_resolution(&mut next, *id)?,
        Command::NoResolution(none) => no_resolution(&mut next, *none)?,
        Command::CorrectTimes { from, to } => correct_times(&mut next, *from, *to)?,
        Command::Confirm { by, reason } => confirm(&mut next, *by, reason, today)?,
        Command::Archive => {
            complete(&next, today)?;
            next.state = S::Archived;
        }
        Command::Reopen { reason } => reopen(&mut next, reason)?,
    }
    Ok(next)
}

/// The states in which a command may be given.
fn in_state(state: MeetingState, command: &Command) -> Result<(), Refusals> {
    let allowed: &[MeetingState] = match command {
        Command::Edit(_) => &[S::Planned, S::Noticed, S::Open, S::Closed],
        Command::Notice { .. } => &[S::Planned],
        Command::Postpone { .. } => &[S::Planned, S::Noticed],
        Command::Cancel { .. } => &[S::Planned, S::Noticed, S::Open],
        Command::Open { .. } => &[S::Noticed],
        Command::CheckIn { how: How::Code | How::Link, .. } => &[S::Open],
        Command::CheckIn { how: How::Proxy(_), .. } => &[S::Open, S::Closed],
        Command::Absent { .. } | Command::Forget { .. } => &[S::Noticed, S::Open, S::Closed],
        Command::RollCall { entries, .. } if entries.iter().any(|(_, come)| *come == Come::Present) => {
            &[S::Open, S::Closed]
        }
        Command::RollCall { .. } => &[S::Noticed, S::Open, S::Closed],
        Command::Close { .. } => &[S::Open],
        Command::PutItem(_) | Command::RemoveItem(_) | Command::PutAgenda(_) => {
            &[S::Planned, S::Noticed, S::Open, S::Closed]
        }
        Command::PutResolution { .. } | Command::RemoveResolution(_) | Command::NoResolution(_) => {
            &[S::Open, S::Closed]
        }
        Command::CorrectTimes { .. } | Command::Confirm { .. } => &[S::Closed],
        Command::Archive => &[S::Confirmed],
        Command::Reopen { .. } => &[S::Confirmed, S::Archived],
    };
    if allowed.contains(&state) {
        return Ok(());
    }
    let message = format!("会议{}，现在不能办理这一步。{}", state.name(), next_step(state));
    refuse("", "meeting_state", "", message)
}

fn next_step(state: MeetingState) -> &'static str {
    match state {
        S::Planned => "请先发通知。",
        S::Noticed => "请先开会。",
        S::Open => "请先散会。",
        S::Closed => "请先补齐记录，由主持人确认。",
        S::Confirmed => "请归档，或写明原因退回修改。",
        S::Archived => "需要更正的，请写明原因退回修改。",
        S::Cancelled => "请另行计划。",
    }
}

fn refuse<T>(rule: &'static str, code: &'static str, field: &str, message: impl Into<String>) -> Result<T, Refusals> {
    Err(vec![Refusal::new(rule, code, field, message)])
}

fn all(refusals: Refusals) -> Result<(), Refusals> {
    if refusals.is_empty() { Ok(()) } else { Err(refusals) }
}

/// A reason that must be given.
fn given(reason: &str, label: &str) -> Result<String, Refusals> {
    let mut refusals = Vec::new();
    required(&mut refusals, "/reason", label, reason, LONGEST_LINE);
    all(refusals)?;
    Ok(reason.trim().to_owned())
}

fn gone<T>(what: &str) -> Result<T, Refusals> {
    refuse("", "gone", "", format!("{what}已被删去。请刷新页面，填写的内容可以另存为新的一项。"))
}

/// The refusals of one of several entries, with where it stands before their fields.
fn at(place: impl std::fmt::Display, refusals: Refusals) -> impl Iterator<Item = Refusal> {
    refusals.into_iter().map(move |refusal| Refusal { field: format!("{place}{}", refusal.field), ..refusal })
}

/// Whether nothing is lacking (MEET-09).
fn complete(meeting: &Meeting, today: Date) -> Result<(), Refusals> {
    all(missing(meeting, today))
}

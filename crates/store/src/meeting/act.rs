//! What is done about meetings: every command is decided by the rules on the rows just read, in one transaction with its ledger entry.

use super::call::{Sought, called};
use super::read::MeetingView;
use super::{activity_names, subject};
use crate::error::StoreError;
use crate::write::{Versioned, Write};
use crate::{Author, Store};
use jiff::civil::Date;
use rules::ids::{MeetingId, OrgId};
use rules::meeting::{self, Circle, Command, Facts, How, ItemDraft, Meeting, Plan, decide};
use serde_json::json;

fn action(command: &Command) -> &'static str {
    match command {
        Command::Edit(_) => "meeting.edit",
        Command::Notice { .. } => "meeting.notice",
        Command::Postpone { .. } => "meeting.postpone",
        Command::Cancel { .. } => "meeting.cancel",
        Command::Open { .. } => "meeting.open",
        Command::CheckIn { .. } => "meeting.check_in",
        Command::Absent { .. } => "meeting.absent",
        Command::Forget { .. } => "meeting.forget",
        Command::RollCall { .. } => "meeting.roll_call",
        Command::Close { .. } => "meeting.close",
        Command::PutItem(_) | Command::RemoveItem(_) | Command::PutAgenda(_) => "meeting.agenda",
        Command::PutResolution { .. } | Command::RemoveResolution(_) | Command::NoResolution(_) => "meeting.resolution",
        Command::CorrectTimes { .. } => "meeting.times",
        Command::Confirm { .. } => "meeting.confirm",
        Command::Archive => "meeting.archive",
        Command::Reopen { .. } => "meeting.reopen",
    }
}

/// What was done, without personal data.
fn summary(view: &MeetingView, command: &Command, after: &Meeting) -> String {
    let heard = after.heard();
    let done = match command {
        Command::Edit(_) => "修改安排".to_owned(),
        Command::Notice { on, .. } => format!("{on} 通知，应到 {} 人", heard.expected),
        Command::Postpone { on, .. } => format!("改期至 {on}"),
        Command::Cancel { .. } => "取消".to_owned(),
        Command::Open { .. } => format!("开会，应到 {} 人", heard.expected),
        Command::CheckIn { how, .. } => match how {
            How::Code => "现场签到 1 人".to_owned(),
            How::Link => "远程签到 1 人".to_owned(),
            How::Proxy(_) => "代为登记签到 1 人".to_owned(),
        },
        Command::Absent { .. } => "登记请假或缺席原因 1 人".to_owned(),
        Command::Forget { .. } => "撤销签到登记 1 人".to_owned(),
        Command::RollCall { entries, .. } => format!("点名登记 {} 人", entries.len()),
        Command::Close { .. } => format!("散会，应到 {} 人，实到 {} 人", heard.expected, heard.present),
        Command::PutItem(_) | Command::RemoveItem(_) | Command::PutAgenda(_) => {
            format!("修改议题和记录，共 {} 项", after.items.len())
        }
        Command::PutResolution { .. } | Command::RemoveResolution(_) => {
            format!("修改决议，共 {} 项", after.resolutions.len())
        }
        Command::NoResolution(none) => if *none { "注明没有决议" } else { "取消「没有决议」" }.to_owned(),
        Command::CorrectTimes { .. } => "更正会议时间".to_owned(),
        Command::Confirm { .. } => "确认记录".to_owned(),
        Command::Archive => format!("归档，应到 {} 人，实到 {} 人", heard.expected, heard.present),
        Command::Reopen { .. } => "退回修改记录".to_owned(),
    };
    format!("「{}」{}（{}）：{done}", view.org_name, activity_names(&after.plan.activities), after.plan.on)
}

/// The reason given with a command that is about the meeting and not about a person.
fn reason(command: &Command) -> &str {
    match command {
        Command::Notice { reason, .. }
        | Command::Postpone { reason, .. }
        | Command::Cancel { reason }
        | Command::Open { reason, .. }
        | Command::Reopen { reason }
        | Command::Confirm { reason, .. } => reason,
        _ => "",
    }
}

impl Store {
    /// Plans a meeting, with its agenda as far as it is known.
    pub async fn plan_meeting(
        &self,
        author: impl Into<Author>,
        org: OrgId,
        plan: Plan,
        agenda: &[ItemDraft],
        today: Date,
    ) -> Result<MeetingId, StoreError> {
        let mut write = self.begin(author, "meeting.plan").await?;
        let place = write.standing_org(org).await?;
        let facts = write.facts((org, &place.path), &plan, Circle::Chosen, agenda.len()).await?;
        let meeting = meeting::plan(place.kind, plan, agenda, &facts, today)?;
        let id = write.insert_meeting(org, &meeting).await?;
        let summary =
            format!("「{}」计划{}（{}）", place.name, activity_names(&meeting.plan.activities), meeting.plan.on);
        write.describe(subject(id), "", summary);
        write.commit().await?;
        Ok(id)
    }

    /// Plans several meetings at once: all, or none when one of them is refused. A refusal's field begins with the meeting's number.
    pub async fn plan_meetings(
        &self,
        author: impl Into<Author>,
        org: OrgId,
        plans: Vec<Plan>,
        today: Date,
    ) -> Result<Vec<MeetingId>, StoreError> {
        let mut write = self.begin(author, "meeting.plan_year").await?;
        let place = write.standing_org(org).await?;
        let (mut planned, mut refusals) = (Vec::with_capacity(plans.len()), Vec::new());
        for (at, plan) in plans.into_iter().enumerate() {
            let facts = write.facts((org, &place.path), &plan, Circle::Chosen, 0).await?;
            match meeting::plan(place.kind, plan, &[], &facts, today) {
                Ok(meeting) => planned.push(meeting),
                Err(more) => refusals.extend(more.into_iter().map(|mut refusal| {
                    refusal.field = format!("/{at}{}", refusal.field);
                    refusal
                })),
            }
        }
        if planned.is_empty() && refusals.is_empty() {
            return Err(StoreError::refused("missing_required", "没有选择会议。请至少选一次。"));
        }
        if !refusals.is_empty() {
            return Err(refusals.into());
        }
        let mut ids = Vec::with_capacity(planned.len());
        for meeting in &planned {
            ids.push(write.insert_meeting(org, meeting).await?);
        }
        let summary = format!("「{}」计划会议 {} 次", place.name, ids.len());
        write.describe(crate::Subject::of("org", org.0), "", summary);
        write.commit().await?;
        Ok(ids)
    }

    /// Does something about a meeting. Commands about one person's attendance need no version, so that those who check in do not
    /// disturb whoever writes the minutes; all others name the version they are based on. Returns the version that stands afterwards.
    pub async fn act_on_meeting(
        &self,
        author: impl Into<Author>,
        (id, version): (MeetingId, Option<i64>),
        command: &Command,
        today: Date,
    ) -> Result<i64, StoreError> {
        let mut write = self.begin(author, action(command)).await?;
        let view = write.meeting(id).await?;
        let mut stands = view.version;
        if !command.is_attendance() {
            write.take_version(Versioned::Meeting, id.0, version.unwrap_or_default()).await?;
            stands += 1;
        }
        let plan = if let Command::Edit(plan) = command { plan } else { &view.meeting.plan };
        let circle = match command {
            Command::Notice { .. } | Command::Open { .. } | Command::Forget { .. } | Command::RollCall { .. } => {
                view.meeting.circle()
            }
            _ => Circle::Chosen,
        };
        let facts = write.facts((view.org, &view.org_path), plan, circle, command.fresh_ids()).await?;
        let after = decide(&view.meeting, command, &facts, today)?;
        if after == view.meeting && command.is_attendance() {
            // Who checks in twice is there once, and the ledger says so once.
            return Ok(stands);
        }
        write.save_meeting(&view, &after).await?;
        match command {
            Command::Archive => write.file_meeting(&view, after.held.map_or(after.plan.on, |held| held.on)).await?,
            Command::Reopen { .. } => {
                write.withdraw_records(subject(id)).await?;
                write.withdraw_learning(subject(id)).await?;
            }
            _ => {}
        }
        write.note(subject(id), &json!({ "state": after.state.key(), "version": stands })).await?;
        write.describe(subject(id), reason(command), summary(&view, command, &after));
        write.commit().await?;
        Ok(stands)
    }
}

impl Write<'_> {
    /// What the register says for a plan: those whom it invites and, for a circle other than [`Circle::Chosen`], those of the circle.
    async fn facts(
        &mut self,
        (org, path): (OrgId, &str),
        plan: &Plan,
        circle: Circle,
        fresh: usize,
    ) -> Result<Facts, StoreError> {
        let (root, fresh) = (self.root, (0..fresh).map(|_| self.new_id()).collect());
        let mut facts = Facts { fresh, ..Facts::default() };
        let (ring, place) = (&self.store.ring, (org, path));
        let invited = called(&mut self.tx, ring, root, place, Sought::Some(&plan.invited), plan.on).await?;
        facts.invited = invited.into_iter().map(|one| one.called).collect();
        if circle != Circle::Chosen {
            let all = called(&mut self.tx, ring, root, place, Sought::All(circle), plan.on).await?;
            facts.called = all.into_iter().map(|one| one.called).collect();
        }
        Ok(facts)
    }
}

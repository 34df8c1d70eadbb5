//! What is done with a case besides its steps: it ends before its time, rests, goes on, moves to another branch.

use super::decide::{Decision, REASON, StandingChange};
use super::facts::{Facts, Place};
use super::state::{Case, CaseState, EndKind};
use super::step::Step;
use super::track::Outcome;
use crate::codes::{Membership, Stage};
use crate::refusal::Refusal;
use jiff::civil::Date;

pub(super) fn end(
    case: &Case,
    (kind, on, reason): (EndKind, Date, &str),
    facts: &Facts,
    today: Date,
) -> Result<Decision, Vec<Refusal>> {
    let mut refusals = needs_reason(reason, "终止卷宗须写明原因。请补填。");
    refusals.extend(under_way(case, facts));
    if facts.stage.is_member() || kind == EndKind::Cancelled {
        let message = "预备党员的卷宗不能直接终止：取消预备党员资格须经支部大会表决、上级党委审批（DEV-23）；调离、去世等请在档案中办理离开。";
        refusals.push(Refusal::new("DEV-23", "is_member", "/kind", message));
    }
    let refused = case.taken.last().map(|taken| taken.mark).filter(|mark| mark.outcome == Outcome::Refused);
    let refused = refused.map(|mark| mark.step);
    let fits = match kind {
        EndKind::VoteFailed => refused == Some(Step::AdmissionVote),
        EndKind::NotApproved => refused == Some(Step::AdmissionApproval),
        EndKind::ReviewFailed => {
            let reviews = [Step::PoliticalReview, Step::BranchCommitteeReview, Step::PreReview, Step::CandidateFiling];
            refused.is_some_and(|step| reviews.contains(&step))
        }
        EndKind::Withdrawn | EndKind::Left | EndKind::Other | EndKind::Cancelled => true,
    };
    if !fits {
        let message = format!("卷宗中没有「{}」的记录。请先登记该步的结果，或另选终止的情形。", kind.name());
        refusals.push(Refusal::new("DEV-30", "end_kind", "/kind", message));
    }
    refusals.extend(day_fits(case, on, today));
    if !refusals.is_empty() {
        return Err(refusals);
    }
    let change = match kind {
        EndKind::Withdrawn => StandingChange::Gone(Membership::NotApplying, on),
        EndKind::Left => StandingChange::Gone(Membership::TransferredOut, on),
        EndKind::VoteFailed | EndKind::ReviewFailed | EndKind::NotApproved | EndKind::Cancelled | EndKind::Other => {
            StandingChange::Stage(Stage::Applicant, on)
        }
    };
    Ok(Decision {
        taken: None,
        withdrawn: None,
        change: Some(change),
        state: CaseState::Ended,
        end: Some(kind),
        warnings: Vec::new(),
    })
}

pub(super) fn rest(case: &Case, state: CaseState, reason: &str, facts: &Facts) -> Result<Decision, Vec<Refusal>> {
    let mut refusals = needs_reason(reason, "请写明原因。");
    refusals.extend(under_way(case, facts));
    if case.state == state {
        let message = format!("这份卷宗已是「{}」。请刷新页面。", state.name());
        refusals.push(Refusal::new("DEV-30", "case_state", "", message));
    }
    if state == CaseState::Suspended && case.track().on(Step::AdmissionVote).is_some() {
        let message = "支部大会已经通过，审批期限和预备期不能停下（DEV-17、DEV-21）。请继续办理。";
        refusals.push(Refusal::new("DEV-21", "is_member", "", message));
    }
    if !refusals.is_empty() {
        return Err(refusals);
    }
    Ok(Decision { taken: None, withdrawn: None, change: None, state, end: None, warnings: Vec::new() })
}

pub(super) fn go(
    case: &Case,
    (to, on, reason): (&Place, Date, &str),
    facts: &Facts,
    today: Date,
) -> Result<Decision, Vec<Refusal>> {
    let mut refusals = needs_reason(reason, "转到其他党支部须写明原因。请补填。");
    refusals.extend(under_way(case, facts));
    if facts.stage.is_member() {
        let message = "预备党员换支部须办理组织关系接转（EDU-03），卷宗随组织关系一并转去。";
        refusals.push(Refusal::new("EDU-03", "use_transfer", "", message));
    } else if case.track().on(Step::AdmissionVote).is_some() {
        let message = "支部大会已经通过，请等上级党委审批后，再办理组织关系接转（DEV-17）。";
        refusals.push(Refusal::new("DEV-17", "vote_pending", "", message));
    }
    if !to.kind.holds_members() || to.dissolved {
        refusals.push(Refusal::new("ORG-10", "org_place", "/org_id", "只能转到没有撤销的党支部或党小组。请另选。"));
    } else if to.org == facts.place.org {
        refusals.push(Refusal::new("DEV-06", "same_org", "/org_id", "本人已在该组织。请另选。"));
    }
    refusals.extend(day_fits(case, on, today));
    if !refusals.is_empty() {
        return Err(refusals);
    }
    Ok(Decision {
        taken: None,
        withdrawn: None,
        change: Some(StandingChange::Moved(to.org, on)),
        state: case.state,
        end: None,
        warnings: Vec::new(),
    })
}

pub(super) fn needs_reason(reason: &str, message: &str) -> Vec<Refusal> {
    let length = reason.trim().chars().count();
    match length {
        0 => vec![Refusal::new("DEV-30", "missing_required", "/reason", message)],
        1..=REASON => Vec::new(),
        _ => vec![Refusal::new("", "too_long", "/reason", format!("原因最多 {REASON} 字。请精简。"))],
    }
}

/// The case goes on, and whoever acts may act on it.
fn under_way(case: &Case, facts: &Facts) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    if !case.state.is_under_way() {
        let message = format!("这份卷宗{}，不能再办理（DEV-30）。", case.state.name());
        refusals.push(Refusal::new("DEV-30", "case_closed", "", message));
    }
    if !facts.doer.branch {
        let message = "由本人所在的党支部办理。请联系该支部。";
        refusals.push(Refusal::new("DEV-30", "not_yours", "", message));
    }
    refusals
}

fn day_fits(case: &Case, on: Date, today: Date) -> Option<Refusal> {
    let last = case.taken.last().map_or(Date::MIN, |taken| taken.mark.on);
    if (last..=today.max(last)).contains(&on) && on <= today {
        return None;
    }
    let message = format!("日期应在前一步的日期（{last}）和今天（{today}）之间（DEV-30）。请改正。");
    Some(Refusal::new("DEV-30", "bad_date", "/on", message))
}

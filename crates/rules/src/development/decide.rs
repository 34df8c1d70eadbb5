//! The only way for a case to move. [`check`] says everything that is against a step; [`decide`] says what follows from a command, or
//! why it may not be.

use super::closing::{end, go, needs_reason, rest};
use super::facts::{Facts, Place};
use super::state::{Case, CaseState, EndKind, Taken};
use super::step::Step;
use super::track::{Mark, Outcome, Track};
use super::value::Values;
use crate::codes::{Membership, Stage};
use crate::date::{add_days, full_months};
use crate::ids::OrgId;
use crate::measure::{Measure, Measures};
use crate::meeting::{VoteKind, VoteResult};
use crate::refusal::Refusal;
use jiff::civil::Date;

/// Most characters of a reason.
pub(super) const REASON: usize = 500;

/// A step as it is to be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// Which.
    pub step: Step,
    /// When it was done.
    pub on: Date,
    /// What is filled in.
    pub values: Values,
    /// Why it is done although a rule warns of it; may be empty otherwise.
    pub reason: String,
}

/// What the rules say to a step as filled in so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Why it cannot be taken.
    pub refusals: Vec<Refusal>,
    /// What it can be taken in spite of, with a reason.
    pub warnings: Vec<Refusal>,
}

/// What is to be done with a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command<'a> {
    /// Take a step.
    Take(&'a Form),
    /// Take back the last step.
    Back {
        /// Why.
        reason: &'a str,
    },
    /// End it before its time.
    End {
        /// How.
        kind: EndKind,
        /// When.
        on: Date,
        /// Why.
        reason: &'a str,
    },
    /// 暂缓.
    Suspend {
        /// Why.
        reason: &'a str,
    },
    /// Go on after 暂缓.
    Resume {
        /// Why.
        reason: &'a str,
    },
    /// The applicant goes to another branch, and the case with him.
    Move {
        /// Where to.
        to: &'a Place,
        /// When.
        on: Date,
        /// Why.
        reason: &'a str,
    },
}

/// How the standing in the register follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StandingChange {
    /// 申请入党时间.
    Applied(Date),
    /// Activist or candidate from a day on; or, where a step is taken back, what he was before.
    Stage(Stage, Date),
    /// Probationary from the day of the vote, which is 入党时间.
    Joined(Date),
    /// Taken back: a candidate from that day on, as before.
    NotJoined(Date),
    /// Into a group.
    Placed(OrgId, Date),
    /// Taken back: out of the group again.
    NotPlaced(OrgId, Date),
    /// Full from the day on which the probation was full, which is 转正时间.
    Full(Date),
    /// Taken back: probationary from that day on, as before.
    NotFull(Date),
    /// Left the register.
    Gone(Membership, Date),
    /// Taken back: there again.
    NotGone(Date),
    /// Into another branch.
    Moved(OrgId, Date),
}

/// What follows from a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The step taken.
    pub taken: Option<Taken>,
    /// The step taken back.
    pub withdrawn: Option<Mark>,
    /// How the standing follows.
    pub change: Option<StandingChange>,
    /// The case's state from now on.
    pub state: CaseState,
    /// How it ended, if it did.
    pub end: Option<EndKind>,
    /// What was done in spite of a warning.
    pub warnings: Vec<Refusal>,
}

/// A step under examination.
pub(super) struct Checking<'a> {
    pub(super) case: &'a Case,
    pub(super) form: &'a Form,
    pub(super) facts: &'a Facts,
    pub(super) measures: &'a Measures,
    pub(super) today: Date,
    pub(super) verdict: Verdict,
}

impl Checking<'_> {
    pub(super) fn refuse(
        &mut self,
        rule: &'static str,
        code: &'static str,
        field: impl Into<String>,
        message: impl Into<String>,
    ) {
        self.verdict.refusals.push(Refusal::new(rule, code, field, message));
    }

    pub(super) fn warn(
        &mut self,
        rule: &'static str,
        code: &'static str,
        field: impl Into<String>,
        message: impl Into<String>,
    ) {
        self.verdict.warnings.push(Refusal::new(rule, code, field, message));
    }

    pub(super) fn measure(&self, measure: Measure, on: Date) -> i32 {
        self.measures.get(measure, on)
    }

    pub(super) fn track(&self) -> Track {
        self.case.track()
    }
}

/// Everything that is against a step, at once.
pub fn check(case: &Case, form: &Form, facts: &Facts, measures: &Measures, today: Date) -> Verdict {
    let mut checking = Checking { case, form, facts, measures, today, verdict: Verdict::default() };
    if checking.turn() {
        checking.actor();
        checking.day();
        checking.form();
        checking.papers();
        checking.conditions();
        if form.reason.chars().count() > REASON {
            let message = format!("原因最多 {REASON} 字。请精简。");
            checking.refuse("", "too_long", "/reason", message);
        }
    }
    checking.verdict
}

/// The first and the last day that a step may have, as far as the calendar decides.
pub fn span(case: &Case, step: Step, measures: &Measures, today: Date) -> (Date, Date) {
    let track = case.track();
    let own = match step {
        Step::CandidateSelection => track
            .on(Step::ActivistSelection)
            .map(|since| full_months(since, measures.get(Measure::ActivistMonths, since))),
        Step::CandidateFiling => case.values(Step::CandidateSelection).and_then(|values| values.date("notice_until")),
        Step::ConversionApplication => track.probation(measures).map(|probation| probation.until),
        _ => None,
    };
    let entry = add_days(today, -measures.get(Measure::EntryDays, today));
    let entry = (!case.is_known(step)).then_some(entry);
    let last = track.last().map(|mark| mark.on);
    (own.into_iter().chain(entry).chain(last).max().unwrap_or(Date::MIN), today)
}

/// What follows from a command, or every reason why it may not be.
pub fn decide(
    case: &Case,
    command: &Command<'_>,
    facts: &Facts,
    measures: &Measures,
    today: Date,
) -> Result<Decision, Vec<Refusal>> {
    match command {
        Command::Take(form) => take(case, form, facts, measures, today),
        Command::Back { reason } => back(case, reason, facts, measures, today),
        Command::End { kind, on, reason } => end(case, (*kind, *on, reason), facts, today),
        Command::Suspend { reason } => rest(case, CaseState::Suspended, reason, facts),
        Command::Resume { reason } => rest(case, CaseState::Open, reason, facts),
        Command::Move { to, on, reason } => go(case, (to, *on, reason), facts, today),
    }
}

fn take(case: &Case, form: &Form, facts: &Facts, measures: &Measures, today: Date) -> Result<Decision, Vec<Refusal>> {
    let Verdict { mut refusals, warnings } = check(case, form, facts, measures, today);
    if !warnings.is_empty() && form.reason.trim().is_empty() {
        let said: Vec<&str> = warnings.iter().map(|warning| warning.message.as_str()).collect();
        refusals.push(Refusal::new(warnings[0].rule, "needs_reason", "/reason", said.join("")));
    }
    if !refusals.is_empty() {
        return Err(refusals);
    }
    let (outcome, until) = outcome(case, form, measures)?;
    let mark = Mark { step: form.step, on: form.on, outcome, until };
    let (state, end) = match (mark.step, outcome) {
        (Step::Archiving, Outcome::Passed) => (CaseState::Finished, None),
        (Step::ConversionApproval, Outcome::Cancelled) => (CaseState::Ended, Some(EndKind::Cancelled)),
        _ => (CaseState::Open, None),
    };
    Ok(Decision {
        change: change(case, mark, &form.values, measures),
        taken: Some(Taken { mark, values: form.values.clone() }),
        withdrawn: None,
        state,
        end,
        warnings,
    })
}

/// What comes of a step as filled in.
fn outcome(case: &Case, form: &Form, measures: &Measures) -> Result<(Outcome, Option<Date>), Vec<Refusal>> {
    let values = &form.values;
    let passed_if = |passed: bool| if passed { Outcome::Passed } else { Outcome::Refused };
    let voted = |kind: VoteKind| -> Result<bool, Vec<Refusal>> {
        Ok(values.vote("vote").unwrap_or_default().result(kind)? == VoteResult::Passed)
    };
    Ok(match form.step {
        Step::ActivistFiling => (passed_if(values.is("result", "filed")), None),
        Step::ActivistSelection
        | Step::CandidateSelection
        | Step::CandidateFiling
        | Step::BranchCommitteeReview
        | Step::PreReview => (passed_if(values.is("result", "agreed")), None),
        Step::PoliticalReview => (passed_if(values.is("conclusion", "passed")), None),
        Step::AdmissionVote => (passed_if(voted(VoteKind::Admission)?), None),
        Step::AdmissionApproval if values.is("decision", "extended") => (Outcome::Extended, values.date("until")),
        Step::AdmissionApproval => (passed_if(values.is("decision", "approved")), None),
        Step::ConversionVote if !voted(VoteKind::Conversion)? => (Outcome::Refused, None),
        Step::ConversionVote if values.is("decision", "extend") => {
            let end = case.track().probation(measures).map(|probation| probation.until);
            let months = values.number("extension_months").and_then(|months| i32::try_from(months).ok()).unwrap_or(0);
            (Outcome::Extended, end.map(|end| full_months(end, months)))
        }
        Step::ConversionVote if values.is("decision", "cancel") => (Outcome::Cancelled, None),
        Step::ConversionVote => (Outcome::Passed, None),
        Step::ConversionApproval if !values.is("decision", "approved") => (Outcome::Refused, None),
        Step::ConversionApproval => {
            let track = case.track();
            track.passed(Step::ConversionVote).map_or((Outcome::Refused, None), |vote| (vote.outcome, vote.until))
        }
        Step::Application
        | Step::ApplicationTalk
        | Step::MentorAssignment
        | Step::CultivationReview
        | Step::SponsorAssignment
        | Step::IntensiveTraining
        | Step::MembershipForm
        | Step::SuperiorTalk
        | Step::ApprovalFiling
        | Step::GroupPlacement
        | Step::Oath
        | Step::ProbationReview
        | Step::ConversionApplication
        | Step::Archiving => (Outcome::Passed, None),
    })
}

/// How the standing follows from a step. What the register knew when the case was opened it keeps.
fn change(case: &Case, mark: Mark, values: &Values, measures: &Measures) -> Option<StandingChange> {
    let track = case.track();
    match (mark.step, mark.outcome) {
        (Step::Application, Outcome::Passed) => Some(StandingChange::Applied(mark.on)),
        (step, _) if case.is_known(step) => None,
        (Step::ActivistSelection, Outcome::Passed) => Some(StandingChange::Stage(Stage::Activist, mark.on)),
        (Step::CandidateFiling, Outcome::Passed) => Some(StandingChange::Stage(Stage::Candidate, mark.on)),
        (Step::AdmissionApproval, Outcome::Passed) => track.on(Step::AdmissionVote).map(StandingChange::Joined),
        (Step::GroupPlacement, Outcome::Passed) => {
            values.org("group").map(|group| StandingChange::Placed(group, mark.on))
        }
        (Step::ConversionApproval, Outcome::Passed) => full_on(&track, measures).map(StandingChange::Full),
        (Step::ConversionApproval, Outcome::Cancelled) => Some(StandingChange::Gone(Membership::Cancelled, mark.on)),
        _ => None,
    }
}

/// 转正时间: the day on which the probation is full, even if the branch was slow to vote; but whoever asked for conversion later than he
/// should have becomes a full member on the day of the vote (DEV-22, DEV-24).
fn full_on(track: &Track, measures: &Measures) -> Option<Date> {
    let until = track.probation(measures)?.until;
    let in_time = add_days(until, measures.get(Measure::ConversionDays, until));
    let applied = track.on(Step::ConversionApplication)?;
    if applied <= in_time { Some(until) } else { track.on(Step::ConversionVote) }
}

fn back(case: &Case, reason: &str, facts: &Facts, measures: &Measures, today: Date) -> Result<Decision, Vec<Refusal>> {
    let mut refusals = needs_reason(reason, "退回一步须写明原因（DEV-30）。请补填。");
    let Some((last, before)) = case.taken.split_last() else {
        refusals.push(Refusal::new("DEV-30", "nothing_taken", "", "还没有办理过任何一步，无可退回。"));
        return Err(refusals);
    };
    let cancelled = last.mark.step == Step::ConversionApproval && last.mark.outcome == Outcome::Cancelled;
    let allowed = match case.state {
        CaseState::Open | CaseState::Finished => true,
        CaseState::Ended => cancelled,
        CaseState::Suspended => false,
    };
    if !allowed {
        let message = format!("这份卷宗{}，不能退回（DEV-30）。", case.state.name());
        refusals.push(Refusal::new("DEV-30", "case_closed", "", message));
    }
    // Whoever may take a step may take it back.
    let form = Form { step: last.mark.step, on: today, values: last.values.clone(), reason: String::new() };
    let mut checking = Checking { case, form: &form, facts, measures, today, verdict: Verdict::default() };
    checking.actor();
    refusals.append(&mut checking.verdict.refusals);
    if !refusals.is_empty() {
        return Err(refusals);
    }
    let earlier = Case { taken: before.to_vec(), ..case.clone() };
    let undone = change(&earlier, last.mark, &last.values, measures).and_then(|change| match change {
        StandingChange::Stage(Stage::Candidate, since) => Some(StandingChange::Stage(Stage::Activist, since)),
        StandingChange::Stage(_, since) => Some(StandingChange::Stage(Stage::Applicant, since)),
        StandingChange::Joined(since) => Some(StandingChange::NotJoined(since)),
        StandingChange::Placed(group, since) => Some(StandingChange::NotPlaced(group, since)),
        StandingChange::Full(since) => Some(StandingChange::NotFull(since)),
        StandingChange::Gone(_, since) => Some(StandingChange::NotGone(since)),
        StandingChange::Applied(_)
        | StandingChange::NotJoined(_)
        | StandingChange::NotPlaced(..)
        | StandingChange::NotFull(_)
        | StandingChange::NotGone(_)
        | StandingChange::Moved(..) => None,
    });
    Ok(Decision {
        taken: None,
        withdrawn: Some(last.mark),
        change: undone,
        state: CaseState::Open,
        end: None,
        warnings: Vec::new(),
    })
}

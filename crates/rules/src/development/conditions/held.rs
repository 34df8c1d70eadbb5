//! What the branch's members' meeting voted on the case: the step says the same (DEV-15, DEV-23).

use super::super::decide::{Checking, Form};
use super::super::facts::HeldVote;
use super::super::state::Case;
use super::super::step::Step;
use super::super::track::Mark;
use super::super::value::pointer;
use crate::meeting::VoteKind;

impl Step {
    /// What the members' meeting votes on at this step, if it does.
    pub fn vote_kind(self) -> Option<VoteKind> {
        match self {
            Step::AdmissionVote => Some(VoteKind::Admission),
            Step::ConversionVote => Some(VoteKind::Conversion),
            _ => None,
        }
    }
}

impl HeldVote {
    /// Whether a step that was taken rests on it.
    pub fn bears(&self, mark: &Mark) -> bool {
        self.relied_on && self.on == mark.on && mark.step.vote_kind() == Some(self.kind)
    }
}

/// The votes on a case that a step must rest on: of its kind, since the last step, not used yet. None for what was known before the case
/// was opened; none where no meeting is recorded, and then the counts are written in by hand.
pub fn held_votes<'a>(case: &Case, step: Step, votes: &'a [HeldVote]) -> Vec<&'a HeldVote> {
    let Some(kind) = step.vote_kind().filter(|_| !case.is_known(step)) else { return Vec::new() };
    let last = case.track().last().map(|mark| mark.on);
    let fits = |vote: &&HeldVote| vote.kind == kind && !vote.relied_on && last.is_none_or(|last| vote.on >= last);
    votes.iter().filter(fits).collect()
}

/// The vote that a step as filled in rests on: the same day, the same counts, and its record archived.
pub fn relied_vote<'a>(case: &Case, form: &Form, votes: &'a [HeldVote]) -> Option<&'a HeldVote> {
    let said = form.values.vote("vote")?;
    held_votes(case, form.step, votes)
        .into_iter()
        .find(|vote| vote.archived && vote.on == form.on && vote.count == said)
}

impl Checking<'_> {
    /// DEV-15, DEV-23: where the meeting is recorded here, day and counts are the meeting's.
    pub(super) fn as_the_meeting_voted(&mut self) {
        let (step, all) = (self.form.step, &self.facts.votes);
        let votes = held_votes(self.case, step, all);
        if votes.is_empty() || relied_vote(self.case, self.form, all).is_some() {
            return;
        }
        let rule = step.rule();
        let Some(archived) = votes.iter().rfind(|vote| vote.archived) else {
            let message = format!(
                "{} 的支部党员大会已表决这件事，会议记录还没有归档（{rule}）。请先在「组织生活」中归档会议记录，再办理这一步。",
                votes[0].on
            );
            return self.refuse(rule, "vote_not_archived", pointer("vote"), message);
        };
        let message = format!(
            "日期或票数与 {} 支部党员大会的表决不一致（{rule}）。请采用会议的表决结果；会议记录有误的，先在会议中退回更正。",
            archived.on
        );
        self.refuse(rule, "not_the_vote", pointer("vote"), message);
    }
}

//! 接收: the pre-review, the vote, the superior's approval, the group (DEV-13 to DEV-19, VOTE-01 to VOTE-04).

use super::super::decide::Checking;
use super::super::facts::Place;
use super::super::step::Step;
use super::super::value::pointer;
use crate::date::{PartialDate, add_months};
use crate::measure::{DEVELOPMENT_REVISED, Measure};
use crate::meeting::VoteKind;
use crate::org::OrgKind;

impl Checking<'_> {
    /// DEV-13: whoever leaves within three months is as a rule not admitted.
    pub(super) fn leaving(&mut self) {
        if self.form.values.is("leaving", "yes") && self.form.values.is("result", "agreed") {
            let months = self.measure(Measure::LeavingMonths, self.form.on);
            let message = format!(
                "{months} 个月内将离开现单位的，一般不办理接收预备党员的手续（DEV-13）。确需办理的，写明原因。"
            );
            self.warn("DEV-13", "leaving", pointer("leaving"), message);
        }
    }

    /// VOTE-01 to VOTE-04, and 无记名投票 since the revision of 2026. The counts are compared with the register's.
    pub(super) fn vote(&mut self, kind: VoteKind) {
        let (step, on) = (self.form.step, self.form.on);
        if self.form.values.is("ballot", "hands") && on >= DEVELOPMENT_REVISED {
            let message = format!(
                "接收预备党员和转正须无记名投票表决（{}）。请核对表决方式；举手表决的须重新投票。",
                step.rule()
            );
            self.refuse(step.rule(), "not_secret", pointer("ballot"), message);
        }
        self.members("host");
        let Some(vote) = self.form.values.vote("vote") else { return };
        for refusal in vote.refusals(kind) {
            self.refuse(refusal.rule, refusal.code, format!("/values/vote{}", refusal.field), refusal.message);
        }
        if self.case.is_known(step) {
            return;
        }
        self.as_the_meeting_voted();
        let (said, voters) = (vote.expected_voters, self.facts.voters);
        if said > voters {
            let message = format!(
                "应到会有表决权的填了 {said} 人，台账中本支部在 {on} 只有 {voters} 名有表决权的正式党员（预备党员、受留党察看处分的不计，VOTE-03）。请核对。"
            );
            self.refuse("VOTE-03", "too_many_voters", "/values/vote/expected_voters", message);
        } else if said < voters {
            let message = format!(
                "应到会有表决权的填了 {said} 人，台账中本支部在 {on} 有 {voters} 名（VOTE-03）。少于台账的，写明哪些情形不计入应到会。"
            );
            self.warn("VOTE-03", "too_few_voters", "/values/vote/expected_voters", message);
        }
    }

    /// DEV-15 as revised in 2026: within a month of the pre-review.
    pub(super) fn within_a_month_of_pre_review(&mut self) {
        let Some(reviewed) = self.track().on(Step::PreReview) else { return };
        let months = self.measure(Measure::AdmissionVoteMonths, reviewed);
        let due = add_months(reviewed, months);
        if self.form.on > due && self.form.on >= DEVELOPMENT_REVISED {
            let message =
                format!("预审合格后 {months} 个月内（{due} 前）应提交支部大会讨论（DEV-15）。已经超过，请写明原因。");
            self.warn("DEV-15", "late", "/on", message);
        }
    }

    /// Whoever was a member when the case was opened joined on the day that the register has.
    pub(super) fn as_the_register_has_it(&mut self) {
        let joined = self.facts.joined_on.filter(|_| self.case.is_known(Step::AdmissionVote));
        let on = PartialDate::day(self.form.on);
        if let Some(joined) = joined.filter(|joined| !joined.covers(&on)) {
            let message = format!(
                "台账中的入党时间是 {joined}，与支部大会的日期不一致（DEV-21）。请核对，确有错误的先更正档案。"
            );
            self.refuse("DEV-21", "differs", "/on", message);
        }
    }

    /// DEV-17: within three months, or until the day to which it was extended, six months at most.
    pub(super) fn approval_in_time(&mut self) {
        let track = self.track();
        let (Some(vote), Some(due)) = (track.on(Step::AdmissionVote), track.approval_due(self.measures)) else {
            return;
        };
        let most = self.measure(Measure::ApprovalLongestMonths, vote);
        let (on, longest) = (self.form.on, add_months(vote, most));
        if on > longest {
            let message = format!(
                "支部大会 {vote} 通过至今已超过 {most} 个月，决议不能再审批（DEV-17）。请退回支部，重新提交支部大会讨论。"
            );
            self.refuse("DEV-17", "too_late", "/on", message);
            return;
        }
        if self.form.values.is("decision", "extended") {
            if let Some(until) = self.form.values.date("until") {
                if until <= due || until < on {
                    let message = format!("延长到的日期应晚于现在的期限 {due}（DEV-17）。请改正。");
                    self.refuse("DEV-17", "bad_date", pointer("until"), message);
                } else if until > longest {
                    let message = format!("审批最长不超过 {most} 个月，最迟到 {longest}（DEV-17）。请改正。");
                    self.refuse("DEV-17", "too_long", pointer("until"), message);
                }
            }
            if on > due {
                let message = format!("审批期限 {due} 已过才延长（DEV-17）。请写明原因。");
                self.warn("DEV-17", "late", "/on", message);
            }
        } else if on > due {
            let message = format!("审批期限 {due} 已过（DEV-17）。请先选择「延长审批时间」登记原因，再审批。");
            self.refuse("DEV-17", "too_late", "/on", message);
        }
        if self.form.values.is("delegated", "yes") && self.facts.doer.superiors.contains(&OrgKind::GeneralBranch) {
            let message = "党总支一般不能审批接收预备党员，本次经授权审批（DEV-17）。请写明授权的党委和文件。";
            self.warn("DEV-17", "delegated", pointer("delegated"), message);
        }
    }

    /// DEV-19: a group of this branch, where it has groups.
    pub(super) fn group(&mut self) {
        let Some(group) = self.form.values.org("group") else {
            if self.facts.place.has_groups {
                let message = "本支部设有党小组，请选定编入哪个党小组（DEV-19）。";
                self.refuse("DEV-19", "missing_required", pointer("group"), message);
            }
            return;
        };
        let branch = self.facts.place.branch;
        let fits = |place: &Place| place.kind == OrgKind::Group && place.branch == branch && !place.dissolved;
        if !self.facts.orgs.get(&group).is_some_and(fits) {
            let message = "所选的不是本支部的党小组（DEV-19）。请从本支部的党小组中选择。";
            self.refuse("DEV-19", "not_a_group", pointer("group"), message);
        }
    }
}

//! 转正: the end of the probation, its extension, the approval, the archive (DEV-22 to DEV-25).

use super::super::decide::Checking;
use super::super::step::Step;
use super::super::track::Outcome;
use super::super::value::pointer;
use crate::date::add_months;
use crate::measure::Measure;
use std::collections::BTreeMap;

impl Checking<'_> {
    /// DEV-22: not before the probation is full.
    pub(super) fn probation_full(&mut self) {
        let Some(probation) = self.track().probation(self.measures) else { return };
        let until = probation.until;
        if self.form.on < until {
            let message = format!("预备期到 {until} 才满，期未满不能提出转正申请（DEV-22）。请在 {until} 或以后递交。");
            self.refuse("DEV-22", "too_early", "/on", message);
        }
    }

    /// DEV-23: once, between half a year and a year.
    pub(super) fn extension(&mut self) {
        if !self.form.values.is("decision", "extend") {
            return;
        }
        let on = self.form.on;
        if self.track().probation(self.measures).is_some_and(|probation| probation.extended) {
            let message = "预备期已经延长过一次，不能再次延长（DEV-23）。请提交按期转正或取消预备党员资格的意见。";
            self.refuse("DEV-23", "second_extension", pointer("decision"), message);
        }
        let (least, most) =
            (self.measure(Measure::ExtensionLeastMonths, on), self.measure(Measure::ExtensionMostMonths, on));
        let months = self.form.values.number("extension_months");
        if months.is_some_and(|months| !(i64::from(least)..=i64::from(most)).contains(&months)) {
            let message = format!("延长预备期不少于 {least} 个月、最长 {most} 个月（DEV-23）。请改正。");
            self.refuse("DEV-23", "bad_extension", pointer("extension_months"), message);
        }
    }

    /// DEV-24: within three months; late with a reason.
    pub(super) fn conversion_approval_in_time(&mut self) {
        let Some(vote) = self.track().on(Step::ConversionVote) else { return };
        let months = self.measure(Measure::ConversionApprovalMonths, vote);
        let due = add_months(vote, months);
        if self.form.on > due {
            let message =
                format!("应在支部大会通过后 {months} 个月内（{due} 前）审批（DEV-24）。已经超过，请写明原因。");
            self.warn("DEV-24", "late", "/on", message);
        }
    }

    /// DEV-25: every paper that a step needed is there.
    pub(super) fn whole_file(&mut self) {
        let mut times = BTreeMap::new();
        let mut missing = Vec::new();
        for taken in &self.case.taken {
            let n = times.entry(taken.mark.step).and_modify(|n| *n += 1).or_insert(1_u32);
            if taken.mark.outcome == Outcome::Refused {
                continue;
            }
            for paper in taken.mark.step.spec().papers.iter().filter(|paper| paper.needed(&taken.values)) {
                if !self.has_paper(taken.mark.step, *n, &paper.key) {
                    missing.push((taken.mark.step, paper));
                }
            }
        }
        for (step, paper) in missing {
            let message = format!("卷宗缺少第 {} 步的「{}」，不能归档（DEV-25）。请补齐。", step.number(), paper.name);
            self.refuse("DEV-25", "missing_paper", format!("/papers/{}", paper.key), message);
        }
    }
}

//! What holds for every step: its turn, who acts, its day, the form, the papers (DEV-30).

use super::decide::{Checking, span};
use super::spec::FieldKind;
use super::state::CaseState;
use super::step::{Step, StepActor};
use super::track::Track;
use super::value::pointer;
use crate::measure::Measure;
use crate::org::OrgKind;

impl Checking<'_> {
    /// Whether it is this step's turn at all. Where it is not, nothing else is worth saying.
    pub(super) fn turn(&mut self) -> bool {
        let (step, track) = (self.form.step, self.case.track());
        let before = self.verdict.refusals.len();
        match self.case.state {
            CaseState::Open => {}
            CaseState::Suspended => {
                self.refuse("DEV-30", "case_suspended", "", "这份卷宗已暂缓。请先恢复，再办理下一步（DEV-30）。");
            }
            CaseState::Finished | CaseState::Ended => {
                let message = format!("这份卷宗{}，不能再办理（DEV-30）。", self.case.state.name());
                self.refuse("DEV-30", "case_closed", "", message);
            }
        }
        if self.facts.left {
            self.refuse("DEV-30", "person_left", "", "本人已离开，不能再办理（DEV-30）。请核对档案，或终止卷宗。");
        }
        if before == self.verdict.refusals.len() && !(track.present() == Some(step) || track.again().contains(&step)) {
            self.refuse("DEV-30", "wrong_order", "", out_of_turn(step, &track));
        }
        before == self.verdict.refusals.len()
    }

    /// Whether whoever acts may: the branch's steps are the branch's, the superior's are the superior's.
    pub(super) fn actor(&mut self) {
        let step = self.form.step;
        let doer = &self.facts.doer;
        match step.actor() {
            StepActor::Applicant | StepActor::Branch if !doer.branch => {
                let message = format!("「{}」由党支部办理（{}）。请由本支部的同志登记。", step.name(), step.rule());
                self.refuse(step.rule(), "not_yours", "", message);
            }
            StepActor::Superior if doer.superiors.is_empty() => {
                let message =
                    format!("「{}」由上级党委办理，支部不能代办（{}）。请等上级党委登记。", step.name(), step.rule());
                self.refuse(step.rule(), "not_yours", "", message);
            }
            StepActor::Superior if !doer.superiors.contains(&OrgKind::Committee) => {
                let delegated = step == Step::AdmissionApproval && self.form.values.is("delegated", "yes");
                if !delegated {
                    let message = format!(
                        "「{}」由党委办理，党总支不能办理（{}）。请报上级党委；审批接收预备党员经授权的，请选「经上级党委授权」并上传授权文件。",
                        step.name(),
                        step.rule()
                    );
                    self.refuse(step.rule(), "not_a_committee", "", message);
                }
            }
            StepActor::Applicant | StepActor::Branch | StepActor::Superior => {}
        }
    }

    /// DEV-30: not before the step before, not after today, not entered long after it was done.
    pub(super) fn day(&mut self) {
        let (step, on, today) = (self.form.step, self.form.on, self.today);
        if on > today {
            let message = format!("日期 {on} 晚于今天 {today}。请填写实际办理的日期（DEV-30）。");
            self.refuse("DEV-30", "future_date", "/on", message);
            return;
        }
        if let Some(last) = self.case.taken.last().map(|taken| taken.mark).filter(|last| on < last.on) {
            let message = format!("日期 {on} 早于前一步「{}」的日期 {}（DEV-30）。请核对。", last.step.name(), last.on);
            self.refuse("DEV-30", "before_previous", "/on", message);
            return;
        }
        let days = self.measure(Measure::EntryDays, today);
        if !self.case.is_known(step) && (today - on).get_days() > days {
            let (from, _) = span(self.case, step, self.measures, today);
            let message = format!(
                "日期 {on} 距今天已超过 {days} 天，不得倒签（DEV-30）。可填写 {from} 至 {today}；确实早已办理的，请联系上级党委处理。"
            );
            self.refuse("DEV-30", "back_dated", "/on", message);
        }
    }

    /// Everything that must be filled in.
    pub(super) fn form(&mut self) {
        let step = self.form.step;
        for field in step.spec().fields.iter().filter(|field| field.shown(&self.form.values)) {
            let filled = self.form.values.0.contains_key(&field.key);
            let persons = self.form.values.persons(&field.key).len() as i64;
            if field.required && !filled {
                let verb = match field.kind {
                    FieldKind::Choice | FieldKind::Persons | FieldKind::Org => "选择",
                    FieldKind::Date | FieldKind::Text | FieldKind::LongText | FieldKind::Number | FieldKind::Vote => {
                        "填写"
                    }
                };
                let message = format!("请{verb}「{}」（{}）。", field.label, step.rule());
                self.refuse(step.rule(), "missing_required", pointer(&field.key), message);
            } else if field.kind == FieldKind::Persons && filled && field.least.is_some_and(|least| persons < least) {
                let least = field.least.unwrap_or_default();
                let message = format!("「{}」须有 {least} 人，现在是 {persons} 人（{}）。", field.label, step.rule());
                self.refuse(step.rule(), "too_few", pointer(&field.key), message);
            }
        }
    }

    /// Every paper that must be there.
    pub(super) fn papers(&mut self) {
        let (step, n) = (self.form.step, self.case.next_n(self.form.step));
        for paper in &step.spec().papers {
            if paper.needed(&self.form.values) && !self.has_paper(step, n, &paper.key) {
                self.refuse_paper(step.rule(), &paper.key, &paper.name);
            }
        }
    }

    pub(super) fn has_paper(&self, step: Step, n: u32, key: &str) -> bool {
        self.facts.papers.contains(&(step, n, key.to_owned()))
    }

    pub(super) fn refuse_paper(&mut self, rule: &'static str, key: &str, name: &str) {
        let message = format!("缺少「{name}」（{rule}）。请上传后再提交。");
        self.refuse(rule, "missing_paper", format!("/papers/{key}"), message);
    }
}

fn out_of_turn(step: Step, track: &Track) -> String {
    match track.present() {
        Some(present) if step > present => format!(
            "还不能办理「{}」：现在该办第 {} 步「{}」（{}，DEV-30）。请按顺序办理。",
            step.name(),
            present.number(),
            present.name(),
            present.rule()
        ),
        Some(_) | None => format!("「{}」已经办理过，不能重复办理（DEV-30）。请刷新页面。", step.name()),
    }
}

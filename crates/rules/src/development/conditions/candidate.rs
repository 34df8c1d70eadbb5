//! 发展对象: a whole year of cultivation, public notice, the political review, the training (DEV-06 to DEV-11).

use super::super::decide::Checking;
use super::super::step::Step;
use super::super::value::pointer;
use crate::date::{add_days, add_months, full_months};
use crate::measure::Measure;
use jiff::civil::{Date, Weekday};

impl Checking<'_> {
    /// DEV-07: a whole year since he was chosen, not a day less.
    pub(super) fn cultivated_long_enough(&mut self) {
        let Some(since) = self.track().on(Step::ActivistSelection) else { return };
        let months = self.measure(Measure::ActivistMonths, since);
        let full = full_months(since, months);
        if self.form.on < full {
            let message = format!(
                "自 {since} 确定为入党积极分子起培养教育不满 {months} 个月，到 {full} 才满（DEV-07）。请在 {full} 或以后讨论。"
            );
            self.refuse("DEV-07", "too_early", "/on", message);
        }
    }

    /// DEV-06: a review every half-year until now; a gap is to be explained.
    pub(super) fn reviewed_without_gap(&mut self) {
        let track = self.track();
        let Some(since) = track.on(Step::ActivistSelection) else { return };
        let months = self.measure(Measure::CultivationReviewMonths, since);
        let reviews = track.0.iter().filter(|mark| mark.step == Step::CultivationReview).map(|mark| mark.on);
        let days: Vec<Date> = std::iter::once(since).chain(reviews).chain([self.form.on]).collect();
        // The last review may lie a month back: the file goes to the meeting after it.
        let gap = days.windows(2).find(|pair| add_days(add_months(pair[0], months), 31) < pair[1]);
        if let Some(pair) = gap {
            let message = format!(
                "{} 至 {} 之间相隔超过 {months} 个月没有考察记录（DEV-06）。有漏登的请先「再记一次」；确实没有考察的，写明原因。",
                pair[0], pair[1]
            );
            self.warn("DEV-06", "review_gap", "", message);
        }
    }

    /// DEV-07 as revised in 2026: five working days of public notice.
    pub(super) fn publicity(&mut self) {
        let needed = self.measure(Measure::PublicityDays, self.form.on);
        if needed == 0 || !self.form.values.is("result", "agreed") {
            return;
        }
        let (from, until) = (self.form.values.date("notice_from"), self.form.values.date("notice_until"));
        for (key, label, day) in [("notice_from", "公示开始", from), ("notice_until", "公示结束", until)] {
            if day.is_none() {
                let message = format!("请填写「{label}」：列为发展对象前须公示不少于 {needed} 个工作日（DEV-07）。");
                self.refuse("DEV-07", "missing_required", pointer(key), message);
            }
        }
        let n = self.case.next_n(Step::CandidateSelection);
        if !self.has_paper(Step::CandidateSelection, n, "candidate_notice") {
            self.refuse_paper("DEV-07", "candidate_notice", "公示材料");
        }
        let (Some(from), Some(until)) = (from, until) else { return };
        if until > self.today {
            let message = format!("公示到 {until} 才结束（DEV-07）。请在公示结束后提交。");
            self.refuse("DEV-07", "future_date", pointer("notice_until"), message);
        }
        if self.track().on(Step::ActivistSelection).is_some_and(|since| from < since) {
            self.refuse(
                "DEV-07",
                "bad_date",
                pointer("notice_from"),
                "公示开始早于确定为积极分子的日期（DEV-07）。请核对。",
            );
        }
        let days = working_days(from, until);
        if days < needed {
            let message = format!(
                "公示只有 {days} 个工作日，不少于 {needed} 个工作日（DEV-07）。请核对起止日期，公示不足的请延长公示。"
            );
            self.refuse("DEV-07", "too_short", pointer("notice_until"), message);
        }
    }

    /// DEV-08: the superior agrees after the notice has ended.
    pub(super) fn publicity_over(&mut self) {
        let until = self.case.values(Step::CandidateSelection).and_then(|values| values.date("notice_until"));
        if let Some(until) = until.filter(|until| self.form.on < *until) {
            let message = format!("公示到 {until} 才结束，不能在此之前同意（DEV-08）。请改正日期。");
            self.refuse("DEV-08", "too_early", "/on", message);
        }
    }

    /// DEV-10: whoever the register has as mobile is.
    pub(super) fn mobile_said(&mut self) {
        if self.facts.mobile && self.form.values.is("mobile", "no") {
            let message =
                "档案中登记为流动人员，须征求户籍地、居住地基层党组织的意见（DEV-10）。请改选「是」，或先更正档案。";
            self.refuse("DEV-10", "mobile", pointer("mobile"), message);
        }
    }

    /// DEV-11: three days or twenty-four hours; less only with the superior's approval and a reason.
    pub(super) fn trained(&mut self) {
        let values = &self.form.values;
        if values.is("trained", "exempt") {
            self.warn("DEV-11", "exempt", pointer("trained"), "未经集中培训或培训时间不足的，一般不能发展入党（DEV-11）。个别特殊情况经上级党委批准的，写明原因后继续。");
        }
        if !values.is("trained", "yes") {
            return;
        }
        let (on, from) = (self.form.on, values.date("from"));
        let (days, hours) = (values.number("days").unwrap_or(0), values.number("hours").unwrap_or(0));
        let least = i64::from(self.measure(Measure::TrainingDays, on));
        let least_hours = i64::from(self.measure(Measure::TrainingHours, on));
        if days < least && hours < least_hours {
            let message = format!(
                "集中培训 {days} 天、{hours} 学时，不少于 {least} 天或 {least_hours} 学时（DEV-11）。请补足培训；个别特殊情况须有上级党委批准。"
            );
            self.refuse("DEV-11", "too_short", pointer("days"), message);
        }
        let Some(from) = from else { return };
        if from > on {
            self.refuse("DEV-11", "bad_date", pointer("from"), "培训开始日期晚于结业日期（DEV-11）。请核对。");
        } else if days > i64::from((on - from).get_days()) + 1 {
            let message = format!("{from} 至 {on} 没有 {days} 天（DEV-11）。请核对天数和起止日期。");
            self.refuse("DEV-11", "bad_days", pointer("days"), message);
        }
        if let Some(since) = self.track().on(Step::CandidateFiling).filter(|since| from < *since) {
            let message = format!("培训开始早于列为发展对象的日期 {since}（DEV-11）：参加培训的须是发展对象。请核对。");
            self.refuse("DEV-11", "bad_date", pointer("from"), message);
        }
    }
}

/// Days from Monday to Friday, the first and the last with them. Public holidays are the office's to add.
fn working_days(from: Date, until: Date) -> i32 {
    if until < from {
        return 0;
    }
    let days = (until - from).get_days() + 1;
    let rest = (0..days % 7).filter(|day| {
        let weekday = add_days(from, *day).weekday();
        !matches!(weekday, Weekday::Saturday | Weekday::Sunday)
    });
    days / 7 * 5 + rest.count() as i32
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn working_days_leave_out_weekends() {
        let monday = date(2026, 6, 1);
        for (until, days) in [
            (date(2026, 5, 31), 0),
            (monday, 1),
            (date(2026, 6, 5), 5),
            (date(2026, 6, 7), 5),
            (date(2026, 6, 8), 6),
            (date(2026, 6, 30), 22),
        ] {
            assert_eq!(working_days(monday, until), days, "{until}");
        }
        assert_eq!(working_days(date(2026, 6, 6), date(2026, 6, 7)), 0);
        assert_eq!(working_days(date(2026, 6, 6), date(2026, 6, 12)), 5);
    }
}

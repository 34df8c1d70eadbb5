//! What each single step demands beside its turn, its day and its papers: DEV-01 to DEV-25, one function where there is something to say.

use super::decide::Checking;
use super::step::Step;
use super::track::Outcome;
use super::value::pointer;
use crate::date::{add_days, add_months, full_months, full_years};
use crate::measure::{DEVELOPMENT_REVISED, Measure};
use crate::meeting::VoteKind;
use crate::org::OrgKind;
use jiff::civil::{Date, Weekday};

impl Checking<'_> {
    /// The step's own conditions.
    pub(super) fn conditions(&mut self) {
        match self.form.step {
            Step::Application => self.of_age(),
            Step::ApplicationTalk => self.talked_by_officers(),
            Step::ActivistSelection => {
                self.meeting_that_exists();
                self.not_in_a_temporary_branch();
            }
            Step::MentorAssignment => self.full_members("mentors"),
            Step::CandidateSelection => {
                self.cultivated_long_enough();
                self.reviewed_without_gap();
                self.meeting_that_exists();
                self.publicity();
            }
            Step::CandidateFiling => self.publicity_over(),
            Step::SponsorAssignment => self.full_members("sponsors"),
            Step::PoliticalReview => self.mobile_said(),
            Step::IntensiveTraining => self.trained(),
            Step::BranchCommitteeReview => self.meeting_that_exists(),
            Step::PreReview => self.leaving(),
            Step::AdmissionVote => {
                self.vote(VoteKind::Admission);
                self.within_a_month_of_pre_review();
                self.not_in_a_temporary_branch();
                self.as_the_register_has_it();
            }
            Step::AdmissionApproval => self.approval_in_time(),
            Step::GroupPlacement => self.group(),
            Step::ConversionApplication => self.probation_full(),
            Step::ConversionVote => {
                self.vote(VoteKind::Conversion);
                self.extension();
            }
            Step::ConversionApproval => self.conversion_approval_in_time(),
            Step::Archiving => self.whole_file(),
            Step::ActivistFiling
            | Step::CultivationReview
            | Step::MembershipForm
            | Step::SuperiorTalk
            | Step::ApprovalFiling
            | Step::Oath
            | Step::ProbationReview => {}
        }
    }

    /// DEV-01: 18 on the day of the application; a birth date known to the month counts on its most favourable day, as REG-03 does.
    fn of_age(&mut self) {
        let age = self.measure(Measure::ApplicantAge, self.form.on);
        match self.facts.born {
            None => self.refuse(
                "DEV-01",
                "missing_birth",
                "",
                "档案中没有出生日期，无法判断是否年满 18 周岁（DEV-01）。请先在人员档案中补填。",
            ),
            Some(born) if full_years(born.earliest(), self.form.on) < age => {
                let message = format!("递交申请时不满 {age} 周岁，不能申请入党（DEV-01）。请核对出生日期和递交日期。");
                self.refuse("DEV-01", "under_age", "/on", message);
            }
            Some(_) => {}
        }
    }

    /// DEV-02: 书记、副书记或组织委员.
    fn talked_by_officers(&mut self) {
        let talkers = self.form.values.persons("talkers");
        let officer = talkers.iter().any(|id| self.facts.named.get(id).is_some_and(|named| named.officer));
        if !talkers.is_empty() && !officer && !self.case.is_known(Step::ApplicationTalk) {
            let message = "谈话人中没有支部书记、副书记或组织委员（DEV-02）。请核对；确有特殊情况的，写明原因后继续。";
            self.warn("DEV-02", "not_an_officer", pointer("talkers"), message);
        }
        self.members("talkers");
    }

    /// 不设支部委员会的由支部大会 (DEV-03, DEV-07, DEV-12).
    fn meeting_that_exists(&mut self) {
        let step = self.form.step;
        if self.form.values.is("body", "committee") && !self.facts.place.has_committee && !self.case.is_known(step) {
            let message = format!(
                "本支部没有设支部委员会，应由支部党员大会研究（{}）。请改选「支部党员大会」；已设支委会的，请先在组织信息中登记委员。",
                step.rule()
            );
            self.refuse(step.rule(), "no_committee", pointer("body"), message);
        }
    }

    /// ORG-08: temporary branches as a rule do not recruit.
    fn not_in_a_temporary_branch(&mut self) {
        if self.facts.place.kind == OrgKind::TemporaryBranch {
            let message =
                "临时党支部一般不发展党员（ORG-08）。请由本人组织关系所在的党支部办理；确需办理的，写明原因。";
            self.warn("ORG-08", "temporary_branch", "", message);
        }
    }

    /// DEV-05, DEV-09: full members, present, with all their rights, and not the applicant.
    fn full_members(&mut self, key: &str) {
        let (rule, on) = (self.form.step.rule(), self.form.on);
        self.members(key);
        for id in self.form.values.persons(key) {
            let Some(named) = self.facts.named.get(id).filter(|_| *id != self.case.person) else { continue };
            let name = &named.name;
            if named.full_since.is_none_or(|since| since > on) {
                let message = format!("「{name}」在 {on} 还不是正式党员，不能担任（{rule}）。请另选正式党员。");
                self.refuse(rule, "not_full_member", pointer(key), message);
            } else if named.deprived {
                let message =
                    format!("「{name}」受留党察看处分、尚未恢复党员权利，不能担任（{rule}，VOTE-03）。请另选。");
                self.refuse(rule, "deprived", pointer(key), message);
            }
        }
    }

    /// Persons named exist, are there still, and are not the applicant.
    fn members(&mut self, key: &str) {
        let rule = self.form.step.rule();
        for id in self.form.values.persons(key) {
            if *id == self.case.person {
                self.refuse(rule, "oneself", pointer(key), format!("不能由申请人本人担任（{rule}）。请另选。"));
                continue;
            }
            match self.facts.named.get(id) {
                None => self.refuse(rule, "unknown_person", pointer(key), "所选的人不在台账中。请从名单中重新选择。"),
                Some(named) if named.left && !self.case.is_known(self.form.step) => {
                    let message = format!("「{}」已离开，不能担任（{rule}）。请另选。", named.name);
                    self.refuse(rule, "person_left", pointer(key), message);
                }
                Some(_) => {}
            }
        }
    }

    /// DEV-07: a whole year since he was chosen, not a day less.
    fn cultivated_long_enough(&mut self) {
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
    fn reviewed_without_gap(&mut self) {
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
    fn publicity(&mut self) {
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
    fn publicity_over(&mut self) {
        let until = self.case.values(Step::CandidateSelection).and_then(|values| values.date("notice_until"));
        if let Some(until) = until.filter(|until| self.form.on < *until) {
            let message = format!("公示到 {until} 才结束，不能在此之前同意（DEV-08）。请改正日期。");
            self.refuse("DEV-08", "too_early", "/on", message);
        }
    }

    /// DEV-10: whoever the register has as mobile is.
    fn mobile_said(&mut self) {
        if self.facts.mobile && self.form.values.is("mobile", "no") {
            let message =
                "档案中登记为流动人员，须征求户籍地、居住地基层党组织的意见（DEV-10）。请改选「是」，或先更正档案。";
            self.refuse("DEV-10", "mobile", pointer("mobile"), message);
        }
    }

    /// DEV-11: three days or twenty-four hours; less only with the superior's approval and a reason.
    fn trained(&mut self) {
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

    /// DEV-13: whoever leaves within three months is as a rule not admitted.
    fn leaving(&mut self) {
        if self.form.values.is("leaving", "yes") && self.form.values.is("result", "agreed") {
            let months = self.measure(Measure::LeavingMonths, self.form.on);
            let message = format!(
                "{months} 个月内将离开现单位的，一般不办理接收预备党员的手续（DEV-13）。确需办理的，写明原因。"
            );
            self.warn("DEV-13", "leaving", pointer("leaving"), message);
        }
    }

    /// VOTE-01 to VOTE-04, and 无记名投票 since the revision of 2026. The counts are compared with the register's.
    fn vote(&mut self, kind: VoteKind) {
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
    fn within_a_month_of_pre_review(&mut self) {
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
    fn as_the_register_has_it(&mut self) {
        let joined = self.facts.joined_on.filter(|_| self.case.is_known(Step::AdmissionVote));
        let on = crate::date::PartialDate::day(self.form.on);
        if let Some(joined) = joined.filter(|joined| !joined.covers(&on)) {
            let message = format!(
                "台账中的入党时间是 {joined}，与支部大会的日期不一致（DEV-21）。请核对，确有错误的先更正档案。"
            );
            self.refuse("DEV-21", "differs", "/on", message);
        }
    }

    /// DEV-17: within three months, or until the day to which it was extended, six months at most.
    fn approval_in_time(&mut self) {
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
    fn group(&mut self) {
        let Some(group) = self.form.values.org("group") else {
            if self.facts.place.has_groups {
                let message = "本支部设有党小组，请选定编入哪个党小组（DEV-19）。";
                self.refuse("DEV-19", "missing_required", pointer("group"), message);
            }
            return;
        };
        let branch = self.facts.place.branch;
        let fits = |place: &super::Place| place.kind == OrgKind::Group && place.branch == branch && !place.dissolved;
        if !self.facts.orgs.get(&group).is_some_and(fits) {
            let message = "所选的不是本支部的党小组（DEV-19）。请从本支部的党小组中选择。";
            self.refuse("DEV-19", "not_a_group", pointer("group"), message);
        }
    }

    /// DEV-22: not before the probation is full.
    fn probation_full(&mut self) {
        let Some(probation) = self.track().probation(self.measures) else { return };
        let until = probation.until;
        if self.form.on < until {
            let message = format!("预备期到 {until} 才满，期未满不能提出转正申请（DEV-22）。请在 {until} 或以后递交。");
            self.refuse("DEV-22", "too_early", "/on", message);
        }
    }

    /// DEV-23: once, between half a year and a year.
    fn extension(&mut self) {
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
    fn conversion_approval_in_time(&mut self) {
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
    fn whole_file(&mut self) {
        let mut times = std::collections::BTreeMap::new();
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

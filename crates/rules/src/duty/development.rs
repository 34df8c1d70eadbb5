//! 发展党员: the deadlines that follow from the steps taken (DEV-*). The last application begins the run of records that counts; where
//! a person was registered in the middle of the way, the dossier's own dates stand for steps that are not on record.

use super::person::{deadline, facts_of, shown};
use super::recurring::Window;
use super::{Days, Demand, Duty, Fact, Outcome, PersonFacts};
use crate::activity::Activity;
use crate::codes::Stage;
use crate::date::{Precision, add_days, add_months, full_months};
use crate::measure::Measure;
use jiff::civil::Date;

/// What is asked about somebody on the way to membership.
pub(super) fn duties(person: &PersonFacts, demand: &Demand<'_>, span: Days) -> Vec<Duty> {
    let on_the_way = person.stage().is_some_and(|stage| stage != Stage::Full);
    if person.records.is_empty() && !on_the_way {
        return Vec::new();
    }
    let way = Way::of(person, demand);
    let mut duties = Vec::new();
    duties.extend(way.talk());
    duties.extend(way.reviews(span));
    duties.extend(way.full_year());
    duties.extend(way.admission());
    duties.extend(way.after_admission());
    duties.extend(way.probation());
    duties.extend(way.after_conversion());
    // What was both due and done before the calendar was used is history.
    duties.retain(|duty| duty.due >= demand.started_on || duty.done.is_none_or(|done| done.on >= demand.started_on));
    if way.is_over() || person.case_rests || person.left().is_some() {
        duties.retain(|duty| duty.done.is_some());
    }
    duties
}

/// The way of one person.
struct Way<'a> {
    person: &'a PersonFacts,
    demand: &'a Demand<'a>,
    /// The records since the last application.
    run: Vec<&'a Fact>,
}

impl<'a> Way<'a> {
    fn of(person: &'a PersonFacts, demand: &'a Demand<'a>) -> Self {
        let begin = person.records.iter().rposition(|fact| fact.activity == Activity::Application).unwrap_or(0);
        Way { person, demand, run: person.records[begin..].iter().collect() }
    }

    fn get(&self, measure: Measure, on: Date) -> i32 {
        self.demand.measures.get(measure, on)
    }

    /// Whether the way ended: refused or cancelled, and nothing came after.
    fn is_over(&self) -> bool {
        let mut steps = self.run.iter().filter(|fact| fact.activity.rule().starts_with("DEV-"));
        steps.next_back().is_some_and(|fact| matches!(fact.outcome, Outcome::Refused | Outcome::Cancelled))
    }

    fn all(&self, activity: Activity) -> impl DoubleEndedIterator<Item = &'a Fact> {
        self.run.iter().copied().filter(move |fact| fact.activity == activity)
    }

    /// The last time a step was taken with success.
    fn passed(&self, activity: Activity) -> Option<&'a Fact> {
        self.all(activity).rfind(|fact| fact.outcome == Outcome::Passed)
    }

    /// The day on which a stage, or a later one, began in the register; since the application, where that is on record.
    fn stage_since(&self, stage: Stage) -> Option<Date> {
        let begin =
            self.run.first().filter(|fact| fact.activity == Activity::Application).map_or(Date::MIN, |fact| fact.on);
        self.person.stages.iter().find(|held| held.stage >= stage && held.from >= begin).map(|held| held.from)
    }

    /// DEV-02: a talk within a month of the application.
    fn talk(&self) -> Option<Duty> {
        let recorded = self.all(Activity::Application).next_back().map(|fact| fact.on);
        let registered = self.person.applied_on.filter(|applied| {
            applied.precision == Precision::Day
                && applied.date >= self.demand.started_on
                && self.person.stage() == Some(Stage::Applicant)
        });
        let applied = recorded.or(registered.map(|applied| applied.date))?;
        let due = add_months(applied, self.get(Measure::TalkMonths, applied));
        let lead = self.get(Measure::TalkLead, applied);
        let mut duty =
            deadline(Activity::ApplicationTalk, self.person, (applied, due), add_days(due, -lead).max(applied));
        duty.done = self.all(Activity::ApplicationTalk).find(|fact| fact.on >= applied).map(shown);
        let went_on = self.passed(Activity::ActivistSelection).is_some() || self.stage_since(Stage::Activist).is_some();
        (duty.done.is_some() || !went_on).then_some(duty)
    }

    /// The day from which somebody is an activist.
    fn activist_since(&self) -> Option<Date> {
        let registered = || {
            let since = self.stage_since(Stage::Activist)?;
            let mut stages = self.person.stages.iter();
            stages.any(|held| held.from == since && held.stage == Stage::Activist).then_some(since)
        };
        self.passed(Activity::ActivistSelection).map(|fact| fact.on).or_else(registered)
    }

    /// The day from which somebody is no longer an activist: became a candidate, or left.
    fn activist_until(&self) -> Date {
        let candidate = self.passed(Activity::CandidateSelection).map(|fact| fact.on);
        let ends = [candidate, self.stage_since(Stage::Candidate), self.person.left()];
        ends.into_iter().flatten().min().unwrap_or(Date::MAX)
    }

    /// DEV-06: a review every half-year as long as somebody is an activist, counted on when he or she moves.
    fn reviews(&self, span: Days) -> Vec<Duty> {
        let Some(since) = self.activist_since() else { return Vec::new() };
        let until = self.activist_until();
        let months = self.get(Measure::CultivationReviewMonths, since).max(1);
        let lead = self.get(Measure::CultivationReviewLead, since);
        let mut left: Vec<&Fact> = self.all(Activity::CultivationReview).filter(|fact| fact.on >= since).collect();
        let mut duties: Vec<Duty> = Vec::new();
        let mut from = since;
        for n in 1.. {
            let due = add_months(since, months * n);
            if from > span.last || from >= until || due == Date::MAX {
                break;
            }
            let next = add_months(since, months * (n + 1));
            let days = Days { first: from, last: due };
            let mut duty =
                deadline(Activity::CultivationReview, self.person, (from, due), add_days(due, -lead).max(from));
            duty.late_until = Some(next);
            if let Some(at) = left.iter().position(|fact| days.contains(fact.on)) {
                duty.done = Some(shown(left.remove(at)));
            }
            let using = Window { from: self.demand.started_on, to: until };
            let asked = Days { first: from.max(using.from), last: due }.count() * 2 >= days.count() && due < using.to;
            if asked || duty.done.is_some() {
                duties.push(duty);
            }
            from = add_days(due, 1);
        }
        for fact in left {
            let missed = duties.iter_mut().find(|duty| {
                duty.done.is_none() && duty.due < fact.on && duty.late_until.is_some_and(|until| fact.on <= until)
            });
            if let Some(duty) = missed {
                duty.done = Some(shown(fact));
            }
        }
        duties
    }

    /// DEV-07: the year of cultivation is full; only called to mind.
    fn full_year(&self) -> Option<Duty> {
        let since = self.activist_since()?;
        if self.activist_until() != Date::MAX {
            return None;
        }
        let full = full_months(since, self.get(Measure::ActivistMonths, since));
        Some(Duty { hint: true, ..deadline(Activity::CandidateSelection, self.person, (full, full), full) })
    }

    /// DEV-15: the branch meeting within a month of the passed pre-review.
    fn admission(&self) -> Option<Duty> {
        let reviewed = self.passed(Activity::PreReview)?.on;
        let due = add_months(reviewed, self.get(Measure::AdmissionVoteMonths, reviewed));
        let lead = self.get(Measure::AdmissionVoteLead, reviewed);
        let remind = add_days(due, -lead).max(reviewed);
        let mut duty = deadline(Activity::AdmissionVote, self.person, (reviewed, due), remind);
        duty.done = self.all(Activity::AdmissionVote).find(|fact| fact.on >= reviewed).map(shown);
        Some(duty)
    }

    /// DEV-17, DEV-24: the superior decides within three months of a vote, within six where it took longer for a reason.
    fn approval(&self, activity: Activity, months: Measure, vote: Date) -> Duty {
        let due = add_months(vote, self.get(months, vote));
        let longest = add_months(vote, self.get(Measure::ApprovalLongestMonths, vote));
        let answers: Vec<&Fact> = self.all(activity).filter(|fact| fact.on >= vote).collect();
        let extended =
            answers.iter().filter(|fact| fact.outcome == Outcome::Extended).filter_map(|fact| fact.until).max();
        let due = extended.map_or(due, |until| until.clamp(due, longest.max(due)));
        let lead = self.get(Measure::ApprovalLead, vote);
        let mut duty = deadline(activity, self.person, (vote, due), add_days(due, -lead).max(vote));
        duty.done = answers.iter().find(|fact| fact.outcome != Outcome::Extended).map(|fact| shown(fact));
        duty
    }

    /// DEV-17, DEV-19, DEV-20: what follows from the vote and from its approval.
    fn after_admission(&self) -> Vec<Duty> {
        let Some(vote) = self.passed(Activity::AdmissionVote).map(|fact| fact.on) else { return Vec::new() };
        let mut duties = vec![self.approval(Activity::AdmissionApproval, Measure::ApprovalMonths, vote)];
        if let Some(approved) = self.passed(Activity::AdmissionApproval).map(|fact| fact.on) {
            let last = add_days(approved, self.get(Measure::PlacementLead, approved));
            let oath = add_months(approved, self.get(Measure::OathMonths, approved));
            for (activity, due) in [(Activity::GroupPlacement, last), (Activity::Oath, oath)] {
                let mut duty = deadline(activity, self.person, (approved, due), approved);
                duty.done = self.all(activity).find(|fact| fact.on >= approved).map(shown);
                duties.push(duty);
            }
        }
        duties
    }

    /// The day from which probation counts: that of the vote; of somebody registered as probationary, the day of joining.
    fn probation_from(&self) -> Option<Date> {
        let registered = || {
            let joined = self.person.joined_on.filter(|_| self.person.stage() == Some(Stage::Probationary));
            joined.map(|joined| joined.latest())
        };
        self.passed(Activity::AdmissionVote).map(|fact| fact.on).or_else(registered)
    }

    /// DEV-21, DEV-22, DEV-23: a review, the application and the vote at the end of probation, once more after an extension.
    fn probation(&self) -> Vec<Duty> {
        let Some(begin) = self.probation_from() else { return Vec::new() };
        let mut votes = self.all(Activity::ConversionVote).filter(|fact| fact.on >= begin);
        let mut duties = Vec::new();
        let (mut from, mut end) = (begin, full_months(begin, self.get(Measure::ProbationMonths, begin)));
        loop {
            let vote = votes.next();
            duties.extend(self.round((from, end), vote));
            match vote.filter(|fact| fact.outcome == Outcome::Extended).and_then(|fact| Some((fact.on, fact.until?))) {
                Some((on, until)) => (from, end) = (on, until),
                None => return duties,
            }
        }
    }

    fn round(&self, (from, end): (Date, Date), vote: Option<&Fact>) -> Vec<Duty> {
        let lead = self.get(Measure::ConversionLead, end);
        let last = add_days(end, self.get(Measure::ConversionDays, end));
        let until = vote.map_or(Date::MAX, |fact| fact.on);
        let within = |activity| self.all(activity).rfind(|fact| from <= fact.on && fact.on <= until).map(shown);
        let rows = [
            (Activity::ProbationReview, from, end, within(Activity::ProbationReview)),
            (Activity::ConversionApplication, end, last, within(Activity::ConversionApplication)),
            (Activity::ConversionVote, end, last, vote.map(shown)),
        ];
        let became_full = self.person.stage() == Some(Stage::Full) || self.person.full_on.is_some();
        let mut duties = Vec::new();
        for (activity, from, due, done) in rows {
            // Where the vote is on record, or somebody was registered as a full member, what came before is not asked for any more.
            if done.is_some() || (vote.is_none() && !became_full) {
                let remind = add_days(end, -lead);
                duties.push(Duty { done, ..deadline(activity, self.person, (from, due), remind) });
            }
        }
        duties
    }

    /// DEV-24, DEV-25: the superior's approval of the conversion, then the file.
    fn after_conversion(&self) -> Vec<Duty> {
        let Some(vote) = self.passed(Activity::ConversionVote).map(|fact| fact.on) else { return Vec::new() };
        let mut duties = vec![self.approval(Activity::ConversionApproval, Measure::ConversionApprovalMonths, vote)];
        if let Some(approved) = self.passed(Activity::ConversionApproval).map(|fact| fact.on) {
            let due = add_days(approved, self.get(Measure::ArchivingDays, approved));
            let mut duty = deadline(Activity::Archiving, self.person, (approved, due), approved);
            duty.done = facts_of(self.person, Activity::Archiving).find(|fact| fact.on >= approved).map(shown);
            duties.push(duty);
        }
        duties
    }
}

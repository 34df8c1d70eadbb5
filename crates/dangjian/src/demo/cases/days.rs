//! On which days the steps of a synthetic case were taken: worked out from the days that the register has, forward to the demo's day.

use crate::synth::{CaseWish, Dice, TOLD_DAYS};
use jiff::civil::Date;
use rules::codes::Stage;
use rules::date::{add_days, full_months};
use rules::development::Step;
use rules::measure::{Measure, Measures};
use rules::member::Record;

/// The steps with their days, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Story(pub(super) Vec<(Step, Date)>);

impl Story {
    /// When a step was taken.
    pub(super) fn on(&self, step: Step) -> Option<Date> {
        self.0.iter().find(|(taken, _)| *taken == step).map(|(_, on)| *on)
    }
}

/// Days between reviews.
const REVIEWS: i32 = 170;
/// Days from the discussion of the candidate to the branch meeting that votes.
const EXAMINED: i32 = 57;

/// How somebody came as far as the register says; none where the register's days leave no room for it.
pub(crate) fn story(wish: CaseWish, record: &Record, today: Date, dice: &mut Dice) -> Option<Story> {
    if wish == CaseWish::Untold {
        return None;
    }
    let applied = record.applied_on?.date;
    let joined = record.joined_on.map(|joined| joined.date);
    let mut steps = vec![(Step::Application, applied), (Step::ApplicationTalk, add_days(applied, 15))];
    let last = match (record.standing.stage, joined) {
        (Stage::Applicant, _) => Step::ApplicationTalk,
        (Stage::Activist, _) => {
            let shown = wish == CaseWish::Shown;
            let longest = i64::from((today - applied).get_days()) - 40;
            let days = if shown { 165 } else { dice.between(20, longest.min(400)) };
            let since = add_days(today, -i32::try_from(days).ok()?);
            if since < add_days(applied, 16) {
                return None;
            }
            cultivated(since, today, &mut steps);
            Step::CultivationReview
        }
        (Stage::Candidate, _) => {
            let chosen = add_days(today, -i32::try_from(dice.between(11, 70)).ok()?);
            examined(applied, chosen, dice, &mut steps)?;
            Step::SuperiorTalk
        }
        (Stage::Probationary, Some(joined)) => {
            examined(applied, add_days(joined, -EXAMINED), dice, &mut steps)?;
            Step::ProbationReview
        }
        (Stage::Full, Some(joined)) if i64::from((today - joined).get_days()) <= TOLD_DAYS => {
            examined(applied, add_days(joined, -EXAMINED), dice, &mut steps)?;
            let full = full_months(joined, Measures::default().get(Measure::ProbationMonths, joined));
            if record.full_on.map(|day| day.date) != Some(full) {
                return None;
            }
            steps.extend([
                (Step::ConversionApplication, full),
                (Step::ConversionVote, add_days(full, 8)),
                (Step::ConversionApproval, add_days(full, 20)),
                (Step::Archiving, add_days(full, 25)),
            ]);
            Step::Archiving
        }
        (Stage::Probationary | Stage::Full, _) => return None,
    };
    steps.retain(|(step, on)| *step <= last && *on <= today);
    Some(Story(steps))
}

/// From being chosen an activist to a day, with a review before every half-year is over.
fn cultivated(since: Date, until: Date, steps: &mut Vec<(Step, Date)>) {
    steps.extend([
        (Step::ActivistSelection, since),
        (Step::ActivistFiling, add_days(since, 3)),
        (Step::MentorAssignment, add_days(since, 6)),
    ]);
    let reviews = (1..).map(|n| add_days(since, n * REVIEWS)).take_while(|on| *on < until);
    steps.extend(reviews.map(|on| (Step::CultivationReview, on)));
}

/// From being chosen an activist to the first review on probation, around the day on which he was chosen as a candidate.
fn examined(applied: Date, chosen: Date, dice: &mut Dice, steps: &mut Vec<(Step, Date)>) -> Option<()> {
    let since = add_days(chosen, -i32::try_from(dice.between(370, 430)).ok()?).max(add_days(applied, 16));
    if add_days(since, 366) > chosen {
        return None;
    }
    cultivated(since, chosen, steps);
    let vote = add_days(chosen, EXAMINED);
    let after_choice = [
        (Step::CandidateSelection, 0),
        (Step::CandidateFiling, 10),
        (Step::SponsorAssignment, 13),
        (Step::PoliticalReview, 21),
        (Step::IntensiveTraining, 33),
        (Step::BranchCommitteeReview, 40),
        (Step::PreReview, 47),
        (Step::MembershipForm, 52),
    ];
    let after_vote = [
        (Step::AdmissionVote, 0),
        (Step::SuperiorTalk, 2),
        (Step::AdmissionApproval, 4),
        (Step::ApprovalFiling, 6),
        (Step::GroupPlacement, 8),
        (Step::Oath, 15),
        (Step::ProbationReview, 180),
    ];
    steps.extend(after_choice.map(|(step, days)| (step, add_days(chosen, days))));
    steps.extend(after_vote.map(|(step, days)| (step, add_days(vote, days))));
    Some(())
}

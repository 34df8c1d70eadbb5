//! Random sequences of commands, wrong ones among them: whatever they are, no case gets past a condition. What the conditions are is
//! said a second time here, in other words than the rules use.

use super::desk::*;
use super::*;
use crate::ids::PersonId;
use crate::meeting::VoteCount;
use crate::org::OrgKind;
use jiff::civil::Date;
use proptest::prelude::*;

/// A small generator of random numbers.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (x ^ (x >> 31)) % most
    }
    fn of_hundred(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len() as u64) as usize]
    }
}

fn plus(date: Date, days: i64) -> Date {
    date.saturating_add(jiff::Span::new().days(days))
}

/// A form for a step: mostly the present one, mostly right.
fn random_form(desk: &Desk, dice: &mut Dice) -> Form {
    let present = desk.case.track().present().unwrap_or(Step::Archiving);
    let again = desk.case.track().again();
    let step = match dice.below(10) {
        0 => dice.pick(Step::ALL),
        1 if !again.is_empty() => dice.pick(&again),
        _ => present,
    };
    let mut form = desk.form(step);
    form.on = plus(desk.today, -(dice.below(12) as i64) + i64::from(dice.of_hundred(5)) * 20);
    let persons = [SECRETARY, MEMBER, PROBATIONARY, DEPRIVED, GONE, APPLICANT, PersonId(999)];
    for field in &step.spec().fields {
        if dice.of_hundred(7) {
            form.values.0.remove(&field.key);
        }
        match field.kind {
            FieldKind::Choice if dice.of_hundred(15) => {
                let choices: Vec<&str> = field.choices.iter().map(|choice| choice.key.as_str()).collect();
                form.choose(&field.key, dice.pick(&choices));
            }
            FieldKind::Persons if dice.of_hundred(15) => {
                let count = dice.below(3);
                let chosen = (0..count).map(|_| dice.pick(&persons)).collect();
                form.set(&field.key, Value::Persons(chosen));
            }
            FieldKind::Vote if dice.of_hundred(50) => {
                let mut one = |most| dice.below(most) as u32;
                let vote = VoteCount {
                    expected_voters: 8 + one(4),
                    present_voters: one(13),
                    written: one(3),
                    in_favour: one(12),
                    against: one(3),
                    abstained: one(2),
                };
                form.set(&field.key, Value::Vote(vote));
            }
            FieldKind::Number if dice.of_hundred(60) => {
                form.set(&field.key, Value::Number(dice.below(30) as i64));
            }
            FieldKind::Date => {
                let day = plus(form.on, dice.below(9) as i64 - 9 + i64::from(field.key == "until") * 120);
                form.set(&field.key, Value::Date(day));
            }
            FieldKind::Choice
            | FieldKind::Persons
            | FieldKind::Vote
            | FieldKind::Number
            | FieldKind::Text
            | FieldKind::LongText
            | FieldKind::Org => {}
        }
    }
    form.reason = if dice.of_hundred(70) { "情况属实".to_owned() } else { String::new() };
    form
}

/// The same day a year later, said without the rules' arithmetic; the day after for 29 February.
fn year_later(day: Date) -> Date {
    match Date::new(day.year() + 1, day.month(), day.day()) {
        Ok(later) => later,
        Err(_) => Date::new(day.year() + 1, 3, 1).unwrap(),
    }
}

/// What must hold of a step that has just been taken: the conditions in other words.
fn must_hold(before: &[Taken], taken: &Taken, form: &Form, desk: &Desk, doer: &Doer) -> Result<(), String> {
    let Mark { step, on, outcome, .. } = taken.mark;
    let need = |holds: bool, what: &str| if holds { Ok(()) } else { Err(format!("{step:?} on {on}: {what}")) };
    let latest =
        |step: Step| before.iter().rev().find(|one| one.mark.step == step && one.mark.outcome != Outcome::Refused);
    let number = |step: Step| step as u8;

    // Order: every earlier step is behind it, unrefused.
    for earlier in Step::ALL.iter().filter(|one| number(**one) < number(step)) {
        need(latest(*earlier).is_some(), &format!("{earlier:?} is not done"))?;
    }
    let done_later =
        before.iter().filter(|one| number(one.mark.step) > number(step) && one.mark.outcome == Outcome::Passed);
    let allowed_after: &[Step] = match step {
        Step::MentorAssignment => &[Step::CultivationReview],
        Step::SponsorAssignment => &[
            Step::PoliticalReview,
            Step::IntensiveTraining,
            Step::BranchCommitteeReview,
            Step::PreReview,
            Step::MembershipForm,
        ],
        // A second round after an extension.
        Step::ProbationReview | Step::ConversionApplication | Step::ConversionVote | Step::ConversionApproval => {
            &[Step::ConversionApplication, Step::ConversionVote, Step::ConversionApproval]
        }
        _ => &[],
    };
    for later in done_later {
        need(allowed_after.contains(&later.mark.step), &format!("{:?} was done already", later.mark.step))?;
    }

    // Days.
    need(on <= desk.today, "in the future")?;
    need(before.last().is_none_or(|last| last.mark.on <= on), "before the step before")?;
    need((desk.today - on).get_days() <= 30, "long ago")?;

    // Who.
    let superiors = [4, 8, 13, 16, 17, 18, 24].contains(&number(step));
    need(if superiors { !doer.superiors.is_empty() } else { doer.branch }, "by somebody else")?;

    // Papers.
    let n = before.iter().filter(|one| one.mark.step == step).count() as u32 + 1;
    for paper in step.spec().papers.iter().filter(|paper| paper.required && paper.only_if.is_none()) {
        need(desk.facts.papers.contains(&(step, n, paper.key.clone())), &format!("without {}", paper.key))?;
    }

    let full: &[PersonId] = &[SECRETARY, MEMBER];
    let vote = || form.values.vote("vote").ok_or_else(|| format!("{step:?} without a vote"));
    match step {
        Step::Application => need(on >= Date::constant(2016, 3, 1), "under age")?,
        Step::MentorAssignment => {
            let mentors = form.values.persons("mentors");
            need((1..=2).contains(&mentors.len()) && mentors.iter().all(|one| full.contains(one)), "mentors")?;
        }
        Step::SponsorAssignment => {
            let sponsors = form.values.persons("sponsors");
            need(sponsors.len() == 2 && sponsors.iter().all(|one| full.contains(one)), "sponsors")?;
        }
        Step::CandidateSelection => {
            let since = latest(Step::ActivistSelection).map(|one| one.mark.on).unwrap_or(Date::MAX);
            need(on >= year_later(since), "less than a year an activist")?;
        }
        Step::IntensiveTraining => {
            let trained =
                form.values.number("days").unwrap_or(0) >= 3 || form.values.number("hours").unwrap_or(0) >= 24;
            need(trained || (form.values.is("trained", "exempt") && !form.reason.is_empty()), "not trained")?;
        }
        Step::AdmissionVote | Step::ConversionVote => {
            let vote = vote()?;
            need(vote.present_voters * 2 > vote.expected_voters, "no quorum")?;
            need(vote.expected_voters <= VOTERS, "more voters than there are")?;
            need(
                vote.in_favour + vote.against + vote.abstained <= vote.present_voters + vote.written,
                "too many votes",
            )?;
            need(outcome == Outcome::Refused || vote.in_favour * 2 > vote.expected_voters, "no majority")?;
            let extensions = before
                .iter()
                .filter(|one| one.mark.step == Step::ConversionApproval && one.mark.outcome == Outcome::Extended);
            need(outcome != Outcome::Extended || extensions.count() == 0, "extended twice")?;
        }
        Step::AdmissionApproval => {
            let voted = latest(Step::AdmissionVote).map(|one| one.mark.on).unwrap_or(Date::MIN);
            need(on <= voted.saturating_add(jiff::Span::new().months(6)), "later than six months")?;
        }
        Step::ConversionApplication => {
            let voted = latest(Step::AdmissionVote).map(|one| one.mark.on).unwrap_or(Date::MAX);
            need(on >= year_later(voted), "probation not full")?;
            let extended = before
                .iter()
                .rev()
                .find(|one| one.mark.step == Step::ConversionApproval && one.mark.outcome == Outcome::Extended);
            if let Some(extended) = extended {
                let least = year_later(voted).saturating_add(jiff::Span::new().months(6));
                need(on >= least && extended.mark.until.is_some_and(|until| on >= until), "extension not full")?;
            }
        }
        _ => {}
    }
    Ok(())
}

/// Plays a random game; returns the furthest step that was done.
fn play(seed: u64, commands: usize) -> Result<Option<Step>, String> {
    let dice = &mut Dice(seed);
    let mut desk = Desk::new();
    let mut furthest = None;
    for _ in 0..commands {
        if !desk.case.state.is_under_way() {
            break;
        }
        let most = if dice.of_hundred(12) { 250 } else { 12 };
        desk.today = plus(desk.today, dice.below(most) as i64);
        desk.facts.doer = match dice.below(10) {
            0 => Doer { branch: true, superiors: Vec::new() },
            1 => Doer { branch: false, superiors: vec![OrgKind::Committee] },
            _ => Doer { branch: true, superiors: vec![OrgKind::Committee] },
        };
        let doer = desk.facts.doer.clone();
        match dice.below(100) {
            0..3 => {
                let _ = desk.command(&Command::Back { reason: "登记有误" });
                continue;
            }
            3 => {
                let _ = desk.command(&Command::Suspend { reason: "外派" });
                let _ = desk.command(&Command::Resume { reason: "返回" });
                continue;
            }
            4.. => {}
        }
        let form = random_form(&desk, dice);
        if dice.of_hundred(85) {
            desk.put_papers(form.step);
        }
        let before = desk.case.taken.clone();
        if let Ok(decision) = desk.command(&Command::Take(&form)) {
            let taken = decision.taken.ok_or("nothing taken")?;
            must_hold(&before, &taken, &form, &desk, &doer)?;
            furthest = furthest.max(Some(taken.mark.step));
        }
    }
    Ok(furthest)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_sequence_of_commands_gets_past_a_condition(seed in any::<u64>()) {
        if let Err(broken) = play(seed, 250) {
            prop_assert!(false, "{}", broken);
        }
    }
}

#[test]
fn the_random_games_reach_every_stage_to_the_end() {
    let reached: Vec<Option<Step>> = (0..150).map(|seed| play(seed, 600).unwrap()).collect();
    for step in
        [Step::CandidateSelection, Step::AdmissionVote, Step::AdmissionApproval, Step::ConversionVote, Step::Archiving]
    {
        let games = reached.iter().filter(|furthest| **furthest >= Some(step)).count();
        assert!(games >= 5, "{step:?} was reached by {games} games: {reached:?}");
    }
}

//! One case as its page needs it: the steps that were taken, the one that may be taken now and what stands against it, and what
//! else this account may do.

use super::access::{acting, may_take, why_not};
use super::list::row_of;
use super::shape::{
    CaseActions, CaseEnd, CaseFact, CaseFile, CasePaper, CaseStep, DevelopmentCase, FieldIs, Probation, StepChoice,
    StepNow, StepRefusal, StepState, StepTaken, StepValue, StepVote, VoteCounts,
};
use crate::signed::Signed;
use crate::{App, Problem};
use jiff::civil::Date;
use rules::access::{Action, Target, may};
use rules::codes::Stage;
use rules::development::{
    CaseState, EndKind, FieldKind, Form, HeldVote, Outcome, PaperSpec, Step, Values, Verdict, held_votes, span,
};
use rules::ids::CaseId;
use rules::measure::Measures;
use rules::org::OrgKind;
use rules::refusal::Refusal;
use std::collections::BTreeMap;
use store::{CasePaper as KeptPaper, TakenStep, WholeCase};

/// Most groups of a branch that are offered.
const MOST_GROUPS: i64 = 100;

/// Reads a case whole, for this account.
pub(super) async fn whole(app: &App, signed: &Signed, id: CaseId) -> Result<DevelopmentCase, Problem> {
    let (root, today) = (signed.root(), app.today());
    let case = app.store.case(root, id).await?;
    let measures = app.store.measures(root, today).await?;
    let dues = case.row.track.dues(&measures);
    let due = |step| dues.iter().filter(|(of, _)| *of == step).map(|(_, due)| *due).min();
    let open = case.row.state == CaseState::Open;
    let present = case.row.track.present().filter(|_| open);
    let again = if open { case.row.track.again() } else { Vec::new() };
    let votes = app.store.case_votes(root, &case).await?;
    let mut offers = Vec::new();
    for step in present.iter().chain(&again) {
        offers.push(offer(app, signed, (&case, &votes), (*step, &measures)).await?);
    }
    let now = if present.is_some() { Some(offers.remove(0)) } else { None };
    let steps = Step::ALL.iter().map(|step| state_of((&case, &votes), *step, present, due(*step), today)).collect();
    Ok(DevelopmentCase {
        row: row_of(&case.row, signed, &measures, today),
        opened_at: case.row.opened_at,
        steps,
        now,
        again: offers,
        probation: case.row.track.probation(&measures).map(|one| probation_of(one, today)),
        end: case.row.end.as_ref().map(|end| CaseEnd {
            on: end.on.to_string(),
            kind_name: end.kind.map(|kind| kind.name().to_owned()),
            reason: end.reason.clone(),
        }),
        actions: actions_of(&case, signed),
    })
}

pub(super) fn probation_of(one: rules::development::Probation, today: Date) -> Probation {
    Probation {
        from: one.from.to_string(),
        until: one.until.to_string(),
        extended: one.extended,
        days_left: (one.until - today).get_days(),
    }
}

fn state_of(
    (case, votes): (&WholeCase, &[HeldVote]),
    step: Step,
    present: Option<Step>,
    due: Option<Date>,
    today: Date,
) -> CaseStep {
    let taken: Vec<StepTaken> =
        case.taken.iter().filter(|one| one.mark.step == step).map(|one| taken_of(case, votes, one)).collect();
    let state = match (present == Some(step), taken.is_empty()) {
        (true, _) => StepState::Now,
        (false, false) => StepState::Done,
        (false, true) => StepState::Later,
    };
    CaseStep {
        n: step.number(),
        state,
        due: due.map(|due| due.to_string()),
        overdue_days: due.map(|due| (today - due).get_days()).filter(|days| *days > 0),
        taken,
    }
}

fn taken_of(case: &WholeCase, votes: &[HeldVote], one: &TakenStep) -> StepTaken {
    let mark = one.mark;
    let rests_on = votes.iter().find(|vote| vote.bears(&mark));
    let facts = shown(case, mark.step, &one.values);
    StepTaken {
        on: mark.on.to_string(),
        facts: facts.into_iter().map(|(label, value)| CaseFact { label: label.to_owned(), value }).collect(),
        done_by: one.done_by.clone(),
        done_at: one.done_at,
        outcome_name: (mark.outcome != Outcome::Passed).then(|| mark.outcome.name().to_owned()),
        warnings: one.warnings.clone(),
        reason: Some(one.reason.clone()).filter(|reason| !reason.is_empty()),
        meeting_id: rests_on.map(|vote| vote.meeting.to_string()),
        by_hand: mark.step.vote_kind().is_some() && rests_on.is_none(),
        papers: papers_of(case, mark.step, one.times, &one.values),
    }
}

/// The values of a step in words, with the names of persons and organisations.
pub(super) fn shown(case: &WholeCase, step: Step, values: &Values) -> Vec<(&'static str, String)> {
    let person = |id| case.persons.get(&id).cloned().unwrap_or_else(|| "已离开的人员".to_owned());
    let org = |id| case.orgs.get(&id).cloned().unwrap_or_else(|| "已撤销的党组织".to_owned());
    values.shown(step, person, org)
}

fn papers_of(case: &WholeCase, step: Step, n: u32, values: &Values) -> Vec<CasePaper> {
    let specs = step.spec().papers.iter();
    specs
        .map(|spec| {
            let files = case.papers.iter().filter(|kept| (kept.step, kept.n) == (step, n) && kept.key == spec.key);
            CasePaper { required: spec.needed(values), ..paper_of(spec, files.map(file_of).collect()) }
        })
        .collect()
}

fn paper_of(spec: &PaperSpec, files: Vec<CaseFile>) -> CasePaper {
    CasePaper {
        key: spec.key.clone(),
        name: spec.name.clone(),
        required: spec.required,
        note: spec.note.clone(),
        template: spec.template.clone(),
        only_if: spec.only_if.as_ref().map(FieldIs::from),
        files,
    }
}

fn file_of(kept: &KeptPaper) -> CaseFile {
    let file = &kept.file;
    CaseFile {
        id: file.id.to_string(),
        name: file.name.clone(),
        size: file.size,
        media_type: file.media_type.clone(),
        uploaded_at: file.added_at,
        uploaded_by: file.added_by.clone(),
    }
}

/// A step that may be taken now, with what stands against it before anything is filled in.
async fn offer(
    app: &App,
    signed: &Signed,
    (case, votes): (&WholeCase, &[HeldVote]),
    (step, measures): (Step, &Measures),
) -> Result<StepNow, Problem> {
    let (root, today) = (signed.root(), app.today());
    let (from, to) = span(&case.case(), step, measures, today);
    let may = may_take(signed, &case.row.branch_path, step.actor());
    let values = case.prefill(step);
    let form = Form { step, on: to.max(from), values: values.clone(), reason: String::new() };
    let verdict = app.store.check_step(root, case.row.id, &form, &acting(signed, &case.row.branch_path), today).await?;
    let n = case.next_n(step);
    let specs = step.spec().papers.iter();
    let papers = specs
        .map(|spec| {
            let files = case.papers.iter().filter(|kept| (kept.step, kept.n) == (step, n) && kept.key == spec.key);
            paper_of(spec, files.map(file_of).collect())
        })
        .collect();
    let names = values.all_persons().filter_map(|id| Some((id.to_string(), case.persons.get(&id)?.clone()))).collect();
    Ok(StepNow {
        n: step.number(),
        may,
        why_not: (!may).then(|| why_not(signed, step.actor())),
        from: from.to_string(),
        to: to.to_string(),
        refusals: if may { refusals_of(verdict) } else { Vec::new() },
        values: to_wire(&values),
        names,
        orgs: groups(app, signed, case, step).await?,
        papers,
        votes: held_votes(&case.case(), step, votes).into_iter().map(vote_of).collect(),
    })
}

fn vote_of(vote: &HeldVote) -> StepVote {
    StepVote {
        meeting_id: vote.meeting.to_string(),
        on: vote.on.to_string(),
        archived: vote.archived,
        counts: VoteCounts {
            expected_voters: vote.count.expected_voters,
            present_voters: vote.count.present_voters,
            written: vote.count.written,
            in_favour: vote.count.in_favour,
            against: vote.count.against,
            abstained: vote.count.abstained,
        },
    }
}

/// The groups of the branch, when the step asks for an organisation (DEV-19).
async fn groups(app: &App, signed: &Signed, case: &WholeCase, step: Step) -> Result<Vec<StepChoice>, Problem> {
    if !step.spec().fields.iter().any(|field| field.kind == FieldKind::Org) {
        return Ok(Vec::new());
    }
    let path = &case.row.branch_path;
    let below = app.store.orgs(signed.root(), std::slice::from_ref(path), path, MOST_GROUPS).await?;
    let groups = below.into_iter().filter(|org| org.kind == OrgKind::Group && org.dissolved_on.is_none());
    Ok(groups.map(|org| StepChoice { key: org.id.to_string(), name: org.name }).collect())
}

/// What the rules say, refusals before warnings.
pub(super) fn refusals_of(verdict: Verdict) -> Vec<StepRefusal> {
    let said = |warning| move |refusal: Refusal| refusal_of(refusal, warning);
    verdict.refusals.into_iter().map(said(false)).chain(verdict.warnings.into_iter().map(said(true))).collect()
}

fn refusal_of(refusal: Refusal, warning: bool) -> StepRefusal {
    let pointer = refusal.field.as_str();
    let field = match (pointer.strip_prefix("/values/"), pointer.strip_prefix("/papers/")) {
        (Some(field), _) => field.split('/').next().map(str::to_owned),
        (None, Some(paper)) => Some(format!("paper:{paper}")),
        (None, None) => Some(pointer.trim_start_matches('/').to_owned()).filter(|field| !field.is_empty()),
    };
    let rule = Some(refusal.rule.to_owned()).filter(|rule| !rule.is_empty());
    StepRefusal { rule, code: refusal.code.to_owned(), field, message: refusal.message, warning }
}

/// Values as a form has them.
fn to_wire(values: &Values) -> BTreeMap<String, StepValue> {
    let one = |(key, json)| Some((key, serde_json::from_value(json).ok()?));
    values.to_json().into_iter().filter_map(one).collect()
}

fn actions_of(case: &WholeCase, signed: &Signed) -> CaseActions {
    let path = &case.row.branch_path;
    let branch = may(&signed.actor, Action::WorkDo, Target::Within(path));
    let above = may(&signed.actor, Action::WorkApprove, Target::Below(path));
    let (open, rests) = (case.row.state == CaseState::Open, case.row.state == CaseState::Suspended);
    let member = matches!(case.row.person_stage, Stage::Probationary | Stage::Full);
    let cancelled = case.row.end.as_ref().is_some_and(|end| end.kind == Some(EndKind::Cancelled));
    let last = case.taken.last().filter(|_| open || case.row.state == CaseState::Finished || cancelled);
    let back = last.map(|one| one.mark.step).filter(|step| may_take(signed, path, step.actor()));
    CaseActions {
        back: back.map(Step::number),
        end: branch && (open || rests) && !member,
        suspend: branch && open,
        resume: branch && rests,
        transfer: branch && (open || rests),
        papers: open && (branch || above),
    }
}

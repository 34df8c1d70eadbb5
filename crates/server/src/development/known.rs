//! What is known of a case, by the keys of the documents' places: the person, the branch and its superior, the days so far, and
//! what was filled in at the step that the document belongs to.

use super::whole::shown;
use crate::{App, Problem};
use jiff::civil::Date;
use rules::codes::Stage;
use rules::date::long;
use rules::development::{Step, Values};
use rules::ids::RootOrg;
use rules::intake::Field;
use rules::meeting::{VoteCount, VoteKind, VoteResult};
use rules::member::Record;
use rules::org::OrgKind;
use std::collections::BTreeMap;
use store::WholeCase;

/// Values by the keys of places.
pub(super) type Known = BTreeMap<String, String>;

/// Everything that is known beside the fields of the step itself.
pub(super) async fn known(app: &App, root: RootOrg, case: &WholeCase) -> Result<Known, Problem> {
    let person = app.store.person(root, case.row.person).await?;
    let branch = app.store.org(root, case.row.branch).await?;
    let above = app.store.org_path(root, &branch).await?;
    let superior = above.iter().rev().skip(1).find(|org| org.kind == OrgKind::Committee).or(above.first());
    let mut known = of_person(&person.record);
    put(&mut known, "branch", Some(branch.name.clone()));
    put(&mut known, "superior", superior.map(|org| org.name.clone()));
    for (key, step) in DAYS {
        let on = case.taken.iter().rfind(|one| one.mark.step == *step).map(|one| long(one.mark.on));
        put(&mut known, key, on);
    }
    for (key, step, field) in FIELDS {
        let taken = case.taken.iter().rfind(|one| one.mark.step == *step);
        let label = step.spec().field(field).map(|spec| spec.label.as_str());
        let facts = taken.map(|one| shown(case, *step, &one.values)).unwrap_or_default();
        put(&mut known, key, facts.into_iter().find(|(name, _)| Some(*name) == label).map(|(_, value)| value));
    }
    put(
        &mut known,
        "probation_until",
        case.row.track.probation(&app.store.measures(root, app.today()).await?).map(|one| long(one.until)),
    );
    Ok(known)
}

/// The days on which steps were taken.
const DAYS: &[(&str, Step)] = &[
    ("applied_on", Step::Application),
    ("activist_on", Step::ActivistSelection),
    ("candidate_on", Step::CandidateSelection),
    ("candidate_filed_on", Step::CandidateFiling),
    ("admission_on", Step::AdmissionVote),
    ("approval_on", Step::AdmissionApproval),
    ("conversion_applied_on", Step::ConversionApplication),
];

/// What was filled in at steps.
const FIELDS: &[(&str, Step, &str)] = &[
    ("selection_way", Step::ActivistSelection, "way"),
    ("selection_body", Step::ActivistSelection, "body"),
    ("mentors", Step::MentorAssignment, "mentors"),
    ("sponsors", Step::SponsorAssignment, "sponsors"),
    ("review_result", Step::PoliticalReview, "conclusion"),
];

fn of_person(record: &Record) -> Known {
    let fields = [
        ("person", Field::Name),
        ("gender", Field::Gender),
        ("ethnicity", Field::Ethnicity),
        ("native_place", Field::NativePlace),
        ("education", Field::Education),
        ("work", Field::AdminPost),
        ("worked_on", Field::WorkedOn),
    ];
    let mut known = Known::new();
    for (key, field) in fields {
        put(&mut known, key, Some(record.value(field)));
    }
    put(&mut known, "born", record.born.map(|born| born.date.strftime("%Y年%-m月").to_string()));
    if record.standing.stage == Stage::Applicant {
        put(&mut known, "applied_on", record.applied_on.map(|day| long(day.date)));
    }
    known
}

/// What was filled in at the step of a document, and the day.
pub(super) fn with_step(mut known: Known, case: &WholeCase, step: Step, on: Option<Date>, values: &Values) -> Known {
    put(&mut known, "on", on.map(long));
    let words: BTreeMap<&str, String> = shown(case, step, values).into_iter().collect();
    for field in &step.spec().fields {
        let dated = values.date(&field.key).map(long);
        put(&mut known, &field.key, dated.or_else(|| words.get(field.label.as_str()).cloned()));
        if let Some(vote) = values.vote(&field.key) {
            with_vote(&mut known, &vote);
        }
    }
    known
}

fn with_vote(known: &mut Known, vote: &VoteCount) {
    let counts = [
        ("expected_voters", vote.expected_voters),
        ("present_voters", vote.present_voters),
        ("written", vote.written),
        ("in_favour", vote.in_favour),
        ("against", vote.against),
        ("abstained", vote.abstained),
    ];
    for (key, count) in counts {
        put(known, key, Some(count.to_string()));
    }
    let passed = vote.result(VoteKind::Admission) == Ok(VoteResult::Passed);
    put(known, "passed", Some(if passed { "超过" } else { "没有超过" }.to_owned()));
    put(known, "agreed", Some(if passed { "同意" } else { "不同意" }.to_owned()));
}

fn put(known: &mut Known, key: &str, value: Option<String>) {
    if let Some(value) = value.filter(|value| !value.is_empty()) {
        known.insert(key.to_owned(), value);
    }
}

//! The steps as answers have them, from the rules' own data.

use super::shape::{
    DevelopmentStage, DevelopmentStep, FieldIs, StageList, StepActor, StepChoice, StepField, StepFieldKind, StepGuide,
    StepPaper,
};
use crate::Problem;
use crate::signed::Signed;
use axum::Json;
use rules::development::{self as known, CaseStage, FieldKind, FieldSpec, OnlyIf, PaperSpec, Step};

/// 五个阶段、二十五步：每步怎么办、填什么、要哪些材料。
#[utoipa::path(get, path = "/api/development/steps", tag = "development", responses(
    (status = 200, body = StageList),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
pub(crate) async fn catalogue(_: Signed) -> Json<StageList> {
    Json(StageList { items: CaseStage::ALL.iter().copied().map(stage_of).collect() })
}

fn stage_of(stage: CaseStage) -> DevelopmentStage {
    let steps = Step::ALL.iter().copied().filter(|step| step.stage() == stage).map(step_of).collect();
    DevelopmentStage { n: stage.number(), name: stage.name().to_owned(), steps }
}

fn step_of(step: Step) -> DevelopmentStep {
    let (spec, activity) = (step.spec(), step.activity());
    let guide = spec.guide.clone();
    DevelopmentStep {
        n: step.number(),
        key: activity.key().to_owned(),
        rule: activity.rule().to_owned(),
        name: activity.name().to_owned(),
        stage: step.stage().number(),
        actor: step.actor().into(),
        actor_name: step.actor().name().to_owned(),
        guide: StepGuide {
            what: guide.what,
            who: guide.who,
            when: guide.when,
            steps: guide.steps,
            papers: guide.papers,
            mistakes: guide.mistakes,
        },
        on_label: spec.on_label.clone(),
        fields: spec.fields.iter().map(field_of).collect(),
        papers: spec.papers.iter().map(paper_of).collect(),
    }
}

fn field_of(field: &FieldSpec) -> StepField {
    StepField {
        key: field.key.clone(),
        label: field.label.clone(),
        kind: field.kind.into(),
        required: field.required,
        hint: field.hint.clone(),
        choices: field.choices.iter().map(|one| StepChoice { key: one.key.clone(), name: one.name.clone() }).collect(),
        least: field.least,
        most: field.most,
        only_if: field.only_if.as_ref().map(FieldIs::from),
    }
}

fn paper_of(paper: &PaperSpec) -> StepPaper {
    StepPaper {
        key: paper.key.clone(),
        name: paper.name.clone(),
        required: paper.required,
        note: paper.note.clone(),
        template: paper.template.clone(),
        only_if: paper.only_if.as_ref().map(FieldIs::from),
    }
}

impl From<&OnlyIf> for FieldIs {
    fn from(condition: &OnlyIf) -> Self {
        FieldIs { field: condition.field.clone(), values: condition.values.clone() }
    }
}

impl From<known::StepActor> for StepActor {
    fn from(actor: known::StepActor) -> Self {
        match actor {
            known::StepActor::Applicant => StepActor::Applicant,
            known::StepActor::Branch => StepActor::Branch,
            known::StepActor::Superior => StepActor::Superior,
        }
    }
}

impl From<FieldKind> for StepFieldKind {
    fn from(kind: FieldKind) -> Self {
        match kind {
            FieldKind::Date => StepFieldKind::Date,
            FieldKind::Text => StepFieldKind::Text,
            FieldKind::LongText => StepFieldKind::LongText,
            FieldKind::Number => StepFieldKind::Number,
            FieldKind::Choice => StepFieldKind::Choice,
            FieldKind::Persons => StepFieldKind::Persons,
            FieldKind::Org => StepFieldKind::Org,
            FieldKind::Vote => StepFieldKind::Vote,
        }
    }
}

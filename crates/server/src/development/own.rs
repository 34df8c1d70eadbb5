//! 本人的卷宗: how far one's own way to membership has come.

use super::shape::{OwnCase, OwnNext, OwnStep, StepState};
use super::whole::probation_of;
use crate::signed::Signed;
use crate::{App, Problem};
use axum::Json;
use axum::extract::State;
use rules::access::Action;
use rules::development::{CaseState, Step, StepActor};
use store::WholeCase;

/// 本人入党的进展；没有卷宗的为空。
#[utoipa::path(get, path = "/api/me/development", tag = "development", responses(
    (status = 200, body = OwnCase),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
pub(crate) async fn own_case(State(app): State<App>, signed: Signed) -> Result<Json<OwnCase>, Problem> {
    signed.may(Action::OwnWork)?;
    let none = || Json(OwnCase { org_name: None, state: None, steps: Vec::new(), next: None, probation: None });
    let Some(person) = signed.actor.person else { return Ok(none()) };
    let (root, today) = (signed.root(), app.today());
    let Some(id) = app.store.case_of_person(root, person).await? else { return Ok(none()) };
    let case = app.store.case(root, id).await?;
    let present = case.row.step.filter(|_| case.row.state == CaseState::Open);
    let measures = app.store.measures(root, today).await?;
    let due = case.row.track.dues(&measures).into_iter().find(|(step, _)| Some(*step) == present).map(|(_, due)| due);
    let next = present.map(|step| OwnNext {
        step_name: step.activity().name().to_owned(),
        waits_for: step.actor().into(),
        advice: advice(step),
        due: due.map(|due| due.to_string()),
    });
    Ok(Json(OwnCase {
        org_name: Some(case.row.branch_name.clone()),
        state: Some(case.row.state.into()),
        steps: Step::ALL.iter().map(|step| step_of(&case, *step, present)).collect(),
        next,
        probation: case.row.track.probation(&measures).map(|one| probation_of(one, today)),
    }))
}

fn step_of(case: &WholeCase, step: Step, present: Option<Step>) -> OwnStep {
    let on = case.taken.iter().rfind(|one| one.mark.step == step).map(|one| one.mark.on);
    let state = match (present == Some(step), on) {
        (true, _) => StepState::Now,
        (false, Some(_)) => StepState::Done,
        (false, None) => StepState::Later,
    };
    OwnStep {
        n: step.number(),
        name: step.activity().name().to_owned(),
        stage: step.stage().number(),
        stage_name: step.stage().name().to_owned(),
        state,
        on: on.map(|on| on.to_string()),
    }
}

/// What to do oneself, or for whom one waits.
fn advice(step: Step) -> String {
    match step.actor() {
        StepActor::Applicant => step.spec().guide.what.clone(),
        StepActor::Branch => "由党支部办理，请留意支部的通知。".to_owned(),
        StepActor::Superior => "由上级党委办理，请等待结果。".to_owned(),
    }
}

//! Taking a step, trying whether it could be taken, and taking it back.

use super::access::{acting, path_for};
use super::shape::{CaseReason, DevelopmentCase, StepForm, StepValue, StepVerdict};
use super::whole::{refusals_of, whole};
use crate::body::{Body, Faults, Segment};
use crate::signed::Signed;
use crate::{App, Problem};
use axum::Json;
use axum::extract::State;
use rules::access::Action;
use rules::development::{Form, Step, Values};
use rules::ids::CaseId;
use rules::refusal::Refusal;
use std::collections::BTreeMap;

/// 办理一步；条件不满足的不予办理并说明依据。
#[utoipa::path(post, path = "/api/development/{id}/steps/{step}", tag = "development",
    params(("id" = String, Path), ("step" = u8, Path)), request_body = StepForm, responses(
    (status = 200, body = DevelopmentCase),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
pub(crate) async fn take(
    State(app): State<App>,
    signed: Signed,
    Segment((id, step)): Segment<(CaseId, u8)>,
    Body(form): Body<StepForm>,
) -> Result<Json<DevelopmentCase>, Problem> {
    let path = path_for(&app, &signed, Action::WorkDo, id).await?;
    let step = step_of(step)?;
    let mut faults = Faults::default();
    let on = faults.date("/on", &step.spec().on_label, &form.on);
    let given = form.reason.as_deref().unwrap_or_default();
    let reason = if given.trim().is_empty() { String::new() } else { faults.sealed_reason(given) };
    let values = read(step, &form.values).map_err(|found| faults.refused(found)).unwrap_or_default();
    faults.check()?;
    let Some(on) = on else { return Err(Problem::refused("bad_date", "办理日期没有填写。请补填。")) };
    let form_read = Form { step, on, values, reason };
    let as_whom = acting(&signed, &path);
    app.store.take_step(&signed.actor, (id, form.version), &form_read, &as_whom, app.today()).await?;
    Ok(Json(whole(&app, &signed, id).await?))
}

/// 按目前填写的内容能否办理这一步；只检查，不写入。
#[utoipa::path(post, path = "/api/development/{id}/steps/{step}/check", tag = "development",
    params(("id" = String, Path), ("step" = u8, Path)), request_body = StepForm, responses(
    (status = 200, body = StepVerdict),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
pub(crate) async fn check(
    State(app): State<App>,
    signed: Signed,
    Segment((id, step)): Segment<(CaseId, u8)>,
    Body(form): Body<StepForm>,
) -> Result<Json<StepVerdict>, Problem> {
    let path = path_for(&app, &signed, Action::WorkDo, id).await?;
    let step = step_of(step)?;
    let mut faults = Faults::default();
    let on = faults.date_opt("/on", &step.spec().on_label, Some(&form.on)).unwrap_or_else(|| app.today());
    let values = read(step, &form.values).map_err(|found| faults.refused(found)).unwrap_or_default();
    faults.check()?;
    let form = Form { step, on, values, reason: form.reason.unwrap_or_default() };
    let verdict = app.store.check_step(signed.root(), id, &form, &acting(&signed, &path), app.today()).await?;
    Ok(Json(StepVerdict { refusals: refusals_of(verdict) }))
}

/// 退回上一步，须写明原因。
#[utoipa::path(post, path = "/api/development/{id}/back", tag = "development", params(("id" = String, Path)),
    request_body = CaseReason, responses(
    (status = 200, body = DevelopmentCase),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
pub(crate) async fn back(
    State(app): State<App>,
    signed: Signed,
    Segment(id): Segment<CaseId>,
    Body(why): Body<CaseReason>,
) -> Result<Json<DevelopmentCase>, Problem> {
    let path = path_for(&app, &signed, Action::WorkDo, id).await?;
    let mut faults = Faults::default();
    let reason = faults.reason(&why.reason);
    faults.check()?;
    let as_whom = acting(&signed, &path);
    app.store.step_back(&signed.actor, (id, why.version), &as_whom, &reason, app.today()).await?;
    Ok(Json(whole(&app, &signed, id).await?))
}

/// The step of a number in an address.
pub(super) fn step_of(number: u8) -> Result<Step, Problem> {
    Step::of_number(number).ok_or_else(|| Problem::not_found("这一步"))
}

/// Values as a form sends them.
pub(super) fn read(step: Step, sent: &BTreeMap<String, StepValue>) -> Result<Values, Vec<Refusal>> {
    let json = |(key, value): (&String, &StepValue)| Some((key.clone(), serde_json::to_value(value).ok()?));
    Values::read(step, &sent.iter().filter_map(json).collect())
}

impl Faults {
    /// Refusals of the rules, each at its field.
    fn refused(&mut self, refusals: Vec<Refusal>) {
        for refusal in refusals {
            self.add(&refusal.field, refusal.code, refusal.message);
        }
    }
}

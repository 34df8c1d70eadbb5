//! What is done with a case as a whole: opened, rested, ended, handed to another branch.

use super::access::{acting, path_for};
use super::shape::{CaseEnding, CaseNew, CaseReason, CaseTransfer, DevelopmentCase, EndKind};
use super::whole::whole;
use crate::body::{Body, Faults, Segment};
use crate::members::person_for;
use crate::members_edit::{at_field, read_new};
use crate::orgs::org_for;
use crate::signed::Signed;
use crate::{App, Problem};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use rules::access::Action;
use rules::codes::Stage;
use rules::development::EndKind as Known;
use rules::ids::{CaseId, OrgId, PersonId};
use rules::intake::Field;
use store::{CasePerson, NewCase};

impl From<EndKind> for Known {
    fn from(kind: EndKind) -> Self {
        match kind {
            EndKind::Withdrawn => Known::Withdrawn,
            EndKind::VoteFailed => Known::VoteFailed,
            EndKind::ReviewFailed => Known::ReviewFailed,
            EndKind::NotApproved => Known::NotApproved,
            EndKind::Left => Known::Left,
            EndKind::Other => Known::Other,
        }
    }
}

/// 登记一份入党申请（DEV-01）：本人已在台账中，或者新建人员档案。
#[utoipa::path(post, path = "/api/development", tag = "development", request_body = CaseNew, responses(
    (status = 200, body = DevelopmentCase),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
pub(crate) async fn open(
    State(app): State<App>,
    signed: Signed,
    Body(new): Body<CaseNew>,
) -> Result<Json<DevelopmentCase>, Problem> {
    signed.may(Action::WorkDo)?;
    let mut faults = Faults::default();
    let on = faults.date("/on", "收到申请书的日期", &new.on);
    let person = match &new.person_id {
        Some(text) => known_person(&app, &signed, text, &mut faults).await?,
        None => new_person(&app, &signed, &new, &mut faults).await?,
    };
    faults.check()?;
    let (Some(applied_on), Some(person)) = (on, person) else {
        return Err(Problem::refused("missing_required", "必填项没有填全。请补填。"));
    };
    let id = app.store.open_case(&signed.actor, NewCase { person, applied_on }, app.today()).await.map_err(at_field)?;
    Ok(Json(whole(&app, &signed, id).await?))
}

async fn known_person(
    app: &App,
    signed: &Signed,
    text: &str,
    faults: &mut Faults,
) -> Result<Option<CasePerson>, Problem> {
    let words = "申请人没有选定。请从列表中选择。";
    let Some(id) = faults.parsed::<PersonId>("/person_id", "unknown_person", text, words) else { return Ok(None) };
    person_for(app, signed, Action::WorkDo, id).await?;
    Ok(Some(CasePerson::Existing(id)))
}

/// The dossier of an applicant who is not in the register yet, read as the register reads any other.
async fn new_person(
    app: &App,
    signed: &Signed,
    new: &CaseNew,
    faults: &mut Faults,
) -> Result<Option<CasePerson>, Problem> {
    let org = new.org_id.as_deref().unwrap_or_default();
    let org = faults.parsed::<OrgId>("/org_id", "unknown_org", org, "党支部没有选择。请选择。");
    let mut form = faults.form(new.fields.clone().unwrap_or_default());
    form.insert(Field::Stage, Stage::Applicant.name().to_owned());
    form.insert(Field::AppliedOn, new.on.clone());
    let Some(org) = org else { return Ok(None) };
    let org = org_for(app, signed, Action::WorkDo, org).await?;
    Ok(read_new(&form, &org, app, faults).map(|record| CasePerson::New(Box::new(record))))
}

/// 终止一份卷宗，须写明原因。
#[utoipa::path(post, path = "/api/development/{id}/end", tag = "development", params(("id" = String, Path)),
    request_body = CaseEnding, responses(
    (status = 200, body = DevelopmentCase),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
pub(crate) async fn end(
    State(app): State<App>,
    signed: Signed,
    Segment(id): Segment<CaseId>,
    Body(ending): Body<CaseEnding>,
) -> Result<Json<DevelopmentCase>, Problem> {
    let path = path_for(&app, &signed, Action::WorkDo, id).await?;
    let mut faults = Faults::default();
    let on = faults.date("/on", "终止日期", &ending.on);
    let reason = faults.reason(&ending.reason);
    faults.check()?;
    let Some(on) = on else { return Err(Problem::refused("bad_date", "终止日期没有填写。请补填。")) };
    let (at, as_whom) = ((id, ending.version), acting(&signed, &path));
    app.store.end_case(&signed.actor, at, (ending.kind.into(), on, &reason), &as_whom, app.today()).await?;
    Ok(Json(whole(&app, &signed, id).await?))
}

/// 暂缓一份卷宗，须写明原因。
#[utoipa::path(post, path = "/api/development/{id}/suspend", tag = "development", params(("id" = String, Path)),
    request_body = CaseReason, responses(
    (status = 200, body = DevelopmentCase),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
pub(crate) async fn suspend(
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
    app.store.suspend_case(&signed.actor, (id, why.version), &reason, &as_whom, app.today()).await?;
    Ok(Json(whole(&app, &signed, id).await?))
}

/// 恢复一份暂缓的卷宗。
#[utoipa::path(post, path = "/api/development/{id}/resume", tag = "development", params(("id" = String, Path)),
    request_body = CaseReason, responses(
    (status = 200, body = DevelopmentCase),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
pub(crate) async fn resume(
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
    app.store.resume_case(&signed.actor, (id, why.version), &reason, &as_whom, app.today()).await?;
    Ok(Json(whole(&app, &signed, id).await?))
}

/// 本人调到其他党支部：材料一并转交，培养教育时间连续计算（DEV-06）。
#[utoipa::path(post, path = "/api/development/{id}/transfer", tag = "development", params(("id" = String, Path)),
    request_body = CaseTransfer, responses(
    (status = 204),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
pub(crate) async fn transfer(
    State(app): State<App>,
    signed: Signed,
    Segment(id): Segment<CaseId>,
    Body(to): Body<CaseTransfer>,
) -> Result<StatusCode, Problem> {
    let path = path_for(&app, &signed, Action::WorkDo, id).await?;
    let mut faults = Faults::default();
    let words = "接收的党支部没有选定。请从列表中选择。";
    let org = faults.parsed::<OrgId>("/org_id", "unknown_org", &to.org_id, words);
    let on = faults.date("/on", "转交日期", &to.on);
    let reason = faults.reason(&to.reason);
    faults.check()?;
    let (Some(org), Some(on)) = (org, on) else { return Err(Problem::refused("missing_required", words)) };
    let as_whom = acting(&signed, &path);
    let moved = app.store.move_case(&signed.actor, (id, to.version), (org, on, &reason), &as_whom, app.today());
    moved.await.map_err(at_field)?;
    Ok(StatusCode::NO_CONTENT)
}

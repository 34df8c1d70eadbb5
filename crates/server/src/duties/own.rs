//! 企业自定事项: duties that the enterprise asks for beyond the regulations, and what organisations did for them.

use super::measures::may_set;
use crate::body::{Body, Faults, Segment};
use crate::org_kind::OrgKind;
use crate::orgs::org_for;
use crate::signed::Signed;
use crate::{App, Problem};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::civil::Date;
use rules::access::Action;
use rules::duty::{OwnDuty as Known, Period};
use rules::ids::OwnDutyId;
use serde::{Deserialize, Serialize};
use store::{OwnDutyRow, StoreError};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, add)).routes(routes!(edit)).routes(routes!(fulfil))
}

/// 周期.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum DutyPeriod {
    Month,
    Quarter,
    HalfYear,
    Year,
}

impl From<Period> for DutyPeriod {
    fn from(period: Period) -> Self {
        match period {
            Period::Month => DutyPeriod::Month,
            Period::Quarter => DutyPeriod::Quarter,
            Period::HalfYear => DutyPeriod::HalfYear,
            Period::Year => DutyPeriod::Year,
        }
    }
}

impl From<DutyPeriod> for Period {
    fn from(period: DutyPeriod) -> Self {
        match period {
            DutyPeriod::Month => Period::Month,
            DutyPeriod::Quarter => Period::Quarter,
            DutyPeriod::HalfYear => Period::HalfYear,
            DutyPeriod::Year => Period::Year,
        }
    }
}

/// A duty of the enterprise's own.
#[derive(Serialize, ToSchema)]
struct OwnDuty {
    id: String,
    version: i64,
    name: String,
    period: DutyPeriod,
    /// How often in a period.
    times: i32,
    /// Days ahead from which it is called to mind.
    lead: i32,
    /// The kinds of organisation it is asked of.
    kinds: Vec<OrgKind>,
    from: String,
    /// The last day; none while it lasts.
    until: Option<String>,
}

/// The enterprise's own duties.
#[derive(Serialize, ToSchema)]
struct OwnDutyList {
    items: Vec<OwnDuty>,
}

#[derive(Deserialize, ToSchema)]
struct OwnDutyForm {
    /// The version that the edit is based on; none for a new one.
    version: Option<i64>,
    name: String,
    period: DutyPeriod,
    times: i32,
    lead: i32,
    kinds: Vec<OrgKind>,
    from: String,
    until: Option<String>,
    reason: String,
}

#[derive(Deserialize, ToSchema)]
struct OwnDutyDone {
    org_id: String,
    on: String,
    /// What was done, in a few words.
    note: String,
}

fn shown(row: OwnDutyRow) -> OwnDuty {
    let OwnDutyRow { duty, version } = row;
    OwnDuty {
        id: duty.id.to_string(),
        version,
        name: duty.name,
        period: duty.period.into(),
        times: duty.times,
        lead: duty.lead,
        kinds: duty.kinds.into_iter().map(OrgKind::from).collect(),
        from: duty.from.to_string(),
        until: duty.until.map(|day| day.to_string()),
    }
}

/// The duty that a form describes, and why; every fault of every field at once.
fn read(form: OwnDutyForm, id: OwnDutyId, today: Date) -> Result<(Known, String), Problem> {
    let mut faults = Faults::default();
    let from = faults.date("/from", "开始日期", &form.from);
    let until = faults.date_opt("/until", "结束日期", form.until.as_deref());
    let mut kinds: Vec<rules::org::OrgKind> = form.kinds.into_iter().map(rules::org::OrgKind::from).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let duty = Known {
        id,
        name: form.name.trim().to_owned(),
        period: form.period.into(),
        times: form.times,
        lead: form.lead,
        kinds,
        from: from.unwrap_or(today),
        until: until.filter(|_| from.is_some()),
    };
    for fault in duty.faults() {
        faults.add(&format!("/{}", fault.field()), "bad_own_duty", fault.to_string());
    }
    let reason = faults.reason(&form.reason);
    faults.check()?;
    Ok((duty, reason))
}

/// 企业自定事项。
#[utoipa::path(get, path = "/api/duties/own", tag = "duties", responses(
    (status = 200, body = OwnDutyList),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn list(State(app): State<App>, signed: Signed) -> Result<Json<OwnDutyList>, Problem> {
    signed.may(Action::WorkView)?;
    let rows = app.store.own_duties(signed.root()).await?;
    Ok(Json(OwnDutyList { items: rows.into_iter().map(shown).collect() }))
}

/// 增加一项企业自定事项。
#[utoipa::path(post, path = "/api/duties/own", tag = "duties", request_body = OwnDutyForm, responses(
    (status = 200, body = OwnDuty),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn add(State(app): State<App>, signed: Signed, Body(form): Body<OwnDutyForm>) -> Result<Json<OwnDuty>, Problem> {
    may_set(&app, &signed).await?;
    let (duty, reason) = read(form, OwnDutyId(0), app.today())?;
    let id = app.store.add_own_duty(&signed.actor, duty.clone(), &reason).await?;
    Ok(Json(shown(OwnDutyRow { duty: Known { id, ..duty }, version: 1 })))
}

/// 修改一项企业自定事项；填写结束日期即停止。
#[utoipa::path(put, path = "/api/duties/own/{id}", params(("id" = String, Path)), tag = "duties", request_body = OwnDutyForm, responses(
    (status = 204),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn edit(
    State(app): State<App>,
    signed: Signed,
    Segment(id): Segment<OwnDutyId>,
    Body(form): Body<OwnDutyForm>,
) -> Result<StatusCode, Problem> {
    may_set(&app, &signed).await?;
    let version = form.version.unwrap_or_default();
    let (duty, reason) = read(form, id, app.today())?;
    app.store.edit_own_duty(&signed.actor, version, &duty, &reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// 登记本组织办理了一项企业自定事项。
#[utoipa::path(post, path = "/api/duties/own/{id}/done", params(("id" = String, Path)), tag = "duties", request_body = OwnDutyDone, responses(
    (status = 204),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn fulfil(
    State(app): State<App>,
    signed: Signed,
    Segment(id): Segment<OwnDutyId>,
    Body(body): Body<OwnDutyDone>,
) -> Result<StatusCode, Problem> {
    signed.may(Action::WorkDo)?;
    let mut faults = Faults::default();
    let org = faults.parsed("/org_id", "unknown_org", &body.org_id, "党组织没有选定。请从列表中选择。");
    let on = faults.date("/on", "办理日期", &body.on);
    let note = faults.text("/note", "办理情况", &body.note);
    if note.chars().count() > 500 {
        faults.add("/note", "too_long", "办理情况超过 500 个字。请写短一些。");
    }
    faults.check()?;
    let org = org_for(&app, &signed, Action::WorkDo, org.unwrap_or(rules::ids::OrgId(0))).await?;
    let today = app.today();
    let done = app.store.fulfil_own_duty(&signed.actor, (id, org.id), (on.unwrap_or(today), today), &note).await;
    done.map_err(|e| match e {
        StoreError::Refused { code: "bad_date", .. } => Problem::at(e, "bad_date", "/on"),
        StoreError::Refused { code: "own_duty_kind", .. } => Problem::at(e, "own_duty_kind", "/org_id"),
        other => other.into(),
    })?;
    Ok(StatusCode::NO_CONTENT)
}

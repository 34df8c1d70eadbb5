//! The numbers of the regulations and the enterprise's own, and the day from which duties are asked for.

use crate::body::{Body, Faults, Segment};
use crate::signed::Signed;
use crate::{App, Problem};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use rules::access::Action;
use rules::measure::{Measure as Known, Measures, Stricter};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(set)).routes(routes!(start))
}

/// Which way the enterprise may go.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Allowed {
    /// Only larger numbers.
    More,
    /// Only smaller numbers.
    Less,
    /// None: the regulation sets it exactly.
    Fixed,
    /// Either way.
    Free,
}

/// A number that a rule sets.
#[derive(Serialize, ToSchema)]
struct Measure {
    key: String,
    rule: String,
    name: String,
    unit: String,
    /// The regulation's number today.
    regulated: i32,
    /// The enterprise's own, where it set one.
    own: Option<i32>,
    /// The number that holds.
    value: i32,
    allowed: Allowed,
}

/// Every number, and the day from which duties are asked for.
#[derive(Serialize, ToSchema)]
struct MeasureList {
    items: Vec<Measure>,
    started_on: String,
    /// Whether the actor may change them.
    may_set: bool,
}

#[derive(Deserialize, ToSchema)]
struct MeasureSet {
    /// The enterprise's number; none to go back to the regulation's.
    value: Option<i32>,
    reason: String,
}

#[derive(Deserialize, ToSchema)]
struct DutyStart {
    started_on: String,
    reason: String,
}

/// Refuses unless the actor may set what holds for the whole enterprise.
pub(crate) async fn may_set(app: &App, signed: &Signed) -> Result<(), Problem> {
    signed.may(Action::WorkSettings)?;
    let top = app.store.top_org(signed.root()).await?.ok_or_else(|| Problem::not_found("党组织"))?;
    signed
        .may_within(Action::WorkSettings, &top.path, "党组织")
        .map_err(|_| Problem::forbidden("此项对全企业有效，须由最上级党组织的党务工作者设置。请报上级办理。"))
}

/// 各项规则的期限、次数和提前量：规定的数值和本企业的数值。
#[utoipa::path(get, path = "/api/measures", tag = "duties", responses(
    (status = 200, body = MeasureList),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn list(State(app): State<App>, signed: Signed) -> Result<Json<MeasureList>, Problem> {
    signed.may(Action::WorkView)?;
    let today = app.today();
    let measures = app.store.measures(signed.root(), today).await?;
    let shown = |measure: &Known| {
        let spec = measure.spec();
        Measure {
            key: spec.key.to_owned(),
            rule: spec.rule.to_owned(),
            name: spec.name.to_owned(),
            unit: spec.unit.to_owned(),
            regulated: measure.regulated(today),
            own: measures.own(*measure),
            value: measures.get(*measure, today),
            allowed: match spec.stricter {
                Stricter::More => Allowed::More,
                Stricter::Less => Allowed::Less,
                Stricter::Fixed => Allowed::Fixed,
                Stricter::Free => Allowed::Free,
            },
        }
    };
    Ok(Json(MeasureList {
        items: Known::ALL.iter().map(shown).collect(),
        started_on: app.store.started_on(signed.root(), today).await?.to_string(),
        may_set: may_set(&app, &signed).await.is_ok(),
    }))
}

/// 设置本企业更严的数值，或恢复为规定的数值；不能放宽。
#[utoipa::path(put, path = "/api/measures/{key}", params(("key" = String, Path)), tag = "duties", request_body = MeasureSet, responses(
    (status = 204),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn set(
    State(app): State<App>,
    signed: Signed,
    Segment(key): Segment<String>,
    Body(body): Body<MeasureSet>,
) -> Result<StatusCode, Problem> {
    may_set(&app, &signed).await?;
    let measure = Known::from_key(&key).ok_or_else(|| Problem::not_found("数值"))?;
    let (today, mut faults) = (app.today(), Faults::default());
    if let Some(Err(e)) = body.value.map(|value| Measures::default().set(measure, value, today)) {
        faults.add("/value", "laxer", e.to_string());
    }
    let reason = faults.reason(&body.reason);
    faults.check()?;
    app.store.set_measure(&signed.actor, measure, body.value, today, &reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// 设置从哪一天起计算应办事项。
#[utoipa::path(put, path = "/api/duties/start", tag = "duties", request_body = DutyStart, responses(
    (status = 204),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn start(State(app): State<App>, signed: Signed, Body(body): Body<DutyStart>) -> Result<StatusCode, Problem> {
    may_set(&app, &signed).await?;
    let (today, mut faults) = (app.today(), Faults::default());
    let day = faults.date("/started_on", "起算日期", &body.started_on);
    if day.is_some_and(|day| day > today || day.year() < 1921) {
        faults.add("/started_on", "bad_date", "起算日期不能晚于今天。请改正。");
    }
    let reason = faults.reason(&body.reason);
    faults.check()?;
    app.store.set_started_on(&signed.actor, day.unwrap_or(today), &reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

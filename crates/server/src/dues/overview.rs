//! What superiors see: sums by organisation and month.

use super::DuesFaults;
use super::shape::{DuesSumsView, sums_view};
use crate::body::{Faults, Params};
use crate::org_kind::OrgKind;
use crate::signed::Signed;
use crate::{App, Problem};
use axum::Json;
use axum::extract::State;
use rules::access::Action;
use serde::{Deserialize, Serialize};
use store::DuesPlace;
use utoipa::{IntoParams, ToSchema};

/// An organisation and its months, oldest first; months in which nothing was drawn up are left out.
#[derive(Serialize, ToSchema)]
pub(super) struct DuesPlaceView {
    org_id: String,
    name: String,
    kind: OrgKind,
    /// Branches of its subtree that collect dues.
    collectors: i64,
    months: Vec<DuesSumsView>,
}

/// The organisations directly below one, with a year's months.
#[derive(Serialize, ToSchema)]
pub(super) struct DuesOverview {
    org_id: String,
    org_name: String,
    kind: OrgKind,
    year: i16,
    items: Vec<DuesPlaceView>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct OverviewQuery {
    org_id: String,
    /// This year when left out.
    year: Option<i16>,
}

/// 下级各组织全年各月的党费收缴汇总，不含个人明细。
#[utoipa::path(get, path = "/api/dues/overview", tag = "dues", params(OverviewQuery), responses(
    (status = 200, body = DuesOverview),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
pub(super) async fn overview(
    State(app): State<App>,
    signed: Signed,
    Params(query): Params<OverviewQuery>,
) -> Result<Json<DuesOverview>, Problem> {
    signed.may(Action::WorkView)?;
    let mut faults = Faults::default();
    let org = faults.branch(&query.org_id);
    let year = query.year.unwrap_or(app.today().year());
    if !(1900..=2100).contains(&year) {
        faults.add("/year", "bad_date", "年份不合理。请写成 2026。");
    }
    faults.check()?;
    let org = app.store.org(signed.root(), org.ok_or_else(|| Problem::not_found("党组织"))?).await?;
    signed.may_within(Action::WorkView, &org.path, "党组织")?;
    let places = app.store.dues_overview(signed.root(), &org, year).await?;
    Ok(Json(DuesOverview {
        org_id: org.id.to_string(),
        org_name: org.name,
        kind: org.kind.into(),
        year,
        items: places.iter().map(place_view).collect(),
    }))
}

fn place_view(place: &DuesPlace) -> DuesPlaceView {
    DuesPlaceView {
        org_id: place.org.id.to_string(),
        name: place.org.name.clone(),
        kind: place.org.kind.into(),
        collectors: place.collectors,
        months: place.months.iter().map(|(month, sums)| sums_view(*month, sums)).collect(),
    }
}

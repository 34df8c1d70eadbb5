//! 我的党费: what I owe and have paid, and how it was reckoned.

use super::bases::{DuesBase, base_view};
use super::shape::{DuesLineView, line_view};
use crate::signed::Signed;
use crate::{App, Problem};
use axum::Json;
use axum::extract::State;
use rules::access::Action;
use rules::dues::LineState;
use rules::measure::Measure;
use serde::Serialize;
use utoipa::ToSchema;

/// A month of the own dues.
#[derive(Serialize, ToSchema)]
pub(super) struct OwnDuesMonth {
    org_name: String,
    line: DuesLineView,
}

/// The own dues.
#[derive(Serialize, ToSchema)]
pub(super) struct OwnDues {
    /// What I pay by, oldest first.
    bases: Vec<DuesBase>,
    /// Newest first.
    months: Vec<OwnDuesMonth>,
    /// What I owe, in fen.
    owed: i64,
    /// How many months that is.
    owed_months: usize,
}

/// 本人的党费：基数、每月应交和交纳情况。
#[utoipa::path(get, path = "/api/me/dues", tag = "me", responses(
    (status = 200, body = OwnDues),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
pub(super) async fn own_dues(State(app): State<App>, signed: Signed) -> Result<Json<OwnDues>, Problem> {
    signed.may(Action::OwnWork)?;
    let person = crate::me::own(&signed)?;
    let back = app.store.measures(signed.root(), app.today()).await?.get(Measure::DuesBackMonths, app.today());
    let found = app.store.own_dues(signed.root(), person).await?;
    let owed: Vec<_> = found.lines.iter().filter(|(line, _)| line.state == LineState::Open).collect();
    Ok(Json(OwnDues {
        owed: owed.iter().map(|(line, _)| line.due.unwrap_or_default()).sum::<rules::dues::Fen>().0,
        owed_months: owed.len(),
        bases: found.bases.iter().map(base_view).collect(),
        months: found
            .lines
            .iter()
            .map(|(line, org)| OwnDuesMonth { org_name: org.clone(), line: line_view(line, back, app.today()) })
            .collect(),
    }))
}

//! What the members of a branch pay by.

use super::shape::DuesPayer;
use super::{DuesFaults, own_branch};
use crate::body::{Body, Faults, Params};
use crate::signed::Signed;
use crate::{App, Problem};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use rules::access::Action;
use rules::dues::{Fen, Month};
use rules::ids::PersonId;
use rules::measure::Measure;
use serde::{Deserialize, Serialize};
use store::{BaseOf, BaseRow, SetBases};
use utoipa::{IntoParams, ToSchema};

/// What a member pays by from a month on.
#[derive(Serialize, ToSchema)]
pub(super) struct DuesBase {
    from_month: String,
    payer: DuesPayer,
    base: Option<i64>,
    /// What comes to be due, with its arithmetic.
    arithmetic: String,
}

/// A member and what he or she pays by.
#[derive(Serialize, ToSchema)]
pub(super) struct DuesMember {
    person_id: String,
    name: String,
    stage_name: String,
    /// Oldest first.
    bases: Vec<DuesBase>,
    /// The first month from which a new base may hold.
    earliest_month: String,
}

/// The members of a branch and what they pay by.
#[derive(Serialize, ToSchema)]
pub(super) struct DuesMembers {
    items: Vec<DuesMember>,
    /// The last month from which a new base may hold.
    latest_month: String,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct BranchQuery {
    org_id: String,
}

#[derive(Deserialize, ToSchema)]
pub(super) struct NewBase {
    person_id: String,
    /// `employed`, `retired`, `student`, `unemployed`, `relief` or `farmer`.
    payer: String,
    /// In fen, a month.
    base: Option<i64>,
}

#[derive(Deserialize, ToSchema)]
pub(super) struct BasesBody {
    org_id: String,
    from_month: String,
    items: Vec<NewBase>,
    reason: Option<String>,
}

pub(super) fn base_view((from, basis): &(Month, rules::dues::Basis)) -> DuesBase {
    DuesBase {
        from_month: from.to_string(),
        payer: basis.payer().into(),
        base: basis.base().map(|base| base.0),
        arithmetic: basis.due(*from).to_string(),
    }
}

/// 本支部党员的党费基数。
#[utoipa::path(get, path = "/api/dues/bases", tag = "dues", params(BranchQuery), responses(
    (status = 200, body = DuesMembers),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
pub(super) async fn list(
    State(app): State<App>,
    signed: Signed,
    Params(query): Params<BranchQuery>,
) -> Result<Json<DuesMembers>, Problem> {
    signed.may(Action::WorkDo)?;
    let mut faults = Faults::default();
    let org = faults.branch(&query.org_id);
    faults.check()?;
    let org = own_branch(&app, &signed, org.ok_or_else(|| Problem::not_found("党组织"))?).await?;
    let this_month = Month::of(app.today());
    let back = app.store.measures(signed.root(), app.today()).await?.get(Measure::DuesBackMonths, app.today());
    let found = app.store.dues_bases(signed.root(), &org.path).await?;
    let items = found.iter().map(|row| member_view(row, this_month.back(back))).collect();
    Ok(Json(DuesMembers { items, latest_month: this_month.next().to_string() }))
}

fn member_view(row: &BaseRow, earliest: Month) -> DuesMember {
    let earliest = row.paid_until.map_or(earliest, |paid| paid.next().max(earliest));
    DuesMember {
        person_id: row.person.to_string(),
        name: row.name.clone(),
        stage_name: row.stage.name().to_owned(),
        bases: row.bases.iter().map(base_view).collect(),
        earliest_month: earliest.to_string(),
    }
}

/// 核定党费基数：一次可以核定多人，从某个月起执行；已交的月份不变。
#[utoipa::path(post, path = "/api/dues/bases", tag = "dues", request_body = BasesBody, responses(
    (status = 204),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
pub(super) async fn set(
    State(app): State<App>,
    signed: Signed,
    Body(body): Body<BasesBody>,
) -> Result<StatusCode, Problem> {
    signed.may(Action::WorkDo)?;
    let mut faults = Faults::default();
    let org = faults.branch(&body.org_id);
    let from = faults.month("/from_month", "开始月份", &body.from_month);
    let given = body.reason.filter(|reason| !reason.trim().is_empty());
    let reason = given.map(|reason| faults.reason(&reason)).unwrap_or_default();
    if body.items.is_empty() {
        faults.add("/items", "missing_required", "没有要核定的党员。请至少选一名。");
    }
    let items: Vec<BaseOf> =
        body.items.iter().enumerate().filter_map(|(at, item)| base_of(&mut faults, at, item)).collect();
    faults.check()?;
    let (Some(org), Some(from)) = (org, from) else { return Err(Problem::not_found("党组织")) };
    let org = own_branch(&app, &signed, org).await?;
    let new = SetBases { org: org.id, from, items: &items, reason: &reason };
    app.store.set_dues_bases(&signed.actor, new, app.today()).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn base_of(faults: &mut Faults, at: usize, item: &NewBase) -> Option<BaseOf> {
    let unknown = "党员没有选定。请从列表中选择。";
    let person: Option<PersonId> =
        faults.parsed(&format!("/items/{at}/person_id"), "unknown_person", &item.person_id, unknown);
    let payer = faults.payer(&format!("/items/{at}/payer"), &item.payer);
    Some(BaseOf { person: person?, payer: payer?, base: item.base.map(Fen) })
}

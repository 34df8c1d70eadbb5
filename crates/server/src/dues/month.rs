//! One branch's month: who owes what, drawing it up, handing it up.

use super::shape::{DuesLineView, DuesStatementView, line_view};
use super::{DuesFaults, keeps_books, month_or_this, own_branch};
use crate::body::{Body, Faults, Params, Segment};
use crate::signed::Signed;
use crate::{App, Problem};
use axum::Json;
use axum::extract::State;
use rules::access::Action;
use rules::dues::{Month, check_generate};
use rules::ids::DuesStatementId;
use rules::measure::Measure;
use serde::{Deserialize, Serialize};
use store::{DuesStatement, Org};
use utoipa::{IntoParams, ToSchema};

/// A branch's month. Lines are there only for those who keep the branch's books.
#[derive(Serialize, ToSchema)]
pub(super) struct DuesMonth {
    org_id: String,
    org_name: String,
    month: String,
    /// Whether this organisation collects dues at all.
    collects: bool,
    /// Whether the asker keeps its books.
    keeps_books: bool,
    statement: Option<DuesStatementView>,
    /// Why the month cannot be drawn up, or drawn up anew; none when it can.
    refusal: Option<String>,
    lines: Option<Vec<DuesLineView>>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct MonthQuery {
    org_id: String,
    /// `2026-03`; this month when left out.
    month: Option<String>,
}

#[derive(Deserialize, ToSchema)]
pub(super) struct DrawUpBody {
    org_id: String,
    month: String,
    /// The version of the statement that is drawn up anew.
    version: Option<i64>,
}

#[derive(Deserialize, ToSchema)]
pub(super) struct HandUpBody {
    version: i64,
    on: String,
}

/// 一个支部一个月的党费：汇总；本支部的书记、党务工作者还能看到每人的应交和交纳情况。
#[utoipa::path(get, path = "/api/dues/month", tag = "dues", params(MonthQuery), responses(
    (status = 200, body = DuesMonth),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
pub(super) async fn month(
    State(app): State<App>,
    signed: Signed,
    Params(query): Params<MonthQuery>,
) -> Result<Json<DuesMonth>, Problem> {
    signed.may(Action::WorkView)?;
    let mut faults = Faults::default();
    let org = faults.branch(&query.org_id);
    let month = month_or_this(&mut faults, query.month.as_deref(), app.today());
    faults.check()?;
    let org = app.store.org(signed.root(), org.ok_or_else(|| Problem::not_found("党组织"))?).await?;
    signed.may_within(Action::WorkView, &org.path, "党组织")?;
    view(&app, &signed, &org, month).await
}

/// 生成（或重新生成）一个月的应交清单；已交的不变。
#[utoipa::path(post, path = "/api/dues/statements", tag = "dues", request_body = DrawUpBody, responses(
    (status = 200, body = DuesMonth),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
pub(super) async fn draw_up(
    State(app): State<App>,
    signed: Signed,
    Body(body): Body<DrawUpBody>,
) -> Result<Json<DuesMonth>, Problem> {
    signed.may(Action::WorkDo)?;
    let mut faults = Faults::default();
    let (org, month) = (faults.branch(&body.org_id), faults.month("/month", "月份", &body.month));
    faults.check()?;
    let (Some(org), Some(month)) = (org, month) else { return Err(Problem::not_found("党组织")) };
    let org = own_branch(&app, &signed, org).await?;
    app.store.draw_up_dues(&signed.actor, (org.id, month), body.version, app.today()).await?;
    view(&app, &signed, &org, month).await
}

/// 把已收的党费上缴上级，记下日期；以后补交的可再次上缴。
#[utoipa::path(post, path = "/api/dues/statements/{id}/hand-up", tag = "dues", params(("id" = String, Path)), request_body = HandUpBody, responses(
    (status = 200, body = DuesMonth),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
pub(super) async fn hand_up(
    State(app): State<App>,
    signed: Signed,
    Segment(id): Segment<DuesStatementId>,
    Body(body): Body<HandUpBody>,
) -> Result<Json<DuesMonth>, Problem> {
    signed.may(Action::WorkDo)?;
    let statement = app.store.dues_statement_by_id(signed.root(), id).await?;
    let org = own_branch(&app, &signed, statement.org).await?;
    let mut faults = Faults::default();
    let on = faults.date("/on", "上缴日期", &body.on);
    faults.check()?;
    let on = on.unwrap_or(app.today());
    app.store.hand_up_dues(&signed.actor, (id, body.version), on, app.today()).await?;
    view(&app, &signed, &org, statement.month).await
}

async fn view(app: &App, signed: &Signed, org: &Org, month: Month) -> Result<Json<DuesMonth>, Problem> {
    let (root, today) = (signed.root(), app.today());
    let back = app.store.measures(root, today).await?.get(Measure::DuesBackMonths, today);
    let statement = app.store.dues_statement(root, org.id, month).await?;
    let facts = statement.as_ref().map(DuesStatement::facts);
    let keeps = keeps_books(signed, &org.path);
    let lines = match &statement {
        Some(statement) if keeps => {
            let lines = app.store.dues_lines(root, statement.id).await?;
            Some(lines.iter().map(|line| line_view(line, back, today)).collect())
        }
        _ => None,
    };
    Ok(Json(DuesMonth {
        org_id: org.id.to_string(),
        org_name: org.name.clone(),
        month: month.to_string(),
        collects: check_generate(org.kind, Month::of(today), None, back, today).is_ok(),
        keeps_books: keeps,
        refusal: check_generate(org.kind, month, facts.as_ref(), back, today).err().map(|e| e.to_string()),
        statement: statement.as_ref().map(DuesStatementView::from),
        lines,
    }))
}

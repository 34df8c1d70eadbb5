//! Booking payments, one or many at once, and taking one back.

use super::{DuesFaults, own_branch};
use crate::body::{Body, Faults, Segment};
use crate::signed::Signed;
use crate::{App, Problem};
use axum::extract::State;
use axum::http::StatusCode;
use rules::access::Action;
use rules::dues::{Fen, Way};
use rules::ids::{DuesLineId, PaymentId};
use serde::Deserialize;
use store::{LineVersion, NewPayments};
use utoipa::ToSchema;

/// Most characters of a receipt's number.
const LONGEST_RECEIPT: usize = 40;

#[derive(Deserialize, ToSchema)]
pub(super) struct LineSeen {
    id: String,
    version: i64,
}

#[derive(Deserialize, ToSchema)]
pub(super) struct PaymentBody {
    org_id: String,
    /// All that is due by these lines is booked as paid.
    lines: Vec<LineSeen>,
    on: String,
    /// `cash`, `bank` or `payroll`.
    way: String,
    receipt: Option<String>,
    /// Paid beyond what is due, in fen; with one line only.
    voluntary: Option<i64>,
}

#[derive(Deserialize, ToSchema)]
pub(super) struct TakeBackBody {
    reason: String,
}

/// 记账：一笔或多笔应交党费已交。
#[utoipa::path(post, path = "/api/dues/payments", tag = "dues", request_body = PaymentBody, responses(
    (status = 204),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
pub(super) async fn book(
    State(app): State<App>,
    signed: Signed,
    Body(body): Body<PaymentBody>,
) -> Result<StatusCode, Problem> {
    signed.may(Action::WorkDo)?;
    let mut faults = Faults::default();
    let org = faults.branch(&body.org_id);
    let on = faults.date("/on", "交纳日期", &body.on);
    let way = Way::from_key(&body.way);
    if way.is_none() {
        faults.add("/way", "unknown_code", "交纳方式没有选定。请选择现金、银行转账或工资扣缴。");
    }
    if body.lines.is_empty() {
        faults.add("/lines", "missing_required", "没有要记账的党费。请至少选一笔。");
    }
    let receipt = receipt_of(&mut faults, body.receipt.as_deref());
    let voluntary = Fen(body.voluntary.unwrap_or_default());
    if voluntary != Fen::ZERO && body.lines.len() > 1 {
        let message = "自愿多交的金额只能记在一笔上。请单独记这名党员的党费。";
        faults.add("/voluntary", "bad_amount", message);
    }
    let lines: Vec<LineVersion> =
        body.lines.iter().enumerate().filter_map(|(at, line)| line_seen(&mut faults, at, line)).collect();
    faults.check()?;
    let (Some(org), Some(on), Some(way)) = (org, on, way) else { return Err(Problem::not_found("党组织")) };
    let org = own_branch(&app, &signed, org).await?;
    let new = NewPayments { org: org.id, lines: &lines, on, way, receipt: receipt.as_deref(), voluntary };
    app.store.book_dues(&signed.actor, new, app.today()).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn line_seen(faults: &mut Faults, at: usize, line: &LineSeen) -> Option<LineVersion> {
    let message = "所选的应交党费有误。请刷新后重新选择。";
    let id: Option<DuesLineId> = faults.parsed(&format!("/lines/{at}"), "unknown_line", &line.id, message);
    Some(LineVersion { line: id?, version: line.version })
}

fn receipt_of(faults: &mut Faults, receipt: Option<&str>) -> Option<String> {
    let receipt = receipt.filter(|receipt| !receipt.trim().is_empty())?;
    let receipt = faults.text("/receipt", "收据编号", receipt);
    if receipt.chars().count() > LONGEST_RECEIPT {
        faults.add("/receipt", "too_long", format!("收据编号超过 {LONGEST_RECEIPT} 个字。请写短一些。"));
    }
    Some(receipt)
}

/// 撤销记错的一笔；已上缴的不能撤销。
#[utoipa::path(post, path = "/api/dues/payments/{id}/take-back", tag = "dues", params(("id" = String, Path)), request_body = TakeBackBody, responses(
    (status = 204),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
pub(super) async fn take_back(
    State(app): State<App>,
    signed: Signed,
    Segment(id): Segment<PaymentId>,
    Body(body): Body<TakeBackBody>,
) -> Result<StatusCode, Problem> {
    signed.may(Action::WorkDo)?;
    let org = app.store.dues_payment_org(signed.root(), id).await?;
    own_branch(&app, &signed, org).await?;
    let mut faults = Faults::default();
    let reason = faults.sealed_reason(&body.reason);
    faults.check()?;
    app.store.take_back_dues(&signed.actor, id, &reason, app.today()).await?;
    Ok(StatusCode::NO_CONTENT)
}

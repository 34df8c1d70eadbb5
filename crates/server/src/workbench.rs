//! 待办: what the actor has to do now, most urgent first. Finds through the store, words and orders through the rules.

use crate::duties::work as duties;
use crate::instant::day_of;
use crate::signed::Signed;
use crate::{App, Problem};
use axum::Json;
use axum::extract::State;
use rules::access::{Action, Target, may};
use rules::work::{
    OrgLack, WaitingTransfer, WorkItem as Work, changes_to_decide, in_order, of_warnings, proposal_returned,
    transfer_overdue, transfer_to_accept,
};
use serde::Serialize;
use store::Transfer;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The most items that are shown.
const MOST: usize = 50;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(workbench))
}

/// One thing to do.
#[derive(Serialize, ToSchema)]
struct WorkItem {
    kind: String,
    title: String,
    detail: String,
    due: Option<String>,
    overdue_days: Option<i32>,
    rule: Option<String>,
    link: String,
    action: String,
}

/// What the actor answers for, in numbers.
#[derive(Default, Serialize, ToSchema)]
struct WorkCounts {
    orgs: i64,
    full: i64,
    probationary: i64,
    pending_changes: i64,
    pending_transfers: i64,
    /// Everything there is to do, shown or not.
    items: i64,
}

/// What there is to do.
#[derive(Serialize, ToSchema)]
struct Workbench {
    items: Vec<WorkItem>,
    counts: WorkCounts,
}

fn item_of(work: Work) -> WorkItem {
    WorkItem {
        kind: work.kind.key().to_owned(),
        title: work.title,
        detail: work.detail,
        due: work.due.map(|due| due.to_string()),
        overdue_days: work.overdue_days,
        rule: work.rule.map(str::to_owned),
        link: work.link,
        action: work.action.to_owned(),
    }
}

fn waiting(transfer: Transfer) -> WaitingTransfer {
    WaitingTransfer {
        person_name: transfer.person_name,
        from_name: transfer.from.name,
        to_name: transfer.to.name,
        due: transfer.due,
    }
}

/// 我现在要办的事。
#[utoipa::path(get, path = "/api/workbench", tag = "workbench", responses(
    (status = 200, body = Workbench),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn workbench(State(app): State<App>, signed: Signed) -> Result<Json<Workbench>, Problem> {
    let mut counts = WorkCounts::default();
    let mut work = proposals(&app, &signed).await?;
    work.extend(transfers(&app, &signed, &mut counts).await?);
    work.extend(changes(&app, &signed, &mut counts).await?);
    work.extend(duties::open(&app, &signed).await?);
    work.extend(lacks(&app, &signed, &mut counts).await?);
    counts.items += work.len() as i64;
    let items = in_order(work).into_iter().take(MOST).map(item_of).collect();
    Ok(Json(Workbench { items, counts }))
}

/// The actor's own proposal, when it came back.
async fn proposals(app: &App, signed: &Signed) -> Result<Vec<Work>, Problem> {
    let Some(person) = signed.actor.person else { return Ok(Vec::new()) };
    let latest = app.store.latest_proposal(signed.root(), person).await?;
    Ok(latest
        .filter(|proposal| proposal.state == "returned")
        .map(|proposal| proposal_returned(&proposal.reason))
        .into_iter()
        .collect())
}

/// Transfers that wait for the actor; those beyond the first are counted only.
async fn transfers(app: &App, signed: &Signed, counts: &mut WorkCounts) -> Result<Vec<Work>, Problem> {
    if !may(&signed.actor, Action::Transfer, Target::Scope) {
        return Ok(Vec::new());
    }
    let (scope, today) = (signed.scope(Action::Transfer)?, app.today());
    let found = app.store.pending_transfers(signed.root(), &scope, today, MOST as i64).await?;
    counts.pending_transfers = found.to_accept;
    counts.items += found.to_accept + found.overdue - found.first.len() as i64;
    let receives = |transfer: &Transfer| scope.iter().any(|top| transfer.to.path.starts_with(top));
    let work = found.first.into_iter().map(|transfer| match receives(&transfer) {
        true => transfer_to_accept(&waiting(transfer), today),
        false => transfer_overdue(&waiting(transfer), today),
    });
    Ok(work.collect())
}

/// Proposals of members that wait for the actor.
async fn changes(app: &App, signed: &Signed, counts: &mut WorkCounts) -> Result<Vec<Work>, Problem> {
    if !may(&signed.actor, Action::MemberEdit, Target::Scope) {
        return Ok(Vec::new());
    }
    let found = app.store.pending_changes(signed.root(), &signed.scope(Action::MemberEdit)?).await?;
    counts.pending_changes = found.count;
    Ok(changes_to_decide(found.count, found.oldest_at.map(day_of)).into_iter().collect())
}

/// What the actor's organisations lack.
async fn lacks(app: &App, signed: &Signed, counts: &mut WorkCounts) -> Result<Vec<Work>, Problem> {
    if !may(&signed.actor, Action::OrgView, Target::Scope) {
        return Ok(Vec::new());
    }
    let (scope, today) = (signed.scope(Action::OrgView)?, app.today());
    let tree = app.store.org_rows(signed.root(), &scope, "", usize::MAX >> 1, today).await?;
    counts.orgs = tree.rows.len() as i64;
    let mut work = Vec::new();
    for row in &tree.rows {
        if scope.contains(&row.org.path) {
            counts.full += row.members.full;
            counts.probationary += row.members.probationary;
        }
        let lack = OrgLack { id: row.org.id, name: &row.org.name, warnings: &row.warnings };
        work.extend(of_warnings(&lack));
    }
    Ok(work)
}

//! 党员: showing numbers in full for a reason, and the two logs of a dossier: what was changed, and who looked.

use crate::body::{Body, Faults, Params, Segment};
use crate::dossier::{FieldChange, Revealed, filled};
use crate::members::person_for;
use crate::signed::Signed;
use crate::{App, Problem};
use axum::Json;
use axum::extract::State;
use rules::access::Action;
use rules::ids::PersonId;
use serde::{Deserialize, Serialize};
use store::{HistoryEntry as Changed, ViewEntry as Viewed};
use utoipa::{IntoParams, ToSchema};

/// Entries of a page.
const PAGE: usize = 50;

/// Why numbers are to be shown.
#[derive(Deserialize, ToSchema)]
pub(crate) struct RevealReason {
    reason: String,
}

/// Which page of a log.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct LogQuery {
    cursor: Option<String>,
}

impl LogQuery {
    /// Where the page begins, as it was sent.
    pub(crate) fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }

    /// The number before which the page lies.
    pub(crate) fn before(&self, faults: &mut Faults) -> Option<i64> {
        let cursor = self.cursor.as_deref().filter(|cursor| !cursor.is_empty())?;
        faults.parsed("/cursor", "bad_request", cursor, "翻页位置有误。请从头查看。")
    }
}

/// Somebody looked.
#[derive(Serialize, ToSchema)]
pub(crate) struct ViewEntry {
    at: i64,
    actor: String,
    /// What was looked at, in words.
    action: String,
    reason: Option<String>,
}

/// A page of who looked, newest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct ViewPage {
    items: Vec<ViewEntry>,
    next: Option<String>,
}

/// A change of a dossier.
#[derive(Serialize, ToSchema)]
pub(crate) struct HistoryEntry {
    at: i64,
    actor: String,
    action: String,
    summary: String,
    reason: Option<String>,
    changes: Vec<FieldChange>,
}

/// A page of changes, newest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct HistoryPage {
    items: Vec<HistoryEntry>,
    next: Option<String>,
}

fn view_of(entry: Viewed) -> ViewEntry {
    ViewEntry { at: entry.at, actor: entry.actor, action: entry.view.name().to_owned(), reason: filled(entry.reason) }
}

fn change_of(entry: Changed) -> HistoryEntry {
    HistoryEntry {
        changes: entry.changes.iter().map(FieldChange::from).collect(),
        at: entry.at,
        actor: entry.actor,
        action: entry.action,
        summary: entry.summary,
        reason: filled(entry.reason),
    }
}

/// A page of who looked at a person's data.
pub(crate) async fn views_of(app: &App, signed: &Signed, id: PersonId, query: &LogQuery) -> Result<ViewPage, Problem> {
    let mut faults = Faults::default();
    let before = query.before(&mut faults);
    faults.check()?;
    let mut found = app.store.person_views(signed.root(), id, before, PAGE as i64 + 1).await?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let next = found.last().filter(|_| more).map(|entry| entry.seq.to_string());
    Ok(ViewPage { items: found.into_iter().map(view_of).collect(), next })
}

/// 查看完整的号码、住址和出生日期，须写事由；事由写入留痕，本人可见。
#[utoipa::path(post, path = "/api/members/{id}/reveal", tag = "members", params(("id" = String, Path)), request_body = RevealReason, responses(
    (status = 200, body = Revealed),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
pub(crate) async fn reveal_member(
    State(app): State<App>,
    signed: Signed,
    Segment(id): Segment<PersonId>,
    Body(asked): Body<RevealReason>,
) -> Result<Json<Revealed>, Problem> {
    let person = person_for(&app, &signed, Action::MemberReveal, id).await?;
    let mut faults = Faults::default();
    let reason = faults.reason(&asked.reason);
    faults.check()?;
    app.store.note_reveal(&signed.actor, id, &reason).await?;
    Ok(Json(Revealed::of(&person.record)))
}

/// 谁查看过一份档案，新的在前。
#[utoipa::path(get, path = "/api/members/{id}/views", tag = "members", params(("id" = String, Path), LogQuery), responses(
    (status = 200, body = ViewPage),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
pub(crate) async fn member_views(
    State(app): State<App>,
    signed: Signed,
    Segment(id): Segment<PersonId>,
    Params(query): Params<LogQuery>,
) -> Result<Json<ViewPage>, Problem> {
    person_for(&app, &signed, Action::MemberView, id).await?;
    Ok(Json(views_of(&app, &signed, id, &query).await?))
}

/// 一份档案的修改记录，新的在前，号码和住址已脱敏。
#[utoipa::path(get, path = "/api/members/{id}/history", tag = "members", params(("id" = String, Path), LogQuery), responses(
    (status = 200, body = HistoryPage),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
pub(crate) async fn member_history(
    State(app): State<App>,
    signed: Signed,
    Segment(id): Segment<PersonId>,
    Params(query): Params<LogQuery>,
) -> Result<Json<HistoryPage>, Problem> {
    person_for(&app, &signed, Action::MemberView, id).await?;
    let mut faults = Faults::default();
    let before = query.before(&mut faults);
    faults.check()?;
    let mut found = app.store.person_history(signed.root(), id, before, PAGE as i64 + 1).await?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let next = found.last().filter(|_| more).map(|entry| entry.seq.to_string());
    Ok(Json(HistoryPage { items: found.into_iter().map(change_of).collect(), next }))
}

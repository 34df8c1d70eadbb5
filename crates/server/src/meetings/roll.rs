//! 点名: attendance as somebody else enters it, many at once. Who checks in alone goes through `check_in`.

use super::shape::MeetingDetail;
use super::{detail, meeting_for};
use crate::body::{Body, Faults, Segment, plain};
use crate::signed::Signed;
use crate::{App, Problem};
use axum::Json;
use axum::extract::State;
use rules::access::Action;
use rules::ids::MeetingId;
use rules::meeting::{Come, Command};
use serde::Deserialize;
use store::now_ms;
use utoipa::ToSchema;

/// Whether somebody came.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum CameOrNot {
    Present,
    Absent,
    /// What was written is taken back.
    Awaited,
}

/// What is known of one person.
#[derive(Deserialize, ToSchema)]
pub(super) struct RollEntry {
    person_id: String,
    come: CameOrNot,
    /// Why absent.
    #[serde(default)]
    reason: String,
}

/// A roll call.
#[derive(Deserialize, ToSchema)]
pub(super) struct RollCall {
    entries: Vec<RollEntry>,
    /// Why those present did not check in themselves.
    #[serde(default)]
    reason: String,
}

/// 点名：代为登记到会、缺席原因，或撤销登记；可一次登记多人。
#[utoipa::path(post, path = "/api/meetings/{id}/roll", tag = "meetings", params(("id" = String, Path)), request_body = RollCall, responses(
    (status = 200, body = MeetingDetail),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
pub(super) async fn call(
    State(app): State<App>,
    signed: Signed,
    Segment(id): Segment<MeetingId>,
    Body(body): Body<RollCall>,
) -> Result<Json<MeetingDetail>, Problem> {
    meeting_for(&app, &signed, Action::WorkDo, id).await?;
    let mut faults = Faults::default();
    if body.entries.is_empty() {
        faults.add("/entries", "missing_required", "没有选人。请至少选一人。");
    }
    let mut entries = Vec::with_capacity(body.entries.len());
    for (at, entry) in body.entries.into_iter().enumerate() {
        let pointer = format!("/entries/{at}/person");
        let person = faults.parsed(&pointer, "unknown_person", &entry.person_id, "人员有误。请刷新页面后重试。");
        let come = match entry.come {
            CameOrNot::Present => Come::Present,
            CameOrNot::Absent => Come::Absent(plain(&entry.reason)),
            CameOrNot::Awaited => Come::Awaited,
        };
        entries.extend(person.map(|person| (person, come)));
    }
    faults.check()?;
    let command = Command::RollCall { entries, reason: plain(&body.reason), at: now_ms() };
    app.store.act_on_meeting(&signed.actor, (id, None), &command, app.today()).await?;
    detail(&app, &signed, id).await
}

//! What is asked about the signed-in member: only ever the own person.

use super::shown::{Duty, Names};
use crate::signed::Signed;
use crate::{App, Problem};
use axum::Json;
use axum::extract::State;
use rules::access::Action;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(own_duties))
}

/// What is asked about oneself.
#[derive(Serialize, ToSchema)]
struct OwnDuties {
    items: Vec<Duty>,
}

/// 与本人有关的应办事项，到期早的在前。
#[utoipa::path(get, path = "/api/me/duties", tag = "me", responses(
    (status = 200, body = OwnDuties),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn own_duties(State(app): State<App>, signed: Signed) -> Result<Json<OwnDuties>, Problem> {
    signed.may(Action::OwnWork)?;
    let unbound = || Problem::refused("not_bound", "账号尚未绑定本人档案。请向所在党支部领取认证码，办理身份认证。");
    let person = signed.actor.person.ok_or_else(unbound)?;
    let calendar = app.calendar(signed.root()).await?;
    let today = app.today();
    let mut duties: Vec<&rules::duty::Duty> = calendar.about(person).filter(|duty| duty.is_spoken_of(today)).collect();
    duties.sort_by_key(|duty| (duty.due, duty.rule, duty.n));
    let names = Names::of(&app.store, &signed, &calendar, duties.iter().copied(), today).await?;
    Ok(Json(OwnDuties { items: duties.into_iter().map(|duty| names.show(duty)).collect() }))
}

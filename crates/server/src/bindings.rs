//! 身份认证: the branch hands out a one-time code; with it, name and identity number a person opens the own account.

use crate::address::Address;
use crate::body::{Body, Faults, Segment};
use crate::password::hash_password;
use crate::signed::Signed;
use crate::{App, Problem};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use rules::access::Action;
use rules::identity::IdentityNumber;
use rules::ids::PersonId;
use rules::name::PersonName;
use serde::{Deserialize, Serialize};
use store::{Attempt, Claim, now_ms};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(bind)).routes(routes!(hand_out))
}

/// What a person says to be, and the account to open.
#[derive(Deserialize, ToSchema)]
struct Binding {
    name: String,
    identity_number: String,
    /// From the branch.
    code: String,
    login: String,
    password: String,
}

/// A one-time code, shown once.
#[derive(Serialize, ToSchema)]
struct BindingCode {
    code: String,
    expires_at: i64,
}

/// 身份认证：凭姓名、公民身份号码和党支部发放的一次性认证码开通本人账号。
#[utoipa::path(post, path = "/api/bindings", tag = "bindings", request_body = Binding, responses(
    (status = 204),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn bind(
    State(app): State<App>,
    Address(address): Address,
    Body(asked): Body<Binding>,
) -> Result<StatusCode, Problem> {
    let mut faults = Faults::default();
    let name = PersonName::parse(&asked.name).map_err(|e| faults.add("/name", "bad_name", e.to_string()));
    let identity = IdentityNumber::parse(&asked.identity_number)
        .map_err(|e| faults.add("/identity_number", "id_checksum", format!("{e}。请逐位核对。")));
    let code = faults.text("/code", "认证码", &asked.code).to_uppercase();
    let login = faults.login("/login", &asked.login);
    faults.new_password("/password", &login, &asked.password);
    faults.check()?;
    let (Ok(name), Ok(identity)) = (name, identity) else { return Err(Problem::invalid(Vec::new())) };

    let attempts = [Attempt::Address(&address), Attempt::Identity(identity.expose())];
    if let Some(wait) = app.store.take_attempt(&attempts, now_ms()).await? {
        return Err(Problem::too_many_attempts(wait));
    }
    let password_hash = hash_password(&asked.password).await?;
    let claim = Claim { name: name.to_string(), identity: identity.clone(), code, login, password_hash };
    let bound = app.store.bind_person(&claim, now_ms()).await;
    if !matches!(&bound, Err(store::StoreError::Refused { code: "binding_refused", .. })) {
        app.store.give_back_attempt(&attempts, now_ms()).await?;
    }
    bound.map_err(|e| Problem::at(e, "duplicate_login", "/login"))?;
    Ok(StatusCode::NO_CONTENT)
}

/// 为本组织的一名党员发放身份认证码，七天内有效，用一次即失效。
#[utoipa::path(post, path = "/api/members/{id}/binding-codes", tag = "bindings", params(("id" = String, Path)), responses(
    (status = 200, body = BindingCode),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn hand_out(
    State(app): State<App>,
    signed: Signed,
    Segment(id): Segment<PersonId>,
) -> Result<Json<BindingCode>, Problem> {
    signed.may(Action::MemberEdit)?;
    let path = app.store.person_org_path(signed.root(), id).await?;
    signed.may_within(Action::MemberEdit, &path, "人员")?;
    let handed = app.store.hand_out_binding_code(&signed.actor, id, now_ms()).await?;
    Ok(Json(BindingCode { code: handed.code, expires_at: handed.expires_at }))
}

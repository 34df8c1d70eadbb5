//! Finding: one box for persons and organisations, and the typeahead for organisations. Only in the actor's own subtrees, but for the
//! receiving branch of a transfer, of which everybody who may ask for one may learn the name.

use crate::body::Params;
use crate::signed::Signed;
use crate::{App, Problem};
use axum::Json;
use axum::extract::State;
use rules::access::{Action, Target, may};
use rules::search::{plain, read};
use serde::{Deserialize, Serialize};
use store::FoundOrg;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The most that is found of each.
const MOST: usize = 20;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(search)).routes(routes!(lookup))
}

/// An organisation that was found.
#[derive(Serialize, ToSchema)]
struct OrgFound {
    id: String,
    name: String,
    kind_name: String,
    /// The names of those above it.
    path_name: String,
}

/// A person that was found.
#[derive(Serialize, ToSchema)]
struct FoundPerson {
    id: String,
    name: String,
    stage_name: String,
    org_name: String,
}

/// What was found.
#[derive(Serialize, ToSchema)]
struct Found {
    persons: Vec<FoundPerson>,
    orgs: Vec<OrgFound>,
}

/// Organisations that were found.
#[derive(Serialize, ToSchema)]
struct OrgsFound {
    items: Vec<OrgFound>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct SearchQuery {
    q: String,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct LookupQuery {
    q: String,
    limit: Option<usize>,
    /// The whole enterprise, by name: for the receiving branch of a transfer.
    everywhere: Option<bool>,
}

fn org_found(found: FoundOrg) -> OrgFound {
    OrgFound {
        id: found.org.id.to_string(),
        name: found.org.name,
        kind_name: found.org.kind.name().to_owned(),
        path_name: found.above.join(" / "),
    }
}

/// 按姓名、拼音首字母、组织名称或编码、号码末几位查找。
#[utoipa::path(get, path = "/api/search", tag = "search", params(SearchQuery), responses(
    (status = 200, body = Found),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn search(
    State(app): State<App>,
    signed: Signed,
    Params(query): Params<SearchQuery>,
) -> Result<Json<Found>, Problem> {
    let scope = signed.scope(Action::OrgView)?;
    let text = plain(&query.q);
    if text.is_empty() {
        return Ok(Json(Found { persons: Vec::new(), orgs: Vec::new() }));
    }
    let persons = if may(&signed.actor, Action::MemberView, Target::Scope) {
        let scope = signed.scope(Action::MemberView)?;
        app.store.find_persons(signed.root(), &scope, &read(&text), MOST).await?
    } else {
        Vec::new()
    };
    let orgs = app.store.find_orgs(signed.root(), &scope, &text, MOST as i64).await?;
    let person = |found: store::FoundPerson| FoundPerson {
        id: found.id.to_string(),
        name: found.name,
        stage_name: found.stage.name().to_owned(),
        org_name: found.org_name,
    };
    Ok(Json(Found {
        persons: persons.into_iter().map(person).collect(),
        orgs: orgs.into_iter().map(org_found).collect(),
    }))
}

/// 按名称、编码或拼音首字母选择党组织。
#[utoipa::path(get, path = "/api/orgs/lookup", tag = "orgs", params(LookupQuery), responses(
    (status = 200, body = OrgsFound),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn lookup(
    State(app): State<App>,
    signed: Signed,
    Params(query): Params<LookupQuery>,
) -> Result<Json<OrgsFound>, Problem> {
    let scope = if query.everywhere == Some(true) {
        signed.may(Action::Transfer)?;
        app.store.top_org(signed.root()).await?.map(|top| top.path).into_iter().collect()
    } else if may(&signed.actor, Action::AccountManage, Target::Scope) {
        signed.scope(Action::AccountManage)?
    } else {
        signed.scope(Action::OrgView)?
    };
    let limit = query.limit.unwrap_or(MOST).clamp(1, 50);
    let found = app.store.find_orgs(signed.root(), &scope, &plain(&query.q), limit as i64).await?;
    Ok(Json(OrgsFound { items: found.into_iter().map(org_found).collect() }))
}

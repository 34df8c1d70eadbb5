//! 依据: the rules, each with its regulation and article, for whoever is signed in.

use crate::signed::Signed;
use crate::{App, Problem};
use axum::Json;
use rules::ground::GROUNDS;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list))
}

/// A rule and what it stands on.
#[derive(Serialize, ToSchema)]
struct Ground {
    rule: String,
    regulation: String,
    /// 第十一条; empty where the regulation has none.
    article: String,
    /// The day from which it is in force.
    since: String,
    /// What it says, in one plain sentence.
    text: String,
    /// `refuse`, `warn`, `remind` or `explain`.
    treatment: String,
    treatment_name: String,
}

/// Every rule.
#[derive(Serialize, ToSchema)]
struct Grounds {
    items: Vec<Ground>,
}

/// 全部规则的依据。
#[utoipa::path(get, path = "/api/grounds", tag = "duties", responses(
    (status = 200, body = Grounds),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn list(_: Signed) -> Json<Grounds> {
    let shown = |ground: &rules::ground::Ground| Ground {
        rule: ground.rule.to_owned(),
        regulation: ground.regulation.to_owned(),
        article: ground.article.to_owned(),
        since: ground.since.to_string(),
        text: ground.text.to_owned(),
        treatment: ground.treatment.key().to_owned(),
        treatment_name: ground.treatment.name().to_owned(),
    };
    Json(Grounds { items: GROUNDS.iter().map(shown).collect() })
}

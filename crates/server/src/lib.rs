//! The web server. One module per feature, each with its routes and their types and nothing else: authenticate, ask the rules,
//! call the store, answer. No SQL and no rule stands here.

mod accounts;
mod address;
mod app;
mod bindings;
mod body;
pub mod census;
mod changes;
mod check_in;
mod client;
mod cookie;
mod development;
mod docs;
mod documents;
mod dossier;
mod download;
mod dues;
mod duties;
mod elections;
mod files;
mod frame;
mod guide;
mod health;
mod imports;
mod instant;
mod ledger;
mod live;
mod me;
mod meetings;
mod members;
mod members_edit;
mod members_export;
mod members_list;
mod members_log;
mod notices;
mod office;
mod org_kind;
mod orgs;
mod orgs_change;
mod orgs_edit;
mod orgs_sheet;
mod password;
mod problem;
mod reason;
mod role;
mod search;
mod second_factor;
mod serve;
mod session;
mod setup;
mod signed;
mod stats;
mod system;
mod templates;
mod transfers;
mod upload;
mod workbench;
mod workbooks;

pub use app::{App, Config, today};
pub use census::Censuses;
pub use imports::{ImportJob, ImportKind, ImportOutcome, run_import};
pub use notices::{plan_once, send_once};
pub use office::find_office;
pub use password::hash_password;
pub use problem::{FieldError, Problem};
pub use serve::serve;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use utoipa::OpenApi;
use utoipa::openapi::OpenApi as Description;
use utoipa_axum::router::OpenApiRouter;

/// Bytes of a request's body, unless a route takes files and says otherwise with a [`DefaultBodyLimit`] of its own.
const BODY_LIMIT: usize = 2 * 1024 * 1024;

#[derive(OpenApi)]
#[openapi(
    info(title = "智慧党建平台", description = "编号是字符串，日期写成 2026-03-05，时刻是 1970 年以来的毫秒数。"),
    components(schemas(Problem, FieldError))
)]
struct Api;

fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(Api::openapi())
        .merge(accounts::routes())
        .merge(workbooks::routes())
        .merge(templates::routes())
        .merge(notices::routes())
        .merge(meetings::routes())
        .merge(guide::routes())
        .merge(elections::routes())
        .merge(duties::routes())
        .merge(dues::routes())
        .merge(development::routes())
        .merge(check_in::routes())
        .merge(bindings::routes())
        .merge(changes::routes())
        .merge(files::routes())
        .merge(health::routes())
        .merge(imports::routes())
        .merge(ledger::routes())
        .merge(me::routes())
        .merge(members::routes())
        .merge(orgs::routes())
        .merge(search::routes())
        .merge(second_factor::routes())
        .merge(session::routes())
        .merge(setup::routes())
        .merge(stats::routes())
        .merge(system::routes())
        .merge(transfers::routes())
        .merge(workbench::routes())
}

/// The description of every route under /api.
pub fn openapi() -> Description {
    named(routes().into_openapi())
}

/// Every operation named after its method and path: two handlers may have the same name.
fn named(mut api: Description) -> Description {
    for (path, item) in &mut api.paths.paths {
        let place = path.trim_start_matches("/api/").replace(['/', '-'], "_").replace(['{', '}'], "");
        let operations = [
            ("get", &mut item.get),
            ("post", &mut item.post),
            ("put", &mut item.put),
            ("patch", &mut item.patch),
            ("delete", &mut item.delete),
        ];
        for (method, operation) in operations {
            if let Some(operation) = operation {
                operation.operation_id = Some(format!("{method}_{place}"));
            }
        }
    }
    api
}

/// Everything the server answers. The last layer is the outermost.
pub fn router(app: App) -> Router {
    let (router, api) = routes().split_for_parts();
    router
        .merge(docs::router(&named(api)))
        .method_not_allowed_fallback(frame::method_not_allowed)
        .fallback(client::serve)
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(from_fn_with_state(app.clone(), cookie::send_fresh_token))
        .layer(CatchPanicLayer::custom(frame::answer_panic))
        .layer(CompressionLayer::new())
        .layer(from_fn_with_state(app.clone(), frame::guard))
        .layer(from_fn(frame::log))
        .with_state(app)
}

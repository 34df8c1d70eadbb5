//! 组织: the tree page by page, and one organisation from close by. Reads only; changes are made in `orgs_edit` and `orgs_change`.

use crate::body::{Params, Segment};
use crate::org_kind::{OrgKind, PostKind};
use crate::signed::Signed;
use crate::{App, Problem};
use axum::Json;
use axum::extract::State;
use jiff::civil::Date;
use rules::access::Action;
use rules::ids::OrgId;
use rules::org::next_election;
use serde::{Deserialize, Serialize};
use store::{Org, OrgSpell as Spell, Post};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Organisations of a page, unless asked otherwise; and the most of them.
const PAGE: usize = 200;
const LARGEST_PAGE: usize = 1_000;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, crate::orgs_edit::create))
        .routes(routes!(detail, crate::orgs_edit::edit))
        .merge(crate::orgs_change::routes())
        .merge(crate::orgs_sheet::routes())
}

/// A row of the tree.
#[derive(Serialize, ToSchema)]
struct OrgRow {
    id: String,
    parent_id: Option<String>,
    /// How far it stands below the enterprise's top.
    depth: i64,
    code: String,
    name: String,
    kind: OrgKind,
    kind_name: String,
    /// Full members of the whole subtree.
    full_members: i64,
    /// Probationary members of the whole subtree.
    probationary_members: i64,
    /// How many departures from the structural rules it has.
    warnings: i64,
    has_children: bool,
}

/// A page of the tree, in preorder.
#[derive(Serialize, ToSchema)]
struct OrgPage {
    items: Vec<OrgRow>,
    next: Option<String>,
}

/// An organisation's name.
#[derive(Serialize, ToSchema)]
pub(crate) struct OrgRef {
    id: String,
    name: String,
}

impl From<Org> for OrgRef {
    fn from(org: Org) -> Self {
        OrgRef { id: org.id.to_string(), name: org.name }
    }
}

/// A post held, or once held.
#[derive(Serialize, ToSchema)]
struct OrgPost {
    id: String,
    post: PostKind,
    post_name: String,
    person_id: String,
    person_name: String,
    from: String,
    to: Option<String>,
}

/// A departure from a structural rule.
#[derive(Serialize, ToSchema)]
struct OrgWarning {
    rule: String,
    message: String,
}

/// Members: of the organisation itself, and of its whole subtree.
#[derive(Serialize, ToSchema)]
struct OrgMembers {
    full: i64,
    probationary: i64,
    subtree_full: i64,
    subtree_probationary: i64,
}

/// What it was called and where it stood in one span of time.
#[derive(Serialize, ToSchema)]
struct OrgSpell {
    /// The first day; the founding date when it was so since always; empty when that is not known either.
    from: String,
    to: Option<String>,
    name: String,
    kind: OrgKind,
    parent_name: Option<String>,
}

/// One organisation from close by.
#[derive(Serialize, ToSchema)]
pub(crate) struct OrgDetail {
    id: String,
    parent_id: Option<String>,
    code: String,
    name: String,
    kind: OrgKind,
    kind_name: String,
    version: i64,
    unit_name: Option<String>,
    uscc: Option<String>,
    founded_on: Option<String>,
    term_years: Option<i32>,
    term_from: Option<String>,
    next_election: Option<String>,
    /// `active` or `dissolved`.
    status: String,
    dissolved_on: Option<String>,
    /// From the enterprise's top down to itself.
    path: Vec<OrgRef>,
    posts: Vec<OrgPost>,
    warnings: Vec<OrgWarning>,
    members: OrgMembers,
    history: Vec<OrgSpell>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct OrgQuery {
    cursor: Option<String>,
    limit: Option<usize>,
}

fn shown(date: Option<Date>) -> Option<String> {
    date.map(|date| date.to_string())
}

fn row_of(row: store::OrgRow) -> OrgRow {
    OrgRow {
        depth: row.org.depth() as i64,
        id: row.org.id.to_string(),
        parent_id: row.org.parent.map(|parent| parent.to_string()),
        code: row.org.code,
        name: row.org.name,
        kind: row.org.kind.into(),
        kind_name: row.org.kind.name().to_owned(),
        full_members: row.members.full,
        probationary_members: row.members.probationary,
        warnings: row.warnings.len() as i64,
        has_children: row.has_children,
    }
}

fn post_of(post: Post) -> OrgPost {
    OrgPost {
        id: post.id.to_string(),
        post: post.post.into(),
        post_name: post.post.name().to_owned(),
        person_id: post.person.to_string(),
        person_name: post.person_name,
        from: post.from.to_string(),
        to: shown(post.to),
    }
}

fn spell_of(spell: Spell, founded: Option<Date>) -> OrgSpell {
    OrgSpell {
        from: shown(spell.from.or(founded)).unwrap_or_default(),
        to: shown(spell.to),
        name: spell.name,
        kind: spell.kind.into(),
        parent_name: spell.parent_name,
    }
}

/// Reads everything that the page of an organisation shows.
pub(crate) async fn detail_of(app: &App, signed: &Signed, org: Org) -> Result<OrgDetail, Problem> {
    let (root, store) = (signed.root(), &app.store);
    let state = store.org_state(root, &org, app.today()).await?;
    let path = store.org_path(root, &org).await?;
    let posts = store.posts(root, org.id).await?;
    let history = store.org_history(root, org.id).await?;
    let due = org.term_from.zip(org.term_years).map(|(from, years)| next_election(from, years));
    Ok(OrgDetail {
        id: org.id.to_string(),
        parent_id: org.parent.map(|parent| parent.to_string()),
        code: org.code,
        name: org.name,
        kind: org.kind.into(),
        kind_name: org.kind.name().to_owned(),
        version: org.version,
        unit_name: org.unit_name,
        uscc: org.uscc,
        founded_on: shown(org.founded_on),
        term_years: org.term_years,
        term_from: shown(org.term_from),
        next_election: shown(due),
        status: if org.dissolved_on.is_some() { "dissolved" } else { "active" }.to_owned(),
        dissolved_on: shown(org.dissolved_on),
        path: path.into_iter().map(OrgRef::from).collect(),
        posts: posts.into_iter().map(post_of).collect(),
        warnings: state
            .warnings
            .into_iter()
            .map(|w| OrgWarning { rule: w.rule.to_owned(), message: w.message })
            .collect(),
        members: OrgMembers {
            full: state.own.full,
            probationary: state.own.probationary,
            subtree_full: state.subtree.full,
            subtree_probationary: state.subtree.probationary,
        },
        history: history.into_iter().map(|spell| spell_of(spell, org.founded_on)).collect(),
    })
}

/// An organisation in which the actor may do this.
pub(crate) async fn org_for(app: &App, signed: &Signed, action: Action, id: OrgId) -> Result<Org, Problem> {
    let org = app.store.org(signed.root(), id).await?;
    signed.may_within(action, &org.path, "党组织")?;
    Ok(org)
}

/// 组织树，按先序分页。
#[utoipa::path(get, path = "/api/orgs", tag = "orgs", params(OrgQuery), responses(
    (status = 200, body = OrgPage),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn list(
    State(app): State<App>,
    signed: Signed,
    Params(query): Params<OrgQuery>,
) -> Result<Json<OrgPage>, Problem> {
    let scope = signed.scope(Action::OrgView)?;
    let limit = query.limit.unwrap_or(PAGE).clamp(1, LARGEST_PAGE);
    let after: String = query.cursor.unwrap_or_default().chars().filter(char::is_ascii_alphanumeric).collect();
    let page = app.store.org_rows(signed.root(), &scope, &after, limit, app.today()).await?;
    Ok(Json(OrgPage { items: page.rows.into_iter().map(row_of).collect(), next: page.next }))
}

/// 一个党组织：基本情况、职务、人数、需要处理的问题、沿革。
#[utoipa::path(get, path = "/api/orgs/{id}", params(("id" = String, Path)), tag = "orgs", responses(
    (status = 200, body = OrgDetail),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn detail(
    State(app): State<App>,
    signed: Signed,
    Segment(id): Segment<OrgId>,
) -> Result<Json<OrgDetail>, Problem> {
    let org = org_for(&app, &signed, Action::OrgView, id).await?;
    Ok(Json(detail_of(&app, &signed, org).await?))
}

//! 学时: trainings outside meetings, and who has learned how long in a year (EDU-01, EDU-02).

use crate::body::{Body, Faults, Params, Segment, plain};
use crate::orgs::org_for;
use crate::signed::Signed;
use crate::{App, Problem};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use rules::access::Action;
use rules::ids::{OrgId, PersonId, TrainingId};
use rules::measure::Measure;
use rules::meeting::{Circle, TrainingKind as Known};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};
use store::{NewTraining, Training as Kept};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Trainings of a page.
const PAGE: usize = 50;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(trainings, register))
        .routes(routes!(remove))
        .routes(routes!(hours))
        .routes(routes!(own_hours))
}

/// 培训种类.
#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum TrainingKind {
    Officers,
    NewSecretary,
    NewMembers,
    Other,
}

impl From<Known> for TrainingKind {
    fn from(kind: Known) -> Self {
        match kind {
            Known::Officers => TrainingKind::Officers,
            Known::NewSecretary => TrainingKind::NewSecretary,
            Known::NewMembers => TrainingKind::NewMembers,
            Known::Other => TrainingKind::Other,
        }
    }
}

impl From<TrainingKind> for Known {
    fn from(kind: TrainingKind) -> Self {
        match kind {
            TrainingKind::Officers => Known::Officers,
            TrainingKind::NewSecretary => Known::NewSecretary,
            TrainingKind::NewMembers => Known::NewMembers,
            TrainingKind::Other => Known::Other,
        }
    }
}

/// A training.
#[derive(Serialize, ToSchema)]
struct Training {
    id: String,
    org_id: String,
    org_name: String,
    kind: TrainingKind,
    kind_name: String,
    title: String,
    from: String,
    to: String,
    tenths: i64,
    persons: i64,
}

/// A page of trainings, newest first.
#[derive(Serialize, ToSchema)]
struct TrainingPage {
    items: Vec<Training>,
    next: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct TrainingQuery {
    /// Only this organisation's and those below it.
    org: Option<String>,
    cursor: Option<String>,
}

/// A training to be registered.
#[derive(Deserialize, ToSchema)]
struct TrainingNew {
    org_id: String,
    kind: TrainingKind,
    title: String,
    from: String,
    /// The last day: the day on which it counts.
    to: String,
    /// Hours in all, in tenths of an hour.
    tenths: u32,
    /// Who took part, by person id.
    persons: Vec<String>,
}

/// Why something is taken back.
#[derive(Deserialize, ToSchema)]
pub(super) struct TakenBack {
    reason: String,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct HoursQuery {
    /// A branch or group.
    org: String,
    year: i16,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct OwnHoursQuery {
    year: i16,
}

/// A member's hours of a year.
#[derive(Serialize, ToSchema)]
struct LearnerHours {
    person_id: String,
    name: String,
    /// A secretary or committee member: more is asked (EDU-02).
    officer: bool,
    tenths: i64,
    /// How many are asked for, in tenths.
    needed: i64,
    /// Nothing is asked of him or her (MEET-11).
    excused: bool,
}

/// The hours of an organisation's members.
#[derive(Serialize, ToSchema)]
struct LearningHours {
    org_id: String,
    org_name: String,
    year: i16,
    items: Vec<LearnerHours>,
}

/// What gave hours.
#[derive(Serialize, ToSchema)]
struct LearnedOn {
    on: String,
    tenths: i64,
    /// `meeting` or `training`.
    source: String,
}

/// The own hours of a year.
#[derive(Serialize, ToSchema)]
struct OwnHours {
    year: i16,
    tenths: i64,
    /// How many are asked of a member, in tenths (EDU-01).
    needed: i64,
    items: Vec<LearnedOn>,
}

impl From<Kept> for Training {
    fn from(kept: Kept) -> Self {
        Training {
            id: kept.id.to_string(),
            org_id: kept.org.to_string(),
            org_name: kept.org_name,
            kind: kept.kind.into(),
            kind_name: kept.kind.name().to_owned(),
            title: kept.title,
            from: kept.from.to_string(),
            to: kept.to.to_string(),
            tenths: kept.tenths,
            persons: kept.persons,
        }
    }
}

fn year_is_near(faults: &mut Faults, year: i16, this: i16) {
    if !(1949..=this + 1).contains(&year) {
        faults.add("/year", "bad_year", "年份有误。请重新选择。");
    }
}

/// 登记的培训，新的在前。
#[utoipa::path(get, path = "/api/trainings", tag = "meetings", params(TrainingQuery), responses(
    (status = 200, body = TrainingPage),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn trainings(
    State(app): State<App>,
    signed: Signed,
    Params(query): Params<TrainingQuery>,
) -> Result<Json<TrainingPage>, Problem> {
    let mut scope = signed.scope(Action::WorkView)?;
    let mut faults = Faults::default();
    let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    let org: Option<OrgId> =
        given(&query.org).and_then(|id| faults.parsed("/org", "unknown_org", &id, "党组织没有选定。请从列表中选择。"));
    let before: Option<TrainingId> =
        given(&query.cursor).and_then(|id| faults.parsed("/cursor", "bad_request", &id, "翻页位置有误。请从头查看。"));
    faults.check()?;
    if let Some(org) = org {
        scope = vec![org_for(&app, &signed, Action::WorkView, org).await?.path];
    }
    let mut found = app.store.trainings(signed.root(), &scope, before, PAGE as i64 + 1).await?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let next = found.last().filter(|_| more).map(|one| one.id.to_string());
    Ok(Json(TrainingPage { items: found.into_iter().map(Training::from).collect(), next }))
}

/// 登记一次培训，为参加的人计入学时。
#[utoipa::path(post, path = "/api/trainings", tag = "meetings", request_body = TrainingNew, responses(
    (status = 200, body = Training),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn register(
    State(app): State<App>,
    signed: Signed,
    Body(new): Body<TrainingNew>,
) -> Result<Json<Training>, Problem> {
    signed.may(Action::WorkDo)?;
    let mut faults = Faults::default();
    let org: Option<OrgId> = faults.parsed("/org_id", "unknown_org", &new.org_id, "党组织没有选定。请从列表中选择。");
    let (from, to) = (faults.date("/from", "开始日期", &new.from), faults.date("/to", "结束日期", &new.to));
    let person = |id: &String| faults.parsed("/persons", "unknown_person", id, "参加的人员没有选定。请从列表中选择。");
    let persons: Vec<PersonId> = new.persons.iter().filter_map(person).collect();
    faults.check()?;
    let (Some(org), Some(from), Some(to)) = (org, from, to) else { return Err(Problem::not_found("党组织")) };
    org_for(&app, &signed, Action::WorkDo, org).await?;
    let training =
        NewTraining { org, kind: new.kind.into(), title: plain(&new.title), from, to, tenths: new.tenths, persons };
    let id = app.store.register_training(&signed.actor, &training, app.today()).await?;
    Ok(Json(app.store.training(signed.root(), id).await?.into()))
}

/// 撤销一次培训的登记，连同计入的学时。
#[utoipa::path(post, path = "/api/trainings/{id}/remove", tag = "meetings", params(("id" = String, Path)), request_body = TakenBack, responses(
    (status = 204),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn remove(
    State(app): State<App>,
    signed: Signed,
    Segment(id): Segment<TrainingId>,
    Body(body): Body<TakenBack>,
) -> Result<StatusCode, Problem> {
    signed.may(Action::WorkDo)?;
    let training = app.store.training(signed.root(), id).await?;
    signed.may_within(Action::WorkDo, &training.org_path, "培训")?;
    let mut faults = Faults::default();
    let reason = faults.reason(&body.reason);
    faults.check()?;
    app.store.remove_training(&signed.actor, id, &reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// 一个党支部或党小组的党员当年学时。
#[utoipa::path(get, path = "/api/learning", tag = "meetings", params(HoursQuery), responses(
    (status = 200, body = LearningHours),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn hours(
    State(app): State<App>,
    signed: Signed,
    Params(query): Params<HoursQuery>,
) -> Result<Json<LearningHours>, Problem> {
    signed.may(Action::WorkView)?;
    let (root, today) = (signed.root(), app.today());
    let mut faults = Faults::default();
    let org: Option<OrgId> = faults.parsed("/org", "unknown_org", &query.org, "党组织没有选定。请从列表中选择。");
    year_is_near(&mut faults, query.year, today.year());
    faults.check()?;
    let org = org_for(&app, &signed, Action::WorkView, org.unwrap_or(OrgId(0))).await?;
    let mut items = Vec::new();
    if org.kind.holds_members() {
        let measures = app.store.measures(root, today).await?;
        let [member, officer] =
            [Measure::LearningHours, Measure::OfficerHours].map(|measure| i64::from(measures.get(measure, today)) * 10);
        let officers: HashSet<PersonId> = app
            .store
            .callable(root, org.id, Circle::Committee, today)
            .await?
            .into_iter()
            .map(|one| one.called.person)
            .collect();
        let sums = app.store.learning_hours(root, std::slice::from_ref(&org.path), query.year).await?;
        let sums: HashMap<PersonId, i64> = sums.into_iter().map(|sum| (sum.person, sum.tenths)).collect();
        for one in app.store.callable(root, org.id, Circle::Members, today).await? {
            let leads = officers.contains(&one.called.person);
            items.push(LearnerHours {
                person_id: one.called.person.to_string(),
                name: one.name,
                officer: leads,
                tenths: sums.get(&one.called.person).copied().unwrap_or_default(),
                needed: if leads { officer } else { member },
                excused: one.called.excused.is_some(),
            });
        }
    }
    Ok(Json(LearningHours { org_id: org.id.to_string(), org_name: org.name, year: query.year, items }))
}

/// 本人当年的学时。
#[utoipa::path(get, path = "/api/me/learning", tag = "meetings", params(OwnHoursQuery), responses(
    (status = 200, body = OwnHours),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn own_hours(
    State(app): State<App>,
    signed: Signed,
    Params(query): Params<OwnHoursQuery>,
) -> Result<Json<OwnHours>, Problem> {
    let person = crate::check_in::own(&signed)?;
    let today = app.today();
    let mut faults = Faults::default();
    year_is_near(&mut faults, query.year, today.year());
    faults.check()?;
    let entries = app.store.learning_of(signed.root(), person, query.year).await?;
    let measures = app.store.measures(signed.root(), today).await?;
    Ok(Json(OwnHours {
        year: query.year,
        tenths: entries.iter().map(|entry| entry.tenths).sum(),
        needed: i64::from(measures.get(Measure::LearningHours, today)) * 10,
        items: entries
            .into_iter()
            .map(|entry| LearnedOn { on: entry.on.to_string(), tenths: entry.tenths, source: entry.source.0 })
            .collect(),
    }))
}

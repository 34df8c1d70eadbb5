//! 党员名单: what a list is narrowed by, one page of it, and its rows. Numbers are always masked here.

use crate::body::{Faults, Params};
use crate::dossier::{Stage, filled};
use crate::orgs::org_for;
use crate::signed::Signed;
use crate::{App, Problem};
use axum::Json;
use axum::extract::State;
use jiff::civil::Date;
use rules::access::Action;
use rules::codes::{Education, Gender, Stage as KnownStage};
use rules::date::full_years;
use rules::ids::{OrgId, PersonId};
use rules::intake::Field;
use rules::search::{Sought, TAIL, plain, read};
use rules::stats::Query;
use serde::{Deserialize, Serialize};
use store::{Person, PersonCursor, PersonFilter};
use utoipa::{IntoParams, ToSchema};

/// Persons of a page, unless asked otherwise.
const PAGE: usize = 50;
/// Most persons of a page.
const LARGEST_PAGE: usize = 200;

/// What a list is narrowed by; everything given must hold.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct MemberQuery {
    /// An organisation; its whole subtree is meant.
    org: Option<String>,
    /// A name or part of one, pinyin initials, a whole number or its last four digits.
    q: Option<String>,
    /// 人员类别, several with commas; all when left out.
    stage: Option<String>,
    /// 男 or 女.
    gender: Option<String>,
    /// 学历, several with commas.
    education: Option<String>,
    /// A condition in the vocabulary of the statistics; only members are meant then.
    r#where: Option<String>,
}

/// Which page of a list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PageQuery {
    cursor: Option<String>,
    limit: Option<usize>,
}

/// A person in a list.
#[derive(Serialize, ToSchema)]
pub(crate) struct MemberRow {
    id: String,
    name: String,
    gender: String,
    age: Option<i32>,
    ethnicity: Option<String>,
    stage: Stage,
    stage_name: String,
    org_id: String,
    org_name: String,
    education: Option<String>,
    joined_on: Option<String>,
    full_on: Option<String>,
    identity_masked: String,
    phone_masked: String,
}

/// A page of persons, in the order of organisations.
#[derive(Serialize, ToSchema)]
pub(crate) struct MemberPage {
    items: Vec<MemberRow>,
    next: Option<String>,
    total: i64,
}

/// A list that an actor may see.
pub(crate) struct Narrowed {
    /// The actor's subtrees.
    pub(crate) scope: Vec<String>,
    /// What it is narrowed by.
    pub(crate) filter: PersonFilter,
    /// The organisation it is narrowed to.
    pub(crate) org: Option<OrgId>,
}

/// 党员名单，号码已脱敏，可按组织、姓名、类别、性别、学历和统计条件筛选。
#[utoipa::path(get, path = "/api/members", tag = "members", params(MemberQuery, PageQuery), responses(
    (status = 200, body = MemberPage),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
pub(crate) async fn list_members(
    State(app): State<App>,
    signed: Signed,
    Params(query): Params<MemberQuery>,
    Params(page): Params<PageQuery>,
) -> Result<Json<MemberPage>, Problem> {
    let list = narrowed(&app, &signed, Action::MemberView, &query).await?;
    let mut faults = Faults::default();
    let cursor = page.cursor.as_deref().filter(|cursor| !cursor.is_empty());
    let after = cursor.and_then(|text| cursor_of(text, &mut faults));
    faults.check()?;
    let limit = page.limit.unwrap_or(PAGE).clamp(1, LARGEST_PAGE);
    let root = signed.root();
    let mut found = app.store.persons(root, &list.scope, &list.filter, after.as_ref(), limit as i64 + 1).await?;
    let total = app.store.count_persons(root, &list.scope, &list.filter).await?;
    let more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| more).map(|person| format!("{}-{}", person.org.path, person.id));
    let items = found.iter().map(|person| row_of(person, app.today())).collect();
    Ok(Json(MemberPage { items, next, total }))
}

fn row_of(person: &Person, today: Date) -> MemberRow {
    let record = &person.record;
    MemberRow {
        id: person.id.to_string(),
        name: record.name.to_string(),
        gender: record.gender.to_string(),
        age: record.born.map(|born| full_years(born.earliest(), today)),
        ethnicity: filled(record.value(Field::Ethnicity)),
        stage: record.standing.stage.into(),
        stage_name: record.standing.stage.name().to_owned(),
        org_id: person.org.id.to_string(),
        org_name: person.org.name.clone(),
        education: filled(record.value(Field::Education)),
        joined_on: filled(record.value(Field::JoinedOn)),
        full_on: filled(record.value(Field::FullOn)),
        identity_masked: record.masked(Field::Identity),
        phone_masked: record.masked(Field::Phone),
    }
}

fn cursor_of(text: &str, faults: &mut Faults) -> Option<PersonCursor> {
    let found = text.split_once('-').and_then(|(path, id)| {
        let path = Some(path).filter(|path| path.bytes().all(|byte| byte.is_ascii_alphanumeric()))?;
        Some(PersonCursor { path: path.to_owned(), id: id.parse::<PersonId>().ok()? })
    });
    if found.is_none() {
        faults.add("/cursor", "bad_request", "翻页位置有误。请从头查看。");
    }
    found
}

/// Reads what a list is narrowed by. An organisation outside the actor's subtrees does not exist.
pub(crate) async fn narrowed(
    app: &App,
    signed: &Signed,
    action: Action,
    query: &MemberQuery,
) -> Result<Narrowed, Problem> {
    let scope = signed.scope(action)?;
    let mut faults = Faults::default();
    let mut filter = filter_of(query, &mut faults);
    let statistics = given(&query.r#where).and_then(|text| {
        Query::parse("", text, None, None, None).map_err(|e| faults.add("/where", "bad_query", format!("{e}。"))).ok()
    });
    faults.check()?;
    let mut org = match given(&query.org) {
        Some(id) => {
            let id = id.parse::<OrgId>().map_err(|_| Problem::not_found("党组织"))?;
            Some(org_for(app, signed, action, id).await?)
        }
        None => None,
    };
    if let Some(query) = statistics {
        let meant = query.filters.iter().map(|one| (one.dimension(), one.condition(&query.bands, app.today())));
        filter.conditions = meant.collect();
        if let Some(code) = query.org {
            let found = app.store.org_by_code(signed.root(), &code).await?;
            signed.may_within(action, &found.path, "党组织")?;
            // Both are subtrees: the lower one is what both mean; none lies in two that stand apart.
            match &org {
                Some(other) if other.path.starts_with(&found.path) => {}
                Some(other) if !found.path.starts_with(&other.path) => return Err(Problem::not_found("党组织")),
                _ => org = Some(found),
            }
        }
    }
    filter.within = org.as_ref().map(|org| org.path.clone());
    Ok(Narrowed { scope, filter, org: org.map(|org| org.id) })
}

fn given(text: &Option<String>) -> Option<&str> {
    text.as_deref().map(str::trim).filter(|text| !text.is_empty())
}

fn filter_of(query: &MemberQuery, faults: &mut Faults) -> PersonFilter {
    let mut filter = PersonFilter::default();
    let mut unknown = |pointer: &str, label: &str, text: &str| {
        faults.add(pointer, "unknown_code", format!("没有「{text}」这种{label}。请从列表中选择。"));
    };
    for text in given(&query.stage).into_iter().flat_map(|list| list.split(',')) {
        match KnownStage::from_key(text).or_else(|| KnownStage::parse(text)) {
            Some(stage) => filter.stages.push(stage),
            None => unknown("/stage", "人员类别", text),
        }
    }
    if filter.stages.is_empty() && given(&query.r#where).is_none() {
        filter.stages = KnownStage::ALL.to_vec();
    }
    for text in given(&query.education).into_iter().flat_map(|list| list.split(',')) {
        match Education::parse(text) {
            Some(education) => filter.education.push(education),
            None => unknown("/education", "学历", text),
        }
    }
    if let Some(text) = given(&query.gender) {
        filter.gender = Gender::parse(text);
        if filter.gender.is_none() {
            unknown("/gender", "性别", text);
        }
    }
    match read(&plain(query.q.as_deref().unwrap_or_default())) {
        Sought::Identity(number) => filter.identity = Some(number.expose().to_owned()),
        Sought::Phone(number) => filter.phone = Some(number.expose().to_owned()),
        Sought::Tail(digits) => filter.tail = Some(digits[digits.len() - TAIL..].to_owned()),
        Sought::Letters(text) | Sought::Name(text) => filter.name = Some(text),
        Sought::Nothing => {
            if let Some(text) = given(&query.q) {
                filter.name = Some(text.to_owned());
            }
        }
    }
    filter
}

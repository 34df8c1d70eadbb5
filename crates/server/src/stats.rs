//! /api/stats: tables, trends, plain questions, spreadsheets and saved queries. It answers with counts, never with persons.

mod answer;
mod small;

use crate::App;
use crate::body::{Body, Faults, Params, Segment};
use crate::download::FileBytes;
use crate::problem::Problem;
use crate::signed::Signed;
use answer::{
    SavedQueries, SavedQueryAnswer, StatsAnswer, StatsQuery, StatsTable, StatsTrend, StatsVocabulary, Table,
    spreadsheet, vocabulary,
};
use axum::Json;
use axum::http::{HeaderName, StatusCode, header};
use axum::response::IntoResponse;
use jiff::civil::Date;
use rules::access::{Action, sees_small_counts};
use rules::ids::SavedQueryId;
use rules::stats::{Bands, Counts, FEW, Query, ask};
use serde::Deserialize;
use small::Shown;
use std::time::Instant;
use store::{Org, StoreError};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(table))
        .routes(routes!(export))
        .routes(routes!(words))
        .routes(routes!(trend))
        .routes(routes!(question))
        .routes(routes!(saved, save))
        .routes(routes!(forget))
}

/// The first year of a trend: that of the Party's founding.
const FIRST_YEAR: i64 = 1921;
/// Years of one trend.
const LONGEST_TREND: i64 = 40;
/// Organisations offered to the grammar of questions.
const NAMED_ORGS: i64 = 50_000;
/// Longest name of a saved query, in characters.
const LONGEST_NAME: usize = 50;

type Timing = [(HeaderName, String); 1];
type Timed<T> = (Timing, T);

/// How long the census has taken, in milliseconds, for the browser's tools.
fn timing(since: Instant) -> Timing {
    let took = since.elapsed().as_secs_f64() * 1000.0;
    [(HeaderName::from_static("server-timing"), format!("census;dur={took:.3}"))]
}

/// A query with the subtrees it is about.
struct Asked {
    query: Query,
    tops: Vec<String>,
    org: Option<Org>,
    as_of: Date,
    /// Whether small counts are not shown: because the actor asks for a table to give away, or must not see them.
    hides_small: bool,
}

impl Asked {
    async fn of(app: &App, signed: &Signed, given: &StatsQuery) -> Result<Self, Problem> {
        let scope = signed.scope(Action::Stats)?;
        let today = app.today();
        let query = read(given, today)?;
        let org = match &query.org {
            Some(code) => Some(org_of(app, signed, code).await?),
            None => None,
        };
        let tops = org.as_ref().map_or(scope, |org| vec![org.path.clone()]);
        let sees_all = tops.iter().all(|top| sees_small_counts(&signed.actor, top));
        let hides_small = given.small.is_some() || !sees_all;
        Ok(Asked { as_of: query.as_of.unwrap_or(today), tops, org, query, hides_small })
    }

    async fn count(&self, app: &App, signed: &Signed) -> Result<Counts, Problem> {
        Ok(app.censuses.count(signed.root(), &self.tops, &self.query, self.as_of, app.today()).await?)
    }

    /// A table as the actor is shown it.
    fn table(&self, counts: Counts) -> Result<Table, Problem> {
        let shown = if self.hides_small { Shown::without_small(&self.query, &counts)? } else { Shown::whole(&counts) };
        Ok(Table { shown, orgs: counts.orgs, few: self.hides_small.then_some(FEW) })
    }
}

async fn org_of(app: &App, signed: &Signed, code: &str) -> Result<Org, Problem> {
    let what = format!("编码为「{code}」的党组织");
    let org = app.store.org_by_code(signed.root(), code).await.map_err(|e| match e {
        StoreError::NotFound(_) => Problem::not_found(&what),
        other => other.into(),
    })?;
    signed.may_within(Action::Stats, &org.path, &what)?;
    Ok(org)
}

/// Reads a query, with the rules' own words for what is wrong in it.
fn read(given: &StatsQuery, today: Date) -> Result<Query, Problem> {
    let mut faults = Faults::default();
    let as_of = faults.date_opt("/as_of", "统计日期", given.as_of.as_deref());
    if let Some(day) = as_of.filter(|day| *day > today) {
        faults.add("/as_of", "bad_date", format!("统计日期 {day} 晚于今天。请改为今天或以前的日期。"));
    }
    let bands = given.bands.as_deref().unwrap_or_default();
    let known = Bands::parse(bands).map(|_| bands);
    let parts = [
        ("/by", Query::parse(&given.by, "", None, None, None).err()),
        ("/bands", known.as_ref().err().cloned()),
        ("/where", Query::parse("", &given.conditions, given.org.as_deref(), None, known.ok()).err()),
    ];
    for (pointer, error) in parts.iter().filter_map(|(pointer, error)| Some((pointer, error.as_ref()?))) {
        faults.add(pointer, "bad_query", error.to_string());
    }
    if given.small.as_ref().is_some_and(|small| small != "hide") {
        faults.add("/small", "bad_value", "small 只能不填，或填 hide。");
    }
    faults.check()?;
    let query = Query::parse(&given.by, &given.conditions, given.org.as_deref(), as_of, Some(bands));
    query.map_err(|e| Problem::refused("bad_query", e.to_string()))
}

/// 统计表：按维度统计党员人数。
#[utoipa::path(get, path = "/api/stats", tag = "stats", params(StatsQuery),
    responses((status = 200, body = StatsTable), (status = "default", body = Problem, content_type = "application/problem+json")))]
async fn table(
    app: axum::extract::State<App>,
    signed: Signed,
    Params(given): Params<StatsQuery>,
) -> Result<Timed<Json<StatsTable>>, Problem> {
    let asked = Asked::of(&app, &signed, &given).await?;
    let since = Instant::now();
    let counts = asked.count(&app, &signed).await?;
    let timing = timing(since);
    let table = asked.table(counts)?;
    Ok((timing, Json(StatsTable::of(&asked.query, asked.org.as_ref(), asked.as_of, table))))
}

/// 统计表导出为电子表格。
#[utoipa::path(get, path = "/api/stats/export", tag = "stats", params(StatsQuery),
    responses((status = 200, body = FileBytes, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", description = "file"),
        (status = "default", body = Problem, content_type = "application/problem+json")))]
async fn export(
    app: axum::extract::State<App>,
    signed: Signed,
    Params(given): Params<StatsQuery>,
) -> Result<impl IntoResponse, Problem> {
    let asked = Asked::of(&app, &signed, &given).await?;
    let table = asked.table(asked.count(&app, &signed).await?)?;
    let bytes = spreadsheet(&asked.query, asked.org.as_ref(), asked.as_of, &table)
        .map_err(|e| Problem::refused("bad_file", e.to_string()))?;
    // 统计, percent-encoded as RFC 8187 has it.
    let name = format!("attachment; filename*=UTF-8''%E7%BB%9F%E8%AE%A1-{}.xlsx", asked.as_of);
    let media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet".to_owned();
    Ok(([(header::CONTENT_TYPE, media_type), (header::CONTENT_DISPOSITION, name)], bytes))
}

/// 统计维度及其取值。
#[utoipa::path(get, path = "/api/stats/vocabulary", tag = "stats",
    responses((status = 200, body = StatsVocabulary), (status = "default", body = Problem, content_type = "application/problem+json")))]
async fn words(signed: Signed) -> Result<Json<StatsVocabulary>, Problem> {
    signed.may(Action::Stats)?;
    Ok(Json(vocabulary()))
}

/// What a trend is of.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct TrendParams {
    /// 维度，逗号隔开。
    #[serde(default)]
    by: String,
    /// 条件，如 gender=女;education=大学本科|硕士研究生。
    #[serde(default, rename = "where")]
    conditions: String,
    /// 组织编码。
    org: Option<String>,
    /// 分段。
    bands: Option<String>,
    /// 起始年份。
    from_year: i64,
    /// 截止年份。
    to_year: i64,
    /// 填 hide：少于 5 人的数字以及能推算出它们的数字不显示。
    small: Option<String>,
}

/// 历年趋势：每年年末（当年为今天）的党员人数。
#[utoipa::path(get, path = "/api/stats/trend", tag = "stats", params(TrendParams),
    responses((status = 200, body = StatsTrend), (status = "default", body = Problem, content_type = "application/problem+json")))]
async fn trend(
    app: axum::extract::State<App>,
    signed: Signed,
    Params(given): Params<TrendParams>,
) -> Result<Timed<Json<StatsTrend>>, Problem> {
    let (from, to) = (given.from_year, given.to_year);
    let today = app.today();
    let query = StatsQuery {
        by: given.by,
        conditions: given.conditions,
        org: given.org,
        as_of: None,
        bands: given.bands,
        small: given.small,
    };
    let asked = Asked::of(&app, &signed, &query).await?;
    let mut faults = Faults::default();
    let this_year = i64::from(today.year());
    if from > to || from < FIRST_YEAR || to > this_year {
        let message =
            format!("年份 {from}–{to} 不合适。请从 {FIRST_YEAR} 至 {this_year} 年中选择，起始年份不晚于截止年份。");
        faults.add("/from_year", "bad_date", message);
    } else if to - from >= LONGEST_TREND {
        faults.add("/from_year", "bad_date", format!("一次最多统计 {LONGEST_TREND} 年。请缩短年份范围。"));
    }
    faults.check()?;
    let since = Instant::now();
    let years = (from as i16, to as i16);
    let series = app.censuses.trend(signed.root(), &asked.tops, &asked.query, years, today).await?;
    let timing = timing(since);
    let tables = series.into_iter().map(|(year, counts)| Ok((year, asked.table(counts)?)));
    let tables = tables.collect::<Result<_, Problem>>()?;
    Ok((timing, Json(StatsTrend::of(&asked.query, from, to, tables))))
}

/// A question in plain words.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct QuestionParams {
    /// 问题，如「35岁以下女党员按学历」。
    q: String,
}

/// 把一句话变成统计条件；听不懂的词原样交回。
#[utoipa::path(get, path = "/api/stats/ask", tag = "stats", params(QuestionParams),
    responses((status = 200, body = StatsAnswer), (status = "default", body = Problem, content_type = "application/problem+json")))]
async fn question(
    app: axum::extract::State<App>,
    signed: Signed,
    Params(given): Params<QuestionParams>,
) -> Result<Json<StatsAnswer>, Problem> {
    let scope = signed.scope(Action::Stats)?;
    let orgs = app.store.orgs(signed.root(), &scope, "", NAMED_ORGS).await?;
    let orgs: Vec<(String, String)> = orgs.into_iter().map(|org| (org.code, org.name)).collect();
    Ok(Json(ask(&given.q, app.today(), &orgs).into()))
}

/// 本人保存的查询。
#[utoipa::path(get, path = "/api/stats/saved", tag = "stats",
    responses((status = 200, body = SavedQueries), (status = "default", body = Problem, content_type = "application/problem+json")))]
async fn saved(app: axum::extract::State<App>, signed: Signed) -> Result<Json<SavedQueries>, Problem> {
    signed.may(Action::Stats)?;
    let kept = app.store.saved_queries(signed.root(), signed.actor.account).await?;
    Ok(Json(SavedQueries { items: kept.iter().filter_map(SavedQueryAnswer::of).collect() }))
}

/// A query to keep.
#[derive(Deserialize, ToSchema)]
struct SaveQuery {
    /// 名称。
    name: String,
    /// 统计条件。
    query: StatsQuery,
}

/// 保存查询。
#[utoipa::path(post, path = "/api/stats/saved", tag = "stats", request_body = SaveQuery,
    responses((status = 200, body = SavedQueryAnswer), (status = "default", body = Problem, content_type = "application/problem+json")))]
async fn save(
    app: axum::extract::State<App>,
    signed: Signed,
    Body(given): Body<SaveQuery>,
) -> Result<Json<SavedQueryAnswer>, Problem> {
    let asked = Asked::of(&app, &signed, &given.query).await?;
    let mut faults = Faults::default();
    let name = faults.text("/name", "名称", &given.name);
    if name.chars().count() > LONGEST_NAME {
        faults.add("/name", "too_long", format!("名称超过 {LONGEST_NAME} 个字。请缩短。"));
    }
    faults.check()?;
    let kept = app.store.save_query(&signed.actor, &name, &asked.query.to_query_string()).await?;
    Ok(Json(SavedQueryAnswer { id: kept.id.to_string(), name: kept.name, query: asked.query.into() }))
}

/// 删除本人保存的查询。
#[utoipa::path(delete, path = "/api/stats/saved/{id}", tag = "stats", params(("id" = String, Path)),
    responses((status = 204), (status = "default", body = Problem, content_type = "application/problem+json")))]
async fn forget(
    app: axum::extract::State<App>,
    signed: Signed,
    Segment(id): Segment<SavedQueryId>,
) -> Result<StatusCode, Problem> {
    signed.may(Action::Stats)?;
    app.store.delete_saved_query(&signed.actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

//! What /api/stats takes and gives, and its spreadsheet.

use super::small::Shown;
use jiff::civil::Date;
use roster::{BadFile, Cell, Sheet};
use rules::stats::{Asked, Bands, CountedOrg, Dimension, Query, UNKNOWN};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::{Org, SavedQuery};
use utoipa::{IntoParams, ToSchema};

/// 统计条件。
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct StatsQuery {
    /// 维度，逗号隔开；不填只求总数。
    #[serde(default)]
    pub(super) by: String,
    /// 条件，如 gender=女;education=大学本科|硕士研究生。
    #[serde(default, rename = "where")]
    pub(super) conditions: String,
    /// 组织编码；不填为本人可见的全部。
    pub(super) org: Option<String>,
    /// 统计日期；不填为今天。
    pub(super) as_of: Option<String>,
    /// 年龄段、党龄段的上限，如 18,25,35,60;party_age_band:4,9,19。
    pub(super) bands: Option<String>,
    /// 填 hide：少于 5 人的数字以及能推算出它们的数字不显示，表格可对外提供。保存的查询不含此项。
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) small: Option<String>,
}

impl From<Query> for StatsQuery {
    fn from(query: Query) -> Self {
        StatsQuery {
            by: query.by_text(),
            conditions: query.where_text(),
            as_of: query.as_of.map(|day| day.to_string()),
            bands: Some(query.bands.to_text()).filter(|bands| !bands.is_empty()),
            org: query.org,
            small: None,
        }
    }
}

/// 表中的一格：取值的名称，或人数、年份；不显示的人数为空。
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(untagged)]
pub(super) enum StatsCell {
    Text(String),
    Number(Option<i64>),
}

/// 每个维度一个键，人数的键是 count；人数不显示时 count 为空，另有键 shown，为代替它的文字（<5 或 不显示）。
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(transparent)]
pub(super) struct StatsRow(BTreeMap<String, StatsCell>);

/// 一个党组织。
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct StatsOrg {
    id: String,
    code: String,
    name: String,
}

/// A table with the organisations of its rows, and the number below which counts are not shown, if any is kept back.
pub(super) struct Table {
    pub(super) shown: Shown,
    pub(super) orgs: Vec<CountedOrg>,
    pub(super) few: Option<u64>,
}

/// 统计表。
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct StatsTable {
    by: Vec<String>,
    rows: Vec<StatsRow>,
    /// 合计；不显示时为空。
    total: Option<i64>,
    /// 合计不显示时代替它的文字。
    total_shown: Option<String>,
    /// 少于多少人的数字不显示；没有隐去数字时为空。
    few: Option<u64>,
    as_of: String,
    org: Option<StatsOrg>,
    /// 按党组织统计时，各行的党组织，用于逐级下钻；名称与行中的一致。
    orgs: Vec<StatsOrg>,
}

fn rows(query: &Query, shown: Shown, year: Option<i16>) -> Vec<StatsRow> {
    let row = |(values, figure): (Vec<String>, super::small::Figure)| {
        let keys = query.by.iter().map(|dimension| dimension.key().to_owned());
        let mut cells: BTreeMap<_, _> = keys.zip(values.into_iter().map(StatsCell::Text)).collect();
        cells.extend(year.map(|year| ("year".to_owned(), StatsCell::Number(Some(year.into())))));
        cells.insert("count".to_owned(), StatsCell::Number(figure.count()));
        cells.extend(figure.text().map(|text| ("shown".to_owned(), StatsCell::Text(text))));
        StatsRow(cells)
    };
    shown.rows.into_iter().map(row).collect()
}

fn keys(query: &Query) -> Vec<String> {
    query.by.iter().map(|dimension| dimension.key().to_owned()).collect()
}

impl StatsTable {
    pub(super) fn of(query: &Query, org: Option<&Org>, as_of: Date, table: Table) -> Self {
        let Table { shown, orgs, few } = table;
        let orgs = orgs.iter();
        let orgs = orgs.map(|org| StatsOrg { id: org.id.to_string(), code: org.code.clone(), name: org.name.clone() });
        StatsTable {
            by: keys(query),
            total: shown.total.count(),
            total_shown: shown.total.text(),
            few,
            rows: rows(query, shown, None),
            as_of: as_of.to_string(),
            org: org.map(|org| StatsOrg { id: org.id.to_string(), code: org.code.clone(), name: org.name.clone() }),
            orgs: orgs.collect(),
        }
    }
}

/// 历年趋势；年份的键是 year。
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct StatsTrend {
    by: Vec<String>,
    rows: Vec<StatsRow>,
    from_year: i64,
    to_year: i64,
    /// 少于多少人的数字不显示；没有隐去数字时为空。
    few: Option<u64>,
}

impl StatsTrend {
    pub(super) fn of(query: &Query, from_year: i64, to_year: i64, series: Vec<(i16, Table)>) -> Self {
        let few = series.iter().find_map(|(_, table)| table.few);
        let rows = series.into_iter().flat_map(|(year, table)| rows(query, table.shown, Some(year))).collect();
        StatsTrend { by: keys(query), rows, from_year, to_year, few }
    }
}

/// 一个维度。
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct StatsDimension {
    key: String,
    label: String,
    values: Vec<String>,
}

/// 全部维度。
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct StatsVocabulary {
    dimensions: Vec<StatsDimension>,
}

/// The dimensions with their values, 未填 last where a field may be empty.
pub(super) fn vocabulary() -> StatsVocabulary {
    let dimension = |dimension: Dimension| {
        let mut values = dimension.values(&Bands::default());
        values.extend(dimension.may_be_unknown().then(|| UNKNOWN.to_owned()));
        StatsDimension { key: dimension.key().to_owned(), label: dimension.label().to_owned(), values }
    };
    StatsVocabulary { dimensions: Dimension::ALL.into_iter().map(dimension).collect() }
}

/// 一个词被理解成什么。
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct Understood {
    text: String,
    meaning: String,
}

/// 年份范围。
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct StatsYears {
    from_year: i64,
    to_year: i64,
}

/// 一句话被理解成的统计条件。
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct StatsAnswer {
    query: StatsQuery,
    trend: Option<StatsYears>,
    share: bool,
    understood: Vec<Understood>,
    not_understood: Vec<String>,
}

impl From<Asked> for StatsAnswer {
    fn from(asked: Asked) -> Self {
        let years = |(from, to): (i32, i32)| StatsYears { from_year: from.into(), to_year: to.into() };
        StatsAnswer {
            query: asked.query.into(),
            trend: asked.trend.map(years),
            share: asked.share,
            understood: asked.understood.into_iter().map(|(text, meaning)| Understood { text, meaning }).collect(),
            not_understood: asked.not_understood,
        }
    }
}

/// 保存的查询。
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = SavedQuery)]
pub(super) struct SavedQueryAnswer {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) query: StatsQuery,
}

impl SavedQueryAnswer {
    /// `None` for one that this version of the vocabulary can no longer read.
    pub(super) fn of(kept: &SavedQuery) -> Option<Self> {
        let query = Query::from_query_string(&kept.query).ok()?;
        Some(SavedQueryAnswer { id: kept.id.to_string(), name: kept.name.clone(), query: query.into() })
    }
}

/// 本人保存的查询。
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct SavedQueries {
    pub(super) items: Vec<SavedQueryAnswer>,
}

/// The table as a spreadsheet: a line that names the question, the place, the day and the total, then the rows.
pub(super) fn spreadsheet(query: &Query, org: Option<&Org>, as_of: Date, table: &Table) -> Result<Vec<u8>, BadFile> {
    let place = org.map(|org| format!("{}，", org.name)).unwrap_or_default();
    let total =
        table.shown.total.text().or(table.shown.total.count().map(|count| count.to_string())).unwrap_or_default();
    let few = table.few.map(|few| format!("，少于 {few} 人的数字及可推算出它们的数字不显示")).unwrap_or_default();
    let title = format!("{place}{}，统计日期 {as_of}，合计 {total} 人{few}", query.describe());
    let labels = query.by.iter().map(|dimension| dimension.label());
    let headings: Vec<String> = labels.chain(["人数"]).map(str::to_owned).collect();
    let mut sheet = Sheet::titled("统计", &title, &headings)?;
    for (values, figure) in &table.shown.rows {
        let count = figure.text().map_or_else(|| Cell::Number(figure.count().unwrap_or_default() as f64), Cell::from);
        let cells: Vec<Cell> = values.iter().map(|value| Cell::from(value.as_str())).chain([count]).collect();
        sheet.row(&cells)?;
    }
    sheet.finish()
}

//! `dangjian stats`: a table of the statistics on the terminal, as JSON or as CSV. Counts only, never persons.

mod output;

use crate::Failure;
use crate::demo::demo_day;
use crate::place::{PlaceArgs, sole_root};
use clap::{Args, ValueEnum};
use jiff::civil::Date;
use output::Answer;
use rules::ids::RootOrg;
use rules::stats::{Counts, Query, QueryError, ask};
use server::Censuses;
use std::io::Write as _;
use std::process::ExitCode;
use std::sync::Arc;
use store::{Store, StoreError};

/// What to count.
#[derive(Debug, Args)]
pub(crate) struct StatsArgs {
    /// 统计维度，逗号隔开，如 education,age_band；不填只求总数
    #[arg(long, value_name = "DIMENSIONS", default_value = "")]
    by: String,
    /// 条件，如 gender=女；几个条件用分号隔开，或多次给出
    #[arg(long = "where", value_name = "CONDITION")]
    conditions: Vec<String>,
    /// 党组织编码：只统计它及其下级
    #[arg(long, value_name = "CODE")]
    org: Option<String>,
    /// 统计日期，如 2024-12-31；不填为今天（按指定日期生成的演示数据，为该日期）
    #[arg(long, value_name = "DATE")]
    as_of: Option<String>,
    /// 年龄段的上限，如 18,25,35,60；党龄段写成 party_age_band:4,9,19
    #[arg(long, value_name = "BOUNDS")]
    bands: Option<String>,
    /// 用一句话提问，如「35岁以下女党员按学历」
    #[arg(long, value_name = "TEXT", conflicts_with_all = ["by", "conditions", "org"])]
    question: Option<String>,
    /// 输出格式
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    #[command(flatten)]
    place: PlaceArgs,
}

/// How the answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// 对齐的表格
    Table,
    /// JSON
    Json,
    /// 逗号分隔的文本
    Csv,
}

/// Organisations offered to the grammar of questions.
const NAMED_ORGS: i64 = 50_000;
/// The first year that a trend may begin with: that of the Party's founding.
const FIRST_YEAR: i32 = 1921;

/// Runs `dangjian stats`.
pub(crate) async fn run(args: &StatsArgs) -> Result<ExitCode, Failure> {
    let today = demo_day(&args.place.data);
    let as_of = args.as_of.as_deref().map(|text| read_day(text, today)).transpose()?;
    let given = match args.question {
        Some(_) => Query::default(),
        None => {
            let conditions = args.conditions.join(";");
            Query::parse(&args.by, &conditions, args.org.as_deref(), as_of, args.bands.as_deref())
                .map_err(|e| e.to_string())?
        }
    };
    let store = Arc::new(args.place.open().await?);
    let root = sole_root(&store).await?;
    let asked = match &args.question {
        Some(text) => asked(&store, root, text, today).await?,
        None => Question { query: given, trend: None, share: false },
    };
    let answer = answer(&store, root, asked, as_of, today).await?;
    let text = match args.format {
        Format::Table => answer.table().into_bytes(),
        Format::Json => answer.json().into_bytes(),
        Format::Csv => answer.csv().map_err(|e| e.to_string())?,
    };
    std::io::stdout().write_all(&text).map_err(|e| format!("结果无法输出（{e}）"))?;
    Ok(ExitCode::SUCCESS)
}

fn read_day(text: &str, today: Date) -> Result<Date, Failure> {
    let day: Date = text.parse().map_err(|_| QueryError::BadDate(text.to_owned()).to_string())?;
    if day > today {
        Err(format!("统计日期 {day} 晚于 {today}，请改为当日或以前的日期"))
    } else {
        Ok(day)
    }
}

/// A query, and what else a plain question may ask.
struct Question {
    query: Query,
    trend: Option<(i32, i32)>,
    share: bool,
}

async fn asked(store: &Store, root: RootOrg, text: &str, today: Date) -> Result<Question, Failure> {
    let top = top(store, root).await?;
    let orgs = store.orgs(root, &top, "", NAMED_ORGS).await.map_err(|e| e.to_string())?;
    let orgs: Vec<(String, String)> = orgs.into_iter().map(|org| (org.code, org.name)).collect();
    let asked = ask(text, today, &orgs);
    if !asked.not_understood.is_empty() {
        return Err(format!(
            "没有听懂「{}」，请换一种说法，或用 --by、--where 写明",
            asked.not_understood.join("」「")
        ));
    }
    Ok(Question { query: asked.query, trend: asked.trend, share: asked.share })
}

async fn answer(
    store: &Arc<Store>,
    root: RootOrg,
    Question { query, trend, share }: Question,
    as_of: Option<Date>,
    today: Date,
) -> Result<Answer, Failure> {
    let as_of = as_of.or(query.as_of).unwrap_or(today);
    let (place, tops) = match &query.org {
        Some(code) => match store.org_by_code(root, code).await {
            Ok(org) => (Some(org.name), vec![org.path]),
            Err(StoreError::NotFound(_)) => return Err(format!("没有编码为「{code}」的党组织，请核对组织编码")),
            Err(e) => return Err(e.to_string()),
        },
        None => (None, top(store, root).await?),
    };
    let censuses = Censuses::new(Arc::clone(store));
    let count = async |query: &Query| censuses.count(root, &tops, query, as_of, today).await.map_err(|e| e.to_string());
    if let Some((from, to)) = trend {
        let years = (from.max(FIRST_YEAR) as i16, to.min(i32::from(today.year())) as i16);
        let series = censuses.trend(root, &tops, &query, years, today).await.map_err(|e| e.to_string())?;
        let series: Vec<(Option<i16>, Counts)> =
            series.into_iter().map(|(year, counts)| (Some(year), counts)).collect();
        return Ok(Answer { query, place, as_of: today, series, share_of: None });
    }
    let share_of = if share {
        let all = Query { filters: Vec::new(), by: Vec::new(), ..query.clone() };
        Some(count(&all).await?.total)
    } else {
        None
    };
    Ok(Answer { series: vec![(None, count(&query).await?)], query, place, as_of, share_of })
}

async fn top(store: &Store, root: RootOrg) -> Result<Vec<String>, Failure> {
    let top = store.top_org(root).await.map_err(|e| e.to_string())?;
    top.map(|org| vec![org.path]).ok_or_else(|| "还没有党组织，请先导入或新建".to_owned())
}

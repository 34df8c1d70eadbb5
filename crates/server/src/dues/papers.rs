//! A month on paper: the register with amounts for the branch's own files, the report without them for handing up and posting.

use super::{DuesFaults, own_branch};
use crate::body::{Faults, Params};
use crate::download::{FileBytes, spreadsheet};
use crate::signed::Signed;
use crate::{App, Problem};
use axum::extract::State;
use axum::response::Response;
use papers::{Block, Document, Layout};
use roster::{BadFile, Cell, Sheet};
use rules::access::Action;
use rules::date::long;
use rules::dues::{Fen, LineState, Month};
use rules::ids::PersonId;
use serde::Deserialize;
use store::{DuesLine, DuesStatement, Org};
use utoipa::IntoParams;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct PaperQuery {
    org_id: String,
    month: String,
    /// `docx` or `pdf`, for the report.
    format: Option<String>,
}

struct Kept {
    org: Org,
    month: Month,
    statement: DuesStatement,
    lines: Vec<DuesLine>,
}

async fn kept(app: &App, signed: &Signed, query: &PaperQuery) -> Result<Kept, Problem> {
    signed.may(Action::WorkDo)?;
    let mut faults = Faults::default();
    let (org, month) = (faults.branch(&query.org_id), faults.month("/month", "月份", &query.month));
    faults.check()?;
    let (Some(org), Some(month)) = (org, month) else { return Err(Problem::not_found("党组织")) };
    let org = own_branch(app, signed, org).await?;
    let statement = app.store.dues_statement(signed.root(), org.id, month).await?;
    let statement = statement.ok_or_else(|| Problem::not_found("这个月的应交清单"))?;
    let lines = app.store.dues_lines(signed.root(), statement.id).await?;
    Ok(Kept { org, month, statement, lines })
}

/// 党费台账（xlsx）：每人的基数、应交、实交；导出会留痕。
#[utoipa::path(get, path = "/api/dues/export", tag = "dues", params(PaperQuery), responses(
    (status = 200, body = FileBytes, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", description = "file"),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
pub(super) async fn export(
    State(app): State<App>,
    signed: Signed,
    Params(query): Params<PaperQuery>,
) -> Result<Response, Problem> {
    let Kept { org, month, lines, .. } = kept(&app, &signed, &query).await?;
    let persons: Vec<PersonId> = lines.iter().map(|line| line.person).collect();
    let bytes = sheet_of(&org, month, &lines).map_err(|e| Problem::refused("bad_file", e.to_string()))?;
    app.store.note_export(&signed.actor, Some(org.id), &persons, "导出党费台账").await?;
    Ok(spreadsheet(&format!("党费台账 {} {month}", org.name), bytes))
}

const HEADINGS: [&str; 12] = [
    "序号",
    "姓名",
    "交费类别",
    "基数（元）",
    "比例",
    "应交（元）",
    "实交（元）",
    "自愿多交（元）",
    "交纳日期",
    "交纳方式",
    "收据编号",
    "情况",
];

fn sheet_of(org: &Org, month: Month, lines: &[DuesLine]) -> Result<Vec<u8>, BadFile> {
    let title = format!("{} {} 党费收缴台账", org.name, month.words());
    let mut sheet = Sheet::titled("党费台账", &title, &HEADINGS.map(str::to_owned))?;
    for (seq, line) in (1..).zip(lines) {
        sheet.row(&row_of(seq, line))?;
    }
    sheet.finish()
}

fn row_of(seq: u32, line: &DuesLine) -> Vec<Cell> {
    let yuan = |fen: Fen| Cell::Number(fen.0 as f64 / 100.0);
    let amount = |fen: Option<Fen>| fen.map_or(Cell::Empty, yuan);
    let basis = line.reckoning.map(|reckoning| reckoning.basis);
    let rate = line.reckoning.and_then(|reckoning| reckoning.per_myriad);
    let payment = line.payment.as_ref();
    vec![
        Cell::Number(f64::from(seq)),
        line.person_name.as_str().into(),
        basis.map_or("", |basis| basis.payer().name()).into(),
        amount(basis.and_then(|basis| basis.base())),
        rate.map_or(String::new(), |rate| format!("{}%", rate as f64 / 100.0)).into(),
        amount(line.due),
        amount(payment.map(|payment| payment.amount)),
        amount(payment.map(|payment| payment.voluntary).filter(|more| *more > Fen::ZERO)),
        payment.map_or(String::new(), |payment| payment.on.to_string()).into(),
        payment.map_or("", |payment| payment.way.name()).into(),
        payment.and_then(|payment| payment.receipt.as_deref()).unwrap_or_default().into(),
        line.state.name().into(),
    ]
}

/// 党费收缴情况（DOCX、PDF）：汇总和每人是否交纳，不含个人金额，可以公布。
#[utoipa::path(get, path = "/api/dues/report", tag = "dues", params(PaperQuery), responses(
    (status = 200, body = FileBytes, content_type = "*/*", description = "file"),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
pub(super) async fn report(
    State(app): State<App>,
    signed: Signed,
    Params(query): Params<PaperQuery>,
) -> Result<Response, Problem> {
    let kept = kept(&app, &signed, &query).await?;
    crate::documents::answer(report_of(&kept, &app), query.format.as_deref()).await
}

fn report_of(kept: &Kept, app: &App) -> Document {
    let Kept { org, month, statement, lines } = kept;
    let money = |fen: Fen| format!("¥{fen}");
    let facts = [
        ("党支部", org.name.clone()),
        ("月份", month.words()),
        ("应交党费的党员", format!("{} 人", statement.people)),
        ("尚未交纳", format!("{} 人", statement.open)),
        ("应交", money(statement.due)),
        ("实交", money(statement.paid)),
        ("自愿多交", money(statement.voluntary)),
        (
            "已上缴",
            statement
                .handed_on
                .map_or_else(|| "未上缴".to_owned(), |on| format!("{}（{}）", money(statement.handed), long(on))),
        ),
    ];
    let rows = lines.iter().enumerate().map(|(at, line)| {
        let on = line.payment.as_ref().map_or(String::new(), |payment| long(payment.on));
        let state = match line.state {
            LineState::NoBase | LineState::Open => "未交",
            LineState::Paid | LineState::Exempt => line.state.name(),
        };
        vec![(at + 1).to_string(), line.person_name.clone(), state.to_owned(), on]
    });
    Document {
        layout: Layout::Record,
        title: format!("{}党费收缴情况（{}）", org.name, month.words()),
        blocks: vec![
            Block::Facts(facts.map(|(name, value)| (name.to_owned(), value)).to_vec()),
            Block::Table {
                head: ["序号", "姓名", "情况", "交纳日期"].map(str::to_owned).to_vec(),
                rows: rows.collect(),
                widths: vec![2, 4, 3, 5],
            },
            Block::Sign { by: org.name.clone(), on: Some(app.today()) },
        ],
    }
}

//! 导出名册: the filtered list as a spreadsheet, masked, with each row's 人员编号, so that it can be imported again and changes
//! nothing. It never holds a number in full, and every export is noted for everybody in it.

use crate::body::Params;
use crate::download::{FileBytes, spreadsheet};
use crate::members_list::{MemberQuery, narrowed};
use crate::signed::Signed;
use crate::{App, Problem};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use roster::{BadFile, Cell, Sheet};
use rules::access::Action;
use rules::intake::Field;
use store::Person;
use tokio::task::spawn_blocking;

/// Persons read at a time.
const BATCH: i64 = 500;
/// Rows that a spreadsheet takes, without its headings.
const MOST_ROWS: i64 = 1_048_575;

/// A spreadsheet that could not be made.
pub(crate) fn unwritten(e: &BadFile) -> Problem {
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "not_written", "暂时无法办理", format!("{e}。请稍后重试。"))
}

fn row(seq: usize, person: &Person) -> Vec<Cell> {
    let cell = |field: &Field| match field {
        Field::Seq => Cell::Number(seq as f64),
        Field::Reference => person.id.to_string().into(),
        Field::Org => person.org.name.clone().into(),
        Field::OrgCode => person.org.code.clone().into(),
        other => person.record.masked(*other).into(),
    };
    Field::ALL.iter().map(cell).collect()
}

/// 导出筛选后的名册（xlsx，号码和住址已脱敏）；改后可再导入，脱敏的内容视为不变。
#[utoipa::path(get, path = "/api/members/export", tag = "members", params(MemberQuery), responses(
    (status = 200, body = FileBytes, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", description = "file"),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
pub(crate) async fn export_members(
    State(app): State<App>,
    signed: Signed,
    Params(query): Params<MemberQuery>,
) -> Result<Response, Problem> {
    let list = narrowed(&app, &signed, Action::MemberExport, &query).await?;
    let root = signed.root();
    if app.store.count_persons(root, &list.scope, &list.filter).await? > MOST_ROWS {
        return Err(Problem::refused("too_many_rows", "人数超过一张表格的行数。请按组织分几次导出。"));
    }
    let headings: Vec<String> = Field::ALL.iter().map(|field| field.label().to_owned()).collect();
    let mut sheet = Sheet::new("党员名册", &headings).map_err(|e| unwritten(&e))?;
    let mut exported = Vec::new();
    let mut cursor = None;
    loop {
        let page = app.store.persons(root, &list.scope, &list.filter, cursor.as_ref(), BATCH).await?;
        let Some(last) = page.last() else { break };
        cursor = Some(last.cursor());
        let first = exported.len() + 1;
        exported.extend(page.iter().map(|person| person.id));
        sheet = written(move || {
            let mut sheet = sheet;
            (first..).zip(&page).try_for_each(|(seq, person)| sheet.row(&row(seq, person)))?;
            Ok(sheet)
        })
        .await?;
    }
    let bytes = written(move || sheet.finish()).await?;
    app.store.note_export(&signed.actor, list.org, &exported, "导出党员名册").await?;
    Ok(spreadsheet(&format!("党员名册 {}", app.today()), bytes))
}

/// Runs a part of the writing beside the requests of others.
async fn written<T: Send + 'static>(part: impl FnOnce() -> Result<T, BadFile> + Send + 'static) -> Result<T, Problem> {
    match spawn_blocking(part).await {
        Ok(done) => done.map_err(|e| unwritten(&e)),
        Err(_) => Err(unwritten(&BadFile("无法生成表格文件".to_owned()))),
    }
}

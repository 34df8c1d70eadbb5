//! What is printed of a meeting: minutes, notice, sign-in sheet, made from what is recorded; looked at as printed, or taken as a file.

use super::minutes::minutes as minutes_of;
use super::shape::name_of;
use super::view_for;
use super::words::clock;
use crate::body::{Faults, Params, Segment};
use crate::documents::answer;
use crate::download::FileBytes;
use crate::signed::Signed;
use crate::{App, Problem};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use papers::{Block, Document, Layout};
use rules::access::Action;
use rules::date::long;
use rules::ids::MeetingId;
use rules::meeting::Part;
use serde::{Deserialize, Serialize};
use store::{MeetingView, Subject};
use utoipa::{IntoParams, ToSchema};

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct SheetQuery {
    /// `docx` or `pdf`.
    format: Option<String>,
    /// `true`: with the pictures and PDFs among the meeting's papers behind it.
    papers: Option<bool>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct PreviewQuery {
    /// `minutes`, `notice` or `sign_in`.
    of: String,
}

/// A document's pages as pictures (SVG).
#[derive(Serialize, ToSchema)]
pub(super) struct Pages {
    pages: Vec<String>,
}

/// 会议记录。
#[utoipa::path(get, path = "/api/meetings/{id}/minutes", tag = "meetings", params(("id" = String, Path), SheetQuery), responses(
    (status = 200, body = FileBytes, content_type = "*/*", description = "file"),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
pub(super) async fn minutes(
    State(app): State<App>,
    signed: Signed,
    Segment(id): Segment<MeetingId>,
    Params(query): Params<SheetQuery>,
) -> Result<Response, Problem> {
    let view = view_for(&app, &signed, Action::WorkView, id).await?;
    let mut document = minutes_of(&view);
    if query.papers.unwrap_or(false) {
        document.blocks.extend(attached(&app, &signed, id).await?);
    }
    answer(document, query.format.as_deref()).await
}

/// The pictures and PDFs among a meeting's papers.
async fn attached(app: &App, signed: &Signed, id: MeetingId) -> Result<Vec<Block>, Problem> {
    let mut blocks = Vec::new();
    for paper in app.store.papers(signed.root(), Subject::of("meeting", id.0)).await? {
        if paper.media_type == "application/pdf" || paper.media_type.starts_with("image/") {
            let (paper, bytes) = app.store.paper(signed.root(), paper.id).await?;
            blocks.push(Block::Attached { name: paper.name, bytes });
        }
    }
    Ok(blocks)
}

/// 会议通知。
#[utoipa::path(get, path = "/api/meetings/{id}/notice-sheet", tag = "meetings", params(("id" = String, Path), SheetQuery), responses(
    (status = 200, body = FileBytes, content_type = "*/*", description = "file"),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
pub(super) async fn notice(
    State(app): State<App>,
    signed: Signed,
    Segment(id): Segment<MeetingId>,
    Params(query): Params<SheetQuery>,
) -> Result<Response, Problem> {
    let view = view_for(&app, &signed, Action::WorkView, id).await?;
    answer(notice_of(&view), query.format.as_deref()).await
}

/// 签到表，供打印后手签。
#[utoipa::path(get, path = "/api/meetings/{id}/sign-in-sheet", tag = "meetings", params(("id" = String, Path), SheetQuery), responses(
    (status = 200, body = FileBytes, content_type = "*/*", description = "file"),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
pub(super) async fn sign_in(
    State(app): State<App>,
    signed: Signed,
    Segment(id): Segment<MeetingId>,
    Params(query): Params<SheetQuery>,
) -> Result<Response, Problem> {
    let view = view_for(&app, &signed, Action::WorkView, id).await?;
    answer(sign_in_of(&view), query.format.as_deref()).await
}

/// 打印预览：会议记录、通知或签到表的各页。
#[utoipa::path(get, path = "/api/meetings/{id}/preview", tag = "meetings", params(("id" = String, Path), PreviewQuery), responses(
    (status = 200, body = Pages),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
pub(super) async fn preview(
    State(app): State<App>,
    signed: Signed,
    Segment(id): Segment<MeetingId>,
    Params(query): Params<PreviewQuery>,
) -> Result<Json<Pages>, Problem> {
    let view = view_for(&app, &signed, Action::WorkView, id).await?;
    let document = match query.of.as_str() {
        "minutes" => minutes_of(&view),
        "notice" => notice_of(&view),
        "sign_in" => sign_in_of(&view),
        _ => {
            let mut faults = Faults::default();
            faults.add("/of", "unknown_code", "可以预览的有会议记录、通知和签到表。请选择其中一种。");
            faults.check()?;
            return Err(Problem::not_found("这种文书"));
        }
    };
    let failed = |detail: String| Problem::new(StatusCode::SERVICE_UNAVAILABLE, "no_document", "文件没有生成", detail);
    let rendered = tokio::task::spawn_blocking(move || papers::pages(&document)).await;
    let pages = rendered.map_err(|e| failed(e.to_string()))?.map_err(|e| failed(e.to_string()))?;
    Ok(Json(Pages { pages }))
}

/// When it is to begin: 2026年3月5日（星期四）14:30.
pub(super) fn begins(view: &MeetingView) -> String {
    let plan = &view.meeting.plan;
    let at = plan.at.map_or_else(String::new, |at| format!(" {}", clock(at)));
    format!("{}（{}）{at}", long(plan.on), weekday(plan.on))
}

fn weekday(day: jiff::civil::Date) -> &'static str {
    const NAMES: [&str; 7] = ["星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"];
    usize::try_from(day.weekday().to_monday_zero_offset())
        .ok()
        .and_then(|at| NAMES.get(at))
        .copied()
        .unwrap_or_default()
}

pub(super) fn activities(view: &MeetingView) -> String {
    let names: Vec<&str> = view.meeting.plan.activities.iter().map(|activity| activity.name()).collect();
    names.join("、")
}

fn notice_of(view: &MeetingView) -> Document {
    let plan = &view.meeting.plan;
    let mut lines = vec![
        format!("一、时间：{}。", begins(view)),
        format!("二、地点：{}。", if plan.place.is_empty() { "另行通知" } else { &plan.place }),
        format!("三、参加人员：{}。", whom(view)),
    ];
    let items: Vec<String> = (1..).zip(&view.meeting.items).map(|(at, item)| format!("{at}. {}", item.title)).collect();
    let agenda = if items.is_empty() { "另行通知".to_owned() } else { items.join("；") };
    lines.push(format!("四、议题：{agenda}。"));
    let mut blocks = vec![
        Block::Flush("各位同志：".to_owned()),
        Block::Paragraph(format!("经研究，定于{}召开{}。现将有关事项通知如下。", long(plan.on), activities(view))),
    ];
    blocks.extend(lines.into_iter().map(Block::Paragraph));
    let remote = if plan.remote { "外地同志可通过本人的签到链接远程参加。" } else { "" };
    let call = format!("请准时参加，会议现场扫码签到。因故不能参加的，请提前说明原因。{remote}");
    blocks.push(Block::Paragraph(call));
    blocks.push(Block::Sign { by: view.org_name.clone(), on: view.meeting.noticed_on });
    Document { layout: Layout::Official, title: format!("关于召开{}的通知", plan.title), blocks }
}

/// Who is to come, without names: the notice hangs on a wall.
fn whom(view: &MeetingView) -> String {
    let circle = view.meeting.circle().name();
    if view.meeting.plan.guests.is_empty() {
        circle.to_owned()
    } else {
        format!("{circle}；列席：{}", view.meeting.plan.guests)
    }
}

fn sign_in_of(view: &MeetingView) -> Document {
    let head = ["序号", "姓名", "类别", "签名", "序号", "姓名", "类别", "签名"].map(str::to_owned).to_vec();
    let cells: Vec<Vec<String>> = (1..)
        .zip(&view.meeting.attendees)
        .map(|(at, called): (usize, _)| {
            let part = if called.part == Part::Guest { "列席" } else { "应到" };
            vec![at.to_string(), name_of(view, called.person), part.to_owned(), String::new()]
        })
        .collect();
    let rows = cells.chunks(2).map(|pair| {
        let mut row = pair.concat();
        row.resize(8, String::new());
        row
    });
    Document {
        layout: Layout::Record,
        title: format!("{}签到表", view.meeting.plan.title),
        blocks: vec![
            Block::Facts(vec![
                ("党组织".to_owned(), view.org_name.clone()),
                ("时间".to_owned(), begins(view)),
                ("地点".to_owned(), view.meeting.plan.place.clone()),
                ("会议类型".to_owned(), activities(view)),
            ]),
            Block::Table { head, rows: rows.collect(), widths: vec![1, 2, 1, 3, 1, 2, 1, 3] },
        ],
    }
}

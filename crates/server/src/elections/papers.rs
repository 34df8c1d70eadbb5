//! The documents of an election: 换届请示, 选票, 选举结果报告, made from what is recorded.

use super::shape::{name_of, reason_of};
use crate::body::{Params, Segment};
use crate::signed::Signed;
use crate::{App, Problem};
use axum::extract::State;
use axum::response::Response;
use papers::{Block, Document, Layout};
use rules::access::Action;
use rules::date::long;
use rules::election::{Election, result};
use rules::ids::ElectionId;
use serde::Deserialize;
use store::ElectionRow;
use utoipa::IntoParams;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct PaperQuery {
    /// `docx` or `pdf`.
    format: Option<String>,
}

/// 选举文书：request 请示、ballot 选票、report 结果报告。
#[utoipa::path(get, path = "/api/elections/{id}/papers/{paper}", tag = "elections",
    params(("id" = String, Path), ("paper" = String, Path), PaperQuery), responses(
    (status = 200, body = Vec<u8>, content_type = "application/octet-stream"),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
pub(super) async fn paper(
    State(app): State<App>,
    signed: Signed,
    Segment((id, paper)): Segment<(ElectionId, String)>,
    Params(query): Params<PaperQuery>,
) -> Result<Response, Problem> {
    signed.may(Action::WorkView)?;
    let (head, election) = app.store.election(signed.root(), id).await?;
    signed.may_within(Action::WorkView, &head.path, "选举")?;
    let superior = match app.store.org(signed.root(), head.org).await?.parent {
        Some(parent) => app.store.org(signed.root(), parent).await?.name,
        None => "上级党组织".to_owned(),
    };
    let document = match paper.as_str() {
        "request" => request(&head, &election, &superior),
        "ballot" => ballot(&head, &election),
        "report" => report(&head, &election, &superior),
        _ => return Err(Problem::not_found("这种文书")),
    };
    crate::documents::answer(document, query.format.as_deref()).await
}

fn names(people: impl IntoIterator<Item = String>) -> String {
    people.into_iter().collect::<Vec<_>>().join("、")
}

fn request(head: &ElectionRow, election: &Election, superior: &str) -> Document {
    let term = election.term_end.map_or(String::new(), |end| format!("本届任期至{}届满。", long(end)));
    let text = format!(
        "{}{term}根据《中国共产党基层组织选举工作条例》，拟于{}召开党员大会进行{}，应选 {} 名。",
        head.org_name,
        long(election.planned_on),
        election.kind.name(),
        election.seats
    );
    let candidates = names(election.candidates.iter().map(|one| one.name.clone()));
    Document {
        layout: Layout::Official,
        title: format!("关于{}{}的请示", head.org_name, election.kind.name()),
        blocks: vec![
            Block::Flush(format!("{superior}：")),
            Block::Paragraph(text),
            Block::Paragraph(format!(
                "候选人预备人选 {} 名（以姓氏笔画为序）：{candidates}。",
                election.candidates.len()
            )),
            Block::Paragraph("妥否，请批示。".to_owned()),
            Block::Sign { by: head.org_name.clone(), on: election.request.as_ref().map(|act| act.on) },
        ],
    }
}

fn ballot(head: &ElectionRow, election: &Election) -> Document {
    let (among, seats) = election
        .next_round()
        .unwrap_or_else(|| (election.candidates.iter().map(|one| one.person).collect(), election.seats));
    let mut rows: Vec<Vec<String>> = among
        .into_iter()
        .map(|person| vec![name_of(election, person), String::new(), String::new(), String::new()])
        .collect();
    rows.extend((0..seats).map(|_| vec!["（另选他人）".to_owned(), String::new(), String::new(), String::new()]));
    let head_row = ["姓名", "赞成", "不赞成", "弃权"].map(str::to_owned).to_vec();
    Document {
        layout: Layout::Record,
        title: format!("{}{}选票", head.org_name, election.kind.name()),
        blocks: vec![
            Block::Paragraph(format!("候选人以姓氏笔画为序。本次应选 {seats} 名，所选人数等于或者少于 {seats} 名的有效，多于 {seats} 名的无效。")),
            Block::Paragraph("赞成的在「赞成」栏画「○」，不赞成的在「不赞成」栏画「×」，弃权的在「弃权」栏画「△」。不赞成的可以另选他人，弃权的不得另选。".to_owned()),
            Block::Table { head: head_row, rows, widths: vec![4, 2, 2, 2] },
        ],
    }
}

fn report(head: &ElectionRow, election: &Election, superior: &str) -> Document {
    let mut blocks = vec![Block::Flush(format!("{superior}："))];
    let expected = election.assembly.as_ref().map_or(0, |assembly| assembly.expected);
    if let Some(assembly) = &election.assembly {
        blocks.push(Block::Paragraph(format!(
            "{}于{}在{}召开党员大会进行{}。应到会有选举权的党员 {} 名，实到 {} 名，符合规定。",
            head.org_name,
            long(assembly.on),
            assembly.place,
            election.kind.name(),
            assembly.expected,
            assembly.present
        )));
    }
    for (at, round) in election.rounds.iter().enumerate() {
        let verdict = if round.is_void() {
            "收回多于发出，本轮选举无效，重新投票。"
        } else {
            "本轮选举有效。"
        };
        blocks.push(Block::Paragraph(format!(
            "第 {} 轮：应选 {} 名，发出选票 {} 张，收回 {} 张，其中有效 {} 张、无效 {} 张。{verdict}",
            at + 1,
            round.seats,
            round.issued,
            round.returned,
            round.valid(),
            round.invalid
        )));
        let standing = result(round, expected);
        let rows = standing.verdicts.iter().filter_map(|(person, verdict)| {
            let count = round.counts.iter().find(|count| count.person == *person)?;
            let numbers = [count.in_favour, count.against, count.abstained].map(|number| number.to_string());
            let reason = reason_of(*verdict, count.in_favour, expected);
            Some([vec![name_of(election, *person)], numbers.to_vec(), vec![reason]].concat())
        });
        if !round.is_void() {
            let head_row = ["姓名", "赞成", "不赞成", "弃权", "结果"].map(str::to_owned).to_vec();
            blocks.push(Block::Table { head: head_row, rows: rows.collect(), widths: vec![3, 2, 2, 2, 9] });
        }
    }
    let posts = election.posts.iter().map(|one| format!("{}（{}）", name_of(election, one.person), one.post.name()));
    blocks.push(Block::Paragraph(format!("当选并分工：{}。", names(posts))));
    blocks.push(Block::Paragraph("妥否，请批示。".to_owned()));
    blocks.push(Block::Sign { by: head.org_name.clone(), on: election.report.as_ref().map(|act| act.on) });
    Document {
        layout: Layout::Official,
        title: format!("关于{}{}结果的报告", head.org_name, election.kind.name()),
        blocks,
    }
}

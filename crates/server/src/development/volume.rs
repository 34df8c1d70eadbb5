//! One volume of a whole case: cover, contents, for each step its sheet and then its papers, in the order in which they were taken.

use super::known::{Known, long};
use super::whole::shown;
use jiff::civil::Date;
use papers::{Block, Document, Layout};
use store::{CasePaper, TakenStep, WholeCase};

/// What the cover says of the person and the days of the case.
const COVER: &[(&str, &str)] = &[
    ("姓名", "person"),
    ("性别", "gender"),
    ("民族", "ethnicity"),
    ("出生年月", "born"),
    ("籍贯", "native_place"),
    ("学历", "education"),
    ("党支部", "branch"),
    ("上级党委", "superior"),
    ("递交申请书", "applied_on"),
    ("确定为积极分子", "activist_on"),
    ("列为发展对象", "candidate_filed_on"),
    ("入党日期", "admission_on"),
    ("预备期满", "probation_until"),
    ("培养联系人", "mentors"),
    ("入党介绍人", "sponsors"),
];

/// The volume; `contents` are the files of the case's papers, in their order.
pub(super) fn volume_of(case: &WholeCase, known: &Known, contents: Vec<Vec<u8>>, today: Date) -> Document {
    let mut files: Vec<(&CasePaper, Option<Vec<u8>>)> =
        case.papers.iter().zip(contents.into_iter().map(Some)).collect();
    let title = format!("{}同志发展党员卷宗", case.row.person_name);
    let facts = COVER.iter().map(|(name, key)| ((*name).to_owned(), known.get(*key).cloned().unwrap_or_default()));
    let mut blocks = vec![Block::Facts(facts.collect()), contents_of(case)];
    blocks.push(Block::Flush(format!("{}生成", long(today))));
    for one in &case.taken {
        blocks.extend(sheet_of(case, one));
        for (paper, bytes) in files.iter_mut().filter(|(paper, _)| (paper.step, paper.n) == (one.mark.step, one.times))
        {
            blocks.extend(bytes.take().and_then(|bytes| attached(paper, bytes)));
        }
    }
    Document { layout: Layout::Record, title, blocks }
}

/// 目录: every step that was taken, with how many papers it has.
fn contents_of(case: &WholeCase) -> Block {
    let row = |(n, one): (usize, &TakenStep)| {
        let papers = case.papers.iter().filter(|paper| (paper.step, paper.n) == (one.mark.step, one.times)).count();
        vec![
            (n + 1).to_string(),
            one.mark.step.activity().name().to_owned(),
            one.mark.on.to_string(),
            papers.to_string(),
        ]
    };
    Block::Table {
        head: ["序号", "步骤", "日期", "材料（份）"].map(str::to_owned).to_vec(),
        rows: case.taken.iter().enumerate().map(row).collect(),
        widths: vec![1, 6, 2, 2],
    }
}

/// The sheet of a step: the day, what was filled in, the list of its papers.
fn sheet_of(case: &WholeCase, one: &TakenStep) -> Vec<Block> {
    let activity = one.mark.step.activity();
    let heading = format!("第 {} 步　{}", one.mark.step.number(), activity.name());
    let mut facts = vec![
        (one.mark.step.spec().on_label.clone(), long(one.mark.on)),
        ("办理".to_owned(), one.mark.step.actor().name().to_owned()),
    ];
    facts.extend(shown(case, one.mark.step, &one.values).into_iter().map(|(label, value)| (label.to_owned(), value)));
    facts.push(("登记人".to_owned(), one.done_by.clone()));
    let mut blocks = vec![Block::PageBreak, Block::Heading(1, heading), Block::Facts(facts)];
    if !one.reason.is_empty() {
        blocks.push(Block::Paragraph(format!("说明：{}", one.reason)));
    }
    let papers = case.papers.iter().filter(|paper| (paper.step, paper.n) == (one.mark.step, one.times));
    let rows: Vec<Vec<String>> = papers
        .map(|paper| {
            let name = one.mark.step.spec().paper(&paper.key).map_or(paper.key.as_str(), |spec| spec.name.as_str());
            let place = if is_bound(paper) { "附后" } else { "另附原件" };
            vec![name.to_owned(), paper.file.name.clone(), place.to_owned()]
        })
        .collect();
    if !rows.is_empty() {
        blocks.push(Block::Table {
            head: ["材料", "文件", "位置"].map(str::to_owned).to_vec(),
            rows,
            widths: vec![3, 4, 2],
        });
    }
    blocks
}

/// Whether a paper can be bound into the volume: pictures and PDFs.
fn is_bound(paper: &CasePaper) -> bool {
    matches!(paper.file.media_type.as_str(), "application/pdf" | "image/jpeg" | "image/png")
}

fn attached(paper: &CasePaper, bytes: Vec<u8>) -> Option<Block> {
    match paper.file.media_type.as_str() {
        "application/pdf" => Some(Block::Pdf(bytes)),
        "image/jpeg" | "image/png" => Some(Block::Picture(bytes)),
        _ => None,
    }
}

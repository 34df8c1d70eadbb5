//! One volume of a whole case: cover, contents, for each step its sheet and then its papers, in the order in which they were taken.

use super::known::Known;
use super::whole::shown;
use jiff::civil::Date;
use papers::{Block, Document, Layout};
use rules::date::long;
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

/// A paper with its pages, where it can be bound in.
type Bound<'a> = (&'a CasePaper, Option<Block>);

/// The volume; `contents` are the files of the case's papers, in their order. Takes its time with many pages.
pub(super) fn volume_of(case: &WholeCase, known: &Known, contents: Vec<Vec<u8>>, today: Date) -> Document {
    let title = format!("{}同志发展党员卷宗", case.row.person_name);
    let facts = COVER.iter().map(|(name, key)| ((*name).to_owned(), known.get(*key).cloned().unwrap_or_default()));
    let mut blocks = vec![Block::Facts(facts.collect()), Block::Centred(format!("{}生成", long(today)))];
    blocks.extend([Block::PageBreak, Block::Centred("目　　录".to_owned()), Block::Contents]);
    let mut papers: Vec<Bound<'_>> =
        case.papers.iter().zip(contents).map(|(paper, bytes)| (paper, attached(paper, bytes))).collect();
    for one in &case.taken {
        let mut own: Vec<&mut Bound<'_>> =
            papers.iter_mut().filter(|(paper, _)| (paper.step, paper.n) == (one.mark.step, one.times)).collect();
        blocks.extend(sheet_of(case, one, &own));
        blocks.extend(own.iter_mut().filter_map(|(_, pages)| pages.take()));
    }
    Document { layout: Layout::Record, title, blocks }
}

/// The sheet of a step: the day, what was filled in, the list of its papers.
fn sheet_of(case: &WholeCase, one: &TakenStep, papers: &[&mut Bound<'_>]) -> Vec<Block> {
    let step = one.mark.step;
    let heading = format!("第 {} 步　{}", step.number(), step.activity().name());
    let mut facts =
        vec![(step.spec().on_label.clone(), long(one.mark.on)), ("办理".to_owned(), step.actor().name().to_owned())];
    facts.extend(shown(case, step, &one.values).into_iter().map(|(label, value)| (label.to_owned(), value)));
    facts.push(("登记人".to_owned(), one.done_by.clone()));
    let mut blocks = vec![Block::PageBreak, Block::Heading(1, heading), Block::Facts(facts)];
    if !one.reason.is_empty() {
        blocks.push(Block::Paragraph(format!("说明：{}", one.reason)));
    }
    let row = |(paper, pages): &Bound<'_>| {
        let name = step.spec().paper(&paper.key).map_or(paper.key.as_str(), |spec| spec.name.as_str());
        let place = if pages.is_some() { "附后" } else { "另附原件" };
        vec![name.to_owned(), paper.file.name.clone(), place.to_owned()]
    };
    if !papers.is_empty() {
        let head = ["材料", "文件", "位置"].map(str::to_owned).to_vec();
        blocks.push(Block::Table { head, rows: papers.iter().map(|one| row(one)).collect(), widths: vec![3, 4, 2] });
    }
    blocks
}

/// A paper as pages of the volume, where it is a picture or a PDF that can be read.
fn attached(paper: &CasePaper, bytes: Vec<u8>) -> Option<Block> {
    let name = paper.file.name.clone();
    let bindable = matches!(paper.file.media_type.as_str(), "application/pdf" | "image/jpeg" | "image/png");
    (bindable && papers::pages_of(&name, &bytes).is_ok()).then_some(Block::Attached { name, bytes })
}

//! The work book as a document.

use super::facts::Facts;
use super::sections::Section;
use crate::meetings::words::chinese;
use papers::{Block, Document, Layout};
use rules::date::long;

/// Cover, contents, the sections, and what is missing at the end.
pub(super) fn document(facts: &Facts, sections: Vec<Section>) -> Document {
    let lines = vec![
        facts.org.name.clone(),
        format!("{}年度", facts.year()),
        format!("根据办理记录生成，截至{}", long(facts.until)),
    ];
    let mut blocks = vec![Block::Cover { title: "支部工作手册".to_owned(), lines }, Block::Contents];
    let mut number = 0;
    for section in sections {
        number += 1;
        blocks.push(Block::Heading(1, format!("{}、{}", chinese(number), section.title)));
        blocks.extend(blocks_of(section));
    }
    blocks.push(Block::Heading(1, format!("{}、尚缺的记录", chinese(number + 1))));
    blocks.push(missing(facts));
    Document { layout: Layout::Record, title: String::new(), blocks }
}

fn blocks_of(section: Section) -> Vec<Block> {
    let mut blocks = Vec::new();
    if section.is_empty() {
        blocks.push(Block::Paragraph(section.empty));
        return blocks;
    }
    if !section.facts.is_empty() {
        blocks.push(Block::Facts(section.facts.into_iter().map(|fact| (fact.name, fact.value)).collect()));
    }
    if !section.rows.is_empty() {
        blocks.push(Block::Table { head: section.head, rows: section.rows, widths: section.widths });
    }
    blocks
}

fn missing(facts: &Facts) -> Block {
    if facts.gaps.is_empty() {
        return Block::Paragraph("到期的事项都有记录。".to_owned());
    }
    let persons = |count: usize| if count == 0 { String::new() } else { format!("{count} 人") };
    let head = ["事项", "依据", "最迟办理日期", "涉及党员"].map(str::to_owned).to_vec();
    let row = |gap: &super::facts::Gap| {
        vec![gap.title.clone(), gap.rule.to_owned(), gap.due.to_string(), persons(gap.persons)]
    };
    Block::Table { head, rows: facts.gaps.iter().map(row).collect(), widths: vec![6, 2, 3, 2] }
}

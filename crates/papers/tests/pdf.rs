//! What a PDF looks like from outside: its pages, its text, its fonts.
#![allow(clippy::unwrap_used, clippy::panic)]

mod sample;

use papers::{Block, Document, Layout, PaperError, pdf};
use proptest::prelude::*;
use sample::{fonts_of, keep, minutes, notice, pages_of, png, short, text, text_of};

#[test]
fn a_notice_has_its_text_and_embedded_fonts() {
    let path = keep("notice-typeset.pdf", &pdf(&notice()).unwrap());
    let text = text_of(&path);
    for words in
        ["关于召开第一党支部党员大会的通知", "各党小组、全体党员：", "一、会议时间和地点", "2026年3月1日", "—1—"]
    {
        assert!(text.contains(words), "{words} is not in {text}");
    }
    assert!(fonts_of(&path).iter().all(|line| line.contains(" yes yes ")));
}

#[test]
fn a_long_table_repeats_its_head_on_every_page() {
    let path = keep("minutes-typeset.pdf", &pdf(&minutes()).unwrap());
    let pages = pages_of(&path);
    assert!(pages >= 3);
    let text = text_of(&path);
    assert!(text.matches("序号").count() >= pages - 1);
    assert!(text.contains(&format!("第1页共{pages}页")));
}

#[test]
fn an_official_page_has_22_lines_of_28_characters() {
    let words = "党".repeat(28 * 22 * 2);
    let document = Document { layout: Layout::Official, title: String::new(), blocks: vec![Block::Flush(words)] };
    let path = keep("grid.pdf", &pdf(&document).unwrap());
    assert_eq!(pages_of(&path), 2);
    let document = Document {
        layout: Layout::Official,
        title: String::new(),
        blocks: vec![Block::Flush("党".repeat(28 * 22 * 2 + 1))],
    };
    assert_eq!(pages_of(&keep("grid-more.pdf", &pdf(&document).unwrap())), 3);
}

#[test]
fn pictures_and_pdfs_become_pages() {
    let inner = pdf(&minutes()).unwrap();
    let pages = pages_of(&keep("inner.pdf", &inner));
    let document = Document {
        layout: Layout::Record,
        title: text("卷宗"),
        blocks: vec![
            Block::Cover { title: text("发展党员卷宗"), lines: vec![text("第一党支部"), text("2026年")] },
            Block::Picture(png()),
            Block::Pdf(inner),
            Block::Attached { name: text("照片.png"), bytes: png() },
            Block::Paragraph(text("完")),
        ],
    };
    let path = keep("volume-typeset.pdf", &pdf(&document).unwrap());
    // The title's page, the cover, two pictures, the PDF's own pages, the last paragraph's.
    assert_eq!(pages_of(&path), 1 + 1 + 2 + pages + 1);
    assert!(text_of(&path).contains("第一党支部党员大会记录"));
}

#[test]
fn contents_tell_the_page_of_every_heading() {
    let mut document = minutes();
    document.blocks.insert(0, Block::Contents);
    let found = text_of(&keep("contents.pdf", &pdf(&document).unwrap()));
    let contents = &found[..found.find("第1页").unwrap()];
    assert!(contents.contains("目录一、到会情况") && contents.contains("二、讨论情况"), "{contents}");
    assert!(contents.trim_end_matches('.').ends_with('4'), "{contents}");
}

#[test]
fn a_damaged_attachment_is_named() {
    let mut damaged = png();
    damaged.truncate(40);
    let document = Document {
        blocks: vec![Block::Attached { name: text("政审函.pdf"), bytes: b"%PDF-1.7\nnothing".to_vec() }],
        ..short("")
    };
    assert!(matches!(pdf(&document), Err(PaperError::BadAttachment(name)) if name == "政审函.pdf"));
    let document = Document { blocks: vec![Block::Picture(png()), Block::Picture(damaged)], ..short("") };
    assert!(matches!(pdf(&document), Err(PaperError::BadAttachment(name)) if name == "第 2 个附件"));
}

#[test]
fn nothing_that_is_typed_is_read_as_markup() {
    let words =
        "#pagebreak() $x^2$ \\ *粗* _斜_ `码` @引 <标> [括] {花} // 注 /* 注 */ = 题 - 项 #sys.inputs \"引\" ~ -- ...";
    let path = keep("markup.pdf", &pdf(&short(words)).unwrap());
    let expected: String = words.chars().filter(|character| !character.is_whitespace()).collect();
    assert!(text_of(&path).contains(&expected), "{}", text_of(&path));
    assert_eq!(pages_of(&path), 1);
}

#[test]
fn a_word_without_end_stays_on_the_page() {
    let words = "x".repeat(3_000);
    let document = Document {
        blocks: vec![
            Block::Paragraph(words.clone()),
            Block::Table { head: vec![text("列"); 6], rows: vec![vec![words; 6]], widths: vec![] },
        ],
        ..short("")
    };
    let path = keep("endless.pdf", &pdf(&document).unwrap());
    assert_eq!(text_of(&path).matches('x').count(), 7 * 3_000);
}

#[test]
fn the_pages_can_be_looked_at_as_pictures() {
    let pages = papers::pages(&notice()).unwrap();
    assert!(pages.len() >= 2 && pages.iter().all(|page| page.starts_with("<svg")));
}

/// Characters that Debian's Chinese fonts have: ASCII, punctuation, Chinese.
fn typed() -> impl Strategy<Value = String> {
    proptest::string::string_regex("[ -~，。、；：？！“”《》（）一-龥\n\r\t\u{0}-\u{8}\u{202e}]{0,120}").unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn whatever_is_typed_is_found_again(title in typed(), words in typed(), cell in typed()) {
        let document = Document {
            layout: Layout::Record,
            title: title.clone(),
            blocks: vec![
                Block::Heading(1, words.clone()),
                Block::Paragraph(words.clone()),
                Block::Facts(vec![(cell.clone(), words.clone()), (words.clone(), cell.clone())]),
                Block::Table { head: vec![cell.clone(), title.clone()], rows: vec![vec![words.clone()]], widths: vec![1, 3] },
                Block::Sign { by: cell.clone(), on: None },
            ],
        };
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("typed.pdf");
        std::fs::write(&path, pdf(&document).unwrap()).unwrap();
        let found = text_of(&path);
        for character in title.chars().chain(words.chars()).chain(cell.chars()) {
            if !character.is_whitespace() && !character.is_control() && character != '\u{202e}' {
                prop_assert!(found.contains(character), "{character:?} is lost");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn any_string_at_all_becomes_a_page(words in any::<String>()) {
        prop_assert!(pdf(&short(&words)).is_ok());
    }
}

//! What a DOCX looks like from outside: LibreOffice opens it, and its pages are those of the PDF.
#![allow(clippy::unwrap_used, clippy::panic)]

mod sample;

use papers::{Block, Document, docx};
use proptest::prelude::*;
use sample::{converted, fonts_of, keep, minutes, notice, pages_of, png, short, text, text_of};
use std::io::{Cursor, Read};

fn part(package: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(package)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

#[test]
fn libreoffice_prints_both_layouts_with_every_character() {
    let document = keep("notice.docx", &docx(&notice()).unwrap());
    let printed = converted(&document);
    let found = text_of(&printed);
    for words in
        ["关于召开第一党支部党员大会的通知", "各党小组、全体党员：", "中共某某公司第一支部委员会", "—1—", "—2—"]
    {
        assert!(found.contains(words), "{words} is not in {found}");
    }
    assert_eq!(pages_of(&printed), 3);

    let printed = converted(&keep("minutes.docx", &docx(&minutes()).unwrap()));
    let found = text_of(&printed);
    let pages = pages_of(&printed);
    assert!(found.contains(&format!("第1页共{pages}页")), "{found}");
    assert!(found.matches("序号").count() >= pages - 1);
    assert!(fonts_of(&printed).iter().all(|line| line.contains(" yes ")), "{:?}", fonts_of(&printed));
}

#[test]
fn pictures_stand_on_pages_of_their_own_and_pdfs_are_named() {
    let document = Document {
        blocks: vec![
            Block::Cover { title: text("卷宗"), lines: vec![text("第一党支部")] },
            Block::Paragraph(text("前")),
            Block::Attached { name: text("照片.png"), bytes: png() },
            Block::Attached { name: text("政审函.pdf"), bytes: papers::pdf(&short("函")).unwrap() },
            Block::Paragraph(text("后")),
        ],
        ..short("")
    };
    let printed = converted(&keep("volume.docx", &docx(&document).unwrap()));
    assert_eq!(pages_of(&printed), 6);
    assert!(text_of(&printed).contains("（政审函.pdf，共1页，另附）"));
}

#[test]
fn contents_list_the_headings() {
    let mut document = minutes();
    document.blocks.insert(0, Block::Contents);
    let printed = converted(&keep("contents-list.docx", &docx(&document).unwrap()));
    assert!(
        text_of(&printed).starts_with("第一党支部党员大会记录目录一、到会情况二、讨论情况第1页"),
        "{}",
        text_of(&printed)
    );
}

#[test]
fn a_damaged_picture_is_named() {
    let document = Document {
        blocks: vec![Block::Attached { name: text("照片.jpg"), bytes: vec![0xff, 0xd8, 0xff] }],
        ..short("")
    };
    assert!(docx(&document).unwrap_err().to_string().contains("照片.jpg"));
}

#[test]
fn the_same_document_gives_the_same_bytes() {
    assert_eq!(docx(&minutes()).unwrap(), docx(&minutes()).unwrap());
}

proptest! {
    #[test]
    fn any_string_at_all_is_well_formed_xml_and_found_again(words in any::<String>()) {
        let package = docx(&short(&words)).unwrap();
        let xml = part(&package, "word/document.xml");
        let mut reader = quick_xml::Reader::from_str(&xml);
        let mut found = String::new();
        loop {
            match reader.read_event().unwrap() {
                quick_xml::events::Event::Eof => break,
                quick_xml::events::Event::Text(text) => found.push_str(&text.xml10_content()),
                quick_xml::events::Event::GeneralRef(name) => {

                    found.push_str(quick_xml::escape::resolve_predefined_entity(&name).unwrap());
                }
                _ => {}
            }
        }
        for character in words.chars().filter(|character| character.is_alphanumeric() || character.is_ascii_graphic()) {
            prop_assert!(found.contains(character), "{character:?} is lost");
        }
    }
}

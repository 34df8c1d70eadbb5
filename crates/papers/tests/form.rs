//! Forms of somebody's own: what is refused when they come in, and how they are filled in.
#![allow(clippy::unwrap_used, clippy::panic)]

mod sample;

use papers::form::{BadForm, Filling, Form, LARGEST_FORM};
use papers::{Block, Document, docx};
use proptest::prelude::*;
use sample::{converted, keep, short, text, text_of};
use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};
use zip::write::SimpleFileOptions;

const TYPES: &str = r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"#;
const RELATIONS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>"#;

fn body(inside: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">\
         <w:body>{inside}</w:body></w:document>"
    )
}

fn packed(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// A DOCX with this inside its body, and further parts.
fn package(inside: &str, more: &[(&str, &str)]) -> Vec<u8> {
    let document = body(inside);
    let mut parts: Vec<(&str, &[u8])> = vec![
        ("[Content_Types].xml", TYPES.as_bytes()),
        ("_rels/.rels", RELATIONS.as_bytes()),
        ("word/document.xml", document.as_bytes()),
    ];
    parts.retain(|(name, _)| more.iter().all(|(other, _)| other != name));
    parts.extend(more.iter().map(|(name, text)| (*name, text.as_bytes())));
    packed(&parts)
}

fn refusal(bytes: &[u8]) -> BadForm {
    match Form::read(bytes) {
        Ok(_) => panic!("accepted"),
        Err(refused) => refused,
    }
}

fn part(package: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(package)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

fn texts(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(name, value)| (text(name), text(value))).collect()
}

fn filled(inside: &str, filling: &Filling) -> String {
    let form = Form::read(&package(inside, &[])).unwrap();
    let xml = part(&form.filled(filling).unwrap(), "word/document.xml");
    let begins = xml.find("<w:body>").unwrap() + 8;
    xml[begins..xml.find("</w:body>").unwrap()].to_owned()
}

#[test]
fn a_placeholder_cut_into_runs_is_filled_in_and_keeps_its_look() {
    let inside = "<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>地点：{</w:t></w:r><w:r><w:rPr><w:i/></w:rPr><w:t>{会议</w:t></w:r>\
                  <w:proofErr/><w:r><w:t>地点}</w:t></w:r><w:r><w:t>}（三层）</w:t></w:r></w:p>";
    let filling = Filling { texts: texts(&[("会议地点", "办公楼 <3> & 东")]), ..Filling::default() };
    assert_eq!(
        filled(inside, &filling),
        "<w:p><w:r><w:rPr><w:b/></w:rPr><w:t xml:space=\"preserve\">地点：办公楼 &lt;3&gt; &amp; 东</w:t></w:r>\
         <w:r><w:rPr><w:i/></w:rPr><w:t xml:space=\"preserve\"></w:t></w:r><w:proofErr/>\
         <w:r><w:t xml:space=\"preserve\"></w:t></w:r><w:r><w:t xml:space=\"preserve\">（三层）</w:t></w:r></w:p>"
    );
}

#[test]
fn a_table_row_is_repeated_for_every_row_of_a_list() {
    let cell = |words: &str| format!("<w:tc><w:p><w:r><w:t>{words}</w:t></w:r></w:p></w:tc>");
    let inside = format!(
        "<w:tbl><w:tr>{}{}</w:tr><w:tr>{}{}</w:tr></w:tbl>",
        cell("序号"),
        cell("姓名"),
        cell("{{名单.序号}}"),
        cell("{{名单.姓名}}（{{党组织}}）")
    );
    let filling = Filling {
        texts: texts(&[("党组织", "一支部")]),
        rows: BTreeMap::from([(text("名单"), vec![texts(&[("姓名", "{{党组织}}")]), texts(&[("姓名", "乙\n丙")])])]),
    };
    let made = filled(&inside, &filling);
    assert_eq!(made.matches("<w:tr>").count(), 3);
    // A value that looks like a placeholder is a value.
    assert!(made.contains(">1</w:t>") && made.contains("{{党组织}}（一支部）"), "{made}");
    assert!(made.contains(">2</w:t>") && made.contains(">乙</w:t><w:br/>"), "{made}");
    assert_eq!(filled(&inside, &Filling::default()).matches("<w:tr>").count(), 1);
}

#[test]
fn a_paragraph_of_which_nothing_is_left_is_taken_away() {
    let inside = "<w:p><w:r><w:t>{{附注}}</w:t></w:r></w:p><w:p/><w:tbl><w:tr><w:tc><w:p><w:r><w:t>{{附注}}</w:t></w:r></w:p></w:tc></w:tr></w:tbl>";
    let made = filled(inside, &Filling::default());
    assert_eq!(made.matches("<w:p>").count(), 1, "{made}");
    assert!(made.starts_with("<w:p/>"), "{made}");
}

#[test]
fn headers_footers_and_text_boxes_are_filled_in() {
    let inside =
        "<w:p><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>{{甲}}</w:t></w:r></w:p></w:txbxContent></w:pict></w:r></w:p>";
    let header = "<w:hdr xmlns:w=\"w\"><w:p><w:r><w:t>{{乙}}</w:t></w:r></w:p></w:hdr>";
    let form = Form::read(&package(inside, &[("word/header1.xml", header)])).unwrap();
    assert_eq!(form.placeholders().unwrap().into_iter().collect::<Vec<_>>(), ["乙", "甲"]);
    let made = form.filled(&Filling { texts: texts(&[("甲", "一"), ("乙", "二")]), ..Filling::default() }).unwrap();
    assert!(part(&made, "word/header1.xml").contains(">二</w:t>"));
    assert!(part(&made, "word/document.xml").contains(">一</w:t>"));
}

#[test]
fn what_could_run_or_fetch_something_is_refused() {
    let external = |kind: &str, target: &str| {
        format!(
            "<Relationships><Relationship Id=\"a\" Type=\"http://x/{kind}\" Target=\"{target}\" TargetMode=\"External\"/></Relationships>"
        )
    };
    let embedded =
        "<Relationships><Relationship Id=\"a\" Type=\"http://x/oleObject\" Target=\"a.xml\"/></Relationships>";
    let field = |code: &str| format!("<w:p><w:r><w:instrText>{code}</w:instrText></w:r></w:p>");
    for (code, bytes) in [
        ("active_content", package("", &[("word/vbaProject.bin", "")])),
        (
            "active_content",
            package("", &[("[Content_Types].xml", &TYPES.replace("document.main", "document.macroEnabled.main"))]),
        ),
        ("active_content", package("", &[("word/activeX/activeX1.xml", "<a/>")])),
        ("active_content", package("", &[("word/embeddings/oleObject1.xml", "<a/>")])),
        ("active_content", package("", &[("word/media/image1.emf", "")])),
        ("active_content", package("", &[("word/_rels/document.xml.rels", embedded)])),
        ("active_content", package("<w:altChunk/>", &[])),
        ("active_content", package(&field(" DDEAUTO c:\\\\cmd.exe "), &[])),
        ("active_content", package(&field("includepicture \"http://x/a.png\""), &[])),
        ("active_content", package("<w:p><w:fldSimple w:instr=\"INCLUDETEXT a\"/></w:p>", &[])),
        (
            "external_content",
            package("", &[("word/_rels/settings.xml.rels", &external("attachedTemplate", "http://x/a.dotm"))]),
        ),
        ("external_content", package("", &[("word/_rels/document.xml.rels", &external("image", "http://x/a.png"))])),
        (
            "external_content",
            package("", &[("word/_rels/document.xml.rels", &external("hyperlink", "file://server/a"))]),
        ),
        ("external_content", package("", &[("word/settings.xml", "<w:settings><w:mailMerge/></w:settings>")])),
        ("bad_file", package("", &[("word/styles.xml", "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>")])),
        ("bad_file", package("", &[("word/styles.xml", "<a><b></a>")])),
        ("bad_file", package("", &[("word/../../evil.xml", "<a/>")])),
        ("bad_file", package("", &[("Word/Document.xml", "<a/>")])),
        ("bad_file", b"PK\x03\x04".to_vec()),
        ("bad_file", vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1]),
        ("bad_file", packed(&[("a.txt", b"a")])),
        ("too_large", vec![0; LARGEST_FORM + 1]),
        ("bad_placeholder", package("<w:p><w:r><w:t>{{会议名称</w:t></w:r></w:p>", &[])),
    ] {
        let refused = refusal(&bytes);
        assert_eq!(refused.code, code, "{refused}");
    }
}

#[test]
fn a_field_code_cut_into_runs_is_found() {
    let inside = "<w:p><w:r><w:instrText>DDE</w:instrText></w:r><w:r><w:instrText>AUTO x</w:instrText></w:r></w:p>";
    assert_eq!(refusal(&package(inside, &[])).code, "active_content");
}

#[test]
fn a_link_to_a_page_and_a_page_number_are_harmless() {
    let link = "<Relationships><Relationship Id=\"a\" Type=\"http://x/hyperlink\" Target=\"https://www.12371.cn\" TargetMode=\"External\"/></Relationships>";
    let inside = "<w:p><w:r><w:instrText> PAGE </w:instrText></w:r></w:p>";
    assert!(Form::read(&package(inside, &[("word/_rels/document.xml.rels", link)])).is_ok());
}

#[test]
fn what_unpacks_without_end_is_refused() {
    let bomb = packed(&[
        ("[Content_Types].xml", TYPES.as_bytes()),
        ("word/document.xml", body("").as_bytes()),
        ("word/media/a.png", &vec![0; 60 << 20]),
    ]);
    assert!(bomb.len() < LARGEST_FORM);
    assert_eq!(refusal(&bomb).code, "too_large");
    let many: Vec<(String, Vec<u8>)> = (0..600).map(|i| (format!("word/{i}.xml"), b"<a/>".to_vec())).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    assert_eq!(refusal(&packed(&many)).code, "too_large");
    let deep = format!("{}{}", "<w:p>".repeat(100_000), "</w:p>".repeat(100_000));
    assert_eq!(refusal(&package(&deep, &[])).code, "bad_file");
}

#[test]
fn a_document_of_ours_is_a_form_that_libreoffice_opens_once_filled_in() {
    let sample = Document {
        title: text("关于{{会议名称}}的通知"),
        blocks: vec![
            Block::Paragraph(text("定于{{日期}}召开。")),
            Block::Table {
                head: vec![text("序号"), text("题目")],
                rows: vec![vec![text("{{议题.序号}}"), text("{{议题.题目}}")]],
                widths: vec![],
            },
        ],
        ..short("")
    };
    let form = Form::read(&docx(&sample).unwrap()).unwrap();
    let names: Vec<String> = form.placeholders().unwrap().into_iter().collect();
    assert_eq!(names, ["会议名称", "日期", "议题.序号", "议题.题目"]);
    let filling = Filling {
        texts: texts(&[("会议名称", "第一季度党员大会"), ("日期", "2026年3月5日")]),
        rows: BTreeMap::from([(text("议题"), vec![texts(&[("题目", "学习")]), texts(&[("题目", "表决")])])]),
    };
    let found = text_of(&converted(&keep("filled-form.docx", &form.filled(&filling).unwrap())));
    for words in ["关于第一季度党员大会的通知", "定于2026年3月5日召开。", "1学习", "2表决"] {
        assert!(found.contains(words), "{words} is not in {found}");
    }
}

proptest! {
    #[test]
    fn whatever_is_filled_in_the_form_stays_well_formed(value in any::<String>(), cut in 0usize..8) {
        let gap = "{{甲}}";
        let at = gap.char_indices().map(|(at, _)| at).nth(cut.min(4)).unwrap();
        let inside = format!("<w:p><w:r><w:t>前{}</w:t></w:r><w:r><w:t>{}后</w:t></w:r></w:p>", &gap[..at], &gap[at..]);
        let form = Form::read(&package(&inside, &[])).unwrap();
        let made = form.filled(&Filling { texts: texts(&[("甲", &value)]), ..Filling::default() }).unwrap();
        let xml = part(&made, "word/document.xml");
        prop_assert!(xml.contains("前") && xml.contains("后") && !xml.contains("{{甲"));
        prop_assert!(Form::read(&made).is_ok() || value.contains("{{") || value.contains("}}"));
    }
}

//! Documents to lay out, and the programs that look at what came out.
#![allow(dead_code, clippy::unwrap_used, clippy::panic)]

use papers::{Block, Document, Layout};
use std::path::{Path, PathBuf};
use std::process::Command;

pub(crate) fn text(words: &str) -> String {
    words.to_owned()
}

/// A notice with every kind of block that an official document has.
pub(crate) fn notice() -> Document {
    Document {
        layout: Layout::Official,
        title: text("关于召开第一党支部党员大会的通知"),
        blocks: vec![
            Block::Flush(text("各党小组、全体党员：")),
            Block::Paragraph(text(
                "根据《中国共产党支部工作条例（试行）》和本支部 2026 年组织生活计划，经支部委员会研究，定于 2026年3月5日召开党员大会。\
                 现将有关事项通知如下。",
            )),
            Block::Heading(1, text("一、会议时间和地点")),
            Block::Paragraph(text("2026年3月5日（星期四）14:30，办公楼三层会议室。")),
            Block::Heading(1, text("二、会议议题")),
            Block::Heading(2, text("（一）听取支部委员会工作报告")),
            Block::Paragraph(text("报告 2025 年下半年工作，提出 2026 年第二季度安排。").repeat(6)),
            Block::Heading(2, text("（二）讨论接收预备党员")),
            Block::Paragraph(text("逐个讨论、逐个表决，采取无记名投票方式。").repeat(20)),
            Block::Heading(1, text("三、有关要求")),
            Block::Paragraph(
                text("请全体党员安排好工作，准时到会；因故不能到会的，请于会前向支部书记请假并说明原因。").repeat(8),
            ),
            Block::Sign {
                by: text("中共某某公司第一支部委员会"), on: Some(jiff::civil::date(2026, 3, 1))
            },
        ],
    }
}

/// Minutes: facts, a long table, a page break.
pub(crate) fn minutes() -> Document {
    let row = |i: usize| {
        let how = if i.is_multiple_of(9) { "请假：出差" } else { "到会" };
        let opinion = if i == 7 { text("发言要点：同意报告。").repeat(12) } else { text("同意") };
        vec![i.to_string(), text("欧阳某某"), text("正式党员"), text(how), opinion]
    };
    Document {
        layout: Layout::Record,
        title: text("第一党支部党员大会记录"),
        blocks: vec![
            Block::Facts(vec![
                (text("时间"), text("2026年3月5日 14:30")),
                (text("地点"), text("办公楼三层会议室")),
                (text("主持人"), text("李某")),
                (text("记录人"), text("王某某")),
                (
                    text("议题"),
                    text(
                        "一、听取工作报告；二、讨论接收预备党员；三、通报第一季度党费收缴情况；四、安排第二季度主题党日",
                    ),
                ),
                (text("应到"), text("37 人")),
            ]),
            Block::Heading(1, text("一、到会情况")),
            Block::Table {
                head: ["序号", "姓名", "类别", "到会", "发言"].map(text).to_vec(),
                rows: (1..=60).map(row).collect(),
                widths: vec![8, 14, 14, 16, 48],
            },
            Block::Heading(1, text("二、讨论情况")),
            Block::Heading(2, text("（一）工作报告")),
            Block::Paragraph(text("与会党员对工作报告进行了讨论。").repeat(10)),
            Block::Sign { by: text("记录人：王某某"), on: Some(jiff::civil::date(2026, 3, 5)) },
        ],
    }
}

/// A record of one paragraph.
pub(crate) fn short(words: &str) -> Document {
    Document { layout: Layout::Record, title: text("短文"), blocks: vec![Block::Paragraph(words.to_owned())] }
}

/// A PNG of one colour, ten by ten.
pub(crate) fn png() -> Vec<u8> {
    let part = |kind: &[u8; 4], data: &[u8]| {
        let mut part = (data.len() as u32).to_be_bytes().to_vec();
        part.extend_from_slice(kind);
        part.extend_from_slice(data);
        part.extend_from_slice(&crc(&part[4..]).to_be_bytes());
        part
    };
    let rows: Vec<u8> = (0..10).flat_map(|_| [0].into_iter().chain([0xb5, 0x12, 0x1b].repeat(10))).collect();
    // One stored block, as zlib wraps it.
    let mut packed = vec![0x78, 0x01, 0x01];
    packed.extend_from_slice(&(rows.len() as u16).to_le_bytes());
    packed.extend_from_slice(&(!(rows.len() as u16)).to_le_bytes());
    packed.extend_from_slice(&rows);
    let (low, high) = rows.iter().fold((1u32, 0u32), |(low, high), byte| {
        let low = (low + u32::from(*byte)) % 65_521;
        (low, (high + low) % 65_521)
    });
    packed.extend_from_slice(&((high << 16) | low).to_be_bytes());
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    file.extend(part(b"IHDR", &[0, 0, 0, 10, 0, 0, 0, 10, 8, 2, 0, 0, 0]));
    file.extend(part(b"IDAT", &packed));
    file.extend(part(b"IEND", &[]));
    file
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| if sum & 1 == 1 { (sum >> 1) ^ 0xedb8_8320 } else { sum >> 1 })
    })
}

/// Keeps a file where it can be looked at.
pub(crate) fn keep(name: &str, bytes: &[u8]) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

fn said(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output().unwrap_or_else(|e| panic!("{program}: {e}"));
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The text of a PDF, without spaces and line ends. As it stands in the file: in reading order
/// `pdftotext` would drop hyphens at the ends of lines.
pub(crate) fn text_of(pdf: &Path) -> String {
    let text = said("pdftotext", &["-raw", "-enc", "UTF-8", pdf.to_str().unwrap(), "-"]);
    text.chars().filter(|character| !character.is_whitespace() && *character != '\u{200b}').collect()
}

/// How many pages a PDF has.
pub(crate) fn pages_of(pdf: &Path) -> usize {
    let facts = said("pdfinfo", &[pdf.to_str().unwrap()]);
    facts.lines().find_map(|line| line.strip_prefix("Pages:")).unwrap().trim().parse().unwrap()
}

/// What a PDF says about its fonts, a line each.
pub(crate) fn fonts_of(pdf: &Path) -> Vec<String> {
    said("pdffonts", &[pdf.to_str().unwrap()]).lines().skip(2).map(str::to_owned).collect()
}

/// Has LibreOffice make a PDF of a DOCX.
pub(crate) fn converted(docx: &Path) -> PathBuf {
    let profile = tempfile::tempdir().unwrap();
    let place = docx.parent().unwrap();
    said(
        "soffice",
        &[
            &format!("-env:UserInstallation=file://{}", profile.path().display()),
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            place.to_str().unwrap(),
            docx.to_str().unwrap(),
        ],
    );
    docx.with_extension("pdf")
}

//! Whether a DOCX can be taken in: no macros, nothing embedded, nothing fetched from elsewhere, nothing that unpacks without end.

use super::tree::{Node, read};
use super::{BadForm, LARGEST_FORM, archive_of, bounded};
use std::collections::BTreeSet;

/// Most parts of a package, and most bytes of all of them unpacked.
const MOST_PARTS: usize = 500;
const LARGEST_UNPACKED: u64 = 40 << 20;

/// Endings of parts that a plain document has.
const PLAIN: [&str; 7] = ["xml", "rels", "png", "jpg", "jpeg", "gif", "odttf"];
/// Kinds of relations that bring in something that is not text.
const FOREIGN: [&str; 9] = [
    "oleobject",
    "/package",
    "afchunk",
    "subdocument",
    "attachedtemplate",
    "vbaproject",
    "control",
    "frame",
    "mailmergesource",
];
/// Field codes that fetch or run something.
const ACTIVE_FIELDS: [&str; 11] = [
    "DDE",
    "DDEAUTO",
    "INCLUDETEXT",
    "INCLUDEPICTURE",
    "INCLUDE",
    "IMPORT",
    "LINK",
    "DATABASE",
    "MACROBUTTON",
    "GOTOBUTTON",
    "RD",
];

fn bad_file() -> BadForm {
    BadForm::new(
        "bad_file",
        "这不是 DOCX 文件，或文件已损坏。请用 Word 或 WPS 打开，另存为「Word 文档 (*.docx)」后再上传",
    )
}

fn active(what: &str) -> BadForm {
    BadForm::new(
        "active_content",
        format!("文件中有{what}，可能自动运行，不予接收。请删去后另存为不含宏的 DOCX 再上传"),
    )
}

fn external(what: &str) -> BadForm {
    BadForm::new(
        "external_content",
        format!("文件引用了外部的{what}，打开时会向外取数据，不予接收。请删去链接后再上传"),
    )
}

/// Every part, unpacked and counted, so that a declared size cannot lie.
pub(super) fn unpacked(bytes: &[u8]) -> Result<Vec<(String, Vec<u8>)>, BadForm> {
    if bytes.len() > LARGEST_FORM {
        let most = LARGEST_FORM >> 20;
        return Err(BadForm::new(
            "too_large",
            format!("文件超过 {most} MB。模板请只留文字和表格，压缩或删去图片后再上传"),
        ));
    }
    if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        let message = "这是旧格式（.doc）或有打开密码的文件。请取消密码，另存为「Word 文档 (*.docx)」后再上传";
        return Err(BadForm::new("bad_file", message));
    }
    let mut archive = archive_of(bytes).ok_or_else(bad_file)?;
    let bomb = || BadForm::new("too_large", "文件解压后大得反常，不予读取。请用 Word 或 WPS 打开、另存后再上传");
    if archive.len() > MOST_PARTS {
        return Err(bomb());
    }
    let mut parts = Vec::with_capacity(archive.len());
    let mut room = LARGEST_UNPACKED;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|_| bad_file())?;
        if part.is_dir() {
            continue;
        }
        let name = part.name().map_err(|_| bad_file())?.into_owned();
        let unpacked = bounded(part, room).ok_or_else(bomb)?.map_err(|_| bad_file())?;
        room -= unpacked.len() as u64;
        parts.push((name, unpacked));
    }
    // Two parts of one name: which of them is read depends on the reader.
    let names: BTreeSet<String> = parts.iter().map(|(name, _)| name.to_lowercase()).collect();
    if names.len() < parts.len() {
        return Err(bad_file());
    }
    let has = |wanted: &str| parts.iter().any(|(name, _)| name == wanted);
    if has("word/document.xml") && has("[Content_Types].xml") { Ok(parts) } else { Err(bad_file()) }
}

/// Refuses what could run, fetch or hide something.
pub(super) fn harmless(parts: &[(String, Vec<u8>)]) -> Result<(), BadForm> {
    for (name, bytes) in parts {
        let lower = name.replace('\\', "/").to_lowercase();
        if lower.split('/').any(|step| step == "..") || lower.starts_with('/') {
            return Err(bad_file());
        }
        if lower.contains("vba") || lower.contains("macro") {
            return Err(active("宏"));
        }
        if lower.contains("activex") {
            return Err(active(" ActiveX 控件"));
        }
        if lower.contains("embeddings/") {
            return Err(active("嵌入的对象"));
        }
        let ending = lower.rsplit_once('.').map_or("", |(_, ending)| ending);
        if !PLAIN.contains(&ending) {
            let message =
                format!("文件中有不能识别的部分「{name}」。图片请用 PNG 或 JPG，其他对象请删去，另存后再上传");
            return Err(BadForm::new("active_content", message));
        }
        if ending == "xml" || ending == "rels" {
            let nodes = read(name, bytes)?;
            if lower == "[content_types].xml" {
                check_types(&nodes)?;
            } else if ending == "rels" {
                check_relations(&nodes)?;
            } else {
                check_fields(&nodes)?;
            }
        }
    }
    Ok(())
}

fn check_types(nodes: &[Node]) -> Result<(), BadForm> {
    each(nodes, &mut |node| {
        let kind = node.attribute("ContentType").unwrap_or_default().to_lowercase();
        if kind.contains("macroenabled") || kind.contains("vba") {
            return Err(active("宏"));
        }
        if kind.contains("oleobject") || kind.contains("activex") {
            return Err(active("嵌入的对象"));
        }
        Ok(())
    })
}

fn check_relations(nodes: &[Node]) -> Result<(), BadForm> {
    each(nodes, &mut |node| {
        let kind = node.attribute("Type").unwrap_or_default().to_lowercase();
        let is_external = node.attribute("TargetMode").is_some_and(|mode| mode.eq_ignore_ascii_case("external"));
        if !is_external {
            let foreign = FOREIGN.iter().any(|foreign| kind.ends_with(foreign));
            return if foreign { Err(active("嵌入的对象或子文档")) } else { Ok(()) };
        }
        let target = node.attribute("Target").unwrap_or_default().to_lowercase();
        let is_link = ["http://", "https://", "mailto:"].iter().any(|scheme| target.starts_with(scheme));
        match kind.rsplit('/').next().unwrap_or_default() {
            "hyperlink" if is_link => Ok(()),
            "attachedtemplate" => Err(external("模板")),
            "image" => Err(external("图片")),
            _ => Err(external("内容")),
        }
    })
}

fn check_fields(nodes: &[Node]) -> Result<(), BadForm> {
    let mut codes = String::new();
    each(nodes, &mut |node| {
        match node.name() {
            "w:instrText" | "w:delInstrText" => codes.push_str(&node.text()),
            "w:fldSimple" => {
                codes.push(' ');
                codes.push_str(&node.attribute("w:instr").unwrap_or_default());
                codes.push(' ');
            }
            // A field begins or ends: what follows is a word of its own.
            "w:fldChar" => codes.push(' '),
            "w:mailMerge" => return Err(external("邮件合并数据源")),
            "w:altChunk" | "w:subDoc" | "w:object" | "w:control" => return Err(active("嵌入的对象或子文档")),
            _ => {}
        }
        Ok(())
    })?;
    for word in codes.split(|c: char| c.is_whitespace() || c == '"' || c == '\\') {
        if let Some(field) = ACTIVE_FIELDS.iter().find(|field| word.eq_ignore_ascii_case(field)) {
            return Err(active(&format!("会取外部数据或运行命令的域（{field}）")));
        }
    }
    Ok(())
}

fn each(nodes: &[Node], look: &mut dyn FnMut(&Node) -> Result<(), BadForm>) -> Result<(), BadForm> {
    for node in nodes {
        look(node)?;
        each(node.children(), look)?;
    }
    Ok(())
}

//! The parts of the package beside the text itself: styles, fonts, page numbers, relations.

use super::Picture;
use super::element::{Element, element, twips, twips_of_mm, valued};
use crate::Layout;
use crate::sheet::Sheet;

const WORD: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const RELATION: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
const WORD_TYPE: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml";

/// Fonts by the names an office in China has them under, and the other names of the same font.
const FONTS: [(&str, &str); 5] = [
    ("方正小标宋简体", "FZXiaoBiaoSong-B05S"),
    ("仿宋_GB2312", "仿宋,FangSong,STFangsong"),
    ("黑体", "SimHei"),
    ("楷体_GB2312", "楷体,KaiTi,STKaiti"),
    ("宋体", "SimSun"),
];
const TITLE: &str = FONTS[0].0;
const FANGSONG: &str = FONTS[1].0;
const HEI: &str = FONTS[2].0;
const KAI: &str = FONTS[3].0;
const SONG: &str = FONTS[4].0;
/// The font of figures and Latin letters.
const LATIN: &str = "Times New Roman";

pub(super) fn content_types() -> String {
    let default = |extension, kind| element("Default").with("Extension", extension).with("ContentType", kind);
    let part = |name: &str, kind: &str| {
        element("Override").with("PartName", name).with("ContentType", format!("{WORD_TYPE}.{kind}+xml"))
    };
    element("Types")
        .with("xmlns", format!("{PACKAGE}/content-types"))
        .has_all([
            default("rels", "application/vnd.openxmlformats-package.relationships+xml"),
            default("xml", "application/xml"),
            default("png", "image/png"),
            default("jpg", "image/jpeg"),
            part("/word/document.xml", "document.main"),
            part("/word/styles.xml", "styles"),
            part("/word/settings.xml", "settings"),
            part("/word/fontTable.xml", "fontTable"),
            part("/word/footer-odd.xml", "footer"),
            part("/word/footer-even.xml", "footer"),
            element("Override")
                .with("PartName", "/docProps/core.xml")
                .with("ContentType", "application/vnd.openxmlformats-package.core-properties+xml"),
        ])
        .part()
}

fn relation(id: &str, kind: &str, target: &str) -> Element {
    element("Relationship").with("Id", id).with("Type", kind).with("Target", target)
}

fn relations(list: impl IntoIterator<Item = Element>) -> String {
    element("Relationships").with("xmlns", format!("{PACKAGE}/relationships")).has_all(list).part()
}

pub(super) fn package_relations() -> String {
    relations([
        relation("document", &format!("{RELATION}/officeDocument"), "word/document.xml"),
        relation("core", &format!("{PACKAGE}/relationships/metadata/core-properties"), "docProps/core.xml"),
    ])
}

pub(super) fn document_relations(pictures: &[Picture]) -> String {
    let fixed = [
        ("styles", "styles", "styles.xml"),
        ("settings", "settings", "settings.xml"),
        ("fonts", "fontTable", "fontTable.xml"),
        ("footer-odd", "footer", "footer-odd.xml"),
        ("footer-even", "footer", "footer-even.xml"),
    ];
    let fixed = fixed.map(|(id, kind, target)| relation(id, &format!("{RELATION}/{kind}"), target));
    let pictures = pictures.iter().enumerate().map(|(index, picture)| {
        relation(&Picture::relation(index), &format!("{RELATION}/image"), &picture.file_name(index))
    });
    relations(fixed.into_iter().chain(pictures))
}

pub(super) fn core(title: &str) -> String {
    element("cp:coreProperties")
        .with("xmlns:cp", format!("{PACKAGE}/metadata/core-properties"))
        .with("xmlns:dc", "http://purl.org/dc/elements/1.1/")
        .has(element("dc:title").says(title))
        .part()
}

pub(super) fn document(body: &str, sheet: &Sheet, official: bool) -> String {
    let footer = |kind, id| element("w:footerReference").with("w:type", kind).with("r:id", id);
    let size = element("w:pgSz").with("w:w", twips_of_mm(210.0)).with("w:h", twips_of_mm(297.0));
    let margins = element("w:pgMar")
        .with("w:top", twips_of_mm(sheet.top))
        .with("w:right", twips_of_mm(sheet.right))
        .with("w:bottom", twips_of_mm(sheet.bottom))
        .with("w:left", twips_of_mm(sheet.left))
        .with("w:header", twips_of_mm(15.0))
        .with("w:footer", twips_of_mm(sheet.bottom - 12.0))
        .with("w:gutter", 0);
    let mut section = element("w:sectPr").has(footer("default", "footer-odd"));
    if official {
        section = section.has(footer("even", "footer-even"));
    }
    element("w:document")
        .with("xmlns:w", WORD)
        .with("xmlns:r", RELATION)
        .with("xmlns:wp", "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing")
        .with("xmlns:a", "http://schemas.openxmlformats.org/drawingml/2006/main")
        .with("xmlns:pic", "http://schemas.openxmlformats.org/drawingml/2006/picture")
        // The last paragraph is asked for by Word after a table.
        .has(element("w:body").holds(body).has(last_paragraph(body)).has(section.has(size).has(margins)))
        .part()
}

fn last_paragraph(body: &str) -> Element {
    let style = if body.ends_with("</w:tbl>") { "Gap" } else { "End" };
    element("w:p").has(element("w:pPr").has(valued("w:pStyle", style)))
}

pub(super) fn settings(official: bool) -> String {
    let mut settings = element("w:settings").with("xmlns:w", WORD);
    if official {
        settings = settings.has(element("w:evenAndOddHeaders"));
    }
    settings.has(valued("w:characterSpacingControl", "compressPunctuation")).part()
}

pub(super) fn font_table() -> String {
    let latin = element("w:font").with("w:name", LATIN).has(valued("w:family", "roman"));
    let fonts = FONTS.map(|(name, other)| {
        element("w:font").with("w:name", name).has(valued("w:altName", other)).has(valued("w:charset", "86"))
    });
    element("w:fonts").with("xmlns:w", WORD).has_all(fonts).has(latin).part()
}

/// The page number: official pages have it outside, other pages in the middle with the number of pages.
pub(super) fn footer(layout: Layout, sheet: &Sheet, odd: bool) -> String {
    let size = twips(sheet.number) / 10;
    let run = || {
        let properties = element("w:rPr").has(fonts(SONG)).has(valued("w:sz", size)).has(valued("w:szCs", size));
        element("w:r").has(properties)
    };
    let says = |text: &str| run().has(element("w:t").with("xml:space", "preserve").says(text));
    let mark = |kind| run().has(element("w:fldChar").with("w:fldCharType", kind));
    let field = |name: &str| {
        let code = run().has(element("w:instrText").with("xml:space", "preserve").says(name));
        [mark("begin"), code, mark("separate"), says("1"), mark("end")]
    };
    let (side, runs): (&str, Vec<Element>) = match layout {
        Layout::Official => {
            let line = [says("— ")].into_iter().chain(field("PAGE")).chain([says(" —")]);
            (if odd { "right" } else { "left" }, line.collect())
        }
        Layout::Record => {
            let line = [says("第 ")].into_iter().chain(field("PAGE")).chain([says(" 页 共 ")]);
            ("center", line.chain(field("NUMPAGES")).chain([says(" 页")]).collect())
        }
    };
    let inset = element("w:ind").with("w:left", twips(sheet.number)).with("w:right", twips(sheet.number));
    let properties = element("w:pPr").has(inset).has(valued("w:jc", side));
    element("w:ftr").with("xmlns:w", WORD).has(element("w:p").has(properties).has_all(runs)).part()
}

fn fonts(east_asia: &str) -> Element {
    element("w:rFonts").with("w:ascii", LATIN).with("w:hAnsi", LATIN).with("w:eastAsia", east_asia).with("w:cs", LATIN)
}

/// A paragraph style: its name, font, size in points, height of a line in points (none: as the text needs), and what else it has.
struct Style {
    id: &'static str,
    font: &'static str,
    size: f64,
    line: Option<f64>,
    side: &'static str,
    /// First line set in by two characters.
    indented: bool,
    /// Kept on the page of the next paragraph.
    with_next: bool,
    /// Its level in the outline, from 0.
    outline: Option<u8>,
}

pub(super) fn styles(layout: Layout, sheet: &Sheet) -> String {
    let official = layout == Layout::Official;
    let body = if official { FANGSONG } else { SONG };
    let plain = Style {
        id: "Normal",
        font: body,
        size: sheet.body,
        line: Some(sheet.line),
        side: "both",
        indented: true,
        with_next: false,
        outline: None,
    };
    let heading = |id, font, size, outline| Style {
        id,
        font,
        size,
        side: "left",
        indented: official,
        with_next: true,
        outline: Some(outline),
        ..plain
    };
    let cell = |id, font, side| Style { id, font, size: sheet.cell, line: None, side, indented: false, ..plain };
    let centred = |id, font, size, line| Style { id, font, size, line, side: "center", indented: false, ..plain };
    let (first, second) = if official { (sheet.body, KAI) } else { (sheet.body + 2.0, HEI) };
    let list = [
        Style { ..plain },
        Style { with_next: true, outline: Some(0), ..centred("Title", TITLE, sheet.title, Some(sheet.title_line)) },
        heading("Heading1", HEI, first, 1),
        heading("Heading2", second, sheet.body, 2),
        Style { id: "Flush", indented: false, ..plain },
        Style { id: "Sign", indented: false, side: "right", ..plain },
        centred("Centred", KAI, sheet.body, Some(sheet.line)),
        centred("CoverTitle", TITLE, 32.0, Some(48.0)),
        centred("CoverLine", SONG, 16.0, Some(32.0)),
        centred("Picture", body, sheet.body, None),
        cell("Cell", SONG, "left"),
        cell("CellCentred", SONG, "center"),
        cell("CellHead", HEI, "center"),
        Style { id: "Gap", indented: false, size: 5.0, line: Some(10.0), ..plain },
        Style { id: "End", indented: false, size: 1.0, line: Some(1.0), ..plain },
    ];
    let defaults = element("w:docDefaults")
        .has(element("w:rPrDefault").has(
            element("w:rPr").has(fonts(body)).has(element("w:lang").with("w:val", "en-US").with("w:eastAsia", "zh-CN")),
        ))
        .has(element("w:pPrDefault"));
    element("w:styles")
        .with("xmlns:w", WORD)
        .has(defaults)
        .has_all(list.iter().map(|style| style.element(sheet)))
        .part()
}

impl Style {
    fn element(&self, sheet: &Sheet) -> Element {
        let mut paragraph = element("w:pPr");
        if self.with_next {
            paragraph = paragraph.has(element("w:keepNext"));
        }
        paragraph = paragraph.has(valued("w:widowControl", 0)).has(valued("w:snapToGrid", 0));
        paragraph = paragraph.has(match self.line {
            Some(line) => spacing().with("w:line", twips(line)).with("w:lineRule", "exact"),
            None => spacing().with("w:line", 288).with("w:lineRule", "auto"),
        });
        // Where there is no indent it is said so, since every style is based on the one of plain paragraphs, which has one.
        let (indent, characters) = if self.indented { (twips(2.0 * self.size), 200) } else { (0, 0) };
        let indent = element("w:ind").with("w:firstLine", indent).with("w:firstLineChars", characters);
        paragraph = paragraph.has(indent).has(valued("w:jc", self.side));
        if let Some(level) = self.outline {
            paragraph = paragraph.has(valued("w:outlineLvl", level));
        }
        let tracking = if self.size == sheet.body { sheet.tracking } else { 0.0 };
        let size = twips(self.size) / 10;
        let run = element("w:rPr").has_all([
            fonts(self.font),
            valued("w:spacing", twips(tracking)),
            valued("w:sz", size),
            valued("w:szCs", size),
        ]);
        let style = element("w:style").with("w:type", "paragraph").with("w:styleId", self.id);
        let style = if self.id == "Normal" { style.with("w:default", 1) } else { style };
        let name = match self.id {
            "Heading1" => "heading 1",
            "Heading2" => "heading 2",
            other => other,
        };
        let style = style.has(valued("w:name", name));
        let style = if self.id == "Normal" { style } else { style.has(valued("w:basedOn", "Normal")) };
        style.has(paragraph).has(run)
    }
}

fn spacing() -> Element {
    element("w:spacing").with("w:before", 0).with("w:after", 0)
}

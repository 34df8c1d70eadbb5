//! The blocks of a document as paragraphs, tables and pictures.

use super::Picture;
use super::element::{Element, element, twips, valued};
use crate::attached::{Attached, inspect};
use crate::sheet::{FACT_SHARES, POINTS_PER_MM, Sheet, fact_rows, fitted, may_break, shares, short_columns, signature};
use crate::text::clean;
use crate::{Block, Document, PaperError};

/// English metric units in a point, the measure of pictures.
const EMU_PER_POINT: f64 = 12_700.0;

/// What has been written so far.
pub(super) struct Body {
    sheet: Sheet,
    headings: Vec<String>,
    attachments: usize,
    /// Whether the next paragraph begins a page.
    breaks: bool,
    pub(super) xml: String,
    pub(super) pictures: Vec<Picture>,
}

impl Body {
    pub(super) fn new(sheet: Sheet, headings: Vec<String>) -> Self {
        Body { sheet, headings, attachments: 0, breaks: false, xml: String::new(), pictures: Vec::new() }
    }

    pub(super) fn document(&mut self, document: &Document) -> Result<(), PaperError> {
        if !document.title.is_empty() {
            self.styled("Title", &document.title);
            self.styled("Flush", "");
        }
        for block in &document.blocks {
            self.block(block)?;
        }
        Ok(())
    }

    fn block(&mut self, block: &Block) -> Result<(), PaperError> {
        match block {
            Block::Cover { title, lines } => self.cover(title, lines),
            Block::Contents => self.contents(),
            Block::Heading(level, words) => self.styled(if *level <= 1 { "Heading1" } else { "Heading2" }, words),
            Block::Centred(words) => self.styled("Centred", words),
            Block::Paragraph(words) => clean(words).split('\n').for_each(|line| self.styled("Normal", line)),
            Block::Flush(words) => self.styled("Flush", words),
            Block::Facts(facts) => self.facts(facts),
            Block::Table { head, rows, widths } => self.table(head, rows, widths),
            Block::Sign { by, on } => self.sign(by, *on),
            Block::PageBreak => self.breaks = true,
            Block::Picture(bytes) | Block::Pdf(bytes) => {
                self.attachments += 1;
                self.attached(&format!("第 {} 个附件", self.attachments), bytes)?;
            }
            Block::Attached { name, bytes } => {
                self.attachments += 1;
                self.attached(name, bytes)?;
            }
        }
        Ok(())
    }

    fn put(&mut self, element: Element) {
        element.write(&mut self.xml);
    }

    fn styled(&mut self, style: &str, words: &str) {
        self.paragraph(style, false, [], words);
    }

    /// A paragraph; `with_next` keeps it on the page of the one that follows.
    fn paragraph(&mut self, style: &str, with_next: bool, more: impl IntoIterator<Item = Element>, words: &str) {
        let mut properties = element("w:pPr").has(valued("w:pStyle", style));
        if with_next {
            properties = properties.has(element("w:keepNext"));
        }
        if std::mem::take(&mut self.breaks) {
            properties = properties.has(element("w:pageBreakBefore"));
        }
        self.put(element("w:p").has(properties.has_all(more)).has_all(runs(words)));
    }

    fn cover(&mut self, title: &str, lines: &[String]) {
        self.breaks = !self.xml.is_empty();
        let above = element("w:spacing").with("w:before", twips(200.0)).with("w:after", twips(220.0));
        self.paragraph("CoverTitle", false, [above], title);
        for line in lines {
            self.styled("CoverLine", line);
        }
        self.breaks = true;
    }

    /// A table of contents as a field: the headings now, their pages when the reader's program brings it up to date.
    fn contents(&mut self) {
        self.styled("Centred", "目　录");
        let mark = |kind| element("w:r").has(element("w:fldChar").with("w:fldCharType", kind));
        let headings = std::mem::take(&mut self.headings);
        let last = headings.len().saturating_sub(1);
        for (index, words) in headings.iter().enumerate() {
            let code = element("w:instrText").with("xml:space", "preserve").says(" TOC \\t \"heading 1,1\" \\h ");
            let begins = [mark("begin"), element("w:r").has(code), mark("separate")];
            let properties = element("w:pPr").has(valued("w:pStyle", "Flush"));
            let paragraph = element("w:p").has(properties);
            let paragraph = if index == 0 { paragraph.has_all(begins) } else { paragraph };
            let paragraph = paragraph.has_all(runs(words));
            self.put(if index == last { paragraph.has(mark("end")) } else { paragraph });
        }
        self.headings = headings;
        self.breaks = true;
    }

    fn sign(&mut self, by: &str, on: Option<jiff::civil::Date>) {
        let lines = signature(&clean(by), on);
        let last = lines.len() - 1;
        for (index, (words, right)) in lines.iter().enumerate() {
            let above = if index == 0 { twips(2.0 * self.sheet.line) } else { 0 };
            let more = [
                element("w:spacing").with("w:before", above),
                element("w:ind").with("w:right", twips(right * self.sheet.body)),
            ];
            self.paragraph("Sign", index < last, more, words);
        }
    }

    fn facts(&mut self, facts: &[(String, String)]) {
        let widths = self.widths(&FACT_SHARES);
        let wide = [FACT_SHARES[0], FACT_SHARES[1] + FACT_SHARES[2] + FACT_SHARES[3]];
        let rows: Vec<Element> = fact_rows(facts)
            .iter()
            .map(|row| {
                let whole = row.len() == 1;
                let cells = row.iter().enumerate().flat_map(|(i, (name, value))| {
                    let span = if whole { 3 } else { 1 };
                    let width = widths[2 * i + 1..2 * i + 1 + span].iter().sum();
                    [cell(widths[2 * i], 1, true, "CellCentred", name), cell(width, span, false, "Cell", value)]
                });
                let cells: Vec<Element> = cells.collect();
                let breaks = row
                    .first()
                    .is_some_and(|(name, value)| may_break(&[name.clone(), value.clone()], &wide, &self.sheet));
                table_row(cells, whole && breaks, false)
            })
            .collect();
        self.grid(&widths, rows);
    }

    fn table(&mut self, head: &[String], rows: &[Vec<String>], widths: &[u16]) {
        let columns = head.len().max(1);
        let shares = shares(columns, widths);
        let widths = self.widths(&shares);
        let short = short_columns(rows, columns);
        let names = fitted(head, columns);
        let mut written = vec![table_row(
            names.iter().zip(&widths).map(|(name, width)| cell(*width, 1, true, "CellHead", name)),
            false,
            true,
        )];
        for row in rows {
            let cells = fitted(row, columns);
            let breaks = may_break(&cells, &shares, &self.sheet);
            let style = |column: usize| if short[column] { "CellCentred" } else { "Cell" };
            let cells = cells.iter().enumerate().map(|(i, words)| cell(widths[i], 1, false, style(i), words));
            written.push(table_row(cells.collect::<Vec<_>>(), breaks, false));
        }
        self.grid(&widths, written);
    }

    /// The widths of columns with these shares, in twentieths of a point.
    fn widths(&self, shares: &[u16]) -> Vec<i64> {
        let whole: f64 = shares.iter().map(|share| f64::from(*share)).sum();
        shares.iter().map(|share| twips(self.sheet.text_width() * f64::from(*share) / whole)).collect()
    }

    fn grid(&mut self, widths: &[i64], rows: Vec<Element>) {
        // Two tables without a paragraph between them would be read as one, and a page cannot begin with a table.
        if self.breaks || self.xml.ends_with("</w:tbl>") {
            self.styled("Gap", "");
        }
        let line =
            |name| element(name).with("w:val", "single").with("w:sz", 4).with("w:space", 0).with("w:color", "000000");
        let borders = ["w:top", "w:left", "w:bottom", "w:right", "w:insideH", "w:insideV"];
        let space = |name, width: f64| element(name).with("w:w", twips(width)).with("w:type", "dxa");
        let margins = element("w:tblCellMar").has_all([
            space("w:top", 4.0),
            space("w:left", 5.0),
            space("w:bottom", 4.0),
            space("w:right", 5.0),
        ]);
        let properties = element("w:tblPr").has_all([
            element("w:tblW").with("w:w", widths.iter().sum::<i64>()).with("w:type", "dxa"),
            valued("w:jc", "center"),
            element("w:tblBorders").has_all(borders.map(line)),
            element("w:tblLayout").with("w:type", "fixed"),
            margins,
        ]);
        let columns = widths.iter().map(|width| element("w:gridCol").with("w:w", width));
        self.put(element("w:tbl").has(properties).has(element("w:tblGrid").has_all(columns)).has_all(rows));
    }

    fn attached(&mut self, name: &str, bytes: &[u8]) -> Result<(), PaperError> {
        match inspect(name, bytes)? {
            Attached::Picture { format, size } => {
                self.pictures.push(Picture { format, bytes: bytes.to_vec() });
                self.picture(size);
            }
            Attached::Pages(sizes) => {
                self.breaks = true;
                self.styled("Centred", &format!("（{name}，共 {} 页，另附）", sizes.len()));
            }
        }
        self.breaks = true;
        Ok(())
    }

    /// The last picture, as large as the page allows.
    fn picture(&mut self, (width, height): (u32, u32)) {
        let index = self.pictures.len() - 1;
        let room = (297.0 - self.sheet.top - self.sheet.bottom) * POINTS_PER_MM - 2.0 * self.sheet.line;
        let scale = (self.sheet.text_width() / f64::from(width.max(1))).min(room / f64::from(height.max(1)));
        let emu = |pixels: u32| (f64::from(pixels) * scale * EMU_PER_POINT).round().max(1.0) as i64;
        let extent = |name| element(name).with("cx", emu(width)).with("cy", emu(height));
        let identity = |name| element(name).with("id", index + 1).with("name", format!("图 {}", index + 1));
        let fill = element("pic:blipFill")
            .has(element("a:blip").with("r:embed", Picture::relation(index)))
            .has(element("a:stretch").has(element("a:fillRect")));
        let shape = element("pic:spPr")
            .has(element("a:xfrm").has(element("a:off").with("x", 0).with("y", 0)).has(extent("a:ext")))
            .has(element("a:prstGeom").with("prst", "rect").has(element("a:avLst")));
        let picture = element("pic:pic")
            .has(element("pic:nvPicPr").has(identity("pic:cNvPr")).has(element("pic:cNvPicPr")))
            .has(fill)
            .has(shape);
        let uri = "http://schemas.openxmlformats.org/drawingml/2006/picture";
        let inline = element("wp:inline")
            .with("distT", 0)
            .with("distB", 0)
            .with("distL", 0)
            .with("distR", 0)
            .has(extent("wp:extent"))
            .has(identity("wp:docPr"))
            .has(element("a:graphic").has(element("a:graphicData").with("uri", uri).has(picture)));
        let properties = element("w:pPr").has(valued("w:pStyle", "Picture")).has(element("w:pageBreakBefore"));
        self.breaks = false;
        self.put(element("w:p").has(properties).has(element("w:r").has(element("w:drawing").has(inline))));
    }
}

/// The lines of a text as runs, with breaks between them.
fn runs(words: &str) -> Vec<Element> {
    let words = clean(words);
    let lines = words.split('\n').enumerate();
    lines
        .filter(|(index, line)| *index > 0 || !line.is_empty())
        .map(|(index, line)| {
            let run = element("w:r");
            let run = if index > 0 { run.has(element("w:br")) } else { run };
            if line.is_empty() { run } else { run.has(element("w:t").with("xml:space", "preserve").says(line)) }
        })
        .collect()
}

fn cell(width: i64, span: usize, grey: bool, style: &str, words: &str) -> Element {
    let mut properties = element("w:tcPr").has(element("w:tcW").with("w:w", width).with("w:type", "dxa"));
    if span > 1 {
        properties = properties.has(valued("w:gridSpan", span));
    }
    if grey {
        properties = properties.has(valued("w:shd", "clear").with("w:color", "auto").with("w:fill", "F0F0F0"));
    }
    let properties = properties.has(valued("w:vAlign", "center"));
    let paragraph = element("w:p").has(element("w:pPr").has(valued("w:pStyle", style))).has_all(runs(words));
    element("w:tc").has(properties).has(paragraph)
}

fn table_row(cells: impl IntoIterator<Item = Element>, breaks: bool, head: bool) -> Element {
    let mut properties = element("w:trPr");
    if !breaks {
        properties = properties.has(element("w:cantSplit"));
    }
    if head {
        properties = properties.has(element("w:tblHeader"));
    }
    element("w:tr").has(properties).has_all(cells)
}

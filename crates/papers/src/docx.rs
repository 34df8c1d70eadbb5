//! DOCX: the same pages as the PDF, written as Word, WPS and LibreOffice read them.

mod body;
mod element;
mod parts;

use crate::sheet::Sheet;
use crate::{Block, Document, Layout, PaperError};
use body::Body;
use std::io::{Cursor, Write};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

pub(crate) fn write(document: &Document) -> Result<Vec<u8>, PaperError> {
    let sheet = Sheet::of(document.layout);
    let mut body = Body::new(sheet, headings(document));
    body.document(document)?;
    let official = document.layout == Layout::Official;
    packed(
        &[
            ("[Content_Types].xml", parts::content_types().into_bytes()),
            ("_rels/.rels", parts::package_relations().into_bytes()),
            ("docProps/core.xml", parts::core(&document.title).into_bytes()),
            ("word/document.xml", parts::document(&body.xml, &sheet, official).into_bytes()),
            ("word/styles.xml", parts::styles(document.layout, &sheet).into_bytes()),
            ("word/settings.xml", parts::settings(official).into_bytes()),
            ("word/fontTable.xml", parts::font_table().into_bytes()),
            ("word/footer-odd.xml", parts::footer(document.layout, &sheet, true).into_bytes()),
            ("word/footer-even.xml", parts::footer(document.layout, &sheet, false).into_bytes()),
            ("word/_rels/document.xml.rels", parts::document_relations(&body.pictures).into_bytes()),
        ],
        &body.pictures,
    )
}

/// The headings that a table of contents lists.
fn headings(document: &Document) -> Vec<String> {
    let heading = |block: &Block| match block {
        Block::Heading(level, words) if *level <= 1 => Some(words.clone()),
        _ => None,
    };
    document.blocks.iter().filter_map(heading).collect()
}

/// A picture kept in the package.
pub(crate) struct Picture {
    /// `png` or `jpg`.
    pub(crate) format: &'static str,
    pub(crate) bytes: Vec<u8>,
}

impl Picture {
    /// Its name in the package, from its place among the pictures.
    pub(crate) fn file_name(&self, index: usize) -> String {
        format!("media/picture{}.{}", index + 1, self.format)
    }

    /// The name of its relation.
    pub(crate) fn relation(index: usize) -> String {
        format!("picture{}", index + 1)
    }
}

fn packed(parts: &[(&str, Vec<u8>)], pictures: &[Picture]) -> Result<Vec<u8>, PaperError> {
    let failed = |error: &dyn std::fmt::Display| PaperError::Failed(error.to_string());
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let mut put = |name: &str, bytes: &[u8]| -> Result<(), PaperError> {
        archive.start_file(name, SimpleFileOptions::default()).map_err(|e| failed(&e))?;
        archive.write_all(bytes).map_err(|e| failed(&e))
    };
    for (name, bytes) in parts {
        put(name, bytes)?;
    }
    for (index, picture) in pictures.iter().enumerate() {
        put(&format!("word/{}", picture.file_name(index)), &picture.bytes)?;
    }
    Ok(archive.finish().map_err(|e| failed(&e))?.into_inner())
}

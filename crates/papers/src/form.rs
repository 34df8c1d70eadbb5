//! Forms: a DOCX of somebody's own with placeholders `{{会议时间}}` in it, filled in without touching how it looks. What could run
//! something, fetch something or blow up is refused when it comes in.

mod check;
mod fill;
mod tree;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// Largest form, in bytes.
pub const LARGEST_FORM: usize = 5 << 20;

/// Why a DOCX cannot be used as a form, in words for the person who sent it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct BadForm {
    /// A stable code: `bad_file`, `active_content`, `external_content`, `too_large`, `bad_placeholder`.
    pub code: &'static str,
    /// What is wrong and what to do.
    pub message: String,
}

impl BadForm {
    fn new(code: &'static str, message: impl Into<String>) -> Self {
        BadForm { code, message: message.into() }
    }
}

/// What is filled into a form. A field that is in neither is left empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filling {
    /// Texts by placeholder.
    pub texts: BTreeMap<String, String>,
    /// Rows by the first part of a placeholder `名单.姓名`: the table row (or the paragraph) with such placeholders is repeated for each.
    pub rows: BTreeMap<String, Vec<BTreeMap<String, String>>>,
}

/// A form that has been looked through.
#[derive(Debug)]
pub struct Form {
    /// All parts of the package, in order.
    parts: Vec<(String, Vec<u8>)>,
}

impl Form {
    /// Looks a DOCX through: what is refused is said with what to do.
    pub fn read(bytes: &[u8]) -> Result<Self, BadForm> {
        let parts = check::unpacked(bytes)?;
        check::harmless(&parts)?;
        let form = Form { parts };
        form.placeholders()?;
        Ok(form)
    }

    /// The placeholders in it, each once.
    pub fn placeholders(&self) -> Result<BTreeSet<String>, BadForm> {
        let mut found = BTreeSet::new();
        for (name, bytes) in self.parts.iter().filter(|(name, _)| is_text(name)) {
            fill::placeholders(&tree::read(name, bytes)?, &mut found)?;
        }
        Ok(found)
    }

    /// The DOCX, filled in.
    pub fn filled(&self, filling: &Filling) -> Result<Vec<u8>, BadForm> {
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        let failed = |_| BadForm::new("bad_file", "文件没有生成，请重试");
        for (name, bytes) in &self.parts {
            let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
            archive.start_file(name.as_str(), options).map_err(|e| failed(e.to_string()))?;
            let written = if is_text(name) {
                let mut nodes = tree::read(name, bytes)?;
                fill::fill(&mut nodes, filling);
                archive.write_all(&tree::written(&nodes))
            } else {
                archive.write_all(bytes)
            };
            written.map_err(|e| failed(e.to_string()))?;
        }
        Ok(archive.finish().map_err(|e| failed(e.to_string()))?.into_inner())
    }
}

/// Parts that hold what is printed.
fn is_text(name: &str) -> bool {
    let Some(name) = name.strip_prefix("word/") else { return false };
    let begins = ["document", "header", "footer", "footnotes", "endnotes"].iter().any(|part| name.starts_with(part));
    begins && name.ends_with(".xml") && !name.contains('/')
}

/// Reads a part of an archive, but no more than so many bytes; none when there are more.
fn bounded(mut part: impl Read, most: u64) -> Option<std::io::Result<Vec<u8>>> {
    let mut bytes = Vec::new();
    match part.by_ref().take(most + 1).read_to_end(&mut bytes) {
        Ok(_) if bytes.len() as u64 > most => None,
        Ok(_) => Some(Ok(bytes)),
        Err(e) => Some(Err(e)),
    }
}

fn archive_of(bytes: &[u8]) -> Option<ZipArchive<Cursor<&[u8]>>> {
    ZipArchive::new(Cursor::new(bytes)).ok()
}

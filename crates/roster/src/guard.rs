//! What is looked at before a library parses a file: its kind by content, its size, and whether it would blow up.

use crate::BadFile;
use std::io::{Cursor, Read, Write};

/// Largest file taken in, in bytes.
pub(crate) const LARGEST_FILE: usize = 64 << 20;
/// Most bytes a zipped workbook may hold when unpacked.
const LARGEST_UNPACKED: u64 = 1 << 30;
/// Most parts of a zipped workbook.
const MOST_PARTS: usize = 2_000;
/// A part of more than this may not be packed tighter than [`TIGHTEST`].
const LARGE_PART: u64 = 64 << 20;
/// Bytes unpacked for one packed byte.
const TIGHTEST: u64 = 150;
/// Most bytes and tags of the table of shared texts, which is kept in memory while a workbook is read.
const LARGEST_SHARED: u64 = 384 << 20;
const MOST_SHARED_TAGS: u64 = 32_000_000;
/// Most bytes of the styles, and of one tag in them.
const LARGEST_STYLES: u64 = 32 << 20;
const LONGEST_STYLE: u64 = 4_096;

/// What a file is, by its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Xlsx,
    Ods,
    Xls,
    Text,
}

/// Finds out what a file is and refuses what cannot or must not be parsed.
pub(crate) fn inspect(bytes: &[u8]) -> Result<Kind, BadFile> {
    if bytes.is_empty() {
        return Err(BadFile::new("文件是空的。请选择花名册文件"));
    }
    if bytes.len() > LARGEST_FILE {
        return Err(BadFile::new(format!("文件超过 {} MB。请删去图片等无关内容，或分成几个文件", LARGEST_FILE >> 20)));
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return unpack(bytes);
    }
    if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]) {
        return Ok(Kind::Xls);
    }
    Ok(Kind::Text)
}

pub(crate) fn password() -> BadFile {
    BadFile::new("文件有打开密码。请在表格软件中取消密码、另存后再导入")
}

pub(crate) fn damaged() -> BadFile {
    BadFile::new("文件已损坏，无法读取。请用表格软件打开、另存后再导入")
}

fn bomb() -> BadFile {
    BadFile::new("文件解压后大得反常，不予读取。请用表格软件打开、另存后再导入")
}

/// Unpacks every part once, counting, so that a declared size cannot lie.
fn unpack(bytes: &[u8]) -> Result<Kind, BadFile> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged())?;
    if archive.len() > MOST_PARTS {
        return Err(bomb());
    }
    let mut kind = None;
    let mut unpacked = 0;
    for i in 0..archive.len() {
        let mut part =
            archive.by_index(i).map_err(|e| if e.to_string().contains("assword") { password() } else { damaged() })?;
        let name = part.name().map_err(|_| damaged())?.into_owned();
        match name.as_str() {
            "xl/workbook.xml" => kind = Some(Kind::Xlsx),
            "content.xml" => kind = kind.or(Some(Kind::Ods)),
            "EncryptedPackage" | "encrypted-package" => return Err(password()),
            _ => {}
        }
        let packed = part.compressed_size().max(1);
        let mut counter = Counter::default();
        if name == "META-INF/manifest.xml" {
            let mut manifest = String::new();
            (&mut part).take(1 << 20).read_to_string(&mut manifest).map_err(|_| damaged())?;
            if manifest.contains("encryption-data") {
                return Err(password());
            }
        }
        std::io::copy(&mut (&mut part).take(LARGEST_UNPACKED + 1), &mut counter).map_err(|_| damaged())?;
        unpacked += counter.bytes;
        let lower = name.to_lowercase();
        let shared = lower.ends_with("sharedstrings.xml");
        let styles = lower.ends_with("styles.xml");
        if unpacked > LARGEST_UNPACKED
            || (counter.bytes > LARGE_PART && counter.bytes / packed > TIGHTEST)
            || (shared && (counter.bytes > LARGEST_SHARED || counter.tags > MOST_SHARED_TAGS))
            || (styles && (counter.bytes > LARGEST_STYLES || counter.longest > LONGEST_STYLE))
        {
            return Err(bomb());
        }
    }
    kind.ok_or_else(|| BadFile::new("这不是电子表格文件。请导入 xlsx、xls 或 csv 文件"))
}

/// Counts what passes through: bytes, tags, and the longest stretch without one.
#[derive(Default)]
struct Counter {
    bytes: u64,
    tags: u64,
    stretch: u64,
    longest: u64,
}

impl Write for Counter {
    fn write(&mut self, piece: &[u8]) -> std::io::Result<usize> {
        self.bytes += piece.len() as u64;
        for (i, between) in piece.split(|byte| *byte == b'<').enumerate() {
            if i > 0 {
                self.tags += 1;
                self.stretch = 0;
            }
            self.stretch += between.len() as u64;
            self.longest = self.longest.max(self.stretch);
        }
        Ok(piece.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

//! What is looked at before a library parses a file: its kind by content, its size, and whether it would blow up.

use crate::BadFile;
use std::io::{Cursor, Read};

/// Largest file taken in, in bytes.
pub(crate) const LARGEST_FILE: usize = 64 << 20;
/// Most bytes a zipped workbook may hold when unpacked.
const LARGEST_UNPACKED: u64 = 800 << 20;
/// Most parts of a zipped workbook.
const MOST_PARTS: usize = 2_000;
/// A part of more than this may not be packed tighter than [`TIGHTEST`].
const LARGE_PART: u64 = 64 << 20;
const TIGHTEST: u64 = 150;

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
        let marked: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
        if bytes.windows(marked.len()).any(|window| window == marked) {
            return Err(password());
        }
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

/// Unpacks every part once, counting, so that a declared size cannot lie.
fn unpack(bytes: &[u8]) -> Result<Kind, BadFile> {
    let bomb = || BadFile::new("文件解压后大得反常，不予读取。请用表格软件打开、另存后再导入");
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged())?;
    if archive.len() > MOST_PARTS {
        return Err(bomb());
    }
    let mut kind = None;
    let mut unpacked = 0;
    for i in 0..archive.len() {
        let mut part =
            archive.by_index(i).map_err(|e| if e.to_string().contains("assword") { password() } else { damaged() })?;
        match part.name().map_err(|_| damaged())?.as_ref() {
            "xl/workbook.xml" => kind = Some(Kind::Xlsx),
            "content.xml" => kind = kind.or(Some(Kind::Ods)),
            "EncryptedPackage" => return Err(password()),
            _ => {}
        }
        let packed = part.compressed_size().max(1);
        let size =
            std::io::copy(&mut (&mut part).take(LARGEST_UNPACKED + 1), &mut std::io::sink()).map_err(|_| damaged())?;
        unpacked += size;
        if unpacked > LARGEST_UNPACKED || (size > LARGE_PART && size / packed > TIGHTEST) {
            return Err(bomb());
        }
    }
    kind.ok_or_else(|| BadFile::new("这不是电子表格文件。请导入 xlsx、xls 或 csv 文件"))
}

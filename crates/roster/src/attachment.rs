//! What an attachment is, by its content and never by its name: PDF, JPEG, PNG, DOCX, XLSX. A document that carries macros or
//! fetches its template from elsewhere is refused. It keeps nothing and renders nothing.

use crate::BadFile;
use std::io::{Cursor, Read};

/// Largest attachment, in bytes.
pub const LARGEST_ATTACHMENT: usize = 20 << 20;
/// Most parts of a document.
const MOST_PARTS: usize = 5_000;
/// Most bytes read of a part that is looked into.
const LARGEST_LOOKED_INTO: u64 = 4 << 20;

/// A sort of attachment that is accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attachment {
    /// PDF.
    Pdf,
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// DOCX without macros.
    Docx,
    /// XLSX without macros.
    Xlsx,
}

impl Attachment {
    /// The media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Attachment::Pdf => "application/pdf",
            Attachment::Jpeg => "image/jpeg",
            Attachment::Png => "image/png",
            Attachment::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Attachment::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }

    /// The ending that belongs on its name.
    pub fn ending(self) -> &'static str {
        match self {
            Attachment::Pdf => "pdf",
            Attachment::Jpeg => "jpg",
            Attachment::Png => "png",
            Attachment::Docx => "docx",
            Attachment::Xlsx => "xlsx",
        }
    }

    /// Finds out what a file is; refuses every other sort, in words.
    pub fn of(bytes: &[u8]) -> Result<Self, BadFile> {
        if bytes.is_empty() {
            return Err(BadFile::new("文件是空的。请重新选择"));
        }
        if bytes.len() > LARGEST_ATTACHMENT {
            let most = LARGEST_ATTACHMENT >> 20;
            return Err(BadFile::new(format!("文件超过 {most} MB。请压缩图片或分成几个文件后再上传")));
        }
        if bytes.starts_with(b"%PDF-") {
            return Ok(Attachment::Pdf);
        }
        if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
            return Ok(Attachment::Jpeg);
        }
        if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
            return Ok(Attachment::Png);
        }
        if bytes.starts_with(b"PK\x03\x04") { document(bytes) } else { Err(other()) }
    }
}

fn other() -> BadFile {
    BadFile::new("只收 PDF、JPG、PNG、DOCX、XLSX 文件（按内容识别，改扩展名无效；旧格式或有打开密码的请另存后再传）")
}

fn active() -> BadFile {
    BadFile::new("文件带有宏或外部模板，可能自动运行，不予接收。请另存为不含宏的 DOCX、XLSX 或 PDF 后再上传")
}

fn document(bytes: &[u8]) -> Result<Attachment, BadFile> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| other())?;
    if archive.len() > MOST_PARTS {
        return Err(other());
    }
    let mut kind = None;
    for i in 0..archive.len() {
        let part = archive.by_index(i).map_err(|_| other())?;
        let name = part.name().map_err(|_| other())?.replace('\\', "/").to_lowercase();
        match name.as_str() {
            "word/document.xml" => kind = Some(Attachment::Docx),
            "xl/workbook.xml" => kind = kind.or(Some(Attachment::Xlsx)),
            _ => {}
        }
        if ["vbaproject", "vbadata", "macrosheets/", "activex/", "dialogsheets/"].iter().any(|word| name.contains(word))
        {
            return Err(active());
        }
        let told = if name == "[content_types].xml" {
            "macroenabled"
        } else if name.ends_with("settings.xml.rels") {
            "external"
        } else {
            continue;
        };
        let mut text = Vec::new();
        part.take(LARGEST_LOOKED_INTO).read_to_end(&mut text).map_err(|_| other())?;
        if String::from_utf8_lossy(&text).to_lowercase().contains(told) {
            return Err(active());
        }
    }
    kind.ok_or_else(other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use zip::write::SimpleFileOptions;

    fn zipped(parts: &[(&str, &str)]) -> Vec<u8> {
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in parts {
            archive.start_file(*name, SimpleFileOptions::default()).unwrap();
            archive.write_all(text.as_bytes()).unwrap();
        }
        archive.finish().unwrap().into_inner()
    }

    #[test]
    fn the_content_decides_what_a_file_is() {
        assert_eq!(Attachment::of(b"%PDF-1.7\n"), Ok(Attachment::Pdf));
        assert_eq!(Attachment::of(&[0xff, 0xd8, 0xff, 0xe0]), Ok(Attachment::Jpeg));
        assert_eq!(Attachment::of(b"\x89PNG\r\n\x1a\n"), Ok(Attachment::Png));
        assert_eq!(Attachment::of(&zipped(&[("word/document.xml", "")])), Ok(Attachment::Docx));
        let sheet = crate::Sheet::new("甲", &["乙".to_owned()]).unwrap().finish().unwrap();
        assert_eq!(Attachment::of(&sheet), Ok(Attachment::Xlsx));
    }

    #[test]
    fn every_other_sort_is_refused() {
        let ole = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
        for bytes in [&b""[..], b"MZ\x90\0", b"<html><script>", &ole, b"PK\x03\x04", &zipped(&[("a.exe", "")])] {
            assert!(Attachment::of(bytes).is_err());
        }
        let mut large = b"%PDF-".to_vec();
        large.resize(LARGEST_ATTACHMENT + 1, 0);
        assert!(Attachment::of(&large).unwrap_err().0.contains("20 MB"));
    }

    #[test]
    fn documents_that_could_run_something_are_refused() {
        let document = ("word/document.xml", "");
        for part in [
            ("word/vbaProject.bin", ""),
            ("word/activeX/activeX1.bin", ""),
            ("xl/macrosheets/sheet1.xml", ""),
            ("[Content_Types].xml", "application/vnd.ms-word.document.macroEnabled.main+xml"),
            ("word/_rels/settings.xml.rels", "<Relationship Target=\"http://x/a.dotm\" TargetMode=\"External\"/>"),
        ] {
            assert!(Attachment::of(&zipped(&[document, part])).unwrap_err().0.contains("宏"), "{}", part.0);
        }
    }
}

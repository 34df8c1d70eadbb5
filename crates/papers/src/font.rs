//! The fonts of this machine, searched for once. A role (仿宋, 黑体 …) takes the first font there is of its list.

use std::path::PathBuf;
use std::sync::{LazyLock, OnceLock};
use typst::foundations::Bytes;
use typst::text::{Font, FontBook, FontInfo};
use typst::utils::LazyHash;

/// Fonts for one role, best first. Names as Windows, macOS, WPS and Debian give them.
const TITLE: [&str; 5] =
    ["FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "方正小标宋简体", "方正小标宋_GBK", "STZhongsong"];
const BODY: [&str; 7] =
    ["FangSong_GB2312", "仿宋_GB2312", "FangSong", "仿宋", "STFangsong", "华文仿宋", "FZFangSong-Z02S"];
const HEI: [&str; 7] =
    ["SimHei", "黑体", "STHeiti", "Noto Sans CJK SC", "Source Han Sans SC", "Noto Sans SC", "WenQuanYi Zen Hei"];
const KAI: [&str; 6] = ["KaiTi_GB2312", "楷体_GB2312", "KaiTi", "楷体", "STKaiti", "AR PL UKai CN"];
const SONG: [&str; 7] =
    ["SimSun", "宋体", "STSong", "Noto Serif CJK SC", "Source Han Serif SC", "Noto Serif SC", "AR PL UMing CN"];

/// The fonts chosen for the roles, each a list: the best there is, then what has Chinese characters at all.
#[derive(Debug, Clone)]
pub(crate) struct Roles {
    pub(crate) title: Vec<String>,
    /// Whether the title's font must be made bold to stand out: where it is not 小标宋 itself.
    pub(crate) title_is_plain: bool,
    pub(crate) body: Vec<String>,
    pub(crate) hei: Vec<String>,
    pub(crate) kai: Vec<String>,
    pub(crate) song: Vec<String>,
}

/// All fonts, and the ones chosen.
pub(crate) struct Fonts {
    pub(crate) book: LazyHash<FontBook>,
    /// None where no font has Chinese characters.
    pub(crate) roles: Option<Roles>,
    /// The files, in the order of the book.
    files: Vec<FontFile>,
}

/// Where a font lies; it is read when it is first needed.
struct FontFile {
    path: PathBuf,
    /// Its place in a collection of fonts.
    index: u32,
    read: OnceLock<Option<Font>>,
}

impl Fonts {
    /// The font at this place of the book.
    pub(crate) fn font(&self, index: usize) -> Option<Font> {
        let file = self.files.get(index)?;
        file.read.get_or_init(|| Font::new(Bytes::new(std::fs::read(&file.path).ok()?), file.index)).clone()
    }
}

/// The fonts of this machine.
pub(crate) static FONTS: LazyLock<Fonts> = LazyLock::new(|| {
    let mut machine = fontdb::Database::new();
    machine.load_system_fonts();
    let mut book = FontBook::new();
    let mut files = Vec::new();
    for face in machine.faces() {
        let fontdb::Source::File(path) = &face.source else { continue };
        let Some(Some(info)) = machine.with_face_data(face.id, FontInfo::new) else { continue };
        book.push(info);
        files.push(FontFile { path: path.clone(), index: face.index, read: OnceLock::new() });
    }
    let roles = choose(&book);
    Fonts { book: LazyHash::new(book), roles, files }
});

/// Whether this machine has a font with Chinese characters: without one there is no PDF, only DOCX.
pub fn has_chinese_font() -> bool {
    FONTS.roles.is_some()
}

fn choose(book: &FontBook) -> Option<Roles> {
    let chinese = |family: &str| {
        book.select_family(&family.to_lowercase())
            .any(|index| book.info(index).is_some_and(|info| info.coverage.contains(u32::from('党'))))
    };
    let any = book.families().map(|(family, _)| family.to_owned()).filter(|family| chinese(family)).min()?;
    let of = |names: &[&str], otherwise: &[&str]| {
        let mut list: Vec<String> =
            names.iter().chain(otherwise).filter(|name| chinese(name)).map(|name| (*name).to_owned()).collect();
        list.truncate(2);
        list.push(any.clone());
        list
    };
    Some(Roles {
        title: of(&TITLE, &SONG),
        title_is_plain: !TITLE.iter().any(|name| chinese(name)),
        body: of(&BODY, &SONG),
        hei: of(&HEI, &SONG),
        kai: of(&KAI, &SONG),
        song: of(&SONG, &BODY),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_chinese_font_there_are_no_roles() {
        assert!(choose(&FontBook::new()).is_none());
    }

    #[test]
    fn this_machine_has_a_font_for_every_role() {
        assert!(has_chinese_font());
    }
}

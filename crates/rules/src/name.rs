//! Names of persons (REG-08).

use crate::text::halfwidth;
use serde::{Deserialize, Deserializer, Serialize, de};
use std::fmt;

/// A person's name: Chinese characters, the interpunct 「·」, Latin letters. Nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct PersonName(String);

/// Why a text is not a name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Nothing there.
    #[error("姓名没有填写")]
    Empty,
    /// A character no name has.
    #[error("姓名中有不能使用的字符「{0}」，只能是汉字、间隔号「·」和拉丁字母。请核对")]
    Character(char),
    /// Longer than any name.
    #[error("姓名超过 50 个字。请核对")]
    TooLong,
}

impl PersonName {
    /// Reads a name: inner spaces of a Chinese name are taken out, look-alikes of the interpunct put right.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let text: String = text
            .chars()
            .map(|c| if matches!(c, '•' | '‧' | '・' | '･' | '∙' | '⋅' | '．' | '●') { '·' } else { c })
            .collect();
        let text = halfwidth(&text);
        let latin = text.chars().all(|c| c.is_ascii_alphabetic() || matches!(c, ' ' | '·'));
        let words: Vec<&str> = text.split_whitespace().collect();
        let name = words.join(if latin { " " } else { "" });
        let name = name.trim_matches('·');
        if name.is_empty() {
            return Err(NameError::Empty);
        }
        if let Some(wrong) = name.chars().find(|c| !is_name_character(*c)) {
            return Err(NameError::Character(wrong));
        }
        if name.chars().count() > 50 {
            return Err(NameError::TooLong);
        }
        Ok(PersonName(name.to_owned()))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_name_character(c: char) -> bool {
    c.is_ascii_alphabetic()
        || matches!(c, '·' | ' ' | '〇')
        || ('\u{c0}'..='\u{24f}').contains(&c) && c.is_alphabetic()
        || matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

impl fmt::Display for PersonName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for PersonName {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        PersonName::parse(&String::deserialize(d)?).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reg_08_names_are_put_right_or_refused() {
        for (text, name) in [
            ("张 三", "张三"),
            (" 欧阳　小 明 ", "欧阳小明"),
            ("买买提•艾山", "买买提·艾山"),
            ("阿依古丽．吐尔逊", "阿依古丽·吐尔逊"),
            ("John  Smith", "John Smith"),
            ("𠮷田", "𠮷田"),
            ("李〇", "李〇"),
        ] {
            assert_eq!(PersonName::parse(text).map(|n| n.to_string()), Ok(name.to_owned()), "{text}");
        }
        for text in [
            "",
            "  ",
            "=1+1",
            "张三1",
            "http://a.b",
            "张\u{7}三",
            "张三(小)",
            "@张三",
            "-张",
            "<b>",
            "张".repeat(51).as_str(),
        ] {
            assert!(PersonName::parse(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_read_name_reads_again_as_itself(text in "\\PC{0,20}") {
            if let Ok(name) = PersonName::parse(&text) {
                prop_assert_eq!(PersonName::parse(name.as_str()), Ok(name));
            }
        }
    }
}

//! What somebody who types into the search box may mean. Pure; finding is the store's.

use crate::identity::IdentityNumber;
use crate::phone::Phone;
use crate::text::{compact, halfwidth};

/// Digits from which on the end of a number is searched for.
pub const TAIL: usize = 4;
/// The longest text searched for, in characters.
const LONGEST: usize = 64;

/// What a text may mean of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sought {
    /// A whole identity number.
    Identity(IdentityNumber),
    /// A whole phone number.
    Phone(Phone),
    /// The last digits, four or more, of an identity or phone number.
    Tail(String),
    /// Pinyin initials, in small letters, or a name in Latin letters.
    Letters(String),
    /// Part of a name.
    Name(String),
    /// Nothing that a person is found by.
    Nothing,
}

/// The text without what no name, code or number has: control characters, outer and (but for Latin names) inner spaces.
pub fn plain(text: &str) -> String {
    let text: String = halfwidth(text).chars().filter(|c| !c.is_control()).take(LONGEST).collect();
    let text = text.trim();
    if text.is_ascii() { text.to_owned() } else { compact(text) }
}

/// Reads a text that [`plain`] has been applied to.
pub fn read(text: &str) -> Sought {
    if text.is_empty() {
        return Sought::Nothing;
    }
    let dense = compact(text).to_uppercase();
    let digits = dense.strip_suffix('X').unwrap_or(&dense);
    if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        if let Ok(identity) = IdentityNumber::parse(&dense) {
            return Sought::Identity(identity);
        }
        if let Ok(phone) = Phone::parse(&dense) {
            return Sought::Phone(phone);
        }
        return if dense.len() >= TAIL { Sought::Tail(dense) } else { Sought::Nothing };
    }
    if text.is_ascii() { Sought::Letters(text.to_lowercase()) } else { Sought::Name(text.to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_text_is_taken_for_what_it_looks_like() {
        let identity = IdentityNumber::synthetic(510_104, date(1985, 3, 1), 1);
        assert_eq!(read(&plain(identity.expose())), Sought::Identity(identity.clone()));
        assert_eq!(read(&plain(&identity.expose().to_lowercase())), Sought::Identity(identity));
        assert_eq!(read("16000000001"), Sought::Phone(Phone::parse("16000000001").unwrap()));
        assert_eq!(read("1234"), Sought::Tail("1234".into()));
        assert_eq!(read("001x"), Sought::Tail("001X".into()));
        assert_eq!(read("123"), Sought::Nothing);
        assert_eq!(read("X"), Sought::Letters("x".into()));
        assert_eq!(read("ZS"), Sought::Letters("zs".into()));
        assert_eq!(read("张三"), Sought::Name("张三".into()));
        assert_eq!(read(""), Sought::Nothing);
    }

    #[test]
    fn spaces_and_control_characters_are_left_out() {
        assert_eq!(plain(" 张\u{3000}三\0\n"), "张三");
        assert_eq!(plain(" John Smith "), "John Smith");
        assert_eq!(plain("１２３４"), "1234");
        assert_eq!(plain(&"长".repeat(500)).chars().count(), 64);
    }
}

//! Telephone numbers: mobile numbers of the mainland, and fixed lines with area code.

use crate::text::compact;
use std::fmt;

/// A telephone number. Shown in full only through [`Phone::expose`].
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Phone(String);

/// A text that is not a telephone number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("联系电话应为 11 位手机号码，或带区号的固定电话（如 028-12345678）。请核对")]
pub struct PhoneError;

impl Phone {
    /// Reads a number; spaces, hyphens, brackets and the country code 86 are taken off.
    pub fn parse(text: &str) -> Result<Self, PhoneError> {
        let digits: String = compact(text).chars().filter(|c| !matches!(c, '-' | '(' | ')' | '—' | '－')).collect();
        let digits = digits.strip_prefix("+86").or_else(|| digits.strip_prefix("0086")).unwrap_or(&digits);
        if !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(PhoneError);
        }
        let mobile = digits.len() == 11 && digits.starts_with('1') && digits.as_bytes()[1] >= b'3';
        let fixed = (10..=12).contains(&digits.len()) && digits.starts_with('0') && digits.as_bytes()[1] != b'0';
        if mobile || fixed { Ok(Phone(digits.to_owned())) } else { Err(PhoneError) }
    }

    /// The whole number. Whoever calls this answers for where it goes.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// As every screen shows it: 138****1234.
    pub fn masked(&self) -> String {
        format!("{}****{}", &self.0[..3], self.tail())
    }

    /// The last four digits.
    pub fn tail(&self) -> &str {
        &self.0[self.0.len() - 4..]
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Phone(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_put_right_or_refused() {
        for (text, digits) in [
            ("13800001234", "13800001234"),
            ("+86 138-0000-1234", "13800001234"),
            ("１３８００００１２３４", "13800001234"),
            ("028-12345678", "02812345678"),
            ("（010）12345678", "01012345678"),
        ] {
            assert_eq!(Phone::parse(text).map(|p| p.expose().to_owned()), Ok(digits.to_owned()), "{text}");
        }
        for text in ["", "12800001234", "1380000123", "138000012345", "电话", "1380000123a", "00123456789"] {
            assert!(Phone::parse(text).is_err(), "{text}");
        }
        assert_eq!(Phone::parse("13800001234").unwrap().masked(), "138****1234");
    }
}

//! 统一社会信用代码 (GB 32100): 18 characters, the last a check modulo 31.

use crate::text::compact;
use std::fmt;

/// A valid unified social credit code (REG-06).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Uscc(String);

/// Why a text is not a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UsccError {
    /// Not 18 characters of the standard's set (digits and letters without I, O, S, V, Z).
    #[error("统一社会信用代码应为 18 位数字和大写字母（不含 I、O、S、V、Z）。请核对")]
    Form,
    /// The check character does not fit.
    #[error("统一社会信用代码末位校验不符，可能录错了一位。请对照营业执照核对")]
    Checksum,
}

const SET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

impl Uscc {
    /// Reads a code; spaces, full-width and small letters are put right.
    pub fn parse(text: &str) -> Result<Self, UsccError> {
        let code = compact(text).to_uppercase();
        let places: Option<Vec<usize>> = code.bytes().map(|b| SET.iter().position(|s| *s == b)).collect();
        let places = places.filter(|places| places.len() == 18).ok_or(UsccError::Form)?;
        if check(&places[..17]) != places[17] {
            return Err(UsccError::Checksum);
        }
        Ok(Uscc(code))
    }

    /// A well-formed code for synthetic units.
    pub fn synthetic(number: u32) -> Self {
        let body = format!("91510100MA{:07}", number % 10_000_000);
        let places: Vec<usize> = body.bytes().filter_map(|b| SET.iter().position(|s| *s == b)).collect();
        Uscc(format!("{body}{}", SET[check(&places)] as char))
    }
}

fn check(places: &[usize]) -> usize {
    let (sum, _) = places.iter().fold((0, 1), |(sum, weight), place| (sum + place * weight, weight * 3 % 31));
    (31 - sum % 31) % 31
}

impl fmt::Display for Uscc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reg_06_the_check_character_decides() {
        let code = Uscc::synthetic(1234567);
        assert_eq!(Uscc::parse(&code.to_string().to_lowercase()), Ok(code.clone()));
        let mut wrong = code.to_string();
        wrong.replace_range(10..11, "9");
        assert_eq!(Uscc::parse(&wrong), Err(UsccError::Checksum));
        assert_eq!(Uscc::parse("91510100MA1234567"), Err(UsccError::Form));
        assert_eq!(Uscc::parse("91510100MO12345678"), Err(UsccError::Form));
    }
}

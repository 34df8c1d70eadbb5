//! 公民身份号码 (GB 11643). A number in hand is a valid one; it shows itself only through [`IdentityNumber::expose`].

use crate::codes::Gender;
use crate::text::compact;
use jiff::civil::Date;
use std::fmt;

/// A valid 18-character identity number (REG-01).
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct IdentityNumber(String);

/// Why a text is not an identity number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IdentityError {
    /// Not 18 characters.
    #[error("公民身份号码应为 18 位，现为 {0} 位。请核对")]
    Length(usize),
    /// A character that is neither a digit nor a closing X.
    #[error("公民身份号码只能是数字，末位可为 X。请核对")]
    Character,
    /// The 15-digit number of before 1999.
    #[error("这是 15 位旧身份证号，请换成 18 位新号")]
    FifteenDigits,
    /// Digits 7 to 14 are no day.
    #[error("公民身份号码第 7 至 14 位不是有效的出生日期。请核对")]
    Birth,
    /// The check character does not fit.
    #[error("公民身份号码末位校验不符，可能录错了一位。请对照身份证核对")]
    Checksum,
}

const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS: &[u8; 11] = b"10X98765432";

fn check_character(digits: &[u8]) -> u8 {
    let sum: u32 = digits.iter().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    CHECKS[(sum % 11) as usize]
}

impl IdentityNumber {
    /// Reads a number; spaces, full-width digits and a small x are put right.
    pub fn parse(text: &str) -> Result<Self, IdentityError> {
        let number = compact(text).to_uppercase();
        let bytes = number.as_bytes();
        if bytes.len() == 15 && bytes.iter().all(u8::is_ascii_digit) {
            return Err(IdentityError::FifteenDigits);
        }
        if number.chars().count() != 18 {
            return Err(IdentityError::Length(number.chars().count()));
        }
        if bytes.len() != 18
            || !bytes[..17].iter().all(u8::is_ascii_digit)
            || !(bytes[17].is_ascii_digit() || bytes[17] == b'X')
        {
            return Err(IdentityError::Character);
        }
        if birth(&number).is_none() {
            return Err(IdentityError::Birth);
        }
        if check_character(&bytes[..17]) != bytes[17] {
            return Err(IdentityError::Checksum);
        }
        Ok(IdentityNumber(number))
    }

    /// A well-formed number that belongs to nobody known: for synthetic persons.
    pub fn synthetic(region: u32, birth: Date, sequence: u16) -> Self {
        let body = format!(
            "{:06}{:04}{:02}{:02}{:03}",
            region % 1_000_000,
            birth.year(),
            birth.month(),
            birth.day(),
            sequence % 1000
        );
        let check = check_character(body.as_bytes()) as char;
        IdentityNumber(format!("{body}{check}"))
    }

    /// The whole number. Whoever calls this answers for where it goes.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Birth date, from digits 7 to 14.
    pub fn birth_date(&self) -> Date {
        birth(&self.0).unwrap_or(Date::MIN)
    }

    /// Gender, from digit 17: odd for men.
    pub fn gender(&self) -> Gender {
        if self.0.as_bytes()[16] % 2 == 1 { Gender::Male } else { Gender::Female }
    }

    /// As every screen shows it: 510104********0014.
    pub fn masked(&self) -> String {
        format!("{}********{}", &self.0[..6], self.tail())
    }

    /// The last four characters.
    pub fn tail(&self) -> &str {
        &self.0[14..]
    }
}

fn birth(number: &str) -> Option<Date> {
    let part = |from: usize, to: usize| number.get(from..to).and_then(|digits| digits.parse::<i16>().ok());
    let year = part(6, 10).filter(|year| (1900..=2100).contains(year))?;
    Date::new(year, part(10, 12)? as i8, part(12, 14)? as i8).ok()
}

/// Whether a masked number, as lists and exports show it.
pub fn is_masked(text: &str) -> bool {
    text.contains("****")
}

/// Whether a text shows a number that a spreadsheet's number cell has cut to 15 digits (REG-02).
pub fn looks_precision_lost(text: &str) -> bool {
    let text = compact(text).to_uppercase();
    let scientific = text.contains("E+") && text.starts_with(|c: char| c.is_ascii_digit());
    scientific || (text.len() == 18 && text.ends_with("000") && text.bytes().all(|b| b.is_ascii_digit()))
}

impl fmt::Debug for IdentityNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdentityNumber(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    #[test]
    fn reg_01_the_check_character_decides() {
        let number = IdentityNumber::synthetic(510_104, date(1985, 3, 1), 1);
        assert_eq!(number.birth_date(), date(1985, 3, 1));
        assert_eq!(number.gender(), Gender::Male);
        assert!(number.masked().starts_with("510104********001"));
        // The example of the standard itself.
        assert!(IdentityNumber::parse("11010519491231002X").is_ok());
        assert!(IdentityNumber::parse("１１０１０５ 19491231002x").is_ok());
        assert_eq!(IdentityNumber::parse("110105194912310021"), Err(IdentityError::Checksum));
        assert_eq!(IdentityNumber::parse("110105194902300021"), Err(IdentityError::Birth));
        assert_eq!(IdentityNumber::parse("11010519491231002"), Err(IdentityError::Length(17)));
        assert_eq!(IdentityNumber::parse("11010519491231O02X"), Err(IdentityError::Character));
        assert_eq!(IdentityNumber::parse("110105491231002"), Err(IdentityError::FifteenDigits));
    }

    #[test]
    fn reg_02_lost_digits_are_seen() {
        assert!(looks_precision_lost("510104198503010000"));
        assert!(looks_precision_lost("5.10104E+17"));
        assert!(!looks_precision_lost("11010519491231002X"));
    }

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(format!("{:?}", IdentityNumber::synthetic(110_105, date(1990, 1, 1), 2)), "IdentityNumber(…)");
    }

    proptest! {
        #[test]
        fn reg_01_any_one_wrong_digit_is_found(days in 0..30_000i32, seq in 0..999u16, at in 0..18usize, plus in 1..10u8) {
            let birth = date(1930, 1, 1).checked_add(jiff::Span::new().days(days)).unwrap();
            let number = IdentityNumber::synthetic(440_300, birth, seq);
            prop_assert_eq!(IdentityNumber::parse(number.expose()), Ok(number.clone()));
            let mut wrong = number.expose().as_bytes().to_vec();
            if wrong[at].is_ascii_digit() {
                wrong[at] = b'0' + (wrong[at] - b'0' + plus) % 10;
                prop_assert!(IdentityNumber::parse(std::str::from_utf8(&wrong).unwrap()).is_err());
            }
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in "\\PC{0,24}") {
            let _ = IdentityNumber::parse(&text);
            let _ = looks_precision_lost(&text);
        }
    }
}

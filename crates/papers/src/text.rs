//! Text made fit for paper: what cannot be printed is left out, what cannot be broken is given places to break.

use std::fmt::Write;

/// A place where a line may be broken, of no width.
const BREAK: char = '\u{200b}';

/// The text without what no page can show: control characters, marks that turn the direction of writing, and characters that
/// XML does not allow. Line ends of every kind become `\n`.
pub(crate) fn clean(text: &str) -> String {
    let mut cleaned = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\r' => {
                if characters.peek() != Some(&'\n') {
                    cleaned.push('\n');
                }
            }
            '\n' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => cleaned.push('\n'),
            '\t' => cleaned.push(' '),
            '\u{ad}'
            | BREAK
            | '\u{200e}'
            | '\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}' => {}
            '\u{fdd0}'..='\u{fdef}' | '\u{fff0}'..='\u{fffb}' => {}
            '\u{e0000}'..='\u{e0fff}' => {}
            _ if character.is_control() || u32::from(character) & 0xfffe == 0xfffe => {}
            _ => cleaned.push(character),
        }
    }
    cleaned
}

/// The text with places to break in every run of more than `longest` characters that has none.
pub(crate) fn breakable(text: &str, longest: usize) -> String {
    let mut broken = String::with_capacity(text.len());
    let mut run = 0;
    for character in text.chars() {
        if character.is_whitespace() || is_wide(character) {
            run = 0;
        } else {
            run += 1;
            if run > longest {
                broken.push(BREAK);
            }
        }
        broken.push(character);
    }
    broken
}

/// The width of a line in half characters: a Chinese character is two.
pub(crate) fn width(text: &str) -> usize {
    text.chars().map(|character| if is_wide(character) { 2 } else { 1 }).sum()
}

fn is_wide(character: char) -> bool {
    matches!(u32::from(character), 0x1100..=0x115f | 0x2010..=0x2027 | 0x2030..=0x2044 | 0x2460..=0x24ff | 0x2e80..=0xa4cf
        | 0xac00..=0xd7a3 | 0xf900..=0xfaff | 0xfe30..=0xfe4f | 0xff00..=0xff60 | 0xffe0..=0xffe6 | 0x2_0000..=0x3_ffff)
}

/// A day as a document writes it: 2026年3月5日.
pub(crate) fn long_date(day: jiff::civil::Date) -> String {
    let mut words = String::new();
    let _ = write!(words, "{}年{}月{}日", day.year(), day.month(), day.day());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_printed_is_left_out() {
        assert_eq!(clean("甲\u{0}乙\u{1b}[0m丙\u{202e}丁\u{feff}\u{ffff}戊\u{fffe}"), "甲乙[0m丙丁戊");
    }

    #[test]
    fn every_kind_of_line_end_is_one() {
        assert_eq!(clean("一\r\n二\r三\u{2028}四\u{c}五\t六"), "一\n二\n三\n四\n五 六");
    }

    #[test]
    fn only_overlong_runs_are_given_places_to_break() {
        assert_eq!(breakable("GB/T 9704-2012 党政机关", 12), "GB/T 9704-2012 党政机关");
        assert_eq!(breakable("aaaaa党aaaa", 4), "aaaa\u{200b}a党aaaa");
    }

    #[test]
    fn a_chinese_character_is_two_wide() {
        assert_eq!(width("2026年3月5日"), 12);
    }
}

//! Text as people type it: full-width forms, odd spaces. Shared by every reader of a field.

/// Full-width letters, digits and signs as their half-width forms; the ideographic space as a space.
pub fn halfwidth(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{3000}' | '\u{a0}' => ' ',
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
            _ => c,
        })
        .collect()
}

/// Half-width and without any white space: how codes, numbers and list values are compared.
pub fn compact(text: &str) -> String {
    halfwidth(text).chars().filter(|c| !c.is_whitespace() && !matches!(c, '\u{200b}' | '\u{feff}')).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn full_width_becomes_half_width() {
        assert_eq!(super::halfwidth("１９９０．０１　Ａ（ｂ）"), "1990.01 A(b)");
        assert_eq!(super::compact(" 第 一\u{3000}党支部\u{200b} "), "第一党支部");
    }
}

//! Tables on a terminal, where a Chinese character is twice as wide as a letter.

/// Lines of cells in aligned columns, two spaces between them. `right` names the columns that are aligned at their ends.
pub(crate) fn aligned(lines: &[Vec<String>], right: impl Fn(usize) -> bool) -> String {
    let columns = lines.iter().map(Vec::len).max().unwrap_or_default();
    let widths: Vec<usize> = (0..columns)
        .map(|at| lines.iter().filter_map(|line| line.get(at)).map(|cell| width(cell)).max().unwrap_or(0))
        .collect();
    let mut text = String::new();
    for line in lines {
        for (at, cell) in line.iter().enumerate() {
            let gap = " ".repeat(widths[at] - width(cell));
            let last = at + 1 == line.len();
            text += &match (right(at), last) {
                (true, _) => format!("{gap}{cell}"),
                (false, true) => cell.clone(),
                (false, false) => format!("{cell}{gap}"),
            };
            text.push_str(if last { "\n" } else { "  " });
        }
    }
    text
}

/// Columns a text takes: two for each character of the East Asian scripts, one for the others.
fn width(text: &str) -> usize {
    text.chars().map(|c| if c < '\u{1100}' || ('\u{2010}'..='\u{2027}').contains(&c) { 1 } else { 2 }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_by_the_width_of_their_characters() {
        let lines = [["规则", "数"], ["MEET-01", "12"], ["自定", "3"]].map(|line| line.map(str::to_owned).to_vec());
        assert_eq!(aligned(&lines, |at| at == 1), "规则     数\nMEET-01  12\n自定      3\n");
        assert_eq!(aligned(&lines, |_| false), "规则     数\nMEET-01  12\n自定     3\n");
        assert_eq!(aligned(&[], |_| true), "");
    }
}

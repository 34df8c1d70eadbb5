//! The measures of both layouts, in millimetres and points, for DOCX and PDF alike, and how facts and rows are spread over a
//! page. GB/T 9704-2012, 5.1 to 5.2: A4, 天头 37 mm, 订口 28 mm, 版心 156 mm × 225 mm, 22 lines of 28 characters.

use crate::Layout;
use crate::text::width;

/// Points in a millimetre.
pub(crate) const POINTS_PER_MM: f64 = 72.0 / 25.4;

/// The measures of a layout.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sheet {
    /// Margins in millimetres: top, right, bottom, left.
    pub(crate) top: f64,
    pub(crate) right: f64,
    pub(crate) bottom: f64,
    pub(crate) left: f64,
    /// Sizes of type in points.
    pub(crate) title: f64,
    pub(crate) body: f64,
    pub(crate) cell: f64,
    pub(crate) number: f64,
    /// Height of a line of the title and of the body, in points.
    pub(crate) title_line: f64,
    pub(crate) line: f64,
    /// What is added between two characters of the body, in points.
    pub(crate) tracking: f64,
}

impl Sheet {
    pub(crate) fn of(layout: Layout) -> Self {
        match layout {
            // 二号 22, 三号 16, 四号 14, 小四 12 points; 225 mm / 22 lines = 28.99 points; 156 mm / 28 characters = 15.79 points.
            Layout::Official => Sheet {
                top: 37.0,
                right: 26.0,
                bottom: 35.0,
                left: 28.0,
                title: 22.0,
                body: 16.0,
                cell: 12.0,
                number: 14.0,
                title_line: 35.0,
                line: 28.95,
                tracking: -0.25,
            },
            Layout::Record => Sheet {
                top: 25.0,
                right: 22.0,
                bottom: 25.0,
                left: 25.0,
                title: 18.0,
                body: 12.0,
                cell: 10.5,
                number: 10.5,
                title_line: 28.0,
                line: 22.0,
                tracking: 0.0,
            },
        }
    }

    /// The width between the margins, in points.
    pub(crate) fn text_width(&self) -> f64 {
        (210.0 - self.left - self.right) * POINTS_PER_MM
    }
}

/// The shares of the columns: equal where none or not enough are given.
pub(crate) fn shares(columns: usize, widths: &[u16]) -> Vec<u16> {
    (0..columns).map(|i| if widths.len() == columns { widths[i].max(1) } else { 1 }).collect()
}

/// A row with exactly as many cells as there are columns.
pub(crate) fn fitted(row: &[String], columns: usize) -> Vec<String> {
    (0..columns).map(|i| row.get(i).cloned().unwrap_or_default()).collect()
}

/// Lines that the text takes in a column of so many points.
fn lines_in(text: &str, points: f64, size: f64) -> f64 {
    let fits = ((points - 10.0) / size * 2.0).max(2.0);
    text.split('\n').map(|line| (width(line) as f64 / fits).ceil().max(1.0)).sum()
}

/// Whether a row is too high to be kept on one page: a third of a page and more may be broken.
pub(crate) fn may_break(cells: &[String], shares: &[u16], sheet: &Sheet) -> bool {
    let whole: f64 = shares.iter().map(|share| f64::from(*share)).sum();
    let highest = cells.iter().zip(shares).map(|(cell, share)| {
        lines_in(cell, sheet.text_width() * f64::from(*share) / whole, sheet.cell) * sheet.cell * 1.45
    });
    highest.fold(0.0, f64::max) > 230.0
}

/// Columns whose cells are all short: numbers, names, dates. They are centred.
pub(crate) fn short_columns(rows: &[Vec<String>], columns: usize) -> Vec<bool> {
    (0..columns)
        .map(|i| rows.iter().all(|row| row.get(i).is_none_or(|cell| width(cell) <= 16 && !cell.contains('\n'))))
        .collect()
}

/// The shares of the four columns of facts.
pub(crate) const FACT_SHARES: [u16; 4] = [16, 34, 16, 34];

/// Facts as rows: two short pairs in one, a long value in a row of its own.
pub(crate) fn fact_rows(facts: &[(String, String)]) -> Vec<Vec<(String, String)>> {
    let is_long = |(_, value): &(String, String)| width(value) > 34 || value.contains('\n');
    let mut rows: Vec<Vec<(String, String)>> = Vec::new();
    let mut half_free = false;
    for fact in facts {
        if half_free && !is_long(fact) {
            if let Some(row) = rows.last_mut() {
                row.push(fact.clone());
            }
            half_free = false;
        } else {
            rows.push(vec![fact.clone()]);
            half_free = !is_long(fact);
        }
    }
    rows
}

/// The lines of a signature, each with its distance from the right margin in characters. GB/T 9704-2012, 7.3.5: the date four
/// characters from the margin, who signs centred above it.
pub(crate) fn signature(by: &str, on: Option<jiff::civil::Date>) -> Vec<(String, f64)> {
    let characters = |line: &str| width(line) as f64 / 2.0;
    let Some(day) = on else {
        return vec![(by.to_owned(), 4.0)];
    };
    let date = crate::text::long_date(day);
    let spare = (characters(&date) - characters(by)) / 2.0;
    let room = if spare < -2.0 { 2.0 } else { 4.0 };
    let by_right = (room + spare).max(room.min(2.0));
    let date_right = by_right - spare;
    vec![(by.to_owned(), by_right), (date, date_right.min(20.0))]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_official_page_holds_22_lines_of_28_characters_and_no_more() {
        let sheet = Sheet::of(Layout::Official);
        let height = (297.0 - sheet.top - sheet.bottom) * POINTS_PER_MM;
        let pitch = sheet.body + sheet.tracking;
        assert!(22.0 * sheet.line <= height && 23.0 * sheet.line > height);
        assert!(28.0 * pitch <= sheet.text_width() && 29.0 * pitch > sheet.text_width());
    }

    #[test]
    fn who_signs_stands_centred_above_the_date() {
        let day = jiff::civil::date(2026, 3, 5);
        assert_eq!(signature("第一党支部", Some(day)), [("第一党支部".into(), 4.5), ("2026年3月5日".into(), 4.0)]);
        let long = signature("中共某某工程有限公司第三项目部委员会", Some(day));
        assert_eq!(long[0].1, 2.0);
        assert!(long[1].1 > 2.0);
    }

    #[test]
    fn a_long_value_has_a_row_of_its_own() {
        let fact = |value: &str| ("名".to_owned(), value.to_owned());
        let long = "很长的值".repeat(10);
        let rows = fact_rows(&[fact("一"), fact("二"), fact("三"), fact(&long), fact("四")]);
        assert_eq!(rows.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1, 1, 1]);
    }

    #[test]
    fn only_a_row_of_a_third_of_a_page_may_be_broken() {
        let sheet = Sheet::of(Layout::Record);
        assert!(!may_break(&["一行".into()], &[1], &sheet));
        assert!(may_break(&["很长的一段。".repeat(300)], &[1], &sheet));
    }
}

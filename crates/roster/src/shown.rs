//! What a cell shows, where that says more, or less, than its value: 1990.10 shown of 1990.1, and a month shown of a day.

use jiff::civil::Date;
use rules::date::{PartialDate, Precision};
use rules::intake::Raw;

/// A number under a spreadsheet's format. With two decimals a year and month are told apart: 1990.10 is October.
pub(crate) fn number(value: f64, format: &str) -> Raw {
    let plain = plain(format);
    let two_decimals = plain.ends_with("0.00") && !plain.contains(['%', 'E', 'e']);
    let year_like = (1900.0..2101.0).contains(&value) && value.fract() != 0.0;
    if two_decimals && year_like { Raw::Text(format!("{value:.2}")) } else { Raw::Number(value) }
}

/// A date under a format: one that shows no day does not know the day.
pub(crate) fn date(date: Date, format: &str) -> Raw {
    let plain = plain(format).to_ascii_lowercase();
    if plain.contains('y') && !plain.contains('d') {
        let month = if plain.contains('m') { format!("-{:02}", date.month()) } else { String::new() };
        return Raw::Text(format!("{:04}{month}", date.year()));
    }
    Raw::Date(date)
}

/// A number with the text shown for it.
pub(crate) fn number_as(value: f64, shown: &str) -> Raw {
    let decimals = shown.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    number(value, if decimals == 2 { "0.00" } else { "" })
}

/// A date with the text shown for it.
pub(crate) fn date_as(date: Date, shown: &str) -> Raw {
    match PartialDate::parse(shown) {
        Ok(read) if read.precision != Precision::Day && read.covers(&PartialDate::day(date)) => {
            Raw::Text(read.to_string())
        }
        _ => Raw::Date(date),
    }
}

/// The first section of a format without quoted text, bracketed parts, escapes and padding.
fn plain(format: &str) -> String {
    let mut out = String::new();
    let mut chars = format.chars();
    while let Some(c) = chars.next() {
        match c {
            ';' => break,
            '"' => while chars.next().is_some_and(|c| c != '"') {},
            '[' => while chars.next().is_some_and(|c| c != ']') {},
            '\\' | '_' | '*' => {
                chars.next();
            }
            ' ' => {}
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date as day;

    #[test]
    fn two_decimals_tell_october_from_january() {
        assert_eq!(number(1990.1, "0.00"), Raw::Text("1990.10".into()));
        assert_eq!(number(1990.1, "0.00_ "), Raw::Text("1990.10".into()));
        assert_eq!(number(1990.1, "General"), Raw::Number(1990.1));
        assert_eq!(number(51.5, "0.00"), Raw::Number(51.5));
        assert_eq!(number(1990.0, "0.00"), Raw::Number(1990.0));
    }

    #[test]
    fn a_format_without_a_day_gives_a_month() {
        let date_cell = day(1985, 3, 1);
        for format in ["yyyy\"年\"m\"月\";@", "yyyy.mm", "mmm-yy", "[$-804]yyyy\\-mm"] {
            assert_eq!(date(date_cell, format), Raw::Text("1985-03".into()), "{format}");
        }
        for format in
            ["yyyy-mm-dd", "mm-dd-yy", "yyyy\"年\"m\"月\"d\"日\"", "", "[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy"]
        {
            assert_eq!(date(date_cell, format), Raw::Date(date_cell), "{format}");
        }
    }
}

//! Small helpers between SQL and the rules' types. Nothing here builds a statement from a user's text.

use crate::error::StoreError;
use jiff::civil::Date;
use rules::date::{PartialDate, day_number, from_day_number};
use sqlx::any::AnyRow;
use sqlx::{ColumnIndex, Decode, Row, Type};

/// An open end: later than any day.
pub(crate) const OPEN: i64 = 99_991_231;
/// "Since always": the beginning of what is not known to have begun later.
pub(crate) const ALWAYS: i64 = 19_000_101;
/// Rows per multi-row insert: SQLite looks `$n` up by name, so long lists cost more than they save.
pub(crate) const BATCH: usize = 40;

/// `($1,$2),($3,$4)` for `rows` rows of `columns` values.
pub(crate) fn value_rows(rows: usize, columns: usize) -> String {
    let mut text = String::with_capacity(rows * columns * 5);
    for row in 0..rows {
        text.push_str(if row == 0 { "(" } else { ",(" });
        for column in 0..columns {
            let n = row * columns + column + 1;
            text.push_str(&format!("{}${n}", if column == 0 { "" } else { "," }));
        }
        text.push(')');
    }
    text
}

/// `$3,$4,$5` for `count` values beginning with number `first`.
pub(crate) fn placeholders(first: usize, count: usize) -> String {
    (first..first + count).map(|n| format!("${n}")).collect::<Vec<_>>().join(",")
}

/// A condition that a path column lies in one of the subtrees whose paths are bound from number `first` on (two numbers a path:
/// see [`subtree_bounds`]). No subtree at all means no rows.
pub(crate) fn in_subtrees(column: &str, first: usize, count: usize) -> String {
    if count == 0 {
        return "(1 = 0)".to_owned();
    }
    let parts: Vec<String> = (0..count)
        .map(|i| format!("({column} >= ${} AND {column} <= ${})", first + 2 * i, first + 2 * i + 1))
        .collect();
    format!("({})", parts.join(" OR "))
}

/// The two values to bind for a subtree: its top's path and the end of the range below it.
/// Path segments are digits and lower-case letters and never `zzzz`, so the range is the same in every collation.
pub(crate) fn subtree_bounds(path: &str) -> [String; 2] {
    [path.to_owned(), format!("{path}zzzz")]
}

/// A user's text as part of a LIKE pattern whose escape sign is `!`.
pub(crate) fn escape_like(text: &str) -> String {
    text.replace('!', "!!").replace('%', "!%").replace('_', "!_")
}

/// A column's value, or an error that names the column.
pub(crate) fn get<'r, T, I>(row: &'r AnyRow, column: I) -> Result<T, StoreError>
where
    T: Decode<'r, sqlx::Any> + Type<sqlx::Any>,
    I: ColumnIndex<AnyRow>,
{
    row.try_get(column).map_err(StoreError::from)
}

/// A day column.
pub(crate) fn day(value: i64) -> Result<Date, StoreError> {
    from_day_number(value).ok_or_else(|| StoreError::Corrupt(format!("日期 {value}")))
}

/// An optional day column.
pub(crate) fn day_opt(value: Option<i64>) -> Result<Option<Date>, StoreError> {
    value.map(day).transpose()
}

/// The end of a spell: `None` while it lasts.
pub(crate) fn end(value: i64) -> Result<Option<Date>, StoreError> {
    if value == OPEN { Ok(None) } else { day(value).map(Some) }
}

/// The stored form of an end.
pub(crate) fn end_number(end: Option<Date>) -> i64 {
    end.map_or(OPEN, day_number)
}

/// A date of known precision from its two columns.
pub(crate) fn partial(value: Option<i64>, precision: Option<i64>) -> Result<Option<PartialDate>, StoreError> {
    let Some(value) = value else { return Ok(None) };
    PartialDate::from_day_number(value, precision.unwrap_or_default())
        .map(Some)
        .ok_or_else(|| StoreError::Corrupt(format!("日期 {value}")))
}

/// A code column of a list of the rules.
pub(crate) fn coded<T>(value: i64, from_code: impl Fn(i64) -> Option<T>, what: &str) -> Result<T, StoreError> {
    from_code(value).ok_or_else(|| StoreError::Corrupt(format!("{what}代码 {value}")))
}

/// An optional code column.
pub(crate) fn coded_opt<T>(
    value: Option<i64>,
    from_code: impl Fn(i64) -> Option<T>,
    what: &str,
) -> Result<Option<T>, StoreError> {
    value.map(|code| coded(code, from_code, what)).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_values_are_numbered_through() {
        assert_eq!(value_rows(2, 3), "($1,$2,$3),($4,$5,$6)");
        assert_eq!(placeholders(4, 2), "$4,$5");
        assert_eq!(in_subtrees("o.path", 2, 2), "((o.path >= $2 AND o.path <= $3) OR (o.path >= $4 AND o.path <= $5))");
        assert_eq!(in_subtrees("o.path", 2, 0), "(1 = 0)");
    }
}

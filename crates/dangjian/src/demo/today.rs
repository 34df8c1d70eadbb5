//! The day at which demo data stand still, kept beside the database, so that a question asked later is answered as of that day.

use crate::Failure;
use jiff::civil::Date;
use std::path::Path;

const FILE: &str = "demo-day";

/// The day of the data in a directory: that of its demo data where they were made for a given day, otherwise today.
pub(crate) fn demo_day(data: &Path) -> Date {
    kept(data).unwrap_or_else(server::today)
}

/// The day that was kept in a directory, when its demo data were made for a given day.
pub(super) fn kept(data: &Path) -> Option<Date> {
    std::fs::read_to_string(data.join(FILE)).ok()?.trim().parse().ok()
}

/// Keeps the day of demo data.
pub(super) fn keep(data: &Path, day: Date) -> Result<(), Failure> {
    let path = data.join(FILE);
    std::fs::write(&path, format!("{day}\n"))
        .map_err(|e| format!("{} 无法写入（{e}）。请检查磁盘空间和权限", path.display()))
}

//! An answer of the statistics in its three forms.

use crate::table::aligned;
use jiff::civil::Date;
use roster::{BadFile, Cell, CsvSheet};
use rules::stats::{CountRow, Counts, Query};
use serde_json::{Map, Value, json};

/// What was asked, and the counts: one table, or one for each year.
pub(super) struct Answer {
    pub(super) query: Query,
    /// The organisation whose subtree was counted, if not all.
    pub(super) place: Option<String>,
    pub(super) as_of: Date,
    pub(super) series: Vec<(Option<i16>, Counts)>,
    /// The count without conditions, where a share was asked for.
    pub(super) share_of: Option<i64>,
}

impl Answer {
    fn is_trend(&self) -> bool {
        self.series.iter().any(|(year, _)| year.is_some())
    }

    /// The total; a trend has none of its own.
    fn total(&self) -> Option<i64> {
        if self.is_trend() { None } else { self.series.first().map(|(_, counts)| counts.total) }
    }

    /// Headings of the columns before the count.
    fn headings(&self) -> Vec<String> {
        let year = self.is_trend().then(|| "年份".to_owned());
        year.into_iter().chain(self.query.by.iter().map(|dimension| dimension.label().to_owned())).collect()
    }

    fn rows(&self) -> Vec<(Vec<String>, i64)> {
        let of = |(year, counts): &(Option<i16>, Counts)| {
            let year = year.map(|year| year.to_string());
            let row = |row: &CountRow| (year.iter().chain(&row.values).cloned().collect(), row.count);
            counts.rows.iter().map(row).collect::<Vec<_>>()
        };
        self.series.iter().flat_map(of).collect()
    }

    /// `{"rows": [{"gender": "女", "count": 30185}], "total": …}`, one key per dimension; a trend has the key `year` too.
    pub(super) fn json(&self) -> String {
        let mut rows = Vec::new();
        for (year, counts) in &self.series {
            for row in &counts.rows {
                let mut cells = Map::new();
                cells.extend(year.map(|year| ("year".to_owned(), Value::from(year))));
                let keys = self.query.by.iter().map(|dimension| dimension.key().to_owned());
                cells.extend(keys.zip(row.values.iter().cloned().map(Value::from)));
                cells.insert("count".to_owned(), row.count.into());
                rows.push(Value::Object(cells));
            }
        }
        let mut answer = json!({ "rows": rows, "as_of": self.as_of.to_string() });
        if let Some(total) = self.total() {
            answer["total"] = total.into();
        }
        if let Some(all) = self.share_of {
            answer["share_of"] = all.into();
        }
        format!("{answer}\n")
    }

    /// Columns aligned for a terminal, where a Chinese character is twice as wide as a letter.
    pub(super) fn table(&self) -> String {
        let place = self.place.as_ref().map(|name| format!("{name}，")).unwrap_or_default();
        let mut text = format!("{place}{}，统计日期 {}\n", self.query.describe(), self.as_of);
        let headings = self.headings();
        let mut lines: Vec<Vec<String>> = vec![headings.iter().cloned().chain(["人数".to_owned()]).collect()];
        if !headings.is_empty() {
            let rows = self.rows().into_iter();
            lines.extend(rows.map(|(values, count)| values.into_iter().chain([count.to_string()]).collect()));
        }
        if let Some(total) = self.total() {
            let label = headings.iter().enumerate().map(|(at, _)| if at == 0 { "合计" } else { "" }.to_owned());
            lines.push(label.chain([total.to_string()]).collect());
        }
        let count = headings.len();
        text += &aligned(&lines, |at| at == count);
        if let (Some(total), Some(all)) = (self.total(), self.share_of) {
            let share = if all == 0 { 0.0 } else { total as f64 * 100.0 / all as f64 };
            text += &format!("占 {all} 人的 {share:.1}%\n");
        }
        text
    }

    /// Text with commas, as spreadsheets open it.
    pub(super) fn csv(&self) -> Result<Vec<u8>, BadFile> {
        let headings: Vec<String> = self.headings().into_iter().chain(["人数".to_owned()]).collect();
        let mut sheet = CsvSheet::new(&headings)?;
        for (values, count) in self.rows() {
            let cells: Vec<Cell> = values.into_iter().map(Cell::from).chain([Cell::Number(count as f64)]).collect();
            sheet.row(&cells)?;
        }
        sheet.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn answer(by: &str) -> Answer {
        let row = |values: &[&str], count| CountRow { values: values.iter().map(|v| (*v).to_owned()).collect(), count };
        let rows = vec![row(&["女", "31–35岁"], 3), row(&["女", "未填"], 1200)];
        let counts = Counts { rows, total: 1203, orgs: Vec::new() };
        let query = Query::parse(by, "gender=女", None, None, None).unwrap();
        Answer { query, place: None, as_of: date(2024, 12, 31), series: vec![(None, counts)], share_of: Some(4812) }
    }

    #[test]
    fn a_table_is_aligned_by_the_width_of_its_characters() {
        let expected = "党员人数，按性别、年龄段（性别：女），统计日期 2024-12-31\n\
            性别  年龄段   人数\n\
            女    31–35岁     3\n\
            女    未填     1200\n\
            合计           1203\n\
            占 4812 人的 25.0%\n";
        assert_eq!(answer("gender,age_band").table(), expected);
    }

    #[test]
    fn json_has_a_key_for_each_dimension() {
        let json: Value = serde_json::from_str(&answer("gender,age_band").json()).unwrap();
        assert_eq!(json["rows"][0], json!({ "gender": "女", "age_band": "31–35岁", "count": 3 }));
        assert_eq!((&json["total"], &json["share_of"]), (&json!(1203), &json!(4812)));
    }

    #[test]
    fn a_text_file_has_the_chinese_headings() {
        let text = String::from_utf8(answer("gender,age_band").csv().unwrap()).unwrap();
        assert_eq!(text, "\u{feff}性别,年龄段,人数\r\n女,31–35岁,3\r\n女,未填,1200\r\n");
    }
}

//! The published annual communiqués (党内统计公报 of 2023 and 2024), reproduced by `dangjian stats` over populations made from them.
#![allow(clippy::unwrap_used, clippy::panic)]

mod program;

use program::{printed, stats};
use std::path::Path;

const SCALE: f64 = 0.001;

/// Published rows, in 万: a condition, and the figures of the two years.
const PUBLISHED: [(&str, [f64; 2]); 24] = [
    ("", [9918.5, 10027.1]),
    ("gender=女", [3018.5, 3099.5]),
    ("ethnicity=少数民族", [759.2, 773.4]),
    ("education=大专及以上", [5578.6, 5778.6]),
    ("age_band=30岁及以下", [1241.2, 1227.2]),
    ("age_band=31–35岁", [1119.6, 1076.4]),
    ("age_band=36–40岁", [1086.4, 1147.5]),
    ("age_band=41–45岁", [945.9, 968.7]),
    ("age_band=46–50岁", [907.1, 904.1]),
    ("age_band=51–55岁", [940.5, 941.2]),
    ("age_band=56–60岁", [890.7, 864.6]),
    ("age_band=61岁及以上", [2787.2, 2897.3]),
    ("joined_period=新中国成立前", [6.8, 5.4]),
    ("joined_period=新中国成立后至十一届三中全会前", [1286.3, 1230.9]),
    ("joined_period=十一届三中全会后至十八大前", [6014.2, 5980.0]),
    ("joined_period=十八大以来", [2611.2, 2810.8]),
    ("occupation=工人（工勤技能人员）", [664.3, 663.9]),
    ("occupation=农牧渔民", [2607.5, 2614.4]),
    ("occupation=企事业、社会组织专业技术人员", [1619.0, 1639.4]),
    ("occupation=企事业、社会组织管理人员", [1145.3, 1156.3]),
    ("occupation=党政机关工作人员", [764.5, 759.2]),
    ("occupation=学生", [277.1, 262.2]),
    ("occupation=其他职业人员", [776.4, 784.9]),
    ("occupation=离退休人员", [2064.4, 2146.9]),
];

/// Of those who joined in the year; what 2024 does not publish is left out.
const JOINED: [(&str, [Option<f64>; 2]); 5] = [
    ("", [Some(240.8), Some(213.1)]),
    ("gender=女", [Some(110.5), None]),
    ("ethnicity=少数民族", [Some(25.2), None]),
    ("age_band=35岁及以下", [Some(198.3), Some(178.4)]),
    ("education=大专及以上", [Some(128.0), Some(115.9)]),
];

/// To the rounding: half a person, and half of the figure's last digit. Rounded rows must still add up, so a whole person at least.
fn assert_published(what: &str, count: i64, figure: f64) {
    let wanted = figure * 10_000.0 * SCALE;
    let allowed = (0.5 + 0.05 * 10_000.0 * SCALE).max(1.0) + 1e-6;
    assert!((count as f64 - wanted).abs() <= allowed, "{what}: {count}, published {wanted}");
}

fn total(data: &Path, conditions: &str) -> i64 {
    stats(data, &["--where", conditions])["total"].as_i64().unwrap()
}

fn reproduces(at: usize) {
    let year = 2023 + at;
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let scale = SCALE.to_string();
    let logins = printed(&data, &["demo", "--communique", &year.to_string(), "--scale", &scale, "--no-serve"]);
    assert!(logins.contains("sysadmin"), "{logins}");
    for (conditions, figures) in PUBLISHED {
        assert_published(conditions, total(&data, conditions), figures[at]);
    }
    for (conditions, figures) in JOINED {
        let Some(figure) = figures[at] else { continue };
        let conditions = format!("joined_year={year};{conditions}");
        assert_published(&conditions, total(&data, &conditions), figure);
    }
    // The data stand at the year's end, and a whole table says the same as its rows.
    let table = stats(&data, &["--by", "age_band"]);
    assert_eq!(table["as_of"], format!("{year}-12-31"));
    let rows = table["rows"].as_array().unwrap();
    assert_eq!(rows.iter().map(|row| row["count"].as_i64().unwrap()).sum::<i64>(), table["total"].as_i64().unwrap());
    let bands: Vec<&str> = rows.iter().map(|row| row["age_band"].as_str().unwrap()).collect();
    let published = PUBLISHED.iter().filter_map(|(conditions, _)| conditions.strip_prefix("age_band="));
    assert_eq!(bands, published.collect::<Vec<_>>());
}

#[test]
fn the_communique_of_2023_is_reproduced() {
    reproduces(0);
}

#[test]
fn the_communique_of_2024_is_reproduced() {
    reproduces(1);
}

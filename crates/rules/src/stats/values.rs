//! What a value given for a dimension means: one name of its list, several (少数民族, 大专及以上), or a range of years.

use super::years::{Unit, Years, read_all};
use super::{Bands, Dimension, UNKNOWN};
use crate::codes::{Degree, Education, Employment, Ethnicity, Gender, Occupation, Stage, TitleLevel};

/// The meaning of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wanted {
    /// Names of the dimension's list.
    Values(Vec<String>),
    /// A range that no set of bands gives.
    Years(Years),
}

/// Reads one value; the text is compact already.
pub(super) fn read(dimension: Dimension, text: &str, bands: &Bands) -> Option<Wanted> {
    if text == UNKNOWN && dimension.may_be_unknown() {
        return Some(Wanted::Values(vec![UNKNOWN.to_owned()]));
    }
    let names: Vec<&'static str> = match dimension {
        Dimension::Gender => vec![Gender::parse(text)?.name()],
        Dimension::Ethnicity => ethnicities(text)?.iter().map(|value| value.name()).collect(),
        Dimension::Education => educations(text)?.iter().map(|value| value.name()).collect(),
        Dimension::Degree => degrees(text)?.iter().map(|value| value.name()).collect(),
        Dimension::TitleLevel => titles(text)?.iter().map(|value| value.name()).collect(),
        Dimension::Employment => vec![Employment::parse(text)?.name()],
        Dimension::Occupation => vec![Occupation::parse(text)?.name()],
        Dimension::Status => {
            let stage = Stage::from_key(text).or_else(|| if text == "党员" { None } else { Stage::parse(text) })?;
            vec![Some(stage).filter(|stage| stage.is_member())?.name()]
        }
        Dimension::JoinedPeriod => periods(text)?.to_vec(),
        Dimension::AgeBand | Dimension::PartyAgeBand | Dimension::JoinedYear => return years(dimension, text, bands),
        Dimension::Org => return None,
    };
    Some(Wanted::Values(names.into_iter().map(str::to_owned).collect()))
}

/// The unit in which a dimension's years are written.
pub(super) fn unit_of(dimension: Dimension) -> Option<Unit> {
    match dimension {
        Dimension::AgeBand => Some(Unit::Age),
        Dimension::PartyAgeBand => Some(Unit::Span),
        Dimension::JoinedYear => Some(Unit::Calendar),
        _ => None,
    }
}

fn years(dimension: Dimension, text: &str, bands: &Bands) -> Option<Wanted> {
    let labelled = bands.of(dimension).and_then(|bands| bands.iter().find(|band| band.label == text));
    if let Some(band) = labelled {
        return Some(Wanted::Values(vec![band.label.clone()]));
    }
    Some(fit(dimension, read_all(text, unit_of(dimension)?)?, bands))
}

/// A range as the names of the bands that make it up, where their edges allow; a single calendar year as its name.
pub(super) fn fit(dimension: Dimension, years: Years, bands: &Bands) -> Wanted {
    if dimension == Dimension::JoinedYear {
        return years.single().map_or(Wanted::Years(years), |year| Wanted::Values(vec![year.to_string()]));
    }
    let inside = |min: i32, max: Option<i32>| {
        years.min.is_none_or(|from| from <= min) && years.max.is_none_or(|to| max.is_some_and(|max| max <= to))
    };
    let all = bands.of(dimension).unwrap_or_default();
    let whole: Vec<_> = all.iter().filter(|band| inside(band.min, band.max)).collect();
    let starts = whole.first().is_some_and(|band| band.min == years.min.unwrap_or(0));
    let ends = whole.last().is_some_and(|band| band.max == years.max);
    if starts && ends {
        Wanted::Values(whole.into_iter().map(|band| band.label.clone()).collect())
    } else {
        Wanted::Years(years)
    }
}

/// Which side of a rung is meant.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Only,
    AndAbove,
    AndBelow,
}

/// Words that take in what stands above or below; the value named is always included (民法典第1259条).
pub(super) const SIDES: [(&str, Side); 12] = [
    ("(含)以上", Side::AndAbove),
    ("(含)以下", Side::AndBelow),
    ("及其以上", Side::AndAbove),
    ("及其以下", Side::AndBelow),
    ("及以上", Side::AndAbove),
    ("及以下", Side::AndBelow),
    ("或以上", Side::AndAbove),
    ("或以下", Side::AndBelow),
    ("含以上", Side::AndAbove),
    ("含以下", Side::AndBelow),
    ("以上", Side::AndAbove),
    ("以下", Side::AndBelow),
];

fn side(text: &str) -> (&str, Side) {
    SIDES.iter().find_map(|(word, side)| Some((text.strip_suffix(word)?, *side))).unwrap_or((text, Side::Only))
}

/// The values on one side of the given ones, by rungs that fall as the list goes on.
fn ladder<T: Copy>(all: &[T], given: &[T], side: Side, rung: impl Fn(T) -> u8) -> Vec<T> {
    let highest = given.iter().map(|value| rung(*value)).min().unwrap_or_default();
    let lowest = given.iter().map(|value| rung(*value)).max().unwrap_or_default();
    all.iter()
        .copied()
        .filter(|value| match side {
            Side::Only => false,
            Side::AndAbove => rung(*value) <= lowest,
            Side::AndBelow => rung(*value) >= highest,
        })
        .collect()
}

fn ethnicities(text: &str) -> Option<Vec<Ethnicity>> {
    if matches!(text, "少数民族" | "非汉族") {
        return Some(minorities());
    }
    Ethnicity::parse(text).map(|one| vec![one])
}

/// 少数民族: all but 汉族.
pub(super) fn minorities() -> Vec<Ethnicity> {
    Ethnicity::ALL.iter().copied().filter(|one| *one != Ethnicity::Han).collect()
}

/// 研究生 means both doctors and masters here; 高中, 中专, 职高 and 技校 stand on one rung (高中阶段, GB/T 4658).
fn educations(text: &str) -> Option<Vec<Education>> {
    let text = text.strip_suffix("学历").or_else(|| text.strip_suffix("文化程度")).unwrap_or(text);
    let (stem, side) = side(text);
    // 小学及以下 is a class of its own.
    if let (Some(one), true) = (Education::parse(text), side != Side::Only) {
        return Some(vec![one]);
    }
    let stem = stem.strip_suffix("学历").unwrap_or(stem);
    let given = match stem {
        "研究生" => vec![Education::Doctor, Education::Master],
        _ => vec![Education::parse(stem)?],
    };
    let rung = |one: Education| match one {
        Education::Doctor => 0,
        Education::Master => 1,
        Education::Bachelor => 2,
        Education::College => 3,
        Education::Secondary | Education::Vocational | Education::Technical | Education::High => 4,
        Education::Middle => 5,
        Education::Primary => 6,
    };
    Some(if side == Side::Only { given } else { ladder(Education::ALL, &given, side, rung) })
}

/// Without 无: who has no degree is not "below" one.
fn degrees(text: &str) -> Option<Vec<Degree>> {
    let real = [Degree::Doctor, Degree::Master, Degree::Bachelor];
    if text == "有学位" {
        return Some(real.to_vec());
    }
    let (stem, side) = side(text.strip_suffix("学位").unwrap_or(text));
    let given = [Degree::parse(stem)?];
    match side {
        Side::Only => Some(given.to_vec()),
        _ if given[0] == Degree::None => None,
        _ => Some(ladder(&real, &given, side, |one| one.code() as u8)),
    }
}

/// 高级 means 正高级 and 副高级 here, 初级 means 助理级 and 员级 (GB/T 8561). Without 无, as for degrees.
fn titles(text: &str) -> Option<Vec<TitleLevel>> {
    use TitleLevel::{Assistant, AssociateSenior, Intermediate, Junior, None as Untitled, Senior};
    let real = [Senior, AssociateSenior, Intermediate, Assistant, Junior];
    match text {
        "有职称" => return Some(real.to_vec()),
        "无职称" | "没有职称" => return Some(vec![Untitled]),
        _ => {}
    }
    let (stem, side) = side(text.strip_suffix("职称").unwrap_or(text));
    let stem = stem.strip_suffix("职称").unwrap_or(stem);
    let given = match stem {
        "高级" => vec![Senior, AssociateSenior],
        "初级" => vec![Assistant, Junior],
        _ => vec![TitleLevel::parse(stem)?],
    };
    match side {
        Side::Only => Some(given),
        _ if given[0] == Untitled => None,
        _ => Some(ladder(&real, &given, side, |one| one.code() as u8)),
    }
}

fn periods(text: &str) -> Option<&'static [&'static str]> {
    const NAMES: [&str; 4] =
        ["新中国成立前", "新中国成立后至十一届三中全会前", "十一届三中全会后至十八大前", "十八大以来"];
    Some(match text {
        "新中国成立前" | "新中国成立以前" | "建国前" | "建国以前" | "解放前" => &NAMES[..1],
        "新中国成立后至十一届三中全会前" => &NAMES[1..2],
        "十一届三中全会后至十八大前" => &NAMES[2..3],
        "十八大以来" | "十八大后" | "十八大以后" | "党的十八大以来" => &NAMES[3..],
        "新中国成立后" | "新中国成立以来" | "新中国成立以后" | "建国后" | "建国以来" => {
            &NAMES[1..]
        }
        "十一届三中全会前" | "十一届三中全会以前" => &NAMES[..2],
        "十一届三中全会后" | "十一届三中全会以来" | "十一届三中全会以后" | "改革开放以来" => {
            &NAMES[2..]
        }
        "十八大前" | "十八大以前" => &NAMES[..3],
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use Dimension as D;

    fn names(dimension: Dimension, text: &str) -> String {
        match read(dimension, text, &Bands::default()) {
            Some(Wanted::Values(values)) => values.join(" "),
            Some(Wanted::Years(years)) => format!("{:?}..{:?}", years.min, years.max),
            None => "-".to_owned(),
        }
    }

    #[test]
    fn values_mean_names_of_the_lists() {
        for (dimension, text, expected) in [
            (D::Gender, "女性", "女"),
            (D::Ethnicity, "汉", "汉族"),
            (D::Education, "大专", "大学专科"),
            (D::Education, "研究生", "博士研究生 硕士研究生"),
            (D::Education, "大专及以上", "博士研究生 硕士研究生 大学本科 大学专科"),
            (D::Education, "本科以上学历", "博士研究生 硕士研究生 大学本科"),
            (D::Education, "高中及以下", "中等专科 职业高中 技工学校 高中 初中 小学及以下"),
            (D::Education, "小学及以下", "小学及以下"),
            (D::Education, "初中以下", "初中 小学及以下"),
            (D::Education, "研究生及以上", "博士研究生 硕士研究生"),
            (D::Degree, "硕士及以上", "博士 硕士"),
            (D::Degree, "硕士以下", "硕士 学士"),
            (D::Degree, "无学位", "无"),
            (D::Degree, "没有学位", "无"),
            (D::Degree, "无以上", "-"),
            (D::TitleLevel, "副高级以上", "正高级 副高级"),
            (D::TitleLevel, "副高级以上职称", "正高级 副高级"),
            (D::TitleLevel, "高级职称", "正高级 副高级"),
            (D::TitleLevel, "中级及以下", "中级 助理级 员级"),
            (D::TitleLevel, "初级职称", "助理级 员级"),
            (D::TitleLevel, "无职称", "无"),
            (D::Employment, "派遣", "劳务派遣"),
            (D::Occupation, "退休人员", "离退休人员"),
            (D::Status, "probationary", "预备党员"),
            (D::Status, "预备", "预备党员"),
            (D::Status, "积极分子", "-"),
            (D::Status, "党员", "-"),
            (D::JoinedPeriod, "建国前", "新中国成立前"),
            (D::JoinedPeriod, "改革开放以来", "十一届三中全会后至十八大前 十八大以来"),
            (D::AgeBand, "35岁及以下", "30岁及以下 31–35岁"),
            (D::AgeBand, "31-35岁", "31–35岁"),
            (D::AgeBand, "61岁及以上", "61岁及以上"),
            (D::AgeBand, "超过60岁", "61岁及以上"),
            (D::AgeBand, "33岁以下", "None..Some(33)"),
            (D::AgeBand, "20-30", "Some(20)..Some(30)"),
            (D::PartyAgeBand, "不满5年", "不满5年"),
            (D::PartyAgeBand, "5年以下", "None..Some(5)"),
            (D::PartyAgeBand, "30年以上", "30–39年 40–49年 50年及以上"),
            (D::JoinedYear, "2020年", "2020"),
            (D::JoinedYear, "2020年以来", "Some(2020)..None"),
            (D::Education, "未填", "未填"),
            (D::Gender, "未填", "-"),
        ] {
            assert_eq!(names(dimension, text), expected, "{text}");
        }
    }

    #[test]
    fn every_value_of_a_list_is_read_as_itself() {
        for dimension in Dimension::ALL {
            for value in dimension.values(&Bands::default()) {
                let compact = crate::text::compact(&value);
                assert_eq!(read(dimension, &compact, &Bands::default()), Some(Wanted::Values(vec![value])));
            }
        }
    }
}

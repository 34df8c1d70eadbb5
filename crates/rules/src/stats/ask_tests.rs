//! Questions with the queries they become, and questions that are given back.

use super::*;
use jiff::civil::date;
use proptest::prelude::*;

fn orgs() -> Vec<(String, String)> {
    [
        ("A", "中共某某有限公司委员会"),
        ("A01", "第一党支部"),
        ("A02", "机关第二党支部"),
        ("A03", "生产第三党支部"),
        ("A04", "后勤第三党支部"),
        ("A05", "联合党支部"),
        ("A06", "联合党支部"),
    ]
    .map(|(code, name)| (code.to_owned(), name.to_owned()))
    .to_vec()
}

fn heard(text: &str) -> Asked {
    ask(text, date(2026, 11, 24), &orgs())
}

/// by | where | org | as_of | trend | not understood
fn shown(asked: &Asked) -> String {
    let query = &asked.query;
    let mut parts = vec![query.by_text(), query.where_text()];
    parts.push(query.org.clone().unwrap_or_default());
    parts.push(query.as_of.map(|date| date.to_string()).unwrap_or_default());
    parts.push(asked.trend.map(|(from, to)| format!("{from}-{to}")).unwrap_or_default());
    parts.push(asked.not_understood.join(" "));
    parts.join(" | ")
}

#[test]
fn plain_questions_become_queries() {
    for (text, expected) in [
        ("35岁以下女党员按学历", "education | age_band=30岁及以下|31–35岁;gender=女 |  |  |  | "),
        ("各支部预备党员人数", "org | status=预备党员 |  |  |  | "),
        (
            "2020年以来入党的劳务派遣党员按性别和年龄段",
            "gender,age_band | joined_year=2020年及以后;employment=劳务派遣 |  |  |  | ",
        ),
        ("副高级以上职称的少数民族党员有多少", " | title_level=正高级|副高级;ethnicity=少数民族 |  |  |  | "),
        ("大专及以上学历党员占比 按年龄", "age_band | education=博士研究生|硕士研究生|大学本科|大学专科 |  |  |  | "),
        ("第一党支部2019年底的党员按职称", "title_level |  | A01 | 2019-12-31 |  | "),
        ("退休人员", " | occupation=离退休人员 |  |  |  | "),
        ("近十年党员人数趋势", " |  |  |  | 2017-2026 | "),
        ("党员总数是多少？", " |  |  |  |  | "),
        ("不满35岁的男党员", " | age_band=34岁及以下;gender=男 |  |  |  | "),
        ("未满三十一周岁的党员", " | age_band=30岁及以下 |  |  |  | "),
        ("超过60岁的党员", " | age_band=61岁及以上 |  |  |  | "),
        ("18岁以上35岁以下党员", " | age_band=18–35岁 |  |  |  | "),
        ("31到35岁的党员", " | age_band=31–35岁 |  |  |  | "),
        ("党龄50年以上的党员按支部", "org | party_age_band=50年及以上 |  |  |  | "),
        ("党龄不满5年", " | party_age_band=不满5年 |  |  |  | "),
        ("硕士及以上学位的党员", " | degree=博士|硕士 |  |  |  | "),
        ("学历为本科或者大专的党员", " | education=大学本科|大学专科 |  |  |  | "),
        ("研究生学历女党员分性别", "gender | education=博士研究生|硕士研究生;gender=女 |  |  |  | "),
        ("年龄结构", "age_band |  |  |  |  | "),
        ("男女比例", "gender |  |  |  |  | "),
        ("各年龄段、各学历党员人数", "age_band,education |  |  |  |  | "),
        ("十八大以来入党的党员按民族", "ethnicity | joined_period=十八大以来 |  |  |  | "),
        ("2012年以前入党的党员", " | joined_year=2011年及以前 |  |  |  | "),
        ("2018年至2020年入党的党员", " | joined_year=2018–2020年 |  |  |  | "),
        ("去年发展党员人数", " | joined_year=2025 |  |  |  | "),
        ("近五年入党的工人", " | joined_year=2022–2026年;occupation=工人（工勤技能人员） |  |  |  | "),
        ("近五年入党人数趋势", "joined_year | joined_year=2022–2026年 |  |  |  | "),
        ("2015年至2020年女党员变化趋势", " | gender=女 |  |  | 2015-2020 | "),
        ("2015年以来党员人数走势", " |  |  |  | 2015-2026 | "),
        ("女党员趋势", " | gender=女 |  |  | 2017-2026 | "),
        ("去年底的党员", " |  |  | 2025-12-31 |  | "),
        ("截至2020年6月30日党员总数", " |  |  | 2020-06-30 |  | "),
        ("截至2020年6月正式党员", " | status=正式党员 |  | 2020-06-30 |  | "),
        ("2020-02-29 党员按人员类别", "status |  |  | 2020-02-29 |  | "),
        ("目前的退休返聘人员", " | employment=退休返聘 |  |  |  | "),
        ("机关第二党支部女党员", " | gender=女 | A02 |  |  | "),
        ("第二党支部女党员", " | gender=女 | A02 |  |  | "),
        ("全公司有多少少数民族女党员", " | ethnicity=少数民族;gender=女 |  |  |  | "),
        ("无职称的党员", " | title_level=无 |  |  |  | "),
        ("非汉族党员", " | ethnicity=少数民族 |  |  |  | "),
        ("每年入党人数", "joined_year |  |  |  |  | "),
        ("五十年以上党龄的党员", " | party_age_band=50年及以上 |  |  |  | "),
        ("35岁（含）以下的党员", " | age_band=30岁及以下|31–35岁 |  |  |  | "),
        ("大学学历党员", " | education=大学本科 |  |  |  | "),
        ("50岁以上的副高级职称党员按支部和性别统计", "org,gender | age_band=50岁及以上;title_level=副高级 |  |  |  | "),
        ("各党支部党员人数和平均年龄", "org |  |  |  |  | 平均年龄"),
        ("2019年入党的党员有哪些", " | joined_year=2019 |  |  |  | 哪些"),
        ("女大学本科学历党员", " | gender=女;education=大学本科 |  |  |  | "),
    ] {
        assert_eq!(shown(&heard(text)), expected, "{text}");
    }
}

#[test]
fn what_is_not_known_is_given_back_and_not_guessed() {
    for (text, expected) in [
        ("党员的血型", " |  |  |  |  | 血型"),
        ("在职党员", " |  |  |  |  | 在职"),
        ("农民工党员", " |  |  |  |  | 农民工"),
        ("90后党员", " |  |  |  |  | 90后"),
        ("除了女党员以外的党员", " |  |  |  |  | 除了女 以外"),
        ("女党员以外的党员", " |  |  |  |  | 女以外"),
        ("非女党员", " |  |  |  |  | 非女"),
        ("妇女", " |  |  |  |  | 妇女"),
        ("大学生党员", " |  |  |  |  | 大学生"),
        ("2019年的党员", " |  |  |  |  | 2019年"),
        ("2020年7月1日以来入党的党员", " |  |  |  |  | 2020年7月1日以来入党"),
        ("2030年底的党员", " |  |  |  |  | 2030年底"),
        ("35岁以下20岁以上的党员", " | age_band=30岁及以下|31–35岁 |  |  |  | 20岁以上"),
        ("第三党支部党员", " |  |  |  |  | 第三党支部"),
        ("联合党支部党员", " |  |  |  |  | 联合党支部"),
        ("第一党支部和第二党支部", " |  | A01 |  |  | 第二党支部"),
        ("按性别、民族、学历、学位", " |  |  |  |  | 按性别、民族、学历、学位"),
        ("十八大以来党员人数", " |  |  |  |  | 十八大以来"),
        ("按星座", " |  |  |  |  | 按星座"),
        ("入党时25岁以下", " |  |  |  |  | 入党时25岁以下"),
    ] {
        assert_eq!(shown(&heard(text)), expected, "{text}");
    }
    let long = "党".repeat(201);
    assert_eq!(heard(&long).not_understood, [long]);
}

#[test]
fn meanings_are_told_in_the_questions_order() {
    let asked = heard("35岁以下女党员占比，按学历");
    let told: Vec<String> = asked.understood.iter().map(|(text, meaning)| format!("{text} → {meaning}")).collect();
    assert_eq!(
        told,
        [
            "35岁以下 → 年龄段：30岁及以下、31–35岁",
            "女 → 性别：女",
            "占比 → 占比：与不加条件的人数相比",
            "按学历 → 分组：学历",
        ]
    );
    assert!(asked.share);
}

fn words_of_questions() -> impl Strategy<Value = String> {
    let words = [
        "35岁",
        "以下",
        "不满",
        "女",
        "党员",
        "按",
        "学历",
        "和",
        "各",
        "支部",
        "2020年",
        "以来",
        "入党",
        "近",
        "十",
        "年",
        "趋势",
        "底",
        "除了",
        "以外",
        "第一党支部",
        "大专",
        "及以上",
        "党龄",
        "截至",
        "13月",
        "(含",
        ")",
        "-",
        "99999",
        "本科",
        "占比",
        "职称",
    ];
    proptest::collection::vec(proptest::sample::select(words.to_vec()), 0..12).prop_map(|words| words.concat())
}

proptest! {
    #[test]
    fn no_text_makes_the_listener_panic(text in "\\PC{0,60}") {
        let _ = heard(&text);
    }

    #[test]
    fn any_words_give_a_valid_query(text in words_of_questions()) {
        let asked = heard(&text);
        prop_assert!(asked.query.by.len() <= MAX_DIMENSIONS);
        prop_assert!(asked.query.as_of.is_none_or(|on| on <= date(2026, 11, 24)));
        prop_assert_eq!(Query::from_query_string(&asked.query.to_query_string()), Ok(asked.query.clone()));
        for (words, _) in &asked.understood {
            prop_assert!(text.contains(words.as_str()));
        }
    }
}

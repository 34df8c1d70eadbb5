//! The words of plain questions: which name values, which say nothing, which turn a meaning round. Never a grammar.

use super::Dimension;
use crate::codes::{Education, Ethnicity, Occupation};

/// The longest word that a text begins with.
pub(super) fn longest<'a>(text: &str, words: &[&'a str]) -> Option<&'a str> {
    words.iter().copied().filter(|word| text.starts_with(word)).max_by_key(|word| word.len())
}

/// The longest word for a value that a text begins with.
pub(super) fn value_word(text: &str) -> Option<(&'static str, Dimension)> {
    let listed = VALUES.iter().flat_map(|(dimension, words)| words.iter().map(|word| (*word, *dimension)));
    let ethnicities = Ethnicity::ALL.iter().map(|value| (value.name(), Dimension::Ethnicity));
    let educations = Education::ALL.iter().map(|value| (value.name(), Dimension::Education));
    let occupations = Occupation::ALL.iter().map(|value| (value.name(), Dimension::Occupation));
    listed
        .chain(ethnicities)
        .chain(educations)
        .chain(occupations)
        .filter(|(word, _)| text.starts_with(word))
        .max_by_key(|(word, _)| word.len())
}

/// Only words that mean one thing wherever they stand: no 其他, no 满 for 满族.
const VALUES: &[(Dimension, &[&str])] = &[
    (Dimension::Gender, &["男", "女", "男性", "女性"]),
    (Dimension::Ethnicity, &["少数民族", "非汉族"]),
    (
        Dimension::Education,
        &[
            "博士",
            "硕士",
            "研究生",
            "本科",
            "大学学历",
            "大专",
            "专科",
            "高职",
            "中专",
            "职高",
            "技校",
            "小学",
            "初中",
            "高中",
        ],
    ),
    (Dimension::Degree, &["博士学位", "硕士学位", "学士学位", "学士", "无学位", "没有学位", "有学位"]),
    (
        Dimension::TitleLevel,
        &[
            "正高级",
            "正高",
            "副高级",
            "副高",
            "中级",
            "助理级",
            "员级",
            "高级职称",
            "中级职称",
            "初级职称",
            "正高级职称",
            "副高级职称",
            "有职称",
            "无职称",
            "没有职称",
        ],
    ),
    (
        Dimension::Employment,
        &[
            "劳动合同",
            "劳动合同工",
            "合同制",
            "合同工",
            "正式工",
            "正式员工",
            "劳务派遣",
            "劳务派遣工",
            "派遣制",
            "派遣工",
            "派遣",
            "事业编制",
            "事业编",
            "退休返聘",
            "返聘",
            "实习生",
            "实习",
        ],
    ),
    (
        Dimension::Occupation,
        &[
            "工人",
            "工勤技能人员",
            "农民",
            "专业技术人员",
            "管理人员",
            "机关工作人员",
            "公务员",
            "学生",
            "离退休",
            "退休人员",
            "离休人员",
            "退休",
            "离休",
        ],
    ),
    (Dimension::Status, &["正式党员", "预备党员"]),
];

/// Words that contain a word for a value and mean something else.
pub(super) const COMPOUNDS: &[&str] = &[
    "大学生",
    "中学生",
    "小学生",
    "高中生",
    "初中生",
    "本科生",
    "专科生",
    "大专生",
    "大学老师",
    "大学教师",
    "高校",
    "农民工",
    "妇女",
    "子女",
    "儿女",
    "退休金",
    "在职",
    "在岗",
    "在读",
];

/// Words for the periods of joining; they count as such only beside 入党.
pub(super) const PERIOD_WORDS: &[&str] = &[
    "新中国成立前",
    "新中国成立以前",
    "建国前",
    "建国以前",
    "解放前",
    "新中国成立后至十一届三中全会前",
    "新中国成立后",
    "新中国成立以来",
    "新中国成立以后",
    "建国后",
    "建国以来",
    "十一届三中全会前",
    "十一届三中全会以前",
    "十一届三中全会后",
    "十一届三中全会以来",
    "十一届三中全会以后",
    "十一届三中全会后至十八大前",
    "改革开放以来",
    "十八大前",
    "十八大以前",
    "十八大后",
    "十八大以来",
    "十八大以后",
    "党的十八大以来",
];

/// Becoming a member.
pub(super) const JOINING: &[&str] =
    &["入党", "加入党组织", "加入中国共产党", "发展党员", "发展的党员", "新发展党员", "新发展的党员", "发展"];

/// Whatever follows is not meant as it stands, so it is not understood.
pub(super) const NEGATIONS: &[&str] = &[
    "除了",
    "除去",
    "除开",
    "除",
    "不包括",
    "不包含",
    "不含",
    "不算",
    "不是",
    "并非",
    "非",
    "没有",
    "不",
    "无",
    "入党时",
    "转正时",
];

/// Whatever came before is not meant as it stands.
pub(super) const EXCEPTIONS: &[&str] = &["以外", "之外", "除外"];

/// A series over years.
pub(super) const TRENDS: &[&str] =
    &["变化趋势", "增长趋势", "趋势", "走势", "变化", "逐年", "历年", "每年", "增长", "增减"];

/// A share of a whole.
pub(super) const SHARES: &[&str] = &["占比", "比例", "比重", "百分比", "比率", "占多少"];

/// Everything the asker may see.
pub(super) const EVERYTHING: &[&str] =
    &["全公司", "全集团", "全企业", "全系统", "整个公司", "整个集团", "本公司", "本企业", "本集团", "我公司", "公司"];

/// Words for today.
pub(super) const NOW: &[&str] = &["截至目前", "截止目前", "到目前为止", "目前", "现在", "当前", "今天", "今日", "现有"];

/// Before a list of dimensions.
pub(super) const BY: &[&str] = &["按照", "按", "根据", "依据", "分"];

/// Before one dimension.
pub(super) const EACH: &[&str] = &["各个", "各类", "各级", "各", "每个", "每一个", "不同的", "不同"];

/// After one dimension.
pub(super) const SPREAD: &[&str] = &["分布", "结构", "构成", "比例", "组成"];

/// Words that change nothing in a question about numbers of members.
pub(super) const IDLE: &[&str] = &[
    "党员",
    "共产党员",
    "中共党员",
    "人数",
    "总人数",
    "总数",
    "数量",
    "数目",
    "有多少",
    "多少",
    "共有",
    "一共",
    "总共",
    "合计",
    "共",
    "有",
    "几",
    "人员",
    "人",
    "名",
    "位",
    "个",
    "数",
    "的",
    "是",
    "为",
    "在",
    "中",
    "里",
    "其中",
    "请问",
    "请",
    "查询",
    "查看",
    "查一下",
    "查",
    "统计",
    "列出",
    "显示",
    "看看",
    "看",
    "一下",
    "分布",
    "情况",
    "分别",
    "分组",
    "分类",
    "划分",
    "汇总",
    "交叉",
    "所有",
    "全部",
    "全体",
    "我们",
    "我",
    "想",
    "要",
    "帮",
    "给",
    "和",
    "与",
    "及",
    "以及",
    "或者",
    "或",
    "并且",
    "并",
    "且",
    "吗",
    "呢",
    "吧",
    "同志",
    "是多少",
    "所属",
    "下属",
    "时",
];

/// Signs between words.
pub(super) const SIGNS: &[char] =
    &['、', ',', '。', '?', '!', '.', ':', ';', '"', '\'', '「', '」', '“', '”', '(', ')', '《', '》', '…', '·', '/'];

#[cfg(test)]
mod tests {
    use super::super::{Bands, values};
    use super::*;

    #[test]
    fn every_word_for_a_value_has_a_meaning() {
        for (dimension, words) in VALUES {
            for word in *words {
                assert!(values::read(*dimension, word, &Bands::default()).is_some(), "{word}");
            }
        }
        for word in PERIOD_WORDS {
            let word = word.trim_start_matches("党的");
            assert!(values::read(Dimension::JoinedPeriod, word, &Bands::default()).is_some(), "{word}");
        }
    }
}

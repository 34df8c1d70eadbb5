//! Code lists (REG-06, REG-07). Each list has stored codes, Chinese names and the wordings offices use.

use crate::text::compact;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;

macro_rules! code_list {
    ($(#[$meta:meta])* $list:ident { $($variant:ident = $code:literal, $name:literal $(, [$($synonym:literal),*])?;)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $list { $(#[doc = $name] $variant),+ }

        impl $list {
            /// All values, in the list's order.
            pub const ALL: &'static [$list] = &[$($list::$variant),+];

            /// The stored code.
            pub fn code(self) -> i64 {
                match self { $($list::$variant => $code),+ }
            }

            /// The Chinese name.
            pub fn name(self) -> &'static str {
                match self { $($list::$variant => $name),+ }
            }

            /// The value of a stored code.
            pub fn from_code(code: i64) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.code() == code)
            }

            /// The value of the name itself or of one of the listed wordings.
            fn of_wording(text: &str) -> Option<Self> {
                match text {
                    $($name $($(| $synonym)*)? => Some($list::$variant),)+
                    _ => None,
                }
            }
        }

        impl fmt::Display for $list {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.name())
            }
        }

        impl Serialize for $list {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_str(self.name())
            }
        }

        impl<'de> Deserialize<'de> for $list {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = String::deserialize(d)?;
                $list::parse(&text).ok_or_else(|| de::Error::custom(format!("「{text}」不在代码表中")))
            }
        }
    };
}

/// Lists whose values are read by their wordings alone.
macro_rules! read_by_wording {
    ($($list:ident),+) => {$(
        impl $list {
            /// Reads a value as offices write it.
            pub fn parse(text: &str) -> Option<Self> {
                Self::of_wording(&compact(text))
            }
        }
    )+};
}

code_list! {
    /// 性别, GB/T 2261.1.
    Gender {
        Male = 1, "男", ["男性", "1", "M"];
        Female = 2, "女", ["女性", "2", "F"];
    }
}

code_list! {
    /// 民族, GB/T 3304.
    Ethnicity {
        Han = 1, "汉族"; Mongol = 2, "蒙古族"; Hui = 3, "回族"; Tibetan = 4, "藏族"; Uyghur = 5, "维吾尔族", ["维族"];
        Miao = 6, "苗族"; Yi = 7, "彝族"; Zhuang = 8, "壮族"; Bouyei = 9, "布依族"; Korean = 10, "朝鲜族";
        Manchu = 11, "满族"; Dong = 12, "侗族"; Yao = 13, "瑶族"; Bai = 14, "白族"; Tujia = 15, "土家族";
        Hani = 16, "哈尼族"; Kazak = 17, "哈萨克族", ["哈族"]; Dai = 18, "傣族"; Li = 19, "黎族"; Lisu = 20, "傈僳族";
        Va = 21, "佤族"; She = 22, "畲族"; Gaoshan = 23, "高山族"; Lahu = 24, "拉祜族"; Sui = 25, "水族";
        Dongxiang = 26, "东乡族"; Naxi = 27, "纳西族"; Jingpo = 28, "景颇族"; Kirgiz = 29, "柯尔克孜族"; Tu = 30, "土族";
        Daur = 31, "达斡尔族"; Mulao = 32, "仫佬族"; Qiang = 33, "羌族"; Blang = 34, "布朗族"; Salar = 35, "撒拉族";
        Maonan = 36, "毛南族"; Gelao = 37, "仡佬族"; Xibe = 38, "锡伯族"; Achang = 39, "阿昌族"; Pumi = 40, "普米族";
        Tajik = 41, "塔吉克族"; Nu = 42, "怒族"; Uzbek = 43, "乌孜别克族"; Russ = 44, "俄罗斯族"; Ewenki = 45, "鄂温克族";
        Deang = 46, "德昂族"; Bonan = 47, "保安族"; Yugur = 48, "裕固族"; Gin = 49, "京族"; Tatar = 50, "塔塔尔族";
        Derung = 51, "独龙族"; Oroqen = 52, "鄂伦春族"; Hezhen = 53, "赫哲族"; Monba = 54, "门巴族"; Lhoba = 55, "珞巴族";
        Jino = 56, "基诺族";
    }
}

impl Ethnicity {
    /// Reads a name with or without 族, or the standard's number.
    pub fn parse(text: &str) -> Option<Self> {
        let text = compact(text);
        Self::of_wording(&text)
            .or_else(|| Self::of_wording(&format!("{text}族")))
            .or_else(|| text.strip_suffix("民族").and_then(Self::parse))
            .or_else(|| text.parse().ok().filter(|_| text.len() <= 2).and_then(Self::from_code))
    }
}

code_list! {
    /// 学历, ten classes of GB/T 4658; the code is the standard's.
    Education {
        Doctor = 11, "博士研究生", ["博士", "博士生", "博士研究生毕业"];
        Master = 14, "硕士研究生", ["硕士", "硕士生", "研究生", "硕士研究生毕业", "研究生教育", "在职研究生", "党校研究生"];
        Bachelor = 21, "大学本科", ["本科", "大学", "学士", "大本", "大学本科毕业", "本科毕业", "大学本科教育"];
        College = 31, "大学专科", ["大专", "专科", "大学专科毕业", "大专毕业", "大学专科教育", "高职", "高职高专"];
        Secondary = 41, "中等专科", ["中专", "中等专科毕业", "中等职业教育", "中专毕业", "中师"];
        Vocational = 44, "职业高中", ["职高", "职业中学", "职业高中毕业"];
        Technical = 47, "技工学校", ["技校", "中技", "技工", "技工学校毕业", "技校毕业"];
        High = 61, "高中", ["普通高中", "普通高级中学教育", "普通高中毕业", "高中毕业"];
        Middle = 71, "初中", ["初级中学教育", "初中毕业"];
        Primary = 81, "小学及以下", ["小学", "小学毕业", "小学教育", "文盲", "半文盲", "文盲或半文盲"];
    }
}

impl Education {
    /// Reads a class as offices write it: 全日制本科, 在职大专, 中央党校大学, 大学（肄业） …
    pub fn parse(text: &str) -> Option<Self> {
        let text = compact(text);
        let text = text.split('(').next().unwrap_or_default();
        if let Some(found) = Self::of_wording(text) {
            return Some(found);
        }
        if let Some(found) = text.parse().ok().filter(|_| text.len() == 2).and_then(Self::from_code) {
            return Some(found);
        }
        const PREFIXES: [&str; 14] = [
            "全日制",
            "普通全日制",
            "非全日制",
            "在职",
            "函授",
            "自考",
            "自学考试",
            "成人",
            "电大",
            "网络",
            "中央党校",
            "省委党校",
            "党校",
            "业余",
        ];
        let shorter = PREFIXES
            .iter()
            .find_map(|prefix| text.strip_prefix(prefix))
            .or_else(|| ["学历", "肄业", "结业", "在读"].iter().find_map(|suffix| text.strip_suffix(suffix)));
        shorter.filter(|shorter| !shorter.is_empty()).and_then(Self::parse)
    }

    /// 大专及以上.
    pub fn is_college_or_above(self) -> bool {
        self <= Education::College
    }
}

code_list! {
    /// 学位.
    Degree {
        Doctor = 2, "博士", ["博士学位"];
        Master = 3, "硕士", ["硕士学位", "MBA", "EMBA", "MPA", "MPAcc"];
        Bachelor = 4, "学士", ["学士学位", "双学士"];
        None = 9, "无", ["没有", "-", "—", "/", "无学位"];
    }
}

impl Degree {
    /// Reads a degree with or without its subject: 工学学士, 法学硕士, 工商管理硕士学位.
    pub fn parse(text: &str) -> Option<Self> {
        let text = compact(text);
        Self::of_wording(&text).or_else(|| {
            let text = text.strip_suffix("学位").unwrap_or(&text);
            [Degree::Doctor, Degree::Master, Degree::Bachelor].into_iter().find(|degree| text.ends_with(degree.name()))
        })
    }
}

code_list! {
    /// 专业技术职务级别, GB/T 8561.
    TitleLevel {
        Senior = 1, "正高级", ["正高", "正高级职称"];
        AssociateSenior = 2, "副高级", ["副高", "高级", "高级职称", "副高级职称"];
        Intermediate = 3, "中级", ["中级职称"];
        Assistant = 4, "助理级", ["助理", "初级", "初级职称"];
        Junior = 5, "员级";
        None = 9, "无", ["没有", "-", "—", "/", "暂无", "无职称"];
    }
}

code_list! {
    /// 技能等级 of workers: not a professional title.
    SkillLevel {
        SeniorTechnician = 1, "高级技师";
        Technician = 2, "技师";
        SeniorWorker = 3, "高级工";
        IntermediateWorker = 4, "中级工";
        JuniorWorker = 5, "初级工";
    }
}

/// What a cell headed 专业技术职务 turns out to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TitleOrSkill {
    /// A professional title of this level.
    Title(TitleLevel),
    /// A skilled worker's grade, which is not a title.
    Skill(SkillLevel),
}

impl TitleLevel {
    /// Reads a level by its own name; for titles by their names see [`classify_title`].
    pub fn parse(text: &str) -> Option<Self> {
        Self::of_wording(&compact(text))
    }
}

/// Sorts a title by its name into its level: 高级工程师 → 副高级; 高级工 and 技师 are skills (REG-06).
pub fn classify_title(text: &str) -> Option<TitleOrSkill> {
    let text = compact(text);
    let text = text.split('(').next().unwrap_or_default();
    if let Some(level) = TitleLevel::of_wording(text) {
        return Some(TitleOrSkill::Title(level));
    }
    for skill in SkillLevel::ALL {
        if text.ends_with(skill.name()) {
            return Some(TitleOrSkill::Skill(*skill));
        }
    }
    title_by_name(text).map(TitleOrSkill::Title)
}

fn title_by_name(text: &str) -> Option<TitleLevel> {
    use TitleLevel as L;
    const FULL: [&str; 9] =
        ["教授", "研究员", "主任医师", "主任药师", "主任护师", "编审", "研究馆员", "高级教练", "译审"];
    const STEMS: [&str; 22] = [
        "工程师",
        "经济师",
        "会计师",
        "政工师",
        "统计师",
        "审计师",
        "农艺师",
        "工艺美术师",
        "实验师",
        "畜牧师",
        "兽医师",
        "农业经济师",
        "建筑师",
        "规划师",
        "翻译",
        "记者",
        "编辑",
        "教师",
        "讲师",
        "飞行员",
        "船长",
        "馆员",
    ];
    const MIDDLE: [&str; 8] =
        ["主治医师", "主管护师", "主管药师", "主管技师", "助理研究员", "一级教师", "人力资源管理师", "教练"];
    const ASSISTANT: [&str; 7] = ["医师", "护师", "药师", "助教", "研究实习员", "二级教师", "助理馆员"];
    const JUNIOR: [&str; 8] = ["技术员", "会计员", "经济员", "政工员", "统计员", "医士", "护士", "药士"];

    if let Some(rest) =
        text.strip_prefix("教授级").or_else(|| text.strip_prefix("研究员级")).or_else(|| text.strip_prefix("正高级"))
    {
        return (!rest.is_empty()).then_some(L::Senior);
    }
    if let Some(rest) = text.strip_prefix("副高级") {
        return (!rest.is_empty()).then_some(L::AssociateSenior);
    }
    if MIDDLE.contains(&text) {
        return Some(L::Intermediate);
    }
    if let Some(rest) = text.strip_prefix('副') {
        return FULL.contains(&rest).then_some(L::AssociateSenior);
    }
    if FULL.contains(&text) {
        return Some(L::Senior);
    }
    if JUNIOR.contains(&text) {
        return Some(L::Junior);
    }
    if ASSISTANT.contains(&text) {
        return Some(L::Assistant);
    }
    if STEMS.iter().any(|stem| text.ends_with(stem)) {
        return Some(if text.starts_with("高级") || text.starts_with("主任") {
            L::AssociateSenior
        } else if text.starts_with("助理") {
            L::Assistant
        } else {
            L::Intermediate
        });
    }
    match text {
        "高工" => Some(L::AssociateSenior),
        "助工" => Some(L::Assistant),
        _ => None,
    }
}

code_list! {
    /// 用工身份 (REG-07).
    Employment {
        Contract = 1, "劳动合同", ["合同制", "劳动合同工", "合同工", "劳动合同制", "合同制员工", "正式工", "正式员工", "在岗职工"];
        Dispatch = 2, "劳务派遣", ["派遣", "派遣制", "劳务派遣工", "派遣工", "劳务工"];
        Institution = 3, "事业编制", ["事业编", "事业单位编制"];
        Rehired = 4, "退休返聘", ["返聘"];
        Intern = 5, "实习", ["实习生", "见习"];
        Other = 9, "其他", ["其它"];
    }
}

code_list! {
    /// 职业, the classes of the published annual communiqué.
    Occupation {
        Worker = 1, "工人（工勤技能人员）", ["工人(工勤技能人员)", "工人", "工勤技能人员", "工勤人员"];
        Farmer = 2, "农牧渔民", ["农民", "牧民", "渔民"];
        Professional = 3, "企事业、社会组织专业技术人员", ["专业技术人员", "企事业单位、社会组织专业技术人员"];
        Manager = 4, "企事业、社会组织管理人员", ["管理人员", "企事业单位、社会组织管理人员"];
        Official = 5, "党政机关工作人员", ["机关工作人员", "公务员"];
        Student = 6, "学生";
        Other = 7, "其他职业人员", ["其他", "其它", "其他职业"];
        Retired = 8, "离退休人员", ["退休", "离休", "离退休", "退休人员", "离休人员"];
    }
}

code_list! {
    /// How far a person has come on the way to membership; members are the last two.
    Stage {
        Applicant = 1, "入党申请人", ["申请人", "入党申请者"];
        Activist = 2, "入党积极分子", ["积极分子"];
        Candidate = 3, "发展对象";
        Probationary = 4, "预备党员", ["预备", "中共预备党员"];
        Full = 5, "正式党员", ["正式", "党员", "中共党员", "中共正式党员"];
    }
}

impl Stage {
    /// Whether the person is a Party member.
    pub fn is_member(self) -> bool {
        matches!(self, Stage::Probationary | Stage::Full)
    }

    /// The identifier used in JSON.
    pub fn key(self) -> &'static str {
        match self {
            Stage::Applicant => "applicant",
            Stage::Activist => "activist",
            Stage::Candidate => "candidate",
            Stage::Probationary => "probationary",
            Stage::Full => "full",
        }
    }

    /// The stage of an identifier.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|stage| stage.key() == key)
    }
}

code_list! {
    /// 党籍状态: what holds of a person's membership, and how it ended.
    Membership {
        Normal = 1, "正常", ["在籍", "正常党籍"];
        Suspended = 2, "停止党籍", ["停止"];
        OutOfContact = 3, "失联", ["失去联系"];
        TransferredOut = 4, "已转出", ["转出"];
        Removed = 5, "除名", ["自行脱党除名", "劝退除名"];
        Expelled = 6, "出党", ["开除党籍", "开除"];
        Withdrawn = 7, "退党";
        Died = 8, "已去世", ["去世", "死亡"];
        Cancelled = 9, "取消预备党员资格", ["取消资格"];
        NotApplying = 10, "撤回入党申请", ["撤回申请"];
    }
}

impl Membership {
    /// Whether a person with this state is still counted in an organisation.
    pub fn counts(self) -> bool {
        matches!(self, Membership::Normal | Membership::OutOfContact)
    }

    /// The identifier used in JSON.
    pub fn key(self) -> &'static str {
        match self {
            Membership::Normal => "normal",
            Membership::Suspended => "suspended",
            Membership::OutOfContact => "out_of_contact",
            Membership::TransferredOut => "transferred_out",
            Membership::Removed => "removed",
            Membership::Expelled => "expelled",
            Membership::Withdrawn => "withdrawn",
            Membership::Died => "died",
            Membership::Cancelled => "cancelled",
            Membership::NotApplying => "not_applying",
        }
    }

    /// The state of an identifier.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|state| state.key() == key)
    }
}

read_by_wording!(Gender, SkillLevel, Employment, Occupation, Stage, Membership);

/// Reads yes or no as offices tick it.
pub fn parse_yes_no(text: &str) -> Option<bool> {
    match compact(text).as_str() {
        "是" | "有" | "√" | "✓" | "1" | "Y" | "y" | "TRUE" | "true" => Some(true),
        "否" | "无" | "不是" | "×" | "✗" | "0" | "N" | "n" | "FALSE" | "false" | "-" | "—" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    macro_rules! every_list {
        ($($list:ident),+) => {$(
            for value in $list::ALL {
                assert_eq!($list::from_code(value.code()), Some(*value));
                assert_eq!($list::parse(value.name()), Some(*value), "{value}");
            }
        )+};
    }

    #[test]
    fn every_value_is_read_back_by_name_and_code() {
        every_list!(
            Gender, Ethnicity, Education, Degree, TitleLevel, SkillLevel, Employment, Occupation, Stage, Membership
        );
        assert_eq!(Ethnicity::ALL.len(), 56);
        assert_eq!(Education::ALL.len(), 10);
    }

    #[test]
    fn reg_06_ethnicity_with_or_without_the_last_character() {
        for (text, expected) in [
            ("汉", Ethnicity::Han),
            ("汉族", Ethnicity::Han),
            ("土家", Ethnicity::Tujia),
            ("01", Ethnicity::Han),
            (" 维吾尔 族", Ethnicity::Uyghur),
        ] {
            assert_eq!(Ethnicity::parse(text), Some(expected), "{text}");
        }
        assert_eq!(Ethnicity::parse("火星族"), None);
    }

    #[test]
    fn reg_06_education_as_offices_write_it() {
        for (text, expected) in [
            ("本科", Education::Bachelor),
            ("全日制本科", Education::Bachelor),
            ("在职研究生", Education::Master),
            ("中央党校大学", Education::Bachelor),
            ("大学本科（肄业）", Education::Bachelor),
            ("大专学历", Education::College),
            ("中技", Education::Technical),
            ("21", Education::Bachelor),
        ] {
            assert_eq!(Education::parse(text), Some(expected), "{text}");
        }
        for text in ["", "大学生村官", "全日制", "99"] {
            assert_eq!(Education::parse(text), None, "{text}");
        }
        assert!(Education::College.is_college_or_above() && !Education::Secondary.is_college_or_above());
    }

    #[test]
    fn reg_06_degrees_with_their_subject() {
        assert_eq!(Degree::parse("工学学士"), Some(Degree::Bachelor));
        assert_eq!(Degree::parse("工商管理硕士学位"), Some(Degree::Master));
        assert_eq!(Degree::parse("MBA"), Some(Degree::Master));
        assert_eq!(Degree::parse("工学"), None);
    }

    #[test]
    fn reg_06_titles_go_to_their_level_and_skills_are_no_titles() {
        use TitleOrSkill::{Skill, Title};
        for (text, expected) in [
            ("高级工程师", Title(TitleLevel::AssociateSenior)),
            ("正高级工程师", Title(TitleLevel::Senior)),
            ("教授级高级工程师", Title(TitleLevel::Senior)),
            ("教授", Title(TitleLevel::Senior)),
            ("副教授", Title(TitleLevel::AssociateSenior)),
            ("高级政工师", Title(TitleLevel::AssociateSenior)),
            ("工程师", Title(TitleLevel::Intermediate)),
            ("政工师", Title(TitleLevel::Intermediate)),
            ("助理经济师", Title(TitleLevel::Assistant)),
            ("技术员", Title(TitleLevel::Junior)),
            ("无", Title(TitleLevel::None)),
            ("副高", Title(TitleLevel::AssociateSenior)),
            ("主治医师", Title(TitleLevel::Intermediate)),
            ("副主任医师", Title(TitleLevel::AssociateSenior)),
            ("高级工", Skill(SkillLevel::SeniorWorker)),
            ("技师", Skill(SkillLevel::Technician)),
            ("高级技师", Skill(SkillLevel::SeniorTechnician)),
            ("钳工高级工", Skill(SkillLevel::SeniorWorker)),
        ] {
            assert_eq!(classify_title(text), Some(expected), "{text}");
        }
        assert_eq!(classify_title("大师兄"), None);
    }

    #[test]
    fn reg_07_employment_wordings() {
        for (text, expected) in [
            ("合同制", Employment::Contract),
            ("劳动合同工", Employment::Contract),
            ("派遣", Employment::Dispatch),
            ("返聘", Employment::Rehired),
        ] {
            assert_eq!(Employment::parse(text), Some(expected), "{text}");
        }
        assert_eq!(Employment::parse("临时"), None);
    }
}

//! The columns of a roster: keys, labels and the headings offices use for them (rules.md, section 6).

use crate::text::compact;

macro_rules! fields {
    ($($variant:ident = $key:literal, $label:literal $(, [$($synonym:literal),*])?;)+) => {
        /// A column of a roster, and a field of a dossier.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Field { $(#[doc = $label] $variant),+ }

        impl Field {
            /// All fields, in the order of the template's columns.
            pub const ALL: &'static [Field] = &[$(Field::$variant),+];

            /// The identifier used in JSON.
            pub fn key(self) -> &'static str {
                match self { $(Field::$variant => $key),+ }
            }

            /// The heading in templates and exports.
            pub fn label(self) -> &'static str {
                match self { $(Field::$variant => $label),+ }
            }

            fn of_wording(text: &str) -> Option<Self> {
                match text {
                    $($label $($(| $synonym)*)? => Some(Field::$variant),)+
                    _ => None,
                }
            }
        }
    };
}

fields! {
    Seq = "seq", "序号", ["编号", "行号", "No", "NO"];
    Reference = "reference", "人员编号";
    Name = "name", "姓名", ["党员姓名", "名字"];
    Gender = "gender", "性别";
    Ethnicity = "ethnicity", "民族";
    Born = "born", "出生日期", ["出生年月", "出生年月日", "出生时间", "生日"];
    Identity = "identity_number", "公民身份号码", ["身份证号", "身份证号码", "身份证", "公民身份证号码", "居民身份证号码", "居民身份证号", "身份号码"];
    NativePlace = "native_place", "籍贯";
    Education = "education", "学历", ["文化程度", "最高学历"];
    Degree = "degree", "学位", ["最高学位"];
    WorkedOn = "worked_on", "参加工作时间", ["参加工作日期", "工作时间", "参加工作年月"];
    AppliedOn = "applied_on", "申请入党时间", ["申请入党日期", "递交入党申请书时间", "递交入党申请书日期"];
    JoinedOn = "joined_on", "入党时间", ["加入党组织日期", "入党日期", "加入党组织时间", "入党年月", "加入中共时间", "加入中国共产党时间"];
    FullOn = "full_on", "转正时间", ["转正日期", "转为正式党员日期", "转为正式党员时间", "转正年月"];
    Org = "org", "所在党支部", ["所属党支部", "党支部名称", "所在支部", "所属支部", "党支部", "支部名称", "所在党组织", "所属党组织", "党组织名称", "组织名称"];
    OrgCode = "org_code", "党支部编码", ["组织编码", "党组织编码", "支部编码", "党组织代码"];
    PartyPost = "party_post", "党内职务", ["党内任职"];
    AdminPost = "admin_post", "行政职务", ["工作岗位", "岗位", "职务", "行政岗位"];
    Title = "title", "专业技术职务", ["职称", "专业技术职称", "技术职称", "专业技术资格"];
    Employment = "employment", "用工身份", ["用工形式", "用工性质", "用工类型"];
    Stage = "stage", "人员类别", ["党员类别", "类别", "党员类型", "政治面貌"];
    Frontline = "frontline", "一线情况", ["是否一线", "一线岗位"];
    Phone = "phone", "联系电话", ["手机号码", "手机号", "手机", "电话", "联系方式", "移动电话"];
    Household = "household_place", "户籍所在地", ["户籍地", "户籍地址", "户口所在地"];
    Residence = "residence_place", "现居住地", ["居住地", "现住址", "家庭住址", "居住地址", "现居住地址"];
    Membership = "membership", "党籍状态", ["党籍"];
    Mobile = "mobile", "是否流动党员", ["流动党员"];
    Occupation = "occupation", "职业", ["职业类别", "从业状况"];
}

impl Field {
    /// The field of a heading, whatever its spaces, line breaks, brackets, asterisks and colons.
    pub fn of_header(heading: &str) -> Option<Self> {
        let plain = compact(heading);
        let plain: String = plain.chars().filter(|c| !matches!(c, '*' | ':' | '★' | '.')).collect();
        let outside = plain.split(['(', '[', '【', '〔']).next().unwrap_or_default();
        Self::of_wording(outside).or_else(|| Self::of_wording(&plain)).or_else(|| {
            let around = |middle: &str| {
                ["全日制", "在职"]
                    .iter()
                    .any(|kind| plain == format!("{middle}{kind}") || plain == format!("{kind}{middle}"))
            };
            let education = around("学历") || around("教育") || around("学历学历");
            let degree = around("学位") || around("学历学位");
            if degree {
                Some(Field::Degree)
            } else if education {
                Some(Field::Education)
            } else {
                None
            }
        })
    }

    /// The field of an identifier.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|field| field.key() == key)
    }

    /// Whether a roster row of a member needs it.
    pub fn is_required(self) -> bool {
        matches!(self, Field::Name | Field::Identity | Field::JoinedOn | Field::Org)
    }

    /// Whether it is sealed at rest and masked on every screen.
    pub fn is_private(self) -> bool {
        matches!(self, Field::Identity | Field::Phone | Field::Household | Field::Residence)
    }

    /// The accepted values of a field that takes one of a list, for templates and forms.
    pub fn choices(self) -> Vec<&'static str> {
        use crate::codes as c;
        macro_rules! names {
            ($list:ident) => {
                c::$list::ALL.iter().map(|value| value.name()).collect()
            };
        }
        match self {
            Field::Gender => names!(Gender),
            Field::Ethnicity => names!(Ethnicity),
            Field::Education => names!(Education),
            Field::Degree => names!(Degree),
            Field::Employment => names!(Employment),
            Field::Stage => names!(Stage),
            Field::Membership => names!(Membership),
            Field::Occupation => names!(Occupation),
            Field::Mobile => vec!["是", "否"],
            Field::Seq
            | Field::Reference
            | Field::Name
            | Field::Born
            | Field::Identity
            | Field::NativePlace
            | Field::WorkedOn
            | Field::AppliedOn
            | Field::JoinedOn
            | Field::FullOn
            | Field::Org
            | Field::OrgCode
            | Field::PartyPost
            | Field::AdminPost
            | Field::Title
            | Field::Frontline
            | Field::Phone
            | Field::Household
            | Field::Residence => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_in_their_common_wordings() {
        for (heading, field) in [
            ("姓 名", Field::Name),
            ("*身份证号码", Field::Identity),
            ("出生日期（年月日）", Field::Born),
            ("入党\n时间", Field::JoinedOn),
            ("转为正式党员日期", Field::FullOn),
            ("学历（全日制/在职）", Field::Education),
            ("全日制学历", Field::Education),
            ("学历 在职", Field::Education),
            ("所属党支部：", Field::Org),
            ("手机号码", Field::Phone),
        ] {
            assert_eq!(Field::of_header(heading), Some(field), "{heading}");
        }
        for heading in ["", "备注", "党员花名册", "未通过原因"] {
            assert_eq!(Field::of_header(heading), None, "{heading}");
        }
        for field in Field::ALL {
            assert_eq!(Field::of_header(field.label()), Some(*field));
            assert_eq!(Field::from_key(field.key()), Some(*field));
        }
    }
}

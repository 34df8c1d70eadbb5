//! What members are counted by. One name for each in the command line, the API and the web; never a column of the database.

use super::bands::{Bands, DayRange, PERIODS};
use crate::codes::{Degree, Education, Employment, Ethnicity, Gender, Occupation, Stage, TitleLevel};
use crate::text::compact;
use jiff::civil::Date;

/// The name under which persons are counted whose field is empty.
pub const UNKNOWN: &str = "未填";

/// A dimension of the statistics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Dimension {
    /// 性别.
    Gender,
    /// 民族.
    Ethnicity,
    /// 学历.
    Education,
    /// 学位.
    Degree,
    /// 年龄段, by full years (周岁).
    AgeBand,
    /// 党龄段, by full years; the party age begins on the day of becoming a full member (DEV-24).
    PartyAgeBand,
    /// 入党时期, of the communiqué.
    JoinedPeriod,
    /// 职称级别.
    TitleLevel,
    /// 用工身份.
    Employment,
    /// 职业.
    Occupation,
    /// 人员类别: full or probationary.
    Status,
    /// 党组织: the children of the organisation in question.
    Org,
    /// 入党年份.
    JoinedYear,
}

/// How the values of a dimension are told apart in stored data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Groups {
    /// By a stored code.
    Codes(Vec<(i64, &'static str)>),
    /// By the stored day of birth, of full membership or of joining.
    Days(Vec<(String, DayRange)>),
    /// By the year of the stored day of joining.
    Years,
    /// By the child organisation.
    Orgs,
}

impl Dimension {
    /// All dimensions, in the order in which they are offered.
    pub const ALL: [Dimension; 13] = [
        Dimension::Gender,
        Dimension::Ethnicity,
        Dimension::Education,
        Dimension::Degree,
        Dimension::AgeBand,
        Dimension::PartyAgeBand,
        Dimension::JoinedPeriod,
        Dimension::TitleLevel,
        Dimension::Employment,
        Dimension::Occupation,
        Dimension::Status,
        Dimension::Org,
        Dimension::JoinedYear,
    ];

    /// The word in commands and addresses.
    pub fn key(self) -> &'static str {
        match self {
            Dimension::Gender => "gender",
            Dimension::Ethnicity => "ethnicity",
            Dimension::Education => "education",
            Dimension::Degree => "degree",
            Dimension::AgeBand => "age_band",
            Dimension::PartyAgeBand => "party_age_band",
            Dimension::JoinedPeriod => "joined_period",
            Dimension::TitleLevel => "title_level",
            Dimension::Employment => "employment",
            Dimension::Occupation => "occupation",
            Dimension::Status => "status",
            Dimension::Org => "org",
            Dimension::JoinedYear => "joined_year",
        }
    }

    /// The Chinese name.
    pub fn label(self) -> &'static str {
        self.wordings()[0]
    }

    /// The Chinese name and the other wordings that mean it.
    pub(super) fn wordings(self) -> &'static [&'static str] {
        match self {
            Dimension::Gender => &["性别", "男女"],
            Dimension::Ethnicity => &["民族"],
            Dimension::Education => &["学历", "文化程度", "学历层次"],
            Dimension::Degree => &["学位"],
            Dimension::AgeBand => &["年龄段", "年龄", "年龄层", "周岁"],
            Dimension::PartyAgeBand => &["党龄段", "党龄"],
            Dimension::JoinedPeriod => &["入党时期"],
            Dimension::TitleLevel => &["职称级别", "职称", "职称等级", "专业技术职务级别", "专业技术职务"],
            Dimension::Employment => &["用工身份", "用工形式", "用工"],
            Dimension::Occupation => &["职业", "职业类别"],
            Dimension::Status => &["人员类别", "党员类别", "类别"],
            Dimension::Org => &[
                "党组织",
                "组织",
                "支部",
                "党支部",
                "总支",
                "党总支",
                "党委",
                "单位",
                "下级组织",
                "下级党组织",
                "下级单位",
                "所在党组织",
                "所在党支部",
            ],
            Dimension::JoinedYear => &["入党年份", "入党年度", "入党年", "入党时间"],
        }
    }

    /// Reads a key, the Chinese name or another wording.
    pub fn parse(text: &str) -> Option<Self> {
        let text = compact(text).to_lowercase();
        Self::ALL
            .into_iter()
            .find(|dimension| dimension.key() == text || dimension.wordings().contains(&text.as_str()))
            .or(match text.as_str() {
                "age" => Some(Dimension::AgeBand),
                "party_age" => Some(Dimension::PartyAgeBand),
                _ => None,
            })
    }

    /// The values in their order, without [`UNKNOWN`]; empty where they depend on the data (党组织, 入党年份).
    pub fn values(self, bands: &Bands) -> Vec<String> {
        if let Some(list) = self.codes() {
            return list.into_iter().map(|(_, name)| name.to_owned()).collect();
        }
        if let Some(bands) = bands.of(self) {
            return bands.iter().map(|band| band.label.clone()).collect();
        }
        match self {
            Dimension::JoinedPeriod => PERIODS.iter().map(|period| period.label.to_owned()).collect(),
            _ => Vec::new(),
        }
    }

    /// Whether the field may be empty in a dossier, so that [`UNKNOWN`] is a value too.
    pub fn may_be_unknown(self) -> bool {
        !matches!(self, Dimension::Gender | Dimension::Status | Dimension::Org)
    }

    /// How the values are told apart in stored data on a day.
    pub fn groups(self, bands: &Bands, as_of: Date) -> Groups {
        if let Some(codes) = self.codes() {
            return Groups::Codes(codes);
        }
        if let Some(bands) = bands.of(self) {
            return Groups::Days(bands.iter().map(|band| (band.label.clone(), band.days(as_of))).collect());
        }
        match self {
            Dimension::JoinedPeriod => {
                Groups::Days(PERIODS.iter().map(|period| (period.label.to_owned(), period.days)).collect())
            }
            Dimension::JoinedYear => Groups::Years,
            _ => Groups::Orgs,
        }
    }

    /// The stored code of a value's name.
    pub fn code_of(self, name: &str) -> Option<i64> {
        self.codes()?.into_iter().find(|(_, known)| *known == name).map(|(code, _)| code)
    }

    /// Stored codes and names, of a dimension that has a code list.
    pub(super) fn codes(self) -> Option<Vec<(i64, &'static str)>> {
        macro_rules! list {
            ($list:ident) => {
                $list::ALL.iter().map(|value| (value.code(), value.name())).collect()
            };
        }
        Some(match self {
            Dimension::Gender => list!(Gender),
            Dimension::Ethnicity => list!(Ethnicity),
            Dimension::Education => list!(Education),
            Dimension::Degree => list!(Degree),
            Dimension::TitleLevel => list!(TitleLevel),
            Dimension::Employment => list!(Employment),
            Dimension::Occupation => list!(Occupation),
            Dimension::Status => [Stage::Full, Stage::Probationary].map(|stage| (stage.code(), stage.name())).to_vec(),
            Dimension::AgeBand
            | Dimension::PartyAgeBand
            | Dimension::JoinedPeriod
            | Dimension::Org
            | Dimension::JoinedYear => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dimension_is_read_back_by_key_and_by_every_wording() {
        for dimension in Dimension::ALL {
            assert_eq!(Dimension::parse(dimension.key()), Some(dimension));
            for wording in dimension.wordings() {
                assert_eq!(Dimension::parse(wording), Some(dimension), "{wording}");
            }
        }
        assert_eq!(Dimension::parse(" AGE_BAND "), Some(Dimension::AgeBand));
        assert_eq!(Dimension::parse("血型"), None);
    }

    #[test]
    fn values_stand_in_the_lists_order() {
        let bands = Bands::default();
        assert_eq!(Dimension::Gender.values(&bands), ["男", "女"]);
        assert_eq!(Dimension::Status.values(&bands), ["正式党员", "预备党员"]);
        assert_eq!(Dimension::Ethnicity.values(&bands).len(), 56);
        assert_eq!(Dimension::JoinedPeriod.values(&bands)[3], "十八大以来");
        assert!(Dimension::Org.values(&bands).is_empty());
        assert_eq!(Dimension::Status.code_of("预备党员"), Some(Stage::Probationary.code()));
    }
}

//! What a row or a form says of a person: typed values, each present only where something was given.

use super::field::Field;
use super::{Code, Finding, Raw};
use crate::codes::{
    Degree, Education, Employment, Ethnicity, Gender, Membership, Occupation, Stage, TitleLevel, TitleOrSkill,
    classify_title, parse_yes_no,
};
use crate::date::PartialDate;
use crate::identity::{IdentityError, IdentityNumber, is_masked, looks_precision_lost};
use crate::ids::PersonId;
use crate::name::PersonName;
use crate::phone::Phone;

/// Values given for a person. `None` means: nothing was said about it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Draft {
    /// The row's own reference, in sheets that were exported from here.
    pub reference: Option<PersonId>,
    /// 所在党支部 by name.
    pub org: Option<String>,
    /// 所在党支部 by code.
    pub org_code: Option<String>,
    /// 姓名.
    pub name: Option<PersonName>,
    /// 性别.
    pub gender: Option<Gender>,
    /// 民族.
    pub ethnicity: Option<Ethnicity>,
    /// 出生日期.
    pub born: Option<PartialDate>,
    /// 公民身份号码.
    pub identity: Option<IdentityNumber>,
    /// 籍贯.
    pub native_place: Option<String>,
    /// 学历: of several the highest.
    pub education: Option<Education>,
    /// 学位: of several the highest.
    pub degree: Option<Degree>,
    /// 参加工作时间.
    pub worked_on: Option<PartialDate>,
    /// 申请入党时间.
    pub applied_on: Option<PartialDate>,
    /// 入党时间.
    pub joined_on: Option<PartialDate>,
    /// 转正时间.
    pub full_on: Option<PartialDate>,
    /// 党内职务 as written.
    pub party_post: Option<String>,
    /// 行政职务.
    pub admin_post: Option<String>,
    /// 专业技术职务 as written.
    pub title: Option<String>,
    /// Its level.
    pub title_level: Option<TitleLevel>,
    /// 用工身份.
    pub employment: Option<Employment>,
    /// 人员类别.
    pub stage: Option<Stage>,
    /// 一线情况.
    pub frontline: Option<String>,
    /// 联系电话.
    pub phone: Option<Phone>,
    /// 户籍所在地.
    pub household_place: Option<String>,
    /// 现居住地.
    pub residence_place: Option<String>,
    /// 党籍状态.
    pub membership: Option<Membership>,
    /// 是否流动党员.
    pub mobile: Option<bool>,
    /// 职业.
    pub occupation: Option<Occupation>,
    /// Fields to be emptied: forms say so, rosters never do.
    pub cleared: Vec<Field>,
}

/// Longest text kept in a field without a list.
const LONGEST: usize = 200;

impl Draft {
    /// Takes over what one cell or form field says. An empty cell says nothing.
    ///
    /// Returns a warning where the value was understood but should be looked at.
    pub fn take(&mut self, field: Field, raw: &Raw, has_reference: bool) -> Result<Option<Finding>, Finding> {
        let text = raw.text();
        let text = text.trim();
        if matches!(raw, Raw::Error(_)) || is_error_value(text) {
            return Err(Finding::new(
                field,
                Code::of_broken(field),
                format!("{}的单元格是错误值 {text}。请改正公式或直接填写", field.label()),
            ));
        }
        if text.is_empty() {
            return Ok(None);
        }
        let unknown = |choices: &str| {
            let message = format!("{}「{text}」不在代码表中。请填写：{choices}", field.label());
            Finding::new(field, Code::UnknownCode, message)
        };
        let listed = || unknown(&shorten(&field.choices()));
        match field {
            Field::Seq => {}
            Field::Reference => {
                let reference = text.parse().map_err(|_| {
                    Finding::new(field, Code::UnknownCode, "人员编号不是本系统导出的编号。请清空此格或重新导出")
                })?;
                self.reference = Some(reference);
            }
            Field::Name => {
                self.name =
                    Some(PersonName::parse(text).map_err(|e| Finding::new(field, Code::BadName, e.to_string()))?)
            }
            Field::Gender => self.gender = Some(Gender::parse(text).ok_or_else(listed)?),
            Field::Ethnicity => {
                self.ethnicity = Some(Ethnicity::parse(text).ok_or_else(|| unknown("56 个民族之一，如「汉族」"))?)
            }
            Field::Identity => {
                if has_reference && is_masked(text) {
                    return Ok(None);
                }
                if is_masked(text) {
                    let message = "公民身份号码是脱敏后的显示（带 *），不能登记。请填写完整的 18 位号码";
                    return Err(Finding::new(field, Code::IdChecksum, message));
                }
                self.identity = Some(identity(raw, text)?);
            }
            Field::Education => {
                let education = Education::parse(text).ok_or_else(listed)?;
                self.education = Some(self.education.map_or(education, |other| other.min(education)));
            }
            Field::Degree => {
                let degree = Degree::parse(text).ok_or_else(listed)?;
                self.degree = Some(self.degree.map_or(degree, |other| other.min(degree)));
            }
            Field::Born => self.born = Some(date(field, raw)?),
            Field::WorkedOn => self.worked_on = Some(date(field, raw)?),
            Field::AppliedOn => self.applied_on = Some(date(field, raw)?),
            Field::JoinedOn => self.joined_on = Some(date(field, raw)?),
            Field::FullOn => self.full_on = Some(date(field, raw)?),
            Field::Org => self.org = Some(free_text(field, &crate::text::compact(text))?),
            Field::OrgCode => self.org_code = Some(free_text(field, &crate::text::compact(text))?),
            Field::NativePlace => self.native_place = Some(free_text(field, text)?),
            Field::PartyPost => self.party_post = Some(free_text(field, text)?),
            Field::AdminPost => self.admin_post = Some(free_text(field, text)?),
            Field::Frontline => self.frontline = Some(free_text(field, text)?),
            Field::Household | Field::Residence => {
                if has_reference && is_masked(text) {
                    return Ok(None);
                }
                if is_masked(text) {
                    let message = format!("{}是脱敏后的显示（带 *），不能登记。请填写完整的地址", field.label());
                    return Err(Finding::new(field, Code::UnknownCode, message));
                }
                let place = Some(free_text(field, text)?);
                match field {
                    Field::Household => self.household_place = place,
                    _ => self.residence_place = place,
                }
            }
            Field::Title => return self.take_title(text),
            Field::Employment => self.employment = Some(Employment::parse(text).ok_or_else(listed)?),
            Field::Stage => self.stage = Some(Stage::parse(text).ok_or_else(listed)?),
            Field::Phone => {
                if has_reference && is_masked(text) {
                    return Ok(None);
                }
                if is_masked(text) {
                    let message = "联系电话是脱敏后的显示（带 *），不能登记。请填写完整的号码";
                    return Err(Finding::new(field, Code::BadPhone, message));
                }
                self.phone = Some(Phone::parse(text).map_err(|e| Finding::new(field, Code::BadPhone, e.to_string()))?);
            }
            Field::Membership => self.membership = Some(Membership::parse(text).ok_or_else(listed)?),
            Field::Mobile => self.mobile = Some(parse_yes_no(text).ok_or_else(listed)?),
            Field::Occupation => self.occupation = Some(Occupation::parse(text).ok_or_else(listed)?),
        }
        Ok(None)
    }

    fn take_title(&mut self, text: &str) -> Result<Option<Finding>, Finding> {
        self.title = Some(free_text(Field::Title, text)?);
        match classify_title(text) {
            Some(TitleOrSkill::Title(level)) => {
                self.title_level = Some(level);
                Ok(None)
            }
            Some(TitleOrSkill::Skill(skill)) => {
                self.title_level = Some(TitleLevel::None);
                let message = format!("「{text}」是技能等级（{}），不算职称，职称级别按「无」统计", skill.name());
                Ok(Some(Finding::new(Field::Title, Code::UnknownCode, message)))
            }
            None => {
                let message = format!(
                    "职称「{text}」认不出级别，已照原文保存，暂不计入职称统计。可改写为正高级、副高级、中级、助理级、员级或无"
                );
                Ok(Some(Finding::new(Field::Title, Code::UnknownCode, message)))
            }
        }
    }
}

fn shorten(choices: &[&str]) -> String {
    choices.join("、")
}

fn free_text(field: Field, text: &str) -> Result<String, Finding> {
    let kept: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if kept.chars().any(char::is_control) || kept.chars().count() > LONGEST {
        return Err(Finding::new(
            field,
            Code::UnknownCode,
            format!("{}超过 {LONGEST} 字或含有控制字符。请改短", field.label()),
        ));
    }
    Ok(kept)
}

fn identity(raw: &Raw, text: &str) -> Result<IdentityNumber, Finding> {
    let lost = || {
        let message =
            "单元格是数字格式，只保留了 15 位，末三位已丢失，不能猜补。请把该列设为文本格式后重新录入 18 位号码";
        Finding::new(Field::Identity, Code::IdPrecisionLost, message)
    };
    if matches!(raw, Raw::Number(number) if *number >= 1e15) {
        return Err(lost());
    }
    IdentityNumber::parse(text).map_err(|e| match e {
        IdentityError::Checksum | IdentityError::Birth | IdentityError::Character | IdentityError::Length(_)
            if looks_precision_lost(text) =>
        {
            lost()
        }
        other => Finding::new(Field::Identity, Code::IdChecksum, other.to_string()),
    })
}

/// A formula's error value that has become text on its way, as in text files.
pub(super) fn is_error_value(text: &str) -> bool {
    matches!(text, "#REF!" | "#N/A" | "#VALUE!" | "#DIV/0!" | "#NAME?" | "#NUM!" | "#NULL!" | "#GETTING_DATA")
}

fn date(field: Field, raw: &Raw) -> Result<PartialDate, Finding> {
    date_of(raw).map_err(|message| Finding::new(field, Code::BadDate, format!("{}{message}", field.label())))
}

/// The date of a cell, or what is wrong with it.
pub(super) fn date_of(raw: &Raw) -> Result<PartialDate, String> {
    match raw {
        Raw::Date(date) => PartialDate::parse(&date.to_string()).map_err(|e| e.to_string()),
        Raw::Number(number) if (20_000.0..80_000.0).contains(number) => {
            spreadsheet_day(*number).ok_or_else(|| format!("「{number}」不是日期"))
        }
        Raw::Number(number) if (*number * 10.0).fract() == 0.0 && number.fract() != 0.0 => {
            let year = number.floor();
            Err(format!("「{number}」分不清是 1 月还是 10 月。请写成 {year:.0}-01 或 {year:.0}-10"))
        }
        Raw::Empty | Raw::Text(_) | Raw::Number(_) | Raw::Error(_) => {
            PartialDate::parse(&raw.text()).map_err(|e| e.to_string())
        }
    }
}

/// The day of a spreadsheet's serial number: day 60 of the 1900 calendar is the 29 February that never was.
fn spreadsheet_day(serial: f64) -> Option<PartialDate> {
    let epoch = jiff::civil::date(1899, 12, 30);
    epoch.checked_add(jiff::Span::new().days(serial.floor() as i64)).ok().map(PartialDate::day)
}

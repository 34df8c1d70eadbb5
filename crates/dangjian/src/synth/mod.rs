//! Synthetic organisations and persons for demonstrations, tests and measurements. Same arguments, same data.
//! No real person is in here, and nothing is read from a register.

mod communique;
mod enterprise;
mod history;
mod margins;
mod names;
mod people;
mod rng;
#[cfg(test)]
mod tests;

pub(crate) use communique::communique;
pub(crate) use enterprise::{TOLD_DAYS, enterprise};
pub(crate) use history::earlier_branch;
pub(crate) use rng::Rng as Dice;

use jiff::civil::Date;
use rules::codes::{Degree, Education, Employment, Ethnicity, Gender, Occupation, Stage, TitleLevel};
use rules::identity::IdentityNumber;
use rules::name::PersonName;
use rules::org::OrgKind;
use rules::phone::Phone;

/// A synthetic organisation. The list is in preorder: `[0]` is the top committee, and a parent's index is smaller than its own.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SynthOrg {
    /// 组织编码, unique.
    pub(crate) code: String,
    /// 组织名称, unique.
    pub(crate) name: String,
    /// 组织类别.
    pub(crate) kind: OrgKind,
    /// The index of 上级组织; `None` for the top.
    pub(crate) parent: Option<usize>,
    /// 成立日期.
    pub(crate) founded_on: Date,
    /// 所在单位.
    pub(crate) unit_name: Option<String>,
    /// 统一社会信用代码 of the unit.
    pub(crate) uscc: Option<String>,
    /// 届期起始; groups have no term.
    pub(crate) term_from: Option<Date>,
}

/// A synthetic person. Consistent by REG-01 to REG-08 as of the day the population was made for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SynthPerson {
    /// The index of the organisation.
    pub(crate) org: usize,
    /// 姓名.
    pub(crate) name: PersonName,
    /// 性别.
    pub(crate) gender: Gender,
    /// 民族.
    pub(crate) ethnicity: Ethnicity,
    /// 出生日期.
    pub(crate) birth: Date,
    /// 公民身份号码, unique.
    pub(crate) identity: Option<IdentityNumber>,
    /// 联系电话, unique.
    pub(crate) phone: Option<Phone>,
    /// 籍贯.
    pub(crate) native_place: String,
    /// 学历.
    pub(crate) education: Education,
    /// 学位.
    pub(crate) degree: Degree,
    /// 专业技术职务 as a roster writes it; for workers it may be a skill grade.
    pub(crate) title: Option<String>,
    /// 职称级别.
    pub(crate) title_level: TitleLevel,
    /// 用工身份.
    pub(crate) employment: Option<Employment>,
    /// 职业.
    pub(crate) occupation: Occupation,
    /// 人员类别.
    pub(crate) stage: Stage,
    /// 参加工作时间.
    pub(crate) worked_on: Option<Date>,
    /// 申请入党时间.
    pub(crate) applied_on: Option<Date>,
    /// 入党时间.
    pub(crate) joined_on: Option<Date>,
    /// 转正时间.
    pub(crate) full_on: Option<Date>,
    /// 行政职务.
    pub(crate) admin_post: Option<String>,
    /// Whether the way into the Party is told by a case.
    pub(crate) case: CaseWish,
}

/// Whether somebody's way into the Party is told by a case of 发展党员.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CaseWish {
    /// It is not.
    Untold,
    /// It is.
    Told,
    /// It is, and stands where there is something to do next: in the branches of the accounts to look around with.
    Shown,
}

/// Organisations in a list, persons as a stream in the order of their organisations: they are never all held.
pub(crate) struct Population {
    /// The organisations, in preorder.
    pub(crate) orgs: Vec<SynthOrg>,
    /// The persons.
    pub(crate) persons: Box<dyn Iterator<Item = SynthPerson> + Send>,
}

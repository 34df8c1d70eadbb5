//! Organisation sheets: 组织编码, 组织名称, 组织类别, 上级组织编码 and what may stand beside them.

use super::Raw;
use super::draft::{date_of, is_error_value};
use crate::date::Precision;
use crate::org::OrgKind;
use crate::text::compact;
use crate::uscc::Uscc;
use jiff::civil::Date;

/// A column of an organisation sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OrgField {
    /// 序号.
    Seq,
    /// 组织编码.
    Code,
    /// 组织名称.
    Name,
    /// 组织类别.
    Kind,
    /// 上级组织编码.
    Parent,
    /// 所在行政单位.
    Unit,
    /// 统一社会信用代码.
    Uscc,
    /// 成立日期.
    FoundedOn,
    /// 届期起始.
    TermFrom,
}

impl OrgField {
    /// All columns, in the template's order.
    pub const ALL: &'static [OrgField] = &[
        OrgField::Seq,
        OrgField::Code,
        OrgField::Name,
        OrgField::Kind,
        OrgField::Parent,
        OrgField::Unit,
        OrgField::Uscc,
        OrgField::FoundedOn,
        OrgField::TermFrom,
    ];

    /// The heading in templates and exports.
    pub fn label(self) -> &'static str {
        match self {
            OrgField::Seq => "序号",
            OrgField::Code => "组织编码",
            OrgField::Name => "组织名称",
            OrgField::Kind => "组织类别",
            OrgField::Parent => "上级组织编码",
            OrgField::Unit => "所在行政单位",
            OrgField::Uscc => "统一社会信用代码",
            OrgField::FoundedOn => "成立日期",
            OrgField::TermFrom => "届期起始",
        }
    }

    /// The identifier used in JSON.
    pub fn key(self) -> &'static str {
        match self {
            OrgField::Seq => "seq",
            OrgField::Code => "code",
            OrgField::Name => "name",
            OrgField::Kind => "kind",
            OrgField::Parent => "parent_code",
            OrgField::Unit => "unit_name",
            OrgField::Uscc => "uscc",
            OrgField::FoundedOn => "founded_on",
            OrgField::TermFrom => "term_from",
        }
    }

    /// The field of an identifier.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|field| field.key() == key)
    }

    /// Whether every row needs it.
    pub fn is_required(self) -> bool {
        matches!(self, OrgField::Code | OrgField::Name | OrgField::Kind)
    }

    /// The field of a heading.
    pub fn of_header(heading: &str) -> Option<Self> {
        let plain: String = compact(heading).chars().filter(|c| !matches!(c, '*' | ':' | '★')).collect();
        let outside = plain.split('(').next().unwrap_or_default();
        match outside {
            "组织编码" | "党组织编码" | "党组织代码" | "组织代码" | "编码" => Some(OrgField::Code),
            "组织名称" | "党组织名称" | "党组织全称" | "名称" => Some(OrgField::Name),
            "组织类别" | "党组织类别" | "组织类型" | "党组织类型" | "类别" => Some(OrgField::Kind),
            "上级组织编码" | "上级党组织编码" | "上级编码" | "上级组织代码" => {
                Some(OrgField::Parent)
            }
            "所在行政单位" | "行政单位" | "单位名称" | "所在单位" => Some(OrgField::Unit),
            "统一社会信用代码" | "信用代码" => Some(OrgField::Uscc),
            "成立日期" | "成立时间" | "建立日期" => Some(OrgField::FoundedOn),
            "届期起始" | "届期起始日期" | "本届起始" | "换届日期" => Some(OrgField::TermFrom),
            "序号" => Some(OrgField::Seq),
            _ => None,
        }
    }
}

/// What a row of an organisation sheet says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OrgDraft {
    /// 组织编码.
    pub code: String,
    /// 组织名称.
    pub name: String,
    /// 组织类别.
    pub kind: Option<OrgKind>,
    /// 上级组织编码.
    pub parent: Option<String>,
    /// 所在行政单位.
    pub unit_name: Option<String>,
    /// 统一社会信用代码.
    pub uscc: Option<String>,
    /// 成立日期.
    pub founded_on: Option<Date>,
    /// 届期起始.
    pub term_from: Option<Date>,
}

/// Something wrong with a row of an organisation sheet: the column, a stable code, what is wrong and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrgFinding {
    /// Where.
    pub field: OrgField,
    /// What sort.
    pub code: &'static str,
    /// What is wrong and what to do.
    pub message: String,
}

/// A row of an organisation sheet that has been read and checked by itself.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OrgChecked {
    /// What it says.
    pub draft: OrgDraft,
    /// Every reason not to accept it.
    pub errors: Vec<OrgFinding>,
    /// What should be looked at.
    pub warnings: Vec<OrgFinding>,
}

/// Longest code and longest name of an organisation, in characters.
const LONGEST_CODE: usize = 64;
const LONGEST_NAME: usize = 100;

/// Reads one row of an organisation sheet: all its errors, not the first. Whether the superior exists is the caller's to find out
/// (`unknown_org`).
pub fn check_org_row(cells: &[(OrgField, Raw)], today: Date) -> OrgChecked {
    let mut checked = OrgChecked::default();
    for (field, raw) in cells {
        let text = raw.text();
        let text = text.trim();
        if !text.is_empty() {
            checked.take(*field, raw, text, today);
        }
    }
    let draft = &checked.draft;
    let missing: Vec<OrgField> = [
        (OrgField::Code, draft.code.is_empty()),
        (OrgField::Name, draft.name.is_empty()),
        (OrgField::Kind, draft.kind.is_none()),
    ]
    .into_iter()
    .filter(|(field, empty)| *empty && !checked.errors.iter().any(|error| error.field == *field))
    .map(|(field, _)| field)
    .collect();
    for field in missing {
        checked.error(field, "missing_required", format!("{}没有填写。请补填", field.label()));
    }
    if !checked.draft.code.is_empty() && checked.draft.parent.as_ref() == Some(&checked.draft.code) {
        checked.error(OrgField::Parent, "unknown_org", "上级组织编码就是本组织的编码（ORG-10）。请核对".to_owned());
    }
    checked
}

impl OrgChecked {
    fn error(&mut self, field: OrgField, code: &'static str, message: String) {
        self.errors.push(OrgFinding { field, code, message });
    }

    fn take(&mut self, field: OrgField, raw: &Raw, text: &str, today: Date) {
        let label = field.label();
        if matches!(raw, Raw::Error(_)) || is_error_value(text) {
            let code = match field {
                OrgField::Parent => "unknown_org",
                OrgField::Uscc => "uscc_checksum",
                OrgField::FoundedOn | OrgField::TermFrom => "bad_date",
                OrgField::Name => "bad_name",
                OrgField::Seq | OrgField::Code | OrgField::Kind | OrgField::Unit => "unknown_code",
            };
            return self.error(field, code, format!("{label}的单元格是错误值 {text}。请改正公式或直接填写"));
        }
        match field {
            OrgField::Seq => {}
            OrgField::Code | OrgField::Parent => {
                let value = compact(text);
                let plain = value.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'));
                if !plain || value.chars().count() > LONGEST_CODE {
                    let message =
                        format!("{label}「{text}」只能用数字、字母、汉字和 - _ .，不超过 {LONGEST_CODE} 个字。请核对");
                    let code = if field == OrgField::Code { "unknown_code" } else { "unknown_org" };
                    return self.error(field, code, message);
                }
                match field {
                    OrgField::Code => self.draft.code = value,
                    _ => self.draft.parent = Some(value),
                }
            }
            OrgField::Name | OrgField::Unit => {
                let value = compact(text);
                if value.starts_with(['=', '+', '-', '@'])
                    || value.chars().any(char::is_control)
                    || value.chars().count() > LONGEST_NAME
                {
                    let message = format!("{label}含有公式或控制字符，或超过 {LONGEST_NAME} 个字。请核对");
                    return self.error(field, "bad_name", message);
                }
                match field {
                    OrgField::Name => self.draft.name = value,
                    _ => self.draft.unit_name = Some(value),
                }
            }
            OrgField::Kind => match OrgKind::parse(&compact(text)) {
                Some(kind) => self.draft.kind = Some(kind),
                None => {
                    let names: Vec<&str> = OrgKind::ALL.iter().map(|kind| kind.name()).collect();
                    let message = format!("组织类别「{text}」不在代码表中。请填写：{}", names.join("、"));
                    self.error(field, "unknown_code", message);
                }
            },
            OrgField::Uscc => match Uscc::parse(text) {
                Ok(code) => self.draft.uscc = Some(code.to_string()),
                Err(e) => self.error(field, "uscc_checksum", e.to_string()),
            },
            OrgField::FoundedOn | OrgField::TermFrom => self.take_date(field, raw, today),
        }
    }

    fn take_date(&mut self, field: OrgField, raw: &Raw, today: Date) {
        let label = field.label();
        match date_of(raw) {
            Ok(date) if date.date > today => {
                self.error(field, "bad_date", format!("{label} {date} 晚于今天。请核对"));
            }
            Ok(date) => {
                if date.precision != Precision::Day {
                    let message = format!("{label}只写到 {date}，按 {} 登记。知道日子的请补正", date.date);
                    self.warnings.push(OrgFinding { field, code: "bad_date", message });
                }
                match field {
                    OrgField::FoundedOn => self.draft.founded_on = Some(date.date),
                    _ => self.draft.term_from = Some(date.date),
                }
            }
            Err(message) => self.error(field, "bad_date", format!("{label}{message}")),
        }
    }
}

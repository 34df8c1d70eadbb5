//! Organisation sheets: 组织编码, 组织名称, 组织类别, 上级组织编码 and what may stand beside them.

use super::Raw;
use crate::date::PartialDate;
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

impl OrgDraft {
    /// Reads one row: all its errors, not the first. Whether the superior exists is the caller's to find out.
    pub fn read(cells: &[(OrgField, Raw)], today: Date) -> (OrgDraft, Vec<OrgFinding>) {
        let mut draft = OrgDraft::default();
        let mut errors = Vec::new();
        let mut error = |field: OrgField, code, message: String| errors.push(OrgFinding { field, code, message });
        for (field, raw) in cells {
            let text = raw.text();
            let text = text.trim();
            if text.is_empty() {
                continue;
            }
            match field {
                OrgField::Seq => {}
                OrgField::Code => draft.code = compact(text),
                OrgField::Name => draft.name = compact(text),
                OrgField::Parent => draft.parent = Some(compact(text)),
                OrgField::Unit => draft.unit_name = Some(text.to_owned()),
                OrgField::Kind => match OrgKind::parse(&compact(text)) {
                    Some(kind) => draft.kind = Some(kind),
                    None => error(
                        *field,
                        "unknown_code",
                        format!(
                            "组织类别「{text}」不在代码表中。请填写党委、党总支、党支部、联合党支部、临时党支部或党小组"
                        ),
                    ),
                },
                OrgField::Uscc => match Uscc::parse(text) {
                    Ok(code) => draft.uscc = Some(code.to_string()),
                    Err(e) => error(*field, "uscc_checksum", e.to_string()),
                },
                OrgField::FoundedOn | OrgField::TermFrom => {
                    let date = match raw {
                        Raw::Date(date) => Ok(PartialDate::day(*date)),
                        Raw::Empty | Raw::Text(_) | Raw::Number(_) | Raw::Error(_) => PartialDate::parse(text),
                    };
                    match date {
                        Ok(date) if date.date > today => {
                            error(*field, "bad_date", format!("{} {date} 晚于今天。请核对", field.label()))
                        }
                        Ok(date) if *field == OrgField::FoundedOn => draft.founded_on = Some(date.date),
                        Ok(date) => draft.term_from = Some(date.date),
                        Err(e) => error(*field, "bad_date", format!("{}{e}", field.label())),
                    }
                }
            }
        }
        for (field, empty) in [(OrgField::Code, draft.code.is_empty()), (OrgField::Name, draft.name.is_empty())] {
            if empty {
                error(field, "missing_required", format!("{}没有填写。请补填", field.label()));
            }
        }
        if draft.kind.is_none() && !errors.iter().any(|e| e.field == OrgField::Kind) {
            draft.kind = OrgKind::of_name(&draft.name);
            if draft.kind.is_none() {
                let message = "组织类别没有填写，从名称也看不出来。请补填".to_owned();
                errors.push(OrgFinding { field: OrgField::Kind, code: "missing_required", message });
            }
        }
        (draft, errors)
    }
}

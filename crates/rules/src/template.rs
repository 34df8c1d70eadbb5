//! 模板: documents of Party life as texts with fields to fill in. The built-in ones are data (`template/library`), rendered here to
//! parts of a document; an enterprise's own DOCX takes the place of one of them and fills the same fields.

mod library;
mod render;
mod source;
mod text;
mod value;

pub use library::{find, library};
pub use render::{Gaps, Part, Rendered, render};
pub use source::Source;
pub use value::{Fault, Given, Value, Values, check, shown};

use crate::activity::Activity;

/// How a document is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// 公文.
    Official,
    /// A record or a form.
    Record,
}

/// What a template belongs to: how the library is ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// 组织生活.
    Life,
    /// 发展党员.
    Development,
    /// 换届选举.
    Election,
    /// 党员管理: dues, transfers.
    Membership,
    /// 公文.
    Letter,
}

impl Group {
    /// All groups, in order.
    pub const ALL: &'static [Group] =
        &[Group::Life, Group::Development, Group::Election, Group::Membership, Group::Letter];

    /// The identifier used in JSON and in the library.
    pub fn key(self) -> &'static str {
        match self {
            Group::Life => "life",
            Group::Development => "development",
            Group::Election => "election",
            Group::Membership => "membership",
            Group::Letter => "letter",
        }
    }

    /// The group of an identifier.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|group| group.key() == key)
    }

    /// The Chinese name.
    pub fn name(self) -> &'static str {
        match self {
            Group::Life => "组织生活",
            Group::Development => "发展党员",
            Group::Election => "换届选举",
            Group::Membership => "党员管理",
            Group::Letter => "公文",
        }
    }
}

/// What may be filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldKind {
    /// One line.
    Text,
    /// Several lines.
    LongText,
    /// A day, given as 2026-03-05 and printed as 2026年3月5日.
    Date,
    /// A whole number, 0 or more.
    Number,
    /// One of these.
    Choice(Vec<String>),
    /// Rows of a list or a table; each column is a field of its own, never rows again.
    Rows(Vec<Field>),
}

/// A field to fill in. Its name is what stands between the braces: `{{会议时间}}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// The name, unique in its template.
    pub name: String,
    /// What may be filled in.
    pub kind: FieldKind,
    /// Whether the document cannot do without it.
    pub required: bool,
    /// Where its value is known from.
    pub source: Option<Source>,
    /// How to fill it in.
    pub hint: String,
}

/// A template of the library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// Its identifier.
    pub key: String,
    /// Its Chinese name.
    pub name: String,
    /// What it belongs to.
    pub group: Group,
    /// What it is for, in a sentence.
    pub purpose: String,
    /// The activities it is used in.
    pub activities: Vec<Activity>,
    /// How it is laid out.
    pub style: Style,
    /// Its fields, in the order in which they are asked for.
    pub fields: Vec<Field>,
    /// Its text.
    lines: Vec<text::Line>,
}

impl Template {
    /// The field of a name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The placeholders that may stand in a DOCX that takes this template's place: `会议时间`, `议题.题目`.
    pub fn placeholders(&self) -> Vec<String> {
        let of = |field: &Field| match &field.kind {
            FieldKind::Rows(columns) => {
                let own = columns.iter().map(|column| format!("{}.{}", field.name, column.name));
                own.chain([format!("{}.{}", field.name, text::NUMBER)]).collect()
            }
            _ => vec![field.name.clone()],
        };
        self.fields.iter().flat_map(of).collect()
    }

    /// What a DOCX that takes this template's place has in it but must not: placeholders that nothing fills in.
    pub fn unknown<'p>(&self, found: impl IntoIterator<Item = &'p String>) -> Vec<&'p str> {
        let known = self.placeholders();
        found.into_iter().filter(|name| !known.contains(name)).map(String::as_str).collect()
    }
}

//! Notices as the client gets them.

use rules::notice::Kind;
use serde::{Deserialize, Serialize};
use store::Notice as Stored;
use utoipa::ToSchema;

/// 提醒种类.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum NoticeKind {
    Reminder,
    Overdue,
    Escalation,
    Message,
}

impl From<Kind> for NoticeKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Reminder => NoticeKind::Reminder,
            Kind::Overdue => NoticeKind::Overdue,
            Kind::Escalation => NoticeKind::Escalation,
            Kind::Message => NoticeKind::Message,
        }
    }
}

impl From<NoticeKind> for Kind {
    fn from(kind: NoticeKind) -> Self {
        match kind {
            NoticeKind::Reminder => Kind::Reminder,
            NoticeKind::Overdue => Kind::Overdue,
            NoticeKind::Escalation => Kind::Escalation,
            NoticeKind::Message => Kind::Message,
        }
    }
}

/// A notice.
#[derive(Serialize, ToSchema)]
pub(super) struct Notice {
    id: String,
    kind: NoticeKind,
    /// What is to be done, or has happened. Names nobody.
    title: String,
    /// Where, until when.
    detail: String,
    /// The page on which it is done; none when this account has no part in doing it.
    link: Option<String>,
    /// The rule it stands on.
    rule: Option<String>,
    created_at: i64,
    unread: bool,
    /// Whether what it is about has been done.
    closed: bool,
}

impl From<Stored> for Notice {
    fn from(notice: Stored) -> Self {
        let given = |text: String| Some(text).filter(|text| !text.is_empty());
        Notice {
            id: notice.id.to_string(),
            kind: notice.kind.into(),
            title: notice.title,
            detail: notice.detail,
            link: given(notice.link),
            rule: given(notice.rule),
            created_at: notice.created_at,
            unread: notice.unread,
            closed: notice.closed_at.is_some(),
        }
    }
}

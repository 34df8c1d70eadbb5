//! What can go wrong in the store, in words for the person who has to act on it.

use rules::ids::BadId;
use rules::refusal::Refusal;

/// A failed read or write. Whatever failed, nothing of the command was written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database cannot be opened.
    #[error("无法打开数据库：{0}")]
    Open(String),
    /// The thing asked for does not exist (or is not the actor's to know of).
    #[error("{0}不存在，或不在您的管理范围内。请刷新页面后重试。")]
    NotFound(&'static str),
    /// The same, of something named at run time.
    #[error("{0}不存在，或不在您的管理范围内。请刷新页面后重试。")]
    NotFoundOf(String),
    /// The version the edit was based on is no longer the current one.
    #[error("{what}已被他人修改（当前第 {current} 版）。请核对对方的修改后再提交，您填写的内容没有丢失。")]
    Stale {
        /// What was edited.
        what: &'static str,
        /// The version that stands now.
        current: i64,
    },
    /// A rule or the state of the register forbids it.
    #[error("{message}")]
    Refused {
        /// A stable code for programs.
        code: &'static str,
        /// What is wrong and what to do.
        message: String,
    },
    /// Rules forbid it: every reason.
    #[error("{}", all(.0))]
    Rules(Vec<Refusal>),
    /// Sealed data cannot be opened.
    #[error("加密数据无法读取：{0}")]
    Sealed(#[from] sealed::SealError),
    /// What is stored is not what this version of the program writes.
    #[error("数据库内容有误：{0}。请停止使用并从备份恢复。")]
    Corrupt(String),
    /// The database refused or failed.
    #[error("{}", explain(.0))]
    Database(#[from] sqlx::Error),
}

impl StoreError {
    /// A refusal with a stable code.
    pub fn refused(code: &'static str, message: impl Into<String>) -> Self {
        StoreError::Refused { code, message: message.into() }
    }

    /// Whether a unique index refused a row.
    pub(crate) fn is_duplicate(&self) -> bool {
        matches!(self, StoreError::Database(sqlx::Error::Database(e)) if e.is_unique_violation())
    }
}

impl From<Vec<Refusal>> for StoreError {
    fn from(refusals: Vec<Refusal>) -> Self {
        StoreError::Rules(refusals)
    }
}

impl From<BadId> for StoreError {
    fn from(e: BadId) -> Self {
        StoreError::Corrupt(e.to_string())
    }
}

impl From<serde_json::Error> for StoreError {
    fn from(e: serde_json::Error) -> Self {
        StoreError::Corrupt(e.to_string())
    }
}

fn all(refusals: &[Refusal]) -> String {
    refusals.iter().map(|refusal| refusal.message.as_str()).collect::<Vec<_>>().join("\n")
}

fn explain(e: &sqlx::Error) -> String {
    let text = e.to_string();
    let hint = if text.contains("disk is full") || text.contains("No space left") {
        "磁盘已满，本次操作没有写入。请腾出空间后重试"
    } else if text.contains("readonly") || text.contains("read-only") {
        "数据库是只读的，本次操作没有写入。请检查数据目录的权限"
    } else if text.contains("locked") || text.contains("busy") || matches!(e, sqlx::Error::PoolTimedOut) {
        "数据库正忙，本次操作没有写入。请稍后重试"
    } else {
        "数据库出错，本次操作没有写入"
    };
    format!("{hint}（{text}）")
}

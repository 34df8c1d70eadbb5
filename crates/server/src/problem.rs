//! Every refusal, as RFC 9457 problem+json with a stable code and Chinese words. The only place that turns errors into statuses.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use rules::intake::Finding;
use rules::refusal::Refusal;
use serde::Serialize;
use store::StoreError;
use utoipa::ToSchema;

/// A field that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldError {
    /// Where in the request, as a JSON pointer such as `/name`.
    pub pointer: String,
    /// A stable code.
    pub code: String,
    /// What is wrong and what to do.
    pub message: String,
}

/// A refusal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Problem {
    /// A name of the sort of problem.
    pub r#type: String,
    /// What happened, in a few words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// A stable code.
    pub code: String,
    /// What happened, why, and what to do.
    pub detail: String,
    /// The fields that are wrong.
    pub errors: Vec<FieldError>,
}

impl Problem {
    /// A refusal with a stable code.
    pub fn new(status: StatusCode, code: &str, title: &str, detail: impl Into<String>) -> Self {
        Problem {
            r#type: format!("urn:dangjian:problem:{code}"),
            title: title.to_owned(),
            status: status.as_u16(),
            code: code.to_owned(),
            detail: detail.into(),
            errors: Vec::new(),
        }
    }

    /// Nobody is signed in.
    pub fn signed_out() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "signed_out",
            "请先登录",
            "尚未登录，或登录已过期。请重新登录，已填写的内容不会丢失。",
        )
    }

    /// The actor's roles do not allow it.
    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", "没有权限", detail)
    }

    /// It does not exist, or not for this actor.
    pub fn not_found(what: &str) -> Self {
        StoreError::NotFoundOf(what.to_owned()).into()
    }

    /// A rule or the register's state forbids it.
    pub fn refused(code: &str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, "不能办理", detail)
    }

    /// Too many failures: nothing is looked at for a while (milliseconds).
    pub fn too_many_attempts(wait: i64) -> Self {
        let minutes = (wait + 59_999) / 60_000;
        let detail = format!("失败次数过多，请在 {minutes} 分钟后再试。忘记密码请联系安全管理员重置。");
        Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many_attempts", "请稍后再试", detail)
    }

    /// A failure of the store; a refusal with this code is put to the field it is about.
    pub(crate) fn at(e: StoreError, code: &str, pointer: &str) -> Self {
        match e {
            StoreError::Refused { code: found, message } if found == code => {
                Self::invalid(vec![FieldError { pointer: pointer.to_owned(), code: code.to_owned(), message }])
            }
            other => other.into(),
        }
    }

    /// Fields are wrong: all of them, not the first.
    pub fn invalid(errors: Vec<FieldError>) -> Self {
        let detail = errors.iter().map(|error| error.message.as_str()).collect::<Vec<_>>().join("；");
        let code = errors.first().map_or("invalid", |error| error.code.as_str()).to_owned();
        Problem { errors, ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, &code, "填写有误", detail) }
    }

    /// Findings of the rules, by the fields' own names.
    pub fn of_findings(findings: &[Finding]) -> Self {
        let error = |finding: &Finding| FieldError {
            pointer: format!("/{}", finding.field.key()),
            code: finding.code.key().to_owned(),
            message: finding.message.clone(),
        };
        Self::invalid(findings.iter().map(error).collect())
    }

    /// Every reason that the rules give, each at its field.
    fn of_refusals(refusals: Vec<Refusal>) -> Self {
        let error = |refusal: Refusal| FieldError {
            pointer: refusal.field,
            code: refusal.code.to_owned(),
            message: refusal.message,
        };
        let code = refusals.first().map_or("refused", |refusal| refusal.code);
        let detail = refusals.iter().map(|refusal| refusal.message.as_str()).collect::<Vec<_>>().join("\n");
        Problem { errors: refusals.into_iter().map(error).collect(), ..Self::refused(code, detail) }
    }
}

impl From<StoreError> for Problem {
    fn from(e: StoreError) -> Self {
        let detail = e.to_string();
        match e {
            StoreError::NotFound(_) | StoreError::NotFoundOf(_) => {
                Self::new(StatusCode::NOT_FOUND, "not_found", "没有找到", detail)
            }
            StoreError::Stale { .. } => Self::new(StatusCode::CONFLICT, "stale", "已被他人修改", detail),
            StoreError::Refused { code, .. } => Self::refused(code, detail),
            StoreError::Rules(refusals) => Self::of_refusals(refusals),
            StoreError::Open(_) | StoreError::Sealed(_) | StoreError::Corrupt(_) | StoreError::Database(_) => {
                tracing::error!(error = %detail, "the store failed");
                Self::new(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "store_failed",
                    "暂时无法办理",
                    "数据库暂时不可用，本次操作没有写入。请稍后重试；仍不行请联系系统管理员。",
                )
            }
        }
    }
}

impl From<sealed::SealError> for Problem {
    fn from(e: sealed::SealError) -> Self {
        StoreError::from(e).into()
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_string(&self).unwrap_or_default();
        (status, [(header::CONTENT_TYPE, "application/problem+json")], body).into_response()
    }
}

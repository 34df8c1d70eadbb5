//! Reading requests: bodies and queries whose faults become problems, and the collecting of field errors.

use crate::problem::{FieldError, Problem};
use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, FromRequestParts, Query, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use jiff::civil::{Date, Time};
use serde::de::DeserializeOwned;
use std::str::FromStr;

/// A JSON body.
pub(crate) struct Body<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;
    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        match Json::<T>::from_request(request, state).await {
            Ok(Json(body)) => Ok(Body(body)),
            Err(rejection) => {
                let status = rejection.status();
                let what = match rejection {
                    JsonRejection::JsonDataError(e) => format!("请求的内容缺项或类型不对（{e}）。"),
                    JsonRejection::JsonSyntaxError(_) => "请求的内容不是完整的 JSON。".to_owned(),
                    JsonRejection::MissingJsonContentType(_) => {
                        "请求须声明 Content-Type: application/json。".to_owned()
                    }
                    other => format!("请求的内容无法读取（{other}）。"),
                };
                Err(Problem::new(status, "bad_request", "请求有误", what))
            }
        }
    }
}

/// The query part of an address.
pub(crate) struct Params<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Params<T> {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Query(params) = Query::<T>::from_request_parts(parts, state).await.map_err(|e| {
            Problem::new(StatusCode::BAD_REQUEST, "bad_request", "请求有误", format!("地址中的参数有误（{e}）。"))
        })?;
        Ok(Params(params))
    }
}

/// An id or other part of an address; one that cannot be read names nothing that exists.
pub(crate) struct Segment<T>(pub(crate) T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Segment<T> {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let axum::extract::Path(value) = axum::extract::Path::<T>::from_request_parts(parts, state)
            .await
            .map_err(|_| Problem::not_found("所请求的内容"))?;
        Ok(Segment(value))
    }
}

/// A text without the space around it and without control characters other than line ends.
pub(crate) fn plain(text: &str) -> String {
    let text: String = text.chars().filter(|c| !c.is_control() || *c == '\n').collect();
    text.trim().to_owned()
}

/// The field errors of one request, collected so that the user gets all of them.
#[derive(Default)]
pub(crate) struct Faults(Vec<FieldError>);

impl Faults {
    /// Adds an error.
    pub(crate) fn add(&mut self, pointer: &str, code: &str, message: impl Into<String>) {
        self.0.push(FieldError { pointer: pointer.to_owned(), code: code.to_owned(), message: message.into() });
    }

    /// A text that must be given. Control characters other than line ends are left out: no database keeps them all.
    pub(crate) fn text(&mut self, pointer: &str, label: &str, value: &str) -> String {
        let value = plain(value);
        if value.is_empty() {
            self.add(pointer, "missing_required", format!("{label}没有填写。请补填。"));
        }
        value
    }

    /// A time of day that may be left out, as 14:05.
    pub(crate) fn time_opt(&mut self, pointer: &str, label: &str, value: Option<&str>) -> Option<Time> {
        let value = value.map(str::trim).filter(|value| !value.is_empty())?;
        let read = Time::strptime("%H:%M", value.replace('：', ":")).ok();
        if read.is_none() {
            self.add(pointer, "bad_time", format!("{label}「{value}」不是时间。请写成 14:30。"));
        }
        read
    }

    /// A time of day that must be given.
    pub(crate) fn time(&mut self, pointer: &str, label: &str, value: &str) -> Option<Time> {
        if self.text(pointer, label, value).is_empty() { None } else { self.time_opt(pointer, label, Some(value)) }
    }

    /// A date that must be given, as 2026-03-05.
    pub(crate) fn date(&mut self, pointer: &str, label: &str, value: &str) -> Option<Date> {
        if self.text(pointer, label, value).is_empty() {
            return None;
        }
        self.parsed(pointer, "bad_date", value, format!("{label}「{value}」不是日期。请写成 2026-03-05。"))
    }

    /// A date that may be left out.
    pub(crate) fn date_opt(&mut self, pointer: &str, label: &str, value: Option<&str>) -> Option<Date> {
        let value = value.map(str::trim).filter(|value| !value.is_empty())?;
        self.date(pointer, label, value)
    }

    /// A value of a type that reads itself, such as an id.
    pub(crate) fn parsed<T: FromStr>(
        &mut self,
        pointer: &str,
        code: &str,
        value: &str,
        message: impl Into<String>,
    ) -> Option<T> {
        match value.trim().parse() {
            Ok(parsed) => Some(parsed),
            Err(_) => {
                self.add(pointer, code, message);
                None
            }
        }
    }

    /// Whether nothing was wrong.
    pub(crate) fn check(self) -> Result<(), Problem> {
        if self.0.is_empty() { Ok(()) } else { Err(Problem::invalid(self.0)) }
    }
}

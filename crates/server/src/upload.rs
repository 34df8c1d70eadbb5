//! A file out of a form: its name and its bytes, in memory and within a limit. What it may hold is not decided here.

use crate::Problem;
use axum::extract::multipart::MultipartError;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::StatusCode;

/// Bytes of a form around its file.
pub(crate) const FORM: usize = 64 * 1024;
/// Longest name kept, in characters.
const LONGEST_NAME: usize = 120;

/// A form with a file in it.
pub(crate) struct Upload(Multipart);

impl<S: Send + Sync> FromRequest<S> for Upload {
    type Rejection = Problem;
    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        Multipart::from_request(request, state).await.map(Upload).map_err(|e| {
            let detail = "上传文件的请求须声明 Content-Type: multipart/form-data。";
            Problem::new(e.status(), "bad_request", "请求有误", detail)
        })
    }
}

/// The form's field `file`; refused when it is not there or larger than so many bytes.
pub(crate) async fn file_of(Upload(mut form): Upload, largest: usize) -> Result<(String, Vec<u8>), Problem> {
    while let Some(mut field) = form.next_field().await.map_err(|e| unreadable(&e, largest))? {
        if field.name() != Some("file") {
            continue;
        }
        let name = plain_name(field.file_name().unwrap_or_default());
        let mut bytes = Vec::new();
        while let Some(chunk) = field.chunk().await.map_err(|e| unreadable(&e, largest))? {
            if bytes.len() + chunk.len() > largest {
                return Err(too_large(largest));
            }
            bytes.extend_from_slice(&chunk);
        }
        return Ok((name, bytes));
    }
    Err(Problem::new(StatusCode::BAD_REQUEST, "bad_request", "请求有误", "请求中没有文件。请选择文件后再上传。"))
}

fn unreadable(e: &MultipartError, largest: usize) -> Problem {
    if e.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return too_large(largest);
    }
    Problem::new(
        StatusCode::BAD_REQUEST,
        "bad_request",
        "请求有误",
        "上传没有完成，文件没有存入。请检查网络后重新上传。",
    )
}

fn too_large(largest: usize) -> Problem {
    let detail = format!("文件超过 {} MB，没有存入。请压缩图片或分成几个文件后再上传。", largest >> 20);
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "file_too_large", "文件过大", detail)
}

/// The last part of a path, without what no file system takes.
fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = last.chars().filter(|c| !c.is_control() && !"<>:\"|?*".contains(*c)).collect();
    let plain = plain.trim().trim_start_matches('.');
    let extra = plain.chars().count().saturating_sub(LONGEST_NAME);
    let kept: String = plain.chars().skip(extra).collect();
    if kept.is_empty() { "材料".to_owned() } else { kept }
}

#[cfg(test)]
mod tests {
    use super::plain_name;

    #[test]
    fn a_name_is_no_path_and_keeps_its_ending() {
        assert_eq!(plain_name("C:\\证件\\毕业证.pdf"), "毕业证.pdf");
        assert_eq!(plain_name("../../etc/passwd"), "passwd");
        assert_eq!(plain_name(".."), "材料");
        assert_eq!(plain_name("a\u{7}<b>.png"), "ab.png");
        assert!(plain_name(&format!("{}.docx", "长".repeat(300))).ends_with("长.docx"));
    }
}

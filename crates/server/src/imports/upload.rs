//! Taking in an uploaded form: the file, and the fields beside it with all their faults at once.

use super::job::ImportKind;
use crate::Problem;
use crate::body::Faults;
use axum::extract::Multipart;
use axum::extract::multipart::MultipartError;
use axum::http::StatusCode;
use rules::intake::{Field, OrgField};
use std::collections::HashMap;

/// Bytes of the largest file.
pub(super) const LARGEST_FILE: usize = 100 * 1024 * 1024;
/// Bytes of a request with the largest file in it.
pub(super) const LARGEST_BODY: usize = LARGEST_FILE + 1024 * 1024;

/// A form with a file.
#[derive(Default)]
pub(super) struct Upload {
    /// The file's name.
    pub(super) file_name: String,
    /// The file.
    pub(super) bytes: Vec<u8>,
    fields: HashMap<String, String>,
}

fn too_large() -> Problem {
    let detail =
        format!("文件超过 {} MB，没有导入。请拆成几个文件，或另存为 xlsx 后再传。", LARGEST_FILE / 1024 / 1024);
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "file_too_large", "文件太大", detail)
}

fn broken(e: &MultipartError) -> Problem {
    if e.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return too_large();
    }
    Problem::new(StatusCode::BAD_REQUEST, "bad_request", "请求有误", "上传没有传完整，没有导入。请重新选择文件再试。")
}

impl Upload {
    /// Reads the whole form.
    pub(super) async fn read(mut form: Multipart) -> Result<Self, Problem> {
        let mut upload = Upload::default();
        let mut has_file = false;
        while let Some(field) = form.next_field().await.map_err(|e| broken(&e))? {
            let name = field.name().unwrap_or_default().to_owned();
            if name == "file" {
                has_file = true;
                upload.file_name = field.file_name().unwrap_or_default().chars().take(200).collect();
                upload.bytes = field.bytes().await.map_err(|e| broken(&e))?.to_vec();
                if upload.bytes.len() > LARGEST_FILE {
                    return Err(too_large());
                }
            } else {
                upload.fields.insert(name, field.text().await.map_err(|e| broken(&e))?);
            }
        }
        let mut faults = Faults::default();
        if !has_file {
            faults.add("/file", "missing_required", "没有选择文件。请选择花名册或组织表。");
        }
        faults.check()?;
        Ok(upload)
    }

    fn field(&self, name: &str) -> &str {
        self.fields.get(name).map(|value| value.trim()).unwrap_or_default()
    }

    /// What the file holds; a roster when nothing is said.
    pub(super) fn kind(&self, faults: &mut Faults) -> ImportKind {
        match self.field("kind") {
            "" => ImportKind::Members,
            key => ImportKind::from_key(key).unwrap_or_else(|| {
                faults.add("/kind", "bad_request", "导入类别应为 members（花名册）或 orgs（组织表）。");
                ImportKind::Members
            }),
        }
    }

    /// Whether a box is ticked.
    pub(super) fn ticked(&self, name: &str, faults: &mut Faults) -> bool {
        match self.field(name) {
            "true" | "1" | "on" => true,
            "" | "false" | "0" => false,
            other => {
                faults.add(&format!("/{name}"), "bad_request", format!("{name} 应为 true 或 false，现为「{other}」。"));
                false
            }
        }
    }

    /// Corrections of the columns: `{"3": "name", "5": null}`.
    pub(super) fn mapping(&self, kind: ImportKind, faults: &mut Faults) -> HashMap<usize, Option<String>> {
        let text = self.field("mapping");
        if text.is_empty() {
            return HashMap::new();
        }
        let known = |key: &str| match kind {
            ImportKind::Members => Field::from_key(key).is_some(),
            ImportKind::Orgs => OrgField::from_key(key).is_some(),
        };
        match serde_json::from_str::<HashMap<usize, Option<String>>>(text) {
            Ok(mapping) => {
                if let Some(key) = mapping.values().flatten().find(|key| !known(key)) {
                    faults.add("/mapping", "bad_request", format!("列对应中没有「{key}」这一项。请重新核对各列。"));
                }
                mapping
            }
            Err(_) => {
                faults.add("/mapping", "bad_request", "列对应无法读取。请重新核对各列。");
                HashMap::new()
            }
        }
    }
}

//! Files as answers: with a media type and a name that browsers keep.

use axum::http::header;
use axum::response::{IntoResponse, Response};
use utoipa::ToSchema;

/// The bytes of a file.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[allow(dead_code)] // the description of the API reads it
pub(crate) struct FileBytes(Vec<u8>);

/// A spreadsheet, saved under a name (without its ending).
pub(crate) fn spreadsheet(name: &str, bytes: Vec<u8>) -> Response {
    let disposition = format!("attachment; filename*=UTF-8''{}.xlsx", percent_encoded(name));
    let media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    ([(header::CONTENT_TYPE, media_type), (header::CONTENT_DISPOSITION, disposition.as_str())], bytes).into_response()
}

/// A file as it was put in, under its whole name; never shown in the page.
pub(crate) fn attachment(name: &str, media_type: &str, bytes: Vec<u8>) -> Response {
    let disposition = format!("attachment; filename*=UTF-8''{}", percent_encoded(name));
    ([(header::CONTENT_TYPE, media_type), (header::CONTENT_DISPOSITION, disposition.as_str())], bytes).into_response()
}

/// RFC 8187: letters and digits as they are, every other byte as %XX.
fn percent_encoded(text: &str) -> String {
    let one = |byte: u8| if byte.is_ascii_alphanumeric() { (byte as char).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(one).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_name_is_encoded_byte_by_byte() {
        assert_eq!(super::percent_encoded("党a-1"), "%E5%85%9Aa%2D1");
    }
}

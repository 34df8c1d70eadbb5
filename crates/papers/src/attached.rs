//! Pictures and PDFs that are put into a document: what they are, and whether they can be read.

use crate::PaperError;
use hayro_syntax::Pdf;
use std::panic::{AssertUnwindSafe, catch_unwind};
use typst::foundations::Bytes;
use typst::visualize::{ExchangeFormat, RasterImage};

/// Most pages of one PDF.
const MOST_PAGES: usize = 1_000;
/// The sides a page may have, in points: from a stamp to A0.
const SIDES: std::ops::RangeInclusive<f32> = 20.0..=3_400.0;

/// Something that can be put on pages.
pub(crate) enum Attached {
    /// A picture.
    Picture {
        /// `png` or `jpg`.
        format: &'static str,
        /// Width and height in pixels.
        size: (u32, u32),
    },
    /// A PDF: width and height of each page, in points.
    Pages(Vec<(f32, f32)>),
}

/// Finds out what an attachment is, by its content. `name` is what a refusal calls it.
pub(crate) fn inspect(name: &str, bytes: &[u8]) -> Result<Attached, PaperError> {
    let bad = || PaperError::BadAttachment(name.to_owned());
    // The readers are meant to give errors, not to panic; a file made to break one must not take more than itself down.
    catch_unwind(AssertUnwindSafe(|| {
        if bytes.starts_with(b"%PDF-") {
            pages(bytes)
        } else if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
            picture(bytes, ExchangeFormat::Png, "png")
        } else if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
            picture(bytes, ExchangeFormat::Jpg, "jpg")
        } else {
            None
        }
    }))
    .ok()
    .flatten()
    .ok_or_else(bad)
}

/// How many pages a PDF has; one for a picture. `name` is what a refusal calls it.
pub fn pages_of(name: &str, bytes: &[u8]) -> Result<usize, PaperError> {
    Ok(match inspect(name, bytes)? {
        Attached::Picture { .. } => 1,
        Attached::Pages(sizes) => sizes.len(),
    })
}

fn pages(bytes: &[u8]) -> Option<Attached> {
    let document = Pdf::new(bytes.to_vec()).ok()?;
    let pages = document.pages();
    if pages.is_empty() || pages.len() > MOST_PAGES {
        return None;
    }
    let side =
        |points: f32| if points.is_finite() { points.clamp(*SIDES.start(), *SIDES.end()) } else { *SIDES.start() };
    Some(Attached::Pages(
        pages.iter().map(|page| page.render_dimensions()).map(|(width, height)| (side(width), side(height))).collect(),
    ))
}

fn picture(bytes: &[u8], format: ExchangeFormat, name: &'static str) -> Option<Attached> {
    let image = RasterImage::plain(Bytes::new(bytes.to_vec()), format).ok()?;
    Some(Attached::Picture { format: name, size: (image.width(), image.height()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_picture_and_no_pdf_is_refused_by_name() {
        for bytes in
            [&b""[..], b"%PDF-1.7\nbroken", b"\x89PNG\r\n\x1a\nbroken", &[0xff, 0xd8, 0xff, 0xe0], b"PK\x03\x04"]
        {
            let Err(PaperError::BadAttachment(name)) = inspect("证明.pdf", bytes) else { panic!("accepted") };
            assert_eq!(name, "证明.pdf");
        }
    }
}

//! XML, written so that text can only ever be text.

use crate::text::clean;
use quick_xml::escape::escape;
use std::fmt::Write;

/// An element being written: attributes first, then what is inside.
#[derive(Debug)]
pub(crate) struct Element {
    name: &'static str,
    attributes: String,
    inside: String,
}

/// An element of this name.
pub(crate) fn element(name: &'static str) -> Element {
    Element { name, attributes: String::new(), inside: String::new() }
}

/// An element `<name w:val="…"/>`.
pub(crate) fn valued(name: &'static str, value: impl std::fmt::Display) -> Element {
    element(name).with("w:val", value)
}

impl Element {
    /// With an attribute.
    pub(crate) fn with(mut self, name: &str, value: impl std::fmt::Display) -> Self {
        let value = value.to_string();
        let _ = write!(self.attributes, " {name}=\"{}\"", escape(value.as_str()));
        self
    }

    /// With an element inside.
    pub(crate) fn has(mut self, inner: Element) -> Self {
        inner.write(&mut self.inside);
        self
    }

    /// With elements inside.
    pub(crate) fn has_all(self, inner: impl IntoIterator<Item = Element>) -> Self {
        inner.into_iter().fold(self, Element::has)
    }

    /// With text inside.
    pub(crate) fn says(mut self, text: &str) -> Self {
        let cleaned = clean(text);
        self.inside.push_str(&escape(cleaned.as_str()));
        self
    }

    /// With XML inside that was written by this module.
    pub(crate) fn holds(mut self, xml: &str) -> Self {
        self.inside.push_str(xml);
        self
    }

    pub(crate) fn write(&self, to: &mut String) {
        let Element { name, attributes, inside } = self;
        let _ = if inside.is_empty() {
            write!(to, "<{name}{attributes}/>")
        } else {
            write!(to, "<{name}{attributes}>{inside}</{name}>")
        };
    }

    /// The whole part of the package, with its declaration.
    pub(crate) fn part(&self) -> String {
        let mut xml = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n".to_owned();
        self.write(&mut xml);
        xml
    }
}

/// Points as twentieths, the unit of most measures in a DOCX.
pub(crate) fn twips(points: f64) -> i64 {
    (points * 20.0).round() as i64
}

/// Millimetres as twentieths of a point.
pub(crate) fn twips_of_mm(millimetres: f64) -> i64 {
    twips(millimetres * crate::sheet::POINTS_PER_MM)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_values_are_escaped() {
        let xml = element("a").with("b", "\"<&").says("</a>\u{0}&").part();
        assert!(xml.ends_with("<a b=\"&quot;&lt;&amp;\">&lt;/a&gt;&amp;</a>"), "{xml}");
    }

    #[test]
    fn a4_is_11906_twentieths_wide() {
        assert_eq!(twips_of_mm(210.0), 11_906);
    }
}

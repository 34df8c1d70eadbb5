//! XML as a tree that is written back as it was read, but for what was changed.

use super::BadForm;
use quick_xml::escape::escape;
use quick_xml::events::{BytesEnd, BytesStart, Event};
use quick_xml::{Reader, Writer, XmlVersion};

/// How deep elements may lie within each other.
const DEEPEST: usize = 200;

/// A node.
#[derive(Debug, Clone)]
pub(super) enum Node {
    Element {
        start: BytesStart<'static>,
        children: Vec<Node>,
        /// Whether it was written as `<a/>`.
        is_empty: bool,
    },
    /// Text, references, comments, the declaration.
    Other(Event<'static>),
}

impl Node {
    /// The element's name with its prefix; empty for what is no element.
    pub(super) fn name(&self) -> &str {
        match self {
            Node::Element { start, .. } => start.name().into_inner(),
            Node::Other(_) => "",
        }
    }

    pub(super) fn children(&self) -> &[Node] {
        match self {
            Node::Element { children, .. } => children,
            Node::Other(_) => &[],
        }
    }

    /// The children, to change them.
    pub(super) fn children_mut(&mut self) -> Option<&mut Vec<Node>> {
        match self {
            Node::Element { children, .. } => Some(children),
            Node::Other(_) => None,
        }
    }

    /// The value of an attribute.
    pub(super) fn attribute(&self, name: &str) -> Option<String> {
        let Node::Element { start, .. } = self else { return None };
        let attribute = start.try_get_attribute(name).ok()??;
        Some(attribute.normalized_value(XmlVersion::Implicit1_0).ok()?.into_owned())
    }

    /// The text in it, elements left out.
    pub(super) fn text(&self) -> String {
        match self {
            Node::Element { children, .. } => children.iter().map(Node::text).collect(),
            Node::Other(Event::Text(text)) => text.to_string(),
            Node::Other(Event::CData(text)) => text.to_string(),
            Node::Other(Event::GeneralRef(name)) => resolved(name),
            Node::Other(_) => String::new(),
        }
    }
}

fn resolved(name: &str) -> String {
    match name.strip_prefix('#') {
        None => quick_xml::escape::resolve_predefined_entity(name).unwrap_or_default().to_owned(),
        Some(number) => {
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => number.parse(),
            };
            code.ok().and_then(char::from_u32).map(String::from).unwrap_or_default()
        }
    }
}

/// An element with text inside whose spaces are kept.
pub(super) fn text_element(name: &str, text: &str) -> Node {
    let mut start = BytesStart::new(name.to_owned());
    start.push_attribute(("xml:space", "preserve"));
    let text = quick_xml::events::BytesText::from_escaped(escape(text).into_owned());
    Node::Element { start, children: vec![Node::Other(Event::Text(text))], is_empty: false }
}

/// An element with nothing inside.
pub(super) fn empty_element(name: &str) -> Node {
    Node::Element { start: BytesStart::new(name.to_owned()), children: Vec::new(), is_empty: true }
}

/// Reads a part of a package.
pub(super) fn read(part: &str, bytes: &[u8]) -> Result<Vec<Node>, BadForm> {
    let bad = || BadForm::new("bad_file", format!("文件的「{part}」部分无法读取。请用 Word 或 WPS 打开、另存后再上传"));
    let text = std::str::from_utf8(bytes).map_err(|_| bad())?.trim_start_matches('\u{feff}');
    let mut reader = Reader::from_str(text);
    let mut open: Vec<(BytesStart<'static>, Vec<Node>)> = Vec::new();
    let mut top = Vec::new();
    loop {
        let event = reader.read_event().map_err(|_| bad())?.into_owned();
        let node = match event {
            Event::Start(start) => {
                if open.len() >= DEEPEST {
                    return Err(bad());
                }
                open.push((start, Vec::new()));
                continue;
            }
            Event::End(_) => {
                let (start, children) = open.pop().ok_or_else(bad)?;
                Node::Element { start, children, is_empty: false }
            }
            Event::Empty(start) => Node::Element { start, children: Vec::new(), is_empty: true },
            // Entities of its own could make a text of any size.
            Event::DocType(_) => return Err(bad()),
            Event::Eof => break,
            other => Node::Other(other),
        };
        open.last_mut().map_or(&mut top, |(_, children)| children).push(node);
    }
    if open.is_empty() { Ok(top) } else { Err(bad()) }
}

/// The part again.
pub(super) fn written(nodes: &[Node]) -> Vec<u8> {
    let mut writer = Writer::new(Vec::new());
    write(nodes, &mut writer);
    writer.into_inner()
}

fn write(nodes: &[Node], writer: &mut Writer<Vec<u8>>) {
    for node in nodes {
        // Writing into memory does not fail.
        let _ = match node {
            Node::Element { start, children, is_empty } if *is_empty && children.is_empty() => {
                writer.write_event(Event::Empty(start.borrow()))
            }
            Node::Element { start, children, .. } => {
                let _ = writer.write_event(Event::Start(start.borrow()));
                write(children, writer);
                writer.write_event(Event::End(BytesEnd::new(node.name())))
            }
            Node::Other(event) => writer.write_event(event.borrow()),
        };
    }
}

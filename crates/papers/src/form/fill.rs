//! Finding placeholders and putting values in their place. A word processor may have cut a placeholder into several runs: it is
//! found in the text of the whole paragraph, and its value takes the look of the run in which it begins.

use super::tree::{Node, empty_element, text_element};
use super::{BadForm, Filling};
use crate::text::clean;
use std::collections::{BTreeMap, BTreeSet};

/// The number of a row, where the rows have no such column of their own.
const NUMBER: &str = "序号";
/// Longest name of a placeholder, in characters.
const LONGEST_NAME: usize = 40;

/// Collects the placeholders of a part.
pub(super) fn placeholders(nodes: &[Node], found: &mut BTreeSet<String>) -> Result<(), BadForm> {
    for node in nodes {
        if node.name() == "w:p" {
            let text = text_of(node);
            for (_, _, name) in gaps(&text) {
                found.insert(name);
            }
            let left = gaps(&text).iter().rev().fold(text.clone(), |mut left, (from, to, _)| {
                left.replace_range(from..to, "");
                left
            });
            if let Some(at) = left.find("{{").or_else(|| left.find("}}")) {
                let near: String = left[at..].chars().take(12).collect();
                let message =
                    format!("「{near}」附近的占位符不完整。请写成 {{{{栏目名称}}}}，两边各两个花括号，中间不换行");
                return Err(BadForm::new("bad_placeholder", message));
            }
        }
        placeholders(node.children(), found)?;
    }
    Ok(())
}

/// Fills a part in. Every paragraph is gone through once, so that a value is never read as a placeholder.
pub(super) fn fill(nodes: &mut Vec<Node>, filling: &Filling) {
    fill_among(nodes, filling, false);
}

/// Fills in what stands side by side. Table rows, and paragraphs, with placeholders of rows are repeated; of the text itself
/// (`in_body`) paragraphs are taken away of which nothing is left.
fn fill_among(nodes: &mut Vec<Node>, filling: &Filling, in_body: bool) {
    let mut index = 0;
    while index < nodes.len() {
        let node = &mut nodes[index];
        let name = node.name().to_owned();
        // The innermost row or paragraph is the one that is repeated.
        let repeats = (name == "w:tr" || name == "w:p") && !contains(node, &name);
        if let Some(rows) = repeats.then(|| rows_named(node)).flatten() {
            let pattern = nodes.remove(index);
            let copies = copies(&pattern, &rows, filling);
            // A table's cell must keep a paragraph.
            let copies = if copies.is_empty() && name == "w:p" { vec![emptied(pattern)] } else { copies };
            let count = copies.len();
            nodes.splice(index..index, copies);
            index += count;
            continue;
        }
        let mut is_left_empty = false;
        if name == "w:p" && !gaps(&text_of(node)).is_empty() {
            fill_paragraph(node, &|name| filling.texts.get(name).map_or("", String::as_str));
            let holds_more = ["w:drawing", "w:pict", "w:sectPr"].iter().any(|name| contains(node, name));
            is_left_empty = in_body && text_of(node).trim().is_empty() && !holds_more;
        }
        if is_left_empty {
            nodes.remove(index);
            continue;
        }
        if let Some(children) = node.children_mut() {
            fill_among(children, filling, name == "w:body");
        }
        index += 1;
    }
}

fn copies(pattern: &Node, rows: &str, filling: &Filling) -> Vec<Node> {
    let given = filling.rows.get(rows).map_or(&[][..], Vec::as_slice);
    let copy = |(number, cells): (usize, &BTreeMap<String, String>)| {
        let number = (number + 1).to_string();
        let mut copy = pattern.clone();
        fill_inside(&mut copy, &|name| match name.split_once('.') {
            Some((of, NUMBER)) if of == rows && !cells.contains_key(NUMBER) => number.as_str(),
            Some((of, column)) if of == rows => cells.get(column).map_or("", String::as_str),
            Some(_) => "",
            None => filling.texts.get(name).map_or("", String::as_str),
        });
        copy
    };
    given.iter().enumerate().map(copy).collect()
}

fn emptied(mut paragraph: Node) -> Node {
    fill_inside(&mut paragraph, &|_| "");
    paragraph
}

/// Fills in a row or a paragraph and every paragraph in it.
fn fill_inside<'v>(node: &mut Node, value: &dyn Fn(&str) -> &'v str) {
    if node.name() == "w:p" {
        fill_paragraph(node, value);
    }
    for child in node.children_mut().into_iter().flatten() {
        fill_inside(child, value);
    }
}

/// The rows whose placeholders stand in a node; none when it has no such placeholders.
fn rows_named(node: &Node) -> Option<String> {
    let mut names = BTreeSet::new();
    let _ = placeholders(std::slice::from_ref(node), &mut names);
    names.iter().find_map(|name| Some(name.split_once('.')?.0.to_owned()))
}

fn contains(node: &Node, name: &str) -> bool {
    node.children().iter().any(|child| child.name() == name || contains(child, name))
}

fn fill_paragraph<'v>(paragraph: &mut Node, value: &dyn Fn(&str) -> &'v str) {
    let text = text_of(paragraph);
    let edits: Vec<(usize, usize, &str)> =
        gaps(&text).into_iter().map(|(from, to, name)| (from, to, value(&name))).collect();
    if !edits.is_empty() {
        edit(paragraph, &edits, &mut 0);
    }
}

/// Goes through the texts of a paragraph; `at` is how much of its text lies behind.
fn edit(node: &mut Node, edits: &[(usize, usize, &str)], at: &mut usize) {
    let Some(children) = node.children_mut() else { return };
    let mut index = 0;
    while index < children.len() {
        match children[index].name() {
            "w:t" => {
                let text = children[index].text();
                let (from, to) = (*at, *at + text.len());
                *at = to;
                if edits.iter().any(|(begins, ends, _)| *begins < to && *ends > from) {
                    let words = edited(&text, from, edits);
                    let lines = lines_of(&words);
                    let count = lines.len();
                    children.splice(index..=index, lines);
                    index += count;
                    continue;
                }
            }
            // A paragraph within this one, in a text box, is filled in by itself.
            "w:p" => {}
            _ => edit(&mut children[index], edits, at),
        }
        index += 1;
    }
}

/// One text after the edits: a value stands where its placeholder begins, the rest of the placeholder is gone.
fn edited(text: &str, from: usize, edits: &[(usize, usize, &str)]) -> String {
    let to = from + text.len();
    let mut words = String::new();
    let mut behind = from;
    for (begins, ends, value) in edits.iter().filter(|(begins, ends, _)| *begins < to && *ends > from) {
        if *begins > behind {
            words.push_str(&text[behind - from..begins - from]);
        }
        if *begins >= from {
            words.push_str(&clean(value));
        }
        behind = (*ends).min(to);
    }
    words.push_str(&text[behind - from..]);
    words
}

/// Text elements with line breaks between them.
fn lines_of(words: &str) -> Vec<Node> {
    let mut nodes = Vec::new();
    for (index, line) in words.split('\n').enumerate() {
        if index > 0 {
            nodes.push(empty_element("w:br"));
        }
        nodes.push(text_element("w:t", line));
    }
    nodes
}

/// The text of a paragraph, without that of paragraphs within it.
fn text_of(paragraph: &Node) -> String {
    let mut text = String::new();
    collect(paragraph, &mut text);
    text
}

fn collect(node: &Node, text: &mut String) {
    for child in node.children() {
        match child.name() {
            "w:t" => text.push_str(&child.text()),
            "w:p" => {}
            _ => collect(child, text),
        }
    }
}

/// The placeholders of a text: where each begins and ends, and its name.
fn gaps(text: &str) -> Vec<(usize, usize, String)> {
    let mut found = Vec::new();
    let mut behind = 0;
    while let Some(begins) = text[behind..].find("{{").map(|at| behind + at) {
        let Some(length) = text[begins + 2..].find("}}") else { break };
        let name = text[begins + 2..begins + 2 + length].trim();
        let ends = begins + length + 4;
        if name.is_empty() || name.contains(['{', '}', '\n']) || name.chars().count() > LONGEST_NAME {
            behind = begins + 2;
            continue;
        }
        found.push((begins, ends, name.to_owned()));
        behind = ends;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_found_with_their_places() {
        assert_eq!(gaps("甲{{乙}}丙{{ 丁.戊 }}"), [(3, 10, "乙".into()), (13, 26, "丁.戊".into())]);
        assert!(gaps("{{}} {{未完").is_empty());
    }
}

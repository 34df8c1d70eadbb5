//! Plain questions (35岁以下女党员按学历) by a fixed grammar: the same words always mean the same. It never guesses: what it
//! does not know, or what is turned round (除了…以外), is given back as not understood.
//!
//! 以上、以下、以内、满 include the number, 不满、未满、超过、大于 do not (民法典第1259条).

use super::listen::{Listener, Piece};
use super::query::MAX_DIMENSIONS;
use super::values::{self, Wanted};
use super::{Dimension, Filter, Query, words};
use crate::text::compact;
use jiff::civil::Date;

/// What a question was taken to mean.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// The exact query.
    pub query: Query,
    /// The first and the last year of a series, when one is asked for.
    pub trend: Option<(i32, i32)>,
    /// Whether shares are asked for: of the same count without the conditions.
    pub share: bool,
    /// Words and what they were taken to mean, in the question's order.
    pub understood: Vec<(String, String)>,
    /// Words without a meaning here.
    pub not_understood: Vec<String>,
}

/// Longer questions are given back whole.
const LONGEST: usize = 200;
/// The years of a series when a question names none.
const USUAL_TREND: i32 = 10;

/// Reads a question. `orgs`: codes and names of the organisations the asker may see. The question's `as_of` is never after `today`.
pub fn ask(text: &str, today: Date, orgs: &[(String, String)]) -> Asked {
    let text = compact(text);
    if text.chars().count() > LONGEST {
        return Asked { not_understood: vec![text], ..Asked::default() };
    }
    let trending = words::TRENDS.iter().any(|word| text.contains(word));
    let orgs = orgs.iter().map(|(code, name)| (code.as_str(), compact(name))).filter(|(_, name)| !name.is_empty());
    let listener = Listener { today, trending, orgs: orgs.collect() };
    let mut answer = Answer::default();
    let mut rest = text.as_str();
    while let Some(first) = rest.chars().next() {
        let (length, piece) = match listener.piece(rest, answer.stray.is_empty()) {
            Some((tail, piece)) if tail.len() < rest.len() => (rest.len() - tail.len(), piece),
            _ => (first.len_utf8(), Piece::Stray),
        };
        answer.take(&rest[..length], piece);
        rest = &rest[length..];
    }
    answer.finish(today)
}

#[derive(Default)]
struct Answer {
    asked: Asked,
    /// Text not understood so far, without a break.
    stray: String,
    /// Whether the next piece is turned round.
    negated: bool,
    /// What stood before the last value or organisation, should an exception follow.
    before: Option<(Asked, String)>,
    trend_word: Option<String>,
}

impl Answer {
    fn take(&mut self, text: &str, piece: Piece) {
        match piece {
            Piece::Idle => self.break_stray(),
            Piece::Stray => self.stray.push_str(text),
            Piece::Negation => {
                self.negated = true;
                self.stray.push_str(text);
            }
            Piece::Exception => {
                if let Some((asked, words)) = self.before.take() {
                    self.asked = asked;
                    self.stray.push_str(&words);
                }
                self.stray.push_str(text);
            }
            _ if self.negated => {
                self.negated = false;
                self.stray.push_str(text);
            }
            piece => {
                self.break_stray();
                let before = self.asked.clone();
                let excludable = matches!(piece, Piece::Value(..) | Piece::Org(..));
                match self.apply(text, piece) {
                    Some(meaning) => {
                        self.asked.understood.push((text.to_owned(), meaning));
                        self.before = excludable.then(|| (before, text.to_owned()));
                    }
                    None => self.stray.push_str(text),
                }
            }
        }
    }

    fn break_stray(&mut self) {
        let stray = std::mem::take(&mut self.stray);
        if !stray.is_empty() {
            self.asked.not_understood.push(stray);
        }
    }

    /// What a piece means; `None` when it contradicts what was said before.
    fn apply(&mut self, text: &str, piece: Piece) -> Option<String> {
        let query = &mut self.asked.query;
        match piece {
            Piece::Value(dimension, wanted) => add_value(query, dimension, wanted),
            Piece::Org(code, name) => {
                if query.org.as_ref().is_some_and(|org| *org != code) {
                    return None;
                }
                query.org = Some(code);
                Some(format!("党组织：{name}"))
            }
            Piece::Everything => Some("可见的全部党组织".to_owned()),
            Piece::By(dimensions) => {
                let mut by = query.by.clone();
                by.extend(dimensions.iter().filter(|dimension| !query.by.contains(dimension)));
                (by.len() <= MAX_DIMENSIONS).then_some(())?;
                query.by = by;
                let labels: Vec<&str> = dimensions.iter().map(|dimension| dimension.label()).collect();
                Some(format!("分组：{}", labels.join("、")))
            }
            Piece::AsOf(None) => query.as_of.is_none().then(|| "统计日期：今天".to_owned()),
            Piece::AsOf(Some(date)) => {
                query.as_of.is_none().then_some(())?;
                query.as_of = Some(date);
                Some(format!("统计日期：{date}"))
            }
            Piece::Trend(from, to) => {
                self.asked.trend.is_none().then_some(())?;
                self.asked.trend = Some((from, to));
                Some(format!("趋势：{from}–{to}年"))
            }
            Piece::TrendWord => {
                self.trend_word = Some(text.to_owned());
                Some("各年对比".to_owned())
            }
            Piece::Share => {
                self.asked.share = true;
                Some("占比：与不加条件的人数相比".to_owned())
            }
            Piece::Idle | Piece::Stray | Piece::Negation | Piece::Exception => None,
        }
    }

    fn finish(mut self, today: Date) -> Asked {
        self.break_stray();
        let mut asked = self.asked;
        if let (Some(word), None) = (self.trend_word, asked.trend) {
            let query = &mut asked.query;
            let of_joining = query.filters.iter().any(|filter| filter.dimension() == Dimension::JoinedYear);
            if of_joining && query.by.len() < MAX_DIMENSIONS {
                // 近十年入党人数趋势: who joined in which year.
                if !query.by.contains(&Dimension::JoinedYear) {
                    query.by.push(Dimension::JoinedYear);
                }
                asked.understood.push((word, "分组：入党年份".to_owned()));
            } else {
                let year = i32::from(today.year());
                let from = year - USUAL_TREND + 1;
                asked.trend = Some((from, year));
                asked.understood.push((word, format!("趋势：{from}–{year}年（没有写明年份，按近{USUAL_TREND}年）")));
            }
        }
        asked
    }
}

fn add_value(query: &mut Query, dimension: Dimension, wanted: Wanted) -> Option<String> {
    let said = Filter::of(dimension, vec![wanted.clone()], &query.bands)?;
    let meaning = said.describe();
    match query.filters.iter_mut().find(|filter| filter.dimension() == dimension) {
        None => query.filters.push(said),
        Some(known) if *known == said => {}
        // 35岁以下、20岁以上 may mean either or both.
        Some(_) if values::unit_of(dimension).is_some() => return None,
        Some(known) => match known {
            Filter::Values { values, .. } => {
                *known = Filter::of(dimension, vec![Wanted::Values(values.clone()), wanted], &query.bands)?;
            }
            Filter::Years { .. } => return None,
        },
    }
    Some(meaning)
}

#[cfg(test)]
#[path = "ask_tests.rs"]
mod tests;

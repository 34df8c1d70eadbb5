//! The grammar of plain questions, piece by piece from left to right. Every rule is a prefix reader; none looks back.

use super::values::{self, SIDES, Wanted};
use super::words::{self, longest};
use super::years::{Unit, Years, number, read_prefix};
use super::{Bands, Dimension};
use jiff::civil::Date;

/// One recognised part of a question.
pub(super) enum Piece {
    Idle,
    Stray,
    Negation,
    Exception,
    Value(Dimension, Wanted),
    Org(String, String),
    Everything,
    By(Vec<Dimension>),
    AsOf(Option<Date>),
    Trend(i32, i32),
    TrendWord,
    Share,
}

/// A piece and the text after it.
type Found<'a> = Option<(&'a str, Piece)>;

pub(super) struct Listener<'a> {
    /// No day after it can be asked about.
    pub(super) today: Date,
    /// Whether the question speaks of a series.
    pub(super) trending: bool,
    /// Codes and compact names.
    pub(super) orgs: Vec<(&'a str, String)>,
}

impl Listener<'_> {
    /// The piece at the beginning of a text. `fresh`: the text before it was understood.
    pub(super) fn piece<'t>(&self, text: &'t str, fresh: bool) -> Found<'t> {
        self.org(text, fresh)
            .or_else(|| longest(text, words::COMPOUNDS).map(|word| (&text[word.len()..], Piece::Stray)))
            .or_else(|| ages(text))
            .or_else(|| self.date(text))
            .or_else(|| self.years(text))
            .or_else(|| period(text))
            .or_else(|| grouping(text))
            .or_else(|| named_value(text))
            .or_else(|| value(text, fresh))
            .or_else(|| plain_word(text))
    }

    /// An organisation by its whole name; at the beginning of words also by an end of it that no other name has.
    fn org<'t>(&self, text: &'t str, fresh: bool) -> Found<'t> {
        const SHORTEST: usize = 4;
        let mut best: Option<(usize, Vec<usize>)> = None;
        let mut consider = |length: usize, nth: usize| match &mut best {
            Some((longest, _)) if *longest > length => {}
            Some((longest, found)) if *longest == length => found.push(nth),
            _ => best = Some((length, vec![nth])),
        };
        for (nth, (_, name)) in self.orgs.iter().enumerate() {
            if text.starts_with(name.as_str()) {
                consider(name.len(), nth);
            } else if fresh {
                let count = name.chars().count();
                let ends = name.char_indices().skip(1).take(count.saturating_sub(SHORTEST)).map(|(at, _)| &name[at..]);
                if let Some(end) = ends.into_iter().find(|end| text.starts_with(end)) {
                    consider(end.len(), nth);
                }
            }
        }
        let (length, mut found) = best?;
        // A whole name goes before the ends of longer ones.
        if found.iter().any(|nth| self.orgs[*nth].1.len() == length) {
            found.retain(|nth| self.orgs[*nth].1.len() == length);
        }
        let tail = &text[length..];
        Some(match found[..] {
            [nth] => (tail, Piece::Org(self.orgs[nth].0.to_owned(), self.orgs[nth].1.clone())),
            _ => (tail, Piece::Stray),
        })
    }

    /// A day to count on: 2019年底, 截至2020年6月30日, 2020-06-30, 目前.
    fn date<'t>(&self, text: &'t str) -> Found<'t> {
        if let Some(word) = longest(text, words::NOW) {
            return Some((&text[word.len()..], Piece::AsOf(None)));
        }
        let until = longest(text, &["截至", "截止到", "截止", "到"]);
        let start = until.map_or(text, |word| &text[word.len()..]);
        let full = self.with_year(start);
        let (date, rest) = self.day(&full, until.is_some())?;
        let tail = &text[text.len() - rest.len()..];
        // 2020年7月1日以来: a span from a day, for which there is no dimension.
        let span = ["以", "之", "前", "后", "起", "至", "到", "-", "–", "~"].iter().any(|word| tail.starts_with(word))
            || longest(tail, words::JOINING).is_some();
        Some(match date {
            Some(date) if !span && date <= self.today => (tail, Piece::AsOf(Some(date))),
            _ => (tail, Piece::Stray),
        })
    }

    /// A named day, with `None` for one that the calendar does not have; and the text after it.
    fn day<'t>(&self, text: &'t str, until: bool) -> Option<(Option<Date>, &'t str)> {
        let (year, rest) = number(text).filter(|(year, _)| (1900..=2100).contains(year))?;
        let year = i16::try_from(year).ok()?;
        for sign in ['-', '.', '/'] {
            if let Some((month, rest)) = rest.strip_prefix(sign).and_then(number)
                && let Some((day, rest)) = rest.strip_prefix(sign).and_then(number)
            {
                return Some((civil(year, month, day), rest));
            }
        }
        let rest = rest.strip_prefix('年')?;
        if let Some(word) = longest(rest, &["底", "末", "年底", "年末", "年终"]) {
            return Some((civil(year, 12, 31), &rest[word.len()..]));
        }
        if let Some((month, rest)) = number(rest)
            && let Some(rest) = rest.strip_prefix('月')
        {
            let end = || civil(year, month, 1).map(Date::last_of_month);
            if let Some(word) = longest(rest, &["底", "末", "月底", "月末"]) {
                return Some((end(), &rest[word.len()..]));
            }
            if let Some((day, tail)) = number(rest)
                && let Some(tail) = tail.strip_prefix('日').or_else(|| tail.strip_prefix('号'))
            {
                return Some((civil(year, month, day), tail));
            }
            return Some((end().filter(|_| until), rest));
        }
        until.then(|| (civil(year, 12, 31), rest))
    }

    /// The text with 去年 and the like as the year they mean.
    fn with_year(&self, text: &str) -> String {
        let year = i32::from(self.today.year());
        for (word, back) in [("今年", 0), ("本年", 0), ("去年", 1), ("上年", 1), ("前年", 2)] {
            if let Some(rest) = text.strip_prefix(word) {
                return format!("{}年{rest}", year - back);
            }
        }
        text.to_owned()
    }

    /// Years of joining (2020年以来入党), or the years of a series (近十年…趋势).
    fn years<'t>(&self, text: &'t str) -> Found<'t> {
        // 入党时间在2020年以来
        let named = longest(text, &["入党时间", "入党年份", "入党日期", "入党于"]);
        let start = named.map_or(text, |word| &text[word.len()..]);
        let start = if named.is_some() { start.trim_start_matches(['在', '为', '于', '是']) } else { start };
        let full = self.with_year(start);
        let (years, rest) = self.recent(&full).or_else(|| read_prefix(&full, Unit::Calendar))?;
        let tail = &text[text.len() - rest.len()..];
        let after = longest(tail, &["期间", "间", "内", "以内"]).map_or(tail, |word| &tail[word.len()..]);
        let joining = longest(after, words::JOINING).map(|word| &after[word.len()..]);
        let this_year = i32::from(self.today.year());
        if named.is_some() || joining.is_some() {
            let wanted = values::fit(Dimension::JoinedYear, years, &Bands::default());
            return Some((joining.unwrap_or(tail), Piece::Value(Dimension::JoinedYear, wanted)));
        }
        let series = match (years.min, years.max) {
            (Some(from), Some(to)) if from < to => Some((from, to)),
            (Some(from), None) if self.trending => Some((from, this_year)),
            _ => None,
        };
        Some(match series {
            Some((from, to)) if to <= this_year && from <= to => (after, Piece::Trend(from, to)),
            _ => (tail, Piece::Stray),
        })
    }

    /// 近十年: this year and the nine before.
    fn recent<'t>(&self, text: &'t str) -> Option<(Years, &'t str)> {
        let word = longest(text, &["近", "最近", "过去", "近年来"])?;
        let (count, rest) = number(&text[word.len()..]).filter(|(count, _)| (1..=100).contains(count))?;
        let rest = rest.strip_prefix('年')?;
        let rest = longest(rest, &["以来", "来"]).map_or(rest, |word| &rest[word.len()..]);
        let year = i32::from(self.today.year());
        Some((Years { min: Some(year - count + 1), max: Some(year) }, rest))
    }
}

fn civil(year: i16, month: i32, day: i32) -> Option<Date> {
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// 十八大以来入党.
fn period(text: &str) -> Found<'_> {
    let word = longest(text, words::PERIOD_WORDS)?;
    let tail = &text[word.len()..];
    let Some(joining) = longest(tail, words::JOINING) else { return Some((tail, Piece::Stray)) };
    let wanted = values::read(Dimension::JoinedPeriod, word.trim_start_matches("党的"), &Bands::default())?;
    Some((&tail[joining.len()..], Piece::Value(Dimension::JoinedPeriod, wanted)))
}

/// 35岁以下, 年龄不满35周岁, 党龄30年以上, 30年以上党龄.
fn ages(text: &str) -> Found<'_> {
    if let Some((years, tail)) = read_prefix(text, Unit::Span)
        && let Some(tail) = tail.trim_start_matches('的').strip_prefix("党龄")
    {
        let wanted = values::fit(Dimension::PartyAgeBand, years, &Bands::default());
        return Some((tail, Piece::Value(Dimension::PartyAgeBand, wanted)));
    }
    let (dimension, unit, start) = match text.strip_prefix("党龄") {
        Some(rest) => (Dimension::PartyAgeBand, Unit::Span, rest),
        None => (Dimension::AgeBand, Unit::Age, text.strip_prefix("年龄").unwrap_or(text)),
    };
    let named = start.len() < text.len();
    let start = if named { start.trim_start_matches(['在', '为', '是', ':', '=']) } else { start };
    let (years, tail) = read_prefix(start, unit)?;
    Some((tail, Piece::Value(dimension, values::fit(dimension, years, &Bands::default()))))
}

/// 按学历和性别, 各支部, 年龄结构, 每年入党.
fn grouping(text: &str) -> Found<'_> {
    if let Some(word) = longest(text, &["每年", "各年", "历年", "逐年"])
        && let Some(joining) = longest(&text[word.len()..], words::JOINING)
    {
        return Some((&text[word.len() + joining.len()..], Piece::By(vec![Dimension::JoinedYear])));
    }
    if let Some(word) = longest(text, words::BY) {
        let (dimensions, tail) = dimension_list(&text[word.len()..]);
        if !dimensions.is_empty() {
            return Some((tail, Piece::By(dimensions)));
        }
    }
    if let Some(word) = longest(text, words::EACH)
        && let Some((dimension, tail)) = dimension_word(&text[word.len()..])
    {
        return Some((tail, Piece::By(vec![dimension])));
    }
    let (dimension, tail) = dimension_word(text)?;
    let spread = longest(tail, words::SPREAD).filter(|_| dimension != Dimension::Org)?;
    Some((&tail[spread.len()..], Piece::By(vec![dimension])))
}

fn dimension_list(text: &str) -> (Vec<Dimension>, &str) {
    let mut dimensions = Vec::new();
    let mut rest = text;
    loop {
        let separator =
            longest(rest, &["和", "与", "及", "以及", "、", ",", "×", "/"]).filter(|_| !dimensions.is_empty());
        let start = separator.map_or(rest, |word| &rest[word.len()..]);
        let Some((dimension, tail)) = dimension_word(start) else { return (dimensions, rest) };
        if !dimensions.contains(&dimension) {
            dimensions.push(dimension);
        }
        rest = tail;
    }
}

fn dimension_word(text: &str) -> Option<(Dimension, &str)> {
    Dimension::ALL
        .into_iter()
        .filter_map(|dimension| longest(text, dimension.wordings()).map(|word| (dimension, word)))
        .max_by_key(|(_, word)| word.len())
        .map(|(dimension, word)| (dimension, &text[word.len()..]))
}

/// 学历为大专及以上, 民族是回族.
fn named_value(text: &str) -> Found<'_> {
    let (dimension, rest) = dimension_word(text)?;
    let rest = rest.trim_start_matches(['为', '是', '在', ':', '=']);
    match value(rest, true)? {
        (tail, Piece::Value(given, wanted)) if given == dimension => Some((tail, Piece::Value(given, wanted))),
        _ => None,
    }
}

/// A word for a value with what may stand around it: 大专及以上学历, 副高级以上职称, 女.
fn value(text: &str, fresh: bool) -> Found<'_> {
    let (word, dimension) = words::value_word(text)?;
    let rest = &text[word.len()..];
    if word.chars().count() == 1 && !(fresh && stands_alone(rest)) {
        return None;
    }
    let side = SIDES.iter().map(|(word, _)| *word).find(|side| rest.starts_with(side)).unwrap_or_default();
    let after = &rest[side.len()..];
    let phrase = format!("{word}{side}");
    if dimension == Dimension::Education
        && let Some(tail) = after.strip_prefix("学位")
        && let Some(wanted) = values::read(Dimension::Degree, &phrase, &Bands::default())
    {
        return Some((tail, Piece::Value(Dimension::Degree, wanted)));
    }
    let Some(wanted) = values::read(dimension, &phrase, &Bands::default()) else {
        // 女以上
        return Some((after, Piece::Stray));
    };
    let nouns: &[&str] = match dimension {
        Dimension::Education => &["学历", "文化程度", "毕业"],
        Dimension::TitleLevel => &["职称", "专业技术职务"],
        Dimension::Degree => &["学位"],
        Dimension::Employment => &["用工", "身份"],
        _ => &[],
    };
    let tail = longest(after, nouns).map_or(after, |noun| &after[noun.len()..]);
    Some((tail, Piece::Value(dimension, wanted)))
}

/// Whether a word of one character (男, 女) ends before this text.
fn stands_alone(rest: &str) -> bool {
    const NEXT: [&str; 14] =
        ["党员", "预备", "正式", "的", "和", "与", "或", "及", "、", ",", "?", "同志", "占", "人数"];
    rest.is_empty()
        || NEXT.iter().any(|next| rest.starts_with(next))
        || words::value_word(rest).is_some_and(|(word, _)| word.chars().count() > 1)
        || longest(rest, words::BY).is_some()
        || longest(rest, words::SHARES).is_some()
        || ages(rest).is_some()
}

fn plain_word(text: &str) -> Found<'_> {
    let kinds = [
        (words::EXCEPTIONS, Piece::Exception),
        (words::NEGATIONS, Piece::Negation),
        (words::TRENDS, Piece::TrendWord),
        (words::SHARES, Piece::Share),
        (words::EVERYTHING, Piece::Everything),
        (words::IDLE, Piece::Idle),
    ];
    let found = kinds.into_iter().filter_map(|(list, piece)| longest(text, list).map(|word| (word, piece)));
    if let Some((word, piece)) = found.max_by_key(|(word, _)| word.len()) {
        return Some((&text[word.len()..], piece));
    }
    text.strip_prefix(words::SIGNS).map(|tail| (tail, Piece::Idle))
}

//! Numbers of years as people write them: 35岁及以下, 不满18周岁, 31–35岁, 党龄满50年, 2020年以来.
//!
//! 以上、以下、以内、满 include the number; 不满、未满、超过、大于 do not (民法典第1259条). For calendar years 以来、起、以后 include
//! the year named, 之后、以前、之前 do not unless 及 stands before them.

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    /// Full years of life: 岁, 周岁.
    Age,
    /// Full years of membership: 年.
    Span,
    /// Years of the calendar: 年.
    Calendar,
}

/// A range of years, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Years {
    pub(super) min: Option<i32>,
    pub(super) max: Option<i32>,
}

impl Years {
    fn new(min: Option<i32>, max: Option<i32>) -> Option<Self> {
        let empty = matches!((min, max), (Some(min), Some(max)) if min > max) || max.is_some_and(|max| max < 0);
        (!empty).then_some(Years { min, max })
    }

    /// The one year it is, when it is one.
    pub(super) fn single(self) -> Option<i32> {
        self.min.filter(|_| self.min == self.max)
    }

    /// As it is shown, and read back.
    pub(super) fn show(self, unit: Unit) -> String {
        let word = if unit == Unit::Age { "岁" } else { "年" };
        let (above, below) =
            if unit == Unit::Calendar { ("及以后", "及以前") } else { ("及以上", "及以下") };
        match (self.min, self.max) {
            (Some(min), Some(max)) if min == max => format!("{min}{word}"),
            (Some(min), Some(max)) => format!("{min}–{max}{word}"),
            (Some(min), None) => format!("{min}{word}{above}"),
            (None, Some(max)) => format!("{max}{word}{below}"),
            (None, None) => String::new(),
        }
    }
}

/// Reads a whole text; the unit may be left out.
pub(super) fn read_all(text: &str, unit: Unit) -> Option<Years> {
    let (years, rest) = Reader { unit, bare: true }.read(text)?;
    rest.is_empty().then_some(years)
}

/// Reads from the beginning of a text in which the unit is named; gives back the rest.
pub(super) fn read_prefix(text: &str, unit: Unit) -> Option<(Years, &str)> {
    Reader { unit, bare: false }.read(text)
}

/// A number in digits or in Chinese numerals, at most four digits; gives back the rest.
pub(super) fn number(text: &str) -> Option<(i32, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    if end > 0 {
        return (end <= 4).then(|| text[..end].parse().ok()).flatten().map(|number| (number, &text[end..]));
    }
    let end = text.find(|c: char| numeral(c).is_none() && !matches!(c, '十' | '百')).unwrap_or(text.len());
    Some((chinese(&text[..end])?, &text[end..]))
}

fn numeral(c: char) -> Option<i32> {
    Some(match c {
        '〇' | '零' | '○' => 0,
        '一' => 1,
        '二' | '两' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    })
}

/// 三十五, 十八, 一百零一, or digit by digit 二〇二〇.
fn chinese(text: &str) -> Option<i32> {
    if text.is_empty() || text.chars().count() > 7 {
        return None;
    }
    if !text.contains(['十', '百']) {
        let digits: Vec<i32> = text.chars().filter_map(numeral).collect();
        // Two digits side by side (三五) mean "three or five", not 35.
        return matches!(digits.len(), 1 | 4).then(|| digits.iter().fold(0, |sum, digit| sum * 10 + digit));
    }
    let (hundreds, rest) = match text.split_once('百') {
        Some((head, rest)) => (units(head)?, rest),
        None => (0, text),
    };
    let rest = if hundreds > 0 { rest.strip_prefix('零').unwrap_or(rest) } else { rest };
    let below = match rest.split_once('十') {
        Some((head, tail)) => {
            let tens = if head.is_empty() { 1 } else { units(head)? };
            tens * 10 + if tail.is_empty() { 0 } else { units(tail)? }
        }
        None if rest.is_empty() => 0,
        None => units(rest)?,
    };
    Some(hundreds * 100 + below)
}

fn units(text: &str) -> Option<i32> {
    let mut chars = text.chars();
    let digit = numeral(chars.next()?)?;
    (chars.next().is_none() && digit > 0).then_some(digit)
}

/// What a word says of the number beside it.
#[derive(Clone, Copy)]
enum Bound {
    AtLeast,
    MoreThan,
    AtMost,
    LessThan,
}

use Bound::{AtLeast, AtMost, LessThan, MoreThan};

/// Words before the number, longer ones first.
const BEFORE: [(&str, Bound); 23] = [
    ("不超过", AtMost),
    ("不大于", AtMost),
    ("不高于", AtMost),
    ("不低于", AtLeast),
    ("不小于", AtLeast),
    ("不少于", AtLeast),
    ("不满", LessThan),
    ("未满", LessThan),
    ("不到", LessThan),
    ("不足", LessThan),
    ("小于", LessThan),
    ("低于", LessThan),
    ("少于", LessThan),
    ("超过", MoreThan),
    ("大于", MoreThan),
    ("高于", MoreThan),
    ("年满", AtLeast),
    ("满", AtLeast),
    ("<=", AtMost),
    ("≤", AtMost),
    (">=", AtLeast),
    ("≥", AtLeast),
    ("<", LessThan),
];

/// Words after a number of years.
const AFTER: [(&str, Bound); 10] = [
    ("及其以下", AtMost),
    ("及以下", AtMost),
    ("或以下", AtMost),
    ("以下", AtMost),
    ("及以内", AtMost),
    ("以内", AtMost),
    ("及其以上", AtLeast),
    ("及以上", AtLeast),
    ("或以上", AtLeast),
    ("以上", AtLeast),
];

/// Words after a year of the calendar.
const AFTER_CALENDAR: [(&str, Bound); 15] = [
    ("及以后", AtLeast),
    ("及之后", AtLeast),
    ("及以来", AtLeast),
    ("以来", AtLeast),
    ("以后", AtLeast),
    ("至今", AtLeast),
    ("到现在", AtLeast),
    ("起", AtLeast),
    ("之后", MoreThan),
    ("后", MoreThan),
    ("及以前", AtMost),
    ("及之前", AtMost),
    ("以前", LessThan),
    ("之前", LessThan),
    ("前", LessThan),
];

struct Reader {
    unit: Unit,
    bare: bool,
}

impl Reader {
    fn read<'a>(&self, text: &'a str) -> Option<(Years, &'a str)> {
        let before =
            BEFORE.iter().chain(&[(">", MoreThan)]).find_map(|(word, bound)| Some((*bound, text.strip_prefix(word)?)));
        if let Some((bound, rest)) = before {
            let (number, rest) = self.counted(rest)?;
            let (bound, rest) = self.included(bound, rest);
            return Some((limit(bound, number)?, rest));
        }
        if let Some(range) = self.span(text) {
            return Some(range);
        }
        let (first, rest) = self.counted(text)?;
        let Some((bound, rest)) = self.after(rest) else { return Some((Years::new(Some(first), Some(first))?, rest)) };
        let from = limit(bound, first)?;
        // 18岁以上35岁以下
        let joined = rest.trim_start_matches(['、', ',', '且']);
        if let (Some(min), Some((second, tail))) = (from.min, self.counted(joined))
            && let Some((bound, tail)) = self.after(tail)
            && let Some(Years { min: None, max: Some(max) }) = limit(bound, second)
        {
            return Some((Years::new(Some(min), Some(max))?, tail));
        }
        Some((from, rest))
    }

    /// 31–35岁, 2018年至2020年.
    fn span<'a>(&self, text: &'a str) -> Option<(Years, &'a str)> {
        let (first, rest) = number(text)?;
        let rest = self.unit_word(rest).unwrap_or(rest);
        let rest = ["-", "–", "—", "~", "至", "到"].iter().find_map(|dash| rest.strip_prefix(dash))?;
        let (second, rest) = self.counted(rest)?;
        self.sensible(first).then_some(())?;
        Some((Years::new(Some(first), Some(second))?, rest))
    }

    fn counted<'a>(&self, text: &'a str) -> Option<(i32, &'a str)> {
        let (number, rest) = number(text)?;
        let rest = match self.unit_word(rest) {
            Some(rest) => rest,
            None if self.bare => rest,
            None => return None,
        };
        self.sensible(number).then_some((number, rest))
    }

    fn sensible(&self, number: i32) -> bool {
        if self.unit == Unit::Calendar { (1900..=2100).contains(&number) } else { (0..=150).contains(&number) }
    }

    fn unit_word<'a>(&self, text: &'a str) -> Option<&'a str> {
        match self.unit {
            Unit::Age => text.strip_prefix("周岁").or_else(|| text.strip_prefix('岁')),
            Unit::Span | Unit::Calendar => text.strip_prefix('年'),
        }
    }

    fn after<'a>(&self, text: &'a str) -> Option<(Bound, &'a str)> {
        let text = text.strip_prefix("(含)").unwrap_or(text);
        let words: &[(&str, Bound)] = if self.unit == Unit::Calendar { &AFTER_CALENDAR } else { &AFTER };
        let (bound, rest) = words.iter().find_map(|(word, bound)| Some((*bound, text.strip_prefix(word)?)))?;
        Some(self.included(bound, rest))
    }

    /// 以下(含35岁), 以下(不含).
    fn included<'a>(&self, bound: Bound, text: &'a str) -> (Bound, &'a str) {
        let note = text.strip_prefix('(').and_then(|inside| inside.split_once(')'));
        match note {
            Some((note, rest)) if note.starts_with("不含") => match bound {
                AtLeast | MoreThan => (MoreThan, rest),
                AtMost | LessThan => (LessThan, rest),
            },
            Some((note, rest)) if note.starts_with('含') => match bound {
                AtLeast | MoreThan => (AtLeast, rest),
                AtMost | LessThan => (AtMost, rest),
            },
            _ => (bound, text),
        }
    }
}

fn limit(bound: Bound, number: i32) -> Option<Years> {
    match bound {
        AtLeast => Years::new(Some(number), None),
        MoreThan => Years::new(Some(number + 1), None),
        AtMost => Years::new(None, Some(number)),
        LessThan => Years::new(None, Some(number - 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_of_life_are_read_as_the_civil_code_counts_them() {
        for (text, min, max) in [
            ("35岁以下", None, Some(35)),
            ("35岁及以下", None, Some(35)),
            ("35周岁以内", None, Some(35)),
            ("三十五岁以下", None, Some(35)),
            ("35岁以下(含35岁)", None, Some(35)),
            ("35岁以下(不含)", None, Some(34)),
            ("不满35岁", None, Some(34)),
            ("未满十八周岁", None, Some(17)),
            ("不超过60岁", None, Some(60)),
            ("60岁以上", Some(60), None),
            ("超过60岁", Some(61), None),
            ("大于60岁", Some(61), None),
            ("年满60岁", Some(60), None),
            (">60", Some(61), None),
            ("<=60", None, Some(60)),
            ("18-35", Some(18), Some(35)),
            ("31–35岁", Some(31), Some(35)),
            ("31岁至35岁", Some(31), Some(35)),
            ("18岁以上35岁以下", Some(18), Some(35)),
            ("40岁", Some(40), Some(40)),
            ("一百零一岁", Some(101), Some(101)),
        ] {
            assert_eq!(read_all(text, Unit::Age), Some(Years { min, max }), "{text}");
        }
        for text in ["", "岁", "35岁上下", "35-30岁", "200岁", "不满0岁", "三五岁", "12345", "二十十岁"]
        {
            assert_eq!(read_all(text, Unit::Age), None, "{text}");
        }
    }

    #[test]
    fn calendar_years_are_read_with_their_direction() {
        for (text, min, max) in [
            ("2020年以来", Some(2020), None),
            ("二〇二〇年以后", Some(2020), None),
            ("2020年之后", Some(2021), None),
            ("2012年以前", None, Some(2011)),
            ("2012年及以前", None, Some(2012)),
            ("2018年至2020年", Some(2018), Some(2020)),
            ("2018-2020", Some(2018), Some(2020)),
            ("2019", Some(2019), Some(2019)),
        ] {
            assert_eq!(read_all(text, Unit::Calendar), Some(Years { min, max }), "{text}");
        }
    }

    #[test]
    fn what_is_shown_is_read_back() {
        for unit in [Unit::Age, Unit::Span, Unit::Calendar] {
            let base = if unit == Unit::Calendar { 1990 } else { 20 };
            for (min, max) in
                [(Some(base), None), (None, Some(base)), (Some(base), Some(base + 9)), (Some(base), Some(base))]
            {
                let years = Years { min, max };
                assert_eq!(read_all(&years.show(unit), unit), Some(years));
            }
        }
    }
}

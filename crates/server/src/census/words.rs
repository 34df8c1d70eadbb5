//! The statistics vocabulary in the census's terms: which column holds a dimension, and which code a value has. The vocabulary itself is
//! the rules'.

use super::days::{day, day_or_unknown, end, span};
use census::{CensusError, Codes, Derived, Filter, Grouping, Row, Schema, Span};
use jiff::civil::Date;
use rules::date::day_number;
use rules::stats::{Bands, Condition, DayRange, Dimension, Groups, PERIODS, Query, UNKNOWN, Valued};
use std::ops::RangeInclusive;
use store::{CensusSpell, StoreError};

/// The dimensions of the census in the order of its columns: all but 党组织, which is a place.
const DIMENSIONS: [Dimension; 12] = [
    Dimension::Gender,
    Dimension::Ethnicity,
    Dimension::Education,
    Dimension::Degree,
    Dimension::TitleLevel,
    Dimension::Employment,
    Dimension::Occupation,
    Dimension::Status,
    Dimension::AgeBand,
    Dimension::PartyAgeBand,
    Dimension::JoinedPeriod,
    Dimension::JoinedYear,
];
/// Where the first dimension stands that has no list of codes.
const BANDED: usize = 8;
const DAYS: [&str; 5] = ["born", "joined_on", "full_on", "from", "to"];
const BORN: usize = 0;
const JOINED_ON: usize = 1;
const FULL_ON: usize = 2;
/// Columns of the days between which a row holds.
pub(super) const FROM: usize = 3;
pub(super) const TO: usize = 4;

/// The years of joining that have a code of their own, from the Party's founding on: few, because every code widens the census's tables.
/// Code 0 is all years before, then come these, then all years after, then 未填.
const YEARS: RangeInclusive<i32> = 1921..=2030;
const YEAR_BEFORE: u8 = 0;
const YEAR_AFTER: u8 = 111;
const YEAR_UNKNOWN: u8 = 112;
const YEAR_CODES: usize = 113;
/// The years that the census has days for.
const ALL_YEARS: RangeInclusive<i32> = 1880..=2059;

fn place(dimension: Dimension) -> Option<usize> {
    DIMENSIONS.iter().position(|known| *known == dimension)
}

fn year_code(year: i32) -> u8 {
    match year - (YEARS.start() - 1) {
        ..=0 => YEAR_BEFORE,
        place => u8::try_from(place).map_or(YEAR_AFTER, |code| code.min(YEAR_AFTER)),
    }
}

/// The codes of some years of joining.
pub fn joined_years(years: RangeInclusive<i32>) -> Vec<u8> {
    let (first, last) = (year_code(*years.start()), year_code(*years.end()));
    (first..=last).collect()
}

/// Which code of the census a stored code has.
#[derive(Debug)]
struct List {
    dimension: Dimension,
    /// For each stored code its place in the dimension's list.
    places: Vec<Option<u8>>,
    /// The code for 未填, which is how many the list has.
    unknown: u8,
}

impl List {
    fn of(dimension: Dimension) -> Self {
        let Groups::Codes(codes) = dimension.groups(&Bands::default(), Date::MIN) else {
            return List { dimension, places: Vec::new(), unknown: 0 };
        };
        let mut places = Vec::new();
        for (place, (code, _)) in codes.iter().enumerate() {
            let code = usize::try_from(*code).unwrap_or_default();
            places.resize(places.len().max(code + 1), None);
            places[code] = Some(place as u8);
        }
        List { dimension, places, unknown: codes.len() as u8 }
    }

    fn code(&self, stored: Option<i64>) -> Result<u8, StoreError> {
        let Some(stored) = stored else { return Ok(self.unknown) };
        let place = usize::try_from(stored).ok().and_then(|stored| self.places.get(stored).copied().flatten());
        place.ok_or_else(|| StoreError::Corrupt(format!("{}代码 {stored}", self.dimension.label())))
    }
}

/// The code lists of the vocabulary as codes of the census's columns; makes rows of spells.
#[derive(Debug)]
pub struct Words {
    lists: Vec<List>,
}

impl Default for Words {
    fn default() -> Self {
        Self::new()
    }
}

impl Words {
    /// The lists as they are now.
    pub fn new() -> Self {
        Words { lists: DIMENSIONS[..BANDED].iter().copied().map(List::of).collect() }
    }

    /// The columns: all dimensions of the vocabulary but 党组织, and the days they and the history need.
    pub fn schema(&self) -> Result<Schema, CensusError> {
        let bands = Bands::default();
        let sizes = DIMENSIONS.iter().enumerate().map(|(n, dimension)| match self.lists.get(n) {
            Some(list) => usize::from(list.unknown) + 1,
            None if *dimension == Dimension::JoinedYear => YEAR_CODES,
            None => dimension.values(&bands).len() + 1,
        });
        let dimensions: Vec<(&str, usize)> = DIMENSIONS.iter().map(|dimension| dimension.key()).zip(sizes).collect();
        Schema::new(&dimensions, &DAYS)
    }

    /// A spell as a row of the organisation of a number. Bands of years are filled in by the census itself (see [`derived`]).
    pub fn row(&self, spell: &CensusSpell, org: u32) -> Result<Row, StoreError> {
        let mut row = Row { org, subject: spell.person.0 as u64, ..Row::default() };
        let stored = [
            Some(spell.gender),
            spell.ethnicity,
            spell.education,
            spell.degree,
            spell.title_level,
            spell.employment,
            spell.occupation,
            Some(spell.stage),
        ];
        for ((code, list), stored) in row.codes.iter_mut().zip(&self.lists).zip(stored) {
            *code = list.code(stored)?;
        }
        let period = spell.joined_on.and_then(|on| PERIODS.iter().position(|period| period.days.contains(on)));
        row.codes[BANDED + 2] = period.unwrap_or(PERIODS.len()) as u8;
        let year = spell.joined_on.map(|on| year_code((on / 10_000) as i32));
        row.codes[BANDED + 3] = year.unwrap_or(YEAR_UNKNOWN);
        row.days[BORN] = day_or_unknown(spell.born);
        row.days[JOINED_ON] = day_or_unknown(spell.joined_on);
        row.days[FULL_ON] = day_or_unknown(spell.full_on);
        row.days[FROM] = day(spell.from);
        row.days[TO] = end(spell.to);
        Ok(row)
    }
}

/// The usual bands of ages and party ages on a day, as codes of the days they follow from.
pub fn derived(today: Date) -> Vec<Derived> {
    [Dimension::AgeBand, Dimension::PartyAgeBand]
        .into_iter()
        .filter_map(|dimension| {
            let spans = spans(dimension, &Bands::default(), today);
            let mut codes = vec![spans.len() as u8; usize::from(u16::MAX) + 1];
            for (code, (first, last)) in spans.iter().enumerate().filter(|(_, (first, last))| first <= last) {
                codes[usize::from(*first)..=usize::from(*last)].fill(code as u8);
            }
            Some(Derived { dimension: place(dimension)?, day: column(dimension), codes })
        })
        .collect()
}

fn column(dimension: Dimension) -> usize {
    match dimension {
        Dimension::AgeBand => BORN,
        Dimension::PartyAgeBand => FULL_ON,
        _ => JOINED_ON,
    }
}

/// A span of no day.
const NONE: Span = (1, 0);

/// The part of a span that counts on a day: a party age that begins later has not begun (DEV-24).
fn begun(dimension: Dimension, (first, last): Span, as_of: Date) -> Span {
    if dimension == Dimension::PartyAgeBand { (first, last.min(day(day_number(as_of)))) } else { (first, last) }
}

/// The days of each band or period, in order.
fn spans(dimension: Dimension, bands: &Bands, as_of: Date) -> Vec<Span> {
    let Groups::Days(days) = dimension.groups(bands, as_of) else { return Vec::new() };
    days.iter().map(|(_, range)| span(range).map_or(NONE, |span| begun(dimension, span, as_of))).collect()
}

/// A dimension of a table: how the census groups by it, and for each group its value; none where the group is no one value.
pub(super) struct Axis {
    pub(super) grouping: Grouping,
    pub(super) values: Vec<Option<Valued>>,
}

fn unknown() -> Option<Valued> {
    Some((i64::MAX, UNKNOWN.to_owned()))
}

/// How a query is asked on a day.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asking<'a> {
    pub(super) query: &'a Query,
    pub(super) as_of: Date,
    /// Whether it is the day of the census, on which the usual bands have codes.
    pub(super) on_its_day: bool,
}

impl Asking<'_> {
    /// Whether a dimension's groups are the codes of a column.
    fn has_codes(&self, dimension: Dimension) -> bool {
        let Query { bands, .. } = self.query;
        let by_age = matches!(dimension, Dimension::AgeBand | Dimension::PartyAgeBand);
        !by_age || self.on_its_day && bands.of(dimension) == Bands::default().of(dimension)
    }

    /// The day as the census counts days.
    pub(super) fn day(&self) -> u16 {
        day(day_number(self.as_of))
    }

    /// The axis of a dimension; none for 党组织. `every_year` gives each year of joining a group, however long ago.
    pub(super) fn axis(&self, dimension: Dimension, every_year: bool) -> Option<Axis> {
        let at = place(dimension)?;
        let name = |(n, name): (usize, String)| Some((n as i64, name));
        let groups = dimension.groups(&self.query.bands, self.as_of);
        let (grouping, mut values): (Grouping, Vec<Option<Valued>>) = match groups {
            Groups::Codes(codes) => {
                let names = codes.into_iter().map(|(_, name)| name.to_owned());
                (Grouping::Codes(at), names.enumerate().map(name).collect())
            }
            Groups::Days(days) => {
                let grouping = if self.has_codes(dimension) {
                    Grouping::Codes(at)
                } else {
                    Grouping::Bands(column(dimension), spans(dimension, &self.query.bands, self.as_of))
                };
                (grouping, days.into_iter().map(|(name, _)| name).enumerate().map(name).collect())
            }
            Groups::Years | Groups::Orgs => {
                let year = |year: i32| Some((i64::from(year), year.to_string()));
                if every_year {
                    let spans =
                        ALL_YEARS.map(|year| span(&DayRange::of_calendar(Some(year), Some(year))).unwrap_or(NONE));
                    (Grouping::Bands(JOINED_ON, spans.collect()), ALL_YEARS.map(year).collect())
                } else {
                    let years = std::iter::once(None).chain(YEARS.map(year)).chain([None]);
                    (Grouping::Codes(at), years.collect())
                }
            }
        };
        values.push(unknown());
        Some(Axis { grouping, values })
    }

    /// The conditions of the query.
    pub(super) fn filters(&self) -> Result<Vec<Filter>, StoreError> {
        self.query.filters.iter().map(|filter| self.filter(filter)).collect()
    }

    fn filter(&self, filter: &rules::stats::Filter) -> Result<Filter, StoreError> {
        let dimension = filter.dimension();
        let at = place(dimension).ok_or_else(|| StoreError::Corrupt("党组织不是统计条件".to_owned()))?;
        if let Some(codes) = self.codes_meant(filter) {
            return Ok(Filter::Codes(at, codes));
        }
        match filter.condition(&self.query.bands, self.as_of) {
            Condition::Codes { codes, unknown } => {
                let list = List::of(dimension);
                let stored = codes.into_iter().map(Some).chain(unknown.then_some(None));
                Ok(Filter::Codes(at, stored.map(|code| list.code(code)).collect::<Result<Codes, _>>()?))
            }
            Condition::Days { ranges, unknown } => {
                let spans = ranges.iter().filter_map(span).map(|span| begun(dimension, span, self.as_of));
                let mut spans: Vec<Span> = spans.filter(|(first, last)| first <= last).collect();
                if unknown {
                    spans.push((0, 0));
                    if dimension == Dimension::PartyAgeBand {
                        spans.extend(day(day_number(self.as_of)).checked_add(1).map(|next| (next, u16::MAX)));
                    }
                }
                Ok(Filter::Days(column(dimension), spans))
            }
        }
    }

    /// The codes that a condition on bands, periods or years of joining means; none where no codes mean the same.
    fn codes_meant(&self, filter: &rules::stats::Filter) -> Option<Codes> {
        use rules::stats::Filter as Given;
        let dimension = filter.dimension();
        match filter {
            Given::Values { dimension: Dimension::JoinedYear, values } => values
                .iter()
                .map(|value| match value.parse() {
                    Ok(year) => YEARS.contains(&year).then(|| year_code(year)),
                    Err(_) => (value == UNKNOWN).then_some(YEAR_UNKNOWN),
                })
                .collect(),
            Given::Values { values, .. } if self.has_codes(dimension) => {
                let Groups::Days(days) = dimension.groups(&self.query.bands, self.as_of) else { return None };
                let names = days.iter().map(|(name, _)| name.as_str()).chain([UNKNOWN]);
                let meant = names.enumerate().filter(|(_, name)| values.iter().any(|value| value == name));
                Some(meant.map(|(code, _)| code as u8).collect())
            }
            Given::Years { dimension: Dimension::JoinedYear, min, max } => {
                let first = min.map_or(Some(YEAR_BEFORE), |min| YEARS.contains(&min).then(|| year_code(min)))?;
                let last = max.map_or(Some(YEAR_AFTER), |max| YEARS.contains(&max).then(|| year_code(max)))?;
                Some((first..=last).collect())
            }
            _ => None,
        }
    }
}

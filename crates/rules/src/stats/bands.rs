//! Bands of years and periods of joining, and the days at which they are cut. Defaults are those of the published annual
//! communiqué (党内统计公报). Never counts persons.

use super::Dimension;
use super::query::QueryError;
use crate::date::day_number;
use crate::text::compact;
use jiff::civil::Date;

/// Days as stored numbers yyyymmdd: `after < day <= until`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayRange {
    /// The last day before the range; 0 when it has no beginning.
    pub after: i64,
    /// The last day of the range; 99991231 when it has no end.
    pub until: i64,
}

impl DayRange {
    /// Before every day.
    pub const BEGINNING: i64 = 0;
    /// After every day.
    pub const END: i64 = 99_991_231;

    /// The days from which `min` to `max` full years (周岁、满年) have passed on a day: someone is of age a on D when born in
    /// (D − (a+1) years, D − a years]. A minimum of 0 takes in later days too, so that bands leave nobody out.
    pub fn of_years(min: i32, max: Option<i32>, as_of: Date) -> Self {
        // Full years pass on the same month and day, and for 29 February on 1 March of a common year, so the subtraction on the
        // number alone is exact even where it names a day that the calendar does not have.
        let back = |years: i32| day_number(as_of) - i64::from(years) * 10_000;
        DayRange {
            after: max.map_or(Self::BEGINNING, |max| back(max + 1).max(Self::BEGINNING)),
            until: if min <= 0 { Self::END } else { back(min) },
        }
    }

    /// The days of the calendar years `min` to `max`.
    pub fn of_calendar(min: Option<i32>, max: Option<i32>) -> Self {
        DayRange {
            after: min.map_or(Self::BEGINNING, |min| i64::from(min) * 10_000),
            until: max.map_or(Self::END, |max| i64::from(max) * 10_000 + 1231),
        }
    }

    /// Whether a stored day lies in the range.
    pub fn contains(&self, day: i64) -> bool {
        self.after < day && day <= self.until
    }
}

/// A named span of full years, both ends included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Band {
    /// The name, as in the communiqué: 31–35岁.
    pub label: String,
    /// Fewest years.
    pub min: i32,
    /// Most years; `None` without end.
    pub max: Option<i32>,
}

impl Band {
    /// Whether so many full years fall in the band.
    pub fn contains(&self, years: i32) -> bool {
        (years >= self.min || self.min == 0) && self.max.is_none_or(|max| years <= max)
    }

    /// The days of birth (or of joining) that fall in the band on a day.
    pub fn days(&self, as_of: Date) -> DayRange {
        DayRange::of_years(self.min, self.max, as_of)
    }
}

/// A period in which members joined (入党时期), between the communiqué's fixed days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// The communiqué's name.
    pub label: &'static str,
    /// The days of joining.
    pub days: DayRange,
}

/// The communiqué's four periods, cut on 1949-10-01, 1978-12-18 and 2012-11-08.
pub const PERIODS: [Period; 4] = [
    Period { label: "新中国成立前", days: DayRange { after: DayRange::BEGINNING, until: 19_490_930 } },
    Period {
        label: "新中国成立后至十一届三中全会前", days: DayRange { after: 19_490_930, until: 19_781_217 }
    },
    Period {
        label: "十一届三中全会后至十八大前", days: DayRange { after: 19_781_217, until: 20_121_107 }
    },
    Period { label: "十八大以来", days: DayRange { after: 20_121_107, until: DayRange::END } },
];

/// The bands of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bands {
    age: Vec<Band>,
    party_age: Vec<Band>,
}

const AGE_BOUNDS: [i32; 7] = [30, 35, 40, 45, 50, 55, 60];
const PARTY_AGE_BOUNDS: [i32; 6] = [4, 9, 19, 29, 39, 49];

impl Default for Bands {
    fn default() -> Self {
        Bands { age: age_bands(&AGE_BOUNDS), party_age: party_age_bands(&PARTY_AGE_BOUNDS) }
    }
}

impl Bands {
    /// Reads upper bounds, each included: `18,25,35,60` for the age; `party_age_band:4,9,19` for the party age; both with `;`
    /// between them. What is not named keeps its default.
    pub fn parse(text: &str) -> Result<Self, QueryError> {
        let mut bands = Bands::default();
        let mut seen = Vec::new();
        for part in compact(text).split(';').filter(|part| !part.is_empty()) {
            let (name, list) = part.split_once(':').unwrap_or((Dimension::AgeBand.key(), part));
            let bounds = bounds(list).ok_or_else(|| QueryError::BadBands(part.to_owned()))?;
            let dimension = Dimension::parse(name).filter(|dimension| !seen.contains(dimension));
            match dimension {
                Some(Dimension::AgeBand) => bands.age = age_bands(&bounds),
                Some(Dimension::PartyAgeBand) => bands.party_age = party_age_bands(&bounds),
                _ => return Err(QueryError::BadBands(part.to_owned())),
            }
            seen.extend(dimension);
        }
        Ok(bands)
    }

    /// The text that [`Bands::parse`] reads back; empty for the defaults.
    pub fn to_text(&self) -> String {
        let standard = Bands::default();
        let mut parts = Vec::new();
        for dimension in [Dimension::AgeBand, Dimension::PartyAgeBand] {
            let bands = self.of(dimension).unwrap_or_default();
            if standard.of(dimension) != Some(bands) {
                let bounds: Vec<String> = bands.iter().filter_map(|band| band.max).map(|max| max.to_string()).collect();
                let name =
                    if dimension == Dimension::AgeBand { String::new() } else { format!("{}:", dimension.key()) };
                parts.push(format!("{name}{}", bounds.join(",")));
            }
        }
        parts.join(";")
    }

    /// The bands of a dimension that has bands of years.
    pub fn of(&self, dimension: Dimension) -> Option<&[Band]> {
        match dimension {
            Dimension::AgeBand => Some(&self.age),
            Dimension::PartyAgeBand => Some(&self.party_age),
            _ => None,
        }
    }
}

/// At least one bound, at most fifty, rising, none above 150 years.
fn bounds(list: &str) -> Option<Vec<i32>> {
    let bounds = list.split(',').map(|bound| bound.parse::<i32>().ok()).collect::<Option<Vec<_>>>()?;
    let rising = bounds.windows(2).all(|pair| pair[0] < pair[1]);
    (rising && bounds.len() <= 50 && bounds.iter().all(|bound| (0..=150).contains(bound))).then_some(bounds)
}

fn age_bands(bounds: &[i32]) -> Vec<Band> {
    bands(bounds, |min, max| match max {
        Some(max) if min == 0 => format!("{max}岁及以下"),
        Some(max) if min == max => format!("{max}岁"),
        Some(max) => format!("{min}–{max}岁"),
        None => format!("{min}岁及以上"),
    })
}

/// The first band is called 不满5年 and not 5年以下: 以下 would include the number itself (民法典第1259条).
fn party_age_bands(bounds: &[i32]) -> Vec<Band> {
    bands(bounds, |min, max| match max {
        Some(max) if min == 0 => format!("不满{}年", max + 1),
        Some(max) if min == max => format!("{max}年"),
        Some(max) => format!("{min}–{max}年"),
        None => format!("{min}年及以上"),
    })
}

fn bands(bounds: &[i32], label: impl Fn(i32, Option<i32>) -> String) -> Vec<Band> {
    let starts = std::iter::once(0).chain(bounds.iter().map(|bound| bound + 1));
    let ends = bounds.iter().copied().map(Some).chain([None]);
    starts.zip(ends).map(|(min, max)| Band { label: label(min, max), min, max }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::date::full_years;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn labels(bands: &Bands, dimension: Dimension) -> String {
        bands.of(dimension).unwrap().iter().map(|band| band.label.as_str()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_defaults_are_those_of_the_communique() {
        let bands = Bands::default();
        assert_eq!(
            labels(&bands, Dimension::AgeBand),
            "30岁及以下 31–35岁 36–40岁 41–45岁 46–50岁 51–55岁 56–60岁 61岁及以上"
        );
        assert_eq!(labels(&bands, Dimension::PartyAgeBand), "不满5年 5–9年 10–19年 20–29年 30–39年 40–49年 50年及以上");
        assert_eq!(bands.to_text(), "");
    }

    #[test]
    fn other_bands_are_given_by_their_upper_bounds() {
        let bands = Bands::parse("18，25,35,60").unwrap();
        assert_eq!(labels(&bands, Dimension::AgeBand), "18岁及以下 19–25岁 26–35岁 36–60岁 61岁及以上");
        assert_eq!(bands.to_text(), "18,25,35,60");
        let both = Bands::parse("30,31;party_age_band:9").unwrap();
        assert_eq!(labels(&both, Dimension::AgeBand), "30岁及以下 31岁 32岁及以上");
        assert_eq!(labels(&both, Dimension::PartyAgeBand), "不满10年 10年及以上");
        assert_eq!(Bands::parse(&both.to_text()), Ok(both));
        for wrong in ["a", "35,30", "30,30", "-1", "200", "1,", "gender:3", "30;30", "party_age_band:"] {
            assert!(Bands::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn periods_change_on_the_communiques_days() {
        for (day, label) in [
            (19_211_001, 0),
            (19_490_930, 0),
            (19_491_001, 1),
            (19_781_217, 1),
            (19_781_218, 2),
            (20_121_107, 2),
            (20_121_108, 3),
            (20_260_701, 3),
        ] {
            let found: Vec<usize> = (0..4).filter(|i| PERIODS[*i].days.contains(day)).collect();
            assert_eq!(found, [label], "{day}");
        }
    }

    #[test]
    fn an_age_changes_on_the_birthday() {
        let band = &Bands::default().age[1];
        let days = band.days(date(2024, 12, 31));
        assert_eq!(days, DayRange { after: 19_881_231, until: 19_931_231 });
        assert!(days.contains(19_890_101) && !days.contains(19_881_231) && !days.contains(19_940_101));
    }

    fn any_date() -> impl Strategy<Value = Date> {
        (0..60_000i32).prop_map(|days| date(1900, 1, 1).checked_add(jiff::Span::new().days(days)).unwrap())
    }

    fn any_bands() -> impl Strategy<Value = Bands> {
        proptest::collection::btree_set(0..=120i32, 1..8).prop_map(|bounds| {
            let bounds: Vec<i32> = bounds.into_iter().collect();
            Bands { age: age_bands(&bounds), party_age: party_age_bands(&bounds) }
        })
    }

    proptest! {
        #[test]
        fn every_age_falls_in_exactly_one_band(bands in any_bands(), years in 0..=150i32) {
            for dimension in [Dimension::AgeBand, Dimension::PartyAgeBand] {
                prop_assert_eq!(bands.of(dimension).unwrap().iter().filter(|band| band.contains(years)).count(), 1);
            }
        }

        #[test]
        fn cut_days_agree_with_full_years(bands in any_bands(), born in any_date(), as_of in any_date()) {
            let years = full_years(born, as_of);
            for band in &bands.age {
                prop_assert_eq!(band.days(as_of).contains(day_number(born)), band.contains(years), "{} {}", years, band.label);
            }
        }

        #[test]
        fn every_day_of_joining_falls_in_exactly_one_period(day in any_date()) {
            prop_assert_eq!(PERIODS.iter().filter(|period| period.days.contains(day_number(day))).count(), 1);
        }

        #[test]
        fn bands_are_read_back(bands in any_bands()) {
            prop_assert_eq!(Bands::parse(&bands.to_text()), Ok(bands));
        }
    }
}

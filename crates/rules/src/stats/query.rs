//! A question to the statistics in its exact form, read from and written as the same text everywhere. It never counts.

use super::values::{self, Wanted, unit_of};
use super::years::Years;
use super::{Bands, DayRange, Dimension, Groups, UNKNOWN};
use crate::text::compact;
use jiff::civil::Date;

/// How many dimensions one table may have.
pub const MAX_DIMENSIONS: usize = 3;

/// A question: what to count by, whom, where, when.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// The dimensions of the table, at most [`MAX_DIMENSIONS`]; none asks for the total only.
    pub by: Vec<Dimension>,
    /// Conditions that must all hold, at most one for each dimension.
    pub filters: Vec<Filter>,
    /// The code of the organisation whose subtree is counted; without it the asker's whole scope.
    pub org: Option<String>,
    /// The day on which it is counted; without it today.
    pub as_of: Option<Date>,
    /// The bands.
    pub bands: Bands,
}

/// A condition on one dimension.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filter {
    /// One of these values, by the names of the dimension's list, in its order.
    Values {
        /// Of what.
        dimension: Dimension,
        /// The names.
        values: Vec<String>,
    },
    /// A range of full years (年龄, 党龄) or of calendar years (入党年份), both ends included.
    Years {
        /// Of what.
        dimension: Dimension,
        /// Fewest years, or first year.
        min: Option<i32>,
        /// Most years, or last year.
        max: Option<i32>,
    },
}

/// A condition in terms of stored data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// The stored code is one of these.
    Codes {
        /// The codes.
        codes: Vec<i64>,
        /// Whether an empty field will do too.
        unknown: bool,
    },
    /// The stored day lies in one of these ranges.
    Days {
        /// The ranges.
        ranges: Vec<DayRange>,
        /// Whether an empty field will do too.
        unknown: bool,
    },
}

/// Why a text is not a query.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QueryError {
    /// No dimension of that name.
    #[error("没有「{0}」这个统计维度。可用的有：{known}", known = known_dimensions())]
    UnknownDimension(String),
    /// No value of that name.
    #[error("「{given}」不是{label}的取值。可用的有：{known}")]
    UnknownValue {
        /// The dimension.
        label: &'static str,
        /// What was given.
        given: String,
        /// What there is.
        known: String,
    },
    /// More than [`MAX_DIMENSIONS`].
    #[error("一次最多按 {MAX_DIMENSIONS} 个维度统计，给了 {0} 个，请减少")]
    TooManyDimensions(usize),
    /// A dimension twice.
    #[error("「{0}」重复出现，请只写一次；同一维度的几个取值用 | 隔开")]
    Repeated(&'static str),
    /// Not `dimension=value`.
    #[error("条件「{0}」应写成 维度=取值，例如 gender=女；几个条件之间用分号隔开")]
    NotACondition(String),
    /// Ranges that are neither one range nor whole bands.
    #[error("{0}的几个取值不能合成一个区间，请只写一个区间，或用 bands 另定分段")]
    SeveralRanges(&'static str),
    /// Two organisations.
    #[error("一次只能统计一个党组织及其下级，请只写一个组织编码")]
    SeveralOrgs,
    /// Bounds that do not rise.
    #[error("分段「{0}」应为从小到大的上限，例如 18,25,35,60；党龄写成 party_age_band:4,9,19")]
    BadBands(String),
    /// Not a day.
    #[error("统计日期「{0}」应写成 2024-12-31")]
    BadDate(String),
    /// Not a name of this query string, or badly encoded.
    #[error("查询串中的「{0}」无法识别，可用的有 by、where、org、as_of、bands")]
    BadQueryString(String),
}

fn known_dimensions() -> String {
    Dimension::ALL.map(|dimension| format!("{}（{}）", dimension.label(), dimension.key())).join("、")
}

impl Query {
    /// Reads a query. `by`: dimensions with commas between them. `conditions`: `gender=女;education=大学本科|硕士研究生`, with `;`, `&` or
    /// a comma between conditions; `org=编码` names the subtree. `bands`: see [`Bands::parse`].
    pub fn parse(
        by: &str,
        conditions: &str,
        org: Option<&str>,
        as_of: Option<Date>,
        bands: Option<&str>,
    ) -> Result<Self, QueryError> {
        let bands = Bands::parse(bands.unwrap_or_default())?;
        let org = org.map(str::trim).filter(|org| !org.is_empty()).map(str::to_owned);
        let mut query = Query { by: read_by(by)?, filters: Vec::new(), org, as_of, bands };
        for (name, given) in clauses(conditions)? {
            query.add_condition(&name, &given)?;
        }
        Ok(query)
    }

    /// Reads what [`Query::to_query_string`] wrote.
    pub fn from_query_string(text: &str) -> Result<Self, QueryError> {
        let (mut by, mut conditions, mut org, mut as_of, mut bands) = (String::new(), String::new(), None, None, None);
        for pair in text.trim_start_matches('?').split('&').filter(|pair| !pair.is_empty()) {
            let bad = || QueryError::BadQueryString(pair.to_owned());
            let (name, value) = pair.split_once('=').ok_or_else(bad)?;
            let value = decode(value).ok_or_else(bad)?;
            match name {
                "by" => by = value,
                "where" => conditions = value,
                "org" => org = Some(value),
                "as_of" if value.is_empty() => {}
                "as_of" => as_of = Some(value.parse().map_err(|_| QueryError::BadDate(value))?),
                "bands" => bands = Some(value),
                _ => return Err(bad()),
            }
        }
        Query::parse(&by, &conditions, org.as_deref(), as_of, bands.as_deref())
    }

    /// The query as the part of an address after `?`, percent-encoded; what is empty is left out.
    pub fn to_query_string(&self) -> String {
        let parts = [
            ("by", self.by_text()),
            ("where", self.where_text()),
            ("org", self.org.clone().unwrap_or_default()),
            ("as_of", self.as_of.map(|date| date.to_string()).unwrap_or_default()),
            ("bands", self.bands.to_text()),
        ];
        let parts: Vec<String> = parts
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{name}={}", encode(value)))
            .collect();
        parts.join("&")
    }

    /// The dimensions as `by` has them.
    pub fn by_text(&self) -> String {
        self.by.iter().map(|dimension| dimension.key()).collect::<Vec<_>>().join(",")
    }

    /// The conditions as `where` has them, without the organisation.
    pub fn where_text(&self) -> String {
        let clause = |filter: &Filter| format!("{}={}", filter.dimension().key(), filter.shown().join("|"));
        self.filters.iter().map(clause).collect::<Vec<_>>().join(";")
    }

    /// What it asks, for people, without place and day: 党员人数，按学历、年龄段（性别：女）.
    pub fn describe(&self) -> String {
        let by: Vec<&str> = self.by.iter().map(|dimension| dimension.label()).collect();
        let by = if by.is_empty() { String::new() } else { format!("，按{}", by.join("、")) };
        let filters: Vec<String> = self.filters.iter().map(Filter::describe).collect();
        let filters = if filters.is_empty() { String::new() } else { format!("（{}）", filters.join("；")) };
        format!("党员人数{by}{filters}")
    }

    fn add_condition(&mut self, name: &str, given: &[String]) -> Result<(), QueryError> {
        let dimension = Dimension::parse(name).ok_or_else(|| QueryError::UnknownDimension(name.to_owned()))?;
        if dimension == Dimension::Org {
            return match given {
                [code] if self.org.as_ref().is_none_or(|org| org == code) => {
                    self.org = Some(code.clone());
                    Ok(())
                }
                _ => Err(QueryError::SeveralOrgs),
            };
        }
        if self.filters.iter().any(|filter| filter.dimension() == dimension) {
            return Err(QueryError::Repeated(dimension.label()));
        }
        let wanted = given
            .iter()
            .map(|text| {
                values::read(dimension, text, &self.bands).ok_or_else(|| unknown_value(dimension, text, &self.bands))
            })
            .collect::<Result<Vec<_>, _>>()?;
        let filter = Filter::of(dimension, wanted, &self.bands).ok_or(QueryError::SeveralRanges(dimension.label()))?;
        self.filters.push(filter);
        Ok(())
    }
}

fn unknown_value(dimension: Dimension, given: &str, bands: &Bands) -> QueryError {
    let mut known = dimension.values(bands);
    if dimension == Dimension::JoinedYear {
        known.extend(["2020".to_owned(), "2018–2020年".to_owned(), "2020年及以后".to_owned()]);
    }
    if dimension.may_be_unknown() {
        known.push(UNKNOWN.to_owned());
    }
    QueryError::UnknownValue { label: dimension.label(), given: given.to_owned(), known: known.join("、") }
}

fn read_by(by: &str) -> Result<Vec<Dimension>, QueryError> {
    let mut dimensions = Vec::new();
    for name in compact(by).split([',', '、']).filter(|name| !name.is_empty()) {
        let dimension = Dimension::parse(name).ok_or_else(|| QueryError::UnknownDimension(name.to_owned()))?;
        if dimensions.contains(&dimension) {
            return Err(QueryError::Repeated(dimension.label()));
        }
        dimensions.push(dimension);
    }
    if dimensions.len() > MAX_DIMENSIONS {
        return Err(QueryError::TooManyDimensions(dimensions.len()));
    }
    Ok(dimensions)
}

/// The conditions with their values. After a comma, a text without `=` is one more value of the condition before it.
fn clauses(conditions: &str) -> Result<Vec<(String, Vec<String>)>, QueryError> {
    let mut clauses: Vec<(String, Vec<String>)> = Vec::new();
    let text = compact(conditions);
    for group in text.split([';', '&']).filter(|group| !group.is_empty()) {
        for (nth, part) in group.split(',').enumerate() {
            let bad = || QueryError::NotACondition(part.to_owned());
            // The sign of a range (age<=35) belongs to the value.
            let (name, given) = match part.find(['=', '<', '>']) {
                Some(at) => (&part[..at], part[at..].strip_prefix('=').unwrap_or(&part[at..])),
                None => ("", part),
            };
            let given: Vec<String> = given.split('|').map(str::to_owned).collect();
            if given.iter().any(String::is_empty) {
                return Err(bad());
            }
            match clauses.last_mut() {
                Some((_, values)) if name.is_empty() && nth > 0 => values.extend(given),
                _ if name.is_empty() => return Err(bad()),
                _ => clauses.push((name.to_owned(), given)),
            }
        }
    }
    Ok(clauses)
}

impl Filter {
    /// The dimension it is on.
    pub fn dimension(&self) -> Dimension {
        match self {
            Filter::Values { dimension, .. } | Filter::Years { dimension, .. } => *dimension,
        }
    }

    /// One condition of several meanings, any of which may hold; `None` when they make no one range.
    pub(super) fn of(dimension: Dimension, wanted: Vec<Wanted>, bands: &Bands) -> Option<Self> {
        let mut named = Vec::new();
        let mut range = None;
        for one in wanted {
            match one {
                Wanted::Values(values) => named.extend(values),
                Wanted::Years(years) if range.is_none_or(|range| range == years) => range = Some(years),
                Wanted::Years(_) => return None,
            }
        }
        match range {
            Some(Years { min, max }) if named.is_empty() => Some(Filter::Years { dimension, min, max }),
            Some(_) => None,
            None => {
                let order = dimension.values(bands);
                let place = |name: &String| {
                    (order.iter().position(|known| known == name).unwrap_or(order.len()), name == UNKNOWN)
                };
                named.sort_by(|one, other| place(one).cmp(&place(other)).then_with(|| one.cmp(other)));
                named.dedup();
                Some(Filter::Values { dimension, values: named })
            }
        }
    }

    /// The values as they are written in a query: 少数民族 in place of its 55.
    fn shown(&self) -> Vec<String> {
        match self {
            Filter::Values { dimension, values } => {
                let minorities = values::minorities();
                let is_minority = |name: &String| minorities.iter().any(|one| one.name() == name);
                if *dimension == Dimension::Ethnicity
                    && values.iter().filter(|name| is_minority(name)).count() == minorities.len()
                {
                    let rest = values.iter().filter(|name| !is_minority(name)).cloned();
                    return std::iter::once("少数民族".to_owned()).chain(rest).collect();
                }
                values.clone()
            }
            Filter::Years { dimension, min, max } => {
                unit_of(*dimension).map(|unit| Years { min: *min, max: *max }.show(unit)).into_iter().collect()
            }
        }
    }

    /// What it says, for people: 学历：博士研究生、硕士研究生.
    pub fn describe(&self) -> String {
        format!("{}：{}", self.dimension().label(), self.shown().join("、"))
    }

    /// What it says of stored data on a day.
    pub fn condition(&self, bands: &Bands, as_of: Date) -> Condition {
        match self {
            Filter::Values { dimension, values } => {
                let unknown = values.iter().any(|value| value == UNKNOWN);
                let wanted = |name: &str| values.iter().any(|value| value == name);
                match dimension.groups(bands, as_of) {
                    Groups::Codes(codes) => Condition::Codes {
                        codes: codes.into_iter().filter(|(_, name)| wanted(name)).map(|(code, _)| code).collect(),
                        unknown,
                    },
                    Groups::Days(days) => Condition::Days {
                        ranges: days.into_iter().filter(|(name, _)| wanted(name)).map(|(_, days)| days).collect(),
                        unknown,
                    },
                    Groups::Years | Groups::Orgs => {
                        let years = values.iter().filter_map(|value| value.parse::<i32>().ok());
                        let ranges = years.map(|year| DayRange::of_calendar(Some(year), Some(year))).collect();
                        Condition::Days { ranges, unknown }
                    }
                }
            }
            Filter::Years { dimension: Dimension::JoinedYear, min, max } => {
                Condition::Days { ranges: vec![DayRange::of_calendar(*min, *max)], unknown: false }
            }
            Filter::Years { min, max, .. } => {
                let range = DayRange::of_years(min.unwrap_or(0), *max, as_of);
                Condition::Days { ranges: vec![range], unknown: false }
            }
        }
    }
}

fn encode(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b',' | b':' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
                u8::try_from(digit(rest.next())? * 16 + digit(rest.next())?).ok()?
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn parse(by: &str, conditions: &str) -> Result<Query, QueryError> {
        Query::parse(by, conditions, None, None, None)
    }

    #[test]
    fn a_query_is_told_in_words() {
        let query = parse("education,age_band", "gender=女;ethnicity=少数民族").unwrap();
        assert_eq!(query.describe(), "党员人数，按学历、年龄段（性别：女；民族：少数民族）");
        assert_eq!(Query::default().describe(), "党员人数");
    }

    #[test]
    fn a_query_is_normalised_to_the_names_of_the_lists() {
        for (by, conditions, by_text, where_text) in [
            (
                "education,age_band",
                "gender=女;education=大学本科|硕士研究生",
                "education,age_band",
                "gender=女;education=硕士研究生|大学本科",
            ),
            ("学历、年龄段", "性别＝女性；民族=汉", "education,age_band", "gender=女;ethnicity=汉族"),
            ("", "education=大专及以上", "", "education=博士研究生|硕士研究生|大学本科|大学专科"),
            ("org", "gender=男&status=full", "org", "gender=男;status=正式党员"),
            (
                "",
                "gender=男,education=本科,大专,status=预备",
                "",
                "gender=男;education=大学本科|大学专科;status=预备党员",
            ),
            ("", "ethnicity=少数民族", "", "ethnicity=少数民族"),
            ("", "ethnicity=少数民族|汉|未填", "", "ethnicity=少数民族|汉族|未填"),
            ("", "age_band=35岁及以下", "", "age_band=30岁及以下|31–35岁"),
            ("", "age=33岁以下", "", "age_band=33岁及以下"),
            ("", "age<=33", "", "age_band=33岁及以下"),
            ("", "age>60", "", "age_band=61岁及以上"),
            ("", "年龄=20-33岁", "", "age_band=20–33岁"),
            ("", "age_band=30岁及以下|61岁及以上", "", "age_band=30岁及以下|61岁及以上"),
            ("", "党龄=30年以上", "", "party_age_band=30–39年|40–49年|50年及以上"),
            ("", "joined_year=2021|2020|2021", "", "joined_year=2020|2021"),
            ("", "joined_year=2020年以来", "", "joined_year=2020年及以后"),
            ("", "joined_period=十八大以来", "", "joined_period=十八大以来"),
            ("", "occupation=工人(工勤技能人员)|退休", "", "occupation=工人（工勤技能人员）|离退休人员"),
            (" , ", " ; ;", "", ""),
        ] {
            let query = parse(by, conditions).unwrap_or_else(|error| panic!("{conditions}: {error}"));
            assert_eq!((query.by_text().as_str(), query.where_text().as_str()), (by_text, where_text));
            assert_eq!(Query::from_query_string(&query.to_query_string()), Ok(query));
        }
    }

    #[test]
    fn what_is_no_query_is_refused_with_what_there_is() {
        for (by, conditions, says) in [
            ("血型", "", "年龄段（age_band）"),
            ("", "血型=A", "性别（gender）"),
            ("", "gender=雄", "「雄」不是性别的取值。可用的有：男、女"),
            ("", "education=博士后", "博士研究生、硕士研究生"),
            ("", "age_band=年轻", "31–35岁"),
            ("", "joined_year=明年", "2020年及以后"),
            ("gender,性别", "", "「性别」重复出现"),
            ("", "gender=男;性别=女", "「性别」重复出现"),
            ("gender,education,degree,status", "", "最多按 3 个维度"),
            ("", "女", "维度=取值"),
            ("", "gender=", "维度=取值"),
            ("", "=女", "维度=取值"),
            ("", "gender=男||女", "维度=取值"),
            ("", "age=33岁以下|66岁以上", "不能合成一个区间"),
            ("", "org=A|B", "一个党组织"),
        ] {
            let error = parse(by, conditions).unwrap_err().to_string();
            assert!(error.contains(says), "{by} {conditions}: {error}");
        }
        assert_eq!(Query::parse("", "org=B", Some("A"), None, None), Err(QueryError::SeveralOrgs));
        for text in ["by", "how=x", "by=%", "by=%ff", "as_of=2024-02-30", "bands=x"] {
            assert!(Query::from_query_string(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_organisation_may_stand_among_the_conditions() {
        let query = parse("org", "org=A01;gender=女").unwrap();
        assert_eq!((query.org.as_deref(), query.where_text().as_str()), (Some("A01"), "gender=女"));
        assert_eq!(query.to_query_string(), "by=org&where=gender%3D%E5%A5%B3&org=A01");
    }

    #[test]
    fn other_bands_decide_what_an_edge_is() {
        let query = Query::parse("age_band", "age=33岁以下", None, Some(date(2024, 12, 31)), Some("33,60")).unwrap();
        assert_eq!(query.where_text(), "age_band=33岁及以下");
        assert!(matches!(query.filters[0], Filter::Values { .. }));
        assert_eq!(Query::from_query_string(&query.to_query_string()), Ok(query));
    }

    #[test]
    fn conditions_are_told_in_stored_terms() {
        let on = date(2024, 12, 31);
        let condition = |text: &str| {
            let query = parse("", text).unwrap();
            query.filters[0].condition(&query.bands, on)
        };
        assert_eq!(condition("education=大专|未填"), Condition::Codes { codes: vec![31], unknown: true });
        assert_eq!(condition("status=full"), Condition::Codes { codes: vec![5], unknown: false });
        let days = |after, until| Condition::Days { ranges: vec![DayRange { after, until }], unknown: false };
        assert_eq!(condition("age_band=31–35岁"), days(19_881_231, 19_931_231));
        assert_eq!(condition("age=20-33"), days(19_901_231, 20_041_231));
        assert_eq!(condition("age=33岁以下"), days(19_901_231, DayRange::END));
        assert_eq!(condition("joined_year=2020"), days(20_200_000, 20_201_231));
        assert_eq!(condition("joined_year=2020年以来"), days(20_200_000, DayRange::END));
        assert_eq!(condition("joined_period=新中国成立前"), days(0, 19_490_930));
    }

    fn any_filter(dimension: Dimension) -> BoxedStrategy<Option<Filter>> {
        let mut values = dimension.values(&Bands::default());
        if dimension.may_be_unknown() {
            values.push(UNKNOWN.to_owned());
        }
        let size = values.len();
        let named = proptest::sample::subsequence(values, 0..=size)
            .prop_map(move |values| (!values.is_empty()).then_some(Filter::Values { dimension, values }));
        let ranges = (0..60i32, 0..60i32, 0..3u8).prop_map(move |(min, more, open)| {
            let base = if dimension == Dimension::JoinedYear { 1950 } else { 1 };
            let (min, max) = (base + min, base + min + 1 + more);
            let years = Years { min: (open != 1).then_some(min), max: (open != 2).then_some(max) };
            Filter::of(dimension, vec![values::fit(dimension, years, &Bands::default())], &Bands::default())
        });
        match dimension {
            Dimension::Org => Just(None).boxed(),
            _ if unit_of(dimension).is_some() => prop_oneof![named, ranges].boxed(),
            _ => named.boxed(),
        }
    }

    fn any_query() -> impl Strategy<Value = Query> {
        let by = proptest::sample::subsequence(Dimension::ALL.to_vec(), 0..=MAX_DIMENSIONS);
        let filters = proptest::sample::subsequence(Dimension::ALL.to_vec(), 0..=4)
            .prop_flat_map(|dimensions| dimensions.into_iter().map(any_filter).collect::<Vec<_>>());
        let org = proptest::option::of("[A-Z0-9一-龥.&=%+-]{1,12}");
        let as_of = proptest::option::of((1949..2030i16, 1..=12i8, 1..=28i8));
        (by, filters, org, as_of).prop_map(|(by, filters, org, as_of)| Query {
            by,
            filters: filters.into_iter().flatten().collect(),
            org,
            as_of: as_of.map(|(year, month, day)| date(year, month, day)),
            bands: Bands::default(),
        })
    }

    proptest! {
        #[test]
        fn a_query_string_is_read_back(query in any_query()) {
            prop_assert_eq!(Query::from_query_string(&query.to_query_string()), Ok(query));
        }

        #[test]
        fn no_text_makes_the_reader_panic(by in "\\PC{0,30}", conditions in "\\PC{0,40}", bands in "\\PC{0,20}") {
            let _ = Query::parse(&by, &conditions, None, None, Some(&bands));
            let _ = Query::from_query_string(&conditions);
        }
    }
}

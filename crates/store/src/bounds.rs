//! Statements whose conditions depend on the request: conditions are written and their values bound in one go, so that a
//! placeholder's number can never be another value's. Nothing here builds a statement from a user's text.

use crate::sql::{in_subtrees, subtree_bounds};
use rules::stats::{Condition, DayRange, Dimension};
use sqlx::Any;
use sqlx::any::AnyArguments;

/// A value to bind.
enum Bound {
    Number(i64),
    Text(String),
}

type AnyQuery<'q> = sqlx::query::Query<'q, Any, AnyArguments>;

/// What is bound so far, in order: the first is `$1`.
#[derive(Default)]
pub(crate) struct Bounds(Vec<Bound>);

impl Bounds {
    /// Binds a number, a code or a day; returns its placeholder.
    pub(crate) fn number(&mut self, number: i64) -> String {
        self.0.push(Bound::Number(number));
        format!("${}", self.0.len())
    }

    /// Binds a text; returns its placeholder.
    pub(crate) fn text(&mut self, text: impl Into<String>) -> String {
        self.0.push(Bound::Text(text.into()));
        format!("${}", self.0.len())
    }

    /// A column has one of these codes; none means no rows.
    pub(crate) fn one_of(&mut self, column: &str, codes: &[i64]) -> String {
        if codes.is_empty() {
            return "(1 = 0)".to_owned();
        }
        let codes: Vec<String> = codes.iter().map(|code| self.number(*code)).collect();
        format!("{column} IN ({})", codes.join(", "))
    }

    /// A column of days lies in a range.
    pub(crate) fn days(&mut self, column: &str, days: &DayRange) -> String {
        let (after, until) = (self.number(days.after), self.number(days.until));
        format!("{column} > {after} AND {column} <= {until}")
    }

    /// A condition of the statistics on a column.
    pub(crate) fn condition(&mut self, column: &str, condition: &Condition) -> String {
        let (mut parts, unknown): (Vec<String>, bool) = match condition {
            Condition::Codes { codes, unknown } => (vec![self.one_of(column, codes)], *unknown),
            Condition::Days { ranges, unknown } => {
                (ranges.iter().map(|days| format!("({})", self.days(column, days))).collect(), *unknown)
            }
        };
        if unknown {
            parts.push(format!("{column} IS NULL"));
        }
        if parts.is_empty() { "(1 = 0)".to_owned() } else { format!("({})", parts.join(" OR ")) }
    }

    /// A column of paths lies in one of these subtrees.
    pub(crate) fn within<'p>(&mut self, column: &str, tops: impl IntoIterator<Item = &'p str>) -> String {
        let first = self.0.len() + 1;
        for bound in tops.into_iter().flat_map(subtree_bounds) {
            self.text(bound);
        }
        in_subtrees(column, first, (self.0.len() + 1 - first) / 2)
    }

    /// Gives every value to the query.
    pub(crate) fn bind(self, mut query: AnyQuery<'_>) -> AnyQuery<'_> {
        for bound in self.0 {
            query = match bound {
                Bound::Number(number) => query.bind(number),
                Bound::Text(text) => query.bind(text),
            };
        }
        query
    }
}

/// The column a dimension reads. The party age begins on the day of becoming a full member (DEV-24): a day after the count's has not
/// begun one yet.
pub(crate) fn column_of(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::Gender => "s.gender",
        Dimension::Ethnicity => "s.ethnicity",
        Dimension::Education => "s.education",
        Dimension::Degree => "s.degree",
        Dimension::AgeBand => "s.born",
        Dimension::PartyAgeBand => "(CASE WHEN s.full_on <= $2 THEN s.full_on END)",
        Dimension::JoinedPeriod | Dimension::JoinedYear => "s.joined_on",
        Dimension::TitleLevel => "s.title_level",
        Dimension::Employment => "s.employment",
        Dimension::Occupation => "s.occupation",
        Dimension::Status => "s.stage",
        Dimension::Org => "s.org_id",
    }
}

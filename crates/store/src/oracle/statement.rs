//! The text of a counting statement. Values reach it as bound numbers and paths only.

use super::Top;
use crate::bounds::{Bounds, column_of};
use jiff::civil::Date;
use rules::codes::Stage;
use rules::date::day_number;
use rules::ids::RootOrg;
use rules::stats::{Dimension, Groups, Query};

/// Every organisation as it stood on a day: `$1` the enterprise, `$2` the day. `now` is its path as of today.
pub(super) const ORGS_ON: &str = "(SELECT o.root_org, o.id, o.code, o.path AS now, COALESCE(h.path, o.path) AS path, COALESCE(h.name, o.name) AS name \
    FROM org o LEFT JOIN org_spell h ON h.root_org = o.root_org AND h.org_id = o.id AND h.from_day <= $2 AND h.to_day > $2 \
    WHERE o.root_org = $1)";

pub(super) struct Statement {
    pub(super) text: String,
    pub(super) bounds: Bounds,
}

/// Builds the statement: a column for each dimension, then the count. `subtrees` narrows; none is the whole enterprise.
pub(super) fn write_statement(
    root: RootOrg,
    query: &Query,
    as_of: Date,
    subtrees: Option<&[Top]>,
    tops: &[Top],
) -> Statement {
    let mut bounds = Bounds::default();
    bounds.number(root.0);
    bounds.number(day_number(as_of));
    let columns: Vec<String> =
        query.by.iter().map(|dimension| bounds.grouping(*dimension, query, as_of, tops)).collect();
    let by_org = query.by.contains(&Dimension::Org);
    let mut conditions = vec![bounds.members()];
    conditions.extend(query.filters.iter().map(|filter| {
        let column = column_of(filter.dimension());
        bounds.condition(column, &filter.condition(&query.bands, as_of))
    }));
    if let Some(tops) = subtrees {
        let within = bounds.within("p.path", tops.iter().map(|top| top.path.as_str()));
        conditions.push(if by_org {
            within
        } else {
            format!("s.org_id IN (SELECT p.id FROM {ORGS_ON} p WHERE p.root_org = $1 AND {within})")
        });
    }
    let orgs = if by_org {
        format!(" JOIN {ORGS_ON} p ON p.root_org = s.root_org AND p.id = s.org_id")
    } else {
        String::new()
    };
    let groups = match columns.len() {
        0 => String::new(),
        count => format!(" GROUP BY {}", (1..=count).map(|n| n.to_string()).collect::<Vec<_>>().join(", ")),
    };
    let selected: Vec<String> = columns.into_iter().chain(["COUNT(*)".to_owned()]).collect();
    let text = format!(
        "SELECT {} FROM spell s{orgs} WHERE s.root_org = $1 AND {}{groups}",
        selected.join(", "),
        conditions.join(" AND ")
    );
    Statement { text, bounds }
}

impl Bounds {
    /// Full and probationary members on the day.
    fn members(&mut self) -> String {
        let stages = self.one_of("s.stage", &[Stage::Probationary, Stage::Full].map(Stage::code));
        format!("s.from_day <= $2 AND s.to_day > $2 AND {stages}")
    }

    /// A value for each group: a code, a year, a place in a list of spans, the path of a group; -1 where nothing is filled in.
    fn grouping(&mut self, dimension: Dimension, query: &Query, as_of: Date, tops: &[Top]) -> String {
        let column = column_of(dimension);
        match dimension.groups(&query.bands, as_of) {
            Groups::Codes(_) => format!("COALESCE({column}, -1)"),
            Groups::Years => format!("COALESCE({column} / 10000, -1)"),
            Groups::Days(spans) => {
                let spans = spans.iter().enumerate();
                let whens: Vec<String> =
                    spans.map(|(n, (_, days))| format!("WHEN {} THEN {n}", self.days(column, days))).collect();
                format!("CAST(CASE {} ELSE -1 END AS BIGINT)", whens.join(" "))
            }
            Groups::Orgs => match tops {
                [] => "''".to_owned(),
                [top] => format!("SUBSTR(p.path, 1, {})", top.group),
                several => {
                    let whens: Vec<String> = several
                        .iter()
                        .map(|top| {
                            format!(
                                "WHEN {} THEN SUBSTR(p.path, 1, {})",
                                self.within("p.path", [top.path.as_str()]),
                                top.group
                            )
                        })
                        .collect();
                    format!("CASE {} ELSE '' END", whens.join(" "))
                }
            },
        }
    }
}

//! Counting members for the statistics: one statement a table, straight over the spells. This is where a faster engine will stand;
//! it knows the rules' queries and the register's columns, and never answers with persons.

mod statement;

use crate::Store;
use crate::error::StoreError;
use crate::sql::{get, in_subtrees, placeholders, subtree_bounds};
use jiff::civil::{Date, date};
use rules::date::day_number;
use rules::ids::{OrgId, RootOrg};
use rules::stats::{Dimension, Groups, Query, UNKNOWN};
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};
pub(crate) use statement::column_of;
use statement::{Statement, write_statement};
use std::collections::HashMap;

/// The members of one cell of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountRow {
    /// One value's name for each dimension of the query, in its order.
    pub values: Vec<String>,
    /// How many.
    pub count: i64,
}

/// An organisation that is a value of the dimension 党组织.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountedOrg {
    /// Its id.
    pub id: OrgId,
    /// 组织编码.
    pub code: String,
    /// The name under which it stands in the rows.
    pub name: String,
}

/// A table: its cells that are not empty, in the order of the dimensions' values, 未填 last.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// The cells.
    pub rows: Vec<CountRow>,
    /// The sum over all cells.
    pub total: i64,
    /// The organisations that occur in the rows, in the order of the tree; empty unless counted by 党组织.
    pub orgs: Vec<CountedOrg>,
}

/// A subtree to count, on the day of the count.
#[derive(Debug, Clone)]
struct Top {
    path: String,
    /// The length of the group paths below it.
    group: usize,
}

/// The group of an organisation: where it stands in the tree, and what it is called.
struct Group {
    path: String,
    org: CountedOrg,
}

impl Store {
    /// Counts full and probationary members by the query's dimensions, as the register says they stood on `as_of`. `tops` are the
    /// paths (as of today) of the subtrees to count; the subtrees themselves are taken as of the day. By 党组织 counts the children of
    /// one top, or several tops against each other. The query's own `org` and `as_of` are the caller's to resolve.
    pub async fn count(
        &self,
        root: RootOrg,
        tops: &[String],
        query: &Query,
        as_of: Date,
    ) -> Result<Counts, StoreError> {
        let by_org = query.by.contains(&Dimension::Org);
        // The enterprise's top has a path of one segment: everybody is below it, and no organisation need be looked at.
        let whole = tops.iter().any(|path| path.len() == crate::org::SEGMENT);
        let found = if whole && !by_org { Vec::new() } else { self.tops_on(root, tops, as_of).await? };
        let subtrees = if whole { None } else { Some(&found[..]) };
        let Statement { text, bounds } = write_statement(root, query, as_of, subtrees, &found);
        let rows = bounds.bind(sqlx::query(AssertSqlSafe(text))).fetch_all(&self.db.read).await?;
        let groups = if by_org { self.groups_on(root, &found, as_of).await? } else { Vec::new() };
        table(query, as_of, &rows, groups)
    }

    /// The same table at the end of every year from `from_year` to `to_year` (on `today` where the year is not over), with its year.
    pub async fn trend(
        &self,
        root: RootOrg,
        tops: &[String],
        query: &Query,
        (from_year, to_year): (i16, i16),
        today: Date,
    ) -> Result<Vec<(i16, Counts)>, StoreError> {
        let mut series = Vec::new();
        for year in from_year..=to_year {
            series.push((year, self.count(root, tops, query, date(year, 12, 31).min(today)).await?));
        }
        Ok(series)
    }

    /// Where the tops stood on a day. A top that was not there yet counts as standing where it stands now.
    async fn tops_on(&self, root: RootOrg, tops: &[String], as_of: Date) -> Result<Vec<Top>, StoreError> {
        if tops.is_empty() {
            return Ok(Vec::new());
        }
        let text = format!(
            "SELECT p.path FROM {} p WHERE p.root_org = $1 AND p.now IN ({}) ORDER BY p.path",
            statement::ORGS_ON,
            placeholders(3, tops.len())
        );
        let mut query = sqlx::query(AssertSqlSafe(text)).bind(root.0).bind(day_number(as_of));
        for path in tops {
            query = query.bind(path);
        }
        let rows = query.fetch_all(&self.db.read).await?;
        let deeper = if rows.len() == 1 { crate::org::SEGMENT } else { 0 };
        rows.iter()
            .map(|row| {
                let path: String = get(row, "path")?;
                Ok(Top { group: path.len() + deeper, path })
            })
            .collect()
    }

    /// The organisations that members are grouped under, in the order of the tree, each with a name of its own.
    async fn groups_on(&self, root: RootOrg, tops: &[Top], as_of: Date) -> Result<Vec<Group>, StoreError> {
        let longest = tops.iter().map(|top| top.group).max().unwrap_or_default();
        let text = format!(
            "SELECT p.id, p.code, p.name, p.path FROM {} p WHERE p.root_org = $1 AND LENGTH(p.path) <= CAST($3 AS BIGINT) AND {} ORDER BY p.path",
            statement::ORGS_ON,
            in_subtrees("p.path", 4, tops.len())
        );
        let mut query = sqlx::query(AssertSqlSafe(text)).bind(root.0).bind(day_number(as_of)).bind(longest as i64);
        for bound in tops.iter().flat_map(|top| subtree_bounds(&top.path)) {
            query = query.bind(bound);
        }
        let rows = query.fetch_all(&self.db.read).await?;
        let mut groups = Vec::new();
        for row in &rows {
            let path: String = get(row, "path")?;
            let name: String = get(row, "name")?;
            let own = tops.len() == 1 && path == tops[0].path;
            let name = if own { format!("{name}（本级）") } else { name };
            groups.push(Group { path, org: CountedOrg { id: OrgId(get(row, "id")?), code: get(row, "code")?, name } });
        }
        let mut times: HashMap<String, usize> = HashMap::new();
        for group in &groups {
            *times.entry(group.org.name.clone()).or_default() += 1;
        }
        for group in groups.iter_mut().filter(|group| times[&group.org.name] > 1) {
            group.org.name = format!("{}（{}）", group.org.name, group.org.code);
        }
        Ok(groups)
    }
}

/// Where a value stands in its dimension's order, and its name.
type Cell = (i64, String);

fn table(query: &Query, as_of: Date, rows: &[AnyRow], groups: Vec<Group>) -> Result<Counts, StoreError> {
    let names: Vec<Groups> = query.by.iter().map(|dimension| dimension.groups(&query.bands, as_of)).collect();
    let mut cells: Vec<(Vec<Cell>, i64)> = Vec::with_capacity(rows.len());
    for row in rows {
        let values = names.iter().enumerate().map(|(n, known)| cell(row, n, known, &groups));
        cells.push((values.collect::<Result<_, _>>()?, row.try_get(query.by.len())?));
    }
    cells.sort();
    let mut counts = Counts::default();
    for (values, count) in cells {
        counts.total += count;
        let values: Vec<String> = values.into_iter().map(|(_, name)| name).collect();
        match counts.rows.last_mut() {
            Some(last) if last.values == values => last.count += count,
            _ => counts.rows.push(CountRow { values, count }),
        }
    }
    if let Some(at) = query.by.iter().position(|dimension| *dimension == Dimension::Org) {
        let seen: std::collections::HashSet<&String> = counts.rows.iter().map(|row| &row.values[at]).collect();
        let orgs = groups.into_iter().map(|group| group.org);
        let orgs: Vec<CountedOrg> = orgs.filter(|org| seen.contains(&org.name)).collect();
        counts.orgs = orgs;
    }
    Ok(counts)
}

fn cell(row: &AnyRow, column: usize, known: &Groups, groups: &[Group]) -> Result<Cell, StoreError> {
    let unknown = || (i64::MAX, UNKNOWN.to_owned());
    if *known == Groups::Orgs {
        let path: String = row.try_get(column)?;
        let at = groups.binary_search_by(|group| group.path.as_str().cmp(path.as_str()));
        return Ok(at.map_or_else(|_| unknown(), |at| (at as i64, groups[at].org.name.clone())));
    }
    let value: i64 = row.try_get(column)?;
    if value < 0 {
        return Ok(unknown());
    }
    let corrupt = || StoreError::Corrupt(format!("统计代码 {value}"));
    match known {
        Groups::Codes(codes) => {
            let at = codes.iter().position(|(code, _)| *code == value).ok_or_else(corrupt)?;
            Ok((at as i64, codes[at].1.to_owned()))
        }
        Groups::Days(days) => {
            let (name, _) = usize::try_from(value).ok().and_then(|at| days.get(at)).ok_or_else(corrupt)?;
            Ok((value, name.clone()))
        }
        Groups::Years | Groups::Orgs => Ok((value, value.to_string())),
    }
}

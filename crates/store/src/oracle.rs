//! Counting members by one statement a table, straight over the spells: slow, simple, and for tests only (feature `oracle`), which ask
//! it and the census the same questions.

mod statement;

use crate::Store;
use crate::error::StoreError;
use crate::sql::{get, in_subtrees, placeholders, subtree_bounds};
use jiff::civil::Date;
use rules::date::day_number;
use rules::ids::{OrgId, RootOrg};
use rules::stats::{CountedOrg, Counts, Dimension, Groups, Query, UNKNOWN, Valued, tell_apart};
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};
use statement::{Statement, write_statement};

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
    pub async fn count_by_statement(
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
            if tops.len() > 1 && tops.iter().all(|top| top.path != path) {
                continue;
            }
            let own = tops.len() == 1 && path == tops[0].path;
            let name = if own { format!("{name}（本级）") } else { name };
            groups.push(Group { path, org: CountedOrg { id: OrgId(get(row, "id")?), code: get(row, "code")?, name } });
        }
        let mut named: Vec<CountedOrg> = groups.iter().map(|group| group.org.clone()).collect();
        tell_apart(&mut named);
        groups.iter_mut().zip(named).for_each(|(group, org)| group.org = org);
        Ok(groups)
    }
}

fn table(query: &Query, as_of: Date, rows: &[AnyRow], groups: Vec<Group>) -> Result<Counts, StoreError> {
    let names: Vec<Groups> = query.by.iter().map(|dimension| dimension.groups(&query.bands, as_of)).collect();
    let mut cells: Vec<(Vec<Valued>, i64)> = Vec::with_capacity(rows.len());
    for row in rows {
        let values = names.iter().enumerate().map(|(n, known)| cell(row, n, known, &groups));
        cells.push((values.collect::<Result<_, _>>()?, row.try_get(query.by.len())?));
    }
    let at = query.by.iter().position(|dimension| *dimension == Dimension::Org);
    Ok(Counts::of(cells, at.map(|at| (at, groups.into_iter().map(|group| group.org).collect()))))
}

fn cell(row: &AnyRow, column: usize, known: &Groups, groups: &[Group]) -> Result<Valued, StoreError> {
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

//! A query of the statistics put to the census, and its answer as a table with names.

use super::places::{Orgs, Place};
use super::words::{Asking, Axis};
use census::{CensusError, Codes, Filter, Grouping, MAX_CELLS, Question, Version};
use rules::stats::{CountedOrg, Counts, Dimension, UNKNOWN, Valued};
use store::{SEGMENT, StoreError};

/// Counts held at once.
const HELD: usize = 1 << 22;

/// Counts for each cell of a table by what is no place: its value's place in each axis.
type Cells = Vec<(Vec<usize>, i64)>;

pub(super) fn failed(e: CensusError) -> StoreError {
    StoreError::Corrupt(format!("统计数据：{e}"))
}

/// Counts by the query's dimensions on a day, below the tops, which are named by their paths of today.
pub(super) fn count(version: &Version, orgs: &Orgs, asking: Asking<'_>, tops: &[String]) -> Result<Counts, StoreError> {
    // The enterprise's top has a path of one segment: everybody stands below it.
    let whole = tops.iter().any(|top| top.len() == SEGMENT);
    let by = &asking.query.by;
    let Some(at) = by.iter().position(|dimension| *dimension == Dimension::Org) else {
        let place = if whole { orgs.whole() } else { orgs.below(tops, asking.as_of) };
        let (axes, mut tables) = tables(version, asking, vec![place])?;
        let cells = tables.pop().unwrap_or_default().into_iter();
        let named = cells.filter_map(|(groups, count)| Some((values(&axes, &groups)?, count)));
        return Ok(Counts::of(named.collect(), None));
    };
    let division = orgs.divided(tops, asking.as_of);
    let (groups, mut places): (Vec<CountedOrg>, Vec<Place>) = division.groups.into_iter().unzip();
    if !division.rest.is_empty() {
        places.push(division.rest);
    }
    let (axes, tables) = tables(version, asking, places)?;
    let mut named = Vec::new();
    for (n, cells) in tables.into_iter().enumerate() {
        let org: Valued =
            groups.get(n).map_or_else(|| (i64::MAX, UNKNOWN.to_owned()), |org| (n as i64, org.name.clone()));
        for (found, count) in cells.into_iter().filter(|(_, count)| *count > 0) {
            if let Some(mut values) = values(&axes, &found) {
                values.insert(at, org.clone());
                named.push((values, count));
            }
        }
    }
    Ok(Counts::of(named, Some((at, groups))))
}

fn values(axes: &[Axis], groups: &[usize]) -> Option<Vec<Valued>> {
    axes.iter().zip(groups).map(|(axis, group)| axis.values.get(*group).cloned().flatten()).collect()
}

/// The axes of a table, and its cells for each place.
fn tables(version: &Version, asking: Asking<'_>, places: Vec<Place>) -> Result<(Vec<Axis>, Vec<Cells>), StoreError> {
    let axes = |every_year: bool| -> Vec<Axis> {
        asking.query.by.iter().filter_map(|dimension| asking.axis(*dimension, every_year)).collect()
    };
    let filters = asking.filters()?;
    let usual = axes(false);
    let tables = cells(version, &usual, &filters, asking, &places)?;
    // Somebody joined in a year that has no code of its own: rare enough to be counted by the days themselves.
    let nameless = |groups: &[usize]| values(&usual, groups).is_none();
    if tables.iter().flatten().any(|(groups, count)| *count > 0 && nameless(groups)) {
        let every = axes(true);
        let tables = cells(version, &every, &filters, asking, &places)?;
        return Ok((every, tables));
    }
    Ok((usual, tables))
}

fn cells(
    version: &Version,
    axes: &[Axis],
    filters: &[Filter],
    asking: Asking<'_>,
    places: &[Place],
) -> Result<Vec<Cells>, StoreError> {
    let size: usize = axes.iter().map(|axis| axis.values.len()).product();
    if size > MAX_CELLS {
        return slices(version, axes, filters, asking, places);
    }
    let shape: Vec<usize> = axes.iter().map(|axis| axis.values.len()).collect();
    let mut tables = Vec::with_capacity(places.len());
    for some in places.chunks((HELD / size).max(1)) {
        let question = Question {
            by: axes.iter().map(|axis| axis.grouping.clone()).collect(),
            filters: filters.to_vec(),
            places: some.iter().map(|place| numbered(place, version.orgs())).collect(),
            on: (!asking.on_its_day).then(|| asking.day()),
        };
        let answer = version.count(&question).map_err(failed)?;
        for place in 0..some.len() {
            let counts = answer.table(place).iter().enumerate();
            let kept = counts.filter(|(_, count)| **count > 0 || axes.is_empty());
            tables.push(kept.map(|(cell, count)| (groups_of(cell, &shape), *count as i64)).collect());
        }
    }
    Ok(tables)
}

/// A place without organisations that the census has no number for: they came later and nobody ever belonged to them.
fn numbered(place: &Place, orgs: u32) -> Place {
    place.iter().map(|range| range.start.min(orgs)..range.end.min(orgs)).collect()
}

/// A table too large to be counted at once, counted for each group of its longest axis.
fn slices(
    version: &Version,
    axes: &[Axis],
    filters: &[Filter],
    asking: Asking<'_>,
    places: &[Place],
) -> Result<Vec<Cells>, StoreError> {
    let longest = (0..axes.len()).max_by_key(|axis| axes[*axis].values.len()).unwrap_or_default();
    let rest: Vec<Axis> = axes
        .iter()
        .enumerate()
        .filter(|(n, _)| *n != longest)
        .map(|(_, axis)| Axis { grouping: axis.grouping.clone(), values: axis.values.clone() })
        .collect();
    let mut tables: Vec<Cells> = vec![Vec::new(); places.len()];
    for group in 0..axes[longest].values.len() {
        let mut filters = filters.to_vec();
        filters.push(match &axes[longest].grouping {
            Grouping::Codes(dimension) => Filter::Codes(*dimension, Codes::from_iter([group as u8])),
            Grouping::Bands(column, spans) => match spans.get(group) {
                Some((first, last)) if first > last => continue,
                Some(span) => Filter::Days(*column, vec![*span]),
                None => Filter::Days(*column, between(spans)),
            },
        });
        for (table, slice) in tables.iter_mut().zip(cells(version, &rest, &filters, asking, places)?) {
            table.extend(slice.into_iter().map(|(mut groups, count)| {
                groups.insert(longest, group);
                (groups, count)
            }));
        }
    }
    Ok(tables)
}

/// The days in none of some spans.
fn between(spans: &[(u16, u16)]) -> Vec<(u16, u16)> {
    let mut spans: Vec<(u16, u16)> = spans.iter().copied().filter(|(first, last)| first <= last).collect();
    spans.sort_unstable();
    let mut next = Some(0u16);
    let mut left = Vec::new();
    for (first, last) in spans {
        if let Some(from) = next.filter(|from| *from < first) {
            left.push((from, first - 1));
        }
        next = last.checked_add(1);
    }
    left.extend(next.map(|from| (from, u16::MAX)));
    left
}

/// The group of each axis that a cell stands for.
fn groups_of(mut cell: usize, shape: &[usize]) -> Vec<usize> {
    let mut groups = vec![0; shape.len()];
    for (group, size) in groups.iter_mut().zip(shape).rev() {
        *group = cell % size;
        cell /= size;
    }
    groups
}

//! Where the organisations of a census stand: today and on any day before. Each has a number, in the order of the tree when the census was
//! built, so that a subtree is one range of numbers, but for those that moved, or came later.

use jiff::civil::Date;
use rules::date::day_number;
use rules::ids::OrgId;
use rules::stats::{CountedOrg, tell_apart};
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::Arc;
use store::{CensusOrg, CensusStay, SEGMENT, outermost};

/// Numbers of organisations, ranges that do not overlap, in order.
pub(super) type Place = Vec<Range<u32>>;

#[derive(Debug)]
struct Listed {
    id: OrgId,
    code: String,
    name: String,
    path: String,
}

/// An organisation that does not always stand where the list says, or is not in it.
#[derive(Debug, Clone)]
struct Loose {
    id: OrgId,
    code: String,
    name: String,
    path: String,
    stays: Vec<CensusStay>,
}

impl Loose {
    /// Its path and name on a day.
    fn on(&self, day: i64) -> (&str, &str) {
        let stay = self.stays.iter().find(|stay| stay.from <= day && day < stay.to);
        stay.map_or((&self.path, &self.name), |stay| (&stay.path, &stay.name))
    }
}

#[derive(Debug, Default)]
struct List {
    /// By number, which is the order of their paths.
    orgs: Vec<Listed>,
    numbers: HashMap<OrgId, u32>,
}

/// The organisations of an enterprise. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub(super) struct Orgs {
    list: Arc<List>,
    loose: BTreeMap<u32, Loose>,
    /// Numbers of those that came later.
    later: HashMap<OrgId, u32>,
    changes: usize,
}

/// The places into which a table by 党组织 is divided.
#[derive(Debug, Default)]
pub(super) struct Division {
    /// The organisations, in the order of the tree, each with its place.
    pub(super) groups: Vec<(CountedOrg, Place)>,
    /// Whatever stands below none of them.
    pub(super) rest: Place,
}

impl Orgs {
    pub(super) fn new(mut orgs: Vec<CensusOrg>) -> Self {
        orgs.sort_unstable_by(|one, other| one.path.cmp(&other.path));
        let (mut list, mut loose) = (List::default(), BTreeMap::new());
        for (number, org) in orgs.into_iter().enumerate() {
            let CensusOrg { id, code, name, path, stays } = org;
            if !stays.is_empty() {
                let (code, name, path) = (code.clone(), name.clone(), path.clone());
                loose.insert(number as u32, Loose { id, code, name, path, stays });
            }
            list.numbers.insert(id, number as u32);
            list.orgs.push(Listed { id, code, name, path });
        }
        Orgs { list: Arc::new(list), loose, later: HashMap::new(), changes: 0 }
    }

    /// Those that have had a number since the list was made, by number: id, code, name, path.
    pub(super) fn listed(&self) -> impl Iterator<Item = (OrgId, &str, &str, &str)> + Clone {
        self.list.orgs.iter().map(|org| (org.id, org.code.as_str(), org.name.as_str(), org.path.as_str()))
    }

    /// The number of the organisation above each that is listed; a top's own.
    pub(super) fn parents(&self) -> Vec<u32> {
        let above = |(number, org): (usize, &Listed)| {
            let path = org.path.get(..org.path.len().saturating_sub(SEGMENT)).unwrap_or_default();
            let found = self.list.orgs.binary_search_by(|other| other.path.as_str().cmp(path));
            found.unwrap_or(number) as u32
        };
        self.list.orgs.iter().enumerate().map(above).collect()
    }

    /// With organisations as they are now, on the numbers of those that were listed.
    pub(super) fn restored(listed: Vec<CensusOrg>, now: Vec<CensusOrg>) -> Self {
        let mut orgs = Orgs::new(listed);
        orgs.renew(now);
        orgs.changes = 0;
        orgs
    }

    /// How many there are.
    pub(super) fn len(&self) -> u32 {
        (self.list.orgs.len() + self.later.len()) as u32
    }

    /// How many came later, moved or were renamed since the list was made.
    pub(super) fn changes(&self) -> usize {
        self.changes
    }

    /// The number of an organisation.
    pub(super) fn number(&self, id: OrgId) -> Option<u32> {
        self.list.numbers.get(&id).or_else(|| self.later.get(&id)).copied()
    }

    /// Takes in organisations that are new or have changed.
    pub(super) fn renew(&mut self, orgs: Vec<CensusOrg>) {
        self.changes += orgs.len();
        for org in orgs {
            let number = self.number(org.id).unwrap_or_else(|| {
                let next = self.len();
                self.later.insert(org.id, next);
                next
            });
            let as_listed = self.list.orgs.get(number as usize).is_some_and(|listed| {
                (&listed.code, &listed.name, &listed.path) == (&org.code, &org.name, &org.path) && org.stays.is_empty()
            });
            if as_listed {
                self.loose.remove(&number);
            } else {
                let CensusOrg { id, code, name, path, stays } = org;
                self.loose.insert(number, Loose { id, code, name, path, stays });
            }
        }
    }

    /// All organisations.
    pub(super) fn whole(&self) -> Place {
        std::iter::once(0..self.len()).collect()
    }

    /// Where the tops stood on a day: their paths, none below another, and how many there were. Tops are named by their paths of today.
    fn tops(&self, tops: &[String], day: i64) -> (Vec<String>, usize) {
        let found = tops.iter().filter_map(|top| {
            let moved = self.loose.values().find(|org| org.path == *top);
            let listed = || {
                let at = self.list.orgs.binary_search_by(|org| org.path.as_str().cmp(top)).ok()?;
                (!self.loose.contains_key(&(at as u32))).then(|| top.clone())
            };
            moved.map(|org| org.on(day).0.to_owned()).or_else(listed)
        });
        let paths: Vec<String> = found.collect();
        let count = paths.len();
        (outermost(paths), count)
    }

    /// Whatever stood below some tops on a day.
    pub(super) fn below(&self, tops: &[String], as_of: Date) -> Place {
        let day = day_number(as_of);
        let (tops, _) = self.tops(tops, day);
        joined(tops.iter().flat_map(|top| self.subtree(top, day)).collect())
    }

    /// The numbers whose listed path begins so.
    fn block(&self, path: &str) -> Range<u32> {
        let orgs = &self.list.orgs;
        let first = orgs.partition_point(|org| org.path.as_str() < path);
        let last = orgs.partition_point(|org| org.path.as_str() < path || org.path.starts_with(path));
        first as u32..last as u32
    }

    /// A block without those that do not always stand where the list says.
    fn firm(&self, block: Range<u32>) -> Place {
        let loose = self.loose.range(block.clone()).map(|(number, _)| *number..number + 1);
        without(std::iter::once(block).collect(), loose)
    }

    fn subtree(&self, path: &str, day: i64) -> Place {
        let mut ranges = self.firm(self.block(path));
        let loose = self.loose.iter().filter(|(_, org)| org.on(day).0.starts_with(path));
        ranges.extend(loose.map(|(number, _)| *number..number + 1));
        joined(ranges)
    }

    /// The division of what stood below some tops on a day: one top into itself and its children, several into themselves.
    pub(super) fn divided(&self, tops: &[String], as_of: Date) -> Division {
        let day = day_number(as_of);
        let (tops, count) = self.tops(tops, day);
        let mut groups: BTreeMap<String, (CountedOrg, Place)> = BTreeMap::new();
        let single = count == 1;
        for top in &tops {
            let mut at = self.block(top);
            while at.start < at.end {
                let org = &self.list.orgs[at.start as usize];
                let (own, child) = (org.path == *top, single && org.path.len() == top.len() + SEGMENT);
                let block = if own && single { at.start..at.start + 1 } else { self.block(&org.path) };
                at.start = block.end;
                if (own || child) && !self.loose.contains_key(&block.start) {
                    let org = CountedOrg { id: org.id, code: org.code.clone(), name: org.name.clone() };
                    let path = self.list.orgs[block.start as usize].path.clone();
                    groups.insert(path, (org, self.firm(block)));
                }
                if !single {
                    break;
                }
            }
        }
        let group_of = |path: &str| {
            let top = tops.iter().find(|top| path.starts_with(top.as_str()))?;
            let length = if single && path.len() > top.len() { top.len() + SEGMENT } else { top.len() };
            path.get(..length).map(str::to_owned)
        };
        for org in self.loose.values() {
            let (path, name) = org.on(day);
            if group_of(path).is_some_and(|group| group == path) {
                let named = CountedOrg { id: org.id, code: org.code.clone(), name: name.to_owned() };
                let firm =
                    if single && tops.iter().any(|top| top == path) { Vec::new() } else { self.firm(self.block(path)) };
                groups.insert(path.to_owned(), (named, firm));
            }
        }
        for (number, org) in &self.loose {
            if let Some((_, place)) = group_of(org.on(day).0).and_then(|group| groups.get_mut(&group)) {
                place.push(*number..number + 1);
            }
        }
        let mut named: Vec<CountedOrg> = Vec::new();
        for (path, (org, place)) in &mut groups {
            *place = joined(std::mem::take(place));
            if single && tops.iter().any(|top| top == path) {
                org.name = format!("{}（本级）", org.name);
            }
            named.push(org.clone());
        }
        tell_apart(&mut named);
        let all = joined(tops.iter().flat_map(|top| self.subtree(top, day)).collect());
        let grouped = joined(groups.values().flat_map(|(_, place)| place.iter().cloned()).collect());
        let rest = without(all, grouped.into_iter());
        Division {
            groups: named.into_iter().zip(groups.into_values()).map(|(org, (_, place))| (org, place)).collect(),
            rest,
        }
    }
}

/// Ranges in order, those that touch as one.
fn joined(mut ranges: Place) -> Place {
    ranges.sort_unstable_by_key(|range| range.start);
    let mut place: Place = Vec::with_capacity(ranges.len());
    for range in ranges.into_iter().filter(|range| !range.is_empty()) {
        match place.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => place.push(range),
        }
    }
    place
}

/// Ranges without others; both in order and not overlapping.
fn without(ranges: Place, cut: impl Iterator<Item = Range<u32>>) -> Place {
    let mut cut = cut.peekable();
    let mut left: Place = Vec::new();
    for mut range in ranges {
        while let Some(hole) = cut.peek() {
            if hole.end <= range.start {
                cut.next();
                continue;
            }
            if hole.start >= range.end {
                break;
            }
            if hole.start > range.start {
                left.push(range.start..hole.start);
            }
            range.start = hole.end.min(range.end);
            if hole.end > range.end {
                break;
            }
            cut.next();
        }
        if range.start < range.end {
            left.push(range);
        }
    }
    left
}

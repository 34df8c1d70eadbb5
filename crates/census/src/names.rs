//! Names, so that whoever's name begins with a text is found anywhere in the tree, the first of them at once.

use crate::error::CensusError;
use crate::grouping::{order, starts};
use rayon::prelude::*;
use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

/// Ranges of at most so many rows are looked through; in longer ones the names are followed to their rows.
const FEW: usize = 1 << 21;

/// The names of rows.
#[derive(Debug)]
pub struct Names {
    /// All different names, in order.
    names: Vec<Box<str>>,
    /// For each row the place of its name.
    of: Vec<u32>,
    /// Rows by name, each name's in order; `starts` says where those of a name begin.
    rows: Vec<u32>,
    starts: Vec<u32>,
}

impl Names {
    /// The names of rows, in their order.
    pub fn of<'a>(given: impl Iterator<Item = Cow<'a, str>>) -> Result<Self, CensusError> {
        let mut places: HashMap<Box<str>, u32> = HashMap::new();
        let mut of = Vec::new();
        for name in given {
            let next = places.len() as u32;
            let place = match places.get(&*name) {
                Some(place) => *place,
                None => *places.entry(name.into()).or_insert(next),
            };
            of.push(place);
        }
        let mut names: Vec<(Box<str>, u32)> = places.into_iter().collect();
        names.sort_unstable();
        let mut sorted = vec![0u32; names.len()];
        for (place, (_, first)) in names.iter().enumerate() {
            sorted[*first as usize] = place as u32;
        }
        of.par_iter_mut().for_each(|place| *place = sorted[*place as usize]);
        of.shrink_to_fit();
        let starts = starts(&of, names.len())?;
        let rows = order(&of, &starts)?;
        Ok(Names { names: names.into_iter().map(|(name, _)| name).collect(), of, rows, starts })
    }

    /// The first rows of a range whose name begins with a text, by name and then by row.
    pub fn first(&self, prefix: &str, within: Range<usize>, most: usize) -> Vec<(&str, usize)> {
        let first = self.names.partition_point(|name| **name < *prefix);
        let last = first + self.names[first..].partition_point(|name| name.starts_with(prefix));
        let found = if within.len() <= FEW {
            self.seen(first..last, within, most)
        } else {
            self.followed(first..last, within, most)
        };
        found.into_iter().map(|(name, row)| (&*self.names[name as usize], row)).collect()
    }

    fn seen(&self, names: Range<usize>, within: Range<usize>, most: usize) -> Vec<(u32, usize)> {
        let (low, count) = (names.start as u32, names.len() as u32);
        let mut found: Vec<(u32, usize)> = Vec::new();
        // Once there are enough, only names before the last of them are of interest.
        let mut width = count;
        for (n, batch) in self.of[within.clone()].chunks(256).enumerate() {
            if !batch.iter().fold(false, |any, name| any | (name.wrapping_sub(low) < width)) {
                continue;
            }
            let start = within.start + n * 256;
            let more = batch.iter().enumerate().filter(|(_, name)| name.wrapping_sub(low) < width);
            found.extend(more.map(|(at, name)| (*name, start + at)));
            if found.len() > most {
                found.sort_unstable();
                found.truncate(most);
                width = found.last().map_or(count, |(name, _)| name - low);
            }
        }
        found.sort_unstable();
        found.truncate(most);
        found
    }

    fn followed(&self, names: Range<usize>, within: Range<usize>, most: usize) -> Vec<(u32, usize)> {
        let mut found = Vec::new();
        for name in names {
            let rows = &self.rows[self.starts[name] as usize..self.starts[name + 1] as usize];
            let first = rows.partition_point(|row| (*row as usize) < within.start);
            let rows = rows[first..].iter().map(|row| *row as usize).take_while(|row| *row < within.end);
            found.extend(rows.take(most - found.len()).map(|row| (name as u32, row)));
            if found.len() == most {
                break;
            }
        }
        found
    }

    /// Bytes it takes.
    pub fn bytes(&self) -> usize {
        let names: usize = self.names.iter().map(|name| name.len() + size_of::<Box<str>>()).sum();
        names + (self.of.len() + self.rows.len() + self.starts.len()) * 4
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_first_are_those_of_a_search_through_all(
            given in prop::collection::vec("[张王李][一二三]{0,2}", 0..300),
            prefix in "[张王李赵]?[一二]?",
            ends in (0..301usize, 0..301usize),
            most in 1..30usize,
        ) {
            let names = Names::of(given.iter().map(|name| name.as_str().into())).unwrap();
            let (low, high) = (ends.0.min(ends.1).min(given.len()), ends.0.max(ends.1).min(given.len()));
            let mut expected: Vec<(&str, usize)> = (low..high)
                .filter(|row| given[*row].starts_with(&prefix)).map(|row| (given[row].as_str(), row)).collect();
            expected.sort_unstable();
            expected.truncate(most);
            prop_assert_eq!(&names.first(&prefix, low..high, most), &expected);
            let first = names.names.partition_point(|name| **name < *prefix);
            let last = first + names.names[first..].partition_point(|name| name.starts_with(&prefix));
            let followed = names.followed(first..last, low..high, most);
            let followed: Vec<(&str, usize)> = followed.into_iter().map(|(n, row)| (&*names.names[n as usize], row)).collect();
            prop_assert_eq!(followed, expected);
        }
    }
}

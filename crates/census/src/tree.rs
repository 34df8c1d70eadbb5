//! The organisation tree as numbers in preorder: whatever stands below an organisation is one range of numbers.

use crate::error::CensusError;
use std::collections::HashMap;
use std::fmt::Display;
use std::hash::Hash;
use std::ops::Range;

/// Organisations numbered in preorder.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tree {
    /// For each number, the number of its superior; the tops name themselves.
    pub(crate) parent: Vec<u32>,
    /// For each number, the first number that is not below it.
    pub(crate) end: Vec<u32>,
}

const NONE: u32 = u32::MAX;

impl Tree {
    /// Numbers organisations given as (id, id of the superior), children in the order in which they are given. The second list is the
    /// number of each.
    pub fn number<Id: Copy + Eq + Hash + Display>(orgs: &[(Id, Option<Id>)]) -> Result<(Self, Vec<u32>), CensusError> {
        let count = orgs.len();
        if count >= NONE as usize {
            return Err(CensusError::TooManyRows);
        }
        let mut places: HashMap<Id, u32> = HashMap::with_capacity(count);
        for (place, (id, _)) in orgs.iter().enumerate() {
            if places.insert(*id, place as u32).is_some() {
                return Err(CensusError::RepeatedOrg(id.to_string()));
            }
        }
        let superior = |(id, parent): &(Id, Option<Id>)| match parent {
            None => Ok(NONE),
            Some(parent) => places
                .get(parent)
                .copied()
                .ok_or_else(|| CensusError::UnknownParent { org: id.to_string(), parent: parent.to_string() }),
        };
        let above: Vec<u32> = orgs.iter().map(superior).collect::<Result<_, _>>()?;
        let (first, next) = children(&above);
        let mut numbers = vec![NONE; count];
        let mut tree = Tree { parent: Vec::with_capacity(count), end: vec![0; count] };
        let tops = (0..count as u32).filter(|place| above[*place as usize] == NONE);
        for top in tops {
            tree.walk(top, &above, &first, &next, &mut numbers);
        }
        match numbers.iter().position(|number| *number == NONE) {
            Some(place) => Err(CensusError::Cycle(orgs[place].0.to_string())),
            None => Ok((tree, numbers)),
        }
    }

    fn walk(&mut self, top: u32, above: &[u32], first: &[u32], next: &[u32], numbers: &mut [u32]) {
        let mut at = top;
        loop {
            let number = self.parent.len() as u32;
            numbers[at as usize] = number;
            let superior = above[at as usize];
            self.parent.push(if superior == NONE { number } else { numbers[superior as usize] });
            if first[at as usize] != NONE {
                at = first[at as usize];
                continue;
            }
            loop {
                self.end[numbers[at as usize] as usize] = self.parent.len() as u32;
                if at == top {
                    return;
                }
                if next[at as usize] != NONE {
                    at = next[at as usize];
                    break;
                }
                at = above[at as usize];
            }
        }
    }

    /// A tree from the superiors of numbers in preorder; the tops name themselves.
    pub fn from_parents(parent: Vec<u32>) -> Result<Self, CensusError> {
        let count = parent.len() as u32;
        let mut end: Vec<u32> = (1..=count).collect();
        for number in (0..count).rev() {
            let above = parent[number as usize];
            if above > number {
                return Err(CensusError::Cycle(number.to_string()));
            }
            if above < number {
                end[above as usize] = end[above as usize].max(end[number as usize]);
            }
        }
        // In preorder a superior is the organisation before, or one above that.
        let mut above: Vec<u32> = Vec::new();
        for number in 0..count {
            let superior = parent[number as usize];
            if superior == number {
                above.clear();
            }
            while above.last().is_some_and(|last| *last != superior) {
                above.pop();
            }
            if above.is_empty() && superior != number {
                return Err(CensusError::Cycle(number.to_string()));
            }
            above.push(number);
        }
        Ok(Tree { parent, end })
    }

    /// How many organisations there are.
    pub fn len(&self) -> usize {
        self.parent.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.parent.is_empty()
    }

    /// The numbers of an organisation and all below it.
    pub fn subtree(&self, number: u32) -> Result<Range<u32>, CensusError> {
        self.end.get(number as usize).map(|end| number..*end).ok_or(CensusError::UnknownOrg(number))
    }

    /// The numbers of the direct children of an organisation.
    pub fn children(&self, number: u32) -> Result<Vec<u32>, CensusError> {
        let range = self.subtree(number)?;
        let mut children = Vec::new();
        let mut at = number + 1;
        while at < range.end {
            children.push(at);
            at = self.end[at as usize];
        }
        Ok(children)
    }

    /// The superior; none for a top.
    pub fn parent(&self, number: u32) -> Option<u32> {
        self.parent.get(number as usize).copied().filter(|parent| *parent != number)
    }
}

/// For each place its first child and its next sibling.
fn children(above: &[u32]) -> (Vec<u32>, Vec<u32>) {
    let (mut first, mut next) = (vec![NONE; above.len()], vec![NONE; above.len()]);
    for place in (0..above.len()).rev() {
        if let Some(head) = first.get_mut(above[place] as usize) {
            next[place] = *head;
            *head = place as u32;
        }
    }
    (first, next)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_stands_below_is_one_range() {
        let (tree, numbers) = Tree::number(&[(7, Some(3)), (3, None), (9, Some(7)), (5, Some(3))]).unwrap();
        assert_eq!(numbers, [1, 0, 2, 3]);
        assert_eq!(tree.subtree(1).unwrap(), 1..3);
        assert_eq!(tree.children(0).unwrap(), [1, 3]);
        assert_eq!((tree.parent(2), tree.parent(0)), (Some(1), None));
    }

    #[test]
    fn a_bad_tree_is_refused_with_the_record() {
        let said = |orgs: &[(i32, Option<i32>)]| Tree::number(orgs).unwrap_err().to_string();
        assert_eq!(said(&[(1, None), (2, Some(4)), (4, Some(2))]), "组织「2」的上级关系成环");
        assert_eq!(said(&[(1, None), (2, Some(2))]), "组织「2」的上级关系成环");
        assert_eq!(said(&[(1, None), (2, Some(5))]), "组织「2」的上级「5」不在组织树中");
        assert_eq!(said(&[(1, None), (1, None)]), "组织「1」在组织树中出现两次");
        assert!(Tree::from_parents(vec![0, 2, 1]).is_err());
        assert!(Tree::from_parents(vec![0, 0, 0, 1]).is_err());
    }

    proptest! {
        #[test]
        fn subtrees_are_what_the_superiors_say(links in prop::collection::vec(any::<prop::sample::Index>(), 1..60)) {
            let orgs: Vec<(usize, Option<usize>)> =
                links.iter().enumerate().map(|(n, link)| (n, (n > 0 && n % 17 != 0).then(|| link.index(n)))).collect();
            let (tree, numbers) = Tree::number(&orgs).unwrap();
            for (id, _) in &orgs {
                let mut above = vec![*id];
                while let Some(parent) = orgs[*above.last().unwrap()].1 {
                    above.push(parent);
                }
                for (other, _) in &orgs {
                    let below = tree.subtree(numbers[*other]).unwrap().contains(&numbers[*id]);
                    prop_assert_eq!(below, above.contains(other));
                }
            }
            prop_assert_eq!(Tree::from_parents(tree.parent.clone()).unwrap(), tree);
        }
    }
}

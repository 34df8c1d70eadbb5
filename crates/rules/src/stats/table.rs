//! What a question is answered with: a table of counts, the same for every way in. It never holds a person.

use crate::ids::OrgId;

/// Counts from 1 up to below this number are small: whoever knows a little of the few could learn the rest from the table. Such counts are kept
/// from those who see no dossiers, and left out of tables for others' eyes (《个人信息保护法》第六条: no more than the purpose needs;
/// 《统计法》: nothing by which a single person could be recognised or inferred goes outside).
pub const FEW: u64 = 5;

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

/// A value of a cell: where it stands in its dimension's order, and its name.
pub type Valued = (i64, String);

impl Counts {
    /// A table of cells in any order; cells of the same names are one. `orgs` are those that may occur, in the order of the tree, with the
    /// place of 党组织 among the dimensions.
    pub fn of(mut cells: Vec<(Vec<Valued>, i64)>, orgs: Option<(usize, Vec<CountedOrg>)>) -> Self {
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
        if let Some((at, orgs)) = orgs {
            let seen: std::collections::HashSet<&str> =
                counts.rows.iter().filter_map(|row| row.values.get(at)).map(String::as_str).collect();
            counts.orgs = orgs.into_iter().filter(|org| seen.contains(org.name.as_str())).collect();
        }
        counts
    }
}

/// Gives organisations of one name their codes with it, so that each has a name of its own.
pub fn tell_apart(orgs: &mut [CountedOrg]) {
    let mut times: std::collections::HashMap<String, usize> = std::collections::HashMap::new();
    for org in orgs.iter() {
        *times.entry(org.name.clone()).or_default() += 1;
    }
    for org in orgs.iter_mut().filter(|org| times.get(&org.name).is_some_and(|times| *times > 1)) {
        org.name = format!("{}（{}）", org.name, org.code);
    }
}

//! Importing rosters and organisation sheets, in two steps over all rows: settling compares them with the register and only
//! reads; applying writes what was accepted, in the caller's one transaction. Knows rows that the rules have checked, not files.

mod known;
mod members;
mod members_apply;
mod orgs;
mod orgs_apply;
mod places;

pub use members::MemberPlan;
pub use orgs::OrgPlan;

use jiff::civil::Date;
use std::sync::atomic::{AtomicI64, Ordering};

/// What an import may touch, and how.
#[derive(Debug, Clone)]
pub struct ImportTask {
    /// The tops of the subtrees in which the actor may import, by path; an empty path is the whole enterprise.
    pub scope: Vec<String>,
    /// Whether branches that a roster names and the register lacks are created.
    pub create_orgs: bool,
    /// The name of the committee to found at the top when the register is empty and branches are to be created.
    pub found: Option<String>,
    /// The day on which changes take effect.
    pub today: Date,
}

impl ImportTask {
    fn covers(&self, path: &str) -> bool {
        self.scope.iter().any(|top| path.starts_with(top.as_str()))
    }
}

/// How far an import has come: rows done of all rows.
#[derive(Debug, Default)]
pub struct Progress {
    done: AtomicI64,
    total: AtomicI64,
}

impl Progress {
    /// Says how many rows there are.
    pub fn expect(&self, rows: usize) {
        self.total.store(rows as i64, Ordering::Relaxed);
    }

    /// Rows done, and rows in all.
    pub fn read(&self) -> (i64, i64) {
        (self.done.load(Ordering::Relaxed), self.total.load(Ordering::Relaxed))
    }

    fn add(&self, rows: usize) {
        self.done.fetch_add(rows as i64, Ordering::Relaxed);
    }
}

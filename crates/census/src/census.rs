//! A census that lives: one version at a time for readers, changes beside it, folded in behind their backs.

use crate::base::{Base, Builder, Derived, apart, derive};
use crate::cubes::Lookup;
use crate::delta::{Change, Delta};
use crate::error::CensusError;
use crate::margins::{MANY_ROWS, Margins};
use crate::question::{Answer, Question};
use crate::scan::Plan;
use crate::schema::{Row, Schema};
use crate::segment::Segment;
use rayon::slice::ParallelSliceMut;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

/// A state of the census that does not change any more.
#[derive(Debug, Clone)]
pub struct Version {
    pub(crate) base: Arc<Base>,
    pub(crate) delta: Arc<Delta>,
    /// How far the source has been read.
    mark: u64,
}

/// How a question is answered.
enum Way<'a> {
    /// From a cube.
    Cube(Lookup<'a>),
    /// By a scan with the help of cubes, where rows are many.
    Margins(Box<Margins<'a>>),
    Scan,
}

impl Version {
    /// The columns.
    pub fn schema(&self) -> &Schema {
        &self.base.schema
    }

    /// The rows under the changes.
    pub fn base(&self) -> &Base {
        &self.base
    }

    /// How many organisations have a number.
    pub fn orgs(&self) -> u32 {
        self.base.orgs + self.delta.new_orgs
    }

    /// The day for which derived dimensions hold.
    pub fn day(&self) -> u16 {
        self.base.day
    }

    /// How far the source has been read.
    pub fn mark(&self) -> u64 {
        self.mark
    }

    /// Changes that are not folded in yet.
    pub fn changes(&self) -> usize {
        self.delta.len()
    }

    /// Answers a question.
    pub fn count(&self, question: &Question) -> Result<Answer, CensusError> {
        let base = &*self.base;
        let shape = question.shape(&base.schema, self.orgs())?;
        let (plan, way) = self.way(question, &shape);
        let dated = self.other_day(question).is_some();
        let cells = plan.cells;
        let mut sums = vec![0i64; cells * question.places.len()];
        for (place, table) in question.places.iter().zip(sums.chunks_exact_mut(cells)) {
            for orgs in place.iter().filter(|orgs| orgs.start < orgs.end) {
                // Organisations that came later have no rows below the changes.
                let old = orgs.start.min(base.orgs)..orgs.end.min(base.orgs);
                let rows = base.current.rows(&old);
                match &way {
                    Way::Cube(lookup) => lookup.count(&plan, &base.current, rows, table),
                    Way::Margins(margins) if rows.len() >= MANY_ROWS => {
                        margins.count(&base.current, &rows, table);
                    }
                    _ => plan.count(&base.current, rows, table),
                }
                if dated {
                    plan.count(&base.dated, base.dated.rows(&old), table);
                }
                self.delta.count(&plan, orgs, dated, table);
            }
        }
        let counts = sums.into_iter().map(|count| u64::try_from(count).unwrap_or(0)).collect();
        Ok(Answer { shape, cells, counts })
    }

    /// Bytes that the answer to a question reads of columns and cubes, and whether cubes answer it. Changes are left out.
    pub fn touched(&self, question: &Question) -> Result<(usize, bool), CensusError> {
        let base = &*self.base;
        let shape = question.shape(&base.schema, self.orgs())?;
        let (plan, way) = self.way(question, &shape);
        let ranges = question.places.iter().flatten().map(|orgs| base.current.rows(orgs));
        let width = plan.width();
        let bytes = ranges.map(|rows| match &way {
            Way::Cube(lookup) => lookup.touched(width, &base.current, &rows),
            Way::Margins(margins) if rows.len() >= MANY_ROWS => {
                rows.len() * width + margins.touched(&base.current, &rows)
            }
            _ => rows.len() * width,
        });
        Ok((bytes.sum(), matches!(way, Way::Cube(_))))
    }

    fn way(&self, question: &Question, shape: &[usize]) -> (Plan, Way<'_>) {
        let Base { schema, cubes, .. } = &*self.base;
        let on = self.other_day(question);
        let plan = Plan::new(question, shape, on, schema);
        if on.is_some() {
            return (plan, Way::Scan);
        }
        let cube = cubes.lookup(question, schema).map(Way::Cube);
        let margins = || Margins::of(question, cubes, schema).map(|margins| Way::Margins(Box::new(margins)));
        (plan, cube.or_else(margins).unwrap_or(Way::Scan))
    }

    /// The day of a question, when it is not that of the census.
    fn other_day(&self, question: &Question) -> Option<u16> {
        question.on.filter(|day| *day != self.base.day && self.base.schema.span.is_some())
    }

    /// A row of those that hold on the day.
    pub fn row(&self, at: usize) -> Row {
        self.base.current.row(at)
    }
}

/// What only the writer needs.
#[derive(Debug)]
struct Writer {
    /// All changes since the base, in order.
    log: Vec<Change>,
    /// The rows now of every subject that a change named.
    touched: HashMap<u64, Vec<Row>>,
    /// Rows of the base in the order of their subjects: first those that hold, then the others.
    subjects: [Vec<u32>; 2],
}

/// A census: many readers, one writer at a time, and folding beside both.
#[derive(Debug)]
pub struct Census {
    version: RwLock<Arc<Version>>,
    writer: Mutex<Writer>,
    /// Held while folding, so that two folds cannot meet.
    folding: Mutex<()>,
}

impl Census {
    /// A census of these rows.
    pub fn new(base: Base) -> Self {
        let writer = Writer { log: Vec::new(), touched: HashMap::new(), subjects: by_subject(&base) };
        let delta = Arc::new(Delta::of(&base.schema, base.day, 0, &[]));
        let version = Version { mark: base.mark, base: Arc::new(base), delta };
        Census { version: RwLock::new(Arc::new(version)), writer: Mutex::new(writer), folding: Mutex::new(()) }
    }

    /// The newest version. It stays as it is while it is held.
    pub fn version(&self) -> Arc<Version> {
        Arc::clone(&self.version.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Replaces all rows of each subject by others, in one step for readers; `mark` says how far the source was read. Numbers of
    /// organisations from [`Version::orgs`] on are new ones.
    pub fn replace(&self, subjects: Vec<(u64, Vec<Row>)>, mark: u64) -> Result<(), CensusError> {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let version = self.version();
        let mut changes = Vec::new();
        let mut touched = Vec::new();
        for (subject, mut rows) in subjects {
            for row in &mut rows {
                row.subject = subject;
                derive(&version.base.derived, row);
            }
            let old = match writer.touched.get(&subject) {
                Some(rows) => rows.clone(),
                None => writer.rows_of(&version.base, subject),
            };
            if old != rows {
                changes.extend(old.into_iter().map(Change::out));
                changes.extend(rows.iter().copied().map(Change::into));
                touched.push((subject, rows));
            }
        }
        writer.change(&version, changes, mark, self)?;
        writer.touched.extend(touched);
        Ok(())
    }

    /// Takes rows in and out, in one step for readers. A row that goes out must be there.
    pub fn change(&self, changes: Vec<Change>, mark: u64) -> Result<(), CensusError> {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let version = self.version();
        let changes = changes.iter().map(|change| change.derived(&version.base.derived)).collect();
        writer.change(&version, changes, mark, self)
    }

    /// Folds the changes so far into new columns and cubes, for a day. Readers and writers go on meanwhile; when it fails, the old
    /// version stays.
    pub fn fold(&self, day: u16, derived: Vec<Derived>) -> Result<(), CensusError> {
        let _only = self.folding.lock().unwrap_or_else(PoisonError::into_inner);
        let (version, log) = {
            let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
            (self.version(), writer.log.clone())
        };
        let base = fold(&version, &log, day, derived)?;
        let subjects = by_subject(&base);
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.version();
        let rest: Vec<Change> = writer.log[log.len()..].iter().map(|change| change.derived(&base.derived)).collect();
        let delta = Delta::of(&base.schema, base.day, now.orgs() - base.orgs, &rest);
        let still: HashSet<u64> = rest.iter().map(|change| change.row.subject).collect();
        writer.touched.retain(|subject, _| still.contains(subject));
        for row in writer.touched.values_mut().flatten() {
            derive(&base.derived, row);
        }
        writer.log = rest;
        writer.subjects = subjects;
        self.publish(Version { mark: now.mark, base: Arc::new(base), delta: Arc::new(delta) });
        Ok(())
    }

    fn publish(&self, version: Version) {
        *self.version.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(version);
    }
}

impl Writer {
    fn change(
        &mut self,
        version: &Version,
        changes: Vec<Change>,
        mark: u64,
        census: &Census,
    ) -> Result<(), CensusError> {
        let mut orgs = version.orgs();
        for change in &changes {
            version.base.schema.check(&change.row)?;
            orgs = orgs.max(change.row.org.saturating_add(1));
        }
        self.log.extend(&changes);
        let base = &version.base;
        let delta = version.delta.with(&base.schema, base.day, orgs - base.orgs, &changes, &self.log);
        census.publish(Version { mark, base: Arc::clone(base), delta: Arc::new(delta) });
        Ok(())
    }

    fn rows_of(&self, base: &Base, subject: u64) -> Vec<Row> {
        let mut rows = Vec::new();
        for (segment, order) in [&base.current, &base.dated].into_iter().zip(&self.subjects) {
            if segment.subjects.is_empty() {
                continue;
            }
            let first = order.partition_point(|row| segment.subjects[*row as usize] < subject);
            let same = order[first..].iter().take_while(|row| segment.subjects[**row as usize] == subject);
            rows.extend(same.map(|row| segment.row(*row as usize)));
        }
        rows
    }
}

fn by_subject(base: &Base) -> [Vec<u32>; 2] {
    [&base.current, &base.dated].map(|segment: &Segment| {
        if segment.subjects.is_empty() {
            return Vec::new();
        }
        let mut order: Vec<u32> = (0..segment.len as u32).collect();
        apart(|| order.par_sort_unstable_by_key(|row| (segment.subjects[*row as usize], *row)));
        order
    })
}

/// The rows of a version with its changes, built anew.
fn fold(version: &Version, log: &[Change], day: u16, derived: Vec<Derived>) -> Result<Base, CensusError> {
    let old = &*version.base;
    let mut net: HashMap<Row, i64> = HashMap::new();
    for change in log {
        *net.entry(change.row).or_default() += i64::from(change.sign);
    }
    net.retain(|_, count| *count != 0);
    let mut added: Vec<(Row, i64)> =
        net.iter().filter(|(_, count)| **count > 0).map(|(row, count)| (*row, *count)).collect();
    added.sort_unstable();
    let mut added = added.into_iter().flat_map(|(row, count)| std::iter::repeat_n(row, count as usize)).peekable();
    let touched: HashSet<u32> = net.iter().filter(|(_, count)| **count < 0).map(|(row, _)| row.org).collect();
    let orgs = version.orgs();
    let mut builder = Builder::new(old.schema.clone(), orgs, day, derived);
    for org in 0..orgs {
        let loses = touched.contains(&org);
        if org < old.orgs {
            for segment in [&old.current, &old.dated] {
                for at in segment.rows(&(org..org + 1)) {
                    let row = segment.row_in(at, org);
                    if loses && let Some(count) = net.get_mut(&row).filter(|count| **count < 0) {
                        *count += 1;
                        continue;
                    }
                    builder.push(row)?;
                }
            }
        }
        while let Some(row) = added.next_if(|row| row.org == org) {
            builder.push(row)?;
        }
    }
    match net.iter().find(|(_, count)| **count < 0) {
        Some((row, _)) => Err(CensusError::NotThere(row.org)),
        None => builder.build(version.mark),
    }
}

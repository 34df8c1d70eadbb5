//! The census on disk, so that the next start need not read every spell: tables that other programs may read, too (`census::Base::write`).
//! It is the store's copy and no more: whatever does not fit is said in the log, and everything is read from the store again.

use super::days::FIRST_DAY;
use super::places::Orgs;
use super::words::Words;
use census::{Base, Beside, CensusError, Tree};
use rules::ids::{OrgId, RootOrg};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use store::CensusOrg;

/// Columns of texts about the organisations.
const ID: &str = "id";
const CODE: &str = "code";
const NAME: &str = "name";
const PATH: &str = "path";

/// Where the census of an enterprise is kept.
#[derive(Debug, Clone)]
pub(super) struct Keeper {
    dir: PathBuf,
}

/// A census that was kept.
pub(super) struct Kept {
    pub(super) base: Base,
    /// The organisations by their numbers, as they were then.
    pub(super) orgs: Vec<CensusOrg>,
    /// What the ledger's entry at the census's mark ended with.
    pub(super) ledger: String,
}

impl Keeper {
    pub(super) fn of(dir: &Path, root: RootOrg) -> Self {
        Keeper { dir: dir.join(root.to_string()) }
    }

    /// Which ledger a census was made from. It is written before the census is, under a name of its own.
    fn ledger(&self, mark: u64) -> PathBuf {
        self.dir.join(format!("ledger-{mark}"))
    }

    /// Writes a census in the place of an earlier one.
    pub(super) fn write(
        &self,
        base: &Base,
        mark: u64,
        orgs: &Orgs,
        words: &Words,
        ledger: &str,
    ) -> Result<(), CensusError> {
        private_dir(&self.dir)?;
        fs::write(self.ledger(mark), ledger)?;
        let listed = orgs.listed();
        let tree = Tree::from_parents(orgs.parents())?;
        let columns = [ID, CODE, NAME, PATH].map(|column| {
            let texts: Vec<String> = listed
                .clone()
                .map(|(id, code, name, path)| match column {
                    ID => id.to_string(),
                    CODE => code.to_owned(),
                    NAME => name.to_owned(),
                    _ => path.to_owned(),
                })
                .collect();
            (column, texts)
        });
        let columns: Vec<(&str, &[String])> = columns.iter().map(|(name, texts)| (*name, texts.as_slice())).collect();
        base.write(&self.dir, &Beside { tree: &tree, columns: &columns, words: &words.values(), epoch: FIRST_DAY })?;
        for entry in fs::read_dir(&self.dir)? {
            let path = entry?.path();
            let of_another = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("ledger-"));
            if of_another && path != self.ledger(mark) {
                fs::remove_file(path)?;
            }
        }
        Ok(())
    }

    /// Reads the census that is kept; none where there is none yet.
    pub(super) fn read(&self, words: &Words) -> Result<Option<Kept>, CensusError> {
        if !self.dir.join("census.json").exists() {
            return Ok(None);
        }
        let unfit = |why: &str| CensusError::Damaged { path: self.dir.display().to_string(), why: why.to_owned() };
        let stored = census::read(&self.dir)?;
        if *stored.base.schema() != words.schema()? || stored.words != words.values() || stored.epoch != FIRST_DAY {
            return Err(unfit("统计维度或取值与本版程序不同"));
        }
        let column = |name: &str| {
            let found = stored.columns.iter().find(|(known, _)| known == name);
            found.map(|(_, texts)| texts).ok_or_else(|| unfit("缺少组织的列"))
        };
        let (ids, codes, names, paths) = (column(ID)?, column(CODE)?, column(NAME)?, column(PATH)?);
        let mut orgs = Vec::with_capacity(ids.len());
        for (((id, code), name), path) in ids.iter().zip(codes).zip(names).zip(paths) {
            let id: OrgId = id.parse().map_err(|_| unfit("组织的编号有误"))?;
            orgs.push(CensusOrg { id, code: code.clone(), name: name.clone(), path: path.clone(), stays: Vec::new() });
        }
        if !orgs.is_sorted_by(|one, other| one.path < other.path) {
            return Err(unfit("组织的次序有误"));
        }
        let ledger = fs::read_to_string(self.ledger(stored.base.mark()))?;
        Ok(Some(Kept { base: stored.base, orgs, ledger }))
    }
}

/// A directory that nobody else may look into.
fn private_dir(dir: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)
}

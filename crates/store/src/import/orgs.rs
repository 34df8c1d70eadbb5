//! Organisation sheets: rows in any order, parents below their children; the tree that would come out is checked before anything
//! is written (ORG-10). What the sheet does not say stays as it is.

use super::orgs_apply::edit_of;
use super::places::all_orgs;
use super::{ImportTask, Progress};
use crate::Store;
use crate::error::StoreError;
use crate::org::Org;
use crate::sql::{BATCH, OPEN, get, placeholders};
use crate::write::Write;
use rules::ids::{OrgId, RootOrg};
use rules::intake::{OrgChecked, OrgDraft, OrgField, OrgFinding};
use rules::org::OrgKind;
use sqlx::{AnyConnection, AssertSqlSafe};
use std::collections::{HashMap, HashSet};

/// What will become of every row of an organisation sheet.
#[derive(Debug)]
pub struct OrgPlan {
    pub(super) steps: Vec<Step>,
    /// Rows to write, superiors before what stands below them.
    pub(super) order: Vec<usize>,
    pub(super) orgs: Vec<Org>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Refused,
    Unchanged,
    New,
    /// The organisation of this index changes.
    Change(usize),
}

impl OrgPlan {
    /// Organisations that will be created.
    pub fn orgs_created(&self) -> usize {
        self.steps.iter().filter(|step| matches!(step, Step::New)).count()
    }

    /// Organisations that change.
    pub fn changed(&self) -> usize {
        self.steps.iter().filter(|step| matches!(step, Step::Change(_))).count()
    }

    /// Whether there is nothing to write.
    pub fn is_idle(&self) -> bool {
        self.order.is_empty()
    }
}

impl Store {
    /// Compares an organisation sheet's rows with the register and adds to each row what is wrong with it. Only reads.
    pub async fn settle_orgs(
        &self,
        root: RootOrg,
        task: &ImportTask,
        rows: &mut [&mut OrgChecked],
        progress: &Progress,
    ) -> Result<OrgPlan, StoreError> {
        let mut db = self.db.read.acquire().await?;
        settle(&mut db, root, task, rows, progress).await
    }
}

async fn settle(
    db: &mut AnyConnection,
    root: RootOrg,
    task: &ImportTask,
    rows: &mut [&mut OrgChecked],
    progress: &Progress,
) -> Result<OrgPlan, StoreError> {
    let orgs = all_orgs(db, root).await?;
    let mut tree = Tree::new(&orgs, rows, task);
    let peopled = peopled(db, root, &tree.emptied_kinds(rows)).await?;
    tree.check_each(rows, &peopled);
    while tree.check_together(rows) {}
    let steps: Vec<Step> = (0..rows.len()).map(|row| tree.step(rows, row)).collect();
    let mut order: Vec<(usize, usize)> = (0..rows.len())
        .filter(|row| matches!(steps[*row], Step::New | Step::Change(_)))
        .map(|row| (tree.depth(&rows[row].draft.code), row))
        .collect();
    order.sort_unstable();
    progress.add(rows.len() - order.len());
    Ok(OrgPlan { steps, order: order.into_iter().map(|(_, row)| row).collect(), orgs })
}

/// Which of these organisations have persons belonging to them.
async fn peopled(db: &mut AnyConnection, root: RootOrg, orgs: &[OrgId]) -> Result<HashSet<OrgId>, StoreError> {
    let mut found = HashSet::new();
    for chunk in orgs.chunks(BATCH) {
        let text = format!(
            "SELECT DISTINCT org_id FROM spell WHERE root_org = $1 AND to_day = $2 AND org_id IN ({})",
            placeholders(3, chunk.len())
        );
        let mut query = sqlx::query(AssertSqlSafe(text)).bind(root.0).bind(OPEN);
        for id in chunk {
            query = query.bind(id.0);
        }
        for row in &query.fetch_all(&mut *db).await? {
            found.insert(OrgId(get(row, "org_id")?));
        }
    }
    Ok(found)
}

fn finding(field: OrgField, code: &'static str, message: String) -> OrgFinding {
    OrgFinding { field, code, message }
}

/// An organisation as it would stand after the sheet.
#[derive(Debug, Clone)]
struct Node {
    kind: Option<OrgKind>,
    parent: Option<String>,
}

/// The register and the sheet, by code.
struct Tree<'t> {
    orgs: &'t [Org],
    task: &'t ImportTask,
    known: HashMap<&'t str, usize>,
    codes: HashMap<OrgId, &'t str>,
    children: HashMap<OrgId, Vec<usize>>,
    /// The first row of every code.
    sheet: HashMap<String, usize>,
    /// Every code as it would stand, as long as its row is not refused.
    after: HashMap<String, Node>,
}

impl<'t> Tree<'t> {
    fn new(orgs: &'t [Org], rows: &[&mut OrgChecked], task: &'t ImportTask) -> Self {
        let codes: HashMap<OrgId, &str> = orgs.iter().map(|org| (org.id, org.code.as_str())).collect();
        let mut children: HashMap<OrgId, Vec<usize>> = HashMap::new();
        for (index, org) in orgs.iter().enumerate().filter(|(_, org)| org.dissolved_on.is_none()) {
            if let Some(parent) = org.parent {
                children.entry(parent).or_default().push(index);
            }
        }
        let mut tree = Tree {
            orgs,
            task,
            known: orgs.iter().enumerate().map(|(index, org)| (org.code.as_str(), index)).collect(),
            codes,
            children,
            sheet: HashMap::new(),
            after: HashMap::new(),
        };
        tree.after = orgs.iter().map(|org| (org.code.clone(), tree.node_of(org))).collect();
        for (index, row) in rows.iter().enumerate() {
            let draft = &row.draft;
            if draft.code.is_empty() || tree.sheet.contains_key(&draft.code) {
                continue;
            }
            tree.sheet.insert(draft.code.clone(), index);
            let stands = tree.known.get(draft.code.as_str()).map(|known| tree.node_of(&orgs[*known]));
            let node = Node {
                kind: draft.kind.or(stands.as_ref().and_then(|node| node.kind)),
                parent: draft.parent.clone().or(stands.and_then(|node| node.parent)),
            };
            tree.after.insert(draft.code.clone(), node);
        }
        tree
    }

    fn node_of(&self, org: &Org) -> Node {
        let parent = org.parent.and_then(|id| self.codes.get(&id)).map(|code| (*code).to_owned());
        Node { kind: Some(org.kind), parent }
    }

    fn known(&self, code: &str) -> Option<&'t Org> {
        self.known.get(code).map(|index| &self.orgs[*index])
    }

    fn own<'r>(&self, rows: &'r [&mut OrgChecked], row: usize) -> Option<&'r OrgDraft> {
        let draft = &rows[row].draft;
        (self.sheet.get(&draft.code) == Some(&row)).then_some(draft)
    }

    /// Organisations whose new kind could no longer hold the persons they may have.
    fn emptied_kinds(&self, rows: &[&mut OrgChecked]) -> Vec<OrgId> {
        rows.iter()
            .filter_map(|row| {
                let org = self.known(&row.draft.code)?;
                (org.kind.holds_members() && !row.draft.kind?.holds_members()).then_some(org.id)
            })
            .collect()
    }

    /// What can be said of each row whatever becomes of the others.
    fn check_each(&mut self, rows: &mut [&mut OrgChecked], peopled: &HashSet<OrgId>) {
        let mut top: Option<usize> = None;
        for row in 0..rows.len() {
            let Some(draft) = self.own(rows, row) else { continue };
            let known = self.known(&draft.code);
            let mut found = Vec::new();
            if let Some(org) = known {
                found.extend(self.not_editable(org, draft, peopled));
            }
            match (&draft.parent, known) {
                (None, Some(_)) => {}
                (None, None) if rows[row].errors.iter().any(|error| error.field == OrgField::Parent) => {}
                (None, None) if self.orgs.is_empty() => match top {
                    None => top = Some(row),
                    Some(_) => found.push(finding(
                        OrgField::Parent,
                        "unknown_org",
                        "上级组织编码没有填写：最上级组织只能有一个，本表前面已有一行。请补填".to_owned(),
                    )),
                },
                (None, None) => found.push(finding(
                    OrgField::Parent,
                    "unknown_org",
                    "上级组织编码没有填写：企业已有最上级组织。请补填".to_owned(),
                )),
                (Some(parent), known) => found.extend(self.parent_unknown(parent, known)),
            }
            rows[row].errors.extend(found);
        }
    }

    fn not_editable(&self, org: &Org, draft: &OrgDraft, peopled: &HashSet<OrgId>) -> Option<OrgFinding> {
        if !self.task.covers(&org.path) {
            let message = format!("组织编码「{}」已被您管理范围之外的组织使用。请换一个编码", draft.code);
            return Some(finding(OrgField::Code, "duplicate_code", message));
        }
        if let Some(day) = org.dissolved_on {
            let message = format!("编码「{}」的组织已于 {day} 撤销。请换一个编码", draft.code);
            return Some(finding(OrgField::Code, "duplicate_code", message));
        }
        let kind = draft.kind.filter(|kind| *kind != org.kind)?;
        if peopled.contains(&org.id) && !kind.holds_members() {
            let message = format!("「{}」现有人员，不能改为{}（ORG-10）。请先转出人员", org.name, kind.name());
            return Some(finding(OrgField::Kind, "unknown_code", message));
        }
        let children = self.children.get(&org.id).map(Vec::as_slice).unwrap_or_default();
        let child = children.iter().map(|index| &self.orgs[*index]).find(|child| !kind.may_contain(child.kind))?;
        let message =
            format!("下级组织「{}」不能设在{}之下（ORG-10）。请先调整下级组织，再改类别", child.name, kind.name());
        Some(finding(OrgField::Kind, "unknown_code", message))
    }

    fn parent_unknown(&self, parent: &str, known: Option<&Org>) -> Option<OrgFinding> {
        let stays = known.and_then(|org| org.parent).and_then(|id| self.codes.get(&id)) == Some(&parent);
        let visible = self.known(parent).is_some_and(|org| self.task.covers(&org.path) && org.dissolved_on.is_none());
        if stays || visible || (self.sheet.contains_key(parent) && self.known(parent).is_none()) {
            return None;
        }
        let message = format!("上级组织编码「{parent}」不在本表中，也不在您管理的组织中。请核对");
        Some(finding(OrgField::Parent, "unknown_org", message))
    }

    /// What can be said of a row only with the others: refuses rows, and says whether it refused any that stood before.
    fn check_together(&mut self, rows: &mut [&mut OrgChecked]) -> bool {
        for row in 0..rows.len() {
            let Some(draft) = self.own(rows, row) else { continue };
            if rows[row].errors.is_empty() {
                continue;
            }
            match self.known(&draft.code).map(|org| self.node_of(org)) {
                Some(node) => self.after.insert(draft.code.clone(), node),
                None => self.after.remove(&draft.code),
            };
        }
        let mut refused = Vec::new();
        for row in 0..rows.len() {
            let Some(draft) = self.own(rows, row).filter(|_| rows[row].errors.is_empty()) else { continue };
            if let Some(found) = self.misplaced(draft) {
                refused.push((row, found));
            }
        }
        let any = !refused.is_empty();
        for (row, found) in refused {
            rows[row].errors.push(found);
        }
        any
    }

    fn misplaced(&self, draft: &OrgDraft) -> Option<OrgFinding> {
        let unknown = |message: String| Some(finding(OrgField::Parent, "unknown_org", message));
        let node = self.after.get(&draft.code)?;
        let parent = node.parent.as_ref()?;
        let Some(above) = self.after.get(parent) else {
            return unknown(format!("上级组织「{parent}」在本表中，但那一行未通过。请一并改正"));
        };
        if self.stands_under_itself(&draft.code) {
            return unknown(format!("上级组织编码「{parent}」使本组织归到自己之下（ORG-10）。请核对"));
        }
        let stands = self.known(&draft.code).map(|org| self.node_of(org));
        let same = stands.is_some_and(|stands| stands.kind == node.kind && stands.parent == node.parent);
        let (Some(kind), Some(above)) = (node.kind, above.kind) else { return None };
        if same || above.may_contain(kind) {
            return None;
        }
        unknown(format!("{}之下不能设{}（ORG-10）。请核对组织类别和上级组织编码", above.name(), kind.name()))
    }

    fn stands_under_itself(&self, code: &str) -> bool {
        self.above(code).take(self.after.len() + 1).any(|above| above == code)
    }

    fn above<'s>(&'s self, code: &'s str) -> impl Iterator<Item = &'s str> {
        std::iter::successors(Some(code), |code| self.after.get(*code)?.parent.as_deref()).skip(1)
    }

    fn depth(&self, code: &str) -> usize {
        self.above(code).take(self.after.len()).count()
    }

    fn step(&self, rows: &[&mut OrgChecked], row: usize) -> Step {
        let Some(draft) = self.own(rows, row).filter(|_| rows[row].errors.is_empty()) else { return Step::Refused };
        let Some(index) = self.known.get(draft.code.as_str()) else { return Step::New };
        let org = &self.orgs[*index];
        let stays = draft
            .parent
            .as_ref()
            .is_none_or(|parent| org.parent.and_then(|id| self.codes.get(&id)).is_some_and(|code| code == parent));
        if stays && edit_of(org, draft).is_none() { Step::Unchanged } else { Step::Change(*index) }
    }
}

impl Write<'_> {
    /// The same as [`Store::settle_orgs`], inside this command: what it finds still holds when the plan is applied.
    pub async fn settle_orgs(
        &mut self,
        task: &ImportTask,
        rows: &mut [&mut OrgChecked],
        progress: &Progress,
    ) -> Result<OrgPlan, StoreError> {
        settle(&mut self.tx, self.root, task, rows, progress).await
    }
}

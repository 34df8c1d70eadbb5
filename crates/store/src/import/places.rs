//! The organisations that a roster's rows may name, held in memory for one import, and those that the import will create.

use super::ImportTask;
use crate::error::StoreError;
use crate::org::{COLUMNS, Org, org_of};
use rules::ids::{OrgId, RootOrg};
use rules::intake::{Code, Draft, Field, Finding};
use rules::org::OrgKind;
use rules::text::compact;
use sqlx::{AnyConnection, AssertSqlSafe};
use std::collections::HashMap;

/// Organisations read at a time.
const PAGE: i64 = 1_000;

/// Where a row puts a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// An organisation of the register, by its index.
    Known(usize),
    /// One to be created, by its index.
    Planned(usize),
}

/// A branch that a roster names and the register lacks.
#[derive(Debug)]
pub(super) struct Planned {
    pub(super) name: String,
    pub(super) code: String,
    pub(super) kind: OrgKind,
    /// Whether an accepted row puts somebody there.
    pub(super) needed: bool,
}

/// What stands at the top of the actor's scope.
#[derive(Debug, Clone)]
pub(super) enum Top {
    /// This organisation.
    Known(usize),
    /// Nothing yet: a committee of this name will be founded.
    Founded(String),
    /// None, or more than one: new branches have no place.
    Unclear,
}

#[derive(Debug)]
pub(super) struct Places {
    pub(super) orgs: Vec<Org>,
    pub(super) planned: Vec<Planned>,
    pub(super) top: Top,
    by_id: HashMap<OrgId, usize>,
    by_code: HashMap<String, usize>,
    by_name: HashMap<String, Vec<usize>>,
    planned_by_name: HashMap<String, usize>,
}

/// Every organisation of the enterprise, the dissolved ones too, in preorder.
pub(super) async fn all_orgs(db: &mut AnyConnection, root: RootOrg) -> Result<Vec<Org>, StoreError> {
    let text = format!("SELECT {COLUMNS} FROM org o WHERE o.root_org = $1 AND o.path > $2 ORDER BY o.path LIMIT $3");
    let mut orgs: Vec<Org> = Vec::new();
    loop {
        let after = orgs.last().map(|org| org.path.clone()).unwrap_or_default();
        let rows =
            sqlx::query(AssertSqlSafe(text.clone())).bind(root.0).bind(after).bind(PAGE).fetch_all(&mut *db).await?;
        for row in &rows {
            orgs.push(org_of(row)?);
        }
        if (rows.len() as i64) < PAGE {
            return Ok(orgs);
        }
    }
}

fn unknown(field: Field, message: String) -> Finding {
    Finding::new(field, Code::UnknownOrg, message)
}

impl Places {
    pub(super) async fn load(db: &mut AnyConnection, root: RootOrg, task: &ImportTask) -> Result<Self, StoreError> {
        let orgs = all_orgs(db, root).await?;
        let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
        for (index, org) in orgs.iter().enumerate().filter(|(_, org)| task.covers(&org.path)) {
            by_name.entry(compact(&org.name)).or_default().push(index);
        }
        let top = match (&task.scope[..], orgs.is_empty(), &task.found) {
            (_, true, Some(name)) => Top::Founded(name.clone()),
            ([path], false, _) => orgs
                .iter()
                .position(|org| if path.is_empty() { org.parent.is_none() } else { org.path == *path })
                .map_or(Top::Unclear, Top::Known),
            _ => Top::Unclear,
        };
        Ok(Places {
            by_id: orgs.iter().enumerate().map(|(index, org)| (org.id, index)).collect(),
            by_code: orgs.iter().enumerate().map(|(index, org)| (org.code.clone(), index)).collect(),
            by_name,
            orgs,
            planned: Vec::new(),
            planned_by_name: HashMap::new(),
            top,
        })
    }

    /// The organisation of an id.
    pub(super) fn place_of(&self, id: OrgId) -> Option<Place> {
        self.by_id.get(&id).map(|index| Place::Known(*index))
    }

    /// Where a row puts a person who now belongs to `current`; none when the row does not say. A name that occurs twice is no
    /// answer, unless the person belongs to one of them already.
    pub(super) fn resolve(
        &mut self,
        draft: &Draft,
        current: Option<OrgId>,
        task: &ImportTask,
        warnings: &mut Vec<Finding>,
    ) -> Result<Option<Place>, Finding> {
        let current = current.and_then(|id| self.by_id.get(&id).copied());
        let name = draft.org.as_deref();
        let Some(code) = draft.org_code.as_deref() else {
            return name.map(|name| self.by_name(name, current, task)).transpose();
        };
        let found = self.by_code.get(code).copied().filter(|index| task.covers(&self.orgs[*index].path));
        match (found, name) {
            (Some(index), name) => {
                let org = &self.orgs[index];
                if name.is_some_and(|name| compact(&org.name) != name) {
                    let message = format!("编码 {code} 的党组织是「{}」，与所填名称不同，按编码登记。请核对", org.name);
                    warnings.push(unknown(Field::Org, message));
                }
                self.usable(index, current, Field::OrgCode).map(Some)
            }
            (None, Some(name)) if task.create_orgs && !self.by_name.contains_key(name) => {
                self.plan(name, code).map(Some)
            }
            (None, _) => Err(unknown(
                Field::OrgCode,
                format!("没有编码为「{code}」的党组织，或不在您的管理范围内。请核对编码，或先导入组织表"),
            )),
        }
    }

    fn by_name(&mut self, name: &str, current: Option<usize>, task: &ImportTask) -> Result<Place, Finding> {
        let named = self.by_name.get(name).map(Vec::as_slice).unwrap_or_default();
        if let Some(index) = current.filter(|index| compact(&self.orgs[*index].name) == name) {
            return Ok(Place::Known(index));
        }
        let open: Vec<usize> = named.iter().copied().filter(|index| self.holds_members(*index)).collect();
        match (open.as_slice(), named) {
            ([index], _) => Ok(Place::Known(*index)),
            ([], [index, ..]) => self.usable(*index, None, Field::Org),
            ([], []) if task.create_orgs => self.plan(name, ""),
            ([], []) => Err(unknown(
                Field::Org,
                format!("没有名为「{name}」的党组织，或不在您的管理范围内。请核对名称，或先导入组织表"),
            )),
            _ => Err(unknown(
                Field::Org,
                format!("名为「{name}」的党组织有 {} 个，无法判断是哪一个。请加填党支部编码", open.len()),
            )),
        }
    }

    fn holds_members(&self, index: usize) -> bool {
        self.orgs[index].dissolved_on.is_none() && self.orgs[index].kind.holds_members()
    }

    fn usable(&self, index: usize, current: Option<usize>, field: Field) -> Result<Place, Finding> {
        let org = &self.orgs[index];
        if current == Some(index) || self.holds_members(index) {
            return Ok(Place::Known(index));
        }
        Err(match org.dissolved_on {
            Some(day) => unknown(field, format!("「{}」已于 {day} 撤销。请另填党支部", org.name)),
            None => unknown(field, format!("「{}」是{}，党员须编入党支部或党小组。请改填", org.name, org.kind.name())),
        })
    }

    /// A branch to be created under the top of the scope; its kind is what its name ends with.
    fn plan(&mut self, name: &str, code: &str) -> Result<Place, Finding> {
        if let Some(index) = self.planned_by_name.get(name) {
            let planned = &mut self.planned[*index];
            if planned.code.is_empty() {
                planned.code = code.to_owned();
            }
            if !code.is_empty() && planned.code != code {
                let message = format!("「{name}」在本表中有两个编码：{} 和 {code}。请统一", planned.code);
                return Err(unknown(Field::OrgCode, message));
            }
            return Ok(Place::Planned(*index));
        }
        if !code.is_empty() && (self.by_code.contains_key(code) || self.planned.iter().any(|one| one.code == code)) {
            let message = format!("编码「{code}」已属于另一党组织，不能用于「{name}」。请核对");
            return Err(unknown(Field::OrgCode, message));
        }
        let kind = OrgKind::of_name(name).unwrap_or(OrgKind::Branch);
        let above = match &self.top {
            Top::Known(index) => self.orgs[*index].kind,
            Top::Founded(_) => OrgKind::Committee,
            Top::Unclear => {
                let message = format!("「{name}」不存在，也不能自动建立：没有唯一的上级组织。请先导入组织表");
                return Err(unknown(Field::Org, message));
            }
        };
        if !kind.holds_members() || !above.may_contain(kind) {
            let message = format!(
                "「{name}」不存在，也不能自动建立：{}之下不能由花名册新建{}（ORG-10）。请先导入组织表",
                above.name(),
                kind.name()
            );
            return Err(unknown(Field::Org, message));
        }
        self.planned_by_name.insert(name.to_owned(), self.planned.len());
        self.planned.push(Planned { name: name.to_owned(), code: code.to_owned(), kind, needed: false });
        Ok(Place::Planned(self.planned.len() - 1))
    }
}

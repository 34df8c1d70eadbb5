//! Writing an organisation sheet's accepted rows, superiors before what stands below them.

use super::orgs::{OrgPlan, Step};
use super::{ImportTask, Progress};
use crate::error::StoreError;
use crate::org::{NewOrg, Org, OrgEdit};
use crate::write::{Versioned, Write};
use rules::ids::OrgId;
use rules::intake::{OrgChecked, OrgDraft};
use std::collections::HashMap;

/// What a row says differently from the organisation as it stands.
pub(super) fn edit_of(org: &Org, draft: &OrgDraft) -> Option<OrgEdit> {
    fn given<T: PartialEq + Clone>(old: &Option<T>, new: &Option<T>) -> Option<Option<T>> {
        (new.is_some() && new != old).then(|| new.clone())
    }
    let edit = OrgEdit {
        name: (draft.name != org.name).then(|| draft.name.clone()),
        kind: draft.kind.filter(|kind| *kind != org.kind),
        unit_name: given(&org.unit_name, &draft.unit_name),
        uscc: given(&org.uscc, &draft.uscc),
        founded_on: given(&org.founded_on, &draft.founded_on),
        term_from: given(&org.term_from, &draft.term_from),
        ..OrgEdit::default()
    };
    let says = edit.name.is_some()
        || edit.kind.is_some()
        || edit.unit_name.is_some()
        || edit.uscc.is_some()
        || edit.founded_on.is_some()
        || edit.term_from.is_some();
    says.then_some(edit)
}

impl Write<'_> {
    /// Writes the accepted rows, which must be those that were settled, superiors first.
    pub async fn apply_orgs(
        &mut self,
        plan: &OrgPlan,
        task: &ImportTask,
        rows: &[&OrgChecked],
        progress: &Progress,
    ) -> Result<(), StoreError> {
        let mut ids: HashMap<String, OrgId> = plan.orgs.iter().map(|org| (org.code.clone(), org.id)).collect();
        for row in &plan.order {
            let draft = &rows[*row].draft;
            let parent = draft.parent.as_ref().and_then(|code| ids.get(code)).copied();
            match plan.steps[*row] {
                Step::New => {
                    let kind = draft.kind.ok_or_else(|| StoreError::Corrupt("组织类别".to_owned()))?;
                    let org = self.insert_org(kind, new_org(draft, parent), None).await?;
                    ids.insert(org.code, org.id);
                }
                Step::Change(index) => self.change_org(&plan.orgs[index], draft, parent, task).await?,
                Step::Refused | Step::Unchanged => {}
            }
            progress.add(1);
        }
        Ok(())
    }

    async fn change_org(
        &mut self,
        org: &Org,
        draft: &OrgDraft,
        parent: Option<OrgId>,
        task: &ImportTask,
    ) -> Result<(), StoreError> {
        self.take_version(Versioned::Org, org.id.0, org.version).await?;
        if let Some(parent) = parent.filter(|parent| org.parent != Some(*parent)) {
            let (now, to) = (self.org(org.id).await?, self.org(parent).await?);
            self.move_subtree(&now, &to, task.today).await?;
        }
        match edit_of(org, draft) {
            Some(edit) => self.edit_org(org.id, edit, task.today).await,
            None => Ok(()),
        }
    }
}

fn new_org(draft: &OrgDraft, parent: Option<OrgId>) -> NewOrg {
    NewOrg {
        parent,
        code: draft.code.clone(),
        name: draft.name.clone(),
        unit_name: draft.unit_name.clone(),
        uscc: draft.uscc.clone(),
        founded_on: draft.founded_on,
        term_from: draft.term_from,
        term_years: None,
    }
}

//! Changes of the organisation tree: create, edit, move, merge, split, dissolve. Each is one command, dated, and leaves its history.

use crate::error::StoreError;
use crate::org::{NewOrg, Org, OrgEdit};
use crate::org_write::subject;
use crate::write::{Subject, Versioned};
use crate::{Author, Store};
use jiff::civil::Date;
use rules::ids::{OrgId, PersonId};
use rules::org::OrgKind;
use std::collections::BTreeSet;

/// How many names a refusal lists.
const LISTED: usize = 20;

impl Store {
    /// Creates an organisation. It holds from `on`, or since always when that is not given.
    pub async fn create_org(
        &self,
        author: impl Into<Author>,
        kind: OrgKind,
        new: NewOrg,
        on: Option<Date>,
    ) -> Result<Org, StoreError> {
        let mut write = self.begin(author, "org.create").await?;
        let org = write.insert_org(kind, new, on).await?;
        write.describe(subject(&org), "", format!("新建{}「{}」", org.kind.name(), org.name));
        write.commit().await?;
        Ok(org)
    }

    /// Corrects an organisation's data; a new name or kind holds from `on`.
    pub async fn edit_org(
        &self,
        author: impl Into<Author>,
        (id, version): (OrgId, i64),
        edit: OrgEdit,
        on: Date,
        reason: &str,
    ) -> Result<(), StoreError> {
        let mut write = self.begin(author, "org.edit").await?;
        write.take_version(Versioned::Org, id.0, version).await?;
        let org = write.standing_org(id).await?;
        write.edit_org(id, edit, on).await?;
        write.describe(Subject::of("org", id.0), reason, format!("修改「{}」的信息", org.name));
        write.commit().await?;
        Ok(())
    }

    /// Puts an organisation, with everything below it, under another (ORG-10: never under itself).
    pub async fn move_org(
        &self,
        author: impl Into<Author>,
        (id, version): (OrgId, i64),
        to: OrgId,
        on: Date,
        reason: &str,
    ) -> Result<(), StoreError> {
        let mut write = self.begin(author, "org.move").await?;
        write.take_version(Versioned::Org, id.0, version).await?;
        let org = write.standing_org(id).await?;
        let parent = write.org(to).await?;
        if org.parent == Some(parent.id) {
            let message = format!("「{}」已在「{}」之下。请另选上级组织。", org.name, parent.name);
            return Err(StoreError::refused("org_place", message));
        }
        write.move_subtree(&org, &parent, on).await?;
        write.describe(subject(&org), reason, format!("「{}」划归「{}」", org.name, parent.name));
        write.commit().await?;
        Ok(())
    }

    /// Joins an organisation into another: its members and what stands below it move over, its posts end, it is dissolved.
    /// Transfers under way to it go to the other.
    pub async fn merge_org(
        &self,
        author: impl Into<Author>,
        (id, version): (OrgId, i64),
        into: OrgId,
        on: Date,
        reason: &str,
    ) -> Result<(), StoreError> {
        let mut write = self.begin(author, "org.merge").await?;
        write.take_version(Versioned::Org, id.0, version).await?;
        let org = write.standing_org(id).await?;
        let target = write.org(into).await?;
        if target.path.starts_with(&org.path) {
            return Err(StoreError::refused("org_cycle", "不能并入自身或下级组织（ORG-10）。请另选组织。"));
        }
        if target.dissolved_on.is_some() {
            let message = format!("「{}」已撤销，不能并入。请另选组织。", target.name);
            return Err(StoreError::refused("org_dissolved", message));
        }
        write.redirect_transfers(org.id, target.id).await?;
        for person in write.direct_persons(id).await? {
            write.move_person(person, &target, on).await?;
        }
        for child in write.children(id).await? {
            write.move_subtree(&child, &target, on).await?;
        }
        write.close_org(&org, on).await?;
        write.describe(subject(&org), reason, format!("「{}」并入「{}」", org.name, target.name));
        write.note(subject(&target), &serde_json::json!({ "merged": org.id })).await?;
        write.commit().await?;
        Ok(())
    }

    /// Takes some members of a branch, or of its groups, out into a new organisation of the same kind beside it.
    pub async fn split_org(
        &self,
        author: impl Into<Author>,
        (id, version): (OrgId, i64),
        new: NewOrg,
        members: &[PersonId],
        on: Date,
        reason: &str,
    ) -> Result<Org, StoreError> {
        let mut write = self.begin(author, "org.split").await?;
        write.take_version(Versioned::Org, id.0, version).await?;
        let org = write.standing_org(id).await?;
        let Some(parent) = org.parent else {
            return Err(StoreError::refused("org_top", "最上级组织不能分设。"));
        };
        if !org.kind.holds_members() {
            let message = format!("「{}」是{}，只有党支部和党小组可以分设。", org.name, org.kind.name());
            return Err(StoreError::refused("org_place", message));
        }
        let members: BTreeSet<PersonId> = members.iter().copied().collect();
        let own: BTreeSet<PersonId> = write.persons_below(&org).await?.into_iter().collect();
        let strangers = members.difference(&own).count();
        if strangers > 0 {
            let message = format!("所选人员中有 {strangers} 人不在「{}」。请刷新名单后重选。", org.name);
            return Err(StoreError::refused("not_in_org", message));
        }
        if members.is_empty() {
            return Err(StoreError::refused("missing_required", "没有选择划出的人员。请至少选择 1 人。"));
        }
        let created = write.insert_org(org.kind, NewOrg { parent: Some(parent), ..new }, Some(on)).await?;
        for person in &members {
            write.move_person(*person, &created, on).await?;
        }
        let summary = format!("由「{}」分设「{}」，划出 {} 人", org.name, created.name, members.len());
        write.note(subject(&org), &serde_json::json!({ "split": created.id })).await?;
        write.describe(subject(&org), reason, summary);
        write.commit().await?;
        Ok(created)
    }

    /// Dissolves an organisation that is empty (ORG-10: 撤销须先清空). A refusal lists who and what is still there.
    pub async fn dissolve_org(
        &self,
        author: impl Into<Author>,
        (id, version): (OrgId, i64),
        on: Date,
        reason: &str,
    ) -> Result<(), StoreError> {
        let mut write = self.begin(author, "org.dissolve").await?;
        write.take_version(Versioned::Org, id.0, version).await?;
        let org = write.standing_org(id).await?;
        if org.parent.is_none() {
            return Err(StoreError::refused("org_top", "最上级组织不能撤销。"));
        }
        let mut left: Vec<String> = write.children(id).await?.into_iter().map(|child| child.name).collect();
        left.extend(write.direct_names(id).await?);
        if !left.is_empty() {
            let shown = left.iter().take(LISTED).cloned().collect::<Vec<_>>().join("、");
            let more = if left.len() > LISTED { format!(" 等 {} 项", left.len()) } else { String::new() };
            let message = format!("「{}」还有下级组织或人员，撤销前须先转出（ORG-10）：{shown}{more}。", org.name);
            return Err(StoreError::refused("org_not_empty", message));
        }
        let coming = write.transfers_to(id).await?;
        if coming > 0 {
            let message = format!("还有 {coming} 件转入「{}」的申请没有办结，撤销前须先办理（ORG-10）。", org.name);
            return Err(StoreError::refused("org_not_empty", message));
        }
        write.close_org(&org, on).await?;
        write.describe(subject(&org), reason, format!("撤销「{}」", org.name));
        write.commit().await?;
        Ok(())
    }
}

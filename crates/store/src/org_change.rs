//! Changes of the organisation tree: create, edit, move, merge, split, dissolve, posts. Each is dated and leaves its history.

use crate::error::StoreError;
use crate::org::{COLUMNS, NewOrg, Org, OrgEdit, find, org_of};
use crate::sql::{ALWAYS, OPEN, get, subtree_bounds};
use crate::write::{Subject, Versioned, Write};
use crate::{Author, Store};
use jiff::civil::Date;
use rules::date::{day_number, from_day_number};
use rules::ids::{OrgId, PersonId, PostId};
use rules::org::{OrgKind, PostKind};
use rules::pinyin;
use serde::Serialize;
use sqlx::{AssertSqlSafe, Row};

/// What a ledger item says of a change: the whole before and after.
#[derive(Serialize)]
pub(crate) struct Changed<'a, T> {
    pub(crate) before: &'a T,
    pub(crate) after: &'a T,
}

#[derive(Serialize)]
struct PostNote {
    post: &'static str,
    org: OrgId,
    from: Option<Date>,
    to: Option<Date>,
}

fn subject(org: &Org) -> Subject {
    Subject::of("org", org.id.0)
}

impl Store {
    /// Creates an organisation. It holds from `on`, or since always when that is not given.
    pub async fn create_org(&self, author: impl Into<Author>, kind: OrgKind, new: NewOrg, on: Option<Date>) -> Result<Org, StoreError> {
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
        write.edit_org(id, edit, on).await?;
        write.describe(Subject::of("org", id.0), reason, "修改党组织信息");
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
        let org = write.org(id).await?;
        let parent = write.org(to).await?;
        write.move_subtree(&org, &parent, on).await?;
        write.describe(subject(&org), reason, format!("「{}」划归「{}」", org.name, parent.name));
        write.commit().await?;
        Ok(())
    }

    /// Joins an organisation into another: its members and what stands below it move over, its posts end, it is dissolved.
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
        let org = write.org(id).await?;
        let target = write.org(into).await?;
        if target.path.starts_with(&org.path) {
            return Err(StoreError::refused("org_cycle", "不能并入自身或下级组织（ORG-10）。请另选组织。"));
        }
        if target.dissolved_on.is_some() {
            return Err(StoreError::refused("org_dissolved", format!("「{}」已撤销，不能并入。请另选组织。", target.name)));
        }
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

    /// Takes some members of a branch out into a new organisation of the same kind beside it.
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
        let org = write.org(id).await?;
        let Some(parent) = org.parent else {
            return Err(StoreError::refused("org_top", "最上级组织不能分设。"));
        };
        let own = write.direct_persons(id).await?;
        if let Some(stranger) = members.iter().find(|person| !own.contains(person)) {
            return Err(StoreError::refused("not_in_org", format!("编号 {stranger} 的人员不在「{}」。请刷新名单后重选。", org.name)));
        }
        let created = write.insert_org(org.kind, NewOrg { parent: Some(parent), ..new }, Some(on)).await?;
        for person in members {
            write.move_person(*person, &created, on).await?;
        }
        write.describe(subject(&org), reason, format!("由「{}」分设「{}」，划出 {} 人", org.name, created.name, members.len()));
        write.commit().await?;
        Ok(created)
    }

    /// Dissolves an organisation that is empty (ORG-10: 撤销须先清空). A refusal lists who and what is still there.
    pub async fn dissolve_org(&self, author: impl Into<Author>, (id, version): (OrgId, i64), on: Date, reason: &str) -> Result<(), StoreError> {
        let mut write = self.begin(author, "org.dissolve").await?;
        write.take_version(Versioned::Org, id.0, version).await?;
        let org = write.org(id).await?;
        if org.parent.is_none() {
            return Err(StoreError::refused("org_top", "最上级组织不能撤销。"));
        }
        let mut left: Vec<String> = write.children(id).await?.into_iter().map(|child| child.name).collect();
        left.extend(write.direct_names(id).await?);
        if !left.is_empty() {
            let shown = left.iter().take(20).cloned().collect::<Vec<_>>().join("、");
            let more = if left.len() > 20 { format!(" 等 {} 项", left.len()) } else { String::new() };
            let message = format!("「{}」还有下级组织或人员，撤销前须先转出（ORG-10）：{shown}{more}。", org.name);
            return Err(StoreError::refused("org_not_empty", message));
        }
        write.close_org(&org, on).await?;
        write.describe(subject(&org), reason, format!("撤销「{}」", org.name));
        write.commit().await?;
        Ok(())
    }

    /// Gives a post to a person of the organisation's subtree.
    pub async fn assign_post(
        &self,
        author: impl Into<Author>,
        org: OrgId,
        person: PersonId,
        post: PostKind,
        from: Date,
    ) -> Result<PostId, StoreError> {
        let mut write = self.begin(author, "post.assign").await?;
        let id = write.insert_post(org, person, post, from, None).await?;
        let org = write.org(org).await?;
        write.describe(subject(&org), "", format!("「{}」任命{}", org.name, post.name()));
        write.commit().await?;
        Ok(id)
    }

    /// Ends a post on a day.
    pub async fn end_post(&self, author: impl Into<Author>, org: OrgId, post: PostId, on: Date, reason: &str) -> Result<(), StoreError> {
        let mut write = self.begin(author, "post.end").await?;
        let row = sqlx::query("SELECT person_id, post, from_day FROM post WHERE root_org = $1 AND id = $2 AND org_id = $3 AND to_day = $4")
            .bind(write.root.0)
            .bind(post.0)
            .bind(org.0)
            .bind(OPEN)
            .fetch_optional(&mut *write.tx)
            .await?
            .ok_or(StoreError::NotFound("任职"))?;
        if get::<i64, _>(&row, "from_day")? > day_number(on) {
            return Err(StoreError::refused("bad_date", "免职日期早于任职日期。请核对。"));
        }
        sqlx::query("UPDATE post SET to_day = $3 WHERE root_org = $1 AND id = $2")
            .bind(write.root.0)
            .bind(post.0)
            .bind(day_number(on))
            .execute(&mut *write.tx)
            .await?;
        let person = PersonId(get(&row, "person_id")?);
        let kind = PostKind::from_code(get(&row, "post")?).map_or("", PostKind::key);
        let key = write.person_key(person).await?;
        write.note_person(person, &key, &PostNote { post: kind, org, from: None, to: Some(on) }).await?;
        write.describe(Subject::of("org", org.0), reason, "免去职务");
        write.commit().await?;
        Ok(())
    }
}

impl Write<'_> {
    /// An organisation as it stands inside this command.
    pub(crate) async fn org(&mut self, id: OrgId) -> Result<Org, StoreError> {
        find(&mut *self.tx, self.root, id).await
    }

    /// An organisation by its code, if there is one.
    pub(crate) async fn org_by_code(&mut self, code: &str) -> Result<Option<Org>, StoreError> {
        sqlx::query(AssertSqlSafe(format!("SELECT {COLUMNS} FROM org o WHERE o.root_org = $1 AND o.code = $2")))
            .bind(self.root.0)
            .bind(code)
            .fetch_optional(&mut *self.tx)
            .await?
            .map(|row| org_of(&row))
            .transpose()
    }

    async fn children(&mut self, id: OrgId) -> Result<Vec<Org>, StoreError> {
        sqlx::query(AssertSqlSafe(format!(
            "SELECT {COLUMNS} FROM org o WHERE o.root_org = $1 AND o.parent_id = $2 AND o.dissolved_on IS NULL ORDER BY o.path"
        )))
        .bind(self.root.0)
        .bind(id.0)
        .fetch_all(&mut *self.tx)
        .await?
        .iter()
        .map(org_of)
        .collect()
    }

    async fn direct_persons(&mut self, id: OrgId) -> Result<Vec<PersonId>, StoreError> {
        let rows = sqlx::query("SELECT person_id FROM spell WHERE root_org = $1 AND org_id = $2 AND to_day = $3 ORDER BY person_id")
            .bind(self.root.0)
            .bind(id.0)
            .bind(OPEN)
            .fetch_all(&mut *self.tx)
            .await?;
        rows.iter().map(|row| Ok(PersonId(row.try_get(0)?))).collect()
    }

    async fn direct_names(&mut self, id: OrgId) -> Result<Vec<String>, StoreError> {
        let rows = sqlx::query(
            "SELECT p.name FROM spell s JOIN person p ON p.root_org = s.root_org AND p.id = s.person_id \
             WHERE s.root_org = $1 AND s.org_id = $2 AND s.to_day = $3 ORDER BY p.name",
        )
        .bind(self.root.0)
        .bind(id.0)
        .bind(OPEN)
        .fetch_all(&mut *self.tx)
        .await?;
        rows.iter().map(|row| get(row, "name")).collect()
    }

    /// ORG-10: what may stand where.
    async fn check_place(&mut self, parent: Option<OrgId>, kind: OrgKind) -> Result<Option<Org>, StoreError> {
        let Some(parent) = parent else { return Ok(None) };
        let parent = self.org(parent).await?;
        if parent.dissolved_on.is_some() {
            return Err(StoreError::refused("org_dissolved", format!("「{}」已撤销。请另选上级组织。", parent.name)));
        }
        if parent.kind.may_contain(kind) {
            return Ok(Some(parent));
        }
        let message = format!("{}之下不能设{}（ORG-10）。请另选上级组织。", parent.kind.name(), kind.name());
        Err(StoreError::refused("org_place", message))
    }

    pub(crate) async fn insert_org(&mut self, kind: OrgKind, new: NewOrg, on: Option<Date>) -> Result<Org, StoreError> {
        let name = new.name.trim().to_owned();
        if name.is_empty() {
            return Err(StoreError::refused("missing_required", "组织名称没有填写。"));
        }
        let parent = self.check_place(new.parent, kind).await?;
        let path = match &parent {
            Some(parent) => self.next_path(parent).await?,
            None => self.root_path().await?,
        };
        let org = Org {
            id: OrgId(self.new_id()),
            version: 1,
            parent: new.parent,
            code: if new.code.trim().is_empty() { path.clone() } else { new.code.trim().to_owned() },
            path,
            kind,
            name,
            unit_name: new.unit_name,
            uscc: new.uscc,
            founded_on: new.founded_on,
            term_from: new.term_from,
            term_years: new.term_years.or(kind.usual_term_years()),
            dissolved_on: None,
        };
        sqlx::query(
            "INSERT INTO org (root_org, id, version, parent_id, path, next_child, kind, code, name, initials, unit_name, uscc, founded_on, term_from, term_years) \
             VALUES ($1,$2,1,$3,$4,1,$5,$6,$7,$8,$9,$10,$11,$12,$13)",
        )
        .bind(self.root.0)
        .bind(org.id.0)
        .bind(org.parent.map(|id| id.0))
        .bind(&org.path)
        .bind(org.kind.code())
        .bind(&org.code)
        .bind(&org.name)
        .bind(pinyin::initials(&org.name))
        .bind(org.unit_name.clone())
        .bind(org.uscc.clone())
        .bind(org.founded_on.map(day_number))
        .bind(org.term_from.map(day_number))
        .bind(org.term_years.map(i64::from))
        .execute(&mut *self.tx)
        .await
        .map_err(|e| code_taken(e.into(), &org.code))?;
        self.insert_org_spell(&org, on.map_or(ALWAYS, day_number)).await?;
        self.note(subject(&org), &org).await?;
        Ok(org)
    }

    /// Applies an edit inside a command; the version has been taken already, or the caller holds the only copy.
    pub(crate) async fn edit_org(&mut self, id: OrgId, edit: OrgEdit, on: Date) -> Result<(), StoreError> {
        let before = self.org(id).await?;
        let mut after = before.clone();
        if let Some(kind) = edit.kind {
            self.check_place(before.parent, kind).await?;
            if let Some(child) = self.children(id).await?.into_iter().find(|child| !kind.may_contain(child.kind)) {
                let message = format!("下级组织「{}」不能设在{}之下（ORG-10）。请先调整下级组织。", child.name, kind.name());
                return Err(StoreError::refused("org_place", message));
            }
            after.kind = kind;
        }
        after.name = edit.name.unwrap_or(after.name);
        after.code = edit.code.unwrap_or(after.code);
        after.unit_name = edit.unit_name.unwrap_or(after.unit_name);
        after.uscc = edit.uscc.unwrap_or(after.uscc);
        after.founded_on = edit.founded_on.unwrap_or(after.founded_on);
        after.term_from = edit.term_from.unwrap_or(after.term_from);
        after.term_years = edit.term_years.unwrap_or(after.term_years);
        sqlx::query(
            "UPDATE org SET kind = $3, code = $4, name = $5, initials = $6, unit_name = $7, uscc = $8, founded_on = $9, term_from = $10, term_years = $11 \
             WHERE root_org = $1 AND id = $2",
        )
        .bind(self.root.0)
        .bind(id.0)
        .bind(after.kind.code())
        .bind(&after.code)
        .bind(&after.name)
        .bind(pinyin::initials(&after.name))
        .bind(after.unit_name.clone())
        .bind(after.uscc.clone())
        .bind(after.founded_on.map(day_number))
        .bind(after.term_from.map(day_number))
        .bind(after.term_years.map(i64::from))
        .execute(&mut *self.tx)
        .await
        .map_err(|e| code_taken(e.into(), &after.code))?;
        if (&before.name, before.kind) != (&after.name, after.kind) {
            self.restart_spells(&after.path, false, on).await?;
        }
        self.note(subject(&after), &Changed { before: &before, after: &after }).await
    }

    async fn next_path(&mut self, parent: &Org) -> Result<String, StoreError> {
        let row = sqlx::query("UPDATE org SET next_child = next_child + 1 WHERE root_org = $1 AND id = $2 RETURNING next_child")
            .bind(self.root.0)
            .bind(parent.id.0)
            .fetch_one(&mut *self.tx)
            .await?;
        Ok(format!("{}{}", parent.path, segment(row.try_get::<i64, _>(0)? - 1)?))
    }

    async fn root_path(&mut self) -> Result<String, StoreError> {
        let row = sqlx::query("SELECT COUNT(*) FROM org WHERE root_org = $1 AND parent_id IS NULL")
            .bind(self.root.0)
            .fetch_one(&mut *self.tx)
            .await?;
        if row.try_get::<i64, _>(0)? > 0 {
            return Err(StoreError::refused("org_top", "企业已有最上级组织，新组织须填写上级组织。"));
        }
        segment(1)
    }

    pub(crate) async fn move_subtree(&mut self, org: &Org, parent: &Org, on: Date) -> Result<(), StoreError> {
        if parent.path.starts_with(&org.path) {
            return Err(StoreError::refused("org_cycle", format!("不能把「{}」划归它自己或它的下级组织（ORG-10）。请另选上级组织。", org.name)));
        }
        self.check_place(Some(parent.id), org.kind).await?;
        let path = self.next_path(parent).await?;
        let [from, to] = subtree_bounds(&org.path);
        sqlx::query("UPDATE org SET parent_id = $3 WHERE root_org = $1 AND id = $2")
            .bind(self.root.0)
            .bind(org.id.0)
            .bind(parent.id.0)
            .execute(&mut *self.tx)
            .await?;
        sqlx::query("UPDATE org SET path = $4 || substr(path, CAST($5 AS INTEGER)) WHERE root_org = $1 AND path >= $2 AND path <= $3")
            .bind(self.root.0)
            .bind(from)
            .bind(to)
            .bind(&path)
            .bind(org.path.len() as i64 + 1)
            .execute(&mut *self.tx)
            .await?;
        self.restart_spells(&path, true, on).await?;
        self.note(subject(org), &serde_json::json!({ "parent": { "before": org.parent, "after": parent.id } })).await
    }

    /// Begins new spells on a day for one organisation, or for its whole subtree, from what the org rows say now.
    async fn restart_spells(&mut self, path: &str, subtree: bool, on: Date) -> Result<(), StoreError> {
        let [from, to] = if subtree { subtree_bounds(path) } else { [path.to_owned(), path.to_owned()] };
        let on = day_number(on);
        let within = "org_id IN (SELECT id FROM org WHERE root_org = $1 AND path >= $2 AND path <= $3)";
        let later = sqlx::query(AssertSqlSafe(format!(
            "SELECT MAX(from_day) AS latest FROM org_spell WHERE root_org = $1 AND to_day = $4 AND {within}"
        )))
        .bind(self.root.0)
        .bind(&from)
        .bind(&to)
        .bind(OPEN)
        .fetch_one(&mut *self.tx)
        .await?;
        if let Some(latest) = get::<Option<i64>, _>(&later, "latest")?.filter(|latest| *latest > on) {
            let latest = from_day_number(latest).map(|day| day.to_string()).unwrap_or_default();
            return Err(StoreError::refused("bad_date", format!("生效日期早于上一次变动的日期 {latest}。请改用 {latest} 或以后的日期。")));
        }
        for statement in [
            "DELETE FROM org_spell WHERE root_org = $1 AND to_day = $4 AND from_day = $5 AND ",
            "UPDATE org_spell SET to_day = $5 WHERE root_org = $1 AND to_day = $4 AND ",
        ] {
            sqlx::query(AssertSqlSafe(format!("{statement}{within}")))
                .bind(self.root.0)
                .bind(&from)
                .bind(&to)
                .bind(OPEN)
                .bind(on)
                .execute(&mut *self.tx)
                .await?;
        }
        sqlx::query(
            "INSERT INTO org_spell (root_org, org_id, from_day, to_day, parent_id, path, kind, name) \
             SELECT root_org, id, CAST($4 AS BIGINT), CAST($5 AS BIGINT), parent_id, path, kind, name FROM org \
             WHERE root_org = $1 AND path >= $2 AND path <= $3 AND dissolved_on IS NULL",
        )
        .bind(self.root.0)
        .bind(&from)
        .bind(&to)
        .bind(on)
        .bind(OPEN)
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }

    async fn insert_org_spell(&mut self, org: &Org, from: i64) -> Result<(), StoreError> {
        sqlx::query("INSERT INTO org_spell (root_org, org_id, from_day, to_day, parent_id, path, kind, name) VALUES ($1,$2,$3,$4,$5,$6,$7,$8)")
            .bind(self.root.0)
            .bind(org.id.0)
            .bind(from)
            .bind(OPEN)
            .bind(org.parent.map(|id| id.0))
            .bind(&org.path)
            .bind(org.kind.code())
            .bind(&org.name)
            .execute(&mut *self.tx)
            .await?;
        Ok(())
    }

    /// Ends an organisation's existence: its spell and its posts end, the row stays.
    async fn close_org(&mut self, org: &Org, on: Date) -> Result<(), StoreError> {
        for statement in [
            "UPDATE org SET dissolved_on = $3 WHERE root_org = $1 AND id = $2 AND $4 = $4",
            "UPDATE org_spell SET to_day = $3 WHERE root_org = $1 AND org_id = $2 AND to_day = $4",
            "UPDATE post SET to_day = $3 WHERE root_org = $1 AND org_id = $2 AND to_day = $4",
        ] {
            sqlx::query(statement)
                .bind(self.root.0)
                .bind(org.id.0)
                .bind(day_number(on))
                .bind(OPEN)
                .execute(&mut *self.tx)
                .await?;
        }
        self.note(subject(org), &serde_json::json!({ "dissolved_on": on })).await
    }

    pub(crate) async fn insert_post(
        &mut self,
        org: OrgId,
        person: PersonId,
        post: PostKind,
        from: Date,
        to: Option<Date>,
    ) -> Result<PostId, StoreError> {
        let place = self.org(org).await?;
        if !post.exists_in(place.kind) {
            return Err(StoreError::refused("post_place", format!("{}不设{}。请另选职务。", place.kind.name(), post.name())));
        }
        let held = sqlx::query(
            "SELECT q.name, p.post, p.person_id FROM post p JOIN person q ON q.root_org = p.root_org AND q.id = p.person_id \
             WHERE p.root_org = $1 AND p.org_id = $2 AND p.to_day = $3",
        )
        .bind(self.root.0)
        .bind(org.0)
        .bind(OPEN)
        .fetch_all(&mut *self.tx)
        .await?;
        for row in &held {
            let (name, kind, holder): (String, i64, i64) = (get(row, "name")?, get(row, "post")?, get(row, "person_id")?);
            if kind == post.code() && (post.is_single() || holder == person.0) {
                return Err(StoreError::refused("post_held", format!("{}现由{name}担任。请先办理免职，再任命。", post.name())));
            }
        }
        let id = PostId(self.new_id());
        sqlx::query("INSERT INTO post (root_org, id, org_id, person_id, post, from_day, to_day) VALUES ($1,$2,$3,$4,$5,$6,$7)")
            .bind(self.root.0)
            .bind(id.0)
            .bind(org.0)
            .bind(person.0)
            .bind(post.code())
            .bind(day_number(from))
            .bind(crate::sql::end_number(to))
            .execute(&mut *self.tx)
            .await?;
        let key = self.person_key(person).await?;
        self.note_person(person, &key, &PostNote { post: post.key(), org, from: Some(from), to }).await?;
        Ok(id)
    }
}

fn code_taken(e: StoreError, code: &str) -> StoreError {
    if e.is_duplicate() {
        return StoreError::refused("duplicate_code", format!("组织编码「{code}」已被使用。请换一个编码。"));
    }
    e
}

/// Four base-36 digits; `zzzz` is never used, because it marks the end of a subtree's range.
fn segment(n: i64) -> Result<String, StoreError> {
    const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    const LAST: i64 = 36 * 36 * 36 * 36 - 1;
    if !(1..LAST).contains(&n) {
        return Err(StoreError::refused("org_too_many", "同一上级之下的组织太多。"));
    }
    Ok([46_656, 1_296, 36, 1].iter().map(|place| DIGITS[(n / place % 36) as usize] as char).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_sort_like_their_numbers() {
        let segments: Vec<String> = [1, 9, 10, 35, 36, 1295, 1296, 46_656].map(|n| segment(n).unwrap()).to_vec();
        assert!(segments.windows(2).all(|pair| pair[0] < pair[1]), "{segments:?}");
        assert_eq!(segments[0], "0001");
        assert!(segment(36 * 36 * 36 * 36 - 1).is_err());
    }
}

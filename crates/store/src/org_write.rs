//! How changes of the tree are written: rows, spells and notes inside one command. Which changes there are is `org_change`'s to say.

use crate::error::StoreError;
use crate::org::{COLUMNS, NewOrg, Org, OrgEdit, find, org_of};
use crate::sql::{ALWAYS, OPEN, get, subtree_bounds};
use crate::write::{Subject, Write};
use jiff::civil::Date;
use rules::date::day_number;
use rules::ids::{OrgId, PersonId};
use rules::org::OrgKind;
use rules::pinyin;
use serde::Serialize;
use sqlx::{AssertSqlSafe, Row};

/// What a ledger item says of a change: the whole before and after.
#[derive(Serialize)]
pub(crate) struct Changed<'a, T> {
    pub(crate) before: &'a T,
    pub(crate) after: &'a T,
}

/// Rows of history of the organisations whose paths lie between `$2` and `$3`.
const WITHIN: &str = "org_id IN (SELECT id FROM org WHERE root_org = $1 AND path >= $2 AND path <= $3)";

pub(crate) fn subject(org: &Org) -> Subject {
    Subject::of("org", org.id.0)
}

impl Write<'_> {
    /// An organisation as it stands inside this command.
    pub(crate) async fn org(&mut self, id: OrgId) -> Result<Org, StoreError> {
        find(&mut *self.tx, self.root, id).await
    }

    /// The same, refused when it has been dissolved.
    pub(crate) async fn standing_org(&mut self, id: OrgId) -> Result<Org, StoreError> {
        let org = self.org(id).await?;
        match org.dissolved_on {
            Some(day) => {
                let message = format!("「{}」已于 {day} 撤销，不能再办理。请刷新页面。", org.name);
                Err(StoreError::refused("org_dissolved", message))
            }
            None => Ok(org),
        }
    }

    pub(crate) async fn children(&mut self, id: OrgId) -> Result<Vec<Org>, StoreError> {
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

    pub(crate) async fn direct_persons(&mut self, id: OrgId) -> Result<Vec<PersonId>, StoreError> {
        let rows = sqlx::query(
            "SELECT person_id FROM spell WHERE root_org = $1 AND org_id = $2 AND to_day = $3 ORDER BY person_id",
        )
        .bind(self.root.0)
        .bind(id.0)
        .bind(OPEN)
        .fetch_all(&mut *self.tx)
        .await?;
        rows.iter().map(|row| Ok(PersonId(row.try_get(0)?))).collect()
    }

    /// Everybody in an organisation's subtree.
    pub(crate) async fn persons_below(&mut self, org: &Org) -> Result<Vec<PersonId>, StoreError> {
        let [from, to] = subtree_bounds(&org.path);
        let rows = sqlx::query(
            "SELECT s.person_id FROM spell s JOIN org o ON o.root_org = s.root_org AND o.id = s.org_id \
             WHERE s.root_org = $1 AND s.to_day = $2 AND o.path >= $3 AND o.path <= $4",
        )
        .bind(self.root.0)
        .bind(OPEN)
        .bind(from)
        .bind(to)
        .fetch_all(&mut *self.tx)
        .await?;
        rows.iter().map(|row| Ok(PersonId(row.try_get(0)?))).collect()
    }

    pub(crate) async fn direct_names(&mut self, id: OrgId) -> Result<Vec<String>, StoreError> {
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
        let name = name_of(&new.name)?;
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
                let message =
                    format!("下级组织「{}」不能设在{}之下（ORG-10）。请先调整下级组织。", child.name, kind.name());
                return Err(StoreError::refused("org_place", message));
            }
            if !kind.holds_members() && before.kind.holds_members() {
                let own = self.direct_names(id).await?.len();
                if own > 0 {
                    let message = format!(
                        "「{}」直接编入 {own} 人，不能改为{}。请先把人员转入党支部。",
                        before.name,
                        kind.name()
                    );
                    return Err(StoreError::refused("org_place", message));
                }
            }
            after.kind = kind;
        }
        after.name = name_of(&edit.name.unwrap_or(after.name))?;
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
        if let Some((from, years)) = before.term_from.zip(before.term_years)
            && after.term_from.is_some_and(|new| new > from)
        {
            self.keep_term(id, from, years).await?;
        }
        if (&before.name, before.kind) != (&after.name, after.kind) {
            self.restart_spells(&after.path, false, on).await?;
        }
        self.note(subject(&after), &Changed { before: &before, after: &after }).await
    }

    /// Keeps a term that another one follows.
    pub(crate) async fn keep_term(&mut self, id: OrgId, from: Date, years: i32) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO org_term (root_org, org_id, from_day, years) VALUES ($1,$2,$3,$4) \
             ON CONFLICT (root_org, org_id, from_day) DO UPDATE SET years = excluded.years",
        )
        .bind(self.root.0)
        .bind(id.0)
        .bind(day_number(from))
        .bind(i64::from(years))
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }

    async fn next_path(&mut self, parent: &Org) -> Result<String, StoreError> {
        let row = sqlx::query(
            "UPDATE org SET next_child = next_child + 1 WHERE root_org = $1 AND id = $2 RETURNING next_child",
        )
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
            return Err(StoreError::refused(
                "org_cycle",
                format!("不能把「{}」划归它自己或它的下级组织（ORG-10）。请另选上级组织。", org.name),
            ));
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
        let span = if subtree { subtree_bounds(path) } else { [path.to_owned(), path.to_owned()] };
        self.check_after_last_change(&span, on).await?;
        let ([from, to], on) = (span, day_number(on));
        for statement in [
            "DELETE FROM org_spell WHERE root_org = $1 AND to_day = $4 AND from_day = $5 AND ",
            "UPDATE org_spell SET to_day = $5 WHERE root_org = $1 AND to_day = $4 AND ",
        ] {
            sqlx::query(AssertSqlSafe(format!("{statement}{WITHIN}")))
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

    /// Refuses a day before the last change of the organisations in a span of paths.
    async fn check_after_last_change(&mut self, span: &[String; 2], on: Date) -> Result<(), StoreError> {
        let row = sqlx::query(AssertSqlSafe(format!(
            "SELECT MAX(from_day) AS latest FROM org_spell WHERE root_org = $1 AND to_day = $4 AND {WITHIN}"
        )))
        .bind(self.root.0)
        .bind(&span[0])
        .bind(&span[1])
        .bind(OPEN)
        .fetch_one(&mut *self.tx)
        .await?;
        let latest = crate::sql::day_opt(get(&row, "latest")?)?;
        match latest.filter(|latest| *latest > on) {
            Some(latest) => {
                let message = format!("生效日期早于上一次变动的日期 {latest}。请改用 {latest} 或以后的日期。");
                Err(StoreError::refused("bad_date", message))
            }
            None => Ok(()),
        }
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
    pub(crate) async fn close_org(&mut self, org: &Org, on: Date) -> Result<(), StoreError> {
        self.check_after_last_change(&[org.path.clone(), org.path.clone()], on).await?;
        self.end_posts_of(org.id, on).await?;
        sqlx::query("UPDATE org SET dissolved_on = $3 WHERE root_org = $1 AND id = $2")
            .bind(self.root.0)
            .bind(org.id.0)
            .bind(day_number(on))
            .execute(&mut *self.tx)
            .await?;
        sqlx::query("UPDATE org_spell SET to_day = $3 WHERE root_org = $1 AND org_id = $2 AND to_day = $4")
            .bind(self.root.0)
            .bind(org.id.0)
            .bind(day_number(on))
            .bind(OPEN)
            .execute(&mut *self.tx)
            .await?;
        self.note(subject(org), &serde_json::json!({ "dissolved_on": on })).await
    }
}

fn name_of(text: &str) -> Result<String, StoreError> {
    match text.trim() {
        "" => Err(StoreError::refused("missing_required", "组织名称没有填写。请补填。")),
        name => Ok(name.to_owned()),
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

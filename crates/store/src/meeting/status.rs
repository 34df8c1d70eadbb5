//! For how long nothing is asked of a member (MEET-11) and for how long a member has no vote (VOTE-03). The ground is sealed under the
//! person's key.

use crate::error::StoreError;
use crate::person::key_of;
use crate::sql::{OPEN, day, end, end_number, get, in_subtrees, subtree_bounds};
use crate::write::{Subject, Write};
use crate::{Author, Store};
use jiff::civil::Date;
use rules::date::day_number;
use rules::ids::{OrgId, PersonId, RootOrg, StatusId};
use sealed::KeyRing;
use serde_json::json;
use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;

/// Most characters of a ground.
const LONGEST: usize = 200;

/// What holds of a member for a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StatusKind {
    /// 不作硬性要求: old, ill or disabled (MEET-11; 党员教育管理工作条例 第二十三条).
    Excused,
    /// 无表决权、选举权、被选举权: during 留党察看, or suspended by the competent organisation (VOTE-03).
    WithoutRights,
}

impl StatusKind {
    /// Both kinds.
    pub const ALL: &'static [StatusKind] = &[StatusKind::Excused, StatusKind::WithoutRights];

    /// The identifier used in JSON and stored.
    pub fn key(self) -> &'static str {
        match self {
            StatusKind::Excused => "excused",
            StatusKind::WithoutRights => "without_rights",
        }
    }

    /// The kind of an identifier.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.key() == key)
    }

    /// The Chinese name.
    pub fn name(self) -> &'static str {
        match self {
            StatusKind::Excused => "免除参加组织生活",
            StatusKind::WithoutRights => "中止党员权利",
        }
    }
}

/// What holds of a member for a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberStatus {
    /// Its id.
    pub id: StatusId,
    /// Of whom.
    pub person: PersonId,
    /// That person's name.
    pub person_name: String,
    /// Where that person belongs today; none after leaving the register.
    pub org: Option<(OrgId, String)>,
    /// What.
    pub kind: StatusKind,
    /// Since when.
    pub from: Date,
    /// Until when (that day no more); `None` while it lasts.
    pub to: Option<Date>,
    /// On what ground.
    pub ground: String,
}

/// A status to be written.
#[derive(Debug, Clone)]
pub struct NewStatus {
    /// Of whom.
    pub person: PersonId,
    /// What.
    pub kind: StatusKind,
    /// Since when.
    pub from: Date,
    /// Until when (that day no more); `None` for as long as it lasts.
    pub to: Option<Date>,
    /// On what ground.
    pub ground: String,
}

fn place(root: RootOrg, person: PersonId, id: StatusId) -> String {
    format!("member-status:{root}:{person}:{id}")
}

/// The ground of a row with the columns `status_id`, `status_sealed` and `person_key`.
pub(super) fn ground_of(ring: &KeyRing, root: RootOrg, person: PersonId, row: &AnyRow) -> Result<String, StoreError> {
    let Some(key) = key_of(ring, root, person, get(row, "person_key")?)? else { return Ok(String::new()) };
    let id = StatusId(get(row, "status_id")?);
    let sealed: Vec<u8> = get(row, "status_sealed")?;
    let plain = key.open(&sealed, place(root, person, id).as_bytes())?;
    Ok(String::from_utf8_lossy(&plain).into_owned())
}

const COLUMNS: &str = "t.id AS status_id, t.person_id, t.kind, t.from_day, t.to_day, t.sealed AS status_sealed, p.name, p.person_key, \
    o.id AS org_id, o.name AS org_name";
const TABLES: &str = "member_status t JOIN person p ON p.root_org = t.root_org AND p.id = t.person_id \
    LEFT JOIN spell s ON s.root_org = t.root_org AND s.person_id = t.person_id AND s.to_day = 99991231 \
    LEFT JOIN org o ON o.root_org = s.root_org AND o.id = s.org_id";

fn status_of(ring: &KeyRing, root: RootOrg, row: &AnyRow) -> Result<MemberStatus, StoreError> {
    let (kind, person): (String, i64) = (get(row, "kind")?, get(row, "person_id")?);
    let org = get::<Option<i64>, _>(row, "org_id")?.map(OrgId).zip(get(row, "org_name")?);
    Ok(MemberStatus {
        id: StatusId(get(row, "status_id")?),
        person: PersonId(person),
        person_name: get(row, "name")?,
        org,
        kind: StatusKind::from_key(&kind).ok_or_else(|| StoreError::Corrupt(format!("党员情况 {kind}")))?,
        from: day(get(row, "from_day")?)?,
        to: end(get(row, "to_day")?)?,
        ground: ground_of(ring, root, PersonId(person), row)?,
    })
}

impl Store {
    /// What holds of a member from a day on.
    pub async fn put_status(
        &self,
        author: impl Into<Author>,
        new: &NewStatus,
        today: Date,
    ) -> Result<StatusId, StoreError> {
        check(new, today)?;
        let mut write = self.begin(author, "status.put").await?;
        let person = write.person(new.person).await?;
        if person.left || !person.record.standing.stage.is_member() {
            return Err(StoreError::refused("not_member", "只有党员可以登记。请核对档案。"));
        }
        if write.has_status(new).await? {
            let message = format!("这段时间已登记「{}」。请先结束原来的登记。", new.kind.name());
            return Err(StoreError::refused("status_overlaps", message));
        }
        let id = StatusId(write.new_id());
        let key = write.person_key(new.person).await?;
        let sealed = key.seal(new.ground.trim().as_bytes(), place(write.root, new.person, id).as_bytes())?;
        sqlx::query(
            "INSERT INTO member_status (root_org, id, person_id, kind, from_day, to_day, sealed) VALUES ($1,$2,$3,$4,$5,$6,$7)",
        )
        .bind(write.root.0)
        .bind(id.0)
        .bind(new.person.0)
        .bind(new.kind.key())
        .bind(day_number(new.from))
        .bind(end_number(new.to))
        .bind(sealed)
        .execute(&mut *write.tx)
        .await?;
        let note = json!({ "status": new.kind.key(), "from": new.from, "to": new.to, "ground": new.ground.trim() });
        write.note_person(new.person, &key, &note).await?;
        write.describe(Subject::person(new.person), "", format!("登记{}", new.kind.name()));
        write.commit().await?;
        Ok(id)
    }

    /// Ends a status on a day: that day it holds no more.
    pub async fn end_status(
        &self,
        author: impl Into<Author>,
        id: StatusId,
        (on, today): (Date, Date),
        reason: &str,
    ) -> Result<(), StoreError> {
        let mut write = self.begin(author, "status.end").await?;
        let status = write.status(id).await?;
        if on < status.from || on > today || status.to.is_some_and(|to| to < on) {
            let last = status.to.map_or(today, |to| to.min(today));
            let message = format!("结束日期应在 {} 至 {last} 之间。请改正。", status.from);
            return Err(StoreError::refused("bad_date", message));
        }
        sqlx::query("UPDATE member_status SET to_day = $3 WHERE root_org = $1 AND id = $2")
            .bind(write.root.0)
            .bind(id.0)
            .bind(day_number(on))
            .execute(&mut *write.tx)
            .await?;
        let key = write.person_key(status.person).await?;
        let note = json!({ "status": status.kind.key(), "to": on, "reason": reason.trim() });
        write.note_person(status.person, &key, &note).await?;
        // The reason is about a person: it stands in the sealed item.
        write.describe(Subject::person(status.person), "", format!("结束{}", status.kind.name()));
        write.commit().await?;
        Ok(())
    }

    /// What holds, or held, of members of these subtrees, running ones first.
    pub async fn statuses(&self, root: RootOrg, scope: &[String]) -> Result<Vec<MemberStatus>, StoreError> {
        let text = format!(
            "SELECT {COLUMNS} FROM {TABLES} WHERE t.root_org = $1 AND {} ORDER BY t.to_day DESC, t.id DESC",
            in_subtrees("o.path", 2, scope.len())
        );
        let mut query = sqlx::query(AssertSqlSafe(text)).bind(root.0);
        for bound in scope.iter().flat_map(|path| subtree_bounds(path)) {
            query = query.bind(bound);
        }
        query.fetch_all(&self.db.read).await?.iter().map(|row| status_of(&self.ring, root, row)).collect()
    }

    /// What holds, or held, of one person, running ones first.
    pub async fn statuses_of(&self, root: RootOrg, person: PersonId) -> Result<Vec<MemberStatus>, StoreError> {
        let text = format!(
            "SELECT {COLUMNS} FROM {TABLES} WHERE t.root_org = $1 AND t.person_id = $2 ORDER BY t.to_day DESC, t.id DESC"
        );
        let rows = sqlx::query(AssertSqlSafe(text)).bind(root.0).bind(person.0).fetch_all(&self.db.read).await?;
        rows.iter().map(|row| status_of(&self.ring, root, row)).collect()
    }

    /// One status: whose it is decides who may end it.
    pub async fn status(&self, root: RootOrg, id: StatusId) -> Result<MemberStatus, StoreError> {
        let text = format!("SELECT {COLUMNS} FROM {TABLES} WHERE t.root_org = $1 AND t.id = $2");
        let row = sqlx::query(AssertSqlSafe(text)).bind(root.0).bind(id.0).fetch_optional(&self.db.read).await?;
        status_of(&self.ring, root, &row.ok_or(StoreError::NotFound("登记"))?)
    }
}

fn check(new: &NewStatus, today: Date) -> Result<(), StoreError> {
    let ground = new.ground.trim();
    if ground.is_empty() {
        return Err(StoreError::refused("missing_required", "依据和原因没有填写。请补填。"));
    }
    if ground.chars().count() > LONGEST {
        return Err(StoreError::refused("too_long", format!("依据和原因最多 {LONGEST} 个字。请精简。")));
    }
    if new.from > today {
        return Err(StoreError::refused("bad_date", format!("起始日期 {} 在今天之后。请到时再登记。", new.from)));
    }
    if new.to.is_some_and(|to| to <= new.from) {
        return Err(StoreError::refused("bad_date", "结束日期应晚于起始日期。请改正。"));
    }
    Ok(())
}

impl Write<'_> {
    async fn status(&mut self, id: StatusId) -> Result<MemberStatus, StoreError> {
        let text = format!("SELECT {COLUMNS} FROM {TABLES} WHERE t.root_org = $1 AND t.id = $2");
        let row = sqlx::query(AssertSqlSafe(text)).bind(self.root.0).bind(id.0).fetch_optional(&mut *self.tx).await?;
        status_of(&self.store.ring, self.root, &row.ok_or(StoreError::NotFound("登记"))?)
    }

    async fn has_status(&mut self, new: &NewStatus) -> Result<bool, StoreError> {
        let row = sqlx::query(
            "SELECT COUNT(*) AS n FROM member_status WHERE root_org = $1 AND person_id = $2 AND kind = $3 AND from_day < $4 AND to_day > $5",
        )
        .bind(self.root.0)
        .bind(new.person.0)
        .bind(new.kind.key())
        .bind(new.to.map_or(OPEN, day_number))
        .bind(day_number(new.from))
        .fetch_one(&mut *self.tx)
        .await?;
        Ok(get::<i64, _>(&row, "n")? > 0)
    }
}

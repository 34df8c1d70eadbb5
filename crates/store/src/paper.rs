//! Documents that belong to an organisation and its work: photographs of minutes, notices, templates of its own. Name and content are
//! sealed under the key ring. What sort of file is accepted is not decided here.

use crate::error::StoreError;
use crate::id::now_ms;
use crate::sql::get;
use crate::write::{Subject, Write};
use crate::{NewFile, Store};
use rules::ids::{OrgId, PaperId, RootOrg};
use sealed::KeyRing;
use sqlx::any::AnyRow;

/// A document without its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paper {
    /// Its id.
    pub id: PaperId,
    /// The organisation that answers for it.
    pub org: OrgId,
    /// What it belongs to: a `meeting`, an `election`, a `template` …
    pub owner: (String, i64),
    /// Its name.
    pub name: String,
    /// What it is, by content.
    pub media_type: String,
    /// Its size in bytes.
    pub size: i64,
    /// When it was added, UTC milliseconds.
    pub added_at: i64,
    /// Who added it, by the name of the account.
    pub added_by: String,
}

pub(crate) const PAPER_COLUMNS: &str = "id, org_id, owner_kind, owner_id, name, media_type, size, added_at, added_by";

fn place(root: RootOrg, id: PaperId, what: &str) -> String {
    format!("paper-{what}:{root}:{id}")
}

pub(crate) fn paper_of(ring: &KeyRing, root: RootOrg, row: &AnyRow) -> Result<Paper, StoreError> {
    let id = PaperId(get(row, "id")?);
    let name = ring.open_sealed(&get::<Vec<u8>, _>(row, "name")?, place(root, id, "name").as_bytes())?;
    Ok(Paper {
        id,
        org: OrgId(get(row, "org_id")?),
        owner: (get(row, "owner_kind")?, get(row, "owner_id")?),
        name: String::from_utf8_lossy(&name).into_owned(),
        media_type: get(row, "media_type")?,
        size: get(row, "size")?,
        added_at: get(row, "added_at")?,
        added_by: get(row, "added_by")?,
    })
}

impl Write<'_> {
    /// Adds a document to what it belongs to.
    pub(crate) async fn add_paper(
        &mut self,
        org: OrgId,
        owner: Subject,
        new: NewFile<'_>,
    ) -> Result<PaperId, StoreError> {
        let id = PaperId(self.new_id());
        let name = self.store.ring.seal(new.name.as_bytes(), place(self.root, id, "name").as_bytes())?;
        let content = self.store.ring.seal(new.bytes, place(self.root, id, "content").as_bytes())?;
        sqlx::query(
            "INSERT INTO paper (root_org, id, org_id, owner_kind, owner_id, name, media_type, size, added_at, added_by, sealed) \
             VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11)",
        )
        .bind(self.root.0)
        .bind(id.0)
        .bind(org.0)
        .bind(owner.kind)
        .bind(owner.id)
        .bind(name)
        .bind(new.media_type)
        .bind(new.bytes.len() as i64)
        .bind(now_ms())
        .bind(self.author_name())
        .bind(content)
        .execute(&mut *self.tx)
        .await?;
        Ok(id)
    }

    /// Takes a document away from what it belongs to.
    pub(crate) async fn remove_paper(&mut self, owner: Subject, id: PaperId) -> Result<(), StoreError> {
        let done =
            sqlx::query("DELETE FROM paper WHERE root_org = $1 AND id = $2 AND owner_kind = $3 AND owner_id = $4")
                .bind(self.root.0)
                .bind(id.0)
                .bind(owner.kind)
                .bind(owner.id)
                .execute(&mut *self.tx)
                .await?;
        if done.rows_affected() == 0 { Err(StoreError::NotFound("文件")) } else { Ok(()) }
    }
}

impl Store {
    /// The documents of something, oldest first.
    pub async fn papers(&self, root: RootOrg, owner: Subject) -> Result<Vec<Paper>, StoreError> {
        let text = format!(
            "SELECT {PAPER_COLUMNS} FROM paper WHERE root_org = $1 AND owner_kind = $2 AND owner_id = $3 ORDER BY id"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(text))
            .bind(root.0)
            .bind(owner.kind)
            .bind(owner.id)
            .fetch_all(&self.db.read)
            .await?;
        rows.iter().map(|row| paper_of(&self.ring, root, row)).collect()
    }

    /// A document with its content.
    pub async fn paper(&self, root: RootOrg, id: PaperId) -> Result<(Paper, Vec<u8>), StoreError> {
        let text = format!("SELECT {PAPER_COLUMNS}, sealed FROM paper WHERE root_org = $1 AND id = $2");
        let row = sqlx::query(sqlx::AssertSqlSafe(text))
            .bind(root.0)
            .bind(id.0)
            .fetch_optional(&self.db.read)
            .await?
            .ok_or(StoreError::NotFound("文件"))?;
        let sealed: Vec<u8> = get(&row, "sealed")?;
        let content = self.ring.open_sealed(&sealed, place(root, id, "content").as_bytes())?;
        Ok((paper_of(&self.ring, root, &row)?, content))
    }
}

//! Attachments of a dossier: name and content sealed under the person's key. What sort of file is accepted is not decided here.

use crate::error::StoreError;
use crate::person::key_of;
use crate::sql::get;
use crate::write::{Subject, Write};
use crate::{Author, Store};
use rules::ids::{FileId, PersonId, RootOrg};
use sealed::{KeyRing, PersonKey};
use sqlx::any::AnyRow;

/// Most attachments of one person.
pub const MOST_FILES: i64 = 100;

/// An attachment without its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileInfo {
    /// Its id.
    pub id: FileId,
    /// Whose dossier it belongs to.
    pub person: PersonId,
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

/// An attachment to be added.
pub struct NewFile<'a> {
    /// Its name.
    pub name: &'a str,
    /// What it is, by content.
    pub media_type: &'a str,
    /// The content.
    pub bytes: &'a [u8],
}

fn name_place(root: RootOrg, id: FileId) -> String {
    format!("file-name:{root}:{id}")
}

fn content_place(root: RootOrg, id: FileId) -> String {
    format!("file:{root}:{id}")
}

fn file_of(ring: &KeyRing, root: RootOrg, row: &AnyRow) -> Result<Option<(FileInfo, PersonKey)>, StoreError> {
    let person = PersonId(get(row, "person_id")?);
    let Some(key) = key_of(ring, root, person, get(row, "person_key")?)? else { return Ok(None) };
    Ok(Some((file_info(root, person, &key, row)?, key)))
}

/// An attachment of a person whose key is at hand.
pub(crate) fn file_info(
    root: RootOrg,
    person: PersonId,
    key: &PersonKey,
    row: &AnyRow,
) -> Result<FileInfo, StoreError> {
    let id = FileId(get(row, "id")?);
    let name = key.open(&get::<Vec<u8>, _>(row, "name")?, name_place(root, id).as_bytes())?;
    Ok(FileInfo {
        id,
        person,
        name: String::from_utf8_lossy(&name).into_owned(),
        media_type: get(row, "media_type")?,
        size: get(row, "size")?,
        added_at: get(row, "added_at")?,
        added_by: get(row, "added_by")?,
    })
}

/// Name and content of an attachment as they are stored.
pub(crate) fn sealed_file(
    root: RootOrg,
    id: FileId,
    key: &PersonKey,
    (name, bytes): (&str, &[u8]),
) -> Result<(Vec<u8>, Vec<u8>), StoreError> {
    let name = key.seal(name.as_bytes(), name_place(root, id).as_bytes())?;
    Ok((name, key.seal(bytes, content_place(root, id).as_bytes())?))
}

impl Store {
    /// Adds an attachment to a dossier.
    pub async fn add_file(
        &self,
        author: impl Into<Author>,
        person: PersonId,
        new: NewFile<'_>,
    ) -> Result<FileInfo, StoreError> {
        let mut write = self.begin(author, "file.add").await?;
        let file = write.insert_file(person, new).await?;
        write.describe(Subject::person(person), "", format!("存入材料（{} 字节）", file.size));
        write.commit().await?;
        Ok(file)
    }

    /// A dossier's attachments, newest first.
    pub async fn files(&self, root: RootOrg, person: PersonId) -> Result<Vec<FileInfo>, StoreError> {
        self.files_of(root, &[person]).await
    }

    /// The attachments of several dossiers, newest first.
    pub(crate) async fn files_of(&self, root: RootOrg, persons: &[PersonId]) -> Result<Vec<FileInfo>, StoreError> {
        let text = format!(
            "SELECT f.id, f.person_id, f.name, f.media_type, f.size, f.added_at, f.added_by, p.person_key FROM file f \
             JOIN person p ON p.root_org = f.root_org AND p.id = f.person_id WHERE f.root_org = $1 AND f.person_id IN ({}) ORDER BY f.id DESC",
            if persons.is_empty() { "NULL".to_owned() } else { crate::sql::placeholders(2, persons.len()) }
        );
        let mut query = sqlx::query(sqlx::AssertSqlSafe(text)).bind(root.0);
        for person in persons {
            query = query.bind(person.0);
        }
        let rows = query.fetch_all(&self.db.read).await?;
        let found = rows.iter().map(|row| file_of(&self.ring, root, row)).collect::<Result<Vec<_>, _>>()?;
        Ok(found.into_iter().flatten().map(|(file, _)| file).collect())
    }

    /// One attachment, without its content.
    pub async fn file(&self, root: RootOrg, id: FileId) -> Result<FileInfo, StoreError> {
        let row = sqlx::query(
            "SELECT f.id, f.person_id, f.name, f.media_type, f.size, f.added_at, f.added_by, p.person_key FROM file f \
             JOIN person p ON p.root_org = f.root_org AND p.id = f.person_id WHERE f.root_org = $1 AND f.id = $2",
        )
        .bind(root.0)
        .bind(id.0)
        .fetch_optional(&self.db.read)
        .await?
        .ok_or(StoreError::NotFound("材料"))?;
        file_of(&self.ring, root, &row)?.map(|(file, _)| file).ok_or(StoreError::NotFound("材料"))
    }

    /// An attachment's content.
    pub async fn file_content(&self, root: RootOrg, file: &FileInfo) -> Result<Vec<u8>, StoreError> {
        let row = sqlx::query(
            "SELECT f.sealed, p.person_key FROM file f JOIN person p ON p.root_org = f.root_org AND p.id = f.person_id \
             WHERE f.root_org = $1 AND f.id = $2",
        )
        .bind(root.0)
        .bind(file.id.0)
        .fetch_optional(&self.db.read)
        .await?
        .ok_or(StoreError::NotFound("材料"))?;
        let key =
            key_of(&self.ring, root, file.person, get(&row, "person_key")?)?.ok_or(StoreError::NotFound("材料"))?;
        Ok(key.open(&get::<Vec<u8>, _>(&row, "sealed")?, content_place(root, file.id).as_bytes())?)
    }
}

impl Write<'_> {
    /// Adds an attachment to a dossier, and says so under the person's key.
    pub(crate) async fn insert_file(&mut self, person: PersonId, new: NewFile<'_>) -> Result<FileInfo, StoreError> {
        let key = self.person_key(person).await?;
        let row = sqlx::query("SELECT COUNT(*) AS n FROM file WHERE root_org = $1 AND person_id = $2")
            .bind(self.root.0)
            .bind(person.0)
            .fetch_one(&mut *self.tx)
            .await?;
        if get::<i64, _>(&row, "n")? >= MOST_FILES {
            let message = format!("一份档案最多存 {MOST_FILES} 个材料。请合并成一个文件后再上传，或联系系统管理员。");
            return Err(StoreError::refused("too_many_files", message));
        }
        let file = FileInfo {
            id: FileId(self.new_id()),
            person,
            name: new.name.to_owned(),
            media_type: new.media_type.to_owned(),
            size: new.bytes.len() as i64,
            added_at: crate::id::now_ms(),
            added_by: self.author_name().to_owned(),
        };
        let (name, sealed) = sealed_file(self.root, file.id, &key, (new.name, new.bytes))?;
        sqlx::query(
            "INSERT INTO file (root_org, id, person_id, name, media_type, size, added_at, added_by, sealed) \
             VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9)",
        )
        .bind(self.root.0)
        .bind(file.id.0)
        .bind(person.0)
        .bind(name)
        .bind(&file.media_type)
        .bind(file.size)
        .bind(file.added_at)
        .bind(&file.added_by)
        .bind(sealed)
        .execute(&mut *self.tx)
        .await?;
        self.note_person(person, &key, &serde_json::json!({ "file": file.id, "name": file.name })).await?;
        Ok(file)
    }
}

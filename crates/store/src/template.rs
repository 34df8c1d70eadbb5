//! Templates of an organisation's own. One takes the place of a built-in template (`rules::template`) in that organisation and
//! below, unless one stands nearer. What a file may hold is not decided here.

use crate::error::StoreError;
use crate::org::SEGMENT;
use crate::paper::{PAPER_COLUMNS, paper_of};
use crate::sql::{get, placeholders};
use crate::write::{Subject, Versioned, Write};
use crate::{Author, NewFile, Org, Paper, Store, now_ms};
use rules::ids::{OrgId, PaperId, RootOrg, TemplateId};
use serde_json::json;
use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;

/// A template of an organisation's own, as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnTemplate {
    /// Its id.
    pub id: TemplateId,
    /// How often its file was put in: 1 for the first.
    pub version: i64,
    /// Whose it is.
    pub org: OrgId,
    /// That organisation's name.
    pub org_name: String,
    /// That organisation's path.
    pub org_path: String,
    /// The built-in template whose place it takes, by key.
    pub base: String,
    /// Whether it was withdrawn.
    pub withdrawn: bool,
}

/// One file of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateVersion {
    /// Its number, from 1.
    pub version: i64,
    /// What was said when it was put in.
    pub note: String,
    /// The file.
    pub paper: Paper,
}

const COLUMNS: &str = "t.id, t.version, t.org_id, o.name AS org_name, o.path AS org_path, t.base, t.withdrawn_at";
const TABLES: &str = "template t JOIN org o ON o.root_org = t.root_org AND o.id = t.org_id";

fn own_of(row: &AnyRow) -> Result<OwnTemplate, StoreError> {
    Ok(OwnTemplate {
        id: TemplateId(get(row, "id")?),
        version: get(row, "version")?,
        org: OrgId(get(row, "org_id")?),
        org_name: get(row, "org_name")?,
        org_path: get(row, "org_path")?,
        base: get(row, "base")?,
        withdrawn: get::<Option<i64>, _>(row, "withdrawn_at")?.is_some(),
    })
}

fn subject(id: TemplateId) -> Subject {
    Subject::of("template", id.0)
}

/// The name of the built-in template, or a refusal: there is none of that key.
fn base_name(base: &str) -> Result<&'static str, StoreError> {
    let found = rules::template::find(base).map(|template| template.name.as_str());
    found.ok_or_else(|| StoreError::NotFound("模板"))
}

impl Store {
    /// The templates that hold in an organisation: its own and those of its superiors, the nearest first.
    pub async fn own_templates(&self, root: RootOrg, org: &Org) -> Result<Vec<OwnTemplate>, StoreError> {
        let ends: Vec<usize> = (SEGMENT..=org.path.len()).step_by(SEGMENT).collect();
        let statement = format!(
            "SELECT {COLUMNS} FROM {TABLES} WHERE t.root_org = $1 AND t.withdrawn_at IS NULL AND o.path IN ({}) \
             ORDER BY o.path DESC, t.id DESC",
            placeholders(2, ends.len())
        );
        let mut query = sqlx::query(AssertSqlSafe(statement)).bind(root.0);
        for end in ends {
            query = query.bind(org.path[..end].to_owned());
        }
        query.fetch_all(&self.db.read).await?.iter().map(own_of).collect()
    }

    /// One template, withdrawn or not.
    pub async fn own_template(&self, root: RootOrg, id: TemplateId) -> Result<OwnTemplate, StoreError> {
        let statement = format!("SELECT {COLUMNS} FROM {TABLES} WHERE t.root_org = $1 AND t.id = $2");
        let row = sqlx::query(AssertSqlSafe(statement)).bind(root.0).bind(id.0).fetch_optional(&self.db.read).await?;
        own_of(&row.ok_or(StoreError::NotFound("模板"))?)
    }

    /// The files of a template, the present one first.
    pub async fn template_versions(&self, root: RootOrg, id: TemplateId) -> Result<Vec<TemplateVersion>, StoreError> {
        let columns = PAPER_COLUMNS.split(", ").map(|column| format!("p.{column}")).collect::<Vec<_>>().join(", ");
        let statement = format!(
            "SELECT {columns}, v.version, v.note FROM template_version v \
             JOIN paper p ON p.root_org = v.root_org AND p.id = v.paper_id \
             WHERE v.root_org = $1 AND v.template_id = $2 ORDER BY v.version DESC"
        );
        let rows = sqlx::query(AssertSqlSafe(statement)).bind(root.0).bind(id.0).fetch_all(&self.db.read).await?;
        rows.iter()
            .map(|row| {
                Ok(TemplateVersion {
                    version: get(row, "version")?,
                    note: get(row, "note")?,
                    paper: paper_of(&self.ring, root, row)?,
                })
            })
            .collect()
    }

    /// A file of a template: its name and its bytes. Without a number the present one.
    pub async fn template_file(
        &self,
        root: RootOrg,
        id: TemplateId,
        version: Option<i64>,
    ) -> Result<(String, Vec<u8>), StoreError> {
        let row = sqlx::query(
            "SELECT paper_id FROM template_version WHERE root_org = $1 AND template_id = $2 AND version <= $3 \
             AND (version = $3 OR $4 = 0) ORDER BY version DESC LIMIT 1",
        )
        .bind(root.0)
        .bind(id.0)
        .bind(version.unwrap_or(i64::MAX))
        .bind(i64::from(version.is_some()))
        .fetch_optional(&self.db.read)
        .await?
        .ok_or(StoreError::NotFound("模板文件"))?;
        let (paper, bytes) = self.paper(root, PaperId(get(&row, "paper_id")?)).await?;
        Ok((paper.name, bytes))
    }

    /// Puts a template in. An organisation has one for each built-in template; another file replaces it.
    pub async fn add_template(
        &self,
        author: impl Into<Author>,
        org: OrgId,
        base: &str,
        file: NewFile<'_>,
        note: &str,
    ) -> Result<TemplateId, StoreError> {
        let name = base_name(base)?;
        let mut write = self.begin(author, "template.add").await?;
        let org = write.standing_org(org).await?;
        let held = sqlx::query(
            "SELECT COUNT(*) AS n FROM template WHERE root_org = $1 AND org_id = $2 AND base = $3 AND withdrawn_at IS NULL",
        )
        .bind(write.root.0)
        .bind(org.id.0)
        .bind(base)
        .fetch_one(&mut *write.tx)
        .await?;
        if get::<i64, _>(&held, "n")? > 0 {
            let message =
                format!("「{}」已有自备的「{name}」模板。要改用新文件，请在该模板上选「换新文件」。", org.name);
            return Err(StoreError::refused("template_held", message));
        }
        let id = TemplateId(write.new_id());
        sqlx::query("INSERT INTO template (root_org, id, version, org_id, base) VALUES ($1,$2,1,$3,$4)")
            .bind(write.root.0)
            .bind(id.0)
            .bind(org.id.0)
            .bind(base)
            .execute(&mut *write.tx)
            .await?;
        write.add_version((id, 1), org.id, file, note).await?;
        write.describe(subject(id), note, format!("「{}」启用自备的「{name}」模板", org.name));
        write.commit().await?;
        Ok(id)
    }

    /// Replaces the file of a template. The earlier ones are kept.
    pub async fn replace_template(
        &self,
        author: impl Into<Author>,
        (id, version): (TemplateId, i64),
        file: NewFile<'_>,
        note: &str,
    ) -> Result<(), StoreError> {
        let mut write = self.begin(author, "template.replace").await?;
        let own = write.standing_template(id).await?;
        write.take_version(Versioned::Template, id.0, version).await?;
        write.add_version((id, version + 1), own.org, file, note).await?;
        let name = base_name(&own.base)?;
        write.describe(subject(id), note, format!("「{}」自备的「{name}」模板改为第 {} 版", own.org_name, version + 1));
        write.commit().await?;
        Ok(())
    }

    /// Withdraws a template: the superior's, or the built-in one, holds again.
    pub async fn withdraw_template(
        &self,
        author: impl Into<Author>,
        (id, version): (TemplateId, i64),
        reason: &str,
    ) -> Result<(), StoreError> {
        let mut write = self.begin(author, "template.withdraw").await?;
        let own = write.standing_template(id).await?;
        write.take_version(Versioned::Template, id.0, version).await?;
        sqlx::query("UPDATE template SET withdrawn_at = $3 WHERE root_org = $1 AND id = $2")
            .bind(write.root.0)
            .bind(id.0)
            .bind(now_ms())
            .execute(&mut *write.tx)
            .await?;
        write.note(subject(id), &json!({ "withdrawn": true })).await?;
        let name = base_name(&own.base)?;
        write.describe(subject(id), reason, format!("「{}」停用自备的「{name}」模板", own.org_name));
        write.commit().await?;
        Ok(())
    }
}

impl Write<'_> {
    /// A template that is not withdrawn.
    async fn standing_template(&mut self, id: TemplateId) -> Result<OwnTemplate, StoreError> {
        let statement = format!("SELECT {COLUMNS} FROM {TABLES} WHERE t.root_org = $1 AND t.id = $2");
        let row =
            sqlx::query(AssertSqlSafe(statement)).bind(self.root.0).bind(id.0).fetch_optional(&mut *self.tx).await?;
        let own = own_of(&row.ok_or(StoreError::NotFound("模板"))?)?;
        if own.withdrawn {
            return Err(StoreError::refused("template_withdrawn", "这份模板已停用。请刷新页面。"));
        }
        Ok(own)
    }

    async fn add_version(
        &mut self,
        (id, version): (TemplateId, i64),
        org: OrgId,
        file: NewFile<'_>,
        note: &str,
    ) -> Result<(), StoreError> {
        let paper = self.add_paper(org, subject(id), file).await?;
        sqlx::query(
            "INSERT INTO template_version (root_org, template_id, version, paper_id, note) VALUES ($1,$2,$3,$4,$5)",
        )
        .bind(self.root.0)
        .bind(id.0)
        .bind(version)
        .bind(paper.0)
        .bind(note.trim())
        .execute(&mut *self.tx)
        .await?;
        self.note(subject(id), &json!({ "version": version, "paper": paper })).await
    }
}

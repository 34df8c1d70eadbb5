//! The papers of a case: files of the person, put to a taking of a step. Those of a step that was taken stay.

use super::subject;
use super::whole::find_whole;
use crate::error::StoreError;
use crate::file::{FileInfo, NewFile, file_info};
use crate::sql::get;
use crate::{Author, Store};
use rules::development::Step;
use rules::ids::{CaseId, FileId, PersonId, RootOrg};
use sealed::PersonKey;
use serde_json::json;
use sqlx::AnyConnection;

/// A paper that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CasePaper {
    /// The step it belongs to.
    pub step: Step,
    /// Which taking of it, from 1; one more than there were for the one still to come.
    pub n: u32,
    /// Which paper of the step.
    pub key: String,
    /// The file.
    pub file: FileInfo,
}

/// The papers of a case, in the order of the steps.
pub(super) async fn papers_of(
    db: &mut AnyConnection,
    root: RootOrg,
    id: CaseId,
    person: PersonId,
    key: &PersonKey,
) -> Result<Vec<CasePaper>, StoreError> {
    let rows = sqlx::query(
        "SELECT c.step, c.times, c.paper, f.id, f.name, f.media_type, f.size, f.added_at, f.added_by FROM case_paper c \
         JOIN file f ON f.root_org = c.root_org AND f.id = c.file_id \
         WHERE c.root_org = $1 AND c.case_id = $2 ORDER BY c.step, c.times, c.file_id",
    )
    .bind(root.0)
    .bind(id.0)
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(CasePaper {
                step: super::step_of(get(row, "step")?)?,
                n: u32::try_from(get::<i64, _>(row, "times")?).unwrap_or_default(),
                key: get(row, "paper")?,
                file: file_info(root, person, key, row)?,
            })
        })
        .collect()
}

impl Store {
    /// Puts a paper to the present step of a case, or to one that may be taken once more. The file belongs to the person's dossier.
    pub async fn add_case_paper(
        &self,
        author: impl Into<Author>,
        id: CaseId,
        step: Step,
        paper: &str,
        new: NewFile<'_>,
    ) -> Result<FileInfo, StoreError> {
        let mut write = self.begin(author, "case.paper").await?;
        let case = find_whole(&mut write.tx, &self.ring, write.root, id).await?;
        let spec = step.spec().paper(paper).ok_or(StoreError::NotFound("材料"))?;
        let open = case.row.state.is_under_way()
            && (case.row.track.present() == Some(step) || case.row.track.again().contains(&step));
        if !open {
            let message = format!("现在不是办理「{}」的时候，不能再放入材料（DEV-30）。请刷新页面。", step.name());
            return Err(StoreError::refused("wrong_order", message));
        }
        let file = write.insert_file(case.row.person, new).await?;
        let times = case.next_n(step);
        sqlx::query(
            "INSERT INTO case_paper (root_org, case_id, file_id, step, times, paper) VALUES ($1,$2,$3,$4,$5,$6)",
        )
        .bind(write.root.0)
        .bind(id.0)
        .bind(file.id.0)
        .bind(i64::from(step.number()))
        .bind(i64::from(times))
        .bind(paper)
        .execute(&mut *write.tx)
        .await?;
        write.describe(subject(id), "", format!("第 {} 步放入「{}」", step.number(), spec.name));
        write.commit().await?;
        Ok(file)
    }

    /// Takes a paper away again, content and all, as long as its step has not been taken.
    pub async fn remove_case_paper(
        &self,
        author: impl Into<Author>,
        id: CaseId,
        file: FileId,
    ) -> Result<(), StoreError> {
        let mut write = self.begin(author, "case.paper_remove").await?;
        let case = find_whole(&mut write.tx, &self.ring, write.root, id).await?;
        let paper = case.papers.iter().find(|paper| paper.file.id == file).ok_or(StoreError::NotFound("材料"))?;
        if paper.n < case.next_n(paper.step) || !case.row.state.is_under_way() {
            let message = "这一步已经办理，材料不能取下（DEV-30）。有错的请先退回这一步。";
            return Err(StoreError::refused("step_taken", message));
        }
        for statement in [
            "DELETE FROM case_paper WHERE root_org = $1 AND case_id = $2 AND file_id = $3",
            "DELETE FROM file WHERE root_org = $1 AND person_id = $2 AND id = $3",
        ] {
            let owner = if statement.contains("case_id") { id.0 } else { case.row.person.0 };
            sqlx::query(statement).bind(write.root.0).bind(owner).bind(file.0).execute(&mut *write.tx).await?;
        }
        let key = write.person_key(case.row.person).await?;
        let body = json!({ "file": file, "name": paper.file.name, "removed": true });
        write.note_person(case.row.person, &key, &body).await?;
        write.describe(subject(id), "", format!("第 {} 步取下一份材料", paper.step.number()));
        write.commit().await?;
        Ok(())
    }
}

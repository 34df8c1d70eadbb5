//! Filling an empty register with cases, as a demonstration does: one command, many rows a statement. The cases must have been decided by
//! the rules already.

use super::{SealedStep, step_place, subject};
use crate::error::StoreError;
use crate::file::sealed_file;
use crate::person_write::Keys;
use crate::sql::{BATCH, value_rows};
use crate::write::{Subject, Write};
use crate::{Author, Store};
use jiff::civil::{Date, date};
use rules::date::day_number;
use rules::development::{Case, Step};
use rules::ids::{CaseId, FileId, OrgId, PersonId, RecordId};
use serde_json::json;
use sqlx::AssertSqlSafe;

/// A case to load.
#[derive(Debug, Clone)]
pub struct LoadCase {
    /// Whose.
    pub person: PersonId,
    /// Where its steps were taken.
    pub branch: OrgId,
    /// When the application was handed in.
    pub applied_on: Date,
    /// The case as the rules left it.
    pub case: Case,
    /// By whom each step was entered, in the order of the steps.
    pub done_by: Vec<String>,
    /// Its papers.
    pub papers: Vec<LoadPaper>,
}

/// A paper to load.
#[derive(Debug, Clone)]
pub struct LoadPaper {
    /// The step it belongs to.
    pub step: Step,
    /// Which taking of it.
    pub n: u32,
    /// Which paper of the step.
    pub key: String,
    /// The file's name.
    pub name: String,
}

/// Ten in the morning of a day, UTC milliseconds.
fn morning(day: Date) -> i64 {
    (i64::from((day - date(1970, 1, 1)).get_days()) * 24 + 10) * 3_600_000
}

impl Store {
    /// Loads cases, in one command; every paper has the same content.
    pub async fn load_cases(
        &self,
        author: impl Into<Author>,
        cases: &[LoadCase],
        paper: &[u8],
    ) -> Result<(), StoreError> {
        let mut write = self.begin(author, "load.cases").await?;
        for batch in cases.chunks(BATCH) {
            let persons: Vec<i64> = batch.iter().map(|case| case.person.0).collect();
            let keys = write.person_keys(&persons).await?;
            let ids: Vec<CaseId> = batch.iter().map(|_| CaseId(write.new_id())).collect();
            write.load_case_rows(batch, &ids).await?;
            for (case, id) in batch.iter().zip(&ids) {
                write.load_steps(case, *id, &keys).await?;
                write.load_papers(case, *id, &keys, paper).await?;
                let (_, key) = keys.get(&case.person).ok_or(StoreError::NotFound("人员"))?;
                write.note_person(case.person, key, &json!({ "case": id, "did": "载入卷宗" })).await?;
            }
        }
        write.describe(Subject::of("enterprise", write.root.0), "", format!("批量载入发展党员卷宗 {} 份", cases.len()));
        write.commit().await?;
        Ok(())
    }
}

impl Write<'_> {
    async fn load_case_rows(&mut self, batch: &[LoadCase], ids: &[CaseId]) -> Result<(), StoreError> {
        let text = format!(
            "INSERT INTO development_case (root_org, id, version, person_id, state, step, known_step, applied_day, last_day, opened_at, opened_by) VALUES {}",
            value_rows(batch.len(), 11)
        );
        let mut query = sqlx::query(AssertSqlSafe(text));
        for (load, id) in batch.iter().zip(ids) {
            let track = load.case.track();
            let present = track.present().filter(|_| load.case.state.is_under_way());
            let last = track.last().map_or(load.applied_on, |mark| mark.on);
            query = query
                .bind(self.root.0)
                .bind(id.0)
                .bind(load.case.taken.len() as i64 + 1)
                .bind(load.person.0)
                .bind(load.case.state.key())
                .bind(present.map_or(0, |step| i64::from(step.number())))
                .bind(load.case.known.map(|step| i64::from(step.number())))
                .bind(day_number(load.applied_on))
                .bind(day_number(last))
                .bind(morning(load.applied_on))
                .bind(load.done_by.first().cloned().unwrap_or_default());
        }
        query.execute(&mut *self.tx).await?;
        Ok(())
    }

    async fn load_steps(&mut self, load: &LoadCase, id: CaseId, keys: &Keys) -> Result<(), StoreError> {
        if load.case.taken.is_empty() {
            return Ok(());
        }
        let (_, key) = keys.get(&load.person).ok_or(StoreError::NotFound("人员"))?;
        let count = load.case.taken.len();
        let records = format!(
            "INSERT INTO record (root_org, id, org_id, person_id, activity, on_day, outcome, until_day, source_kind, source_id) VALUES {}",
            value_rows(count, 10)
        );
        let steps = format!(
            "INSERT INTO case_step (root_org, case_id, n, step, times, org_id, on_day, outcome, until_day, record_id, done_by, done_at, sealed) VALUES {}",
            value_rows(count, 13)
        );
        let (mut records, mut steps) = (sqlx::query(AssertSqlSafe(records)), sqlx::query(AssertSqlSafe(steps)));
        let mut named: Vec<(i64, &'static str, PersonId)> = Vec::new();
        for (at, taken) in load.case.taken.iter().enumerate() {
            let (mark, n, record) = (taken.mark, at as i64 + 1, RecordId(self.new_id()));
            let times = load.case.taken[..=at].iter().filter(|one| one.mark.step == mark.step).count() as i64;
            let (on, until) = (day_number(mark.on), mark.until.map(day_number));
            records = records
                .bind(self.root.0)
                .bind(record.0)
                .bind(load.branch.0)
                .bind(load.person.0)
                .bind(mark.step.activity().key())
                .bind(on)
                .bind(mark.outcome.key())
                .bind(until)
                .bind(subject(id).kind)
                .bind(id.0);
            let sealed = SealedStep { values: taken.values.to_json(), ..SealedStep::default() };
            steps = steps
                .bind(self.root.0)
                .bind(id.0)
                .bind(n)
                .bind(i64::from(mark.step.number()))
                .bind(times)
                .bind(load.branch.0)
                .bind(on)
                .bind(mark.outcome.key())
                .bind(until)
                .bind(record.0)
                .bind(load.done_by.get(at).cloned().unwrap_or_default())
                .bind(morning(mark.on))
                .bind(key.seal(&serde_json::to_vec(&sealed)?, step_place(self.root, id, n).as_bytes())?);
            named.extend(super::named_at(mark.step, &taken.values).map(|(role, person)| (n, role, person)));
        }
        records.execute(&mut *self.tx).await?;
        steps.execute(&mut *self.tx).await?;
        self.insert_named(id, &named).await
    }

    async fn load_papers(&mut self, load: &LoadCase, id: CaseId, keys: &Keys, bytes: &[u8]) -> Result<(), StoreError> {
        let (_, key) = keys.get(&load.person).ok_or(StoreError::NotFound("人员"))?;
        for batch in load.papers.chunks(BATCH) {
            let files = format!(
                "INSERT INTO file (root_org, id, person_id, name, media_type, size, added_at, added_by, sealed) VALUES {}",
                value_rows(batch.len(), 9)
            );
            let papers = format!(
                "INSERT INTO case_paper (root_org, case_id, file_id, step, times, paper) VALUES {}",
                value_rows(batch.len(), 6)
            );
            let (mut files, mut papers) = (sqlx::query(AssertSqlSafe(files)), sqlx::query(AssertSqlSafe(papers)));
            for paper in batch {
                let file = FileId(self.new_id());
                let at = load.case.taken.iter().position(|taken| taken.mark.step == paper.step);
                let (name, sealed) = sealed_file(self.root, file, key, (&paper.name, bytes))?;
                files = files
                    .bind(self.root.0)
                    .bind(file.0)
                    .bind(load.person.0)
                    .bind(name)
                    .bind("application/pdf")
                    .bind(bytes.len() as i64)
                    .bind(at.map_or(morning(load.applied_on), |at| morning(load.case.taken[at].mark.on)))
                    .bind(at.and_then(|at| load.done_by.get(at)).cloned().unwrap_or_default())
                    .bind(sealed);
                papers = papers
                    .bind(self.root.0)
                    .bind(id.0)
                    .bind(file.0)
                    .bind(i64::from(paper.step.number()))
                    .bind(i64::from(paper.n))
                    .bind(paper.key.clone());
            }
            files.execute(&mut *self.tx).await?;
            papers.execute(&mut *self.tx).await?;
        }
        Ok(())
    }
}

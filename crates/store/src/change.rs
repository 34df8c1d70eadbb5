//! 变更申请 in the store: proposed by a member, sealed under the member's key, decided once. What may be proposed and how it is
//! decided stands in [`rules::change`]; approving writes the dossier in the same transaction.

use crate::error::StoreError;
use crate::file::FileInfo;
use crate::id::now_ms;
use crate::person::key_of;
use crate::sql::{get, in_subtrees, subtree_bounds};
use crate::write::{Subject, Versioned, Write};
use crate::{Author, Store};
use jiff::civil::Date;
use rules::change::{Command, Proposed, State, decide};
use rules::ids::{ChangeId, FileId, PersonId, RootOrg};
use rules::intake::Field;
use rules::member::Record;
use serde::{Deserialize, Serialize};
use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;

/// A proposal as it stands.
#[derive(Debug, Clone)]
pub struct ChangeRequest {
    /// Its id: the list's cursor.
    pub id: ChangeId,
    /// Raised by the decision.
    pub version: i64,
    /// Whose dossier it is about, and who proposed it.
    pub person: PersonId,
    /// 姓名.
    pub person_name: String,
    /// The name of the organisation that the person belongs to, or last belonged to.
    pub org_name: String,
    /// That organisation's path.
    pub org_path: String,
    /// Where it stands.
    pub state: State,
    /// What should change, in full.
    pub proposed: Vec<Proposed>,
    /// Why.
    pub reason: String,
    /// The proofs.
    pub files: Vec<FileInfo>,
    /// When, UTC milliseconds.
    pub proposed_at: i64,
    /// When it was decided.
    pub decided_at: Option<i64>,
    /// Who decided, by the name of the account.
    pub decided_by: Option<String>,
    /// Why it was returned.
    pub decision_reason: Option<String>,
}

/// Which proposals a list asks for.
#[derive(Debug, Clone, Default)]
pub struct ChangeFilter {
    /// Only this person's.
    pub person: Option<PersonId>,
    /// Only in this state.
    pub state: Option<State>,
    /// Only older ones than this: the list's cursor.
    pub before: Option<ChangeId>,
}

#[derive(Serialize, Deserialize)]
struct Body {
    proposed: Vec<Proposed>,
    reason: String,
    files: Vec<FileId>,
}

fn place(root: RootOrg, id: ChangeId) -> String {
    format!("change:{root}:{id}")
}

const COLUMNS: &str = "c.id, c.version, c.person_id, c.state, c.sealed, c.proposed_at, c.decided_at, c.decided_by, c.decision_reason, \
    p.name AS person_name, p.person_key, o.name AS org_name, o.path AS org_path";

/// A proposal with its person and the organisation of that person's last spell.
const TABLES: &str = "change_request c JOIN person p ON p.root_org = c.root_org AND p.id = c.person_id \
    JOIN spell s ON s.root_org = c.root_org AND s.person_id = c.person_id AND s.from_day = \
      (SELECT MAX(x.from_day) FROM spell x WHERE x.root_org = c.root_org AND x.person_id = c.person_id) \
    JOIN org o ON o.root_org = s.root_org AND o.id = s.org_id";

fn state_of(text: &str) -> Result<State, StoreError> {
    State::from_key(text).ok_or_else(|| StoreError::Corrupt(format!("变更申请状态 {text}")))
}

impl Store {
    /// Keeps a proposal that has passed the rules.
    pub async fn propose_change(
        &self,
        author: impl Into<Author>,
        person: PersonId,
        proposed: Vec<Proposed>,
        reason: &str,
        files: &[FileId],
    ) -> Result<ChangeId, StoreError> {
        let mut write = self.begin(author, "change.propose").await?;
        let pending = write.pending_fields(person).await?;
        if let Some(field) = proposed.iter().filter_map(Proposed::field).find(|field| pending.contains(field)) {
            let message = format!("{}已有一份待审核的变更申请。请等审核后再提出。", field.label());
            return Err(StoreError::refused("change_pending", message));
        }
        write.own_files(person, files).await?;
        let id = ChangeId(write.new_id());
        let key = write.person_key(person).await?;
        let body = Body { proposed, reason: reason.to_owned(), files: files.to_vec() };
        let sealed = key.seal(&serde_json::to_vec(&body)?, place(write.root, id).as_bytes())?;
        sqlx::query(
            "INSERT INTO change_request (root_org, id, version, person_id, state, sealed, proposed_at) VALUES ($1,$2,1,$3,$4,$5,$6)",
        )
        .bind(write.root.0)
        .bind(id.0)
        .bind(person.0)
        .bind(State::Pending.key())
        .bind(sealed)
        .bind(now_ms())
        .execute(&mut *write.tx)
        .await?;
        let note =
            serde_json::json!({ "change": id, "proposed": body.proposed, "reason": body.reason, "files": body.files });
        write.note_person(person, &key, &note).await?;
        write.describe(Subject::person(person), "", format!("本人申请更正 {} 项", body.proposed.len()));
        write.commit().await?;
        Ok(id)
    }

    /// The fields that a person has proposed to change and nobody has decided on.
    pub async fn pending_fields(&self, root: RootOrg, person: PersonId) -> Result<Vec<Field>, StoreError> {
        let filter = ChangeFilter { person: Some(person), state: Some(State::Pending), before: None };
        let pending = self.changes(root, None, &filter, i64::MAX).await?;
        Ok(pending.iter().flat_map(|change| &change.proposed).filter_map(Proposed::field).collect())
    }

    /// One proposal.
    pub async fn change(&self, root: RootOrg, id: ChangeId) -> Result<ChangeRequest, StoreError> {
        let row =
            sqlx::query(AssertSqlSafe(format!("SELECT {COLUMNS} FROM {TABLES} WHERE c.root_org = $1 AND c.id = $2")))
                .bind(root.0)
                .bind(id.0)
                .fetch_optional(&self.db.read)
                .await?
                .ok_or(StoreError::NotFound("变更申请"))?;
        self.with_files(root, vec![row]).await?.pop().ok_or(StoreError::NotFound("变更申请"))
    }

    /// Proposals, newest first; of persons in the given subtrees, or of one person.
    pub async fn changes(
        &self,
        root: RootOrg,
        scope: Option<&[String]>,
        filter: &ChangeFilter,
        limit: i64,
    ) -> Result<Vec<ChangeRequest>, StoreError> {
        let within = scope.map_or_else(|| "(1 = 1)".to_owned(), |scope| in_subtrees("o.path", 6, scope.len()));
        let text = format!(
            "SELECT {COLUMNS} FROM {TABLES} WHERE c.root_org = $1 AND c.id < $2 AND ($3 = '' OR c.state = $3) \
             AND ($4 = 0 OR c.person_id = $4) AND {within} ORDER BY c.id DESC LIMIT $5"
        );
        let mut query = sqlx::query(AssertSqlSafe(text))
            .bind(root.0)
            .bind(filter.before.map_or(i64::MAX, |id| id.0))
            .bind(filter.state.map_or("", State::key))
            .bind(filter.person.map_or(0, |id| id.0))
            .bind(limit);
        for bound in scope.unwrap_or_default().iter().flat_map(|path| subtree_bounds(path)) {
            query = query.bind(bound);
        }
        let rows = query.fetch_all(&self.db.read).await?;
        self.with_files(root, rows).await
    }

    /// Decides on a proposal. Approving puts the dossier into the state `after`, which was worked out from the person's version given.
    pub async fn decide_change(
        &self,
        author: impl Into<Author>,
        (id, version): (ChangeId, i64),
        command: &Command,
        own: bool,
        approved: Option<(i64, &Record, Date)>,
    ) -> Result<(), StoreError> {
        let author = author.into();
        let action = match command {
            Command::Approve => "change.approve",
            Command::Return { .. } => "change.return",
        };
        let mut write = self.begin(author.clone(), action).await?;
        let row = sqlx::query("SELECT person_id, state FROM change_request WHERE root_org = $1 AND id = $2")
            .bind(write.root.0)
            .bind(id.0)
            .fetch_optional(&mut *write.tx)
            .await?
            .ok_or(StoreError::NotFound("变更申请"))?;
        let person = PersonId(get(&row, "person_id")?);
        let state = decide(state_of(&get::<String, _>(&row, "state")?)?, own, command)
            .map_err(|refused| StoreError::refused(refused.code(), format!("{refused}。")))?;
        // After that, so that what has been decided meanwhile is said as such.
        write.take_version(Versioned::Change, id.0, version).await?;
        let reason = match command {
            Command::Approve => "",
            Command::Return { reason } => reason.trim(),
        };
        if let Some((person_version, after, on)) = approved.filter(|_| state == State::Approved) {
            write.take_version(Versioned::Person, person.0, person_version).await?;
            let before = write.person(person).await?;
            write.put_person(&before, after, &before.org.name, on).await?;
        }
        sqlx::query(
            "UPDATE change_request SET state = $3, decided_at = $4, decided_by = $5, decision_reason = $6 WHERE root_org = $1 AND id = $2",
        )
        .bind(write.root.0)
        .bind(id.0)
        .bind(state.key())
        .bind(now_ms())
        .bind(author.name)
        .bind(Some(reason.to_owned()).filter(|reason| !reason.is_empty()))
        .execute(&mut *write.tx)
        .await?;
        write.note(Subject::of("change", id.0), &serde_json::json!({ "state": state.key() })).await?;
        write.describe(Subject::person(person), reason, format!("更正申请（编号 {id}）{}", state.name()));
        write.commit().await?;
        Ok(())
    }

    /// Opens proposals and adds their proofs, in one statement for all of them.
    async fn with_files(&self, root: RootOrg, rows: Vec<AnyRow>) -> Result<Vec<ChangeRequest>, StoreError> {
        let mut opened = Vec::new();
        let mut persons = Vec::new();
        for row in &rows {
            let (id, person) = (ChangeId(get(row, "id")?), PersonId(get(row, "person_id")?));
            let Some(key) = key_of(&self.ring, root, person, get(row, "person_key")?)? else { continue };
            let body = key.open(&get::<Vec<u8>, _>(row, "sealed")?, place(root, id).as_bytes())?;
            let body: Body = serde_json::from_slice(&body)?;
            if !body.files.is_empty() && !persons.contains(&person) {
                persons.push(person);
            }
            opened.push((row, id, person, body));
        }
        let files = if persons.is_empty() { Vec::new() } else { self.files_of(root, &persons).await? };
        opened
            .into_iter()
            .map(|(row, id, person, body)| {
                Ok(ChangeRequest {
                    id,
                    version: get(row, "version")?,
                    person,
                    person_name: get(row, "person_name")?,
                    org_name: get(row, "org_name")?,
                    org_path: get(row, "org_path")?,
                    state: state_of(&get::<String, _>(row, "state")?)?,
                    files: files.iter().filter(|file| body.files.contains(&file.id)).cloned().collect(),
                    proposed: body.proposed,
                    reason: body.reason,
                    proposed_at: get(row, "proposed_at")?,
                    decided_at: get(row, "decided_at")?,
                    decided_by: get(row, "decided_by")?,
                    decision_reason: get(row, "decision_reason")?,
                })
            })
            .collect()
    }
}

impl Write<'_> {
    async fn pending_fields(&mut self, person: PersonId) -> Result<Vec<Field>, StoreError> {
        let rows =
            sqlx::query("SELECT id, sealed FROM change_request WHERE root_org = $1 AND person_id = $2 AND state = $3")
                .bind(self.root.0)
                .bind(person.0)
                .bind(State::Pending.key())
                .fetch_all(&mut *self.tx)
                .await?;
        let key = self.person_key(person).await?;
        let mut fields = Vec::new();
        for row in &rows {
            let body =
                key.open(&get::<Vec<u8>, _>(row, "sealed")?, place(self.root, ChangeId(get(row, "id")?)).as_bytes())?;
            fields.extend(serde_json::from_slice::<Body>(&body)?.proposed.iter().filter_map(Proposed::field));
        }
        Ok(fields)
    }

    /// Refuses proofs that are not of this person's dossier.
    async fn own_files(&mut self, person: PersonId, files: &[FileId]) -> Result<(), StoreError> {
        let rows = sqlx::query("SELECT id FROM file WHERE root_org = $1 AND person_id = $2")
            .bind(self.root.0)
            .bind(person.0)
            .fetch_all(&mut *self.tx)
            .await?;
        let own = rows.iter().map(|row| get(row, "id").map(FileId)).collect::<Result<Vec<_>, _>>()?;
        if files.iter().all(|file| own.contains(file)) {
            return Ok(());
        }
        Err(StoreError::refused("unknown_file", "所附的证明材料不在本人档案中。请重新上传。"))
    }
}

//! What is done with a case: a step taken or taken back, ended, rested, moved. One transaction each: the case's rows, the standing in the
//! register, the record, the ledger entry.

use super::facts::{facts, held, place_of};
use super::whole::{WholeCase, find_whole};
use super::{SealedStep, named_at, reason_place, step_place, subject};
use crate::error::StoreError;
use crate::record::NewRecord;
use crate::sql::{get, value_rows};
use crate::write::{Versioned, Write};
use crate::{Author, Store, now_ms};
use jiff::civil::Date;
use rules::date::day_number;
use rules::development::{
    CaseState, Command, Decision, EndKind, Form, HeldVote, Mark, Outcome, Step, Taken, Track, Verdict, check, decide,
    relied_vote,
};
use rules::ids::{CaseId, OrgId, PersonId, RecordId, RootOrg};
use rules::org::OrgKind;
use rules::refusal::Refusal;
use serde_json::json;
use sqlx::AssertSqlSafe;

/// Who acts on a case, as far as the server knows: the rules decide what it is enough for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Acting {
    /// May do the work of the case's branch.
    pub branch: bool,
    /// The organisations for which he decides, all strictly above the case's.
    pub superiors: Vec<OrgId>,
}

/// A case and the version that the change is based on.
type CaseVersion = (CaseId, i64);

impl Store {
    /// What the rules would say to a step as filled in so far. Writes nothing.
    pub async fn check_step(
        &self,
        root: RootOrg,
        id: CaseId,
        form: &Form,
        acting: &Acting,
        today: Date,
    ) -> Result<Verdict, StoreError> {
        let measures = self.measures(root, today).await?;
        let mut db = self.db.read.acquire().await?;
        let whole = find_whole(&mut db, &self.ring, root, id).await?;
        let facts = facts(&mut db, &self.ring, root, &whole, acting, (Some(form), form.on)).await?;
        Ok(check(&whole.case(), form, &facts, &measures, today))
    }

    /// The votes on a case at meetings of its branch, and those that its steps rest on, oldest first.
    pub async fn case_votes(&self, root: RootOrg, whole: &WholeCase) -> Result<Vec<HeldVote>, StoreError> {
        let mut db = self.db.read.acquire().await?;
        held(&mut db, root, whole).await
    }

    /// Takes a step. Returns the case's new version.
    pub async fn take_step(
        &self,
        author: impl Into<Author>,
        case: CaseVersion,
        form: &Form,
        acting: &Acting,
        today: Date,
    ) -> Result<i64, StoreError> {
        self.act(author.into(), ("case.step", case), &Command::Take(form), acting, today).await
    }

    /// Takes the last step back. Returns the case's new version.
    pub async fn step_back(
        &self,
        author: impl Into<Author>,
        case: CaseVersion,
        acting: &Acting,
        reason: &str,
        today: Date,
    ) -> Result<i64, StoreError> {
        self.act(author.into(), ("case.back", case), &Command::Back { reason }, acting, today).await
    }

    /// Ends a case before its time. Returns its new version.
    pub async fn end_case(
        &self,
        author: impl Into<Author>,
        case: CaseVersion,
        (kind, on, reason): (EndKind, Date, &str),
        acting: &Acting,
        today: Date,
    ) -> Result<i64, StoreError> {
        self.act(author.into(), ("case.end", case), &Command::End { kind, on, reason }, acting, today).await
    }

    /// Lets a case rest. Returns its new version.
    pub async fn suspend_case(
        &self,
        author: impl Into<Author>,
        case: CaseVersion,
        reason: &str,
        acting: &Acting,
        today: Date,
    ) -> Result<i64, StoreError> {
        self.act(author.into(), ("case.suspend", case), &Command::Suspend { reason }, acting, today).await
    }

    /// Goes on with a case that rested. Returns its new version.
    pub async fn resume_case(
        &self,
        author: impl Into<Author>,
        case: CaseVersion,
        reason: &str,
        acting: &Acting,
        today: Date,
    ) -> Result<i64, StoreError> {
        self.act(author.into(), ("case.resume", case), &Command::Resume { reason }, acting, today).await
    }

    /// Moves somebody who is no member yet to another branch, and the case with him. Returns the case's new version.
    pub async fn move_case(
        &self,
        author: impl Into<Author>,
        case: CaseVersion,
        (to, on, reason): (OrgId, Date, &str),
        acting: &Acting,
        today: Date,
    ) -> Result<i64, StoreError> {
        let author = author.into();
        let mut db = self.db.read.acquire().await?;
        let org = crate::org::find(&mut *db, author.root, to).await?;
        let branch = match org.parent.filter(|_| org.kind == OrgKind::Group) {
            Some(parent) => crate::org::find(&mut *db, author.root, parent).await?,
            None => org.clone(),
        };
        let to = place_of(&mut db, author.root, &org, &branch, on).await?;
        drop(db);
        self.act(author, ("case.move", case), &Command::Move { to: &to, on, reason }, acting, today).await
    }

    async fn act(
        &self,
        author: Author,
        (action, (id, version)): (&'static str, CaseVersion),
        command: &Command<'_>,
        acting: &Acting,
        today: Date,
    ) -> Result<i64, StoreError> {
        let measures = self.measures(author.root, today).await?;
        let mut write = self.begin(author, action).await?;
        write.take_version(Versioned::Case, id.0, version).await?;
        let whole = find_whole(&mut write.tx, &self.ring, write.root, id).await?;
        let case = whole.case();
        let form = match command {
            Command::Take(form) => Some(*form),
            _ => None,
        };
        let root = write.root;
        let on = form.map_or(today, |form| form.on);
        let facts = facts(&mut write.tx, &self.ring, root, &whole, acting, (form, on)).await?;
        let decision = decide(&case, command, &facts, &measures, today).map_err(StoreError::Rules)?;
        if let Some(vote) = form.and_then(|form| relied_vote(&case, form, &facts.votes)) {
            write.rely_on_vote((vote.meeting, vote.resolution), true).await?;
        }
        if let Some(mark) = decision.withdrawn {
            write.release_vote(&whole, mark).await?;
        }
        write.carry_out(&whole, &decision, command, today).await?;
        write.commit().await?;
        Ok(version + 1)
    }
}

impl Write<'_> {
    /// Whoever takes a vote back gives the meeting's resolution free again.
    async fn release_vote(&mut self, whole: &WholeCase, mark: Mark) -> Result<(), StoreError> {
        let votes = held(&mut self.tx, self.root, whole).await?;
        for vote in votes.into_iter().filter(|vote| vote.bears(&mark)) {
            self.rely_on_vote((vote.meeting, vote.resolution), false).await?;
        }
        Ok(())
    }

    /// Writes what was decided.
    async fn carry_out(
        &mut self,
        whole: &WholeCase,
        decision: &Decision,
        command: &Command<'_>,
        today: Date,
    ) -> Result<(), StoreError> {
        let (id, person) = (whole.row.id, whole.row.person);
        let mut track = whole.row.track.clone();
        if let Some(taken) = &decision.taken {
            let reason = match command {
                Command::Take(form) => form.reason.trim(),
                _ => "",
            };
            self.insert_step(whole, taken, (reason, &decision.warnings)).await?;
            track.0.push(taken.mark);
        }
        if decision.withdrawn.is_some() {
            self.delete_last_step(whole).await?;
            track.0.pop();
        }
        self.put_case(whole, &track, decision.state).await?;
        let (on, reason) = match command {
            Command::End { on, reason, .. } => (*on, *reason),
            Command::Suspend { reason } => (today, *reason),
            Command::Take(form) => (form.on, ""),
            Command::Back { reason } | Command::Resume { reason } | Command::Move { reason, .. } => (today, *reason),
        };
        let ends = matches!(decision.state, CaseState::Ended | CaseState::Suspended);
        let stays = matches!(command, Command::Move { .. });
        if !stays {
            self.put_end(whole, ends.then_some((decision.end, on, reason))).await?;
        }
        // After the case is put in its state: whoever leaves the register has none under way that would be ended for it.
        if let Some(change) = decision.change {
            self.change_standing(person, change, today).await?;
        }
        let said = said(whole, decision, command);
        let key = self.person_key(person).await?;
        let body = json!({ "case": id, "did": said, "reason": reason });
        self.note_person(person, &key, &body).await?;
        self.describe(subject(id), "", said);
        Ok(())
    }

    async fn insert_step(
        &mut self,
        whole: &WholeCase,
        taken: &Taken,
        (reason, warnings): (&str, &[Refusal]),
    ) -> Result<(), StoreError> {
        let (id, person, mark) = (whole.row.id, whole.row.person, taken.mark);
        let record = self
            .record(NewRecord {
                org: whole.row.branch,
                person: Some(person),
                activity: mark.step.activity(),
                on: mark.on,
                outcome: Some(mark.outcome.key()),
                until: mark.until,
                source: subject(id),
            })
            .await?;
        let n = whole.taken.last().map_or(1, |last| last.n + 1);
        let sealed = SealedStep {
            values: taken.values.to_json(),
            reason: reason.to_owned(),
            warnings: warnings.iter().map(|warning| warning.message.clone()).collect(),
        };
        let key = self.person_key(person).await?;
        sqlx::query(
            "INSERT INTO case_step (root_org, case_id, n, step, times, org_id, on_day, outcome, until_day, record_id, done_by, done_at, sealed) \
             VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13)",
        )
        .bind(self.root.0)
        .bind(id.0)
        .bind(n)
        .bind(i64::from(mark.step.number()))
        .bind(i64::from(whole.next_n(mark.step)))
        .bind(whole.row.branch.0)
        .bind(day_number(mark.on))
        .bind(mark.outcome.key())
        .bind(mark.until.map(day_number))
        .bind(record.0)
        .bind(self.author_name().to_owned())
        .bind(now_ms())
        .bind(key.seal(&serde_json::to_vec(&sealed)?, step_place(self.root, id, n).as_bytes())?)
        .execute(&mut *self.tx)
        .await?;
        let named: Vec<_> = named_at(mark.step, &taken.values).map(|(role, person)| (n, role, person)).collect();
        self.insert_named(id, &named).await
    }

    /// Says who guides or vouches, from the taking of a step on.
    pub(super) async fn insert_named(
        &mut self,
        id: CaseId,
        named: &[(i64, &'static str, PersonId)],
    ) -> Result<(), StoreError> {
        if named.is_empty() {
            return Ok(());
        }
        let text = format!(
            "INSERT INTO case_person (root_org, case_id, n, role, person_id) VALUES {}",
            value_rows(named.len(), 5)
        );
        let mut query = sqlx::query(AssertSqlSafe(text));
        for (n, role, person) in named {
            query = query.bind(self.root.0).bind(id.0).bind(*n).bind(*role).bind(person.0);
        }
        query.execute(&mut *self.tx).await?;
        Ok(())
    }

    /// Takes the last step away, with its record. Its papers stay for the next taking.
    async fn delete_last_step(&mut self, whole: &WholeCase) -> Result<(), StoreError> {
        let Some(last) = whole.taken.last() else { return Ok(()) };
        self.withdraw_record(RecordId(last.record)).await?;
        for statement in [
            "DELETE FROM case_step WHERE root_org = $1 AND case_id = $2 AND n = $3",
            "DELETE FROM case_person WHERE root_org = $1 AND case_id = $2 AND n = $3",
        ] {
            sqlx::query(statement).bind(self.root.0).bind(whole.row.id.0).bind(last.n).execute(&mut *self.tx).await?;
        }
        Ok(())
    }

    async fn put_case(&mut self, whole: &WholeCase, track: &Track, state: CaseState) -> Result<(), StoreError> {
        let present = track.present().filter(|_| state.is_under_way());
        let last = track.last().map_or(whole.row.applied_on, |mark| mark.on);
        sqlx::query("UPDATE development_case SET state = $3, step = $4, last_day = $5 WHERE root_org = $1 AND id = $2")
            .bind(self.root.0)
            .bind(whole.row.id.0)
            .bind(state.key())
            .bind(present.map_or(0, |step| i64::from(step.number())))
            .bind(day_number(last))
            .execute(&mut *self.tx)
            .await?;
        Ok(())
    }

    /// Says how a case ended or why it rests; or, while it goes on, nothing.
    async fn put_end(
        &mut self,
        whole: &WholeCase,
        end: Option<(Option<EndKind>, Date, &str)>,
    ) -> Result<(), StoreError> {
        let (id, person) = (whole.row.id, whole.row.person);
        let sealed = match end {
            Some((.., reason)) => {
                let key = self.person_key(person).await?;
                Some(key.seal(reason.trim().as_bytes(), reason_place(self.root, id).as_bytes())?)
            }
            None => None,
        };
        let by = end.map(|_| self.author_name().to_owned());
        sqlx::query(
            "UPDATE development_case SET end_kind = $3, end_day = $4, end_by = $5, end_reason = $6 WHERE root_org = $1 AND id = $2",
        )
        .bind(self.root.0)
        .bind(id.0)
        .bind(end.and_then(|(kind, ..)| kind).map(|kind| kind.key()))
        .bind(end.map(|(_, on, _)| day_number(on)))
        .bind(by)
        .bind(sealed)
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }

    /// Ends a person's case under way because the person has left the register.
    pub(crate) async fn end_case_of(&mut self, person: PersonId, kind: EndKind, on: Date) -> Result<(), StoreError> {
        let row = sqlx::query(
            "SELECT id FROM development_case WHERE root_org = $1 AND person_id = $2 AND state IN ('open', 'suspended')",
        )
        .bind(self.root.0)
        .bind(person.0)
        .fetch_optional(&mut *self.tx)
        .await?;
        let Some(row) = row else { return Ok(()) };
        let id = CaseId(get(&row, "id")?);
        let root = self.root;
        let whole = find_whole(&mut self.tx, &self.store.ring, root, id).await?;
        sqlx::query("UPDATE development_case SET version = version + 1 WHERE root_org = $1 AND id = $2")
            .bind(root.0)
            .bind(id.0)
            .execute(&mut *self.tx)
            .await?;
        self.put_case(&whole, &whole.row.track, CaseState::Ended).await?;
        self.put_end(&whole, Some((Some(kind), on, "人员已离开"))).await?;
        self.note(subject(id), &json!({ "state": CaseState::Ended.key() })).await
    }

    /// Whether a person has a case under way (DEV-30).
    pub(crate) async fn has_case(&mut self, person: PersonId) -> Result<bool, StoreError> {
        let row = sqlx::query(
            "SELECT COUNT(*) AS n FROM development_case WHERE root_org = $1 AND person_id = $2 AND state IN ('open', 'suspended')",
        )
        .bind(self.root.0)
        .bind(person.0)
        .fetch_one(&mut *self.tx)
        .await?;
        Ok(get::<i64, _>(&row, "n")? > 0)
    }
}

/// One line that says what was done, without a name.
fn said(whole: &WholeCase, decision: &Decision, command: &Command<'_>) -> String {
    let branch = &whole.row.branch_name;
    let step = |step: Step| format!("第 {} 步「{}」", step.number(), step.name());
    match (command, &decision.taken, &decision.withdrawn) {
        (_, Some(taken), _) => {
            let outcome = match taken.mark.outcome {
                Outcome::Passed => String::new(),
                Outcome::Refused | Outcome::Extended | Outcome::Cancelled => {
                    format!("（{}）", taken.mark.outcome.name())
                }
            };
            let warned = if decision.warnings.is_empty() { "" } else { "，有需要说明的情形" };
            format!("「{branch}」办理{}{outcome}{warned}", step(taken.mark.step))
        }
        (_, _, Some(mark)) => format!("「{branch}」退回{}", step(mark.step)),
        (Command::End { kind, .. }, ..) => format!("「{branch}」终止卷宗：{}", kind.name()),
        (Command::Suspend { .. }, ..) => format!("「{branch}」暂缓卷宗"),
        (Command::Resume { .. }, ..) => format!("「{branch}」恢复卷宗"),
        (Command::Move { .. }, ..) => format!("「{branch}」的卷宗转到其他党支部"),
        (Command::Take(_) | Command::Back { .. }, ..) => format!("「{branch}」办理卷宗"),
    }
}

//! 少交、免交: asked for by the branch, decided by the organisation above; approved ones lower the lines that nobody has paid.

use super::base::basis_at;
use super::line::{open, seal};
use super::{MANY, month_of, reduction_refused};
use crate::error::StoreError;
use crate::person::key_of;
use crate::sql::{get, in_subtrees, placeholders, subtree_bounds};
use crate::write::{Subject, Versioned, Write};
use crate::{Author, Store, now_ms};
use jiff::civil::Date;
use rules::codes::Stage;
use rules::dues::{Fen, Month, Reduction, ReductionDecision, ReductionState, check_reduction, decide_reduction};
use rules::ids::{OrgId, PersonId, ReductionId, RootOrg};
use rules::measure::Measure;
use sealed::KeyRing;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;
use std::collections::HashMap;

/// Paying less for some months, as it was asked for and decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DuesReduction {
    /// Its id.
    pub id: ReductionId,
    /// Raised by every change of it.
    pub version: i64,
    /// For whom.
    pub person: PersonId,
    /// That person's name.
    pub person_name: String,
    /// The branch that asks.
    pub org: OrgId,
    /// That branch's name.
    pub org_name: String,
    /// That branch's path.
    pub path: String,
    /// The months and what is paid in them.
    pub reduction: Reduction,
    /// Where it stands.
    pub state: ReductionState,
    /// Why it was asked for.
    pub reason: String,
    /// When, UTC milliseconds.
    pub asked_at: i64,
    /// Who asked, by the name of the account.
    pub asked_by: String,
    /// When it was decided, UTC milliseconds.
    pub decided_at: Option<i64>,
    /// Who decided, by the name of the account.
    pub decided_by: Option<String>,
    /// Why; may be empty.
    pub decision_reason: String,
}

/// A reduction to be asked for.
#[derive(Debug, Clone, Copy)]
pub struct NewReduction<'a> {
    /// The branch that asks.
    pub org: OrgId,
    /// For whom.
    pub person: PersonId,
    /// The months and what is paid in them.
    pub reduction: Reduction,
    /// Why.
    pub reason: &'a str,
}

/// Which reductions a list asks for.
#[derive(Debug, Clone, Default)]
pub struct ReductionFilter {
    /// Only this branch's.
    pub org: Option<OrgId>,
    /// Only those to be decided.
    pub open: bool,
    /// Only older ones: the list's cursor.
    pub before: Option<ReductionId>,
}

#[derive(Serialize, Deserialize)]
struct SealedReduction {
    pays: i64,
    reason: String,
    #[serde(default)]
    decision_reason: String,
}

const COLUMNS: &str = "r.id, r.version, r.person_id, p.name, p.person_key, r.org_id, o.name AS org_name, o.path, r.from_month, r.to_month, \
    r.state, r.sealed, r.asked_at, r.asked_by, r.decided_at, r.decided_by";
const TABLES: &str = "dues_reduction r JOIN person p ON p.root_org = r.root_org AND p.id = r.person_id \
    JOIN org o ON o.root_org = r.root_org AND o.id = r.org_id";

fn place(root: RootOrg, id: ReductionId) -> String {
    format!("dues-reduction:{root}:{id}")
}

fn reduction_of(ring: &KeyRing, root: RootOrg, row: &AnyRow) -> Result<Option<DuesReduction>, StoreError> {
    let (id, person) = (ReductionId(get(row, "id")?), PersonId(get(row, "person_id")?));
    let Some(key) = key_of(ring, root, person, get(row, "person_key")?)? else { return Ok(None) };
    let sealed: SealedReduction = open(&key, &get::<Vec<u8>, _>(row, "sealed")?, &place(root, id))?;
    let state: String = get(row, "state")?;
    Ok(Some(DuesReduction {
        id,
        version: get(row, "version")?,
        person,
        person_name: get(row, "name")?,
        org: OrgId(get(row, "org_id")?),
        org_name: get(row, "org_name")?,
        path: get(row, "path")?,
        reduction: Reduction {
            from: month_of(get(row, "from_month")?)?,
            to: month_of(get(row, "to_month")?)?,
            pays: Fen(sealed.pays),
        },
        state: ReductionState::from_key(&state).ok_or_else(|| StoreError::Corrupt(format!("减免状态 {state}")))?,
        reason: sealed.reason,
        asked_at: get(row, "asked_at")?,
        asked_by: get(row, "asked_by")?,
        decided_at: get(row, "decided_at")?,
        decided_by: get(row, "decided_by")?,
        decision_reason: sealed.decision_reason,
    }))
}

impl Store {
    /// Reductions asked for in the given subtrees, newest first.
    pub async fn dues_reductions(
        &self,
        root: RootOrg,
        scope: &[String],
        filter: &ReductionFilter,
        limit: i64,
    ) -> Result<Vec<DuesReduction>, StoreError> {
        let text = format!(
            "SELECT {COLUMNS} FROM {TABLES} WHERE r.root_org = $1 AND r.id < $2 AND (CAST($3 AS BIGINT) = 0 OR r.org_id = $3) \
             AND (CAST($4 AS BIGINT) = 0 OR r.state = 'asked') AND {} ORDER BY r.id DESC LIMIT $5",
            in_subtrees("o.path", 6, scope.len())
        );
        let mut query = sqlx::query(AssertSqlSafe(text))
            .bind(root.0)
            .bind(filter.before.map_or(i64::MAX, |id| id.0))
            .bind(filter.org.map_or(0, |org| org.0))
            .bind(i64::from(filter.open))
            .bind(limit);
        for bound in scope.iter().flat_map(|path| subtree_bounds(path)) {
            query = query.bind(bound);
        }
        let rows = query.fetch_all(&self.db.read).await?;
        let found: Result<Vec<_>, _> = rows.iter().map(|row| reduction_of(&self.ring, root, row)).collect();
        Ok(found?.into_iter().flatten().collect())
    }

    /// One reduction.
    pub async fn dues_reduction(&self, root: RootOrg, id: ReductionId) -> Result<DuesReduction, StoreError> {
        let text = format!("SELECT {COLUMNS} FROM {TABLES} WHERE r.root_org = $1 AND r.id = $2");
        let row = sqlx::query(AssertSqlSafe(text)).bind(root.0).bind(id.0).fetch_optional(&self.db.read).await?;
        let found = row.map(|row| reduction_of(&self.ring, root, &row)).transpose()?;
        found.flatten().ok_or(StoreError::NotFound("减免申请"))
    }

    /// Asks that a member pay less, or nothing, for some months (DUES-04).
    pub async fn ask_dues_reduction(
        &self,
        author: impl Into<Author>,
        new: NewReduction<'_>,
        today: Date,
    ) -> Result<ReductionId, StoreError> {
        let mut write = self.begin(author, "dues.ask_reduction").await?;
        let back = self.measures(write.root, today).await?.get(Measure::DuesBackMonths, today);
        let org = write.standing_org(new.org).await?;
        let person = write.person(new.person).await?;
        let belongs = !person.left && person.org.path.starts_with(&org.path);
        if !belongs || person.record.standing.stage < Stage::Probationary {
            return Err(StoreError::refused("not_in_org", format!("此人不是「{}」的党员。请重新选择。", org.name)));
        }
        let bases = write.bases_of(&[new.person.0]).await?;
        let due = basis_at(&bases, new.person, new.reduction.from).map(|basis| basis.due(new.reduction.from).due);
        check_reduction(&new.reduction, due, back, Month::of(today)).map_err(|e| reduction_refused(&e))?;
        let id = ReductionId(write.new_id());
        let key = write.person_key(new.person).await?;
        let plain = SealedReduction {
            pays: new.reduction.pays.0,
            reason: new.reason.trim().to_owned(),
            decision_reason: String::new(),
        };
        sqlx::query(
            "INSERT INTO dues_reduction (root_org, id, version, person_id, org_id, from_month, to_month, state, sealed, asked_at, asked_by) \
             VALUES ($1,$2,1,$3,$4,$5,$6,$7,$8,$9,$10)",
        )
        .bind(write.root.0)
        .bind(id.0)
        .bind(new.person.0)
        .bind(org.id.0)
        .bind(new.reduction.from.number())
        .bind(new.reduction.to.number())
        .bind(ReductionState::Asked.key())
        .bind(seal(&key, &plain, &place(write.root, id))?)
        .bind(now_ms())
        .bind(write.author_name().to_owned())
        .execute(&mut *write.tx)
        .await?;
        let note = json!({ "dues_reduction": id, "pays": plain.pays, "reason": plain.reason });
        write.note_person(new.person, &key, &note).await?;
        let summary = format!("「{}」申请减免党费 1 人", org.name);
        write.describe(Subject::of("dues_reduction", id.0), "", summary);
        write.commit().await?;
        Ok(id)
    }

    /// Decides on a reduction. An approved one lowers the lines of its months that nobody has paid.
    pub async fn decide_dues_reduction(
        &self,
        author: impl Into<Author>,
        (id, version): (ReductionId, i64),
        decision: ReductionDecision,
        reason: &str,
        today: Date,
    ) -> Result<(), StoreError> {
        let action = match decision {
            ReductionDecision::Approve => "dues.approve_reduction",
            ReductionDecision::Refuse => "dues.refuse_reduction",
            ReductionDecision::Withdraw => "dues.withdraw_reduction",
        };
        let mut write = self.begin(author, action).await?;
        let text = format!("SELECT {COLUMNS} FROM {TABLES} WHERE r.root_org = $1 AND r.id = $2");
        let row = sqlx::query(AssertSqlSafe(text)).bind(write.root.0).bind(id.0).fetch_optional(&mut *write.tx).await?;
        let found = row.map(|row| reduction_of(&self.ring, write.root, &row)).transpose()?.flatten();
        let before = found.ok_or(StoreError::NotFound("减免申请"))?;
        let state = decide_reduction(before.state, decision, reason).map_err(|e| reduction_refused(&e))?;
        write.take_version(Versioned::DuesReduction, id.0, version).await?;
        let key = write.person_key(before.person).await?;
        let plain = SealedReduction {
            pays: before.reduction.pays.0,
            reason: before.reason,
            decision_reason: reason.trim().to_owned(),
        };
        sqlx::query(
            "UPDATE dues_reduction SET state = $3, sealed = $4, decided_at = $5, decided_by = $6 WHERE root_org = $1 AND id = $2",
        )
        .bind(write.root.0)
        .bind(id.0)
        .bind(state.key())
        .bind(seal(&key, &plain, &place(write.root, id))?)
        .bind(now_ms())
        .bind(write.author_name().to_owned())
        .execute(&mut *write.tx)
        .await?;
        if state == ReductionState::Approved {
            write.reckon_anew(&[before.person.0], before.reduction.from, today).await?;
        }
        let note = json!({ "dues_reduction": id, "state": state.key(), "reason": plain.decision_reason });
        write.note_person(before.person, &key, &note).await?;
        let summary = format!("「{}」减免党费 1 人：{}", before.org_name, state.name());
        write.describe(Subject::of("dues_reduction", id.0), "", summary);
        write.commit().await?;
        Ok(())
    }
}

impl Write<'_> {
    /// The approved reductions of persons.
    pub(super) async fn reductions_of(
        &mut self,
        persons: &[i64],
    ) -> Result<HashMap<PersonId, Vec<Reduction>>, StoreError> {
        let mut reductions: HashMap<PersonId, Vec<Reduction>> = HashMap::new();
        for batch in persons.chunks(MANY) {
            let text = format!(
                "SELECT {COLUMNS} FROM {TABLES} WHERE r.root_org = $1 AND r.state = 'approved' AND r.person_id IN ({})",
                placeholders(2, batch.len())
            );
            let mut query = sqlx::query(AssertSqlSafe(text)).bind(self.root.0);
            for person in batch {
                query = query.bind(*person);
            }
            for row in query.fetch_all(&mut *self.tx).await? {
                if let Some(found) = reduction_of(&self.store.ring, self.root, &row)? {
                    reductions.entry(found.person).or_default().push(found.reduction);
                }
            }
        }
        Ok(reductions)
    }
}

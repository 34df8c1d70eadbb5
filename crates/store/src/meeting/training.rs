//! Training outside meetings: who took part, how many hours it gave, which of EDU-02's activities it fulfils for each.

use super::call::{Sought, called};
use super::learning::Learned;
use crate::error::StoreError;
use crate::record::NewRecord;
use crate::sql::{day, get, in_subtrees, subtree_bounds};
use crate::write::{Subject, Write};
use crate::{Author, Store};
use jiff::civil::Date;
use rules::date::day_number;
use rules::ids::{OrgId, PersonId, RootOrg, TrainingId};
use rules::meeting::TrainingKind;
use rules::refusal::Refusal;
use serde_json::json;
use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;
use std::collections::BTreeSet;

const TRAINING: &str = "training";
/// Most characters of a title.
const LONGEST: usize = 200;
/// Most persons of one registration.
const MOST: usize = 2_000;

/// A training to be registered.
#[derive(Debug, Clone)]
pub struct NewTraining {
    /// The organisation whose members took part.
    pub org: OrgId,
    /// What sort.
    pub kind: TrainingKind,
    /// 名称.
    pub title: String,
    /// First day.
    pub from: Date,
    /// Last day: the day on which it counts.
    pub to: Date,
    /// Hours in all, in tenths of an hour.
    pub tenths: u32,
    /// Who took part.
    pub persons: Vec<PersonId>,
}

/// A training.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Training {
    /// Its id.
    pub id: TrainingId,
    /// The organisation.
    pub org: OrgId,
    /// Its name.
    pub org_name: String,
    /// Its path.
    pub org_path: String,
    /// What sort.
    pub kind: TrainingKind,
    /// 名称.
    pub title: String,
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// Hours in all, in tenths of an hour.
    pub tenths: i64,
    /// How many took part.
    pub persons: i64,
}

fn place(root: RootOrg, id: TrainingId) -> String {
    format!("training:{root}:{id}")
}

/// Every reason why it cannot be registered (EDU-01, EDU-02).
fn check(new: &NewTraining, today: Date) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    let mut refuse = |code, field: &str, message: String| refusals.push(Refusal::new("EDU-01", code, field, message));
    let length = new.title.trim().chars().count();
    if length == 0 {
        refuse("missing_required", "/title", "培训名称没有填写。请补填。".to_owned());
    } else if length > LONGEST {
        refuse("too_long", "/title", format!("培训名称最多 {LONGEST} 个字。请精简。"));
    }
    if new.to > today {
        refuse("bad_date", "/to", format!("结束日期 {} 在今天之后。请在培训结束后登记。", new.to));
    }
    if new.to < new.from {
        refuse("bad_date", "/to", "结束日期早于开始日期。请核对。".to_owned());
    } else if new.from.year() != new.to.year() {
        refuse("bad_date", "/from", "跨年的培训请按年度分两次登记，学时分别计入各年（EDU-01）。".to_owned());
    } else if i32::from(today.year()) - i32::from(new.from.year()) > 1 {
        refuse("bad_date", "/from", "只能登记去年和今年的培训。请核对年份。".to_owned());
    }
    let days = u32::try_from((new.to - new.from).get_days() + 1).unwrap_or(1);
    if new.tenths == 0 {
        refuse("missing_required", "/hours", "学时没有填写。请补填。".to_owned());
    } else if new.tenths > days * 120 {
        refuse("bad_hours", "/hours", format!("{days} 天的培训最多 {} 学时（EDU-01）。请核对。", days * 12));
    }
    if new.persons.is_empty() {
        refuse("missing_required", "/persons", "没有选参加人员。请选择。".to_owned());
    } else if new.persons.len() > MOST {
        refuse("too_many", "/persons", format!("一次最多登记 {MOST} 人。请分次登记。"));
    }
    refusals
}

const COLUMNS: &str = "t.id, t.org_id, o.name AS org_name, o.path AS org_path, t.kind, t.from_day, t.to_day, t.tenths, t.persons, t.sealed";
const TABLES: &str = "training t JOIN org o ON o.root_org = t.root_org AND o.id = t.org_id";

impl Store {
    fn training_of(&self, root: RootOrg, row: &AnyRow) -> Result<Training, StoreError> {
        let (id, kind): (i64, String) = (get(row, "id")?, get(row, "kind")?);
        let id = TrainingId(id);
        let title = self.ring.open_sealed(&get::<Vec<u8>, _>(row, "sealed")?, place(root, id).as_bytes())?;
        Ok(Training {
            id,
            org: OrgId(get(row, "org_id")?),
            org_name: get(row, "org_name")?,
            org_path: get(row, "org_path")?,
            kind: TrainingKind::from_key(&kind).ok_or_else(|| StoreError::Corrupt(format!("培训类别 {kind}")))?,
            title: String::from_utf8_lossy(&title).into_owned(),
            from: day(get(row, "from_day")?)?,
            to: day(get(row, "to_day")?)?,
            tenths: get(row, "tenths")?,
            persons: get(row, "persons")?,
        })
    }

    /// Registers a training: hours for everybody who took part, and a record of what it fulfils for each.
    pub async fn register_training(
        &self,
        author: impl Into<Author>,
        new: &NewTraining,
        today: Date,
    ) -> Result<TrainingId, StoreError> {
        let refusals = check(new, today);
        if !refusals.is_empty() {
            return Err(refusals.into());
        }
        let mut write = self.begin(author, "training.register").await?;
        let org = write.standing_org(new.org).await?;
        let persons: BTreeSet<PersonId> = new.persons.iter().copied().collect();
        write.check_members(&org, &persons, new.to).await?;
        let id = TrainingId(write.new_id());
        sqlx::query(
            "INSERT INTO training (root_org, id, org_id, kind, from_day, to_day, tenths, persons, sealed) \
             VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9)",
        )
        .bind(write.root.0)
        .bind(id.0)
        .bind(org.id.0)
        .bind(new.kind.key())
        .bind(day_number(new.from))
        .bind(day_number(new.to))
        .bind(i64::from(new.tenths))
        .bind(persons.len() as i64)
        .bind(self.ring.seal(new.title.trim().as_bytes(), place(write.root, id).as_bytes())?)
        .execute(&mut *write.tx)
        .await?;
        let source = Subject::of(TRAINING, id.0);
        let list: Vec<PersonId> = persons.into_iter().collect();
        let hours = |person: &PersonId| Learned { person: *person, on: new.to, source, tenths: i64::from(new.tenths) };
        write.credit(&list.iter().map(hours).collect::<Vec<_>>()).await?;
        let (org_id, on) = (org.id, new.to);
        for person in list.iter().copied().map(Some) {
            for activity in new.kind.activities().iter().copied() {
                write
                    .record(NewRecord { org: org_id, person, activity, on, outcome: None, until: None, source })
                    .await?;
            }
        }
        write.note(source, &json!({ "kind": new.kind.key(), "tenths": new.tenths, "persons": list })).await?;
        let summary = format!("「{}」登记{}，{} 人", org.name, new.kind.name(), list.len());
        write.describe(source, "", summary);
        write.commit().await?;
        Ok(id)
    }

    /// Takes a training back, with its hours and records.
    pub async fn remove_training(
        &self,
        author: impl Into<Author>,
        id: TrainingId,
        reason: &str,
    ) -> Result<(), StoreError> {
        let mut write = self.begin(author, "training.remove").await?;
        let known = self.training(write.root, id).await?;
        let source = Subject::of(TRAINING, id.0);
        let removed = sqlx::query("DELETE FROM training WHERE root_org = $1 AND id = $2")
            .bind(write.root.0)
            .bind(id.0)
            .execute(&mut *write.tx)
            .await?;
        if removed.rows_affected() == 0 {
            return Err(StoreError::NotFound("培训"));
        }
        write.withdraw_records(source).await?;
        write.withdraw_learning(source).await?;
        write.describe(source, reason, format!("「{}」撤销登记{}", known.org_name, known.kind.name()));
        write.commit().await?;
        Ok(())
    }

    /// One training.
    pub async fn training(&self, root: RootOrg, id: TrainingId) -> Result<Training, StoreError> {
        let text = format!("SELECT {COLUMNS} FROM {TABLES} WHERE t.root_org = $1 AND t.id = $2");
        let row = sqlx::query(AssertSqlSafe(text)).bind(root.0).bind(id.0).fetch_optional(&self.db.read).await?;
        self.training_of(root, &row.ok_or(StoreError::NotFound("培训"))?)
    }

    /// Trainings of these subtrees, newest first, before one of them.
    pub async fn trainings(
        &self,
        root: RootOrg,
        scope: &[String],
        before: Option<TrainingId>,
        limit: i64,
    ) -> Result<Vec<Training>, StoreError> {
        let text = format!(
            "SELECT {COLUMNS} FROM {TABLES} WHERE t.root_org = $1 AND t.id < $2 AND {} ORDER BY t.id DESC LIMIT $3",
            in_subtrees("o.path", 4, scope.len())
        );
        let before = before.map_or(i64::MAX, |id| id.0);
        let mut query = sqlx::query(AssertSqlSafe(text)).bind(root.0).bind(before).bind(limit);
        for bound in scope.iter().flat_map(|path| subtree_bounds(path)) {
            query = query.bind(bound);
        }
        query.fetch_all(&self.db.read).await?.iter().map(|row| self.training_of(root, row)).collect()
    }
}

impl Write<'_> {
    /// Whether everybody belonged to the organisation's subtree as a member on the day.
    async fn check_members(
        &mut self,
        org: &crate::Org,
        persons: &BTreeSet<PersonId>,
        on: Date,
    ) -> Result<(), StoreError> {
        let (place, list) = ((org.id, org.path.as_str()), persons.iter().copied().collect::<Vec<_>>());
        let all = called(&mut self.tx, &self.store.ring, self.root, place, Sought::Some(&list), on).await?;
        let members = all.iter().filter(|one| one.stage.is_member());
        let known: BTreeSet<PersonId> = members.map(|one| one.called.person).collect();
        if persons.is_subset(&known) {
            return Ok(());
        }
        let message = format!("参加人员中有人当时不是「{}」的党员。请从名单中重新选择。", org.name);
        Err(vec![Refusal::new("EDU-01", "not_in_org", "/persons", message)].into())
    }
}

//! Opening a case: for somebody new, who gets a dossier, or for somebody in the register who is no full member.

use super::subject;
use crate::error::StoreError;
use crate::person_write::{NewPerson, holds_members};
use crate::write::Write;
use crate::{Author, Store, now_ms};
use jiff::civil::Date;
use rules::codes::Stage;
use rules::date::{PartialDate, day_number, full_years};
use rules::development::{CaseState, Step};
use rules::ids::{CaseId, PersonId};
use rules::measure::Measure;
use rules::member::Record;
use rules::refusal::Refusal;
use serde_json::json;

/// Whose case.
#[derive(Debug, Clone)]
pub enum CasePerson {
    /// Somebody in the register.
    Existing(PersonId),
    /// Somebody new: the dossier, which must have passed its checks. The standing becomes an applicant's.
    New(Box<Record>),
}

/// A case to be opened.
#[derive(Debug, Clone)]
pub struct NewCase {
    /// Whose.
    pub person: CasePerson,
    /// When the application was handed in.
    pub applied_on: Date,
}

impl Store {
    /// Opens a case; its first step, the application itself, is still to be taken. Somebody whom the register has as an activist, a
    /// candidate or a probationary member already may catch up on the steps behind him.
    pub async fn open_case(&self, author: impl Into<Author>, new: NewCase, today: Date) -> Result<CaseId, StoreError> {
        let author = author.into();
        let age = self.measures(author.root, today).await?.get(Measure::ApplicantAge, new.applied_on);
        let mut write = self.begin(author, "case.open").await?;
        let mut refusals = Vec::new();
        if new.applied_on > today {
            let message = format!("递交日期 {} 晚于今天（DEV-30）。请改正。", new.applied_on);
            refusals.push(Refusal::new("DEV-30", "future_date", "/on", message));
        }
        let (born, stage, known) = match &new.person {
            CasePerson::Existing(id) => {
                let person = write.person(*id).await?;
                let stage = person.record.standing.stage;
                if person.left {
                    refusals.push(Refusal::new(
                        "DEV-30",
                        "person_left",
                        "/person_id",
                        "此人已离开，不能登记入党申请。请核对档案。",
                    ));
                } else if stage == Stage::Full {
                    refusals.push(Refusal::new(
                        "DEV-30",
                        "is_member",
                        "/person_id",
                        "此人已是正式党员，不需要发展（DEV-30）。请另选。",
                    ));
                } else if write.has_case(*id).await? {
                    let message = "此人已有一份在办的卷宗，同一时间只能有一份（DEV-30）。请打开原来的卷宗办理。";
                    refusals.push(Refusal::new("DEV-30", "case_exists", "/person_id", message));
                }
                (person.record.born, stage, Step::known_at(stage))
            }
            CasePerson::New(record) => (record.born, Stage::Applicant, None),
        };
        match born {
            None => refusals.push(Refusal::new(
                "DEV-01",
                "missing_birth",
                "/fields/born",
                "没有出生日期，无法判断是否年满 18 周岁（DEV-01）。请补填。",
            )),
            Some(born) if full_years(born.earliest(), new.applied_on) < age => {
                let message = format!("递交申请时不满 {age} 周岁，不能申请入党（DEV-01）。请核对出生日期和递交日期。");
                refusals.push(Refusal::new("DEV-01", "under_age", "/on", message));
            }
            Some(_) => {}
        }
        if !refusals.is_empty() {
            return Err(StoreError::Rules(refusals));
        }
        let person = match new.person {
            CasePerson::Existing(id) => id,
            CasePerson::New(record) => write.new_applicant(*record, new.applied_on, today).await?,
        };
        let id = write.insert_case(person, new.applied_on, known).await?;
        let key = write.person_key(person).await?;
        write.note_person(person, &key, &json!({ "case": id, "did": "登记入党申请" })).await?;
        write.describe(subject(id), "", format!("登记入党申请，开立卷宗（{}）", stage.name()));
        write.commit().await?;
        Ok(id)
    }
}

impl Write<'_> {
    async fn new_applicant(
        &mut self,
        mut record: Record,
        applied_on: Date,
        today: Date,
    ) -> Result<PersonId, StoreError> {
        let org = self.org(record.standing.org).await?;
        holds_members(&org)?;
        record.standing.stage = Stage::Applicant;
        record.applied_on = Some(PartialDate::day(applied_on));
        (record.joined_on, record.full_on) = (None, None);
        let id = PersonId(self.new_id());
        let spells = record.first_spells(today);
        self.insert_persons(vec![NewPerson { id, record, spells, org_name: org.name }]).await?;
        Ok(id)
    }

    async fn insert_case(
        &mut self,
        person: PersonId,
        applied_on: Date,
        known: Option<Step>,
    ) -> Result<CaseId, StoreError> {
        let id = CaseId(self.new_id());
        sqlx::query(
            "INSERT INTO development_case (root_org, id, version, person_id, state, step, known_step, applied_day, last_day, opened_at, opened_by) \
             VALUES ($1,$2,1,$3,$4,$5,$6,$7,$7,$8,$9)",
        )
        .bind(self.root.0)
        .bind(id.0)
        .bind(person.0)
        .bind(CaseState::Open.key())
        .bind(i64::from(Step::Application.number()))
        .bind(known.map(|step| i64::from(step.number())))
        .bind(day_number(applied_on))
        .bind(now_ms())
        .bind(self.author_name().to_owned())
        .execute(&mut *self.tx)
        .await?;
        Ok(id)
    }
}

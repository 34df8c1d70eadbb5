//! An applicant to test with: a case in a branch of three full members, and forms that are right in every way until a test spoils one.

use crate::Office;
use jiff::civil::{Date, date};
use rules::development::{FieldKind, Form, Step, Value, Values};
use rules::ids::{CaseId, PersonId};
use rules::intake::Draft;
use rules::meeting::VoteCount;
use rules::member::Record;
use rules::org::PostKind;
use store::{Acting, CasePerson, NewCase, NewFile, StoreError};

/// The days on which a case goes its way without any delay.
pub const DAYS: [Date; 25] = [
    date(2026, 6, 1),
    date(2026, 6, 10),
    date(2026, 6, 20),
    date(2026, 6, 22),
    date(2026, 6, 25),
    date(2026, 12, 20),
    date(2027, 6, 20),
    date(2027, 7, 5),
    date(2027, 7, 6),
    date(2027, 7, 12),
    date(2027, 7, 20),
    date(2027, 7, 22),
    date(2027, 7, 26),
    date(2027, 7, 28),
    date(2027, 8, 2),
    date(2027, 8, 5),
    date(2027, 8, 20),
    date(2027, 8, 25),
    date(2027, 8, 26),
    date(2027, 9, 1),
    date(2028, 2, 2),
    date(2028, 8, 2),
    date(2028, 8, 10),
    date(2028, 8, 20),
    date(2028, 8, 25),
];

/// A case on its way.
pub struct Applicant {
    /// The case.
    pub case: CaseId,
    /// Its version.
    pub version: i64,
    /// Whose.
    pub person: PersonId,
    /// Three full members of the branch, the first of them 书记.
    pub members: [PersonId; 3],
    /// Who acts: the branch and the committee above it.
    pub acting: Acting,
}

impl Office {
    /// An application to a branch that has nobody in it yet, handed in on the first of [`DAYS`].
    pub async fn applicant(&self, branch: usize, name: &str) -> Applicant {
        let members = [
            self.member(branch, "甲书记").await,
            self.member(branch, "乙党员").await,
            self.member(branch, "丙党员").await,
        ];
        let org = self.branches[branch].id;
        let since = date(2020, 1, 1);
        self.store.assign_post(self.author(), org, members[0], PostKind::Secretary, since).await.unwrap();
        let record = Record::new(&self.newcomer(name), org).unwrap();
        let new = NewCase { person: CasePerson::New(Box::new(record)), applied_on: DAYS[0] };
        let case = self.store.open_case(self.author(), new, DAYS[0]).await.unwrap();
        let person = self.store.case_person(self.root, case).await.unwrap();
        let acting = Acting { branch: true, superiors: vec![self.top.id] };
        Applicant { case, version: 1, person, members, acting }
    }

    /// What a form would say of somebody who is no member.
    pub fn newcomer(&self, name: &str) -> Draft {
        let stage = Some(rules::codes::Stage::Applicant);
        Draft { stage, joined_on: None, full_on: None, ..self.next_draft(name) }
    }
}

impl Applicant {
    /// The day on which a step is taken.
    pub fn day_of(step: Step) -> Date {
        DAYS[usize::from(step.number()) - 1]
    }

    /// A step's form, right in every way, on the step's day.
    pub fn form(&self, step: Step) -> Form {
        let text = |key: &str, text: &str| (key.to_owned(), Value::Text(text.to_owned()));
        let persons = |key: &str, persons: &[PersonId]| (key.to_owned(), Value::Persons(persons.to_vec()));
        let day = |key: &str, day: Date| (key.to_owned(), Value::Date(day));
        let mut values = Values::default();
        for field in step.spec().fields.iter().filter(|field| field.required && field.only_if.is_none()) {
            values.0.extend(match field.kind {
                FieldKind::Text | FieldKind::LongText => Some(text(&field.key, "如实填写")),
                FieldKind::Choice => field.choices.first().map(|choice| text(&field.key, &choice.key)),
                FieldKind::Vote => Some((field.key.clone(), Self::vote(3))),
                FieldKind::Date | FieldKind::Number | FieldKind::Persons | FieldKind::Org => None,
            });
        }
        if step.spec().field("body").is_some() {
            values.0.extend([text("body", "meeting")]);
        }
        match step {
            Step::ApplicationTalk => values.0.extend([persons("talkers", &self.members[..1])]),
            Step::MentorAssignment => values.0.extend([persons("mentors", &self.members[..2])]),
            Step::SponsorAssignment => values.0.extend([persons("sponsors", &self.members[1..])]),
            Step::CandidateSelection => {
                values.0.extend([day("notice_from", date(2027, 6, 14)), day("notice_until", date(2027, 6, 18))])
            }
            Step::IntensiveTraining => values.0.extend([
                text("organiser", "测试集团党委"),
                day("from", date(2027, 7, 18)),
                ("days".to_owned(), Value::Number(3)),
                ("hours".to_owned(), Value::Number(24)),
            ]),
            _ => {}
        }
        Form { step, on: Self::day_of(step), values, reason: String::new() }
    }

    /// A vote of the branch's three full members, so many of them in favour.
    pub fn vote(in_favour: u32) -> Value {
        let against = 3 - in_favour;
        Value::Vote(VoteCount { expected_voters: 3, present_voters: 3, written: 0, in_favour, against, abstained: 0 })
    }

    /// Puts every paper that a form needs.
    pub async fn put_papers(&self, office: &Office, form: &Form) {
        for paper in
            form.step.spec().papers.iter().filter(|paper| paper.needed(&form.values) || paper.key == "candidate_notice")
        {
            let new = NewFile { name: "材料.pdf", media_type: "application/pdf", bytes: b"%PDF-1.7" };
            office.store.add_case_paper(office.author(), self.case, form.step, &paper.key, new).await.unwrap();
        }
    }

    /// Takes a step as a form says, on that day.
    pub async fn take_form(&mut self, office: &Office, form: &Form) -> Result<i64, StoreError> {
        let case = (self.case, self.version);
        self.version = office.store.take_step(office.author(), case, form, &self.acting, form.on).await?;
        Ok(self.version)
    }

    /// Takes a step as it should be, on its day, with its papers.
    pub async fn take(&mut self, office: &Office, step: Step) -> Result<i64, StoreError> {
        let form = self.form(step);
        self.put_papers(office, &form).await;
        self.take_form(office, &form).await
    }

    /// Takes every step that is left before this one.
    pub async fn go_to(&mut self, office: &Office, step: Step) {
        let present = office.store.case(office.root, self.case).await.unwrap().row.step;
        for earlier in Step::ALL.iter().filter(|one| Some(**one) >= present && **one < step) {
            self.take(office, *earlier).await.unwrap();
        }
    }
}

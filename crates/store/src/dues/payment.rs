//! Payments: booked, one or many at once, and taken back with a reason.

use super::base::key_for;
use super::line::{SealedPayment, payment_place, seal};
use super::statement::Change;
use super::{DuesLine, booked};
use crate::error::StoreError;
use crate::sql::{BATCH, day_opt, get, placeholders, value_rows};
use crate::write::{Subject, Write};
use crate::{Author, Store, now_ms};
use jiff::civil::Date;
use rules::date::day_number;
use rules::dues::{BookRefused, Booking, Fen, LineState, Way, check_booking, check_take_back};
use rules::ids::{DuesLineId, DuesStatementId, OrgId, PaymentId, PersonId, RootOrg};
use rules::measure::Measure;
use rules::refusal::Refusal;
use serde_json::json;
use sqlx::AssertSqlSafe;
use std::collections::{BTreeMap, HashMap};

/// A line and the version on which a decision about it rests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineVersion {
    /// The line.
    pub line: DuesLineId,
    /// Its version as it was seen.
    pub version: i64,
}

/// Payments to be booked: all of what is due by these lines.
#[derive(Debug, Clone)]
pub struct NewPayments<'a> {
    /// The branch that collects.
    pub org: OrgId,
    /// The lines.
    pub lines: &'a [LineVersion],
    /// The day on which it was paid.
    pub on: Date,
    /// How.
    pub way: Way,
    /// 收据编号.
    pub receipt: Option<&'a str>,
    /// What was paid beyond what is due, of the member's own will; only with one line.
    pub voluntary: Fen,
}

fn reason_place(root: RootOrg, id: PaymentId) -> String {
    format!("dues-payment-reason:{root}:{id}")
}

impl Store {
    /// Books payments, all or none. Of two who book one line at once, the second is told that it is paid.
    pub async fn book_dues(
        &self,
        author: impl Into<Author>,
        new: NewPayments<'_>,
        today: Date,
    ) -> Result<(), StoreError> {
        let mut write = self.begin(author, "dues.book").await?;
        let back = self.measures(write.root, today).await?.get(Measure::DuesBackMonths, today);
        let org = write.org(new.org).await?;
        let lines = write.lines_to_book(&new).await?;
        let booking = Booking { on: new.on, voluntary: new.voluntary };
        let mut refusals = Vec::new();
        for (at, line) in lines.iter().enumerate() {
            if let Err(e) = check_booking(line.state, line.month, &booking, back, today) {
                let field = match e {
                    BookRefused::BadDay(..) | BookRefused::TooOld(..) => "/on".to_owned(),
                    BookRefused::NegativeVoluntary => "/voluntary".to_owned(),
                    _ => format!("/lines/{at}"),
                };
                let message = match lines.len() {
                    1 => e.to_string(),
                    _ => format!("{}：{e}", line.month.words()),
                };
                refusals.push(Refusal::new("", e.code(), field, message));
            }
        }
        refusals.dedup();
        if !refusals.is_empty() {
            return Err(StoreError::Rules(refusals));
        }
        // What has been paid meanwhile was said as such above; here somebody changed the amount.
        for (line, seen) in lines.iter().zip(new.lines) {
            if line.version != seen.version {
                return Err(StoreError::Stale { what: "应交党费", current: line.version });
            }
        }
        write.put_payments(&lines, &new).await?;
        let persons: Vec<PersonId> = lines.iter().map(|line| line.person).collect();
        write.touch_duties_of(&persons).await?;
        let summary = format!("「{}」收缴党费 {} 笔（{}）", org.name, lines.len(), new.way.name());
        write.describe(Subject::of("org", org.id.0), "", summary);
        write.commit().await?;
        Ok(())
    }

    /// The branch that booked a payment.
    pub async fn dues_payment_org(&self, root: RootOrg, id: PaymentId) -> Result<OrgId, StoreError> {
        let row = sqlx::query(
            "SELECT s.org_id FROM dues_payment y JOIN dues_statement s ON s.root_org = y.root_org AND s.id = y.statement_id \
             WHERE y.root_org = $1 AND y.id = $2",
        )
        .bind(root.0)
        .bind(id.0)
        .fetch_optional(&self.db.read)
        .await?;
        Ok(OrgId(get(&row.ok_or(StoreError::NotFound("交费记录"))?, "org_id")?))
    }

    /// Takes a payment back: it was booked by mistake.
    pub async fn take_back_dues(
        &self,
        author: impl Into<Author>,
        id: PaymentId,
        reason: &str,
        today: Date,
    ) -> Result<(), StoreError> {
        let mut write = self.begin(author, "dues.take_back").await?;
        let row =
            sqlx::query("SELECT line_id, handed_on, taken_back_at FROM dues_payment WHERE root_org = $1 AND id = $2")
                .bind(write.root.0)
                .bind(id.0)
                .fetch_optional(&mut *write.tx)
                .await?
                .ok_or(StoreError::NotFound("交费记录"))?;
        if get::<Option<i64>, _>(&row, "taken_back_at")?.is_some() {
            return Err(booked(&BookRefused::NotPaid, ""));
        }
        let line = write.dues_lines_where("l.id = $2", &[get(&row, "line_id")?]).await?.pop();
        let line = line.ok_or(StoreError::NotFound("交费记录"))?;
        let payment =
            line.payment.as_ref().filter(|payment| payment.id == id).ok_or(booked(&BookRefused::NotPaid, ""))?;
        let state = check_take_back(line.state, day_opt(get(&row, "handed_on")?)?).map_err(|e| booked(&e, ""))?;
        let key = write.person_key(line.person).await?;
        sqlx::query("UPDATE dues_payment SET taken_back_at = $3, taken_back_by = $4, taken_back_reason = $5 WHERE root_org = $1 AND id = $2")
            .bind(write.root.0)
            .bind(id.0)
            .bind(now_ms())
            .bind(write.author_name().to_owned())
            .bind(key.seal(reason.trim().as_bytes(), reason_place(write.root, id).as_bytes())?)
            .execute(&mut *write.tx)
            .await?;
        sqlx::query("UPDATE dues_line SET state = $3, version = version + 1 WHERE root_org = $1 AND id = $2")
            .bind(write.root.0)
            .bind(line.id.0)
            .bind(state.key())
            .execute(&mut *write.tx)
            .await?;
        let change =
            Change { due: Fen::ZERO, paid: Fen::ZERO - payment.amount, voluntary: Fen::ZERO - payment.voluntary };
        write.follow_dues(line.statement, change, today).await?;
        // What it is about is the person's; the reason is sealed with it.
        let note = json!({ "dues_taken_back": id, "month": line.month.number(), "reason": reason.trim() });
        write.note_person(line.person, &key, &note).await?;
        let org = write.org(line.org).await?;
        let summary = format!("「{}」撤销 {} 党费 1 笔", org.name, line.month.words());
        write.describe(Subject::of("dues_statement", line.statement.0), "", summary);
        write.commit().await?;
        Ok(())
    }
}

impl Write<'_> {
    /// The lines named, in the order named; every one must be the branch's.
    async fn lines_to_book(&mut self, new: &NewPayments<'_>) -> Result<Vec<DuesLine>, StoreError> {
        let mut found: HashMap<DuesLineId, DuesLine> = HashMap::new();
        for batch in new.lines.chunks(BATCH) {
            let condition = format!("l.org_id = $2 AND l.id IN ({})", placeholders(3, batch.len()));
            let values: Vec<i64> = std::iter::once(new.org.0).chain(batch.iter().map(|seen| seen.line.0)).collect();
            let lines = self.dues_lines_where(&condition, &values).await?;
            found.extend(lines.into_iter().map(|line| (line.id, line)));
        }
        // A line named twice is found once: it cannot be paid twice.
        new.lines.iter().map(|seen| found.remove(&seen.line).ok_or(StoreError::NotFound("应交党费"))).collect()
    }

    /// Writes payments for lines that may be paid.
    pub(super) async fn put_payments(&mut self, lines: &[DuesLine], new: &NewPayments<'_>) -> Result<(), StoreError> {
        let persons: Vec<i64> = lines.iter().map(|line| line.person.0).collect();
        let keys = self.keys_of(&persons).await?;
        let mut changes: BTreeMap<DuesStatementId, Change> = BTreeMap::new();
        let mut paid: BTreeMap<DuesStatementId, Vec<DuesLineId>> = BTreeMap::new();
        for batch in lines.chunks(BATCH) {
            let text = format!(
                "INSERT INTO dues_payment (root_org, id, line_id, statement_id, person_id, paid_on, way, sealed, booked_at, booked_by) VALUES {}",
                value_rows(batch.len(), 10)
            );
            let mut query = sqlx::query(AssertSqlSafe(text));
            for line in batch {
                let (id, amount) = (PaymentId(self.new_id()), line.due.unwrap_or_default());
                let plain = SealedPayment {
                    amount: amount.0,
                    voluntary: new.voluntary.0,
                    receipt: new.receipt.map(str::to_owned).filter(|receipt| !receipt.is_empty()),
                };
                let change = changes.entry(line.statement).or_default();
                change.paid = change.paid + amount;
                change.voluntary = change.voluntary + new.voluntary;
                paid.entry(line.statement).or_default().push(line.id);
                query = query
                    .bind(self.root.0)
                    .bind(id.0)
                    .bind(line.id.0)
                    .bind(line.statement.0)
                    .bind(line.person.0)
                    .bind(day_number(new.on))
                    .bind(new.way.key())
                    .bind(seal(key_for(&keys, PersonId(line.person.0))?, &plain, &payment_place(self.root, id))?)
                    .bind(now_ms())
                    .bind(self.author_name().to_owned());
            }
            query.execute(&mut *self.tx).await?;
            self.mark_paid(batch).await?;
        }
        for (statement, change) in &changes {
            self.follow_dues(*statement, *change, new.on).await?;
        }
        for (statement, lines) in &paid {
            let note = json!({ "paid": lines, "on": new.on, "way": new.way.key() });
            self.note(Subject::of("dues_statement", statement.0), &note).await?;
        }
        Ok(())
    }

    async fn mark_paid(&mut self, lines: &[DuesLine]) -> Result<(), StoreError> {
        let text = format!(
            "UPDATE dues_line SET state = $2, version = version + 1 WHERE root_org = $1 AND state = 'open' AND id IN ({})",
            placeholders(3, lines.len())
        );
        let mut query = sqlx::query(AssertSqlSafe(text)).bind(self.root.0).bind(LineState::Paid.key());
        for line in lines {
            query = query.bind(line.id.0);
        }
        let marked = query.execute(&mut *self.tx).await?.rows_affected();
        match lines.first() {
            Some(line) if marked != lines.len() as u64 => {
                Err(StoreError::Stale { what: "应交党费", current: line.version + 1 })
            }
            _ => Ok(()),
        }
    }
}

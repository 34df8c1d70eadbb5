//! Drawing a month up: whose dues belong to the branch, by what they pay, what is due; lines that were paid stay.

use super::base::basis_at;
use super::line::{SealedLine, line_place, seal};
use super::statement::Change;
use super::{DuesLine, DuesStatement};
use crate::error::StoreError;
use crate::now_ms;
use crate::org::Org;
use crate::person::key_of;
use crate::sql::{BATCH, OPEN, coded, day, get, partial, subtree_bounds, value_rows};
use crate::write::{Subject, Write};
use jiff::civil::Date;
use rules::codes::Membership;
use rules::date::day_number;
use rules::dues::{Basis, Belonging, Fen, LineState, Month, lowest, pays_here};
use rules::ids::{DuesLineId, DuesStatementId, OrgId, PersonId};
use sealed::PersonKey;
use serde_json::json;
use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;
use std::collections::{BTreeMap, HashMap};

/// A line as it is written.
pub(super) struct LineRow<'k> {
    pub(super) id: DuesLineId,
    pub(super) version: i64,
    pub(super) person: PersonId,
    pub(super) key: &'k PersonKey,
    pub(super) basis: Option<Basis>,
    pub(super) due: Option<Fen>,
}

impl Write<'_> {
    /// Writes a month's lines: everybody whose dues belong to the branch (DUES-04). Returns how many there are.
    pub(super) async fn draw_up(
        &mut self,
        org: &Org,
        month: Month,
        before: Option<&DuesStatement>,
        today: Date,
    ) -> Result<(DuesStatementId, usize), StoreError> {
        let id = before.map_or_else(|| DuesStatementId(self.new_id()), |before| before.id);
        let payers = self.payers(org, month).await?;
        let persons: Vec<i64> = payers.keys().map(|person| person.0).collect();
        let bases = self.bases_of(&persons).await?;
        let reductions = self.reductions_of(&persons).await?;
        let old = self.dues_lines_where("l.statement_id = $2", &[id.0]).await?;
        let kept: BTreeMap<PersonId, &DuesLine> = old.iter().map(|line| (line.person, line)).collect();
        let mut rows = Vec::new();
        let mut due = Fen::ZERO;
        for line in old.iter().filter(|line| line.state == LineState::Paid) {
            due = due + line.due.unwrap_or_default();
        }
        for (person, key) in &payers {
            let before = kept.get(person);
            if before.is_some_and(|line| line.state == LineState::Paid) {
                continue;
            }
            let basis = basis_at(&bases, *person, month);
            let reduced = reductions.get(person).map_or(&[][..], Vec::as_slice);
            let owed = basis.map(|basis| lowest(basis.due(month).due, reduced, month));
            due = due + owed.unwrap_or_default();
            let (line, version) =
                before.map_or_else(|| (DuesLineId(self.new_id()), 1), |line| (line.id, line.version + 1));
            rows.push(LineRow { id: line, version, person: *person, key, basis, due: owed });
        }
        self.clear_unpaid(id).await?;
        self.insert_lines(id, (org.id, month), &rows).await?;
        match before {
            Some(before) => {
                self.put_generated(id).await?;
                let change = Change { due: due - before.due, ..Change::default() };
                self.follow_dues(id, change, today).await?;
            }
            None => {
                self.insert_statement(id, (org.id, month), due).await?;
                self.follow_dues(id, Change::default(), today).await?;
            }
        }
        let states: Vec<_> = rows.iter().map(|row| json!([row.id, LineState::unpaid(row.due).key()])).collect();
        self.note(
            Subject::of("dues_statement", id.0),
            &json!({ "month": month.number(), "due": due.0, "lines": states }),
        )
        .await?;
        let people = rows.len() + old.iter().filter(|line| line.state == LineState::Paid).count();
        Ok((id, people))
    }

    /// Whose dues of a month belong to a branch, with their keys.
    async fn payers(&mut self, org: &Org, month: Month) -> Result<BTreeMap<PersonId, PersonKey>, StoreError> {
        let [from, to] = subtree_bounds(&org.path);
        let rows = sqlx::query(
            "SELECT s.person_id, s.from_day, s.to_day, p.membership, p.joined_on, p.joined_precision, p.person_key, \
             (SELECT MAX(t.to_day) FROM spell t WHERE t.root_org = s.root_org AND t.person_id = s.person_id) AS last_day \
             FROM spell s JOIN org o ON o.root_org = s.root_org AND o.id = s.org_id \
             JOIN person p ON p.root_org = s.root_org AND p.id = s.person_id \
             WHERE s.root_org = $1 AND o.path >= $2 AND o.path <= $3 AND s.stage >= 4 AND s.from_day <= $4 AND s.to_day > $5",
        )
        .bind(self.root.0)
        .bind(from)
        .bind(to)
        .bind(day_number(month.last()))
        .bind(day_number(month.first()))
        .fetch_all(&mut *self.tx)
        .await?;
        let mut spent: HashMap<PersonId, (Vec<Belonging>, &AnyRow)> = HashMap::new();
        for row in &rows {
            let to: i64 = get(row, "to_day")?;
            let one = Belonging { from: day(get(row, "from_day")?)?, to: crate::sql::end(to)? };
            spent.entry(PersonId(get(row, "person_id")?)).or_insert_with(|| (Vec::new(), row)).0.push(one);
        }
        let mut payers = BTreeMap::new();
        for (person, (here, row)) in spent {
            let membership = coded(get(row, "membership")?, Membership::from_code, "党籍状态")?;
            let joined = partial(get(row, "joined_on")?, get(row, "joined_precision")?)?.map(|joined| joined.date);
            let last: i64 = get(row, "last_day")?;
            let left = if last == OPEN { None } else { Some(day(last)?) };
            let key = key_of(&self.store.ring, self.root, person, get(row, "person_key")?)?;
            if let Some(key) = key.filter(|_| pays_here(month, &here, joined, (membership, left))) {
                payers.insert(person, key);
            }
        }
        Ok(payers)
    }

    async fn clear_unpaid(&mut self, id: DuesStatementId) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM dues_line WHERE root_org = $1 AND statement_id = $2 AND state <> 'paid'")
            .bind(self.root.0)
            .bind(id.0)
            .execute(&mut *self.tx)
            .await?;
        Ok(())
    }

    pub(super) async fn insert_lines(
        &mut self,
        statement: DuesStatementId,
        (org, month): (OrgId, Month),
        rows: &[LineRow<'_>],
    ) -> Result<(), StoreError> {
        for batch in rows.chunks(BATCH) {
            let text = format!(
                "INSERT INTO dues_line (root_org, id, version, statement_id, org_id, month, person_id, state, sealed) VALUES {}",
                value_rows(batch.len(), 9)
            );
            let mut query = sqlx::query(AssertSqlSafe(text));
            for row in batch {
                let plain = SealedLine { basis: row.basis.map(Into::into), due: row.due.map(|due| due.0) };
                query = query
                    .bind(self.root.0)
                    .bind(row.id.0)
                    .bind(row.version)
                    .bind(statement.0)
                    .bind(org.0)
                    .bind(month.number())
                    .bind(row.person.0)
                    .bind(LineState::unpaid(row.due).key())
                    .bind(seal(row.key, &plain, &line_place(self.root, row.id))?);
            }
            query.execute(&mut *self.tx).await?;
        }
        Ok(())
    }

    async fn insert_statement(
        &mut self,
        id: DuesStatementId,
        (org, month): (OrgId, Month),
        due: Fen,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO dues_statement (root_org, id, version, org_id, month, generated_at, generated_by, people, open_lines, due, paid, \
             voluntary, handed) VALUES ($1,$2,0,$3,$4,$5,$6,0,0,$7,0,0,0)",
        )
        .bind(self.root.0)
        .bind(id.0)
        .bind(org.0)
        .bind(month.number())
        .bind(now_ms())
        .bind(self.author_name().to_owned())
        .bind(due.0)
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }

    async fn put_generated(&mut self, id: DuesStatementId) -> Result<(), StoreError> {
        sqlx::query("UPDATE dues_statement SET generated_at = $3, generated_by = $4 WHERE root_org = $1 AND id = $2")
            .bind(self.root.0)
            .bind(id.0)
            .bind(now_ms())
            .bind(self.author_name().to_owned())
            .execute(&mut *self.tx)
            .await?;
        Ok(())
    }
}

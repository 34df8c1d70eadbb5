//! Reckoning anew what nobody has paid yet, when a base or a reduction has changed.

use super::base::{basis_at, key_for};
use super::draw_up::LineRow;
use super::line::{LINE_COLUMNS, LINE_TABLES, line_of};
use super::statement::Change;
use super::{DuesLine, MANY};
use crate::error::StoreError;
use crate::sql::placeholders;
use crate::write::Write;
use jiff::civil::Date;
use rules::dues::{Basis, Fen, Month, lowest};
use rules::ids::DuesStatementId;
use sqlx::AssertSqlSafe;
use std::collections::BTreeMap;

/// A line and what it comes to now.
struct Anew {
    line: DuesLine,
    basis: Option<Basis>,
    due: Option<Fen>,
}

impl Write<'_> {
    /// Reckons the lines that nobody has paid anew, from a month on: a base or a reduction has changed.
    pub(super) async fn reckon_anew(&mut self, persons: &[i64], from: Month, today: Date) -> Result<(), StoreError> {
        let bases = self.bases_of(persons).await?;
        let reductions = self.reductions_of(persons).await?;
        let mut changed: BTreeMap<DuesStatementId, Vec<Anew>> = BTreeMap::new();
        for line in self.unpaid_lines(persons, from).await? {
            let basis = basis_at(&bases, line.person, line.month);
            let reduced = reductions.get(&line.person).map_or(&[][..], Vec::as_slice);
            let due = basis.map(|basis| lowest(basis.due(line.month).due, reduced, line.month));
            if due != line.due || basis != line.reckoning.map(|reckoning| reckoning.basis) {
                changed.entry(line.statement).or_default().push(Anew { line, basis, due });
            }
        }
        let keys = self.keys_of(persons).await?;
        for (statement, lines) in changed {
            let mut rows = Vec::new();
            let mut change = Change::default();
            for Anew { line, basis, due } in &lines {
                change.due = change.due + due.unwrap_or_default() - line.due.unwrap_or_default();
                let key = key_for(&keys, line.person)?;
                rows.push(LineRow {
                    id: line.id,
                    version: line.version + 1,
                    person: line.person,
                    key,
                    basis: *basis,
                    due: *due,
                });
            }
            let place = lines.first().map(|one| (one.line.org, one.line.month));
            if let Some(place) = place {
                self.delete_lines(&rows).await?;
                self.insert_lines(statement, place, &rows).await?;
                self.follow_dues(statement, change, today).await?;
            }
        }
        Ok(())
    }

    async fn unpaid_lines(&mut self, persons: &[i64], from: Month) -> Result<Vec<DuesLine>, StoreError> {
        let mut lines = Vec::new();
        for batch in persons.chunks(MANY) {
            let text = format!(
                "SELECT {LINE_COLUMNS} FROM {LINE_TABLES} WHERE l.root_org = $1 AND l.month >= $2 AND l.state <> 'paid' \
                 AND l.person_id IN ({}) ORDER BY l.id",
                placeholders(3, batch.len())
            );
            let mut query = sqlx::query(AssertSqlSafe(text)).bind(self.root.0).bind(from.number());
            for person in batch {
                query = query.bind(*person);
            }
            for row in query.fetch_all(&mut *self.tx).await? {
                lines.extend(line_of(&self.store.ring, self.root, &row)?);
            }
        }
        Ok(lines)
    }

    async fn delete_lines(&mut self, rows: &[LineRow<'_>]) -> Result<(), StoreError> {
        for batch in rows.chunks(MANY) {
            let text = format!(
                "DELETE FROM dues_line WHERE root_org = $1 AND state <> 'paid' AND id IN ({})",
                placeholders(2, batch.len())
            );
            let mut query = sqlx::query(AssertSqlSafe(text)).bind(self.root.0);
            for row in batch {
                query = query.bind(row.id.0);
            }
            query.execute(&mut *self.tx).await?;
        }
        Ok(())
    }
}

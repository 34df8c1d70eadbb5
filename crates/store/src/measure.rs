//! The numbers that an enterprise made stricter than the regulations.

use crate::error::StoreError;
use crate::sql::get;
use crate::write::Subject;
use crate::{Author, Store};
use jiff::civil::Date;
use rules::ids::RootOrg;
use rules::measure::{Measure, Measures};

impl Store {
    /// The numbers that hold in an enterprise. A stored number that has become laxer than a newer regulation counts for nothing.
    pub async fn measures(&self, root: RootOrg, today: Date) -> Result<Measures, StoreError> {
        let rows = sqlx::query("SELECT key, value FROM measure WHERE root_org = $1").bind(root.0);
        let mut measures = Measures::default();
        for row in rows.fetch_all(&self.db.read).await? {
            let (key, value): (String, i64) = (get(&row, "key")?, get(&row, "value")?);
            if let (Some(measure), Ok(value)) = (Measure::from_key(&key), i32::try_from(value)) {
                let _ = measures.set(measure, value, today);
            }
        }
        Ok(measures)
    }

    /// Sets a number, or goes back to the regulation's.
    pub async fn set_measure(
        &self,
        author: impl Into<Author>,
        measure: Measure,
        value: Option<i32>,
        today: Date,
        reason: &str,
    ) -> Result<(), StoreError> {
        let spec = measure.spec();
        if let Some(value) = value {
            Measures::default().set(measure, value, today).map_err(|e| StoreError::refused("laxer", e.to_string()))?;
        }
        let mut write = self.begin(author, "measure.set").await?;
        sqlx::query("DELETE FROM measure WHERE root_org = $1 AND key = $2")
            .bind(write.root.0)
            .bind(spec.key)
            .execute(&mut *write.tx)
            .await?;
        if let Some(value) = value {
            sqlx::query("INSERT INTO measure (root_org, key, value) VALUES ($1,$2,$3)")
                .bind(write.root.0)
                .bind(spec.key)
                .bind(i64::from(value))
                .execute(&mut *write.tx)
                .await?;
        }
        let set = value.map_or("恢复为规定的数值".to_owned(), |value| format!("设为 {value} {}", spec.unit));
        let subject = Subject::of("enterprise", write.root.0);
        write.describe(subject, reason, format!("{}「{}」{set}", spec.rule, spec.name));
        write.commit().await?;
        Ok(())
    }
}

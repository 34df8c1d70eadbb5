//! The enterprises of a database: each is a wall and a ledger of its own.

use crate::Store;
use crate::error::StoreError;
use crate::id::now_ms;
use crate::ledger::{GENESIS, head_mac};
use crate::sql::get;
use rules::ids::RootOrg;

/// An enterprise (企业).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enterprise {
    /// Its number, the first column of every key.
    pub root: RootOrg,
    /// Its name.
    pub name: String,
}

impl Store {
    /// Founds an enterprise with an empty ledger. Its first ledger entry is the next command's.
    pub async fn create_enterprise(&self, name: &str) -> Result<RootOrg, StoreError> {
        let mut tx = self.db.write.begin_with(self.db.begin).await?;
        let row =
            sqlx::query("SELECT COALESCE(MAX(root_org), 0) + 1 AS root FROM enterprise").fetch_one(&mut *tx).await?;
        let root = RootOrg(get(&row, "root")?);
        sqlx::query("INSERT INTO enterprise (root_org, name, created_at) VALUES ($1,$2,$3)")
            .bind(root.0)
            .bind(name)
            .bind(now_ms())
            .execute(&mut *tx)
            .await?;
        sqlx::query("INSERT INTO ledger_head (root_org, seq, hash, mac) VALUES ($1,0,$2,$3)")
            .bind(root.0)
            .bind(GENESIS.to_vec())
            .bind(head_mac(&self.ring, root, 0, &GENESIS))
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(root)
    }

    /// All enterprises of the database.
    pub async fn enterprises(&self) -> Result<Vec<Enterprise>, StoreError> {
        let rows =
            sqlx::query("SELECT root_org, name FROM enterprise ORDER BY root_org").fetch_all(&self.db.read).await?;
        rows.iter()
            .map(|row| Ok(Enterprise { root: RootOrg(get(row, "root_org")?), name: get(row, "name")? }))
            .collect()
    }

    /// One enterprise.
    pub async fn enterprise(&self, root: RootOrg) -> Result<Enterprise, StoreError> {
        self.enterprises().await?.into_iter().find(|found| found.root == root).ok_or(StoreError::NotFound("企业"))
    }
}

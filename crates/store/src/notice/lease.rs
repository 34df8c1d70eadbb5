//! Leases: work that only one instance may do at a time is done by the one that holds the row. A lease that is not renewed ends by itself.

use crate::Store;
use crate::error::StoreError;
use rules::ids::RootOrg;

impl Store {
    /// Takes or renews a lease for so many milliseconds; false when another holder has it.
    pub async fn take_lease(
        &self,
        root: RootOrg,
        name: &str,
        holder: &str,
        now: i64,
        lasts: i64,
    ) -> Result<bool, StoreError> {
        let done = sqlx::query(
            "INSERT INTO lease (root_org, name, holder, until_at) VALUES ($1,$2,$3,$4) ON CONFLICT (root_org, name) \
             DO UPDATE SET holder = $3, until_at = $4 WHERE lease.holder = $3 OR lease.until_at < $5",
        )
        .bind(root.0)
        .bind(name)
        .bind(holder)
        .bind(now + lasts)
        .bind(now)
        .execute(&self.db.write)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Gives a lease back, so that another instance need not wait for its end.
    pub async fn give_back_lease(&self, root: RootOrg, name: &str, holder: &str) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM lease WHERE root_org = $1 AND name = $2 AND holder = $3")
            .bind(root.0)
            .bind(name)
            .bind(holder)
            .execute(&self.db.write)
            .await?;
        Ok(())
    }
}

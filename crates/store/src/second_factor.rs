//! The second factor: a secret sealed under the key ring, and the last time step used. Checking a code is the server's business.

use crate::error::StoreError;
use crate::write::{Subject, Write};
use crate::{Account, Store};
use rules::ids::{AccountId, RootOrg};

fn place(root: RootOrg, account: AccountId) -> String {
    format!("totp:{root}:{account}")
}

impl Store {
    /// The secret of an account's second factor, confirmed or not.
    pub fn totp_secret(&self, account: &Account) -> Result<Option<Vec<u8>>, StoreError> {
        let place = place(account.root, account.id);
        account.totp.as_deref().map(|sealed| Ok(self.ring.open_sealed(sealed, place.as_bytes())?)).transpose()
    }

    /// Keeps a new secret, which counts once a first code confirms it.
    pub async fn propose_totp(&self, account: &Account, secret: &[u8]) -> Result<(), StoreError> {
        let sealed = self.ring.seal(secret, place(account.root, account.id).as_bytes())?;
        let mut write = self.begin(account, "account.totp_begin").await?;
        let done = sqlx::query(
            "UPDATE account SET version = version + 1, totp = $3, totp_last_step = 0 WHERE root_org = $1 AND id = $2 AND totp_confirmed = 0",
        )
        .bind(write.root.0)
        .bind(account.id.0)
        .bind(sealed)
        .execute(&mut *write.tx)
        .await?;
        if done.rows_affected() == 0 {
            return Err(StoreError::refused("totp_enabled", "动态口令已启用。更换验证器请先停用。"));
        }
        write.describe(Subject::of("account", account.id.0), "", "开始启用动态口令");
        write.commit().await?;
        Ok(())
    }

    /// Turns the second factor on with the step of its first code.
    pub async fn confirm_totp(&self, account: &Account, step: i64) -> Result<(), StoreError> {
        let mut write = self.begin(account, "account.totp_on").await?;
        sqlx::query(
            "UPDATE account SET version = version + 1, totp_confirmed = 1, totp_last_step = $3 \
             WHERE root_org = $1 AND id = $2 AND totp IS NOT NULL",
        )
        .bind(write.root.0)
        .bind(account.id.0)
        .bind(step)
        .execute(&mut *write.tx)
        .await?;
        write.describe(Subject::of("account", account.id.0), "", "启用动态口令");
        write.commit().await?;
        Ok(())
    }

    /// Uses up a time step: false when its code, or a later one, was used before.
    pub async fn use_totp_step(&self, account: &Account, step: i64) -> Result<bool, StoreError> {
        let done = sqlx::query(
            "UPDATE account SET totp_last_step = $3 WHERE root_org = $1 AND id = $2 AND totp_last_step < $3",
        )
        .bind(account.root.0)
        .bind(account.id.0)
        .bind(step)
        .execute(&self.db.write)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Turns the own second factor off.
    pub async fn remove_totp(&self, account: &Account) -> Result<(), StoreError> {
        let mut write = self.begin(account, "account.totp_off").await?;
        write.clear_totp(account.id).await?;
        write.describe(Subject::of("account", account.id.0), "", "停用动态口令");
        write.commit().await?;
        Ok(())
    }
}

impl Write<'_> {
    pub(crate) async fn clear_totp(&mut self, account: AccountId) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE account SET version = version + 1, totp = NULL, totp_confirmed = 0, totp_last_step = 0 WHERE root_org = $1 AND id = $2",
        )
        .bind(self.root.0)
        .bind(account.0)
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }
}

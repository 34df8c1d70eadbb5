//! Changes of accounts: names, locks, passwords, roles withdrawn, preferences. Passwords come as hashes; the ledger says that
//! something of an account changed, never what a person is called.

use crate::error::StoreError;
use crate::session::Session;
use crate::sql::get;
use crate::throttle::Attempt;
use crate::write::{Subject, Write};
use crate::{Account, Author, Store};
use rules::access::Role;
use rules::ids::{AccountId, GrantId};

/// What is changed of an account; `None` leaves it as it is.
#[derive(Debug, Clone, Default)]
pub struct AccountEdit {
    /// The name shown in the ledger.
    pub display_name: Option<String>,
    /// Whether it may no longer sign in.
    pub disabled: Option<bool>,
    /// Whether its second factor is taken off, for somebody who lost it.
    pub remove_totp: bool,
}

fn subject(id: AccountId) -> Subject {
    Subject::of("account", id.0)
}

impl Store {
    /// Renames, disables or enables an account. Disabling ends its sessions.
    pub async fn edit_account(
        &self,
        author: impl Into<Author>,
        id: AccountId,
        edit: &AccountEdit,
    ) -> Result<(), StoreError> {
        let mut write = self.begin(author, "account.edit").await?;
        let changed = sqlx::query(
            "UPDATE account SET version = version + 1, display_name = COALESCE(CAST($3 AS TEXT), display_name), \
             disabled = COALESCE(CAST($4 AS BIGINT), disabled) WHERE root_org = $1 AND id = $2",
        )
        .bind(write.root.0)
        .bind(id.0)
        .bind(edit.display_name.clone())
        .bind(edit.disabled.map(i64::from))
        .execute(&mut *write.tx)
        .await?;
        if changed.rows_affected() == 0 {
            return Err(StoreError::NotFound("账号"));
        }
        let mut done = Vec::new();
        if edit.display_name.is_some() {
            done.push("更改名称");
        }
        match edit.disabled {
            Some(true) => {
                write.end_sessions(id, None).await?;
                done.push("停用账号");
            }
            Some(false) => done.push("启用账号"),
            None => {}
        }
        if edit.remove_totp {
            write.clear_totp(id).await?;
            done.push("解除动态口令");
        }
        write.describe(subject(id), "", if done.is_empty() { "核对账号".to_owned() } else { done.join("、") });
        write.commit().await?;
        Ok(())
    }

    /// Gives an account a new one-time password, which its owner has to change; ends its sessions and its waits.
    pub async fn reset_password(
        &self,
        author: impl Into<Author>,
        id: AccountId,
        password_hash: &str,
    ) -> Result<(), StoreError> {
        let mut write = self.begin(author, "account.reset_password").await?;
        let login = write.put_password(id, password_hash, true).await?;
        write.end_sessions(id, None).await?;
        self.forget_attempts(&mut *write.tx, Attempt::Login(&login)).await?;
        write.describe(subject(id), "", "重置密码");
        write.commit().await?;
        Ok(())
    }

    /// Changes the own password and ends every other session of the account.
    pub async fn change_password(&self, session: &Session, password_hash: &str) -> Result<(), StoreError> {
        let id = session.account.id;
        let mut write = self.begin(&session.account, "account.change_password").await?;
        write.put_password(id, password_hash, false).await?;
        write.end_sessions(id, Some(&session.token_hash)).await?;
        write.describe(subject(id), "", "修改本人密码");
        write.commit().await?;
        Ok(())
    }

    /// Sets 大字模式.
    pub async fn set_large_type(&self, account: &Account, large_type: bool) -> Result<(), StoreError> {
        let mut write = self.begin(account, "account.preferences").await?;
        sqlx::query("UPDATE account SET version = version + 1, large_type = $3 WHERE root_org = $1 AND id = $2")
            .bind(write.root.0)
            .bind(account.id.0)
            .bind(i64::from(large_type))
            .execute(&mut *write.tx)
            .await?;
        write.describe(subject(account.id), "", if large_type { "开启大字模式" } else { "关闭大字模式" });
        write.commit().await?;
        Ok(())
    }

    /// Withdraws a role.
    pub async fn revoke_grant(
        &self,
        author: impl Into<Author>,
        account: AccountId,
        grant: GrantId,
    ) -> Result<(), StoreError> {
        let mut write = self.begin(author, "account.revoke").await?;
        let row = sqlx::query(
            "DELETE FROM role_grant WHERE root_org = $1 AND id = $2 AND account_id = $3 RETURNING role, org_id",
        )
        .bind(write.root.0)
        .bind(grant.0)
        .bind(account.0)
        .fetch_optional(&mut *write.tx)
        .await?
        .ok_or(StoreError::NotFound("授权"))?;
        let role: String = get(&row, "role")?;
        let org: i64 = get(&row, "org_id")?;
        let name = Role::from_key(&role).map_or_else(|| role.clone(), |known| known.name().to_owned());
        write.note(subject(account), &serde_json::json!({ "revoke": role, "org": org.to_string() })).await?;
        write.describe(subject(account), "", format!("收回「{name}」"));
        write.commit().await?;
        Ok(())
    }
}

impl Write<'_> {
    /// Puts a password hash and returns the login name.
    async fn put_password(&mut self, id: AccountId, hash: &str, must_change: bool) -> Result<String, StoreError> {
        let row = sqlx::query(
            "UPDATE account SET version = version + 1, password_hash = $3, must_change_password = $4 \
             WHERE root_org = $1 AND id = $2 RETURNING login",
        )
        .bind(self.root.0)
        .bind(id.0)
        .bind(hash)
        .bind(i64::from(must_change))
        .fetch_optional(&mut *self.tx)
        .await?
        .ok_or(StoreError::NotFound("账号"))?;
        get(&row, "login")
    }
}

//! The first setting-up: a one-time token with which an enterprise gets its name, its top organisation and its three system
//! administrators (三员分立). Only the token's digest is stored, and it is gone once used.

use crate::error::StoreError;
use crate::sql::get;
use crate::write::{Subject, Write};
use crate::{Author, NewAccount, NewOrg, Store};
use rules::access::Role;
use rules::ids::{AccountId, OrgId, RootOrg};
use rules::org::OrgKind;

/// What the first setting-up decides.
#[derive(Debug, Clone)]
pub struct Setup {
    /// The token of the link.
    pub token: String,
    /// The enterprise's name.
    pub enterprise_name: String,
    /// The administrators, each with the one role.
    pub accounts: Vec<(Role, NewAccount)>,
}

/// How a used-up, mistyped or replaced token is refused.
fn refused() -> StoreError {
    StoreError::refused(
        "setup_refused",
        "设置码不对，或首次设置已经完成。请使用程序最近一次启动时显示的链接；已设置过的请直接登录。",
    )
}

impl Store {
    /// A new setup token where there is no enterprise yet, or one without a security administrator; earlier tokens no longer count.
    pub async fn prepare_setup(&self) -> Result<Option<String>, StoreError> {
        let root = match self.enterprises().await?.as_slice() {
            [] => self.create_enterprise("").await?,
            known => {
                let mut bare = None;
                for enterprise in known {
                    if bare.is_none() && !self.has_security_admin(enterprise.root).await? {
                        bare = Some(enterprise.root);
                    }
                }
                let Some(root) = bare else { return Ok(None) };
                root
            }
        };
        let token = sealed::random_token()?;
        sqlx::query("INSERT INTO setup (root_org, token_hash) VALUES ($1,$2) ON CONFLICT (root_org) DO UPDATE SET token_hash = $2")
            .bind(root.0)
            .bind(sealed::token_hash(&token))
            .execute(&self.db.write)
            .await?;
        Ok(Some(token))
    }

    async fn has_security_admin(&self, root: RootOrg) -> Result<bool, StoreError> {
        let row = sqlx::query("SELECT COUNT(*) AS n FROM role_grant WHERE root_org = $1 AND role = $2")
            .bind(root.0)
            .bind(Role::SecurityAdmin.key())
            .fetch_one(&self.db.read)
            .await?;
        Ok(get::<i64, _>(&row, "n")? > 0)
    }

    /// Whether a setup token is waiting to be used.
    pub async fn setup_needed(&self) -> Result<bool, StoreError> {
        let row = sqlx::query("SELECT COUNT(*) AS n FROM setup").fetch_one(&self.db.read).await?;
        Ok(get::<i64, _>(&row, "n")? > 0)
    }

    /// Sets an enterprise up and uses the token up, at once or not at all.
    pub async fn set_up(&self, setup: &Setup) -> Result<(), StoreError> {
        let hash = sealed::token_hash(&setup.token);
        let row = sqlx::query("SELECT root_org FROM setup WHERE token_hash = $1")
            .bind(&hash)
            .fetch_optional(&self.db.read)
            .await?;
        let root = RootOrg(get(&row.ok_or_else(refused)?, "root_org")?);
        let author = Author { root, account: AccountId(0), name: "系统（首次设置）".to_owned() };
        let mut write = self.begin(author, "enterprise.setup").await?;
        let used = sqlx::query("DELETE FROM setup WHERE root_org = $1 AND token_hash = $2")
            .bind(root.0)
            .bind(&hash)
            .execute(&mut *write.tx)
            .await?;
        if used.rows_affected() == 0 {
            return Err(refused());
        }
        sqlx::query("UPDATE enterprise SET name = $2 WHERE root_org = $1")
            .bind(root.0)
            .bind(&setup.enterprise_name)
            .execute(&mut *write.tx)
            .await?;
        let top = write.top_org(&setup.enterprise_name).await?;
        for (role, account) in &setup.accounts {
            let id = write.insert_account(account).await?;
            write.insert_grant(id, *role, top).await?;
        }
        write.describe(Subject::of("enterprise", root.0), "", format!("首次设置「{}」", setup.enterprise_name));
        write.commit().await?;
        Ok(())
    }
}

impl Write<'_> {
    /// The organisation at the top; a committee named after the enterprise where there is none yet.
    async fn top_org(&mut self, enterprise: &str) -> Result<OrgId, StoreError> {
        let row = sqlx::query("SELECT id FROM org WHERE root_org = $1 AND parent_id IS NULL ORDER BY path LIMIT 1")
            .bind(self.root.0)
            .fetch_optional(&mut *self.tx)
            .await?;
        if let Some(row) = row {
            return Ok(OrgId(get(&row, "id")?));
        }
        let is_committee = ["委员会", "党委"].iter().any(|end| enterprise.ends_with(end));
        let name = if is_committee { enterprise.to_owned() } else { format!("中共{enterprise}委员会") };
        let new = NewOrg { code: "01".to_owned(), name, ..NewOrg::default() };
        Ok(self.insert_org(OrgKind::Committee, new, None).await?.id)
    }
}

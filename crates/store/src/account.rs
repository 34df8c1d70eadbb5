//! Accounts and the roles granted to them. Passwords come here as hashes and never leave in a list.

use crate::error::StoreError;
use crate::sql::get;
use crate::write::{Subject, Write};
use crate::{Author, Store};
use rules::access::{Actor, Grant, Role, check_grant};
use rules::ids::{AccountId, GrantId, OrgId, PersonId, RootOrg};
use sqlx::any::AnyRow;

/// An account that can sign in.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    /// The enterprise.
    pub root: RootOrg,
    /// Its id.
    pub id: AccountId,
    /// Raised by every change of it.
    pub version: i64,
    /// 登录名, unique in the whole database.
    pub login: String,
    /// The name shown in the ledger.
    pub display_name: String,
    /// The person it belongs to.
    pub person: Option<PersonId>,
    /// An argon2id hash in PHC form.
    pub password_hash: String,
    /// Whether the password was given out by someone else.
    pub must_change_password: bool,
    /// The sealed secret of the second factor.
    pub(crate) totp: Option<Vec<u8>>,
    /// Whether the second factor has been confirmed by a first code.
    pub totp_confirmed: bool,
    /// The last time step whose code was used; an older one is refused.
    pub totp_last_step: i64,
    /// Whether it may no longer sign in.
    pub disabled: bool,
    /// 大字模式.
    pub large_type: bool,
    /// When it last signed in, UTC milliseconds.
    pub last_login_at: Option<i64>,
}

/// A role an account holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountGrant {
    /// Its id.
    pub id: GrantId,
    /// The role.
    pub role: Role,
    /// The organisation at the top of the subtree.
    pub org: OrgId,
    /// That organisation's name.
    pub org_name: String,
    /// That organisation's path.
    pub path: String,
}

/// What is needed to open an account.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// 登录名.
    pub login: String,
    /// The name shown in the ledger.
    pub display_name: String,
    /// The person it belongs to.
    pub person: Option<PersonId>,
    /// An argon2id hash in PHC form.
    pub password_hash: String,
    /// Whether the password has to be changed at the first sign-in.
    pub must_change_password: bool,
}

pub(crate) const ACCOUNT_COLUMNS: &str = "a.root_org, a.id, a.version, a.login, a.display_name, a.person_id, a.password_hash, \
    a.must_change_password, a.totp, a.totp_confirmed, a.totp_last_step, a.disabled, a.large_type, a.last_login_at";

pub(crate) fn account_of(row: &AnyRow) -> Result<Account, StoreError> {
    let flag = |column: &str| get::<i64, _>(row, column).map(|value| value != 0);
    Ok(Account {
        root: RootOrg(get(row, "root_org")?),
        id: AccountId(get(row, "id")?),
        version: get(row, "version")?,
        login: get(row, "login")?,
        display_name: get(row, "display_name")?,
        person: get::<Option<i64>, _>(row, "person_id")?.map(PersonId),
        password_hash: get(row, "password_hash")?,
        must_change_password: flag("must_change_password")?,
        totp: get(row, "totp")?,
        totp_confirmed: flag("totp_confirmed")?,
        totp_last_step: get(row, "totp_last_step")?,
        disabled: flag("disabled")?,
        large_type: flag("large_type")?,
        last_login_at: get(row, "last_login_at")?,
    })
}

pub(crate) fn grant_of(row: &AnyRow) -> Result<AccountGrant, StoreError> {
    let role: String = get(row, "role")?;
    Ok(AccountGrant {
        id: GrantId(get(row, "id")?),
        role: Role::from_key(&role).ok_or_else(|| StoreError::Corrupt(format!("角色 {role}")))?,
        org: OrgId(get(row, "org_id")?),
        org_name: get(row, "name")?,
        path: get(row, "path")?,
    })
}

impl From<&Account> for Author {
    fn from(account: &Account) -> Self {
        Author { root: account.root, account: account.id, name: account.display_name.clone() }
    }
}

impl Account {
    /// The actor of this account with its roles.
    pub fn actor(&self, grants: &[AccountGrant]) -> Actor {
        let grants = grants.iter().map(|held| Grant { role: held.role, org: held.org, path: held.path.clone() });
        Actor {
            root: self.root,
            account: self.id,
            name: self.display_name.clone(),
            person: self.person,
            grants: grants.collect(),
        }
    }
}

impl Store {
    /// One account.
    pub async fn account(&self, root: RootOrg, id: AccountId) -> Result<Account, StoreError> {
        sqlx::query(sqlx::AssertSqlSafe(format!(
            "SELECT {ACCOUNT_COLUMNS} FROM account a WHERE a.root_org = $1 AND a.id = $2"
        )))
        .bind(root.0)
        .bind(id.0)
        .fetch_optional(&self.db.read)
        .await?
        .map(|row| account_of(&row))
        .transpose()?
        .ok_or(StoreError::NotFound("账号"))
    }

    /// The account of a login name, in whichever enterprise.
    pub async fn account_by_login(&self, login: &str) -> Result<Option<Account>, StoreError> {
        sqlx::query(sqlx::AssertSqlSafe(format!("SELECT {ACCOUNT_COLUMNS} FROM account a WHERE a.login = $1")))
            .bind(login)
            .fetch_optional(&self.db.read)
            .await?
            .map(|row| account_of(&row))
            .transpose()
    }

    /// The roles of an account.
    pub async fn grants(&self, root: RootOrg, account: AccountId) -> Result<Vec<AccountGrant>, StoreError> {
        let rows = sqlx::query(
            "SELECT g.id, g.role, g.org_id, o.name, o.path FROM role_grant g \
             JOIN org o ON o.root_org = g.root_org AND o.id = g.org_id \
             WHERE g.root_org = $1 AND g.account_id = $2 ORDER BY g.id",
        )
        .bind(root.0)
        .bind(account.0)
        .fetch_all(&self.db.read)
        .await?;
        rows.iter().map(grant_of).collect()
    }

    /// Opens an account with its first roles.
    pub async fn create_account(
        &self,
        author: impl Into<Author>,
        new: &NewAccount,
        roles: &[(Role, OrgId)],
    ) -> Result<AccountId, StoreError> {
        let mut write = self.begin(author, "account.create").await?;
        let id = write.insert_account(new).await?;
        for (role, org) in roles {
            write.insert_grant(id, *role, *org).await?;
        }
        write.describe(Subject::of("account", id.0), "", format!("新建账号「{}」", new.login));
        write.commit().await?;
        Ok(id)
    }

    /// Grants a role on an organisation's subtree (三员分立 is checked against the roles already held).
    pub async fn grant_role(
        &self,
        author: impl Into<Author>,
        account: AccountId,
        role: Role,
        org: OrgId,
    ) -> Result<GrantId, StoreError> {
        let mut write = self.begin(author, "account.grant").await?;
        let id = write.insert_grant(account, role, org).await?;
        write.describe(Subject::of("account", account.0), "", format!("授予「{}」", role.name()));
        write.commit().await?;
        Ok(id)
    }
}

impl Write<'_> {
    pub(crate) async fn insert_account(&mut self, new: &NewAccount) -> Result<AccountId, StoreError> {
        let id = AccountId(self.new_id());
        sqlx::query(
            "INSERT INTO account (root_org, id, version, login, display_name, person_id, password_hash, must_change_password, \
             totp_confirmed, totp_last_step, disabled, large_type, created_at) VALUES ($1,$2,1,$3,$4,$5,$6,$7,0,0,0,0,$8)",
        )
        .bind(self.root.0)
        .bind(id.0)
        .bind(&new.login)
        .bind(&new.display_name)
        .bind(new.person.map(|person| person.0))
        .bind(&new.password_hash)
        .bind(i64::from(new.must_change_password))
        .bind(crate::id::now_ms())
        .execute(&mut *self.tx)
        .await
        .map_err(|e| {
            let e = StoreError::from(e);
            if e.is_duplicate() {
                return StoreError::refused("duplicate_login", format!("登录名「{}」已被使用，或此人已有账号。请换一个登录名。", new.login));
            }
            e
        })?;
        let body = serde_json::json!({ "person": new.person });
        self.note(Subject::of("account", id.0), &body).await?;
        Ok(id)
    }

    pub(crate) async fn insert_grant(
        &mut self,
        account: AccountId,
        role: Role,
        org: OrgId,
    ) -> Result<GrantId, StoreError> {
        let org = self.org(org).await?;
        let rows = sqlx::query("SELECT role, org_id FROM role_grant WHERE root_org = $1 AND account_id = $2")
            .bind(self.root.0)
            .bind(account.0)
            .fetch_all(&mut *self.tx)
            .await?;
        let mut held = Vec::new();
        for row in &rows {
            let known: String = get(row, "role")?;
            if known == role.key() && get::<i64, _>(row, "org_id")? == org.id.0 {
                return Err(StoreError::refused(
                    "duplicate_grant",
                    format!("该账号已在「{}」担任{}。", org.name, role.name()),
                ));
            }
            held.extend(Role::from_key(&known));
        }
        check_grant(&held, role).map_err(|e| StoreError::refused("separation_of_duties", e.to_string()))?;
        let id = GrantId(self.new_id());
        sqlx::query("INSERT INTO role_grant (root_org, id, account_id, role, org_id) VALUES ($1,$2,$3,$4,$5)")
            .bind(self.root.0)
            .bind(id.0)
            .bind(account.0)
            .bind(role.key())
            .bind(org.id.0)
            .execute(&mut *self.tx)
            .await?;
        self.note(Subject::of("account", account.0), &serde_json::json!({ "grant": role.key(), "org": org.id }))
            .await?;
        Ok(id)
    }
}

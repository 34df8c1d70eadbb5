//! Lists of accounts for those who manage them: with roles and locks, never with passwords or a person's data beyond the name.

use crate::account::{ACCOUNT_COLUMNS, Account, AccountGrant, account_of, grant_of};
use crate::error::StoreError;
use crate::sql::{escape_like, get, placeholders};
use crate::{Store, now_ms};
use rules::ids::{AccountId, RootOrg};
use sqlx::AssertSqlSafe;
use std::collections::BTreeMap;

/// An account with what a list shows of it.
#[derive(Clone)]
pub struct AccountRow {
    /// The account.
    pub account: Account,
    /// The name of the person it belongs to.
    pub person_name: Option<String>,
    /// Whether its login name has to wait after failures.
    pub locked: bool,
    /// Its roles.
    pub grants: Vec<AccountGrant>,
}

impl Store {
    /// Accounts in the order of login names, after one, whose login or display name contains a text.
    pub async fn accounts(
        &self,
        root: RootOrg,
        search: &str,
        after: &str,
        limit: i64,
    ) -> Result<Vec<AccountRow>, StoreError> {
        let text = format!(
            "SELECT {ACCOUNT_COLUMNS}, p.name AS person_name FROM account a \
             LEFT JOIN person p ON p.root_org = a.root_org AND p.id = a.person_id \
             WHERE a.root_org = $1 AND a.login > $2 AND (a.login LIKE $3 ESCAPE '!' OR LOWER(a.display_name) LIKE $3 ESCAPE '!') \
             ORDER BY a.login LIMIT $4"
        );
        let rows = sqlx::query(AssertSqlSafe(text))
            .bind(root.0)
            .bind(after)
            .bind(format!("%{}%", escape_like(&search.trim().to_lowercase())))
            .bind(limit)
            .fetch_all(&self.db.read)
            .await?;
        let accounts = rows
            .iter()
            .map(|row| Ok((account_of(row)?, get(row, "person_name")?)))
            .collect::<Result<_, StoreError>>()?;
        self.account_rows(root, accounts).await
    }

    /// One account as a list shows it.
    pub async fn account_row(&self, root: RootOrg, id: AccountId) -> Result<AccountRow, StoreError> {
        let account = self.account(root, id).await?;
        let name = match account.person {
            Some(person) => {
                let row = sqlx::query("SELECT name FROM person WHERE root_org = $1 AND id = $2")
                    .bind(root.0)
                    .bind(person.0)
                    .fetch_optional(&self.db.read)
                    .await?;
                row.map(|row| get(&row, "name")).transpose()?
            }
            None => None,
        };
        let mut rows = self.account_rows(root, vec![(account, name)]).await?;
        rows.pop().ok_or(StoreError::NotFound("账号"))
    }

    async fn account_rows(
        &self,
        root: RootOrg,
        accounts: Vec<(Account, Option<String>)>,
    ) -> Result<Vec<AccountRow>, StoreError> {
        let ids: Vec<AccountId> = accounts.iter().map(|(account, _)| account.id).collect();
        let mut grants = self.grants_of(root, &ids).await?;
        let logins: Vec<&str> = accounts.iter().map(|(account, _)| account.login.as_str()).collect();
        let locked = self.locked_logins(&logins, now_ms()).await?;
        let row = |(account, person_name): (Account, Option<String>)| AccountRow {
            grants: grants.remove(&account.id).unwrap_or_default(),
            locked: locked.contains(&account.login),
            account,
            person_name,
        };
        Ok(accounts.into_iter().map(row).collect())
    }

    async fn grants_of(
        &self,
        root: RootOrg,
        accounts: &[AccountId],
    ) -> Result<BTreeMap<AccountId, Vec<AccountGrant>>, StoreError> {
        let mut grants: BTreeMap<AccountId, Vec<AccountGrant>> = BTreeMap::new();
        if accounts.is_empty() {
            return Ok(grants);
        }
        let text = format!(
            "SELECT g.account_id, g.id, g.role, g.org_id, o.name, o.path FROM role_grant g \
             JOIN org o ON o.root_org = g.root_org AND o.id = g.org_id \
             WHERE g.root_org = $1 AND g.account_id IN ({}) ORDER BY g.id",
            placeholders(2, accounts.len())
        );
        let query = accounts.iter().fold(sqlx::query(AssertSqlSafe(text)).bind(root.0), |query, id| query.bind(id.0));
        for row in query.fetch_all(&self.db.read).await? {
            grants.entry(AccountId(get(&row, "account_id")?)).or_default().push(grant_of(&row)?);
        }
        Ok(grants)
    }
}

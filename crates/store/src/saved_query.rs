//! Statistical questions that an account keeps for later. Everybody sees the own ones only; whom they count is decided when they are
//! asked again.

use crate::error::StoreError;
use crate::sql::get;
use crate::write::Subject;
use crate::{Author, Store};
use rules::ids::{AccountId, RootOrg, SavedQueryId};
use serde_json::json;

/// A question kept under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedQuery {
    /// Its id.
    pub id: SavedQueryId,
    /// The name its owner gave it.
    pub name: String,
    /// The query as `rules::stats::Query::to_query_string` writes it.
    pub query: String,
}

impl Store {
    /// The questions an account keeps, oldest first.
    pub async fn saved_queries(&self, root: RootOrg, account: AccountId) -> Result<Vec<SavedQuery>, StoreError> {
        let rows =
            sqlx::query("SELECT id, name, query FROM saved_query WHERE root_org = $1 AND account_id = $2 ORDER BY id")
                .bind(root.0)
                .bind(account.0)
                .fetch_all(&self.db.read)
                .await?;
        rows.iter()
            .map(|row| {
                Ok(SavedQuery { id: SavedQueryId(get(row, "id")?), name: get(row, "name")?, query: get(row, "query")? })
            })
            .collect()
    }

    /// Keeps a question for the author.
    pub async fn save_query(
        &self,
        author: impl Into<Author>,
        name: &str,
        query: &str,
    ) -> Result<SavedQuery, StoreError> {
        let author = author.into();
        let account = author.account;
        let mut write = self.begin(author, "stats.save").await?;
        let id = SavedQueryId(write.new_id());
        sqlx::query("INSERT INTO saved_query (root_org, id, account_id, name, query) VALUES ($1,$2,$3,$4,$5)")
            .bind(write.root.0)
            .bind(id.0)
            .bind(account.0)
            .bind(name)
            .bind(query)
            .execute(&mut *write.tx)
            .await?;
        let subject = Subject::of("account", account.0);
        write.note(subject, &json!({ "saved_query": id, "query": query })).await?;
        write.describe(subject, "", "保存统计查询");
        write.commit().await?;
        Ok(SavedQuery { id, name: name.to_owned(), query: query.to_owned() })
    }

    /// Lets go of a question of the author's own.
    pub async fn delete_saved_query(&self, author: impl Into<Author>, id: SavedQueryId) -> Result<(), StoreError> {
        let author = author.into();
        let account = author.account;
        let mut write = self.begin(author, "stats.forget").await?;
        let deleted = sqlx::query("DELETE FROM saved_query WHERE root_org = $1 AND id = $2 AND account_id = $3")
            .bind(write.root.0)
            .bind(id.0)
            .bind(account.0)
            .execute(&mut *write.tx)
            .await?;
        if deleted.rows_affected() == 0 {
            return Err(StoreError::NotFound("保存的查询"));
        }
        let subject = Subject::of("account", account.0);
        write.note(subject, &json!({ "saved_query": id })).await?;
        write.describe(subject, "", "删除保存的统计查询");
        write.commit().await?;
        Ok(())
    }
}

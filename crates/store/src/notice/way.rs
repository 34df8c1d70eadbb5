//! How things leave the house, as the system administrator set it up. Everything of it is sealed; the ledger says that it changed.

use super::delivery::Way;
use crate::error::StoreError;
use crate::sql::get;
use crate::write::{Subject, Write};
use crate::{Author, Store};
use rules::ids::RootOrg;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// How the connection to a mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Security {
    /// TLS from the first byte.
    Tls,
    /// TLS after STARTTLS; without it nothing is sent.
    Starttls,
    /// None: within the own network only.
    Plain,
}

/// A mail server.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailWay {
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// The user to sign in as; none where the server asks for none.
    pub user: Option<String>,
    /// That user's password.
    pub password: Option<String>,
    /// The address that mails come from.
    pub sender: String,
    /// A certificate authority of the enterprise's own (PEM), beside those of the operating system.
    pub authority: Option<String>,
}

/// The enterprise's own messenger or SMS gateway.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookWay {
    /// Where to.
    pub address: String,
    /// What the signature is made with.
    pub secret: String,
}

fn place(root: RootOrg, way: Way) -> String {
    format!("notice-way:{root}:{}", way.key())
}

impl Store {
    /// The mail server with its version; none while there is none.
    pub async fn mail_way(&self, root: RootOrg) -> Result<Option<(i64, MailWay)>, StoreError> {
        self.way(root, Way::Mail).await
    }

    /// The webhook with its version; none while there is none.
    pub async fn webhook_way(&self, root: RootOrg) -> Result<Option<(i64, WebhookWay)>, StoreError> {
        self.way(root, Way::Webhook).await
    }

    async fn way<T: DeserializeOwned>(&self, root: RootOrg, way: Way) -> Result<Option<(i64, T)>, StoreError> {
        let row = sqlx::query("SELECT version, sealed FROM notice_way WHERE root_org = $1 AND way = $2")
            .bind(root.0)
            .bind(way.key())
            .fetch_optional(&self.db.read)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let sealed: Vec<u8> = get(&row, "sealed")?;
        let plain = self.ring.open_sealed(&sealed, place(root, way).as_bytes())?;
        Ok(Some((get(&row, "version")?, serde_json::from_slice(&plain)?)))
    }

    /// Sets the mail server, based on a version (0 when there was none).
    pub async fn set_mail_way(&self, author: impl Into<Author>, version: i64, way: &MailWay) -> Result<(), StoreError> {
        let mut write = self.begin(author, "notice.mail").await?;
        write.put_way(Way::Mail, version, way).await?;
        let subject = Subject::of("enterprise", write.root.0);
        write.describe(subject, "", format!("设置邮件服务器 {}:{}", way.host, way.port));
        write.commit().await?;
        Ok(())
    }

    /// Sets the webhook, based on a version (0 when there was none).
    pub async fn set_webhook_way(
        &self,
        author: impl Into<Author>,
        version: i64,
        way: &WebhookWay,
    ) -> Result<(), StoreError> {
        let mut write = self.begin(author, "notice.webhook").await?;
        write.put_way(Way::Webhook, version, way).await?;
        let subject = Subject::of("enterprise", write.root.0);
        write.describe(subject, "", "设置消息接口");
        write.commit().await?;
        Ok(())
    }

    /// Takes a way out of use. What waits to be sent by it will not be.
    pub async fn remove_way(&self, author: impl Into<Author>, way: Way) -> Result<(), StoreError> {
        let mut write = self.begin(author, "notice.way_remove").await?;
        sqlx::query("DELETE FROM notice_way WHERE root_org = $1 AND way = $2")
            .bind(write.root.0)
            .bind(way.key())
            .execute(&mut *write.tx)
            .await?;
        let subject = Subject::of("enterprise", write.root.0);
        write.describe(subject, "", format!("停用{}", way.name()));
        write.commit().await?;
        Ok(())
    }
}

impl Write<'_> {
    async fn put_way(&mut self, way: Way, version: i64, body: &impl Serialize) -> Result<(), StoreError> {
        let row = sqlx::query("SELECT version FROM notice_way WHERE root_org = $1 AND way = $2")
            .bind(self.root.0)
            .bind(way.key())
            .fetch_optional(&mut *self.tx)
            .await?;
        let current = row.map(|row| get::<i64, _>(&row, "version")).transpose()?.unwrap_or_default();
        if current != version {
            return Err(StoreError::Stale { what: "提醒渠道的设置", current });
        }
        let sealed = self.store.ring.seal(&serde_json::to_vec(body)?, place(self.root, way).as_bytes())?;
        sqlx::query(
            "INSERT INTO notice_way (root_org, way, version, sealed, changed_at) VALUES ($1,$2,$3,$4,$5) \
             ON CONFLICT (root_org, way) DO UPDATE SET version = $3, sealed = $4, changed_at = $5",
        )
        .bind(self.root.0)
        .bind(way.key())
        .bind(version + 1)
        .bind(sealed)
        .bind(crate::now_ms())
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }
}

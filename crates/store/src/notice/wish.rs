//! What an account wishes: quiet hours, digest, kinds by way, and the mail address, which counts once its code has come back.

use crate::error::StoreError;
use crate::sql::get;
use crate::write::{Subject, Write};
use crate::{Account, Store};
use rules::ids::{AccountId, RootOrg};
use rules::notice::{Kind, QuietHours, Wishes};
use sqlx::any::AnyRow;
use std::collections::BTreeSet;

/// How long a code counts (milliseconds).
const LASTS: i64 = 30 * 60 * 1000;
/// Wrong codes after which a new one has to be sent.
const TRIES: i64 = 5;

/// An account's mail address.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mailbox {
    /// The address that counts.
    pub address: Option<String>,
    /// A new one that waits for its code.
    pub waiting: Option<String>,
}

/// Everything an account wishes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WishesRow {
    /// When and what.
    pub wishes: Wishes,
    /// Where to.
    pub mailbox: Mailbox,
}

pub(super) const WISH_COLUMNS: &str =
    "w.quiet_from, w.quiet_to, w.digest_hour, w.mail, w.webhook, w.address, w.new_address";

fn place(root: RootOrg, account: AccountId) -> String {
    format!("notice-address:{root}:{account}")
}

fn kinds_text(kinds: &BTreeSet<Kind>) -> String {
    kinds.iter().map(|kind| kind.key()).collect::<Vec<_>>().join(",")
}

fn kinds_of(text: &str) -> BTreeSet<Kind> {
    text.split(',').filter_map(Kind::from_key).collect()
}

/// The wishes of a row; the defaults when there is none (its columns are null).
pub(super) fn wishes_of(row: &AnyRow) -> Result<Wishes, StoreError> {
    let Some(quiet_from) = get::<Option<i64>, _>(row, "quiet_from")? else { return Ok(Wishes::default()) };
    let hour = |value: i64| u8::try_from(value).ok();
    let quiet = (hour(quiet_from), hour(get(row, "quiet_to")?));
    Ok(Wishes {
        quiet: match quiet {
            (Some(from), Some(to)) => Some(QuietHours { from, to }),
            _ => None,
        },
        digest: hour(get(row, "digest_hour")?),
        mail: kinds_of(&get::<String, _>(row, "mail")?),
        webhook: kinds_of(&get::<String, _>(row, "webhook")?),
    })
}

fn subject(account: &Account) -> Subject {
    Subject::of("account", account.id.0)
}

impl Store {
    /// Opens an address sealed for an account.
    pub(super) fn open_address(
        &self,
        root: RootOrg,
        account: AccountId,
        sealed: Option<Vec<u8>>,
    ) -> Result<Option<String>, StoreError> {
        let open = |sealed: Vec<u8>| {
            let plain = self.ring.open_sealed(&sealed, place(root, account).as_bytes())?;
            Ok(String::from_utf8_lossy(&plain).into_owned())
        };
        sealed.map(open).transpose()
    }

    /// What an account wishes.
    pub async fn wishes(&self, root: RootOrg, account: AccountId) -> Result<WishesRow, StoreError> {
        let text = format!("SELECT {WISH_COLUMNS} FROM notice_wish w WHERE w.root_org = $1 AND w.account_id = $2");
        let row =
            sqlx::query(sqlx::AssertSqlSafe(text)).bind(root.0).bind(account.0).fetch_optional(&self.db.read).await?;
        let Some(row) = row else { return Ok(WishesRow::default()) };
        Ok(WishesRow {
            wishes: wishes_of(&row)?,
            mailbox: Mailbox {
                address: self.open_address(root, account, get(&row, "address")?)?,
                waiting: self.open_address(root, account, get(&row, "new_address")?)?,
            },
        })
    }

    /// Sets when and of what an account is told.
    pub async fn set_wishes(&self, account: &Account, wishes: &Wishes) -> Result<(), StoreError> {
        if let (Some(fault), _) | (None, Some(fault)) = wishes.faults() {
            return Err(StoreError::refused("bad_hour", fault.to_string()));
        }
        let mut write = self.begin(account, "notice.wishes").await?;
        write.put_wishes(account.id, Some(wishes)).await?;
        write.describe(subject(account), "", "更改提醒方式");
        write.commit().await?;
        Ok(())
    }

    /// Keeps a new address until its code comes back. The one before counts until then.
    pub async fn propose_address(
        &self,
        account: &Account,
        address: &str,
        code: &str,
        now: i64,
    ) -> Result<(), StoreError> {
        let sealed = self.ring.seal(address.as_bytes(), place(account.root, account.id).as_bytes())?;
        let mut write = self.begin(account, "notice.address_begin").await?;
        write.put_wishes(account.id, None).await?;
        sqlx::query(
            "UPDATE notice_wish SET new_address = $3, code_hash = $4, code_until = $5, code_tries = 0 WHERE root_org = $1 AND account_id = $2",
        )
        .bind(write.root.0)
        .bind(account.id.0)
        .bind(sealed)
        .bind(self.address_code(account, code))
        .bind(now + LASTS)
        .execute(&mut *write.tx)
        .await?;
        write.describe(subject(account), "", "登记邮箱，等待确认");
        write.commit().await?;
        Ok(())
    }

    /// Takes a code that came by mail. Wrong ones are counted, and after some the code no longer counts.
    pub async fn confirm_address(&self, account: &Account, code: &str, now: i64) -> Result<(), StoreError> {
        let counted = sqlx::query(
            "UPDATE notice_wish SET code_tries = code_tries + 1 WHERE root_org = $1 AND account_id = $2 \
             AND code_until > $3 AND code_tries < $4 AND new_address IS NOT NULL RETURNING code_hash",
        )
        .bind(account.root.0)
        .bind(account.id.0)
        .bind(now)
        .bind(TRIES)
        .fetch_optional(&self.db.write)
        .await?;
        let expected: Option<String> = counted.map(|row| get(&row, "code_hash")).transpose()?.flatten();
        let Some(expected) = expected else {
            return Err(StoreError::refused("code_expired", "确认码已失效。请重新发送确认码。"));
        };
        if !sealed::equal(expected.as_bytes(), self.address_code(account, code).as_bytes()) {
            return Err(StoreError::refused("bad_code", "确认码不对。请核对邮件中的确认码后重填。"));
        }
        let mut write = self.begin(account, "notice.address").await?;
        sqlx::query(
            "UPDATE notice_wish SET address = new_address, new_address = NULL, code_hash = NULL, code_until = NULL \
             WHERE root_org = $1 AND account_id = $2 AND code_hash = $3",
        )
        .bind(write.root.0)
        .bind(account.id.0)
        .bind(expected)
        .execute(&mut *write.tx)
        .await?;
        write.describe(subject(account), "", "确认邮箱");
        write.commit().await?;
        Ok(())
    }

    /// Forgets the address and any that waits.
    pub async fn remove_address(&self, account: &Account) -> Result<(), StoreError> {
        let mut write = self.begin(account, "notice.address_remove").await?;
        sqlx::query(
            "UPDATE notice_wish SET address = NULL, new_address = NULL, code_hash = NULL, code_until = NULL \
             WHERE root_org = $1 AND account_id = $2",
        )
        .bind(write.root.0)
        .bind(account.id.0)
        .execute(&mut *write.tx)
        .await?;
        write.describe(subject(account), "", "删除邮箱");
        write.commit().await?;
        Ok(())
    }

    fn address_code(&self, account: &Account, code: &str) -> String {
        let code = code.trim().to_uppercase();
        self.ring.blind_index("notice-address-code", &format!("{}:{}:{code}", account.root, account.id))
    }
}

impl Write<'_> {
    /// Writes wishes, or makes sure that there is a row for the rest.
    async fn put_wishes(&mut self, account: AccountId, wishes: Option<&Wishes>) -> Result<(), StoreError> {
        let given = wishes.cloned().unwrap_or_default();
        let hour = |hour: Option<u8>| hour.map_or(-1, i64::from);
        let clause = match wishes {
            Some(_) => "DO UPDATE SET quiet_from = $3, quiet_to = $4, digest_hour = $5, mail = $6, webhook = $7",
            None => "DO NOTHING",
        };
        let text = format!(
            "INSERT INTO notice_wish (root_org, account_id, quiet_from, quiet_to, digest_hour, mail, webhook, code_tries) \
             VALUES ($1,$2,$3,$4,$5,$6,$7,0) ON CONFLICT (root_org, account_id) {clause}"
        );
        sqlx::query(sqlx::AssertSqlSafe(text))
            .bind(self.root.0)
            .bind(account.0)
            .bind(hour(given.quiet.map(|quiet| quiet.from)))
            .bind(hour(given.quiet.map(|quiet| quiet.to)))
            .bind(hour(given.digest))
            .bind(kinds_text(&given.mail))
            .bind(kinds_text(&given.webhook))
            .execute(&mut *self.tx)
            .await?;
        Ok(())
    }
}

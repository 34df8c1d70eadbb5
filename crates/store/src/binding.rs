//! 身份认证: a person gets an account of the own by name, identity number and a one-time code from the branch. The code is stored as
//! a keyed digest, counts for seven days and once. A refusal never says which of the three was wrong.

use crate::error::StoreError;
use crate::sql::get;
use crate::write::{Subject, Write};
use crate::{Author, NewAccount, Store};
use rules::access::Role;
use rules::identity::IdentityNumber;
use rules::ids::{AccountId, PersonId, RootOrg};

/// How long a code counts (milliseconds).
const LASTS: i64 = 7 * 24 * 60 * 60 * 1000;

/// A code handed out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BindingCode {
    /// What the person types in. Shown once.
    pub code: String,
    /// Until when it counts, UTC milliseconds.
    pub expires_at: i64,
}

/// What somebody says to be.
#[derive(Debug, Clone)]
pub struct Claim {
    /// 姓名.
    pub name: String,
    /// 公民身份号码.
    pub identity: IdentityNumber,
    /// The code from the branch.
    pub code: String,
    /// 登录名 of the account to open.
    pub login: String,
    /// An argon2id hash in PHC form.
    pub password_hash: String,
}

fn refused() -> StoreError {
    StoreError::refused(
        "binding_refused",
        "姓名、公民身份号码或认证码不符，或认证码已过期。请核对后重试；仍不行请向所在党支部重新领取认证码。",
    )
}

impl Store {
    /// Hands out a code for a person; an earlier one no longer counts.
    pub async fn hand_out_binding_code(
        &self,
        author: impl Into<Author>,
        id: PersonId,
        now: i64,
    ) -> Result<BindingCode, StoreError> {
        let code = BindingCode { code: sealed::short_code()?, expires_at: now + LASTS };
        let mut write = self.begin(author, "person.binding_code").await?;
        let person = write.person(id).await?;
        if person.left {
            return Err(StoreError::refused("person_left", "此人已不在本企业的党组织，不能发放认证码。"));
        }
        if person.record.private.identity.is_none() {
            return Err(StoreError::refused("no_identity", "此人没有登记公民身份号码，无法核对本人。请先补填。"));
        }
        if write.has_account(id).await? {
            return Err(StoreError::refused("already_bound", "此人已有账号。忘记密码请联系安全管理员重置。"));
        }
        sqlx::query(
            "INSERT INTO binding_code (root_org, person_id, code_hash, expires_at) VALUES ($1,$2,$3,$4) \
             ON CONFLICT (root_org, person_id) DO UPDATE SET code_hash = $3, expires_at = $4",
        )
        .bind(write.root.0)
        .bind(id.0)
        .bind(self.code_hash(write.root, id, &code.code))
        .bind(code.expires_at)
        .execute(&mut *write.tx)
        .await?;
        write.describe(Subject::person(id), "", "发放身份认证码");
        write.commit().await?;
        Ok(code)
    }

    /// Opens the account of the person who knows all three.
    pub async fn bind_person(&self, claim: &Claim, now: i64) -> Result<AccountId, StoreError> {
        for enterprise in self.enterprises().await? {
            if let Some(person) = self.claimed_person(enterprise.root, claim, now).await? {
                return self.bind_in(enterprise.root, person, claim, now).await;
            }
        }
        Err(refused())
    }

    async fn claimed_person(&self, root: RootOrg, claim: &Claim, now: i64) -> Result<Option<PersonId>, StoreError> {
        let row = sqlx::query(
            "SELECT p.id, p.name, b.code_hash FROM person p JOIN binding_code b ON b.root_org = p.root_org AND b.person_id = p.id \
             WHERE p.root_org = $1 AND p.identity_index = $2 AND b.expires_at > $3",
        )
        .bind(root.0)
        .bind(self.ring.blind_index("identity", claim.identity.expose()))
        .bind(now)
        .fetch_optional(&self.db.read)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let id = PersonId(get(&row, "id")?);
        let name: String = get(&row, "name")?;
        let hash: String = get(&row, "code_hash")?;
        let known =
            name == claim.name && sealed::equal(hash.as_bytes(), self.code_hash(root, id, &claim.code).as_bytes());
        Ok(known.then_some(id))
    }

    async fn bind_in(&self, root: RootOrg, id: PersonId, claim: &Claim, now: i64) -> Result<AccountId, StoreError> {
        let author = Author { root, account: AccountId(0), name: "本人（身份认证）".to_owned() };
        let mut write = self.begin(author, "account.bind").await?;
        let used = sqlx::query(
            "DELETE FROM binding_code WHERE root_org = $1 AND person_id = $2 AND code_hash = $3 AND expires_at > $4",
        )
        .bind(root.0)
        .bind(id.0)
        .bind(self.code_hash(root, id, &claim.code))
        .bind(now)
        .execute(&mut *write.tx)
        .await?;
        let person = write.person(id).await?;
        if used.rows_affected() == 0 || person.left {
            return Err(refused());
        }
        let new = NewAccount {
            login: claim.login.clone(),
            display_name: person.record.name.to_string(),
            person: Some(id),
            password_hash: claim.password_hash.clone(),
            must_change_password: false,
        };
        let account = write.insert_account(&new).await?;
        write.insert_grant(account, Role::Member, person.org.id).await?;
        write.describe(Subject::of("account", account.0), "", "完成身份认证，开通本人账号");
        write.commit().await?;
        Ok(account)
    }

    fn code_hash(&self, root: RootOrg, person: PersonId, code: &str) -> String {
        self.ring.blind_index("binding-code", &format!("{root}:{person}:{code}"))
    }
}

impl Write<'_> {
    async fn has_account(&mut self, person: PersonId) -> Result<bool, StoreError> {
        let row = sqlx::query("SELECT COUNT(*) AS n FROM account WHERE root_org = $1 AND person_id = $2")
            .bind(self.root.0)
            .bind(person.0)
            .fetch_one(&mut *self.tx)
            .await?;
        Ok(get::<i64, _>(&row, "n")? > 0)
    }
}

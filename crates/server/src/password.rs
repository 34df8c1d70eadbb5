//! Passwords: hashed with argon2id at OWASP's parameters (19 MiB, two passes, one lane), away from the threads that answer requests,
//! a few at a time so that sign-ins cannot use up the memory. Their rules are the rules crate's.

use crate::Problem;
use crate::body::Faults;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use axum::http::StatusCode;
use rules::credential::check_password;
use tokio::sync::Semaphore;

const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

static AT_ONCE: Semaphore = Semaphore::const_new(4);

fn hasher() -> Option<Argon2<'static>> {
    Some(Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(MEMORY_KIB, PASSES, LANES, None).ok()?))
}

/// An argon2id hash in PHC form, with a salt of its own.
pub async fn hash_password(password: &str) -> Result<String, Problem> {
    let password = password.to_owned();
    in_background(move || Some(hasher()?.hash_password(password.as_bytes()).ok()?.to_string())).await
}

/// Whether a password belongs to a hash. Without a hash it takes as long and the answer is no, so that nobody learns which login
/// names exist.
pub(crate) async fn is_password(password: &str, hash: Option<&str>) -> Result<bool, Problem> {
    let (password, hash) = (password.to_owned(), hash.map(str::to_owned));
    in_background(move || {
        let hasher = hasher()?;
        match hash.as_deref().map(PasswordHash::new) {
            Some(Ok(hash)) => Some(hasher.verify_password(password.as_bytes(), &hash).is_ok()),
            Some(Err(_)) | None => hasher.hash_password(password.as_bytes()).ok().map(|_| false),
        }
    })
    .await
}

async fn in_background<T: Send + 'static>(work: impl FnOnce() -> Option<T> + Send + 'static) -> Result<T, Problem> {
    let failed = || {
        let detail = "服务器繁忙，没有办理。请稍后重试。";
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy", "暂时无法办理", detail)
    };
    let permit = AT_ONCE.acquire().await.map_err(|_| failed())?;
    let done = tokio::task::spawn_blocking(work).await.ok().flatten();
    drop(permit);
    done.ok_or_else(failed)
}

impl Faults {
    /// A new password for a login name.
    pub(crate) fn new_password(&mut self, pointer: &str, login: &str, password: &str) {
        if let Err(weak) = check_password(login, password) {
            self.add(pointer, "weak_password", weak.to_string());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_hash_belongs_to_one_password_and_names_its_parameters() {
        let hash = hash_password("山高水长-2026").await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(is_password("山高水长-2026", Some(&hash)).await.unwrap());
        assert!(!is_password("山高水长-2027", Some(&hash)).await.unwrap());
        assert!(!is_password("!", Some("!")).await.unwrap());
        assert!(!is_password("", None).await.unwrap());
    }
}

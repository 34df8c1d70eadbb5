//! Sealing of members' data with the national algorithms: SM4-GCM for fields, HMAC-SM3 for blind indexes, SM3 for the ledger's
//! chain. Wraps well-kept crates; it holds no primitive of its own and knows no Party terms.

mod chain;
mod key;
mod ring;
mod signature;
mod token;

pub use chain::{Fields, equal, hex, sm3};
pub use key::PersonKey;
pub use ring::KeyRing;
pub use signature::{hmac_sha256, hmac_sm3};
pub use token::{random_token, short_code, token_hash};

/// Why something could not be sealed, opened or kept.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// The sealed bytes were altered, cut, or sealed for another place.
    #[error("密文被改动，或不属于此处")]
    Altered,
    /// Sealed under a master key that this key ring does not hold.
    #[error("密钥环中没有第 {0} 号主密钥，请使用与数据配套的密钥文件")]
    UnknownKey(u32),
    /// The key file cannot be read or written.
    #[error("密钥文件 {path}：{reason}")]
    File {
        /// Where it is.
        path: String,
        /// What is wrong and what to do.
        reason: String,
    },
    /// The operating system gives no randomness.
    #[error("操作系统不提供随机数")]
    NoRandomness,
}

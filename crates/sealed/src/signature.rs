//! Signatures of what is sent to another program: a keyed digest by the national algorithm and one that every language has.

use crate::hex;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use sm3::Sm3;

/// HMAC-SM3 of bytes, in hexadecimal.
pub fn hmac_sm3(secret: &[u8], bytes: &[u8]) -> String {
    // HMAC takes a key of any length, so this cannot fail; no receiver would accept an empty signature.
    let Ok(mut mac) = Hmac::<Sm3>::new_from_slice(secret) else { return String::new() };
    mac.update(bytes);
    hex(&mac.finalize().into_bytes())
}

/// HMAC-SHA-256 of bytes, in hexadecimal.
pub fn hmac_sha256(secret: &[u8], bytes: &[u8]) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret) else { return String::new() };
    mac.update(bytes);
    hex(&mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    #[test]
    fn sha_256_as_in_rfc_4231() {
        assert_eq!(
            super::hmac_sha256(b"Jefe", b"what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }

    #[test]
    fn sm3_differs_with_secret_and_text() {
        let signed = super::hmac_sm3(b"secret", b"text");
        assert_eq!(signed.len(), 64);
        assert_ne!(signed, super::hmac_sm3(b"secret", b"text."));
        assert_ne!(signed, super::hmac_sm3(b"secre", b"ttext"));
    }
}

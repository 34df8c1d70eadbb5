//! One SM4 key and what is done with it. The key shows itself to nobody and is wiped when dropped.

use crate::SealError;
use aes_gcm::aead::{Aead, KeyInit, Payload, consts::U12};
use aes_gcm::{AesGcm, Nonce};
use sm4::Sm4;
use zeroize::{Zeroize, ZeroizeOnDrop};

type Sm4Gcm = AesGcm<Sm4, U12>;
const NONCE: usize = 12;

/// A 128-bit SM4 key: a person's own, under which everything secret of that person is sealed, or a master key that wraps those.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct PersonKey([u8; 16]);

impl PersonKey {
    /// A new random key.
    pub(crate) fn random() -> Result<Self, SealError> {
        let mut key = PersonKey([0; 16]);
        getrandom::fill(&mut key.0).map_err(|_| SealError::NoRandomness)?;
        Ok(key)
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self, SealError> {
        bytes.try_into().map(PersonKey).map_err(|_| SealError::Altered)
    }

    pub(crate) fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// Seals bytes for one place: `aad` names that place and must be given again to open them. Nonce, then ciphertext and tag.
    pub fn seal(&self, plain: &[u8], aad: &[u8]) -> Result<Vec<u8>, SealError> {
        let mut nonce = [0; NONCE];
        getrandom::fill(&mut nonce).map_err(|_| SealError::NoRandomness)?;
        self.seal_with(&nonce, plain, aad)
    }

    fn seal_with(&self, nonce: &[u8; NONCE], plain: &[u8], aad: &[u8]) -> Result<Vec<u8>, SealError> {
        let sealed = Sm4Gcm::new(&self.0.into())
            .encrypt(&Nonce::<U12>::from(*nonce), Payload { msg: plain, aad })
            .map_err(|_| SealError::Altered)?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// Opens what [`PersonKey::seal`] made for the same place.
    pub fn open(&self, sealed: &[u8], aad: &[u8]) -> Result<Vec<u8>, SealError> {
        let (nonce, body) = sealed.split_first_chunk::<NONCE>().ok_or(SealError::Altered)?;
        Sm4Gcm::new(&self.0.into())
            .decrypt(&Nonce::<U12>::from(*nonce), Payload { msg: body, aad })
            .map_err(|_| SealError::Altered)
    }
}

impl std::fmt::Debug for PersonKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PersonKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use sm4::cipher::{Block, BlockCipherEncrypt};

    fn bytes(hex: &str) -> Vec<u8> {
        (0..hex.len()).step_by(2).map(|i| u8::from_str_radix(&hex[i..i + 2], 16).unwrap()).collect()
    }

    #[test]
    fn sm4_agrees_with_gb_t_32907() {
        let key = bytes("0123456789abcdeffedcba9876543210");
        let mut block = Block::<Sm4>::try_from(key.as_slice()).unwrap();
        Sm4::new_from_slice(&key).unwrap().encrypt_block(&mut block);
        assert_eq!(block.as_slice(), bytes("681edf34d206965e86b3e94f536e4246"));
    }

    #[test]
    fn sm4_gcm_agrees_with_rfc_8998() {
        let key = PersonKey::from_bytes(&bytes("0123456789abcdeffedcba9876543210")).unwrap();
        let nonce: [u8; 12] = bytes("00001234567800000000abcd").try_into().unwrap();
        let aad = bytes("feedfacedeadbeeffeedfacedeadbeefabaddad2");
        let plain = bytes(
            "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccddddddddddddddddeeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa",
        );
        let expected = bytes(
            "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d83de3541e4c2b58177e065a9bf7b62ec",
        );
        assert_eq!(key.seal_with(&nonce, &plain, &aad).unwrap()[12..], expected);
    }

    #[test]
    fn another_place_opens_nothing() {
        let key = PersonKey::random().unwrap();
        let sealed = key.seal(b"secret", b"person:1").unwrap();
        assert_eq!(key.open(&sealed, b"person:1").unwrap(), b"secret");
        assert!(key.open(&sealed, b"person:2").is_err());
        assert!(PersonKey::random().unwrap().open(&sealed, b"person:1").is_err());
        assert_eq!(format!("{key:?}"), "PersonKey(…)");
    }

    proptest! {
        #[test]
        fn any_altered_byte_is_found(plain in proptest::collection::vec(any::<u8>(), 0..64), at in any::<prop::sample::Index>(), flip in 1..=255u8) {
            let key = PersonKey::random().unwrap();
            let mut sealed = key.seal(&plain, b"").unwrap();
            prop_assert_eq!(key.open(&sealed, b"").unwrap(), plain);
            let at = at.index(sealed.len());
            sealed[at] ^= flip;
            prop_assert!(key.open(&sealed, b"").is_err());
        }
    }
}

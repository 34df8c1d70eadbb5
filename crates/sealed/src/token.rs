//! Random tokens for sessions and one-time codes. Only their digests are stored.

use crate::{SealError, hex, sm3};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

/// A new token of 256 random bits.
pub fn random_token() -> Result<String, SealError> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|_| SealError::NoRandomness)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// The digest under which a token is stored.
pub fn token_hash(token: &str) -> String {
    hex(&sm3(token.as_bytes()))
}

/// A one-time code or first password a person can read out: 10 characters, none easily taken for another (about 49 bits).
pub fn short_code() -> Result<String, SealError> {
    const ALPHABET: &[u8; 30] = b"23456789ABCDEFGHJKMNPQRSTVWXYZ";
    let mut code = String::new();
    while code.len() < 10 {
        let mut byte = [0];
        getrandom::fill(&mut byte).map_err(|_| SealError::NoRandomness)?;
        if byte[0] < 240 {
            code.push(ALPHABET[usize::from(byte[0] % 30)] as char);
        }
    }
    Ok(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_differ_and_are_stored_as_digests() {
        let (one, two) = (random_token().unwrap(), random_token().unwrap());
        assert_ne!(one, two);
        assert_eq!(one.len(), 43);
        assert_eq!(token_hash(&one).len(), 64);
    }

    #[test]
    fn codes_use_every_clear_character_and_no_other() {
        let seen: std::collections::BTreeSet<char> =
            (0..300).flat_map(|_| short_code().unwrap().chars().collect::<Vec<_>>()).collect();
        assert_eq!(seen.iter().collect::<String>(), "23456789ABCDEFGHJKMNPQRSTVWXYZ");
        assert_eq!(short_code().unwrap().len(), 10);
    }
}

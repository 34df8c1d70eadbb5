//! SM3 over lists of fields, each with its length, so that no two lists give the same bytes.

use sm3::{Digest, Sm3};

/// The SM3 digest of bytes (GB/T 32905).
pub fn sm3(bytes: &[u8]) -> [u8; 32] {
    Sm3::digest(bytes).into()
}

/// Bytes as small hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A digest over fields, in order.
#[derive(Clone)]
pub struct Fields(Sm3);

impl Fields {
    /// Begins a list of fields of one kind.
    pub fn new(domain: &str) -> Self {
        Fields(Sm3::new()).text(domain)
    }

    /// Adds a number.
    pub fn u64(mut self, number: u64) -> Self {
        self.0.update(number.to_be_bytes());
        self
    }

    /// Adds bytes.
    pub fn bytes(mut self, bytes: &[u8]) -> Self {
        self.0.update((bytes.len() as u64).to_be_bytes());
        self.0.update(bytes);
        self
    }

    /// Adds a text.
    pub fn text(self, text: &str) -> Self {
        self.bytes(text.as_bytes())
    }

    /// The digest.
    pub fn finish(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sm3_agrees_with_gb_t_32905() {
        assert_eq!(hex(&sm3(b"abc")), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
        assert_eq!(hex(&sm3(&b"abcd".repeat(16))), "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732");
    }

    #[test]
    fn fields_do_not_run_into_one_another() {
        assert_ne!(Fields::new("x").text("ab").text("c").finish(), Fields::new("x").text("a").text("bc").finish());
        assert_ne!(Fields::new("x").u64(1).finish(), Fields::new("y").u64(1).finish());
    }
}

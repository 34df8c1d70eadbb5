//! SM3 over lists of fields, each with its kind and length, so that no two lists give the same bytes.

use sm3::{Digest, Sm3};
use subtle::ConstantTimeEq;

const NUMBER: u8 = 1;
const BYTES: u8 = 2;
const TEXT: u8 = 3;

/// The SM3 digest of bytes (GB/T 32905).
pub fn sm3(bytes: &[u8]) -> [u8; 32] {
    Sm3::digest(bytes).into()
}

/// Bytes as small hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether two secrets are equal, in a time that does not tell where they differ.
pub fn equal(one: &[u8], other: &[u8]) -> bool {
    one.ct_eq(other).into()
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
        self.0.update([NUMBER]);
        self.0.update(number.to_be_bytes());
        self
    }

    /// Adds bytes.
    pub fn bytes(self, bytes: &[u8]) -> Self {
        self.sized(BYTES, bytes)
    }

    /// Adds a text.
    pub fn text(self, text: &str) -> Self {
        self.sized(TEXT, text.as_bytes())
    }

    fn sized(mut self, kind: u8, bytes: &[u8]) -> Self {
        self.0.update([kind]);
        self.0.update((bytes.len() as u64).to_be_bytes());
        self.0.update(bytes);
        self
    }

    /// The digest.
    pub fn finish(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn sm3_agrees_with_gb_t_32905() {
        assert_eq!(hex(&sm3(b"abc")), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
        assert_eq!(hex(&sm3(&b"abcd".repeat(16))), "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732");
    }

    #[test]
    fn fields_do_not_run_into_one_another() {
        assert_ne!(Fields::new("x").text("ab").text("c").finish(), Fields::new("x").text("a").text("bc").finish());
        assert_ne!(Fields::new("x").u64(1).finish(), Fields::new("y").u64(1).finish());
        assert_ne!(Fields::new("x").u64(0).finish(), Fields::new("x").bytes(b"").finish());
        assert_ne!(Fields::new("x").text("a").finish(), Fields::new("x").bytes(b"a").finish());
    }

    #[test]
    fn secrets_are_compared_whole() {
        assert!(equal(b"abc", b"abc"));
        assert!(!equal(b"abc", b"abd") && !equal(b"abc", b"ab") && !equal(b"", b"a"));
    }

    #[derive(Debug, Clone, PartialEq)]
    enum Field {
        Number(u64),
        Bytes(Vec<u8>),
        Text(String),
    }

    fn field() -> impl Strategy<Value = Field> {
        prop_oneof![
            (0..3u64).prop_map(Field::Number),
            proptest::collection::vec(0..4u8, 0..10).prop_map(Field::Bytes),
            "[\\x00-\\x03]{0,9}".prop_map(Field::Text),
        ]
    }

    fn digest(fields: &[Field]) -> [u8; 32] {
        let add = |sum: Fields, field: &Field| match field {
            Field::Number(number) => sum.u64(*number),
            Field::Bytes(bytes) => sum.bytes(bytes),
            Field::Text(text) => sum.text(text),
        };
        fields.iter().fold(Fields::new(""), add).finish()
    }

    proptest! {
        #[test]
        fn equal_digests_mean_equal_lists(
            one in proptest::collection::vec(field(), 0..3),
            other in proptest::collection::vec(field(), 0..3),
        ) {
            prop_assert_eq!(one == other, digest(&one) == digest(&other));
        }
    }
}

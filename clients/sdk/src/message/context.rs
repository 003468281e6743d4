//! The encryption context: pairs that are not secret, bound to the message and to its data keys.

use std::collections::BTreeMap;

use super::FormatError;

/// Pairs that are authenticated with a message and given to the key service, which may decide by them.
///
/// They are stored in the clear in the file and recorded by the service: never put a secret there.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Context(BTreeMap<String, String>);

/// The name under which suite 0x0578 keeps the verification key.
pub(crate) const PUBLIC_KEY_NAME: &str = "aws-crypto-public-key";

impl Context {
    /// What names the format keeps for itself begin with.
    pub const RESERVED: &str = "aws-crypto-";

    /// No pairs.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a pair; gives back the value that was there under that name.
    pub fn insert(&mut self, key: impl Into<String>, value: impl Into<String>) -> Option<String> {
        self.0.insert(key.into(), value.into())
    }

    /// The value under a name.
    pub fn value(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }

    /// The pairs, ascending by the bytes of the name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// Whether there is no pair.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The pairs as a map, as request bodies need them.
    pub(crate) fn as_map(&self) -> &BTreeMap<String, String> {
        &self.0
    }

    /// The field in the header: nothing for no pairs, else count and length-prefixed pairs. `None` if any length
    /// is past its 16 bits.
    pub(crate) fn encode(&self) -> Option<Vec<u8>> {
        if self.0.is_empty() {
            return Some(Vec::new());
        }
        let mut out = u16::try_from(self.0.len()).ok()?.to_be_bytes().to_vec();
        for text in self.0.iter().flat_map(|(key, value)| [key, value]) {
            out.extend_from_slice(&u16::try_from(text.len()).ok()?.to_be_bytes());
            out.extend_from_slice(text.as_bytes());
        }
        (out.len() <= usize::from(u16::MAX)).then_some(out)
    }

    /// Reads the field. Pairs may be in any order (the bytes as they stand are what is authenticated), but no name
    /// may come twice and no byte may be left over.
    pub(crate) fn decode(mut field: &[u8]) -> Result<Self, FormatError> {
        if field.is_empty() {
            return Ok(Self::default());
        }
        let count = u16::from_be_bytes(*split(&mut field).ok_or(SHORT)?);
        if count == 0 {
            return Err(FormatError::Header("an empty encryption context is written as no bytes at all"));
        }
        let mut pairs = BTreeMap::new();
        for _ in 0..count {
            let (key, value) = (text(&mut field)?, text(&mut field)?);
            if pairs.insert(key, value).is_some() {
                return Err(FormatError::Header("a name comes twice in the encryption context"));
            }
        }
        match field.is_empty() {
            true => Ok(Self(pairs)),
            false => Err(FormatError::Header("bytes are left over in the encryption context")),
        }
    }
}

impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for Context {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        Self(pairs.into_iter().map(|(key, value)| (key.into(), value.into())).collect())
    }
}

fn split<'a, const N: usize>(field: &mut &'a [u8]) -> Option<&'a [u8; N]> {
    let (head, rest) = field.split_first_chunk()?;
    *field = rest;
    Some(head)
}

fn text(field: &mut &[u8]) -> Result<String, FormatError> {
    let len = usize::from(u16::from_be_bytes(*split(field).ok_or(SHORT)?));
    let (head, rest) = field.split_at_checked(len).ok_or(SHORT)?;
    *field = rest;
    let text =
        std::str::from_utf8(head).map_err(|_| FormatError::Header("the encryption context is not UTF-8"))?;
    Ok(text.to_owned())
}

const SHORT: FormatError = FormatError::Header("the encryption context is shorter than its own lengths");

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn pairs_are_written_in_the_order_of_their_names_bytes() {
        let context: Context = [("tenant", "7"), ("a", "")].into_iter().collect();
        let bytes = b"\0\x02\0\x01a\0\0\0\x06tenant\0\x017";
        assert_eq!(context.encode().as_deref(), Some(bytes.as_slice()));
        assert_eq!(Context::decode(bytes), Ok(context));
    }

    #[test]
    fn repeated_names_and_left_over_bytes_are_refused() {
        assert!(Context::decode(b"\0\x02\0\x01a\0\0\0\x01a\0\0").is_err());
        assert!(Context::decode(b"\0\x01\0\x01a\0\0\0").is_err());
        assert!(Context::decode(b"\0\0").is_err());
        assert!(Context::decode(b"\0\x01\0\x01\xff\0\0").is_err());
    }

    #[test]
    fn a_context_past_sixteen_bits_is_not_written() {
        let context: Context = (0..3).map(|i| (i.to_string(), "x".repeat(30_000))).collect();
        assert_eq!(context.encode(), None);
    }

    proptest! {
        #[test]
        fn what_is_written_reads_the_same(pairs in proptest::collection::btree_map(".{0,20}", ".{0,20}", 0..20)) {
            let context = Context(pairs);
            let bytes = context.encode().expect("short");
            prop_assert_eq!(Context::decode(&bytes), Ok(context));
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = Context::decode(&bytes);
        }
    }
}

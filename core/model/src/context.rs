//! Encryption context: what a ciphertext is bound to besides its key.

/// A string map, authenticated with the ciphertext, recorded in the log and usable in policy.
///
/// Held sorted by key (bytewise), so that equal maps have equal canonical bytes.
#[derive(Clone, PartialEq, Eq, Hash, Default, Debug)]
pub struct EncryptionContext(Box<[(Box<str>, Box<str>)]>);

/// Why pairs make no context.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ContextError {
    /// The same key twice.
    #[error("an encryption context has each key once")]
    Duplicate,
    /// More than [`EncryptionContext::BYTES_MAX`] bytes in canonical form.
    #[error("an encryption context is at most 8192 bytes in all")]
    Size,
}

impl EncryptionContext {
    /// Largest canonical form, in bytes.
    pub const BYTES_MAX: usize = 8192;

    /// From pairs in any order.
    ///
    /// # Errors
    /// [`ContextError::Duplicate`] on a repeated key, [`ContextError::Size`] past [`Self::BYTES_MAX`].
    pub fn new(mut pairs: Vec<(Box<str>, Box<str>)>) -> Result<Self, ContextError> {
        pairs.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        if pairs.windows(2).any(|w| w[0].0 == w[1].0) {
            return Err(ContextError::Duplicate);
        }
        let context = Self(pairs.into_boxed_slice());
        match context.canonical_len() <= Self::BYTES_MAX {
            true => Ok(context),
            false => Err(ContextError::Size),
        }
    }

    /// Whether there is no pair.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The pairs, ascending by key.
    pub fn pairs(&self) -> impl ExactSizeIterator<Item = (&str, &str)> + Clone {
        self.0.iter().map(|(k, v)| (&**k, &**v))
    }

    /// The value of a key.
    pub fn value(&self, key: &str) -> Option<&str> {
        self.0.binary_search_by(|(k, _)| (**k).cmp(key)).ok().map(|at| &*self.0[at].1)
    }

    /// Length of [`EncryptionContext::write_canonical`]'s output.
    pub fn canonical_len(&self) -> usize {
        2 + self.0.iter().map(|(k, v)| 4 + k.len() + v.len()).sum::<usize>()
    }

    /// Appends the canonical form: number of pairs, then for each pair in ascending order of keys the
    /// key's length, the key, the value's length, the value. Lengths are 16-bit, big-endian.
    ///
    /// Two contexts have the same canonical form only if they are equal.
    pub fn write_canonical(&self, out: &mut Vec<u8>) {
        let short = |n: usize| u16::try_from(n).expect("a context is within BYTES_MAX").to_be_bytes();
        out.extend_from_slice(&short(self.0.len()));
        for (key, value) in &self.0 {
            out.extend_from_slice(&short(key.len()));
            out.extend_from_slice(key.as_bytes());
            out.extend_from_slice(&short(value.len()));
            out.extend_from_slice(value.as_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn context(pairs: &[(&str, &str)]) -> Result<EncryptionContext, ContextError> {
        EncryptionContext::new(pairs.iter().map(|(k, v)| ((*k).into(), (*v).into())).collect())
    }

    #[test]
    fn order_does_not_matter_and_place_does() {
        let bytes = |pairs: &[(&str, &str)]| {
            let mut out = Vec::new();
            context(pairs).expect("valid").write_canonical(&mut out);
            out
        };
        assert_eq!(bytes(&[("a", "1"), ("b", "2")]), bytes(&[("b", "2"), ("a", "1")]));
        assert_ne!(bytes(&[("a", "1b")]), bytes(&[("a1", "b")]));
        assert_eq!(bytes(&[("a", "1")]), b"\0\x01\0\x01a\0\x011");
    }

    #[test]
    fn a_repeated_key_and_an_oversized_context_are_refused() {
        assert_eq!(context(&[("a", "1"), ("a", "2")]), Err(ContextError::Duplicate));
        assert_eq!(context(&[("a", &"x".repeat(8192))]), Err(ContextError::Size));
    }
}

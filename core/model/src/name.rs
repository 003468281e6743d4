//! Names that people give to keys.

use std::fmt;

/// A key's second name: `alias/` and 1 to 250 bytes out of `a-z A-Z 0-9 / _ -` (and `:` as AWS allows).
///
/// Names under `alias/aws/` belong to service-managed keys; see [`AliasName::is_reserved`].
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AliasName(Box<str>);

/// Why a text is no alias name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AliasNameError {
    /// It does not start with `alias/`.
    #[error("an alias name begins with alias/")]
    Prefix,
    /// It is `alias/` alone, or longer than 256 bytes.
    #[error("an alias name is 7 to 256 bytes long, not {bytes}")]
    Length {
        /// The length found.
        bytes: usize,
    },
    /// It has a byte outside the allowed set.
    #[error("an alias name has only letters, digits, :, /, _ and -; byte {at} is {found:#04x}")]
    Byte {
        /// Position of the byte.
        at: usize,
        /// The byte.
        found: u8,
    },
}

impl AliasName {
    /// Longest name, with its prefix, in bytes.
    pub const BYTES_MAX: usize = 256;
    /// What every name begins with.
    pub const PREFIX: &str = "alias/";

    /// Reads a full name, prefix included.
    ///
    /// # Errors
    /// One [`AliasNameError`] a rule.
    pub fn parse(text: &str) -> Result<Self, AliasNameError> {
        if !text.starts_with(Self::PREFIX) {
            return Err(AliasNameError::Prefix);
        }
        if text.len() > Self::BYTES_MAX || text.len() == Self::PREFIX.len() {
            return Err(AliasNameError::Length { bytes: text.len() });
        }
        let allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'_' | b'-' | b':');
        match text.bytes().position(|b| !allowed(b)) {
            Some(at) => Err(AliasNameError::Byte { at, found: text.as_bytes()[at] }),
            None => Ok(Self(text.into())),
        }
    }

    /// The full name, prefix included.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the name is kept for service-managed keys.
    pub fn is_reserved(&self) -> bool {
        self.0.starts_with("alias/aws/")
    }
}

impl fmt::Display for AliasName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for AliasName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alias_name_keeps_its_rules() {
        assert!(AliasName::parse("alias/a").is_ok());
        assert!(AliasName::parse(&format!("alias/{}", "x".repeat(250))).is_ok());
        assert_eq!(AliasName::parse("a"), Err(AliasNameError::Prefix));
        assert_eq!(AliasName::parse("alias/"), Err(AliasNameError::Length { bytes: 6 }));
        let long = format!("alias/{}", "x".repeat(251));
        assert_eq!(AliasName::parse(&long), Err(AliasNameError::Length { bytes: 257 }));
        assert_eq!(AliasName::parse("alias/a b"), Err(AliasNameError::Byte { at: 7, found: b' ' }));
        assert!(AliasName::parse("alias/aws/s3").expect("well formed").is_reserved());
    }
}

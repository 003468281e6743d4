//! The four ways to name a key: id, key ARN, alias name, alias ARN.

use std::fmt;

use crate::{AccountId, AliasName, KeyId, Location};

/// `arn:aws:kms:<location>:<account>:key/<key id>`.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct KeyArn {
    /// Where the key lives.
    pub location: Location,
    /// Who owns it.
    pub account: AccountId,
    /// Which key.
    pub key: KeyId,
}

/// `arn:aws:kms:<location>:<account>:alias/<name>`.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct AliasArn {
    /// Where the alias lives.
    pub location: Location,
    /// Who owns it.
    pub account: AccountId,
    /// The name, `alias/` included.
    pub name: AliasName,
}

impl fmt::Display for KeyArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "arn:aws:kms:{}:{}:key/{}", self.location, self.account, self.key)
    }
}

impl fmt::Display for AliasArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "arn:aws:kms:{}:{}:{}", self.location, self.account, self.name)
    }
}

/// What a caller wrote where a key is asked for.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum KeyRef {
    /// A bare key id, in the caller's account and location.
    Id(KeyId),
    /// A bare word that is spelled like no key id; kept for the error that names it.
    Unknown(Box<str>),
    /// A key ARN; may be of another account.
    Arn(KeyArn),
    /// A bare alias name, in the caller's account and location.
    Alias(AliasName),
    /// An alias ARN; may be of another account.
    AliasArn(AliasArn),
}

/// Why a text names no key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyRefError {
    /// It begins like an ARN and is not one of a key or an alias.
    #[error("{0} is not a valid key or alias ARN")]
    Arn(Box<str>),
    /// It begins like an alias and is not a name.
    #[error("{0}")]
    Alias(#[from] crate::AliasNameError),
}

impl KeyRef {
    /// Longest reference taken, in bytes, as in the service model.
    pub const BYTES_MAX: usize = 2048;

    /// Reads any of the four forms.
    ///
    /// # Errors
    /// [`KeyRefError`] where the text begins like an ARN or an alias and is not one. A text that begins like
    /// neither is [`KeyRef::Unknown`]: a key that does not exist, which the engine answers.
    pub fn parse(text: &str) -> Result<Self, KeyRefError> {
        if let Some(rest) = text.strip_prefix("arn:") {
            return Self::parse_arn(rest).ok_or_else(|| KeyRefError::Arn(text.into()));
        }
        if text.starts_with(AliasName::PREFIX) {
            return Ok(Self::Alias(AliasName::parse(text)?));
        }
        Ok(match text.parse() {
            Ok(id) => Self::Id(id),
            Err(_) => Self::Unknown(text.into()),
        })
    }

    fn parse_arn(rest: &str) -> Option<Self> {
        let mut parts = rest.splitn(5, ':');
        let (partition, service) = (parts.next()?, parts.next()?);
        let (location, account, resource) = (parts.next()?, parts.next()?, parts.next()?);
        if !partition.starts_with("aws") || service != "kms" {
            return None;
        }
        let (location, account) = (location.parse().ok()?, account.parse().ok()?);
        if let Some(id) = resource.strip_prefix("key/") {
            return Some(Self::Arn(KeyArn { location, account, key: id.parse().ok()? }));
        }
        let name = AliasName::parse(resource).ok()?;
        Some(Self::AliasArn(AliasArn { location, account, name }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "1234abcd-12ab-34cd-56ef-1234567890ab";

    #[test]
    fn each_form_is_told_from_the_others() {
        assert!(matches!(KeyRef::parse(ID), Ok(KeyRef::Id(_))));
        assert!(matches!(KeyRef::parse("no-such"), Ok(KeyRef::Unknown(_))));
        assert!(matches!(KeyRef::parse("alias/a"), Ok(KeyRef::Alias(_))));
        let arn = format!("arn:aws:kms:us-east-1:111122223333:key/{ID}");
        match KeyRef::parse(&arn) {
            Ok(KeyRef::Arn(found)) => assert_eq!(found.to_string(), arn),
            other => panic!("{other:?}"),
        }
        let arn = "arn:aws:kms:us-east-1:111122223333:alias/a/b";
        match KeyRef::parse(arn) {
            Ok(KeyRef::AliasArn(found)) => assert_eq!(found.to_string(), arn),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_broken_arn_is_named_in_the_error() {
        for text in ["arn:", "arn:aws:kms:us-east-1:1:key/x", "arn:aws:s3:us-east-1:111122223333:key/x"] {
            assert_eq!(KeyRef::parse(text), Err(KeyRefError::Arn(text.into())));
        }
    }
}

//! Tenants and places: who owns a key and where it lives.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// A tenant: twelve decimal digits, leading zeros kept.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountId(u64);

impl AccountId {
    /// The account that `keystead dev` makes.
    pub const DEVELOPMENT: AccountId = AccountId(0);
    /// Length of the text form.
    pub const DIGITS: usize = 12;

    /// From a number below 10^12.
    pub fn from_number(number: u64) -> Option<Self> {
        (number < 1_000_000_000_000).then_some(Self(number))
    }

    /// The number the digits spell, below 10^12.
    pub fn number(self) -> u64 {
        self.0
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:012}", self.0)
    }
}

impl fmt::Debug for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The text is not twelve decimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an account is twelve decimal digits, such as 123456789012")]
pub struct ParseAccountError;

impl FromStr for AccountId {
    type Err = ParseAccountError;

    fn from_str(text: &str) -> Result<Self, ParseAccountError> {
        if text.len() != Self::DIGITS || !text.bytes().all(|b| b.is_ascii_digit()) {
            return Err(ParseAccountError);
        }
        text.parse().map(Self).map_err(|_| ParseAccountError)
    }
}

/// A region name: 1 to 32 bytes out of `a-z 0-9 -`. Keys never leave their location by themselves.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Location(Arc<str>);

impl Location {
    /// Longest name taken, in bytes.
    pub const BYTES_MAX: usize = 32;

    /// The name as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The text is not a location name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a location is 1 to 32 bytes out of a-z, 0-9 and -, such as eu-central-1")]
pub struct ParseLocationError;

impl FromStr for Location {
    type Err = ParseLocationError;

    fn from_str(text: &str) -> Result<Self, ParseLocationError> {
        let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if !(1..=Self::BYTES_MAX).contains(&text.len()) || !text.bytes().all(allowed) {
            return Err(ParseLocationError);
        }
        Ok(Self(text.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_keeps_its_leading_zeros() {
        let account: AccountId = "000000000042".parse().expect("twelve digits");
        assert_eq!(account.to_string(), "000000000042");
        assert_eq!(account.number(), 42);
    }

    #[test]
    fn an_account_is_exactly_twelve_digits() {
        for text in ["", "1", "1234567890123", "12345678901a", "+12345678901", "12345678901 "] {
            assert_eq!(text.parse::<AccountId>(), Err(ParseAccountError), "{text:?}");
        }
        assert!(AccountId::from_number(1_000_000_000_000).is_none());
    }

    #[test]
    fn a_location_has_one_spelling() {
        assert!("eu-central-1".parse::<Location>().is_ok());
        for text in ["", "EU-central-1", "eu central", "eu/central", &"a".repeat(33)] {
            assert!(text.parse::<Location>().is_err(), "{text:?}");
        }
    }
}

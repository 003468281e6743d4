//! Proofs of identity. A front reads them off the wire; the engine alone turns one into a
//! [`Caller`](crate::Caller).

use std::fmt;
use std::sync::Arc;

/// Names a secret access key: 16 to 128 bytes out of `A-Z a-z 0-9 _`, as in the service model.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct AccessKeyId(Arc<str>);

impl AccessKeyId {
    /// Longest id taken, in bytes.
    pub const BYTES_MAX: usize = 128;

    /// Reads an id; `None` if the length or a byte is outside the rule.
    pub fn parse(text: &str) -> Option<Self> {
        let allowed = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
        ((1..=Self::BYTES_MAX).contains(&text.len()) && text.bytes().all(allowed)).then(|| Self(text.into()))
    }

    /// The id as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AccessKeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for AccessKeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a caller shows to say who it is.
#[derive(Clone, Copy, Debug)]
pub enum Proof<'a> {
    /// A signature of AWS Signature Version 4.
    SigV4(SigV4Proof<'a>),
}

/// The parts of a version 4 signature that need the secret to check. The front has already checked the form,
/// the date against the clock, and the region and service of the scope.
#[derive(Clone, Copy, Debug)]
pub struct SigV4Proof<'a> {
    /// Which secret.
    pub access_key: &'a str,
    /// The `X-Amz-Security-Token`, if there was one.
    pub session_token: Option<&'a str>,
    /// Scope: day, as `YYYYMMDD`.
    pub day: &'a [u8; 8],
    /// Scope: region.
    pub region: &'a str,
    /// Scope: service, such as `kms`.
    pub service: &'a str,
    /// What was signed.
    pub string_to_sign: &'a [u8],
    /// The signature.
    pub signature: &'a [u8; 32],
}

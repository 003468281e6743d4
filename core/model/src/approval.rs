//! Names of requests that wait for the approval of others.

use std::fmt;
use std::str::FromStr;

use crate::KeyId;

/// Names one request that waits for approval: 16 random bytes, spelled as a UUID in lower case.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct ApprovalId(pub [u8; 16]);

/// The text names no request that could wait for approval.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("an approval is named by a UUID in lower case, such as 1234abcd-12ab-34cd-56ef-1234567890ab")]
pub struct ApprovalIdError;

impl fmt::Display for ApprovalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        KeyId::from_parts(self.0, false).fmt(f)
    }
}

impl FromStr for ApprovalId {
    type Err = ApprovalIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let id: KeyId = text.parse().map_err(|_| ApprovalIdError)?;
        let read = Self(*id.bytes());
        // One spelling only.
        if read.to_string() == text { Ok(read) } else { Err(ApprovalIdError) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_one_spelling() {
        for bytes in [[0; 16], [0xff; 16], std::array::from_fn(|at| at as u8)] {
            let id = ApprovalId(bytes);
            assert_eq!(id.to_string().parse(), Ok(id));
        }
        for text in [
            "",
            "00010203-0405-0607-0809-0A0B0C0D0E0F",
            "mrk-000102030405060708090a0b0c0d0e0f",
            "000102030405060708090a0b0c0d0e0f",
            " 00010203-0405-0607-0809-0a0b0c0d0e0f",
        ] {
            assert_eq!(text.parse::<ApprovalId>(), Err(ApprovalIdError), "{text}");
        }
    }
}

//! Algorithm suites: the two we write and read, and the names of those we refuse.

use super::FormatError;

/// An algorithm suite that commits to its key. Others are refused: without the commitment, one file could be made
/// to open as two different contents under two keys.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Suite {
    /// 0x0478: AES-256-GCM, HKDF-SHA-512, key commitment.
    #[default]
    Committing,
    /// 0x0578: the same and an ECDSA P-384 signature over the whole message, so that those who may only open a
    /// file cannot make one that looks as if the sealer had.
    CommittingSigned,
}

impl Suite {
    /// The number in the header.
    pub fn id(self) -> u16 {
        match self {
            Self::Committing => 0x0478,
            Self::CommittingSigned => 0x0578,
        }
    }

    /// What it consists of.
    pub fn name(self) -> &'static str {
        match self {
            Self::Committing => "AES-256-GCM, HKDF-SHA-512, key commitment",
            Self::CommittingSigned => "AES-256-GCM, HKDF-SHA-512, key commitment, ECDSA P-384",
        }
    }

    /// Whether a signature ends the message.
    pub fn is_signed(self) -> bool {
        self == Self::CommittingSigned
    }

    /// The suite with this number.
    ///
    /// # Errors
    /// [`FormatError::WeakSuite`] for the suites without key commitment, [`FormatError::UnknownSuite`] for the
    /// rest.
    pub fn from_id(id: u16) -> Result<Self, FormatError> {
        match id {
            0x0478 => Ok(Self::Committing),
            0x0578 => Ok(Self::CommittingSigned),
            _ => Err(WEAK
                .iter()
                .find(|(weak, _)| *weak == id)
                .map_or(FormatError::UnknownSuite { id }, |&(id, name)| FormatError::WeakSuite { id, name })),
        }
    }
}

const WEAK: [(u16, &str); 9] = [
    (0x0014, "AES-128-GCM, no key derivation"),
    (0x0046, "AES-192-GCM, no key derivation"),
    (0x0078, "AES-256-GCM, no key derivation"),
    (0x0114, "AES-128-GCM, HKDF-SHA-256"),
    (0x0146, "AES-192-GCM, HKDF-SHA-256"),
    (0x0178, "AES-256-GCM, HKDF-SHA-256"),
    (0x0214, "AES-128-GCM, HKDF-SHA-256, ECDSA P-256"),
    (0x0346, "AES-192-GCM, HKDF-SHA-384, ECDSA P-384"),
    (0x0378, "AES-256-GCM, HKDF-SHA-384, ECDSA P-384"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suites_without_commitment_are_refused_by_name() {
        for (id, name) in WEAK {
            assert_eq!(Suite::from_id(id), Err(FormatError::WeakSuite { id, name }));
        }
        assert_eq!(Suite::from_id(0x0479), Err(FormatError::UnknownSuite { id: 0x0479 }));
        for suite in [Suite::Committing, Suite::CommittingSigned] {
            assert_eq!(Suite::from_id(suite.id()), Ok(suite));
        }
    }
}

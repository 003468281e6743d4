//! Grants: what they are named by, and what they can let somebody do.

use std::fmt;
use std::str::FromStr;

use crate::key::spelled;
use crate::{Action, KeySpec, KeyUsage};

/// Names one grant: 32 random bytes, spelled as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GrantId(pub [u8; 32]);

impl fmt::Display for GrantId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for GrantId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The text is not 64 lower-case hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a grant id is 64 lower-case hexadecimal digits")]
pub struct ParseGrantIdError;

impl FromStr for GrantId {
    type Err = ParseGrantIdError;

    fn from_str(text: &str) -> Result<Self, ParseGrantIdError> {
        let crate::MaterialId(bytes) = text.parse().map_err(|_| ParseGrantIdError)?;
        Ok(Self(bytes))
    }
}

spelled! {
    /// What a grant can let its grantee do, spelled as the service model spells it.
    GrantOperation {
        /// Open a ciphertext.
        Decrypt = 1 "Decrypt",
        /// Seal bytes.
        Encrypt = 2 "Encrypt",
        /// Make a data key, plain and wrapped.
        GenerateDataKey = 3 "GenerateDataKey",
        /// Make a data key, wrapped only.
        GenerateDataKeyWithoutPlaintext = 4 "GenerateDataKeyWithoutPlaintext",
        /// Open a ciphertext to seal it anew under another key.
        ReEncryptFrom = 5 "ReEncryptFrom",
        /// Seal, under this key, what another key's ciphertext held.
        ReEncryptTo = 6 "ReEncryptTo",
        /// Sign a message.
        Sign = 7 "Sign",
        /// Verify a signature.
        Verify = 8 "Verify",
        /// Read the public half.
        GetPublicKey = 9 "GetPublicKey",
        /// Make grants that give no more than this one does.
        CreateGrant = 10 "CreateGrant",
        /// End this grant.
        RetireGrant = 11 "RetireGrant",
        /// Read what the key is.
        DescribeKey = 12 "DescribeKey",
        /// Make a data key pair, its private half plain and wrapped.
        GenerateDataKeyPair = 13 "GenerateDataKeyPair",
        /// Make a data key pair, its private half wrapped only.
        GenerateDataKeyPairWithoutPlaintext = 14 "GenerateDataKeyPairWithoutPlaintext",
        /// Make a message authentication code.
        GenerateMac = 15 "GenerateMac",
        /// Verify a message authentication code.
        VerifyMac = 16 "VerifyMac",
        /// Agree on a secret with the owner of a public key.
        DeriveSharedSecret = 17 "DeriveSharedSecret",
        /// Make a secret and encapsulate it to the key.
        Encapsulate = 18 "Encapsulate",
        /// Take an encapsulated secret out.
        Decapsulate = 19 "Decapsulate",
    }
}

impl GrantOperation {
    /// What policies call it.
    pub fn action(self) -> Action {
        match self {
            Self::Decrypt => Action::Decrypt,
            Self::Encrypt => Action::Encrypt,
            Self::GenerateDataKey => Action::GenerateDataKey,
            Self::GenerateDataKeyWithoutPlaintext => Action::GenerateDataKeyWithoutPlaintext,
            Self::ReEncryptFrom => Action::ReEncryptFrom,
            Self::ReEncryptTo => Action::ReEncryptTo,
            Self::Sign => Action::Sign,
            Self::Verify => Action::Verify,
            Self::GetPublicKey => Action::GetPublicKey,
            Self::CreateGrant => Action::CreateGrant,
            Self::RetireGrant => Action::RetireGrant,
            Self::DescribeKey => Action::DescribeKey,
            Self::GenerateDataKeyPair => Action::GenerateDataKeyPair,
            Self::GenerateDataKeyPairWithoutPlaintext => Action::GenerateDataKeyPairWithoutPlaintext,
            Self::GenerateMac => Action::GenerateMac,
            Self::VerifyMac => Action::VerifyMac,
            Self::DeriveSharedSecret => Action::DeriveSharedSecret,
            Self::Encapsulate => Action::Encapsulate,
            Self::Decapsulate => Action::Decapsulate,
        }
    }

    /// The one that a policy's action is, if grants can give it.
    pub fn of(action: Action) -> Option<Self> {
        Self::ALL.iter().copied().find(|operation| operation.action() == action)
    }

    /// Whether a request of it has an encryption context, so that constraints on the context apply to it.
    pub fn has_context(self) -> bool {
        matches!(
            self,
            Self::Decrypt
                | Self::Encrypt
                | Self::GenerateDataKey
                | Self::GenerateDataKeyWithoutPlaintext
                | Self::ReEncryptFrom
                | Self::ReEncryptTo
                | Self::GenerateDataKeyPair
                | Self::GenerateDataKeyPairWithoutPlaintext
        )
    }
}

/// A set of [`GrantOperation`]s.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct GrantOperations(u32);

impl GrantOperations {
    /// What keys of a spec and usage can do, and grants on them can give.
    pub fn of_key(spec: KeySpec, usage: KeyUsage) -> Self {
        use GrantOperation::*;
        let own: &[GrantOperation] = match (usage, spec) {
            (KeyUsage::EncryptDecrypt, KeySpec::SymmetricDefault) => &[
                Decrypt,
                Encrypt,
                GenerateDataKey,
                GenerateDataKeyWithoutPlaintext,
                GenerateDataKeyPair,
                GenerateDataKeyPairWithoutPlaintext,
                ReEncryptFrom,
                ReEncryptTo,
            ],
            (KeyUsage::EncryptDecrypt, _) => &[Decrypt, Encrypt, ReEncryptFrom, ReEncryptTo, GetPublicKey],
            (KeyUsage::SignVerify, _) => &[Sign, Verify, GetPublicKey],
            (KeyUsage::GenerateVerifyMac, _) => &[GenerateMac, VerifyMac],
            (KeyUsage::KeyAgreement, _) => &[DeriveSharedSecret, GetPublicKey],
            (KeyUsage::EncapsulateDecapsulate, _) => &[Encapsulate, Decapsulate, GetPublicKey],
        };
        own.iter().chain(&[CreateGrant, RetireGrant, DescribeKey]).copied().collect()
    }

    /// From the number that [`GrantOperations::bits`] answers; `None` if it has a bit that means nothing.
    pub fn from_bits(bits: u32) -> Option<Self> {
        let known: Self = GrantOperation::ALL.iter().copied().collect();
        (bits & !known.0 == 0).then_some(Self(bits))
    }

    /// One bit for each operation: 1 shifted by its code.
    pub fn bits(self) -> u32 {
        self.0
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether one is in the set.
    pub fn contains(self, operation: GrantOperation) -> bool {
        self.0 >> operation.code() & 1 == 1
    }

    /// Whether all of these are in `others` too.
    pub fn is_within(self, others: Self) -> bool {
        self.0 & !others.0 == 0
    }

    /// Those that are here and not in `others`.
    pub fn without(self, others: Self) -> Self {
        Self(self.0 & !others.0)
    }

    /// These and `others`.
    pub fn with(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    /// Each of them, in the order of the service model.
    pub fn iter(self) -> impl Iterator<Item = GrantOperation> {
        GrantOperation::ALL.iter().copied().filter(move |operation| self.contains(*operation))
    }
}

impl FromIterator<GrantOperation> for GrantOperations {
    fn from_iter<I: IntoIterator<Item = GrantOperation>>(operations: I) -> Self {
        Self(operations.into_iter().fold(0, |bits, operation| bits | 1 << operation.code()))
    }
}

impl fmt::Debug for GrantOperations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grant_id_has_one_spelling() {
        let text = "0c237476b39f8bc44e45212e08498fbe3151305030726c0590dd8d3e9f3d6a60";
        assert_eq!(text.parse::<GrantId>().map(|id| id.to_string()).as_deref(), Ok(text));
        for odd in ["", "0c", &text.to_uppercase(), &text[1..], &format!("{text}0")] {
            assert_eq!(odd.parse::<GrantId>(), Err(ParseGrantIdError), "{odd}");
        }
    }

    #[test]
    fn every_operation_is_an_action_of_the_same_name() {
        for operation in GrantOperation::ALL {
            assert_eq!(operation.action().as_str(), format!("kms:{operation}"));
            assert_eq!(GrantOperation::of(operation.action()), Some(*operation));
        }
        assert_eq!(GrantOperation::of(Action::PutKeyPolicy), None);
    }

    #[test]
    fn a_set_reads_back_from_its_bits() {
        let set: GrantOperations = [GrantOperation::Sign, GrantOperation::Decrypt].into_iter().collect();
        assert_eq!(GrantOperations::from_bits(set.bits()), Some(set));
        assert!(set.contains(GrantOperation::Sign) && !set.contains(GrantOperation::Verify));
        assert_eq!(set.iter().collect::<Vec<_>>(), [GrantOperation::Decrypt, GrantOperation::Sign]);
        for odd in [1, 1 << 20, u32::MAX] {
            assert_eq!(GrantOperations::from_bits(odd), None);
        }
    }

    #[test]
    fn what_a_key_cannot_do_no_grant_can_give() {
        let of = GrantOperations::of_key;
        let symmetric = of(KeySpec::SymmetricDefault, KeyUsage::EncryptDecrypt);
        assert!(
            !symmetric.contains(GrantOperation::Sign) && !symmetric.contains(GrantOperation::GetPublicKey)
        );
        let signing = of(KeySpec::EccNistP256, KeyUsage::SignVerify);
        assert!(!signing.contains(GrantOperation::GenerateDataKey));
        let rsa = of(KeySpec::Rsa2048, KeyUsage::EncryptDecrypt);
        assert!(rsa.contains(GrantOperation::ReEncryptTo) && !rsa.contains(GrantOperation::GenerateDataKey));
        for set in [symmetric, signing, rsa, of(KeySpec::Hmac256, KeyUsage::GenerateVerifyMac)] {
            assert!(set.contains(GrantOperation::DescribeKey) && set.contains(GrantOperation::CreateGrant));
        }
    }
}

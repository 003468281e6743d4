//! Agree on secrets with others: by Diffie-Hellman, and by encapsulation.

use keystead_crypto::SecretBytes;
use keystead_model::world::Entropy;
use keystead_model::{
    Action, EncapsulationAlgorithm, Error, KeyAgreementAlgorithm, KeyArn, KeyRef, KeyUsage, Origin,
};
use keystead_policy::{ConditionKey, Value, Visit};

use super::usable::{dry_run, fits, usable};
use super::{HandedOut, Operation};
use crate::authority::{Found, Subject};
use crate::entry::AuditEntry;
use crate::keys::{Key, Keys, provider_error};

/// Agree on a secret with the owner of a public key.
pub struct DeriveSharedSecret {
    /// Which key.
    pub key: KeyRef,
    /// How.
    pub algorithm: KeyAgreementAlgorithm,
    /// The other's public key, DER `SubjectPublicKeyInfo`; 1 to 8,192 bytes.
    pub peer: Box<[u8]>,
    /// Grants to be taken into account, 10 at most.
    pub grant_tokens: Vec<Box<str>>,
    /// The attestation document of the recipient that the secret is sealed to; to the caller if absent.
    pub recipient: Option<Box<[u8]>>,
    /// Decide only.
    pub dry_run: bool,
}

/// What [`DeriveSharedSecret`] answers.
pub struct SharedSecret {
    /// The key.
    pub key: KeyArn,
    /// The raw secret: as long as a field element of the curve.
    pub secret: HandedOut,
    /// How.
    pub algorithm: KeyAgreementAlgorithm,
    /// Where the key's bytes come from.
    pub origin: Origin,
}

/// Make a secret and encapsulate it to the public half of a key.
pub struct Encapsulate {
    /// Which key.
    pub key: KeyRef,
    /// How.
    pub algorithm: EncapsulationAlgorithm,
    /// Grants to be taken into account, 10 at most.
    pub grant_tokens: Vec<Box<str>>,
    /// Decide only.
    pub dry_run: bool,
}

/// What [`Encapsulate`] answers.
pub struct Encapsulated {
    /// The key.
    pub key: KeyArn,
    /// The secret: 32 bytes.
    pub secret: SecretBytes,
    /// The secret, encapsulated: 768, 1,088 or 1,568 bytes.
    pub ciphertext: Vec<u8>,
    /// How.
    pub algorithm: EncapsulationAlgorithm,
}

/// Take an encapsulated secret out with the private half of a key.
pub struct Decapsulate {
    /// Which key.
    pub key: KeyRef,
    /// 1 to 6,144 bytes.
    pub ciphertext: Box<[u8]>,
    /// How.
    pub algorithm: EncapsulationAlgorithm,
    /// Grants to be taken into account, 10 at most.
    pub grant_tokens: Vec<Box<str>>,
    /// Decide only.
    pub dry_run: bool,
}

/// What [`Decapsulate`] answers. A ciphertext of the right length always opens to something: what was changed on the
/// way, or made for another key, gives another secret (FIPS 203 section 7.3).
pub struct Decapsulated {
    /// The key.
    pub key: KeyArn,
    /// The secret: 32 bytes.
    pub secret: SecretBytes,
    /// How.
    pub algorithm: EncapsulationAlgorithm,
}

impl DeriveSharedSecret {
    pub(crate) fn run(
        self,
        keys: &Keys,
        entropy: &dyn Entropy,
        found: &Found,
        entry: &AuditEntry,
    ) -> Result<SharedSecret, Error> {
        let key = found.key();
        usable(key, Self::ACTION, KeyUsage::KeyAgreement)?;
        let Self { algorithm, .. } = self;
        fits(key.spec, key.spec.key_agreement_algorithms(), &algorithm, algorithm.as_str())?;
        let secret = keys.current(key)?.agree(&self.peer).map_err(|error| provider_error(&error))?;
        dry_run(self.dry_run)?;
        let secret = HandedOut::of(secret, entry, entropy)?;
        Ok(SharedSecret { key: key.arn.clone(), secret, algorithm, origin: key.origin })
    }
}

impl Encapsulate {
    pub(crate) fn run(self, found: &Found) -> Result<Encapsulated, Error> {
        let key = found.key();
        encapsulating(key, Self::ACTION, self.algorithm)?;
        dry_run(self.dry_run)?;
        let (secret, ciphertext) = key.public_key()?.encapsulate().map_err(|error| provider_error(&error))?;
        Ok(Encapsulated { key: key.arn.clone(), secret, ciphertext, algorithm: self.algorithm })
    }
}

impl Decapsulate {
    pub(crate) fn run(self, keys: &Keys, found: &Found) -> Result<Decapsulated, Error> {
        let key = found.key();
        encapsulating(key, Self::ACTION, self.algorithm)?;
        let secret = keys.current(key)?.decapsulate(&self.ciphertext);
        let secret = secret.map_err(|error| provider_error(&error))?;
        dry_run(self.dry_run)?;
        Ok(Decapsulated { key: key.arn.clone(), secret, algorithm: self.algorithm })
    }
}

fn encapsulating(key: &Key, action: Action, algorithm: EncapsulationAlgorithm) -> Result<(), Error> {
    usable(key, action, KeyUsage::EncapsulateDecapsulate)?;
    fits(key.spec, key.spec.encapsulation_algorithms(), &algorithm, algorithm.as_str())
}

impl Operation for DeriveSharedSecret {
    const ACTION: Action = Action::DeriveSharedSecret;

    fn subject(&self) -> Subject<'_> {
        Subject::Key(&self.key)
    }

    fn grant_tokens(&self) -> &[Box<str>] {
        &self.grant_tokens
    }

    fn take_recipient(&mut self) -> Option<Box<[u8]>> {
        self.recipient.take()
    }

    fn facts(&self, _: Action, name: &ConditionKey, visit: &mut Visit<'_>) {
        if *name == ConditionKey::KmsKeyAgreementAlgorithm {
            visit(Value::Text(self.algorithm.as_str()));
        }
    }
}

impl Operation for Encapsulate {
    const ACTION: Action = Action::Encapsulate;

    fn subject(&self) -> Subject<'_> {
        Subject::Key(&self.key)
    }

    fn grant_tokens(&self) -> &[Box<str>] {
        &self.grant_tokens
    }
}

impl Operation for Decapsulate {
    const ACTION: Action = Action::Decapsulate;

    fn subject(&self) -> Subject<'_> {
        Subject::Key(&self.key)
    }

    fn grant_tokens(&self) -> &[Box<str>] {
        &self.grant_tokens
    }
}

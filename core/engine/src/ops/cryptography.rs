//! Seal, open, seal anew, make data keys, draw random bytes.

use keystead_crypto::SecretBytes;
use keystead_model::world::Entropy;
use keystead_model::{Action, EncryptionAlgorithm, EncryptionContext, Error, KeyArn, KeyRef, MaterialId};
use keystead_policy::{ConditionKey, Visit};

use super::sealing::{algorithm_fact, decrypt, encrypt, encrypting, seal, takes};
use super::usable::dry_run;
use super::{HandedOut, Operation};
use crate::authority::{Found, Subject};
use crate::entry::AuditEntry;
use crate::keys::Keys;

/// Seal bytes under a key.
pub struct Encrypt {
    /// Which key.
    pub key: KeyRef,
    /// 1 to 4,096 bytes.
    pub plaintext: SecretBytes,
    /// What the ciphertext is bound to.
    pub context: EncryptionContext,
    /// How.
    pub algorithm: EncryptionAlgorithm,
    /// Grants to be taken into account, 10 at most.
    pub grant_tokens: Vec<Box<str>>,
    /// Decide only; answers [`Error::DryRun`](keystead_model::Error::DryRun) if it would have succeeded.
    pub dry_run: bool,
}

/// What [`Encrypt`] answers.
pub struct Encrypted {
    /// The key that sealed it.
    pub key: KeyArn,
    /// At most 6,144 bytes.
    pub ciphertext: Vec<u8>,
    /// How.
    pub algorithm: EncryptionAlgorithm,
}

/// Open a ciphertext.
pub struct Decrypt {
    /// Which key, if the caller insists: a ciphertext of `SYMMETRIC_DEFAULT` names its own, all others name none.
    pub key: Option<KeyRef>,
    /// 1 to 6,144 bytes.
    pub ciphertext: Box<[u8]>,
    /// The context it was sealed with.
    pub context: EncryptionContext,
    /// How.
    pub algorithm: EncryptionAlgorithm,
    /// Grants to be taken into account, 10 at most.
    pub grant_tokens: Vec<Box<str>>,
    /// The attestation document of whom to seal the answer to.
    pub recipient: Option<Box<[u8]>>,
    /// Decide only.
    pub dry_run: bool,
    /// Decide only, and by the key alone, whatever the ciphertext is. Goes with `dry_run` and a `key`.
    pub ignore_ciphertext: bool,
}

/// What [`Decrypt`] answers.
pub struct Decrypted {
    /// The key that had sealed it.
    pub key: KeyArn,
    /// The version that had sealed it; only of symmetric keys.
    pub material: Option<MaterialId>,
    /// What was sealed.
    pub plaintext: HandedOut,
    /// How.
    pub algorithm: EncryptionAlgorithm,
}

/// Open a ciphertext and seal what it held under another key or context.
pub struct ReEncrypt {
    /// 1 to 6,144 bytes.
    pub ciphertext: Box<[u8]>,
    /// The key that sealed it, if the caller insists: a ciphertext of `SYMMETRIC_DEFAULT` names its own, all others
    /// name none.
    pub source_key: Option<KeyRef>,
    /// The context it was sealed with.
    pub source_context: EncryptionContext,
    /// How it was sealed.
    pub source_algorithm: EncryptionAlgorithm,
    /// The key to seal under.
    pub destination_key: KeyRef,
    /// The context to seal with.
    pub destination_context: EncryptionContext,
    /// How to seal.
    pub destination_algorithm: EncryptionAlgorithm,
    /// Grants to be taken into account, 10 at most.
    pub grant_tokens: Vec<Box<str>>,
    /// Decide only.
    pub dry_run: bool,
    /// Decide only, and by the keys alone, whatever the ciphertext is. Goes with `dry_run` and a `source_key`.
    pub ignore_ciphertext: bool,
}

/// What [`ReEncrypt`] answers.
pub struct ReEncrypted {
    /// The new ciphertext.
    pub ciphertext: Vec<u8>,
    /// The key that had sealed the old one.
    pub source_key: KeyArn,
    /// The version that had sealed the old one; only of symmetric keys.
    pub source_material: Option<MaterialId>,
    /// How the old one was sealed.
    pub source_algorithm: EncryptionAlgorithm,
    /// The key that sealed the new one.
    pub destination_key: KeyArn,
    /// The version that sealed the new one; only of symmetric keys.
    pub destination_material: Option<MaterialId>,
    /// How the new one is sealed.
    pub destination_algorithm: EncryptionAlgorithm,
}

/// Make a data key and hand it out plain and wrapped.
pub struct GenerateDataKey {
    /// The key that wraps.
    pub key: KeyRef,
    /// 1 to 1,024.
    pub bytes: u16,
    /// What the wrapped key is bound to.
    pub context: EncryptionContext,
    /// Grants to be taken into account, 10 at most.
    pub grant_tokens: Vec<Box<str>>,
    /// The attestation document of whom to seal the data key to.
    pub recipient: Option<Box<[u8]>>,
    /// Decide only.
    pub dry_run: bool,
}

/// What [`GenerateDataKey`] answers.
pub struct DataKey {
    /// The key that wrapped.
    pub key: KeyArn,
    /// The version that wrapped.
    pub material: MaterialId,
    /// The data key.
    pub plaintext: HandedOut,
    /// The wrapped data key.
    pub ciphertext: Vec<u8>,
}

/// Make a data key and hand it out wrapped only.
pub struct GenerateDataKeyWithoutPlaintext {
    /// The key that wraps.
    pub key: KeyRef,
    /// 1 to 1,024.
    pub bytes: u16,
    /// What the wrapped key is bound to.
    pub context: EncryptionContext,
    /// Grants to be taken into account, 10 at most.
    pub grant_tokens: Vec<Box<str>>,
    /// Decide only.
    pub dry_run: bool,
}

/// What [`GenerateDataKeyWithoutPlaintext`] answers.
pub struct WrappedDataKey {
    /// The key that wrapped.
    pub key: KeyArn,
    /// The version that wrapped.
    pub material: MaterialId,
    /// The wrapped data key.
    pub ciphertext: Vec<u8>,
}

/// Draw random bytes; answers [`HandedOut`].
pub struct GenerateRandom {
    /// 1 to 1,024.
    pub bytes: u16,
    /// The attestation document of whom to seal the bytes to.
    pub recipient: Option<Box<[u8]>>,
    /// The custom key store that is to draw them.
    pub key_store: Option<Box<str>>,
}

impl Encrypt {
    pub(crate) fn run(self, keys: &Keys, found: &Found, entry: &mut AuditEntry) -> Result<Encrypted, Error> {
        let key = found.key();
        encrypting(key, Self::ACTION, self.algorithm)?;
        takes(key, self.algorithm, &entry.context, self.plaintext.expose())?;
        dry_run(self.dry_run)?;
        let (ciphertext, material) =
            encrypt(keys, key, self.algorithm, &entry.context, self.plaintext.expose())?;
        entry.material = material;
        Ok(Encrypted { key: key.arn.clone(), ciphertext, algorithm: self.algorithm })
    }
}

impl Decrypt {
    pub(crate) fn run(
        self,
        keys: &Keys,
        entropy: &dyn Entropy,
        found: &Found,
        entry: &mut AuditEntry,
    ) -> Result<Decrypted, Error> {
        let key = found.key();
        encrypting(key, Self::ACTION, self.algorithm)?;
        dry_run(self.dry_run && self.ignore_ciphertext)?;
        let (plaintext, material) = decrypt(keys, key, self.algorithm, &entry.context, &self.ciphertext)?;
        entry.material = material;
        dry_run(self.dry_run)?;
        let plaintext = HandedOut::of(plaintext, entry, entropy)?;
        Ok(Decrypted { key: key.arn.clone(), material, plaintext, algorithm: self.algorithm })
    }

    /// Whether the key is known by its name alone.
    fn key_is_named_apart(&self) -> bool {
        self.ignore_ciphertext || self.algorithm != EncryptionAlgorithm::SymmetricDefault
    }
}

impl ReEncrypt {
    pub(crate) fn run(
        self,
        keys: &Keys,
        found: &Found,
        entry: &mut AuditEntry,
    ) -> Result<ReEncrypted, Error> {
        let (source, destination) = (found.source(), found.key());
        encrypting(source, Action::ReEncryptFrom, self.source_algorithm)?;
        encrypting(destination, Action::ReEncryptTo, self.destination_algorithm)?;
        entry.context = self.source_context;
        dry_run(self.dry_run && self.ignore_ciphertext)?;
        let (plaintext, source_material) =
            decrypt(keys, source, self.source_algorithm, &entry.context, &self.ciphertext)?;
        entry.material = source_material;
        let (context, algorithm) = (&self.destination_context, self.destination_algorithm);
        takes(destination, algorithm, context, plaintext.expose())?;
        dry_run(self.dry_run)?;
        let (ciphertext, destination_material) =
            encrypt(keys, destination, algorithm, context, plaintext.expose())?;
        Ok(ReEncrypted {
            ciphertext,
            source_key: source.arn.clone(),
            source_material,
            source_algorithm: self.source_algorithm,
            destination_key: destination.arn.clone(),
            destination_material,
            destination_algorithm: self.destination_algorithm,
        })
    }

    /// Whether the source key is known by its name alone.
    fn source_is_named_apart(&self) -> bool {
        self.ignore_ciphertext || self.source_algorithm != EncryptionAlgorithm::SymmetricDefault
    }
}

impl GenerateDataKey {
    pub(crate) fn run(
        self,
        keys: &Keys,
        entropy: &dyn Entropy,
        found: &Found,
        entry: &mut AuditEntry,
    ) -> Result<DataKey, Error> {
        let key = found.key();
        encrypting(key, Self::ACTION, EncryptionAlgorithm::SymmetricDefault)?;
        dry_run(self.dry_run)?;
        let plaintext = random(entropy, self.bytes);
        let sealed = seal(keys, key, &entry.context, plaintext.expose())?;
        entry.material = Some(sealed.material);
        Ok(DataKey {
            key: key.arn.clone(),
            material: sealed.material,
            plaintext: HandedOut::of(plaintext, entry, entropy)?,
            ciphertext: sealed.ciphertext,
        })
    }
}

impl GenerateDataKeyWithoutPlaintext {
    pub(crate) fn run(
        self,
        keys: &Keys,
        entropy: &dyn Entropy,
        found: &Found,
        entry: &mut AuditEntry,
    ) -> Result<WrappedDataKey, Error> {
        let key = found.key();
        encrypting(key, Self::ACTION, EncryptionAlgorithm::SymmetricDefault)?;
        dry_run(self.dry_run)?;
        let sealed = seal(keys, key, &entry.context, random(entropy, self.bytes).expose())?;
        entry.material = Some(sealed.material);
        Ok(WrappedDataKey { key: key.arn.clone(), material: sealed.material, ciphertext: sealed.ciphertext })
    }
}

impl GenerateRandom {
    pub(crate) fn run(self, entropy: &dyn Entropy, entry: &AuditEntry) -> Result<HandedOut, Error> {
        HandedOut::of(random(entropy, self.bytes), entry, entropy)
    }
}

fn random(entropy: &dyn Entropy, bytes: u16) -> SecretBytes {
    let mut out = SecretBytes::zeroed(usize::from(bytes));
    entropy.fill(out.expose_mut());
    out
}

impl Operation for Encrypt {
    const ACTION: Action = Action::Encrypt;

    fn subject(&self) -> Subject<'_> {
        Subject::Key(&self.key)
    }

    fn take_context(&mut self) -> EncryptionContext {
        std::mem::take(&mut self.context)
    }

    fn grant_tokens(&self) -> &[Box<str>] {
        &self.grant_tokens
    }

    fn facts(&self, _: Action, name: &ConditionKey, visit: &mut Visit<'_>) {
        algorithm_fact(self.algorithm, name, visit);
    }
}

impl Operation for Decrypt {
    const ACTION: Action = Action::Decrypt;

    fn subject(&self) -> Subject<'_> {
        match &self.key {
            Some(key) if self.key_is_named_apart() => Subject::Key(key),
            key => Subject::Ciphertext { ciphertext: &self.ciphertext, key: key.as_ref() },
        }
    }

    fn take_context(&mut self) -> EncryptionContext {
        std::mem::take(&mut self.context)
    }

    fn take_recipient(&mut self) -> Option<Box<[u8]>> {
        self.recipient.take()
    }

    fn grant_tokens(&self) -> &[Box<str>] {
        &self.grant_tokens
    }

    fn facts(&self, _: Action, name: &ConditionKey, visit: &mut Visit<'_>) {
        algorithm_fact(self.algorithm, name, visit);
    }
}

impl Operation for ReEncrypt {
    const ACTION: Action = Action::ReEncryptFrom;

    fn subject(&self) -> Subject<'_> {
        let destination = &self.destination_key;
        match &self.source_key {
            Some(source) if self.source_is_named_apart() => Subject::Keys { source, destination },
            source => Subject::CiphertextAndKey {
                ciphertext: &self.ciphertext,
                source: source.as_ref(),
                destination,
            },
        }
    }

    fn grant_tokens(&self) -> &[Box<str>] {
        &self.grant_tokens
    }

    fn own_context(&self, action: Action) -> Option<&EncryptionContext> {
        Some(match action {
            Action::ReEncryptTo => &self.destination_context,
            _ => &self.source_context,
        })
    }

    /// Both contexts stay here, because each key is checked with its own.
    fn facts(&self, action: Action, name: &ConditionKey, visit: &mut Visit<'_>) {
        let (context, algorithm) = match action {
            Action::ReEncryptTo => (&self.destination_context, self.destination_algorithm),
            _ => (&self.source_context, self.source_algorithm),
        };
        keystead_policy::context_values(context, name, visit);
        algorithm_fact(algorithm, name, visit);
    }
}

impl Operation for GenerateDataKey {
    const ACTION: Action = Action::GenerateDataKey;

    fn subject(&self) -> Subject<'_> {
        Subject::Key(&self.key)
    }

    fn take_context(&mut self) -> EncryptionContext {
        std::mem::take(&mut self.context)
    }

    fn take_recipient(&mut self) -> Option<Box<[u8]>> {
        self.recipient.take()
    }

    fn grant_tokens(&self) -> &[Box<str>] {
        &self.grant_tokens
    }

    fn facts(&self, _: Action, name: &ConditionKey, visit: &mut Visit<'_>) {
        algorithm_fact(EncryptionAlgorithm::SymmetricDefault, name, visit);
    }
}

impl Operation for GenerateDataKeyWithoutPlaintext {
    const ACTION: Action = Action::GenerateDataKeyWithoutPlaintext;

    fn subject(&self) -> Subject<'_> {
        Subject::Key(&self.key)
    }

    fn take_context(&mut self) -> EncryptionContext {
        std::mem::take(&mut self.context)
    }

    fn grant_tokens(&self) -> &[Box<str>] {
        &self.grant_tokens
    }

    fn facts(&self, _: Action, name: &ConditionKey, visit: &mut Visit<'_>) {
        algorithm_fact(EncryptionAlgorithm::SymmetricDefault, name, visit);
    }
}

impl Operation for GenerateRandom {
    const ACTION: Action = Action::GenerateRandom;

    fn subject(&self) -> Subject<'_> {
        Subject::Account
    }

    fn take_recipient(&mut self) -> Option<Box<[u8]>> {
        self.recipient.take()
    }
}

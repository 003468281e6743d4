//! Make data key pairs: a key pair that is handed out, its private half wrapped under a key that is kept.

use keystead_crypto::Pair;
use keystead_model::world::Entropy;
use keystead_model::{
    Action, EncryptionAlgorithm, EncryptionContext, Error, KeyArn, KeyRef, KeySpec, MaterialId,
};
use keystead_policy::{ConditionKey, Value, Visit};

use super::sealing::{algorithm_fact, encrypting, seal};
use super::usable::dry_run;
use super::{HandedOut, Operation};
use crate::authority::{Found, Subject};
use crate::entry::AuditEntry;
use crate::keys::{Key, Keys};

/// Make a data key pair and hand out its private half plain and wrapped.
pub struct GenerateDataKeyPair {
    /// The key that wraps.
    pub key: KeyRef,
    /// What is made. Only specs of key pairs can be.
    pub spec: KeySpec,
    /// What the wrapped private key is bound to.
    pub context: EncryptionContext,
    /// Grants to be taken into account, 10 at most.
    pub grant_tokens: Vec<Box<str>>,
    /// The attestation document of the recipient that the private key is sealed to; to the caller if absent.
    pub recipient: Option<Box<[u8]>>,
    /// Decide only.
    pub dry_run: bool,
}

/// What [`GenerateDataKeyPair`] answers.
pub struct DataKeyPair {
    /// The private half, DER PKCS #8.
    pub private: HandedOut,
    /// The rest.
    pub wrapped: WrappedDataKeyPair,
}

/// Make a data key pair and hand out its private half wrapped only.
pub struct GenerateDataKeyPairWithoutPlaintext {
    /// The key that wraps.
    pub key: KeyRef,
    /// What is made. Only specs of key pairs can be.
    pub spec: KeySpec,
    /// What the wrapped private key is bound to.
    pub context: EncryptionContext,
    /// Grants to be taken into account, 10 at most.
    pub grant_tokens: Vec<Box<str>>,
    /// Decide only.
    pub dry_run: bool,
}

/// What [`GenerateDataKeyPairWithoutPlaintext`] answers.
pub struct WrappedDataKeyPair {
    /// The key that wrapped.
    pub key: KeyArn,
    /// The version that wrapped.
    pub material: MaterialId,
    /// What was made.
    pub spec: KeySpec,
    /// The private half, wrapped.
    pub ciphertext: Vec<u8>,
    /// The public half, DER `SubjectPublicKeyInfo`.
    pub public: Box<[u8]>,
}

/// What the two operations have in common, for the method that makes the pair in between.
pub trait PairMaking: Operation {
    /// What is to be made.
    fn spec(&self) -> KeySpec;

    /// All that can be said before the pair is made.
    fn check(&self, found: &Found) -> Result<(), Error>;
}

impl PairMaking for GenerateDataKeyPair {
    fn spec(&self) -> KeySpec {
        self.spec
    }

    fn check(&self, found: &Found) -> Result<(), Error> {
        wrapping(found.key(), Self::ACTION)?;
        dry_run(self.dry_run)
    }
}

impl PairMaking for GenerateDataKeyPairWithoutPlaintext {
    fn spec(&self) -> KeySpec {
        self.spec
    }

    fn check(&self, found: &Found) -> Result<(), Error> {
        wrapping(found.key(), Self::ACTION)?;
        dry_run(self.dry_run)
    }
}

/// Refuses what does not wrap private keys: whatever is not symmetric, and keys in custom key stores.
fn wrapping(key: &Key, action: Action) -> Result<(), Error> {
    encrypting(key, action, EncryptionAlgorithm::SymmetricDefault)?;
    match &key.custom {
        None => Ok(()),
        Some(_) => Err(Error::Unsupported(
            format!("{} is in a custom key store, and those do not wrap data key pairs.", key.arn).into(),
        )),
    }
}

impl GenerateDataKeyPair {
    pub(crate) fn run(
        self,
        keys: &Keys,
        entropy: &dyn Entropy,
        found: &Found,
        entry: &mut AuditEntry,
        pair: Pair,
    ) -> Result<DataKeyPair, Error> {
        self.check(found)?;
        let wrapped = wrap(keys, found, entry, self.spec, &pair)?;
        Ok(DataKeyPair { private: HandedOut::of(pair.private, entry, entropy)?, wrapped })
    }
}

impl GenerateDataKeyPairWithoutPlaintext {
    pub(crate) fn run(
        self,
        keys: &Keys,
        found: &Found,
        entry: &mut AuditEntry,
        pair: Pair,
    ) -> Result<WrappedDataKeyPair, Error> {
        self.check(found)?;
        wrap(keys, found, entry, self.spec, &pair)
    }
}

fn wrap(
    keys: &Keys,
    found: &Found,
    entry: &mut AuditEntry,
    spec: KeySpec,
    pair: &Pair,
) -> Result<WrappedDataKeyPair, Error> {
    let key = found.key();
    let sealed = seal(keys, key, &entry.context, pair.private.expose())?;
    entry.material = Some(sealed.material);
    Ok(WrappedDataKeyPair {
        key: key.arn.clone(),
        material: sealed.material,
        spec,
        ciphertext: sealed.ciphertext,
        public: pair.public.clone(),
    })
}

fn facts(spec: KeySpec, name: &ConditionKey, visit: &mut Visit<'_>) {
    algorithm_fact(EncryptionAlgorithm::SymmetricDefault, name, visit);
    if *name == ConditionKey::KmsDataKeyPairSpec {
        visit(Value::Text(spec.as_str()));
    }
}

impl Operation for GenerateDataKeyPair {
    const ACTION: Action = Action::GenerateDataKeyPair;

    fn subject(&self) -> Subject<'_> {
        Subject::Key(&self.key)
    }

    fn take_context(&mut self) -> EncryptionContext {
        std::mem::take(&mut self.context)
    }

    fn grant_tokens(&self) -> &[Box<str>] {
        &self.grant_tokens
    }

    fn take_recipient(&mut self) -> Option<Box<[u8]>> {
        self.recipient.take()
    }

    fn facts(&self, _: Action, name: &ConditionKey, visit: &mut Visit<'_>) {
        facts(self.spec, name, visit);
    }
}

impl Operation for GenerateDataKeyPairWithoutPlaintext {
    const ACTION: Action = Action::GenerateDataKeyPairWithoutPlaintext;

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
        facts(self.spec, name, visit);
    }
}

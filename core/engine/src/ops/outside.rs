//! Keys in external key stores encrypt twice: first as every key does, under material of our own, and then by the
//! external key manager, through its proxy. Neither side can open anything alone.
//!
//! The operations themselves know nothing of it. What comes in goes to the proxy before they run, what goes out after.

use keystead_crypto::{Asked, CiphertextNames, ExternalKeys, OuterCiphertext};
use keystead_model::{Action, EncryptionContext, Error};

use super::cryptography::{
    DataKey, Decrypt, Decrypted, Encrypt, Encrypted, GenerateDataKey, GenerateDataKeyWithoutPlaintext,
    ReEncrypt, ReEncrypted, WrappedDataKey,
};
use super::{proxies, state};
use crate::authority::Found;
use crate::entry::AuditEntry;
use crate::keys::{Key, Keys};
use crate::permit::Permit;

/// An operation that seals, opens or both, as seen from outside of it.
pub trait GoesOutside: Sized + Send {
    /// What it answers.
    type Answer: Send;
    /// What the proxy is told that was asked for.
    const NAME: &'static str;
    /// What the key of the ciphertext that comes in is used for.
    const OPENS: Action = Action::Decrypt;
    /// What the key of the ciphertext that goes out is used for.
    const SEALS: Action;

    /// The ciphertext that comes in.
    fn incoming(&mut self) -> Option<&mut Box<[u8]>> {
        None
    }

    /// The key it names.
    fn opening_key(found: &Found) -> &Key {
        found.key()
    }

    /// What it is bound to.
    fn opening_context<'a>(&'a self, entry: &'a AuditEntry) -> &'a EncryptionContext {
        &entry.context
    }

    /// What the ciphertext that goes out is bound to.
    fn sealing_context<'a>(&'a self, entry: &'a AuditEntry) -> &'a EncryptionContext {
        &entry.context
    }

    /// The ciphertext that goes out.
    fn outgoing(answer: &mut Self::Answer) -> Option<&mut Vec<u8>>;
}

impl GoesOutside for Encrypt {
    type Answer = Encrypted;
    const NAME: &'static str = "Encrypt";
    const SEALS: Action = Action::Encrypt;

    fn outgoing(answer: &mut Encrypted) -> Option<&mut Vec<u8>> {
        Some(&mut answer.ciphertext)
    }
}

impl GoesOutside for Decrypt {
    type Answer = Decrypted;
    const NAME: &'static str = "Decrypt";
    const SEALS: Action = Action::Decrypt;

    fn incoming(&mut self) -> Option<&mut Box<[u8]>> {
        (!self.ignore_ciphertext).then_some(&mut self.ciphertext)
    }

    fn outgoing(_: &mut Decrypted) -> Option<&mut Vec<u8>> {
        None
    }
}

impl GoesOutside for ReEncrypt {
    type Answer = ReEncrypted;
    const NAME: &'static str = "ReEncrypt";
    const OPENS: Action = Action::ReEncryptFrom;
    const SEALS: Action = Action::ReEncryptTo;

    fn incoming(&mut self) -> Option<&mut Box<[u8]>> {
        (!self.ignore_ciphertext).then_some(&mut self.ciphertext)
    }

    fn opening_key(found: &Found) -> &Key {
        found.source()
    }

    fn opening_context<'a>(&'a self, _: &'a AuditEntry) -> &'a EncryptionContext {
        &self.source_context
    }

    fn sealing_context<'a>(&'a self, _: &'a AuditEntry) -> &'a EncryptionContext {
        &self.destination_context
    }

    fn outgoing(answer: &mut ReEncrypted) -> Option<&mut Vec<u8>> {
        Some(&mut answer.ciphertext)
    }
}

impl GoesOutside for GenerateDataKey {
    type Answer = DataKey;
    const NAME: &'static str = "GenerateDataKey";
    const SEALS: Action = Action::GenerateDataKey;

    fn outgoing(answer: &mut DataKey) -> Option<&mut Vec<u8>> {
        Some(&mut answer.ciphertext)
    }
}

impl GoesOutside for GenerateDataKeyWithoutPlaintext {
    type Answer = WrappedDataKey;
    const NAME: &'static str = "GenerateDataKeyWithoutPlaintext";
    const SEALS: Action = Action::GenerateDataKeyWithoutPlaintext;

    fn outgoing(answer: &mut WrappedDataKey) -> Option<&mut Vec<u8>> {
        Some(&mut answer.ciphertext)
    }
}

/// Runs an operation of which at least one key is held outside, and answers once the record is durable.
pub async fn run<Op: GoesOutside>(
    keys: &Keys,
    external: &dyn ExternalKeys,
    permit: Permit<Op>,
    run: impl FnOnce(Op, &Found, &mut AuditEntry) -> Result<Op::Answer, Error>,
) -> Result<Op::Answer, Error> {
    let Permit { op, found, mut entry } = permit;
    let result = there_and_back(keys, external, op, &found, &mut entry, run).await;
    entry.close(result).await
}

async fn there_and_back<Op: GoesOutside>(
    keys: &Keys,
    external: &dyn ExternalKeys,
    mut op: Op,
    found: &Found,
    entry: &mut AuditEntry,
    run: impl FnOnce(Op, &Found, &mut AuditEntry) -> Result<Op::Answer, Error>,
) -> Result<Op::Answer, Error> {
    let asked = asked::<Op>(entry)?;
    if op.incoming().is_some() {
        let key = Op::opening_key(found);
        may(keys, key, Op::OPENS)?;
        let context = op.opening_context(entry).clone();
        if let Some(ciphertext) = op.incoming().filter(|_| key.custom.is_some()) {
            let inner = open(keys, external, key, asked.clone(), &context, ciphertext).await?;
            *ciphertext = inner;
            still_may(keys, key, Op::OPENS)?;
        }
    }
    let key = found.key();
    may(keys, key, Op::SEALS)?;
    let context = op.sealing_context(entry).clone();
    let mut answer = run(op, found, entry)?;
    if let Some(ciphertext) = Op::outgoing(&mut answer).filter(|_| key.custom.is_some()) {
        let outer = seal(keys, external, key, asked, &context, ciphertext).await?;
        *ciphertext = outer;
        still_may(keys, key, Op::SEALS)?;
    }
    Ok(answer)
}

fn asked<Op: GoesOutside>(entry: &AuditEntry) -> Result<Asked, Error> {
    let (call, caller) = entry.asked()?;
    let principal = Some(caller.arn.clone());
    Ok(Asked { request: call.request, operation: Op::NAME, principal, key: None })
}

/// Whether the key can be used for it: a proxy is not asked for what would be refused anyway.
fn may(keys: &Keys, key: &Key, action: Action) -> Result<(), Error> {
    let shown = keys.shown_state(&key.arn, key.state, key.custom.as_ref())?;
    match &key.custom {
        // The reason first: it is the store's connection and not the key that its owner has to look at.
        Some(custom) if shown == keystead_model::KeyState::Unavailable => {
            keys.outside(key, custom).map(|_| ())?;
            state::check(action, &key.arn, shown)
        }
        _ => state::check(action, &key.arn, shown),
    }
}

/// The same, after the proxy has taken its time: what was taken away meanwhile stays taken away.
fn still_may(keys: &Keys, key: &Key, action: Action) -> Result<(), Error> {
    let now = keys.find(&key.arn)?.ok_or_else(|| Error::KeyNotFound(key.arn.to_string().into()))?;
    may(keys, &now, action)
}

/// Lets the proxy decrypt what it encrypted; what is left is a ciphertext of our own for the same key.
async fn open(
    keys: &Keys,
    external: &dyn ExternalKeys,
    key: &Key,
    asked: Asked,
    context: &EncryptionContext,
    ciphertext: &[u8],
) -> Result<Box<[u8]>, Error> {
    let custom = key.custom.as_ref().ok_or(Error::Internal)?;
    // A ciphertext of our own alone is refused, though it would open: whoever holds the external key decides.
    let outer = OuterCiphertext::read(ciphertext).map_err(|_| Error::BadCiphertext)?;
    let outside = keys.outside(key, custom)?;
    let asked = Asked { key: Some(key.arn.clone()), ..asked };
    let bound_to = OuterCiphertext::bound_to(&outer.names, context);
    let inner = external.decrypt(&outside.proxy, &outside.external, asked, &outer.sealed, &bound_to).await;
    let inner = inner.map_err(|error| proxies::use_error(error, &outside.proxy.host))?;
    match CiphertextNames::read(inner.expose()) {
        Ok(names) if names == outer.names => Ok(inner.expose().into()),
        _ => Err(proxies::wrong_plaintext()),
    }
}

/// Lets the proxy encrypt a ciphertext of our own.
async fn seal(
    keys: &Keys,
    external: &dyn ExternalKeys,
    key: &Key,
    asked: Asked,
    context: &EncryptionContext,
    inner: &[u8],
) -> Result<Vec<u8>, Error> {
    let custom = key.custom.as_ref().ok_or(Error::Internal)?;
    let names = CiphertextNames::read(inner).map_err(|_| Error::Internal)?;
    let outside = keys.outside(key, custom)?;
    let asked = Asked { key: Some(key.arn.clone()), ..asked };
    let bound_to = OuterCiphertext::bound_to(&names, context);
    let sealed = external.encrypt(&outside.proxy, &outside.external, asked, inner, &bound_to).await;
    let sealed = sealed.map_err(|error| proxies::use_error(error, &outside.proxy.host))?;
    Ok(OuterCiphertext { names, sealed }.write())
}

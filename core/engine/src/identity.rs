//! Turns a proof into a caller.

use std::sync::Arc;

use keystead_crypto::{Arena, SecretBytes, equal_in_constant_time, hmac_sha256};
use keystead_model::world::Entropy;
use keystead_model::{AccessKeyId, AccountId, Call, Caller, Error, Principal, SigV4Proof, Timestamp};
use keystead_store::RecordId;
use quick_cache::sync::{Cache, GuardResult};

use crate::directory::last_uses::{LastUses, Stamp};
use crate::keys::{internal, unreadable};
use crate::records::{AccessKeyRecord, Row};
use crate::sessions::{DayKeys, Sessions, TEMPORARY};
use crate::vault::Vault;

/// Access keys held in memory at most.
const CREDENTIALS_MAX: usize = 16_384;
/// Characters of a secret access key.
pub const SECRET_CHARACTERS: usize = 40;

/// An access key in use.
struct Credential {
    caller: Arc<Caller>,
    active: bool,
    day_keys: DayKeys,
    last_use: Stamp,
}

/// Access keys in memory. Separate from [`Identities`], because the vault's writer empties it.
pub struct Credentials(Cache<AccessKeyId, Arc<Credential>>);

impl Credentials {
    pub fn new() -> Arc<Self> {
        Arc::new(Self(Cache::new(CREDENTIALS_MAX)))
    }

    /// Lets go of what was read from a row.
    pub fn forget(&self, id: &RecordId) {
        if let Some(id) = id.as_bytes().strip_prefix(b"c") {
            drop(std::str::from_utf8(id).ok().and_then(AccessKeyId::parse).and_then(|id| self.0.remove(&id)));
        }
    }
}

/// Who is who.
pub struct Identities {
    vault: Arc<Vault>,
    arena: Arc<Arena>,
    credentials: Arc<Credentials>,
    sessions: Arc<Sessions>,
}

impl Identities {
    pub fn new(
        vault: Arc<Vault>,
        arena: Arc<Arena>,
        credentials: Arc<Credentials>,
        sessions: Arc<Sessions>,
    ) -> Self {
        Self { vault, arena, credentials, sessions }
    }

    /// Checks a version 4 signature, and notes a use of a lasting access key if it is right.
    ///
    /// # Errors
    /// [`Error::UnknownAccessKey`], [`Error::BadSessionToken`], [`Error::BadSignature`] or [`Error::ExpiredSession`].
    pub fn by_signature(
        &self,
        proof: &SigV4Proof<'_>,
        call: &Call,
        last_uses: &LastUses,
    ) -> Result<Arc<Caller>, Error> {
        let id = AccessKeyId::parse(proof.access_key).ok_or(Error::UnknownAccessKey)?;
        match proof.session_token {
            Some(token) => self.in_session(&id, token, proof, call.at),
            None => {
                let credential = self.lasting(&id, proof)?;
                last_uses.note_access_key(&id, &credential.last_use, call);
                Ok(Arc::clone(&credential.caller))
            }
        }
    }

    /// Whether a proof shows a token that was given out here with its access key. It says nothing of the signature.
    pub fn shows_session(&self, proof: &SigV4Proof<'_>) -> bool {
        let id = AccessKeyId::parse(proof.access_key);
        id.zip(proof.session_token).is_some_and(|(id, token)| self.sessions.find(&id, token).is_ok())
    }

    /// Temporary access keys come with a token. What it says counts only for whoever has the secret too, the end of the
    /// session included.
    fn in_session(
        &self,
        id: &AccessKeyId,
        token: &str,
        proof: &SigV4Proof<'_>,
        now: Timestamp,
    ) -> Result<Arc<Caller>, Error> {
        let held = self.sessions.find(id, token)?;
        let secret = || Ok(self.sessions.secret(id));
        self.check(proof, &held.day_keys, secret)?;
        if held.caller.session.as_ref().is_none_or(|session| session.expires <= now) {
            return Err(Error::ExpiredSession);
        }
        Ok(Arc::clone(&held.caller))
    }

    /// Lasting access keys come without a token, and no other kind does.
    fn lasting(&self, id: &AccessKeyId, proof: &SigV4Proof<'_>) -> Result<Arc<Credential>, Error> {
        let credential =
            self.find(id)?.filter(|credential| credential.active).ok_or(Error::UnknownAccessKey)?;
        let secret = || Ok(self.record(id)?.ok_or(Error::UnknownAccessKey)?.secret);
        self.check(proof, &credential.day_keys, secret)?;
        Ok(credential)
    }

    fn check(
        &self,
        proof: &SigV4Proof<'_>,
        day_keys: &DayKeys,
        secret: impl FnOnce() -> Result<SecretBytes, Error>,
    ) -> Result<(), Error> {
        let sign = |key: &[u8; 32]| hmac_sha256(key, &[proof.string_to_sign]);
        let signature = day_keys.with(&self.arena, proof, secret, sign)?;
        match equal_in_constant_time(&signature, proof.signature) {
            true => Ok(()),
            false => Err(Error::BadSignature),
        }
    }

    /// Whose an access key is.
    ///
    /// # Errors
    /// [`Error::Invalid`] for one that is not there, or is a session's other than the caller's.
    pub fn account_of(&self, id: &AccessKeyId, caller: &Caller) -> Result<AccountId, Error> {
        let principal = match caller.access_key.as_ref() == Some(id) {
            true => Some(caller.principal.clone()),
            false => self.record(id)?.map(|record| record.principal),
        };
        let unknown = || {
            let text = format!(
                "there is no lasting access key {id}; those of sessions ({TEMPORARY}...) are kept nowhere, so that \
                 only your own can be told"
            );
            Error::Invalid(text.into())
        };
        principal.and_then(|principal| principal.account()).ok_or_else(unknown)
    }

    fn find(&self, id: &AccessKeyId) -> Result<Option<Arc<Credential>>, Error> {
        match self.credentials.0.get_value_or_guard(id, None) {
            GuardResult::Value(credential) => Ok(Some(credential)),
            GuardResult::Guard(guard) => {
                let Some(record) = self.record(id)? else { return Ok(None) };
                let caller = Arc::new(Caller::new(record.principal.clone(), Some(id.clone())));
                let (day_keys, last_use) = (DayKeys::default(), Stamp::default());
                let credential = Arc::new(Credential { caller, active: record.active, day_keys, last_use });
                // Refused if the row changed meanwhile: then it serves this request only.
                let _ = guard.insert(Arc::clone(&credential));
                Ok(Some(credential))
            }
            GuardResult::Timeout => unreachable!("no timeout was set"),
        }
    }

    fn record(&self, id: &AccessKeyId) -> Result<Option<AccessKeyRecord>, Error> {
        let plain = self.vault.get(&Row::AccessKey(id).id()).map_err(internal)?;
        plain.map(|plain| AccessKeyRecord::read(plain.bytes.expose()).map_err(unreadable)).transpose()
    }
}

/// A new lasting access key id: `AKIA` and 16 characters of base 32.
pub fn new_access_key_id(entropy: &dyn Entropy) -> AccessKeyId {
    new_id(entropy, "AKIA")
}

/// A new access key id: four letters that tell its kind, and 16 characters of base 32.
pub fn new_id(entropy: &dyn Entropy, kind: &'static str) -> AccessKeyId {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut random = [0u8; 16];
    entropy.fill(&mut random);
    let text: String = random.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect();
    AccessKeyId::parse(&format!("{kind}{text}")).expect("20 characters of base 32")
}

/// A new secret access key: 40 characters of base 64 without `+` and `/`, which break shells and URLs.
pub fn new_secret(entropy: &dyn Entropy) -> SecretBytes {
    const ALPHABET: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let mut secret = SecretBytes::zeroed(SECRET_CHARACTERS);
    for place in secret.expose_mut() {
        // Drawn again where the alphabet would not fit evenly, so that every character is as likely.
        *place = loop {
            let mut byte = [0u8; 1];
            entropy.fill(&mut byte);
            if byte[0] < 248 {
                break ALPHABET[usize::from(byte[0] % 62)];
            }
        };
    }
    secret
}

/// Whom an account's first access key proves.
pub fn root_of(account: keystead_model::AccountId) -> Principal {
    Principal::Root { account }
}

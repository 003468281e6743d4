//! Turns a proof into a caller.

use std::sync::Arc;

use keystead_crypto::{Arena, SecretBytes, Slot, equal_in_constant_time, hmac_sha256};
use keystead_model::world::Entropy;
use keystead_model::{AccessKeyId, Call, Caller, Error, Principal, SigV4Proof};
use keystead_store::RecordId;
use parking_lot::RwLock;
use quick_cache::sync::{Cache, GuardResult};
use zeroize::Zeroizing;

use crate::directory::last_uses::{LastUses, Stamp};
use crate::keys::{RETRY_WAIT, internal, unreadable};
use crate::records::{AccessKeyRecord, Row};
use crate::vault::Vault;

/// Access keys held in memory at most.
const CREDENTIALS_MAX: usize = 16_384;
/// Day keys held for one access key: services and regions in use, and the change of the day.
const DAY_KEYS_MAX: usize = 8;
/// Characters of a secret access key.
pub const SECRET_CHARACTERS: usize = 40;

/// An access key in use.
struct Credential {
    caller: Arc<Caller>,
    active: bool,
    day_keys: RwLock<Vec<DayKey>>,
    last_use: Stamp,
}

/// A signing key of AWS Signature Version 4: good for one day, region and service.
struct DayKey {
    scope: Box<[u8]>,
    key: Slot,
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
}

impl Identities {
    pub fn new(vault: Arc<Vault>, arena: Arc<Arena>, credentials: Arc<Credentials>) -> Self {
        Self { vault, arena, credentials }
    }

    /// Checks a version 4 signature, and notes a use of the access key if it is right.
    ///
    /// # Errors
    /// [`Error::UnknownAccessKey`], [`Error::BadSessionToken`] or [`Error::BadSignature`].
    pub fn by_signature(
        &self,
        proof: &SigV4Proof<'_>,
        call: &Call,
        last_uses: &LastUses,
    ) -> Result<Arc<Caller>, Error> {
        let id = AccessKeyId::parse(proof.access_key).ok_or(Error::UnknownAccessKey)?;
        let credential =
            self.find(&id)?.filter(|credential| credential.active).ok_or(Error::UnknownAccessKey)?;
        // Lasting access keys come without a token, and no other kind is given out.
        if proof.session_token.is_some() {
            return Err(Error::BadSessionToken);
        }
        let signature =
            self.with_day_key(&id, &credential, proof, |key| hmac_sha256(key, &[proof.string_to_sign]))?;
        match equal_in_constant_time(&signature, proof.signature) {
            true => {
                last_uses.note_access_key(&id, &credential.last_use, call);
                Ok(Arc::clone(&credential.caller))
            }
            false => Err(Error::BadSignature),
        }
    }

    fn find(&self, id: &AccessKeyId) -> Result<Option<Arc<Credential>>, Error> {
        match self.credentials.0.get_value_or_guard(id, None) {
            GuardResult::Value(credential) => Ok(Some(credential)),
            GuardResult::Guard(guard) => {
                let Some(record) = self.record(id)? else { return Ok(None) };
                let caller = Arc::new(Caller::new(record.principal.clone(), Some(id.clone())));
                let (day_keys, last_use) = (RwLock::default(), Stamp::default());
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

    fn with_day_key<R>(
        &self,
        id: &AccessKeyId,
        credential: &Credential,
        proof: &SigV4Proof<'_>,
        work: impl FnOnce(&[u8; 32]) -> R,
    ) -> Result<R, Error> {
        let fits = |key: &&DayKey| {
            let (day, rest) = key.scope.split_at(8);
            let (region, service) = rest.split_at(proof.region.len().min(rest.len()));
            day == proof.day && region == proof.region.as_bytes() && service == proof.service.as_bytes()
        };
        if let Some(key) = credential.day_keys.read().iter().find(fits) {
            return Ok(key.key.expose(work));
        }
        let record = self.record(id)?.ok_or(Error::UnknownAccessKey)?;
        let key = self.arena.put(&day_key(&record.secret, proof)).map_err(|error| {
            tracing::error!(%error, "a signing key has no place");
            Error::Unavailable { wait: RETRY_WAIT }
        })?;
        let result = key.expose(work);
        let scope = [proof.day.as_slice(), proof.region.as_bytes(), proof.service.as_bytes()].concat().into();
        let mut keys = credential.day_keys.write();
        if keys.len() >= DAY_KEYS_MAX {
            keys.remove(0);
        }
        keys.push(DayKey { scope, key });
        Ok(result)
    }
}

/// Signature Version 4, "derive a signing key": day, region, service, then `aws4_request`.
fn day_key(secret: &SecretBytes, proof: &SigV4Proof<'_>) -> Zeroizing<[u8; 32]> {
    let start = Zeroizing::new([b"AWS4".as_slice(), secret.expose()].concat());
    let day = Zeroizing::new(hmac_sha256(&start, &[proof.day]));
    let region = Zeroizing::new(hmac_sha256(&*day, &[proof.region.as_bytes()]));
    let service = Zeroizing::new(hmac_sha256(&*region, &[proof.service.as_bytes()]));
    Zeroizing::new(hmac_sha256(&*service, &[b"aws4_request"]))
}

/// A new access key id: `AKIA` and 16 characters of base 32.
pub fn new_access_key_id(entropy: &dyn Entropy) -> AccessKeyId {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut random = [0u8; 16];
    entropy.fill(&mut random);
    let text: String = random.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect();
    AccessKeyId::parse(&format!("AKIA{text}")).expect("20 characters of base 32")
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

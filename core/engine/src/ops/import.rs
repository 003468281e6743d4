//! Material that owners bring themselves: the parameters to wrap it with, its import, its deletion.
//!
//! A version keeps its id for ever, computed from its bytes, so that the same bytes are known again when they are
//! imported a second time. An import token is not kept anywhere: it carries the private half it was made with, sealed.

use keystead_crypto::ApprovalParameters;
use keystead_crypto::{ImportKey, Made, MaterialName, Pair, ProviderError, SealingKey, SecretBytes};
use keystead_model::world::Entropy;
use keystead_model::{
    Action, Error, KeyArn, KeyRef, KeySpec, KeyState, MaterialId, Origin, Timestamp, WrappingAlgorithm,
    WrappingKeySpec,
};
use keystead_policy::{ConditionKey, Value, Visit};

use super::{Operation, edit, regions, state};
use crate::authority::{Found, Subject};
use crate::keys::{Key, Keys, provider_error};
use crate::records::{Imported, KeyRecord, MaterialRecord};
use crate::vault::Change;

/// Get what is needed to wrap material for import; answers [`ImportParameters`].
pub struct GetParametersForImport {
    /// Which key: id or key ARN.
    pub key: KeyRef,
    /// How the material will be wrapped.
    pub algorithm: WrappingAlgorithm,
    /// Under what.
    pub wrapping: WrappingKeySpec,
}

/// What [`GetParametersForImport`] answers.
pub struct ImportParameters {
    /// Which key.
    pub key: KeyArn,
    /// To be handed in with the material.
    pub token: Vec<u8>,
    /// What to wrap the material under: DER `SubjectPublicKeyInfo`.
    pub public: Box<[u8]>,
    /// How long token and public key serve.
    pub until: Timestamp,
}

/// Import material; answers [`ImportedMaterial`].
pub struct ImportKeyMaterial {
    /// Which key: id or key ARN.
    pub key: KeyRef,
    /// What [`GetParametersForImport`] answered.
    pub token: Box<[u8]>,
    /// The wrapped material.
    pub wrapped: Box<[u8]>,
    /// When it is to be taken away again.
    pub expires: Option<Timestamp>,
    /// Whether the key is to have a version more, or has had this one.
    pub kind: Option<ImportKind>,
    /// What its owner says of it, up to 256 characters.
    pub description: Option<Box<str>>,
    /// Which version it is, if the caller insists.
    pub material: Option<MaterialId>,
}

/// Whether a key is to have a version more.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ImportKind {
    /// One that it never had.
    New,
    /// One that it has had.
    Existing,
}

/// What [`ImportKeyMaterial`] answers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ImportedMaterial {
    /// Which key.
    pub key: KeyArn,
    /// Which version; symmetric encryption keys only.
    pub material: Option<MaterialId>,
}

/// Take imported material away; answers [`ImportedMaterial`]. The key cannot be used until it is imported again.
pub struct DeleteImportedKeyMaterial {
    /// Which key: id or key ARN.
    pub key: KeyRef,
    /// Which version; the one that seals if absent.
    pub material: Option<MaterialId>,
}

/// How long import parameters serve, in milliseconds.
pub const PARAMETERS_MS: u64 = Timestamp::DAY_MS;
/// Furthest end of imported material, in days from its import.
pub const EXPIRES_DAYS_MAX: u32 = 365;

const TOKEN_DOMAIN: &str = "keystead/import-token/v1/";
const IDENTITY_DOMAIN: &str = "keystead/material-identity/v1/";
const TOKEN_VERSION: u8 = 1;

impl GetParametersForImport {
    /// What can be refused before a wrapping key is made.
    pub(crate) fn check(&self, keys: &Keys, found: &Found) -> Result<(), Error> {
        let key = found.key();
        importable(key)?;
        let (_, record) = read(keys, &key.arn)?;
        state::check(Self::ACTION, &key.arn, record.state)?;
        if self.wrapping == WrappingKeySpec::Sm2 || self.algorithm == WrappingAlgorithm::Sm2Pke {
            return Err(Error::Unsupported("SM2 is not offered outside China Regions.".into()));
        }
        match self.fits(key.spec) {
            true => Ok(()),
            false => Err(Error::Unsupported(
                format!(
                    "Material of key spec {} cannot be wrapped with {} under {}; use RSA_AES_KEY_WRAP_SHA_256.",
                    key.spec, self.algorithm, self.wrapping
                )
                .into(),
            )),
        }
    }

    /// RSA-OAEP holds little: no RSA key, no P-521 key under a short modulus.
    fn fits(&self, spec: KeySpec) -> bool {
        let direct =
            matches!(self.algorithm, WrappingAlgorithm::RsaesOaepSha1 | WrappingAlgorithm::RsaesOaepSha256);
        match spec {
            KeySpec::Rsa2048 | KeySpec::Rsa3072 | KeySpec::Rsa4096 => !direct,
            KeySpec::EccNistP521 => !direct || self.wrapping != WrappingKeySpec::Rsa2048,
            _ => true,
        }
    }

    /// The spec of the pair to make.
    pub(crate) fn pair_spec(&self) -> KeySpec {
        match self.wrapping {
            WrappingKeySpec::Rsa2048 => KeySpec::Rsa2048,
            WrappingKeySpec::Rsa3072 => KeySpec::Rsa3072,
            WrappingKeySpec::Rsa4096 => KeySpec::Rsa4096,
            WrappingKeySpec::Sm2 => KeySpec::Sm2,
        }
    }

    pub(crate) fn run(
        &self,
        keys: &Keys,
        entropy: &dyn Entropy,
        found: &Found,
        pair: Pair,
        now: Timestamp,
    ) -> Result<ImportParameters, Error> {
        let arn = &found.key().arn;
        let until = Timestamp(now.0 + PARAMETERS_MS);
        let Pair { private, public } = pair;
        let token = Token { algorithm: self.algorithm, until, private };
        let sealed = token.seal(&keys.sealing_key(TOKEN_DOMAIN, arn.account)?, entropy, arn);
        Ok(ImportParameters { key: arn.clone(), token: sealed, public, until })
    }
}

impl ImportKeyMaterial {
    /// Opens token and material. What is wrong with either is told before the key is changed.
    pub(crate) fn open(&self, keys: &Keys, found: &Found, now: Timestamp) -> Result<Bytes, Error> {
        let key = found.key();
        importable(key)?;
        state::check(Self::ACTION, &key.arn, key.state)?;
        self.check(key, now)?;
        let Token { algorithm, until, private } =
            Token::open(&self.token, &keys.sealing_key(TOKEN_DOMAIN, key.arn.account)?, &key.arn)?;
        if until <= now {
            return Err(Error::ExpiredImportToken);
        }
        let opened = ImportKey::unwrap(&private, algorithm, &self.wrapped);
        let bytes = opened.map_err(|error| provider_error(&error))?;
        let id = identity(keys, &key.arn, key.spec, &bytes)?;
        match self.material {
            Some(asked) if asked != id => Err(incorrect()),
            _ => Ok(Bytes { bytes, id }),
        }
    }

    fn check(&self, key: &Key, now: Timestamp) -> Result<(), Error> {
        let refuse = |why: &str| Err(Error::Invalid(why.into()));
        if let Some(expires) = self.expires {
            let range = now.0 + 1..=now.plus_days(EXPIRES_DAYS_MAX).0;
            if !range.contains(&expires.0) {
                return refuse("ValidTo must be in the future, and at most 365 days from now.");
            }
        }
        let symmetric = key.spec == KeySpec::SymmetricDefault;
        if !symmetric && (self.kind.is_some() || self.description.is_some() || self.material.is_some()) {
            return refuse(
                "ImportType, KeyMaterialDescription and KeyMaterialId are for symmetric encryption keys only.",
            );
        }
        if self.kind == Some(ImportKind::New) && self.material.is_some() {
            return refuse("KeyMaterialId cannot be specified with ImportType NEW_KEY_MATERIAL.");
        }
        Ok(())
    }

    pub(crate) fn plan(
        &self,
        keys: &Keys,
        found: &Found,
        brought: &Bytes,
        now: Timestamp,
    ) -> Result<(Vec<Change>, ImportedMaterial), Error> {
        let key = found.key();
        let arn = &key.arn;
        let mut shared = Vec::new();
        let (mut changes, ()) = edit::key(keys, arn, Self::ACTION, |record| {
            let kind = self.kind.unwrap_or(match record.materials.is_empty() {
                true => ImportKind::New,
                false => ImportKind::Existing,
            });
            match kind {
                ImportKind::New => shared = self.add(keys, key, record, brought, now)?,
                ImportKind::Existing => self.bring_back(keys, key, record, brought)?,
            }
            let whole = record.materials.iter().all(|material| material.wrapped.is_some());
            if whole && record.state == KeyState::PendingImport {
                record.state = KeyState::Enabled;
            }
            Ok(())
        })?;
        changes.extend(shared);
        Ok((changes, told(key, brought.id)))
    }

    /// A version that the key never had: its first one seals at once, another one waits to be rotated to.
    fn add(
        &self,
        keys: &Keys,
        key: &Key,
        record: &mut KeyRecord,
        brought: &Bytes,
        now: Timestamp,
    ) -> Result<Vec<Change>, Error> {
        regions::not_a_replica(&key.arn, record)?;
        let known = record.materials.iter().chain(&record.pending).any(|known| known.id == brought.id);
        if known || (key.spec != KeySpec::SymmetricDefault && !record.materials.is_empty()) {
            return Err(incorrect());
        }
        if record.pending.as_ref().is_some_and(|pending| pending.wrapped.is_some()) {
            let why = "Imported key material waits for its rotation already; rotate the key, or delete that material.";
            return Err(Error::Unsupported(why.into()));
        }
        let (wrapped, public) = brought.wrap(keys, key)?;
        let imported = Imported { expires: self.expires, description: self.description.clone() };
        let material = MaterialRecord {
            id: brought.id,
            wrapped: Some(wrapped.into()),
            at: now,
            kind: None,
            public,
            imported: Some(imported),
        };
        match record.materials.is_empty() {
            true => record.materials.push(material),
            false => record.pending = Some(material),
        }
        // Replicas learn which version they miss; their owner imports the same bytes there.
        regions::spread(keys, &key.arn, record, |other| {
            let without = |material: &MaterialRecord| MaterialRecord { wrapped: None, ..material.clone() };
            other.pending = record.pending.as_ref().map(without);
        })
    }

    /// A version that the key has had: its bytes return, or are there and get another end.
    fn bring_back(
        &self,
        keys: &Keys,
        key: &Key,
        record: &mut KeyRecord,
        brought: &Bytes,
    ) -> Result<(), Error> {
        let mut known = record.materials.iter_mut().chain(&mut record.pending);
        let material = known.find(|material| material.id == brought.id).ok_or_else(incorrect)?;
        let (wrapped, public) = brought.wrap(keys, key)?;
        material.wrapped = Some(wrapped.into());
        material.public = public;
        let kept = material.imported.take().and_then(|imported| imported.description);
        let description = self.description.clone().or(kept);
        material.imported = Some(Imported { expires: self.expires, description });
        Ok(())
    }
}

impl DeleteImportedKeyMaterial {
    pub(crate) fn plan(&self, keys: &Keys, found: &Found) -> Result<(Vec<Change>, ImportedMaterial), Error> {
        let key = found.key();
        importable(key)?;
        let mut gone = None;
        let mut shared = Vec::new();
        let (mut changes, ()) = edit::key(keys, &key.arn, Self::ACTION, |record| {
            let Some(id) = self.material.or(record.current().map(|current| current.id)) else {
                return Ok(());
            };
            gone = Some(id);
            if record.pending.as_ref().is_some_and(|pending| pending.id == id) {
                shared = drop_pending(keys, &key.arn, record)?;
                return Ok(());
            }
            let known = record.materials.iter_mut().find(|material| material.id == id);
            let material = known.ok_or_else(|| {
                Error::KeyNotFound(format!("Key material {id} is not associated with {}.", key.arn).into())
            })?;
            material.wrapped = None;
            if matches!(record.state, KeyState::Enabled | KeyState::Disabled) {
                record.state = KeyState::PendingImport;
            }
            Ok(())
        })?;
        changes.extend(shared);
        let material = gone.filter(|_| key.spec == KeySpec::SymmetricDefault);
        Ok((changes, ImportedMaterial { key: key.arn.clone(), material }))
    }
}

/// A version that waits goes, at a primary with those of its replicas; a replica's bytes alone leave it known.
fn drop_pending(keys: &Keys, arn: &KeyArn, record: &mut KeyRecord) -> Result<Vec<Change>, Error> {
    if regions::not_a_replica(arn, record).is_err() {
        record.pending.iter_mut().for_each(|pending| pending.wrapped = None);
        return Ok(Vec::new());
    }
    record.pending = None;
    regions::spread(keys, arn, record, |other| other.pending = None)
}

/// Material out of its wrapping, and the id it has.
pub(crate) struct Bytes {
    bytes: SecretBytes,
    pub(crate) id: MaterialId,
}

impl Bytes {
    #[expect(clippy::type_complexity, reason = "the two halves of what the provider answers")]
    fn wrap(&self, keys: &Keys, key: &Key) -> Result<(Box<[u8]>, Option<Box<[u8]>>), Error> {
        let KeyArn { account, key: id, .. } = key.arn;
        let name = MaterialName { account, key: id, material: self.id, spec: key.spec };
        match keys.provider().bring(&name, &self.bytes) {
            Ok(Made { wrapped, public }) => Ok((wrapped, public)),
            // What is wrapped is not a key of this spec: AWS calls that an invalid ciphertext, and so the reason is told.
            Err(error @ ProviderError::Malformed(_)) => {
                Err(Error::IncorrectKeyMaterial(error.to_string().into()))
            }
            Err(error) => Err(provider_error(&error)),
        }
    }
}

/// The id of imported bytes: nothing without the root key tells the bytes from it.
pub(super) fn identity(
    keys: &Keys,
    arn: &KeyArn,
    spec: KeySpec,
    bytes: &SecretBytes,
) -> Result<MaterialId, Error> {
    let identities = keys.sealing_key(IDENTITY_DOMAIN, arn.account)?;
    let name = [&arn.key.bytes()[..], &[u8::from(arn.key.is_multi_region()), spec.code()]];
    Ok(MaterialId(identities.mac(&[&name.concat(), bytes.expose()])))
}

fn told(key: &Key, id: MaterialId) -> ImportedMaterial {
    let material = Some(id).filter(|_| key.spec == KeySpec::SymmetricDefault);
    ImportedMaterial { key: key.arn.clone(), material }
}

fn incorrect() -> Error {
    Error::IncorrectKeyMaterial(
        "The key material in the request is not the key material that is associated with this KMS key."
            .into(),
    )
}

fn importable(key: &Key) -> Result<(), Error> {
    match key.origin {
        Origin::External => Ok(()),
        other => Err(Error::Unsupported(
            format!("{} origin is {other} which is not valid for this operation.", key.arn).into(),
        )),
    }
}

fn read(keys: &Keys, arn: &KeyArn) -> Result<(u64, KeyRecord), Error> {
    keys.record(arn)?.ok_or_else(|| Error::KeyNotFound(arn.to_string().into()))
}

/// What an import token says. Bytes: version (1), algorithm (1), end (8, ms), the private half; sealed for the account, with the key's ARN as associated data.
struct Token {
    algorithm: WrappingAlgorithm,
    until: Timestamp,
    private: SecretBytes,
}

impl Token {
    fn seal(&self, key: &SealingKey, entropy: &dyn Entropy, arn: &KeyArn) -> Vec<u8> {
        let mut plain = SecretBytes::zeroed(10 + self.private.len());
        let (head, private) = plain.expose_mut().split_at_mut(10);
        head[0] = TOKEN_VERSION;
        head[1] = self.algorithm.code();
        head[2..].copy_from_slice(&self.until.0.to_be_bytes());
        private.copy_from_slice(self.private.expose());
        key.seal(entropy, arn.to_string().as_bytes(), plain.expose())
    }

    fn open(sealed: &[u8], key: &SealingKey, arn: &KeyArn) -> Result<Self, Error> {
        let plain = key.open(arn.to_string().as_bytes(), sealed).map_err(|_| Error::InvalidImportToken)?;
        let (head, private) = plain.expose().split_first_chunk::<10>().ok_or(Error::InvalidImportToken)?;
        let until = head[2..].try_into().map(u64::from_be_bytes).map_err(|_| Error::InvalidImportToken)?;
        match (head[0], WrappingAlgorithm::from_code(head[1])) {
            (TOKEN_VERSION, Some(algorithm)) => {
                Ok(Self { algorithm, until: Timestamp(until), private: SecretBytes::copy_from(private) })
            }
            _ => Err(Error::InvalidImportToken),
        }
    }
}

impl Operation for GetParametersForImport {
    const ACTION: Action = Action::GetParametersForImport;

    fn subject(&self) -> Subject<'_> {
        Subject::KeyByIdOnly(&self.key)
    }

    fn facts(&self, _: Action, name: &ConditionKey, visit: &mut Visit<'_>) {
        match name {
            ConditionKey::KmsWrappingAlgorithm => visit(Value::Text(self.algorithm.as_str())),
            ConditionKey::KmsWrappingKeySpec => visit(Value::Text(self.wrapping.as_str())),
            _ => {}
        }
    }
}

impl Operation for ImportKeyMaterial {
    const ACTION: Action = Action::ImportKeyMaterial;

    fn subject(&self) -> Subject<'_> {
        Subject::KeyByIdOnly(&self.key)
    }

    fn facts(&self, _: Action, name: &ConditionKey, visit: &mut Visit<'_>) {
        match (name, self.expires) {
            (ConditionKey::KmsExpirationModel, Some(_)) => visit(Value::Text("KEY_MATERIAL_EXPIRES")),
            (ConditionKey::KmsExpirationModel, None) => visit(Value::Text("KEY_MATERIAL_DOES_NOT_EXPIRE")),
            (ConditionKey::KmsValidTo, Some(at)) => visit(Value::Instant(at)),
            _ => {}
        }
    }
}

impl Operation for DeleteImportedKeyMaterial {
    const ACTION: Action = Action::DeleteImportedKeyMaterial;

    fn subject(&self) -> Subject<'_> {
        Subject::KeyByIdOnly(&self.key)
    }

    fn approval(&self, _: &Found) -> Option<ApprovalParameters> {
        Some(ApprovalParameters::default().with_some("KeyMaterialId", self.material))
    }
}

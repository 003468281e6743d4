//! ML-DSA keys (FIPS 204), with an empty context string.

use std::sync::{Arc, OnceLock};

use aws_lc_rs::encoding::AsRawBytes;
use aws_lc_rs::signature::{
    KeyPair, ML_DSA_44, ML_DSA_44_SIGNING, ML_DSA_65, ML_DSA_65_SIGNING, ML_DSA_87, ML_DSA_87_SIGNING,
    ParsedPublicKey, PqdsaKeyPair, PqdsaSigningAlgorithm, PqdsaVerificationAlgorithm,
};
use keystead_aws_lc::{MlDsa, MlDsaPublic, MlDsaSecret};
use keystead_model::{KeySpec, SigningAlgorithm};

use super::{Fresh, UNREADABLE, unavailable};
use crate::arena::{Arena, Slot};
use crate::der::Reader;
use crate::{Material, Message, Pair, ProviderError, SecretBytes, Unauthentic, der};

/// Length of a seed, in bytes.
pub(super) const SEED_BYTES: usize = 32;
/// What stands before a seed alone in `ML-DSA-PrivateKey` (RFC 9881 section 6).
const SEED_ALONE: [u8; 2] = [0x80, SEED_BYTES as u8];
const NO_DIGEST: ProviderError =
    ProviderError::Malformed("ML_DSA_SHAKE_256 takes the message itself or its external mu");
const MU_LENGTH: ProviderError = ProviderError::Malformed("an external mu has 64 bytes");

/// A parameter set under each of its names.
#[derive(Clone, Copy)]
struct Set {
    signing: &'static PqdsaSigningAlgorithm,
    verifying: &'static PqdsaVerificationAlgorithm,
    mu: MlDsa,
}

impl Set {
    fn of(spec: KeySpec) -> Result<Self, ProviderError> {
        Ok(match spec {
            KeySpec::MlDsa44 => Self { signing: &ML_DSA_44_SIGNING, verifying: &ML_DSA_44, mu: MlDsa::Set44 },
            KeySpec::MlDsa65 => Self { signing: &ML_DSA_65_SIGNING, verifying: &ML_DSA_65, mu: MlDsa::Set65 },
            KeySpec::MlDsa87 => Self { signing: &ML_DSA_87_SIGNING, verifying: &ML_DSA_87, mu: MlDsa::Set87 },
            _ => return Err(ProviderError::Unsupported(spec)),
        })
    }
}

/// What is sealed: the seed.
pub(super) fn grow(spec: KeySpec, seed: &SecretBytes) -> Result<Fresh, ProviderError> {
    let pair = PqdsaKeyPair::from_seed(Set::of(spec)?.signing, seed.expose()).map_err(unavailable)?;
    let public = der::write_public(spec, pair.public_key().as_ref());
    Ok(Fresh { secret: SecretBytes::copy_from(seed.expose()), public: Some(public) })
}

pub(super) fn pair(spec: KeySpec, seed: &SecretBytes) -> Result<Pair, ProviderError> {
    let public = grow(spec, seed)?.public.ok_or(ProviderError::Unavailable)?;
    Ok(Pair { private: der::write_private(spec, &[&SEED_ALONE, seed.expose()]), public })
}

pub(super) fn bring(spec: KeySpec, bytes: &SecretBytes) -> Result<Fresh, ProviderError> {
    let signing = Set::of(spec)?.signing;
    let (seed, expanded) = read_seed(der::read_private(spec, bytes.expose())?)?;
    if seed.len() != SEED_BYTES {
        return Err(ProviderError::Malformed("an ML-DSA seed has 32 bytes"));
    }
    if let Some(expanded) = expanded {
        let pair = PqdsaKeyPair::from_seed(signing, seed).map_err(unavailable)?;
        let own = pair.private_key().as_raw_bytes().map_err(unavailable)?;
        if !crate::equal_in_constant_time(own.as_ref(), expanded) {
            return Err(ProviderError::Malformed("the expanded private key is not that of the seed"));
        }
    }
    grow(spec, &SecretBytes::copy_from(seed))
}

/// The seed, and the expanded key if that stands beside it (RFC 9881 section 6, RFC 9935 section 6: the two have the
/// same form).
pub(super) fn read_seed(private: &[u8]) -> Result<(&[u8], Option<&[u8]>), ProviderError> {
    let malformed =
        ProviderError::Malformed("the private key is neither a seed nor a seed and its expanded key");
    let mut reader = Reader(private);
    let read = match private.first() {
        Some(0x80) => reader.take(0x80).map(|seed| (seed, None)),
        Some(0x30) => reader.take(0x30).and_then(|both| {
            let mut both = Reader(both);
            let read = (both.take(0x04)?, Some(both.take(0x04)?));
            both.0.is_empty().then_some(read)
        }),
        Some(0x04) => {
            return Err(ProviderError::Malformed(
                "the private key is in its expanded form: its seed is needed",
            ));
        }
        _ => None,
    };
    read.filter(|_| reader.0.is_empty()).ok_or(malformed)
}

pub(super) fn load(
    spec: KeySpec,
    arena: &Arc<Arena>,
    secret: &SecretBytes,
) -> Result<Arc<dyn Material>, ProviderError> {
    let set = Set::of(spec)?;
    let seed: &[u8; SEED_BYTES] = secret.expose().try_into().map_err(|_| UNREADABLE)?;
    let pair = PqdsaKeyPair::from_seed(set.signing, seed).map_err(unavailable)?;
    Ok(Arc::new(Secret { spec, set, seed: arena.put(seed)?, pair, of_mu: OnceLock::new() }))
}

struct Secret {
    spec: KeySpec,
    set: Set,
    seed: Slot,
    pair: PqdsaKeyPair,
    /// The same key for external mu, made when first used so.
    of_mu: OnceLock<MlDsaSecret>,
}

impl Secret {
    fn of_mu(&self) -> Result<&MlDsaSecret, ProviderError> {
        if let Some(key) = self.of_mu.get() {
            return Ok(key);
        }
        let key = self.seed.expose(|seed| MlDsaSecret::from_seed(self.set.mu, seed)).map_err(unavailable)?;
        Ok(self.of_mu.get_or_init(|| key))
    }
}

impl Material for Secret {
    fn spec(&self) -> KeySpec {
        self.spec
    }

    fn sign(&self, algorithm: SigningAlgorithm, message: Message<'_>) -> Result<Vec<u8>, ProviderError> {
        if algorithm != SigningAlgorithm::MlDsaShake256 {
            return Err(self.incompatible(algorithm.as_str()));
        }
        match message {
            Message::Raw(message) => {
                let mut out = vec![0u8; self.set.signing.signature_len()];
                let bytes = self.pair.sign(message, &mut out).map_err(unavailable)?;
                out.truncate(bytes);
                Ok(out)
            }
            Message::ExternalMu(mu) => {
                let mu = mu.try_into().map_err(|_| MU_LENGTH)?;
                self.of_mu()?.sign_mu(mu).map_err(unavailable)
            }
            Message::Digest(_) => Err(NO_DIGEST),
        }
    }
}

/// A public ML-DSA key.
pub(super) struct Public {
    spec: KeySpec,
    set: Set,
    key: ParsedPublicKey,
    /// The same key for external mu, made when first used so.
    of_mu: OnceLock<MlDsaPublic>,
}

impl Public {
    pub(super) fn read(spec: KeySpec, raw: &[u8]) -> Result<Self, ProviderError> {
        let set = Set::of(spec)?;
        let key = ParsedPublicKey::new(set.verifying, raw)
            .map_err(|_| ProviderError::Malformed("the public key is not an ML-DSA key of this spec"))?;
        Ok(Self { spec, set, key, of_mu: OnceLock::new() })
    }

    fn of_mu(&self) -> Result<&MlDsaPublic, ProviderError> {
        if let Some(key) = self.of_mu.get() {
            return Ok(key);
        }
        let key = MlDsaPublic::new(self.set.mu, self.key.as_ref()).map_err(unavailable)?;
        Ok(self.of_mu.get_or_init(|| key))
    }

    pub(super) fn verify(
        &self,
        algorithm: SigningAlgorithm,
        message: Message<'_>,
        signature: &[u8],
    ) -> Result<(), ProviderError> {
        if algorithm != SigningAlgorithm::MlDsaShake256 {
            return Err(ProviderError::Incompatible { spec: self.spec, what: algorithm.as_str() });
        }
        let right = match message {
            Message::Raw(message) => self.key.verify_sig(message, signature).is_ok(),
            Message::ExternalMu(mu) => {
                let mu = mu.try_into().map_err(|_| MU_LENGTH)?;
                self.of_mu()?.verify_mu(mu, signature)
            }
            Message::Digest(_) => return Err(NO_DIGEST),
        };
        if right { Ok(()) } else { Err(Unauthentic.into()) }
    }
}

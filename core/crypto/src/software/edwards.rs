//! Ed25519 and Ed25519ph keys (RFC 8032), which are the same keys.

use std::sync::Arc;

use aws_lc_rs::digest::{SHA512, digest};
use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, ParsedPublicKey};
use keystead_aws_lc::Ed25519ph;
use keystead_model::{KeySpec, SigningAlgorithm};

use super::{DIGEST_LENGTH, Fresh, MU_IS_FOR_ML_DSA, UNREADABLE, unavailable};
use crate::arena::{Arena, Slot};
use crate::{Material, Message, Pair, ProviderError, SecretBytes, Unauthentic, der};

const SPEC: KeySpec = KeySpec::EccNistEdwards25519;
/// Length of a seed, in bytes.
pub(super) const SEED_BYTES: usize = 32;
/// What stands before the seed in `CurvePrivateKey` (RFC 8410 section 7).
const OCTETS: [u8; 2] = [0x04, SEED_BYTES as u8];
const PLAIN_TAKES_THE_MESSAGE: ProviderError =
    ProviderError::Malformed("ED25519_SHA_512 takes the message itself, never a digest");

/// What is sealed: the seed.
pub(super) fn grow(seed: &SecretBytes) -> Result<Fresh, ProviderError> {
    let pair = Ed25519KeyPair::from_seed_unchecked(seed.expose()).map_err(unavailable)?;
    let public = der::write_public(SPEC, pair.public_key().as_ref());
    Ok(Fresh { secret: SecretBytes::copy_from(seed.expose()), public: Some(public) })
}

pub(super) fn pair(seed: &SecretBytes) -> Result<Pair, ProviderError> {
    let public = grow(seed)?.public.ok_or(ProviderError::Unavailable)?;
    Ok(Pair { private: der::write_private(SPEC, &[&OCTETS, seed.expose()]), public })
}

pub(super) fn bring(bytes: &SecretBytes) -> Result<Fresh, ProviderError> {
    let seed = der::read_private(SPEC, bytes.expose())?
        .strip_prefix(&OCTETS)
        .filter(|seed| seed.len() == SEED_BYTES)
        .ok_or(ProviderError::Malformed("the private key is not an Ed25519 seed of 32 bytes"))?;
    // Where the public half stands beside the seed (RFC 5958), the library compares it with the one that it derives.
    Ed25519KeyPair::from_pkcs8(bytes.expose())
        .map_err(|_| ProviderError::Malformed("the public half is not that of the private key"))?;
    grow(&SecretBytes::copy_from(seed))
}

pub(super) fn load(arena: &Arc<Arena>, secret: &SecretBytes) -> Result<Arc<dyn Material>, ProviderError> {
    let seed: &[u8; SEED_BYTES] = secret.expose().try_into().map_err(|_| UNREADABLE)?;
    let pair = Ed25519KeyPair::from_seed_unchecked(seed).map_err(unavailable)?;
    Ok(Arc::new(Edwards { seed: arena.put(seed)?, pair }))
}

struct Edwards {
    /// For Ed25519ph.
    seed: Slot,
    /// For Ed25519.
    pair: Ed25519KeyPair,
}

impl Material for Edwards {
    fn spec(&self) -> KeySpec {
        SPEC
    }

    fn sign(&self, algorithm: SigningAlgorithm, message: Message<'_>) -> Result<Vec<u8>, ProviderError> {
        match algorithm {
            SigningAlgorithm::Ed25519Sha512 => match message {
                Message::Raw(message) => {
                    Ok(self.pair.try_sign(message).map_err(unavailable)?.as_ref().to_vec())
                }
                Message::Digest(_) => Err(PLAIN_TAKES_THE_MESSAGE),
                Message::ExternalMu(_) => Err(MU_IS_FOR_ML_DSA),
            },
            SigningAlgorithm::Ed25519PhSha512 => {
                let digest = prehash(message)?;
                let signature = self.seed.expose(|seed| Ed25519ph::sign(seed, &digest));
                Ok(signature.map_err(unavailable)?.to_vec())
            }
            _ => Err(self.incompatible(algorithm.as_str())),
        }
    }
}

/// A public Ed25519 key.
pub(super) struct EdwardsPublic {
    raw: [u8; 32],
    key: ParsedPublicKey,
}

impl EdwardsPublic {
    pub(super) fn read(raw: &[u8]) -> Result<Self, ProviderError> {
        let malformed = ProviderError::Malformed("the public key is not an Ed25519 key");
        let key = ParsedPublicKey::new(&ED25519, raw).map_err(|_| malformed)?;
        Ok(Self { raw: raw.try_into().map_err(|_| malformed)?, key })
    }

    pub(super) fn verify(
        &self,
        algorithm: SigningAlgorithm,
        message: Message<'_>,
        signature: &[u8],
    ) -> Result<(), ProviderError> {
        match algorithm {
            SigningAlgorithm::Ed25519Sha512 => match message {
                Message::Raw(message) => {
                    self.key.verify_sig(message, signature).map_err(|_| Unauthentic.into())
                }
                Message::Digest(_) => Err(PLAIN_TAKES_THE_MESSAGE),
                Message::ExternalMu(_) => Err(MU_IS_FOR_ML_DSA),
            },
            SigningAlgorithm::Ed25519PhSha512 => {
                let digest = prehash(message)?;
                let signature = signature.try_into().map_err(|_| Unauthentic)?;
                match Ed25519ph::verify(&self.raw, &digest, signature) {
                    true => Ok(()),
                    false => Err(Unauthentic.into()),
                }
            }
            _ => Err(ProviderError::Incompatible { spec: SPEC, what: algorithm.as_str() }),
        }
    }
}

/// What Ed25519ph signs: the SHA-512 digest of the message (RFC 8032 section 5.1), unless it was made already.
fn prehash(message: Message<'_>) -> Result<[u8; 64], ProviderError> {
    match message {
        Message::Raw(message) => digest(&SHA512, message).as_ref().try_into().map_err(|_| DIGEST_LENGTH),
        Message::Digest(bytes) => bytes.try_into().map_err(|_| DIGEST_LENGTH),
        Message::ExternalMu(_) => Err(MU_IS_FOR_ML_DSA),
    }
}

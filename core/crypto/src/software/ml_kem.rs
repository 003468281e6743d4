//! ML-KEM keys (FIPS 203).

use std::sync::Arc;

use aws_lc_rs::kem::{
    Algorithm, AlgorithmId, Ciphertext, DecapsulationKey, EncapsulationKey, ML_KEM_512, ML_KEM_768,
    ML_KEM_1024,
};
use keystead_aws_lc::{MlKem, MlKemPair};
use keystead_model::KeySpec;

use super::ml_dsa::read_seed;
use super::{Fresh, UNREADABLE, unavailable};
use crate::{Material, Pair, ProviderError, SecretBytes, Unauthentic, der};

/// Length of a seed, in bytes: `d` and then `z` of FIPS 203 algorithm 19.
pub(super) const SEED_BYTES: usize = 64;
/// What stands before a seed alone in `ML-KEM-PrivateKey` (RFC 9935 section 6).
const SEED_ALONE: [u8; 2] = [0x80, SEED_BYTES as u8];
/// The modulus q of FIPS 203 section 2.4.
const Q: u16 = 3329;

/// A parameter set under each of its names.
fn set(spec: KeySpec) -> Result<(MlKem, &'static Algorithm<AlgorithmId>), ProviderError> {
    match spec {
        KeySpec::MlKem512 => Ok((MlKem::Set512, &ML_KEM_512)),
        KeySpec::MlKem768 => Ok((MlKem::Set768, &ML_KEM_768)),
        KeySpec::MlKem1024 => Ok((MlKem::Set1024, &ML_KEM_1024)),
        _ => Err(ProviderError::Unsupported(spec)),
    }
}

/// Length of a ciphertext, in bytes (FIPS 203 table 3).
fn ciphertext_bytes(spec: KeySpec) -> usize {
    match spec {
        KeySpec::MlKem512 => 768,
        KeySpec::MlKem768 => 1088,
        _ => 1568,
    }
}

fn expand(spec: KeySpec, seed: &[u8]) -> Result<MlKemPair, ProviderError> {
    let seed = seed.try_into().map_err(|_| ProviderError::Malformed("an ML-KEM seed has 64 bytes"))?;
    set(spec)?.0.expand(seed).map_err(unavailable)
}

/// What is sealed: the seed.
pub(super) fn grow(spec: KeySpec, seed: &SecretBytes) -> Result<Fresh, ProviderError> {
    let pair = expand(spec, seed.expose())?;
    let public = der::write_public(spec, &pair.encapsulation);
    Ok(Fresh { secret: SecretBytes::copy_from(seed.expose()), public: Some(public) })
}

pub(super) fn pair(spec: KeySpec, seed: &SecretBytes) -> Result<Pair, ProviderError> {
    let public = grow(spec, seed)?.public.ok_or(ProviderError::Unavailable)?;
    Ok(Pair { private: der::write_private(spec, &[&SEED_ALONE, seed.expose()]), public })
}

pub(super) fn bring(spec: KeySpec, bytes: &SecretBytes) -> Result<Fresh, ProviderError> {
    let (seed, expanded) = read_seed(der::read_private(spec, bytes.expose())?)?;
    if let Some(expanded) = expanded {
        let own = expand(spec, seed)?.decapsulation;
        if !crate::equal_in_constant_time(&own, expanded) {
            return Err(ProviderError::Malformed("the expanded private key is not that of the seed"));
        }
    }
    grow(spec, &SecretBytes::copy_from(seed))
}

pub(super) fn load(spec: KeySpec, secret: &SecretBytes) -> Result<Arc<dyn Material>, ProviderError> {
    let pair = expand(spec, secret.expose()).map_err(|_| UNREADABLE)?;
    let key = DecapsulationKey::new(set(spec)?.1, &pair.decapsulation).map_err(unavailable)?;
    Ok(Arc::new(Secret { spec, key }))
}

struct Secret {
    spec: KeySpec,
    key: DecapsulationKey,
}

impl Material for Secret {
    fn spec(&self) -> KeySpec {
        self.spec
    }

    fn decapsulate(&self, ciphertext: &[u8]) -> Result<SecretBytes, ProviderError> {
        if ciphertext.len() != ciphertext_bytes(self.spec) {
            return Err(Unauthentic.into());
        }
        let secret = self.key.decapsulate(Ciphertext::from(ciphertext)).map_err(unavailable)?;
        Ok(SecretBytes::copy_from(secret.as_ref()))
    }
}

/// A public ML-KEM key.
pub(super) struct Public(EncapsulationKey);

impl Public {
    pub(super) fn read(spec: KeySpec, raw: &[u8]) -> Result<Self, ProviderError> {
        let malformed = ProviderError::Malformed("the public key is not an ML-KEM key of this spec");
        // FIPS 203 section 7.2, the modulus check: all 12-bit numbers are below q. The last 32 bytes are rho.
        let numbers = raw.split_last_chunk::<32>().ok_or(malformed)?.0;
        let below = |number: u16| number < Q;
        let reduced = numbers.chunks_exact(3).all(|three| {
            let [a, b, c] = [three[0], three[1], three[2]].map(u16::from);
            below(a | (b & 15) << 8) && below(b >> 4 | c << 4)
        });
        if !reduced {
            return Err(malformed);
        }
        EncapsulationKey::new(set(spec)?.1, raw).map(Self).map_err(|_| malformed)
    }

    pub(super) fn encapsulate(&self) -> Result<(SecretBytes, Vec<u8>), ProviderError> {
        let (ciphertext, secret) = self.0.encapsulate().map_err(unavailable)?;
        Ok((SecretBytes::copy_from(secret.as_ref()), ciphertext.as_ref().to_vec()))
    }
}

//! Keys on the NIST prime curves and secp256k1: ECDSA (FIPS 186-5) and ECDH (SP 800-56A).

use std::sync::{Arc, OnceLock};

use aws_lc_rs::agreement::{self, ECDH_P256, ECDH_P384, ECDH_P521, UnparsedPublicKey};
use aws_lc_rs::digest::{self, Digest};
use aws_lc_rs::encoding::{AsBigEndian, EcPrivateKeyBin};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P256K1_SHA256_ASN1,
    ECDSA_P256K1_SHA256_ASN1_SIGNING, ECDSA_P384_SHA384_ASN1, ECDSA_P384_SHA384_ASN1_SIGNING,
    ECDSA_P521_SHA512_ASN1, ECDSA_P521_SHA512_ASN1_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm,
    EcdsaVerificationAlgorithm, KeyPair, ParsedPublicKey,
};
use keystead_model::{KeySpec, SigningAlgorithm};

use super::{DIGEST_LENGTH, Fresh, MU_IS_FOR_ML_DSA, UNREADABLE, unavailable};
use crate::{Material, Message, Pair, ProviderError, SecretBytes, Unauthentic, der};

/// A curve, and the one hash function that is used with it.
struct Curve {
    signing: &'static EcdsaSigningAlgorithm,
    verifying: &'static EcdsaVerificationAlgorithm,
    agreement: Option<&'static agreement::Algorithm>,
    hash: &'static digest::Algorithm,
    /// Length of a private key, in bytes. An uncompressed point has one more than twice as many.
    scalar_bytes: usize,
}

impl Curve {
    fn of(spec: KeySpec) -> Result<Self, ProviderError> {
        Ok(match spec {
            KeySpec::EccNistP256 => Self {
                signing: &ECDSA_P256_SHA256_ASN1_SIGNING,
                verifying: &ECDSA_P256_SHA256_ASN1,
                agreement: Some(&ECDH_P256),
                hash: &digest::SHA256,
                scalar_bytes: 32,
            },
            KeySpec::EccNistP384 => Self {
                signing: &ECDSA_P384_SHA384_ASN1_SIGNING,
                verifying: &ECDSA_P384_SHA384_ASN1,
                agreement: Some(&ECDH_P384),
                hash: &digest::SHA384,
                scalar_bytes: 48,
            },
            KeySpec::EccNistP521 => Self {
                signing: &ECDSA_P521_SHA512_ASN1_SIGNING,
                verifying: &ECDSA_P521_SHA512_ASN1,
                agreement: Some(&ECDH_P521),
                hash: &digest::SHA512,
                scalar_bytes: 66,
            },
            KeySpec::EccSecgP256k1 => Self {
                signing: &ECDSA_P256K1_SHA256_ASN1_SIGNING,
                verifying: &ECDSA_P256K1_SHA256_ASN1,
                agreement: None,
                hash: &digest::SHA256,
                scalar_bytes: 32,
            },
            _ => return Err(ProviderError::Unsupported(spec)),
        })
    }

    fn digest(&self, bytes: &[u8]) -> Result<Digest, ProviderError> {
        Digest::import_less_safe(bytes, self.hash).map_err(|_| DIGEST_LENGTH)
    }
}

pub(super) fn make(spec: KeySpec) -> Result<Fresh, ProviderError> {
    fresh(spec, &EcdsaKeyPair::generate(Curve::of(spec)?.signing).map_err(unavailable)?)
}

/// What is sealed: the private number, then the point.
fn fresh(spec: KeySpec, pair: &EcdsaKeyPair) -> Result<Fresh, ProviderError> {
    let point = pair.public_key().as_ref();
    let scalar: EcPrivateKeyBin = pair.private_key().as_be_bytes().map_err(unavailable)?;
    let mut secret = SecretBytes::zeroed(scalar.as_ref().len() + point.len());
    let (first, second) = secret.expose_mut().split_at_mut(scalar.as_ref().len());
    first.copy_from_slice(scalar.as_ref());
    second.copy_from_slice(point);
    Ok(Fresh { secret, public: Some(der::write_public(spec, point)) })
}

pub(super) fn pair(spec: KeySpec) -> Result<Pair, ProviderError> {
    let pair = EcdsaKeyPair::generate(Curve::of(spec)?.signing).map_err(unavailable)?;
    let private = SecretBytes::copy_from(pair.to_pkcs8v1().map_err(unavailable)?.as_ref());
    Ok(Pair { private, public: der::write_public(spec, pair.public_key().as_ref()) })
}

pub(super) fn bring(spec: KeySpec, bytes: &SecretBytes) -> Result<Fresh, ProviderError> {
    der::read_private(spec, bytes.expose())?;
    let pair = EcdsaKeyPair::from_pkcs8(Curve::of(spec)?.signing, bytes.expose()).map_err(|_| {
        ProviderError::Malformed("the private number is out of range, or the public point is not its own")
    })?;
    fresh(spec, &pair)
}

pub(super) fn load(spec: KeySpec, secret: &SecretBytes) -> Result<Arc<dyn Material>, ProviderError> {
    let curve = Curve::of(spec)?;
    let (scalar, point) = secret.expose().split_at_checked(curve.scalar_bytes).ok_or(UNREADABLE)?;
    let pair = EcdsaKeyPair::from_private_key_and_public_key(curve.signing, scalar, point);
    Ok(Arc::new(Ec { spec, pair: pair.map_err(|_| UNREADABLE)?, agreeing: OnceLock::new(), curve }))
}

struct Ec {
    spec: KeySpec,
    curve: Curve,
    pair: EcdsaKeyPair,
    /// The same key in the library's other type, made when first used to agree.
    agreeing: OnceLock<agreement::PrivateKey>,
}

impl Ec {
    fn agreeing(
        &self,
        algorithm: &'static agreement::Algorithm,
    ) -> Result<&agreement::PrivateKey, ProviderError> {
        if let Some(key) = self.agreeing.get() {
            return Ok(key);
        }
        let scalar: EcPrivateKeyBin = self.pair.private_key().as_be_bytes().map_err(unavailable)?;
        let key = agreement::PrivateKey::from_private_key(algorithm, scalar.as_ref()).map_err(unavailable)?;
        Ok(self.agreeing.get_or_init(|| key))
    }
}

impl Material for Ec {
    fn spec(&self) -> KeySpec {
        self.spec
    }

    fn sign(&self, algorithm: SigningAlgorithm, message: Message<'_>) -> Result<Vec<u8>, ProviderError> {
        if !self.spec.signing_algorithms().contains(&algorithm) {
            return Err(self.incompatible(algorithm.as_str()));
        }
        let signature = match message {
            Message::Raw(message) => self.pair.sign(&SystemRandom::new(), message),
            Message::Digest(bytes) => self.pair.sign_digest(&self.curve.digest(bytes)?),
            Message::ExternalMu(_) => return Err(MU_IS_FOR_ML_DSA),
        };
        Ok(signature.map_err(unavailable)?.as_ref().to_vec())
    }

    fn agree(&self, peer: &[u8]) -> Result<SecretBytes, ProviderError> {
        let algorithm = self.curve.agreement.ok_or(self.incompatible("ECDH"))?;
        let point = der::read_public(self.spec, peer)?;
        agreement::agree(
            self.agreeing(algorithm)?,
            UnparsedPublicKey::new(algorithm, point),
            ProviderError::Malformed("the point is not on the curve"),
            |x| Ok(SecretBytes::copy_from(x)),
        )
    }
}

/// A public key on a curve.
pub(super) struct EcPublic {
    spec: KeySpec,
    curve: Curve,
    key: ParsedPublicKey,
}

impl EcPublic {
    pub(super) fn read(spec: KeySpec, point: &[u8]) -> Result<Self, ProviderError> {
        let curve = Curve::of(spec)?;
        let key = ParsedPublicKey::new(curve.verifying, point)
            .map_err(|_| ProviderError::Malformed("the point is not on the curve"))?;
        Ok(Self { spec, curve, key })
    }

    pub(super) fn verify(
        &self,
        algorithm: SigningAlgorithm,
        message: Message<'_>,
        signature: &[u8],
    ) -> Result<(), ProviderError> {
        if !self.spec.signing_algorithms().contains(&algorithm) {
            return Err(ProviderError::Incompatible { spec: self.spec, what: algorithm.as_str() });
        }
        let verdict = match message {
            Message::Raw(message) => self.key.verify_sig(message, signature),
            Message::Digest(bytes) => self.key.verify_digest_sig(&self.curve.digest(bytes)?, signature),
            Message::ExternalMu(_) => return Err(MU_IS_FOR_ML_DSA),
        };
        verdict.map_err(|_| Unauthentic.into())
    }
}

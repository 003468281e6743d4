//! RSA keys (RFC 8017): signatures, and encryption with OAEP.

use std::sync::{Arc, OnceLock};

use aws_lc_rs::digest::Digest;
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{
    KeySize, OAEP_SHA1_MGF1SHA1, OAEP_SHA256_MGF1SHA256, OaepAlgorithm, OaepPrivateDecryptingKey,
    OaepPublicEncryptingKey, PrivateDecryptingKey, PublicEncryptingKey,
};
use aws_lc_rs::signature::{self, KeyPair, ParsedPublicKey, RsaEncoding, RsaKeyPair, VerificationAlgorithm};
use keystead_model::{EncryptionAlgorithm, KeySpec, SigningAlgorithm};

use super::{DIGEST_LENGTH, Fresh, MU_IS_FOR_ML_DSA, UNREADABLE, unavailable};
use crate::{Material, Message, Pair, ProviderError, SecretBytes, Unauthentic, der};

pub(super) fn make(spec: KeySpec) -> Result<Fresh, ProviderError> {
    let pair = pair(spec)?;
    Ok(Fresh { secret: pair.private, public: Some(pair.public) })
}

pub(super) fn pair(spec: KeySpec) -> Result<Pair, ProviderError> {
    let size = match spec {
        KeySpec::Rsa2048 => KeySize::Rsa2048,
        KeySpec::Rsa3072 => KeySize::Rsa3072,
        KeySpec::Rsa4096 => KeySize::Rsa4096,
        _ => return Err(ProviderError::Unsupported(spec)),
    };
    let pair = RsaKeyPair::generate(size).map_err(unavailable)?;
    Ok(Pair { private: pkcs8(&pair)?, public: public(spec, &pair)? })
}

/// The private half as this program spells it, whatever the spelling it came in.
fn pkcs8(pair: &RsaKeyPair) -> Result<SecretBytes, ProviderError> {
    let der: Pkcs8V1Der = pair.as_der().map_err(unavailable)?;
    Ok(SecretBytes::copy_from(der.as_ref()))
}

/// The public half, with the modulus and the exponent checked.
fn public(spec: KeySpec, pair: &RsaKeyPair) -> Result<Box<[u8]>, ProviderError> {
    let raw = pair.public_key().as_ref();
    der::check_raw(spec, raw)?;
    Ok(der::write_public(spec, raw))
}

pub(super) fn bring(spec: KeySpec, bytes: &SecretBytes) -> Result<Fresh, ProviderError> {
    der::check_rsa_private(spec, der::read_private(spec, bytes.expose())?)?;
    let pair = RsaKeyPair::from_pkcs8(bytes.expose())
        .map_err(|_| ProviderError::Malformed("the numbers do not make an RSA key"))?;
    Ok(Fresh { public: Some(public(spec, &pair)?), secret: pkcs8(&pair)? })
}

pub(super) fn load(spec: KeySpec, secret: &SecretBytes) -> Result<Arc<dyn Material>, ProviderError> {
    let pair = RsaKeyPair::from_pkcs8(secret.expose()).map_err(|_| UNREADABLE)?;
    Ok(Arc::new(Rsa { spec, pair, decrypting: OnceLock::new() }))
}

struct Rsa {
    spec: KeySpec,
    pair: RsaKeyPair,
    /// The same key in the library's other type, made when first used to decrypt.
    decrypting: OnceLock<OaepPrivateDecryptingKey>,
}

impl Rsa {
    fn decrypting(&self) -> Result<&OaepPrivateDecryptingKey, ProviderError> {
        if let Some(key) = self.decrypting.get() {
            return Ok(key);
        }
        let key = decrypting_key(pkcs8(&self.pair)?.expose()).map_err(unavailable)?;
        Ok(self.decrypting.get_or_init(|| key))
    }
}

impl Material for Rsa {
    fn spec(&self) -> KeySpec {
        self.spec
    }

    fn sign(&self, algorithm: SigningAlgorithm, message: Message<'_>) -> Result<Vec<u8>, ProviderError> {
        let (encoding, _) = algorithms(algorithm).ok_or(self.incompatible(algorithm.as_str()))?;
        let mut out = vec![0u8; self.pair.public_modulus_len()];
        match message {
            Message::Raw(message) => self.pair.sign(encoding, &SystemRandom::new(), message, &mut out),
            Message::Digest(bytes) => self.pair.sign_digest(encoding, &digest(algorithm, bytes)?, &mut out),
            Message::ExternalMu(_) => return Err(MU_IS_FOR_ML_DSA),
        }
        .map_err(unavailable)?;
        Ok(out)
    }

    fn decrypt(
        &self,
        algorithm: EncryptionAlgorithm,
        ciphertext: &[u8],
    ) -> Result<SecretBytes, ProviderError> {
        let oaep = oaep(algorithm).ok_or(self.incompatible(algorithm.as_str()))?;
        Ok(oaep_open(self.decrypting()?, oaep, ciphertext)?)
    }
}

/// A public RSA key. The library binds a key object to one algorithm, so each is made when first used.
pub(super) struct RsaPublic {
    spec: KeySpec,
    /// `RSAPublicKey` of RFC 8017.
    raw: Box<[u8]>,
    verifying: [OnceLock<ParsedPublicKey>; 6],
    encrypting: OnceLock<OaepPublicEncryptingKey>,
}

impl RsaPublic {
    pub(super) fn read(spec: KeySpec, raw: &[u8]) -> Result<Self, ProviderError> {
        let this = Self { spec, raw: raw.into(), verifying: Default::default(), encrypting: OnceLock::new() };
        this.verifying(SigningAlgorithm::RsassaPssSha256)?;
        Ok(this)
    }

    fn verifying(&self, algorithm: SigningAlgorithm) -> Result<&ParsedPublicKey, ProviderError> {
        let place = self.spec.signing_algorithms().iter().position(|known| *known == algorithm);
        let incompatible = ProviderError::Incompatible { spec: self.spec, what: algorithm.as_str() };
        let (Some(place), Some((_, verification))) = (place, algorithms(algorithm)) else {
            return Err(incompatible);
        };
        let place = self.verifying.get(place).ok_or(incompatible)?;
        if let Some(key) = place.get() {
            return Ok(key);
        }
        let key = ParsedPublicKey::new(verification, &self.raw)
            .map_err(|_| ProviderError::Malformed("the modulus is not one of an RSA key"))?;
        Ok(place.get_or_init(|| key))
    }

    pub(super) fn verify(
        &self,
        algorithm: SigningAlgorithm,
        message: Message<'_>,
        signature: &[u8],
    ) -> Result<(), ProviderError> {
        let key = self.verifying(algorithm)?;
        let verdict = match message {
            Message::Raw(message) => key.verify_sig(message, signature),
            Message::Digest(bytes) => key.verify_digest_sig(&digest(algorithm, bytes)?, signature),
            Message::ExternalMu(_) => return Err(MU_IS_FOR_ML_DSA),
        };
        verdict.map_err(|_| Unauthentic.into())
    }

    pub(super) fn encrypt(
        &self,
        algorithm: EncryptionAlgorithm,
        plaintext: &[u8],
    ) -> Result<Vec<u8>, ProviderError> {
        let incompatible = ProviderError::Incompatible { spec: self.spec, what: algorithm.as_str() };
        let oaep = oaep(algorithm).ok_or(incompatible)?;
        let key = self.encrypting()?;
        let max = key.max_plaintext_size(oaep);
        if plaintext.len() > max {
            return Err(ProviderError::TooLong { bytes: plaintext.len(), max });
        }
        let mut out = vec![0u8; key.ciphertext_size()];
        let bytes = key.encrypt(oaep, plaintext, &mut out, None).map_err(unavailable)?.len();
        out.truncate(bytes);
        Ok(out)
    }

    fn encrypting(&self) -> Result<&OaepPublicEncryptingKey, ProviderError> {
        if let Some(key) = self.encrypting.get() {
            return Ok(key);
        }
        let key =
            PublicEncryptingKey::from_der(&der::write_public(self.spec, &self.raw)).map_err(unavailable)?;
        let key = OaepPublicEncryptingKey::new(key).map_err(unavailable)?;
        Ok(self.encrypting.get_or_init(|| key))
    }
}

/// The key that opens OAEP, out of a PKCS #8 private key.
pub(super) fn decrypting_key(pkcs8: &[u8]) -> Result<OaepPrivateDecryptingKey, Unauthentic> {
    let key = PrivateDecryptingKey::from_pkcs8(pkcs8).map_err(|_| Unauthentic)?;
    OaepPrivateDecryptingKey::new(key).map_err(|_| Unauthentic)
}

/// Opens an OAEP ciphertext. All failures look alike.
pub(super) fn oaep_open(
    key: &OaepPrivateDecryptingKey,
    oaep: &'static OaepAlgorithm,
    ciphertext: &[u8],
) -> Result<SecretBytes, Unauthentic> {
    let mut out = SecretBytes::zeroed(key.min_output_size());
    let plain = key.decrypt(oaep, ciphertext, out.expose_mut(), None).map_err(|_| Unauthentic)?;
    Ok(SecretBytes::copy_from(plain))
}

fn oaep(algorithm: EncryptionAlgorithm) -> Option<&'static OaepAlgorithm> {
    match algorithm {
        EncryptionAlgorithm::RsaesOaepSha1 => Some(&OAEP_SHA1_MGF1SHA1),
        EncryptionAlgorithm::RsaesOaepSha256 => Some(&OAEP_SHA256_MGF1SHA256),
        EncryptionAlgorithm::SymmetricDefault | EncryptionAlgorithm::Sm2Pke => None,
    }
}

fn digest(algorithm: SigningAlgorithm, bytes: &[u8]) -> Result<Digest, ProviderError> {
    use aws_lc_rs::digest::{SHA256, SHA384, SHA512};
    let hash = match algorithm.digest_bytes() {
        Some(32) => &SHA256,
        Some(48) => &SHA384,
        _ => &SHA512,
    };
    Digest::import_less_safe(bytes, hash).map_err(|_| DIGEST_LENGTH)
}

type Algorithms = (&'static dyn RsaEncoding, &'static dyn VerificationAlgorithm);

/// How the library calls an algorithm when signing and when verifying. PSS salts are as long as the digest, both ways.
fn algorithms(algorithm: SigningAlgorithm) -> Option<Algorithms> {
    use SigningAlgorithm::*;
    Some(match algorithm {
        RsassaPssSha256 => (&signature::RSA_PSS_SHA256, &signature::RSA_PSS_2048_8192_SHA256),
        RsassaPssSha384 => (&signature::RSA_PSS_SHA384, &signature::RSA_PSS_2048_8192_SHA384),
        RsassaPssSha512 => (&signature::RSA_PSS_SHA512, &signature::RSA_PSS_2048_8192_SHA512),
        RsassaPkcs1Sha256 => (&signature::RSA_PKCS1_SHA256, &signature::RSA_PKCS1_2048_8192_SHA256),
        RsassaPkcs1Sha384 => (&signature::RSA_PKCS1_SHA384, &signature::RSA_PKCS1_2048_8192_SHA384),
        RsassaPkcs1Sha512 => (&signature::RSA_PKCS1_SHA512, &signature::RSA_PKCS1_2048_8192_SHA512),
        EcdsaSha256 | EcdsaSha384 | EcdsaSha512 | Sm2Dsa | MlDsaShake256 | Ed25519Sha512
        | Ed25519PhSha512 => {
            return None;
        }
    })
}

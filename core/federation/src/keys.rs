//! The keys an issuer publishes: JSON Web Key Sets (RFC 7517), with RSA and EC keys (RFC 7518, section 6) and Ed25519
//! (RFC 8037, section 2).

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ECDSA_P521_SHA512_FIXED, ED25519,
    RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512,
    RSA_PSS_2048_8192_SHA256, RSA_PSS_2048_8192_SHA384, RSA_PSS_2048_8192_SHA512, RsaParameters,
    RsaPublicKeyComponents, UnparsedPublicKey, VerificationAlgorithm,
};

use crate::json::{Json, Members};
use crate::jws::{Algorithm, decode};

/// Longest set, in bytes.
pub const KEY_SET_BYTES_MAX: usize = 256 * 1024;
/// Most keys of a set.
pub const KEYS_MAX: usize = 100;
/// Longest key id, in bytes.
pub const KEY_ID_BYTES_MAX: usize = 512;
/// Shortest RSA modulus taken, in bits.
const RSA_BITS_MIN: usize = 2048;
/// Longest RSA modulus taken, in bits.
const RSA_BITS_MAX: usize = 8192;
/// Longest public exponent of an RSA key, in bytes: what aws-lc takes, 33 bits.
const RSA_EXPONENT_BYTES_MAX: usize = 5;

/// The keys of a set that can verify signatures.
#[derive(Clone, Debug)]
pub struct KeySet {
    keys: Vec<Key>,
    left_out: usize,
}

/// Why a text is no set of keys.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum KeySetError {
    /// Longer than [`KEY_SET_BYTES_MAX`].
    #[error("a set of keys has {KEY_SET_BYTES_MAX} bytes at most")]
    TooLong,
    /// Not JSON, a name twice, or no list `keys`.
    #[error("this is no JSON Web Key Set: an object with a list `keys`, and no name twice")]
    Malformed,
    /// More than [`KEYS_MAX`].
    #[error("a set of keys has {KEYS_MAX} keys at most")]
    TooMany,
}

impl KeySet {
    /// Reads a set. Keys that are not understood, not for signatures or too weak are left out (RFC 7517, section 5).
    ///
    /// # Errors
    /// One [`KeySetError`] a reason.
    pub fn parse(bytes: &[u8]) -> Result<Self, KeySetError> {
        if bytes.len() > KEY_SET_BYTES_MAX {
            return Err(KeySetError::TooLong);
        }
        let set = Json::parse(bytes).ok().and_then(Json::into_object).ok_or(KeySetError::Malformed)?;
        let Some(Json::List(items)) = set.find("keys") else { return Err(KeySetError::Malformed) };
        if items.len() > KEYS_MAX {
            return Err(KeySetError::TooMany);
        }
        let keys: Vec<Key> = items.iter().filter_map(|item| Key::read(item.as_object()?)).collect();
        Ok(Self { left_out: items.len() - keys.len(), keys })
    }

    /// How many keys can verify signatures.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether none can.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// How many keys of the set were left out.
    pub fn left_out(&self) -> usize {
        self.left_out
    }

    /// Whether a token that names this key, or none, may find one here.
    pub fn has(&self, key_id: Option<&str>) -> bool {
        match key_id {
            Some(_) => self.keys.iter().any(|key| key.id.as_deref() == key_id),
            None => !self.is_empty(),
        }
    }

    /// The one key that fits: of this id if the token names one, and made for this algorithm. `None` if there is no such
    /// key, or more than one, so that it never depends on their order which is tried.
    pub(crate) fn choose(&self, key_id: Option<&str>, algorithm: Algorithm) -> Option<&Key> {
        let named = |key: &&Key| key_id.is_none() || key.id.as_deref() == key_id;
        let mut fitting = self.keys.iter().filter(named).filter(|key| key.fits(algorithm));
        let first = fitting.next()?;
        fitting.next().is_none().then_some(first)
    }
}

/// One public key.
#[derive(Clone, Debug)]
pub(crate) struct Key {
    id: Option<Box<str>>,
    /// The one algorithm it is for, if the set says so.
    algorithm: Option<Algorithm>,
    public: Public,
}

#[derive(Clone, Debug)]
enum Public {
    Rsa {
        n: Vec<u8>,
        e: Vec<u8>,
    },
    /// An uncompressed point.
    P256(Vec<u8>),
    P384(Vec<u8>),
    P521(Vec<u8>),
    Ed25519(Vec<u8>),
}

impl Key {
    fn read(members: &Members) -> Option<Self> {
        let verifies = |json: &Json| json.as_texts().is_some_and(|all| all.contains(&"verify"));
        let for_signatures = members.find("use").is_none_or(|purpose| purpose.as_text() == Some("sig"))
            && members.find("key_ops").is_none_or(verifies);
        // Whoever publishes a private key has none.
        if !for_signatures || members.find("d").is_some() {
            return None;
        }
        let id = match members.find("kid") {
            None => None,
            Some(id) => Some(Box::from(id.as_text().filter(|id| id.len() <= KEY_ID_BYTES_MAX)?)),
        };
        let algorithm = match members.find("alg") {
            None => None,
            Some(algorithm) => Some(Algorithm::parse(algorithm.as_text()?)?),
        };
        let key = Self { id, algorithm, public: Public::read(members)? };
        algorithm.is_none_or(|algorithm| key.fits(algorithm)).then_some(key)
    }

    fn fits(&self, algorithm: Algorithm) -> bool {
        use Algorithm::*;
        let kind = match self.public {
            Public::Rsa { .. } => matches!(algorithm, Rs256 | Rs384 | Rs512 | Ps256 | Ps384 | Ps512),
            Public::P256(_) => algorithm == Es256,
            Public::P384(_) => algorithm == Es384,
            Public::P521(_) => algorithm == Es512,
            Public::Ed25519(_) => algorithm == Algorithm::Ed25519,
        };
        kind && self.algorithm.is_none_or(|only| only == algorithm)
    }

    /// Whether this key signed the message. False as well if it does not fit the algorithm.
    pub(crate) fn verifies(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> bool {
        let point = |with: &'static dyn VerificationAlgorithm, public: &[u8]| {
            UnparsedPublicKey::new(with, public).verify(message, signature).is_ok()
        };
        match (&self.public, algorithm) {
            (Public::Rsa { n, e }, _) => rsa(algorithm).is_some_and(|parameters| {
                RsaPublicKeyComponents { n, e }.verify(parameters, message, signature).is_ok()
            }),
            (Public::P256(public), Algorithm::Es256) => point(&ECDSA_P256_SHA256_FIXED, public),
            (Public::P384(public), Algorithm::Es384) => point(&ECDSA_P384_SHA384_FIXED, public),
            (Public::P521(public), Algorithm::Es512) => point(&ECDSA_P521_SHA512_FIXED, public),
            (Public::Ed25519(public), Algorithm::Ed25519) => point(&ED25519, public),
            _ => false,
        }
    }
}

impl Public {
    fn read(members: &Members) -> Option<Self> {
        match (members.text("kty")?, members.text("crv")) {
            ("RSA", _) => Self::rsa(bytes(members, "n")?, bytes(members, "e")?),
            ("EC", Some("P-256")) => Some(Self::P256(point(members, 32)?)),
            ("EC", Some("P-384")) => Some(Self::P384(point(members, 48)?)),
            ("EC", Some("P-521")) => Some(Self::P521(point(members, 66)?)),
            ("OKP", Some("Ed25519")) => bytes(members, "x").filter(|x| x.len() == 32).map(Self::Ed25519),
            _ => None,
        }
    }

    /// Numbers without leading zeros (RFC 7518, section 2), a modulus that is long enough, an odd exponent above one.
    fn rsa(n: Vec<u8>, e: Vec<u8>) -> Option<Self> {
        let bits = n.len() * 8 - n.first()?.leading_zeros() as usize;
        let is_number = |number: &[u8]| number.first().is_some_and(|first| *first != 0);
        let odd = e.last()? % 2 == 1 && e != [1] && e.len() <= RSA_EXPONENT_BYTES_MAX;
        let fits = (RSA_BITS_MIN..=RSA_BITS_MAX).contains(&bits) && is_number(&n) && is_number(&e) && odd;
        fits.then_some(Self::Rsa { n, e })
    }
}

fn rsa(algorithm: Algorithm) -> Option<&'static RsaParameters> {
    Some(match algorithm {
        Algorithm::Rs256 => &RSA_PKCS1_2048_8192_SHA256,
        Algorithm::Rs384 => &RSA_PKCS1_2048_8192_SHA384,
        Algorithm::Rs512 => &RSA_PKCS1_2048_8192_SHA512,
        Algorithm::Ps256 => &RSA_PSS_2048_8192_SHA256,
        Algorithm::Ps384 => &RSA_PSS_2048_8192_SHA384,
        Algorithm::Ps512 => &RSA_PSS_2048_8192_SHA512,
        _ => return None,
    })
}

fn bytes(members: &Members, name: &str) -> Option<Vec<u8>> {
    decode(members.text(name)?).ok()
}

/// Both coordinates, each as long as the field (RFC 7518, section 6.2.1.2). Whether the point is on its curve is checked
/// with each signature.
fn point(members: &Members, field_bytes: usize) -> Option<Vec<u8>> {
    let coordinate = |name| bytes(members, name).filter(|bytes| bytes.len() == field_bytes);
    Some([vec![0x04], coordinate("x")?, coordinate("y")?].concat())
}

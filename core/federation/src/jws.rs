//! The compact form of JSON Web Signature (RFC 7515, section 7.1), and the algorithms that are taken.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::json::Json;
use crate::keys::KEY_ID_BYTES_MAX;
use crate::token::{Refused, TOKEN_BYTES_MAX};

/// Longest header, in bytes, before it is decoded.
const HEADER_BYTES_MAX: usize = 4096;
/// Longest signature, in bytes, before it is decoded: of an RSA key of 8,192 bits.
const SIGNATURE_BYTES_MAX: usize = 1366;

/// The signature algorithms that are taken (RFC 7518 section 3.1, RFC 8037 section 3.1, RFC 9864 section 2.2). `none` and the
/// HMAC family are not among them: a published key must never be taken for a shared secret.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Algorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    Rs384,
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    Rs512,
    /// RSASSA-PSS with SHA-256.
    Ps256,
    /// RSASSA-PSS with SHA-384.
    Ps384,
    /// RSASSA-PSS with SHA-512.
    Ps512,
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// ECDSA on P-384 with SHA-384.
    Es384,
    /// ECDSA on P-521 with SHA-512.
    Es512,
    /// Ed25519, spelled `EdDSA` or `Ed25519`.
    Ed25519,
}

impl Algorithm {
    /// Reads the value of `alg`; `None` if it is not taken.
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "RS256" => Self::Rs256,
            "RS384" => Self::Rs384,
            "RS512" => Self::Rs512,
            "PS256" => Self::Ps256,
            "PS384" => Self::Ps384,
            "PS512" => Self::Ps512,
            "ES256" => Self::Es256,
            "ES384" => Self::Es384,
            "ES512" => Self::Es512,
            "EdDSA" | "Ed25519" => Self::Ed25519,
            _ => return None,
        })
    }
}

/// The parts of a token. Nothing of it has been verified.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Compact<'a> {
    pub(crate) algorithm: Algorithm,
    pub(crate) key_id: Option<Box<str>>,
    pub(crate) payload: Vec<u8>,
    /// What the signature is over: header and payload as they were written.
    pub(crate) signed: &'a str,
    pub(crate) signature: Vec<u8>,
}

impl<'a> Compact<'a> {
    /// Takes a token apart.
    pub(crate) fn read(token: &'a str) -> Result<Self, Refused> {
        if token.len() > TOKEN_BYTES_MAX {
            return Err(Refused::TooLong);
        }
        let (signed, signature) = token.rsplit_once('.').ok_or(Refused::Malformed)?;
        let (header, payload) = signed.split_once('.').ok_or(Refused::Malformed)?;
        if header.len() > HEADER_BYTES_MAX || signature.len() > SIGNATURE_BYTES_MAX {
            return Err(Refused::TooLong);
        }
        let (algorithm, key_id) = read_header(&decode(header)?)?;
        Ok(Self { algorithm, key_id, payload: decode(payload)?, signed, signature: decode(signature)? })
    }
}

/// Algorithm and key id. Keys that a header brings along or points to (`jwk`, `jku`, `x5c`, `x5u`) are never looked at.
fn read_header(header: &[u8]) -> Result<(Algorithm, Option<Box<str>>), Refused> {
    let members = Json::parse(header).ok().and_then(Json::into_object).ok_or(Refused::Malformed)?;
    // RFC 7515, section 4.1.11: extensions that must be understood. None is.
    if members.find("crit").is_some() || members.find("b64").is_some() {
        return Err(Refused::Extension);
    }
    if !members.find("typ").is_none_or(|typ| typ.as_text().is_some_and(is_token_type)) {
        return Err(Refused::Kind);
    }
    let algorithm = members.text("alg").and_then(Algorithm::parse).ok_or(Refused::Algorithm)?;
    let key_id = match members.find("kid") {
        None => None,
        Some(Json::Text(id)) if id.len() <= KEY_ID_BYTES_MAX => Some(id.clone()),
        Some(_) => return Err(Refused::Malformed),
    };
    Ok((algorithm, key_id))
}

/// Identity tokens and access tokens. Others that an issuer signs, such as logout tokens and proofs of possession, say of
/// themselves that they are something else (RFC 8725, section 3.11).
fn is_token_type(typ: &str) -> bool {
    ["JWT", "at+jwt", "application/at+jwt"].iter().any(|known| known.eq_ignore_ascii_case(typ))
}

/// Base64url without padding, one spelling a value (RFC 7515, section 2).
pub(crate) fn decode(text: &str) -> Result<Vec<u8>, Refused> {
    URL_SAFE_NO_PAD.decode(text).map_err(|_| Refused::Malformed)
}

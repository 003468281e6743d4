//! The judgement on a token: form, key, signature, issuer, audience, times, in this order.

use keystead_model::Timestamp;

use crate::claims::{Claims, Payload};
use crate::jws::Compact;
use crate::{Audience, Issuer, KeySet};

/// Longest token, in bytes, as in the STS service model.
pub const TOKEN_BYTES_MAX: usize = 20_000;
/// How far the clock of an issuer may be off, in seconds: 5 minutes, as with AWS. A token is good for so long after its
/// `exp`, and before its `nbf` and `iat`.
pub const CLOCK_SKEW_SECONDS: u64 = 300;

/// What a token must say.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// Who must have issued it.
    pub issuer: &'a Issuer,
    /// For whom: one of these. None at all is nobody's.
    pub audiences: &'a [Audience],
}

/// Why a token is not taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Refused {
    /// Longer than [`TOKEN_BYTES_MAX`], or a part of it longer than any that is right.
    #[error("the token is too long")]
    TooLong,
    /// Not three parts of base64url with JSON in them, or a name twice.
    #[error("the token is not a JSON Web Token in compact form")]
    Malformed,
    /// Signed in a way that is not taken, or not at all.
    #[error(
        "the token is not signed with one of RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA"
    )]
    Algorithm,
    /// It asks for an extension that must be understood.
    #[error("the token's header asks for an extension that is not known here")]
    Extension,
    /// It says that it is another kind of token.
    #[error("the token says that it is neither an identity token nor an access token (`typ`)")]
    Kind,
    /// The issuer has not published the key, or it does not go with the algorithm.
    #[error("the issuer has published no one key that fits the token's `kid` and `alg`")]
    NoKey,
    /// The signature is not that key's.
    #[error("the token's signature is not valid")]
    Signature,
    /// A claim that has to be there is not, or is empty, or too long.
    #[error("Missing a required claim: {0}")]
    Missing(&'static str),
    /// A claim is not of its type.
    #[error("the claim {0} is not of its type")]
    Claim(&'static str),
    /// Issued by somebody else.
    #[error("the token was issued by somebody else")]
    Issuer,
    /// For somebody else.
    #[error("Incorrect token audience")]
    Audience,
    /// `exp` is past.
    #[error("Token expired: current date/time must be before the expiration date/time")]
    Expired,
    /// `nbf` or `iat` is to come.
    #[error("the token is not valid yet")]
    NotYet,
}

/// A token that is well formed. Nothing in it has been verified: good for finding out whom to ask for keys.
pub struct Token<'a> {
    compact: Compact<'a>,
    payload: Payload,
}

impl<'a> Token<'a> {
    /// Reads a token in compact form.
    ///
    /// # Errors
    /// [`Refused`]: too long, malformed, of another kind, or a claim that has to be there is missing or not of its type.
    pub fn read(text: &'a str) -> Result<Self, Refused> {
        let compact = Compact::read(text)?;
        let payload = Payload::read(&compact.payload)?;
        Ok(Self { compact, payload })
    }

    /// Who it claims to be issued by.
    pub fn claimed_issuer(&self) -> &Issuer {
        &self.payload.issuer
    }

    /// The key that it claims to be signed with, if it names one.
    pub fn key_id(&self) -> Option<&str> {
        self.compact.key_id.as_deref()
    }

    /// Judges it.
    ///
    /// # Errors
    /// [`Refused`]: no fitting key, a bad signature, another issuer or audience, not yet or no longer valid.
    pub fn verify(self, keys: &KeySet, expected: &Expected<'_>, now: Timestamp) -> Result<Claims, Refused> {
        let Self { compact, payload } = self;
        let Compact { algorithm, key_id, payload: _, signed, signature } = compact;
        let key = keys.choose(key_id.as_deref(), algorithm).ok_or(Refused::NoKey)?;
        if !key.verifies(algorithm, signed.as_bytes(), &signature) {
            return Err(Refused::Signature);
        }
        if payload.issuer != *expected.issuer {
            return Err(Refused::Issuer);
        }
        let audience = audience(&payload, expected.audiences).ok_or(Refused::Audience)?.into();
        in_time(&payload, now)?;
        payload.into_claims(audience)
    }
}

/// Reads and judges a token.
///
/// # Errors
/// As [`Token::read`] and [`Token::verify`].
pub fn verify(
    token: &str,
    keys: &KeySet,
    expected: &Expected<'_>,
    now: Timestamp,
) -> Result<Claims, Refused> {
    Token::read(token)?.verify(keys, expected, now)
}

/// The audience that counts. As AWS has it: where there is an `azp` it counts, and `aud` does not.
fn audience<'a>(payload: &'a Payload, expected: &[Audience]) -> Option<&'a str> {
    let candidates = match &payload.authorized_party {
        Some(party) => std::slice::from_ref(party),
        None => &*payload.audiences,
    };
    let is_expected = |audience: &&str| expected.iter().any(|known| known.as_str() == *audience);
    candidates.iter().map(|audience| &**audience).find(is_expected)
}

fn in_time(payload: &Payload, now: Timestamp) -> Result<(), Refused> {
    let skew_ms = CLOCK_SKEW_SECONDS * 1000;
    let begins = payload.not_before.unwrap_or_default().max(payload.issued);
    if now >= payload.expires.plus_ms(skew_ms) {
        Err(Refused::Expired)
    } else if begins > now.plus_ms(skew_ms) {
        Err(Refused::NotYet)
    } else {
        Ok(())
    }
}

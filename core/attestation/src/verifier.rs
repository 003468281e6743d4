//! Whether a document is true, now, by the word of a configured root.

use keystead_model::Timestamp;

use crate::attested::Attested;
use crate::certificate::Fault;
use crate::chain::Roots;
use crate::document::{Document, NotDocument};
use crate::envelope::RecipientKey;

/// How old a document may be if nobody says otherwise, in seconds.
pub const DOCUMENT_AGE_SECONDS_DEFAULT: u32 = 300;
/// How far ahead of ours the clock of a document may be, in milliseconds.
const CLOCK_AHEAD_MS_MAX: u64 = 300_000;

/// Verifies attestation documents. Keeps nothing between two of them.
#[derive(Clone)]
pub struct Verifier {
    roots: Roots,
    age_seconds_max: u32,
}

/// Why a document is not believed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Refused {
    /// There is no root to go by.
    #[error("this server has no root certificate to verify attestation documents with")]
    NoRoots,
    /// It is none.
    #[error("cannot parse the attestation document: {0}")]
    NotDocument(#[from] NotDocument),
    /// It was made too long ago.
    #[error("the attestation document has exceeded the age limit of {0} seconds: request a new one")]
    TooOld(u32),
    /// It was made later than now.
    #[error("the attestation document was made in the future: check the clocks")]
    FromTheFuture,
    /// Its bundle does not begin with a root that is known here.
    #[error(
        "the certificate bundle of the attestation document does not begin with a configured root certificate"
    )]
    UnknownRoot,
    /// A certificate of its chain, counted from the root, which is 0; the last one signs the document.
    #[error("certificate {} of {of} in the chain of the attestation document, counted from the root, {fault}", .at + 1)]
    Certificate {
        /// Which.
        at: usize,
        /// How many there are.
        of: usize,
        /// What is wrong with it.
        fault: Fault,
    },
    /// It was not signed by its certificate.
    #[error("the signature of the attestation document is not valid")]
    Signature,
    /// It names no key to seal to.
    #[error("the attestation document has no public key to encrypt the response to")]
    NoPublicKey,
    /// It names a key of another kind.
    #[error(
        "the public key of the attestation document is not an RSA key of 2,048 bits or more in DER SubjectPublicKeyInfo form"
    )]
    PublicKey,
}

impl Verifier {
    /// Believes what these roots vouch for, if it was made no longer than `age_seconds_max` seconds ago.
    pub fn new(roots: Roots, age_seconds_max: u32) -> Self {
        Self { roots, age_seconds_max }
    }

    /// Believes nothing.
    pub fn without_roots() -> Self {
        Self::new(Roots::default(), DOCUMENT_AGE_SECONDS_DEFAULT)
    }

    /// Reads a document and verifies everything about it: form, age, chain, signature, and the key it names.
    ///
    /// # Errors
    /// [`Refused`] says what the caller can do about it. Nothing in it is a secret: a caller has written the document.
    pub fn verify(&self, document: &[u8], now: Timestamp) -> Result<Attested, Refused> {
        if self.roots.is_empty() {
            return Err(Refused::NoRoots);
        }
        let document = Document::read(document)?;
        self.is_fresh(document.timestamp_ms, now)?;
        let key = self.roots.verify(&document.bundle, document.certificate, now)?;
        if !document.signed.is_signed_by(&key) {
            return Err(Refused::Signature);
        }
        let key = RecipientKey::read(document.public_key.ok_or(Refused::NoPublicKey)?);
        Ok(Attested {
            platform: document.platform,
            module_id: document.module_id.into(),
            pcrs: document.pcrs.iter().map(|(index, value)| (*index, Box::from(*value))).collect(),
            key: key.ok_or(Refused::PublicKey)?,
        })
    }

    fn is_fresh(&self, made_ms: u64, now: Timestamp) -> Result<(), Refused> {
        if made_ms.saturating_sub(now.0) > CLOCK_AHEAD_MS_MAX {
            return Err(Refused::FromTheFuture);
        }
        match now.0.saturating_sub(made_ms) > u64::from(self.age_seconds_max) * 1000 {
            true => Err(Refused::TooOld(self.age_seconds_max)),
            false => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;

//! How a secret leaves the house: plain to the caller, or sealed to an attested recipient.
//!
//! An operation that can answer a recipient gives its attestation document in [`Operation::take_recipient`], and its
//! secret to [`HandedOut::of`]; all between is done for it. The document is verified before policy is asked.
//!
//! [`Operation::take_recipient`]: super::Operation::take_recipient

use keystead_attestation::{Attested, Refused, Verifier};
use keystead_crypto::SecretBytes;
use keystead_model::Error;
use keystead_model::Timestamp;
use keystead_model::world::Entropy;
use keystead_policy::{ConditionKey, Value, Visit};

use crate::entry::AuditEntry;

/// A secret on its way out.
pub enum HandedOut {
    /// To the caller, who asked for it without a recipient.
    Plain(SecretBytes),
    /// To the attested recipient alone: CMS EnvelopedData, at most 6,144 bytes.
    ForRecipient(Vec<u8>),
}

/// Longest answer to a recipient, in bytes: what the service model allows.
const SEALED_BYTES_MAX: usize = 6144;
/// Longest register of an attestation document, in bytes.
const REGISTER_BYTES_MAX: usize = 64;

impl HandedOut {
    /// Seals the secret to the recipient of the request, if it has one; hands it out as it is, if not.
    ///
    /// # Errors
    /// [`Error::Internal`] if it cannot be sealed; [`Error::Invalid`] if the recipient's key is so long that the answer
    /// would be too.
    pub(crate) fn of(secret: SecretBytes, entry: &AuditEntry, entropy: &dyn Entropy) -> Result<Self, Error> {
        let Some(recipient) = entry.recipient() else { return Ok(Self::Plain(secret)) };
        let sealed = recipient.seal(&secret, entropy).map_err(|error| {
            tracing::error!(%error, "an answer was not sealed");
            Error::Internal
        })?;
        match sealed.len() {
            0..=SEALED_BYTES_MAX => Ok(Self::ForRecipient(sealed)),
            _ => Err(Error::Invalid(
                "The public key of the attestation document is too long: the response sealed to it would exceed 6144 \
                 bytes."
                    .into(),
            )),
        }
    }

    /// The bytes as they leave: the secret itself, or what it was sealed to.
    pub fn expose(&self) -> &[u8] {
        match self {
            Self::Plain(secret) => secret.expose(),
            Self::ForRecipient(sealed) => sealed,
        }
    }
}

/// Verifies the document of a recipient, as of the moment the request was read.
pub(crate) fn attest(verifier: &Verifier, document: &[u8], at: Timestamp) -> Result<Attested, Error> {
    verifier.verify(document, at).map_err(|refused| match refused {
        Refused::NoRoots => Error::Unsupported(
            "This server cannot verify attestation documents: its operator has to name the root certificate to trust \
             under attestation.roots in its configuration (keystead dev: --attestation-root)."
                .into(),
        ),
        other => Error::BadAttestation(other.to_string().into()),
    })
}

/// What conditions may ask of the recipient: its measurements, in lower-case hexadecimal.
pub(crate) fn recipient_values(recipient: &Attested, name: &ConditionKey, visit: &mut Visit<'_>) {
    let ConditionKey::KmsRecipientAttestation(name) = name else { return };
    let Some(value) = recipient.measurement(name) else { return };
    let mut digits = [0; 2 * REGISTER_BYTES_MAX];
    let told = digits.get_mut(..2 * value.len()).and_then(|digits| {
        hex::encode_to_slice(value, digits).ok()?;
        std::str::from_utf8(digits).ok()
    });
    visit(told.map_or(Value::Unreadable, Value::Text));
}

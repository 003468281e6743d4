//! AWS Nitro attestation: documents verified down to a configured root certificate, and secrets sealed to the key
//! that a verified document names.
//!
//! Follows "Nitro Enclaves attestation process" of the Nitro Secure Module's interface for documents (COSE_Sign1 of
//! RFC 9052 in CBOR of RFC 8949, certificates of RFC 5280), its NitroTPM sibling, and RFC 5652 for what is sealed.
//! Every byte of a document is a stranger's until its signature has been verified. Never reads a clock: `now` is
//! handed in.

mod attested;
mod cbor;
mod certificate;
mod chain;
mod cose;
mod document;
mod envelope;
#[cfg(test)]
mod made;
mod verifier;

pub use attested::{Attested, Platform};
pub use certificate::Fault;
pub use chain::{RootError, Roots};
pub use document::{DOCUMENT_BYTES_MAX, Document};
pub use envelope::SealError;
pub use verifier::{DOCUMENT_AGE_SECONDS_DEFAULT, Refused, Verifier};

//! The AWS Encryption SDK message format, version 2: header, frames, footer.
//!
//! Follows the AWS Encryption SDK specification (`data-format/` and `client-apis/`), with what that leaves open
//! decided strictly: committing suites only, framed content only, frame nonces that are the frame numbers. The
//! page `docs/formats/sealed-file.md` has every byte.

mod context;
mod errors;
mod footer;
mod frame;
mod header;
mod keys;
mod suite;

pub use context::Context;
pub use errors::{FormatError, Within};
pub use header::{
    EDK_COUNT_MAX, EncryptedDataKey, HEADER_BYTES_MAX, Header, KEY_ARN_BYTES_MAX, PROVIDER_AWS_KMS,
    WRAPPED_KEY_BYTES_MAX,
};
pub use suite::Suite;

pub(crate) use context::PUBLIC_KEY_NAME;
pub(crate) use footer::{SIGNATURE_BYTES, SIGNATURE_BYTES_MAX, Signer, Verifier};
pub(crate) use frame::{
    FINAL_HEAD_BYTES, FinalHead, FrameCipher, FrameHead, Layout, REGULAR_HEAD_BYTES, TAG_BYTES,
};
pub(crate) use header::HeaderBody;
pub(crate) use keys::MessageKeys;

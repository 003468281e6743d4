//! Secrets in memory, the contracts `KeyProvider` and `ExternalKeys`, the software provider and the symmetric
//! ciphertext format.
//!
//! Owns every byte of key material. Never opens a file or a socket, never reads a clock, and hands key bytes to
//! nobody.

mod approval;
mod arena;
mod ciphertext;
mod der;
mod envelope;
mod external;
mod grant_token;
mod outer;
mod provider;
mod root;
mod secret;
mod session_token;
mod software;
mod totp;

pub use approval::{
    ApprovalParameters, ApprovalStatement, InvalidApprovalStatement, approval_signature,
    is_approval_signature,
};
pub use arena::{Arena, ArenaFull, SLOT_BYTES, Slot};
pub use ciphertext::{CIPHERTEXT_BYTES_MAX, CiphertextNames, OVERHEAD_BYTES, PLAINTEXT_BYTES_MAX};
pub use envelope::Unauthentic;
pub use external::{
    Asked, ExternalKey, ExternalKeys, NoExternalKeys, PROXY_METADATA_BYTES_MAX, PROXY_PLAINTEXT_BYTES_MAX,
    Pending, Proxy, ProxyError, ProxyHealth, ProxySealed,
};
pub use grant_token::{GrantTokens, InvalidGrantToken};
pub use outer::OuterCiphertext;
pub use provider::{KeyProvider, Made, Material, MaterialName, Message, Pair, ProviderError};
pub use root::{RootKey, SealingKey};
pub use secret::{SecretBytes, equal_in_constant_time, hmac_sha256, sha256};
pub use session_token::{InvalidSessionToken, SealedSession, SessionNotSealed, SessionTokens};
pub use software::{ImportKey, PublicKey, SoftwareProvider};
pub use totp::{TOTP_SEED_BYTES, TOTP_STEP_SECONDS, TotpSeed, totp_step};

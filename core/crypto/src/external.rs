//! Keys that somebody else's key manager holds, reached through its external key store proxy: the contract between
//! the engine and whatever speaks to proxies (AWS KMS External Key Store Proxy API, version 1).

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use keystead_model::{KeyArn, Location, RequestId};

use crate::SecretBytes;

/// An answer to come. It needs no particular runtime to be awaited in, and comes within the client's time limit.
pub type Pending<T> = Pin<Box<dyn Future<Output = Result<T, ProxyError>> + Send>>;

/// Longest metadata a proxy may put beside a ciphertext, in bytes.
pub const PROXY_METADATA_BYTES_MAX: usize = 20;
/// Most bytes every proxy is bound to take in one encryption.
pub const PROXY_PLAINTEXT_BYTES_MAX: usize = 4300;

/// One proxy, and how to prove to it who asks.
pub struct Proxy {
    /// The host of its address, in lower case; always over HTTPS, port 443 as far as the caller knows.
    pub host: Box<str>,
    /// Where its operations are: `[/prefix]/kms/xks/v1`.
    pub path: Box<str>,
    /// Names the secret.
    pub access_key_id: Box<str>,
    /// What requests are signed with.
    pub secret_access_key: SecretBytes,
    /// The region in the scope of signatures.
    pub location: Location,
}

/// On whose behalf a proxy is asked: what it may record and decide by.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The request that led to this.
    pub request: RequestId,
    /// The operation it asked for, as the KMS API spells it.
    pub operation: &'static str,
    /// Who asked; not told with health checks.
    pub principal: Option<Arc<str>>,
    /// The key it is about, once there is one.
    pub key: Option<KeyArn>,
}

/// What a proxy says of its key managers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ProxyHealth {
    /// Whether at least one can serve.
    pub any_serves: bool,
}

/// What a proxy says of a key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ExternalKey {
    /// Whether it is an AES key of 256 bits.
    pub is_aes_256: bool,
    /// Whether it may encrypt.
    pub encrypts: bool,
    /// Whether it may decrypt.
    pub decrypts: bool,
    /// Whether it may be used at all.
    pub is_enabled: bool,
}

/// What a proxy has encrypted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ProxySealed {
    /// 12 or 16 bytes.
    pub iv: Box<[u8]>,
    /// At most [`PROXY_METADATA_BYTES_MAX`] bytes; the proxy's own business.
    pub metadata: Box<[u8]>,
    /// The tag of AES-GCM.
    pub tag: [u8; 16],
    /// As long as what was encrypted.
    pub ciphertext: Box<[u8]>,
}

/// Why a proxy did not do as asked.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, thiserror::Error)]
pub enum ProxyError {
    /// This server has not been told that it may speak to that host. Nothing was sent.
    #[error("this server may not speak to that host")]
    NotAllowed,
    /// No connection.
    #[error("the proxy cannot be reached")]
    Unreachable,
    /// No TLS, or the proxy's certificate is not to be trusted.
    #[error("no TLS connection to the proxy can be made")]
    Tls,
    /// No answer in time.
    #[error("the proxy did not answer in time")]
    TimedOut,
    /// The answer cannot be understood, breaks a limit, or contradicts itself.
    #[error("the proxy's answer cannot be understood")]
    Malformed,
    /// `ValidationException`: the proxy did not understand us.
    #[error("the proxy did not understand the request")]
    Validation,
    /// `InvalidStateException`: the external key, or the store, is disabled.
    #[error("the external key is not enabled")]
    InvalidState,
    /// `InvalidCiphertextException`.
    #[error("the ciphertext is not that key's")]
    InvalidCiphertext,
    /// `InvalidKeyUsageException`.
    #[error("the external key does not do that")]
    InvalidKeyUsage,
    /// `AuthenticationFailedException`.
    #[error("the proxy does not know the credential")]
    AuthenticationFailed,
    /// `AccessDeniedException`.
    #[error("the proxy denied access")]
    AccessDenied,
    /// `KeyNotFoundException`.
    #[error("there is no such external key")]
    KeyNotFound,
    /// `InvalidUriPathException`.
    #[error("the proxy has nothing at that path")]
    InvalidUriPath,
    /// `ThrottlingException`, or more at once than the client sends to one proxy.
    #[error("the proxy has too much to do")]
    Throttled,
    /// `UnsupportedOperationException`.
    #[error("the proxy does not support that")]
    Unsupported,
    /// `DependencyTimeoutException`: the key manager behind the proxy did not answer.
    #[error("the key manager behind the proxy did not answer in time")]
    DependencyTimedOut,
    /// `InternalException`.
    #[error("the proxy failed")]
    Internal,
}

/// Speaks to external key store proxies.
///
/// Each method sends one request, or none if the host is not allowed, and answers within a fixed time whatever the
/// proxy does.
pub trait ExternalKeys: Send + Sync {
    /// Whether this server may speak to a host at all. Callers choose hosts; whoever runs the server says which.
    fn allows(&self, host: &str) -> bool;

    /// Asks a proxy whether it and what is behind it work.
    fn health(&self, proxy: &Arc<Proxy>, asked: Asked) -> Pending<ProxyHealth>;

    /// Asks what a key is. `key` is 1 to 128 bytes out of `a-z A-Z 0-9 - _ .`, and neither `.` nor `..`.
    fn metadata(&self, proxy: &Arc<Proxy>, key: &str, asked: Asked) -> Pending<ExternalKey>;

    /// Encrypts at most [`PROXY_PLAINTEXT_BYTES_MAX`] bytes, bound to `bound_to` (at most 8,192 bytes). What comes back
    /// has been compared with the proxy's own checksum.
    fn encrypt(
        &self,
        proxy: &Arc<Proxy>,
        key: &str,
        asked: Asked,
        plaintext: &[u8],
        bound_to: &[u8],
    ) -> Pending<ProxySealed>;

    /// Decrypts what [`ExternalKeys::encrypt`] answered, with the same `bound_to`.
    fn decrypt(
        &self,
        proxy: &Arc<Proxy>,
        key: &str,
        asked: Asked,
        sealed: &ProxySealed,
        bound_to: &[u8],
    ) -> Pending<SecretBytes>;
}

/// A server that speaks to no proxy.
pub struct NoExternalKeys;

fn not_allowed<T: Send + 'static>() -> Pending<T> {
    Box::pin(std::future::ready(Err(ProxyError::NotAllowed)))
}

impl ExternalKeys for NoExternalKeys {
    fn allows(&self, _: &str) -> bool {
        false
    }

    fn health(&self, _: &Arc<Proxy>, _: Asked) -> Pending<ProxyHealth> {
        not_allowed()
    }

    fn metadata(&self, _: &Arc<Proxy>, _: &str, _: Asked) -> Pending<ExternalKey> {
        not_allowed()
    }

    fn encrypt(&self, _: &Arc<Proxy>, _: &str, _: Asked, _: &[u8], _: &[u8]) -> Pending<ProxySealed> {
        not_allowed()
    }

    fn decrypt(&self, _: &Arc<Proxy>, _: &str, _: Asked, _: &ProxySealed, _: &[u8]) -> Pending<SecretBytes> {
        not_allowed()
    }
}

//! What callers are told when an external key store proxy does not do as asked. The words are those that clients of
//! AWS KMS match on: keys in such stores have one error name for all causes, and the text tells them apart.

use keystead_crypto::{ProxyError, ProxyHealth};
use keystead_model::{ConnectionErrorCode, Error, KeyStoreFault};

/// Why a store that is made or changed is refused.
pub fn store_error(error: ProxyError, host: &str) -> Error {
    use KeyStoreFault as F;
    let fault = match error {
        ProxyError::NotAllowed => return not_allowed(F::InvalidConfiguration, host),
        ProxyError::Unreachable
        | ProxyError::Tls
        | ProxyError::TimedOut
        | ProxyError::Throttled
        | ProxyError::DependencyTimedOut => F::UriUnreachable,
        ProxyError::AuthenticationFailed => F::IncorrectCredential,
        ProxyError::InvalidUriPath | ProxyError::AccessDenied | ProxyError::InvalidState => {
            F::InvalidConfiguration
        }
        ProxyError::Malformed
        | ProxyError::Validation
        | ProxyError::InvalidCiphertext
        | ProxyError::InvalidKeyUsage
        | ProxyError::KeyNotFound
        | ProxyError::Unsupported
        | ProxyError::Internal => F::InvalidResponse,
    };
    Error::KeyStore(fault, words(error).into())
}

/// A proxy that answers, with nothing behind it that serves.
pub fn nothing_serves() -> Error {
    Error::KeyStore(KeyStoreFault::UriUnreachable, NOTHING_SERVES.into())
}

/// Why a key is not made in a store.
pub fn new_key_error(error: ProxyError, host: &str) -> Error {
    use KeyStoreFault as F;
    let fault = match error {
        ProxyError::NotAllowed => return not_allowed(F::InvalidState, host),
        ProxyError::KeyNotFound => F::KeyNotFound,
        ProxyError::InvalidState | ProxyError::InvalidKeyUsage => F::KeyInvalidConfiguration,
        ProxyError::AccessDenied => F::KeyUnusable,
        ProxyError::Unsupported => F::InvalidResponse,
        ProxyError::Unreachable
        | ProxyError::Tls
        | ProxyError::TimedOut
        | ProxyError::Malformed
        | ProxyError::Validation
        | ProxyError::InvalidCiphertext
        | ProxyError::AuthenticationFailed
        | ProxyError::InvalidUriPath
        | ProxyError::Throttled
        | ProxyError::DependencyTimedOut
        | ProxyError::Internal => F::InvalidState,
    };
    Error::KeyStore(fault, words(error).into())
}

/// Why a key in a store cannot be used.
pub fn use_error(error: ProxyError, host: &str) -> Error {
    match error {
        ProxyError::NotAllowed => not_allowed(KeyStoreFault::KeyUnusable, host),
        other => Error::KeyStore(KeyStoreFault::KeyUnusable, words(other).into()),
    }
}

/// What to write down of an attempt to connect; `None` if it succeeded.
pub fn connection_fault(outcome: Result<ProxyHealth, ProxyError>) -> Option<ConnectionErrorCode> {
    use ConnectionErrorCode as C;
    Some(match outcome {
        Ok(ProxyHealth { any_serves: true }) => return None,
        Ok(ProxyHealth { any_serves: false }) => C::XksProxyNotReachable,
        Err(error) => match error {
            ProxyError::NotAllowed | ProxyError::InvalidUriPath | ProxyError::InvalidState => {
                C::XksProxyInvalidConfiguration
            }
            ProxyError::Unreachable | ProxyError::Throttled => C::XksProxyNotReachable,
            ProxyError::Tls => C::XksProxyInvalidTlsConfiguration,
            ProxyError::TimedOut | ProxyError::DependencyTimedOut => C::XksProxyTimedOut,
            ProxyError::AuthenticationFailed => C::InvalidCredentials,
            ProxyError::AccessDenied => C::XksProxyAccessDenied,
            ProxyError::Malformed
            | ProxyError::Validation
            | ProxyError::InvalidCiphertext
            | ProxyError::InvalidKeyUsage
            | ProxyError::KeyNotFound
            | ProxyError::Unsupported
            | ProxyError::Internal => C::XksProxyInvalidResponse,
        },
    })
}

/// A proxy that decrypted to something we never sealed.
pub fn wrong_plaintext() -> Error {
    Error::KeyStore(KeyStoreFault::KeyUnusable, WRONG_PLAINTEXT.into())
}

fn not_allowed(fault: KeyStoreFault, host: &str) -> Error {
    let what = format!(
        "This server does not connect to {host}: whoever runs it has to name the host in the setting \
         external_key_stores.proxies."
    );
    Error::KeyStore(fault, what.into())
}

const WRONG_PLAINTEXT: &str = "The ciphertext that the external key store proxy submitted for decryption, or the \
    encryption context, is corrupted, missing, or otherwise invalid.";
const NOTHING_SERVES: &str = "The external key store proxy reports that all external key manager instances are \
    unavailable. Verify that your external key manager is available.";

fn words(error: ProxyError) -> &'static str {
    match error {
        // Told with the host by whoever calls.
        ProxyError::NotAllowed | ProxyError::Unreachable => {
            "AWS KMS cannot communicate with the external key store proxy. This might be a transient network issue. If you \
             see this error repeatedly, verify that your external key store proxy is active and is connected to the \
             network, and that its endpoint URI is correct in your external key store."
        }
        ProxyError::Tls => {
            "AWS KMS cannot establish a TLS connection to the external key store proxy. Verify the TLS configuration, \
             including its certificate."
        }
        ProxyError::TimedOut => {
            "AWS KMS rejected the request because the external key store proxy did not respond in time. Retry the \
             request. If you see this error repeatedly, report it to your external key store proxy administrator."
        }
        ProxyError::Malformed | ProxyError::Validation => {
            "AWS KMS cannot interpret the response from the external key store proxy. If you see this error repeatedly, \
             report it to your external key store proxy administrator."
        }
        ProxyError::InvalidState => {
            "The external key associated with this KMS key in an external key store is not enabled in the external key \
             manager. Enable the external key in the external key manager and retry the request."
        }
        ProxyError::InvalidCiphertext => {
            "The external key store proxy rejected the request because the specified ciphertext or encryption context is \
             corrupted, missing, or otherwise invalid."
        }
        ProxyError::InvalidKeyUsage => {
            "The external key associated with this KMS key in an external key store does not support the requested \
             operation. Enable the operation on the key in your external key manager, and try the request again."
        }
        ProxyError::AuthenticationFailed => {
            "The external key store proxy rejected the request because it could not authenticate AWS KMS. Verify the XKS \
             proxy authentication credentials for your external key store and update if necessary."
        }
        ProxyError::AccessDenied => {
            "The external key store proxy denied access to the operation. Verify that the user and the external key are \
             both authorized for this operation, and try the request again."
        }
        ProxyError::KeyNotFound => {
            "The external key associated with this KMS key in an external key store was not found in its external key \
             manager. If the external key ID associated with this KMS key is incorrect, create a new KMS key with the \
             correct external key ID."
        }
        ProxyError::InvalidUriPath => {
            "The external key store proxy rejected the request because of an invalid URI path. Verify the URI path for your \
             external key store and update if necessary."
        }
        ProxyError::Throttled => {
            "The external key store proxy rejected the request due to a very high request rate. Reduce the frequency of \
             your calls using KMS keys in this external key store."
        }
        ProxyError::Unsupported => {
            "The external key store proxy rejected the request because it does not support the requested operation. If you \
             see this error repeatedly, report it to your external key store proxy administrator."
        }
        ProxyError::DependencyTimedOut => {
            "The external key store proxy did not respond to the request in the time allotted. Retry the request. If you \
             see this error repeatedly, report it to your external key store proxy administrator."
        }
        ProxyError::Internal => {
            "The external key store proxy rejected the request because it cannot communicate with the external key \
             manager. Verify that the external key store proxy configuration is correct and that the external key manager \
             is available."
        }
    }
}

//! What can go wrong between here and the key service.

use super::ConfigError;

/// The service's own refusal, handed through word for word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceError {
    /// What was asked, such as `Decrypt`, or the path of a signed request.
    pub operation: String,
    /// HTTP status.
    pub status: u16,
    /// The service's code, such as `DisabledException`; empty if it gave none.
    pub code: String,
    /// The service's message; empty if it gave none.
    pub message: String,
    /// The service's name for the request, to be found again in its log.
    pub request_id: Option<String>,
}

impl ServiceError {
    /// Whether asking again may help: the service is overloaded or has lost something it will find again.
    pub fn may_retry(&self) -> bool {
        let throttled = matches!(
            self.code.as_str(),
            "ThrottlingException" | "Throttling" | "TooManyRequestsException" | "RequestLimitExceeded"
        );
        throttled || self.status == 429 || (500..600).contains(&self.status)
    }

    /// What a person can do about it; `None` if the service's message has to be enough.
    pub fn advice(&self) -> Option<&'static str> {
        Some(match self.code.as_str() {
            "DisabledException" => "the key is disabled; ask its owner to enable it",
            "KMSInvalidStateException" => {
                "the key cannot be used now: it waits for deletion or for its material; ask its owner"
            }
            "NotFoundException" => "there is no such key here; check the key, the account and the endpoint",
            "AccessDeniedException" => "the key's policy does not allow this caller; ask the key's owner",
            "InvalidCiphertextException" => {
                "the wrapped data key or the encryption context was altered, or another service wrapped it"
            }
            "IncorrectKeyException" => "another key than the one named wrapped the data key",
            "UnrecognizedClientException" | "InvalidClientTokenId" => {
                "the access key is not known here; check AWS_ACCESS_KEY_ID and the endpoint"
            }
            "InvalidSignatureException" | "SignatureDoesNotMatch" | "IncompleteSignature" => {
                "the signature was refused; check AWS_SECRET_ACCESS_KEY, AWS_REGION and this machine's clock"
            }
            "ExpiredTokenException" => "the session token has expired; get a new one",
            _ if self.may_retry() => "the service is busy; try again",
            _ => return None,
        })
    }
}

impl std::fmt::Display for ServiceError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { operation, status, code, message, request_id: _ } = self;
        match (code.as_str(), message.as_str()) {
            ("", "") => write!(f, "{operation} was answered with HTTP status {status}"),
            ("", message) => write!(f, "{operation} was answered with HTTP status {status}: {message}"),
            (code, "") => write!(f, "{operation} was refused: {code}"),
            (code, message) => write!(f, "{operation} was refused: {code}: {message}"),
        }
    }
}

/// Why a call to the key service has no result.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// The service said no.
    #[error("{0}")]
    Service(ServiceError),
    /// Nothing answers at the endpoint.
    #[error("{endpoint} cannot be reached: {reason}; check AWS_ENDPOINT_URL and whether the service runs")]
    Unreachable {
        /// Where.
        endpoint: String,
        /// What the operating system or the TLS library said.
        reason: String,
    },
    /// The endpoint has shown a certificate that is not trusted.
    #[error(
        "{endpoint} is not trusted: {reason}; set AWS_CA_BUNDLE to the file of the authority that vouches for it"
    )]
    Untrusted {
        /// Where.
        endpoint: String,
        /// What is wrong with the certificate.
        reason: String,
    },
    /// The endpoint took longer than it may.
    #[error("{endpoint} did not answer in time")]
    Timeout {
        /// Where.
        endpoint: String,
    },
    /// The answer is not what the protocol promises.
    #[error("{operation} got an answer that cannot be used: {reason}")]
    Answer {
        /// What was asked.
        operation: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The request could not be made.
    #[error("the request could not be made: {0}")]
    Request(String),
    /// The client was set up wrongly.
    #[error("{0}")]
    Config(#[from] ConfigError),
}

impl CallError {
    /// The service's own refusal, if it was one.
    pub fn service(&self) -> Option<&ServiceError> {
        match self {
            Self::Service(error) => Some(error),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_may_pass_is_worth_another_attempt() {
        let error = |status, code: &str| ServiceError {
            operation: "Decrypt".into(),
            status,
            code: code.into(),
            message: String::new(),
            request_id: None,
        };
        assert!(error(500, "KMSInternalException").may_retry());
        assert!(error(400, "ThrottlingException").may_retry());
        assert!(error(429, "").may_retry());
        assert!(!error(400, "DisabledException").may_retry());
        assert!(!error(403, "AccessDeniedException").may_retry());
    }
}

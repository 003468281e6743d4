//! What can be asked of AWS STS: sessions, and whose an access key is.

mod assume_role;
mod federation;
mod info;
mod session_token;
mod web_identity;

use keystead_model::{AccessKeyId, Timestamp};

use super::iam::MfaCode;
use crate::SecretBytes;

pub use assume_role::{AssumeRole, RoleSession};
pub use federation::{FederatedSession, GetFederationToken};
pub use info::GetAccessKeyInfo;
pub use session_token::GetSessionToken;
pub(crate) use web_identity::Vouched;
pub use web_identity::{AssumeRoleWithWebIdentity, WebIdentitySession};

/// The credentials of a session. They are shown once and kept nowhere.
pub struct Credentials {
    /// The access key's id: 20 characters that begin with `ASIA`.
    pub access_key: AccessKeyId,
    /// Its secret: 40 letters and digits.
    pub secret: SecretBytes,
    /// The session token, which every request has to bring along: 16,384 characters at most.
    pub token: Box<str>,
    /// When they end.
    pub expires: Timestamp,
}

/// A second factor that is shown in a request.
pub struct SecondFactor {
    /// The device's serial number, as it was written: 9 to 256 characters. A virtual device's is its ARN.
    pub serial: Box<str>,
    /// What it shows. A code is good once.
    pub code: MfaCode,
}

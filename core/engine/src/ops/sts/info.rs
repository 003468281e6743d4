//! Whose an access key is.

use keystead_model::{AccessKeyId, Action};

use crate::authority::Subject;
use crate::ops::Operation;

/// Ask whose an access key is; answers the account. Keys of sessions are kept nowhere, so that only the caller's own can be told.
pub struct GetAccessKeyInfo {
    /// Which.
    pub access_key: AccessKeyId,
}

impl Operation for GetAccessKeyInfo {
    const ACTION: Action = Action::GetAccessKeyInfo;

    fn subject(&self) -> Subject<'_> {
        Subject::Account
    }
}

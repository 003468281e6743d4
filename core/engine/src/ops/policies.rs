//! A key's one policy, named `default`.

use keystead_model::KeyRef;

use super::PageRequest;

/// Read a key's policy; answers the text as it was written.
pub struct GetKeyPolicy {
    /// Which key: id or key ARN.
    pub key: KeyRef,
    /// `default` if absent; nothing else exists.
    pub name: Option<Box<str>>,
}

/// Replace a key's policy.
pub struct PutKeyPolicy {
    /// Which key: id or key ARN.
    pub key: KeyRef,
    /// `default` if absent; nothing else is taken.
    pub name: Option<Box<str>>,
    /// The new text.
    pub policy: Box<str>,
    /// Skip the check that the caller can still replace the policy.
    pub bypass_policy_lockout_safety_check: bool,
}

/// List the names of a key's policies; answers a [`Page`](super::Page) of names.
pub struct ListKeyPolicies {
    /// Which key: id or key ARN.
    pub key: KeyRef,
    /// Which page.
    pub page: PageRequest,
}

//! Second names of keys.

use keystead_model::{AliasArn, KeyId, KeyRef, Timestamp};

use super::PageRequest;

/// Give a key a second name.
pub struct CreateAlias {
    /// The name as written; the engine answers for its form, because the error depends on it.
    pub name: Box<str>,
    /// The key: id or key ARN.
    pub target: KeyRef,
}

/// Point a second name to another key of the same spec and usage.
pub struct UpdateAlias {
    /// The name as written.
    pub name: Box<str>,
    /// The key: id or key ARN.
    pub target: KeyRef,
}

/// Take a second name away.
pub struct DeleteAlias {
    /// The name as written.
    pub name: Box<str>,
}

/// List the aliases of the caller's account and location, or of one key; answers a
/// [`Page`](super::Page) of [`Alias`]. Default 50.
pub struct ListAliases {
    /// Only those of this key.
    pub key: Option<KeyRef>,
    /// Which page.
    pub page: PageRequest,
}

/// One second name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Alias {
    /// Its full name.
    pub arn: AliasArn,
    /// The key it points to.
    pub target: KeyId,
    /// When it was made.
    pub created: Timestamp,
    /// When it was last pointed somewhere.
    pub updated: Timestamp,
}

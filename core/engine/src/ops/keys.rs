//! Make, describe, list and rename keys.

use keystead_model::{
    KeyArn, KeyManager, KeyRef, KeySpec, KeyState, KeyUsage, MaterialId, Origin, Tags, Timestamp,
};

use super::PageRequest;

/// Make a key; answers its [`KeyMetadata`].
pub struct CreateKey {
    /// Algorithm and size.
    pub spec: KeySpec,
    /// Purpose.
    pub usage: KeyUsage,
    /// Where its bytes come from.
    pub origin: Origin,
    /// 0 to 8,192 characters.
    pub description: Box<str>,
    /// Policy text; the default policy if absent.
    pub policy: Option<Box<str>>,
    /// Labels.
    pub tags: Tags,
    /// Whether it may be replicated.
    pub multi_region: bool,
    /// Skip the check that the caller can still replace the policy.
    pub bypass_policy_lockout_safety_check: bool,
}

/// Read what a key is; answers its [`KeyMetadata`].
pub struct DescribeKey {
    /// Which key.
    pub key: KeyRef,
}

/// List the keys of the caller's account and location; answers a [`Page`](super::Page) of [`KeyArn`]. Default 100.
pub struct ListKeys {
    /// Which page.
    pub page: PageRequest,
}

/// Change a key's description.
pub struct UpdateKeyDescription {
    /// Which key: id or key ARN.
    pub key: KeyRef,
    /// 0 to 8,192 characters.
    pub description: Box<str>,
}

/// What a key is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeyMetadata {
    /// Its full name.
    pub arn: KeyArn,
    /// When it was made.
    pub created: Timestamp,
    /// What its owner says of it.
    pub description: Box<str>,
    /// Algorithm and size.
    pub spec: KeySpec,
    /// Purpose.
    pub usage: KeyUsage,
    /// State.
    pub state: KeyState,
    /// Where its bytes come from.
    pub origin: Origin,
    /// Who looks after it.
    pub manager: KeyManager,
    /// When it will be destroyed; only while deletion is pending.
    pub deletion: Option<Timestamp>,
    /// Whether it may be replicated.
    pub multi_region: bool,
    /// The version that seals now; absent while there is none.
    pub material: Option<MaterialId>,
}

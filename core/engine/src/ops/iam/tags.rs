//! Labels on users, roles, managed policies and identity providers.

use keystead_model::{Action, IamKind, PolicyArn, ProviderArn, RoleName, Tag, Tags, UserName};

use super::{IamOperation, Target};
use crate::ops::{Page, PageRequest};

/// Add or replace tags of a `T`.
pub struct TagEntity<T> {
    /// Of what.
    pub entity: T,
    /// The tags.
    pub tags: Tags,
}

/// Take tags of a `T` away; keys that are not there are passed over.
pub struct UntagEntity<T> {
    /// Of what.
    pub entity: T,
    /// The tags' keys.
    pub tag_keys: Vec<Box<str>>,
}

/// List the tags of a `T` by key; answers a [`Page`] of [`Tag`]. Default 100.
pub struct ListTags<T> {
    /// Of what.
    pub entity: T,
    /// Which page.
    pub page: PageRequest,
}

/// Label a user.
pub type TagUser = TagEntity<UserName>;
/// Label a role.
pub type TagRole = TagEntity<RoleName>;
/// Label a managed policy.
pub type TagPolicy = TagEntity<PolicyArn>;
/// Label an OpenID Connect provider.
pub type TagOpenIdConnectProvider = TagEntity<ProviderArn>;
/// Take a user's labels away.
pub type UntagUser = UntagEntity<UserName>;
/// Take a role's labels away.
pub type UntagRole = UntagEntity<RoleName>;
/// Take a managed policy's labels away.
pub type UntagPolicy = UntagEntity<PolicyArn>;
/// Take an OpenID Connect provider's labels away.
pub type UntagOpenIdConnectProvider = UntagEntity<ProviderArn>;
/// List a user's labels.
pub type ListUserTags = ListTags<UserName>;
/// List a role's labels.
pub type ListRoleTags = ListTags<RoleName>;
/// List a managed policy's labels.
pub type ListPolicyTags = ListTags<PolicyArn>;
/// List an OpenID Connect provider's labels.
pub type ListOpenIdConnectProviderTags = ListTags<ProviderArn>;

/// What can be labelled.
pub trait Tagged: Send + Sync + 'static {
    /// Add or replace tags.
    const TAG: Action;
    /// Take tags away.
    const UNTAG: Action;
    /// List tags.
    const LIST: Action;

    /// What it is.
    fn target(&self) -> Target<'_>;
}

impl Tagged for UserName {
    const TAG: Action = Action::TagUser;
    const UNTAG: Action = Action::UntagUser;
    const LIST: Action = Action::ListUserTags;

    fn target(&self) -> Target<'_> {
        Target::Named(IamKind::User, self.as_str())
    }
}

impl Tagged for RoleName {
    const TAG: Action = Action::TagRole;
    const UNTAG: Action = Action::UntagRole;
    const LIST: Action = Action::ListRoleTags;

    fn target(&self) -> Target<'_> {
        Target::Named(IamKind::Role, self.as_str())
    }
}

impl Tagged for PolicyArn {
    const TAG: Action = Action::TagPolicy;
    const UNTAG: Action = Action::UntagPolicy;
    const LIST: Action = Action::ListPolicyTags;

    fn target(&self) -> Target<'_> {
        Target::Arn(self.arn())
    }
}

impl Tagged for ProviderArn {
    const TAG: Action = Action::TagOpenIDConnectProvider;
    const UNTAG: Action = Action::UntagOpenIDConnectProvider;
    const LIST: Action = Action::ListOpenIDConnectProviderTags;

    fn target(&self) -> Target<'_> {
        Target::Arn(self.arn())
    }
}

impl<T: Tagged> IamOperation for TagEntity<T> {
    const ACTION: Action = T::TAG;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        self.entity.target()
    }

    fn request_tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }
}

impl<T: Tagged> IamOperation for UntagEntity<T> {
    const ACTION: Action = T::UNTAG;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        self.entity.target()
    }

    fn tag_keys(&self) -> &[Box<str>] {
        &self.tag_keys
    }
}

impl<T: Tagged> IamOperation for ListTags<T> {
    const ACTION: Action = T::LIST;
    type Answer = Page<Tag>;

    fn target(&self) -> Target<'_> {
        self.entity.target()
    }
}

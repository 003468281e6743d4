//! Labels on users, roles, managed policies and identity providers.

use keystead_model::{
    Action, Error, IamKind, PolicyArn, ProviderArn, RoleName, Tag, TagError, Tags, UserName,
};

use super::listing::{answered, page_of};
use super::policies::to_change;
use super::{IamOperation, Target};
use crate::directory::builtin::BuiltIn;
use crate::directory::quotas::over;
use crate::directory::rows::Stored;
use crate::directory::{Desk, Planned};
use crate::ops::tags::tag_error;
use crate::ops::{Page, PageRequest};
use crate::records::{DirectoryRecord, PolicyRecord, ProviderRecord, RoleRecord, TaggedRecord, UserRecord};

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

    /// The record of it.
    type Record: TaggedRecord;

    /// What it is.
    fn target(&self) -> Target<'_>;

    /// Its record, to be changed.
    ///
    /// # Errors
    /// [`Error::NoSuchEntity`], [`Error::Unmodifiable`]
    fn find(&self, desk: &Desk<'_>) -> Result<Stored<Self::Record>, Error>;

    /// Its labels.
    ///
    /// # Errors
    /// [`Error::NoSuchEntity`]
    fn labels(&self, desk: &Desk<'_>) -> Result<Tags, Error> {
        Ok(self.find(desk)?.record.tags().clone())
    }
}

impl Tagged for UserName {
    const TAG: Action = Action::TagUser;
    const UNTAG: Action = Action::UntagUser;
    const LIST: Action = Action::ListUserTags;
    type Record = UserRecord;

    fn target(&self) -> Target<'_> {
        Target::Named(IamKind::User, self.as_str())
    }

    fn find(&self, desk: &Desk<'_>) -> Result<Stored<UserRecord>, Error> {
        desk.rows.named(self.as_str())
    }
}

impl Tagged for RoleName {
    const TAG: Action = Action::TagRole;
    const UNTAG: Action = Action::UntagRole;
    const LIST: Action = Action::ListRoleTags;
    type Record = RoleRecord;

    fn target(&self) -> Target<'_> {
        Target::Named(IamKind::Role, self.as_str())
    }

    fn find(&self, desk: &Desk<'_>) -> Result<Stored<RoleRecord>, Error> {
        desk.rows.named(self.as_str())
    }
}

impl Tagged for PolicyArn {
    const TAG: Action = Action::TagPolicy;
    const UNTAG: Action = Action::UntagPolicy;
    const LIST: Action = Action::ListPolicyTags;
    type Record = PolicyRecord;

    fn target(&self) -> Target<'_> {
        Target::Arn(self.arn())
    }

    fn find(&self, desk: &Desk<'_>) -> Result<Stored<PolicyRecord>, Error> {
        to_change(desk, self)
    }

    fn labels(&self, desk: &Desk<'_>) -> Result<Tags, Error> {
        match BuiltIn::find(self.arn()) {
            Some(_) => Ok(Tags::default()),
            None => Ok(self.find(desk)?.record.tags().clone()),
        }
    }
}

impl Tagged for ProviderArn {
    const TAG: Action = Action::TagOpenIDConnectProvider;
    const UNTAG: Action = Action::UntagOpenIDConnectProvider;
    const LIST: Action = Action::ListOpenIDConnectProviderTags;
    type Record = ProviderRecord;

    fn target(&self) -> Target<'_> {
        Target::Arn(self.arn())
    }

    fn find(&self, desk: &Desk<'_>) -> Result<Stored<ProviderRecord>, Error> {
        desk.rows.of_arn(self.arn())
    }
}

fn refused(error: TagError) -> Error {
    match error {
        TagError::Count => over("TagsPerEntity", Tags::COUNT_MAX),
        other => tag_error(other),
    }
}

/// Refuses a page marker that is no tag's key in hexadecimal, as it is made: keys may have characters that markers may not.
fn is_marker(marker: Option<&str>) -> Result<(), Error> {
    let is_ours = |marker: &str| {
        let key = hex::decode(marker).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        key.is_some_and(|key| !key.is_empty() && hex::encode(key) == marker)
    };
    match marker.is_none_or(is_ours) {
        true => Ok(()),
        false => Err(Error::InvalidMarker),
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

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<()>, Error> {
        let mut found = self.entity.find(desk)?;
        let tags = found.record.tags_mut();
        *tags = tags.merged(&self.tags).map_err(refused)?;
        Ok((vec![desk.rows.replace(&found)], ()))
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

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<()>, Error> {
        let mut found = self.entity.find(desk)?;
        let tags = found.record.tags_mut();
        *tags = tags.without(&self.tag_keys);
        Ok((vec![desk.rows.replace(&found)], ()))
    }
}

impl<T: Tagged> IamOperation for ListTags<T> {
    const ACTION: Action = T::LIST;
    type Answer = Page<Tag>;

    fn target(&self) -> Target<'_> {
        self.entity.target()
    }

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<Page<Tag>>, Error> {
        let tags = self.entity.labels(desk)?;
        is_marker(self.page.marker.as_deref())?;
        let mark = |tag: &Tag| hex::encode(&*tag.key).into();
        Ok(answered(page_of(tags.iter().cloned(), &self.page, mark)))
    }
}

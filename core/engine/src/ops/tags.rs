//! Labels on keys.

use keystead_model::{KeyRef, Tags};

use super::PageRequest;

/// Add or replace tags.
pub struct TagResource {
    /// Which key: id or key ARN.
    pub key: KeyRef,
    /// The tags.
    pub tags: Tags,
}

/// Take tags away; names that are not there are passed over.
pub struct UntagResource {
    /// Which key: id or key ARN.
    pub key: KeyRef,
    /// The tags' keys.
    pub tag_keys: Vec<Box<str>>,
}

/// List a key's tags; answers a [`Page`](super::Page) of [`Tag`](keystead_model::Tag). Default 50.
pub struct ListResourceTags {
    /// Which key: id or key ARN.
    pub key: KeyRef,
    /// Which page.
    pub page: PageRequest,
}

//! Labels on keys.

use keystead_model::{Action, Error, KeyRef, Tag, TagError, Tags};
use keystead_policy::{ConditionKey, Value, Visit, request_tag_values};

use super::{Operation, Page, PageRequest, edit, page};
use crate::authority::{Found, Subject};
use crate::keys::{Key, Keys, customer_only};
use crate::vault::Change;

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

/// Tags of a page unless the caller says otherwise.
const PAGE_DEFAULT: u16 = 50;

impl TagResource {
    pub(crate) fn plan(&self, keys: &Keys, found: &Found) -> Result<(Vec<Change>, ()), Error> {
        customer_only(found.key())?;
        edit::key(keys, &found.key().arn, Self::ACTION, |record| {
            record.tags = record.tags.merged(&self.tags).map_err(tag_error)?;
            Ok(())
        })
    }
}

impl UntagResource {
    pub(crate) fn plan(&self, keys: &Keys, found: &Found) -> Result<(Vec<Change>, ()), Error> {
        customer_only(found.key())?;
        edit::key(keys, &found.key().arn, Self::ACTION, |record| {
            record.tags = record.tags.without(&self.tag_keys);
            Ok(())
        })
    }
}

impl ListResourceTags {
    pub(crate) fn run(&self, key: &Key) -> Result<Page<Tag>, Error> {
        let after = self.page.marker.as_deref().map(read_marker).transpose()?;
        let is_left = |tag: &&Tag| after.as_ref().is_none_or(|after| tag.key > *after);
        let rest = key.tags.iter().filter(is_left).cloned().collect();
        Ok(page(rest, self.page.limit_or(PAGE_DEFAULT), |tag: &Tag| hex::encode(&*tag.key).into()))
    }
}

/// The tag key that a page ended with. Its marker is hexadecimal, because tag keys may have characters that the
/// service model does not let into markers.
fn read_marker(marker: &str) -> Result<Box<str>, Error> {
    let bytes = hex::decode(marker).map_err(|_| Error::InvalidMarker)?;
    let key: Box<str> = String::from_utf8(bytes).map_err(|_| Error::InvalidMarker)?.into();
    let is_ours = !key.is_empty()
        && hex::encode(&*key) == marker
        && Tags::new(vec![Tag { key: key.clone(), value: Box::default() }]).is_ok();
    is_ours.then_some(key).ok_or(Error::InvalidMarker)
}

/// What a caller learns about tags that break a rule.
pub fn tag_error(error: TagError) -> Error {
    match error {
        TagError::Count => Error::LimitExceeded(error.to_string().into()),
        TagError::Duplicate(_) | TagError::Reserved | TagError::Character(_) => {
            Error::Tag(error.to_string().into())
        }
    }
}

impl Operation for ListResourceTags {
    const ACTION: Action = Action::ListResourceTags;

    fn subject(&self) -> Subject<'_> {
        Subject::KeyByIdOnly(&self.key)
    }
}

impl Operation for TagResource {
    const ACTION: Action = Action::TagResource;

    fn subject(&self) -> Subject<'_> {
        Subject::KeyByIdOnly(&self.key)
    }

    fn facts(&self, _: Action, name: &ConditionKey, visit: &mut Visit<'_>) {
        request_tag_values(&self.tags, name, visit);
    }
}

impl Operation for UntagResource {
    const ACTION: Action = Action::UntagResource;

    fn subject(&self) -> Subject<'_> {
        Subject::KeyByIdOnly(&self.key)
    }

    fn facts(&self, _: Action, name: &ConditionKey, visit: &mut Visit<'_>) {
        if *name == ConditionKey::AwsTagKeys {
            self.tag_keys.iter().for_each(|key| visit(Value::Text(key)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_marker_leads_back_to_the_tag_it_was_made_of() {
        for key in ["a", "schlüssel", "鍵", &"鍵".repeat(128)] {
            assert_eq!(read_marker(&hex::encode(key)).as_deref(), Ok(key));
        }
    }

    #[test]
    fn a_marker_that_was_not_made_of_a_tag_is_refused() {
        for odd in ["", "made-up", "AAAA", "4A", "0", "00", "ff", &hex::encode("a<b"), &hex::encode("aws:x")]
        {
            assert_eq!(read_marker(odd), Err(Error::InvalidMarker), "{odd:?}");
        }
    }
}
